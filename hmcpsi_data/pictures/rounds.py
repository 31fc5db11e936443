"""Themes by round: where a subject comes up, and what was said of it; never a trend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from hmcpsi_data.errors import HmcpsiError, quote
from hmcpsi_data.palette import OUTLINE
from hmcpsi_data.pictures import paper
from hmcpsi_data.pictures import wording as say
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.record.facts import (
    RoundHead,
    round_head,
    statements_in_words,
    theme_history,
)
from hmcpsi_data.record.filters import choose, options
from hmcpsi_data.record.joins import round_order
from hmcpsi_data.tables.record import RecordLike, as_record
from hmcpsi_data.words import count_of, listed

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
_SIDE, _SLOT = 200.0, 24.0
_RULE: dict[str, Any] = {"thick": 0.6, "colour": "#BFBFBF"}


def theme_matrix(
    evidence: pd.DataFrame | None = None,
    *,
    theme: str | list[str] | None = None,
    record: RecordLike = None,
) -> Picture:
    """Themes by round: a marker and a number for each kind of evidence; of ratings, those given.

    Parameters
    ----------
    evidence : pandas.DataFrame, optional
        Rows of `hmcpsi_data.theme_history`; of all themes where not given.
    theme : str or list of str, optional
        Only these themes; rows of others are left out.
    record : Record or path, optional

    >>> theme_matrix(theme="victim_letters").title
    'Victim letters: in 7 of 12 rounds'
    """
    record = as_record(record)
    titles = record.table("themes").set_index("theme_id")["title"]
    if evidence is None:
        evidence = theme_history(list(titles), record=record)
    evidence = say.need(evidence, ["theme", "kind", "round", "value", "area"], "theme_history()")
    if (chosen := choose("theme", theme, record)) is not None:
        evidence = evidence[evidence["theme"].isin(titles[chosen])]
    evidence = evidence[evidence["kind"].ne("rating") | evidence["value"].notna()]
    known = evidence.dropna(subset="round")
    kinds = known["kind"].replace(_SAME | {"commitment": "response"})
    kinds = kinds.where(kinds.isin(_KINDS), "finding")  # comparisons, directions of travel
    n = Counter(zip(known["theme"], known["round"], kinds, strict=True))
    rounds = say.in_order(known["round"], round_order(record))
    themes = say.in_order(evidence["theme"], titles)
    pairs = {key[:2] for key in n}
    found = {theme: [one for one in rounds if (theme, one) in pairs] for theme in themes}
    table: dict[str, list[str]] = {"Theme": themes}
    of_kind = []
    for kind, (name, *_) in _KINDS.items():
        if total := sum(kinds == kind):
            cells = [
                [f"{one}: {n[theme, one, kind]:,}" for one in rounds if (theme, one, kind) in n]
                for theme in themes
            ]
            table[name[:1].upper() + name[1:]] = [", ".join(cell) or "none" for cell in cells]
            of_kind.append(f"{name} {total:,}")
    pieces = count_of(len(known), "piece of evidence", "pieces of evidence")
    what = f"{count_of(len(found), 'theme')}, {count_of(len(rounds), 'round')}"
    words = [f"{what}, {pieces}: {', '.join(of_kind)}."]
    if without := int(evidence["round"].isna().sum()):
        words.append(f"Of no round: {without:,} more.")
    each = [f"{theme} in {listed(there) or 'none'}" for theme, there in found.items()]
    heads = {one: say.who(known[known["round"].eq(one)]) for one in rounds}
    often = [len(there) for there in found.values()] if rounds else []
    title = "No evidence is chosen"
    if often:
        most = f"{max(often)} of {count_of(len(rounds), 'round')}"
        title = f"{often.count(max(often))} of {len(often)} themes in {most}"
    if len(often) == 1:
        title = f"{themes[0]}: in {len(rounds)} of {count_of(len(round_order(record)), 'round')}"
    return Picture(
        title,
        "Marker: kind of evidence; number: how many. Rounds differ in framework and in unit: where "
        "a subject comes up is no measure of how well it was done.",
        "What belongs to a theme is this project's judgement; its rows name sources.",
        (*words, f"{'; '.join(each)}.") if rounds else ("No evidence is shown.",),
        pd.DataFrame(table),
        lambda page: _draw_themes(page, n, themes, heads),
        record=record,
    )


def _draw_themes(
    page: paper.Page, n: Mapping[Any, int], themes: Sequence[str], heads: Mapping[str, str]
) -> float:
    """The cells of themes and rounds; a column is as wide as its kinds and its heading need."""
    there = {key[1:] for key in n}
    kinds = {one: [kind for kind in _KINDS if (one, kind) in there] for one in heads}
    wides = {}
    for one, who in heads.items():
        words = [paper.width(word, bold=True) for word in (*one.split(), *who.split())]
        wides[one] = max(12 + _SLOT * len(kinds[one]), 8 + max(words, default=0))
    left = paper.MARGIN + _SIDE
    page.width = max(paper.WIDTH, left + sum(wides.values()) + paper.MARGIN)
    y = page.legend(
        {
            words: {"shape": shape, "colour": colour, "name": f"legend {shape}"}
            for words, shape, colour in _KINDS.values()
        }
    )
    lefts, top = {}, y
    how: dict[str, Any] = {"align": "center"}
    for one, wide in wides.items():
        lefts[one], left = left, left + wide
    tops = {x: paper.Words(one, wides[one] - 4, bold=True, name="round", **how)
            for one, x in lefts.items()}  # fmt: skip
    y += page.row(y, tops, at=0) + 4
    units = {x: paper.Words(heads[one], wides[one] - 4, paper.NOTE, name="who", **how)
             for one, x in lefts.items()}  # fmt: skip
    y += page.row(y, units, at=0) + 4
    for theme in themes:
        page.line((paper.MARGIN, y), (page.width - paper.MARGIN, y), "rule", **_RULE)
        high = page.row(y, {paper.MARGIN: paper.Words(theme, _SIDE - 10, name="label")}, least=42)
        middle = y + high / 2
        for one, x in lefts.items():
            marks = [kind for kind in kinds[one] if (theme, one, kind) in n]
            if not marks:
                page.text(x + wides[one] / 2, middle, "none", paper.NOTE, name="none", **how)
            for kind in marks:
                at = x + 6 + (kinds[one].index(kind) + 0.5) * (wides[one] - 12) / len(kinds[one])
                _, sign, colour = _KINDS[kind]
                page.marker(at, middle - 8, sign, colour, f"{kind} {theme} {one}")
                number = f"{n[theme, one, kind]:,}"
                page.text(at, middle + 9, number, paper.NOTE, name="number", **how)
        y += high
    page.split([*lefts.values()][1:], top, y)
    return y


_TOP = ("victim_letters", "disclosure")  # which this project is about
_MOST, _NAME, _PAD = 3, 150.0, 8.0
_LINE = paper.line(paper.NOTE) + 2  # so that a tile does not touch the line below it

_Said = Sequence[tuple[str, str]]  # the words of tiles, and what they are about


def four_rounds(
    statements: pd.DataFrame,
    *,
    theme: str | list[str] | None = None,
    columns: Mapping[str, Sequence[str]] | None = None,
    record: RecordLike = None,
) -> Picture:
    """The rounds side by side, as on screen: what was said of each theme in each, word by word.

    Rows are themes, letters and disclosure first, then those of most rounds. In a cell stands what
    counts most, each statement with its word as a tile, whose words it is if not the
    inspectorate's, and what became of it; then how many more.

    Parameters
    ----------
    statements : pandas.DataFrame
        Rows of `hmcpsi_data.facts`. What belongs to no theme or to no round is left out.
    theme : str or list of str, optional
        The themes that are shown; all of the statements where not given.
    columns : mapping of str to list of str, optional
        The rounds that are shown, and the Areas of each (none for all); those of the statements
        where not given.
    record : Record or path, optional

    >>> from hmcpsi_data import facts
    >>> rows = facts("Leicestershire", "opa_2005", theme="custody_time_limits")
    >>> four_rounds(rows, theme="custody_time_limits").table.values.tolist()
    [['Custody time limits', '2006 Leicestershire', 'Fair', 'Custody time limits']]
    """
    record = as_record(record)
    needed = ["kind", "value", "what", "text", "round", "area_id", "area", "theme_ids", "speaker"]
    rows = say.need(statements, [*needed, "row_id", "says_otherwise"], "facts()")
    rows = rows.dropna(subset=["round", "theme_ids"])
    rows = statements_in_words(rows[rows["theme_ids"].ne("")], record)
    if columns is None:
        areas = rows.dropna(subset="area_id").groupby("round")["area_id"].unique()
        order = say.in_order(rows["round"], round_order(record))
        columns = {one: list(areas.get(one, ())) for one in order}
    given = columns.values() if isinstance(columns, Mapping) else [None]
    if not all(isinstance(areas, list | tuple) for areas in given):
        raise HmcpsiError(f"{quote(columns)} are no columns.", "Give a list of Areas by round.")
    heads = {one: round_head(one, areas, record) for one, areas in columns.items()}
    several = rows["round"].isin([one for one, head in heads.items() if len(head.areas) > 1])
    named = rows["area"] + ": " + rows["about"]
    rows["about"] = rows["about"].mask(several & rows["area"].notna(), named).astype(str)
    rows = rows.assign(theme=rows["theme_ids"].str.split("; ")).explode("theme")
    cells: dict[Any, _Said] = {
        key: list(zip(part["word"], part["about"], strict=True))
        for key, part in rows.groupby(["theme", "round"])
    }
    often = rows.drop_duplicates(["theme", "round"])["theme"].value_counts()
    titles = {one: title for one, title, _ in options("theme", record)}
    shown = [one for one in choose("theme", theme, record) or titles if one in often]
    shown.sort(key=lambda one: (one not in _TOP, -often[one]))
    grid = {titles[one]: [cells.get((one, r), []) for r in heads] for one in shown}
    what = f"{count_of(len(grid), 'theme')} in {count_of(len(heads), 'round')}"
    table, words = [], []
    for title, row in grid.items():
        parts = []
        for head, cell in zip(heads.values(), row, strict=True):
            table += [(title, head.title, *statement) for statement in cell]
            said = [f"{word} ({about})" for word, about in cell[:_MOST]] or ["none found"]
            said += [f"{len(cell) - _MOST} more"] if len(cell) > _MOST else []
            parts.append(f"{head.title}, {head.lines[0]}: {', '.join(said)}")
        words.append(f"{title}: {'; '.join(parts)}.")
    return Picture(
        "What inspectors said, round by round" if grid else "Nothing is chosen",
        "Read across for a subject, never as a trend: each round has its own framework and its own "
        "unit. Progress is not quality.",
        say.sources(rows, record=record),
        (f"{what}: {listed([*grid])}.", *words) if grid else ("Nothing is shown.",),
        pd.DataFrame(table, columns=["Theme", "Round", "Said", "Of what"]),
        lambda page: _draw_rounds(page, grid, [*heads.values()]),
        record=record,
    )


def _draw_rounds(
    page: paper.Page, grid: Mapping[str, Sequence[_Said]], heads: Sequence[RoundHead]
) -> float:
    """A column for each round, a row for each theme."""
    page.width = max(1200.0, 2 * paper.MARGIN + _NAME + 200 * len(heads))
    wide = (page.width - 2 * paper.MARGIN - _NAME) / max(len(heads), 1)
    room = wide - 2 * _PAD
    lefts = [paper.MARGIN + _NAME + _PAD + n * wide for n in range(len(heads))]
    firsts = [paper.Words(head.title, room, bold=True, name="round") for head in heads]
    others = [paper.Words(head.lines, room, paper.NOTE, name="round") for head in heads]
    y = page.row(0, dict(zip(lefts, firsts, strict=True)), at=0) + 2
    y += page.row(y, dict(zip(lefts, others, strict=True)), at=0) + 10
    for title, row in grid.items():
        page.line((paper.MARGIN, y), (page.width - paper.MARGIN, y), "rule", **_RULE)
        name = paper.Words(title, _NAME - 12, bold=True, name="label")
        bottom = y + page.row(y, {paper.MARGIN: name}, at=0)
        for x, said in zip(lefts, row, strict=True):
            bottom = max(bottom, _draw_cell(page, x, y + 6, room, said))
        y = bottom + 10
    page.split([x - _PAD for x in lefts[1:]], 0, y)
    return y


def _draw_cell(page: paper.Page, x: float, y: float, room: float, said: _Said) -> float:
    """The first statements of a cell, each text below its tile, and where they end."""
    for word, about in said[:_MOST]:
        wide = min(paper.width(word, paper.NOTE) + 10, room)
        tall = len(paper.wrap(word, wide - 6, paper.NOTE)) * _LINE
        page.tile(x, y, wide, tall - 1, word, paper.NOTE)
        y += tall + page.row(y + tall, {x: paper.Words(about, room, paper.NOTE, name="said")}) + 6
    more = f"+ {len(said) - _MOST:,} more" if len(said) > _MOST else ""
    told = more if said else "none found"
    page.text(x, y + _LINE / 2, told, paper.NOTE, colour=OUTLINE, name="more")
    return y + _LINE * bool(told)
