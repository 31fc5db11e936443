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
from hmcpsi_data.record.joins import SEPARATOR, joined_cells, look_up, place, placed, theme_ids
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
        What one row is. An action is found where its answer, or one of its commitments, fits all
        filters; nobody and no date speak of all of them.

    Returns
    -------
    pandas.DataFrame
        By inspection, kind and `number` (Int64) as printed. `asked_on` is dated as in `facts`,
        `date` is that of the promise. Of an action, several commitments stand in one cell, and
        `state` is "mixed" where they differ. What the answer rests on begins with ``answer_``. A
        commitment that answers no action has a row where `each` is "commitment".

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
    if each == "commitment":
        rows = filtered(_parts, wanted, search, record)
        return rows[_fit(rows, watchers, dated)].reset_index(drop=True)
    both = pd.concat([record.once(_whole), record.once(_parts)])
    fitting = only(both[_fit(both, watchers, dated)], wanted)
    rows = filtered(_shown, {"action_id": fitting["action_id"].tolist()}, search, record)
    nobody = watchers if watchers == [NOBODY] else None
    return rows[_fit(rows, nobody, None if dated else dated)].reset_index(drop=True)


def _fit(rows: pd.DataFrame, watchers: list[str] | None, dated: bool | None) -> pd.Series:
    """Whether one of the wanted people watches each promise, and whether it has a date."""
    fits = pd.Series(True, rows.index)
    if watchers is not None:
        named = rows["monitored_by"]
        fits = named.fillna(NOBODY).isin(watchers) | (named.notna() & (ANYONE in watchers))
    return fits if dated is None else fits & rows["date"].notna().eq(dated)


def _answered(record: Record) -> pd.DataFrame:
    """One row a request, with its answer as a whole."""
    answers = record.table("responses").drop(columns=["key_words", "number", "note"])
    answers = answers.rename(
        columns={"summary": "answer", "commitment": "commitment_kind"} | _OF_ANSWER
    )
    return record.table("actions").merge(answers, on="action_id", how="left")


def _whole(record: Record) -> pd.DataFrame:
    return _ordered(_answered(record), record)


def _parts(record: Record) -> pd.DataFrame:
    """One row a commitment; a request without one keeps what its answer says as a whole."""
    whole = _answered(record)
    promises = record.table("commitments").drop(columns="key_words")
    promises = promises.rename(columns={"what": "commitment", "kind": "commitment_kind"})
    promises = promises.assign(**{to: promises[of] for of, to in _OF_ANSWER.items()})
    # commitments of the general part of a document rest on their own source
    general = promises[promises["response_id"].isna()]
    promised = promises.dropna(subset="response_id").drop(columns=["inspection_id", *_OF_ANSWER])
    replaced = [one for one in promised if one in whole and one != "response_id"]
    parts = whole.drop(columns=replaced).merge(promised, on="response_id")
    others = whole[~whole["response_id"].isin(promised["response_id"])]
    return _ordered(pd.concat([parts, others, general], ignore_index=True), record)


def _ordered(rows: pd.DataFrame, record: Record) -> pd.DataFrame:
    """The rows with Area, framework, follow-up and themes, in the order of the inspections."""
    rows = rows.reindex(columns=[*dict.fromkeys([*_COLUMNS, "theme_id"])])
    rows = rows.astype(dict.fromkeys(rows, "string") | {"number": "Int64"})
    promised = rows[["date", "date_precision"]]
    later = look_up(rows["follow_up_inspection_id"], "inspections", "framework_id", record)
    keys = {"actions": "action_id", "responses": "response_id", "commitments": "commitment_id"}
    links = [theme_ids(name, rows[key], record) for name, key in keys.items()]
    themes = map(joined_cells, zip(rows["theme_id"], *links, strict=True))
    rows = placed(rows.drop(columns=[*promised, *_ASKED.values()]), record)
    rows = rows.rename(columns=_ASKED).assign(
        **promised,
        follow_up=look_up(later, "frameworks", "short_title", record),
        theme=look_up(rows["theme_id"], "themes", "title", record),
        theme_ids=pd.array(list(themes), dtype="string"),
        _inspection=place(rows["inspection_id"], "inspections", record),
        _kind=rows["kind"].map({kind: n for n, kind in enumerate(KINDS)}).fillna(len(KINDS)),
    )
    order = ["_inspection", "_kind", "number"]
    return rows.sort_values(order, kind="stable", ignore_index=True)[_COLUMNS]


def _shown(record: Record) -> pd.DataFrame:
    """One row a request, with what its commitments say in one cell where the answer does not."""
    shown, parts = record.once(_whole), record.once(_parts).dropna(subset="commitment_id")
    for column in _OF_COMMITMENT:
        told = shown["action_id"].map(parts.groupby("action_id")[column].agg(joined_cells))
        if column == "state":
            told = told.mask(told.str.contains(SEPARATOR, regex=False).fillna(False), "mixed")
        if column == "commitment_kind":  # the main kind first, then those of the parts
            told = shown[column].fillna("") + SEPARATOR + told
            told = told.map(lambda cell: joined_cells([cell]), na_action="ignore")
        else:
            told = shown[column].fillna(told)
        shown = shown.assign(**{column: told.fillna(shown[column]).replace("", pd.NA)})
    return shown.astype(dict.fromkeys(_OF_COMMITMENT, "string"))
