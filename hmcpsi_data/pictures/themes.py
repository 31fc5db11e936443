"""Themes by round: a marker for each kind of evidence, and how often.

The matrix says where a subject comes up, not how well it was done.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from math import ceil
from typing import NamedTuple

import pandas as pd
from matplotlib.figure import Figure

from hmcpsi_data.choosing import choose
from hmcpsi_data.palette import INK, OUTLINE
from hmcpsi_data.pictures.counting import joined
from hmcpsi_data.pictures.letters import LABEL, NOTE, WORD, width, wrap
from hmcpsi_data.pictures.page import MARGIN, WIDTH, Page, line, styled
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.tables import load
from hmcpsi_data.themes import theme_history
from hmcpsi_data.tiles import TileTable, tile_table
from hmcpsi_data.wording import Folder, counted

__all__ = ["theme_evidence", "theme_matrix"]

# kind: its words, its marker, the colour of its marker
KINDS = {
    "rating": ("rating", "s", "#12436D"),
    "progress": ("progress", "D", "#0E5A53"),
    "action": ("issue or recommendation", "^", "#801650"),
    "response": ("answer of the CPS", "v", "#3D3D3D"),
    "finding": ("finding in words", "o", "#FFFFFF"),
    "measure": ("number", "P", "#3D3D3D"),
}
_HIGH, _SIDE, _SLOT = 42.0, 200, 22.0


def theme_evidence(
    theme: str | Iterable[str] | None = None, folder: str | os.PathLike[str] | None = None
) -> pd.DataFrame:
    """The evidence of several themes in one table: `theme_history` of each, with its title.

    A rating that was not given is no evidence, and is left out.

    Parameters
    ----------
    theme : str or iterable of str, optional
        Identifiers or titles of themes; all of them where not given.
    folder : path, optional
        As for `hmcpsi_data.load`.

    Returns
    -------
    pandas.DataFrame
        The columns of `theme_history`.

    Examples
    --------
    >>> theme_evidence("disclosure").query("kind == 'progress'")["round"].tolist()
    ['2010']
    """
    titles = load("themes", folder).set_index("theme_id")["title"]
    wanted = choose("theme", theme, folder)
    wanted = list(titles.index) if wanted is None else wanted
    if not wanted:
        return theme_evidence(titles.index[0], folder).head(0)
    found = theme_history(wanted, folder)
    return found[found["kind"].ne("rating") | found["value"].notna()].reset_index(drop=True)


def theme_matrix(
    evidence: pd.DataFrame | None = None,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    source: str | None = None,
    folder: Folder = None,
) -> Picture:
    """A `Picture` of themes by round: a marker and a number for each kind of evidence.

    Parameters
    ----------
    evidence : pandas.DataFrame, optional
        Rows with at least `theme`, `kind` and `round`, as `theme_evidence` gives them; all of them
        where not given. `area` names whom a round is about.
    title, subtitle, source : str, optional
        In place of those that the picture writes itself.
    folder : path, optional
        As for `hmcpsi_data.load`; for titles, scales and sources.

    Examples
    --------
    >>> theme_matrix(theme_evidence("victim_letters")).title
    'Victim letters: evidence in 2005-06, 2016 pilots, 2016, 2022 and thematic'
    """
    evidence = theme_evidence(folder=folder) if evidence is None else evidence
    known = evidence.dropna(subset=["round"])
    known = known.assign(kind=known["kind"].replace("commitment", "response"))
    n = known.groupby(["theme", "round", "kind"], sort=False).size().to_dict()
    order = load("frameworks", folder)["round"].drop_duplicates().tolist()
    rounds = sorted(set(known["round"]), key=lambda r: (order.index(r) if r in order else 99, r))
    named = load("themes", folder)["title"].tolist()
    themes = sorted(set(evidence["theme"]), key=lambda t: (named.index(t) if t in named else 99, t))
    title = title or _headline(n, themes, rounds)
    subtitle = subtitle or (
        "Marker: kind of evidence; number: how many. Rounds differ in yardstick and in unit: "
        "where a subject comes up is no measure of how well it was done."
    )
    source = source or "What belongs to a theme is this project's judgement; its rows name sources."
    with styled():
        figure = _draw(n, themes, _where(known, rounds), (title, subtitle, source))
    words = _in_words(n, themes, rounds, int(evidence["round"].isna().sum()))
    return Picture(figure, title, subtitle, words, _table(n, themes, rounds, title, source), source)


def _where(evidence: pd.DataFrame, rounds: list[str]) -> dict[str, str]:
    """Whom each round is about: the Area, or how many."""
    if "area" not in evidence:
        return dict.fromkeys(rounds, "")
    found = {r: evidence.loc[evidence["round"] == r, "area"].dropna().unique() for r in rounds}
    return {r: areas[0] if len(areas) == 1 else f"{len(areas)} Areas" for r, areas in found.items()}


def _in(n: dict, theme: str, rounds: list[str]) -> list[str]:
    return [r for r in rounds if any((theme, r, kind) in n for kind in KINDS)]


def _headline(n: dict, themes: list[str], rounds: list[str]) -> str:
    if not n:
        return "No evidence is chosen"
    if len(themes) == 1:
        return f"{themes[0]}: evidence in {joined(_in(n, themes[0], rounds)) or 'no round'}"
    often = [len(_in(n, theme, rounds)) for theme in themes]
    most = max(often)
    which = f"{most} of {counted(len(rounds), 'round')}"
    which = "every round" if most == len(rounds) > 1 else which
    come = "comes" if often.count(most) == 1 else "come"
    return f"{often.count(most)} of {len(themes)} themes {come} up in {which}"


def _in_words(n: dict, themes: list[str], rounds: list[str], without: int) -> str:
    if not n:
        return "No evidence is shown."
    totals = {kind: sum(v for (_, _, k), v in n.items() if k == kind) for kind in KINDS}
    parts = [f"{KINDS[kind][0]} {number}" for kind, number in totals.items() if number]
    told = {theme: _in(n, theme, rounds) for theme in themes}
    fewest = min(map(len, told.values()), default=0)
    if len(themes) > 4:  # only those that come up least
        told = {theme: found for theme, found in told.items() if len(found) == fewest}
    each = "; ".join(f"{theme} in {joined(found) or 'none'}" for theme, found in told.items())
    belong = "belongs" if without == 1 else "belong"
    beside = f" {counted(without, 'piece')} {belong} to no round." if without else ""
    return (
        f"{counted(len(themes), 'theme')}, {counted(len(rounds), 'round')}, "
        f"{counted(sum(totals.values()), 'piece')} of evidence: "
        f"{', '.join(parts)}.{beside} {_headline(n, themes, rounds)}; "
        f"{'fewest rounds: ' * (len(themes) > 4)}{each}."
    )


def _table(n: dict, themes: list[str], rounds: list[str], title: str, source: str) -> TileTable:
    """A row for each theme, a column for each kind of evidence, in it the rounds that have it."""
    kinds = [kind for kind in KINDS if any(k == kind for _, _, k in n)]
    rows = []
    for theme in themes:
        cells = {
            kind: ", ".join(f"{r}: {n[theme, r, kind]}" for r in rounds if (theme, r, kind) in n)
            for kind in kinds
        }
        named = {_heading(kind): cell or "none" for kind, cell in cells.items()}
        rows.append({"Theme": theme} | named)
    columns = ["Theme", *(_heading(kind) for kind in kinds)]
    words = "After each round: how many pieces of evidence of this kind."
    return tile_table(pd.DataFrame(rows, columns=columns), title, words, source)


def _heading(kind: str) -> str:
    """The words of a kind of evidence with a capital at the start, and none of theirs lost."""
    words = KINDS[kind][0]
    return words[:1].upper() + words[1:]


class _Column(NamedTuple):
    """A round, its heading, the kinds of evidence that it has, and its place."""

    name: str
    under: tuple[str, ...]
    kinds: list[str]
    left: float
    wide: float

    @property
    def middle(self) -> float:
        return self.left + self.wide / 2


def _columns(n: dict, rounds: dict[str, str], piled: int = 1) -> list[_Column]:
    """A column for each round, as wide as its kinds of evidence and its heading need.

    Where many rounds stand side by side, the markers of a cell stand in several lines.
    """
    kinds = {name: [k for k in KINDS if any(key[1:] == (name, k) for key in n)] for name in rounds}
    size = NOTE if piled > 1 else LABEL
    least = [
        max(
            12 + _SLOT * ceil(len(kinds[name]) / piled),
            *(6 + width(word, size, True) for word in name.split()),
            *(6 + width(word, NOTE) for word in area.split()),
        )
        for name, area in rounds.items()
    ]
    spare = max(WIDTH - 2 * MARGIN - _SIDE - sum(least), 0) / max(len(rounds), 1)
    columns, left = [], float(MARGIN + _SIDE)
    for (name, area), need in zip(rounds.items(), least, strict=True):
        wide = need + spare
        columns.append(_Column(name, wrap(area, wide - 4, NOTE), kinds[name], left, wide))
        left += wide
    return columns


def _draw(
    n: dict, themes: list[str], rounds: dict[str, str], texts: tuple[str, str, str]
) -> Figure:
    for piled in (1, 2, 3):
        columns = _columns(n, rounds, piled)
        if not columns or columns[-1].left + columns[-1].wide <= WIDTH - MARGIN + 0.5:
            break
    size, high = (NOTE if piled > 1 else LABEL), _HIGH * piled
    names = {c.name: wrap(c.name, c.wide - 4, size, True) for c in columns}
    above = max(map(len, names.values()), default=1) * line(size)
    under = max((len(c.under) for c in columns), default=0) * line(NOTE)
    legend, head = 34, 10 + above + under
    ends = [column.left + column.wide for column in columns]
    right = max([WIDTH - MARGIN, *(end for end in ends if end > WIDTH - MARGIN + 0.5)])
    page = Page(*texts, legend + head + high * len(themes), right + MARGIN)
    x = float(MARGIN)
    for words, marker, colour in KINDS.values():
        page.marker(x + 7, page.top + 8, marker, colour, f"legend {words}")
        page.text(x + 20, page.top + 8, words, WORD, name="legend")
        x += width(words, WORD) + 44
    top = page.top + legend
    for column in columns:
        mid = top + above / 2
        page.block(
            column.middle, mid, names[column.name], size, bold=True, align="center", name="round"
        )
        mid = top + above + 2 + len(column.under) * line(NOTE) / 2
        page.block(column.middle, mid, column.under, NOTE, align="center")
    for row, theme in enumerate(themes):
        y = top + head + row * high
        page.line([(MARGIN, y), (right, y)], "rule", thick=0.6, colour="#BFBFBF")
        page.block(MARGIN, y + high / 2, wrap(theme, _SIDE - 10), name="label")
        for column in columns:
            _cell(page, column, theme, y, n, piled)
    for column in columns[1:]:
        ends = [(column.left, top), (column.left, page.bottom)]
        page.line(ends, "break", style=(0, (5, 4)), thick=0.9)
    return page.figure


def _cell(page: Page, column: _Column, theme: str, y: float, n: dict, piled: int) -> None:
    """The evidence of one theme in one round: a marker for each kind in the place of its kind."""
    if not any((theme, column.name, kind) in n for kind in column.kinds):
        page.text(
            column.middle, y + _HIGH * piled / 2, "none", NOTE, align="center", colour=OUTLINE
        )
    across = max(ceil(len(column.kinds) / piled), 1)
    slot = (column.wide - 12) / across
    for place, kind in enumerate(column.kinds):
        number = n.get((theme, column.name, kind), 0)
        down, along = divmod(place, across)
        x, top = column.left + 6 + (along + 0.5) * slot, y + down * _HIGH
        if number:
            _, marker, colour = KINDS[kind]
            page.marker(x, top + 13, marker, colour, f"{kind} {theme} {column.name}")
            page.text(x, top + 30, str(number), NOTE, align="center", colour=INK, name="number")
