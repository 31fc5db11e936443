"""A crosswalk of one's own as lines of Python that make it again where they are pasted."""

from __future__ import annotations

import os
from typing import Any

import pandas as pd

from hmcpsi_data.crosswalk import Crosswalk
from hmcpsi_data.tables import load

__all__ = ["as_code", "folder_argument"]

_Folder = str | os.PathLike[str] | None


def folder_argument(folder: _Folder) -> str:
    """The argument that names a data folder in a call; nothing for the shipped data.

    Examples
    --------
    >>> folder_argument("my_copy"), folder_argument(None)
    (", folder='my_copy'", '')
    """
    return "" if folder is None else f", folder={os.fspath(folder)!r}"


def as_code(crosswalk: Crosswalk, folder: _Folder = None, name: str = "my_crosswalk") -> str:
    """Lines of Python that make a crosswalk: shipped rows by their place, all others as they are.

    They need ``import pandas as pd`` and ``import hmcpsi_data as hd``.

    Examples
    --------
    >>> print(as_code(Crosswalk.load("opa_2005", "opa_2007")).splitlines()[0])
    rows = hd.Crosswalk.load('opa_2005', 'opa_2007').to_frame().to_dict('records')
    """
    frame = crosswalk.to_frame()
    sets, where = (crosswalk.source_set, crosswalk.target_set), folder_argument(folder)
    shipped = load("crosswalk", folder)
    shipped = shipped[shipped["source_set"].eq(sets[0]) & shipped["target_set"].eq(sets[1])]
    known, own, places = _records(shipped), [], []
    for row in _records(frame):
        if row not in known:
            own.append(row)
        places.append(known.index(row) if row in known else len(known) + len(own) - 1)
    lines = ["rows = []"]
    if known:
        asked = ", ".join(map(repr, sets))
        lines = [f"rows = hd.Crosswalk.load({asked}{where}).to_frame().to_dict('records')"]
    if own:
        lines.append(f"rows += {own!r}")
    chosen = (
        "rows" if places == list(range(len(known) + len(own))) else f"[rows[n] for n in {places}]"
    )
    lines.append(
        f"{name} = hd.Crosswalk(pd.DataFrame({chosen}){where}{_aspects(crosswalk, folder)})"
    )
    return "\n".join(lines)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows without their empty cells, as values that Python can write."""
    return [
        {
            name: cell.item() if hasattr(cell, "item") else cell
            for name, cell in row.items()
            if pd.notna(cell)
        }
        for row in frame.astype(object).to_dict("records")
    ]


def _aspects(crosswalk: Crosswalk, folder: _Folder) -> str:
    """The argument with the aspects of sets that the data folder does not have."""
    own = crosswalk._aspects
    own = own[own["set_id"].isin([crosswalk.source_set, crosswalk.target_set])]
    if own["aspect_id"].isin(load("aspects", folder)["aspect_id"]).all():
        return ""
    return f", aspects=pd.DataFrame({_records(own)!r})"
