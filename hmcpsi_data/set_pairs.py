"""Pairs of sets that a crosswalk joins: what both say of an Area, or why they are not compared."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

import pandas as pd

from hmcpsi_data.comparing import compare
from hmcpsi_data.crosswalk import Crosswalk
from hmcpsi_data.crosswalk_table import SOURCE, TARGET
from hmcpsi_data.errors import CrosswalkError, FrameworkError, HmcpsiError, UnknownValueError
from hmcpsi_data.tables import load
from hmcpsi_data.views import look_up, ratings

__all__ = ["Pairs", "SetPair", "SideBySide", "rated_links"]

_Folder = str | os.PathLike[str] | None


@dataclass(frozen=True)
class SetPair:
    """Two sets and the crosswalk between them; `own` where a person gave it.

    `titles` names the sets; `labels` the aspects that take part by side, in their order.
    """

    crosswalk: Crosswalk
    titles: tuple[str, str]
    labels: tuple[dict[str, str], dict[str, str]]
    own: bool = False

    @property
    def label(self) -> str:
        """Both titles, for a list to choose from."""
        return f"{' to '.join(self.titles)}{' (yours)' * self.own}"

    @property
    def sets(self) -> tuple[str, str]:
        """The old set and the new one."""
        return self.crosswalk.source_set, self.crosswalk.target_set

    @property
    def key(self) -> str:
        """Name of the pair, such as "opa_2005 to opa_2007"."""
        return f"{'your ' * self.own}{' to '.join(map(str, self.sets))}"

    def name(self, aspect_id: str | None) -> str:
        """The label of an aspect, or its identifier where it has none."""
        if aspect_id is None:
            return ""
        return next((side[aspect_id] for side in self.labels if aspect_id in side), aspect_id)


@dataclass(frozen=True)
class SideBySide:
    """What a pair says of an Area: a comparison, or the links and the reason why there is none."""

    frame: pd.DataFrame
    reason: str = ""


class Pairs:
    """The crosswalks of a data folder, and the ratings on both of their sides, read once.

    Parameters
    ----------
    folder : path, optional
        As for `load`.

    Examples
    --------
    >>> pairs = Pairs()
    >>> pair = pairs.pair(Crosswalk.load("opa_2005", "opa_2007"))
    >>> pairs.side_by_side(pair, "leicestershire_1999").reason
    'There is no comparison: no rating of Thirteen aspects of the OPA 2007 is known here.'
    """

    def __init__(self, folder: _Folder = None) -> None:
        self.folder = folder
        sets = load("aspect_sets", folder).set_index("set_id")
        self._titles = sets["title"].to_dict()
        kinds = look_up(sets["framework_id"], "frameworks", ["measure_kind"], folder)
        self._rated = set(kinds.index[kinds["measure_kind"].eq("rating")])
        known = ratings(folder=folder)
        self._ratings = known[known["rating"].notna() & known["basis"].ne("contradicted")]
        rated = self._ratings[self._ratings["level"].ne("overall")]
        rated = rated[["set_id", "area_id", "area"]].drop_duplicates()
        self._areas: dict[str, dict[str, str]] = {}
        for set_id, area_id, area in rated.itertuples(index=False, name=None):
            self._areas.setdefault(set_id, {})[area_id] = area
        self._latest: dict[tuple[str, str], pd.DataFrame] = {}
        self._found: dict[tuple[Crosswalk, str], SideBySide] = {}

    def shipped(self) -> dict[str, SetPair]:
        """The pairs of the data folder by their keys."""
        known = load("crosswalk", self.folder)
        if known.empty:
            return {}
        rows = known.groupby(["source_set", "target_set"], sort=False)
        found = (self.pair(Crosswalk(of_pair, self.folder)) for _, of_pair in rows)
        return {pair.key: pair for pair in found}

    def first(self, own: Crosswalk | None) -> dict[str, SetPair]:
        """The pairs to choose from: one's own crosswalk, if there is one, before the shipped ones.

        Raises
        ------
        HmcpsiError
            Where there is none.
        """
        pairs = self.shipped()
        if own is not None:
            pair = self.pair(own, own=True)
            pairs = {pair.key: pair, **pairs}
        if not pairs:
            raise HmcpsiError(
                "There is no crosswalk in this data folder. Give one of your own, crosswalk=..., "
                "or use the shipped data."
            )
        return pairs

    def pair(self, crosswalk: Crosswalk, own: bool = False) -> SetPair:
        """The pair that a crosswalk joins."""
        sets = crosswalk.source_set, crosswalk.target_set
        aspects = crosswalk._aspects[crosswalk._aspects["level"].ne("overall")]
        sides = (aspects[aspects["set_id"].eq(set_id)] for set_id in sets)
        labels = tuple(dict(zip(s["aspect_id"], s["label"], strict=True)) for s in sides)
        titles = tuple(self._titles.get(set_id, str(set_id)) for set_id in sets)
        return SetPair(crosswalk, titles, labels, own)

    def areas(self, set_id: str) -> dict[str, str]:
        """Areas of which a rating in a set is known, with their names."""
        return self._areas.get(set_id, {})

    def to_compare(self, pair: SetPair) -> dict[str, str]:
        """The Areas to choose from: those with new ratings, else those with old ones."""
        crosswalk = pair.crosswalk
        return self.areas(crosswalk.target_set) or self.areas(crosswalk.source_set)

    def ratings(self, set_id: str, area_id: str) -> pd.DataFrame:
        """For each aspect of a set the rating of an Area that was published last."""
        if (set_id, area_id) not in self._latest:
            of_set = self._ratings["set_id"].eq(set_id) & self._ratings["area_id"].eq(area_id)
            in_time = self._ratings[of_set].sort_values("published", na_position="first")
            self._latest[set_id, area_id] = in_time.drop_duplicates("aspect_id", keep="last")
        return self._latest[set_id, area_id].copy()

    def side_by_side(self, pair: SetPair, area_id: str) -> SideBySide:
        """The comparison for an Area, or the links with their old ratings and why there is none."""
        key = pair.crosswalk, area_id
        if key not in self._found:
            self._found[key] = self._side_by_side(pair, area_id)
        return self._found[key]

    def _side_by_side(self, pair: SetPair, area_id: str) -> SideBySide:
        crosswalk = pair.crosswalk
        sets = crosswalk.source_set, crosswalk.target_set
        unknown = f"no rating of {self._titles.get(sets[1], sets[1])} is known here."
        try:
            if not crosswalk.is_valid():
                raise CrosswalkError("the crosswalk is not valid.", crosswalk.diagnose())
            if self.areas(sets[1]) or sets[1] not in self._rated:
                return SideBySide(compare(*sets, area_id, crosswalk, self.folder))
            reason = unknown
        except FrameworkError as error:
            reason = self._named(error.problem)
        except CrosswalkError as error:
            reason = f"{error.fault} diagnose() says what is wrong with it."
        except UnknownValueError as error:
            reason = str(error) if area_id else unknown
        return SideBySide(self._links(pair, area_id), f"There is no comparison: {reason}")

    def _named(self, problem: str) -> str:
        """A sentence with the titles of sets in place of their identifiers."""
        return re.sub(r"\w+", lambda word: self._titles.get(word[0], word[0]), problem)

    def _links(self, pair: SetPair, area_id: str) -> pd.DataFrame:
        """The rows of a crosswalk with the labels of both ends and the old ratings of an Area."""
        frame = pair.crosswalk.to_frame()
        known = self.ratings(pair.crosswalk.source_set, area_id).set_index("aspect_id")
        named = {
            side: frame[column].map(labels).fillna(frame[column]).astype("string")
            for side, column, labels in zip(
                ("source", "target"), (SOURCE, TARGET), pair.labels, strict=True
            )
        }
        columns = {"rating": "old_rating", "source_id": "old_source_id", "locator": "old_locator"}
        found = {
            name: frame[SOURCE].map(known[column]).astype("string")
            for column, name in columns.items()
        }
        return frame.assign(**named, **found)


def rated_links(
    source: str,
    target: str,
    area_id: str,
    crosswalk: Crosswalk | None = None,
    folder: _Folder = None,
) -> pd.DataFrame:
    """The rows of a crosswalk with the ratings that an Area has on its old side.

    Parameters
    ----------
    source, target : str
        The two sets.
    area_id : str
        The Area, by its identifier.
    crosswalk : Crosswalk, optional
        One of your own; without it, the one in the data folder.
    folder : path, optional
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        The columns of `Crosswalk.to_frame`, the labels `source` and `target`, and `old_rating`,
        empty where none is known, with its source and lines in `old_source_id` and `old_locator`.

    Examples
    --------
    >>> found = rated_links("opa_2005", "follow_up_2010_subjects", "leicestershire_1999")
    >>> found.loc[0, ["source", "old_rating", "status"]].tolist()
    ['Pre-charge decision-making', 'Good', 'mapped']
    """
    pairs = Pairs(folder)
    found = crosswalk or Crosswalk.load(source, target, folder)
    return pairs._links(pairs.pair(found), area_id)
