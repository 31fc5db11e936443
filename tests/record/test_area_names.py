"""Names of Areas: each means one Area, or it is an error that says what is known."""

import csv
import datetime as dt
import re

import pandas as pd
import pytest
from folders import EAST_MIDLANDS_IN_1999, ids
from hypothesis import given
from hypothesis import strategies as st

from hmcpsi_data import UnknownValueError, find_area, load, predecessors, successors
from hmcpsi_data.errors import AmbiguousAreaError, AreaNotInBeingError, DateError

AREAS = load("areas")
NAMES = [*AREAS["name"], *load("area_names")["name"], *AREAS["area_id"]]


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


def test_asked_for_another_time_an_area_names_those_of_that_time():
    with pytest.raises(AreaNotInBeingError) as caught:
        find_area("Leicestershire & Rutland", on="2016-11-29")
    assert caught.value.relatives == ("east_midlands_2011",)
    assert str(caught.value) == (
        'area "Leicestershire & Rutland" was not in being on 2016-11-29: leicestershire_1999 '
        "(1999-04-01 to 2011-03-31) has the successor east_midlands_2011 (East Midlands) "
        "at that date."
    )
    with pytest.raises(AreaNotInBeingError) as caught:
        find_area("East Midlands", on="2006")
    assert caught.value.relatives == EAST_MIDLANDS_IN_1999
    assert str(caught.value).startswith(
        'area "East Midlands" was not in being in 2006: east_midlands_2011 (since 2011-04-01) '
        "has the predecessors derbyshire_1999 (Derbyshire), leicestershire_1999 (Leicestershire), "
    )


@pytest.mark.parametrize("day", ["2011-03-31", "2017-04-01"])
def test_an_area_is_found_on_its_own_days_and_on_no_other(day):
    for row in AREAS[AREAS["kind"] == "area"][::3].itertuples():
        last = "9999" if pd.isna(row.valid_to) else row.valid_to
        if row.valid_from <= day <= last:
            assert find_area(row.area_id, on=day) == row.area_id
            continue
        with pytest.raises(AreaNotInBeingError) as caught:
            find_area(row.area_id, on=day)
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
