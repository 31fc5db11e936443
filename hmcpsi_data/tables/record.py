"""The record: one data folder, read, as an immutable snapshot.

Everything else in this package is a view of a record. Opening one reads the files as they are at
that moment; to see changed files, open the record again. Nothing that a caller does to a table
that it was given reaches the record.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from hmcpsi_data.tables.description import Table, data_folder, table, table_names
from hmcpsi_data.tables.reading import column_faults, parse, read, row_faults, type_faults

__all__ = ["Record", "RecordLike", "as_record", "load", "tables"]

_Made = TypeVar("_Made")


class Record:
    """One data folder, read: its tables, typed by the description.

    Parameters
    ----------
    folder : path, optional
        A data folder of your own, as `copy_data` makes one. Without it, the environment variable
        ``HMCPSI_DATA`` names one, and without that the data of this version are read.

    Attributes
    ----------
    folder : pathlib.Path
        Where the files were read.

    Examples
    --------
    >>> record = Record()
    >>> len(record.table("scales")) > 0
    True
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        self.folder = data_folder(folder).absolute()
        self._lock = threading.RLock()
        self._tables: dict[str, pd.DataFrame] = {}
        self._made: dict[Callable[[Record], Any], Any] = {}

    def __repr__(self) -> str:
        return f"Record({str(self.folder)!r})"

    def table(self, name: str) -> pd.DataFrame:
        """One table, fresh: changing it never changes the next one."""
        return self._table(table(name)).copy()

    def once(self, make: Callable[[Record], _Made]) -> _Made:
        """What `make` works out of this record, worked out once and kept with it.

        What is kept is shared: read it, and copy it before it is handed to a caller or changed.
        """
        with self._lock:
            if make not in self._made:
                self._made[make] = make(self)
            return self._made[make]

    def _table(self, described: Table) -> pd.DataFrame:
        with self._lock:
            if described.name not in self._tables:
                self._tables[described.name] = _typed(described, self.folder / described.file)
            return self._tables[described.name]


RecordLike = Record | str | os.PathLike[str] | None
"""A record, the path of a data folder, or nothing for the data of this version."""


def as_record(record: RecordLike = None) -> Record:
    """The record that is meant: itself, the folder of a path opened, or the shipped one."""
    if isinstance(record, Record):
        return record
    if record is None:
        return _opened(os.environ.get("HMCPSI_DATA") or None)
    return Record(record)


@cache
def _opened(folder: str | None) -> Record:
    """The one record of the data of this version, or of the folder that the environment names."""
    return Record(folder)


def load(name: str, record: RecordLike = None) -> pd.DataFrame:
    """One table, fresh: changing it never changes the next one."""
    return as_record(record).table(name)


def tables(record: RecordLike = None) -> pd.DataFrame:
    """All tables: their names, how many rows and columns they have, and what they are."""
    opened = as_record(record)
    described = [table(name) for name in table_names()]
    return pd.DataFrame(
        {
            "name": pd.array([one.name for one in described], dtype="string"),
            "rows": pd.array([len(opened._table(one)) for one in described], dtype="Int64"),
            "columns": pd.array([len(one.fields) for one in described], dtype="Int64"),
            "title": pd.array([one.title for one in described], dtype="string"),
        }
    )


def _typed(described: Table, path: Path) -> pd.DataFrame:
    records = read(path)
    for faults in (column_faults(described, records.header), row_faults(described, records)):
        for fault in faults:
            raise fault
    cells = dict(zip(records.header, zip(*records.rows, strict=True), strict=False))
    columns = {}
    for field in described.fields:
        column = cells.get(field.name, ())
        try:
            columns[field.name] = pd.array(parse(field, column), dtype=field.dtype)
        except ValueError:
            raise next(type_faults(described, field, column, records.lines)) from None
    return pd.DataFrame(columns, copy=False)
