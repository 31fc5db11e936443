"""All that is known of an Area and of its line in the order of time: counts of its facts."""

from collections import Counter, defaultdict
from typing import Any

import pandas as pd

from hmcpsi_data import words as say
from hmcpsi_data.record import joins
from hmcpsi_data.record.areas import lineage
from hmcpsi_data.record.facts import joined_facts
from hmcpsi_data.record.filters import Wanted, among, choose, meant, one_of, only
from hmcpsi_data.record.filters import search as containing
from hmcpsi_data.tables.locators import merged
from hmcpsi_data.tables.record import Record, RecordLike, as_record

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
}
# Whose events are shown, of all who are kin.
_RELATIONS = {
    "line": ["self", "predecessor", "successor"],
    "family": ["self", "predecessor", "successor", "sibling"],
    "none": ["self"],
}
_COLUMNS = [
    "when", "precision", "date_kind", "kind", "area", "what", "framework", "area_id", "area_ids",
    "framework_id", "inspection_id", "basis", "speaker", "tier", "says_otherwise",
    "otherwise_source_id", "source_id", "locator", "row_ids", "theme_ids",
]  # fmt: skip
_CITED = ["source_id", "speaker", "basis", "locator"]
_DATES = {"data": "Period of the data", "assessment": "Year of the assessment, as fieldwork"}
_DATES |= {"fieldwork": "Fieldwork", "publication": "Publication"}
# of which kind of event a kind of fact is; the rest is the same word
_EVENTS = dict.fromkeys(say.KINDS, "request") | {
    "progress": "follow_up", "commitment": "promise", "measure": "number", "lineage": "borders",
}  # fmt: skip
# what an event says of the things that it counts, and what one or several of these are called
_SAYS = {
    "rating": "{things}: {counts}",
    "direction": "Direction of travel of {things}: {counts}",
    "request": "{things}{answered}",
    "follow_up": "Progress on {things} of {asked_in}: {counts}",
    "finding": "{things} in words: {counts}",
    "comparison": "{things} by the inspectorate itself",
    "method": "{things} on how it was done and its limits",
}
_ONE = say.LEVELS | say.KINDS | {"method": "statement"}
_SEVERAL: dict[str, str] = say.PLURALS | say.SEVERAL
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
    """What is known of an Area, event by event, by the last day that a date can mean.

    One of the kind ``break`` stands before another framework or Area; `row_ids` are those of
    `facts` that an event counts.

    Parameters
    ----------
    area : str, optional
        A name or an identifier. Without it, the events of all Areas, without breaks.
    framework, theme, speaker, tier, basis, search, record
        As for `facts`, which says what is raised.
    kind : str or list of str, optional
        borders, data, fieldwork, publication, rating, direction (of travel), request, follow_up,
        promise, finding, comparison, method or number.
    relatives : {"line", "family", "none"}
        Also the events of its predecessors and successors, or of its whole family, or no others.

    Returns
    -------
    pandas.DataFrame
        All strings; `relation` says how its Area is related to the one asked for, `area_ids` which
        take part. A contradicted rating is an event of its own.

    Examples
    --------
    >>> timeline("Leicestershire", kind="rating").loc[0, ["when", "what"]].tolist()
    ['2005-06 to 2005-12', 'Overall: Fair']
    """
    record = as_record(record)
    relatives = one_of("relatives", relatives, _RELATIONS, "help(timeline)")
    wanted = meant(record, framework=framework, speaker=speaker, tier=tier, basis=basis)
    wanted["kind"] = among("kind", kind, KINDS, "help(timeline)")
    themes = choose("theme", theme, record)
    rows = record.once(_events) if themes is None else _events(record, themes)
    kin = pd.Series(dtype="string")
    if area is not None:
        kin = lineage(area, record).set_index("area_id")["relation"]
        shown = {*kin.index[kin.isin(_RELATIONS[relatives])]}
        rows = rows.loc[[not shown.isdisjoint(of.split("; ")) for of in rows["area_ids"]]]
    rows = rows.assign(relation=rows["area_id"].map(kin).astype("string"))
    rows = containing(only(rows, wanted), search).reset_index(drop=True)
    return rows if area is None else _with_breaks(rows)


def _with_breaks(rows: pd.DataFrame) -> pd.DataFrame:
    """The events with a row before each at which the framework or the unit changes."""
    # a follow-up counts numbers of the inspection before it too
    now = rows[rows["inspection_id"].notna() & rows["kind"].ne("number")]
    before, what = now.shift(), pd.Series("", now.index)
    for word, name in (("framework", "framework"), ("unit", "area")):
        other = f", other {word} (" + before[name] + ", then " + now[name] + ")"
        what += other.where(now[f"{name}_id"].ne(before[f"{name}_id"])).fillna("")
    what = "break: " + what[what.ne("")].str.removeprefix(", ") + ": not a trend"
    told = pd.DataFrame({"what": what}, columns=[*rows])
    told = told.assign(kind="break", basis="derived", speaker="project").astype("string")
    return pd.concat([told, rows]).sort_index(kind="stable", ignore_index=True)


def _events(record: Record, themes: list[str] | None = None) -> pd.DataFrame:
    """The events of all Areas in the order of time, which count the facts of these themes."""
    known = record.once(joined_facts)
    facts = only(known, {"theme_ids": themes})
    groups: dict[tuple, list[_Row]] = defaultdict(list)
    parts = [_counted(facts, record), _borders(facts, record), _dates(facts, record)]
    in_common = ("kind", "group", "inspection_id", "source_id", "speaker")
    for row in joins.records(pd.concat(parts)):
        groups[tuple(row[column] for column in in_common)].append(row)
    replies = Counter(zip(known["answers"], known["kind"], strict=True))
    events = [_event(rows, replies, record.once(joins.scales)) for rows in groups.values()]
    rows = pd.DataFrame(events, columns=_COLUMNS).astype("string")
    # by the last day, a year or a month after its days
    last = rows["when"].replace("not dated", "9999").str.split(" to ").str[-1] + "~"
    visit = joins.place(rows["inspection_id"], "inspections", record)
    kind = rows["kind"].astype(pd.CategoricalDtype([*KINDS]))
    return joins.in_order(rows, last, visit, kind, rows["basis"].ne("contradicted"))


def _counted(facts: pd.DataFrame, record: Record) -> pd.DataFrame:
    """The facts that events count: kind of event, `group` within it, and what is counted."""
    of_programme = joins.look_up(facts["row_id"], "measures", "area_id", record).isna()
    left = facts["kind"].isin(["response", "inspection", "lineage"])
    left |= facts["kind"].eq("commitment") & facts["date_kind"].ne("stated").fillna(True)
    facts = facts[~left & ~(facts["kind"].eq("measure") & of_programme)]
    asked = joins.look_up(facts["answers"], "actions", ["inspection_id", "kind"], record)
    asked_under = joins.look_up(asked["inspection_id"], "inspections", "framework_id", record)
    kind = facts["kind"].replace(_EVENTS)
    doubted = facts["basis"].eq("contradicted").fillna(False)
    by_itself = kind.isin(["promise", "number"]) | (kind.eq("rating") & doubted)
    progress = asked["inspection_id"] + asked["kind"] + facts["date"].fillna("")
    group = facts["level"].where(kind.eq("rating"), facts["kind"])
    group = group.mask(kind.eq("follow_up"), progress)
    return facts.assign(
        kind=kind,
        group=group.mask(by_itself, facts["row_id"]),
        thing=facts["level"].fillna(asked["kind"]).fillna(facts["kind"]),
        asked_in=joins.look_up(asked_under, "frameworks", "short_title", record),
    )


def _borders(facts: pd.DataFrame, record: Record) -> pd.DataFrame:
    """The changes of borders: a merger is of its successor, a division of its predecessor."""
    facts = facts[facts["kind"].eq("lineage")]
    ends = facts["row_id"].str.split(joins.SEPARATOR)
    before, after, divided = ends.str[0], ends.str[-1], facts["value"].eq("divided").fillna(False)
    one, other = before.where(divided, after), after.where(divided, before)
    doubt = facts["text"].eq(facts["what"]).astype("string")
    return facts.assign(
        kind="borders",
        group=one + facts["date"] + facts["value"] + doubt,
        area_id=one,
        area=joins.look_up(one, "areas", "name", record),
        other=other,
        other_area=joins.look_up(other, "areas", "name", record),
    )


def _dates(facts: pd.DataFrame, record: Record) -> pd.DataFrame:
    """The three dates of each inspection, each with its own source."""
    visits = facts[facts["kind"].eq("inspection")].drop(columns=[*joins.DATED, *_CITED])
    columns = ["inspection_id", "own_source_id", *joins.DATED, *_CITED]
    rows = visits.merge(record.once(joins.inspection_dates)[columns], how="left")
    source = rows["own_source_id"]
    tier = joins.look_up(source, "sources", "tier", record)
    speaker = rows["speaker"].where(source.eq(rows["source_id"]).fillna(False), tier)
    return rows.assign(
        kind=rows["date_kind"].replace("assessment", "fieldwork").fillna("fieldwork"),
        group=rows["row_id"],
        text=rows["date_kind"].map(_DATES).fillna("Inspection, of which no date was found"),
        source_id=source,
        tier=tier,
        speaker=speaker.mask(rows["basis"].isin(["inferred", "derived"]), "project"),
    )


def _event(rows: list[_Row], replies: Counter[Any], scale: dict[str, list[str]]) -> _Row:
    """One event that counts facts; it stands where the first of them does."""
    first = rows[0]
    every_line_known = all(row["locator"] for row in rows)
    areas = [first["area_id"] or "", *(row["other"] for row in rows if row["other"])]
    return first | {
        "what": _words(rows, replies, scale),
        "when": first["date"] or "not dated",
        "precision": first["date_precision"],
        "area_ids": joins.SEPARATOR.join(areas),
        "basis": joins.joined_cells(row["basis"] for row in rows),
        "locator": merged(row["locator"] for row in rows) if every_line_known else None,
        "theme_ids": joins.joined_cells(row["theme_ids"] for row in rows),
        "row_ids": joins.SEPARATOR.join(row["row_id"] for row in rows),
    }


def _words(rows: list[_Row], replies: Counter[Any], scale: dict[str, list[str]]) -> str:
    """What an event says: how many facts there are of it and of which words, or its own words."""
    first = rows[0]
    kind, text, value = first["kind"], str(first["text"]), first["value"]
    if kind == "promise":
        return f"{say.STATES.get(value, 'promised').capitalize()}: {text}"
    if kind == "borders":
        others, area = say.listed([row["other_area"] for row in rows]), first["area"]
        what = f"{others} {value} into {area}"
        what = f"{area} divided into {others}" if value == "divided" else what
        return what + text.removeprefix(first["what"])
    if kind == "rating" and first["basis"] == "contradicted":
        other = first["says_otherwise"] or "otherwise"
        return f"{text}, contradicted (another source says {other}): not counted"
    if kind not in _SAYS:
        return text
    values = [row["value"] for row in rows if row["value"]]
    if kind == "rating" and first["level"] == "overall" and values:
        return f"Overall: {', '.join(values)}"
    n = len(values) if kind == "rating" and values else len(rows)
    thing = first["thing"]
    things = say.count_of(n, _ONE.get(thing) or kind, _SEVERAL.get(thing, ""))
    if kind == "rating" and not values:
        return f"{things} named, none rated"
    answered, promised = (
        sum(replies[row["row_id"], reply] for row in rows) for reply in ("response", "commitment")
    )
    answer = f", {answered} answered" if answered else ""
    answer += f" with {say.count_of(promised, 'commitment')}" if promised else ""
    counts = joins.tally(values, [*scale.get(first["framework_id"], []), *say.POLARITIES])
    said = {"things": things, "counts": counts, "answered": answer, "asked_in": first["asked_in"]}
    return _SAYS[kind].format(**said)
