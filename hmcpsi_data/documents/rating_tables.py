"""Ratings that stand in tables.

A row is a label with a rating word as one of its cells, after a colon or dots, or as the last word
of the line. Rows that follow each other make a table; whether it is one of ours is told by its
header and by its labels. A rating word in a sentence makes no row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from hmcpsi_data.documents.findings import Findings
from hmcpsi_data.documents.text import BULLET, Cell, Text, squeeze
from hmcpsi_data.documents.vocabulary import (
    DIRECTIONS,
    RATING,
    is_area,
    is_label,
    rating_of,
    resembles,
    section_of,
    strip_label,
)

__all__ = ["read_tables"]

_STRONG, _MARKED, _WEAK = 3, 2, 1
_NEAR = 4  # lines that may stand between two rows
_HEADER_WORDS = (
    r"(?:assessments?|scores?|ratings?|rated|grades?|gradings?|marks?|markings?|judge?ments?|levels?"
    r"|results?|outcomes?|performance)"
)
_HEADER = re.compile(
    rf"(?:assessed |overall |our |final |performance |\(?(?:20)[0-9]{{2}}(?:[-/][0-9]{{2}})?\)? )*"
    rf"(?:level of )?{_HEADER_WORDS}(?: awarded| given| level)?(?: ?[(-]? ?(?:as at |in |for )?"
    rf"(?:\w+ )?(?:20)[0-9]{{2}}(?:[-/][0-9]{{2}})?\)?)?",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"\b(?:aspects?|criteria|criterion|sections?|subjects?|themes?|areas? of (?:work|performance)"
    r"|areas?|elements?|categor(?:y|ies)|headings?|parts?|questions?|standards?)\b",
    re.IGNORECASE,
)
_OURS = re.compile(r"\b(?:aspects?|criteria|criterion|sections?)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b20[0-9]{2}\b")
_BEFORE = re.compile(r"\b(?:previous|last|former|earlier|prior|old)\b", re.IGNORECASE)
_LAST = re.compile(
    rf"^(?P<label>.*\S)(?P<gap>\s*(?:[:–—-]|\.{{2,}}|…)\s*|\s+)(?P<rating>{RATING})$", re.I
)
_TRAILING = " .*|'\"_)]\t"
_OVERALL = re.compile(r"\b(?:overall|OPA)\b", re.IGNORECASE)
_TRAVEL = re.compile(r"\bdirection of travel\b|\btrend\b", re.IGNORECASE)


class Row(NamedTuple):
    """A line, or two, that look like a row with a rating."""

    lines: tuple[int, ...]
    label: str
    ratings: tuple[tuple[int, str], ...]  # column and word
    strength: int
    cells: tuple[Cell, ...]


class Table(NamedTuple):
    """Rows that belong together, with the lines between them and the header above."""

    rows: list[Row]
    header: int | None
    between: list[int]


def read_tables(findings: Findings) -> None:
    """Add the ratings of all tables of ours, and a problem for each other table."""
    text = findings.text
    rows = {row.lines[-1]: row for row in _rows(text, findings.used)}
    starts = {row.lines[0]: row for row in rows.values()}
    for table in _tables(text, rows, starts):
        _Reader(findings, table).read()


def _rows(text: Text, used: set[int]) -> Iterator[Row]:
    previous: int | None = None
    for line in text.filled():
        if line in used:
            previous = None
            continue
        row = _row(text, line)
        if row is None and previous is not None and _alone(text, line):
            row = _stacked(text, previous, line)
        if row is not None:
            yield row
        previous = line


def _alone(text: Text, line: int) -> str | None:
    words = text.words[line]
    return rating_of(words) if len(words) < 16 else None


def _stacked(text: Text, above: int, line: int) -> Row | None:
    """A label on one line and its rating on the next, as where a table was copied from a page."""
    label = strip_label(squeeze(text.printed[above]))
    if _alone(text, above) or not is_label(strip_label(text.words[above])):
        return None
    if line - above > 2 or _is_header(text, above):
        return None
    return Row((above, line), label, ((1, _alone(text, line)),), _STRONG, ())


def _row(text: Text, line: int) -> Row | None:
    words = text.words[line]
    if len(words) < 6 or not re.search(RATING, words, re.IGNORECASE):
        return None
    cells = text.cells[line]
    filled = [(i, cell) for i, cell in enumerate(cells) if cell.plain]
    if len(filled) > 1:
        ratings = tuple((i, word) for i, cell in filled if (word := rating_of(cell.plain)))
        labels = [cell for i, cell in filled if ratings and i < ratings[0][0]]
        labels = [cell for cell in labels if re.search(r"[^\W\d_]{2}", cell.plain)]
        if ratings and labels:
            label = strip_label(labels[0].printed)
            return Row((line,), label, ratings, _STRONG, tuple(cells))
        if ratings:
            return None
    shown = squeeze(text.printed[line]).rstrip(_TRAILING)
    plain = words.rstrip(_TRAILING)[: len(shown)]
    while match := re.search(rf"\s+({DIRECTIONS.pattern})$", plain, re.IGNORECASE):
        if not re.search(rf"\b{RATING}$", plain[: match.start()].rstrip(" -"), re.IGNORECASE):
            break
        plain, shown = plain[: match.start()].rstrip(), shown[: match.start()].rstrip()
    match = _LAST.match(plain)
    if match is None:
        return None
    label = strip_label(shown[: match.end("label")].strip(" |"))
    marked = bool(match["gap"].strip()) or bool(re.search(r"\.{2,}$", match["label"]))
    sentence = words.endswith(".") and not marked
    if sentence or not label:
        return None
    strength = _MARKED if marked else _WEAK
    return Row((line,), label, ((1, rating_of(match["rating"])),), strength, ())


def _is_header(text: Text, line: int) -> bool:
    """Whether a line names the columns of a table with ratings."""
    words = text.words[line].strip(" |*")
    if not words or len(words) > 120:
        return False
    filled = [cell.plain for cell in text.cells[line] if cell.plain]
    if len(filled) > 1:
        return any(_HEADER.fullmatch(cell.strip(" *:")) for cell in filled)
    match = re.search(rf"\s({_HEADER.pattern})(?: {_TRAVEL.pattern})?$", words, re.IGNORECASE)
    return bool(
        match
        and len(words.split()) <= 8
        and _SUBJECT.search(words[: match.start() + 1])
        and is_label(strip_label(words))
    )


def _between(text: Text, line: int) -> bool:
    """Whether a line may stand between the rows of a table: a heading or the rest of a label."""
    words = text.words[line]
    if text.is_rule(line):
        return True
    filled = [cell for cell in text.cells[line] if cell.plain]
    return (
        len(filled) <= 1
        and len(words) <= 120
        and not BULLET.match(words)
        and is_label(strip_label(words.strip(" |:")))
    ) or _is_header(text, line)


def _tables(text: Text, rows: dict[int, Row], starts: dict[int, Row]) -> Iterator[Table]:
    """Rows that follow each other with nothing but headings between them."""
    current: Table | None = None
    waiting: list[int] = []
    for line in text.filled():
        row = rows.get(line)
        if row is not None:
            if current is None:
                header, above = _above(text, waiting)
                current = Table([], header, above)
            else:
                current.between.extend(waiting)
            current.rows.append(row)
            waiting = []
        elif line in starts:
            continue
        elif _between(text, line) or text.is_rule(line):
            waiting.append(line)
            if len(waiting) > _NEAR and current is not None:
                yield current
                current = None
                waiting = waiting[-_NEAR:]
            elif len(waiting) > _NEAR:
                waiting = waiting[-_NEAR:]
        else:
            if current is not None:
                yield current
                current = None
            waiting = []
    if current is not None:
        yield current


def _above(text: Text, waiting: list[int]) -> tuple[int | None, list[int]]:
    for at in range(len(waiting) - 1, -1, -1):
        if _is_header(text, waiting[at]):
            return waiting[at], waiting[at:]
    pair = [line for line in waiting if _HEADER.fullmatch(text.words[line].strip(" *:|"))]
    if pair:  # each cell of the header on a line of its own
        return pair[-1], waiting[max(0, waiting.index(pair[-1]) - 1) :]
    return None, waiting[-2:]


class _Reader:
    """One table, row by row."""

    def __init__(self, findings: Findings, table: Table) -> None:
        self.findings = findings
        self.text = findings.text
        self.table = table
        self.kind = findings.front.kind
        self.framework = findings.front.framework_id or ""
        self.header = "" if table.header is None else self.text.words[table.header]
        if table.header is not None and len(self.text.cells[table.header]) == 1:
            around = [line for line in table.between if line <= table.header]
            self.header = " ".join(self.text.words[line] for line in around)
        self.columns = [] if table.header is None else self.text.cells[table.header]

    def read(self) -> None:
        """Add the rows of the table, or say why not."""
        rows = [row for row in self.table.rows if self._plausible(row)]
        doubtful = [row for row in self.table.rows if not self._plausible(row)]
        if not rows:
            return
        reason = self._refusal(rows)
        lines = [line for row in rows for line in row.lines]
        if reason == "":
            return
        self.findings.used.update(lines)
        if reason:
            self.findings.problem(range(min(lines), max(lines) + 1), reason)
            return
        if self.table.header is not None:
            self.findings.used.add(self.table.header)
        for row in doubtful:
            if self.table.header is not None:
                self.findings.problem(row.lines, "this ends with a rating but reads as a sentence")
        self._add(rows)

    def _plausible(self, row: Row) -> bool:
        if not is_label(row.label):
            return False
        return row.strength > _WEAK or self.table.header is not None or row.label[0].isupper()

    def _refusal(self, rows: list[Row]) -> str | None:
        """Why the table is not read; None where it is, "" where it is prose."""
        areas = sum(is_area(row.label) for row in rows)
        if areas * 2 >= len(rows):
            return "a table of several Areas; a document is read for one Area"
        known = sum(resembles(row.label) for row in rows)
        strong = sum(row.strength >= _MARKED for row in rows)
        headed = self.table.header is not None
        ours = bool(_OURS.search(self.header)) or any(
            _OURS.search(self.text.words[line]) for line in self.table.between
        )
        if (
            headed
            or (len(rows) >= 3 and (strong * 2 >= len(rows) or self._capitalised(rows)))
            or (strong >= 1 and known == len(rows) and self.kind != "unknown")
        ):
            pass
        else:
            return "a rating word that stands in no table" if strong == len(rows) else ""
        if self.kind == "follow_up":
            return "a table of ratings in a follow-up, which may be those of the earlier inspection"
        if self.kind == "unknown" and not (ours and known):
            return "a table with rating words in a document that is no inspection of an Area"
        if known * 3 < len(rows) or (not ours and not known * 2 >= len(rows)):
            return "a table with rating words whose labels belong to no framework known here"
        return None

    def _capitalised(self, rows: list[Row]) -> bool:
        return all(
            re.search(r"\b(?:[A-Z][a-z]+|[A-Z]{4,})\W*$", self.text.words[row.lines[-1]])
            for row in rows
        )

    def _add(self, rows: list[Row]) -> None:
        critical: bool | None = None
        ends = iter(sorted(self.table.between))
        following = next(ends, None)
        starred = any("*" in self.text.plain[row.lines[0]] for row in rows)
        starred = starred and any(
            re.match(r"\W*\*.{0,40}\bcritical", line, re.IGNORECASE) for line in self.text.plain
        )
        column = self._column(rows)
        for row in rows:
            while following is not None and following < row.lines[0]:
                critical = self._critical(following, critical)
                following = next(ends, None)
            if starred:
                critical = "*" in self.text.plain[row.lines[0]]
            self._add_row(row, critical, column)
        if _TRAVEL.search(self.header) and self.table.header is not None:
            reason = "the direction of travel is printed here; it is not a rating and is not read"
            self.findings.problem([self.table.header], reason)

    def _critical(self, line: int, before: bool | None) -> bool | None:
        words = self.text.words[line].casefold()
        if "critical" in words and not re.search(r"\bnon-?\s?critical|not critical", words):
            return True
        if "critical" in words or re.search(r"\b(?:other|defining|remaining)\b", words):
            return False
        return before

    def _column(self, rows: list[Row]) -> int | None:
        """The column of ratings that is this inspection's, where there are several."""
        several = [row for row in rows if len(row.ratings) > 1]
        if not several:
            return None
        columns = sorted({column for row in several for column, _ in row.ratings})
        headers = [self.columns[c].plain if c < len(self.columns) else "" for c in columns]
        years = [_YEAR.findall(header) for header in headers]
        before = [bool(_BEFORE.search(header)) for header in headers]
        if all(years):
            latest = max(range(len(columns)), key=lambda i: max(years[i]))
            return columns[latest]
        if before.count(False) == 1:
            return columns[before.index(False)]
        return -1

    def _add_row(self, row: Row, critical: bool | None, column: int | None) -> None:
        ratings = dict(row.ratings)
        if column == -1 and len(ratings) > 1:
            self.findings.problem(
                row.lines, "several ratings in one row, and no header tells which"
            )
            return
        if len(ratings) > 1:
            others = [word for c, word in row.ratings if c != column]
            if column not in ratings:
                self.findings.problem(row.lines, "several ratings in one row")
                return
            if others:
                reason = "another rating in this row, of another year, is not read"
                self.findings.problem(row.lines, reason)
        rating = ratings[column] if column in ratings else row.ratings[0][1]
        label = self._label(row)
        if section_of(label) and self.framework.startswith("aap"):
            critical = None
        level = self._level(label)
        if level == "overall" and self.framework.startswith("aap"):
            self.findings.problem(row.lines, "Area Assurance has no overall rating")
            return
        self.findings.add(
            "ratings",
            row.lines,
            label=label,
            level=level,
            is_critical=None if level == "overall" else critical,
            rating=rating,
        )

    def _label(self, row: Row) -> str:
        """The label of a row; of section and criterion it is the criterion, where there is one."""
        if not row.cells or len(self.columns) < 3:
            return row.label
        first = row.ratings[0][0]
        named = {
            i: cell.printed
            for i, cell in enumerate(row.cells[:first])
            if re.search(r"[^\W\d_]{2}", cell.plain)
        }
        for word in (r"criteri", r"aspect", r"section"):
            for i, shown in reversed(named.items()):
                if i < len(self.columns) and re.search(word, self.columns[i].plain, re.IGNORECASE):
                    return strip_label(shown)
        return row.label

    def _level(self, label: str) -> str:
        if _OVERALL.search(label):
            return "overall"
        if self.framework.startswith("aap") or self.kind in {"area_assurance", "response"}:
            if section_of(label):
                return "section"
            headed = re.search(r"\bsections?\b", self.header, re.IGNORECASE)
            criteria = re.search(r"\bcriteri", self.header, re.IGNORECASE)
            return "section" if headed and not criteria else "criterion"
        if re.search(r"\bcriteri", self.header, re.IGNORECASE):
            return "criterion"
        return "aspect"
