"""All profiles that a rule can tell apart: how many aspects of each group have each word.

Rules count aspects, so two profiles with the same counts in each group get the same result. Five
critical aspects have 56 possible counts of four words and nine others have 220: 12,320 pairs stand
for all 268,435,456 profiles. What is shown for these pairs is shown for every profile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import combinations_with_replacement, product
from math import comb

import numpy as np

__all__ = ["Lattice", "completions", "compositions"]


def compositions(n: int, k: int) -> np.ndarray:
    """All ways to give one of `k` words to each of `n` aspects, as counts of the words.

    Examples
    --------
    >>> compositions(2, 2).tolist()
    [[2, 0], [1, 1], [0, 2]]
    """
    rows = [np.bincount(words, minlength=k) if words else np.zeros(k, dtype=int)
            for words in combinations_with_replacement(range(k), n)]  # fmt: skip
    return np.array(rows, dtype=np.int16)


def completions(known: Sequence[np.ndarray], unknown: Sequence[int]) -> np.ndarray:
    """The counts of all profiles that agree with what is known of each group.

    Parameters
    ----------
    known : sequence of numpy.ndarray
        For each group, how many known ratings have each word.
    unknown : sequence of int
        For each group, how many ratings are not known.

    Returns
    -------
    numpy.ndarray
        profiles by groups by words.

    Examples
    --------
    >>> completions([np.array([1, 0])], [1]).tolist()
    [[[2, 0]], [[1, 1]]]
    """
    ways = [k + compositions(n, len(k)) for k, n in zip(known, unknown, strict=True)]
    places = np.indices([len(way) for way in ways]).reshape(len(ways), -1)
    return np.stack([way[at] for way, at in zip(ways, places, strict=True)], axis=1)


class Lattice:
    """The counts of all profiles of some groups of aspects, and which is one step better.

    Parameters
    ----------
    sizes : sequence of int
        How many aspects each group has.
    n_words : int
        How many words the scale has.

    Examples
    --------
    >>> len(Lattice([5, 9], 4))
    12320
    """

    def __init__(self, sizes: Sequence[int], n_words: int) -> None:
        self.sizes, self.n_words = tuple(sizes), n_words
        self._ways = [compositions(n, n_words) for n in sizes]
        self._place = [self._places(n, way) for n, way in zip(sizes, self._ways, strict=True)]

    def __len__(self) -> int:
        return int(np.prod([comb(n + self.n_words - 1, n) for n in self.sizes]))

    @cached_property
    def counts(self) -> np.ndarray:
        """Profiles by groups by words."""
        zero = [np.zeros(self.n_words, dtype=int)] * len(self.sizes)
        return completions(zero, self.sizes)

    def index(self, counts: np.ndarray) -> np.ndarray:
        """At which place of `counts` these counts stand."""
        found = np.zeros(len(counts), dtype=np.int64)
        for group, place in enumerate(self._place):
            found = found * len(self._ways[group]) + place[self._key(group, counts[:, group])]
        return found

    def steps(self) -> tuple[np.ndarray, np.ndarray]:
        """All pairs of places of which the second has one aspect one word better.

        Every better profile is reached by such steps, so a rule that never falls along one of them
        is monotone.
        """
        below, above = [], []
        for group, word in product(range(len(self.sizes)), range(self.n_words - 1)):
            possible = np.flatnonzero(self.counts[:, group, word])
            better = self.counts[possible].copy()
            better[:, group, word] -= 1
            better[:, group, word + 1] += 1
            below.append(possible)
            above.append(self.index(better))
        return np.concatenate(below), np.concatenate(above)

    def falls(self, rate: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        """Pairs of counts, the second one step better, of which `rate` calls the second worse.

        Parameters
        ----------
        rate : callable
            Takes counts (profiles by groups by words) and gives the places of the words on the
            scale (profiles, or rules by profiles).

        Returns
        -------
        numpy.ndarray
            pairs by 2 by groups by words; empty where it is monotone, which is thereby proved.

        Examples
        --------
        >>> few = Lattice([2], 3)
        >>> len(few.falls(lambda counts: counts[:, 0, 1] < 2))  # two in the middle are worse
        1
        """
        result = np.atleast_2d(rate(self.counts))
        below, above = self.steps()
        bad = (result[:, above] < result[:, below]).any(axis=0)
        return np.stack([self.counts[below[bad]], self.counts[above[bad]]], axis=1)

    def _key(self, group: int, counts: np.ndarray) -> np.ndarray:
        base = (self.sizes[group] + 1) ** np.arange(self.n_words)
        return counts.astype(np.int64) @ base

    def _places(self, n: int, ways: np.ndarray) -> np.ndarray:
        keys = ways.astype(np.int64) @ (n + 1) ** np.arange(self.n_words)
        places = np.full((n + 1) ** self.n_words, -1, dtype=np.int64)
        places[keys] = np.arange(len(ways))
        return places
