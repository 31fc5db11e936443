"""What must hold in every table, by the kind of its columns: characters, values, dates, locators.

Each rule takes the sheets of a folder and yields a `DataError` for every offending cell. A sheet
holds the cells of a table as text, by column, with the lines of its file.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from hmcpsi_data.errors import DataError, LocatorError, quote
from hmcpsi_data.tables.description import Field, Table
from hmcpsi_data.tables.locators import parse
from hmcpsi_data.tables.reading import LONGEST_CELL, type_faults

__all__ = ["CELL_RULES", "Sheet", "Sheets", "fault"]


@dataclass(frozen=True)
class Sheet:
    """The cells of one table as text."""

    table: Table
    lines: list[int]
    columns: dict[str, list[str]]

    def __getitem__(self, column: str) -> list[str]:
        return self.columns[column]

    def each(self, *columns: str) -> Iterator[tuple[Any, ...]]:
        """The line of every row with its cells in some columns."""
        return zip(self.lines, *(self.columns[column] for column in columns), strict=True)


Sheets = Mapping[str, Sheet]


def fault(
    sheet: Sheet, line: int, column: str, value: str | None, problem: str, remedy: str
) -> DataError:
    """The error for one cell of a sheet."""
    return DataError(sheet.table.file, line, column, value or None, problem, remedy)


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


def odd_characters(sheets: Sheets) -> Iterator[DataError]:
    """No text that is unseen, damaged, endless, run by a spreadsheet or its error."""
    for sheet in sheets.values():
        for column, cells in sheet.columns.items():
            odd = {cell: _odd(cell) for cell in set(cells) if cell}
            for line, cell in sheet.each(column):
                if cell and (told := odd[cell]):
                    yield fault(sheet, line, column, cell, *told)


def _odd(cell: str) -> tuple[str, str] | None:
    """The fault of a cell and its remedy."""
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
        return f"{quote(cell)} is what a spreadsheet makes of a date", _AS_IT_WAS
    return None


_AS_IT_WAS = "Write what the source has, a date as YYYY-MM-DD, YYYY-MM or YYYY."


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


def types(sheets: Sheets) -> Iterator[DataError]:
    """Whole numbers, numbers and truth values are what they say."""
    for sheet in sheets.values():
        for field in sheet.table.fields:
            yield from type_faults(sheet.table, field, sheet[field.name], sheet.lines)


def values(sheets: Sheets) -> Iterator[DataError]:
    """A cell is within what the description allows in its column."""
    for sheet in sheets.values():
        for field in sheet.table.fields:
            told = {cell: _not_allowed(field, cell) for cell in set(sheet[field.name])}
            for line, cell in sheet.each(field.name):
                if words := told[cell]:
                    yield fault(sheet, line, field.name, cell, *words)


def _not_allowed(field: Field, cell: str) -> tuple[str, str] | None:
    """What is wrong with a cell that the description does not allow, and the remedy."""
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


def dates(sheets: Sheets) -> Iterator[DataError]:
    """Dates are in the calendar."""
    remedy = "Write YYYY, YYYY-MM or YYYY-MM-DD, as precise as known."
    for sheet in sheets.values():
        for field in sheet.table.fields:
            for line, cell in sheet.each(field.name) if field.is_date else ():
                if cell and (told := _not_a_date(cell)):
                    yield fault(sheet, line, field.name, cell, told, remedy)


def _not_a_date(cell: str) -> str | None:
    match = _DATE.fullmatch(cell)
    if match is None:
        serial = _SERIAL.fullmatch(cell)
        told = "is what a spreadsheet makes of a date" if serial else "is not a date"
        return f"{quote(cell)} {told}"
    try:
        date(*(int(part or 1) for part in match.groups()))
    except ValueError:
        return f"{quote(cell)} is not in the calendar"
    return None


def precisions(sheets: Sheets) -> Iterator[DataError]:
    """A date has the precision that is given for it."""
    remedy = "Give the precision that the date has: day, month or year."
    for name, sheet in sheets.items():
        for precision, columns in _precision_columns(sheet.table).items():
            for column in columns:
                in_full = (name, column) in _WRITTEN_IN_FULL
                for line, cell, said in sheet.each(column, precision):
                    if told := _misfit(column, cell, said, in_full):
                        yield fault(sheet, line, precision, said, told, remedy)


def _misfit(column: str, cell: str, said: str, in_full: bool) -> str | None:
    has = _PRECISIONS.get(len(cell))
    if has is None or said == has:
        return None
    if not said:
        return f"the precision of {column} {quote(cell)} is not given"
    if said not in _PRECISIONS.values() or (in_full and has == "day"):
        return None
    return f"{quote(said)} is not the precision of {column} {quote(cell)}"


def undated_precisions(sheets: Sheets) -> Iterator[DataError]:
    """A precision stands beside a date."""
    for sheet in sheets.values():
        for precision, columns in _precision_columns(sheet.table).items():
            for line, said, *dated in sheet.each(precision, *columns):
                if said and not any(dated):
                    told = f"{quote(said)} is given without a date in {' or '.join(columns)}"
                    remedy = "Give the date or empty the cell."
                    yield fault(sheet, line, precision, said, told, remedy)


def _precision_columns(described: Table) -> dict[str, list[str]]:
    """Each column that holds a precision, with the columns of dates that it speaks of."""
    found: dict[str, list[str]] = {}
    for field in described.fields:
        stem = re.sub("_(from|to)$", "", field.name)
        for precision in (f"{field.name}_precision", f"{stem}_precision"):
            if field.is_date and precision in described.columns:
                found.setdefault(precision, []).append(field.name)
                break
    return found


def periods(sheets: Sheets) -> Iterator[DataError]:
    """A period does not end before it begins."""
    for sheet in sheets.values():
        for first in (column for column in sheet.columns if column.endswith("_from")):
            last = first.removesuffix("from") + "to"
            for line, begins, ends in sheet.each(first, last) if last in sheet.columns else ():
                known = min(len(begins), len(ends))
                if begins[:known] > ends[:known]:
                    told = f"{quote(begins)} is after {last} {quote(ends)}"
                    yield fault(sheet, line, first, begins, told, "Put the two dates in order.")


# Locators


def locators(sheets: Sheets) -> Iterator[DataError]:
    """A locator can be read and lies in its document; a document read as a whole has one."""
    documents = _documents(sheets["sources"]) if "sources" in sheets else {}
    remedy = "Give the smallest lines that carry the fact, as in L22 or L20-L22."
    for sheet in sheets.values():
        for column in (field.name for field in sheet.table.fields if field.is_locator):
            own = column.removesuffix("locator") + "source_id"
            of_source = own if own in sheet.columns else "source_id"
            for line, cell, source in sheet.each(column, of_source):
                told = _misplaced(cell, source, *documents.get(source, (None, True)))
                if told and (cell or column == "locator"):
                    yield fault(sheet, line, column, cell, told, remedy)


def _documents(sources: Sheet) -> dict[str, tuple[float, bool]]:
    """How many lines each document has, and whether it has pages.

    0 for a document that was not read, infinite where the number is not given.
    """
    return {
        source: (
            (int(lines) if lines.isdecimal() else math.inf) if read else 0,
            file.casefold().endswith(".pdf"),
        )
        for _, source, read, lines, file in sources.each(
            "source_id", "sha256", "n_lines", "file_name"
        )
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


CELL_RULES = (
    odd_characters,
    types,
    dates,
    precisions,
    undated_precisions,
    periods,
    locators,
    values,
)
"""All rules of this module, the most telling first: of each cell only the first fault is told."""
