"""Every explorer in a real JupyterLab: clicks and keys, what is on screen, and who can use it."""

import re
from collections.abc import Callable
from typing import Any

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from lab import CURRENT, Notebook, Server
from playwright.sync_api import BrowserContext, Locator, expect

from hmcpsi_data import explorers
from hmcpsi_data.crosswalk import Crosswalk
from hmcpsi_data.crosswalk_files import saved
from hmcpsi_data.explorers.control import MAX_BYTES

SECONDS = 60
# A list with the label and value of a choice, a box to tick, and a text to look for.
CASES = {
    "RatingsExplorer": ("framework", "opa_2005", "rating", "Poor", "disclosure"),
    "ComparisonExplorer": (
        "pair",
        "opa_2005 to aap_2016_sections",
        "confidence",
        "low",
        "success of",
    ),
    "CrosswalkExplorer": ("aspect", "old opa_2005_disclosure", None, None, None),
    "AreaTimeline": ("area", "south_west_2011", "kind", "request", "victim"),
    "ProgressTracker": ("theme", "disclosure", "kind", "recommendation", "disclosure"),
    "IssueTracker": ("framework", "aip_2021", "kind", "guidance", "victim"),
    "ThemeExplorer": ("theme", "victim_letters", "kind", "finding", "letters"),
}
SHORTCUTS = ["d", "d", "a", "b", "x", "m", "ArrowDown", "ArrowUp", "Shift+M"]
# What reaches beyond the width of its output, unless it lies in a region made for scrolling that
# the keyboard reaches.
TOO_WIDE = """() => {
    const scrolls = e => e && (e.tabIndex >= 0
        && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
    const wide = [];
    for (const root of document.querySelectorAll('.hx')) {
        const right = root.closest('.jp-OutputArea-output').getBoundingClientRect().right;
        for (const element of root.querySelectorAll('*')) {
            const box = element.getBoundingClientRect();
            if (box.width > 1 && box.right > right + 1 && !scrolls(element.parentElement))
                wide.push(`${element.tagName} ${element.className} by ${box.right - right} px`);
        }
    }
    const notebook = document.querySelector('.jp-WindowedPanel-outer');
    if (notebook.scrollWidth > notebook.clientWidth + 1) wide.push('the notebook itself');
    return wide;
}"""
# Tables of explorers that are wider than the region in which they can be scrolled.
CUT = """() => [...document.querySelectorAll('.hx-table [role=region]')]
    .filter(region => region.scrollWidth > region.clientWidth + 1)
    .map(region => `${region.ariaLabel}: ${region.scrollWidth} of ${region.clientWidth} px`)"""
TABBABLE = """root => {
    const seen = e => e.getClientRects().length && e.checkVisibility({visibilityProperty: true});
    const all = [...root.querySelectorAll('button, input, select, summary, a[href], [tabindex]')];
    const found = all.filter(e => e.tabIndex >= 0 && !e.disabled && seen(e));
    found.forEach((e, n) => { e.dataset.testPlace = n; });
    return found.length;
}"""
FOCUSED = """() => {
    const e = document.activeElement;
    const style = getComputedStyle(e);
    const labels = [...(e.labels ?? [])].map(label => label.textContent).join(' ');
    return {
        place: e.dataset?.testPlace ?? null,
        outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
        name: (e.getAttribute('aria-label') || labels || e.textContent || e.title).trim(),
        tag: e.outerHTML.slice(0, 120),
    };
}"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def notebook(browser_context: BrowserContext, lab_server: Server):
    """One notebook with all explorers, run; none of its requests may leave the machine."""
    lines = "\n".join(f"known['{name}'] = {name}()" for name in CASES)
    first = f"from hmcpsi_data.explorers import *\nknown = {{}}\n{lines}"
    cells = [first, *(f"known[{name!r}]" for name in CASES)]
    stored = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(one) for one in cells])
    stored.metadata["kernelspec"] = {"display_name": "Python 3", "name": "python3"}
    (lab_server.root / "explorers").mkdir()
    nbformat.write(stored, lab_server.root / "explorers" / "all.ipynb")
    page = browser_context.new_page()
    opened = Notebook.open(page, lab_server, "explorers/all.ipynb")
    opened.restart_and_run_all()
    assert opened.errors() == []
    expect(page.locator(".hx[data-picture]")).to_have_count(len(CASES), timeout=SECONDS * 1000)
    yield opened
    assert opened.errors() == []
    assert opened.outside == []
    opened.close()


class Screen:
    """One explorer on the screen, and beside it the same explorer in this process."""

    def __init__(self, notebook: Notebook, name: str) -> None:
        self.notebook, self.page, self.name = notebook, notebook.page, name
        self.other = getattr(explorers, name)()
        self.selector = f'.hx[aria-label="{self.other.title}"]'
        self.root = self.page.locator(self.selector)

    def control(self, name: str) -> Locator:
        """A control by its label, as a person finds it."""
        spec = next(spec for spec in self.other.controls if spec["name"] == name)
        return self.root.get_by_label(spec["label"], exact=True)

    def box(self, name: str, value: str) -> Locator:
        spec = next(spec for spec in self.other.controls if spec["name"] == name)
        group = self.root.get_by_role("group", name=spec["label"], exact=True)
        return group.get_by_label(dict(spec["options"])[value], exact=True)

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def shows(self, **changes: Any) -> None:
        """Wait until the screen shows what the explorer in this process does after the changes."""
        self.other.set(**changes)
        self.same()

    def same(self) -> None:
        view, patient = self.other.view, {"timeout": SECONDS * 1000}
        expect(self.root.locator(".hx-status")).to_have_text(view["status"], **patient)
        expect(self.root.locator(".hx-words")).to_have_text(view["words"], **patient)
        self.page.wait_for_function(
            """([selector, html]) => {
                const wanted = document.createElement('div');
                wanted.innerHTML = html;
                return document.querySelector(`${selector} .hx-table`).textContent
                    === wanted.textContent;
            }""",
            arg=[self.selector, view["table"]],
        )
        expect(self.root.locator(".hx-error")).to_be_hidden()

    def says(self, *words: str, faded: bool = True) -> None:
        """Wait for an error sentence with these words; what was there before stays.

        It is faded where the controls no longer say what is shown.
        """
        error = self.root.get_by_role("alert")
        for one in words:
            expect(error).to_contain_text(one, timeout=SECONDS * 1000)
        # Besides, the class of a narrow window may stand there.
        shown = r"hx( hx-slim)? hx-stale" if faded else r"hx( hx-slim)?"
        expect(self.root).to_have_class(re.compile(f"^{shown}$"))

    def new_picture(self, act: Callable[[], Any]) -> None:
        """Do something, and wait for the picture that follows."""
        before = self.root.get_attribute("data-picture")
        act()
        expect(self.root).not_to_have_attribute("data-picture", before, timeout=SECONDS * 1000)

    def reset(self) -> None:
        """Put everything back, the edits of a crosswalk too."""
        if self.name == "CrosswalkExplorer":
            self.notebook.evaluate(f"known[{self.name!r}]._bench._editors.clear()")
            self.other = explorers.CrosswalkExplorer()
        self.button("Reset").click()
        self.other.reset()
        self.same()

    def violations(self) -> list[tuple[str, str, str]]:
        """Serious and critical findings of axe."""
        found = Axe().run(self.page, context=self.selector).response["violations"]
        grave = [rule for rule in found if rule["impact"] in ("serious", "critical")]
        return [(rule["id"], rule["help"], rule["nodes"][0]["html"][:200]) for rule in grave]

    def select(self) -> None:
        """Make the cell of the explorer the active one, in command mode, as a click on it does."""
        self.root.locator(".hx-title").click()
        self.page.wait_for_function(
            f"() => {{ {CURRENT} return notebook.content.mode === 'command'; }}"
        )


@pytest.fixture(params=CASES)
def screen(request: pytest.FixtureRequest, notebook: Notebook):
    """An explorer at its start, and put back to it."""
    found = Screen(notebook, request.param)
    found.same()
    yield found
    found.page.set_viewport_size({"width": 1400, "height": 1000})
    found.reset()


@pytest.fixture
def crosswalk(notebook: Notebook):
    """The crosswalk explorer without edits, and put back to that."""
    found = Screen(notebook, "CrosswalkExplorer")
    found.reset()
    yield found
    found.reset()


def test_clicks_and_keys_change_what_is_on_the_screen(screen: Screen):
    name, value, boxes, box, text = CASES[screen.name]
    screen.new_picture(lambda: screen.control(name).select_option(value))
    screen.shows(**{name: value})
    if boxes:
        screen.box(boxes, box).focus()
        screen.page.keyboard.press("Space")
        screen.shows(**{boxes: [box]})
        screen.control("search").click()
        screen.page.keyboard.type(text)
        screen.shows(search=text)
        screen.control("search").fill("nothing has this in it")
        screen.shows(search="nothing has this in it")
        expect(screen.root.locator(".hx-words")).to_contain_text("Reset")
    screen.reset()
    control = screen.control(name)
    control.focus()
    before = control.input_value()
    options = control.locator("option").evaluate_all("all => all.map(one => one.value)")
    key = "ArrowUp" if options.index(before) else "ArrowDown"
    screen.page.keyboard.press(key)
    after = options[options.index(before) + (1 if key == "ArrowDown" else -1)]
    screen.shows(**{name: after})
    assert control.input_value() == after


def test_what_is_not_known_is_a_sentence_in_place_until_reset(screen: Screen):
    name = CASES[screen.name][0]
    screen.control(name).evaluate(
        """select => {
            select.add(new Option('nobody', 'nobody'));
            select.value = 'nobody';
            select.dispatchEvent(new Event('change'));
        }"""
    )
    if screen.name != "CrosswalkExplorer":  # there it follows the pair of sets
        screen.says('"nobody" is not known')
    screen.reset()


def test_no_key_on_a_control_reaches_the_notebook(screen: Screen):
    def cells() -> list:
        return [(cell["id"], cell["cell_type"]) for cell in screen.notebook.cells()]

    before = cells()
    name, _, boxes, box, _ = CASES[screen.name]
    controls = [screen.control(name), screen.button("Reset")]
    if boxes:
        controls += [screen.box(boxes, box), screen.control("search")]
    else:
        controls += [screen.control(one) for one in ("low", "why", "file")]
        controls += [screen.button("Undo"), screen.root.locator(".hx-table button").first]
    controls += [screen.root.get_by_text("Show as code"), screen.root.locator(".hx-table a").first]
    for control in controls:
        if control.count() == 0:
            continue
        screen.select()
        control.focus()
        for key in SHORTCUTS:
            screen.page.keyboard.press(key)
        assert cells() == before
    screen.select()
    screen.page.keyboard.press("a")  # outside a control it is a shortcut, so the test can fail
    screen.page.wait_for_function(
        f"n => {{ {CURRENT} return notebook.content.model.cells.length === n + 1; }}",
        arg=len(before),
    )
    screen.page.keyboard.press("z")
    screen.page.wait_for_function(
        f"n => {{ {CURRENT} return notebook.content.model.cells.length === n; }}", arg=len(before)
    )


def test_everything_is_reached_by_tab_with_a_name_and_a_visible_focus(screen: Screen):
    n = screen.root.evaluate(TABBABLE)
    screen.root.locator('[data-test-place="0"]').focus()
    reached = {}
    screen.page.keyboard.press("Tab")
    screen.page.keyboard.press("Shift+Tab")
    for _ in range(n):
        found = screen.page.evaluate(FOCUSED)
        reached[found["place"]] = found
        screen.page.keyboard.press("Tab")
    assert sorted(int(place) for place in reached if place is not None) == list(range(n))
    assert [one["tag"] for one in reached.values() if not one["name"]] == []
    assert [one["tag"] for one in reached.values() if one["outline"] < 2] == []


def test_axe_finds_nothing_grave_at_the_start_and_after_a_change(screen: Screen):
    assert screen.violations() == []
    name, value, boxes, box, _ = CASES[screen.name]
    screen.control(name).select_option(value)
    screen.shows(**{name: value})
    if boxes:
        screen.box(boxes, box).check()
        screen.shows(**{boxes: [box]})
    for summary in screen.root.locator("summary").all():
        summary.click()
    assert screen.violations() == []


def test_the_csv_that_is_saved_holds_what_is_shown(screen: Screen):
    name, value, boxes, box, _ = CASES[screen.name]
    screen.control(name).select_option(value)
    screen.shows(**{name: value})
    if boxes:
        screen.box(boxes, box).check()
        screen.shows(**{boxes: [box]})
    labels = dict(screen.other.downloads)
    for kind in ("csv", "svg"):
        with screen.page.expect_download() as download:
            screen.button(labels[kind]).click()
        name, data = screen.other.download(kind)
        assert download.value.suggested_filename == name
        content = download.value.path().read_bytes()
        assert content == data if kind == "csv" else content.startswith(b"<?xml")


@pytest.mark.parametrize("width", [1400, 900])
def test_nothing_is_wider_than_the_notebook(notebook: Notebook, width: int):
    notebook.page.set_viewport_size({"width": width, "height": 1000})
    notebook.page.wait_for_function(f"() => ({TOO_WIDE})().length === 0", timeout=10_000)
    assert notebook.page.evaluate(TOO_WIDE) == []
    notebook.page.set_viewport_size({"width": 1400, "height": 1000})


@pytest.mark.parametrize(("width", "panel"), [(1400, True), (900, False)])
def test_no_table_has_to_be_scrolled_sideways(notebook: Notebook, width: int, panel: bool):
    page = notebook.page
    toggle = "window.jupyterapp.commands.execute('application:toggle-left-area')"
    page.set_viewport_size({"width": width, "height": 1000})
    shown = page.locator("#jp-left-stack").is_visible()
    try:
        if shown != panel:
            page.evaluate(f"() => {toggle}")
        expect(page.locator("#jp-left-stack")).to_be_visible(visible=panel)
        page.wait_for_function(f"() => ({CUT})().length === 0", timeout=10_000)
        assert page.locator(".hx-table [role=region]").count() >= len(CASES)
    finally:
        if shown != panel:
            page.evaluate(f"() => {toggle}")
        page.set_viewport_size({"width": 1400, "height": 1000})


def test_a_row_is_picked_in_the_table_and_the_focus_stays_there(crosswalk: Screen):
    row = crosswalk.root.get_by_role("button", name="Pick row 3: ")
    row.focus()
    crosswalk.page.keyboard.press("Enter")
    crosswalk.shows(link="3")
    expect(row).to_be_focused()
    expect(row).to_have_attribute("aria-pressed", "true")
    expect(crosswalk.control("link")).to_have_value("3")


def test_a_crosswalk_is_edited_with_clicks_and_keys_alone(crosswalk: Screen):
    undo = crosswalk.button("Undo")
    expect(undo).to_have_attribute("aria-disabled", "true")
    crosswalk.control("link").select_option("0")
    crosswalk.control("relation").focus()
    crosswalk.new_picture(lambda: crosswalk.page.keyboard.press("ArrowUp"))
    crosswalk.shows(relation="source_contains_target")
    expect(crosswalk.root.locator(".hx-table")).to_contain_text("edited by you, not shipped")
    crosswalk.control("high").fill("1.5")
    crosswalk.page.keyboard.press("Tab")
    crosswalk.shows(high="1.5")
    expect(crosswalk.root.locator(".hx-status")).to_contain_text("not valid")
    assert crosswalk.violations() == []
    crosswalk.control("aspect").select_option("old opa_2005_leadership")
    crosswalk.shows(aspect="old opa_2005_leadership")
    crosswalk.control("to").select_option("remainder")
    crosswalk.shows(to="remainder")
    crosswalk.button("Add row").click()
    crosswalk.other.act("add")
    crosswalk.same()
    crosswalk.button("Drop this row").click()
    crosswalk.other.act("drop")
    crosswalk.same()
    undo.focus()
    for _ in range(4):
        crosswalk.page.keyboard.press("Enter")
        crosswalk.other.act("undo")
        crosswalk.same()
    expect(undo).to_have_attribute("aria-disabled", "true")
    expect(undo).to_be_focused()
    crosswalk.page.keyboard.press("Enter")  # there is nothing more to undo
    crosswalk.button("Redo").click()
    crosswalk.other.act("redo")
    crosswalk.same()


def test_what_is_typed_while_an_answer_comes_is_kept_and_applied(crosswalk: Screen):
    keys = crosswalk.page.keyboard
    crosswalk.control("link").select_option("13")
    crosswalk.shows(link="13")
    low, high = crosswalk.control("low"), crosswalk.control("high")
    low.click()
    keys.press("Control+a")
    keys.type("0.05")
    keys.press("Tab")
    keys.type("0.7")  # over the selected number
    crosswalk.shows(low="0.05")  # the answer is there, and the box is being typed in
    expect(high).to_have_value("0.7")
    keys.type("5")
    expect(high).to_have_value("0.75")
    keys.press("Tab")
    crosswalk.shows(high="0.75")
    expect(low).to_have_value("0.05")
    expect(high).to_have_value("0.75")
    why = crosswalk.control("why")
    crosswalk.control("confidence").select_option("medium")
    why.focus()
    keys.press("Control+a")
    keys.type("Ours, ")
    crosswalk.shows(confidence="medium")
    keys.type("typed slowly.")
    expect(why).to_have_value("Ours, typed slowly.")
    keys.press("Enter")
    crosswalk.shows(why="Ours, typed slowly.")
    # At once after a change of the relation: nothing waits for an answer.
    crosswalk.control("relation").select_option("source_within_target")
    low.fill("0.1")
    high.fill("0.2")
    why.fill("At once.")
    crosswalk.control("link").focus()
    crosswalk.control("link").select_option("0")
    for change in (
        {"relation": "source_within_target"},
        {"low": "0.1"},
        {"high": "0.2"},
        {"why": "At once."},
    ):
        crosswalk.other.set(**change)
    crosswalk.shows(link="0")
    row = crosswalk.notebook.evaluate("known['CrosswalkExplorer'].editor.row(13)")
    found = [row[name] for name in ("relation", "share_low", "share_high", "justification")]
    assert found == ["source_within_target", 0.1, 0.2, "At once."]


def test_what_a_row_has_no_place_for_is_refused_in_a_sentence(crosswalk: Screen):
    rows = crosswalk.other.editor.rows
    lost = next(str(n) for n, row in rows.items() if row["status"] == "no_counterpart")
    crosswalk.control("link").select_option(lost)
    crosswalk.shows(link=lost)
    crosswalk.control("relation").select_option("equal")
    crosswalk.says("has no relation")
    expect(crosswalk.control("relation")).to_have_value("")
    assert crosswalk.violations() == []
    crosswalk.control("link").select_option("0")
    crosswalk.shows(link="0")


def test_a_file_is_opened_and_what_is_no_crosswalk_changes_nothing(crosswalk: Screen):
    def choose(name: str, data: bytes) -> None:
        file = {"name": name, "mimeType": "text/csv", "buffer": data}
        crosswalk.control("file").set_input_files(file)

    choose("prose.csv", b"<b>Dear all</b>\nplease find attached.\n")
    crosswalk.says('"prose.csv" was not opened', "no table of a crosswalk", faded=False)
    choose("large.csv", b"x" * (MAX_BYTES + 1))
    crosswalk.says('"large.csv" is larger than 2 MB', faded=False)
    crosswalk.reset()
    frame = Crosswalk.load("opa_2005", "opa_2007").to_frame()
    frame.loc[0, "justification"] = "<img src=x onerror='window.pwned = 1'>"
    mine = saved(Crosswalk(frame), "csv")
    choose("mine.csv", mine)
    crosswalk.other.take("file", "mine.csv", mine)
    crosswalk.same()
    expect(crosswalk.control("pair")).to_have_value("opa_2005 to opa_2007")
    assert crosswalk.page.evaluate("() => window.pwned") is None
    assert crosswalk.root.locator(".hx-table img").count() == 0
    with crosswalk.page.expect_download() as download:
        crosswalk.button("Save crosswalk as SSSOM").click()
    content = download.value.path().read_bytes()
    assert content == crosswalk.other.download("sssom")[1]
    choose("mine.sssom.tsv", content)  # the same name can be chosen twice
    choose("mine.sssom.tsv", content)
    crosswalk.same()
    crosswalk.button("Start again").click()
    crosswalk.other.act("again")
    crosswalk.same()


def test_the_dark_theme_can_be_read_as_well(notebook: Notebook):
    def theme(name: str) -> None:
        notebook.page.evaluate(
            "name => window.jupyterapp.commands.execute('apputils:change-theme', { theme: name })",
            name,
        )
        light = "false" if "Dark" in name else "true"
        expect(notebook.page.locator("body")).to_have_attribute("data-jp-theme-light", light)

    theme("JupyterLab Dark")
    try:
        found = {name: Screen(notebook, name).violations() for name in CASES}
    finally:
        theme("JupyterLab Light")
    assert {name: grave for name, grave in found.items() if grave} == {}
