"""Words for people: what the codes of the tables are called, and numbers and dates as text."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

# Who speaks, and whose publication a source is, as readers know them.
SPEAKERS = {
    "inspectorate": "inspectorate",
    "inspected_body": "CPS",
    "parliament": "Parliament",
    "press_and_other": "press and others",
    "project": "this project",
}
TIERS = {
    "inspectorate": "the inspectorate",
    "inspected_body": "the CPS",
    "parliament": "Parliament",
    "press_and_other": "press and others",
}

# How a source carries a fact.
BASES = {
    "stated": "stated",
    "stated_in_prose": "stated in prose",
    "second_hand": "second hand",
    "derived": "derived",
    "inferred": "inferred",
    "contradicted": "contradicted",
}

# The three kinds of action, and all kinds of statement in the long table of facts.
KINDS = {
    "recommendation": "recommendation",
    "aspect_for_improvement": "aspect for improvement",
    "issue": "issue to address",
}
FACTS = {
    "rating": "rating",
    "progress": "progress",
    **KINDS,
    "response": "answer",
    "commitment": "commitment",
    "finding": "finding",
    "comparison": "comparison by the inspectorate",
    "direction": "direction of travel",
    "measure": "number",
    "method": "how it was done",
    "inspection": "inspection",
    "lineage": "change of borders",
}

# Levels of rated things: one, and several of them.
LEVELS = {
    "overall": "overall assessment",
    "section": "section",
    "criterion": "criterion",
    "aspect": "aspect",
    "subject": "subject",
    "pilot_score": "pilot score",
}
PLURALS = {level: f"{word}s" for level, word in LEVELS.items()} | {"criterion": "criteria"}

# What an old aspect is to a new one.
RELATIONS = {
    "equal": "equal",
    "source_within_target": "old lies within new",
    "source_contains_target": "old contains new",
    "overlaps": "overlap",
    "undetermined": "undetermined",
}

# What a finding in words can be, and how far a promise is, as the inspected body states it.
POLARITIES = ("strength", "weakness", "mixed", "context")
STATES = {"done": "done", "under_way": "under way", "promised": "promised", "mixed": "mixed"}

# Why there is no rating; none of these means Poor.
MISSING = {
    "not_in_framework": "not in framework",
    "not_rated": "not rated",
    "not_found": "not found",
    "not_applicable": "not applicable",
}

_BOUNDS = {"more_than": "more than ", "less_than": "less than ", "about": "about "}
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4]")
_WORD = re.compile(r"[^\W_]+")
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


def count_of(n: int, one: str, several: str = "") -> str:
    """A number of things, in words that fit the number.

    >>> count_of(1, "theme"), count_of(1200, "theme"), count_of(2, "criterion", "criteria")
    ('1 theme', '1,200 themes', '2 criteria')
    """
    return f"{n:,} {one if n == 1 else several or f'{one}s'}"


def listed(words: Sequence[str]) -> str:
    """Words in a row, with "and" before the last.

    >>> listed(["a", "b", "c"]), listed([])
    ('a, b and c', '')
    """
    if not words:
        return ""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def date_in_words(date: object, precision: str | None = None) -> str:
    """A date, or two with " to " between, as people write it and no more precise than it is known.

    >>> date_in_words("2006-03-14", "day"), date_in_words("2007-01", "year")
    ('14 March 2006', '2007')
    >>> date_in_words("2005-06 to 2005-12")
    'June 2005 to December 2005'
    """
    if not isinstance(date, str):
        return ""
    parts = list(dict.fromkeys(_day(one, precision) for one in date.split(" to ")))
    return " to ".join(parts)


def _day(date: str, precision: object) -> str:
    """One date in words; what is no date stays as it is."""
    match = _DATE.fullmatch(date.strip())
    if match is None:
        return date
    year, month, day = match.groups()
    if month is None or precision == "year" or not 1 <= int(month) <= 12:
        return year
    named = f"{calendar.month_name[int(month)]} {year}"
    return named if day is None or precision == "month" else f"{int(day)} {named}"


def number_in_words(row: Mapping[Any, Any]) -> str:
    """The value of a row of `measures`, with its bound and its unit, or the words in its place.

    >>> bound = {"value": 94.0, "value_as_printed": ">94", "qualifier": "more_than"}
    >>> number_in_words(bound | {"unit": "% of cases"})
    'more than 94% of cases'
    >>> words = {"value": None, "value_as_printed": "one third", "qualifier": "words"}
    >>> number_in_words(words | {"unit": "of cases"})
    'one third of cases'
    """
    printed, value = str(row["value_as_printed"]), row["value"]
    qualifier = row["qualifier"] if isinstance(row["qualifier"], str) else ""
    unit, bound = str(row["unit"]), _BOUNDS.get(qualifier, "")
    if unit.startswith("GBP") and pd.notna(value):
        return f"{bound}£{value:,.10g}{unit.removeprefix('GBP')}"
    bare = pd.isna(value) or printed[:1].isdigit() or qualifier == "change"
    digits = printed if bare else f"{value:g}"
    unit = unit.removeprefix("%") if digits.endswith("%") else unit
    gap = " " if unit and not unit.startswith("%") else ""
    return f"{bound}{digits}{gap}{unit}".rstrip()


def plain(text: object) -> str:
    r"""Text as it is compared and searched: small letters, no marks, nothing invisible.

    >>> (
    ...     plain("Managing magistrates' courts"),
    ...     plain("Lei\u00adcester\u2011shire"),
    ...     plain("opa_2005"),
    ... )
    ('managing magistrates courts', 'leicester shire', 'opa 2005')
    """
    words = str(text)
    if not words.isascii():
        seen = (c for c in unicodedata.normalize("NFKC", words) if unicodedata.category(c) != "Cf")
        words = "".join(seen)
    return " ".join(_WORD.findall(_APOSTROPHES.sub("", words.casefold())))
