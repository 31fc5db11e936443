"""Rows as a table to read: under headings for people, with dates, both sides and sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from hmcpsi_data.html import Shown
from hmcpsi_data.record.facts import joined_facts
from hmcpsi_data.record.sources import addresses, citations, lines_in_words
from hmcpsi_data.tables.record import Record
from hmcpsi_data.words import MISSING, SPEAKERS, date_in_words

__all__ = ["SEVERAL", "dated", "dates", "in_words", "rating_words", "shown", "whose_words"]

SEVERAL = {
    "recommendation": "recommendations",
    "aspect_for_improvement": "aspects for improvement",
    "issue": "issues to address",
}
"""The three kinds of request, several of each."""

_SOURCE, _DATE, _OTHER = "Source", "Date", "Another source says"
# heading: the columns of source and lines; further sources stand there where a row has one
_SOURCES = {
    _SOURCE: ("source_id", "locator"),
    "Source of the answer": ("answer_source_id", "answer_locator"),
    "Other source": ("otherwise_source_id", ""),
}
_NAMED = {
    "publication": "published",
    "source": "date of the source",
    "assessment": "year of the assessment",
}


def shown(
    rows: pd.DataFrame,
    headings: Mapping[str, str],
    title: str,
    words: str = "",
    record: Record | None = None,
    *,
    note: str = "",
    tiles: Iterable[str] = (),
    head: int = 1,
    fold: Iterable[str] = (),
) -> Shown:
    """Rows under these headings, with `when` as their date, both sides of a conflict, and sources.

    One source of the whole table stands in its caption, and each row names its lines; where there
    are several, each row names its own. So with a date that all rows share.
    """
    columns = {name: rows[column] for column, name in headings.items()}
    links: dict[str, pd.Series] = {}
    if "when" in rows and "when" not in headings:
        columns[_DATE] = rows["when"]
    if "says_otherwise" in rows and rows["says_otherwise"].notna().any():
        columns[_OTHER] = rows["says_otherwise"]
    for heading, (key, locator) in _SOURCES.items():
        if key not in rows or (heading != _SOURCE and rows[key].isna().all()):
            continue
        cited = pd.DataFrame({"source_id": rows[key]})
        links[heading] = addresses(cited, record)
        lines = rows.get(locator, pd.Series(pd.NA, rows.index, dtype="string"))
        alone = len(rows) > 1 and rows[key].nunique(dropna=False) == 1 and lines.notna().any()
        columns[heading] = citations(cited if alone else cited.assign(locator=lines), record)
        if alone and heading == _SOURCE:
            columns["Lines"] = lines.map(_short_lines, na_action="ignore")
    look: dict[str, Any] = {
        "tiles": tiles,
        "links": links,
        "head": head,
        "fold": [_DATE, *_SOURCES, *fold],
    }
    return Shown(pd.DataFrame(columns), title, words, note, **look, record=record)


def dated(
    rows: pd.DataFrame, table: str, key: str, record: Record, progress: bool = False
) -> pd.DataFrame:
    """The rows of a table with the date of each, as `facts` knows it, in the column `when`."""
    known = record.once(joined_facts)
    known = known[known["table"].eq(table) & known["kind"].eq("progress").eq(progress)]
    known = known.drop_duplicates("row_id").set_index("row_id").reindex(rows[key])
    return rows.assign(when=dates(known).set_axis(rows.index))


def dates(rows: pd.DataFrame) -> pd.Series:
    """When, in words, as precise as it is known, and the date of what that is."""
    pairs = zip(rows["date"], rows["date_precision"], rows["date_kind"], strict=True)
    return pd.Series([_when(*pair) for pair in pairs], rows.index, dtype="string")


def _when(date: object, precision: object, kind: object) -> str:
    words = date_in_words(date, precision if isinstance(precision, str) else None)
    if not words:
        return "not dated"
    stated = not isinstance(kind, str) or kind == "stated"
    return words if stated else f"{words} ({_NAMED.get(str(kind), kind)})"


def in_words(iso: pd.Series, missing: str) -> pd.Series:
    """ISO dates as people write them."""
    return iso.map(date_in_words, na_action="ignore").astype("string").fillna(missing)


def whose_words(rows: pd.DataFrame) -> pd.Series:
    """In whose words: what the row says, else who speaks."""
    spoken = rows["speaker"].map(SPEAKERS).astype("string")
    return rows["voice"].fillna(spoken) if "voice" in rows else spoken


def rating_words(rows: pd.DataFrame) -> pd.Series:
    """What stands in a tile: the rating, why there is none, or that a source contradicts it."""
    words = rows["rating"].fillna(rows["missing"].map(MISSING))
    against = rows["basis"].eq("contradicted").fillna(False).astype(bool)
    return words.where(~against, "contradicted: " + words)


def _short_lines(locator: str) -> str:
    return lines_in_words(locator).removeprefix("lines ").removeprefix("line ")
