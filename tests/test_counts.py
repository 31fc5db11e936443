"""The founding figures, pinned: whoever changes one of them has to say so here."""

import pytest
from test_documents import FOUNDING

import hmcpsi_data as hd


def counts(column):
    return column.value_counts().to_dict()


def test_2006_excellent_2_good_7_fair_4_poor_1_of_14_and_fair_overall():
    opa = hd.ratings(framework="opa_2005", area="leicestershire_1999")
    aspects = opa[opa["level"] == "aspect"]
    assert counts(aspects["rating"]) == {"Good": 7, "Fair": 4, "Excellent": 2, "Poor": 1}
    assert counts(aspects.loc[aspects["is_critical"], "rating"]) == {"Good": 4, "Fair": 1}
    assert opa.loc[opa["level"] == "overall", "rating"].tolist() == ["Fair"]


def test_2006_the_share_of_pre_charge_advice_is_the_quotient_of_the_two_counts():
    value = hd.load("measures").set_index("measure_id")["value"]
    cases = value["leicestershire_opa_2005_cases"]
    advised = value["leicestershire_opa_2005_pre_charge_advice"]
    assert (advised, cases) == (6782, 31726)
    assert round(100 * advised / cases, 3) == 21.377
    assert value["leicestershire_opa_2005_pre_charge_advice_share"] == 21.4


def test_2006_two_batches_of_reports_make_42():
    value = hd.load("measures").set_index("measure_id")["value"]
    batches = [value[f"leicestershire_opa_2005_reports_{month}"] for month in ("december", "march")]
    assert batches == [22, 20]
    assert sum(batches) == value["leicestershire_opa_2005_areas_summarised"] == 42


def test_2009_the_overall_rating_is_second_hand():
    row = hd.ratings(framework="aei_2008", area="leicestershire_1999").iloc[0]
    assert (row["rating"], row["rating_as_printed"], row["basis"]) == (
        "Fair",
        "fair",
        "second_hand",
    )


def test_2010_progress_on_four_recommendations_and_five_aspects_for_improvement():
    actions = hd.load("actions").query("follow_up_inspection_id == 'leicestershire_follow_up_2010'")
    progress = {kind: counts(rows["progress"]) for kind, rows in actions.groupby("kind")}
    assert progress == {
        "recommendation": {"Substantial progress": 3, "Achieved": 1},
        "aspect_for_improvement": {"Substantial progress": 2, "Limited progress": 2, "Achieved": 1},
    }


def test_2016_seven_criteria_four_sections_ten_issues_ten_responses():
    aap = hd.ratings(framework="aap_2016", area="east_midlands_2011")
    assert counts(aap.loc[aap["level"] == "criterion", "rating"]) == {
        "Good": 3,
        "Fair": 3,
        "Poor": 1,
    }
    assert counts(aap.loc[aap["level"] == "section", "rating"]) == {"Fair": 3, "Good": 1}
    assert "overall" not in set(aap["level"])
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


def test_dated_promises_keep_their_precision():
    dated = hd.load("commitments").dropna(subset=["date"])
    assert dict(zip(dated["date"], dated["date_precision"], strict=True)) == {
        "2017": "year",
        "2021-12": "month",
        "2022-06-27": "day",
    }


def test_the_16_themes_all_have_evidence():
    themes = hd.load("themes")["theme_id"]
    assert len(themes) == 16
    assert set(hd.load("evidence")["theme_id"]) == set(themes)


def test_every_row_of_the_main_tables_is_evidence_for_a_theme_unless_it_is_about_the_whole():
    evidence = hd.load("evidence")
    for table, key in [
        ("ratings", "rating_id"),
        ("actions", "action_id"),
        ("responses", "response_id"),
    ]:
        frame = hd.load(table)
        if table == "ratings":
            level = frame["aspect_id"].map(hd.load("aspects").set_index("aspect_id")["level"])
            frame = frame[frame["rating"].notna() & (level != "overall")]
        linked = evidence.loc[evidence["table"] == table, "row_id"]
        assert set(frame[key]) <= set(linked), table


def test_a_main_theme_of_an_action_is_among_its_evidence():
    actions = hd.load("actions")
    links = hd.load("evidence").query("table == 'actions'")
    assert set(zip(actions["theme_id"], actions["action_id"], strict=True)) <= set(
        zip(links["theme_id"], links["row_id"], strict=True)
    )


@pytest.mark.parametrize(
    ("table", "rows"),
    {"ratings": 36, "actions": 22, "responses": 13, "commitments": 38, "findings": 84,
     "tensions": 11,
     "measures": 21, "methods": 44, "inspections": 5, "themes": 16}.items(),
)  # fmt: skip
def test_the_founding_documents_give_these_rows(table, rows):
    frame = hd.load(table)
    if "source_id" in frame:
        frame = frame[frame["source_id"].isin(FOUNDING)]
    assert len(frame) == rows


def test_no_rating_stands_without_a_word_or_a_reason():
    ratings = hd.load("ratings")
    assert (ratings["rating"].isna() == ratings["missing"].notna()).all()


def test_no_rating_of_the_inspected_body_is_passed_off_as_the_inspectorates():
    ratings = hd.ratings()
    known = ratings[ratings["rating"].notna() & (ratings["speaker"] != "project")]
    assert (known["speaker"] == known["tier"]).all()
