"""From the certain claims of a document to rows of the tables, with identifiers.

What the document says becomes cells with its lines. What a person must judge (the theme of an
action, the kind of an answer) stays empty, and what must not stay empty says in a fixed form that
nobody has put it into words yet. Of the document's wording the rows hold labels, words of the
scales, and up to six key words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from hmcpsi_data.documents.measures import number
from hmcpsi_data.documents.vocabulary import same, vocabulary
from hmcpsi_data.errors import HmcpsiError, UnknownValueError, quote
from hmcpsi_data.record.areas import days, find_area
from hmcpsi_data.record.filters import choose
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record

if TYPE_CHECKING:
    from hmcpsi_data.documents.document import Document

__all__ = ["TABLES", "Rows", "cell", "rows_of", "typed"]

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
_LICENCE = "not looked up; see the publication itself"
_PRECISIONS = {4: "year", 7: "month", 10: "day"}
_YEAR = re.compile(r"\b(?:19[89]|20[0-9])[0-9]\b")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_FORMULA = re.compile(r"(?![+-]?[0-9][0-9.,]*%?$)[=+\-@＝＋－＠]")
_TOKEN = re.compile(r"[^\W_](?:[\w'’&-]*\w)?")
_NAME = re.compile(r"[^\w .()\[\],&+-]+")
_DIGITS = re.compile(r"(?<![\w.])[£$]?[0-9][0-9,]*(?:\.[0-9]+)?%?(?!\w)")
_MOST_KEY_WORDS = 6
# Words that end a run of key words, and words that may stand inside one.
_ENDING = frozenset(
    """
    about after also any are area as be been before being but can cps could do does ensure had has
    have how if into is it its may might more must need needs not or should so such take takes than
    that their them there these they this those through was we were what when where which while who
    will would
    """.split()
)
_INSIDE = frozenset("a all an and at by each every for from in of on other the to with".split())

_Row = dict[str, Any]


class Rows(dict[str, pd.DataFrame]):
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

    types: dict[str, Any] = {field.name: field.dtype for field in table(name).fields}

    def value(row: Any, column: str) -> Any:
        found = row.get(column)
        return None if pd.isna(found) else found

    return pd.DataFrame(
        {
            column: pd.array([value(row, column) for row in records], dtype=dtype)
            for column, dtype in types.items()
        }
    )


def rows_of(
    document: Document,
    record: Record,
    area: str | None = None,
    framework: str | None = None,
    published: str | None = None,
    new_area: bool = False,
) -> Rows:
    """The rows of a document; `Document.rows` says what they are."""
    return _Maker(document, record, area, framework, published, new_area).rows()


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
        self.where = self._where(document.area)
        self.inspection = self._inspection()
        self.earlier = self._earlier()
        response = document.kind == "response"
        self.publisher, self.speaker = _CPS if response else _INSPECTORATE
        # What a response says of the inspection is the inspected body's account of it.
        self.basis = "second_hand" if response else "stated"
        self.source_id = f"doc_{_words_of(self.area)}_{document.kind}_{document.sha256[:8]}"
        self.made: dict[str, list[_Row]] = {name: [] for name in TABLES}
        self.left: list[_Row] = []

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
            return f"{_words_of(name)}_{self.date[:4]}", name
        areas = self.record.table("areas").set_index("area_id")
        return area_id, str(areas.loc[area_id, "name"])

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
        wanted = f"{_words_of(self.area)}_{framework_id}"
        taken = set(known["inspection_id"])
        if wanted in taken:
            wanted = f"{wanted}_{self.date[:4] if self.date else 'undated'}"
        return Inspected(wanted, framework_id, title, wanted in taken, "", self.where)

    def _earlier(self) -> Inspected | None:
        """The inspection that a follow-up came back to, where it can be told."""
        if self.document.kind != "follow_up":
            return None
        frameworks = self.record.table("frameworks").set_index("framework_id")
        rated = frameworks[frameworks["measure_kind"].eq("rating")]
        known = self.record.table("inspections")
        known = known[known["area_id"].eq(self.area_id) & known["framework_id"].isin(rated.index)]
        year, locator = self._year_of_earlier()
        row: Any
        for row in known.itertuples():
            start = row.fieldwork_from if pd.notna(row.fieldwork_from) else row.published
            if year and pd.notna(start) and start[:4] == year:
                title = str(frameworks["short_title"][row.framework_id])
                return Inspected(row.inspection_id, row.framework_id, title, True)
        begun = rated["in_force_from"].str[:4].fillna("9999") <= year
        inside = rated[begun & (rated["in_force_to"].str[:4].fillna("9999") >= year)]
        if not year or inside.empty:
            return None
        framework_id, title = inside.index[0], inside["short_title"].iloc[0]
        wanted = f"{_words_of(self.area)}_{framework_id.rpartition('_')[0]}_{year}"
        taken = set(self.record.table("inspections")["inspection_id"])
        return Inspected(wanted, framework_id, title, wanted in taken, year, locator)

    def _year_of_earlier(self) -> tuple[str, str]:
        """The year of the earlier inspection, beside its overall rating, and those lines."""
        ratings = self.document.ratings
        for locator in ratings.loc[ratings["level"].eq("overall"), "locator"].dropna():
            years = _YEAR.findall(" ".join(self.document.words(locator)))
            before = [year for year in years if self.date is None or year < self.date[:4]]
            if before:
                return max(before), locator
        return "", ""

    def _where(self, printed: str | None) -> str:
        """The locator of the first line that prints a name, else of the first line."""
        wanted = " ".join((printed or "").split()).casefold()
        starts, document = 0, self.document
        for page, count in enumerate(document.pages or (len(document.lines),), 1):
            for n, line in enumerate(document.lines[starts : starts + count], 1):
                if wanted and wanted in " ".join(line.split()).casefold():
                    return f"p{page} L{n}" if document.pages else f"L{n}"
            starts += count
        return "p1 L1" if document.pages else "L1"

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
        answered = doubts["table"].eq("document") & ~doubts["why"].str.startswith("the line")
        doubts = doubts[~answered]  # Area, framework and date are known by now
        known = pd.DataFrame(
            {"locator": doubts["locator"], "text": doubts["words"], "reason": doubts["why"]}
        )
        left = pd.DataFrame(self.left, columns=["locator", "text", "reason"])
        problems = pd.concat([known, left.astype("string")], ignore_index=True).astype("string")
        return Rows({name: typed(name, rows) for name, rows in self.made.items()}, problems)

    def _add(self, to: str, locator: str, basis: str | None = None, /, **cells: Any) -> None:
        """Add a row to a table, with its origin."""
        origin = {"source_id": self.source_id, "locator": locator, "speaker": self.speaker}
        self.made[to].append({**origin, "basis": basis or self.basis, **cells})

    def _leave(self, locator: Any, text: Any, reason: str) -> None:
        self.left.append({"locator": locator, "text": cell(text), "reason": reason})

    def _each(self, name: str) -> list[_Row]:
        """The certain claims of a table, None where a cell is empty, with the note of each."""
        claims = self.document.claims
        chosen = claims[claims["certain"] & claims["table"].eq(name)]
        return [
            {**row, "note": BY_RULE if pd.isna(why) else BY_PERSON}
            for row, why in zip(chosen["row"], chosen["why"], strict=True)
        ]

    def _lines(self, locator: str) -> list[str]:
        return self.document.words(locator)

    def _source(self) -> None:
        document = self.document
        kind, called = _ABOUT[document.kind]
        file_name = _safe_name(document.name)
        if document.pages and not file_name.casefold().endswith(".pdf"):
            file_name += ".pdf"  # the bytes of a PDF, without a name
        self.made["sources"].append(
            {
                "source_id": self.source_id,
                "title": f"{called} CPS {self.area}, {self.framework['short_title']}",
                "publisher": self.publisher,
                "kind": kind,
                "published": self.date,
                "published_precision": self.precision,
                "published_basis": self.date_basis,
                "published_locator": self.date_locator,
                "licence": _LICENCE,
                "tier": self.speaker,
                "sha256": document.sha256,
                "n_lines": max(1, len(document.lines)),
                "file_name": file_name,
                "note": BY_RULE,
            }
        )

    def _area_rows(self) -> None:
        if self.area_id not in set(self.record.table("areas")["area_id"]):
            note = "Made for a document that a user added: no list of Areas names it."
            cells = {"area_id": self.area_id, "name": self.area, "kind": "other", "note": note}
            begins = {"valid_from": (self.date or "")[:4], "valid_from_precision": "year"}
            self._add("areas", self.where, "inferred", **cells, **begins)
        names = self.record.table("area_names")
        known = set(names.loc[names["area_id"].eq(self.area_id), "name"])
        printed = self.document.area and cell(self.document.area)
        if printed and printed not in known:
            self._add("area_names", self.where, "stated", area_id=self.area_id, name=printed)
        codes = self.record.table("forces").set_index("force")["pfa_code"]
        for row in self._each("forces"):
            shown, force = cell(row["force_as_printed"] or row["force"]), row["force"]
            if force not in codes:
                reason = "No police force area of that name is known."
                self._leave(row["locator"], shown, reason)
                continue
            cells = {"force": force, "force_as_printed": shown, "pfa_code": codes[force]}
            self._add("area_forces", row["locator"], "stated", area_id=self.area_id, **cells)

    def _inspections(self) -> None:
        """The inspection itself and, where a follow-up came back to one, that one too."""
        for one in (self.earlier, self.inspection):
            if one is None or one.known:
                continue
            dates: _Row = {}
            if one is self.earlier:
                dates = dict.fromkeys(("fieldwork_from", "fieldwork_to"), one.year)
                dates |= {"fieldwork_precision": "year", "fieldwork_basis": "inferred"}
                dates["fieldwork_locator"] = one.locator
            elif self.date:
                dates = {"published": self.date, "published_precision": self.precision}
                dates |= {"published_basis": self.date_basis}
                dates |= {"published_source_id": self.source_id}
                dates["published_locator"] = self.date_locator
            self._add(
                "inspections",
                one.locator or self.where,
                "second_hand" if one is self.earlier else "stated",
                inspection_id=one.inspection_id,
                area_id=self.area_id,
                framework_id=one.framework_id,
                title=f"{self.area}, {one.framework}",
                note=BY_RULE,
                **dates,
            )

    def _ratings(self) -> None:
        rows = self._each("ratings")
        for level in dict.fromkeys(row["level"] for row in rows):
            overall = level == "overall"
            follow_up = self.document.kind == "follow_up" and overall
            inspection = self.earlier if follow_up else self.inspection
            chosen = [row for row in rows if row["level"] == level and self._fits(inspection, row)]
            if not chosen or inspection is None:
                continue
            labels = {str(row["label"]): row for row in chosen}
            aspects = self._aspects(inspection, level, labels)
            for row in chosen:
                aspect_id, set_id = aspects[str(row["label"])]
                word = aspect_id.removeprefix(f"{set_id}_")
                self._add(
                    "ratings",
                    row["locator"],
                    "second_hand" if follow_up else None,
                    rating_id=f"{inspection.inspection_id}_{word}",
                    inspection_id=inspection.inspection_id,
                    aspect_id=aspect_id,
                    label_as_printed=cell(row["label"]) if row["label"] else None,
                    rating=row["rating"],
                    rating_as_printed=_printed_word(row["rating"], self._lines(row["locator"])),
                )

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
        """The aspect and the set of each label; a set of its own for labels that no set has."""
        framework_id = inspection.framework_id
        sets, known = self.record.table("aspect_sets"), self.record.table("aspects")
        ids = set(sets.loc[sets["framework_id"].eq(framework_id), "set_id"])
        known = known[known["set_id"].isin(ids) & known["level"].eq(level)]
        if level == "overall":
            return dict.fromkeys(labels, self._overall(framework_id, known, ids, labels))
        own = f"{framework_id}_{_words_of(self.area)}"
        known = known.sort_values("set_id", key=lambda column: column.ne(own), kind="stable")
        found = _set_of(list(labels), known)
        if found is not None:
            set_of = known.set_index("aspect_id")["set_id"]
            return {label: (aspect, set_of[aspect]) for label, aspect in found.items()}
        set_id = _free(own, set(sets["set_id"]))
        title = f"{level.replace('_', ' ').capitalize()} labels as printed for {self.area}"
        where = ";".join(dict.fromkeys(row["locator"] for row in labels.values()))
        self._add_set(framework_id, set_id, title, len(labels), where)
        made: dict[str, tuple[str, str]] = {}
        used: set[str] = set()
        for position, (label, row) in enumerate(labels.items(), 1):
            aspect_id = _free(f"{set_id}_{_words_of(label)}", used)
            made[label] = aspect_id, set_id
            self._add(
                "aspects",
                row["locator"],
                aspect_id=aspect_id,
                set_id=set_id,
                level=level,
                label=cell(label),
                label_as_printed=cell(label),
                position=position,
                is_critical=row["is_critical"],
                covers=f"As its label says; {UNWORDED}.",
            )
        return made

    def _overall(
        self, framework_id: str, known: pd.DataFrame, ids: set[str], labels: dict[str, _Row]
    ) -> tuple[str, str]:
        if len(known):
            return known["aspect_id"].iloc[0], known["set_id"].iloc[0]
        where, aspect_id = next(iter(labels.values()))["locator"], f"{framework_id}_overall"
        if framework_id not in ids:
            self._add_set(framework_id, framework_id, "Overall assessment", 0, where)
        names = {"aspect_id": aspect_id, "set_id": framework_id, "level": "overall"}
        names |= {"label": "Overall assessment", "covers": "The Area as a whole."}
        self._add("aspects", where, **names, position=0)
        return aspect_id, framework_id

    def _add_set(self, framework_id: str, set_id: str, title: str, n: int, where: str) -> None:
        cells = {"set_id": set_id, "framework_id": framework_id, "title": title, "n_aspects": n}
        self._add("aspect_sets", where, **cells, note=BY_RULE)

    def _actions(self) -> None:
        raised = self.earlier or self.inspection
        for at, row in enumerate(self._each("actions"), 1):
            number_ = int(row["number"] or at)
            words = cell(_key_words(row["text"] or ""), 120)
            cells: _Row = {}
            if row["progress"] is not None:
                printed = _printed_word(row["progress"], self._lines(row["locator"]))
                cells = {"progress": row["progress"], "progress_as_printed": printed}
                cells["follow_up_inspection_id"] = self.inspection.inspection_id
            self._add(
                "actions",
                row["locator"],
                action_id=f"{raised.inspection_id}_{row['kind']}_{number_}",
                inspection_id=raised.inspection_id,
                kind=row["kind"],
                number=number_,
                topic=f"{words} (key words; {UNWORDED})",
                key_words=words,
                note=row["note"],
                **cells,
            )

    def _responses(self) -> None:
        known = set(self.record.table("actions")["action_id"])
        known |= {row["action_id"] for row in self.made["actions"]}
        inspection = self.inspection.inspection_id
        kinds = ("issue", "recommendation", "aspect_for_improvement")
        for at, row in enumerate(self._each("responses"), 1):
            number_ = int(row["number"] or at)
            ids = [f"{inspection}_{kind}_{number_}" for kind in kinds]
            action = next((one for one in ids if one in known), None)
            if action is None:
                reason = f"It answers number {number_}, and no action has that number."
                self._leave(row["locator"], row["text"], reason)
                continue
            words = cell(_key_words(row["text"] or ""), 120)
            self._add(
                "responses",
                row["locator"],
                "stated",
                response_id=f"{inspection}_response_{number_}",
                action_id=action,
                number=number_,
                summary=f"{words} (key words; {UNWORDED})",
                key_words=words,
                note=row["note"],
            )

    def _measures(self) -> None:
        used: set[str] = set()
        inspection = self.inspection.inspection_id
        for row in self._each("measures"):
            unit = "percent" if row["unit"] == "%" else _words_of(row["unit"])
            first, _, last = (row["period"] or "").partition("/")
            cells: _Row = {}
            if first:
                cells = {"period_from": first, "period_to": last or first}
                cells["period_precision"] = _PRECISIONS.get(len(first))
            self._add(
                "measures",
                row["locator"],
                measure_id=_free(f"{inspection}_{unit}", used),
                inspection_id=inspection,
                subject=f"{cell(row['unit'])} ({UNWORDED})",
                value=row["value"],
                value_as_printed=cell(_printed_number(row["value"], self._lines(row["locator"]))),
                unit=cell(row["unit"]),
                note=row["note"],
                **cells,
            )


# Cells and identifiers ---------------------------------------------------------------------------


def cell(text: object, longest: int = 300) -> str:
    r"""A text as one cell: one line, nothing unseen, nothing that a spreadsheet would compute.

    Examples
    --------
    >>> cell("=SUM(A1)\n\u202eGood ")
    "'=SUM(A1) Good"
    """
    plain = " ".join(_UNSEEN.sub(" ", str(text)).split())[:longest].rstrip()
    return f"'{plain}" if _FORMULA.match(plain) else plain


def _words_of(label: str) -> str:
    """A label as the words of an identifier; "unnamed" where it has none."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’‘`´]", "", label.casefold()).replace("&", " and "))
    return "_".join(words)[:80].strip("_") or "unnamed"


def _free(wanted: str, taken: set[str]) -> str:
    """An identifier that is not taken, as wanted or with a number at its end; it is taken then."""
    found, n = wanted, 1
    while found in taken:
        n += 1
        found = f"{wanted}_{n}"
    taken.add(found)
    return found


def _set_of(labels: list[str], known: pd.DataFrame) -> dict[str, str] | None:
    """The aspects of the first set that has all labels, by label; None without one."""
    for _, aspects in known.groupby("set_id", sort=False):
        by_label: dict[str, str] = {}
        for column in ("label", "label_as_printed"):
            for label, aspect in aspects[[column, "aspect_id"]].dropna().itertuples(index=False):
                by_label.setdefault(same(label), aspect)
        found = {label: by_label[same(label)] for label in labels if same(label) in by_label}
        if len(found) == len(labels) == len(set(found.values())):
            return found
    return None


def _key_words(text: str) -> str:
    """The run of words that says most, at most six, as printed."""
    runs: list[list[re.Match[str]]] = [[]]
    end = 0
    for match in _TOKEN.finditer(text):
        apart = text[end : match.start()].strip("'’\"“” ")
        ends = match[0].casefold() in _ENDING or match[0].isdigit()
        if apart or ends:
            runs.append([])
        if not ends:
            runs[-1].append(match)
        end = match.end()
    sizes = range(1, _MOST_KEY_WORDS + 1)
    windows = [run[i : i + n] for run in runs for i in range(len(run)) for n in sizes]
    best = max(windows, key=_told, default=None)
    if best is None or not _told(best):
        return " ".join(text.split()[:_MOST_KEY_WORDS])
    return text[best[0].start() : best[-1].end()]


def _told(window: list[re.Match[str]]) -> int:
    """How many letters say something; none where a small word stands at an end."""
    words = [match[0].casefold() for match in window]
    if words[0] in _INSIDE or words[-1] in _INSIDE:
        return 0
    return sum(len(word) for word in words if word not in _INSIDE)


def _printed_word(word: str, lines: Iterable[str]) -> str:
    """A word as the lines print it; as it is, where they do not."""
    parts = r"\W+".join(map(re.escape, word.split()))
    for line in lines:
        if match := re.search(rf"(?<!\w){parts}(?!\w)", line, re.IGNORECASE):
            return " ".join(match[0].split())
    return word


def _printed_number(value: float, lines: Iterable[str]) -> str:
    """A number as the lines print it, in digits or in words; in digits, where they do not."""
    text = " ".join(lines)
    for match in _DIGITS.finditer(text):
        if float(match[0].strip("£$%").replace(",", "")) == value:
            return match[0]
    words = [match[0] for match in re.finditer(r"[A-Za-z]+(?:[- ][A-Za-z]+)?", text)]
    words += re.findall(r"[A-Za-z]+", text)
    for word in words:
        for part in (word, word.split("-")[0]):
            if number(part) == value:
                return part
    return f"{value:.15g}"


def _safe_name(name: str) -> str:
    """The last part of a file name, without what could lead elsewhere or be run."""
    last = re.split(r"[/\\]", name)[-1]
    return _NAME.sub("", _UNSEEN.sub("", last)).strip(" .=+-@")[:120] or "document"
