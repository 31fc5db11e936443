"""Opening the workbook in JupyterLab, and storing notebooks so that saving changes nothing.

The server listens on this computer only and asks for the token in its address. A notebook is stored
with what its cells show, without widgets, which open as "model not found"; `keep_words` is the hook
for that, which a JupyterLab of your own takes as ``--FileContentsManager.pre_save_hook``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.tables.writing import new_folder

START = "00-start-here.ipynb"
_WIDGET = "application/vnd.jupyter.widget-view+json"
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
    if find_spec("jupyterlab") is None:
        raise HmcpsiError(
            "JupyterLab is not installed: pip install 'hmcpsi_data[notebooks]' installs it."
        )
    target = Path(folder or "hmcpsi_workbook").absolute()
    start = Path("notebooks", START)
    if not (target / start).is_file():
        start = Path(START)
    if not (target / start).is_file():
        _copy_notebooks(target)
        print(f"> Copied the notebooks to {target}")
    options = [*_OPTIONS, f"--LabApp.default_url=/lab/tree/{start.as_posix()}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    paths = [str(Path(__file__).parent), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    env = {**os.environ, "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, paths))}
    print("> Opening JupyterLab. If no browser comes up, open the address below; Ctrl-C ends it.")
    command = [sys.executable, "-m", "jupyterlab", *options, *arguments]
    return serve(command, target, env)


def serve(command: list[str], folder: Path, env: dict[str, str]) -> int:
    """Run a server until it ends; Ctrl-C is its business."""
    sys.stdout.flush()
    with subprocess.Popen(command, cwd=folder, env=env) as server:
        while True:
            try:
                status = server.wait()
                break
            except KeyboardInterrupt:  # the server got it too, and asks nothing before it ends
                continue
    if status > 0:
        print("The reason stands above. If it is the port, add --port=8899.", file=sys.stderr)
    return status


def _copy_notebooks(target: Path) -> None:
    """Copy the notebooks that this package carries into a new or empty folder."""
    inside = Path(__file__).parent / "notebooks"
    source = inside if inside.is_dir() else inside.parent.parent / "notebooks"
    left_out = shutil.ignore_patterns("*.py", ".*")
    with new_folder(target) as (part, _):  # all of them or none
        try:
            shutil.copytree(source, part, dirs_exist_ok=True, ignore=left_out)
        except shutil.Error as error:  # one fault for each file; the first is enough
            raise OSError(error.args[0][0][2]) from None
