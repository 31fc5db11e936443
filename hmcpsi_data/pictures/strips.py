"""Unit strips: a square for each aspect, action or Area, so that fourteen look like fourteen.

Where a count is known between bounds only, the squares between them are hatched: not all of them
can be true at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import ceil
from typing import Any, NamedTuple

import pandas as pd

from hmcpsi_data.palette import PAPER, Look, look
from hmcpsi_data.pictures import paper
from hmcpsi_data.pictures import wording as say
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.record.coverage import national
from hmcpsi_data.record.ratings import ratings as ratings_of
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import BASES, STATES, date_in_words, listed

_SIDE, _BETWEEN, _GAP = 222.0, 22.0, 4.0
_PROMISE = "#801650"
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

    @property
    def number(self) -> str:
        return f"{self.low:,}" if self.low == self.high else f"{self.low:,} to {self.high:,}"


class _Strip(NamedTuple):
    """The squares of one strip, and its counts; between strips of another `part` is a break."""

    label: str
    part: str
    groups: Sequence[_Group]
    told: str


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
    kind, split = "Rating", _rated
    if "commitment_id" in rows and rows["commitment_id"].notna().any():
        kind, split, rows = "State", _promised, rows.dropna(subset="commitment_id")
    elif "progress" in rows:
        kind, split, rows = "Progress", _asked, rows.dropna(subset="progress")
    strips = [*split(rows, record)]
    when = say.period(rows, record) if rows["inspection_id"].nunique() == 1 else ""
    if kind == "Progress":
        dates = sorted(set(rows["progress_as_at"].dropna()))
        when = f"as at {listed([date_in_words(date) for date in dates])}"
    about = "; ".join(filter(None, (say.who(rows, 3), when)))
    subtitle = f"{_MEASURES[kind]}: a square for each, lowest word first. {about}."
    return _picture(strips, kind, _title(strips, kind, record), subtitle, rows, record)


def _rated(rows: pd.DataFrame, record: Record) -> Iterator[_Strip]:
    """Ratings by inspection and level, with a strip of the critical ones."""
    rows = say.need(rows, ["level", "rating", "set_id", "aspect_id"], "ratings()")
    below = rows[rows["level"] != "overall"]
    if below.empty:
        for framework, part in rows.groupby("framework", sort=False):
            label = f"{framework}, {len(part):,} {say.plural('overall', len(part))}"
            framework_id = str(part["framework_id"].iloc[0])
            yield _counted(label, framework_id, say.words_of(part), record)
        return
    keys = ["inspection_id", "set_id", "level"]
    tiles = say.completed(below, below[keys].drop_duplicates(), record)
    first = below.drop_duplicates("inspection_id").set_index("inspection_id")
    names = first["area"] + ", " + first["framework"]
    names = names.mask(names.duplicated(keep=False), names + " (" + names.index + ")")
    for (inspection, _, level), part in _groups(tiles, keys):
        framework_id = first["framework_id"][inspection]
        label = f"{names[inspection]}, {len(part)} {say.plural(level, len(part))}"
        yield _counted(label, framework_id, part["word"], record)
        critical = part["critical"]
        if part["shown"].all() and critical.any() and not critical.all():
            label = f"{names[inspection]}, critical {say.plural(level)}"
            yield _counted(label, framework_id, part.loc[critical, "word"], record)


def _asked(rows: pd.DataFrame, record: Record) -> Iterator[_Strip]:
    """Actions whose progress was rated, by follow-up and kind."""
    inspections = record.table("inspections").set_index("inspection_id")
    keys = ["follow_up_inspection_id", "kind"]
    for (follow_up, kind), part in _groups(rows, keys):
        where = f"{inspections['title'].get(follow_up, follow_up)}: "
        label = say.plural(kind).capitalize()
        label = f"{where}{label}" if rows[keys[0]].nunique() > 1 else label
        framework_id = inspections["framework_id"].get(follow_up, "")
        yield _counted(label, framework_id, say.words_of(part, "progress"), record)


def _promised(rows: pd.DataFrame, record: Record) -> Iterator[_Strip]:
    """Commitments by inspection and kind, in groups of their state."""
    for (inspection, kind), part in _groups(rows, ["inspection_id", "commitment_kind"]):
        where = f"{part['area'].iloc[0]}, {part['framework'].iloc[0]}: "
        label = f"{where}{kind}" if rows["inspection_id"].nunique() > 1 else kind.capitalize()
        states = part["state"].map(STATES).fillna("no state given")
        yield _counted(label, inspection, states, record, [*_PROMISES])


def _groups(rows: pd.DataFrame, keys: list[str]) -> Iterator[tuple[Any, pd.DataFrame]]:
    return iter(rows.groupby(keys, sort=False))


def _counted(
    label: str, part: str, words: pd.Series, record: Record, order: Sequence[str] = ()
) -> _Strip:
    """A strip of words, the lowest of its scale first, the missing ones last."""
    order, n = order or say.scale_of(part, record), Counter(words)
    others = sorted(set(n).difference(order), key=lambda word: (say.absent(word), word))
    groups = [_Group(word, n[word], n[word]) for word in [*order, *others] if n[word]]
    return _Strip(label, part, groups, say.counts(words, order))


def _title(strips: list[_Strip], kind: str, record: Record) -> str:
    """The first strip of ratings; of progress and promises, which have nothing in common, all."""
    if not strips:
        return "Nothing is chosen"
    frameworks = len({strip.part for strip in strips})
    if frameworks > 1 and kind != "State":
        return f"{frameworks} frameworks, each on its own scale: counts, no trend"
    if kind == "Rating":
        return f"{strips[0].label}: {strips[0].told}"
    words = [group.word for strip in strips for group in strip.groups for _ in range(group.high)]
    order = [*_PROMISES] if kind == "State" else say.scale_of(strips[0].part, record)
    commitments = " commitments, as the CPS puts it" if kind == "State" else ""
    return f"Of {len(words):,}{commitments}: {say.counts(words, order)}"


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
    strips = []
    for part in parts:
        framework, scope, n, key = part[["framework", "scope", "n_units", "framework_id"]].iloc[0]
        ends = part["n_low"].astype(int), part["n_high"].astype(int)
        groups = [*map(_Group, part["rating"], *ends)]
        label = f"{framework}, {scope}" if str(n) in scope else f"{framework}, {scope}, N={n}"
        told = listed([f"{group.number} {group.word}" for group in groups])
        strips.append(_Strip(label, str(key), groups, told))
    title = f"{listed(rows['framework'].unique().tolist())}: published counts, no trend"
    if len(strips) < 2:
        title = f"{strips[0].label}: {strips[0].told}" if strips else "Nothing is chosen"
    subtitle = (
        "Overall ratings: a filled square for each unit, lowest word first. Hatched squares lie "
        "between the bounds; not all of them can be true at once."
    )
    picture = _picture(strips, "Rating", title, subtitle, rows, record)
    basis = [BASES.get(one, one) for part in parts for one in part["basis"]]
    table = picture.table.rename(columns={"Strip": "Counted"}).assign(Basis=basis)
    return replace(picture, table=table)


def _picture(
    strips: list[_Strip], kind: str, title: str, subtitle: str, rows: pd.DataFrame, record: Record
) -> Picture:
    """Strips below each other; a break wherever the framework, or the inspection, changes."""
    label = "another framework: not a trend"
    if kind == "State":
        label = "another inspection: numbers are not to be compared"

    def body(page: paper.Page) -> float:
        y = 0.0
        for n, strip in enumerate(strips):
            if n and strip.part != strips[n - 1].part:
                y += page.broken(y, label)
            name = paper.Words(strip.label, _SIDE - 20, bold=True, name="strip")
            high = page.row(y, {paper.MARGIN: name}, at=0)
            y = max(y + high, _draw(page, strip.groups, y, record)) + 16
        return y

    cells = [(strip.label, one.word, one.number) for strip in strips for one in strip.groups]
    words = tuple(f"{strip.label}: {strip.told}." for strip in strips) or ("Nothing is shown.",)
    table = pd.DataFrame(cells, columns=["Strip", kind, "Number"])
    source = say.sources(rows, record=record)
    return Picture(title, subtitle, source, words, table, body, (kind,), record=record)


def _draw(page: paper.Page, groups: Sequence[_Group], y: float, record: Record) -> float:
    """The squares of a strip, below them their numbers and words, and where they end."""
    total = sum(group.high for group in groups)
    square, across = (26.0, 18) if total <= 54 else (12.0, 32)
    pile, step = max(ceil(total / across), 1), square + _GAP
    names = [paper.wrap(f"{group.number} {group.word}", 240, paper.WORD) for group in groups]
    line = paper.line(paper.WORD)
    high = pile * step + max([1, *map(len, names)]) * line + 8
    left = x = paper.MARGIN + _SIDE
    for group, lines in zip(groups, names, strict=True):
        texts = [paper.width(text, paper.WORD) for text in lines]
        wide = max([ceil(group.high / pile) * step - _GAP, *texts])
        if x > left and x + wide > paper.WIDTH - paper.MARGIN:
            x, y = left, y + high
        certain = _PROMISES.get(group.word) or look(group.word, record)
        for unit in range(group.high):
            column, row = divmod(unit, pile)
            drawn, name = (certain, "unit") if unit < group.low else (_OPEN, "open")
            place = (x + column * step, y + row * step)
            page.box(*place, square, square, drawn, f"{name} {group.word}")
        page.block(x, y + pile * step + len(lines) * line / 2, lines, paper.WORD, name="count")
        x += wide + _BETWEEN
    return y + high
