"""Commitments by issue and kind: a square for each promise, its filling the state as stated.

The state is the inspected body's own word. A promise is no result, so the squares have colours
apart from those of ratings and of progress.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import ceil

import pandas as pd
from matplotlib.figure import Figure

from hmcpsi_data.description import table
from hmcpsi_data.pictures.counting import joined, sources
from hmcpsi_data.pictures.letters import LABEL, NOTE, WORD, width, wrap
from hmcpsi_data.pictures.looks import Look
from hmcpsi_data.pictures.page import MARGIN, WIDTH, Page, line, styled
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.tiles import TileTable, tile_table
from hmcpsi_data.wording import Folder
from hmcpsi_data.wording import counted as number_of

__all__ = ["GENERAL", "KINDS", "STATES", "commitment_matrix", "commitments_in_words"]

KINDS = table("commitments").field("kind").enum
STATES = {"done": "done", "under_way": "under way", "promised": "promised"}
GENERAL = "general part"

_COLOUR = "#801650"
_LOOKS = {
    "done": Look(_COLOUR),
    "under_way": Look(hatch="//////", hatch_colour=_COLOUR),
    "promised": Look(),
}
_BREAK = "another inspection: numbers are not to be compared"
_SQUARE, _STEP, _SIDE, _TOTAL = 20.0, 24.0, 270, 44
_COLUMN = (WIDTH - 2 * MARGIN - _SIDE - _TOTAL) / len(KINDS)
_ACROSS = int((_COLUMN - 6) // _STEP)
_LEGEND, _HEAD, _GROUP = 34, 30, 34


def commitment_matrix(
    rows: pd.DataFrame,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    source: str | None = None,
    folder: Folder = None,
) -> Picture:
    """Issues down, kinds of commitment across, a square for each commitment.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of `hmcpsi_data.actions.issues`, one for each commitment.
    title, subtitle, source : str, optional
        In place of those that the picture writes itself.
    folder : path, optional
        As for `hmcpsi_data.load`; for titles, scales and sources.

    Returns
    -------
    Picture
        Inspections of which no single commitment is known are left out. Those that are drawn are
        split by a labelled break, since the number of promises measures nothing.

    Examples
    --------
    >>> from hmcpsi_data.actions import issues
    >>> picture = commitment_matrix(issues("South West"))
    >>> picture.title
    'South West: 14 commitments to 3 issues, most of all engagement (4)'
    >>> print(picture.words)
    14 commitments to 3 issues: training 2, monitoring 3, review 2, guidance 2, resources 1, \
engagement 4; by their own account done 5, under way 6, promised 3.
    """
    told = rows.loc[rows["commitment_id"].notna(), "inspection_id"]
    rows = rows[rows["inspection_id"].isin(told)]
    groups = _groups(rows)
    title = title or _headline(rows)
    subtitle = subtitle or (
        "A square for each commitment, by issue and kind; its filling is the state as the CPS puts "
        "it. Whether promises were kept is not in these sources."
    )
    source = source or sources(rows, folder=folder)
    with styled():
        figure = _draw(groups, (title, subtitle, source))
    words = commitments_in_words(rows)
    return Picture(figure, title, subtitle, words, _table(groups, title, source), source)


def commitments_in_words(rows: pd.DataFrame) -> str:
    """How many commitments there are, to how many issues, of which kind and in which state.

    Examples
    --------
    >>> from hmcpsi_data.actions import issues
    >>> commitments_in_words(issues("East Midlands", kind="resources"))
    '2 commitments, 1 to 1 issue and 1 in a general part: resources 2; by their own account \
promised 2.'
    """
    known = rows.dropna(subset="commitment_id")
    if known.empty:
        return "No commitment is shown."
    by_kind = _counted(known["kind"], dict(zip(KINDS, KINDS, strict=True)))
    by_state = _counted(known["state"], STATES)
    return f"{_hownumber_of(known)}: {by_kind}; by their own account {by_state}."


def _hownumber_of(known: pd.DataFrame) -> str:
    general, issues = int(known["action_id"].isna().sum()), known["action_id"].nunique()
    many = number_of(len(known), "commitment")
    if general == len(known):
        return f"{many} in a general part"
    if general:
        to = number_of(issues, "issue")
        return f"{many}, {len(known) - general} to {to} and {general} in a general part"
    return f"{many} to {number_of(issues, 'issue')}"


def _counted(values: Iterable[str], words: dict[str, str]) -> str:
    n = Counter(values)
    return ", ".join(f"{word} {n[value]}" for value, word in words.items() if n[value])


_Group = dict[str, Counter]


def _groups(rows: pd.DataFrame) -> dict[str, _Group]:
    """Inspection to issue to the numbers by kind and state, in the order of the rows."""
    groups: dict[str, _Group] = {}
    columns = ["area", "framework", "number", "issue", "kind", "state"]
    for area, framework, number, issue, kind, state in rows[columns].itertuples(index=False):
        label = GENERAL.capitalize() if pd.isna(issue) else f"{number}. {issue}"
        counted = groups.setdefault(f"{area}, {framework}", {}).setdefault(label, Counter())
        if pd.notna(kind):
            counted[kind, state] += 1
    return groups


def _headline(rows: pd.DataFrame) -> str:
    known = rows.dropna(subset="commitment_id")
    if known.empty:
        return "No commitment is chosen"
    areas, kinds = list(dict.fromkeys(known["area"])), Counter(known["kind"])
    who = joined(areas) if len(areas) < 4 else f"{len(areas)} Areas"
    often = max(kinds.values())
    most = [kind for kind in KINDS if kinds[kind] == often]
    alone = known["inspection_id"].nunique() == 1 and len(most) < len(kinds)
    return f"{who}: {_hownumber_of(known)}" + f", most of all {joined(most)} ({often})" * alone


def _states(counted: Counter, kind: str) -> list[str]:
    """The state of each commitment of a kind, in the order of the legend."""
    return [state for state in STATES for _ in range(counted[kind, state])]


def _table(groups: dict[str, _Group], title: str, source: str) -> TileTable:
    rows = [
        [inspection, label] + [_counted(_states(counted, kind), STATES) or "none" for kind in KINDS]
        for inspection, issues in groups.items()
        for label, counted in issues.items()
    ]
    frame = pd.DataFrame(rows, columns=["Inspection", "Issue", *map(str.capitalize, KINDS)])
    return tile_table(frame, title, "", source, row_headers=2)


def _draw(groups: dict[str, _Group], texts: tuple[str, str, str]) -> Figure:
    rows = [row for issues in groups.values() for row in issues.items()]
    body = sum(_height(*row) for row in rows) + _GROUP * len(groups)
    page = Page(*texts, _LEGEND + _HEAD + body)
    _legend(page)
    y = page.top + _LEGEND + _HEAD
    for n, kind in enumerate(KINDS):
        page.text(_left(n), y - 14, kind, NOTE, bold=True, name="kind")
    page.text(WIDTH - MARGIN, y - 14, "all", NOTE, bold=True, align="right", name="kind")
    for n, (inspection, issues) in enumerate(groups.items()):
        _heading(page, y + _GROUP / 2, inspection, broken=n > 0)
        y += _GROUP
        for label, counted in issues.items():
            high = _height(label, counted)
            _row(page, y, high, label, counted)
            y += high
    return page.figure


def _left(column: int) -> float:
    return MARGIN + _SIDE + column * _COLUMN


def _height(label: str, counted: Counter) -> float:
    squares = max(ceil(len(_states(counted, kind)) / _ACROSS) for kind in KINDS) * _STEP
    return max(len(wrap(label, _SIDE - 16)) * line(LABEL), squares) + 10


def _heading(page: Page, y: float, inspection: str, broken: bool) -> None:
    page.text(MARGIN, y, inspection, LABEL, bold=True, name="inspection")
    if broken:
        start = MARGIN + width(inspection, LABEL, True) + 12
        end = WIDTH - MARGIN - width(_BREAK, WORD)
        page.line([(start, y), (end - 12, y)], "break", style=(0, (5, 4)))
        page.text(end, y, _BREAK, WORD, name="break label")


def _row(page: Page, y: float, high: float, label: str, counted: Counter) -> None:
    middle = y + high / 2
    page.line([(MARGIN, y), (WIDTH - MARGIN, y)], "rule", thick=0.6, colour="#BFBFBF")
    page.block(MARGIN, middle, wrap(label, _SIDE - 16), name="label")
    for column, kind in enumerate(KINDS):
        states = _states(counted, kind)
        top = middle - (ceil(len(states) / _ACROSS) * _STEP - 4) / 2
        for n, state in enumerate(states):
            down, along = divmod(n, _ACROSS)
            x = _left(column) + along * _STEP
            page.box(x, top + down * _STEP, _SQUARE, _SQUARE, _LOOKS[state], f"{kind} {state}")
    total = str(sum(counted.values()))
    page.text(WIDTH - MARGIN, middle, total, WORD, align="right", name="number")


def _legend(page: Page) -> None:
    x, y = float(MARGIN), page.top
    for state, words in STATES.items():
        page.box(x, y, _SQUARE, _SQUARE, _LOOKS[state], f"legend {state}")
        page.text(x + _SQUARE + 8, y + _SQUARE / 2, words, WORD, name="legend")
        x += _SQUARE + 32 + width(words, WORD)
