"""Tile matrices: a rating of each aspect in each inspection, the word in its tile.

Two frameworks stand side by side, split by a dashed break, and nothing joins them. A tile without a
rating says whether none was found or it was left out of the choice: silence is never Poor.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import pandas as pd

from hmcpsi_data.errors import FrameworkError
from hmcpsi_data.method.scales import require_one_framework
from hmcpsi_data.palette import look
from hmcpsi_data.pictures import sentences as say
from hmcpsi_data.pictures.letters import NOTE, WORD, width
from hmcpsi_data.pictures.page import BREAK, MARGIN, WIDTH, Page, Row, Sheet, Tile, Words
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.record.ratings import ratings as ratings_of
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import PLURALS, count_of, listed

__all__ = ["paired_matrix", "tile_matrix"]

_COLUMNS = [
    "inspection_id", "area_id", "area", "framework_id", "framework", "set_id", "aspect_id", "label",
    "level", "rating",
]  # fmt: skip
_NARROWEST, _WIDEST, _NARROW_PAGE, _GUTTER, _BREAK = 84, 130, 620, 56, 34


def tile_matrix(
    ratings: pd.DataFrame | str | list[str],
    *,
    framework: str | None = None,
    record: RecordLike = None,
) -> Picture:
    """Ratings of one framework: aspects down, in the order as printed, inspections across.

    Where that would take more room, they change places. A critical aspect says so in its label;
    what is missing is hatched and says why. Counts are out of all aspects that the framework has.

    Parameters
    ----------
    ratings : pandas.DataFrame, str or list of str
        Rows of `hmcpsi_data.ratings`, all of one framework; or one or more Areas.
    framework : str, optional
        With Areas: only their ratings under this framework.
    record : Record or path, optional

    Raises
    ------
    FrameworkError
        Where the ratings are of several frameworks: they have no common order.

    Examples
    --------
    >>> from hmcpsi_data import ratings
    >>> tile_matrix(ratings("East Midlands", level="criterion")).title
    'East Midlands: 1 Poor, 3 Fair and 3 Good of 7 criteria'
    >>> tile_matrix(ratings("Leicestershire", "opa_2005", rating="Poor")).title
    'Leicestershire: 1 of 14 aspects Poor; 13 not shown'
    """
    record = as_record(record)
    rows = _rows(ratings, framework, record)
    grid = _Grid(rows, record)
    sheet = _sheet(grid, WIDTH - 2 * MARGIN)
    sheet.width = max(
        WIDTH if len(grid.inspections) > 1 else _NARROW_PAGE, sheet.width + 2 * MARGIN
    )
    table = grid.frame()
    same = {"Framework": True, "Area": grid.single, "Level": len(grid.groups) < 2}
    same["Critical"] = not grid.critical
    table = table.drop(columns=[name for name, alike in same.items() if alike])
    return Picture(
        title=grid.headline(),
        subtitle=grid.subtitle(rows),
        source=say.sources(rows, record=record),
        words=(grid.sentence(),),
        table=table,
        body=sheet,
        tiles=("Rating",),
        head=1 + list(table).index("Aspect"),
        record=record,
    )


def paired_matrix(
    left: pd.DataFrame | str, right: pd.DataFrame | str, *, record: RecordLike = None
) -> Picture:
    """Ratings of two frameworks side by side, with a labelled break between them.

    Nothing joins the two sides, and no row of one stands for a row of the other: equal words are
    words of two scales.

    Parameters
    ----------
    left, right : pandas.DataFrame or str
        As for `tile_matrix`, each side of one framework.
    record : Record or path, optional

    Raises
    ------
    FrameworkError
        Where a side holds several frameworks, or both sides hold the same.

    Examples
    --------
    >>> from hmcpsi_data import ratings
    >>> paired_matrix(ratings("Leicestershire", "opa_2005"), ratings("East Midlands")).title
    'Leicestershire in OPA 2005-06, East Midlands in Area Assurance 2016-19: \
two frameworks, no trend'
    """
    record = as_record(record)
    sides = [_rows(side, None, record) for side in (left, right)]
    grids = [_Grid(rows, record) for rows in sides]
    if grids[0].framework_id == grids[1].framework_id:
        told = f"Both sides are {grids[0].framework or 'empty'}."
        raise FrameworkError([grids[0].framework_id], told, "Call tile_matrix() for one framework.")
    names = [f"{g.who} in {g.framework}" if g.framework else "nothing chosen" for g in grids]
    units = set(sides[0]["area_id"]) != set(sides[1]["area_id"])
    label = f"other criteria{', other unit' * units}: not a trend"
    periods = zip(grids, map(say.period, sides), strict=True)
    return Picture(
        title=f"{', '.join(names)}: two frameworks, no trend",
        subtitle=" ".join(f"{grid.framework}: {when}." for grid, when in periods if when),
        source=say.sources(*sides, record=record),
        words=(*(grid.sentence() for grid in grids), f"Between the two stands a break: {label}."),
        table=pd.concat([grid.frame() for grid in grids], ignore_index=True),
        body=_Pair(grids, names, label),
        tiles=("Rating",),
        head=4,
        record=record,
    )


def _rows(given: object, framework: str | None, record: Record) -> pd.DataFrame:
    """Rows of ratings, as given or of the Areas that are named."""
    if isinstance(given, str | list):
        return ratings_of(given, framework, record=record)
    return say.need(given, _COLUMNS, "ratings()")


class _Grid:
    """The ratings of one framework: words by aspect and inspection.

    `groups` holds the aspects that are drawn, by set and level; `whole` the words of each group,
    with those of the aspects that are not drawn where there is one inspection.
    """

    def __init__(self, rows: pd.DataFrame, record: Record) -> None:
        self.record = record
        self.framework_id = str(require_one_framework(rows)) if len(rows) else ""
        self.framework = str(rows["framework"].iloc[0]) if len(rows) else ""
        self.scale = say.scale_of(self.framework_id, record) if len(rows) else []
        self.inspections = _headings(rows)
        self.single = len(self.inspections) == 1
        critical = rows.get("is_critical", pd.Series(False, rows.index)).fillna(False).astype(bool)
        self.critical = set(rows.loc[critical, "aspect_id"])
        groups: dict[tuple[str, str], dict[str, str]] = {}
        self.words: dict[tuple[str, str], str] = {}
        keys = rows[["aspect_id", "set_id", "level", "label", "inspection_id"]].astype(str)
        cells = keys.assign(word=say.words_of(rows)).itertuples(index=False, name=None)
        for aspect, set_id, level, label, inspection, word in cells:
            groups.setdefault((set_id, level), {}).setdefault(aspect, label)
            known = self.words.setdefault((aspect, inspection), word)
            if word not in known.split(" or "):  # two sources that do not agree are both shown
                self.words[aspect, inspection] = f"{known} or {word}"
        order = [*PLURALS]
        ranked = sorted(groups, key=lambda g: order.index(g[1]) if g[1] in order else len(order))
        self.groups = {group: groups[group] for group in ranked}
        self.whole = {group: self._completed(group) for group in ranked}

    def _completed(self, group: tuple[str, str]) -> list[str]:
        """The words of a group, once each pair without a row has its reason."""
        aspects: dict[str, str] = self.groups[group]
        others: dict[str, str] = {}
        alone = [level for _, level in self.groups].count(group[1]) == 1
        for inspection in self.inspections:
            seen = [aspect for aspect in aspects if (aspect, inspection) in self.words]
            if not (seen or alone):  # criteria printed for one Area are sought in that Area only
                self.words |= {(aspect, inspection): "" for aspect in aspects}
                continue
            others = say.unseen(inspection, *group, seen, self.record)
            for aspect in aspects:
                self.words.setdefault((aspect, inspection), others.pop(aspect, say.NOT_FOUND))
        return self._shown(aspects) + list(others.values()) * self.single

    def _shown(self, aspects: Any) -> list[str]:
        """The words of aspects in all inspections, as far as there is something to say."""
        return [w for pair in product(aspects, self.inspections) if (w := self.words[pair])]

    @property
    def who(self) -> str:
        heading = next(iter(self.inspections.values()), "")
        return heading if self.single else count_of(len(self.inspections), "inspection")

    def headline(self) -> str:
        """The counts of the largest group that is no overall assessment."""
        groups = [key for key in self.groups if key[1] != "overall"] or list(self.groups)
        if not groups:
            return "No rating is chosen"
        group = max(groups, key=lambda key: len(self.groups[key]))
        if group[1] == "overall" and self.single:
            return f"{self.who}: {listed(self.whole[group])} overall"
        return f"{self.who}: {self._counted(group)}"

    def subtitle(self, rows: pd.DataFrame) -> str:
        if not self.groups:
            return "No row of the table has been chosen."
        scale = "no scale"
        words = {*self.words.values()}
        if self.scale and words & {*self.scale, say.CONTRADICTED}:
            scale = f"on its own scale from {self.scale[0]} to {self.scale[-1]}"
        areas = list(dict.fromkeys(rows["area"]))
        who = listed(areas) if len(areas) < 5 else f"{len(areas)} Areas"
        when = say.period(rows)
        return f"{self.framework}, {scale}. {who}{f'; {when}' if when else ''}."

    def sentence(self) -> str:
        """The counts of each group, and those of the critical aspects."""
        parts = []
        for group, aspects in self.groups.items():
            alone = group[1] == "overall" and self.single
            parts.append(f"overall {listed(self.whole[group])}" if alone else self._counted(group))
            if len(self.whole[group]) > len(aspects) * len(self.inspections):
                continue  # some are not shown, among them perhaps critical ones
            if critical := self._shown([one for one in aspects if one in self.critical]):
                told = say.counts(critical, self.scale)
                parts.append(f"of the {len(critical)} critical ones {told}")
        if not parts:
            return "No rating is shown."
        return f"{self.who}, {self.framework}: {'; '.join(parts)}."

    def _counted(self, group: tuple[str, str]) -> str:
        words = self.whole[group]
        what = say.plural(group[1], len(words) if self.single else 2)
        return say.counts(words, self.scale, what if self.single else f"ratings of {what}")

    def titled(self) -> list[tuple[str, dict[str, str]]]:
        """The groups with their headings: the level; the set as well, where a level comes twice."""
        levels = [level for _, level in self.groups]
        sets = self.record.table("aspect_sets").set_index("set_id")["title"]
        several = len([level for level in levels if level != "overall"]) > 1
        found = []
        for (set_id, level), aspects in self.groups.items():
            title = say.plural(level).capitalize() if levels.count(level) == 1 else ""
            title = title or str(sets.get(set_id, set_id))
            critical = {k: " (critical)" if k in self.critical else "" for k in aspects}
            labels = {k: label + critical[k] for k, label in aspects.items()}
            found.append((title if several and level != "overall" else "", labels))
        return found

    def frame(self) -> pd.DataFrame:
        """A row for each tile."""
        critical = {True: "critical", False: "no" * bool(self.critical)}
        rows = [
            (
                self.framework, heading, say.plural(level, 1).capitalize(), label,
                critical[aspect in self.critical], self.words[aspect, inspection],
            )
            for (_, level), aspects in self.groups.items()
            for aspect, label in aspects.items()
            for inspection, heading in self.inspections.items()
            if self.words[aspect, inspection]
        ]  # fmt: skip
        columns = ["Framework", "Area", "Level", "Aspect", "Critical", "Rating"]
        return pd.DataFrame(rows, columns=columns)


def _headings(rows: pd.DataFrame) -> dict[str, str]:
    """The Area of each inspection; where an Area comes twice, with the date or the identifier."""
    first = rows.drop_duplicates("inspection_id").set_index("inspection_id")
    names = first["area"]
    if "published" in first:
        dates = first["published"].fillna("undated").map(say.dated)
        names = names.mask(names.duplicated(keep=False), names + ", " + dates)
    twice = names.duplicated(keep=False)
    return names.mask(twice, names + " (" + names.index + ")").to_dict()  # type: ignore[return-value]


def _sheet(grid: _Grid, room: float) -> Sheet:
    """The tiles: the first way that fits the room, else the narrowest."""
    groups = grid.titled()
    ways = [(groups, grid.inspections)]
    if len(grid.inspections) > 1 and not any(title for title, _ in groups):
        aspects = {key: label for _, labels in groups for key, label in labels.items()}
        ways.append(([("", grid.inspections)], aspects))
    plans = [_laid_out(grid, *way, size, room) for way, size in product(ways, (WORD, NOTE))]
    narrowest = min(plans, key=lambda plan: plan.width)
    return next((plan for plan in plans if plan.width <= room), narrowest)


def _laid_out(
    grid: _Grid,
    groups: list[tuple[str, dict[str, str]]],
    columns: dict[str, str],
    size: float,
    room: float,
) -> Sheet:
    """Labels down, headings across; all words are level, the sheet grows where it must."""
    headings = [*columns.values()] if not grid.single else []
    words, many = set(grid.words.values()), max(len(columns), 1)
    least = max(
        (width(part, size) + 10 for text in (*words, *headings) for part in text.split()), default=0
    )
    best = max([_NARROWEST, *(min(width(word, size) + 16, _WIDEST) for word in words)])
    labels = [width(text) for _, keys in groups for text in keys.values()]
    side = min(max(labels, default=0) + 2, 300 if many < 5 else 210)
    tile = max(min((room - side - 10) / many - 4, best), min(least, 220))

    def cell(row: str, column: str) -> Tile | None:  # whichever of the two is the aspect
        word = grid.words.get((row, column)) or grid.words.get((column, row))
        return Tile(word, look(word, grid.record), tile, size) if word else None

    rows: list[Row] = []
    if headings:
        how: dict[str, Any] = {"align": "center", "name": "column", "at": 1}
        rows.append(Row([None, *(Words(text, tile, size, **how) for text in headings)]))
    for title, keys in groups:
        if title:
            rows.append(Row([Words(title, 400, WORD, bold=True, name="group")], gap=0))
        for key, label in keys.items():
            tiles = [cell(key, column) for column in columns]
            rows.append(Row([Words(label, side, name="label"), *tiles]))
        rows[-1].gap = 16
    lefts = [0, *(side + 10 + n * (tile + 4) for n in range(len(columns)))]
    return Sheet(lefts, rows, width=side + 10 + many * (tile + 4))


class _Pair:
    """Two sheets under their names, and the break between them."""

    def __init__(self, grids: list[_Grid], names: list[str], label: str) -> None:
        room = (WIDTH - 2 * MARGIN - _GUTTER) / 2
        self.sheets, self.label = [_sheet(grid, room) for grid in grids], label
        self.middle = MARGIN + max(room, self.sheets[0].width) + _GUTTER / 2
        self.names = [Words(name, room, bold=True, name="side") for name in names]
        self.head = _BREAK + max(name.height for name in self.names) + 10
        self.height = self.head + max(sheet.height for sheet in self.sheets)
        self.width = max(WIDTH, self.middle + _GUTTER / 2 + self.sheets[1].width + MARGIN)

    def draw(self, page: Page) -> None:
        lefts = (MARGIN, self.middle + _GUTTER / 2)
        for name, sheet, x in zip(self.names, self.sheets, lefts, strict=True):
            name.draw(page, x, page.top + _BREAK, name.height)
            sheet.draw(page, x, page.top + self.head)
        how: dict[str, Any] = {"bold": True, "align": "center", "name": "break label"}
        page.text(self.middle, page.top + 10, self.label, WORD, **how)
        ends = [(self.middle, page.top + _BREAK - 10), (self.middle, page.bottom)]
        page.line(ends, "break", style=BREAK, thick=1.4)
