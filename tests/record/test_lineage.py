"""Areas through time: how many there are, which became which, and how many people they serve."""

import csv
import datetime as dt
import itertools

import pandas as pd
import pytest
from folders import EAST_MIDLANDS_IN_1999, copy_of_the_data, ids, unit
from hypothesis import example, given
from hypothesis import strategies as st

from hmcpsi_data import find_area, lineage, load, predecessors, successors
from hmcpsi_data.record.areas import days, in_being, population_share

AREAS = load("areas").query("kind == 'area'").set_index("area_id")
PAIRS = load("area_lineage")
FORCES = load("forces").set_index("pfa_code")
SERVED = {area: set(codes) for area, codes in load("area_forces").groupby("area_id")["pfa_code"]}
LONDON_FORCES = {"E23000001", "E23000034"}
ALL_IDS = list(AREAS.index)
ANY_DAY = st.dates(dt.date(1999, 4, 1), dt.date(2026, 11, 22))


def facts(shared, name):
    with (shared / "facts" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def areas_on(date, record=None):
    """The Areas in being at a date."""
    known = load("areas", record).query("kind == 'area'")
    return known[in_being(known, days(date))]


@given(ANY_DAY)
@example(dt.date(2011, 3, 31))
@example(dt.date(2011, 4, 1))
@example(dt.date(2017, 3, 31))
@example(dt.date(2017, 4, 1))
def test_the_areas_are_42_then_13_then_14_on_any_day_without_gap_or_overlap(day):
    found = areas_on(day)
    expected = 42 if day < dt.date(2011, 4, 1) else 13 if day < dt.date(2017, 4, 1) else 14
    assert len(found) == found["area_id"].nunique() == expected
    times = pd.Series([code for area_id in ids(found) for code in SERVED[area_id]]).value_counts()
    shared = LONDON_FORCES if day >= dt.date(2017, 4, 1) else set()
    assert set(times.index) == set(FORCES.index), "a force that no Area serves"
    assert set(times.index[times > 1]) == shared, "a force that two Areas serve"


@pytest.mark.shared
def test_pairs_quality_sources_and_populations_are_those_of_the_facts(shared):
    known = {
        row["pfa_code"]: int(row["population_census_2011"])
        for row in facts(shared, "force_population")
    }
    assert FORCES["population_2011"].to_dict() == known
    expected = {}
    for row in facts(shared, "area_lineage"):
        old = find_area(row["area_1999"], on="2005")
        new = find_area(row["area_2011_later_name"], on="2012")
        if old != new:
            expected[old, new] = (row["quality"], row["source_id"].lower())
    merged = PAIRS[PAIRS["event"] == "merged"]
    found = {
        (pair.predecessor_id, pair.successor_id): (pair.quality, pair.source_id)
        for pair in merged.itertuples()
    }
    assert found == expected
    assert len(found) == 41
    divided = PAIRS[PAIRS["event"] == "divided"]
    assert divided["predecessor_id"].to_list() == ["london_1999"] * 2
    assert divided["successor_id"].to_list() == ["london_north_2017", "london_south_2017"]


def test_east_midlands_came_from_five_areas():
    found = predecessors("CPS East Midlands")
    assert tuple(ids(found)) == EAST_MIDLANDS_IN_1999
    assert set(found["date"]) == {"2011-04-01"}
    assert set(found["event"]) == {"merged"}
    assert set(found["source_id"]) == {"s037"}
    columns = ["area_id", "area", "valid_from", "valid_to", "date", "event", "quality", "source_id"]
    assert list(found.columns) == columns
    assert predecessors("East Midlands", on="2005-06").equals(found)


def test_shares_of_an_area_of_2011_add_up_to_one():
    for area_id in AREAS.index[AREAS["valid_from"] == "2011-04-01"]:
        found = population_share(area_id)
        assert found["share"].sum() == pytest.approx(1)
        people = FORCES.loc[sorted(SERVED[area_id]), "population_2011"]
        assert found["population_2011"].sum() == people.sum()


def test_london_went_through_2011_as_it_was_and_no_force_tells_its_parts_apart():
    assert ids(predecessors("London")) == ids(successors("London", on="2012")) == []
    assert ids(successors("London", on="2018")) == ["london_north_2017", "london_south_2017"]
    found = [ids(predecessors("London North", on=on)) for on in ("2005", "2016", "2018")]
    assert found == [["london_1999"], ["london_1999"], []]
    for name in ("London North", "London South"):
        share = population_share(name)
        assert share["predecessor_id"].to_list() == ["london_1999"]
        assert share[["population_2011", "share"]].isna().all(axis=None)


def test_the_family_of_leicestershire():
    found = lineage("Leicestershire").set_index("area_id")
    assert tuple(found.index) == (*EAST_MIDLANDS_IN_1999, "east_midlands_2011")
    assert found["generation"].to_list() == [0, 0, 0, 0, 0, 1]
    assert found["relation"].to_list() == [
        "sibling", "self", "sibling", "sibling", "sibling", "successor",
    ]  # fmt: skip
    assert found.loc["leicestershire_1999", ["quality", "source_id"]].isna().all()
    assert found.loc["leicestershire_1999", "forces"] == "Leicestershire"
    assert found.loc["east_midlands_2011", "forces"] == (
        "Derbyshire; Leicestershire; Lincolnshire; Northamptonshire; Nottinghamshire"
    )


def test_the_families_are_13_and_hold_every_area_once():
    families, waiting = [], [*ALL_IDS]
    while waiting:
        families.append(ids(lineage(waiting[0])))
        waiting = [one for one in waiting if one not in families[-1]]
    assert len(families) == 13
    assert sorted(itertools.chain.from_iterable(families)) == sorted(ALL_IDS)


def pair(before, after, date, quality="seen_verbatim"):
    return {
        "predecessor_id": before, "successor_id": after, "date": date, "date_precision": "day",
        "event": "merged", "quality": quality, "source_id": "s038", "basis": "inferred",
        "speaker": "project",
    }  # fmt: skip


def test_several_generations_are_walked_and_the_weakest_step_shows(tmp_path):
    folder = copy_of_the_data(
        tmp_path,
        areas=[unit("yorkshire_2030", "Yorkshire", valid_from="2030-01-01")],
        area_lineage=[
            pair("yorkshire_and_humberside_2011", "yorkshire_2030", "2030-01-01"),
            pair("north_east_2011", "yorkshire_2030", "2030-01-01"),
        ],
    )
    assert ids(predecessors("Yorkshire", record=folder)) == [
        "north_east_2011",
        "yorkshire_and_humberside_2011",
    ]
    old = predecessors("Yorkshire", on="2005", record=folder).set_index("area_id")
    assert len(old) == 7
    assert old.loc["cleveland_1999", "quality"] == "seen_verbatim"
    assert old.loc["humberside_1999", "quality"] == "secondary"
    last = successors("Humberside", on="2031", record=folder).set_index("area_id")
    link = last.loc["yorkshire_2030", ["date", "quality", "source_id"]]
    assert link.to_list() == ["2030-01-01", "secondary", "s038"]
    family = lineage("Durham", record=folder).set_index("area_id")
    assert family.loc["yorkshire_2030", ["generation", "relation"]].to_list() == [2, "successor"]
    assert family.loc["humberside_1999", ["generation", "relation"]].to_list() == [0, "sibling"]
    assert len(family) == 10
