"""What is read from one publication: `read_document`, the one way in, and the `Document`."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from hmcpsi_data.documents.claims import COLUMNS, Vocabulary, claims_frame, frame, same
from hmcpsi_data.documents.front import NO_INSPECTION, read_front
from hmcpsi_data.documents.rows import PRECISIONS, Rows, cell, refuse_strangers, rows_of
from hmcpsi_data.documents.source import take
from hmcpsi_data.documents.text import Text, squeeze
from hmcpsi_data.errors import HmcpsiError, LocatorError, UnknownValueError, printable, quote
from hmcpsi_data.tables.description import table as described
from hmcpsi_data.tables.locators import parse
from hmcpsi_data.tables.record import Record, RecordLike, as_record

_NEEDED = {
    "ratings": ("rating", "level"),
    "actions": ("kind", "number", "text"),
    "responses": ("number", "text"),
    "measures": ("value", "unit"),
    "forces": ("force",),
}


@dataclass(frozen=True, eq=False)
class Document:
    """What was read from one publication; its words go into no table of the project.

    Attributes
    ----------
    name, sha256 : str
        Name of the file, or "text" or "bytes"; the sum of the bytes as given.
    record : Record
        The record whose scales, labels and Areas it was read by.
    lines, pages : tuple
        The text as read, which locators count from 1; how many lines each page of a PDF has.
    kind, framework_id, area, area_id, inspection_id : str or None
        What it is, and of which framework, Area and inspection; None where that is not clear.
    published, published_precision, published_basis, published_locator : str or None
        Date of publication (ISO 8601), its precision and basis, and its lines.
    answers, claims : pandas.DataFrame
        How these were decided; and what it may say, each with its proposed row, its lines, and
        whether it is `certain` or `why` it is not.
    """

    name: str
    sha256: str
    record: Record = field(repr=False)
    lines: tuple[str, ...] = field(repr=False)
    pages: tuple[int, ...] = field(default=(), repr=False)
    kind: str = "unknown"
    framework_id: str | None = None
    area: str | None = None
    area_id: str | None = None
    inspection_id: str | None = None
    published: str | None = None
    published_precision: str | None = None
    published_basis: str | None = None
    published_locator: str | None = None
    answers: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    claims: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)

    def certain(self, table: str) -> pd.DataFrame:
        """The certain claims of one table, as its rows."""
        chosen = self.claims["certain"] & self.claims["table"].eq(table)
        return frame(table, self.claims.loc[chosen, "row"])

    @property
    def ratings(self) -> pd.DataFrame:
        """`label` as printed, `level`, `is_critical` where it is said, `rating`, `locator`."""
        return self.certain("ratings")

    @property
    def actions(self) -> pd.DataFrame:
        """`kind`, `number`, `text`, `progress` in the spelling of the scale, `locator`."""
        return self.certain("actions")

    @property
    def responses(self) -> pd.DataFrame:
        """`number` of the action that is answered, `text`, `locator`."""
        return self.certain("responses")

    @property
    def measures(self) -> pd.DataFrame:
        """`value`, `unit`, `period` (an ISO 8601 date or interval), `locator`."""
        return self.certain("measures")

    @property
    def forces(self) -> pd.DataFrame:
        """Police forces of the Area: `force`, `force_as_printed`, `locator`."""
        return self.certain("forces")

    @property
    def problems(self) -> pd.DataFrame:
        """The doubtful claims, with their proposed rows."""
        return self.claims[~self.claims["certain"]].reset_index(drop=True)

    @property
    def is_inspection(self) -> bool:
        """Whether anything here looks like an inspection of the CPS."""
        return not self.claims["why"].str.startswith(NO_INSPECTION).fillna(False).any()

    def take(self, number: int) -> Document:
        """The document with a doubtful claim taken as certain, by its number in `claims`."""
        claim = self._claim(number)
        needed = list(_NEEDED.get(claim["table"], ()))
        if claim["table"] == "ratings" and claim["row"].get("level") != "overall":
            needed.append("label")
        lacking = [name for name in needed if pd.isna(claim["row"].get(name))]
        if lacking or not needed:
            lacks = f"it lacks {', '.join(lacking)}" if lacking else "it is a question"
            told = f"Claim {number} proposes no row: {lacks}."
            raise HmcpsiError(told, "Add the row with what it lacks, or leave it out.")
        claims = self.claims.copy()
        claims.loc[number, "certain"] = True
        return replace(self, claims=claims)

    def drop(self, number: int) -> Document:
        """The document without a claim, by its number in `claims`."""
        self._claim(number)
        return replace(self, claims=self.claims.drop(index=number).reset_index(drop=True))

    def fill_in(self, number: int, /, **cells: str) -> Document:
        """The document with the `topic`, `theme_id` or `kind` of an action, by its number."""
        claim, claims = self._claim(number), self.claims.copy()
        row = claim["row"] | {name: cell(value or "") for name, value in cells.items()}
        mine = (
            claim["certain"]
            and claim["table"] == "actions"
            and {*cells} <= {"topic", "theme_id", "kind"}
        )
        if not mine or not row.get("topic", "some"):
            told = f"{quote(cells)} cannot be filled in at claim {number}."
            raise HmcpsiError(told, "Words for the topic, theme_id and kind of an action can.")
        self._check(row, "")
        claims.at[number, "row"] = row
        claims.loc[number, "what"] = f"{row['kind']} {row['number']}".replace("_", " ")
        claims.loc[number, "why"] = "corrected by a person"
        return replace(self, claims=claims)

    def _claim(self, number: int) -> Any:
        if isinstance(number, bool) or number not in self.claims.index:
            told = f"There is no claim {quote(number)}."
            raise HmcpsiError(told, f"They are numbered 0 to {len(self.claims) - 1} in claims.")
        return self.claims.loc[number]

    def add(self, table: str, locator: str, **cells: Any) -> Document:
        """The document with a row that a person read in some lines, such as "L22".

        The cells are those of one row of `ratings`, `actions`, `responses`, `measures` or
        `forces`; an `HmcpsiError` where they cannot stand there.
        """
        if table not in COLUMNS:
            raise UnknownValueError("table", table, COLUMNS, "Document.add")
        words = " / ".join(squeeze(line) for line in self.words(locator) if line.strip())
        needed, columns = _NEEDED[table], [name for name in COLUMNS[table] if name != "locator"]
        try:
            typed = frame(table, [{**cells, "locator": locator}]).iloc[0].astype(object)
        except (TypeError, ValueError):
            typed = pd.Series(dtype=object)
        row = {str(name): None if pd.isna(value) else value for name, value in typed.items()}
        filled = all(str(row.get(name) or "").strip() for name in needed)
        numbered = row.get("number") in {None, *range(1, 1000)}
        if not (words and filled and numbered and cells.keys() <= {*columns}):
            told = f"{quote(cells)} at {quote(locator)} make no row of {table}."
            asked = f"It needs lines with words, and {' and '.join(needed)}"
            raise HmcpsiError(told, f"{asked}; its columns are {', '.join(columns)}.")
        self._check(row, words)
        new = {
            "table": table, "what": row.get("label") or str(row[needed[0]]),
            "value": row.get("rating") or row.get("progress"), "row": row, "locator": locator,
            "words": words, "certain": True, "why": "added by a person",
        }  # fmt: skip
        added = pd.DataFrame([new]).astype(self.claims.dtypes.to_dict())
        return replace(self, claims=pd.concat([self.claims, added], ignore_index=True))

    def _check(self, row: dict[str, Any], printed: str) -> None:
        """Refuse a word that is in no list of the record, and a label that nobody printed."""
        words = self.record.once(Vocabulary)
        allowed = {
            "rating": [*words.ratings.values()],
            "progress": [*words.progress.values()],
            "level": described("aspects").field("level").enum or (),
            "kind": described("actions").field("kind").enum or (),
            "force": [*self.record.table("forces")["force"]],
            "theme_id": ["", *self.record.table("themes")["theme_id"]],
        }
        for name, known in allowed.items():
            if (value := row.get(name)) is not None and value not in known:
                told = f"{name} {quote(value)} is not known."
                raise HmcpsiError(told, f"It is one of {', '.join(filter(None, known))}.")
        label = row.get("label")
        printed_so = f" {same(label or '')} " in f" {same(printed)} "
        if label and not printed_so and not words.meant(label):
            told = f"label {quote(label)} is not known, and the lines do not print it."
            raise HmcpsiError(told, "Write it as the lines do; aspects() lists all that are known.")

    def rows(
        self,
        record: RecordLike = None,
        *,
        area: str | None = None,
        framework: str | None = None,
        published: str | None = None,
        new_area: bool = False,
    ) -> Rows:
        """The rows of the certain claims by table; their `problems` say what was left out.

        Of the document's wording they hold labels and words of the scales alone. `record` is the
        one to add to, where it is not the one that the document was read by. An `HmcpsiError` asks
        for what the document does not make clear; `new_area` makes a row of an unknown Area.
        """
        known = {"area": area, "framework": framework, "published": published}
        return rows_of(self, as_record(record or self.record), **known, new_area=new_area)

    def words(self, locator: str) -> list[str]:
        """The lines that a locator names, as read; a `LocatorError` where they are not there."""
        found: list[str] = []
        pages = self.pages or (len(self.lines),)
        for page, first, last in parse(locator):
            number = page or 1
            if bool(page) != bool(self.pages) or number > len(pages) or last > pages[number - 1]:
                told = f"the locator {quote(locator)} names lines that {quote(self.name)} lacks"
                raise LocatorError(told)
            start = sum(pages[: number - 1])
            found += self.lines[start + first - 1 : start + last]
        return found


def read_document(
    source: str | bytes | os.PathLike[str], name: str | None = None, record: RecordLike = None
) -> Document:
    """What a publication of HMCPSI or the CPS says, as claims with the lines that make them.

    Those that its form and the record leave in doubt are its `problems`. No such file, or one that
    is too large, locked, damaged or no document, is a `DocumentError`.

    Parameters
    ----------
    source : path, bytes or str
        A file (txt, html, htm, md, pdf or docx), its bytes, or the text itself.
    name : str, optional
        Name of the document, where bytes or a text are given.
    record : Record or path, optional
        The record whose scales, labels and Areas the document is read by.

    Examples
    --------
    >>> document = read_document(invented_notice())
    >>> document.framework_id, document.area, document.published
    ('aap_2016', 'CPS Inventshire', '2016-11-29')
    >>> document.ratings[["label", "rating", "locator"]].values.tolist()[-1]
    ['Care of dragons', 'Poor', 'L11']
    """
    from hmcpsi_data.documents.judge import judge, read_claims  # its patterns take long to load

    opened = as_record(record)
    name, sha256, lines, pages = take(source, name)
    text = Text(lines, pages)
    claims = read_claims(text, opened)
    front = read_front(claims, opened)
    judge(claims, front)
    answered = Counter(claim.row["number"] for claim in claims.of("responses"))
    for claim in claims.all:
        if claim.table == "responses" and answered[claim.row["number"]] > 1:
            claim.doubt("another answer has the same number: which action each answers is asked")
    names = ("question", "value", "locator", "basis", "rivals", "why")
    answers = [
        (one.question, one.value, text.locator(one.lines) if one.lines else None, one.basis,
         ", ".join(one.rivals) or None, one.why or None)
        for one in front.answers
    ]  # fmt: skip
    return Document(
        name=name,
        sha256=sha256,
        record=opened,
        lines=text.raw,
        pages=pages,
        kind=front.kind,
        framework_id=front.framework.value,
        area=front.area.value,
        area_id=front.area_id,
        inspection_id=front.inspection_id,
        published=front.published.value,
        published_precision=PRECISIONS.get(len(front.published.value or "")),
        published_basis=front.published.basis,
        published_locator=answers[-1][2] if front.published.value else None,
        answers=pd.DataFrame(answers, columns=names, dtype="string"),
        claims=claims_frame(claims),
    )


def invented_notice() -> str:
    """The text of an invented document about an Area that does not exist.

    Examples
    --------
    >>> print(invented_notice()[:26])
    THIS DOCUMENT IS INVENTED.
    """
    return Path(__file__).with_name("invented_notice.txt").read_text(encoding="utf-8")


def in_words(document: Document, record: RecordLike = None, **known: Any) -> str:
    """The claims of a document for a terminal, with nothing that could steer it."""
    refuse_strangers(document, known.get("area"), known.get("framework"))
    about = f"{document.kind}, {document.framework_id or 'framework not clear'}, "
    about += f"{document.area or 'Area not clear'}, published {document.published or 'not stated'}"
    parts = [f"{about}: {len(document.lines)} lines"]
    try:
        parts.append(f"Rows of {document.rows(record, **known)!r}")
    except HmcpsiError as error:
        parts.append(str(error))
    claims = document.claims.drop(columns="row")
    claims["words"] = claims["words"].str.slice(0, 60)
    for certain, name in ((True, "certain"), (False, "doubtful")):
        shown = claims[claims["certain"].eq(certain)].drop(columns="certain")
        if len(shown):
            cells = shown.astype(object).where(shown.notna(), "").map(str).map(printable)
            parts += ["", f"{name} ({len(shown)})", cells.to_string(justify="left")]
    return "\n".join(printable(line) for part in parts for line in part.split("\n"))
