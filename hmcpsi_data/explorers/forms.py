"""Tables in which something is edited: rows of cells with lists and boxes; all of it escaped."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

__all__ = ["drop_down", "row_of", "table_of", "text", "text_box"]

_CELL = "text-align:left;vertical-align:top;padding:3px 5px;border-bottom:1px solid #59595B"


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
    return f"<select {_told(command, label)}>{choices}</select>"


def text_box(
    command: Mapping[str, Any], value: Any, label: str, *, size: int = 40, lines: int = 1
) -> str:
    """A box whose text is sent with a command; of several lines, where asked for."""
    told, now = _told(command, label), escape(text(value))
    if lines > 1:
        return f'<textarea rows="{lines}" cols="{size}" {told}>{now}</textarea>'
    return f'<input type="text" size="{size}" {told} value="{now}">'


def _told(command: Mapping[str, Any], label: str) -> str:
    return f'data-do="{escape(json.dumps(dict(command)))}" aria-label="{escape(label)}"'
