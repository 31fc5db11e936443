"""The one writer of tables for the screen: real tables with captions, headers, tiles of words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd

from hmcpsi_data.palette import OUTLINE, PAPER, TINT, look

# Keeps JupyterLab from taking the keys of what has the focus as shortcuts of the notebook.
KEEP_KEYS = 'data-lm-suppress-shortcuts="true"'

# a notebook that is not trusted loses it, so what a table needs to be read stands in its cells
STYLE = """
.hm-box { overflow: auto; max-width: 100%; max-height: 60vh; }
.hm-box:focus-visible { outline: 3px solid #f46a25; outline-offset: 1px; }
.hm-table { margin: 0 !important; }
.hm-table thead th { position: sticky; top: 0; z-index: 1;
  background: var(--jp-layout-color0, var(--paper, Canvas)); }
.hm-table th, .hm-table td { overflow-wrap: normal; word-break: normal; hyphens: manual; }
.hm-table tbody th { min-width: 8em; }
@media (max-width: 60em) { .hm-table th, .hm-table td { padding: 2px 3px !important; }
  .hm-table tbody th { white-space: normal !important; } }
@media print { .hm-box { max-height: none !important; overflow: visible !important; }
  .hm-table thead th { position: static; }
  .hm-table td, .hm-tile { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""

_CELL = f"text-align:left;vertical-align:top;padding:4px 6px;border-bottom:1px solid {OUTLINE}"
_TILE = "text-align:center;vertical-align:middle;padding:4px 5px"
_CAPTION = "caption-side:top;text-align:left;font-weight:bold;padding:4px 0"
_BOX = "overflow:auto;max-width:100%;max-height:60vh"
_TABLE = "border-collapse:separate;border-spacing:1px;margin:0"
_MAY_BREAK = re.compile(r"(_|/(?=\w))")
_DATE = re.compile(r"(?<![\w-])(?:\d{4}(?:-\d\d){1,2}|\d{1,2} [A-Z][a-z]+ \d{4})(?![\w-])")
_IN_ONE_LINE = r'<span style="white-space:nowrap">\g<0></span>'
_WIDEST = 60  # letters of a cell in plain text

Columns = pd.DataFrame | Mapping[str, Any]


def html_table(
    frame: pd.DataFrame,
    caption: str,
    *,
    tiles: Iterable[str] = (),
    links: Mapping[str, Sequence[Any] | pd.Series] | None = None,
    head: int = 1,
    fold: Iterable[str] = (),
    box: bool = True,
    record: Any = None,
) -> str:
    """A frame as an HTML table under a caption, in a `box` that scrolls.

    `tiles` are headings of columns whose words stand in coloured tiles, `fold` of those that go
    into the caption where all rows say the same; the first `head` columns name the row.
    """
    links, told, columns = links or {}, escape(caption), []
    for name in [one for one in frame.columns if one in {*fold} and len(frame) > 1]:
        texts = {cell_text(value) for value in frame[name]}
        if len(texts) == 1:
            address = next(iter(links.get(name, [None])))
            words = f"{escape(str(name))}: {link(text, address)}" if (text := texts.pop()) else ""
            told += f"<br><small>{words}</small>" if words else ""
            frame = frame.drop(columns=name)
    headings = [str(name) for name in frame.columns]
    for place, name in enumerate(headings):
        start, end = ('<th scope="row"', "</th>") if place < head else ("<td", "</td>")
        to = list(links.get(name, [None] * len(frame)))
        cells = []
        for text, address in zip(map(cell_text, frame.iloc[:, place]), to, strict=True):
            style, inside = _CELL, link(text, address)
            if name in tiles and text:
                look_of, sign = _tile_style(text, record)
                style, inside = f"{_TILE};{look_of}", sign + escape(text)
            cells.append(f'{start} style="{style}">{inside}{end}')
        columns.append(cells)
    top = "".join(f'<th scope="col" style="{_CELL}">{_shown(name)}</th>' for name in headings)
    rows = "".join(f"<tr>{''.join(row)}</tr>" for row in zip(*columns, strict=True))
    if frame.empty:
        rows = f'<tr><td style="{_CELL}" colspan="{max(len(headings), 1)}">No rows.</td></tr>'
    table = (
        f'<table class="hm-table" style="{_TABLE}"><caption style="{_CAPTION}">{told}</caption>'
        f"<thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table>"
    )
    label = f'role="region" tabindex="0" {KEEP_KEYS} aria-label="{escape(caption)}"'
    return f'<div class="hm-box" {label} style="{_BOX}">{table}</div>' if box else table


def tile(word: str, record: Any = None) -> str:
    """A word on the ground that belongs to it, inside a line."""
    style, sign = _tile_style(str(word), record)
    style = f"display:inline-block;padding:0 5px;{style}"
    return f'<span class="hm-tile" style="{style}">{sign}{escape(str(word))}</span>'


def link(text: str, address: Any) -> str:
    """A text that leads to a web address in a new page; any other address makes no link."""
    if isinstance(address, str) and address.startswith(("https://", "http://")):
        target = 'target="_blank" rel="noopener noreferrer"'
        return f'<a href="{escape(address)}" {target}>{_shown(text)}</a>'
    return _shown(text)


def cell_text(value: Any) -> str:
    """What stands in a cell: numbers with commas, nothing of what is missing."""
    if value is None or (pd.api.types.is_scalar(value) and pd.isna(value)):
        return ""
    if isinstance(value, (bool, np.bool_)):
        return "yes" if value else "no"
    if isinstance(value, Real):
        return f"{int(value):,}" if isinstance(value, Integral) else f"{float(value):,.10g}"
    return str(value)


class Shown:
    """A table as a reader sees it: `html_table`, which takes `how`, in a notebook, else plain text.

    >>> Shown({"Aspect": ["Disclosure"], "Rating": ["Good"]}, "One aspect")
    One aspect
    Aspect      Rating
    Disclosure  Good
    """

    def __init__(
        self, frame: Columns, title: str, words: str = "", note: str = "", **how: Any
    ) -> None:
        self.title, self.words, self.note = title, words, note
        self._frame, self._how = pd.DataFrame(frame).reset_index(drop=True), how

    @property
    def frame(self) -> pd.DataFrame:
        """What is shown, with the headings that are shown; your own copy."""
        return self._frame.copy()

    def html(self, style: bool = True) -> str:
        """The words, the table and the note as HTML, with or without the style sheet."""
        table = html_table(self._frame, self.title, **self._how)
        words = f"<p>{escape(self.words)}</p>" if self.words else ""
        note = f"<p><small>{escape(self.note)}</small></p>" if self.note else ""
        return f"{f'<style>{STYLE}</style>' if style else ''}{words}{table}{note}"

    _repr_html_ = html

    def __repr__(self) -> str:
        columns = []
        for name, cells in self._frame.items():
            texts = [str(name), *(cell_text(cell).replace("\n", "; ") for cell in cells)]
            texts = [t if len(t) <= _WIDEST else f"{t[: _WIDEST - 1]}…" for t in texts]
            columns.append([text.ljust(max(map(len, texts))) for text in texts])
        lines = ["  ".join(row).rstrip() for row in zip(*columns, strict=True)]
        return "\n".join(filter(None, [self.title, self.words, *lines, self.note]))


def _tile_style(word: str, record: Any) -> tuple[str, str]:
    """The style of a tile and the sign that stands for its hatching, read by no one."""
    drawn = look(word, record)
    fill = TINT if drawn.fill == PAPER and word[:1].isdigit() else drawn.fill
    ground = f"background-color:{fill}"
    if drawn.hatch:
        stripes = f"{PAPER} 0 6px,{drawn.stripes} 6px 7px"
        ground = f"background:repeating-linear-gradient({drawn.slant}deg,{stripes})"
    edge = "dashed" if drawn.dashed else "solid"
    sign = f'<span aria-hidden="true">{drawn.sign}</span> ' if drawn.sign else ""
    return f"{ground};color:{drawn.ink};border:1px {edge} {OUTLINE}", sign


@lru_cache(maxsize=4096)  # the same words stand in many cells, and in many tables
def _shown(text: str) -> str:
    """Text as HTML: identifiers may be broken, dates stay in one line, lines stay lines."""
    html = _DATE.sub(_IN_ONE_LINE, _MAY_BREAK.sub(r"\1<wbr>", escape(text)))
    return html.replace("\n", "<br>")
