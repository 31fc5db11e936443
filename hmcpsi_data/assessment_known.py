"""The consistent rules of the data at hand, and the profiles of Areas known in full."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from hmcpsi_data.area import resolve
from hmcpsi_data.assessment_consistent import ConsistentRules, checked
from hmcpsi_data.assessment_family import family
from hmcpsi_data.assessment_framework import read_framework
from hmcpsi_data.assessment_profiles import KnownArea, known_areas, needed_words
from hmcpsi_data.assessment_rules import AssessmentRule
from hmcpsi_data.assessment_ruleset import RuleSet
from hmcpsi_data.description import data_folder, table
from hmcpsi_data.errors import FrameworkError
from hmcpsi_data.reading import file_state
from hmcpsi_data.tables import load

__all__ = ["consistent_rules", "profile"]

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
    >>> from hmcpsi_data.assessment import AssessmentRule
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
        sizes = len(framework.critical), len(framework.labels) - len(framework.critical)
        members = family("critical", sizes, framework.scale)
    else:
        framework = framework.naming(rules)
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
