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

import numpy as np
import pandas as pd

from hmcpsi_data.assessment_framework import Framework
from hmcpsi_data.errors import DataError
from hmcpsi_data.tables import load
from hmcpsi_data.views import ratings

__all__ = ["KnownArea", "known_areas", "needed_words"]

_Folder = str | os.PathLike[str] | None
_NOT_USED = ("contradicted", "inferred")


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
            what = f"{'critical ' * (scope == 'critical')}aspect{'s' * (number != 1)}"
            parts.append(f"{relation.replace('_', ' ')} {number} {what} {rating}")
        return ", ".join(parts)

    def completions(self, framework: Framework) -> np.ndarray:
        """Profiles by groups by words: the counts of all profiles that agree with what is known.

        Raises
        ------
        DataError
            Where there is none, because the statements contradict each other.
        """
        found = framework.completions(self.profile)
        for scope, rating, relation, number in self.counts:
            if rating not in framework.scale:
                fault = f"{rating} is no word of the scale of {framework.framework_id}"
                remedy = f"Write one of: {', '.join(framework.scale)}."
                raise DataError("profile_counts.csv", None, "rating", rating, fault, remedy)
            word = framework.scale.index(rating)
            meant = list(framework.groups.of[scope])
            n = found[:, meant, word].sum(axis=1)
            fits = {"exactly": n == number, "at_least": n >= number, "at_most": n <= number}
            found = found[fits[relation]]
        if not len(found):
            fault = f"what is said of {self.inspection_id} contradicts the ratings that are known"
            remedy = "Look at its rows in ratings.csv as well."
            raise DataError("profile_counts.csv", None, "n", None, fault, remedy)
        return found


def known_areas(framework: Framework, folder: _Folder = None) -> list[KnownArea]:
    """Every Area whose overall rating is known, with all that is known below it.

    Examples
    --------
    >>> from hmcpsi_data.assessment_framework import read_framework
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
