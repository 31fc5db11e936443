"""Controls: each is a trait of its explorer, with the value that the public function takes.

A control holds None where it does not filter. What a person types or a program assigns may be the
identifier or the name of an option; what is kept is the identifier.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pandas as pd
import traitlets

from hmcpsi_data.errors import HmcpsiError, UnknownValueError

__all__ = ["Choice", "Control", "File", "Hidden", "Option", "Search", "Several", "Text", "facets"]

Option = tuple[Any, str, int | None]
"""A value, the label that people read, and how many rows it would give (None: not counted)."""

LONGEST = 1000  # characters of a text that is looked for or typed in
MAX_BYTES = 5 * 1024 * 1024
_order = itertools.count()


class Control(traitlets.TraitType):
    """A control and its value; the base of those below.

    Parameters
    ----------
    label : str
        What stands beside it, and what its errors begin with.
    help : str
        What it does, in a sentence, for a tooltip and for screen readers.
    more : bool
        Whether it stands under "More filters".
    quiet : bool
        Whether it is drawn only while it is on: for what people rarely need.
    filters : bool
        Whether it takes rows away; only such controls count as filters that are on.
    default : object
        Its value at the start.
    """

    kind = ""
    required = False

    def __init__(
        self,
        label: str,
        help: str = "",  # noqa: A002 (the name that traitlets uses)
        *,
        more: bool = False,
        quiet: bool = False,
        filters: bool = True,
        default: Any = None,
    ) -> None:
        super().__init__(default_value=default, allow_none=True, help=help)
        # A change is not echoed: the explorer itself answers with the values that it shows.
        self.tag(sync=True, echo_update=False)
        self.label, self.more, self.quiet, self.filters = label, more, quiet, filters
        self.place = next(_order)

    def validate(self, obj: Any, value: Any) -> Any:
        """The value as it is kept."""
        return obj.accept(self, value)

    def checked(self, value: Any, options: Sequence[Option], find: Callable[[Any], Any]) -> Any:
        """The value as it is kept, where it can be one.

        Parameters
        ----------
        value : object
            What was given.
        options : sequence of Option
            What can be chosen.
        find : callable
            Gives the identifier of a value that is not among the options, or raises.
        """
        raise NotImplementedError

    def spec(self, options: Sequence[Option]) -> dict[str, Any]:
        """What the page needs to draw it."""
        return {
            "name": self.name,
            "label": self.label,
            "kind": self.kind,
            "help": self.help,
            "more": self.more,
            "quiet": self.quiet,
            "filters": self.filters,
            "options": [list(option) for option in options],
        }

    def _one(self, value: Any, options: Sequence[Option], find: Callable[[Any], Any]) -> Any:
        """The identifier of one option, given as that or by its label."""
        for known, label, _ in options:
            if type(value) is type(known) and value == known:
                return known
            if isinstance(value, str) and value.strip().casefold() in (
                str(known).casefold(),
                label.casefold(),
            ):
                return known
        if isinstance(value, str) and value.strip():
            return find(value.strip())
        raise self.unknown(value, options)

    def unknown(self, value: Any, options: Sequence[Option]) -> UnknownValueError:
        """The error for a value that is none of the options; it begins with the label."""
        labels = [label for _, label, _ in options]
        shown = ", ".join(labels[:12]) + (f" and {len(labels) - 12} more" * (len(labels) > 12))
        return UnknownValueError(self.label, value, labels, f"The control offers {shown}; it")


class Choice(Control):
    """One of several options, or none.

    Parameters
    ----------
    label, help
        As for every control.
    everything : str or None
        What the option is called that does not filter; None where one must be chosen.
    **more
        As for every control.
    """

    kind = "choice"

    def __init__(
        self,
        label: str,
        help: str = "",  # noqa: A002
        *,
        everything: str | None = "All",
        **more: Any,
    ) -> None:
        super().__init__(label, help, **more)
        self.everything, self.required = everything, everything is None

    def checked(self, value: Any, options: Sequence[Option], find: Callable[[Any], Any]) -> Any:
        """The identifier of the option, or None."""
        if value is None or value == "" or (isinstance(value, (list, tuple)) and not value):
            if not self.required:
                return None
            known = [option for option, _, _ in options]
            return self.default_value if self.default_value in known else next(iter(known), None)
        if isinstance(value, (list, tuple)) and len(value) == 1:
            value = value[0]
        return self._one(value, options, find)

    def spec(self, options: Sequence[Option]) -> dict[str, Any]:
        """What the page needs, with the option that does not filter."""
        return {**super().spec(options), "everything": self.everything}


class Several(Control):
    """Any of several options; none ticked does not filter."""

    kind = "several"

    def checked(self, value: Any, options: Sequence[Option], find: Callable[[Any], Any]) -> Any:
        """The identifiers as a list in the order of the options, or None."""
        if value is None or value == "":
            return None
        if isinstance(value, (set, frozenset, tuple, list, pd.Series, pd.Index)):
            values = list(value)
        else:
            values = [value]
        wanted = [self._one(one, options, find) for one in values]
        known = [option for option, _, _ in options]
        ordered = [one for one in known if one in wanted]
        return ordered + [one for one in dict.fromkeys(wanted) if one not in known] or None


class Text(Control):
    """A line of text that is typed in."""

    kind = "text"

    def __init__(
        self,
        label: str,
        help: str = "",  # noqa: A002
        *,
        placeholder: str = "",
        **more: Any,
    ) -> None:
        super().__init__(label, help, **{"default": "", **more})
        self.placeholder = placeholder

    def spec(self, options: Sequence[Option]) -> dict[str, Any]:
        """What the page needs, with what an empty box suggests."""
        return {**super().spec(options), "placeholder": self.placeholder}

    def checked(self, value: Any, options: Sequence[Option], find: Callable[[Any], Any]) -> Any:  # noqa: ARG002
        """The text; an empty one looks for nothing."""
        if value is None:
            return ""
        if not isinstance(value, str):
            raise HmcpsiError(f"{self.label} must be text, not {type(value).__name__}. Type words.")
        return value[:LONGEST] if value.strip() else ""


class Search(Text):
    """A box for words to look for, in any order, in whatever is shown."""

    kind = "search"

    def __init__(self, label: str = "Search", help: str = "", **more: Any) -> None:  # noqa: A002
        words = "Looks for these words, in any order, in every column"
        super().__init__(label, help or words, **more)


class File(Control):
    """A button that opens a file of the person's; the explorer's `act("file")` gets its content."""

    kind = "file"

    def __init__(self, label: str, help: str, endings: Iterable[str], **more: Any) -> None:  # noqa: A002
        super().__init__(label, help, filters=False, **more)
        self.endings = tuple(endings)

    def checked(self, value: Any, options: Sequence[Option], find: Callable[[Any], Any]) -> Any:  # noqa: ARG002
        """Nothing: the file comes as a command."""
        return None

    def spec(self, options: Sequence[Option]) -> dict[str, Any]:
        """What the page needs, with the endings and the largest size that are taken."""
        return {**super().spec(options), "accept": ",".join(self.endings), "limit": MAX_BYTES}


class Hidden(Text):
    """A value that the table itself sets, such as which of its cells is open."""

    kind = "hidden"

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, filters=False, **more)


def facets(
    result: pd.DataFrame,
    values: dict[str, Any],
    function: Callable[..., pd.DataFrame],
    names: Iterable[str],
) -> dict[str, pd.DataFrame]:
    """For each control, the rows that fit all the others: what its options are counted in.

    Parameters
    ----------
    result : pandas.DataFrame
        What fits all controls.
    values : dict
        The arguments of the public function, by control.
    function : callable
        The public function; it is asked again only for controls that are on.
    names : iterable of str
        The controls whose options are to be counted.
    """
    return {
        name: result if values.get(name) is None else function(**{**values, name: None})
        for name in names
    }
