"""The page of an Area: everything on record, with breaks, both sides of a conflict, and sources."""

import re
import sys
from html import unescape

import pytest
from conftest import without
from matplotlib.font_manager import findSystemFonts

import hmcpsi_data as hd
from hmcpsi_data import show
from hmcpsi_data.record.describe import rated

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
