"""The table of a crosswalk: its columns, their types, and the bounds of the shares.

A row is a link between two aspects, the part of a linked source that has no home in the target set
(`remainder`), an aspect without counterpart (`no_counterpart`) or an undecided case
(`undetermined`). What each column means stands in the codebook, table ``crosswalk``.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray
from pandas.api.types import is_complex_dtype, is_numeric_dtype

from hmcpsi_data.description import table
from hmcpsi_data.errors import CrosswalkError, HmcpsiError, quote

__all__ = [
    "CONTAINS",
    "EQUAL",
    "INVERSE",
    "MAPPED",
    "NO_COUNTERPART",
    "OVERLAPS",
    "REMAINDER",
    "SEPARATOR",
    "SOURCE",
    "TARGET",
    "UNDETERMINED",
    "WITHIN",
    "Parts",
    "bounds",
    "columns",
    "delimited",
    "given_bounds",
    "lowest",
    "objects",
    "problem_table",
    "put",
    "set_pair",
    "shielded",
    "totals",
    "typed",
    "unshielded",
]

SOURCE, TARGET = "source_aspect_id", "target_aspect_id"

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

_CONFIDENCES = ["low", "medium", "high"]

_REQUIRED = ["source_set", SOURCE, "target_set", TARGET, "status", "relation"]
_SHARES = ["share_low", "share_high"]
_NO_CHARACTER = re.compile("[\0\ud800-\udfff]")
_CONSTANT = {"basis": "inferred", "speaker": "project"}
_PROBLEMS = ["check", "row", SOURCE, TARGET, "problem", "remedy"]


class Parts(NamedTuple):
    """What is needed to work with a crosswalk: its table, its aspects, its data folder.

    `sources` and `targets` hold the aspects that take part, in their order, with `aspect_id`,
    `label`, `level` and `parent_id`; `known` the identifiers of all aspects of all sets.
    """

    frame: pd.DataFrame
    sources: pd.DataFrame
    targets: pd.DataFrame
    folder: str | os.PathLike[str] | None
    known: pd.Series


def columns() -> list[str]:
    """The columns of a crosswalk, in the order of the codebook.

    Examples
    --------
    >>> columns()[:3]
    ['crosswalk_id', 'source_set', 'source_aspect_id']
    """
    return list(table("crosswalk").columns)


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """A fresh frame with all columns in their types, and those that may be left out filled.

    Parameters
    ----------
    frame : pandas.DataFrame
        With at least the sets, the aspects, `status` and `relation`. Empty text is missing.

    Raises
    ------
    CrosswalkError
        Where a column is missing or not known, or a share is not a number; all are named.

    Examples
    --------
    >>> typed(pd.DataFrame({"status": ["mapped"], "share_low": ["half"]}))
    Traceback (most recent call last):
    hmcpsi_data.errors.CrosswalkError: This is no table of a crosswalk.
      Column "source_set" is missing. Add it.
      Column "source_aspect_id" is missing. Add it.
      Column "target_set" is missing. Add it.
      Column "target_aspect_id" is missing. Add it.
      Column "relation" is missing. Add it.
      row 0: share_low "half" is not a number. Write 0 to 1, or leave it empty if not known.
    """
    if not isinstance(frame, pd.DataFrame):
        what = f"A crosswalk is made of a DataFrame, not of {type(frame).__name__}."
        fault = f"{what} Crosswalk.load(source_set, target_set) gives a shipped one."
        raise CrosswalkError(fault, problem_table([]))
    faults = list(_column_faults(frame))
    if frame.columns.is_unique:
        faults += _number_faults(frame)
    if faults:
        raise CrosswalkError("This is no table of a crosswalk.", problem_table(faults))
    found = pd.DataFrame({name: _cells(frame, name) for name in columns()}, copy=False)
    if found["crosswalk_id"].isna().any():
        found["crosswalk_id"] = found["crosswalk_id"].fillna(_identifiers(found))
    return found


def problem_table(problems: list[tuple]) -> pd.DataFrame:
    """Problems (check, row, source, target, problem, remedy) as a table."""
    types = dict.fromkeys(_PROBLEMS, "string") | {"row": "Int64"}
    return pd.DataFrame(problems, columns=_PROBLEMS, dtype=object).astype(types)


def objects(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    """The columns as arrays of plain objects, where missing is None."""
    return {name: frame[name].to_numpy(dtype=object, na_value=None) for name in frame}


def put(path: Path, text: str) -> None:
    """Write a file whole or not at all: what stood there stays where the text cannot be written.

    Raises
    ------
    CrosswalkError
        Where the text holds half of a surrogate pair or a NUL, which no text file can hold.
    HmcpsiError
        Where the file cannot be written.
    """
    if broken := _NO_CHARACTER.search(text):
        told = f"a cell holds {broken[0]!a}, which is no character"
        fault = f"{path.name} was not written: {told}. Take it out of the cell."
        raise CrosswalkError(fault, problem_table([]))
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(text.encode("utf-8"))
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        told = f"{path} cannot be written ({error.strerror})."
        raise HmcpsiError(f"{told} Give another file.") from None


def delimited(frame: pd.DataFrame, separator: str) -> str:
    r"""The text of a CSV or TSV file, with quotes only where a cell needs them.

    Unlike `csv`, it does not forget a lone carriage return.

    Examples
    --------
    >>> delimited(pd.DataFrame({"a": ["x,y", "a\rb", None]}), ",")
    'a\n"x,y"\n"a\rb"\n\n'
    """
    special = re.compile(f'["\\n\\r{separator}]')

    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if special.search(text) else text

    rows = frame.astype("string").fillna("").to_numpy()
    lines = [separator.join(map(cell, row)) for row in (frame.columns, *rows)]
    return "\n".join([*lines, ""])


def shielded(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with an apostrophe before each text that a spreadsheet would compute.

    Also before one that has apostrophes already, so that `unshielded` gives every text back.

    Examples
    --------
    >>> found = shielded(pd.DataFrame({"a": ["=1+1", "'=1", "it's"]}, dtype="string"))
    >>> found["a"].to_list(), unshielded(found)["a"].to_list()
    (["'=1+1", "''=1", "it's"], ['=1+1', "'=1", "it's"])
    """
    return _replaced(frame, r"\A('*[=+\-@\t\r])", r"'\1")


def unshielded(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame without the apostrophes that `shielded` put there."""
    return _replaced(frame, r"\A'('*[=+\-@\t\r])", r"\1")


def _replaced(frame: pd.DataFrame, pattern: str, replacement: str) -> pd.DataFrame:
    """The frame with something replaced in all its texts; columns may share a name."""
    texts = {
        place: column.str.replace(pattern, replacement, regex=True)
        for place, (_, column) in enumerate(frame.items())
        if column.dtype == "string"
    }
    found = [texts.get(place, frame.iloc[:, place]) for place in range(frame.shape[1])]
    return pd.concat(found, axis=1) if found else frame


def set_pair(frame: pd.DataFrame) -> tuple[str | None, str | None]:
    """The two sets that the first row names, None where there is none."""
    first = objects(frame[["source_set", "target_set"]].head(1))
    return tuple(names[0] if len(names) else None for names in first.values())


def given_bounds(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The bounds of each share as they are given, an empty one being 0 or 1."""
    low = frame["share_low"].to_numpy(dtype=float, na_value=0.0)
    return low, frame["share_high"].to_numpy(dtype=float, na_value=1.0)


def bounds(frame: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """The tightest bounds of each share, given that the shares of a source add up to 1.

    Within its own bounds (0 and 1 where empty) a share is at least what the others of its source
    must leave and at most what they may leave. A missing counterpart takes the whole.

    Returns
    -------
    low, high : numpy.ndarray
        One number per row. Where a row has no source they are 0 and 1.

    Examples
    --------
    >>> from hmcpsi_data.crosswalk import Crosswalk
    >>> frame = Crosswalk.load("opa_2005", "opa_2007").to_frame()
    >>> low, high = bounds(frame.assign(share_low=pd.NA, share_high=pd.NA))
    >>> float(low[0]), float(high[0])  # the only row of its source
    (1.0, 1.0)
    """
    low, high = given_bounds(frame)
    total = totals(frame[SOURCE])
    other_high, other_low = total(high) - high, total(low) - low
    known = frame[SOURCE].notna().to_numpy()
    tight_low = np.where(known, np.maximum(low, 1 - other_high), 0.0)
    tight_high = np.where(known, np.minimum(high, 1 - other_low), 1.0)
    return tight_low, np.maximum(tight_low, tight_high)


def lowest(confidences: Sequence[str | None]) -> str | None:
    """The lowest of some confidences; none where there are none or one of them is missing.

    Examples
    --------
    >>> lowest(["high", "low", "medium"])
    'low'
    """
    known = [c for c in confidences if pd.notna(c)]
    complete = 0 < len(known) == len(confidences)
    return min(known, key=_CONFIDENCES.index) if complete else None


def totals(keys: pd.Series | np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """A function that adds values up by key and gives each row its total; without a key, 0."""
    codes, found = pd.factorize(keys)
    known = codes >= 0

    def total(values: np.ndarray) -> np.ndarray:
        sums = np.bincount(codes[known], np.asarray(values, dtype=float)[known], len(found))
        return np.append(sums, 0.0)[codes]

    return total


def _cells(frame: pd.DataFrame, name: str) -> ExtensionArray:
    """One column in its type, fresh; empty text is missing."""
    if name not in frame:
        dtype = "Float64" if name in _SHARES else "string"
        return pd.array([_CONSTANT.get(name)] * len(frame), dtype=dtype)
    if name in _SHARES:
        return pd.to_numeric(frame[name]).astype("Float64").array.copy()
    cells = frame[name].to_numpy(dtype=object, na_value=None)
    return pd.array([None if cell in (None, "") else str(cell) for cell in cells], dtype="string")


def _identifiers(frame: pd.DataFrame) -> pd.Series:
    source = frame[SOURCE].fillna("nothing_in_" + frame["source_set"])
    return source + "_to_" + frame[TARGET].fillna("nothing_in_" + frame["target_set"])


def _column_faults(frame: pd.DataFrame) -> Iterator[tuple]:
    known = columns()
    for name in (name for name in _REQUIRED if name not in frame):
        yield "columns", None, None, None, f"Column {quote(name)} is missing.", "Add it."
    for name in dict.fromkeys(frame.columns[frame.columns.duplicated()]):
        problem = f"Column {quote(name)} is there more than once."
        yield "columns", None, None, None, problem, "Keep one of them."
    for name in (name for name in frame if name not in known):
        problem = f"Column {quote(name)} is not known in a crosswalk."
        yield "columns", None, None, None, problem, f"Remove it; known are {', '.join(known)}."


def _number_faults(frame: pd.DataFrame) -> Iterator[tuple]:
    for name in (n for n in _SHARES if n in frame and not _is_real(frame[n])):
        cells = frame[name].astype("string").fillna("")
        wrong = cells.ne("") & pd.to_numeric(cells, errors="coerce").isna()
        for row in np.flatnonzero(wrong):
            problem = f"{name} {quote(cells.iloc[row])} is not a number."
            remedy = "Write 0 to 1, or leave it empty if not known."
            yield "columns", row, None, None, problem, remedy


def _is_real(column: pd.Series) -> bool:
    return is_numeric_dtype(column) and not is_complex_dtype(column)
