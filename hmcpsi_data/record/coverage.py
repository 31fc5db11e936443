"""What is known of which Area and why the rest is not; how many units had which overall rating."""

from __future__ import annotations

import pandas as pd

from hmcpsi_data.record.areas import apart
from hmcpsi_data.record.facts import joined_facts
from hmcpsi_data.record.filters import Wanted, choose, one_of, only
from hmcpsi_data.record.joins import look_up, place
from hmcpsi_data.record.ratings import aspects, joined_ratings, undisputed
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record, RecordLike, as_record

_KEYS = ["area_id", "framework_id", "measure"]
_BY_MEASURE = ["area_id", "area", "framework_id", "framework", "round", "measure", "n", "status"]
_BY_ASPECT = [
    "area_id", "area", "kind", "framework_id", "framework", "round", "set_id", "aspect_id", "label",
    "level", "status", "rating", "says_otherwise", "basis", "speaker", "tier", "n_sources",
    "date", "date_precision", "date_kind", "rating_id", "source_id", "otherwise_source_id",
]  # fmt: skip
_NATIONAL = [
    "distribution_id", "framework_id", "framework", "round", "scope", "n_units", "rating", "n",
    "n_low", "n_high", "n_named", "basis", "speaker", "tier", "source_id", "note",
]  # fmt: skip
_FRAMEWORK = [
    "framework_id", "framework", "round", "n_units", "units_on", "in_force_from", "in_force_to",
]  # fmt: skip
_PARTS = ("london_borough", "sector")  # units of another kind that are inspected by themselves
_STATUS = {
    "stated": "stated",
    "stated_in_prose": "stated",
    "second_hand": "stated",
    "derived": "derived",
    "inferred": "derived",
    "contradicted": "contradicted",
}
# kinds of facts that bear another name as a measure
_MEASURES = {"progress": "progress_rating", "comparison": "finding", "measure": "number"}


def coverage(
    framework: Wanted = None, by: str = "aspect", record: RecordLike = None
) -> pd.DataFrame:
    """What the tables know, by Area and aspect, or by Area and kind of measure.

    No combination is left out and none is left blank: an Area without a rating is never Poor by
    silence.

    Parameters
    ----------
    framework, record
        As for `facts`.
    by : {"aspect", "measure"}
        ``aspect`` gives a row for each Area and aspect of the frameworks that rate; ``measure`` a
        row for each Area, framework and kind of measure, numbers and findings among them.

    Returns
    -------
    pandas.DataFrame
        By aspect: the Areas that were in being while the framework was in force, then the London
        boroughs and sectors that it inspected (`kind`), each with every aspect of the framework
        (criteria that were printed for one Area, in that Area only) and the rating published last.
        `status` is stated or derived (`basis` says how); contradicted (another source says
        otherwise; it takes part in no chart or count); not_found (there may have been a rating);
        not_applicable (the Area is known not to have been inspected, since all that were are
        known); or not_in_framework or not_rated, where a row of `ratings` says so.

        By measure, for Areas only: `n` (Int64) is the number of rows of `facts` that are known (of
        ratings those with a word), contradicted ones left out, and `status` the first of these that
        holds: known; contradicted; not_applicable (not inspected, or not in being while the
        framework was in force, each date taken as widely as it is known); not_in_framework (which
        has no such measure); not_found.

    Examples
    --------
    >>> overall = coverage("opa_2005").query("level == 'overall'")
    >>> int(overall["status"].eq("stated").sum()) >= 12, len(overall)
    (True, 42)
    """
    record = as_record(record)
    by = one_of("by", by, ("aspect", "measure"), "help(coverage)")
    frameworks = record.table("frameworks").rename(columns={"short_title": "framework"})
    frameworks = only(frameworks, {"framework_id": choose("framework", framework, record)})
    if by == "measure":
        return _by_measure(frameworks[_FRAMEWORK], record)
    return _by_aspect(frameworks.loc[frameworks["measure_kind"] == "rating", _FRAMEWORK], record)


def national(framework: Wanted = None, record: RecordLike = None) -> pd.DataFrame:
    """The published distributions of overall ratings, with bounds where only bounds follow.

    Parameters
    ----------
    framework, record
        As for `facts`.

    Returns
    -------
    pandas.DataFrame
        One row per distribution and rating, the lowest rating first; numbers are Int64. `n` is as
        published, and empty where none was found; then `n_low` and `n_high` are what the published
        facts allow, else they are equal to it. `n_named` is how many units with that rating are
        known by name, contradicted ones left out; empty for a distribution of a part of the units.

    Examples
    --------
    >>> whole = national("opa_2005").query("n_units == 42")
    >>> whole[["rating", "n", "n_low", "n_high"]].tail(2)
          rating     n  n_low  n_high
    2       Good  <NA>     10      17
    3  Excellent     3      3       3
    """
    record = as_record(record)
    rows = record.table("distributions")
    rows = only(rows, {"framework_id": choose("framework", framework, record)})
    of = look_up(
        rows["framework_id"], "frameworks", ["short_title", "round", "scale_id", "n_units"], record
    )
    ranks = record.table("scales").set_index(["scale_id", "value"])["rank"]
    is_whole = rows["n_units"].eq(of["n_units"]).fillna(False)
    known = undisputed(record.once(joined_ratings))
    kind = look_up(known["area_id"], "areas", ["kind"], record)["kind"]
    known = known[known["level"].eq("overall") & kind.ne("sector")]  # a sector is part of an Area
    named = known.groupby(["framework_id", "rating"])["area_id"].nunique()
    n_named = named.reindex(_pairs(rows, "framework_id", "rating")).fillna(0).astype("Int64")
    rows = rows.assign(
        framework=of["short_title"],
        round=of["round"],
        tier=look_up(rows["source_id"], "sources", ["tier"], record)["tier"],
        n_named=n_named.set_axis(rows.index).where(is_whole),
        _part=~is_whole,
        _rank=ranks.reindex(pd.MultiIndex.from_arrays([of["scale_id"], rows["rating"]])).to_numpy(),
        _place=place(rows["framework_id"], "frameworks", record),
        _fewer=-rows["n_units"],
    )
    by = ["_place", "_part", "_fewer", "distribution_id", "_rank"]
    return rows.sort_values(by, kind="stable", ignore_index=True)[_NATIONAL]


# By aspect --------------------------------------------------------------------------------------


def _by_aspect(frameworks: pd.DataFrame, record: Record) -> pd.DataFrame:
    """Every unit of the frameworks that rate, with every aspect, and what is known of it."""
    known = record.once(joined_ratings)
    # Of an aspect that was rated more than once, the rating that was published last.
    known = known.sort_values("published", kind="stable", na_position="first")
    known = known.drop_duplicates(["area_id", "aspect_id"], keep="last")
    sought = aspects(record=record)[["set_id", "framework_id", "aspect_id", "label", "level"]]
    rows = _units(frameworks, record).merge(sought, on="framework_id")
    rows = rows[_sought(rows, known)]
    of_rating = known.columns.difference(rows.columns).union(["area_id", "aspect_id"])
    rows = rows.merge(known[of_rating], on=["area_id", "aspect_id"], how="left")
    status = rows["basis"].map(_STATUS).where(rows["rating"].notna(), rows["missing"])
    status = status.fillna("not_found").astype("string")
    passed = _passed_by(rows, record) & rows["rating_id"].isna()
    return rows.assign(status=status.mask(passed, "not_applicable"))[_BY_ASPECT]


def _units(frameworks: pd.DataFrame, record: Record) -> pd.DataFrame:
    """The Areas in being under each framework, and the units of other kinds that it inspected."""
    units = record.table("areas").rename(columns={"name": "area"})
    units = units[["area_id", "area", "kind", "valid_from", "valid_to"]]
    rows = frameworks.merge(units, how="cross")
    there = rows["kind"].eq("area") & ~_apart(rows)
    there &= rows["framework_id"].isin(_of_areas(record))
    other = rows["kind"].isin(_PARTS) & _pairs(rows).isin(_pairs(_inspected(record)))
    rows = rows[there | other]
    order = place(rows["framework_id"], "frameworks", record)
    rows = rows.assign(_place=order, _other=rows["kind"].ne("area"))
    return rows.sort_values(["_place", "_other"], kind="stable")


def _sought(rows: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    """Whether an aspect is sought in a unit: criteria printed for one Area only in that Area."""
    is_criterion = rows["level"].eq("criterion")
    sets = rows[is_criterion].groupby("framework_id")["set_id"].nunique()
    several = is_criterion & rows["framework_id"].isin(sets.index[sets > 1])
    own = _pairs(rows, "area_id", "set_id").isin(_pairs(known, "area_id", "set_id"))
    return ~several | own


# By measure -------------------------------------------------------------------------------------


def _by_measure(frameworks: pd.DataFrame, record: Record) -> pd.DataFrame:
    """Every Area, framework and kind of measure, with the number of rows that are known."""
    areas = record.table("areas").rename(columns={"name": "area"})
    areas = areas.loc[areas["kind"] == "area", ["area_id", "area", "valid_from", "valid_to"]]
    measures = [*table("framework_measures").field("measure").enum, "finding", "number"]
    rows = areas.merge(frameworks, how="cross")
    never = _apart(rows) | _passed_by(rows, record)
    never |= ~rows["framework_id"].isin(_of_areas(record))
    ids = [areas["area_id"].tolist(), frameworks["framework_id"].tolist(), measures]
    keys: pd.MultiIndex = pd.MultiIndex.from_product(ids, names=_KEYS)
    counts = record.once(_counts).reindex(keys, fill_value=0).reset_index(drop=True)
    used = record.table("framework_measures")
    absent = _pairs(used[used["status"] == "not_in_framework"], *_KEYS[1:])
    rows = rows.assign(_never=never).loc[rows.index.repeat(len(measures))].reset_index(drop=True)
    status = pd.Series("not_found", rows.index)
    status = status.mask(keys.droplevel("area_id").isin(absent), "not_in_framework")
    status = status.mask(rows["_never"], "not_applicable")
    status = status.mask(counts["doubted"] > 0, "contradicted").mask(counts["known"] > 0, "known")
    rows = rows.assign(measure=keys.get_level_values("measure"), n=counts["known"], status=status)
    return rows[_BY_MEASURE].astype({"measure": "string", "n": "Int64", "status": "string"})


def _counts(record: Record) -> pd.DataFrame:
    """How many facts count, and how many are contradicted, by Area, framework and measure."""
    rows = record.once(joined_facts)
    is_rating = rows["kind"].eq("rating")
    measure = rows["kind"].replace(_MEASURES).mask(is_rating, rows["level"] + "_rating")
    doubted = is_rating & rows["basis"].eq("contradicted").fillna(False)
    there = rows["inspection_id"].notna() & (~is_rating | rows["value"].notna())
    rows = rows.assign(measure=measure, known=~doubted, doubted=doubted)[there]
    return rows.astype({"known": int, "doubted": int}).groupby(_KEYS)[["known", "doubted"]].sum()


# Whether a unit and a framework met -------------------------------------------------------------


def _apart(rows: pd.DataFrame) -> pd.Series:
    """Whether a unit and a framework cannot have met in time.

    A framework that looks back, such as the follow-ups, has the units of an earlier day.
    """
    begins = rows["units_on"].fillna(rows["in_force_from"])
    ends = rows["units_on"].fillna(rows["in_force_to"])
    return apart(rows["valid_from"], rows["valid_to"], begins, ends)


def _pairs(rows: pd.DataFrame, one: str = "area_id", other: str = "framework_id") -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(rows[[one, other]])


def _inspected(record: Record) -> pd.DataFrame:
    """Unit, kind of unit and framework of all inspections, each once."""
    rows = record.table("inspections")[["area_id", "framework_id"]].drop_duplicates()
    return rows.assign(kind=look_up(rows["area_id"], "areas", ["kind"], record)["kind"])


def _of_areas(record: Record) -> list[str]:
    """The frameworks that inspect Areas: those with an inspection of one, or with none at all."""
    rows = _inspected(record)
    only_others = {*rows["framework_id"]} - {*rows.loc[rows["kind"] == "area", "framework_id"]}
    return [one for one in record.table("frameworks")["framework_id"] if one not in only_others]


def _passed_by(rows: pd.DataFrame, record: Record) -> pd.Series:
    """Whether a unit is known not to have been inspected: all that were are known by name."""
    inspected = _inspected(record)
    inspected = inspected[inspected["kind"] != "other"]
    n = rows["framework_id"].map(inspected["framework_id"].value_counts()).fillna(0)
    all_known = rows["n_units"].notna() & n.ge(rows["n_units"].fillna(0))
    return all_known.astype(bool) & ~_pairs(rows).isin(_pairs(inspected))
