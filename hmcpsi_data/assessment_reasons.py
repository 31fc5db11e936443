"""Why a profile gets its words: which lines of the rules hold the result, by which aspects.

A rule stops below its best word because a need is not met or because a limit is hit. The reasons
count the rules that stop for each; the aspects named are those whose ratings make it so.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from hmcpsi_data.assessment_clause import Clause
from hmcpsi_data.assessment_consistent import ConsistentRules
from hmcpsi_data.assessment_framework import Framework
from hmcpsi_data.assessment_rules import Step

__all__ = ["Stop", "alone", "holding", "reasons", "share_in_words", "stops"]

_SHARES = [(0.9, "nearly all rules"), (0.55, "most rules"), (0.45, "about half of the rules"),
           (0.1, "some rules"), (0.0, "few rules")]  # fmt: skip


def share_in_words(n: int, of: int) -> str:
    """A share of rules in words, since its digits would pretend to more.

    Examples
    --------
    >>> [share_in_words(n, 100) for n in (0, 3, 30, 50, 80, 95, 100)]
    ['no rule', 'few rules', 'some rules', 'about half of the rules', 'most rules', \
'nearly all rules', 'all rules']
    """
    if n in (0, of):
        return "all rules" if n else "no rule"
    return next(words for least, words in _SHARES if n / of >= least)


class Stop(NamedTuple):
    """Which rules stop at a word because of one line, and which aspects make it so."""

    place: int
    step: Step
    rules: np.ndarray
    aspects: tuple[str, ...]


def stops(consistent: ConsistentRules, profile: Mapping[str, str]) -> list[Stop]:
    """The lines at which consistent rules stop, for a profile by aspect.

    A rule can stop for several reasons at once. Where a limit gives the result, it stops at the
    limit. Else it stops at the need of the next word; where that is met, at the needs that a lift
    made good; where there is no such need, at the lifts that do not act.
    """
    framework, rules = consistent.framework, consistent.rules
    truth = rules.holds(framework.groups, framework.counts(profile)[None])
    _, lifted, result = (stage[:, 0] for stage in rules.stages(truth, np.array([0])))
    steps = [
        (step, framework.scale.index(step.level), rules.choice[:, n] == at, truth[n][at, 0])
        for n, line in enumerate(rules.lines)
        for at, step in enumerate(line.choices)
        if step is not None
    ]
    found, told = [], np.zeros(len(rules), dtype=bool)
    can_go_on = np.zeros(len(rules), dtype=bool)  # there is a need of the next word
    for step, level, takes, _ in steps:
        can_go_on |= takes & (step.kind == "need") & (lifted == level - 1)
    kept = (
        ("need", lambda level: lifted == level - 1),
        ("need", lambda level: can_go_on & (lifted >= level)),
        ("lift", lambda level: ~can_go_on & (lifted == level - 1)),
    )
    for kind, concerns in kept:
        before = told.copy()
        for step, level, takes, held in steps:
            if step.kind == kind and not held:
                stopped = takes & (result == lifted) & concerns(level) & ~before
                told |= stopped
                found.append((step, stopped))
    for step, level, takes, held in steps:
        if step.kind == "limit" and held:
            found.append((step, takes & (result == level)))
    parts = [
        Stop(int(place), step, stopped & (result == place), _makes(step, profile, framework))
        for step, stopped in found
        for place in np.unique(result[stopped])
    ]
    return sorted(parts, key=lambda one: (one.place, -int(one.rules.sum())))


def reasons(consistent: ConsistentRules, found: list[Stop]) -> pd.DataFrame:
    """Where rules stop, as a table.

    Returns
    -------
    pandas.DataFrame
        Columns `rating` (where the rules stop), `line` (in words), `n_rules`, `aspects` (labels,
        joined by "; ") and `caveat`, the worst rating first and the line with most rules first in
        each.
    """
    framework, noun = consistent.framework, consistent.rules.noun
    rows = [
        (
            framework.scale[one.place],
            one.step.text(framework.scale, noun),
            int(one.rules.sum()),
            "; ".join(framework.labels[aspect_id] for aspect_id in one.aspects),
        )
        for one in found
    ]
    columns = ["rating", "line", "n_rules", "aspects"]
    return pd.DataFrame(rows, columns=columns).assign(caveat=consistent.caveat)


def holding(consistent: ConsistentRules, found: list[Stop], target: int) -> dict[str, int]:
    """For each aspect, how many rules stop short of a word because of it."""
    held: dict[str, np.ndarray] = {}
    for one in (one for one in found if one.place < target):
        for aspect_id in one.aspects:
            held[aspect_id] = held.get(aspect_id, False) | one.rules
    return {one: int(np.sum(held.get(one, False))) for one in consistent.framework.labels}


def alone(consistent: ConsistentRules, profile: Mapping[str, str], target: int) -> dict[str, int]:
    """For each aspect, how many more rules reach a word if it alone were of the best rating."""
    framework = consistent.framework
    counts, best = framework.counts(profile), len(framework.scale) - 1
    kinds = sorted({(framework.group(one), framework.scale.index(profile[one])) for one in profile})
    changed = [counts]
    for group, word in kinds:
        other = counts.copy()
        other[group, word] -= 1
        other[group, best] += 1
        changed.append(other)
    result = consistent.outcomes(np.array(changed))
    better = ((result[:, 1:] >= target) & (result[:, :1] < target)).sum(axis=0)
    by_kind = dict(zip(kinds, better.tolist(), strict=True))
    return {
        one: by_kind[framework.group(one), framework.scale.index(word)]
        for one, word in profile.items()
    }


def _makes(step: Step, profile: Mapping[str, str], framework: Framework) -> tuple[str, ...]:
    """The aspects whose ratings leave a need unmet, or hit a limit."""
    found: dict[str, None] = {}
    for clause in step.clauses:
        bad = _bad(clause, framework.scale)
        meant = [one for one in profile if _in_scope(clause, one, framework)]
        met = clause.holds(
            sum(profile[one] in clause.words(framework.scale) for one in meant), len(meant)
        )
        if met == (step.kind == "limit"):
            found |= dict.fromkeys(one for one in meant if profile[one] in bad)
    return tuple(found)


def _bad(clause: Clause, scale: tuple[str, ...]) -> set[str]:
    """The words that an aspect should not have, for the clause's sake."""
    words = clause.words(scale)
    return set(scale) - set(words) if words == scale[-len(words) :] else set(words)


def _in_scope(clause: Clause, aspect_id: str, framework: Framework) -> bool:
    return framework.group(aspect_id) in framework.groups.of[clause.scope]
