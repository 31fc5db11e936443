"""The table of a crosswalk, and the one checker of its validity.

What each column means stands in the codebook, table ``crosswalk``.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
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

SEPARATOR = "; "  # between several names in one cell
CURATOR = "a user of the workbook"  # who judged a row that is not shipped, as its file says
NO_CHARACTER = re.compile("[\0\ud800-\udfff]")  # what no text file can hold

_TOLERANCE = 1e-9  # shares may be written with nine decimals
_LINKED = ("mapped", "undetermined")
_CONFIDENCES = ("low", "medium", "high")
_NEEDED = ("source_set", SOURCE, "target_set", TARGET, "status", "relation")
_CONSTANT = {"basis": "inferred", "speaker": "project"}  # whoever's judgement it is
_LISTED = ("status", "relation", "rationale", "confidence", *_CONSTANT)
_PROBLEMS = ["check", "row", SOURCE, TARGET, "problem", "remedy"]

_REMEDIES = {
    "sets": "Keep one pair of sets in a crosswalk.",
    "values": "Use a word of the list.",
    "relation": "Give a mapped row one, an undetermined one undetermined, others none.",
    "ends": "Give a mapped row both, a remainder its source, no_counterpart one of them.",
    "ids": "Correct the identifier.",
    "duplicate": "Keep one of the rows.",
    "shares": "Keep 0 <= share_low <= share_high <= 1; an empty cell means not known.",
    "sum": "Let them be able to add up to 1, the remainder counted.",
    "equal": "Let equal stand alone for its source, or choose another relation.",
    "no_counterpart": "Keep either the link or the row with the status no_counterpart.",
    "remainder": "Say no_counterpart of the whole, or add the link.",
    "silence": "Link it, or add a row for it with the status no_counterpart.",
}
_SPOKEN_OF = {  # the column that a check speaks of, where it is not that of a strange aspect
    **dict.fromkeys(["relation", "equal"], "relation"),
    **dict.fromkeys(["ends", "no_counterpart", "remainder"], "status"),
    **dict.fromkeys(["shares", "sum"], "share_low"),
    "duplicate": SOURCE,
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


def words(column: str) -> tuple[str, ...]:
    """The words that a column may hold; none where it holds any text."""
    return table("crosswalk").field(column).enum


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """A fresh frame with all columns in their types, and those that may be left out filled."""
    if not isinstance(frame, pd.DataFrame):
        fault = f"A crosswalk is made of a DataFrame, not of {type(frame).__name__}."
        raise refusal(f"{fault} Crosswalk.load(source_set, target_set) gives a shipped one.")
    if faults := list(_table_faults(frame)):
        raise refusal("This is no table of a crosswalk.", faults)
    texts: dict[str, list[str | None]] = {}
    for name in columns():
        usual = [_CONSTANT.get(name)] * len(frame)
        cells = plain(frame[name]) if name in frame else usual
        texts[name] = [None if cell is None else str(cell) or None for cell in cells]
    identified = zip(*(texts[name] for name in ("crosswalk_id", *SETS, *ENDS)), strict=True)
    texts["crosswalk_id"] = [
        given or f"{source or f'nothing_in_{old}'}_to_{target or f'nothing_in_{new}'}"
        for given, old, new, source, target in identified
    ]
    shares = frame.reset_index(drop=True).reindex(columns=list(SHARES))
    shares = shares.apply(pd.to_numeric).astype("Float64")
    return pd.DataFrame(texts, dtype="string").assign(**shares)


def _table_faults(frame: pd.DataFrame) -> Iterator[tuple]:
    """What keeps a frame from being the table of a crosswalk, as (row, problem, remedy)."""
    for name in (name for name in _NEEDED if name not in frame):
        yield None, f"Column {quote(name)} is missing.", "Add it."
    for name in frame.columns[frame.columns.duplicated()].unique():
        yield None, f"Column {quote(name)} is there more than once.", "Keep one of them."
    for strange in (name for name in frame if name not in columns()):
        problem = f"Column {quote(strange)} is not known in a crosswalk."
        yield None, problem, f"Remove it; known are {', '.join(columns())}."
    if not frame.columns.is_unique:
        return
    for name in (name for name in SHARES if name in frame):
        cells = frame[name].astype("string").fillna("")
        wrong = cells.ne("") & pd.to_numeric(cells, errors="coerce").isna()
        for row in np.flatnonzero(wrong):
            problem = f"{name} {quote(cells.iloc[row])} is not a number."
            yield row, problem, "Write 0 to 1, or leave it empty if not known."
    yield from character_faults(frame)


def character_faults(frame: pd.DataFrame) -> Iterator[tuple]:
    """Cells with half of a surrogate pair or a NUL, which no text file can hold."""
    for name, cells in frame.items():
        for row, cell in enumerate(cells.array):
            if isinstance(cell, str) and (broken := NO_CHARACTER.search(cell)):
                problem = f"{name} holds {broken[0]!a}, which is no character."
                yield row, problem, "Take it out of the cell."


def refusal(fault: str, faults: Sequence[tuple] = (), counted: str = "row") -> CrosswalkError:
    """The error for what is no crosswalk, with its faults as (row, problem, remedy)."""
    problems = [("columns", row, None, None, *told) for row, *told in faults]
    return CrosswalkError(fault, _problem_table(problems), counted)


def _problem_table(problems: list[tuple]) -> pd.DataFrame:
    types = dict.fromkeys(_PROBLEMS, "string") | {"row": "Int64"}
    return pd.DataFrame(problems, columns=_PROBLEMS, dtype=object).astype(types)


def plain(cells: Any) -> list[Any]:
    """The values of a column, None where a cell is empty."""
    found: list[Any] = cells.to_numpy(object, na_value=None).tolist()
    return found


def plain_rows(frame: pd.DataFrame) -> list[Row]:
    """The rows as dictionaries of plain values, None where a cell is empty."""
    names = frame.columns.tolist()
    cells = zip(*(plain(frame[name]) for name in names), strict=True)
    return [dict(zip(names, row, strict=True)) for row in cells]


def set_pair(frame: pd.DataFrame) -> tuple[Any, Any]:
    """The two sets that the first row names, None where there is none."""
    source, target = (plain(frame[name].head(1)) or [None] for name in SETS)
    return source[0], target[0]


def taking_part(frame: pd.DataFrame) -> pd.DataFrame:
    """The links that ratings travel over: mapped, and of a share that can be above 0."""
    return frame[frame["status"].eq("mapped").fillna(False) & frame["share_high"].fillna(1).gt(0)]


def lowest(confidences: Iterable[Any]) -> str | None:
    """The lowest of some confidences; none where there are none or one of them is missing."""
    given = list(confidences)
    complete = len(given) > 0 and pd.notna(given).all()
    return min(given, key=_CONFIDENCES.index) if complete else None


def _bounds(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The bounds of all shares as they stand there, 0 and 1 where they are not known."""
    low, high = (frame[name].fillna(rest) for name, rest in zip(SHARES, (0, 1), strict=True))
    return low.to_numpy(float), high.to_numpy(float)


def _totals(ends: pd.Series) -> Callable[[Any], np.ndarray]:
    """What sums values over all rows of the same end; 0 for rows without one."""
    codes = pd.factorize(ends)[0] + 1
    return lambda values: np.bincount(codes, np.asarray(values, float) * (codes > 0))[codes]


def admissible(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The tightest bounds of each share, given that those of a source add up to 1; else 0 and 1."""
    given, total = _bounds(frame), _totals(frame[SOURCE])
    low, high = np.minimum(*given).clip(0, 1), np.maximum(*given).clip(0, 1)
    known = frame[SOURCE].notna().to_numpy()
    # bounds that miss the sum of 1 by their rounding (0.333333333) would let a chain pass it
    low = low / np.maximum(total(low), 1)
    high = high / np.where(known, np.minimum(total(high), 1), 1)
    other_high, other_low = total(high) - high, total(low) - low
    tight_low = np.where(known, np.maximum(low, 1 - other_high), 0.0)
    tight_high = np.where(known, np.minimum(high, 1 - other_low), 1.0)
    return tight_low, np.maximum(tight_low, tight_high)


def diagnose(frame: pd.DataFrame, aspects: pd.DataFrame) -> pd.DataFrame:
    """Everything that is wrong with a typed frame, row by row; nothing if it is valid."""
    sets, rows = set_pair(frame), plain_rows(frame)
    known = [_levels(aspects, set_id) for set_id in sets]
    company: dict[tuple[str, Any], list[Row]] = defaultdict(list)
    for row, end in product(rows, ENDS):
        company[end, row[end]].append(row)
    alike = Counter(map(_key, rows))
    problems: list[tuple] = []
    for number, row in enumerate(rows):
        ends = row[SOURCE], row[TARGET]
        of_source = company[SOURCE, ends[0]] if ends[0] else []
        of_target = company[TARGET, ends[1]] if ends[1] else []
        twice = alike[_key(row)] > 1
        for check, problem in _broken(row, sets, known, of_source, of_target, twice):
            problems.append((check, number, *ends, problem, _REMEDIES[check]))
    for end, set_id, levels in zip(ENDS, sets, known, strict=True):
        if not levels:
            problem = f"No aspects of the set {quote(set_id)} are loaded."
            remedy = 'Correct its name, or pass its aspects; load("aspect_sets") lists all sets.'
            problems.append(("sets", None, None, None, problem, remedy))
        for aspect, level in levels.items():
            if level != "overall" and (end, aspect) not in company:
                ends = (aspect, None) if end == SOURCE else (None, aspect)
                problem = f"{aspect} appears in no row."
                problems.append(("silence", None, *ends, problem, _REMEDIES["silence"]))
    return _problem_table(problems)


def _levels(aspects: pd.DataFrame, set_id: str | None) -> dict[str, str]:
    of_set = aspects[aspects["set_id"].isin([set_id])]
    return dict(zip(of_set["aspect_id"], of_set["level"], strict=True))


def _key(row: Row) -> tuple:
    """A link is known by its two ends, any other row by its end and its status."""
    both = row[SOURCE] and row[TARGET]
    return row[SOURCE], row[TARGET], None if both else row["status"]


def _bounds_of(row: Row) -> tuple[float, float]:
    low, high = (row[name] for name in SHARES)
    return 0.0 if low is None else low, 1.0 if high is None else high


def _broken(
    row: Row,
    sets: Sequence[str | None],
    known: Sequence[dict[str, str]],
    of_source: list[Row],
    of_target: list[Row],
    twice: bool,
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
    if strange := " ".join(_strange_words(row)):
        yield "values", strange
    if not fitting_relation:
        yield "relation", f"Status {status} does not go with relation {relation or 'none'}."
    if not fitting_ends:
        there = f"source {source or 'none'} and target {target or 'none'}"
        yield "ends", f"Status {status} does not go with {there}."
    if strange := " ".join(_strange_aspects(row, sets, known)):
        yield "ids", strange
    if twice:
        yield "duplicate", f"{ends} is there more than once."
    low, high = _bounds_of(row)
    if not -_TOLERANCE <= low <= high + _TOLERANCE <= 1 + 2 * _TOLERANCE:
        yield "shares", f"The shares from {low:.10g} to {high:.10g} are no part of a whole."
    lows, highs = map(sum, zip(*map(_bounds_of, of_source or [row]), strict=True))
    if source and not (lows <= 1 + _TOLERANCE and highs >= 1 - _TOLERANCE):
        sums = f"{lows:.10g} at least and {highs:.10g} at most"
        yield "sum", f"The shares of {source} add up to {sums}."
    if len(of_source) > 1 and any(one["relation"] == "equal" for one in of_source):
        yield "equal", f"{source} is equal to one aspect and has another row as well."
    if any(_contradicted({one["status"] for one in rows}) for rows in (of_source, of_target)):
        told = "one aspect of this row has a link and also a row that says it has no counterpart"
        yield "no_counterpart", f"{ends}: {told}."
    if status == "remainder" and not any(one["status"] in _LINKED for one in of_source):
        yield "remainder", f"{source or 'none'} has a remainder and no link."


def _contradicted(statuses: set[str]) -> bool:
    return "no_counterpart" in statuses and bool(statuses & {*_LINKED, "remainder"})


def _strange_words(row: Row) -> Iterator[str]:
    for name in (name for name in _LISTED if row[name] not in (*words(name), None)):
        yield str(UnknownValueError(name, row[name], words(name), 'codebook("crosswalk")'))
    if row["status"] is None:
        yield "It has no status."


def _strange_aspects(
    row: Row, sets: Sequence[str | None], known: Sequence[dict[str, str]]
) -> Iterator[str]:
    for end, set_id, levels in zip(ENDS, sets, known, strict=True):
        if levels.get(row[end]) == "overall":
            yield f"{row[end]} is an overall assessment, which takes no part in crosswalks."
        elif levels and row[end] is not None and row[end] not in levels:
            yield str(UnknownValueError(end, row[end], levels, f'aspects("{set_id}")'))


def crosswalk_problems(record: Record) -> list[DataError]:
    """What keeps the crosswalks of a data folder from being valid, unless other checks say so."""
    try:
        cells, aspects = record.cells("crosswalk"), record.table("aspects")
        if {len(row) for row in cells.rows} - {len(cells.header)}:
            return []
        frame = pd.DataFrame(cells.rows, columns=cells.header, dtype="string", index=cells.lines)
        shares = typed(frame)[list(SHARES)].fillna(0)
    except (HmcpsiError, ValueError):
        return []
    known = frame[list(ENDS)].isin([*aspects["aspect_id"], ""]).all(axis=1).to_numpy()
    readable = known & ((shares >= 0) & (shares <= 1)).all(axis=1).to_numpy(dtype=bool)
    found: list[DataError] = []
    for _, rows in frame.assign(readable=readable).groupby(list(SETS), sort=False):
        if not rows.pop("readable").all():
            continue
        problems = diagnose(typed(rows), aspects)
        if not problems["check"].eq("values").any():
            lines = dict(zip(rows.index.tolist(), plain_rows(rows), strict=True))
            found += [_as_error(problem, lines, aspects) for problem in plain_rows(problems)]
    return found


def _as_error(problem: Row, lines: dict[int, Row], aspects: pd.DataFrame) -> DataError:
    """A problem by line and column."""
    line, column, value = None, None, None
    if problem["row"] is not None:
        line, cells = [*lines.items()][problem["row"]]
        strange = cells[SOURCE] and cells[SOURCE] not in _levels(aspects, cells["source_set"])
        column = _SPOKEN_OF.get(problem["check"], SOURCE if strange else TARGET)
        value = cells[column] or None
    fault = f"{problem['problem'][0].lower()}{problem['problem'][1:].removesuffix('.')}"
    return DataError("crosswalk.csv", line, column, value, fault, problem["remedy"])
