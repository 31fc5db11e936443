"""Tables and lists of ratings: a label beside a word of a scale, with the heads over it."""

import re
from dataclasses import dataclass, field
from functools import cached_property

from hmcpsi_data.documents.actions import numbered
from hmcpsi_data.documents.claims import Claim, Claims, is_label, same, strip_label
from hmcpsi_data.documents.prose import number
from hmcpsi_data.documents.text import either

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
_SOURCE = re.compile(r"(?i)\W*(?:source|note)s?\b")  # of the table, and no row of it
_SUMS_UP = either(
    "most|usual|mean|median|average|total|overall|best|worst|number|count|years?|last|previous|next"
    "|national|other|view|opinion|self|result"
)
_NOT_CRITICAL = re.compile(
    r"\bnon-?\s?critical|\bnot critical|\b(?:other|defining|remaining)\b.*\baspect", re.IGNORECASE
)
_CLOSE = " .;,'\"*_)]"
_TAIL = 70  # characters at the end of a line in which a rating may stand
_GAP = 2  # headings that may stand between two rows of a table

COLUMN = "it is not clear which of the columns is that of this inspection"
NO_RATING = "the row gives no rating that is understood"
NO_LABEL = "no table shows that it is rated, or no framework of this record has its label"


@dataclass
class _Row:
    label: str
    words: dict[int, str]  # of a scale, by the column of each
    line: int
    width: int = 1  # cells of the line
    marked: bool = False  # a mark, a tab or a gap stands between label and rating


@dataclass
class _Table:
    heads: list[int] = field(default_factory=list)  # above the rows and between them
    header: list[str] = field(default_factory=list)
    rows: list[_Row] = field(default_factory=list)
    lacking: list[int] = field(default_factory=list)

    @cached_property
    def width(self) -> int:
        return max((row.width for row in self.rows), default=0)

    @cached_property
    def columns(self) -> list[str]:
        """The head of each column; they end where the widest row ends, not where it begins."""
        return [*[""] * (self.width - len(self.header)), *self.header]


def read_lists(claims: Claims) -> None:
    """Add the claims of all tables and lists with a word of a scale."""
    text, tables, pending = claims.text, list[_Table](), list[int]()
    table: _Table | None = None
    for line in text.filled():
        if text.roles[line] == "rule":
            continue
        if claims.words.progress_word.search(text.words[line]):
            table, pending = None, []  # of an action, and no head
        elif _names_columns(claims, line):
            cells = [cell.plain for cell in text.cells[line]]
            above = table.heads if table and not table.rows else []
            table = _Table([*above, *pending, line], cells if len(cells) > 1 else [])
            tables.append(table)
            pending = []
        elif row := _row(claims, line):
            if table is None:
                tables.append(table := _Table())
            table.heads += pending
            table.rows.append(row)
            pending = []
        elif table and _lacks_word(claims, line):
            table.lacking.append(line)
        elif text.roles[line] in {"heading", "row"} and not (table and len(pending) >= _GAP):
            pending = [*pending[-3:], line]
        else:
            table, pending = None, []
    for table in tables:
        if table.rows:
            _add_ratings(claims, table)


def _names_columns(claims: Claims, line: int) -> bool:
    cells = [cell.plain for cell in claims.text.cells[line]]
    if len(cells) == 1:
        return len(cells[0].split()) < 4 and len(_HEAD.findall(cells[0])) > 1
    if any(claims.words.rating_of(cell) or claims.words.progress_of(cell) for cell in cells):
        return False
    labels = sum(bool(claims.words.meant(strip_label(cell))) for cell in cells)
    named = any(map(_HEAD.search, cells)) and not _lacks_word(claims, line)
    return len(max(cells, key=len, default="")) < _TAIL and (named or labels > 1)


def _lacks_word(claims: Claims, line: int) -> bool:
    """Whether a line is a row of a table whose rating is missing or is not understood."""
    cells = [cell.plain for cell in claims.text.cells[line] if cell.plain]
    if not 1 < len(cells) <= 4 or _SOURCE.match(cells[0]):
        return False
    if numbered(cells[0])[0] is not None:
        return not _HEAD.search(cells[-1])
    label = strip_label(cells[0])
    plain = len(cells[-1]) < 24 and is_label(label) and not any(map(_HEAD.search, cells))
    return plain or bool(claims.words.meant(label))


def _row(claims: Claims, line: int) -> _Row | None:
    words, text, plain = claims.words, claims.text, claims.text.words[line]
    if text.roles[line] == "row":
        cells = text.cells[line]
        beside = [_BESIDE.sub("", cell.plain) for cell in cells]
        found = {at: word for at, cell in enumerate(beside) if (word := words.rating_of(cell))}
        others = (strip_label(cell.printed) for at, cell in enumerate(cells) if at not in found)
        label = next((one for one in others if one[1:2]), "")
        known = _names(label) or words.meant(label)
        return _Row(label, found, line, len(cells), True) if found and known else None
    ratings = list(words.rating_word.finditer(plain))
    if len(ratings) != 1 or ratings[0].start() < len(plain) - _TAIL:  # a list, or a sentence
        return None
    start, end = ratings[0].span()
    if _BESIDE.sub("", plain[end:]).strip(_CLOSE) not in ("", "and"):
        return None
    rating = words.rating_of(ratings[0][0]) or ""
    ahead = plain[:start].rstrip("\"'*_([ ")
    label = strip_label(text.shown(line)[: len(ahead)])
    marked = ahead[-1:] in tuple(":-.…|,;†") or len(ahead) < len(plain[:start].rstrip())
    return _Row(label, {0: rating}, line, marked=marked) if _names(label) else None


def _names(label: str) -> bool:
    """Whether words can name what is rated; "Twelve" counts ratings."""
    return is_label(label) and number(label) is None


def _add_ratings(claims: Claims, table: _Table) -> None:
    """Add the ratings of a table, each with what speaks against it."""
    text, words, rows = claims.text, claims.words, table.rows
    known = [bool(words.meant(row.label) or _OVERALL.fullmatch(row.label)) for row in rows]
    ours = bool(table.header) or any(_OURS.search(text.words[line]) for line in table.heads)
    if not any(known) and not ours and not all(row.marked for row in rows):
        return  # prose, for all that is known: the words are looked at again in their sentences
    lines = [row.line for row in rows]
    claims.used.update(lines, table.lacking)
    claims.used.update(one for one in table.heads if text.roles[one] == "row")
    columns = _columns(table)
    named = any(map(_OURS.search, table.header)) and sum(known) * 2 >= len(rows)
    end = max([*lines, *table.lacking])
    critical, between = None, sorted(table.heads)
    for row, is_known in zip(rows, known, strict=True):
        while between and between[0] < row.line:
            heading = text.words[between.pop(0)]
            if re.search(r"(?i)\bcritical\b", heading) or _NOT_CRITICAL.search(heading):
                critical = not _NOT_CRITICAL.search(heading)
        # a new label is none to doubt between two rows of a table that says what it is
        new = named and lines[0] < row.line < end
        new = new and not _SUMS_UP.search(row.label) and not words.spans(row.label)
        why = "" if (is_known or new) and (row.marked or ours) else NO_LABEL
        for at in columns:
            claim = _claim(claims, table, row, at, why if len(columns) == 1 else COLUMN)
            claim.row["is_critical"] = critical
            if _OVERALL.fullmatch(row.label):
                claim.row |= {"level": "overall", "is_critical": None}
    for line in table.lacking:
        label = next(cell.printed for cell in text.cells[line] if cell.plain)
        claims.rating([line], label, None, NO_RATING).about = "table"


def _columns(table: _Table) -> list[int]:
    """The column of this inspection's ratings: the one there is, that of the last year, or all."""
    columns = sorted({at for row in table.rows for at in row.words})
    dated = {at: max(years) for at in columns if (years := _YEAR.findall(table.columns[at]))}
    if len(columns) > 1 and len(set(dated.values())) == len(columns):
        return [max(dated, key=dated.__getitem__)]
    return [-1] if all(len(row.words) == 1 for row in table.rows) else columns


def _claim(claims: Claims, table: _Table, row: _Row, at: int, why: str) -> Claim:
    """Add the claim of a row by the rating of one column."""
    at = max(row.words) if at < 0 else at
    spaced = not set("\t|") & set(claims.text.plain[row.line])
    if at not in row.words or (len(row.words) > 1 and spaced and row.width != table.width):
        why = why or COLUMN
    claim = claims.rating([row.line], row.label, row.words.get(at, row.words[max(row.words)]), why)
    claim.about = "table"
    # what stands over it: the head of its column, that of the labels, and the headings
    heads, own = table.heads, [""]
    rows = [line for line in heads if len(claims.text.cells[line]) > 1]
    if len(rows) == 1 and table.width - 1 <= len(table.header) <= table.width:
        heads = [line for line in heads if line not in rows]
        own = [table.columns[at], *table.header[: len(table.header) == table.width]]
    cells = claims.text.cells[row.line] if row.width > 1 else []
    others = (cell for n, cell in enumerate(cells) if n not in row.words)
    beside = (cell.plain for cell in others if same(strip_label(cell.printed)) != same(row.label))
    claim.over = (*own, *beside, *(claims.text.words[line] for line in heads))
    return claim
