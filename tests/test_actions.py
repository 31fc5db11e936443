"""Issues with their answers and progress: joined without loss, filtered without surprise."""

import re

import pandas as pd
import pytest
from editing import Copy
from matplotlib.colors import to_hex
from reading_pictures import named, names, texts

from hmcpsi_data.actions import issues, progress
from hmcpsi_data.errors import UnknownValueError
from hmcpsi_data.pictures.commitments import (
    KINDS,
    STATES,
    commitment_matrix,
    commitments_in_words,
)
from hmcpsi_data.tables import load


def test_every_commitment_and_every_issue_is_there_once():
    found = issues()["commitment_id"].dropna()
    assert sorted(found) == sorted(load("commitments")["commitment_id"])
    actions = load("actions")
    asked = actions.loc[actions["kind"] == "issue", "action_id"].tolist()
    assert issues(each="issue")["action_id"].tolist() == asked
    assert progress()["action_id"].tolist() == [
        one for one in actions["action_id"] if one not in asked
    ]


def test_rows_keep_the_lines_of_the_commitment_and_of_the_issue():
    row = issues("South West", kind="guidance", theme="victim_letters").iloc[0]
    assert row[["source_id", "locator", "issue_locator"]].tolist() == [
        "doc_aip_response_2022", "L52", "L32;L48",
    ]  # fmt: skip
    row = issues("South West", each="issue").iloc[2]
    assert row["locator"] == "L50;L52;L54;L56"


def test_a_theme_finds_what_the_evidence_links():
    found = issues(theme="partnership_and_change")
    assert found["commitment_id"].str.contains("general").sum() == 3
    assert all("partnership_and_change" in themes for themes in found["themes"])
    assert progress(theme="Disclosure")["topic"].str.contains("disclosure").all()


def test_filters_hold_together_within_one_commitment():
    for each in ("commitment", "issue"):
        found = issues("South West", kind="guidance", state="done", each=each)
        assert found["number"].tolist() == [1, 3]
    assert issues("South West", kind="training", state="done", each="issue").empty


def test_nobody_and_undated_speak_of_the_whole_answer():
    n = len(issues(each="issue"))
    for frame in (issues(watched_by="nobody", each="issue"), issues(dated=False, each="issue")):
        assert len(frame) < n
    unwatched = set(issues(watched_by="nobody", each="issue")["action_id"])
    watched = set(issues(watched_by="anyone", each="issue")["action_id"])
    assert not unwatched & watched
    assert len(unwatched | watched) == n
    assert len(issues(watched_by=["nobody", "anyone"], each="issue")) == n
    dated = set(issues(dated=True, each="issue")["action_id"])
    assert len(dated | set(issues(dated=False, each="issue")["action_id"])) == n
    assert issues(dated=True)["date"].tolist() == ["2017", "2021-12", "2022-06-27"]


def test_an_empty_list_asks_for_nothing():
    assert issues(kind=[]).empty
    assert progress(progress=[]).empty
    assert issues(area=[], each="issue").empty


def test_case_and_underscores_do_not_matter():
    pd.testing.assert_frame_equal(issues(state="Under way"), issues(state="under_way"))
    assert len(progress("Aspect for improvement", "ACHIEVED")) == 1


@pytest.mark.parametrize(
    ("wanted", "hint"),
    [
        ({"kind": "trainings"}, "training"),
        ({"state": "promise"}, "promised"),
        ({"each": "issues"}, "issue"),
        ({"watched_by": "legal manager"}, "legal managers"),
        ({"area": "South Wset"}, "South West"),
    ],
)
def test_what_is_not_known_is_an_error_that_names_the_nearest(wanted, hint):
    with pytest.raises(UnknownValueError, match=f'"{hint}"'):
        issues(**wanted)
    with pytest.raises(UnknownValueError, match='"Achieved"'):
        progress(progress="Achived")


def test_an_answer_without_commitments_keeps_its_row(tmp_path):
    """An invented copy in which all commitments to one answer are gone."""
    copy = Copy(tmp_path / "data")
    header, *rows = copy.read("commitments")
    place = header.index("response_id")
    copy.write("commitments", [header, *(r for r in rows if "2021_response_3" not in r[place])])
    found = issues("South West", framework="aip_2021", folder=copy.folder)
    row = found[found["number"] == 3].iloc[0]
    assert pd.isna(row["commitment_id"])
    assert row["locator"] == "L50;L52;L54;L56"
    found = issues("South West", framework="aip_2021", each="issue", folder=copy.folder)
    assert len(found) == 3


# The picture ---------------------------------------------------------------------------------


def squares(picture):
    """The tiles that stand for commitments, hatched or not."""
    marks = {f"{kind} {state}" for kind in KINDS for state in STATES}
    return [name for name in names(picture, "") if name in marks]


def test_a_square_for_each_commitment_in_its_kind_and_state():
    rows = issues()
    drawn = squares(commitment_matrix(rows))
    rows = rows[rows["commitment_id"].notna()]
    assert sorted(drawn) == sorted(rows["kind"] + " " + rows["state"])


def test_squares_of_one_kind_stand_under_its_name_and_none_overlap():
    picture = commitment_matrix(issues())
    heads = {text.get_text(): text._x for text in named(picture, "kind")}
    boxes = [a for a in picture.figure.findobj() if a.get_label() in set(squares(picture))]
    places = [(round(box.get_x(), 1), round(box.get_y(), 1)) for box in boxes]
    assert len(set(places)) == len(places)
    lefts = sorted(x for word, x in heads.items() if word in KINDS)
    for box in boxes:
        kind = box.get_label().split()[0]
        ends = [x for x in lefts if x > heads[kind]] or [picture.figure.get_figwidth() * 96 - 60]
        assert heads[kind] <= box.get_x()
        assert box.get_x() + box.get_width() < ends[0]


def test_the_state_can_be_told_without_colour():
    picture = commitment_matrix(issues())
    hatched = {a.get_label() for a in named(picture, "hatch legend")}
    assert hatched == {"hatch legend under_way"}
    filled = {a.get_label(): to_hex(a.get_facecolor()) for a in named(picture, "legend ")}
    assert filled["legend done"] == "#801650"
    assert filled["legend promised"] == "#ffffff"
    assert texts(picture, "legend") == ["done", "under way", "promised"]


def test_inspections_are_split_by_a_labelled_break():
    assert len(named(commitment_matrix(issues()), "break")) == 2
    assert named(commitment_matrix(issues("South West")), "break") == []


def test_words_and_table_hold_the_same_counts():
    picture = commitment_matrix(issues("East Midlands"))
    assert picture.words == (
        "24 commitments, 20 to 10 issues and 4 in a general part: training 2, monitoring 6, "
        "review 6, guidance 2, resources 2, engagement 6; by their own account done 1, "
        "under way 3, promised 20."
    )
    cells = " ".join(picture.table.frame[[kind.capitalize() for kind in KINDS]].stack())
    assert sum(map(int, re.findall(r"\d+", cells))) == 24
    assert texts(picture, "number") == ["2", "2", "2", "3", "2", "1", "2", "2", "2", "2", "4"]


def test_nothing_chosen_is_said():
    nothing = issues(search="a text that nobody wrote")
    assert commitments_in_words(nothing) == "No commitment is shown."
    assert commitment_matrix(nothing).title == "No commitment is chosen"
    general = issues("East Midlands", search="comments on financial planning")
    assert commitments_in_words(general).startswith("1 commitment in a general part: ")
