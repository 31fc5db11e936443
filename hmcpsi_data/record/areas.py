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
from collections import defaultdict
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

    Case, spaces, hyphens and other marks, ``&`` or "and", the word "CPS" and a last word "Area"
    make no difference, nor do characters that nobody sees, such as soft hyphens.

    Parameters
    ----------
    name : str
        An identifier or any name in `areas` or `area_names`.
    on : str or datetime.date, optional
        A date at which the Area was in being: "2005", "2005-06" or "2005-06-30", a month or a year
        meaning any day of it. Of several Areas with one name it picks the one of that date.
    record : Record or path, optional
        Another data folder than the shipped one.

    Raises
    ------
    UnknownValueError, AmbiguousAreaError
        Where no Area goes by that name, or several do (at that date); the nearest are given.
    AreaNotInBeingError
        Where the Area was not in being at that date; its relatives of the time are named.
    DateError
        Where the date cannot be read.

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
    """
    record = as_record(record)
    when = None if on is None else days(on)
    index, names = record.once(_names)
    ids = index.get(_plain(name), ()) if isinstance(name, str) else ()
    if not ids:
        raise UnknownValueError("area", name, names, _LISTING)
    areas = record.table("areas")
    candidates = areas[areas["area_id"].isin(ids)]
    if when is not None:
        there = candidates[in_being(candidates, when)]
        if there.empty:
            raise _not_in_being(name, candidates, when, record)
        candidates = there
    if len(candidates) > 1:
        known = candidates["area_id"]
        raise AmbiguousAreaError("area", name, known, _LISTING, _periods(candidates))
    return str(candidates["area_id"].iloc[0])


def predecessors(area: str, on: When | None = None, record: RecordLike = None) -> pd.DataFrame:
    """The Areas that an Area came from.

    Parameters
    ----------
    area : str
        A name or an identifier, as for `find_area`.
    on : str or datetime.date, optional
        When they were in being, however many generations back; else those of one generation back.
    record : Record or path, optional
        Another data folder than the shipped one.

    Returns
    -------
    pandas.DataFrame
        One row per predecessor, in the order of the table `areas`. All columns are strings:
        `area_id`, `area`, `valid_from`, `valid_to`; `date`, `event` and `source_id` of the change
        that ended it; and `quality`, the weakest on the way to it: "secondary" where one step rests
        on elimination or hearsay. The errors are those of `find_area`.

    Examples
    --------
    >>> predecessors("Mersey-Cheshire")[["area_id", "date", "event"]]
               area_id        date   event
    0    cheshire_1999  2011-04-01  merged
    1  merseyside_1999  2011-04-01  merged
    """
    return _relatives(area, on, True, as_record(record))


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
    >>> successors("Leicestershire", on="2020")[["area_id", "event", "quality"]]
                  area_id   event        quality
    0  east_midlands_2011  merged  seen_verbatim
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
        `valid_from`, `valid_to`; `generation` (Int64: 0 for the Area itself, negative before);
        `relation`: self, predecessor, successor, or sibling (an Area that shares a predecessor or
        a successor with this one, as the five that became East Midlands do); the police `forces`
        that it serves, separated by "; "; `quality` (of the weakest change that connects them) and
        `source_id` (of the nearest), empty for the Area itself. Errors as for `find_area`.

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
    connected = _walk(own, record, back=True, forth=True)
    relation = dict.fromkeys(connected, "sibling")
    relation |= dict.fromkeys(_walk(own, record, back=True), "predecessor")
    relation |= dict.fromkeys(_walk(own, record, forth=True), "successor")
    relation[own] = "self"
    rows = _reached(connected, record)
    rows["relation"] = rows["area_id"].map(relation).astype("string")
    rows["forces"] = in_one_cell("area_forces", "force", rows["area_id"], record)
    return rows.sort_values("valid_from", kind="stable", ignore_index=True)[_LINEAGE]


def family(area: str, record: RecordLike = None) -> list[str]:
    """The identifiers of an Area and of all before and after it, in the order of time."""
    rows = lineage(area, record)
    return rows.loc[rows["relation"].ne("sibling"), "area_id"].tolist()


def population_share(area: str, on: When | None = None, record: RecordLike = None) -> pd.DataFrame:
    """How much of an Area each of its predecessors is, by population at the Census of 2011.

    Both `population_2011` (Int64, in the forces that both serve) and `share` (Float64, 0 to 1) are
    missing where a force in question is shared with another Area of the same time. For another year
    than 2011 they are an approximation.

    >>> population_share("Mersey-Cheshire").round(3)
        predecessor_id predecessor  population_2011  share
    0    cheshire_1999    Cheshire          1027709  0.427
    1  merseyside_1999  Merseyside          1381189  0.573
    """
    record = as_record(record)
    own = find_area(area, record=record)
    before = predecessors(own, on, record)
    forces = record.table("area_forces").drop_duplicates(["area_id", "pfa_code"])
    forces = forces.merge(record.table("forces")[["pfa_code", "population_2011"]], how="left")
    areas = record.table("areas")
    its_time = areas[areas["area_id"].eq(own)].iloc[0]
    others = areas[areas["kind"].eq("area") & areas["area_id"].ne(own)]
    apart_ = apart(others["valid_from"], others["valid_to"],
                   pd.Series(its_time["valid_from"], others.index, dtype="string"),
                   pd.Series(its_time["valid_to"], others.index, dtype="string"))  # fmt: skip
    shared = forces.loc[forces["area_id"].isin(others[~apart_]["area_id"]), "pfa_code"]
    mine = forces[forces["area_id"].eq(own)]
    parts = forces[forces["area_id"].isin(before["area_id"])]
    parts = parts[parts["pfa_code"].isin(mine["pfa_code"])]

    def people(rows: pd.DataFrame) -> pd.Series:
        """The population by Area, missing where a force counts for two."""
        doubtful = rows["pfa_code"].duplicated(keep=False) | rows["pfa_code"].isin(shared)
        counted = rows["population_2011"].mask(doubtful)
        return counted.groupby(rows["area_id"]).agg(lambda cells: cells.sum(skipna=False))

    population = people(parts).reindex(before["area_id"]).astype("Int64").reset_index(drop=True)
    whole = people(mine).get(own, pd.NA)
    return pd.DataFrame(
        {
            "predecessor_id": before["area_id"],
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


def _periods(areas: pd.DataFrame) -> pd.Series:
    """When each Area was in being, in words."""
    ended = areas["valid_from"] + " to " + areas["valid_to"]
    return ended.fillna("since " + areas["valid_from"])


# An Area that was not in being ------------------------------------------------------------------


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
        kin = _kin(area["area_id"], when, back, record)
        ids += list(kin["area_id"])
        kind = "predecessor" if back else "successor"
        names = (kin["area_id"] + " (" + kin["area"] + ")").tolist()
        others = f"the {kind}{'s' * (len(names) > 1)} {listed(names)}"
        others = others if names else f"no {kind} that is known"
        sentences.append(f"{area['area_id']} ({area['period']}) has {others} at that date.")
    return AreaNotInBeingError("area", name, ids, _LISTING, when.text, " ".join(sentences))


# The inside -------------------------------------------------------------------------------------


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


def _relatives(area: str, on: When | None, back: bool, record: Record) -> pd.DataFrame:
    when = None if on is None else days(on)
    return _kin(find_area(area, record=record), when, back, record)


def _kin(area_id: str, when: Days | None, back: bool, record: Record) -> pd.DataFrame:
    """The predecessors (`back`) or successors of an Area, by its identifier."""
    steps = _walk(area_id, record, back=back, forth=not back)
    del steps[area_id]
    rows = _reached(steps, record)
    chosen = rows["generation"].abs() == 1 if when is None else in_being(rows, when)
    return rows.loc[chosen, [*_AREA, *_LINK]].reset_index(drop=True)


def _walk(
    start: str, record: Record, back: bool = False, forth: bool = False
) -> dict[str, dict[str, Any]]:
    """Every Area that changes lead to, the nearest first and each once, with what led to it.

    That is the last change on the way, with the weakest quality of all of them, and how many
    generations away the Area is (back is negative).
    """
    steps = defaultdict(list)
    for pair in record.table("area_lineage").to_dict("records"):
        change = {column: pair[column] for column in _LINK}
        if back:
            steps[pair["successor_id"]].append((pair["predecessor_id"], -1, change))
        if forth:
            steps[pair["predecessor_id"]].append((pair["successor_id"], 1, change))
    reached: dict[str, dict[str, Any]] = {start: dict.fromkeys(_LINK) | {"generation": 0}}
    waiting = [start]
    for at in waiting:
        for area_id, generations, change in steps[at]:
            if area_id not in reached:
                weak = "secondary" in (reached[at]["quality"], change["quality"])
                reached[area_id] = change | {
                    "generation": reached[at]["generation"] + generations,
                    "quality": "secondary" if weak else change["quality"],
                }
                waiting.append(area_id)
    return reached


def _reached(steps: dict[str, dict[str, Any]], record: Record) -> pd.DataFrame:
    """The Areas that were reached, in the order of their table, with what led to each."""
    areas = record.table("areas").rename(columns={"name": "area"})
    rows = areas.loc[areas["area_id"].isin(list(steps)), _AREA].reset_index(drop=True)
    for column in ["generation", *_LINK]:
        rows[column] = [steps[one][column] for one in rows["area_id"]]
    return rows.astype({"generation": "Int64"} | dict.fromkeys(_LINK, "string"))
