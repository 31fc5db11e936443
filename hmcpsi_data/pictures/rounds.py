"""Themes by round: where a subject comes up, and what was said of it; never a trend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

import pandas as pd

from hmcpsi_data.errors import HmcpsiError, quote
from hmcpsi_data.palette import OUTLINE
from hmcpsi_data.pictures import paper
from hmcpsi_data.pictures import wording as say
from hmcpsi_data.pictures.picture import Picture, nothing
from hmcpsi_data.record.facts import theme_history
from hmcpsi_data.record.filters import choose, options
from hmcpsi_data.record.joins import round_order
from hmcpsi_data.record.rounds import RoundHead, round_head, statements_in_words
from hmcpsi_data.tables.record import RecordLike, as_record
from hmcpsi_data.words import KINDS, count_of, listed

# kind: its words, its marker, the colour of its marker
_KINDS = {
    "rating": ("rating", "s", "#12436D"),
    "progress": ("progress", "D", "#0E5A53"),
    "action": ("issue or recommendation", "^", "#801650"),
    "response": ("answer of the CPS", "v", "#3D3D3D"),
    "finding": ("finding in words", "o", "#FFFFFF"),
    "measure": ("number", "P", "#3D3D3D"),
}
_SAME = dict.fromkeys(KINDS, "action") | {"commitment": "response"}
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
    if known.empty:
        return nothing(record)
    kinds = known["kind"].replace(_SAME)
    kinds = kinds.where(kinds.isin(_KINDS), "finding")  # comparisons, directions of travel
    rounds = round_order(record)
    cells = known.assign(
        theme=pd.Categorical(known["theme"], say.in_order(known["theme"], titles)),
        round=pd.Categorical(known["round"], say.in_order(known["round"], rounds)),
        kind=pd.Categorical(kinds, list(_KINDS)),
    )
    n = cells.groupby(["theme", "round", "kind"], observed=True).size()
    there = n.unstack("kind").reset_index().groupby("theme", observed=True)["round"].agg(list)
    heads = {one: say.who(known[known["round"].eq(one)]) for one in cells["round"].cat.categories}
    of_kind = n.groupby("kind", observed=True).sum().items()
    told = ", ".join(f"{_KINDS[str(kind)][0]} {number:,}" for kind, number in of_kind)
    pieces = count_of(len(known), "piece of evidence", "pieces of evidence")
    what = f"{count_of(len(there), 'theme')}, {count_of(len(heads), 'round')}"
    each = "; ".join(f"{theme} in {listed(of)}" for theme, of in there.items())
    words = [f"{what}, {pieces}: {told}.", f"{each}."]
    if without := len(evidence) - len(known):
        words.append(f"Of no round: {without:,} more.")
    most = there.map(len).max()
    often = there.index[there.map(len).eq(most)].tolist()
    who = listed(often) if len(often) < 4 else f"{len(often)} of {len(there)} themes"
    names = {kind: name.capitalize() for kind, (name, *_) in _KINDS.items()}
    columns = {"theme": "Theme", "round": "Round"} | names
    return Picture(
        f"{who}: in {most} of {count_of(len(rounds), 'round')}",
        "Marker: kind of evidence; number: how many. Rounds differ in framework and in unit: where "
        "a subject comes up is no measure of how well it was done.",
        "What belongs to a theme is this project's judgement; its rows name sources.",
        tuple(words),
        n.unstack("kind", fill_value=0).reset_index().rename(columns=columns),
        lambda page: _draw_themes(page, n.to_dict(), heads),
        head=2,
        record=record,
    )


def _draw_themes(page: paper.Page, n: Mapping[Any, int], heads: Mapping[str, str]) -> float:
    """The cells of themes and rounds; a column is as wide as its kinds and its heading need."""
    kinds = {
        one: [kind for kind in _KINDS if (one, kind) in {key[1:] for key in n}] for one in heads
    }
    wides = {}
    for one, who in heads.items():
        words = [paper.width(word, bold=True) for word in (*one.split(), *who.split())]
        wides[one] = max(12 + _SLOT * len(kinds[one]), 8 + max(words, default=0))
    left = paper.MARGIN + _SIDE
    page.width = max(paper.WIDTH, left + sum(wides.values()) + paper.MARGIN)
    signs = {
        words: {"shape": shape, "colour": colour, "name": f"legend {shape}"}
        for words, shape, colour in _KINDS.values()
    }
    top = y = page.legend(signs)
    how: dict[str, Any] = {"align": "center"}
    lefts = dict(zip(wides, accumulate([left, *wides.values()]), strict=False))
    tops, units = {}, {}
    for one, x in lefts.items():
        tops[x] = paper.Words(one, wides[one] - 4, bold=True, name="round", **how)
        units[x] = paper.Words(heads[one], wides[one] - 4, paper.NOTE, name="who", **how)
    y += page.row(y, tops, at=0) + 4
    y += page.row(y, units, at=0) + 4
    for theme in dict.fromkeys(theme for theme, *_ in n):
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
_LINE = paper.LINE * paper.NOTE + 2  # so that a tile does not touch the line below it


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
    often = rows.drop_duplicates(["theme", "round"])["theme"].value_counts()
    titles = {one: title for one, title, _ in options("theme", record)}
    shown = [one for one in choose("theme", theme, record) or titles if one in often]
    shown.sort(key=lambda one: (one not in _TOP, -often[one]))
    if not shown:
        return nothing(record)
    rows = rows[rows["theme"].isin(shown) & rows["round"].isin(list(heads))]
    rows = rows.assign(
        theme=pd.Categorical(rows["theme"].map(titles), [titles[one] for one in shown]),
        round=pd.Categorical(rows["round"], list(heads)),
        told=rows["word"] + " (" + rows["about"] + ")",
    )
    rows = rows.sort_values(["theme", "round"], kind="stable")
    what = f"{count_of(len(shown), 'theme')} in {count_of(len(heads), 'round')}"
    words = [f"{what}: {listed([titles[one] for one in shown])}."]
    for name, part in rows.groupby("theme", observed=True):
        cells = part.groupby("round", observed=True)["told"]
        each = [f"{heads[str(one)].title}: {', '.join(cell.head(_MOST))}" for one, cell in cells]
        words.append(f"{name}: {'; '.join(each)}.")
    table = {
        "Theme": rows["theme"],
        "Round": rows["round"].map({one: head.title for one, head in heads.items()}),
        "Said": rows["word"],
        "Of what": rows["about"],
    }
    return Picture(
        "What inspectors said, round by round",
        "Read across for a subject, never as a trend: each round has its own framework and its own "
        "unit. Progress is not quality.",
        say.sources(rows, record),
        tuple(words),
        pd.DataFrame(table).reset_index(drop=True),
        lambda page: _draw_rounds(page, rows, heads),
        record=record,
    )


def _draw_rounds(page: paper.Page, rows: pd.DataFrame, heads: Mapping[str, RoundHead]) -> float:
    """A column for each round, a row for each theme."""
    page.width = max(1200.0, 2 * paper.MARGIN + _NAME + 200 * len(heads))
    wide = (page.width - 2 * paper.MARGIN - _NAME) / max(len(heads), 1)
    lefts = {one: paper.MARGIN + _NAME + _PAD + n * wide for n, one in enumerate(heads)}
    room, firsts, others = wide - 2 * _PAD, {}, {}
    for one, head in heads.items():
        firsts[lefts[one]] = paper.Words(head.title, room, bold=True, name="round")
        others[lefts[one]] = paper.Words(head.lines, room, paper.NOTE, name="round")
    y = page.row(0, firsts, at=0) + 2
    y += page.row(y, others, at=0) + 10
    for title, part in rows.groupby("theme", observed=True):
        page.line((paper.MARGIN, y), (page.width - paper.MARGIN, y), "rule", **_RULE)
        name = paper.Words(str(title), _NAME - 12, bold=True, name="label")
        bottom = y + page.row(y, {paper.MARGIN: name}, at=0)
        for key, cell in part.groupby("round", observed=False):
            bottom = max(bottom, _draw_cell(page, lefts[str(key)], y + 6, room, cell))
        y = bottom + 10
    page.split([x - _PAD for x in lefts.values()][1:], 0, y)
    return y


def _draw_cell(page: paper.Page, x: float, y: float, room: float, cell: pd.DataFrame) -> float:
    """The first statements of a cell, each text below its tile, and where they end."""
    for word, about in cell[["word", "about"]].head(_MOST).astype(str).to_numpy().tolist():
        wide = min(paper.width(word, paper.NOTE) + 10, room)
        tall = len(paper.wrap(word, wide - 6, paper.NOTE)) * _LINE
        page.tile(x, y, wide, tall - 1, word, paper.NOTE)
        y += tall + page.row(y + tall, {x: paper.Words(about, room, paper.NOTE, name="said")}) + 6
    more = f"+ {len(cell) - _MOST:,} more" if len(cell) > _MOST else ""
    told = more if len(cell) else "none found"
    page.text(x, y + _LINE / 2, told, paper.NOTE, colour=OUTLINE, name="more")
    return y + _LINE * bool(told)
