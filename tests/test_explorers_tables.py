"""Explorers of issues, progress, timelines and themes: every control, and what it shows."""

import io
import json
import re
from html import unescape

import pandas as pd
import pytest
from editing import Copy

import hmcpsi_data as hd
from hmcpsi_data.errors import UnknownValueError
from hmcpsi_data.explorers import (
    AreaTimeline,
    IssueTracker,
    ProgressTracker,
    RatingsExplorer,
    ThemeExplorer,
)
from hmcpsi_data.explorers.explorer import Explorer
from hmcpsi_data.views import counted

ALL = [IssueTracker, ProgressTracker, AreaTimeline, ThemeExplorer]
# Which column of what is shown holds the value of a control.
COLUMN = {
    "framework": "framework_id",
    "area": "area_id",
    "kind": "kind",
    "state": "state",
    "progress": "progress",
    "theme": "theme_id",
    "round": "round",
    "speaker": "speaker",
    "watched_by": "watched_by",
}
HOSTILE = """<script>alert("x")</script> & 'q' <b>"""


@pytest.fixture
def no_pictures(monkeypatch):
    """Pictures have tests of their own, and take time."""

    def draw(explorer):
        """Draw nothing."""

    monkeypatch.setattr(Explorer, "_draw", draw)


def moves(explorer):
    """A state for each value of each control, one at a time."""
    for control in explorer.controls:
        values = [value for value, _ in control["options"]]
        if control["kind"] == "checks":
            yield from ({control["name"]: [value]} for value in values)
            yield {control["name"]: values}
        elif control["kind"] == "search":
            yield from ({"search": text} for text in ("victim", "COURT", "it's (", "zzzz"))
        else:
            yield from ({control["name"]: value} for value in values[:: 1 + len(values) // 8])


def run(code):
    """What the copied lines of Python give, pasted where nothing but hd is known."""
    lines, _, last = code.rpartition("\n")
    known = {"hd": hd}
    exec(lines, known)
    return eval(last, known)


def as_csv(explorer):
    _, data = explorer.download("csv")
    return pd.read_csv(io.BytesIO(data), dtype="string", keep_default_na=False, na_values=[""])


@pytest.mark.usefixtures("no_pictures")
@pytest.mark.parametrize("kind", ALL)
def test_every_value_of_every_control_shows_what_its_code_and_its_csv_hold(kind):
    explorer = kind()
    for move in moves(explorer):
        explorer.reset()
        explorer.set(**move)
        assert explorer.error == "", move
        frame = explorer.frame
        given = run(explorer.view["code"]).reset_index(drop=True)
        assert {"source_id", "locator"} <= set(given) <= set(frame)
        pd.testing.assert_frame_equal(given, frame[list(given)], check_dtype=False, obj=str(move))
        saved = as_csv(explorer)
        assert list(saved) == list(frame)
        assert saved["source_id"].tolist() == frame["source_id"].tolist()
        rows = frame[frame["kind"] != "break"] if kind is AreaTimeline else frame
        first, total = map(int, re.match(r"(\d+) of (\d+) ", explorer.view["status"]).groups())
        if kind is not IssueTracker:
            assert first == len(rows) <= total, move


@pytest.mark.usefixtures("no_pictures")
@pytest.mark.parametrize("kind", [IssueTracker, ProgressTracker, ThemeExplorer])
def test_filters_keep_only_what_they_name(kind):
    explorer = kind(**{"each": "commitment"} if kind is IssueTracker else {"theme": ""})
    start = explorer.state
    whole = len(explorer.frame)
    for move in moves(explorer):
        ((name, value),) = move.items()
        column = COLUMN.get(name)
        if column not in explorer.frame or value in ("", "anyone", "nobody"):
            continue
        if name == "theme" and kind is not ThemeExplorer:
            continue
        explorer.state = start | move
        wanted = [value] if isinstance(value, str) else value
        assert explorer.frame[column].isin(wanted).all(), move
        assert len(explorer.frame) <= whole


@pytest.mark.parametrize("kind", ALL)
def test_nothing_found_says_what_to_do(kind):
    explorer = kind()
    explorer.set(search="a text that nobody wrote")
    assert explorer.error == ""
    assert explorer.frame.empty
    assert explorer.view["status"].startswith("0 of ")
    assert "Reset" in explorer.view["words"]
    assert len(as_csv(explorer)) == 0
    assert run(explorer.view["code"]).empty
    explorer.reset()
    assert not explorer.frame.empty


@pytest.mark.usefixtures("no_pictures")
@pytest.mark.parametrize("kind", ALL)
def test_reset_goes_back_to_what_was_given_at_the_start(kind):
    explorer = kind(search="victim")
    start = explorer.state
    explorer.set(search="court")
    assert explorer.state != start
    explorer.reset()
    assert explorer.state == start


@pytest.mark.parametrize("kind", ALL)
def test_an_unknown_value_is_a_sentence_and_the_view_stays(kind):
    explorer = kind()
    before, frame, picture = explorer.view, explorer.frame, explorer.picture
    name = next(one["name"] for one in explorer.controls if one["name"] in ("area", "theme"))
    explorer.state = explorer.state | {name: "atlantis_1999"}
    assert "atlantis_1999" in explorer.error
    assert explorer.error.endswith(".")
    for part in ("status", "words", "table", "code", "cite"):
        assert explorer.view[part] == before[part]
    assert explorer.picture == picture
    pd.testing.assert_frame_equal(explorer.frame, frame)
    with pytest.raises(UnknownValueError, match="atlantis"):
        explorer.set(**{name: "atlantis_1999"})
    explorer.reset()
    assert explorer.error == ""


@pytest.mark.parametrize("kind", ALL)
def test_what_is_stored_holds_the_table_and_says_how_to_start(kind):
    explorer = kind()
    stored = explorer._repr_html_()
    assert "Run" in stored
    assert "Restart Kernel and Run All Cells" in stored
    assert explorer.view["status"] in unescape(stored)
    assert explorer.caveat in unescape(stored)
    assert "<button" not in stored
    first = explorer._now.tables()[0].frame
    headings = [heading for heading in first if heading in stored]
    assert headings == list(first)
    assert stored.count("<tr>") >= len(first)
    assert explorer.view["words"] in repr(explorer)


@pytest.mark.parametrize("kind", ALL)
def test_names_of_downloads_are_plain_and_pictures_come_as_files(kind):
    explorer = kind()
    for suffix, start in (("csv", b""), ("svg", b"<?xml"), ("png", b"\x89PNG")):
        name, data = explorer.download(suffix)
        assert re.fullmatch(rf"hmcpsi-[a-z0-9-]+\.{suffix}", name)
        assert data.startswith(start)


@pytest.mark.parametrize("kind", ALL)
def test_two_explorers_share_no_state(kind):
    one, other = kind(), kind()
    before = other.state, other.view, other.frame
    one.set(search="court")
    frame = one.frame
    frame.loc[:, "source_id"] = "changed"
    assert (other.state, other.view) == before[:2]
    pd.testing.assert_frame_equal(other.frame, before[2])
    assert "changed" not in set(one.frame["source_id"])
    one.reset()
    assert one.view | {"serial": 0} == other.view | {"serial": 0}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A copy of the data whose words are invented and hostile."""
    copy = Copy(tmp_path_factory.mktemp("hostile") / "data")
    cells = {
        "areas": "name",
        "themes": "title",
        "actions": "topic",
        "responses": "summary",
        "commitments": "what",
        "findings": "subject",
        "measures": "subject",
        "sources": "title",
        "frameworks": "short_title",
    }
    for name, column in cells.items():
        header, *rows = copy.read(name)
        place = header.index(column)
        for row in rows:
            row[place] = f"Invented {HOSTILE} {row[place]}"
        copy.write(name, [header, *rows])
    return copy.folder


@pytest.mark.parametrize("kind", ALL)
def test_nothing_in_the_data_becomes_markup(kind, hostile):
    explorer = kind(folder=hostile)
    assert explorer.error == ""
    for html in (explorer.view["table"], explorer.picture, explorer._repr_html_()):
        assert "<script" not in html
        assert "<b>" not in html
    assert HOSTILE in unescape(explorer.view["table"])


@pytest.mark.parametrize("kind", ALL)
def test_only_web_addresses_become_links(kind, tmp_path):
    copy = Copy(tmp_path / "data")
    for address, becomes in (
        ("https://example.org/?a=1&b=<i>", 'href="https://example.org/?a=1&amp;b=&lt;i&gt;"'),
        ("javascript:alert(1)//https://", ""),
    ):
        header, *rows = copy.read("sources")
        for row in rows:
            row[header.index("address")], row[header.index("archived_address")] = address, ""
        copy.write("sources", [header, *rows])
        table = kind(folder=copy.folder).view["table"]
        assert becomes in table
        assert "javascript:" not in table


# Issues and answers --------------------------------------------------------------------------


def test_issues_are_shown_by_issue_or_by_commitment():
    tracker = IssueTracker()
    assert tracker.view["status"] == "86 of 86 issues"
    assert "4 commitments of a general part" in tracker.view["words"]
    answers = tracker.frame
    named, dated = answers["watched_by"].notna().sum(), answers["date"].notna().sum()
    said = f"For {named} somebody is named who watches; {dated} with a date."
    assert said in tracker.view["words"]
    for kind, n in answers["kind"].value_counts().items():
        assert f"{kind} {n}" in tracker.view["words"]
    tracker.set(each="commitment")
    assert tracker.view["status"].startswith("38 of 38 commitments, 86 of 86 issues; the first 100")
    tables = []
    for area, n in (("east_midlands_2011", 24), ("south_west_2011", 14)):
        tracker.set(area=area)
        assert tracker.view["status"].startswith(f"{n} of 38 commitments")
        tables.append(tracker._now.tables()[0].frame)
    shown = pd.concat(tables).query("`Where from` != 's050'")
    assert shown["Issue"].eq("general part").sum() == 4
    assert shown.loc[shown["Date"] != "not stated", "Date"].tolist() == [
        "2017 (year; printed: early 2017)",
        "2021-12 (month; printed: December 2021)",
        "2022-06-27 (day; printed: 27 June 2022)",
    ]
    assert shown["Where from"].iloc[0] == "doc_aap_response_2016, issue L26, answer L27"
    states = shown["Kind, state"].str.partition(": ")[2]
    assert set(states) == {f"{word} (says the CPS)" for word in ("done", "under way", "promised")}


def test_the_answers_are_called_the_word_of_the_cps():
    assert "CPS's own word" in IssueTracker().caveat
    assert "not in these sources" in IssueTracker().caveat


@pytest.mark.parametrize("each", ["commitment", "issue"])
def test_who_watches_and_whether_a_date_is_named(each):
    tracker = IssueTracker(each=each, dated="dated")
    assert tracker.frame["date"].notna().all()
    tracker.set(dated="undated")
    assert tracker.frame["date"].isna().all()
    tracker.set(dated="", watched_by="nobody")
    assert tracker.frame["watched_by"].isna().all()
    tracker.set(watched_by="anyone")
    assert tracker.frame["watched_by"].notna().all()
    tracker.set(watched_by="the Area's senior management team")
    assert set(tracker.frame["watched_by"]) == {"the Area's senior management team"}


def test_search_finds_an_issue_by_a_word_of_its_commitments():
    tracker = IssueTracker(search="escalation process")
    assert tracker.frame["issue"].tolist() == ["Better compliance with disclosure obligations"]
    tracker.set(each="commitment")
    assert len(tracker.frame) == 1


def test_an_issue_without_answer_keeps_its_row(tmp_path):
    copy = Copy(tmp_path / "data")
    for name in ("responses", "commitments"):
        header, *rows = copy.read(name)
        place = header.index("response_id")
        rows = [row for row in rows if row[place] != "south_west_aip_2021_response_3"]
        copy.write(name, [header, *rows])
    tracker = IssueTracker(copy.folder, area="south_west_2011", search="letters to victims")
    assert tracker._now.tables()[0].frame["Answer"].tolist() == ["none found"]
    tracker.set(each="commitment")
    assert tracker._now.tables()[0].frame["Commitment"].tolist() == ["none found"]
    assert tracker.view["status"].startswith("0 of 33 commitments, 1 of 86 issues")
    assert tracker.picture == ""


# Progress ------------------------------------------------------------------------------------


def test_progress_in_words_and_tiles():
    tracker = ProgressTracker()
    assert tracker.view["words"] == (
        "Recommendations: Substantial progress 3, Achieved 1 of 4; aspects for improvement: "
        "Limited progress 2, Substantial progress 2, Achieved 1 of 5."
    )
    table = tracker._now.tables()[0]
    assert table.tiles == ("Progress",)
    assert set(table.frame["Followed up"]) == {"Follow-up 2010, as at 2010-07 (month)"}
    assert "not quality" in tracker.caveat
    assert "open" in tracker.caveat
    tracker.set(progress=["Not progressed"])
    assert tracker.frame.empty
    assert tracker.picture == ""


def test_what_was_not_followed_up_is_not_found_and_never_poor(tmp_path):
    copy = Copy(tmp_path / "data")
    line = copy.line("actions", kind="recommendation", number="1")
    blank = dict.fromkeys(
        ("progress", "progress_as_printed", "progress_as_at", "progress_as_at_precision"), ""
    )
    copy.put("actions", line, follow_up_inspection_id="", **blank)
    tracker = ProgressTracker(copy.folder, kind=["recommendation"])
    assert tracker._now.tables()[0].frame["Progress"].iloc[0] == "not found"
    assert tracker.view["words"].startswith("Recommendations: Substantial progress 2, Achieved 1")
    assert "not found 1 of 4" in tracker.view["words"]


# One Area through time -----------------------------------------------------------------------


def test_every_area_can_be_chosen_and_ambiguous_names_have_years():
    line = AreaTimeline()
    assert line.state["area"] == "leicestershire_1999"
    (control,) = [one for one in line.controls if one["name"] == "area"]
    labels = dict(control["options"])
    areas = hd.areas()
    # Areas all, and of other units those that were inspected
    wanted = areas[(areas["kind"] == "area") | (areas["n_inspections"] > 0)]
    assert set(labels) == set(wanted["area_id"])
    assert len(set(labels.values())) == len(labels)
    assert labels["west_midlands_1999"] == "West Midlands (1999 to 2011)"
    assert labels["west_midlands_2011"] == "West Midlands (since 2011)"
    assert labels["leicestershire_1999"] == "Leicestershire"


def test_a_break_goes_across_the_table_and_is_counted_in_words():
    line = AreaTimeline()
    assert line.view["status"].startswith("59 of 59 events")
    breaks = line.frame[line.frame["kind"] == "break"]
    assert len(breaks) == 5
    assert line.view["table"].count('colspan="7"') == 5
    assert "Breaks: 5; no trend" in line.view["words"]
    line.set(relatives="none")
    assert (line.frame["kind"] == "break").sum() == 3
    assert "East Midlands" not in set(line.frame["area"][line.frame["inspection_id"].notna()])


def test_filters_that_leave_nothing_between_them_say_so():
    """The first leaves no event, and the next ones find their columns all the same."""
    line = AreaTimeline(area="norfolk_1999", relatives="none")
    line.set(kind=["promise"], tier=["press_and_other"], basis=["contradicted"], search="letters")
    assert line.error == ""
    assert line.view["words"].startswith("No event fits all filters.")
    assert run(line.view["code"]).empty


def test_the_rows_behind_the_counts_are_listed_with_source_and_line():
    line = AreaTimeline(relatives="none")
    assert "14 aspects: Poor 1" in line.view["table"]
    line.set(each="row", kind=["rating"])
    table = line._now.tables()[0].frame
    words = "Managing magistrates' courts cases (aspect): Poor"
    assert table.loc[table["What"] == words, "Where from"].tolist() == ["doc_opa_2006, L26"]
    assert line.view["status"].startswith("17 of ")
    line.set(kind=[], search="communication with VICTIMS")
    assert line.frame["kind"].tolist() == ["finding"]
    line.set(each="event")
    assert "One row for each rating, issue and so on lists them" in line.view["words"]


def test_rows_have_no_tier_and_no_basis_that_the_filters_lack():
    line = AreaTimeline()
    options = {one["name"]: {value for value, _ in one["options"]} for one in line.controls}
    for area in ("leicestershire_1999", "essex_1999", "south_west_2011"):
        line.set(area=area, relatives="family", each="row")
        for name in ("tier", "basis"):
            assert set(line.frame[name].dropna()) <= options[name]


def test_an_area_that_nobody_inspected_says_so():
    line = AreaTimeline(area="dorset_1999", relatives="none")
    assert "no inspection was found, which says nothing about it" in line.view["words"]
    assert line.frame["kind"].tolist() == ["borders", "borders"]


def test_the_picture_of_the_line_changes_with_the_area_only():
    line = AreaTimeline()
    drawn = line.picture_serial
    line.set(kind=["rating"])
    line.set(search="fair")
    assert line.picture_serial == drawn
    line.set(area="london_1999")
    assert line.picture_serial == drawn + 1
    assert "London" in line.picture
    line.set(picture="all")
    assert line.picture_serial == drawn + 2


# Themes --------------------------------------------------------------------------------------


def cells(explorer):
    """What the buttons of the matrix change, whether they are pressed, and what they say."""
    pattern = r'data-set="([^"]*)" aria-pressed="(true|false)">(.*?)</button>'
    found = re.findall(pattern, explorer.view["table"])
    return {
        tuple(json.loads(unescape(change)).values()): (pressed == "true", words)
        for change, pressed, words in found
    }


def test_choosing_a_cell_lists_its_evidence():
    explorer = ThemeExplorer(theme="")
    assert cells(explorer)["", ""][0]
    for (theme, one), (_, words) in cells(explorer).items():
        if theme and one:
            explorer.state = explorer.state | {"theme": theme, "round": one}
            pressed = [key for key, (is_pressed, _) in cells(explorer).items() if is_pressed]
            assert pressed == [(theme, one)]
            assert words.startswith(f"<strong>{len(explorer.frame)}</strong>: ")
            assert set(explorer.frame["round"]) == {one}
            assert set(explorer.frame["theme_id"]) == {theme}


def test_the_matrix_counts_what_fits_the_other_filters():
    explorer = ThemeExplorer(theme="victim_letters")
    assert cells(explorer)["victim_letters", "2022"][1] == (
        "<strong>5</strong>: action 1, answer 1, finding 2, number 1"
    )
    explorer.set(kind=["finding"])
    assert cells(explorer)["victim_letters", "2022"][1] == "<strong>2</strong>: finding 2"
    explorer.set(speaker=["inspectorate"])
    assert ("victim_letters", "2022") not in cells(explorer)
    assert set(explorer.frame["speaker"]) == {"inspectorate"}
    assert explorer.frame["round"].tolist() == ["2005-06"] + ["2016"] * (len(explorer.frame) - 1)


def test_every_piece_of_evidence_has_speaker_document_and_line():
    explorer = ThemeExplorer(theme="")
    assert len(explorer.frame) == len(hd.load("evidence"))
    shown = explorer._now.tables()[0].frame
    for heading in ("Said by", "Document", "Where from"):
        assert shown[heading].notna().all()
    first = explorer.frame.head(len(shown)).merge(hd.load("sources"), on="source_id")
    read = first["sha256"].notna()
    assert shown["Where from"].str.contains(", L").tolist() == read.tolist()


def test_a_long_table_says_how_much_of_it_is_drawn():
    explorer = ThemeExplorer(theme="")
    assert len(explorer._now.tables()[0].frame) == 100 < len(explorer.frame)
    assert "the first 100 stand in the table" in explorer.view["status"]
    assert len(explorer.download("csv")[1].splitlines()) > len(explorer.frame)


@pytest.mark.parametrize("kind", [RatingsExplorer, AreaTimeline, IssueTracker, ThemeExplorer])
def test_tier_and_basis_filter_every_explorer_of_the_record(kind):
    explorer = kind()
    explorer.set(tier=["press_and_other"])
    frame = explorer.frame
    assert len(frame)
    assert set(frame["tier"].dropna()) == {"press_and_other"}
    assert "inspectorate" not in set(frame["speaker"])
    explorer.set(tier=[], basis=["second_hand"])
    rows = explorer.frame
    if "kind" in rows:
        rows = rows[rows["kind"].ne("break").fillna(True)]
    assert len(rows)
    assert all("second_hand" in basis.split("; ") for basis in rows["basis"])


def test_a_contradicted_rating_is_seen_and_marked_and_counted_nowhere():
    explorer = RatingsExplorer(framework="opa_2007", basis=["contradicted"])
    table = explorer._now.tables()[0].frame
    assert table[["Area", "Rating"]].values.tolist() == [["Essex", "contradicted: Poor"]]
    assert "1 contradicted by another source and not counted" in explorer.view["words"]
    rated = int(counted(hd.ratings())["rating"].count())
    told = f"0 of {rated} ratings; 1 contradicted by another source and not counted"
    assert explorer.view["status"] == told
    assert "Poor 1" not in explorer.view["words"]
    explorer.set(basis=[])
    assert "Poor 3, Fair 5, Good 1 of 9" in explorer.view["words"]
    assert "Essex" not in repr(explorer._now.picture())


def test_a_publication_that_was_not_found_is_said():
    shown = RatingsExplorer(framework="opa_2005", area="west_midlands_1999")
    assert shown.frame["published"].isna().all()
    assert shown.view["table"].count("<td>not found</td>") == len(shown.frame)


def test_the_number_of_ratings_counts_no_row_without_one():
    rows = hd.ratings(framework="aip_2021")
    assert rows["rating"].isna().tolist() == [True] * 9
    status = RatingsExplorer(framework="aip_2021").view["status"]
    rated = int(counted(hd.ratings())["rating"].count())
    assert status == f"0 of {rated} ratings; 9 without a rating"


def test_the_code_of_one_theme_is_one_call():
    assert ThemeExplorer().view["code"].endswith("\n\nhd.theme_history('disclosure')")
    assert "no measure" in ThemeExplorer().caveat


def test_a_change_in_the_page_is_answered_in_one_message_and_then_its_picture(monkeypatch):
    explorer, sent = ProgressTracker(), []
    monkeypatch.setattr(explorer, "send_state", lambda names=None: sent.append(set(names or ())))
    drawn = explorer.picture_serial
    explorer._message({"do": "change", "changes": {"kind": ["recommendation"]}, "id": "1"})
    first, second = sent
    assert first >= {"state", "view"}
    assert not first & {"picture", "picture_serial"}
    assert second == {"picture", "picture_serial"}
    assert explorer.picture_serial == drawn + 1
