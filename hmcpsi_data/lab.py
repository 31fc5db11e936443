"""The workbook in JupyterLab, and the explorers as one page without code, which Voilà serves."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from hmcpsi_data.errors import need
from hmcpsi_data.formats import CAVEAT, TITLE
from hmcpsi_data.tables.description import carried
from hmcpsi_data.tables.writing import new_folder

START = "00-start-here.ipynb"
_WIDGET = "application/vnd.jupyter.widget-view+json"  # stored, it opens as "model not found"
_KERNEL = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_OF_ONE_RUN = ("execution", "ExecuteTime", "trusted", "collapsed", "scrolled")
_OPTIONS = [
    "--ServerApp.ip=127.0.0.1",
    "--ServerApp.root_dir=.",
    "--ServerApp.answer_yes=True",
    "--FileContentsManager.pre_save_hook=hmcpsi_data.lab.keep_words",
    "--Application.log_level=WARN",
    "--LabApp.news_url=",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
    "--LanguageServerManager.autodetect=False",
    "--KernelManager.transport_encryption=auto",
]
_HERE = Path(__file__).parent
_TABS = {
    "Four rounds": "FourRounds",
    "Ratings": "RatingsExplorer",
    "Issues": "ActionsExplorer",
    "Themes": "ThemeExplorer",
    "Timeline": "AreaTimeline",
    "Area page": "AreaPage",
    "Comparison": "ComparisonExplorer",
    "Crosswalk": "CrosswalkExplorer",
    "Assessment": "AssessmentExplorer",
}


def stored(notebook: dict[str, Any]) -> dict[str, Any]:
    """A notebook of format 4 without widgets and traces of one run, changed in place."""
    metadata = notebook.get("metadata", {})
    metadata.pop("widgets", None)
    if metadata.get("kernelspec", {}).get("name", "python3") == "python3":
        metadata.update(_KERNEL)
    for cell in notebook.get("cells", []):
        for name in _OF_ONE_RUN:
            cell.get("metadata", {}).pop(name, None)
        for output in cell.get("outputs", []):
            shown = output.get("data", {})
            if len(shown) > 1:  # words stand beside the widget
                shown.pop(_WIDGET, None)
    return notebook


def keep_words(model: dict[str, Any], **_: object) -> None:
    """Store words and not widgets: a hook that JupyterLab calls before it saves a notebook."""
    content = model.get("content")
    if isinstance(content, dict) and content.get("nbformat") == 4:
        stored(content)


def main(folder: str | None, arguments: Sequence[str] = ()) -> int:
    """Open the workbook of a folder; without one, of a copy made in ``hmcpsi_workbook``."""
    need("jupyterlab", "The workbook", "notebooks")
    target = Path(folder or "hmcpsi_workbook").absolute()
    start = f"notebooks/{START}" if (target / "notebooks" / START).is_file() else START
    if not (target / start).is_file():
        left_out = shutil.ignore_patterns("*.py", ".*")
        with new_folder(target) as (part, _):  # all of them or none
            try:
                shutil.copytree(carried("notebooks"), part, dirs_exist_ok=True, ignore=left_out)
            except shutil.Error as error:  # one fault for each file; the first is enough
                raise OSError(error.args[0][0][2]) from None
        print(f"> Copied the notebooks to {target}")
    options = [*_OPTIONS, f"--LabApp.default_url=/lab/tree/{start}", *arguments]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    return serve(["jupyterlab", *options], target, "JUPYTER_CONFIG_PATH")


def open_app(arguments: Sequence[str] = ()) -> int:
    """Serve the app to this computer alone, behind a token; `arguments` go to Voilà."""
    need("voila", "The app", "app")
    from nbformat import v4, writes

    words = f"# {TITLE}\n\n{CAVEAT} Not produced or endorsed by HMCPSI or the CPS."
    code = "from hmcpsi_data.lab import page\n\npage()"
    cells = [v4.new_markdown_cell(words), v4.new_code_cell(code)]
    text = writes(v4.new_notebook(cells=cells, metadata={"title": TITLE}))
    options = ["--template=hmcpsi", "--token", "--Voila.ip=127.0.0.1", *arguments]
    with tempfile.TemporaryDirectory() as home:  # the page lives as long as the app does
        Path(home, "app.ipynb").write_text(text, encoding="utf-8")
        return serve(["voila", "app.ipynb", *options], Path(home), "JUPYTER_PATH")


def page() -> Any:
    """Everything that the app shows: a tab for each explorer, made when it is first opened."""
    from ipywidgets import Tab, VBox

    from hmcpsi_data import explorers

    shown = Tab([VBox() for _ in _TABS], titles=list(_TABS), selected_index=0)

    def fill(_: object = None) -> None:
        place = shown.selected_index or 0
        box, explorer = shown.children[place], list(_TABS.values())[place]
        box.children = box.children or (getattr(explorers, explorer)(),)

    shown.observe(fill, "selected_index")
    fill()
    return shown


def serve(command: Sequence[str], folder: Path, ours: str) -> int:
    """Run a module with what this package adds to its search path until it ends, as by Ctrl-C."""
    paths = [str(_HERE), os.environ.get(ours, "")]
    env = {**os.environ, ours: os.pathsep.join(filter(None, paths))}
    print(
        "> Opening it. If no browser comes up, open the address below; Ctrl-C ends it.", flush=True
    )
    with subprocess.Popen([sys.executable, "-m", *command], cwd=folder, env=env) as server:
        while True:
            with suppress(KeyboardInterrupt):  # the server got it too, and asks nothing
                status = server.wait()
                break
    if status > 0:
        print("The reason stands above. If it is the port, add --port=8899.", file=sys.stderr)
    return status
