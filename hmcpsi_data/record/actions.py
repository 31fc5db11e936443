"""What was asked for and what came of it: requests with their answers, commitments and progress.

What the inspected body says of itself stays its word: whether a promise was kept is not here.
"""

from __future__ import annotations

import pandas as pd

from hmcpsi_data.record.filters import (
    ANYONE,
    NOBODY,
    Wanted,
    filtered,
    meant,
    one_of,
    only,
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
    kind, progress, state, commitment : str or list of str, optional
        Kinds of request; words of progress, such as "Achieved"; done, under_way, promised or mixed,
        as the inspected body states it; kinds of commitment, such as training.
    monitored_by : str or list of str, optional
        Who watches a promise; "anyone" where somebody is named, "nobody" where not.
    dated : bool, optional
        Only what is promised for a date (True) or for none (False).
    each : {"action", "commitment"}
        What one row is. An action is found where its answer as a whole, or one of its commitments,
        fits all filters, and where nothing in it has a watcher or a date if none is wanted.

    Returns
    -------
    pandas.DataFrame
        In the order of the inspections, of the kinds and of the numbers as printed; `number` is
        Int64, all other columns are strings. `asked_on` is dated as in `facts`, `date` is that of
        the promise; `progress` is as a follow-up rated it, no rating of quality. Where a row is an
        action, several commitments stand in one cell, and `state` is "mixed" where they differ.
        Source, basis and speaker are those of the request; those of the answer (of the commitment,
        where a row is one) begin with ``answer_``. A commitment of the general part of a document
        belongs to no action and has a row where `each` is "commitment", with the source of its own.

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
    parts = record.once(_parts)
    both = parts if each == "commitment" else pd.concat([record.once(_whole), parts])
    watched, has_date = _watched(both, watchers), both["date"].notna()
    fits = watched if dated is None else watched & has_date.eq(dated)
    fitting = only(both[fits], wanted)
    if each == "commitment":
        return filtered(_parts, wanted, search, record, fits)
    ids = {*fitting["action_id"].dropna()}
    if watchers is not None and NOBODY in watchers and ANYONE not in watchers:
        ids -= {*both.loc[~watched, "action_id"]}
    if dated is False:
        ids -= {*both.loc[has_date, "action_id"]}
    return filtered(_shown, {"action_id": [*ids]}, search, record)


def _watched(rows: pd.DataFrame, watchers: list[str] | None) -> pd.Series:
    """Whether one of the wanted people watches each promise."""
    if watchers is None:
        return pd.Series(True, rows.index)
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
    replaced = [one for one in promised if one in whole and one != "response_id"]
    in_parts = whole["response_id"].isin(promised["response_id"])
    kept = whole.drop(columns=replaced).merge(promised, on="response_id")
    # Commitments of the general part of a document rest on their own source.
    general = promises[promises["response_id"].isna()]
    general = general.assign(**{own: general[answer] for own, answer in _OF_ANSWER.items()})
    rows = pd.concat([kept, whole[~in_parts], general], ignore_index=True)
    asked = {action: n for n, action in enumerate(whole["action_id"])}
    rows = rows.sort_values("action_id", key=lambda ids: ids.map(asked), kind="stable")
    return _ordered(rows.reset_index(drop=True), record)


def _ordered(rows: pd.DataFrame, record: Record) -> pd.DataFrame:
    """The rows with Area, framework, follow-up and themes, in the order of the inspections."""
    rows = rows.reindex(columns=[*dict.fromkeys([*_COLUMNS, "theme_id"])])
    rows = rows.astype(dict.fromkeys(rows, "string") | {"number": "Int64"})
    promised = rows[["date", "date_precision"]]
    later = look_up(rows["follow_up_inspection_id"], "inspections", ["framework_id"], record)
    later = look_up(later["framework_id"], "frameworks", ["short_title"], record)
    keys = {"actions": "action_id", "responses": "response_id", "commitments": "commitment_id"}
    links = [theme_ids(name, rows[key], record) for name, key in keys.items()]
    themes = map(joined_cells, zip(rows["theme_id"], *links, strict=True))
    rows = placed(rows.drop(columns=[*promised, *_ASKED.values()]), record)
    rows = rows.rename(columns=_ASKED).assign(
        **promised,
        follow_up=later["short_title"],
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
    return texts.mask(texts.eq("")).astype("string")
