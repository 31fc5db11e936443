"""A crosswalk while it is edited, and files that a person chose."""

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import FEW, RELATIONS, crosswalk, names, row, world
from pandas.testing import assert_frame_equal

from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.method.editor import LONGEST_CELL, Editor, opened

START = Crosswalk.load("old", "new", world())
BY = "a user of the workbook"
CURATED = ["curation_rule", "curated_on", "reviewed_by", "reviewed_on"]
HEADER = "source_set,source_aspect_id,target_set,target_aspect_id,status,relation\n"

CHANGES = st.one_of(
    st.tuples(st.just("relation"), st.sampled_from(["equal", *RELATIONS, None])),
    st.tuples(st.just("share_high"), st.sampled_from([None, -0.5, 0.25, 1.5, "", "0.5", "1"])),
    st.tuples(st.just("confidence"), st.sampled_from(["high", "medium", "low", None])),
    st.tuples(st.just("justification"), st.text(max_size=5)),
)
STEPS = st.tuples(st.sampled_from(["change", "change", "drop", "add", "replace"]), CHANGES)


def step(editor, kind, number, cell):
    """Do one edit of a row; what is refused does nothing."""
    numbers = list(editor.rows)
    try:
        if kind == "change":
            editor.change(numbers[number % len(numbers)], **dict([cell]))
        elif kind == "drop":
            editor.drop(numbers[number % len(numbers)])
        elif kind == "add":
            sides = zip((names("old", 3), names("new", 2)), divmod(number, 4), strict=True)
            editor.add(*((*side, None)[n % (len(side) + 1)] for side, n in sides))
        else:
            editor.replace(Crosswalk(START.to_frame(), record=world()))
    except HmcpsiError:
        return


@FEW
@given(st.lists(st.tuples(st.integers(0, 11), STEPS), max_size=6))
def test_any_edits_undone_give_the_very_crosswalk_that_was_there(steps):
    editor, seen = Editor(START), []
    for number, (kind, cell) in steps:
        before, was = editor.rows, editor.crosswalk
        step(editor, kind, number, cell)
        if editor.crosswalk is not was:
            seen.append(before)
    for rows in reversed(seen):
        editor.undo()
        assert editor.rows == rows
    assert editor.crosswalk is START
    assert editor.edited == set()


def test_an_edited_row_does_not_claim_the_curation_of_the_shipped_one():
    editor = Editor(START)
    before = editor.row(0)
    assert before["curated_by"] == "nobody"
    editor.change(0, confidence="low")
    edited = editor.row(0)
    assert edited == before | dict.fromkeys(CURATED) | {"confidence": "low", "curated_by": BY}
    assert editor.edited == {0}
    editor.change(0, confidence=before["confidence"])
    assert editor.row(0) == before
    assert editor.edited == set()
    mine = START.without("old_c", "Only this test says so.")
    assert Editor(mine, START).edited == {2}
    assert Editor(mine).edited == set()


def test_what_is_the_same_already_is_no_step_and_rows_handed_out_are_the_callers_own():
    editor = Editor(START)
    editor.change(2, **{name: editor.row(2)[name] for name in ("relation", "confidence")})
    editor.change(2, share_low=" 0.2 ")
    assert editor.crosswalk is START
    editor.rows[0]["relation"] = editor.row(0)["relation"] = "overlaps"
    assert editor.row(0)["relation"] == "equal"
    editor.change(2, share_low="", justification=None, confidence=pd.NA)
    assert [editor.row(2)[c] for c in ("share_low", "justification", "confidence")] == [None] * 3


def test_a_row_keeps_its_number_and_a_new_one_gets_another():
    editor = Editor(START)
    editor.drop(1)
    assert list(editor.rows) == [0, 2, 3]
    assert editor.n_dropped == 1
    assert editor.add("old_b", "new_b") == 4
    shown = ["status", "relation", "share_low", "confidence", "curated_by", "source_set", "speaker"]
    assert [editor.row(4)[name] for name in shown] == [
        "mapped", "undetermined", None, "low", BY, "old", "project",
    ]  # fmt: skip
    assert editor.n_dropped == 0
    assert editor.edited == {4}
    editor.undo()
    assert editor.add("old_a") == 4
    assert (editor.row(4)["status"], editor.row(4)["relation"]) == ("no_counterpart", None)
    assert editor.add("old_a", status="remainder") == 5
    assert editor.add("old_a", "new_b", "undetermined") == 6
    assert editor.row(6)["relation"] == "undetermined"


def test_what_an_editor_cannot_do_it_says():
    absent = crosswalk(
        row("old_a", "new_a"), row("old_a", None, "remainder"),
        row("old_b", None, "no_counterpart"), row(None, "new_b", "no_counterpart"),
    )  # fmt: skip
    editor = Editor(absent)
    for number, cells, says in [
        (99, {"confidence": "low"}, 'row "99" is not known'),
        ([0], {"confidence": "low"}, "is not known"),
        (0, {"status": "mapped"}, 'column "status" is not known'),
        (0, {"share_low": "half"}, 'share_low "half" is not a number. Write 0 to 1'),
        (0, {"justification": "x" * (LONGEST_CELL + 1)}, "longer than 2000"),
        (0, {"justification": "a\0b"}, "which is no character"),
        (0, {"justification": "\ud800"}, "which is no character"),
    ]:
        with pytest.raises(HmcpsiError, match=re.escape(says)):
            editor.change(number, **cells)
    for call, given_, says in [
        (editor.drop, ["x"], 'row "x" is not known'),
        (editor.add, [], "needs an aspect"),
        (editor.add, ["a", "new_b"], 'source_aspect_id "a" is not known'),
        (editor.add, ["old_a", "old_b"], 'target_aspect_id "old_b" is not known'),
    ]:
        with pytest.raises(HmcpsiError, match=says):
            call(*given_)
    assert editor.crosswalk is absent
    for number in (0, 1, 2):
        editor.drop(number)
    with pytest.raises(HmcpsiError, match="This is the last row"):
        editor.drop(3)


def test_an_undetermined_case_becomes_a_link_with_its_relation_and_an_invalid_step_is_told():
    editor = Editor(crosswalk(row("old_a", "new_a", "undetermined"), row("old_b", "new_b")))
    editor.change(0, confidence="low")
    assert editor.row(0)["status"] == "undetermined"
    editor.change(0, relation="overlaps")
    assert editor.row(0)["status"] == "mapped"
    editor.change(0, share_high=1.2)
    assert editor.crosswalk.diagnose()["check"].unique().tolist() == ["shares"]
    editor.change(0, share_high=1)
    assert editor.crosswalk.is_valid()
    editor.change(editor.add("old_a", status="no_counterpart"), relation="equal")
    assert "relation" in editor.crosswalk.diagnose()["check"].tolist()
    editor.change(0, relation="the same", share_low=float("inf"))
    assert {"values", "shares"} <= set(editor.crosswalk.diagnose()["check"])


ROW = "old,old_a,new,,no_counterpart,\n"
MALFORMED = {
    b"": "the file is empty",
    HEADER.encode() + b"\xff\xfe\n": "is not UTF-8",
    HEADER.encode() + b"\0": "The row has 1 cell, the header 6",
    b"a,b\n1,2\n": 'Column "source_set" is missing.',
    (HEADER + "1,2,3,4,5,6,7,8\n").encode(): "The row has 8 cells, the header 6",
    (HEADER + '"' + ROW).encode(): "this is no CSV",
    (HEADER + '"' + "x" * 300_000 + '"').encode(): "larger than field limit (131072)",
    (
        HEADER + ROW.replace("old_a", "x" * (LONGEST_CELL + 1))
    ).encode(): "A cell is longer than 2000",
    HEADER.encode(): "one of these sets is not known",
    (HEADER + "old,old_a,y,b,mapped,equal\n").encode(): 'It joins "old" to "y", and one of these',
    (HEADER + ROW * 5_000).encode(): "It has 5000 rows, more than these sets have pairs.",
    (HEADER.strip() + ",share_low\n" + ROW.strip() + ",half\n").encode(): "is not a number",
    b"#curie_map:\n#  a: b\nsubject_id\nx:y\n": 'The column "object_id" is missing.',
    b'<!DOCTYPE x [<!ENTITY a "&b;&b;"><!ENTITY b "&a;">]><x>&a;</x>': "",
}


@pytest.mark.parametrize(("data", "says"), MALFORMED.items(), ids=range(len(MALFORMED)))
def test_a_file_that_cannot_be_opened_is_one_short_sentence_that_says_why(data, says):
    with pytest.raises(HmcpsiError, match=r'"mine\.csv" was not opened') as caught:
        opened("mine.csv", data, record=world())
    assert says in str(caught.value)
    assert len(str(caught.value)) < 3_000
    assert "/tmp" not in str(caught.value)


def test_a_file_of_a_crosswalk_is_opened_whether_valid_or_not():
    broken = Crosswalk(START.to_frame().assign(share_high=3.0), record=world())
    again = opened("x", b"\xef\xbb\xbf" + broken.to_csv().encode(), record=world())
    assert not again.is_valid()
    assert_frame_equal(again.to_frame(), broken.to_frame())
    most = "".join(
        f"old,{a},new,{b},mapped,overlaps\n" for a in names("old", 3) for b in names("new", 2)
    )
    for mine in (HEADER + most, START.to_sssom()):
        assert opened("x", mine.encode(), record=world()).is_valid()
