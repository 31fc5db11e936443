"""Everything that is known of an Area and of its line, in the order of time: counts of its facts.

Between two frameworks or two units stands a break: no trend.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pandas as pd

from hmcpsi_data.record.areas import find_area, lineage
from hmcpsi_data.record.facts import joined_facts
from hmcpsi_data.record.filters import Wanted, among, choose, meant, one_of, only
from hmcpsi_data.record.filters import search as containing
from hmcpsi_data.record.joins import SEPARATOR, joined_cells, kept, place, records, scales, tally
from hmcpsi_data.tables.locators import merged
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import KINDS as REQUESTS
from hmcpsi_data.words import LEVELS, PLURALS, POLARITIES, SEVERAL, STATES, count_of, listed

# Kinds of event, in the order in which those of one day stand.
KINDS = {
    "borders": "changes of borders",
    "part": "inspections of its parts",
    "data": "period of the data",
    "fieldwork": "fieldwork",
    "publication": "publication",
    "rating": "ratings",
    "direction": "directions of travel",
    "request": "recommendations, issues and answers",
    "follow_up": "progress in follow-ups",
    "promise": "promises",
    "finding": "findings in words",
    "comparison": "the inspectorate's own comparisons",
    "method": "how it was done",
    "number": "numbers",
}
# Whose events are shown beside those of the Area itself.
RELATIVES = {
    "line": "its predecessors and successors",
    "family": "its whole family",
    "none": "no others",
}

_OF = {
    "none": ["self"],
    "line": ["self", "predecessor", "successor"],
    "family": ["self", "predecessor", "successor", "sibling"],
}
_COLUMNS = [
    "when", "precision", "date_kind", "kind", "area", "what", "framework", "round", "date_from",
    "date_to", "area_id", "area_ids", "framework_id", "inspection_id", "basis", "speaker", "tier",
    "says_otherwise", "otherwise_source_id", "source_id", "locator", "table", "row_ids", "behind",
    "theme_ids",
]  # fmt: skip
_SAME = ("inspection_id", "source_id", "speaker")  # what facts of one event have in common
# of which kind of event a kind of fact is; the rest is the same word
_EVENTS: dict[str, str] = {
    **dict.fromkeys(REQUESTS, "request"),
    "progress": "follow_up",
    "commitment": "promise",
    "measure": "number",
    "lineage": "borders",
}

_Row = dict[str, Any]


def timeline(
    area: str | None = None,
    framework: Wanted = None,
    theme: Wanted = None,
    kind: Wanted = None,
    speaker: Wanted = None,
    tier: Wanted = None,
    basis: Wanted = None,
    relatives: str = "line",
    search: str = "",
    record: RecordLike = None,
) -> pd.DataFrame:
    """What is known of an Area, event by event, with a row for each break.

    Parameters
    ----------
    area : str, optional
        A name or an identifier. Without it, the events of all Areas, without breaks.
    framework, theme, speaker, tier, basis, search, record
        As for `facts`, which says what is raised. Of a theme, events count its rows alone; a search
        looks into the rows behind a count too.
    kind : str or list of str, optional
        borders, part (inspections of its parts), data, fieldwork, publication, rating, direction
        (of travel), request, follow_up, promise, finding, comparison, method or number.
    relatives : {"line", "family", "none"}
        Also the events of its predecessors and successors, or of its whole family, or no others.

    Returns
    -------
    pandas.DataFrame
        One row per event, by the last day that its date can mean, all strings. What it counts has
        the date that it has in `facts`. A row of the kind ``break`` stands before another framework
        or Area. `relation` says how its Area is related to the one asked for, `area_ids` which take
        part; `table` and `row_ids` name the rows that it counts, `behind` tells what they say. A
        contradicted rating is an event of its own.

    Examples
    --------
    >>> events = timeline("Leicestershire", kind="rating")
    >>> for when, what in events[["when", "what"]].fillna("").values[:3]:
    ...     print(f"{when:18} {what:.60}")
    2005-06 to 2005-12 Overall: Fair
    2005-06 to 2005-12 14 aspects: Poor 1, Fair 4, Good 7, Excellent 2
                       break: other framework (OPA 2005-06, then OPA 2007): not a t
    """
    record = as_record(record)
    relatives = one_of("relatives", relatives, RELATIVES, "help(timeline)")
    wanted = meant(record, framework=framework, speaker=speaker, tier=tier, basis=basis)
    wanted["kind"] = among("kind", kind, KINDS, "help(timeline)")
    themes = choose("theme", theme, record)
    area_id = None if area is None else find_area(area, record=record)
    rows = kept(record, _events) if themes is None else _events(record, themes)
    kin = pd.Series(dtype="string")
    if area_id is not None:
        kin = lineage(area_id, record).set_index("area_id")["relation"]
        shown = set(kin.index[kin.isin(_OF[relatives])])
        rows = rows.loc[[not shown.isdisjoint(of.split(SEPARATOR)) for of in rows["area_ids"]]]
    rows = rows.assign(relation=rows["area_id"].map(kin).astype("string"))
    rows = containing(only(rows, wanted), search).reset_index(drop=True)
    return rows if area_id is None else _with_breaks(rows)


def _with_breaks(rows: pd.DataFrame) -> pd.DataFrame:
    """The events with a row before each at which the framework or the unit changes.

    Numbers make no break: a follow-up counts those of the inspection before it too.
    """
    breaks: dict[int, str] = {}
    before = None
    columns = ["framework_id", "area_id", "framework", "area"]
    of_inspections = rows[rows["inspection_id"].notna() & rows["kind"].ne("number")]
    for n, *now in of_inspections[columns].itertuples(name=None):
        if before is not None and now[:2] != before[:2]:
            other = [
                f"other {what} ({before[2 + side]}, then {now[2 + side]})"
                for side, what in enumerate(("framework", "unit"))
                if now[side] != before[side]
            ]
            breaks[n] = f"break: {', '.join(other)}: not a trend"
        before = now
    told = pd.DataFrame({"what": breaks}, dtype="string").reindex(columns=rows.columns)
    told = told.assign(kind="break", basis="derived", speaker="project")
    both = pd.concat([told.astype("string"), rows])
    return both.sort_index(kind="stable", ignore_index=True)


# Events -----------------------------------------------------------------------------------------


def _events(record: Record, themes: list[str] | None = None) -> pd.DataFrame:
    """The events of all Areas in the order of time, which count the facts of these themes."""
    groups: dict[tuple, list[_Row]] = defaultdict(list)
    for fact in records(only(record.once(joined_facts), {"theme_ids": themes})):
        for kind, group, row in _parts(fact, record):
            groups[kind, group, *(row[column] for column in _SAME)].append(row)
    events = [_event(kind, rows, record) for (kind, *_), rows in groups.items()]
    rows = pd.DataFrame(events, columns=_COLUMNS).astype("string")
    places = {kind: n for n, kind in enumerate(KINDS)}
    rows = rows.assign(
        _last=rows["date_to"].fillna("9999") + "~",  # after every day of the year or month
        _place=place(rows["inspection_id"], "inspections", record),
        _kind=rows["kind"].map(places),
        _counted=rows["basis"].ne("contradicted"),
    )
    order = ["_last", "_place", "_kind", "_counted"]
    return rows.sort_values(order, kind="stable", ignore_index=True)[_COLUMNS]


def _parts(fact: _Row, record: Record) -> Iterator[tuple[str, Any, _Row]]:
    """The kinds of event that a fact is part of, what groups it there, and how it counts."""
    kind: str = _EVENTS.get(fact["kind"]) or fact["kind"]
    group: Any = fact["row_id"]
    if kind == "inspection":
        for which, row in _dates(fact, record):
            yield which, group, row
        areas = kept(record, _by_key, "areas")
        if whole := areas[fact["area_id"]]["part_of"]:
            told = {"area_id": whole, "area": areas[whole]["name"], "inspection_id": None}
            yield "part", (whole, fact["framework_id"]), fact | told | {"part": fact["area"]}
        return
    if kind == "response" or (kind == "promise" and fact["date_kind"] != "stated"):
        return  # counted with what it answers
    if kind == "number" and not kept(record, _by_key, "measures")[group]["area_id"]:
        return  # of the programme, and of no Area
    if kind == "rating" and fact["basis"] != "contradicted":
        group = fact["level"]
    elif kind == "request":
        group = fact["kind"]
    elif kind == "follow_up":
        asked = record.once(_requests)[fact["answers"]]
        fact = fact | {"asked": asked}
        group = asked["inspection_id"], asked["kind"], fact["date"]
    elif kind == "borders":
        # a merger is one event of its successor, a division one of its predecessor
        ends = fact["row_id"].split(SEPARATOR)
        one, other = ends if fact["value"] == "divided" else ends[::-1]
        name = kept(record, _by_key, "areas")[one]["name"]
        fact = fact | {"area_id": one, "area": name, "other": other}
        group = one, fact["date"], fact["value"], fact["text"] == fact["what"]
    elif kind not in ("rating", "promise", "number"):
        group = None
    yield kind, group, fact


def _by_key(record: Record, name: str) -> dict[str, _Row]:
    rows = records(record.table(name))
    return {next(iter(row.values())): row for row in rows}


def _requests(record: Record) -> dict[str, _Row]:
    """The facts of each request, with its answers and commitments."""
    rows = records(only(record.once(joined_facts), {"kind": [*REQUESTS, "response", "commitment"]}))
    requests = {row["row_id"]: row | {"replies": []} for row in rows if row["kind"] in REQUESTS}
    for row in rows:
        if row["answers"] in requests:
            requests[row["answers"]]["replies"].append(row)
    return requests


def _event(kind: str, rows: list[_Row], record: Record) -> _Row:
    """One event that counts facts; it stands where the first of them does."""
    first, date = rows[0], rows[0]["date"]
    requests = [record.once(_requests)[row["row_id"]] for row in rows if kind == "request"]
    replies = [reply for request in requests for reply in request["replies"]]
    every_line_known = all(row["locator"] for row in rows)
    others = [row["other"] for row in rows if "other" in row]
    return first | {
        "kind": kind,
        "what": _words(kind, rows, replies, record),
        "when": date or "not dated",
        "precision": first["date_precision"],
        "date_to": date and date.rpartition(" to ")[2],
        "area_ids": SEPARATOR.join([first["area_id"] or "", *others]),
        "basis": joined_cells(row["basis"] for row in rows),
        "locator": merged(row["locator"] for row in rows) if every_line_known else None,
        "theme_ids": joined_cells(row["theme_ids"] for row in rows),
        "row_ids": SEPARATOR.join(row["row_id"] for row in rows),
        "behind": SEPARATOR.join(row["text"] for row in [*rows, *replies]),
    }


def _words(kind: str, rows: list[_Row], replies: list[_Row], record: Record) -> str:
    """What an event says: how many facts there are of it and of which words, or its own words."""
    first, n = rows[0], len(rows)
    values = [row["value"] for row in rows if row["value"]]
    counts = tally(values, [*record.once(scales).get(first["framework_id"], []), *POLARITIES])
    if kind == "rating" and first["basis"] == "contradicted":
        other = first["says_otherwise"] or "otherwise"
        return f"{first['text']}, contradicted (another source says {other}): not counted"
    if kind == "rating" and values and first["level"] == "overall":
        return f"Overall: {', '.join(values)}"
    if kind == "rating":
        things = count_of(len(values) or n, LEVELS[first["level"]], PLURALS[first["level"]])
        return f"{things}: {counts}" if values else f"{things} named, none rated"
    if kind in ("request", "follow_up"):
        asked = first.get("asked", first)
        things = count_of(n, REQUESTS[asked["kind"]], SEVERAL[asked["kind"]])
        if kind == "follow_up":
            return f"Progress on {things} of {asked['framework']}: {counts}"
        answered = len({reply["answers"] for reply in replies})
        promised = sum(reply["kind"] == "commitment" for reply in replies)
        things += f", {answered} answered" if answered else ""
        return things + (f" with {count_of(promised, 'commitment')}" if promised else "")
    if kind == "promise":
        return f"{STATES.get(first['value'], 'promised').capitalize()}: {first['text']}"
    if kind == "borders":
        areas, area = kept(record, _by_key, "areas"), first["area"]
        others, doubt = listed([areas[row["other"]]["name"] for row in rows]), first["text"]
        what = f"{others} {first['value']} into {area}"
        what = f"{area} divided into {others}" if first["value"] == "divided" else what
        return what + doubt.removeprefix(first["what"])
    if kind == "part":
        parts = listed([row["part"] for row in rows])
        return f"Inspected on their own, and to be asked for by name: {parts}"
    told = {
        "direction": f"Direction of travel of {count_of(n, 'aspect')}: {counts}",
        "comparison": f"{count_of(n, 'comparison')} by the inspectorate itself",
        "finding": f"{count_of(n, 'finding')} in words: {counts}",
        "method": f"{count_of(n, 'statement')} on how it was done and its limits",
    }
    return told.get(kind) or str(first["text"])


def _dates(fact: _Row, record: Record) -> Iterator[tuple[str, _Row]]:
    """The three dates of an inspection, each with its own source."""
    row = kept(record, _by_key, "inspections")[fact["row_id"]]
    parts = ("from", "to", "precision", "basis", "locator")
    dates = {
        "data": ("Period of the data", *(row[f"data_{part}"] for part in parts)),
        "fieldwork": ("Fieldwork", *(row[f"fieldwork_{part}"] for part in parts)),
        "publication": (
            "Publication", row["published"],
            row["published"], *(row[f"published_{part}"] for part in parts[2:]),
        ),
    }  # fmt: skip
    if not any(last for _, _, last, *_ in dates.values()):
        undated = dict.fromkeys(("date", "date_from", "date_precision", "date_kind"))
        yield "fieldwork", fact | undated | {"text": "Inspection, of which no date was found"}
    for which, (text, first, last, precision, basis, locator) in dates.items():
        if not last:
            continue
        date_kind = which
        if which == "fieldwork" and precision == "year" and basis == "inferred":
            text, date_kind = "Year of the assessment, as fieldwork", "assessment"
        source = row["published_source_id"] if which == "publication" else row["source_id"]
        tier = kept(record, _by_key, "sources").get(source, {}).get("tier")
        speaker = row["speaker"] if source == row["source_id"] else tier
        yield which, fact | {
            "text": text, "date": first if first == last else f"{first} to {last}",
            "date_from": first, "date_precision": precision, "date_kind": date_kind,
            "basis": basis, "source_id": source, "tier": tier, "locator": locator,
            "speaker": "project" if basis in ("inferred", "derived") else speaker,
        }  # fmt: skip
