"""A picture that can be read aloud: a figure, its words, and its table.

In a notebook a picture is an HTML ``<figure>``: an ``<img>`` whose ``alt`` survives JupyterLab and
nbconvert, its words, and the same content as a table that unfolds. The SVG inside is the same, byte
for byte, each time it is made, so a stored notebook can be compared strictly.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from html import escape
from io import BytesIO
from typing import Literal

from matplotlib.figure import Figure

from hmcpsi_data.pictures.letters import DPI, plain
from hmcpsi_data.pictures.page import styled
from hmcpsi_data.tiles import KEEP_KEYS, TileTable

__all__ = ["Picture"]


@dataclass(frozen=True, eq=False)
class Picture:
    """A figure with its words and its table.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
        The picture, on white paper.
    title, subtitle, source : str
        The message; the measure, Area and period; where it comes from. All stand in the picture.
    words : str
        What one would say of it on the telephone, counts included: the text alternative.
    table : TileTable
        The same content as a table.
    """

    figure: Figure
    title: str
    subtitle: str
    words: str
    table: TileTable
    source: str

    def png(self, dpi: float = DPI) -> bytes:
        """The picture in dots; 96 to the inch for a screen, 192 for a fine one, 300 for print.

        Parameters
        ----------
        dpi : float
            Dots to the inch.
        """
        file = BytesIO()
        with styled():
            self.figure.savefig(
                file,
                format="png",
                dpi=dpi,
                metadata={"Software": None, **self._told()},
                pil_kwargs={"compress_level": 1},
            )
        return file.getvalue()

    def svg(self) -> bytes:
        """The picture in lines and letters, the same bytes each time; its text stays text."""
        file = BytesIO()
        told = {"Date": None, "Creator": None, **self._told()}
        with styled():
            self.figure.savefig(file, format="svg", metadata=told)
        return file.getvalue()

    def _told(self) -> dict[str, str]:
        return {"Title": plain(self.title), "Description": plain(self.words)}

    def html(
        self, kind: Literal["svg", "png"] = "svg", *, table: bool = True, caption: bool = True
    ) -> str:
        """The picture for a web page or a notebook, with its words and its table.

        Parameters
        ----------
        kind : {"svg", "png"}
            What the image is made of. An SVG is drawn in half the time, and is sharp on every
            screen.
        table : bool
            Whether the table follows, folded; not needed where it is on the screen already.
        caption : bool
            Whether its words stand below it, too, and not in its text alternative alone.
        """
        mime, image = ("svg+xml", self.svg()) if kind == "svg" else ("png", self.png())
        wide, high = (round(inches * DPI) for inches in self.figure.get_size_inches())
        alt = escape(f"{self.title}. {self.words}")
        words = f'<figcaption style="padding:4px 0">{escape(self.words)}</figcaption>'
        return (
            '<figure style="margin:0;max-width:100%">'
            f'<img src="data:image/{mime};base64,{b64encode(image).decode("ascii")}" alt="{alt}" '
            f'width="{wide}" height="{high}" style="max-width:100%;height:auto">'
            f"{words if caption else ''}{self._details() if table else ''}</figure>"
        )

    def _details(self) -> str:
        table = self.table._repr_html_()
        summary = f"<summary {KEEP_KEYS}>The same as a table</summary>"
        return f"<details>{summary}{table}</details>"

    def _repr_html_(self) -> str:
        return self.html()

    def __repr__(self) -> str:
        return "\n".join([self.title, self.words, repr(self.table)])
