"""Everything that was stated, in one long table: one row a statement, with its date and its source.

The join of ratings, requests, answers, findings and numbers with their inspections stands here and
nowhere else. Themes, coverage, what recurs and the record at a glance are filters and counts of it.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from hmcpsi_data.errors import UnknownValueError
from hmcpsi_data.record.areas import refuse_if_never_met
from hmcpsi_data.record.filters import (
    Wanted,
    among,
    choose,
    folded,
    linked,
    looks_for,
    matching,
    only,
)
from hmcpsi_data.record.joins import look_up, place, round_order, span, theme_ids
from hmcpsi_data.record.ratings import joined_ratings
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import FACTS, MISSING, number_in_words

__all__ = ["REQUESTS", "facts", "joined_facts", "theme_history"]

REQUESTS = ("recommendation", "aspect_for_improvement", "issue")
"""Kinds of statement that ask for something."""

_FACTS = [
    "kind", "area_id", "area", "framework_id", "framework", "round", "inspection_id", "aspect_id",
    "level", "what", "value", "text", "theme_ids", "answers", "table", "row_id", "date",
    "date_from", "date_precision", "date_kind", "speaker", "basis", "tier", "source_id",
    "source_title", "locator",
]  # fmt: skip
_HISTORY = [
    "theme_id", "theme", "round", "framework_id", "framework", "area_id", "area", "inspection_id",
    "kind", "text", "value", "table", "row_id", "date", "date_precision", "date_kind", "speaker",
    "basis", "tier", "source_id", "source_title", "locator",
]  # fmt: skip
# what each of the tables below gives; the rest comes from the inspection and the source
_STATED = [
    "kind", "row_id", "inspection_id", "area_id", "framework_id", "aspect_id", "level", "what",
    "value", "text", "answers", "date", "date_from", "date_precision", "date_kind", "speaker",
    "basis", "source_id", "locator",
]  # fmt: skip


def facts(
    area: Wanted = None,
    framework: Wanted = None,
    theme: Wanted = None,
    kind: Wanted = None,
    round: Wanted = None,  # noqa: A002 - the field's own word
    speaker: Wanted = None,
    tier: Wanted = None,
    basis: Wanted = None,
    search: str = "",
    record: RecordLike = None,
) -> pd.DataFrame:
    """Everything that was stated, one row a statement, filtered.

    Parameters
    ----------
    area, framework, theme : str or list of str, optional
        Identifiers or names, as for `ratings`. Nothing is taken together across Areas: an Area
        does not bring its predecessors with it.
    kind : str or list of str, optional
        rating, progress, recommendation, aspect_for_improvement, issue, response, commitment,
        finding, comparison (the inspectorate's own, of one inspection with another), direction (of
        travel, a rated word of 2007 and no rating), measure, method, inspection or lineage.
    round : str or list of str, optional
        Rounds, or any year that one covers.
    speaker, tier, basis : str or list of str, optional
        Who says it, whose publication it stands in and how the source carries it, as for `ratings`.
    search : str
        Words that stand anywhere in the row, in any order.
    record : Record or path, optional
        Another data folder than the shipped one.

    Returns
    -------
    pandas.DataFrame
        In the order of the tables and of their rows; all columns are strings.

        kind
            What kind of statement it is. A request whose progress was rated gives two: the request
            under the inspection that made it, the progress under the follow-up.
        area_id, area, framework_id, framework, round, inspection_id
            Of what. `round` is the span of the framework, never the date of the statement. A figure
            of context may have none of them.
        aspect_id, level
            Of a rating (or a finding on one aspect).
        what, value
            The aspect and its rating; the request, and its progress; the answer or commitment, and
            its state; the finding, and its polarity; the number, in words. `value` is empty where a
            rating is missing, and for a request.
        text
            Both in one line.
        theme_ids
            The themes that it is linked to, joined by "; "; "" where there is none. The links are
            this project's own judgement.
        answers
            The identifier of the request that an answer, a commitment or progress belongs to.
        table, row_id
            Where the row stands.
        date, date_from, date_precision, date_kind
            When, as precise as known (a period is "2005-06 to 2005-12"), the first date of it, and
            of what that is the date: ``stated`` (a date that the text gives to this very thing),
            ``publication`` or ``fieldwork`` of the inspection, ``data`` (the period of its data),
            or ``source`` (publication of the source, where the inspection has no date).
        speaker, basis, tier, source_id, source_title, locator
            Whose word it is, how and where it is written.

    Raises
    ------
    UnknownValueError
        Where a value is not known for its filter.
    AmbiguousAreaError
        Where a name belongs to several Areas.
    AreaNotInBeingError
        Where no Area asked for was in being under any framework asked for; who was, is named.

    Examples
    --------
    >>> facts("South West", theme="disclosure", kind="issue")["what"].str.len().gt(0).tolist()
    [True]
    >>> found = facts("Leicestershire", kind="progress")
    >>> found[["value", "date", "date_precision", "date_kind"]].iloc[0].tolist()
    ['Substantial progress', '2010-07', 'month', 'stated']
    """
    record = as_record(record)
    wanted = {
        "area_id": choose("area", area, record),
        "framework_id": choose("framework", framework, record),
        "kind": among("kind", kind, FACTS, "help(facts)"),
        "round": choose("round", round, record),
        "speaker": choose("speaker", speaker, record),
        "tier": choose("tier", tier, record),
        "basis": choose("basis", basis, record),
    }
    themes = choose("theme", theme, record)
    refuse_if_never_met(wanted["area_id"], wanted["framework_id"], record)
    rows = linked(only(record.once(joined_facts), wanted), themes)
    if looks_for(search):
        rows = rows[matching(record.once(_fact_texts).loc[rows.index], search)]
    return rows.reset_index(drop=True)


def theme_history(theme: Wanted, record: RecordLike = None) -> pd.DataFrame:
    """All evidence of a theme, round by round; of several, one theme after the other.

    Parameters
    ----------
    theme : str or list of str
        Identifiers or titles of themes.
    record : Record or path, optional
        Another data folder than the shipped one.

    Returns
    -------
    pandas.DataFrame
        One row per row of ``evidence``, in the order of the rounds; what belongs to no inspection
        comes last. The columns are those of `facts`, with `theme_id` and `theme` (its title); all
        are strings. A request that a follow-up came back to is progress, in the round of the
        follow-up; `value` of any other request is its kind. Nothing in it compares one round with
        another.

    Raises
    ------
    UnknownValueError
        Where there is no such theme; the nearest are named.

    Examples
    --------
    >>> history = theme_history("custody_time_limits")
    >>> history[["round", "area", "kind", "text"]].iloc[0].tolist()
    ['2005-06', 'Leicestershire', 'rating', 'Custody time limits: Fair']
    """
    record = as_record(record)
    if theme is None:
        raise UnknownValueError(
            "theme", theme, record.table("themes")["theme_id"], 'load("themes")'
        )
    chosen = choose("theme", theme, record) or []
    evidence = record.table("evidence")[["theme_id", "table", "row_id"]]
    evidence = evidence[evidence["theme_id"].isin(chosen)]
    known = record.once(joined_facts)
    known = known.assign(_request=known["kind"].isin(REQUESTS))
    known = known.sort_values("_request", kind="stable").drop_duplicates(["table", "row_id"])
    rows = evidence.merge(known, on=["table", "row_id"], how="left")
    turns = {one: turn for turn, one in enumerate(round_order(record))}
    rows = rows.assign(
        theme=look_up(rows["theme_id"], "themes", ["title"], record)["title"],
        value=rows["value"].fillna(rows["kind"].where(rows["kind"].isin(REQUESTS))),
        _theme=rows["theme_id"].map({one: n for n, one in enumerate(chosen)}),
        _turn=rows["round"].map(turns).astype("Float64"),
    )
    rows = rows.sort_values(
        ["_theme", "_turn"], kind="stable", na_position="last", ignore_index=True
    )
    return rows[_HISTORY].astype("string")


def joined_facts(record: Record) -> pd.DataFrame:
    """All facts, in the order of the tables; shared, so copy it before it is handed out."""
    rows = pd.concat(
        [_part(name, make(record)) for name, make in _TABLES.items()], ignore_index=True
    )
    inspection = look_up(rows["inspection_id"], "inspections", ["area_id", "framework_id"], record)
    rows["area_id"] = inspection["area_id"].fillna(rows["area_id"])
    rows["framework_id"] = inspection["framework_id"].fillna(rows["framework_id"])
    framework = look_up(rows["framework_id"], "frameworks", ["short_title", "round"], record)
    source = look_up(rows["source_id"], "sources", ["title", "tier"], record)
    rows["area"] = look_up(rows["area_id"], "areas", ["name"], record)["name"]
    rows["framework"], rows["round"] = framework["short_title"], framework["round"]
    rows["tier"], rows["source_title"] = source["tier"], source["title"]
    themes = [
        theme_ids(str(name), of, record) for name, of in rows.groupby("table", sort=False)["row_id"]
    ]
    rows["theme_ids"] = pd.concat(themes)
    return _dated(rows, record)[_FACTS].astype("string")


def _fact_texts(record: Record) -> pd.Series:
    return folded(record.once(joined_facts))


def _part(table_name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The statements of one table, with the same columns for all."""
    return rows.reindex(columns=_STATED).astype("string").assign(table=table_name)


def _dated(rows: pd.DataFrame, record: Record) -> pd.DataFrame:
    """The rows with a date each: their own, else that of the inspection, else of the source."""
    anchors = [
        ("inspections", "fieldwork", ["fieldwork_from", "fieldwork_to", "fieldwork_precision"]),
        ("inspections", "publication", ["published", "published", "published_precision"]),
        ("inspections", "data", ["data_from", "data_to", "data_precision"]),
        ("sources", "source", ["published", "published", "published_precision"]),
    ]
    keys = {"inspections": rows["inspection_id"], "sources": rows["source_id"]}
    for name, kind, columns in anchors:
        known = look_up(keys[name], name, list(dict.fromkeys(columns)), record)
        first, last, precision = (known[column] for column in columns)
        undated = rows["date"].isna() & last.notna()
        rows["date"] = rows["date"].mask(undated, span(first, last))
        rows["date_from"] = rows["date_from"].mask(undated, first)
        rows["date_precision"] = rows["date_precision"].mask(undated, precision)
        rows["date_kind"] = rows["date_kind"].mask(undated, kind)
    return rows


# What each table states -------------------------------------------------------------------------


def _ratings(record: Record) -> pd.DataFrame:
    rows = record.once(joined_ratings)
    rows = rows.iloc[place(rows["rating_id"], "ratings", record).argsort(kind="stable")]
    given = rows["rating"].fillna(rows["missing"].map(MISSING))
    return rows.assign(
        kind="rating",
        row_id=rows["rating_id"],
        what=rows["aspect"],
        value=rows["rating"],
        text=rows["aspect"] + ": " + given,
    )


def _actions(record: Record) -> pd.DataFrame:
    asked = record.table("actions")
    asked = asked.assign(row_id=asked["action_id"], what=asked["topic"], text=asked["topic"])
    followed = asked[asked["progress"].notna()]
    progress = followed.assign(
        kind="progress",
        value=followed["progress"],
        answers=followed["action_id"],
        inspection_id=followed["follow_up_inspection_id"].fillna(followed["inspection_id"]),
        date=followed["progress_as_at"],
        date_from=followed["progress_as_at"],
        date_precision=followed["progress_as_at_precision"],
        date_kind=pd.Series("stated", followed.index).where(followed["progress_as_at"].notna()),
    )
    return pd.concat([asked, progress], ignore_index=True)


def _responses(record: Record) -> pd.DataFrame:
    rows = record.table("responses").drop(columns=["date", "date_precision"])
    asked = look_up(rows["action_id"], "actions", ["inspection_id"], record)
    return rows.assign(
        kind="response",
        row_id=rows["response_id"],
        inspection_id=asked["inspection_id"],
        what=rows["summary"],
        value=rows["state"],
        text=rows["summary"],
        answers=rows["action_id"],
    )


def _commitments(record: Record) -> pd.DataFrame:
    rows = record.table("commitments")
    return rows.assign(
        kind="commitment",
        row_id=rows["commitment_id"],
        value=rows["state"],
        text=rows["what"],
        answers=look_up(rows["response_id"], "responses", ["action_id"], record)["action_id"],
        date_from=rows["date"],
        date_kind=pd.Series("stated", rows.index).where(rows["date"].notna()),
    )


def _findings(record: Record) -> pd.DataFrame:
    rows = record.table("findings")
    claim = " (" + rows["direction"] + (", against: " + rows["comparator"]).fillna("") + ")"
    compared = rows["kind"].eq("comparison").fillna(False)
    return rows.assign(
        kind=pd.Series("finding", rows.index).mask(compared, "comparison"),
        row_id=rows["finding_id"],
        what=rows["subject"],
        value=rows["polarity"],
        text=rows["subject"] + claim.fillna(""),
    )


def _directions(record: Record) -> pd.DataFrame:
    rows = record.table("directions")
    aspect = look_up(rows["aspect_id"], "aspects", ["label", "level"], record)
    return rows.assign(
        kind="direction",
        row_id=rows["direction_id"],
        level=aspect["level"],
        what=aspect["label"],
        value=rows["direction"],
        text=aspect["label"] + ": " + rows["direction"],
    )


def _measures(record: Record) -> pd.DataFrame:
    rows = record.table("measures")
    told = [number_in_words(row) for row in rows.to_dict("records")]
    numbers = pd.Series(told, rows.index, dtype="string")
    return rows.assign(
        kind="measure",
        row_id=rows["measure_id"],
        what=rows["subject"],
        value=rows["value_as_printed"],
        text=rows["subject"] + ": " + numbers,
        date=span(rows["period_from"], rows["period_to"]),
        date_from=rows["period_from"],
        date_precision=rows["period_precision"],
        date_kind=pd.Series("stated", rows.index).where(rows["period_to"].notna()),
    )


def _methods(record: Record) -> pd.DataFrame:
    rows = record.table("methods")
    return rows.assign(
        value=rows["kind"],
        kind="method",
        row_id=rows["method_id"],
        what=rows["statement"],
        text=rows["statement"],
    )


def _inspections(record: Record) -> pd.DataFrame:
    rows = record.table("inspections")
    return rows.assign(
        kind="inspection", row_id=rows["inspection_id"], what=rows["title"], text=rows["title"]
    )


def _lineage(record: Record) -> pd.DataFrame:
    rows = record.table("area_lineage")
    before, after = (
        look_up(rows[f"{side}_id"], "areas", ["name"], record)["name"]
        for side in ("predecessor", "successor")
    )
    what = before + " " + rows["event"] + " into " + after
    return rows.assign(
        kind="lineage",
        row_id=rows["predecessor_id"] + "; " + rows["successor_id"],
        area_id=rows["predecessor_id"],
        what=what,
        value=rows["event"],
        text=what,
        date_from=rows["date"],
        date_kind="stated",
    )


_TABLES: dict[str, Callable[[Record], pd.DataFrame]] = {
    "ratings": _ratings,
    "actions": _actions,
    "responses": _responses,
    "commitments": _commitments,
    "directions": _directions,
    "findings": _findings,
    "measures": _measures,
    "methods": _methods,
    "inspections": _inspections,
    "area_lineage": _lineage,
}
