"""What explorers show, without a browser: values in; words, table, code, citation and file out."""

import io
import json
import re
import sys
import zipfile
from html import unescape

import ipywidgets
import pandas as pd
import pytest

import hmcpsi_data as hd
from hmcpsi_data import explorers
from hmcpsi_data.errors import HmcpsiError, UnknownValueError
from hmcpsi_data.explorers import (
    AddDocument,
    AreaTimeline,
    CrosswalkExplorer,
    FourRounds,
    RatingsExplorer,
    ThemeExplorer,
)  # fmt: skip

NOTICE = hd.invented_notice()
PAIR = "opa_2005 to aap_2016_east_midlands"
MAGISTRATES = "managing_magistrates_courts_cases"
FILTERS = [explorers.ActionsExplorer, AreaTimeline, FourRounds, RatingsExplorer, ThemeExplorer]
ALL = [*FILTERS, explorers.ComparisonExplorer, CrosswalkExplorer]


@pytest.fixture(autouse=True)
def no_pictures(request, monkeypatch):
    if "picture" not in request.node.name:
        monkeypatch.setattr(explorers.View, "picture_html", lambda *_: "")


def moves(explorer):
    """Some values of each control, one at a time, and how many rows each is to give."""
    for spec in explorer.form:
        options = [(one, n if spec["filters"] else None) for one, _, n in spec["options"] if n != 0]
        several = spec["kind"] == "several"
        for value, n in options[:: 1 + len(options) // 2]:
            yield {spec["name"]: [value] if several else value}, n
        if several:
            yield {spec["name"]: [value for value, _ in options[:2]]}, None
        if spec["kind"] == "search":
            yield from (({"search": text}, None) for text in ("COURT", "it's (", "zzzz"))


def run(code):
    lines, _, call = code.partition("\n\n")
    exec(lines, known := {})
    return eval(call, known)


def as_csv(explorer):
    _, data = explorer.download("csv")
    return pd.read_csv(io.BytesIO(data), dtype="string", keep_default_na=False, na_values=[""])


@pytest.mark.parametrize("kind", FILTERS)
def test_each_option_gives_as_many_rows_as_it_says_and_they_are_those_of_its_code_and_file(kind):
    explorer = kind()
    explorer.clear()
    cleared = explorer.values
    for move, count in moves(explorer):
        explorer.set(**cleared | move)
        assert explorer.error == "", move
        frame = explorer.frame
        given = run(explorer.shown["code"])
        assert sorted(map(str, given.iloc[:, 0])) == sorted(map(str, frame.iloc[:, 0])), move
        saved = as_csv(explorer)
        assert (list(saved), len(saved)) == (list(frame), len(frame))
        breaks = int(frame["kind"].eq("break").sum()) if kind is AreaTimeline else 0
        assert count in (None, len(frame) - breaks), move


@pytest.mark.parametrize("kind", ALL)
def test_every_explorer_goes_back_refuses_in_a_sentence_and_is_stored_without_controls(kind):
    explorer = kind(search="victim")
    start = explorer.values
    explorer.set(search="a text that nobody wrote")
    assert explorer.frame.empty or kind is CrosswalkExplorer
    if kind in FILTERS:
        assert explorer.shown["status"].startswith("0 ")
        assert "Clear" in explorer.shown["sentence"]
    explorer.reset()
    assert explorer.values == start
    explorer.clear()
    assert (explorer.search, explorer.shown["on"], explorer.frame.empty) == ("", [], False)
    before, values = explorer.shown, explorer.values
    with pytest.raises(HmcpsiError, match=r"^(Area|Translate ratings of) .*Atlantis") as told:
        explorer.set(area="Atlantis")
    assert (explorer.error, explorer.shown) == (str(told.value), before)
    with pytest.raises(HmcpsiError, match=r"^Search must be text"):
        explorer.search = 7
    with pytest.raises(UnknownValueError, match="control"):
        explorer.set(colour="red")
    explorer.set_state({"area": "atlantis_1999", "asked": 1})  # as the page sends it
    assert "atlantis_1999" in explorer.error
    assert (explorer.values, explorer.answered) == (values, 1)
    explorer.set_state({"search": "court", "asked": 2})
    assert (explorer.error, explorer.answered) == ("", 2)
    assert re.fullmatch(rf"{kind.__name__}\(.*\)", repr(explorer))
    data, _ = explorer._repr_mimebundle_()
    assert data.keys() >= {"text/plain", "application/vnd.jupyter.widget-view+json"}
    assert data["text/plain"] == repr(explorer)
    for told in (explorer.title, "<table", "To use the filters, choose Run"):
        assert told in data["text/html"]
    assert not re.search(r"<(button|select|input|textarea)", data["text/html"])


def test_names_and_identifiers_are_both_understood_and_other_words_told_with_those_there_are():
    by_name = RatingsExplorer(area="Leicestershire", framework="OPA 2005-06", rating="poor")
    explorer = RatingsExplorer(area="leicestershire_1999", framework="opa_2005", rating=["Poor"])
    assert by_name.values == explorer.values
    assert by_name.frame["label"].tolist() == ["Managing magistrates' courts cases"]
    for one in (by_name, ThemeExplorer(area="Leicestershire", round="2005-06")):
        assert "June 2005 to December 2005 (fieldwork)" in one.shown["table"]
    with pytest.raises(UnknownValueError, match=r"^Critical aspects \"pie\" is not known\."):
        explorer.critical = "pie"
    explorer.set(framework="aap_2016", rating=None)  # the Area had ended: a button goes on
    assert "(East Midlands)" in explorer.shown["sentence"]
    (press,) = re.findall(r'data-do="([^"]*)">Show East Midlands<', explorer.shown["table"])
    explorer._command(json.loads(unescape(press)) | {"asked": 1})
    assert (explorer.area, explorer.framework) == ("east_midlands_2011", "aap_2016")
    assert set(explorer.frame["area"]) == {"East Midlands"}
    assert "Show East" not in explorer.shown["table"]


def test_one_area_chosen_once_is_followed_by_every_explorer_that_is_linked():
    ratings, line = RatingsExplorer(), AreaTimeline()
    ipywidgets.link((line, "area"), (ratings, "area"))
    line.area = "Essex"
    assert (ratings.area, *ratings.frame["area"].unique()) == ("essex_1999", "Essex")
    ratings.area = None
    assert re.fullmatch(r"[\d,]+ events: all Areas", line.shown["status"])
    assert "None" not in line.shown["table"]


def test_a_picture_is_drawn_only_where_it_differs():
    explorer, drawn = RatingsExplorer(framework="opa_2005", area="leicestershire_1999"), []
    explorer.observe(lambda _: drawn.append(1), "figure")
    explorer.search = "court"
    explorer.search = "COURT"
    assert len(drawn) == 1
    for kind, start in {"png": b"\x89PNG", "svg": b"<?xml"}.items():
        name, data = explorer.download(kind)
        assert (name, data[: len(start)]) == (f"hmcpsi-ratings.{kind}", start)
        assert f"&quot;{kind}&quot;" in explorer.figure  # a button below the picture
    assert "<button" not in explorer._repr_html_()


def test_a_conflict_has_both_sides_on_the_screen_and_in_each_file(monkeypatch):
    explorer = RatingsExplorer(area="Essex", framework="OPA 2007")
    assert "contradicted by another source and not counted" in explorer.shown["status"]
    for told in (explorer.shown["table"], explorer.cite):
        assert "contradicted: Poor or Fair or Good" in told
    columns = ["rating", "says_otherwise", "otherwise_source_id"]
    assert as_csv(explorer)[columns].values.tolist() == [["Poor", "Fair or Good", "s010"]]
    _, data = explorer.download("xlsx")
    texts = zipfile.ZipFile(io.BytesIO(data)).read("xl/sharedStrings.xml").decode()
    assert all(told in texts for told in (explorer.shown["status"], "Fair or Good"))
    monkeypatch.setitem(sys.modules, "gptables", None)
    explorer._command({"do": "save", "kind": "xlsx", "asked": 1})
    assert 'pip install "hmcpsi_data[export]"' in explorer.error


def test_a_citation_names_value_publisher_date_line_and_address_and_a_link_leads_to_the_site(
    monkeypatch,
):
    poor = RatingsExplorer(area="Leicestershire", framework="opa_2005", rating="Poor")
    value, whole = poor.cite.splitlines()
    assert re.match("Leicestershire, OPA 2005-06, Managing magis.*: Poor; HMCPSI", value)
    assert "14 March 2006, line 26." in value
    assert whole.startswith("The hmcpsi_data contributors (2026). Ratings: 1 rating. In: ")
    assert re.search(r"version 20\d\d\.\d+\.\d+, data of 20", whole)
    assert "; https://www." in explorers.ComparisonExplorer().cite.splitlines()[0]
    whole = RatingsExplorer()
    assert "Each row of the table names its source." in whole.cite
    assert whole.shown["link"] == ""
    site = "https://example.org/hmcpsi"
    monkeypatch.setenv("HMCPSI_SITE", f"{site}/")
    found = RatingsExplorer(area="Essex", framework="OPA 2007", rating="Poor")
    state = "area=Essex&framework=OPA%202007&rating=Poor"
    assert found.shown["link"] == f"{site}/ratings.html#{state}"
    assert ThemeExplorer(theme="disclosure").shown["link"] == f"{site}/themes/disclosure.html"
    found.rating = ["Good", "Fair"]  # the site takes one value of each filter
    for explorer in (found, RatingsExplorer(area="west_midlands_1999"), FourRounds()):
        assert explorer.shown["link"] == ""


def test_a_long_table_shows_a_hundred_rows_until_all_are_asked_for_and_is_sorted_by_a_heading():
    explorer = RatingsExplorer()
    n = len(explorer.frame)
    assert n > 100
    for heading in explorer.shown["headings"]:
        explorer.sort = f"-{heading}"
        assert explorer.error == ""
        assert explorer.shown["table"].count("<tr") < 110
    explorer._command({"do": "all", "asked": 1})
    assert explorer.shown["table"].count("<tr") > n
    explorer.set(framework="opa_2005", area="leicestershire_1999", level="aspect")
    explorer.sort = "-Rating"
    found = explorer.frame["rating"].tolist()
    assert found == ["Excellent"] * 2 + ["Good"] * 7 + ["Fair"] * 4 + ["Poor"]


class Toy(explorers.Explorer):
    TITLE = "<b>Title</b>"
    text = explorers.Text("Text")
    fail = explorers.Choice("Fail", options={"yes": "yes"})

    def show(self):
        if self.fail:
            raise ZeroDivisionError("by nothing")
        frame = pd.DataFrame({"typed": [self.text, "=1+1", "\uff1d1+1"]}, dtype="string")
        return explorers.View(frame, "3 rows")


def test_what_was_typed_is_text_and_no_formula_and_an_error_that_nobody_expected_a_sentence():
    explorer = Toy(text="<script>alert('x')</script> & \"")
    page = explorer._repr_html_() + explorer.shown["table"]
    assert not re.search("<script|<b>Title", page)
    assert "&lt;script&gt;" in page
    assert as_csv(explorer)["typed"].tolist()[1:] == ["'=1+1", "'\uff1d1+1"]
    explorer._command({"do": "format the disk", "asked": 0})
    assert "format the disk" in explorer.error
    explorer.set_state({"fail": "yes", "asked": 1})
    assert explorer.error.startswith("Fail: This did not work (ZeroDivisionError: by nothing)")
    assert (explorer.fail, explorer.shown["status"]) == (None, "3 rows")


def test_the_example_of_the_docs_runs(request):
    path = request.config.rootpath / "docs" / "5-explorers.md"
    code = re.search(r"```python\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL).group(1)
    exec(code, known := {})
    poor = known["poor"]
    assert "Managing magistrates' courts cases" in poor.frame["label"].tolist()
    assert set(poor.frame["rating"]) == {"Poor"}
    assert run(poor.shown["code"])["rating_id"].tolist() == poor.frame["rating_id"].tolist()
    poor.area = "Essex"
    assert set(poor.frame["area"]) <= {"Essex"}
    assert len(re.search(r"class PoorExplorer.*?\n\n\npoor", code, re.DOTALL)[0].splitlines()) <= 32


def words_of(html):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def command(explorer, do, data=b"", **details):
    explorer._command({"do": do, "asked": explorer.answered + 1, **details}, [data])


def read(explorer, data, name="notice.txt"):
    command(explorer, "file", data, name="file", file=name, size=len(data))


def test_the_rounds_stand_side_by_side_each_with_its_area_framework_and_date():
    rounds = FourRounds()
    table = rounds.shown["table"]
    head = re.search("<thead>.*</thead>", table)[0]
    for told in (
        "2006 Leicestershire", "overall Fair, 14 aspects rated", "published 14 March 2006",
        "2010 Leicestershire", "progress on 4 recommendations and 5 aspects for improvement",
        "2016 East Midlands", "7 criteria and 4 sections rated, 10 issues",
        "2022 South West", "no ratings, 3 issues",
    ):  # fmt: skip
        assert told in words_of(head)
    assert head.count("dashed") == 4
    assert "Progress on what was asked: " in rounds.shown["sentence"]
    heads = re.findall(r'<th scope="row"[^>]*>(.*?)</th>', table)
    assert set(heads[:2]) == {"Victim letters", "Disclosure"}
    assert "Disclosure training for all prosecutors (CPS) → answered: promised" in words_of(table)
    assert "Substantial progress A disclosure record sheet in every case" in words_of(table)
    told = r"<td[^>]*>(?:(?!</td>).)*Communication with victims.*?</td>"
    cell = re.search(told, FourRounds(theme="victim_letters").shown["table"])[0]
    assert re.match(r"Poor Communication with victims Issue .*\+ \d+ more$", words_of(cell))
    # the evidence of a cell: whose words, where they stand, and the answer to each issue
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


def test_one_area_is_followed_with_those_before_and_after_it_and_a_column_of_several_names_each():
    rounds = FourRounds(area="East Midlands")
    assert {*rounds.frame["area"]} | {"Nottinghamshire"} == {
        "Leicestershire", "Nottinghamshire", "East Midlands",
    }  # fmt: skip
    rounds.set(area="Kent", round=["2010-12"])
    assert "not inspected in this round, or not found" in words_of(rounds.shown["table"])
    rounds.set(area="west_midlands_1999", round=None)
    assert "3 of 14 aspects known" in words_of(rounds.shown["table"])
    lists = {spec["name"]: spec["options"] for spec in rounds.form}
    assert ["west_midlands_1999", "West Midlands (1999 to 2011)", None] in lists["area"]
    words = words_of(FourRounds(round=["2007"], theme="crown_court_casework").shown["table"])
    assert re.search(r"2007 \d+ Areas", words)
    assert re.search(r"(Weakness|Poor) [A-Z][\w ]+: ", words)


def test_nine_requests_and_how_far_each_had_got_a_cell_of_the_matrix_and_the_page_of_an_area():
    assert explorers.ActionsExplorer(area="Leicestershire").shown["sentence"] == (
        "Recommendations: 1 Achieved, 3 Substantial progress, of 4; "
        "aspects for improvement: 1 Achieved, 2 Limited progress, 2 Substantial progress, of 5."
    )
    themes = ThemeExplorer()
    command(themes, "open", cell="disclosure 2016-19")
    assert set(themes.frame["round"]) == {"2016-19"}
    pressed = re.findall(r'aria-pressed="true" aria-label="([^"]*)"', themes.shown["table"])
    assert pressed == [f"Disclosure, 2016-19: {len(themes.frame)}"]
    assert set(explorers.AreaPage(area="South West").frame["area"]) == {"South West"}


def test_what_an_edit_changes_stands_under_the_edited_link_and_reset_and_undo_take_it_back():
    explorer = CrosswalkExplorer(pair=PAIR, area="Leicestershire")
    before = explorer.crosswalk.to_frame()
    old, new = before["source_aspect_id"].fillna(""), before["target_aspect_id"].fillna("")
    command(explorer, "drop", row=int(old.str.contains("leadership").idxmax()))
    assert "not valid" in explorer.shown["status"]
    command(explorer, "undo")
    poor = old.str.contains("magistrates") & new.str.contains("reviews")
    command(explorer, "edit", row=int(poor.idxmax()), field="At most", value="0")
    assert explorer.shown["status"].endswith("valid, 1 changed by you")
    changes = re.search("What changes: [^<]*", explorer.shown["table"])[0]
    assert changes == "What changes: Reviews and decisions: was Poor to Good, now Good."
    command(explorer, "drop", row=3)
    command(explorer, "reset")
    pd.testing.assert_frame_equal(explorer.crosswalk.to_frame(), before)
    command(explorer, "undo")
    assert len(explorer.frame) == len(before) - 1


def test_what_is_wrong_is_told_in_plain_words_and_what_cannot_be_changes_nothing():
    explorer = CrosswalkExplorer(pair=PAIR)
    command(explorer, "edit", row=0, field="At least", value="-1")
    wrong = words_of(explorer.shown["table"].partition("</table>")[0])
    assert "Keep 0 <= At least <= At most <= 1" in wrong
    assert not re.search(r"share_low|opa_2005_|aap_2016_|Row 0", wrong)
    with pytest.raises(HmcpsiError, match="There is no picture of this"):
        explorer.download("png")
    command(explorer, "reset")
    assert ", valid" in explorer.shown["status"]
    before = explorer.crosswalk.to_frame()
    for do, details, told in (
        ("edit", {"row": 0, "field": "At least", "value": "much"}, 'At least "much" is not a num'),
        ("edit", {"row": 9999, "field": "At least", "value": "0.5"}, "9999"),
        ("file", {"name": "file", "file": "a.csv", "size": 3, "data": b"a,b"}, "a.csv"),
        ("file", {"name": "file", "file": "large.csv", "size": 10**8}, "large.csv"),
    ):
        command(explorer, do, **details)
        assert told in explorer.error
        pd.testing.assert_frame_equal(explorer.crosswalk.to_frame(), before)


def test_a_link_is_added_and_an_edited_crosswalk_saved_loaded_back_and_given_by_its_code():
    explorer = CrosswalkExplorer(pair=PAIR, aspect="opa_2005_leadership")
    n = len(explorer.frame)
    command(explorer, "add", value="aap_2016_east_midlands_performance_data")
    assert explorer.frame["source_aspect_id"].iloc[n:].tolist() == ["opa_2005_leadership"]
    command(explorer, "undo")
    explorer.set(aspect=None, search="old contains new")  # words on the screen, for a code
    assert explorer.shown["status"] == "2 of 23 rows, valid"
    assert "Crosswalk.load" in explorer.shown["code"]
    command(explorer, "edit", row=0, field="Why", value="Ours, for this test.")
    for kind in ("csv", "sssom"):
        name, data = explorer.download(kind)
        fresh = CrosswalkExplorer(pair=PAIR)
        read(fresh, data, name)
        assert fresh.frame["justification"].iloc[0] == "Ours, for this test."
        assert "changed by you" in fresh.shown["status"]
        command(fresh, "undo")
        assert "changed by you" not in fresh.shown["status"]
    given = run(explorer.shown["code"]).to_frame()
    pd.testing.assert_frame_equal(given, explorer.crosswalk.to_frame())


def test_a_crosswalk_of_ones_own_is_compared_with_and_sets_without_a_comparison_say_why():
    shipped = hd.Crosswalk.load("opa_2005", "aap_2016_east_midlands")
    mine = shipped.without("opa_2005_managing_resources", "Only this test says so.")
    resources = "Resources systematically managed"
    own, shown = explorers.ComparisonExplorer(crosswalk=mine), explorers.ComparisonExplorer()
    for explorer, verdict in ((own, "no old counterpart"), (shown, "below it")):
        assert explorer.frame.set_index("target").loc[resources, "verdict"] == verdict
    shown.pair = "opa_2005 to opa_2007"
    assert "There is no comparison" in shown.shown["sentence"]
    assert shown.frame.empty
    shown.set(pair=PAIR, verdict="below it", search="victims")
    assert shown.frame["target"].tolist() == ["Communication with victims"]


def test_a_changed_rating_changes_the_possible_words_and_one_that_cannot_be_is_told():
    explorer = explorers.AssessmentExplorer()
    assert explorer.shown["status"].endswith(": Leicestershire as it was rated")
    command(explorer, "edit", field="Rating", row=MAGISTRATES, value="Good")
    assert explorer.changes == {MAGISTRATES: "Good"}
    assert explorer.shown["status"].startswith("Fair or Good by reconstruction")
    command(explorer, "edit", field="Rating", row=MAGISTRATES, value="Poor")
    assert explorer.changes is None
    explorer.set(changes={"disclosure": "Poor"})
    explorer.area = "Suffolk"  # another Area brings its own ratings
    assert explorer.shown["status"] == "Excellent by reconstruction: Suffolk as it was rated"
    for changes in ({"disclosure": "Splendid"}, {"kindness": "Good"}):
        explorer.changes = changes
        assert explorer.error.startswith("Changes")
        assert explorer.changes is None
    with pytest.raises(HmcpsiError, match=r"^Changes must be ratings by aspect"):
        explorer.changes = "Good"


@pytest.fixture
def desk(tmp_path):
    found = AddDocument(folder=str(tmp_path / "mine"), new_area=True)
    command(found, "accept")
    assert found.error == "Read a document first."
    read(found, NOTICE.encode())
    assert found.error == ""
    return found


def test_claims_stand_beside_their_lines_and_an_unreadable_file_leaves_them(desk):
    claims = desk.frame.set_index("what")
    assert claims.loc["Care of dragons", ["value", "locator"]].tolist() == ["Poor", "L11"]
    assert not claims.loc["Late flying carpets", "certain"]
    assert re.search("Doubtful: (?s:.*)Take it", desk.shown["table"])
    assert "area: " not in desk.shown["table"]
    assert "names its source" not in desk.cite
    folder = desk.folder
    added = f"hd.copy_data({folder!r})\nhd.add_document('notice.txt', {folder!r}, new_area=True)"
    assert desk.shown["code"].endswith(added)
    pasted = AddDocument(NOTICE, area="Essex")
    assert "the text of the document" in pasted.shown["code"]
    assert re.search(r"add_document\(text, .*my-data', area='essex_1999'\)$", pasted.shown["code"])
    assert pasted.folder == ""
    before = desk.shown["table"]
    for data in (b"", b"\x00\x01\x02" * 50, b"%PDF-1.7 broken"):
        read(desk, data, "bad.pdf")
        assert "still what was read in" in desk.error
        assert desk.shown["table"] == before


def test_rows_are_corrected_added_and_left_out_and_what_cannot_stand_there_is_told(desk):
    made = desk.document.claims
    (action,) = desk.frame.index[desk.frame["what"].eq("issue 1")]
    command(desk, "edit", row=int(action), field="Kind", value="recommendation")
    assert desk.document.rows(new_area=True)["actions"]["kind"].iloc[0] == "recommendation"
    command(desk, "edit", row=int(action), field="Kind", value="magic")
    assert "magic" in desk.error
    command(desk, "row", table="ratings", what="Care of knights", value="Good", locator="L999")
    assert desk.error
    command(desk, "row", table="measures", what="courts", value="7", locator="L14")
    assert (desk.error, len(desk.frame)) == ("", len(made) + 1)
    (number,) = desk.frame.index[desk.frame["what"].eq("Care of dragons")]
    command(desk, "drop", row=int(number))
    assert "Care of dragons" not in set(desk.frame["what"])


def test_accepting_adds_the_rows_once_to_a_folder_that_it_makes_and_never_to_the_package(
    desk, tmp_path
):
    mine, desk.folder = tmp_path / "mine", str(hd.Record().folder)
    command(desk, "accept")
    assert desk.error
    assert "Inventshire" not in set(hd.areas()["area"])
    desk.folder = str(mine)
    command(desk, "accept")
    assert desk.error == ""
    assert hd.check(mine).empty
    assert set(hd.ratings("Inventshire", record=mine)["area"]) == {"Inventshire"}
    cited = RatingsExplorer(record=mine, area="Inventshire").cite
    assert re.search(r"version [\d.]+\+[0-9a-f]{12}, ", cited)  # of data that were changed
    name, data = desk.download("zip")
    assert name == "mine.zip"
    assert "mine/ratings.csv" in zipfile.ZipFile(io.BytesIO(data)).namelist()
    read(desk, NOTICE.encode())
    command(desk, "accept")
    assert "already" in desk.error
    # what is unclear names the controls, and not the code
    unclear = AddDocument(NOTICE.replace("Inventshire", "Nowhereshire"), record=mine)
    assert "Nowhereshire" in unclear.shown["sentence"]
    assert "=" not in unclear.shown["sentence"]
    unclear.area = "Inventshire"
    assert "lists above" not in unclear.shown["sentence"]
