"""A picture that can be read aloud: a figure, its words, and its table.

In a notebook a picture is an HTML ``<figure>``: an ``<img>`` whose ``alt`` survives JupyterLab and
nbconvert, one sentence, and the same content as a table that unfolds. Words and table are there at
once; the figure is drawn when it is asked for. The SVG is the same, byte for byte, each time it is
made, so a stored notebook can be compared strictly.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from io import BytesIO
from typing import Any, Literal

import pandas as pd
from matplotlib.figure import Figure

from hmcpsi_data.html import KEEP_KEYS, html_table
from hmcpsi_data.pictures.letters import DPI, plain
from hmcpsi_data.pictures.page import WIDTH, Page, styled
from hmcpsi_data.tables.record import Record

__all__ = ["Picture"]

_LEAST = 0.9  # how far a picture may shrink on a narrow screen before it is scrolled instead


@dataclass(frozen=True, eq=False, repr=False)
class Picture:
    """A figure with its words and its table.

    Use ``dataclasses.replace(picture, title=...)`` for other words in the same picture.

    Attributes
    ----------
    title, subtitle, source : str
        The message; the measure, Area and period; where it comes from. All stand in the picture.
    words : tuple of str
        What one would say of it on the telephone, counts included, sentence by sentence.
    table : pandas.DataFrame
        The same content as a table.
    draw : callable
        What draws the body on a `Page`.
    height, width : float
        The height of the body and the width of the page, in pixels.
    tiles : tuple of str
        The columns of the table whose words stand in coloured tiles.
    head : int
        How many columns of the table name its rows.
    record : Record, optional
        Whose scales give the words of the table their colours.

    Examples
    --------
    >>> from hmcpsi_data.pictures import unit_strips
    >>> picture = unit_strips("Leicestershire", framework="opa_2005")
    >>> picture.sentence
    'Leicestershire, OPA 2006, 14 aspects: 1 Poor, 4 Fair, 7 Good and 2 Excellent.'
    >>> picture.svg()[:5], picture.png()[1:4]
    (b'<?xml', b'PNG')
    """

    title: str
    subtitle: str
    source: str
    words: tuple[str, ...]
    table: pd.DataFrame
    draw: Callable[[Page], None]
    height: float
    width: float = WIDTH
    tiles: tuple[str, ...] = ()
    head: int = 1
    record: Record | None = field(default=None)

    @property
    def alt(self) -> str:
        """The picture in words, all of them: its text alternative, after the title."""
        return " ".join(self.words)

    @property
    def sentence(self) -> str:
        """The first of its words, which stands below the picture."""
        return self.words[0] if self.words else self.title

    def figure(self) -> Figure:
        """The figure, drawn anew, on white paper; the caller's own to change."""
        with styled():
            page = Page(self.title, self.subtitle, self.source, self.height, self.width)
            self.draw(page)
        return page.figure

    def svg(self) -> bytes:
        """The picture in lines and letters, the same bytes each time; its text stays text."""
        return self._saved("svg", self.figure(), Date=None, Creator=None)

    def png(self, scale: float = 2) -> bytes:
        """The picture in dots.

        Parameters
        ----------
        scale : float
            Dots for each pixel of a screen: 2 for a fine screen, 3 for print.
        """
        figure = self.figure()
        quick = {"dpi": DPI * scale, "pil_kwargs": {"compress_level": 1}}
        return self._saved("png", figure, quick, Software=None)

    def _saved(
        self, kind: str, figure: Figure, how: dict[str, Any] | None = None, **told: str | None
    ) -> bytes:
        """A file of a figure that says in itself what it shows."""
        file = BytesIO()
        told |= {"Title": plain(self.title), "Description": plain(self.alt)}
        with styled():
            figure.savefig(file, format=kind, metadata=told, **(how or {}))
        return file.getvalue()

    def html(
        self, kind: Literal["svg", "png"] = "svg", *, table: bool = True, sentence: bool = True
    ) -> str:
        """The picture for a web page or a notebook, with one sentence and its table.

        Parameters
        ----------
        kind : {"svg", "png"}
            What the image is made of. An SVG is drawn in half the time, and is sharp on every
            screen.
        table : bool
            Whether the table follows, folded; not needed where it is on the screen already.
        sentence : bool
            Whether a sentence stands below it, too, and not in its text alternative alone.
        """
        figure = self.figure()
        wide, high = (round(inches * DPI) for inches in figure.get_size_inches())
        mime = "svg+xml" if kind == "svg" else "png"
        image = self._saved("svg", figure, Date=None, Creator=None) if kind == "svg" else self.png()
        size = f"width:100%;max-width:{wide}px;min-width:{round(wide * _LEAST)}px;height:auto"
        caption = f'<figcaption style="padding:4px 0">{escape(self.sentence)}</figcaption>'
        return (
            f'<figure style="margin:0;max-width:100%"><div role="region" tabindex="0" {KEEP_KEYS} '
            f'aria-label="Picture: {escape(self.title)}" style="overflow-x:auto;max-width:100%">'
            f'<img src="data:image/{mime};base64,{b64encode(image).decode("ascii")}" '
            f'alt="{escape(f"{self.title}. {self.alt}")}" width="{wide}" height="{high}" '
            f'style="{size}"></div>{caption if sentence else ""}{self._folded() if table else ""}'
            "</figure>"
        )

    def _folded(self) -> str:
        table = html_table(
            self.table, self.title, tiles=self.tiles, head=self.head, record=self.record
        )
        return f"<details><summary {KEEP_KEYS}>The same as a table</summary>{table}</details>"

    def _repr_mimebundle_(self, **wanted: object) -> dict[str, str]:  # noqa: ARG002
        return {"text/html": self.html(), "text/plain": repr(self)}

    def __repr__(self) -> str:
        table = self.table.to_string(index=False) if len(self.table) else ""
        return "\n".join(part for part in (self.title, self.alt, table) if part)
