"""The smallest sets of changes by which a profile reaches a word.

A change betters the rating of one aspect, by any number of words. A set is smallest where it
changes as few aspects as can be, and takes none of them further than it must. Since every rule is
monotone, whether some aspects can reach the word is told by giving them the best rating; only then
is it looked for how little would do. Aspects of the same kind and rating stand for each other, so
a set is told as "any 2 of these 4". The search is complete, and a test holds it against trying
everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

import numpy as np

from hmcpsi_data.assessment_counts import compositions
from hmcpsi_data.assessment_framework import Framework

__all__ = ["smallest_changes"]

_Move = tuple[int, int, int]  # group, word before, word after
_Set = dict[_Move, int]


def smallest_changes(
    framework: Framework, profile: Mapping[str, str], reached: np.ndarray
) -> list[_Set] | None:
    """All smallest sets of changes after which a profile is among those that reach a word.

    Parameters
    ----------
    framework : Framework
        The aspects.
    profile : mapping of str to str
        Ratings by aspect.
    reached : numpy.ndarray
        For each profile of ``framework.lattice``, whether it reaches the word; monotone.

    Returns
    -------
    list of dict, or None
        For each set how many aspects make which move (group, word before, word after, as places).
        One empty set where nothing needs changing; None where no change is enough.
    """
    start, best = framework.counts(profile), len(framework.scale) - 1
    lattice = framework.lattice
    kinds = [(g, w) for g in range(len(start)) for w in range(best) if start[g, w]]
    room = [range(start[kind] + 1) for kind in kinds]
    chosen = list(product(*room))
    ways = np.array(chosen, dtype=np.int16).reshape(len(chosen), len(kinds))
    counts = np.repeat(start[None], len(ways), axis=0)
    for n, (group, word) in enumerate(kinds):
        counts[:, group, word] -= ways[:, n]
        counts[:, group, best] += ways[:, n]
    enough = reached[lattice.index(counts)]
    if not enough.any():
        return None
    sizes = ways.sum(axis=1)
    fewest = sizes[enough].min()
    found = []
    for way in ways[enough & (sizes == fewest)]:
        found += _shortest(framework, start, dict(zip(kinds, way.tolist(), strict=True)), reached)
    return found


def _shortest(
    framework: Framework, start: np.ndarray, way: dict[tuple[int, int], int], reached: np.ndarray
) -> Iterator[_Set]:
    """The sets that change so many aspects of each kind and take none further than it must."""
    if not way:
        yield {}
        return
    best = len(framework.scale) - 1
    options = [compositions(n, best - word) for (_, word), n in way.items()]
    moves = [(g, w, w + 1 + up) for g, w in way for up in range(best - w)]
    spread = np.array([np.concatenate(parts) for parts in product(*options)], dtype=np.int16)
    spread = spread.reshape(len(spread), len(moves))

    def reaches(sets: np.ndarray) -> np.ndarray:
        counts = np.repeat(start[None], len(sets), axis=0)
        for n, (group, before, after) in enumerate(moves):
            counts[:, group, before] -= sets[:, n]
            counts[:, group, after] += sets[:, n]
        return reached[framework.lattice.index(counts)]

    enough = reaches(spread)
    for n, (_, before, after) in enumerate(moves):
        if after == before + 1:
            continue  # one word less would be no change at all
        less = spread.copy()
        less[:, n] -= 1
        less[:, n - 1] += 1
        possible = spread[:, n] > 0
        enough[possible] &= ~reaches(less[possible])
    for row in spread[enough]:
        yield {move: int(n) for move, n in zip(moves, row, strict=True) if n}
