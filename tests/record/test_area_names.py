"""Names of Areas: each means one Area, or it is an error that says what is known."""

import csv
import datetime as dt
import pickle
import re

import pandas as pd
import pytest
from folders import EAST_MIDLANDS_IN_1999, copy_of_the_data, ids, unit
from hypothesis import given
from hypothesis import strategies as st

from hmcpsi_data import HmcpsiError, UnknownValueError, find_area, load, predecessors, successors
from hmcpsi_data.errors import AmbiguousAreaError, AreaNotInBeingError, DateError
from hmcpsi_data.record.areas import days, in_being

AREAS = load("areas")
NAMES = [*AREAS["name"], *load("area_names")["name"], *AREAS["area_id"]]


@pytest.mark.parametrize(
    "name",
    [
        "leicestershire_1999",
        "Leicestershire",
        "CPS Leicestershire",
        "cps  leicestershire",
        "Leicestershire & Rutland",
        "Leicestershire and Rutland",
        "LEICESTERSHIRE\u00a0AND RUTLAND",
        "Leicestershire 1999",
        "Leicestershire Area",
        "Lei\u00adcestershire",  # a soft hyphen, as web pages have them
        "Leicester\u200bshire",
        "Leicester\u200c\u200dshire\u061c",
        "Leicestershire\U000e0041",
    ],
)
def test_leicestershire_is_one_area_under_all_its_names(name):
    assert find_area(name) == "leicestershire_1999"


@pytest.mark.parametrize(
    ("name", "area_id"),
    [
        ("Mersey Cheshire", "mersey_cheshire_2011"),
        ("Mersey\u2013Cheshire", "mersey_cheshire_2011"),
        ("Merseyside and Cheshire", "mersey_cheshire_2011"),
        ("Merseyside", "merseyside_1999"),
        ("Wales / Cymru", "cymru_wales_2011"),
        ("CPS Cymru-Wales", "cymru_wales_2011"),
        ("South Wales", "south_wales_1999"),
        ("Eastern", "east_of_england_2011"),
        ("Thames Chiltern", "thames_and_chiltern_2011"),
        ("Thames & Chiltern", "thames_and_chiltern_2011"),
        ("Berkshire, Buckinghamshire and Oxfordshire", "thames_valley_1999"),
        ("Metropolitan and City", "london_1999"),
        ("London", "london_1999"),
        ("London South", "london_south_2017"),
        ("Hampshire", "hampshire_and_isle_of_wight_1999"),
        ("Dyfed Powys", "dyfed_powys_1999"),
        ("East Midlands CPS Area", "east_midlands_2011"),
        ("West Midlands 2011", "west_midlands_2011"),
    ],
)
def test_a_name_means_its_area(name, area_id):
    assert find_area(name) == area_id


@pytest.mark.shared
def test_every_name_in_the_facts_means_the_area_that_serves_the_force_of_its_row(shared):
    served = load("area_forces").groupby("area_id")["pfa_code"].agg(set)
    with (shared / "facts" / "area_lineage.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    asked = set()
    for row in rows:
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


@pytest.mark.shared
def test_the_names_of_2011_stand_in_the_table_as_announced(shared):
    with (shared / "facts" / "area_lineage.csv").open(encoding="utf-8", newline="") as file:
        announced = {row["area_2011"] for row in csv.DictReader(file)} - {"London"}
    names = load("area_names")
    of_2011 = names[names["source_id"] == "hansard_2011_01_31"]
    assert set(of_2011["name"]) == announced
    assert len(of_2011) == 12


def test_the_only_name_of_two_areas_is_west_midlands():
    ambiguous = set()
    for name in NAMES:
        try:
            find_area(name)
        except AmbiguousAreaError as error:
            ambiguous.add((name, error.candidates))
    both = ("west_midlands_1999", "west_midlands_2011")
    assert ambiguous == {("West Midlands", both), ("West Midlands CPS", both)}


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


@pytest.mark.parametrize(
    ("on", "area_id"),
    [
        ("2005", "west_midlands_1999"),
        ("2011-03", "west_midlands_1999"),
        ("2011-03-31", "west_midlands_1999"),
        ("2011-04-01", "west_midlands_2011"),
        (dt.date(2011, 4, 1), "west_midlands_2011"),
        (dt.datetime(2011, 3, 31, 23, 59), "west_midlands_1999"),
        (pd.Timestamp("2017-10-03", tz="Europe/London"), "west_midlands_2011"),
        (" 2017 ", "west_midlands_2011"),
    ],
)
def test_a_date_picks_the_west_midlands_of_its_time(on, area_id):
    assert find_area("West Midlands", on=on) == area_id


def test_asked_for_a_later_date_an_old_area_names_its_successor():
    with pytest.raises(AreaNotInBeingError) as caught:
        find_area("Leicestershire & Rutland", on="2016-11-29")
    assert caught.value.relatives == ("east_midlands_2011",)
    assert str(caught.value) == (
        'area "Leicestershire & Rutland" was not in being on 2016-11-29: leicestershire_1999 '
        "(1999-04-01 to 2011-03-31) has the successor east_midlands_2011 (East Midlands) "
        "at that date."
    )


def test_asked_for_an_earlier_date_a_new_area_names_its_predecessors():
    with pytest.raises(AreaNotInBeingError) as caught:
        find_area("East Midlands", on="2006")
    assert caught.value.relatives == EAST_MIDLANDS_IN_1999
    assert str(caught.value) == (
        'area "East Midlands" was not in being in 2006: east_midlands_2011 (since 2011-04-01) '
        "has the predecessors derbyshire_1999 (Derbyshire), leicestershire_1999 (Leicestershire), "
        "lincolnshire_1999 (Lincolnshire), northamptonshire_1999 (Northamptonshire) and "
        "nottinghamshire_1999 (Nottinghamshire) at that date."
    )


def test_before_all_areas_nobody_stands_in():
    with pytest.raises(AreaNotInBeingError, match="has no predecessor that is known") as caught:
        find_area("Kent", on="1990")
    assert caught.value.relatives == ()


@pytest.mark.parametrize(
    "day", ["1999-04-01", "2011-03-31", "2011-04-01", "2017-03-31", "2017-04-01", "2026-11-22"]
)
def test_an_area_is_found_on_its_own_days_and_on_no_other(day):
    for row in AREAS[AREAS["kind"] == "area"].itertuples():
        last = "9999" if pd.isna(row.valid_to) else row.valid_to
        if row.valid_from <= day <= last:
            assert find_area(row.area_id, on=day) == row.area_id
            continue
        with pytest.raises(AreaNotInBeingError) as caught:
            find_area(row.area_id, on=day)
        relatives = AREAS[AREAS["area_id"].isin(caught.value.relatives)]
        assert in_being(relatives, days(day)).all()
        related = [*ids(predecessors(row.area_id, on=day)), *ids(successors(row.area_id, on=day))]
        assert list(caught.value.relatives) == related != []


@pytest.mark.parametrize(
    "on",
    ["", "x", "05", "2005-6", "2005-13", "2005-02-30", "2005/06", "30.06.2005", "2005-06-30T10:00",
     "\u0662\u0660\u0660\u0665", "0000", 2005, 2005.5, True, pd.NaT, pd.NA, float("nan"), ["2005"]],
)  # fmt: skip
def test_a_malformed_date_is_an_error_that_shows_the_form(on):
    with pytest.raises(DateError, match=r'is not a date\. Write it as "2005", "2005-06" or'):
        find_area("Leicestershire", on=on)


@pytest.mark.parametrize(
    ("date", "first", "last"),
    [
        ("2008", dt.date(2008, 1, 1), dt.date(2008, 12, 31)),
        ("2008-02", dt.date(2008, 2, 1), dt.date(2008, 2, 29)),
        ("2008-12", dt.date(2008, 12, 1), dt.date(2008, 12, 31)),
        ("2008-02-03", dt.date(2008, 2, 3), dt.date(2008, 2, 3)),
        ("9999", dt.date(9999, 1, 1), dt.date(9999, 12, 31)),
    ],
)
def test_a_date_means_all_its_days(date, first, last):
    assert days(date)[:2] == (first, last)


@pytest.mark.parametrize("bound", ["2017", "2017-04"])
def test_an_area_whose_bounds_are_known_to_the_month_or_year_is_in_being_all_that_time(bound):
    area = pd.DataFrame({"valid_from": [bound], "valid_to": [bound]}, dtype="string")
    assert in_being(area, days("2017-04-01")).item()
    assert in_being(area, days("2017-04-30")).item()
    assert not in_being(area, days("2016-12-31")).item()
    assert not in_being(area, days("2018-01-01")).item()


@pytest.mark.parametrize(
    ("name", "on"), [("East Midlands", "2005"), ("Kent", "2005-6"), ("West Midlands", None)]
)
def test_the_errors_are_errors_of_this_package_and_survive_pickling(name, on):
    with pytest.raises(HmcpsiError) as caught:
        find_area(name, on=on)
    assert isinstance(caught.value, ValueError)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), str(again)) == (type(caught.value), str(caught.value))


def test_a_new_genuine_ambiguity_is_named(tmp_path):
    variant = {"area_id": "surrey_1999", "name": "Home Counties", "source_id": "s042"}
    other = variant | {"area_id": "kent_1999"}
    folder = copy_of_the_data(tmp_path, area_names=[variant, other])
    with pytest.raises(AmbiguousAreaError) as caught:
        find_area("Home Counties", on="2005", record=folder)
    assert set(caught.value.candidates) == {"surrey_1999", "kent_1999"}


def test_a_unit_of_another_kind_is_found_by_its_own_name(tmp_path):
    borough = unit("croydon_2009", "Croydon", kind="london_borough", valid_from="2009-01-01")
    folder = copy_of_the_data(tmp_path, areas=[borough])
    assert find_area("CPS Croydon", on="2010", record=folder) == "croydon_2009"
