"""Every notebook in a real JupyterLab: readable before it runs, runs, and all can use it."""

import html
import json
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from lab import Notebook, Server
from playwright.sync_api import BrowserContext

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = sorted(path.name for path in FOLDER.glob("*.ipynb"))
OUTPUTS = ".jp-Notebook .jp-Cell-outputArea"
# What reaches beyond the outputs' width, unless it lies in a region made for scrolling
# that the keyboard reaches.
TOO_WIDE = """() => {
    const scrolls = e => e && (e.tabIndex >= 0
        && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
    const wide = [];
    for (const area of document.querySelectorAll('.jp-Notebook .jp-OutputArea-output')) {
        const right = area.getBoundingClientRect().right;
        for (const element of area.querySelectorAll('*')) {
            const box = element.getBoundingClientRect();
            if (box.width > 1 && box.right > right + 1 && !scrolls(element.parentElement))
                wide.push(`${element.tagName} ${element.className} by ${box.right - right} px`);
        }
    }
    const notebook = document.querySelector('.jp-WindowedPanel-outer');
    if (notebook.scrollWidth > notebook.clientWidth + 1) wide.push('the notebook itself');
    return wide;
}"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=NOTEBOOKS)
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def notebook(name: str, browser_context: BrowserContext, lab_server: Server):
    """A notebook as it is opened; both tests use it, one after the other."""
    opened = Notebook.open(browser_context.new_page(), lab_server, f"notebooks/{name}")
    yield opened
    opened.close()


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def stored_words(output: dict) -> str:
    """Give the text of a stored output without marks and spaces."""
    data = {kind: "".join(text) for kind, text in output.get("data", {}).items()}
    if "text/html" not in data:
        return squeezed("".join(output.get("text", data.get("text/plain", ""))))
    text = re.sub(r"(?s)<(style|script).*?</\1>|<!--.*?-->|<[^>]*>", "", data["text/html"])
    return squeezed(html.unescape(text))


def test_readable_before_it_is_run(name: str, notebook: Notebook):
    shown = squeezed(notebook.page.locator(".jp-Notebook").text_content())
    assert "modelnotfound" not in shown.lower()
    assert "loadingwidget" not in shown.lower()
    cells = json.loads((FOLDER / name).read_text(encoding="utf-8"))["cells"]
    outputs = [stored_words(output) for cell in cells for output in cell.get("outputs", [])]
    assert any(outputs), "no stored output has words"
    assert [words[:60] for words in outputs if words not in shown] == []
    assert notebook.outside == []


def test_runs_and_everyone_can_use_it(notebook: Notebook):
    notebook.restart_and_run_all()
    assert notebook.errors() == []
    page = notebook.page
    assert page.locator(OUTPUTS).count() > 0
    violations = Axe().run(page, context=OUTPUTS).response["violations"]
    grave = [rule for rule in violations if rule["impact"] in ("serious", "critical")]
    assert [(rule["id"], rule["help"], rule["nodes"][0]["html"][:200]) for rule in grave] == []
    for width in (1400, 900):
        page.set_viewport_size({"width": width, "height": 1000})
        page.wait_for_timeout(300)  # for the layout to follow
        assert page.evaluate(TOO_WIDE) == [], f"too wide at {width} px"
    assert notebook.outside == []
