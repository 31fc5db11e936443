"""Which Area a name means, what it came from, and what became of it.

A name is never resolved by guessing: it means one Area, or it is an error that says what is known.
A renaming makes no new Area, new borders do.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd

from hmcpsi_data.errors import (
    AmbiguousAreaError,
    AreaNotInBeingError,
    DateError,
    UnknownValueError,
    quote,
)
from hmcpsi_data.record.joins import in_one_cell
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import listed, plain

When = str | dt.date

_LISTING = "areas()"
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_NO_MATTER = ("and", "cps")  # words that make no difference in a name
_LATEST = "~"  # sorts after "-" and every digit, so that a month includes its days
_LINK = ["date", "event", "quality", "source_id"]
_AREA = ["area_id", "area", "valid_from", "valid_to"]
_LINEAGE = ["generation", *_AREA, "relation", "forces", "quality", "source_id"]


def find_area(name: str, on: When | None = None, record: RecordLike = None) -> str:
    """The identifier of the Area that a name or an identifier means.

    Case, spaces, marks, invisible characters, ``&`` or "and", the word "CPS" and a last word "Area"
    make no difference.

    Parameters
    ----------
    name : str
        An identifier or any name in `areas` or `area_names`.
    on : str or datetime.date, optional
        A date at which the Area was in being: "2005", "2005-06" (any day of it) or "2005-06-30". Of
        several Areas with one name it picks the one of that date.
    record : Record or path, optional
        Another data folder than the shipped one.

    Raises
    ------
    UnknownValueError, AmbiguousAreaError, AreaNotInBeingError, DateError
        Where no Area goes by that name, or several do; where it was not in being at that date (its
        relatives of the time are named); where the date cannot be read.

    Examples
    --------
    >>> find_area("cps leicestershire & rutland"), find_area("West Midlands", on="2005-12")
    ('leicestershire_1999', 'west_midlands_1999')
    """
    record = as_record(record)
    when = None if on is None else days(on)
    names = record.once(_names)
    ids = names.loc[names["plain"].eq(_plain(name)), "area_id"] if isinstance(name, str) else ()
    areas = record.table("areas")
    candidates = areas[areas["area_id"].isin(ids)]
    if candidates.empty:
        known = names.drop_duplicates("plain")["name"]
        raise UnknownValueError("area", name, known, _LISTING)
    if when is not None:
        there = candidates[in_being(candidates, when)]
        if there.empty:
            raise _not_in_being(name, candidates, when, record)
        candidates = there
    if len(candidates) > 1:
        known = candidates["area_id"]
        raise AmbiguousAreaError("area", name, known, _LISTING, _periods(candidates))
    return str(candidates["area_id"].iloc[0])


def _plain(name: str) -> str:
    words = [word for word in plain(name).split() if word not in _NO_MATTER]
    return " ".join(words[:-1] if words[1:] and words[-1] == "area" else words)


def _names(record: Record) -> pd.DataFrame:
    """All names and identifiers of Areas, those of the table of Areas first."""
    areas = record.table("areas")
    names = [areas, record.table("area_names"), areas.assign(name=areas["area_id"])]
    known = pd.concat(names, ignore_index=True)[["name", "area_id"]].astype(str)
    return known.assign(plain=known["name"].map(_plain))


def predecessors(area: str, on: When | None = None, record: RecordLike = None) -> pd.DataFrame:
    """The Areas that an Area came from.

    Parameters
    ----------
    area, record
        A name or an identifier, and the data, as for `find_area`, which says what is raised.
    on : str or datetime.date, optional
        When they were in being, however many generations back; else those of one generation back.

    Returns
    -------
    pandas.DataFrame
        One row per predecessor, in the order of the table `areas`, all strings; `date`, `event` and
        `source_id` are of the change that ended it, `quality` is the weakest on the way to it:
        "secondary" where one step rests on elimination or hearsay.

    Examples
    --------
    >>> predecessors("Mersey-Cheshire")[["area_id", "date", "event"]]
               area_id        date   event
    0    cheshire_1999  2011-04-01  merged
    1  merseyside_1999  2011-04-01  merged
    """
    return _relatives(area, on, -1, as_record(record))


def successors(area: str, on: When | None = None, record: RecordLike = None) -> pd.DataFrame:
    """The Areas that took over all or part of an Area.

    Parameters
    ----------
    area, on, record
        As for `predecessors`; without a date, the successors of one generation on.

    Returns
    -------
    pandas.DataFrame
        As for `predecessors`, with the change that made the successor.

    Examples
    --------
    >>> successors("Leicestershire", on="2020")["area_id"].tolist()
    ['east_midlands_2011']
    """
    return _relatives(area, on, 1, as_record(record))


def lineage(area: str, record: RecordLike = None) -> pd.DataFrame:
    """The whole family that an Area belongs to, in the order of time.

    Parameters
    ----------
    area, record
        As for `find_area`, which says what is raised.

    Returns
    -------
    pandas.DataFrame
        One row per Area that changes of Areas connect with this one: `generation` (Int64: 0 for the
        Area itself, negative before); `relation`: self, predecessor, successor, or sibling (which
        shares a predecessor or a successor with it); the police `forces`, separated by "; ";
        `quality` of the weakest change that connects them and `source_id` of the nearest.

    Examples
    --------
    >>> lineage("London South")[["generation", "area_id", "relation"]]
       generation            area_id     relation
    0          -1        london_1999  predecessor
    1           0  london_north_2017      sibling
    2           0  london_south_2017         self
    """
    record = as_record(record)
    area_id = find_area(area, record=record)
    rows = _reached(area_id, (-1, 1), record)
    relation = dict.fromkeys(rows["area_id"], "sibling")
    for step, word in ((-1, "predecessor"), (1, "successor")):
        relation |= dict.fromkeys(_reached(area_id, (step,), record)["area_id"], word)
    relation[area_id] = "self"
    rows["relation"] = rows["area_id"].map(relation).astype("string")
    rows["forces"] = in_one_cell("area_forces", "force", rows["area_id"], record)
    return rows.sort_values("valid_from", kind="stable", ignore_index=True)[_LINEAGE]


def family(area: str, record: RecordLike = None) -> list[str]:
    """The identifiers of an Area and of all before and after it, in the order of time."""
    rows = lineage(area, record)
    return rows.loc[rows["relation"].ne("sibling"), "area_id"].tolist()


def _relatives(area: str, on: When | None, step: int, record: Record) -> pd.DataFrame:
    when = None if on is None else days(on)
    return _kin(find_area(area, record=record), when, step, record)


def _kin(area_id: str, when: Days | None, step: int, record: Record) -> pd.DataFrame:
    """Those before (-1) or after (1) an Area, by its identifier: one generation, or of a date."""
    rows = _reached(area_id, (step,), record)
    rows = rows[rows["area_id"].ne(area_id)]
    chosen = rows["generation"].abs() == 1 if when is None else in_being(rows, when)
    return rows.loc[chosen, [*_AREA, *_LINK]].reset_index(drop=True)


def _reached(start: str, ways: tuple[int, ...], record: Record) -> pd.DataFrame:
    """Every Area that changes lead to, back (-1), on (1) or both, in the order of their table.

    The nearest way to it tells its `generation`, the last change on that way with the weakest
    quality of all of them.
    """
    ends = {-1: ("successor_id", "predecessor_id"), 1: ("predecessor_id", "successor_id")}
    changes = record.table("area_lineage").to_dict("records")
    reached: dict[Any, dict[str, Any]] = {start: dict.fromkeys(_LINK) | {"generation": 0}}
    waiting = [start]
    for at in waiting:
        for change, way in ((change, way) for change in changes for way in ways):
            one, other = (change[end] for end in ends[way])
            if one == at and other not in reached:
                weak = "secondary" in (reached[at]["quality"], change["quality"])
                reached[other] = {column: change[column] for column in _LINK}
                reached[other]["quality"] = "secondary" if weak else change["quality"]
                reached[other]["generation"] = reached[at]["generation"] + way
                waiting.append(other)
    links = pd.DataFrame.from_dict(reached, orient="index")
    links = links.astype({"generation": "Int64"} | dict.fromkeys(_LINK, "string"))
    links.index = links.index.astype("string")
    areas = record.table("areas").rename(columns={"name": "area"})[_AREA]
    return areas.merge(links, left_on="area_id", right_index=True)


def population_share(area: str, on: When | None = None, record: RecordLike = None) -> pd.DataFrame:
    """How much of an Area each of its predecessors is, by population at the Census of 2011.

    Both `population_2011` (Int64, in the forces that both serve) and `share` (Float64, 0 to 1) are
    missing where a force in question is shared with another Area of the same time, as London North
    and South share one. For another year than 2011 they are an approximation.

    >>> population_share("Mersey-Cheshire").round(3)
        predecessor_id predecessor  population_2011  share
    0    cheshire_1999    Cheshire          1027709  0.427
    1  merseyside_1999  Merseyside          1381189  0.573
    """
    record = as_record(record)
    area_id = find_area(area, record=record)
    before = predecessors(area_id, on, record)
    areas = record.table("areas").set_index("area_id", drop=False)
    bounds = areas.loc[area_id, ["valid_from", "valid_to"]].fillna("9999")
    first, last = (days(str(bound)) for bound in bounds)
    others = areas[areas["kind"].eq("area") & areas["area_id"].ne(area_id)]
    others = others[in_being(others, Days(first.first, last.last, ""))]
    forces = record.table("area_forces").drop_duplicates(["area_id", "pfa_code"])
    forces = forces.merge(record.table("forces")[["pfa_code", "population_2011"]], how="left")
    shared = forces.loc[forces["area_id"].isin(others["area_id"]), "pfa_code"]

    def people(rows: pd.DataFrame) -> pd.Series:
        """The population by Area, missing where a force counts for two."""
        doubtful = rows["pfa_code"].duplicated(keep=False) | rows["pfa_code"].isin(shared)
        counted = rows["population_2011"].mask(doubtful)
        return counted.groupby(rows["area_id"]).agg(lambda cells: cells.sum(skipna=False))

    mine = forces[forces["area_id"].eq(area_id)]
    parts = forces[forces["pfa_code"].isin(mine["pfa_code"])]
    parts = parts[parts["area_id"].isin(before["area_id"])]
    population = people(parts).reindex(before["area_id"]).astype("Int64").reset_index(drop=True)
    whole = people(mine).get(area_id, pd.NA)
    rows = before[["area_id", "area"]].set_axis(["predecessor_id", "predecessor"], axis=1)
    share = (population / whole).astype("Float64")
    return rows.assign(population_2011=population, share=share)


# Dates, and who was in being at one -------------------------------------------------------------


class Days(NamedTuple):
    """The first and the last day that a date means: one day, a month or a year."""

    first: dt.date
    last: dt.date
    text: str


def days(date: When, argument: str = "on") -> Days:
    """The days that a date means; the argument is named where it is none.

    >>> days("2008-02").last
    datetime.date(2008, 2, 29)
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
    first, last = (pd.Series(day.isoformat(), areas.index) for day in when[:2])
    return ~apart(areas["valid_from"], areas["valid_to"], first, last)


def apart(valid_from: Any, valid_to: Any, begins: Any, ends: Any) -> pd.Series:
    """Whether two periods cannot have met, each date taken as widely as it is known.

    An empty date is an open end. A date that is a part of another, as 2011 is of 2011-04, may be
    the same day.
    """
    valid_to, ends = valid_to.fillna("9999") + _LATEST, ends.fillna("9999") + _LATEST
    return ((valid_to < begins.fillna("")) | (ends < valid_from.fillna(""))).astype(bool)


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
    columns = ["valid_from", "valid_to", "in_force_from", "in_force_to"]
    pairs = units.merge(frameworks, how="cross")
    if not apart(*(pairs[column] for column in columns)).all():
        return
    first = days(frameworks["in_force_from"].dropna().min()).first
    ends = frameworks["in_force_to"].max(skipna=False)
    last = dt.date.max if pd.isna(ends) else days(ends).last
    years = f"{first:%Y}" if last.year in (first.year, 9999) else f"{first:%Y} to {last:%Y}"
    when = Days(first, last, f"{years} ({listed(frameworks['short_title'].tolist())})")
    raise _not_in_being(listed(units["name"].tolist()), units, when, record)


def _not_in_being(
    name: object, candidates: pd.DataFrame, when: Days, record: Record
) -> AreaNotInBeingError:
    ids: list[str] = []
    sentences = []
    for area in candidates.assign(period=_periods(candidates)).to_dict("records"):
        back = str(area["valid_from"]) > when.last.isoformat()
        kin = _kin(area["area_id"], when, -1 if back else 1, record)
        ids += list(kin["area_id"])
        kind = "predecessor" if back else "successor"
        names = (kin["area_id"] + " (" + kin["area"] + ")").tolist()
        others = f"the {kind}{'s' * (len(names) > 1)} {listed(names)}"
        others = others if names else f"no {kind} that is known"
        sentences.append(f"{area['area_id']} ({area['period']}) has {others} at that date.")
    return AreaNotInBeingError("area", name, ids, _LISTING, when.text, " ".join(sentences))


def _periods(areas: pd.DataFrame) -> pd.Series:
    ended = areas["valid_from"] + " to " + areas["valid_to"]
    return ended.fillna("since " + areas["valid_from"])
