"""Rows of cells: the frame that most pictures stand in.

A `Sheet` knows how high it is before anything is drawn. A cell is whatever has a height and can
draw itself; between rows of two frameworks stands a labelled `Break`, between columns of two
frameworks a dashed line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from hmcpsi_data.palette import Look
from hmcpsi_data.pictures.letters import LABEL, WORD, line, wrap
from hmcpsi_data.pictures.page import BREAK, Page

__all__ = ["Break", "Cell", "Row", "Sheet", "Tile", "Words"]


class Cell(Protocol):
    """What stands in a place of a row: its height, and how it is drawn, its corner at x and y."""

    @property
    def height(self) -> float: ...  # noqa: D102
    def draw(self, page: Page, x: float, y: float, high: float) -> None: ...  # noqa: D102


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

    def draw(self, page: Page, x: float, y: float, high: float) -> None:  # noqa: D102
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
    def height(self) -> float:  # noqa: D102
        return max(26, len(wrap(self.word, self.wide - 6, self.size)) * line(self.size) + 8)

    def draw(self, page: Page, x: float, y: float, high: float) -> None:  # noqa: D102
        tall = max(min(high, self.most), self.height)
        page.tile(x, y + (high - tall) / 2, self.wide, tall, self.word, self.drawn, self.size)


@dataclass
class Row:
    """Cells from left to right, each in its column; `gap` is the room below it."""

    cells: Sequence[Cell | None]
    gap: float = 4
    least: float = 0
    rule: bool = False

    @property
    def height(self) -> float:
        """The height of its highest cell, and the room below it."""
        return max([self.least, *(cell.height for cell in self.cells if cell)]) + self.gap


@dataclass
class Break:
    """What stands between rows of two frameworks."""

    label: str
    height: float = 30


class Sheet:
    """Rows below each other: where columns begin, the rows, and where dashed lines run down."""

    def __init__(
        self, lefts: Sequence[float], rows: Sequence[Row | Break], splits: Sequence[float] = ()
    ) -> None:
        self.lefts, self.rows, self.splits = lefts, rows, splits
        self.height = sum(row.height for row in rows)

    def draw(self, page: Page, left: float, top: float | None = None) -> None:
        """Draw it on a page, its corner at this place."""
        y = page.top if top is None else top
        for x in self.splits:
            page.line([(left + x, y), (left + x, y + self.height)], "break", style=BREAK)
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
