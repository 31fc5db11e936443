"""Dates and periods as publications print them, as ISO 8601 strings."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import NamedTuple

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_NUMBER = {
    **{name.casefold(): i for i, name in enumerate(_MONTHS, 1)},
    **{name[:3].casefold(): i for i, name in enumerate(_MONTHS, 1)},
    "sept": 9,
}
MONTH = rf"(?:{'|'.join(_MONTHS)}|{'|'.join(name[:3] for name in _MONTHS)}|Sept)"
YEAR = r"(?:19[89]|20[0-4])[0-9]"
_DATE = re.compile(
    rf"""
    \b(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?\ (?:of\ )?(?P<month>{MONTH})\.?,?\ (?P<year>{YEAR})\b
    | \b(?P<month2>{MONTH})\.?\ (?P<day2>[0-3]?[0-9])(?:st|nd|rd|th)?,?\ (?P<year2>{YEAR})\b
    | \b(?P<day3>[0-3]?[0-9])[/.](?P<month3>[01]?[0-9])[/.](?P<year3>{YEAR})\b
    | \b(?P<year4>{YEAR})-(?P<month4>[01][0-9])(?:-(?P<day4>[0-3][0-9]))?\b
    | \b(?P<month5>{MONTH})\.?,?\ (?P<year5>{YEAR})\b
    | \((?P<month6>{MONTH})\.?\ '?(?P<year6>[0-4][0-9])\)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BETWEEN = re.compile(
    rf"\b(?:between|from)\s(?P<first>{MONTH})(?:\s(?P<year>{YEAR}))?\s(?:and|to|until)"
    rf"\s(?P<last>{MONTH})\s(?P<end>{YEAR})\b",
    re.IGNORECASE,
)
_YEAR_ENDED = re.compile(
    rf"\b(?:twelve months|12 months|year) (?:ended|ending|to)(?: in| on)?(?: the)?"
    rf"(?: [0-3]?[0-9](?:st|nd|rd|th)?)? (?P<month>{MONTH}) (?P<year>{YEAR})\b",
    re.IGNORECASE,
)
_FINANCIAL = re.compile(rf"\b(?P<first>{YEAR})\s?[-/]\s?(?P<last>(?:20)?[0-9]{{2}})\b(?!-)")


class Found(NamedTuple):
    """A date in a text: as ISO 8601, its precision, and where it stands."""

    iso: str
    precision: str
    start: int
    end: int


def dates(text: str) -> Iterator[Found]:
    """The dates of a text that name at least a month; a financial year is none."""
    for match in _DATE.finditer(text):
        parts = {key.rstrip("23456"): value for key, value in match.groupdict().items() if value}
        month = _NUMBER.get(parts["month"].casefold()) or int(parts["month"])
        year, day = int(parts["year"]), int(parts.get("day") or 0)
        year += 2000 if year < 100 else 0
        if match["year4"] and not day and month == (year + 1) % 100:
            continue
        try:
            iso = dt.date(year, month, day or 1).isoformat()
        except ValueError:
            continue
        precision = "day" if day else "month"
        yield Found(iso if day else iso[:7], precision, match.start(), match.end())


def financial_years(text: str) -> Iterator[tuple[int, int, int]]:
    """The financial years that a text names: the year in which each begins, and where it stands."""
    for match in _FINANCIAL.finditer(text):
        if int(match["last"][-2:]) == (int(match["first"]) + 1) % 100:
            yield int(match["first"]), match.start(), match.end()


def period(text: str) -> str | None:
    """The period that a part of a sentence gives for its figures, as a date or an interval."""
    if match := _YEAR_ENDED.search(text):
        month, year = _NUMBER[match["month"].casefold()], int(match["year"])
        begun = f"{year}-01" if month == 12 else f"{year - 1}-{month + 1:02}"
        return f"{begun}/{year}-{month:02}"
    if match := _BETWEEN.search(text):
        first, last = (_NUMBER[match[name].casefold()] for name in ("first", "last"))
        end = int(match["end"])
        start = int(match["year"] or (end - 1 if first > last else end))
        if (start, first) <= (end, last):
            return f"{start}-{first:02}/{end}-{last:02}"
    for year, _, _ in financial_years(text):
        return f"{year}-04/{year + 1}-03"
    found = list(dates(text))
    return found[0].iso if len(found) == 1 else None
