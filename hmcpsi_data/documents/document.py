"""What is read from one publication: `read_document`, the one way in, and the `Document`."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from hmcpsi_data.documents.claims import COLUMNS, claims_frame, frame, same, vocabulary
from hmcpsi_data.documents.front import NO_INSPECTION, read_front
from hmcpsi_data.documents.rows import Rows, rows_of
from hmcpsi_data.documents.source import take
from hmcpsi_data.documents.text import Text, squeeze
from hmcpsi_data.errors import HmcpsiError, LocatorError, UnknownValueError, quote
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
_NOTICE = """\
THIS DOCUMENT IS INVENTED. There is no such Area, and nothing in it was ever found or said.

CPS response to the Area Assurance inspection of CPS Inventshire
29 November 2016

In relation to Public Confidence the Area was rated as 'Fair'. Invented staff do a good job.

Inspected criterion\tScore
Effectiveness of leadership\tGood
Performance data\tFair
Care of dragons\tPoor
Late flying carpets\tVery good

The inspectors examined 40 files in three courts.

Issues to address

1. The Area should record every dragon on the day on which it is seen.
Response: A register of dragons will be kept, and checked by managers each week.

2. Letters to knights should be sent in time.
Response: Two more scribes have been trained.
"""


@dataclass(frozen=True, eq=False)
class Document:
    """What was read from one publication; its words go into no table of the project.

    Attributes
    ----------
    name, sha256 : str
        Name of the file, or "text" or "bytes"; the sum of the bytes as given.
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
        needed, row = _NEEDED.get(claim["table"], ()), claim["row"]
        if claim["table"] == "ratings" and row.get("level") != "overall":
            needed = ("label", *needed)
        lacking = [name for name in needed if pd.isna(row.get(name))]
        if lacking or not needed:
            lacks = f"it lacks {', '.join(lacking)}" if lacking else "it is a question"
            told = f"Claim {number} proposes no row: {lacks}."
            raise HmcpsiError(told, "Add the row with what it lacks, as in add('ratings', ...).")
        claims = self.claims.copy()
        claims.loc[number, "certain"] = True
        return replace(self, claims=claims)

    def drop(self, number: int) -> Document:
        """The document without a claim, by its number in `claims`."""
        self._claim(number)
        return replace(self, claims=self.claims.drop(index=number).reset_index(drop=True))

    def _claim(self, number: int) -> Any:
        if isinstance(number, bool) or number not in self.claims.index:
            told = f"There is no claim {quote(number)}."
            raise HmcpsiError(told, f"They are numbered 0 to {len(self.claims) - 1} in claims.")
        return self.claims.loc[number]

    def add(self, table: str, locator: str, *, record: RecordLike = None, **cells: Any) -> Document:
        """The document with a row that a person read in some lines.

        Parameters
        ----------
        table, locator : str
            "ratings", "actions", "responses", "measures" or "forces"; the lines, such as "L22".
        record : Record or path, optional
            The record whose scales and labels it is held against.
        **cells
            The columns of that table; an `HmcpsiError` where they cannot stand there.
        """
        if table not in COLUMNS:
            raise UnknownValueError("table", table, COLUMNS, "Document.add")
        words = " / ".join(squeeze(line) for line in self.words(locator) if line.strip())
        columns = [name for name in COLUMNS[table] if name != "locator"]
        strange = [name for name in cells if name not in columns]
        if strange or not words:
            told = f"A row of {table} has no {strange[0]}." if strange else "Those lines are empty."
            raise HmcpsiError(told, f"Its columns are {', '.join(columns)}.")
        try:
            typed = frame(table, [{**cells, "locator": locator}]).iloc[0]
        except (TypeError, ValueError):
            told = f"{quote(cells)} cannot stand in {table}."
            raise HmcpsiError(told, "Write numbers as numbers and words as words.") from None
        row = {str(name): None if pd.isna(value) else value for name, value in typed.items()}
        lacking = [name for name in _NEEDED[table] if not str(row[name] or "").strip()]
        if lacking:
            told = f"A row of {table} needs {', '.join(lacking)}."
            raise HmcpsiError(told, f"Its columns are {', '.join(columns)}.")
        self._check(row, words, as_record(record))
        new = {
            "table": table, "what": row.get("label") or str(row[_NEEDED[table][0]]),
            "value": row.get("rating") or row.get("progress"), "row": row, "locator": locator,
            "words": words, "certain": True, "why": "added by a person",
        }  # fmt: skip
        added = pd.DataFrame([new]).astype(self.claims.dtypes.to_dict())
        return replace(self, claims=pd.concat([self.claims, added], ignore_index=True))

    def _check(self, row: dict[str, Any], printed: str, record: Record) -> None:
        """Refuse a word that is in no list of the record, and a label that nobody printed."""
        words, framework = record.once(vocabulary), self.framework_id
        allowed = {
            "rating": words.scale_of.get(framework or "") or [*words.ratings.values()],
            "progress": [*words.progress.values()],
            "level": described("aspects").field("level").enum or (),
            "kind": described("actions").field("kind").enum or (),
            "force": [*record.table("forces")["force"]],
            "number": range(1, 1000),
        }
        for name, known in allowed.items():
            value = row.get(name)
            if value is not None and value not in known:
                listing = "1 to 999" if name == "number" else ", ".join(known)
                raise HmcpsiError(
                    f"{name} {quote(value)} is not known.", f"It is one of {listing}."
                )
        label = row.get("label")
        if not label or f" {same(label)} " in f" {same(printed)} ":
            return
        if not any(framework in (None, known.framework_id) for known in words.meant(label)):
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
        """The rows of the certain claims in the shape of the tables, ready for `add_document`.

        Of the document's wording they hold labels, words of the scales, and up to six key words.

        Parameters
        ----------
        record : Record or path, optional
            The record to add to.
        area, framework, published : str, optional
            What the document does not make clear; an `HmcpsiError` asks for it.
        new_area : bool, default False
            Whether to make a row in ``areas`` for an Area that no table knows.

        Returns
        -------
        Rows
            A dict of tables by name; its `problems` say what was left out.
        """
        return rows_of(self, as_record(record), area, framework, published, new_area)

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

    A claim is certain where its form and the record leave no doubt; every other is listed in
    `problems` with its proposed row.

    Parameters
    ----------
    source : path, bytes or str
        A file (txt, html, htm, md, pdf or docx), its bytes, or the text itself.
    name : str, optional
        Name of the document, where bytes or a text are given.
    record : Record or path, optional
        The record whose scales, labels and Areas the document is read by.

    Returns
    -------
    Document

    Raises
    ------
    DocumentError
        Where there is no such file, or it is too large, locked, damaged or no document.

    Examples
    --------
    >>> document = read_document('''Invented notice
    ... Overall Performance Assessment of CPS Northmarch
    ... Embargoed until 1 March 2006
    ...
    ... Critical aspects | Assessment
    ... Leadership       | Good
    ... ''')
    >>> document.framework_id, document.area, document.published
    ('opa_2005', 'CPS Northmarch', '2006-03-01')
    >>> document.ratings[["label", "rating", "locator"]].values.tolist()
    [['Leadership', 'Good', 'L6']]
    """
    from hmcpsi_data.documents.judge import judge, read_claims  # its patterns take long to load

    opened = as_record(record)
    taken = take(source, name)
    text = Text(taken.lines, taken.pages)
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
        name=taken.name,
        sha256=taken.sha256,
        lines=text.raw,
        pages=taken.pages,
        kind=front.kind,
        framework_id=front.framework.value,
        area=front.area.value,
        area_id=front.area_id,
        inspection_id=front.inspection_id,
        published=front.published.value,
        published_precision=front.precision,
        published_basis=front.published.basis,
        published_locator=answers[-1][2] if front.published.value else None,
        answers=pd.DataFrame(answers, columns=names, dtype="string"),
        claims=claims_frame(claims),
    )


def invented_notice() -> str:
    """The text of an invented document about an Area that does not exist.

    Use it to try `read_document` and `add_document`, in a folder that you throw away.

    Examples
    --------
    >>> print(invented_notice()[:26])
    THIS DOCUMENT IS INVENTED.
    """
    return _NOTICE
