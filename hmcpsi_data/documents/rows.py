"""From the certain claims of a document to rows of the tables, with identifiers.

What a person must judge (the theme of an action, the kind of an answer) stays empty, and what must
not stay empty says that nobody has put it into words yet. Of the document's wording the rows hold
labels, words of the scales, and up to six key words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from hmcpsi_data.documents.cells import cell, key_words, printed_number, printed_word, slug
from hmcpsi_data.documents.cells import file_name as safe_name
from hmcpsi_data.documents.front import NO_INSPECTION
from hmcpsi_data.documents.vocabulary import same, vocabulary
from hmcpsi_data.errors import HmcpsiError, UnknownValueError, quote
from hmcpsi_data.record.areas import days, find_area
from hmcpsi_data.record.filters import choose
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record

if TYPE_CHECKING:
    from hmcpsi_data.documents.document import Document

__all__ = ["BY_RULE", "TABLES", "Rows", "free", "refuse_strangers", "rows_of", "typed"]

TABLES = tuple(
    "sources areas area_names area_forces inspections aspect_sets aspects ratings rating_sources "
    "actions responses measures evidence".split()
)
"""The tables that a document can add rows to, in the order in which they refer to each other."""

BY_RULE = "Read from the document by rule, not judged by a person."
BY_PERSON = "Taken from the document by a person."
UNWORDED = "not yet in our words"
_ABOUT = {  # kind of document: kind of source, how it is called
    "opa": ("press_notice", "Press notice: Overall Performance Assessment of"),
    "follow_up": ("press_release", "Press release: follow-up inspection of"),
    "area_assurance": ("press_notice", "Press notice: Area Assurance inspection of"),
    "area_inspection": ("press_notice", "Press notice: inspection of"),
    "response": ("response", "CPS response to the inspection of"),
    "unknown": ("web_page", "Publication on the inspection of"),
}
_INSPECTORATE = ("HM Crown Prosecution Service Inspectorate", "inspectorate")
_CPS = ("Crown Prosecution Service", "inspected_body")
_KINDS = ("issue", "recommendation", "aspect_for_improvement")
_PRECISIONS = {4: "year", 7: "month", 10: "day"}
_YEAR = re.compile(r"\b(?:19[89]|20[0-9])[0-9]\b")

_Row = dict[str, Any]


class Rows(dict[str, pd.DataFrame]):
    """Rows by table, each with the columns of the description; `problems` are what was left out.

    These are a frame of `locator`, `text` and `reason`.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame], problems: pd.DataFrame) -> None:
        super().__init__(tables)
        self.problems = problems

    def __repr__(self) -> str:
        counts = ", ".join(f"{name} {len(frame)}" for name, frame in self.items() if len(frame))
        n = len(self.problems)
        return f"{counts or 'no rows'}; {n} {'problem' if n == 1 else 'problems'}"


@dataclass(frozen=True)
class Inspected:
    """An inspection that rows refer to; `known` where the record has it already."""

    inspection_id: str
    framework_id: str
    framework: str
    known: bool
    year: str = ""
    locator: str = ""


def typed(name: str, rows: list[_Row] | pd.DataFrame) -> pd.DataFrame:
    """Rows as a frame with the columns and types that `load` gives."""
    records: list[Any] = rows.to_dict("records") if isinstance(rows, pd.DataFrame) else rows
    columns: dict[str, Any] = {field.name: field.dtype for field in table(name).fields}
    cells = {
        column: [None if pd.isna(row.get(column)) else row[column] for row in records]
        for column in columns
    }
    return pd.DataFrame({name: pd.array(cells[name], dtype=columns[name]) for name in columns})


def free(wanted: str, taken: set[str]) -> str:
    """An identifier that is not taken, as wanted or with a number at its end; it is taken then."""
    found, n = wanted, 1
    while found in taken:
        n += 1
        found = f"{wanted}_{n}"
    taken.add(found)
    return found


def rows_of(
    document: Document,
    record: Record,
    area: str | None = None,
    framework: str | None = None,
    published: str | None = None,
    new_area: bool = False,
) -> Rows:
    """The rows of a document; `Document.rows` says what they are."""
    refuse_strangers(document, area, framework)
    return _Maker(document, record, area, framework, published, new_area).rows()


def refuse_strangers(document: Document, area: Any = None, framework: Any = None) -> None:
    """Refuse what looks like no inspection, unless a person says of which Area and framework."""
    if not document.is_inspection and not (area and framework):
        told = f"{NO_INSPECTION[0].upper()}{NO_INSPECTION[1:]}."
        raise HmcpsiError(told, "Give a press notice, an inspection page or a CPS response.")


class _Maker:
    """Makes the rows of one document, table by table."""

    def __init__(
        self,
        document: Document,
        record: Record,
        area: str | None,
        framework: str | None,
        published: str | None,
        new_area: bool,
    ) -> None:
        self.document, self.record = document, record
        self.date, self.precision = document.published, document.published_precision
        self.date_basis, self.date_locator = document.published_basis, document.published_locator
        if published is not None:
            self.date = days(published, "published").text
            self.precision, self.date_basis = _PRECISIONS[len(self.date)], "inferred"
            self.date_locator = None
        as_read = area is None and published is None
        self.area_id, self.area = self._area(area, None if as_read else self.date, new_area)
        self.framework = self._framework(framework)
        self.where = document.where(document.area)
        self.inspection = self._inspection()
        self.earlier = self._earlier() if document.kind == "follow_up" else None
        response = document.kind == "response"
        self.publisher, self.speaker = _CPS if response else _INSPECTORATE
        # What a response says of the inspection is the inspected body's account of it.
        self.basis = "second_hand" if response else "stated"
        sources = record.table("sources").set_index("sha256")["source_id"]
        name = f"doc_{slug(self.area)}_{document.kind}_{document.sha256[:8]}"
        self.source_id = sources.get(document.sha256, name)
        self.made: dict[str, list[_Row]] = {name: [] for name in TABLES}
        self.left: list[tuple[str, str, str]] = []

    # Where the rows belong ----------------------------------------------------------------------

    def _area(self, area: str | None, date: str | None, new_area: bool) -> tuple[str, str]:
        """The identifier and the name of the Area."""
        wanted = area or self.document.area_id or self.document.area
        if not wanted:
            raise HmcpsiError(
                "The document does not say clearly which Area it is about.",
                "Name it, as in rows(area='East Midlands').",
            )
        try:
            area_id = find_area(wanted, on=date, record=self.record)
        except UnknownValueError as error:
            if not new_area:
                remedy = "Give another with area=, or make it one of your own with new_area=True."
                raise HmcpsiError(str(error), remedy) from None
            if self.date is None:
                told = f"The date of publication is needed for the new Area {quote(wanted)}."
                raise HmcpsiError(told, "Give it, as in published='2016-11'.") from None
            name = re.sub(r"(?i)^cps\s+|\s+area$", "", cell(wanted, 80)) or "Unnamed"
            return f"{slug(name)}_{self.date[:4]}", name
        return area_id, str(self.record.table("areas").set_index("area_id").loc[area_id, "name"])

    def _framework(self, framework: str | None) -> Any:
        known = self.record.table("frameworks").set_index("framework_id", drop=False)
        wanted = framework or self.document.framework_id
        if not wanted:
            raise HmcpsiError(
                "The document does not say clearly under which framework the Area was inspected.",
                f"Name it, as in rows(framework='aap_2016'); there are {', '.join(known.index)}.",
            )
        ids = choose("framework", wanted, self.record) or []
        if len(ids) != 1:
            told = f"framework {quote(wanted)} means several: {', '.join(ids)}."
            raise HmcpsiError(told, "Name one of them.")
        return known.loc[ids[0]]

    def _inspection(self) -> Inspected:
        """The inspection that the record has, where its date may be the same, else a new one."""
        framework_id, title = self.framework["framework_id"], self.framework["short_title"]
        known = self.record.table("inspections")
        same_area = known["area_id"].eq(self.area_id) & known["framework_id"].eq(framework_id)
        row: Any
        for row in known[same_area].itertuples():
            undated = self.date is None or pd.isna(row.published)
            if undated or abs(int(row.published[:4]) - int((self.date or "")[:4])) <= 1:
                return Inspected(row.inspection_id, framework_id, title, True, "", self.where)
        taken = set(known["inspection_id"])
        wanted = f"{slug(self.area)}_{framework_id}"
        if wanted in taken:
            wanted = f"{wanted}_{self.date[:4] if self.date else 'undated'}"
        return Inspected(wanted, framework_id, title, wanted in taken, "", self.where)

    def _earlier(self) -> Inspected | None:
        """The inspection that a follow-up came back to: its year stands beside its rating."""
        year, locator = "", ""
        ratings = self.document.ratings
        for where in ratings.loc[ratings["level"].eq("overall"), "locator"].dropna():
            years = _YEAR.findall(" ".join(self.document.words(where)))
            before = [one for one in years if self.date is None or one < self.date[:4]]
            if before and not year:
                year, locator = max(before), where
        if not year:
            return None
        frameworks = self.record.table("frameworks").set_index("framework_id")
        rated = frameworks[frameworks["measure_kind"].eq("rating")]
        known = self.record.table("inspections")
        begun = known["fieldwork_from"].fillna(known["published"]).fillna("")
        mine = known["area_id"].eq(self.area_id) & known["framework_id"].isin(rated.index)
        for row in known[mine & begun.str[:4].eq(year)].to_dict("records"):
            title = str(frameworks["short_title"][row["framework_id"]])
            return Inspected(row["inspection_id"], row["framework_id"], title, True)
        first, last = (rated[f"in_force_{end}"].str[:4].fillna("9999") for end in ("from", "to"))
        for name, title in rated.loc[first.le(year) & last.ge(year), "short_title"].items():
            wanted = f"{slug(self.area)}_{str(name).rpartition('_')[0]}_{year}"
            taken = wanted in set(known["inspection_id"])
            return Inspected(wanted, str(name), title, taken, year, locator)
        return None

    # The rows -----------------------------------------------------------------------------------

    def rows(self) -> Rows:
        """All tables, and what could not become a row."""
        self._source()
        self._area_rows()
        self._inspections()
        self._ratings()
        self._actions()
        self._responses()
        self._measures()
        doubts = self.document.problems
        answered = ["area", "framework", "published"] if self.date else ["area", "framework"]
        doubts = doubts[~(doubts["table"].eq("document") & doubts["what"].isin(answered))]
        self.left[:0] = doubts[["locator", "words", "why"]].itertuples(index=False, name=None)
        problems = pd.DataFrame(self.left, columns=["locator", "text", "reason"], dtype="string")
        return Rows({name: typed(name, rows) for name, rows in self.made.items()}, problems)

    def _add(self, to: str, locator: str, basis: str | None = None, /, **cells: Any) -> None:
        """Add a row to a table, with its origin."""
        origin = {"source_id": self.source_id, "locator": locator, "speaker": self.speaker}
        self.made[to].append({**origin, "basis": basis or self.basis, **cells})

    def _leave(self, locator: str, text: object, reason: str) -> None:
        self.left.append((locator, cell(text), reason))

    def _each(self, name: str) -> list[_Row]:
        """The certain claims of a table, None where a cell is empty, with the note of each."""
        claims = self.document.claims
        chosen = claims[claims["certain"] & claims["table"].eq(name)]
        return [
            {**row, "note": BY_RULE if pd.isna(why) else BY_PERSON}
            for row, why in zip(chosen["row"], chosen["why"], strict=True)
        ]

    def _source(self) -> None:
        document = self.document
        kind, called = _ABOUT[document.kind]
        name = safe_name(document.name)
        if document.pages and not name.casefold().endswith(".pdf"):
            name += ".pdf"  # the bytes of a PDF, without a name
        row = {
            "source_id": self.source_id,
            "title": f"{called} CPS {self.area}, {self.framework['short_title']}",
            "publisher": self.publisher,
            "kind": kind,
            "licence": "not looked up; see the publication itself",
            "tier": self.speaker,
            "sha256": document.sha256,
            "n_lines": max(1, len(document.lines)),
            "file_name": name,
            "note": BY_RULE,
        }
        self.made["sources"].append(row | self._published())

    def _published(self) -> _Row:
        """The cells on the date of publication."""
        cells = {"": self.date, "_precision": self.precision}
        cells |= {"_basis": self.date_basis, "_locator": self.date_locator}
        return {f"published{name}": cell_ for name, cell_ in cells.items()} if self.date else {}

    def _area_rows(self) -> None:
        if self.area_id not in set(self.record.table("areas")["area_id"]):
            cells = {"area_id": self.area_id, "name": self.area, "kind": "other"}
            cells["note"] = "Made for a document that a user added: no list of Areas names it."
            begins = {"valid_from": (self.date or "")[:4], "valid_from_precision": "year"}
            self._add("areas", self.where, "inferred", **cells, **begins)
        names = self.record.table("area_names")
        known = set(names.loc[names["area_id"].eq(self.area_id), "name"])
        printed = self.document.area and cell(self.document.area)
        if printed and printed not in known:
            self._add("area_names", self.where, "stated", area_id=self.area_id, name=printed)
        codes = self.record.table("forces").set_index("force")["pfa_code"]
        for row in self._each("forces"):
            force = row["force"]
            if force not in codes:
                self._leave(row["locator"], force, "No police force of that name is known.")
                continue
            cells = {"force": force, "force_as_printed": cell(row["force_as_printed"] or force)}
            cells |= {"pfa_code": codes[force], "area_id": self.area_id}
            self._add("area_forces", row["locator"], "stated", **cells)

    def _inspections(self) -> None:
        """The inspection itself and, where a follow-up came back to one, that one too."""
        for one in (self.earlier, self.inspection):
            if one is None or one.known:
                continue
            cells: _Row = self._published() | {"published_source_id": self.source_id}
            if one is self.earlier:
                cells = dict.fromkeys(("fieldwork_from", "fieldwork_to"), one.year)
                cells |= {"fieldwork_precision": "year", "fieldwork_basis": "inferred"}
                cells["fieldwork_locator"] = one.locator
            elif not self.date:
                cells = {}
            cells |= {"inspection_id": one.inspection_id, "framework_id": one.framework_id}
            cells |= {"area_id": self.area_id, "title": f"{self.area}, {one.framework}"}
            basis = "second_hand" if one is self.earlier else "stated"
            self._add("inspections", one.locator or self.where, basis, note=BY_RULE, **cells)

    def _ratings(self) -> None:
        rows = self._each("ratings")
        for level in dict.fromkeys(row["level"] for row in rows):
            follow_up = self.document.kind == "follow_up" and level == "overall"
            inspection = self.earlier if follow_up else self.inspection
            chosen = [row for row in rows if row["level"] == level and self._fits(inspection, row)]
            if not chosen or inspection is None:
                continue
            aspects = self._aspects(inspection, level, {str(row["label"]): row for row in chosen})
            for row in chosen:
                aspect_id, set_id = aspects[str(row["label"])]
                word = aspect_id.removeprefix(f"{set_id}_")
                cells: _Row = {"rating_id": f"{inspection.inspection_id}_{word}"}
                cells["aspect_id"] = aspect_id
                cells |= {"inspection_id": inspection.inspection_id, "rating": row["rating"]}
                cells["label_as_printed"] = cell(row["label"]) if row["label"] else None
                lines = self.document.words(row["locator"])
                cells["rating_as_printed"] = printed_word(row["rating"], lines)
                self._add("ratings", row["locator"], "second_hand" if follow_up else None, **cells)

    def _fits(self, inspection: Inspected | None, row: _Row) -> bool:
        """Whether the rating can be one of its inspection; else it is left out."""
        reason = "It rates an earlier inspection whose year the lines do not name."
        if inspection is not None:
            scale = self.record.once(vocabulary).scale_of.get(inspection.framework_id, [])
            if row["rating"] in scale:
                return True
            reason = f"It is not on the scale of {inspection.framework_id}."
        self._leave(row["locator"], f"{row['label'] or 'overall'}: {row['rating']}", reason)
        return False

    def _aspects(
        self, inspection: Inspected, level: str, labels: dict[str, _Row]
    ) -> dict[str, tuple[str, str]]:
        """The aspect and the set of each label: rated before, of a known set, or of a new one."""
        sets, known = self.record.table("aspect_sets"), self.record.table("aspects")
        ids = sets.loc[sets["framework_id"].eq(inspection.framework_id), "set_id"]
        known = known[known["set_id"].isin(ids) & known["level"].eq(level)]
        set_of = known.set_index("aspect_id")["set_id"]
        if level == "overall" and len(known):
            return dict.fromkeys(labels, (set_of.index[0], set_of.iloc[0]))
        own = f"{inspection.framework_id}_{slug(self.area)}"
        ratings = self.record.table("ratings")
        rated = ratings.loc[ratings["inspection_id"].eq(inspection.inspection_id), "aspect_id"]
        rated = known["aspect_id"].isin(rated)
        used = known["set_id"].isin(known.loc[rated, "set_id"])
        first = known["set_id"].ne(own).astype(int).mask(used, -1)
        found = _by_label(known[rated])
        made = {label: found[same(label)] for label in labels if same(label) in found}
        rest = {label: row for label, row in labels.items() if label not in made}
        made |= _set_of(rest, known.loc[first.sort_values(kind="stable").index])
        named = {label: (aspect, set_of[aspect]) for label, aspect in made.items()}
        if len(named) < len(labels):
            set_id = free(own, set(sets["set_id"]))
            named |= self._new_set(inspection.framework_id, set_id, level, rest)
        return named

    def _new_set(
        self, framework_id: str, set_id: str, level: str, labels: dict[str, _Row]
    ) -> dict[str, tuple[str, str]]:
        """A set of its own for labels that no set has."""
        title = f"{level.replace('_', ' ').capitalize()} labels as printed for {self.area}"
        cells: _Row = {"set_id": set_id, "framework_id": framework_id, "title": title}
        cells["n_aspects"] = 0 if level == "overall" else len(labels)
        where = ";".join(dict.fromkeys(row["locator"] for row in labels.values()))
        self._add("aspect_sets", where, note=BY_RULE, **cells)
        used: set[str] = set()
        made: dict[str, tuple[str, str]] = {}
        for position, (label, row) in enumerate(labels.items(), level != "overall"):
            printed = cell(label) if level != "overall" else "Overall assessment"
            word = slug(label) if level != "overall" else level
            made[label] = free(f"{set_id}_{word}", used), set_id
            cells = {"aspect_id": made[label][0], "set_id": set_id, "level": level}
            cells |= {"label": printed, "label_as_printed": cell(row["label"] or "") or None}
            cells |= {"position": position, "is_critical": row["is_critical"]}
            covers = f"As its label says; {UNWORDED}."
            self._add("aspects", row["locator"], covers=covers, **cells)
        return made

    def _actions(self) -> None:
        raised = (self.earlier or self.inspection).inspection_id
        for at, row in enumerate(self._each("actions"), 1):
            number = int(row["number"] or at)
            cells: _Row = {"kind": row["kind"], "number": number, "inspection_id": raised}
            cells["action_id"] = f"{raised}_{row['kind']}_{number}"
            if row["progress"] is not None:
                printed = printed_word(row["progress"], self.document.words(row["locator"]))
                cells |= {"progress": row["progress"], "progress_as_printed": printed}
                cells["follow_up_inspection_id"] = self.inspection.inspection_id
            self._add("actions", row["locator"], **cells, **_worded("topic", row))

    def _responses(self) -> None:
        known = set(self.record.table("actions")["action_id"])
        known |= {row["action_id"] for row in self.made["actions"]}
        inspection = self.inspection.inspection_id
        for at, row in enumerate(self._each("responses"), 1):
            number = int(row["number"] or at)
            ids = (f"{inspection}_{kind}_{number}" for kind in _KINDS)
            action = next((one for one in ids if one in known), None)
            if action is None:
                reason = f"It answers number {number}, and no action has that number."
                self._leave(row["locator"], row["text"], reason)
                continue
            cells: _Row = {"response_id": f"{inspection}_response_{number}", "number": number}
            cells |= {"action_id": action, **_worded("summary", row)}
            self._add("responses", row["locator"], "stated", **cells)

    def _measures(self) -> None:
        used: set[str] = set()
        inspection = self.inspection.inspection_id
        for row in self._each("measures"):
            unit = "percent" if row["unit"] == "%" else slug(row["unit"])
            first, _, last = (row["period"] or "").partition("/")
            printed = printed_number(row["value"], self.document.words(row["locator"]))
            cells: _Row = {"inspection_id": inspection, "value": row["value"], "note": row["note"]}
            cells |= {"measure_id": free(f"{inspection}_{unit}", used), "unit": cell(row["unit"])}
            cells["subject"] = f"{cell(row['unit'])} ({UNWORDED})"
            if first:
                cells |= {"period_from": first, "period_to": last or first}
                cells["period_precision"] = _PRECISIONS.get(len(first))
            self._add("measures", row["locator"], value_as_printed=cell(printed), **cells)


def _worded(column: str, row: _Row) -> _Row:
    """The key words of a text, also where our own words are to stand, and its note."""
    words = cell(key_words(row["text"] or ""), 120)
    return {column: f"{words} (key words; {UNWORDED})", "key_words": words, "note": row["note"]}


def _by_label(aspects: pd.DataFrame) -> dict[str, str]:
    """The aspects by their labels, ours before those printed."""
    return {
        same(label): aspect
        for column in ("label_as_printed", "label")
        for label, aspect in aspects[[column, "aspect_id"]].dropna().itertuples(index=False)
    }


def _set_of(labels: Iterable[str], known: pd.DataFrame) -> dict[str, str]:
    """The aspects of the first set that has all labels, by label; none without one."""
    wanted = {same(label): label for label in labels}
    for _, aspects in known.groupby("set_id", sort=False) if wanted else ():
        by_label = _by_label(aspects)
        if wanted.keys() <= by_label.keys():
            return {label: by_label[name] for name, label in wanted.items()}
    return {}
