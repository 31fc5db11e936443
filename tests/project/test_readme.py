"""What the README says of the data is so: each figure is counted here, each line of code runs."""

import re
from pathlib import Path

import pandas as pd
import pytest

import hmcpsi_data as hd
from hmcpsi_data.record.areas import days, in_being

README = Path(__file__).resolve().parents[2] / "README.md"
if not README.is_file():
    pytest.skip("not a source checkout", allow_module_level=True)
TEXT = " ".join(README.read_text(encoding="utf-8").split())
WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven")
PRESENT = hd.undisputed(hd.ratings()).dropna(subset="rating")


def of(framework, level=None, without=()):
    """The ratings that count of a framework, of some levels, without some Areas."""
    found = PRESENT[PRESENT["framework_id"].eq(framework) & ~PRESENT["area"].isin(without)]
    return found if level is None else found[found["level"].eq(level)]


def areas(rows):
    """How many Areas have rows, boroughs and sectors not counted."""
    kinds = hd.areas().set_index("area_id")["kind"]
    return rows.loc[rows["area_id"].map(kinds).eq("area"), "area_id"].nunique()


def spread(words):
    """How often each word occurs, the worst first, as the README writes it."""
    order = ["Poor", "Fair", "Good", "Excellent", "Limited", "Substantial", "Achieved"]
    times = words.value_counts()
    return ", ".join(f"{word} {times[word]}" for word in order if word in times)


def test_the_years_are_those_of_the_inspections():
    inspections = hd.load("inspections")
    dates = pd.concat([inspections["fieldwork_from"], inspections["published"]]).dropna()
    assert f"(HMCPSI), {dates.min()[:4]} to {dates.max()[:4]}, as tidy data" in TEXT


def test_the_table_of_what_is_covered():
    actions, frameworks = hd.load("actions"), hd.load("inspections").set_index("inspection_id")
    opa = of("opa_2005", "aspect")
    opa = opa.loc[opa["area"].eq("Leicestershire"), "rating"]
    assert f"Fair overall; {len(opa)} aspects: {spread(opa)}." in TEXT
    progress = actions["progress"].dropna().str.removesuffix(" progress")
    assert f"progress on {len(progress)} actions: {spread(progress)}" in TEXT
    new = of("aap_2016").query("area == 'East Midlands'")
    criteria, sections = (
        new[new["level"].eq(level)]["rating"] for level in ("criterion", "section")
    )
    issues = actions.groupby("inspection_id").size()
    assert (
        f"7 criteria: {spread(criteria)}; 4 sections: {spread(sections)}; "
        f"{issues['east_midlands_aap_2016']} issues with answers" in TEXT
    )
    assert f"the programme gives none); {issues['south_west_aip_2021']} issues" in TEXT
    assert len(of("aip_2021")) == 0
    assert frameworks.loc["south_west_aip_2021", "framework_id"] == "aip_2021"


def test_the_counts_of_the_wider_record():
    overall = [areas(of(framework, "overall")) for framework in ("opa_2005", "opa_2007")]
    assert f"overall ratings of {overall[0]} of 42 Areas in 2005-06 and of {overall[1]}" in TEXT
    boroughs = of("aei_2008_london_borough", "overall")["area_id"].nunique()
    units = hd.load("frameworks").set_index("framework_id")["n_units"]
    assert f"{boroughs} of {units['aei_2008_london_borough']} London boroughs" in TEXT
    further = areas(of("aei_2008", without=["Leicestershire"]))
    assert f"Area effectiveness inspections of {WORDS[further]} further Areas" in TEXT
    sections = of("aap_2016", "section", ["East Midlands"]).groupby("area").size()
    told = f"sections of {WORDS[sections.eq(4).sum()]} further Areas (one section of a fifth)"
    assert told in TEXT
    assert sorted(sections) == [1, 4, 4, 4, 4]
    rated = PRESENT[PRESENT["level"].eq("criterion") & PRESENT["area"].ne("East Midlands")]
    assert rated.groupby("area").size().to_dict() == {
        "Wessex": 13,
        "Cymru-Wales": 7,
        "South West": 7,
        "Mersey-Cheshire": 1,
        "North West": 1,
    }
    assert "all 13 criteria of Wessex, the 7 of each of the two pilots" in TEXT
    assert "one criterion each of Mersey-Cheshire and North West" in TEXT
    issues = hd.load("actions").query("kind == 'issue'")
    issues = issues[~issues["source_id"].str.startswith("doc_")]
    issues = issues.merge(hd.load("inspections")[["inspection_id", "area_id"]])
    assert f"issues of {areas(issues)} Areas" in TEXT


def test_how_many_ratings_rest_on_the_press():
    press = PRESENT["tier"].eq("press_and_other").sum()
    assert f"Of {len(PRESENT)} ratings {press} rest on the press and say so; one is" in TEXT
    assert hd.load("ratings")["basis"].eq("contradicted").sum() == 1


def test_the_areas_through_time_and_the_themes():
    areas = hd.areas().query("kind == 'area'")
    dates = ("1999-04-01", "2011-04-01", "2017-04-01")
    numbers = [int(in_being(areas, days(date)).sum()) for date in dates]
    assert "({} from 1999, {} from 2011, {} from 2017)".format(*numbers) in TEXT
    assert len(hd.load("themes")) == 16
    assert "sixteen themes across the rounds" in TEXT


def test_the_lines_of_code_run():
    first, *_ = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line.partition("#")[0].strip() for line in first.splitlines()]
    calls = [line for line in lines if line.startswith("hd.")]
    assert len(calls) == 9
    for call in calls:
        assert eval(call) is not None, call
