"""A crosswalk: how it is loaded, made, shown, measured, written and read again."""

import csv
import io
import re

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
SHIPPED = set_pairs()
PAIRS = [f"{one.source_set} to {one.target_set}" for one in SHIPPED]


def test_a_crosswalk_is_loaded_by_identifiers_or_titles_of_its_sets():
    loaded = Crosswalk.load("old", "new", world())
    assert len(loaded.to_frame()) == 4
    again = Crosswalk.load("Old aspects", "new criteria", world())
    pd.testing.assert_frame_equal(again.to_frame(), loaded.to_frame())
    assert loaded.titles == ("Old aspects", "New criteria")
    assert loaded.labels[0]["old_a"] == "Old A"
    assert [list(side) for side in loaded.labels] == [
        ["old_a", "old_b", "old_c"],
        ["new_a", "new_b"],
    ]


def test_an_unknown_set_or_pair_is_named():
    for strange in ("new", "odd", None, 5, ["old"], []):
        with pytest.raises(UnknownValueError, match="is not known"):
            Crosswalk.load(strange, "new", world())


def test_only_what_the_record_holds_is_shipped():
    loaded = Crosswalk.load("old", "new", world())
    assert loaded.is_shipped
    assert Crosswalk(loaded.to_frame(), record=world()).is_shipped
    assert not Crosswalk(loaded.to_frame().assign(justification="Mine."), record=world()).is_shipped
    assert not Crosswalk(loaded.to_frame()).is_shipped
    assert not loaded.without("old_c", "Invented.").is_shipped


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
    with pytest.raises(CrosswalkError, match='share_high "nan" is not a number'):
        Crosswalk(pd.DataFrame([A_TO_A | {"share_high": "nan"}]))
    frame = pd.DataFrame([A_TO_A, B_TO_B])
    with pytest.raises(CrosswalkError, match='Column "share_low" is there more than once'):
        Crosswalk(pd.concat([frame, frame[["share_low"]]], axis=1))


@pytest.mark.parametrize("strange", [None, [], 5, "old to new", {"a": 1}])
def test_what_is_no_frame_is_no_crosswalk(strange):
    with pytest.raises(CrosswalkError, match="is made of a DataFrame, not of"):
        Crosswalk(strange)
    with pytest.raises(CrosswalkError, match="is made of a DataFrame, not of"):
        Crosswalk.from_frame(strange)
    if strange is not None:
        with pytest.raises(CrosswalkError, match="The aspects of a crosswalk are a DataFrame"):
            Crosswalk(pd.DataFrame([A_TO_A]), aspects=strange)


def test_shares_may_come_as_text_columns_may_be_left_out_and_copies_are_given_out():
    few = pd.DataFrame([A_TO_A, B_TO_B])[NEEDED]
    few = few.assign(status="mapped", relation="overlaps", share_low=["0.5", ""])
    found = Crosswalk(few, aspects(old=2, new=2))
    assert plain(found.to_frame(), "share_low", "crosswalk_id", "basis", "speaker") == [
        [0.5, "old_a_to_new_a", "inferred", "project"],
        [None, "old_b_to_new_b", "inferred", "project"],
    ]
    for one in (few, found.to_frame()):
        one.loc[:, "status"] = "perhaps"
        assert found.is_valid()
    absent = crosswalk(row("old_a", None, "no_counterpart"), row(None, "new_a", "no_counterpart"))
    assert absent.to_frame()["crosswalk_id"].tolist() == [
        "old_a_to_nothing_in_new", "nothing_in_old_to_new_a",
    ]  # fmt: skip


@pytest.mark.parametrize("shipped", SHIPPED, ids=PAIRS)
def test_every_shipped_crosswalk_is_valid_and_shown_in_words(shipped):
    assert shipped.diagnose().empty
    assert shipped.is_shipped
    frame = shipped.to_frame()
    recomputed = Crosswalk(frame.drop(columns="crosswalk_id")).to_frame()
    pd.testing.assert_frame_equal(frame, recomputed)
    assert repr(shipped).startswith(f"<Crosswalk {shipped.source_set} to {shipped.target_set}: ")
    shown = shipped._repr_html_()
    told = re.sub(r"<caption.*?</caption>|<[^>]*>", " ", shown)  # the sentence names its sets
    assert re.findall(r"\b[a-z0-9]+_[a-z0-9_]+\b", told) == []
    assert 'tabindex="0"' in shown  # wide: the keyboard reaches its scrolling


def test_the_sentence_counts_rows_and_links_or_problems():
    lost = row("old_c", None, "no_counterpart"), row(None, "new_b", "no_counterpart")
    found = crosswalk(A_TO_A, row("old_b", "new_a"), *lost, old=3)
    assert repr(found) == "<Crosswalk old to new: 4 rows, 2 links>"
    broken = crosswalk(A_TO_A | {"share_high": 1.2}, B_TO_B)
    assert repr(broken) == "<Crosswalk old to new: 1 problem; not valid, see diagnose()>"


def test_html_in_a_cell_stays_text():
    known = aspects(old=2, new=2).assign(label="<script>alert(1)</script>")
    shown = Crosswalk(pd.DataFrame([A_TO_A, B_TO_B]), known, world())._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


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
    frame = Crosswalk.load("old", "new", world()).to_frame().assign(**each)
    written = Crosswalk(frame, record=world())
    for read, text in (
        (Crosswalk.from_csv, written.to_csv()),
        (Crosswalk.from_sssom, written.to_sssom()),
    ):
        again = read(text.encode(), record=world())
        pd.testing.assert_frame_equal(again.to_frame(), written.to_frame())


def test_a_file_has_what_is_written(tmp_path):
    found = crosswalk(A_TO_A, B_TO_B)
    for name, write, read in (
        ("x.csv", found.to_csv, Crosswalk.from_csv),
        ("x.sssom.tsv", found.to_sssom, Crosswalk.from_sssom),
    ):
        assert write(tmp_path / name).encode() == (tmp_path / name).read_bytes()
        for source in (tmp_path / name, str(tmp_path / name)):
            pd.testing.assert_frame_equal(read(source, KNOWN).to_frame(), found.to_frame())


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
    text = crosswalk(A_TO_A, B_TO_B).to_csv() + "a,b\r\n\r\nc\r\n"
    path.write_text(text, encoding="utf-8", newline="")
    with pytest.raises(CrosswalkError, match=r"Mine\.csv cannot be read as a crosswalk") as caught:
        Crosswalk.from_csv(path, KNOWN)
    assert dict(caught.value.problems[["row", "problem"]].to_numpy()) == {
        4: "The row has 2 cells, the header 19.",
        6: "The row has 1 cell, the header 19.",
    }
    assert "\n  line 6: The row has 1 cell, the header 19. Write a comma" in str(caught.value)


@pytest.mark.parametrize("read", [Crosswalk.from_csv, Crosswalk.from_sssom])
def test_a_file_that_is_not_there_or_no_file_is_told(read, tmp_path):
    with pytest.raises(DataError):
        read(tmp_path / "none.csv")
    with pytest.raises(DataError):
        read(tmp_path)
    for strange in (None, 5, ["a"], pd.DataFrame()):
        with pytest.raises(HmcpsiError, match="A file is given by its path or its bytes"):
            read(strange)
    for empty in (b"", b"\n"):
        with pytest.raises(HmcpsiError):
            read(empty)


def test_a_file_that_cannot_be_written_is_named_and_leaves_nothing(tmp_path):
    found = crosswalk(A_TO_A, B_TO_B)
    (tmp_path / "folder").mkdir()
    for write in (found.to_csv, found.to_sssom):
        for path in (tmp_path / "folder", tmp_path / "nowhere" / "x.tsv", 5):
            with pytest.raises(HmcpsiError):
                write(path)
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


@pytest.mark.parametrize("character", ["\0", "\ud800"])
def test_what_no_text_file_can_hold_is_refused(character):
    text = f"a{character}b"
    frame = pd.DataFrame([A_TO_A | {"justification": text}, B_TO_B], dtype=object)
    with pytest.raises(CrosswalkError, match=r"row 0: justification holds .* is no character"):
        Crosswalk(frame, KNOWN)
    known = pd.DataFrame(KNOWN, dtype=object)
    known["label"] = pd.Series([None, text, *[None] * 4], dtype=object)
    with pytest.raises(CrosswalkError, match=r"row 1: label holds .* is no character"):
        Crosswalk(pd.DataFrame([A_TO_A, B_TO_B]), known)
