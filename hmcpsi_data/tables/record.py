"""The record: one data folder, read, as an immutable snapshot that everything else is a view of."""

from __future__ import annotations

import contextlib
import os
import stat
import threading
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd

from hmcpsi_data.errors import DataError
from hmcpsi_data.tables.description import DESCRIPTION_FILE, data_folder, table, table_names
from hmcpsi_data.tables.reading import (
    Records,
    column_faults,
    content,
    no_folder,
    parse,
    records,
    row_faults,
    type_fault,
)

OLD = ".hmcpsi-old"  # ends the name of a folder while another is put in its place by two renamings

_Made = TypeVar("_Made")
_TRIES = 20  # a folder that changes more often while it is read is never still


class Record:
    """One data folder, read: its tables, typed by the description.

    A snapshot: to see changed files, open it again. A file that is missing or at fault is an error
    only for who asks for its table. Threads may share a record.

    Parameters
    ----------
    folder : path, optional
        A data folder, else that which ``HMCPSI_DATA`` names, else the data of this version.

    Examples
    --------
    >>> Record().table("scales")["value"].head(2).tolist()
    ['Excellent', 'Good']
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        named = data_folder(folder)
        self._files = _snapshot(named)
        self.folder = named.absolute()
        self._lock = threading.RLock()
        self._made: dict[tuple[Any, ...], Any] = {}

    def __repr__(self) -> str:
        return f"Record({str(self.folder)!r})"

    def table(self, name: str) -> pd.DataFrame:
        """One table, as `load` gives it: the caller's own."""
        with self._lock:
            return self.once(_typed, table(name).name).copy()

    def content(self, file: str) -> bytes:
        """The bytes of a file as the folder was opened, or the `DataError` that says why not."""
        found = self._files.get(file)
        if isinstance(found, bytes):
            return found
        fault = "no data folder has such a file"
        raise found or DataError(file, None, None, None, fault, "See tables().")

    def cells(self, name: str) -> Records:
        """The cells of a table as text with their lines, or the `DataError` that says why not."""
        file = table(name).file
        return records(file, self.content(file))

    def once(self, make: Callable[..., _Made], *values: Any) -> _Made:
        """What `make` works out of this record and these values, kept with it: never change it."""
        with self._lock:
            if (make, *values) not in self._made:
                self._made[make, *values] = make(self, *values)
            return self._made[make, *values]


RecordLike = Record | str | os.PathLike[str] | None
"""A record, the path of a data folder, or nothing for the data of this version."""

_shipped: dict[str, Record] = {}
_shipping = threading.Lock()


def as_record(record: RecordLike = None) -> Record:
    """The record that is meant: itself, the folder of a path opened, or the shipped one."""
    if record is not None:
        return record if isinstance(record, Record) else Record(record)
    folder = str(data_folder().absolute())
    with _shipping:
        if folder not in _shipped:
            _shipped.clear()
            _shipped[folder] = Record(folder)
        return _shipped[folder]


def forget() -> None:
    """Let the shipped record be read again when next asked for; writers call this."""
    with _shipping:
        _shipped.clear()


def load(name: str, record: RecordLike = None) -> pd.DataFrame:
    """One table, the caller's own.

    Parameters
    ----------
    name : str
        Name of the table; `tables` lists them.
    record : Record or path, optional

    Returns
    -------
    pandas.DataFrame
        The columns of the codebook, as ``string`` (ratings and dates too), ``Int64``, ``Float64``
        and ``boolean``. An empty cell is ``<NA>``; the text "NA" stays text.

    Examples
    --------
    >>> load("scales")["value"].head(2).tolist()
    ['Excellent', 'Good']
    """
    return as_record(record).table(name)


def tables(record: RecordLike = None) -> pd.DataFrame:
    """All tables: their names, how many rows and columns they have, and what they are.

    Parameters
    ----------
    record : Record or path, optional

    Returns
    -------
    pandas.DataFrame
        `name` and `title` (string), `rows` and `columns` (Int64), in the order of the codebook.

    Examples
    --------
    >>> tables().set_index("name").loc["scales", "title"]
    'Scales'
    """
    opened = as_record(record)
    dtypes = {"name": "string", "rows": "Int64", "columns": "Int64", "title": "string"}
    rows = [(name, *opened.table(name).shape, table(name).title) for name in table_names()]
    return pd.DataFrame(rows, columns=list(dtypes)).astype(dtypes)


def _snapshot(folder: Path) -> dict[str, bytes | DataError]:
    """The bytes of each file, or why it cannot be read, all of one state of the folder."""
    names = [*(table(name).file for name in table_names()), DESCRIPTION_FILE]
    old = folder.with_name(f".{folder.name}{OLD}") if folder.name else folder
    for _ in range(_TRIES):
        try:
            before = _state(folder)
            files = {name: _content(folder / name) for name in names}
            if _state(folder) == before:
                return files
            fault = f"the folder changed {_TRIES} times while it was read"
            remedy = "Wait until whoever is writing there is done, then open it again."
        except DataError as error:
            if not os.path.isdir(folder) and not os.path.lexists(old):  # noqa: PTH112 - never fails
                raise
            fault = error.fault
            remedy = f"It was being replaced, and is {old} until the next change."
            time.sleep(0.005)  # between the two renamings of a writer
    raise DataError(str(folder), None, None, None, fault, remedy)


def _state(folder: Path) -> tuple[int, ...]:
    """What tells a folder from another in its place, and from itself with other files in it."""
    with contextlib.suppress(OSError, ValueError):
        found = folder.stat()
        if stat.S_ISDIR(found.st_mode):
            return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_ctime_ns
    raise no_folder(folder)


def _content(path: Path) -> bytes | DataError:
    try:
        return content(path)
    except DataError as error:
        return error


@cache
def _dtype(name: str) -> Any:
    return pd.api.types.pandas_dtype(name)  # finding it takes longer than using it


def _typed(record: Record, name: str) -> pd.DataFrame:
    """A table with the types of the description, or the first fault of its file."""
    described, found = table(name), record.cells(name)
    for fault in (*column_faults(described, found.header), *row_faults(described, found)):
        raise fault
    cells = dict(zip(found.header, zip(*found.rows, strict=True), strict=False))
    columns = {}
    for field in described.fields:
        column = cells.get(field.name, ())
        try:
            columns[field.name] = pd.array(parse(field, column), dtype=_dtype(field.dtype))
        except ValueError:
            for line, cell in zip(found.lines, column, strict=True):
                if words := type_fault(field, cell):
                    raise DataError(described.file, line, field.name, cell, *words) from None
    return pd.DataFrame(columns, copy=False)
