"""Both sides of a matter, the inspectorate's own comparisons, nothing surer than its source."""

import pandas as pd
import pytest

import hmcpsi_data as hd


@pytest.fixture(scope="module")
def findings():
    return hd.load("findings").set_index("finding_id")


def test_letters_to_victims_are_criticised_and_praised():
    rows = hd.facts(theme="victim_letters", kind=["finding", "comparison"])
    told = {(row.area, row.value, str(row.date)[:4]) for row in rows.itertuples()}
    assert {
        ("England and Wales (CPS)", "weakness", "2005"), ("Kent", "weakness", "2008"),
        ("Yorkshire and Humberside", "strength", "2017"), ("North East", "strength", "2017"),
        ("Thames and Chiltern", "weakness", "2017"), ("England and Wales (CPS)", "mixed", "2020"),
        ("Yorkshire and Humberside", "strength", "2025"),
    } <= told  # fmt: skip
    numbers = hd.facts(theme="victim_letters", kind="measure")["row_id"]
    letters = hd.load("measures")["measure_id"].str.contains("victim_letters")
    assert set(hd.load("measures").loc[letters, "measure_id"]) <= set(numbers)


def test_a_section_is_no_evidence_on_letters():
    """Public confidence also holds bail and communities."""
    linked = hd.facts(theme="victim_letters", kind="rating")
    assert "section" not in set(linked["level"])
    assert len(linked) == 4


def test_a_figure_of_one_court_is_no_evidence_on_the_other():
    courts = {
        "magistrates_courts_casework": "magistrates' courts", "crown_court_casework": "Crown Court"
    }  # fmt: skip
    casework = hd.load("measures").set_index("measure_id")["casework"]
    for theme, court in courts.items():
        links = hd.load("evidence").query(f"table == 'measures' and theme_id == '{theme}'")
        assert set(casework[links["row_id"]].dropna()) == {court}


@pytest.mark.parametrize(
    ("inspection_id", "polarities", "sources"),
    [
        ("kent_opa_2007", {"weakness": 5, "strength": 3, "context": 1}, {"s007"}),
        ("england_and_wales_opa_2005", {"weakness": 4, "strength": 1}, {"s002"}),
        ("essex_opa_2005", {"strength": 4, "weakness": 2}, {"s005"}),
        ("london_area_inspection_2014", {"strength": 1, "mixed": 2, "weakness": 2}, {"s170"}),
        ("london_boroughs_london_borough_2009", {"strength": 2, "weakness": 5}, {"s023"}),
        ("south_wales_aei_2010", {"strength": 5, "weakness": 4, "mixed": 1}, {"s011", "s017"}),
        ("south_east_aap_2016", {"strength": 4, "mixed": 2, "weakness": 2}, {"s077"}),
        ("north_east_aap_2016", {"strength": 2, "weakness": 1}, {"s054"}),
        ("merseyside_area_inspection_2010", {"strength": 2, "weakness": 1}, {"s144"}),
        ("cheshire_area_inspection_2010", {"strength": 2, "weakness": 1}, {"s144"}),
        ("london_opa_2007", {"weakness": 4, "context": 1}, {"s013"}),
        ("bedfordshire_opa_2005", {"strength": 2, "weakness": 1}, {"s003"}),
        ("cumbria_opa_2005", {"mixed": 1, "weakness": 2}, {"s003"}),
        ("devon_and_cornwall_opa_2005", {"strength": 1, "weakness": 2}, {"s003"}),
        ("yorkshire_and_humberside_area_inspection_follow_up",
         {"strength": 2, "mixed": 3, "weakness": 3}, {"s146"}),
        ("yorkshire_and_humberside_aap_2016",
         {"strength": 5, "mixed": 1, "weakness": 3}, {"s028", "s073"}),
    ],
)  # fmt: skip
def test_what_a_cited_source_says_on_either_side_is_told(
    inspection_id, polarities, sources, findings
):
    rows = findings[findings["inspection_id"] == inspection_id]
    rows = rows[rows["source_id"].isin(sources)]
    assert rows["polarity"].value_counts().to_dict() == polarities


def test_all_fourteen_areas_have_findings_of_the_programme_of_2021(findings):
    rows = findings[findings["inspection_id"].str.endswith("_aip_2021")]
    assert rows["inspection_id"].nunique() == 14
    others = rows[~rows["inspection_id"].str.startswith("south_west")].set_index("inspection_id")
    told = others["polarity"]  # an Area quotes what speaks for it
    assert told[told != "strength"].to_dict() == {
        "north_west_aip_2021": "weakness", "wessex_aip_2021": "mixed",
        "south_east_aip_2021": "context",
    }  # fmt: skip
    for area in ("north_east", "mersey_cheshire"):  # some of the issues could not be read
        assert others.loc[[f"{area}_aip_2021"], "note"].str.contains("lists three issues").any()


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
    told_by_others = rows[rows["speaker"] != "inspectorate"]
    assert set(told_by_others["voice"]) == {"HMCPSI", "HM Chief Inspector"}

    rows = rows.dropna(subset="compared_inspection_id")
    area = hd.load("inspections").set_index("inspection_id")["area_id"]
    ids = rows["inspection_id"], rows["compared_inspection_id"]
    assert (ids[0].map(area) == ids[1].map(area)).all()
    assert (ids[0] != ids[1]).all()


def test_what_improved_against_nothing_named_says_so(findings):
    plain = findings[findings["kind"].isna() & findings["direction"].eq("improved").fillna(False)]
    later = plain[plain["source_id"].str.startswith("s") & plain["comparator"].isna()]
    assert len(later) >= 6
    said = "does not stand in what was read|does not say with what"
    assert later["note"].fillna("").str.contains(said).all()


def test_what_is_said_of_a_part_is_not_said_of_the_whole(findings):
    """Bedfordshire 2010 and Yorkshire and Humberside 2025, as their sources have them."""
    rows = findings[findings["inspection_id"] == "bedfordshire_aei_2010"]
    compared = rows[rows["kind"].eq("comparison").fillna(False)]
    assert set(compared["aspect_id"]) == {"aei_2008_disclosure", "aei_2008_custody_time_limits"}
    third = findings[findings["inspection_id"] == "yorkshire_and_humberside_aip_2025"]
    excellent = third.loc[third["subject"].str.contains("excellent"), "subject"]
    assert excellent.tolist() == [
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


def test_a_word_in_prose_is_a_rating_by_one_rule():
    """A source calls it a rating, or it is a word of the scale said of what is always rated."""
    prose = hd.ratings(basis="stated_in_prose")
    assert prose[["area", "level", "rating", "tier"]].values.tolist() == [
        ["East of England", "overall", "Good", "press_and_other"],
        ["Mersey-Cheshire", "criterion", "Excellent", "inspected_body"],
        ["North West", "criterion", "Excellent", "inspectorate"],
        ["Thames and Chiltern", "section", "Poor", "inspectorate"],
    ]
    assert not hd.load("findings")["subject"].str.contains("called (?:Excellent|Poor)").any()


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
    ours = scales[scales["scale_id"] != "opa_2005_quality"]
    assert set(ours["meaning_basis"]) == {"inferred"}
    progress = scales[scales["scale_id"] == "follow_up_2010_progress"]
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
    commitments = hd.load("commitments").set_index("commitment_id")["monitored_by"]
    assert commitments[["east_midlands_aap_2016_commitment_9_2",
                        "south_west_aip_2021_commitment_1_4"]].isna().all()  # fmt: skip


@pytest.fixture(scope="module")
def further(shared):
    """The further facts, each with the source that its address is."""
    found = pd.read_csv(shared / "facts" / "turn2.csv", dtype="string")
    sources = hd.load("sources").dropna(subset="address")[["address", "source_id", "tier"]]
    return found.merge(sources, on="address", how="left", suffixes=("", "_here"))


def test_every_further_fact_has_its_home(further):
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
    rows = hd.load("measures").query("source_id == 's170'")
    assert rows["value"].tolist() == [38, 25, 8, 13, 74, 72, 63, 56, 34]
