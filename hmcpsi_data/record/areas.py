"""Which Area a name means, never by guessing, what it came from, and what became of it."""

import datetime as dt
import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import pandas as pd

from hmcpsi_data import errors
from hmcpsi_data.record.joins import in_one_cell, look_up, records
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import listed, plain

When = str | dt.date

_LISTING = "areas()"
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
IN_FORCE = ["in_force_from", "in_force_to"]
_LINK = ["date", "event", "quality", "source_id"]
_AREA = ["area_id", "area", "valid_from", "valid_to"]
_LINEAGE = ["generation", *_AREA, "relation", "forces", "quality", "source_id"]


def find_area(name: str, on: When | None = None, record: RecordLike = None) -> str:
    """The identifier of the Area that a name or an identifier means.

    Parameters
    ----------
    name : str
        Any name in `areas` or `area_names`; case, marks, "and", "CPS" and "Area" do not matter.
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
    record, when = as_record(record), None if on is None else days(on)
    names, areas = record.once(_names), record.table("areas")
    ids = names.loc[names["plain"].eq(_plain(name)), "area_id"] if isinstance(name, str) else ()
    found = areas[areas["area_id"].isin(ids)]
    if found.empty:
        known = names.drop_duplicates("plain")["name"]
        raise errors.UnknownValueError("area", name, known, _LISTING)
    there = found if when is None else found[in_being(found, when)]
    if when is not None and there.empty:
        raise _not_in_being(name, found, when, record)
    if len(there) > 1:
        known = there["area_id"]
        raise errors.AmbiguousAreaError("area", name, known, _LISTING, _periods(there))
    return str(there["area_id"].iloc[0])


def _plain(name: str) -> str:
    return " ".join(word for word in plain(name).split() if word not in ("and", "cps", "area"))


def _names(record: Record) -> pd.DataFrame:
    areas = record.table("areas")
    names = [areas, record.table("area_names"), areas.assign(name=areas["area_id"])]
    known = pd.concat(names)[["name", "area_id"]].astype(str)
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
    return _relatives(area, on, "predecessor", record)


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
    return _relatives(area, on, "successor", record)


def lineage(area: str, record: RecordLike = None) -> pd.DataFrame:
    """The whole family that an Area belongs to, in the order of time.

    `generation` is negative before it, `quality` that of the weakest change that connects them.

    Parameters
    ----------
    area, record
        As for `find_area`, which says what is raised.

    Returns
    -------
    pandas.DataFrame
        Strings, but for `generation` (Int64); `relation` is self, predecessor, successor or
        sibling.

    Examples
    --------
    >>> lineage("London South")["relation"].tolist()
    ['predecessor', 'sibling', 'self']
    """
    record = as_record(record)
    rows = _family(record, find_area(area, record=record))
    rows["forces"] = in_one_cell("area_forces", "force", rows["area_id"], record)
    return rows.sort_values("valid_from", kind="stable", ignore_index=True)[_LINEAGE]


def _relatives(area: str, on: When | None, relation: str, record: RecordLike) -> pd.DataFrame:
    record, when = as_record(record), None if on is None else days(on)
    rows = _family(record, find_area(area, record=record))
    rows = rows[rows["relation"].eq(relation)]
    chosen = rows["generation"].abs().eq(1) if when is None else in_being(rows, when)
    return rows.loc[chosen, [*_AREA, *_LINK]].reset_index(drop=True)


def _family(record: Record, start: str) -> pd.DataFrame:
    """Every Area that changes of borders connect with one, with the last change on the way."""
    changes = record.table("area_lineage")
    back, on = ["successor_id", "predecessor_id"], ["predecessor_id", "successor_id"]
    steps = [
        change | {"step": step, "relation": relation}
        for step, ends, relation in ((-1, back, "predecessor"), (1, on, "successor"))
        for change in records(changes.rename(columns=dict(zip(ends, ["at", "to"], strict=True))))
    ]
    reached: dict[str, dict[str, Any]] = {start: {"generation": 0, "relation": "self"}}
    waiting = [start]
    for at in waiting:
        here = reached[at]
        for step in steps:
            if step["at"] != at or step["to"] in reached:
                continue
            same_way = here["relation"] in ("self", step["relation"])
            reached[step["to"]] = {column: step[column] for column in _LINK} | {
                "generation": here["generation"] + step["step"],
                "relation": step["relation"] if same_way else "sibling",
                "quality": "secondary" if here.get("quality") == "secondary" else step["quality"],
            }
            waiting.append(step["to"])
    columns = {"generation": "Int64"} | dict.fromkeys(["relation", *_LINK], "string")
    links = pd.DataFrame([*reached.values()], pd.Index(reached, dtype="string"), [*columns])
    areas = record.table("areas").rename(columns={"name": "area"})[_AREA]
    return areas.merge(links.astype(columns), left_on="area_id", right_index=True)


def population_share(area: str, on: When | None = None, record: RecordLike = None) -> pd.DataFrame:
    """How much of an Area each of its predecessors is, by population at the Census of 2011."""
    record = as_record(record)
    rows = predecessors(area, on, record)[["area_id", "area"]]
    served = record.table("area_forces").drop_duplicates(["area_id", "pfa_code"])
    served["valid_from"] = look_up(served["area_id"], "areas", "valid_from", record)
    # whose people are whose is not known where a force serves two Areas of one time
    twice = served.loc[served.duplicated(["pfa_code", "valid_from"], keep=False), "pfa_code"]
    people = look_up(served["pfa_code"], "forces", "population_2011", record)
    known = people.mask(served["pfa_code"].isin(twice)).groupby(served["area_id"])
    people = known.agg(lambda cells: cells.sum(skipna=False)).astype("Float64")
    share = people.reindex(rows["area_id"]).array / people.get(find_area(area, record=record))
    return rows.set_axis(["predecessor_id", "predecessor"], axis=1).assign(share=share)


class Days(NamedTuple):
    """The first and the last day that a date means, or a column of each, as text."""

    first: Any
    last: Any
    text: str


def days(date: When, argument: str = "on") -> Days:
    """The first and last day that a date means; the argument is named where it is none."""
    # NaT calls itself a date, and is not equal to itself.
    given = date.isoformat()[:10] if isinstance(date, dt.date) and date == date else date
    text = given.strip() if isinstance(given, str) else ""
    try:
        if not _DATE.fullmatch(text):
            raise ValueError
        period = pd.Period(text, freq={4: "Y", 7: "M", 10: "D"}[len(text)])
    except ValueError:
        asked = errors.quote(date) if isinstance(date, str) else f"{date!r} ({type(date).__name__})"
        raise errors.DateError(
            f'{argument} {asked} is not a date. Write it as "2005", "2005-06" or "2005-06-30", '
            "quotation marks included, or give a datetime.date."
        ) from None
    return Days(str(period.asfreq("D", "start")), str(period.asfreq("D", "end")), text)


def in_being(areas: pd.DataFrame, when: Days) -> pd.Series:
    """Whether each Area was in being on one of the days, its own taken as wide as known."""
    # "~" sorts after every digit, so that a year or a month includes its days
    began = areas["valid_from"].fillna("").le(when.last + "~")
    return (began & (areas["valid_to"].fillna("9999") + "~").ge(when.first)).astype(bool)


def in_force(frameworks: pd.DataFrame) -> Days:
    """The days on which each of some frameworks was in force; an empty end is an open one."""
    first, last = (frameworks[day] for day in IN_FORCE)
    return Days(first.fillna(""), last.fillna("9999"), "")


def refuse_if_never_met(
    area_ids: Iterable[str] | None, framework_ids: Iterable[str] | None, record: Record
) -> None:
    """Refuse Areas none of which was in being under any framework asked for; name who was."""
    # an empty answer would read as if nothing had been found of them
    areas, frameworks = record.table("areas"), record.table("frameworks")
    areas = areas[areas["area_id"].isin(list(area_ids or ()))]
    frameworks = frameworks[frameworks["framework_id"].isin(list(framework_ids or ()))]
    met = areas.merge(frameworks[IN_FORCE], how="cross")
    period = in_force(met)
    if met.empty or in_being(met, period).any():
        return
    when = f"the time of {listed(frameworks['short_title'].tolist())}"
    names = listed(areas["name"].tolist())
    raise _not_in_being(names, areas, Days(period.first.min(), period.last.max(), when), record)


def _not_in_being(
    name: object, candidates: pd.DataFrame, when: Days, record: Record
) -> errors.AreaNotInBeingError:
    ids, sentences = [], []
    for area, period in zip(records(candidates), _periods(candidates), strict=True):
        kind = "predecessor" if area["valid_from"] > f"{when.last}~" else "successor"
        kin = _family(record, area["area_id"])
        kin = kin[kin["relation"].eq(kind) & in_being(kin, when)]
        ids += kin["area_id"].tolist()
        names = (kin["area_id"] + " (" + kin["area"] + ")").tolist()
        others = f"the {kind}{'s' * (len(names) > 1)} {listed(names)}"
        others = others if names else f"no {kind} that is known"
        sentences.append(f"{area['area_id']} ({period}) has {others} at that date.")
    return errors.AreaNotInBeingError("area", name, ids, _LISTING, when.text, " ".join(sentences))


def _periods(areas: pd.DataFrame) -> pd.Series:
    ended = areas["valid_from"] + " to " + areas["valid_to"]
    return ended.fillna("since " + areas["valid_from"])
