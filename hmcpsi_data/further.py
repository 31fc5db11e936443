"""What of a document a data folder has already: a further source, or a contradiction."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from hmcpsi_data.tables import load

__all__ = ["what_is_new"]

_KEPT_ONCE = ("actions", "responses")  # tables that name one source for each row
_NOTE = "Read from the document by rule, not judged by a person."
_SHARED = ["label_as_printed", "source_id", "locator", "basis", "speaker"]

_Tables = dict[str, pd.DataFrame]


def what_is_new(tables: Mapping[str, pd.DataFrame], folder: Path) -> tuple[_Tables, pd.DataFrame]:
    """The rows that a folder does not have, and what was left out, with the reason.

    A rating that the folder has becomes a row of ``rating_sources`` where it is the same. Where it
    is another one nothing is written: a recorded conflict takes a rating out of every chart and
    count, and that a person must decide. Actions and answers have one source and are left out. A
    figure that another source gives too is kept beside it, under an identifier of its own.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        Rows by table.
    folder : pathlib.Path
        The data folder.

    Returns
    -------
    tables : dict of str to pandas.DataFrame
        Those without rows left out.
    problems : pandas.DataFrame
        `locator`, `text`, `reason`.
    """
    found = {name: frame.copy() for name, frame in tables.items()}
    problems: list[dict[str, Any]] = []
    _ratings(found, load("ratings", folder).set_index("rating_id"), problems)
    for name in _KEPT_ONCE:
        _kept_once(found, name, folder, problems)
    if "measures" in found:
        taken = set(load("measures", folder)["measure_id"])
        found["measures"]["measure_id"] = [
            _free(key, taken) for key in found["measures"]["measure_id"]
        ]
    columns = ["locator", "text", "reason"]
    told = pd.DataFrame(problems, columns=columns).astype("string")
    return {name: frame for name, frame in found.items() if len(frame)}, told


def _ratings(found: _Tables, there: pd.DataFrame, problems: list[dict[str, Any]]) -> None:
    if "ratings" not in found:
        return
    frame = found["ratings"]
    known = frame["rating_id"].isin(there.index)
    further = []
    for row in frame[known].to_dict("records"):
        has = there.loc[row["rating_id"]]
        if pd.notna(has["rating"]) and has["rating"] == row["rating"]:
            cells = {name: row[name] for name in _SHARED}
            further.append({"rating_id": row["rating_id"], "says": "same", "note": _NOTE, **cells})
            continue
        label = row["label_as_printed"] if pd.notna(row["label_as_printed"]) else "overall"
        given = "no rating" if pd.isna(has["rating"]) else has["rating"]
        where = f" ({has['locator']})" if pd.notna(has["locator"]) else ""
        reason = (
            f"It contradicts {row['rating_id']}, which has {given} from {has['source_id']}{where}. "
            "Nothing is changed; how a conflict is recorded stands in CONTRIBUTING.md."
        )
        problems.append(_problem(row, f"{label}: {row['rating']}", reason))
    found["ratings"] = frame[~known]
    if further:
        from hmcpsi_data.documents.rows import typed

        given = found.get("rating_sources", typed("rating_sources", []))
        found["rating_sources"] = pd.concat([given, typed("rating_sources", further)])


def _kept_once(found: _Tables, name: str, folder: Path, problems: list[dict[str, Any]]) -> None:
    if name not in found:
        return
    frame, key = found[name], f"{name.removesuffix('s')}_id"
    there = load(name, folder).set_index(key)["source_id"]
    known = frame[key].isin(there.index)
    for row in frame[known].to_dict("records"):
        reason = f"The folder has {row[key]} from {there[row[key]]}; it keeps one source."
        problems.append(_problem(row, str(row["key_words"]), reason))
    found[name] = frame[~known]
    if "evidence" in found:
        links = found["evidence"]
        left = links["table"].eq(name) & links["row_id"].isin(frame.loc[known, key])
        found["evidence"] = links[~left]


def _problem(row: dict[str, Any], text: str, reason: str) -> dict[str, Any]:
    return {"locator": row["locator"], "text": text, "reason": reason}


def _free(wanted: str, taken: set[str]) -> str:
    from hmcpsi_data.documents.labels import free

    found = free(wanted, taken)
    taken.add(found)
    return found
