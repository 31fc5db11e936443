"""Rows with ratings that follow each other, gathered into tables.

Between the rows of a table stand at most headings, the rest of a label that a narrow column wraps,
and rows whose rating is not understood; the latter are kept, so that they can be told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from hmcpsi_data.documents.rating_rows import (
    HEADER,
    MARKED,
    STRONG,
    SUBJECT,
    Row,
    is_header,
    parts,
    row_at,
)
from hmcpsi_data.documents.text import BULLET, Text, squeeze
from hmcpsi_data.documents.vocabulary import (
    is_clause,
    is_label,
    is_open,
    known_as,
    strip_label,
)

__all__ = ["Table", "tables"]

_NEAR = 4  # lines that may stand between two rows
_LONGEST_BETWEEN = 120


@dataclass
class Table:
    """Rows that belong together, with the lines between them and the header above.

    Attributes
    ----------
    header : int or None
        The line that names the columns.
    between : list of int
        The header, and what stands between the rows.
    rows : list of Row
        The rows.
    doubtful : list of (tuple of int, str)
        Lines that look like rows of it and are not understood, with the reason.
    """

    header: int | None
    between: list[int]
    rows: list[Row] = field(default_factory=list)
    doubtful: list[tuple[tuple[int, ...], str]] = field(default_factory=list)

    @property
    def last(self) -> int:
        """The last line that belongs to it."""
        lines = [row.lines[-1] for row in self.rows[-1:]]
        return max([*lines, *(lines[-1] for lines, _ in self.doubtful), *self.between[-1:]])


def tables(text: Text, used: set[int]) -> Iterator[Table]:
    """The tables of a text, whether they are ours or not; `used` lines are left alone."""
    table: Table | None = None
    waiting: list[int] = []
    previous: int | None = None
    for line in text.filled():
        row = None if line in used else row_at(text, line, previous)
        if row is not None and len(row.lines) > 1 and waiting and waiting[-1] == row.lines[0]:
            waiting.pop()  # the label stood on the line above
        previous = None if line in used else line
        row = _joined(text, row, waiting)
        likely = row is not None and (is_label(row.label) or is_open(row.label))
        likely = likely or (row is not None and _is_criterion(text, table, waiting, row))
        if row is not None and row.ratings[0][1] is None and table is None:
            likely, row = False, None
        if likely:
            if table is not None and (fresh := _fresh(text, table, waiting)) is not None:
                yield _closed(text, table, waiting[:fresh])
                table, waiting = None, waiting[fresh:]
            if table is None:
                table = Table(*_above(text, waiting))
            else:
                table.between.extend(waiting)
            table.rows.append(row)
            waiting = []
        elif row is not None and (_next_to(table, row) or _is_cell(row)):
            if table is None or not _next_to(table, row):
                if table is not None:
                    yield _closed(text, table, [])
                table, waiting = Table(*_above(text, waiting)), []
            reason = "this ends with a rating but reads as a sentence"
            table.doubtful.append((row.lines, reason))
        elif row is None and _goes_on(text, table, line):
            continue
        elif row is None and _not_understood(text, table, line, waiting):
            if table is None:
                table = Table(*_above(text, waiting))
            else:
                table.between.extend(waiting)
            table.doubtful.append(((line,), "the row gives no rating that is understood"))
            waiting = []
        elif row is None and _between(text, line):
            waiting.append(line)
            if len(waiting) > _NEAR:
                if table is not None:
                    yield _closed(text, table, waiting)
                table, waiting = None, waiting[-_NEAR:]
        else:
            if table is not None:
                yield _closed(text, table, waiting)
            table, waiting = None, []
    if table is not None:
        yield _closed(text, table, waiting)


def _closed(text: Text, table: Table, after: list[int]) -> Table:
    """A table that is at its end, with the known labels in it that have no rating."""
    near = [line for at, line in enumerate(after) if line == table.last + 1 + at]
    for line in [*table.between, *near]:
        if line == table.header or is_header(text, line):
            continue
        words = strip_label(text.words[line].strip(" |:"))
        bare = words.rpartition(" ")[0]
        if _is_rated(words):
            table.doubtful.append(((line,), "the row gives no rating"))
        elif _is_rated(bare) and not known_as(words):
            reason = "the row gives no rating that is understood"
            table.doubtful.append(((line,), reason))
    return table


def _is_rated(label: str) -> bool:
    """Whether a label is that of a rated thing, which is no heading of others."""
    return bool(known_as(label)) and "section" not in known_as(label)


def _fresh(text: Text, table: Table, waiting: list[int]) -> int | None:
    """Where, among lines that wait, the header of another table stands."""
    for at, line in enumerate(waiting):
        if not is_header(text, line) or len(text.cells[line]) < 2:
            continue
        first = text.cells[line][0].plain
        if table.header is None or not (
            SUBJECT.search(first)
            or "critical" in first.casefold()
            or first == text.cells[table.header][0].plain
        ):
            return at
    return None


def _joined(text: Text, row: Row | None, waiting: list[int]) -> Row | None:
    """A row together with the line above, where its label began there."""
    if row is None or not waiting:
        return row
    above = waiting[-1]
    cells = parts(text, above)
    single = len(cells) == 1 and not is_header(text, above)
    if above != row.lines[0] - 1 or not single or not cells[0].plain[0].isupper():
        return row
    begun = strip_label(cells[0].plain)
    label = strip_label(f"{squeeze(cells[0].printed)} {row.label}")
    wrapped = row.label[:1].islower() or is_open(begun)
    if not wrapped and (known_as(row.label) or not known_as(label)):
        return row
    waiting.pop()
    return row._replace(lines=(above, *row.lines), label=label)


def _next_to(table: Table | None, row: Row) -> bool:
    """Whether a row that reads as a sentence stands directly below the rows of a table."""
    headed = table is not None and table.header is not None
    return headed and row.lines[0] == table.last + 1


def _is_criterion(text: Text, table: Table | None, waiting: list[int], row: Row) -> bool:
    """Whether a row is of a table of criteria, which may be worded as sentences."""
    header = _above(text, waiting)[0] if table is None else table.header
    return (
        header is not None
        and _is_cell(row)
        and "criteri" in text.words[header].casefold()
        and row.label[:1].isupper()
        and is_clause(row.label)
    )


def _is_cell(row: Row) -> bool:
    """Whether the rating of a row stands in a cell of its own."""
    return row.strength == STRONG and bool(row.cells)


def _not_understood(text: Text, table: Table | None, line: int, waiting: list[int]) -> bool:
    """Whether a line has the cells of a row, directly below a row, but no rating."""
    before = waiting[-1] if waiting else None if table is None else table.last
    if before is None or line != before + 1 or text.is_rule(line) or is_header(text, line):
        return False
    labels = [strip_label(cell.plain) for cell in parts(text, line)]
    if len(labels) < 2:
        return False
    if table is None:  # the first row of one
        return is_header(text, before) and any(map(_is_rated, labels))
    return any(map(is_label, labels))


def _goes_on(text: Text, table: Table | None, line: int) -> bool:
    """Whether a line is the rest of the label of the row above; it is then given to it."""
    if table is None or not table.rows:
        return False
    row = table.rows[-1]
    if row.lines[-1] != line - 1 or len(text.cells[line]) > 1 or row.strength < MARKED:
        return False
    words = squeeze(text.printed[line])
    label = f"{row.label} {words}"
    wrapped = words[0].islower() or words[0] == "(" or is_open(row.label)
    if not wrapped and not _makes_known(text, row.label, line):
        return False
    if not (is_label(label) or is_open(label) or is_clause(row.label)):
        return False
    table.rows[-1] = row._replace(lines=(*row.lines, line), label=label)
    return True


def _makes_known(text: Text, label: str, line: int) -> bool:
    """Whether a line, or it and the next, make a label that is known."""
    if known_as(label):
        return False
    for end in range(line, min(line + 2, len(text))):
        label = f"{label} {squeeze(text.printed[end])}"
        if known_as(label):
            return True
    return False


def _between(text: Text, line: int) -> bool:
    """Whether a line may stand between the rows of a table: a heading or the rest of a label."""
    if text.is_rule(line) or is_header(text, line):
        return True
    words = text.words[line]
    cells = parts(text, line)
    label = strip_label((cells[0].plain if cells else words).strip(" |:"))
    return (
        len(cells) <= 1
        and len(words) <= _LONGEST_BETWEEN
        and not BULLET.match(words)
        and (is_label(label) or is_open(label))
    )


def _above(text: Text, waiting: list[int]) -> tuple[int | None, list[int]]:
    """The header of a table, and the lines from it on."""
    for at in range(len(waiting) - 1, -1, -1):
        if is_header(text, waiting[at]):
            if at and is_header(text, waiting[at - 1]):  # a header of two lines
                at -= 1
            return waiting[at], waiting[at:]
    alone = [
        at for at, line in enumerate(waiting) if HEADER.fullmatch(text.words[line].strip(" *:|"))
    ]
    if alone:  # each cell of the header on a line of its own
        return waiting[alone[-1]], waiting[max(0, alone[-1] - 1) :]
    return None, waiting[-2:]
