"""Controls: each is a trait of its explorer, with the value that the public function takes.

What is typed or assigned may be the name of an option, what is kept is its identifier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

import pandas as pd
import traitlets
from pandas.api.types import is_list_like

from hmcpsi_data.errors import HmcpsiError, UnknownValueError
from hmcpsi_data.record.filters import choose
from hmcpsi_data.tables.record import Record

Option = tuple[Any, str, int | None]
"""A value, the label that people read, and how many rows it would give (None: not counted)."""

LONGEST = 1000  # characters of a text that is looked for or typed in
LARGEST = 5 * 1024 * 1024  # bytes of a file
_FILTERS = ("area", "framework", "theme", "aspect")  # whose names `choose` understands


class Control(traitlets.TraitType):
    """A control and its value; the base of those below.

    Its `label` begins its errors, `help` is its tooltip. `options` are labels by value where they
    never change; `counts` says whether options carry a number of rows. Of `page`, `more` puts it
    under "More filters", `quiet` shows it only while it is on, and `filters=False` says that it
    takes no rows away.
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
        kind = next((one for one in _FILTERS if f"{self.name}_".startswith(f"{one}_")), None)
        ids = choose(kind, value.strip(), record) or [] if text and kind else []
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


def facets(
    result: pd.DataFrame,
    values: dict[str, Any],
    function: Callable[..., pd.DataFrame],
    names: Iterable[str],
) -> dict[str, pd.DataFrame]:
    """For each of the named controls the rows that fit all others, in which options are counted.

    `result` is what fits all; the function is asked again only for a control that is on.
    """
    return {
        name: result if values.get(name) is None else function(**{**values, name: None})
        for name in names
    }


def begin(error: HmcpsiError, label: str) -> None:
    """Let an error begin with the label of the control that it is about."""
    argument = getattr(error, "argument", "")
    problem = error.problem.removeprefix(argument)
    if not error.problem.startswith(label):
        error.problem = f"{label}{problem}" if argument else f"{label}: {problem}"
