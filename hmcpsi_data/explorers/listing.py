"""Tables of events and rows, in which a break goes across all columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from hmcpsi_data.tiles import PART, Place, TileTable
from hmcpsi_data.timeline import BREAK

__all__ = ["Listing", "listing"]

_DASH = "2px dashed #59595B"
_ACROSS = f"padding:4px 8px;text-align:left;border-top:{_DASH};border-bottom:{_DASH}"


@dataclass(frozen=True, repr=False)
class Listing(TileTable):
    """A `TileTable` that stays readable where there is little room.

    Attributes
    ----------
    above : str
        HTML of this package that stands above the table.
    """

    above: str = ""

    def _repr_html_(self) -> str:
        table = super()._repr_html_()
        return f"{self.above}{PART}{table}" if self.above else table

    def _row(self, columns: list[str], row: tuple[Any, ...]) -> str:
        across = next((text for text in row if str(text).startswith(BREAK)), None)
        if across is None:
            return super()._row(columns, row)
        words = f"<strong>{escape(across)}</strong>"
        return f'<td colspan="{len(columns)}" style="{_ACROSS}">{words}</td>'


def listing(
    frame: pd.DataFrame,
    title: str,
    headings: Mapping[str, str],
    links: Mapping[str, Place],
    *,
    row_headers: int = 1,
    tiles: tuple[str, ...] = (),
    above: str = "",
) -> Listing:
    """The columns that have a heading, with addresses for those of "Where from".

    Examples
    --------
    >>> frame = pd.DataFrame({"what": ["Fieldwork", "break: other unit"], "id": ["a", "b"]})
    >>> listing(frame, "Events", {"what": "What"}, {})
    Events
    What
    Fieldwork
    break: other unit
    """
    shown = frame[list(headings)].rename(columns=dict(headings)).reset_index(drop=True)
    addresses = {"Where from": links}
    return Listing(title, "", shown, "", row_headers, tiles, addresses, above)
