"""The rounds side by side: what was said of each theme in each, word by word.

A round has its own framework and its own unit, and a dashed break stands between two of them.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from hmcpsi_data.palette import OUTLINE, look
from hmcpsi_data.pictures import sentences as say
from hmcpsi_data.pictures.letters import NOTE, line, width, wrap
from hmcpsi_data.pictures.page import MARGIN, Page
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.pictures.sheet import Row, Sheet, Words
from hmcpsi_data.record.facts import facts
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import count_of, listed

__all__ = ["four_rounds"]

_FOUR = {
    "opa_2005": "leicestershire_1999",
    "follow_up_2010": "leicestershire_1999",
    "aap_2016": "east_midlands_2011",
    "aip_2021": "south_west_2011",
}
_RANK = [
    "rating", "progress", "direction", "issue", "recommendation", "aspect_for_improvement",
    "weakness", "mixed", "strength", "measure", "response", "commitment", "context",
]  # fmt: skip
_NAMED = {"response": "Answer", "measure": "Number"}
_MOST, _NAME, _PAD = 3, 150.0, 8.0
_LINE = line(NOTE) + 2  # so that a tile does not touch the line below it

_Said = list[tuple[str, str]]  # the words of the tiles, and of what they are said


def four_rounds(statements: pd.DataFrame | None = None, *, record: RecordLike = None) -> Picture:
    """The rounds side by side: what was said of each theme in each, word by word.

    Columns are rounds, split by dashed breaks, with their Areas, frameworks and dates; rows are
    themes, those of most rounds first. In a cell stand ratings and progress as tiles, then issues,
    weaknesses and strengths; how many more there are is told.

    Parameters
    ----------
    statements : pandas.DataFrame, optional
        Rows of `hmcpsi_data.facts`; those of the four inspections that this project began with
        where not given. What belongs to no theme or to no round is left out.
    record : Record or path, optional

    Examples
    --------
    >>> four_rounds().title
    'What inspectors said, round by round'
    """
    record = as_record(record)
    if statements is None:
        known = facts(record=record)
        pairs = known["framework_id"].map(_FOUR)
        statements = known[known["area_id"].eq(pairs).fillna(False)]
    columns = ["kind", "value", "what", "round", "area", "framework", "theme_ids"]
    rows = say.need(statements, columns, "facts()").dropna(subset=["round", "theme_ids"])
    rows = rows[rows["theme_ids"].ne("")]
    titles = dict(zip(*(record.table("themes")[c] for c in ("theme_id", "title")), strict=True))
    rounds = say.in_order(rows["round"], record.table("frameworks")["round"])
    heads = {one: _heading(rows[rows["round"].eq(one)]) for one in rounds}
    cells = _cells(rows, titles)
    often = {t: sum((t, one) in cells for one in rounds) for t, _ in cells}
    order = [*titles.values()]
    themes = sorted(often, key=lambda t: (-often[t], order.index(t) if t in order else 99))
    told = [
        (theme, ", ".join(head), word, what)
        for theme in themes
        for one, head in heads.items()
        for word, what in cells.get((theme, one), [])
    ]
    return Picture(
        title="What inspectors said, round by round" if len(rows) else "Nothing is chosen",
        subtitle="Read across for a subject, never as a trend: each round has its own framework "
        "and its own unit. Progress is not quality.",
        source=say.sources(rows, record=record),
        words=_sentences(cells, themes, heads),
        table=pd.DataFrame(told, columns=["Theme", "Round", "Said", "Of what"]),
        body=_sheet(cells, themes, heads, record),
        record=record,
    )


def _cells(rows: pd.DataFrame, titles: dict[str, str]) -> dict[tuple[str, str], _Said]:
    """By theme and round what is said, what counts most first."""
    kinds = rows["kind"].where(rows["kind"].ne("finding"), rows["value"])
    rank = kinds.map({kind: n for n, kind in enumerate(_RANK)}).fillna(len(_RANK))
    rows = rows.iloc[rank.argsort(kind="stable")]
    cells: dict[tuple[str, str], _Said] = {}
    columns = rows[["theme_ids", "round", "kind", "value", "what"]]
    for themes, one, kind, value, what in columns.itertuples(index=False, name=None):
        for theme in str(themes).split("; "):
            cell = cells.setdefault((titles.get(theme, theme), one), [])
            cell.append((_word(str(kind), value), str(what)))
    return cells


def _word(kind: str, value: Any) -> str:
    """The word that stands in the tile of a statement."""
    if kind in ("rating", "progress") and pd.notna(value):
        return str(value)
    if kind in ("finding", "direction") and pd.notna(value):
        return str(value).capitalize()
    return _NAMED.get(kind, kind.replace("_", " ").capitalize())


def _heading(rows: pd.DataFrame) -> list[str]:
    """The head of a round: whom it is about, under which framework, and the dates of its rows."""
    frameworks = listed(rows["framework"].dropna().unique().tolist())
    when = ""
    if {"date", "date_kind"}.issubset(rows):  # of its reports, else of its fieldwork
        for kind, said in (("publication", "published"), ("fieldwork", "fieldwork")):
            spans = rows.loc[rows["date_kind"].eq(kind), "date"].dropna()
            dates = sorted(day for span in spans for day in span.split(" to "))
            if dates and not when:
                when = f"{said} {say.dated(' to '.join(dict.fromkeys([dates[0], dates[-1]])))}"
    return [text for text in (say.who(rows), frameworks, when) if text]


def _sentences(
    cells: dict[tuple[str, str], _Said], themes: list[str], heads: dict[str, list[str]]
) -> tuple[str, ...]:
    """What stands in the cells, theme by theme."""
    if not cells:
        return ("Nothing is shown.",)
    rounds = count_of(len(heads), "round")
    told = [f"{count_of(len(themes), 'theme')} in {rounds}: {listed(themes)}."]
    for theme in themes:
        parts = []
        for one, head in heads.items():
            cell = cells.get((theme, one), [])
            more = [f"{len(cell) - _MOST} more"] if len(cell) > _MOST else []
            said = [f"{word} ({what})" for word, what in cell[:_MOST]] + more
            parts.append(f"{', '.join(head[:2])}: {', '.join(said) or 'none found'}")
        told.append(f"{theme}: {'; '.join(parts)}.")
    return tuple(told)


def _sheet(
    cells: dict[tuple[str, str], _Said],
    themes: list[str],
    heads: dict[str, list[str]],
    record: Record,
) -> Sheet:
    """A column for each round, a row for each theme."""
    whole = max(1200.0, 2 * MARGIN + _NAME + 200 * len(heads))
    wide = (whole - 2 * MARGIN - _NAME) / max(len(heads), 1)
    room = wide - 2 * _PAD
    firsts = [Words(head[0], room, bold=True, name="round") for head in heads.values()]
    others = [Words(head[1:], room, NOTE, name="round", at=0) for head in heads.values()]
    rows = [Row([None, *firsts], gap=2), Row([None, *others], gap=10)]
    for theme in themes:
        told = [_Cell(cells.get((theme, one), []), room, record) for one in heads]
        name = Words(theme, _NAME - 12, bold=True, name="label", at=0)
        rows.append(Row([name, *told], gap=10, rule=True))
    lefts = [_NAME + n * wide for n in range(len(heads))]
    return Sheet([0, *(x + _PAD for x in lefts)], rows, lefts[1:], width=whole)


class _Cell:
    """The first statements of a cell: a tile each, its words beside it and below."""

    def __init__(self, said: _Said, room: float, record: Record) -> None:
        self.said = [(word, _flow(word, what, room)) for word, what in said[:_MOST]]
        self.more, self.room, self.record = len(said) - len(self.said), room, record
        lines = sum(len(lines) for _, lines in self.said) + (self.more > 0)
        self.height = 6 + max(lines, 1) * _LINE + 4 * len(self.said)

    def draw(self, page: Page, x: float, y: float, high: float) -> None:  # noqa: ARG002
        y += 6
        for word, lines in self.said:
            wide = min(width(word, NOTE) + 10, self.room)
            beside = next(n for n, text in enumerate(lines) if text is not None)
            tall = (beside + 1) * _LINE - 1
            page.tile(x, y, wide, tall, word, look(word, self.record), NOTE)
            for n, text in enumerate(lines):
                left, middle = x + (wide + 6) * (n == beside), y + (n + 0.5) * _LINE - 1
                page.text(left, middle, text or "", NOTE, name="said")
            y += len(lines) * _LINE + 4
        told = "" if self.said else "none found"
        told = f"+ {self.more:,} more" if self.more else told
        if told:
            page.text(x, y + _LINE / 2, told, NOTE, colour=OUTLINE, name="more")


def _flow(word: str, text: str, room: float) -> list[str | None]:
    """The lines of a text that begins beside its tile and goes on below it.

    Where the word of the tile itself takes several lines, nothing stands beside the first ones.
    """
    words, first = text.split(), ""
    beside = room - width(word, NOTE) - 16
    while words and width(f"{first} {words[0]}", NOTE) <= beside:
        first = f"{first} {words.pop(0)}".strip()
    taken = len(wrap(word, min(width(word, NOTE) + 10, room) - 6, NOTE)) - 1
    return [*[None] * taken, first, *wrap(" ".join(words), room, NOTE)]
