"""The stored notebooks are whole, readable without running, and written by notebooks/write.py."""

import ast
import json
import re
from itertools import pairwise
from pathlib import Path

import lxml.html
import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
IMAGE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)[^)]*\)")
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)[^)]*\)")
QUIET = (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.ClassDef)

pytestmark = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)


def cells(path, kind):
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell | {"text": "".join(cell["source"])} for cell in found if cell["cell_type"] == kind]


def markdown(path):
    return "\n\n".join(cell["text"] for cell in cells(path, "markdown"))


def test_every_code_cell_is_short_was_run_in_order_and_says_something_that_is_no_error(path):
    code = cells(path, "code")
    counts = [cell["execution_count"] for cell in code]
    assert counts == list(range(1, len(counts) + 1)), "run: python tasks.py notebooks"
    silent = [cell["text"] for cell in code if not cell["outputs"]]
    loud = [text for text in silent if not all(isinstance(n, QUIET) for n in ast.parse(text).body)]
    assert loud == []
    assert [cell["text"] for cell in code if len(cell["text"].splitlines()) > 8] == []
    outputs = [output for cell in code for output in cell["outputs"]]
    assert outputs
    assert not {"error", "stderr"} & {out.get("name", out["output_type"]) for out in outputs}
    # outputs can be read without a kernel, and aloud
    kinds = {kind for output in outputs for kind in output.get("data", {})}
    assert not {kind for kind in kinds if "widget" in kind or "javascript" in kind}
    assert not {kind for kind in kinds if kind.startswith("image/")}, "no alt: use an HTML figure"
    pages = ["".join(output.get("data", {}).get("text/html", "")) for output in outputs]
    images = [one for page in pages if page for one in lxml.html.fromstring(page).iter("img")]
    assert [image for image in images if len(image.get("alt") or "") < 10] == []
    assert [page for page in pages if 'class="dataframe"' in page] == []
    assert "widgets" not in json.loads(path.read_text(encoding="utf-8"))["metadata"]


def test_headings_form_an_outline_and_nothing_of_a_machine_is_left(path):
    levels = [len(marks) for marks in re.findall(r"(?m)^(#+) ", markdown(path))]
    assert levels[:1] == [1]
    assert levels.count(1) == 1
    assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []
    assert re.findall(r"\bat 0x[0-9a-f]+|[^\w.:/]/tmp/", path.read_text(encoding="utf-8")) == []
    # images have a text, and links lead somewhere, on and back
    images = IMAGE.findall(markdown(path))
    assert [target for alt, target in images if len(alt) < 10] == []
    targets = [target for _, target in images] + LINK.findall(markdown(path))
    local = [target.partition("#")[0] for target in targets if "://" not in target]
    assert [target for target in local if target and not (path.parent / target).exists()] == []
    if path == NOTEBOOKS[0]:
        assert {other.name for other in NOTEBOOKS[1:]} <= set(local)
        return
    place = NOTEBOOKS.index(path)
    around = [NOTEBOOKS[place - 1].name, NOTEBOOKS[0].name]
    around += [other.name for other in NOTEBOOKS[place + 1 : place + 2]]
    last = LINK.findall(cells(path, "markdown")[-1]["text"].splitlines()[-1])
    assert last == [*around, "../CONTRIBUTING.md#reporting-an-error"]
