"""Themes by round in the whole record; a cell lists its evidence, with speaker and source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from hmcpsi_data.explorers.controls import Choice, Search, Several
from hmcpsi_data.explorers.filtered import Filtered
from hmcpsi_data.explorers.view import View, sourced
from hmcpsi_data.record.facts import facts
from hmcpsi_data.record.filters import options
from hmcpsi_data.show.sourced import dates
from hmcpsi_data.tables.record import Record
from hmcpsi_data.words import FACTS, SPEAKERS, count_of, listed

__all__ = ["ThemeExplorer", "about", "in_order", "of_themes", "word_of"]

# What counts most stands first; context comes last.
_ORDER = (
    ["rating"],
    ["progress"],
    ["issue", "recommendation", "aspect_for_improvement"],
    ["weakness"],
    ["strength", "mixed"],
    ["measure"],
    ["response"],
    ["commitment"],
    ["context"],
)
_RANK = {kind: place for place, kinds in enumerate(_ORDER) for kind in kinds}


class ThemeExplorer(Filtered):
    """Where a subject comes up, round by round, and what was said of it by whom.

    Parameters
    ----------
    **values
        Filters at the start, as for `hmcpsi_data.facts`.

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
    CALL = "hd.facts"
    FACETS = ("theme", "round", "area", "kind", "speaker", "tier", "basis")

    theme = Choice("Theme", "Or choose a cell of the table", everything="All themes")
    round = Choice("Round", "Or choose a cell of the table", everything="All rounds")
    search = Search()
    area = Choice("Area", "The Area it was said of", everything="All Areas", more=True)
    kind = Several("Kind of statement", "None ticked shows all", more=True)
    speaker = Several("Whose words", "Who said it; a newspaper may have reported it", more=True)

    @classmethod
    def whole(cls, record: Record) -> pd.DataFrame:
        """Every statement that belongs to a theme."""
        return of_themes(facts(record=record))

    def ask(self, **values: Any) -> pd.DataFrame:
        """The statements that fit, as far as they belong to a theme."""
        return of_themes(facts(**values, record=self.record))

    def act(self, command: str, details: Mapping[str, Any], data: bytes) -> None:
        """Choose the theme and the round of a cell."""
        if command != "open":
            super().act(command, details, data)
        theme, _, one = str(details.get("cell", "")).partition(" ")
        self.set(theme=theme, round=one)

    def show(self) -> View:
        """The matrix of all that fits the other filters, and below it the chosen evidence."""
        frame = in_order(self.rows(**self.asking))
        columns = {
            "Said": word_of(frame),
            "Of what": about(frame),
            "Area, round": (frame["area"] + ", ").fillna("") + frame["round"].fillna(""),
            "Date": dates(frame),
        }
        theme = self._in_words("theme") if self.theme else "all themes"
        only_theme = self.theme and self._on() == ["theme"]
        return View(
            frame=frame,
            status=f"{count_of(len(frame), 'statement')}: {theme}, {self.round or 'all rounds'}",
            code=self.code + ".query(\"theme_ids != ''\")",
            sentence=_sentence(frame),
            **sourced(columns, frame, self.record),
            caption="Evidence of what is chosen",
            tiles=("Said",),
            fold=("Area, round", "Date"),
            order={"Date": lambda: frame["date_from"].fillna(frame["date"])},
            before=self._matrix(self.rows(**{**self.asking, "theme": None, "round": None})),
            values=in_words,
            page=f"themes/{self.theme}.html" if only_theme else "",
            picture=(lambda: self._picture(frame)) if len(frame) else None,
            picture_key=tuple(sorted(frame["row_id"])),
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

        def choose(theme: str, one: str, words: Any, name: str) -> str:
            pressed = (theme, one) == (self.theme or "", self.round or "")
            return (
                f'<button type="button" data-cell="{escape(f"{theme} {one}")}" '
                f'aria-pressed="{str(pressed).lower()}" aria-label="{escape(name)}">'
                f"{escape(str(words))}</button>"
            )

        heads = [choose("", "", "All", "all themes, all rounds")]
        heads += [choose("", one, one, f"all themes, {one}") for one in rounds]
        body = ""
        for theme, title, _ in options("theme", self.record):
            counts = {one: n[theme, one] for one in rounds}
            cells = [
                choose(theme, one, k, f"{title}, {one}: {k}") if k else "<small>0</small>"
                for one, k in counts.items()
            ]
            name = choose(theme, "", title, f"{title}, all rounds")
            body += f'<tr><th scope="row">{name}</th><td>{"</td><td>".join(cells)}</td></tr>'
        return (
            '<div class="hx-box"><table class="hx-grid hx-matrix"><caption style="text-align:left">'
            "Number of statements by theme and round</caption><thead><tr>"
            + "".join(f'<th scope="col">{head}</th>' for head in heads)
            + f"</tr></thead><tbody>{body}</tbody></table></div>"
        )

    def _picture(self, frame: pd.DataFrame) -> Any:
        from hmcpsi_data.pictures import theme_matrix

        themes = self.record.table("themes").set_index("theme_id")["title"]
        each = frame.assign(theme=frame["theme_ids"].str.split("; ")).explode("theme")
        return theme_matrix(each.assign(theme=each["theme"].map(themes)), record=self.record)


def of_themes(statements: pd.DataFrame) -> pd.DataFrame:
    """The statements that belong to a theme."""
    return statements[statements["theme_ids"].ne("").fillna(False)]


def in_order(statements: pd.DataFrame) -> pd.DataFrame:
    """What counts most first: ratings, progress, issues, weaknesses, strengths, the rest."""
    kinds = statements["kind"].where(statements["kind"].ne("finding"), statements["value"])
    return statements.iloc[kinds.map(_RANK).fillna(9).argsort(kind="stable")]


def word_of(statements: pd.DataFrame) -> pd.Series:
    """The word that stands in the tile of each statement; of a conflict, both sides.

    >>> word_of(pd.DataFrame({"kind": ["rating", "issue"], "value": ["Good", None]})).tolist()
    ['Good', 'Issue']
    """
    kind, value = statements["kind"].astype("string"), statements["value"].astype("string")
    words = kind.replace({"response": "answer", "measure": "number"}).str.replace("_", " ")
    words = words.mask(kind.eq("finding"), value.fillna("finding")).str.capitalize()
    words = words.mask(kind.isin(["rating", "progress"]), value.fillna("not rated"))
    if "says_otherwise" in statements:
        both = "contradicted: " + words + " or " + statements["says_otherwise"].astype("string")
        words = both.fillna(words)
    return words


def about(statements: pd.DataFrame) -> pd.Series:
    """What each statement is about; a number with its figure and unit."""
    return statements["what"].mask(statements["kind"].eq("measure"), statements["text"])


def in_words(statements: pd.DataFrame) -> pd.Series:
    """What each statement says, of whom and in which round, to be cited."""
    where = (statements["area"] + ", ").fillna("") + (statements["round"] + ", ").fillna("")
    return where + about(statements).fillna("") + ": " + word_of(statements)


def _sentence(frame: pd.DataFrame) -> str:
    """What kinds of statement there are, by whom and about which Areas."""
    if frame.empty:
        return "Nothing was found: choose another cell, take a filter away, or press Clear."
    told = []
    for kind, n in Counter(frame["kind"]).most_common():
        one = FACTS.get(kind, kind.replace("_", " "))
        first, gap, rest = one.partition(" ")
        told.append(count_of(n, one, one if first.endswith("s") else f"{first}s{gap}{rest}"))
    words = listed(told)
    whose = Counter(frame["speaker"].dropna())
    said_by = ", ".join(f"{name} {whose[key]}" for key, name in SPEAKERS.items() if whose[key])
    areas = sorted(frame["area"].dropna().unique())
    where = f" Areas: {', '.join(areas)}." if 0 < len(areas) <= 8 else ""
    return f"{words[:1].upper()}{words[1:]}. In whose words: {said_by}.{where}"
