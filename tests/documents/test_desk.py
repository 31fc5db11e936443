"""A person takes doubts, adds what was missed, fills in what is judgement, and accepts."""

import pytest

import hmcpsi_data as hd
from hmcpsi_data.__main__ import main
from hmcpsi_data.explorers import AddDocument

TEXT = """\
Invented: Area Assurance Inspection: CPS Nowhereshire
5 December 2017

Reviews and decisions (Crown Court) was deemed only fair.
Public Confidence was rated as 'Good'.
The inspectors also praised its Continuously Improving.
"""
SECTION = {"label": "Continuously Improving", "level": "section", "rating": "Excellent"}
ISSUE = {"kind": "issue", "number": 1, "text": "Go on improving."}


@pytest.fixture
def document():
    return hd.read_document(TEXT)


def test_without_an_area_claims_stay_certain_and_the_area_is_asked_for():
    document = hd.read_document(
        "HMCPSI: Area Assurance (invented)\n5 May 2017\n\nPublic confidence was rated 'Good'."
    )
    assert document.ratings["rating"].tolist() == ["Good"]
    with pytest.raises(hd.HmcpsiError, match="does not say clearly which Area"):
        document.rows()
    assert "More filters" in AddDocument(document).shown["sentence"]


def test_a_doubt_becomes_a_row_when_it_is_taken_and_can_be_left_out(document):
    ratings = document.claims[document.claims["table"].eq("ratings")]
    assert ratings[["value", "certain"]].values.tolist() == [["Fair", False], ["Good", True]]
    assert ratings["why"].iloc[0] == "its sentence is no plain statement of what is rated and how"
    taken = document.take(ratings.index[0])
    assert sorted(taken.rows(new_area=True)["ratings"]["rating"]) == ["Fair", "Good"]
    assert taken.drop(ratings.index[0]).ratings["rating"].tolist() == ["Good"]


def test_what_was_missed_is_added_with_its_lines_and_filled_in_also_after_accepting(tmp_path):
    desk = AddDocument(TEXT, new_area=True, folder=str(tmp_path / "mine"))

    def step(do, **details):
        desk._command({"do": do, **details})
        assert desk.error == ""

    step("row", table="ratings", what="The inspectors", value="Good", locator="L6")  # printed
    step("row", table="actions", what="Go on improving.", value="1", locator="L6")
    action = len(desk.frame) - 1
    step("edit", row=action, field="Topic", value="Improving for good")
    step("edit", row=action, field="Theme", value="leadership")
    step("accept")
    folder = tmp_path / "mine"
    before, action = hd.load("ratings", folder), hd.load("actions", folder).iloc[-1]
    assert (action["topic"], action["theme_id"]) == ("Improving for good", "leadership")
    assert "corrected, by a person" in action["note"]
    assert hd.load("evidence", folder)["row_id"].iloc[-1] == action["action_id"]
    step("row", table="ratings", what="Continuously Improving", value="Excellent", locator="L6")
    assert "New rows: ratings 1." in desk.shown["sentence"]
    step("accept")
    assert desk.added.counts == {"ratings": 1}
    assert "Excellent" in hd.ratings(desk.added.area_id, record=folder)["rating"].tolist()
    assert hd.check(folder).empty
    assert len(hd.load("ratings", folder)) == len(before) + 1
    assert len(hd.load("sources", folder)) == len(hd.load("sources")) + 1
    desk._command({"do": "accept"})
    assert "already, as doc_nowhereshire" in desk.error


@pytest.mark.parametrize("is_file", [True, False])
def test_the_code_adds_the_document_with_what_was_taken_added_and_filled_in(is_file, tmp_path):
    file, folder = tmp_path / "notice.txt", hd.copy_data(tmp_path / "mine")
    file.write_text(TEXT)
    desk = AddDocument(file if is_file else TEXT, new_area=True, folder=str(folder))
    desk._command({"do": "take", "row": int(desk.frame.index[desk.frame["value"].eq("Fair")][0])})
    for name, what, value in (("ratings", SECTION["label"], "Good"), ("actions", "Go on.", "1")):
        desk._command({"do": "row", "table": name, "what": what, "value": value, "locator": "L6"})
    last = len(desk.frame) - 1
    desk._command({"do": "edit", "row": last, "field": "Topic", "value": "Going on"})
    code = desk.shown["code"]
    assert ("the text of the document" in code) != is_file
    exec(code.replace("'notice.txt'", repr(str(file))).replace("the text of the document", TEXT))
    assert sorted(hd.ratings("Nowhereshire", record=folder)["rating"]) == ["Fair", "Good", "Good"]
    assert hd.load("actions", folder)["topic"].iloc[-1] == "Going on"


@pytest.mark.parametrize(
    ("table", "locator", "cells", "told"),
    [
        ("ratings", "L6", SECTION | {"label": "Publik Confidence"}, "is not known, and the lines"),
        ("ratings", "L6", SECTION | {"rating": "Brilliant"}, 'rating "Brilliant" is not known'),
        ("ratings", "L6", SECTION | {"level": "sections"}, 'level "sections" is not known'),
        ("ratings", "L6", SECTION | {"colour": 1}, "make no row of ratings"),
        ("ratings", "L6", {"rating": "Good"}, "needs .* level"),
        ("ratings", "L99", SECTION, "names lines"),
        ("ratings", "L3", SECTION, "make no row of ratings"),
        ("ratings", "first", SECTION, "not of the form"),
        ("actions", "L6", ISSUE | {"kind": "magic"}, 'kind "magic"'),
        *[("actions", "L6", ISSUE | {"number": one}, "number") for one in (None, 0, 1.5, [1])],
        *[("actions", "L6", ISSUE | {"text": text}, "needs .* text") for text in (None, "  ")],
        ("forces", "L6", {"force": "Northmarch"}, 'force "Northmarch" is not known'),
        ("measures", "L6", {"value": "many", "unit": "cases"}, "make no row of measures"),
        ("crosswalk", "L1", {}, 'table "crosswalk" is not known'),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_is_a_sentence(table, locator, cells, told, document):
    with pytest.raises(hd.HmcpsiError, match=told):
        document.add(table, locator, **cells)


def test_what_cannot_be_taken_or_filled_in_is_a_sentence(document):
    document = hd.read_document("HMCPSI: Area Assurance (invented)").add("actions", "L1", **ISSUE)
    question, action = 0, len(document.claims) - 1
    with pytest.raises(hd.HmcpsiError, match="proposes no row: it is a question"):
        document.take(question)
    for number in (99, -1, None, "first"):
        for act in (document.take, document.drop, document.fill_in):
            with pytest.raises(hd.HmcpsiError, match="There is no claim"):
                act(number)
    for number, column, value in (
        (question, "topic", "Good"),
        (action, "number", "2"),
        *[(action, "topic", value) for value in ("", None)],
        *[(action, column, "magic") for column in ("theme_id", "kind")],
    ):
        with pytest.raises(hd.HmcpsiError, match=r"cannot|not known"):
            document.fill_in(number, **{column: value})


def test_read_and_add_say_the_same_of_a_shopping_list(tmp_path, capsys):
    (tmp_path / "list.txt").write_text("milk\neggs\nbread\n")
    mine, said = hd.copy_data(tmp_path / "mine"), set()
    for command in ("read", "add"):
        assert main([command, str(tmp_path / "list.txt"), "--data", str(mine)]) == 1
        said.add("".join(capsys.readouterr()))
    (told,) = said
    assert told.startswith("Nothing here looks like an inspection of the CPS.")
