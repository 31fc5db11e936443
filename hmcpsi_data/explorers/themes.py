"""Themes by round; choosing a cell lists its evidence, with speaker, document and line."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from hmcpsi_data.crosswalk_code import folder_argument
from hmcpsi_data.explorers.control import Control, checks, choice, search
from hmcpsi_data.explorers.explorer import Explorer
from hmcpsi_data.explorers.listing import Listing, listing
from hmcpsi_data.explorers.rows import FIRST, options, part_shown, trust, where_from
from hmcpsi_data.explorers.theme_cells import theme_cells
from hmcpsi_data.explorers.view import View
from hmcpsi_data.pictures import theme_matrix
from hmcpsi_data.search import lines
from hmcpsi_data.search import search as containing
from hmcpsi_data.tables import load
from hmcpsi_data.themes import theme_history
from hmcpsi_data.views import counted as undoubted
from hmcpsi_data.wording import SPEAKERS, Folder, counted

__all__ = ["ThemeExplorer"]

_FIRST = "disclosure"
_KINDS = {
    "rating": "rating",
    "progress": "progress",
    "action": "action",
    "response": "answer",
    "commitment": "commitment",
    "finding": "finding",
    "measure": "number",
}
_LONG = {"action": "action (recommendation, aspect for improvement, issue)"}
_HEADINGS = {
    "theme": "Theme",
    "round": "Round",
    "area": "Area",
    "kind": "Kind",
    "text": "Evidence",
    "said_by": "Said by",
    "source_title": "Document",
    "where": "Where from",
}


class ThemeExplorer(Explorer):
    """Where a subject comes up, round by round, and what was said of it by whom.

    Parameters
    ----------
    folder : path, optional
        As for `load`.
    **state
        Values of controls at the start: `theme`, `round`, `kind`, `speaker`, `tier`,
        `basis`, `search`.

    Examples
    --------
    >>> explorer = ThemeExplorer(theme="custody_time_limits", tier=["inspectorate"])
    >>> explorer.frame[["round", "area", "kind"]].values.tolist()
    [['2005-06', 'Leicestershire', 'rating']]
    """

    TITLE = "Themes that return"
    CAVEAT = (
        "Rounds differ in yardstick and in unit: where a subject comes up is no measure of how "
        "well it was done. Which evidence belongs to a theme is this project's judgement."
    )

    def prepare(self) -> None:
        """Read the evidence of all themes once."""
        themes = load("themes", self.folder)
        self._titles = dict(zip(themes["theme_id"], themes["title"], strict=True))
        # What another source contradicts is no evidence: it takes part in no count here.
        said = theme_history(list(self._titles), self.folder)
        self._all = undoubted(said).reset_index(drop=True)
        self._cells: tuple[pd.Index, dict[tuple[str, str], tuple[int, str]]] | None = None
        self._doubted = len(said) > len(self._all)
        # What is looked for is put together once: a search then reads one column.
        self._said = lines(self._all).to_frame()
        rounds = load("frameworks", self.folder)["round"].drop_duplicates()
        self._rounds = rounds[rounds.isin(self._all["round"])].tolist()
        where, self._links = where_from(self._all, self.folder)
        values = self._all["value"].str.replace("_", " ")
        self._shown = self._all.assign(
            kind=self._all["kind"].map(_KINDS) + (": " + values).fillna(""),
            round=self._all["round"].fillna("no round"),
            said_by=self._all["speaker"].map(SPEAKERS),
            where=where,
        )

    def describe(self) -> list[Control]:
        """Theme and round, which the matrix chooses as well, and the filters."""
        first = _FIRST if _FIRST in self._titles else ""
        kinds = [(kind, _LONG.get(kind, words)) for kind, words in _KINDS.items()]
        said = [(one, SPEAKERS[one]) for one in self._all["speaker"].dropna().unique()]
        themes, rounds = self._titles.items(), options(self._rounds)
        return [
            choice("theme", "Theme", "Or choose a cell below", themes, "All themes", first),
            choice("round", "Round", "Or choose a cell below", rounds, "All rounds"),
            checks("kind", "Kind of evidence", "None ticked shows all", kinds),
            checks("speaker", "Said by", "Whose word it is; none ticked shows all", said),
            *trust(self._all),
            search(),
        ]

    def look(self, theme: str, search: str, **wanted: Any) -> View:
        """The evidence of the chosen cell; the matrix counts all that fits the other filters."""
        chosen = theme, wanted["round"]
        fits = self._all
        for column in ("kind", "speaker", "tier", "basis"):
            if wanted[column]:
                fits = fits[fits[column].isin(wanted[column])]
        fits = fits.loc[containing(self._said.loc[fits.index], search).index]
        of_theme = fits[fits["theme_id"] == theme] if theme else fits
        frame = of_theme[of_theme["round"] == chosen[1]] if chosen[1] else of_theme
        where = f"{self._titles.get(theme, 'all themes')}, {chosen[1] or 'all rounds'}"
        return View(
            status=f"{len(frame)} of {counted(len(self._all), 'piece')} of evidence: {where}"
            f"{part_shown(len(frame))}",
            words=self._words(frame),
            table=self._table(fits, frame, chosen),
            frame=frame.reset_index(drop=True),
            code=self._code(theme, wanted, search),
            picture=None if of_theme.empty else lambda: _picture(of_theme, self.folder),
            picture_key=tuple(of_theme.index),
        )

    def _code(self, theme: str, wanted: dict[str, Any], search: str) -> str:
        """The lines of Python that give the same table."""
        asked = repr(theme) if theme else "list(titles)"
        where = folder_argument(self.folder)
        code, imports = f"hd.theme_history({asked}{where})", []
        if not theme:
            code = f'titles = hd.load("themes"{where})["theme_id"]\n{code}'
        parts = ["basis != 'contradicted'"] if self._doubted else []
        parts += [
            f"{name} in {[values] if isinstance(values, str) else values}"
            for name, values in wanted.items()
            if values
        ]
        if parts:
            code += f".query({' and '.join(parts)!r})"
        if search:
            before, _, last = code.rpartition("\n")
            code = f"{before}\nsearch({last}, {search!r})".lstrip()
            imports.append("from hmcpsi_data.search import search")
        return code + (f"  # {'; '.join(imports)}" if imports else "")

    def _words(self, frame: pd.DataFrame) -> str:
        if frame.empty:
            return "No evidence fits: choose another cell, take a filter away, or press Reset."
        n = Counter(frame["speaker"])
        said = ", ".join(f"{words} {n[key]}" for key, words in SPEAKERS.items() if n[key])
        areas = ", ".join(frame["area"].dropna().unique())
        where = f" Areas: {areas}." if areas else ""
        return f"{_counted(Counter(frame['kind'])).capitalize()}. Said by: {said}.{where}"

    def _table(self, fits: pd.DataFrame, frame: pd.DataFrame, chosen: tuple[str, str]) -> Listing:
        if self._cells is None or not fits.index.equals(self._cells[0]):
            self._cells = fits.index, _cells(fits)
        skip = "theme" if chosen[0] else ""
        return listing(
            self._shown.loc[frame.index[:FIRST]],
            "Evidence of what is chosen",
            {key: words for key, words in _HEADINGS.items() if key != skip},
            self._links,
            row_headers=1 if skip else 2,
            above=theme_cells(self._cells[1], self._titles, self._rounds, chosen),
        )


def _cells(fits: pd.DataFrame) -> dict[tuple[str, str], tuple[int, str]]:
    """By theme and round, how much evidence there is and of which kinds, in words."""
    numbers: dict[tuple[str, str], Counter] = {}
    for *cell, kind in zip(fits["theme_id"], fits["round"], fits["kind"], strict=True):
        numbers.setdefault(tuple(cell), Counter())[kind] += 1
    return {cell: (kinds.total(), _counted(kinds)) for cell, kinds in numbers.items()}


def _counted(kinds: Counter) -> str:
    return ", ".join(f"{words} {kinds[kind]}" for kind, words in _KINDS.items() if kinds[kind])


def _picture(rows: pd.DataFrame, folder: Folder) -> Any:
    """The picture knows one kind of answer: commitments are counted with the answers."""
    rows = rows.assign(kind=rows["kind"].replace("commitment", "response"))
    return theme_matrix(rows, folder=folder)
