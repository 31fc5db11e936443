"""What is special about each explorer: the rounds, crosswalks that are edited, the assessment."""

import re

import pandas as pd
import pytest

import hmcpsi_data as hd
from hmcpsi_data import explorers
from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.explorers import (
    ActionsExplorer,
    AreaPage,
    AssessmentExplorer,
    ComparisonExplorer,
    CrosswalkExplorer,
    FourRounds,
    ThemeExplorer,
)

PAIR = "opa_2005 to aap_2016_east_midlands"


@pytest.fixture(autouse=True)
def no_pictures(monkeypatch):
    """Pictures have tests of their own, and take time."""
    monkeypatch.setattr(explorers.View, "picture_html", lambda _: "")


def words_of(html):
    """What stands on the screen, without its HTML."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).replace("&#x27;", "'").split())


def command(explorer, do, **details):
    """What the page sends for a button or a box, and the answer."""
    data = [details.pop("data")] if "data" in details else []
    explorer._command({"do": do, "asked": explorer.answered + 1, **details}, data)


# The four rounds ---------------------------------------------------------------------------------


def test_the_rounds_stand_side_by_side_each_with_its_area_framework_and_date():
    head = re.search("<thead>.*</thead>", FourRounds().shown["table"])[0]
    words = words_of(head)
    for told in (
        "2006 Leicestershire",
        "overall Fair, 14 aspects rated",
        "published 14 March 2006",
        "2010 Leicestershire",
        "progress on 4 recommendations and 5 aspects for improvement",
        "2016 East Midlands",
        "7 criteria and 4 sections rated, 10 issues",
        "2022 South West",
        "no ratings, 3 issues",
    ):
        assert told in words
    assert head.count("dashed") == 4


def test_a_cell_shows_what_counts_most_first_and_how_much_more_there_is():
    rounds = FourRounds(theme="victim_letters")
    cell = re.search(r"<td[^>]*>(?:(?!</td>).)*Communication with victims.*?</td>",
                     rounds.shown["table"])[0]  # fmt: skip
    assert words_of(cell).startswith("Poor Communication with victims Issue ")
    assert re.search(r"\+ \d+ more", cell)


def test_the_evidence_of_a_cell_tells_whose_words_where_they_stand_and_the_answer_to_each_issue():
    rounds = FourRounds()
    command(rounds, "open", cell="victim_letters 2016-19")
    evidence = words_of(re.search(r"<tr[^>]*hx-evidence.*?</table>", rounds.shown["table"])[0])
    assert "Poor Communication with victims inspectorate" in evidence
    assert "line 28" in evidence
    asked = hd.actions(area="East Midlands", kind="issue", theme="victim_letters")
    for issue, answer in zip(asked["topic"], asked["answer"], strict=True):
        behind = evidence[evidence.index(issue) + len(issue) :]
        assert 0 < behind.index(f"Answer {answer}") < 150
    command(rounds, "open", cell="victim_letters 2016-19")
    assert "hx-evidence" not in rounds.shown["table"]


def test_each_request_says_what_came_of_it():
    words = words_of(FourRounds(theme="disclosure").shown["table"])
    assert "Disclosure training for all prosecutors (CPS) → answered: promised" in words
    assert "Substantial progress A disclosure record sheet in every case" in words


def test_one_area_is_followed_through_all_rounds_with_those_before_and_after_it():
    rounds = FourRounds(area="East Midlands")
    found = set(rounds.frame["area"])
    assert {"Leicestershire", "East Midlands"} <= found
    assert found <= {"Leicestershire", "Nottinghamshire", "East Midlands"}
    kent = FourRounds(area="Kent", round=["2010-12"])
    assert "not inspected in this round, or not found" in words_of(kent.shown["table"])


def test_other_rounds_can_stand_side_by_side_and_a_column_of_several_areas_names_each():
    rounds = FourRounds(round=["2007"], theme="crown_court_casework")
    words = words_of(rounds.shown["table"])
    assert re.search(r"2007 \d+ Areas", words)
    assert len(set(rounds.frame["round"])) == 1
    assert re.search(r"(Weakness|Poor) [A-Z][\w ]+: ", words)


def test_an_area_of_which_little_is_known_says_of_how_much_and_where_there_is_more():
    midlands = FourRounds(area="west_midlands_1999")
    assert "3 of 14 aspects known" in words_of(midlands.shown["table"])
    lists = {spec["name"]: spec["options"] for spec in midlands.form}
    assert ["west_midlands_1999", "West Midlands (1999 to 2011)", len(midlands.frame)] in (
        lists["area"]
    )
    kent = FourRounds(area="Kent", round=["2010-12"])
    assert re.search(r"Of Kent.* in 2007 \(5 statements\), ", kent.shown["sentence"])


def test_a_number_stands_with_its_figure_in_its_cell_and_its_evidence():
    rounds = FourRounds(theme="charging_and_review", kind="measure")
    command(rounds, "open", cell="charging_and_review 2005-06")
    assert words_of(rounds.shown["table"]).count("advised before charge: 21.4%") == 2


def test_letters_and_disclosure_stand_above_the_other_themes():
    heads = re.findall(r'<th scope="row"[^>]*>(.*?)</th>', FourRounds().shown["table"])
    assert set(heads[:2]) == {"Victim letters", "Disclosure"}


# Actions and themes ------------------------------------------------------------------------------


def test_nine_requests_and_how_far_each_had_got():
    actions = ActionsExplorer(area="Leicestershire")
    assert actions.shown["status"] == "9 recommendations and issues"
    assert actions.shown["sentence"] == (
        "Recommendations: 1 Achieved, 3 Substantial progress, of 4; "
        "aspects for improvement: 1 Achieved, 2 Limited progress, 2 Substantial progress, of 5."
    )


def test_a_theme_and_a_round_are_chosen_in_the_matrix():
    themes = ThemeExplorer()
    assert themes.shown["table"].count("data-cell") > 100
    themes.set(theme="disclosure", round="2016-19")
    assert set(themes.frame["round"]) == {"2016-19"}
    pressed = re.findall(r'aria-pressed="true" aria-label="([^"]*)"', themes.shown["table"])
    assert pressed == [f"Disclosure, 2016-19: {len(themes.frame)}"]


def test_the_page_of_an_area_can_be_saved():
    page = AreaPage(area="South West")
    name, data = page.download("html")
    assert name.endswith(".html")
    assert data.startswith(b"<!doctype html>")
    assert b"South West" in data
    assert set(page.frame["area"]) == {"South West"}


# Crosswalks --------------------------------------------------------------------------------------


def test_what_an_edit_changes_stands_under_the_edited_link():
    explorer = CrosswalkExplorer(pair=PAIR, area="Leicestershire")
    rows = explorer.editor.rows
    row = next(n for n, one in rows.items() if "leadership" in str(one["source_aspect_id"]))
    command(explorer, "drop", row=row)
    assert "not valid" in explorer.shown["status"]
    assert "What is wrong" in explorer.shown["table"]
    explorer.undo()
    poor = next(
        n
        for n, one in rows.items()
        if "magistrates" in str(one["source_aspect_id"])
        and "reviews" in str(one["target_aspect_id"])
    )
    command(explorer, "edit", row=poor, field="At most", value="0")
    assert explorer.shown["status"].endswith("valid, 1 changed by you")
    changes = re.search("What changes: [^<]*", explorer.shown["table"])[0]
    assert changes == "What changes: Reviews and decisions: was Poor to Good, now Good."


def test_what_is_wrong_with_a_crosswalk_is_told_in_labels_and_plain_words_without_a_picture():
    explorer = CrosswalkExplorer(pair=PAIR)
    command(explorer, "edit", row=0, field="At least", value="-1")
    wrong = words_of(explorer.shown["table"].partition("</table>")[0])
    assert "Keep 0 \u2264 At least \u2264 At most \u2264 1" in wrong
    assert not re.search(r"share_low|opa_2005_|aap_2016_|Row 0", wrong)
    with pytest.raises(HmcpsiError, match="no picture of links that are not valid"):
        explorer.download("png")
    command(explorer, "reset")
    assert "valid" in explorer.shown["status"]
    assert "not valid" not in explorer.shown["status"]


def test_reset_brings_back_a_link_that_was_dropped():
    explorer = CrosswalkExplorer(pair=PAIR)
    before = explorer.crosswalk.to_frame()
    command(explorer, "drop", row=3)
    command(explorer, "reset")
    pd.testing.assert_frame_equal(explorer.crosswalk.to_frame(), before)
    explorer.undo()
    assert len(explorer.frame) == len(before) - 1


def test_an_edit_that_cannot_be_is_told_and_changes_nothing():
    explorer = CrosswalkExplorer(pair=PAIR)
    before = explorer.crosswalk.to_frame()
    command(explorer, "edit", row=0, field="At least", value="much")
    assert explorer.error.startswith('At least: "much" is not a number')
    command(explorer, "edit", row=0, field="crosswalk_id", value="mine")
    assert explorer.error == "This cell cannot be changed."
    command(explorer, "edit", row=9999, field="At least", value="0.5")
    assert "9999" in explorer.error
    command(explorer, "file", name="file", file="a.csv", size=3, data=b"a,b")
    assert explorer.error
    command(explorer, "file", name="file", file="large.csv", size=10**8)
    assert "large.csv" in explorer.error
    pd.testing.assert_frame_equal(explorer.crosswalk.to_frame(), before)


def test_a_link_is_added_dropped_undone_and_done_again():
    explorer = CrosswalkExplorer(pair=PAIR, aspect="opa_2005_leadership")
    n = len(explorer.frame)
    command(explorer, "add", value="aap_2016_east_midlands_performance_data")
    assert len(explorer.frame) == n + 1
    assert explorer.frame["source_aspect_id"].iloc[-1] == "opa_2005_leadership"
    explorer.undo()
    assert len(explorer.frame) == n
    explorer.redo()
    assert len(explorer.frame) == n + 1


@pytest.mark.parametrize("kind", ["csv", "sssom"])
def test_an_edited_crosswalk_is_saved_and_loaded_back(kind):
    explorer = CrosswalkExplorer(pair=PAIR)
    explorer.edit(0, confidence="low", justification="Ours, for this test.")
    name, data = explorer.download(kind)
    fresh = CrosswalkExplorer(pair=PAIR)
    command(fresh, "file", name="file", file=name, size=len(data), data=data)
    assert fresh.error == ""
    assert fresh.frame["justification"].iloc[0] == "Ours, for this test."
    assert "changed by you" in fresh.shown["status"]
    fresh.undo()
    assert "changed by you" not in fresh.shown["status"]


def test_the_code_of_an_edited_crosswalk_gives_the_same_crosswalk():
    explorer = CrosswalkExplorer(pair=PAIR)
    assert "Crosswalk.load" in explorer.shown["code"]
    explorer.edit(0, confidence="low")
    known = {}
    lines, _, code = explorer.shown["code"].partition("\n\n")
    exec(lines, known)
    again = eval(code, known)
    pd.testing.assert_frame_equal(again.to_frame(), explorer.crosswalk.to_frame())


def test_a_crosswalk_of_ones_own_is_compared_with():
    shipped = hd.Crosswalk.load("opa_2005", "aap_2016_east_midlands")
    mine = shipped.without("opa_2005_managing_resources", "Only this test says so.")
    explorer = ComparisonExplorer(crosswalk=mine)
    row = explorer.frame.set_index("target").loc["Resources systematically managed"]
    assert row["verdict"] == "no old counterpart"
    shown = ComparisonExplorer().frame.set_index("target")
    assert shown.loc["Resources systematically managed", "verdict"] == "below it"


def test_two_sets_of_which_there_is_no_comparison_say_why():
    explorer = ComparisonExplorer(pair="opa_2005 to opa_2007")
    assert "There is no comparison" in explorer.shown["sentence"]
    assert len(explorer.frame) == 20


# The assessment ----------------------------------------------------------------------------------


def test_a_changed_rating_changes_the_possible_words_and_is_taken_back():
    explorer = AssessmentExplorer()
    assert explorer.shown["status"] == "Fair by reconstruction: Leicestershire as it was rated"
    command(explorer, "edit", field="Rating", row="managing_magistrates_courts_cases", value="Good")
    assert explorer.changes == {"managing_magistrates_courts_cases": "Good"}
    assert explorer.shown["status"].startswith("Fair or Good by reconstruction")
    command(explorer, "edit", field="Rating", row="managing_magistrates_courts_cases", value="Poor")
    assert explorer.changes is None
    command(explorer, "edit", field="Rating", row="disclosure", value="")
    assert "not known" in explorer.shown["table"]
    command(explorer, "own")
    assert explorer.shown["status"] == "Fair by reconstruction: Leicestershire as it was rated"


def test_another_area_brings_its_own_ratings():
    explorer = AssessmentExplorer(changes={"disclosure": "Poor"})
    explorer.area = "Suffolk"
    assert explorer.changes is None
    assert explorer.shown["status"] == "Excellent by reconstruction: Suffolk as it was rated"


@pytest.mark.parametrize("changes", [{"disclosure": "Splendid"}, {"kindness": "Good"}, "Good"])
def test_a_rating_that_cannot_be_is_told(changes):
    explorer = AssessmentExplorer()
    with pytest.raises(HmcpsiError) as told:
        explorer.changes = changes
    assert str(told.value).startswith("Changes")
    assert explorer.changes is None
