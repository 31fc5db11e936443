"""What is known of which Area in which round, and why the rest is not."""

from __future__ import annotations

import os

import pandas as pd

from hmcpsi_data.description import table
from hmcpsi_data.tables import load
from hmcpsi_data.views import look_up

__all__ = ["coverage"]

_COLUMNS = ["area_id", "area", "framework_id", "framework", "round", "measure", "n", "status"]
_KEYS = ["area_id", "framework_id", "measure"]


def coverage(folder: str | os.PathLike[str] | None = None) -> pd.DataFrame:
    """What the tables know, for every Area, framework and kind of measure.

    No combination is left out and none is left blank, so that nothing unknown can be taken for
    something bad: an Area without a rating is never Poor by silence.

    Parameters
    ----------
    folder : path, optional
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        One row per Area (units of another kind are left out), framework and measure, in the order
        of their tables. `framework` is its short title, `n` the number of rows that are known,
        and `status` the first of these that holds:

        known
            There is at least one row.
        not_applicable
            The Area was not in being while the framework was in force.
        not_in_framework
            The framework has no such measure (table `framework_measures`).
        not_found
            There may have been something; these tables do not hold it.

    Notes
    -----
    What counts as a row: for ``overall_rating``, ``section_rating``, ``criterion_rating`` and
    ``aspect_rating``, a rating of an aspect of that level that is not missing; for
    ``progress_rating``, an action whose progress was rated, under the framework of the follow-up
    that rated it; for ``recommendation``, ``aspect_for_improvement`` and ``issue``, an action,
    under the framework of the inspection that raised it; for ``finding`` and ``number``, a row of
    `findings` or `measures` that stands in the publication of the inspection.

    A period is taken as widely as its precision allows, and as open where no date is known: an
    Area is called ``not_applicable`` only where the two cannot have met.

    Examples
    --------
    >>> seen = coverage()
    >>> overall = seen[(seen["area"] == "East Midlands") & (seen["measure"] == "overall_rating")]
    >>> overall.set_index("framework")["status"][["OPA 2006", "Area Assurance 2016"]].to_dict()
    {'OPA 2006': 'not_applicable', 'Area Assurance 2016': 'not_in_framework'}
    """
    areas = load("areas", folder).rename(columns={"name": "area"})
    areas = areas.loc[areas["kind"] == "area", ["area_id", "area", "valid_from", "valid_to"]]
    frameworks = load("frameworks", folder).rename(columns={"short_title": "framework"})
    frameworks = frameworks[["framework_id", "framework", "round", "in_force_from", "in_force_to"]]
    grid = areas.merge(frameworks, how="cross").merge(_measures(), how="cross")
    grid = grid.merge(_known(folder), on=_KEYS, how="left").fillna({"n": 0})
    grid = grid.merge(_absent(folder), on=_KEYS[1:], how="left")
    grid["status"] = _status(grid)
    return grid[_COLUMNS]


def _measures() -> pd.DataFrame:
    """The kinds of measure, those of the frameworks first."""
    rated = table("framework_measures").field("measure").enum
    return pd.DataFrame({"measure": pd.array([*rated, "finding", "number"], dtype="string")})


def _known(folder: str | os.PathLike[str] | None) -> pd.DataFrame:
    """How many rows are known, by Area, framework and measure."""
    ratings = load("ratings", folder).dropna(subset="rating")
    level = look_up(ratings["aspect_id"], "aspects", ["level"], folder)["level"]
    actions = load("actions", folder)
    followed_up = actions.dropna(subset="progress")["follow_up_inspection_id"]
    found = [
        (ratings["inspection_id"], level + "_rating"),
        (followed_up, "progress_rating"),
        (actions["inspection_id"], actions["kind"]),
        (load("findings", folder)["inspection_id"], "finding"),
        (load("measures", folder)["inspection_id"], "number"),
    ]
    rows = pd.concat(
        [pd.DataFrame({"inspection_id": ids, "measure": measure}) for ids, measure in found],
        ignore_index=True,
    ).astype("string")
    inspected = ["area_id", "framework_id"]
    rows = rows.join(look_up(rows["inspection_id"], "inspections", inspected, folder))
    return (
        rows.groupby(_KEYS, as_index=False)
        .size()
        .astype({"size": "Int64"})
        .rename(columns={"size": "n"})
    )


def _absent(folder: str | os.PathLike[str] | None) -> pd.DataFrame:
    """The measures that a framework does not have."""
    measures = load("framework_measures", folder)
    absent = measures.loc[measures["status"] == "not_in_framework", _KEYS[1:]]
    return absent.drop_duplicates().assign(absent=True)


def _status(grid: pd.DataFrame) -> pd.Series:
    """The reason for each count; the reasons set last come first."""
    begins, ends = grid["in_force_from"].fillna(""), grid["in_force_to"].fillna("9999")
    never_met = _ends_before(grid["valid_to"].fillna("9999"), begins)
    never_met |= _ends_before(ends, grid["valid_from"].fillna(""))
    status = pd.Series("not_found", index=grid.index, dtype="string")
    status = status.mask(grid["absent"].eq(True), "not_in_framework")
    status = status.mask(never_met, "not_applicable")
    return status.mask(grid["n"].gt(0), "known")


def _ends_before(end: pd.Series, start: pd.Series) -> pd.Series:
    """Whether a period ends before another starts, each date taken as widely as it is known.

    A date that is a part of the other, as 2011 is of 2011-04, may be the same day.
    """
    return end.add("~").lt(start)
