"""Which Area a name means, and when.

An Area goes by several names, and one name may belong to two Areas at different times. A name is
never resolved by guessing: it means one Area, or it is an error that says what is known. What
became of an Area, and what it came from, is in `hmcpsi_data.lineage`.
"""

from __future__ import annotations

import calendar
import datetime as dt
import os
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from hmcpsi_data.errors import AmbiguousAreaError, HmcpsiError, UnknownValueError, quote
from hmcpsi_data.tables import load

__all__ = [
    "AreaNotInBeingError",
    "DateError",
    "Days",
    "When",
    "days",
    "find_area",
    "in_being",
    "period",
    "resolve",
    "simplify",
]

When = str | dt.date

_LISTING = "areas()"
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_WORD = re.compile(r"[^\W_]+")
_NO_MATTER = ("and", "cps")
# Sorts after "-" and after every digit, so that a month includes its days.
_LATEST = "~"


class DateError(HmcpsiError, ValueError):
    """A date that cannot be read, or that does not single out one state of the Areas."""


class AreaNotInBeingError(UnknownValueError):
    """An Area that was not in being at the date that was asked for.

    Parameters
    ----------
    argument, value, known, listing
        As for `UnknownValueError`; `known` holds the identifiers of the predecessors or successors
        that were in being at that date.
    on : str
        The date.
    detail : str
        When the Area was in being and who stood in its place, as sentences.

    Attributes
    ----------
    relatives : tuple of str
        The identifiers of those predecessors or successors.

    Examples
    --------
    >>> find_area("Leicestershire", on="2016-11-29")
    Traceback (most recent call last):
    hmcpsi_data.area.AreaNotInBeingError: area "Leicestershire" was not in being on 2016-11-29: \
leicestershire_1999 (1999-04-01 to 2011-03-31) has the successor east_midlands_2011 \
(East Midlands) at that date.
    """

    def __init__(
        self, argument: str, value: object, known: Iterable[str], listing: str, on: str, detail: str
    ) -> None:
        super().__init__(argument, value, known, listing)
        self.relatives = self.known
        self.on = on
        self.detail = detail
        self.args = (*self.args, on, detail)

    def __str__(self) -> str:
        at = "on" if len(self.on) == len("2005-06-30") else "in"
        return f"{self.argument} {quote(self.value)} was not in being {at} {self.on}: {self.detail}"


class Days(NamedTuple):
    """The first and the last day that a date means: one day, a month or a year."""

    first: dt.date
    last: dt.date
    text: str


def find_area(
    name: str,
    on: When | None = None,
    folder: str | os.PathLike[str] | None = None,
) -> str:
    """The identifier of the Area that a name or an identifier means.

    Case, spaces, hyphens and other marks, ``&`` or "and", the word "CPS" and a last word "Area"
    make no difference.

    Parameters
    ----------
    name : str
        An identifier or any name in `areas` or `area_names`.
    on : str or datetime.date, optional
        A date at which the Area was in being, as precise as you know it: "2005", "2005-06" or
        "2005-06-30". Of several Areas with one name it picks the one of that date. A month or a
        year means any day of it.
    folder : path, optional
        As for `load`.

    Raises
    ------
    UnknownValueError
        Where no Area goes by that name; the nearest names are given.
    AmbiguousAreaError
        Where several do, at that date if there is one; they are given with their periods.
    AreaNotInBeingError
        Where the Area was not in being at that date. Its successors or predecessors are named and
        never returned in its place.
    DateError
        Where the date cannot be read.

    See Also
    --------
    predecessors, successors, lineage : What an Area came from and what became of it.

    Examples
    --------
    >>> find_area("cps leicestershire & rutland")
    'leicestershire_1999'
    >>> find_area("Mersey Cheshire")
    'mersey_cheshire_2011'
    >>> find_area("West Midlands", on="2005-12")
    'west_midlands_1999'
    >>> find_area("West Midlands")
    Traceback (most recent call last):
    hmcpsi_data.errors.AmbiguousAreaError: area "West Midlands" names several Areas: \
west_midlands_1999 (1999-04-01 to 2011-03-31), west_midlands_2011 (since 2011-04-01). \
Ask for one of these identifiers; areas() lists all.
    """
    when = None if on is None else days(on)
    known = load("areas", folder)
    names = _names(known, load("area_names", folder))
    wanted = _plain(name) if isinstance(name, str) else None
    found = [area_id for known_name, area_id in names if _plain(known_name) == wanted]
    candidates = known[known["area_id"].isin(found)]
    if candidates.empty:
        distinct = {_plain(known_name): known_name for known_name, _ in reversed(names)}
        raise UnknownValueError("area", name, reversed(distinct.values()), _LISTING)
    if when is not None:
        there = candidates[in_being(candidates, when)]
        if there.empty:
            raise _not_in_being(name, candidates, when, folder)
        candidates = there
    if len(candidates) > 1:
        ids = candidates["area_id"]
        raise AmbiguousAreaError("area", name, ids, _LISTING, period(candidates))
    return str(candidates["area_id"].iloc[0])


def resolve(area: str, folder: str | os.PathLike[str] | None = None) -> str:
    """The identifier that a name means, whatever the date: `find_area` without ``on``.

    Examples
    --------
    >>> resolve("East Midlands CPS Area")
    'east_midlands_2011'
    """
    return find_area(area, folder=folder)


def simplify(name: object) -> str:
    """A name without what makes no difference: case, spaces, ``&`` and the word "CPS".

    Examples
    --------
    >>> simplify(" CPS  Leicestershire & Rutland")
    'leicestershire and rutland'
    """
    words = str(name).casefold().replace("&", " and ").split()
    return " ".join(word for word in words if word != "cps")


def period(areas: pd.DataFrame) -> pd.Series:
    """When each Area was in being, in words.

    Examples
    --------
    >>> period(load("areas"))[0]
    '1999-04-01 to 2011-03-31'
    """
    ended = areas["valid_from"] + " to " + areas["valid_to"]
    return ended.fillna("since " + areas["valid_from"])


def days(date: When, argument: str = "on") -> Days:
    """The days that a date means.

    Parameters
    ----------
    date : str or datetime.date
        An ISO date, as precise as "2005", "2005-06" or "2005-06-30".
    argument : str
        Name of the argument, for the error.

    Raises
    ------
    DateError
        Where it is no such date.

    Examples
    --------
    >>> days("2008-02").last
    datetime.date(2008, 2, 29)
    >>> days("2005-13")
    Traceback (most recent call last):
    hmcpsi_data.area.DateError: on "2005-13" is not a date. Write it as "2005", "2005-06" or \
"2005-06-30", quotation marks included, or give a datetime.date.
    """
    is_date = isinstance(date, dt.date) and date == date  # NaT is no date and not itself
    text = date.isoformat()[:10] if is_date else date
    match = _DATE.fullmatch(text.strip()) if isinstance(text, str) else None
    try:
        year, month, day = (None if part is None else int(part) for part in match.groups())
        first = dt.date(year, month or 1, day or 1)
    except (AttributeError, ValueError):
        asked = quote(date) if isinstance(date, str) else f"{date!r} ({type(date).__name__})"
        raise DateError(
            f'{argument} {asked} is not a date. Write it as "2005", "2005-06" or "2005-06-30", '
            "quotation marks included, or give a datetime.date."
        ) from None
    month = month or 12
    last = dt.date(year, month, day or calendar.monthrange(year, month)[1])
    return Days(first, last, match.group())


def in_being(areas: pd.DataFrame, when: Days) -> pd.Series:
    """Whether each Area was in being on at least one of the days.

    Examples
    --------
    >>> areas = load("areas").query("kind == 'area'")
    >>> int(in_being(areas, days("2005")).sum())
    42
    """
    begun = areas["valid_from"] <= when.last.isoformat()
    not_ended = areas["valid_to"] + _LATEST >= when.first.isoformat()
    return (begun.fillna(False) & not_ended.fillna(True)).astype(bool)


@lru_cache(maxsize=4096)
def _plain(name: str) -> str:
    """A name without what makes no difference in a name of an Area."""
    words = [word for word in _WORD.findall(name.casefold()) if word not in _NO_MATTER]
    return " ".join(words[:-1] if words[1:] and words[-1] == "area" else words)


def _names(areas: pd.DataFrame, area_names: pd.DataFrame) -> list[tuple[str, str]]:
    """Each name and identifier with the Area that it means; own names first."""
    ids = areas["area_id"]
    own = zip(areas["name"], ids, strict=True)
    others = zip(area_names["name"], area_names["area_id"], strict=True)
    return [(str(name), area_id) for name, area_id in (*own, *others, *zip(ids, ids, strict=True))]


def _not_in_being(
    name: object,
    candidates: pd.DataFrame,
    when: Days,
    folder: str | os.PathLike[str] | None,
) -> AreaNotInBeingError:
    from hmcpsi_data.lineage import relatives  # it needs find_area

    ids, sentences = [], []
    for area in candidates.assign(period=period(candidates)).itertuples():
        back = area.valid_from > when.last.isoformat()
        found = relatives(area.area_id, when, back, folder)
        ids += list(found["area_id"])
        others = _listed(found, "predecessor" if back else "successor")
        sentences.append(f"{area.area_id} ({area.period}) has {others} at that date.")
    return AreaNotInBeingError("area", name, ids, _LISTING, when.text, " ".join(sentences))


def _listed(found: pd.DataFrame, kind: str) -> str:
    named = list(found["area_id"] + " (" + found["area"] + ")")
    if not named:
        return f"no {kind} that is known"
    if len(named) == 1:
        return f"the {kind} {named[0]}"
    return f"the {kind}s {', '.join(named[:-1])} and {named[-1]}"
