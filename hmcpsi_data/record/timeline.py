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
from hmcpsi_data.record.joins import (
    DATED,
    SEPARATOR,
    dated,
    joined_cells,
    look_up,
    place,
    records,
    scales,
    tally,
)
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
# what facts of one event have in common
_SAME = ("kind", "group", "inspection_id", "source_id", "speaker")
_DATES = {"data": "Period of the data", "fieldwork": "Fieldwork", "publication": "Publication"}
# of which kind of event a kind of fact is; the rest is the same word
_EVENTS = dict.fromkeys(REQUESTS, "request") | {
    "progress": "follow_up", "commitment": "promise", "measure": "number", "lineage": "borders",
}  # fmt: skip

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
        As for `facts`, which says what is raised. A search looks into the rows behind a count too.
    kind : str or list of str, optional
        borders, part (inspections of its parts), data, fieldwork, publication, rating, direction
        (of travel), request, follow_up, promise, finding, comparison, method or number.
    relatives : {"line", "family", "none"}
        Also the events of its predecessors and successors, or of its whole family, or no others.

    Returns
    -------
    pandas.DataFrame
        One row per event, by the last day that its date can mean, all strings. A row of the kind
        ``break`` stands before another framework or Area. `relation` says how its Area is related
        to the one asked for, `area_ids` which take part; `table` and `row_ids` name the rows that
        it counts, `behind` tells what they say. A contradicted rating is an event of its own.

    Examples
    --------
    >>> timeline("Leicestershire", kind="rating").loc[0, ["when", "what"]].tolist()
    ['2005-06 to 2005-12', 'Overall: Fair']
    """
    record = as_record(record)
    relatives = one_of("relatives", relatives, RELATIVES, "help(timeline)")
    wanted = meant(record, framework=framework, speaker=speaker, tier=tier, basis=basis)
    wanted["kind"] = among("kind", kind, KINDS, "help(timeline)")
    themes = choose("theme", theme, record)
    area_id = None if area is None else find_area(area, record=record)
    rows = record.once(_events) if themes is None else _events(record, themes)
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
    facts = only(record.once(joined_facts), {"theme_ids": themes})
    groups: dict[tuple, list[_Row]] = defaultdict(list)
    parts = [_counted(facts, record), *_dates(facts, record), _of_parts(facts, record)]
    for row in records(pd.concat(parts)):
        groups[tuple(row[column] for column in _SAME)].append(row)
    replies: dict[str, list[_Row]] = defaultdict(list)
    for reply in records(only(record.once(joined_facts), {"kind": ["response", "commitment"]})):
        replies[reply["answers"]].append(reply)
    scale = record.once(scales)
    events = [_event(rows, replies, scale) for rows in groups.values()]
    rows = pd.DataFrame(events, columns=_COLUMNS).astype("string")
    rows = rows.assign(
        _last=rows["date_to"].fillna("9999") + "~",  # after every day of the year or month
        _place=place(rows["inspection_id"], "inspections", record),
        _kind=rows["kind"].map({kind: n for n, kind in enumerate(KINDS)}),
        _counted=rows["basis"].ne("contradicted"),
    )
    order = ["_last", "_place", "_kind", "_counted"]
    return rows.sort_values(order, kind="stable", ignore_index=True)[_COLUMNS]


def _counted(facts: pd.DataFrame, record: Record) -> pd.DataFrame:
    """The facts that events count: the kind of event, `group` within it, and whom else it is of."""
    kind = facts["kind"].replace(_EVENTS)
    asked = look_up(facts["answers"], "actions", ["inspection_id", "kind"], record)
    framework = look_up(asked["inspection_id"], "inspections", "framework_id", record)
    # a merger is one event of its successor, a division one of its predecessor
    is_border, divided = kind.eq("borders"), facts["value"].eq("divided").fillna(False)
    ends = facts["row_id"].str.split(SEPARATOR)
    before, after = ends.str[0].astype("string"), ends.str[-1].astype("string")
    one, other = before.where(divided, after), after.where(divided, before).where(is_border)
    doubt = facts["text"].eq(facts["what"]).astype("string")
    sound = facts["basis"].ne("contradicted").fillna(True)
    group = pd.Series("", facts.index, dtype="string")
    for name, by in {
        "rating": facts["level"].where(sound, facts["row_id"]),
        "request": facts["kind"],
        "follow_up": asked["inspection_id"] + asked["kind"] + facts["date"].fillna(""),
        "borders": one + facts["date"] + facts["value"] + doubt,
        "promise": facts["row_id"],
        "number": facts["row_id"],
    }.items():
        group = group.mask(kind.eq(name), by)
    rows = facts.assign(
        kind=kind,
        group=group,
        request=asked["kind"].fillna(facts["kind"]),
        asked_in=look_up(framework, "frameworks", "short_title", record),
        area_id=facts["area_id"].mask(is_border, one),
        area=facts["area"].mask(is_border, look_up(one, "areas", "name", record)),
        other=other,
        other_area=look_up(other, "areas", "name", record),
    )
    left = kind.isin(["response", "inspection"])  # an answer is counted with what it answers
    left |= kind.eq("promise") & facts["date_kind"].ne("stated").fillna(True)
    # numbers of the programme are of no Area
    own_area = look_up(facts["row_id"], "measures", "area_id", record)
    return rows[~left & ~(kind.eq("number") & own_area.isna())]


def _dates(facts: pd.DataFrame, record: Record) -> Iterator[pd.DataFrame]:
    """The three dates of each inspection, each with its own source."""
    facts = facts[facts["kind"].eq("inspection")]
    facts = facts.assign(group=facts["row_id"])
    of = record.table("inspections").set_index("inspection_id")
    of = of.reindex(facts["row_id"]).set_axis(facts.index)
    of = of.assign(published_from=of["published"], published_to=of["published"])
    stems = {"data": "data", "fieldwork": "fieldwork", "publication": "published"}
    undated = of[[f"{stem}_to" for stem in stems.values()]].isna().all(axis=1)
    told = {"kind": "fieldwork", "text": "Inspection, of which no date was found"}
    yield facts[undated].assign(**told, **dict.fromkeys(DATED)).astype("string")
    for kind, stem in stems.items():
        first, last, precision, basis, locator = (
            of[f"{stem}_{part}"] for part in ("from", "to", "precision", "basis", "locator")
        )
        source = of["published_source_id" if kind == "publication" else "source_id"]
        tier = look_up(source, "sources", "tier", record)
        said_there = source.eq(of["source_id"]).fillna(False)
        speaker = of["speaker"].where(said_there, tier)
        rows = facts.assign(**dated(kind, last, precision, first), kind=kind, text=_DATES[kind])
        rows = rows.assign(
            basis=basis,
            source_id=source,
            tier=tier,
            locator=locator,
            speaker=speaker.mask(basis.isin(["inferred", "derived"]), "project"),
        )
        if kind == "fieldwork":
            inferred = (precision.eq("year") & basis.eq("inferred")).fillna(False)
            rows["date_kind"] = rows["date_kind"].mask(inferred, "assessment")
            rows["text"] = rows["text"].mask(inferred, "Year of the assessment, as fieldwork")
        yield rows[last.notna()]


def _of_parts(facts: pd.DataFrame, record: Record) -> pd.DataFrame:
    """The inspections of parts of an Area, such as the boroughs of London, as its own events."""
    facts = facts[facts["kind"].eq("inspection")]
    whole = look_up(facts["area_id"], "areas", "part_of", record)
    rows = facts.assign(
        kind="part",
        group=whole + facts["framework_id"],
        other_area=facts["area"],
        area_id=whole,
        area=look_up(whole, "areas", "name", record),
        inspection_id=None,
    )
    return rows[whole.notna()].astype("string")


def _event(rows: list[_Row], replies: dict[str, list[_Row]], scale: dict[str, list[str]]) -> _Row:
    """One event that counts facts; it stands where the first of them does."""
    first, date = rows[0], rows[0]["date"]
    asked = [row["row_id"] for row in rows if row["kind"] == "request"]
    answers = [reply for request in asked for reply in replies[request]]
    every_line_known = all(row["locator"] for row in rows)
    areas = [first["area_id"] or "", *(row["other"] for row in rows if row["other"])]
    return first | {
        "what": _words(rows, answers, scale),
        "when": date or "not dated",
        "precision": first["date_precision"],
        "date_to": date and date.rpartition(" to ")[2],
        "area_ids": SEPARATOR.join(areas),
        "basis": joined_cells(row["basis"] for row in rows),
        "locator": merged(row["locator"] for row in rows) if every_line_known else None,
        "theme_ids": joined_cells(row["theme_ids"] for row in rows),
        "row_ids": SEPARATOR.join(row["row_id"] for row in rows),
        "behind": SEPARATOR.join(row["text"] for row in [*rows, *answers]),
    }


def _words(rows: list[_Row], answers: list[_Row], scale: dict[str, list[str]]) -> str:
    """What an event says: how many facts there are of it and of which words, or its own words."""
    first, n = rows[0], len(rows)
    kind, text = first["kind"], str(first["text"])
    values = [row["value"] for row in rows if row["value"]]
    counts = tally(values, [*scale.get(first["framework_id"], []), *POLARITIES])
    if kind == "rating":
        level = first["level"]
        if first["basis"] == "contradicted":
            other = first["says_otherwise"] or "otherwise"
            return f"{text}, contradicted (another source says {other}): not counted"
        if values and level == "overall":
            return f"Overall: {', '.join(values)}"
        things = count_of(len(values) or n, LEVELS[level], PLURALS[level])
        return f"{things}: {counts}" if values else f"{things} named, none rated"
    if kind in ("request", "follow_up"):
        things = count_of(n, REQUESTS[first["request"]], SEVERAL[first["request"]])
        if kind == "follow_up":
            return f"Progress on {things} of {first['asked_in']}: {counts}"
        answered = len({answer["answers"] for answer in answers})
        promised = sum(answer["kind"] == "commitment" for answer in answers)
        things += f", {answered} answered" if answered else ""
        return things + (f" with {count_of(promised, 'commitment')}" if promised else "")
    if kind == "promise":
        return f"{STATES.get(first['value'], 'promised').capitalize()}: {text}"
    if kind == "borders":
        others, area = listed([row["other_area"] for row in rows]), first["area"]
        what = f"{others} {first['value']} into {area}"
        what = f"{area} divided into {others}" if first["value"] == "divided" else what
        return what + text.removeprefix(first["what"])
    if kind == "part":
        parts = listed([row["other_area"] for row in rows])
        return f"Inspected on their own, and to be asked for by name: {parts}"
    told = {
        "direction": f"Direction of travel of {count_of(n, 'aspect')}: {counts}",
        "comparison": f"{count_of(n, 'comparison')} by the inspectorate itself",
        "finding": f"{count_of(n, 'finding')} in words: {counts}",
        "method": f"{count_of(n, 'statement')} on how it was done and its limits",
    }
    return told.get(kind, text)
