"""What a row of the tables says, in a line, where the rows behind a count are listed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hmcpsi_data.tiles import MISSING
from hmcpsi_data.wording import KINDS

__all__ = ["said"]

_Row = dict[str, Any]

_STATES = {"done": "Done", "under_way": "Under way", "promised": "Promised", "mixed": "Mixed"}


def said(table: str, row: _Row) -> str:
    """A row of ratings, actions, responses, commitments, findings or methods in a line.

    Parameters
    ----------
    table : str
        The table in which it stands.
    row : dict
        The row without empty cells; None stands for them. A rating has `label` and `level` of its
        aspect, a response the kind of action in `asked`, an action that was followed up the
        framework that asked for it in `followed_up`.

    Examples
    --------
    >>> said(
    ...     "ratings",
    ...     {
    ...         "label": "Leadership",
    ...         "level": "aspect",
    ...         "is_critical": True,
    ...         "rating": "Good",
    ...         "missing": None,
    ...         "basis": "stated",
    ...     },
    ... )
    'Leadership (critical aspect): Good'
    """
    return _SAID[table](row)


def _rating(row: _Row) -> str:
    critical = "critical " * bool(row["is_critical"])
    label, level = row["label"], row["level"].replace("_", " ")
    about = "" if level == "overall" else f" ({critical}{level})"
    doubted = ", contradicted: not counted" * (row["basis"] == "contradicted")
    word = row["rating"] or MISSING[row["missing"]]
    return f"{label[:1].upper()}{label[1:]}{about}: {word}{doubted}"


def _action(row: _Row) -> str:
    number = f" {row['number']}" if row["number"] is not None else ""
    asked = f"{KINDS[row['kind']]}{number}"
    if "followed_up" in row:
        return f"Progress on {asked} of {row['followed_up']} ({row['topic']}): {row['progress']}"
    return f"{asked[0].upper()}{asked[1:]}: {row['topic']}"


def _response(row: _Row) -> str:
    number = f" {row['number']}" if row["number"] is not None else ""
    watched = f"; watched by {row['watched_by']}" if row["watched_by"] else ""
    state = f" ({_STATES[row['state']].lower()})" if row["state"] else ""
    asked = KINDS[row["asked"]].removesuffix(" to address")
    return f"Answer to {asked}{number}: {row['summary']}{state}{watched}"


def _commitment(row: _Row) -> str:
    printed = f" (printed: {row['date_as_printed']})" if row["date_as_printed"] else ""
    return f"{_STATES.get(row['state'], 'Promised')}: {row['what']}{printed}"


def _finding(row: _Row) -> str:
    claim = ", against: ".join(filter(None, (row["direction"], row["comparator"])))
    return f"{row['polarity'].capitalize()}: {row['subject']}{f' ({claim})' if claim else ''}"


def _method(row: _Row) -> str:
    return f"{row['kind'].replace('_', ' ').capitalize()}: {row['statement']}"


_SAID: dict[str, Callable[[_Row], str]] = {
    "ratings": _rating,
    "actions": _action,
    "responses": _response,
    "commitments": _commitment,
    "findings": _finding,
    "methods": _method,
}
