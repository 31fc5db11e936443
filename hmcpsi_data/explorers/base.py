"""What all explorers share: controls that are traits, words and table first, the picture after.

Each control is a synced trait, so that `observe`, `ipywidgets.link` and assignment work; messages
from the page are commands only. `answered` tells the page which of its questions has been answered,
so that nothing on the screen is out of date without saying so.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import pandas as pd
import traitlets

from hmcpsi_data.errors import HmcpsiError, UnknownValueError, quote
from hmcpsi_data.explorers.controls import Control, Option
from hmcpsi_data.explorers.saving import citation, file_name, runnable, table_bytes
from hmcpsi_data.explorers.view import View
from hmcpsi_data.record.filters import choose
from hmcpsi_data.tables.record import RecordLike, as_record

__all__ = ["Explorer"]

_HERE = Path(__file__).parent
_MIME = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "zip": "application/zip",
    "svg": "image/svg+xml",
    "png": "image/png",
}
_FILTERS = ("area", "framework", "theme", "set_id", "aspect")  # whose names `choose` understands
_PAUSE = 0.002  # seconds in which the words leave, before a picture keeps Python busy
_STORED = "You can read this page as it is. To use the filters, choose Run, then Run All Cells."


class Explorer(anywidget.AnyWidget):
    """The base of all explorers, and of your own.

    A subclass declares its controls as class attributes (`Choice`, `Several`, `Search`, …) and has
    three hooks: `controls` says what can be chosen, `show` what is shown, `act` does what a button
    of its own asks for. ``docs/5-explorers.md`` has an example of 30 lines.

    Parameters
    ----------
    record : Record or path, optional
        Whose data are shown.
    site : str, optional
        The address at which the site of these data stands, for links to the same view; without it
        the environment variable ``HMCPSI_SITE``.
    **values
        Values of controls at the start, as identifiers or names.

    Raises
    ------
    UnknownValueError
        For a control or a value that is not known; the error begins with the control's label.
    """

    _esm = _HERE / "explorer.js"
    _css = _HERE / "explorer.css"
    title = traitlets.Unicode().tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)
    form: Any = traitlets.List().tag(sync=True)
    buttons: Any = traitlets.List().tag(sync=True)
    saves: Any = traitlets.List().tag(sync=True)
    shown = traitlets.Dict().tag(sync=True)
    figure = traitlets.Unicode().tag(sync=True)
    cite = traitlets.Unicode().tag(sync=True)
    sort = traitlets.Unicode(None, allow_none=True).tag(sync=True, echo_update=False)
    asked = traitlets.Int().tag(sync=True, echo_update=False)
    answered = traitlets.Int().tag(sync=True)

    TITLE = "Explorer"
    NOTE = ""
    """What must not be read into it, in a sentence."""
    BUTTONS: tuple[tuple[str, str, str], ...] = ()
    """Commands of its own: name, label and what it does."""
    SAVES: ClassVar[Mapping[str, str]] = {
        "csv": "Table (CSV)",
        "xlsx": "Table (Excel)",
        "png": "Picture (PNG)",
        "svg": "Picture (SVG)",
    }

    def __init__(
        self, record: RecordLike = None, *, site: str | None = None, **values: Any
    ) -> None:
        self.record = as_record(record)
        self._site = str(site or os.environ.get("HMCPSI_SITE", "")).rstrip("/")
        self._quiet = True  # changes of controls wait until all are made
        self._later = False  # the picture waits until words and table have been sent
        self._everything = False  # all rows are shown, and not the first hundred only
        self._options: dict[str, list[Option]] = {}
        self._values: dict[str, Any] = {}  # of the controls, as they are shown
        self._kept: dict[str, pd.DataFrame] = {}  # what was asked of the record for this view
        self._drawn: Any = None
        self.title, self.note = self.TITLE, self.NOTE
        self.buttons = [list(one) for one in self.BUTTONS]
        self.saves = [list(one) for one in self.SAVES.items()]
        declared = [trait for trait in self.traits().values() if isinstance(trait, Control)]
        self._controls: dict[str, Control] = {
            str(control.name): control for control in sorted(declared, key=_place)
        }
        self._clear: dict[str, Any] = {}
        self._offer()
        for name, control in self._controls.items():
            self._clear[name] = self._first(control)
            self._assign({name: self._clear[name]})
            if control.page.get("everything", "") is None:
                self._offer()  # what others offer may follow it
        self._start = self._clear | self._understood(values)
        self._assign(self._start)
        self._quiet = False
        self._refresh()
        super().__init__()
        self.observe(lambda _: self._refresh(), [*self._controls, "sort"])
        self.on_msg(lambda _, content, buffers: self._command(content, buffers))

    # The three hooks ------------------------------------------------------------------------

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """What can be chosen: for each control its options, as (value, label, count).

        Called at the start and after every change, so counts may depend on the other controls.
        """
        return {}

    def show(self) -> View:
        """What is shown for the values that the controls have now."""
        raise NotImplementedError(f"{type(self).__name__} has no show(): give it one.")

    def act(self, command: str, details: Mapping[str, Any], data: bytes) -> None:  # noqa: ARG002
        """Do what a button of `BUTTONS` or of the table asks for.

        `details` is what came with the command, such as the number of a row; `data` the content of
        a file, for the command "file".
        """
        raise HmcpsiError(f"There is no command {quote(command)} here. Use one of the buttons.")

    # What a person calls --------------------------------------------------------------------

    def set(self, **values: Any) -> None:
        """Change several controls at once, or none where one of the values is not known."""
        self._change(self._understood(values))

    def reset(self) -> None:
        """Put all controls back to what was given at the start."""
        self._change(self._start)

    def clear(self) -> None:
        """Take all filters away."""
        self._change(self._clear)

    @property
    def frame(self) -> pd.DataFrame:
        """What is shown, as a fresh table."""
        return self._now.frame.copy()

    @property
    def error(self) -> str:
        """The error sentence that is shown; empty where all is well."""
        return self.shown.get("error", "")

    @property
    def values(self) -> dict[str, Any]:
        """The values of the controls."""
        return {name: getattr(self, name) for name in self._controls}

    def download(self, kind: str = "csv") -> tuple[str, bytes]:
        """File name and content of what is shown, as one of the kinds in `saves`."""
        if kind not in dict(self.saves):
            raise UnknownValueError("download", kind, dict(self.saves), "explorer.saves")
        name = file_name(self.title, kind)
        if kind not in ("png", "svg"):
            return name, table_bytes(kind, self._now.frame, f"{self.title}: {self._now.status}")
        drawn = self._now.picture() if self._now.picture else None
        if drawn is None:
            raise HmcpsiError("There is no picture of this. Save the table, or change the filters.")
        content = getattr(drawn, kind)()
        return name, content.encode() if isinstance(content, str) else content

    # Values ---------------------------------------------------------------------------------

    def find(self, name: str, value: str) -> Any:
        """The identifier of a value that is not among a control's options."""
        control = self._controls[name]
        kind = next((one for one in _FILTERS if f"{name}_".startswith(f"{one}_")), None)
        if kind is None:
            raise control.unknown(value, self._options[name])
        ids = list(choose(kind, value, self.record) or ())
        if len(ids) != 1:
            known = ", ".join(ids)
            raise HmcpsiError(f"{quote(value)} names several: {known}. Ask for one of these.")
        return ids[0]

    def accept(self, control: Control, value: Any) -> Any:
        """A value as a control keeps it; an error begins with the control's label."""
        name = str(control.name)
        if not self._options:
            return value  # a default, before anything can be chosen
        try:
            return control.checked(value, self._options.get(name, ()), partial(self.find, name))
        except UnknownValueError as error:
            named = UnknownValueError(control.label, error.value, error.known, error.listing)
            if error.argument == control.label:
                named.remedy = error.remedy
            self._tell_error(str(named))
            raise named from None
        except HmcpsiError as error:
            told = _labelled(control, str(error))
            self._tell_error(told)
            raise HmcpsiError(told) from None

    def _first(self, control: Control) -> Any:
        """The value of a control at the start; its own default need not be in these data."""
        try:
            return self.accept(control, control.default())
        except HmcpsiError:
            return control.checked(None, self._options.get(str(control.name), ()), str)

    def _understood(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values as the controls keep them; all are looked at before any is set."""
        for name in values:
            if name not in self._controls:
                raise UnknownValueError("control", name, self._controls, "explorer.values")
        return {name: self.accept(self._controls[name], value) for name, value in values.items()}

    def _assign(self, values: Mapping[str, Any]) -> None:
        """Set controls without showing anything."""
        before, self._quiet = self._quiet, True
        try:
            for name, value in values.items():
                setattr(self, name, value)
        finally:
            self._quiet = before

    def _change(self, values: Mapping[str, Any]) -> None:
        """Set controls, and show what they say."""
        with self.hold_sync():
            self._assign(values)
        self._refresh(again=bool(self.error))

    def _offer(self) -> None:
        """Ask for the options, and send those that changed."""
        given = self.controls()
        self._options = {
            name: list(control.fixed or given.get(name, ()))
            for name, control in self._controls.items()
        }
        form = [control.spec(self._options[name]) for name, control in self._controls.items()]
        if form != self.form:
            self.form = form

    def _in_words(self, name: str) -> str:
        """The value of a control, as people read it."""
        labels = {str(value): label for value, label, _ in self._options.get(name, ())}
        value = getattr(self, name)
        several = value if isinstance(value, list) else [value]
        return ", ".join(labels.get(str(one), str(one)) for one in several)

    # What is shown --------------------------------------------------------------------------

    def _refresh(self, *, again: bool = False) -> None:
        """Words and table now, options and picture after them; an error as a sentence."""
        values = {**self.values, "sort": self.sort}
        if self._quiet or (values == self._values and not again):
            return
        if {**values, "sort": None} != {**self._values, "sort": None}:
            self._everything = False
        self._kept = {}
        try:
            now = self.show().sorted_by(self.sort)
            values = {**self.values, "sort": self.sort}  # showing may settle one by another
            shown = self._written(now, values)
        except Exception as error:
            if not self._values:
                raise  # there is nothing yet to go back to
            self._refuse(error, values)
            return
        self._now, self._values, self.shown = now, values, shown
        if not self._later:
            self._follow()

    def _written(self, now: View, values: dict[str, Any]) -> dict[str, Any]:
        none = "The site has no page with just this view. Fewer filters may have one."
        return {
            "status": now.status,
            "sentence": now.sentence,
            "table": now.table(self.record, everything=self._everything),
            "headings": now.headings(),
            "code": runnable(now.code),
            "link": (f"{self._site}/{now.page}" if now.page else none) if self._site else "",
            "values": values,
            "on": [name for name in self._on() if self._controls[name].page["filters"]],
            "error": "",
        }

    def _on(self) -> list[str]:
        """The controls that are not as they are when cleared."""
        return [name for name, value in self.values.items() if value != self._clear.get(name)]

    def _follow(self) -> None:
        """What may come after the words: citation, the picture where it differs, and options."""
        now = self._now
        title = f"{self.title}: {now.status}"
        self.cite = citation(title, now.frame, self.record, now.values)
        key = object() if now.picture is None or now.picture_key is None else (now.picture_key,)
        if key != self._drawn:
            self._drawn = key
            self.figure = now.picture_html()
        self._offer()

    def _refuse(self, error: Exception, values: Mapping[str, Any]) -> None:
        """Say what is wrong; the controls go back to what the table shows."""
        changed = [name for name in self._controls if values[name] != self._values.get(name)]
        told = _sentence(error)
        if len(changed) == 1:
            told = _labelled(self._controls[changed[0]], told)
        with self.hold_sync():
            self._assign(self._values)
            self._tell_error(told)

    def _tell_error(self, told: str) -> None:
        if self._values and told != self.error:
            self.shown = {**self.shown, "error": told}

    # What the page asks for -----------------------------------------------------------------

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take over what a person changed on the page; what is not known is a sentence there."""
        taken, wrong = {}, []
        for name, value in sync_data.items():
            try:
                control = self._controls.get(name)
                taken[name] = value if control is None else self.accept(control, value)
            except HmcpsiError:
                wrong.append(name)
        self._later = True
        try:
            if not wrong:
                self._tell_error("")
            super().set_state(taken)
            for name in wrong:
                self.send_state(name)
        finally:
            self._answer(self.asked)

    def _command(self, content: Mapping[str, Any], buffers: Sequence[Any] = ()) -> None:
        """Do what a button asks for, and answer."""
        self._later = True
        try:
            self._tell_error("")
            self._do(str(content.get("do", "")), content, bytes(buffers[0]) if buffers else b"")
        except Exception as error:
            self._tell_error(_sentence(error))
        finally:
            self._answer(int(content.get("asked", 0)))

    def _answer(self, asked: int) -> None:
        """Tell the page that its question is answered; then draw what may come later."""
        self._later = False
        self.answered = max(self.answered, asked)
        time.sleep(_PAUSE)
        self._follow()

    def _do(self, command: str, content: Mapping[str, Any], data: bytes) -> None:
        if command in ("reset", "clear"):
            self.sort = None
            getattr(self, command)()
        elif command == "all":
            self._everything = True
            self._refresh(again=True)
        elif command == "save":
            kind = str(content.get("kind"))
            name, saved = self.download(kind)
            mime = _MIME.get(kind, "text/plain")
            told = {"do": "save", "name": name, "type": mime, "page": content.get("page")}
            self.send(told, [saved])
        else:
            if command == "file":
                self._check_file(content, data)
            self._quiet = True
            try:
                self.act(command, content, data)
            finally:
                self._quiet = False
            self._refresh(again=True)

    def _check_file(self, content: Mapping[str, Any], data: bytes) -> None:
        control = self._controls.get(str(content.get("name")))
        limit = control.page.get("limit", 0) if control else 0
        if max(int(content.get("size", 0)), len(data)) > limit:
            named = quote(content.get("file"))
            raise HmcpsiError(
                f"{named} is larger than {limit // 1024**2} MB. Choose a smaller file."
            )

    # How it looks elsewhere -----------------------------------------------------------------

    def __repr__(self) -> str:
        given = [f"{name}={getattr(self, name)!r}" for name in self._on()]
        return f"{type(self).__name__}({', '.join(given)})"

    def _repr_html_(self) -> str:
        """What is shown before the notebook has been run: words, table and picture, no controls."""
        filters = [
            f"{control.label}: {self._in_words(name)}"
            for name, control in self._controls.items()
            if control.page["filters"] and getattr(self, name) not in (None, "")
        ]
        lines = [
            f"<strong>{escape(self.title)}</strong>",
            escape(self.note),
            f"<em>{_STORED}</em>",
            escape("; ".join(filters)),
            f"<strong>{escape(self.shown['status'])}</strong>",
            escape(self.shown["sentence"]),
        ]
        parts = [f"<p>{line}</p>" for line in lines if line]
        return "\n".join([*parts, self._now.stored(self.record), self.figure])

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        return {**data, "text/plain": repr(self), "text/html": self._repr_html_()}, metadata


def _place(control: Control) -> tuple[bool, int]:
    """The order of controls: as declared, those last that are drawn only while they are on."""
    return control.page["quiet"], control.place


def _labelled(control: Control, told: str) -> str:
    return told if told.startswith(control.label) else f"{control.label}: {told}"


def _sentence(error: Exception) -> str:
    """An error as a sentence; one that nobody expected says how to go on."""
    if isinstance(error, HmcpsiError):
        return str(error)
    name = type(error).__name__
    return f"This did not work ({name}: {error}). Reset puts everything back."
