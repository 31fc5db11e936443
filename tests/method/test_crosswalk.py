"""A crosswalk: how it is loaded, made, told, measured, edited, written and read again."""

import csv
import io
import re
from contextlib import suppress

import pandas as pd
import pytest
from agreement import kappa
from hypothesis import given
from hypothesis import strategies as st
from invented import FEW, RELATIONS, aspects, crosswalk, names, plain, ratings, row, world
from sweep import faults

from hmcpsi_data import assessment
from hmcpsi_data.errors import CrosswalkError, DataError, HmcpsiError, UnknownValueError
from hmcpsi_data.method import scales
from hmcpsi_data.method.compare import compare, set_pairs
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.method.editor import LONGEST_CELL, Editor, opened
from hmcpsi_data.tables.description import table

A_TO_A, B_TO_B = row("old_a", "new_a"), row("old_b", "new_b")
KNOWN = aspects(old=3, new=3)
NEEDED = ["source_set", "source_aspect_id", "target_set", "target_aspect_id"]
LOADED = Crosswalk.load("old", "new", world())
BOTH = crosswalk(A_TO_A, B_TO_B)


def test_a_crosswalk_is_loaded_by_name_or_made_of_few_columns_and_text_and_gives_out_copies():
    assert len(LOADED.to_frame()) == 4
    again = Crosswalk.load("Old aspects", "new criteria", world())
    pd.testing.assert_frame_equal(again.to_frame(), LOADED.to_frame())
    assert LOADED.titles == ("Old aspects", "New criteria")
    assert LOADED.labels[0] == {"old_a": "Old A", "old_b": "Old B", "old_c": "Old C"}
    assert list(LOADED.labels[1]) == ["new_a", "new_b"]
    for strange in ("new", "odd", 5):
        with pytest.raises(UnknownValueError, match="is not known"):
            Crosswalk.load(strange, "new", world())
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
    for name, cell, says in (
        ("share_high", "nan", '"nan" is not a number'),
        *(("justification", one, "holds .* is no character") for one in ("a\0b", "\ud800")),
    ):
        with pytest.raises(CrosswalkError, match=f"row 0: {name} {says}"):
            Crosswalk(pd.DataFrame([A_TO_A | {name: cell}], dtype=object), KNOWN)
    frame = pd.DataFrame([A_TO_A, B_TO_B])
    with pytest.raises(CrosswalkError, match=r'"share_low" is .* or there more than once'):
        Crosswalk(pd.concat([frame, frame[["share_low"]]], axis=1))
    for strange in ([], "old to new"):
        with pytest.raises(CrosswalkError, match="is made of a DataFrame, not of"):
            Crosswalk(strange)
        with pytest.raises(CrosswalkError, match="The aspects of a crosswalk are a DataFrame"):
            Crosswalk(frame, aspects=strange)


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
    doubt, rest = row("old_b", "new_b", "undetermined"), row("old_a", None, "remainder")
    lost = row("old_c", None, "no_counterpart"), row(None, "new_c", "no_counterpart")
    whole = crosswalk(A_TO_A, rest, doubt, *lost, old=3, new=3)
    assert repr(whole) == "<Crosswalk old to new: 5 rows, 1 link>"
    found = whole.coverage()
    counts = ["n_aspects", "n_linked", "n_without", "n_undetermined", "n_remainder"]
    assert plain(found, "side", "set_id", *counts, "without", "undetermined", "remainder") == [
        ["source", "old", 3, 1, 1, 1, 1, "old_c", "old_b", "old_a"],
        ["target", "new", 3, 1, 1, 1, 0, "new_c", "new_b", None],
    ]


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


@FEW
@given(st.lists(st.tuples(st.integers(0, 15), STEPS), max_size=6))
def test_any_edits_undone_give_the_very_crosswalk_that_was_there(steps):
    editor, seen = Editor(LOADED), []
    for place, (kind, cell) in steps:
        before, was = editor.rows, editor.crosswalk
        number = list(before)[place % len(before)]
        with suppress(HmcpsiError):  # what is refused does nothing
            if kind == "change":
                editor.change(number, **dict([cell]))
            elif kind == "drop":
                editor.drop(number)
            elif kind == "add":
                ends = [*names("old", 3), None][place // 4], [*names("new", 2), None][place % 3]
                editor.add(*ends)
            else:
                editor.replace(Crosswalk(LOADED.to_frame(), record=world()))
        if editor.crosswalk is not was:
            seen.append(before)
    for rows in reversed(seen):
        editor.undo()
        assert editor.rows == rows
    assert editor.crosswalk is LOADED
    assert editor.edited == set()


def test_an_edited_row_keeps_its_number_and_does_not_claim_the_curation_of_the_shipped_one():
    editor = Editor(LOADED)
    before = editor.row(0)
    assert before["curated_by"] == "nobody"
    editor.change(0, confidence="low")
    edited = editor.row(0)
    assert edited == before | dict.fromkeys(CURATED) | {"confidence": "low", "curated_by": BY}
    assert editor.edited == {0}
    editor.change(0, confidence=before["confidence"])
    assert editor.row(0) == before
    assert editor.edited == set()
    mine = LOADED.without("old_c", "Only this test says so.")
    assert Editor(mine, LOADED).edited == {2}
    assert Editor(mine).edited == set()
    editor = Editor(LOADED)
    editor.change(2, **{name: editor.row(2)[name] for name in ("relation", "confidence")})
    editor.change(2, share_low=" 0.2 ")
    assert editor.crosswalk is LOADED
    editor.rows[0]["relation"] = editor.row(0)["relation"] = "overlaps"
    assert editor.row(0)["relation"] == "equal"
    editor.change(2, share_low="", justification=None, confidence=pd.NA)
    assert [editor.row(2)[c] for c in ("share_low", "justification", "confidence")] == [None] * 3
    editor.drop(1)
    assert list(editor.rows) == [0, 2, 3]
    assert editor.n_dropped == 1
    assert editor.add("old_b", "new_b") == 4
    shown = ["status", "relation", "share_low", "confidence", "curated_by", "source_set", "speaker"]
    new = ["mapped", "undetermined", None, "low", BY, "old", "project"]
    assert [editor.row(4)[name] for name in shown] == new
    assert editor.n_dropped == 0
    assert editor.edited == {2, 4}
    editor.undo()
    assert editor.add("old_a") == 4
    assert (editor.row(4)["status"], editor.row(4)["relation"]) == ("no_counterpart", None)
    assert editor.add("old_a", status="remainder") == 5
    assert editor.add("old_a", "new_b", "undetermined") == 6
    assert editor.row(6)["relation"] == "undetermined"


def test_what_an_editor_cannot_do_it_says():
    lost = row("old_b", None, "no_counterpart"), row(None, "new_b", "no_counterpart")
    absent = crosswalk(A_TO_A, row("old_a", None, "remainder"), *lost)
    editor = Editor(absent)
    for call, given_, cells, says in [
        (editor.change, [99], {"confidence": "low"}, 'row "99" is not known'),
        (editor.change, [[0]], {"confidence": "low"}, "is not known"),
        (editor.change, [0], {"status": "mapped"}, 'column "status" is not known'),
        (editor.change, [0], {"share_low": "half"}, '"half" is not a number. Write 0 to 1'),
        (editor.change, [0], {"justification": "x" * (LONGEST_CELL + 1)}, "longer than 2000"),
        (editor.change, [0], {"justification": "a\0b"}, "which is no character"),
        (editor.drop, ["x"], {}, 'row "x" is not known'),
        (editor.add, [], {}, "needs an aspect"),
        (editor.add, ["a", "new_b"], {}, 'source_aspect_id "a" is not known'),
        (editor.add, ["old_a", "old_b"], {}, 'target_aspect_id "old_b" is not known'),
    ]:
        with pytest.raises(HmcpsiError, match=re.escape(says)):
            call(*given_, **cells)
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
TOO_LONG = ROW.replace("old_a", "x" * (LONGEST_CELL + 1))
MALFORMED = {
    b"": "the file is empty",
    HEADER.encode() + b"\xff\xfe\n": "is not UTF-8",
    HEADER + "\0": "The row has 1 cell, the header 6",
    "a,b\n1,2\n": 'Column "source_set" is missing.',
    HEADER + "1,2,3,4,5,6,7,8\n": "The row has 8 cells, the header 6",
    HEADER + '"' + ROW: "this is no CSV",
    HEADER + '"' + "x" * 300_000 + '"': "larger than field limit (131072)",
    HEADER + TOO_LONG: "A cell is longer than 2000",
    HEADER: "one of these sets is not known",
    HEADER + "old,old_a,y,b,mapped,equal\n": 'It joins "old" to "y", and one of these',
    HEADER + ROW * 5_000: "It has 5000 rows, more than these sets have pairs.",
    HEADER.strip() + ",share_low\n" + ROW.strip() + ",half\n": "is not a number",
    "#curie_map:\n#  a: b\nsubject_id\nx:y\n": 'The column "object_id" is missing.',
    '<!DOCTYPE x [<!ENTITY a "&b;&b;"><!ENTITY b "&a;">]><x>&a;</x>': "",
}


@pytest.mark.parametrize(("data", "says"), MALFORMED.items(), ids=range(len(MALFORMED)))
def test_a_file_that_cannot_be_opened_is_one_short_sentence_that_says_why(data, says):
    with pytest.raises(HmcpsiError, match=r'"mine\.csv" was not opened') as caught:
        opened("mine.csv", data if isinstance(data, bytes) else data.encode(), record=world())
    assert says in str(caught.value)
    assert len(str(caught.value)) < 3_000
    assert "/tmp" not in str(caught.value)


def test_a_file_of_a_crosswalk_is_opened_whether_valid_or_not():
    broken = Crosswalk(LOADED.to_frame().assign(share_high=3.0), record=world())
    again = opened("x", b"\xef\xbb\xbf" + broken.to_csv().encode(), record=world())
    assert not again.is_valid()
    pd.testing.assert_frame_equal(again.to_frame(), broken.to_frame())
    most = (f"old,{a},new,{b},mapped,overlaps" for a in names("old", 3) for b in names("new", 2))
    for mine in (HEADER + "\n".join(most), LOADED.to_sssom()):
        assert opened("x", mine.encode(), record=world()).is_valid()


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


def test_a_file_has_what_is_written_or_lists_all_bad_lines_and_nothing_is_left(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_bytes(BOTH.to_csv().encode() + b"a,b\r\n\r\nc\r\n")
    with pytest.raises(CrosswalkError, match=r"mine\.csv cannot be read as a crosswalk") as caught:
        Crosswalk.from_csv(path, KNOWN)
    assert dict(caught.value.problems[["row", "problem"]].to_numpy()) == {
        4: "The row has 2 cells, the header 19.",
        6: "The row has 1 cell, the header 19.",
    }
    assert "\n  line 6: The row has 1 cell, the header 19. Write a comma" in str(caught.value)
    path.unlink()
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
