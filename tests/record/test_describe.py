"""Sentences and tables that never give a count without what it is a part of."""

import re

import pandas as pd
import pytest
from editing import Copy

import hmcpsi_data as hd
from hmcpsi_data.record.describe import (
    coverage_matrix,
    findings,
    inspection_of,
    numbers,
    overview,
    rated,
    recurring,
)
from hmcpsi_data.show import area
from hmcpsi_data.words import MISSING

# Sentences ------------------------------------------------------------------------------------


def test_an_inspection_is_told_level_by_level():
    rows = hd.ratings("Leicestershire", framework="opa_2005")
    assert rated(rows) == (
        "Leicestershire, OPA 2005-06: overall Fair; "
        "aspects: Poor 1, Fair 4, Good 7, Excellent 2 of 14."
    )
    rows = hd.ratings("East Midlands", framework="aap_2016")
    assert rated(rows) == (
        "East Midlands, Area Assurance 2016-19: sections: Fair 3, Good 1 of 4; "
        "criteria: Poor 1, Fair 3, Good 3 of 7 known."
    )


def test_pilot_scores_are_counted_apart_and_named_as_such():
    told = rated(hd.ratings("South West", framework="aap_pilot_2016"))
    assert "criteria: Poor 1, Fair 5, Good 1 of 7 known; pilot scores: Fair 1, Good 1" in told
    page = area("South West").html
    assert told in page
    assert page.count(" (pilot score)") == 2


def test_what_a_filter_leaves_out_is_not_shown_and_not_forgotten():
    rows = hd.ratings("Leicestershire", framework="opa_2005", level="aspect", rating="Poor")
    assert rated(rows) == "Leicestershire, OPA 2005-06: 1 of 14 aspects Poor; 13 not shown."
    rows = hd.ratings("Leicestershire", framework="opa_2005", critical=True)
    told = "Leicestershire, OPA 2005-06: aspects: Fair 1, Good 4 of 14; 9 not shown."
    assert rated(rows) == told


def test_what_is_known_of_an_area_in_part_says_how_much_was_not_found(tmp_path):
    """An invented copy in which twelve aspects of 2006 were not found."""
    copy = Copy(tmp_path / "data")
    header, *rows = copy.read("ratings")
    of_2006 = [row for row in rows if row[0].startswith("leicestershire_opa_2005_")]
    kept = {"leicestershire_opa_2005_overall", "leicestershire_opa_2005_disclosure",
            "leicestershire_opa_2005_leadership"}  # fmt: skip
    gone = [row for row in of_2006 if row[0] not in kept]
    copy.write("ratings", [header, *(row for row in rows if row not in gone)])
    told = rated(
        hd.ratings("Leicestershire", framework="opa_2005", record=copy.folder), copy.folder
    )
    assert told == "Leicestershire, OPA 2005-06: overall Fair; 2 of 14 aspects Good; 12 not found."


def test_many_units_are_told_by_framework_with_those_that_were_not_found():
    told = rated(hd.ratings(framework="opa_2005", level="overall", rating="Poor"))
    match = re.fullmatch(
        r"OPA 2005-06, 4 units: 4 of 42 overall assessments Poor; (\d+) not shown; "
        r"(\d+) not found\.", told
    )  # fmt: skip
    assert match
    assert 4 + int(match[1]) + int(match[2]) == 42


def test_a_contradicted_rating_is_told_and_counted_nowhere():
    told = "1 contradicted by another source and not counted"
    assert rated(hd.ratings("Essex", framework="opa_2007")) == f"Essex, OPA 2007: {told}."
    assert told in rated(hd.ratings(framework="opa_2007"))


# The record at a glance -----------------------------------------------------------------------


def test_the_record_by_framework_counts_what_coverage_knows():
    table = overview().set_index("Framework")
    assert len(table) == len(hd.load("frameworks"))
    assert re.fullmatch(r"\d+ of 42; 3 sectors", table.loc["OPA 2007", "Overall ratings"])
    known = hd.coverage()
    known = known[known["status"].isin(["stated", "derived"])]
    cells = table["Overall ratings"].str.replace(r" of \d+", "", regex=True)
    overall = cells.str.findall(r"\d+").explode().dropna().astype(int).sum()
    parts = pd.to_numeric(table["Ratings of parts"].replace("none", "0")).sum()
    assert overall + parts == len(known)
    issues = pd.to_numeric(table["Issues"].replace("none", "0")).sum()
    # one review of 2010 stands under Merseyside and under Cheshire: its two issues count once
    assert issues == hd.load("actions")["kind"].eq("issue").sum() - 2


def test_the_matrix_says_of_each_area_and_round_what_is_known_and_why_the_rest_is_not():
    matrix = coverage_matrix("Leicestershire")
    assert set(matrix["Area"]) == {"Leicestershire"}
    assert matrix.loc[0, ["Overall rating", "Ratings of parts"]].tolist() == ["1", "14 aspects"]
    asked = matrix["Asked for"].str.startswith("4 recommendations, 5 aspects for improvement")
    assert asked.sum() == 1
    rounds = ", ".join(matrix["Round"]).split(", ")
    assert rounds == hd.load("frameworks")["round"].tolist()
    words = {*MISSING.values()}
    assert set(matrix.loc[matrix["Overall rating"].isin(words), "Overall rating"]) <= words


def test_what_recurs_counts_areas_and_says_of_how_many():
    rows = recurring()
    assert rows.loc[0, "theme_id"] == "charging_and_review"
    assert rows["n_areas"].is_monotonic_decreasing
    assert (rows["n_areas"] <= rows["n_known"]).all()
    assert rows["n_known"].nunique() == 1
    assert (rows["areas"].str.count(", ") + 1 == rows["n_areas"]).all()
    assert "England and Wales" not in " ".join(rows["areas"])
    assert recurring(None)["n_issues"].sum() >= rows["n_issues"].sum()
    assert recurring([]).empty
    with pytest.raises(hd.UnknownValueError, match="aap_2016"):
        recurring("aap_2015")


# One inspection -------------------------------------------------------------------------------


def test_an_inspection_is_known_by_its_identifier_or_its_title():
    row = inspection_of("leicestershire_opa_2005")
    assert inspection_of(row["title"])["inspection_id"] == "leicestershire_opa_2005"
    for wrong in ("leicestershire_opa_2006", None, 5, [], pd.NA):
        for ask in (inspection_of, findings, numbers):
            with pytest.raises(hd.UnknownValueError, match=r"^inspection "):
                ask(wrong)


def test_no_number_is_shown_without_words_for_what_is_empty():
    measures = hd.load("measures")
    for inspection in measures.loc[measures["value"].isna(), "inspection_id"].dropna().unique():
        rows = numbers(inspection)
        told = rows[["value_in_words", "period_in_words"]]
        assert not (told.isna() | told.isin(["", "<NA>", "nan"])).any(axis=None)
        assert rows.loc[rows["value"].isna(), "value_in_words"].eq("given in words").all()
