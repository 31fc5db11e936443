"""The declared families of rules.

A family is declared in lines, each with the choices that it leaves open. One choice of every line
makes a rule; two rules that give the same word to every profile count once. The families are this
project's own: they say what a rule of this kind could be, not what the inspectorate's rule was.
"""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np

from hmcpsi_data.assessment_clause import SCALE
from hmcpsi_data.assessment_counts import Lattice
from hmcpsi_data.assessment_rules import AssessmentRule
from hmcpsi_data.assessment_ruleset import Groups, Line, RuleSet, distinct

__all__ = ["CRITICAL_FAMILY", "SECTION_FAMILY", "family"]

# name of the line, the question that it answers, and its choices as lines of the rule language
CRITICAL_FAMILY = {
    "excellent": (
        "How many critical aspects must be Excellent for Excellent?",
        [
            *(
                f"Excellent needs at least {n} critical aspects Excellent"
                " and no critical aspect below Good"
                for n in (1, 2, 3)
            ),
            "Excellent needs all critical aspects Excellent",
        ],
    ),
    "good": (
        "How many critical aspects must be Good or better for Good?",
        [
            f"Good needs {count} critical aspects Good or better"
            for count in ("at least 3", "at least 4", "all")
        ],
    ),
    "fair": (
        "How many critical aspects must be Fair or better for Fair?",
        [
            f"Fair needs {count} critical aspects Fair or better"
            for count in ("at least 3", "at least 4", "all")
        ],
    ),
    "lift": (
        "Can strong ratings lift the result?",
        [
            None,
            "from Good to Excellent with at least 2 aspects Excellent and no aspect below Good",
            "from Fair to Good with at least 3 non-critical aspects Excellent",
        ],
    ),
    "critical_poor": (
        "Does a Poor critical aspect limit the result?",
        [None, "at most Fair with any critical aspect Poor"],
    ),
    "others_poor": (
        "How many non-critical aspects may be Poor for Good?",
        [None, *(f"at most Fair with more than {n} non-critical aspects Poor" for n in (0, 1))],
    ),
    "others_below_good": (
        "How many non-critical aspects may be below Good for Good?",
        [
            None,
            *(
                f"at most Fair with more than {n} non-critical aspects below Good"
                for n in (1, 2, 3, 4)
            ),
        ],
    ),
    "excellent_limit": (
        "How many non-critical aspects may be below Good for Excellent?",
        [None, "at most Good with any non-critical aspect below Good"],
    ),
    "many_poor": (
        "Do many Poor aspects make the result Poor?",
        [None, "at most Poor with more than 3 aspects Poor"],
    ),
}
"""Rules for frameworks with critical aspects: the critical ones lead, the others are overlaid."""

SECTION_FAMILY = {
    "excellent": (
        "What does Excellent need?",
        [
            f"Excellent needs {count} criteria Excellent{rest}"
            for count in ("at least 1", "at least half", "most", "all")
            for rest in ("", " and all criteria Good or better")
        ],
    ),
    "good": (
        "What does Good need?",
        [
            f"Good needs {count} criteria Good or better"
            for count in ("at least 1", "at least half", "most", "all but 1", "all")
        ],
    ),
    "fair": (
        "What does Fair need?",
        [
            f"Fair needs {count} criteria Fair or better"
            for count in ("at least 1", "at least half", "most", "all but 1", "all")
        ],
    ),
    "poor": (
        "Does a Poor criterion limit the result?",
        [None, "at most Fair with any criterion Poor", "at most Poor with any criterion Poor"],
    ),
}
"""Rules from the criteria to a section, none of the criteria being critical."""


@cache
def family(
    name: str = "critical", sizes: tuple[int, ...] = (5, 9), scale: tuple[str, ...] = SCALE
) -> RuleSet:
    """The rules of a declared family, no two of which agree on every profile.

    Parameters
    ----------
    name : str
        critical (`CRITICAL_FAMILY`) or section (`SECTION_FAMILY`).
    sizes : tuple of int
        How many critical and other aspects there are; for sections, the numbers of criteria that
        occur.
    scale : tuple of str
        The words, the worst first.

    Examples
    --------
    >>> rules = family()
    >>> print(rules.rule(0))
    Excellent needs at least 1 critical aspect Excellent and no critical aspect below Good
    Good needs at least 3 critical aspects Good or better
    Fair needs at least 3 critical aspects Fair or better
    """
    declared = {"critical": CRITICAL_FAMILY, "section": SECTION_FAMILY}[name]
    noun = ("aspect", "aspects") if name == "critical" else ("criterion", "criteria")
    lines = []
    for key, (question, texts) in declared.items():
        steps = [AssessmentRule.read(text, scale).steps[0] if text else None for text in texts]
        lines.append(Line(key, question, tuple(steps)))
    choices = np.array(list(product(*(range(len(line.choices)) for line in lines))), np.int16)
    rules = RuleSet(lines, choices, scale, noun)
    if name == "critical":
        shapes = [Groups.critical_and_other(*sizes)]
    else:
        shapes = [Groups.alike(n) for n in sizes]
    told = [
        rules.outcomes(groups, _representatives(rules, groups, len(scale))) for groups in shapes
    ]
    together = np.ascontiguousarray(np.concatenate(told, axis=1))
    _, first = np.unique(together.view(f"V{together.shape[1]}").ravel(), return_index=True)
    return rules.only(np.sort(first))


def _representatives(rules: RuleSet, groups: Groups, n_words: int) -> np.ndarray:
    """One profile of each kind that no line of the rules tells apart."""
    counts = Lattice(groups.sizes, n_words).counts
    same, _ = distinct(rules.holds(groups, counts))
    return counts[same]
