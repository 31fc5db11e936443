"""Tables with a column of a scale's words or of answers: ratings of things, and actions.

A rating is certain where its label is known, or a heading says what the table is and half of its
labels are known; an action where a heading says of what kind it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from hmcpsi_data.documents.actions import (
    ENTRY,
    KIND_UNCLEAR,
    MARK,
    UNCLEAR,
    action_kind,
    numbered,
)
from hmcpsi_data.documents.claims import OF_THIS, Claim, Claims
from hmcpsi_data.documents.text import either, squeeze
from hmcpsi_data.documents.vocabulary import is_label, stems, strip_label

__all__ = ["names_columns", "read_rows"]

_OURS = either(r"aspects?|criteri(?:a|on)|sections?")
_HEAD = either(
    r"aspects?|criteri(?:a|on)|sections?|assess(?:ment|ed)|ratings?|scores?|levels?|grades?"
    r"|marks?|judge?ments?|20[0-9]{2}|years?|progress|recommendations?|issues?|status"
)
_OVERALL = re.compile(
    r"(?:the )?(?:area )?(?:overall(?: (?:performance|assessment|rating|score|grade|mark|judge?ment"
    r"|level))*(?: \(OPA\))?|OPA)",
    re.IGNORECASE,
)
# What may stand beside a word of a scale in its cell.
_BESIDE = re.compile(
    r"\((?:improved|improving|declined|declining|stable|unchanged|same|critical)\)|[↑↓→↔▲▼►]"
    r"|\(?\[?[0-9]{1,2}[\])]|†+|^rated |(?<=[a-z])[0-9]$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b20[0-9]{2}\b")
_AREA = re.compile(r"\bCPS [A-Z]|\b[A-Z]\w+ Area\b")
_FIRST = re.compile(
    r"[\"'*_([•▪ -]*(?P<word>[A-Za-z]+(?: [a-z]+)?)(?P<gap>[\"'*_)\]]{0,3}\s?(?::|-(?= )|for )\s*)"
)
_RATED = either(r"rating|progress|status|assessment|position|outcome|result")
_CLOSE, _AND = " .;,'\"*_)]", ("", "and")
_TAIL = 70  # characters at the end of a line in which a rating may stand
_NOT_CRITICAL = re.compile(
    r"\bnon-?\s?critical|\bnot critical|\b(?:other|defining|remaining)\b.*\baspect", re.IGNORECASE
)
_GAP = 2  # headings that may stand between two rows of a table
_SEVERAL = 3  # rows that make a table without any other sign

# A label that goes on, and a line above that may be the beginning of one.
_GOES_ON = ("and ", "of ", "in ", "or ", "(")
_TO_GO_ON = (" and", " of", " the", " in", " to")

SEVERAL_AREAS = "a table of several Areas; a document is read for one Area"
COLUMN = "it is not clear which of the columns is that of this inspection"
COLUMN_OF_AREA = "each column is of an Area of its own; this one is of"


@dataclass
class Row:
    """A label with the words of a scale that stand beside it, by the column of each."""

    label: str
    words: dict[int, str]
    lines: list[int]
    width: int = 0  # cells of the line
    spaced: bool = False  # only spaces part them: an empty one is not seen
    marked: bool = False  # a mark, a tab or a gap stands between label and rating
    progress: bool = False
    number: int | None = None


@dataclass
class Table:
    """Rows that follow each other, with the lines above and between them."""

    rows: list[Row] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    lacking: list[int] = field(default_factory=list)

    def column(self, meant: Callable[[str], object]) -> int | None:
        """The last column whose head is meant."""
        return next((at for at, head in reversed([*enumerate(self.header)]) if meant(head)), None)

    @cached_property
    def width(self) -> int:
        """The cells of the widest row, asked for when all rows are there."""
        return max((row.width for row in self.rows), default=0)

    def head(self, at: int) -> str:
        """The head of a column; the heads end where the widest row ends, not where it begins."""
        at -= max(0, self.width - len(self.header))
        return self.header[at] if 0 <= at < len(self.header) else ""

    @property
    def answers(self) -> int | None:
        """The column of the answers to actions."""
        return self.column(lambda head: MARK.fullmatch(head.rstrip(":")))


def read_rows(claims: Claims, areas: re.Pattern[str]) -> None:
    """Add the claims of all tables, of ratings and of actions."""
    for table in _tables(claims):
        lists = table.column(action_kind) is not None and not any(map(_RATED.search, table.header))
        if table.rows and not table.rows[0].progress:
            _add_ratings(claims, table, areas)
        elif table.rows or (table.lacking and lists):
            _add_actions(claims, table)


def _tables(claims: Claims) -> list[Table]:
    """All tables: rows, the headings over and between them, and rows that lack a word."""
    text = claims.text
    tables, between = [Table()], list[int]()
    table: Table | None = None
    for line in text.filled():
        role = text.roles[line]
        if role == "rule":
            continue
        if names_columns(claims, line):
            cells = [cell.plain for cell in text.cells[line]]
            header = cells if len(cells) > 1 else []
            table = Table(heads=[*_above(claims, line, tables[-1]), line], header=header)
            tables.append(table)
            between = []
            continue
        rows = _rows(claims, line, between[-1] if between else None)
        if rows and (table is None or (table.rows and table.rows[0].progress != rows[0].progress)):
            table = Table(heads=_above(claims, rows[0].lines[0], tables[-1]))
            tables.append(table)
        if rows and table is not None:
            table.heads += [one for one in between if one not in rows[0].lines]
            table.rows += rows
            between = []
        elif table is not None and (
            _lacks_word(claims, line) or (role == "row" and table.answers is not None)
        ):
            table.lacking.append(line)
        elif role == "heading" and (table is None or len(between) < _GAP):
            between = [*between[-1:], line] if table is None else [*between, line]
        else:
            table, between = None, []
    return tables


def _above(claims: Claims, line: int, before: Table) -> list[int]:
    """The headings right above a line, up to the table before."""
    text, heads = claims.text, list[int]()
    taken = {one for row in before.rows for one in row.lines}
    for other in reversed(list(text.filled(max(0, line - 12), line))[-4:]):
        if other in taken or text.roles[other] not in {"heading", "row", "rule"}:
            break
        heads.insert(0, other)
    return heads


def names_columns(claims: Claims, line: int) -> bool:
    """Whether a line names what stands in the columns below it."""
    cells = [cell.plain for cell in claims.text.cells[line]]
    if len(cells) == 1:
        return len(cells[0].split()) < 4 and len(_HEAD.findall(cells[0])) > 1
    rated = any(claims.words.rating_of(cell) or claims.words.progress_of(cell) for cell in cells)
    short = len(max(cells, key=len, default="")) < _TAIL
    labels = sum(bool(claims.words.meant(strip_label(cell))) for cell in cells)
    named = any(map(_HEAD.search, cells)) and not _lacks_word(claims, line)
    return short and not rated and (named or labels > 1)


def _lacks_word(claims: Claims, line: int) -> bool:
    """Whether a line is a row of a table whose rating is missing or is not understood."""
    cells = [cell.plain for cell in claims.text.cells[line] if cell.plain]
    if len(cells) == 1:
        label, _, word = cells[0].rpartition(" ")
        return word[:1].isupper() and bool(claims.words.meant(strip_label(label)))
    if not 1 < len(cells) <= 4:
        return False
    if numbered(cells[0])[0] is not None:
        return not _HEAD.search(cells[-1])
    label = strip_label(cells[0])
    plain = len(cells[-1]) < 24 and is_label(label) and not any(map(_HEAD.search, cells))
    return plain or bool(claims.words.meant(label))


# Rows --------------------------------------------------------------------------------------------


def _rows(claims: Claims, line: int, above: int | None) -> list[Row]:
    """The rows of one line: one as a rule, several where a rating stands before its labels."""
    words, text, plain = claims.words, claims.text, claims.text.words[line]
    if not (words.rating_word.search(plain) or words.progress_word.search(plain)):
        return []
    if text.roles[line] == "row":
        return _row_of_cells(claims, line)
    bare = _BESIDE.sub("", plain) if len(plain) <= _TAIL else ""
    if rating := words.rating_of(bare):
        label = "" if above is None or line - above > _GAP else strip_label(text.shown(above))
        known = words.meant(label) or _OVERALL.fullmatch(label)
        return [Row(label, {0: rating}, [above or 0, line], marked=True)] if known else []
    first = _FIRST.match(plain)
    if first and (rating := words.rating_of(first["word"])):
        whole = plain[first.end() :].rstrip(" .;")
        parts = [whole] if words.meant(whole) else re.split(r", and |, | and ", whole)
        if all(words.meant(strip_label(part)) for part in parts):
            return [Row(strip_label(part), {0: rating}, [line], marked=True) for part in parts]
    return _row_that_ends(claims, line)


def _row_that_ends(claims: Claims, line: int) -> list[Row]:
    """A line of one cell that ends in a word of a scale."""
    words, plain = claims.words, claims.text.words[line]
    start = max(0, len(plain) - _TAIL)
    ratings = list(words.rating_word.finditer(plain, start))
    last = next(reversed(ratings or [*words.progress_word.finditer(plain, start)]), None)
    several = len(words.rating_word.findall(plain)) > 1  # a list, or a sentence
    if last is None or several or _BESIDE.sub("", plain[last.end() :]).strip(_CLOSE) not in _AND:
        return []
    closed = plain[: last.start()].rstrip("\"'*_([ ")
    shown = claims.text.shown(line)[: len(closed)]
    if not ratings:
        number, at = numbered(plain)
        shown = re.sub(r"(?i)[\s:–-]*(?:(?:progress|status|rating)[\s:–-]*)?$", "", shown[at:])
        row = Row(squeeze(shown), {0: words.progress_of(last[0]) or ""}, [line])
        row.progress, row.number = True, number
        return [row] if number and last[0][0].isupper() and len(row.label) > 3 else []
    label = re.sub(r"(?i)\s+(?:rated|assessed|scored)(?: as)?$", "", strip_label(shown))
    marked = closed[-1:] in tuple(":-.…|,;†") or len(closed) < len(plain[: last.start()].rstrip())
    row = Row(label, {0: words.rating_of(last[0]) or ""}, [line], marked=marked)
    return [row] if is_label(label) else []


def _row_of_cells(claims: Claims, line: int) -> list[Row]:
    """A line of several cells, one of which is a word of a scale."""
    words, cells = claims.words, claims.text.cells[line]
    plain = [_BESIDE.sub("", cell.plain) for cell in cells]
    found = {at: word for at, cell in enumerate(plain) if (word := words.rating_of(cell))}
    labels = [strip_label(cell.printed) for cell in cells]
    label = next((one for at, one in enumerate(labels) if at not in found and one[1:2]), "")
    if not found:
        row = _action_row(claims, line, None)
        return [row] if row.words and row.label else []
    spaced = not set("\t|") & set(claims.text.plain[line])
    known = is_label(label) or words.meant(label)
    return [Row(label, found, [line], len(cells), spaced, True)] if known else []


def _action_row(claims: Claims, line: int, column: int | None) -> Row:
    """The number, the words and the progress of an action in a line of cells."""
    cells = claims.text.cells[line]
    found = {at: word for at, c in enumerate(cells) if (word := claims.words.progress_of(c.plain))}
    others = [at for at, cell in enumerate(cells) if at not in found and cell.plain]
    number, start = numbered(cells[0].plain)
    if column not in others:
        column = max(others, key=lambda at: len(cells[at].plain), default=0)
    shown = squeeze(cells[column].printed[0 if column else start :])
    return Row(shown if others else "", found, [line], progress=True, number=number)


# Claims ------------------------------------------------------------------------------------------


def _add_actions(claims: Claims, table: Table) -> None:
    """Add the actions of a table with their progress, or with their answers."""
    text = claims.text
    kinds = [kind for line in table.heads if (kind := action_kind(text.words[line]))]
    column, answers = table.column(action_kind), table.answers
    rows = [*table.rows, *(_action_row(claims, line, column) for line in table.lacking)]
    for place, row in enumerate(sorted(rows, key=lambda one: one.lines), 1):
        cells, words = text.cells[row.lines[0]], set(row.words.values())
        if len(row.label) < 3:
            continue
        own = ENTRY.match(text.words[row.lines[0]])
        kind = kinds[-1] if kinds else own and action_kind(own["kind"])
        number = row.number or place
        progress = words.pop() if len(words) == 1 else None
        claim = claims.add(
            "actions", row.lines, kind=kind or "recommendation", number=number, text=row.label,
            progress=progress,
        )  # fmt: skip
        if table.rows and progress is None:
            claim.doubt("an action without a rating of progress that is known here")
        if any(KIND_UNCLEAR.search(text.words[line]) for line in table.heads):
            claim.doubt(UNCLEAR)
        if kind is None:
            claim.doubt("no heading says whether it is a recommendation")
        if answers is not None and answers < len(cells) and cells[answers].plain:
            told = squeeze(cells[answers].printed)
            claims.add("responses", row.lines, claim.why, number=number, text=told)
        claims.used.update(row.lines)
    claims.used.update(line for line in table.heads if text.roles[line] == "row")


def _add_ratings(claims: Claims, table: Table, areas: re.Pattern[str]) -> None:
    """Add the ratings of a table, each with what speaks against it."""
    text, words, rows = claims.text, claims.words, table.rows
    known = [bool(words.meant(row.label) or _OVERALL.fullmatch(row.label)) for row in rows]
    ours = bool(table.header) or any(_OURS.search(text.words[line]) for line in table.heads)
    if not any(known) and not ours and not all(row.marked for row in rows):
        return  # prose, for all that is known: the words are looked at again in their sentences
    claims.used.update(line for row in rows for line in row.lines)
    claims.used.update(line for line in table.heads if text.roles[line] == "row")
    named = [bool(areas.fullmatch(re.sub(r"(?i)^cps |\*", "", row.label))) for row in rows]
    of_areas = table.header and re.match(r"(?i)(?:cps )?(?:area|unit|borough)", table.header[0])
    if of_areas or (sum(named) * 2 >= len(rows) and not any(known)):
        lines = [line for row in rows for line in row.lines]
        claims.add("ratings", lines, SEVERAL_AREAS, label=None, rating=None)
        return
    column, why = _column(table)
    critical: bool | None = None
    between = sorted(table.heads)
    for row, is_known in zip(rows, known, strict=True):
        while between and between[0] < row.lines[0]:
            critical = _critical(text.words[between.pop(0)], critical)
        for claim in _claims_of(claims, table, row, column, why):
            if _OVERALL.fullmatch(row.label):
                claim.row["level"] = "overall"
            else:
                claim.row["is_critical"] = critical
            new = ours and sum(known) * 2 >= len(rows)  # a criterion that no set has yet
            new = new and not any(span.known for span in words.spans(row.label))
            if not is_known and not new:
                claim.doubt("its label is none that a framework of this record has")
            above = text.words[row.lines[0] - 1] if row.lines[0] else ""
            if row.label.startswith(_GOES_ON) or above.endswith(_TO_GO_ON):
                claim.doubt("its label may go on in the line above or below")
            if not row.marked and not ours and len(rows) < _SEVERAL:
                claim.doubt("it stands in no table and no sentence that rates")
    for line in table.lacking:
        label = next(cell.printed for cell in text.cells[line] if cell.plain)
        claim = claims.rating([line], label, None)
        claim.about = "table"
        claim.doubt("the row gives no rating that is understood")
        claims.used.add(line)


def _claims_of(claims: Claims, table: Table, row: Row, column: int | None, why: str) -> list[Claim]:
    """The claims of a row: of the column of this inspection, or one of each Area's column."""
    surplus = table.width - len(table.header) if table.header and column is not None else 0
    unclear = surplus > 1 or (column is not None and row.spaced and row.width != table.width)
    cells = [[cell.plain for cell in claims.text.cells[line]] for line in table.heads]
    above = " ".join(" ".join(one) for one in cells if len(one) > 1 and one != table.header)
    made = []
    for at in [column] if why != COLUMN_OF_AREA else list(row.words):
        told = row.words.get(at) if at is not None else [*row.words.values()][-1]
        claim = claims.rating(row.lines, row.label, told or [*row.words.values()][-1])
        claim.about, claim.quoted = "table", row.marked
        head = table.head(max(row.words) if at is None else at)
        claim.doubt(f"{why} {head}" if why == COLUMN_OF_AREA else why)
        claim.context = f"{above} {head}".strip()
        if unclear or told is None:
            claim.doubt(COLUMN)
        made.append(claim)
    return made


def _column(table: Table) -> tuple[int | None, str]:
    """The column of this inspection's ratings, or why that is not clear."""
    heads = {at: head for at in range(table.width) if (head := table.head(at))}
    columns = sorted({at for one in table.rows for at in one.words})
    if sum(bool(_AREA.search(heads.get(at, ""))) for at in columns) > 1:
        return columns[-1], COLUMN_OF_AREA
    dated = {at: max(_YEAR.findall(head)) for at, head in heads.items() if _YEAR.search(head)}
    if len(dated) > 1:
        return max(dated, key=dated.__getitem__), ""
    if len(columns) < 2 or all(len(one.words) == 1 for one in table.rows):
        return None, ""
    own = [at for at in columns if stems(heads.get(at, "other")) <= OF_THIS]
    return (own or columns)[-1], "" if len(own) == 1 and set(columns) <= set(heads) else COLUMN


def _critical(heading: str, before: bool | None) -> bool | None:
    """Whether the rows below a heading are critical aspects."""
    if _NOT_CRITICAL.search(heading):
        return False
    return True if re.search(r"(?i)\bcritical\b", heading) else before
