"""What can go wrong, in words that say where and what to do.

Every error of this package is an `HmcpsiError`, so one ``except`` catches them all. The arguments
of each error are also its attributes, for programs that want more than the sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "AmbiguousAreaError",
    "CrosswalkError",
    "DataError",
    "DocumentError",
    "FrameworkError",
    "HmcpsiError",
    "LocatorError",
    "UnknownValueError",
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
    r"""Text with everything unprintable escaped, so that it cannot steer a terminal.

    Examples
    --------
    >>> print(printable("a\x1b[2Jb"))
    a\x1b[2Jb
    """
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


class HmcpsiError(Exception):
    """Any error that this package raises on purpose."""


class LocatorError(HmcpsiError, ValueError):
    """A locator that cannot be read, or whose lines run backwards."""


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
        All unknown values of a column, with the number of rows that each stands in; `value` is the
        first of them.

    Attributes
    ----------
    nearest : tuple of str
        At most three known values that resemble what was asked, the nearest first.

    Examples
    --------
    >>> error = UnknownValueError("level", "aspects", ["overall", "aspect"], "codebook('aspects')")
    >>> print(error)
    level "aspects" is not known. Did you mean "aspect"? codebook('aspects') lists all that are.
    >>> error.nearest
    ('aspect',)
    """

    def __init__(
        self,
        argument: str,
        value: object,
        known: Iterable[str],
        listing: str,
        times: Mapping[str, int] | None = None,
    ) -> None:
        known = tuple(dict.fromkeys(known))
        super().__init__(argument, value, known, listing)
        if times:
            self.args = (*self.args, times)
        self.times = dict(times or {})
        self.argument = argument
        self.value = value
        self.known = known
        self.listing = listing
        self.nearest = _nearest(str(value), known)

    def __str__(self) -> str:
        said = f"{self.argument} {quote(self.value)} is not known."
        guess = f" Did you mean {_either(self.nearest)}?" if self.nearest else ""
        if not self.nearest and 0 < len(self.known) <= _FEW:
            said += f" Known are {_either(self.known)}; see also {self.listing}."
        else:
            said += f"{guess} {self.listing} lists all that are."
        rows = (f"{quote(v)} ({n} row{'s' * (n != 1)})" for v, n in self.times.items())
        return f"{said} Not known are {', '.join(rows)}." if self.times else said


def unknown_values(
    argument: str, found: pd.Series, known: Iterable[str], listing: str
) -> UnknownValueError:
    """The error for values of a column that are not known, with all of them and their rows."""
    times = {str(value): int(n) for value, n in found.value_counts(sort=False).items()}
    return UnknownValueError(argument, next(iter(times)), known, listing, times)


class AmbiguousAreaError(UnknownValueError):
    """A name that several Areas went by.

    Parameters
    ----------
    argument, value, known, listing
        As for `UnknownValueError`; `known` holds the identifiers of the candidates.
    periods : iterable of str
        When each candidate was in being, in the same order.

    Attributes
    ----------
    candidates : tuple of str
        The identifiers to choose from.

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
        super().__init__(argument, value, known, listing)
        self.candidates = self.known
        self.periods = tuple(periods)
        self.args = (*self.args, self.periods)

    def __str__(self) -> str:
        pairs = zip(self.candidates, self.periods, strict=True)
        named = ", ".join(f"{candidate} ({period})" for candidate, period in pairs)
        return (
            f"{self.argument} {quote(self.value)} names several Areas: {named}. "
            f"Ask for one of these identifiers; {self.listing} lists all."
        )


class DataError(HmcpsiError):
    """A fault in a data folder: where it is, what it is, and what to do about it.

    Parameters
    ----------
    file : str
        Name of the file, or the folder itself.
    row : int or None
        Line in the file, the header being line 1; None where the fault is not in one line.
    column : str or None
        Name of the column.
    value : str or None
        What stands there.
    fault : str
        What is wrong with it, as the rest of a sentence.
    remedy : str
        What to do, as a sentence.

    Attributes
    ----------
    problem : str
        The place and the fault in one sentence.

    Examples
    --------
    >>> error = DataError(
    ...     "scales.csv", 3, "rank", "first", '"first" is not a whole number', "Write digits only."
    ... )
    >>> print(error)
    scales.csv, line 3, column rank: "first" is not a whole number. Write digits only.
    >>> error.problem
    'scales.csv, line 3, column rank: "first" is not a whole number.'
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
        super().__init__(file, row, column, value, fault, remedy)
        self.file = file
        self.row = row
        self.column = column
        self.value = value
        self.fault = fault
        self.remedy = remedy

    @property
    def problem(self) -> str:
        """The place and the fault in one sentence."""
        line = None if self.row is None else f"line {self.row}"
        column = None if self.column is None else f"column {self.column}"
        place = ", ".join(part for part in (self.file, line, column) if part)
        return f"{place}: {self.fault}."

    def __str__(self) -> str:
        return f"{self.problem} {self.remedy}"


class FrameworkError(HmcpsiError, ValueError):
    """Ratings that cannot be put in order or compared as asked.

    Parameters
    ----------
    frameworks : iterable of str
        The frameworks in question.
    problem : str
        What cannot be done with them, as a sentence.
    remedy : str
        What to call instead, as a sentence.

    Examples
    --------
    >>> error = FrameworkError(["opa_2005"], "opa_2005 has no such word.", "Call ratings().")
    >>> print(error)
    opa_2005 has no such word. Call ratings().
    >>> error.frameworks
    ('opa_2005',)
    """

    def __init__(self, frameworks: Iterable[str], problem: str, remedy: str) -> None:
        frameworks = tuple(frameworks)
        super().__init__(frameworks, problem, remedy)
        self.frameworks = frameworks
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem} {self.remedy}"


class CrosswalkError(HmcpsiError, ValueError):
    """A crosswalk, or a file that should hold one, with everything that is wrong with it.

    The sentence tells the first ten problems and how many more there are; `problems` lists all.

    Parameters
    ----------
    fault : str
        What is at fault, and which report lists it, as a sentence.
    problems : pandas.DataFrame
        One row per problem, with at least the columns `row`, `problem` and `remedy`; `row` is
        empty where the problem is not in one row.
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
        super().__init__(fault, problems, counted)
        self.fault = fault
        self.problems = problems
        self.counted = counted

    def __str__(self) -> str:
        found = self.problems[["row", "problem", "remedy"]].head(_FEW)
        rows = found.astype(object).where(found.notna(), None).itertuples(index=False)
        more = len(self.problems) - len(found)
        rest = [f"  and {more} more; the attribute problems lists all."] if more else []
        return "\n".join([self.fault, *(self._line(*row) for row in rows), *rest])

    def _line(self, row: int | None, problem: str, remedy: str) -> str:
        place = "" if row is None else f"{self.counted} {row}: "
        return f"  {place}{problem} {remedy}"


class DocumentError(HmcpsiError, ValueError):
    """A document that cannot be read: which one, why not, and what to do about it.

    Parameters
    ----------
    name : str
        Name of the file, or "text" or "bytes".
    fault : str
        What is wrong with it, as the rest of a sentence.
    remedy : str
        What to do, as a sentence.

    Examples
    --------
    >>> print(DocumentError("notice.pdf", "the file is encrypted", "Save it without a password."))
    "notice.pdf": the file is encrypted. Save it without a password.
    """

    def __init__(self, name: str, fault: str, remedy: str) -> None:
        super().__init__(name, fault, remedy)
        self.name = name
        self.fault = fault
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{quote(self.name)}: {self.fault}. {self.remedy}"


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
