"""Rows of cells: the frame that most pictures stand in.

A `Sheet` knows how high it is before anything is drawn. A cell is whatever has a height and can
draw itself; between rows of two frameworks stands a labelled `Break`, between columns of two
frameworks a dashed line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from hmcpsi_data.palette import Look
from hmcpsi_data.pictures.letters import LABEL, NOTE, WORD, line, width, wrap
from hmcpsi_data.pictures.page import BREAK, LINK, MARGIN, WIDTH, Page

__all__ = ["Body", "Break", "Cell", "Legend", "Row", "Sheet", "Tile", "Words", "lines_told"]

# ruff: noqa: D102 (what all cells have is said once, in `Cell`)


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
