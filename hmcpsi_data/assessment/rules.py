"""The declared family of rules that lead from fourteen ratings to one word, as data.

A rule says what each word needs, then what lifts the result by one word, then what limits it. A
word is reached where its own needs and those of all words below it are met; bettering an aspect
never worsens the result. The family is this project's own.
"""

from collections.abc import Sequence
from itertools import combinations_with_replacement, product
from typing import NamedTuple

import numpy as np

from hmcpsi_data.words import count_of

SCALE = ("Poor", "Fair", "Good", "Excellent")
# the groups of aspects that a scope is about: 0 are the critical ones, 1 the others
GROUPS = {"critical": [0], "other": [1], "all": [0, 1]}
_CALLED = {"critical": "critical aspect", "other": "non-critical aspect", "all": "aspect"}


class Clause(NamedTuple):
    """At least `n` aspects (or all) of a scope are rated a word or better, or `below` it."""

    scope: str
    level: str
    n: int | None = None
    below: bool = False

    def counts(self, level: int) -> bool:
        """Whether a word of the scale, by its place, is one of those that are counted."""
        return (level < SCALE.index(self.level)) == self.below

    def blames(self, group: int, level: int) -> bool:
        """Whether an aspect of that word is why a need is unmet, or a limit met."""
        return group in GROUPS[self.scope] and self.counts(level) == self.below

    def holds(self, counts: np.ndarray) -> np.ndarray:
        """Whether it holds, for profiles as counts by group and word."""
        of_group = counts[:, GROUPS[self.scope]]
        words = [level for level in range(len(SCALE)) if self.counts(level)]
        least = of_group.sum(axis=(1, 2)) if self.n is None else self.n
        return of_group[:, :, words].sum(axis=(1, 2)) >= least

    def text(self) -> str:
        """The clause in words."""
        called = _CALLED[self.scope]
        some = f"all {called}s" if self.n is None else f"at least {count_of(self.n, called)}"
        better = " or better" if self.level != SCALE[-1] else ""
        return f"{some} below {self.level}" if self.below else f"{some} {self.level}{better}"


class Step(NamedTuple):
    """One line of a rule: what a word needs, what lifts to it, or what limits the result to it."""

    kind: str
    level: str
    clauses: tuple[Clause, ...]

    @property
    def place(self) -> int:
        """The place of its word on the scale."""
        return SCALE.index(self.level)

    def text(self) -> str:
        """The line in words."""
        starts = {"need": "{1} needs", "lift": "from {0} to {1} with", "limit": "at most {1} with"}
        start = starts[self.kind].format(SCALE[self.place - 1], self.level)
        return f"{start} {' and '.join(one.text() for one in self.clauses)}"


def _needs(level: str, numbers: Sequence[int | None], *more: Clause) -> tuple[Step, ...]:
    return tuple(Step("need", level, (Clause("critical", level, n), *more)) for n in numbers)


def _limits(level: str, scope: str, below: str, *numbers: int) -> tuple[Step | None, ...]:
    clauses = [Clause(scope, below, n, below=True) for n in numbers]
    return None, *(Step("limit", level, (clause,)) for clause in clauses)


# The questions that a rule leaves open, with the lines that answer each (None: no such line). The
# lines of one question are of one kind.
FAMILY: dict[str, tuple[Step | None, ...]] = {
    "How many critical aspects must be Excellent for Excellent?": (
        *_needs("Excellent", (1, 2, 3), Clause("critical", "Good")),
        *_needs("Excellent", (None,)),
    ),
    "How many critical aspects must be Good or better for Good?": _needs("Good", (3, 4, None)),
    "How many critical aspects must be Fair or better for Fair?": _needs("Fair", (3, 4, None)),
    "Can strong ratings lift the result?": (
        None,
        Step("lift", "Excellent", (Clause("all", "Excellent", 2), Clause("all", "Good"))),
        Step("lift", "Good", (Clause("other", "Excellent", 3),)),
    ),
    "Does a Poor critical aspect limit the result?": _limits("Fair", "critical", "Fair", 1),
    "How many non-critical aspects may be Poor for Good?": _limits("Fair", "other", "Fair", 1, 2),
    "How many non-critical aspects may be below Good for Good?": _limits(
        "Fair", "other", "Good", 2, 3, 4, 5
    ),
    "How many non-critical aspects may be below Good for Excellent?": _limits(
        "Good", "other", "Good", 1
    ),
    "Do many Poor aspects make the result Poor?": _limits("Poor", "all", "Fair", 4),
}
_LINES = tuple(FAMILY.values())


def compositions(n: int, k: int) -> np.ndarray:
    """All ways to give one of `k` words to each of `n` aspects, as counts of the words."""
    ways = combinations_with_replacement(range(k), n)
    return np.array([[way.count(word) for word in range(k)] for way in ways], dtype=np.int16)


def combined(choices: Sequence[np.ndarray]) -> np.ndarray:
    """All rows that take one row of each array, side by side."""
    places = np.indices([len(rows) for rows in choices]).reshape(len(choices), -1)
    return np.concatenate([rows[at] for rows, at in zip(choices, places, strict=True)], axis=1)


class Lattice:
    """All profiles that rules can tell apart: how many aspects of each group have each word."""

    def __init__(self, sizes: Sequence[int]) -> None:
        self.sizes = tuple(sizes)
        self.counts = self.completions(np.zeros((len(self.sizes), len(SCALE)), dtype=np.int16))
        self._order = np.argsort(self._keys(self.counts))
        self._sorted = self._keys(self.counts)[self._order]

    def completions(self, known: np.ndarray) -> np.ndarray:
        """The counts of all profiles that agree with the known ratings: by groups by words."""
        unknown = np.array(self.sizes) - known.sum(axis=1)
        ways = zip(known, unknown, strict=True)
        found = combined([group + compositions(int(n), len(SCALE)) for group, n in ways])
        return found.reshape(-1, *known.shape)

    def index(self, counts: np.ndarray) -> np.ndarray:
        """At which place of `counts` these counts stand."""
        return self._order[np.searchsorted(self._sorted, self._keys(counts))]

    def _keys(self, counts: np.ndarray) -> np.ndarray:
        """A number for each profile."""
        flat = counts.astype(np.int64).reshape(-1, len(self.sizes) * len(SCALE))
        return flat @ (max(self.sizes) + 1) ** np.arange(flat.shape[1])


class Rules:
    """Many rules of the family, evaluated at once: rules by lines, which choice each one takes."""

    def __init__(self, choice: np.ndarray) -> None:
        self.choice = choice

    def __len__(self) -> int:
        return len(self.choice)

    def holds(self, counts: np.ndarray) -> list[np.ndarray]:
        """For each line, choices by profiles: whether all clauses of the choice hold."""
        never = np.zeros(len(counts), dtype=bool)
        return [
            np.array([np.all([one.holds(counts) for one in step.clauses], axis=0) if step else never
                      for step in line])
            for line in _LINES
        ]  # fmt: skip

    def kinds(self, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Rules by kinds of profile that no line tells apart, and the kind of each profile."""
        truth = self.holds(counts)
        first, back = _alike(np.packbits(np.concatenate(truth), axis=0).T)
        return self.stages([rows[:, first] for rows in truth])["limit"], back

    def stages(self, truth: list[np.ndarray]) -> dict[str, np.ndarray]:
        """Rules by profiles after the needs, after the lifts and after the limits."""
        result = np.zeros((len(self), truth[0].shape[1]), dtype=np.int8)
        reached, after = np.ones(result.shape, dtype=bool), {}
        for kind in ("need", "lift", "limit"):
            lines = [n for n, line in enumerate(_LINES) if any(s and s.kind == kind for s in line)]
            for n in sorted(lines, reverse=kind == "need"):  # the needs of the lowest word first
                held = truth[n][self.choice[:, n]]
                places = np.array([step.place if step else 0 for step in _LINES[n]], dtype=np.int8)
                place = places[self.choice[:, n], None]
                if kind == "need":
                    reached &= held
                    result = result + reached
                elif kind == "lift":
                    result = result + (held & (result == place - 1))
                else:
                    result = np.where(held, np.minimum(result, place), result)
            after[kind] = result
        return after


def family(sizes: Sequence[int]) -> Rules:
    """The rules for so many critical and other aspects: of those alike for all profiles, one."""
    choices = product(*(range(len(line)) for line in _LINES))
    rules = Rules(np.array(list(choices), dtype=np.int16))
    first, _ = _alike(rules.kinds(Lattice(sizes).counts)[0])
    return Rules(rules.choice[np.sort(first)])


def _alike(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The first of all rows that are alike, and which of these each row is like."""
    rows = np.ascontiguousarray(rows)
    whole = rows.view(f"V{rows.shape[1] * rows.itemsize}").ravel()
    _, first, back = np.unique(whole, return_index=True, return_inverse=True)
    return first, back
