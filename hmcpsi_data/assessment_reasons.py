"""Why a profile gets the words it gets: which lines of the rules hold the result, and by which aspects.

A rule stops below its best word because a need is not met or because a limit is hit. The reasons
count the rules that stop for each; the aspects named are those whose ratings make it so.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from hmcpsi_data.assessment_consistent import ConsistentRules
from hmcpsi_data.assessment_profiles import Framework
from hmcpsi_data.assessment_rules import Clause, Step

__all__ = ["alone", "holding", "reasons", "share_in_words"]

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


def reasons(consistent: ConsistentRules, profile: Mapping[str, str]) -> pd.DataFrame:
    """The lines at which consistent rules stop, with the aspects that make it so.

    Returns
    -------
    pandas.DataFrame
        Columns `rating` (where the rules stop), `line` (in words), `n_rules` and `aspects` (a tuple
        of identifiers), the worst rating first and the line with most rules first in each. A rule
        can stop for several reasons at once.
    """
    framework, rules = consistent.framework, consistent.rules
    counts = framework.counts(profile)[None]
    truth = rules.holds(framework.groups, counts)
    needs, lifts, result = (s[:, 0] for s in rules.stages(truth, np.array([0])))
    rows = []
    for n, line in enumerate(rules.lines):
        for at, step in enumerate(line.choices):
            if step is None or step.kind == "lift":
                continue
            level, takes = framework.scale.index(step.level), rules.choice[:, n] == at
            if step.kind == "limit":
                stops = takes & truth[n][at, 0] & (result == level)
            else:
                # a need keeps a rule down only where neither lift nor limit has the last word
                stops = takes & (needs == level - 1) & (lifts == needs) & (result == lifts)
            for place in np.unique(result[stops]):
                number = int((stops & (result == place)).sum())
                makes = _makes(step, profile, framework)
                rows.append((int(place), step.text(framework.scale, rules.noun), number, makes))
    rows.sort(key=lambda row: (row[0], -row[2]))
    found = pd.DataFrame(rows, columns=["rating", "line", "n_rules", "aspects"])
    return found.assign(rating=[framework.scale[place] for place, *_ in rows])


def holding(found: pd.DataFrame, framework: Framework) -> dict[str, int]:
    """For each aspect, how many rules stop at the line that it weighs most in.

    A rule may stop at several lines, so these numbers are not to be added.
    """
    most = dict.fromkeys(framework.labels, 0)
    for aspects, n in zip(found["aspects"], found["n_rules"], strict=True):
        for aspect_id in aspects:
            most[aspect_id] = max(most[aspect_id], n)
    return most


def alone(consistent: ConsistentRules, profile: Mapping[str, str]) -> dict[str, int]:
    """For each aspect, how many rules give a better word if it alone were of the best rating."""
    framework, rules = consistent.framework, consistent.rules
    counts, best = framework.counts(profile), len(framework.scale) - 1
    kinds = sorted({(framework.group(one), framework.scale.index(profile[one])) for one in profile})
    changed = [counts]
    for group, word in kinds:
        other = counts.copy()
        other[group, word] -= 1
        other[group, best] += 1
        changed.append(other)
    result = rules.outcomes(framework.groups, np.array(changed))
    better = (result[:, 1:] > result[:, :1]).sum(axis=0)
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
    critical = aspect_id in framework.critical
    return {"critical": critical, "other": not critical}.get(str(clause.scope), True)
