"""The consistent rules of the data at hand, and the profiles of Areas known in full."""

from __future__ import annotations

import os
from collections.abc import Iterable

import pandas as pd
from pandas.api.types import is_list_like

from hmcpsi_data.area import resolve
from hmcpsi_data.assessment_clause import RuleError
from hmcpsi_data.assessment_consistent import ConsistentRules, checked
from hmcpsi_data.assessment_family import family
from hmcpsi_data.assessment_framework import read_framework
from hmcpsi_data.assessment_profiles import KnownArea, known_areas, needed_words
from hmcpsi_data.assessment_rules import AssessmentRule
from hmcpsi_data.assessment_ruleset import RuleSet
from hmcpsi_data.errors import FrameworkError, quote
from hmcpsi_data.kept import kept
from hmcpsi_data.tables import load

__all__ = ["consistent_rules", "profile"]

_Folder = str | os.PathLike[str] | None
_READ = (
    "aspect_sets", "aspects", "areas", "distributions", "frameworks", "inspections",
    "profile_counts", "rating_sources", "ratings", "scales", "sources",
)  # fmt: skip


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
    RuleError
        Where `rules` holds no rule, or what is none.
    DataError
        Where what is said of an Area contradicts itself.

    Examples
    --------
    >>> found = consistent_rules()
    >>> 0 < len(found) < found.of
    True
    >>> from hmcpsi_data.assessment import AssessmentRule
    >>> own = AssessmentRule.read("Fair needs no critical aspect Poor")
    >>> print(consistent_rules(rules=[own]).words.partition(",")[0])
    The one rule that was given does not agree with all that is known
    """
    if rules is not None:
        return _consistent(set_id, _own(rules), folder)
    if not isinstance(set_id, str):
        read_framework(set_id, folder)  # says what is wrong with it
    return _of_family(folder, set_id)


@kept(*_READ)
def _of_family(folder: _Folder, set_id: str) -> ConsistentRules:
    return _consistent(set_id, None, folder)


def _own(rules: Iterable[AssessmentRule]) -> list[AssessmentRule]:
    """Rules of one's own, one or several."""
    one = isinstance(rules, AssessmentRule) or not is_list_like(rules)
    given = [rules] if one else list(rules)
    for rule in given:
        if not isinstance(rule, AssessmentRule):
            raise RuleError(f"{quote(rule)} is no rule.", "Make it with AssessmentRule.read(...).")
    if not given:
        remedy = "Give one or more, or leave `rules` out for the declared family."
        raise RuleError("There is no rule to hold against what is known.", remedy)
    return given


def _consistent(
    set_id: str, rules: list[AssessmentRule] | None, folder: _Folder
) -> ConsistentRules:
    framework = read_framework(set_id, folder)
    if rules is None:
        sizes = len(framework.critical), len(framework.labels) - len(framework.critical)
        members = family("critical", sizes, framework.scale)
    else:
        for rule in rules:
            if rule.scale != framework.scale:
                problem = f"A rule is for the words {', '.join(rule.scale)}."
                remedy = f"Those of {framework.framework_id} are {', '.join(framework.scale)}."
                raise RuleError(problem, remedy)
        framework = framework.naming(rules)
        members = RuleSet.of(rules, framework.scale)
    words = needed_words(framework, folder)
    areas = known_areas(framework, folder)
    return checked(framework, members, areas, words, own=rules is not None)


def profile(
    area: str = "Leicestershire",
    set_id: str = "opa_2005",
    folder: _Folder = None,
    in_part: bool = False,
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
    in_part : bool
        Whether it will do that some aspects are known; the others are missing then.
    **changes
        Other ratings, by the aspect's identifier without that of its set (``disclosure="Poor"``).
        With `in_part`, None takes a rating as not known.

    Returns
    -------
    pandas.Series
        Ratings by label, the critical aspects first, named after the Area.

    Raises
    ------
    UnknownValueError
        Where the Area, an aspect or a rating is not known.
    FrameworkError
        Where not all of its aspects are known, or none.

    Examples
    --------
    >>> profile("Leicestershire", disclosure="Excellent").tail(5).tolist()
    ['Excellent', 'Fair', 'Good', 'Fair', 'Excellent']
    >>> int(profile("Essex", in_part=True).notna().sum())
    2
    """
    framework = read_framework(set_id, folder)
    known = dict(_known_areas(folder, set_id))
    area_id = resolve(area, folder)
    own = known[area_id].profile if area_id in known else {}
    ratings = dict.fromkeys(framework.labels) | own | framework.checked(changes, whole=False)
    if not own or (None in ratings.values() and not in_part):
        parts = [one for one in known.values() if one.profile]
        whole = [one.area for one in parts if one.whole(framework)]
        if len(own) == len(framework.labels):
            framework.checked(ratings)  # a change took one away, and it says which
        n = f"Only {len(own)}" if own else "None"
        verb = "is" if len(own) < 2 else "are"
        of = f"of the {len(framework.labels)} aspects of {area}"
        problem = f"{n} {of} {verb} known under {set_id}."
        remedy = f"Known in full: {', '.join(whole) or 'none'}."
        if own:
            remedy += " With in_part=True you get what is known."
        else:
            part = [one.area for one in parts if not one.whole(framework)]
            remedy += f" Known in part: {', '.join(part) or 'none'}."
        raise FrameworkError([framework.framework_id], problem, remedy)
    labelled = {framework.labels[key]: word for key, word in ratings.items()}
    return pd.Series(labelled, name=known[area_id].area, dtype="string")


@kept(*_READ)
def _known_areas(folder: _Folder, set_id: str) -> list[tuple[str, KnownArea]]:
    """What is known of the Areas, with their identifiers."""
    inspected = load("inspections", folder).set_index("inspection_id")["area_id"]
    known = known_areas(read_framework(set_id, folder), folder)
    return [(inspected[one.inspection_id], one) for one in known]
