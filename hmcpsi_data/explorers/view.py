"""What an explorer shows: words, a table, perhaps a picture; and tables in which one edits."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from importlib import import_module
from typing import Any

import pandas as pd

from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.html import html_table
from hmcpsi_data.record.sources import addresses, citations
from hmcpsi_data.tables.record import Record
from hmcpsi_data.words import BASES, SPEAKERS, count_of

__all__ = [
    "View",
    "button",
    "drawn",
    "drop_down",
    "row_of",
    "sourced",
    "table_of",
    "text",
    "text_box",
]

_CELL = "text-align:left;vertical-align:top;padding:3px 5px;border-bottom:1px solid #59595B"
_FIRST = 100  # rows of a table that are drawn at first, so that a long one answers at once
_CONTROLS = (  # what a stored page keeps of the controls inside a table: what they say
    (re.compile(r"<button[^>]* data-live[^>]*>.*?</button>", re.DOTALL), ""),
    (re.compile(r"</?button[^>]*>"), ""),
    (
        re.compile(r"<select[^>]*>.*?<option[^>]* selected>(.*?)</option>.*?</select>", re.DOTALL),
        r"\1",
    ),
    (re.compile(r"<(?:label|select)[^>]*>.*?</(?:label|select)>", re.DOTALL), ""),
    (re.compile(r'<input[^>]* value="([^"]*)"[^>]*>'), r"\1"),
    (re.compile(r"</?textarea[^>]*>"), ""),
)


@dataclass(frozen=True)
class View:
    """What an explorer shows for the values of its controls.

    Attributes
    ----------
    frame : pandas.DataFrame
        What is shown, for the download: all rows, with the columns of the public function.
    status : str
        How much is shown, such as "14 of 36 ratings".
    code : str
        The call that gives the same frame.
    sentence : str
        What is shown, in words.
    rows : pandas.DataFrame, optional
        The table to read, with the index of `frame` and the headings that people see; without it,
        `frame` itself.
    caption : str
        The caption of that table.
    tiles, fold : tuple of str
        Its headings whose words stand in coloured tiles; those that go into the caption where all
        rows say the same.
    links : mapping of str to pandas.Series
        By heading, the address that each row's cell leads to.
    order : mapping of str to callable
        By heading, what gives the values that its rows are sorted by, where the words will not do.
    html : str, optional
        Instead of `rows`, a table that the explorer has written itself, escaped.
    before, after : str
        HTML that stands above and below the table, in the same box.
    values : callable, optional
        Gives what each of some rows of `frame` says in words, to be cited.
    page : str
        The page of the site with the same view, such as "ratings.html#area=Essex"; empty for none.
    picture : callable, optional
        Draws the picture; called after words and table are on their way.
    picture_key : object
        The picture is drawn again only where this differs from the last one.
    on_screen : bool
        Whether the picture stands below the table, or is only there to be saved.
    """

    frame: pd.DataFrame
    status: str
    code: str = ""
    sentence: str = ""
    rows: pd.DataFrame | None = None
    caption: str = ""
    tiles: tuple[str, ...] = ()
    fold: tuple[str, ...] = ()
    links: Mapping[str, pd.Series] = field(default_factory=dict)
    order: Mapping[str, Callable[[], pd.Series]] = field(default_factory=dict)
    html: str | None = None
    before: str = ""
    after: str = ""
    values: Callable[[pd.DataFrame], pd.Series] | None = None
    page: str = ""
    picture: Callable[[], Any] | None = None
    picture_key: Any = None
    on_screen: bool = True

    @property
    def _rows(self) -> pd.DataFrame:
        return self.frame if self.rows is None else self.rows

    def headings(self) -> list[str]:
        """The headings by which the table can be sorted."""
        sortable = self.html is None and len(self._rows) > 1
        return [str(one) for one in self._rows] if sortable else []

    def sorted_by(self, heading: str | None) -> View:
        """The same view with its rows in the order of one column; a minus before it turns it."""
        name = (heading or "").lstrip("-")
        if name not in self.headings():
            return self
        keys = self.order[name]() if name in self.order else self._rows[name]
        keys = keys.reset_index(drop=True)
        if not pd.api.types.is_numeric_dtype(keys):
            keys = keys.astype("string").str.casefold()
        places = keys.sort_values(kind="stable", ascending=name == heading).index
        return replace(self, frame=self.frame.iloc[places], rows=self._rows.iloc[places])

    def table(self, record: Record, *, everything: bool = False, box: bool = False) -> str:
        """The table as HTML, the first rows of it or all, perhaps in a box that scrolls."""
        if self.html is not None:
            return self.before + self.html + self.after
        shown = self._rows if everything else self._rows.head(_FIRST)
        html = html_table(
            shown,
            self.caption,
            tiles=self.tiles,
            links={name: column.loc[shown.index] for name, column in self.links.items()},
            fold=self.fold,
            box=box,
            record=record,
        )
        if not box:  # the style sheet has the looks of plain cells: half as long to send
            plain = re.search(r'<th scope="col"( style="[^"]*")', html)
            html = html.replace(plain[1], "") if plain else html
        if len(shown) < len(self._rows):
            show_all = button(f"Show all {len(self._rows):,}", {"do": "all"})
            html += f"<p>The first {_FIRST} of {count_of(len(self._rows), 'row')}. {show_all}</p>"
        return self.before + html + self.after

    def stored(self, record: Record) -> str:
        """The table as it stands in a notebook that has not been run: what its controls say."""
        html = self.table(record, box=True)
        for pattern, kept in _CONTROLS:
            html = pattern.sub(kept, html)
        return html

    def picture_html(self) -> str:
        """The picture as HTML, or the sentence that says why there is none."""
        try:
            drawn = self.picture() if self.picture and self.on_screen else None
        except HmcpsiError as error:
            return f"<p>{escape(str(error))}</p>"
        return "" if drawn is None else drawn.html(table=False, sentence=False)


def button(label: str, command: Mapping[str, Any], name: str = "") -> str:
    """A button inside a table that gives its explorer a command.

    Examples
    --------
    >>> button("Show", {"do": "all"})
    '<button type="button" data-live data-do="{&quot;do&quot;: &quot;all&quot;}">Show</button>'
    """
    return f'<button type="button" data-live {_command(command, name)}>{escape(label)}</button>'


def drawn(name: str, *arguments: Any, **more: Any) -> Callable[[], Any]:
    """A picture of `hmcpsi_data.pictures`, imported and drawn when it is asked for."""
    return lambda: getattr(import_module("hmcpsi_data.pictures"), name)(*arguments, **more)


def sourced(columns: Mapping[str, Any], frame: pd.DataFrame, record: Record) -> dict[str, Any]:
    """Rows to read, with whose words they are and where they stand, and links to the sources."""
    stated = frame["basis"].isna() | frame["basis"].eq("stated").fillna(False)
    said = frame["speaker"].map(SPEAKERS) + (", " + frame["basis"].map(BASES)).mask(stated, "")
    last = {"In whose words": said, "Source": citations(frame, record)}
    rows = pd.DataFrame({**columns, **last}, index=frame.index)
    return {"rows": rows, "links": {"Source": addresses(frame, record)}}


def text(cell: Any) -> str:
    """What stands in a cell; nothing where it is empty, and a number as short as it can be."""
    if cell is None or pd.isna(cell):
        return ""
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def table_of(caption: str, heads: Sequence[str], body: str, kind: str = "") -> str:
    """A table with a caption, its heads, and rows as `row_of` writes them."""
    top = "".join(f'<th scope="col" style="{_CELL}">{escape(head)}</th>' for head in heads)
    return (
        f'<table class="{kind}"><caption style="text-align:left;font-weight:bold">'
        f"{escape(caption)}</caption><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
    )


def row_of(name: str, cells: Sequence[str], mark: str = "", under: str = "") -> str:
    """A row named by its first cell, perhaps marked; `under` is told below it, over its width.

    The cells are HTML that is escaped already.
    """
    rest = "".join(f'<td style="{_CELL}">{cell}</td>' for cell in cells)
    told = f"<br><small><strong>{escape(mark)}</strong></small>" if mark else ""
    html = f'<tr><th scope="row" style="{_CELL}">{escape(name)}{told}</th>{rest}</tr>'
    if under:
        span = f'colspan="{len(cells) + 1}" style="{_CELL}"'
        html += f'<tr class="hx-evidence"><td {span}>{escape(under)}</td></tr>'
    return html


def drop_down(command: Mapping[str, Any], value: Any, known: Mapping[str, str], label: str) -> str:
    """A list whose choice is sent with a command; a value that it does not know stays in it."""
    now = text(value)
    words = dict(known) if now in known else {**known, now: f"{now} (not known)" if now else "none"}
    choices = "".join(
        f'<option value="{escape(one)}"{" selected" * (one == now)}>{escape(word)}</option>'
        for one, word in words.items()
    )
    return f"<select {_command(command, label)}>{choices}</select>"


def text_box(
    command: Mapping[str, Any], value: Any, label: str, *, size: int = 40, lines: int = 1
) -> str:
    """A box whose text is sent with a command; of several lines, where asked for."""
    told, now = _command(command, label), escape(text(value))
    if lines > 1:
        return f'<textarea rows="{lines}" cols="{size}" {told}>{now}</textarea>'
    return f'<input type="text" size="{size}" {told} value="{now}">'


def _command(command: Mapping[str, Any], label: str) -> str:
    """The attributes of what gives its explorer a command."""
    named = f' aria-label="{escape(label)}"' if label else ""
    return f'data-do="{escape(json.dumps(dict(command)))}"{named}'
