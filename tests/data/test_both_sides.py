"""Both sides of a matter, the inspectorate's own comparisons, nothing surer than its source."""

from collections import Counter

import pandas as pd

import hmcpsi_data as hd
from hmcpsi_data import show

FINDINGS = hd.load("findings").set_index("finding_id")


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
        assert not measures["subject"][links["row_id"]].str.contains("covered").any()


# by inspection: sources, and how many strengths, weaknesses, mixed and context they tell
SIDES = {
    "kent_opa_2007": "s007: 3 5 0 1", "england_and_wales_opa_2005": "s002: 1 4 0 0",
    "essex_opa_2005": "s005: 4 2 0 0", "london_area_inspection_2014": "s170: 1 2 2 0",
    "london_boroughs_london_borough_2009": "s023: 2 5 0 0",
    "south_wales_aei_2010": "s011 s017: 5 4 1 0",
    "merseyside_area_inspection_2010": "s144: 2 1 0 0",
    "cheshire_area_inspection_2010": "s144: 2 1 0 0", "london_opa_2007": "s013: 0 4 0 1",
    "bedfordshire_opa_2005": "s003: 2 1 0 0", "cumbria_opa_2005": "s003: 0 2 1 0",
    "devon_and_cornwall_opa_2005": "s003: 1 2 0 0",
    "yorkshire_and_humberside_area_inspection_follow_up": "s146: 2 3 3 0",
    "yorkshire_and_humberside_aap_2016": "s028 s073: 8 3 1 0",
    "south_east_aap_2016": "s077: 4 2 2 0", "north_east_aap_2016": "s054: 2 1 0 0",
    "south_west_aap_pilot_2016": "s024: 2 5 1 0", "north_west_aap_2016": "s033 s055: 3 1 4 0",
    "thames_and_chiltern_aap_2016": "s032 s053 s101: 2 6 1 0",
    "london_north_aap_2016": "s079: 1 1 1 0", "west_midlands_aap_2016": "s075: 4 1 0 0",
    "mersey_cheshire_aap_2016": "s031 s034: 5 0 2 0", "sussex_opa_2005": "s006: 2 1 0 0",
    "hammersmith_and_fulham_london_borough_2009": "s092 s093: 1 2 0 0",
    "hounslow_london_borough_2009": "s019: 0 2 1 0",
}  # fmt: skip


def test_what_a_cited_source_says_on_either_side_is_told():
    for inspection_id, told in SIDES.items():
        sources, _, counts = told.partition(": ")
        rows = FINDINGS[FINDINGS["inspection_id"] == inspection_id]
        n = Counter(rows[rows["source_id"].isin(sources.split())]["polarity"])
        kinds = ("strength", "weakness", "mixed", "context")
        assert " ".join(str(n[kind]) for kind in kinds) == counts, inspection_id
    areas = FINDINGS["inspection_id"].drop_duplicates().str.endswith("_aip_2021")
    assert areas.sum() == 14  # though an Area quotes what speaks for it


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


def test_london_leads_to_its_parts_which_are_units_of_their_own_kind():
    areas = hd.load("areas")
    parts = areas[areas["part_of"].eq("london_1999")]
    assert parts["kind"].value_counts().to_dict() == {"london_borough": 14, "sector": 3, "other": 1}
    assert areas["kind"].value_counts()[["area", "other"]].tolist() == [56, 2]
    for area in ("London", "London North"):
        assert [name for name in parts["name"] if name not in show.area(area).body] == []
    page = show.area("Ealing")
    told = "Ealing: a borough unit of CPS London, not an Area; 1 inspection on record."
    assert repr(page) == told
    assert ("since" in page.body, "It was a part of London" in page.body) == (False, True)
    for framework_id, units in {
        "opa_2007": {"area": 42, "sector": 3}, "aei_2008_london_borough": {"london_borough": 14}
    }.items():  # fmt: skip
        seen = hd.coverage(framework_id).drop_duplicates("area_id")
        assert seen["kind"].value_counts().to_dict() == units


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
    assert ((one.map(area) == other.map(area)) & (one != other)).all()


def test_what_is_ours_says_so_and_what_has_no_comparator_too():
    scales = hd.load("scales")
    assert set(scales.query("scale_id != 'opa_2005_quality'")["meaning_basis"]) == {"inferred"}
    progress = scales.query("scale_id == 'follow_up_2010_progress'")
    assert progress["meaning"].str.startswith("As we read it").all()
    assert set(hd.load("programmes")["what_basis"]) == {"inferred"}
    plain = FINDINGS[FINDINGS["kind"].isna() & FINDINGS["direction"].eq("improved").fillna(False)]
    later = plain[plain["source_id"].str.startswith("s") & plain["comparator"].isna()]
    assert len(later) >= 6
    said = "does not stand in what was read|does not say with what"
    assert later["note"].fillna("").str.contains(said).all()
    responses = hd.load("responses")
    of_several_kinds = responses[responses["summary"].str.count(";").ge(4)]
    assert len(of_several_kinds) == 4
    assert of_several_kinds["commitment"].isna().all()


def test_a_word_in_prose_is_a_rating_by_one_rule_and_a_direction_of_travel_is_none():
    """A source calls it a rating, or it is a word of the scale said of what is always rated."""
    prose = hd.ratings(basis="stated_in_prose")
    assert prose[["area", "level", "rating", "tier"]].values.tolist() == [
        ["East of England", "overall", "Good", "press_and_other"],
        ["Mersey-Cheshire", "criterion", "Excellent", "inspected_body"],
        ["North West", "criterion", "Excellent", "inspectorate"],
        ["Thames and Chiltern", "section", "Poor", "inspectorate"],
    ]
    assert not FINDINGS["subject"].str.contains("called (?:Excellent|Poor)").any()
    directions = hd.load("directions")
    assert directions["direction"].value_counts().to_dict() == {"improved": 9, "stable": 4}
    aspects = hd.load("aspects").query("set_id == 'opa_2007' and level == 'aspect'")
    assert directions["aspect_id"].tolist() == aspects["aspect_id"].tolist()
    assert set(directions["inspection_id"]) == {"west_mercia_opa_2007"}
    assert hd.ratings("West Mercia", framework="opa_2007")["level"].tolist() == ["overall"]


def test_both_sides_of_a_conflict_can_be_read_by_a_program():
    columns = ["rating_id", "rating", "source_id"]
    other = hd.load("rating_sources").query("says == 'otherwise'")[columns].values.tolist()
    assert other == [["essex_opa_2007_overall", "Fair or Good", "s010"]]
    told = hd.codebook("ratings").set_index("field").loc["rating", "description"]
    assert "rating_sources" in told  # the table by itself leads to the other side


def test_every_further_fact_has_its_row(shared):
    further = pd.read_csv(shared / "facts/turn2.csv", dtype="string")
    sources = hd.load("sources").dropna(subset="address")[["address", "source_id", "tier"]]
    further = further.merge(sources, on="address", how="left", suffixes=("", "_here"))
    assert further["tier"].eq(further["tier_here"]).all()
    in_words = further["table"].isin(["findings", "ratings (direction of travel)", "responses"])
    # of Hertfordshire no framework was found: an unread report
    wanted = further[in_words & further["area"].ne("Hertfordshire")]
    areas = wanted["area"].replace("42 Areas", "England and Wales (CPS)").str.split("; ")
    wanted = wanted.assign(area=areas).explode("area")
    told = hd.facts(kind=["finding", "comparison", "direction"])
    assert len(wanted) == 74
    rows = set(zip(told["source_id"], told["area"], strict=True))
    assert set(zip(wanted["source_id"], wanted["area"], strict=True)) <= rows
    assert set(further.query("table == 'measures'")["source_id"]) == {"s170", "s171"}
    numbers = hd.load("measures").query("source_id in ['s010', 's170']")["value"].tolist()
    assert numbers == [80.8, 84.3, 75.8, 77.7, 38, 25, 8, 13, 74, 72, 63, 56, 34]
