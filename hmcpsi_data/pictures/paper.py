"""White paper to draw on, in the pixels of a screen, and letters whose room is known beforehand.

All texts are measured by DejaVu Sans, which matplotlib brings along, so that a picture is the same
on every machine. One lock keeps all drawing to one thread at a time: neither FreeType nor the
settings of matplotlib can be shared. Pyplot is never used, and no setting stays changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib.resources import as_file, files
from threading import RLock
from typing import Any
from unicodedata import category

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from hmcpsi_data.palette import INK, OUTLINE, PAPER, Look

DPI = 96  # so that a pixel of the screen is a pixel of the page, and 9 points are 12 pixels
TITLE, SUBTITLE, LABEL, WORD, NOTE = 20.0, 14.5, 14.0, 13.5, 12.0
WIDTH, MARGIN = 900.0, 16.0
BREAK = (0, (5, 4))  # the dashes of a break between two frameworks or two units
LINK, QUIET = "#12436D", "#8C8C8C"
_RULE, _UNKNOWN = "#BFBFBF", "\N{WHITE SQUARE}"
_CAPITALS = 0.345  # from the base line to the middle of the letters, as a part of the size
_ALIGNED = {"left": 0.0, "center": 0.5, "right": 1.0}
_LOCK = RLock()

Point = tuple[float, float]
Sign = Callable[[float, float], None]


# Letters ----------------------------------------------------------------------------------------


@cache
def _face(bold: bool) -> FT2Font:
    weight = "bold" if bold else "normal"
    face = FT2Font(findfont(FontProperties(family="DejaVu Sans", weight=weight)))
    face.set_size(100, 72)
    return face


@cache
def _advance(letter: str, bold: bool) -> float:
    """How wide a letter is at the size 1."""
    with _LOCK:
        glyph = _face(bold).load_char(ord(letter), flags=LoadFlags.NO_HINTING)
        return float(glyph.linearHoriAdvance) / 65536 / 100


def line(size: float) -> float:
    """The height of a line of text."""
    return size * 1.28


def plain(text: str) -> str:
    """Text of one line, without invisible letters, with a square for what no file may hold."""
    letters = (c for c in " ".join(text.split()) if category(c) != "Cf")
    return "".join(_UNKNOWN if category(c).startswith("C") else c for c in letters)


@lru_cache(maxsize=16384)
def _clean(text: str) -> str:
    """Text of one line, with a square for what cannot be printed."""
    with _LOCK:
        known = _face(False).get_char_index
        return "".join(c if known(ord(c)) else _UNKNOWN for c in plain(text))


@lru_cache(maxsize=16384)
def width(text: str, size: float = LABEL, bold: bool = False) -> float:
    """How wide a text is, in pixels."""
    return size * sum(_advance(letter, bold) for letter in _clean(text))


@lru_cache(maxsize=16384)
def wrap(text: str, room: float, size: float = LABEL, bold: bool = False) -> tuple[str, ...]:
    """The lines of a text, none wider than the room; a word that is too long is broken.

    Examples
    --------
    >>> wrap("Custody time limits", 60, 10), wrap("inspectorate", 40, 10)
    (('Custody', 'time limits'), ('inspect', 'orate'))
    """
    lines = [""]
    for word in _clean(text).split():
        whole = f"{lines[-1]} {word}".strip()
        if width(whole, size, bold) <= room:
            lines[-1] = whole
            continue
        lines.append("")
        left = room
        for letter in word:
            left -= size * _advance(letter, bold)
            if left < 0 and lines[-1]:
                lines.append("")
                left = room - size * _advance(letter, bold)
            lines[-1] += letter
    return tuple(part for part in lines if part)


def tile_height(word: str, wide: float, size: float = WORD) -> float:
    """How high a tile of this width is that has room for its word."""
    return max(26, len(wrap(word, wide - 6, size)) * line(size) + 8)


class Words:
    """A text in as many lines as it needs, or several texts one below the other."""

    def __init__(
        self, text: str | Iterable[str], room: float, size: float = LABEL, *, bold: bool = False,
        align: str = "left", **how: Any,
    ) -> None:  # fmt: skip
        parts = [text] if isinstance(text, str) else text
        self.lines = [one for part in parts for one in wrap(part, room, size, bold)]
        self.size, self.how = size, {"bold": bold, "align": align, **how}
        self.height = len(self.lines) * line(size)
        self.width = max((width(one, size, bold) for one in self.lines), default=0)
        self.off = room * _ALIGNED[align]

    def draw(self, page: Page, x: float, y: float, high: float = 0, at: float = 0.0) -> None:
        """Draw it at the top of its place (0), in the middle of it (0.5), or at the bottom (1)."""
        middle = y + self.height / 2 + max(high - self.height, 0) * at
        page.block(x + self.off, middle, self.lines, self.size, **self.how)


# Paper ------------------------------------------------------------------------------------------


@cache
def _style() -> Any:
    """The defaults of matplotlib, then afcharts, then what makes a file the same every time."""
    with as_file(files("afcharts") / "afcharts.mplstyle") as sheet:
        style = dict(mpl.rc_params_from_file(str(sheet), use_default_template=False))
    ours = {
        "font.sans-serif": ["Arial", "Helvetica", "DejaVu Sans"],
        "hatch.linewidth": 0.9,
        "svg.fonttype": "none",
        "text.hinting": "no_hinting",  # so that letters are as wide as they were measured
        "svg.hashsalt": "hmcpsi_data",
    }
    known = {k: v for k, v in mpl.rcParamsDefault.items() if not k.startswith("backend")}
    return known | style | ours


@contextmanager
def styled() -> Iterator[None]:
    """The style of the Government Analysis Function, for one thread, while something is drawn."""
    with _LOCK, mpl.rc_context(_style()):
        yield


class Page:
    """What is drawn of a picture, in pixels from the left edge and from the top of its body."""

    def __init__(self) -> None:
        self.width = WIDTH
        self.artists: list[Artist] = []

    def figure(self, title: str, subtitle: str, source: str, body: float) -> Figure:
        """The figure: title and subtitle, the body of this height, and the source line."""
        drawn, self.artists = self.artists, []
        room = min(self.width, WIDTH) - 2 * MARGIN
        head, sub = Words(title, room, TITLE, bold=True), Words(subtitle, room, SUBTITLE)
        foot = Words(source, room, NOTE, colour=OUTLINE)
        top = MARGIN + head.height + 4 + sub.height + 18
        high = top + body + 8 + foot.height + MARGIN
        head.draw(self, MARGIN, MARGIN - top)
        sub.draw(self, MARGIN, MARGIN - top + head.height + 4)
        foot.draw(self, MARGIN, body + 12)
        figure = Figure(figsize=(self.width / DPI, high / DPI), dpi=DPI, facecolor=PAPER)
        placed = Affine2D().translate(0, top).scale(1 / self.width, -1 / high).translate(0, 1)
        for artist in [*self.artists, *drawn]:
            artist.set_transform(placed + figure.transFigure)
            figure.add_artist(artist)
        return figure

    def _add(self, artist: Artist, name: str, order: float | None = None) -> None:
        """Keep an artist; its name tells tests and readers of the figure what it is."""
        artist.set_label(name)
        if order is not None:
            artist.set_zorder(order)
        self.artists.append(artist)

    def block(
        self, x: float, middle: float, lines: Sequence[str], size: float = LABEL, *,
        bold: bool = False, align: str = "left", colour: str = INK, name: str = "",
    ) -> None:  # fmt: skip
        """Lines of text, the middle of the block at this place."""
        for n, text in enumerate(lines):
            y = middle + (n - (len(lines) - 1) / 2) * line(size) + _CAPITALS * size
            weight = "bold" if bold else "normal"
            font = FontProperties(size=size * 72 / DPI, weight=weight)
            artist = Text(
                x, y, _clean(text), color=colour, fontproperties=font, ha=align, va="baseline",
                parse_math=False,
            )  # fmt: skip
            self._add(artist, name)

    def text(self, x: float, y: float, text: str, size: float = LABEL, **how: Any) -> None:
        """One line of text, the middle of its letters at this height."""
        self.block(x, y, [text], size, **how)

    def row(
        self, y: float, cells: Mapping[float, Words], *, least: float = 0, at: float = 0.5
    ) -> float:
        """Texts side by side, by their left edges; how high they are together."""
        high = max([least, *(words.height for words in cells.values())])
        for x, words in cells.items():
            words.draw(self, x, y, high, at)
        return high

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
        how: dict[str, Any] = {"align": "center", "colour": drawn.ink, "name": f"word {word}"}
        self.block(x + w / 2, y + h / 2, wrap(word, w - 6, size), size, **how)

    def line(
        self, points: Sequence[Point], name: str, *, style: Any = "-", thick: float = 1.2,
        colour: str = OUTLINE, above: bool = False,
    ) -> None:  # fmt: skip
        """A line through the points; `above` draws it over tiles."""
        xs, ys = zip(*points, strict=True)
        artist = Line2D(xs, ys, ls=style, lw=thick, color=colour, dash_capstyle="butt")
        self._add(artist, name, 3 if above else 0.5)

    def curve(
        self, start: Point, end: Point, name: str, *, style: Any, thick: float, colour: str,
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

    def split(self, xs: Iterable[float], top: float, bottom: float) -> None:
        """Dashed lines from top to bottom: what stands beside them is on another framework."""
        for x in xs:
            self.line([(x, top), (x, bottom)], "break", style=BREAK)

    def broken(self, y: float, label: str) -> float:
        """A labelled break across the page, and how high it is; what follows is not comparable."""
        self.text(MARGIN, y + 15, label, WORD, bold=True, name="break label")
        start = MARGIN + width(label, WORD, True) + 10
        ends = [(start, y + 15), (self.width - MARGIN, y + 15)]
        self.line(ends, "break", style=BREAK, thick=1.4)
        return 30

    def legend(self, entries: Iterable[tuple[str, float, Sign]]) -> float:
        """Signs with their words in a line at the top, and how high it is.

        An entry is its words, how wide its sign is, and what draws the sign.
        """
        x = MARGIN
        for words, wide, sign in entries:
            sign(x, 8)
            self.text(x + wide + 8, 8, words, NOTE, name="legend")
            x += wide + 28 + width(words, NOTE)
        return 34
