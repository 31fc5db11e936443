"""What is known of which Area and why the rest is not; how many units had which overall rating."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pandas as pd

from hmcpsi_data.record.areas import met
from hmcpsi_data.record.facts import joined_facts
from hmcpsi_data.record.filters import Wanted, choose, one_of, only
from hmcpsi_data.record.joins import look_up, place, records, scales
from hmcpsi_data.record.ratings import aspects, joined_ratings, undisputed
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record, RecordLike, as_record

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
_UNIT = ["area_id", "name", "kind", "valid_from", "valid_to"]
_FRAMEWORK = [
    "framework_id", "short_title", "round", "n_units", "units_on", "in_force_from", "in_force_to",
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
        it inspected (`kind`), each with every aspect of the framework and the rating published
        last. `status` is stated or derived (`basis` says how); contradicted (another source says
        otherwise: counted nowhere); not_found (there may have been a rating); not_applicable (known
        not to have been inspected); not_in_framework or not_rated, where `ratings` says so.

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
    kind = look_up(known["area_id"], "areas", ["kind"], record)["kind"]
    known = known[kind.ne("sector")].drop_duplicates(["framework_id", "rating", "area_id"])
    named = Counter(zip(known["framework_id"], known["rating"], strict=True))
    pairs = [*zip(rows["framework_id"], rows["rating"], strict=True)]
    is_whole = rows["n_units"].eq(of["n_units"]).fillna(False).astype(bool)
    rows = rows.assign(
        framework=of["short_title"],
        round=of["round"],
        tier=look_up(rows["source_id"], "sources", ["tier"], record)["tier"],
        n_named=pd.Series([named[pair] for pair in pairs], rows.index, "Int64").where(is_whole),
        _part=~is_whole,
        _rank=[ranks.get(pair, 0) for pair in pairs],
        _place=place(rows["framework_id"], "frameworks", record),
        _fewer=-rows["n_units"],
    )
    by = ["_place", "_part", "_fewer", "distribution_id", "_rank"]
    return rows.sort_values(by, kind="stable", ignore_index=True)[_NATIONAL]


# How a unit and a framework met ----------------------------------------------------------------


def _meetings(frameworks: pd.DataFrame, record: Record) -> Iterator[tuple[dict, dict, bool, bool]]:
    """Each unit and framework, whether they met in time, and whether it is known to be left out.

    A framework that looks back, such as the follow-ups, has the units of an earlier day. A unit is
    left out where it was not inspected and all that were are known by name. London boroughs and
    sectors met the frameworks that inspected them; frameworks of theirs alone met no Area.
    """
    units, of = records(record.table("areas")[_UNIT]), records(frameworks[_FRAMEWORK])
    kinds = {unit["area_id"]: unit["kind"] for unit in units}
    inspections = record.table("inspections")
    inspected = {*zip(inspections["area_id"], inspections["framework_id"], strict=True)}
    of_areas = {one for unit, one in inspected if kinds[unit] == "area"}
    of_others = {one for _, one in inspected} - of_areas
    n = Counter(one for unit, one in inspected if kinds[unit] != "other")
    for unit in units:
        for framework in of:
            key = framework["framework_id"]
            was = (unit["area_id"], key) in inspected
            there = was and unit["kind"] in _PARTS
            if unit["kind"] == "area" and key not in of_others:
                begins, ends = (
                    framework["units_on"] or framework[f"in_force_{end}"] for end in ("from", "to")
                )
                there = met(unit["valid_from"], unit["valid_to"], begins, ends)
            all_known = framework["n_units"] is not None and n[key] >= framework["n_units"]
            yield unit, framework, there, all_known and not was


def _by_aspect(frameworks: pd.DataFrame, record: Record) -> pd.DataFrame:
    """Every unit of the frameworks that rate, with every aspect, and what is known of it."""
    # Of an aspect that was rated more than once, the rating that was published last.
    rated = record.once(joined_ratings)
    rated = rated.sort_values("published", kind="stable", na_position="first")
    known = {(row["area_id"], row["aspect_id"]): row for row in records(rated)}
    own_sets = {(row["area_id"], row["set_id"]) for row in known.values()}
    sought = aspects(record=record)[["set_id", "framework_id", "aspect_id", "label", "level"]]
    sets = sought[sought["level"].eq("criterion")].groupby("framework_id")["set_id"].nunique()
    of_framework = {key: records(rows) for key, rows in sought.groupby("framework_id")}
    rows = []
    for unit, framework, there, left_out in _meetings(frameworks, record):
        about = {"area_id": unit["area_id"], "area": unit["name"], "kind": unit["kind"]}
        about |= {"framework": framework["short_title"], "round": framework["round"]}
        for aspect in of_framework.get(framework["framework_id"], ()) if there else ():
            several = aspect["level"] == "criterion" and sets[framework["framework_id"]] > 1
            if several and (unit["area_id"], aspect["set_id"]) not in own_sets:
                continue  # criteria that were printed for one Area are sought in that Area only
            rating = known.get((unit["area_id"], aspect["aspect_id"]), {"missing": None})
            status = rating["missing"]
            if rating.get("rating"):
                status = _STATUS.get(rating["basis"], "stated")
            status = status or ("not_applicable" if left_out else "not_found")
            rows.append(rating | aspect | about | {"status": status})
    frame = pd.DataFrame(rows, columns=_BY_ASPECT)
    frame = frame.astype(dict.fromkeys(_BY_ASPECT, "string") | {"n_sources": "Int64"})
    order = place(frame["framework_id"], "frameworks", record)
    frame = frame.assign(_place=order, _other=frame["kind"].ne("area"))
    return frame.sort_values(["_place", "_other"], kind="stable", ignore_index=True)[_BY_ASPECT]


def _by_measure(frameworks: pd.DataFrame, record: Record) -> pd.DataFrame:
    """Every Area, framework and kind of measure, with the number of rows that are known."""
    measures = [*table("framework_measures").field("measure").enum, "finding", "number"]
    used = only(record.table("framework_measures"), {"status": ["not_in_framework"]})
    unused = {*zip(used["framework_id"], used["measure"], strict=True)}
    counts = record.once(_counts)
    rows = []
    for unit, framework, there, left_out in _meetings(frameworks, record):
        if unit["kind"] != "area":
            continue
        key = framework["framework_id"]
        about = [unit["area_id"], unit["name"], key, framework["short_title"], framework["round"]]
        for measure in measures:
            n, doubted = (counts[unit["area_id"], key, measure, one] for one in (False, True))
            if n or doubted:
                status = "known" if n else "contradicted"
            elif left_out or not there:
                status = "not_applicable"
            else:
                status = "not_in_framework" if (key, measure) in unused else "not_found"
            rows.append([*about, measure, n, status])
    frame = pd.DataFrame(rows, columns=_BY_MEASURE)
    return frame.astype(dict.fromkeys(_BY_MEASURE, "string") | {"n": "Int64"})


def _counts(record: Record) -> Counter[tuple[Any, ...]]:
    """How many facts there are by Area, framework, measure, and whether they are contradicted."""
    rows = record.once(joined_facts)
    rows = rows[["kind", "level", "value", "basis", "inspection_id", "area_id", "framework_id"]]
    rows = rows[rows["inspection_id"].notna() & (rows["kind"].ne("rating") | rows["value"].notna())]
    is_rating = rows["kind"].eq("rating")
    measure = rows["kind"].replace(_MEASURES).mask(is_rating, rows["level"] + "_rating")
    doubted = is_rating & rows["basis"].eq("contradicted").fillna(False)
    return Counter(zip(rows["area_id"], rows["framework_id"], measure, doubted, strict=True))
