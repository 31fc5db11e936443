"""The table of a crosswalk, and the one checker of its validity.

A row is a link between two aspects, the part of a linked source that has no home in the target set
(`remainder`), an aspect without counterpart (`no_counterpart`) or an undecided case
(`undetermined`). What each column means stands in the codebook, table ``crosswalk``. The checker
stands behind the quick test, the report that lists offending rows, the error that an operation
raises, and the check of a data folder. Within the one pair of sets of a crosswalk,

- ``sets``: every row names the same two sets, and their aspects are loaded;
- ``values``: status, relation, rationale and confidence are words of their lists, and every row
  has a status; the basis is "inferred" and the speaker "project", whoever's judgement it is;
- ``relation``: a mapped row has a relation, an undetermined one the relation undetermined, a
  remainder or a missing counterpart none;
- ``ends``: a mapped row has both aspects, a remainder only its source, a missing counterpart
  exactly one aspect, an undetermined row at least one;
- ``ids``: every aspect belongs to its set; overall assessments take no part;
- ``duplicate``: no pair is there twice, nor a one-sided row of one status;
- ``shares``: 0 <= share_low <= share_high <= 1;
- ``sum``: per source the lower bounds add up to at most 1 and the upper bounds to at least 1, the
  remainder counted; an empty bound is 0 or 1;
- ``equal``: a link that is equal stands alone for its source;
- ``no_counterpart``: an aspect without counterpart has no link;
- ``remainder``: a source with a remainder has a link;
- ``silence``: every aspect of both sets appears.

Bounds and sums hold within 1e-9, so that shares may be written with nine decimals.
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

MAPPED, REMAINDER, NO_COUNTERPART = "mapped", "remainder", "no_counterpart"
UNDETERMINED = "undetermined"  # both a status and a relation

EQUAL, OVERLAPS = "equal", "overlaps"
WITHIN, CONTAINS = "source_within_target", "source_contains_target"
INVERSE = {
    EQUAL: EQUAL,
    WITHIN: CONTAINS,
    CONTAINS: WITHIN,
    OVERLAPS: OVERLAPS,
    UNDETERMINED: UNDETERMINED,
}

SEPARATOR = "; "  # between several names in one cell
CURATOR = "a user of the workbook"  # who judged a row that is not shipped, as its file says

_TOLERANCE = 1e-9
_CONFIDENCES = ("low", "medium", "high")
_REQUIRED = ("source_set", SOURCE, "target_set", TARGET, "status", "relation")
_CONSTANT = {"basis": "inferred", "speaker": "project"}
_LISTED = ("status", "relation", "rationale", "confidence", "basis", "speaker")
_PROBLEMS = ["check", "row", SOURCE, TARGET, "problem", "remedy"]
NO_CHARACTER = re.compile("[\0\ud800-\udfff]")
_NUMBER = "Write 0 to 1, or leave it empty if not known."
_REMEDIES = {
    "sets": "Keep one pair of sets in a crosswalk.",
    "values": "Use a word of the list.",
    "relation": "Give a mapped row a relation, an undetermined one the relation undetermined, "
    "others none.",
    "ends": "Give a mapped row both, a remainder its source, no_counterpart one of them.",
    "ids": "Correct the identifier.",
    "duplicate": "Keep one of the rows.",
    "shares": "Keep 0 <= share_low <= share_high <= 1; an empty cell means not known.",
    "sum": "Let them be able to add up to 1, the remainder counted.",
    "equal": "Let equal stand alone for its source, or choose another relation.",
    "no_counterpart": "Keep either the link or the row with the status no_counterpart.",
    "remainder": "Say no_counterpart of the whole, or add the link.",
}
# the column of the table that a check speaks of, where it is not that of an aspect
_COLUMNS = {
    "relation": "relation",
    "ends": "status",
    "shares": "share_low",
    "sum": "share_low",
    "equal": "relation",
    "no_counterpart": "status",
    "remainder": "status",
}


class Parts(NamedTuple):
    """What is needed to work with a valid crosswalk.

    `sources` and `targets` hold the aspects that take part, in their order, with `aspect_id` and
    `label`; `aspects` are those of all sets that the crosswalk knows.
    """

    frame: pd.DataFrame
    sources: pd.DataFrame
    targets: pd.DataFrame
    aspects: pd.DataFrame
    record: Record


# The table ---------------------------------------------------------------------------------------


def columns() -> list[str]:
    """The columns of a crosswalk, in the order of the codebook."""
    return list(table("crosswalk").columns)


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """A fresh frame with all columns in their types, and those that may be left out filled.

    Empty text is missing. A `CrosswalkError` names every column that is missing or not known, and
    every cell that no crosswalk can hold.
    """
    if not isinstance(frame, pd.DataFrame):
        what = f"A crosswalk is made of a DataFrame, not of {type(frame).__name__}."
        fault = f"{what} Crosswalk.load(source_set, target_set) gives a shipped one."
        raise CrosswalkError(fault, problem_table([]))
    faults = list(_column_faults(frame))
    if frame.columns.is_unique:
        faults += [*_number_faults(frame), *character_faults(frame)]
    if faults:
        raise CrosswalkError("This is no table of a crosswalk.", problem_table(faults))
    made = pd.DataFrame({name: _cells(frame, name) for name in columns()}, copy=False)
    source = made[SOURCE].fillna("nothing_in_" + made["source_set"])
    target = made[TARGET].fillna("nothing_in_" + made["target_set"])
    made["crosswalk_id"] = made["crosswalk_id"].fillna(source + "_to_" + target)
    return made


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
    return frame["status"].eq(MAPPED).fillna(False) & frame["share_high"].fillna(1).gt(0)


def lowest(confidences: Sequence[str | None]) -> str | None:
    """The lowest of some confidences; none where there are none or one of them is missing."""
    known = [one for one in confidences if pd.notna(one)]
    complete = 0 < len(known) == len(confidences)
    return min(known, key=_CONFIDENCES.index) if complete else None


def admissible(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The tightest bounds of each share, given that the shares of a source add up to 1.

    Within its own bounds (0 and 1 where empty) a share is at least what the others of its source
    must leave and at most what they may leave. Bounds that miss the sum of 1 by their rounding, as
    three times 0.333333333 does, are first scaled to reach it: else each share would be given what
    the others lack, and a chain would pass the sum of 1. Where a row has no source the bounds are
    0 and 1.
    """
    given = _given_bounds(frame)
    low, high = np.minimum(*given).clip(0, 1), np.maximum(*given).clip(0, 1)
    total = _totals(frame[SOURCE])
    known = frame[SOURCE].notna().to_numpy()
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


def _totals(keys: pd.Series | np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """A function that adds values up by key and gives each row its total; without a key, 0."""
    codes, names = pd.factorize(keys)
    known = codes >= 0

    def total(values: np.ndarray) -> np.ndarray:
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
        yield "columns", None, None, None, f"Column {quote(name)} is missing.", "Add it."
    for name in dict.fromkeys(frame.columns[frame.columns.duplicated()]):
        problem = f"Column {quote(name)} is there more than once."
        yield "columns", None, None, None, problem, "Keep one of them."
    for strange in [name for name in frame if name not in known]:
        problem = f"Column {quote(strange)} is not known in a crosswalk."
        yield "columns", None, None, None, problem, f"Remove it; known are {', '.join(known)}."


def _number_faults(frame: pd.DataFrame) -> Iterator[tuple]:
    for name in [name for name in SHARES if name in frame and not _is_real(frame[name])]:
        cells = frame[name].astype("string").fillna("")
        wrong = cells.ne("") & pd.to_numeric(cells, errors="coerce").isna()
        for row in np.flatnonzero(wrong):
            problem = f"{name} {quote(cells.iloc[row])} is not a number."
            yield "columns", row, None, None, problem, _NUMBER


def character_faults(frame: pd.DataFrame) -> Iterator[tuple]:
    """Cells with half of a surrogate pair or a NUL, which no text file can hold."""
    for name, cells in frame.items():
        for row, cell in enumerate(cells.array):
            if isinstance(cell, str) and (broken := NO_CHARACTER.search(cell)):
                problem = f"{name} holds {broken[0]!a}, which is no character."
                yield "columns", row, None, None, problem, "Take it out of the cell."


def _is_real(column: pd.Series) -> bool:
    return is_numeric_dtype(column) and not is_complex_dtype(column)


# The checker -------------------------------------------------------------------------------------


def is_valid(frame: pd.DataFrame, aspects: pd.DataFrame) -> bool:
    """Whether a typed frame is a valid crosswalk between sets of these aspects."""
    facts = _facts(frame, aspects)
    broken = any(check.rows.any() for check in _checks(facts))
    return not broken and not any(True for _ in _absences(facts))


def diagnose(frame: pd.DataFrame, aspects: pd.DataFrame) -> pd.DataFrame:
    """Everything that is wrong with a typed frame, one row per problem; none if it is valid."""
    facts = _facts(frame, aspects)
    problems = [
        (check.name, row, *facts.ends(row), check.say(row), _REMEDIES[check.name])
        for check in _checks(facts)
        for row in map(int, np.flatnonzero(check.rows))
    ]
    return problem_table([*problems, *_absences(facts)])


class _Facts(NamedTuple):
    """The columns of a crosswalk as arrays (missing is None), and the aspects of its two sets."""

    sets: tuple[str | None, str | None]
    aspects: tuple[dict[str, bool], dict[str, bool]]  # aspect: does it take part?
    columns: dict[str, np.ndarray]
    low: np.ndarray
    high: np.ndarray

    def ends(self, row: int) -> tuple[str | None, str | None]:
        """The two aspects of a row."""
        return self.columns[SOURCE][row], self.columns[TARGET][row]

    def has(self, column: str) -> np.ndarray:
        """Whether each row has a value there."""
        return self.columns[column] != None  # noqa: E711 - element by element

    def among(self, words: Sequence[str], column: str = "status") -> np.ndarray:
        """Whether each row has one of the words there."""
        return np.isin(self.columns[column].astype(str), words) & self.has(column)


class _Check(NamedTuple):
    """One rule: its name, the rows that break it, and how to say so of one of them."""

    name: str
    rows: np.ndarray
    say: Callable[[int], str]


def _facts(frame: pd.DataFrame, aspects: pd.DataFrame) -> _Facts:
    sets = set_pair(frame)
    cells = objects(aspects[["set_id", "aspect_id", "level"]]).values()
    known: tuple[dict[str, bool], dict[str, bool]] = ({}, {})
    for set_id, aspect, level in zip(*cells, strict=True):
        for of_side, side in zip(sets, known, strict=True):
            if set_id == of_side:
                side[aspect] = level != "overall"
    return _Facts(sets, known, objects(frame), *_given_bounds(frame))


def _checks(f: _Facts) -> Iterator[_Check]:
    """Every rule that rows can break, in the order in which they are told."""
    given, low, high = f.columns, f.low, f.high
    source, target, relation = f.has(SOURCE), f.has(TARGET), f.has("relation")
    mapped, remainder = f.among([MAPPED]), f.among([REMAINDER])
    nowhere, undecided = f.among([NO_COUNTERPART]), f.among([UNDETERMINED])
    per_source, per_target = _totals(given[SOURCE]), _totals(given[TARGET])

    def ends(row: int) -> str:
        return " to ".join(filter(None, f.ends(row))) or "A row without aspects"

    def cells(row: int) -> dict[str, str]:
        return {name: column[row] or "none" for name, column in given.items()}

    names = " and ".join(map(str, f.sets))
    other = (given["source_set"] != f.sets[0]) | (given["target_set"] != f.sets[1])
    yield _Check("sets", other, lambda _: f"It is not about {names}, as the first row is.")

    strange = [f.has(name) & ~f.among(_words(name), name) for name in _LISTED]
    unlisted = np.logical_or.reduce([~f.has("status"), *strange])
    yield _Check("values", unlisted, lambda row: _say_unlisted(f, row))

    unlike = undecided & ~f.among([UNDETERMINED], "relation")
    wrong = (mapped & ~relation) | ((remainder | nowhere) & relation) | unlike
    told = "Status {status} does not go with relation {relation}."
    yield _Check("relation", wrong, lambda row: told.format(**cells(row)))

    wrong = (mapped & ~(source & target)) | (remainder & (~source | target))
    wrong = wrong | (nowhere & (source == target)) | (undecided & ~(source | target))
    both = f"Status {{status}} does not go with source {{{SOURCE}}} and target {{{TARGET}}}."
    yield _Check("ends", wrong, lambda row: both.format(**cells(row)))

    wrong = np.zeros(len(low), dtype=bool)
    for side, known in zip(ENDS, f.aspects, strict=True):
        takes_part = [known.get(aspect, False) for aspect in given[side]]
        wrong = wrong | (f.has(side) & bool(known) & ~np.array(takes_part, dtype=bool))
    yield _Check("ids", wrong, lambda row: _say_ids(f, row))

    # a link is known by its two ends, any other row by its end and its status
    status = given["status"].copy()
    status[source & target] = None
    keys = pd.DataFrame({SOURCE: given[SOURCE], TARGET: given[TARGET], "status": status})
    twice = keys.duplicated(keep=False).to_numpy()
    yield _Check("duplicate", twice, lambda row: f"{ends(row)} is there more than once.")

    within = (low >= -_TOLERANCE) & (low <= high + _TOLERANCE) & (high <= 1 + _TOLERANCE)
    share = "The shares from {:.10g} to {:.10g} are no part of a whole."
    yield _Check("shares", ~within, lambda row: share.format(low[row], high[row]))

    lows, highs = per_source(low), per_source(high)
    wrong = source & ~((lows <= 1 + _TOLERANCE) & (highs >= 1 - _TOLERANCE))
    total = "The shares of {} add up to {:.10g} at least and {:.10g} at most."
    yield _Check("sum", wrong, lambda row: total.format(given[SOURCE][row], lows[row], highs[row]))

    wrong = (per_source(f.among([EQUAL], "relation")) > 0) & (per_source(source) > 1)
    company = "{} is equal to one aspect and has another row as well."
    yield _Check("equal", wrong, lambda row: company.format(given[SOURCE][row]))

    linked = mapped | undecided | remainder
    wrong = (per_source(linked) > 0) & (per_source(nowhere) > 0)
    wrong = wrong | ((per_target(linked) > 0) & (per_target(nowhere) > 0))
    absent = "{}: one aspect of this row has a link and also a row that says it has no counterpart."
    yield _Check("no_counterpart", wrong, lambda row: absent.format(ends(row)))

    wrong = remainder & (per_source(mapped | undecided) == 0)
    alone = "{} has a remainder and no link."
    yield _Check("remainder", wrong, lambda row: alone.format(given[SOURCE][row]))


def _absences(f: _Facts) -> Iterator[tuple]:
    """What no row is to blame for: sets without aspects, and aspects that no row names."""
    for side, set_id, aspects in zip(ENDS, f.sets, f.aspects, strict=True):
        if not aspects:
            problem = f"No aspects of the set {quote(set_id)} are loaded."
            remedy = 'Correct its name, or pass its aspects; load("aspect_sets") lists all sets.'
            yield "sets", None, None, None, problem, remedy
        named = set(f.columns[side])
        for aspect in (a for a, takes_part in aspects.items() if takes_part and a not in named):
            ids = (aspect, None) if side == SOURCE else (None, aspect)
            remedy = "Link it, or add a row for it with the status no_counterpart."
            yield "silence", None, *ids, f"{aspect} appears in no row.", remedy


def _words(name: str) -> tuple[str, ...]:
    """The words that a column may hold."""
    return table("crosswalk").field(name).enum


def _say_unlisted(f: _Facts, row: int) -> str:
    wrong = [
        str(UnknownValueError(name, f.columns[name][row], _words(name), 'codebook("crosswalk")'))
        for name in _LISTED
        if f.columns[name][row] is not None and f.columns[name][row] not in _words(name)
    ]
    return " ".join(wrong) or "It has no status."


def _say_ids(f: _Facts, row: int) -> str:
    faults = []
    for side, aspect, set_id, aspects in zip(ENDS, f.ends(row), f.sets, f.aspects, strict=True):
        if aspect in aspects and not aspects[aspect]:
            faults.append(f"{aspect} is an overall assessment, which takes no part in crosswalks.")
        elif aspects and aspect is not None and aspect not in aspects:
            faults.append(str(UnknownValueError(side, aspect, aspects, f'aspects("{set_id}")')))
    return " ".join(faults)


# The check of a data folder ----------------------------------------------------------------------


def crosswalk_problems(record: Record) -> list[DataError]:
    """What keeps the crosswalks of a data folder from being valid, with the line of each problem.

    Silent where a table cannot be read, where an aspect or a word is not known or a share is no
    part of a whole: other checks of the folder say so.
    """
    try:
        cells, aspects = record.cells("crosswalk"), record.table("aspects")
        frame = pd.DataFrame(cells.rows, columns=cells.header, dtype="string", index=cells.lines)
        shares = typed(frame)[list(SHARES)].fillna(0)
    except (HmcpsiError, ValueError):
        return []
    of_sets = dict(zip(aspects["aspect_id"], aspects["set_id"], strict=True))
    known = frame[list(ENDS)].isin([*of_sets, ""]).all(axis=1).to_numpy()
    readable = known & ((shares >= 0) & (shares <= 1)).all(axis=1).to_numpy(dtype=bool)
    problems: list[DataError] = []
    for _, rows in frame.assign(_readable=readable).groupby(list(SETS), sort=False):
        if rows.pop("_readable").all():
            problems += _problems_of_pair(rows, aspects, of_sets)
    return problems


def _problems_of_pair(
    rows: pd.DataFrame, aspects: pd.DataFrame, of_sets: dict[str, Any]
) -> Iterator[DataError]:
    """The problems of one pair of sets; the index of its rows holds their lines."""
    problems = diagnose(typed(rows), aspects)
    if problems["check"].eq("values").any():
        return
    for check, row, *_, problem, remedy in problems.astype(object).itertuples(index=False):
        line, column, value = None, None, None
        if pd.notna(row):
            line, cells = rows.index[row], rows.iloc[row]
            strange = of_sets.get(cells[SOURCE]) not in (None, cells["source_set"])
            usual = SOURCE if strange or check == "duplicate" else TARGET
            column = _COLUMNS.get(check, usual)
            value = cells[column] or None
        fault = f"{problem[0].lower()}{problem[1:].removesuffix('.')}"
        yield DataError("crosswalk.csv", line, column, value, fault, remedy)
