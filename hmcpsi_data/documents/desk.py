"""A desk for one document: what was read, what a person corrected, and where it is to go."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pandas as pd

from hmcpsi_data.adding import Added, add_document
from hmcpsi_data.copying import copy_data
from hmcpsi_data.documents.correcting import put_cell, without
from hmcpsi_data.documents.document import Document
from hmcpsi_data.documents.read import read_document
from hmcpsi_data.documents.rows import Rows
from hmcpsi_data.errors import HmcpsiError

__all__ = ["Desk", "listed"]

_SHOWN = ("ratings", "actions", "responses", "measures", "area_forces", "area_names")
_KINDS = {
    "ratings": "rating",
    "actions": "action",
    "responses": "answer",
    "measures": "number",
    "area_forces": "police force",
    "area_names": "name of the Area",
    "areas": "new Area",
    "sources": "source",
    "inspections": "inspection",
    "aspect_sets": "set of labels",
    "aspects": "label",
}
_LONGEST = 240


class Desk:
    """One document at a time, with the corrections to its rows.

    Parameters
    ----------
    folder : path, optional
        The data folder whose Areas and labels the document is read by, as for `load`.

    Attributes
    ----------
    document : Document or None
        What was read last.
    rows : Rows or None
        Its rows as corrected; None where it cannot be placed, and then `missing` says why.
    missing : str
        What the document does not make clear.
    edits : int
        How many corrections there are.
    added : Added or None
        What was added, once it was.
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        self.folder = folder
        self.forget()

    def forget(self) -> None:
        """Take the document off the desk."""
        self.document: Document | None = None
        self.rows: Rows | None = None
        self.missing = ""
        self.edits = 0
        self.added: Added | None = None
        self._content: bytes | str | os.PathLike[str] | None = None
        self._known: dict[str, Any] = {}

    def read(self, source: Any, name: str | None = None) -> None:
        """Read a document, or take one that was read; on an error the desk is as it was."""
        if isinstance(source, Document):
            document = source
        else:
            document = read_document(source, name) if name else read_document(source)
        self.forget()
        self.document, self._content = document, source
        self.place()

    def place(self, **known: Any) -> None:
        """Make the rows, with what a person gave; corrections are lost where this differs."""
        if self.document is None or (known == self._known and (self.rows or self.missing)):
            return
        self._known, self.edits, self.missing, self.rows = known, 0, "", None
        try:
            self.rows = self.document.rows(self.folder, **known)
        except HmcpsiError as error:
            self.missing = str(error)

    def put(self, row: str, column: str, value: str) -> None:
        """Correct a cell of a row such as "ratings 0"."""
        name, position = self._row(row)
        self.rows = put_cell(self.rows, name, position, column, value)
        self.edits += 1

    def drop(self, row: str) -> None:
        """Leave a row out."""
        self.rows = without(self.rows, *self._row(row))
        self.edits += 1

    def cell(self, row: str, column: str) -> str:
        """What stands in a cell, as text."""
        name, position = self._row(row)
        value = self.rows[name][column].iloc[position]
        return "" if pd.isna(value) else str(value)

    def accept(self, folder: str, keep_text: bool = False) -> Added:
        """Add the rows to a data folder, which is made where it is not there."""
        if self.rows is None:
            raise HmcpsiError(self.missing or "Choose a document first.")
        target = Path(folder).expanduser()
        if not target.exists():
            copy_data(target)
        source = self._content if keep_text else self.document
        self.added = add_document(source, target, rows=self.rows, keep_text=keep_text)
        return self.added

    def choices(self) -> list[tuple[str, str]]:
        """The rows that can be corrected, as values and labels."""
        if self.rows is None:
            return []
        names = [*_SHOWN, *(name for name in _KINDS if name not in _SHOWN)]
        return [
            (f"{name} {position}", f"{_KINDS[name]} {position + 1}: {label[:60]}")
            for name in names
            for position, label in enumerate(_labels(name, self.rows[name]))
        ]

    def _row(self, row: str) -> tuple[str, int]:
        if self.rows is None or not row:
            raise HmcpsiError("Pick a row first.")
        name, _, position = row.partition(" ")
        if not 0 <= int(position) < len(self.rows[name]):
            raise HmcpsiError("That row is no longer there. Pick another.")
        return name, int(position)


def listed(desk: Desk) -> pd.DataFrame:
    """What was read, a row for each thing: `kind`, `what`, `value`, `locator`, `words`.

    `words` are the lines behind it, shortened.
    """
    document, rows = desk.document, desk.rows
    found: list[tuple[str, str, str, str]] = []
    if rows is not None:
        for name in _SHOWN:
            frame = rows[name].astype(object)
            values = frame[_VALUES[name]].where(frame[_VALUES[name]].notna(), "")
            places = frame["locator"].where(frame["locator"].notna(), "")
            parts = zip(_labels(name, rows[name]), values, places, strict=True)
            found += [(_KINDS[name], what, str(value), place) for what, value, place in parts]
    elif document is not None:
        found = list(_as_read(document))
    words = [_words(document, place) for *_, place in found]
    frame = pd.DataFrame(found, columns=["kind", "what", "value", "locator"], dtype="string")
    return frame.assign(words=pd.array(words, dtype="string"))


_VALUES = {
    "ratings": "rating",
    "actions": "progress",
    "responses": "commitment",
    "measures": "value_as_printed",
    "area_forces": "force",
    "area_names": "name",
}
_LABELS = {
    "ratings": ("label_as_printed", "aspect_id"),
    "actions": ("topic",),
    "responses": ("summary",),
    "measures": ("unit",),
    "area_forces": ("force_as_printed",),
    "area_names": ("area_id",),
    "areas": ("name",),
    "sources": ("title",),
    "inspections": ("title",),
    "aspect_sets": ("title",),
    "aspects": ("label",),
}


def _labels(name: str, frame: pd.DataFrame) -> list[str]:
    first, *others = (frame[column] for column in _LABELS[name])
    for other in others:
        first = first.fillna(other)
    return first.astype(str).tolist()


def _as_read(document: Document) -> list[tuple[str, str, str, str]]:
    """What was read of a document that cannot be placed yet."""
    found = []
    for row in document.ratings.astype(object).to_dict("records"):
        label = "overall" if pd.isna(row["label"]) else row["label"]
        found.append(("rating", label, row["rating"], row["locator"]))
    for row in document.actions.astype(object).to_dict("records"):
        value = "" if pd.isna(row["progress"]) else row["progress"]
        found.append(("action", f"{row['kind']} {row['number']}", value, row["locator"]))
    for row in document.responses.astype(object).to_dict("records"):
        found.append(("answer", f"to number {row['number']}", "", row["locator"]))
    for row in document.measures.astype(object).to_dict("records"):
        found.append(("number", row["unit"], f"{row['value']:.15g}", row["locator"]))
    return found


def _words(document: Document, locator: str) -> str:
    text = " / ".join(" ".join(line.split()) for line in document.words(locator)) if locator else ""
    return text[:_LONGEST] + ("…" if len(text) > _LONGEST else "")
