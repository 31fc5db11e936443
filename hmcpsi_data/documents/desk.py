"""A desk for one document: what a person took, added or filled in; the document in words."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from hmcpsi_data.documents.adding import Added, add_document, new_rows
from hmcpsi_data.documents.document import Document, read_document
from hmcpsi_data.documents.rows import Rows, cell, refuse_strangers
from hmcpsi_data.errors import HmcpsiError, UnknownValueError, printable, quote
from hmcpsi_data.record.filters import choose
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.tables.writing import copy_data

_KNOWN = ("area", "framework", "published", "new_area")
_KINDS = {
    "ratings": "rating",
    "actions": "action",
    "responses": "answer",
    "measures": "number",
    "forces": "police force",
    "document": "question",
}
# What a person may fill in or correct; all else follows from the lines, or is an identifier.
_FILLED_IN = {"actions": ("topic", "theme_id", "kind"), "ratings": ("rating",)}
_LONGEST = 300


class Desk:
    """One document at a time: the model of the explorer that adds documents, without a screen.

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
        self._rows: Rows | None = None  # what is new of the document, with what was filled in
        self._edits: dict[tuple[str, str, str], str | None] = {}
        self._steps: list[str] = []  # as code

    def read(self, source: Any, name: str | None = None) -> None:
        """Read a document, or take one that was read; on an error the desk is as it was."""
        read = isinstance(source, Document)
        document = source if read else read_document(source, name, self.record)
        self.forget()
        self._change(document)

    def place(self, **known: Any) -> None:
        """Say what the document does not make clear, as for ``Document.rows``."""
        for name in known.keys() - set(_KNOWN):
            raise UnknownValueError("argument", name, _KNOWN, "help(Document.rows)")
        if self._rows is None or not known.items() <= self.known.items():
            self.known |= known
            self._renew()

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
        self._steps.append(f".take({number})")

    def drop(self, number: int) -> None:
        """Leave a claim out."""
        self._change(self._there().drop(number))
        self._steps.append(f".drop({number})")

    def add(self, table_name: str, locator: str, **cells: Any) -> None:
        """Add a row that the reader missed, with its lines, also after Accept; `Document.add`."""
        document = self._there()
        if framework := self.known.get("framework"):  # a person knows it better
            known = choose("framework", framework, self.record) or []
            document = replace(document, framework_id=known[0] if len(known) == 1 else None)
        self._change(document.add(table_name, locator, record=self.record, **cells))
        told = "".join(f", {name}={value!r}" for name, value in cells.items())
        self._steps.append(f".add({table_name!r}, {locator!r}{told})")

    def code(self, folder: str | os.PathLike[str]) -> str:
        """The call that adds the document again; a text has no file, and a place in the code.

        Claims that were taken, left out or added are in it, cells that were filled in are not.
        """
        document = self._there()
        is_file = "." in document.name
        source = repr(document.name) if is_file else "text"
        if self._steps:
            source = f"hd.read_document({source}){''.join(self._steps)}"
        known = {name: value for name, value in self.known.items() if value}
        cells = "".join(f", {name}={value!r}" for name, value in known.items())
        call = f"hd.add_document({source}, {str(folder)!r}{cells})"
        return call if is_file else f'text = """\nthe text of the document\n"""\n{call}'

    @property
    def rows(self) -> Rows | None:
        """The new rows with what was filled in; None where the document cannot be placed yet."""
        if self._rows is None:
            return None
        return Rows({name: frame.copy() for name, frame in self._rows.items()}, self._rows.problems)

    def put(self, name: str, key: str, column: str, value: str) -> None:
        """Fill in the topic, theme or kind of an action, or correct a rating, by the row's key."""
        rows = self.rows
        if rows is None:
            raise HmcpsiError(self.missing or "Read a document first.")
        if column not in _FILLED_IN.get(name, ()):
            told = f"{quote(column)} of {quote(name)} follows from the lines: it stays as it is."
            raise HmcpsiError(told, "Leave the claim out, and add the row as it should be.")
        if key not in set(rows[name][table(name).primary_key[0]]):
            told = f"There is no row {quote(key)} in {name}."
            raise HmcpsiError(told, "Pick one that is listed.")
        words = cell(value, _LONGEST) if isinstance(value, str) else None
        listed = {
            "topic": (),
            "theme_id": ("", *self.record.table("themes")["theme_id"]),
            "kind": table("actions").field("kind").enum or (),
            "rating": self.record.table("scales")["value"].dropna().unique(),
        }[column]
        if words is None or not (words in listed if len(listed) else words):
            known = f"one of {', '.join(filter(None, listed))}" if len(listed) else "some words"
            raise HmcpsiError(f"{quote(value)} cannot stand in {column}.", f"Write {known}.")
        self._edits[name, key, column] = words or None
        self._renew()

    def accept(self, folder: str | os.PathLike[str]) -> Added:
        """Add the rows to a data folder, which is made where it is not there."""
        if self._rows is None:
            raise HmcpsiError(self.missing or "Read a document first.")
        if not isinstance(folder, str | os.PathLike):
            raise HmcpsiError(f"{quote(folder)} is no folder.", "Give its path, as text.")
        target, document = Path(folder).expanduser(), self._there()
        there = Record(target) if target.exists() else self.record
        rows = self._filled_in(document.rows(there, **self.known))
        new_rows(rows, there)  # what cannot be added is told before a folder is made
        if not target.exists():
            copy_data(target)
        added = add_document(document, target, rows=rows)
        self.record = Record(target)  # whatever is added further is added to this
        self._change(document)
        self.added = added
        return added

    def _there(self) -> Document:
        if self.document is None:
            raise HmcpsiError("Read a document first.")
        return self.document

    def _filled_in(self, made: Rows) -> Rows:
        """Rows with what a person filled in, and a note of what stood there."""
        rows = Rows({name: frame.copy() for name, frame in made.items()}, made.problems)
        for (name, key, column), words in self._edits.items():
            frame = rows[name]
            at = frame[table(name).primary_key[0]].eq(key)
            told = f" Corrected by a person: {column} was " + frame[column].fillna("empty") + "."
            frame.loc[at, "note"] = frame["note"].fillna("").add(told).str.strip()
            frame.loc[at, column] = words
            if column == "rating":  # what is printed was misread with it
                frame.loc[at, "rating_as_printed"] = words
        return rows

    def _change(self, document: Document) -> None:
        self.document, self.added = document, None
        self._renew()

    def _renew(self) -> None:
        """Make the rows anew, or say what is missing."""
        self.missing, self._rows = "", None
        try:
            made = self._there().rows(self.record, **self.known)
            self._rows = new_rows(self._filled_in(made), self.record)[0]
        except HmcpsiError as error:
            self.missing = str(error)


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
