"""Looking things up in other tables: what every joined view of the record is made with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar

import pandas as pd

from hmcpsi_data.errors import DataError, quote
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record, RecordLike, as_record

SEPARATOR = "; "  # stands between several values in one cell
DATED = ["date", "date_from", "date_precision", "date_kind"]

_Made = TypeVar("_Made")


def kept(record: Record, make: Callable[..., _Made], *values: Any) -> _Made:
    """What `make` works out of a record and these values, worked out once and kept with it."""
    return record.once(_given(make, *values))


@cache
def _given(make: Callable[..., _Made], *values: Any) -> Callable[[Record], _Made]:
    """A function of a record alone, the same one for the same values."""
    return lambda record: make(record, *values)


def look_up(
    keys: pd.Series, name: str, columns: list[str], record: RecordLike = None
) -> pd.DataFrame:
    """Columns of another table for each key, with the index of the keys; empty for no such key.

    A key that is there twice, so that looking it up would have two answers, is a `DataError`.

    >>> look_up(pd.Series(["leicestershire_1999"]), "areas", ["name"]).loc[0, "name"]
    'Leicestershire'
    """
    return kept(as_record(record), _keyed, name)[columns].reindex(keys).set_axis(keys.index)


def place(keys: pd.Series, name: str, record: Record) -> pd.Series:
    """The row at which each key stands in its table, which is the order to show things in."""
    return pd.Series(
        kept(record, _keyed, name).index.get_indexer(pd.Index(keys)), keys.index, dtype=int
    )


def placed(rows: pd.DataFrame, record: Record) -> pd.DataFrame:
    """The rows with Area, framework, round, date and source by name, as every view shows them."""
    inspection = look_up(rows["inspection_id"], "inspections", ["area_id", "framework_id"], record)
    for column in inspection:
        if column in rows:
            inspection[column] = inspection[column].fillna(rows[column])
    framework = look_up(inspection["framework_id"], "frameworks", ["short_title", "round"], record)
    source = look_up(rows["source_id"], "sources", ["title", "tier"], record)
    rows = rows.assign(
        **inspection,
        area=look_up(inspection["area_id"], "areas", ["name"], record)["name"],
        framework=framework["short_title"],
        round=framework["round"],
        tier=source["tier"],
        source_title=source["title"],
    )
    return _dated(rows, record)


def _dated(rows: pd.DataFrame, record: Record) -> pd.DataFrame:
    """The rows with a date each, by the one rule of this package.

    A date that the text gives to this very thing (`date_kind` stated) goes first, then the
    fieldwork of the inspection, its publication, the period of its data, and last the publication
    of the source. Where the fieldwork is known to the year alone and the publication is a day or a
    month of that year, it is the better date and goes before it. A year of fieldwork that is only
    inferred from the assessment is called so, and gives way to any publication.
    """
    inspections, sources = record.once(_inspection_dates), record.once(_source_dates)
    keys = zip(rows["inspection_id"], rows["source_id"], strict=True)
    none = [None] * 4
    found = [inspections.get(one) or sources.get(other) or none for one, other in keys]
    dates = pd.DataFrame(found, rows.index, DATED, dtype="string")
    if "date" in rows:
        dates = rows[DATED].where(rows["date"].notna(), dates)
    return rows.assign(**dates)


def _inspection_dates(record: Record) -> dict[str, list[str | None]]:
    dates: dict[str, list[str | None]] = {}
    parts = ("from", "to", "precision")
    columns = [f"{which}_{part}" for which in ("fieldwork", "data") for part in parts]
    columns += ["inspection_id", "fieldwork_basis", "published", "published_precision"]
    for row in records(record.table("inspections")[columns]):
        published, precision = row["published"], row["published_precision"]
        first, last, known_to = fieldwork = [row[f"fieldwork_{part}"] for part in parts]
        inferred = known_to == "year" and row["fieldwork_basis"] == "inferred"
        better = published and precision != "year" and known_to == "year"
        kinds = {
            "assessment" if inferred else "fieldwork": fieldwork,
            "publication": [published, published, precision],
            "data": [row[f"data_{part}"] for part in parts],
        }
        if better and (inferred or first == last == published[:4]):
            kinds = {"publication": kinds["publication"]}
        known = (_date(kind, *cells) for kind, cells in kinds.items() if cells[1])
        dates[row["inspection_id"]] = next(known, [])
    return dates


def _source_dates(record: Record) -> dict[str, list[str | None]]:
    rows = record.table("sources")[["source_id", "published", "published_precision"]]
    known = rows.dropna(subset="published").itertuples(index=False, name=None)
    return {key: _date("source", date, date, precision) for key, date, precision in known}


def _date(
    kind: str, first: str | None, last: str | None, precision: str | None
) -> list[str | None]:
    return [last if first in (None, last) else f"{first} to {last}", first, precision, kind]


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dictionaries, with None for what is empty."""
    return rows.astype(object).where(rows.notna(), None).to_dict("records")  # type: ignore[return-value]


def scales(record: Record) -> dict[str, list[str]]:
    """The words of each framework's scale, the lowest first."""
    rows = record.table("scales").sort_values("rank", kind="stable")
    words = rows.groupby("scale_id", sort=False)["value"].agg(list)
    frameworks = record.table("frameworks").dropna(subset="scale_id")
    pairs = zip(frameworks["framework_id"], frameworks["scale_id"], strict=True)
    return {framework: words.get(scale, []) for framework, scale in pairs}


def tally(words: Iterable[str], order: Iterable[str] = ()) -> str:
    """How often each word is there, in this order, others after it: "Fair 1, Good 2"."""
    n = Counter(words)
    return ", ".join(f"{word} {n[word]}" for word in dict.fromkeys([*order, *n]) if n[word])


def round_order(record: Record) -> list[str]:
    """All rounds, in the order of the frameworks, which is that of time."""
    return record.table("frameworks")["round"].dropna().drop_duplicates().tolist()


def theme_ids(tables: Iterable[str], row_ids: pd.Series, record: Record) -> pd.Series:
    """The themes that each row of a table is linked to, in one cell; "" where there is none."""
    links = record.once(_themes_by_row)
    cells = [links.get(row, "") for row in zip(tables, row_ids, strict=False)]
    return pd.Series(cells, row_ids.index, dtype="string")


def _themes_by_row(record: Record) -> dict[tuple[str, str], str]:
    links: dict[tuple[str, str], str] = {}
    columns = record.table("evidence")[["table", "row_id", "theme_id"]]
    for name, row_id, theme in columns.itertuples(index=False, name=None):
        before = links.get((name, row_id))
        links[name, row_id] = f"{before}{SEPARATOR}{theme}" if before else theme
    return links


def joined_cells(cells: Iterable[Any]) -> str:
    """Different values in one cell, in their order; what is empty is left out."""
    parts = (part for cell in cells if pd.notna(cell) for part in str(cell).split(SEPARATOR))
    return SEPARATOR.join(dict.fromkeys(part for part in parts if part))


def in_one_cell(name: str, column: str, ids: pd.Series, record: Record) -> pd.Series:
    """The different values that a table has for each Area, in one cell."""
    distinct = record.table(name)[["area_id", column]].dropna().drop_duplicates()
    joined = distinct.groupby("area_id")[column].agg(SEPARATOR.join).astype("string")
    return joined.reindex(ids).set_axis(ids.index)


def span(first: pd.Series, last: pd.Series) -> pd.Series:
    """A period in words: one date where first and last agree or only one is known."""
    both = first.where(first.eq(last), first + " to " + last)
    return both.fillna(first).fillna(last)


def _keyed(record: Record, name: str) -> pd.DataFrame:
    """A table with its key as index; a key that is there twice is an error."""
    described = table(name)
    (key,) = described.primary_key
    keyed = record.table(name).set_index(key)
    if not keyed.index.is_unique:
        twice = keyed.index[keyed.index.duplicated()][0]
        fault = f"the key {quote(twice)} is there more than once"
        raise DataError(described.file, None, key, twice, fault, "Keep one of the rows.")
    return keyed
