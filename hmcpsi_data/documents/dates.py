"""Dates and periods as publications print them, as ISO 8601 strings."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Found", "dates", "period"]

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_NUMBER = {
    **{name.casefold(): i for i, name in enumerate(_MONTHS, 1)},
    **{name[:3].casefold(): i for i, name in enumerate(_MONTHS, 1)},
    "sept": 9,
}
_MONTH = rf"(?:{'|'.join(_MONTHS)}|{'|'.join(name[:3] for name in _MONTHS)}|Sept)"
_YEAR = r"(?:19[89]|20[0-9])[0-9]"
_DATE = re.compile(
    rf"""
    \b(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?\ (?:of\ )?(?P<month>{_MONTH})\.?,?\ (?P<year>{_YEAR})\b
    | \b(?P<month2>{_MONTH})\.?\ (?P<day2>[0-3]?[0-9])(?:st|nd|rd|th)?,?\ (?P<year2>{_YEAR})\b
    | \b(?P<day3>[0-3]?[0-9])[/.](?P<month3>[01]?[0-9])[/.](?P<year3>{_YEAR})\b
    | \b(?P<year4>{_YEAR})-(?P<month4>[01][0-9])(?:-(?P<day4>[0-3][0-9]))?\b
    | \b(?P<month5>{_MONTH})\.?,?\ (?P<year5>{_YEAR})\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BETWEEN = re.compile(
    rf"\b(?:between|from)\s(?P<first>{_MONTH})(?:\s(?P<year>{_YEAR}))?\s(?:and|to|until)"
    rf"\s(?P<last>{_MONTH})\s(?P<end>{_YEAR})\b",
    re.IGNORECASE,
)
_YEAR_ENDED = re.compile(
    rf"\b(?:twelve months|12 months|year) (?:ended|ending|to)(?: in| on)?"
    rf"(?: (?:the )?[0-3]?[0-9](?:st|nd|rd|th)?)? (?P<month>{_MONTH}) (?P<year>{_YEAR})\b",
    re.IGNORECASE,
)
_FINANCIAL = re.compile(rf"\b(?P<first>{_YEAR})\s?[-/]\s?(?P<last>(?:20)?[0-9]{{2}})\b")


class Found(NamedTuple):
    """A date in a text: as ISO 8601, its precision, and where it stands."""

    iso: str
    precision: str
    start: int
    end: int


def dates(text: str) -> Iterator[Found]:
    """The dates of a text that name at least a month.

    Examples
    --------
    >>> [(found.iso, found.precision) for found in dates("14 March 2006; 29/11/2016; August 2022")]
    [('2006-03-14', 'day'), ('2016-11-29', 'day'), ('2022-08', 'month')]
    """
    for match in _DATE.finditer(text):
        parts = {key.rstrip("2345"): value for key, value in match.groupdict().items() if value}
        month = _NUMBER.get(parts["month"].casefold()) or (
            int(parts["month"]) if parts["month"].isdigit() else 0
        )
        year, day = int(parts["year"]), int(parts.get("day") or 0)
        try:
            date = dt.date(year, month, day or 1)
        except ValueError:
            continue
        iso = date.isoformat()
        if day:
            yield Found(iso, "day", match.start(), match.end())
        else:
            yield Found(iso[:7], "month", match.start(), match.end())


def period(text: str) -> str | None:
    """The period that a sentence gives for its figures, as an ISO 8601 date or interval.

    Examples
    --------
    >>> period("In the year ended March 2005 the Area employed some staff")
    '2004-04/2005-03'
    >>> period("files finalised between April and June 2016")
    '2016-04/2016-06'
    >>> period("it has four offices")
    """
    if match := _YEAR_ENDED.search(text):
        month, year = _NUMBER[match["month"].casefold()], int(match["year"])
        first = f"{year}-01" if month == 12 else f"{year - 1}-{month + 1:02}"
        return f"{first}/{year}-{month:02}"
    if match := _BETWEEN.search(text):
        first, last = (_NUMBER[match[name].casefold()] for name in ("first", "last"))
        end = int(match["end"])
        start = int(match["year"] or (end - 1 if first > last else end))
        if (start, first) <= (end, last):
            return f"{start}-{first:02}/{end}-{last:02}"
    if match := _FINANCIAL.search(text):
        first, last = int(match["first"]), match["last"]
        if int(last[-2:]) == (first + 1) % 100:
            return f"{first}-04/{first + 1}-03"
    found = list(dates(text))
    return found[0].iso if len(found) == 1 else None
