"""Columns and the rows behind them as a table to read, with dates, both sides and sources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from hmcpsi_data.html import Shown
from hmcpsi_data.record.facts import joined_facts
from hmcpsi_data.record.sources import addresses, citations, lines_in_words
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record
from hmcpsi_data.words import KINDS, MISSING, SEVERAL, SPEAKERS, count_of, date_in_words

# heading: the columns of source and lines; further sources stand there where a row has one
_SOURCES = {
    "Source": ("source_id", "locator"),
    "Source of the answer": ("answer_source_id", "answer_locator"),
    "Other source": ("otherwise_source_id", ""),
}
_NAMED = {
    "publication": "published",
    "source": "date of the source",
    "assessment": "year of the assessment",
}


def shown(
    columns: Mapping[str, pd.Series | None],
    rows: pd.DataFrame,
    title: str,
    words: str,
    record: Record,
    **look: Any,
) -> Shown:
    """Columns by their headings, with the date, both sides of a conflict and sources of the rows.

    A column in which nothing stands is left out. One source of the whole table stands in its
    caption, and each row names its lines; of several sources, each row names its own.
    """
    cells = {
        name: column
        for name, column in columns.items()
        if column is not None and (rows.empty or column.astype("string").fillna("").ne("").any())
    }
    if "date_kind" in rows and "Date" not in cells:
        cells["Date"] = dates(rows)
    if "says_otherwise" in rows and rows["says_otherwise"].notna().any():
        cells["Another source says"] = rows["says_otherwise"]
    links = {}
    for heading, (key, locator) in _SOURCES.items():
        if key not in rows or (heading != "Source" and rows[key].isna().all()):
            continue
        cited = pd.DataFrame({"source_id": rows[key]})
        links[heading] = addresses(cited, record)
        lines = rows.get(locator, pd.Series(pd.NA, rows.index, dtype="string"))
        alone = len(rows) > 1 and rows[key].nunique(dropna=False) == 1 and lines.notna().any()
        cells[heading] = citations(cited if alone else cited.assign(locator=lines), record)
        if alone and heading == "Source":
            short = lines.map(lines_in_words, na_action="ignore").astype("string")
            cells["Lines"] = short.str.replace("^lines? ", "", regex=True)
    fold = ["Date", *_SOURCES, *look.pop("fold", [])]
    return Shown(pd.DataFrame(cells), title, words, links=links, fold=fold, record=record, **look)


def dated(rows: pd.DataFrame, name: str, record: Record, progress: bool = False) -> pd.DataFrame:
    """Rows of this table with the date of each as `facts` knows it."""
    (key,) = table(name).primary_key
    known = record.once(joined_facts)
    known = known[known["table"].eq(name) & known["kind"].eq("progress").eq(progress)]
    columns = ["date", "date_precision", "date_kind"]
    known = known.drop_duplicates("row_id").set_index("row_id")[columns].reindex(rows[key])
    return rows.assign(**known.set_axis(rows.index))


def dates(rows: pd.DataFrame) -> pd.Series:
    """When, in words, as precise as it is known, and the date of what that is."""

    def when(date: object, precision: object, kind: object) -> str:
        words = date_in_words(date, precision if isinstance(precision, str) else None)
        if not words or not isinstance(kind, str) or kind == "stated":
            return words or "not dated"
        return f"{words} ({_NAMED.get(kind, kind)})"

    triples = zip(rows["date"], rows["date_precision"], rows["date_kind"], strict=True)
    return pd.Series([when(*triple) for triple in triples], rows.index, dtype="string")


def in_words(iso: pd.Series, missing: str, basis: pd.Series) -> pd.Series:
    """ISO dates as people write them; of one that no source states, how it is known."""
    words = iso.map(date_in_words, na_action="ignore").astype("string")
    how = basis.where(basis.isin(["inferred", "derived"]))
    return (words + (" (" + how + ")").fillna("")).fillna(missing)


def whose_words(rows: pd.DataFrame) -> pd.Series:
    """In whose words: what the row says, else who speaks."""
    spoken = rows["speaker"].map(SPEAKERS).astype("string")
    return rows["voice"].fillna(spoken) if "voice" in rows else spoken


def rating_words(rows: pd.DataFrame) -> pd.Series:
    """What stands in a tile: the rating, why there is none, or that a source contradicts it."""
    words = rows["rating"].fillna(rows["missing"].map(MISSING))
    against = rows["basis"].eq("contradicted").fillna(False).astype(bool)
    return words.where(~against, "contradicted: " + words)


def asked_for(rows: pd.DataFrame) -> list[str]:
    """How many requests of each kind there are."""
    counts = rows["kind"].value_counts(sort=False).items()
    return [count_of(n, KINDS[str(kind)], SEVERAL[str(kind)]) for kind, n in counts]
