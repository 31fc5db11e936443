"""Two sets of aspects side by side through a crosswalk: where new ratings stand, never a trend."""

from __future__ import annotations

import os
from typing import Any

import pandas as pd

from hmcpsi_data.comparing import VERDICTS
from hmcpsi_data.crosswalk import Crosswalk
from hmcpsi_data.crosswalk_table import SEPARATOR
from hmcpsi_data.description import table
from hmcpsi_data.explorers.comparison_tables import (
    NO_VERDICT,
    compared_in_words,
    comparison_table,
    linked_in_words,
    links_table,
)
from hmcpsi_data.explorers.control import Control, checks, choice, search
from hmcpsi_data.explorers.explorer import Explorer, View
from hmcpsi_data.explorers.rows import where_from
from hmcpsi_data.pictures import crosswalk_picture, interval_picture
from hmcpsi_data.pictures.links import RELATIONS
from hmcpsi_data.search import search as containing
from hmcpsi_data.set_pairs import Pairs, SetPair, SideBySide

__all__ = ["ComparisonExplorer"]

_NO_AREA = [("", "no Area with ratings")]


class ComparisonExplorer(Explorer):
    """New ratings of an Area beside the range of the old ones that a crosswalk links to them.

    Parameters
    ----------
    crosswalk : Crosswalk, optional
        One of your own; it stands first among the pairs of sets.
    folder : path, optional
        As for `load`.
    **state
        Values of controls at the start: `pair` (such as "opa_2005 to aap_2016_sections"), `area`
        (an identifier), `verdict`, `confidence`, `relation`, `search`.

    Examples
    --------
    >>> explorer = ComparisonExplorer(verdict=["below it"])
    >>> explorer.frame[["target", "observed", "worst", "best"]].values.tolist()
    [['Resources systematically managed', 'Fair', 'Good', 'Good'], \
['Communication with victims', 'Poor', 'Fair', 'Fair']]
    """

    TITLE = "Two sets of ratings side by side"
    CAVEAT = (
        "Two frameworks are two yardsticks: that a new rating stands above or below old ones says "
        "nothing about better or worse. Old ratings get here by a crosswalk, which is a judgement "
        "and no finding of the inspectorate."
    )

    def __init__(
        self,
        crosswalk: Crosswalk | None = None,
        folder: str | os.PathLike[str] | None = None,
        **state: Any,
    ) -> None:
        self._own = crosswalk
        super().__init__(folder, **state)

    def prepare(self) -> None:
        """Make the first comparison of every pair, so that choosing it answers at once."""
        self._known = Pairs(self.folder)
        self._where: dict[tuple[str, str], tuple[dict[str, str], dict[str, str]]] = {}
        self._pairs = self._known.shipped()
        if self._own is not None:
            own = self._known.pair(self._own, own=True)
            self._pairs = {own.key: own, **self._pairs}
        for pair in self._pairs.values():
            self._side_by_side(pair, self._areas(pair)[0][0])

    def describe(self) -> list[Control]:
        """The pair and the Area, the filters and a search."""
        pairs = [(key, pair.label) for key, pair in self._pairs.items()]
        words = table("crosswalk").field("confidence").enum
        relations = [(key, words) for key, (words, _) in RELATIONS.items()]
        return [
            choice("pair", "Sets", "The old set of aspects, and the new one", pairs, None),
            self._area(next(iter(self._pairs.values()))),
            checks(
                "verdict",
                "Verdict",
                "Where the new rating stands; none ticked shows all",
                [(word, word) for word in VERDICTS],
            ),
            checks(
                "confidence",
                "Confidence",
                "The lowest of the links; none ticked shows all",
                [(word, word) for word in words],
            ),
            checks(
                "relation",
                "Relation",
                "One of the links is of this kind; none ticked shows all",
                relations,
            ),
            search(),
        ]

    def depending(self, state: dict[str, Any]) -> list[Control]:
        """The Areas of the pair."""
        return [self._area(pair) for key, pair in self._pairs.items() if key == state.get("pair")]

    def look(self, pair: str, area: str, search: str, **wanted: list[str]) -> View:
        """The comparison as far as it fits all filters, or the links and why there is none."""
        chosen = self._pairs[pair]
        found = self._side_by_side(chosen, area)
        frame = containing(_fitting(found.frame, **wanted), search)
        of = f"{len(frame)} of {len(found.frame)}"
        name = dict(self._areas(chosen))[area]
        if found.reason:
            whole = found.frame  # a part of the links would leave the rest undeclared
            return View(
                status=f"{of} rows of the crosswalk, with old ratings of {name}; no comparison",
                words=f"{found.reason} {linked_in_words(frame)}",
                table=links_table(frame, *self._sources(chosen.sets[0], area)),
                frame=frame,
                code=_code(chosen, area, wanted, search, found),
                picture=lambda: crosswalk_picture(
                    whole, labels=chosen.labels[0] | chosen.labels[1], folder=self.folder
                ),
                picture_key=pair,
            )
        drawn = frame.assign(verdict=frame["verdict"].fillna(NO_VERDICT))
        return View(
            status=f"{of} new aspects, {name}",
            words=compared_in_words(drawn, found.frame),
            table=comparison_table(drawn, *self._sources(chosen.sets[1], area)),
            frame=frame,
            code=_code(chosen, area, wanted, search, found),
            picture=None if frame.empty else lambda: interval_picture(drawn, folder=self.folder),
            picture_key=(pair, area, tuple(frame["target_aspect_id"])),
        )

    def _sources(self, set_id: str, area: str) -> tuple[dict[str, str], dict[str, str]]:
        """Where the rating of each aspect stands, and the addresses of these places."""
        if (set_id, area) not in self._where:
            known = self._known.ratings(set_id, area)
            words, addresses = where_from(known, self.folder)
            self._where[set_id, area] = dict(zip(known["aspect_id"], words, strict=True)), addresses
        return self._where[set_id, area]

    def _areas(self, pair: SetPair) -> list[tuple[str, str]]:
        return list(self._known.to_compare(pair).items()) or _NO_AREA

    def _area(self, pair: SetPair) -> Control:
        tip = "Areas with new ratings, or with old ones where there is no comparison"
        return choice("area", "Area", tip, self._areas(pair), None)

    def _side_by_side(self, pair: SetPair, area: str) -> SideBySide:
        return self._known.side_by_side(pair, area)


def _fitting(
    frame: pd.DataFrame, verdict: list[str], confidence: list[str], relation: list[str]
) -> pd.DataFrame:
    """The rows that fit all filters; where there is no comparison, no row has a verdict."""
    fits = pd.Series(True, index=frame.index)
    if verdict:
        fits &= frame["verdict"].isin(verdict) if "verdict" in frame else False
    if confidence:
        fits &= frame["confidence"].isin(confidence)
    if relation:
        kinds = frame["relation"].fillna("").str.split(SEPARATOR)
        fits &= kinds.map(lambda found: not set(found).isdisjoint(relation)).astype(bool)
    return frame[fits]


def _code(
    pair: SetPair, area: str, wanted: dict[str, list[str]], search: str, found: SideBySide
) -> str:
    """The lines of Python that give the same table."""
    sets = f"{pair.crosswalk.source_set!r}, {pair.crosswalk.target_set!r}, {area!r}"
    own = ", crosswalk=my_crosswalk" if pair.own else ""
    code, imports = f"hd.compare({sets}{own})", []
    if found.reason:
        code = f"rated_links({sets}{own})"
        imports.append("from hmcpsi_data.set_pairs import rated_links")
    parts = [f"{name} in {wanted[name]}" for name in ("verdict", "confidence") if wanted[name]]
    if wanted["relation"]:
        parts.append(f"relation.str.contains({'|'.join(wanted['relation'])!r}, na=False)")
    if parts:
        code += f'.query("{" and ".join(parts)}")'
    if search:
        code = f"search({code}, {search!r})"
        imports.append("from hmcpsi_data.search import search")
    return code + (f"  # {'; '.join(imports)}" if imports else "")
