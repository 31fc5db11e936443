"""What was asked for and what came of it; what the inspected body says of itself is its word."""

import pandas as pd

from hmcpsi_data.record import joins
from hmcpsi_data.record.filters import Wanted, filtered, meant, one_of, only, yes_or_no
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import KINDS

_CITED = ["source_id", "locator", "basis", "speaker"]
_PROMISE = [
    "commitment", "commitment_kind", "phase", "monitored_by", "date", "date_precision",
    "date_as_printed", "state",
]  # fmt: skip
_COLUMNS = [
    "action_id", "response_id", "commitment_id", "inspection_id", "area_id", "area",
    "framework_id", "framework", "round", "kind", "number", "theme", "theme_ids", "topic",
    "key_words", "asked_on", "asked_on_precision", "asked_on_kind",
    "progress", "progress_as_printed", "progress_as_at", "progress_as_at_precision",
    "follow_up_inspection_id", "follow_up", "answer", *_PROMISE, "answer_speaker",
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

    Of an action, several commitments stand in one cell, and `state` is "mixed" where they differ;
    `date` is that of the promise.

    Parameters
    ----------
    area, framework, theme, tier, basis, search, record
        As for `facts`, which says what is raised; `tier` and `basis` are those of the request.
    kind, progress, state, commitment, monitored_by : str or list of str, optional
        Kinds of request; words of progress, such as "Achieved"; done, under_way, promised or mixed,
        as the inspected body states it; kinds of commitment, such as training; who watches it.
    dated : bool, optional
        Only what is promised for a date (True) or for none (False).
    each : {"action", "commitment"}
        What one row is. An action is found where its answer, or one of its commitments, fits all
        filters; no date speaks of all of them.

    Returns
    -------
    pandas.DataFrame
        By inspection, kind and `number` (Int64); all others are strings. `asked_on` is dated as in
        `facts`; what the answer rests on begins with ``answer_``.

    Examples
    --------
    >>> actions(progress="Limited progress")["number"].tolist()
    [2, 4]
    """
    record = as_record(record)
    each = one_of("each", each, ("action", "commitment"), "help(actions)")
    dated = yes_or_no("dated", dated)
    wanted = meant(
        record, area=area, framework=framework, kind=kind, theme=theme, progress=progress,
        state=state, monitored_by=monitored_by, commitment=commitment, tier=tier, basis=basis,
    )  # fmt: skip

    def of_date(rows: pd.DataFrame) -> pd.DataFrame:
        return rows if dated is None else rows[rows["date"].notna().eq(dated)]

    if each == "commitment":
        return of_date(filtered(_commitments, wanted, search, record)).reset_index(drop=True)
    fitting = only(of_date(record.once(_answers_and_commitments)), wanted)["action_id"].tolist()
    rows = filtered(_requests, {"action_id": fitting}, search, record)
    # one of several commitments may have a date, but all of them must have none
    return rows if dated else of_date(rows).reset_index(drop=True)


def _commitments(record: Record) -> pd.DataFrame:
    """One row a commitment; a request without one keeps what its answer says as a whole."""
    rows = record.once(_answers_and_commitments)
    answered = rows.loc[rows["commitment_id"].notna(), "action_id"].dropna()
    return rows[rows["commitment_id"].notna() | ~rows["action_id"].isin(answered)]


def _requests(record: Record) -> pd.DataFrame:
    """One row a request, with what its commitments say in one cell where the answer does not."""
    rows = record.once(_answers_and_commitments)
    whole, parts = (rows[rows["commitment_id"].isna() == answer] for answer in (True, False))
    of_parts = parts.groupby("action_id")[_PROMISE].agg(joins.joined_cells)
    of_parts = of_parts.reindex(whole["action_id"]).set_axis(whole.index)
    differ = of_parts["state"].str.contains(joins.SEPARATOR, regex=False).fillna(False)
    of_parts["state"] = of_parts["state"].mask(differ, "mixed")
    said = whole[_PROMISE].fillna(of_parts)
    kinds = zip(whole["commitment_kind"], of_parts["commitment_kind"], strict=True)
    said["commitment_kind"] = [*map(joins.joined_cells, kinds)]  # the main kind first
    return whole.assign(**said.replace("", pd.NA).astype("string"))


def _answers_and_commitments(record: Record) -> pd.DataFrame:
    """A row for each request with its answer as a whole, then one for each of its commitments."""
    cited = {one: f"answer_{one}" for one in _CITED}
    answers = record.table("responses").drop(columns=["key_words", "number", "note"])
    answers = answers.rename(columns={"summary": "answer", "commitment": "commitment_kind"} | cited)
    whole = record.table("actions").merge(answers, on="action_id", how="left")
    promises = record.table("commitments").drop(columns="key_words")
    promises = promises.rename(columns={"what": "commitment", "kind": "commitment_kind"})
    promises = promises.assign(**{to: promises[of] for of, to in cited.items()})
    # those of the general part of a document answer no request, and rest on their own source
    general = promises[promises["response_id"].isna()]
    promised = promises.dropna(subset="response_id").drop(columns=["inspection_id", *_CITED])
    kept = whole.columns.difference(promised.columns.drop("response_id"))
    parts = whole[kept].merge(promised, on="response_id")
    return _ordered(pd.concat([whole, parts, general], ignore_index=True), record)


def _ordered(rows: pd.DataFrame, record: Record) -> pd.DataFrame:
    """The rows with Area, framework, follow-up and themes, in the order of the inspections."""
    promised = rows[["date", "date_precision"]].astype("string")
    asked = joins.placed(rows.drop(columns=[*promised]), record)
    dates = {f"asked_on{part}": asked[f"date{part}"] for part in ("", "_precision", "_kind")}
    later = joins.look_up(rows["follow_up_inspection_id"], "inspections", "framework_id", record)
    keys = {"actions": "action_id", "responses": "response_id", "commitments": "commitment_id"}
    links = [joins.theme_ids(name, rows[key], record) for name, key in keys.items()]
    rows = asked.assign(
        **promised,
        **dates,
        follow_up=joins.look_up(later, "frameworks", "short_title", record),
        theme=joins.look_up(rows["theme_id"], "themes", "title", record),
        theme_ids=[joins.joined_cells(row) for row in zip(rows["theme_id"], *links, strict=True)],
    )
    inspection = joins.place(rows["inspection_id"], "inspections", record)
    kind = rows["kind"].astype(pd.CategoricalDtype([*KINDS]))
    rows = joins.in_order(rows, inspection, kind, rows["number"])[_COLUMNS]
    return rows.astype(dict.fromkeys(_COLUMNS, "string") | {"number": "Int64"})
