"""The columns of a table with ratings: which holds those of this inspection.

A letter or number in front of each label is no column of its own, and a header may have two lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from hmcpsi_data.documents.findings import Findings
from hmcpsi_data.documents.front import names_other
from hmcpsi_data.documents.rating_rows import CODE, Row
from hmcpsi_data.documents.text import Cell, Text
from hmcpsi_data.documents.vocabulary import rating_of

__all__ = ["chosen", "elsewhere", "heads", "heads_another", "uncoded"]

_YEAR = re.compile(r"\b20[0-9]{2}\b")
_YEARS = re.compile(r"\b(20[0-9]{2})(?:[-/]([0-9]{2})\b)?")
_BEFORE = re.compile(r"\b(?:previous|last|former|earlier|prior|old)\b", re.IGNORECASE)
_OF_OTHERS = re.compile(
    r"\b(?:averages?|national(?:ly)?|families|family|all areas|other areas|CPS-wide|self|target"
    r"|predicted|expected|draft|provisional|indicative)\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\btarget (?:rating|assessment|score)s?\b|\bself[- ]assess"
    r"|\b(?:predicted|draft|provisional|indicative) (?:rating|assessment|score)s?\b",
    re.IGNORECASE,
)
_ABOVE = 4  # lines above the first row that may say what a table is
_LONGEST_ABOVE = 120
_NUMBERING = re.compile(r"(?:no|nos|number|ref|reference|#)?\.?", re.IGNORECASE)


def heads(text: Text, header: int | None, between: Sequence[int], first: int) -> list[str]:
    """What stands above each column: the header, and lines with cells between it and the rows."""
    found: list[str] = []
    for line in between if header is not None else ():
        if not header <= line < first or (line != header and len(text.cells[line]) < 2):
            continue
        for at, cell in enumerate(text.cells[line]):
            if at < len(found):
                found[at] = f"{found[at]} {cell.plain}".strip()
            else:
                found.append(cell.plain)
    return found


def uncoded(rows: list[Row], above: list[str]) -> tuple[list[Row], list[str]]:
    """Rows and header without the column of letters or numbers that stand before the labels."""
    if not any(row.cells and CODE.fullmatch(row.cells[0].plain) for row in rows):
        return rows, above
    if len(above) > 1 and _NUMBERING.fullmatch(above[0]):
        above = above[1:]
    return [_without_first(row) for row in rows], above


def _without_first(row: Row) -> Row:
    first: Cell | None = row.cells[0] if row.cells else None
    if first is None or (first.plain and not CODE.fullmatch(first.plain)):
        return row
    ratings = tuple((column - 1, word) for column, word in row.ratings)
    return row._replace(ratings=ratings, cells=row.cells[1:])


def chosen(rows: list[Row], above: list[str]) -> int | None:
    """The column of this inspection's ratings; None where there is only one, -1 if none is told.

    Examples
    --------
    >>> row = Row((0,), "Leadership", ((1, "Good"), (2, "Fair")), 3, ())
    >>> chosen([row], ["Aspect", "2005", "2007"]), chosen([row], ["Aspect", "Score", "Score"])
    (2, -1)
    >>> chosen([row], ["Aspect", "CPS Kent", "National average"])
    1
    """
    dated = [at for at, head in enumerate(above) if at and _YEAR.search(head)]
    several = {c for row in rows if len(row.ratings) > 1 for c, _ in row.ratings}
    columns = sorted(several or (dated if len(dated) > 1 else ()))
    if not columns:
        return None
    told = {c: above[c] if c < len(above) else "" for c in columns}
    own = [c for c in columns if not _OF_OTHERS.search(told[c])]
    years = {c: max(_YEAR.findall(told[c]), default="") for c in own}
    now = [c for c in own if not _BEFORE.search(told[c])]
    if all(years.values()) and len(set(years.values())) == len(years) and years:
        return max(own, key=years.__getitem__)
    return now[0] if len(now) == 1 and all(told.values()) else -1


def elsewhere(findings: Findings, first: int) -> str | None:
    """Why a table whose first row is at a line is not of this inspection, as its headings say."""
    text = findings.text
    lines = [line for line in range(max(0, first - 2 * _ABOVE), first) if text.words[line]]
    for line in reversed(lines[-_ABOVE:]):
        words, cells = text.words[line], text.cells[line]
        ended = words.endswith(".") or any(rating_of(cell.plain) for cell in cells)
        if ended or len(words) > _LONGEST_ABOVE:
            return None
        if told := heads_another(findings, line):
            return told
    return None


def heads_another(findings: Findings, line: int) -> str | None:
    """Why what stands below a heading is not of this inspection; None where it may be."""
    text, front = findings.text, findings.front
    words = text.words[line]
    if len(text.cells[line]) > 2:
        return None  # its columns tell
    borough = front.area is not None and "orough" in front.area
    if names_other(f"{front.area} London" if borough else front.area, words):
        return "ratings below the name of another Area"
    if _ELSEWHERE.search(words):
        return "ratings that are not the inspectors' own and final ones"
    years = [_last_year(*found) for found in _YEARS.findall(words)]
    if front.published and years and max(years) < int(front.published[:4]) - 1:
        return "ratings below the year of an earlier inspection"
    return None


def _last_year(first: str, tail: str) -> int:
    """The year in which "2005" or "2005-06" ends."""
    year = int(first) + 1
    return year if tail == f"{year % 100:02}" else year - 1
