"""Distributions as unit strips: a square for each unit, hatched where only bounds follow."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
from matplotlib.figure import Figure

from hmcpsi_data.pictures.counting import sources
from hmcpsi_data.pictures.letters import LABEL, WORD, width, wrap
from hmcpsi_data.pictures.looks import Look, look
from hmcpsi_data.pictures.page import MARGIN, WIDTH, Page, line, styled
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.tiles import tile_table
from hmcpsi_data.views import counted
from hmcpsi_data.wording import BASES, Folder

__all__ = ["distribution_strips"]

_SQUARE, _STEP, _SIDE, _PILE = 15.0, 18.0, 190, 5
_GROUP_GAP, _BREAK = 20.0, 30.0
_OPEN = Look(hatch="////", edge="--")


def distribution_strips(
    rows: pd.DataFrame,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    source: str | None = None,
    folder: Folder = None,
) -> Picture:
    """How many units had each overall rating, a strip for each distribution.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of `hmcpsi_data.national`.
    title, subtitle, source : str, optional
        In place of those that the picture writes itself.
    folder : path, optional
        As for `load`.

    Returns
    -------
    Picture
        A filled square is a unit that is known to have had the rating; a hatched one may have had
        it: the hatched squares of a strip cannot all be true at once. Strips of different
        frameworks are split by a labelled break.

    Examples
    --------
    >>> from hmcpsi_data import national
    >>> print(distribution_strips(national("opa_2005").query("n_units == 42")).words)
    OPA 2006, all 42 Areas: Poor 4, Fair 18 to 25, Good 10 to 17, Excellent 3.
    """
    rows = counted(rows)
    strips = dict(iter(rows.groupby("distribution_id", sort=False)))
    words = " ".join(f"{_label(strip)}: {_counts(strip)}." for strip in strips.values())
    title = title or _headline(strips)
    subtitle = subtitle or (
        "Overall ratings: a filled square for each unit, lowest word first. Hatched squares lie "
        "between the bounds; not all of them can be true at once."
    )
    source = source or sources(rows, folder=folder)
    with styled():
        figure = _draw(strips, (title, subtitle, source))
    frame = pd.DataFrame(
        [
            (
                row.framework,
                row.scope,
                row.n_units,
                row.rating,
                _number(row),
                BASES.get(row.basis, row.basis),
            )
            for row in rows.itertuples()
        ],
        columns=["Framework", "Counted", "N", "Rating", "Number", "Basis"],
    )
    table = tile_table(frame, title, "", source, tiles=("Rating",), row_headers=2)
    return Picture(figure, title, subtitle, words or "Nothing is shown.", table, source)


def _label(strip: pd.DataFrame) -> str:
    scope, n = strip["scope"].iloc[0], strip["n_units"].iloc[0]
    sized = scope if str(n) in scope else f"{scope}, {n}"
    return f"{strip['framework'].iloc[0]}, {sized}"


def _number(row: tuple) -> str:
    return str(row.n) if pd.notna(row.n) else f"{row.n_low} to {row.n_high}"


def _counts(strip: pd.DataFrame) -> str:
    return ", ".join(f"{row.rating} {_number(row)}" for row in strip.itertuples())


def _headline(strips: dict[str, pd.DataFrame]) -> str:
    if not strips:
        return "Nothing is chosen"
    first, *others = strips.values()
    if others:
        names = dict.fromkeys(strip["framework"].iloc[0] for strip in strips.values())
        return f"{', '.join(names)}: published counts, no trend"
    best_first = [f"{_number(row)} {row.rating}" for row in reversed([*first.itertuples()])]
    return f"{_label(first)}: {', '.join(best_first)}"


def _wide(row: tuple) -> float:
    squares = -(-int(row.n_high) // _PILE) * _STEP
    return max(squares, width(f"{row.rating} {_number(row)}", WORD)) + _GROUP_GAP


def _draw(strips: dict[str, pd.DataFrame], texts: tuple[str, str, str]) -> Figure:
    labels = {key: wrap(_label(strip), _SIDE - 16, LABEL, True) for key, strip in strips.items()}
    high = _PILE * _STEP + line(WORD) + 26
    heights = {key: max(high, len(lines) * line(LABEL) + 16) for key, lines in labels.items()}
    frameworks = [strip["framework_id"].iloc[0] for strip in strips.values()]
    breaks = sum(one != other for one, other in pairwise(frameworks))
    page = Page(*texts, sum(heights.values()) + breaks * _BREAK)
    y, before = page.top + 4, None
    for key, strip in strips.items():
        framework = strip["framework_id"].iloc[0]
        if before not in (None, framework):
            label = "another framework: not a trend"
            page.text(MARGIN, y + 6, label, WORD, bold=True, name="break label")
            start = MARGIN + width(label, WORD, True) + 10
            page.line([(start, y + 6), (WIDTH - MARGIN, y + 6)], "break", style=(0, (5, 4)))
            y += _BREAK
        before = framework
        middle = y + len(labels[key]) * line(LABEL) / 2
        page.block(MARGIN, middle, labels[key], bold=True, name="strip")
        x = float(MARGIN + _SIDE)
        for row in strip.itertuples():
            _group(page, x, y, row)
            x += _wide(row)
        y += heights[key]
    return page.figure


def _group(page: Page, x: float, y: float, row: tuple) -> None:
    """The squares of one rating: those that are certain, then those that may be."""
    for unit in range(int(row.n_high)):
        across, down = divmod(unit, _PILE)
        place = (x + across * _STEP, y + down * _STEP)
        certain = unit < row.n_low
        drawn = look(row.rating) if certain else _OPEN
        name = f"unit {row.rating}" if certain else f"open {row.rating}"
        page.box(*place, _SQUARE, _SQUARE, drawn, name)
    below = y + _PILE * _STEP + line(WORD) / 2
    page.text(x, below, f"{row.rating} {_number(row)}", WORD, name="count")
