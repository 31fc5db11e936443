"""A document to choose, to check against its lines, to correct, and to add to a folder."""

from __future__ import annotations

import os
from typing import Any

import pandas as pd

from hmcpsi_data.description import data_folder
from hmcpsi_data.documents.cells import safe_name
from hmcpsi_data.documents.correcting import editable
from hmcpsi_data.documents.desk import Desk, listed
from hmcpsi_data.explorers.control import Control, choice, file, grouped, text
from hmcpsi_data.explorers.explorer import Explorer
from hmcpsi_data.explorers.rows import options
from hmcpsi_data.explorers.view import View
from hmcpsi_data.tables import load
from hmcpsi_data.tiles import TileTable, tile_table
from hmcpsi_data.views import ratings

__all__ = ["AddDocument"]

_UNCLEAR = "What the document does not make clear"
_CORRECT = "Correct what was read"
_ACCEPT = "Accept it into a data folder of yours"
_ENDINGS = (".txt", ".html", ".htm", ".md", ".pdf", ".docx")
_LARGEST = 8 * 1024 * 1024
_NONE = ("", "none")
_HEADINGS = {
    "kind": "What",
    "what": "Label or topic",
    "value": "Value",
    "locator": "Lines",
    "words": "The words of these lines, not kept",
}
_KINDS = {
    "opa": "an Overall Performance Assessment",
    "follow_up": "a follow-up inspection",
    "area_assurance": "an Area Assurance inspection",
    "response": "a response of the CPS",
    "unknown": "a kind of publication that is not known here",
}


class AddDocument(Explorer):
    """What was read of a document, beside the lines that say it; corrected, then added.

    Nothing is written before it is accepted, and never into the data of the package. `added` is
    then what `add_document` gives.

    Parameters
    ----------
    source : path, bytes, str or Document, optional
        A document to begin with, as for `read_document`.
    folder : path, optional
        A data folder of your own: the document is read by its Areas and labels, and added to it.
        It is made where it is not there.
    **state
        Values of controls at the start: `path`, `area`, `framework`, `published`, `new`, `row`,
        `column`, `value`, `into`.

    Examples
    --------
    >>> explorer = AddDocument()
    >>> explorer.view["status"]
    'No document yet'
    """

    TITLE = "Add a document"
    CAVEAT = (
        "What is read is a proposal: check it against the lines. Nothing is written before you "
        "accept it, and never into the data of the package."
    )
    ACTIONS = (
        ("put", "Put the value", "Write the value into the picked cell", _CORRECT),
        ("drop", "Leave this row out", "Take the picked row away", _CORRECT),
        ("accept", "Accept", "Check all rows and add them to the folder: all or none", _ACCEPT),
    )
    DOWNLOADS = (("csv", "Download what was read as CSV"),)

    def __init__(
        self,
        source: Any = None,
        folder: str | os.PathLike[str] | None = None,
        **state: Any,
    ) -> None:
        self._first = source
        self._into = "" if folder is None else str(folder)
        # A folder that accepting will make is not there to read from yet.
        there = folder is not None and data_folder(folder).is_dir()
        super().__init__(folder if there else None, **state)

    def prepare(self) -> None:
        """Read the first document, and what can be chosen."""
        self._desk = Desk(self.folder)
        self._picked: tuple[str, str] = ("", "")
        if self._first is not None:
            self._desk.read(self._first)
        areas, frameworks = load("areas", self.folder), load("frameworks", self.folder)
        named = areas["name"] + " (from " + areas["valid_from"].str[:4] + ")"
        self._areas = options(areas["area_id"], named)
        self._frameworks = options(frameworks["framework_id"], frameworks["short_title"])

    def describe(self) -> list[Control]:
        """The document, what it leaves open, the cell to correct, and where it goes."""
        endings = "A txt, html, md, pdf or docx file of at most 8 MB"
        new = [("yes", "make it a new Area of yours")]
        return [
            file("file", "Document", endings, _ENDINGS, _LARGEST),
            text("path", "Or a file on this computer", "Its path; then press Enter"),
            *grouped(
                _UNCLEAR,
                choice("area", "Area", "The Area inspected", self._areas, "as read"),
                choice("framework", "Framework", "The yardstick", self._frameworks, "as read"),
                text("published", "Published", "As precise as known, such as 2016-11"),
                choice("new", "An Area that no table knows", "What to do with it", new, "refuse"),
            ),
            *self.depending({}),
            *grouped(
                _ACCEPT,
                text("into", "Data folder", "A copy of the data, made where it is not", self._into),
            ),
        ]

    def depending(self, state: dict[str, Any]) -> list[Control]:
        """The rows that can be corrected, and the columns of the picked one."""
        rows = self._desk.choices()
        row = state.get("row", "")
        row = row if row in dict(rows) else (rows[0][0] if rows else "")
        columns = [(name, name) for name in editable(row.partition(" ")[0])] if row else []
        first = _first(row)
        return grouped(
            _CORRECT,
            choice("row", "Row", "The row to correct", rows or [_NONE], None),
            choice(
                "column", "Column", "The cell of the row", columns or [_NONE], None, first or None
            ),
            text("value", "Value", "What should stand there; empty empties the cell"),
        )

    def settle(self, state: dict[str, Any]) -> dict[str, Any]:
        """Read the file of the path, place the document, and show the picked cell."""
        path = state["path"].strip()
        if path and path != getattr(self, "_path", ""):
            self._path = path
            self._read(path)
        known = {name: state[name] or None for name in ("area", "framework", "published")}
        self._desk.place(**known, new_area=state["new"] == "yes")
        state = self._checked(state)
        picked = (state["row"], state["column"])
        if picked != self._picked:
            self._picked = picked
            state = {**state, "value": self._desk.cell(*picked) if all(picked) else ""}
        return state

    def look(self, into: str, **_: Any) -> View:
        """What was read, what was left out, and what the folder then has."""
        document = self._desk.document
        if document is None:
            words = "Choose a file. A press notice, an inspection page or a CPS response is meant."
            return View("No document yet", "", pd.DataFrame(), "hd.read_document('FILE')", words)
        frame = listed(self._desk)
        tables = [
            tile_table(frame, "What was read", headings=_HEADINGS, row_headers=2),
            *self._left_out(),
        ]
        if self._desk.added is not None:
            tables.insert(0, self._there())
        name = safe_name(document.name)
        return View(
            status=self._status(len(frame)),
            words=self._words(),
            table=tuple(tables),
            frame=frame,
            code=f"hd.add_document({name!r}, {into or 'my_copy'!r})",
        )

    def act(self, name: str) -> None:
        """Put the value, leave the row out, or add the rows."""
        state = self.state
        if name == "put":
            self._desk.put(state["row"], state["column"], state["value"])
        elif name == "drop":
            self._desk.drop(state["row"])
        else:
            self._desk.accept(state["into"].strip())
        self._picked = ("", "")
        self._show()

    def closed(self) -> set[str]:
        """What there is nothing for."""
        done = self._desk.rows is None or self._desk.added is not None
        shut = {"put", "drop", "accept"} if done else set()
        return shut if self.state.get("into", "").strip() else shut | {"accept"}

    def take(self, control: str, name: str, data: bytes) -> None:  # noqa: ARG002
        """Read a file that was chosen."""
        self._read(data, name)
        self._show()

    def set(self, **state: Any) -> None:
        """Change several controls; what is picked is picked before its value is changed."""
        value = {"value": state.pop("value")} if "value" in state else {}
        for part in (state, value):
            if part:
                super().set(**part)

    def reset(self) -> None:
        """Take the document away and put all controls back."""
        self._desk.forget()
        self._picked, self._path = ("", ""), ""
        super().reset()

    @property
    def document(self) -> Any:
        """The `Document` that was read; None before."""
        return self._desk.document

    @property
    def rows(self) -> Any:
        """Its rows as corrected; None where it cannot be placed."""
        return self._desk.rows

    @property
    def added(self) -> Any:
        """What `add_document` gave, once the document was accepted; None before."""
        return self._desk.added

    def _read(self, source: Any, name: str | None = None) -> None:
        self._desk.read(source, name)
        self._picked = ("", "")

    def _status(self, n: int) -> str:
        left = len(self._problems())
        edits = self._desk.edits
        parts = [f"{n} {'thing' if n == 1 else 'things'} read, {left} left out"]
        parts += [f"{edits} corrected by you"] * bool(edits)
        parts += ["added to your folder"] * (self._desk.added is not None)
        return "; ".join(parts)

    def _words(self) -> str:
        document, rows = self._desk.document, self._desk.rows
        area = document.area or "an Area that it does not name clearly"
        when = document.published or "without a date"
        told = f"This looks like {_KINDS[document.kind]} about {area}, {when}."
        if rows is None:
            here = f'Here the controls under "{_UNCLEAR}" do that.'
            return f"{told} {self._desk.missing} {here}"
        counts = ", ".join(f"{name} {len(rows[name])}" for name in rows if len(rows[name]))
        told = f"{told} Its rows: {counts}."
        if self._desk.added is None:
            return f"{told} Nothing is written yet."
        return f"{told} They are in your folder: give it to any explorer to find the Area there."

    def _problems(self) -> pd.DataFrame:
        rows, document = self._desk.rows, self._desk.document
        return document.problems if rows is None else rows.problems

    def _left_out(self) -> list[TileTable]:
        problems = self._problems()
        if problems.empty:
            return []
        headings = {"locator": "Lines", "text": "What stands there", "reason": "Why it is left out"}
        return [tile_table(problems, "What was not understood, and left out", headings=headings)]

    def _there(self) -> TileTable:
        """The ratings of the Area that the folder now has."""
        added = self._desk.added
        found = ratings(added.area_id, folder=added.folder)
        headings = {
            "framework": "Framework",
            "label": "Aspect",
            "rating": "Rating",
            "source_id": "Source",
            "locator": "Lines",
        }
        name = load("areas", added.folder).set_index("area_id").loc[added.area_id, "name"]
        title = f"Ratings of {name} in your folder"
        return tile_table(found, title, headings=headings, tiles=("Rating",), row_headers=2)


def _first(row: str) -> str:
    """The column that is most often put right."""
    first = {"ratings": "rating", "actions": "topic", "responses": "summary", "measures": "value"}
    return first.get(row.partition(" ")[0], "") if row else ""
