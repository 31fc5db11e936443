"""From the certain claims of a document to rows of the tables, with identifiers.

What a person must judge (the theme of an action, the kind of an answer) stays empty, and what must
not stay empty says that nobody has put it into words yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from hmcpsi_data.documents.claims import same, vocabulary
from hmcpsi_data.documents.front import NO_INSPECTION, area_on, in_force, inspection_of
from hmcpsi_data.documents.prose import NUMBER, number
from hmcpsi_data.errors import (
    AmbiguousAreaError,
    AreaNotInBeingError,
    HmcpsiError,
    UnknownValueError,
    quote,
)
from hmcpsi_data.record.areas import days
from hmcpsi_data.record.filters import choose
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.locators import lines_of
from hmcpsi_data.tables.record import Record

if TYPE_CHECKING:
    from hmcpsi_data.documents.document import Document

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
_PUBLISHERS = (
    ("inspectorate", "HM Crown Prosecution Service Inspectorate"),
    ("inspected_body", "Crown Prosecution Service"),
)
_KINDS = ("issue", "recommendation", "aspect_for_improvement")
_PRECISIONS = {4: "year", 7: "month", 10: "day"}
_YEAR = re.compile(r"\b(?:19[89]|20[0-9])[0-9]\b")

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_FORMULA = re.compile(r"(?![+-]?[0-9][0-9.,]*%?$)[=+\-@＝＋－＠]")
_NUMBERS = re.compile(rf"(?<![\w.])[£$]?(?:{NUMBER})%?(?!\w)", re.IGNORECASE)
_MOST_KEY_WORDS = 6
_ENDING = (  # end a run of key words
    "about after also any are area as be been before being but can cps could do does ensure had "
    "has have how if into is it its may might more must need needs not or should so such take "
    "takes than that their them there these they this those through was we were what when where "
    "which while who will would"
)
_DIVIDES = re.compile(rf"[^\w\s'’&-]+|\b(?:{_ENDING.replace(' ', '|')}|\d+)\b", re.IGNORECASE)
_INSIDE = frozenset(  # do not stand at the ends of a run
    "a all an and at by each every for from in of on other the to with - & '".split()
)

_Row = dict[str, Any]


class Rows(dict[str, pd.DataFrame]):
    """Rows by table, each with the columns of the description.

    `problems` are what was left out, a frame of `locator`, `text` and `reason`.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame], problems: pd.DataFrame) -> None:
        super().__init__(tables)
        self.problems = problems

    def __repr__(self) -> str:
        counts = ", ".join(f"{name} {len(frame)}" for name, frame in self.items() if len(frame))
        n = len(self.problems)
        return f"{counts or 'no rows'}; {n} {'problem' if n == 1 else 'problems'}"


def typed(name: str, rows: list[_Row] | pd.DataFrame) -> pd.DataFrame:
    """Rows as a frame with the columns and types that `load` gives."""
    records: list[Any] = rows.to_dict("records") if isinstance(rows, pd.DataFrame) else rows
    columns = {}
    for field in table(name).fields:
        cells = [row.get(field.name) for row in records]
        dtype: Any = field.dtype
        columns[field.name] = pd.array([None if pd.isna(x) else x for x in cells], dtype=dtype)
    return pd.DataFrame(columns)


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
    maker = _Maker(document, record, published)
    maker.place(area, framework, new_area)
    maker.front()
    maker.ratings()
    maker.actions()
    maker.measures()
    doubts = document.problems
    answered = ["area", "framework", *(["published"] if maker.date else [])]
    doubts = doubts[~(doubts["table"].eq("document") & doubts["what"].isin(answered))]
    left = [*doubts[["locator", "words", "why"]].itertuples(index=False, name=None), *maker.left]
    problems = pd.DataFrame(left, columns=["locator", "text", "reason"], dtype="string")
    return Rows({name: typed(name, rows) for name, rows in maker.rows.items()}, problems)


class _Maker:
    """Makes the rows of one document: where they belong, then table by table."""

    def __init__(self, document: Document, record: Record, published: str | None) -> None:
        self.document, self.record, self.date = document, record, document.published
        parts = (document.published_precision, document.published_basis, document.published_locator)
        if published is not None:
            self.date = days(published, "published").text
            parts = (_PRECISIONS[len(self.date)], "inferred", None)
        names = ("published_precision", "published_basis", "published_locator")
        self.dated = (
            {"published": self.date, **dict(zip(names, parts, strict=True))} if self.date else {}
        )
        self.tier, self.publisher = _PUBLISHERS[document.kind == "response"]
        # What a response says of the inspection is the inspected body's account of it.
        self.basis = "second_hand" if document.kind == "response" else "stated"
        self.rows: dict[str, list[_Row]] = {name: [] for name in TABLES}
        self.left: list[tuple[str, str, str]] = []

    # Where the rows belong ----------------------------------------------------------------------

    def place(self, area: str | None, framework: str | None, new_area: bool) -> None:
        """Say of which framework, Area and inspection the rows are, or ask for it."""
        self.framework = self._framework(framework or self.document.framework_id)
        self.area_id, self.area = self._area(area or self.document.area, new_area)
        first = "p1 L1" if self.document.pages else "L1"
        answers = self.document.answers.set_index("question")["locator"]
        self.where = str(answers["area"]) if self.document.area else first
        sources = self.record.table("sources").set_index("sha256")["source_id"]
        sha256 = self.document.sha256
        name = f"doc_{slug(self.area)}_{self.document.kind}_{sha256[:8]}"
        self.source_id = str(sources.get(sha256, name))
        framework_id = self.framework["framework_id"]
        known = inspection_of(self.area_id, framework_id, self.date, self.record)
        wanted, taken = f"{slug(self.area)}_{framework_id}", self._ids("inspections")
        if wanted in taken:
            wanted = free(f"{wanted}_{(self.date or 'undated')[:4]}", taken)
        self.inspection_id, self.is_new = known or wanted, known is None
        self.earlier = self._earlier() if self.document.kind == "follow_up" else None

    def _framework(self, wanted: str | None) -> Any:
        known = self.record.table("frameworks").set_index("framework_id", drop=False)
        if not wanted:
            raise HmcpsiError(
                "The document does not say clearly under which framework the Area was inspected.",
                f"Name it, as in rows(framework='aap_2016'); there are {', '.join(known.index)}.",
            )
        ids = choose("framework", wanted, self.record) or []
        if len(ids) != 1:
            told = f"framework {quote(wanted)} means several: {', '.join(ids)}."
            raise HmcpsiError(told, "Name one of them.")
        if self.date and not in_force(known.loc[ids[0]], self.date, late=1):
            told = f"{ids[0]} was not in force on the date of publication, {self.date}."
            raise HmcpsiError(told, "Give another framework=, or the right date with published=.")
        return known.loc[ids[0]]

    def _area(self, wanted: str | None, new_area: bool) -> tuple[str, str]:
        """The identifier and the name of the Area."""
        if not wanted:
            raise HmcpsiError(
                "The document does not say clearly which Area it is about.",
                "Name it, as in rows(area='East Midlands').",
            )
        try:
            area_id = area_on(wanted, self.date, self.framework, self.record)
        except AreaNotInBeingError as error:
            told = "Give the Area of that date with area=, or the date with published=."
            raise HmcpsiError(error.problem, told) from None
        except UnknownValueError as error:
            if not new_area or isinstance(error, AmbiguousAreaError):
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
        ratings, years = self.document.ratings, list[str]()
        for where in ratings.loc[ratings["level"].eq("overall"), "locator"]:
            years += _YEAR.findall(" ".join(self.document.words(where)))
        frameworks = self.record.table("frameworks")
        rated = frameworks.loc[frameworks["measure_kind"].eq("rating"), "framework_id"]
        known = self.record.table("inspections")
        begun = known["fieldwork_from"].fillna(known["published"]).fillna("").str[:4]
        mine = known["area_id"].eq(self.area_id) & known["framework_id"].isin(rated)
        found = known.loc[mine & begun.isin(years), "inspection_id"]
        return None if found.empty else str(found.iloc[0])

    # The rows -----------------------------------------------------------------------------------

    def _ids(self, name: str) -> set[str]:
        return set(self.record.table(name)[table(name).primary_key[0]])

    def _add(self, to: str, locator: str, basis: str | None = None, /, **cells: Any) -> None:
        """Add a row to a table, with its origin."""
        origin = {"source_id": self.source_id, "locator": locator, "speaker": self.tier}
        self.rows[to].append({**origin, "basis": basis or self.basis, **cells})

    def _leave(self, row: _Row, text: object, reason: str) -> None:
        self.left.append((row["locator"], cell(text), reason))

    def _each(self, name: str) -> Iterator[_Row]:
        """The certain claims of a table, with the note and, where they have one, the number."""
        claims = self.document.claims
        chosen = claims[claims["certain"] & claims["table"].eq(name)]
        for at, (row, why) in enumerate(zip(chosen["row"], chosen["why"], strict=True), 1):
            note = BY_RULE if pd.isna(why) else BY_PERSON
            yield {**row, "note": note, "number": int(row.get("number") or at)}

    def front(self) -> None:
        """The source; the Area with its names and forces, and the inspection, where new."""
        document = self.document
        kind, called = _ABOUT[document.kind]
        name = file_name(document.name)
        if document.pages and not name.casefold().endswith(".pdf"):
            name += ".pdf"  # the bytes of a PDF, without a name
        title = self.framework["short_title"]
        source = {"source_id": self.source_id, "title": f"{called} CPS {self.area}, {title}",
                  "publisher": self.publisher, "kind": kind, "tier": self.tier, "note": BY_RULE,
                  "licence": "not looked up; see the publication itself", "file_name": name,
                  "sha256": document.sha256, "n_lines": max(1, len(document.lines))}  # fmt: skip
        self.rows["sources"].append(source | self.dated)
        if self.area_id not in self._ids("areas"):
            self._add(
                "areas", self.where, "inferred",
                area_id=self.area_id, name=self.area, kind="other",
                valid_from=(self.date or "")[:4], valid_from_precision="year",
                note="Made for a document that a user added: no list of Areas names it.",
            )  # fmt: skip
        names = self.record.table("area_names")
        printed = document.area and cell(document.area)
        if printed and printed not in set(names.loc[names["area_id"].eq(self.area_id), "name"]):
            self._add("area_names", self.where, "stated", area_id=self.area_id, name=printed)
        codes = self.record.table("forces").set_index("force")["pfa_code"]
        for row in self._each("forces"):
            force = row["force"]
            if force not in codes:
                self._leave(row, force, "No police force of that name is known.")
                continue
            self._add(
                "area_forces", row["locator"], "stated", area_id=self.area_id, force=force,
                force_as_printed=cell(row["force_as_printed"] or force), pfa_code=codes[force],
            )  # fmt: skip
        if self.is_new:
            of = {"published_source_id": self.source_id} if self.date else {}
            self._add(
                "inspections", self.where, "stated", inspection_id=self.inspection_id,
                framework_id=self.framework["framework_id"], area_id=self.area_id,
                title=f"{self.area}, {title}", note=BY_RULE, **self.dated, **of,
            )  # fmt: skip

    def ratings(self) -> None:
        """The ratings, level by level, with aspects and sets that are new."""
        rows, inspections = list(self._each("ratings")), self.record.table("inspections")
        framework_of = inspections.set_index("inspection_id")["framework_id"]
        for level in dict.fromkeys(row["level"] for row in rows):
            # a follow-up rates progress: the overall rating in it is of the inspection before
            before = self.document.kind == "follow_up" and level == "overall"
            inspection = self.earlier if before else self.inspection_id
            framework = framework_of.get(inspection, self.framework["framework_id"])
            scale = self.record.once(vocabulary).scale_of.get(framework, [])
            chosen: dict[str, _Row] = {}
            for row in (row for row in rows if row["level"] == level):
                if inspection is None:
                    reason = "It rates an earlier inspection that is not known by year and Area."
                elif row["rating"] not in scale:
                    reason = f"It is not on the scale of {framework}."
                elif str(row["label"]) in chosen:
                    reason = "Another line rates the same."
                else:
                    chosen[str(row["label"])] = row
                    continue
                self._leave(row, f"{row['label'] or 'overall'}: {row['rating']}", reason)
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
        lines = self.document.words(row["locator"])
        return None if row[column] is None else printed_word(row[column], lines)

    def _aspects(
        self, inspection: str, framework: str, level: str, labels: dict[str, _Row]
    ) -> dict[str, tuple[str, str]]:
        """Aspect and set of each label: rated before, of a known set, or of one of its own."""
        sets, aspects = self.record.table("aspect_sets"), self.record.table("aspects")
        ids = sets.loc[sets["framework_id"].eq(framework), "set_id"]
        aspects = aspects[aspects["set_id"].isin(ids) & aspects["level"].eq(level)]
        if level == "overall" and len(aspects):
            return dict.fromkeys(labels, tuple(aspects.iloc[0][["aspect_id", "set_id"]]))
        ratings = self.record.table("ratings")
        mine = ratings.loc[ratings["inspection_id"].eq(inspection), "aspect_id"]
        rated = aspects[aspects["aspect_id"].isin(mine)]
        found = _by_label(rated)
        made = {label: found[same(label)] for label in labels if same(label) in found}
        rest = {label: row for label, row in labels.items() if label not in made}
        own = f"{framework}_{slug(self.area)}"
        # sets of this inspection come first, a set made for this Area last
        order = aspects["set_id"].eq(own).astype(int)
        order = order.mask(aspects["set_id"].isin(rated["set_id"]), -1).sort_values(kind="stable")
        for _, one in aspects.loc[order.index].groupby("set_id", sort=False):
            found = _by_label(one)
            if rest and all(same(label) in found for label in rest):
                return made | {label: found[same(label)] for label in rest}
        taken = {*sets["set_id"], *(row["set_id"] for row in self.rows["aspect_sets"])}
        return made | self._new_set(framework, free(own, taken), level, rest)

    def _new_set(
        self, framework: str, set_id: str, level: str, labels: dict[str, _Row]
    ) -> dict[str, tuple[str, str]]:
        """A set of its own for labels that no set has."""
        made: dict[str, tuple[str, str]] = {}
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
        if made:
            self._add(
                "aspect_sets", ";".join(dict.fromkeys(row["locator"] for row in labels.values())),
                set_id=set_id, framework_id=framework, n_aspects=0 if whole else len(labels),
                title=f"{level.replace('_', ' ').capitalize()} labels as printed for {self.area}",
                note=BY_RULE,
            )  # fmt: skip
        return made

    def actions(self) -> None:
        """The recommendations and issues, and the answers to them."""
        now, raised = self.inspection_id, self.earlier or self.inspection_id
        for row in self._each("actions"):
            self._add(
                "actions", row["locator"], action_id=f"{raised}_{row['kind']}_{row['number']}",
                inspection_id=raised, kind=row["kind"], number=row["number"],
                progress=row["progress"], progress_as_printed=self._as_printed(row, "progress"),
                follow_up_inspection_id=now if row["progress"] else None, **_worded("topic", row),
            )  # fmt: skip
        known = self._ids("actions") | {row["action_id"] for row in self.rows["actions"]}
        for row in self._each("responses"):
            number = row["number"]
            ids = (f"{now}_{kind}_{number}" for kind in _KINDS)
            if (action := next((one for one in ids if one in known), None)) is None:
                reason = f"It answers number {number}, and no action has that number."
                self._leave(row, row["text"], reason)
                continue
            self._add(
                "responses", row["locator"], "stated", response_id=f"{now}_response_{number}",
                number=number, action_id=action, **_worded("summary", row),
            )  # fmt: skip

    def measures(self) -> None:
        """The numbers, each with its unit and period."""
        used: set[str] = set()
        # what a response says of the inspection is second hand; its answers are its own words
        answers = {line for row in self._each("responses") for line in lines_of(row["locator"])}
        for row in self._each("measures"):
            unit = "percent" if row["unit"] == "%" else slug(row["unit"])
            first, _, last = (row["period"] or "").partition("/")
            printed = printed_number(row["value"], self.document.words(row["locator"]))
            basis = "stated" if answers.issuperset(lines_of(row["locator"])) else None
            measure_id = free(f"{self.inspection_id}_{unit}", used)
            self._add(
                "measures", row["locator"], basis, measure_id=measure_id,
                inspection_id=self.inspection_id, value=row["value"], note=row["note"],
                value_as_printed=cell(printed), unit=cell(row["unit"]),
                subject=f"{cell(row['unit'])} ({UNWORDED})", period_from=first or None,
                period_to=last or first or None, period_precision=_PRECISIONS.get(len(first)),
            )  # fmt: skip


def _worded(column: str, row: _Row) -> _Row:
    """The key words of a text, also where our own words are to stand, and its note."""
    words = cell(key_words(row["text"] or ""), 120)
    return {column: f"{words} (key words; {UNWORDED})", "key_words": words, "note": row["note"]}


def _by_label(aspects: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Aspect and set by label, ours before that printed."""
    found: dict[str, tuple[str, str]] = {}
    for column in ("label_as_printed", "label"):
        rows = aspects[[column, "aspect_id", "set_id"]].dropna()
        found |= {same(label): (one, of) for label, one, of in rows.itertuples(index=False)}
    return found


# What a document prints, as cells ----------------------------------------------------------------


def cell(text: object, longest: int = 300) -> str:
    """A text as one cell: one line, nothing unseen, nothing that a spreadsheet would compute."""
    plain = " ".join(_UNSEEN.sub(" ", str(text)).split())[:longest].rstrip()
    return f"'{plain}" if _FORMULA.match(plain) else plain


def slug(label: str) -> str:
    """A label as the words of an identifier; "unnamed" where it has none."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’‘`´]", "", label.casefold()).replace("&", " and "))
    return "_".join(words)[:80].strip("_") or "unnamed"


def file_name(name: str) -> str:
    """The last part of a file name, without what could lead elsewhere or be run."""
    last = _UNSEEN.sub("", re.split(r"[/\\]", name)[-1])
    return re.sub(r"[^\w .()\[\],&+-]+", "", last).strip(" .=+-@")[:120] or "document"


def key_words(text: str) -> str:
    """The words that say most, at most six that nothing divides, as printed."""

    def letters(words: list[str]) -> int:
        if {words[0].casefold(), words[-1].casefold()} & _INSIDE:
            return 0
        return sum(len(word) for word in words if word.casefold() not in _INSIDE)

    runs = [run.split() for run in _DIVIDES.split(text)]
    sizes = range(1, _MOST_KEY_WORDS + 1)
    windows = [run[at : at + size] for run in runs for at in range(len(run)) for size in sizes]
    best = max(windows, key=letters, default=[])
    return " ".join(best if best and letters(best) else text.split()[:_MOST_KEY_WORDS])


def printed_word(word: str, lines: Iterable[str]) -> str:
    """A word as the lines print it; as it is, where they do not."""
    parts = r"\W+".join(map(re.escape, word.split()))
    match = re.search(rf"(?<!\w){parts}(?!\w)", "\n".join(lines), re.IGNORECASE)
    return " ".join(match[0].split()) if match else word


def printed_number(value: float, lines: Iterable[str]) -> str:
    """A number as the lines print it, in digits or in words; in digits, where they do not."""
    for match in _NUMBERS.finditer(" ".join(lines)):
        if number(match[0].strip("£$%")) == value:
            return match[0]
    return f"{value:.15g}"
