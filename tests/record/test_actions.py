"""Requests with answers and progress: joined without loss, filtered without surprise."""

import pandas as pd
from editing import Copy

from hmcpsi_data import actions, load, ratings


def test_every_request_and_every_commitment_is_there_once():
    asked = load("actions")["action_id"].tolist()
    assert sorted(actions()["action_id"]) == sorted(asked)
    parts = actions(each="commitment")
    assert sorted(parts["commitment_id"].dropna()) == sorted(load("commitments")["commitment_id"])
    assert set(parts["action_id"].dropna()) == set(asked)
    assert parts["number"].dtype == actions()["number"].dtype == "Int64"


def test_rows_come_by_inspection_then_kind_or_set_then_as_printed():
    def places(table, key, column):
        return column.map({one: n for n, one in enumerate(load(table)[key])})

    asked, rated = actions(), ratings()
    kinds = ["recommendation", "aspect_for_improvement", "issue"]
    for rows, order in (
        (asked, [asked["kind"].map(kinds.index), asked["number"].fillna(99)]),
        (rated, [places("aspect_sets", "set_id", rated["set_id"]),
                 rated["aspect_id"].map(load("aspects").set_index("aspect_id")["position"])]),
    ):  # fmt: skip
        first = places("inspections", "inspection_id", rows["inspection_id"])
        found = [*zip(first, *order, strict=True)]
        assert found == sorted(found)
    assert sorted(rated["rating_id"]) == sorted(load("ratings")["rating_id"])
    assert actions("East Midlands", framework="aap_2016")["number"].tolist() == [*range(1, 11)]


def test_progress_stands_with_the_follow_up_that_rated_it():
    rows = actions("Leicestershire", kind=["recommendation", "aspect_for_improvement"])
    assert len(rows) == 9
    assert rows["follow_up"].eq("Follow-ups 2010-12").all()
    assert rows["progress"].value_counts().to_dict() == {
        "Substantial progress": 5, "Achieved": 2, "Limited progress": 2
    }  # fmt: skip
    assert set(rows["framework_id"]) == {"aei_2008"}
    assert actions(progress="Achieved")["kind"].tolist() == [
        "recommendation", "aspect_for_improvement"
    ]  # fmt: skip


def test_a_theme_finds_what_the_evidence_links():
    parts = actions(theme="partnership_and_change", each="commitment")
    assert parts["commitment_id"].str.contains("general").sum() == 3
    assert parts["theme_ids"].str.contains("partnership_and_change").all()
    issues = actions(theme="Disclosure", kind="issue")
    assert issues["theme_ids"].str.contains("disclosure").all()


def test_filters_hold_together_within_one_commitment():
    for each in ("commitment", "action"):
        rows = actions("South West", commitment="guidance", state="done", each=each)
        assert rows["number"].tolist() == [1, 3]
    assert actions("South West", commitment="training", state="done").empty


def test_no_date_speaks_of_the_whole_answer():
    rows, rest = actions(dated=True), actions(dated=False)
    assert rows["date"].notna().all()
    assert rest["date"].isna().all()
    everything = actions()["action_id"].tolist()
    assert sorted([*rows["action_id"], *rest["action_id"]]) == sorted(everything)


def test_an_answer_without_commitments_keeps_its_row(tmp_path):
    """An invented copy in which all commitments to one answer are gone."""
    copy = Copy(tmp_path / "data")
    header, *rows = copy.read("commitments")
    place = header.index("response_id")
    copy.write("commitments", [header, *(r for r in rows if "2021_response_3" not in r[place])])
    parts = actions("South West", framework="aip_2021", each="commitment", record=copy.folder)
    row = parts[parts["number"] == 3].iloc[0]
    assert pd.isna(row["commitment_id"])
    assert row["answer_locator"] == "L50;L52;L54;L56"
    assert len(actions("South West", framework="aip_2021", record=copy.folder)) == 3
