"""Crosswalks as the text of a file: delimited, and inert in a spreadsheet.

A spreadsheet would compute a text that begins like a formula. Such a text gets an apostrophe in
front when it is saved, and loses it when it is opened; so what was saved comes back as it was.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pandas as pd

from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.tables.reading import content
from hmcpsi_data.tables.writing import write_file

Source = str | os.PathLike[str] | bytes
"""Where a crosswalk is read from: the path of a file, or its content."""

_FORMULA = r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]"  # the last four are full-width


def named(source: Source) -> tuple[str, bytes]:
    """The name and the content of a file."""
    if isinstance(source, bytes):
        return "the file", source
    if not isinstance(source, str | os.PathLike):
        fault = f"A file is given by its path or its bytes, not by {type(source).__name__}."
        raise HmcpsiError(f'{fault} Write its path, such as "mine.csv".')
    path = Path(source)
    return path.name, content(path)


def put(path: str | os.PathLike[str] | None, text: str) -> str:
    """The text, written to a path where one is given."""
    if path is not None:
        write_file(path, text)
    return text


def delimited(frame: pd.DataFrame, separator: str, end: str) -> str:
    """The text of a CSV or TSV file; unlike `csv`, it does not forget a lone carriage return."""
    special = re.compile(f'["\\n\\r{separator}]')

    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if special.search(text) else text

    rows = frame.astype("string").fillna("").to_numpy()
    return "".join(separator.join(map(cell, row)) + end for row in (frame.columns, *rows))


def shielded(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with an apostrophe before each text that a spreadsheet would compute.

    Also before one that has apostrophes already, so that `unshielded` gives every text back.
    """
    return _replaced(frame, rf"\A('*{_FORMULA})", r"'\1")


def unshielded(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame without the apostrophes that `shielded` put there."""
    return _replaced(frame, rf"\A'('*{_FORMULA})", r"\1")


def _replaced(frame: pd.DataFrame, pattern: str, replacement: str) -> pd.DataFrame:
    """The frame with something replaced in all its texts; columns may share a name."""
    return frame.apply(
        lambda cells: (
            cells.str.replace(pattern, replacement, regex=True)
            if cells.dtype == "string"
            else cells
        )
    )
