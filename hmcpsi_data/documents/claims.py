"""Claims: what a document may say, each with a proposed row, its lines and a reason to doubt it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from hmcpsi_data.documents.text import Text
from hmcpsi_data.documents.vocabulary import Known, Vocabulary, strip_label

_S = "string"
# The columns of each table, with their pandas types, also where the table is empty.
COLUMNS = {
    "ratings": {"label": _S, "level": _S, "is_critical": "boolean", "rating": _S, "locator": _S},
    "actions": {"kind": _S, "number": "Int64", "text": _S, "progress": _S, "locator": _S},
    "responses": {"number": "Int64", "text": _S, "locator": _S},
    "measures": {"value": "Float64", "unit": _S, "period": _S, "locator": _S},
    "forces": {"force": _S, "force_as_printed": _S, "locator": _S},
}
TABLES = tuple(COLUMNS)
_WHAT = {"ratings": "label", "measures": "unit", "forces": "force", "document": "question"}
_VALUE = {"ratings": "rating", "actions": "progress", "measures": "value", "document": "value"}
_TYPES = {"table": _S, "what": _S, "value": _S, "row": "object", "locator": _S, "words": _S}
_TYPES |= {"certain": "bool", "why": _S}
MAX_CLAIMS = 300  # of one table; a publication on one Area has some thirty
_LONGEST = 300


@dataclass
class Claim:
    """What some lines may say: a row of one of the tables; `why` is empty where it is certain.

    `about` says where a rating stands: "table" for a row of a table, "area" for the Area as a whole
    in a sentence, "" else. `over` are the heads of its own table or list, `at` the line or
    `sentence` the sentence whose place in the document counts for it.
    """

    table: str
    row: dict[str, Any]
    lines: tuple[int, ...]
    why: str = ""
    known: list[Known] = field(default_factory=list)
    about: str = ""
    over: tuple[str, ...] = ()
    at: int | None = None
    sentence: int | None = None
    rest: str = ""  # what the sentence of a number says besides its numbers

    def doubt(self, why: str) -> None:
        """Make it doubtful; the first reason stays."""
        self.why = self.why or why


class Claims:
    """The claims of one document so far.

    `used` are lines that are rows of tables, in which nothing else is read; `cut` says where the
    claims of a table became too many.
    """

    def __init__(self, text: Text, words: Vocabulary) -> None:
        self.text, self.words = text, words
        self.all: list[Claim] = []
        self.used: set[int] = set()
        self.cut: dict[str, tuple[int, ...]] = {}
        self._n: dict[str, int] = {}

    def add(self, table: str, lines: Iterable[int], why: str = "", /, **row: Any) -> Claim:
        """A claim, certain where there is no reason to doubt it."""
        claim = Claim(table, row, tuple(sorted(set(lines))), why)
        self._n[table] = self._n.get(table, 0) + 1
        if self._n[table] > MAX_CLAIMS:
            self.cut.setdefault(table, claim.lines)
        else:
            self.all.append(claim)
        return claim

    def rating(
        self, lines: Iterable[int], label: str | None, rating: str | None, why: str = ""
    ) -> Claim:
        """A claim that something is rated."""
        label = strip_label(label) if label else None
        claim = self.add("ratings", lines, why, label=label, rating=rating)
        claim.known = self.words.meant(label) if label else []
        return claim

    def of(self, table: str) -> list[Claim]:
        """The claims of one table."""
        return [claim for claim in self.all if claim.table == table]

    def lines(self, *tables: str) -> set[int]:
        """The lines of the claims of some tables."""
        return {line for claim in self.all if claim.table in tables for line in claim.lines}


def frame(name: str, rows: Iterable[dict[str, Any]] = ()) -> pd.DataFrame:
    """One of the tables of a document, with its columns and types."""
    rows, columns = list(rows), COLUMNS[name].items()
    typed: dict[str, Any] = {
        column: pd.array([row.get(column) for row in rows], dtype=dtype)  # type: ignore[call-overload]
        for column, dtype in columns
    }
    return pd.DataFrame(typed)


def claims_frame(claims: Claims) -> pd.DataFrame:
    """All claims as `Document.claims` has them, in the order of tables and lines."""
    order = {name: at for at, name in enumerate(TABLES)}
    found = sorted(claims.all, key=lambda one: (order.get(one.table, -1), one.lines))
    rows = [_row(claims.text, claim) for claim in found]
    return pd.DataFrame(
        {name: pd.Series([row[name] for row in rows], dtype=kind) for name, kind in _TYPES.items()}
    )


def _row(text: Text, claim: Claim) -> dict[str, Any]:
    locator = text.locator(claim.lines)
    words = " / ".join(text.words[line] for line in claim.lines if text.words[line])
    proposed = {name: claim.row.get(name) for name in COLUMNS.get(claim.table, ())}
    value = claim.row.get(_VALUE.get(claim.table, ""))
    return {
        "table": claim.table,
        "what": _what(claim),
        "value": f"{value:.15g}" if isinstance(value, float) else value,
        "row": proposed | {"locator": locator} if proposed else dict(claim.row),
        "locator": locator,
        "words": words[:_LONGEST] + ("…" if len(words) > _LONGEST else ""),
        "certain": not claim.why,
        "why": claim.why or None,
    }


def _what(claim: Claim) -> str | None:
    row = claim.row
    if claim.table == "actions":
        return f"{row.get('kind')} {row.get('number')}".replace("_", " ")
    if claim.table == "responses":
        return f"answer to number {row.get('number')}"
    if claim.table == "ratings" and not row.get("label") and row.get("level") == "overall":
        return "overall"
    found = row.get(_WHAT[claim.table])
    return None if found is None else str(found)
