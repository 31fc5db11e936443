"""Dates, not rounds: no round, title or label gives a year that the rows behind it do not have."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

import hmcpsi_data as hd
from hmcpsi_data import show
from hmcpsi_data.pictures import lineage_picture, tile_matrix, unit_strips

YEAR = re.compile(r"\b(?:19|20)\d\d")
DATES = ["fieldwork_from", "fieldwork_to", "published"]
INSPECTIONS = hd.load("inspections").set_index("inspection_id")


def years(text):
    """The years that a span such as 2008-10, or any year within a text, covers."""
    found = set()
    for first, last in re.findall(r"\b(20\d\d)(?:-(\d\d))?\b", text):
        end = int(first[:2] + last) if last else int(first)
        found |= set(range(int(first), end + 1))
    return found


def dated(rows):
    """The years of fieldwork and publication that rows of inspections have."""
    return {int(day[:4]) for column in DATES for day in rows[column].dropna()}


def test_a_round_is_the_span_of_its_inspections():
    frameworks = hd.load("frameworks").set_index("framework_id")
    assert frameworks["round"].to_dict() == {
        "opa_2005": "2005-06", "opa_2007": "2007", "aei_2008": "2008-10",
        "aei_2008_london_borough": "2009-10", "follow_up_2010": "2010-12",
        "area_inspection_2011_15": "2010-15", "aap_pilot_2016": "2016 pilots",
        "aap_2016": "2016-19", "aip_2021": "2021-22", "aip_2021_follow_up": "2025",
        "aip_2025": "2025 third phase", "thematic": "thematic",
    }  # fmt: skip
    of_areas = INSPECTIONS.query(
        "area_id != 'england_and_wales_1999' and framework_id != 'thematic'"
    )
    for framework_id, rows in of_areas.groupby("framework_id"):
        span = years(frameworks["round"][framework_id])
        late = {2008} if framework_id == "opa_2007" else set()  # reports of March 2008
        assert dated(rows) <= span | late, framework_id
        assert years(frameworks["short_title"][framework_id]) <= span


DATED = {
    "fieldwork_from": {
        "south_wales_aei_2010": "2010-04", "gwent_aei_2009": "2009-09",
        "south_east_aap_2016": "2017-11", "surrey_follow_up_2010": "2010-06",
        "hampshire_and_isle_of_wight_opa_2007": "2007-06", "dyfed_powys_opa_2007": "2007-12",
        "nottinghamshire_follow_up_2012": "2012-05", "north_east_area_inspection_2015": "2015-03",
    },
    "published": {
        "london_south_aip_2021": "2022-02-17", "london_north_aip_2021": "2022-05-06",
        "thames_and_chiltern_aip_2021": "2022-11-10", "north_east_aip_2021": "2021-10-12",
        "wessex_aip_2021": "2022-04-12", "yorkshire_and_humberside_aip_2025": "2025-09-30",
        # the date of a report is no date of fieldwork
        "bedfordshire_aei_2010": "2010-10-06", "nottinghamshire_aei_2010": "2010",
        "surrey_aei_2009": "2009", "south_east_area_inspection_2015": "2015-07-21",
        "london_area_inspection_2014": "2014-04-24",
    },
}  # fmt: skip


def test_an_inspection_has_the_date_that_its_page_gives():
    for column, dates in DATED.items():
        rows = INSPECTIONS.loc[[*dates]]
        kind = column.removesuffix("_from")
        assert rows[column].tolist() == [*dates.values()]
        precision = [{4: "year", 7: "month", 10: "day"}[len(date)] for date in dates.values()]
        assert rows[f"{kind}_precision"].tolist() == precision
        assert rows[f"{kind}_basis"].notna().all()
        assert kind == "fieldwork" or rows["fieldwork_from"].isna().all()


def test_a_year_in_the_title_of_an_inspection_is_one_of_its_own():
    names = hd.load("frameworks").set_index("framework_id")["title"]
    for row in INSPECTIONS.query("framework_id != 'thematic'").itertuples():
        own = dated(pd.DataFrame([row._asdict()])) | years(names[row.framework_id])
        assert years(row.title) <= own, row.title


def test_mersey_cheshire_was_inspected_as_two_areas_before_it_began():
    assert "mersey_cheshire_area_inspection_2011" not in INSPECTIONS.index
    rows = INSPECTIONS.loc[["merseyside_area_inspection_2010", "cheshire_area_inspection_2010"]]
    assert rows["area_id"].tolist() == ["merseyside_1999", "cheshire_1999"]
    assert set(rows["fieldwork_from"] + " " + rows["fieldwork_to"]) == {"2010-10 2010-11"}
    assert rows["note"].str.contains("both were Areas of their own").all()
    issues = hd.facts(["Merseyside", "Cheshire"], kind="issue")["area"].value_counts()
    assert issues.tolist() == [2, 2]


def test_the_programme_of_2016_covered_14_areas_and_the_pilots_came_again():
    sections = hd.coverage("aap_2016").query("level == 'section'")
    status = {area: set(rows["status"]) for area, rows in sections.groupby("area")}
    assert len(status.keys() - {"London"}) == 14
    assert status["Cymru-Wales"] == status["South West"] == {"not_found"}
    assert INSPECTIONS.loc["cymru_wales_aap_2016", "published"] == "2019-05"
    inferred = INSPECTIONS.loc["south_west_aap_2016"]  # decided on, not known to have taken place
    assert pd.isna(inferred["published"])
    assert (inferred["basis"], inferred["speaker"]) == ("inferred", "project")


def test_the_year_of_a_report_is_no_period_of_its_figures():
    """Nor is a programme of two years a financial year."""
    measures = hd.load("measures").set_index("measure_id")
    reported = measures[measures["period"].str.startswith("report of").fillna(False)]
    assert len(reported) == 42
    assert reported["period_from"].isna().all()
    of_inspections = measures[measures["framework_id"].isin(["thematic", "aap_2016", "aip_2021"])]
    yearly = of_inspections.query("period_precision == 'year'")
    assert yearly.index.tolist() == ["england_and_wales_thematic_rape_2019_number_2"]
    assert of_inspections.query("framework_id == 'aip_2021'")["period_from"].isna().all()
    told = hd.facts(theme="disclosure", kind="measure").set_index("row_id")
    advice = told.loc["england_and_wales_thematic_disclosure_2020_number_1"]
    assert (advice["date"], advice["date_kind"]) == ("2020-01", "publication")


def test_a_period_is_told_whole_and_never_by_its_last_date():
    found = hd.facts().dropna(subset="date")
    spans = found[found["date"] != found["date_from"]]
    assert spans["date"].str.fullmatch(r"\d{4}(-\d\d)? to \d{4}(-\d\d)?").all()
    assert set(found.query("framework == 'London boroughs 2009-10'")["date"]) == {"2009 to 2010"}
    of_round = found.query("framework_id == 'opa_2005' and date_kind == 'fieldwork'")
    assert set(of_round["date"]) == {"2005-06 to 2005-12"}
    shown = show.evidence("disclosure").frame
    assert "June 2005 to December 2005 (fieldwork)" in set(shown["Date"])


@pytest.fixture(scope="module")
def years_of():
    """The years in the facts about each Area, those before and those after it; "": about all."""
    rows = hd.facts()
    told = rows[["date", "date_from"]].fillna("").agg(" ".join, axis=1)
    found = {
        area: years(" ".join(rows["text"][of.index])) | set(map(int, YEAR.findall(" ".join(of))))
        for area, of in told.groupby(rows["area"])
    }
    areas = hd.load("areas").set_index("area_id")["name"]
    line = {name: found.get(name, set()).copy() for name in areas}
    for one, other in hd.load("area_lineage")[["predecessor_id", "successor_id"]].values:
        line[areas[one]] |= found.get(areas[other], set())
        line[areas[other]] |= found.get(areas[one], set())
    return line | {"": set().union(*found.values())}


NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("[0-9]*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_sentence_of_a_notebook_gives_an_area_a_year_that_its_facts_do_not_have(path, years_of):
    """Those of the first notebook are the first page of the site, the others its articles."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(one["source"]) for one in cells if one["cell_type"] == "markdown")
    text = re.sub(r"\]\([^)]*\)|`[^`]*`", "", text)
    names = re.compile(rf"\b({'|'.join(map(re.escape, filter(None, years_of)))})\b")
    for sentence in re.split(r"(?<=[.?!])\s|\n", text):
        named = [(one.start(), one[0]) for one in names.finditer(sentence)]
        for year in re.finditer(r"\b20\d\d\b(?!-\d\d)", sentence):  # a span is a round
            before = [name for at, name in named if at < year.start()]
            area = [*before[-1:], *(name for _, name in named), ""][0]  # the nearest name
            assert years(year[0]) <= years_of[area], sentence


@pytest.mark.parametrize(
    "area", ["Leicestershire", "South Wales", "Essex", "North East", "London North"]
)
def test_no_picture_or_page_of_an_area_gives_a_year_that_its_facts_do_not_have(area, years_of):
    drawn = [lineage_picture(area)]
    drawn += [tile_matrix(rows) for _, rows in hd.ratings(area).groupby("framework_id")]
    drawn += [unit_strips(rows) for _, rows in hd.actions(area).groupby("framework_id")]
    told = [text for one in drawn for text in (one.title, one.subtitle, *one.words)]
    page = re.sub("<[^>]+>", " ", show.area(area).body)
    told.append(page.split("What is missing, and why")[0])
    named = [*hd.load("frameworks")[["title", "short_title"]].values.ravel()]
    named += [*hd.load("sources")["label"]]  # which have dates of their own
    for text in told:
        without = re.sub("|".join(map(re.escape, named)), "", " ".join(text.split()))
        assert years(without) <= years_of[area], text
