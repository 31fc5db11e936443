"""What is known of which Area and why the rest is not; how many units had which overall rating."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from hmcpsi_data.record.areas import in_being, in_force
from hmcpsi_data.record.facts import stated_facts
from hmcpsi_data.record.filters import Wanted, choose, one_of, only
from hmcpsi_data.record.joins import inspected, look_up, place, records, scales
from hmcpsi_data.record.ratings import aspects, joined_ratings, undisputed
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
    "n_low", "n_high", "n_named", "basis", "speaker", "tier", "source_id", "note",
]  # fmt: skip
_PARTS = ("london_borough", "sector")  # units of another kind that are inspected by themselves
_STATUS = {"derived": "derived", "inferred": "derived", "contradicted": "contradicted"}
# kinds of facts that bear another name as a measure
_MEASURES = {"progress": "progress_rating", "comparison": "finding", "measure": "number"}


def coverage(
    framework: Wanted = None, by: str = "aspect", record: RecordLike = None
) -> pd.DataFrame:
    """What the tables know, by Area and aspect, or by Area and kind of measure; nothing left blank.

    Parameters
    ----------
    framework, record
        As for `facts`.
    by : {"aspect", "measure"}
        A row for each Area and aspect of the frameworks that rate; or for each Area, framework and
        kind of measure, numbers and findings among them.

    Returns
    -------
    pandas.DataFrame
        By aspect: the Areas of the time of the framework, then the London boroughs and sectors that
        it inspected (`kind`), each with every aspect and the rating published last. `status` is
        stated or derived (`basis` says how); contradicted (another source says otherwise: counted
        nowhere); not_found; not_applicable (known not to have been inspected); not_in_framework or
        not_rated, where `ratings` says so.

        By measure, for Areas only: `n` (Int64) is the number of rows of `facts` that are known, and
        `status` the first of these that holds: known; contradicted; not_applicable (not inspected,
        or not in being then); not_in_framework (no such measure); not_found.

    Examples
    --------
    >>> overall = coverage("opa_2005").query("level == 'overall'")
    >>> int(overall["status"].eq("stated").sum()) >= 12, len(overall)
    (True, 42)
    """
    record = as_record(record)
    by = one_of("by", by, ("aspect", "measure"), "help(coverage)")
    frameworks = record.table("frameworks")
    frameworks = only(frameworks, {"framework_id": choose("framework", framework, record)})
    if by == "measure":
        return _by_measure(frameworks, record)
    return _by_aspect(frameworks[frameworks["measure_kind"].eq("rating")], record)


def national(framework: Wanted = None, record: RecordLike = None) -> pd.DataFrame:
    """The published distributions of overall ratings, with bounds where only bounds follow.

    Parameters
    ----------
    framework, record
        As for `facts`.

    Returns
    -------
    pandas.DataFrame
        One row per distribution and rating, the lowest first; numbers are Int64. Where `n` was not
        published, `n_low` and `n_high` are what the published facts allow. `n_named` is how many
        units with that rating are known by name; empty for a distribution of a part of the units.

    Examples
    --------
    >>> national("opa_2005").query("n_units == 42")[["rating", "n", "n_low", "n_high"]].tail(2)
          rating     n  n_low  n_high
    2       Good  <NA>     10      17
    3  Excellent     3      3       3
    """
    record = as_record(record)
    rows = record.table("distributions")
    rows = only(rows, {"framework_id": choose("framework", framework, record)})
    of = look_up(rows["framework_id"], "frameworks", ["short_title", "round", "n_units"], record)
    words = record.once(scales).items()
    ranks = {(key, word): rank for key, scale in words for rank, word in enumerate(scale)}
    known = only(undisputed(record.once(joined_ratings)), {"level": ["overall"]})
    known = known[look_up(known["area_id"], "areas", "kind", record).ne("sector")]
    known = known.drop_duplicates(["framework_id", "rating", "area_id"])
    named = Counter(zip(known["framework_id"], known["rating"], strict=True))
    pairs = [*zip(rows["framework_id"], rows["rating"], strict=True)]
    is_whole = rows["n_units"].eq(of["n_units"]).fillna(False).astype(bool)
    rows = rows.assign(
        framework=of["short_title"],
        round=of["round"],
        tier=look_up(rows["source_id"], "sources", "tier", record),
        n_named=pd.Series([named[pair] for pair in pairs], rows.index, "Int64").where(is_whole),
        _part=~is_whole,
        _rank=[ranks.get(pair, 0) for pair in pairs],
        _place=place(rows["framework_id"], "frameworks", record),
        _fewer=-rows["n_units"],
    )
    by = ["_place", "_part", "_fewer", "distribution_id", "_rank"]
    return rows.sort_values(by, kind="stable", ignore_index=True)[_NATIONAL]


# How a unit and a framework met ----------------------------------------------------------------


def _meetings(frameworks: pd.DataFrame, record: Record) -> list[dict[str, Any]]:
    """Each unit and framework, whether they met in time, and whether it is known to be left out.

    A framework that looks back, such as the follow-ups, has the units of an earlier day. A unit is
    left out where it was not inspected and all that were are known by name. London boroughs and
    sectors met the frameworks that inspected them; frameworks of theirs alone met no Area.
    """
    units, inspections = record.table("areas"), record.table("inspections")
    kinds = dict(zip(units["area_id"], units["kind"], strict=True))
    visits = {*zip(inspections["area_id"], inspections["framework_id"], strict=True)}
    of_areas = {framework for unit, framework in visits if kinds[unit] == "area"}
    of_others = {framework for _, framework in visits} - of_areas
    n = Counter(framework for unit, framework in visits if kinds[unit] != "other")
    rows, periods = records(frameworks), {}
    for of in rows:
        day = dict.fromkeys(["in_force_from", "in_force_to"], of["units_on"])
        lived = in_being(units, in_force(day if of["units_on"] else of))
        periods[of["framework_id"]] = (lived & (of["framework_id"] not in of_others)).tolist()
    met = []
    for at, unit in enumerate(records(units[["area_id", "name", "kind"]])):
        for of in rows:
            key, kind = of["framework_id"], unit["kind"]
            was = (unit["area_id"], key) in visits
            there = periods[key][at] if kind == "area" else was and kind in _PARTS
            all_known = of["n_units"] is not None and n[key] >= of["n_units"]
            about = {"area_id": unit["area_id"], "area": unit["name"], "kind": kind}
            about |= {"framework_id": key, "framework": of["short_title"], "round": of["round"]}
            met.append(about | {"there": bool(there), "left_out": all_known and not was})
    return met


def _by_aspect(frameworks: pd.DataFrame, record: Record) -> pd.DataFrame:
    """Every unit of the frameworks that rate, with every aspect, and what is known of it."""
    sought = aspects(record=record)[["set_id", "framework_id", "aspect_id", "label", "level"]]
    rated = record.once(joined_ratings)
    own_sets = {*zip(rated["area_id"], rated["set_id"], strict=True)}
    # Of an aspect that was rated more than once, the rating that was published last.
    rated = rated.sort_values("published", kind="stable", na_position="first")
    rated = rated.drop_duplicates(["area_id", "aspect_id"], keep="last")
    rated = rated[["area_id", "aspect_id", "missing", *_OF_RATING]]
    # Criteria that were printed for one Area are sought in that Area only.
    criteria = sought[sought["level"].eq("criterion")]
    several = criteria.groupby("framework_id")["set_id"].nunique().gt(1)
    of_one = criteria.loc[criteria["framework_id"].map(several), "aspect_id"]
    met = [meeting for meeting in _meetings(frameworks, record) if meeting["there"]]
    columns = ["area_id", "area", "kind", "framework_id", "framework", "round", "left_out"]
    rows = pd.DataFrame(met, columns=columns).merge(sought, on="framework_id")
    here = [pair in own_sets for pair in zip(rows["area_id"], rows["set_id"], strict=True)]
    rows = rows[~rows["aspect_id"].isin(of_one) | pd.Series(here, rows.index, dtype=bool)]
    rows = rows.merge(rated, how="left", on=["area_id", "aspect_id"])
    status = rows["basis"].map(_STATUS).fillna("stated").where(rows["rating"].notna())
    absent = rows["left_out"].map({True: "not_applicable", False: "not_found"})
    rows = rows.assign(
        status=status.fillna(rows["missing"]).fillna(absent),
        _place=place(rows["framework_id"], "frameworks", record),
        _other=rows["kind"].ne("area"),
    ).sort_values(["_place", "_other"], kind="stable", ignore_index=True)
    return rows[_BY_ASPECT].astype(dict.fromkeys(_BY_ASPECT, "string") | {"n_sources": "Int64"})


def _by_measure(frameworks: pd.DataFrame, record: Record) -> pd.DataFrame:
    """Every Area, framework and kind of measure, with the number of rows that are known."""
    measures = [*table("framework_measures").field("measure").enum, "finding", "number"]
    used = only(record.table("framework_measures"), {"status": ["not_in_framework"]})
    unused = {*zip(used["framework_id"], used["measure"], strict=True)}
    counts = record.once(_counts)
    rows = []
    for meeting in _meetings(frameworks, record):
        key = meeting["area_id"], meeting["framework_id"]
        for measure in measures if meeting["kind"] == "area" else ():
            n = counts[*key, measure, False]
            if n or counts[*key, measure, True]:
                status = "known" if n else "contradicted"
            elif meeting["left_out"] or not meeting["there"]:
                status = "not_applicable"
            else:
                status = "not_in_framework" if (key[1], measure) in unused else "not_found"
            rows.append(meeting | {"measure": measure, "n": n, "status": status})
    frame = pd.DataFrame(rows, columns=_BY_MEASURE)
    return frame.astype(dict.fromkeys(_BY_MEASURE, "string") | {"n": "Int64"})


def _counts(record: Record) -> Counter[tuple[Any, ...]]:
    """How many facts there are by Area, framework, measure, and whether they are contradicted."""
    rows = record.once(stated_facts)
    columns = ["kind", "level", "value", "basis", "inspection_id", "area_id", "framework_id"]
    rows = rows.loc[rows["inspection_id"].notna(), columns]
    rows = inspected(rows[rows["kind"].ne("rating") | rows["value"].notna()], record)
    is_rating = rows["kind"].eq("rating")
    measure = rows["kind"].replace(_MEASURES).mask(is_rating, rows["level"] + "_rating")
    doubted = is_rating & rows["basis"].eq("contradicted").fillna(False)
    return Counter(zip(rows["area_id"], rows["framework_id"], measure, doubted, strict=True))
