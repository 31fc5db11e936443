"""Letters: how wide a text is, where it breaks, and how it is drawn.

All texts are measured, and in PNG drawn, by the outlines of DejaVu Sans, which matplotlib brings
along: the same on every machine, and in half the time. One lock keeps all drawing to one thread at
a time: neither FreeType nor the settings of matplotlib can be shared.
"""

from __future__ import annotations

from functools import cache, lru_cache
from threading import RLock
from unicodedata import category

import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties, findfont
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Bbox

__all__ = [
    "DPI", "LABEL", "LOCK", "NOTE", "SUBTITLE", "TITLE", "WORD", "Letters", "line", "plain",
    "width", "wrap",
]  # fmt: skip

DPI = 96  # so that a pixel of the screen is a pixel of the page, and 9 points are 12 pixels
TITLE, SUBTITLE, LABEL, WORD, NOTE = 20.0, 14.5, 14.0, 13.5, 12.0
LOCK = RLock()
_CAPITALS = 0.345  # from the base line to the middle of the letters, as a part of the size
_UNKNOWN = "\N{WHITE SQUARE}"
_ALIGNED = {"left": 0.0, "center": 0.5, "right": 1.0}


@cache
def _face(bold: bool) -> FT2Font:
    weight = "bold" if bold else "normal"
    face = FT2Font(findfont(FontProperties(family="DejaVu Sans", weight=weight)))
    face.set_size(100, 72)
    return face


@cache
def _font(size: float, bold: bool) -> FontProperties:
    """The font of a text, made once."""
    return FontProperties(size=size * 72 / DPI, weight="bold" if bold else "normal")


@cache
def _letter(letter: str, bold: bool) -> tuple[np.ndarray, np.ndarray, float]:
    """The points of a letter's outline, what they are, and its width, at the size 1."""
    with LOCK:
        face = _face(bold)
        glyph = face.load_char(ord(letter), flags=LoadFlags.NO_HINTING)
        points, codes = face.get_path()
        return np.asarray(points) / 100, np.asarray(codes), glyph.linearHoriAdvance / 65536 / 100


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
    with LOCK:
        face = _face(False)
        return "".join(c if face.get_char_index(ord(c)) else _UNKNOWN for c in plain(text))


@lru_cache(maxsize=16384)
def width(text: str, size: float = LABEL, bold: bool = False) -> float:
    """How wide a text is, in pixels."""
    return size * sum(_letter(letter, bold)[2] for letter in _clean(text))


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
            left -= size * _letter(letter, bold)[2]
            if left < 0 and lines[-1]:
                lines.append("")
                left = room - size * _letter(letter, bold)[2]
            lines[-1] += letter
    return tuple(part for part in lines if part)


class Letters(Text):
    """One line of text whose middle stands at a place."""

    def __init__(
        self, x: float, y: float, text: str, size: float, bold: bool, align: str, colour: str
    ) -> None:
        self.size, self.bold, self.share = size, bold, _ALIGNED[align]
        self.at = (x, y + _CAPITALS * size)
        super().__init__(
            *self.at, _clean(text), color=colour, fontproperties=_font(size, bold), ha=align,
            va="baseline", parse_math=False,
        )  # fmt: skip

    def _placed(self) -> tuple[float, Affine2D]:
        """How wide the text is at the size 1, and the way from its outline to the dots."""
        dots = self.size * self.figure.dpi / DPI
        wide = width(self.get_text(), 1, self.bold)
        place = self.get_transform().transform(self.at)
        return wide, Affine2D().translate(-wide * self.share, 0).scale(dots).translate(*place)

    def draw(self, renderer: RendererBase) -> None:
        """Draw the outlines in dots; leave letters as letters elsewhere."""
        text = self.get_text()
        if not text or not self.get_visible():
            return
        _, move = self._placed()
        context = renderer.new_gc()
        if isinstance(renderer, RendererAgg):
            context.set_linewidth(0)
            context.set_snap(False)
            renderer.draw_path(context, _outline(text, self.bold), move, to_rgba(self.get_color()))
        else:
            context.set_foreground(self.get_color())
            x, y = move.transform((0, 0))
            if renderer.flipy():
                y = renderer.get_canvas_width_height()[1] - y
            font = self.get_fontproperties()
            renderer.draw_text(context, x, y, text, font, 0, ismath=False, mtext=self)
        context.restore()
        self.stale = False

    def get_window_extent(self, renderer: object = None, dpi: object = None) -> Bbox:  # noqa: ARG002
        """The room it takes, from the lowest to the highest letter there may be."""
        wide, move = self._placed()
        return Bbox([[0, -0.24], [wide, 0.78]]).transformed(move)


@lru_cache(maxsize=512)
def _outline(text: str, bold: bool) -> Path:
    """The outline of a text at the size 1, from its start on the base line."""
    points, codes, x = [], [], 0.0
    for letter in text:
        shape, kinds, wide = _letter(letter, bold)
        if len(shape):
            points.append(shape + np.array((x, 0)))
            codes.append(kinds)
        x += wide
    return Path(np.concatenate(points), np.concatenate(codes)) if points else Path(np.empty((0, 2)))
