"""What is known of which Area and why the rest is not; how many units had which overall rating."""

import pandas as pd

from hmcpsi_data.record.areas import IN_FORCE, in_being, in_force
from hmcpsi_data.record.facts import stated_facts
from hmcpsi_data.record.filters import Wanted, choose, one_of, only
from hmcpsi_data.record.joins import in_order, inspected, look_up, place, scales
from hmcpsi_data.record.ratings import aspects, joined_ratings
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record, RecordLike, as_record

_BY_MEASURE = ["area_id", "area", "framework_id", "framework", "round", "measure", "n", "status"]
_OF_RATING = [
    "rating", "says_otherwise", "basis", "speaker", "tier", "n_sources", "date", "date_precision",
    "date_kind", "rating_id", "source_id", "otherwise_source_id",
]  # fmt: skip
_BY_ASPECT = [
    "area_id", "area", "kind", "framework_id", "framework", "round", "set_id", "aspect_id", "label",
    "level", "status", *_OF_RATING,
]  # fmt: skip
_NATIONAL = [
    "distribution_id", "framework_id", "framework", "round", "scope", "n_units", "rating", "n",
    "n_low", "n_high", "basis", "speaker", "tier", "source_id", "note",
]  # fmt: skip
_STATUS = {"derived": "derived", "inferred": "derived", "contradicted": "contradicted"}
# kinds of facts that bear another name as a measure
_MEASURES = {"progress": "progress_rating", "comparison": "finding", "measure": "number"}


def coverage(
    framework: Wanted = None, by: str = "aspect", record: RecordLike = None
) -> pd.DataFrame:
    """What the tables know, by Area and aspect, or by Area and kind of measure; nothing left blank.

    `status` is known (by aspect: stated or derived), contradicted (counted nowhere), not_applicable
    (not inspected, or not in being then), not_in_framework, not_rated or not_found.

    Parameters
    ----------
    framework, record
        As for `facts`.
    by : {"aspect", "measure"}
        A row for each unit and aspect of the frameworks that rate, with the rating published last;
        or for each Area, framework and kind of measure, with the number `n` of `facts`.

    Returns
    -------
    pandas.DataFrame
        Strings; `n` and `n_sources` are Int64.

    Examples
    --------
    >>> coverage("opa_2005").query("level == 'overall'")["area"].nunique()
    42
    """
    record = as_record(record)
    by = one_of("by", by, ("aspect", "measure"), "help(coverage)")
    frameworks = record.table("frameworks")
    frameworks = only(frameworks, {"framework_id": choose("framework", framework, record)})
    if by == "measure":
        return _by_measure(frameworks, record)
    return _by_aspect(frameworks[frameworks["measure_kind"].eq("rating")], record)


def national(framework: Wanted = None, record: RecordLike = None) -> pd.DataFrame:
    """The published distributions of overall ratings, the lowest first.

    Where `n` was not published, `n_low` and `n_high` are what the published facts allow.

    Parameters
    ----------
    framework, record
        As for `facts`.

    Returns
    -------
    pandas.DataFrame
        One row per distribution and rating, strings; numbers are Int64.

    Examples
    --------
    >>> national("opa_2005").query("rating == 'Good'")[["n_low", "n_high"]].iloc[0].tolist()
    [10, 17]
    """
    record = as_record(record)
    rows = record.table("distributions")
    rows = only(rows, {"framework_id": choose("framework", framework, record)})
    of = look_up(rows["framework_id"], "frameworks", ["short_title", "round"], record)
    tier = look_up(rows["source_id"], "sources", "tier", record)
    rows = rows.assign(framework=of["short_title"], round=of["round"], tier=tier)
    lowest_first = record.once(scales)
    pairs = zip(rows["framework_id"], rows["rating"], strict=True)
    rank = pd.Series([lowest_first[one].index(word) for one, word in pairs], rows.index)
    frameworks = place(rows["framework_id"], "frameworks", record)
    return in_order(rows, frameworks, -rows["n_units"], rank)[_NATIONAL]


def _meetings(frameworks: pd.DataFrame, record: Record) -> pd.DataFrame:
    """Each unit and framework, whether they met in time, and whether it is known to be left out."""
    visits = record.table("inspections")[["area_id", "framework_id"]].drop_duplicates()
    visits["kind"] = look_up(visits["area_id"], "areas", "kind", record)
    of_areas = visits.loc[visits["kind"].eq("area"), "framework_id"]
    of_others = visits.loc[~visits["framework_id"].isin(of_areas), "framework_id"]
    n_known = visits.loc[visits["kind"].ne("other"), "framework_id"].value_counts()
    units = record.table("areas").rename(columns={"name": "area"})
    columns = ["framework_id", "short_title", "round", "n_units", "units_on", *IN_FORCE]
    met = units[["area_id", "area", "kind", "valid_from", "valid_to"]]
    met = met.merge(frameworks[columns].rename(columns={"short_title": "framework"}), how="cross")
    visited = met.merge(visits.assign(visited=True), how="left")["visited"].notna()
    period = in_force(met.assign(**{day: met["units_on"].fillna(met[day]) for day in IN_FORCE}))
    there = in_being(met, period) & ~met["framework_id"].isin(of_others)
    all_known = met["framework_id"].map(n_known).ge(met["n_units"]).fillna(False)
    visited_part = visited & met["kind"].isin(["london_borough", "sector"])
    there = there.where(met["kind"].eq("area"), visited_part)
    return met.assign(there=there, left_out=all_known & ~visited)


def _by_aspect(frameworks: pd.DataFrame, record: Record) -> pd.DataFrame:
    sought = aspects(record=record)[["set_id", "framework_id", "aspect_id", "label", "level"]]
    rated = record.once(joined_ratings)
    own_sets = rated[["area_id", "set_id"]].drop_duplicates().assign(own=True)
    # Of an aspect that was rated more than once, the rating that was published last.
    rated = rated.sort_values("published", kind="stable", na_position="first")
    rated = rated.drop_duplicates(["area_id", "aspect_id"], keep="last")
    # Criteria that were printed for one Area are sought in that Area only.
    criteria = sought[sought["level"].eq("criterion")]
    several = criteria.groupby("framework_id")["set_id"].nunique().gt(1)
    of_one = criteria.loc[criteria["framework_id"].map(several), "aspect_id"]
    met = _meetings(frameworks, record)
    rows = met[met["there"]].merge(sought, on="framework_id").merge(own_sets, how="left")
    rows = rows[rows["own"].notna() | ~rows["aspect_id"].isin(of_one)]
    rows = rows.merge(rated[["area_id", "aspect_id", "missing", *_OF_RATING]], how="left")
    status = rows["basis"].map(_STATUS).fillna("stated").where(rows["rating"].notna())
    absent = rows["left_out"].map({True: "not_applicable", False: "not_found"})
    rows = rows.assign(status=status.fillna(rows["missing"]).fillna(absent))
    frameworks_first = place(rows["framework_id"], "frameworks", record)
    rows = in_order(rows, frameworks_first, rows["kind"].ne("area"))
    return rows[_BY_ASPECT].astype(dict.fromkeys(_BY_ASPECT, "string") | {"n_sources": "Int64"})


def _by_measure(frameworks: pd.DataFrame, record: Record) -> pd.DataFrame:
    measures = [*table("framework_measures").field("measure").enum, "finding", "number"]
    met = _meetings(frameworks, record)
    rows = met[met["kind"].eq("area")].merge(pd.DataFrame({"measure": measures}), how="cross")
    of = record.table("framework_measures")[["framework_id", "measure", "status"]]
    rows = rows.merge(of, how="left").merge(record.once(_counts), how="left")
    status = rows["status"].where(rows["status"].eq("not_in_framework")).fillna("not_found")
    status = status.mask(rows["left_out"] | ~rows["there"], "not_applicable")
    status = status.mask(rows["n"].eq(0), "contradicted").mask(rows["n"].gt(0), "known")
    rows = rows.assign(n=rows["n"].fillna(0), status=status)[_BY_MEASURE]
    return rows.astype(dict.fromkeys(_BY_MEASURE, "string") | {"n": "Int64"})


def _counts(record: Record) -> pd.DataFrame:
    """How many facts there are by Area, framework and measure; 0 where all are contradicted."""
    rows = inspected(record.once(stated_facts), record)
    is_rating = rows["kind"].eq("rating")
    doubted = is_rating & rows["basis"].eq("contradicted").fillna(False)
    measure = rows["kind"].replace(_MEASURES).mask(is_rating, rows["level"] + "_rating")
    rows = rows.assign(measure=measure, n=~doubted.astype(bool))
    rows = rows[rows["inspection_id"].notna() & (~is_rating | rows["value"].notna())]
    return rows.groupby(["area_id", "framework_id", "measure"])["n"].sum().reset_index()
