"""What can go wrong, in words that say where and what to do: every error is an `HmcpsiError`."""

from collections.abc import Iterable
from difflib import get_close_matches
from importlib.util import find_spec
from typing import Any

import pandas as pd

Cell = str | None
Names = Iterable[str]
_LONGEST_QUOTE = 60
_FEW = 10  # so many known values, or problems, can be told at once


def quote(value: object) -> str:
    """Value in straight quotes, shortened, with everything unprintable escaped."""
    text = str(value)
    shown = text[:_LONGEST_QUOTE] + ("…" if len(text) > _LONGEST_QUOTE else "")
    return f'"{printable(shown)}"'


def printable(text: str) -> str:
    """Text with everything unprintable escaped, so that it cannot steer a terminal."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


class HmcpsiError(Exception):
    """Any error that this package raises on purpose: its `problem` and `remedy`, as sentences."""

    def __init__(self, problem: str = "", remedy: str = "") -> None:
        super().__init__(problem, remedy)
        self.problem, self.remedy = problem, remedy

    def __str__(self) -> str:
        return f"{self.problem} {self.remedy}".strip()

    def __reduce__(self) -> tuple[Any, ...]:  # each class is made in its own way
        return type(self).__new__, (type(self),), self.__dict__


def need(library: str, what: str, extra: str) -> None:
    """Stop with what installs a library, where it is missing."""
    if find_spec(library) is None:
        told = f'{what} needs {library}, which pip install "hmcpsi_data[{extra}]" installs.'
        raise HmcpsiError(told)


class LocatorError(HmcpsiError, ValueError):
    """A locator that cannot be read, or whose lines run backwards."""


class DateError(HmcpsiError, ValueError):
    """A date that cannot be read, or that does not single out one state of the Areas."""


class UnknownValueError(HmcpsiError, ValueError):
    """A `value` not `known` for an `argument`; `nearest` are at most three that resemble it."""

    def __init__(self, argument: str, value: object, known: Names, listing: str) -> None:
        self.argument, self.value = argument, value
        self.known = tuple(dict.fromkeys(map(str, known)))
        self.nearest = _nearest(str(value), self.known)
        guess = f"Did you mean {_either(self.nearest)}? " if self.nearest else ""
        remedy = f"{guess}{listing} lists all that are."
        if not guess and 0 < len(self.known) <= _FEW:
            remedy = f"Known are {_either(self.known)}; see also {listing}."
        super().__init__(f"{argument} {quote(value)} is not known.", remedy)


def unknown_values(argument: str, found: pd.Series, known: Names, listing: str) -> HmcpsiError:
    """The error for values of a column that are not known, with all of them and their rows."""
    times = found.astype(str).value_counts(sort=False)
    error = UnknownValueError(argument, next(iter(times.index), ""), known, listing)
    rows = (f"{quote(value)} ({n} row{'s' * (n != 1)})" for value, n in times.items())
    error.remedy += f" Not known are {', '.join(rows)}."
    return error


class AmbiguousAreaError(UnknownValueError):
    """A name that several Areas went by; `candidates` are their identifiers."""

    def __init__(
        self, argument: str, value: object, known: Names, listing: str, periods: Names
    ) -> None:
        super().__init__(argument, value, known, listing)
        self.candidates = self.known
        each = ", ".join(map("{} ({})".format, self.known, periods))
        self.problem = f"{argument} {quote(value)} names several Areas: {each}."
        self.remedy = f"Ask for one of these identifiers; {listing} lists all."


class AreaNotInBeingError(UnknownValueError):
    """An Area that was not in being at a date; `relatives` stood in its place then."""

    def __init__(
        self, argument: str, value: object, known: Names, listing: str, on: str, detail: str
    ) -> None:
        super().__init__(argument, value, known, listing)
        at = "on" if len(on) == len("2005-06-30") else "in"
        self.problem = f"{argument} {quote(value)} was not in being {at} {on}: {detail}"
        self.relatives, self.remedy = self.known, ""


class DataError(HmcpsiError):
    """A fault in a data folder: `file`, `row` (the header is 1), `column`, `value`, `fault`."""

    def __init__(
        self, file: str, row: int | None, column: Cell, value: Cell, fault: str, remedy: str
    ) -> None:
        self.file, self.row, self.column, self.value, self.fault = file, row, column, value, fault
        place = f", line {row}" * (row is not None) + f", column {column}" * (column is not None)
        super().__init__(f"{printable(file)}{place}: {fault}.", remedy)


class FrameworkError(HmcpsiError, ValueError):
    """Ratings, of these `frameworks`, that cannot be put in order or compared as asked."""

    def __init__(self, frameworks: Iterable[str], problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.frameworks = tuple(frameworks)


class CrosswalkError(HmcpsiError, ValueError):
    """A crosswalk at fault, or its file: `problems` has the `row` of each, `problem`, `remedy`."""

    def __init__(self, fault: str, problems: pd.DataFrame, counted: str = "row") -> None:
        super().__init__(fault)
        self.fault, self.problems, self.counted = fault, problems, counted

    def __str__(self) -> str:
        lines = [self.problem]
        for row, *told in self.problems[["row", "problem", "remedy"]].head(_FEW).to_numpy():
            place = f"{self.counted} {row}: " if pd.notna(row) else ""
            lines.append(f"  {place}{' '.join(told)}")
        if (more := len(self.problems) - _FEW) > 0:
            lines.append(f"  and {more} more; the attribute problems lists all.")
        return "\n".join(lines)


class DocumentError(HmcpsiError, ValueError):
    """A document that cannot be read: the `name` of its file, the `fault`, and what to do."""

    def __init__(self, name: str, fault: str, remedy: str) -> None:
        super().__init__(f"{quote(name)}: {fault}.", remedy)
        self.name, self.fault = name, fault


def _nearest(asked: str, known: Iterable[str]) -> tuple[str, ...]:
    by_folded = {value.casefold(): value for value in known}
    folded = asked.casefold().strip()
    words = [word for word in folded.replace("_", " ").split() if len(word) > 2]
    matches = get_close_matches(folded, by_folded, n=3, cutoff=0.65)
    matches = matches or [value for value in by_folded if any(word in value for word in words)][:3]
    return tuple(by_folded[match] for match in matches)


def _either(values: tuple[str, ...]) -> str:
    *first, last = map(quote, values)
    return f"{', '.join(first)} or {last}" if first else last
