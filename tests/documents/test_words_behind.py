"""The words behind a row are shown to who has the document, and to others a sentence."""

import hashlib

import pandas as pd
import pytest
from editing import Copy

import hmcpsi_data as hd
from hmcpsi_data.documents.words_behind import show_words

NOTICE = """CPS Inventshire: an invented notice
5 May 2016

Criteria\tScore
Care of dragons\tPoor
Care of owls\tGood
"""


@pytest.fixture
def mine(tmp_path):
    """A copy of the data that knows the invented notice, and has an inspection that cites it."""
    copy = Copy(tmp_path / "mine")
    source = copy.records("sources")[0][1] | {
        "source_id": "doc_inventshire", "title": "An invented notice on CPS Inventshire",
        "sha256": hashlib.sha256(NOTICE.encode()).hexdigest(), "n_lines": "6",
        "file_name": "text", "published": "2016-05-05", "published_locator": "L2",
    }  # fmt: skip
    if "label" in source:
        source["label"] = "Nobody, 5 May 2016"
    copy.add("sources", **source)
    for name in ("actions", "findings", "area_names", "inspections", "aspects"):
        copy.put(name, 2, source_id="doc_inventshire", locator="L5")
    return copy.folder


@pytest.fixture
def papers(tmp_path):
    folder = tmp_path / "papers"
    (folder / "2016").mkdir(parents=True)
    (folder / "other.txt").write_text("something else")
    (folder / "2016" / "any name.txt").write_bytes(NOTICE.encode())
    return folder


@pytest.fixture
def row():
    return pd.Series({"source_id": "doc_inventshire", "locator": "L5"})


def test_the_exact_lines_are_shown(row, papers, mine):
    shown = show_words(row, papers, mine)
    assert shown.lines.values.tolist() == [[pd.NA, 5, "Care of dragons\tPoor"]]
    assert shown
    assert shown.sentence.endswith(', from "any name.txt":')
    assert repr(shown).splitlines()[1] == r"L5  Care of dragons\tPoor"


def test_any_row_with_a_source_and_lines_will_do(mine, papers):
    for name in ("actions", "findings", "area_names", "inspections", "aspects"):
        frame = hd.load(name, mine)
        frame = frame[frame["source_id"].eq("doc_inventshire")].head(1)
        series = frame.iloc[0]
        wanted = show_words(series, papers, mine)
        assert len(wanted.lines)
        assert repr(wanted) == repr(show_words(frame, papers, mine))
        assert repr(wanted) == repr(show_words(series.to_dict(), papers, mine))
        assert repr(wanted) == repr(show_words(next(frame.itertuples()), papers, mine))


def test_without_the_document_the_sentence_says_which_it_is(row, papers, mine):
    assert show_words(row, papers / "2016" / "any name.txt", mine)
    shown = show_words(row, papers / "other.txt", mine)
    assert not shown
    assert "the document is not in" in shown.sentence
    assert "An invented notice on CPS Inventshire" in shown.sentence


def test_a_source_that_was_not_read_as_a_whole_has_no_lines_but_an_address(tmp_path):
    row = hd.aspects("opa_2007").iloc[0]
    shown = show_words(row, tmp_path)
    assert "was not read line by line" in shown.sentence
    address = hd.load("sources").set_index("source_id")["address"][row["source_id"]]
    assert address.startswith("https://")
    assert address in shown.sentence


def test_lines_that_are_not_there_are_told(row, papers, mine):
    assert "is not a source in this data folder" in show_words(row, papers).sentence
    for locator, told in (("L999", "be shown"), ("x", "be shown"), (pd.NA, "names no lines")):
        assert told in show_words({**row, "locator": locator}, papers, mine).sentence


@pytest.mark.parametrize("bad", [7, {"locator": "L1"}, {"source_id": pd.NA}, "L1"])
def test_what_is_no_row_is_refused(bad, papers):
    with pytest.raises(hd.HmcpsiError):
        show_words(bad, papers)


def test_several_rows_and_a_folder_that_is_not_there_are_refused(papers, tmp_path):
    with pytest.raises(hd.HmcpsiError, match="one row"):
        show_words(hd.ratings(), papers)
    for folder in (tmp_path / "no", "a\0b", None):
        with pytest.raises(hd.HmcpsiError):
            show_words(hd.ratings().iloc[0], folder)


def test_the_words_are_inert(mine, papers, row):
    text = NOTICE.replace("Care of dragons", "<script>alert(1)</script>\x1b[2J Care of dragons")
    (papers / "2016" / "any name.txt").write_bytes(text.encode())
    sums = [hashlib.sha256(one.encode()).hexdigest().encode() for one in (NOTICE, text)]
    sources = mine / "sources.csv"
    sources.write_bytes(sources.read_bytes().replace(*sums))
    shown = show_words(row, papers, mine)
    assert len(shown.lines)
    assert "<script>" not in shown._repr_html_()
    assert "\x1b" not in shown._repr_html_() + repr(shown)


@pytest.mark.shared
def test_the_words_behind_a_founding_rating(shared):
    row = hd.ratings("East Midlands", rating="Poor").iloc[0]
    shown = show_words(row, shared / "documents")
    assert shown.lines["line"].tolist() == [28]
    assert "Poor" in shown.lines["text"].iloc[0]
