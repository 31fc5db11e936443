"""Events out of the tables: what one says, when it stands, and which rows it counts or is."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

from hmcpsi_data.locators import merged
from hmcpsi_data.tables import load
from hmcpsi_data.timeline_rows import said

__all__ = ["COLUMNS", "Tables", "anchor", "cited_of", "rows_of"]

_Folder = str | os.PathLike[str] | None
_Row = dict[str, Any]

COLUMNS = [
    "when", "precision", "kind", "area", "what", "framework", "date_from", "date_to", "area_id",
    "area_ids", "framework_id", "inspection_id", "basis", "speaker", "tier", "source_id", "locator",
    "table", "row_ids", "behind",
]  # fmt: skip
_KEYS = {
    "actions": "action_id",
    "areas": "area_id",
    "commitments": "commitment_id",
    "findings": "finding_id",
    "inspections": "inspection_id",
    "measures": "measure_id",
    "methods": "method_id",
    "ratings": "rating_id",
    "responses": "response_id",
}
_Rows = Sequence[tuple[str, _Row]]  # each with the table in which it stands


class Tables:
    """The tables, as records without empty cells; `each` says what one event is."""

    def __init__(self, folder: _Folder, each: str = "event") -> None:
        self.folder, self.each = folder, each
        self.areas = {row["area_id"]: row["name"] for row in self.rows("areas")}
        self.frameworks = {row["framework_id"]: row for row in self.rows("frameworks")}
        self.tiers = {row["source_id"]: row["tier"] for row in self.rows("sources")}
        self.inspections = {}
        for place, row in enumerate(self.rows("inspections")):
            self.inspections[row["inspection_id"]] = row | {"place": place}

    def rows(self, name: str) -> list[_Row]:
        """The rows of a table."""
        frame = load(name, self.folder)
        return frame.astype(object).where(frame.notna(), None).to_dict("records")

    def event(self, kind: str, what: str, inspection: str | None, **more: Any) -> _Row:
        """One event; without dates of its own it stands where its inspection does."""
        of = self.inspections.get(inspection, {})
        framework = self.frameworks.get(of.get("framework_id"), {})
        area_id = more.pop("area_id", None) or of.get("area_id")
        if "date_from" not in more:
            more |= dict(zip(("date_from", "date_to", "precision"), anchor(of), strict=True))
        row = dict.fromkeys(COLUMNS) | {
            "kind": kind,
            "what": what,
            "area": self.areas.get(area_id),
            "area_id": area_id,
            "area_ids": area_id,
            "framework": framework.get("short_title"),
            "framework_id": framework.get("framework_id"),
            "inspection_id": inspection,
            "place": of.get("place", -1),
        }
        row |= more
        if not row["table"]:
            row["table"], row["row_ids"] = "inspections", inspection
        row["tier"] = self.tiers.get(row["source_id"])
        row["when"] = _span(row["date_from"], row["date_to"])
        return row

    def told(
        self, kind: str, what: str, inspection: str | None, rows: _Rows, **more: Any
    ) -> Iterator[_Row]:
        """One event that counts rows or, where each row is an event, all of them.

        Rows of other tables than the first are told with it and not counted.
        """
        if self.each == "row":
            for name, row in rows:
                cited = cited_of([row]) | rows_of(name, [row])
                yield self.event(kind, said(name, row), inspection, **more, **cited)
            return
        name = rows[0][0]
        counted = [row for one, row in rows if one == name]
        behind = "; ".join(said(*one) for one in rows)
        cited = cited_of(counted) | rows_of(name, counted)
        yield self.event(kind, what, inspection, **more, **cited, behind=behind)


def anchor(inspection: _Row) -> tuple[str | None, str | None, str | None]:
    """Where in time an inspection stands: its publication, else its fieldwork, else its data."""
    if inspection.get("published"):
        return (*[inspection["published"]] * 2, inspection["published_precision"])
    for which in ("fieldwork", "data"):
        if inspection.get(f"{which}_to"):
            return tuple(inspection[f"{which}_{part}"] for part in ("from", "to", "precision"))
    return None, None, None


def _span(first: str | None, last: str | None) -> str:
    known = [date for date in dict.fromkeys((first, last)) if date]
    return " to ".join(known) or "not dated"


def cited_of(rows: Sequence[_Row]) -> dict[str, str | None]:
    """Source, lines, basis and speaker of rows that share all but their lines."""
    cited = {column: rows[0][column] for column in ("source_id", "speaker")}
    cited["basis"] = "; ".join(dict.fromkeys(row["basis"] for row in rows))
    known = all(row["locator"] for row in rows)
    return cited | {"locator": merged(row["locator"] for row in rows) if known else None}


def rows_of(name: str, rows: Sequence[_Row]) -> dict[str, str]:
    """The table of rows, and their keys."""
    return {"table": name, "row_ids": "; ".join(str(row[_KEYS[name]]) for row in rows)}
