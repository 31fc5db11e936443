"""The path of an Area: its inspections one after the other, with a break wherever a yardstick ends.

Dates in a row are no trend. Each step says under which framework and in which unit it stands, and
what changed since the step before.
"""

from __future__ import annotations

import os

import pandas as pd

from hmcpsi_data.area import find_area
from hmcpsi_data.timeline import Timeline
from hmcpsi_data.views import counted, ratings

__all__ = ["area_path"]

_COLUMNS = [
    "when", "area_id", "area", "framework_id", "framework", "inspection_id", "overall", "what",
    "changed", "speaker", "basis", "source_id",
]  # fmt: skip
_ON_IT = ("self", "successor")


def area_path(area: str, folder: str | os.PathLike[str] | None = None) -> pd.DataFrame:
    """The inspections of an Area and of what it became part of, in the order of time.

    Parameters
    ----------
    area : str
        A name or an identifier, as for `hmcpsi_data.find_area`.
    folder : path, optional
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        One row per inspection of which a rating, progress or a number is known, and one for each
        change of borders, which has no framework. `overall` is the overall rating, where there is
        one that no other source contradicts; `what` says the rest in counts; `changed` names what
        is other than in the inspection before: the framework, the unit, or both. Numbers stand only
        where there is no rating and no progress.

    Raises
    ------
    UnknownValueError, AmbiguousAreaError
        Where the Area is not known, or its name belongs to several.

    Examples
    --------
    >>> steps = area_path("Leicestershire")
    >>> steps.loc[steps["framework"].notna(), ["when", "area", "framework", "overall"]]
             when            area             framework overall
    0  2006-03-14  Leicestershire              OPA 2006    Fair
    1        2007  Leicestershire              OPA 2007    Poor
    2        2009  Leicestershire           AEI 2008-10    Fair
    3     2010-07  Leicestershire        Follow-up 2010    <NA>
    5  2016-11-29   East Midlands   Area Assurance 2016    <NA>
    6  2022-10-13   East Midlands  Area inspection 2022    <NA>
    """
    events = Timeline.read(folder).about(find_area(area, folder=folder))
    events = events[events["relation"].isin(_ON_IT)]
    overall = counted(ratings(level="overall", folder=folder)).set_index("inspection_id")["rating"]
    told = events[events["kind"].isin(["rating", "follow_up"])]
    numbers = events[events["kind"].eq("number") & events["inspection_id"].notna()]
    numbers = numbers[~numbers["inspection_id"].isin(told["inspection_id"])]
    began = events["kind"].eq("borders") & events["area_ids"].str.contains("; ", regex=False)
    shown = events[began | events.index.isin([*told.index, *numbers.index])]
    steps: dict[str, list[pd.Series]] = {}
    for place, event in shown.iterrows():
        key = event["inspection_id"] if pd.notna(event["inspection_id"]) else str(place)
        steps.setdefault(key, []).append(event)
    rows = [_step(rows, overall) for rows in steps.values()]
    before: dict[str, object] | None = None
    for row in rows:
        if pd.isna(row["framework"]):
            continue
        if before is not None:
            other = [
                words
                for column, words in (("framework_id", "framework"), ("area_id", "unit"))
                if row[column] != before[column]
            ]
            row["changed"] = f"other {' and other '.join(other)}" if other else None
        before = row
    return pd.DataFrame(rows, columns=_COLUMNS).astype("string")


def _step(events: list[pd.Series], overall: pd.Series) -> dict[str, object]:
    """One inspection, or one change of borders."""
    first = events[0]
    row = {column: first.get(column) for column in _COLUMNS}
    rating = overall.get(first["inspection_id"])
    parts = [event["what"] for event in events]
    if rating is not None:
        parts = [part for part in parts if part != f"Overall: {rating}"]
    row["overall"], row["what"] = rating, "; ".join(parts)
    for column in ("speaker", "basis", "source_id"):
        values = dict.fromkeys(one for event in events for one in str(event[column]).split("; "))
        row[column] = "; ".join(values)
    return row
