"""A sheet of white paper to draw on, measured in the pixels of a screen, from the top left.

A `Page` is a `matplotlib.figure.Figure` without axes: title, subtitle and source stand in margins
of fixed size, everything else is placed by the caller. pyplot is never used and no setting of the
process stays changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from hmcpsi_data.palette import INK, OUTLINE, PAPER, Look
from hmcpsi_data.pictures.letters import (
    DPI,
    LABEL,
    LOCK,
    NOTE,
    SUBTITLE,
    TITLE,
    WORD,
    Letters,
    line,
    width,
    wrap,
)  # fmt: skip

__all__ = ["BREAK", "LINK", "MARGIN", "QUIET", "WIDTH", "Page", "styled"]

WIDTH, MARGIN = 900, 16
BREAK = (0, (5, 4))
"""The dashes of a break between two frameworks or two units."""
LINK, QUIET, _RULE = "#12436D", "#8C8C8C", "#BFBFBF"

_Point = tuple[float, float]


@cache
def _style() -> Any:
    """The defaults of matplotlib, then afcharts, then what makes a file the same every time."""
    with as_file(files("afcharts") / "afcharts.mplstyle") as sheet:
        style = dict(mpl.rc_params_from_file(str(sheet), use_default_template=False))
    ours = {
        "font.sans-serif": ["Arial", "Helvetica", "DejaVu Sans"],
        "hatch.linewidth": 0.9,
        "svg.fonttype": "none",
        "svg.hashsalt": "hmcpsi_data",
    }
    known = {k: v for k, v in mpl.rcParamsDefault.items() if not k.startswith("backend")}
    return known | style | ours


@contextmanager
def styled() -> Iterator[None]:
    """The style of the Government Analysis Function, for one thread, while something is drawn."""
    with LOCK, mpl.rc_context(_style()):
        yield


class Page:
    """A figure with title, subtitle, room for a body of this height, and a source line."""

    def __init__(self, title: str, subtitle: str, source: str, body: float, width: float) -> None:
        room = min(width, WIDTH) - 2 * MARGIN
        head, sub = wrap(title, room, TITLE, True), wrap(subtitle, room, SUBTITLE)
        foot = wrap(source, room, NOTE)
        below = MARGIN + len(head) * line(TITLE) + 4
        self.width = width
        self.top = below + len(sub) * line(SUBTITLE) + 18
        self.bottom = self.top + body
        height = self.bottom + 8 + len(foot) * line(NOTE) + MARGIN
        size = (width / DPI, height / DPI)
        self.figure = Figure(figsize=size, dpi=DPI, facecolor=PAPER)
        flipped = Affine2D().scale(1 / width, -1 / height).translate(0, 1)
        self._place = flipped + self.figure.transFigure
        self.block(MARGIN, MARGIN + len(head) * line(TITLE) / 2, head, TITLE, bold=True)
        self.block(MARGIN, below + len(sub) * line(SUBTITLE) / 2, sub, SUBTITLE)
        middle = self.bottom + 12 + len(foot) * line(NOTE) / 2
        self.block(MARGIN, middle, foot, NOTE, colour=OUTLINE)

    def _add(self, artist: Artist, name: str, order: float | None = None) -> None:
        """Put an artist on the page; its name tells tests and readers of the figure what it is."""
        artist.set_transform(self._place)
        artist.set_label(name)
        if order is not None:
            artist.set_zorder(order)
        self.figure.add_artist(artist)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = LABEL,
        *,
        bold: bool = False,
        align: str = "left",
        colour: str = INK,
        name: str = "",
    ) -> None:
        """One line of text, the middle of its letters at this height."""
        self._add(Letters(x, y, text, size, bold, align, colour), name)

    def block(
        self, x: float, y: float, lines: Sequence[str], size: float = LABEL, **how: Any
    ) -> None:
        """Lines of text, the middle of the block at this place."""
        for n, text in enumerate(lines):
            self.text(x, y + (n - (len(lines) - 1) / 2) * line(size), text, size, **how)

    def box(self, x: float, y: float, w: float, h: float, drawn: Look, name: str = "") -> None:
        """A tile without its word."""
        if drawn.hatch:
            hatched = Rectangle((x, y), w, h, fc=PAPER, ec=drawn.stripes, lw=0, hatch=drawn.hatch)
            self._add(hatched, f"hatch {name}")
        fill, edge = ("none" if drawn.hatch else drawn.fill), ("--" if drawn.dashed else "-")
        self._add(Rectangle((x, y), w, h, fc=fill, ec=OUTLINE, lw=0.8, ls=edge), name)

    def tile(
        self, x: float, y: float, w: float, h: float, word: str, drawn: Look, size: float = WORD
    ) -> None:
        """A tile with its word inside, in as many lines as it needs."""
        self.box(x, y, w, h, drawn, f"tile {word}")
        how = {"align": "center", "colour": drawn.ink, "name": f"word {word}"}
        self.block(x + w / 2, y + h / 2, wrap(word, w - 6, size), size, **how)

    def line(
        self,
        points: Sequence[_Point],
        name: str,
        *,
        style: Any = "-",
        thick: float = 1.2,
        colour: str = OUTLINE,
        above: bool = False,
    ) -> None:
        """A line through the points; `above` draws it over tiles."""
        xs, ys = zip(*points, strict=True)
        artist = Line2D(xs, ys, ls=style, lw=thick, color=colour, dash_capstyle="butt")
        self._add(artist, name, 3 if above else 0.5)

    def curve(
        self, start: _Point, end: _Point, name: str, style: Any, thick: float, colour: str,
        above: bool = False,
    ) -> None:  # fmt: skip
        """A link from left to right that leaves and arrives level."""
        middle = (start[0] + end[0]) / 2
        points = [start, (middle, start[1]), (middle, end[1]), end]
        path = Path(points, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])
        artist = PathPatch(path, fc="none", ec=colour, ls=style, lw=thick, capstyle="butt")
        self._add(artist, name, 3 if above else 0.5)

    def marker(
        self, x: float, y: float, shape: str, colour: str, name: str, size: float = 8.5
    ) -> None:
        """A marker with a dark outline."""
        artist = Line2D([x], [y], ls="none", marker=shape, ms=size, mfc=colour, mec=INK, mew=0.9)
        self._add(artist, name, 3)

    def rule(self, y: float) -> None:
        """A thin line across the page."""
        self.line([(MARGIN, y), (self.width - MARGIN, y)], "rule", thick=0.6, colour=_RULE)

    def broken(self, y: float, label: str) -> None:
        """A labelled break across the page: what stands below is on another framework."""
        self.text(MARGIN, y, label, WORD, bold=True, name="break label")
        start = MARGIN + width(label, WORD, True) + 10
        self.line([(start, y), (self.width - MARGIN, y)], "break", style=BREAK, thick=1.4)
