"""What a control of an explorer is: a name, a label, a kind, its options and a tooltip."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from hmcpsi_data.errors import UnknownValueError

__all__ = [
    "ALL",
    "MAX_BYTES",
    "Control",
    "checks",
    "choice",
    "file",
    "grouped",
    "hidden",
    "number",
    "search",
    "text",
]

ALL = ""
"""The value of a choice that does not filter."""

MAX_BYTES = 2 * 1024 * 1024
"""The largest file that a control of the kind file takes, 2 MB."""


@dataclass(frozen=True)
class Control:
    """One control.

    Attributes
    ----------
    name : str
        Key of its value in the state.
    label, tip : str
        What stands beside it, and what its tooltip says.
    kind : str
        choice (one of several), checks (any of several; none ticked means no filter), search,
        text, number, file (a file to take; it has no value) or hidden (a value that travels with
        the others and is not drawn).
    options : tuple of (str, str)
        Values and their labels; of a number, attributes of its box, of a file, its endings.
    default : str or list of str
        Value at the start.
    group : str
        Heading of the group in which it stands; none where empty.
    limit : int
        The largest file that it takes, in bytes.
    """

    name: str
    label: str
    kind: str
    tip: str
    options: tuple[tuple[str, str], ...] = ()
    default: Any = ALL
    group: str = ""
    limit: int = MAX_BYTES

    def spec(self) -> dict[str, Any]:
        """What the front end needs to draw it."""
        return {
            "name": self.name,
            "label": self.label,
            "kind": self.kind,
            "tip": self.tip,
            "options": [list(option) for option in self.options],
            "group": self.group,
            "limit": self.limit,
        }

    def checked(self, value: Any) -> Any:
        """The value, where it is one of the options.

        Raises
        ------
        UnknownValueError
            Where it is not; the nearest options are named.
        """
        if self.kind not in ("choice", "checks"):
            return "" if value is None else str(value)[:1000]
        known = [option for option, _ in self.options]
        if self.kind == "choice":
            return self._one(ALL if value is None else value, known)
        values = [value] if isinstance(value, str) else list(value or [])
        wanted = {self._one(one, known) for one in values}
        return [one for one in known if one in wanted]

    def has(self, value: Any) -> bool:
        """Whether the value is one that this control can have."""
        try:
            return self.checked(value) == value
        except UnknownValueError:
            return False

    def _one(self, value: Any, known: list[str]) -> str:
        if value not in known:
            labels = ", ".join(label for _, label in self.options)
            raise UnknownValueError(self.label, value, known, f"the control itself ({labels})")
        return value

    def with_options(self, options: Iterable[tuple[str, str]]) -> Control:
        """The same control with other options."""
        return replace(self, options=tuple(options))


def choice(
    name: str,
    label: str,
    tip: str,
    options: Iterable[tuple[str, str]],
    everything: str | None = "All",
    default: str | None = None,
) -> Control:
    """A drop-down list; with `everything`, its first option filters nothing."""
    options = tuple(options)
    if everything is not None:
        options = ((ALL, everything), *options)
    return Control(
        name, label, "choice", tip, options, options[0][0] if default is None else default
    )


def checks(
    name: str, label: str, tip: str, options: Iterable[tuple[str, str]], default: Iterable[str] = ()
) -> Control:
    """A row of checkboxes; none ticked means no filter."""
    return Control(name, label, "checks", tip, tuple(options), list(default))


def search() -> Control:
    """A box for text to look for."""
    return Control("search", "Search", "search", "Rows that contain this text, in any column")


def text(name: str, label: str, tip: str, default: str = "") -> Control:
    """A box for a line of text."""
    return Control(name, label, "text", tip, default=default)


def number(name: str, label: str, tip: str, default: str = "", **box: float) -> Control:
    """A box for a number; empty means unknown; `box` may give min, max and step."""
    return Control(name, label, "number", tip, tuple((k, str(v)) for k, v in box.items()), default)


def file(
    name: str, label: str, tip: str, endings: Iterable[str], limit: int = MAX_BYTES
) -> Control:
    """A button that opens a file of at most so many bytes; the explorer's `take` gets it."""
    return Control(name, label, "file", tip, tuple((end, end) for end in endings), limit=limit)


def hidden(name: str) -> Control:
    """A value that the explorer gives to the front end and gets back with every state."""
    return Control(name, "", "hidden", "")


def grouped(group: str, *controls: Control) -> list[Control]:
    """The controls under a heading of their own."""
    return [replace(control, group=group) for control in controls]
