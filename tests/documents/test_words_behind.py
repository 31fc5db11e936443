"""The words behind a row are shown to who has the document, and to others a sentence."""

import hashlib

import pandas as pd
import pytest
from editing import Copy

import hmcpsi_data as hd
from hmcpsi_data import show_words

NOTICE = """CPS Inventshire: an invented notice
5 May 2016

Criteria\tScore
Care of dragons\tPoor <script>alert(1)</script>\x1b[2J
Care of owls\tGood
"""
ROW = {"source_id": "doc_inventshire", "locator": "L5"}


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    """A copy of the data that knows the invented notice, and has rows that cite it."""
    copy = Copy(tmp_path_factory.mktemp("words") / "mine")
    source = copy.records("sources")[0][1] | {
        "source_id": "doc_inventshire", "title": "An invented notice on CPS Inventshire",
        "sha256": hashlib.sha256(NOTICE.encode()).hexdigest(), "n_lines": "6",
        "file_name": "text", "published": "2016-05-05", "published_locator": "L2",
        "label": "Nobody, 5 May 2016",
    }  # fmt: skip
    copy.add("sources", **source)
    copy.put("actions", 2, **ROW)
    return copy.folder


@pytest.fixture
def papers(tmp_path):
    (tmp_path / "2016").mkdir()
    (tmp_path / "other.txt").write_text("something else")
    (tmp_path / "2016" / "any name.txt").write_bytes(NOTICE.encode())
    return tmp_path


def test_the_exact_lines_are_shown_of_any_row_and_are_inert(papers, mine):
    shown = show_words(ROW, papers, mine)
    assert shown.lines == {"L5": NOTICE.split("\n")[4]}
    assert shown.sentence.endswith(', from "any name.txt":')
    assert repr(shown).splitlines()[1].startswith(r"L5  Care of dragons\tPoor")
    assert not {"<script>", "\x1b"} & {*repr(shown), *shown._repr_html_()}
    assert "<script>" not in shown._repr_html_()
    frame = hd.load("actions", mine).query("source_id == 'doc_inventshire'")
    series = frame.iloc[0]
    for row in (frame, series, series.to_dict(), next(frame.itertuples())):
        assert repr(show_words(row, papers, mine)) == repr(shown)


def test_without_the_document_or_the_lines_a_sentence_says_why(papers, mine, tmp_path):
    assert len(show_words(ROW, papers / "2016" / "any name.txt", mine).lines) == 1
    shown = show_words(ROW, papers / "other.txt", mine)
    assert shown.lines == {}
    assert "the document is not in" in shown.sentence
    assert "An invented notice on CPS Inventshire" in shown.sentence
    assert "is not a source in this data folder" in show_words(ROW, papers).sentence
    for locator, told in (("L999", "be shown"), ("x", "be shown"), (pd.NA, "names no lines")):
        assert told in show_words(ROW | {"locator": locator}, papers, mine).sentence
    row = hd.aspects("opa_2007").iloc[0]  # of a source that was not read as a whole
    address = hd.load("sources").set_index("source_id")["address"][row["source_id"]]
    sentence = show_words(row, tmp_path).sentence
    assert "was not read line by line" in sentence
    assert address in sentence


def test_what_is_no_row_or_no_folder_is_refused(papers, tmp_path):
    for bad in (7, {"locator": "L1"}, {"source_id": pd.NA}, "L1", hd.ratings()):
        with pytest.raises(hd.HmcpsiError, match="one row, with source_id"):
            show_words(bad, papers)
    for folder in (tmp_path / "no", "a\0b", None):
        with pytest.raises(hd.HmcpsiError, match="There is no folder"):
            show_words(ROW, folder)


@pytest.mark.shared
def test_the_words_behind_a_founding_rating(shared):
    shown = show_words(hd.ratings("East Midlands", rating="Poor").iloc[0], shared / "documents")
    assert list(shown.lines) == ["L28"]
    assert "Poor" in shown.lines["L28"]
