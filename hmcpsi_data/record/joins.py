"""Looking things up in other tables: what every joined view of the record is made with."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pandas as pd

from hmcpsi_data.errors import DataError, quote
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record, RecordLike, as_record

SEPARATOR = "; "  # stands between several values in one cell
DATED = ["date", "date_from", "date_precision", "date_kind"]


def look_up(keys: pd.Series, name: str, columns: str | list[str], record: RecordLike = None) -> Any:
    """A column of another table for each key, or several; empty where it has no such key."""
    return as_record(record).once(_keyed, name)[columns].reindex(keys).set_axis(keys.index)


def _keyed(record: Record, name: str) -> pd.DataFrame:
    described = table(name)
    (key,) = described.primary_key
    keyed = record.table(name).set_index(key)
    for twice in keyed.index[keyed.index.duplicated()]:
        fault = f"the key {quote(twice)} is there more than once"
        raise DataError(described.file, None, key, twice, fault, "Keep one of the rows.")
    return keyed


def place(keys: pd.Series, name: str, record: Record) -> pd.Series:
    """The row at which each key stands in its table, which is the order to show things in."""
    known = record.once(_keyed, name).index
    return pd.Series(known.get_indexer(pd.Index(keys)), keys.index, dtype=int)


def in_order(rows: pd.DataFrame, *keys: pd.Series) -> pd.DataFrame:
    """The rows by one key after the other, numbered anew; what is equal stays as it stood."""
    by = pd.concat(keys, axis=1, ignore_index=True)
    return rows.loc[by.sort_values([*by], kind="stable").index].reset_index(drop=True)


def inspected(rows: pd.DataFrame, record: Record) -> pd.DataFrame:
    """The rows with the Area and the framework of their inspection, else with their own."""
    of = look_up(rows["inspection_id"], "inspections", ["area_id", "framework_id"], record)
    return rows.assign(**{c: of[c].fillna(rows[c]) if c in rows else of[c] for c in of})


def placed(rows: pd.DataFrame, record: Record) -> pd.DataFrame:
    """The rows with names and a date: their own, else of the inspection, else of the source."""
    rows = inspected(rows, record)
    framework = look_up(rows["framework_id"], "frameworks", ["short_title", "round"], record)
    columns = ["title", "tier", "published", "published_precision"]
    source = look_up(rows["source_id"], "sources", columns, record)
    of_source = dated("source", source["published"], source["published_precision"])
    best = record.once(inspection_dates).drop_duplicates("inspection_id")
    best = best.set_index("inspection_id")[DATED]
    dates = best.reindex(rows["inspection_id"]).set_axis(rows.index)
    if "date" in rows:
        dates = rows[DATED].where(rows["date"].notna(), dates)
    return rows.assign(
        **dates.where(dates["date"].notna(), of_source),
        area=look_up(rows["area_id"], "areas", "name", record),
        framework=framework["short_title"],
        round=framework["round"],
        tier=source["tier"],
        source_title=source["title"],
    )


def inspection_dates(record: Record) -> pd.DataFrame:
    """Every date of each inspection with its basis and lines: fieldwork, publication, data."""
    rows = record.table("inspections")
    rows = rows.rename(columns=lambda column: column.replace("published_", "publication_"))
    rows = rows.assign(publication_from=rows["published"], publication_to=rows["published"])
    undated = rows[["fieldwork_to", "published", "data_to"]].isna().all(axis=1)
    parts = []
    for kind in ("fieldwork", "publication", "data"):
        first, last, precision, basis, locator = (
            rows[f"{kind}_{part}"] for part in ("from", "to", "precision", "basis", "locator")
        )
        part = rows.assign(
            **dated(kind, last, precision, first),
            basis=basis.fillna(rows["basis"]),
            locator=locator,
            own_source_id=rows["publication_source_id" if kind == "publication" else "source_id"],
        )
        parts.append(part[last.notna() | (undated & (kind == "fieldwork"))])
    dates = pd.concat(parts, ignore_index=True)
    # fieldwork known to the year alone gives way to a finer publication, an inferred year to any
    year, to_year = dates["published"].str[:4], dates["fieldwork_precision"].eq("year")
    inferred = (to_year & dates["fieldwork_basis"].eq("inferred")).fillna(False)
    same_year = dates["fieldwork_from"].eq(year) & dates["fieldwork_to"].eq(year)
    published = dates["date_kind"].eq("publication") & dates["date_precision"].ne("year")
    better = (published & to_year & (inferred | same_year)).fillna(False)
    assessed = inferred & dates["date_kind"].eq("fieldwork").fillna(False)
    dates["date_kind"] = dates["date_kind"].mask(assessed, "assessment")
    return dates.iloc[(~better).argsort(kind="stable")]


def dated(
    kind: str, last: pd.Series, precision: pd.Series, first: pd.Series | None = None
) -> pd.DataFrame:
    """Dates or periods of one kind, as the columns that say when; all empty without a last day."""
    first = last if first is None else first
    cells = {"date": span(first, last), "date_from": first, "date_precision": precision}
    return pd.DataFrame(cells | {"date_kind": kind}, dtype="string").where(last.notna())


def records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as dictionaries, with None for what is empty."""
    return rows.astype(object).where(rows.notna(), None).to_dict("records")  # type: ignore[return-value]


def scales(record: Record) -> dict[str, list[str]]:
    """The words of each framework's scale, the lowest first."""
    words = record.table("scales").sort_values("rank", kind="stable")
    of_scale = words.groupby("scale_id")["value"].agg(list)
    rated = record.table("frameworks").dropna(subset="scale_id")
    pairs = zip(rated["framework_id"], rated["scale_id"], strict=True)
    return {framework: of_scale.get(scale, []) for framework, scale in pairs}


def tally(words: Iterable[str], order: Iterable[str] = ()) -> str:
    """How often each word is there, in this order, others after it: "Fair 1, Good 2"."""
    n = Counter(words)
    return ", ".join(f"{word} {n[word]}" for word in dict.fromkeys([*order, *n]) if n[word])


def round_order(record: Record) -> list[str]:
    """All rounds, in the order of the frameworks, which is that of time."""
    return record.table("frameworks")["round"].dropna().drop_duplicates().tolist()


def theme_ids(name: str | pd.Series, row_ids: pd.Series, record: Record) -> pd.Series:
    """The themes that each row of its table is linked to, in one cell; "" where there is none."""
    names = pd.Series(name, row_ids.index, dtype="string")
    links = record.once(_themes_by_row)
    cells = [links.get(row, "") for row in zip(names, row_ids, strict=True)]
    return pd.Series(cells, row_ids.index, dtype="string")


def _themes_by_row(record: Record) -> dict[Any, str]:
    links = record.table("evidence").groupby(["table", "row_id"], sort=False)["theme_id"]
    return links.agg(SEPARATOR.join).to_dict()


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
