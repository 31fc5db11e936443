"""Small things that several explorers need: options, a line of code, and where a row comes from."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from hmcpsi_data.explorers.control import Control, checks
from hmcpsi_data.sourced import places
from hmcpsi_data.tiles import Place
from hmcpsi_data.wording import BASES, TIERS, cited

__all__ = [
    "FIRST", "both_from", "call", "options", "part_shown", "runnable", "trust", "where_from",
]  # fmt: skip

FIRST = 100
"""How many rows of a table are drawn at first, so that a long one answers at once."""

_IMPORT = r"(?:from [\w.]+ )?import \w+(?: as \w+)?"
_IMPORTS = re.compile(f"{_IMPORT}(?:; {_IMPORT})*")


def call(function: str, **arguments: Any) -> str:
    """A call as a person would write it, without the arguments that filter nothing.

    Examples
    --------
    >>> call("hd.ratings", area="", rating=["Poor"], critical=None)
    "hd.ratings(rating='Poor')"
    """
    parts = []
    for name, value in arguments.items():
        if value is None or value == "" or value == []:
            continue
        value = os.fspath(value) if isinstance(value, os.PathLike) else value
        one = value[0] if isinstance(value, list) and len(value) == 1 else value
        parts.append(f"{name}={one!r}")
    return f"{function}({', '.join(parts)})"


def trust(frame: pd.DataFrame) -> list[Control]:
    """Two filters: whose publication the source is, and how it carries the fact.

    Parameters
    ----------
    frame : pandas.DataFrame
        With the columns `tier` and `basis`; a basis may be several, joined by "; ".

    Examples
    --------
    >>> [control.name for control in trust(pd.DataFrame({"tier": [], "basis": []}))]
    ['tier', 'basis']
    """
    tiers = set(frame["tier"].dropna())
    bases = {one for several in frame["basis"].dropna().unique() for one in several.split("; ")}
    return [
        checks(
            "tier",
            "Source of",
            "Whose publication the row rests on; none ticked shows all",
            [(tier, words) for tier, words in TIERS.items() if tier in tiers],
        ),
        checks(
            "basis",
            "Basis",
            "How the source carries the fact; none ticked shows all",
            [(basis, words) for basis, words in BASES.items() if basis in bases],
        ),
    ]


def part_shown(n: int) -> str:
    """The end of a status where a table is longer than what is drawn of it.

    Examples
    --------
    >>> part_shown(20), part_shown(168)
    ('', '; the first 100 stand in the table: narrow the filters, or download all')
    """
    if n <= FIRST:
        return ""
    return f"; the first {FIRST} stand in the table: narrow the filters, or download all"


def options(values: Iterable[str], labels: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """Pairs of a value and its label, each once, in order of appearance.

    Examples
    --------
    >>> options(["a", "b", "a"], ["A", "B", "A"])
    [('a', 'A'), ('b', 'B')]
    """
    values = list(values)
    pairs = zip(values, values if labels is None else labels, strict=True)
    return [(str(v), str(label)) for v, label in dict.fromkeys(pairs) if pd.notna(v)]


def runnable(code: str) -> str:
    """A line of code with its imports before it, so that it runs where it is pasted.

    Parameters
    ----------
    code : str
        As the explorers write it: imports that it needs stand behind it as a comment.

    Examples
    --------
    >>> print(runnable("progress(kind='issue')  # from hmcpsi_data.actions import progress"))
    from hmcpsi_data.actions import progress
    <BLANKLINE>
    progress(kind='issue')
    >>> print(runnable("hd.load('areas')"))
    import hmcpsi_data as hd
    <BLANKLINE>
    hd.load('areas')
    """
    line, _, behind = code.rpartition("  # ")
    found = behind.split("; ") if line and _IMPORTS.fullmatch(behind) else []
    code = line if found else code
    if re.search(r"\bhd\.", code):
        found.insert(0, "import hmcpsi_data as hd")
    lines, gap = "\n".join(found), "\n" if code.startswith(("from ", "import ")) else "\n\n"
    return f"{lines}{gap}{code}" if found else code


def where_from(
    frame: pd.DataFrame, folder: str | os.PathLike[str] | None = None
) -> tuple[pd.Series, dict[str, Place]]:
    """For each row its source and lines, and the title and address of what stands there.

    An archived copy goes before the address, since it stays.

    Parameters
    ----------
    frame : pandas.DataFrame
        With the columns `source_id` and `locator`.

    Returns
    -------
    pandas.Series, dict
        The words, such as "doc_opa_2006, L22", and places by words; the address of a place is
        empty where none is known.
    """
    words = cited(frame)
    return words, places(words, frame["source_id"], folder)


def both_from(
    frame: pd.DataFrame, folder: str | os.PathLike[str] | None = None
) -> tuple[pd.Series, dict[str, Place]]:
    """As `where_from`, with a line for the new side of a row and one for the old.

    Parameters
    ----------
    frame : pandas.DataFrame
        With `source_id` and `locator`, `old_source_id` and `old_locator`, or two of them.
    """
    words, found = pd.Series("", frame.index, dtype="string"), {}
    for side, before in (("new", ""), ("old", "old_")):
        names = {f"{before}{name}": name for name in ("source_id", "locator")}
        if not set(names) <= set(frame):
            continue
        told, leads = where_from(frame[list(names)].rename(columns=names), folder)
        words += (f"\n{side}: " + told).fillna("")
        found |= {f"{side}: {one}": place for one, place in leads.items()}
    return words.str.strip(), found
