"""From fourteen aspects to one word: what the rule of 2006 can have been, and what if.

The Overall Performance Assessment of 2005-06 says that five critical aspects drive the overall
rating and that the other nine are overlaid. Its rule is not among our sources. So there is no rule
here, but a declared family of them (`CRITICAL_FAMILY`), and the members that agree with every Area
of which enough is known (`consistent_rules`). `overall` says which overall words they allow for a
profile and why; `what_if` says what would have to change. Where they differ, the answer is a set.

The family is this project's own judgement. Every result is a reconstruction, says with which Areas
it agrees, and is not the inspectorate's rule. A share of rules is no probability: it depends on
which rules we thought of.

No rating is ever a number. Rules count aspects, and every rule is monotone: bettering an aspect
never worsens the result. That holds by construction (needs ask for better ratings, limits point at
worse ones), and a test proves it anew for every rule over all profiles.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

import pandas as pd

from hmcpsi_data.assessment_clause import Clause, RuleError
from hmcpsi_data.assessment_consistent import ConsistentRules
from hmcpsi_data.assessment_family import CRITICAL_FAMILY
from hmcpsi_data.assessment_known import consistent_rules, profile
from hmcpsi_data.assessment_results import Overall, assessed_of, overall_of
from hmcpsi_data.assessment_rules import AssessmentRule, Step
from hmcpsi_data.assessment_sections import sections
from hmcpsi_data.assessment_sensitivity import sensitivity_of
from hmcpsi_data.assessment_ways import WhatIf, what_if_of
from hmcpsi_data.errors import UnknownValueError, quote

__all__ = [
    "CRITICAL_FAMILY",
    "AssessmentRule",
    "Clause",
    "ConsistentRules",
    "Overall",
    "RuleError",
    "Step",
    "WhatIf",
    "assessed",
    "consistent_rules",
    "overall",
    "profile",
    "sections",
    "sensitivity",
    "what_if",
]

_Folder = str | os.PathLike[str] | None


def overall(
    profile: Mapping[str, str] | pd.Series | pd.DataFrame,
    rules: ConsistentRules | None = None,
    folder: _Folder = None,
    target: str = "Good",
    in_part: bool = False,
) -> Overall:
    """The overall words that consistent rules allow for a profile, with the reasons.

    Parameters
    ----------
    profile : mapping, Series or DataFrame
        A rating for each aspect, by label or identifier, or rows of `ratings` of one inspection.
    rules : ConsistentRules, optional
        As from `consistent_rules`, which is called where they are not given.
    folder : path, optional
        As for `load`.
    target : str
        The word by which each aspect is looked at: what keeps rules short of it, and what would
        reach it alone. The possible words do not depend on it.
    in_part : bool
        Whether ratings may be missing. They are not known then, and never taken for Poor: each word
        counts that some completion would get.

    Returns
    -------
    Overall
        Its `frame` has one row per possible word, the worst first.

    Raises
    ------
    UnknownValueError
        Where an aspect, a rating or the target is not known.
    FrameworkError
        Where an aspect has no rating or is there twice, or the ratings are of another framework.
    RuleError
        Where `rules` are none.

    Examples
    --------
    >>> from hmcpsi_data.assessment import profile
    >>> overall(profile("Leicestershire")).possible
    ('Fair',)
    >>> overall(profile("Essex", in_part=True), in_part=True).possible
    ('Poor', 'Fair', 'Good')
    """
    found = _rules(rules, folder)
    given = found.framework.asked(profile, in_part)
    return overall_of(found, given, _goal(target, found))


def what_if(
    profile: Mapping[str, str] | pd.Series | pd.DataFrame,
    target: str = "Good",
    rules: ConsistentRules | None = None,
    folder: _Folder = None,
) -> WhatIf:
    """The smallest sets of changes by which a profile would reach an overall word.

    A set is smallest where it betters as few aspects as can be and takes none further than it must.
    It is told twice: under all consistent rules, where the word is certain as far as the family
    goes, and under at least one, where it is possible.

    Parameters
    ----------
    profile, rules, folder
        As for `overall`.
    target : str
        The word to reach, or a better one.

    Returns
    -------
    WhatIf
        Its `frame` has one row per move of each set.

    Raises
    ------
    UnknownValueError, FrameworkError, RuleError
        As for `overall`; also where the target is no word of the scale.

    Examples
    --------
    >>> from hmcpsi_data.assessment import profile
    >>> what_if(profile("Suffolk"), "Excellent").words
    'The profile reaches Excellent as it stands under all consistent rules.'
    """
    found = _rules(rules, folder)
    return what_if_of(found, found.framework.checked(profile), _goal(target, found))


def _rules(rules: ConsistentRules | None, folder: _Folder) -> ConsistentRules:
    if rules is None:
        return consistent_rules(folder=folder)
    if not isinstance(rules, ConsistentRules):
        remedy = "Give what consistent_rules(...) returns; its argument rules takes rules of yours."
        raise RuleError(f"{quote(rules)} is no set of consistent rules.", remedy)
    return rules


def _goal(target: str, rules: ConsistentRules) -> str:
    if not isinstance(target, str) or target not in rules.framework.scale:
        raise UnknownValueError("target", target, rules.framework.scale, 'load("scales")')
    return target


def assessed(
    profile: Mapping[str, str] | pd.Series | pd.DataFrame,
    target: str = "Good",
    rules: ConsistentRules | None = None,
    folder: _Folder = None,
    in_part: bool = False,
) -> pd.DataFrame:
    """Profile, possible overall words and shortest ways in one table, to take away.

    Parameters
    ----------
    profile, target, rules, folder
        As for `what_if`.
    in_part : bool
        As for `overall`; where a rating is not known there are no ways.

    Returns
    -------
    pandas.DataFrame
        One row per aspect (`part` is aspect), per possible word (overall) and per move of a
        shortest way (way). `n_rules` of `of_rules` consistent rules give the word, or stop
        short of the target because of the aspect. `source_id` names the sources of the known Areas.

    Examples
    --------
    >>> from hmcpsi_data.assessment import profile
    >>> assessed(profile("Suffolk"), "Excellent")["part"].value_counts().to_dict()
    {'aspect': 14, 'overall': 1}
    """
    found = _rules(rules, folder)
    given, goal = found.framework.asked(profile, in_part), _goal(target, found)
    ways = what_if_of(found, given, goal) if None not in given.values() else None
    return assessed_of(found, overall_of(found, given, goal), ways)


def sensitivity(
    profile: Mapping[str, str] | pd.Series | pd.DataFrame,
    target: str = "Good",
    rules: ConsistentRules | None = None,
    folder: _Folder = None,
) -> pd.DataFrame:
    """How much the answer of `what_if` hangs on each open question of the family.

    Parameters
    ----------
    profile, target, rules, folder
        As for `what_if`.

    Returns
    -------
    pandas.DataFrame
        One row per choice that some consistent rule makes: `question`, `choice`, `n_rules`, and how
        many aspects must be better for the target under `at_least_one` of these rules and under
        `all_rules` of them (empty where no betterment is enough); with the `caveat`.
    """
    found = _rules(rules, folder)
    return sensitivity_of(found, found.framework.checked(profile), _goal(target, found))
