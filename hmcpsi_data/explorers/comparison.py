"""Two sets of aspects side by side through a crosswalk: where new ratings stand, never a trend."""

from __future__ import annotations

import os
from typing import Any

import pandas as pd

from hmcpsi_data.comparing import VERDICT_WORDS
from hmcpsi_data.crosswalk import Crosswalk
from hmcpsi_data.crosswalk_code import as_code, folder_argument
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
from hmcpsi_data.explorers.explorer import Explorer
from hmcpsi_data.explorers.rows import both_from
from hmcpsi_data.explorers.view import View
from hmcpsi_data.pictures import crosswalk_picture, interval_picture
from hmcpsi_data.pictures.links import RELATIONS
from hmcpsi_data.search import search as containing
from hmcpsi_data.set_pairs import Pairs, SetPair, SideBySide
from hmcpsi_data.tiles import Place
from hmcpsi_data.wording import counted

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
        self._where: dict[tuple[str, str], tuple[pd.Series, dict[str, Place]]] = {}
        self._pairs = self._known.first(self._own)
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
                list(VERDICT_WORDS.items()),
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
        name = dict(self._areas(chosen))[area]
        if found.reason:
            whole = found.frame  # a part of the links would leave the rest undeclared
            return View(
                status=f"{len(frame)} of {counted(len(whole), 'row')} of the crosswalk, "
                f"with old ratings of {name}; no comparison",
                words=f"{found.reason} {linked_in_words(frame)}",
                table=links_table(frame, *self._sources(pair, area, found.frame)),
                frame=frame,
                code=_code(chosen, area, wanted, search, found, self.folder),
                picture=lambda: crosswalk_picture(
                    whole, labels=chosen.labels[0] | chosen.labels[1], folder=self.folder
                ),
                picture_key=pair,
            )
        drawn = frame.assign(verdict=frame["verdict"].fillna(NO_VERDICT))
        return View(
            status=f"{len(frame)} of {counted(len(found.frame), 'new aspect')}, {name}",
            words=compared_in_words(drawn, found.frame),
            table=comparison_table(frame, *self._sources(pair, area, found.frame)),
            frame=frame,
            code=_code(chosen, area, wanted, search, found, self.folder),
            picture=None if frame.empty else lambda: interval_picture(drawn, folder=self.folder),
            picture_key=(pair, area, tuple(frame["target_aspect_id"])),
        )

    def _sources(
        self, pair: str, area: str, whole: pd.DataFrame
    ) -> tuple[pd.Series, dict[str, Place]]:
        """Where the ratings of each row stand, and what is there."""
        if (pair, area) not in self._where:
            self._where[pair, area] = both_from(whole, self.folder)
        return self._where[pair, area]

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
    pair: SetPair,
    area: str,
    wanted: dict[str, list[str]],
    search: str,
    found: SideBySide,
    folder: Any,
) -> str:
    """The lines of Python that give the same table."""
    sets = f"{pair.crosswalk.source_set!r}, {pair.crosswalk.target_set!r}, {area!r}"
    made, own, imports = "", "", []
    if pair.own:
        made, own = f"{as_code(pair.crosswalk, folder)}\n", ", crosswalk=my_crosswalk"
        imports.append("import pandas as pd")
    of = "hd.compare"
    if found.reason:
        of = "rated_links"
        imports.append("from hmcpsi_data.set_pairs import rated_links")
    code = f"{of}({sets}{own}{folder_argument(folder)})"
    parts = [f"{name} in {wanted[name]}" for name in ("verdict", "confidence") if wanted[name]]
    if wanted["relation"]:
        parts.append(f"relation.str.contains({'|'.join(wanted['relation'])!r}, na=False)")
    if found.reason and wanted["verdict"]:
        code += ".head(0)"  # where there is no comparison, no row has a verdict
        parts = []
    if parts:
        code += f'.query("{" and ".join(parts)}")'
    if search:
        code = f"search({code}, {search!r})"
        imports.append("from hmcpsi_data.search import search")
    return made + code + (f"  # {'; '.join(imports)}" if imports else "")
