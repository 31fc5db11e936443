"""Areas through time: what an Area came from, what became of it, and how many people it serves.

The 42 Areas of 1 April 1999 became 13 on 1 April 2011 and 14 in April 2017. A renaming makes no new
Area, new borders do. London went through 2011 as it was, so it has one row until it was divided.
The source of 2017 states the month only; the first of April is ours, so that there is no gap.

Populations are those of the Census of 2011, added up over the police forces that an Area serves.
London North and London South share the Metropolitan force, and what was found does not say which of
them serves the City of London, so no population can be given for either: it is missing.
"""

from __future__ import annotations

import datetime as dt
import os
from collections import Counter, defaultdict
from collections.abc import Collection
from itertools import chain
from typing import Any, NamedTuple

import pandas as pd
from pandas.api.extensions import ExtensionArray

from hmcpsi_data.area import DateError, Days, When, days, find_area, in_being
from hmcpsi_data.errors import quote
from hmcpsi_data.tables import load

__all__ = [
    "areas_on",
    "lineage",
    "population_share",
    "predecessors",
    "relatives",
    "successors",
]

_Folder = str | os.PathLike[str] | None

_LINK = ["date", "event", "quality", "source_id"]
_AREA = ["area_id", "area", "valid_from", "valid_to"]
_RELATIVES = [*_AREA, *_LINK]
_LINEAGE = ["generation", *_AREA, "relation", "forces", "quality", "source_id"]
_SEPARATOR = "; "


class _Reached(NamedTuple):
    """An Area, how many generations away it is (back is negative), and the pair that led to it."""

    area_id: str
    generation: int = 0
    date: str | None = None
    event: str | None = None
    quality: str | None = None
    source_id: str | None = None


def predecessors(area: str, on: When | None = None, folder: _Folder = None) -> pd.DataFrame:
    """The Areas that an Area came from.

    Parameters
    ----------
    area : str
        A name or an identifier, as for `find_area`.
    on : str or datetime.date, optional
        The date at which the predecessors were in being, however many generations back. Without
        it, those of one generation back.
    folder : path, optional
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        One row per predecessor, in the order of the table `areas`; none where none is known.
        `date`, `event` and `source_id` are those of the change that ended the predecessor,
        `quality` is the weakest on the way to it: "secondary" where one step rests on elimination
        or hearsay.

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
    >>> predecessors("London")["area_id"].to_list()
    []
    """
    return _relatives(area, on, True, folder)


def successors(area: str, on: When | None = None, folder: _Folder = None) -> pd.DataFrame:
    """The Areas that took over all or part of an Area.

    Parameters
    ----------
    area : str
        A name or an identifier, as for `find_area`.
    on : str or datetime.date, optional
        The date at which the successors were in being, however many generations on. Without it,
        those of one generation on.
    folder : path, optional
        As for `load`.

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
    return _relatives(area, on, False, folder)


def lineage(area: str, folder: _Folder = None) -> pd.DataFrame:
    """The whole family that an Area belongs to, in the order of time.

    Parameters
    ----------
    area : str
        A name or an identifier, as for `find_area`.
    folder : path, optional
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        One row per Area that changes of Areas connect with this one.

        generation
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
    own = find_area(area, folder=folder)
    pairs = load("area_lineage", folder)
    family = {own: _Reached(own)} | _walk(own, pairs, back=True, forth=True)
    relation = dict.fromkeys(family, "sibling")
    relation |= dict.fromkeys(_walk(own, pairs, back=True), "predecessor")
    relation |= dict.fromkeys(_walk(own, pairs, forth=True), "successor")
    relation[own] = "self"
    found = _joined(load("areas", folder), family)
    found["relation"] = found["area_id"].map(relation).astype("string")
    found["forces"] = _listed(_served(folder), found["area_id"])
    return found.sort_values("valid_from", kind="stable", ignore_index=True)[_LINEAGE]


def areas_on(date: When, folder: _Folder = None) -> pd.DataFrame:
    """The Areas in being at a date, with their forces and populations.

    Units of another kind, such as London boroughs, are left out.

    Parameters
    ----------
    date : str or datetime.date
        As precise as "2005", "2005-06" or "2005-06-30", but within one state of the Areas.
    folder : path, optional
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        42 rows until March 2011, 13 until March 2017 and 14 since, in the order of the table
        `areas`. `forces` lists the police forces, separated by "; ". `population_2011` is missing
        where an Area shares a force with another one of that date, as London North and London
        South do.

    Raises
    ------
    DateError
        Where the date cannot be read, lies before the first Area, or spans a change, as "2011"
        does.

    Examples
    --------
    >>> [len(areas_on(date)) for date in ("2005", "2011-04-01", "2022-08")]
    [42, 13, 14]
    >>> areas_on("2011")
    Traceback (most recent call last):
    hmcpsi_data.area.DateError: date "2011" spans a change of the Areas on 2011-04-01. Give a \
month or a day.
    """
    when = days(date, "date")
    known = load("areas", folder)
    known = known[known["kind"] == "area"]
    if (known["valid_from"] > when.last.isoformat()).all():
        first = known["valid_from"].min()
        raise DateError(f"date {quote(when.text)} lies before the first Areas here, of {first}.")
    _refuse_change_within(when, known)
    found = known[in_being(known, when)].reset_index(drop=True)
    found = found.rename(columns={"name": "area"})[_AREA]
    ids = found["area_id"]
    served = _served(folder)
    people = _people({area_id: served[area_id] for area_id in ids}, folder)
    found["forces"] = _listed(served, ids)
    found["population_2011"] = pd.array([people[area_id] for area_id in ids], dtype="Int64")
    return found


def population_share(area: str, on: When | None = None, folder: _Folder = None) -> pd.DataFrame:
    """How much of an Area each of its predecessors is, by population.

    Parameters
    ----------
    area : str
        A name or an identifier, as for `find_area`.
    on : str or datetime.date, optional
        As for `predecessors`.
    folder : path, optional
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        One row per predecessor, in the order of the table `areas`.

        predecessor_id, predecessor
            Its identifier and name.
        population_2011
            People at the Census of 2011 in the police force areas that both serve.
        share
            The same as a part of all people whom the Area serves, 0 to 1.

        Both numbers are missing where a force in question is shared with another Area of the same
        time. For another year than 2011 they are an approximation.

    Raises
    ------
    UnknownValueError, AmbiguousAreaError, DateError
        As for `find_area`.

    Examples
    --------
    >>> population_share("Mersey-Cheshire").round(3)
        predecessor_id predecessor  population_2011  share
    0    cheshire_1999    Cheshire          1027709  0.427
    1  merseyside_1999  Merseyside          1381189  0.573
    """
    own = find_area(area, folder=folder)
    before = predecessors(own, on, folder)
    ids = before["area_id"]
    served = _served(folder)
    others = {area_id: served[area_id] for area_id in _of_its_time(own, folder)}
    parts = {area_id: served[area_id].keys() & served[own].keys() for area_id in ids}
    # Beside the others of its time, so that a force that one of them shares counts for nobody.
    people = _people(parts | others, folder)
    whole = _people({own: served[own]} | others, folder)[own]
    population = pd.array([people[area_id] for area_id in ids], dtype="Int64")
    return pd.DataFrame(
        {
            "predecessor_id": ids,
            "predecessor": before["area"],
            "population_2011": population,
            "share": (population / whole).astype("Float64"),
        }
    )


def relatives(area_id: str, when: Days | None, back: bool, folder: _Folder = None) -> pd.DataFrame:
    """The predecessors (`back`) or successors of an Area, by its identifier."""
    steps = _walk(area_id, load("area_lineage", folder), back=back, forth=not back)
    found = _joined(load("areas", folder), steps)
    chosen = found["generation"].abs() == 1 if when is None else in_being(found, when)
    return found.loc[chosen, _RELATIVES].reset_index(drop=True)


def _relatives(area: str, on: When | None, back: bool, folder: _Folder) -> pd.DataFrame:
    when = None if on is None else days(on)
    return relatives(find_area(area, folder=folder), when, back, folder)


def _walk(
    start: str, pairs: pd.DataFrame, back: bool = False, forth: bool = False
) -> dict[str, _Reached]:
    """Every Area that pairs lead to, the nearest first and each once."""
    steps = defaultdict(list)
    for pair in pairs.to_dict("records"):
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


def _joined(areas: pd.DataFrame, steps: dict[str, _Reached]) -> pd.DataFrame:
    """The Areas that were reached, in the order of their table, with what led to each."""
    found = areas[areas["area_id"].isin(steps)].reset_index(drop=True)
    found = found.rename(columns={"name": "area"})[_AREA]
    reached = [steps[area_id] for area_id in found["area_id"]]
    found["generation"] = pd.array([step.generation for step in reached], dtype="Int64")
    for column in _LINK:
        found[column] = pd.array([getattr(step, column) for step in reached], dtype="string")
    return found


def _served(folder: _Folder) -> defaultdict[str, dict[str, str]]:
    """The forces that each Area serves, by their codes."""
    served: defaultdict[str, dict[str, str]] = defaultdict(dict)
    table = load("area_forces", folder)
    for area_id, code, force in zip(
        table["area_id"], table["pfa_code"], table["force"], strict=True
    ):
        served[area_id].setdefault(code, force)
    return served


def _listed(served: dict[str, dict[str, str]], ids: pd.Series) -> ExtensionArray:
    """The forces of each Area in one text."""
    texts = (_SEPARATOR.join(served[area_id].values()) for area_id in ids)
    return pd.array([text or None for text in texts], dtype="string")


def _people(codes: dict[str, Collection[str]], folder: _Folder) -> dict[str, Any]:
    """The population of each Area; missing where it shares a force with another one of them."""
    forces = load("forces", folder)
    people = dict(zip(forces["pfa_code"], forces["population_2011"], strict=True))
    times = Counter(chain.from_iterable(codes.values()))
    alone = {code: people.get(code, pd.NA) if n == 1 else pd.NA for code, n in times.items()}
    return {
        area_id: sum(alone[code] for code in own) if own else pd.NA
        for area_id, own in codes.items()
    }


def _of_its_time(area_id: str, folder: _Folder) -> list[str]:
    """The other Areas that were in being while an Area was."""
    known = load("areas", folder)
    own = known[known["area_id"] == area_id].iloc[0]
    last = dt.date.max if pd.isna(own["valid_to"]) else days(own["valid_to"]).last
    life = Days(days(own["valid_from"]).first, last, area_id)
    others = (known["kind"] == "area") & (known["area_id"] != area_id)
    return list(known.loc[others & in_being(known, life), "area_id"])


def _refuse_change_within(when: Days, areas: pd.DataFrame) -> None:
    first, last = when.first.isoformat(), when.last.isoformat()
    starts = areas["valid_from"]
    within = starts[(starts > first) & (starts <= last)]
    if not within.empty:
        raise DateError(
            f"date {quote(when.text)} spans a change of the Areas on {within.min()}. "
            "Give a month or a day."
        )
