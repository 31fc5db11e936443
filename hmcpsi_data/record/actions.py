"""What was asked for and what came of it: requests with their answers, commitments and progress.

An issue to address has an answer of the inspected body, and the answer is made of commitments. A
recommendation or an aspect for improvement has, where a follow-up came back to it, a rating of
progress. What the inspected body says of itself stays its word: whether a promise was kept is not
in these tables.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from hmcpsi_data.record.areas import refuse_if_never_met
from hmcpsi_data.record.filters import (
    ANYONE,
    NOBODY,
    Wanted,
    choose,
    folded,
    linked,
    looks_for,
    matching,
    one_of,
    only,
    watched_column,
    yes_or_no,
)
from hmcpsi_data.record.joins import joined_cells, look_up, place, theme_ids
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import KINDS

__all__ = ["actions"]

_EACH = ("action", "commitment")
_OF_ROW = ["source_id", "locator", "basis", "speaker"]
_OF_COMMITMENT = [
    "commitment", "commitment_kind", "phase", "monitored_by", "date", "date_precision",
    "date_as_printed", "state",
]  # fmt: skip
_COLUMNS = [
    "action_id", "response_id", "commitment_id", "inspection_id", "area_id", "area",
    "framework_id", "framework", "round", "kind", "number", "theme", "theme_ids", "topic",
    "key_words", "progress", "progress_as_printed", "progress_as_at", "progress_as_at_precision",
    "follow_up_inspection_id", "follow_up", "answer", *_OF_COMMITMENT, "answer_speaker",
    "answer_basis", "answer_source_id", "answer_locator", "note", "speaker", "basis", "tier",
    "source_id", "source_title", "locator",
]  # fmt: skip


def actions(
    area: Wanted = None,
    framework: Wanted = None,
    kind: Wanted = None,
    theme: Wanted = None,
    progress: Wanted = None,
    state: Wanted = None,
    monitored_by: Wanted = None,
    dated: bool | None = None,
    commitment: Wanted = None,
    search: str = "",
    each: str = "action",
    tier: Wanted = None,
    basis: Wanted = None,
    record: RecordLike = None,
) -> pd.DataFrame:
    """Recommendations, aspects for improvement and issues, with progress, answer and commitments.

    Parameters
    ----------
    area, framework : str or list of str, optional
        Which Areas were asked, and under which frameworks, as for `ratings`.
    kind : str or list of str, optional
        recommendation, aspect_for_improvement or issue.
    theme : str or list of str, optional
        Identifiers or titles. A theme finds what is linked to it in ``evidence``, and what has it
        as its main theme.
    progress : str or list of str, optional
        Words of a scale of progress, such as "Achieved".
    state : str or list of str, optional
        done, under_way or promised, as the inspected body states it, or mixed.
    monitored_by : str or list of str, optional
        Who watches a promise, as in the tables; "anyone" where somebody is named, "nobody" where
        not.
    dated : bool, optional
        Only what is promised for a date (True) or for none (False).
    commitment : str or list of str, optional
        Kinds of commitment: training, monitoring, review, guidance, resources or engagement.
    search : str
        Words that stand anywhere in the row, in any order.
    each : {"action", "commitment"}
        What one row is. An action is found where its answer as a whole, or one of its commitments,
        fits all filters, and where nothing in it has a watcher or a date if none is wanted.
    tier, basis : str or list of str, optional
        Whose publication the source of the request is, and how it carries it, as for `ratings`.
    record : Record or path, optional
        Another data folder than the shipped one.

    Returns
    -------
    pandas.DataFrame
        In the order of the inspections, of the kinds and of the numbers as printed; `number` is
        Int64, all other columns are strings.

        topic, kind, number, theme, theme_ids
            What was asked for; `theme` is the title of the main theme, `theme_ids` are all.
        progress, progress_as_at, follow_up, ...
            As a follow-up rated it; empty where none was found. It is a word of the follow-up's
            scale, and no rating of quality.
        answer, commitment, commitment_kind, monitored_by, date, state, ...
            What the inspected body answered. Where a row is an action, several commitments stand in
            one cell, joined by "; ", and `state` is "mixed" where they differ.
        source_id, locator, basis, speaker, tier
            Of the request; those of the answer (of the commitment, where a row is one) begin with
            ``answer_``.

        A commitment of the general part of a document belongs to no action: it has a row where
        `each` is "commitment", with the source of its own. A request without an answer, or an
        answer without a commitment, keeps its row.

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
    >>> actions(progress="Limited progress")[["kind", "number"]]
                         kind  number
    0  aspect_for_improvement       2
    1  aspect_for_improvement       4
    >>> actions("South West", state="done", each="commitment")["commitment_kind"].tolist()[:3]
    ['guidance', 'resources', 'guidance']
    """
    record = as_record(record)
    each = one_of("each", each, _EACH, "help(actions)")
    wanted = {
        "area_id": choose("area", area, record),
        "framework_id": choose("framework", framework, record),
        "kind": choose("kind", kind, record),
        "progress": choose("progress", progress, record),
        "state": choose("state", state, record),
        "commitment_kind": choose("commitment", commitment, record),
        "tier": choose("tier", tier, record),
        "basis": choose("basis", basis, record),
    }
    themes = choose("theme", theme, record)
    watchers = choose("monitored_by", monitored_by, record)
    dated = yes_or_no("dated", dated)
    refuse_if_never_met(wanted["area_id"], wanted["framework_id"], record)
    known = record.once(_joined)

    def fitting(rows: pd.DataFrame) -> pd.DataFrame:
        rows = _watched(linked(only(rows, wanted), themes), watchers)
        return rows if dated is None else rows[rows["date"].notna() == dated]

    if each == "commitment":
        rows, texts = fitting(known.parts), _part_texts
    else:
        ids = {*fitting(known.whole)["action_id"], *fitting(known.parts)["action_id"].dropna()}
        both = pd.concat([known.whole, known.parts])
        if watchers is not None and NOBODY in watchers and ANYONE not in watchers:
            others = both[both["monitored_by"].notna() & ~both["monitored_by"].isin(watchers)]
            ids -= {*others["action_id"]}
        if dated is False:
            ids -= {*both.loc[both["date"].notna(), "action_id"]}
        rows, texts = known.shown[known.shown["action_id"].isin(list(ids))], _shown_texts
    if looks_for(search):
        rows = rows[matching(record.once(texts).loc[rows.index], search)]
    return rows.reset_index(drop=True)


def _watched(rows: pd.DataFrame, watchers: list[str] | None) -> pd.DataFrame:
    if watchers is None:
        return rows
    named = rows["monitored_by"]
    fits = named.isin(watchers).fillna(False).astype(bool)
    if ANYONE in watchers:
        fits |= named.notna()
    if NOBODY in watchers:
        fits |= named.isna()
    return rows[fits]


class _Actions(NamedTuple):
    """The three frames that filters look into, all with the same columns.

    `whole` has one row a request with its answer as a whole, `parts` one a commitment, and `shown`
    one a request with what its commitments say put together.
    """

    whole: pd.DataFrame
    parts: pd.DataFrame
    shown: pd.DataFrame


def _joined(record: Record) -> _Actions:
    """Requests, answers and commitments, joined once."""
    watched = watched_column(record)
    asked = record.table("actions")
    answers = record.table("responses").rename(
        columns={"summary": "answer", "commitment": "commitment_kind", watched: "monitored_by"}
        | {column: f"answer_{column}" for column in _OF_ROW}
    )
    own = ["action_id", "inspection_id", "theme_id", "key_words", "number", "note"]
    answers = answers.drop(columns=[one for one in own[1:] if one in answers])
    whole = asked.merge(answers, on="action_id", how="left")
    promises = record.table("commitments").rename(
        columns={"what": "commitment", "kind": "commitment_kind", watched: "monitored_by"}
        | {column: f"answer_{column}" for column in _OF_ROW}
    )
    promises = promises.drop(columns=["key_words"])
    parts = pd.concat([_with_commitments(whole, promises), _general(promises)], ignore_index=True)
    whole, parts = (_placed(rows, record) for rows in (whole, parts))
    return _Actions(whole, parts, _put_together(whole, parts))


def _with_commitments(whole: pd.DataFrame, promises: pd.DataFrame) -> pd.DataFrame:
    """One row a commitment; a request without one keeps what its answer says as a whole."""
    promised = promises.dropna(subset="response_id").drop(columns="inspection_id")
    has_parts = whole["response_id"].isin(promised["response_id"])
    replaced = [column for column in promised if column in whole and column != "response_id"]
    rows = whole[has_parts].drop(columns=replaced).merge(promised, on="response_id")
    order = {action: n for n, action in enumerate(whole["action_id"])}
    rows = pd.concat([rows, whole[~has_parts]], ignore_index=True)
    return rows.sort_values("action_id", key=lambda ids: ids.map(order), kind="stable")


def _general(promises: pd.DataFrame) -> pd.DataFrame:
    """Commitments of the general part of a document, which rest on their own source."""
    rows = promises[promises["response_id"].isna()]
    return rows.assign(**{column: rows[f"answer_{column}"] for column in _OF_ROW})


def _placed(rows: pd.DataFrame, record: Record) -> pd.DataFrame:
    """The rows with Area, framework, follow-up and themes, in the order of the inspections."""
    rows = rows.reindex(columns=[*dict.fromkeys([*_COLUMNS, "theme_id"])])
    text = [column for column in rows if column != "number"]
    rows = rows.astype(dict.fromkeys(text, "string") | {"number": "Int64"})
    inspection = look_up(rows["inspection_id"], "inspections", ["area_id", "framework_id"], record)
    framework = look_up(inspection["framework_id"], "frameworks", ["short_title", "round"], record)
    later = look_up(rows["follow_up_inspection_id"], "inspections", ["framework_id"], record)
    source = look_up(rows["source_id"], "sources", ["title", "tier"], record)
    keys = {"actions": "action_id", "responses": "response_id", "commitments": "commitment_id"}
    links = [theme_ids(name, rows[key], record).tolist() for name, key in keys.items()]
    themes = map(joined_cells, zip(rows["theme_id"], *links, strict=True))
    rows = rows.assign(
        **inspection,
        area=look_up(inspection["area_id"], "areas", ["name"], record)["name"],
        framework=framework["short_title"],
        round=framework["round"],
        follow_up=look_up(later["framework_id"], "frameworks", ["short_title"], record)[
            "short_title"
        ],
        theme=look_up(rows["theme_id"], "themes", ["title"], record)["title"],
        theme_ids=pd.array(list(themes), dtype="string"),
        tier=source["tier"],
        source_title=source["title"],
        _inspection=place(rows["inspection_id"], "inspections", record),
        _kind=rows["kind"].map({kind: n for n, kind in enumerate(KINDS)}).fillna(len(KINDS)),
    )
    order = ["_inspection", "_kind", "number"]
    return rows.sort_values(order, kind="stable", ignore_index=True)[_COLUMNS]


def _put_together(whole: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """One row a request, with what its commitments say in one cell where the answer does not."""
    shown = whole.set_index("action_id", drop=False)
    promised = parts.dropna(subset=["action_id", "commitment_id"]).groupby("action_id", sort=False)
    for column in _OF_COMMITMENT:
        told = _no_empty(promised[column].agg(joined_cells))
        if column == "state":
            told = told.mask(told.str.contains(";", regex=False).fillna(False), "mixed")
        told = told.reindex(shown.index)
        if column == "commitment_kind":  # the main kind first, then those of the parts
            both = [joined_cells(pair) for pair in zip(shown[column], told, strict=True)]
            shown[column] = _no_empty(pd.Series(both, shown.index))
        shown[column] = shown[column].fillna(told)
    return shown.reset_index(drop=True)


def _no_empty(texts: pd.Series) -> pd.Series:
    """Texts, missing where they are empty."""
    return texts.mask(texts.eq("")).astype("string")


def _shown_texts(record: Record) -> pd.Series:
    return folded(record.once(_joined).shown)


def _part_texts(record: Record) -> pd.Series:
    return folded(record.once(_joined).parts)
