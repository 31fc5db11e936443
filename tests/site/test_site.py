"""The site works from a disk, offline, by keyboard, and says the same as the tables."""

import csv
import html
import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from conftest import IN_CI

import hmcpsi_data as hd
from hmcpsi_data.site import build

# one worker, which builds the site once
pytestmark = pytest.mark.xdist_group("browser")
NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    return build(tmp_path_factory.mktemp("site") / "out").parent


@pytest.fixture(scope="session")
def pages(site):
    found = sorted(site.rglob("*.html"))
    return {path.relative_to(site).as_posix(): path.read_text(encoding="utf-8") for path in found}


def test_there_is_a_page_for_each_article_area_and_theme_and_links_lead_somewhere(site, pages):
    stems = [path.stem for path in NOTEBOOKS.glob("[0-9]*.ipynb")]
    wanted = {"index.html" if stem.startswith("00-") else f"{stem}.html" for stem in stems}
    known = hd.areas()
    wanted |= {f"areas/{one}.html" for one in known.loc[known["n_inspections"].gt(0), "area_id"]}
    wanted |= {f"themes/{one}.html" for one in hd.load("themes")["theme_id"]}
    assert wanted <= set(pages)
    with pytest.raises(hd.HmcpsiError, match="holds something that is no site"):
        build(site.parent)
    targets = {
        (place, unquote(html.unescape(target)).partition("#")[0])
        for place, text in pages.items()
        for target in re.findall(r'(?:href|src)="([^"]+)"', text)
        if not re.match(r"[a-z]+:|#", target)
    }
    assert [one for one in targets if not (site / Path(one[0]).parent / one[1]).exists()] == []
    # each stands alone and says nothing that only a notebook can do
    parts = ["What inspectors found", "What inspectors asked for", "What is missing", "Sources"]
    for place, text in pages.items():
        fetched = re.findall(r'<(?:script|img|link|iframe)[^>]+(?:src|href)="(https?:[^"]+)"', text)
        assert fetched == [], place
        assert text.count("<h1") == text.count("Open Government Licence v3.0. Contains") == 1, place
        assert not re.search("Run All Cells|jp-InputArea|\\bNaN\\b|<th></th>", text), place
        for image in re.findall(r"<img[^>]*>", text):
            assert re.search(r'alt="[^"]{10,}"', image), place
        if place.startswith("areas/"):
            assert all(f"<h2>{part}" in text for part in parts), place
    assert pages["index.html"].count("Nothing runs on this site") == 1
    assert sum(path.stat().st_size for path in site.rglob("*")) < 8_000_000
    data = (site / "data.js").read_text(encoding="utf-8")
    tables = json.loads(data.removeprefix("window.HMCPSI = ").rstrip(";\n"), parse_constant=int)
    assert len(tables["ratings"]["rows"]) == len(hd.ratings())


@pytest.fixture
def offline(browser):
    """A page of a browser without a network, which asks for nothing outside."""
    context, asked = browser.new_context(offline=True), []
    context.on("request", lambda request: asked.append(request.url))
    yield context.new_page()
    context.close()
    assert not [url for url in asked if not url.startswith(("file:", "blob:", "data:"))]


def saved(page, name):
    with page.expect_download() as download:
        page.get_by_role("button", name=name).first.click()
    return download.value.suggested_filename, download.value.path().read_bytes()


@pytest.mark.browser
def test_the_table_filters_sorts_and_downloads_what_is_shown_and_a_picture_is_saved(site, offline):
    offline.goto(f"file://{site}/ratings.html")
    status, n = offline.get_by_role("status"), len(hd.ratings())
    assert status.inner_text() == f"{n} of {n} rows"
    offline.get_by_label("Search").fill("leicestershire magistrates poor")
    rows = offline.locator("tbody tr")
    assert "Managing magistrates' courts cases" in rows.first.inner_text()
    assert "q=leicestershire" in offline.url
    name, content = saved(offline, "Download these rows (CSV)")
    (row,) = csv.DictReader(content.decode().splitlines())
    assert (name, row["area"], row["rating"]) == ("ratings.csv", "Leicestershire", "Poor")
    assert row["rating_id"] == hd.ratings("Leicestershire", rating="Poor")["rating_id"][0]
    assert row["data_version"] == hd.data_version()
    offline.get_by_role("button", name="Clear filters").click()
    offline.get_by_role("button", name="Area", exact=True).press("Enter")
    assert offline.locator("th[aria-sort=ascending]").inner_text().startswith("Area")
    # a picture is saved as PNG at twice its size, and as SVG
    offline.goto(f"file://{site}/03-area-assurance-2016-and-2022.html")
    name, svg = saved(offline, "Save picture (SVG)")
    assert (name[-4:], svg[:5]) == (".svg", b"<?xml")
    name, png = saved(offline, "Save picture (PNG)")
    wide = int(offline.locator("figure img").first.get_attribute("width"))
    assert (name[-4:], png[:4], int.from_bytes(png[16:20])) == (".png", b"\x89PNG", 2 * wide)


VIEWS = {
    "ratings.html#rating=Poor&level=overall&sort=-area": {"rating": "Poor", "level": "overall"},
    "ratings.html#area=essex_1999&basis=stated": {"area": "Essex", "basis": "stated"},
    "ratings.html#framework=opa 2005-06&sort=rating": {"framework": "opa_2005"},
    "actions.html#theme=disclosure": {"theme": "disclosure"},
    "actions.html#area=london_north_2017": {"area": "London North"},
    "actions.html#tier=inspected_body&area=Atlantis&colour=red": {"tier": "inspected_body"},
    **{f"{name}.html#q={text}": {"search": text} for name in ("ratings", "actions")
       for text in ("public finance", "december 2016 wessex", "zzz", "second_hand")},
}  # fmt: skip
UNKNOWN = {
    "rating": "This table is not sorted by “rating”.",
    "red": "Area: this table has no “Atlantis”. This table has no filter “colour”.",
}


@pytest.mark.browser
@pytest.mark.parametrize("address", VIEWS)
def test_an_address_leads_to_exactly_that_view_or_says_what_it_does_not_know(
    site, offline, address
):
    function = hd.ratings if address.startswith("ratings") else hd.actions
    wanted = function(**VIEWS[address])
    offline.goto(f"file://{site}/{address}")
    status = f"{len(wanted)} of {len(function())} rows"
    assert offline.get_by_role("status").inner_text() == status
    assert offline.get_by_role("alert").inner_text() == UNKNOWN.get(address.split("=")[-1], "")
    if address.endswith("sort=-area"):
        first = offline.locator("tbody tr").first.locator("th").inner_text()
        assert first == sorted(wanted["area"])[-1]


@pytest.mark.browser
def test_no_page_has_a_finding_of_axe_or_scrolls_sideways_on_a_telephone(site, pages, offline):
    from axe_playwright_python.sync_playwright import Axe

    offline.set_viewport_size({"width": 320, "height": 640})
    # pages of Areas and of themes are made alike: those with parts that others lack stand for all
    some = ["areas/essex_1999", "areas/west_mercia_1999", "themes/disclosure", "index", "method"]
    chosen = {f"{one}.html" for one in [*some, "10-why-fair", "ratings"]}
    chosen |= {place for place in pages if IN_CI and "/" not in place}
    axe, findings = Axe(), []
    for place in {*chosen, *(pages if IN_CI else ())}:
        offline.goto((site / place).as_uri())
        if offline.evaluate("document.documentElement.scrollWidth") > 320:
            findings.append((place, "scrolls sideways"))
        if place in chosen:
            findings += [(place, one["id"]) for one in axe.run(offline).response["violations"]]
    assert findings == []
