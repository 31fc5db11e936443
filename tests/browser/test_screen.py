"""Explorers in a real JupyterLab: nothing stale, nothing lost, and usable by everybody."""

import contextlib
import os
import re
import signal

import pytest
from axe_playwright_python.sync_playwright import Axe
from lab import CURRENT, Notebook
from playwright.sync_api import TimeoutError as Late
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

ESSEX = re.compile(r"^\d ratings?; 1 contradicted by another source")

SHOWN = (
    "FourRounds",
    "RatingsExplorer",
    "ActionsExplorer",
    "AreaTimeline",
    "ThemeExplorer",
    "ComparisonExplorer",
    "CrosswalkExplorer",
    "AssessmentExplorer",
)
ALL = (*SHOWN, "AreaPage", "AddDocument")
SHORTCUTS = ["d", "d", "a", "b", "x", "m", "ArrowDown", "ArrowUp", "Shift+M"]
# What reaches beyond the width of its output, unless it lies in a region made for scrolling that
# the keyboard reaches.
TOO_WIDE = """root => {
    const scrolls = e => e && (e.tabIndex >= 0
        && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
    const wide = [];
    const right = root.closest('.jp-OutputArea-output').getBoundingClientRect().right;
    for (const element of root.querySelectorAll('*')) {
        const box = element.getBoundingClientRect();
        const out = box.width > 1 && box.right > right + 1 && element.checkVisibility();
        if (out && !scrolls(element.parentElement))
            wide.push(`${element.tagName} ${element.className} by ${box.right - right} px`);
    }
    return wide;
}"""
CUT = """root => [...root.querySelectorAll('.hx-table')]
    .filter(region => region.scrollWidth > region.clientWidth + 1)
    .map(region => `${region.ariaLabel}: ${region.scrollWidth} of ${region.clientWidth} px`)"""
# What the tab key should stop at, and how many stops a matrix has.
STOPS = """root => {
    const seen = e => e.getClientRects().length && e.checkVisibility({visibilityProperty: true});
    const all = [...root.querySelectorAll(
        'button, input, select, textarea, summary, a[href], [tabindex]')];
    const stops = all.filter(e => e.tabIndex >= 0 && !e.disabled && seen(e));
    const nameless = stops.filter(e => !(e.getAttribute('aria-label') || e.textContent.trim()
        || [...(e.labels ?? [])].some(label => label.textContent.trim())));
    return {
        stops: stops.length,
        nameless: nameless.map(e => e.outerHTML.slice(0, 120)),
        bare: all.filter(e => !e.hasAttribute('data-lm-suppress-shortcuts'))
            .map(e => e.outerHTML.slice(0, 120)),
        matrix: [...root.querySelectorAll('table.hx-grid')].map(
            grid => [...grid.querySelectorAll('[data-cell]')].filter(e => e.tabIndex === 0).length),
    };
}"""


@pytest.fixture(scope="module")
def notebook(browser_context, lab_server):
    """A notebook with every explorer, run; the ratings are shown in two cells."""
    cells = ["from hmcpsi_data import documents, explorers\nknown = {}"]
    cells += [f"known['{name}'] = explorers.{name}()\nknown['{name}']" for name in ALL]
    cells[-1] = cells[-1].replace("()", "(documents.invented_notice())")
    cells += ["known['RatingsExplorer']"]
    opened = Notebook.make(browser_context.new_page(), lab_server, "screen.ipynb", cells)
    yield opened
    assert opened.errors() == []
    assert opened.outside == []
    opened.close()


@pytest.fixture(params=SHOWN)
def screen(request, notebook):
    """An explorer as it was at the start."""
    found = notebook.explorer(SHOWN.index(request.param))
    found.button("Reset").click()
    found.settled()
    return found


@pytest.fixture
def ratings(notebook):
    found = notebook.explorer(SHOWN.index("RatingsExplorer"))
    found.button("Reset").click()
    found.settled()
    return found


def kernel(notebook):
    return notebook.evaluate("__import__('os').getpid()")


def violations(screen):
    """What axe finds, but for the lightest."""
    found = Axe().run(screen.page, context=f"#{screen.root.get_attribute('id')}").response
    grave = [rule for rule in found["violations"] if rule["impact"] != "minor"]
    return [(rule["id"], rule["help"], rule["nodes"][0]["html"][:200]) for rule in grave]


def test_one_click_saves_one_file_however_many_cells_show_the_explorer(notebook, ratings):
    saved = []
    notebook.page.on("download", lambda download: saved.append(download.suggested_filename))
    ratings.choose("Framework", "OPA 2005-06")
    ratings.save("Table (CSV)")
    ratings.save("Picture (SVG)")  # a second copy of the table would have come before it
    assert saved == ["hmcpsi-ratings.csv", "hmcpsi-ratings.svg"]
    ratings.choose("Framework", "All frameworks")
    ratings.choose("Area", "Essex")
    second = notebook.explorer(len(ALL))
    for shown in (ratings, second):
        expect(shown.status).to_have_text(ESSEX)


def test_while_python_does_not_answer_the_screen_says_so_and_then_puts_the_control_back(
    notebook, ratings
):
    control, before = ratings.root.get_by_label("Area", exact=True), ratings.status.inner_text()
    process = kernel(notebook)
    os.kill(process, signal.SIGSTOP)
    try:
        ratings.choose("Area", "Essex")
        expect(ratings.root).to_have_class(re.compile("hx-working"))
        expect(ratings.root.get_by_text("Working…")).to_be_visible()
        expect(ratings.error).to_contain_text("has not answered for 5 seconds", timeout=10_000)
        expect(ratings.root).not_to_have_class(re.compile("hx-working"))
        assert control.evaluate("select => select.selectedIndex") == 0
        assert ratings.status.inner_text() == before
    finally:
        os.kill(process, signal.SIGCONT)
    expect(ratings.status).to_have_text(ESSEX)  # the answer came after all
    assert control.evaluate("select => select.selectedOptions[0].text").startswith("Essex")
    expect(ratings.error).to_be_hidden()


def test_two_hundred_changes_in_a_burst_end_in_the_last_one(notebook, ratings):
    box = ratings.root.get_by_label("Search")
    box.click()
    for _ in range(25):
        notebook.page.keyboard.type("court")
        for _ in range(3):
            notebook.page.keyboard.press("Backspace")
    box.fill("court")
    ratings.settled()
    assert ratings.status.inner_text() == notebook.evaluate(
        "known['RatingsExplorer'].shown['status']"
    )
    assert notebook.evaluate("known['RatingsExplorer'].search") == "court"


def test_copied_goes_when_the_code_changes(notebook, ratings):
    ratings.button("Code").click()
    copy = ratings.root.get_by_role("button", name=re.compile("^(Copy code|Copied|Selected)"))
    copy.click()
    expect(copy).to_have_text(re.compile("Copied|Selected"))
    ratings.choose("Area", "Essex")
    expect(copy).to_have_text("Copy code")
    ratings.button("Code").click()


def test_what_is_typed_into_a_table_survives_an_answer(notebook):
    crosswalk = notebook.explorer(SHOWN.index("CrosswalkExplorer"))
    why = crosswalk.table.get_by_label(re.compile("^Why: ")).nth(1)
    why.focus()
    notebook.page.keyboard.press("End")
    notebook.page.keyboard.type("Typed and not sent")
    notebook.evaluate("known['CrosswalkExplorer'].edit(0, confidence='low')")
    expect(crosswalk.status).to_contain_text("changed by you")
    expect(why).to_have_value(re.compile("Typed and not sent"))
    expect(why).to_be_focused()
    notebook.page.keyboard.press("Tab")
    expect(crosswalk.status).to_contain_text("2 changed by you")
    for _ in range(2):
        crosswalk.button("Undo").click()
    expect(crosswalk.status).not_to_contain_text("changed by you")


def test_no_key_on_a_control_reaches_the_notebook(notebook, screen):
    cells = [cell["id"] for cell in notebook.cells()]
    controls = [
        screen.root.locator("select").first,
        screen.button("Reset"),
        screen.root.locator(".hx-table button, .hx-table a, .hx-table select").first,
    ]
    for control in controls:
        screen.root.locator(".hx-title").click()
        control.focus()
        for key in SHORTCUTS:
            notebook.page.keyboard.press(key)
    screen.settled()
    assert [cell["id"] for cell in notebook.cells()] == cells


def test_each_stop_of_the_tab_key_has_a_name_and_a_matrix_is_one_stop(screen):
    found = screen.root.evaluate(STOPS)
    assert found["nameless"] == []
    assert found["bare"] == []
    assert found["matrix"] in ([], [1])


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing_of_weight(notebook, theme):
    change = "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"
    notebook.page.evaluate(change, theme)
    dark = "true" if theme.endswith("Dark") else "false"
    notebook.page.wait_for_function(f"() => document.body.dataset.jpThemeLight !== '{dark}'")
    found = {}
    for place, name in enumerate(ALL):
        shown = notebook.explorer(place)
        shown.root.evaluate("(root, id) => { root.id = id; }", f"shown-{place}")
        shown.open_more()
        found[name] = violations(shown)
        shown.close_more()
    notebook.page.evaluate(change, "JupyterLab Light")
    assert not any(found.values()), found


def test_in_forced_colours_borders_and_what_is_chosen_are_still_seen(notebook):
    border = "node => { const { borderTopStyle: style, borderTopWidth: width } = "
    border += "getComputedStyle(node); return [style, parseFloat(width) > 0]; }"
    themes = notebook.explorer(SHOWN.index("ThemeExplorer"))
    notebook.page.emulate_media(forced_colors="active")
    try:
        themes.table.get_by_role("button", name="Disclosure, 2016-19").click()
        pressed = themes.table.locator("[aria-pressed=true]")
        expect(pressed).to_have_count(1)
        expect(pressed).to_have_attribute("aria-label", re.compile("^Disclosure, 2016-19"))
        assert pressed.evaluate(border) == ["double", True]
        for seen in (
            "[aria-pressed=false]",
            ".hx-head button",
            ".hx-control select",
            ".hm-table tbody th",
        ):
            assert themes.root.locator(seen).first.evaluate(border)[1], seen
    finally:
        notebook.page.emulate_media(forced_colors="none")
        themes.button("Reset").click()


@pytest.mark.parametrize("width", [1400, 900, 700])  # 700: 1400 pixels at 200 %
def test_nothing_is_wider_than_the_notebook_and_no_table_is_cut(notebook, screen, width):
    panel = notebook.page.locator("#jp-left-stack")
    toggle = "() => window.jupyterapp.commands.execute('application:toggle-left-area')"
    if panel.is_visible():
        notebook.page.evaluate(toggle)
    notebook.page.set_viewport_size({"width": width, "height": 1000})
    try:
        for wrong in (TOO_WIDE, CUT):
            with contextlib.suppress(Late):  # what is wrong is told below
                notebook.page.wait_for_function(
                    f"root => ({wrong})(root).length === 0",
                    arg=screen.root.element_handle(),
                    timeout=5_000,
                )
            assert screen.root.evaluate(wrong) == []
    finally:
        notebook.page.set_viewport_size({"width": 1400, "height": 1000})


def test_the_result_stands_above_the_fold(notebook, screen):
    screen.root.evaluate("root => root.scrollIntoView({block: 'start'})")
    top = screen.root.bounding_box()["y"]
    first = screen.table.locator("tbody td, tbody th").first.bounding_box()["y"]
    assert first - top < 400
    height = screen.table.bounding_box()["height"]
    assert height <= 0.6 * 1000 + 1


def test_after_a_restart_one_sentence_says_what_to_do_and_nothing_contradicts_the_table(
    browser_context, lab_server
):
    cells = ["from hmcpsi_data import explorers\nexplorers.RatingsExplorer()"]
    opened = Notebook.make(browser_context.new_page(), lab_server, "restart.ipynb", cells)
    ratings = opened.explorer(0)
    before = ratings.status.inner_text()
    opened.page.evaluate(f"() => {{ {CURRENT} return notebook.sessionContext.restartKernel(); }}")
    expect(ratings.error).to_contain_text("Run this cell again")
    for option in ("Essex", "Leicestershire"):
        ratings.choose("Area", option)
        expect(ratings.error).to_contain_text("Run this cell again")
        ratings.page.wait_for_function(
            "() => document.querySelector('.hx select').selectedIndex === 0"
        )
        assert ratings.status.inner_text() == before
    opened.restart_and_run_all()
    again = opened.explorer(0)
    again.choose("Area", "Essex")
    expect(again.status).to_have_text(ESSEX)
    opened.close()


def test_an_interrupted_answer_leaves_no_wrong_table(notebook, ratings):
    interrupt = f"() => {{ {CURRENT} return notebook.sessionContext.session.kernel.interrupt(); }}"
    for area in ("Essex", "Leicestershire", "Kent", "Suffolk"):
        ratings.choose("Area", area)
        notebook.page.evaluate(interrupt)
    ratings.button("Reset").click()
    ratings.choose("Area", "Essex")
    expect(ratings.status).to_have_text(ESSEX)
    ratings.settled()
    assert ratings.status.inner_text() == notebook.evaluate(
        "known['RatingsExplorer'].shown['status']"
    )


def test_two_tabs_on_one_notebook_each_show_what_their_control_says(browser_context, lab_server):
    cells = ["from hmcpsi_data import explorers\nexplorers.RatingsExplorer()"]
    first = Notebook.make(browser_context.new_page(), lab_server, "tabs.ipynb", cells)
    first.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    first.page.wait_for_function(f"() => {{ {CURRENT} return !notebook.context.model.dirty; }}")
    second = Notebook.open(browser_context.new_page(), lab_server, "tabs.ipynb")
    expect(second.page.locator(".jp-OutputArea")).not_to_contain_text("model not found")
    second.page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    first.explorer(0).choose("Area", "Essex")
    expect(first.explorer(0).status).to_have_text(ESSEX)
    second.explorer(0).choose("Area", "Suffolk")
    expect(second.explorer(0).table).to_contain_text("Suffolk")
    expect(first.explorer(0).status).to_have_text(ESSEX)
    expect(second.explorer(0).table).not_to_contain_text("Essex")
    second.page.close()
    first.close()


def test_opening_running_and_saving_changes_no_byte_and_reopened_it_shows_the_words(
    browser_context, lab_server
):
    path = lab_server.root / "kept.ipynb"
    cells = ["from hmcpsi_data import explorers\nexplorers.RatingsExplorer(area='Essex')"]
    opened = Notebook.make(browser_context.new_page(), lab_server, path.name, cells)
    save = "() => window.jupyterapp.commands.execute('docmanager:save')"
    opened.page.evaluate(save)
    opened.page.wait_for_function(f"() => {{ {CURRENT} return !notebook.context.model.dirty; }}")
    first = path.read_bytes()
    assert b"widget" not in first
    assert b"Essex" in first
    opened.close()
    opened = Notebook.open(browser_context.new_page(), lab_server, path.name)
    opened.restart_and_run_all()
    expect(opened.page.locator(".hx")).to_have_count(1)
    opened.page.evaluate(save)
    opened.page.wait_for_function(f"() => {{ {CURRENT} return !notebook.context.model.dirty; }}")
    assert path.read_bytes() == first
    opened.close()
    opened = Notebook.open(browser_context.new_page(), lab_server, path.name)
    page = opened.page.locator(".jp-OutputArea")
    expect(page).to_contain_text("contradicted")
    expect(page).not_to_contain_text("model not found")
    opened.page.evaluate(save)  # as the automatic save does
    opened.page.wait_for_function(f"() => {{ {CURRENT} return !notebook.context.model.dirty; }}")
    assert path.read_bytes() == first
    opened.close()
