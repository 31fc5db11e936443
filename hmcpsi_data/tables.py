"""The tables as DataFrames."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
from pandas.api.extensions import ExtensionArray

from hmcpsi_data.changing import finish
from hmcpsi_data.description import Table, data_folder, table_names
from hmcpsi_data.description import table as table_named
from hmcpsi_data.reading import column_faults, parse, read, row_faults, stamp, type_faults

__all__ = ["load", "tables"]

_Columns = dict[str, ExtensionArray]
_State = tuple[int, int, int]
_parsed: dict[Path, tuple[_State, _Columns]] = {}


def load(name: str, folder: str | os.PathLike[str] | None = None) -> pd.DataFrame:
    """One table, fresh: changing it never changes the next one.

    Parameters
    ----------
    name : str
        Name of the table; `tables` lists them.
    folder : path, optional
        A data folder of your own. Without it, the environment variable ``HMCPSI_DATA`` names one,
        and without that the data of this version are read.

    Returns
    -------
    pandas.DataFrame
        The columns in the order of the codebook, with the pandas types ``string``, ``Int64``,
        ``Float64`` and ``boolean``. An empty cell is ``<NA>``; the text "NA" stays text. Ratings
        are strings: they have no order outside their framework. Dates are strings, as precise as
        known; whether they are dates is for `check` to say.

    Raises
    ------
    UnknownValueError
        Where there is no such table.
    DataError
        Where the file is missing or at fault; it names file, line, column, value and remedy.

    Examples
    --------
    >>> load("scales")["value"].head(2).tolist()
    ['Excellent', 'Good']
    >>> print(load("ratings")["rating"].dtype)
    string
    """
    columns = _columns(table_named(name), data_folder(folder))
    return pd.DataFrame({column: values.copy() for column, values in columns.items()}, copy=False)


def tables(folder: str | os.PathLike[str] | None = None) -> pd.DataFrame:
    """All tables: their names, how many rows and columns they have, and what they are.

    Parameters
    ----------
    folder : path, optional
        As for `load`.

    Examples
    --------
    >>> overview = tables()
    >>> list(overview.columns)
    ['name', 'rows', 'columns', 'title']
    >>> overview.loc[overview["name"] == "scales", "title"].item()
    'Scales'
    """
    described = [table_named(name) for name in table_names()]
    columns = [_columns(table, data_folder(folder)) for table in described]
    return pd.DataFrame(
        {
            "name": pd.array([table.name for table in described], dtype="string"),
            "rows": pd.array([len(next(iter(c.values()))) for c in columns], dtype="Int64"),
            "columns": pd.array([len(table.fields) for table in described], dtype="Int64"),
            "title": pd.array([table.title for table in described], dtype="string"),
        }
    )


def _columns(table: Table, folder: Path) -> _Columns:
    """The typed columns of a table, read again only when the file has changed."""
    finish(folder)
    path = folder.absolute() / table.file
    state = stamp(path)
    known = _parsed.get(path)
    if known is None or known[0] != state:
        known = _parsed[path] = (state, _read_columns(table, path))
    return known[1]


def _read_columns(table: Table, path: Path) -> _Columns:
    records = read(path)
    for faults in (column_faults(table, records.header), row_faults(table, records)):
        for fault in faults:
            raise fault
    cells = dict(zip(records.header, zip(*records.rows, strict=True), strict=False))
    columns = {}
    for field in table.fields:
        column = cells.get(field.name, ())
        try:
            columns[field.name] = pd.array(parse(field, column), dtype=field.dtype)
        except ValueError:
            raise next(type_faults(table, field, column, records.lines)) from None
    return columns
