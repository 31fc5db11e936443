"""Ratings that stand in tables.

Rows that follow each other make a table; whether it is one of ours is told by its header and by
its labels. What is a table of ratings but none of ours becomes one problem.
"""

from __future__ import annotations

import re

from hmcpsi_data.documents.findings import Findings
from hmcpsi_data.documents.rating_columns import (
    chosen,
    elsewhere,
    heads,
    heads_another,
    uncoded,
)
from hmcpsi_data.documents.rating_groups import Table, tables
from hmcpsi_data.documents.rating_rows import CODE, MARKED, TRAVEL, WEAK, Row
from hmcpsi_data.documents.vocabulary import (
    RATING,
    SECTIONS,
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
_OF_SECTION = re.compile(
    r"overall(?: (?:score|rating|assessment|grade|mark|judge?ment))?(?: for| of| -|:)"
    r" (?P<section>.+)",
    re.IGNORECASE,
)
_SEPARATED = re.compile(r"[\w\"][,;](?=\S)")
_LAST_WORD_RATES = re.compile(rf"\b{RATING}$", re.IGNORECASE)
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
        elif found and all(rating_of(cell.plain) for cell in text.cells[found[0]] if cell.plain):
            findings.problem(found, "ratings whose labels do not stand in their line")
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
        self.heads = heads(self.text, self.table.header, self.table.between, self._first(rows))
        rows, self.heads = uncoded(rows, self.heads)
        if not any(rating for row in rows for _, rating in row.ratings):
            self._without_rows()
            return
        reason = self._refusal(rows)
        if reason == "":
            return
        lines = [line for row in rows for line in row.lines]
        self.findings.used.update(lines)
        if reason is not None:
            lines += [line for lines, _ in self.table.doubtful for line in lines]
            self.findings.problem(range(min(lines), max(lines) + 1), reason)
            return
        if headed:
            self.findings.used.add(self.table.header)
        for lines, reason in self.table.doubtful:
            self.findings.used.update(lines)
            self.findings.problem(lines, reason)
        self._add(rows)

    def _first(self, rows: list[Row]) -> int:
        """The first line that is a row, understood or not."""
        lines = [row.lines[0] for row in rows] + [lines[0] for lines, _ in self.table.doubtful]
        return min(lines, default=len(self.text))

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
        return elsewhere(self.findings, self._first(rows))

    def _capitalised(self, rows: list[Row]) -> bool:
        return all(_CAPITAL.search(self.text.words[row.lines[-1]]) for row in rows)

    def _add(self, rows: list[Row]) -> None:
        critical: bool | None = None
        another: str | None = None
        between = sorted(self.table.between)
        starred = any("*" in self.text.plain[row.lines[0]] for row in rows)
        starred = starred and any(map(_STAR.match, self.text.plain))
        marked = any(_MARKED_CRITICAL.search(row.label) for row in rows)
        column = self._column(rows)
        sections = [bool(section_of(strip_label(row.label))) for row in rows]
        alone = sections.count(False) == 1 < len(rows) - 1
        self._of_sections = alone and len(rows) <= len(SECTIONS)
        self._capital_labels = any(row.label[:1].isupper() for row in rows)
        answers = self._critical_column()
        for row in rows:
            while between and between[0] < row.lines[0]:
                another = another or heads_another(self.findings, between[0])
                critical = self._critical(between.pop(0), critical)
            if another:
                self.findings.problem(row.lines, another)
                continue
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
        named = [i for i, head in enumerate(self.heads) if "critical" in head.casefold()]
        return named[0] if len(self.heads) > 2 and named and named[0] > 0 else None

    def _critical(self, line: int, before: bool | None) -> bool | None:
        words = self.text.words[line]
        if line == self.table.header and self._critical_column() is not None:
            return before
        if "critical" not in words.casefold():
            return False if _OTHERS.search(words) else before
        return not (_NOT_CRITICAL.search(words) or _OTHERS.search(words))

    def _column(self, rows: list[Row]) -> int | None:
        """The column of this inspection's ratings, as `chosen` has it; others are a problem."""
        column = chosen(rows, self.heads)
        if column == -1:
            lines = {line for row in rows if len(row.ratings) > 1 for line in row.lines}
            reason = "several ratings in a row, and no header tells which is this inspection's"
            self.findings.problem(range(min(lines), max(lines) + 1), reason)
        elif column is not None:
            reason = "ratings of another year, or of others, stand in this table too; not read"
            self.findings.problem([self.table.header], reason)
        return column

    def _add_row(self, row: Row, critical: bool | None, column: int | None) -> None:
        ratings = dict(row.ratings)
        if column is not None and column not in ratings and (row.cells or len(ratings) > 1):
            if column != -1:
                told = "the row has no rating in the column of this inspection's ratings"
                self.findings.problem(row.lines, told)
            elif len(ratings) == 1:
                told = "a single rating in a table with several columns of ratings"
                self.findings.problem(row.lines, told)
            return
        rating = ratings.get(column, row.ratings[0][1])
        label = strip_label(_MARKED_CRITICAL.sub("", self._label(row)))
        bare = label.rstrip("0123456789").rstrip()
        label = bare if known_as(bare) else label  # a score as a number stands before its word
        if (whole := _OF_SECTION.match(label)) and section_of(whole["section"]):
            label = whole["section"]
        level = self._level(label)
        if is_open(label):
            self.findings.problem(row.lines, "the label does not end in its lines")
        elif row.cells and label[:1].islower() and not known_as(label) and self._capital_labels:
            self.findings.problem(row.lines, "the label seems to begin on another line")
        elif not row.cells and _SEPARATED.search(label):
            self.findings.problem(row.lines, "the label has marks between cells in it")
        elif _LAST_WORD_RATES.search(label):
            self.findings.problem(row.lines, "the label ends with a rating word")
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
        if not row.cells or len(self.heads) < 3 or len(row.lines) > 1:
            return row.label
        named = {
            i: cell.printed
            for i, cell in enumerate(row.cells[: row.ratings[0][0]])
            if is_label(strip_label(cell.plain)) and not CODE.fullmatch(cell.plain)
        }
        for word in ("criteri", "aspect", "section"):
            for i, shown in reversed(named.items()):
                if i < len(self.heads) and word in self.heads[i].casefold():
                    return strip_label(shown)
        return row.label

    def _level(self, label: str) -> str:
        if _OVERALL.search(label):
            return "overall"
        header = self.header.casefold()
        if self.framework.startswith("aap") or self.kind in {"area_assurance", "response"}:
            if section_of(label) or ("section" in header and "criteri" not in header):
                return "section"
            if self._of_sections and not known_as(label):
                return "section"
            return "criterion"
        return "criterion" if "criteri" in header else "aspect"


def _said(row: Row, column: int) -> bool | None:
    """What the cell of a row in the column of critical aspects says."""
    word = row.cells[column].plain.casefold() if column < len(row.cells) else ""
    return {**_YES, **_NO}.get(word)
