"""Every problem of a data folder, in words.

The cells are read by `reading`, as the loader reads them. `constraints` holds them against the
description, `cell_rules` and `row_rules` against what a description cannot say. A folder is only
read, no path or address in it is followed, and nothing in it makes a check fail: what cannot be
checked is a problem like any other.
"""

from __future__ import annotations

import inspect
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from hmcpsi_data.cell_rules import CELL_RULES
from hmcpsi_data.changing import finish
from hmcpsi_data.constraints import CONSTRAINTS, require_frictionless
from hmcpsi_data.description import (
    DESCRIPTION_FILE,
    README_FILE,
    Table,
    data_folder,
    package,
    table,
    table_names,
)
from hmcpsi_data.errors import DataError
from hmcpsi_data.reading import Records, column_faults, read, row_faults
from hmcpsi_data.row_rules import ROW_RULES, links

__all__ = ["check"]

_DTYPES = {
    "file": "string",
    "row": "Int64",
    "column": "string",
    "value": "string",
    "problem": "string",
    "remedy": "string",
}


def check(folder: str | os.PathLike[str] | None = None) -> pd.DataFrame:
    """Every problem of a data folder; empty when all is well.

    Parameters
    ----------
    folder : path, optional
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        One row per problem, by file and line: `file`; `row`, the line in the file, the header
        being line 1; `column`; `value`; `problem`, a sentence that says where and what; `remedy`,
        what to do. A cell is named once, with the problem that tells most, and a row with too many
        or too few cells only as such. Tables whose file or columns are at fault are not looked
        into further.

    Raises
    ------
    HmcpsiError
        Where `frictionless` is not installed; the sentence says how to install it.

    Examples
    --------
    >>> check("no_such_folder")["problem"].tolist()
    ['no_such_folder: there is no such folder.']
    """
    require_frictionless()
    faults = _sorted(_once_per_cell(_faults(data_folder(folder))))
    rows = [(f.file, f.row, f.column, f.value or None, f.problem, f.remedy) for f in faults]
    return pd.DataFrame(rows, columns=list(_DTYPES)).astype(_DTYPES)


def _faults(folder: Path) -> Iterator[DataError]:
    """All faults of a folder, the most telling ones of a cell first."""
    if not os.path.isdir(folder):  # noqa: PTH112 - true or false, whatever the name
        there = os.path.exists(folder)  # noqa: PTH110
        fault = "this is not a folder" if there else "there is no such folder"
        yield DataError(str(folder), None, None, None, fault, "Give the folder of the CSV files.")
        return
    finish(folder)
    yield from _guarded(str(folder), _strangers(folder))
    yield from _guarded(DESCRIPTION_FILE, _other_description(folder / DESCRIPTION_FILE))
    sheets: dict[str, pd.DataFrame] = {}
    for name in table_names():
        yield from _guarded(table(name).file, _read_sheet(table(name), folder, sheets))
    for rule in (*CELL_RULES, links, *CONSTRAINTS):
        yield from _guarded(str(folder), rule(sheets))
    for rule in ROW_RULES:
        needed = list(inspect.signature(rule).parameters)
        if sheets.keys() >= set(needed):
            yield from _guarded(str(folder), rule(*(sheets[name] for name in needed)))


def _guarded(file: str, faults: Iterator[DataError]) -> Iterator[DataError]:
    """The faults that a step yields or raises, whatever it raises."""
    try:
        yield from faults
    except DataError as fault:
        yield fault
    except Exception as error:
        fault = f"it could not be checked to the end ({type(error).__name__}: {error})"
        remedy = "Put the other problems right first, then check again."
        yield DataError(file, None, None, None, fault, remedy)


def _strangers(folder: Path) -> Iterator[DataError]:
    """Files that no table knows; those with a leading dot are left to the system they serve."""
    known = {table(name).file for name in table_names()} | {DESCRIPTION_FILE, README_FILE}
    for path in sorted(folder.iterdir()):
        if path.name not in known and not path.name.startswith(".") and path.is_file():
            name = os.fsencode(path.name).decode("utf-8", "replace")
            fault = "this file belongs to no table and was not looked into"
            remedy = "Leave it if it is yours; else rename it as the table or move it away."
            yield DataError(name, None, None, None, fault, remedy)


def _other_description(path: Path) -> Iterator[DataError]:
    """A description of the folder's own that is not the one of this version."""
    if not path.is_file():
        return
    remedy = "Put back the description of this version, or take the version that fits the folder."
    try:
        found = json.loads(path.read_bytes())
    except ValueError:
        yield DataError(path.name, None, None, None, "this is not JSON", remedy)
        return
    if found != package():
        fault = "it differs from the description of this version, which the check went by"
        yield DataError(path.name, None, None, None, fault, remedy)


def _read_sheet(
    described: Table, folder: Path, sheets: dict[str, pd.DataFrame]
) -> Iterator[DataError]:
    """The faults in the form of a file; the sheet is added where its columns are sound."""
    records = read(folder / described.file)
    unsound = list(column_faults(described, records.header))
    yield from unsound
    if unsound:
        return
    if records.header != list(described.columns):
        fault = f"the columns are not in their order, {','.join(described.columns)}"
        yield DataError(described.file, 1, None, None, fault, "Put the columns in this order.")
    for line in records.blank:
        fault = "the row has no values"
        yield DataError(described.file, line, None, None, fault, "Remove the row.")
    yield from row_faults(described, records)
    sheets[described.name] = _sheet(described, records)


def _sheet(described: Table, records: Records) -> pd.DataFrame:
    """The cells as text by column and line, short rows filled up and long ones cut."""
    width = len(records.header)
    rows = [[*row[:width], *[""] * (width - len(row))] for row in records.rows]
    sheet = pd.DataFrame(rows, index=records.lines, columns=records.header, dtype=object)
    return sheet[list(described.columns)]


def _once_per_cell(faults: Iterable[DataError]) -> Iterator[DataError]:
    """The first fault of each cell, and of a row that is at fault as a whole only that."""
    seen: set[tuple[str, int, str | None]] = set()
    for fault in faults:
        if fault.row is not None:
            place, whole_row = (fault.file, fault.row, fault.column), (fault.file, fault.row, None)
            if place in seen or whole_row in seen:
                continue
            seen.add(place)
        yield fault


def _sorted(faults: Iterable[DataError]) -> list[DataError]:
    """By file, as the description lists them, then by line and column."""
    tables = [table(name) for name in table_names()]
    places = {
        described.file: (at, {name: i for i, name in enumerate(described.columns)})
        for at, described in enumerate(tables)
    }

    def place(fault: DataError) -> tuple[int, str, int, int]:
        at, columns = places.get(fault.file, (-1, {}))
        return at, fault.file, fault.row or 0, columns.get(fault.column, -1)

    return sorted(faults, key=place)
