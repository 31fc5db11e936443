"""What was asked for and what came of it: requests with their answers, commitments and progress.

An issue to address has an answer of the inspected body, and the answer is made of commitments. A
recommendation or an aspect for improvement has, where a follow-up came back to it, a rating of
progress. What the inspected body says of itself stays its word: whether a promise was kept is not
in these tables.
"""

from __future__ import annotations

import pandas as pd

from hmcpsi_data.record.filters import (
    ANYONE,
    NOBODY,
    Wanted,
    meant,
    one_of,
    only,
    searched,
    yes_or_no,
)
from hmcpsi_data.record.joins import joined_cells, look_up, place, placed, theme_ids
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import KINDS

_OF_ANSWER = {one: f"answer_{one}" for one in ("source_id", "locator", "basis", "speaker")}
_ASKED = {
    "date": "asked_on",
    "date_precision": "asked_on_precision",
    "date_kind": "asked_on_kind",
}
_OF_COMMITMENT = [
    "commitment", "commitment_kind", "phase", "monitored_by", "date", "date_precision",
    "date_as_printed", "state",
]  # fmt: skip
_COLUMNS = [
    "action_id", "response_id", "commitment_id", "inspection_id", "area_id", "area",
    "framework_id", "framework", "round", "kind", "number", "theme", "theme_ids", "topic",
    "key_words", *_ASKED.values(),
    "progress", "progress_as_printed", "progress_as_at", "progress_as_at_precision",
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
    area, framework, theme, tier, basis, search, record
        As for `facts`, which says what is raised; `tier` and `basis` are those of the request.
    kind : str or list of str, optional
        recommendation, aspect_for_improvement or issue.
    progress : str or list of str, optional
        Words of a scale of progress, such as "Achieved".
    state : str or list of str, optional
        done, under_way or promised, as the inspected body states it, or mixed.
    monitored_by : str or list of str, optional
        Who watches a promise; "anyone" where somebody is named, "nobody" where not.
    dated : bool, optional
        Only what is promised for a date (True) or for none (False).
    commitment : str or list of str, optional
        Kinds of commitment: training, monitoring, review, guidance, resources or engagement.
    each : {"action", "commitment"}
        What one row is. An action is found where its answer as a whole, or one of its commitments,
        fits all filters, and where nothing in it has a watcher or a date if none is wanted.

    Returns
    -------
    pandas.DataFrame
        In the order of the inspections, of the kinds and of the numbers as printed; `number` is
        Int64, all other columns are strings.

        topic, kind, number, theme, theme_ids, asked_on, asked_on_precision, asked_on_kind
            What was asked for, its main theme by title and all by identifier; and when, as `facts`
            dates it.
        progress, progress_as_at, follow_up, ...
            As a follow-up rated it, no rating of quality; empty where none was found.
        answer, commitment, commitment_kind, monitored_by, date, state, ...
            What the inspected body answered; `date` is that of the promise. Where a row is an
            action, several commitments stand in one cell, joined by "; ", and `state` is "mixed"
            where they differ.
        source_id, locator, basis, speaker, tier
            Of the request; those of the answer (of the commitment, where a row is one) begin with
            ``answer_``. A commitment of the general part of a document belongs to no action: it has
            a row where `each` is "commitment", with the source of its own.

    Examples
    --------
    >>> actions(progress="Limited progress")[["kind", "number"]]
                         kind  number
    0  aspect_for_improvement       2
    1  aspect_for_improvement       4
    """
    record = as_record(record)
    each = one_of("each", each, ("action", "commitment"), "help(actions)")
    dated = yes_or_no("dated", dated)
    wanted = meant(
        record, area=area, framework=framework, kind=kind, theme=theme, progress=progress,
        state=state, monitored_by=monitored_by, commitment=commitment, tier=tier, basis=basis,
    )  # fmt: skip
    watchers = wanted.pop("monitored_by")

    def fitting(rows: pd.DataFrame) -> pd.DataFrame:
        rows = only(rows, wanted)
        rows = rows if watchers is None else rows[_watched(rows, watchers)]
        return rows if dated is None else rows[rows["date"].notna() == dated]

    whole, parts = record.once(_whole), record.once(_parts)
    if each == "commitment":
        return searched(fitting(parts), search, _parts, record)
    ids = {*fitting(whole)["action_id"], *fitting(parts)["action_id"].dropna()}
    both = pd.concat([whole, parts])
    if watchers is not None and NOBODY in watchers and ANYONE not in watchers:
        ids -= {*both.loc[~_watched(both, watchers), "action_id"]}
    if dated is False:
        ids -= {*both.loc[both["date"].notna(), "action_id"]}
    return searched(only(record.once(_shown), {"action_id": [*ids]}), search, _shown, record)


def _watched(rows: pd.DataFrame, watchers: list[str]) -> pd.Series:
    """Whether one of the wanted people watches each promise."""
    named = rows["monitored_by"]
    fits = named.isin(watchers).fillna(False).astype(bool)
    return fits | (named.notna() & (ANYONE in watchers)) | (named.isna() & (NOBODY in watchers))


def _answered(record: Record) -> pd.DataFrame:
    """One row a request, with its answer as a whole."""
    answers = record.table("responses").rename(
        columns={"summary": "answer", "commitment": "commitment_kind"} | _OF_ANSWER
    )
    own = ["inspection_id", "theme_id", "key_words", "number", "note"]
    answers = answers.drop(columns=[one for one in own if one in answers])
    return record.table("actions").merge(answers, on="action_id", how="left")


def _whole(record: Record) -> pd.DataFrame:
    return _ordered(_answered(record), record)


def _parts(record: Record) -> pd.DataFrame:
    """One row a commitment; a request without one keeps what its answer says as a whole."""
    whole = _answered(record)
    promises = record.table("commitments").rename(
        columns={"what": "commitment", "kind": "commitment_kind"} | _OF_ANSWER
    )
    promises = promises.drop(columns="key_words")
    promised = promises.dropna(subset="response_id").drop(columns="inspection_id")
    in_parts = whole["response_id"].isin(promised["response_id"])
    replaced = [one for one in promised if one in whole and one != "response_id"]
    parts = whole[in_parts].drop(columns=replaced).merge(promised, on="response_id")
    order = {action: n for n, action in enumerate(whole["action_id"])}
    rows = pd.concat([parts, whole[~in_parts]])
    rows = rows.sort_values("action_id", key=lambda ids: ids.map(order), kind="stable")
    # Commitments of the general part of a document rest on their own source.
    general = promises[promises["response_id"].isna()]
    general = general.assign(**{own: general[answer] for own, answer in _OF_ANSWER.items()})
    return _ordered(pd.concat([rows, general], ignore_index=True), record)


def _ordered(rows: pd.DataFrame, record: Record) -> pd.DataFrame:
    """The rows with Area, framework, follow-up and themes, in the order of the inspections."""
    rows = rows.reindex(columns=[*dict.fromkeys([*_COLUMNS, "theme_id"])])
    text = [column for column in rows if column != "number"]
    rows = rows.astype(dict.fromkeys(text, "string") | {"number": "Int64"})
    promised = rows[["date", "date_precision"]]
    later = look_up(rows["follow_up_inspection_id"], "inspections", ["framework_id"], record)
    keys = {"actions": "action_id", "responses": "response_id", "commitments": "commitment_id"}
    links = [theme_ids([name] * len(rows), rows[key], record) for name, key in keys.items()]
    themes = map(joined_cells, zip(rows["theme_id"], *links, strict=True))
    rows = placed(rows.drop(columns=[*promised, *_ASKED.values()]), record)
    rows = rows.rename(columns=_ASKED).assign(
        **promised,
        follow_up=look_up(later["framework_id"], "frameworks", ["short_title"], record)[
            "short_title"
        ],
        theme=look_up(rows["theme_id"], "themes", ["title"], record)["title"],
        theme_ids=pd.array(list(themes), dtype="string"),
        _inspection=place(rows["inspection_id"], "inspections", record),
        _kind=rows["kind"].map({kind: n for n, kind in enumerate(KINDS)}).fillna(len(KINDS)),
    )
    order = ["_inspection", "_kind", "number"]
    return rows.sort_values(order, kind="stable", ignore_index=True)[_COLUMNS]


def _shown(record: Record) -> pd.DataFrame:
    """One row a request, with what its commitments say in one cell where the answer does not."""
    promised = record.once(_parts).dropna(subset=["action_id", "commitment_id"])
    parts = promised.groupby("action_id", sort=False)
    shown = record.once(_whole).set_index("action_id", drop=False)
    for column in _OF_COMMITMENT:
        told = _no_empty(parts[column].agg(joined_cells)).reindex(shown.index)
        if column == "state":
            told = told.mask(told.str.contains(";", regex=False).fillna(False), "mixed")
        if column == "commitment_kind":  # the main kind first, then those of the parts
            both = [joined_cells(pair) for pair in zip(shown[column], told, strict=True)]
            shown[column] = _no_empty(pd.Series(both, shown.index))
        shown[column] = shown[column].fillna(told)
    return shown.reset_index(drop=True)


def _no_empty(texts: pd.Series) -> pd.Series:
    """Texts, missing where they are empty."""
    return texts.mask(texts.eq("")).astype("string")
