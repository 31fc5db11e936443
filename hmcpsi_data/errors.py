"""What can go wrong, in words that say where and what to do.

Every error of this package is an `HmcpsiError`, so one ``except`` catches them all, and each has a
`problem` and a `remedy`. Further attributes serve programs that want more than the sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "AmbiguousAreaError",
    "AreaNotInBeingError",
    "CrosswalkError",
    "DataError",
    "DateError",
    "DocumentError",
    "FrameworkError",
    "HmcpsiError",
    "LocatorError",
    "UnknownValueError",
    "printable",
    "quote",
    "unknown_values",
]

_LONGEST_QUOTE = 60
_FEW = 10  # so many known values, or problems, can be told at once


def quote(value: object) -> str:
    r"""Value in straight quotes, shortened, with everything unprintable escaped.

    Examples
    --------
    >>> print(quote("Good"), quote("a\tb"), quote("x" * 99)[-8:])
    "Good" "a\tb" xxxxxx…"
    """
    text = str(value)
    shown = text[:_LONGEST_QUOTE] + ("…" if len(text) > _LONGEST_QUOTE else "")
    return f'"{printable(shown)}"'


def printable(text: str) -> str:
    """Text with everything unprintable escaped, so that it cannot steer a terminal."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


class HmcpsiError(Exception):
    """Any error that this package raises on purpose.

    Parameters
    ----------
    problem : str
        What is wrong, with the value and the place, as a sentence.
    remedy : str
        What to do, as a sentence.

    Examples
    --------
    >>> error = HmcpsiError("my_copy is not empty.", "Give a folder that is not there yet.")
    >>> print(error)
    my_copy is not empty. Give a folder that is not there yet.
    """

    def __init__(self, problem: str = "", remedy: str = "") -> None:
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem} {self.remedy}".strip()

    def __reduce__(self) -> tuple[Any, ...]:  # each class is made in its own way
        return _unpickled, (type(self), self.__dict__)


class LocatorError(HmcpsiError, ValueError):
    """A locator that cannot be read, or whose lines run backwards."""


class DateError(HmcpsiError, ValueError):
    """A date that cannot be read, or that does not single out one state of the Areas."""


class UnknownValueError(HmcpsiError, ValueError):
    """A value that is not known for an argument.

    Parameters
    ----------
    argument : str
        The argument that the value was given for.
    value : object
        What was asked.
    known : iterable of str
        All values that would have been understood.
    listing : str
        The call that lists them.
    times : mapping of str to int, optional
        All unknown values of a column, with the number of rows that each stands in.

    Attributes
    ----------
    nearest : tuple of str
        At most three known values that resemble what was asked, the nearest first.

    Examples
    --------
    >>> error = UnknownValueError("level", "aspects", ["overall", "aspect"], "codebook('aspects')")
    >>> print(error)
    level "aspects" is not known. Did you mean "aspect"? codebook('aspects') lists all that are.
    """

    def __init__(
        self,
        argument: str,
        value: object,
        known: Iterable[str],
        listing: str,
        times: Mapping[str, int] | None = None,
    ) -> None:
        self.known = tuple(dict.fromkeys(map(str, known)))
        self.nearest = _nearest(str(value), self.known)
        if not self.nearest and 0 < len(self.known) <= _FEW:
            remedy = f"Known are {_either(self.known)}; see also {listing}."
        else:
            guess = f"Did you mean {_either(self.nearest)}? " if self.nearest else ""
            remedy = f"{guess}{listing} lists all that are."
        if times:
            rows = (f"{quote(v)} ({n} row{'s' * (n != 1)})" for v, n in times.items())
            remedy += f" Not known are {', '.join(rows)}."
        super().__init__(f"{argument} {quote(value)} is not known.", remedy)
        self.argument = argument
        self.value = value
        self.listing = listing


def unknown_values(
    argument: str, found: pd.Series, known: Iterable[str], listing: str
) -> UnknownValueError:
    """The error for values of a column that are not known, with all of them and their rows."""
    times = {str(value): int(n) for value, n in found.value_counts(sort=False).items()}
    return UnknownValueError(argument, next(iter(times), ""), known, listing, times)


class AmbiguousAreaError(UnknownValueError):
    """A name that several Areas went by; `candidates` are their identifiers.

    Examples
    --------
    >>> print(AmbiguousAreaError("area", "West Midlands",
    ...                          ["west_midlands_1999", "west_midlands_2011"], "areas()",
    ...                          ["1999-04-01 to 2011-03-31", "since 2011-04-01"]))
    area "West Midlands" names several Areas: west_midlands_1999 (1999-04-01 to 2011-03-31), \
west_midlands_2011 (since 2011-04-01). Ask for one of these identifiers; areas() lists all.
    """

    def __init__(
        self,
        argument: str,
        value: object,
        known: Iterable[str],
        listing: str,
        periods: Iterable[str],
    ) -> None:
        pairs = dict.fromkeys(zip(map(str, known), map(str, periods), strict=True))
        super().__init__(argument, value, (candidate for candidate, _ in pairs), listing)
        self.candidates = tuple(candidate for candidate, _ in pairs)
        named = ", ".join(f"{candidate} ({period})" for candidate, period in pairs)
        self.problem = f"{argument} {quote(value)} names several Areas: {named}."
        self.remedy = f"Ask for one of these identifiers; {listing} lists all."


class AreaNotInBeingError(UnknownValueError):
    """An Area that was not in being at a date; `relatives` stood in its place then.

    Examples
    --------
    >>> print(AreaNotInBeingError("area", "Kent", [], "areas()", "1998-12", "It began in 1999."))
    area "Kent" was not in being in 1998-12: It began in 1999.
    """

    def __init__(
        self, argument: str, value: object, known: Iterable[str], listing: str, on: str, detail: str
    ) -> None:
        super().__init__(argument, value, known, listing)
        self.relatives = self.known
        at = "on" if len(on) == len("2005-06-30") else "in"
        self.problem = f"{argument} {quote(value)} was not in being {at} {on}: {detail}"
        self.remedy = ""


class DataError(HmcpsiError):
    """A fault in a data folder: where it is, what it is, and what to do about it.

    Parameters
    ----------
    file : str
        Name of the file, or the folder itself.
    row : int or None
        Line in the file, the header being line 1.
    column, value : str or None
        Name of the column, and what stands there.
    fault : str
        What is wrong with it, as the rest of a sentence.
    remedy : str
        What to do, as a sentence.

    Examples
    --------
    >>> print(DataError("a.csv", 3, "rank", "x", '"x" is no number', "Write digits only."))
    a.csv, line 3, column rank: "x" is no number. Write digits only.
    """

    def __init__(
        self,
        file: str,
        row: int | None,
        column: str | None,
        value: str | None,
        fault: str,
        remedy: str,
    ) -> None:
        line = "" if row is None else f", line {row}"
        place = "" if column is None else f", column {column}"
        super().__init__(f"{printable(file)}{line}{place}: {fault}.", remedy)
        self.file = file
        self.row = row
        self.column = column
        self.value = value
        self.fault = fault


class FrameworkError(HmcpsiError, ValueError):
    """Ratings that cannot be put in order or compared as asked.

    Parameters
    ----------
    frameworks : iterable of str
        The frameworks in question.
    problem, remedy : str
        What cannot be done with them, and what to call instead, as sentences.

    Examples
    --------
    >>> print(FrameworkError(["opa_2005"], "opa_2005 has no such word.", "Call ratings()."))
    opa_2005 has no such word. Call ratings().
    """

    def __init__(self, frameworks: Iterable[str], problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.frameworks = tuple(frameworks)


class CrosswalkError(HmcpsiError, ValueError):
    """A crosswalk, or a file that should hold one, with everything that is wrong with it.

    Parameters
    ----------
    fault : str
        What is at fault, and which report lists it, as a sentence.
    problems : pandas.DataFrame
        One row per problem, with at least the columns `row` (empty where the problem is not in one
        row), `problem` and `remedy`. The sentence tells the first ten and how many more there are.
    counted : str
        What `row` counts: "row" in a table, "line" in a file.

    Examples
    --------
    >>> import pandas as pd
    >>> problem = {"row": 3, "problem": "It has no status.", "remedy": "Give one."}
    >>> print(CrosswalkError("This is no crosswalk.", pd.DataFrame([problem])))
    This is no crosswalk.
      row 3: It has no status. Give one.
    """

    def __init__(self, fault: str, problems: pd.DataFrame, counted: str = "row") -> None:
        super().__init__(fault)
        self.fault = fault
        self.problems = problems
        self.counted = counted

    def __str__(self) -> str:
        found = self.problems[["row", "problem", "remedy"]].head(_FEW)
        rows = found.astype(object).where(found.notna(), None).itertuples(index=False)
        more = len(self.problems) - len(found)
        rest = [f"  and {more} more; the attribute problems lists all."] if more else []
        return "\n".join([self.problem, *(self._line(*row) for row in rows), *rest])

    def _line(self, row: int | None, problem: str, remedy: str) -> str:
        place = "" if row is None else f"{self.counted} {row}: "
        return f"  {place}{problem} {remedy}"


class DocumentError(HmcpsiError, ValueError):
    """A document that cannot be read: which one, why not, and what to do about it.

    Parameters
    ----------
    name : str
        Name of the file, or "text" or "bytes".
    fault, remedy : str
        What is wrong with it, as the rest of a sentence, and what to do, as a sentence.

    Examples
    --------
    >>> print(DocumentError("notice.pdf", "the file is encrypted", "Save it without a password."))
    "notice.pdf": the file is encrypted. Save it without a password.
    """

    def __init__(self, name: str, fault: str, remedy: str) -> None:
        super().__init__(f"{quote(name)}: {fault}.", remedy)
        self.name = name
        self.fault = fault


def _unpickled(kind: type[HmcpsiError], attributes: dict[str, Any]) -> HmcpsiError:
    error = kind.__new__(kind)
    error.__dict__.update(attributes)
    return error


def _nearest(asked: str, known: Iterable[str]) -> tuple[str, ...]:
    """At most three known values that resemble what was asked, whatever their case."""
    from difflib import get_close_matches  # only errors need it

    by_folded = {value.casefold(): value for value in known}
    folded = asked.casefold().strip()
    matches = get_close_matches(folded, by_folded, n=3, cutoff=0.65)
    if not matches and len(folded) > 2:  # else what shares a word or a part of one
        parts = [part for part in folded.replace("_", " ").split() if len(part) > 2]
        matches = [value for value in by_folded if any(part in value for part in parts)][:3]
    return tuple(by_folded[match] for match in matches)


def _either(values: tuple[str, ...]) -> str:
    """The values quoted, with "or" before the last."""
    *first, last = map(quote, values)
    return f"{', '.join(first)} or {last}" if first else last
