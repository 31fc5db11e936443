"""Ratings of one framework as a grid of words, and the block of tiles that shows it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import pandas as pd

from hmcpsi_data.guard import one_framework
from hmcpsi_data.pictures.counting import plural, scale_of, words_of
from hmcpsi_data.pictures.letters import LABEL, NOTE, WORD, width, wrap
from hmcpsi_data.pictures.page import MARGIN, WIDTH, Page, line
from hmcpsi_data.tables import load
from hmcpsi_data.views import counted
from hmcpsi_data.wording import Folder

__all__ = ["Block", "Grid", "grid_of"]

NOT_SHOWN = "not shown"
_LEVELS = ["overall", "section", "criterion", "aspect", "subject", "pilot_score"]
GAP, GROUP_GAP, _NARROWEST = 4, 12, 84


@dataclass
class Grid:
    """Words by aspect and inspection.

    Attributes
    ----------
    framework_id, framework : str
        The one framework.
    scale : list of str
        Its words, the lowest first.
    aspects : dict
        Group (set and level) to its aspects, in the order as printed, with their labels.
    inspections : dict
        Inspection to its heading.
    words : dict
        Aspect and inspection to the word.
    critical : set
        The aspects that the framework counts as critical.
    folder : path, optional
        The data folder that names the sets, as for `hmcpsi_data.load`.
    """

    framework_id: str
    framework: str
    scale: list[str]
    aspects: dict[tuple[str, str], dict[str, str]]
    inspections: dict[str, str]
    words: dict[tuple[str, str], str]
    critical: set[str]
    folder: Folder = None

    def label(self, aspect: str, label: str) -> str:
        """The label of an aspect; a critical one says so."""
        return f"{label} (critical)" if aspect in self.critical else label

    def group_words(self, group: tuple[str, str], critical: bool = False) -> list[str]:
        """The words of all aspects of a group, in all inspections."""
        return [
            self.words[aspect, inspection]
            for aspect in self.aspects[group]
            for inspection in self.inspections
            if (aspect, inspection) in self.words and (not critical or aspect in self.critical)
        ]

    def frame(self) -> pd.DataFrame:
        """The grid as a table."""
        rows = [
            {
                "Level": plural(level, 1),
                "Aspect": label,
                "Critical": "critical" if aspect in self.critical else "no",
                **{
                    heading: self.words.get((aspect, inspection), NOT_SHOWN)
                    for inspection, heading in self.inspections.items()
                },
            }
            for (_, level), aspects in self.aspects.items()
            for aspect, label in aspects.items()
        ]
        columns = ["Level", "Aspect", "Critical", *self.inspections.values()]
        table = pd.DataFrame(rows, columns=columns)
        table = table if self.critical else table.drop(columns="Critical")
        return table if len(self.aspects) > 1 else table.drop(columns="Level")


def grid_of(ratings: pd.DataFrame, folder: Folder = None) -> Grid:
    """The grid of ratings as `hmcpsi_data.ratings` gives them.

    Raises
    ------
    FrameworkError
        Where they are of several frameworks.
    """
    ratings = counted(ratings)
    framework_id = one_framework(ratings)
    cells = _cells(ratings, "aspect_id", "set_id", "level", "label", "inspection_id")
    rows = [(*row, word) for row, word in zip(cells, words_of(ratings), strict=True)]
    # The inspection with most aspects gives their order; the others add what it lacks.
    full = Counter(row[4] for row in rows)
    aspects: dict[tuple[str, str], dict[str, str]] = {}
    for aspect, set_id, level, label, *_ in sorted(rows, key=lambda row: -full[row[4]]):
        aspects.setdefault((set_id, level), {}).setdefault(aspect, label)
    words: dict[tuple[str, str], str] = {}
    for aspect, *_, inspection, word in rows:
        known = words.setdefault((aspect, inspection), word)
        if word not in known.split(" or "):  # two sources that do not agree are both shown
            words[aspect, inspection] = f"{known} or {word}"
    critical = _cells(ratings, "aspect_id", "is_critical")
    return Grid(
        framework_id if rows else "",
        ratings["framework"].iloc[0] if rows else "",
        scale_of(framework_id, folder),
        dict(sorted(aspects.items(), key=lambda item: _place(item[0][1]))),
        _headings(ratings),
        words,
        {aspect for aspect, is_critical in critical if is_critical is True},
        folder,
    )


def _cells(frame: pd.DataFrame, *columns: str) -> zip:
    return zip(*(frame[column].tolist() for column in columns), strict=True)


def _place(level: str) -> int:
    return _LEVELS.index(level) if level in _LEVELS else len(_LEVELS)


def _headings(ratings: pd.DataFrame) -> dict[str, str]:
    """The Area of each inspection; where an Area comes twice, with the date or the identifier."""
    areas = dict(_cells(ratings, "inspection_id", "area"))
    dated = dict(_cells(ratings.fillna({"published": "undated"}), "inspection_id", "published"))
    named = {k: v if _once(v, areas) else f"{v} {dated[k]}" for k, v in areas.items()}
    return {k: v if _once(v, named) else k for k, v in named.items()}


def _once(value: str, among: dict[str, str]) -> bool:
    return list(among.values()).count(value) == 1


@dataclass
class Block:
    """Where the tiles of a grid stand: upright words where they fit, else turned ones.

    Few aspects and many inspections change places, so that words can stay level.
    """

    grid: Grid
    room: float = WIDTH - 2 * MARGIN
    headings: bool = True
    turned: bool = field(init=False, default=False)
    swapped: bool = field(init=False, default=False)
    gap: int = field(init=False, default=GAP)

    def __post_init__(self) -> None:
        grid = self.grid
        words = {*grid.words.values(), NOT_SHOWN}
        labels = {k: grid.label(k, v) for rows in grid.aspects.values() for k, v in rows.items()}
        one_group = len(grid.aspects) == 1
        for size, widest in ((WORD, 300), (WORD, 210), (NOTE, 140)):
            least = max(width(part, size) + 8 for word in words for part in word.split())
            best = max([_NARROWEST, *(min(width(word, size) + 16, 130) for word in words)])
            for swapped in (False, True) if one_group and size == WORD else (False,):
                rows, columns = (labels, grid.inspections)[:: -1 if swapped else 1]
                side = min(max((width(text) for text in rows.values()), default=0) + 2, widest)
                tile = (self.room - side - 10) / max(len(columns), 1) - GAP
                if tile >= least:
                    self._measure(rows, columns, swapped, side, min(tile, best), size)
                    return
        self.turned, self.gap = True, 2
        tile = max(tile + GAP - self.gap, line(NOTE) - 1)
        self._measure(labels, grid.inspections, False, side, min(tile, 34), NOTE)

    def _measure(
        self,
        rows: dict[str, str],
        columns: dict[str, str],
        swapped: bool,
        side: float,
        tile: float,
        size: float,
    ) -> None:
        """Settle the places: labels down, headings across, the room of each."""
        self.swapped, self.side, self.tile, self.size = swapped, side, tile, size
        self.columns, self.row_labels = columns, rows
        self.groups = [list(rows)] if swapped else [list(g) for g in self.grid.aspects.values()]
        self.lines = {key: wrap(text, side) for key, text in rows.items()}
        many = len([key for key in self.grid.aspects if key[1] != "overall"]) > 1
        self.titles = [self._title(*key) if many else "" for key in self.grid.aspects]
        self.rows = {key: self._row_height(key) for key in rows}
        self.head = 0.0
        longest = max(
            (width(w, size) for text in columns.values() for w in text.split()), default=0
        )
        self.turned_heads = self.turned or longest > tile
        if self.headings and self.turned_heads:
            self.head = max(width(text, size) for text in columns.values()) + 10
        elif self.headings:
            self.heads = {key: wrap(text, tile, size) for key, text in columns.items()}
            self.head = max(map(len, self.heads.values()), default=0) * line(size) + 8
        between = GROUP_GAP * (len(self.groups) - 1) + line(WORD) * sum(map(bool, self.titles))
        self.height = self.head + sum(self.rows.values()) + self.gap * len(self.rows) + between
        self.width = side + 10 + len(columns) * (tile + self.gap)

    def _title(self, set_id: str, level: str) -> str:
        """The heading of a group: its level; its set as well, where a level comes twice."""
        title = plural(level).capitalize()
        if [key[1] for key in self.grid.aspects].count(level) > 1:
            named = load("aspect_sets", self.grid.folder).set_index("set_id")["title"]
            title = str(named.get(set_id, f"{title}: {set_id}"))
        return "" if level == "overall" else title

    def _row_height(self, key: str) -> float:
        words = {self.grid.words.get(self._cell(key, column), NOT_SHOWN) for column in self.columns}
        label = len(self.lines[key]) * line(LABEL) + 4
        if self.turned:
            return max(label, 60, *(width(word, self.size) + 12 for word in words))
        tall = max((len(wrap(word, self.tile - 6, self.size)) for word in words), default=1)
        return max(26, label, tall * line(self.size) + 8)

    def _cell(self, row: str, column: str) -> tuple[str, str]:
        """Aspect and inspection of a tile."""
        return (column, row) if self.swapped else (row, column)

    def draw(self, page: Page, left: float, top: float) -> None:
        """Draw it on a page, its corner at this place."""
        start = left + self.side + 10
        places = {key: start + n * (self.tile + self.gap) for n, key in enumerate(self.columns)}
        if self.headings:
            self._draw_headings(page, places, top + self.head - 6)
        y = top + self.head
        for n, group in enumerate(self.groups):
            y += GROUP_GAP * (n > 0)
            if self.titles[n]:
                page.text(left, y + line(WORD) / 2 - 2, self.titles[n], WORD, bold=True)
                y += line(WORD)
            for key in group:
                high = self.rows[key]
                page.block(left, y + high / 2, self.lines[key], name="label")
                for column, x in places.items():
                    word = self.grid.words.get(self._cell(key, column), NOT_SHOWN)
                    page.tile(x, y, self.tile, high, word, self.size, turned=self.turned)
                y += high + self.gap

    def _draw_headings(self, page: Page, places: dict[str, float], bottom: float) -> None:
        for key, x in places.items():
            middle = x + self.tile / 2
            if self.turned_heads:
                page.text(middle, bottom, self.columns[key], self.size, turned=True, name="column")
            else:
                mid = bottom - len(self.heads[key]) * line(self.size) / 2
                page.block(middle, mid, self.heads[key], self.size, align="center", name="column")
