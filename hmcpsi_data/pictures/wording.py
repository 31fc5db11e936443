"""What the pictures say in words: counts, never percentages of a handful; scales, never mixed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd

from hmcpsi_data.errors import HmcpsiError, quote
from hmcpsi_data.record.joins import scales
from hmcpsi_data.record.sources import citations
from hmcpsi_data.tables.record import Record
from hmcpsi_data.words import (
    KINDS,
    LEVELS,
    MISSING,
    PLURALS,
    SEVERAL,
    count_of,
    date_in_words,
    listed,
)

CONTRADICTED, NOT_FOUND, _NOT_SHOWN = "contradicted", MISSING["not_found"], "not shown"
ABSENT = (CONTRADICTED, *MISSING.values(), _NOT_SHOWN)  # there is no rating that counts
OTHER = ["Other source says", "Other source"]


def need(rows: object, columns: Sequence[str], start: str) -> pd.DataFrame:
    """The rows, if they are a table with these columns; else an error that says where to start."""
    if not isinstance(rows, pd.DataFrame):
        raise HmcpsiError(f"{quote(rows)} is no table to draw. Start from {start}.")
    if missing := [column for column in columns if column not in rows]:
        raise HmcpsiError(f"The table has no column {quote(missing[0])}. Start from {start}.")
    return rows


def plural(kind: str, n: int = 2) -> str:
    """A kind of rated thing, or of action, for this number of them."""
    one = {**LEVELS, **KINDS}.get(kind, kind.replace("_", " "))
    return one if n == 1 else {**SEVERAL, **PLURALS}.get(kind, f"{one}s")


def scale_of(framework_id: str, record: Record) -> list[str]:
    """The words of a framework's scale, the lowest first."""
    return record.once(scales).get(framework_id, [])


def named(rows: pd.DataFrame, names: pd.Series) -> pd.Series:
    """A name for each inspection; with its identifier where another bears the same."""
    names = names.set_axis(rows["inspection_id"])
    names = names[~names.index.duplicated()]
    return names.mask(names.duplicated(keep=False), names + " (" + names.index + ")")


def words_of(rows: pd.DataFrame, column: str = "rating") -> pd.Series:
    """The word of each row: its rating, which kind of missing it is, or that it is contradicted."""
    words = rows[column].astype(object).where(rows[column].notna(), None)
    if "missing" in rows:
        words = words.fillna(rows["missing"].map(MISSING).astype(object))
    if "basis" in rows:
        words = words.mask(rows["basis"].eq("contradicted").fillna(False), CONTRADICTED)
    return words.fillna(MISSING["not_rated"]).astype(str)


def completed(rows: pd.DataFrame, groups: pd.DataFrame, record: Record) -> pd.DataFrame:
    """The words of ratings, and of all other aspects of these sets and levels of the inspections.

    A choice of the Poor ones does not read as if all were Poor: what is not among the rows is not
    `shown`, and its word says whether the record has it.
    """
    keys, columns = ["inspection_id", "aspect_id"], ["set_id", "level", "label", "is_critical"]
    aspects = [rows, record.table("aspects").sort_values("position", kind="stable")]
    known = pd.concat([of.reindex(columns=["aspect_id", *columns]) for of in aspects])
    told = rows[keys].assign(word=words_of(rows), **other_side(rows, record))
    several = told.drop_duplicates([*keys, "word"]).groupby(keys)["word"].agg(" or ".join)
    told = told.drop(columns="word").drop_duplicates(keys).join(several, on=keys)
    tiles = groups.merge(known.drop_duplicates("aspect_id"), on=["set_id", "level"])
    tiles = tiles.merge(told, on=keys, how="left")
    tiles["shown"] = tiles["word"].notna()
    tiles["critical"] = tiles["is_critical"].fillna(False).astype(bool)
    rated = record.table("ratings").dropna(subset="rating")
    in_record = pd.MultiIndex.from_frame(tiles[keys]).isin(pd.MultiIndex.from_frame(rated[keys]))
    reason = pd.Series(NOT_FOUND, tiles.index).mask(in_record, _NOT_SHOWN)
    return tiles.assign(word=tiles["word"].fillna(reason).astype(str))


def other_side(rows: pd.DataFrame, record: Record) -> dict[str, pd.Series]:
    """Of contradicted rows what another source says, and which: columns, where there are any."""
    if "says_otherwise" not in rows or rows["says_otherwise"].isna().all():
        return {}
    other = citations(pd.DataFrame({"source_id": rows["otherwise_source_id"]}), record)
    return dict(zip(OTHER, (rows["says_otherwise"].fillna(""), other.fillna("")), strict=True))


def counts(words: Iterable[str], order: Sequence[str], what: str = "") -> str:
    """How often each word occurs, the lowest of the scale first; then what has no rating.

    >>> counts(["Good", "Fair", "Good", "not found"], ["Poor", "Fair", "Good"], "aspects")
    '1 Fair and 2 Good of 4 aspects; 1 not found'
    >>> counts(["Poor", "not shown"], ["Poor", "Fair", "Good"], "aspects")
    '1 of 2 aspects Poor; 1 not shown'
    """
    n = Counter(words)
    rated = in_order(pd.Series([word for word in n if word not in ABSENT], dtype=object), order)
    total = f"{n.total():,} {what}".strip()
    told = listed([f"{n[word]:,} {word}" for word in rated]) or f"none of {total} rated"
    if rated and what:
        told = f"{n[rated[0]]:,} of {total} {rated[0]}" if len(rated) == 1 else f"{told} of {total}"
    without = ", ".join(f"{n[word]:,} {word}" for word in ABSENT if n[word])
    return f"{told}; {without}" if without else told


def sources(*tables: pd.DataFrame, record: Record) -> str:
    """Where rows come from, in a line."""
    both = ("source_id", "otherwise_source_id")  # a contradicted rating has two sides
    cells = [key for rows in tables for one in both if one in rows for key in rows[one].dropna()]
    ids = pd.DataFrame({"source_id": [one for key in cells for one in str(key).split("; ")]})
    titles = citations(ids.drop_duplicates(), record).drop_duplicates().tolist()
    if len(titles) > 3:
        return f"Sources: {len(titles)}; each row of the data names its own."
    return f"{'Sources' if len(titles) > 1 else 'Source'}: {'; '.join(titles)}." if titles else ""


def in_order(values: pd.Series, order: Iterable[str]) -> list[str]:
    """The different values in the order of a table; those that it does not know come last."""
    there = set(values.dropna())
    known = [one for one in dict.fromkeys(order) if one in there]
    return [*known, *sorted(there.difference(known))]


def who(rows: pd.DataFrame, most: int = 1) -> str:
    """The Areas that rows are about, or how many they are."""
    areas = list(dict.fromkeys(rows["area"].dropna()))
    return listed(areas) if 0 < len(areas) <= most else count_of(len(areas), "Area")


def period(rows: pd.DataFrame, record: Record) -> str:
    """When rows were gathered and published; a year that is only inferred is of the assessment."""
    inspections = record.table("inspections").set_index("inspection_id")
    years = inspections[inspections["fieldwork_precision"].eq("year")]["fieldwork_basis"]
    inferred = rows["inspection_id"].map(years).eq("inferred").fillna(False)
    parts = []
    for column in ("fieldwork", "published"):
        dates = sorted(set(rows[column].dropna())) if column in rows else []
        if len(dates) == 1 or (dates and column == "published"):
            word = "assessed" if column == "fieldwork" and inferred.all() else column
            parts.append(f"{word} {date_in_words(f'{dates[0]} to {dates[-1]}')}")
    return "; ".join(parts)
