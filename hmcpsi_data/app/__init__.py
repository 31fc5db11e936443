"""The explorers as one page without code, which Voilà serves to a browser on this computer."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.formats import CAVEAT, TITLE
from hmcpsi_data.lab import serve

_WORDS = f"# {TITLE}\n\n{CAVEAT} Not produced or endorsed by HMCPSI or the CPS."
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


def page() -> Any:
    """Everything that the app shows: a tab for each explorer, made when it is first opened."""
    from ipywidgets import Tab, VBox

    from hmcpsi_data import explorers

    shown = Tab([VBox() for _ in _TABS], titles=list(_TABS), selected_index=0)

    def fill(_: object = None) -> None:
        place = shown.selected_index or 0
        if not shown.children[place].children:
            explorer = getattr(explorers, list(_TABS.values())[place])
            shown.children[place].children = (explorer(),)

    shown.observe(fill, "selected_index")
    fill()
    return shown


def open_app(arguments: Sequence[str] = ()) -> int:
    """Serve the app to this computer alone, behind a token; `arguments` go to Voilà."""
    if find_spec("voila") is None:
        raise HmcpsiError('Voilà is not installed: pip install "hmcpsi_data[app]" installs it.')
    from nbformat import v4, writes

    options = ["--template=hmcpsi", "--token", "--Voila.ip=127.0.0.1"]
    paths = [str(Path(__file__).parent), os.environ.get("JUPYTER_PATH", "")]
    env = {**os.environ, "JUPYTER_PATH": os.pathsep.join(filter(None, paths))}
    command = [sys.executable, "-m", "voila", "app.ipynb", *options, *arguments]
    print("> Opening the app. If no browser comes up, open the address below; Ctrl-C ends it.")
    with tempfile.TemporaryDirectory() as home:  # the page lives as long as the app does
        cells = [
            v4.new_markdown_cell(_WORDS),
            v4.new_code_cell("from hmcpsi_data.app import page\n\npage()"),
        ]
        text = writes(v4.new_notebook(cells=cells, metadata={"title": TITLE}))
        Path(home, "app.ipynb").write_text(text, encoding="utf-8")
        return serve(command, Path(home), env)
