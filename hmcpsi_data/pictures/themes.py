"""Themes by round: where a subject comes up, and how much evidence there is on it.

It does not say how well anything was done in one round against another: rounds differ in framework
and in unit, and a dashed break stands between them.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from hmcpsi_data.palette import OUTLINE
from hmcpsi_data.pictures import sentences as say
from hmcpsi_data.pictures.letters import LABEL, NOTE, width
from hmcpsi_data.pictures.page import MARGIN, WIDTH, Page
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.pictures.sheet import Legend, Row, Sheet, Words
from hmcpsi_data.record.facts import theme_history
from hmcpsi_data.tables.record import RecordLike, as_record
from hmcpsi_data.words import count_of, listed

__all__ = ["theme_matrix"]

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
        body=_sheet(n, themes, {one: say.who(known[known["round"].eq(one)]) for one in rounds}),
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


def _sheet(n: _Counts, themes: list[str], rounds: dict[str, str]) -> Sheet:
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
