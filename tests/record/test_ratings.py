"""The joined views name what they hold, filter as asked, and never guess."""

import pandas as pd
import pytest
from editing import Copy

import hmcpsi_data as hd
from hmcpsi_data.errors import AreaNotInBeingError

# Ratings


def test_ratings_take_what_they_are_joined_with_from_the_right_rows():
    rating = hd.ratings().set_index("rating_id").loc["leicestershire_opa_2005_disclosure"]
    assert rating[["area", "framework", "aspect", "level", "rating"]].tolist() == [
        "Leicestershire", "OPA 2005-06", "Disclosure", "aspect", "Good"
    ]  # fmt: skip
    assert rating[["published", "published_precision", "fieldwork"]].tolist() == [
        "2006-03-14", "day", "2005-06 to 2005-12"
    ]  # fmt: skip
    assert rating[["tier", "source_id"]].tolist() == ["inspectorate", "doc_opa_2006"]
    sources = hd.load("sources").set_index("source_id")
    assert rating["source_title"] == sources.loc["doc_opa_2006", "title"]


@pytest.mark.parametrize(
    ("filters", "column", "values"),
    [
        ({"area": "leicestershire_1999"}, "area_id", {"leicestershire_1999"}),
        ({"area": ["East Midlands", "CPS South West"]}, "area", {"East Midlands", "South West"}),
        ({"framework": "opa_2005"}, "framework_id", {"opa_2005"}),
        ({"framework": "Overall Performance Assessment 2005-06"}, "framework_id", {"opa_2005"}),
        ({"framework": "opa 2006"}, "framework_id", {"opa_2005"}),
        ({"framework": "2005-06"}, "framework_id", {"opa_2005"}),
        ({"set_id": "aap_2016_sections"}, "level", {"section"}),
        ({"set_id": "Four sections of the Area Assurance Programme"}, "level", {"section"}),
        ({"level": ["overall", "criterion"]}, "level", {"overall", "criterion"}),
        ({"critical": True}, "is_critical", {True}),
        ({"critical": False}, "is_critical", {False}),
        ({"speaker": "CPS"}, "speaker", {"inspected_body"}),
        ({"rating": "Poor"}, "rating", {"Poor"}),
        ({"rating": ("good", "POOR")}, "rating", {"Good", "Poor"}),
        ({"speaker": "inspected_body", "rating": "Fair"}, "speaker", {"inspected_body"}),
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
    with pytest.raises(AreaNotInBeingError, match="has the successor east_midlands_2011") as caught:
        hd.ratings("Leicestershire", framework="aap_2016")
    assert caught.value.relatives == ("east_midlands_2011",)
    with pytest.raises(AreaNotInBeingError, match="leicestershire_1999") as caught:
        hd.ratings("East Midlands", framework="OPA 2005-06")
    assert len(caught.value.relatives) == 5
    for view in (hd.facts, hd.actions):
        with pytest.raises(AreaNotInBeingError):
            view("Leicestershire", framework="aap_2016")
    both = hd.ratings(["Leicestershire", "East Midlands"], framework="aap_2016")
    assert set(both["area"]) == {"East Midlands"}


# Areas


def test_areas_has_one_row_per_area_with_names_forces_and_counts():
    areas = hd.areas()
    assert areas["area_id"].tolist() == hd.load("areas")["area_id"].tolist()
    here = areas.set_index("area_id").loc["leicestershire_1999"]
    assert "CPS Leicestershire and Rutland" in here["names"].split("; ")
    assert len(here["names"].split("; ")) == len(set(here["names"].split("; ")))
    assert here["forces"] == "Leicestershire"
    inspections = hd.load("inspections")
    assert areas["n_inspections"].sum() == len(inspections)
