"""Every problem of the files of a data folder, in words.

The bytes are those of the record, read as the loader reads them. The rules are in `cells` (one
cell, by the kind of its column) and `rows` (between rows). A folder is only read, no path or
address in it is followed, and nothing in it makes a check fail: what cannot be checked is a problem
like any other.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator

import pandas as pd

from hmcpsi_data.errors import DataError
from hmcpsi_data.tables.cells import cell_faults
from hmcpsi_data.tables.changes import plain, sum_problems, version_problems
from hmcpsi_data.tables.description import (
    DESCRIPTION_FILE,
    README_FILE,
    Table,
    described,
    package,
    parsed,
    table,
    table_names,
)
from hmcpsi_data.tables.reading import column_faults, row_faults
from hmcpsi_data.tables.record import Record
from hmcpsi_data.tables.rows import key_faults, rule_faults

__all__ = ["problems"]


def problems(record: Record, *further: Callable[[Record], Iterable[DataError]]) -> list[DataError]:
    """All problems of a record, by file, line and column; of each cell the most telling one.

    `further` are rules of higher floors, each given the record.
    """
    steps = [_strangers(record), _other_description(record)]
    sheets: dict[str, pd.DataFrame] = {}
    steps += [_read(table(name), record, sheets) for name in table_names()]
    found = [fault for step in steps for fault in _guarded(record, step)]
    for later in (
        cell_faults(sheets),
        key_faults(sheets),
        *rule_faults(sheets),
        *(_given(rule, record) for rule in (*further, sum_problems, version_problems)),
    ):
        found += _guarded(record, later)
    return _sorted(_once_per_cell(found))


def _given(rule: Callable[[Record], Iterable[DataError]], record: Record) -> Iterator[DataError]:
    yield from rule(record)  # so that the rule is called when its turn comes


def _guarded(record: Record, faults: Iterator[DataError]) -> Iterator[DataError]:
    """The faults that a step yields or raises, whatever it raises."""
    try:
        yield from faults
    except DataError as fault:
        yield fault
    except Exception as error:
        told = f"it could not be checked to the end ({type(error).__name__}: {error})"
        remedy = "Put the other problems right first, then check again."
        yield DataError(str(record.folder), None, None, None, told, remedy)


def _strangers(record: Record) -> Iterator[DataError]:
    """Files that no table knows; those with a leading dot are left to the system they serve."""
    known = {table(name).file for name in table_names()} | {DESCRIPTION_FILE, README_FILE}
    for path in sorted(record.folder.iterdir()):
        if path.name not in known and not path.name.startswith(".") and path.is_file():
            name = os.fsencode(path.name).decode("utf-8", "replace")
            fault = "this file belongs to no table and was not looked into"
            remedy = "Leave it if it is yours; else rename it as the table or move it away."
            yield DataError(name, None, None, None, fault, remedy)


def _other_description(record: Record) -> Iterator[DataError]:
    """A description of the folder's own that is not the one of this version."""
    if not os.path.lexists(record.folder / DESCRIPTION_FILE):
        return
    found = parsed(record.content(DESCRIPTION_FILE))
    described(found)
    if plain(found) != plain(package()):
        fault = "it differs from the description of this version, which the check went by"
        remedy = "Put it back, or take the version of this package that fits the folder."
        yield DataError(DESCRIPTION_FILE, None, None, None, fault, remedy)


def _read(described: Table, record: Record, sheets: dict[str, pd.DataFrame]) -> Iterator[DataError]:
    """The faults in the form of a file; the sheet is added where its columns are sound."""
    found = record.cells(described.name)
    unsound = list(column_faults(described, found.header))
    yield from unsound
    if unsound:
        return
    if found.header != list(described.columns):
        fault = f"the columns are not in their order, {','.join(described.columns)}"
        yield DataError(described.file, 1, None, None, fault, "Put the columns in this order.")
    for line in found.blank:
        fault = "the row has no values"
        yield DataError(described.file, line, None, None, fault, "Remove the row.")
    yield from row_faults(described, found)
    width = len(found.header)  # short rows are filled up and long ones cut
    rows = [row if len(row) == width else (row + [""] * width)[:width] for row in found.rows]
    sheet = pd.DataFrame(rows, index=found.lines, columns=found.header, dtype=object)
    sheets[described.name] = sheet[list(described.columns)]


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
    files = {table(name).file: table(name) for name in table_names()}
    order = list(files)

    def place(fault: DataError) -> tuple[int, str, int, int]:
        columns = files[fault.file].columns if fault.file in files else ()
        at = order.index(fault.file) if fault.file in files else -1
        column = columns.index(fault.column) if fault.column in columns else -1
        return at, fault.file, fault.row or 0, column

    return sorted(faults, key=place)
