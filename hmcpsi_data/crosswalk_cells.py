"""Rows of a crosswalk as cells that a person edits: what may stand in each, and what may not."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from hmcpsi_data.crosswalk import Crosswalk
from hmcpsi_data.crosswalk_table import (
    MAPPED,
    NO_COUNTERPART,
    SOURCE,
    TARGET,
    UNDETERMINED,
    columns,
)
from hmcpsi_data.description import table
from hmcpsi_data.errors import HmcpsiError, UnknownValueError, quote

__all__ = [
    "CURATED",
    "JUDGED",
    "LONGEST_CELL",
    "Row",
    "cell",
    "changed",
    "key",
    "new_row",
    "records",
]

Row = dict[str, Any]
"""The cells of one row by their columns; None where one is empty."""

LONGEST_CELL = 2000
"""The most letters that a cell may get."""

_SHARES = ("share_low", "share_high")
_EDITABLE = ("relation", *_SHARES, "confidence", "rationale", "justification")
CURATED = ("curation_rule", "curated_by", "curated_on", "reviewed_by", "reviewed_on")
JUDGED = (SOURCE, TARGET, "status", *_EDITABLE)


def records(crosswalk: Crosswalk) -> list[Row]:
    """The rows of a crosswalk."""
    frame = crosswalk.to_frame().astype(object)
    return frame.where(frame.notna(), None).to_dict("records")


def key(row: Row) -> tuple:
    """All that a row says; its identifier follows from it."""
    return tuple(row[name] for name in columns() if name != "crosswalk_id")


def new_row(
    sets: tuple[str, str], source: str | None, target: str | None, status: str | None
) -> Row:
    """A row that says as little as a row of its status can.

    Examples
    --------
    >>> new_row(("old", "new"), "a", None, None)["status"]
    'no_counterpart'
    """
    if not (source or target):
        raise HmcpsiError("A row needs an aspect: give a source, a target or both.")
    status = status or (MAPPED if source and target else NO_COUNTERPART)
    return dict.fromkeys(columns()) | {
        "source_set": sets[0],
        SOURCE: source,
        "target_set": sets[1],
        TARGET: target,
        "status": _listed("status", status),
        "relation": UNDETERMINED if status in (MAPPED, UNDETERMINED) else None,
        "confidence": "low",
        "basis": "inferred",
        "speaker": "project",
    }


def changed(row: Row, cells: Row) -> Row:
    """What differs from a row, and with it the status that follows.

    Raises
    ------
    HmcpsiError
        Where the row has no place for it: a relation where one aspect is missing, bounds where the
        whole is meant.
    """
    cells = {name: cell(name, value) for name, value in cells.items()}
    found = {name: value for name, value in cells.items() if row[name] != value}
    status = row["status"]
    if "relation" in found and not (row[SOURCE] and row[TARGET]):
        what = status.replace("_", " ")
        raise HmcpsiError(f"A row of one aspect ({what}) has no relation: drop it, and add a link.")
    if status == NO_COUNTERPART and any(name in found for name in _SHARES):
        raise HmcpsiError("No counterpart speaks of the whole aspect: it has no bounds.")
    if status == UNDETERMINED and found.get("relation", UNDETERMINED) != UNDETERMINED:
        found["status"] = MAPPED
    return found


def cell(name: str, value: Any) -> Any:
    """A value for a cell, or the error that says why it is none.

    Examples
    --------
    >>> cell("share_low", " 0.5 "), cell("relation", ""), cell("confidence", "high")
    (0.5, None, 'high')
    """
    if name not in _EDITABLE:
        raise UnknownValueError("column", name, _EDITABLE, "help(CrosswalkEditor.change)")
    text = "" if value is None or value is pd.NA else str(value).strip()
    if not text:
        return None
    if len(text) > LONGEST_CELL:
        raise HmcpsiError(f"This is longer than {LONGEST_CELL} letters: shorten it.")
    if name not in _SHARES:
        return _listed(name, text)
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        problem = f"{name} {quote(value)} is not a number."
        raise HmcpsiError(f"{problem} Write 0 to 1, or leave it empty if not known.")
    return number


def _listed(name: str, word: str) -> str:
    known = table("crosswalk").field(name).enum
    if known and word not in known:
        raise UnknownValueError(name, word, known, 'codebook("crosswalk")')
    return word
