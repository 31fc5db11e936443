"""White paper to draw on, in the pixels of a screen, and letters whose room is known beforehand.

Texts are measured by DejaVu Sans, so that a picture is the same on every machine. One lock keeps
drawing to one thread: neither FreeType nor the settings of matplotlib can be shared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from threading import RLock
from typing import Any
from unicodedata import category
from warnings import catch_warnings, filterwarnings

from matplotlib import style
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from hmcpsi_data.palette import INK, OUTLINE, PAPER, Look, look
from hmcpsi_data.tables.record import Record

DPI = 96  # so that a pixel of the screen is a pixel of the page, and 9 points are 12 pixels
TITLE, SUBTITLE, LABEL, WORD, NOTE = 20.0, 14.5, 14.0, 13.5, 12.0
WIDTH, MARGIN = 900.0, 16.0
_NARROWEST = 620.0
BREAK = (0, (5, 4))  # the dashes of a break between two frameworks or two units
LINK, QUIET = "#12436D", "#8C8C8C"
LINE = 1.28  # the height of a line of text, as a part of the size of its letters
_CAPITALS = 0.345  # from the base line to the middle of the letters, as a part of the size
_LOCK = RLock()
_STYLE = {  # what makes a file the same on every machine, every time
    "font.sans-serif": ["Arial", "Helvetica", "DejaVu Sans"],
    "hatch.linewidth": 0.9,
    "svg.fonttype": "none",
    "text.hinting": "no_hinting",  # so that letters are as wide as they were measured
    "svg.hashsalt": "hmcpsi_data",
}


@cache
def _advance(letter: str, bold: bool) -> float:
    """How wide a letter is at the size 1; one that the font lacks is drawn by another."""
    weight = "bold" if bold else "normal"
    with _LOCK:
        face = get_font(findfont(FontProperties(family="DejaVu Sans", weight=weight)))
        if not face.get_char_index(ord(letter)):
            return 1.0
        face.set_size(100, 72)
        glyph = face.load_char(ord(letter), flags=LoadFlags.NO_HINTING)
        return float(glyph.linearHoriAdvance) / 65536 / 100


@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """Text of one line, without invisible letters, with a square for what no file may hold."""
    letters = (c for c in " ".join(text.split()) if category(c) != "Cf")
    return "".join("\N{WHITE SQUARE}" if category(c).startswith("C") else c for c in letters)


@lru_cache(maxsize=16384)
def width(text: str, size: float = LABEL, bold: bool = False) -> float:
    """How wide a text is, in pixels."""
    return size * sum(_advance(letter, bold) for letter in plain(text))


@lru_cache(maxsize=16384)
def wrap(text: str, room: float, size: float = LABEL, bold: bool = False) -> tuple[str, ...]:
    """The lines of a text, none wider than the room; a word that is too long is broken."""
    lines = [""]
    for word in plain(text).split():
        whole = f"{lines[-1]} {word}".strip()
        if width(whole, size, bold) <= room:
            lines[-1] = whole
            continue
        lines.append("")
        for letter in word:
            if lines[-1] and width(lines[-1] + letter, size, bold) > room:
                lines.append("")
            lines[-1] += letter
    return tuple(part for part in lines if part)


def tile_height(word: str, wide: float, size: float = WORD) -> float:
    """How high a tile of this width is that has room for its word."""
    return max(26, len(wrap(word, wide - 6, size)) * LINE * size + 8)


class Words:
    """A text in as many lines as it needs, or several texts one below the other."""

    def __init__(
        self, text: str | Iterable[str], room: float, size: float = LABEL, *, bold: bool = False,
        align: str = "left", **how: Any,
    ) -> None:  # fmt: skip
        parts = [text] if isinstance(text, str) else text
        self.lines = [one for part in parts for one in wrap(part, room, size, bold)]
        self.size, self.how = size, {"bold": bold, "align": align, **how}
        self.height = len(self.lines) * LINE * size
        self.width = max((width(one, size, bold) for one in self.lines), default=0)
        self.off = room / 2 if align == "center" else 0

    def draw(self, page: Page, x: float, y: float, high: float = 0, at: float = 0.0) -> None:
        """Draw it at the top of its place (0), in the middle of it (0.5), or at the bottom (1)."""
        middle = y + self.height / 2 + max(high - self.height, 0) * at
        page.text(x + self.off, middle, self.lines, self.size, **self.how)


@contextmanager
def styled() -> Iterator[None]:
    """The style of the Government Analysis Function, for one thread, while something is drawn."""
    sheets = style.context(["afcharts.afcharts", _STYLE], after_reset=True)
    with _LOCK, catch_warnings(), sheets:
        filterwarnings("ignore", "Glyph")  # a box stands for what the font cannot print
        yield


class Page:
    """What is drawn of a picture, in pixels from the left edge and from the top of its body."""

    def __init__(self, record: Record | None = None) -> None:
        self.width, self.record = WIDTH, record
        self.artists: list[Artist] = []

    def figure(self, title: str, subtitle: str, source: str, body: float) -> Figure:
        """The figure: title and subtitle, the body of this height, and the source line."""
        drawn, self.artists = self.artists, []
        self.width = max(self.width, _NARROWEST)
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

    def _add(self, artist: Artist, name: str, order: float) -> None:
        """Keep an artist; its name tells readers of the figure what it is."""
        artist.set(label=name, zorder=order)
        self.artists.append(artist)

    def text(
        self, x: float, middle: float, lines: str | Sequence[str], size: float = LABEL, *,
        bold: bool = False, align: str = "left", colour: str = INK, name: str = "",
    ) -> None:  # fmt: skip
        """A line of text or several, the middle of their letters at this place."""
        lines = [lines] if isinstance(lines, str) else lines
        font = FontProperties(size=size * 72 / DPI, weight="bold" if bold else "normal")
        how: dict[str, Any] = {"color": colour, "fontproperties": font, "ha": align}
        for n, text in enumerate(lines):
            y = middle + (n - (len(lines) - 1) / 2) * LINE * size + _CAPITALS * size
            self._add(Text(x, y, plain(text), va="baseline", parse_math=False, **how), name, 3)

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
            self._add(hatched, f"hatch {name}", 1)
        fill, edge = ("none" if drawn.hatch else drawn.fill), ("--" if drawn.dashed else "-")
        self._add(Rectangle((x, y), w, h, fc=fill, ec=OUTLINE, lw=0.8, ls=edge), name, 1)

    def tile(
        self, x: float, y: float, w: float, h: float, word: str, size: float = WORD, more: str = ""
    ) -> None:
        """A tile in the look of its word, with the word inside in as many lines as it needs."""
        drawn = look(word, self.record)
        self.box(x, y, w, h, drawn, f"tile {word}")
        lines = wrap(word + more, w - 6, size)
        how: dict[str, Any] = {"align": "center", "colour": drawn.ink, "name": f"word {word}"}
        self.text(x + w / 2, y + h / 2, lines, size, **how)

    def line(
        self, start: tuple[float, float], end: tuple[float, float], name: str, *,
        style: Any = "-", thick: float = 1.2, colour: str = OUTLINE, above: bool = False,
        curved: bool = False,
    ) -> None:  # fmt: skip
        """A line, or a curve that leaves and arrives level; `above` draws it over tiles."""
        (x, y), (to_x, to_y), how = start, end, {"ls": style, "lw": thick}
        artist: Artist = Line2D([x, to_x], [y, to_y], color=colour, dash_capstyle="butt", **how)
        if curved:
            points = [start, ((x + to_x) / 2, y), ((x + to_x) / 2, to_y), end]
            path = Path(points, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])
            artist = PathPatch(path, fc="none", ec=colour, capstyle="butt", **how)
        self._add(artist, name, 3 if above else 0.5)

    def marker(self, x: float, y: float, shape: str, colour: str, name: str) -> None:
        """A marker with a dark outline."""
        artist = Line2D([x], [y], ls="none", marker=shape, ms=8, mfc=colour, mec=INK, mew=0.9)
        self._add(artist, name, 3)

    def split(self, xs: Iterable[float], top: float, bottom: float) -> None:
        """Dashed lines from top to bottom: what stands beside them is on another framework."""
        for x in xs:
            self.line((x, top), (x, bottom), "break", style=BREAK)

    def legend(self, signs: Mapping[str, Look | Mapping[str, Any]]) -> float:
        """Words with their signs, a look, a marker or a style of line, and how high they are."""
        x = MARGIN
        for words, sign in signs.items():
            if isinstance(sign, Look):
                self.box(x, 1, 34, 14, sign, "legend")
            elif "shape" in sign:
                self.marker(x + 17, 8, **sign)
            else:
                self.line((x, 8), (x + 34, 8), **sign)
            self.text(x + 42, 8, words, NOTE, name="legend")
            x += 62 + width(words, NOTE)
        return 34
