"""Tables to read and the page of an Area: whole words, sources, dates, both sides, all escaped."""

import inspect
import math
import re
import sys
from functools import partial
from html import unescape

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from conftest import without
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.font_manager import findSystemFonts

import hmcpsi_data as hd
from hmcpsi_data import show
from hmcpsi_data.html import STYLE, html_table, link, tile
from hmcpsi_data.palette import QUALITY, contrast
from hmcpsi_data.record.describe import rated
from hmcpsi_data.words import MISSING

FRAME = pd.DataFrame({"Aspect": ["Drains", "Doors"], "Rating": ["Poor", "not found"]})
page = partial(BeautifulSoup, features="html.parser")
CROSSWALK = hd.Crosswalk.load("opa_2005", "aap_2016_east_midlands")
INSPECTIONS = hd.load("inspections")
OF_ONE = [show.findings, show.numbers]
TAKEN = {name: [*inspect.signature(vars(show)[name]).parameters] for name in show.__all__}
OF_ALL = [vars(show)[n] for n, taken in TAKEN.items() if taken in (["record"], ["area", "record"])]
OF_ALL.remove(show.area)


@pytest.mark.parametrize("function", [*OF_ALL, *OF_ONE])
def test_a_table_leaves_no_cell_unsaid_and_its_rows_are_dated(function):
    ids = INSPECTIONS.drop_duplicates("framework_id")["inspection_id"]
    for inspection in ids if function in OF_ONE else [None]:
        shown = function(*filter(None, [inspection]))
        html = shown._repr_html_()
        assert not [bad for bad in ("<NA>", "&lt;NA&gt;", ">nan<", "\u00ad") if bad in html]
        if inspection == "leicestershire_opa_2005":
            column = "Period" if function is show.numbers else "Date"
            assert shown.frame[column].str.contains(r"\d{4}").all()
            title = INSPECTIONS.set_index("inspection_id")["title"][inspection]
            pd.testing.assert_frame_equal(function(title).frame, shown.frame)
        assert len(shown.frame) or inspection


def test_nothing_that_a_person_could_type_ends_in_a_bare_error():
    for call in (
        *OF_ONE, show.evidence, show.coverage_matrix, show.conflicts, show.tensions, show.area,
        show.claims, partial(show.sensitivity, CROSSWALK), partial(show.changes, CROSSWALK),
    ):  # fmt: skip
        for wrong in (5, {"a": 1}, pd.DataFrame({"a": [1]}), "nonsense", ["nonsense"], math.nan):
            with pytest.raises(hd.HmcpsiError):
                call(wrong)
    with pytest.raises(hd.UnknownValueError, match="Did you mean"):
        show.findings("leicestershire_opa_2005", "strenght")
    for wrong in (None, [], pd.NA, "leicestershire_opa_2006"):
        with pytest.raises(hd.UnknownValueError, match=r"^inspection "):
            show.numbers(wrong)


def test_sources_are_told_as_people_know_them_one_of_a_table_once_and_both_of_a_conflict():
    shown = show.evidence("disclosure")  # on either side, in the order of dates
    assert not shown.frame["Source"].isin(hd.load("sources")["source_id"]).any()
    assert 'href="http' in shown._repr_html_()
    assert {"finding: strength", "finding: weakness"} <= {*shown.frame["Kind"]}
    assert shown.frame["Date"].str.extract(r"(\d{4})")[0].dropna().is_monotonic_increasing
    shown = show.findings("leicestershire_opa_2005")
    (source,) = shown.frame["Source"].unique()
    assert shown._repr_html_().count(source.split(",")[0]) == 1
    assert shown.frame["Lines"].str.match(r"\d+").all()
    conflict = show.conflicts().frame.set_index("Area").loc["Essex"]
    assert conflict["Another source says"] == "Fair or Good"
    assert conflict["Source"] != conflict["Other source"]


def test_the_record_and_the_matrix_count_what_coverage_knows_and_why_the_rest_is_not():
    table = show.record().frame.set_index("Framework")
    assert re.fullmatch(r"\d+ of 42; 3 sectors", table.loc["OPA 2007", "Overall ratings"])
    numbers = table.replace(r"none| of \d+", "", regex=True)
    numbers = {name: cells.str.findall(r"\d+").explode() for name, cells in numbers.items()}
    sums = {name: cells.dropna().astype(int).sum() for name, cells in numbers.items()}
    known = hd.coverage()["status"].isin(["stated", "derived"]).sum()
    assert sums["Overall ratings"] + sums["Ratings of parts"] == known
    # one review of 2010 stands under Merseyside and under Cheshire: its two issues count once
    assert sums["Issues"] == hd.load("actions")["kind"].eq("issue").sum() - 2
    frame = show.coverage_matrix("Leicestershire").frame.set_index("Round")
    assert frame.index.tolist() == hd.load("frameworks")["round"].tolist()
    asked = ["Aspect rating", "Recommendation", "Aspect for improvement", "Issue"]
    assert frame.loc["2008-10", asked].tolist() == ["not found", "4", "5", "not found"]
    known = hd.coverage(by="measure").query("status == 'known'")
    cells = show.coverage_matrix().frame.drop(columns=["Area", "Round"]).melt()["value"]
    assert cells.str.isdigit().sum() == len(known)
    assert (cells.str.isdigit() | cells.isin([*MISSING.values(), "contradicted"])).all()


def test_what_recurs_counts_areas_and_the_glossary_explains_what_the_notebooks_take_for_granted():
    rows = show.recurring().frame
    (of,) = (name for name in rows if name.startswith("Areas"))
    assert rows[of].is_monotonic_decreasing
    assert rows[of].max() <= int(re.search(r"\d+", of)[0])
    assert (rows["Which Areas"].str.count(", ") + 1 == rows[of]).all()
    assert "England and Wales" not in " ".join(rows["Which Areas"])
    frame = show.glossary().frame.set_index("Term")
    terms = ["CPS", "HMCPSI", "HRS", "Bundling", "GFS", "DCV", "VCL", "WCU", "RASSO", "OPA"]
    words = frame.loc[[*terms, "Full Code test", "Threshold test"], "What it is, in our words"]
    assert words.str.len().gt(15).all()


def test_draws_add_up_and_only_what_another_crosswalk_changes_is_told():
    opa = hd.ratings("Leicestershire", framework="opa_2005", level="aspect")
    frame = show.sensitivity(CROSSWALK, opa, draws=500).frame
    assert (frame.groupby("New aspect")["Draws"].sum() == 500).all()
    mine = CROSSWALK.without("opa_2005_disclosure", "Only this test says so.")
    frame = show.changes(CROSSWALK, mine).frame
    assert 0 < len(frame) < 7
    assert (frame["With the first"] != frame["With the other"]).all()
    with pytest.raises(hd.HmcpsiError, match="other sets"):
        show.changes(CROSSWALK, hd.Crosswalk.load("opa_2005", "opa_2007"))


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
        shown = page(
            show.Shown(frame, caption + payload, payload, payload, tiles=tiles)._repr_html_()
        )
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
    lines = repr(show.Shown(several, "Two aspects", "In words.", "A note.")).splitlines()
    assert [lines[0], lines[1], lines[-1]] == ["Two aspects", "In words.", "A note."]
    assert "…" in lines[4]
    assert max(map(len, lines)) < 90


HEADINGS = [
    "What inspectors found", "What inspectors asked for, and what became of it",
    "Where sources do not agree", "What is missing, and why", "Before and after", "Sources",
]  # fmt: skip


def words_of(html):
    without_style = re.sub("(?s)<style>.*?</style>", "", html)
    return re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", " ", without_style)))


def test_an_area_has_a_page_with_all_its_parts_and_its_unread_reports():
    reports = hd.load("unread_reports").merge(hd.load("inspections"), on="inspection_id")
    for area_id in hd.load("areas")["area_id"][::7]:  # the site's tests see them all
        page = show.area(area_id)
        assert page.html.startswith('<!doctype html>\n<html lang="en-GB">')
        assert page.html.count("<h1>") == page.html.count("Open Government Licence") == 1
        assert "<script" not in page.html
        assert re.findall("<h[1-3]>", page._repr_html_())[0] == "<h3>"  # lower in a notebook
        found = re.findall("<h2>(.*?)</h2>", page.html)
        assert found in (HEADINGS, [one for one in HEADINGS if "agree" not in one]), area_id
        words = words_of(page.html)
        assert not re.search(r"\b(nan|None|NaN)\b|<NA>", words), area_id
        assert all(one in words for one in reports["closes"][reports["area_id"].eq(area_id)])


@pytest.mark.parametrize(
    ("area", "parts"),
    [
        ("South West", ["has been an Area of the Crown Prosecution Service (CPS) since 1 April",
                        "Break: another framework. What stands above and below is not a trend.",
                        "Where sources do not agree", "missing is not Poor.", "(pilot score)",
                        rated(hd.ratings("South West", "aap_pilot_2016"))]),
        ("Leicestershire", ["was an Area of the Crown Prosecution Service (CPS) from 1 April 1999",
                            "It became: East Midlands (since 1 April 2011)"]),
        ("West Mercia", ["Direction of travel, which is no rating (13): Pre-charge",
                         "Disclosure: improved"]),
        ("Essex", ["contradicted: Poor or Fair or Good", "Published: 14 March 2006 (derived)",
                   "OPA 2007: no aspect ratings, findings and numbers found",
                   "2 of 14 aspects Poor; 12 not found. Counted by a source: exactly 4 of 14 Poor.",
                   "Public Finance, 14 March 2008 : Inspectors say CPS still improving"]),
        ("Suffolk", ["Leadership (derived)"]),
        ("Wessex", ["High quality casework (section)"]),
        ("South East", ["Weaknesses (3): Casework quality"]),
        ("london_1999", ["Discontinued cases: 8% of cases (April 2009 to March 2010)"]),
    ],
)  # fmt: skip
def test_the_page_tells_what_a_clerk_asks(area, parts):
    words = words_of(show.area(area).html)
    assert [part for part in parts if part not in words] == []
    for row in show.tensions(area).frame.to_dict("records"):
        cells = [row[name] for name in ("One statement", "Another statement", "How they differ")]
        assert all(one in words for one in [*cells, *row["Sources"].split("\n")])


def test_a_page_has_two_sheets_at_the_most(weasyprint):
    if not any(re.search("(?i)arial|liberationsans", path) for path in findSystemFonts()):
        without("Sheets are counted in letters as wide as Arial: apt install fonts-liberation.")
    for area in ("Leicestershire", "Yorkshire and Humberside"):  # the longest
        assert len(weasyprint.HTML(string=show.area(area).html).render().pages) == 2, area


def test_a_pdf_is_written_or_one_sentence_says_what_is_missing(weasyprint, tmp_path, monkeypatch):
    page, target = show.area("Cumbria"), tmp_path / "page.pdf"
    assert "font: 9.5pt" in page.style
    assert page.pdf(target).read_bytes().startswith(b"%PDF")
    with pytest.raises(hd.HmcpsiError, match="cannot be written"):
        page.pdf(tmp_path / "gone" / "page.pdf")
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(hd.HmcpsiError, match=r"hmcpsi_data\[pdf\]"):
        page.pdf(tmp_path / "other.pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["page.pdf"]
