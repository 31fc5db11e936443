"""The one writer of the notebooks: runs them and stores them so that running again changes nothing.

python notebooks/write.py [--check] [NOTEBOOK ...]      (all notebooks, if none is named)
"""

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from hmcpsi_data.lab import stored
from hmcpsi_data.tables.writing import write_file

FOLDER = Path(__file__).resolve().parent
SECONDS_A_CELL = 120
KEPT_OF_NOTEBOOK = {"title", "authors", "kernelspec", "language_info"}
KEPT_OF_CELL = {"tags", "jupyter", "slideshow"}


class NotebookError(Exception):
    """A notebook cannot be read or run; the message names notebook, cell and reason."""


def rewritten(path: Path) -> str:
    """Run a notebook in a fresh kernel, in its own folder, and give the text to store."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        found = with_ids(found) | {"nbformat": 4, "nbformat_minor": 5}
        notebook = nbformat.reads(json.dumps(found), as_version=4)
        clean(notebook)
        nbformat.validate(notebook)
    except (ValueError, KeyError, TypeError, AttributeError, nbformat.ValidationError) as error:
        raise NotebookError(f"{path.name} is not a notebook: {first_line(error)}") from error
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=SECONDS_A_CELL,
        store_widget_state=False,
        coalesce_streams=True,
        record_timing=False,
        extra_arguments=["--log-level=40"],  # errors only
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        client.execute()
    except CellExecutionError as error:
        reason = f"{error.ename}: {first_line(error.evalue)}"
        raise NotebookError(f"{path.name}, {failed_cell(notebook)}: {reason}") from error
    except (CellTimeoutError, DeadKernelError) as error:
        number = sum(cell.get("execution_count") is not None for cell in notebook.cells) + 1
        reason = f"code cell {number} or the one before: {first_line(error)}"
        raise NotebookError(f"{path.name}, {reason}") from error
    clean(notebook)
    return nbformat.writes(notebook, version=4, indent=1, ensure_ascii=False).rstrip("\n") + "\n"


def with_ids(found: dict) -> dict:
    """Keep the ids of cells; give missing and repeated ones an id from position and source."""
    seen = set()
    for position, cell in enumerate(found["cells"]):
        if not re.fullmatch(r"[\w-]{1,64}", cell.get("id", "")) or cell["id"] in seen:
            text = f"{position} {''.join(cell['source'])}"
            cell["id"] = f"{position:02}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
        seen.add(cell["id"])
    return found


def clean(notebook: nbformat.NotebookNode) -> None:
    """Drop what differs by run or machine, views of widgets, and empty code cells."""
    notebook.cells = [c for c in notebook.cells if c.cell_type != "code" or c.source.strip()]
    stored(notebook)  # as JupyterLab stores it, too
    for part, names in ((notebook, KEPT_OF_NOTEBOOK), *((c, KEPT_OF_CELL) for c in notebook.cells)):
        kept = {key: value for key, value in part.metadata.items() if key in names}
        part.metadata = nbformat.from_dict(kept)


def failed_cell(notebook: nbformat.NotebookNode) -> str:
    """Name the cell that holds an error, counted among all cells and among the code cells."""
    code = 0
    for number, cell in enumerate(notebook.cells, start=1):
        code += cell.cell_type == "code"
        if any(output.output_type == "error" for output in cell.get("outputs", [])):
            return f"cell {number} (code cell {code})"
    return "a cell"


def first_line(text: object) -> str:
    """Give the first line of a message."""
    return str(text).strip().partition("\n")[0]


def main(arguments: Iterable[str]) -> int:
    """Run all or the named notebooks, then write those that changed, or only name them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("notebooks", nargs="*", type=Path, metavar="NOTEBOOK")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 on changes")
    options = parser.parse_args(list(arguments))
    paths = [path.resolve() for path in options.notebooks] or sorted(FOLDER.glob("*.ipynb"))
    new, errors = {}, []
    for path in paths:
        print(f"running {path.name}", flush=True)
        try:
            text = rewritten(path)
            if text != path.read_text(encoding="utf-8"):
                new[path] = text
        except (NotebookError, OSError) as error:
            errors.append(str(error))
    if errors:
        print("\n".join([*errors, "Nothing was written."]), file=sys.stderr)
        return 1
    for path, text in new.items():
        print(f"{path.name} {'would change' if options.check else 'written'}")
        if not options.check:
            write_file(path, text)
    print(f"{len(paths)} run, {len(new)} changed")
    return int(options.check and bool(new))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
