"""What an explorer shows and gives away: words, tables, pictures, code, files, citations."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import pandas as pd

from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.html import cell_text, html_table
from hmcpsi_data.record.sources import addresses, citations
from hmcpsi_data.tables.description import package
from hmcpsi_data.tables.record import Record, as_record, data_version
from hmcpsi_data.words import count_of

NOTHING = "Nothing fits all filters. Take one away, or press Clear. Nothing found is never Poor."
_CELL = "text-align:left;vertical-align:top;padding:3px 5px;border-bottom:1px solid #59595B"
_FIRST = 100  # rows of a table that are drawn at first, so that a long one answers at once
_LONG = 50  # letters; a box for so many has two lines
_LIVE = re.compile(r'<span data-live="([^"]*)">.*?</span>', re.DOTALL)
_CITED = 20  # values that a citation names one by one
_ROOMS = ("assessment", "explorers", "pictures", "show")


@dataclass(frozen=True)
class View:
    """What an explorer shows for the values of its controls.

    ``docs/5-explorers.md`` says which columns of `rows` are not shown, and when `picture` is drawn.
    """

    frame: pd.DataFrame  # what is shown, for the download
    status: str  # how much it is
    code: str = ""  # the call that gives the same
    sentence: str = ""  # the same in words
    rows: pd.DataFrame | None = None  # the table to read, with the index of `frame`
    caption: str = ""  # of the table, as its tiles and folds are, as for `hmcpsi_data.show.Shown`
    tiles: tuple[str, ...] = ()
    fold: tuple[str, ...] = ()
    html: str | None = None  # above the table, or in place of it
    page: str = ""  # of the site, with the same view
    picture: Callable[[], Any] | None = None
    picture_key: Any = None

    @property
    def _shown(self) -> pd.DataFrame:
        if self.rows is None:
            return self.frame if self.html is None else self.frame[[]]
        return self.rows[[name for name in self.rows if not str(name)[:1].islower()]]

    def headings(self) -> list[str]:
        """The headings by which the table can be sorted."""
        return [str(name) for name in self._shown] if len(self.frame) > 1 else []

    def sorted_by(self, heading: str | None) -> View:
        """The same view with its rows in the order of one column; a minus before it turns it."""
        name = (heading or "").lstrip("-")
        if name not in self.headings():
            return self
        rows = self._shown if self.rows is None else self.rows
        keys = rows.get(name.lower(), rows[name]).reset_index(drop=True)
        if not pd.api.types.is_numeric_dtype(keys):
            keys = keys.astype("string").str.casefold()
        places = keys.sort_values(kind="stable", ascending=name == heading).index
        sorted_rows = None if self.rows is None else rows.iloc[places]
        return replace(self, frame=self.frame.iloc[places], rows=sorted_rows)

    def table(self, record: Record, *, everything: bool = False, box: bool = False) -> str:
        """The table as HTML, the first rows or all; in a box, for a page without style sheet."""
        shown, html = self._shown, self.html or ""
        rows = shown if self.rows is None else self.rows
        if len(shown.columns):
            first = shown if everything else shown.head(_FIRST)
            links = {"Source": rows["link"].loc[first.index]} if "link" in rows else {}
            how: dict[str, Any] = {"tiles": self.tiles, "fold": self.fold, "box": box}
            html += html_table(first, self.caption, links=links, record=record, **how)
            if len(first) < len(shown):
                act = button(f"Show all {len(shown):,}", {"do": "all"})
                html += f"<p>The first {_FIRST} of {count_of(len(shown), 'row')}. {act}</p>"
        plain = re.search(r'<th scope="col"( style="[^"]*")', html)  # as the style sheet says: half
        return html if box or plain is None else html.replace(plain[1], "")  # as long to send

    def picture_html(self, saves: Sequence[Sequence[str]] = ()) -> str:
        """The picture as HTML with buttons that save it, or the sentence why there is none."""
        try:
            drawn = None if self.picture is None else self.picture()
        except HmcpsiError as error:
            return f"<p>{escape(str(error))}</p>"
        if drawn is None:
            return ""
        acts = [button(f"Save {label}", {"do": "save", "kind": kind}) for kind, label in saves]
        return f"{drawn.html(table=False, sentence=False)}<p>{''.join(acts)}</p>"


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
    choices = ""
    for one, word in known.items():
        chosen = " selected" * (one == now)
        choices += f'<option value="{escape(one)}"{chosen}>{escape(word)}</option>'
    return live(f"<select {_command(command, label)}>{choices}</select>", known.get(now, now))


def edit_table(
    caption: str,
    frame: pd.DataFrame,
    fields: Mapping[str, Mapping[str, str] | int],
    *,
    names: pd.Series | None = None,
    under: Mapping[Any, str] | None = None,
) -> str:
    """A table with lists and text boxes; a cell that is a mapping holds buttons by label.

    `fields` are by heading what can be chosen, or the width of a box; `names` are what screen
    readers call the rows, `under` is told below a row.
    """
    named = frame.iloc[:, 0].astype(str) if names is None else names
    html = "".join(f'<th scope="col" style="{_CELL}">{escape(str(head))}</th>' for head in frame)
    html = f"<thead><tr>{html}</tr></thead><tbody>"
    for key, name, row in zip(frame.index, named, frame.to_dict("records"), strict=True):
        tag, end = '<tr><th scope="row"', "</th>"
        for heading, value in row.items():
            how, now = fields.get(str(heading)), cell_text(value)
            command, label = {"do": "edit", "row": key, "field": heading}, f"{heading}: {name}"
            cell = escape(now)
            if isinstance(value, Mapping):
                acts = [(one, {"do": do, "row": key}) for one, do in value.items()]
                cell = " ".join(button(one, act, f"{one}: {name}") for one, act in acts)
            elif isinstance(how, Mapping):
                cell = drop_down(command, now, how, label) if now or now in how else ""
            elif how:
                told = _command(command, label)
                box = f'<input type="text" size="{how}" {told} value="{cell}">'
                area = f'<textarea rows="2" cols="{how}" {told}>{cell}</textarea>'
                cell = live(box if how < _LONG else area, now)
            html += f'{tag} style="{_CELL}">{cell}{end}'
            tag, end = "<td", "</td>"
        html += "</tr>"
        if under and key in under:
            cell = f'<td colspan="{frame.shape[1]}" style="{_CELL}">{escape(under[key])}</td>'
            html += f'<tr class="hx-evidence">{cell}</tr>'
    caption = f'<caption style="text-align:left;font-weight:bold">{escape(caption)}</caption>'
    return f'<table class="hx-edit">{caption}{html}</tbody></table>'


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
        if value not in (None, "", []):
            one = value[0] if isinstance(value, list) and len(value) == 1 else value
            parts.append(f"{name}={one!r}")
    return f"{function}({', '.join(parts)})"


def facets(
    result: pd.DataFrame,
    values: dict[str, Any],
    function: Callable[..., pd.DataFrame],
    names: Iterable[str],
) -> dict[str, pd.DataFrame]:
    """For each of the named controls the rows that fit all others, in which options are counted.

    `result` is what fits all; the function is asked again only for a control that is on.
    """
    on = {name for name in names if values.get(name) is not None}
    return {name: function(**{**values, name: None}) if name in on else result for name in names}


def runnable(code: str) -> str:
    """A call with the imports before it, so that it runs where it is pasted."""
    named = {"pd": "import pandas as pd", "hd": "import hmcpsi_data as hd"}
    named |= {room: f"from hmcpsi_data import {room}" for room in _ROOMS}
    lines = [line for name, line in named.items() if re.search(rf"\b{name}\.", code)]
    return "\n".join([*lines, "", code]) if lines else code


def file_name(title: str, suffix: str) -> str:
    """A plain file name, such as hmcpsi-ratings.csv."""
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    return f"hmcpsi-{words[:60].strip('-')}.{suffix}"


def citation(title: str, view: View, record: Record) -> str:
    """A citation: each value with publisher, date, line and address, if they are few; the data."""
    about, frame, rows = package(), view.frame, view.rows
    date, end = about["created"][:10], "" if title.endswith("?") else ":"
    whole = (
        f"The hmcpsi_data contributors ({date[:4]}). {title}{end} {view.status}. In: "
        f"{about['title']}, version {record.once(data_version)}, data of {date}."
    )
    if rows is not None and "cited" in rows and 0 < len(rows) <= _CITED:
        parts = [rows["cited"], citations(frame, record), addresses(frame, record)]
        told = pd.concat(parts, axis=1).fillna("").to_numpy()
        lines = ["; ".join(filter(None, row)) + "." for row in told]
        return "\n".join([*lines, f"{whole} {about['attribution']}"])
    named = "Each row of the table names its source. " if "source_id" in frame else ""
    return f"{whole} {named}{about['attribution']}"
