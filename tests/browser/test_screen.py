"""Explorers in a real JupyterLab: each job done, nothing stale or lost, usable by everybody."""

import contextlib
import csv
import os
import re
import signal

import pytest
from axe_playwright_python.sync_playwright import Axe
from lab import CURRENT, Notebook
from playwright.sync_api import TimeoutError as Late
from playwright.sync_api import expect

from hmcpsi_data.documents import invented_notice

pytestmark = pytest.mark.browser

expect.set_options(timeout=20_000)  # other tests run beside these

ESSEX = re.compile(r"^\d ratings?; 1 contradicted by another source")
SHOWN = ("FourRounds", "RatingsExplorer", "ActionsExplorer", "AreaTimeline", "ThemeExplorer",
         "ComparisonExplorer", "CrosswalkExplorer", "AssessmentExplorer")  # fmt: skip
ALL = (*SHOWN, "AreaPage", "AddDocument")
SHORTCUTS = ["d", "d", "a", "b", "x", "m", "ArrowDown", "ArrowUp", "Shift+M"]
# What reaches beyond its output, unless in a region that scrolls and that the keyboard reaches.
TOO_WIDE = """root => {
    const scrolls = e => e && (e.tabIndex >= 0
        && ['auto', 'scroll'].includes(getComputedStyle(e).overflowX) || scrolls(e.parentElement));
    const right = root.closest('.jp-OutputArea-output').getBoundingClientRect().right;
    return [...root.querySelectorAll('*')].filter(element => {
        const box = element.getBoundingClientRect();
        const out = box.width > 1 && box.right > right + 1 && element.checkVisibility();
        return out && !scrolls(element.parentElement);
    }).map(element => `${element.tagName} ${element.className}`);
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
    const bare = all.filter(e => !e.hasAttribute('data-lm-suppress-shortcuts'));
    const cells = [...root.querySelectorAll('table.hx-grid [data-cell]')];
    return [[...nameless, ...bare].map(e => e.outerHTML.slice(0, 120)),
        cells.length ? cells.filter(e => e.tabIndex === 0).length : 1];
}"""


@pytest.fixture(scope="module")
def notebook(browser_context, lab_server):
    cells = ["from hmcpsi_data import documents, explorers\nknown = {}"]
    cells += [f"known['{name}'] = explorers.{name}()\nknown['{name}']" for name in ALL]
    cells[-1] = cells[-1].replace("()", "(documents.invented_notice())")
    cells += ["known['RatingsExplorer']"]  # shown a second time
    opened = Notebook.make(browser_context.new_page(), lab_server, "screen.ipynb", cells)
    yield opened
    assert opened.errors() == []
    assert opened.outside == []
    opened.close()


@pytest.fixture
def give(notebook):
    def found(name):  # as it was at the start
        screen = notebook.explorer(ALL.index(name))
        screen.reset()
        return screen

    return found


@pytest.fixture
def ratings(give):
    return give("RatingsExplorer")


def test_a_which_aspects_were_poor_in_whose_words_g_all_of_essex_and_j_a_figure_is_cited(ratings):
    ratings.choose("Area", "Leicestershire")
    ratings.choose("Framework", "OPA 2005-06")
    ratings.tick("Rating", "Poor")
    expect(ratings.sentence).to_contain_text("1 of 14 aspects Poor")
    poor = ratings.row("Managing magistrates' courts cases")
    expect(poor).to_contain_text(re.compile("Poor.*inspectorate.*line 2"))
    ratings.button("Cite").click()
    expect(ratings.root).to_contain_text("The hmcpsi_data contributors (2026). Ratings:")
    ratings.button("Code").click()
    call = r"hd\.ratings\(area='leicestershire_1999', framework='opa_2005', rating='Poor'\)$"
    expect(ratings.root.locator("pre")).to_have_text(re.compile(call))
    copy = ratings.root.get_by_role("button", name=re.compile("^(Copy code|Copied|Selected)"))
    copy.click()
    expect(copy).to_have_text(re.compile("Copied|Selected"))
    ratings.choose("Area", "Essex")
    expect(copy).to_have_text("Copy code")
    ratings.reset()
    ratings.root.get_by_label("Area", exact=True).focus()
    ratings.page.keyboard.type("Essex")
    expect(ratings.status).to_have_text(ESSEX)
    expect(ratings.table).to_contain_text("contradicted: ")


def test_b_what_became_of_recommendation_3_and_c_all_issues_on_disclosure_are_saved(give):
    actions = give("ActionsExplorer")
    actions.choose("Area", "Leicestershire")
    actions.tick("Kind", "recommendation")
    expect(actions.row("recommendation 3")).to_contain_text("Substantial progress")
    actions.reset()
    actions.tick("Kind", "issue to address")
    actions.choose("Theme", "Disclosure")
    actions.settled()
    with actions.save("Table (CSV)").path().open(encoding="utf-8", newline="") as file:
        saved = list(csv.DictReader(file))
    assert len(saved) == int(actions.status.inner_text().split()[0])
    assert {"East Midlands", "South West"} <= {row["area"] for row in saved}
    assert all(row["kind"] == "issue" and row["source_id"] for row in saved)


def test_d_2006_against_2016_and_why_that_is_no_trend_and_i_what_would_have_made_it_good(give):
    compared = give("ComparisonExplorer")
    expect(compared.root.get_by_role("note")).to_contain_text("nothing about better or worse")
    compared.open_more()
    compared.tick("Verdict", "below the old range")
    expect(compared.row("Communication with victims")).to_contain_text("Poor")
    assessment = give("AssessmentExplorer")
    expect(assessment.status).to_have_text("Fair by reconstruction: Leicestershire as it was rated")
    expect(assessment.table).to_contain_text("Good needs")
    poor = assessment.table.get_by_label("Rating: Managing magistrates' courts cases")
    poor.select_option("Good")
    expect(assessment.status).to_have_text(re.compile("Fair or Good.*1 rating changed by you"))
    assessment.button("Reset").click()
    expect(assessment.status).to_contain_text("as it was rated")


def test_e_a_link_is_changed_seen_saved_and_loaded_back_and_what_is_typed_survives(give, tmp_path):
    crosswalk = give("CrosswalkExplorer")
    page = crosswalk.page
    box = crosswalk.table.get_by_label("At most: ").first
    box.fill("0.95" if box.input_value() != "0.95" else "0.9")
    page.keyboard.press("Tab")
    expect(crosswalk.status).to_contain_text("1 changed by you")
    expect(crosswalk.table).to_contain_text("What changes:")
    crosswalk.save("Crosswalk (CSV)").save_as(kept := tmp_path / "kept.csv")
    crosswalk.button("Undo").click()
    expect(crosswalk.status).not_to_contain_text("changed by you")
    crosswalk.open_more()
    crosswalk.root.get_by_label("Load your crosswalk").set_input_files(kept)
    expect(crosswalk.status).to_contain_text("1 changed by you")
    crosswalk.button("Undo").click()
    assert crosswalk.save("Crosswalk (SSSOM)").path().read_bytes().startswith(b"#")
    why = crosswalk.table.get_by_label(re.compile("^Why: ")).nth(1)
    why.focus()
    page.keyboard.press("End")
    page.keyboard.type("Typed and not sent")
    edit = "{'do': 'edit', 'row': 0, 'field': 'Confidence', 'value': 'low'}"
    crosswalk.notebook.evaluate(f"known['CrosswalkExplorer']._command({edit})")
    expect(crosswalk.status).to_contain_text("changed by you")
    expect(why).to_have_value(re.compile("Typed and not sent"))
    expect(why).to_be_focused()
    page.keyboard.press("Tab")
    expect(crosswalk.status).to_contain_text("2 changed by you")


def test_h_an_invented_notice_is_added_to_a_copy(give, tmp_path):
    desk = give("AddDocument")
    (tmp_path / "notice.txt").write_text(invented_notice(), encoding="utf-8")
    desk.button("Take the document away").click()
    expect(desk.status).to_contain_text("No document yet")
    desk.settled()
    desk.root.get_by_label("Document", exact=True).set_input_files(tmp_path / "notice.txt")
    expect(desk.status).to_contain_text("certain claims", timeout=30_000)  # it is read
    expect(desk.row("Care of dragons")).to_contain_text("Poor")
    expect(desk.sentence).to_contain_text("Choose it in the lists above")
    desk.open_more()
    desk.choose("An Area that no table knows", "make it a new Area of mine")
    expect(desk.sentence).to_contain_text("Nothing is written yet")
    desk.button("Accept").click()
    expect(desk.error).to_contain_text("Folder of your copy: it is empty")
    box = desk.root.get_by_label("Folder of your copy")
    box.fill(str(tmp_path / "mine"))
    box.press("Enter")
    topic = desk.table.get_by_label("Topic: issue 1")
    topic.fill("Dragons are recorded on the day")
    topic.press("Tab")
    desk.button("Accept").click()
    expect(desk.status).to_contain_text("added to your copy", timeout=30_000)  # all is checked
    desk.table.get_by_role("button", name="Show Inventshire as it is now").click()
    expect(desk.table).to_contain_text("CPS Inventshire")
    assert desk.save("My copy (ZIP)").suggested_filename == "mine.zip"


def test_f_one_page_on_south_west_and_what_was_said_in_each_round_and_what_came_of_it(give):
    page = give("AreaPage")
    page.choose("Area", "South West")
    expect(page.status).to_contain_text("South West")
    expect(page.table).to_contain_text("letters to victims")
    rounds = give("FourRounds")
    for head in ("2006 Leices", "2010 Leices", "2016 East Midlands", "2022 South West"):
        expect(rounds.table.locator("thead")).to_contain_text(head)
    rounds.root.get_by_label("Search").fill("letters")
    rounds.settled()
    cell = rounds.table.get_by_role("button", name="Evidence: Victim letters, 2016 East Midlands")
    cell.focus()
    rounds.page.keyboard.press("Enter")
    for told in ("Poor", "inspectorate", "CPS", "line 28"):
        expect(rounds.table.locator(".hx-evidence")).to_contain_text(told)
    expect(cell).to_be_focused()
    expect(cell).to_have_attribute("aria-expanded", "true")
    rounds.page.keyboard.press("ArrowRight")
    focused = rounds.page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert "2022 South West" in focused


def test_one_click_saves_one_file_however_many_cells_show_the_explorer(notebook, ratings):
    saved = []
    notebook.page.on("download", lambda download: saved.append(download.suggested_filename))
    ratings.choose("Framework", "OPA 2005-06")
    ratings.save("Table (CSV)")
    ratings.save("Picture (SVG)")  # a second copy of the table would have come before it
    ratings.choose("Area", "Leicestershire")
    ratings.save("Save Picture (PNG)")  # the button below the picture
    assert saved == ["hmcpsi-ratings.csv", "hmcpsi-ratings.svg", "hmcpsi-ratings.png"]
    ratings.choose("Framework", "All frameworks")
    ratings.choose("Area", "Essex")
    for shown in (ratings, notebook.explorer(len(ALL))):
        expect(shown.status).to_have_text(ESSEX)


def test_while_python_does_not_answer_the_screen_says_so_and_then_puts_the_control_back(
    notebook, ratings
):
    control, before = ratings.root.get_by_label("Area", exact=True), ratings.status.inner_text()
    process = notebook.evaluate("__import__('os').getpid()")
    os.kill(process, signal.SIGSTOP)
    try:
        ratings.choose("Area", "Essex")
        expect(ratings.root).to_have_class(re.compile("hx-working"))
        expect(ratings.root.get_by_text("Working…")).to_be_visible()
        expect(ratings.error).to_contain_text("has not answered for 5 seconds")
        expect(ratings.root).not_to_have_class(re.compile("hx-working"))
        assert control.evaluate("select => select.selectedIndex") == 0
        assert ratings.status.inner_text() == before
    finally:
        os.kill(process, signal.SIGCONT)
    expect(ratings.status).to_have_text(ESSEX)  # the answer came after all
    assert control.evaluate("select => select.selectedOptions[0].text").startswith("Essex")
    expect(ratings.error).to_be_hidden()


def test_a_burst_of_changes_and_interrupted_answers_end_in_the_last_one(notebook, ratings):
    box = ratings.root.get_by_label("Search")
    for _ in range(10):
        box.press_sequentially("court")
        box.fill("co")
    box.fill("court")
    ratings.settled()
    told = "known['RatingsExplorer'].shown['status']"
    assert ratings.status.inner_text() == notebook.evaluate(told)
    assert notebook.evaluate("known['RatingsExplorer'].search") == "court"
    ratings.reset()
    interrupt = f"() => {{ {CURRENT} return notebook.sessionContext.session.kernel.interrupt(); }}"
    for area in ("Essex", "Leicestershire", "Kent", "Suffolk"):
        ratings.choose("Area", area)
        notebook.page.evaluate(interrupt)
    process = notebook.evaluate("__import__('os').getpid()")
    os.kill(process, signal.SIGSTOP)  # so that each of these finds the one before it unanswered
    ratings.choose("Area", "Kent")
    ratings.button("Reset").click()
    ratings.choose("Area", "Essex")
    os.kill(process, signal.SIGCONT)
    ratings.settled()
    expect(ratings.status).to_have_text(ESSEX)
    assert ratings.status.inner_text() == notebook.evaluate(told)


def test_saving_changes_no_byte_a_restart_and_a_second_tab_leave_nothing_untrue(
    browser_context, lab_server
):
    path = lab_server.root / "kept.ipynb"
    cells = ["from hmcpsi_data import explorers\nexplorers.RatingsExplorer(area='Essex')"]
    opened = Notebook.make(browser_context.new_page(), lab_server, path.name, cells)
    ratings = opened.explorer(0)
    opened.save()
    first = path.read_bytes()
    assert b"widget" not in first
    assert b"Essex" in first
    # a restarted kernel: one sentence says what to do, and the control stays with its table
    before = ratings.status.inner_text()
    opened.page.evaluate(f"() => {{ {CURRENT} return notebook.sessionContext.restartKernel(); }}")
    expect(ratings.error).to_contain_text("Run this cell again")
    opened.wait_idle()  # two restarts at once leave JupyterLab without a kernel
    select = ratings.root.get_by_label("Area", exact=True)
    chosen = select.input_value()
    for option in ("Suffolk", "Leicestershire"):
        ratings.choose("Area", option)
        expect(ratings.error).to_contain_text("Run this cell again")
        expect(select).to_have_value(chosen)
        assert ratings.status.inner_text() == before
    opened.restart_and_run_all()
    opened.save()
    assert path.read_bytes() == first
    opened.close()
    # opened again: the words, without running
    opened = Notebook.open(browser_context.new_page(), lab_server, path.name)
    shown = opened.page.locator(".jp-OutputArea")
    expect(shown).to_contain_text("contradicted")
    expect(shown).not_to_contain_text("model not found")
    opened.save()  # as the automatic save does
    assert path.read_bytes() == first
    opened.restart_and_run_all()
    # two tabs: each shows what its own control says
    second = Notebook.open(browser_context.new_page(), lab_server, path.name)
    second.command("notebook:run-all-cells")
    second.explorer(0).choose("Area", "Suffolk")
    expect(second.explorer(0).table).to_contain_text("Suffolk")
    opened.explorer(0).choose("Area", "Leicestershire")
    expect(opened.explorer(0).table).to_contain_text("Leicestershire")
    expect(second.explorer(0).table).not_to_contain_text("Leicestershire")
    second.page.close()
    opened.close()


def test_no_key_reaches_the_notebook_each_stop_has_a_name_and_a_matrix_is_one(notebook, give):
    cells = [cell["id"] for cell in notebook.cells()]
    for name in SHOWN:
        screen = give(name)
        in_table = screen.root.locator(".hx-table button, .hx-table a, .hx-table select").first
        for control in (screen.root.locator("select").first, screen.button("Reset"), in_table):
            control.focus()
            for key in SHORTCUTS:
                notebook.page.keyboard.press(key)
        screen.settled()
        assert screen.root.evaluate(STOPS) == [[], 1], name
    assert [cell["id"] for cell in notebook.cells()] == cells


def test_axe_finds_nothing_of_weight_light_and_dark(notebook):
    change = "theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})"
    grave = []
    for place in range(len(ALL)):
        shown = notebook.explorer(place)
        shown.root.evaluate("(root, id) => { root.id = id; }", f"shown-{place}")
        shown.open_more()
    for theme, light in (("JupyterLab Dark", "false"), ("JupyterLab Light", "true")):
        notebook.page.evaluate(change, theme)
        notebook.page.wait_for_function(f"() => document.body.dataset.jpThemeLight === '{light}'")
        for place in range(len(ALL)):  # each by itself: two may show the page of one Area
            context = {"include": [[f"#shown-{place}"]]}
            for rule in Axe().run(notebook.page, context=context).response["violations"]:
                nodes = [node["html"][:200] for node in rule["nodes"]]
                grave += [(theme, rule["id"], nodes)] if rule["impact"] != "minor" else []
    assert grave == []


def test_in_forced_colours_borders_and_what_is_chosen_are_still_seen(notebook, give):
    border = "node => getComputedStyle(node).borderTop"
    themes = give("ThemeExplorer")
    notebook.page.emulate_media(forced_colors="active")
    try:
        themes.table.get_by_role("button", name="Disclosure, 2016-19").click()
        pressed = themes.table.locator("[aria-pressed=true]")
        expect(pressed).to_have_count(1)
        expect(pressed).to_have_attribute("aria-label", re.compile("^Disclosure, 2016-19"))
        assert re.match(r"[1-9][\d.]*px double", pressed.evaluate(border))
        for seen in ("[aria-pressed=false]", ".hx-head button", ".hx-control select",
                     ".hm-table tbody th"):  # fmt: skip
            assert not themes.root.locator(seen).first.evaluate(border).startswith("0px"), seen
    finally:
        notebook.page.emulate_media(forced_colors="none")


def test_no_table_is_cut_or_wider_than_the_notebook_and_the_result_is_above_the_fold(
    notebook, give
):
    notebook.page.evaluate("window.jupyterapp.shell.collapseLeft()")
    screens, wrong = {name: give(name) for name in SHOWN}, []
    for width in (700, 900, 1400):  # 700: 1400 pixels at 200 %
        notebook.page.set_viewport_size({"width": width, "height": 1000})
        for name, screen in screens.items():
            for faults in (TOO_WIDE, CUT):
                none, root = f"root => ({faults})(root).length === 0", screen.root.element_handle()
                with contextlib.suppress(Late):  # what is wrong is told below
                    screen.page.wait_for_function(none, arg=root, timeout=5_000)
                wrong += [(width, name, fault) for fault in screen.root.evaluate(faults)]
    assert wrong == []
    for name, screen in screens.items():
        screen.root.evaluate("root => root.scrollIntoView({block: 'start'})")
        first = screen.table.locator("tbody td, tbody th").first.bounding_box()["y"]
        assert first - screen.root.bounding_box()["y"] < 400, name
        assert screen.table.bounding_box()["height"] <= 0.6 * 1000 + 1, name
