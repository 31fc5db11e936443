"""The table of `FourRounds`: rounds across, themes down, the words themselves in the cells."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from hmcpsi_data.explorers.rows import said
from hmcpsi_data.html import html_table, tile
from hmcpsi_data.record.facts import facts
from hmcpsi_data.record.sources import addresses, citations
from hmcpsi_data.tables.record import Record
from hmcpsi_data.words import SPEAKERS, count_of

Fact = Mapping[Any, Any]
"""A row of `hmcpsi_data.facts`, by its columns."""

__all__ = ["REQUESTS", "Column", "Fact", "in_order", "rounds_table", "word_of"]

REQUESTS = ("issue", "recommendation", "aspect_for_improvement")
"""The kinds of statement that ask for something."""

_MOST = 3  # statements that a cell shows before it is opened
# What counts most stands first; context comes last.
_RANK = {
    "rating": 0,
    "progress": 1,
    "issue": 2,
    "recommendation": 2,
    "aspect_for_improvement": 2,
    "weakness": 3,
    "strength": 4,
    "mixed": 4,
    "measure": 5,
    "response": 6,
    "commitment": 7,
    "context": 8,
}
_BREAK = "border-left:2px dashed #59595B"
_CELL = f"vertical-align:top;text-align:left;padding:4px 8px;width:21%;{_BREAK}"
_NAME = "vertical-align:top;text-align:left;padding:4px 8px 4px 0;width:14%"
_LINE = "margin:0 0 3px;line-height:1.3"
_HEADINGS = {"word": "Said", "what": "Of what", "whose": "In whose words", "source": "Source"}


@dataclass(frozen=True)
class Column:
    """One round as a column: what stands in its head."""

    round: str
    title: str
    lines: tuple[str, ...] = ()
    several: bool = False
    """Whether it holds several Areas, so that each statement names its own."""


def word_of(fact: Fact) -> str:
    """The word that stands in the tile of a statement.

    Examples
    --------
    >>> word_of({"kind": "rating", "value": "Good"}), word_of({"kind": "issue", "value": None})
    ('Good', 'Issue')
    """
    kind, value = fact["kind"], fact["value"]
    if kind in ("rating", "progress"):
        return "not rated" if pd.isna(value) else str(value)
    if kind == "finding" and pd.notna(value):
        return str(value).capitalize()
    if kind == "response":
        return "Answer"
    if kind == "measure":
        return "Number"
    return str(kind).replace("_", " ").capitalize()


def in_order(known: pd.DataFrame) -> pd.DataFrame:
    """What counts most first: ratings, progress, issues, weaknesses, strengths, the rest."""
    kinds = known["kind"].where(known["kind"].ne("finding"), known["value"])
    places = kinds.map(_RANK).fillna(9)
    return known.iloc[places.argsort(kind="stable")]


def rounds_table(
    cells: Mapping[tuple[str, str], list[Fact]],
    themes: Mapping[str, str],
    columns: Sequence[Column],
    opened: str | None,
    record: Record,
) -> str:
    """The table as HTML; everything that comes from data is escaped.

    Parameters
    ----------
    cells : mapping
        By theme and round, its statements.
    themes : mapping of str to str
        The themes that are shown, with their titles.
    columns : sequence of Column
        The rounds that are shown.
    opened : str or None
        Theme and round of the cell whose evidence is shown, with a space between.
    record : Record
        Whose data they are.
    """
    became, answers = record.once(_became), record.once(_answers)
    head = "".join(
        f'<th scope="col" role="columnheader" style="{_CELL}"><strong>{escape(one.title)}</strong>'
        + "".join(f"<br><small>{escape(line)}</small>" for line in one.lines)
        + "</th>"
        for one in columns
    )
    rows = []
    for theme, title in themes.items():
        row = f'<th scope="row" role="rowheader" style="{_NAME}">{escape(title)}</th>'
        for one in columns:
            key = f"{theme} {one.round}"
            statements = cells.get((theme, one.round), [])
            row += _cell(statements, key, title, one, became, record, is_open=key == opened)
        rows.append(f'<tr role="row">{row}</tr>')
        for one in columns:
            if opened == f"{theme} {one.round}" and (theme, one.round) in cells:
                statements = cells[theme, one.round]
                evidence = _evidence(
                    _answered(statements, answers), f"{title}: {one.title}", record
                )
                rows.append(
                    f'<tr role="row" class="hx-evidence"><td role="cell" '
                    f'colspan="{len(columns) + 1}">{evidence}</td></tr>'
                )
    corner = f'<th scope="col" role="columnheader" style="{_NAME}">Theme</th>'
    return (
        '<table class="hx-grid hx-rounds" role="table" aria-label="Themes by round" '
        'style="border-collapse:collapse;table-layout:fixed;width:100%">'
        f'<thead><tr role="row">{corner}{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )


def _cell(
    statements: Sequence[Fact],
    key: str,
    theme: str,
    column: Column,
    became: Mapping[str, str],
    record: Record,
    *,
    is_open: bool,
) -> str:
    """One cell: its first statements, and a button that opens the evidence of all."""
    start = f'<td role="cell" data-label="{escape(column.title)}" style="{_CELL}">'
    if not statements:
        return f"{start}<small>none found</small></td>"
    lines = [_line(fact, became, record, column.several) for fact in statements[:_MOST]]
    more = len(statements) - len(lines)
    name = f"{theme}, {column.title}, {count_of(len(statements), 'statement')}"
    command = escape(json.dumps({"do": "open", "cell": key}))
    button = (
        f'<button type="button"{"" if more else " data-live"} class="hx-open" '
        f'data-cell="{escape(key)}" data-do="{command}" '
        f'aria-expanded="{"true" if is_open else "false"}" aria-label="Evidence: {escape(name)}">'
        f"{f'+ {more} more' if more else 'Evidence'}</button>"
    )
    return f"{start}{''.join(lines)}{button}</td>"


def _line(fact: Fact, became: Mapping[str, str], record: Record, named: bool) -> str:
    """A statement: its word as a tile, what it is about, whose words, and what came of it."""
    about = str(fact["what"])
    if named and pd.notna(fact["area"]):
        about = f"{fact['area']}: {about}"
    if fact["speaker"] not in ("inspectorate", "project"):
        about += f" ({SPEAKERS.get(fact['speaker'], fact['speaker'])})"
    if fact["kind"] in REQUESTS:
        about += f" \u2192 {became.get(fact['row_id'], 'no answer found')}"
    return f'<p style="{_LINE}">{tile(word_of(fact), record)} {escape(about)}</p>'


def _answers(record: Record) -> pd.DataFrame:
    """Every answer and every progress on record, by the request that it answers."""
    known = facts(kind=["response", "progress"], record=record)
    return known[known["answers"].notna()]


def _became(record: Record) -> dict[str, str]:
    """What came of each request, in words: the progress a follow-up rated, else the answer."""
    answers = record.once(_answers)
    rows = answers.sort_values("kind", ascending=False)  # responses first, progress goes over them
    return {
        row["answers"]: str(row["value"])
        if row["kind"] == "progress"
        else f"answered: {str(row['value']).replace('_', ' ')}"
        for row in rows[rows["value"].notna()].to_dict("records")
    }


def _answered(statements: Sequence[Fact], answers: pd.DataFrame) -> pd.DataFrame:
    """The statements with the answer to each request right behind it, once."""
    asked = [fact["row_id"] for fact in statements if fact["kind"] in REQUESTS]
    found = answers[answers["answers"].isin(asked)].to_dict("records")
    placed = {fact["row_id"] for fact in found} - set(asked)
    rows = []
    for fact in statements:
        if fact["row_id"] not in placed:
            rows.append(fact)
            if fact["kind"] in REQUESTS:
                rows += [one for one in found if one["answers"] == fact["row_id"]]
    return pd.DataFrame(rows)


def _evidence(known: pd.DataFrame, caption: str, record: Record) -> str:
    """The statements of one cell, each with whose words they are and where they stand."""
    shown = pd.DataFrame(
        {
            "word": [word_of(fact) for fact in known.to_dict("records")],
            "what": known["what"],
            "whose": said(known),
            "source": citations(known, record),
        },
        index=known.index,
    ).rename(columns=_HEADINGS)
    links = {"Source": addresses(known, record)}
    return html_table(shown, caption, tiles=("Said",), links=links, record=record)
