"""Ratings that stand in tables.

Rows that follow each other make a table; whether it is one of ours is told by its header and by
its labels. What is a table of ratings but none of ours becomes one problem.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from hmcpsi_data.documents.findings import Findings
from hmcpsi_data.documents.rating_rows import (
    HEADER,
    MARKED,
    TRAVEL,
    WEAK,
    Row,
    is_header,
    row_at,
)
from hmcpsi_data.documents.text import BULLET, Text, squeeze
from hmcpsi_data.documents.vocabulary import (
    is_area,
    is_label,
    resembles,
    section_of,
    strip_label,
)

__all__ = ["read_tables"]

_NEAR = 4  # lines that may stand between two rows
_LONGEST_BETWEEN = 120
_OURS = re.compile(r"\b(?:aspects?|criteria|criterion|sections?)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b20[0-9]{2}\b")
_BEFORE = re.compile(r"\b(?:previous|last|former|earlier|prior|old)\b", re.IGNORECASE)
_OVERALL = re.compile(r"\b(?:overall|OPA)\b", re.IGNORECASE)
_CAPITAL = re.compile(r"\b(?:[A-Z][a-z]+|[A-Z]{4,})\W*$")
_NOT_CRITICAL = re.compile(r"\bnon-?\s?critical|not critical", re.IGNORECASE)
_OTHERS = re.compile(r"\b(?:other|defining|remaining)\b", re.IGNORECASE)
_STAR = re.compile(r"\W{0,3}\*.{0,40}\bcritical", re.IGNORECASE)


@dataclass
class _Table:
    """Rows that belong together, with the lines between them and the header above."""

    header: int | None
    between: list[int]
    rows: list[Row] = field(default_factory=list)
    doubtful: list[Row] = field(default_factory=list)


def read_tables(findings: Findings) -> None:
    """Add the ratings of all tables of ours, and a problem for each other table."""
    for table in _tables(findings.text, findings.used):
        _Reader(findings, table).read()


def _tables(text: Text, used: set[int]) -> Iterator[_Table]:
    """Rows that follow each other with nothing but headings between them."""
    table: _Table | None = None
    waiting: list[int] = []
    previous: int | None = None
    for line in text.filled():
        row = None if line in used else row_at(text, line, previous)
        if row is not None and len(row.lines) > 1 and waiting and waiting[-1] == row.lines[0]:
            waiting.pop()  # the label stood on the line above
        previous = None if line in used else line
        row = _joined(text, row, waiting)
        likely = row is not None and is_label(row.label)
        if row is not None and row.ratings[0][1] is None and table is None:
            likely, row = False, None
        if likely:
            if table is None:
                table = _Table(*_above(text, waiting))
            else:
                table.between.extend(waiting)
            table.rows.append(row)
            waiting = []
        elif row is not None and table is not None and _next_to(table, row):
            table.doubtful.append(row)
        elif row is None and _goes_on(text, table, line):
            continue
        elif row is None and _between(text, line):
            waiting.append(line)
            if len(waiting) > _NEAR:
                if table is not None:
                    yield table
                table, waiting = None, waiting[-_NEAR:]
        else:
            if table is not None:
                yield table
            table, waiting = None, []
    if table is not None:
        yield table


def _joined(text: Text, row: Row | None, waiting: list[int]) -> Row | None:
    """A row together with the line above, where its label began there."""
    if row is None or not row.label[:1].islower() or not waiting:
        return row
    above = waiting[-1]
    single = len(text.cells[above]) == 1 and not is_header(text, above)
    if above != row.lines[0] - 1 or not single or not text.words[above][0].isupper():
        return row
    waiting.pop()
    label = strip_label(f"{squeeze(text.printed[above])} {row.label}")
    return row._replace(lines=(above, *row.lines), label=label)


def _next_to(table: _Table, row: Row) -> bool:
    """Whether a row that reads as a sentence stands directly below the rows of a table."""
    last = (table.doubtful or table.rows)[-1]
    below = max(last.lines[-1], table.rows[-1].lines[-1]) + 1
    return table.header is not None and row.lines[0] == below


def _goes_on(text: Text, table: _Table | None, line: int) -> bool:
    """Whether a line is the rest of the label of the row above; it is then given to it."""
    if table is None or not table.rows or not text.words[line][0].islower():
        return False
    row = table.rows[-1]
    if row.lines[-1] != line - 1 or len(text.cells[line]) > 1 or row.strength < MARKED:
        return False
    label = f"{row.label} {squeeze(text.printed[line])}"
    if not is_label(label):
        return False
    table.rows[-1] = row._replace(lines=(*row.lines, line), label=label)
    return True


def _between(text: Text, line: int) -> bool:
    """Whether a line may stand between the rows of a table: a heading or the rest of a label."""
    if text.is_rule(line) or is_header(text, line):
        return True
    words = text.words[line]
    filled = sum(bool(cell.plain) for cell in text.cells[line])
    return (
        filled <= 1
        and len(words) <= _LONGEST_BETWEEN
        and not BULLET.match(words)
        and is_label(strip_label(words.strip(" |:")))
    )


def _above(text: Text, waiting: list[int]) -> tuple[int | None, list[int]]:
    """The header of a table, and the lines from it on."""
    for at in range(len(waiting) - 1, -1, -1):
        if is_header(text, waiting[at]):
            return waiting[at], waiting[at:]
    alone = [
        at for at, line in enumerate(waiting) if HEADER.fullmatch(text.words[line].strip(" *:|"))
    ]
    if alone:  # each cell of the header on a line of its own
        return waiting[alone[-1]], waiting[max(0, alone[-1] - 1) :]
    return None, waiting[-2:]


class _Reader:
    """One table, row by row."""

    def __init__(self, findings: Findings, table: _Table) -> None:
        self.findings = findings
        self.text = findings.text
        self.table = table
        self.kind = findings.front.kind
        self.framework = findings.front.framework_id or ""
        self.columns = [] if table.header is None else self.text.cells[table.header]
        self.header = "" if table.header is None else self.text.words[table.header]
        if len(self.columns) == 1:
            around = [line for line in table.between if line <= table.header]
            self.header = " ".join(self.text.words[line] for line in around)

    def read(self) -> None:
        """Add the rows of the table, or say why not."""
        headed = self.table.header is not None
        rows = [
            row
            for row in self.table.rows
            if headed or row.strength > WEAK or row.label[0].isupper()
        ]
        if not any(rating for row in rows for _, rating in row.ratings):
            return
        reason = self._refusal(rows)
        if reason == "":
            return
        lines = [line for row in rows for line in row.lines]
        self.findings.used.update(lines)
        if reason is not None:
            self.findings.problem(range(min(lines), max(lines) + 1), reason)
            return
        if headed:
            self.findings.used.add(self.table.header)
        for row in self.table.doubtful:
            self.findings.problem(row.lines, "this ends with a rating but reads as a sentence")
        self._add(rows)

    def _refusal(self, rows: list[Row]) -> str | None:
        """Why the table is not read; None where it is, "" where it is prose."""
        if sum(is_area(row.label) for row in rows) * 2 >= len(rows):
            return "a table of several Areas; a document is read for one Area"
        known = sum(resembles(row.label) or bool(_OVERALL.search(row.label)) for row in rows)
        strong = sum(row.strength >= MARKED for row in rows)
        ours = any(_OURS.search(self.text.words[line]) for line in self.table.between)
        ours = ours or bool(_OURS.search(self.header))
        is_table = (
            self.table.header is not None
            or (len(rows) >= 3 and (strong * 2 >= len(rows) or self._capitalised(rows)))
            or (strong >= 1 and known == len(rows) and self.kind != "unknown")
        )
        if not is_table:
            return "a rating word that stands in no table" if strong == len(rows) else ""
        if self.kind == "follow_up":
            return "a table of ratings in a follow-up, which may be those of the earlier inspection"
        if self.kind == "unknown" and not (ours and known):
            return "a table with rating words in a document that is no inspection of an Area"
        if known * 3 < len(rows) or (not ours and known * 2 < len(rows)):
            return "a table with rating words whose labels belong to no framework known here"
        return None

    def _capitalised(self, rows: list[Row]) -> bool:
        return all(_CAPITAL.search(self.text.words[row.lines[-1]]) for row in rows)

    def _add(self, rows: list[Row]) -> None:
        critical: bool | None = None
        between = sorted(self.table.between)
        starred = any("*" in self.text.plain[row.lines[0]] for row in rows)
        starred = starred and any(map(_STAR.match, self.text.plain))
        column = self._column(rows)
        for row in rows:
            while between and between[0] < row.lines[0]:
                critical = self._critical(between.pop(0), critical)
            if starred:
                critical = "*" in self.text.plain[row.lines[0]]
            self._add_row(row, critical, column)
        if TRAVEL.search(self.header) and self.table.header is not None:
            reason = "the direction of travel is printed here; it is not a rating and is not read"
            self.findings.problem([self.table.header], reason)

    def _critical(self, line: int, before: bool | None) -> bool | None:
        words = self.text.words[line]
        if "critical" not in words.casefold():
            return False if _OTHERS.search(words) else before
        return not (_NOT_CRITICAL.search(words) or _OTHERS.search(words))

    def _column(self, rows: list[Row]) -> int | None:
        """The column of this inspection's ratings, where there are several; -1 if none is told."""
        several = [row for row in rows if len(row.ratings) > 1]
        if not several:
            return None
        columns = sorted({column for row in several for column, _ in row.ratings})
        headers = [self.columns[c].plain if c < len(self.columns) else "" for c in columns]
        years = [_YEAR.findall(header) for header in headers]
        before = [bool(_BEFORE.search(header)) for header in headers]
        chosen = -1
        if all(years) and len({max(found) for found in years}) == len(years):
            chosen = columns[max(range(len(columns)), key=lambda i: max(years[i]))]
        elif before.count(False) == 1:
            chosen = columns[before.index(False)]
        lines = {line for row in several for line in row.lines}
        if chosen == -1:
            reason = "several ratings in a row, and no header tells which is this inspection's"
            self.findings.problem(range(min(lines), max(lines) + 1), reason)
        else:
            reason = "ratings of another year stand in this table too; they are not read"
            self.findings.problem([self.table.header], reason)
        return chosen

    def _add_row(self, row: Row, critical: bool | None, column: int | None) -> None:
        ratings = dict(row.ratings)
        if column is not None and column not in ratings and len(ratings) > 1:
            if column != -1:
                self.findings.problem(row.lines, "several ratings in one row")
            return
        rating = ratings.get(column, row.ratings[0][1])
        label = self._label(row)
        level = self._level(label)
        if rating is None:
            self.findings.problem(row.lines, "the row gives no rating")
        elif level == "overall" and self.framework.startswith("aap"):
            self.findings.problem(row.lines, "Area Assurance has no overall rating")
        else:
            self.findings.add(
                "ratings",
                row.lines,
                label=label,
                level=level,
                is_critical=None if level in {"overall", "section"} else critical,
                rating=rating,
            )

    def _label(self, row: Row) -> str:
        """The label of a row; of section and criterion it is the criterion, where there is one."""
        if not row.cells or len(self.columns) < 3:
            return row.label
        named = {
            i: cell.printed
            for i, cell in enumerate(row.cells[: row.ratings[0][0]])
            if is_label(strip_label(cell.plain))
        }
        for word in ("criteri", "aspect", "section"):
            for i, shown in reversed(named.items()):
                if i < len(self.columns) and word in self.columns[i].plain.casefold():
                    return strip_label(shown)
        return row.label

    def _level(self, label: str) -> str:
        if _OVERALL.search(label):
            return "overall"
        header = self.header.casefold()
        if self.framework.startswith("aap") or self.kind in {"area_assurance", "response"}:
            if section_of(label) or ("section" in header and "criteri" not in header):
                return "section"
            return "criterion"
        return "criterion" if "criteri" in header else "aspect"
