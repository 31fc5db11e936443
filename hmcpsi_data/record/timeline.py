"""Everything that is known of an Area and of its line, in the order of time: counts of its facts.

The period of the data, the fieldwork, the publication and the promises are four different dates and
stand in four different places. Between two frameworks or two units stands a break: no trend.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pandas as pd

from hmcpsi_data.record.areas import days, find_area, lineage
from hmcpsi_data.record.facts import joined_facts
from hmcpsi_data.record.filters import Wanted, among, choose, meant, one_of, only
from hmcpsi_data.record.filters import search as containing
from hmcpsi_data.record.joins import (
    SEPARATOR,
    joined_cells,
    kept,
    place,
    placed,
    records,
    scales,
    tally,
)
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.locators import merged
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import FACTS, PLURALS, POLARITIES, STATES, count_of, listed
from hmcpsi_data.words import KINDS as REQUESTS

# Kinds of event, in the order in which those of one day stand.
KINDS = {
    "borders": "changes of borders",
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
    "context": "figures of context",
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
_DATES = {"data": "Period of the data", "fieldwork": "Fieldwork", "publication": "Publication"}
_OF_FRAMEWORK = ["framework", "framework_id", "round", "inspection_id"]
_OURS = ("inferred", "derived")
_SAME = ("inspection_id", "source_id", "speaker")  # what facts of one event have in common
_COUNTED = ("direction", "comparison", "finding", "method")
_WITH_WORDS_BEHIND = ("rating", "request", "follow_up", "promise", *_COUNTED)

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
        Kinds of event: borders, data, fieldwork, publication, rating, direction (of travel),
        request, follow_up, promise, finding, comparison, method, number (found by an inspection) or
        context (a figure that is not).
    relatives : {"line", "family", "none"}
        Whether the events of its predecessors and successors are there as well, or those of its
        whole family (the Areas that share a predecessor or a successor with it), or none of them.

    Returns
    -------
    pandas.DataFrame
        One row per event, ordered by the last day that its date can mean; all columns are strings.
        What an event counts stands at the date that it has in `facts`. Where the next event belongs
        to another framework or another Area, a row of the kind ``break`` stands between them and
        says which in `what`. `relation` says how its Area is related to the one asked for,
        `area_ids` which take part. `table` and `row_ids` name the rows that an event counts or is,
        `behind` tells what they say. A contradicted rating is an event of its own.

    Examples
    --------
    >>> events = timeline("Leicestershire", kind=["rating", "borders"])
    >>> for when, what in events[["when", "what"]].fillna("").values[:4]:
    ...     print(f"{when:18} {what:.60}")
    1999-04-01         Began as an Area
    2005-06 to 2005-12 Overall: Fair
    2005-06 to 2005-12 14 aspects: Poor 1, Fair 4, Good 7, Excellent 2; of 5 critic
                       break: other framework (OPA 2005-06, then OPA 2007): not a t
    """
    record = as_record(record)
    relatives = one_of("relatives", relatives, RELATIVES, "help(timeline)")
    wanted = meant(record, framework=framework, speaker=speaker, tier=tier, basis=basis)
    wanted["kind"] = among("kind", kind, KINDS, "help(timeline)")
    themes = choose("theme", theme, record)
    area_id = None if area is None else find_area(area, record=record)
    rows = record.once(_all_events) if themes is None else _events(record, themes)
    if area_id is None:
        rows = rows.assign(relation=pd.Series(pd.NA, rows.index, dtype="string"))
    else:
        kin = lineage(area_id, record).set_index("area_id")["relation"]
        shown = set(kin.index[kin.isin(_OF[relatives])])
        shared = [not shown.isdisjoint(ids.split(SEPARATOR)) for ids in rows["area_ids"]]
        rows = rows.loc[shared]
        rows = rows.assign(relation=rows["area_id"].map(kin).astype("string"))
    rows = containing(only(rows, wanted), search).reset_index(drop=True)
    return rows if area_id is None else _with_breaks(rows)


def _with_breaks(rows: pd.DataFrame) -> pd.DataFrame:
    """The events with a row before each at which the framework or the unit changes."""
    breaks: dict[int, str] = {}
    before = None
    columns = ["framework_id", "area_id", "framework", "area"]
    for n, *now in rows.loc[rows["inspection_id"].notna(), columns].itertuples(name=None):
        if before is not None and now[:2] != before[:2]:
            other = [
                f"other {what} ({before[2 + side]}, then {now[2 + side]})"
                for side, what in enumerate(("framework", "unit"))
                if now[side] != before[side]
            ]
            breaks[n] = f"break: {', '.join(other)}: not a trend"
        before = now
    if not breaks:
        return rows
    told = pd.DataFrame({"what": breaks, "kind": "break", "basis": "derived", "speaker": "project"})
    both = pd.concat([told.reindex(columns=rows.columns), rows]).astype("string")
    return both.sort_index(kind="stable", ignore_index=True)


# Events -----------------------------------------------------------------------------------------


def _all_events(record: Record) -> pd.DataFrame:
    return _events(record, None)


def _events(record: Record, themes: list[str] | None) -> pd.DataFrame:
    """The events of all Areas in the order of time; those that count facts of themes, if asked."""
    facts = only(record.once(joined_facts), {"theme_ids": themes})
    facts = facts.sort_values("basis", key=lambda basis: basis.ne("contradicted"), kind="stable")
    if themes is None:
        facts = pd.concat([_beginnings(record), facts])
    groups: dict[tuple, list[_Row]] = defaultdict(list)
    for fact in records(facts):
        for kind, group, row in _parts(fact, record):
            groups[kind, group, *(row[column] for column in _SAME)].append(row)
    events = [_event(kind, rows, record) for (kind, *_), rows in groups.items()]
    rows = pd.DataFrame(events, columns=_COLUMNS).astype("string")
    rows["_last"] = [_last(date) for date in rows["date_to"]]
    rows["_place"] = place(rows["inspection_id"], "inspections", record)
    rows["_kind"] = rows["kind"].map({kind: n for n, kind in enumerate(KINDS)})
    rows = rows.sort_values(["_last", "_place", "_kind"], kind="stable", ignore_index=True)
    return rows[_COLUMNS]


def _last(date: object) -> str:
    """The last day that a date can mean; what has no date comes last."""
    return days(date).last.isoformat() if isinstance(date, str) else "9999"


def _beginnings(record: Record) -> pd.DataFrame:
    """The first of each line of Areas, as facts."""
    areas, came = record.table("areas"), record.table("area_lineage")["successor_id"]
    first = areas[areas["kind"].eq("area") & ~areas["area_id"].isin(came)]
    begun = first.assign(
        inspection_id=None, framework_id=None, table="areas", row_id=first["area_id"],
        theme_ids="", date=first["valid_from"], date_from=first["valid_from"],
        date_precision=first["valid_from_precision"], date_kind="stated", kind="began",
        what="Began as an Area",
    )  # fmt: skip
    return placed(begun, record)


def _parts(fact: _Row, record: Record) -> Iterator[tuple[str, object, _Row]]:
    """The kinds of event that a fact is part of, what groups it there, and the fact as it counts.

    What stands by itself has its own row as group, and its words in `what`.
    """
    kind, itself = fact["kind"], (fact["table"], fact["row_id"])
    if kind == "rating" and fact["basis"] == "contradicted":
        other = fact["says_otherwise"]
        other = f" (another source says {other})" if other else ""
        what = f"{fact['text']}, contradicted{other}: not counted"
        yield "rating", itself, fact | {"what": what}
    elif kind == "rating":
        yield "rating", fact["level"], fact
    elif kind in REQUESTS:
        yield "request", kind, fact
    elif kind == "progress":
        asked = kept(record, _facts_of, *REQUESTS)[fact["row_id"]]
        yield "follow_up", (asked["inspection_id"], asked["kind"], fact["date"]), fact
    elif kind in _COUNTED:
        yield kind, None, fact
    elif kind == "commitment" and fact["date_kind"] == "stated":
        # one without a date is counted with what it answers
        printed = kept(record, _by_key, "commitments")[fact["row_id"]]["date_as_printed"]
        what = f"{STATES.get(fact['value'], 'promised').capitalize()}: {fact['text']}"
        what += f" (printed: {printed})" if printed else ""
        yield "promise", itself, fact | {"what": what}
    elif kind == "measure":
        yield from _number(fact, record)
    elif kind == "began":
        yield "borders", itself, fact
    elif kind == "lineage":
        # A merger is one event of its successor, a division one of its predecessor.
        change = kept(record, _by_key, "area_lineage")[fact["row_id"]]
        ends = [change["successor_id"], change["predecessor_id"]]
        one, other = ends[::-1] if change["event"] == "divided" else ends
        name = kept(record, _by_key, "areas")[one]["name"]
        fact = fact | {"area_id": one, "area": name, "other": other, "quality": change["quality"]}
        yield "borders", (one, fact["date"], fact["value"], fact["quality"]), fact
    elif kind == "inspection":
        for which, row in _dates(fact, record):
            yield which, itself, row


def _by_key(record: Record, name: str) -> dict[str, _Row]:
    """The rows of a table by their keys, written as facts write them."""
    keys = table(name).primary_key
    rows = records(record.table(name))
    return {SEPARATOR.join(str(row[key]) for key in keys): row for row in rows}


def _facts_of(record: Record, *kinds: str) -> dict[str, _Row]:
    rows = only(record.once(joined_facts), {"kind": list(kinds)})
    return {row["row_id"]: row for row in records(rows)}


def _replies(record: Record) -> dict[str, list[_Row]]:
    """The answers and commitments of each request."""
    replies: dict[str, list[_Row]] = defaultdict(list)
    for row in kept(record, _facts_of, "response", "commitment").values():
        replies[row["answers"]].append(row)
    return replies


def _event(kind: str, rows: list[_Row], record: Record) -> _Row:
    """One event that counts facts; it stands where the first of them does."""
    first, date = rows[0], rows[0]["date"]
    ids = [row["row_id"] for row in rows]
    if kind == "borders":
        ids = [first["area_id"], *(row["other"] for row in rows if "other" in row)]
    behind = list(rows) if kind in _WITH_WORDS_BEHIND else []
    if kind == "request":
        behind += [reply for row in rows for reply in record.once(_replies).get(row["row_id"], [])]
    every_line_known = all(row["locator"] for row in rows)
    return first | {
        "kind": kind,
        "what": _words(kind, rows, record),
        "when": date or "not dated",
        "precision": first["date_precision"],
        "date_to": date and date.rpartition(" to ")[2],
        "area_ids": SEPARATOR.join(ids) if kind == "borders" else first["area_id"],
        "basis": joined_cells(row["basis"] for row in rows),
        "locator": merged(row["locator"] for row in rows) if every_line_known else None,
        "theme_ids": joined_cells(row["theme_ids"] for row in rows),
        "row_ids": SEPARATOR.join(ids),
        "behind": SEPARATOR.join(map(_said, behind)) or None,
    }


def _words(kind: str, rows: list[_Row], record: Record) -> str:
    """What an event says: how many facts there are of it and of which words, or its own words."""
    first, n = rows[0], len(rows)
    values = [row["value"] for row in rows if row["value"]]
    scale = record.once(scales).get(first["framework_id"], [])
    if kind == "rating" and first["basis"] != "contradicted":
        return _rating_words(rows, values, scale, record)
    if kind == "request":
        answers = [record.once(_replies).get(row["row_id"], []) for row in rows]
        promised = sum(one["kind"] == "commitment" for given in answers for one in given)
        what = _several(n, first["kind"])
        what += f", {sum(map(bool, answers))} answered" if any(answers) else ""
        return what + (f" with {count_of(promised, 'commitment')}" if promised else "")
    if kind == "follow_up":
        asked = kept(record, _facts_of, *REQUESTS)[first["row_id"]]
        of = f"{_several(n, asked['kind'])} of {asked['framework']}"
        return f"Progress on {of}: {tally(values, scale)}"
    if kind == "direction":
        return f"Direction of travel of {count_of(n, 'aspect')}: {tally(values, POLARITIES)}"
    if kind == "comparison":
        return f"{count_of(n, 'comparison')} by the inspectorate itself"
    if kind == "finding":
        return f"{count_of(n, 'finding')} in words: {tally(values, POLARITIES)}"
    if kind == "method":
        return f"{count_of(n, 'statement')} on how it was done and its limits"
    if "other" in first:
        areas, one = kept(record, _by_key, "areas"), first["area"]
        others = listed([areas[row["other"]]["name"] for row in rows])
        what = f"{others} {first['value']} into {one}"
        what = f"{one} divided into {others}" if first["value"] == "divided" else what
        doubt = " (by elimination or at second hand)"
        return what + doubt * (first["quality"] == "secondary")
    return first["what"]


def _rating_words(rows: list[_Row], values: list[str], scale: list[str], record: Record) -> str:
    level = rows[0]["level"]
    named = (level.replace("_", " "), PLURALS[level])
    if not values:
        return f"{count_of(len(rows), *named)} named, none rated"
    if level == "overall":
        return f"Overall: {', '.join(values)}"
    what = f"{count_of(len(values), *named)}: {tally(values, scale)}"
    aspects = kept(record, _by_key, "aspects")
    critical = [row["value"] for row in rows if aspects[row["aspect_id"]]["is_critical"]]
    critical = [value for value in critical if value]
    if 0 < len(critical) < len(values):
        what += f"; of {len(critical)} critical: {tally(critical, scale)}"
    return what


def _several(n: int, kind: str) -> str:
    one = REQUESTS[kind]
    first, *rest = one.split(" ")
    return count_of(n, one, " ".join([f"{first}s", *rest]))


def _said(row: _Row) -> str:
    """What a fact says, in a line."""
    if row["kind"] in ("rating", "direction"):
        return row["text"]
    if row["kind"] == "progress":
        return f"Progress on {row['text']}: {row['value']}"
    of_kind = row["kind"] in (*REQUESTS, "response")
    word = FACTS[row["kind"]] if of_kind else (row["value"] or row["kind"]).replace("_", " ")
    return f"{word.capitalize()}: {row['text']}"


def _number(fact: _Row, record: Record) -> Iterator[tuple[str, object, _Row]]:
    """A number of an Area as an event: found by an inspection, or a figure of context."""
    printed = kept(record, _by_key, "measures")[fact["row_id"]]
    if not printed["area_id"]:
        return
    about = ", ".join(filter(None, (printed["describes"], printed["casework"])))
    what = fact["what"] + (f" ({about})" if about else "")
    what += fact["text"].removeprefix(fact["what"])
    what += f" ({printed['comparator']})" if printed["comparator"] else ""
    what += f", {printed['period']}" if printed["period"] and not printed["period_to"] else ""
    # what a follow-up counts of the inspection that it follows up
    before = record.once(_followed).get(fact["inspection_id"])
    if before and printed["period_to"] and _last(printed["period_to"]) <= _last(before["date"]):
        fact = fact | {column: before[column] for column in _OF_FRAMEWORK}
    kind = "number" if printed["framework_id"] else "context"
    yield kind, fact["row_id"], fact | {"what": what}


def _followed(record: Record) -> dict[str, _Row]:
    """The inspection that each follow-up came back to."""
    asked, inspections = kept(record, _facts_of, *REQUESTS), kept(record, _facts_of, "inspection")
    progress = kept(record, _facts_of, "progress").values()
    return {
        row["inspection_id"]: inspections[asked[row["row_id"]]["inspection_id"]] for row in progress
    }


def _dates(fact: _Row, record: Record) -> Iterator[tuple[str, _Row]]:
    """The three dates of an inspection, each with its own source."""
    inspections, sources = (kept(record, _by_key, one) for one in ("inspections", "sources"))
    row = inspections[fact["row_id"]]
    row = row | {"publication_from": row["published"], "publication_to": row["published"]}
    row |= {f"publication_{of}": row[f"published_{of}"] for of in ("precision", "basis", "locator")}
    known = [which for which in _DATES if row[f"{which}_to"]]
    absent = [words.lower() for which, words in _DATES.items() if which not in known]
    for which in known:
        first, last, precision, basis, locator = (
            row[f"{which}_{of}"] for of in ("from", "to", "precision", "basis", "locator")
        )
        source = row["published_source_id"] if which == "publication" else row["source_id"]
        tier = sources[source]["tier"] if source in sources else None
        speaker = row["speaker"] if source == row["source_id"] else tier
        what, date_kind = _DATES[which], which
        if which == "fieldwork" and precision == "year" and basis == "inferred":
            what, date_kind = "Year of the assessment, as fieldwork", "assessment"
        if which == "fieldwork" and row["files_examined"]:
            what += f", {row['files_examined']} files examined"
        if which == known[-1] and absent:
            what += f"; {listed(absent)} not found"
        yield (
            which,
            fact
            | {
                "what": what,
                "date": first if first == last else f"{first} to {last}",
                "date_from": first,
                "date_precision": precision,
                "date_kind": date_kind,
                "basis": basis,
                "speaker": "project" if basis in _OURS else speaker,
                "source_id": source,
                "tier": tier,
                "locator": locator,
            },
        )
    if not known:
        undated = dict.fromkeys(("date", "date_from", "date_precision", "date_kind"))
        yield "fieldwork", fact | undated | {"what": "Inspection, of which no date was found"}
