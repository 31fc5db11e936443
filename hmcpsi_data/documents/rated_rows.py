"""Tables with a column of a scale's words: ratings of things, and progress of recommendations.

A row is a line of which a cell, or the last or first word, is a word of a scale; the rest is a
label or an action. Rows that follow each other make a table. A row of ratings is certain where its
label is known, or where a heading says what the table is and half of its labels are known; a row of
progress where a heading says what kind of action the table lists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from hmcpsi_data.documents.actions import ENTRY, action_kind
from hmcpsi_data.documents.claims import Claim, Claims
from hmcpsi_data.documents.text import NUMBERED, squeeze
from hmcpsi_data.documents.vocabulary import is_label, strip_label

__all__ = ["names_columns", "read_rows"]

_OURS = re.compile(r"\b(?:aspects?|criteri(?:a|on)|sections?)\b", re.IGNORECASE)
_HEAD = re.compile(
    r"\b(?:aspects?|criteri(?:a|on)|sections?|assess(?:ment|ed)|ratings?|scores?|levels?|grades?"
    r"|marks?|judge?ments?|20[0-9]{2}|progress|recommendations?|status)\b",
    re.IGNORECASE,
)
_OVERALL = re.compile(
    r"(?:the )?(?:area )?(?:overall(?: (?:performance|assessment|rating|score|grade|mark|judge?ment"
    r"|level))*(?: \(OPA\))?|OPA)",
    re.IGNORECASE,
)
_OTHER_COLUMN = re.compile(r"\b(?:national|average|self|previous|last|draft|all areas)\b", re.I)
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
_TAIL = 70  # characters at the end of a line in which a rating may stand
_NOT_CRITICAL = re.compile(
    r"\bnon-?\s?critical|\bnot critical|\b(?:other|defining|remaining)\b.*\baspect", re.IGNORECASE
)
_GAP = 2  # headings that may stand between two rows of a table
_SEVERAL = 3  # rows that make a table without any other sign

UNKNOWN_LABEL = "its label is none that a framework of this record has"
MAY_GO_ON = "its label may go on in the line above or below"
NO_KIND = "no heading says whether it is a recommendation"
NO_PROGRESS = "an action without a rating of progress that is known here"
NO_TABLE = "it stands in no table and no sentence that rates"
COLUMN = "it is not clear which of the columns is that of this inspection"
NOT_IN_COLUMN = "the row has no rating in the column of this inspection's ratings"
NOT_UNDERSTOOD = "the row gives no rating that is understood"
SEVERAL_AREAS = "a table of several Areas; a document is read for one Area"
COLUMN_OF_AREA = "each column is of an Area of its own; this one is of"


@dataclass
class Row:
    """A label with the words of a scale that stand beside it, by the column of each."""

    label: str
    words: dict[int, str]
    lines: list[int]
    width: int = 1  # cells of the line
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


def read_rows(claims: Claims, areas: re.Pattern[str]) -> None:
    """Add the claims of all tables, of ratings and of progress."""
    for table in _tables(claims):
        if not table.rows:
            continue
        if table.rows[0].progress:
            _add_progress(claims, table)
        else:
            _add_ratings(claims, table, areas)


def _tables(claims: Claims) -> list[Table]:
    """All tables: rows, the headings over and between them, and rows that lack a rating."""
    text = claims.text
    tables, between = [Table()], list[int]()
    table: Table | None = None
    for line in text.filled():
        if text.roles[line] == "rule":
            continue
        if names_columns(claims, line):
            table = Table(heads=_above(claims, line, tables[-1]), header=_header(claims, line))
            table.heads.append(line)
            tables.append(table)
            between = []
            continue
        rows = _rows(claims, line, between[-1] if between else None)
        if rows and (table is None or (table.rows and table.rows[0].progress != rows[0].progress)):
            table = Table(heads=_above(claims, rows[0].lines[0], tables[-1]))
            tables.append(table)
        if rows:
            assert table is not None
            table.heads += [one for one in between if one not in rows[0].lines]
            table.rows += rows
            between = []
        elif table is not None and _lacks_word(claims, line):
            table.lacking.append(line)
        elif text.roles[line] == "heading" and (table is None or len(between) < _GAP):
            between = [*between[-1:], line] if table is None else [*between, line]
        else:
            table, between = None, []
    return tables


def _rows(claims: Claims, line: int, above: int | None) -> list[Row]:
    """The rows of one line: one as a rule, several where a rating stands before its labels."""
    words, text = claims.words, claims.text
    cells, plain = text.cells[line], text.words[line]
    if not (words.rating_word.search(plain) or words.progress_word.search(plain)):
        return []
    if sum(bool(cell.plain) for cell in cells) > 1:
        return _row_of_cells(claims, line)
    bare = _BESIDE.sub("", plain) if len(plain) <= _TAIL else ""
    if rating := words.rating_of(bare):
        label = "" if above is None else strip_label(text.shown(above))
        known = words.meant(label) or _OVERALL.fullmatch(label)
        if known and above is not None and line - above <= _GAP:
            return [Row(label, {0: rating}, [above, line], marked=True)]
        return []
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
    ratings, progress = (
        list(pattern.finditer(plain, start)) for pattern in (words.rating_word, words.progress_word)
    )
    numbered = NUMBERED.match(plain)
    last = next(reversed(ratings or progress), None)
    several = len(words.rating_word.findall(plain)) > 1  # a list, or a sentence
    if (
        last is None
        or several
        or _BESIDE.sub("", plain[last.end() :]).strip(" .;,'\"*_)]") not in {"", "and"}
    ):
        return []
    if not ratings:
        shown = claims.text.shown(line)[: last.start()]
        if numbered is None or not last[0][0].isupper() or len(shown) - numbered.end() < 4:
            return []
        row = Row(squeeze(shown[numbered.end() :]), {0: words.progress_of(last[0]) or ""}, [line])
        row.progress, row.number = True, int(numbered[1])
        return [row]
    before = plain[: last.start()].rstrip()
    closed = before.rstrip("\"'*_([ ")
    label = strip_label(claims.text.shown(line)[: len(closed)])
    label = re.sub(r"(?i)\s+(?:rated|assessed|scored)(?: as)?$", "", label)
    if not label or not is_label(label):
        return []
    marked = closed[-1:] in tuple(":-.…|,;†") or len(closed) < len(before)
    return [Row(label, {0: words.rating_of(last[0]) or ""}, [line], marked=marked)]


def _row_of_cells(claims: Claims, line: int) -> list[Row]:
    """A line of several cells, one of which is a word of a scale."""
    words, cells = claims.words, claims.text.cells[line]
    plain = [_BESIDE.sub("", cell.plain) for cell in cells]
    found = {at: word for at, cell in enumerate(plain) if (word := words.rating_of(cell))}
    progress = not found
    if progress:
        found = {at: word for at, cell in enumerate(plain) if (word := words.progress_of(cell))}
    others = [
        at for at, cell in enumerate(cells)
        if at not in found and re.search(r"[^\W\d_]", strip_label(cell.plain)[1:])
    ]  # fmt: skip
    if not found or not others:
        return []
    at = max(others, key=lambda one: len(cells[one].plain)) if progress else others[0]
    spaced = not set("\t|") & set(claims.text.plain[line])
    row = Row(strip_label(cells[at].printed), found, [line], len(cells) if spaced else 0, True)
    if not progress:
        return [row] if is_label(row.label) or words.meant(row.label) else []
    row.progress, row.label = True, squeeze(cells[at].printed)
    if number := ENTRY.match(cells[0].plain) or NUMBERED.match(cells[0].plain):
        row.number = int(number["number"] if number.re is ENTRY else number[1])
        if at == 0:
            start = number.start("rest") if number.re is ENTRY else number.end()
            row.label = squeeze(cells[0].printed[start:])
    return [row]


def names_columns(claims: Claims, line: int) -> bool:
    """Whether a line names what stands in the columns below it."""
    cells = [cell.plain for cell in claims.text.cells[line]]
    rated = any(claims.words.rating_of(cell) or claims.words.progress_of(cell) for cell in cells)
    if len(cells) == 1:
        return len(cells[0].split()) < 4 and len(_HEAD.findall(cells[0])) > 1
    return (
        not rated
        and len(max(cells, key=len, default="")) < _TAIL
        and any(map(_HEAD.search, cells))
        and not (_lacks_word(claims, line))
    )


def _header(claims: Claims, line: int) -> list[str]:
    cells = [cell.plain for cell in claims.text.cells[line]]
    return cells if len(cells) > 1 else []


def _lacks_word(claims: Claims, line: int) -> bool:
    """Whether a line is a row of a table whose rating is missing or is not understood."""
    cells = [cell.plain for cell in claims.text.cells[line] if cell.plain]
    if len(cells) == 1:
        label, _, word = cells[0].rpartition(" ")
        return word[:1].isupper() and bool(claims.words.meant(strip_label(label)))
    if not 1 < len(cells) <= 4:
        return False
    if NUMBERED.match(cells[0]) or ENTRY.match(cells[0]):
        return not _HEAD.search(cells[-1])
    label = strip_label(cells[0])
    known = bool(claims.words.meant(label))
    return known or (len(cells[-1]) < 24 and is_label(label) and not any(map(_HEAD.search, cells)))


def _above(claims: Claims, line: int, before: Table) -> list[int]:
    """The headings right above a line, up to the table before."""
    text, heads = claims.text, list[int]()
    taken = {one for row in before.rows for one in row.lines}
    for other in reversed(list(text.filled(max(0, line - 12), line))[-4:]):
        if other in taken or text.roles[other] not in {"heading", "row", "rule"}:
            break
        heads.insert(0, other)
    return heads


# Claims ------------------------------------------------------------------------------------------


def _add_progress(claims: Claims, table: Table) -> None:
    """Add the actions that a column of progress rates, and those whose progress is not known."""
    text = claims.text
    named = [kind for line in table.heads if (kind := action_kind(text.words[line]))]
    counted = 0
    lacking = [Row("", {}, [line], progress=True) for line in table.lacking]
    for row in sorted([*table.rows, *lacking], key=lambda one: one.lines):
        counted += 1
        if not row.words:
            cells = [cell for cell in text.cells[row.lines[0]] if cell.plain]
            row.label = squeeze(max(cells[1:] or cells, key=lambda one: len(one.plain)).printed)
            number = ENTRY.match(cells[0].plain) or NUMBERED.match(cells[0].plain)
            row.number = (
                int(number["number"] if number.re is ENTRY else number[1]) if number else None
            )
        if len(row.label) < 3:
            continue
        progress = next(iter(row.words.values())) if len(set(row.words.values())) == 1 else None
        claim = claims.add(
            "actions", row.lines, kind=named[-1] if named else "recommendation",
            number=row.number or counted, text=row.label, progress=progress,
        )  # fmt: skip
        if progress is None:
            claim.doubt(NO_PROGRESS)
        if not named:
            claim.doubt(NO_KIND)
        claims.used.update(row.lines)
    claims.used.update(line for line in table.heads if len(text.cells[line]) > 1)


def _add_ratings(claims: Claims, table: Table, areas: re.Pattern[str]) -> None:
    text, words, rows = claims.text, claims.words, table.rows
    heads = [text.words[line] for line in table.heads]
    known = [bool(words.meant(row.label) or _OVERALL.fullmatch(row.label)) for row in rows]
    ours = any(map(_OURS.search, heads)) or bool(table.header)
    if not any(known) and not ours and not all(row.marked for row in rows):
        return  # prose, for all that is known: the words are looked at again in their sentences
    named = [bool(areas.fullmatch(re.sub(r"(?i)^cps |\*", "", row.label))) for row in rows]
    lines = [line for row in rows for line in row.lines]
    of_areas = bool(table.header) and bool(
        re.match(r"(?i)(?:cps )?(?:area|unit|borough)", table.header[0])
    )
    claims.used.update(line for line in table.heads if len(text.cells[line]) > 1)
    if of_areas or (sum(named) * 2 >= len(rows) and not any(known)):
        claims.used.update(lines)
        claims.add("ratings", lines, SEVERAL_AREAS, label=None, rating=None)
        return
    loose = {line for line in range(len(text)) if text.roles[line] == "heading"}
    loose -= {*lines, *table.heads, *table.lacking}
    column, why = _column(table)
    critical: bool | None = None
    between = sorted(table.heads)
    for row, is_known in zip(rows, known, strict=True):
        while between and between[0] < row.lines[0]:
            critical = _critical(text.words[between.pop(0)], critical)
        for claim in _claims_of(claims, table, row, column, why):
            _mark(claim, row.label, critical)
            if not is_known and not (ours and sum(known) * 2 >= len(rows)):
                claim.doubt(UNKNOWN_LABEL)
            if not is_known and _may_go_on(claims, row, loose):
                claim.doubt(MAY_GO_ON)
            if not row.marked and not ours and len(rows) < _SEVERAL:
                claim.doubt(NO_TABLE)
        claims.used.update(row.lines)
    for line in table.lacking:
        label = next(cell.printed for cell in text.cells[line] if cell.plain)
        claim = claims.rating([line], label, None)
        claim.about = "table"
        claim.doubt(NOT_UNDERSTOOD)
        claims.used.add(line)


def _claims_of(claims: Claims, table: Table, row: Row, column: int | None, why: str) -> list[Claim]:
    """The claims of a row: of the column of this inspection, or one of each Area's column."""
    shift = row.width - len(table.header) if row.width and table.header and column else 0
    columns = [column] if why != COLUMN_OF_AREA else list(row.words)
    made = []
    for at in columns:
        told = row.words.get(at) if at is not None else [*row.words.values()][-1]
        claim = claims.rating(row.lines, row.label, told or [*row.words.values()][-1])
        claim.about, claim.quoted = "table", row.marked
        if why == COLUMN_OF_AREA:
            claim.context = table.header[at or 0] if (at or 0) < len(table.header) else ""
            claim.doubt(f"{why} {claim.context}")
        elif why or shift not in {0, 1}:
            claim.doubt(why or COLUMN)
        elif told is None:
            claim.doubt(NOT_IN_COLUMN)
        made.append(claim)
    return made


def _column(table: Table) -> tuple[int | None, str]:
    """The column of this inspection's ratings, or why that is not clear."""
    widths = {row.width for row in table.rows if row.width}
    shift = int(bool(table.header) and widths == {len(table.header) + 1})  # no head over labels
    heads = dict(enumerate(table.header, shift))
    columns = sorted({at for one in table.rows for at in one.words})
    if sum(bool(_AREA.search(heads.get(at, ""))) for at in columns) > 1:
        return columns[-1], COLUMN_OF_AREA
    dated = {at: max(_YEAR.findall(head)) for at, head in heads.items() if _YEAR.search(head)}
    if len(dated) > 1:
        return max(dated, key=dated.__getitem__), ""
    if len(columns) < 2 or all(len(one.words) == 1 for one in table.rows):
        return None, ""
    own = [at for at in columns if at in heads and not _OTHER_COLUMN.search(heads[at])]
    if len(own) == 1 and set(columns) <= set(heads):
        return own[0], ""
    return columns[-1], COLUMN


def _mark(claim: Claim, label: str, critical: bool | None) -> None:
    """Say of a row whether it is the overall rating, or a critical aspect."""
    if _OVERALL.fullmatch(label):
        claim.row["level"] = "overall"
    else:
        claim.row["is_critical"] = critical


def _critical(heading: str, before: bool | None) -> bool | None:
    if _NOT_CRITICAL.search(heading):
        return False
    return True if re.search(r"(?i)\bcritical\b", heading) else before


def _may_go_on(claims: Claims, row: Row, loose: set[int]) -> bool:
    """Whether a line that touches a row may be a part of its label."""
    above = claims.text.words[row.lines[0] - 1] if row.lines[0] else ""
    return bool({row.lines[0] - 1, row.lines[-1] + 1} & loose) or above.endswith(
        (" and", " of", " the", " in", " to")
    )
