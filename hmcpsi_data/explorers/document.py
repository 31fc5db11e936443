"""A document becomes rows of your own copy: claims to look at, take, correct and accept."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from hmcpsi_data import show
from hmcpsi_data.documents import Desk, invented_notice
from hmcpsi_data.errors import HmcpsiError, quote
from hmcpsi_data.explorers.base import Explorer
from hmcpsi_data.explorers.controls import Choice, File, Option, Text
from hmcpsi_data.explorers.view import View, button, drop_down, row_of, table_of, text, text_box
from hmcpsi_data.html import html_table
from hmcpsi_data.record.filters import options
from hmcpsi_data.tables.record import Record, RecordLike
from hmcpsi_data.words import KINDS, count_of

__all__ = ["AddDocument"]

_SUGGESTED = "my-data, beside this notebook"
_NO_INSPECTION = "Nothing here looks like an inspection of the CPS."
_DOUBTFUL = {"take": "Take it", "drop": "Leave out"}
_BOXES = {"what": "About", "value": "Rating or number", "locator": "Lines, such as L22"}
_KINDS_OF_ROW = {
    "ratings": "rating",
    "actions": "action",
    "responses": "answer",
    "measures": "number",
}


class AddDocument(Explorer):
    """Read a press notice, an inspection page or a CPS response, and add it to a copy of the data.

    What is read is a proposal. A doubtful claim can be taken, a wrong one left out, a missed one
    added with its lines. Nothing is written before Accept, and never into the data of the package.

    Parameters
    ----------
    source : path, str, bytes or Document, optional
        A document to begin with.
    record, site
        As for every `Explorer`; the document is read by the Areas and labels of the record.
    **values
        Values of controls at the start: `area`, `framework`, `published`, `new_area`, `folder`.

    Examples
    --------
    >>> AddDocument().shown["status"]
    'No document yet'
    """

    TITLE = "Add a document"
    NOTE = (
        "What is read is a proposal: check it against its lines. Nothing is written before you "
        "press Accept, and never into the data of this package."
    )
    BUTTONS = (
        ("accept", "Accept", "Check all rows and add them to your copy: all or none"),
        ("forget", "Take the document away", "Start with another one"),
        ("example", "Try an invented example", "A document about an Area that does not exist"),
    )
    SAVES: ClassVar[Mapping[str, str]] = {
        "csv": "What was read (CSV)",
        "xlsx": "What was read (Excel)",
        "zip": "My copy (ZIP)",
    }

    file = File("Document", "A text, web page, PDF or Word file",
                accept=".txt,.md,.html,.htm,.pdf,.docx")  # fmt: skip
    folder = Text("Folder of your copy", "Made where it is not there; press Enter after typing",
                  placeholder=_SUGGESTED, filters=False)  # fmt: skip
    area = Choice("Area", "Where the document does not make it clear", everything="as read",
                  filters=False)  # fmt: skip
    new_area = Choice("An Area that no table knows", "What is done with it", filters=False,
                      everything="refuse", more=True,
                      options={True: "make it a new Area of mine"})  # fmt: skip
    framework = Choice("Framework", "Where the document does not make it clear", more=True,
                       everything="as read", filters=False)  # fmt: skip
    published = Text("Published", "Where the document does not say it", placeholder="2016-11",
                     more=True, filters=False)  # fmt: skip

    def __init__(self, source: Any = None, record: RecordLike = None, **values: Any) -> None:
        self._desk = Desk(record)
        self._page = False
        if source is not None:
            self._desk.read(source)
        super().__init__(record, **values)

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """All Areas and frameworks."""
        return {
            name: [(value, label, None) for value, label, _ in options(name, self.record)]
            for name in ("area", "framework")
        }

    @property
    def desk(self) -> Desk:
        """The document, what was corrected, and what was added."""
        return self._desk

    def show(self) -> View:
        """The claims, what can be filled in, what is still unclear, and what was added."""
        desk = self._desk
        if desk.document is None:
            words = "Choose a file: a press notice, an inspection page or a CPS response."
            return View(pd.DataFrame(), "No document yet", sentence=words, html="")
        desk.place(
            area=self.area, framework=self.framework, published=self.published or None,
            new_area=bool(self.new_area),
        )  # fmt: skip
        claims = desk.claims()
        certain = int(claims["certain"].sum())
        status = f"{count_of(certain, 'certain claim')}, {len(claims) - certain} doubtful"
        return View(
            frame=claims,
            status=status + ("; added to your copy" if desk.added else ""),
            code=f"hd.add_document({desk.document.name!r}, {str(self._target)!r})",
            sentence=self._sentence(claims),
            html=self._added() + self._claims(claims) + self._fill_in() + self._add_row(),
        )

    def _sentence(self, claims: pd.DataFrame) -> str:
        """What the document is, and what a person has to do next, with the mouse."""
        desk = self._desk
        if not claims["certain"].any() and desk.document and desk.document.kind == "unknown":
            return _NO_INSPECTION
        if desk.added:
            return "The rows are in your copy. Show the Area, or save the copy as a ZIP file."
        if desk.missing:
            told = [one for one in desk.missing.split(". ") if "=" not in one and "()" not in one]
            hint = "Choose it in the lists above, under More filters too."
            return f"{'. '.join(told).rstrip('.')}. {hint}"
        rows: Mapping[str, pd.DataFrame] = desk.rows or {}
        counts = ", ".join(f"{name} {len(found)}" for name, found in rows.items() if len(found))
        target = "" if self.folder else " Type the folder of your copy, then press Accept."
        return f"New rows: {counts}. Nothing is written yet.{target}"

    def act(self, command: str, details: Mapping[str, Any], data: bytes) -> None:
        """Read, take, leave out, add, correct, accept."""
        desk = self._desk
        if command == "file":
            self._read(data, str(details.get("file")))
        elif command == "example":
            desk.read(invented_notice(), "invented example")
            self._page, self.new_area = False, True
        elif command == "forget":
            desk.forget()
        elif command == "take":
            self._take(int(details["number"]))
        elif command == "drop":
            desk.drop(int(details["number"]))
        elif command == "put":
            desk.put(*(str(details[name]) for name in ("table", "key", "column", "value")))
        elif command == "row":
            self._row(details)
        elif command == "accept":
            self._accept()
        elif command == "page":
            self._page = not self._page
        else:
            super().act(command, details, data)

    def _read(self, data: bytes, name: str) -> None:
        """Read a file; where it cannot be, say whose claims still stand on the screen."""
        before = self._desk.document
        try:
            self._desk.read(data, name)
        except HmcpsiError as error:
            if before is None:
                raise
            told = f"What stands below is still what was read in {quote(before.name)}."
            raise HmcpsiError(str(error), told) from None
        self._page = False

    def _take(self, number: int) -> None:
        try:
            self._desk.take(number)
        except HmcpsiError as error:
            told = str(error).split(". ")[0]
            raise HmcpsiError(
                f"{told}. Add the row below with what it lacks, or leave it out."
            ) from None

    @property
    def _target(self) -> Path:
        return Path(self.folder).expanduser().absolute() if self.folder else Path("my-data")

    def _accept(self) -> None:
        if self._desk.document is None:
            raise HmcpsiError("Choose a document first.")
        if not self.folder:
            raise HmcpsiError(
                "Folder of your copy: it is empty. Type where your copy of the data is to be, "
                "such as my-data."
            )
        self._desk.accept(self._target)

    def _row(self, details: Mapping[str, Any]) -> None:
        """Add a row that the reader missed, from the boxes of the small form."""
        name = str(details.get("table"))
        what, value = str(details.get("what") or ""), str(details.get("value") or "")
        number = value if value.isdigit() else None
        read = self._desk.document
        levels = [] if read is None else read.ratings["level"].dropna().tolist()
        level = max(levels, key=levels.count) if levels else "aspect"  # as those beside it
        cells: dict[str, dict[str, Any]] = {
            "ratings": {"label": what, "rating": value, "level": level},
            "actions": {"kind": "issue", "number": number, "text": what},
            "responses": {"number": number, "text": what},
            "measures": {"subject": what, "value": value, "unit": "as printed"},
        }
        if name not in cells or not what or not value:
            raise HmcpsiError("Add a row: fill in what it is about and its value or number.")
        self._desk.add(name, str(details.get("locator") or ""), **cells[name])

    def download(self, kind: str = "csv") -> tuple[str, bytes]:
        """What was read as csv, or the whole copy as zip."""
        if kind != "zip":
            return super().download(kind)
        if self._desk.added is None:
            raise HmcpsiError("There is no copy yet. Press Accept first.")
        folder = self._desk.added.folder
        with tempfile.TemporaryDirectory() as home:
            packed = shutil.make_archive(f"{home}/copy", "zip", folder.parent, folder.name)
            return f"{folder.name}.zip", Path(packed).read_bytes()

    def _claims(self, claims: pd.DataFrame) -> str:
        """Each claim with its lines, and buttons that take it or leave it out."""
        rows = ""
        for number, claim in zip(claims.index, claims.to_dict("records"), strict=True):
            commands = {"drop": "Leave out"} if claim["certain"] else _DOUBTFUL
            what = text(claim["what"])
            acts = [
                button(label, {"do": do, "number": int(number)}, f"{label}: {what}")
                for do, label in ({} if self._desk.added else commands).items()
            ]
            told = "" if claim["certain"] else _doubt(text(claim["why"]))
            cells = [text(claim[name]) for name in ("value", "kind", "locator", "words")]
            rows += row_of(what, [*map(escape, [*cells, told]), " ".join(acts)])
        return table_of("What was read", ["What", "Value", "Kind", "Lines", "Text", "", ""], rows)

    def _fill_in(self) -> str:
        """Topic, theme and kind of each action, and each rating, to correct before Accept."""
        rows, done = self._desk.rows, self._desk.added is not None
        if rows is None or done:
            return ""
        themes = {"": "no theme"} | {one: name for one, name, _ in options("theme", self.record)}
        scales = self.record.table("scales")["value"].dropna().unique()
        body = ""
        for row in rows.get("actions", pd.DataFrame()).to_dict("records"):
            put = {"do": "put", "table": "actions", "key": row["action_id"]}
            of = f"{row['kind']} {text(row['number'])}"
            cells = [
                text_box({**put, "column": "topic"}, row["topic"], f"Topic of {of}"),
                drop_down({**put, "column": "theme_id"}, row["theme_id"], themes, f"Theme of {of}"),
                drop_down({**put, "column": "kind"}, row["kind"], KINDS, f"Kind of {of}"),
            ]
            body += row_of(of, cells)
        words = {word: word for word in scales}
        for row in rows.get("ratings", pd.DataFrame()).to_dict("records"):
            put = {"do": "put", "table": "ratings", "key": row["rating_id"], "column": "rating"}
            name = text(row.get("label_as_printed")) or row["aspect_id"]
            body += row_of(name, [drop_down(put, row["rating"], words, name), "", ""])
        heads = ["Row", "Topic or rating", "Theme", "Kind"]
        return table_of("Before you accept: correct and fill in", heads, body) if body else ""

    def _add_row(self) -> str:
        """A small form for what the reader missed."""
        if self._desk.added is not None:
            return ""
        kinds = "".join(
            f'<option value="{name}">{word}</option>' for name, word in _KINDS_OF_ROW.items()
        )
        boxes = "".join(
            f'<label>{label} <input type="text" name="{name}" data-cell="add-{name}"></label> '
            for name, label in _BOXES.items()
        )
        command = escape(json.dumps({"do": "row"}))
        return (
            f'<p class="hx-form" data-live><strong>Add a row that was missed:</strong> <label>Kind '
            f'<select name="table">{kinds}</select></label> {boxes}<button type="button" data-live '
            f'data-form data-do="{command}">Add the row</button></p>'
        )

    def _added(self) -> str:
        """After Accept: the way to the Area, and its page when it is asked for."""
        added = self._desk.added
        if added is None:
            return ""
        record = Record(added.folder)
        names = record.table("areas").set_index("area_id")["name"]
        name = str(names[added.area_id])
        label = "Close the page" if self._page else f"Show {name} as it is now"
        page = show.area(added.area_id, record=record).body if self._page else ""
        counts = pd.DataFrame(
            {"Table": list(added.counts), "New rows": list(added.counts.values())}
        )
        told = html_table(counts, f"Added to {quote(added.folder.name)}", box=False)
        return f"<p>{button(label, {'do': 'page'})}</p>{page}{told}"


def _doubt(why: str) -> str:
    """Why a claim is doubtful, in one sentence without the names of arguments and functions."""
    told = why.rpartition(": area ")[2].removesuffix(" areas() lists all that are.")
    return f"Doubtful: {'Area ' * told.startswith(chr(34))}{told}"
