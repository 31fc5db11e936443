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
from hmcpsi_data.documents import Desk
from hmcpsi_data.errors import HmcpsiError, quote
from hmcpsi_data.explorers.base import Explorer
from hmcpsi_data.explorers.controls import Choice, File, Option, Text
from hmcpsi_data.explorers.view import View, button, edit_table, live
from hmcpsi_data.record.filters import options
from hmcpsi_data.tables.record import Record, RecordLike
from hmcpsi_data.words import KINDS, count_of

__all__ = ["AddDocument"]

_BOXES = {"what": "About", "value": "Rating or number", "locator": "Lines, such as L22"}
_TABLES = {"ratings": "rating", "actions": "action", "responses": "answer", "measures": "number"}
_CLAIMS = {"what": "What", "value": "Value", "kind": "Kind", "locator": "Lines", "words": "Text",
           "why": "Why doubtful"}  # fmt: skip
_CELLS = {"topic": "Topic", "theme_id": "Theme", "kind": "Kind", "rating": "Rating"}


class AddDocument(Explorer):
    """Read a press notice, an inspection page or a CPS response, and add it to a copy of the data.

    What is read is a proposal. A doubtful claim can be taken, a wrong one left out, a missed one
    added with its lines. Nothing is written before Accept, and never into the data of the package.

    Parameters
    ----------
    source : path, str, bytes or Document, optional
        A document to begin with.
    record, **values
        As for every `Explorer`; the document is read by the Areas and labels of the record.

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
    )
    SAVES: ClassVar[Mapping[str, str]] = {
        "csv": "What was read (CSV)",
        "xlsx": "What was read (Excel)",
        "zip": "My copy (ZIP)",
    }

    file = File("Document", "A text, web page, PDF or Word file",
                accept=".txt,.md,.html,.htm,.pdf,.docx")  # fmt: skip
    folder = Text("Folder of your copy", "Made where it is not there; press Enter after typing",
                  placeholder="my-data, beside this notebook", filters=False)  # fmt: skip
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
        self.desk = Desk(record)  # the document, what was corrected, and what was added
        self._page = False  # whether the page of the Area that was added is open
        if source is not None:
            self.desk.read(source)
        super().__init__(record, **values)

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """All Areas and frameworks."""
        return {
            name: [(value, label, None) for value, label, _ in options(name, self.record)]
            for name in ("area", "framework")
        }

    def act(self, command: str, details: Mapping[str, Any], data: bytes) -> None:
        """Read, take, leave out, add, correct, accept."""
        desk, row = self.desk, details.get("row")
        if command == "file":
            before = desk.document
            try:
                desk.read(data, str(details.get("file")))
            except HmcpsiError as error:  # whose claims still stand on the screen
                name = quote(before.name) if before else "no document"
                told = f"What stands below is still what was read in {name}."
                raise HmcpsiError(str(error), told * bool(before)) from None
            self._page = False
        elif command == "forget":
            desk.forget()
        elif command == "take":
            try:
                desk.take(int(str(row)))
            except HmcpsiError as error:
                error.remedy = "Add the row below with what it lacks, or leave it out."
                raise
        elif command == "drop":
            desk.drop(int(str(row)))
        elif command == "edit":
            name, _, key = str(row).partition(" ")
            column = {words: one for one, words in _CELLS.items()}[details["field"]]
            desk.put(name, key, column, str(details["value"]))
        elif command == "row":
            self._add(details)
        elif command == "page":
            self._page = not self._page
        elif command != "accept":
            super().act(command, details, data)
        elif desk.document and not self.folder:
            told = "Type where your copy of the data is to be, such as my-data."
            raise HmcpsiError("Folder of your copy: it is empty.", told)
        else:
            desk.accept(self._target)

    @property
    def _target(self) -> Path:
        return Path(self.folder).expanduser().absolute() if self.folder else Path("my-data")

    def _add(self, details: Mapping[str, Any]) -> None:
        """Add a row that the reader missed, from the boxes of the small form."""
        name, what, value = (str(details.get(one) or "") for one in ("table", "what", "value"))
        if name not in _TABLES or not what or not value:
            raise HmcpsiError("Add a row: fill in what it is about and its value or number.")
        number = value if value.isdigit() else None
        read = self.desk.document
        levels = [] if read is None else read.ratings["level"].dropna().tolist()
        level = max(levels, key=levels.count) if levels else "aspect"  # as those beside it
        cells: dict[str, dict[str, Any]] = {
            "ratings": {"label": what, "rating": value, "level": level},
            "actions": {"kind": "issue", "number": number, "text": what},
            "responses": {"number": number, "text": what},
            "measures": {"unit": what, "value": value},
        }
        self.desk.add(name, str(details.get("locator") or ""), **cells[name])

    def download(self, kind: str = "csv") -> tuple[str, bytes]:
        """What was read as csv, or the whole copy as zip."""
        if kind != "zip":
            return super().download(kind)
        if self.desk.added is None:
            raise HmcpsiError("There is no copy yet. Press Accept first.")
        folder = self.desk.added.folder
        with tempfile.TemporaryDirectory() as home:
            packed = shutil.make_archive(f"{home}/copy", "zip", folder.parent, folder.name)
            return f"{folder.name}.zip", Path(packed).read_bytes()

    def show(self) -> View:
        """The claims, what can be filled in, what is still unclear, and what was added."""
        desk = self.desk
        if desk.document is None:
            words = "Choose a file: a press notice, an inspection page or a CPS response."
            return View(pd.DataFrame(), "No document yet", sentence=words, html="")
        given = {"framework": self.framework, "published": self.published or None}
        desk.place(area=self.area, new_area=bool(self.new_area), **given)
        copied = "" if self._target.exists() else f"hd.copy_data({str(self._target)!r})\n"
        claims = desk.claims()
        certain = int(claims["certain"].sum())
        status = f"{count_of(certain, 'certain claim')}, {len(claims) - certain} doubtful"
        read = claims[[*_CLAIMS]].rename(columns=_CLAIMS)
        read["Why doubtful"] = claims["why"].map(_doubt, na_action="ignore")
        if not desk.added:
            acts = {True: {"Leave out": "drop"}, False: {"Take it": "take", "Leave out": "drop"}}
            read[""] = claims["certain"].map(acts)
        html = edit_table("What was read", read, {})
        return View(
            frame=claims,
            status=status + ("; added to your copy" if desk.added else ""),
            code=copied + desk.code(self._target),
            sentence=self._sentence(certain),
            html=self._added() + html if desk.added else html + self._fill_in() + _form(),
        )

    def _sentence(self, certain: int) -> str:
        """What the document is, and what a person has to do next, with the mouse."""
        desk = self.desk
        if not certain and desk.document and desk.document.kind == "unknown":
            return "Nothing here looks like an inspection of the CPS."
        if desk.added:
            return "The rows are in your copy. Show the Area, or save the copy as a ZIP file."
        if desk.missing:
            told = [one for one in desk.missing.split(". ") if "=" not in one and "()" not in one]
            hint = "Choose it in the lists above, under More filters too."
            words = ". ".join(told).rstrip(".")
            return f"{words[:1].upper()}{words[1:]}. {hint}"
        rows: Mapping[str, pd.DataFrame] = desk.rows or {}
        counts = ", ".join(f"{name} {len(found)}" for name, found in rows.items() if len(found))
        target = "" if self.folder else " Type the folder of your copy, then press Accept."
        doubtful = int((~desk.claims()["certain"]).sum())
        left = f" {count_of(doubtful, 'doubtful claim')} would be left out." if doubtful else ""
        return f"New rows: {counts}.{left} Nothing is written yet.{target}"

    def _fill_in(self) -> str:
        """Topic, theme and kind of each action, and each rating, to correct before Accept."""
        themes = {"": "no theme"} | {one: name for one, name, _ in options("theme", self.record)}
        words = {word: word for word in self.record.table("scales")["value"].dropna()}
        new: Mapping[str, pd.DataFrame] = self.desk.rows or {}
        boxes: dict[str, dict[str, Any]] = {
            "actions": {"topic": 40, "theme_id": themes, "kind": KINDS},
            "ratings": {"rating": words},
        }
        html = ""
        for name, fields in boxes.items():
            rows = new.get(name, pd.DataFrame())
            if rows.empty:
                continue
            if name == "actions":
                of = rows["kind"] + " " + rows["number"].astype("string").fillna("")
            else:
                of = rows["label_as_printed"].fillna(rows["aspect_id"])
            shown = pd.DataFrame({"Row": of, **rows[[*fields]]}).rename(columns=_CELLS)
            shown = shown.set_axis(f"{name} " + rows[f"{name[:-1]}_id"])
            lists = {_CELLS[column]: how for column, how in fields.items()}
            html += edit_table(f"Before you accept: correct and fill in the {name}", shown, lists)
        return html

    def _added(self) -> str:
        """After Accept: the way to the Area, and its page when it is asked for."""
        added = self.desk.added
        if added is None:
            return ""
        page = show.area(added.area_id, record=Record(added.folder))
        label = "Close the page" if self._page else f"Show {page.title} as it is now"
        return f"<p>{button(label, {'do': 'page'})}</p>{page.body if self._page else ''}"


def _form() -> str:
    """A small form for what the reader missed."""
    kinds = "".join(f'<option value="{name}">{word}</option>' for name, word in _TABLES.items())
    boxes = "".join(
        f'<label>{label} <input type="text" name="{name}" data-cell="add-{name}"></label> '
        for name, label in _BOXES.items()
    )
    form = live(
        "<strong>Add a row that was missed:</strong> <label>Kind "
        f'<select name="table">{kinds}</select></label> {boxes}<button type="button" data-form '
        f'data-do="{escape(json.dumps({"do": "row"}))}">Add the row</button>'
    )
    return f'<p class="hx-form">{form}</p>'


def _doubt(why: str) -> str:
    """Why a claim is doubtful, in one sentence without the names of arguments and functions."""
    told = why.rpartition(": area ")[2].removesuffix(" areas() lists all that are.")
    return f"Doubtful: {'Area ' * told.startswith(chr(34))}{told}"
