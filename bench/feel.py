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
# A control and the values it goes back and forth between; one value means a box to tick and untick.
CHANGES = {
    "RatingsExplorer": ("framework", ["opa_2005", "aap_2016"]),
    "AssessmentExplorer": ("disclosure", ["Poor", "Excellent"]),
    "AreaTimeline": ("area", ["leicestershire_1999", "south_west_2011"]),
    "ProgressTracker": ("kind", ["recommendation"]),
    "IssueTracker": ("framework", ["aap_2016", "aip_2021"]),
    "ThemeExplorer": ("theme", ["disclosure", "victim_letters"]),
    "ComparisonExplorer": (
        "pair",
        ["opa_2005 to aap_2016_east_midlands", "opa_2005 to aap_2016_wessex"],
    ),
    "CrosswalkExplorer": (
        "aspect",
        ["old opa_2005_disclosure", "old opa_2005_leadership"],
    ),
}
INTERACT = """
from ipywidgets import interact
from io import BytesIO
from IPython.display import HTML, Image, display
from hmcpsi_data.pictures import tile_matrix
from hmcpsi_data.views import ratings
def view(framework):
    frame = ratings(framework=framework)
    display(HTML(frame.to_html()))
    file = BytesIO()  # as the inline backend does with a figure, but for one without axes
    tile_matrix(frame).figure.savefig(file, bbox_inches="tight")
    display(Image(file.getvalue()))
_ = interact(view, framework=["opa_2005", "aap_2016"])
"""
# Change one control as a person does; resolve when words and table, then the picture, are shown.
MEASURE = """async ([name, value]) => {
    const root = document.querySelector('.hx');
    const frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    const until = async (test) => {
        while (!test()) {
            if (performance.now() - start > 5000) throw new Error(`${name} = ${value}: no answer`);
            await frame();
        }
    };
    const [serial, picture] = [root.dataset.serial, root.dataset.picture];
    const select = root.querySelector(`select[id$="-${name}"]`);
    const start = performance.now();
    if (select) {
        select.value = value;
        select.dispatchEvent(new Event('change'));
    } else root.querySelector(`input[type=checkbox][value="${value}"]`).click();
    await until(() => root.dataset.serial !== serial);
    const text = performance.now() - start;
    await until(() => root.dataset.picture !== picture);
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


def changes(*where: Any) -> Iterator[Result]:
    """Every explorer, then the same view of ratings with `interact`."""
    against = {}
    for name, (control, values) in CHANGES.items():
        cells = [f"from hmcpsi_data.explorers import {name}", f"{name}()"]
        turns = [[control, values[(n + 1) % len(values)]] for n in range(REPEATS + 2)]
        words, pictures = against[name] = timed(*where, cells, MEASURE, turns)
        yield Result(f"{name}: words and table", statistics.median(words), 50, "ms")
        yield Result(f"{name}: picture, median", statistics.median(pictures), 150, "ms")
        yield Result(f"{name}: picture, p90", pictures[int(0.9 * len(pictures))], 250, "ms")
    values = ["aap_2016", "opa_2005"]
    turns = [values[n % 2] for n in range(REPEATS + 2)]
    slow = timed(*where, [INTERACT], MEASURE_INTERACT, turns)
    ours = against["RatingsExplorer"]
    for what, mine, theirs, factor in zip(
        ["words and table", "picture"], ours, slow, [5, 1.5], strict=True
    ):
        share = statistics.median(mine) / statistics.median(theirs)
        yield Result(f"{what}: RatingsExplorer against interact", share, 1 / factor)


def starts(lab: Any, browser: Any, server: Any, root: Path) -> Iterator[Result]:
    """Restart and run all, until every explorer lives."""
    for path in sorted(root.glob("[0-9]*.ipynb")):
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        opened = lab.Notebook.open(page, server, path.name)
        start = perf_counter()
        opened.restart_and_run_all()
        yield Result(f"{path.stem}: restart and run all", perf_counter() - start, 3, "s")
        opened.close()
