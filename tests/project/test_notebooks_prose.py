"""The numbers that the notebooks tell in words are those of the data.

Each test builds a phrase from the tables; the prose of the notebook must contain it.
"""

import json
import re
from pathlib import Path

import pandas as pd

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


def spread(words: pd.Series, order: str = "Poor Fair Good Excellent") -> str:
    """Counts before their words, the lowest first, as the notebooks write them."""
    n = words.value_counts()
    told = [f"{n[word]} {word}" for word in order.split() if word in n]
    return f"{', '.join(told[:-1])} and {told[-1]}"


def test_the_fourteen_ratings_of_leicestershire_in_2006():
    aspects = hd.ratings("Leicestershire", framework="opa_2005", level="aspect")
    told = f"{spread(aspects['rating'])} of 14 aspects"
    assert told in prose("00")
    assert told in prose("01")
    critical = count(aspects.loc[aspects["is_critical"].fillna(False), "rating"])
    assert f"Of the five critical aspects {critical['Good']} were Good" in prose("01")
    assert f"{critical['Good'].capitalize()} of its five critical aspects were Good" in prose("10")


def test_the_progress_of_2010():
    n = count(hd.actions("Leicestershire")["progress"].dropna())
    achieved = n["Achieved"].capitalize()
    assert (
        f"{achieved} of the nine actions were rated Achieved by July 2010, "
        f"{n['Substantial progress']} Substantial progress and {n['Limited progress']} Limited"
    ) in prose("02")
    assert (
        f"{n['Achieved']} achieved, {n['Substantial progress']} substantial, "
        f"{n['Limited progress']} limited" in prose("00")
    )


def test_the_criteria_and_sections_of_east_midlands_in_2016():
    inspected = hd.ratings("East Midlands", framework="aap_2016")
    criteria = inspected.loc[inspected["level"].eq("criterion"), "rating"]
    assert f"had {spread(criteria)} of 7 criteria" in prose("00")
    n = criteria.value_counts()
    told = f"{n['Poor']} Poor (communication with victims), {n['Fair']} Fair and {n['Good']} Good"
    assert f"{told} of 7 criteria" in prose("03")
    sections = inspected.loc[inspected["level"].eq("section"), "rating"]
    assert f"{spread(sections)} of 4 sections" in prose("03")


def test_the_comparison_of_2006_and_2016():
    n = count(hd.compare()["verdict"])
    inside, below = n["inside the old range"], n["below it"]
    assert f"{inside.capitalize()} of the seven criteria were rated within the range" in prose("04")
    assert f"and {below} below it: resources, and communication with victims" in prose("04")
    rows = hd.Crosswalk.load("opa_2005", "aap_2016_east_midlands").to_frame()
    rows = rows.dropna(subset="source_aspect_id").drop_duplicates("source_aspect_id")
    n = count(rows["status"].eq("no_counterpart"))
    assert f"{n[False]} have a place among the seven criteria" in prose("04")
    assert f"{n[True]} have none" in prose("04")


def test_how_many_overall_ratings_are_known():
    rated = hd.undisputed(hd.ratings()).dropna(subset="rating")
    areas = hd.load("areas").query("kind == 'area'")["area_id"]
    overall = rated[rated["level"].eq("overall") & rated["area_id"].isin(areas)]
    n = overall.groupby("framework_id")["area_id"].nunique()
    early, late = n["opa_2005"], n["opa_2007"]
    told = f"we know the overall rating of {early}; of the 42 rated in 2007, of {late}"
    assert told in prose("09")
    sections = rated[rated["framework_id"].eq("aap_2016") & rated["level"].eq("section")]
    full = int(sections.groupby("area_id").size().eq(4).sum())
    assert f"all four sections are known of {full} of 14 Areas" in prose("09")


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
    told = f"family of {len(rules.family):,} rules; {len(rules):,} agree with all that is known"
    assert told in prose("10")
