"""The words behind a row are shown to who has the document, and to others a sentence."""

import pandas as pd
import pytest

import hmcpsi_data as hd
from hmcpsi_data import show_words

NOTICE = hd.invented_notice().replace(
    "every dragon", "every <script>alert(1)</script>\x1b[2J dragon"
)


@pytest.fixture(scope="module")
def mine(tmp_path_factory):
    """A copy of the data to which the invented notice was added."""
    folder = hd.copy_data(tmp_path_factory.mktemp("words") / "mine")
    hd.add_document(NOTICE, folder, new_area=True)
    return folder


@pytest.fixture(scope="module")
def action(mine):
    return hd.load("actions", mine).query("source_id.str.startswith('doc_inventshire')").head(1)


@pytest.fixture
def papers(tmp_path):
    (tmp_path / "2016").mkdir()
    (tmp_path / "other.txt").write_text("something else")
    (tmp_path / "2016" / "any name.txt").write_bytes(NOTICE.encode())
    return tmp_path


def test_the_exact_lines_are_shown_of_any_row_and_are_inert(papers, mine, action):
    row = action.iloc[0]
    shown = show_words(row, papers, mine)
    assert shown.lines == {"L18": NOTICE.split("\n")[17]}
    assert shown.sentence.endswith(', from "any name.txt":')
    assert repr(shown).splitlines()[1].startswith(r"L18  1. The Area should record every")
    assert "\x1b" not in repr(shown) + shown._repr_html_()
    assert "<script>" not in shown._repr_html_()
    for form in (action, row.to_dict(), next(action.itertuples())):
        assert repr(show_words(form, papers, mine)) == repr(shown)


def test_without_the_document_or_the_lines_a_sentence_says_why(papers, mine, action):
    row = action.iloc[0].to_dict()
    assert len(show_words(row, papers / "2016" / "any name.txt", mine).lines) == 1
    unread = hd.aspects("opa_2007").iloc[0]  # of a source that was not read as a whole
    address = hd.load("sources").set_index("source_id")["address"][unread["source_id"]]
    for asked, place, record, told in (
        (row, papers / "other.txt", mine, "the document is not in .*CPS Inventshire"),
        (row, papers, None, "is not a source in this data folder"),
        *[(row | {"locator": one}, papers, mine, "cannot be shown") for one in ("L999", "x")],
        (row | {"locator": pd.NA}, papers, mine, "names no lines"),
        (unread, papers, None, f"was not read line by line.*{address}"),
    ):
        shown = show_words(asked, place, record)
        assert pd.Series(shown.sentence).str.contains(told).all()
        assert shown.lines == {}
    for bad in (7, {"locator": "L1"}, {"source_id": pd.NA}, "L1", hd.ratings()):
        with pytest.raises(hd.HmcpsiError, match="one row, with source_id"):
            show_words(bad, papers)
    for folder in (papers / "no", "a\0b", None):
        with pytest.raises(hd.HmcpsiError, match="There is no folder"):
            show_words(row, folder)


@pytest.mark.shared
def test_the_words_behind_a_founding_rating(shared):
    shown = show_words(hd.ratings("East Midlands", rating="Poor").iloc[0], shared / "documents")
    assert list(shown.lines) == ["L28"]
    assert "Poor" in shown.lines["L28"]
