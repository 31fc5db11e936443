"""Tables with a column of a scale's words: ratings of things, and progress of recommendations.

A row is a line whose last or first word, or one of whose cells, is a word of a scale, and whose
rest is a label or an action. Rows that follow each other make a table. A row is certain where its
label is known, or where a heading says what the table is and half of its labels are known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from hmcpsi_data.documents.actions import ENDS_LIST, ENTRY, action_kind
from hmcpsi_data.documents.claims import Claims
from hmcpsi_data.documents.text import NUMBERED, Text, squeeze
from hmcpsi_data.documents.vocabulary import is_label, strip_label

__all__ = ["read_rows"]

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
_DIRECTION = re.compile(
    r"\((?:improved|improving|declined|declining|stable|unchanged|same|critical)\)|[↑↓→↔▲▼►]"
    r"|\(?\[?[0-9]{1,2}[\])]|†+",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b20[0-9]{2}\b")
_TAIL = 70  # characters at the end of a line in which a rating may stand
_HEAD_OF_LINE = 30  # characters within which a rating before its labels ends
_PAIRED = re.compile(r"[\"'*_)\]]{0,3}\s?(?::|-(?= )|\t|for (?:the )?)\s*")
_NOT_CRITICAL = re.compile(
    r"\bnon-?\s?critical|\bnot critical|\b(?:other|defining|remaining)\b", re.I
)
_CRITICAL_MARK = re.compile(r"\s*[\[(]critical(?: aspect)?[\])]", re.IGNORECASE)
_GAP = 2  # lines with words that may stand between two rows of a table
_SHORT = 12  # words of a heading

UNKNOWN_LABEL = "its label is none that a framework of this record has"
MAY_GO_ON = "its label may go on in the line above or below"
NO_KIND = "no heading says whether it is a recommendation"
NO_PROGRESS = "an action without a rating of progress that is known here"
NO_TABLE = "it stands in no table and no sentence that rates"
COLUMN = "it is not clear which of the columns is that of this inspection"
NOT_IN_COLUMN = "the row has no rating in the column of this inspection's ratings"
NOT_UNDERSTOOD = "the row gives no rating that is understood"
SEVERAL_AREAS = "a table of several Areas; a document is read for one Area"


@dataclass
class Row:
    """A label with the words of a scale that stand beside it, by the column of each."""

    label: str
    ratings: dict[int, str]
    lines: list[int]
    marked: bool = False  # a mark, a tab or a gap stands between label and rating
    after: bool = True  # the rating stands behind its label
    width: int = 0  # cells from the label on, where only spaces part them
    critical: bool | None = None


@dataclass
class Table:
    """Rows that follow each other, with the lines between and above them."""

    rows: list[Row] = field(default_factory=list)
    heads: list[int] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    lacking: list[int] = field(default_factory=list)


def read_rows(claims: Claims, areas: re.Pattern[str]) -> None:
    """Add the claims of all tables, of ratings and of progress."""
    _read_progress(claims)
    rows = _rows(claims)
    for table in _tables(claims, rows):
        _add(claims, table, areas)


# Ratings -----------------------------------------------------------------------------------------


def _rows(claims: Claims) -> list[Row]:
    """Every line that may be a row, with lines above or below that its label needs."""
    text, words = claims.text, claims.words
    rows: list[Row] = []
    taken: set[int] = set(claims.used)
    filled = list(text.filled())
    for at, line in enumerate(filled):
        if line in taken or not words.rating_word.search(text.words[line]):
            continue
        for row in _row(claims, line):
            above = filled[at - 1] if at and filled[at - 1] not in taken else None
            below = filled[at + 1] if at + 1 < len(filled) else None
            if _completed(claims, row, above, below):
                rows.append(row)
                taken.update(row.lines)
    return rows


def _row(claims: Claims, line: int) -> list[Row]:
    """The rows of one line: one as a rule, several where a rating stands before its labels."""
    words, cells = claims.words, claims.text.cells[line]
    if sum(bool(cell.plain) for cell in cells) > 1:
        row = _row_of_cells(claims, line)
        return [row] if row else []
    text = claims.text.words[line]
    shown = squeeze(claims.text.printed[line])
    if words.rating_of(_DIRECTION.sub("", text[-_TAIL:]) if len(text) <= _TAIL else ""):
        return [Row("", {0: words.rating_of(_DIRECTION.sub("", text)) or ""}, [line], True)]
    first = words.rating_word.search(text, 0, _HEAD_OF_LINE)
    begins = first and not text[: first.start()].strip("\"'*_([-•▪ ")
    if first and begins and (gap := _PAIRED.match(text, first.end())):
        whole = text[gap.end() :].rstrip(" .;")
        parts = [whole] if words.meant(whole) else re.split(r", and |, | and ", whole)
        if all(words.meant(strip_label(part)) for part in parts):
            rating = words.ratings[_plain(first[0])]
            return [Row(part, {0: rating}, [line], True, after=False) for part in parts]
    start = max(0, len(text) - _TAIL)
    last = None
    for match in words.rating_word.finditer(text, start):
        last = match
    several = len(words.rating_word.findall(text)) > 1  # a list, or a sentence
    if last is None or several or len(shown) != len(text):
        return []
    rest = _DIRECTION.sub("", text[last.end() :]).strip(" .;,'\"*_)]")
    before = text[: last.start()].rstrip()
    if rest not in {"", "and"} or not before:
        return []
    quoted = before[-1:] in "\"'*([" and text[last.end() : last.end() + 1] in "\"'*)]"
    bare = before.rstrip("\"'*_([ ")
    marked = quoted or bare[-1:] in ":-.…|,;†" or bare.endswith("..")
    label = re.sub(
        r"(?i)\s+(?:rated|assessed|scored)(?: as)?$", "", strip_label(shown[: len(bare)])
    )
    return [Row(label, {0: words.ratings[_plain(last[0])]}, [line], marked)]


def _row_of_cells(claims: Claims, line: int) -> Row | None:
    cells = claims.text.cells[line]
    plain = [_DIRECTION.sub("", re.sub(r"(?i)^rated ", "", cell.plain)) for cell in cells]
    ratings = {
        at: rating for at, cell in enumerate(plain) if (rating := claims.words.rating_of(cell))
    }
    if not ratings:  # a footnote that ran into the word
        ratings = {
            at: rating
            for at, cell in enumerate(plain)
            if at and (rating := claims.words.rating_of(cell.rstrip("0123456789")))
        }
    labels = [
        at
        for at, cell in enumerate(cells)
        if at not in ratings
        and len(strip_label(cell.plain)) > 1
        and strip_label(cell.plain)[0].isalpha()
    ]
    if not ratings or not labels:
        return None
    at = labels[0]
    label = cells[at].printed
    critical = None
    for other in labels[1:]:
        if plain[other].casefold() in {"yes", "no", "critical", "non-critical"}:
            critical = plain[other].casefold() in {"yes", "critical"}
    row = Row(strip_label(label), {}, [line], True, min(ratings) > at, critical=critical)
    row.ratings = {column - at: rating for column, rating in ratings.items()}
    row.width = 0 if set("\t|") & set(claims.text.plain[line]) else len(cells) - at
    return row


def _plain(word: str) -> str:
    return " ".join(word.casefold().split())


def _completed(claims: Claims, row: Row, above: int | None, below: int | None) -> bool:
    """Give a row the lines that its label needs; False where it is no row."""
    text, words = claims.text, claims.words
    marked = _CRITICAL_MARK.search(row.label)
    if marked:
        row.critical = True
        row.label = _CRITICAL_MARK.sub("", row.label).strip()
    if row.label and (words.meant(row.label) or _OVERALL.fullmatch(row.label)):
        goes_on = (
            below is not None
            and _may_be_label(claims, below)
            and (text.words[below][0] == "(" or text.words[below][0].islower())
        )
        if below is not None and goes_on and below - row.lines[-1] == 1:
            longer = strip_label(f"{row.label} {squeeze(text.printed[below])}")
            if words.meant(longer):
                row.label, row.lines = longer, [*row.lines, below]
        return True
    around = [
        other if other is not None and _may_be_label(claims, other) else None
        for other in (above, below)
    ]
    parts = [squeeze(text.printed[other]) if other is not None else "" for other in around]
    for use in ((True, False), (False, True), (True, True)):
        chosen = [other for other, wanted in zip(around, use, strict=True) if wanted]
        if None in chosen or (not row.label and not use[0]):
            continue
        label = strip_label(" ".join([parts[0] * use[0], row.label, parts[1] * use[1]]))
        near = all(other is not None and abs(other - row.lines[0]) < 3 for other in chosen)
        if near and (words.meant(label) or (not row.label and _OVERALL.fullmatch(label))):
            row.label, row.lines = (
                label,
                sorted([*row.lines, *(one for one in chosen if one is not None)]),
            )
            return True
    return bool(row.label) and is_label(row.label) and (row.after or bool(words.meant(row.label)))


def _may_be_label(claims: Claims, line: int) -> bool:
    words = claims.text.words[line]
    filled = [cell for cell in claims.text.cells[line] if cell.plain]
    return len(filled) == 1 and len(words) < 120 and not claims.words.rating_word.search(words)


def _tables(claims: Claims, rows: list[Row]) -> list[Table]:
    """The rows in groups, each with what stands above and between them."""
    text = claims.text
    tables: list[Table] = []
    filled = list(text.filled())
    of_rows = {line for row in rows for line in row.lines}
    place = {line: at for at, line in enumerate(filled)}
    for row in sorted(rows, key=lambda one: one.lines):
        last = tables[-1].rows[-1].lines[-1] if tables else None
        if last is not None and row.lines[0] <= last:
            tables[-1].rows.append(row)
            continue
        between = filled[place[last] + 1 : place[row.lines[0]]] if last is not None else []
        headings = [line for line in between if _is_heading(text, line)]
        lacking = [line for line in between if _lacks_rating(claims, line)]
        headed = any(_names_columns(text, line) for line in between)
        far = last is None or headed or len(between) - len(lacking) > _GAP
        if far or len(headings) + len(lacking) < len(between):
            tables.append(Table())
            tables[-1].heads = _above(claims, filled, place[row.lines[0]], of_rows)
            lacking = [line for line in lacking if line > max(tables[-1].heads, default=0)]
        else:
            tables[-1].heads += headings
        tables[-1].rows.append(row)
        if (tables[-1].heads and not far) or len(tables[-1].rows) > 1:
            tables[-1].lacking += lacking
    for table in tables:
        last = place[table.rows[-1].lines[-1]]
        while (
            last + 1 < len(filled)
            and _lacks_rating(claims, filled[last + 1])
            and (len(table.rows) > 1 or table.heads)
        ):
            last += 1
            table.lacking.append(filled[last])
        table.header = _header(claims, table)
    return tables


def _names_columns(text: Text, line: int) -> bool:
    """Whether a line of several cells names what stands below them."""
    cells = [cell.plain for cell in text.cells[line]]
    return len(cells) > 1 and any(map(_HEAD.search, cells))


def _is_heading(text: Text, line: int) -> bool:
    words = text.words[line]
    return text.is_rule(line) or (
        len(words.split()) <= _SHORT and not words.endswith((".", "!", "?", ",", ";"))
    )


def _lacks_rating(claims: Claims, line: int) -> bool:
    """Whether a line is a row of a table whose rating is missing or is not understood."""
    if line in claims.used or claims.text.is_rule(line):
        return False
    cells = [cell.plain for cell in claims.text.cells[line] if cell.plain]
    if not cells or len(cells) > 4:
        return False
    if len(cells) == 1:
        label, _, word = cells[0].rpartition(" ")
        return word[:1].isupper() and bool(claims.words.meant(strip_label(label)))
    return (
        (bool(claims.words.meant(strip_label(cells[0]))) or len(cells[-1]) < 24)
        and is_label(strip_label(cells[0]))
        and not _HEAD.search(cells[-1])
    )


def _above(claims: Claims, filled: list[int], at: int, of_rows: set[int]) -> list[int]:
    """The headings right above a table."""
    heads: list[int] = []
    for line in reversed(filled[max(0, at - 4) : at]):
        if line in claims.used or line in of_rows or not _is_heading(claims.text, line):
            break
        heads.insert(0, line)
    return heads


def _header(claims: Claims, table: Table) -> list[str]:
    """The cells of the line that names the columns."""
    first = table.rows[0].lines[0]
    for line in reversed([line for line in table.heads if line < first]):
        if _names_columns(claims.text, line):
            cells = [cell.plain for cell in claims.text.cells[line]]
            return (
                cells[1:]
                if re.fullmatch(r"(?i)(?:no|ref|number)?\W*", cells[0])
                and cells[1:2] > [""]
                and not _YEAR.search(cells[1])
                else cells
            )
    return []


def _add(claims: Claims, table: Table, areas: re.Pattern[str]) -> None:
    text, words, rows = claims.text, claims.words, table.rows
    heads = [text.words[line] for line in table.heads]
    known = [bool(words.meant(row.label) or _OVERALL.fullmatch(row.label)) for row in rows]
    named = [bool(areas.fullmatch(re.sub(r"(?i)^cps |\*", "", row.label))) for row in rows]
    first = min(rows[0].lines)
    above = [text.words[line] for line in table.heads if line < first]
    ours = any(map(_OURS.search, above)) or any(map(_HEAD.search, above[-1:]))
    if sum(named) * 2 >= len(rows) and not any(known):
        _not_of_one_area(claims, table)
        return
    if not any(known) and not any(map(_OURS.search, heads)) and not all(row.marked for row in rows):
        return  # prose, for all that is known: the words are looked at again in their sentences
    column, why = _column(table)
    table_known = sum(known) * 2 >= len(rows)
    critical: bool | None = None
    between = sorted(table.heads)
    any_marked = any(row.critical for row in rows)
    for row, is_known in zip(rows, known, strict=True):
        while between and between[0] < row.lines[0]:
            critical = _critical(text.words[between.pop(0)], critical)
        rating = row.ratings.get(column) if column is not None else None
        claim = claims.rating(row.lines, row.label, rating or list(row.ratings.values())[-1], why)
        passed = [
            text.words[line]
            for line in table.heads
            if line < row.lines[0] and len(text.cells[line]) == 1
        ]
        claim.about, claim.context = "table", " / ".join(passed)
        claim.quoted = row.marked
        if _OVERALL.fullmatch(row.label):
            claim.row["level"] = "overall"
        elif any_marked or row.critical is not None:
            claim.row["is_critical"] = bool(row.critical)
        else:
            claim.row["is_critical"] = critical
        if column is not None and rating is None:
            claim.doubt(NOT_IN_COLUMN)
        if column is not None and row.width and row.width < len(table.header):
            claim.doubt(COLUMN)
        if not is_known and not (ours and table_known):
            claim.doubt(UNKNOWN_LABEL)
        if not is_known and _may_go_on(claims, row, table):
            claim.doubt(MAY_GO_ON)
        alone = len(rows) == 1 and not (row.marked or ours)
        if alone or (not row.marked and not ours and len(rows) < 3):
            claim.doubt(NO_TABLE)
        if row.label.isupper() and len(row.label) < 3:
            claim.doubt(UNKNOWN_LABEL)
        claims.used.update(row.lines)
    for line in table.lacking:
        if line in claims.used:
            continue
        label = next(cell.printed for cell in text.cells[line] if cell.plain)
        one = claims.add("ratings", [line], NOT_UNDERSTOOD, label=strip_label(label), rating=None)
        one.about = "table"
        claims.used.add(line)
    claims.used.update(line for line in table.heads if len(text.cells[line]) > 1)


def _may_go_on(claims: Claims, row: Row, table: Table) -> bool:
    """Whether a line that touches a row may be a part of its label."""
    text = claims.text
    around = {row.lines[0] - 1, row.lines[-1] + 1} & set(range(len(text)))
    of_rows = {line for one in table.rows for line in one.lines} | set(table.lacking)
    heads = {line for line in table.heads if _HEAD.search(text.words[line])}
    loose = any(text.words[one] and _may_be_label(claims, one) for one in around - of_rows - heads)
    return loose or text.words[row.lines[0] - 1].endswith((" and", " of", " the", " in", " to"))


def _not_of_one_area(claims: Claims, table: Table) -> None:
    lines = [line for row in table.rows for line in row.lines]
    claims.used.update(lines)
    claims.add("ratings", lines, SEVERAL_AREAS, label=None, rating=None)


def _critical(heading: str, before: bool | None) -> bool | None:
    if _NOT_CRITICAL.search(heading) and re.search(r"(?i)aspect|critical", heading):
        return False
    return True if re.search(r"(?i)\bcritical\b", heading) else before


def _column(table: Table) -> tuple[int | None, str]:
    """The column of this inspection's ratings, or why that is not clear."""
    columns = sorted({at for row in table.rows for at in row.ratings})
    dated = {
        at: max(_YEAR.findall(head)) for at, head in enumerate(table.header) if _YEAR.search(head)
    }
    if len(dated) > 1:
        return max(dated, key=dated.__getitem__), ""
    if len(columns) < 2:
        return None, ""
    heads = {at: table.header[at] for at in columns if at < len(table.header)}
    own = [at for at in columns if at in heads and not _OTHER_COLUMN.search(heads[at])]
    if len(own) == 1 and len(heads) == len(columns):
        return own[0], ""
    return columns[-1], COLUMN


# Progress ----------------------------------------------------------------------------------------


def _read_progress(claims: Claims) -> None:
    """Add the actions that a column of progress rates."""
    text = claims.text
    kind, headed, counted = None, False, 0
    for line in text.filled():
        if line in claims.used:
            continue
        plain = text.words[line]
        cells = [cell for cell in text.cells[line] if cell.plain]
        progress = _progress(claims, line)
        if progress is None:
            if ENDS_LIST.fullmatch(plain.strip(" |*-")):
                kind, headed = None, False
            found = action_kind(plain)
            if found and len(plain.split()) <= _SHORT and not NUMBERED.match(plain):
                kind, counted = found, 0
                headed = bool(re.search(r"(?i)\b(?:progress|rating|status|assessment)\b", plain))
                continue
            if not headed or len(cells) < 2 or not _has_number(cells[0].plain):
                continue
        counted += 1
        number, shown = _numbered(claims, line)
        if len(shown) < 3:
            continue
        claim = claims.add("actions", [line], kind=kind or "recommendation", text=shown)
        claim.row |= {"number": number or counted, "progress": progress}
        if progress is None:
            claim.doubt(NO_PROGRESS)
        if kind is None:
            claim.doubt(NO_KIND)
        claims.used.add(line)


def _progress(claims: Claims, line: int) -> str | None:
    """The rating of progress in a cell of a line, or at its end."""
    cells = [cell.plain for cell in claims.text.cells[line] if cell.plain]
    found = [word for cell in cells if (word := claims.words.progress_of(cell))]
    if found and len(cells) > 1:
        return found[0] if len(set(found)) == 1 else None
    if len(cells) != 1 or not NUMBERED.match(cells[0]):
        return None
    start = max(0, len(cells[0]) - _TAIL)
    for match in list(claims.words.progress_word.finditer(cells[0], start))[-1:]:
        if match[0][0].isupper() and not cells[0][match.end() :].strip(" .*'\""):
            return claims.words.progress_of(match[0])
    return None


def _has_number(words: str) -> bool:
    return bool(NUMBERED.match(words) or ENTRY.match(words))


def _numbered(claims: Claims, line: int) -> tuple[int | None, str]:
    """The number of a row and the words of its action."""
    cells = [cell for cell in claims.text.cells[line] if cell.plain]
    number, parts = None, []
    for at, cell in enumerate(cells):
        shown = cell.printed
        if at == 0:
            entry, numbered = ENTRY.match(cell.plain), NUMBERED.match(cell.plain)
            if entry:
                number, shown = int(entry["number"]), shown[entry.start("rest") :]
            elif numbered:
                number, shown = int(numbered[1]), shown[numbered.end() :]
        ends = list(claims.words.progress_word.finditer(shown))[-1:] if len(cells) == 1 else []
        shown = shown[: ends[0].start()] if ends else shown
        parts.append("" if claims.words.progress_of(shown) else shown)
    return number, squeeze(max(parts, key=len))
