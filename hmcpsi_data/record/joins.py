"""Looking things up in other tables: what every joined view of the record is made with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from hmcpsi_data.errors import DataError, quote
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record, RecordLike, as_record

__all__ = ["SEPARATOR", "joined_cells", "look_up", "place", "round_order", "span", "theme_ids"]

SEPARATOR = "; "
"""What stands between several values in one cell."""


def look_up(
    keys: pd.Series, name: str, columns: list[str], record: RecordLike = None
) -> pd.DataFrame:
    """Columns of another table for each key, with the index of the keys.

    Where the table has no such key, or the key is empty, the row is empty. A key that is there
    twice, so that looking it up would have two answers, is a `DataError`.

    Examples
    --------
    >>> look_up(pd.Series(["leicestershire_1999"]), "areas", ["name"]).loc[0, "name"]
    'Leicestershire'
    """
    return _keyed(name, as_record(record))[columns].reindex(keys).set_axis(keys.index)


def place(keys: pd.Series, name: str, record: Record) -> pd.Series:
    """The row at which each key stands in its table, which is the order to show things in."""
    return pd.Series(_keyed(name, record).index.get_indexer(pd.Index(keys)), keys.index, dtype=int)


def round_order(record: Record) -> list[str]:
    """All rounds, in the order of the frameworks, which is that of time."""
    return record.table("frameworks")["round"].dropna().drop_duplicates().tolist()


def theme_ids(table_name: str, row_ids: pd.Series, record: Record) -> pd.Series:
    """The themes that each row of a table is linked to, in one cell; "" where there is none."""
    links = record.once(_themes_by_row)
    return pd.Series(
        [links.get((table_name, row_id), "") for row_id in row_ids], row_ids.index, dtype="string"
    )


def joined_cells(cells: Iterable[Any]) -> str:
    """Different values in one cell, in their order; what is empty is left out."""
    parts = (part for cell in cells if pd.notna(cell) for part in str(cell).split(SEPARATOR))
    return SEPARATOR.join(dict.fromkeys(part for part in parts if part))


def span(first: pd.Series, last: pd.Series) -> pd.Series:
    """A period in words: one date where first and last agree or only one is known."""
    both = first.where(first.eq(last), first + " to " + last)
    return both.fillna(first).fillna(last)


def _themes_by_row(record: Record) -> dict[tuple[str, str], str]:
    evidence = record.table("evidence")
    grouped = evidence.groupby(["table", "row_id"], sort=False)["theme_id"]
    return {(str(key[0]), str(key[1])): SEPARATOR.join(ids) for key, ids in grouped}


def _keyed(name: str, record: Record) -> pd.DataFrame:
    """A table with its key as index; a key that is there twice is an error."""
    described = table(name)
    (key,) = described.primary_key
    keyed = record.table(name).set_index(key)
    if not keyed.index.is_unique:
        twice = keyed.index[keyed.index.duplicated()][0]
        fault = f"the key {quote(twice)} is there more than once"
        raise DataError(described.file, None, key, twice, fault, "Keep one of the rows.")
    return keyed
