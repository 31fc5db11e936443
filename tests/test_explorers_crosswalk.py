"""The explorers of comparisons and crosswalks, moved control by control as the browser does it."""

import html
import io
import json
import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser

import pandas as pd
import pytest
from editing import Copy
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import hmcpsi_data as hd
from hmcpsi_data.comparing import VERDICTS
from hmcpsi_data.crosswalk import Crosswalk
from hmcpsi_data.crosswalk_cells import CURATED, LONGEST_CELL, cell, new_row
from hmcpsi_data.crosswalk_editor import EDITOR, CrosswalkEditor
from hmcpsi_data.crosswalk_files import opened, saved
from hmcpsi_data.errors import HmcpsiError, UnknownValueError
from hmcpsi_data.explorers import ComparisonExplorer, CrosswalkExplorer
from hmcpsi_data.explorers.control import MAX_BYTES
from hmcpsi_data.explorers.explorer import Explorer
from hmcpsi_data.set_pairs import Pairs  # for the lines of code

ROWS = "Rows of the crosswalk"
REACHED = "What it reaches, and the gaps"
WRONG = "What is wrong with it"
TRANSLATED = "Old ratings of Leicestershire, translated"
EAST = "opa_2005 to aap_2016_east_midlands"
SECTIONS = "opa_2005 to aap_2016_sections"
WESSEX = "opa_2005 to aap_2016_wessex"
OPA_2007 = "opa_2005 to opa_2007"
COMPARED = {EAST: 7, SECTIONS: 4, WESSEX: 13}
LINKED = {
    OPA_2007: (20, "no rating of Thirteen aspects of the OPA 2007 is known here."),
    "opa_2005 to follow_up_2010_subjects": (25, "measures progress"),
    "aap_2016_east_midlands to aip_2021_subjects": (18, "speaks in prose"),
}
TREND = re.compile(r"improve[ds]?\b|declin|worsen|deteriorat|better than|worse than", re.I)
RELATIONS = ["equal", "source_within_target", "source_contains_target", "overlaps", "undetermined"]
HEADER = "source_set,source_aspect_id,target_set,target_aspect_id,status,relation\n"


def move(explorer, **controls):
    """Move controls as the browser does: one new state."""
    explorer.state = {**explorer.state, **controls}


def press(explorer, name, **more):
    """Press a button as the browser does: a message."""
    explorer._handle_custom_msg({"do": name, **more}, [])


def upload(explorer, data, name="mine.csv"):
    """Choose a file as the browser does."""
    content = {"do": "file", "name": "file", "file": name, "size": len(data)}
    explorer._handle_custom_msg(content, [memoryview(data)] if len(data) <= MAX_BYTES else [])


def options(explorer, name):
    """The values that a control offers now."""
    spec = next(spec for spec in explorer.controls if spec["name"] == name)
    return [value for value, _ in spec["options"]]


def shown(explorer):
    """Everything that is on the screen, without the number of the view."""
    return {**explorer.view, "serial": None}, explorer.state, explorer.controls, explorer.actions


def unbroken(explorer):
    """The HTML of the tables without the marks that say where a line may break."""
    marks = r'<wbr>|<span style="white-space:nowrap">|</span>'
    return re.sub(marks, "", explorer.view["table"])


def tables(explorer):
    """The tables on the screen by their captions; their words stand in the HTML as well."""
    found = {table.title: table.frame for table in explorer._now.tables()}
    text = "".join(Marks(explorer.view["table"]).texts)
    for frame in found.values():
        for cells in frame.fillna("").astype(str).to_numpy():
            assert all(line in text for one in cells for line in one.split("\n"))
    return found


class Marks(HTMLParser):
    """The tags, attributes and texts that are really there in HTML."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.texts = Counter(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.attributes += attrs

    def handle_data(self, data):
        self.texts.append(data)


def row_of(explorer):
    """The picked row."""
    return explorer.editor.row(int(explorer.state["link"]))


def same_frame(left, right):
    assert_frame_equal(left.reset_index(drop=True), right.reset_index(drop=True))


def code_gives(explorer, **names):
    """What the line of code gives that the explorer shows."""
    lines, _, last = explorer.view["code"].rpartition("\n")
    known = {"hd": hd, **names}
    exec(lines, known)
    return eval(last, known)


@pytest.fixture
def undrawn(monkeypatch):
    """Leave the pictures away, which take most of the time."""
    monkeypatch.setattr(Explorer, "_draw", lambda *_: None)


@pytest.fixture
def comparison():
    return ComparisonExplorer()


@pytest.fixture
def explorer():
    return CrosswalkExplorer(pair=SECTIONS)


# The comparison --------------------------------------------------------------------------------


def test_a_comparison_counts_its_verdicts_and_keeps_the_caveat_in_view(comparison):
    assert comparison.view["status"] == "7 of 7 new aspects, East Midlands"
    assert (
        "Of 7 new aspects: inside the old range 5, below the old range 2."
        in comparison.view["words"]
    )
    assert "1 of 5 (Leicestershire), 22% of the 2011 population" in comparison.view["words"]
    assert "this is no trend" in comparison.view["words"]
    assert "no finding of the inspectorate" in comparison.caveat
    same_frame(comparison.frame, hd.compare())


@pytest.mark.parametrize("pair", [*COMPARED, *LINKED])
def test_every_pair_says_what_it_shows_and_never_calls_it_a_trend(comparison, pair):
    move(comparison, pair=pair)
    assert comparison.error == ""
    assert comparison.picture_serial > 0
    assert comparison.picture.startswith("<figure")
    said = [comparison.view[name] for name in ("status", "words", "table")]
    texts = re.sub(r"<[^>]*>", " ", " ".join([*said, comparison.picture, comparison.caveat]))
    labels = [label for side in comparison._pairs[pair].labels for label in side.values()]
    labels.sort(key=len, reverse=True)
    for label in labels:  # "Managing performance to improve" is an aspect of 2006
        texts = html.unescape(texts).replace(label, "")
    assert TREND.search(re.sub(r"[Ww]hy.*|Continuously improving", "", texts)) is None or (
        pair in LINKED  # justifications quote the labels of both sides
    )
    same_frame(comparison.frame, code_gives(comparison))


@pytest.mark.parametrize("pair", LINKED)
def test_where_there_is_no_comparison_the_old_ratings_and_links_stand_with_the_reason(
    comparison, pair
):
    n, reason = LINKED[pair]
    move(comparison, pair=pair)
    assert len(comparison.frame) == n
    assert comparison.view["words"].startswith("There is no comparison: ")
    assert reason in comparison.view["words"]
    assert "verdict" not in comparison.frame
    assert comparison.frame["old_rating"].isin(["Excellent", "Good", "Fair", "Poor"]).any()
    assert "Old ratings and their links" in comparison.view["table"]
    assert comparison.view["status"].endswith("; no comparison")


@pytest.mark.parametrize("pair", [EAST, SECTIONS, WESSEX])
def test_every_filter_of_a_comparison_does_what_it_says(undrawn, pair):
    comparison = ComparisonExplorer(pair=pair)
    whole = comparison.frame
    for column in ("verdict", "confidence", "relation"):
        for value in options(comparison, column):
            move(comparison, **{column: [value]})
            assert comparison.error == ""
            if column not in whole:
                assert comparison.frame.empty
                continue
            cells = whole[column].fillna("").str.split("; ")
            expected = whole[[value in found for found in cells]]
            same_frame(comparison.frame, expected)
            same_frame(comparison.frame, code_gives(comparison))
            assert comparison.view["status"].startswith(f"{len(expected)} of {len(whole)} ")
        move(comparison, **{column: []})
    move(comparison, search="casework" if pair == SECTIONS else "leadership")
    assert 0 < len(comparison.frame) < len(whole)
    same_frame(comparison.frame, code_gives(comparison))
    for area in options(comparison, "area"):
        move(comparison, area=area)
        assert comparison.error == ""


def test_a_verdict_asked_for_where_there_is_none_finds_nothing_in_the_code_either(comparison):
    comparison.set(pair="opa_2005 to opa_2007", verdict=["below it"], confidence=["high"])
    assert comparison.frame.empty
    *lines, last = comparison.view["code"].splitlines()
    known = {}
    exec("\n".join(lines), known)
    found = eval(last, known)
    assert list(found) == list(comparison.frame)
    assert found.empty


def test_a_filter_that_nothing_fits_says_so_and_leaves_an_empty_file(comparison):
    move(comparison, verdict=["above it"], search="zzz")
    assert comparison.view["status"] == "0 of 7 new aspects, East Midlands"
    assert "No new aspect fits all filters" in comparison.view["words"]
    assert comparison.picture == ""
    name, data = comparison.download("csv")
    assert name.endswith(".csv")
    assert pd.read_csv(io.BytesIO(data)).empty
    with pytest.raises(HmcpsiError, match="no picture"):
        comparison.download("svg")
    move(comparison, pair=OPA_2007)
    assert "No row of the crosswalk fits" in comparison.view["words"]
    press(comparison, "reset")
    assert comparison.view["status"] == "7 of 7 new aspects, East Midlands"


def test_a_value_that_is_not_known_is_a_sentence_and_the_view_stays(comparison):
    before = comparison.view["table"]
    comparison.state = {**comparison.state, "verdict": ["improved"]}
    assert "Verdict" in comparison.error
    assert '"improved" is not known' in comparison.error
    assert comparison.view["table"] == before
    press(comparison, "reset")
    assert comparison.error == ""
    for wrong in ({"verdict": ["improved"]}, {"area": "nowhere"}, {"pair": "a to b"}, {"x": 1}):
        with pytest.raises(UnknownValueError):
            comparison.set(**wrong)
        with pytest.raises(UnknownValueError):
            ComparisonExplorer(**wrong)
        assert comparison.error == ""


def test_the_area_follows_the_pair_unless_it_is_named(comparison):
    move(comparison, pair=OPA_2007)
    assert comparison.state["area"] == "leicestershire_1999"
    comparison.set(pair=EAST)
    assert comparison.state["area"] == "east_midlands_2011"
    move(comparison, pair=WESSEX)
    assert comparison.state["area"] == "wessex_2011"
    comparison.set(pair=SECTIONS)  # sections of Wessex are rated too
    assert comparison.state["area"] == "wessex_2011"
    with pytest.raises(UnknownValueError):
        comparison.set(pair=SECTIONS, area="leicestershire_1999")


def test_a_new_rating_that_is_not_known_has_no_verdict(tmp_path):
    copy = Copy(tmp_path / "data")
    line = copy.line("ratings", aspect_id="aap_2016_east_midlands_performance_data")
    copy.put("ratings", line, rating="", rating_as_printed="", missing="not_found")
    comparison = ComparisonExplorer(folder=copy.folder)
    assert "no new rating 1" in comparison.view["words"]
    assert "inside the old range 4" in comparison.view["words"]
    assert comparison.picture.startswith("<figure")
    assert comparison.frame["verdict"].isna().sum() == 1
    move(comparison, verdict=[*VERDICTS])
    assert len(comparison.frame) == 6


def test_each_rating_says_where_it_stands(comparison):
    table = comparison._now.tables()[0].frame.set_index("New aspect")
    assert table.loc["Communication with victims", "Where from"] == (
        "new: doc_aap_2016, L28\nold: doc_opa_2006, L23"
    )
    (address,) = hd.load("sources").query("source_id == 'doc_aap_2016'")["address"]
    assert comparison.view["table"].count(f'href="{html.escape(address)}"') == 7
    assert comparison.view["table"].count("no address") == 7  # of the notice of 2006
    move(comparison, pair=OPA_2007)
    table = comparison._now.tables()[0].frame
    rated = table["Old rating"].isin(["Excellent", "Good", "Fair", "Poor"])
    assert table.loc[rated, "Where from"].str.startswith("old: doc_opa_2006, L").all()


def test_a_citation_names_the_sources_of_both_sides(comparison, explorer):
    titles = hd.load("sources").set_index("source_id")["title"]
    ids = ("doc_opa_2006", "doc_aap_2016", "doc_aip_response_2022")
    opa, aap, aip = (f"{titles[one]} ({one})" for one in ids)
    assert f" Sources: {aap}; {opa}. " in comparison.view["cite"]
    move(comparison, pair=OPA_2007)
    assert f" Sources: {opa}. " in comparison.view["cite"]
    move(explorer, pair=EAST)
    assert f" Sources: {aap}; {opa}. " in explorer.view["cite"]
    move(explorer, pair="aap_2016_east_midlands to aip_2021_subjects")
    assert f" Sources: {aap}; {aip}. " in explorer.view["cite"]


def test_each_row_of_a_crosswalk_says_where_its_aspects_are_printed(explorer):
    move(explorer, pair=EAST)
    table = tables(explorer)[ROWS].set_index("Row")
    assert table.loc["6", "Where from"] == "old: doc_opa_2006, L19;L24\nnew: doc_aap_2016, L23"
    assert (
        'title="Press notice: Area Assurance inspection of CPS East Midlands"'
        in (explorer.view["table"])
    )


def test_what_is_shown_is_in_words_and_what_is_saved_in_codes(comparison, explorer):
    code = re.compile(r"\b(?!doc_)[a-z0-9]+_[a-z0-9_]+\b")
    for pair in [*COMPARED, *LINKED]:
        for one in (comparison, explorer):
            move(one, pair=pair)
            if one is explorer:
                move(explorer, area="leicestershire_1999")
                move(explorer, relation="", low="2")
            labels = [label for spec in one.controls for _, label in spec["options"]]
            marks = Marks(one.view["table"])
            said = [one.view["status"], one.view["words"], *labels, *marks.texts, one.error]
            assert code.findall(" ".join(said)) == []
            if one is explorer:
                press(explorer, "undo")
                press(explorer, "undo")
    assert "below it" in set(hd.compare()["verdict"])
    assert explorer.frame["curation_rule"].str.contains("_").any()


def test_a_crosswalk_of_your_own_changes_the_comparison():
    explorer = CrosswalkExplorer(pair=EAST, aspect="old opa_2005_managing_resources")
    assert row_of(explorer)["relation"] == "equal"
    press(explorer, "drop")
    assert "not valid: 2 problems" in explorer.view["status"]
    move(explorer, to="no_counterpart")
    press(explorer, "add")
    move(explorer, aspect="new aap_2016_east_midlands_resources_systematically_managed")
    move(explorer, to="no_counterpart")
    press(explorer, "add")
    mine = explorer.crosswalk
    assert mine.is_valid()
    comparison = ComparisonExplorer(crosswalk=mine)
    assert comparison.state["pair"] == f"your {EAST}"
    assert "no old counterpart 1" in comparison.view["words"]
    assert "below the old range 1" in comparison.view["words"]
    same_frame(comparison.frame, hd.compare(crosswalk=mine))
    same_frame(comparison.frame, code_gives(comparison, my_crosswalk=mine))
    move(comparison, pair=EAST)
    same_frame(comparison.frame, hd.compare())
    before = CrosswalkExplorer(crosswalk=mine)
    assert before.state["pair"] == f"your {EAST}"
    assert "This crosswalk is yours, not shipped." in before.view["words"]
    assert before.view["table"].count("edited by you, not shipped") == 2


def test_a_crosswalk_of_your_own_that_is_not_valid_is_shown_with_the_reason():
    editor = CrosswalkEditor(Crosswalk.load("opa_2005", "aap_2016_east_midlands"))
    editor.change(0, share_high=3)
    comparison = ComparisonExplorer(crosswalk=editor.crosswalk)
    assert "the crosswalk is not valid. diagnose() says what" in comparison.view["words"]
    assert len(comparison.frame) == 23
    move(comparison, pair=EAST)
    assert len(comparison.frame) == 7


def test_a_crosswalk_between_sets_of_your_own_is_shown():
    aspects = pd.DataFrame({"aspect_id": ["a", "b"], "set_id": ["old", "new"]})
    row = {"source_set": "old", "source_aspect_id": "a", "target_set": "new"}
    frame = pd.DataFrame([row | {"target_aspect_id": "b", "status": "mapped", "relation": "equal"}])
    mine = Crosswalk(frame, aspects=aspects)
    comparison = ComparisonExplorer(crosswalk=mine)
    assert comparison.error == ""
    assert "There is no comparison" in comparison.view["words"]
    explorer = CrosswalkExplorer(crosswalk=mine)
    assert explorer.view["status"] == "1 of 1 row; valid"
    press(explorer, "drop")
    assert "This is the last row" in explorer.error


# The editor -------------------------------------------------------------------------------------


@cache
def labels():
    """The aspects of both sides."""
    return [list(side) for side in Pairs().pair(start()).labels]


def start():
    return Crosswalk.load("opa_2005", "aap_2016_sections")


SHARE = st.one_of(st.none(), st.floats(-0.5, 1.5), st.sampled_from(["", "0.5", "1"]))
WORDS = st.text(max_size=12)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "relation": st.sampled_from([*RELATIONS, None]),
        "share_low": SHARE,
        "share_high": SHARE,
        "confidence": st.sampled_from(["high", "medium", "low", None]),
        "justification": WORDS,
    },
)
PICK = st.integers(0, 100)
STEPS = st.one_of(
    st.tuples(st.just("change"), PICK, CHANGES),
    st.tuples(st.just("drop"), PICK),
    st.tuples(st.just("add"), PICK, PICK),
    st.tuples(st.just("replace")),
)


def step(editor, kind, *how):
    """Do one edit; what is refused does nothing."""
    numbers = editor.numbers
    try:
        if kind == "change":
            editor.change(numbers[how[0] % len(numbers)], **how[1])
        elif kind == "drop":
            editor.drop(numbers[how[0] % len(numbers)])
        elif kind == "add":
            picked = zip(labels(), how, strict=True)
            ends = [(*side, None)[pick % (len(side) + 1)] for side, pick in picked]
            editor.add(*ends)
        else:
            editor.replace(start())
    except HmcpsiError:
        pass


@given(st.lists(STEPS, max_size=8))
def test_any_edits_undone_give_the_very_crosswalk_that_was_there(steps):
    first = start()
    editor, seen = CrosswalkEditor(first), []
    for one in steps:
        n = len(editor.code)
        before = editor.rows
        step(editor, *one)
        if len(editor.code) > n:
            seen.append(before)
    last = editor.crosswalk, editor.rows
    for rows in reversed(seen):
        editor.undo()
        assert editor.rows == rows
    assert not editor.can_undo
    assert editor.crosswalk is first
    assert editor.edited == set()
    for _ in seen:
        editor.redo()
    assert not editor.can_redo
    assert editor.rows == last[1]
    assert_frame_equal(editor.crosswalk.to_frame(), last[0].to_frame())
    assert_frame_equal(start().to_frame(), first.to_frame())


@settings(max_examples=max(25, settings.default.max_examples // 5))
@given(st.lists(STEPS, max_size=6))
def test_what_is_saved_is_opened_as_it_was(steps):
    editor = CrosswalkEditor(start())
    for one in steps:
        step(editor, *one)
    kinds = ["csv", "sssom"] if editor.crosswalk.is_valid() else ["csv"]
    frame = editor.crosswalk.to_frame()
    for kind in kinds:
        texts = frame["justification"].fillna("")
        if texts.str.contains(r"[\x00\r]").any() or texts.str.strip().ne(texts).any():
            continue  # no file of this kind holds them
        again = opened("mine", saved(editor.crosswalk, kind), hd.load("aspects"))
        assert_frame_equal(again.to_frame(), frame)


@pytest.mark.parametrize("text", ["=1+1", "'=1", "''-x", "@a", "+b", "'plain", "'", "\tc", "a\nb"])
def test_a_text_like_a_formula_is_saved_as_text_and_opened_as_it_was(text):
    frame = start().to_frame()
    frame.loc[0, "justification"] = text
    data = saved(Crosswalk(frame), "csv")
    assert not re.search(rb'(^|,|")[=+@\t-](?!\d)', data)
    again = opened("mine.csv", data, hd.load("aspects"))
    assert_frame_equal(again.to_frame(), frame)


def test_an_edited_row_does_not_claim_the_curation_of_the_shipped_one():
    editor = CrosswalkEditor(start())
    before = editor.row(0)
    editor.change(0, confidence="low" if before["confidence"] != "low" else "high")
    row = editor.row(0)
    assert row["curated_by"] == EDITOR
    assert [row[name] for name in CURATED if name != "curated_by"] == [None] * 4
    assert editor.edited == {0}
    editor.change(0, confidence=before["confidence"])
    assert editor.row(0) == before
    assert editor.edited == set()


def test_the_lines_of_code_lead_to_the_same_crosswalk():
    editor = CrosswalkEditor(start())
    editor.change(0, share_low="", share_high=1, justification='A "quoted" sentence.')
    number = editor.add("opa_2005_leadership", "aap_2016_sections_public_confidence")
    editor.change(number, relation="overlaps", confidence="high")
    editor.drop(2)
    again = CrosswalkEditor(start())
    for line in editor.code:
        eval(line, {"editor": again})
    assert_frame_equal(again.crosswalk.to_frame(), editor.crosswalk.to_frame())
    assert editor.n_dropped == 1


def test_what_an_editor_cannot_do_it_says():
    editor = CrosswalkEditor(start())
    lost = next(n for n, row in editor.rows.items() if row["status"] == "no_counterpart")
    rest = next(n for n, row in editor.rows.items() if row["status"] == "remainder")
    for wrong, says in [
        (lambda: editor.change(99, confidence="low"), 'row "99" is not known'),
        (lambda: editor.change(0, status="mapped"), 'column "status" is not known'),
        (lambda: editor.change(0, relation="the same"), 'relation "the same" is not known'),
        (lambda: editor.change(0, share_low="half"), 'share_low "half" is not a number'),
        (lambda: editor.change(0, share_low=float("inf")), "is not a number"),
        (lambda: editor.change(lost, share_low=0.5), "it has no bounds"),
        (lambda: editor.change(lost, relation="equal"), "has no relation"),
        (lambda: editor.change(rest, relation="equal"), "has no relation"),
        (lambda: editor.add(), "needs an aspect"),
        (lambda: editor.add("a", "b", "sure"), 'status "sure" is not known'),
        (lambda: editor.replace(Crosswalk.load("opa_2005", "opa_2007")), "opa_2005 to opa_2007"),
    ]:
        with pytest.raises(HmcpsiError, match=re.escape(says)):
            wrong()
    assert not editor.can_undo
    editor.undo()
    editor.redo()
    assert editor.crosswalk.is_valid()
    assert cell("justification", None) is None
    assert new_row(("x", "y"), "a", "b", None)["relation"] == "undetermined"


def test_an_undetermined_case_becomes_a_link_with_its_relation():
    editor = CrosswalkEditor(start())
    number = next(n for n, row in editor.rows.items() if row["status"] == "undetermined")
    row = editor.row(number)
    if not (row["source_aspect_id"] and row["target_aspect_id"]):
        number = editor.add("opa_2005_leadership", "aap_2016_sections_public_confidence", None)
        editor.drop(number)
        number = editor.add(
            "opa_2005_leadership", "aap_2016_sections_public_confidence", "undetermined"
        )
    assert editor.row(number)["status"] == "undetermined"
    editor.change(number, relation="overlaps")
    assert editor.row(number)["status"] == "mapped"


# The crosswalk explorer: what it shows ------------------------------------------------------------


def test_all_rows_are_shown_with_their_judgement(explorer):
    assert explorer.view["status"] == "19 of 19 rows; valid"
    table = html.unescape(unbroken(explorer))
    for row in explorer.editor.rows.values():
        assert row["justification"] in table
        assert row["curation_rule"].replace("_", " ") in table
    for heading in ("Relation (n:n)", "How sure", "Part of the old", "Justification", "Where from"):
        assert f">{heading}</th>" in table
    assert "What it reaches" in table
    assert "edited by you" not in table
    assert "translated" not in table  # never the view to start with
    assert "Picked: " in explorer.view["words"]
    same_frame(explorer.frame, start().to_frame())
    same_frame(explorer.frame, code_gives(explorer))


@pytest.mark.parametrize("pair", [*COMPARED, *LINKED])
def test_every_aspect_of_every_pair_shows_its_rows(undrawn, explorer, pair):
    move(explorer, pair=pair)
    assert explorer.state["link"] == "0"
    for aspect in options(explorer, "aspect"):
        move(explorer, aspect=aspect)
        assert explorer.error == ""
        side, _, aspect_id = aspect.partition(" ")
        column = {"old": "source_aspect_id", "new": "target_aspect_id", "": None}[side]
        frame = explorer.frame
        expected = len(frame) if column is None else int(frame[column].eq(aspect_id).sum())
        assert explorer.view["status"].startswith(f"{expected} of {len(frame)} rows")
        assert explorer.state["link"] in options(explorer, "link")
    for link in options(explorer, "link"):
        move(explorer, link=link)
        assert explorer.state["link"] == link
        assert f'aria-label="Pick row {link}: ' in explorer.view["table"]
        assert explorer.view["table"].count('aria-pressed="true"') == 1


def test_the_picture_stays_while_only_the_picked_row_changes(explorer):
    before = explorer.picture_serial
    move(explorer, link="3")
    assert explorer.picture_serial == before
    move(explorer, aspect="old opa_2005_leadership")
    assert explorer.picture_serial == before + 1


def test_cardinality_is_computed_over_the_whole_crosswalk(explorer):
    expected = start().cardinality()["cardinality"].tolist()
    table = tables(explorer)[ROWS]
    assert table["Relation (n:n)"].str.extract(r" \((.:.)\)$")[0].tolist() == expected
    move(explorer, aspect=options(explorer, "aspect")[1])
    table = tables(explorer)[ROWS]
    numbers = [int(n) for n in table["Row"]]
    found = table["Relation (n:n)"].str.extract(r" \((.:.)\)$")[0].tolist()
    assert found == [expected[n] for n in numbers]


def test_the_gap_lists_name_what_is_left_out_on_both_sides(explorer):
    move(explorer, pair=EAST)
    coverage = Crosswalk.load("opa_2005", "aap_2016_east_midlands").coverage()
    shown = tables(explorer)[REACHED].set_index("Aspects")
    for side in (0, 1):
        found = coverage.iloc[side]
        assert shown.loc["Linked"].iloc[side] == str(found["n_linked"])
        cell = str(found["n_without"])
        if found["n_without"]:
            cell += f": {found['without']}"
        assert shown.loc["No counterpart"].iloc[side] == cell
    assert "Ensuring successful outcomes; " in shown.loc["No counterpart"].iloc[0]


def test_translated_ratings_follow_the_edits(explorer):
    rated = hd.ratings(set_id="opa_2005", level="aspect")
    rated = rated[rated["rating"].notna()]["area_id"].unique()
    assert set(options(explorer, "area")) == {"", *rated}
    assert "leicestershire_1999" in rated
    move(explorer, area="leicestershire_1999", aspect="new aap_2016_sections_public_confidence")
    translated = tables(explorer)[TRANSLATED]
    assert translated["Old, worst"].tolist() == ["Good", "Poor", "Fair", "Fair"]
    assert set(translated["As shipped"]) == {"the same"}
    assert set(translated["Origin"]) == {"translated"}
    assert "no finding of the inspectorate" in explorer.view["table"]
    excellent = next(
        str(n)
        for n, row in explorer.editor.rows.items()
        if row["source_aspect_id"] == "opa_2005_securing_community_confidence"
        and row["target_aspect_id"]
    )
    move(explorer, link=excellent)
    press(explorer, "drop")
    assert "What is wrong with it" in explorer.view["table"]
    assert "translated</caption>" not in explorer.view["table"]
    assert "wait until it is valid" in explorer.view["words"]
    move(explorer, aspect="old opa_2005_securing_community_confidence", to="no_counterpart")
    press(explorer, "add")
    translated = tables(explorer)[TRANSLATED]
    assert translated["Old, best"].tolist()[2] == "Fair"
    assert translated["As shipped"].tolist()[2].startswith("Fair to Excellent")


# The crosswalk explorer: what it does ---------------------------------------------------------


@pytest.mark.parametrize("relation", ["", *RELATIONS])
def test_a_relation_can_be_changed(explorer, relation):
    move(explorer, link="0", relation=relation)
    assert explorer.error == ""
    assert row_of(explorer)["relation"] == (relation or None)
    assert explorer.state["relation"] == relation
    problems = explorer.crosswalk.diagnose()
    assert ("What is wrong with it" in explorer.view["table"]) == (not problems.empty)
    if problems.empty:
        assert "; valid" in explorer.view["status"]
    else:
        assert f"not valid: {len(problems)} problem" in explorer.view["status"]
        assert html.escape(problems["remedy"].iloc[0]) in unbroken(explorer)


@pytest.mark.parametrize(
    ("control", "value", "column", "expected"),
    [
        ("low", "0.25", "share_low", 0.25),
        ("low", "", "share_low", None),
        ("high", "0.9", "share_high", 0.9),
        ("high", "1.50", "share_high", 1.5),
        ("confidence", "low", "confidence", "low"),
        ("confidence", "", "confidence", None),
        ("why", "Because <b>I</b> say so.", "justification", "Because <b>I</b> say so."),
    ],
)
def test_bounds_confidence_and_reason_can_be_changed(explorer, control, value, column, expected):
    link = next(n for n, r in explorer.editor.rows.items() if r["confidence"] == "medium")
    move(explorer, link=str(link))
    move(explorer, **{control: value})
    assert explorer.error == ""
    assert row_of(explorer)[column] == expected
    assert row_of(explorer)["curated_by"] == EDITOR
    assert "edited by you, not shipped" in explorer.view["table"]
    assert "1 edited by you, not shipped" in explorer.view["status"]
    assert "<b>" not in explorer.view["table"]
    press(explorer, "undo")
    assert explorer.view["status"] == "19 of 19 rows; valid"
    same_frame(explorer.frame, start().to_frame())
    press(explorer, "redo")
    assert row_of(explorer)[column] == expected


def test_the_picture_says_that_rows_are_edited(explorer):
    before = explorer.picture_serial
    move(explorer, link="0", confidence="low")
    move(explorer, confidence="high")
    assert explorer.picture_serial > before
    assert b"edited by you, not shipped" in explorer.download("svg")[1]
    assert explorer.download("png")[1].startswith(b"\x89PNG")


def test_links_and_absences_can_be_added_and_dropped(explorer):
    assert options(explorer, "to") == [""]
    move(explorer, aspect="old opa_2005_leadership")
    assert "aap_2016_sections_public_confidence" in options(explorer, "to")
    move(explorer, to="aap_2016_sections_public_confidence")
    press(explorer, "add")
    assert row_of(explorer)["target_aspect_id"] == "aap_2016_sections_public_confidence"
    assert row_of(explorer)["relation"] == "undetermined"
    assert explorer.state["to"] == ""
    assert "aap_2016_sections_public_confidence" not in options(explorer, "to")
    move(explorer, relation="overlaps")
    assert row_of(explorer)["relation"] == "overlaps"
    move(explorer, to="remainder")
    press(explorer, "add")
    assert row_of(explorer)["status"] == "remainder"
    assert "remainder" not in options(explorer, "to")
    press(explorer, "drop")
    press(explorer, "drop")
    assert explorer.view["status"].startswith("1 of 19 rows")
    move(explorer, aspect="new aap_2016_sections_public_confidence")
    assert "remainder" not in options(explorer, "to")
    move(explorer, to="opa_2005_leadership")
    press(explorer, "add")
    assert row_of(explorer)["source_aspect_id"] == "opa_2005_leadership"
    move(explorer, to="no_counterpart")
    press(explorer, "add")
    assert row_of(explorer)["source_aspect_id"] is None
    assert set(tables(explorer)[WRONG]["Rule"]) == {"no counterpart"}
    press(explorer, "again")
    same_frame(explorer.frame, start().to_frame())
    press(explorer, "undo")
    assert "not valid" in explorer.view["status"]


def test_a_button_that_has_nothing_to_do_is_closed_and_does_nothing(explorer):
    def closed():
        return {action["name"] for action in explorer.actions if action["closed"]}

    assert closed() == {"undo", "redo", "again", "add"}
    before = shown(explorer)
    for name in closed():
        press(explorer, name)
    assert shown(explorer) == before
    move(explorer, aspect="old opa_2005_leadership", to="remainder")
    assert closed() == {"undo", "redo", "again"}
    press(explorer, "add")
    assert closed() == {"redo", "add"}
    press(explorer, "undo")
    assert closed() == {"undo", "again", "add"}
    for _ in range(2):
        press(explorer, "drop")
    assert explorer.state["link"] == ""
    assert "drop" in closed()
    assert tables(explorer)[WRONG]["Rule"].tolist() == ["silence"]


def test_what_a_row_has_no_place_for_is_refused_and_the_control_goes_back(explorer):
    lost = next(n for n, r in explorer.editor.rows.items() if r["status"] == "no_counterpart")
    move(explorer, link=str(lost))
    before = explorer.frame
    for controls, says in [
        ({"relation": "equal"}, "has no relation"),
        ({"low": "0.5"}, "has no bounds"),
        ({"low": "half"}, "not a number"),
    ]:
        values = {name: explorer.state[name] for name in controls}
        move(explorer, **controls)
        assert says in explorer.error
        assert {name: explorer.state[name] for name in controls} == values
        same_frame(explorer.frame, before)
    move(explorer, link="0")
    assert explorer.error == ""
    explorer.state = {**explorer.state, "link": "99"}
    assert explorer.error == ""
    assert explorer.state["link"] == "0"
    explorer.state = {**explorer.state, "relation": "the same"}
    assert '"the same" is not known' in explorer.error
    press(explorer, "reset")
    assert explorer.error == ""
    assert explorer.state["pair"] == SECTIONS
    same_frame(explorer.frame, start().to_frame())


def test_an_edit_goes_to_the_row_that_was_on_the_screen(explorer):
    seen = explorer.state
    move(explorer, link="5")
    # made before the answer came: the controls still showed the values of row 0
    explorer.state = {**seen, "link": "5", "confidence": "low", "why": "Mine."}
    rows = explorer.editor.rows
    assert explorer.editor.edited == {0}
    assert rows[0]["justification"] == "Mine."
    assert explorer.state["link"] == "5"
    assert explorer.state["why"] == rows[5]["justification"]
    explorer.state = {**seen, "pair": EAST, "aspect": "", "low": "0"}
    assert explorer.state["pair"] == EAST
    assert explorer.view["status"] == "23 of 23 rows; valid"
    # an old state that edits nothing does not bring back what was undone
    press(explorer, "undo")
    explorer.state = {**explorer.state, "shown": "never told", "why": "Nobody saw this."}
    assert explorer.view["status"] == "23 of 23 rows; valid"


def test_a_person_picks_and_edits_in_one_call(explorer):
    explorer.set(link="5", confidence="low", why="Mine.")
    assert explorer.editor.edited == {5}
    other = CrosswalkExplorer(pair=SECTIONS, link="5", confidence="low", why="Mine.")
    same_frame(other.frame, explorer.frame)
    with pytest.raises(UnknownValueError):
        explorer.set(link="99")


def test_reset_goes_back_to_the_start_of_every_control(explorer):
    start = CrosswalkExplorer(pair=SECTIONS).state | {"shown": ""}
    explorer.set(aspect="old opa_2005_disclosure", area="leicestershire_1999", to="remainder")
    explorer.set(pair="aap_2016_east_midlands to aip_2021_subjects", link="7")
    press(explorer, "reset")
    assert explorer.state | {"shown": ""} == start


def test_edits_of_one_pair_wait_while_another_is_shown(explorer):
    move(explorer, why="Mine.")
    mine = explorer.frame
    move(explorer, pair=EAST)
    assert "edited by you" not in explorer.view["table"]
    move(explorer, pair=SECTIONS)
    same_frame(explorer.frame, mine)
    move(explorer, pair=EAST)
    press(explorer, "reset")
    assert explorer.state["pair"] == SECTIONS
    same_frame(explorer.frame, mine)
    assert_frame_equal(start().to_frame(), hd.Crosswalk.load(*SECTIONS.split(" to ")).to_frame())


def test_the_code_after_start_again_runs_and_gives_what_is_shown(explorer):
    move(explorer, why="Mine.")
    press(explorer, "again")
    lines, _, last = explorer.view["code"].rpartition("\n")
    known = {"hd": hd}
    exec(lines, known)
    same_frame(eval(last, known), explorer.frame)


def test_the_words_count_as_many_links_as_the_picture_shows():
    explorer = CrosswalkExplorer(pair="aap_2016_east_midlands to aip_2021_subjects")
    for pair in dict(explorer.controls[0]["options"]):
        explorer.set(pair=pair)
        frame = explorer.frame
        n = int((frame["source_aspect_id"].notna() & frame["target_aspect_id"].notna()).sum())
        assert explorer.view["words"].startswith(f"{n} link"), pair
        assert f" {n} links from " in f" {html.unescape(explorer.picture)}", pair


def test_a_message_that_fails_leaves_what_is_shown_unfaded(explorer):
    press(explorer, "download", kind="no such kind")
    assert explorer.error
    assert not explorer.view["stale"]
    explorer.state = {**explorer.state, "pair": "no such pair"}
    assert bool(explorer.error) == explorer.view["stale"]


def test_what_is_stored_shows_everything_and_holds_no_dead_control(explorer):
    stored = explorer._repr_html_()
    assert "<button" not in stored
    assert "Rows of the crosswalk" in stored
    assert "What it reaches" in stored
    assert "<img" in stored
    assert "Rows of the crosswalk" in repr(explorer)
    assert "_Rows(" not in repr(explorer)


def test_the_code_shows_how_the_crosswalk_was_edited(explorer):
    explorer.set(aspect="old opa_2005_leadership", to="remainder")
    press(explorer, "add")
    move(explorer, low="0", high="0.5", why="A 'quoted' reason.")
    press(explorer, "drop")
    press(explorer, "undo")
    *lines, last = explorer.view["code"].splitlines()
    names = {"hd": hd}
    exec("\n".join(lines), names)
    same_frame(eval(last, names), explorer.frame)


# Files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "sssom"])
def test_a_saved_crosswalk_is_opened_again_as_it_was(explorer, kind):
    explorer.set(aspect="old opa_2005_leadership", to="remainder")
    press(explorer, "add")
    move(explorer, low="0", high="0.5", why="=HYPERLINK(1), 'quoted' \u2013 and more")
    assert explorer.crosswalk.is_valid()
    mine = explorer.frame
    sent = []
    explorer.send = lambda content, buffers=(None,): sent.append((content, buffers[0]))
    press(explorer, "download", kind=kind)
    (content, data), *_ = sent
    assert content["name"].startswith("hmcpsi-crosswalk-opa-2005-to-aap-2016-sections.")
    assert content["type"] == {"csv": "text/csv", "sssom": "text/tab-separated-values"}[kind]
    press(explorer, "again")
    upload(explorer, data, content["name"])
    assert explorer.error == ""
    same_frame(explorer.frame, mine)
    press(explorer, "undo")
    same_frame(explorer.frame, start().to_frame())
    other = CrosswalkExplorer(pair=EAST)
    upload(other, data, content["name"])
    assert other.state["pair"] == SECTIONS
    same_frame(other.frame, mine)


def test_an_invalid_crosswalk_is_saved_and_opened_as_csv_only(explorer):
    move(explorer, high="3")
    mine = explorer.frame
    with pytest.raises(HmcpsiError, match="not valid"):
        explorer.download("sssom")
    press(explorer, "download", kind="sssom")
    assert "not valid" in explorer.error
    _, data = explorer.download("csv")
    other = CrosswalkExplorer(pair=SECTIONS)
    upload(other, b"\xef\xbb\xbf" + data)
    assert other.error == ""
    assert "not valid" in other.view["status"]
    same_frame(other.frame, mine)
    press(other, "download", kind="exe")
    assert '"exe" is not known' in other.error


def test_a_crosswalk_between_other_sets_becomes_a_pair_of_its_own(explorer):
    new = Pairs().pair(Crosswalk.load("opa_2005", "aap_2016_wessex")).labels[1]
    old = Pairs().pair(Crosswalk.load("opa_2005", "opa_2007")).labels[1]
    rows = [f"opa_2007,{one},aap_2016_wessex,,no_counterpart,\n" for one in old]
    rows += [f"opa_2007,,aap_2016_wessex,{one},no_counterpart,\n" for one in new]
    upload(explorer, (HEADER + "".join(rows)).encode())
    assert explorer.error == ""
    assert explorer.state["pair"] == "your opa_2007 to aap_2016_wessex"
    assert explorer.view["status"] == f"{len(rows)} of {len(rows)} rows; valid"
    assert "yours, not shipped" in explorer.view["words"]
    assert options(explorer, "area") == [""]


ROW = "opa_2005,opa_2005_leadership,aap_2016_sections,,no_counterpart,\n"
MALFORMED = {
    "empty": b"",
    "not UTF-8": HEADER.encode() + b"\xff\xfe\n",
    "UTF-16": HEADER.encode("utf-16"),
    "NUL": HEADER.encode() + b"\0",
    "an image": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
    "prose": b"Dear all,\nplease find attached.\n",
    "other columns": b"a,b\n1,2\n",
    "too many cells": (HEADER + "1,2,3,4,5,6,7,8\n").encode(),
    "an open quote": (HEADER + '"' + ROW).encode(),
    "one huge cell": (HEADER + '"' + "x" * 300_000 + '"').encode(),
    "a long cell": (HEADER + ROW.replace("leadership", "x" * (LONGEST_CELL + 1))).encode(),
    "no rows": HEADER.encode(),
    "no aspects": (HEADER + "opa_2005,,aap_2016_sections,,no_counterpart,\n").encode(),
    "two pairs": (HEADER + ROW + ROW.replace("sections", "wessex")).encode(),
    "sets of nobody": (HEADER + "x,a,y,b,mapped,equal\n").encode(),
    "too many rows": (HEADER + ROW * 5_000).encode(),
    "a share in words": (HEADER.strip() + ",share_low\n" + ROW.strip() + ",half\n").encode(),
    "SSSOM without columns": b"#curie_map:\n#  a: b\nsubject_id\nx:y\n",
    "SSSOM of 2,000 faults": b"subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
    + b"a\tb\tc\td\n" * 2_000,
    "a bomb of entities": b'<!DOCTYPE x [<!ENTITY a "&b;&b;"><!ENTITY b "&a;">]><x>&a;</x>',
}


@pytest.mark.parametrize("case", MALFORMED)
def test_a_file_that_cannot_be_opened_changes_nothing_but_the_sentence(explorer, case):
    move(explorer, why="Mine.")
    before, picture = shown(explorer), explorer.picture_serial
    upload(explorer, MALFORMED[case])
    view, *rest = shown(explorer)
    assert view.pop("error") != ""
    assert len(explorer.error) < 2_000
    assert "did not work" not in explorer.error
    assert "/tmp" not in explorer.error
    assert view == {name: value for name, value in before[0].items() if name != "error"}
    assert tuple(rest) == before[1:]
    assert explorer.picture_serial == picture
    press(explorer, "undo")
    same_frame(explorer.frame, start().to_frame())


def test_a_file_that_is_too_large_is_not_even_read(explorer):
    upload(explorer, b"x" * (MAX_BYTES + 1), "large.csv")
    assert explorer.error == '"large.csv" is larger than 2 MB. Choose a smaller file.'
    content = {"do": "file", "name": "relation", "file": "x", "size": 1}
    explorer._handle_custom_msg(content, [b"x"])
    same_frame(explorer.frame, start().to_frame())


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    '<button data-set=\'{"why": "pwned"}\'>',
    "</td></table></section>",
    "=HYPERLINK(0)",
    "$\\frac{1}{0}$",
    "\u202eevil\u202c \u200b\ufeff",
    "\x1b[2J\x07",
    "__import__('os').system('true')",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_content_of_a_file_stays_text(explorer, text):
    frame = start().to_frame()
    for column in (
        "justification",
        "curated_by",
        "curation_rule",
        "confidence",
        "source_aspect_id",
    ):
        frame.loc[0, column] = text
    upload(explorer, saved(Crosswalk(frame), "csv"), f"{text}.csv")
    assert explorer.error == ""
    same_frame(explorer.frame, frame)
    marks = Marks(explorer.view["table"] + explorer.picture)
    inert = {"div", "table", "caption", "thead", "tbody", "tr", "th", "td", "button"}
    inert |= {"figure", "figcaption", "img", "details", "summary", "small", "p", "span"}
    inert |= {"br", "wbr"}  # breaks in the words of a place
    assert set(marks.tags) <= inert
    assert marks.tags["img"] == 1
    assert not [name for name, _ in marks.attributes if name.startswith("on")]
    sets = [json.loads(value) for name, value in marks.attributes if name == "data-set"]
    assert sets == [{"link": str(n)} for n in range(19)]
    assert explorer.download("svg")[1].startswith(b"<?xml")
    assert "pwned" not in explorer.state["why"] or text in explorer.state["why"]
    compile(explorer.view["code"], "code", "exec")
    press(explorer, "undo")
    same_frame(explorer.frame, start().to_frame())


def test_a_name_of_a_file_is_no_path(explorer):
    for name in ("../../etc/passwd.csv", "", ".", "..", "a/b\\c\0.csv", "x" * 500, "<b>.csv"):
        upload(explorer, b"a,b\n1,2\n", name)
        assert "was not opened" in explorer.error
        assert "did not work" not in explorer.error


def test_a_fault_that_nobody_expected_is_a_sentence_too(explorer, monkeypatch):
    monkeypatch.setattr(explorer._bench, "open", lambda *_: 1 / 0)
    upload(explorer, b"x")
    assert explorer.error.startswith("This did not work (ZeroDivisionError")
    press(explorer, "reset")
    assert explorer.error == ""
