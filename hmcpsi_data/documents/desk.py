"""A desk for one document: what a person took, added or corrected; the document in words."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from hmcpsi_data.documents.adding import Added, add_document, new_rows
from hmcpsi_data.documents.cells import cell
from hmcpsi_data.documents.document import Document, read_document
from hmcpsi_data.documents.rows import Rows, refuse_strangers, typed
from hmcpsi_data.errors import HmcpsiError, UnknownValueError, printable, quote
from hmcpsi_data.record.filters import choose
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.reading import parse
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.tables.writing import copy_data

_COUNTED = ("sha256", "n_lines", "file_name", "source_id", "n_aspects", "position")
_KNOWN = ("area", "framework", "published", "new_area")
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
    columns = [column for column in table(name).columns if column not in _COUNTED]
    return [one for one in columns if one == "theme_id" or not one.endswith("_id")]


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
        What was added, once it was; None again when something changes.
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
        self._made: Rows | None = None  # of the document as it is
        self._new: Rows | None = None  # of these, corrected, what the record does not have
        self._content: Any = None
        self._edits: dict[tuple[str, str, str], str] = {}

    def read(self, source: Any, name: str | None = None) -> None:
        """Read a document, or take one that was read; on an error the desk is as it was."""
        read = isinstance(source, Document)
        document = source if read else read_document(source, name, self.record)
        self.forget()
        self.document, self._content = document, source
        self.place()

    def place(self, **known: Any) -> None:
        """Say what the document does not make clear, as for ``Document.rows``."""
        for name in known.keys() - set(_KNOWN):
            raise UnknownValueError("argument", name, _KNOWN, "help(Document.rows)")
        if self._made is not None and known.items() <= self.known.items():
            return
        self.known |= known
        self.missing, self._made, self._new = "", None, None
        try:
            self._made = self._there().rows(self.record, **self.known)
        except HmcpsiError as error:
            self.missing = str(error)

    def claims(self) -> pd.DataFrame:
        """All claims, certain and doubtful, one row each, numbered by the index.

        `kind`, `what`, `value`, `locator`, `words`, `certain` and `why` as in `Document.claims`.
        """
        frame = self._there().claims.drop(columns="row")
        frame.insert(0, "kind", frame.pop("table").map(_KINDS).astype("string"))
        return frame

    def take(self, number: int) -> None:
        """Take a doubtful claim: it becomes a row."""
        self._change(self._there().take(number))

    def drop(self, number: int) -> None:
        """Leave a claim out."""
        self._change(self._there().drop(number))

    def add(self, table_name: str, locator: str, **cells: Any) -> None:
        """Add a row that the reader missed, with its lines, also after Accept; `Document.add`."""
        document = self._there()
        if framework := self.known.get("framework"):  # a person knows it better
            known = choose("framework", framework, self.record) or []
            document = replace(document, framework_id=known[0] if len(known) == 1 else None)
        self._change(document.add(table_name, locator, record=self.record, **cells))

    @property
    def rows(self) -> Rows | None:
        """The new rows as corrected; None where the document cannot be placed yet."""
        if self._made is None:
            return None
        if self._new is None:
            self._new = new_rows(self._corrected(self._made), self.record)[0]
        return Rows({name: frame.copy() for name, frame in self._new.items()}, self._new.problems)

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
        if name not in rows or key not in set(rows[name][table(name).primary_key[0]]):
            told = f"There is no row {quote(key)} in {name}."
            raise HmcpsiError(told, "Pick one that is listed.")
        if column not in editable(name):
            told = f"{quote(column)} of {name} follows from other cells: it stays as it is."
            raise HmcpsiError(told)
        _value(name, column, value)
        self._edits[name, key, column] = value
        self._new = None

    def accept(self, folder: str | os.PathLike[str], keep_text: bool = False) -> Added:
        """Add the rows to a data folder, which is made where it is not there."""
        if self._made is None:
            raise HmcpsiError(self.missing or "Read a document first.")
        if not isinstance(folder, str | os.PathLike):
            raise HmcpsiError(f"{quote(folder)} is no folder.", "Give its path, as text.")
        target, document = Path(folder).expanduser(), self._there()
        there = Record(target) if target.exists() else self.record
        rows = self._corrected(document.rows(there, **self.known))
        new_rows(rows, there)  # what cannot be added is told before a folder is made
        if not target.exists():
            copy_data(target)
        source = self._content if keep_text else document
        added = add_document(source, target, rows=rows, keep_text=keep_text)
        self.record = Record(target)  # whatever is added further is added to this
        self._change(document)
        self.added = added
        return added

    def _there(self) -> Document:
        if self.document is None:
            raise HmcpsiError("Read a document first.")
        return self.document

    def _corrected(self, made: Rows) -> Rows:
        """Rows with what a person corrected, and a note of what stood there."""
        rows = Rows(made, made.problems)
        for (name, key, column), text in self._edits.items():
            frame = rows[name].astype(object)
            for at in frame.index[frame[table(name).primary_key[0]].eq(key)]:
                before = frame.loc[at, column]
                frame.at[at, column] = wanted = _value(name, column, text)
                if f"{column}_as_printed" in frame:  # what is printed was misread with it
                    frame.at[at, f"{column}_as_printed"] = None if wanted is None else str(wanted)
                if "note" in frame and column != "note":
                    was = "empty" if pd.isna(before) else before
                    told = f"Corrected by a person: {column} was {was}."
                    note = frame.loc[at, "note"]
                    frame.at[at, "note"] = told if pd.isna(note) else f"{note} {told}"
            rows[name] = typed(name, frame)
        return rows

    def _change(self, document: Document) -> None:
        self.document, self.added, self._made = document, None, None
        self.place()


def _value(name: str, column: str, text: str) -> Any:
    """The value of a text in a column, or a sentence that says what the column takes."""
    field, written = table(name).field(column), cell(text, 2000)
    try:
        (value,) = parse(field, [written])
        if written and field.enum and written not in field.enum:
            raise ValueError(written)
    except ValueError:
        known = field.allowed or f"a value of the type {field.type}"
        raise HmcpsiError(f"{quote(text)} cannot stand in {column}.", f"Write {known}.") from None
    if value is None and field.required:
        raise HmcpsiError(f"{column} must not be empty.", field.description)
    return value


def in_words(document: Document, record: RecordLike = None, **known: Any) -> str:
    """The claims of a document for a terminal, with nothing that could steer it.

    `record` is the one that its rows would go into, `known` what the document does not make clear,
    as for ``Document.rows``. An `HmcpsiError` where nothing looks like an inspection.

    Examples
    --------
    >>> from hmcpsi_data.documents import invented_notice
    >>> print(in_words(read_document(invented_notice()), new_area=True)[:58])
    response, aap_2016, CPS Inventshire, published 2016-11-29:
    """
    refuse_strangers(document, known.get("area"), known.get("framework"))
    about = [document.kind, document.framework_id or "framework not clear"]
    about += [document.area or "Area not clear", f"published {document.published or 'not stated'}"]
    parts = [f"{', '.join(about)}: {len(document.lines)} lines"]
    try:
        parts.append(f"Rows: {document.rows(record, **known)!r}.")
    except HmcpsiError as error:
        parts.append(str(error))
    claims = document.claims.drop(columns="row")
    claims["words"] = claims["words"].str.slice(0, 60)
    for certain, name in ((True, "certain"), (False, "doubtful")):
        shown = claims[claims["certain"].eq(certain)]
        shown = shown.drop(columns=["certain", "why"] if certain else ["certain"])
        if len(shown):
            cells = shown.astype(object).where(shown.notna(), "").map(str).map(printable)
            parts += ["", f"{name} ({len(shown)})", cells.to_string(justify="left")]
    return "\n".join(printable(line) for part in parts for line in part.split("\n"))
