"""The desk: a person takes doubts, adds what was missed, corrects cells and accepts."""

import pytest

import hmcpsi_data as hd
from hmcpsi_data.__main__ import main
from hmcpsi_data.documents import Desk, in_words

TEXT = """\
Invented: Area Assurance Inspection: CPS Nowhereshire
5 December 2017

Reviews and decisions (Crown Court) was deemed only fair.
Public Confidence was rated as 'Good'.
The inspectors also praised its Continuously Improving.
"""
ISSUE = "nowhereshire_aap_2016_issue_1"
SECTION = {"label": "Continuously Improving", "level": "section", "rating": "Excellent"}


@pytest.fixture
def desk():
    found = Desk()
    found.read(TEXT)
    found.place(new_area=True)
    return found


def test_an_empty_desk_and_one_that_lacks_an_answer_say_what_to_do():
    desk = Desk()
    assert desk.rows is None
    for call in (desk.claims, lambda: desk.take(0), lambda: desk.accept("nowhere")):
        with pytest.raises(hd.HmcpsiError, match="Read a document first"):
            call()
    desk.read(TEXT)
    assert "not known" in desk.missing
    assert desk.rows is None
    desk.place(new_area=True)
    assert desk.missing == ""
    assert desk.rows["ratings"]["rating_id"].tolist() == ["nowhereshire_aap_2016_public_confidence"]
    with pytest.raises(hd.HmcpsiError, match=r'"areas" is not known. Did you mean "area"'):
        desk.place(areas="x")


def test_without_an_area_claims_stay_certain_and_the_area_is_asked_for():
    desk = Desk()
    desk.read(
        "HMCPSI: Area Assurance (invented)\n5 May 2017\n\nPublic confidence was rated 'Good'."
    )
    assert desk.document.ratings["rating"].tolist() == ["Good"]
    assert (desk.rows, "which Area it is about" in desk.missing) == (None, True)
    with pytest.raises(hd.HmcpsiError, match="does not say clearly which Area"):
        desk.document.rows()


def test_a_doubt_is_listed_becomes_a_row_when_it_is_taken_and_can_be_left_out(desk):
    claims = desk.claims()
    assert list(claims) == ["kind", "what", "value", "locator", "words", "certain", "why"]
    ratings = claims[claims["kind"].eq("rating")]
    assert ratings[["value", "certain"]].values.tolist() == [["Fair", False], ["Good", True]]
    assert ratings["why"].iloc[0] == "its sentence is no plain statement of what is rated and how"
    doubt = ratings.index[0]
    desk.take(doubt)
    assert sorted(desk.rows["ratings"]["rating"]) == ["Fair", "Good"]
    desk.drop(doubt)
    assert desk.rows["ratings"]["rating"].tolist() == ["Good"]


def test_a_row_that_was_missed_can_be_added_with_its_lines_also_after_accepting(desk, tmp_path):
    desk.add("ratings", "L6", label="The inspectors", level="section", rating="Good")  # printed
    desk.add("actions", "L6", kind="issue", number=1, text="Go on improving.")
    desk.put("actions", ISSUE, "topic", "Improving for good")
    desk.put("actions", ISSUE, "theme_id", "leadership")
    folder = tmp_path / "mine"
    desk.accept(folder)
    action = hd.load("actions", folder).iloc[-1]
    assert (action["topic"], action["theme_id"]) == ("Improving for good", "leadership")
    assert "Corrected by a person" in action["note"]
    assert hd.load("evidence", folder)["row_id"].iloc[-1] == action["action_id"]
    before = hd.load("ratings", folder)
    desk.add("ratings", "L6", **SECTION)
    assert {name: len(rows) for name, rows in desk.rows.items() if len(rows)} == {"ratings": 1}
    added = desk.accept(folder)
    assert added.counts == {"ratings": 1}
    assert "Excellent" in hd.ratings(added.area_id, record=folder)["rating"].tolist()
    assert hd.check(folder).empty
    assert len(hd.load("ratings", folder)) == len(before) + 1
    assert len(hd.load("sources", folder)) == len(hd.load("sources")) + 1
    with pytest.raises(hd.HmcpsiError, match="already, as doc_nowhereshire"):
        desk.accept(folder)


@pytest.mark.parametrize("is_file", [True, False])
def test_the_code_adds_the_document_with_what_was_taken_and_added(is_file, desk, tmp_path):
    file = tmp_path / "notice.txt"
    file.write_text(TEXT)
    folder = hd.copy_data(tmp_path / "mine")
    desk.read(file if is_file else TEXT)
    desk.place(new_area=True, area=None)
    claims = desk.claims()
    desk.take(int(claims.index[claims["value"].eq("Fair")][0]))
    desk.add("ratings", "L6", **SECTION)
    code = desk.code(folder)
    assert ("the text of the document" in code) != is_file
    code = code.replace("'notice.txt'", repr(str(file))).replace("the text of the document", TEXT)
    exec(code, {"hd": hd})
    assert set(hd.ratings("Nowhereshire", record=folder)["rating"]) == {"Excellent", "Good", "Fair"}


@pytest.mark.parametrize(
    ("table", "locator", "cells", "told"),
    [
        ("ratings", "L6", SECTION | {"label": "Publik Confidence"}, "is not known, and the lines"),
        ("ratings", "L6", SECTION | {"rating": "Brilliant"}, 'rating "Brilliant" is not known'),
        ("ratings", "L6", SECTION | {"level": "sections"}, 'level "sections" is not known'),
        ("ratings", "L6", SECTION | {"colour": 1}, "has no colour"),
        ("ratings", "L6", {"rating": "Good"}, "needs level"),
        ("ratings", "L99", SECTION, "names lines"),
        ("ratings", "L3", SECTION, "lines are empty"),
        ("ratings", "first", SECTION, "not of the form"),
        ("actions", "L6", {"kind": "magic", "number": 1, "text": "Write."}, 'kind "magic"'),
        *[("actions", "L6", {"kind": "issue", "number": number, "text": "Write."}, "number|stand")
          for number in (None, 0, "first", 1.5, [1])],
        *[("actions", "L6", {"kind": "issue", "number": 1, "text": text}, "text")
          for text in (None, "  ")],
        ("forces", "L6", {"force": "Northmarch"}, 'force "Northmarch" is not known'),
        ("measures", "L6", {"value": "many", "unit": "cases"}, "cannot stand"),
        ("crosswalk", "L1", {}, 'table "crosswalk" is not known'),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_is_a_sentence(table, locator, cells, told):
    document = hd.read_document(TEXT)
    with pytest.raises(hd.HmcpsiError, match=told):
        document.add(table, locator, **cells)


def test_what_cannot_be_taken_or_filled_in_is_a_sentence(desk):
    question = desk.claims().query("kind == 'question'").index[0]
    with pytest.raises(hd.HmcpsiError, match="proposes no row: it is a question"):
        desk.take(question)
    for number in (99, -1, None, "first"):
        for act in (desk.take, desk.drop):
            with pytest.raises(hd.HmcpsiError, match="There is no claim"):
                act(number)
    desk.add("actions", "L6", kind="issue", number=1, text="Go on improving.")
    for name, key, column, value, told in (
        ("actions", "nobody", "topic", "Good", "There is no row"),
        ("soup", ISSUE, "topic", "Good", "stays as it is"),
        ("actions", ISSUE, "number", "2", "stays as it is"),
        *[("actions", ISSUE, "topic", value, "cannot stand") for value in ("", None, 7)],
        *[("actions", ISSUE, column, "magic", "cannot stand") for column in ("theme_id", "kind")],
    ):
        with pytest.raises(hd.HmcpsiError, match=told):
            desk.put(name, key, column, value)


def test_read_and_add_say_the_same_of_a_shopping_list(tmp_path, capsys):
    (tmp_path / "list.txt").write_text("milk\neggs\nbread\n")
    mine = hd.copy_data(tmp_path / "mine")
    said = []
    for command in ("read", "add"):
        assert main([command, str(tmp_path / "list.txt"), "--data", str(mine)]) == 1
        said.append("".join(capsys.readouterr()))
    assert said[0] == said[1]
    assert said[0].startswith("Nothing here looks like an inspection of the CPS.")


def test_the_words_for_a_terminal_cannot_steer_it():
    text = TEXT.replace("also praised", "also \x1b[2Jpraised 'Good' \u202e")
    shown = in_words(hd.read_document(text), new_area=True)
    assert shown.startswith("area_assurance, aap_2016, CPS Nowhereshire, published 2017-12-05")
    assert "doubtful (" in shown
    assert not set(shown) & {"\x1b", "\u202e"}
