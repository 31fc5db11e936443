"""A picture that can be read aloud: its words and its table, and a figure when it is asked for."""

import os
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from hmcpsi_data.errors import UnknownValueError
from hmcpsi_data.formats import workbook
from hmcpsi_data.html import KEEP_KEYS, html_table
from hmcpsi_data.pictures import paper
from hmcpsi_data.tables.description import package
from hmcpsi_data.tables.record import Record, data_version
from hmcpsi_data.tables.writing import write_file

_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")  # a spreadsheet computes these


@dataclass(frozen=True, eq=False, repr=False)
class Picture:
    """A figure with its words and its table; ``dataclasses.replace`` gives it other words.

    `words` are what one would say of it on the telephone, by sentence. `table` says the same, with
    `tiles` in the columns of these names; its first `head` columns name the row.

    >>> from hmcpsi_data import ratings
    >>> from hmcpsi_data.pictures import unit_strips
    >>> unit_strips(ratings("Leicestershire", "opa_2005")).sentence
    'Leicestershire, OPA 2005-06, 14 aspects: 1 Poor, 4 Fair, 7 Good and 2 Excellent.'
    """

    title: str  # the message
    subtitle: str  # the measure, Area and period
    source: str  # where it comes from
    words: Sequence[str]
    table: pd.DataFrame
    body: Callable[[paper.Page], float]  # draws itself on a page, and says how high it is
    tiles: tuple[str, ...] = ()
    head: int = 1
    record: Record | None = None  # whose scales give the colours

    @property
    def alt(self) -> str:
        """The picture in words, its text alternative."""
        return " ".join(self.words)

    @property
    def sentence(self) -> str:
        """The first of its words, which stands below it."""
        return self.words[0]

    @property
    def citation(self) -> str:
        """How to cite it: the title, the version of its data, and its sources."""
        version, whole = data_version(self.record), package()["title"]
        told = f"The hmcpsi_data contributors ({version[:4]}). {self.title}. In: {whole}, "
        return f"{told}version {version}. {self.source}"

    def figure(self) -> Figure:
        """The figure, drawn anew, on white paper; the caller's own to change."""
        with paper.styled():
            page = paper.Page(self.record)
            return page.figure(self.title, self.subtitle, self.source, self.body(page))

    def svg(self) -> bytes:
        """The picture in lines and letters, the same bytes each time; its text stays text."""
        return self._file(self.figure(), "svg")

    def png(self, scale: float = 2) -> bytes:
        """The picture with so many dots for each pixel of a screen."""
        return self._file(self.figure(), "png", dpi=paper.DPI * scale)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture (.png, .svg) or its table (.csv, .xlsx), as a whole or not at all.

        What a spreadsheet would calculate is a text. Another ending is an `HmcpsiError`.
        """
        kinds, suffix = [".png", ".svg", ".csv", ".xlsx"], Path(str(path)).suffix
        if suffix.lower() not in kinds:
            raise UnknownValueError("ending of a file", suffix, kinds, "help(Picture.save)")
        kind, words = suffix[1:].lower(), f"{self.subtitle} {self.alt} {self.source}"
        if kind in ("png", "svg"):
            return write_file(path, getattr(self, kind)())
        return write_file(path, table_file(kind, self.table.replace("", pd.NA), self.title, words))

    def _file(self, figure: Figure, kind: str, **how: Any) -> bytes:
        """A file of a figure that says in itself what it shows, and not when it was made."""
        file = BytesIO()
        undated = ["Software"] if kind == "png" else ["Date", "Creator"]
        told: dict[str, Any] = dict.fromkeys(undated)
        told |= {"Title": paper.plain(self.title), "Description": paper.plain(self.alt)}
        with paper.styled():
            figure.savefig(file, format=kind, metadata=told, **how)
        return file.getvalue()

    def html(self, *, table: bool = True, sentence: bool = True) -> str:
        """The picture for a web page, which scrolls it where it would shrink by over a tenth."""
        figure = self.figure()
        wide, high = (round(inches * paper.DPI) for inches in figure.get_size_inches())
        image = b64encode(self._file(figure, "svg")).decode("ascii")
        html = (
            f'<div role="region" tabindex="0" {KEEP_KEYS} '
            f'aria-label="Picture: {escape(self.title)}" style="overflow-x:auto;max-width:100%">'
            f'<img src="data:image/svg+xml;base64,{image}" '
            f'alt="{escape(f"{self.title}. {self.alt}")}" width="{wide}" height="{high}" style="'
            f'width:100%;max-width:{wide}px;min-width:{round(wide * 0.9)}px;height:auto"></div>'
        )
        if sentence:
            data = b64encode(table_file("csv", self.table)).decode("ascii")
            html += (
                f'<figcaption style="padding:4px 0">{escape(self.sentence)}<br><small>Save: '
                f'<a download="table.csv" href="data:text/csv;charset=utf-8;base64,{data}">the '
                "table (CSV)</a>; the picture (SVG) with the right mouse button; in Python, "
                '<code>picture.save("name.png")</code>, or .svg, .csv, .xlsx.<br>'
                f"Cite: {escape(self.citation)}</small></figcaption>"
            )
        if table:
            how: dict[str, Any] = {"tiles": self.tiles, "head": self.head, "record": self.record}
            rows = html_table(self.table, self.title, **how)
            html += f"<details><summary {KEEP_KEYS}>The same as a table</summary>{rows}</details>"
        return f'<figure style="margin:0;max-width:100%">{html}</figure>'

    def _repr_html_(self) -> str:
        return self.html()

    def __repr__(self) -> str:
        table = self.table.to_string(index=False) if len(self.table) else ""
        return "\n".join(part for part in (self.title, self.alt, table) if part)


def nothing(record: Record) -> Picture:
    """What stands where no row was chosen."""
    title, told = "Nothing is chosen", ("Nothing is shown.",)
    return Picture(title, "No row fits.", "", told, pd.DataFrame(), lambda _: 0.0, record=record)


def table_file(kind: str, frame: pd.DataFrame, title: str = "", words: str = "") -> bytes:
    """A table as "csv", in which nothing is computed, or as "xlsx" under its title."""
    if kind == "csv":
        texts = frame.select_dtypes(["object", "string"]).astype("string").fillna("")
        safe = texts.apply(lambda cells: cells.mask(cells.str.startswith(_FORMULA), "'" + cells))
        return frame.assign(**safe).to_csv(index=False, lineterminator="\r\n").encode()
    with TemporaryDirectory() as home:
        file = Path(home) / "table.xlsx"
        workbook(file, {"Table": (title, frame)}, words)
        return file.read_bytes()
