"""What is known of the Areas that a rule must agree with: whole profiles and parts of profiles.

Everything comes from the tables: the ratings, how many ratings of a kind an Area had where they are
not all named (``profile_counts``), and how many Areas had each word (``distributions``). A row more
in any of them narrows the rules without a change in the code. Ratings that sources contradict, or
that are only inferred, count as not known.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from hmcpsi_data.assessment_counts import Lattice, completions
from hmcpsi_data.assessment_ruleset import Groups
from hmcpsi_data.choosing import choose
from hmcpsi_data.errors import DataError, FrameworkError, UnknownValueError
from hmcpsi_data.guard import scale
from hmcpsi_data.tables import load
from hmcpsi_data.views import aspects, ratings

__all__ = ["Framework", "KnownArea", "known_areas", "needed_words", "read_framework"]

_Folder = str | os.PathLike[str] | None
_NOT_USED = ("contradicted", "inferred")


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
    """

    set_id: str
    framework_id: str
    scale: tuple[str, ...]
    labels: Mapping[str, str]
    critical: frozenset[str]

    @cached_property
    def sizes(self) -> tuple[int, int]:
        """How many aspects are critical, and how many are not."""
        return len(self.critical), len(self.labels) - len(self.critical)

    @cached_property
    def groups(self) -> Groups:
        """The two groups that rules count."""
        return Groups.critical_and_other(*self.sizes)

    @cached_property
    def lattice(self) -> Lattice:
        """The counts of all profiles."""
        return Lattice(self.sizes, len(self.scale))

    def group(self, aspect_id: str) -> int:
        """0 for a critical aspect, 1 for another one."""
        return int(aspect_id not in self.critical)

    def counts(self, profile: Mapping[str, str]) -> np.ndarray:
        """Groups by words: how many of the given ratings have each word."""
        found = np.zeros((2, len(self.scale)), dtype=np.int16)
        for aspect_id, word in profile.items():
            found[self.group(aspect_id), self.scale.index(word)] += 1
        return found

    def checked(self, profile: Any, whole: bool = True) -> dict[str, str]:
        """A profile by aspect, in their order, from a mapping, a Series or rows of `ratings`.

        Raises
        ------
        UnknownValueError
            Where an aspect or a rating is not known; the nearest is named.
        FrameworkError
            Where an aspect is missing or is there twice.
        """
        if isinstance(profile, pd.DataFrame):
            if "level" in profile:
                profile = profile[profile["level"] != "overall"]
            if profile["aspect_id"].duplicated().any():
                self._refuse("An aspect is there twice.", "Keep the ratings of one inspection.")
            profile = profile.set_index("aspect_id")["rating"].dropna()
        ids = {label.casefold(): key for key, label in self.labels.items()}
        short = {key.removeprefix(f"{self.set_id}_"): key for key in self.labels}
        found: dict[str, str] = {}
        for name, word in dict(profile).items():
            key = name if name in self.labels else short.get(name, ids.get(str(name).casefold()))
            if key is None:
                listing = f"aspects({self.set_id!r})"
                raise UnknownValueError("aspect", name, [*short, *self.labels.values()], listing)
            if pd.isna(word):
                continue  # what is missing is missing, never Poor
            if word not in self.scale:
                raise UnknownValueError("rating", word, self.scale, 'load("scales")')
            if key in found:
                self._refuse(f"{self.labels[key]} is there twice.", "Give each aspect once.")
            found[key] = word
        absent = [label for key, label in self.labels.items() if key not in found]
        if absent and whole:
            n = f"{len(absent)} of the {len(self.labels)} aspects"
            self._refuse(f"{n} have no rating: {', '.join(absent)}.", "Give each aspect a rating.")
        return {key: found[key] for key in self.labels if key in found}

    def _refuse(self, problem: str, remedy: str) -> None:
        raise FrameworkError([self.framework_id], problem, remedy)


@dataclass(frozen=True)
class KnownArea:
    """What is known of one Area under a framework.

    Attributes
    ----------
    inspection_id, area : str
        Whose ratings they are.
    overall : str
        Its overall rating.
    profile : mapping of str to str
        The known ratings by aspect.
    counts : tuple
        What is known of how many, as (scope, rating, relation, n).
    derived : bool
        Whether some of the ratings follow from a count of the source.
    source_ids : tuple of str
        Where it comes from.
    """

    inspection_id: str
    area: str
    overall: str
    profile: Mapping[str, str]
    counts: tuple[tuple[str, str, str, int], ...]
    derived: bool
    source_ids: tuple[str, ...]

    def whole(self, framework: Framework) -> bool:
        """Whether every aspect is known."""
        return len(self.profile) == len(framework.labels)

    def words(self, framework: Framework) -> str:
        """What is known, in words."""
        n = len(framework.labels)
        known = len(self.profile)
        if known == n:
            return f"all {n} aspects known{', some derived from a count' if self.derived else ''}"
        parts = [f"{known} of {n} aspects known" if known else "no aspect known"]
        for scope, rating, relation, number in self.counts:
            what = "critical aspects" if scope == "critical" else "aspects"
            parts.append(f"{relation.replace('_', ' ')} {number} {what} {rating}")
        return ", ".join(parts)

    def completions(self, framework: Framework) -> np.ndarray:
        """Profiles by groups by words: the counts of all profiles that agree with what is known.

        Raises
        ------
        DataError
            Where there is none, because the statements contradict each other.
        """
        known = framework.counts(self.profile)
        unknown = np.array(framework.sizes) - known.sum(axis=1)
        found = completions(list(known), unknown.tolist())
        for scope, rating, relation, number in self.counts:
            if rating not in framework.scale:
                fault = f"{rating} is no word of the scale of {framework.framework_id}"
                remedy = f"Write one of: {', '.join(framework.scale)}."
                raise DataError("profile_counts.csv", None, "rating", rating, fault, remedy)
            word = framework.scale.index(rating)
            n = (found[:, 0] if scope == "critical" else found.sum(axis=1))[:, word]
            fits = {"exactly": n == number, "at_least": n >= number, "at_most": n <= number}
            found = found[fits[relation]]
        if not len(found):
            fault = f"what is said of {self.inspection_id} contradicts the ratings that are known"
            remedy = "Look at its rows in ratings.csv as well."
            raise DataError("profile_counts.csv", None, "n", None, fault, remedy)
        return found


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


def known_areas(framework: Framework, folder: _Folder = None) -> list[KnownArea]:
    """Every Area whose overall rating is known, with all that is known below it.

    Examples
    --------
    >>> first = known_areas(read_framework())[0]
    >>> first.area, first.overall, len(first.profile)
    ('Leicestershire', 'Fair', 14)
    """
    rows = ratings(set_id=framework.set_id, folder=folder).dropna(subset="rating")
    others = load("rating_sources", folder)
    disputed = others.loc[others["says"] == "otherwise", "rating_id"]
    rows = rows[~rows["basis"].isin(_NOT_USED) & ~rows["rating_id"].isin(disputed)]
    said = load("profile_counts", folder)
    said = said[said["set_id"] == framework.set_id]
    found = []
    for inspection_id, part in rows.groupby("inspection_id", sort=False):
        agreed = part.groupby("aspect_id")["rating"].agg(["first", "nunique"])
        agreed = agreed.loc[agreed["nunique"] == 1, "first"]
        overall = agreed[~agreed.index.isin(framework.labels)]
        if overall.empty:
            continue
        counts = said[said["inspection_id"] == inspection_id]
        sources = [*part["source_id"].dropna(), *counts["source_id"].dropna()]
        quartets = counts[["scope", "rating", "relation", "n"]].itertuples(index=False, name=None)
        found.append(
            KnownArea(
                str(inspection_id),
                part["area"].iat[0],
                overall.iat[0],
                {key: agreed[key] for key in framework.labels if key in agreed.index},
                tuple((a, b, c, int(n)) for a, b, c, n in quartets),
                bool(part["basis"].eq("derived").any()),
                tuple(dict.fromkeys(sources)),
            )
        )
    return found


def needed_words(framework: Framework, folder: _Folder = None) -> pd.DataFrame:
    """The words that some Area had, by the published numbers of Areas with each.

    A rule that can give such a word to no profile at all disagrees with the distribution. Which
    Areas had it, and with which ratings, is mostly not known, so it constrains no further.

    Returns
    -------
    pandas.DataFrame
        Columns `scope`, `rating`, `at_least` (how many Areas) and `source_id`.
    """
    rows = load("distributions", folder)
    rows = rows[rows["framework_id"] == framework.framework_id]
    rows = rows.assign(at_least=rows["n"].fillna(rows["n_low"]).fillna(0).astype("Int64"))
    rows = rows[rows["at_least"] > 0]
    return rows[["scope", "rating", "at_least", "source_id"]].reset_index(drop=True)
