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


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site of the shipped record."""
    return build(tmp_path_factory.mktemp("site") / "out").parent


@pytest.fixture(scope="module")
def pages(site):
    """The text of each page by its place."""
    found = sorted(site.rglob("*.html"))
    return {path.relative_to(site).as_posix(): path.read_text(encoding="utf-8") for path in found}


def test_there_is_a_page_for_each_article_area_and_theme(pages):
    notebooks = Path(__file__).resolve().parents[2] / "notebooks"
    stems = [path.stem for path in notebooks.glob("[0-9]*.ipynb")]
    wanted = {"index.html" if stem.startswith("00-") else f"{stem}.html" for stem in stems}
    known = hd.areas()
    wanted |= {f"areas/{one}.html" for one in known.loc[known["n_inspections"].gt(0), "area_id"]}
    wanted |= {f"themes/{one}.html" for one in hd.load("themes")["theme_id"]}
    assert wanted <= set(pages)


def test_links_between_pages_lead_somewhere(site, pages):
    targets = {
        (place, unquote(html.unescape(target)).partition("#")[0])
        for place, text in pages.items()
        for target in re.findall(r'(?:href|src)="([^"]+)"', text)
        if not re.match(r"[a-z]+:|#", target)
    }
    assert [one for one in targets if not (site / Path(one[0]).parent / one[1]).exists()] == []


def test_no_page_fetches_from_another_place_or_shows_code_and_each_picture_has_words(site, pages):
    for place, text in pages.items():
        fetched = re.findall(r'<(?:script|img|link|iframe)[^>]+(?:src|href)="(https?:[^"]+)"', text)
        assert fetched == [], place
        assert "Run All Cells" not in text, place
        assert "jp-CodeCell-input" not in text or "jp-InputArea" not in text, place
        for image in re.findall(r"<img[^>]*>", text):
            assert re.search(r'alt="[^"]{10,}"', image), place
    assert sum(path.stat().st_size for path in site.rglob("*")) < 8_000_000
    data = (site / "data.js").read_text(encoding="utf-8")
    tables = json.loads(data.removeprefix("window.HMCPSI = ").rstrip(";\n"), parse_constant=int)
    assert len(tables["ratings"]["rows"]) == len(hd.ratings())


def test_a_folder_with_something_else_is_left_as_it_is(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(hd.HmcpsiError, match="holds something that is no site"):
        build(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.fixture
def offline(browser):
    """A page of a browser without a network, and all that it asked for."""
    context = browser.new_context(
        viewport={"width": 1200, "height": 900}, offline=True, accept_downloads=True
    )
    page = context.new_page()
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    yield page
    context.close()


@pytest.mark.browser
def test_the_table_filters_sorts_and_downloads_what_is_shown(site, offline):
    offline.goto(f"file://{site}/ratings.html")
    status = offline.get_by_role("status")
    assert status.inner_text() == f"{len(hd.ratings())} of {len(hd.ratings())} rows"
    offline.get_by_label("Search").fill("leicestershire magistrates poor")
    rows = offline.locator("tbody tr")
    assert rows.count() == 1
    assert "Managing magistrates' courts cases" in rows.first.inner_text()
    assert "q=leicestershire" in offline.url
    with offline.expect_download() as download:
        offline.get_by_role("button", name="Download these rows (CSV)").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    (row,) = csv.DictReader(text.splitlines())
    assert (row["area"], row["rating"]) == ("Leicestershire", "Poor")
    offline.get_by_role("button", name="Clear filters").click()
    offline.get_by_role("button", name="Area", exact=True).press("Enter")
    assert offline.locator("th[aria-sort=ascending]").inner_text().startswith("Area")
    assert not [url for url in offline.asked if not url.startswith(("file:", "blob:"))]


@pytest.mark.browser
def test_ratings_of_several_frameworks_are_not_put_in_order(site, offline):
    offline.goto(f"file://{site}/ratings.html#sort=rating")
    shown = offline.locator("tbody td:nth-child(2)").all_inner_texts()
    assert shown != sorted(shown)
    assert offline.locator("thead th").nth(1).get_by_role("button").count() == 0


@pytest.mark.browser
def test_an_address_leads_to_exactly_that_view(site, offline):
    offline.goto(f"file://{site}/ratings.html#rating=Poor&level=overall&sort=-area")
    poor = hd.ratings(rating="Poor", level="overall")
    assert offline.get_by_role("status").inner_text().startswith(f"{len(poor)} of ")
    first = offline.locator("tbody tr").first.locator("th").inner_text()
    assert first == sorted(poor["area"])[-1]


@pytest.mark.browser
def test_a_picture_is_saved_as_png_at_twice_its_size_and_as_svg(site, offline, tmp_path):
    offline.goto(f"file://{site}/03-area-assurance-2016-and-2022.html")
    for kind, beginning in (("PNG", b"\x89PNG"), ("SVG", b"<?xml")):
        with offline.expect_download() as download:
            offline.get_by_role("button", name=f"Save picture ({kind})").first.click()
        file = Path(download.value.path()).read_bytes()
        assert file.startswith(beginning)
        assert download.value.suggested_filename.endswith(kind.lower())
        if kind == "PNG":
            wide = int(offline.locator("figure img").first.get_attribute("width"))
            assert int.from_bytes(file[16:20]) == 2 * wide


@pytest.mark.browser
@pytest.mark.parametrize("text", ["public finance", "december 2016 wessex", "zzz", "second_hand"])
def test_a_search_finds_what_the_same_search_finds_in_python(site, offline, text):
    for name, function in (("ratings", hd.ratings), ("actions", hd.actions)):
        offline.goto(f"file://{site}/{name}.html#q={text}")
        wanted, of = len(function(search=text)), len(function())
        assert offline.get_by_role("status").inner_text() == f"{wanted} of {of} rows"


@pytest.mark.browser
def test_no_page_has_a_finding_of_axe_that_matters(site, pages, offline):
    from axe_playwright_python.sync_playwright import Axe

    axe, findings = Axe(), []
    kinds = ["index.html", "ratings.html", "areas/south_west_2011.html", "themes/disclosure.html"]
    for place in pages if IN_CI else kinds:  # all ninety take a minute
        offline.goto((site / place).as_uri())
        found = axe.run(offline).response["violations"]
        findings += [(place, one["id"]) for one in found if one["impact"] != "minor"]
    assert findings == []
