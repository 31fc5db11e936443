"""How a word looks on a tile: its colour, its letters, or its hatching."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from hmcpsi_data.palette import INK, PAPER, PROGRESS, QUALITY, ink_on

__all__ = ["Look", "look"]

# One slant for each kind of missing, as in the tables; the words tell them apart as well.
_HATCH = {
    "not in framework": "\\\\\\",
    "not rated": "|||",
    "not found": "///",
    "not applicable": "---",
    "not shown": "...",
    "contradicted": "xxx",
}


class Look(NamedTuple):
    """How a tile is drawn."""

    fill: str = PAPER
    ink: str = INK
    hatch: str = ""
    edge: str = "-"
    hatch_colour: str = "#D9D9D9"


@cache
def look(word: str) -> Look:
    """How the tile of a word is drawn.

    Examples
    --------
    >>> look("Excellent")
    Look(fill='#092135', ink='#FFFFFF', hatch='', edge='-', hatch_colour='#D9D9D9')
    >>> look("not found").hatch
    '///'
    """
    colour = (QUALITY | PROGRESS).get(word)
    if colour:
        return Look(colour, ink_on(colour))
    return Look(hatch=_HATCH[word], edge="--") if word in _HATCH else Look()
