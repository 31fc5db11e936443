"""The founding figures, pinned: whoever changes one of them has to say so here."""

import csv
from collections import Counter

import pytest

import hmcpsi_data as hd
from hmcpsi_data.words import number_in_words

FOUNDING = [
    "doc_opa_2006", "doc_fu_2010", "doc_aap_2016", "doc_aap_response_2016", "doc_aip_response_2022"
]  # fmt: skip


def counts(column):
    return column.value_counts().to_dict()


def test_2006_excellent_2_good_7_fair_4_poor_1_of_14_and_fair_overall():
    opa = hd.ratings(framework="opa_2005", area="leicestershire_1999")
    aspects = opa[opa["level"] == "aspect"]
    assert counts(aspects["rating"]) == {"Good": 7, "Fair": 4, "Excellent": 2, "Poor": 1}
    assert counts(aspects.loc[aspects["is_critical"], "rating"]) == {"Good": 4, "Fair": 1}
    assert opa.loc[opa["level"] == "overall", "rating"].tolist() == ["Fair"]


def test_2006_sums_and_quotients_of_printed_numbers_agree():
    value = hd.load("measures").set_index("measure_id")["value"]
    value.index = value.index.str.removeprefix("leicestershire_opa_2005_")
    assert (value["pre_charge_advice"], value["cases"]) == (6782, 31726)
    assert round(100 * value["pre_charge_advice"] / value["cases"], 3) == 21.377
    assert value["pre_charge_advice_share"] == 21.4
    assert (value["reports_december"], value["reports_march"]) == (22, 20)
    assert value["areas_summarised"] == 22 + 20


def test_2010_progress_on_four_recommendations_and_five_aspects_for_improvement():
    actions = hd.load("actions").query("follow_up_inspection_id == 'leicestershire_follow_up_2010'")
    progress = {kind: counts(rows["progress"]) for kind, rows in actions.groupby("kind")}
    assert progress == {
        "recommendation": {"Substantial progress": 3, "Achieved": 1},
        "aspect_for_improvement": {"Substantial progress": 2, "Limited progress": 2, "Achieved": 1},
    }


def test_2016_seven_criteria_four_sections_ten_issues_ten_responses():
    aap = hd.ratings(framework="aap_2016", area="east_midlands_2011")
    words = {level: counts(rows["rating"]) for level, rows in aap.groupby("level")}
    assert words == {
        "criterion": {"Good": 3, "Fair": 3, "Poor": 1}, "section": {"Fair": 3, "Good": 1}
    }  # fmt: skip
    issues = hd.load("actions").query("inspection_id == 'east_midlands_aap_2016'")
    assert issues["number"].tolist() == list(range(1, 11))
    answered = hd.load("responses").query("action_id in @issues.action_id")
    assert answered["number"].tolist() == list(range(1, 11))


def test_2022_no_rating_three_issues_three_phases():
    south_west = hd.ratings(area="south_west_2011", framework="aip_2021")
    assert south_west["rating"].isna().all()
    assert set(south_west["missing"]) == {"not_in_framework"}
    issues = hd.load("actions").query("inspection_id == 'south_west_aip_2021'")
    assert issues["number"].tolist() == [1, 2, 3]
    assert issues["locator"].tolist() == ["L30;L34", "L31;L42", "L32;L48"]
    phases = hd.load("commitments").query("inspection_id == 'south_west_aip_2021'")["phase"]
    assert sorted(phases.dropna().unique()) == [1, 2, 3]


def test_every_row_of_the_main_tables_is_evidence_for_a_theme_unless_it_is_about_the_whole():
    found = hd.facts(kind=["rating", "issue", "recommendation", "response"])
    whole = found["level"].eq("overall") | (found["kind"].eq("rating") & found["value"].isna())
    assert found.loc[~whole.fillna(False), "theme_ids"].ne("").all()


@pytest.mark.parametrize(
    ("table", "rows"),
    {"ratings": 36, "actions": 22, "responses": 13, "commitments": 38, "findings": 84,
     "tensions": 16,
     "measures": 21, "methods": 44, "inspections": 6, "themes": 16}.items(),
)  # fmt: skip
def test_the_founding_documents_give_these_rows(table, rows):
    frame = hd.load(table)
    if "source_id" in frame:
        frame = frame[frame["source_id"].isin(FOUNDING)]
    assert len(frame) == rows


def test_every_theme_has_evidence_and_an_action_is_evidence_of_its_main_theme():
    links = hd.load("evidence")
    assert links["theme_id"].nunique() == len(hd.load("themes")) == 16
    actions = hd.load("actions")
    assert set(zip(actions["theme_id"], actions["action_id"], strict=True)) <= set(
        zip(links["theme_id"], links["row_id"], strict=True)
    )


def test_a_derived_rating_is_ours_and_two_sources_that_agree_are_one_rating():
    derived = hd.ratings(basis="derived")
    assert derived["speaker"].eq("project").all()
    assert derived["note"].str.startswith("Derived").all()
    assert derived["rating_as_printed"].isna().all()
    assert hd.ratings("Humberside", framework="opa_2005")["n_sources"].tolist() == [2]


# The wider record ----------------------------------------------------------------------------


def facts(shared, name):
    with (shared / "facts" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_ratings_by_framework_and_tier():
    rated = hd.ratings().dropna(subset="rating")
    assert rated.groupby(["framework_id", "tier"]).size().to_dict() == {
        ("opa_2005", "inspectorate"): 15,
        ("opa_2005", "parliament"): 1,
        ("opa_2005", "press_and_other"): 30,
        ("opa_2007", "press_and_other"): 10,
        ("aei_2008", "inspectorate"): 1,
        ("aei_2008", "inspected_body"): 12,
        ("aei_2008", "press_and_other"): 1,
        ("aei_2008_london_borough", "press_and_other"): 29,
        ("area_inspection_2011_15", "press_and_other"): 1,
        ("aap_pilot_2016", "inspectorate"): 18,
        ("aap_2016", "inspectorate"): 34,
        ("aap_2016", "inspected_body"): 9,
    }


def test_the_issues_answers_findings_and_numbers_by_tier():
    found = {}
    for name in ("actions", "responses", "findings", "measures"):
        tier = hd.load("sources").set_index("source_id")["tier"]
        found[name] = Counter(hd.load(name)["source_id"].map(tier))
    assert found == {
        "actions": Counter(inspected_body=70, inspectorate=17, press_and_other=10),
        "responses": Counter(inspected_body=58, press_and_other=2),
        "findings": Counter(inspectorate=149, inspected_body=94, parliament=3, press_and_other=99),
        "measures": Counter(
            inspectorate=80, inspected_body=59, parliament=153, press_and_other=123
        ),
    }


def test_every_rating_of_the_facts_has_one_home(shared):
    """A rating, a further source of one, or a finding in words: nothing lost, nothing twice."""
    rows = facts(shared, "ratings")
    prose = [row for row in rows if row["level"] == "prose"]
    rated = [row for row in rows if row["level"] != "prose"]
    ratings, further = hd.load("ratings"), hd.load("rating_sources")
    known = ratings[ratings["rating"].notna()]
    # the words that a source itself calls a rating, in prose, were findings at first
    called_ratings = [row for row in prose if row["source_id"] in ("S031", "S033", "S034")]
    assert len(called_ratings) == 3
    rated += called_ratings
    assert len(known) + (further["says"] == "same").sum() == len(rated)
    bases = Counter(row["basis"] for row in rated)
    ours = Counter([*known["basis"], *further.loc[further["says"] == "same", "basis"]])
    # the response of 2016 tells the inspectorate's ratings: second hand in our tables
    ours["stated"] += 4
    ours["second_hand"] -= 4
    assert ours == bases


def test_every_further_fact_has_its_row(shared):
    issues = hd.load("actions").query("kind == 'issue'")
    both = issues["inspection_id"].eq("cheshire_area_inspection_2010")  # and under Merseyside too
    assert len(issues[~both]) == len(facts(shared, "issues_and_responses"))
    measures = hd.load("measures")
    assert measures["subject"].eq("Funding of the Area").sum() == len(facts(shared, "area_funding"))
    names = ["ratings", "measures", "issues_and_responses", "follow_up_progress",
             "national_distributions", "area_funding", "area_workload"]  # fmt: skip
    cited = {name: {row["source_id"] for row in facts(shared, name)} for name in names}
    used = {one.strip().lower() for ids in cited.values() for key in ids for one in key.split(";")}
    assert used <= set(hd.load("sources")["source_id"])
    assert {key.lower() for key in cited["measures"]} <= set(measures["source_id"])


# Whose word it is ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ratings", "rating_sources", "actions", "findings", "measures"])
def test_nothing_of_the_press_is_shown_as_the_word_of_the_inspectorate(name):
    rows = hd.load(name)
    tier = rows["source_id"].map(hd.load("sources").set_index("source_id")["tier"])
    press = rows[tier == "press_and_other"]
    assert set(press["speaker"]) <= {"press_and_other", "project"}
    ours = rows["speaker"] == "project"
    assert (rows.loc[~ours, "speaker"] == tier[~ours]).all()
    assert set(rows.loc[ours, "basis"]) <= {"derived", "inferred"}


def test_a_bound_stays_a_bound_and_words_stay_words():
    measures = hd.load("measures")
    bound = measures[measures["value_as_printed"] == ">94"].iloc[0]
    assert (bound["value"], bound["qualifier"]) == (94, "more_than")
    assert number_in_words(bound) == "more than 94% of cases"
    words = measures[measures["qualifier"].eq("words").fillna(False)]
    assert len(words) == 16
    assert words["value"].isna().all()
    assert measures.loc[measures["qualifier"].isna(), "value"].notna().all()


def test_london_boroughs_and_sectors_are_units_of_their_own_kind():
    areas = hd.load("areas")
    assert areas["kind"].value_counts().to_dict() == {
        "area": 56, "london_borough": 14, "sector": 3, "other": 2
    }  # fmt: skip
    for framework_id, units in {
        "opa_2007": {"area": 42, "sector": 3}, "aei_2008_london_borough": {"london_borough": 14}
    }.items():  # fmt: skip
        seen = hd.coverage(framework_id).drop_duplicates("area_id")
        assert seen["kind"].value_counts().to_dict() == units
