"""Unit strips: a square for each aspect, action or Area, so that fourteen look like fourteen.

The squares stand in groups, the lowest word of the scale first, each group with its number and its
word. Quality, progress and promises have looks of their own. Where a count is known between bounds
only, the squares between them are hatched: not all of them can be true at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import ceil
from typing import NamedTuple

import pandas as pd

from hmcpsi_data.errors import FrameworkError
from hmcpsi_data.palette import PAPER, Look, look
from hmcpsi_data.pictures import sentences as say
from hmcpsi_data.pictures.letters import WORD, line, width, wrap
from hmcpsi_data.pictures.page import MARGIN, WIDTH, Page
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.pictures.sheet import Break, Row, Sheet, Words
from hmcpsi_data.record.coverage import national
from hmcpsi_data.record.ratings import ratings as ratings_of
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import BASES, count_of, listed

__all__ = ["distribution_strips", "unit_strips"]

_SIDE, _GROUP_GAP, _GAP = 230.0, 22.0, 4.0
_ROOM = WIDTH - 2 * MARGIN - _SIDE
_PROMISE = "#801650"
_STATES = {
    "done": Look(_PROMISE, PAPER),
    "under way": Look(hatch="//////", stripes=_PROMISE),
    "promised": Look(),
}
_OPEN = Look(hatch="////", dashed=True)
_MEASURES = {
    "Rating": "Quality",
    "Progress": "Progress, which is not quality",
    "State": "Commitments, their state in the words of the CPS",
}


class _Group(NamedTuple):
    """The squares of one word: how many are certain, and how many there may be."""

    word: str
    low: int
    high: int
    drawn: Look

    @property
    def number(self) -> str:
        """How many, in words."""
        return f"{self.low:,}" if self.low == self.high else f"{self.low:,} to {self.high:,}"

    @property
    def said(self) -> str:
        """How many of what."""
        return f"{self.number} {self.word}"


class _Strip(NamedTuple):
    """The groups of one strip; strips of two yardsticks are split by a break."""

    label: str
    yardstick: str
    groups: list[_Group]
    told: str
    broken: str = "another framework: not a trend"

    @property
    def sentence(self) -> str:
        """The strip in words."""
        return f"{self.label}: {self.told}."


def unit_strips(
    rows: pd.DataFrame | str | Mapping[str, pd.DataFrame],
    *,
    framework: str | None = None,
    record: RecordLike = None,
) -> Picture:
    """A strip of squares for each set of ratings, of actions by progress, or of commitments.

    Parameters
    ----------
    rows : pandas.DataFrame, str or mapping of str to pandas.DataFrame
        Rows of `hmcpsi_data.ratings` or of `hmcpsi_data.actions`; an Area, for its ratings; or
        several such tables by the label of their strip. A single table is split by inspection and
        level, with a further strip for the critical aspects; actions by kind; commitments, one a
        row, by inspection and kind. Overall assessments get no strip beside others.
    framework : str, optional
        With an Area: only the ratings of this framework.
    record : Record or path, optional
        As for `hmcpsi_data.load`.

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
    >>> print(unit_strips("Leicestershire", framework="opa_2005").alt)
    Leicestershire, OPA 2006, 14 aspects: 1 Poor, 4 Fair, 7 Good and 2 Excellent. \
Leicestershire, OPA 2006, critical aspects: 1 Fair and 4 Good.
    """
    record = as_record(record)
    if isinstance(rows, str | list):
        rows = ratings_of(rows, framework, record=record)
    tables = dict(rows) if isinstance(rows, Mapping) else {"": rows}
    start = "ratings() or actions()"
    tables = {label: say.need(part, ["inspection_id"], start) for label, part in tables.items()}
    parts = {label: part.dropna(subset=_NEEDED[_kind(part)]) for label, part in tables.items()}
    kinds = list(dict.fromkeys(map(_kind, parts.values())))
    strips = [strip for label, part in parts.items() for strip in _strips(part, label, record)]
    shown = pd.concat([part.astype(object) for part in parts.values()])
    one = len(kinds) == 1
    measure = _MEASURES[kinds[0]] if one else "Quality and progress, two things on two scales"
    return _picture(
        strips,
        title=_headline(strips, kinds, record),
        subtitle=f"{measure}: a square for each, lowest word first. {_when(shown, record)}".strip(),
        columns=["Strip", kinds[0] if one else "Word", "Number"],
        source=say.sources(shown, record=record),
        record=record,
    )


def _kind(rows: pd.DataFrame) -> str:
    """What the squares of a table are coloured by."""
    if "commitment_id" in rows and rows["commitment_id"].notna().any():
        return "State"
    return "Progress" if "progress" in rows else "Rating"


_NEEDED = {"State": ["commitment_id"], "Progress": ["progress"], "Rating": ["inspection_id"]}


def _strips(rows: pd.DataFrame, label: str, record: Record) -> list[_Strip]:
    """The strips of a table: one with this label, or as many as the table asks for."""
    kind = _kind(rows)
    if kind == "State":
        return _promised(rows, label)
    parts = {label: rows} if label else (_asked if kind == "Progress" else _rated)(rows, record)
    return [_strip(name, part, kind.lower(), record) for name, part in parts.items()]


def _rated(rows: pd.DataFrame, record: Record) -> dict[str, pd.DataFrame]:
    """Ratings by inspection and level, with a strip of the critical ones."""
    rows = say.need(rows, ["level", "rating", "set_id", "aspect_id", "framework"], "ratings()")
    below = rows[rows["level"] != "overall"]
    if below.empty:
        by_name = rows.groupby("framework", sort=False)
        return {f"{k}, {len(part)} {say.plural('overall', len(part))}": part for k, part in by_name}
    first = below.drop_duplicates("inspection_id").set_index("inspection_id")
    names = (first["area"] + ", " + first["framework"]).to_dict()
    often = Counter(names.values())
    strips = {}
    keys = ["inspection_id", "set_id", "level"]
    for key, part in below.groupby(keys, sort=False):
        inspection, set_id, level = map(str, key)
        where = names[inspection]
        where = f"{where} ({inspection})" if often[where] > 1 else where
        others = list(say.unseen(inspection, set_id, level, part["aspect_id"], record).values())
        rest = part.iloc[[0] * len(others)].assign(rating=others)
        whole = pd.concat([part, rest]) if others else part
        strips[f"{where}, {len(whole)} {say.plural(level, len(whole))}"] = whole
        critical = part[part["is_critical"].fillna(False).astype(bool)]
        if not others and 0 < len(critical) < len(part):
            strips[f"{where}, critical {say.plural(level)}"] = critical
    return strips


def _asked(rows: pd.DataFrame, record: Record) -> dict[str, pd.DataFrame]:
    """Actions whose progress was rated, by follow-up and kind."""
    rows = say.need(rows, ["follow_up_inspection_id", "kind"], "actions()")
    titles = record.table("inspections").set_index("inspection_id")["title"]
    several = rows["follow_up_inspection_id"].nunique() > 1
    strips = {}
    for (follow_up, kind), part in rows.groupby(["follow_up_inspection_id", "kind"], sort=False):
        where = f"{titles.get(follow_up, follow_up)}: " if several else ""
        strips[f"{where}{say.plural(str(kind)).capitalize()}"] = part
    return strips


def _strip(label: str, rows: pd.DataFrame, column: str, record: Record) -> _Strip:
    """The groups of one strip, the lowest word of its scale first, the missing ones last."""
    inspections = record.table("inspections").set_index("inspection_id")["framework_id"]
    ids = rows.get("framework_id")
    if column == "progress":
        ids = inspections.reindex(rows["follow_up_inspection_id"].dropna())
    frameworks = [] if ids is None else ids.dropna().unique().tolist()
    if len(frameworks) > 1:
        raise FrameworkError(
            frameworks,
            f'The strip "{label}" would hold {listed(frameworks)}, which have no common scale.',
            "Give each framework a strip of its own.",
        )
    framework_id = str(frameworks[0]) if len(frameworks) else ""
    scale, n = say.scale_of(framework_id, record), Counter(say.words_of(rows, column))
    order = [word for word in scale if word in n]
    order += sorted(set(n) - set(order), key=lambda word: (say.absent(word), word))
    groups = [_Group(word, n[word], n[word], look(word, record)) for word in order]
    return _Strip(label, framework_id, groups, say.counts(n.elements(), scale))


def _promised(rows: pd.DataFrame, label: str) -> list[_Strip]:
    """Commitments by inspection and kind, in groups of their state."""
    several = rows["inspection_id"].nunique() > 1
    strips = []
    for (inspection, kind), part in rows.groupby(["inspection_id", "commitment"], sort=False):
        where = f"{part['area'].iloc[0]}, {part['framework'].iloc[0]}: " if several else label
        states = part["state"].astype("string").str.replace("_", " ").fillna("no state given")
        n = Counter(states)
        order = [*(one for one in _STATES if one in n), *sorted(set(n) - set(_STATES))]
        groups = [_Group(one, n[one], n[one], _STATES.get(one, Look())) for one in order]
        told = listed([group.said for group in groups])
        other = "another inspection: numbers are not to be compared"
        name = f"{where}{kind}" if where else str(kind).capitalize()
        strips.append(_Strip(name, str(inspection), groups, told, other))
    return strips


def _when(rows: pd.DataFrame, record: Record) -> str:
    """Areas and dates of progress; Areas and period, where there is one inspection."""
    inspections = record.table("inspections").set_index("inspection_id")["area_id"]
    names = record.table("areas").set_index("area_id")["name"]
    asked = names.reindex(inspections.reindex(rows["inspection_id"].dropna().unique()))
    areas = list(dict.fromkeys(rows.get("area", asked).dropna()))
    where = listed(areas) if len(areas) < 4 else f"{len(areas)} Areas"
    when = say.period(rows) if rows["inspection_id"].nunique() == 1 else ""
    if "progress_as_at" in rows and rows["progress_as_at"].notna().any():
        dates = sorted(set(rows["progress_as_at"].dropna()))
        when = f"as at {listed([say.dated(date) for date in dates])}"
    return f"{where}{f'; {when}' if when else ''}." if areas else ""


def _headline(strips: list[_Strip], kinds: list[str], record: Record) -> str:
    """What all strips say, or the first of them."""
    if not strips:
        return "Nothing is chosen"
    totals: Counter[str] = Counter()
    for group in (group for strip in strips for group in strip.groups):
        totals[group.word] += group.high
    scale = [*_STATES] if kinds == ["State"] else say.scale_of(strips[0].yardstick, record)
    told = say.counts(totals.elements(), scale)
    if kinds == ["State"]:
        return f"Of {count_of(totals.total(), 'commitment')}: {told}, as the CPS puts it"
    several = len({strip.yardstick for strip in strips})
    if several > 1:
        return f"{several} frameworks, each on its own scale: counts, no trend"
    # strips of progress have nothing in common, so that all of them are counted
    return f"Of {totals.total()}: {told}" if kinds == ["Progress"] else strips[0].sentence[:-1]


def distribution_strips(
    rows: pd.DataFrame | str | None = None, *, record: RecordLike = None
) -> Picture:
    """How many units had each overall rating, a strip for each distribution.

    Parameters
    ----------
    rows : pandas.DataFrame or str, optional
        Rows of `hmcpsi_data.national`; or a framework; all distributions where not given.
    record : Record or path, optional
        As for `hmcpsi_data.load`.

    Returns
    -------
    Picture
        A filled square is a unit that is known to have had the rating; a hatched one may have had
        it: the hatched squares of a strip cannot all be true at once. Strips of different
        frameworks are split by a labelled break.

    Examples
    --------
    >>> from hmcpsi_data import national
    >>> print(distribution_strips(national("opa_2005").query("n_units == 42")).alt)
    OPA 2006, all 42 Areas: 4 Poor, 18 to 25 Fair, 10 to 17 Good and 3 Excellent.
    """
    record = as_record(record)
    if rows is None or isinstance(rows, str):
        rows = national(rows, record=record)
    columns = ["distribution_id", "framework", "framework_id", "scope", "n_units", "rating"]
    rows = say.need(rows, [*columns, "n_low", "n_high", "basis"], "national()")
    rows = rows[rows["basis"].ne("contradicted").fillna(True)]
    parts = [part for _, part in rows.groupby("distribution_id", sort=False)]
    strips = [_distribution(part, record) for part in parts]
    title = f"{listed(rows['framework'].unique().tolist())}: published counts, no trend"
    if len(strips) < 2:
        title = strips[0].sentence[:-1] if strips else "Nothing is chosen"
    return _picture(
        strips,
        title=title,
        subtitle="Overall ratings: a filled square for each unit, lowest word first. Hatched "
        "squares lie between the bounds; not all of them can be true at once.",
        columns=["Counted", "Rating", "Number"],
        source=say.sources(rows, record=record),
        record=record,
        Basis=[BASES.get(one, one) for part in parts for one in part["basis"]],
    )


def _distribution(rows: pd.DataFrame, record: Record) -> _Strip:
    """The strip of one distribution."""
    framework, scope, n = rows[["framework", "scope", "n_units"]].iloc[0]
    sized = scope if str(n) in scope else f"{scope}, N={n}"
    groups = [
        _Group(word, int(low), int(high), look(word, record))
        for word, low, high in zip(rows["rating"], rows["n_low"], rows["n_high"], strict=True)
    ]
    told = listed([group.said for group in groups])
    return _Strip(f"{framework}, {sized}", str(rows["framework_id"].iloc[0]), groups, told)


def _picture(
    strips: list[_Strip],
    *,
    title: str,
    subtitle: str,
    columns: list[str],
    source: str,
    record: Record,
    **more: list[str],
) -> Picture:
    """Strips below each other; a break wherever the yardstick changes."""
    rows: list[Row | Break] = []
    for n, strip in enumerate(strips):
        if n and strip.yardstick != strips[n - 1].yardstick:
            rows.append(Break(strip.broken))
        label = Words(strip.label, _SIDE - 20, bold=True, name="strip", at=0)
        rows.append(Row([label, _Squares(strip.groups)], gap=16))
    sheet = Sheet([0, _SIDE], rows)
    cells = [(s.label, group.word, group.number) for s in strips for group in s.groups]
    return Picture(
        title=title,
        subtitle=subtitle,
        source=source,
        words=tuple(strip.sentence for strip in strips) or ("Nothing is shown.",),
        table=pd.DataFrame(cells, columns=columns).assign(**more),
        draw=lambda page: sheet.draw(page, MARGIN),
        height=sheet.height,
        tiles=(columns[1],),
        record=record,
    )


class _Squares:
    """The squares of a strip: the largest, in the lowest piles, that stand in a line or two."""

    def __init__(self, groups: list[_Group]) -> None:
        most = max([1, *(group.high for group in groups)])
        lines = 1 + any(say.absent(group.word) for group in groups)
        sizes = [
            (square, pile)
            for square, piles in ((26.0, 3), (18.0, 6), (12.0, most))
            for pile in range(1, min(piles, most) + 1)
        ]
        for self.square, self.pile in sizes:
            self.lines = self._broken(groups)
            if len(self.lines) <= lines:
                break
        tall = max([1, *(len(_under(group)) for group in groups)]) * line(WORD)
        self.step = self.pile * (self.square + _GAP) + tall + 8
        self.height = len(self.lines) * self.step

    def _wide(self, group: _Group) -> float:
        across = ceil(group.high / self.pile) * (self.square + _GAP) - _GAP
        return max([across, *(width(text, WORD) for text in _under(group))])

    def _broken(self, groups: list[_Group]) -> list[list[_Group]]:
        """The groups in as many lines as they need."""
        lines: list[list[_Group]] = [[]]
        free = _ROOM
        for group in groups:
            if self._wide(group) > free and lines[-1]:
                lines.append([])
                free = _ROOM
            lines[-1].append(group)
            free -= self._wide(group) + _GROUP_GAP
        return lines

    def draw(self, page: Page, x: float, y: float, high: float) -> None:  # noqa: ARG002
        for n, groups in enumerate(self.lines):
            left = x
            for group in groups:
                self._group(page, left, y + n * self.step, group)
                left += self._wide(group) + _GROUP_GAP

    def _group(self, page: Page, x: float, y: float, group: _Group) -> None:
        """The squares of one word, the certain ones first, and below them its number and word."""
        step = self.square + _GAP
        for unit in range(group.high):
            across, down = divmod(unit, self.pile)
            drawn, name = (group.drawn, "unit") if unit < group.low else (_OPEN, "open")
            place = (x + across * step, y + down * step)
            page.box(*place, self.square, self.square, drawn, f"{name} {group.word}")
        lines = _under(group)
        middle = y + self.pile * step + len(lines) * line(WORD) / 2
        page.block(x, middle, lines, WORD, name="count")


def _under(group: _Group) -> tuple[str, ...]:
    """What stands below the squares of a group."""
    return wrap(group.said, 240, WORD)
