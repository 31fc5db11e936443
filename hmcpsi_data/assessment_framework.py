"""A set of aspects with an overall rating above them, and what rules can tell apart in it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NoReturn

import numpy as np
import pandas as pd

from hmcpsi_data.assessment_clause import RuleError
from hmcpsi_data.assessment_counts import Lattice, completions
from hmcpsi_data.assessment_rules import AssessmentRule
from hmcpsi_data.assessment_ruleset import Groups
from hmcpsi_data.choosing import choose
from hmcpsi_data.errors import FrameworkError, UnknownValueError, quote
from hmcpsi_data.guard import scale
from hmcpsi_data.tables import load
from hmcpsi_data.views import aspects

__all__ = ["Framework", "read_framework"]

_Folder = str | os.PathLike[str] | None
_MOST = 1_000_000  # counts of ratings that are looked at


@dataclass(frozen=True)
class Framework:
    """A set of aspects with an overall rating above them.

    Attributes
    ----------
    set_id, framework_id : str
        Its identifiers.
    scale : tuple of str
        Its words, the worst first.
    labels : mapping of str to str
        The label of each aspect by identifier, the critical ones first.
    critical : frozenset of str
        The identifiers of the critical aspects.
    named : mapping
        The aspects that rules name, by the scope of the clause; none in the declared family.
    """

    set_id: str
    framework_id: str
    scale: tuple[str, ...]
    labels: Mapping[str, str]
    critical: frozenset[str]
    named: Mapping[tuple[str, ...], frozenset[str]] = field(default_factory=dict)

    @cached_property
    def _kinds(self) -> list[tuple[bool, ...]]:
        """What rules can tell apart: critical or not, and in which named scopes; critical first."""
        return sorted({self._kind(one) for one in self.labels})

    def _kind(self, aspect_id: str) -> tuple[bool, ...]:
        named = (aspect_id in ids for ids in self.named.values())
        return (aspect_id not in self.critical, *named)

    @cached_property
    def _group(self) -> dict[str, int]:
        return {one: self._kinds.index(self._kind(one)) for one in self.labels}

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """How many aspects each group has: the critical, the others, and apart what rules name."""
        groups = list(self._group.values())
        return tuple(groups.count(n) for n in range(len(self._kinds)))

    @cached_property
    def groups(self) -> Groups:
        """The groups that rules count."""
        kinds = list(enumerate(self._kinds))
        of: dict[str | tuple[str, ...], tuple[int, ...]] = {
            "critical": tuple(n for n, kind in kinds if not kind[0]),
            "other": tuple(n for n, kind in kinds if kind[0]),
            "all": tuple(n for n, _ in kinds),
        }
        for place, scope in enumerate(self.named, 1):
            of[scope] = tuple(n for n, kind in kinds if kind[place])
        return Groups(self.sizes, of)

    @cached_property
    def lattice(self) -> Lattice:
        """The counts of all profiles."""
        return Lattice(self.sizes, len(self.scale))

    def group(self, aspect_id: str) -> int:
        """The number of an aspect's group."""
        return self._group[aspect_id]

    def is_critical(self, group: int) -> bool:
        """Whether the aspects of a group are critical."""
        return not self._kinds[group][0]

    def naming(self, rules: Iterable[AssessmentRule]) -> Framework:
        """The same, telling apart what the rules name; labels and identifiers will do.

        Raises
        ------
        UnknownValueError
            Where a rule names what is no aspect of the set.
        RuleError
            Where so much is named that not all profiles can be looked at.
        """
        clauses = (one for rule in rules for step in rule.steps for one in step.clauses)
        scopes = dict.fromkeys(one.scope for one in clauses if isinstance(one.scope, tuple))
        named = {scope: frozenset(map(self.find, scope)) for scope in scopes}
        found = replace(self, named=named)
        if len(found.lattice) > _MOST:
            problem = (
                f"The rules name aspects in so many ways that there are {len(found.lattice):,}"
            )
            raise RuleError(f"{problem} counts of ratings to look at.", "Name fewer aspects.")
        return found

    def find(self, name: str) -> str:
        """The identifier of an aspect, from that, from its end, or from the label."""
        plain = " ".join(str(name).replace("\u2019", "'").split())
        ids = {label.casefold(): key for key, label in self.labels.items()}
        short = {key.removeprefix(f"{self.set_id}_"): key for key in self.labels}
        found = plain if plain in self.labels else short.get(plain, ids.get(plain.casefold()))
        if found is None:
            listing = f"aspects({self.set_id!r})"
            raise UnknownValueError("aspect", name, [*short, *self.labels.values()], listing)
        return found

    def counts(self, profile: Mapping[str, str | None]) -> np.ndarray:
        """Groups by words: how many of the known ratings have each word."""
        found = np.zeros((len(self.sizes), len(self.scale)), dtype=np.int16)
        for aspect_id, word in profile.items():
            if word is not None:
                found[self.group(aspect_id), self.scale.index(word)] += 1
        return found

    def completions(self, profile: Mapping[str, str | None]) -> np.ndarray:
        """Profiles by groups by words: the counts of all profiles with these ratings."""
        known = self.counts(profile)
        return completions(list(known), (np.array(self.sizes) - known.sum(axis=1)).tolist())

    def checked(self, profile: Any, whole: bool = True) -> dict[str, str | None]:
        """A profile by aspect, in their order, from a mapping, a Series or rows of `ratings`.

        Parameters
        ----------
        profile : mapping, Series or DataFrame
            Ratings by label or identifier, or rows of `ratings`.
        whole : bool
            Whether each aspect must have a rating; else what is given as missing stays so (None).

        Raises
        ------
        UnknownValueError
            Where an aspect or a rating is not known; the nearest is named.
        FrameworkError
            Where an aspect has no rating or is there twice, or the ratings are of another
            framework.
        """
        found: dict[str, str | None] = {}
        for name, word in self._given(profile):
            key = self.find(name)
            if pd.api.types.is_scalar(word) and pd.isna(word):
                word = None
            elif not isinstance(word, str) or word not in self.scale:
                raise UnknownValueError("rating", word, self.scale, 'load("scales")')
            if key in found:
                self._refuse(f"{self.labels[key]} is there twice.", "Give each aspect once.")
            found[key] = word
        absent = [label for key, label in self.labels.items() if found.get(key) is None]
        if absent and whole:
            verb = "has" if len(absent) == 1 else "have"
            n = f"{len(absent)} of the {len(self.labels)} aspects {verb}"
            remedy = "Give each aspect a rating."
            self._refuse(f"{n} no rating: {', '.join(absent)}.", remedy)
        return {key: found[key] for key in self.labels if key in found}

    def asked(self, profile: Any, in_part: bool) -> dict[str, str | None]:
        """A checked profile of all aspects; with `in_part` those left out are not known (None)."""
        found = self.checked(profile, whole=not in_part)
        return {key: found.get(key) for key in self.labels}

    def _given(self, profile: Any) -> list[tuple[Any, Any]]:
        """Ratings with the names that they were given under."""
        if not isinstance(profile, pd.DataFrame):
            pairs = profile.items() if hasattr(profile, "items") else profile
            try:
                return [(name, word) for name, word in pairs]
            except (TypeError, ValueError):
                remedy = 'Give a rating for each aspect, as profile("Leicestershire") does.'
                self._refuse(f"{quote(profile)} is no profile.", remedy)
        if not {"aspect_id", "rating"} <= set(profile):
            remedy = f'Give rows of ratings(framework="{self.framework_id}") of one inspection.'
            self._refuse("The table lacks the column aspect_id or rating.", remedy)
        if "framework_id" in profile:
            others = set(profile["framework_id"].dropna()) - {self.framework_id}
            if others:
                problem = f"These are ratings of {', '.join(sorted(others))}, and the rules are of"
                remedy = "A rating belongs to its framework: give ratings of that one."
                self._refuse(f"{problem} {self.framework_id}.", remedy, *sorted(others))
        rows = profile[profile["aspect_id"] != f"{self.set_id}_overall"]
        n = rows["inspection_id"].nunique() if "inspection_id" in rows else 1
        if n > 1 or rows["aspect_id"].duplicated().any():
            what = f"These are ratings of {n} inspections" if n > 1 else "An aspect is there twice"
            self._refuse(f"{what}.", "Keep the ratings of one inspection.")
        return list(zip(rows["aspect_id"], rows["rating"], strict=True))

    def _refuse(self, problem: str, remedy: str, *others: str) -> NoReturn:
        raise FrameworkError([self.framework_id, *others], problem, remedy)


def read_framework(set_id: str = "opa_2005", folder: _Folder = None) -> Framework:
    """The set of aspects that a rule is about.

    Raises
    ------
    UnknownValueError
        Where there is no such set.
    FrameworkError
        Where it has no critical aspects, or none are known.

    Examples
    --------
    >>> read_framework().sizes
    (5, 9)
    """
    if not isinstance(set_id, str):
        known = load("aspect_sets", folder)["set_id"]
        raise UnknownValueError("set_id", set_id, known, 'load("aspect_sets")')
    (set_id,) = choose("set_id", set_id, folder)
    found = aspects(set_id, folder)
    found = found[found["level"] != "overall"]
    if found.empty or found["is_critical"].isna().any() or not found["is_critical"].any():
        problem = f"Which aspects of {set_id} are critical is not known, or it has none."
        raise FrameworkError([set_id], problem, "Take the set opa_2005.")
    found = found.sort_values("is_critical", ascending=False, kind="stable")
    framework_id = found["framework_id"].iat[0]
    labels = dict(zip(found["aspect_id"], found["label"], strict=True))
    critical = frozenset(found.loc[found["is_critical"], "aspect_id"])
    in_order, _ = scale(framework_id, folder)
    return Framework(set_id, framework_id, tuple(in_order), labels, critical)
