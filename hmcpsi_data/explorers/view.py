"""What an explorer shows for the values of its controls, and what can be taken away from it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

import pandas as pd

from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.html import html_table
from hmcpsi_data.tables.description import package
from hmcpsi_data.tables.record import Record, as_record
from hmcpsi_data.words import count_of

__all__ = ["FIRST", "View", "button", "call", "citation", "csv_bytes", "file_name", "runnable"]

FIRST = 100
"""How many rows of a table are drawn at first, so that a long one answers at once."""

_FEW = 6  # sources that a citation names by their titles
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
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
_ROOMS = ("assessment", "explorers", "pictures", "show")


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
    tiles : tuple of str
        Its headings whose words stand in coloured tiles.
    fold : tuple of str
        Its headings that go into the caption where all rows say the same.
    links : mapping of str to pandas.Series
        By heading, the address that each row's cell leads to.
    order : mapping of str to callable
        By heading, what gives the values that its rows are sorted by, where the words will not do.
    html : str, optional
        Instead of `rows`, a table that the explorer has written itself, escaped.
    before, after : str
        HTML that stands above and below the table, in the same box.
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
    picture: Callable[[], Any] | None = None
    picture_key: Any = None
    on_screen: bool = True

    def headings(self) -> list[str]:
        """The headings by which the table can be sorted."""
        rows = self.frame if self.rows is None else self.rows
        return [] if self.html is not None or len(rows) < 2 else [str(one) for one in rows]

    def sorted_by(self, heading: str | None) -> View:
        """The same view with its rows in the order of one column; a minus before it turns it."""
        if not heading or heading.lstrip("-") not in self.headings():
            return self
        rows = self.frame if self.rows is None else self.rows
        name = heading.lstrip("-")
        keys = self.order[name]() if name in self.order else rows[name]
        keys = keys.reset_index(drop=True)
        if not pd.api.types.is_numeric_dtype(keys):
            keys = keys.astype("string").str.casefold()
        places = keys.sort_values(kind="stable", ascending=not heading.startswith("-")).index
        changed = {"frame": self.frame.iloc[places], "rows": rows.iloc[places]}
        return View(**{**self.__dict__, **changed})

    def table(self, record: Record, *, everything: bool = False, box: bool = False) -> str:
        """The table as HTML, the first rows of it or all, perhaps in a box that scrolls."""
        if self.html is not None:
            return self.before + self.html + self.after
        rows = self.frame if self.rows is None else self.rows
        shown = rows if everything else rows.head(FIRST)
        links = {name: column.loc[shown.index] for name, column in self.links.items()}
        html = html_table(
            shown,
            self.caption,
            tiles=self.tiles,
            links=links,
            fold=self.fold,
            box=box,
            record=record,
        )
        html = html if box else _lean(html)
        if len(shown) < len(rows):
            show_all = button(f"Show all {len(rows):,}", {"do": "all"})
            html += f"<p>The first {FIRST} of {count_of(len(rows), 'row')}. {show_all}</p>"
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


def _lean(html: str) -> str:
    """A table whose plain cells take their looks from the style sheet: half as long to send."""
    plain = re.search(r'<th scope="col"( style="[^"]*")', html)
    return html.replace(plain[1], "") if plain else html


def button(label: str, command: Mapping[str, Any], name: str = "") -> str:
    """A button inside a table that gives its explorer a command.

    Examples
    --------
    >>> button("Show", {"do": "all"})
    '<button type="button" data-live data-do="{&quot;do&quot;: &quot;all&quot;}">Show</button>'
    """
    import json

    told = f' aria-label="{escape(name)}"' if name else ""
    return (
        f'<button type="button" data-live data-do="{escape(json.dumps(dict(command)))}"{told}>'
        f"{escape(label)}</button>"
    )


def call(function: str, *, record: Record | None = None, **arguments: Any) -> str:
    """A call as a person would write it, without the arguments that filter nothing.

    Examples
    --------
    >>> call("hd.ratings", area=None, rating=["Poor"], critical=None)
    "hd.ratings(rating='Poor')"
    """
    parts = []
    for name, value in arguments.items():
        if value is None or value == "" or value == []:
            continue
        one = value[0] if isinstance(value, list) and len(value) == 1 else value
        parts.append(f"{name}={one!r}")
    if record is not None and record.folder != as_record(None).folder:
        parts.append(f"record={os.fspath(record.folder)!r}")
    return f"{function}({', '.join(parts)})"


def runnable(code: str) -> str:
    """A call with the imports before it, so that it runs where it is pasted.

    Examples
    --------
    >>> print(runnable("hd.load('areas')"))
    import hmcpsi_data as hd
    <BLANKLINE>
    hd.load('areas')
    """
    named = {"pd": "import pandas as pd", "hd": "import hmcpsi_data as hd"}
    lines = [line for name, line in named.items() if re.search(rf"\b{name}\.", code)]
    rooms = [room for room in _ROOMS if re.search(rf"\b{room}\.", code)]
    if rooms:
        lines.append(f"from hmcpsi_data import {', '.join(rooms)}")
    return "\n".join([*lines, "", code]) if lines else code


def csv_bytes(frame: pd.DataFrame) -> bytes:
    r"""The frame as CSV (UTF-8, RFC 4180); a cell that a spreadsheet would compute is made text.

    Examples
    --------
    >>> csv_bytes(pd.DataFrame({"a": ["=1+1", "Good"]}))
    b"a\r\n'=1+1\r\nGood\r\n"
    """
    safe = frame.copy()
    for column in safe.select_dtypes(["object", "string"]).columns:
        texts = safe[column].astype("string")
        safe[column] = texts.mask(texts.str.startswith(_FORMULA).fillna(False), "'" + texts)
    return safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8")


def file_name(title: str, suffix: str) -> str:
    """A plain file name.

    Examples
    --------
    >>> file_name("Ratings: East Midlands", "csv")
    'hmcpsi-ratings-east-midlands.csv'
    """
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    return f"hmcpsi-{words[:60].strip('-')}.{suffix}"


def citation(title: str, frame: pd.DataFrame, record: Record) -> str:
    """A citation of what is shown, with version and date of the data and the sources of the rows.

    A few sources are named by their titles; of many, how many they are.

    Examples
    --------
    >>> citation("Ratings", pd.DataFrame(), Record())[:47]
    'The hmcpsi_data contributors (2026). Ratings. I'
    """
    about = package()
    date = about["created"][:10]
    text = (
        f"The hmcpsi_data contributors ({date[:4]}). {title.rstrip('.')}. In: {about['title']}, "
        f"version {about['version']}, data of {date}."
    )
    columns = [column for column in frame if str(column).endswith("source_id")]
    cells = [cell for column in columns for cell in frame[column].dropna().unique()]
    ids = dict.fromkeys(one for cell in cells for one in str(cell).split("; "))
    if ids:
        text += f" Sources: {_named(ids, record)}."
    return f"{text} {about['attribution']}"


def _named(ids: Iterable[str], record: Record) -> str:
    """Sources by title, or where they are many, the number of them."""
    titles = record.once(_titles)
    named = [str(titles.get(one, one)).rstrip(".") for one in ids]
    if len(named) > _FEW:
        return f"{len(named)}, named in each row of the table"
    return "; ".join(named)


def _titles(record: Record) -> dict[str, str]:
    sources = record.table("sources")
    return dict(zip(sources["source_id"], sources["title"], strict=True))
