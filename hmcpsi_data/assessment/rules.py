"""The declared family of rules that lead from fourteen ratings to one word, as data.

A rule says what each word needs, then what lifts the result by one word, then what limits it:

    Excellent needs at least 1 critical aspect Excellent and no critical aspect below Good
    Good needs at least 4 critical aspects Good or better
    Fair needs at least 3 critical aspects Fair or better
    from Good to Excellent with at least 2 aspects Excellent and no aspect below Good
    at most Fair with more than 2 non-critical aspects below Good

A word is reached where its own needs and those of all words below it are met; what meets none is
the worst word. A lift acts on what stands one word below; the limits come last. The family leaves
choices open; one choice of every line makes a rule, and two rules that give the same word to every
profile count once.

Every clause counts aspects, and no rating is ever a number. Needs and lifts ask for better ratings,
limits point at worse ones, so bettering an aspect never worsens the result.

The family is this project's own: it says what a rule of this kind could be, not what the
inspectorate's rule was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import combinations_with_replacement, product
from typing import NamedTuple

import numpy as np

__all__ = [
    "FAMILY",
    "SCALE",
    "Clause",
    "Lattice",
    "Line",
    "Rules",
    "Step",
    "compositions",
    "family",
]

SCALE = ("Poor", "Fair", "Good", "Excellent")
"""The words that the family is declared for, the worst first."""

_GROUPS = {"critical": [0], "other": [1], "all": [0, 1]}


class Clause(NamedTuple):
    """At least `n` aspects (all, where not given) of a scope are rated a word or better.

    With `below`, those rated below the word are counted, and with `n` = 0 there must be none.
    """

    scope: str
    level: str
    n: int | None = None
    below: bool = False

    def counts(self, level: int) -> bool:
        """Whether a word of the scale, by its place, is one of those that are counted."""
        return (level < SCALE.index(self.level)) == self.below

    def holds(self, counts: np.ndarray) -> np.ndarray:
        """Whether it holds, for profiles as counts by group and word."""
        of_group = counts[:, _GROUPS[self.scope]]
        words = [level for level in range(len(SCALE)) if self.counts(level)]
        found = of_group[:, :, words].sum(axis=(1, 2))
        if self.below and self.n == 0:
            return found == 0
        return found >= (of_group.sum(axis=(1, 2)) if self.n is None else self.n)

    def text(self) -> str:
        """The clause in words."""
        one = {"critical": "critical aspect", "other": "non-critical aspect", "all": "aspect"}
        aspect, aspects = one[self.scope], f"{one[self.scope]}s"
        if self.n is None:
            return f"all {aspects} {self._rated()}"
        if not self.below:
            return f"at least {self.n} {aspect if self.n == 1 else aspects} {self._rated()}"
        if self.n < 2:
            return f"{'any' if self.n else 'no'} {aspect} {self._rated()}"
        return f"more than {self.n - 1} {aspect if self.n == 2 else aspects} {self._rated()}"

    def _rated(self) -> str:
        if self.below:
            return SCALE[0] if self.level == SCALE[1] else f"below {self.level}"
        return self.level if self.level == SCALE[-1] else f"{self.level} or better"


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
        starts = {
            "need": f"{self.level} needs",
            "lift": f"from {SCALE[self.place - 1]} to {self.level} with",
            "limit": f"at most {self.level} with",
        }
        return f"{starts[self.kind]} {' and '.join(one.text() for one in self.clauses)}"


class Line(NamedTuple):
    """A line of the family: the question that it leaves open, and the choices."""

    name: str
    question: str
    choices: tuple[Step | None, ...]

    def words(self) -> list[str]:
        """The choices in words."""
        return [step.text() if step else "no such line" for step in self.choices]


def _limit(level: str, clause: Clause) -> Step:
    return Step("limit", level, (clause,))


_NONE_WEAK = Clause("critical", "Good", 0, below=True)

FAMILY = (
    Line(
        "excellent",
        "How many critical aspects must be Excellent for Excellent?",
        (
            *(
                Step("need", "Excellent", (Clause("critical", "Excellent", n), _NONE_WEAK))
                for n in (1, 2, 3)
            ),
            Step("need", "Excellent", (Clause("critical", "Excellent"),)),
        ),
    ),
    Line(
        "good",
        "How many critical aspects must be Good or better for Good?",
        tuple(Step("need", "Good", (Clause("critical", "Good", n),)) for n in (3, 4, None)),
    ),
    Line(
        "fair",
        "How many critical aspects must be Fair or better for Fair?",
        tuple(Step("need", "Fair", (Clause("critical", "Fair", n),)) for n in (3, 4, None)),
    ),
    Line(
        "lift",
        "Can strong ratings lift the result?",
        (
            None,
            Step(
                "lift",
                "Excellent",
                (Clause("all", "Excellent", 2), Clause("all", "Good", 0, below=True)),
            ),
            Step("lift", "Good", (Clause("other", "Excellent", 3),)),
        ),
    ),
    Line(
        "critical_poor",
        "Does a Poor critical aspect limit the result?",
        (None, _limit("Fair", Clause("critical", "Fair", 1, below=True))),
    ),
    Line(
        "others_poor",
        "How many non-critical aspects may be Poor for Good?",
        (None, *(_limit("Fair", Clause("other", "Fair", n, below=True)) for n in (1, 2))),
    ),
    Line(
        "others_below_good",
        "How many non-critical aspects may be below Good for Good?",
        (None, *(_limit("Fair", Clause("other", "Good", n, below=True)) for n in (2, 3, 4, 5))),
    ),
    Line(
        "excellent_limit",
        "How many non-critical aspects may be below Good for Excellent?",
        (None, _limit("Good", Clause("other", "Good", 1, below=True))),
    ),
    Line(
        "many_poor",
        "Do many Poor aspects make the result Poor?",
        (None, _limit("Poor", Clause("all", "Fair", 4, below=True))),
    ),
)
"""The lines of the family; the critical aspects lead, the others are overlaid."""


def compositions(n: int, k: int) -> np.ndarray:
    """All ways to give one of `k` words to each of `n` aspects, as counts of the words."""
    rows = [
        np.bincount(words, minlength=k) if words else np.zeros(k, dtype=int)
        for words in combinations_with_replacement(range(k), n)
    ]
    return np.array(rows, dtype=np.int16)


class Lattice:
    """All profiles that rules can tell apart: how many critical and other aspects have each word.

    Five critical aspects have 56 possible counts of four words and nine others have 220: 12,320
    pairs stand for all 268,435,456 profiles. What is shown for these is shown for every profile.

    Examples
    --------
    >>> len(Lattice([5, 9]).counts)
    12320
    """

    def __init__(self, sizes: Sequence[int]) -> None:
        self.sizes = tuple(sizes)
        self._ways = [compositions(n, len(SCALE)) for n in self.sizes]
        self._place = []
        for n, ways in zip(self.sizes, self._ways, strict=True):
            places = np.full((n + 1) ** len(SCALE), -1, dtype=np.int64)
            places[self._keys(n, ways)] = np.arange(len(ways))
            self._place.append(places)

    @cached_property
    def counts(self) -> np.ndarray:
        """Profiles by groups by words."""
        return self.completions(np.zeros((len(self.sizes), len(SCALE)), dtype=np.int16))

    def completions(self, known: np.ndarray) -> np.ndarray:
        """The counts of all profiles that agree with the known ratings."""
        unknown = np.array(self.sizes) - known.sum(axis=1)
        ways = [
            group + compositions(int(n), len(SCALE))
            for group, n in zip(known, unknown, strict=True)
        ]
        places = np.indices([len(way) for way in ways]).reshape(len(ways), -1)
        return np.stack([way[at] for way, at in zip(ways, places, strict=True)], axis=1)

    def index(self, counts: np.ndarray) -> np.ndarray:
        """At which place of `counts` these counts stand."""
        found = np.zeros(len(counts), dtype=np.int64)
        for group, (n, places) in enumerate(zip(self.sizes, self._place, strict=True)):
            found = found * len(self._ways[group]) + places[self._keys(n, counts[:, group])]
        return found

    @staticmethod
    def _keys(n: int, counts: np.ndarray) -> np.ndarray:
        return counts.astype(np.int64) @ (n + 1) ** np.arange(len(SCALE))


class Rules:
    """Many rules of the family, evaluated at once: rules by lines, which choice each one takes.

    What a line asks is looked up once for each kind of profile that no line tells apart.
    """

    def __init__(self, choice: np.ndarray, lines: Sequence[Line] = FAMILY) -> None:
        self.choice, self.lines = choice, tuple(lines)

    def __len__(self) -> int:
        return len(self.choice)

    def only(self, which: np.ndarray) -> Rules:
        """Some of the rules."""
        return Rules(self.choice[which], self.lines)

    def text(self, number: int) -> str:
        """One rule in words, a step a line."""
        steps = (line.choices[at] for line, at in zip(self.lines, self.choice[number], strict=True))
        return "\n".join(step.text() for step in steps if step)

    def takes(self, line: int) -> np.ndarray:
        """How many rules take each choice of a line."""
        return np.bincount(self.choice[:, line], minlength=len(self.lines[line].choices))

    def holds(self, counts: np.ndarray) -> list[np.ndarray]:
        """For each line, choices by profiles: whether all clauses of the choice hold."""
        nothing = np.zeros(len(counts), dtype=bool)
        return [
            np.array(
                [
                    np.logical_and.reduce([one.holds(counts) for one in step.clauses])
                    if step
                    else nothing
                    for step in line.choices
                ]
            )
            for line in self.lines
        ]

    def kinds(self, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Rules by kinds of profile that no line tells apart, and the kind of each profile."""
        truth = self.holds(counts)
        bits = np.ascontiguousarray(np.packbits(np.concatenate(truth), axis=0).T)
        _, first, back = np.unique(
            bits.view(f"V{bits.shape[1]}").ravel(), return_index=True, return_inverse=True
        )
        return self.stages([rows[:, first] for rows in truth])[-1], back

    def outcomes(self, counts: np.ndarray) -> np.ndarray:
        """Rules by profiles: the place of the word on the scale, 0 for the worst."""
        kinds, back = self.kinds(counts)
        return kinds[:, back]

    def stages(self, truth: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Rules by profiles after the needs, after the lifts, and after the limits."""
        shape = (len(self), truth[0].shape[1])
        result = np.zeros(shape, dtype=np.int8)
        reached = np.ones(shape, dtype=bool)
        for level in range(1, len(SCALE)):
            met = np.zeros(shape, dtype=bool)
            for _, held in self._acting("need", truth, level):
                met |= held
            reached &= met
            result += reached
        needs = result.copy()
        for level, held in self._acting("lift", truth):
            result += held & (result == level - 1)
        lifts = result.copy()
        for level, held in self._acting("limit", truth):
            np.minimum(result, np.where(held, level, len(SCALE)), out=result, casting="unsafe")
        return needs, lifts, result

    def _acting(
        self, kind: str, truth: list[np.ndarray], only: int | None = None
    ) -> Iterator[tuple[int, np.ndarray]]:
        """The words of the steps of a kind, with rules by profiles: whether one of them holds."""
        for line, rows in enumerate(truth):
            steps = self.lines[line].choices
            levels = sorted({step.place for step in steps if step and step.kind == kind})
            for level in levels if only is None else [one for one in levels if one == only]:
                fits = [step is not None and step[:2] == (kind, SCALE[level]) for step in steps]
                yield level, (rows & np.array(fits)[:, None])[self.choice[:, line]]


def family(sizes: tuple[int, int]) -> Rules:
    """All rules of the family for so many critical and other aspects, each told apart by a profile.

    Examples
    --------
    >>> rules = family((5, 9))
    >>> len(rules)
    8456
    >>> print(rules.text(0))
    Excellent needs at least 1 critical aspect Excellent and no critical aspect below Good
    Good needs at least 3 critical aspects Good or better
    Fair needs at least 3 critical aspects Fair or better
    """
    choices = product(*(range(len(line.choices)) for line in FAMILY))
    rules = Rules(np.array(list(choices), dtype=np.int16))
    kinds = np.ascontiguousarray(rules.kinds(Lattice(sizes).counts)[0])
    _, first = np.unique(kinds.view(f"V{kinds.shape[1]}").ravel(), return_index=True)
    return rules.only(np.sort(first))
