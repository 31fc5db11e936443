"""A desk for one document: its claims, what a person took, added or corrected; where it goes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pandas as pd

from hmcpsi_data.documents.adding import Added, add_document
from hmcpsi_data.documents.document import Document, read_document
from hmcpsi_data.documents.rows import Rows, cell, typed
from hmcpsi_data.errors import HmcpsiError, quote
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.reading import parse
from hmcpsi_data.tables.record import RecordLike, as_record
from hmcpsi_data.tables.writing import copy_data

__all__ = ["Desk", "editable"]

_TOLD = ("sha256", "n_lines", "file_name", "source_id", "n_aspects", "position")
_KINDS = {
    "ratings": "rating",
    "actions": "action",
    "responses": "answer",
    "measures": "number",
    "forces": "police force",
    "document": "question",
}


def editable(name: str) -> list[str]:
    """The columns of a table that a person may correct: all but identifiers and what was counted.

    Examples
    --------
    >>> editable("area_names")
    ['name', 'note', 'locator', 'basis', 'speaker']
    """
    described = table(name)
    return [
        column
        for column in described.columns
        if column not in _TOLD and (column == "theme_id" or not column.endswith("_id"))
    ]


class Desk:
    """One document at a time: the model of the explorer that adds documents, without a screen.

    Parameters
    ----------
    record : Record or path, optional
        The record whose Areas and labels the document is read by.

    Attributes
    ----------
    document : Document or None
        What was read last, with what was taken, added and left out.
    known : dict
        `area`, `framework`, `published`, `new_area` as a person gave them.
    missing : str
        What the document does not make clear; empty where it can be placed.
    added : Added or None
        What was added, once it was.
    """

    def __init__(self, record: RecordLike = None) -> None:
        self.record = as_record(record)
        self.forget()

    def forget(self) -> None:
        """Take the document off the desk."""
        self.document: Document | None = None
        self.known: dict[str, Any] = {}
        self.added: Added | None = None
        self.missing = ""
        self._content: Any = None
        self._edits: dict[tuple[str, str, str], str] = {}

    def read(self, source: Any, name: str | None = None) -> None:
        """Read a document, or take one that was read; on an error the desk is as it was."""
        document = source if isinstance(source, Document) else None
        document = document or read_document(source, name, self.record)
        self.forget()
        self.document, self._content = document, source
        self.place()

    def place(self, **known: Any) -> None:
        """Say what the document does not make clear, as for ``Document.rows``."""
        self.known |= known
        self.missing = ""
        try:
            self._placed()
        except HmcpsiError as error:
            self.missing = str(error)

    def claims(self) -> pd.DataFrame:
        """All claims, certain and doubtful, one row each, numbered by the index.

        `kind`, `what`, `value`, `locator`, `words`, `certain` and `why` as in `Document.claims`.
        """
        frame = self._there().claims.drop(columns="row")
        frame.insert(0, "kind", frame["table"].map(_KINDS).astype("string"))
        return frame.drop(columns="table")

    def take(self, number: int) -> None:
        """Take a doubtful claim: it becomes a row."""
        self._change(self._there().take(number))

    def drop(self, number: int) -> None:
        """Leave a claim out."""
        self._change(self._there().drop(number))

    def add(self, table_name: str, locator: str, **cells: Any) -> None:
        """Add a row that the reader missed, with its lines; as `Document.add`."""
        self._change(self._there().add(table_name, locator, **cells))

    @property
    def rows(self) -> Rows | None:
        """The rows as corrected; None where the document cannot be placed yet."""
        if self.document is None or self.missing:
            return None
        rows = self._placed()
        for (name, key, column), value in self._edits.items():
            frame = rows[name]
            at = frame.index[frame[table(name).primary_key[0]].eq(key)]
            if len(at):
                rows = Rows({**rows, name: _put(frame, name, at[0], column, value)}, rows.problems)
        return rows

    def put(self, name: str, key: str, column: str, value: str) -> None:
        """Correct a cell of a row, such as the theme, topic or kind of an action, by the row's key.

        Raises
        ------
        HmcpsiError
            Where there is no such row, the column follows from others, or does not take the value.
        """
        rows = self.rows
        if rows is None:
            raise HmcpsiError(self.missing or "Read a document first.")
        keys = rows[name][table(name).primary_key[0]] if name in rows else pd.Series(dtype=object)
        if key not in set(keys):
            raise HmcpsiError(
                f"There is no row {quote(key)} in {name}.", "Pick one that is listed."
            )
        if column not in editable(name):
            told = f"{quote(column)} of {name} follows from other cells: it stays as it is."
            raise HmcpsiError(told)
        _value(name, column, value)
        self._edits[name, key, column] = value

    def accept(self, folder: str | os.PathLike[str], keep_text: bool = False) -> Added:
        """Add the rows to a data folder, which is made where it is not there."""
        rows = self.rows
        if rows is None:
            raise HmcpsiError(self.missing or "Read a document first.")
        target = Path(folder).expanduser()
        if not target.exists():
            copy_data(target)
        source = self._content if keep_text else self._there()
        self.added = add_document(source, target, rows=rows, keep_text=keep_text)
        return self.added

    def _there(self) -> Document:
        if self.document is None:
            raise HmcpsiError("Read a document first.")
        return self.document

    def _placed(self) -> Rows:
        return self._there().rows(self.record, **self.known)

    def _change(self, document: Document) -> None:
        self.document, self.added = document, None
        self.place()


def _put(frame: pd.DataFrame, name: str, at: Any, column: str, value: str) -> pd.DataFrame:
    """A frame with one cell changed, and a note of what stood there."""
    wanted = _value(name, column, value)
    cells = {column: wanted}
    if f"{column}_as_printed" in frame:  # what is printed was misread with it
        cells[f"{column}_as_printed"] = None if wanted is None else str(wanted)
    if "note" in frame and column != "note":
        before, note = frame.loc[at, column], frame.loc[at, "note"]
        told = f"Corrected by a person: {column} was {'empty' if pd.isna(before) else before}."
        cells["note"] = told if pd.isna(note) else f"{note} {told}"
    changed = frame.astype(object)
    for other, content in cells.items():
        changed.at[at, other] = content
    return typed(name, changed)


def _value(name: str, column: str, text: str) -> Any:
    """The value of a text in a column, or a sentence that says what the column takes."""
    field, written = table(name).field(column), cell(text, 2000)
    wrong = bool(field.enum) and bool(written) and written not in field.enum
    value = None
    try:
        (value,) = parse(field, [written])
    except ValueError:
        wrong = True
    if wrong:
        known = field.allowed or f"a value of the type {field.type}"
        raise HmcpsiError(f"{quote(text)} cannot stand in {column}.", f"Write {known}.")
    if value is None and field.required:
        raise HmcpsiError(f"{column} must not be empty.", field.description)
    return value
