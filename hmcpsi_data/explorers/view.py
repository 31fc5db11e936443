"""What an explorer shows and gives away: words, tables, pictures, code, files, citations."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.formats import workbook
from hmcpsi_data.html import cell_text, html_table, tile
from hmcpsi_data.record.sources import addresses, citations
from hmcpsi_data.tables.changes import data_version
from hmcpsi_data.tables.description import package
from hmcpsi_data.tables.record import Record, as_record
from hmcpsi_data.words import count_of

__all__ = [
    "View", "button", "call", "citation", "drop_down", "edit_table", "file_name", "live", "opener",
    "runnable", "table_bytes", "without_controls",
]  # fmt: skip

_CELL = "text-align:left;vertical-align:top;padding:3px 5px;border-bottom:1px solid #59595B"
_FIRST = 100  # rows of a table that are drawn at first, so that a long one answers at once
_LONG = 50  # letters; a box for so many has two lines
_LIVE = re.compile(r'<span data-live="([^"]*)">.*?</span>', re.DOTALL)
_CITED = 20  # values that a citation names one by one
_FORMULA = re.compile(r"[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")  # a spreadsheet computes these
_ROOMS = ("assessment", "explorers", "pictures", "show")


@dataclass(frozen=True)
class View:
    """What an explorer shows for the values of its controls.

    Attributes
    ----------
    frame : pandas.DataFrame
        What is shown, for the download: all rows, with the columns of the public function.
    status, code, sentence : str
        How much is shown; the call that gives the same frame; what is shown, in words.
    rows, caption : pandas.DataFrame and str
        The table to read, with the index of `frame` and headings for people, and its caption.
    tiles, fold : tuple of str
        Its headings with words in coloured tiles, and those that go into the caption if they can.
    links, order : mappings of str
        By heading: the address of each cell; the values that the rows are sorted by.
    before, html : str
        HTML above the table; instead of `rows`, a table that the explorer has written itself.
    values : callable
        Gives what each of some rows of `frame` says in words, to be cited.
    page : str, optional
        The page of the site with the same view, such as "ratings.html#area=Essex"; empty where
        only other filters have one, None where the site has none at all.
    picture, picture_key, on_screen
        What draws the picture, after words and table are on their way, if its key differs from the
        last one; False where it is only there to be saved.
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
    order: Mapping[str, pd.Series] = field(default_factory=dict)
    before: str = ""
    html: str | None = None
    values: Callable[[pd.DataFrame], pd.Series] | None = None
    page: str | None = None
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
        keys = self.order.get(name, self._rows[name]).reset_index(drop=True)
        if not pd.api.types.is_numeric_dtype(keys):
            keys = keys.astype("string").str.casefold()
        places = keys.sort_values(kind="stable", ascending=name == heading).index
        return replace(self, frame=self.frame.iloc[places], rows=self._rows.iloc[places])

    def table(self, record: Record, *, everything: bool = False, box: bool = False) -> str:
        """The table as HTML, the first rows of it or all.

        In a box, for a page without the style sheet; else without the looks that this gives.
        """
        html = self.html
        if html is None:
            shown = self._rows if everything else self._rows.head(_FIRST)
            links = {name: column.loc[shown.index] for name, column in self.links.items()}
            how: dict[str, Any] = {"tiles": self.tiles, "fold": self.fold, "links": links}
            html = html_table(shown, self.caption, **how, box=box, record=record)
            if len(shown) < len(self._rows):
                act = button(f"Show all {len(self._rows):,}", {"do": "all"})
                html += f"<p>The first {_FIRST} of {count_of(len(self._rows), 'row')}. {act}</p>"
        return self.before + (html if box else _light(html))

    def picture_html(self, saves: Sequence[Sequence[str]] = ()) -> str:
        """The picture as HTML with buttons that save it, or the sentence why there is none."""
        try:
            drawn = self.picture() if self.picture and self.on_screen else None
        except HmcpsiError as error:
            return f"<p>{escape(str(error))}</p>"
        if drawn is None:
            return ""
        acts = [button(f"Save {label}", {"do": "save", "kind": kind}) for kind, label in saves]
        return f"{drawn.html(table=False, sentence=False)}<p>{''.join(acts)}</p>"


def _light(html: str) -> str:
    """Tables whose plain cells look as the style sheet says: half as long to send."""
    plain = re.search(r'<th scope="col"( style="[^"]*")', html)
    return html.replace(plain[1], "") if plain else html


def live(html: str, words: str = "") -> str:
    """A control inside a table; a stored page keeps only these words of it."""
    return f'<span data-live="{escape(words)}">{html}</span>'


def without_controls(html: str) -> str:
    """What the controls in it say, in their place."""
    return _LIVE.sub(r"\1", html).replace("<p></p>", "")


def button(label: str, command: Mapping[str, Any], name: str = "") -> str:
    """A button inside a table that gives its explorer a command.

    >>> button("Show", {"do": "all"}).partition(" data-do")[0]
    '<span data-live=""><button type="button"'
    """
    return live(f'<button type="button" {_command(command, name)}>{escape(label)}</button>')


def opener(cell: str, label: str, name: str, state: str, words: str = "") -> str:
    """A button that opens a cell; `state` is its class and whether it is open or pressed."""
    told = f'data-cell="{escape(cell)}" {state} aria-label="{escape(name)}"'
    return live(f'<button type="button" {told}>{escape(label)}</button>', words)


def drop_down(command: Mapping[str, Any], now: str, known: Mapping[str, str], label: str) -> str:
    """A list whose choice is sent with a command."""
    choices = "".join(
        f'<option value="{escape(one)}"{" selected" * (one == now)}>{escape(word)}</option>'
        for one, word in known.items()
    )
    return live(f"<select {_command(command, label)}>{choices}</select>", known.get(now, now))


def edit_table(
    caption: str,
    frame: pd.DataFrame,
    fields: Mapping[str, Mapping[str, str] | int],
    *,
    names: Sequence[str] | None = None,
    under: Mapping[Any, str] | None = None,
    tiles: Sequence[str] = (),
    record: Record | None = None,
) -> str:
    """A table whose rows can be edited; the index of the frame tells them apart.

    `fields` are the headings of lists, with what can be chosen (nothing where an empty value is
    none of it), and of text boxes, with their width. A cell that is a mapping holds buttons: label
    and command. `names` tell the rows apart for screen readers, `under` is told below a row.
    """
    body = ""
    for place, (key, row) in enumerate(zip(frame.index, frame.to_dict("records"), strict=True)):
        cells = []
        for heading, value in row.items():
            name = names[place] if names else str(row[frame.columns[0]])
            how, now = fields.get(str(heading)), cell_text(value)
            command, label = {"do": "edit", "row": key, "field": heading}, f"{heading}: {name}"
            html = escape(now)
            if isinstance(value, Mapping):
                acts = [(one, {"do": do, "row": key}) for one, do in value.items()]
                html = " ".join(button(one, act, f"{one}: {name}") for one, act in acts)
            elif isinstance(how, Mapping):
                html = drop_down(command, now, how, label) if now or now in how else ""
            elif how:
                told = _command(command, label)
                box = f'<input type="text" size="{how}" {told} value="{html}">'
                area = f'<textarea rows="2" cols="{how}" {told}>{html}</textarea>'
                html = live(box if how < _LONG else area, now)
            elif heading in tiles:
                html = tile(now, record)
            cells.append(f'<td style="{_CELL}">{html}</td>')
        cells[0] = cells[0].replace("<td", '<th scope="row"').replace("</td>", "</th>")
        body += f"<tr>{''.join(cells)}</tr>"
        if under and key in under:
            cell = f'<td colspan="{len(cells)}" style="{_CELL}">{escape(under[key])}</td>'
            body += f'<tr class="hx-evidence">{cell}</tr>'
    top = "".join(f'<th scope="col" style="{_CELL}">{escape(str(head))}</th>' for head in frame)
    return (
        f'<table class="hx-edit"><caption style="text-align:left;font-weight:bold">'
        f"{escape(caption)}</caption><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
    )


def _command(command: Mapping[str, Any], label: str) -> str:
    """The attributes of what gives its explorer a command."""
    named = f' aria-label="{escape(label)}"' if label else ""
    return f'data-do="{escape(json.dumps(dict(command)))}"{named}'


def call(function: str, *, record: Record | None = None, **arguments: Any) -> str:
    """A call as a person would write it, without the arguments that filter nothing.

    >>> call("hd.ratings", area=None, rating=["Poor"], critical=None)
    "hd.ratings(rating='Poor')"
    """
    if record is not None and record.folder != as_record(None).folder:
        arguments["record"] = os.fspath(record.folder)
    parts = []
    for name, value in arguments.items():
        if value is not None and value not in ("", []):
            one = value[0] if isinstance(value, list) and len(value) == 1 else value
            parts.append(f"{name}={one!r}")
    return f"{function}({', '.join(parts)})"


def runnable(code: str) -> str:
    """A call with the imports before it, so that it runs where it is pasted."""
    named = {"pd": "import pandas as pd", "hd": "import hmcpsi_data as hd"}
    lines = [line for name, line in named.items() if re.search(rf"\b{name}\.", code)]
    rooms = [room for room in _ROOMS if re.search(rf"\b{room}\.", code)]
    lines += [f"from hmcpsi_data import {', '.join(rooms)}"] if rooms else []
    return "\n".join([*lines, "", code]) if lines else code


def table_bytes(kind: str, frame: pd.DataFrame, title: str) -> bytes:
    """The frame as "csv", in which nothing is computed, or as "xlsx" under a title."""
    if kind == "csv":
        safe = frame.copy()
        for column in safe.select_dtypes(["object", "string"]).columns:
            texts = safe[column].astype("string")
            safe[column] = texts.mask(texts.str.match(_FORMULA).fillna(False), "'" + texts)
        return safe.to_csv(index=False, lineterminator="\r\n").encode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.xlsx"
        workbook(path, {"Table": (title, frame)}, "Selected: what an explorer showed.")
        return path.read_bytes()


def file_name(title: str, suffix: str) -> str:
    """A plain file name, such as hmcpsi-ratings.csv."""
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    return f"hmcpsi-{words[:60].strip('-')}.{suffix}"


def citation(
    title: str,
    frame: pd.DataFrame,
    record: Record,
    values: Callable[[pd.DataFrame], pd.Series] | None = None,
) -> str:
    """A citation of what is shown: each value with publisher, date, line and address, and the data.

    Of more values than a person cites, the data alone.
    """
    about = package()
    date = about["created"][:10]
    whole = (
        f"The hmcpsi_data contributors ({date[:4]}). {title}. In: {about['title']}, "
        f"version {record.once(data_version)}, data of {date}."
    )
    if values is not None and 0 < len(frame) <= _CITED:
        parts = (values(frame), citations(frame, record), addresses(frame, record))
        rows = zip(*(part.astype("string").fillna("") for part in parts), strict=True)
        lines = ["; ".join(part for part in row if part) + "." for row in rows]
        return "\n".join([*lines, f"{whole} {about['attribution']}"])
    named = "Each row of the table names its source. " if "source_id" in frame else ""
    return f"{whole} {named}{about['attribution']}"
