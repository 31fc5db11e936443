"""How fast the explorers answer in a real browser: to new words and table, and to the picture.

Every explorer is changed back and forth in a notebook of its own, as the workbook has them; the
clock runs in the page, from the change in the control to the frame after the new content. The
same view of ratings, built with `interact` and an inline figure, is measured in the same run.
Needs Chromium; without it nothing is measured and the run says so.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter
from typing import Any

import nbformat
from run import Result

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

REPEATS = 15
# A control by its label, and the options it goes back and forth between, by their words; in a group
# of boxes, the box that is ticked and unticked. A label of None changes a rating in the table.
CHANGES = {
    "FourRounds": ("Area", ["Leicestershire", "Essex"]),
    "RatingsExplorer": ("Framework", ["OPA 2005-06", "Area Assurance 2016-19"]),
    "ActionsExplorer": ("Area", ["Leicestershire", "East Midlands"]),
    "AreaTimeline": ("Area", ["Leicestershire", "South West"]),
    "ThemeExplorer": ("Theme", ["Disclosure", "Victim letters"]),
    "ComparisonExplorer": ("Verdict", ["below the old range"]),
    "CrosswalkExplorer": ("Aspect", ["Disclosure", "Leadership"]),
    "AssessmentExplorer": (None, ["Poor", "Excellent"]),
    "AreaPage": ("Area", ["Leicestershire", "South West"]),
    "AddDocument": ("Area", ["Leicestershire", "South West"]),
}
NO_PICTURE = {"FourRounds", "AreaPage", "AddDocument"}  # the table is the picture
DOCUMENT = "from hmcpsi_data.documents import invented_notice"
# Type and delete in the search box; resolve when the last of 200 changes is answered.
BURST = """async () => {
    const root = document.querySelector('.hx');
    const box = root.querySelector('input[type=search]');
    const moment = () => new Promise(done => setTimeout(done, 5));
    for (let n = 1; n <= 200; n += 1) {
        box.value = 'court'.slice(0, 1 + (n + 4) % 5);
        box.dispatchEvent(new Event('input', {bubbles: true}));
        await moment();
    }
    const start = performance.now();
    while (root.dataset.open === 'yes') await moment();
    return [performance.now() - start, 0];
}"""
INTERACT = """
from ipywidgets import interact
from io import BytesIO
from IPython.display import HTML, Image, display
import hmcpsi_data as hd
from hmcpsi_data.pictures import tile_matrix
def view(framework):
    frame = hd.ratings(framework=framework)
    display(HTML(frame.to_html()))
    file = BytesIO()  # as the inline backend does with a figure, but for one without axes
    tile_matrix(frame).figure().savefig(file, bbox_inches="tight")
    display(Image(file.getvalue()))
_ = interact(view, framework=["opa_2005", "aap_2016"])
"""
# Change one control as a person does; resolve when words and table, then the picture, are shown.
MEASURE = """async ([label, value, drawn]) => {
    const root = document.querySelector('.hx');
    const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    const until = async (test) => {
        while (!test()) {
            if (performance.now() - start > 5000) throw new Error(`${label} = ${value}: no answer`);
            await frame();
        }
    };
    const words = text => text.split(' (')[0].trim();
    const [shown, picture] = [root.dataset.shown, root.dataset.figure];
    const named = [...root.querySelectorAll('.hx-control')].find(
        one => one.querySelector('label, legend').textContent === label);
    const select = label ? named.querySelector('select') : root.querySelector('.hx-table select');
    const start = performance.now();
    if (select) {
        select.selectedIndex = [...select.options].findIndex(one => words(one.text) === value);
        select.dispatchEvent(new Event('change', {bubbles: true}));
    } else {
        const boxes = [...named.querySelectorAll('.hx-boxes label')];
        boxes.find(one => words(one.textContent) === value).querySelector('input').click();
    }
    await until(() => root.dataset.shown !== shown);
    const text = performance.now() - start;
    if (drawn) await until(() => root.dataset.figure !== picture);
    const images = [...root.querySelectorAll('.hx-picture img')];
    await Promise.all(images.map(image => image.decode().catch(() => {})));
    await frame();
    return [text, performance.now() - start];
}"""
MEASURE_INTERACT = """async (value) => {
    const area = [...document.querySelectorAll('.jp-OutputArea')].find(
        one => one.querySelector('.widget-interact'));
    const select = area.querySelector('select');
    const image = () => area.querySelector('.jp-RenderedImage img, img')?.src;
    const table = () => area.querySelector('table')?.textContent;
    const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    const [oldImage, oldTable] = [image(), table()];
    const start = performance.now();
    select.value = value;
    select.dispatchEvent(new Event('change', {bubbles: true}));
    const waiting = (now, old) => {
        if (performance.now() - start > 5000) throw new Error(`${value}: no answer`);
        return !now || now === old;
    };
    while (waiting(table(), oldTable)) await frame();
    const text = performance.now() - start;
    while (waiting(image(), oldImage)) await frame();
    await frame();
    return [text, performance.now() - start];
}"""


def notebook_of(folder: Path, cells: list[str]) -> str:
    """Write a notebook with these cells and give its name."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    notebook.metadata["kernelspec"] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    nbformat.write(notebook, folder / "feel.ipynb")
    return "feel.ipynb"


def timed(
    lab: Any, browser: Any, server: Any, root: Path, cells: list[str], script: str, turns: list[Any]
) -> tuple[list[float], list[float]]:
    """Milliseconds to the words and to the picture, for each change but the first two."""
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    notebook = lab.Notebook.open(page, server, notebook_of(root, cells))
    notebook.restart_and_run_all()
    if notebook.errors():
        raise RuntimeError(notebook.errors())
    page.locator(".hx, .widget-interact").wait_for()
    times = [page.evaluate(script, turn) for turn in turns]
    notebook.close()
    words, pictures = zip(*times[2:], strict=True)
    return sorted(words), sorted(pictures)


def run() -> Iterator[Result]:
    """Text, picture and start, for every explorer and every notebook."""
    import lab

    executable = lab.find_chromium()
    if executable is None:
        print("  not measured: no Chromium here (apt install chromium)")
        return
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        for path in (ROOT / "notebooks").glob("*.ipynb"):
            (root / path.name).write_bytes(path.read_bytes())
        with lab.serve(root) as server, lab.chromium(executable) as browser:
            yield from changes(lab, browser, server, root)
            yield from starts(lab, browser, server, root)
        with lab.chromium(executable) as browser:
            yield first_table(lab, browser, root)


def changes(*where: Any) -> Iterator[Result]:
    """Every explorer, and the same view of ratings with `interact`, in one run."""
    values = ["aap_2016", "opa_2005"]
    turns = [values[n % 2] for n in range(REPEATS + 2)]
    slow = [
        statistics.median(times) for times in timed(*where, [INTERACT], MEASURE_INTERACT, turns)
    ]
    for name, (control, values) in CHANGES.items():
        source = "invented_notice()" if name == "AddDocument" else ""
        cells = [f"{DOCUMENT}\nfrom hmcpsi_data.explorers import {name}", f"{name}({source})"]
        drawn = name not in NO_PICTURE
        turns = [[control, values[(n + 1) % len(values)], drawn] for n in range(REPEATS + 2)]
        words, pictures = timed(*where, cells, MEASURE, turns)
        yield Result(f"{name}: words and table", statistics.median(words), 50, "ms")
        share = statistics.median(words) / slow[0]
        yield Result(f"{name}: words and table against interact", share, 1 / 2)
        if drawn:
            yield Result(f"{name}: picture", statistics.median(pictures), 120, "ms")
            share = statistics.median(pictures) / slow[1]
            yield Result(f"{name}: picture against interact", share, 1 / 3)

    cells = ["from hmcpsi_data.explorers import RatingsExplorer", "RatingsExplorer()"]
    settled, _ = timed(*where, cells, BURST, [None] * 5)
    what = "RatingsExplorer: 200 changes in a burst, settled after the last"
    yield Result(what, statistics.median(settled), 1000, "ms")


def starts(lab: Any, browser: Any, server: Any, root: Path) -> Iterator[Result]:
    """Restart and run all, until every explorer lives."""
    for path in sorted(root.glob("[0-9]*.ipynb")):
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        opened = lab.Notebook.open(page, server, path.name)
        start = perf_counter()
        opened.restart_and_run_all()
        yield Result(f"{path.stem}: restart and run all", perf_counter() - start, 3, "s")
        opened.close()


def first_table(lab: Any, browser: Any, root: Path) -> Result:
    """From the start of JupyterLab to the first live table, once all has been started before."""
    start = perf_counter()
    with lab.serve(root) as server:
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        opened = lab.Notebook.open(page, server, "00-start-here.ipynb")
        opened.command("notebook:run-all-cells")
        opened.explorer(0).table.locator("tbody tr").first.wait_for()
        seconds = perf_counter() - start
        opened.close()
    return Result("from the start of JupyterLab to the first table", seconds, 10, "s")
