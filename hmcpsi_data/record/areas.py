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
from hmcpsi_data.record.joins import in_one_cell, records
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import listed, plain

When = str | dt.date

_LISTING = "areas()"
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_NO_MATTER = ("and", "cps")  # words that make no difference in a name
_LINK = ["date", "event", "quality", "source_id"]
_AREA = ["area_id", "area", "valid_from", "valid_to"]
_LINEAGE = ["generation", *_AREA, "relation", "forces", "quality", "source_id"]


def find_area(name: str, on: When | None = None, record: RecordLike = None) -> str:
    """The identifier of the Area that a name or an identifier means.

    Parameters
    ----------
    name : str
        An identifier or any name in `areas` or `area_names`. Case, spaces, marks, ``&`` or "and",
        the word "CPS" and a last word "Area" make no difference.
    on : str or datetime.date, optional
        "2005", "2005-06" or "2005-06-30": of several Areas with one name, that of this date.
    record : Record or path, optional

    Raises
    ------
    UnknownValueError, AmbiguousAreaError, AreaNotInBeingError, DateError
        No Area, several, or none at that date (relatives of the time are named); no date.

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
        raise UnknownValueError("area", name, names.drop_duplicates("plain")["name"], _LISTING)
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
    """The Areas that an Area came from, with the change that ended each.

    Parameters
    ----------
    area, record
        As for `find_area`, which says what is raised.
    on : str or datetime.date, optional
        When they were in being, however many generations back; else those of one generation back.

    Returns
    -------
    pandas.DataFrame
        Strings; `quality` is "secondary" where a step on the way rests on elimination or hearsay.

    Examples
    --------
    >>> predecessors("Mersey-Cheshire")["area_id"].tolist()
    ['cheshire_1999', 'merseyside_1999']
    """
    return _relatives(area, on, -1, as_record(record))


def successors(area: str, on: When | None = None, record: RecordLike = None) -> pd.DataFrame:
    """The Areas that took over all or part of an Area: as for `predecessors`, the other way.

    Parameters
    ----------
    area, on, record
        As for `predecessors`.

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
        `generation` (Int64, negative before it); `relation`: self, predecessor, successor, or
        sibling (which shares one of them with it); the police `forces`; `quality` of the weakest
        change that connects them and `source_id` of the nearest.

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
    """Those before (-1) or after (1) an Area: of one generation, or of a date."""
    when = None if on is None else days(on)
    rows = _reached(find_area(area, record=record), (step,), record)
    rows = rows[rows["generation"].ne(0)]
    chosen = rows["generation"].abs().eq(1) if when is None else in_being(rows, when)
    return rows.loc[chosen, [*_AREA, *_LINK]].reset_index(drop=True)


def _reached(start: str, ways: tuple[int, ...], record: Record) -> pd.DataFrame:
    """Every Area that changes lead to, back (-1), on (1) or both, in the order of their table.

    Of the nearest way: `generation`, the last change, and the weakest quality of all.
    """
    changes = record.once(_changes)
    ends = {-1: ("successor_id", "predecessor_id"), 1: ("predecessor_id", "successor_id")}
    reached: dict[str, dict[str, Any]] = {start: dict.fromkeys(_LINK) | {"generation": 0}}
    waiting = [start]
    for at in waiting:
        for change, way in ((change, way) for change in changes for way in ways):
            one, other = (change[end] for end in ends[way])
            if one == at and other not in reached:
                link = {column: change[column] for column in _LINK}
                if reached[at]["quality"] == "secondary":
                    link["quality"] = "secondary"
                reached[other] = link | {"generation": reached[at]["generation"] + way}
                waiting.append(other)
    links = pd.DataFrame.from_dict(reached, orient="index")
    links = links.astype({"generation": "Int64"} | dict.fromkeys(_LINK, "string"))
    links.index = links.index.astype("string")
    areas = record.table("areas").rename(columns={"name": "area"})[_AREA]
    return areas.merge(links, left_on="area_id", right_index=True)


def _changes(record: Record) -> list[dict[str, Any]]:
    return records(record.table("area_lineage"))


def population_share(area: str, on: When | None = None, record: RecordLike = None) -> pd.DataFrame:
    """How much of an Area each of its predecessors is, by population at the Census of 2011.

    Missing where a force in question serves two Areas of one time; approximate for other years.

    >>> population_share("Mersey-Cheshire")["share"].round(3).tolist()
    [0.427, 0.573]
    """
    record = as_record(record)
    area_id = find_area(area, record=record)
    before = predecessors(area_id, on, record)
    areas = record.table("areas")
    is_own = areas["area_id"].eq(area_id)
    (own,) = records(areas[is_own])
    of_its_time = in_being(areas, Days(own["valid_from"], own["valid_to"] or "9999", ""))
    others = areas.loc[of_its_time & ~is_own & areas["kind"].eq("area"), "area_id"]
    served = record.table("area_forces").drop_duplicates(["area_id", "pfa_code"])
    served = served.merge(record.table("forces")[["pfa_code", "population_2011"]], how="left")
    shared = served.loc[served["area_id"].isin(others), "pfa_code"]
    served["population_2011"] = served["population_2011"].mask(served["pfa_code"].isin(shared))
    mine = served[served["area_id"].eq(area_id)]
    parts = served[served["area_id"].isin(before["area_id"])]
    parts = parts[parts["pfa_code"].isin(mine["pfa_code"])]
    twice = parts["pfa_code"].duplicated(keep=False)
    known = parts["population_2011"].mask(twice).groupby(parts["area_id"])
    people = known.agg(lambda cells: cells.sum(skipna=False)).astype("Int64")
    population = people.reindex(before["area_id"]).reset_index(drop=True)
    whole = mine["population_2011"].sum(skipna=False) if len(mine) else pd.NA
    rows = before[["area_id", "area"]].set_axis(["predecessor_id", "predecessor"], axis=1)
    share = (population / whole).astype("Float64")
    return rows.assign(population_2011=population, share=share)


# Dates, and who was in being at one -------------------------------------------------------------


class Days(NamedTuple):
    """The first and the last day that a date means, such as 2005-06-30: a month or a year, or one.

    They are texts, as the tables have them, which stand in the order of time.
    """

    first: str
    last: str
    text: str


def days(date: When, argument: str = "on") -> Days:
    """The first and last day that a date means; the argument is named where it is none."""
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
    return Days(first.isoformat(), last.isoformat(), match.group())


def in_being(areas: pd.DataFrame, when: Days) -> pd.Series:
    """Whether each Area was in being on at least one of the days, its own taken as wide as known.

    "~" sorts after every digit, so that a year or a month includes its days.
    """
    began = areas["valid_from"].fillna("").le(f"{when.last}~")
    return (began & (areas["valid_to"].fillna("9999") + "~").ge(when.first)).astype(bool)


def in_force(framework: Any) -> Days:
    """The days on which a row of `frameworks` was in force; None is an open end."""
    first, last = framework["in_force_from"], framework["in_force_to"]
    return Days(first or "", last or "9999", "")


def refuse_if_never_met(
    area_ids: Iterable[str] | None, framework_ids: Iterable[str] | None, record: Record
) -> None:
    """Refuse Areas none of which was in being under any framework asked for; name who was.

    An empty answer would read as if nothing had been found of them.
    """
    areas, frameworks = record.table("areas"), record.table("frameworks")
    areas = areas[areas["area_id"].isin(list(area_ids or ()))]
    rows = records(frameworks[frameworks["framework_id"].isin(list(framework_ids or ()))])
    periods = [in_force(row) for row in rows]
    if areas.empty or not rows or any(in_being(areas, period).any() for period in periods):
        return
    when = f"the time of {listed([row['short_title'] for row in rows])}"
    first, last = min(one.first for one in periods), max(one.last for one in periods)
    names = listed(areas["name"].tolist())
    raise _not_in_being(names, areas, Days(first, last, when), record)


def _not_in_being(
    name: object, candidates: pd.DataFrame, when: Days, record: Record
) -> AreaNotInBeingError:
    ids: list[str] = []
    sentences = []
    for area, period in zip(records(candidates), _periods(candidates), strict=True):
        later = area["valid_from"] > f"{when.last}~"
        step, kind = (-1, "predecessor") if later else (1, "successor")
        kin = _reached(area["area_id"], (step,), record)
        kin = kin[kin["generation"].ne(0) & in_being(kin, when)]
        ids += kin["area_id"].tolist()
        names = (kin["area_id"] + " (" + kin["area"] + ")").tolist()
        others = f"the {kind}{'s' * (len(names) > 1)} {listed(names)}"
        others = others if names else f"no {kind} that is known"
        sentences.append(f"{area['area_id']} ({period}) has {others} at that date.")
    return AreaNotInBeingError("area", name, ids, _LISTING, when.text, " ".join(sentences))


def _periods(areas: pd.DataFrame) -> pd.Series:
    ended = areas["valid_from"] + " to " + areas["valid_to"]
    return ended.fillna("since " + areas["valid_from"])
