"""What is known of which Area and why the rest is not; how many units had which overall rating."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from hmcpsi_data.record.areas import apart
from hmcpsi_data.record.facts import joined_facts
from hmcpsi_data.record.filters import Wanted, choose, one_of, only
from hmcpsi_data.record.joins import look_up
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
    framework : str or list of str, optional
        Only these frameworks, as for `facts`; all, where not given.
    by : {"aspect", "measure"}
        ``aspect`` gives a row for each Area and aspect of the frameworks that rate; ``measure`` a
        row for each Area, framework and kind of measure, numbers and findings among them.
    record : Record or path, optional
        Another data folder than the shipped one.

    Returns
    -------
    pandas.DataFrame
        By aspect: the Areas that were in being while the framework was in force, then the London
        boroughs and sectors that it inspected (`kind`), each with every aspect of the framework;
        criteria that were printed for one Area are sought in that Area only. Rating, basis, date,
        sources and what another source says instead are those of the rating published last, as in
        `ratings`, and empty where there is none. `status` is one of

        stated, derived
            A source gives the rating (`basis` says how), or it follows from what sources give.
        contradicted
            A source gives it and another one says otherwise. It takes part in no chart or count.
        not_found
            There may have been a rating; these tables do not hold it.
        not_applicable
            The Area is known not to have been inspected under the framework: `n_units` of
            `frameworks` says how many were, and the inspections of all of them are known.
        not_in_framework, not_rated
            Why there is none, where a row of `ratings` says so.

        By measure, for Areas only: `n` (Int64) is the number of rows of `facts` that are known (of
        ratings those with a word), contradicted ones left out, and `status` the first of these that
        holds: known; contradicted (all that is known is); not_applicable (the Area was not in being
        while the framework was in force, each date taken as widely as it is known, or was not
        inspected); not_in_framework (the framework has no such measure); not_found.

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
    framework : str or list of str, optional
        Only these frameworks, as for `facts`; all, where not given.
    record : Record or path, optional
        Another data folder than the shipped one.

    Returns
    -------
    pandas.DataFrame
        One row per distribution and rating, the lowest rating first. `n` is the number as
        published, and empty where none was found; then `n_low` and `n_high` are what the published
        facts allow, else they are equal to it. `n_named` is how many of the units with that rating
        are known by name in `ratings`, contradicted ones left out; it is empty for a distribution
        of a part of the units. Numbers are Int64, all other columns strings.

    Examples
    --------
    >>> whole = national("opa_2005").query("n_units == 42")
    >>> whole[["rating", "n", "n_low", "n_high"]]
          rating     n  n_low  n_high
    0       Poor     4      4       4
    1       Fair  <NA>     18      25
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
    order = pd.Index(record.table("frameworks")["framework_id"])
    is_whole = rows["n_units"].eq(of["n_units"]).fillna(False)
    rows = rows.assign(
        framework=of["short_title"],
        round=of["round"],
        tier=look_up(rows["source_id"], "sources", ["tier"], record)["tier"],
        n_named=_named(rows, record).where(is_whole),
        _part=~is_whole,
        _rank=ranks.reindex(pd.MultiIndex.from_arrays([of["scale_id"], rows["rating"]])).to_numpy(),
        _place=order.get_indexer(rows["framework_id"]),
    )
    by = ["_place", "_part", "n_units", "distribution_id", "_rank"]
    ascending = [True, True, False, True, True]
    return rows.sort_values(by, ascending=ascending, kind="stable", ignore_index=True)[_NATIONAL]


def _named(rows: pd.DataFrame, record: Record) -> pd.Series:
    """How many units with each overall rating are known by name."""
    known = undisputed(record.once(joined_ratings))
    kind = look_up(known["area_id"], "areas", ["kind"], record)["kind"]
    known = known[known["level"].eq("overall") & kind.ne("sector")]  # a sector is part of an Area
    named = known.groupby(["framework_id", "rating"])["area_id"].nunique()
    keys = pd.MultiIndex.from_frame(rows[["framework_id", "rating"]])
    return named.reindex(keys).fillna(0).astype("Int64").set_axis(rows.index)


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
    place = {framework_id: n for n, framework_id in enumerate(frameworks["framework_id"])}
    rows = rows.assign(_place=rows["framework_id"].map(place), _other=rows["kind"].ne("area"))
    return rows.sort_values(["_place", "_other"], kind="stable")


def _sought(rows: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    """Whether an aspect is sought in a unit: criteria printed for one Area only in that Area."""
    is_criterion = rows["level"].eq("criterion")
    sets = rows[is_criterion].groupby("framework_id")["set_id"].nunique()
    several = is_criterion & rows["framework_id"].isin(sets.index[sets > 1])
    own = _pairs(rows, "set_id").isin(_pairs(known, "set_id"))
    return ~several | own


# By measure -------------------------------------------------------------------------------------


def _by_measure(frameworks: pd.DataFrame, record: Record) -> pd.DataFrame:
    """Every Area, framework and kind of measure, with the number of rows that are known."""
    areas = record.table("areas").rename(columns={"name": "area"})
    areas = areas.loc[areas["kind"] == "area", ["area_id", "area", "valid_from", "valid_to"]]
    measures = [*table("framework_measures").field("measure").enum, "finding", "number"]
    rows = areas.merge(frameworks, how="cross")
    passed = _apart(rows) | _passed_by(rows, record)
    passed |= ~rows["framework_id"].isin(_of_areas(record))
    used = record.table("framework_measures")
    absent = used.loc[used["status"] == "not_in_framework", ["framework_id", "measure"]]
    absent_pairs = {*absent.itertuples(index=False, name=None)}
    known, doubted = _counts(record)
    told = []
    for area_id, framework_id, never in zip(rows["area_id"], rows["framework_id"], passed,
                                            strict=True):  # fmt: skip
        for measure in measures:
            key = area_id, framework_id, measure
            status = "not_in_framework" if key[1:] in absent_pairs else "not_found"
            status = "not_applicable" if never else status
            status = "contradicted" if doubted[key] else status
            told.append((measure, known[key], "known" if known[key] else status))
    cells = dict(zip(_BY_MEASURE[-3:], zip(*told, strict=True), strict=True))
    grid = rows[_BY_MEASURE[:-3]].loc[rows.index.repeat(len(measures))].reset_index(drop=True)
    grid = grid.assign(**cells)
    return grid[_BY_MEASURE].astype({"measure": "string", "n": "Int64", "status": "string"})


def _counts(record: Record) -> tuple[Counter[tuple], Counter[tuple]]:
    """How many facts count, and how many are contradicted, by Area, framework and measure."""
    rows = record.once(joined_facts)
    rated = rows["kind"].eq("rating")
    measure = rows["kind"].replace(_MEASURES).mask(rated, rows["level"] + "_rating")
    there = rows["inspection_id"].notna() & (~rated | rows["value"].notna())
    rows = rows.assign(measure=measure)[there.astype(bool)]
    doubted = rows["kind"].eq("rating") & rows["basis"].eq("contradicted").fillna(False)
    known, others = (
        Counter(of[_KEYS].itertuples(index=False, name=None))
        for of in (rows[~doubted.astype(bool)], rows[doubted.astype(bool)])
    )
    return known, others


# Whether a unit and a framework met -------------------------------------------------------------


def _apart(rows: pd.DataFrame) -> pd.Series:
    """Whether a unit and a framework cannot have met in time.

    A framework that looks back, such as the follow-ups, has the units of an earlier day.
    """
    begins = rows["units_on"].fillna(rows["in_force_from"])
    ends = rows["units_on"].fillna(rows["in_force_to"])
    return apart(rows["valid_from"], rows["valid_to"], begins, ends)


def _pairs(rows: pd.DataFrame, other: str = "framework_id") -> pd.MultiIndex:
    """Each Area with its framework (or its set of aspects)."""
    return pd.MultiIndex.from_frame(rows[["area_id", other]])


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
