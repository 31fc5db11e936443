"""Everything that is known of an Area and of its line, in the order of time: counts of its facts.

The period of the data, the fieldwork, the publication and the promises are four different dates and
stand in four different places. Between two frameworks or two units stands a break, and nothing
joins the two sides: what comes later is not a trend of what came before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import pandas as pd

from hmcpsi_data.record.areas import days, find_area, lineage
from hmcpsi_data.record.facts import joined_facts
from hmcpsi_data.record.filters import Wanted, among, choose, meant, one_of, only
from hmcpsi_data.record.filters import search as containing
from hmcpsi_data.record.joins import DATED, SEPARATOR, joined_cells, placed, records, scales, tally
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
        A name or an identifier, as for `find_area`. Without it, the events of all Areas, among
        which no breaks are marked.
    framework, speaker, tier, basis, search, record
        As for `facts`, which says what is raised; a search looks into the rows behind a count too.
    theme : str or list of str, optional
        Only what is linked to these themes: the events then count those rows alone.
    kind : str or list of str, optional
        Kinds of event: data, fieldwork, publication, rating, direction (of travel, a rated word of
        2007), request, follow_up, promise, finding, comparison (the inspectorate's own), method,
        number (found by an inspection), context (a figure that is not) or borders.
    relatives : {"line", "family", "none"}
        Whether the events of its predecessors and successors are there as well, or those of its
        whole family (the Areas that share a predecessor or a successor with it), or none of them.

    Returns
    -------
    pandas.DataFrame
        One row per event, ordered by the last day that its date can mean, so that a year stands
        after its months; all columns are strings. What an event counts stands at the date that it
        has in `facts`, and `date_kind` says of what that is the date. Where the next event belongs
        to another framework or another Area, a row of the kind ``break`` stands between them and
        says which in `what`. `relation` says how the Area of the event is related to the one that
        was asked for; `area_ids` are all Areas that take part in it. `table` and `row_ids` name the
        rows that an event counts or is, `behind` tells what those that it counts say. A
        contradicted rating is an event of its own, with the other side in `says_otherwise`.

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
    everything = _by_kind(record.once(joined_facts))
    stated = _by_kind(only(record.once(joined_facts), {"theme_ids": themes}))
    requests = [row for kind in REQUESTS for row in everything[kind]]
    events = [
        _ratings(stated["rating"], record),
        _requests([row for kind in REQUESTS for row in stated[kind]], everything),
        _follow_ups(stated["progress"], requests, record),
        _promises(stated["commitment"], record),
        *(_counts(kind, stated[kind]) for kind in ("direction", "comparison", "finding", "method")),
        _numbers(stated["measure"], everything, record),
    ]
    if themes is None:
        events = [
            _borders(everything["lineage"], record),
            _dates(everything["inspection"], record),
            *events,
        ]
    rows = pd.DataFrame(chain.from_iterable(events), columns=_COLUMNS)
    places = {row["row_id"]: n for n, row in enumerate(everything["inspection"])}
    rows["_last"] = [_last(date) for date in rows["date_to"]]
    rows["_place"] = rows["inspection_id"].map(places).fillna(-1)
    rows["_kind"] = rows["kind"].map({kind: n for n, kind in enumerate(KINDS)})
    rows = rows.sort_values(["_last", "_place", "_kind"], kind="stable", ignore_index=True)
    return rows[_COLUMNS].astype("string")


def _by_kind(rows: pd.DataFrame) -> dict[str, list[_Row]]:
    """Facts by kind, with None for what is empty."""
    kinds: dict[str, list[_Row]] = defaultdict(list)
    for row in records(rows):
        kinds[row["kind"]].append(row)
    return kinds


def _last(date: object) -> str:
    """The last day that a date can mean; what has no date comes last."""
    return days(date).last.isoformat() if isinstance(date, str) else "9999"


def _grouped(rows: Iterable[_Row], *columns: str) -> Iterator[list[_Row]]:
    """Rows that have these columns, their inspection, source and speaker in common."""
    groups = defaultdict(list)
    for row in rows:
        keys = (*columns, "inspection_id", "source_id", "speaker")
        groups[tuple(row.get(key) for key in keys)].append(row)
    yield from groups.values()


def _event(kind: str, what: str, rows: Sequence[_Row], **more: Any) -> _Row:
    """One event that counts facts; it stands where the first of them does."""
    first = rows[0]
    known = all(row["locator"] for row in rows)
    event = first | {
        "kind": kind,
        "what": what,
        "area_ids": first["area_id"],
        "basis": joined_cells(row["basis"] for row in rows),
        "locator": merged(row["locator"] for row in rows) if known else None,
        "theme_ids": joined_cells(row["theme_ids"] for row in rows),
        "row_ids": SEPARATOR.join(row["row_id"] for row in rows),
    }
    if "behind" not in more:
        event["behind"] = SEPARATOR.join(map(_said, rows))
    return event | _when(*(first[column] for column in DATED)) | more


def _when(date: str | None, first: str | None, precision: str | None, kind: str | None) -> _Row:
    last = date and date.rpartition(" to ")[2]
    dates = {"date_from": first, "date_to": last, "precision": precision, "date_kind": kind}
    return dates | {"when": date or "not dated"}


def _said(row: _Row) -> str:
    """What a fact says, in a line."""
    if row["kind"] in ("rating", "direction", "measure"):
        return row["text"]
    if row["kind"] == "progress":
        return f"Progress on {row['text']}: {row['value']}"
    of_kind = row["kind"] in (*REQUESTS, "response")
    word = FACTS[row["kind"]] if of_kind else (row["value"] or row["kind"]).replace("_", " ")
    return f"{word.capitalize()}: {row['text']}"


def _several(rows: Sequence[_Row], kind: str) -> str:
    """How many requests of a kind these are."""
    one = REQUESTS[kind]
    first, *rest = one.split(" ")
    return count_of(len(rows), one, " ".join([f"{first}s", *rest]))


def _ratings(rows: list[_Row], record: Record) -> Iterator[_Row]:
    words = scales(record)
    critical = record.table("aspects").query("is_critical == True")["aspect_id"].tolist()
    for row in rows:
        if row["basis"] == "contradicted":
            other = row["says_otherwise"]
            other = f" (another source says {other})" if other else ""
            what = f"{row['text']}, contradicted{other}: not counted"
            yield _event("rating", what, [row])
    for group in _grouped((row for row in rows if row["basis"] != "contradicted"), "level"):
        level, order = group[0]["level"], words.get(group[0]["framework_id"], [])
        rated = [row for row in group if row["value"]]
        named = (level.replace("_", " "), PLURALS[level])
        if not rated:
            what = f"{count_of(len(group), *named)} named, none rated"
        elif level == "overall":
            what = f"Overall: {', '.join(row['value'] for row in rated)}"
        else:
            counts = tally((row["value"] for row in rated), order)
            what = f"{count_of(len(rated), *named)}: {counts}"
            few = [row["value"] for row in rated if row["aspect_id"] in critical]
            if 0 < len(few) < len(rated):
                what += f"; of {len(few)} critical: {tally(few, order)}"
        yield _event("rating", what, group)


def _requests(rows: list[_Row], everything: dict[str, list[_Row]]) -> Iterator[_Row]:
    """Requests, with how many of them were answered, and with how many commitments."""
    replies: dict[str, list[_Row]] = defaultdict(list)
    for row in [*everything["response"], *everything["commitment"]]:
        replies[row["answers"]].append(row)
    for group in _grouped(rows, "kind"):
        what = _several(group, group[0]["kind"])
        answered = [row for row in group if replies[row["row_id"]]]
        given = [reply for row in group for reply in replies[row["row_id"]]]
        if given:
            n = sum(row["kind"] == "commitment" for row in given)
            what += f", {len(answered)} answered"
            what += f" with {count_of(n, 'commitment')}" if n else ""
        behind = SEPARATOR.join(map(_said, [*group, *given]))
        yield _event("request", what, group, behind=behind)


def _follow_ups(rows: list[_Row], requests: list[_Row], record: Record) -> Iterator[_Row]:
    words = scales(record)
    asked = {row["row_id"]: row for row in requests}
    rows = [row | {"asked": asked[row["row_id"]]} for row in rows]
    rows = [row | {"of": (row["asked"]["inspection_id"], row["asked"]["kind"])} for row in rows]
    for group in _grouped(rows, "of", "date"):
        request = group[0]["asked"]
        counts = tally((row["value"] for row in group), words.get(group[0]["framework_id"], []))
        of = f"{_several(group, request['kind'])} of {request['framework']}"
        yield _event("follow_up", f"Progress on {of}: {counts}", group)


def _promises(rows: list[_Row], record: Record) -> Iterator[_Row]:
    commitments = record.table("commitments")
    printed = dict(zip(commitments["commitment_id"], commitments["date_as_printed"], strict=True))
    for row in rows:
        if row["date_kind"] == "stated":  # one without a date is counted with what it answers
            state = STATES.get(row["value"], "promised").capitalize()
            shown = printed.get(row["row_id"])
            what = f"{state}: {row['text']}{f' (printed: {shown})' if pd.notna(shown) else ''}"
            yield _event("promise", what, [row])


def _counts(kind: str, rows: list[_Row]) -> Iterator[_Row]:
    """Statements of one kind, of which an event says how many there are, and of which words."""
    for group in _grouped(rows):
        n, words = len(group), tally((row["value"] for row in group), POLARITIES)
        yield _event(
            kind,
            {
                "direction": f"Direction of travel of {count_of(n, 'aspect')}: {words}",
                "comparison": f"{count_of(n, 'comparison')} by the inspectorate itself",
                "finding": f"{count_of(n, 'finding')} in words: {words}",
                "method": f"{count_of(n, 'statement')} on how it was done and its limits",
            }[kind],
            group,
        )


def _numbers(rows: list[_Row], everything: dict[str, list[_Row]], record: Record) -> Iterator[_Row]:
    inspections = {row["row_id"]: row for row in everything["inspection"]}
    requests = {row["row_id"]: row for kind in REQUESTS for row in everything[kind]}
    followed = {
        row["inspection_id"]: requests[row["row_id"]]["inspection_id"]
        for row in everything["progress"]
    }
    measures = {row["measure_id"]: row for row in records(record.table("measures"))}
    for row in rows:
        printed = measures[row["row_id"]]
        if not printed["area_id"]:
            continue
        about = ", ".join(filter(None, (printed["describes"], printed["casework"])))
        what = (
            f"{row['what']}{f' ({about})' if about else ''}{row['text'].removeprefix(row['what'])}"
        )
        what += f" ({printed['comparator']})" if printed["comparator"] else ""
        undated = printed["period"] and not printed["period_to"]
        what += f", {printed['period']}" if undated else ""
        kind = "number" if printed["framework_id"] else "context"
        event = _event(kind, what, [row], behind=None)
        before = inspections.get(followed.get(row["inspection_id"], ""))
        if before and printed["period_to"] and _last(printed["period_to"]) <= _last(before["date"]):
            # what a follow-up counts of the inspection that it follows up
            event |= {column: before[column] for column in _OF_FRAMEWORK}
        yield event


def _borders(changes: list[_Row], record: Record) -> Iterator[_Row]:
    areas, pairs = record.table("areas"), records(record.table("area_lineage"))
    names = dict(zip(areas["area_id"], areas["name"], strict=True))
    came = [pair["successor_id"] for pair in pairs]
    first = areas[areas["kind"].eq("area") & ~areas["area_id"].isin(came)]
    begun = first.assign(
        inspection_id=None, framework_id=None, table="areas", row_id=first["area_id"],
        theme_ids="", date=first["valid_from"], date_from=first["valid_from"],
        date_precision=first["valid_from_precision"], date_kind="stated",
    )  # fmt: skip
    for row in records(placed(begun, record)):
        yield _event("borders", "Began as an Area", [row], behind=None)
    for change, pair in zip(changes, pairs, strict=True):
        # A merger is one event of its successor, a division one of its predecessor.
        ends = [pair["successor_id"], pair["predecessor_id"]]
        change["one"], change["other"] = ends[::-1] if pair["event"] == "divided" else ends
        change["quality"] = pair["quality"]
    for group in _grouped(changes, "one", "date", "value", "quality"):
        one, event = group[0]["one"], group[0]["value"]
        others = listed([names[row["other"]] for row in group])
        what = f"{others} {event} into {names[one]}"
        what = f"{names[one]} divided into {others}" if event == "divided" else what
        if group[0]["quality"] == "secondary":
            what += " (by elimination or at second hand)"
        ids = SEPARATOR.join([one, *(row["other"] for row in group)])
        of = {"area_id": one, "area": names[one], "area_ids": ids, "row_ids": ids}
        yield _event("borders", what, group, behind=None, **of)


def _dates(rows: list[_Row], record: Record) -> Iterator[_Row]:
    """The three dates of each inspection, each with its own source."""
    inspections = {row["inspection_id"]: row for row in records(record.table("inspections"))}
    tiers = record.table("sources").set_index("source_id")["tier"].to_dict()
    for fact in rows:
        row = inspections[fact["row_id"]]
        row |= {"publication_from": row["published"], "publication_to": row["published"]}
        parts = ("precision", "basis", "locator")
        row |= {f"publication_{part}": row[f"published_{part}"] for part in parts}
        absent = [words.lower() for which, words in _DATES.items() if not row[f"{which}_to"]]
        found = [which for which in _DATES if row[f"{which}_to"]]
        for which in found:
            first, last, precision, basis, locator = (
                row[f"{which}_{part}"] for part in ("from", "to", *parts)
            )
            source = row["published_source_id"] if which == "publication" else row["source_id"]
            speaker = row["speaker"] if source == row["source_id"] else tiers.get(source)
            what, date_kind = _DATES[which], which
            if which == "fieldwork" and precision == "year" and basis == "inferred":
                what, date_kind = "Year of the assessment, as fieldwork", "assessment"
            if which == "fieldwork" and row["files_examined"]:
                what += f", {row['files_examined']} files examined"
            if which == found[-1] and absent:
                what += f"; {listed(absent)} not found"
            date = first if first == last else f"{first} to {last}"
            yield _event(which, what, [fact], behind=None) | {
                **_when(date, first, precision, date_kind),
                "basis": basis,
                "speaker": "project" if basis in _OURS else speaker,
                "source_id": source,
                "tier": tiers.get(source),
                "locator": locator,
            }
        if not found:
            what = "Inspection, of which no date was found"
            yield _event("fieldwork", what, [fact], **_when(None, None, None, None))
