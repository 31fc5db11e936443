"""What an explorer shows for one state: words, a table, code, and a picture made when asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.tiles import PART, TileTable

__all__ = ["View"]

_BUTTONS = re.compile(r"</?button[^>]*>")


@dataclass(frozen=True)
class View:
    """What an explorer shows for one state.

    Attributes
    ----------
    status : str
        How much is shown, such as "14 of 36 ratings".
    table : TileTable, tuple of TileTable or str
        The table, or several; a string is HTML made by this package.
    frame : pandas.DataFrame
        What the download holds.
    code : str
        The line of Python that gives the same table.
    words : str
        The picture in words.
    picture : callable, optional
        Draws the picture; called after words and table are on their way.
    picture_key : object
        The picture is drawn again only where this differs from the last one.
    sources : tuple of str
        Sources to cite that the frame does not name in a column.
    """

    status: str
    table: TileTable | tuple[TileTable, ...] | str
    frame: pd.DataFrame
    code: str
    words: str = ""
    picture: Callable[[], Any] | None = None
    picture_key: Any = None
    sources: tuple[str, ...] = ()

    def html(self) -> str:
        """The table as HTML."""
        if isinstance(self.table, str):
            return self.table
        return PART.join(table._repr_html_() for table in self.tables())

    def tables(self) -> tuple[TileTable, ...]:
        """The tables that know their own text."""
        if isinstance(self.table, str):
            return ()
        return self.table if isinstance(self.table, tuple) else (self.table,)

    def stored(self) -> str:
        """The table before the notebook has been run: no buttons, and as narrow as it can be."""
        html = _BUTTONS.sub("", self.html()).replace(PART, "\n").replace(";white-space:nowrap", "")
        return html.replace('<table style="', '<table style="font-size:12px;')

    def picture_html(self) -> str:
        """The picture as HTML, or the sentence that says why there is none.

        As SVG: sharp on every screen, and quicker to make than a PNG of the same size. Its words
        are its text alternative alone, since the words of the view stand above it.
        """
        try:
            return self.picture().html("svg", table=False, caption=False) if self.picture else ""
        except HmcpsiError as error:
            return f"<p>{escape(str(error))}</p>"
