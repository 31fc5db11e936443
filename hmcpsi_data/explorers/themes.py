"""Themes by round in the whole record; a cell lists its evidence, with speaker and source."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from hmcpsi_data.explorers.base import Explorer
from hmcpsi_data.explorers.controls import Choice, Option, Search, Several, facets
from hmcpsi_data.explorers.rounds_table import in_order, word_of
from hmcpsi_data.explorers.rows import offered, said, sources, with_rows
from hmcpsi_data.explorers.view import View, call
from hmcpsi_data.record.facts import facts
from hmcpsi_data.record.filters import options
from hmcpsi_data.tables.record import Record
from hmcpsi_data.words import FACTS, SPEAKERS, count_of, listed

__all__ = ["ThemeExplorer"]

_FACETS = ("theme", "round", "area", "kind", "speaker", "tier", "basis")
_CELL = "text-align:left;vertical-align:top;padding:2px 4px"


class ThemeExplorer(Explorer):
    """Where a subject comes up, round by round, and what was said of it by whom.

    Parameters
    ----------
    record : Record or path, optional
        Whose data are shown.
    **values
        Values of controls at the start, as `hmcpsi_data.facts` takes them: `theme`, `round`,
        `search`, `area`, `kind`, `speaker`, `tier`, `basis`.

    Examples
    --------
    >>> explorer = ThemeExplorer(theme="Custody time limits", tier="inspectorate")
    >>> explorer.frame[["round", "area", "kind"]].values.tolist()
    [['2005-06', 'Leicestershire', 'rating']]
    """

    TITLE = "Themes that return"
    NOTE = (
        "Rounds differ in framework and in unit: how often a subject comes up says nothing about "
        "how well it was done. Which evidence belongs to a theme is this project's judgement."
    )

    theme = Choice("Theme", "Or choose a cell of the table", everything="All themes")
    round = Choice("Round", "Or choose a cell of the table", everything="All rounds")
    search = Search()
    area = Choice("Area", "The Area it was said of", everything="All Areas", more=True)
    kind = Several("Kind of statement", "None ticked shows all", more=True)
    speaker = Several("Whose words", "Who said it; a newspaper may have reported it", more=True)
    tier = Several("Published by", "Whose publication it is", more=True, quiet=True)
    basis = Several("Basis", "How the source carries it", more=True, quiet=True)

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """Options with the number of statements that each would give."""
        values = self.values
        found = facets(self._facts(**values), values, self._facts, _FACETS)
        known = self.record.once(_known)
        return {name: offered(name, self.record, rows, known[name]) for name, rows in found.items()}

    def _facts(self, **values: Any) -> pd.DataFrame:
        """What belongs to a theme."""
        return _of_themes(facts(**values, record=self.record))

    def show(self) -> View:
        """The matrix of all that fits the other filters, and below it the chosen evidence."""
        values = self.values
        frame = self._facts(**values)
        fits = self._facts(**{**values, "theme": None, "round": None})
        shown = in_order(frame)
        words, links = sources(shown, self.record)
        rows = pd.DataFrame(
            {
                "Said": [word_of(fact) for fact in shown.to_dict("records")],
                "Of what": shown["what"],
                "Area, round": (shown["area"] + ", ").fillna("") + shown["round"].fillna(""),
                "In whose words": said(shown),
                "Source": words,
            },
            index=shown.index,
        )
        theme = self._in_words("theme") if self.theme else "all themes"
        where = f"{theme}, {self.round or 'all rounds'}"
        return View(
            frame=shown,
            status=f"{count_of(len(frame), 'statement')}: {where}",
            code=call("hd.facts", **values, record=self.record) + ".query(\"theme_ids != ''\")",
            sentence=_sentence(frame),
            rows=rows,
            caption="Evidence of what is chosen",
            tiles=("Said",),
            fold=("Area, round",),
            links={"Source": links},
            before=self._matrix(fits),
            picture=(lambda: self._picture(frame)) if len(frame) else None,
            picture_key=tuple(frame["row_id"]),
        )

    def _matrix(self, fits: pd.DataFrame) -> str:
        """Themes down, rounds across; each cell a button that chooses it."""
        n = Counter(
            (theme, one)
            for themes, one in zip(fits["theme_ids"], fits["round"], strict=True)
            for theme in str(themes).split("; ")
        )
        some = {one for _, one in n}
        rounds = [one for one, *_ in options("round", self.record) if one in some]
        themes = [(theme, title) for theme, title, _ in options("theme", self.record)]

        def choose(theme: str | None, one: str | None, words: str, name: str) -> str:
            pressed = (theme, one) == (self.theme, self.round)
            change = escape(json.dumps({"theme": theme, "round": one}))
            return (
                f'<button type="button" data-cell="{escape(f"{theme} {one}")}" '
                f'data-set="{change}" aria-pressed="{str(pressed).lower()}" '
                f'aria-label="{escape(name)}">{escape(words)}</button>'
            )

        heads = "".join(
            f'<th scope="col" style="{_CELL}">{choose(None, one, one, f"all themes, {one}")}</th>'
            for one in rounds
        )
        body = ""
        for theme, title in themes:
            cells = "".join(
                f'<td style="{_CELL}">'
                + (
                    choose(theme, one, str(n[theme, one]), f"{title}, {one}: {n[theme, one]}")
                    if n[theme, one]
                    else "<small>0</small>"
                )
                + "</td>"
                for one in rounds
            )
            name = choose(theme, None, title, f"{title}, all rounds")
            body += f'<tr><th scope="row" style="{_CELL}">{name}</th>{cells}</tr>'
        corner = choose(None, None, "All", "all themes, all rounds")
        return (
            '<table class="hx-grid hx-matrix"><caption style="text-align:left">Number of '
            "statements by theme and round</caption>"
            f'<thead><tr><th scope="col" style="{_CELL}">{corner}</th>'
            f"{heads}</tr></thead><tbody>{body}</tbody></table>"
        )

    def _picture(self, frame: pd.DataFrame) -> Any:
        from hmcpsi_data.pictures import theme_matrix

        titles: dict[str, str] = dict(
            self.record.table("themes")[["theme_id", "title"]].itertuples(index=False)
        )
        each = frame.assign(theme=frame["theme_ids"].str.split("; ")).explode("theme")
        return theme_matrix(each.assign(theme=each["theme"].map(titles)), record=self.record)


def _of_themes(found: pd.DataFrame) -> pd.DataFrame:
    """The statements that belong to a theme."""
    return found[found["theme_ids"].ne("").fillna(False)]


def _known(record: Record) -> dict[str, set]:
    return with_rows(_FACETS, record, _of_themes(facts(record=record)))


def _kind(kind: str) -> tuple[str, str]:
    """What a kind of statement is called, and several of them."""
    one = FACTS.get(kind, kind.replace("_", " "))
    first, gap, rest = one.partition(" ")
    return one, one if first.endswith("s") else f"{first}s{gap}{rest}"


def _sentence(frame: pd.DataFrame) -> str:
    """What kinds of statement there are, by whom and about which Areas."""
    if frame.empty:
        return "Nothing was found: choose another cell, take a filter away, or press Clear."
    kinds = Counter(frame["kind"])
    told = listed([count_of(n, *_kind(kind)) for kind, n in kinds.most_common()])
    whose = Counter(frame["speaker"].dropna())
    said_by = ", ".join(f"{words} {whose[key]}" for key, words in SPEAKERS.items() if whose[key])
    areas = frame["area"].dropna().unique()
    where = f" Areas: {', '.join(areas)}." if 0 < len(areas) <= 8 else ""
    return f"{told[:1].upper()}{told[1:]}. In whose words: {said_by}.{where}"
