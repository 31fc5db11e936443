"""A document becomes rows of your own copy: claims to look at, take, correct and accept."""

import json
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from hmcpsi_data import show
from hmcpsi_data.documents import Document, add_document, read_document
from hmcpsi_data.documents.adding import new_rows
from hmcpsi_data.errors import HmcpsiError, quote
from hmcpsi_data.explorers.base import TABLES, Choice, Explorer, File, Option, Text
from hmcpsi_data.explorers.view import View, button, edit_table, live
from hmcpsi_data.record.filters import options
from hmcpsi_data.tables.record import Record, RecordLike
from hmcpsi_data.tables.writing import copy_data
from hmcpsi_data.words import KINDS, count_of

_BOXES = {"what": "About", "value": "Rating or number", "locator": "Lines, such as L22"}
_UNCLEAR = "Where the document does not make it clear"
_TABLES = {"ratings": "rating", "actions": "action", "responses": "answer", "measures": "number"}
_CLAIM = {**_TABLES, "forces": "police force", "document": "question"}
_HEADS = {"what": "What", "value": "Value", "kind": "Kind", "locator": "Lines", "words": "Text",
          "why": "Why"}  # fmt: skip
_CELLS = {"topic": "Topic", "theme_id": "Theme", "kind": "Kind"}


class AddDocument(Explorer):
    """Read a press notice, an inspection page or a CPS response, and add it to a copy of the data.

    A doubtful claim can be taken, a wrong one left out, a missed one added with its lines. `source`
    is a document to begin with, as for `read_document`; it is read by the labels of the record.

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
    SAVES: ClassVar[dict[str, str]] = TABLES | {"zip": "My copy (ZIP)"}

    file = File("Document", "Text, PDF, Word", accept=".txt,.md,.html,.htm,.pdf,.docx")
    folder = Text("Folder of your copy", "Made where it is not there; press Enter after typing",
                  placeholder="my-data, beside this notebook", filters=False)  # fmt: skip
    area = Choice("Area", _UNCLEAR, everything="as read", filters=False)
    new_area = Choice("An Area that no table knows", options={True: "make it a new Area of mine"},
                      everything="refuse", more=True, filters=False)  # fmt: skip
    framework = Choice("Framework", _UNCLEAR, everything="as read", more=True, filters=False)
    published = Text("Published", _UNCLEAR, placeholder="2016-11", more=True, filters=False)

    def __init__(self, source: Any = None, record: RecordLike = None, **values: Any) -> None:
        self._read(source, record=record)
        super().__init__(record, **values)

    def _read(self, source: Any, name: str | None = None, record: RecordLike = None) -> None:
        """Read a document, or take the one away that was read; on an error all is as it was."""
        read = source is None or isinstance(source, Document)
        self.document: Any = source if read else read_document(source, name, record)
        self.added: Any = None  # the rows that were added
        self._steps = ""  # what a person changed in the document, as code
        self._page = False  # whether the page of the Area that was added is open

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """All Areas and frameworks."""
        known = {name: options(name, self.record) for name in ("area", "framework")}
        return {name: [(key, label, None) for key, label, _ in known[name]] for name in known}

    def act(self, command: str, details: Mapping[str, Any], data: bytes) -> None:
        """Read, take, leave out, add, fill in, accept."""
        row = details.get("row")
        if command == "file":
            try:
                self._read(data, str(details.get("file")), self.record)
            except HmcpsiError as error:
                if self.document is not None:
                    error.remedy += f" Below is still what was read in {quote(self.document.name)}."
                raise
        elif command == "forget":
            self._read(None)
        elif self.document is None:
            raise HmcpsiError("Read a document first.")
        elif command in {"take", "drop"}:
            self._change(command, int(str(row)))
        elif command == "edit":
            column = {words: one for one, words in _CELLS.items()}[details["field"]]
            self._change("fill_in", int(str(row)), **{column: str(details["value"])})
        elif command == "row":
            self._add(details)
        elif command == "page":
            self._page = not self._page
        elif command == "accept":
            self._accept()
        else:
            super().act(command, details, data)

    def _change(self, step: str, *given: Any, **cells: Any) -> None:
        """Change the document by one of its methods, which the code repeats."""
        self.document, self.added = getattr(self.document, step)(*given, **cells), None
        told = [*map(repr, given), *(f"{name}={value!r}" for name, value in cells.items())]
        self._steps += f".{step}({', '.join(told)})"

    def _accept(self) -> None:
        document, target = self.document, self._target
        if not self.folder:
            raise HmcpsiError("Folder of your copy: it is empty.", "Type one, such as my-data.")
        there = Record(target) if target.exists() else self.record
        new_rows(document, there, **self._known)  # else a folder would be made for nothing
        if not target.exists():
            copy_data(target)
        self.added = add_document(document, target, **self._known)
        self.record = Record(target)  # whatever is added further is added to this

    @property
    def _known(self) -> dict[str, Any]:
        """What the document does not make clear, as a person chose it."""
        names = ("area", "framework", "published", "new_area")
        return {name: getattr(self, name) or None for name in names}

    @property
    def _target(self) -> Path:
        return Path(self.folder).expanduser().absolute() if self.folder else Path("my-data")

    def _add(self, details: Mapping[str, Any]) -> None:
        """Add a row that the reader missed, from the boxes of the small form."""
        name, what, value = (str(details.get(one) or "") for one in ("table", "what", "value"))
        if name not in _TABLES or not what or not value:
            raise HmcpsiError("Add a row: fill in what it is about and its value or number.")
        number = value if value.isdigit() else None
        level = self.document.ratings["level"].mode()  # as those beside it
        cells: dict[str, dict[str, Any]] = {
            "ratings": {"label": what, "rating": value, "level": next(iter(level), "aspect")},
            "actions": {"kind": "issue", "number": number, "text": what},
            "responses": {"number": number, "text": what},
            "measures": {"unit": what, "value": value},
        }
        self._change("add", name, str(details.get("locator") or ""), **cells[name])

    def download(self, kind: str = "csv") -> tuple[str, bytes]:
        """What was read as csv, or the whole copy as zip."""
        if kind != "zip":
            return super().download(kind)
        if self.added is None:
            raise HmcpsiError("There is no copy yet. Press Accept first.")
        folder = self.record.folder
        with tempfile.TemporaryDirectory() as home:
            packed = shutil.make_archive(f"{home}/copy", "zip", folder.parent, folder.name)
            return f"{folder.name}.zip", Path(packed).read_bytes()

    def show(self) -> View:
        """The claims, what can be filled in, what is still unclear, and what was added."""
        document = self.document
        if document is None:
            words = "Choose a file: a press notice, an inspection page or a CPS response."
            return View(pd.DataFrame(), "No document yet", sentence=words, html="")
        claims = document.claims.drop(columns="row")
        claims.insert(0, "kind", claims.pop("table").map(_CLAIM).astype("string"))
        certain = int(claims["certain"].sum())
        status = f"{count_of(certain, 'certain claim')}, {len(claims) - certain} doubtful"
        read = claims[[*_HEADS]].rename(columns=_HEADS)
        why = read["Why"].str.replace("^(?:area|framework|published): ", "", regex=True)
        read["Why"] = why.mask(~claims["certain"], "Doubtful: " + why)
        if self.added:  # the way to the Area, and its page when it is asked for
            status += "; added to your copy"
            page = show.area(self.added.area_id, record=self.record)
            label = "Close the page" if self._page else f"Show {page.title} as it is now"
            before = f"<p>{button(label, {'do': 'page'})}</p>{page.body if self._page else ''}"
            html = before + edit_table("What was read", read, {})
        else:
            acts = {True: {"Leave out": "drop"}, False: {"Take it": "take", "Leave out": "drop"}}
            read[""] = claims["certain"].map(acts)
            html = edit_table("What was read", read, {}) + self._fill_in(document) + _form()
        return View(claims, status, self._code(document), self._sentence(document), html=html)

    def _code(self, document: Document) -> str:
        """The call that adds the document again; a text has no file, and a place in the code."""
        is_file = "." in document.name
        source = repr(document.name) if is_file else "text"
        if self._steps:
            source = f"hd.read_document({source}){self._steps}"
        folder = str(self._target)
        given = "".join(f", {name}={value!r}" for name, value in self._known.items() if value)
        text = "" if is_file else 'text = """\nthe text of the document\n"""\n'
        copied = "" if self._target.exists() else f"hd.copy_data({folder!r})\n"
        return f"{text}{copied}hd.add_document({source}, {folder!r}{given})"

    def _sentence(self, document: Document) -> str:
        """What the document is, and what a person has to do next, with the mouse."""
        if self.added:
            return "The rows are in your copy. Show the Area, or save the copy as a ZIP file."
        try:
            rows = new_rows(document, self.record, **self._known)
        except HmcpsiError as error:
            told = [one for one in str(error).split(". ") if "=" not in one and "()" not in one]
            words = ". ".join(told).rstrip(".")  # without code
            if document.is_inspection and "Nothing was added" not in words:
                words += ". Choose it in the lists above, under More filters too"
            return f"{words[:1].upper()}{words[1:]}."
        counts = ", ".join(f"{name} {n}" for name, n in rows.counts.items())
        target = "" if self.folder else " Type the folder of your copy, then press Accept."
        left = f" {count_of(len(document.problems), 'doubtful claim')} would be left out."
        left = left if len(document.problems) else ""
        return f"New rows: {counts}.{left} Nothing is written yet.{target}"

    def _fill_in(self, document: Document) -> str:
        """Topic, theme and kind of each action, to fill in before Accept."""
        claims = document.claims
        actions = claims[claims["certain"] & claims["table"].eq("actions")]
        if actions.empty:
            return ""
        cells = pd.DataFrame(actions["row"].tolist(), actions.index)
        rows = cells.reindex(columns=["text", *_CELLS]).rename(columns={**_CELLS, "text": "Text"})
        rows.insert(0, "Action", actions["what"])
        themes = {"": "no theme"} | {one: name for one, name, _ in options("theme", self.record)}
        fields: dict[str, Any] = {"Topic": 40, "Theme": themes, "Kind": KINDS}
        told = "Before you accept: say in words of your own what each action is about"
        return edit_table(told, rows, fields)


def _form() -> str:
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
