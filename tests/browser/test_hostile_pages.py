"""Sixty payloads in every cell of free text, name and box: none runs, nor in JupyterLab."""

import html
import inspect

import nbformat
import pytest
from lab import CURRENT, Notebook
from payloads import PAYLOADS, poisoned

import hmcpsi_data as hd
from hmcpsi_data import explorers, pictures, show
from hmcpsi_data.site import build

pytestmark = pytest.mark.browser

COUNT = "window.hits = 0; window.hit = () => { window.hits += 1; return ''; };"
# Where a page leads, but for pictures and tables that stand in the page itself.
LEADS = """() => [...document.querySelectorAll('a[href], area[href], form[action]')]
    .map(one => one.getAttribute('href') || one.getAttribute('action'))
    .filter(address => /^\\s*(javascript|data|vbscript):/i.test(address))
    .filter(address => !/^data:(text.csv|image.png)/.test(address))"""
TRUSTED = f"() => {{ {CURRENT} return [...notebook.content.model.cells].every(c => c.trusted); }}"
EXPLORERS = [one for one in explorers.__all__ if getattr(vars(explorers)[one], "TITLE", "")]
EXPLORERS.remove("Explorer")
KNOWN = {
    "inspection": ["leicestershire_opa_2005", "south_west_aip_2021", "east_midlands_aap_2016"],
    "area": ["leicestershire_1999"], "theme": ["disclosure", "victim_letters"],
}  # fmt: skip


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    return poisoned(tmp_path_factory.mktemp("poisoned") / "data")


@pytest.fixture(scope="module")
def family(tmp_path_factory):
    """The same, but for the four words without which there is no model of 2006."""
    words = hd.load("scales").query("scale_id == 'opa_2005_quality'")["value"]
    return poisoned(tmp_path_factory.mktemp("poisoned") / "data", {*words})


def watched(context):
    """A page that counts what runs, and notes windows that open by themselves."""
    page = context.new_page()
    page.add_init_script(COUNT)
    page.evaluate(f"() => {{ {COUNT} }}")
    page.opened = []
    page.on("dialog", lambda dialog: (page.opened.append(dialog.message), dialog.dismiss()))
    page.on("popup", lambda popup: page.opened.append(popup.url))
    return page


@pytest.fixture
def counting(browser):
    context = browser.new_context(offline=True)
    yield watched(context)
    context.close()


def ran(page):
    # what takes the focus or fails to load is told a moment later
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    return page.evaluate("window.hits"), page.opened, page.evaluate(LEADS)


def shown(record, family):
    """Every table of the room show, pictures and explorers on this record."""
    for function in filter(inspect.isfunction, map(vars(show).get, show.__all__)):
        wanted = inspect.signature(function).parameters
        needs = [one for one, how in wanted.items() if how.default is how.empty]
        if "record" in wanted and set(needs) <= set(KNOWN):
            for value in KNOWN[needs[0]] if needs else [None]:
                yield function(**({needs[0]: value} if needs else {}), record=record)
    opa = hd.ratings("leicestershire_1999", framework="opa_2005", level="aspect", record=record)
    aap = hd.ratings("east_midlands_2011", framework="aap_2016", level="criterion", record=record)
    crosswalk = hd.Crosswalk.load("opa_2005", "aap_2016_east_midlands", record=record)
    drawn = {"tile_matrix": [opa], "paired_matrix": [opa, aap], "unit_strips": [opa],
             "crosswalk_picture": [crosswalk], "theme_matrix": [],
             "lineage_picture": KNOWN["area"][:1]}  # fmt: skip
    yield from (getattr(pictures, name)(*given, record=record) for name, given in drawn.items())
    yield show.sensitivity(crosswalk, opa)
    yield show.claims(hd.read_document("\n".join(PAYLOADS).encode(), name=PAYLOADS[14]))
    of = {"AssessmentExplorer": family}
    yield from (vars(explorers)[name](record=of.get(name, record)) for name in EXPLORERS)


def test_no_payload_runs_in_tables_pictures_and_what_an_explorer_stores(record, family, counting):
    bodies = [thing._repr_html_() for thing in shown(record, family)]
    assert len(bodies) > 35
    for some in (bodies[: -len(EXPLORERS)], bodies[-len(EXPLORERS) :]):
        assert "onerror" in "".join(some), "the payloads are not there"
    counting.set_content("<meta charset=utf-8>" + "<hr>".join(bodies))
    assert ran(counting) == (0, [], [])


def test_no_payload_runs_on_a_page_of_the_site(record, counting, tmp_path):
    front = build(tmp_path / "site", record=record)
    pages = sorted(front.parent.rglob("*.html"))
    assert len(pages) > 60
    for path in pages:
        counting.goto(path.as_uri())
        assert ran(counting) == (0, [], []), path.name
    counting.goto((front.parent / "ratings.html").as_uri())
    for payload in PAYLOADS:
        counting.get_by_label("Search").fill(payload)
    assert ran(counting) == (0, [], [])


def test_the_report_of_an_area_holds_no_script_and_leads_to_web_addresses_only(
    record, weasyprint, tmp_path
):
    pypdf = pytest.importorskip("pypdf")
    show.area("south_west_2011", record=record).pdf(tmp_path / "page.pdf")
    report = pypdf.PdfReader(tmp_path / "page.pdf")
    assert "onerror" in "".join(page.extract_text() for page in report.pages)
    assert not {"/OpenAction", "/AA"} & {*report.root_object}
    marks = [one.get_object() for page in report.pages for one in page.get("/Annots", [])]
    actions = [one["/A"].get_object() for one in marks if "/A" in one]
    assert {action["/S"] for action in actions} == {"/URI"}
    assert {action["/URI"].partition("://")[0] for action in actions} <= {"http", "https"}


def test_no_payload_runs_in_jupyterlab_live_stored_or_trusted(
    record, family, browser_context, lab_server, tmp_path
):
    page = watched(browser_context)
    folders = [str(one.folder) for one in (record, family)]
    start = "import hmcpsi_data as hd\nfrom hmcpsi_data import explorers, pictures, show"
    cells = [f"{start}\nrecord, family = map(hd.Record, {folders})"]
    of = {"AssessmentExplorer": "family"}
    cells += [f"explorers.{name}(record={of.get(name, 'record')})" for name in EXPLORERS]
    cells += ["show.area('south_west_2011', record)", "pictures.theme_matrix(record=record)"]
    notebook = Notebook.make(page, lab_server, "hostile.ipynb", cells)
    assert notebook.errors() == []
    for place in range(len(EXPLORERS)):
        screen = notebook.explorer(place)
        for box in screen.root.get_by_role("searchbox").all():
            for payload in PAYLOADS[place :: len(EXPLORERS)][:3]:
                box.fill(payload)
        screen.settled()
    assert ran(page) == (0, [], [])
    add = notebook.explorer(EXPLORERS.index("AddDocument"))
    named = tmp_path / "<img src=x onerror=hit()>.txt"
    named.write_text("\n".join(["CPS <b>Inventshire</b>", *PAYLOADS]), encoding="utf-8")
    add.root.locator("input[type=file]").first.set_input_files(named)
    add.settled()
    assert ran(page) == (0, [], [])
    notebook.save()
    notebook.close()
    stored = nbformat.read(lab_server.root / "hostile.ipynb", 4)
    assert html.escape("onerror=hit()") in str(stored)
    stored.metadata["title"] = "changed"  # what its signature was for is another notebook
    nbformat.write(stored, lab_server.root / "hostile.ipynb")
    page = watched(browser_context)
    opened = Notebook.open(page, lab_server, "hostile.ipynb")
    assert not page.evaluate(TRUSTED)
    assert ran(page) == (0, [], [])
    page.evaluate("() => { window.jupyterapp.commands.execute('notebook:trust'); }")
    page.locator(".jp-Dialog .jp-mod-accept").click()
    page.wait_for_function(TRUSTED)
    opened.wait_idle()
    assert ran(page) == (0, [], [])
    opened.close()
