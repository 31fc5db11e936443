"""The table of a crosswalk: the one checker of its validity, and the tables that follow from it.

Relations compose by the table in ``docs/1-method.md``; bounds of shares are multiplied along a path
and summed over parallel paths, to 1 at most.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from hmcpsi_data.errors import CrosswalkError, DataError, HmcpsiError, UnknownValueError, quote
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record

SOURCE, TARGET = ENDS = ("source_aspect_id", "target_aspect_id")
SETS = ("source_set", "target_set")
SHARES = ("share_low", "share_high")
COMPOSED = "composed"  # the curation rule of a composed row
CURATOR = "a user of the workbook"  # who judged a row that is not shipped, as its file says
SEPARATOR = "; "  # between several names in one cell
TOLERANCE = 1e-9  # shares may be written with nine decimals

_WITHIN, _CONTAINS = "source_within_target", "source_contains_target"
_LINKED = ("mapped", "undetermined")
_CONFIDENCES = ("low", "medium", "high")
_NEEDED = (*SETS, *ENDS, "status", "relation")
CONSTANT = {"basis": "inferred", "speaker": "project"}  # whoever's judgement it is
_NO_CHARACTER = re.compile("[\0\ud800-\udfff]")  # what no text file can hold
_PROBLEMS = ["check", "row", SOURCE, TARGET, "problem", "remedy"]

# Of each check the remedy, and the column that it speaks of: nothing if that of a strange aspect.
_CHECKS = {
    "sets": ("Keep one pair of sets in a crosswalk.", None),
    "values": ("Use a word of the list.", None),
    "relation": ("Mapped rows have one, undetermined ones undetermined, others none.", "relation"),
    "ends": ("A mapped row has both, a remainder its source, no_counterpart one.", "status"),
    "ids": ("Correct the identifier.", None),
    "duplicate": ("Keep one of the rows.", SOURCE),
    "shares": ("Keep 0 <= share_low <= share_high <= 1; empty means not known.", "share_low"),
    "sum": ("Let them be able to add up to 1, the remainder counted.", "share_low"),
    "equal": ("Let equal stand alone for its source, or choose another relation.", "relation"),
    "no_counterpart": ("Keep either the link or the row with the status no_counterpart.", "status"),
    "remainder": ("Say no_counterpart of the whole, or add the link.", "status"),
    "silence": ("Link it, or add a row for it with the status no_counterpart.", None),
}

Row = dict[str, Any]  # cells by columns; None where one is empty


class Parts(NamedTuple):
    """What operations work with: a valid table, and the aspects that take part, in their order."""

    frame: pd.DataFrame
    sources: pd.DataFrame  # aspect_id and label
    targets: pd.DataFrame
    aspects: pd.DataFrame  # of all sets that the crosswalk knows
    record: Record


def columns() -> list[str]:
    """The columns of a crosswalk, in the order of the codebook."""
    return list(table("crosswalk").columns)


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """A fresh frame with all columns in their types, and those that may be left out filled."""
    if not isinstance(frame, pd.DataFrame):
        fault = f"A crosswalk is made of a DataFrame, not of {type(frame).__name__}."
        raise refusal(f"{fault} Crosswalk.load(source_set, target_set) gives a shipped one.")
    if faults := list(_table_faults(frame)):
        raise refusal("This is no table of a crosswalk.", faults)
    made = pd.DataFrame(CONSTANT | frame.to_dict("series"), frame.index)
    made = made.reset_index(drop=True).reindex(columns=columns())
    shares = made[list(SHARES)].apply(pd.to_numeric).astype("Float64")
    made = made.astype("string").replace("", pd.NA).assign(**shares)
    old = made[SOURCE].fillna("nothing_in_" + made["source_set"])
    new = made[TARGET].fillna("nothing_in_" + made["target_set"])
    return made.assign(crosswalk_id=made["crosswalk_id"].fillna(old + "_to_" + new))


def _table_faults(frame: pd.DataFrame) -> Iterator[tuple]:
    """What keeps a frame from being the table of a crosswalk, as (row, problem, remedy)."""
    names, known = list(frame.columns), columns()
    for name in (name for name in _NEEDED if name not in names):
        yield None, f"Column {quote(name)} is missing.", "Add it."
    for name in dict.fromkeys(n for n in names if n not in known or names.count(n) > 1):
        problem = f"Column {quote(name)} is not known in a crosswalk, or there more than once."
        yield None, problem, f"Remove it; known are {', '.join(known)}."
    if not frame.columns.is_unique:
        return
    for name in (name for name in SHARES if name in names):
        cells = frame[name].astype("string").fillna("")
        for row in np.flatnonzero(cells.ne("") & pd.to_numeric(cells, errors="coerce").isna()):
            problem = f"{name} {quote(cells.iloc[row])} is not a number."
            yield row, problem, "Write 0 to 1, or leave it empty if not known."
    for column in names:
        for number, one in enumerate(frame[column].array):
            if isinstance(one, str) and (found := _NO_CHARACTER.search(one)):
                problem = f"{column} holds {found[0]!a}, which is no character."
                yield number, problem, "Take it out of the cell."


def refusal(fault: str, faults: Sequence[tuple] = (), counted: str = "row") -> CrosswalkError:
    """The error for what is no crosswalk, with its faults as (row, problem, remedy)."""
    problems = [("columns", row, None, None, *told) for row, *told in faults]
    return CrosswalkError(fault, _problem_table(problems), counted)


def _problem_table(problems: list[tuple]) -> pd.DataFrame:
    types = dict.fromkeys(_PROBLEMS, "string") | {"row": "Int64"}
    return pd.DataFrame(problems, columns=_PROBLEMS, dtype=object).astype(types)


def plain_rows(frame: Any) -> list[Row]:
    """The rows as dictionaries of plain values, None where a cell is empty."""
    cells = (frame[name].to_numpy(object, na_value=None).tolist() for name in frame)
    return [dict(zip(frame.columns, row, strict=True)) for row in zip(*cells, strict=True)]


def set_pair(frame: pd.DataFrame) -> tuple[Any, Any]:
    """The two sets that the first row names, None where there is none."""
    first = (plain_rows(frame.head(1)) or [{}])[0]
    return first.get(SETS[0]), first.get(SETS[1])


def lowest(confidences: Iterable[Any]) -> str | None:
    """The lowest of some confidences; none where there are none or one of them is missing."""
    given = list(confidences)
    complete = len(given) > 0 and pd.notna(given).all()
    return min(given, key=_CONFIDENCES.index) if complete else None


def admissible(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The tightest bounds of each share, given that those of a source add up to 1; else 0 and 1."""

    def total(shares: pd.Series) -> pd.Series:
        return shares.groupby(frame[SOURCE]).transform("sum")

    given = frame[list(SHARES)].astype(float).fillna(dict(zip(SHARES, (0, 1), strict=True)))
    low, high = given.min(axis=1).clip(0, 1), given.max(axis=1).clip(0, 1)
    # bounds that miss the sum of 1 by their rounding (0.333333333) would let a chain pass it
    low, high = low / total(low).clip(lower=1), high / total(high).clip(upper=1)
    tight_low = low.clip(lower=1 - (total(high) - high)).fillna(0)
    tight_high = high.clip(upper=1 - (total(low) - low)).fillna(1)
    return tight_low.to_numpy(), tight_high.clip(lower=tight_low).to_numpy()


def diagnose(frame: pd.DataFrame, aspects: pd.DataFrame) -> pd.DataFrame:
    """Everything that is wrong with a typed frame, row by row; nothing if it is valid."""
    sets, rows = set_pair(frame), plain_rows(frame)
    of_sets = (aspects[aspects["set_id"].isin([one])] for one in sets)
    known = [dict(zip(one["aspect_id"], one["level"], strict=True)) for one in of_sets]
    company: dict[tuple[str, Any], list[Row]] = defaultdict(list)
    for row, end in product(rows, ENDS):
        company[end, row[end]].append(row)
    problems: list[tuple] = []
    for number, row in enumerate(rows):
        of_ends = [company[end, row[end]] if row[end] else [] for end in ENDS]
        for check, problem in _broken(row, sets, known, *of_ends):
            problems.append((check, number, row[SOURCE], row[TARGET], problem, _CHECKS[check][0]))
    for end, set_id, levels in zip(ENDS, sets, known, strict=True):
        if not levels:
            problem = f"No aspects of the set {quote(set_id)} are loaded."
            remedy = 'Correct its name, or pass its aspects; load("aspect_sets") lists all sets.'
            problems.append(("sets", None, None, None, problem, remedy))
        for aspect, level in levels.items():
            if level != "overall" and (end, aspect) not in company:
                ends = (aspect, None) if end == SOURCE else (None, aspect)
                problem = f"{aspect} appears in no row."
                problems.append(("silence", None, *ends, problem, _CHECKS["silence"][0]))
    return _problem_table(problems)


def _broken(
    row: Row, sets: Sequence[Any], known: Sequence[Row], of_source: list[Row], of_target: list[Row]
) -> Iterator[tuple[str, str]]:
    """The rules that a row breaks among those of its ends, each with the sentence on it."""
    source, target, status, relation = (row[name] for name in (*ENDS, "status", "relation"))
    ends = " to ".join(filter(None, (source, target))) or "A row without aspects"
    fitting_relation, fitting_ends = {
        "mapped": (relation is not None, source and target),
        "remainder": (relation is None, source and not target),
        "no_counterpart": (relation is None, bool(source) != bool(target)),
        "undetermined": (relation == "undetermined", source or target),
    }.get(status, (True, True))
    if tuple(row[side] for side in SETS) != tuple(sets):
        yield "sets", f"It is not about {sets[0]} and {sets[1]}, as the first row is."
    for field in table("crosswalk").fields:
        if field.enum and (value := row[field.name]) not in (*field.enum, None):
            listing = 'codebook("crosswalk")'
            yield "values", str(UnknownValueError(field.name, value, field.enum, listing))
    if status is None:
        yield "values", "It has no status."
    if not fitting_relation:
        yield "relation", f"Status {status} does not go with relation {relation or 'none'}."
    if not fitting_ends:
        there = f"source {source or 'none'} and target {target or 'none'}"
        yield "ends", f"Status {status} does not go with {there}."
    for end, set_id, levels in zip(ENDS, sets, known, strict=True):
        if levels.get(row[end]) == "overall":
            yield "ids", f"{row[end]} is an overall assessment, which takes no part in crosswalks."
        elif levels and row[end] is not None and row[end] not in levels:
            yield "ids", str(UnknownValueError(end, row[end], levels, f'aspects("{set_id}")'))
    if sum(_key(one) == _key(row) for one in of_source or of_target) > 1:
        yield "duplicate", f"{ends} is there more than once."
    low, high = _bounds(row)
    if not -TOLERANCE <= low <= high + TOLERANCE <= 1 + 2 * TOLERANCE:
        yield "shares", f"The shares from {low:.10g} to {high:.10g} are no part of a whole."
    lows, highs = map(sum, zip(*map(_bounds, of_source or [row]), strict=True))
    if source and not (lows <= 1 + TOLERANCE and highs >= 1 - TOLERANCE):
        sums = f"{lows:.10g} at least and {highs:.10g} at most"
        yield "sum", f"The shares of {source} add up to {sums}."
    if len(of_source) > 1 and any(one["relation"] == "equal" for one in of_source):
        yield "equal", f"{source} is equal to one aspect and has another row as well."
    met = [{one["status"] for one in rows} for rows in (of_source, of_target)]
    if any("no_counterpart" in seen and seen & {*_LINKED, "remainder"} for seen in met):
        told = "one aspect of this row has a link and also a row that says it has no counterpart"
        yield "no_counterpart", f"{ends}: {told}."
    if status == "remainder" and not any(one["status"] in _LINKED for one in of_source):
        yield "remainder", f"{source or 'none'} has a remainder and no link."


def _bounds(row: Row) -> tuple[float, float]:
    low, high = (row[name] for name in SHARES)
    return 0.0 if low is None else low, 1.0 if high is None else high


def _key(row: Row) -> tuple:
    """A link is known by its two ends, any other row by its end and its status."""
    both = row[SOURCE] and row[TARGET]
    return row[SOURCE], row[TARGET], None if both else row["status"]


def crosswalk_problems(record: Record) -> list[DataError]:
    """What keeps the crosswalks of a data folder from being valid, unless other checks say so."""
    try:
        frame, aspects = record.table("crosswalk"), record.table("aspects")
        lines = record.cells("crosswalk").lines
    except HmcpsiError:
        return []
    shares, ends = frame[list(SHARES)].fillna(0), frame[list(ENDS)]
    known = (ends.isin([*aspects["aspect_id"]]) | ends.isna()).all(axis=1)
    readable = known & (shares.ge(0) & shares.le(1)).all(axis=1)
    found: list[DataError] = []
    for _, rows in frame.assign(line=lines).groupby(list(SETS), sort=False):
        problems = plain_rows(diagnose(typed(rows.drop(columns="line")), aspects))
        if not readable[rows.index].all() or any(one["check"] == "values" for one in problems):
            continue
        cells = plain_rows(rows)
        for check, row, _, _, problem, remedy in (one.values() for one in problems):
            line = None if row is None else cells[row]["line"]
            column = _CHECKS[check][1]
            value = column and cells[row][column]
            fault = f"{problem[0].lower()}{problem[1:].removesuffix('.')}"
            place = "crosswalk.csv", line, column, None if value is None else str(value)
            found.append(DataError(*place, fault, remedy))
    return found


def invert(frame: pd.DataFrame) -> pd.DataFrame:
    """The table of the inverse, as `Crosswalk.inverse` describes."""
    kept = frame[frame["status"].ne("remainder")]
    relation = kept["relation"].replace({_WITHIN: _CONTAINS, _CONTAINS: _WITHIN})
    accompanied = kept[TARGET].duplicated(keep=False)
    relation = relation.mask(relation.eq("equal").fillna(False) & accompanied, "undetermined")
    unknown = dict.fromkeys(["crosswalk_id", *SHARES])
    swapped = dict(zip((*SETS, *ENDS), (*SETS[::-1], *ENDS[::-1]), strict=True))
    return kept.assign(relation=relation, **unknown).rename(columns=swapped)


def without(frame: pd.DataFrame, end: str, aspect: str, justification: str) -> pd.DataFrame:
    """The table in which an aspect has no counterpart, as `Crosswalk.without` describes."""
    other = TARGET if end == SOURCE else SOURCE
    gone = frame[end].eq(aspect).fillna(False)
    loose, kept = frame.loc[gone, other].dropna().unique(), frame[~gone]
    linked = set(kept.loc[kept["status"].ne("remainder"), other])
    kept = kept[kept[other].isin(linked) | ~kept[other].isin(loose)]
    rests = kept["status"].eq("remainder") & kept[other].isin(loose)
    added = [{end: aspect, "status": "no_counterpart"}]
    for one in loose:
        if one not in linked:
            added.append({other: one, "status": "no_counterpart"})
        elif other == SOURCE and one not in {*kept.loc[rests, SOURCE]}:
            added.append({other: one, "status": "remainder"})
    own = dict(zip(SETS, set_pair(frame), strict=True)) | {"curated_by": CURATOR}
    made = pd.DataFrame(added).assign(**own, justification=justification)
    kept = kept.assign(share_high=kept["share_high"].mask(rests))
    return pd.concat([kept, made]).assign(**CONSTANT)


def composed(first: str | None, second: str | None) -> str | None:
    """The relation of two links, one after the other: equal keeps the other one."""
    if first == "equal":
        return second
    alike = first == second and first in (_WITHIN, _CONTAINS)
    return first if second == "equal" or alike else "undetermined"


def chain(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """The table of one crosswalk after another, as `Crosswalk.then` describes."""
    (start, middle), end = set_pair(first), set_pair(second)[1]
    further = _weighed(second).add_suffix("_on")
    steps = _weighed(first).merge(further, "left", left_on=TARGET, right_on=f"{SOURCE}_on")
    paths = pd.DataFrame(map(_path, plain_rows(steps)), dtype=object)
    by_end = paths.groupby([SOURCE, "status", TARGET], sort=False, dropna=False)
    how: Row = dict.fromkeys(["relation", "rationale"], _agreed) | dict.fromkeys(SHARES, "sum")
    found = by_end.agg(how | {"confidence": lowest, "is_link": "any"}).reset_index()
    no_link = found["status"].eq("mapped") & ~found["is_link"].astype(bool)
    status = found["status"].mask(no_link, "undetermined")
    lost = status.eq("remainder").groupby(found[SOURCE]).transform("all")
    status = status.mask(lost, "no_counterpart")
    relation = found["relation"].where(status.ne("undetermined")).fillna("undetermined")
    shares = found[list(SHARES)].astype(float).clip(upper=1).mask(lost)
    found = found.assign(status=status, relation=relation.where(status.isin(_LINKED)), **shares)
    rows = pd.concat([found, pd.DataFrame(_unreached(first, second))])
    both = f"{start} to {middle} and {middle} to {end}"
    why = f"Follows from the crosswalks {both}; not judged by itself."
    own = dict(zip(SETS, (start, end), strict=True)) | {"justification": why}
    return rows.reindex(columns=columns()).assign(**own, curation_rule=COMPOSED, **CONSTANT)


def _weighed(frame: pd.DataFrame) -> pd.DataFrame:
    """What a chain is made of: the rows that have a source, with the tightest bounds."""
    judged = [*ENDS, "status", "relation", "rationale", "confidence", *SHARES]
    bounds = dict(zip(SHARES, admissible(frame), strict=True))
    return frame.assign(**bounds).loc[frame[SOURCE].notna(), judged]


def _path(step: Row) -> Row:
    """What a row and the one after it, if it has a target, come to."""
    on = {name.removesuffix("_on"): cell for name, cell in step.items() if name.endswith("_on")}
    if not step[TARGET]:
        on |= step | {TARGET: None, "relation": "equal", **dict.fromkeys(SHARES, 1)}
    one_sided = "undetermined" if on["status"] == "undetermined" else "remainder"
    return {
        SOURCE: step[SOURCE],
        TARGET: on[TARGET],
        "status": "mapped" if on[TARGET] else one_sided,
        "is_link": step["status"] == on["status"] == "mapped",
        "relation": composed(step["relation"], on["relation"]),
        "rationale": step["rationale"] if step["rationale"] == on["rationale"] else None,
        "confidence": lowest([step["confidence"], on["confidence"]]),
        **{name: step[name] * on[name] for name in SHARES},
    }


def _agreed(cells: pd.Series) -> Any:
    """What parallel paths all say, None where they differ."""
    return cells.iloc[0] if cells.nunique(dropna=False) == 1 else None


def _unreached(first: pd.DataFrame, second: pd.DataFrame) -> Iterator[Row]:
    """Targets that nothing reaches, or of which it is undetermined whether something more does."""
    reached = set(first.loc[first[SOURCE].notna(), TARGET].dropna())
    of_first, of_second = (
        set(frame.loc[frame[SOURCE].isna() & frame["status"].eq("undetermined"), TARGET])
        for frame in (first, second)
    )
    for target, sources in second.groupby(TARGET, sort=False)[SOURCE]:
        if target in of_second or of_first & set(sources):
            yield {TARGET: target, "status": "undetermined", "relation": "undetermined"}
        elif not reached & set(sources):
            yield {TARGET: target, "status": "no_counterpart"}
