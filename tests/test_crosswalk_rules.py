"""The one checker: what it finds, in which rows, and how it says so."""

import re

import pandas as pd
import pytest
from invented import aspects, crosswalk, ratings, row

from hmcpsi_data import load
from hmcpsi_data.crosswalk import Crosswalk
from hmcpsi_data.errors import CrosswalkError

A_TO_A, B_TO_B = row("old_a", "new_a"), row("old_b", "new_b")
B_NOWHERE, NEW_B_NOWHERE = (
    row("old_b", None, "no_counterpart"),
    row(None, "new_b", "no_counterpart"),
)
SHARED = {"share_low": 0.2, "share_high": 0.4}

BAD = {
    "another set": (
        [A_TO_A, B_TO_B | {"target_set": "newer"}],
        {("sets", 1)},
        "not about old and new",
    ),
    "an unknown relation": (
        [A_TO_A | {"relation": "overlap"}, B_TO_B],
        {("values", 0)},
        'relation "overlap" is not known. Did you mean "overlaps"?',
    ),
    "another speaker": (
        [A_TO_A | {"speaker": "inspectorate", "basis": "stated"}, B_TO_B],
        {("values", 0)},
        'basis "stated" is not known.',
    ),
    "no status": ([A_TO_A, B_TO_B | {"status": None}], {("values", 1)}, "It has no status."),
    "a link without relation": (
        [A_TO_A | {"relation": None}, B_TO_B],
        {("relation", 0)},
        "Status mapped does not go with relation none.",
    ),
    "an absence with a relation": (
        [A_TO_A, B_NOWHERE | {"relation": "overlaps"}, NEW_B_NOWHERE],
        {("relation", 1)},
        "Status no_counterpart does not go with relation overlaps.",
    ),
    "a link without target": (
        [A_TO_A, row("old_b", None), NEW_B_NOWHERE],
        {("ends", 1)},
        "Status mapped does not go with source old_b and target none.",
    ),
    "an unknown id": (
        [row("old_aa", "new_a"), row("old_a", "new_a"), B_TO_B],
        {("ids", 0)},
        'source_aspect_id "old_aa" is not known. Did you mean "old_a"',
    ),
    "the same pair twice": (
        [A_TO_A, A_TO_A | {"relation": "source_within_target"}, B_TO_B],
        {("duplicate", 0), ("duplicate", 1)},
        "old_a to new_a is there more than once.",
    ),
    "two remainders": (
        [A_TO_A, row("old_a", None, "remainder"), row("old_a", None, "remainder"), B_TO_B],
        {("duplicate", 1), ("duplicate", 2)},
        "old_a is there more than once.",
    ),
    "a share above 1": (
        [A_TO_A | {"share_high": 1.2}, B_TO_B],
        {("shares", 0)},
        "The shares from 0 to 1.2 are no part of a whole.",
    ),
    "bounds that run backwards": (
        [A_TO_A | {"share_low": 0.9, "share_high": 0.2}, row("old_a", "new_b"), B_TO_B],
        {("shares", 0)},
        "The shares from 0.9 to 0.2 are no part of a whole.",
    ),
    "shares that cannot reach 1": (
        [A_TO_A | SHARED, row("old_a", None, "remainder", **SHARED), B_TO_B],
        {("sum", 0), ("sum", 1)},
        "The shares of old_a add up to 0.4 at least and 0.8 at most.",
    ),
    "shares above 1 together": (
        [A_TO_A | {"share_low": 0.7}, row("old_a", "new_b", share_low=0.7), B_TO_B],
        {("sum", 0), ("sum", 1)},
        "The shares of old_a add up to 1.4 at least and 2 at most.",
    ),
    "equal beside another link": (
        [A_TO_A | {"relation": "equal"}, row("old_a", "new_b"), B_TO_B],
        {("equal", 0), ("equal", 1)},
        "old_a is equal to one aspect and has another row as well.",
    ),
    "a link and a no_counterpart": (
        [A_TO_A, row("old_a", None, "no_counterpart"), B_TO_B],
        {("no_counterpart", 0), ("no_counterpart", 1)},
        "one aspect of this row has a link and also a row that says it has no counterpart",
    ),
    "a target both linked and without counterpart": (
        [A_TO_A, B_TO_B, NEW_B_NOWHERE],
        {("no_counterpart", 1), ("no_counterpart", 2)},
        "one aspect of this row has a link",
    ),
    "an undetermined link and a no_counterpart": (
        [A_TO_A, row("old_b", "new_b", "undetermined"), B_NOWHERE],
        {("no_counterpart", 1), ("no_counterpart", 2)},
        "one aspect of this row has a link",
    ),
    "a remainder of nothing": (
        [A_TO_A, row("old_b", None, "remainder"), NEW_B_NOWHERE],
        {("remainder", 1)},
        "old_b has a remainder and no link.",
    ),
}


@pytest.mark.parametrize(("rows", "expected", "sentence"), BAD.values(), ids=list(BAD))
def test_each_broken_rule_is_found_in_its_rows_with_a_remedy(rows, expected, sentence):
    found = crosswalk(*rows)
    problems = found.diagnose()
    assert not found.is_valid()
    assert set(zip(problems["check"], problems["row"], strict=True)) == expected
    assert problems["problem"].str.contains(sentence, regex=False).any()
    assert problems["remedy"].str.endswith(".").all()


def test_silence_is_an_error_that_names_the_aspect():
    problems = crosswalk(A_TO_A).diagnose()
    assert problems["row"].isna().all()
    assert problems["problem"].tolist() == ["old_b appears in no row.", "new_b appears in no row."]


def test_sets_without_aspects_are_named():
    problems = Crosswalk(pd.DataFrame([A_TO_A])).diagnose()
    assert problems["check"].tolist() == ["sets", "sets"]
    assert 'the set "old"' in problems["problem"][0]


def test_overall_assessments_take_no_part():
    known = aspects(old=2, new=2).assign(level=["overall", "aspect", "aspect", "aspect"])
    found = Crosswalk(pd.DataFrame([A_TO_A, B_TO_B]), aspects=known).diagnose()
    assert found[["check", "row"]].to_numpy().tolist() == [["ids", 0]]
    assert "overall assessment, which takes no part" in found["problem"][0]


def test_an_empty_crosswalk_is_not_valid():
    frame = pd.DataFrame(columns=list(A_TO_A))
    assert Crosswalk(frame).diagnose()["check"].tolist() == ["sets", "sets"]


def test_tolerance_is_a_billionth():
    thirds = [row("old_a", t, share_low=1 / 3, share_high=1 / 3) for t in ("new_a", "new_b")]
    rest = row("old_a", None, "remainder", share_low=1 / 3, share_high=1 / 3)
    assert crosswalk(*thirds, rest, B_TO_B).is_valid()
    assert not crosswalk(*thirds, rest | {"share_low": 1 / 3 + 1e-8}, B_TO_B).is_valid()


@pytest.mark.parametrize(
    "operation",
    [
        lambda c: c.coverage(),
        lambda c: c.cardinality(),
        lambda c: c.exact_splits(),
        lambda c: c.inverse(),
        lambda c: c.then(c),
        lambda c: c.translate(ratings("Good", "Poor")),
        lambda c: c.sensitivity(ratings("Good", "Poor")),
        lambda c: c.to_sssom("never.sssom.tsv"),
    ],
)
def test_every_operation_refuses_with_all_offending_rows(operation, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    broken = crosswalk(A_TO_A | {"share_high": 1.2}, B_TO_B, B_NOWHERE)
    before = broken.to_frame()
    with pytest.raises(CrosswalkError) as caught:
        operation(broken)
    text = str(caught.value)
    assert "Crosswalk old to new is not valid; diagnose() lists what is wrong:" in text
    for place in ("row 0: The shares", "row 1: old_b to new_b", "row 2: old_b"):
        assert place in text
    pd.testing.assert_frame_equal(caught.value.problems, broken.diagnose())
    pd.testing.assert_frame_equal(broken.to_frame(), before)
    assert not list(tmp_path.iterdir())


def test_a_frame_that_is_no_table_names_every_fault():
    frame = pd.DataFrame([A_TO_A, B_TO_B]).drop(columns="status").assign(score=1)
    frame["share_low"] = ["some", "0.5"]
    with pytest.raises(CrosswalkError) as caught:
        Crosswalk(frame)
    assert caught.value.problems["problem"].tolist() == [
        'Column "status" is missing.',
        'Column "score" is not known in a crosswalk.',
        'share_low "some" is not a number.',
    ]


def test_a_column_that_is_there_twice_is_named():
    frame = pd.DataFrame([A_TO_A, B_TO_B])
    with pytest.raises(CrosswalkError, match='Column "share_low" is there more than once'):
        Crosswalk(pd.concat([frame, frame[["share_low"]]], axis=1))


def test_shares_may_come_as_text_and_columns_may_be_left_out():
    found = crosswalk(A_TO_A, B_TO_B).to_frame()
    few = found[["source_set", "source_aspect_id", "target_set", "target_aspect_id"]]
    again = Crosswalk(
        few.assign(status="mapped", relation="overlaps", share_low=["0.5", ""]),
        aspects=aspects(old=2, new=2),
    )
    assert again.is_valid()
    frame = again.to_frame()
    assert frame["share_low"].tolist() == [0.5, pd.NA]
    assert frame["crosswalk_id"].tolist() == ["old_a_to_new_a", "old_b_to_new_b"]
    assert frame[["basis", "speaker"]].drop_duplicates().to_numpy().tolist() == [
        ["inferred", "project"]
    ]


@pytest.mark.parametrize(
    ("source", "target"),
    list(load("crosswalk")[["source_set", "target_set"]].drop_duplicates().itertuples(index=False)),
)
def test_every_shipped_crosswalk_is_valid_and_keeps_its_identifiers(source, target):
    shipped = Crosswalk.load(source, target)
    assert shipped.diagnose().empty
    frame = shipped.to_frame()
    recomputed = Crosswalk(frame.drop(columns="crosswalk_id")).to_frame()
    pd.testing.assert_frame_equal(frame, recomputed)
    assert shipped.inverse().is_valid()
    assert repr(shipped).startswith(f"<Crosswalk {source} to {target}: ")
    shown = shipped._repr_html_()
    assert "<table" in shown
    codes = re.compile(r"\b[a-z0-9]+_[a-z0-9_]+\b")
    told = re.sub(r"<p>.*?</p>|<[^>]*>", " ", shown)  # the sentence names it by its sets
    assert codes.findall(told) == []
    assert 'role="region" tabindex="0"' in shown  # wide: the keyboard reaches its scrolling


def test_the_repr_of_a_broken_one_says_where_to_look():
    broken = crosswalk(A_TO_A | {"share_high": 1.2}, B_TO_B)
    expected = "<Crosswalk old to new: 2 rows, 1 problem; not valid, see diagnose()>"
    assert repr(broken) == expected


def test_what_it_gives_out_are_copies():
    found = crosswalk(A_TO_A, B_TO_B)
    given = found.to_frame()
    given.loc[0, "relation"] = "equal"
    assert found.to_frame()["relation"].tolist() == ["overlaps", "overlaps"]
    frame = found.to_frame()
    other = Crosswalk(frame, aspects=aspects(old=2, new=2))
    frame.loc[:, "status"] = "perhaps"
    assert other.is_valid()
