"""Words for people: numbers, dates, lines, sources and their addresses."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

import hmcpsi_data as hd
from hmcpsi_data.record.sources import addresses, lines_in_words
from hmcpsi_data.words import date_in_words, plain


def test_a_date_is_written_as_precisely_as_it_is_known():
    for date, precision, words in (
        ("2006-03-14", "month", "March 2006"), ("2006-03-14", "year", "2006"),
        ("2010-04", "month", "April 2010"), ("2005-13", None, "2005-13"),
        ("2016-09 to 2016-09", None, "September 2016"), ("not dated", None, "not dated"),
        (pd.NA, "day", ""), (2007, None, ""),
    ):  # fmt: skip
        assert date_in_words(date, precision) == words


@given(st.text())
def test_text_as_it_is_compared_is_the_same_when_compared_again(text):
    assert plain(plain(text)) == plain(text)
    assert plain(text.swapcase().swapcase()) == plain(text.swapcase())


def test_lines_are_cited_as_people_write_them():
    for locator, words in {
        "L20-L22": "lines 20 to 22", "L3;L7;L9-L12": "lines 3, 7 and 9 to 12",
        "somewhere": "somewhere",
        "p3 L12;p4 L1-L2": "page 3, lines 12; page 4, lines 1 to 2",
    }.items():  # fmt: skip
        assert lines_in_words(locator) == words


def test_every_row_of_every_table_has_a_citation_that_names_a_publisher_and_a_date():
    for table in ("ratings", "actions", "findings", "measures", "inspections"):
        rows = hd.load(table)
        told = hd.citations(rows)
        assert told.index.equals(rows.index)
        assert told.notna().all()
        assert not told.str.contains(r"^(?:s\d{3}|doc_)", regex=True).any()
        assert told.str.contains(r"(?:19|20)\d\d|not dated|undated|read on").mean() > 0.9
    # a source that is not known keeps its identifier, and none is missing
    rows = pd.DataFrame({"source_id": ["nowhere", None, "s001; s002"]}, dtype="string")
    told = hd.citations(rows)
    assert told[0] == "nowhere"
    assert pd.isna(told[1])
    assert told[2].count("; ") == 1
    assert addresses(rows)[:2].isna().all()
