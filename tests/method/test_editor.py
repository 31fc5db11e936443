"""A crosswalk while it is edited, and files that a person chose."""

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import RELATIONS, crosswalk, names, row, world
from pandas.testing import assert_frame_equal

from hmcpsi_data.errors import HmcpsiError, UnknownValueError
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.method.editor import LONGEST_CELL, Editor, opened

BY = "a user of the workbook"
CURATED = ["curation_rule", "curated_on", "reviewed_by", "reviewed_on"]
HEADER = "source_set,source_aspect_id,target_set,target_aspect_id,status,relation\n"


def start():
    return Crosswalk.load("old", "new", world())


SHARE = st.one_of(st.none(), st.floats(-0.5, 1.5), st.sampled_from(["", "0.5", "1"]))
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "relation": st.sampled_from(["equal", *RELATIONS, None]),
        "share_low": SHARE,
        "share_high": SHARE,
        "confidence": st.sampled_from(["high", "medium", "low", None]),
        "justification": st.text(max_size=12),
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
    numbers = list(editor.rows)
    try:
        if kind == "change":
            editor.change(numbers[how[0] % len(numbers)], **how[1])
        elif kind == "drop":
            editor.drop(numbers[how[0] % len(numbers)])
        elif kind == "add":
            sides = (names("old", 3), names("new", 2))
            ends = [(*s, None)[n % (len(s) + 1)] for s, n in zip(sides, how, strict=True)]
            editor.add(*ends)
        else:
            editor.replace(start())
    except HmcpsiError:
        return False
    return True


@given(st.lists(STEPS, max_size=8))
def test_any_edits_undone_give_the_very_crosswalk_that_was_there(steps):
    first = start()
    editor, seen = Editor(first), []
    for one in steps:
        before, was = editor.rows, editor.crosswalk
        if step(editor, *one) and editor.crosswalk is not was:
            seen.append(before)
    last = editor.crosswalk, editor.rows
    for rows in reversed(seen):
        editor.undo()
        assert editor.rows == rows
    assert editor.crosswalk is first
    assert editor.edited == set()
    for _ in seen:
        editor.redo()
    assert editor.rows == last[1]
    assert_frame_equal(editor.crosswalk.to_frame(), last[0].to_frame())
    assert_frame_equal(start().to_frame(), first.to_frame())


def test_an_edited_row_does_not_claim_the_curation_of_the_shipped_one():
    editor = Editor(start())
    before = editor.row(0)
    assert before["curated_by"] == "nobody"
    editor.change(0, confidence="low")
    edited = editor.row(0)
    assert edited["confidence"] == "low"
    assert edited["curated_by"] == BY
    assert [edited[name] for name in CURATED] == [None] * 4
    assert editor.edited == {0}
    editor.change(0, confidence=before["confidence"])
    assert editor.row(0) == before
    assert editor.edited == set()


def test_what_is_the_same_already_is_no_step():
    editor = Editor(start())
    first = editor.crosswalk
    same = {name: editor.row(2)[name] for name in ("relation", "share_low", "confidence")}
    editor.change(2, **same)
    editor.change(2, share_low=" 0.2 ")
    assert editor.crosswalk is first


def test_a_row_keeps_its_number_and_a_new_one_gets_another():
    editor = Editor(start())
    editor.drop(1)
    assert list(editor.rows) == [0, 2, 3]
    assert editor.n_dropped == 1
    number = editor.add("old_b", "new_b")
    assert number == 4
    new = editor.row(4)
    assert [new[c] for c in ("status", "relation", "share_low", "confidence", "curated_by")] == [
        "mapped", "undetermined", None, "low", BY,
    ]  # fmt: skip
    assert (new["source_set"], new["target_set"], new["speaker"]) == ("old", "new", "project")
    assert editor.n_dropped == 0
    assert editor.edited == {4}
    editor.undo()
    assert editor.add("old_a") == 4
    assert editor.row(4)["status"] == "no_counterpart"
    assert editor.row(4)["relation"] is None
    assert editor.add("old_a", status="remainder") == 5


def test_a_row_that_says_what_a_shipped_one_says_is_the_shipped_one():
    editor = Editor(start())
    editor.drop(0)
    number = editor.add("old_a", "new_a")
    editor.change(number, relation="equal", share_low=1, share_high=1, confidence="medium",
                  rationale="wording", justification="Invented reason 0.")  # fmt: skip
    assert editor.edited == set()
    assert editor.row(number)["reviewed_by"] == "nobody else"
    mine = start().without("old_c", "Only this test says so.")
    assert Editor(mine, start()).edited == {2}
    assert Editor(mine).edited == set()


def test_what_an_editor_cannot_do_it_says():
    absent = crosswalk(
        row("old_a", "new_a"), row("old_a", None, "remainder"),
        row("old_b", None, "no_counterpart"),
        row(None, "new_b", "no_counterpart"),
    )  # fmt: skip
    editor = Editor(absent)
    for wrong, says in [
        (lambda: editor.change(99, confidence="low"), 'row "99" is not known'),
        (lambda: editor.change([0], confidence="low"), "is not known"),
        (lambda: editor.drop("x"), 'row "x" is not known'),
        (lambda: editor.change(0, status="mapped"), 'column "status" is not known'),
        (lambda: editor.change(0, relation="the same"), 'relation "the same" is not known'),
        (lambda: editor.change(0, relation=5), 'relation "5" is not known'),
        (lambda: editor.change(0, share_low="half"), 'share_low "half" is not a number'),
        (lambda: editor.change(0, share_low=float("inf")), "is not a number"),
        (lambda: editor.change(0, justification="x" * (LONGEST_CELL + 1)), "longer than 2000"),
        (lambda: editor.change(0, justification="a\0b"), "which is no character"),
        (lambda: editor.change(0, justification="\ud800"), "which is no character"),
        (lambda: editor.change(2, share_low=0.5), "it has no bounds"),
        (lambda: editor.change(2, relation="equal"), "A row of one aspect (no counterpart) has no"),
        (lambda: editor.change(1, relation="equal"), "A row of one aspect (remainder) has no"),
        (lambda: editor.add(), "needs an aspect"),
        (lambda: editor.add("a", "new_b"), 'source "a" is not known'),
        (lambda: editor.add("old_a", "old_b"), 'target "old_b" is not known'),
        (lambda: editor.add("old_a", "new_b", "sure"), 'status "sure" is not known'),
        (lambda: editor.replace(start().inverse()), "from old to new and from new to old"),
        (lambda: Editor(None), "An editor starts from a Crosswalk, not from NoneType"),
    ]:
        with pytest.raises(HmcpsiError, match=re.escape(says)):
            wrong()
    editor.undo()
    editor.redo()
    assert editor.crosswalk is absent
    for number in (0, 1, 2):
        editor.drop(number)
    with pytest.raises(HmcpsiError, match="This is the last row"):
        editor.drop(3)


def test_an_undetermined_case_becomes_a_link_with_its_relation():
    editor = Editor(crosswalk(row("old_a", "new_a", "undetermined"), row("old_b", "new_b")))
    editor.change(0, confidence="low")
    assert editor.row(0)["status"] == "undetermined"
    editor.change(0, relation="overlaps")
    assert editor.row(0)["status"] == "mapped"


def test_an_emptied_cell_is_empty_and_rows_handed_out_are_the_callers_own():
    editor = Editor(start())
    editor.change(2, share_low="", justification=None, confidence=pd.NA)
    assert [editor.row(2)[c] for c in ("share_low", "justification", "confidence")] == [None] * 3
    editor.rows[0]["relation"] = "overlaps"
    editor.row(0)["relation"] = "overlaps"
    assert editor.row(0)["relation"] == "equal"


def test_an_invalid_step_is_told_and_can_be_mended():
    editor = Editor(start())
    editor.change(0, share_high=1.2)
    assert editor.crosswalk.diagnose()["check"].unique().tolist() == ["shares"]
    editor.change(0, share_high=1)
    assert editor.crosswalk.is_valid()
    assert editor.crosswalk is editor.crosswalk


ROW = "old,old_a,new,,no_counterpart,\n"
MALFORMED = {
    b"": "the file is empty",
    HEADER.encode() + b"\xff\xfe\n": "is not UTF-8",
    HEADER.encode("utf-16"): "",
    HEADER.encode() + b"\0": "NUL",
    b"a,b\n1,2\n": 'Column "source_set" is missing.',
    (HEADER + "1,2,3,4,5,6,7,8\n").encode(): "The row has 8 cells, the header 6",
    (HEADER + '"' + ROW).encode(): "this is no CSV",
    (HEADER + '"' + "x" * 300_000 + '"').encode(): "longer than 131072 characters",
    (HEADER + ROW.replace("old_a", "x" * (LONGEST_CELL + 1))).encode(): (
        "A cell of source_aspect_id is longer than 2000 letters."
    ),
    HEADER.encode(): "It is about 0 pairs of sets. Keep one of them.",
    (HEADER + "old,,new,,no_counterpart,\n").encode(): "Row 0 names no aspect at all.",
    (HEADER + ROW + ROW.replace("new", "talk")).encode(): (
        'It is about 2 pairs of sets: "old" to "new"; "old" to "talk". Keep one'
    ),
    (HEADER + "x,a,y,b,mapped,equal\n").encode(): 'It joins "x" to "y", and one of these sets is',
    (HEADER + "old,old_a,y,b,mapped,equal\n").encode(): 'It joins "old" to "y", and one of these',
    (HEADER + ROW * 5_000).encode(): "It has 5000 rows, more than these sets have pairs.",
    (HEADER.strip() + ",share_low\n" + ROW.strip() + ",half\n").encode(): "is not a number",
    b"#curie_map:\n#  a: b\nsubject_id\nx:y\n": 'The column "object_id" is missing.',
    b"subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
    + b"a\tb\tc\td\n" * 2_000: "and 7992 more",
    b'<!DOCTYPE x [<!ENTITY a "&b;&b;"><!ENTITY b "&a;">]><x>&a;</x>': "",
}


@pytest.mark.parametrize(("data", "says"), MALFORMED.items())
def test_a_file_that_cannot_be_opened_is_one_short_sentence_that_says_why(data, says):
    with pytest.raises(HmcpsiError, match=r'"mine\.csv" was not opened') as caught:
        opened("mine.csv", data, record=world())
    assert says in str(caught.value)
    assert len(str(caught.value)) < 3_000
    assert "/tmp" not in str(caught.value)


def test_a_file_of_a_crosswalk_is_opened_whether_valid_or_not():
    frame = start().to_frame().assign(share_high=3.0)
    broken = Crosswalk(frame, record=world())
    again = opened("x", b"\xef\xbb\xbf" + broken.to_csv().encode(), record=world())
    assert not again.is_valid()
    assert_frame_equal(again.to_frame(), broken.to_frame())
    most = HEADER + "".join(
        f"old,{a},new,{b},mapped,overlaps\n" for a in names("old", 3) for b in names("new", 2)
    )
    assert opened("x", most.encode(), record=world()).is_valid()
    with pytest.raises(HmcpsiError, match="was not opened"):
        opened("x", "text", record=world())
    with pytest.raises(UnknownValueError):
        Editor(start()).row(None)
