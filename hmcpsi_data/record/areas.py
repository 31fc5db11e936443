"""Which Area a name means, what it came from, and what became of it.

An Area goes by several names, and one name may belong to two Areas at different times. A name is
never resolved by guessing: it means one Area, or it is an error that says what is known.

The 42 Areas of 1 April 1999 became 13 on 1 April 2011 and 14 in April 2017. A renaming makes no new
Area, new borders do. London went through 2011 as it was, so it has one row until it was divided.
The source of 2017 states the month only; the first of April is ours, so that there is no gap.

Populations are those of the Census of 2011, added up over the police forces that an Area serves.
London North and London South share the Metropolitan force, and what was found does not say which of
them serves the City of London, so no population can be given for either: it is missing.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from itertools import chain
from typing import Any, NamedTuple

import pandas as pd

from hmcpsi_data.errors import (
    AmbiguousAreaError,
    AreaNotInBeingError,
    DateError,
    UnknownValueError,
    quote,
)
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import listed, plain

__all__ = [
    "Days",
    "days",
    "family",
    "find_area",
    "in_being",
    "lineage",
    "period",
    "population_share",
    "predecessors",
    "refuse_if_never_met",
    "successors",
]

When = str | dt.date

_LISTING = "areas()"
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_NO_MATTER = ("and", "cps")  # words that make no difference in a name
_LATEST = "~"  # sorts after "-" and every digit, so that a month includes its days
_LINK = ["date", "event", "quality", "source_id"]
_AREA = ["area_id", "area", "valid_from", "valid_to"]
_RELATIVES = [*_AREA, *_LINK]
_LINEAGE = ["generation", *_AREA, "relation", "forces", "quality", "source_id"]
_SEPARATOR = "; "


def find_area(name: str, on: When | None = None, record: RecordLike = None) -> str:
    """The identifier of the Area that a name or an identifier means.

    Case, spaces, hyphens and other marks, ``&`` or "and", the word "CPS" and a last word "Area"
    make no difference, nor do characters that nobody sees, such as soft hyphens.

    Parameters
    ----------
    name : str
        An identifier or any name in `areas` or `area_names`.
    on : str or datetime.date, optional
        A date at which the Area was in being, as precise as you know it: "2005", "2005-06" or
        "2005-06-30". Of several Areas with one name it picks the one of that date. A month or a
        year means any day of it.
    record : Record or path, optional
        Another data folder than the shipped one.

    Returns
    -------
    str

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
    >>> find_area("West Midlands", on="2005-12")
    'west_midlands_1999'
    >>> find_area("West Midlands")
    Traceback (most recent call last):
    hmcpsi_data.errors.AmbiguousAreaError: area "West Midlands" names several Areas: \
west_midlands_1999 (1999-04-01 to 2011-03-31), west_midlands_2011 (since 2011-04-01). \
Ask for one of these identifiers; areas() lists all.
    >>> find_area("Leicestershire", on="2016-11-29")
    Traceback (most recent call last):
    hmcpsi_data.errors.AreaNotInBeingError: area "Leicestershire" was not in being on 2016-11-29: \
leicestershire_1999 (1999-04-01 to 2011-03-31) has the successor east_midlands_2011 \
(East Midlands) at that date.
    """
    record = as_record(record)
    when = None if on is None else days(on)
    index, names = record.once(_names)
    ids = index.get(_plain(name), ()) if isinstance(name, str) else ()
    if not ids:
        raise UnknownValueError("area", name, names, _LISTING)
    candidates = record.table("areas")
    candidates = candidates[candidates["area_id"].isin(ids)]
    if when is not None:
        there = candidates[in_being(candidates, when)]
        if there.empty:
            raise _not_in_being(name, candidates, when, record)
        candidates = there
    if len(candidates) > 1:
        known = candidates["area_id"]
        raise AmbiguousAreaError("area", name, known, _LISTING, period(candidates))
    return str(candidates["area_id"].iloc[0])


def predecessors(area: str, on: When | None = None, record: RecordLike = None) -> pd.DataFrame:
    """The Areas that an Area came from.

    Parameters
    ----------
    area : str
        A name or an identifier, as for `find_area`.
    on : str or datetime.date, optional
        The date at which the predecessors were in being, however many generations back. Without
        it, those of one generation back.
    record : Record or path, optional
        Another data folder than the shipped one.

    Returns
    -------
    pandas.DataFrame
        One row per predecessor, in the order of the table `areas`; none where none is known. All
        columns are strings: `area_id`, `area`, `valid_from` and `valid_to`; `date`, `event` and
        `source_id` of the change that ended the predecessor; and `quality`, the weakest on the way
        to it: "secondary" where one step rests on elimination or hearsay.

    Raises
    ------
    UnknownValueError, AmbiguousAreaError, DateError
        As for `find_area`.

    Examples
    --------
    >>> predecessors("Mersey-Cheshire")[["area_id", "date", "event"]]
               area_id        date   event
    0    cheshire_1999  2011-04-01  merged
    1  merseyside_1999  2011-04-01  merged
    >>> predecessors("London North", on="2005")["area_id"].to_list()
    ['london_1999']
    """
    return _relatives(area, on, True, as_record(record))


def successors(area: str, on: When | None = None, record: RecordLike = None) -> pd.DataFrame:
    """The Areas that took over all or part of an Area.

    Parameters
    ----------
    area : str
        A name or an identifier, as for `find_area`.
    on : str or datetime.date, optional
        The date at which the successors were in being, however many generations on. Without it,
        those of one generation on.
    record : Record or path, optional
        Another data folder than the shipped one.

    Returns
    -------
    pandas.DataFrame
        As for `predecessors`; `date`, `event` and `source_id` are those of the change that made
        the successor.

    Raises
    ------
    UnknownValueError, AmbiguousAreaError, DateError
        As for `find_area`.

    Examples
    --------
    >>> successors("Leicestershire", on="2020")[["area_id", "event", "quality"]]
                  area_id   event        quality
    0  east_midlands_2011  merged  seen_verbatim
    >>> successors("London")["area_id"].to_list()
    ['london_north_2017', 'london_south_2017']
    """
    return _relatives(area, on, False, as_record(record))


def lineage(area: str, record: RecordLike = None) -> pd.DataFrame:
    """The whole family that an Area belongs to, in the order of time.

    Parameters
    ----------
    area : str
        A name or an identifier, as for `find_area`.
    record : Record or path, optional
        Another data folder than the shipped one.

    Returns
    -------
    pandas.DataFrame
        One row per Area that changes of Areas connect with this one: `area_id`, `area`,
        `valid_from`, `valid_to` and

        generation : Int64
            0 for the Area itself, -1 and less for earlier generations, 1 and more for later ones.
        relation
            self, predecessor, successor, or sibling: an Area that shares a predecessor or a
            successor with this one, as the five that became East Midlands do.
        forces
            The police forces that it serves, separated by "; ".
        quality, source_id
            How well the changes that connect it with this Area are documented (the weakest of
            them), and the source of the one next to it. Empty for the Area itself.

    Raises
    ------
    UnknownValueError, AmbiguousAreaError
        As for `find_area`.

    Examples
    --------
    >>> lineage("London South")[["generation", "area_id", "relation"]]
       generation            area_id     relation
    0          -1        london_1999  predecessor
    1           0  london_north_2017      sibling
    2           0  london_south_2017         self
    """
    record = as_record(record)
    own = find_area(area, record=record)
    pairs = record.once(_pairs)
    connected = {own: _Reached(own)} | _walk(own, pairs, back=True, forth=True)
    relation = dict.fromkeys(connected, "sibling")
    relation |= dict.fromkeys(_walk(own, pairs, back=True), "predecessor")
    relation |= dict.fromkeys(_walk(own, pairs, forth=True), "successor")
    relation[own] = "self"
    rows = _reached_rows(record, connected)
    rows["relation"] = rows["area_id"].map(relation).astype("string")
    rows["forces"] = _forces_of(record.once(_served), rows["area_id"])
    return rows.sort_values("valid_from", kind="stable", ignore_index=True)[_LINEAGE]


def family(area: str, record: RecordLike = None) -> list[str]:
    """The identifiers of an Area and of all before and after it, in the order of time.

    Examples
    --------
    >>> family("Leicestershire")
    ['leicestershire_1999', 'east_midlands_2011']
    """
    rows = lineage(area, record)
    return rows.loc[rows["relation"].ne("sibling"), "area_id"].tolist()


def population_share(area: str, on: When | None = None, record: RecordLike = None) -> pd.DataFrame:
    """How much of an Area each of its predecessors is, by population at the Census of 2011.

    Both `population_2011` (Int64, in the forces that both serve) and `share` (Float64, 0 to 1) are
    missing where a force in question is shared with another Area of the same time. For another year
    than 2011 they are an approximation.

    Examples
    --------
    >>> population_share("Mersey-Cheshire").round(3)
        predecessor_id predecessor  population_2011  share
    0    cheshire_1999    Cheshire          1027709  0.427
    1  merseyside_1999  Merseyside          1381189  0.573
    """
    record = as_record(record)
    own = find_area(area, record=record)
    before = predecessors(own, on, record)
    ids = before["area_id"]
    served = record.once(_served)
    others: _Codes = {area_id: served[area_id] for area_id in _of_its_time(own, record)}
    parts: _Codes = {area_id: {*served[area_id]} & {*served[own]} for area_id in ids}
    # Beside the others of its time, so that a force that one of them shares counts for nobody.
    people = _people(parts | others, record)
    whole = _people({own: served[own]} | others, record)[own]
    population = pd.array([people[area_id] for area_id in ids], dtype="Int64")
    return pd.DataFrame(
        {
            "predecessor_id": ids,
            "predecessor": before["area"],
            "population_2011": population,
            "share": (population / whole).astype("Float64"),
        }
    )


# Dates ------------------------------------------------------------------------------------------


class Days(NamedTuple):
    """The first and the last day that a date means: one day, a month or a year."""

    first: dt.date
    last: dt.date
    text: str


def days(date: When, argument: str = "on") -> Days:
    """The days that a date means; the argument is named where it is none.

    Examples
    --------
    >>> days("2008-02").last
    datetime.date(2008, 2, 29)
    >>> days("2005-13")
    Traceback (most recent call last):
    hmcpsi_data.errors.DateError: on "2005-13" is not a date. Write it as "2005", "2005-06" or \
"2005-06-30", quotation marks included, or give a datetime.date.
    """
    # NaT calls itself a date, and is not equal to itself.
    text = date.isoformat()[:10] if isinstance(date, dt.date) and date == date else date
    match = _DATE.fullmatch(text.strip()) if isinstance(text, str) else None
    try:
        if match is None:
            raise ValueError
        year, month, day = (None if part is None else int(part) for part in match.groups())
        first = dt.date(year or 0, month or 1, day or 1)
    except ValueError:
        asked = quote(date) if isinstance(date, str) else f"{date!r} ({type(date).__name__})"
        raise DateError(
            f'{argument} {asked} is not a date. Write it as "2005", "2005-06" or "2005-06-30", '
            "quotation marks included, or give a datetime.date."
        ) from None
    month = month or 12
    last = first.replace(month=month, day=day or calendar.monthrange(first.year, month)[1])
    return Days(first, last, match.group())


def in_being(areas: pd.DataFrame, when: Days) -> pd.Series:
    """Whether each Area was in being on at least one of the days."""
    begun = areas["valid_from"] <= when.last.isoformat()
    not_ended = areas["valid_to"] + _LATEST >= when.first.isoformat()
    return (begun.fillna(False) & not_ended.fillna(True)).astype(bool)


def period(areas: pd.DataFrame) -> pd.Series:
    """When each Area was in being, in words."""
    ended = areas["valid_from"] + " to " + areas["valid_to"]
    return ended.fillna("since " + areas["valid_from"])


def never_met(valid_from: Any, valid_to: Any, begins: Any, ends: Any) -> Any:
    """Whether a unit and a framework cannot have met, each date taken as widely as it is known.

    Takes single dates or columns of them; "" and "9999" stand for open ends. A date that is a part
    of another, as 2011 is of 2011-04, may be the same day.
    """
    return (valid_to + _LATEST < begins) | (ends + _LATEST < valid_from)


def refuse_if_never_met(
    area_ids: Iterable[str] | None, framework_ids: Iterable[str] | None, record: Record
) -> None:
    """Refuse Areas none of which was in being under any framework asked for; name who was.

    An empty answer would read as if nothing had been found of them.
    """
    if not area_ids or not framework_ids:
        return
    units, frameworks = record.table("areas"), record.table("frameworks")
    units = units[units["area_id"].isin(list(area_ids))]
    frameworks = frameworks[frameworks["framework_id"].isin(list(framework_ids))]
    pairs = units.merge(frameworks, how="cross")
    begins, ends = pairs["in_force_from"].fillna(""), pairs["in_force_to"].fillna("9999")
    apart = never_met(
        pairs["valid_from"].fillna(""), pairs["valid_to"].fillna("9999"), begins, ends
    )
    if not apart.all():
        return
    first = days(frameworks["in_force_from"].dropna().min()).first
    last = frameworks["in_force_to"].max(skipna=False)
    span = (
        f"{first:%Y}" if pd.isna(last) or last[:4] == f"{first:%Y}" else f"{first:%Y} to {last[:4]}"
    )
    when = Days(
        first,
        dt.date.max if pd.isna(last) else days(last).last,
        f"{span} ({listed(frameworks['short_title'].tolist())})",
    )
    raise _not_in_being(listed(units["name"].tolist()), units, when, record)


# The inside -------------------------------------------------------------------------------------


class _Reached(NamedTuple):
    """An Area, how many generations away it is (back is negative), and the pair that led to it."""

    area_id: str
    generation: int = 0
    date: str | None = None
    event: str | None = None
    quality: str | None = None
    source_id: str | None = None


def _plain(name: str) -> str:
    """A name without what makes no difference in a name of an Area."""
    words = [word for word in plain(name).split() if word not in _NO_MATTER]
    return " ".join(words[:-1] if words[1:] and words[-1] == "area" else words)


def _names(record: Record) -> tuple[dict[str, list[str]], list[str]]:
    """The Areas that each name or identifier means, and all names as written, own ones first."""
    areas, others = record.table("areas"), record.table("area_names")
    there = {*areas["area_id"]}
    index: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for known, column in ((areas, "name"), (others, "name"), (areas, "area_id")):
        for name, area_id in zip(known[column], known["area_id"], strict=True):
            ids = index.setdefault(_plain(str(name)), [])
            if area_id in there and area_id not in ids:
                ids.append(area_id)
            names.setdefault(_plain(str(name)), str(name))
    return index, list(names.values())


def _not_in_being(
    name: object, candidates: pd.DataFrame, when: Days, record: Record
) -> AreaNotInBeingError:
    ids: list[str] = []
    sentences = []
    for area in candidates.assign(period=period(candidates)).to_dict("records"):
        back = str(area["valid_from"]) > when.last.isoformat()
        kin = _kin(area["area_id"], when, back, record)
        ids += list(kin["area_id"])
        others = _named(kin, "predecessor" if back else "successor")
        sentences.append(f"{area['area_id']} ({area['period']}) has {others} at that date.")
    return AreaNotInBeingError("area", name, ids, _LISTING, when.text, " ".join(sentences))


def _named(kin: pd.DataFrame, kind: str) -> str:
    """Relatives as the object of a sentence."""
    names = list(kin["area_id"] + " (" + kin["area"] + ")")
    if not names:
        return f"no {kind} that is known"
    return f"the {kind}{'s' * (len(names) > 1)} {listed(names)}"


def _relatives(area: str, on: When | None, back: bool, record: Record) -> pd.DataFrame:
    when = None if on is None else days(on)
    return _kin(find_area(area, record=record), when, back, record)


def _kin(area_id: str, when: Days | None, back: bool, record: Record) -> pd.DataFrame:
    """The predecessors (`back`) or successors of an Area, by its identifier."""
    steps = _walk(area_id, record.once(_pairs), back=back, forth=not back)
    rows = _reached_rows(record, steps)
    chosen = rows["generation"].abs() == 1 if when is None else in_being(rows, when)
    return rows.loc[chosen, _RELATIVES].reset_index(drop=True)


def _pairs(record: Record) -> list[dict[Any, Any]]:
    """Each predecessor with its successor."""
    return record.table("area_lineage").to_dict("records")


def _walk(
    start: str, pairs: list[dict[Any, Any]], back: bool = False, forth: bool = False
) -> dict[str, _Reached]:
    """Every Area that pairs lead to, the nearest first and each once."""
    steps = defaultdict(list)
    for pair in pairs:
        before, after = pair["predecessor_id"], pair["successor_id"]
        link = [pair[column] for column in _LINK]
        if back:
            steps[after].append(_Reached(before, -1, *link))
        if forth:
            steps[before].append(_Reached(after, 1, *link))
    reached = {start: _Reached(start)}
    waiting = [start]
    for at in waiting:
        for step in steps[at]:
            if step.area_id not in reached:
                weak = "secondary" in (reached[at].quality, step.quality)
                reached[step.area_id] = step._replace(
                    generation=reached[at].generation + step.generation,
                    quality="secondary" if weak else step.quality,
                )
                waiting.append(step.area_id)
    del reached[start]
    return reached


def _reached_rows(record: Record, steps: dict[str, _Reached]) -> pd.DataFrame:
    """The Areas that were reached, in the order of their table, with what led to each."""
    areas = record.table("areas")
    rows = areas[areas["area_id"].isin(list(steps))].reset_index(drop=True)
    rows = rows.rename(columns={"name": "area"})[_AREA]
    reached = [steps[area_id] for area_id in rows["area_id"]]
    rows["generation"] = pd.array([step.generation for step in reached], dtype="Int64")
    for column in _LINK:
        rows[column] = pd.array([getattr(step, column) for step in reached], dtype="string")
    return rows


def _served(record: Record) -> dict[str, dict[str, str]]:
    """The forces that each Area serves, by their codes."""
    table = record.table("area_forces")
    served: dict[str, dict[str, str]] = {
        area_id: {} for area_id in record.table("areas")["area_id"]
    }
    for area_id, code, force in zip(
        table["area_id"], table["pfa_code"], table["force"], strict=True
    ):
        served.setdefault(area_id, {}).setdefault(code, force)
    return served


def _forces_of(served: dict[str, dict[str, str]], ids: pd.Series) -> pd.Series:
    """The forces of each Area in one text."""
    texts = [_SEPARATOR.join(served.get(area_id, {}).values()) or None for area_id in ids]
    return pd.Series(texts, ids.index, dtype="string")


_Codes = dict[str, Collection[str]]  # the forces that Areas serve


def _people(codes: _Codes, record: Record) -> dict[str, Any]:
    """The population of each Area; missing where it shares a force with another one of them."""
    forces = record.table("forces")
    people = dict(zip(forces["pfa_code"], forces["population_2011"], strict=True))
    times = Counter(chain.from_iterable(codes.values()))
    alone = {code: people.get(code, pd.NA) if n == 1 else pd.NA for code, n in times.items()}
    return {
        area_id: sum(alone[code] for code in own) if own else pd.NA
        for area_id, own in codes.items()
    }


def _of_its_time(area_id: str, record: Record) -> list[str]:
    """The other Areas that were in being while an Area was."""
    known = record.table("areas")
    own = known[known["area_id"] == area_id].iloc[0]
    last = dt.date.max if pd.isna(own["valid_to"]) else days(own["valid_to"]).last
    life = Days(days(own["valid_from"]).first, last, area_id)
    others = (known["kind"] == "area") & (known["area_id"] != area_id)
    return list(known.loc[others & in_being(known, life), "area_id"])
