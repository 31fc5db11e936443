"""The page of an Area: everything on record, with breaks, both sides of a conflict, and sources."""

import re
from html import unescape
from importlib.util import find_spec

import pytest

from hmcpsi_data import show
from hmcpsi_data.errors import AmbiguousAreaError, HmcpsiError
from hmcpsi_data.tables.record import Record

RECORD = Record()
HEADINGS = [
    "What inspectors found",
    "What inspectors asked for, and what became of it",
    "What is missing, and why",
    "Before and after",
    "Sources",
]


def text(html):
    without_style = re.sub("(?s)<style>.*?</style>", "", html)
    return re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", " ", without_style)))


def test_every_area_has_a_page_with_all_its_parts():
    for area_id in RECORD.table("areas")["area_id"]:
        page = show.area(area_id, RECORD)
        found = re.findall("<h2>(.*?)</h2>", page.body)
        assert [one for one in found if one in HEADINGS] == HEADINGS, area_id
        assert not re.search(r"\b(nan|None|NaN)\b|<NA>", text(page.html)), area_id


@pytest.mark.parametrize(
    ("area", "parts"),
    [
        (
            "South West",
            [
                "has been an Area of the Crown Prosecution Service (CPS) since 1 April 2011",
                "Break: another framework. What stands above and below is not a trend.",
                "Where sources do not agree",
                "It may exist, and missing is not Poor.",
            ],
        ),
        (
            "Leicestershire",
            [
                "was an Area of the Crown Prosecution Service (CPS) from 1 April 1999",
                "It became: East Midlands (since 1 April 2011)",
            ],
        ),
        (
            "West Mercia",
            ["Direction of travel , which the inspectorate stated beside the ratings", "improved"],
        ),
        (
            "Essex",
            [
                "contradicted: Poor Essex, OPA 2007",
                "Published: 14 March 2006 (derived)",
                "OPA 2007: no aspect ratings",
                "Fair or Good",
                "Public Finance, 14 March 2008 : Inspectors say CPS still improving",
            ],
        ),
    ],
)
def test_the_page_tells_what_a_clerk_asks(area, parts):
    words = text(show.area(area).html)
    assert [part for part in parts if part not in words] == []


def test_the_page_stands_alone_and_shows_itself_in_a_notebook():
    page = show.area("South West")
    assert page.html.startswith("<!doctype html>")
    assert '<html lang="en-GB">' in page.html
    assert page.html.count("<h1>") == 1
    assert "@page { size: A4" in page.style
    assert page.body in page._repr_html_()
    assert "<script" not in page.html
    with pytest.raises(AmbiguousAreaError):
        show.area("West Midlands")


def test_reports_that_nobody_read_are_named_with_what_each_would_tell():
    reports = RECORD.table("unread_reports").merge(RECORD.table("inspections"), on="inspection_id")
    for area_id, rows in list(reports.groupby("area_id"))[:6]:
        words = text(show.area(area_id, RECORD).html)
        assert all(closes in words for closes in rows["closes"]), area_id


def test_a_pdf_has_one_or_two_sheets_or_one_sentence_says_what_is_missing(tmp_path):
    target = tmp_path / "page.pdf"
    if find_spec("weasyprint") is None:
        with pytest.raises(HmcpsiError, match="WeasyPrint"):
            show.area("South West").pdf(target)
        assert not target.exists()
        return
    from weasyprint import HTML

    for area in ("Leicestershire", "East Midlands"):
        assert len(HTML(string=show.area(area).html).render().pages) <= 2, area
    assert show.area("Essex").pdf(target).read_bytes().startswith(b"%PDF")
    with pytest.raises(HmcpsiError, match="cannot be written"):
        show.area("Essex").pdf(tmp_path / "gone" / "page.pdf")


def test_only_what_a_framework_is_known_to_measure_can_be_missing():
    used = RECORD.table("framework_measures").query("status == 'used'")
    assert not used.query("framework_id == 'opa_2007'")["measure"].isin(["section_rating"]).any()
    words = text(show.area("Essex").html)
    told = words.partition("OPA 2007: no ")[2].partition("found")[0]
    assert not re.search("section|criterion|progress|recommendation", told)
