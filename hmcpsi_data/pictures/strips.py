"""Unit strips: a square for each aspect, so that fourteen look like fourteen.

The squares stand in groups, the lowest word of the scale first, each group with its word and its
number. Quality and progress have palettes of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd
from matplotlib.figure import Figure

from hmcpsi_data.errors import FrameworkError
from hmcpsi_data.pictures.counting import (
    counted,
    joined,
    period,
    plural,
    scale_of,
    sources,
    words_of,
)
from hmcpsi_data.pictures.letters import LABEL, WORD, width, wrap
from hmcpsi_data.pictures.page import MARGIN, WIDTH, Page, line, styled
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.pictures.squares import GROUP_GAP, SQUARE, draw_group, plan_of
from hmcpsi_data.tables import load
from hmcpsi_data.tiles import MISSING, tile_table
from hmcpsi_data.views import counted as only_counted
from hmcpsi_data.views import look_up
from hmcpsi_data.wording import Folder

__all__ = ["unit_strips"]

_STRIP_GAP = 20.0
_SIDE = 230  # room for the label of a strip
_BREAK = 30
_MEASURES = {
    "Rating": "Quality",
    "Progress": "Progress, which is not quality",
    "Word": "Quality and progress, two things on two scales",
}


class _Strip(NamedTuple):
    label: str
    framework_id: str
    scale: list[str]
    words: list[str]

    @property
    def groups(self) -> dict[str, int]:
        """How often each word occurs, the lowest of the scale first, the missing ones last."""
        absent = [word for word in MISSING.values() if word in self.words]
        other = sorted(set(self.words) - set(self.scale) - set(absent))
        order = [word for word in self.scale if word in self.words]
        return {word: self.words.count(word) for word in [*order, *other, *absent]}


def unit_strips(
    rows: pd.DataFrame | Mapping[str, pd.DataFrame],
    *,
    title: str | None = None,
    subtitle: str | None = None,
    source: str | None = None,
    folder: Folder = None,
) -> Picture:
    """A strip of squares for each set of ratings, or of actions with their progress.

    Parameters
    ----------
    rows : pandas.DataFrame or mapping of str to pandas.DataFrame
        Rows of `hmcpsi_data.ratings`, or of the table ``actions``; or several such tables by the
        label of their strip. A single table is split by inspection and level, with a further strip
        for the critical aspects, or by kind of action; overall assessments get no strip.
    title, subtitle, source : str, optional
        In place of those that the picture writes itself.
    folder : path, optional
        As for `hmcpsi_data.load`; for titles, scales and sources.

    Returns
    -------
    Picture
        Strips of different frameworks are split by a labelled break.

    Raises
    ------
    FrameworkError
        Where one strip would hold several frameworks.

    Examples
    --------
    >>> from hmcpsi_data import ratings
    >>> print(unit_strips(ratings("Leicestershire", framework="OPA 2006")).words)
    Leicestershire, OPA 2006, 14 aspects: Poor 1, Fair 4, Good 7, Excellent 2 of 14. \
Leicestershire, OPA 2006, critical aspects: Fair 1, Good 4 of 5.
    """
    tables = dict(rows) if isinstance(rows, Mapping) else _split(rows, folder)
    tables = {label: only_counted(table) for label, table in tables.items()}
    strips = [_strip(label, table, folder) for label, table in tables.items()]
    words = " ".join(f"{s.label}: {counted(s.words, s.scale)}." for s in strips)
    title = title or _headline(strips, progress=all("progress" in t for t in tables.values()))
    measures = {"Progress" if "progress" in table else "Rating" for table in tables.values()}
    measure = measures.pop() if len(measures) == 1 else "Word"
    what = _MEASURES[measure]
    when = _when([*tables.values()])
    subtitle = subtitle or f"{what}: a square for each, lowest word first. {when}".strip()
    source = source or sources(*tables.values(), folder=folder)
    with styled():
        figure = _draw(strips, (title, subtitle, source))
    frame = pd.DataFrame(
        [(s.label, word, n) for s in strips for word, n in s.groups.items()],
        columns=["Strip", measure, "Number"],
    )
    table = tile_table(frame, title, "", source, tiles=(measure,))
    return Picture(figure, title, subtitle, words or "Nothing is shown.", table, source)


def _split(rows: pd.DataFrame, folder: Folder) -> dict[str, pd.DataFrame]:
    """A table for each strip, by its label."""
    rows = only_counted(rows)
    if "progress" in rows:
        rows = rows[rows["progress"].notna()]
        titles = load("inspections", folder).set_index("inspection_id")["title"]
        by_kind = rows.groupby(["follow_up_inspection_id", "kind"], sort=False)
        several = rows["follow_up_inspection_id"].nunique() > 1
        return {
            f"{f'{titles.get(follow_up, follow_up)}: ' * several}{plural(kind).capitalize()}": part
            for (follow_up, kind), part in by_kind
        }
    below = rows[rows["level"] != "overall"]
    if below.empty:
        by_name = rows.groupby("framework", sort=False)
        return {f"{k}, {len(part)} {plural('overall', len(part))}": part for k, part in by_name}
    names = below.drop_duplicates("inspection_id").set_index("inspection_id")
    names = names["area"] + ", " + names["framework"]
    twice = names.duplicated(keep=False)
    strips = {}
    keys = ["inspection_id", "set_id", "level"]
    for (inspection, _, level), part in below.groupby(keys, sort=False):
        where = f"{names[inspection]}{f' ({inspection})' if twice[inspection] else ''}"
        strips[f"{where}, {len(part)} {plural(level, len(part))}"] = part
        critical = part[part["is_critical"].fillna(False).astype(bool)]
        if 0 < len(critical) < len(part):
            strips[f"{where}, critical {plural(level)}"] = critical
    return strips


def _strip(label: str, rows: pd.DataFrame, folder: Folder) -> _Strip:
    if "progress" in rows:
        found = load("inspections", folder)
        follow_ups = rows["follow_up_inspection_id"].dropna()
        ids = found.loc[found["inspection_id"].isin(follow_ups), "framework_id"].unique()
        column = "progress"
    else:
        ids, column = rows["framework_id"].unique(), "rating"
    if len(ids) > 1:
        raise FrameworkError(
            ids,
            f'The strip "{label}" would hold {joined(ids)}, which have no common scale.',
            "Give each framework a strip of its own.",
        )
    framework_id = ids[0] if len(ids) else ""
    return _Strip(label, framework_id, scale_of(framework_id, folder), words_of(rows, column))


def _when(tables: list[pd.DataFrame]) -> str:
    """The dates of progress; Area and period, where there is one inspection."""
    actions = [table for table in tables if "progress_as_at" in table]
    dates = sorted({date for table in actions for date in table["progress_as_at"].dropna()})
    if dates:
        return f"{joined(_areas(actions))}; as at {joined(dates)}."
    inspections = {key for table in tables for key in table["inspection_id"]}
    one = len(inspections) == 1 and not actions
    return f"{tables[0]['area'].iloc[0]}; {period(tables[0])}." if one else ""


def _areas(tables: list[pd.DataFrame]) -> list[str]:
    """The Areas that were asked, by name."""
    ids = pd.concat([table["inspection_id"] for table in tables]).unique()
    areas = look_up(pd.Series(ids), "inspections", ["area_id"])["area_id"]
    return list(look_up(areas, "areas", ["name"])["name"].dropna().unique())


def _headline(strips: list[_Strip], progress: bool) -> str:
    if not strips:
        return "Nothing is chosen"
    several = len({strip.framework_id for strip in strips})
    if several > 1:
        return f"{several} frameworks, each on its own scale: counts, no trend"
    first = strips[0]
    if progress:  # its strips have nothing in common, so that all of them are counted
        first = first._replace(
            label=f"Of {sum(len(strip.words) for strip in strips)}",
            words=[word for strip in strips for word in strip.words],
        )
    absent = [word for word in first.groups if word in MISSING.values()]
    rated = [word for word in first.groups if word not in absent]
    parts = [f"{first.groups[word]} {word}" for word in [*reversed(rated), *absent]]
    return f"{first.label}: {', '.join(parts)}"


def _draw(strips: list[_Strip], texts: tuple[str, str, str]) -> Figure:
    plans = [plan_of(strip.groups, WIDTH - 2 * MARGIN - _SIDE) for strip in strips]
    labels = [wrap(strip.label, _SIDE - 20, LABEL, True) for strip in strips]
    heights = [
        max(len(plan.lines) * plan.high, SQUARE / 2 + len(lines) * line(LABEL))
        for plan, lines in zip(plans, labels, strict=True)
    ]
    breaks = [
        n > 0 and strip.framework_id != strips[n - 1].framework_id for n, strip in enumerate(strips)
    ]
    page = Page(*texts, sum(heights) + _STRIP_GAP * len(strips) + _BREAK * sum(breaks))
    y = page.top + 6
    rows = zip(strips, plans, labels, heights, breaks, strict=True)
    for strip, plan, label, high, broken in rows:
        if broken:
            _break(page, y)
            y += _BREAK
        mid = y + SQUARE / 2 + (len(label) - 1) * line(LABEL) / 2
        page.block(MARGIN, mid, label, bold=True, name="strip")
        for n, words in enumerate(plan.lines):
            x = float(MARGIN + _SIDE)
            for word in words:
                draw_group(page, x, y + n * plan.high, word, strip.groups[word], plan)
                x += plan.wide(word, strip.groups[word]) + GROUP_GAP
        y += high + _STRIP_GAP
    return page.figure


def _break(page: Page, y: float) -> None:
    label = "another framework: not a trend"
    page.text(MARGIN, y + 6, label, WORD, bold=True, name="break label")
    start = MARGIN + width(label, WORD, True) + 10
    page.line([(start, y + 6), (page.width - MARGIN, y + 6)], "break", style=(0, (5, 4)))
