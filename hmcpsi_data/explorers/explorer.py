"""What all explorers share: controls, one state, words and table first, the picture after.

An explorer is one widget. Python describes its controls and computes what is shown; the front end
(`explorer.js`) draws plain HTML. Changes in controls arrive one by one in their order, each to be
applied to the state as it is then; the words and the table go back at once, in one message, then
the picture is drawn and sent, and only where it differs. An error is a sentence in place: the view
before it stays, faded.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import pandas as pd
import traitlets

from hmcpsi_data.errors import HmcpsiError, UnknownValueError, quote
from hmcpsi_data.explorers.control import Control
from hmcpsi_data.explorers.export import citation, cited, csv_bytes, file_name
from hmcpsi_data.explorers.rows import runnable
from hmcpsi_data.explorers.view import View
from hmcpsi_data.tables import load
from hmcpsi_data.tiles import by_sheet

__all__ = ["Explorer"]

_HERE = Path(__file__).parent
_MIME = {
    "csv": "text/csv",
    "sssom": "text/tab-separated-values",
    "svg": "image/svg+xml",
    "png": "image/png",
}
_PAUSE = 0.002  # seconds in which what was told leaves, before a picture keeps Python busy
_START = (
    "These are the results as stored. "
    "To use the controls, choose Run, then Restart Kernel and Run All Cells."
)


class Explorer(anywidget.AnyWidget):
    """Base of all explorers.

    A subclass gives `title`, `caveat`, `describe` (its controls) and `look` (what a state shows).

    Parameters
    ----------
    folder : path, optional
        A data folder, as for `load`.
    **state
        Values of controls at the start.
    """

    _esm = _HERE / "explorer.js"
    _css = _HERE / "explorer.css"
    title = traitlets.Unicode().tag(sync=True)
    caveat = traitlets.Unicode().tag(sync=True)
    controls = traitlets.List().tag(sync=True)
    actions = traitlets.List().tag(sync=True)
    downloads = traitlets.List().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)
    view = traitlets.Dict().tag(sync=True)
    picture = traitlets.Unicode().tag(sync=True)
    picture_serial = traitlets.Int().tag(sync=True)

    TITLE = ""
    CAVEAT = ""
    ACTIONS: tuple[tuple[str, ...], ...] = ()  # name, label, tip, and the group it stands in
    DOWNLOADS: tuple[tuple[str, str], ...] = (
        ("csv", "Download CSV"),
        ("svg", "Download SVG"),
        ("png", "Download PNG"),
    )

    def __init__(self, folder: str | os.PathLike[str] | None = None, **state: Any) -> None:
        self.folder = folder
        self._by_name: dict[str, Control] = {}
        self._drawn: Any = None
        self._due = False  # a picture waits to be drawn
        self._later = False
        self._now = View("", "", pd.DataFrame(), "")
        self._quiet = False
        self._titles: dict[str, str] | None = None
        super().__init__(title=self.TITLE, caveat=self.CAVEAT)
        self.view = dict.fromkeys(("status", "words", "table", "code", "cite", "error"), "")
        self._given = state
        self.downloads = [list(download) for download in self.DOWNLOADS]
        self.prepare()
        self._describe()
        self.set_trait("state", self._checked(self._start(), state))
        self._tell()
        self._show()
        self.observe(lambda _: None if self._quiet else self._show(), "state")
        self.on_msg(lambda _, content, buffers: self._message(content, buffers))

    # What a subclass gives ------------------------------------------------------------------

    def prepare(self) -> None:
        """Load what the explorer needs, once."""

    def describe(self) -> list[Control]:
        """The controls."""
        raise NotImplementedError

    def look(self, **state: Any) -> View:
        """What the state shows."""
        raise NotImplementedError

    def depending(self, state: dict[str, Any]) -> list[Control]:  # noqa: ARG002
        """Controls whose options depend on others, as they are in this state; not yet checked."""
        return []

    def settle(self, state: dict[str, Any]) -> dict[str, Any]:
        """The state as it is to be shown, where controls follow what others say."""
        return state

    def act(self, name: str) -> None:
        """Do what one of the buttons in `ACTIONS` asks for."""

    def closed(self) -> set[str]:
        """Names of the actions that can do nothing now."""
        return set()

    def take(self, control: str, name: str, data: bytes) -> None:
        """Take a file that was chosen in a control of the kind file."""

    # What a person calls ---------------------------------------------------------------------

    def set(self, **state: Any) -> None:
        """Change several controls with one redraw.

        Raises
        ------
        UnknownValueError
            Where a control or a value is not known; nothing is changed then.
        """
        self.state = self._checked(self.state | state, state)

    def reset(self) -> None:
        """Put all controls back to what was given at the start, else to their defaults."""
        start = self._checked(self._start(), self._given)
        if start == self.state:
            self._show()
        self.state = start

    @property
    def frame(self) -> pd.DataFrame:
        """What is shown, as a fresh DataFrame."""
        return self._now.frame.copy()

    @property
    def error(self) -> str:
        """The error sentence that is shown; empty where all is well."""
        return self.view.get("error", "")

    def download(self, kind: str) -> tuple[str, bytes]:
        """File name and content of what is shown, as csv, svg or png."""
        if kind == "csv":
            return file_name(self.title, kind), csv_bytes(self._now.frame)
        if kind not in ("svg", "png"):
            raise UnknownValueError("download", kind, dict(self.DOWNLOADS), "explorer.downloads")
        if self._now.picture is None:
            raise HmcpsiError("There is no picture of this. Take the CSV, or change the controls.")
        content = getattr(self._now.picture(), kind)()
        return file_name(self.title, kind), content.encode() if isinstance(
            content, str
        ) else content

    # How it works ----------------------------------------------------------------------------

    def _describe(self) -> None:
        self._by_name = {control.name: control for control in self.describe()}

    def _start(self) -> dict[str, Any]:
        return {control.name: control.default for control in self.describe()} | self._given

    def _checked(self, state: dict[str, Any], given: Iterable[str] = ()) -> dict[str, Any]:
        """The state, checked; a control that depends on others follows them where it must.

        It must not where a person gave its value.
        """
        for name in state:
            if name not in self._by_name:
                raise UnknownValueError("control", name, self._by_name, "explorer.controls")
        depending = {control.name: control for control in self.depending(state)}
        found = {}
        for name, control in (self._by_name | depending).items():
            found[name] = state.get(name, control.default)
            if name in depending and name not in given and not control.has(found[name]):
                found[name] = control.default
            found[name] = control.checked(found[name])
        return found

    def _put(self, state: dict[str, Any]) -> None:
        """Show the state in the controls without looking again."""
        self._quiet = True
        try:
            self.state = state
        finally:
            self._quiet = False

    def _show(self) -> None:
        """Words and table now, the picture after them; an error as a sentence."""
        serial = self.view.get("serial", 0) + 1
        with self.hold_sync():
            try:
                state = self._checked(self.settle(self._checked(self.state)))
                now = self.look(**state)
                shown = {
                    "status": now.status,
                    "words": now.words,
                    "table": by_sheet(now.html()),
                    "code": runnable(now.code),
                    "cite": self._cite(now),
                }
            except Exception as error:
                error = _sentence(error)
                self.view = {**self.view, "error": error, "stale": True, "serial": serial}
                return
            self._now = now
            self._by_name |= {control.name: control for control in self.depending(state)}
            self._put(state)
            self._tell()
            self._due = now.picture_key is None or now.picture_key != self._drawn
            self.view = {**shown, "error": "", "stale": False, "serial": serial}
        if not self._later:
            self._draw()

    def _cite(self, now: View) -> str:
        """A citation of what is shown; the titles of the sources are read at its first use."""
        if self._titles is None:
            sources = load("sources", self.folder)
            self._titles = dict(zip(sources["source_id"], sources["title"], strict=True))
        return citation(f"{self.title}: {now.status}", cited(now.frame, *now.sources), self._titles)

    def _tell(self) -> None:
        """Send controls and actions as they are now, where they changed."""
        specs = [control.spec() for control in self._by_name.values()]
        if specs != self.controls:
            self.controls = specs
        closed, keys = self.closed(), ("name", "label", "tip", "group")
        self.actions = [
            {**dict(zip(keys, action, strict=False)), "closed": action[0] in closed}
            for action in self.ACTIONS
        ]

    def _draw(self) -> None:
        """Draw the picture that is due, if one is."""
        if self._due:
            self._drawn = self._now.picture_key
            self.picture = self._now.picture_html()
            self.picture_serial += 1
            self._due = False

    def _message(self, content: dict[str, Any], buffers: Sequence[Any] = ()) -> None:
        """Do what the page asks for: an answer in one message, then the picture in another."""
        self._later = True
        try:
            with self.hold_sync():
                self._do(content, buffers)
            if self._due:
                time.sleep(_PAUSE)
                with self.hold_sync():
                    self._draw()
        except Exception as error:
            serial = self.view.get("serial", 0) + 1
            self.view = {**self.view, "error": _sentence(error), "serial": serial}
        finally:
            self._later = False
            if "id" in content:
                self.send({"do": "done", "id": content["id"]})

    def _do(self, content: dict[str, Any], buffers: Sequence[Any]) -> None:
        wanted = content.get("do")
        if wanted == "change":
            self.state = {**self.state, **content.get("changes", {})}
        elif wanted == "reset":
            self.reset()
        elif wanted == "download":
            kind = content.get("kind")
            name, data = self.download(kind)
            self.send({"do": "save", "name": name, "type": _MIME[kind]}, [data])
        elif wanted == "file":
            self._take(content, buffers)
        elif wanted in {name for name, *_ in self.ACTIONS} - self.closed():
            self.act(wanted)

    def _take(self, content: dict[str, Any], buffers: Sequence[Any]) -> None:
        """Give a file that a person chose to `take`, if it is not too large."""
        control = self._by_name.get(content.get("name"))
        if control is None or control.kind != "file":
            return
        name, data = str(content.get("file")), bytes(buffers[0]) if buffers else b""
        if max(int(content.get("size", 0)), len(data)) > control.limit:
            limit = f"{control.limit // 1024**2} MB"
            raise HmcpsiError(f"{quote(name)} is larger than {limit}. Choose a smaller file.")
        self.take(control.name, name, data)

    def __repr__(self) -> str:
        now = self.view
        tables = map(str, self._now.tables())
        parts = [self.title, self.caveat, now["error"], now["status"], now["words"], *tables]
        return "\n".join(part for part in parts if part)

    def _repr_html_(self) -> str:
        """What is shown before the notebook has been run: words, table, picture, no controls."""
        parts = [
            f"<p><strong>{escape(self.title)}</strong></p>",
            f"<p>{escape(self.caveat)}</p>" if self.caveat else "",
            f"<p><em>{_START}</em></p>",
            f"<p><strong>{escape(self.view['status'])}</strong></p>",
            f"<p>{escape(self.view['words'])}</p>",
            self._now.stored(),
            self._now.picture_html(),
        ]
        return "\n".join(filter(None, parts))

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        return {**data, "text/plain": repr(self), "text/html": self._repr_html_()}, metadata


def _sentence(error: Exception) -> str:
    """An error as a sentence; one that nobody expected says how to go on."""
    if isinstance(error, HmcpsiError):
        return str(error)
    name = type(error).__name__
    return f"This did not work ({name}: {error}). Reset puts everything back."
