"""Controls: each is a trait of its explorer, with the value that the public function takes.

A control holds None where it does not filter. What is typed or assigned may be the identifier or
the name of an option; what is kept is the identifier.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

import pandas as pd
import traitlets

from hmcpsi_data.errors import HmcpsiError, UnknownValueError, quote

__all__ = ["Choice", "Control", "File", "Hidden", "Option", "Search", "Several", "Text", "facets"]

Option = tuple[Any, str, int | None]
"""A value, the label that people read, and how many rows it would give (None: not counted)."""

LONGEST = 1000  # characters of a text that is looked for or typed in
_order = itertools.count()


class Control(traitlets.TraitType):
    """A control and its value; the base of those below.

    Parameters
    ----------
    label : str
        What stands beside it, and what its errors begin with.
    help : str
        What it does, in a sentence, for a tooltip and for screen readers.
    options : mapping of value to str, optional
        Options that never change, with their labels; others come from `Explorer.controls`.
    counts : bool
        Whether its options carry the number of rows that each would give.
    default : object
        Its value at the start.
    **page
        How it is drawn: `more` under "More filters", `quiet` only while it is on; `filters=False`
        where it takes no rows away; and what the kind of control has of its own.
    """

    kind = ""
    LABEL = HELP = ""
    EMPTY: Any = None
    """Its value where it does not filter."""
    PAGE: ClassVar[dict[str, Any]] = {"more": False, "quiet": False, "filters": True}

    def __init__(
        self,
        label: str = "",
        help: str = "",  # noqa: A002 (the name that traitlets uses)
        *,
        options: Mapping[Any, str] | None = None,
        counts: bool = True,
        default: Any = None,
        **page: Any,
    ) -> None:
        start = self.EMPTY if default is None else default
        super().__init__(default_value=start, allow_none=True, help=help or self.HELP)
        # A change is not echoed: the explorer itself answers with the values that it shows.
        self.tag(sync=True, echo_update=False)
        self.label, self.counts = label or self.LABEL, counts
        self.page = {**self.PAGE, **page}
        self.fixed = [(value, words, None) for value, words in (options or {}).items()]
        self.place = next(_order)

    def validate(self, obj: Any, value: Any) -> Any:
        """The value as it is kept."""
        return obj.accept(self, value)

    def checked(self, value: Any, options: Sequence[Option], find: Callable[[str], Any]) -> Any:
        """The value as it is kept; `find` gives what a name stands for that is no option."""
        raise NotImplementedError

    def spec(self, options: Sequence[Option]) -> dict[str, Any]:
        """What the page needs to draw it."""
        told = {"name": self.name, "label": self.label, "kind": self.kind, "help": self.help}
        return {**told, **self.page, "options": [list(option) for option in options]}

    def one(self, value: Any, options: Sequence[Option], find: Callable[[str], Any]) -> Any:
        """The identifier of one option, given as that or by its label."""
        text = value.strip().casefold() if isinstance(value, str) else ""
        for known, label, _ in options:
            if type(value) is type(known) and value == known:
                return known
            if text and text in (str(known).casefold(), label.casefold()):
                return known
        if text:
            return find(value.strip())
        raise self.unknown(value, options)

    def unknown(self, value: Any, options: Sequence[Option]) -> UnknownValueError:
        """The error for a value that is none of the options; it begins with the label."""
        labels = [label for _, label, _ in options]
        shown = ", ".join(labels[:12]) + (f" and {len(labels) - 12} more" * (len(labels) > 12))
        error = UnknownValueError(self.label, value, labels, "The list")
        guess = f"Did you mean {quote(error.nearest[0])}? " if error.nearest else ""
        error.remedy = f"{guess}Choose one of these: {shown}."
        return error


class Choice(Control):
    """One of several options, or none.

    `everything` is what the option is called that does not filter; None where one must be chosen.
    """

    kind = "choice"
    PAGE: ClassVar[dict[str, Any]] = {**Control.PAGE, "everything": "All"}

    def checked(self, value: Any, options: Sequence[Option], find: Callable[[str], Any]) -> Any:
        """The identifier of the option, or None."""
        if isinstance(value, (list, tuple)) and len(value) < 2:
            value = value[0] if value else None
        if value is not None and value != "":
            return self.one(value, options, find)
        known = [option for option, _, _ in options]
        if self.page["everything"] is not None or not known:
            return None
        return self.default_value if self.default_value in known else known[0]


class Several(Control):
    """Any of several options; none ticked does not filter."""

    kind = "several"

    def checked(self, value: Any, options: Sequence[Option], find: Callable[[str], Any]) -> Any:
        """The identifiers as a list in the order of the options, or None."""
        if value is None or value == "":
            return None
        many = isinstance(value, (set, frozenset, tuple, list, pd.Series, pd.Index))
        wanted = [self.one(one, options, find) for one in (value if many else [value])]
        known = [option for option, _, _ in options]
        ordered = [one for one in known if one in wanted]
        return ordered + [one for one in dict.fromkeys(wanted) if one not in known] or None


class Text(Control):
    """A line of text that is typed in; `placeholder` is what an empty box suggests."""

    kind = "text"
    EMPTY = ""

    def checked(self, value: Any, options: Sequence[Option], find: Callable[[str], Any]) -> Any:  # noqa: ARG002
        """The text; an empty one looks for nothing."""
        if not isinstance(value, str | None):
            raise HmcpsiError(f"{self.label} must be text, not {type(value).__name__}. Type words.")
        return value[:LONGEST] if value and value.strip() else ""


class Search(Text):
    """A box for words to look for, in any order, in whatever is shown."""

    kind = "search"
    LABEL = "Search"
    HELP = "Looks for these words, in any order, in every column"


class Hidden(Text):
    """A value that the table itself sets, such as which of its cells is open."""

    kind = "hidden"
    PAGE: ClassVar[dict[str, Any]] = {**Control.PAGE, "filters": False}


class File(Control):
    """A button that opens a file of the person's; the explorer's `act("file")` gets its content.

    `accept` lists the endings that are taken, such as ".csv,.tsv".
    """

    kind = "file"
    PAGE: ClassVar[dict[str, Any]] = {**Control.PAGE, "filters": False, "limit": 5 * 1024 * 1024}

    def checked(self, value: Any, options: Sequence[Option], find: Callable[[str], Any]) -> Any:  # noqa: ARG002
        """Nothing: the file comes as a command."""
        return None


def facets(
    result: pd.DataFrame,
    values: dict[str, Any],
    function: Callable[..., pd.DataFrame],
    names: Iterable[str],
) -> dict[str, pd.DataFrame]:
    """For each of the named controls, the rows that fit all others: its options are counted there.

    `result` is what fits all `values`; the public function is asked again only for a control that
    is on.
    """
    return {
        name: result if values.get(name) is None else function(**{**values, name: None})
        for name in names
    }
