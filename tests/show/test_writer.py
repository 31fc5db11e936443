"""The one writer of tables: real tables, words in tiles, links to sources, everything escaped."""

import re
from functools import partial

import pandas as pd
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from hmcpsi_data.html import STYLE, html_table, link, tile
from hmcpsi_data.palette import QUALITY, contrast
from hmcpsi_data.show import Shown
from hmcpsi_data.words import MISSING

FRAME = pd.DataFrame({"Aspect": ["Drains", "Doors"], "Rating": ["Poor", "not found"]})
page = partial(BeautifulSoup, features="html.parser")


def test_a_table_has_a_caption_headers_with_their_scope_commas_and_is_not_cut_in_print():
    table = page(html_table(FRAME, "Two aspects"))
    assert len(table.find_all("caption")) == len(table.find_all("table")) == 1
    assert [one["scope"] for one in table.find_all("th")] == ["col", "col", "row", "row"]
    (box,) = table.find_all("div")
    assert (box["role"], box["tabindex"], box["aria-label"]) == ("region", "0", "Two aspects")
    assert "max-height:60vh" in box["style"]
    assert "@media print { .hm-box { max-height: none !important" in STYLE
    numbers = pd.DataFrame({"n": [31726, 21.40, True, None, pd.NA, pd.NaT]}, dtype=object)
    table = page(html_table(numbers, "Numbers"))
    assert [one.text for one in table.tbody.find_all("th")] == ["31,726", "21.4", "yes", *[""] * 3]


def test_a_tile_says_its_word_and_its_letters_can_be_read():
    for word in QUALITY:
        fill, ink = re.search("background-color:(#.{6});color:(#.{6})", tile(word)).groups()
        assert contrast(fill, ink) >= 4.5
        assert tile(word).endswith(f">{word}</span>")
    for word in (*MISSING.values(), "contradicted: Poor"):  # these look like no rating
        html = tile(word)
        assert {"dashed", 'aria-hidden="true"'} <= {*re.findall(r'dashed|aria-hidden="true"', html)}
        assert not any(colour in html for colour in QUALITY.values())


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
@settings(max_examples=25)
def test_whatever_stands_in_a_cell_stays_text(cell, heading, caption):
    payload = f'"><script>alert(1)</script><img src=x onerror="x">{cell}'
    frame = pd.DataFrame({"A": [payload, "B"], heading + "'\"<b>": [payload, "x"]})
    for tiles in ((), ("A",)):
        shown = page(Shown(frame, caption + payload, payload, payload, tiles=tiles)._repr_html_())
        tags = shown.find_all(True)
        assert not {tag.name for tag in tags} & {"script", "img", "a", "svg", "iframe", "object"}
        assert not any(name.startswith("on") for tag in tags for name in tag.attrs)
        assert shown.get_text().count("alert(1)") >= 4


def test_only_web_addresses_are_links_and_none_leaves_its_attribute():
    others = ["javascript:alert(1)", " JAVASCRIPT:alert(1)", "java\nscript:alert(1)"]
    others += ["data:text/html,x", "file:///etc/passwd", "//example.org", "", None, pd.NA, 5]
    assert not [address for address in others if "<a" in link("here", address)]
    frame = pd.DataFrame({"Source": ["here"] * len(others)})
    assert "<a" not in html_table(frame, "One", links={"Source": others})
    html = link("here", 'https://example.org/a_b;L1"><script>x</script>')
    assert [tag.name for tag in page(html).find_all(True)] == ["a"]


def test_one_source_of_the_whole_table_stands_in_the_caption_and_plain_text_holds_every_row():
    frame = FRAME.assign(Source="The Invented Times, 1 May 2006")
    links = {"Source": ["https://example.org"] * 2}
    table = page(html_table(frame, "Two aspects", links=links, fold=["Source"]))
    assert len(table.thead.find_all("th")) == 2
    assert str(table).count("The Invented Times, ") == len(table.find_all("a")) == 1
    several = frame.assign(Source=["one", "x" * 100])
    assert html_table(several, "Two", fold=["Source"]).count("<th ") == 5
    lines = repr(Shown(several, "Two aspects", "In words.", "A note.")).splitlines()
    assert [lines[0], lines[1], lines[-1]] == ["Two aspects", "In words.", "A note."]
    assert "…" in lines[4]
    assert max(map(len, lines)) < 90
