"""Ratings as profiles: one row per inspection, one column per source aspect, counted by group.

A group is what a translation gives one result for: an inspection, or all inspections of an Area or
of several. Counting goes block by block, so that its memory does not grow with the ratings.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from hmcpsi_data.crosswalk_table import Parts, set_pair
from hmcpsi_data.errors import FrameworkError, UnknownValueError, quote, unknown_values
from hmcpsi_data.guard import need_columns, scale
from hmcpsi_data.ordinal import ordered
from hmcpsi_data.tables import load

__all__ = ["Block", "Profiles", "profiles"]

_INSPECTION = "inspection_id"
_BLOCK = 8192  # groups that are counted at a time


class Block(NamedTuple):
    """Counts of some groups: sources by labels by groups, and how many inspections each has."""

    groups: slice
    counts: np.ndarray
    n_inspections: np.ndarray


class Profiles(NamedTuple):
    """The known ratings of each inspection, as places in the scale, -1 where not known."""

    framework_id: str
    labels: list[str]
    places: np.ndarray
    group: np.ndarray  # of each row of `places`, in ascending order
    names: dict[str, ExtensionArray]  # the column that tells the groups apart, if there is one
    n_groups: int

    def blocks(self, sources: np.ndarray) -> Iterator[Block]:
        """The counts of the ratings of some source aspects, for all groups in turn."""
        n_labels = len(self.labels)
        for start in range(0, self.n_groups, _BLOCK):
            stop = min(start + _BLOCK, self.n_groups)
            first, last = np.searchsorted(self.group, [start, stop])
            places, group = self.places[first:last, sources], self.group[first:last] - start
            row, source = np.nonzero(places >= 0)
            n_groups = stop - start
            cell = (source * n_labels + places[row, source]) * n_groups + group[row]
            counts = np.bincount(cell, minlength=len(sources) * n_labels * n_groups)
            counts = counts.reshape(len(sources), n_labels, n_groups)
            yield Block(slice(start, stop), counts, np.bincount(group, minlength=n_groups))


def profiles(parts: Parts, ratings: pd.DataFrame, by: str | None) -> Profiles:
    """The ratings of the source aspects of a crosswalk, grouped by a column.

    Raises
    ------
    FrameworkError
        Where the ratings are of two frameworks or of another one than the source set, or where an
        aspect has two different ratings in one inspection.
    UnknownValueError
        Where ratings are no words of the scale, aspects are those of no set, or there is no such
        column.
    """
    need_columns(ratings, "aspect_id", "rating")
    words = ordered(ratings, parts.folder)
    framework_id = _framework(parts, ratings)
    group, names, n_groups = _groups(ratings, by)
    inspection, group_of = _inspections(ratings, by, group)
    aspect = pd.Index(parts.sources["aspect_id"]).get_indexer(ratings["aspect_id"])
    _refuse_unknown(parts, ratings["aspect_id"][aspect < 0])
    place = words.cat.codes.to_numpy()
    known = (aspect >= 0) & (place >= 0)
    places = np.full((len(group_of), len(parts.sources)), -1, "int8")
    places[inspection[known], aspect[known]] = place[known]
    overwritten = places[inspection[known], aspect[known]] != place[known]
    if overwritten.any():
        raise _two_ratings(ratings[known][overwritten].iloc[0])
    order = np.argsort(group_of, kind="stable")
    labels = list(words.cat.categories) if len(ratings) else scale(framework_id, parts.folder)[0]
    return Profiles(framework_id, labels, places[order], group_of[order], names, n_groups)


def _refuse_unknown(parts: Parts, others: pd.Series) -> None:
    """Refuse aspects of no set at all; those of other sets take no part."""
    strange = others[others.notna() & ~others.isin(parts.known)]
    if len(strange):
        listing = f'aspects("{set_pair(parts.frame)[0]}")'
        raise unknown_values("aspect_id", strange, parts.sources["aspect_id"], listing)


def _groups(
    ratings: pd.DataFrame, by: str | None
) -> tuple[np.ndarray, dict[str, ExtensionArray], int]:
    """The group of each rating, and the names of the groups; all ratings are one without `by`."""
    if isinstance(by, str) and by in ratings:
        group, found = pd.factorize(ratings[by], use_na_sentinel=False)
        return group, {by: pd.Series(found).array}, len(found)
    if by not in (None, _INSPECTION):
        raise UnknownValueError("by", by, ratings.columns, "list(ratings)")
    return np.zeros(len(ratings), dtype=int), {}, 1


def _inspections(
    ratings: pd.DataFrame, by: str | None, group: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The inspection of each rating within its group, and the group of each inspection."""
    if by == _INSPECTION or _INSPECTION not in ratings:
        return group, np.arange(group.max(initial=-1) + 1)
    inspection, found = pd.factorize(ratings[_INSPECTION], use_na_sentinel=False)
    pair, pairs = pd.factorize(group * len(found) + inspection)
    return pair, pairs // max(len(found), 1)


def _framework(parts: Parts, ratings: pd.DataFrame) -> str:
    """The framework of the ratings, which must be that of the source set, where it is known."""
    sets, source_set = load("aspect_sets", parts.folder), set_pair(parts.frame)[0]
    named = sets.loc[sets["set_id"].eq(source_set), "framework_id"]
    expected = named.iat[0] if len(named) else pd.NA
    found = ratings["framework_id"].iat[0] if len(ratings) else expected
    if pd.notna(expected) and found != expected:
        problem = f"The ratings are of {found}, the crosswalk starts from {source_set}."
        remedy = (
            f"Pass ratings(framework={expected!r}), or call compare(source, target, area) "
            "to see two frameworks side by side."
        )
        raise FrameworkError([found, expected], problem, remedy)
    return found


def _two_ratings(rating: pd.Series) -> FrameworkError:
    where = quote(rating[_INSPECTION]) if _INSPECTION in rating else "one profile"
    problem = f"{rating['aspect_id']} has two different ratings in {where}."
    remedy = "Keep one of them; several inspections are told apart by the column inspection_id."
    return FrameworkError([rating["framework_id"]], problem, remedy)
