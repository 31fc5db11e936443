"""Areas through time: what a name means, how many there are, and which became which."""

import datetime as dt
import itertools
import re

import pandas as pd
import pytest
from folders import EAST_MIDLANDS_IN_1999, copy_of_the_data, ids, unit
from hypothesis import example, given
from hypothesis import strategies as st

from hmcpsi_data import UnknownValueError, find_area, lineage, load, predecessors, successors
from hmcpsi_data.errors import AmbiguousAreaError, AreaNotInBeingError, DateError
from hmcpsi_data.record.areas import days, in_being, population_share

AREAS = load("areas").query("kind == 'area'").set_index("area_id")
PAIRS = load("area_lineage")
FORCES = load("forces").set_index("pfa_code")
SERVED = {area: set(codes) for area, codes in load("area_forces").groupby("area_id")["pfa_code"]}
LONDON_FORCES = {"E23000001", "E23000034"}
ANY_DAY = st.dates(dt.date(1999, 4, 1), dt.date(2026, 11, 22))


def facts(shared, name):
    return pd.read_csv(shared / f"facts/{name}.csv", dtype=str, na_filter=False).to_dict("records")


@given(ANY_DAY)
@example(dt.date(2011, 3, 31))
@example(dt.date(2011, 4, 1))
@example(dt.date(2017, 3, 31))
@example(dt.date(2017, 4, 1))
def test_the_areas_are_42_then_13_then_14_on_any_day_without_gap_or_overlap(day):
    known = load("areas").query("kind == 'area'")
    found = known[in_being(known, days(day))]
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
    pairs = PAIRS.set_index(["predecessor_id", "successor_id"])
    merged = pairs.loc[pairs["event"] == "merged", ["quality", "source_id"]].agg(tuple, axis=1)
    assert merged.to_dict() == expected
    assert len(merged) == 41
    parts = [("london_1999", "london_north_2017"), ("london_1999", "london_south_2017")]
    assert pairs.index[pairs["event"] == "divided"].tolist() == parts


def test_what_an_area_came_from_what_it_became_and_its_family():
    found = predecessors("CPS East Midlands")
    assert tuple(ids(found)) == EAST_MIDLANDS_IN_1999
    columns = ["date", "event", "source_id"]
    assert found[columns].drop_duplicates().values.tolist() == [["2011-04-01", "merged", "s037"]]
    assert predecessors("East Midlands", on="2005-06").equals(found)
    assert ids(predecessors("London")) == ids(successors("London", on="2012")) == []
    assert ids(successors("London", on="2018")) == ["london_north_2017", "london_south_2017"]
    found = [ids(predecessors("London North", on=on)) for on in ("2005", "2016", "2018")]
    assert found == [["london_1999"], ["london_1999"], []]
    family = lineage("Leicestershire").set_index("area_id")
    assert tuple(family.index) == (*EAST_MIDLANDS_IN_1999, "east_midlands_2011")
    assert family["generation"].to_list() == [0, 0, 0, 0, 0, 1]
    relations = ["sibling", "self", "sibling", "sibling", "sibling", "successor"]
    assert family["relation"].to_list() == relations
    forces = "Derbyshire; Leicestershire; Lincolnshire; Northamptonshire; Nottinghamshire"
    assert family.loc["east_midlands_2011", "forces"] == forces


def test_shares_of_an_area_of_2011_are_those_of_its_people_and_no_force_tells_london_apart():
    for area_id in AREAS.index[AREAS["valid_from"] == "2011-04-01"]:
        shares = population_share(area_id).set_index("predecessor_id")["share"]
        assert shares.sum() == pytest.approx(1)
        people = FORCES["population_2011"]
        whole = people[sorted(SERVED[area_id])].sum()
        for one, share in shares.items():
            assert share == pytest.approx(people[sorted(SERVED[one])].sum() / whole)
    for name in ("London North", "London South"):
        assert population_share(name)["share"].isna().tolist() == [True]


def test_the_families_are_13_and_hold_every_area_once():
    families, waiting = [], [*AREAS.index]
    while waiting:
        families.append(ids(lineage(waiting[0])))
        waiting = [one for one in waiting if one not in families[-1]]
    assert len(families) == 13
    assert sorted(itertools.chain.from_iterable(families)) == sorted(AREAS.index)


def test_several_generations_are_walked_and_the_weakest_step_shows(tmp_path):
    pair = {"successor_id": "yorkshire_2030", "date": "2030-01-01", "date_precision": "day",
            "event": "merged", "quality": "seen_verbatim", "source_id": "s038", "basis": "inferred",
            "speaker": "project"}  # fmt: skip
    before = ["north_east_2011", "yorkshire_and_humberside_2011"]
    folder = copy_of_the_data(
        tmp_path,
        areas=[unit("yorkshire_2030", "Yorkshire", valid_from="2030-01-01")],
        area_lineage=[pair | {"predecessor_id": one} for one in before],
    )
    assert ids(predecessors("Yorkshire", record=folder)) == before
    old = predecessors("Yorkshire", on="2005", record=folder).set_index("area_id")["quality"]
    assert len(old) == 7
    assert (old["cleveland_1999"], old["humberside_1999"]) == ("seen_verbatim", "secondary")
    last = successors("Humberside", on="2031", record=folder).set_index("area_id")
    link = last.loc["yorkshire_2030", ["date", "quality", "source_id"]]
    assert link.to_list() == ["2030-01-01", "secondary", "s038"]
    family = lineage("Durham", record=folder).set_index("area_id")[["generation", "relation"]]
    assert family.loc["yorkshire_2030"].to_list() == [2, "successor"]
    assert family.loc["humberside_1999"].to_list() == [0, "sibling"]
    assert len(family) == 10


NAMES = [*load("areas")["name"], *load("area_names")["name"], *load("areas")["area_id"]]


@pytest.mark.parametrize(
    ("area_id", "names"),
    [
        ("leicestershire_1999", [
            "leicestershire_1999", "Leicestershire", "cps  leicestershire", "Leicestershire 1999",
            "Leicestershire & Rutland", "LEICESTERSHIRE\u00a0AND RUTLAND", "Leicestershire Area",
            "Lei\u00adcestershire",  # a soft hyphen, as web pages have them
            "Leicester\u200bshire", "Leicester\u200c\u200dshire\u061c", "Leicestershire\U000e0041",
        ]),
        ("mersey_cheshire_2011", ["Mersey Cheshire", "Mersey\u2013Cheshire",
                                  "Merseyside and Cheshire"]),
        ("cymru_wales_2011", ["Wales / Cymru", "CPS Cymru-Wales"]),
        ("south_wales_1999", ["South Wales"]),
        ("east_of_england_2011", ["Eastern"]),
        ("thames_and_chiltern_2011", ["Thames Chiltern", "Thames & Chiltern"]),
        ("thames_valley_1999", ["Berkshire, Buckinghamshire and Oxfordshire"]),
        ("london_1999", ["Metropolitan and City", "London"]),
        ("london_south_2017", ["London South"]),
        ("east_midlands_2011", ["East Midlands CPS Area"]),
        ("west_midlands_2011", ["West Midlands 2011"]),
    ],
)  # fmt: skip
def test_a_name_means_its_area(area_id, names):
    assert [find_area(name) for name in names] == [area_id] * len(names)


@pytest.mark.shared
def test_every_name_in_the_facts_means_the_area_that_serves_the_force_of_its_row(shared):
    served = load("area_forces").groupby("area_id")["pfa_code"].agg(set)
    asked = set()
    for row in facts(shared, "area_lineage"):
        variants = re.sub(r"\(.*?\)", "", row["name_variants"]).split(";")
        asked |= {(name, "2005", row["pfa_code"]) for name in [row["area_1999"], *variants]}
        asked |= {
            (row[key], "2012", row["pfa_code"]) for key in ("area_2011", "area_2011_later_name")
        }
        asked |= {(name, "2018", row["pfa_code"]) for name in row["area_2017"].split(";")}
    asked = {question for question in asked if question[0].strip()}
    assert len({name for name, _, _ in asked}) > 60
    for name, on, code in asked:
        assert code in served[find_area(name, on=on)], (name, on)


@given(st.sampled_from(NAMES), st.randoms(use_true_random=False))
def test_case_spaces_hyphens_ampersands_and_the_prefix_make_no_difference(name, random):
    def found(asked):
        try:
            return find_area(asked)
        except AmbiguousAreaError as error:
            return error.candidates

    words = re.split(r"[ \-/]+", name.replace("&", "and"))
    words = [random.choice([word.upper(), word.lower(), word.title()]) for word in words]
    words = [random.choice(["&", "AND"]) if word.lower() == "and" else word for word in words]
    written = random.choice(["", " ", "CPS ", "cps  "])
    for word in words:
        written += word + random.choice([" ", "  ", "-", "\u00a0", " / "])
    assert found(written) == found(name)


@pytest.mark.parametrize(
    "name",
    ["", " ", "CPS", "Area", "and", None, 5, pd.NA, "Nowhere", "London East (sector)",
     "South East (Sussex)", "Midlands", "Wessex; London", "west_midlands_2005",
     ["Leicestershire"]],
)  # fmt: skip
def test_what_is_no_name_of_an_area_is_never_taken_for_one(name):
    with pytest.raises(UnknownValueError) as caught:
        find_area(name)
    assert not isinstance(caught.value, AreaNotInBeingError | AmbiguousAreaError)


def test_a_date_picks_the_west_midlands_of_its_time():
    night, noon = dt.datetime(2011, 3, 31, 23, 59), pd.Timestamp("2017-10-03", tz="Europe/London")
    for year, dates in {
        1999: ("2005", "2011-03", "2011-03-31", night),
        2011: ("2011-04-01", dt.date(2011, 4, 1), noon, " 2017 "),
    }.items():
        assert {find_area("West Midlands", on=on) for on in dates} == {f"west_midlands_{year}"}


def test_asked_for_another_time_an_area_names_those_of_that_time():
    for name, on, relatives, told in (
        ("Leicestershire & Rutland", "2016-11-29", ("east_midlands_2011",), (
            "on 2016-11-29: leicestershire_1999 (1999-04-01 to 2011-03-31) has the successor "
            "east_midlands_2011 (East Midlands) at that date."
        )),
        ("East Midlands", "2006", EAST_MIDLANDS_IN_1999, (
            "in 2006: east_midlands_2011 (since 2011-04-01) has the predecessors derbyshire_1999 "
            "(Derbyshire), leicestershire_1999"
        )),
    ):  # fmt: skip
        with pytest.raises(AreaNotInBeingError) as caught:
            find_area(name, on=on)
        assert caught.value.relatives == relatives
        assert str(caught.value).startswith(f'area "{name}" was not in being {told}')


@pytest.mark.parametrize(
    "on",
    ["", "x", "05", "2005-6", "2005-13", "2005-02-30", "2005/06", "30.06.2005", "2005-06-30T10:00",
     "\u0662\u0660\u0660\u0665", "0000", 2005, 2005.5, True, pd.NaT, pd.NA, float("nan"), ["2005"]],
)  # fmt: skip
def test_a_malformed_date_is_an_error_that_shows_the_form(on):
    with pytest.raises(DateError, match=r'is not a date\. Write it as "2005", "2005-06" or'):
        find_area("Leicestershire", on=on)
