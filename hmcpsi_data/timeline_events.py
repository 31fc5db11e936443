"""The events that a timeline is made of: what happened, when, and whose word that is."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import pandas as pd

from hmcpsi_data.area import days
from hmcpsi_data.locators import format_locator, lines_of
from hmcpsi_data.tables import load
from hmcpsi_data.wording import PLURALS, POLARITIES, in_words, number_in_words

__all__ = ["COLUMNS", "KINDS", "events"]

_Folder = str | os.PathLike[str] | None
_Row = dict[str, Any]

KINDS = {
    "borders": "changes of borders",
    "data": "period of the data",
    "fieldwork": "fieldwork",
    "publication": "publication",
    "rating": "ratings",
    "request": "recommendations and issues",
    "follow_up": "progress in follow-ups",
    "promise": "dated promises",
    "finding": "findings in words",
    "number": "numbers",
    "context": "figures of context",
}
"""Kinds of event, in the order in which those of one day stand."""

COLUMNS = [
    "when", "precision", "kind", "area", "what", "framework", "date_from", "date_to", "area_id",
    "area_ids", "framework_id", "inspection_id", "basis", "speaker", "tier", "source_id", "locator",
]  # fmt: skip
_OF_ROW = ["source_id", "locator", "basis", "speaker"]
_DATES = {"data": "period of the data", "fieldwork": "fieldwork", "publication": "publication"}
_OURS = ("inferred", "derived")
_ACTIONS = {
    "recommendation": ("recommendation", "recommendations"),
    "aspect_for_improvement": ("aspect for improvement", "aspects for improvement"),
    "issue": ("issue to address", "issues to address"),
}
_STATES = {"done": "Done", "under_way": "Under way", "promised": "Promised"}


class _Tables:
    """The tables, as records without empty cells."""

    def __init__(self, folder: _Folder) -> None:
        self.folder = folder
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
            more |= dict(zip(("date_from", "date_to", "precision"), _anchor(of), strict=True))
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
        row["tier"] = self.tiers.get(row["source_id"])
        row["when"] = _span(row["date_from"], row["date_to"])
        return row


def events(folder: _Folder = None) -> list[_Row]:
    """All events of all Areas, in no order.

    Examples
    --------
    >>> {event["kind"] for event in events()} == set(KINDS)
    True
    """
    tables = _Tables(folder)
    made = (_borders, _dates, _ratings, _requests, _follow_ups, _promises, _findings, _numbers)
    return list(chain.from_iterable(make(tables) for make in made))


def _anchor(inspection: _Row) -> tuple[str | None, str | None, str | None]:
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


def _cited(rows: Sequence[_Row]) -> dict[str, str | None]:
    """Source, lines, basis and speaker of rows that share all but their lines."""
    spans = [(page, n, n) for row in rows for page, n in lines_of(row["locator"] or "L1")]
    joined: list[list[Any]] = []
    for page, first, last in sorted(set(spans), key=lambda span: (span[0] or 0, *span[1:])):
        if joined and joined[-1][0] == page and joined[-1][2] == first - 1:
            joined[-1][2] = last
        else:
            joined.append([page, first, last])
    cited = {column: rows[0][column] for column in ("source_id", "speaker")}
    cited["basis"] = "; ".join(dict.fromkeys(row["basis"] for row in rows))
    known = all(row["locator"] for row in rows)
    return cited | {"locator": format_locator(map(tuple, joined)) if known else None}


def _grouped(rows: Iterable[_Row], *columns: str) -> Iterator[list[_Row]]:
    """Rows that have these columns, their source and their speaker in common."""
    groups = defaultdict(list)
    for row in rows:
        keys = (*columns, "source_id", "speaker")
        groups[tuple(row[key] for key in keys)].append(row)
    yield from groups.values()


def _many(n: int, words: tuple[str, str]) -> str:
    return f"{n} {words[n != 1]}"


def _listed(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def _borders(tables: _Tables) -> Iterator[_Row]:
    pairs, came = tables.rows("area_lineage"), set()
    for pair in pairs:
        came.add(pair["successor_id"])
        # A merger is one event of its successor, a division one of its predecessor.
        divided = pair["event"] == "divided"
        pair["one"] = pair["predecessor_id" if divided else "successor_id"]
        pair["other"] = pair["successor_id" if divided else "predecessor_id"]
    for area in tables.rows("areas"):
        if area["area_id"] not in came and area["kind"] == "area":
            cited = {column: area[column] for column in _OF_ROW}
            dates = dict.fromkeys(("date_from", "date_to"), area["valid_from"])
            dates["precision"] = area["valid_from_precision"]
            yield tables.event(
                "borders", "Began as an Area", None, area_id=area["area_id"], **dates, **cited
            )
    for rows in _grouped(pairs, "one", "date", "event", "quality"):
        first = rows[0]
        one = tables.areas[first["one"]]
        others = _listed([tables.areas[row["other"]] for row in rows])
        what = f"{others} {first['event']} into {one}"
        if first["event"] == "divided":
            what = f"{one} divided into {others}"
        if first["quality"] == "secondary":
            what += " (by elimination or at second hand)"
        ids = "; ".join([first["one"], *(row["other"] for row in rows)])
        dates = dict.fromkeys(("date_from", "date_to"), first["date"])
        dates["precision"] = first["date_precision"]
        yield tables.event(
            "borders", what, None, area_id=first["one"], area_ids=ids, **dates, **_cited(rows)
        )


def _dates(tables: _Tables) -> Iterator[_Row]:
    for key, row in tables.inspections.items():
        known = {"data": row["data_to"], "fieldwork": row["fieldwork_to"]}
        known["publication"] = row["published"]
        absent = [words for which, words in _DATES.items() if not known[which]]
        unknown = f"; {_listed(absent)} not found" if absent else ""
        found = [which for which in _DATES if known[which]]
        for which in found:
            if which == "publication":
                dates = (*[row["published"]] * 2, row["published_precision"])
                basis, source = row["published_basis"], row["published_source_id"]
                lines = row["published_locator"]
            else:
                dates = [row[f"{which}_{part}"] for part in ("from", "to", "precision")]
                basis, source = row[f"{which}_basis"], row["source_id"]
                lines = row[f"{which}_locator"]
            speaker = row["speaker"] if source == row["source_id"] else tables.tiers.get(source)
            what = _DATES[which].capitalize()
            if which == "fieldwork" and row["files_examined"]:
                what += f", {row['files_examined']} files examined"
            yield tables.event(
                which,
                what + unknown * (which == found[-1]),
                key,
                **dict(zip(("date_from", "date_to", "precision"), dates, strict=True)),
                basis=basis,
                speaker="project" if basis in _OURS else speaker,
                source_id=source,
                locator=lines,
            )


def _ratings(tables: _Tables) -> Iterator[_Row]:
    aspects = {row["aspect_id"]: row for row in tables.rows("aspects")}
    ratings = [
        row | {column: aspects[row["aspect_id"]][column] for column in ("level", "is_critical")}
        for row in tables.rows("ratings")
    ]
    contradicted = [row for row in ratings if row["basis"] == "contradicted"]
    for row in contradicted:
        what = f"{aspects[row['aspect_id']]['label']}: {row['rating']}, contradicted: not counted"
        yield tables.event("rating", what, row["inspection_id"], **_cited([row]))
    counted = [row for row in ratings if row["basis"] != "contradicted"]
    for rows in _grouped(counted, "inspection_id", "level"):
        level, key = rows[0]["level"], rows[0]["inspection_id"]
        rated = [row for row in rows if row["rating"]]
        if not rated:
            what = f"{len(rows)} {PLURALS[level]} named, none rated"
        elif level == "overall":
            what = f"Overall: {', '.join(row['rating'] for row in rated)}"
        else:
            what = f"{len(rated)} {PLURALS[level]}: {_counts(tables, rated)}"
            critical = [row for row in rated if row["is_critical"]]
            if 0 < len(critical) < len(rated):
                what += f"; of {len(critical)} critical: {_counts(tables, critical)}"
        yield tables.event("rating", what, key, **_cited(rows))


def _counts(tables: _Tables, rows: Sequence[_Row], column: str = "rating", of: str = "") -> str:
    """Counts of the words of one scale, the lowest first."""
    inspection = tables.inspections[rows[0][of or "inspection_id"]]
    scale = tables.frameworks[inspection["framework_id"]]["scale_id"]
    words = in_words(pd.Series([row[column] for row in rows]), scale, tables.folder)
    return words.rpartition(" of ")[0]


def _requests(tables: _Tables) -> Iterator[_Row]:
    answers = {row["action_id"]: row["response_id"] for row in tables.rows("responses")}
    promises = Counter(row["response_id"] for row in tables.rows("commitments"))
    for rows in _grouped(tables.rows("actions"), "inspection_id", "kind"):
        what = _many(len(rows), _ACTIONS[rows[0]["kind"]])
        given = [answers[row["action_id"]] for row in rows if row["action_id"] in answers]
        if given:
            n = sum(promises[answer] for answer in given)
            what += f", {len(given)} answered"
            what += f" with {_many(n, ('commitment', 'commitments'))}" if n else ""
        yield tables.event("request", what, rows[0]["inspection_id"], **_cited(rows))


def _follow_ups(tables: _Tables) -> Iterator[_Row]:
    rated = [row for row in tables.rows("actions") if row["follow_up_inspection_id"]]
    rated = [row for row in rated if row["progress"]]
    keys = ("follow_up_inspection_id", "inspection_id", "kind", "progress_as_at")
    for rows in _grouped(rated, *keys):
        first = rows[0]
        key = first["follow_up_inspection_id"]
        asked = tables.inspections[first["inspection_id"]]["framework_id"]
        counts = _counts(tables, rows, "progress", "follow_up_inspection_id")
        what = (
            f"Progress on {_many(len(rows), _ACTIONS[first['kind']])} of "
            f"{tables.frameworks[asked]['short_title']}: {counts}"
        )
        dates = {}
        if first["progress_as_at"]:
            dates = dict.fromkeys(("date_from", "date_to"), first["progress_as_at"])
            dates["precision"] = first["progress_as_at_precision"]
        yield tables.event("follow_up", what, key, **dates, **_cited(rows))


def _promises(tables: _Tables) -> Iterator[_Row]:
    for row in tables.rows("commitments"):
        if row["date"]:
            what = f"{_STATES[row['state']]}: {row['what']}"
            if row["date_as_printed"]:
                what += f" (printed: {row['date_as_printed']})"
            dates = dict.fromkeys(("date_from", "date_to"), row["date"])
            dates["precision"] = row["date_precision"]
            yield tables.event("promise", what, row["inspection_id"], **dates, **_cited([row]))


def _findings(tables: _Tables) -> Iterator[_Row]:
    for rows in _grouped(tables.rows("findings"), "inspection_id"):
        n = Counter(row["polarity"] for row in rows)
        words = ", ".join(f"{polarity} {n[polarity]}" for polarity in POLARITIES if n[polarity])
        what = f"{_many(len(rows), ('finding', 'findings'))} in words: {words}"
        yield tables.event("finding", what, rows[0]["inspection_id"], **_cited(rows))


def _numbers(tables: _Tables) -> Iterator[_Row]:
    followed = {
        row["follow_up_inspection_id"]: row["inspection_id"]
        for row in tables.rows("actions")
        if row["follow_up_inspection_id"]
    }
    for row in tables.rows("measures"):
        if not row["area_id"]:
            continue
        key, before = row["inspection_id"], followed.get(row["inspection_id"])
        if before and row["period_to"] and _of_before(row["period_to"], tables.inspections[before]):
            key = before  # what a follow-up counts of the inspection that it follows up
        about = ", ".join(filter(None, (row["describes"], row["casework"])))
        what = f"{row['subject']}{f' ({about})' * bool(about)}: {number_in_words(row)}"
        what += f" ({row['comparator']})" * bool(row["comparator"])
        what += f", {row['period']}" * bool(row["period"] and not row["period_to"])
        dates = {}
        if row["period_to"]:
            dates = {f"date_{part}": row[f"period_{part}"] for part in ("from", "to")}
            dates["precision"] = row["period_precision"]
        kind = "number" if row["framework_id"] else "context"
        yield tables.event(kind, what, key, area_id=row["area_id"], **dates, **_cited([row]))


def _of_before(date: str, inspection: _Row) -> bool:
    """Whether a date lies no later than where an inspection stands."""
    stands = _anchor(inspection)[1]
    return stands is not None and days(date).last <= days(stands).last
