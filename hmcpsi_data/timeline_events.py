"""The events that a timeline is made of: what happened, when, and whose word that is."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import pandas as pd

from hmcpsi_data.area import days
from hmcpsi_data.timeline_rows import said
from hmcpsi_data.timeline_tables import COLUMNS, Tables, anchor, cited_of, rows_of
from hmcpsi_data.wording import PLURALS, POLARITIES, counted, in_words, number_in_words

__all__ = ["COLUMNS", "KINDS", "events"]

_Folder = str | os.PathLike[str] | None
_Row = dict[str, Any]

KINDS = {
    "borders": "changes of borders",
    "data": "period of the data",
    "fieldwork": "fieldwork",
    "publication": "publication",
    "rating": "ratings",
    "request": "recommendations, issues and answers",
    "follow_up": "progress in follow-ups",
    "promise": "promises",
    "finding": "findings in words",
    "method": "how it was done",
    "number": "numbers",
    "context": "figures of context",
}
"""Kinds of event, in the order in which those of one day stand."""

_OF_ROW = ["source_id", "locator", "basis", "speaker"]
_DATES = {"data": "period of the data", "fieldwork": "fieldwork", "publication": "publication"}
_OURS = ("inferred", "derived")
_ACTIONS = {
    "recommendation": ("recommendation", "recommendations"),
    "aspect_for_improvement": ("aspect for improvement", "aspects for improvement"),
    "issue": ("issue to address", "issues to address"),
}


def events(folder: _Folder = None, each: str = "event") -> list[_Row]:
    """All events of all Areas, in no order.

    Parameters
    ----------
    folder : path, optional
        As for `load`.
    each : {"event", "row"}
        Whether ratings, findings, issues and the like are counted, or each is an event.

    Examples
    --------
    >>> {event["kind"] for event in events()} == set(KINDS)
    True
    >>> len(events()) < len(events(each="row"))
    True
    """
    tables = Tables(folder, each)
    made = (_borders, _dates, _ratings, _requests, _follow_ups, _promises, _findings, _numbers,
            _methods)  # fmt: skip
    return list(chain.from_iterable(make(tables) for make in made))


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


def _borders(tables: Tables) -> Iterator[_Row]:
    pairs, came = tables.rows("area_lineage"), set()
    for pair in pairs:
        came.add(pair["successor_id"])
        # A merger is one event of its successor, a division one of its predecessor.
        divided = pair["event"] == "divided"
        pair["one"] = pair["predecessor_id" if divided else "successor_id"]
        pair["other"] = pair["successor_id" if divided else "predecessor_id"]
    for area in tables.rows("areas"):
        if area["area_id"] not in came and area["kind"] == "area":
            cited = {column: area[column] for column in _OF_ROW} | rows_of("areas", [area])
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
            "borders", what, None, area_id=first["one"], area_ids=ids, **dates, **cited_of(rows),
            table="area_lineage", row_ids=ids,
        )  # fmt: skip


def _dates(tables: Tables) -> Iterator[_Row]:
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


def _ratings(tables: Tables) -> Iterator[_Row]:
    aspects = {row["aspect_id"]: row for row in tables.rows("aspects")}
    ratings = [
        row | {column: aspects[row["aspect_id"]][column] for column in ("level", "is_critical")}
        | {"label": row["label_as_printed"] or aspects[row["aspect_id"]]["label"]}
        for row in tables.rows("ratings")
    ]  # fmt: skip
    contradicted = [row for row in ratings if row["basis"] == "contradicted"]
    for row in contradicted:
        what = f"{aspects[row['aspect_id']]['label']}: {row['rating']}, contradicted: not counted"
        yield from tables.told("rating", what, row["inspection_id"], [("ratings", row)])
    counted = [row for row in ratings if row["basis"] != "contradicted"]
    for rows in _grouped(counted, "inspection_id", "level"):
        level, key = rows[0]["level"], rows[0]["inspection_id"]
        rated = [row for row in rows if row["rating"]]
        if not rated:
            what = (
                f"{_many(len(rows), (level.replace('_', ' '), PLURALS[level]))} named, none rated"
            )
        elif level == "overall":
            what = f"Overall: {', '.join(row['rating'] for row in rated)}"
        else:
            named = _many(len(rated), (level.replace("_", " "), PLURALS[level]))
            what = f"{named}: {_counts(tables, rated)}"
            critical = [row for row in rated if row["is_critical"]]
            if 0 < len(critical) < len(rated):
                what += f"; of {len(critical)} critical: {_counts(tables, critical)}"
        yield from tables.told("rating", what, key, [("ratings", row) for row in rows])


def _counts(tables: Tables, rows: Sequence[_Row], column: str = "rating", of: str = "") -> str:
    """Counts of the words of one scale, the lowest first."""
    inspection = tables.inspections[rows[0][of or "inspection_id"]]
    scale = tables.frameworks[inspection["framework_id"]]["scale_id"]
    words = in_words(pd.Series([row[column] for row in rows]), scale, tables.folder)
    return words.rpartition(" of ")[0]


def _requests(tables: Tables) -> Iterator[_Row]:
    answers = {row["action_id"]: row for row in tables.rows("responses")}
    promised = defaultdict(list)
    for row in tables.rows("commitments"):
        promised[row["response_id"]].append(row)
    for rows in _grouped(tables.rows("actions"), "inspection_id", "kind"):
        what = _many(len(rows), _ACTIONS[rows[0]["kind"]])
        told, n_given, n = [], 0, 0
        for row in rows:
            told.append(("actions", row))
            if row["action_id"] in answers:
                answer = answers[row["action_id"]]
                told.append(("responses", answer | {"asked": row["kind"]}))
                n_given, n = n_given + 1, n + len(promised[answer["response_id"]])
                if tables.each == "event":  # each row of its own stands among the promises
                    told += [("commitments", one) for one in promised[answer["response_id"]]]
        if n_given:
            what += f", {n_given} answered"
            what += f" with {counted(n, 'commitment')}" if n else ""
        yield from tables.told("request", what, rows[0]["inspection_id"], told)


def _follow_ups(tables: Tables) -> Iterator[_Row]:
    rated = [row for row in tables.rows("actions") if row["follow_up_inspection_id"]]
    rated = [row for row in rated if row["progress"]]
    keys = ("follow_up_inspection_id", "inspection_id", "kind", "progress_as_at")
    for rows in _grouped(rated, *keys):
        first = rows[0]
        key = first["follow_up_inspection_id"]
        asked = tables.inspections[first["inspection_id"]]["framework_id"]
        asked = tables.frameworks[asked]["short_title"]
        counts = _counts(tables, rows, "progress", "follow_up_inspection_id")
        what = f"Progress on {_many(len(rows), _ACTIONS[first['kind']])} of {asked}: {counts}"
        dates = {}
        if first["progress_as_at"]:
            dates = dict.fromkeys(("date_from", "date_to"), first["progress_as_at"])
            dates["precision"] = first["progress_as_at_precision"]
        told = [("actions", row | {"followed_up": asked}) for row in rows]
        yield from tables.told("follow_up", what, key, told, **dates)


def _promises(tables: Tables) -> Iterator[_Row]:
    for row in tables.rows("commitments"):
        dates = {}
        if row["date"]:
            dates = dict.fromkeys(("date_from", "date_to"), row["date"])
            dates["precision"] = row["date_precision"]
        elif tables.each == "event":
            continue  # counted with the issue that it answers
        what = said("commitments", row)
        yield from tables.told(
            "promise", what, row["inspection_id"], [("commitments", row)], **dates
        )


def _findings(tables: Tables) -> Iterator[_Row]:
    for rows in _grouped(tables.rows("findings"), "inspection_id"):
        n = Counter(row["polarity"] for row in rows)
        words = ", ".join(f"{polarity} {n[polarity]}" for polarity in POLARITIES if n[polarity])
        what = f"{counted(len(rows), 'finding')} in words: {words}"
        told = [("findings", row) for row in rows]
        yield from tables.told("finding", what, rows[0]["inspection_id"], told)


def _methods(tables: Tables) -> Iterator[_Row]:
    for rows in _grouped(tables.rows("methods"), "inspection_id"):
        what = f"{counted(len(rows), 'statement')} on how it was done and its limits"
        told = [("methods", row) for row in rows]
        yield from tables.told("method", what, rows[0]["inspection_id"], told)


def _numbers(tables: Tables) -> Iterator[_Row]:
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
        cited = cited_of([row]) | rows_of("measures", [row])
        yield tables.event(kind, what, key, area_id=row["area_id"], **dates, **cited)


def _of_before(date: str, inspection: _Row) -> bool:
    """Whether a date lies no later than where an inspection stands."""
    stands = anchor(inspection)[1]
    return stands is not None and days(date).last <= days(stands).last
