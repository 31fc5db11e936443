"""Unit strips: a square for each aspect, action or Area, so that fourteen look like fourteen.

Where a count is known between bounds only, the squares between them are hatched: not all of them
can be true at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from math import ceil
from typing import Any, NamedTuple

import pandas as pd

from hmcpsi_data.palette import PAPER, Look, look
from hmcpsi_data.pictures import sentences as say
from hmcpsi_data.pictures.letters import WORD, line, width, wrap
from hmcpsi_data.pictures.page import MARGIN, WIDTH, Break, Page, Row, Sheet, Words
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.record.coverage import national
from hmcpsi_data.record.ratings import ratings as ratings_of
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import BASES, STATES, listed

__all__ = ["distribution_strips", "unit_strips"]

_SIDE, _GROUP_GAP, _GAP = 230.0, 22.0, 4.0
_ROOM = WIDTH - 2 * MARGIN - _SIDE
_PROMISE = "#801650"
_BREAK = "another framework: not a trend"
_APART = "another inspection: numbers are not to be compared"
_PROMISES = {
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
        return f"{self.low:,}" if self.low == self.high else f"{self.low:,} to {self.high:,}"

    @property
    def said(self) -> str:
        return f"{self.number} {self.word}"


class _Strip(NamedTuple):
    """The groups of one strip; strips of two frameworks are split by a break."""

    label: str
    framework: str
    groups: list[_Group]
    told: str

    @property
    def sentence(self) -> str:
        return f"{self.label}: {self.told}."


def unit_strips(
    rows: pd.DataFrame | str | list[str],
    *,
    framework: str | None = None,
    record: RecordLike = None,
) -> Picture:
    """A strip of squares for each set of ratings, of actions by progress, or of commitments.

    Strips of different frameworks are split by a labelled break.

    Parameters
    ----------
    rows : pandas.DataFrame, str or list of str
        Rows of `hmcpsi_data.ratings`, which are split by inspection and level, with a further strip
        for the critical aspects and none for overall assessments beside others; or rows of
        `hmcpsi_data.actions`, split by kind, or by inspection and kind where each is a commitment;
        or Areas, for their ratings.
    framework : str, optional
        With Areas: only their ratings under this framework.
    record : Record or path, optional

    Examples
    --------
    >>> print(unit_strips("Leicestershire", framework="opa_2005").alt)
    Leicestershire, OPA 2005-06, 14 aspects: 1 Poor, 4 Fair, 7 Good and 2 Excellent. \
Leicestershire, OPA 2005-06, critical aspects: 1 Fair and 4 Good.
    """
    record = as_record(record)
    if isinstance(rows, str | list):
        rows = ratings_of(rows, framework, record=record)
    needed = ["inspection_id", "area", "framework_id", "framework", "source_id"]
    rows = say.need(rows, needed, "ratings() or actions()")
    kind, parts = "Rating", _rated
    if "commitment_id" in rows and rows["commitment_id"].notna().any():
        kind, parts, rows = "State", _promised, rows.dropna(subset="commitment_id")
    elif "progress" in rows:
        kind, parts, rows = "Progress", _asked, rows.dropna(subset="progress")
    strips = [_strip(*part, record) for part in parts(rows, record)]
    areas = list(dict.fromkeys(rows["area"].dropna()))
    where = listed(areas) if len(areas) < 4 else f"{len(areas)} Areas"
    when = say.period(rows) if rows["inspection_id"].nunique() == 1 else ""
    if kind == "Progress":
        dates = sorted(set(rows["progress_as_at"].dropna()))
        when = f"as at {listed([say.dated(date) for date in dates])}"
    about = f" {where}{f'; {when}' if when else ''}." if areas else ""
    return _picture(
        strips,
        ["Strip", kind, "Number"],
        title=_headline(strips, kind, record),
        subtitle=f"{_MEASURES[kind]}: a square for each, lowest word first.{about}",
        source=say.sources(rows, record=record),
        record=record,
        broken=_APART if kind == "State" else _BREAK,
    )


# label, framework (or inspection, of promises), words, and the words in their order
_Part = tuple[str, str, list[str], list[str]]


def _rated(rows: pd.DataFrame, record: Record) -> Iterator[_Part]:
    """Ratings by inspection and level, with a strip of the critical ones."""
    rows = say.need(rows, ["level", "rating", "set_id", "aspect_id"], "ratings()")
    below = rows[rows["level"] != "overall"]
    if below.empty:
        for framework, part in rows.groupby("framework", sort=False):
            label = f"{framework}, {len(part)} {say.plural('overall', len(part))}"
            key = str(part["framework_id"].iloc[0])
            yield label, key, say.words_of(part), say.scale_of(key, record)
        return
    first = below.drop_duplicates("inspection_id").set_index("inspection_id")
    names = (first["area"] + ", " + first["framework"]).to_dict()
    often = Counter(names.values())
    for keys, part in below.groupby(["inspection_id", "set_id", "level"], sort=False):
        inspection, set_id, level = map(str, keys)
        where = names[inspection] + f" ({inspection})" * (often[names[inspection]] > 1)
        framework = str(part["framework_id"].iloc[0])
        order = say.scale_of(framework, record)
        others = say.unseen(inspection, set_id, level, part["aspect_id"], record)
        whole = [*say.words_of(part), *others.values()]
        yield f"{where}, {len(whole)} {say.plural(level, len(whole))}", framework, whole, order
        critical = part["is_critical"].fillna(False).astype(bool)
        if not others and 0 < critical.sum() < len(part):
            chosen = say.words_of(part[critical])
            yield f"{where}, critical {say.plural(level)}", framework, chosen, order


def _asked(rows: pd.DataFrame, record: Record) -> Iterator[_Part]:
    """Actions whose progress was rated, by follow-up and kind."""
    inspections = record.table("inspections").set_index("inspection_id")
    several = rows["follow_up_inspection_id"].nunique() > 1
    for (follow_up, kind), part in rows.groupby(["follow_up_inspection_id", "kind"], sort=False):
        where = f"{inspections['title'].get(follow_up, follow_up)}: " if several else ""
        label = f"{where}{say.plural(str(kind)).capitalize()}"
        framework = str(inspections["framework_id"].get(follow_up, ""))
        words = say.words_of(part, "progress")
        yield label, framework, words, say.scale_of(framework, record)


def _promised(rows: pd.DataFrame, record: Record) -> Iterator[_Part]:  # noqa: ARG001
    """Commitments by inspection and kind, in groups of their state."""
    several = rows["inspection_id"].nunique() > 1
    for (inspection, kind), part in rows.groupby(["inspection_id", "commitment_kind"], sort=False):
        where = f"{part['area'].iloc[0]}, {part['framework'].iloc[0]}: " if several else ""
        label = f"{where}{kind}" if several else str(kind).capitalize()
        states = part["state"].map(STATES).fillna("no state given").tolist()
        yield label, str(inspection), states, [*_PROMISES]


def _strip(
    label: str, framework: str, words: list[str], order: list[str], record: Record
) -> _Strip:
    """The groups of one strip, the lowest word of its scale first, the missing ones last."""
    n = Counter(words)
    others = sorted(set(n).difference(order), key=lambda word: (say.absent(word), word))
    groups = [
        _Group(word, n[word], n[word], _PROMISES.get(word) or look(word, record))
        for word in [*order, *others]
        if n[word]
    ]
    return _Strip(label, framework, groups, say.counts(words, order))


def _headline(strips: list[_Strip], kind: str, record: Record) -> str:
    """What all strips say, or the first of them."""
    if not strips:
        return "Nothing is chosen"
    several = len({strip.framework for strip in strips})
    if several > 1 and kind != "State":
        return f"{several} frameworks, each on its own scale: counts, no trend"
    if kind == "Rating":
        return strips[0].sentence[:-1]
    # strips of progress and promises have nothing in common, so that all of them are counted
    words = [g.word for strip in strips for g in strip.groups for _ in range(g.high)]
    order = [*_PROMISES] if kind == "State" else say.scale_of(strips[0].framework, record)
    commitments = " commitments, as the CPS puts it" if kind == "State" else ""
    return f"Of {len(words)}{commitments}: {say.counts(words, order)}"


def distribution_strips(
    rows: pd.DataFrame | str | None = None, *, record: RecordLike = None
) -> Picture:
    """How many units had each overall rating, a strip for each distribution.

    A filled square is a unit that is known to have had the rating; a hatched one may have had it:
    the hatched squares of a strip cannot all be true at once.

    Parameters
    ----------
    rows : pandas.DataFrame or str, optional
        Rows of `hmcpsi_data.national`; or a framework; all distributions where not given.
    record : Record or path, optional

    Examples
    --------
    >>> from hmcpsi_data import national
    >>> print(distribution_strips(national("opa_2005").query("n_units == 42")).alt)
    OPA 2005-06, all 42 Areas: 4 Poor, 18 to 25 Fair, 10 to 17 Good and 3 Excellent.
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
    picture = _picture(
        strips,
        ["Counted", "Rating", "Number"],
        title=title,
        subtitle="Overall ratings: a filled square for each unit, lowest word first. Hatched "
        "squares lie between the bounds; not all of them can be true at once.",
        source=say.sources(rows, record=record),
        record=record,
    )
    basis = [BASES.get(one, one) for part in parts for one in part["basis"]]
    return replace(picture, table=picture.table.assign(Basis=basis))


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
    strips: list[_Strip], columns: list[str], *, broken: str = _BREAK, **words: Any
) -> Picture:
    """Strips below each other; a break wherever the framework changes."""
    rows: list[Row | Break] = []
    for n, strip in enumerate(strips):
        if n and strip.framework != strips[n - 1].framework:
            rows.append(Break(broken))
        label = Words(strip.label, _SIDE - 20, bold=True, name="strip", at=0)
        rows.append(Row([label, _Squares(strip.groups)], gap=16))
    cells = [(s.label, group.word, group.number) for s in strips for group in s.groups]
    return Picture(
        words=tuple(strip.sentence for strip in strips) or ("Nothing is shown.",),
        table=pd.DataFrame(cells, columns=columns),
        body=Sheet([0, _SIDE], rows),
        tiles=(columns[1],),
        **words,
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
