"""Tables for the screen: real tables with captions, headers and, where wanted, coloured tiles.

A `TileTable` is what a notebook shows: HTML for the browser, plain text for everything else. Its
styles stand in the cells themselves, because a notebook that has not been run, or is not trusted,
loses style sheets. Everything that comes from data is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple

import pandas as pd

from hmcpsi_data.palette import INK, OUTLINE, PAPER, PROGRESS, QUALITY, TINT, ink_on

__all__ = [
    "KEEP_KEYS", "NARROW", "PART", "Place", "TileTable", "by_sheet", "tile_table", "words_of_tiles",
]  # fmt: skip

MISSING = {
    "not_in_framework": "not in framework",
    "not_rated": "not rated",
    "not_found": "not found",
    "not_applicable": "not applicable",
}
# One slant of hatching for each kind of missing, as a sign too, since a page that is not trusted
# loses the pattern; the words tell them apart as well.
_HATCH = {
    "not in framework": (45, "\u25a7"),
    "not rated": (90, "\u25a5"),
    "not found": (135, "\u25a8"),
    "not applicable": (0, "\u25a4"),
}
_COLOURS = QUALITY | PROGRESS

_TABLE = "border-collapse:separate;border-spacing:2px;text-align:left;margin:0"
_CELL = f"text-align:left;vertical-align:top;padding:4px 5px;border-bottom:1px solid {OUTLINE}"
_TILE = "text-align:center;vertical-align:middle;padding:4px 5px"
_SHORT_NAME = f"{_CELL};white-space:nowrap"
NARROW = f"text-align:left;vertical-align:top;padding:2px 4px;border-bottom:1px solid {OUTLINE}"
"""The style of a cell in a table of many columns."""
_ELSEWHERE = 'target="_blank" rel="noopener noreferrer"'  # the notebook stays where it is
KEEP_KEYS = 'data-lm-suppress-shortcuts="true"'
"""Keeps JupyterLab from taking the keys of what has the focus as shortcuts of the notebook."""

PART = "<!-- part -->"
"""Stands between parts of a page that an explorer draws again each for itself."""

_MAY_BREAK = re.compile(r"(_|;(?=L\d))")
_DATE = re.compile(r"(?<![\w-])\d{4}(?:-\d\d){1,2}(?![\w-])")
_IN_ONE_LINE = r'<span style="white-space:nowrap">\g<0></span>'
_NO_ADDRESS = "no address"
_SHORT = 14  # letters of a row's name that stay on one line


class Place(NamedTuple):
    """Where a text of a table leads: a web address, if one is known, and what stands there."""

    address: str | None
    title: str = ""


@dataclass(frozen=True)
class TileTable:
    """A table as a reader sees it.

    Attributes
    ----------
    title : str
        What the table says; its caption.
    words : str
        The table in a sentence or two: counts, never percentages of a handful.
    frame : pandas.DataFrame
        What is shown, with the headings that are shown.
    source : str
        Where it comes from, in a line.
    """

    title: str
    words: str
    frame: pd.DataFrame
    source: str = ""
    row_headers: int = 1
    tiles: tuple[str, ...] = ()
    links: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        parts = [self.title, self.words, *_plain(self.frame), self.source]
        return "\n".join(part for part in parts if part)

    def _repr_html_(self) -> str:
        columns = list(self.frame.columns)
        head = "".join(f'<th scope="col" style="{_CELL}">{escape(str(c))}</th>' for c in columns)
        body = "".join(
            f"<tr>{self._row(columns, row)}</tr>" for row in self.frame.itertuples(index=False)
        )
        words = f"<p>{escape(self.words)}</p>" if self.words else ""
        source = f"<p><small>{escape(self.source)}</small></p>" if self.source else ""
        caption = (
            '<caption style="caption-side:top;text-align:left;font-weight:bold;padding:4px 0">'
            f"{escape(self.title)}</caption>"
        )
        return (
            f'{words}<div role="region" tabindex="0" {KEEP_KEYS} aria-label="{escape(self.title)}" '
            f'style="overflow-x:auto;max-width:100%"><table style="{_TABLE}">{caption}'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{source}"
        )

    def _row(self, columns: list[str], row: tuple[Any, ...]) -> str:
        cells = []
        for position, (column, value) in enumerate(zip(columns, row, strict=True)):
            text = _cell(value)
            if column in self.tiles:
                cells.append(_tile(text))
            elif position < self.row_headers:
                style = _SHORT_NAME if len(text) <= _SHORT else _CELL
                cells.append(f'<th scope="row" style="{style}">{self._text(column, text)}</th>')
            else:
                cells.append(f'<td style="{_CELL}">{self._text(column, text)}</td>')
        return "".join(cells)

    def _text(self, column: str, text: str) -> str:
        """The HTML of a cell; each of its lines may have a place of its own."""
        places = self.links.get(column)
        if not places:
            return _shown(text)
        return "<br>".join(self._line(line, places.get(line)) for line in text.split("\n"))

    def _line(self, text: str, place: Place | str | None) -> str:
        """A line that leads to a place, named by its tooltip; or says that no address is known."""
        address, title = place if isinstance(place, Place) else (place, "")
        shown, told = _shown(text), f' title="{escape(title)}"' if title else ""
        if _is_web(address):
            return f'<a href="{escape(address)}"{told} {_ELSEWHERE}>{shown}</a>'
        if isinstance(place, Place):
            return f"<span{told}>{shown}</span> <small>{_NO_ADDRESS}</small>"
        return shown


def by_sheet(html: str) -> str:
    """A table whose plain cells take their looks from the style sheet of an explorer.

    For where there is one: the page gets a third of the text and shows it sooner.

    Examples
    --------
    >>> table = tile_table(pd.DataFrame({"Aspect": ["Disclosure"]}), "One aspect", row_headers=0)
    >>> "<td>Disclosure</td>" in by_sheet(table._repr_html_())
    True
    """
    html = html.replace(f' style="{_CELL}"', "")
    html = html.replace(f' style="{_SHORT_NAME}"', ' class="hx-short"')
    return html.replace(f' style="{NARROW}"', ' class="hx-narrow"')


def _plain(frame: pd.DataFrame, widest: int = 60) -> list[str]:
    """Lines of plain text, every column set flush left."""
    columns = [
        [str(name), *(_cell(cell).replace("\n", "; ") for cell in frame[name])]
        for name in frame.columns
    ]
    short = [
        [text if len(text) <= widest else text[: widest - 1] + "…" for text in column]
        for column in columns
    ]
    widths = [max(map(len, column)) for column in short]
    rows = zip(*short, strict=True)
    return ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def _cell(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


@lru_cache(maxsize=4096)  # the same words stand in many cells, and in many tables
def _shown(text: str) -> str:
    """Text as HTML: long identifiers and runs of lines may be broken, dates stay in one line."""
    return _DATE.sub(_IN_ONE_LINE, _MAY_BREAK.sub(r"\1<wbr>", escape(text)))


def _is_web(address: str | None) -> bool:
    return isinstance(address, str) and address.startswith(("https://", "http://"))


def _tile(word: str) -> str:
    """A cell whose colour repeats what its word says."""
    shown = escape(word)
    if word in _COLOURS:
        colour = _COLOURS[word]
        look = f"background-color:{colour};color:{ink_on(colour)};border:1px solid {OUTLINE}"
    elif word in _HATCH:
        slant, sign = _HATCH[word]
        stripes = f"repeating-linear-gradient({slant}deg,{PAPER} 0 6px,#D9D9D9 6px 7px)"
        look = f"background:{stripes};color:{INK};border:1px dashed {OUTLINE}"
        look += ";padding:2px;font-size:90%"
        shown = f'<span aria-hidden="true">{sign}</span> {shown}'
    elif word.startswith("contradicted"):
        look = f"background-color:{PAPER};color:{INK};border:2px dashed {INK}"
    else:
        look = f"background-color:{TINT};color:{INK};border:1px solid {OUTLINE};font-weight:bold"
    return f'<td style="{_TILE};{look}">{shown}</td>'


def words_of_tiles(known: pd.DataFrame) -> pd.Series:
    """What stands in tiles: the rating, which kind of missing it is, or that it is contradicted.

    A contradicted rating is no word of a scale here, so that it looks like none.

    Parameters
    ----------
    known : pandas.DataFrame
        With the columns `rating`, `missing` and `basis`.

    Examples
    --------
    >>> rows = {"rating": ["Good", None, "Poor"], "missing": [None, "not_found", None]}
    >>> rows = pd.DataFrame(rows | {"basis": ["stated", None, "contradicted"]}, dtype="string")
    >>> words_of_tiles(rows).tolist()
    ['Good', 'not found', 'contradicted: Poor']
    """
    words = known["rating"].fillna(known["missing"].map(MISSING))
    return words.where(known["basis"].ne("contradicted").fillna(True), "contradicted: " + words)


def tile_table(
    frame: pd.DataFrame,
    title: str,
    words: str = "",
    source: str = "",
    *,
    headings: Mapping[str, str] | None = None,
    tiles: tuple[str, ...] = (),
    row_headers: int = 1,
    links: Mapping[str, Mapping[str, str | Place]] | None = None,
) -> TileTable:
    """A table for the screen.

    Parameters
    ----------
    frame : pandas.DataFrame
        What is shown.
    title, words, source : str
        Caption, the table in words, and where it comes from.
    headings : mapping, optional
        Which columns are shown, in this order, under which heading; all, where not given.
    tiles : tuple of str
        Headings of the columns whose words stand in coloured tiles.
    row_headers : int
        How many columns from the left name the row.
    links : mapping, optional
        By heading, the web address of a text in that column, or its `Place`.

    Returns
    -------
    TileTable

    Examples
    --------
    >>> frame = pd.DataFrame({"aspect": ["Disclosure"], "rating": ["Good"]})
    >>> tile_table(frame, "One aspect", headings={"aspect": "Aspect", "rating": "Rating"})
    One aspect
    Aspect      Rating
    Disclosure  Good
    """
    if headings is not None:
        frame = frame[list(headings)].rename(columns=dict(headings))
    return TileTable(
        title, words, frame.reset_index(drop=True), source, row_headers, tiles, dict(links or {})
    )
