"""What must hold in every table, by the kind of its columns: characters, types, dates, locators.

Each rule takes the sheets of a folder and yields a `DataError` for every offending cell. A sheet
holds the cells of a table as text, with the line numbers of its file as index.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import date

import pandas as pd

from hmcpsi_data.description import Table, table
from hmcpsi_data.errors import DataError, LocatorError, quote
from hmcpsi_data.locators import parse
from hmcpsi_data.reading import type_faults

__all__ = ["CELL_RULES", "Sheets", "each"]

Sheets = Mapping[str, pd.DataFrame]

# C0, DEL and C1, what has no width, and what turns the direction of text
_CONTROL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff]"
)
_FORMULA = re.compile(r"(?![+-]?[0-9][0-9.,]*%?$)[=+\-@]")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2}))?(?:-([0-9]{2}))?")
_LONGEST = 131_072  # more than the csv module reads by itself
_PRECISIONS = {4: "year", 7: "month", 10: "day"}
# Areas are counted by the day, so their days are written in full even where less is known.
_WRITTEN_IN_FULL = {("areas", "valid_from"), ("areas", "valid_to"), ("area_lineage", "date")}


def each(sheet: pd.DataFrame, *columns: str) -> Iterator[tuple]:
    """The line of every row with its cells in some columns."""
    return zip(sheet.index, *(sheet[column] for column in columns), strict=True)


def odd_characters(sheets: Sheets) -> Iterator[DataError]:
    """No control characters, no endless text, no white space around it, no formula."""
    for name, sheet in sheets.items():
        for column in sheet.columns:
            for line, cell in each(sheet, column):
                if cell and (odd := _odd(cell)):
                    yield DataError(table(name).file, line, column, cell, *odd)


def _odd(cell: str) -> tuple[str, str] | None:
    """The fault of a cell and its remedy."""
    if control := _CONTROL.search(cell):
        code = f"U+{ord(control[0]):04X}"
        return f"{quote(cell)} holds the control character {code}", "Remove the character."
    if len(cell) > _LONGEST:
        return f"{quote(cell)} has {len(cell)} characters", f"Write at most {_LONGEST}."
    if cell != cell.strip():
        return f"{quote(cell)} has white space at its start or end", "Remove the white space."
    if _FORMULA.match(cell):
        fault = f"{quote(cell)} looks like a formula, which a spreadsheet would run"
        return fault, "Put a word first, so that the cell does not start with =, +, - or @."
    return None


def types(sheets: Sheets) -> Iterator[DataError]:
    """Whole numbers, numbers and truth values are what they say."""
    for name, sheet in sheets.items():
        for field in table(name).fields:
            yield from type_faults(table(name), field, list(sheet[field.name]), list(sheet.index))


def dates(sheets: Sheets) -> Iterator[DataError]:
    """Dates are in the calendar."""
    remedy = "Write YYYY, YYYY-MM or YYYY-MM-DD, as precise as known."
    for name, sheet in sheets.items():
        for field in table(name).fields:
            for line, cell in each(sheet, field.name) if field.is_date else ():
                if cell and (fault := _not_a_date(cell)):
                    yield DataError(table(name).file, line, field.name, cell, fault, remedy)


def _not_a_date(cell: str) -> str | None:
    match = _DATE.fullmatch(cell)
    if match is None:
        return f"{quote(cell)} is not a date"
    try:
        date(*(int(part or 1) for part in match.groups()))
    except ValueError:
        return f"{quote(cell)} is not in the calendar"
    return None


def precisions(sheets: Sheets) -> Iterator[DataError]:
    """A date has the precision that is given for it."""
    remedy = "Give the precision that the date has: day, month or year."
    for name, sheet in sheets.items():
        for precision, columns in _precision_columns(table(name)).items():
            for column in columns:
                in_full = (name, column) in _WRITTEN_IN_FULL
                for line, cell, said in each(sheet, column, precision):
                    if fault := _misfit(column, cell, said, in_full):
                        yield DataError(table(name).file, line, precision, said, fault, remedy)


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
    for name, sheet in sheets.items():
        for precision, columns in _precision_columns(table(name)).items():
            fault = f"is given without a date in {' or '.join(columns)}"
            undated = sheet[sheet[precision].ne("") & sheet[columns].eq("").all(axis=1)]
            for line, said in each(undated, precision):
                remedy = "Give the date or empty the cell."
                yield DataError(
                    table(name).file, line, precision, said, f"{quote(said)} {fault}", remedy
                )


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
    for name, sheet in sheets.items():
        for first in (column for column in sheet.columns if column.endswith("_from")):
            last = first.removesuffix("from") + "to"
            for line, begins, ends in each(sheet, first, last):
                known = min(len(begins), len(ends))
                if begins[:known] > ends[:known]:
                    fault = f"{quote(begins)} is after {last} {quote(ends)}"
                    remedy = "Put the two dates in order."
                    yield DataError(table(name).file, line, first, begins, fault, remedy)


def locators(sheets: Sheets) -> Iterator[DataError]:
    """A locator can be read and lies in its document; a document read as a whole has one."""
    documents = _documents(sheets["sources"]) if "sources" in sheets else {}
    remedy = "Give the smallest lines that carry the fact, as in L22 or L20-L22."
    for name, sheet in sheets.items():
        for column in (field.name for field in table(name).fields if field.is_locator):
            for line, cell, source in each(sheet, column, _source_column(sheet, column)):
                fault = _misplaced(cell, source, *documents.get(source, (None, True)))
                if fault and (cell or column == "locator"):
                    yield DataError(table(name).file, line, column, cell, fault, remedy)


def _source_column(sheet: pd.DataFrame, column: str) -> str:
    """The column that names the document in which the lines of a locator are counted."""
    own = column.removesuffix("locator") + "source_id"
    return own if own in sheet.columns else "source_id"


def _documents(sources: pd.DataFrame) -> dict[str, tuple[float, bool]]:
    """How many lines each document has, and whether it has pages.

    0 for a document that was not read, infinite where the number is not given.
    """
    columns = ["source_id", "sha256", "n_lines", "file_name"]
    return {
        source: (
            (int(lines) if lines.isdecimal() else math.inf) if read else 0,
            file.casefold().endswith(".pdf"),
        )
        for _, source, read, lines, file in each(sources, *columns)
    }


def _misplaced(cell: str, source: str, length: float | None, paged: bool) -> str | None:
    """What is wrong with a locator, by what is known of its document."""
    if not cell:
        return f"the lines of {source} that carry the fact are not given" if length else None
    try:
        spans = parse(cell)
    except LocatorError as error:
        return str(error)
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
)
"""All rules of this module, the most telling first."""
