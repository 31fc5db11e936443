"""A document is added as a whole or not at all, and its words are shown to who has it."""

import csv
import pathlib
import shutil

import pandas as pd
import pytest

import hmcpsi_data as hd
from hmcpsi_data import show_words
from hmcpsi_data.documents.rows import TABLES
from hmcpsi_data.explorers import AddDocument
from hmcpsi_data.tables.description import shipped_folder

NOTICE = hd.invented_notice()


@pytest.fixture
def mine(tmp_path):
    return hd.copy_data(tmp_path / "mine")


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """A folder to which the invented notice was added, and what adding it said."""
    folder = hd.copy_data(tmp_path_factory.mktemp("once") / "mine")
    return folder, hd.add_document(NOTICE, folder, new_area=True)


def rename_essex(folder: pathlib.Path) -> None:
    """Give a real Area an invented name, so that nothing is said of it."""
    for path in (folder / "areas.csv", folder / "area_names.csv"):
        path.write_bytes(path.read_bytes().replace(b"Essex", b"Northmarch"))


def contents(folder: pathlib.Path) -> dict[pathlib.Path, bytes]:
    """Every file below a folder; what is left of a change would show here."""
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_adding_says_what_was_added_and_left_out_and_keeps_the_words_of_the_document_out(once):
    folder, added = once
    assert added.counts == {
        "sources": 1, "areas": 1, "inspections": 1, "aspect_sets": 1,
        "aspects": 3, "ratings": 4, "actions": 2, "responses": 2, "measures": 2,
    }  # fmt: skip
    assert added.problems["locator"].tolist() == ["L12"]
    assert (added.area_id, added.inspection_id) == ("inventshire_2016", "inventshire_aap_2016")
    assert repr(added).endswith("measures 2. 1 line left out.")
    assert hd.check(folder).empty
    found = hd.ratings("Inventshire", record=folder)
    assert sorted(found["rating"]) == ["Fair", "Fair", "Good", "Poor"]
    text = b"".join(contents(folder).values()).decode().casefold()
    sentences = [line.strip() for line in NOTICE.casefold().splitlines() if len(line) > 40]
    assert [line for line in sentences if line in text] == []


def as_page(text):
    """The same words as an HTML page."""
    return f"<html><body>{''.join(f'<p>{line}</p>' for line in text.split(chr(10)))}</body></html>"


@pytest.mark.shared
def test_a_founding_document_is_in_the_data_already_as_a_text_and_as_a_page(shared, mine):
    text = (shared / "documents" / "opa-2006-leicestershire.txt").read_text(encoding="utf-8")
    empty = "CPS Response to the Area Assurance inspection of CPS East Midlands\n\n{} November 2016"
    before = contents(mine)
    for form, told in (
        (text, "already, as doc_opa_2006"),
        (as_page(text), "already, as doc_opa_2006"),
        (empty.format(29), "already, as doc_aap_response_2016"),
        (empty.format(30), "Nothing in this document is new"),
    ):
        with pytest.raises(hd.HmcpsiError, match=f"{told}.* Nothing was added"):
            hd.add_document(form, mine)
    assert contents(mine) == before


def test_only_what_is_new_is_added_and_what_is_said_again_or_otherwise_is_told(once, tmp_path):
    after = pathlib.Path(shutil.copytree(once[0], tmp_path / "after"))
    before = contents(after)
    for form in (NOTICE, NOTICE + "\nA later copy.\n", as_page(NOTICE)):
        with pytest.raises(hd.HmcpsiError, match=r"already, as doc_invent.*Nothing was added"):
            hd.add_document(form, after)
    assert contents(after) == before
    more = NOTICE.replace("in three courts.", "in three courts. It has 21 offices.")
    added = hd.add_document(more, after)
    assert added.counts == {"sources": 1, "measures": 1}
    assert (added.area_id, added.inspection_id) == ("inventshire_2016", "inventshire_aap_2016")
    before = hd.load("ratings", after)
    other = NOTICE.replace("Care of dragons\tPoor", "Care of dragons\tGood")
    told = "It contradicts inventshire_aap_2016_care_of_dragons from doc_inventshire"
    with pytest.raises(hd.HmcpsiError, match=told):
        hd.add_document(other, after)
    added = hd.add_document(other.replace("29 November 2016", "8 December 2016"), after)
    assert added.counts == {"sources": 1, "rating_sources": 3}
    pd.testing.assert_frame_equal(hd.load("ratings", after), before)
    assert len(hd.ratings("Inventshire", record=after)) == 4
    reasons = added.problems.set_index("locator")["reason"]
    assert reasons["L11"].startswith(told)
    assert "stays as it is" in reasons["L18"]
    assert hd.check(after).empty


def test_new_labels_of_two_levels_make_two_sets(mine):
    document = hd.read_document(NOTICE)
    document = document.add("ratings", "L6", label="Public", level="aspect", rating="Good")
    assert hd.add_document(document, mine, new_area=True).counts["aspect_sets"] == 2
    assert hd.check(mine).empty
    later = NOTICE.replace("29 November", "8 December").replace("owls", "newts")
    assert hd.add_document(later, mine).counts == {"sources": 1, "rating_sources": 4}


def test_what_is_no_folder_of_ones_own_or_not_clear_is_refused_and_nothing_changes(mine, tmp_path):
    rename_essex(mine)
    asked = [
        ({}, r'"CPS Inventshire" is not known.*new_area=True'),
        ({"new_area": True, "published": "soon"}, "not a date"),
        ({"new_area": True, "framework": "opa_2005"}, r"opa_2005 was not in force .* 2016-11-29"),
        ({"area": "Northmarch"}, '"Northmarch" was not in being on 2016-11-29'),
        ({"area": "Northmarch", "new_area": True}, '"Northmarch" was not in being on 2016-11-29'),
    ]
    number = {"value": 7, "unit": "courts", "period": "soon"}  # breaks a rule of the data
    broken = hd.read_document(NOTICE).add("measures", "L14", **number)
    soup = "A recipe for soup.\n\nTake two onions.\n"
    before = contents(mine), contents(shipped_folder())
    for source, folder, known, told in (
        (NOTICE, shipped_folder(), {"new_area": True}, "data of the package are not changed"),
        (NOTICE, tmp_path / "nowhere", {"new_area": True}, r"copy_data\("),
        *[(NOTICE, mine, known, told) for known, told in asked],
        (soup, mine, {}, "Nothing here looks like an inspection of the CPS"),
        (broken, mine, {"new_area": True}, r'nothing was added:\nmeasures.csv.*"soon"'),
    ):
        with pytest.raises(hd.HmcpsiError, match=told):
            hd.add_document(source, folder, **known)
    assert (contents(mine), contents(shipped_folder())) == before


def test_what_is_not_clear_can_be_given_and_a_report_may_follow_the_end_of_its_area(mine):
    rename_essex(mine)
    document = hd.read_document(
        "Invented\n\nFollow-up inspection of CPS Northmarch\n\nPublished 3 May 2011\n\n"
        "Recommendation | Progress\n1 Keep the logs | Achieved\n",
        record=mine,
    )
    rows = document.rows()
    assert rows["inspections"]["area_id"].eq("essex_1999").all()
    assert rows["actions"]["progress"].tolist() == ["Achieved"]
    rows = document.rows(area="Eastern", published="2011-12")
    assert rows["inspections"]["area_id"].tolist() == ["east_of_england_2011"]
    assert rows["sources"]["published"].tolist() == ["2011-12"]


@pytest.mark.parametrize(
    "name",
    ["../../outside.txt", "/etc/passwd", "=cmd|' /C calc'!A0.txt", "<img src=x>.html", "-rf.txt",
     "con\x1b[2J\u202etxt.exe.txt", "a" * 500 + ".txt", ".txt"],
)  # fmt: skip
def test_a_hostile_file_name_is_inert(name):
    rows = hd.read_document(NOTICE.encode(), name).rows(new_area=True)
    (stored,) = rows["sources"]["file_name"]
    assert 0 < len(stored) <= 120
    assert not set(stored) & set("/\\<>|=\x1b\u202e'!:")


def test_hostile_cells_of_a_document_are_inert_in_the_folder_and_a_theme_is_evidence(mine):
    label = "=HYPERLINK(1) <script>alert(1)</script>\u202e"
    document = hd.read_document(NOTICE.replace("Care of dragons", label), "../../outside.txt")
    doubt = document.claims.index[document.claims["value"].eq("Poor")].item()
    action = document.claims.index[document.claims["what"].eq("issue 2")].item()
    where = document.claims.loc[doubt, "locator"]
    cells = {"label": label, "level": "criterion", "rating": "Poor"}
    document = document.fill_in(action, theme_id="victim_letters", topic="=1+1")
    document = document.drop(doubt).add("ratings", where, **cells)
    assert tuple(document.rows(mine, new_area=True)) == TABLES
    outside = contents(mine.parent).keys()
    hd.add_document(document, mine, new_area=True)
    assert contents(mine.parent).keys() == outside
    assert hd.check(mine).empty
    assert "Inventshire" in hd.theme_history("victim_letters", mine)["area"].tolist()
    for name in ("ratings", "actions"):
        lines = (mine / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        cells = [cell for row in csv.reader(lines) for cell in row]
        assert not [one for one in cells if one.startswith(("=", "+", "@")) or "\u202e" in one]


SCRIPT = "every <script>alert(1)</script>\x1b[2J dragon"
SHOWN = NOTICE.replace("every dragon", SCRIPT)


def test_the_exact_lines_are_shown_of_any_row_or_why_not_and_are_inert(mine, tmp_path):
    papers, other = tmp_path / "2016", tmp_path / "other.txt"
    papers.mkdir()
    other.write_text("something else")
    (papers / "any name.txt").write_bytes(SHOWN.encode())
    hd.add_document(SHOWN, mine, new_area=True)
    action = hd.load("actions", mine).query("source_id.str.startswith('doc_inv')").head(1)
    row = action.iloc[0]
    shown = show_words(row, papers, mine)
    assert shown.lines == {"L18": SHOWN.split("\n")[17]}
    assert shown.sentence.endswith(', from "any name.txt":')
    assert repr(shown).splitlines()[1].startswith(r"L18  1. The Area should record every")
    assert "\x1b" not in repr(shown) + shown._repr_html_()
    assert "<script>" not in shown._repr_html_()
    for form in (action, row.to_dict(), next(action.itertuples())):
        assert repr(show_words(form, papers, mine)) == repr(shown)
    row = row.to_dict()
    assert len(show_words(row, papers / "any name.txt", mine).lines) == 1
    unread = hd.aspects("opa_2007").iloc[0]  # of a source that was not read as a whole
    address = hd.load("sources").set_index("source_id")["address"][unread["source_id"]]
    for asked, place, record, told in (
        (row, other, mine, "the document is not in .*CPS Inventshire"),
        (row, papers, None, "is not a source in this data folder"),
        *[(row | {"locator": one}, papers, mine, "cannot be shown") for one in ("L999", "x")],
        (row | {"locator": pd.NA}, papers, mine, "names no lines"),
        (unread, papers, None, f"was not read line by line.*{address}"),
    ):
        shown = show_words(asked, place, record)
        assert pd.Series(shown.sentence).str.contains(told).all()
        assert shown.lines == {}
    for bad in (7, {"locator": "L1"}, {"source_id": pd.NA}, "L1", hd.ratings()):
        with pytest.raises(hd.HmcpsiError, match="one row, with source_id"):
            show_words(bad, papers)
    for folder in (papers / "no", "a\0b", None):
        with pytest.raises(hd.HmcpsiError, match="There is no folder"):
            show_words(row, folder)


TEXT = """\
Invented: Area Assurance Inspection: CPS Nowhereshire
5 December 2017

Reviews and decisions (Crown Court) was deemed only fair.
Public Confidence was rated as 'Good'.
The inspectors also praised its Continuously Improving.
"""
SECTION = {"label": "Continuously Improving", "level": "section", "rating": "Excellent"}
ISSUE = {"kind": "issue", "number": 1, "text": "Go on improving."}


def test_a_doubt_becomes_a_row_when_it_is_taken_and_can_be_left_out():
    document = hd.read_document(TEXT)
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

    step("row", table="ratings", what="The inspectors", value="Good", locator="L6")
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
def test_a_row_that_cannot_be_is_a_sentence(table, locator, cells, told):
    with pytest.raises(hd.HmcpsiError, match=told):
        hd.read_document(TEXT).add(table, locator, **cells)


def test_without_an_area_claims_stay_certain_and_what_cannot_be_done_is_a_sentence():
    text = "HMCPSI: Area Assurance (invented)\n5 May 2017\n\nPublic confidence was rated 'Good'."
    document = hd.read_document(text).add("actions", "L1", **ISSUE)
    assert document.ratings["rating"].tolist() == ["Good"]
    assert "More filters" in AddDocument(document).shown["sentence"]
    with pytest.raises(hd.HmcpsiError, match="does not say clearly which Area"):
        document.rows()
    question, action = 0, len(document.claims) - 1
    with pytest.raises(hd.HmcpsiError, match="proposes no row: it is a question"):
        document.take(question)
    for number in (99, -1, None, "first"):
        for act in (document.take, document.drop, document.fill_in):
            with pytest.raises(hd.HmcpsiError, match="There is no claim"):
                act(number)
    wrong = [
        ("number", "2"),
        ("topic", ""),
        ("topic", None),
        ("theme_id", "magic"),
        ("kind", "magic"),
    ]
    for number, column, value in ((question, "topic", "Good"), *((action, *one) for one in wrong)):
        with pytest.raises(hd.HmcpsiError, match=r"cannot|not known"):
            document.fill_in(number, **{column: value})
