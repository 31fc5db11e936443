"""Ratings that stand in tables.

Rows that follow each other make a table; whether it is one of ours is told by its header and by
its labels. What is a table of ratings but none of ours becomes one problem.
"""

from __future__ import annotations

import re

from hmcpsi_data.documents.findings import Findings
from hmcpsi_data.documents.rating_groups import Table, tables
from hmcpsi_data.documents.rating_rows import MARKED, TRAVEL, WEAK, Row
from hmcpsi_data.documents.vocabulary import (
    is_area,
    is_label,
    is_open,
    known_as,
    rating_of,
    resembles,
    section_of,
    strip_label,
)

__all__ = ["read_tables"]

_OURS = re.compile(r"\b(?:aspects?|criteria|criterion|sections?)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b20[0-9]{2}\b")
_BEFORE = re.compile(r"\b(?:previous|last|former|earlier|prior|old)\b", re.IGNORECASE)
_OVERALL = re.compile(r"\b(?:overall|OPA)\b", re.IGNORECASE)
_CAPITAL = re.compile(r"\b(?:[A-Z][a-z]+|[A-Z]{4,})\W*$")
_NOT_CRITICAL = re.compile(r"\bnon-?\s?critical|not critical", re.IGNORECASE)
_OTHERS = re.compile(r"\b(?:other|defining|remaining)\b", re.IGNORECASE)
_MARKED_CRITICAL = re.compile(r"\s*[\[(]critical(?: aspect)?[\])]", re.IGNORECASE)
_YES = {"yes": True, "y": True, "critical": True, "✓": True, "✔": True, "x": True}
_NO = {"no": False, "n": False, "": False, "-": False, "non-critical": False, "other": False}
_STAR = re.compile(r"\W{0,3}\*.{0,40}\bcritical", re.IGNORECASE)


def read_tables(findings: Findings) -> None:
    """Add the ratings of all tables of ours, and a problem for each other table."""
    for table in tables(findings.text, findings.used):
        _Reader(findings, table).read()
    _distributions(findings)


def _distributions(findings: Findings) -> None:
    """A problem for each table whose rows begin with rating words, as a key to the scale does."""
    text, found = findings.text, []
    for line in [*text.filled(), len(text)]:
        cells = [] if line == len(text) or line in findings.used else text.cells[line]
        filled = [cell.plain for cell in cells if cell.plain]
        if len(filled) > 1 and rating_of(filled[0]) and (not found or line - found[-1] < 3):
            found.append(line)
            continue
        if len(found) > 1:
            findings.used.update(found)
            reason = "rating words with their meaning or number, not ratings of an Area"
            findings.problem(range(found[0], found[-1] + 1), reason)
        found = []


class _Reader:
    """One table, row by row."""

    def __init__(self, findings: Findings, table: Table) -> None:
        self.findings = findings
        self.text = findings.text
        self.table = table
        self.kind = findings.front.kind
        self.framework = findings.front.framework_id or ""
        self.ours = self.kind != "unknown" or bool(self.framework)
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
            self._without_rows()
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
        for lines, reason in self.table.doubtful:
            self.findings.used.update(lines)
            self.findings.problem(lines, reason)
        self._add(rows)

    def _without_rows(self) -> None:
        """Say that a table has no row that is understood."""
        doubtful = self.table.doubtful
        if self.table.header is not None or len(doubtful) > 1:
            lines = [line for lines, _ in doubtful for line in lines]
            if lines:
                reason = "a table with rating words, of which no row is understood"
                self.findings.problem(range(min(lines), max(lines) + 1), reason)

    def _refusal(self, rows: list[Row]) -> str | None:
        """Why the table is not read; None where it is, "" where it is prose."""
        if sum(is_area(row.label) for row in rows) * 2 >= len(rows):
            return "a table of several Areas; a document is read for one Area"
        known = sum(resembles(row.label) or bool(_OVERALL.search(row.label)) for row in rows)
        strong = sum(row.strength >= MARKED for row in rows)
        ours = any(_OURS.search(self.text.words[line]) for line in self.table.between)
        ours = ours or bool(_OURS.search(self.header))
        sure = [bool(known_as(row.label) or _OVERALL.search(row.label)) for row in rows]
        is_table = (
            self.table.header is not None
            or (len(rows) >= 3 and (strong * 2 >= len(rows) or self._capitalised(rows)))
            or (all(sure) and strong >= 1 and self.ours)
            or (all(sure) and len(rows) > 1 and self.ours and self._capitalised(rows))
        )
        if not is_table:
            alone = strong == len(rows) or (all(sure) and self._capitalised(rows))
            return "a rating word that stands in no table" if alone else ""
        if self.kind == "follow_up":
            return "a table of ratings in a follow-up, which may be those of the earlier inspection"
        if not self.ours and not (ours and known):
            return "a table with rating words in a document that is no inspection of an Area"
        if known * 3 < len(rows) or (not ours and (known * 2 < len(rows) or not any(sure))):
            return "a table with rating words whose labels belong to no framework known here"
        return None

    def _capitalised(self, rows: list[Row]) -> bool:
        return all(_CAPITAL.search(self.text.words[row.lines[-1]]) for row in rows)

    def _add(self, rows: list[Row]) -> None:
        critical: bool | None = None
        between = sorted(self.table.between)
        starred = any("*" in self.text.plain[row.lines[0]] for row in rows)
        starred = starred and any(map(_STAR.match, self.text.plain))
        marked = any(_MARKED_CRITICAL.search(row.label) for row in rows)
        column = self._column(rows)
        answers = self._critical_column()
        for row in rows:
            while between and between[0] < row.lines[0]:
                critical = self._critical(between.pop(0), critical)
            if starred:
                critical = "*" in self.text.plain[row.lines[0]]
            elif marked:
                critical = bool(_MARKED_CRITICAL.search(row.label))
            elif answers is not None:
                critical = _said(row, answers)
            self._add_row(row, critical, column)
        if TRAVEL.search(self.header) and self.table.header is not None:
            reason = "the direction of travel is printed here; it is not a rating and is not read"
            self.findings.problem([self.table.header], reason)

    def _critical_column(self) -> int | None:
        """The column that says of each row whether it is critical."""
        named = [i for i, cell in enumerate(self.columns) if "critical" in cell.plain.casefold()]
        return named[0] if len(self.columns) > 2 and named and named[0] > 0 else None

    def _critical(self, line: int, before: bool | None) -> bool | None:
        words = self.text.words[line]
        if line == self.table.header and self._critical_column() is not None:
            return before
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
        label = strip_label(_MARKED_CRITICAL.sub("", self._label(row)))
        bare = label.rstrip("0123456789").rstrip()
        label = bare if known_as(bare) else label  # a score as a number stands before its word
        level = self._level(label)
        if is_open(label):
            self.findings.problem(row.lines, "the label does not end in its lines")
        elif rating is None:
            self.findings.problem(row.lines, "the row gives no rating")
        elif level == "overall" and self.framework.startswith("aap"):
            told = "Area Assurance has no overall rating"
            if self.framework.startswith("aap_pilot"):
                told = "an overall score of the pilot, which is none of its criteria, is not read"
            self.findings.problem(row.lines, told)
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


def _said(row: Row, column: int) -> bool | None:
    """What the cell of a row in the column of critical aspects says."""
    word = row.cells[column].plain.casefold() if column < len(row.cells) else ""
    return {**_YES, **_NO}.get(word)
