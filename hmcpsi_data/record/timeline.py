"""Everything that is known of an Area and of its line, in the order of time.

The period of the data, the fieldwork, the publication and the promises are four different dates and
stand in four different places. Between two frameworks or two units stands a break, and nothing
joins the two sides: what comes later is not a trend of what came before.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import pandas as pd

from hmcpsi_data.record.areas import days, find_area, lineage
from hmcpsi_data.record.filters import (
    Wanted,
    among,
    choose,
    folded,
    linked,
    looks_for,
    matching,
    one_of,
    only,
    watched_column,
)
from hmcpsi_data.record.joins import SEPARATOR, joined_cells, theme_ids
from hmcpsi_data.record.ratings import joined_ratings
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.locators import merged
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import (
    KINDS as ACTION_KINDS,
)
from hmcpsi_data.words import (
    MISSING,
    PLURALS,
    POLARITIES,
    STATES,
    count_of,
    listed,
    number_in_words,
)

__all__ = ["KINDS", "RELATIVES", "timeline"]

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
"""Kinds of event, in the order in which those of one day stand."""

RELATIVES = {
    "line": "its predecessors and successors",
    "family": "its whole family",
    "none": "no others",
}
"""Whose events are shown beside those of the Area itself."""

_OF = {
    "none": ["self"],
    "line": ["self", "predecessor", "successor"],
    "family": ["self", "predecessor", "successor", "sibling"],
}
_COLUMNS = [
    "when", "precision", "date_kind", "kind", "area", "what", "framework", "round", "date_from",
    "date_to", "area_id", "area_ids", "framework_id", "inspection_id", "basis", "speaker", "tier",
    "source_id", "locator", "table", "row_ids", "behind", "theme_ids",
]  # fmt: skip
_OF_ROW = ["source_id", "locator", "basis", "speaker"]
_DATES = {"data": "period of the data", "fieldwork": "fieldwork", "publication": "publication"}
_OURS = ("inferred", "derived")
_ACTIONS = {
    "recommendation": ("recommendation", "recommendations"),
    "aspect_for_improvement": ("aspect for improvement", "aspects for improvement"),
    "issue": ("issue to address", "issues to address"),
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
        A name or an identifier, as for `find_area`. Without it, the events of all Areas, among
        which no breaks are marked.
    framework : str or list of str, optional
        Only what was found under these frameworks, as for `ratings`.
    theme : str or list of str, optional
        Only what is linked to these themes: the events then count those rows alone.
    kind : str or list of str, optional
        Kinds of event: data, fieldwork, publication, rating, direction (of travel, a rated word of
        2007), request, follow_up, promise, finding, comparison (the inspectorate's own), method,
        number (found by an inspection), context (a figure that is not) or borders.
    speaker, tier, basis : str or list of str, optional
        Who says it, whose publication it stands in, and how the source carries it, as for
        `ratings`.
    relatives : {"line", "family", "none"}
        Whether the events of its predecessors and successors are there as well, or those of its
        whole family (the Areas that share a predecessor or a successor with it), or none of them.
    search : str
        Words that stand anywhere in the event, or in the rows behind a count, in any order.
    record : Record or path, optional
        Another data folder than the shipped one.

    Returns
    -------
    pandas.DataFrame
        One row per event, ordered by the last day that its date can mean, so that a year stands
        after its months; all columns are strings. Ratings, findings, recommendations and issues
        stand at the publication of their inspection or, where that is not known, at its fieldwork:
        `date_kind` says which (publication, fieldwork, data, or stated by the text itself).

        Where the next event belongs to another framework or another Area than the one before, a row
        of the kind ``break`` stands between them and says which in `what`. `relation` says how the
        Area of the event is related to the one that was asked for; `area_ids` are all Areas that
        take part in it. `table` and `row_ids` name the rows that an event counts or is, `behind`
        tells what those that it counts say.

    Raises
    ------
    UnknownValueError, AmbiguousAreaError
        Where the Area, a kind or a choice is not known.

    Examples
    --------
    >>> events = timeline("Leicestershire", kind=["rating", "borders"])
    >>> for when, what in events[["when", "what"]].fillna("").values[:4]:
    ...     print(f"{when:10} {what}")
    1999-04-01 Began as an Area
    2006-03-14 Overall: Fair
    2006-03-14 14 aspects: Poor 1, Fair 4, Good 7, Excellent 2; of 5 critical: Fair 1, Good 4
               break: other framework (OPA 2005-06, then OPA 2007): not a trend
    """
    record = as_record(record)
    relatives = one_of("relatives", relatives, RELATIVES, "help(timeline)")
    wanted = {
        "framework_id": choose("framework", framework, record),
        "kind": among("kind", kind, KINDS, "help(timeline)"),
        "speaker": choose("speaker", speaker, record),
    }
    tiers, bases = choose("tier", tier, record), choose("basis", basis, record)
    themes = choose("theme", theme, record)
    area_id = None if area is None else find_area(area, record=record)
    rows = record.once(_all_events) if themes is None else _events(record, themes)
    texts = record.once(_event_texts) if themes is None and looks_for(search) else None
    if area_id is None:
        rows = rows.assign(relation=pd.array([None] * len(rows), dtype="string"))
    else:
        rows = _about(rows, area_id, relatives, record)
    rows = linked(linked(only(rows, wanted), tiers, "tier"), bases, "basis")
    if looks_for(search):
        texts = folded(rows) if texts is None else texts.loc[rows.index]
        rows = rows[matching(texts, search)]
    rows = rows.reset_index(drop=True)
    return rows if area_id is None else _broken(rows)


def _about(rows: pd.DataFrame, area_id: str, relatives: str, record: Record) -> pd.DataFrame:
    """The events of an Area and of its relatives, each with how its Area is related."""
    kin = lineage(area_id, record)
    relations = dict(zip(kin["area_id"], kin["relation"], strict=True))
    wanted = {one for one, relation in relations.items() if relation in _OF[relatives]}
    shared = [not wanted.isdisjoint(ids.split(SEPARATOR)) for ids in rows["area_ids"]]
    rows = rows.loc[shared]
    related = [relations.get(one) for one in rows["area_id"]]
    return rows.assign(relation=pd.array(related, dtype="string"))


# Breaks -----------------------------------------------------------------------------------------


def _broken(rows: pd.DataFrame) -> pd.DataFrame:
    """The events with a row for each break between them."""
    breaks = dict(_breaks(rows))
    if not breaks:
        return rows
    told = pd.DataFrame({"what": breaks.values()}, dtype="string").reindex(columns=rows.columns)
    told = told.astype("string").assign(kind="break", basis="derived", speaker="project")
    both = pd.concat([told.set_axis(list(breaks), axis=0), rows]).astype("string")
    return both.sort_index(kind="stable", ignore_index=True)


def _breaks(rows: pd.DataFrame) -> Iterator[tuple[int, str]]:
    """The rows before which a framework or a unit changes, and the words of the break."""
    columns = [rows[c].tolist() for c in ("framework_id", "area_id", "framework", "area")]
    inspected = rows["inspection_id"].notna().tolist()
    before = None
    for n, now in enumerate(zip(*columns, strict=True)):
        if not inspected[n]:
            continue
        if before is not None and now[:2] != before[:2]:
            other = [
                f"other {what} ({before[2 + side]}, then {now[2 + side]})"
                for side, what in enumerate(("framework", "unit"))
                if now[side] != before[side]
            ]
            yield n, f"break: {', '.join(other)}: not a trend"
        before = now


# Events -----------------------------------------------------------------------------------------


def _all_events(record: Record) -> pd.DataFrame:
    return _events(record, None)


def _event_texts(record: Record) -> pd.Series:
    return folded(record.once(_all_events))


def _events(record: Record, themes: list[str] | None) -> pd.DataFrame:
    """The events of all Areas in the order of time; those that count rows of themes, if asked."""
    tables = _Tables(record, themes)
    makers = [_ratings, _directions, _requests, _follow_ups, _promises, _findings, _numbers,
              _methods]  # fmt: skip
    if themes is None:
        makers = [_borders, _dates, *makers]
    events = list(chain.from_iterable(make(tables) for make in makers))
    rows = pd.DataFrame(events, columns=[*_COLUMNS, "place"])
    rows["last"] = [_last(date) for date in rows["date_to"]]
    rows["order"] = rows["kind"].map({kind: n for n, kind in enumerate(KINDS)})
    rows = rows.sort_values(["last", "place", "order"], kind="stable", ignore_index=True)
    return rows[_COLUMNS].astype("string")


def _last(date: object) -> str:
    """The last day that a date can mean; what has no date comes last."""
    return days(date).last.isoformat() if isinstance(date, str) else "9999"


class _Tables:
    """The tables as records without empty cells, and how an event is made of them."""

    def __init__(self, record: Record, themes: list[str] | None) -> None:
        self.record = record
        self.themes = themes
        self.areas = {row["area_id"]: row["name"] for row in self.rows("areas")}
        self.frameworks = {row["framework_id"]: row for row in self.rows("frameworks")}
        self.tiers = {row["source_id"]: row["tier"] for row in self.rows("sources")}
        self.inspections: dict[str, _Row] = {}
        for place, row in enumerate(self.rows("inspections")):
            self.inspections[row["inspection_id"]] = row | {"place": place}
        scales = record.table("scales").sort_values("rank", kind="stable")
        self.scales = scales.groupby("scale_id", sort=False)["value"].agg(list).to_dict()

    def rows(self, name: str) -> list[_Row]:
        """The rows of a table."""
        return _records(self.record.table(name))

    def stated(self, name: str, frame: pd.DataFrame | None = None) -> list[_Row]:
        """The rows of a table that can be linked to a theme, of the wanted themes alone."""
        frame = self.record.table(name) if frame is None else frame
        frame = frame.assign(theme_ids=theme_ids(name, frame[_key(name)], self.record))
        return _records(linked(frame, self.themes))

    def event(self, kind: str, what: str, inspection: str | None, **more: Any) -> _Row:
        """One event; without dates of its own it stands where its inspection does."""
        of = self.inspections.get(inspection or "", {})
        framework = self.frameworks.get(of.get("framework_id", ""), {})
        area_id = more.pop("area_id", None) or of.get("area_id")
        if "date_from" not in more:
            more |= _anchor(of)
        row = dict.fromkeys(_COLUMNS) | {
            "kind": kind,
            "what": what,
            "area": self.areas.get(area_id),
            "area_id": area_id,
            "area_ids": area_id,
            "framework": framework.get("short_title"),
            "framework_id": framework.get("framework_id"),
            "round": framework.get("round"),
            "inspection_id": inspection,
            "place": of.get("place", -1),
            "theme_ids": "",
            **more,
        }
        if not row["table"]:
            row["table"], row["row_ids"] = "inspections", inspection
        row["tier"] = self.tiers.get(row["source_id"])
        known = [date for date in dict.fromkeys((row["date_from"], row["date_to"])) if date]
        row["when"] = " to ".join(known) or "not dated"
        return row

    def told(
        self, kind: str, what: str, inspection: str, rows: Sequence[tuple[str, _Row]], **more: Any
    ) -> _Row:
        """One event that counts rows of one table; rows of others are told with them."""
        name = rows[0][0]
        counted = [row for one, row in rows if one == name]
        behind = SEPARATOR.join(_SAID[one](row) for one, row in rows)
        cited = _cited(counted) | _rows_of(name, counted)
        return self.event(kind, what, inspection, **more, **cited, behind=behind)

    def counts(self, rows: Sequence[_Row], column: str, inspection: str) -> str:
        """Counts of the words of one scale, the lowest first."""
        scale = self.frameworks[self.inspections[inspection]["framework_id"]]["scale_id"]
        n = Counter(row[column] for row in rows)
        return ", ".join(f"{word} {n[word]}" for word in self.scales.get(scale, []) if n[word])


def _records(frame: pd.DataFrame) -> list[_Row]:
    """Rows as dictionaries, with None for what is empty."""
    return frame.astype(object).where(frame.notna(), None).to_dict("records")  # type: ignore[return-value]


def _key(name: str) -> str:
    return table(name).primary_key[0]


def _anchor(inspection: _Row) -> _Row:
    """Where in time an inspection stands: its publication, else its fieldwork, else its data."""
    if inspection.get("published"):
        date = inspection["published"]
        return _dated(date, date, inspection["published_precision"], "publication")
    for which in ("fieldwork", "data"):
        if inspection.get(f"{which}_to"):
            dates = [inspection[f"{which}_{part}"] for part in ("from", "to", "precision")]
            return _dated(dates[0], dates[1], dates[2], which)
    return _dated(None, None, None, None)


def _dated(first: Any, last: Any, precision: Any, kind: str | None) -> _Row:
    return {"date_from": first, "date_to": last, "precision": precision, "date_kind": kind}


def _cited(rows: Sequence[_Row]) -> _Row:
    """Source, lines, basis and speaker of rows that share all but their lines, and their themes."""
    known = all(row["locator"] for row in rows)
    return {
        "source_id": rows[0]["source_id"],
        "speaker": rows[0]["speaker"],
        "basis": SEPARATOR.join(dict.fromkeys(row["basis"] for row in rows)),
        "locator": merged(row["locator"] for row in rows) if known else None,
        "theme_ids": joined_cells(row.get("theme_ids") for row in rows),
    }


def _rows_of(name: str, rows: Sequence[_Row]) -> _Row:
    """The table of rows, and their keys."""
    key = _key(name)
    return {"table": name, "row_ids": SEPARATOR.join(str(row[key]) for row in rows)}


def _grouped(rows: Iterable[_Row], *columns: str) -> Iterator[list[_Row]]:
    """Rows that have these columns, their source and their speaker in common."""
    groups = defaultdict(list)
    for row in rows:
        groups[tuple(row[key] for key in (*columns, "source_id", "speaker"))].append(row)
    yield from groups.values()


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
            cited = {column: area[column] for column in _OF_ROW} | _rows_of("areas", [area])
            begun = area["valid_from"]
            dates = _dated(begun, begun, area["valid_from_precision"], "stated")
            yield tables.event(
                "borders", "Began as an Area", None, area_id=area["area_id"], **dates, **cited
            )
    for rows in _grouped(pairs, "one", "date", "event", "quality"):
        first = rows[0]
        one = tables.areas[first["one"]]
        others = listed([tables.areas[row["other"]] for row in rows])
        what = f"{others} {first['event']} into {one}"
        if first["event"] == "divided":
            what = f"{one} divided into {others}"
        if first["quality"] == "secondary":
            what += " (by elimination or at second hand)"
        ids = SEPARATOR.join([first["one"], *(row["other"] for row in rows)])
        dates = _dated(first["date"], first["date"], first["date_precision"], "stated")
        yield tables.event(
            "borders",
            what,
            None,
            area_id=first["one"],
            area_ids=ids,
            **dates,
            **_cited(rows),
            table="area_lineage",
            row_ids=ids,
        )


def _dates(tables: _Tables) -> Iterator[_Row]:
    for key, row in tables.inspections.items():
        known = {"data": row["data_to"], "fieldwork": row["fieldwork_to"]}
        known["publication"] = row["published"]
        absent = [words for which, words in _DATES.items() if not known[which]]
        unknown = f"; {listed(absent)} not found" if absent else ""
        found = [which for which in _DATES if known[which]]
        if not found:
            cited = {column: row[column] for column in _OF_ROW}
            yield tables.event("fieldwork", "Inspection, of which no date was found", key, **cited)
        for which in found:
            if which == "publication":
                dates = [row["published"], row["published"], row["published_precision"]]
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
                **_dated(dates[0], dates[1], dates[2], which),
                basis=basis,
                speaker="project" if basis in _OURS else speaker,
                source_id=source,
                locator=lines,
            )


def _ratings(tables: _Tables) -> Iterator[_Row]:
    labels = {row["aspect_id"]: row["label"] for row in tables.rows("aspects")}
    frame = tables.record.once(joined_ratings)
    places = {row["rating_id"]: n for n, row in enumerate(tables.rows("ratings"))}
    rows = sorted(tables.stated("ratings", frame), key=lambda row: places[row["rating_id"]])
    for row in rows:
        if row["basis"] == "contradicted":
            what = f"{labels[row['aspect_id']]}: {row['rating']}, contradicted: not counted"
            yield tables.told("rating", what, row["inspection_id"], [("ratings", row)])
    counted = [row for row in rows if row["basis"] != "contradicted"]
    for group in _grouped(counted, "inspection_id", "level"):
        level, key = group[0]["level"], group[0]["inspection_id"]
        rated = [row for row in group if row["rating"]]
        words = (level.replace("_", " "), PLURALS[level])
        if not rated:
            what = f"{count_of(len(group), *words)} named, none rated"
        elif level == "overall":
            what = f"Overall: {', '.join(row['rating'] for row in rated)}"
        else:
            what = f"{count_of(len(rated), *words)}: {tables.counts(rated, 'rating', key)}"
            critical = [row for row in rated if row["is_critical"]]
            if 0 < len(critical) < len(rated):
                counts = tables.counts(critical, "rating", key)
                what += f"; of {len(critical)} critical: {counts}"
        yield tables.told("rating", what, key, [("ratings", row) for row in group])


def _directions(tables: _Tables) -> Iterator[_Row]:
    labels = {row["aspect_id"]: row["label"] for row in tables.rows("aspects")}
    for rows in _grouped(tables.stated("directions"), "inspection_id"):
        n = Counter(row["direction"] for row in rows)
        counts = ", ".join(f"{word} {n[word]}" for word in n)
        what = f"Direction of travel of {count_of(len(rows), 'aspect')}: {counts}"
        told = [("directions", row | {"label": labels.get(row["aspect_id"])}) for row in rows]
        yield tables.told("direction", what, rows[0]["inspection_id"], told)


def _requests(tables: _Tables) -> Iterator[_Row]:
    watched = watched_column(tables.record)
    answers = {row["action_id"]: row for row in tables.rows("responses")}
    promised = defaultdict(list)
    for row in tables.rows("commitments"):
        promised[row["response_id"]].append(row)
    for rows in _grouped(tables.stated("actions"), "inspection_id", "kind"):
        what = count_of(len(rows), *_ACTIONS[rows[0]["kind"]])
        told: list[tuple[str, _Row]] = []
        n_given, n = 0, 0
        for row in rows:
            told.append(("actions", row))
            answer = answers.get(row["action_id"])
            if answer is not None:
                more = {"asked": row["kind"], "monitored_by": answer[watched]}
                told.append(("responses", answer | more))
                parts = promised[answer["response_id"]]
                told += [("commitments", one) for one in parts]
                n_given, n = n_given + 1, n + len(parts)
        if n_given:
            what += f", {n_given} answered"
            what += f" with {count_of(n, 'commitment')}" if n else ""
        yield tables.told("request", what, rows[0]["inspection_id"], told)


def _follow_ups(tables: _Tables) -> Iterator[_Row]:
    rated = [row for row in tables.stated("actions") if row["follow_up_inspection_id"]]
    rated = [row for row in rated if row["progress"]]
    keys = ("follow_up_inspection_id", "inspection_id", "kind", "progress_as_at")
    for rows in _grouped(rated, *keys):
        first = rows[0]
        key = first["follow_up_inspection_id"]
        asked = tables.inspections[first["inspection_id"]]["framework_id"]
        asked = tables.frameworks[asked]["short_title"]
        counts = tables.counts(rows, "progress", key)
        what = f"Progress on {count_of(len(rows), *_ACTIONS[first['kind']])} of {asked}: {counts}"
        date, dates = first["progress_as_at"], {}
        if date:
            dates = _dated(date, date, first["progress_as_at_precision"], "stated")
        told = [("actions", row | {"followed_up": asked}) for row in rows]
        yield tables.told("follow_up", what, key, told, **dates)


def _promises(tables: _Tables) -> Iterator[_Row]:
    for row in tables.stated("commitments"):
        if row["date"]:  # one without a date is counted with the issue that it answers
            dates = _dated(row["date"], row["date"], row["date_precision"], "stated")
            what, told = _commitment(row), [("commitments", row)]
            yield tables.told("promise", what, row["inspection_id"], told, **dates)


def _findings(tables: _Tables) -> Iterator[_Row]:
    everything = tables.stated("findings")
    compared = [row for row in everything if row["kind"] == "comparison"]
    for rows in _grouped(compared, "inspection_id"):
        what = f"{count_of(len(rows), 'comparison')} by the inspectorate itself"
        told = [("findings", row) for row in rows]
        yield tables.told("comparison", what, rows[0]["inspection_id"], told)
    plain = [row for row in everything if row["kind"] != "comparison"]
    for rows in _grouped(plain, "inspection_id"):
        n = Counter(row["polarity"] for row in rows)
        order = list(dict.fromkeys([*POLARITIES, *n]))
        words = ", ".join(f"{polarity} {n[polarity]}" for polarity in order if n[polarity])
        what = f"{count_of(len(rows), 'finding')} in words: {words}"
        told = [("findings", row) for row in rows]
        yield tables.told("finding", what, rows[0]["inspection_id"], told)


def _methods(tables: _Tables) -> Iterator[_Row]:
    for rows in _grouped(tables.stated("methods"), "inspection_id"):
        what = f"{count_of(len(rows), 'statement')} on how it was done and its limits"
        told = [("methods", row) for row in rows]
        yield tables.told("method", what, rows[0]["inspection_id"], told)


def _numbers(tables: _Tables) -> Iterator[_Row]:
    followed = {
        row["follow_up_inspection_id"]: row["inspection_id"]
        for row in tables.rows("actions")
        if row["follow_up_inspection_id"]
    }
    for row in tables.stated("measures"):
        if not row["area_id"]:
            continue
        key, before = row["inspection_id"], followed.get(row["inspection_id"])
        if before and row["period_to"] and _of_before(row["period_to"], tables.inspections[before]):
            key = before  # what a follow-up counts of the inspection that it follows up
        about = ", ".join(filter(None, (row["describes"], row["casework"])))
        what = f"{row['subject']}{f' ({about})' if about else ''}: {number_in_words(row)}"
        what += f" ({row['comparator']})" if row["comparator"] else ""
        what += f", {row['period']}" if row["period"] and not row["period_to"] else ""
        dates = {}
        if row["period_to"]:
            last, precision = row["period_to"], row["period_precision"]
            dates = _dated(row["period_from"], last, precision, "stated")
        kind = "number" if row["framework_id"] else "context"
        cited = _cited([row]) | _rows_of("measures", [row])
        yield tables.event(kind, what, key, area_id=row["area_id"], **dates, **cited)


def _of_before(date: str, inspection: _Row) -> bool:
    """Whether a date lies no later than where an inspection stands."""
    stands = _anchor(inspection)["date_to"]
    return stands is not None and days(date).last <= days(stands).last


# What a row says, in a line, where the rows behind a count are listed --------------------------


def _rating(row: _Row) -> str:
    critical = "critical " if row["is_critical"] else ""
    label, level = row["aspect"], row["level"].replace("_", " ")
    about = "" if level == "overall" else f" ({critical}{level})"
    doubted = ", contradicted: not counted" if row["basis"] == "contradicted" else ""
    word = row["rating"] or MISSING[row["missing"]]
    return f"{label[:1].upper()}{label[1:]}{about}: {word}{doubted}"


def _action(row: _Row) -> str:
    number = f" {row['number']}" if row["number"] is not None else ""
    asked = f"{ACTION_KINDS[row['kind']]}{number}"
    if "followed_up" in row:
        return f"Progress on {asked} of {row['followed_up']} ({row['topic']}): {row['progress']}"
    return f"{asked[0].upper()}{asked[1:]}: {row['topic']}"


def _response(row: _Row) -> str:
    number = f" {row['number']}" if row["number"] is not None else ""
    watched = f"; watched by {row['monitored_by']}" if row["monitored_by"] else ""
    state = f" ({STATES[row['state']]})" if row["state"] else ""
    asked = ACTION_KINDS[row["asked"]].removesuffix(" to address")
    return f"Answer to {asked}{number}: {row['summary']}{state}{watched}"


def _commitment(row: _Row) -> str:
    printed = f" (printed: {row['date_as_printed']})" if row["date_as_printed"] else ""
    return f"{STATES.get(row['state'], 'promised').capitalize()}: {row['what']}{printed}"


def _finding(row: _Row) -> str:
    claim = ", against: ".join(filter(None, (row["direction"], row["comparator"])))
    return f"{row['polarity'].capitalize()}: {row['subject']}{f' ({claim})' if claim else ''}"


def _direction(row: _Row) -> str:
    return f"{row['label']}: {row['direction']}"


def _method(row: _Row) -> str:
    return f"{row['kind'].replace('_', ' ').capitalize()}: {row['statement']}"


_SAID = {
    "ratings": _rating,
    "actions": _action,
    "responses": _response,
    "commitments": _commitment,
    "directions": _direction,
    "findings": _finding,
    "methods": _method,
}
