"""Both sides of a matter, the inspectorate's own comparisons, nothing surer than its source."""

import pandas as pd
import pytest

import hmcpsi_data as hd
from hmcpsi_data import show


@pytest.fixture(scope="module")
def findings():
    return hd.load("findings").set_index("finding_id")


def test_evidence_on_letters_speaks_on_either_side_and_of_letters():
    rows = hd.facts(theme="victim_letters")
    told = rows[rows["kind"].isin(["finding", "comparison"])]
    assert {
        ("England and Wales (CPS)", "weakness", "2005"), ("Kent", "weakness", "2008"),
        ("Yorkshire and Humberside", "strength", "2017"), ("North East", "strength", "2017"),
        ("Thames and Chiltern", "weakness", "2017"), ("England and Wales (CPS)", "mixed", "2020"),
        ("Yorkshire and Humberside", "strength", "2025"),
    } <= {(row.area, row.value, str(row.date)[:4]) for row in told.itertuples()}  # fmt: skip
    measures = hd.load("measures").set_index("measure_id")
    letters = measures.index[measures.index.str.contains("victim_letters")]
    assert set(letters) <= set(rows["row_id"])
    # a section on public confidence also holds bail and communities
    ratings = rows[rows["kind"] == "rating"]
    assert (len(ratings), "section" in set(ratings["level"])) == (4, False)
    # nor is a figure of one court evidence on the other
    courts = {"magistrates_courts_casework": "magistrates' courts", "crown_court_casework":
              "Crown Court"}  # fmt: skip
    for theme, court in courts.items():
        links = hd.load("evidence").query(f"table == 'measures' and theme_id == '{theme}'")
        assert set(measures["casework"][links["row_id"]].dropna()) == {court}


@pytest.mark.parametrize(
    ("inspection_id", "sources", "polarities"),  # strengths, weaknesses, mixed, context
    [
        ("kent_opa_2007", "s007", (3, 5, 0, 1)),
        ("england_and_wales_opa_2005", "s002", (1, 4, 0, 0)),
        ("essex_opa_2005", "s005", (4, 2, 0, 0)),
        ("london_area_inspection_2014", "s170", (1, 2, 2, 0)),
        ("london_boroughs_london_borough_2009", "s023", (2, 5, 0, 0)),
        ("south_wales_aei_2010", "s011 s017", (5, 4, 1, 0)),
        ("merseyside_area_inspection_2010", "s144", (2, 1, 0, 0)),
        ("cheshire_area_inspection_2010", "s144", (2, 1, 0, 0)),
        ("london_opa_2007", "s013", (0, 4, 0, 1)),
        ("bedfordshire_opa_2005", "s003", (2, 1, 0, 0)),
        ("cumbria_opa_2005", "s003", (0, 2, 1, 0)),
        ("devon_and_cornwall_opa_2005", "s003", (1, 2, 0, 0)),
        ("yorkshire_and_humberside_area_inspection_follow_up", "s146", (2, 3, 3, 0)),
        ("yorkshire_and_humberside_aap_2016", "s028 s073", (5, 3, 1, 0)),
        ("south_east_aap_2016", "s077", (4, 2, 2, 0)),
        ("north_east_aap_2016", "s054", (2, 1, 0, 0)),
        ("south_west_aap_pilot_2016", "s024", (2, 5, 1, 0)),
        ("north_west_aap_2016", "s033 s055", (3, 1, 4, 0)),
        ("thames_and_chiltern_aap_2016", "s032 s053 s101", (2, 6, 1, 0)),
        ("london_north_aap_2016", "s079", (1, 1, 1, 0)),
        ("west_midlands_aap_2016", "s075", (4, 1, 0, 0)),
        ("mersey_cheshire_aap_2016", "s031 s034", (5, 0, 2, 0)),
        ("sussex_opa_2005", "s006", (2, 1, 0, 0)),
        ("hammersmith_and_fulham_london_borough_2009", "s092 s093", (1, 2, 0, 0)),
        ("hounslow_london_borough_2009", "s019", (0, 2, 1, 0)),
    ],
)
def test_what_a_cited_source_says_on_either_side_is_told(
    inspection_id, sources, polarities, findings
):
    rows = findings[findings["inspection_id"] == inspection_id]
    n = rows[rows["source_id"].isin(sources.split())]["polarity"].value_counts()
    kinds = ("strength", "weakness", "mixed", "context")
    assert tuple(int(n.get(kind, 0)) for kind in kinds) == polarities


def test_all_fourteen_areas_have_findings_of_the_programme_of_2021(findings):
    rows = findings[findings["inspection_id"].str.endswith("_aip_2021")]
    assert rows["inspection_id"].nunique() == 14
    others = rows[~rows["inspection_id"].str.startswith("south_west")].set_index("inspection_id")
    told = others["polarity"]  # an Area quotes what speaks for it
    assert told[told != "strength"].to_dict() == {
        "north_west_aip_2021": "weakness", "wessex_aip_2021": "mixed",
        "south_east_aip_2021": "context",
    }  # fmt: skip


def test_where_not_all_issues_could_be_read_a_number_says_how_many_there_are():
    numbers = hd.load("measures").query("unit == 'issues'").set_index("inspection_id")
    raised = numbers.loc[numbers["subject"].str.endswith("ssues to address"), "value"]
    found = hd.load("actions").groupby("inspection_id").size()
    assert {one: (int(found[one]), int(n)) for one, n in raised.items()} == {
        "east_midlands_aap_2016": (10, 10), "south_west_aip_2021": (3, 3),
        "south_west_aap_pilot_2016": (3, 13), "north_west_aap_2016": (4, 12),
        "east_of_england_aip_2021": (1, 9), "mersey_cheshire_aip_2021": (1, 3),
        "north_east_aip_2021": (2, 3), "south_east_aip_2021": (1, 4),
        "west_midlands_aip_2021": (2, 3),
    }  # fmt: skip
    assert "2021-22: 1 of 9 issues to address found" in show.area("East of England").body
    assert "10 of 10" not in show.area("East Midlands").body


def test_london_leads_to_its_parts_and_a_part_is_no_area():
    areas = hd.load("areas")
    parts = areas[areas["part_of"].eq("london_1999")]
    assert set(parts["kind"]) == {"london_borough", "sector", "other"}
    assert (areas["kind"].eq("area") == areas["part_of"].isna()).sum() == len(areas) - 1
    for area in ("London", "London North", "London South"):
        page, events = show.area(area).body, hd.timeline(area, kind="part")
        assert all(name in page and events["what"].str.contains(name, regex=False).any()
                   for name in parts["name"])  # fmt: skip
        assert events["source_id"].notna().all()
    assert hd.timeline("Kent", kind="part").empty
    page = show.area("Ealing")
    assert (
        repr(page) == "Ealing: a borough unit of CPS London, not an Area; 1 inspection on record."
    )
    assert "since" not in page.body
    assert "It was a part of London" in page.body


def test_the_direction_of_travel_of_2007_is_thirteen_rated_words_and_no_rating():
    directions = hd.load("directions")
    assert directions["direction"].value_counts().to_dict() == {"improved": 9, "stable": 4}
    aspects = hd.load("aspects").query("set_id == 'opa_2007' and level == 'aspect'")
    assert directions["aspect_id"].tolist() == aspects["aspect_id"].tolist()
    assert set(directions["inspection_id"]) == {"west_mercia_opa_2007"}
    assert hd.ratings("West Mercia", framework="opa_2007")["level"].tolist() == ["overall"]


def test_the_inspectorates_own_comparisons_are_facts_of_their_own_kind():
    told = hd.facts(kind="comparison")["area"].value_counts().to_dict()
    assert told == {
        "England and Wales (CPS)": 7, "Yorkshire and Humberside": 3, "Leicestershire": 2,
        "London": 2, "Bedfordshire": 2, "South Wales": 2, "Gwent": 2, "South East": 1,
        "London South": 1,
    }  # fmt: skip
    rows = hd.load("findings").query("kind == 'comparison'")
    assert rows[["direction", "comparator"]].notna().all(axis=None)
    assert set(rows.loc[rows["speaker"] != "inspectorate", "voice"]) == {
        "HMCPSI", "HM Chief Inspector"
    }  # fmt: skip
    rows = rows.dropna(subset="compared_inspection_id")
    area = hd.load("inspections").set_index("inspection_id")["area_id"]
    one, other = rows["inspection_id"], rows["compared_inspection_id"]
    assert (one.map(area) == other.map(area)).all()
    assert (one != other).all()


def test_what_is_said_of_a_part_or_against_nothing_named_says_so(findings):
    plain = findings[findings["kind"].isna() & findings["direction"].eq("improved").fillna(False)]
    later = plain[plain["source_id"].str.startswith("s") & plain["comparator"].isna()]
    assert len(later) >= 6
    said = "does not stand in what was read|does not say with what"
    assert later["note"].fillna("").str.contains(said).all()
    rows = findings[findings["inspection_id"] == "bedfordshire_aei_2010"]
    compared = rows[rows["kind"].eq("comparison").fillna(False)]
    assert set(compared["aspect_id"]) == {"aei_2008_disclosure", "aei_2008_custody_time_limits"}
    third = findings[findings["inspection_id"] == "yorkshire_and_humberside_aip_2025"]
    assert third.loc[third["subject"].str.contains("excellent"), "subject"].tolist() == [
        "Service to the local community: described as excellent, not rated"
    ]
    assert "our reading" in third.loc["yorkshire_and_humberside_aip_2025_finding_1", "note"]


def test_the_term_of_the_document_is_kept(findings, shared):
    path = shared / "documents" / "area-inspection-2022-south-west-cps-response.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    for n, line, term in ((8, 18, "continuing disclosure"), (9, 18, "protect"), (13, 20, "excel")):
        row = findings.loc[f"south_west_aip_2021_finding_{n}"]
        assert row["locator"] == f"L{line}"
        assert term in row["subject"]
        assert term in lines[line - 1]


def test_a_word_in_prose_is_a_rating_by_one_rule(findings):
    """A source calls it a rating, or it is a word of the scale said of what is always rated."""
    prose = hd.ratings(basis="stated_in_prose")
    assert prose[["area", "level", "rating", "tier"]].values.tolist() == [
        ["East of England", "overall", "Good", "press_and_other"],
        ["Mersey-Cheshire", "criterion", "Excellent", "inspected_body"],
        ["North West", "criterion", "Excellent", "inspectorate"],
        ["Thames and Chiltern", "section", "Poor", "inspectorate"],
    ]
    assert not findings["subject"].str.contains("called (?:Excellent|Poor)").any()
    # what is no known aspect is a finding, and the set says that the line is ours
    sets = hd.load("aspect_sets").set_index("set_id")["note"]
    assert "violence against women" in sets["aei_2008"]
    assert "was not found" in findings.loc["south_wales_aei_2010_finding_1", "note"]


def test_both_sides_of_a_conflict_can_be_read_by_a_program():
    other = hd.load("rating_sources").query("says == 'otherwise'")
    assert other[["rating_id", "rating", "source_id"]].values.tolist() == [
        ["essex_opa_2007_overall", "Fair or Good", "s010"]
    ]
    contradicted = hd.load("ratings").query("basis == 'contradicted'")
    assert contradicted["rating_id"].tolist() == other["rating_id"].tolist()
    row = hd.ratings("Essex", framework="opa_2007").iloc[0]
    assert (row["rating"], row["says_otherwise"], row["otherwise_source_id"]) == (
        "Poor", "Fair or Good", "s010"
    )  # fmt: skip
    told = hd.codebook("ratings").set_index("field").loc["rating", "description"]
    assert "rating_sources" in told  # the table by itself leads to the other side


def test_what_is_ours_says_so_and_nothing_is_surer_than_its_source(findings):
    scales = hd.load("scales")
    assert set(scales.query("scale_id != 'opa_2005_quality'")["meaning_basis"]) == {"inferred"}
    progress = scales.query("scale_id == 'follow_up_2010_progress'")
    assert progress["meaning"].str.startswith("As we read it").all()
    assert set(hd.load("programmes")["what_basis"]) == {"inferred"}
    warning = hd.load("frameworks").set_index("framework_id")["usage_warning"]
    assert "mostly through the press" not in warning["aei_2008"]
    assert "only source" not in warning["aip_2021"]
    assert "was marked" in warning["aip_2021"]
    onward = findings.loc["leicestershire_follow_up_2010_finding_2"]  # no direction of a rating
    assert onward[["direction", "comparator"]].isna().all()
    told = hd.load("tensions").set_index("tension_id")["explanation"]
    assert "two of the three" in told["casework_section_2016"]
    assert "urgently" in told["case_preparation_2016"]


def test_only_who_is_said_to_monitor_monitors():
    response = hd.load("responses").set_index("response_id")
    assert pd.isna(response.loc["east_midlands_aap_2016_response_9", "monitored_by"])
    assert response.loc["south_west_aip_2021_response_1", "monitored_by"] == "legal managers"
    early = response.loc["east_midlands_aap_2016_response_5"]
    assert (early["date"], early["date_as_printed"]) == ("2017", "early 2017")
    of_several_kinds = response["summary"].str.count(";").ge(4)
    assert of_several_kinds.sum() == 4
    assert response.loc[of_several_kinds, "commitment"].isna().all()
    commitments = hd.load("commitments").set_index("commitment_id")["monitored_by"]
    assert commitments[["east_midlands_aap_2016_commitment_9_2",
                        "south_west_aip_2021_commitment_1_4"]].isna().all()  # fmt: skip


def test_every_further_fact_has_its_home(shared):
    further = pd.read_csv(shared / "facts" / "turn2.csv", dtype="string")
    sources = hd.load("sources").dropna(subset="address")[["address", "source_id", "tier"]]
    further = further.merge(sources, on="address", how="left", suffixes=("", "_here"))
    assert further["tier"].eq(further["tier_here"]).all()
    told = hd.facts(kind=["finding", "comparison", "direction"])
    wanted = further[
        further["table"].isin(["findings", "ratings (direction of travel)", "responses"])
        & further["area"].ne("Hertfordshire")  # its framework was not found: an unread report
    ]
    wanted = wanted.assign(area=wanted["area"].str.split("; ")).explode("area")
    wanted["area"] = wanted["area"].replace("42 Areas", "England and Wales (CPS)")
    assert len(wanted) == 74
    pairs = set(zip(told["source_id"], told["area"], strict=True))
    assert set(zip(wanted["source_id"], wanted["area"], strict=True)) <= pairs
    assert set(further.query("table == 'measures'")["source_id"]) == {"s170", "s171"}
    rows = hd.load("measures").query("source_id in ['s010', 's170']")["value"].tolist()
    assert rows == [80.8, 84.3, 75.8, 77.7, 38, 25, 8, 13, 74, 72, 63, 56, 34]
