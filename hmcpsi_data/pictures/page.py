"""White paper to draw on, measured in the pixels of a screen from the top left, and rows of cells.

A `Page` is a `matplotlib.figure.Figure` without axes; pyplot is never used and no setting of the
process stays changed. A `Sheet` of rows knows how high it is before anything is drawn.
"""

# ruff: noqa: D102 (what all cells have is said once, in `Cell`)

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Any, Protocol

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

__all__ = [
    "BREAK", "LINK", "MARGIN", "QUIET", "WIDTH", "Body", "Break", "Cell", "Legend", "Page", "Row",
    "Sheet", "Tile", "Words", "lines_told", "styled",
]  # fmt: skip

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


class Body(Protocol):
    """What stands between subtitle and source of a picture."""

    @property
    def height(self) -> float: ...
    @property
    def width(self) -> float: ...
    def draw(self, page: Page) -> None: ...


class Cell(Protocol):
    """What stands in a place of a row: its height, and how it is drawn, its corner at x and y."""

    @property
    def height(self) -> float: ...
    def draw(self, page: Page, x: float, y: float, high: float) -> None: ...


class Words:
    """A text in as many lines as it needs; `at` is 0 at the top of its row, 1 at the bottom."""

    def __init__(
        self, text: str | Sequence[str], room: float, size: float = LABEL, *, at: float = 0.5,
        **how: Any,
    ) -> None:  # fmt: skip
        parts = [text] if isinstance(text, str) else text
        bold = how.get("bold", False)
        self.lines = [one for part in parts for one in wrap(part, room, size, bold)]
        self.size, self.at, self.how = size, at, how
        self.height = len(self.lines) * line(size)
        self.off = room / 2 if how.get("align") == "center" else 0

    def draw(self, page: Page, x: float, y: float, high: float) -> None:
        middle = y + self.height / 2 + (high - self.height) * self.at
        page.block(x + self.off, middle, self.lines, self.size, **self.how)


@dataclass
class Tile:
    """A word on its tile, as wide as told; as high as its row, or `most`."""

    word: str
    drawn: Look
    wide: float
    size: float = WORD
    most: float = 1000

    @property
    def height(self) -> float:
        return max(26, len(wrap(self.word, self.wide - 6, self.size)) * line(self.size) + 8)

    def draw(self, page: Page, x: float, y: float, high: float) -> None:
        tall = max(min(high, self.most), self.height)
        page.tile(x, y + (high - tall) / 2, self.wide, tall, self.word, self.drawn, self.size)


_Sign = Callable[[Page, float, float], None]


class Legend:
    """Signs with their words in a line: the words, how wide the sign is, what draws it."""

    height = 34.0

    def __init__(self, entries: Iterable[tuple[str, float, _Sign]]) -> None:
        self.entries = list(entries)

    def draw(self, page: Page, x: float, y: float, high: float = 0) -> None:  # noqa: ARG002
        for words, wide, sign in self.entries:
            sign(page, x, y + 8)
            page.text(x + wide + 8, y + 8, words, NOTE, name="legend")
            x += wide + 28 + width(words, NOTE)


def lines_told(words: Mapping[str, str], styles: Mapping[str, Any], thick: float = 1.2) -> Legend:
    """A legend of lines, each with its style."""

    def sample(key: str) -> _Sign:
        how: dict[str, Any] = {"style": styles[key], "thick": thick, "colour": LINK}
        return lambda page, x, y: page.line([(x, y), (x + 44, y)], f"legend {key}", **how)

    return Legend((text, 44, sample(key)) for key, text in words.items())


@dataclass
class Row:
    """Cells from left to right, each in its column; `gap` is the room below it."""

    cells: Sequence[Cell | None]
    gap: float = 4
    least: float = 0
    rule: bool = False

    @property
    def height(self) -> float:
        return max([self.least, *(cell.height for cell in self.cells if cell)]) + self.gap


@dataclass
class Break:
    """What stands between rows of two frameworks."""

    label: str
    height: float = 30


class Sheet:
    """Rows below each other: where columns begin, the rows, and where dashed lines run down.

    `above` stands on top of all; no dashed line runs through it.
    """

    def __init__(
        self, lefts: Sequence[float], rows: Sequence[Row | Break], splits: Sequence[float] = (),
        *, width: float = WIDTH, above: Cell | None = None,
    ) -> None:  # fmt: skip
        self.lefts, self.rows, self.splits = lefts, rows, splits
        self.width, self.above = width, above
        self.height = sum(row.height for row in rows) + (above.height if above else 0)

    def draw(self, page: Page, left: float = MARGIN, top: float | None = None) -> None:
        y = page.top if top is None else top
        bottom = y + self.height
        if self.above:
            self.above.draw(page, left, y, self.above.height)
            y += self.above.height
        for x in self.splits:
            page.line([(left + x, y), (left + x, bottom)], "break", style=BREAK)
        for row in self.rows:
            if isinstance(row, Break):
                page.broken(y + row.height / 2, row.label)
            else:
                if row.rule:
                    page.rule(y)
                for x, cell in zip(self.lefts, row.cells, strict=False):
                    if cell:
                        cell.draw(page, left + x, y, row.height - row.gap)
            y += row.height
