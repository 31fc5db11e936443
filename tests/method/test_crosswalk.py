"""A crosswalk: how it is loaded, made, told, measured, written and read again."""

import csv
import io

import pandas as pd
import pytest
from agreement import kappa
from hypothesis import given
from hypothesis import strategies as st
from invented import FEW, aspects, crosswalk, plain, ratings, row, world
from sweep import faults

from hmcpsi_data import assessment
from hmcpsi_data.errors import CrosswalkError, DataError, HmcpsiError, UnknownValueError
from hmcpsi_data.method import scales
from hmcpsi_data.method.compare import compare, set_pairs
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.tables.description import table

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


def test_rule_3_every_shipped_row_says_whose_judgement_it_is_and_why():
    for shipped in set_pairs():
        frame = shipped.to_frame()
        recomputed = Crosswalk(frame.drop(columns="crosswalk_id")).to_frame()
        pd.testing.assert_frame_equal(frame, recomputed)
        assert list(frame.columns) == list(table("crosswalk").columns)
        said = ["rationale", "confidence", "justification", "curation_rule", "curated_by"]
        assert frame[[*said, "curated_on"]].notna().all(axis=None)
        assert (frame["reviewed_by"].isna() == frame["reviewed_on"].isna()).all()
        reviewed = frame.dropna(subset="reviewed_on")
        assert (reviewed["reviewed_on"] >= reviewed["curated_on"]).all()
        assert set(frame["basis"] + " " + frame["speaker"]) == {"inferred project"}


def test_rule_3_the_agreement_of_the_two_passes_is_that_of_the_textbook():
    """The table of Cohen (1968), 200 units in three categories: 0.492 and, weighted, 0.348."""
    counts = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    weights = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]
    cells = [(a, b) for a in range(3) for b in range(3) for _ in range(counts[a][b])]
    assert round(kappa(*zip(*cells, strict=True)), 3) == 0.492
    assert round(kappa(*zip(*cells, strict=True), lambda a, b: weights[a][b]), 3) == 0.348
    assert str(kappa("aaaa", "aaaa")) == "nan"


def test_coverage_and_the_sentence_count_rows_and_links_or_problems_and_name_both_sides():
    broken = crosswalk(A_TO_A | {"share_high": 1.2}, B_TO_B)
    assert repr(broken) == "<Crosswalk old to new: 1 problem; not valid, see diagnose()>"
    whole = crosswalk(
        A_TO_A,
        row("old_a", None, "remainder"),
        row("old_b", "new_b", "undetermined"),
        row("old_c", None, "no_counterpart"),
        row(None, "new_c", "no_counterpart"),
        old=3,
        new=3,
    )
    assert repr(whole) == "<Crosswalk old to new: 5 rows, 1 link>"
    found = whole.coverage()
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
    odd = [
        "=1+1",
        "'=1+1",
        "\t=",
        "\r=",
        "\n=",
        *(f"{one}1" for one in "@+-\uff1d\uff0b\uff0d\uff20"),
    ]
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


def test_whatever_is_typed_gives_a_result_or_a_sentence(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # files are written by the names that are typed
    frame, profile = ratings("Weak", "Strong"), assessment.profile("Suffolk")
    pair, one = {"a": frame, "b": frame, "record": world()}, {"ratings": frame, "record": world()}
    for function, given_ in [
        *((getattr(scales, n), pair if n == "dominance" else one) for n in scales.__all__),
        (compare, {"source": "old", "target": "new", "area": "Bothmark", "record": world()}),
        (Crosswalk, {"frame": BOTH.to_frame()}),
        (Crosswalk.load, {"source": "old", "target": "new", "record": world()}),
        (Crosswalk.from_csv, {"source": BOTH.to_csv().encode()}),
        (Crosswalk.from_sssom, {"source": BOTH.to_sssom().encode()}),
        (BOTH.to_csv, {}), (BOTH.to_sssom, {}), (BOTH.then, {"other": BOTH.inverse()}),
        (BOTH.without, {"aspect_id": "old_a", "justification": "x"}),
        (BOTH.translate, {"ratings": frame}), (BOTH.sensitivity, {"ratings": frame}),
        (assessment.profile, {}), (assessment.overall, {"profile": profile}),
        (assessment.what_if, {"profile": profile}), (assessment.sensitivity, {"profile": profile}),
        (assessment.consistent_rules, {}),
    ]:  # fmt: skip
        assert faults(function, given_) == []
    for part in (profile[:3], profile[:0]):
        assert faults(assessment.overall, {"profile": part}) == []
