"""A theme through all rounds."""

import shutil

import pandas as pd
import pytest

from hmcpsi_data import load, theme_history
from hmcpsi_data.description import shipped_folder
from hmcpsi_data.errors import UnknownValueError

COLUMNS = ["round", "framework", "area", "inspection_id", "kind", "text", "value", "speaker",
           "basis", "source_id", "source_title", "locator"]  # fmt: skip
KINDS = {"rating", "progress", "finding", "action", "response", "commitment", "measure"}
THEMES = load("themes")["theme_id"].tolist()
ROUNDS = load("frameworks")["round"].tolist()  # in the order of time: pilots before what they tried


@pytest.mark.parametrize("theme", THEMES)
def test_every_piece_of_evidence_is_there_once_with_its_source(theme):
    found = theme_history(theme)
    evidence = load("evidence").query("theme_id == @theme")
    rows = ["table", "row_id"]
    assert set(map(tuple, found[rows].to_numpy())) == set(map(tuple, evidence[rows].to_numpy()))
    assert len(found) == len(evidence)
    assert set(COLUMNS) <= set(found)
    assert set(found["kind"]) <= KINDS
    assert (
        found[["kind", "text", "speaker", "basis", "source_id", "source_title"]]
        .notna()
        .all(axis=None)
    )
    rounds = found["round"].dropna().tolist()
    assert rounds == sorted(rounds, key=ROUNDS.index)
    assert found["round"].isna().is_monotonic_increasing


def kinds(found, **wanted):
    for column, value in wanted.items():
        found = found[found[column] == value]
    return set(found["kind"])


def test_disclosure_is_followed_from_a_rating_to_an_issue():
    found = theme_history("disclosure")
    rating = found[found["kind"] == "rating"].iloc[0]
    assert (rating["round"], rating["text"]) == ("2005-06", "Disclosure: Good")
    assert (rating["value"], rating["locator"]) == ("Good", "L30")
    progress = found[found["kind"] == "progress"].iloc[0]
    assert (progress["round"], progress["value"]) == ("2010", "Substantial progress")
    assert progress["inspection_id"] == "leicestershire_follow_up_2010"
    issue = found[(found["kind"] == "action") & (found["area"] == "East Midlands")].iloc[0]
    assert (issue["round"], issue["value"]) == ("2016", "issue")
    assert kinds(found, area="East Midlands") >= {"action", "response"}
    assert kinds(found, area="South West") >= {"action", "response"}


def test_a_response_stands_in_the_inspection_that_it_answers():
    found = theme_history("disclosure").query("kind == 'response' and area == 'East Midlands'")
    assert found["inspection_id"].unique().tolist() == ["east_midlands_aap_2016"]
    assert found["speaker"].unique().tolist() == ["inspected_body"]


def test_victim_letters_are_a_weakness_in_three_rounds():
    found = theme_history("Victim letters")
    assert {"2005-06", "2016", "2022"} <= set(found["round"])
    measures = found[found["kind"] == "measure"]
    assert measures["value"].notna().all()


def test_an_unknown_theme_is_named_with_the_nearest():
    with pytest.raises(UnknownValueError, match='theme "disclosures" is not known'):
        theme_history("disclosures")


def test_a_theme_without_evidence_has_an_empty_history(tmp_path):
    folder = shutil.copytree(shipped_folder(), tmp_path / "data")
    evidence = load("evidence")
    evidence[evidence["theme_id"] != "disclosure"].to_csv(folder / "evidence.csv", index=False)
    found = theme_history("disclosure", folder)
    assert found.empty
    pd.testing.assert_index_equal(found.columns, theme_history("disclosure").columns)


def test_no_theme_is_no_theme():
    for nothing in (None, ""):
        with pytest.raises(UnknownValueError, match="is not known"):
            theme_history(nothing)
