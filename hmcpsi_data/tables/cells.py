"""What must hold in every table, by the kind of its columns: characters, values, dates, locators.

A sheet holds the cells of a table as text, with the lines of its file as index. A rule gives what
it finds as (column, rows, problem, remedy): the column to name, the offending rows, and the two
sentences, in which ``{basis}`` stands for that cell of the row, ``{basis!q}`` for it in quotes,
and ``{cell}`` for the one that is named.
"""

from __future__ import annotations

import math
import re
import string
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from hmcpsi_data.errors import DataError, LocatorError, quote
from hmcpsi_data.tables.description import Field, table
from hmcpsi_data.tables.locators import parse
from hmcpsi_data.tables.reading import LONGEST_CELL, type_fault

__all__ = ["Found", "Rows", "Sheets", "cell_faults", "faults"]

Rows = pd.DataFrame
Sheets = Mapping[str, Rows]
Finding = tuple[str, Rows, str, str]
Found = Iterator[Finding]
_Words = tuple[str, str] | None
"""A problem and its remedy."""


class _Sentences(string.Formatter):
    def convert_field(self, value: Any, conversion: str | None) -> Any:
        return quote(value) if conversion == "q" else super().convert_field(value, conversion)


_SENTENCES = _Sentences()


def faults(name: str, finding: Finding) -> Iterator[DataError]:
    """An error for each row that a rule found in a table."""
    column, rows, *sentences = finding
    for line, row in zip(
        rows.index.tolist(), rows.to_dict("records") if len(rows) else (), strict=True
    ):
        cells: dict[str, Any] = {str(key): value for key, value in row.items()}
        cells["cell"] = ", ".join(cells[part] for part in column.split(", "))
        told = [_SENTENCES.vformat(words, (), cells) for words in sentences]
        yield DataError(table(name).file, line, column, cells["cell"] or None, *told)


# Characters

# what isprintable() lets pass although nothing of it is seen
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_FORMULA = re.compile(r"(?![+-]?[0-9][0-9.,]*%?$)[=+\-@\uff1d\uff0b\uff0d\uff20]")
# the bytes 80 to BF of UTF-8 as who takes them for Windows-1252 or Latin-1 sees them
_REST = re.escape(
    "".join(dict.fromkeys(bytes(range(0x80, 0xC0)).decode("latin-1")))
    + "\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d\u2018\u2019"
    "\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178"
)
_DAMAGED = re.compile(
    f"[\u00c2\u00c3][{_REST}]|\u00e2\u20ac|\u00e2[{_REST}]{{2}}|\u00f0[{_REST}]{{3}}|\u00ef\u00bb\u00bf"
)
_LOST = re.compile(r"\ufffd|[A-Za-z]\?[a-z]")
_SPREADSHEET_ERROR = re.compile(
    r"#(REF|VALUE|NAME|NUM|NULL|SPILL|CALC|FIELD|BLOCKED|UNKNOWN)[!?]|#N/A|#DIV/0!|Err:[0-9]{3}"
    r"|^#{3,}$"
)
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_REWRITTEN = re.compile(
    rf"[0-9]{{1,2}}-{_MONTH}(-[0-9]{{2,4}})?|{_MONTH}-[0-9]{{2}}"
    r"|[0-9]{1,2}[/.][0-9]{1,2}[/.][0-9]{2,4}( [0-9:]{4,8})?"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{4,8}"
)
_SERIAL = re.compile("[0-9]{5}")  # the days of a spreadsheet, from 1927 to 2173
_EXPONENT = re.compile(r"[0-9.]+E\+?[0-9]+")


def _odd(_: Field, cell: str) -> _Words:
    """Text that is unseen, damaged, endless, run by a spreadsheet or its error."""
    if unseen := _unseen(cell):
        name = unicodedata.name(unseen, "control character")
        code = f"U+{ord(unseen):04X}"
        return f"{quote(cell)} holds the invisible character {code} ({name})", "Remove it."
    if len(cell) > LONGEST_CELL:
        return f"{quote(cell)} has {len(cell)} characters", f"Write at most {LONGEST_CELL}."
    if cell != cell.strip():
        return f"{quote(cell)} has white space at its start or end", "Remove the white space."
    if damaged := _DAMAGED.search(cell):
        told = f"{quote(damaged[0])} in {quote(cell)} is a damaged letter"
        return told, "Write the letter; the file was once read in a wrong encoding."
    if "://" not in cell and (lost := _LOST.search(cell)):
        told = f"{quote(lost[0])} in {quote(cell)} stands where a character was lost"
        return told, "Write the character that the source has."
    if wrong := _SPREADSHEET_ERROR.search(cell):
        return f"{quote(wrong[0])} is an error of a spreadsheet", "Write the value that was there."
    if _FORMULA.match(cell):
        told = f"{quote(cell)} looks like a formula, which a spreadsheet would run"
        return told, "Put a word first, so that the cell does not start with =, +, - or @."
    if _REWRITTEN.fullmatch(cell):
        told = f"{quote(cell)} is what a spreadsheet makes of a date"
        return told, "Write what the source has, a date as YYYY-MM-DD, YYYY-MM or YYYY."
    return None


def _unseen(cell: str) -> str | None:
    """The first character of a cell that nobody sees; a no-break space is one inside a word."""
    if not cell.isprintable():
        for at, character in enumerate(cell):
            edge = not cell[:at].strip() or not cell[at:].strip()
            if not character.isprintable() and not (edge and character.isspace()):
                return character
            if character in "\n\r\t\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029":
                return character
    match = _UNSEEN.search(cell)
    return match[0] if match else None


# Values


def _allowed(field: Field, cell: str) -> _Words:
    """A cell that is not within what the description allows in its column."""
    if not cell:
        told = ("the cell is empty", f"Fill it in. {field.description}")
        return told if field.required else None
    if field.enum and cell not in field.enum:
        return f"{quote(cell)} is not one of {field.allowed}", "Write one of these."
    if field.type in ("integer", "number"):
        if field.type == "number" and _EXPONENT.fullmatch(cell):
            return f"{quote(cell)} is what a spreadsheet makes of a number", "Write its digits."
        if _outside(field, cell):
            return f"{quote(cell)} is not {field.allowed}", f"Write a number {field.allowed}."
    if field.pattern and not re.fullmatch(field.pattern, cell):
        return f"{quote(cell)} is not {field.allowed}", f"Write {field.allowed}."
    return None


def _outside(field: Field, cell: str) -> bool:
    """Whether a number lies outside the bounds of its column; what is none, another rule finds."""
    try:
        number = float(cell)
    except ValueError:
        return False
    low = -math.inf if field.minimum is None else field.minimum
    high = math.inf if field.maximum is None else field.maximum
    return not low <= number <= high


# Dates

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")
_PRECISIONS = {4: "year", 7: "month", 10: "day"}
# Areas are counted by the day, so their days are written in full even where less is known.
_WRITTEN_IN_FULL = {("areas", "valid_from"), ("areas", "valid_to"), ("area_lineage", "date")}


def _dated(field: Field, cell: str) -> _Words:
    """A date that is not in the calendar."""
    if not field.is_date or not cell:
        return None
    remedy = "Write YYYY, YYYY-MM or YYYY-MM-DD, as precise as known."
    match = _DATE.fullmatch(cell)
    if match is None:
        serial = "what a spreadsheet makes of a date" if _SERIAL.fullmatch(cell) else "not a date"
        return f"{quote(cell)} is {serial}", remedy
    try:
        date(*(int(part or 1) for part in match.groups()))
    except ValueError:
        return f"{quote(cell)} is not in the calendar", remedy
    return None


def _precisions(name: str, sheet: Rows) -> Found:
    """Whether dates have the precision that is given for them, and a precision its date."""
    for precision, columns in _precision_columns(name).items():
        said = sheet[precision]
        for column in columns:
            has = sheet[column].str.len().map(_PRECISIONS)
            differs = has.notna() & (said != has)
            in_full = (has == "day") if (name, column) in _WRITTEN_IN_FULL else False
            wrong = differs & said.isin(_PRECISIONS.values()) & ~pd.Series(in_full, sheet.index)
            date_ = f"{column} {{{column}!q}}"
            remedy = "Give the precision that the date has: day, month or year."
            none = f"the precision of {date_} is not given"
            yield precision, sheet[differs & (said == "")], none, remedy
            other = f"{{cell!q}} is not the precision of {date_}"
            yield precision, sheet[wrong], other, remedy
        undated = (said != "") & (sheet[columns] == "").all(axis=1)
        told = f"{{cell!q}} is given without a date in {' or '.join(columns)}"
        yield precision, sheet[undated], told, "Give the date or empty the cell."


def _precision_columns(name: str) -> dict[str, list[str]]:
    """Each column that holds a precision, with the columns of dates that it speaks of."""
    found: dict[str, list[str]] = {}
    for field in table(name).fields:
        stem = re.sub("_(from|to)$", "", field.name)
        for precision in (f"{field.name}_precision", f"{stem}_precision"):
            if field.is_date and precision in table(name).columns:
                found.setdefault(precision, []).append(field.name)
                break
    return found


def _periods(_: str, sheet: Rows) -> Found:
    """Whether a period ends before it begins."""
    for first in (column for column in sheet.columns if column.endswith("_from")):
        last = first.removesuffix("from") + "to"
        if last in sheet:
            pairs = zip(sheet[first], sheet[last], strict=True)
            reversed_ = [one[: len(other)] > other[: len(one)] for one, other in pairs]
            told = f"{{cell!q}} is after {last} {{{last}!q}}"
            yield first, sheet[reversed_], told, "Put the two dates in order."


# Locators


def _locators(sheets: Sheets) -> Iterator[DataError]:
    """Whether locators can be read and lie in their document; one read as a whole has one."""
    documents = _documents(sheets["sources"]) if "sources" in sheets else {}
    remedy = "Give the smallest lines that carry the fact, as in L22 or L20-L22."
    for name, sheet in sheets.items():
        for column in (field.name for field in table(name).fields if field.is_locator):
            own = column.removesuffix("locator") + "source_id"
            of_source = own if own in sheet else "source_id"
            pairs = zip(sheet.index.tolist(), sheet[column], sheet[of_source], strict=True)
            for line, cell, source in pairs:
                told = _misplaced(cell, source, *documents.get(source, (None, True)))
                if told and (cell or column == "locator"):
                    yield DataError(table(name).file, line, column, cell or None, told, remedy)


def _documents(sources: Rows) -> dict[str, tuple[float, bool]]:
    """How many lines each document has, and whether it has pages.

    0 for a document that was not read, infinite where the number is not given.
    """
    columns = ["source_id", "sha256", "n_lines", "file_name"]
    return {
        source: (
            (int(lines) if lines.isdecimal() else math.inf) if read else 0,
            file.casefold().endswith(".pdf"),
        )
        for source, read, lines, file in sources[columns].itertuples(index=False)
    }


def _misplaced(cell: str, source: str, length: float | None, paged: bool) -> str | None:
    """What is wrong with a locator, by what is known of its document."""
    if not cell:
        return f"the lines of {source} that carry the fact are not given" if length else None
    try:
        spans = parse(cell)
    except LocatorError as error:
        return error.problem
    if length == 0:
        return f"{quote(cell)} points into {source}, which was not read as a whole"
    if length is not None and max(span.last for span in spans) > length:
        return f"{quote(cell)} lies beyond the {length} lines of {source}"
    if not paged and any(span.page is not None for span in spans):
        return f"{quote(cell)} names a page of {source}, which is no PDF and has none"
    if len(set(spans)) < len(spans):
        return f"{quote(cell)} names the same lines twice"
    return None


def cell_faults(sheets: Sheets) -> Iterator[DataError]:
    """All faults of cells, the most telling first: of each cell only the first fault is told."""
    yield from _judged(sheets, (_odd, type_fault, _dated))
    for name, sheet in sheets.items():
        for rule in (_precisions, _periods):
            for finding in rule(name, sheet):
                yield from faults(name, finding)
    yield from _locators(sheets)
    yield from _judged(sheets, (_allowed,))


def _judged(
    sheets: Sheets, judges: Sequence[Callable[[Field, str], _Words]]
) -> Iterator[DataError]:
    """What the first judge that finds a fault in a cell says of it."""
    for name, sheet in sheets.items():
        for field in table(name).fields:
            cells = sheet[field.name]
            told = {
                cell: next(filter(None, (judge(field, cell) for judge in judges)), None)
                for cell in cells.unique()
            }
            for line, cell in (
                zip(cells.index.tolist(), cells, strict=True) if any(told.values()) else ()
            ):
                if words := told[cell]:
                    yield DataError(table(name).file, line, field.name, cell or None, *words)
