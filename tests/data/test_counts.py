"""The founding figures, pinned: whoever changes one of them has to say so here."""

from collections import Counter

import pandas as pd
import pytest

import hmcpsi_data as hd
from hmcpsi_data.words import number_in_words

FOUNDING = [
    "doc_opa_2006", "doc_fu_2010", "doc_aap_2016", "doc_aap_response_2016", "doc_aip_response_2022"
]  # fmt: skip


def counts(column):
    return column.value_counts().to_dict()


def by_level(area, framework):
    rows = hd.ratings(area, framework)
    return {level: counts(of["rating"]) for level, of in rows.groupby("level")}


def test_2006_fourteen_ratings_and_sums_that_agree():
    told = by_level("leicestershire_1999", "opa_2005")
    assert told == {
        "aspect": {"Good": 7, "Fair": 4, "Excellent": 2, "Poor": 1}, "overall": {"Fair": 1}
    }  # fmt: skip
    opa = hd.ratings("leicestershire_1999", "opa_2005")
    assert counts(opa.loc[opa["is_critical"].fillna(False), "rating"]) == {"Good": 4, "Fair": 1}
    value = hd.load("measures").set_index("measure_id")["value"]
    value.index = value.index.str.removeprefix("leicestershire_opa_2005_")
    assert (value["pre_charge_advice"], value["cases"]) == (6782, 31726)
    assert round(100 * value["pre_charge_advice"] / value["cases"], 3) == 21.377
    assert value["pre_charge_advice_share"] == 21.4
    assert (value["reports_december"], value["reports_march"]) == (22, 20)
    assert value["areas_summarised"] == 22 + 20


def test_2010_progress_on_four_recommendations_and_five_aspects_for_improvement():
    actions = hd.load("actions").query("follow_up_inspection_id == 'leicestershire_follow_up_2010'")
    assert {kind: counts(rows["progress"]) for kind, rows in actions.groupby("kind")} == {
        "recommendation": {"Substantial progress": 3, "Achieved": 1},
        "aspect_for_improvement": {"Substantial progress": 2, "Limited progress": 2, "Achieved": 1},
    }


def test_2016_and_2022_criteria_sections_issues_answers_and_phases():
    assert by_level("east_midlands_2011", "aap_2016") == {
        "criterion": {"Good": 3, "Fair": 3, "Poor": 1}, "section": {"Fair": 3, "Good": 1}
    }  # fmt: skip
    actions, responses = hd.load("actions"), hd.load("responses")
    for inspection, n in (("east_midlands_aap_2016", 10), ("south_west_aip_2021", 3)):
        issues = actions[actions["inspection_id"] == inspection]
        answered = responses[responses["action_id"].isin(issues["action_id"])]
        assert issues["number"].tolist() == answered["number"].tolist() == list(range(1, n + 1))
    assert issues["locator"].tolist() == ["L30;L34", "L31;L42", "L32;L48"]
    south_west = hd.ratings("south_west_2011", "aip_2021")
    assert south_west["rating"].isna().all()
    assert set(south_west["missing"]) == {"not_in_framework"}
    phases = hd.load("commitments").query("inspection_id == 'south_west_aip_2021'")["phase"]
    assert sorted(phases.dropna().unique()) == [1, 2, 3]


def test_what_each_main_table_has_from_founding_documents_and_by_tier():
    tables = ["ratings", "actions", "responses", "commitments", "findings", "tensions", "measures",
              "methods", "inspections", "themes"]  # fmt: skip
    frames = {name: hd.load(name) for name in tables}
    founding = {
        name: len(frame[frame["source_id"].isin(FOUNDING)] if "source_id" in frame else frame)
        for name, frame in frames.items()
    }
    assert list(founding.values()) == [36, 22, 13, 38, 84, 16, 21, 44, 6, 16]
    tier = hd.load("sources").set_index("source_id")["tier"]
    named = ["actions", "responses", "findings", "measures"]
    assert {name: counts(frames[name]["source_id"].map(tier)) for name in named} == {
        "actions": {"inspected_body": 70, "inspectorate": 17, "press_and_other": 10},
        "responses": {"inspected_body": 58, "press_and_other": 2},
        "findings": {"inspectorate": 151, "press_and_other": 109, "inspected_body": 96,
                     "parliament": 3},
        "measures": {"parliament": 153, "press_and_other": 123, "inspectorate": 80,
                     "inspected_body": 59},
    }  # fmt: skip
    rated = hd.ratings().dropna(subset="rating")
    assert rated.groupby(["framework_id", "tier"]).size().to_dict() == {
        ("opa_2005", "inspectorate"): 15, ("opa_2005", "parliament"): 1,
        ("opa_2005", "press_and_other"): 30, ("opa_2007", "press_and_other"): 10,
        ("aei_2008", "inspectorate"): 1, ("aei_2008", "inspected_body"): 12,
        ("aei_2008", "press_and_other"): 1, ("aei_2008_london_borough", "press_and_other"): 29,
        ("area_inspection_2011_15", "press_and_other"): 1, ("aap_pilot_2016", "inspectorate"): 18,
        ("aap_2016", "inspectorate"): 34, ("aap_2016", "inspected_body"): 9,
    }  # fmt: skip


def test_every_theme_has_evidence_and_every_main_row_is_evidence_unless_about_the_whole():
    links = hd.load("evidence")
    assert links["theme_id"].nunique() == len(hd.load("themes")) == 16
    actions = hd.load("actions")
    assert set(zip(actions["theme_id"], actions["action_id"], strict=True)) <= set(
        zip(links["theme_id"], links["row_id"], strict=True)
    )
    found = hd.facts(kind=["rating", "issue", "recommendation", "response"])
    whole = found["level"].eq("overall") | (found["kind"].eq("rating") & found["value"].isna())
    assert found.loc[~whole.fillna(False), "theme_ids"].ne("").all()


def test_a_derived_rating_is_ours_and_two_sources_that_agree_are_one_rating():
    derived = hd.ratings(basis="derived")
    ours = derived["speaker"].eq("project") & derived["note"].str.startswith("Derived")
    assert (ours & derived["rating_as_printed"].isna()).all()
    assert hd.ratings("Humberside", framework="opa_2005")["n_sources"].tolist() == [2]


@pytest.fixture(scope="module")
def known(shared):
    """The facts beyond the founding documents, table by table."""
    return {
        path.stem: pd.read_csv(path, dtype="string")
        for path in (shared / "facts").glob("*.csv")
        if path.stem not in ("turn2", "sources", "area_lineage", "force_population")
    }


def test_every_rating_of_the_facts_has_one_home(known):
    """A rating, a further source of one, or a finding in words: nothing lost, nothing twice."""
    rows = known["ratings"]
    # the words that a source itself calls a rating, in prose, were findings at first
    called_ratings = rows["level"].eq("prose") & rows["source_id"].isin(["S031", "S033", "S034"])
    assert called_ratings.sum() == 3
    bases = Counter(rows.loc[rows["level"].ne("prose") | called_ratings, "basis"])
    further = hd.load("rating_sources").query("says == 'same'")
    ours = Counter([*hd.load("ratings").dropna(subset="rating")["basis"], *further["basis"]])
    # the response of 2016 tells the inspectorate's ratings: second hand in our tables
    ours["stated"] += 4
    ours["second_hand"] -= 4
    assert ours == bases


def test_every_further_fact_has_its_row(known):
    issues = hd.load("actions").query("kind == 'issue'")
    both = issues["inspection_id"].eq("cheshire_area_inspection_2010")  # and under Merseyside too
    assert len(issues[~both]) == len(known["issues_and_responses"])
    measures = hd.load("measures")
    assert measures["subject"].eq("Funding of the Area").sum() == len(known["area_funding"])
    cited = pd.concat([frame["source_id"] for frame in known.values()]).str.lower()
    cited = set(cited.str.split(";").explode().str.strip())
    assert cited <= set(hd.load("sources")["source_id"])
    assert set(known["measures"]["source_id"].str.lower()) <= set(measures["source_id"])


@pytest.mark.parametrize("name", ["ratings", "rating_sources", "actions", "findings", "measures"])
def test_nothing_of_the_press_is_shown_as_the_word_of_the_inspectorate(name):
    rows = hd.load(name)
    tier = rows["source_id"].map(hd.load("sources").set_index("source_id")["tier"])
    assert set(rows.loc[tier == "press_and_other", "speaker"]) <= {"press_and_other", "project"}
    ours = rows["speaker"] == "project"
    assert (rows.loc[~ours, "speaker"] == tier[~ours]).all()
    assert set(rows.loc[ours, "basis"]) <= {"derived", "inferred"}


def test_a_bound_stays_a_bound_and_words_stay_words():
    measures = hd.load("measures")
    bound = measures[measures["value_as_printed"] == ">94"].iloc[0]
    assert (bound["value"], bound["qualifier"]) == (94, "more_than")
    assert number_in_words(bound) == "more than 94% of cases"
    words = measures[measures["qualifier"].eq("words").fillna(False)]
    assert (len(words), words["value"].notna().sum()) == (16, 0)
    assert measures.loc[measures["qualifier"].isna(), "value"].notna().all()
