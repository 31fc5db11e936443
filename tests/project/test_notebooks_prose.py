"""The numbers that the notebooks tell in words are those of the data.

Each test builds a phrase from the tables; the prose of the notebook must contain it.
"""

import json
import re
from pathlib import Path

import pandas as pd
from hmcpsi_data.views import counted

import hmcpsi_data as hd
from hmcpsi_data.assessment import consistent_rules

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
NUMBERS = "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
IN_WORDS = dict(enumerate(NUMBERS.split()))


def prose(number: str) -> str:
    """The Markdown of a notebook in one line, without emphasis."""
    (path,) = NOTEBOOKS.glob(f"{number}-*.ipynb")
    cells = json.loads(path.read_text("utf-8"))["cells"]
    text = " ".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    return re.sub(r"\s+", " ", text.replace("*", ""))


def count(words: pd.Series) -> dict[str, str]:
    """How often each word, in words."""
    return {word: IN_WORDS[n] for word, n in words.value_counts().items()}


def bounds(row: pd.Series) -> str:
    """A number of units and the word they had, or the bounds that follow."""
    n = f"{row['n_low']}" if row["n_low"] == row["n_high"] else f"{row['n_low']} to {row['n_high']}"
    return f"{n} {row['rating']}"


def test_the_fourteen_ratings_of_leicestershire_in_2006():
    aspects = hd.ratings("Leicestershire", framework="opa_2005", level="aspect")
    n = count(aspects["rating"])
    rest = f"{n['Good']} Good, {n['Fair']} Fair and {n['Poor']} Poor"
    assert f"with {n['Excellent']} of fourteen aspects Excellent, {rest}" in prose("00")
    assert f"Of fourteen aspects {n['Excellent']} were Excellent, {rest}" in prose("01")
    critical = count(aspects.loc[aspects["is_critical"].fillna(False), "rating"])
    assert f"Of the five critical aspects {critical['Good']} were Good" in prose("01")
    assert f"{critical['Good'].capitalize()} of its five critical aspects were Good" in prose("10")


def test_the_progress_of_2010():
    actions = hd.load("actions")
    n = count(actions["progress"].dropna())
    achieved, substantial = n["Achieved"], n["Substantial progress"]
    assert (
        f"{achieved} of nine things were Achieved, {substantial} had made Substantial progress, "
        f"{n['Limited progress']} Limited progress"
    ) in prose("02")


def test_the_criteria_and_sections_of_east_midlands_in_2016():
    inspected = hd.ratings("East Midlands", framework="aap_2016")
    n = count(inspected.loc[inspected["level"].eq("criterion"), "rating"])
    criteria = f"{n['Good']} Good, {n['Fair']} Fair"
    assert f"on other criteria: {criteria}, {n['Poor']} Poor" in prose("00")
    assert f"of seven criteria {criteria} and {n['Poor']} Poor" in prose("03")
    n = count(inspected.loc[inspected["level"].eq("section"), "rating"])
    assert f"of four sections {n['Good']} Good, {n['Fair']} Fair" in prose("03")


def test_the_comparison_of_2006_and_2016():
    n = count(hd.compare()["verdict"])
    inside, below = n["inside the old range"], n["below it"]
    told = f"{inside} criteria were rated inside the range of the old words, and {below} below it"
    assert told in prose("04")
    rows = hd.Crosswalk.load("opa_2005", "aap_2016_east_midlands").to_frame()
    rows = rows.dropna(subset="source_aspect_id").drop_duplicates("source_aspect_id")
    n = count(rows["status"].eq("no_counterpart"))
    assert f"{n[False]} have a place among the seven criteria" in prose("04")
    assert f"and {n[True]} have none" in prose("04")


def test_how_many_overall_ratings_and_ratings_are_known():
    rated = counted(hd.ratings()).dropna(subset="rating")
    press = rated["tier"].eq("press_and_other").sum()
    assert f"Of the {len(rated)} ratings that count, {press} rest on the press" in prose("09")
    areas = hd.load("areas").query("kind == 'area'")["area_id"]
    overall = rated[rated["level"].eq("overall") & rated["area_id"].isin(areas)]
    n = overall.groupby("framework_id")["area_id"].nunique()
    early, late = n["opa_2005"], n["opa_2007"]
    assert f"of {early} of 42 Areas in 2005-06 and of {late} in 2007" in prose("00")
    assert f"overall rating is known here of {early}; of the 42 of 2007 of {late}" in prose("09")


def test_the_national_numbers_with_their_bounds():
    national = hd.national()
    for framework, year in [("opa_2005", "2005-06"), ("opa_2007", "2007")]:
        rows = national[national["distribution_id"].eq(f"{framework}_all")]
        assert rows["n_units"].unique().tolist() == [42]
        n = {row["rating"]: bounds(row) for _, row in rows.iterrows()}
        told = f"in {year} {n['Poor']}, {n['Fair']}, {n['Good']} and {n['Excellent']}"
        assert told in prose("09")


def test_how_many_rules_agree_with_what_is_known():
    rules = consistent_rules()
    told = f"family of {rules.of:,} rules; {len(rules):,} of them agree with all that is known"
    assert told in prose("10")
