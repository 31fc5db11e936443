"""Tile matrices: a rating of each aspect in each inspection, the word in its tile.

One matrix holds one framework. Two frameworks stand side by side, split by a dashed break that says
why, and nothing joins them.
"""

from __future__ import annotations

from collections import Counter

import pandas as pd
from matplotlib.figure import Figure

from hmcpsi_data.errors import FrameworkError
from hmcpsi_data.pictures.counting import counted, joined, period, plural, sources
from hmcpsi_data.pictures.grid import Block, Grid, grid_of
from hmcpsi_data.pictures.letters import LABEL, wrap
from hmcpsi_data.pictures.page import MARGIN, WIDTH, Page, line, styled
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.tiles import MISSING, tile_table
from hmcpsi_data.wording import Folder
from hmcpsi_data.wording import counted as number_of

__all__ = ["paired_matrix", "tile_matrix"]

_NARROW = 620
_GUTTER = 56
_BREAK = 34  # room for the label of the break


def tile_matrix(
    ratings: pd.DataFrame,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    source: str | None = None,
    folder: Folder = None,
) -> Picture:
    """Ratings of one framework: aspects down, in the order as printed, inspections across.

    Where many inspections meet few aspects, they change places; where neither fits, the words are
    turned. A critical aspect says so in its label; what is missing is hatched and says why.

    Parameters
    ----------
    ratings : pandas.DataFrame
        Rows of `hmcpsi_data.ratings`, all of one framework.
    title, subtitle, source : str, optional
        In place of those that the picture writes itself.
    folder : path, optional
        As for `hmcpsi_data.load`; for titles, scales and sources.

    Returns
    -------
    Picture

    Raises
    ------
    FrameworkError
        Where the ratings are of several frameworks: they have no common order.

    Examples
    --------
    >>> from hmcpsi_data import ratings
    >>> picture = tile_matrix(ratings("East Midlands", level="criterion"))
    >>> picture.title
    'East Midlands: 3 of 7 criteria Good, 3 Fair, 1 Poor'
    >>> picture.words
    'East Midlands, Area Assurance 2016: Poor 1, Fair 3, Good 3 of 7 criteria.'
    """
    grid = grid_of(ratings, folder)
    block = Block(grid, headings=len(grid.inspections) > 1)
    title = title or _headline(grid)
    subtitle = subtitle or _subtitle(grid, ratings)
    source = source or sources(ratings, folder=folder)
    words = _in_words(grid)
    with styled():
        wide = max(_NARROW if len(grid.inspections) < 2 else WIDTH, block.width + 2 * MARGIN)
        page = Page(title, subtitle, source, block.height, wide)
        block.draw(page, MARGIN, page.top)
    frame = grid.frame()
    table = tile_table(
        frame, title, "", source, tiles=tuple(grid.inspections.values()),
        row_headers=1 + list(frame.columns).index("Aspect"),
    )  # fmt: skip
    return Picture(page.figure, title, subtitle, words, table, source)


def _main_group(grid: Grid) -> tuple[str, str] | None:
    """The group that the headline speaks of: the largest that is no overall assessment."""
    groups = [key for key in grid.aspects if key[1] != "overall"] or list(grid.aspects)
    return max(groups, key=lambda key: len(grid.aspects[key]), default=None)


def _only(grid: Grid) -> str:
    return next(iter(grid.inspections.values()))


def _headline(grid: Grid) -> str:
    group = _main_group(grid)
    if group is None:
        return "No rating is chosen"
    words, level = grid.group_words(group), group[1]
    n = Counter(words)
    order = [word for word in reversed(grid.scale) if n[word]]
    order += [word for word in n if word not in order and word not in MISSING.values()]
    one = len(grid.inspections) == 1
    who = _only(grid) if one else number_of(len(grid.inspections), "inspection")
    if not order:
        return f"{who}: {len(words)} {plural(level, len(words))}, none rated"
    if level == "overall" and one:
        return f"{who}: {order[0]} overall"
    what = plural(level, len(words)) if one else f"ratings of {plural(level)}"
    first, *rest = order
    parts = [f"{n[first]} of {len(words)} {what} {first}", *(f"{n[word]} {word}" for word in rest)]
    return f"{who}: {', '.join(parts)}"


def _subtitle(grid: Grid, ratings: pd.DataFrame) -> str:
    if not grid.aspects:
        return "No row of the table has been chosen."
    rated = [word for word in grid.scale if word in set(grid.words.values())]
    scale = f"on its own scale from {grid.scale[0]} to {grid.scale[-1]}" if rated else "no scale"
    areas = list(dict.fromkeys(ratings["area"]))
    who = joined(areas) if len(areas) < 5 else f"{len(areas)} Areas"
    when = period(ratings)
    return f"{grid.framework}, {scale}. {who}{f'; {when}' if when else ''}."


def _in_words(grid: Grid) -> str:
    """The counts of each group, and those of the critical aspects."""
    parts = []
    several = len(grid.inspections) > 1
    for group in grid.aspects:
        what = plural(group[1], 2 if several else len(grid.aspects[group]))
        what = f"ratings of {what}" if several else what
        found = grid.group_words(group)
        if group[1] == "overall" and not several:
            parts.append(f"overall: {', '.join(found)}")
        else:
            parts.append(counted(found, grid.scale, what))
        critical = grid.group_words(group, critical=True)
        if critical:
            parts.append(f"of the critical ones {counted(critical, grid.scale)}")
    if not parts:
        return "No rating is shown."
    who = number_of(len(grid.inspections), "inspection") if several else _only(grid)
    return f"{who}, {grid.framework}: {'; '.join(parts)}."


def paired_matrix(
    left: pd.DataFrame,
    right: pd.DataFrame,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    source: str | None = None,
    folder: Folder = None,
) -> Picture:
    """Ratings of two frameworks side by side, with a labelled break between them.

    Nothing joins the two sides, and no row of one stands for a row of the other: equal words are
    words of two scales.

    Parameters
    ----------
    left, right : pandas.DataFrame
        Rows of `hmcpsi_data.ratings`, each side of one framework.
    title, subtitle, source : str, optional
        In place of those that the picture writes itself.
    folder : path, optional
        As for `hmcpsi_data.load`; for titles, scales and sources.

    Raises
    ------
    FrameworkError
        Where a side holds several frameworks, or both sides hold the same.

    Examples
    --------
    >>> from hmcpsi_data import ratings
    >>> picture = paired_matrix(
    ...     ratings("Leicestershire", framework="OPA 2006", level="aspect"),
    ...     ratings("East Midlands", level="criterion"),
    ... )
    >>> picture.title
    'Leicestershire in OPA 2006, East Midlands in Area Assurance 2016: two yardsticks, no trend'
    """
    grids = [grid_of(left, folder), grid_of(right, folder)]
    if grids[0].framework_id == grids[1].framework_id:
        raise FrameworkError(
            [grids[0].framework_id],
            f"Both sides are {grids[0].framework or 'empty'}.",
            "Call tile_matrix() for one framework.",
        )
    names = [_side(grid) for grid in grids]
    title = title or f"{', '.join(names)}: two yardsticks, no trend"
    subtitle = subtitle or " ".join(
        f"{grid.framework}: {period(rows)}."
        for grid, rows in zip(grids, (left, right), strict=True)
        if period(rows)
    )
    source = source or sources(left, right, folder=folder)
    units = set(left["area_id"]) != set(right["area_id"])
    label = f"other criteria{', other unit' * units}: not a trend"
    words = " ".join([*map(_in_words, grids), f"Between the two stands a break: {label}."])
    with styled():
        figure = _draw_pair(grids, names, label, (title, subtitle, source))
    columns = ["Framework", "Area", "Level", "Aspect", "Critical", "Rating"]
    rows = [row for grid in grids for row in _long(grid)]
    frame = pd.DataFrame(rows, columns=columns)
    table = tile_table(frame, title, f"Between the frameworks: {label}.", source,
                       tiles=("Rating",), row_headers=4)  # fmt: skip
    return Picture(figure, title, subtitle, words, table, source)


def _side(grid: Grid) -> str:
    """Whom and what one side is about."""
    n = len(grid.inspections)
    who = _only(grid) if n == 1 else number_of(n, "inspection")
    return f"{who} in {grid.framework}" if grid.framework else "nothing chosen"


def _long(grid: Grid) -> list[tuple[str, ...]]:
    """A row for each tile of a grid."""
    return [
        (
            grid.framework, heading, plural(level, 1), label,
            "critical" if aspect in grid.critical else "", grid.words[aspect, inspection],
        )
        for (_, level), aspects in grid.aspects.items()
        for aspect, label in aspects.items()
        for inspection, heading in grid.inspections.items()
        if (aspect, inspection) in grid.words
    ]  # fmt: skip


def _draw_pair(
    grids: list[Grid], names: list[str], label: str, texts: tuple[str, str, str]
) -> Figure:
    room = (WIDTH - 2 * MARGIN - _GUTTER) / 2
    blocks = [Block(grid, room, headings=len(grid.inspections) > 1) for grid in grids]
    heads = [wrap(name, room, LABEL, True) for name in names]
    high = max(map(len, heads)) * line(LABEL) + 10
    middle = MARGIN + max(room, blocks[0].width) + _GUTTER / 2
    wide = max(WIDTH, middle + _GUTTER / 2 + blocks[1].width + MARGIN)
    page = Page(*texts, _BREAK + high + max(block.height for block in blocks), wide)
    for block, lines, x in zip(blocks, heads, (MARGIN, middle + _GUTTER / 2), strict=True):
        mid = page.top + _BREAK + len(lines) * line(LABEL) / 2
        page.block(x, mid, lines, bold=True, name="side")
        block.draw(page, x, page.top + _BREAK + high)
    page.text(middle, page.top + 10, label, bold=True, align="center", name="break label")
    ends = [(middle, page.top + _BREAK - 10), (middle, page.bottom)]
    page.line(ends, "break", style=(0, (5, 4)), thick=1.4)
    return page.figure
