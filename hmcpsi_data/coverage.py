"""What is known of which Area, aspect by aspect or by kind of measure, and why the rest is not."""

from __future__ import annotations

import os

import pandas as pd

from hmcpsi_data.choosing import Wanted, choose
from hmcpsi_data.description import table
from hmcpsi_data.errors import UnknownValueError
from hmcpsi_data.tables import load
from hmcpsi_data.views import aspects, counted, look_up, ratings

__all__ = ["coverage"]

_Folder = str | os.PathLike[str] | None

_COLUMNS = ["area_id", "area", "framework_id", "framework", "round", "measure", "n", "status"]
_KEYS = ["area_id", "framework_id", "measure"]
_BY_ASPECT = [
    "area_id", "area", "kind", "framework_id", "framework", "set_id", "aspect_id", "label", "level",
    "status", "rating", "basis", "speaker", "tier", "n_sources", "rating_id",
]  # fmt: skip
_FRAMEWORK = ["framework_id", "framework", "round", "n_units", "in_force_from", "in_force_to"]
_PARTS = ("london_borough", "sector")  # units of another kind that are inspected by themselves
_STATUS = {
    "stated": "stated",
    "stated_in_prose": "stated",
    "second_hand": "stated",
    "derived": "derived",
    "inferred": "derived",
    "contradicted": "contradicted",
}


def coverage(framework: Wanted = None, by: str = "aspect", folder: _Folder = None) -> pd.DataFrame:
    """What the tables know, by Area and aspect, or by Area and kind of measure.

    No combination is left out and none is left blank, so that nothing unknown can be taken for
    something bad: an Area without a rating is never Poor by silence.

    Parameters
    ----------
    framework : str or list of str, optional
        Only these frameworks, as for `ratings`; all, where not given.
    by : {"aspect", "measure"}
        ``aspect`` gives a row for each Area and aspect of the frameworks that rate; ``measure`` a
        row for each Area, framework and kind of measure, numbers and findings among them.
    folder : path, optional
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        By aspect: the Areas that were in being while the framework was in force, then units of
        another kind that it inspected (`kind`: London boroughs and sectors, as far as they are
        known by name), each with every aspect of the framework. Units of the kind `other` are left
        out: they gather several units or the whole service, and nobody rated them as one. A set of
        criteria that was printed for one Area is sought in that Area only, since labels differ from
        Area to Area. `status` is one of

        stated
            A source gives the rating; `basis` says whether plainly, in prose or at second hand.
        derived
            It follows from what sources give (or is inferred); nobody printed it.
        contradicted
            A source gives it and another one says otherwise. It takes part in no chart or count.
        not_found
            There may have been a rating; these tables do not hold it.
        not_applicable
            The Area is known not to have been inspected under the framework: `n_units` of
            `frameworks` says how many were, and the inspections of all of them are known.
        not_in_framework, not_rated
            Why there is none, where a row of `ratings` says so.

        `rating`, `basis`, `speaker`, `tier`, `n_sources` and `rating_id` are those of the rating,
        and empty where there is none. Where an aspect was rated more than once, the rating
        published last is given.

        A framework that has no ratings (the follow-ups, the inspections since 2021, thematic ones)
        has no rows by aspect; by measure it says ``not_in_framework``.

        By measure, for Areas only: `n` is the number of rows that are known, contradicted ones left
        out, and `status` the first of these that holds: known; not_applicable (the Area was not in
        being while the framework was in force, or is known not to have been inspected);
        not_in_framework (the framework has no such measure, table `framework_measures`); not_found.

    Raises
    ------
    UnknownValueError
        Where a framework is not known, or `by` is neither of the two.

    Notes
    -----
    What counts as a row of a measure: for ``overall_rating``, ``section_rating``,
    ``criterion_rating`` and ``aspect_rating``, a rating of an aspect of that level that is not
    missing; for ``progress_rating``, an action whose progress was rated, under the framework of the
    follow-up that rated it; for ``recommendation``, ``aspect_for_improvement`` and ``issue``, an
    action, under the framework of the inspection that raised it; for ``finding`` and ``number``, a
    row of `findings` or `measures` that stands in the publication of the inspection.

    A period is taken as widely as its precision allows, and as open where no date is known: an
    Area is called ``not_applicable`` only where the two cannot have met.

    Examples
    --------
    >>> overall = coverage("opa_2005").query("level == 'overall'")
    >>> overall["status"].value_counts().to_dict()
    {'not_found': 30, 'stated': 12}
    >>> seen = coverage(by="measure")
    >>> overall = seen[(seen["area"] == "East Midlands") & (seen["measure"] == "overall_rating")]
    >>> overall.set_index("framework")["status"][["OPA 2006", "Area Assurance 2016"]].to_dict()
    {'OPA 2006': 'not_applicable', 'Area Assurance 2016': 'not_in_framework'}
    """
    if by not in ("aspect", "measure"):
        raise UnknownValueError("by", by, ["aspect", "measure"], "help(coverage)")
    frameworks = load("frameworks", folder).rename(columns={"short_title": "framework"})
    chosen = choose("framework", framework, folder)
    if chosen is not None:
        frameworks = frameworks[frameworks["framework_id"].isin(chosen)]
    if by == "aspect":
        return _by_aspect(frameworks, folder)
    return _by_measure(frameworks[_FRAMEWORK], folder)


def _by_aspect(frameworks: pd.DataFrame, folder: _Folder) -> pd.DataFrame:
    """Every unit of the frameworks that rate, with every aspect, and what is known of it."""
    rating = frameworks.loc[frameworks["measure_kind"] == "rating", _FRAMEWORK]
    known = _latest(ratings(folder=folder))
    units = _units(rating, folder)
    sought = aspects(folder=folder)[["set_id", "framework_id", "aspect_id", "label", "level"]]
    rows = units.merge(sought, on="framework_id")
    rows = rows[_sought(rows, known)]
    own = ["area_id", "aspect_id"]
    of_rating = ["rating", "basis", "speaker", "tier", "n_sources", "rating_id", "missing"]
    rows = rows.merge(known[own + of_rating], on=own, how="left")
    status = rows["basis"].map(_STATUS).where(rows["rating"].notna(), rows["missing"])
    status = status.fillna("not_found").astype("string")
    rows["status"] = status.mask(
        _passed_by(rows, folder) & rows["rating_id"].isna(), "not_applicable"
    )
    return rows[_BY_ASPECT]


def _latest(known: pd.DataFrame) -> pd.DataFrame:
    """For each unit and aspect the rating that was published last."""
    in_time = known.sort_values("published", kind="stable", na_position="first")
    return in_time.drop_duplicates(["area_id", "aspect_id"], keep="last")


def _units(rating: pd.DataFrame, folder: _Folder) -> pd.DataFrame:
    """The Areas in being under each framework, and the units of other kinds that it inspected."""
    units = load("areas", folder).rename(columns={"name": "area"})
    units = units[["area_id", "area", "kind", "valid_from", "valid_to"]]
    rows = rating.merge(units, how="cross")
    there = rows["kind"].eq("area") & ~_never_met(rows)
    inspected = load("inspections", folder)[["area_id", "framework_id"]].drop_duplicates()
    inspected = rows[["area_id", "framework_id"]].merge(inspected, how="left", indicator=True)
    other = rows["kind"].isin(_PARTS) & inspected["_merge"].eq("both").to_numpy()
    of_areas = _area_frameworks(rating["framework_id"], folder)
    there &= rows["framework_id"].isin(of_areas)
    rows = rows[there | other]
    return rows.sort_values("kind", key=lambda kind: kind.ne("area"), kind="stable").sort_values(
        "framework_id",
        key=lambda ids: ids.map({f: n for n, f in enumerate(rating["framework_id"])}),
        kind="stable",
    )


def _area_frameworks(ids: pd.Series, folder: _Folder) -> list[str]:
    """The frameworks that inspect Areas: those with an inspection of one, or with none at all."""
    inspected = load("inspections", folder)[["area_id", "framework_id"]]
    kind = look_up(inspected["area_id"], "areas", ["kind"], folder)["kind"]
    only_others = set(inspected["framework_id"]) - set(
        inspected.loc[kind == "area", "framework_id"]
    )
    return [one for one in ids.unique() if one not in only_others]


def _sought(rows: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    """Whether an aspect is sought in a unit: criteria printed for one Area only in that Area."""
    criteria = rows[rows["level"] == "criterion"].groupby("framework_id")["set_id"].nunique()
    several = rows["framework_id"].isin(criteria.index[criteria > 1]) & rows["level"].eq(
        "criterion"
    )
    printed = pd.MultiIndex.from_frame(known[["area_id", "set_id"]])
    own = pd.MultiIndex.from_frame(rows[["area_id", "set_id"]]).isin(printed)
    return ~several | own


def _by_measure(frameworks: pd.DataFrame, folder: _Folder) -> pd.DataFrame:
    """Every Area, framework and kind of measure, with the number of rows that are known."""
    areas = load("areas", folder).rename(columns={"name": "area"})
    areas = areas.loc[areas["kind"] == "area", ["area_id", "area", "valid_from", "valid_to"]]
    grid = areas.merge(frameworks, how="cross").merge(_measures(), how="cross")
    grid = grid.merge(_known(folder), on=_KEYS, how="left").fillna({"n": 0})
    grid = grid.merge(_absent(folder), on=_KEYS[1:], how="left")
    grid["status"] = _status(grid, folder)
    return grid[_COLUMNS]


def _measures() -> pd.DataFrame:
    """The kinds of measure, those of the frameworks first."""
    rated = table("framework_measures").field("measure").enum
    return pd.DataFrame({"measure": pd.array([*rated, "finding", "number"], dtype="string")})


def _known(folder: _Folder) -> pd.DataFrame:
    """How many rows are known, by Area, framework and measure."""
    rated = counted(load("ratings", folder)).dropna(subset="rating")
    level = look_up(rated["aspect_id"], "aspects", ["level"], folder)["level"]
    actions = load("actions", folder)
    followed_up = actions.dropna(subset="progress")["follow_up_inspection_id"]
    found = [
        (rated["inspection_id"], level + "_rating"),
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


def _absent(folder: _Folder) -> pd.DataFrame:
    """The measures that a framework does not have."""
    measures = load("framework_measures", folder)
    absent = measures.loc[measures["status"] == "not_in_framework", _KEYS[1:]]
    return absent.drop_duplicates().assign(absent=True)


def _status(grid: pd.DataFrame, folder: _Folder) -> pd.Series:
    """The reason for each count; the reasons set last come first."""
    status = pd.Series("not_found", index=grid.index, dtype="string")
    status = status.mask(grid["absent"].eq(True), "not_in_framework")
    of_others = ~grid["framework_id"].isin(_area_frameworks(grid["framework_id"], folder))
    passed = _never_met(grid) | _passed_by(grid, folder) | of_others
    status = status.mask(passed, "not_applicable")
    return status.mask(grid["n"].gt(0), "known")


def _passed_by(rows: pd.DataFrame, folder: _Folder) -> pd.Series:
    """Whether a unit is known not to have been inspected: all that were are known by name."""
    inspected = load("inspections", folder)[["area_id", "framework_id"]].drop_duplicates()
    kind = look_up(inspected["area_id"], "areas", ["kind"], folder)["kind"]
    inspected = inspected[kind != "other"]
    n = rows["framework_id"].map(inspected["framework_id"].value_counts()).fillna(0)
    all_known = rows["n_units"].notna() & n.ge(rows["n_units"].fillna(0))
    units = pd.MultiIndex.from_frame(rows[["area_id", "framework_id"]])
    return all_known.astype(bool) & ~units.isin(pd.MultiIndex.from_frame(inspected))


def _never_met(grid: pd.DataFrame) -> pd.Series:
    """Whether a unit and a framework cannot have met in time."""
    begins, ends = grid["in_force_from"].fillna(""), grid["in_force_to"].fillna("9999")
    never_met = _ends_before(grid["valid_to"].fillna("9999"), begins)
    return never_met | _ends_before(ends, grid["valid_from"].fillna(""))


def _ends_before(end: pd.Series, start: pd.Series) -> pd.Series:
    """Whether a period ends before another starts, each date taken as widely as it is known.

    A date that is a part of the other, as 2011 is of 2011-04, may be the same day.
    """
    return end.add("~").lt(start)
