"""What is known of which Area and why the rest is not; how many units had which overall rating."""

from __future__ import annotations

import pandas as pd

from hmcpsi_data.record.areas import never_met
from hmcpsi_data.record.facts import joined_facts
from hmcpsi_data.record.filters import Wanted, choose, one_of
from hmcpsi_data.record.joins import look_up
from hmcpsi_data.record.ratings import aspects, joined_ratings, undisputed
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record, RecordLike, as_record

__all__ = ["coverage", "national"]

_COLUMNS = ["area_id", "area", "framework_id", "framework", "round", "measure", "n", "status"]
_KEYS = ["area_id", "framework_id", "measure"]
_BY_ASPECT = [
    "area_id", "area", "kind", "framework_id", "framework", "round", "set_id", "aspect_id", "label",
    "level", "status", "rating", "basis", "speaker", "tier", "n_sources", "rating_id",
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

    No combination is left out and none is left blank, so that nothing unknown can be taken for
    something bad: an Area without a rating is never Poor by silence.

    Parameters
    ----------
    framework : str or list of str, optional
        Only these frameworks, as for `ratings`; all, where not given.
    by : {"aspect", "measure"}
        ``aspect`` gives a row for each Area and aspect of the frameworks that rate; ``measure`` a
        row for each Area, framework and kind of measure, numbers and findings among them.
    record : Record or path, optional
        Another data folder than the shipped one.

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

        By measure, for Areas only: `n` (Int64) is the number of rows that are known, contradicted
        ones left out, and `status` the first of these that holds: known; not_applicable (the Area
        was not in being while the framework was in force, or is known not to have been inspected);
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
    >>> int(overall["status"].eq("stated").sum()) >= 12, len(overall)
    (True, 42)
    >>> seen = coverage(by="measure")
    >>> overall = seen[(seen["area"] == "East Midlands") & (seen["measure"] == "overall_rating")]
    >>> overall.set_index("framework_id")["status"][["opa_2005", "aap_2016"]].to_dict()
    {'opa_2005': 'not_applicable', 'aap_2016': 'not_in_framework'}
    """
    record = as_record(record)
    by = one_of("by", by, ("aspect", "measure"), "help(coverage)")
    frameworks = record.table("frameworks").rename(columns={"short_title": "framework"})
    chosen = choose("framework", framework, record)
    if chosen is not None:
        frameworks = frameworks[frameworks["framework_id"].isin(chosen)]
    if by == "aspect":
        return _by_aspect(frameworks, record)
    return _by_measure(frameworks[_FRAMEWORK], record)


def national(framework: Wanted = None, record: RecordLike = None) -> pd.DataFrame:
    """The published distributions of overall ratings, with bounds where only bounds follow.

    Parameters
    ----------
    framework : str or list of str, optional
        Only these frameworks, as for `ratings`; all, where not given.
    record : Record or path, optional
        Another data folder than the shipped one.

    Returns
    -------
    pandas.DataFrame
        One row per distribution and rating, the lowest rating first. `n` is the number as
        published, and empty where none was found; then `n_low` and `n_high` are what the published
        facts allow, else they are equal to it. `n_named` is how many of the units with that rating
        are known by name in `ratings`, contradicted ones left out; it is empty for a distribution
        of a part of the units, whose members are not all known. Numbers are Int64, all other
        columns strings. A framework without a published distribution gives no rows.

    Raises
    ------
    UnknownValueError
        Where a framework is not known.

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
    chosen = choose("framework", framework, record)
    if chosen is not None:
        rows = rows[rows["framework_id"].isin(chosen)]
    of = look_up(
        rows["framework_id"], "frameworks", ["short_title", "round", "scale_id", "n_units"], record
    )
    ranks = record.table("scales").set_index(["scale_id", "value"])["rank"]
    keys = pd.MultiIndex.from_arrays([of["scale_id"], rows["rating"]])
    order = pd.Index(record.table("frameworks")["framework_id"])
    rows = rows.assign(
        framework=of["short_title"],
        round=of["round"],
        tier=look_up(rows["source_id"], "sources", ["tier"], record)["tier"],
        n_named=_named(rows, of["n_units"], record),
        _all=rows["n_units"].ne(of["n_units"]).fillna(True),
        _rank=ranks.reindex(keys).to_numpy(),
        _place=order.get_indexer(rows["framework_id"]),
    )
    by = ["_place", "_all", "n_units", "distribution_id", "_rank"]
    ascending = [True, True, False, True, True]
    rows = rows.sort_values(by, ascending=ascending, kind="stable", ignore_index=True)
    return rows[_NATIONAL]


def _named(rows: pd.DataFrame, n_units: pd.Series, record: Record) -> pd.Series:
    """How many units with each overall rating are known by name, where all units are counted."""
    known = undisputed(record.once(joined_ratings))
    known = known[known["level"] == "overall"]
    kind = look_up(known["area_id"], "areas", ["kind"], record)["kind"]
    known = known[kind.ne("sector")]  # a sector is a part of an Area
    named = known.groupby(["framework_id", "rating"])["area_id"].nunique()
    keys = pd.MultiIndex.from_frame(rows[["framework_id", "rating"]])
    counts = named.reindex(keys).fillna(0).astype("Int64").set_axis(rows.index)
    return counts.where(rows["n_units"].eq(n_units).fillna(False))


# By aspect --------------------------------------------------------------------------------------


def _by_aspect(frameworks: pd.DataFrame, record: Record) -> pd.DataFrame:
    """Every unit of the frameworks that rate, with every aspect, and what is known of it."""
    rating = frameworks.loc[frameworks["measure_kind"] == "rating", _FRAMEWORK]
    known = record.once(joined_ratings)
    # Of an aspect that was rated more than once, the rating that was published last.
    known = known.sort_values("published", kind="stable", na_position="first")
    known = known.drop_duplicates(["area_id", "aspect_id"], keep="last")
    sought = aspects(record=record)[["set_id", "framework_id", "aspect_id", "label", "level"]]
    rows = _units(rating, record).merge(sought, on="framework_id")
    rows = rows[_sought(rows, known)]
    own = ["area_id", "aspect_id"]
    of_rating = ["rating", "basis", "speaker", "tier", "n_sources", "rating_id", "missing"]
    rows = rows.merge(known[own + of_rating], on=own, how="left")
    status = rows["basis"].map(_STATUS).where(rows["rating"].notna(), rows["missing"])
    status = status.fillna("not_found").astype("string")
    passed = _passed_by(rows, record) & rows["rating_id"].isna()
    return rows.assign(status=status.mask(passed, "not_applicable"))[_BY_ASPECT]


def _units(rating: pd.DataFrame, record: Record) -> pd.DataFrame:
    """The Areas in being under each framework, and the units of other kinds that it inspected."""
    units = record.table("areas").rename(columns={"name": "area"})
    units = units[["area_id", "area", "kind", "valid_from", "valid_to"]]
    rows = rating.merge(units, how="cross")
    there = rows["kind"].eq("area") & ~_apart(rows)
    inspected = pd.MultiIndex.from_frame(
        record.table("inspections")[["area_id", "framework_id"]].drop_duplicates()
    )
    other = rows["kind"].isin(_PARTS) & pd.MultiIndex.from_frame(
        rows[["area_id", "framework_id"]]
    ).isin(inspected)
    there &= rows["framework_id"].isin(_area_frameworks(rating["framework_id"], record))
    rows = rows[there | other]
    place = {framework_id: n for n, framework_id in enumerate(rating["framework_id"])}
    rows = rows.sort_values("kind", key=lambda kind: kind.ne("area"), kind="stable")
    return rows.sort_values("framework_id", key=lambda ids: ids.map(place), kind="stable")


def _sought(rows: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    """Whether an aspect is sought in a unit: criteria printed for one Area only in that Area."""
    is_criterion = rows["level"].eq("criterion")
    sets = rows[is_criterion].groupby("framework_id")["set_id"].nunique()
    several = is_criterion & rows["framework_id"].isin(sets.index[sets > 1])
    printed = pd.MultiIndex.from_frame(known[["area_id", "set_id"]])
    own = pd.MultiIndex.from_frame(rows[["area_id", "set_id"]]).isin(printed)
    return ~several | own


# By measure -------------------------------------------------------------------------------------


def _by_measure(frameworks: pd.DataFrame, record: Record) -> pd.DataFrame:
    """Every Area, framework and kind of measure, with the number of rows that are known."""
    areas = record.table("areas").rename(columns={"name": "area"})
    areas = areas.loc[areas["kind"] == "area", ["area_id", "area", "valid_from", "valid_to"]]
    named = [*table("framework_measures").field("measure").enum, "finding", "number"]
    measures = pd.DataFrame({"measure": pd.array(named, dtype="string")})
    pairs = areas.merge(frameworks, how="cross")
    passed = _apart(pairs) | _passed_by(pairs, record)
    passed |= ~pairs["framework_id"].isin(_area_frameworks(pairs["framework_id"], record))
    grid = pairs.assign(_passed=passed).merge(measures, how="cross")
    grid = grid.merge(_counts(record), on=_KEYS, how="left").fillna({"n": 0})
    used = record.table("framework_measures")
    absent = used.loc[used["status"] == "not_in_framework", _KEYS[1:]].drop_duplicates()
    grid = grid.merge(absent.assign(_absent=True), on=_KEYS[1:], how="left")
    status = pd.Series("not_found", index=grid.index, dtype="string")
    status = status.mask(grid["_absent"].eq(True).fillna(False), "not_in_framework")
    status = status.mask(grid["_passed"].astype(bool), "not_applicable")
    return grid.assign(status=status.mask(grid["n"].gt(0), "known"))[_COLUMNS]


def _counts(record: Record) -> pd.DataFrame:
    """How many rows are known, by Area, framework and measure: a count of the facts."""
    rows = record.once(joined_facts)
    rated = rows["kind"].eq("rating")
    kept = ~rated | (rows["basis"].ne("contradicted") & rows["value"].notna())
    measure = rows["kind"].replace(_MEASURES).mask(rated, rows["level"] + "_rating")
    rows = rows.assign(measure=measure)[kept & rows["inspection_id"].notna()]
    counts = rows.groupby(_KEYS, as_index=False).size()
    return counts.astype({"size": "Int64"}).rename(columns={"size": "n"})


# Whether a unit and a framework met -------------------------------------------------------------


def _apart(rows: pd.DataFrame) -> pd.Series:
    """Whether a unit and a framework cannot have met in time.

    A framework that looks back, such as the follow-ups, has the units of an earlier day.
    """
    begins = rows["units_on"].fillna(rows["in_force_from"]).fillna("")
    ends = rows["units_on"].fillna(rows["in_force_to"]).fillna("9999")
    valid_from, valid_to = rows["valid_from"].fillna(""), rows["valid_to"].fillna("9999")
    return never_met(valid_from, valid_to, begins, ends).astype(bool)


def _inspected(record: Record) -> pd.DataFrame:
    """Unit, kind of unit and framework of all inspections, each once."""
    rows = record.table("inspections")[["area_id", "framework_id"]].drop_duplicates()
    return rows.assign(kind=look_up(rows["area_id"], "areas", ["kind"], record)["kind"])


def _area_frameworks(ids: pd.Series, record: Record) -> list[str]:
    """The frameworks that inspect Areas: those with an inspection of one, or with none at all."""
    rows = _inspected(record)
    only_others = {*rows["framework_id"]} - {*rows.loc[rows["kind"] == "area", "framework_id"]}
    return [one for one in ids.unique() if one not in only_others]


def _passed_by(rows: pd.DataFrame, record: Record) -> pd.Series:
    """Whether a unit is known not to have been inspected: all that were are known by name."""
    inspected = _inspected(record)
    inspected = inspected.loc[inspected["kind"] != "other", ["area_id", "framework_id"]]
    n = rows["framework_id"].map(inspected["framework_id"].value_counts()).fillna(0)
    all_known = rows["n_units"].notna() & n.ge(rows["n_units"].fillna(0))
    units = pd.MultiIndex.from_frame(rows[["area_id", "framework_id"]])
    return all_known.astype(bool) & ~units.isin(pd.MultiIndex.from_frame(inspected))
