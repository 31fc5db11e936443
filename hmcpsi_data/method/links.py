"""The table of a crosswalk, and the one checker of its validity.

A row is a link between two aspects, the part of a linked source that has no home in the target set
(`remainder`), an aspect without counterpart (`no_counterpart`) or an undecided case
(`undetermined`). What each column means stands in the codebook, table ``crosswalk``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray
from pandas.api.types import is_complex_dtype, is_numeric_dtype

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
_CONFIDENCES = ("low", "medium", "high")
_REQUIRED = ("source_set", SOURCE, "target_set", TARGET, "status", "relation")
_CONSTANT = {"basis": "inferred", "speaker": "project"}  # whoever's judgement it is
_LISTED = ("status", "relation", "rationale", "confidence", *_CONSTANT)
_PROBLEMS = ["check", "row", SOURCE, TARGET, "problem", "remedy"]


class Parts(NamedTuple):
    """What operations work with: a valid table, and the aspects that take part, in their order."""

    frame: pd.DataFrame
    sources: pd.DataFrame  # aspect_id and label
    targets: pd.DataFrame
    aspects: pd.DataFrame  # of all sets that the crosswalk knows
    record: Record


# The table ---------------------------------------------------------------------------------------


def columns() -> list[str]:
    """The columns of a crosswalk, in the order of the codebook."""
    return list(table("crosswalk").columns)


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """A fresh frame with all columns in their types, and those that may be left out filled."""
    if not isinstance(frame, pd.DataFrame):
        what = f"A crosswalk is made of a DataFrame, not of {type(frame).__name__}."
        raise refusal(f"{what} Crosswalk.load(source_set, target_set) gives a shipped one.")
    faults = list(_column_faults(frame))
    if frame.columns.is_unique:
        faults += [*_number_faults(frame), *character_faults(frame)]
    if faults:
        raise refusal("This is no table of a crosswalk.", faults)
    made = pd.DataFrame({name: _cells(frame, name) for name in columns()}, copy=False)
    source = made[SOURCE].fillna("nothing_in_" + made["source_set"])
    target = made[TARGET].fillna("nothing_in_" + made["target_set"])
    made["crosswalk_id"] = made["crosswalk_id"].fillna(source + "_to_" + target)
    return made


def refusal(fault: str, faults: Sequence[tuple] = (), counted: str = "row") -> CrosswalkError:
    """The error for what is no crosswalk, with its faults as (row, problem, remedy)."""
    problems = [("columns", row, None, None, *told) for row, *told in faults]
    return CrosswalkError(fault, problem_table(problems), counted)


def problem_table(problems: list[tuple]) -> pd.DataFrame:
    """Problems (check, row, source, target, problem, remedy) as a table."""
    types = dict.fromkeys(_PROBLEMS, "string") | {"row": "Int64"}
    return pd.DataFrame(problems, columns=_PROBLEMS, dtype=object).astype(types)


def objects(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    """The columns as arrays of plain objects, where missing is None."""
    plain = frame.astype(object)
    return {str(name): cells.to_numpy() for name, cells in plain.where(frame.notna(), None).items()}


def set_pair(frame: pd.DataFrame) -> tuple[str | None, str | None]:
    """The two sets that the first row names, None where there is none."""
    first = objects(frame[list(SETS)].head(1))
    source, target = (names[0] if len(names) else None for names in first.values())
    return source, target


def taking_part(frame: pd.DataFrame) -> pd.Series:
    """Which rows are links that ratings travel over: mapped, and of a share that can be above 0."""
    return frame["status"].eq("mapped").fillna(False) & frame["share_high"].fillna(1).gt(0)


def lowest(confidences: Sequence[str | None]) -> str | None:
    """The lowest of some confidences; none where there are none or one of them is missing."""
    known = [one for one in confidences if pd.notna(one)]
    complete = 0 < len(known) == len(confidences)
    return min(known, key=_CONFIDENCES.index) if complete else None


def admissible(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The tightest bounds of each share, given that those of a source add up to 1; else 0 and 1."""
    given = _given_bounds(frame)
    low, high = np.minimum(*given).clip(0, 1), np.maximum(*given).clip(0, 1)
    total = _totals(frame[SOURCE])
    known = frame[SOURCE].notna().to_numpy()
    # bounds that miss the sum of 1 by their rounding (0.333333333) would let a chain pass it
    low = low / np.maximum(total(low), 1)
    high = high / np.where(known, np.minimum(total(high), 1), 1)
    other_high, other_low = total(high) - high, total(low) - low
    tight_low = np.where(known, np.maximum(low, 1 - other_high), 0.0)
    tight_high = np.where(known, np.minimum(high, 1 - other_low), 1.0)
    return tight_low, np.maximum(tight_low, tight_high)


def _given_bounds(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The bounds of each share as they are given, an empty one being 0 or 1."""
    low = frame["share_low"].to_numpy(dtype=float, na_value=0.0)
    return low, frame["share_high"].to_numpy(dtype=float, na_value=1.0)


def _totals(keys: pd.Series) -> Callable[[Any], np.ndarray]:
    """A function that adds values up by key and gives each row its total; without a key, 0."""
    codes, names = pd.factorize(keys)
    known = codes >= 0

    def total(values: Any) -> np.ndarray:
        sums = np.bincount(codes[known], np.asarray(values, dtype=float)[known], len(names))
        return np.append(sums, 0.0)[codes]

    return total


def _cells(frame: pd.DataFrame, name: str) -> ExtensionArray:
    """One column in its type, fresh; empty text is missing."""
    if name not in frame:
        dtype = "Float64" if name in SHARES else "string"
        return pd.Series([_CONSTANT.get(name)] * len(frame), dtype=dtype).array
    if name in SHARES:
        return pd.to_numeric(frame[name]).astype("Float64").array.copy()
    cells = objects(frame[[name]])[name]
    return pd.array([None if cell is None or cell == "" else str(cell) for cell in cells], "string")


def _column_faults(frame: pd.DataFrame) -> Iterator[tuple]:
    known = columns()
    for name in (name for name in _REQUIRED if name not in frame):
        yield None, f"Column {quote(name)} is missing.", "Add it."
    for name in dict.fromkeys(frame.columns[frame.columns.duplicated()]):
        yield None, f"Column {quote(name)} is there more than once.", "Keep one of them."
    for strange in (name for name in frame if name not in known):
        problem = f"Column {quote(strange)} is not known in a crosswalk."
        yield None, problem, f"Remove it; known are {', '.join(known)}."


def _number_faults(frame: pd.DataFrame) -> Iterator[tuple]:
    for name in (name for name in SHARES if name in frame):
        if is_numeric_dtype(frame[name]) and not is_complex_dtype(frame[name]):
            continue
        cells = frame[name].astype("string").fillna("")
        wrong = cells.ne("") & pd.to_numeric(cells, errors="coerce").isna()
        for row in np.flatnonzero(wrong):
            problem = f"{name} {quote(cells.iloc[row])} is not a number."
            yield row, problem, "Write 0 to 1, or leave it empty if not known."


def character_faults(frame: pd.DataFrame) -> Iterator[tuple]:
    """Cells with half of a surrogate pair or a NUL, which no text file can hold."""
    for name, cells in frame.items():
        for row, cell in enumerate(cells.array):
            if isinstance(cell, str) and (broken := NO_CHARACTER.search(cell)):
                problem = f"{name} holds {broken[0]!a}, which is no character."
                yield row, problem, "Take it out of the cell."


# The checker -------------------------------------------------------------------------------------


class _Rule(NamedTuple):
    """How a broken rule is told of a row, what to do, and the column that it speaks of."""

    problem: str
    remedy: str
    column: str = ""  # of one of the two ends, where it is empty


_RULES = {
    "sets": _Rule(
        "It is not about {sets}, as the first row is.", "Keep one pair of sets in a crosswalk."
    ),
    "values": _Rule("{strange_words}", "Use a word of the list."),
    "relation": _Rule(
        "Status {status} does not go with relation {relation}.",
        "Give a mapped row a relation, an undetermined one the relation undetermined, others none.",
        "relation",
    ),
    "ends": _Rule(
        "Status {status} does not go with source {source_aspect_id} and target {target_aspect_id}.",
        "Give a mapped row both, a remainder its source, no_counterpart one of them.",
        "status",
    ),
    "ids": _Rule("{strange_aspects}", "Correct the identifier."),
    "duplicate": _Rule("{ends} is there more than once.", "Keep one of the rows."),
    "shares": _Rule(
        "The shares from {low:.10g} to {high:.10g} are no part of a whole.",
        "Keep 0 <= share_low <= share_high <= 1; an empty cell means not known.",
        "share_low",
    ),
    "sum": _Rule(
        "The shares of {source_aspect_id} add up to {lows:.10g} at least and {highs:.10g} at most.",
        "Let them be able to add up to 1, the remainder counted.",
        "share_low",
    ),
    "equal": _Rule(
        "{source_aspect_id} is equal to one aspect and has another row as well.",
        "Let equal stand alone for its source, or choose another relation.",
        "relation",
    ),
    "no_counterpart": _Rule(
        "{ends}: one aspect of this row has a link and also a row that says it has no counterpart.",
        "Keep either the link or the row with the status no_counterpart.",
        "status",
    ),
    "remainder": _Rule(
        "{source_aspect_id} has a remainder and no link.",
        "Say no_counterpart of the whole, or add the link.",
        "status",
    ),
}


def diagnose(frame: pd.DataFrame, aspects: pd.DataFrame) -> pd.DataFrame:
    """Everything that is wrong with a typed frame, one row per problem; none if it is valid."""
    sets = set_pair(frame)
    known = [_levels(aspects, set_id) for set_id in sets]
    given, (low, high), total = objects(frame), _given_bounds(frame), _totals(frame[SOURCE])
    problems: list[tuple] = []
    for check, rows in _broken(frame, sets, known).items():
        rule = _RULES[check]
        for row in map(int, np.flatnonzero(rows)):
            cells = {name: column[row] for name, column in given.items()}
            ends = [cells[side] for side in ENDS]
            problem = rule.problem.format(
                **{name: cell or "none" for name, cell in cells.items()},
                sets=" and ".join(map(str, sets)),
                ends=" to ".join(filter(None, ends)) or "A row without aspects",
                low=low[row],
                high=high[row],
                lows=total(low)[row],
                highs=total(high)[row],
                strange_words=_strange_words(cells) if check == "values" else "",
                strange_aspects=_strange_aspects(ends, sets, known) if check == "ids" else "",
            )
            problems.append((check, row, *ends, problem, rule.remedy))
    for side, set_id, levels in zip(ENDS, sets, known, strict=True):
        if not levels:
            problem = f"No aspects of the set {quote(set_id)} are loaded."
            remedy = 'Correct its name, or pass its aspects; load("aspect_sets") lists all sets.'
            problems.append(("sets", None, None, None, problem, remedy))
        named = set(given[side])
        for aspect in (aspect for aspect in _rated(levels) if aspect not in named):
            ends = [aspect if one == side else None for one in ENDS]
            remedy = "Link it, or add a row for it with the status no_counterpart."
            problems.append(("silence", None, *ends, f"{aspect} appears in no row.", remedy))
    return problem_table(problems)


def _broken(
    frame: pd.DataFrame, sets: Sequence[str | None], known: Sequence[dict[str, str]]
) -> dict[str, np.ndarray]:
    """Which rows break each rule."""
    has = {name: column.to_numpy() for name, column in frame.notna().items()}
    source, target, relation = has[SOURCE], has[TARGET], has["relation"]
    mapped, remainder, nowhere, undecided = (
        _is(frame["status"], word)
        for word in ("mapped", "remainder", "no_counterpart", "undetermined")
    )
    low, high = _given_bounds(frame)
    per_source, per_target = _totals(frame[SOURCE]), _totals(frame[TARGET])
    linked, one_sided = mapped | undecided | remainder, source != target
    # a link is known by its two ends, any other row by its end and its status
    keys = frame[[*ENDS]].assign(status=frame["status"].mask(source & target))
    return {
        "sets": np.logical_or.reduce(
            [~_is(frame[side], of_first) for side, of_first in zip(SETS, sets, strict=True)]
        ),
        "values": np.logical_or.reduce(
            [~has["status"], *(has[n] & ~_is(frame[n], *_words(n)) for n in _LISTED)]
        ),
        "relation": (mapped & ~relation)
        | ((remainder | nowhere) & relation)
        | (undecided & ~_is(frame["relation"], "undetermined")),
        "ends": (mapped & ~(source & target))
        | (remainder & (~source | target))
        | (nowhere & ~one_sided)
        | (undecided & ~(source | target)),
        "ids": np.logical_or.reduce(
            [
                has[side] & bool(levels) & ~_is(frame[side], *_rated(levels))
                for side, levels in zip(ENDS, known, strict=True)
            ]
        ),
        "duplicate": keys.duplicated(keep=False).to_numpy(),
        "shares": ~((low >= -_TOLERANCE) & (low <= high + _TOLERANCE) & (high <= 1 + _TOLERANCE)),
        "sum": source
        & ~((per_source(low) <= 1 + _TOLERANCE) & (per_source(high) >= 1 - _TOLERANCE)),
        "equal": (per_source(_is(frame["relation"], "equal")) > 0) & (per_source(source) > 1),
        "no_counterpart": np.logical_or.reduce(
            [(total(linked) > 0) & (total(nowhere) > 0) for total in (per_source, per_target)]
        ),
        "remainder": remainder & (per_source(mapped | undecided) == 0),
    }


def _is(column: pd.Series, *words: str | None) -> np.ndarray:
    """Whether each row has one of the words there."""
    return column.isin(words).to_numpy(dtype=bool)


def _levels(aspects: pd.DataFrame, set_id: str | None) -> dict[str, str]:
    """The aspects of a set, with their levels."""
    of_set = aspects[_is(aspects["set_id"], set_id)]
    return dict(zip(of_set["aspect_id"], of_set["level"], strict=True))


def _rated(levels: dict[str, str]) -> list[str]:
    """The aspects that take part: overall assessments do not."""
    return [aspect for aspect, level in levels.items() if level != "overall"]


def _words(name: str) -> tuple[str, ...]:
    """The words that a column may hold."""
    return table("crosswalk").field(name).enum


def _strange_words(cells: dict[str, Any]) -> str:
    wrong = [
        str(UnknownValueError(name, cells[name], _words(name), 'codebook("crosswalk")'))
        for name in _LISTED
        if cells[name] is not None and cells[name] not in _words(name)
    ]
    return " ".join(wrong) or "It has no status."


def _strange_aspects(
    ends: Sequence[str | None], sets: Sequence[str | None], known: Sequence[dict[str, str]]
) -> str:
    faults = []
    for side, aspect, set_id, levels in zip(ENDS, ends, sets, known, strict=True):
        if aspect in levels and levels[aspect] == "overall":
            faults.append(f"{aspect} is an overall assessment, which takes no part in crosswalks.")
        elif levels and aspect is not None and aspect not in levels:
            faults.append(str(UnknownValueError(side, aspect, levels, f'aspects("{set_id}")')))
    return " ".join(faults)


# The check of a data folder ----------------------------------------------------------------------


def crosswalk_problems(record: Record) -> list[DataError]:
    """What keeps the crosswalks of a data folder from being valid, unless other checks say so."""
    try:
        cells, aspects = record.cells("crosswalk"), record.table("aspects")
        frame = pd.DataFrame(cells.rows, columns=cells.header, dtype="string", index=cells.lines)
        shares = typed(frame)[list(SHARES)].fillna(0)
    except (HmcpsiError, ValueError):
        return []
    known = frame[list(ENDS)].isin([*aspects["aspect_id"], ""]).all(axis=1).to_numpy()
    readable = known & ((shares >= 0) & (shares <= 1)).all(axis=1).to_numpy(dtype=bool)
    problems: list[DataError] = []
    for _, rows in frame.assign(_readable=readable).groupby(list(SETS), sort=False):
        if rows.pop("_readable").all():
            problems += _problems_of_pair(rows, aspects)
    return problems


def _problems_of_pair(rows: pd.DataFrame, aspects: pd.DataFrame) -> Iterator[DataError]:
    """The problems of one pair of sets; the index of its rows holds their lines."""
    problems = diagnose(typed(rows), aspects)
    if problems["check"].eq("values").any():
        return
    for check, row, *_, problem, remedy in problems.astype(object).itertuples(index=False):
        line, column, value = None, None, None
        if pd.notna(row):
            line, cells = rows.index[row], rows.iloc[row]
            strange = cells[SOURCE] and cells[SOURCE] not in _levels(aspects, cells["source_set"])
            usual = SOURCE if strange or check == "duplicate" else TARGET
            column = _RULES[check].column or usual
            value = cells[column] or None
        fault = f"{problem[0].lower()}{problem[1:].removesuffix('.')}"
        yield DataError("crosswalk.csv", line, column, value, fault, remedy)
