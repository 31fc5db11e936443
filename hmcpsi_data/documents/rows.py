"""From the certain claims of a document to rows; what a person must judge stays empty."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from hmcpsi_data.documents.claims import Vocabulary, same
from hmcpsi_data.documents.front import NO_INSPECTION, area_on, in_force, inspection_of
from hmcpsi_data.documents.prose import NUMBER, number
from hmcpsi_data.errors import HmcpsiError, UnknownValueError, quote
from hmcpsi_data.record.areas import days
from hmcpsi_data.record.filters import choose
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.locators import lines_of
from hmcpsi_data.tables.record import Record
from hmcpsi_data.words import count_of

if TYPE_CHECKING:
    from hmcpsi_data.documents.document import Document

TABLES = tuple(
    "sources areas area_forces inspections aspect_sets aspects ratings rating_sources "
    "actions responses measures evidence".split()
)
"""The tables that a document can add rows to, in the order in which they refer to each other."""

BY_RULE = "Read from the document by rule, not judged by a person."
BY_PERSON = "Taken from the document, or corrected, by a person."
UNWORDED = "not yet in our words"
_ABOUT = {  # kind of document: kind of source, how it is called
    "opa": ("press_notice", "Press notice: Overall Performance Assessment of"),
    "follow_up": ("press_release", "Press release: follow-up inspection of"),
    "area_assurance": ("press_notice", "Press notice: Area Assurance inspection of"),
    "area_inspection": ("press_notice", "Press notice: inspection of"),
    "response": ("response", "CPS response to the inspection of"),
    "unknown": ("web_page", "Publication on the inspection of"),
}
_KINDS = ("issue", "recommendation", "aspect_for_improvement")
PRECISIONS = {4: "year", 7: "month", 10: "day"}
_YEAR = re.compile(r"\b(?:19[89]|20[0-9])[0-9]\b")

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_FORMULA = re.compile(r"(?![+-]?[0-9][0-9.,]*%?$)[=+\-@＝＋－＠]")
_NUMBERS = re.compile(rf"(?<![\w.])[£$]?(?:{NUMBER})%?(?!\w)", re.IGNORECASE)

_Row = dict[str, Any]
_Labels = dict[str, _Row]
_Placed = dict[str, tuple[str, str]]  # aspect and set by label


class Rows(dict[str, pd.DataFrame]):
    """Rows by table; `problems` are what was left out, by `locator`, `text` and `reason`."""

    problems: pd.DataFrame
    source_id: str
    inspection_id: str
    area_id: str

    @property
    def counts(self) -> dict[str, int]:
        """How many rows each table has, where it has any."""
        return {name: len(frame) for name, frame in self.items() if len(frame)}

    def __repr__(self) -> str:
        counts = ", ".join(f"{name} {n}" for name, n in self.counts.items())
        return f"{self.source_id}: {counts}. {count_of(len(self.problems), 'line')} left out."


def typed(name: str, rows: list[dict[Any, Any]]) -> pd.DataFrame:
    """Rows as a frame with the columns and types that `load` gives."""
    types: dict[str, Any] = {field.name: field.dtype for field in table(name).fields}
    return pd.DataFrame(rows, columns=[*types], dtype=object).astype(types)


def free(wanted: str, taken: set[str]) -> str:
    """An identifier that is not taken, as wanted or with a number at its end; it is taken then."""
    found, n = wanted, 1
    while found in taken:
        n += 1
        found = f"{wanted}_{n}"
    taken.add(found)
    return found


def refuse_strangers(document: Document, area: Any = None, framework: Any = None) -> None:
    """Refuse what looks like no inspection, unless a person says of which Area and framework."""
    if not document.is_inspection and not (area and framework):
        told = f"{NO_INSPECTION[0].upper()}{NO_INSPECTION[1:]}."
        raise HmcpsiError(told, "Give a press notice, an inspection page or a CPS response.")


def rows_of(document: Document, record: Record, **known: Any) -> Rows:
    """The rows of a document; `Document.rows` says what they are, and what may be known of it."""
    refuse_strangers(document, known["area"], known["framework"])
    maker = _Maker(document, record, known)
    maker.about()
    maker.ratings()
    maker.actions()
    maker.measures()
    doubts = document.problems
    answered = ["area", "framework", *(["published"] if maker.date else [])]
    doubts = doubts[~(doubts["table"].eq("document") & doubts["what"].isin(answered))]
    left = [*doubts[["locator", "words", "why"]].itertuples(index=False, name=None), *maker.left]
    rows = Rows({name: typed(name, made) for name, made in maker.rows.items()})
    rows.problems = pd.DataFrame(left, columns=["locator", "text", "reason"], dtype="string")
    rows.source_id, rows.inspection_id = maker.source_id, maker.inspection_id
    rows.area_id = maker.area_id
    return rows


class _Maker:
    """Makes the rows of one document: where they belong, or a question; then table by table."""

    def __init__(self, document: Document, record: Record, known: _Row) -> None:
        self.document, self.record = document, record
        names = [f"published{end}" for end in ("", "_precision", "_basis", "_locator")]
        self.dated = {name: getattr(document, name) for name in names}
        if known["published"] is not None:
            date = days(known["published"], "published").text
            cells = (date, PRECISIONS[len(date)], "inferred", None)
            self.dated = dict(zip(names, cells, strict=True))
        self.date = self.dated["published"]
        self.basis, self.tier = "stated", "inspectorate"
        self.publisher = "HM Crown Prosecution Service Inspectorate"
        if document.kind == "response":  # the inspected body's account of the inspection
            self.basis, self.tier = "second_hand", "inspected_body"
            self.publisher = "Crown Prosecution Service"
        self.rows: dict[str, list[_Row]] = {name: [] for name in TABLES}
        self.left: list[tuple[str, str, str]] = []
        self.framework = self._framework(known["framework"] or document.framework_id)
        self.area_id, self.area = self._area(known["area"] or document.area, known["new_area"])
        answers = document.answers.set_index("question")["locator"]
        first = "p1 L1" if document.pages else "L1"
        self.where = str(answers["area"]) if document.area else first
        sources = record.table("sources").set_index("sha256")["source_id"]
        name = f"doc_{slug(self.area)}_{document.kind}_{document.sha256[:8]}"
        self.source_id = str(sources.get(document.sha256, name))
        there = inspection_of(self.area_id, self.framework.name, self.date or "", record)
        wanted, taken = f"{slug(self.area)}_{self.framework.name}", self._ids("inspections")
        self.inspection_id, self.is_new = there or free(wanted, taken), there is None
        self.earlier = self._earlier() if document.kind == "follow_up" else None

    def _framework(self, wanted: str | None) -> Any:
        known = self.record.table("frameworks").set_index("framework_id", drop=False)
        ids = (choose("framework", wanted, self.record) or []) if wanted else []
        if len(ids) != 1:
            told = "The document does not say clearly under which framework the Area was inspected."
            listing = ", ".join(ids or known.index)
            raise HmcpsiError(told, f"Name it, as in rows(framework='aap_2016'): {listing}.")
        if self.date and not in_force(known.loc[ids[0]], self.date, late=1):
            told = f"{ids[0]} was not in force on the date of publication, {self.date}."
            raise HmcpsiError(told, "Give another framework=, or the right date with published=.")
        return known.loc[ids[0]]

    def _area(self, wanted: str | None, new_area: bool) -> tuple[str, str]:
        if not wanted:
            told = "The document does not say clearly which Area it is about."
            raise HmcpsiError(told, "Name it, as in rows(area='East Midlands').")
        try:
            area_id = area_on(wanted, self.date, self.framework, self.record)
        except UnknownValueError as error:
            if type(error) is not UnknownValueError:  # several Areas, or none on that date
                raise
            if not new_area:
                remedy = "Give another with area=, or make it one of your own with new_area=True."
                raise HmcpsiError(str(error), remedy) from None
            if self.date is None:
                told = f"The date of publication is needed for the new Area {quote(wanted)}."
                raise HmcpsiError(told, "Give it, as in published='2016-11'.") from None
            name = re.sub(r"(?i)^cps\s+|\s+area$", "", cell(wanted, 80)) or "Unnamed"
            return f"{slug(name)}_{self.date[:4]}", name
        return area_id, str(self.record.table("areas").set_index("area_id").loc[area_id, "name"])

    def _earlier(self) -> str | None:
        """The inspection that a follow-up came back to: its year stands beside its rating."""
        overall = [row["locator"] for row in self._each("ratings") if row["level"] == "overall"]
        words = [line for where in overall for line in self.document.words(where)]
        years = _YEAR.findall(" ".join(words))
        known = self.record.table("inspections")
        begun = known["fieldwork_from"].fillna(known["published"]).fillna("").str[:4]
        mine = known["area_id"].eq(self.area_id) & begun.isin(years)
        found = known.loc[mine & known["framework_id"].ne(self.framework.name), "inspection_id"]
        return None if found.empty else str(found.iloc[0])

    def _ids(self, name: str) -> set[str]:
        return set(self.record.table(name)[table(name).primary_key[0]])

    def _add(self, to: str, locator: str, basis: str | None = None, /, **cells: Any) -> None:
        origin = {"source_id": self.source_id, "locator": locator, "speaker": self.tier}
        self.rows[to].append({**origin, "basis": basis or self.basis, **cells})

    def _each(self, name: str) -> Iterator[_Row]:
        """The certain claims of a table, with the note and, where they have one, the number."""
        claims = self.document.claims
        chosen = claims[claims["certain"] & claims["table"].eq(name)]
        for at, (row, why) in enumerate(zip(chosen["row"], chosen["why"], strict=True), 1):
            note = BY_RULE if pd.isna(why) else BY_PERSON
            yield {**row, "note": note, "number": int(row.get("number") or at)}

    def about(self) -> None:
        document, title = self.document, self.framework["short_title"]
        kind, called = _ABOUT[document.kind]
        # the last part of the name, without what could lead elsewhere or be run
        last = _UNSEEN.sub("", re.split(r"[/\\]", document.name)[-1])
        name = re.sub(r"[^\w .()\[\],&+-]+", "", last).strip(" .=+-@")[:120] or "document"
        if document.pages and not name.casefold().endswith(".pdf"):
            name += ".pdf"  # the bytes of a PDF, without a name
        self.rows["sources"].append({
            "source_id": self.source_id, "title": f"{called} CPS {self.area}, {title}",
            "publisher": self.publisher, "kind": kind, "tier": self.tier, "note": BY_RULE,
            "licence": "not looked up; see the publication itself", "file_name": name,
            "sha256": document.sha256, "n_lines": max(1, len(document.lines)), **self.dated,
        })  # fmt: skip
        if self.area_id not in self._ids("areas"):
            self._add(
                "areas", self.where, "inferred",
                area_id=self.area_id, name=self.area, kind="other",
                valid_from=(self.date or "")[:4], valid_from_precision="year",
                note="Made for a document that a user added: no list of Areas names it.",
            )  # fmt: skip
        codes = self.record.table("forces").set_index("force")["pfa_code"]
        for row in self._each("forces"):
            self._add(
                "area_forces", row["locator"], "stated", area_id=self.area_id, force=row["force"],
                force_as_printed=cell(row["force_as_printed"] or row["force"]),
                pfa_code=codes[row["force"]],
            )  # fmt: skip
        if self.is_new:
            self._add(
                "inspections", self.where, "stated", inspection_id=self.inspection_id,
                framework_id=self.framework.name, area_id=self.area_id,
                title=f"{self.area}, {title}", note=BY_RULE, **self.dated,
                published_source_id=self.source_id if self.date else None,
            )  # fmt: skip

    def ratings(self) -> None:
        rows, inspections = list(self._each("ratings")), self.record.table("inspections")
        framework_of = inspections.set_index("inspection_id")["framework_id"]
        for level in dict.fromkeys(row["level"] for row in rows):
            # a follow-up rates progress: the overall rating in it is of the inspection before
            before = self.document.kind == "follow_up" and level == "overall"
            inspection = self.earlier if before else self.inspection_id
            framework = framework_of.get(inspection, self.framework.name)
            scale = self.record.once(Vocabulary).scale_of.get(framework, [])
            chosen: _Labels = {}
            for row in (row for row in rows if row["level"] == level):
                label, words = str(row["label"]), f"{row['label'] or 'overall'}: {row['rating']}"
                if inspection is None:
                    reason = "It rates an earlier inspection that is not known by year and Area."
                elif row["rating"] not in scale:
                    reason = f"It is not on the scale of {framework}."
                elif label in chosen:
                    reason = "Another line rates the same."
                else:
                    chosen[label] = row
                    continue
                self.left.append((row["locator"], cell(words), reason))
            aspects = self._aspects(inspection or "", framework, level, chosen)
            for label, row in chosen.items():
                aspect_id, set_id = aspects[label]
                word = aspect_id.removeprefix(f"{set_id}_")
                self._add(
                    "ratings", row["locator"], "second_hand" if before else None,
                    rating_id=f"{inspection}_{word}", inspection_id=inspection,
                    aspect_id=aspect_id, rating=row["rating"],
                    label_as_printed=cell(row["label"]) if row["label"] else None,
                    rating_as_printed=self._as_printed(row, "rating"),
                )  # fmt: skip

    def _as_printed(self, row: _Row, column: str) -> str | None:
        """A word as its lines print it; as it is, where they do not."""
        if row[column] is None:
            return None
        parts = r"\W+".join(map(re.escape, row[column].split()))
        lines = "\n".join(self.document.words(row["locator"]))
        match = re.search(rf"(?<!\w){parts}(?!\w)", lines, re.IGNORECASE)
        return " ".join(match[0].split()) if match else str(row[column])

    def _aspects(self, inspection: str, framework: str, level: str, labels: _Labels) -> _Placed:
        """The place of each label: rated before, of one set that has all, or of a new one."""
        sets, aspects = self.record.table("aspect_sets"), self.record.table("aspects")
        ids = sets.loc[sets["framework_id"].eq(framework), "set_id"]
        aspects = aspects[aspects["set_id"].isin(ids) & aspects["level"].eq(level)]
        if level == "overall" and len(aspects):
            return dict.fromkeys(labels, tuple(aspects.iloc[0][["aspect_id", "set_id"]]))
        ratings = self.record.table("ratings")
        mine = ratings.loc[ratings["inspection_id"].eq(inspection), "aspect_id"]
        rated = aspects[aspects["aspect_id"].isin(mine)]
        own = aspects["set_id"].isin(rated["set_id"])
        ordered = pd.concat([aspects[own], aspects[~own]])  # its sets come before all others
        made: _Placed = {}
        for some in (rated, *(one for _, one in ordered.groupby("set_id", sort=False))):
            found: _Placed = {}
            for column in ("label_as_printed", "label"):  # ours counts before that printed
                cells = some[[column, "aspect_id", "set_id"]].dropna()
                found |= {same(label): (one, of) for label, one, of in cells.to_numpy()}
            known = {label: found[same(label)] for label in labels if same(label) in found}
            if some is rated or len(known) == len(labels):
                made |= known
                labels = {label: row for label, row in labels.items() if label not in known}
        return made | (self._new_set(framework, level, labels) if labels else {})

    def _new_set(self, framework: str, level: str, labels: _Labels) -> _Placed:
        """A set of its own for labels that no set has."""
        taken = self._ids("aspect_sets").union(row["set_id"] for row in self.rows["aspect_sets"])
        set_id = free(f"{framework}_{slug(self.area)}", taken)
        made: _Placed = {}
        used, whole = set[str](), level == "overall"
        for position, (label, row) in enumerate(labels.items(), not whole):
            aspect_id = free(f"{set_id}_{level if whole else slug(label)}", used)
            made[label] = aspect_id, set_id
            self._add(
                "aspects", row["locator"], aspect_id=aspect_id, set_id=set_id, level=level,
                label="Overall assessment" if whole else cell(label),
                label_as_printed=cell(row["label"] or "") or None, position=position,
                is_critical=row["is_critical"], covers=f"As its label says; {UNWORDED}.",
            )  # fmt: skip
        self._add(
            "aspect_sets", ";".join(dict.fromkeys(row["locator"] for row in labels.values())),
            set_id=set_id, framework_id=framework, n_aspects=0 if whole else len(labels),
            title=f"{level.replace('_', ' ').capitalize()} labels as printed for {self.area}",
            note=BY_RULE,
        )  # fmt: skip
        return made

    def actions(self) -> None:
        now, raised = self.inspection_id, self.earlier or self.inspection_id
        known = self._ids("actions")
        for row in self._each("actions"):
            theme, called = row.get("theme_id"), f"{row['kind']}_{row['number']}"
            action_id = f"{raised}_{called}"
            known.add(action_id)
            self._add(
                "actions", row["locator"], action_id=action_id, inspection_id=raised,
                kind=row["kind"], number=row["number"], theme_id=theme, note=row["note"],
                topic=row.get("topic") or f"{called.replace('_', ' ')} ({UNWORDED})",
                progress=row["progress"], progress_as_printed=self._as_printed(row, "progress"),
                follow_up_inspection_id=now if row["progress"] else None,
            )  # fmt: skip
            if theme:
                link = {"theme_id": theme, "table": "actions", "row_id": action_id}
                self.rows["evidence"].append(link | {"basis": "inferred", "speaker": "project"})
        for row in self._each("responses"):
            number = row["number"]
            ids = (f"{now}_{kind}_{number}" for kind in _KINDS)
            if (action := next((one for one in ids if one in known), None)) is None:
                reason = f"It answers number {number}, and no action has that number."
                self.left.append((row["locator"], cell(row["text"]), reason))
                continue
            self._add(
                "responses", row["locator"], "stated", response_id=f"{now}_response_{number}",
                number=number, action_id=action, note=row["note"],
                summary=f"answer to number {number} ({UNWORDED})",
            )  # fmt: skip

    def measures(self) -> None:
        used, known = self._ids("measures"), self.record.table("measures")
        known = known[known["inspection_id"].eq(self.inspection_id)]
        # what a response says of the inspection is second hand; its answers are its own words
        answers = {line for row in self._each("responses") for line in lines_of(row["locator"])}
        for row in self._each("measures"):
            unit = "percent" if row["unit"] == "%" else slug(row["unit"])
            first, _, last = (row["period"] or "").partition("/")
            same_number = known["value"].eq(row["value"]) & known["unit"].eq(cell(row["unit"]))
            of_then = known["period_from"].isna() | known["period_from"].eq(first)
            ids = known.loc[same_number & (of_then.fillna(False) | (not first)), "measure_id"]
            found = _NUMBERS.findall(" ".join(self.document.words(row["locator"])))
            printed = (one for one in found if number(one.strip("£$%")) == row["value"])
            basis = "stated" if answers.issuperset(lines_of(row["locator"])) else None
            self._add(
                "measures", row["locator"], basis, inspection_id=self.inspection_id,
                measure_id=next(iter(ids), None) or free(f"{self.inspection_id}_{unit}", used),
                value=row["value"], unit=cell(row["unit"]),
                value_as_printed=cell(next(printed, f"{row['value']:.15g}")),
                subject=f"{cell(row['unit'])} ({UNWORDED})",
                period_from=first or None, period_to=last or first or None,
                period_precision=PRECISIONS.get(len(first)), note=row["note"],
            )  # fmt: skip


def cell(text: object, longest: int = 300) -> str:
    """A text as one cell: one line, nothing unseen, nothing that a spreadsheet would compute."""
    plain = " ".join(_UNSEEN.sub(" ", str(text)).split())[:longest].rstrip()
    return f"'{plain}" if _FORMULA.match(plain) else plain


def slug(label: str) -> str:
    """A label as the words of an identifier; "unnamed" where it has none."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’‘`´]", "", label.casefold()).replace("&", " and "))
    return "_".join(words)[:80].strip("_") or "unnamed"
