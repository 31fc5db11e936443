"""What all explorers share: controls that are traits, words and table first, the picture after.

Each control is a synced trait with the value that the public function takes: what is typed or
assigned may be the name of an option, what is kept is its identifier. `answered` tells the page
which of its questions has been answered, so that it can say when the screen is out of date.
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, ClassVar

import anywidget
import pandas as pd
import traitlets
from pandas.api.types import is_list_like

from hmcpsi_data.errors import HmcpsiError, UnknownValueError, quote
from hmcpsi_data.explorers import view
from hmcpsi_data.pictures.picture import table_file
from hmcpsi_data.record.filters import choose
from hmcpsi_data.tables.record import Record, RecordLike, as_record

# A value, the label that people read, and how many rows it would give (None: not counted).
Option = tuple[Any, str, int | None]
LONGEST = 1000  # characters of a text that is looked for or typed in
LARGEST = 5 * 1024 * 1024  # bytes of a file
_FILTERS = ("area", "framework", "theme", "aspect")  # whose names `choose` understands
TABLES = {"csv": "Table (CSV)", "xlsx": "Table (Excel)"}
_MADE = 50  # tables and texts that an explorer keeps
_PAUSE = 0.002  # seconds in which the words leave, before a picture keeps Python busy
_STORED = "You can read this page as it is. To use the filters, choose Run, then Run All Cells."


class Control(traitlets.TraitType):
    """A control and its value; the base of those below.

    `help` is its tooltip, `options` are labels by value where they never change. Of `page`, `more`
    puts it under "More filters", `quiet` shows it only while it is on, and `filters=False` says
    that it takes no rows away.
    """

    PAGE: ClassVar[dict[str, Any]] = {"kind": "hidden"}

    def __init__(
        self,
        label: str,
        help: str = "",  # noqa: A002 (the name that traitlets uses)
        *,
        options: Mapping[Any, str] | None = None,
        counts: bool = True,
        default: Any = None,
        **page: Any,
    ) -> None:
        super().__init__(default_value=default, allow_none=True, help=help)
        # A change is not echoed: the explorer itself answers with the values that it shows.
        self.tag(sync=True, echo_update=False)
        self.label, self.counts = label, counts
        self.page = {"more": False, "quiet": False, "filters": True, **self.PAGE, **page}
        self.fixed = [(value, words, None) for value, words in (options or {}).items()]

    def validate(self, obj: Any, value: Any) -> Any:
        """The value as it is kept; what is wrong with it is told on the page too."""
        if not obj._options:
            return value  # a default, before anything can be chosen
        try:
            return self.read(value, obj._options[self.name], obj.record)
        except HmcpsiError as error:
            begin(error, self.label)
            obj.error = str(error) if obj._values else ""
            raise

    def read(self, value: Any, options: Sequence[Option], record: Record) -> Any:
        """The value as it is kept."""
        raise NotImplementedError

    def first(self, options: Sequence[Option], record: Record) -> Any:
        """The value at the start; the default need not be in these data."""
        known = any(option == self.default_value for option, _, _ in options)
        return self.read(self.default_value if known else None, options, record)

    def one(self, value: Any, options: Sequence[Option], record: Record) -> Any:
        """The identifier of one option, given as that or by its label, or of what has its name."""
        text = value.strip().casefold() if isinstance(value, str) else ""
        for known, label, _ in options:
            same = type(value) is type(known) and value == known
            if same or (text and text in (str(known).casefold(), label.casefold())):
                return known
        kind = str(self.name).partition("_")[0]
        ids = choose(kind, value.strip(), record) or [] if text and kind in _FILTERS else []
        if len(ids) == 1:  # perhaps of other options, which another control will bring
            return ids[0]
        labels = [label for _, label, _ in options]
        raise UnknownValueError(self.label, value, labels, f'"{self.label}"')


class Choice(Control):
    """One of several options; `everything` is the one that does not filter, None without one."""

    PAGE: ClassVar[dict[str, Any]] = {"kind": "choice", "everything": "All"}

    def read(self, value: Any, options: Sequence[Option], record: Record) -> Any:
        """The identifier of the option, or None."""
        if value is not None and value != "":
            return self.one(value, options, record)
        if self.page["everything"] is not None or not options:
            return None
        known = [option for option, _, _ in options]
        return self.default_value if self.default_value in known else known[0]


class Several(Control):
    """Any of several options; none ticked does not filter."""

    PAGE: ClassVar[dict[str, Any]] = {"kind": "several"}

    def read(self, value: Any, options: Sequence[Option], record: Record) -> Any:
        """The identifiers as a list in the order of the options, or None."""
        if value is None or str(value) == "":
            return None
        asked = value if is_list_like(value) else [value]
        wanted = {self.one(one, options, record) for one in asked}
        return [option for option, _, _ in options if option in wanted] or None


class Text(Control):
    """A line of text that is typed in; `placeholder` is what an empty box suggests."""

    PAGE: ClassVar[dict[str, Any]] = {"kind": "text"}

    def read(self, value: Any, *_: Any) -> Any:
        """The text; an empty one looks for nothing."""
        if not isinstance(value, str | None):
            raise HmcpsiError(f"{self.label} must be text, not {type(value).__name__}. Type words.")
        return value[:LONGEST] if value and value.strip() else ""


class Search(Text):
    """A box for words to look for, in any order, in whatever is shown."""

    def __init__(self) -> None:
        told = "Looks for these words, in any order, in every column"
        super().__init__("Search", told, kind="search")


class File(Text):
    """A button that opens a file with one of the endings in `accept`, for the explorer's `act`."""

    PAGE: ClassVar[dict[str, Any]] = {"kind": "file", "filters": False, "limit": LARGEST}


def begin(error: HmcpsiError, label: str) -> None:
    """Let an error begin with the label of the control that it is about."""
    argument = getattr(error, "argument", "")
    problem = error.problem.removeprefix(argument)
    if not error.problem.startswith(label):
        error.problem = f"{label}{problem}" if argument else f"{label}: {problem}"


class Explorer(anywidget.AnyWidget):
    """The base of all explorers, and of your own.

    A subclass declares its controls as class attributes (`Choice`, `Several`, `Search`, …) and has
    three hooks: `controls` says what can be chosen, `show` what is shown, `act` does what a button
    of its own asks for. ``docs/5-explorers.md`` has an example of 30 lines.

    It shows the data of `record`, and starts with `values` of its controls, as identifiers or
    names; others are refused.
    """

    _esm = Path(__file__).parent / "explorer.js"
    _css = Path(__file__).parent / "explorer.css"
    title = traitlets.Unicode().tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)
    form: Any = traitlets.List().tag(sync=True)
    buttons: Any = traitlets.List().tag(sync=True)
    saves: Any = traitlets.List().tag(sync=True)
    shown = traitlets.Dict().tag(sync=True)
    error = traitlets.Unicode(help="The error sentence; empty where all is well.").tag(sync=True)
    figure = traitlets.Unicode().tag(sync=True)
    cite = traitlets.Unicode().tag(sync=True)
    sort = traitlets.Unicode(None, allow_none=True).tag(sync=True, echo_update=False)
    asked = traitlets.Int().tag(sync=True, echo_update=False)
    answered = traitlets.Int().tag(sync=True)

    TITLE = "Explorer"
    NOTE = ""  # what must not be read into it, in a sentence
    BUTTONS: tuple[tuple[str, str, str], ...] = ()  # commands: name, label and what it does
    SAVES: ClassVar[dict[str, str]] = TABLES | {"png": "Picture (PNG)", "svg": "Picture (SVG)"}

    def __init__(self, record: RecordLike = None, **values: Any) -> None:
        self.record = as_record(record)
        self._quiet = True  # changes of controls wait until all are made
        self._later = False  # the picture waits until words and table have been sent
        self._everything = False  # all rows are shown, and not the first hundred only
        self._options: dict[str, list[Option]] = {}
        self._values: dict[str, Any] = {}  # of the controls, as they are shown
        self._clear: dict[str, Any] = {}  # of the controls, when nothing is filtered
        self._made: dict[Any, Any] = {}  # what was worked out once
        self._drawn: Any = None  # the key of the picture
        self.title, self.note = self.TITLE, self.NOTE
        self.buttons, self.saves = list(self.BUTTONS), list(self.SAVES.items())
        declared = [one for kind in reversed(type(self).__mro__) for one in vars(kind).values()]
        controls = [one for one in declared if isinstance(one, Control)]
        controls.sort(key=lambda one: (one.page["quiet"], one.page["kind"] == "search"))
        self._controls: dict[str, Control] = {str(one.name): one for one in controls}
        self._offer()
        for name, control in self._controls.items():
            self._clear[name] = control.first(self._options[name], self.record)
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

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """What can be chosen now: for each control its options, as (value, label, count)."""
        return {}

    def show(self) -> view.View:
        """What is shown for the values that the controls have now."""
        raise NotImplementedError(f"{type(self).__name__} has no show(): give it one.")

    def act(self, command: str, details: Mapping[str, Any], data: bytes) -> None:  # noqa: ARG002
        """Do what a button asks for; `details` came with it, `data` is the content of a file."""
        raise HmcpsiError(f"There is no command {quote(command)} here. Use one of the buttons.")

    def set(self, **values: Any) -> None:
        """Change several controls at once, or none where one of the values is not known."""
        known = self._understood(values)
        with self.hold_sync():
            self._assign(known)
        self._refresh(again=bool(self.error))

    def reset(self) -> None:
        """Put all controls back to what was given at the start."""
        self.set(**self._start)

    def clear(self) -> None:
        """Take all filters away."""
        self.set(**self._clear)

    @property
    def frame(self) -> pd.DataFrame:
        """What is shown, as a fresh table."""
        return self._now.frame.copy()

    @property
    def values(self) -> dict[str, Any]:
        """The values of the controls."""
        return {name: getattr(self, name) for name in self._controls}

    def download(self, kind: str = "csv") -> tuple[str, bytes]:
        """File name and content of what is shown, as one of the kinds in `saves`."""
        if kind not in dict(self.saves):
            raise UnknownValueError("download", kind, dict(self.saves), "explorer.saves")
        name, now = view.file_name(self.title, kind), self._now
        if kind in TABLES:
            words = f"{self.title}: {now.status}", "Selected: what an explorer showed."
            return name, table_file(kind, now.frame, *words)
        drawn = now.picture() if now.picture else None
        if drawn is None:
            raise HmcpsiError("There is no picture of this. Save the table, or change the filters.")
        return name, getattr(drawn, kind)()

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        """What `make` gives, worked out once for a key, since the record does not change."""
        if key not in self._made:
            if len(self._made) >= _MADE:
                self._made.clear()
            self._made[key] = make()
        return self._made[key]

    def in_words(self, name: str) -> str:
        """The value of a control, as people read it."""
        labels = {str(value): label for value, label, _ in self._options[name]}
        value = getattr(self, name)
        several = value if isinstance(value, list) else [value]
        return ", ".join(labels.get(str(one), str(one)) for one in several)

    def on(self) -> list[str]:
        """The controls that are not as they are when cleared."""
        return [name for name, value in self.values.items() if value != self._clear.get(name)]

    def _understood(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values as the controls keep them; all are looked at before any is set."""
        for name in values:
            if name not in self._controls:
                raise UnknownValueError("control", name, self._controls, "explorer.values")
        return {name: self._controls[name].validate(self, one) for name, one in values.items()}

    def _assign(self, values: Mapping[str, Any]) -> None:
        """Set controls without showing anything."""
        before, self._quiet = self._quiet, True
        try:
            for name, value in values.items():
                setattr(self, name, value)
        finally:
            self._quiet = before

    def _offer(self) -> None:
        """Ask for the options, and send those that changed."""
        given, form = self.controls(), []
        for name, control in self._controls.items():
            options = self._options[name] = list(control.fixed or given.get(name, ()))
            told = {"name": name, "label": control.label, "help": control.help, **control.page}
            form.append(told | {"options": [list(option) for option in options]})
        if form != self.form:
            self.form = form

    def _refresh(self, *, again: bool = False) -> None:
        """Words and table now, options and picture after them; an error as a sentence."""
        values = self.values | {"sort": self.sort}
        if self._quiet or (values == self._values and not again):
            return
        if values | {"sort": None} != self._values | {"sort": None}:
            self._everything = False
        site = os.environ.get("HMCPSI_SITE", "").rstrip("/")
        try:
            now = self.show().sorted_by(self.sort)
            values = self.values | {"sort": self.sort}  # showing may settle one by another
            shown = {
                "status": now.status,
                "sentence": now.sentence,
                "table": now.table(self.record, everything=self._everything),
                "headings": now.headings(),
                "code": view.runnable(now.code),
                "link": site and now.page and f"{site}/{now.page}",
                "values": values,
                "on": [name for name in self.on() if self._controls[name].page["filters"]],
            }
        except Exception as error:
            if not self._values:
                raise  # there is nothing yet to go back to
            told = _expected(error)
            changed = [name for name in self._controls if values[name] != self._values.get(name)]
            if len(changed) == 1:
                begin(told, self._controls[changed[0]].label)
            with self.hold_sync():
                self._assign(self._values)  # back to what the table shows
                self.error = str(told)
            return
        self._now, self._values, self.shown, self.error = now, values, shown, ""
        if not self._later:
            self._follow()

    def _follow(self) -> None:
        """What may come after the words: the picture where it differs, citation and options."""
        now = self._now
        if now.picture_key != self._drawn:
            self.figure = now.picture_html(self.saves)
            self._drawn = now.picture_key
        self.cite = view.citation(self.title, now, self.record)
        self._offer()

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take over what a person changed on the page; what is not known is a sentence there."""
        taken, self.error = {}, ""
        for name, value in sync_data.items():
            try:
                control = self._controls.get(name)
                taken[name] = control.validate(self, value) if control else value
            except HmcpsiError:  # the control told it
                self.send_state(name)
        self._later = True
        try:
            super().set_state(taken)
        finally:
            self._answer(self.asked)

    def _command(self, content: Mapping[str, Any], buffers: Sequence[Any] = ()) -> None:
        self._later, self.error = True, ""
        try:
            self._do(str(content.get("do", "")), content, bytes(buffers[0]) if buffers else b"")
        except Exception as error:
            self.error = str(_expected(error))
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
        elif command == "save":
            name, saved = self.download(str(content.get("kind")))
            self.send({"do": "save", "name": name, "page": content.get("page")}, [saved])
        else:
            if command == "file" and max(int(content.get("size", 0)), len(data)) > LARGEST:
                told = f"{quote(content.get('file'))} is larger than {LARGEST // 1024**2} MB."
                raise HmcpsiError(told, "Choose a smaller file.")
            self._everything = command == "all"
            self._quiet = True
            try:
                if command != "all":
                    self.act(command, content, data)
            finally:
                self._quiet = False
            self._refresh(again=True)

    def __repr__(self) -> str:
        given = [f"{name}={getattr(self, name)!r}" for name in self.on()]
        return f"{type(self).__name__}({', '.join(given)})"

    def _repr_html_(self) -> str:
        """What is shown before the notebook has been run: words, table and picture, no controls."""
        now, filters = self._now, []
        for name, control in self._controls.items():
            if control.page["filters"] and getattr(self, name) not in (None, ""):
                filters.append(f"{control.label}: {self.in_words(name)}")
        title, status = (f"<strong>{escape(one)}</strong>" for one in (self.title, now.status))
        note, told, sentence = map(escape, (self.note, "; ".join(filters), now.sentence))
        lines = [title, note, f"<em>{_STORED}</em>", told, status, sentence]
        parts = [f"<p>{line}</p>" for line in lines if line]
        shown = now.table(self.record, box=True) + self.figure
        return "\n".join([*parts, view.without_controls(shown)])

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        return {**data, "text/plain": repr(self), "text/html": self._repr_html_()}, metadata


def _expected(error: Exception) -> HmcpsiError:
    """An error as a sentence; one that nobody expected says how to go on."""
    if isinstance(error, HmcpsiError):
        return error
    told = f"This did not work ({type(error).__name__}: {error})."
    return HmcpsiError(told, "Reset puts everything back.")
