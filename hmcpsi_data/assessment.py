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
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from hmcpsi_data.area import resolve
from hmcpsi_data.assessment_clause import Clause, RuleError
from hmcpsi_data.assessment_consistent import ConsistentRules, checked
from hmcpsi_data.assessment_family import CRITICAL_FAMILY, family
from hmcpsi_data.assessment_profiles import KnownArea, known_areas, needed_words, read_framework
from hmcpsi_data.assessment_results import Overall, WhatIf, assessed_of, overall_of, what_if_of
from hmcpsi_data.assessment_rules import AssessmentRule, Step
from hmcpsi_data.assessment_ruleset import RuleSet
from hmcpsi_data.assessment_sections import sections
from hmcpsi_data.description import data_folder, table
from hmcpsi_data.errors import FrameworkError, UnknownValueError
from hmcpsi_data.reading import file_state
from hmcpsi_data.tables import load

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
    "what_if",
]

_Folder = str | os.PathLike[str] | None
_READ = (
    "aspect_sets", "aspects", "areas", "distributions", "frameworks", "inspections",
    "profile_counts", "rating_sources", "ratings", "scales", "sources",
)  # fmt: skip
_known: dict[tuple[Path, str], tuple[tuple[Any, ...], ConsistentRules]] = {}


def consistent_rules(
    set_id: str = "opa_2005",
    rules: Iterable[AssessmentRule] | None = None,
    folder: _Folder = None,
) -> ConsistentRules:
    """The rules that agree with every Area of which enough is known.

    An Area with all aspects known must get its word. Of an Area that is known in part, some
    completion of what is not known must get it. Where numbers of Areas by overall rating were
    published, each word that some Area had must be possible at all. A row that is added to the
    tables narrows the rules without any change here.

    Parameters
    ----------
    set_id : str
        The set of aspects; it must say which are critical.
    rules : iterable of AssessmentRule, optional
        Rules of your own, in place of the declared family.
    folder : path, optional
        As for `load`.

    Returns
    -------
    ConsistentRules
        How many of how many, the checks one by one, and what the rules disagree about. It may be
        empty; it says so in words then, and so does what follows from it.

    Raises
    ------
    UnknownValueError
        Where there is no such set.
    FrameworkError
        Where the critical aspects of the set are not known.
    DataError
        Where what is said of an Area contradicts itself.

    Examples
    --------
    >>> found = consistent_rules()
    >>> 0 < len(found) < found.of
    True
    >>> own = AssessmentRule.read("Fair needs no critical aspect Poor")
    >>> print(consistent_rules(rules=[own]).words.partition(",")[0])
    None of the 1 rules of the declared family agrees with all that is known
    """
    if rules is not None:
        return _consistent(set_id, list(rules), folder)
    base = data_folder(folder).absolute()
    states = [file_state(base / table(name).file) for name in _READ]
    state = tuple((one.st_mtime_ns, one.st_size) for one in states)
    found = _known.get((base, set_id))
    if found is None or found[0] != state:
        found = _known[base, set_id] = (state, _consistent(set_id, None, folder))
    return found[1]


def _consistent(
    set_id: str, rules: list[AssessmentRule] | None, folder: _Folder
) -> ConsistentRules:
    framework = read_framework(set_id, folder)
    if rules is None:
        members = family("critical", framework.sizes, framework.scale)
    else:
        members = RuleSet.of(rules, framework.scale)
    words = needed_words(framework, folder)
    return checked(framework, members, known_areas(framework, folder), words)


def profile(
    area: str = "Leicestershire",
    set_id: str = "opa_2005",
    folder: _Folder = None,
    **changes: str,
) -> pd.Series:
    """The ratings of an Area whose aspects are all known, with changes of yours.

    Parameters
    ----------
    area : str
        An Area, by identifier or name.
    set_id : str
        The set of aspects.
    folder : path, optional
        As for `load`.
    **changes
        Other ratings, by the aspect's identifier without that of its set (``disclosure="Poor"``).

    Returns
    -------
    pandas.Series
        Ratings by label, the critical aspects first, named after the Area.

    Raises
    ------
    UnknownValueError
        Where the Area, an aspect or a rating is not known.
    FrameworkError
        Where not all of its aspects are known.

    Examples
    --------
    >>> profile("Leicestershire", disclosure="Excellent").tail(5).tolist()
    ['Excellent', 'Fair', 'Good', 'Fair', 'Excellent']
    """
    framework = read_framework(set_id, folder)
    known = {_area_of(one, folder): one for one in known_areas(framework, folder)}
    area_id = resolve(area, folder)
    if area_id not in known or not known[area_id].whole(framework):
        whole = [one.area for one in known.values() if one.whole(framework)]
        problem = f"Not all {len(framework.labels)} aspects of {area} are known under {set_id}."
        remedy = f"Known in full: {', '.join(whole) or 'none'}."
        raise FrameworkError([framework.framework_id], problem, remedy)
    ratings = known[area_id].profile | framework.checked(changes, whole=False)
    labelled = {framework.labels[key]: word for key, word in ratings.items()}
    return pd.Series(labelled, name=known[area_id].area, dtype="string")


def _area_of(known: KnownArea, folder: _Folder) -> str:
    found = load("inspections", folder).set_index("inspection_id")["area_id"]
    return found[known.inspection_id]


def overall(
    profile: Mapping[str, str] | pd.Series | pd.DataFrame,
    rules: ConsistentRules | None = None,
    folder: _Folder = None,
    target: str = "Good",
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

    Returns
    -------
    Overall
        Its `frame` has one row per possible word, the worst first.

    Raises
    ------
    UnknownValueError
        Where an aspect, a rating or the target is not known.
    FrameworkError
        Where an aspect is missing or there twice.

    Examples
    --------
    >>> from hmcpsi_data.assessment import profile
    >>> overall(profile("Leicestershire")).possible
    ('Fair',)
    >>> overall({"Leadership": "Good"})
    Traceback (most recent call last):
    hmcpsi_data.errors.FrameworkError: 13 of the 14 aspects have no rating: Pre-charge \
decision-making, Ensuring successful outcomes, The service to victims and witnesses, Managing \
resources, Managing magistrates' courts cases, Managing Crown Court cases, Handling sensitive \
cases and hate crimes, Custody time limits, Disclosure, Presenting and progressing cases at court, \
Delivering change, Managing performance to improve, Securing community confidence. Give each \
aspect a rating.
    """
    found = consistent_rules(folder=folder) if rules is None else rules
    return overall_of(found, found.framework.checked(profile), _goal(target, found))


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
    UnknownValueError, FrameworkError
        As for `overall`; also where the target is no word of the scale.

    Examples
    --------
    >>> from hmcpsi_data.assessment import profile
    >>> what_if(profile("Suffolk"), "Excellent").words
    'The profile reaches Excellent as it stands under all consistent rules.'
    """
    found = consistent_rules(folder=folder) if rules is None else rules
    return what_if_of(found, found.framework.checked(profile), _goal(target, found))


def _goal(target: str, rules: ConsistentRules) -> str:
    if target not in rules.framework.scale:
        raise UnknownValueError("target", target, rules.framework.scale, 'load("scales")')
    return target


def assessed(
    profile: Mapping[str, str] | pd.Series | pd.DataFrame,
    target: str = "Good",
    rules: ConsistentRules | None = None,
    folder: _Folder = None,
) -> pd.DataFrame:
    """Profile, possible overall words and shortest ways in one table, to take away.

    Parameters
    ----------
    profile, target, rules, folder
        As for `what_if`.

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
    found = consistent_rules(folder=folder) if rules is None else rules
    said = overall(profile, found, target=target)
    return assessed_of(found, said, what_if(profile, target, found))
