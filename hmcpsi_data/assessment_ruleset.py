"""Rules by the thousand over the same groups of aspects, evaluated at once.

A set of rules is made of lines, each with choices; a rule takes one choice of every line. What a
line asks is looked up once for each kind of profile that no line tells apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from hmcpsi_data.assessment_clause import SCALE, Clause, RuleError
from hmcpsi_data.assessment_rules import AssessmentRule, Step

__all__ = ["Groups", "Line", "RuleSet", "distinct"]

_NONE = "no such line"
_ORDER = ("need", "lift", "limit")


@dataclass(frozen=True)
class Groups:
    """The groups of aspects that rules may count, and how large they are.

    Attributes
    ----------
    sizes : tuple of int
        How many aspects each group has.
    of : mapping
        The groups that a scope of a clause means.
    """

    sizes: tuple[int, ...]
    of: Mapping[str | tuple[str, ...], tuple[int, ...]]

    @classmethod
    def critical_and_other(cls, n_critical: int, n_other: int) -> Groups:
        """Two groups, for frameworks with critical aspects."""
        return cls((n_critical, n_other), {"critical": (0,), "other": (1,), "all": (0, 1)})

    @classmethod
    def alike(cls, n: int) -> Groups:
        """One group, where no aspect is critical."""
        return cls((n,), {"other": (0,), "all": (0,)})


@dataclass(frozen=True)
class Line:
    """One line of a family: its choices, each a step of a rule or none."""

    name: str
    question: str
    choices: tuple[Step | None, ...]

    def words(self, noun: tuple[str, str] = ("aspect", "aspects")) -> list[str]:
        """The choices in words."""
        return [step.text(noun=noun) if step else _NONE for step in self.choices]


class RuleSet:
    """Many rules over the same groups of aspects, evaluated at once.

    Parameters
    ----------
    lines : sequence of Line
        The choices that rules are made of.
    choice : numpy.ndarray
        rules by lines: which choice of each line a rule takes.
    scale : tuple of str
        The words, the worst first.
    noun : pair of str
        What an aspect is called, one and several.
    """

    def __init__(
        self,
        lines: Sequence[Line],
        choice: np.ndarray,
        scale: tuple[str, ...] = SCALE,
        noun: tuple[str, str] = ("aspect", "aspects"),
    ) -> None:
        self.lines, self.choice, self.scale, self.noun = tuple(lines), choice, scale, noun

    @classmethod
    def of(cls, rules: Iterable[AssessmentRule], scale: tuple[str, ...] = SCALE) -> RuleSet:
        """Rules written by hand, as a set."""
        rules = list(rules)
        kept: dict[tuple[str, int], list[Step | None]] = {}
        for rule in rules:
            for key in _keyed(rule):
                kept.setdefault(key, [None])
        # needs from the worst word up, then lifts, then limits, as a single rule does it
        keys = sorted(kept, key=lambda key: (_ORDER.index(key[0]), key[1]))
        choice = np.zeros((len(rules), len(keys)), dtype=np.int16)
        for row, rule in enumerate(rules):
            for key, step in _keyed(rule).items():
                if step not in kept[key]:
                    kept[key].append(step)
                choice[row, keys.index(key)] = kept[key].index(step)
        lines = [Line(f"{kind} {n}", "", tuple(kept[kind, n])) for kind, n in keys]
        return cls(lines, choice, scale)

    def __len__(self) -> int:
        return len(self.choice)

    def rule(self, number: int) -> AssessmentRule:
        """One of the rules."""
        steps = [line.choices[at] for line, at in zip(self.lines, self.choice[number], strict=True)]
        return AssessmentRule(tuple(step for step in steps if step), self.scale)

    def only(self, which: np.ndarray) -> RuleSet:
        """Some of the rules."""
        return RuleSet(self.lines, self.choice[which], self.scale, self.noun)

    def holds(self, groups: Groups, counts: np.ndarray) -> list[np.ndarray]:
        """For each line, choices by profiles: whether the clauses of the choice hold."""
        found = []
        for line in self.lines:
            rows = np.zeros((len(line.choices), len(counts)), dtype=bool)
            for at, step in enumerate(line.choices):
                if step:
                    tests = [_test(one, groups, counts, self.scale) for one in step.clauses]
                    rows[at] = np.logical_and.reduce(tests)
            found.append(rows)
        return found

    def outcomes(self, groups: Groups, counts: np.ndarray) -> np.ndarray:
        """Rules by profiles: the place of the word on the scale, 0 for the worst."""
        kinds, back = self.kinds(groups, counts)
        return kinds[:, back]

    def kinds(self, groups: Groups, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Outcomes of one profile of each kind that no line tells apart, and the kind of each.

        Returns
        -------
        numpy.ndarray, numpy.ndarray
            rules by kinds, the place of the word on the scale; profiles, the number of the kind.
        """
        truth = self.holds(groups, counts)
        same, back = distinct(truth)
        return self.stages(truth, same)[-1], back

    def stages(self, truth: list[np.ndarray], same: np.ndarray) -> list[np.ndarray]:
        """Rules by profiles after the needs, after the lifts, and after the limits."""
        result = np.zeros((len(self), len(same)), dtype=np.int8)
        reached = np.ones(result.shape, dtype=bool)
        stages = {}
        for step, at, held in self._in_order(truth, same):
            if step == "need":
                reached &= held
                result += reached
            elif step == "lift":
                result += held & (result == at - 1)
            else:
                np.minimum(result, np.where(held, at, np.int8(len(self.scale))), out=result)
            stages[step] = result.copy() if step != "limit" else result
        needs = stages["need"]
        lifts = stages.get("lift", needs)
        return [needs, lifts, stages.get("limit", lifts)]

    def _in_order(self, truth: list[np.ndarray], same: np.ndarray):
        """Kind, level and rules by profiles of every line, in the order in which they act."""
        for at in range(1, len(self.scale)):
            yield "need", at, self._held(truth, same, "need", at)
        for kind in ("lift", "limit"):
            for line, rows in enumerate(truth):
                levels = {
                    self.scale.index(step.level)
                    for step in self.lines[line].choices
                    if step and step.kind == kind
                }
                for at in sorted(levels):
                    yield kind, at, self._of_line(rows, same, line, kind, at)

    def _held(self, truth: list[np.ndarray], same: np.ndarray, kind: str, at: int) -> np.ndarray:
        """Whether the need of a word holds; a word without any is never reached."""
        held = np.zeros((len(self), len(same)), dtype=bool)
        for line, rows in enumerate(truth):
            if any(step and step.kind == kind for step in self.lines[line].choices):
                held |= self._of_line(rows, same, line, kind, at)
        return held

    def _of_line(
        self, rows: np.ndarray, same: np.ndarray, line: int, kind: str, at: int
    ) -> np.ndarray:
        steps = self.lines[line].choices
        fits = [bool(s) and s.kind == kind and self.scale.index(s.level) == at for s in steps]
        return (rows[:, same] & np.array(fits)[:, None])[self.choice[:, line]]

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per rule, one column per line: its choice in words."""
        words = {line.name: np.array(line.words(self.noun), dtype=object) for line in self.lines}
        columns = enumerate(words.items())
        return pd.DataFrame(
            {name: pd.array(text[self.choice[:, n]], dtype="string") for n, (name, text) in columns}
        )


def _keyed(rule: AssessmentRule) -> dict[tuple[str, int], Step]:
    """The steps of a rule by kind, and by level for needs, else in their order."""
    found: dict[tuple[str, int], Step] = {}
    for step in rule.steps:
        of_kind = [key for key in found if key[0] == step.kind]
        place = rule.scale.index(step.level) if step.kind == "need" else len(of_kind)
        found[step.kind, place] = step
    return found


def _test(clause: Clause, groups: Groups, counts: np.ndarray, scale: tuple[str, ...]) -> np.ndarray:
    """Whether a clause holds, profile by profile."""
    if clause.scope not in groups.of:
        problem = f'"{clause}" counts aspects that this framework does not tell apart.'
        raise RuleError(problem, f"It knows: {', '.join(map(str, groups.of))}.")
    meant = groups.of[clause.scope]
    words = [scale.index(word) for word in clause.words(scale)]
    n = counts[:, list(meant)][:, :, words].sum(axis=(1, 2))
    need = clause.need(sum(groups.sizes[group] for group in meant))
    return n >= need if clause.compare == "at least" else n <= need


def distinct(truth: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Profiles that no line tells apart: one of each kind, and which kind each profile is."""
    bits = np.packbits(np.concatenate(truth), axis=0).T
    _, first, back = np.unique(
        np.ascontiguousarray(bits).view(f"V{bits.shape[1]}").ravel(),
        return_index=True,
        return_inverse=True,
    )
    return first, back
