"""Unit strips: a square for each aspect, action or Area, so that fourteen look like fourteen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import ceil
from typing import NamedTuple

import pandas as pd

from hmcpsi_data.palette import PAPER, Look, look
from hmcpsi_data.pictures import paper
from hmcpsi_data.pictures import wording as say
from hmcpsi_data.pictures.picture import Picture
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


class _Strip(NamedTuple):
    """How many squares of each word are certain and possible; between `parts` stands a break."""

    label: str
    part: str
    squares: Mapping[str, tuple[int, int]]
    told: str
    scale: Sequence[str] = ()

    def numbers(self) -> dict[str, str]:
        """How many of each word in words."""
        ends = self.squares.items()
        return {word: f"{a:,}" if a == b else f"{a:,} to {b:,}" for word, (a, b) in ends}


def unit_strips(rows: pd.DataFrame, *, record: RecordLike = None) -> Picture:
    """A strip for each set of ratings, actions or commitments, with breaks between frameworks.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of `hmcpsi_data.ratings`, which are split by inspection and level, with a further strip
        for the critical aspects and none for overall assessments beside others; or rows of
        `hmcpsi_data.actions`, split by kind, or by inspection and kind where each is a commitment.
    record : Record or path, optional

    >>> from hmcpsi_data import ratings
    >>> print(unit_strips(ratings("Leicestershire", "opa_2005")).alt)
    Leicestershire, OPA 2005-06, 14 aspects: 1 Poor, 4 Fair, 7 Good and 2 Excellent. \
Leicestershire, OPA 2005-06, critical aspects: 1 Fair and 4 Good.
    """
    record = as_record(record)
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
    frameworks = len({strip.part for strip in strips})
    title = f"{strips[0].label}: {strips[0].told}" if strips else "Nothing is chosen"
    if frameworks > 1 and kind != "State":
        title = f"{frameworks} frameworks, each on its own scale: counts, no trend"
    elif strips and kind != "Rating":  # they have no levels: all of them together
        words = [word for one in strips for word, (n, _) in one.squares.items() for _ in range(n)]
        of = " commitments, as the CPS puts it" if kind == "State" else ""
        title = f"Of {len(words):,}{of}: {say.counts(words, strips[0].scale)}"
    return _picture(strips, kind, title, subtitle, rows, record)


def _rated(rows: pd.DataFrame, record: Record) -> Iterator[_Strip]:
    """Ratings by inspection and level, with a strip of the critical ones."""
    rows = say.need(rows, ["level", "rating", "set_id", "aspect_id"], "ratings()")
    below = rows[rows["level"] != "overall"]
    if below.empty:
        for (framework, key), part in rows.groupby(["framework", "framework_id"], sort=False):
            label = f"{framework}, {len(part):,} {say.plural('overall', len(part))}"
            scale = say.scale_of(str(key), record)
            yield _counted(label, str(key), say.words_of(part), scale)
        return
    keys = ["inspection_id", "set_id", "level"]
    names = say.named(below, below["area"] + ", " + below["framework"])
    frameworks = below.groupby("inspection_id")["framework_id"].first()
    tiles = say.completed(below, below[keys].drop_duplicates(), record)
    for (inspection, _, level), part in tiles.groupby(keys, sort=False):
        name, framework = names[str(inspection)], frameworks[str(inspection)]
        scale = say.scale_of(framework, record)
        label = f"{name}, {len(part)} {say.plural(str(level), len(part))}"
        yield _counted(label, framework, part["word"], scale)
        critical = part["critical"]
        if part["shown"].all() and critical.any() and not critical.all():
            label = f"{name}, critical {say.plural(str(level))}"
            yield _counted(label, framework, part.loc[critical, "word"], scale)


def _asked(rows: pd.DataFrame, record: Record) -> Iterator[_Strip]:
    """Actions whose progress was rated, by follow-up and kind."""
    inspections = record.table("inspections").set_index("inspection_id")
    for (follow_up, kind), part in rows.groupby(["follow_up_inspection_id", "kind"], sort=False):
        label = f"{inspections['title'].get(follow_up, follow_up)}: {say.plural(str(kind))}"
        framework = str(inspections["framework_id"].get(follow_up, ""))
        scale = say.scale_of(framework, record)
        yield _counted(label, framework, say.words_of(part, "progress"), scale)


def _promised(rows: pd.DataFrame, record: Record) -> Iterator[_Strip]:
    """Commitments by inspection and kind, in groups of their state."""
    titles = record.table("inspections").set_index("inspection_id")["title"]
    for (inspection, kind), part in rows.groupby(["inspection_id", "commitment_kind"], sort=False):
        label = f"{titles.get(inspection, inspection)}: {kind}"
        states = part["state"].map(STATES).fillna("no state given")
        yield _counted(label, str(inspection), states, [*_PROMISES])


def _counted(label: str, part: str, words: Iterable[str], scale: Sequence[str]) -> _Strip:
    """A strip of words, the lowest of its scale first, the missing ones last."""
    n = Counter(words)
    others = sorted(set(n).difference(scale), key=lambda word: (word in say.ABSENT, word))
    squares = {word: (n[word], n[word]) for word in [*scale, *others] if n[word]}
    return _Strip(label, part, squares, say.counts(n.elements(), scale), scale)


def distribution_strips(rows: pd.DataFrame, *, record: RecordLike = None) -> Picture:
    """How many units had each overall rating, a strip for each distribution.

    A filled square is a unit that is known to have had the rating; a hatched one may have had it:
    the hatched squares of a strip cannot all be true at once.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of `hmcpsi_data.national`.
    record : Record or path, optional

    >>> from hmcpsi_data import national
    >>> print(distribution_strips(national("opa_2005").query("n_units == 42")).alt)
    OPA 2005-06, all 42 Areas: 4 Poor, 18 to 25 Fair, 10 to 17 Good and 3 Excellent.
    """
    record = as_record(record)
    columns = ["distribution_id", "framework", "framework_id", "scope", "n_units", "rating"]
    rows = say.need(rows, [*columns, "n_low", "n_high", "basis"], "national()")
    rows = rows[rows["basis"].ne("contradicted").fillna(True)]
    strips, bases = [], []
    for _, part in rows.groupby("distribution_id", sort=False):
        framework, scope, n, key = part[["framework", "scope", "n_units", "framework_id"]].iloc[0]
        ends = zip(part["n_low"].astype(int), part["n_high"].astype(int), strict=True)
        label = f"{framework}, {scope}" if str(n) in scope else f"{framework}, {scope}, N={n}"
        strip = _Strip(label, str(key), dict(zip(part["rating"], ends, strict=True)), "")
        told = listed([f"{number} {word}" for word, number in strip.numbers().items()])
        strips.append(strip._replace(told=told))
        basis = dict(zip(part["rating"], part["basis"], strict=True))
        bases += [BASES.get(one, one) for one in basis.values()]
    title = f"{listed(rows['framework'].unique().tolist())}: published counts, no trend"
    if len(strips) < 2:
        title = f"{strips[0].label}: {strips[0].told}" if strips else "Nothing is chosen"
    subtitle = (
        "Overall ratings: a filled square for each unit, lowest word first. Hatched squares lie "
        "between the bounds; not all of them can be true at once."
    )
    picture = _picture(strips, "Rating", title, subtitle, rows, record)
    picture.table["Basis"] = bases
    return picture


def _picture(
    strips: Sequence[_Strip], kind: str, title: str, subtitle: str, rows: pd.DataFrame,
    record: Record,
) -> Picture:  # fmt: skip
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
            y = max(y + high, _draw(page, strip, y)) + 16
        return y

    cells = [(strip.label, *pair) for strip in strips for pair in strip.numbers().items()]
    words = tuple(f"{strip.label}: {strip.told}." for strip in strips) or ("Nothing is shown.",)
    table = pd.DataFrame(cells, columns=["Strip", kind, "Number"])
    source = say.sources(rows, record=record)
    return Picture(title, subtitle, source, words, table, body, (kind,), record=record)


def _draw(page: paper.Page, strip: _Strip, y: float) -> float:
    """The squares of a strip, below them their numbers and words, and where they end."""
    total = sum(most for _, most in strip.squares.values())
    square, across = (26.0, 18) if total <= 54 else (12.0, 32)
    pile, step = max(ceil(total / across), 1), square + _GAP
    texts = [
        paper.Words(f"{number} {word}", 240, paper.WORD, name="count")
        for word, number in strip.numbers().items()
    ]
    high = pile * step + max((text.height for text in texts), default=0) + 8
    left = x = paper.MARGIN + _SIDE
    for (word, (least, most)), text in zip(strip.squares.items(), texts, strict=True):
        wide = max(ceil(most / pile) * step - _GAP, text.width)
        if x > left and x + wide > paper.WIDTH - paper.MARGIN:
            x, y = left, y + high
        certain = _PROMISES.get(word) or look(word, page.record)
        for unit in range(most):
            column, row = divmod(unit, pile)
            drawn, name = (certain, "unit") if unit < least else (_OPEN, "open")
            place = (x + column * step, y + row * step)
            page.box(*place, square, square, drawn, f"{name} {word}")
        text.draw(page, x, y + pile * step)
        x += wide + _BETWEEN
    return y + high
