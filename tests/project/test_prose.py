"""What the README and the notebooks say of the data is so: each phrase is built from the tables."""

import json
import re
from pathlib import Path

import pytest

import hmcpsi_data as hd
from hmcpsi_data.assessment import consistent_rules
from hmcpsi_data.record.areas import days, in_being
from hmcpsi_data.record.joins import tally
from hmcpsi_data.words import listed as in_a_row

ROOT = Path(__file__).resolve().parents[2]
if not (ROOT / "README.md").is_file():
    pytest.skip("not a source checkout", allow_module_level=True)
README = (ROOT / "README.md").read_text(encoding="utf-8")
NUMBERS = "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
IN_WORDS = dict(enumerate(NUMBERS.split()))
SCALE = ["Poor", "Fair", "Good", "Excellent", "Limited", "Substantial", "Achieved"]
RATED = hd.undisputed(hd.ratings()).dropna(subset="rating")
AREAS = hd.areas().query("kind == 'area'")


def said(place, *phrases):
    text = README
    if place != "README":
        (path,) = (ROOT / "notebooks").glob(f"{place}-*.ipynb")
        cells = json.loads(path.read_text("utf-8"))["cells"]
        text = " ".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    text = " ".join(text.replace("*", "").split())
    assert [phrase for phrase in phrases if phrase.replace("*", "") not in text] == []


def count(words):
    return {word: IN_WORDS[n] for word, n in words.value_counts().items()}


def spread(words):
    n = words.value_counts()
    return in_a_row([f"{n[one]} {one}" for one in SCALE if one in n])


def of(framework, level=None, without=()):
    found = RATED[RATED["framework_id"].eq(framework) & ~RATED["area"].isin(without)]
    return found if level is None else found[found["level"].eq(level)]


def areas(rows):
    return rows.loc[rows["area_id"].isin(AREAS["area_id"]), "area_id"].nunique()


def test_what_is_said_of_2006_and_2010():
    aspects = hd.ratings("Leicestershire", framework="opa_2005", level="aspect")
    words = aspects["rating"]
    critical = count(words[aspects["is_critical"].fillna(False)])["Good"]
    said("01", f"{spread(words)} of 14 aspects", f"Of the five critical aspects {critical} were")
    said("10", f"{critical.capitalize()} of its five critical aspects were Good")
    progress = hd.actions()["progress"].dropna().str.removesuffix(" progress")
    n = count(progress)
    told = f"{n['Achieved']} achieved, {n['Substantial']} substantial, {n['Limited']} limited"
    said("00", f"{spread(words)} of 14 aspects", told)
    said("02", f"{n['Achieved'].capitalize()} of the nine actions were rated Achieved by July 2010")
    said("02", f"2010, {n['Substantial']} Substantial progress and {n['Limited']} Limited")
    said("README", f"Fair overall; {len(words)} aspects: {tally(words, SCALE)}.",
         f"progress on {len(progress)} actions: {tally(progress, SCALE)}")  # fmt: skip
    rules = consistent_rules()
    told = f"family of {len(rules.family):,} rules; {len(rules):,} agree with all that is known"
    said("10", told)


def test_what_is_said_of_2016_and_2022_and_of_both_beside_2006():
    inspected = of("aap_2016").query("area == 'East Midlands'").set_index("level")["rating"]
    criteria, sections = inspected["criterion"], inspected["section"]
    n = criteria.value_counts()
    told = f"{n['Poor']} Poor (communication with victims), {n['Fair']} Fair and {n['Good']} Good"
    said("00", f"had {spread(criteria)} of 7 criteria")
    said("03", f"{told} of 7 criteria", f"{spread(sections)} of 4 sections")
    issues = hd.load("actions").groupby("inspection_id").size()
    said("README", f"7 criteria: {tally(criteria, SCALE)}; 4 sections: {tally(sections, SCALE)}; "
         f"{issues['east_midlands_aap_2016']} issues with answers",
         f"the programme gives none); {issues['south_west_aip_2021']} issues")  # fmt: skip
    assert len(of("aip_2021")) == 0
    verdicts = count(hd.compare()["verdict"])
    rows = hd.Crosswalk.load("opa_2005", "aap_2016_east_midlands").to_frame()
    rows = rows.dropna(subset="source_aspect_id").drop_duplicates("source_aspect_id")
    linked = count(rows["status"].ne("no_counterpart"))
    inside = verdicts["inside the old range"].capitalize()
    said("04", f"{inside} of the seven criteria were rated within the range",
         f"and {verdicts['below it']} below it: resources, and communication with victims",
         f"{linked[True]} have a place among the seven criteria",
         f"{linked[False]} have none")  # fmt: skip


def test_what_is_said_of_all_areas():
    early, late = (areas(of(one, "overall")) for one in ("opa_2005", "opa_2007"))
    full = of("aap_2016", "section").groupby("area_id").size().eq(4).sum()
    said("09", f"we know the overall rating of {early}; of the 42 rated in 2007, of {late}",
         f"all four sections are known of {full} of 14 Areas")  # fmt: skip
    national = hd.national()
    for year, name in {"2005-06": "opa_2005_all", "2007": "opa_2007_all"}.items():
        rows = national[national["distribution_id"].eq(name)]
        assert rows["n_units"].unique().tolist() == [42]
        bounds = rows.set_index("rating").loc[SCALE[:4], ["n_low", "n_high"]].itertuples()
        n = [f"{low if low == high else f'{low} to {high}'} {word}" for word, low, high in bounds]
        said("09", f"in {year} {in_a_row(n)}")
    boroughs = of("aei_2008_london_borough", "overall")["area_id"].nunique()
    units = hd.load("frameworks").set_index("framework_id")["n_units"]
    further = areas(of("aei_2008", without=["Leicestershire"]))
    sections = of("aap_2016", "section", ["East Midlands"]).groupby("area").size()
    rated = RATED[RATED["level"].eq("criterion") & RATED["area"].ne("East Midlands")]
    assert sorted(rated.groupby("area").size()) == [1, 1, 7, 7, 13]
    issues = hd.load("actions").query("kind == 'issue' and not source_id.str.startswith('doc_')")
    issues = issues.merge(hd.load("inspections")[["inspection_id", "area_id"]])
    press = RATED["tier"].eq("press_and_other").sum()
    dates = hd.load("inspections")[["fieldwork_from", "published"]].stack().dropna()
    numbers = [in_being(AREAS, days(f"{year}-04-01")).sum() for year in (1999, 2011, 2017)]
    said(
        "README",
        f"overall ratings (with those above, of {early} of 42 Areas in 2005-06 and of {late}",
        f"{boroughs} of {units['aei_2008_london_borough']} London boroughs",
        f"Area effectiveness inspections of {IN_WORDS[further]} further Areas",
        f"sections of {IN_WORDS[sections.eq(4).sum()]} further Areas (one section of a fifth)",
        "the 13 criteria printed for Wessex, the 7 of each of the two pilots",
        "one criterion each of Mersey-Cheshire and North West",
        f"issues of {areas(issues)} Areas",
        f"Of {len(RATED)} ratings {press} rest on the press and say so; one more is",
        f"(HMCPSI), {dates.min()[:4]} to {dates.max()[:4]}, as tidy data",
        "({} from 1999, {} from 2011, {} from 2017)".format(*numbers),
        "sixteen themes across the rounds",
    )


def test_the_lines_of_code_run():
    first = re.search(r"```python\n(.*?)```", README, re.DOTALL)[1]
    calls = re.findall(r"(?m)^hd\..*", first)
    assert len(calls) == 9
    assert all(eval(call) is not None for call in calls)
