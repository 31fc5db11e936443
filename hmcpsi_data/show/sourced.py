"""Rows as a table to read: under headings for people, with dates in words and with sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from hmcpsi_data.html import Shown
from hmcpsi_data.record.sources import addresses, citations, lines_in_words
from hmcpsi_data.tables.record import Record
from hmcpsi_data.words import MISSING, SPEAKERS, date_in_words

__all__ = ["SEVERAL", "dates", "in_words", "rating_words", "shown", "whose_words"]

SEVERAL = {
    "recommendation": "recommendations",
    "aspect_for_improvement": "aspects for improvement",
    "issue": "issues to address",
}
"""The three kinds of request, several of each."""

_SOURCE, _LINES = "Source", "Lines"


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
) -> Shown:
    """Rows under these headings; where they name a source, the table does so too.

    One source of the whole table stands in its caption, and each row names its lines; where there
    are several, each row names its own.
    """
    columns: dict[str, pd.Series] = {name: rows[column] for column, name in headings.items()}
    links: dict[str, pd.Series] = {}
    if "source_id" in rows:
        columns[_SOURCE] = citations(rows, record)
        links[_SOURCE] = addresses(rows, record)
        lines = rows.get("locator", pd.Series(pd.NA, rows.index, dtype="string"))
        if len(rows) > 1 and rows["source_id"].nunique(dropna=False) == 1 and lines.notna().any():
            columns[_SOURCE] = citations(rows[["source_id"]], record)
            columns[_LINES] = lines.map(_short_lines, na_action="ignore")
    frame = pd.DataFrame(columns)
    return Shown(
        frame,
        title,
        words,
        note,
        tiles=tiles,
        links=links,
        head=head,
        fold=[_SOURCE],
        record=record,
    )


def dates(rows: pd.DataFrame) -> pd.Series:
    """When, in words; what is no date of publication says so."""
    pairs = zip(rows["date"], rows["date_precision"], rows["date_kind"], strict=True)
    words = [_when(*pair) for pair in pairs]
    return pd.Series(words, rows.index, dtype="string")


def in_words(iso: pd.Series, missing: str) -> pd.Series:
    """ISO dates as people write them."""
    return iso.map(date_in_words, na_action="ignore").astype("string").fillna(missing)


def _when(date: object, precision: object, kind: object) -> str:
    words = date_in_words(date, precision if isinstance(precision, str) else None)
    if not words:
        return "not dated"
    return f"{words} ({kind})" if kind in ("fieldwork", "data") else words


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
