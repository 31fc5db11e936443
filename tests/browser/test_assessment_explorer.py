"""The explorer of the assessment in a real JupyterLab: clicks, keys, and who can use it."""

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from lab import Notebook, Server
from playwright.sync_api import BrowserContext, Page, expect

from hmcpsi_data.explorers import AssessmentExplorer

PATIENT = {"timeout": 60_000}
ROOT = ".hx"
TOO_WIDE = """() => {
    const scrolls = e => e && (e.tabIndex >= 0
        && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
    const root = document.querySelector('.hx');
    const right = root.closest('.jp-OutputArea-output').getBoundingClientRect().right;
    return [...root.querySelectorAll('*')].filter(e => {
        const box = e.getBoundingClientRect();
        return box.width > 1 && box.right > right + 1 && !scrolls(e.parentElement);
    }).map(e => `${e.tagName} ${e.className}`);
}"""

pytestmark = pytest.mark.browser


@pytest.fixture
def notebook(browser_context: BrowserContext, lab_server: Server):
    """A notebook with the explorer, run; none of its requests may leave the machine."""
    code = "from hmcpsi_data.explorers import AssessmentExplorer\nAssessmentExplorer()"
    stored = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(code)])
    stored.metadata["kernelspec"] = {"display_name": "Python 3", "name": "python3"}
    nbformat.write(stored, lab_server.root / "assessment.ipynb")
    opened = Notebook.open(browser_context.new_page(), lab_server, "assessment.ipynb")
    opened.restart_and_run_all()
    expect(opened.page.locator(f"{ROOT}[data-picture]")).to_have_count(1, **PATIENT)
    yield opened
    assert opened.errors() == []
    assert opened.outside == []
    opened.close()


def same(page: Page, other: AssessmentExplorer) -> None:
    """Wait until the screen shows what the same explorer in this process does."""
    root = page.locator(ROOT)
    expect(root.locator(".hx-status")).to_have_text(other.view["status"], **PATIENT)
    expect(root.locator(".hx-words")).to_have_text(other.view["words"], **PATIENT)
    page.wait_for_function(
        """html => {
            const wanted = document.createElement('div');
            wanted.innerHTML = html;
            return document.querySelector('.hx .hx-table').textContent === wanted.textContent;
        }""",
        arg=other.view["table"],
    )
    expect(root.locator(".hx-error")).to_be_hidden()


def grave(page: Page) -> list[tuple[str, str]]:
    found = Axe().run(page, context=ROOT).response["violations"]
    return [
        (rule["id"], rule["nodes"][0]["html"][:200])
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]


def test_fourteen_ratings_are_changed_with_clicks_and_keys(notebook: Notebook):
    page, other = notebook.page, AssessmentExplorer()
    root = page.locator(ROOT)
    same(page, other)
    assert grave(page) == []
    expect(root.get_by_role("group", name="Critical aspects", exact=True)).to_be_visible()
    selects = root.locator("select")
    expect(selects).to_have_count(16)
    assert selects.evaluate_all("all => all.every(one => one.labels.length === 1)")

    own = root.get_by_role("button", name="Take my changes back")
    expect(own).to_have_attribute("aria-disabled", "true")
    victims = root.get_by_label("The service to victims and witnesses", exact=True)
    victims.focus()
    page.keyboard.press("ArrowUp")  # from Fair to Good: the words stand from the best down
    other.set(service_to_victims_and_witnesses="Good")
    same(page, other)
    expect(victims).to_be_focused()
    cells = [cell["id"] for cell in notebook.cells()]
    for key in ("a", "b", "d", "d", "x"):  # no shortcut of the notebook
        page.keyboard.press(key)
    assert [cell["id"] for cell in notebook.cells()] == cells
    victims.select_option("Good")

    before = root.get_attribute("data-picture")
    courts = root.get_by_label("Managing magistrates' courts cases", exact=True)
    courts.select_option("Good")
    other.set(managing_magistrates_courts_cases="Good")
    same(page, other)
    expect(root).not_to_have_attribute("data-picture", before, **PATIENT)
    told = other._now.picture()
    image = root.locator(".hx-picture img")
    expect(image).to_have_attribute("alt", f"{told.title}. {told.words}")
    assert grave(page) == []

    root.get_by_label("Ways to", exact=True).select_option("Excellent")
    other.set(target="Excellent")
    same(page, other)
    with page.expect_download() as download:
        root.get_by_role("button", name="Download CSV").click()
    assert download.value.path().read_bytes() == other.download("csv")[1]

    own.click()
    other.act("own")
    same(page, other)
    root.get_by_label("Start from", exact=True).select_option("suffolk_opa_2005")
    other.set(area="suffolk_opa_2005")
    same(page, other)
    expect(root.get_by_label("Leadership", exact=True)).to_have_value("Good")
    root.get_by_role("button", name="Reset", exact=True).click()
    other.reset()
    same(page, other)

    for width in (1400, 900):
        page.set_viewport_size({"width": width, "height": 1000})
        page.wait_for_function(f"() => ({TOO_WIDE})().length === 0", timeout=10_000)
    page.set_viewport_size({"width": 1400, "height": 1000})
