"""What all explorers share: controls that are traits, words and table first, the picture after.

An explorer is one widget. Each of its controls is a synced trait, so that `observe`,
`ipywidgets.link` and assignment work; messages from the page are commands only (save, reset, edit a
row). Python writes what is shown as HTML; the page (`explorer.js`) draws the controls and puts it
there. A trait `answered` tells the page which of its questions has been answered, so that nothing
on the screen is out of date without saying so.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from hmcpsi_data.errors import HmcpsiError, UnknownValueError, quote
from hmcpsi_data.explorers.controls import Control, File, Option
from hmcpsi_data.explorers.view import View, citation, csv_bytes, file_name, runnable
from hmcpsi_data.tables.record import RecordLike, as_record

__all__ = ["Explorer"]

_HERE = Path(__file__).parent
_MIME = {
    "csv": "text/csv",
    "html": "text/html",
    "zip": "application/zip",
    "svg": "image/svg+xml",
    "png": "image/png",
}
_PAUSE = 0.002  # seconds in which the words leave, before a picture keeps Python busy
_STORED = "You can read this page as it is. To use the filters, choose Run, then Run All Cells."


class Explorer(anywidget.AnyWidget):
    """The base of all explorers, and of your own.

    A subclass declares its controls as class attributes (`Choice`, `Several`, `Search`, …) and has
    three hooks: `controls` says what can be chosen, `show` what is shown, `act` does what a button
    of its own asks for. ``docs/explorers.md`` has an example of 30 lines.

    Parameters
    ----------
    record : Record or path, optional
        Whose data are shown.
    **values
        Values of controls at the start, as identifiers or names.

    Attributes
    ----------
    record : Record
        Whose data are shown.
    frame : pandas.DataFrame
        What is shown, as a fresh table.

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
    sort = traitlets.Unicode(None, allow_none=True).tag(sync=True, echo_update=False)
    asked = traitlets.Int().tag(sync=True, echo_update=False)
    answered = traitlets.Int().tag(sync=True)

    TITLE = "Explorer"
    NOTE = ""
    """What must not be read into it, in a sentence."""
    BUTTONS: tuple[tuple[str, str, str], ...] = ()
    """Commands of its own: name, label and what it does."""
    SAVES: tuple[tuple[str, str], ...] = (
        ("csv", "Table (CSV)"),
        ("png", "Picture (PNG)"),
        ("svg", "Picture (SVG)"),
    )

    def __init__(self, record: RecordLike = None, **values: Any) -> None:
        self.record = as_record(record)
        self._quiet = True  # changes of controls wait until all are made
        self._options: dict[str, list[Option]] = {}
        self._values: dict[str, Any] = {}  # of the controls, as they are shown
        self._drawn: Any = None
        self._everything = False
        self._later = False
        self.title, self.note = self.TITLE, self.NOTE
        self.buttons = [list(one) for one in self.BUTTONS]
        self.saves = [list(one) for one in self.SAVES]
        self._controls: dict[str, Control] = dict(
            sorted(
                ((n, t) for n, t in self.traits().items() if isinstance(t, Control)),
                key=lambda item: item[1].place,
            )
        )
        self._start = {}
        self._offer()
        for name, control in self._controls.items():
            self._start[name] = self._first(control)
            self._assign({name: self._start[name]})
            if control.required:
                self._offer()  # what others offer may follow it
        self._clear = dict(self._start)
        self._start |= self._understood(values)
        self._assign(self._start)
        self._quiet = False
        self._refresh(self._start)
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

        Parameters
        ----------
        command : str
            Its name.
        details : mapping
            What came with it, such as the number of a row.
        data : bytes
            The content of a file, for the command "file".
        """
        raise HmcpsiError(f"There is no command {quote(command)} here. Use one of the buttons.")

    # What a person calls --------------------------------------------------------------------

    def set(self, **values: Any) -> None:
        """Change several controls at once.

        Raises
        ------
        UnknownValueError
            Where a control or a value is not known; nothing is changed then, and the sentence
            stands on the screen as well.
        """
        self._change(self._understood(values))

    def reset(self) -> None:
        """Put all controls back to what was given at the start."""
        self._change(dict(self._start))

    def clear(self) -> None:
        """Take all filters away."""
        self._change(dict(self._clear))

    @property
    def frame(self) -> Any:
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
        """File name and content of what is shown, as csv, png or svg."""
        if kind not in dict(self.saves):
            raise UnknownValueError("download", kind, dict(self.saves), "explorer.saves")
        if kind == "csv":
            return file_name(self.title, kind), csv_bytes(self._now.frame)
        drawn = self._now.picture() if self._now.picture else None
        if drawn is None:
            raise HmcpsiError("There is no picture of this. Save the table, or change the filters.")
        content = getattr(drawn, kind)()
        data = content.encode() if isinstance(content, str) else content
        return file_name(self.title, kind), data

    # Values ---------------------------------------------------------------------------------

    def find(self, name: str, value: str) -> Any:
        """The identifier of a value that is not among a control's options."""
        from hmcpsi_data.record.filters import choose

        known = {"area", "framework", "theme", "set_id", "aspect"}
        kind = next((one for one in known if name == one or name.startswith(f"{one}_")), None)
        if kind is None:
            raise self._controls[name].unknown(value, self._options[name])
        found = choose(kind, value, self.record)
        ids = list(found or ())
        if len(ids) != 1:
            label = self._controls[name].label
            raise HmcpsiError(
                f"{label} {quote(value)} names several: {', '.join(ids)}. Ask for one of these."
            )
        return ids[0]

    def accept(self, control: Control, value: Any) -> Any:
        """A value as a control keeps it; an error begins with the control's label."""
        name = str(control.name)
        if not self._options:
            return value  # a default, before anything can be chosen
        try:
            return control.checked(
                value, self._options.get(name, ()), lambda text: self.find(name, text)
            )
        except HmcpsiError as error:
            named: HmcpsiError
            if type(error) is UnknownValueError:
                named = UnknownValueError(control.label, error.value, error.known, error.listing)
            else:
                told = str(error)
                named = HmcpsiError(
                    told if told.startswith(control.label) else f"{control.label}: {told}"
                )
            self._tell_error(str(named))
            raise named from None

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
        self._options |= {name: list(options) for name, options in self.controls().items()}
        form = [
            control.spec(self._options.get(name, ())) for name, control in self._controls.items()
        ]
        if form != self.form:
            self.form = form

    # What is shown --------------------------------------------------------------------------

    def _refresh(self, values: dict[str, Any] | None = None, *, again: bool = False) -> None:
        """Words and table now, options and picture after them; an error as a sentence."""
        values = {**(values or self.values), "sort": self.sort}
        if self._quiet or (values == self._values and not again):
            return
        if {**values, "sort": None} != {**self._values, "sort": None}:
            self._everything = False
        try:
            now = self.show().sorted_by(self.sort)
            values = {**self.values, "sort": self.sort}  # showing may settle one by another
            shown = self._written(now, values)
        except Exception as error:
            if not self._values:
                raise  # there is nothing yet to go back to
            self._refuse(error, values)
            return
        self._now, self._values = now, values
        self.shown = shown
        if not self._later:
            self._follow()

    def _written(self, now: View, values: dict[str, Any]) -> dict[str, Any]:
        on = [n for n, c in self._controls.items() if c.filters and values[n] != self._clear.get(n)]
        return {
            "status": now.status,
            "sentence": now.sentence,
            "table": now.table(self.record, everything=self._everything),
            "headings": now.headings(),
            "code": runnable(now.code),
            "cite": citation(f"{self.title}: {now.status}", now.frame, self.record),
            "values": values,
            "on": on,
            "error": "",
        }

    def _follow(self) -> None:
        """What may come after the words: the picture where it differs, then counts of options."""
        now = self._now
        key = object() if now.picture is None or now.picture_key is None else (now.picture_key,)
        if key != self._drawn:
            self._drawn = key
            self.figure = now.picture_html()
        self._offer()

    def _refuse(self, error: Exception, values: Mapping[str, Any]) -> None:
        """Say what is wrong; the controls go back to what the table shows."""
        changed = [n for n in self._controls if values[n] != self._values.get(n)]
        told = _sentence(error)
        if len(changed) == 1 and not told.startswith(self._controls[changed[0]].label):
            told = f"{self._controls[changed[0]].label}: {told}"
        with self.hold_sync():
            self._assign({name: self._values[name] for name in self._controls})
            self._quiet, before = True, self._quiet
            self.sort = self._values["sort"]
            self._quiet = before
            self._tell_error(told)

    def _tell_error(self, told: str) -> None:
        if self._values:
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
            if self.error and not wrong:
                self._tell_error("")
            super().set_state(taken)
            for name in wrong:
                self.send_state(name)
        finally:
            self._later = False
            self.answered = max(self.answered, self.asked)
        time.sleep(_PAUSE)
        self._follow()

    def _command(self, content: Mapping[str, Any], buffers: Sequence[Any] = ()) -> None:
        """Do what a button asks for, and answer."""
        self._later = True
        try:
            self._do(content, bytes(buffers[0]) if buffers else b"")
        except Exception as error:
            self._tell_error(_sentence(error))
        finally:
            self._later = False
            self.answered = max(self.answered, int(content.get("asked", 0)))
        time.sleep(_PAUSE)
        self._follow()

    def _do(self, content: Mapping[str, Any], data: bytes) -> None:
        command = str(content.get("do", ""))
        if self.error:
            self._tell_error("")
        if command == "reset":
            self.sort = None
            self.reset()
        elif command == "clear":
            self.sort = None
            self.clear()
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
        limit = control.spec(())["limit"] if isinstance(control, File) else 0
        if max(int(content.get("size", 0)), len(data)) > limit:
            named = quote(content.get("file"))
            raise HmcpsiError(
                f"{named} is larger than {limit // 1024**2} MB. Choose a smaller file."
            )

    # How it looks elsewhere -----------------------------------------------------------------

    def __repr__(self) -> str:
        given = [f"{name}={v!r}" for name, v in self.values.items() if v != self._clear[name]]
        return f"{type(self).__name__}({', '.join(given)})"

    def _repr_html_(self) -> str:
        """What is shown before the notebook has been run: words, table and picture, no controls."""
        filters = [
            f"{control.label}: {self._in_words(name)}"
            for name, control in self._controls.items()
            if control.filters and getattr(self, name) not in (None, "")
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

    def _in_words(self, name: str) -> str:
        """The value of a control, as people read it."""
        labels = {str(value): label for value, label, _ in self._options.get(name, ())}
        value = getattr(self, name)
        several = value if isinstance(value, list) else [value]
        return ", ".join(labels.get(str(one), str(one)) for one in several)

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
