"""From a document to rows in the shape of the tables, with identifiers, ready for `check`.

What the document says becomes cells with its lines. What a person must judge (the theme of an
action, the kind of an answer) stays empty, and what must not stay empty says in a fixed form that
nobody has put it into words yet. Of the document's wording the rows hold labels, words of the
scales, and up to six key words.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import pandas as pd

from hmcpsi_data.description import table
from hmcpsi_data.documents.cells import cell, key_words, printed_number, printed_word, safe_name
from hmcpsi_data.documents.document import Document
from hmcpsi_data.documents.labels import free, words_of
from hmcpsi_data.documents.places import Place, locate
from hmcpsi_data.documents.rated import BY_RULE, UNWORDED, add_ratings
from hmcpsi_data.tables import load

__all__ = ["TABLES", "Rows", "rows_of", "typed"]

TABLES = (
    "sources",
    "areas",
    "area_names",
    "area_forces",
    "inspections",
    "aspect_sets",
    "aspects",
    "ratings",
    "rating_sources",
    "actions",
    "responses",
    "measures",
    "evidence",
)
"""The tables that a document can add rows to, in the order in which they refer to each other."""

_ABOUT = {  # kind of document: kind of source, how it is called, publisher, tier
    "opa": ("press_notice", "Press notice: Overall Performance Assessment of"),
    "follow_up": ("press_release", "Press release: follow-up inspection of"),
    "area_assurance": ("press_notice", "Press notice: Area Assurance inspection of"),
    "response": ("response", "CPS response to the inspection of"),
    "unknown": ("web_page", "Publication on the inspection of"),
}
_INSPECTORATE = ("HM Crown Prosecution Service Inspectorate", "inspectorate")
_CPS = ("Crown Prosecution Service", "inspected_body")
_NO_AREA = "the Area is not known"
_DOUBTS = ("the framework is not clear", "a pilot is named", "a follow-up is named")
_PAGED = ".pdf"
_PERCENT = {"%": "percent"}
_LICENCE = "not looked up; see the publication itself"

_Folder = str | os.PathLike[str] | None
_Row = dict[str, Any]


class Rows(dict):
    """Rows by table, every table with exactly the columns of the description, also when empty.

    Attributes
    ----------
    problems : pandas.DataFrame
        What could not become a row, and was left out: `locator`, `text`, `reason`.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame], problems: pd.DataFrame) -> None:
        super().__init__(tables)
        self.problems = problems

    def __repr__(self) -> str:
        counts = ", ".join(f"{name} {len(frame)}" for name, frame in self.items() if len(frame))
        n = len(self.problems)
        return f"{counts or 'no rows'}; {n} {'problem' if n == 1 else 'problems'}"


def typed(name: str, rows: list[_Row] | pd.DataFrame) -> pd.DataFrame:
    """Rows as a frame with the columns and types that `load` gives.

    Examples
    --------
    >>> typed("scales", [{"scale_id": "a", "value": "Good", "rank": 1}]).dtypes["rank"]
    Int64Dtype()
    """
    records = rows.to_dict("records") if isinstance(rows, pd.DataFrame) else rows
    return pd.DataFrame(
        {
            field.name: pd.array([_none(row.get(field.name)) for row in records], dtype=field.dtype)
            for field in table(name).fields
        }
    )


def _none(value: Any) -> Any:
    return None if pd.isna(value) else value


def rows_of(
    document: Document,
    folder: _Folder = None,
    *,
    area: str | None = None,
    framework: str | None = None,
    published: str | None = None,
    new_area: bool = False,
) -> Rows:
    """The rows of a document; `Document.rows` says what they are."""
    place = locate(document, folder, area, framework, published, new_area)
    return Maker(document, place, folder, named=framework is not None).rows()


class Maker:
    """Makes the rows of one document, table by table."""

    def __init__(
        self, document: Document, place: Place, folder: _Folder, named: bool = False
    ) -> None:
        self.named = named
        self.document, self.place, self.folder = document, place, folder
        kind = "response" if document.kind == "response" else "notice"
        self.publisher, self.speaker = _CPS if kind == "response" else _INSPECTORATE
        # What a response says of the inspection is the inspected body's account of it.
        self.basis = "second_hand" if kind == "response" else "stated"
        self.source_id = place.source_id
        self.made: dict[str, list[_Row]] = {name: [] for name in TABLES}
        self.problems: list[_Row] = []

    def rows(self) -> Rows:
        """All tables, and what could not become a row."""
        self._source()
        self._area()
        self._inspections()
        add_ratings(self)
        self._actions()
        self._responses()
        self._measures()
        problems = pd.DataFrame(self.problems, columns=["locator", "text", "reason"])
        known = self.document.problems
        if self.document.area_id is None:  # a person has told it, or there are no rows
            known = known[~known["reason"].str.startswith(_NO_AREA)]
        if self.named:  # a person has said under which framework
            known = known[~known["reason"].str.startswith(_DOUBTS)]
        problems = pd.concat([known, problems.astype("string")])
        tables = {name: typed(name, rows) for name, rows in self.made.items()}
        return Rows(tables, problems.reset_index(drop=True))

    def add(self, to: str, locator: str, basis: str | None = None, /, **cells: Any) -> None:
        """Add a row to a table, with its origin."""
        origin = {"source_id": self.source_id, "locator": locator, "speaker": self.speaker}
        self.made[to].append({**origin, "basis": basis or self.basis, **cells})

    def left_out(self, locator: Any, text: Any, reason: str) -> None:
        """Note what could not become a row."""
        self.problems.append({"locator": locator, "text": cell(text), "reason": reason})

    def lines(self, locator: Any) -> list[str]:
        """The lines that a locator names."""
        return [] if pd.isna(locator) else self.document.words(locator)

    def _source(self) -> None:
        document, place = self.document, self.place
        kind, called = _ABOUT[document.kind]
        file_name = safe_name(document.name)
        if document.pages and not file_name.casefold().endswith(_PAGED):
            file_name += _PAGED  # the bytes of a PDF, without a name
        self.made["sources"].append(
            {
                "source_id": self.source_id,
                "title": f"{called} {place.title}",
                "publisher": self.publisher,
                "kind": kind,
                **place.published("published"),
                "published_locator": place.date_locator,
                "licence": _LICENCE,
                "tier": self.speaker,
                "sha256": document.sha256,
                "n_lines": max(1, len(document.lines)),
                "file_name": file_name,
                "note": BY_RULE,
            }
        )

    def _area(self) -> None:
        place, names = self.place, load("area_names", self.folder)
        if place.is_new:
            note = "Made for a document that a user added: no list of Areas names it."
            begins = {"valid_from": place.year, "valid_from_precision": "year"}
            cells = {"area_id": place.area_id, "name": place.name, "kind": "other", "note": note}
            self.add("areas", place.area_locator, "inferred", **cells, **begins)
        known = names.loc[names["area_id"].eq(place.area_id), "name"]
        if place.printed and place.printed not in set(known):
            cells = {"area_id": place.area_id, "name": place.printed}
            self.add("area_names", place.area_locator, "stated", **cells)
        codes = load("forces", self.folder).set_index("force")["pfa_code"]
        seen: set[str] = set()
        for force, shown, locator in self.each("forces", "force", "force_as_printed", "locator"):
            if force not in codes:
                self.left_out(locator, shown, "No police force area of that name is known.")
            elif force not in seen:
                seen.add(force)
                cells = {"force": force, "force_as_printed": cell(shown), "pfa_code": codes[force]}
                self.add("area_forces", locator, "stated", area_id=place.area_id, **cells)

    def each(self, name: str, *columns: str) -> list[tuple[Any, ...]]:
        """The rows of a table of the document, None where a cell is empty."""
        frame = getattr(self.document, name)[list(columns)].astype(object)
        return list(frame.where(frame.notna(), None).itertuples(index=False, name=None))

    def _inspections(self) -> None:
        """The inspection itself and, where a follow-up came back to one, that one too."""
        place = self.place
        for one in (place.earlier, place.inspection):
            if one is None or one.known:
                continue
            dates: _Row = {}
            if one is place.inspection:
                dates = place.published("published")
                if dates["published"]:
                    dates["published_source_id"] = self.source_id
                    dates["published_locator"] = place.date_locator
            else:
                dates = dict.fromkeys(("fieldwork_from", "fieldwork_to"), one.year)
                dates |= {"fieldwork_precision": "year", "fieldwork_basis": "inferred"}
                dates["fieldwork_locator"] = one.locator
            self.add(
                "inspections",
                one.locator or place.area_locator,
                "second_hand" if one is place.earlier else "stated",
                inspection_id=one.inspection_id,
                area_id=place.area_id,
                framework_id=one.framework_id,
                title=f"{place.name}, {one.framework}",
                note=BY_RULE,
                **dates,
            )

    def _actions(self) -> None:
        place = self.place
        raised = place.earlier or place.inspection
        n: dict[str, int] = {}
        for kind, number, text, progress, locator in self.each(
            "actions", "kind", "number", "text", "progress", "locator"
        ):
            n[kind] = n.get(kind, 0) + 1
            number = n[kind] if number is None else int(number)
            words = cell(key_words(text or ""), 120)
            cells: _Row = {}
            if progress is not None:
                cells = {
                    "progress": progress,
                    "progress_as_printed": printed_word(progress, self.lines(locator)),
                    "follow_up_inspection_id": place.inspection.inspection_id,
                }
            self.add(
                "actions",
                locator,
                action_id=f"{raised.inspection_id}_{kind}_{number}",
                inspection_id=raised.inspection_id,
                kind=kind,
                number=number,
                topic=f"{words} (key words; {UNWORDED})",
                key_words=words,
                note=BY_RULE,
                **cells,
            )

    def _responses(self) -> None:
        known = set(load("actions", self.folder)["action_id"])
        known |= {row["action_id"] for row in self.made["actions"]}
        inspection = self.place.inspection.inspection_id
        kinds = ("issue", "recommendation", "aspect_for_improvement")
        for n, (number, text, locator) in enumerate(
            self.each("responses", "number", "text", "locator"), 1
        ):
            number = n if number is None else int(number)
            ids = [f"{inspection}_{kind}_{number}" for kind in kinds]
            action = next((one for one in ids if one in known), None)
            if action is None:
                reason = f"It answers number {number}, and no action has that number."
                self.left_out(locator, text, reason)
                continue
            words = cell(key_words(text or ""), 120)
            self.add(
                "responses",
                locator,
                "stated",
                response_id=f"{inspection}_response_{number}",
                action_id=action,
                number=number,
                summary=f"{words} (key words; {UNWORDED})",
                key_words=words,
                note=BY_RULE,
            )

    def _measures(self) -> None:
        place, used = self.place, set()
        inspection = place.inspection.inspection_id
        for value, unit, period, locator in self.each(
            "measures", "value", "unit", "period", "locator"
        ):
            measure_id = free(f"{inspection}_{_PERCENT.get(unit) or words_of(unit)}", used)
            used.add(measure_id)
            first, _, last = (period or "").partition("/")
            cells: _Row = {}
            if first:
                precision = {4: "year", 7: "month", 10: "day"}.get(len(first))
                cells = {"period_from": first, "period_to": last or first}
                cells["period_precision"] = precision
            self.add(
                "measures",
                locator,
                measure_id=measure_id,
                inspection_id=inspection,
                subject=f"{cell(unit)} ({UNWORDED})",
                value=value,
                value_as_printed=cell(printed_number(value, self.lines(locator))),
                unit=cell(unit),
                note=BY_RULE,
                **cells,
            )
