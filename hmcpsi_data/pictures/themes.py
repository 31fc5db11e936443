"""Themes by round: where a subject comes up, and what was said of it.

Neither picture says how well anything was done in one round against another: rounds differ in
framework and in unit, and a dashed break stands between them.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from hmcpsi_data.palette import OUTLINE, look
from hmcpsi_data.pictures import sentences as say
from hmcpsi_data.pictures.letters import LABEL, NOTE, line, width, wrap
from hmcpsi_data.pictures.page import MARGIN, WIDTH, Legend, Page, Row, Sheet, Words
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.record.facts import facts, theme_history
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import count_of, listed

__all__ = ["four_rounds", "theme_matrix"]

# kind: its words, its marker, the colour of its marker
_KINDS = {
    "rating": ("rating", "s", "#12436D"),
    "progress": ("progress", "D", "#0E5A53"),
    "action": ("issue or recommendation", "^", "#801650"),
    "response": ("answer of the CPS", "v", "#3D3D3D"),
    "finding": ("finding in words", "o", "#FFFFFF"),
    "measure": ("number", "P", "#3D3D3D"),
}
_SAME = dict.fromkeys(["issue", "recommendation", "aspect_for_improvement"], "action")
_SAME["commitment"] = "response"
_SIDE, _SLOT = 200.0, 24.0

_Counts = dict[tuple[str, str, str], int]  # theme, round and kind to how many


def theme_matrix(
    evidence: pd.DataFrame | str | list[str] | None = None, *, record: RecordLike = None
) -> Picture:
    """Themes by round: a marker and a number for each kind of evidence.

    A rating that was not given is no evidence and is left out.

    Parameters
    ----------
    evidence : pandas.DataFrame, str or list of str, optional
        Rows of `hmcpsi_data.theme_history`, or themes; all of them where not given.
    record : Record or path, optional

    Examples
    --------
    >>> theme_matrix("victim_letters").title.split(":")[0]
    'Victim letters'
    """
    record = as_record(record)
    titles = record.table("themes")["title"].tolist()
    if evidence is None or not isinstance(evidence, pd.DataFrame):
        evidence = theme_history(titles if evidence is None else evidence, record=record)
    columns = ["theme", "kind", "round", "value", "area"]
    evidence = say.need(evidence, columns, "theme_history(theme)")
    evidence = evidence[evidence["kind"].ne("rating") | evidence["value"].notna()]
    known = evidence.dropna(subset="round")
    kinds = known["kind"].replace(_SAME)
    kinds = kinds.where(kinds.isin(_KINDS), "finding")  # comparisons, directions of travel
    n = dict(Counter(zip(known["theme"], known["round"], kinds, strict=True)))
    rounds = say.in_order(known["round"], record.table("frameworks")["round"])
    themes = say.in_order(evidence["theme"], titles)
    return Picture(
        title=_headline(n, themes, rounds),
        subtitle="Marker: kind of evidence; number: how many. Rounds differ in framework and in "
        "unit: where a subject comes up is no measure of how well it was done.",
        source="What belongs to a theme is this project's judgement; its rows name sources.",
        words=_sentences(n, themes, rounds, int(evidence["round"].isna().sum())),
        table=_frame(n, themes, rounds),
        body=_matrix(n, themes, {one: say.who(known[known["round"].eq(one)]) for one in rounds}),
        record=record,
    )


def _rounds(n: _Counts, theme: str, rounds: list[str]) -> list[str]:
    return [r for r in rounds if any((theme, r, kind) in n for kind in _KINDS)]


def _headline(n: _Counts, themes: list[str], rounds: list[str]) -> str:
    """Where one theme comes up, or how many come up in most rounds."""
    if not n:
        return "No evidence is chosen"
    if len(themes) == 1:
        return f"{themes[0]}: evidence in {listed(_rounds(n, themes[0], rounds)) or 'no round'}"
    often = [len(_rounds(n, theme, rounds)) for theme in themes]
    most, of = max(often), count_of(len(rounds), "round")
    which = "every round" if most == len(rounds) > 1 else f"{most} of {of}"
    come = "comes" if often.count(most) == 1 else "come"
    return f"{often.count(most)} of {len(themes)} themes {come} up in {which}"


def _sentences(n: _Counts, themes: list[str], rounds: list[str], without: int) -> tuple[str, ...]:
    """How much evidence there is, and the rounds of each theme."""
    if not n:
        return ("No evidence is shown.",)
    totals: Counter[str] = Counter()
    for (_, _, kind), number in n.items():
        totals[kind] += number
    parts = ", ".join(f"{_KINDS[kind][0]} {totals[kind]:,}" for kind in _KINDS if totals[kind])
    pieces = f"{totals.total():,} piece{'s' * (totals.total() != 1)} of evidence: {parts}"
    words = [f"{count_of(len(themes), 'theme')}, {count_of(len(rounds), 'round')}, {pieces}."]
    if without:
        words.append(f"Of no round: {without:,} more.")
    if len(themes) > 1:
        each = [f"{theme} in {listed(_rounds(n, theme, rounds)) or 'none'}" for theme in themes]
        words.append(f"{'; '.join(each)}.")
    return tuple(words)


def _frame(n: _Counts, themes: list[str], rounds: list[str]) -> pd.DataFrame:
    """A row for each theme, a column for each kind of evidence, in it the rounds that have it."""
    kinds = [kind for kind in _KINDS if any(k == kind for *_, k in n)]
    cells = {
        _KINDS[kind][0][:1].upper() + _KINDS[kind][0][1:]: [
            ", ".join(f"{r}: {n[theme, r, kind]:,}" for r in rounds if (theme, r, kind) in n)
            or "none"
            for theme in themes
        ]
        for kind in kinds
    }
    return pd.DataFrame({"Theme": themes, **cells})


def _matrix(n: _Counts, themes: list[str], rounds: dict[str, str]) -> Sheet:
    """The cells of themes and rounds; a column is as wide as its kinds and its heading need."""
    kinds = {r: [k for k in _KINDS if any(key[1:] == (r, k) for key in n)] for r in rounds}
    wides = {
        name: max(
            12 + _SLOT * len(kinds[name]),
            *(8 + width(word, LABEL, True) for word in name.split()),
            *(8 + width(word, NOTE) for word in who.split()),
        )
        for name, who in rounds.items()
    }
    whole = max(float(WIDTH), 2 * MARGIN + _SIDE + sum(wides.values()))
    spare = (whole - 2 * MARGIN - _SIDE - sum(wides.values())) / max(len(wides), 1)
    lefts = [0.0, _SIDE]
    for name in wides:
        wides[name] += spare
        lefts.append(lefts[-1] + wides[name])
    how: dict[str, Any] = {"align": "center"}
    heads = [Words(r, wide - 4, bold=True, name="round", **how) for r, wide in wides.items()]
    whos = [Words(rounds[r], wide - 4, NOTE, name="who", at=0, **how) for r, wide in wides.items()]
    rows = [Row([None, *heads], gap=2), Row([None, *whos], gap=10)]
    for theme in themes:
        cells = [
            _Markers({k: n.get((theme, r, k), 0) for k in kinds[r]}, f"{theme} {r}", wide)
            for r, wide in wides.items()
        ]
        rows.append(Row([Words(theme, _SIDE - 10, name="label"), *cells], gap=0, rule=True))
    legend = Legend((words, 14, _sample(*sign)) for words, *sign in _KINDS.values())
    return Sheet(lefts, rows, lefts[2:-1], width=whole, above=legend)


def _sample(marker: str, colour: str) -> Any:
    """What draws the marker of a kind of evidence in the legend."""
    return lambda page, x, y: page.marker(x + 7, y, marker, colour, f"legend {marker}")


class _Markers:
    """The evidence of one theme in one round: each kind in its place, with its number."""

    height = 42.0

    def __init__(self, numbers: dict[str, int], name: str, wide: float) -> None:
        self.numbers, self.name, self.wide = numbers, name, wide

    def draw(self, page: Page, x: float, y: float, high: float) -> None:
        how: dict[str, Any] = {"align": "center"}
        if not any(self.numbers.values()):
            page.text(
                x + self.wide / 2, y + high / 2, "none", NOTE, colour=OUTLINE, name="none", **how
            )
        slot = (self.wide - 12) / max(len(self.numbers), 1)
        for place, (kind, number) in enumerate(self.numbers.items()):
            if number:
                middle, (_, marker, colour) = x + 6 + (place + 0.5) * slot, _KINDS[kind]
                page.marker(middle, y + high / 2 - 8, marker, colour, f"{kind} {self.name}")
                page.text(middle, y + high / 2 + 9, f"{number:,}", NOTE, name="number", **how)


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
        words=_told(cells, themes, heads),
        table=pd.DataFrame(told, columns=["Theme", "Round", "Said", "Of what"]),
        body=_side_by_side(cells, themes, heads, record),
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


def _told(
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


def _side_by_side(
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
