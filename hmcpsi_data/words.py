"""Words for people: what the codes of the tables are called, and numbers and dates as text."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

__all__ = [
    "BASES",
    "FACTS",
    "KINDS",
    "LEVELS",
    "MISSING",
    "PLURALS",
    "POLARITIES",
    "RELATIONS",
    "SPEAKERS",
    "STATES",
    "TIERS",
    "count_of",
    "date_in_words",
    "listed",
    "number_in_words",
    "plain",
]

SPEAKERS = {
    "inspectorate": "inspectorate",
    "inspected_body": "CPS",
    "parliament": "Parliament",
    "press_and_other": "press and others",
    "project": "this project",
}
"""Who speaks, as readers know them."""

TIERS = {
    "inspectorate": "the inspectorate",
    "inspected_body": "the CPS",
    "parliament": "Parliament",
    "press_and_other": "press and others",
}
"""Whose publication a source is, as readers know them."""

BASES = {
    "stated": "stated",
    "stated_in_prose": "stated in prose",
    "second_hand": "second hand",
    "derived": "derived",
    "inferred": "inferred",
    "contradicted": "contradicted",
}
"""How a source carries a fact, in words."""

KINDS = {
    "recommendation": "recommendation",
    "aspect_for_improvement": "aspect for improvement",
    "issue": "issue to address",
}
"""The three kinds of action."""

FACTS = {
    "rating": "rating",
    "progress": "progress",
    "recommendation": "recommendation",
    "aspect_for_improvement": "aspect for improvement",
    "issue": "issue to address",
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
"""Kinds of statement in the long table of facts."""

LEVELS = {
    "overall": "overall assessment",
    "section": "section",
    "criterion": "criterion",
    "aspect": "aspect",
    "subject": "subject",
    "pilot_score": "pilot score",
}
"""Levels of rated things."""

PLURALS = {
    "overall": "overall assessments",
    "section": "sections",
    "criterion": "criteria",
    "aspect": "aspects",
    "subject": "subjects",
    "pilot_score": "pilot scores",
}
"""Levels of rated things, several of them."""

RELATIONS = {
    "equal": "equal",
    "source_within_target": "old lies within new",
    "source_contains_target": "old contains new",
    "overlaps": "overlap",
    "undetermined": "undetermined",
}
"""What an old aspect is to a new one, in words."""

POLARITIES = ("strength", "weakness", "mixed", "context")
"""What a finding in words can be."""

STATES = {"done": "done", "under_way": "under way", "promised": "promised", "mixed": "mixed"}
"""How far an answer or a commitment is, as the inspected body states it."""

MISSING = {
    "not_in_framework": "not in framework",
    "not_rated": "not rated",
    "not_found": "not found",
    "not_applicable": "not applicable",
}
"""Why there is no rating, in words; none of them means Poor."""

_BOUNDS = {"more_than": "more than ", "less_than": "less than ", "about": "about "}
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4]")
_WORD = re.compile(r"[^\W_]+")
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")


def count_of(n: int, one: str, several: str = "") -> str:
    """A number of things, in words that fit the number.

    Examples
    --------
    >>> count_of(1, "theme"), count_of(1200, "theme"), count_of(2, "criterion", "criteria")
    ('1 theme', '1,200 themes', '2 criteria')
    """
    return f"{n:,} {one if n == 1 else several or f'{one}s'}"


def listed(words: Sequence[str]) -> str:
    """Words in a row, with "and" before the last.

    Examples
    --------
    >>> listed(["a", "b", "c"]), listed(["a"]), listed([])
    ('a, b and c', 'a', '')
    """
    if not words:
        return ""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def date_in_words(date: object, precision: str | None = None) -> str:
    """A date as people write it, no more precise than it is known; empty where there is none.

    Parameters
    ----------
    date : str
        An ISO date ("2006-03-14", "2010-04", "2007"), or two of them with " to " between.
    precision : {"day", "month", "year"}, optional
        How much of it is known; all that is written, where not given.

    Examples
    --------
    >>> (
    ...     date_in_words("2006-03-14", "day"),
    ...     date_in_words("2010-04"),
    ...     date_in_words("2007-01", "year"),
    ... )
    ('14 March 2006', 'April 2010', '2007')
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
    """The value of a row of `measures`, with its bound and its unit.

    Where the source gives no number its words stand in its place; nothing is made of them.

    Examples
    --------
    >>> bound = {"value": 94.0, "value_as_printed": ">94", "qualifier": "more_than"}
    >>> number_in_words(bound | {"unit": "% of cases"})
    'more than 94% of cases'
    >>> words = {"value": None, "value_as_printed": "one third", "qualifier": "words"}
    >>> number_in_words(words | {"unit": "of cases"})
    'one third of cases'
    >>> money = {"value": 27.1, "value_as_printed": "27.1", "qualifier": None}
    >>> number_in_words(money | {"unit": "GBP million"})
    '£27.1 million'
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

    Apostrophes go, every other mark and every underscore is a space, and soft hyphens and other
    characters that nobody sees make no difference.

    Examples
    --------
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
