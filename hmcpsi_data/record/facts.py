"""Everything that was stated, in one long table: one row a statement, with its date and its source.

The join of ratings, requests, answers, findings and numbers with their inspections stands here and
nowhere else. Themes, timeline, coverage, what recurs and the record at a glance are filters and
counts of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from hmcpsi_data.errors import UnknownValueError
from hmcpsi_data.record.filters import Wanted, among, choose, meant, only, searched
from hmcpsi_data.record.joins import (
    DATED,
    SEPARATOR,
    look_up,
    place,
    placed,
    round_order,
    span,
    theme_ids,
)
from hmcpsi_data.record.ratings import joined_ratings
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import FACTS, KINDS, MISSING, number_in_words

_OF_SOURCE = [
    "theme_ids", "answers", "table", "row_id", "date", "date_from", "date_precision", "date_kind",
    "speaker", "basis", "tier", "says_otherwise", "otherwise_source_id", "source_id",
    "source_title", "locator",
]  # fmt: skip
_FACTS = [
    "kind", "area_id", "area", "framework_id", "framework", "round", "inspection_id", "aspect_id",
    "level", "what", "value", "text", *_OF_SOURCE,
]  # fmt: skip
_HISTORY = [
    "theme_id", "theme", "round", "framework_id", "framework", "area_id", "area", "inspection_id",
    "kind", "text", "value", *(one for one in _OF_SOURCE if one not in ("theme_ids", "answers")),
]  # fmt: skip
# what the tables state; the rest comes from the inspection and the source
_STATED = {"inspection_id", "area_id", "framework_id", *_FACTS} - {
    "area", "framework", "round", "tier", "source_title", "theme_ids",
}  # fmt: skip


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

    Each filter takes one value or several, as identifiers or as names.

    Parameters
    ----------
    area : str or list of str, optional
        Areas, with or without "CPS"; an Area does not bring its predecessors with it.
    framework : str or list of str, optional
        Frameworks, also by their titles; a round, or a year of one, means all of that round.
    theme : str or list of str, optional
        Themes; the links are in the table `evidence`, and are this project's own judgement.
    kind : str or list of str, optional
        rating, progress, recommendation, aspect_for_improvement, issue, response, commitment,
        finding, comparison (the inspectorate's own, of one inspection with another), direction (of
        travel, a rated word of 2007 and no rating), measure, method, inspection or lineage.
    round : str or list of str, optional
        Rounds, or any year that one covers.
    speaker : str or list of str, optional
        Who says it: inspectorate, inspected_body, parliament, press_and_other or project.
    tier : str or list of str, optional
        Whose publication the source is: one of the first four of these.
    basis : str or list of str, optional
        How the source carries it: stated, stated_in_prose, second_hand, derived, inferred or
        contradicted.
    search : str
        Words that stand anywhere in the row, in any order, whatever their case and marks.
    record : Record or path, optional
        Another data folder than the shipped one.

    Returns
    -------
    pandas.DataFrame
        In the order of the tables and of their rows; all columns are strings.

        kind, area, framework, round, inspection_id, aspect_id, level
            What kind of statement, and of what. A request whose progress was rated gives two: the
            request under the inspection that made it, the progress under the follow-up. `round` is
            the span of the framework, never a date. A figure of context may have none of them.
        what, value, text
            The aspect and its rating; the request, and its progress; the answer or commitment, and
            its state; the finding, and its polarity; the number, in words. `value` is empty where a
            rating is missing, and for a request. `text` is both in one line.
        theme_ids, answers, table, row_id
            Its themes, joined by "; "; the request that an answer, a commitment or progress belongs
            to; and where the row stands.
        date, date_from, date_precision, date_kind
            When, as precise as known (a period is "2005-06 to 2005-12"), the first date of it, and
            of what that is the date: ``stated`` (given by the text to this very thing), else
            ``fieldwork`` of the inspection, else its ``publication``, else the period of its
            ``data``, else the publication of the ``source``. Where the fieldwork is known to the
            year alone and the publication to a month or day of that year, it is the publication.
            ``assessment`` is a year of fieldwork that is only inferred from that of the
            assessment; any publication goes before it.
        speaker, basis, tier, source_id, source_title, locator
            Whose word it is, how and where it is written.
        says_otherwise, otherwise_source_id
            Of a contradicted rating, what another source says instead, and which.

    Raises
    ------
    UnknownValueError, AmbiguousAreaError
        Where a value is not known for its filter, or a name belongs to several Areas.
    AreaNotInBeingError
        Where no Area asked for was in being under any framework asked for; who was, is named.

    Examples
    --------
    >>> found = facts("Leicestershire", kind="progress")
    >>> found[["value", "date", "date_precision", "date_kind"]].iloc[0].tolist()
    ['Substantial progress', '2010-07', 'month', 'stated']
    """
    record = as_record(record)
    wanted = meant(
        record, area=area, framework=framework, theme=theme, round=round, speaker=speaker,
        tier=tier, basis=basis,
    )  # fmt: skip
    wanted["kind"] = among("kind", kind, FACTS, "help(facts)")
    return searched(only(record.once(joined_facts), wanted), search, joined_facts, record)


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
        comes last. The columns are those of `facts`, with `theme_id` and `theme` (its title). A
        request that a follow-up came back to is progress, in the round of the follow-up; `value` of
        any other request is its kind. Nothing in it compares one round with another.

    Examples
    --------
    >>> history = theme_history("custody_time_limits")
    >>> history[["round", "area", "kind", "text"]].iloc[0].tolist()
    ['2005-06', 'Leicestershire', 'rating', 'Custody time limits: Fair']
    """
    record = as_record(record)
    themes = record.table("themes")
    chosen = choose("theme", theme, record)
    if chosen is None:
        raise UnknownValueError("theme", theme, themes["theme_id"], 'load("themes")')
    evidence = only(record.table("evidence"), {"theme_id": chosen})
    known = record.once(joined_facts)
    requests = known["kind"].isin(KINDS)
    known = pd.concat([known[~requests], known[requests].assign(value=known["kind"])])
    known = known.drop_duplicates(["table", "row_id"])
    rows = evidence[["theme_id", "table", "row_id"]].merge(
        known, on=["table", "row_id"], how="left"
    )
    places = {one: n for n, one in enumerate(chosen)}
    turns = {one: n for n, one in enumerate(round_order(record))}
    rows["theme"] = look_up(rows["theme_id"], "themes", ["title"], record)["title"]
    rows["_theme"] = rows["theme_id"].map(places)
    rows["_turn"] = rows["round"].map(turns).astype("Float64")
    rows = rows.sort_values(["_theme", "_turn"], kind="stable", ignore_index=True)
    return rows[_HISTORY].astype("string")


def joined_facts(record: Record) -> pd.DataFrame:
    """All facts, in the order of the tables; shared, so copy it before it is handed out."""
    rows = pd.concat(_statements(record), ignore_index=True)
    rows["theme_ids"] = theme_ids(rows["table"], rows["row_id"], record)
    return placed(rows, record)[_FACTS].astype("string")


def _statements(record: Record) -> Iterator[pd.DataFrame]:
    """What each table states; Area, framework and source by name are added to all of them."""
    rows = record.once(joined_ratings)
    rows = rows.iloc[place(rows["rating_id"], "ratings", record).argsort(kind="stable")]
    word = rows["rating"].fillna(rows["missing"].map(MISSING))
    text = rows["aspect"] + ": " + word
    yield _part("ratings", rows, "aspect", "rating", kind="rating", text=text)

    asked = record.table("actions").assign(value=None)
    yield _part("actions", asked, "topic", "value")
    rows = asked[asked["progress"].notna()]
    yield _part(
        "actions", rows, "topic", "progress", kind="progress", answers=rows["action_id"],
        inspection_id=rows["follow_up_inspection_id"].fillna(rows["inspection_id"]),
        **_stated(rows["progress_as_at"], rows["progress_as_at_precision"]),
    )  # fmt: skip

    rows = record.table("responses").drop(columns=["date", "date_precision"])
    inspection = look_up(rows["action_id"], "actions", ["inspection_id"], record)
    yield _part(
        "responses", rows, "summary", "state", kind="response", answers=rows["action_id"],
        inspection_id=inspection["inspection_id"],
    )  # fmt: skip
    rows = record.table("commitments")
    answered = look_up(rows["response_id"], "responses", ["action_id"], record)["action_id"]
    yield _part(
        "commitments", rows, "what", "state", kind="commitment", answers=answered,
        **_stated(rows["date"], rows["date_precision"]),
    )  # fmt: skip

    rows = record.table("directions")
    rows = rows.assign(**look_up(rows["aspect_id"], "aspects", ["label", "level"], record))
    text = rows["label"] + ": " + rows["direction"]
    yield _part("directions", rows, "label", "direction", kind="direction", text=text)
    rows = record.table("findings")
    claim = " (" + rows["direction"] + (", against: " + rows["comparator"]).fillna("") + ")"
    text = rows["subject"] + claim.fillna("")
    kind = rows["kind"].fillna("finding")
    yield _part("findings", rows, "subject", "polarity", kind=kind, text=text)

    rows = record.table("measures")
    printed = rows[["value", "value_as_printed", "qualifier", "unit"]].to_dict("records")
    numbers = pd.Series([number_in_words(row) for row in printed], rows.index, dtype="string")
    yield _part(
        "measures", rows, "subject", "value_as_printed", kind="measure",
        text=rows["subject"] + ": " + numbers,
        **_stated(rows["period_to"], rows["period_precision"], rows["period_from"]),
    )  # fmt: skip
    yield _part("methods", record.table("methods"), "statement", "kind", kind="method")
    rows = record.table("inspections").assign(value=None)
    yield _part("inspections", rows, "title", "value", kind="inspection")

    rows = record.table("area_lineage")
    before, after = (
        look_up(rows[f"{side}_id"], "areas", ["name"], record)["name"]
        for side in ("predecessor", "successor")
    )
    rows = rows.assign(what=before + " " + rows["event"] + " into " + after)
    yield _part(
        "area_lineage", rows, "what", "event", kind="lineage", area_id=rows["predecessor_id"],
        **_stated(rows["date"], rows["date_precision"]),
    )  # fmt: skip


def _part(name: str, rows: pd.DataFrame, what: str, value: str, **more: Any) -> pd.DataFrame:
    """The statements of one table: what they are about, what they say of it, and more columns."""
    key, *others = (rows[column] for column in table(name).primary_key)
    for other in others:
        key = key + SEPARATOR + other
    said = {"table": name, "row_id": key, "what": rows[what], "value": rows[value]}
    rows = rows.assign(**said | {"text": rows[what]} | more)
    return rows[[column for column in rows if column in _STATED]]


def _stated(
    date: pd.Series, precision: pd.Series, begins: pd.Series | None = None
) -> dict[str, pd.Series]:
    """A date that the text itself gives, or a period, where it gives one."""
    first = date if begins is None else begins
    kind = pd.Series("stated", date.index, dtype="string").where(date.notna())
    return dict(zip(DATED, [span(first, date), first, precision, kind], strict=True))
