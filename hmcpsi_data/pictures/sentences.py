"""What the pictures say in words: counts, never percentages of a handful; scales, never mixed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd

from hmcpsi_data.errors import FrameworkError, HmcpsiError, quote
from hmcpsi_data.method.scales import scale
from hmcpsi_data.palette import PROGRESS, QUALITY
from hmcpsi_data.tables.record import Record
from hmcpsi_data.words import KINDS, MISSING, PLURALS, count_of, date_in_words, listed

__all__ = [
    "CONTRADICTED", "NOT_FOUND", "absent", "counts", "dated", "in_order", "need", "period",
    "plural", "scale_of", "scale_with", "sources", "unseen", "who", "words_of",
]  # fmt: skip

CONTRADICTED, NOT_FOUND, _NOT_SHOWN = "contradicted", MISSING["not_found"], "not shown"
_ABSENT = (CONTRADICTED, *MISSING.values(), _NOT_SHOWN)
_PLURALS = {"aspect_for_improvement": "aspects for improvement", "issue": "issues to address"}
_DATE = re.compile(r"(?<![\w-])\d{4}(?:-\d\d){1,2}(?![\w-])")


def need(rows: object, columns: Sequence[str], start: str) -> pd.DataFrame:
    """The rows, if they are a table with these columns; else an error that says where to start."""
    if not isinstance(rows, pd.DataFrame):
        raise HmcpsiError(f"{quote(rows)} is no table to draw. Start from {start}.")
    for column in columns:
        if list(rows.columns).count(column) != 1:
            fault = "no column" if column not in rows else "twice the column"
            raise HmcpsiError(f"The table has {fault} {quote(column)}. Start from {start}.")
    return rows


def plural(kind: str, n: int = 2) -> str:
    """A kind of rated thing, or of action, for this number of them."""
    one = {"overall": "overall assessment", **KINDS}.get(kind, kind.replace("_", " "))
    return one if n == 1 else {**PLURALS, **_PLURALS}.get(kind, f"{one}s")


def scale_of(framework_id: str, record: Record) -> list[str]:
    """The words of a framework's scale, the lowest first, then those outside its order.

    A framework without a scale has none; one of a reader's own is taken to use those of the
    palettes.
    """
    *progress, last = PROGRESS
    known = record.once(_scales)
    return known.get(framework_id, [*reversed(QUALITY), *reversed(progress), last])


def scale_with(words: set[str], record: Record) -> list[str]:
    """The first scale of a record that has all of these words, the lowest first."""
    scales = (one for one in record.once(_scales).values() if one and words.issubset(one))
    return next(scales, sorted(words))


def _scales(record: Record) -> dict[str, list[str]]:
    """The words of each framework."""
    found: dict[str, list[str]] = {}
    for framework_id in record.table("frameworks")["framework_id"]:
        try:
            in_order, outside = scale(framework_id, record)
            found[framework_id] = [*in_order, *outside]
        except FrameworkError:  # it has none
            found[framework_id] = []
    return found


def absent(word: str) -> bool:
    """Whether a word says that there is no rating that counts."""
    return word in _ABSENT


def words_of(rows: pd.DataFrame, column: str = "rating") -> list[str]:
    """The word of each row: its rating, which kind of missing it is, or that it is contradicted."""
    words = rows[column].astype(object).where(rows[column].notna(), None)
    if "missing" in rows:
        words = words.fillna(rows["missing"].map(MISSING).astype(object))
    if "basis" in rows:
        words = words.mask(rows["basis"].eq("contradicted").fillna(False), CONTRADICTED)
    return words.fillna(MISSING["not_rated"]).astype(str).tolist()


def unseen(
    inspection: str, set_id: str, level: str, seen: Iterable[str], record: Record
) -> dict[str, str]:
    """The other aspects of a set and level, each with why a table of ratings does not show it.

    Counts are out of all aspects that a framework rates, so that a choice of the Poor ones does not
    read as if all were Poor.
    """
    known, rated = set(seen), record.once(_rated)
    others = [one for one in record.once(_printed).get((set_id, level), []) if one not in known]
    return {one: _NOT_SHOWN if (one, inspection) in rated else NOT_FOUND for one in others}


def _printed(record: Record) -> dict[tuple[str, str], list[str]]:
    """The aspects of each set and level, in the order as printed."""
    aspects = record.table("aspects").sort_values("position", kind="stable")
    groups = aspects.groupby(["set_id", "level"])["aspect_id"]
    return {(str(set_id), str(level)): ids.tolist() for (set_id, level), ids in groups}


def _rated(record: Record) -> set[tuple[str, str]]:
    """The pairs of aspect and inspection of which the record holds a rating."""
    ratings = record.table("ratings").dropna(subset="rating")
    return set(zip(ratings["aspect_id"], ratings["inspection_id"], strict=True))


def counts(words: Iterable[str], order: Sequence[str], what: str = "") -> str:
    """How often each word occurs, the lowest of the scale first; then what has no rating.

    Examples
    --------
    >>> counts(["Good", "Fair", "Good", "not found"], ["Poor", "Fair", "Good"], "aspects")
    '1 Fair and 2 Good of 4 aspects; 1 not found'
    >>> counts(["Poor", "not shown"], ["Poor", "Fair", "Good"], "aspects")
    '1 of 2 aspects Poor; 1 not shown'
    """
    n = Counter(words)
    rated = [word for word in n if not absent(word)]
    shown = [word for word in order if word in rated]
    shown += sorted(set(rated) - set(shown))
    total = f"{n.total():,} {what}".strip()
    told = listed([f"{n[word]:,} {word}" for word in shown]) or f"none of {total} rated"
    if shown and what:
        told = f"{told} of {total}"
        told = f"{n[shown[0]]:,} of {total} {shown[0]}" if len(shown) == 1 else told
    without = ", ".join(f"{n[word]:,} {word}" for word in _ABSENT if n[word])
    return f"{told}; {without}" if without else told


def sources(*tables: pd.DataFrame, record: Record) -> str:
    """Where rows come from, in a line, and that a rating may have further sources."""
    known = record.table("sources").set_index("source_id")
    names = known["label"].fillna(known["title"])
    both = ("source_id", "otherwise_source_id")  # a contradicted rating has two sides
    cells = [key for rows in tables for one in both if one in rows for key in rows[one].dropna()]
    ids = dict.fromkeys(one for key in cells for one in str(key).split("; "))
    titles = list(dict.fromkeys(str(names.get(key, key)) for key in ids))
    line = f"{'Sources' if len(titles) > 1 else 'Source'}: {'; '.join(titles)}." if titles else ""
    if len(titles) > 3:
        line = f"Sources: {len(titles)}; each row of the data names its own."
    further = any(rows["n_sources"].gt(1).any() for rows in tables if "n_sources" in rows)
    return f"{line} Further sources of some ratings: table rating_sources." if further else line


def in_order(values: pd.Series, order: Iterable[str]) -> list[str]:
    """The different values in the order of a table; those that it does not know come last."""
    there = set(values.dropna())
    known = [one for one in dict.fromkeys(order) if one in there]
    return [*known, *sorted(there.difference(known))]


def who(rows: pd.DataFrame) -> str:
    """Whom rows are about: the Area, or how many."""
    areas = set(rows["area"].dropna())
    return str(*areas) if len(areas) == 1 else count_of(len(areas), "Area")


def dated(text: str) -> str:
    """A text whose dates are written as in prose, as precise as they are known.

    Examples
    --------
    >>> dated("2005-12 to 2006-03-14")
    'December 2005 to 14 March 2006'
    """
    return _DATE.sub(lambda found: date_in_words(found[0]), text)


def period(rows: pd.DataFrame) -> str:
    """When rows were gathered and published, as precise as known."""
    parts = []
    for column in ("fieldwork", "published"):
        dates = sorted(set(rows[column].dropna())) if column in rows else []
        if len(dates) == 1 or (dates and column == "published"):
            parts.append(f"{column} {dated(' to '.join(dict.fromkeys([dates[0], dates[-1]])))}")
    return "; ".join(parts)
