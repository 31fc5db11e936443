"""The joined views name what they hold, once each, filter as asked, and never guess."""

import pandas as pd
import pytest
from editing import Copy

import hmcpsi_data as hd
from hmcpsi_data.errors import AreaNotInBeingError
from hmcpsi_data.words import FACTS


def test_ratings_take_what_they_are_joined_with_from_the_right_rows():
    rating = hd.ratings().set_index("rating_id").loc["leicestershire_opa_2005_disclosure"]
    title = hd.load("sources").set_index("source_id")["title"]["doc_opa_2006"]
    expected = {
        "area": "Leicestershire", "framework": "OPA 2005-06", "aspect": "Disclosure",
        "level": "aspect", "rating": "Good", "published": "2006-03-14", "tier": "inspectorate",
        "fieldwork": "2005-06 to 2005-12", "source_id": "doc_opa_2006",
        "source_title": title,
    }  # fmt: skip
    assert rating[[*expected]].to_dict() == expected


@pytest.mark.parametrize(
    ("filters", "column", "values"),
    [
        ({"area": "leicestershire_1999"}, "area_id", {"leicestershire_1999"}),
        ({"area": ["East Midlands", "CPS South West"]}, "area", {"East Midlands", "South West"}),
        ({"framework": "Overall Performance Assessment 2005-06"}, "framework_id", {"opa_2005"}),
        ({"framework": "opa 2006"}, "framework_id", {"opa_2005"}),
        ({"framework": "2005-06"}, "framework_id", {"opa_2005"}),
        ({"set_id": "Four sections of the Area Assurance Programme"}, "level", {"section"}),
        ({"level": ["overall", "criterion"]}, "level", {"overall", "criterion"}),
        ({"critical": True}, "is_critical", {True}),
        ({"critical": False}, "is_critical", {False}),
        ({"rating": ("good", "POOR")}, "rating", {"Good", "Poor"}),
        ({"speaker": "CPS", "rating": "Fair"}, "speaker", {"inspected_body"}),
    ],
)
def test_a_filter_keeps_all_rows_that_were_asked_for_and_no_others(filters, column, values):
    everything, kept = hd.ratings(), hd.ratings(**filters)
    assert set(kept[column].dropna()) == values
    assert kept[column].notna().all()
    if len(filters) == 1:
        assert len(kept) == everything[column].isin(values).sum()
    assert kept.dtypes.equals(everything.dtypes)


@pytest.mark.parametrize(
    ("name", "wrong", "nearest"),
    [
        ("area", "Leicestershre", "Leicestershire"), ("framework", "opa_2004", "opa_2005"),
        ("set_id", "opa_2006", "opa_2005"), ("level", "aspekt", "aspect"),
        ("aspect", "Disclosur", "Disclosure"), ("tier", "inspectorat", "inspectorate"),
        ("basis", "statd", "stated"), ("theme", "advocacies", "Advocacy"),
        ("rating", ["Good", "Pooor"], "Poor"), ("speaker", "inspector", "inspectorate"),
    ],
)  # fmt: skip
def test_an_unknown_value_names_its_filter_and_the_nearest_known_one(name, wrong, nearest):
    with pytest.raises(hd.UnknownValueError, match="lists all that are") as error:
        hd.ratings(**{name: wrong})
    assert error.value.argument == name
    assert nearest in error.value.nearest
    assert f'"{nearest}"' in str(error.value)


def test_a_key_that_is_there_twice_is_a_data_error_and_no_doubled_rating(tmp_path):
    copy = Copy(tmp_path / "data")
    for name in ("inspections", "aspects", "areas", "frameworks", "sources"):
        rows = copy.read(name)
        copy.write(name, [*rows, rows[1]])
        with pytest.raises(hd.DataError, match=rf"^{name}\.csv.* more than once"):
            hd.ratings(record=copy.folder)
        copy.write(name, rows)


def test_an_aspect_is_found_by_our_label_by_the_printed_one_and_by_its_identifier():
    ours = hd.ratings(aspect="Disclosure")
    assert set(ours["label"]) == {"Disclosure"}
    assert {"opa_2005", "aei_2008"} <= set(ours["framework_id"])
    printed = hd.ratings("Leicestershire", aspect="the SERVICE to victims & witnesses")
    assert printed["aspect"].tolist() == ["The service to victims and witnesses"]
    pd.testing.assert_frame_equal(
        hd.ratings("Leicestershire", aspect="opa_2005_disclosure"),
        hd.ratings("Leicestershire", aspect="disclosure"),
    )


def test_words_are_found_in_any_order_in_whatever_column_without_marks_and_case():
    found = hd.ratings("Leicestershire", search="COURTS magistrates' poor")
    assert found["label"].tolist() == ["Managing magistrates' courts cases"]
    again = hd.ratings("Leicestershire", search="magis\u00adtrates\u2019 courts, Poor!")
    pd.testing.assert_frame_equal(found, again)
    dated, in_words = hd.ratings(search="2006-03-14"), hd.ratings(search="14 March 2006")
    assert 0 < len(dated) == in_words["rating_id"].isin(dated["rating_id"]).sum()
    paper = hd.ratings(search="Public Finance")  # as a source is called on the screen
    assert hd.citations(paper).str.contains("Public Finance").all()
    assert len(paper)
    assert hd.ratings(search="a text that nobody wrote").empty
    assert len(hd.ratings(search="")) == len(hd.ratings(search="--")) == len(hd.ratings())


def test_an_area_that_had_ended_is_refused_and_its_successor_named():
    for view in (hd.ratings, hd.facts, hd.actions):
        with pytest.raises(AreaNotInBeingError, match="the successor east_midlands_2011") as caught:
            view("Leicestershire", framework="aap_2016")
        assert caught.value.relatives == ("east_midlands_2011",)
    with pytest.raises(AreaNotInBeingError, match="leicestershire_1999") as caught:
        hd.ratings("East Midlands", framework="OPA 2005-06")
    assert len(caught.value.relatives) == 5
    both = hd.ratings(["Leicestershire", "East Midlands"], framework="aap_2016")
    assert set(both["area"]) == {"East Midlands"}


def test_areas_has_one_row_per_area_with_names_forces_and_counts():
    areas = hd.areas()
    assert areas["area_id"].tolist() == hd.load("areas")["area_id"].tolist()
    here = areas.set_index("area_id").loc["leicestershire_1999"]
    names = here["names"].split("; ")
    assert "CPS Leicestershire and Rutland" in names
    assert len(names) == len(set(names))
    assert here["forces"] == "Leicestershire"
    assert areas["n_inspections"].sum() == len(hd.load("inspections"))


def test_every_piece_of_evidence_is_there_once_with_its_source():
    history = hd.theme_history(hd.load("themes")["theme_id"].tolist())
    rows = ["theme_id", "table", "row_id"]
    there, expected = (
        sorted(frame[rows].values.tolist()) for frame in (history, hd.load("evidence"))
    )
    assert there == expected
    assert set(history["kind"]) <= set(FACTS) - {"method", "inspection", "lineage"}
    columns = ["kind", "text", "speaker", "basis", "source_id", "source_title"]
    assert history[columns].notna().all(axis=None)
    in_time = hd.load("frameworks")["round"].tolist()  # pilots before what they tried
    for _, found in history.groupby("theme_id"):
        rounds = found["round"].dropna().tolist()
        assert rounds == sorted(rounds, key=in_time.index)
        assert found["round"].isna().is_monotonic_increasing


FOUND = hd.facts()


def test_every_row_of_every_table_that_states_something_is_a_fact():
    keys = {
        "ratings": "rating_id", "actions": "action_id", "responses": "response_id",
        "commitments": "commitment_id", "findings": "finding_id", "measures": "measure_id",
        "methods": "method_id", "inspections": "inspection_id",
    }  # fmt: skip
    for table, key in keys.items():
        rows = FOUND[FOUND["table"].eq(table) & FOUND["kind"].ne("progress")]
        assert rows["row_id"].tolist() == hd.load(table)[key].tolist(), table
    followed = hd.load("actions").dropna(subset="progress")["action_id"].tolist()
    assert FOUND.loc[FOUND["kind"].eq("progress"), "row_id"].tolist() == followed
    assert FOUND["kind"].eq("lineage").sum() == len(hd.load("area_lineage"))
    assert set(FOUND["kind"]) <= set(FACTS)
    told = ["kind", "what", "text", "theme_ids", "table", "row_id", "speaker", "basis", "tier",
            "source_id", "source_title"]  # fmt: skip
    assert FOUND[told].notna().all(axis=None)
    assert set(FOUND.dtypes.astype(str)) == {"string"}
    rated = hd.facts(kind="rating").set_index("row_id").loc["leicestershire_opa_2005_disclosure"]
    assert rated[["what", "value", "text", "level", "aspect_id"]].tolist() == [
        "Disclosure", "Good", "Disclosure: Good", "aspect", "opa_2005_disclosure"
    ]  # fmt: skip
    # an answer and progress name the request that they belong to
    asked = set(hd.load("actions")["action_id"])
    for kind in ("response", "progress"):
        rows = FOUND[FOUND["kind"].eq(kind)]
        assert set(rows["answers"]) <= asked
        assert rows["answers"].notna().all()
    promised = FOUND[FOUND["kind"].eq("commitment")]
    assert promised["answers"].isna().sum() == hd.load("commitments")["response_id"].isna().sum()


def test_facts_are_filtered_by_each_of_their_columns():
    rows = hd.facts("East Midlands", kind=["issue", "Answer"], speaker="CPS", search="disclosure")
    assert set(rows["area"]) == {"East Midlands"}
    assert set(rows["kind"]) <= {"issue", "response"}
    for round_ in FOUND["round"].dropna().unique():
        assert set(hd.facts(round=round_)["round"]) == {round_}
    assert hd.facts(kind=[]).empty
    assert hd.facts(tier="parliament", basis="stated")["tier"].eq("parliament").all()


def test_every_request_and_every_commitment_is_there_once():
    asked = sorted(hd.load("actions")["action_id"])
    parts = hd.actions(each="commitment")
    assert sorted(hd.actions()["action_id"]) == asked == sorted(set(parts["action_id"].dropna()))
    promised = sorted(hd.load("commitments")["commitment_id"])
    assert sorted(parts["commitment_id"].dropna()) == promised
    assert parts["number"].dtype == hd.actions()["number"].dtype == "Int64"
    rows, rest = hd.actions(dated=True), hd.actions(dated=False)  # of the whole answer
    assert rows["date"].notna().all()
    assert rest["date"].isna().all()
    assert sorted([*rows["action_id"], *rest["action_id"]]) == asked


def test_rows_come_by_inspection_then_kind_or_set_then_as_printed():
    def places(table, key, column):
        return column.map({one: n for n, one in enumerate(hd.load(table)[key])})

    asked, rated = hd.actions(), hd.ratings()
    kinds = ["recommendation", "aspect_for_improvement", "issue"]
    position = rated["aspect_id"].map(hd.load("aspects").set_index("aspect_id")["position"])
    for rows, *order in (
        (asked, asked["kind"].map(kinds.index), asked["number"].fillna(99)),
        (rated, places("aspect_sets", "set_id", rated["set_id"]), position),
    ):
        first = places("inspections", "inspection_id", rows["inspection_id"])
        found = [*zip(first, *order, strict=True)]
        assert found == sorted(found)
    assert sorted(rated["rating_id"]) == sorted(hd.load("ratings")["rating_id"])


def test_progress_stands_with_the_follow_up_that_rated_it():
    rows = hd.actions("Leicestershire", kind=["recommendation", "aspect_for_improvement"])
    assert rows["progress"].value_counts().to_dict() == {
        "Substantial progress": 5, "Achieved": 2, "Limited progress": 2
    }  # fmt: skip
    assert len(rows) == 9
    found = rows[["framework_id", "follow_up"]].drop_duplicates().values.tolist()
    assert found == [["aei_2008", "Follow-ups 2010-12"]]


def test_a_theme_finds_what_the_evidence_links_and_filters_hold_within_one_commitment():
    parts = hd.actions(theme="partnership_and_change", each="commitment")
    assert parts["commitment_id"].str.contains("general").sum() == 3
    assert parts["theme_ids"].str.contains("partnership_and_change").all()
    for each in ("commitment", "action"):
        rows = hd.actions("South West", commitment="guidance", state="done", each=each)
        assert rows["number"].tolist() == [1, 3]
    assert hd.actions("South West", commitment="training", state="done").empty


def test_an_answer_without_commitments_keeps_its_row(tmp_path):
    """An invented copy in which all commitments to one answer are gone."""
    copy = Copy(tmp_path / "data")
    header, *rows = copy.read("commitments")
    place = header.index("response_id")
    copy.write("commitments", [header, *(r for r in rows if "2021_response_3" not in r[place])])
    parts = hd.actions("South West", framework="aip_2021", each="commitment", record=copy.folder)
    row = parts[parts["number"] == 3].iloc[0]
    assert pd.isna(row["commitment_id"])
    assert row["answer_locator"] == "L50;L52;L54;L56"
    assert len(hd.actions("South West", framework="aip_2021", record=copy.folder)) == 3
