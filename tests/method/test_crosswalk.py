"""A crosswalk: how it is loaded, made, told, measured, written and read again."""

import csv
import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import FEW, aspects, crosswalk, plain, row, world

from hmcpsi_data.errors import CrosswalkError, DataError, HmcpsiError, UnknownValueError
from hmcpsi_data.method.compare import set_pairs
from hmcpsi_data.method.crosswalk import Crosswalk

A_TO_A, B_TO_B = row("old_a", "new_a"), row("old_b", "new_b")
KNOWN = aspects(old=3, new=3)
NEEDED = ["source_set", "source_aspect_id", "target_set", "target_aspect_id"]
LOADED = Crosswalk.load("old", "new", world())
BOTH = crosswalk(A_TO_A, B_TO_B)


def test_a_crosswalk_is_loaded_by_identifiers_or_titles():
    assert len(LOADED.to_frame()) == 4
    again = Crosswalk.load("Old aspects", "new criteria", world())
    pd.testing.assert_frame_equal(again.to_frame(), LOADED.to_frame())
    assert LOADED.titles == ("Old aspects", "New criteria")
    assert LOADED.labels[0] == {"old_a": "Old A", "old_b": "Old B", "old_c": "Old C"}
    assert list(LOADED.labels[1]) == ["new_a", "new_b"]
    for strange in ("new", "odd", 5):
        with pytest.raises(UnknownValueError, match="is not known"):
            Crosswalk.load(strange, "new", world())


def test_what_is_no_table_of_a_crosswalk_names_every_fault():
    frame = pd.DataFrame([A_TO_A, B_TO_B]).drop(columns="status").assign(score=1)
    frame["share_low"] = ["some", "0.5"]
    with pytest.raises(CrosswalkError) as caught:
        Crosswalk(frame)
    assert caught.value.problems["problem"].tolist() == [
        'Column "status" is missing.',
        'Column "score" is not known in a crosswalk, or there more than once.',
        'share_low "some" is not a number.',
    ]
    for changed, says in (
        ({"share_high": "nan"}, 'row 0: share_high "nan" is not a number'),
        ({"justification": "a\0b"}, "row 0: justification holds .* is no character"),
        ({"justification": "\ud800"}, "row 0: justification holds .* is no character"),
    ):
        with pytest.raises(CrosswalkError, match=says):
            Crosswalk(pd.DataFrame([A_TO_A | changed], dtype=object), KNOWN)
    frame = pd.DataFrame([A_TO_A, B_TO_B])
    with pytest.raises(CrosswalkError, match=r'"share_low" is .* or there more than once'):
        Crosswalk(pd.concat([frame, frame[["share_low"]]], axis=1))
    for strange in ([], "old to new"):
        with pytest.raises(CrosswalkError, match="is made of a DataFrame, not of"):
            Crosswalk(strange)
        with pytest.raises(CrosswalkError, match="The aspects of a crosswalk are a DataFrame"):
            Crosswalk(frame, aspects=strange)


def test_shares_may_come_as_text_columns_may_be_left_out_and_copies_are_given_out():
    few = pd.DataFrame([A_TO_A, B_TO_B])[NEEDED]
    few = few.assign(status="mapped", relation="overlaps", share_low=["0.5", ""])
    found = Crosswalk(few, KNOWN[KNOWN["aspect_id"].str.contains("_[ab]")])
    assert plain(found.to_frame(), "share_low", "crosswalk_id", "basis", "speaker") == [
        [0.5, "old_a_to_new_a", "inferred", "project"],
        [None, "old_b_to_new_b", "inferred", "project"],
    ]
    for one in (few, found.to_frame()):
        one.loc[:, "status"] = "perhaps"
        assert found.is_valid()
    for shipped in set_pairs():
        frame = shipped.to_frame()
        recomputed = Crosswalk(frame.drop(columns="crosswalk_id")).to_frame()
        pd.testing.assert_frame_equal(frame, recomputed)


def test_the_sentence_counts_rows_and_links_or_problems():
    lost = row("old_c", None, "no_counterpart"), row(None, "new_b", "no_counterpart")
    found = crosswalk(A_TO_A, row("old_b", "new_a"), *lost, old=3)
    assert repr(found) == "<Crosswalk old to new: 4 rows, 2 links>"
    broken = crosswalk(A_TO_A | {"share_high": 1.2}, B_TO_B)
    assert repr(broken) == "<Crosswalk old to new: 1 problem; not valid, see diagnose()>"


def test_coverage_counts_and_names_both_sides():
    found = crosswalk(
        A_TO_A,
        row("old_a", None, "remainder"),
        row("old_b", "new_b", "undetermined"),
        row("old_c", None, "no_counterpart"),
        row(None, "new_c", "no_counterpart"),
        old=3,
        new=3,
    ).coverage()
    counts = ["n_aspects", "n_linked", "n_without", "n_undetermined", "n_remainder"]
    assert plain(found, "side", "set_id", *counts, "without", "undetermined", "remainder") == [
        ["source", "old", 3, 1, 1, 1, 1, "old_c", "old_b", "old_a"],
        ["target", "new", 3, 1, 1, 1, 0, "new_c", "new_b", None],
    ]


TEXT = st.one_of(
    st.none(),
    st.sampled_from(["=1+1", "'=1+1", "''-a", "+\n=a", "'a", "\t@", "\n=", "\uff1d1", "\uff201"]),
    st.sampled_from(["|", "\\", "\\|", '"', "'", "\t", "#", "a\nb", "\r\n", " x ", "NA", "nan"]),
    st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=20),
)
COLUMNS = ["justification", "curation_rule", "curated_by", "reviewed_by", "curated_on"]


@FEW
@given(st.lists(TEXT, min_size=20, max_size=20))
def test_what_is_written_comes_back_as_it_was(texts):
    each = dict(zip(COLUMNS, [texts[n : n + 4] for n in range(0, 20, 4)], strict=True))
    written = Crosswalk(LOADED.to_frame().assign(**each), record=world())
    for read, text in (
        (Crosswalk.from_csv, written.to_csv()),
        (Crosswalk.from_sssom, written.to_sssom()),
    ):
        again = read(text.encode(), record=world())
        pd.testing.assert_frame_equal(again.to_frame(), written.to_frame())


def test_no_cell_of_a_csv_file_is_a_formula():
    odd = ["=1+1", "'=1+1", "@x", "+1", "-1", "\t=", "\r=", "\n=", "\uff1d1", "\uff0b1", "\uff0d1",
           "\uff201"]  # fmt: skip
    rows = [row("old_a", "new_a", justification=text) for text in odd]
    text = Crosswalk(pd.DataFrame(rows), KNOWN).to_csv()
    cells = [one["justification"] for one in csv.DictReader(io.StringIO(text, newline=""))]
    assert cells == [f"'{text}" for text in odd]
    quoted = crosswalk(A_TO_A | {"justification": "'plain'"}, B_TO_B)
    assert ",'plain'," in quoted.to_csv()


def test_a_csv_file_with_bad_lines_lists_all_of_them(tmp_path):
    path = tmp_path / "mine.csv"
    text = BOTH.to_csv() + "a,b\r\n\r\nc\r\n"
    path.write_text(text, encoding="utf-8", newline="")
    with pytest.raises(CrosswalkError, match=r"mine\.csv cannot be read as a crosswalk") as caught:
        Crosswalk.from_csv(path, KNOWN)
    assert dict(caught.value.problems[["row", "problem"]].to_numpy()) == {
        4: "The row has 2 cells, the header 19.",
        6: "The row has 1 cell, the header 19.",
    }
    assert "\n  line 6: The row has 1 cell, the header 19. Write a comma" in str(caught.value)


def test_a_file_has_what_is_written_or_is_told_and_nothing_is_left(tmp_path):
    (tmp_path / "folder").mkdir()
    for write, read in ((BOTH.to_csv, Crosswalk.from_csv), (BOTH.to_sssom, Crosswalk.from_sssom)):
        path = tmp_path / "folder" / "x"
        assert write(path).encode() == path.read_bytes()
        for source in (path, str(path)):
            pd.testing.assert_frame_equal(read(source, KNOWN).to_frame(), BOTH.to_frame())
        for source in (tmp_path / "none.csv", tmp_path):
            with pytest.raises(DataError):
                read(source)
        for strange in (None, b"", b"\n"):
            with pytest.raises(HmcpsiError, match=r"by its path or its bytes|empty|missing|no CSV"):
                read(strange)
        for target in (tmp_path / "folder", tmp_path / "nowhere" / "x.tsv", 5):
            with pytest.raises(HmcpsiError):
                write(target)
    assert [path.name for path in tmp_path.rglob("*")] == ["folder", "x"]
