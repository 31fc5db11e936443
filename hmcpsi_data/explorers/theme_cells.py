"""The matrix of themes by round as a table of buttons."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from html import escape

from hmcpsi_data.tiles import NARROW

__all__ = ["theme_cells"]

_SOFT = {  # long words of narrow cells, with the point at which they may be broken
    "progress": "pro\u00adgress",
    "commitment": "commit\u00adment",
    "thematic": "the\u00admatic",
}
_CAPTION = "caption-side:top;text-align:left;font-weight:bold;padding:4px 0"


def theme_cells(
    cells: Mapping[tuple[str, str], tuple[int, str]],
    titles: Mapping[str, str],
    rounds: Sequence[str],
    chosen: tuple[str, str],
) -> str:
    """Themes down, rounds across; each theme, round and cell a button that chooses it.

    Parameters
    ----------
    cells : mapping
        By theme and round, how much evidence there is and of which kinds, in words.
    titles : mapping of str to str
        The themes and what they are called.
    rounds : sequence of str
        The rounds.
    chosen : (str, str)
        Theme and round that are chosen now; an empty one means all.

    Returns
    -------
    str
        HTML; everything that comes from data is escaped.

    Examples
    --------
    >>> html = theme_cells(
    ...     {("disclosure", "2016"): (2, "finding 2")},
    ...     {"disclosure": "Disclosure"},
    ...     ["2016"],
    ...     ("disclosure", "2016"),
    ... )
    >>> html.count("<button"), html.count('aria-pressed="true"')
    (4, 1)
    """

    def button(theme: str, one: str, words: str) -> str:
        change = escape(json.dumps({"theme": theme, "round": one}))
        pressed = "true" if (theme, one) == chosen else "false"
        return (
            f'<button type="button" class="hx-cell" data-set="{change}" '
            f'aria-pressed="{pressed}">{words}</button>'
        )

    def cell(theme: str, one: str) -> str:
        if (theme, one) not in cells:
            return "none"
        n, words = cells[theme, one]
        told = re.sub("progress|commitment|thematic", lambda found: _SOFT[found[0]], escape(words))
        return button(theme, one, f"<strong>{n}</strong>: {told}")

    heads = [button("", "", "All"), *(button("", one, escape(one)) for one in rounds)]
    head = "".join(f'<th scope="col" style="{NARROW}">{words}</th>' for words in heads)
    body = "".join(
        f'<tr><th scope="row" style="{NARROW}">{button(theme, "", escape(title))}</th>'
        + "".join(f'<td style="{NARROW}">{cell(theme, one)}</td>' for one in rounds)
        + "</tr>"
        for theme, title in titles.items()
    )
    return (
        '<div role="region" tabindex="0" data-lm-suppress-shortcuts="true" '
        'aria-label="Evidence by theme and round" style="overflow-x:auto;max-width:100%">'
        '<table style="margin:0" class="hx-cells">'
        f'<caption style="{_CAPTION}">Evidence by theme and round: choose a cell, a theme or a '
        f"round</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )
