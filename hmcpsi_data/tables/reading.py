"""Reading one CSV file into cells, and cells into typed values, strictly: pandas would guess.

Each fault is a `DataError`. `load` raises the first of them, `check` lists them all.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from hmcpsi_data.errors import DataError, quote
from hmcpsi_data.tables.description import Field, Table

_MARKS = {
    codecs.BOM_UTF8: "a byte order mark (BOM)",
    codecs.BOM_UTF16_LE: "a byte order mark of UTF-16",
    codecs.BOM_UTF16_BE: "a byte order mark of UTF-16",
}
_LONGEST = 131_072  # characters of a cell: what the csv module reads by itself
_AS_CSV = "Save the file as CSV with commas between cells and straight double quotes around text."
_KINDS: dict[str, tuple[str, Callable[[str], Any], str, str]] = {
    "integer": (
        "[+-]?[0-9]{1,18}", int, "a whole number", "Write digits only, as in 31726."
    ),
    "number": (
        r"[+-]?[0-9]{1,200}(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?",  # so that none is infinite
        float, "a number", "Write digits, with a point before decimals, as in 21.4.",
    ),
    "boolean": (
        "[Tt]rue|TRUE|[Ff]alse|FALSE|[01]", lambda cell: cell[0] in "tT1",
        "true or false", "Write true or false, or leave the cell empty if it may be.",
    ),
}  # fmt: skip


class Records(NamedTuple):
    """The cells of one file, and the lines on which its rows start."""

    header: list[str]
    rows: list[list[str]]
    lines: list[int]


def content(path: Path) -> bytes:
    """The bytes of a regular file, or the `DataError` that says why they cannot be had."""
    try:
        if stat.S_ISREG(path.stat().st_mode):
            return path.read_bytes()
        fault, remedy = "this is not a file", "Put the CSV file here."
    except (FileNotFoundError, NotADirectoryError):
        if not path.parent.is_dir():
            raise no_folder(path.parent) from None
        fault, remedy = f"the file is missing from the folder {path.parent}", "Put the file back."
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        fault, remedy = f"the file cannot be read ({reason})", "Make the file readable."
    raise DataError(path.name, None, None, None, fault, remedy)


def no_folder(folder: Path) -> DataError:
    """The error for a data folder that is not there, or is something else."""
    try:
        fault = "this is not a folder" if folder.exists() else "there is no such folder"
    except (OSError, ValueError) as error:
        fault = f"the folder cannot be read ({getattr(error, 'strerror', None) or error})"
    return DataError(str(folder), None, None, None, fault, "Give the folder of the CSV files.")


def records(file: str, data: bytes, marked: bool = False) -> Records:
    """The cells of a CSV file of that name and content, or the `DataError` that says why not.

    Rows without any are passed over. With `marked` the file may start with a byte order mark of
    UTF-8, as spreadsheets write one.
    """
    text = _text(file, data.removeprefix(codecs.BOM_UTF8) if marked else data)
    found, start = Records([], [], []), 1
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        found.header.extend(next(reader))
        start = reader.line_num + 1
        for row in reader:
            if len(data) > _LONGEST and max(map(len, row), default=0) > _LONGEST:
                raise csv.Error("field limit")  # which other libraries raise
            if any(row):
                found.rows.append(row)
                found.lines.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        fault, remedy = f"this is no CSV ({error})", _AS_CSV
        if "field limit" in str(error):
            fault = f"a cell is longer than {_LONGEST} characters"
            remedy = "Shorten the cell, or close the quotation mark that opens it."
        raise DataError(file, start, None, None, fault, remedy) from None
    return found


def _text(file: str, data: bytes) -> str:
    """The text of a file, which is UTF-8 without a byte order mark and without NUL."""
    mark = next((what for mark, what in _MARKS.items() if data.startswith(mark)), None)
    at, value = (0, None) if mark else (data.find(b"\0"), None)
    fault = (
        f"the file starts with {mark}" if mark else "the file holds a NUL byte, so it is no text"
    )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        if at < 0:
            at, value = error.start, chr(data[error.start])
            fault = f"the byte {data[at]:02X} is not UTF-8"
    if at >= 0:
        remedy = "Save the file as CSV in UTF-8 without a byte order mark."
        raise DataError(file, data.count(b"\n", 0, at) + 1, None, value, fault, remedy)
    if not text.strip():
        raise DataError(file, None, None, None, "the file is empty", "Put the table back.")
    return text


def column_faults(table: Table, header: Sequence[str]) -> Iterator[DataError]:
    """Columns that are missing, that no description knows, or that are there twice."""
    whole, times = ",".join(table.columns), Counter(header)
    if not times.keys() & set(table.columns):
        fault = "the first line is not the header of this table"
        remedy = f"Start the file with the line {whole}"
        yield DataError(table.file, 1, None, header[0] if header else None, fault, remedy)
        return
    for name in dict.fromkeys((*table.columns, *header)):
        if times[name] != 1 or name not in table.columns:
            fault = f"is there {times[name]} times" if times[name] else "is missing"
            fault = fault if name in table.columns else "is not known here"
            value, remedy = name if times[name] else None, f"Put the header right: {whole}"
            yield DataError(table.file, 1, name, value, f"the column {quote(name)} {fault}", remedy)


def row_faults(table: Table, records: Records) -> Iterator[DataError]:
    """Rows with more or fewer cells than the header."""
    width = len(records.header)
    for line, row in zip(records.lines, records.rows, strict=True):
        if len(row) != width:
            fault = f"the row has {len(row)} cell{'s' * (len(row) != 1)}, the header {width}"
            remedy, extra = "Write a comma for each empty cell.", None
            if len(row) > width:
                extra, remedy = row[width], "Put text that holds a comma in double quotes."
                fault += f"; the first too many is {quote(extra)}"
            yield DataError(table.file, line, None, extra, fault, remedy)


def type_fault(field: Field, cell: str) -> tuple[str, str] | None:
    """The fault and the remedy of a cell that is not of the type of its column."""
    try:
        parse(field, [cell])
    except ValueError:
        _, _, kind, remedy = _KINDS[field.type]
        return f"{quote(cell)} is not {kind}", remedy
    return None


def parse(field: Field, cells: Sequence[str]) -> list[Any]:
    """The values of cells by the type of their column, an empty one None, or a `ValueError`."""
    if field.type == "string":
        return [cell or None for cell in cells]
    pattern, value, *_ = _KINDS[field.type]
    if not all(re.fullmatch(pattern, cell) for cell in cells if cell):
        raise ValueError(f"not all are of the type {field.type}")
    return [value(cell) if cell else None for cell in cells]
