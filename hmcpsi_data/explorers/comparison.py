"""Two sets of aspects side by side through a crosswalk: where new ratings stand, never a trend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from hmcpsi_data.explorers.base import Explorer
from hmcpsi_data.explorers.controls import Choice, Option, Search, Several
from hmcpsi_data.explorers.rows import sources
from hmcpsi_data.explorers.view import View
from hmcpsi_data.method.compare import (
    VERDICT_WORDS,
    SideBySide,
    rated_areas,
    set_pairs,
    side_by_side,
)
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.record.filters import search
from hmcpsi_data.tables.record import RecordLike
from hmcpsi_data.words import MISSING, RELATIONS, count_of

__all__ = ["ComparisonExplorer", "compared", "linked", "pairs"]

_NONE = "no new rating"
_TILES = ("New rating", "Old, worst", "Old, best", "Old rating")


def pairs(record: Any, own: Crosswalk | None = None) -> dict[str, Crosswalk]:
    """The crosswalks that can be chosen, by their sets; one of your own stands first."""
    known = {f"{one.source_set} to {one.target_set}": one for one in set_pairs(record)}
    if own is None:
        return known
    key = f"{own.source_set} to {own.target_set}"
    return {key: own} | {name: one for name, one in known.items() if name != key}


class ComparisonExplorer(Explorer):
    """New ratings of an Area beside the range of the old ones that a crosswalk links to them.

    Parameters
    ----------
    crosswalk : Crosswalk, optional
        One of your own; it stands first among the pairs of sets.
    record : Record or path, optional
        Whose data are shown.
    **values
        Values of controls at the start: `pair` (such as "opa_2005 to aap_2016_sections"), `area`,
        `verdict`, `confidence`, `relation`, `search`.

    Examples
    --------
    >>> explorer = ComparisonExplorer(verdict="below it")
    >>> explorer.frame[["target", "observed", "worst", "best"]].values.tolist()
    [['Resources systematically managed', 'Fair', 'Good', 'Good'], \
['Communication with victims', 'Poor', 'Fair', 'Fair']]
    """

    TITLE = "Two sets of ratings side by side"
    NOTE = (
        "Two frameworks are two yardsticks: that a new rating stands above or below old ones says "
        "nothing about better or worse. Old ratings get here by a crosswalk, which is this "
        "project's judgement."
    )

    pair = Choice("Sets", "The old set of aspects, and the new one", everything=None, filters=False)
    area = Choice("Area", "Areas with new ratings", everything=None, filters=False)
    search = Search()
    verdict = Several("Verdict", "Where the new rating stands; none ticked shows all", more=True)
    confidence = Several("Confidence", "The lowest of the links; none ticked shows all", more=True)
    relation = Several(
        "Relation", "One of the links is of this kind; none ticked shows all", more=True
    )

    def __init__(
        self, crosswalk: Crosswalk | None = None, record: RecordLike = None, **values: Any
    ) -> None:
        self._own = crosswalk
        self._known: dict[str, Crosswalk] = {}
        self._made: dict[tuple[str, str], SideBySide] = {}  # by pair and Area
        super().__init__(record, **values)

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """The pairs of sets, the Areas of the chosen one, and the filters with their counts."""
        if not self._known:
            self._known = pairs(self.record, self._own)
        found = self._found().frame if self.area else pd.DataFrame(columns=["confidence"])
        n = Counter(found["verdict"].dropna() if "verdict" in found else ())
        sure = Counter(found["confidence"].dropna())
        return {
            "pair": [(key, " to ".join(one.titles), None) for key, one in self._known.items()],
            "area": [(area, name, None) for area, name in self._areas().items()],
            "verdict": [(one, words, n[one]) for one, words in VERDICT_WORDS.items()],
            "confidence": [(one, one, sure[one]) for one in ("high", "medium", "low")],
            "relation": [(one, words, None) for one, words in RELATIONS.items()],
        }

    @property
    def crosswalk(self) -> Crosswalk:
        """The crosswalk of the chosen pair."""
        return self._known.get(self.pair) or next(iter(self._known.values()))

    def _areas(self) -> dict[str, str]:
        """The Areas to compare; where there are none, those with old ratings."""
        chosen = self.crosswalk
        new = rated_areas(chosen.target_set, self.record)
        return new or rated_areas(chosen.source_set, self.record)

    def _found(self) -> SideBySide:
        key = str(self.pair), str(self.area)
        if key not in self._made:
            self._made[key] = side_by_side(self.crosswalk, self.area, self.record)
        return self._made[key]

    def show(self) -> View:
        """The comparison as far as it fits all filters, or the links and why there is none."""
        areas = self._areas()
        if self.area not in areas and self.pair != self._values.get("pair"):
            self._assign({"area": next(iter(areas), None)})
        if self.area not in areas:
            sentence = "This Area has no ratings in these two sets. Choose one from the list."
            return View(pd.DataFrame(), "nothing to compare", self._code(), sentence, html="")
        found = self._found()
        frame = self._fitting(found.frame)
        name = areas[self.area]
        words, links = sources(_old(frame) if found.reason else frame, self.record)
        if found.reason:
            return View(
                frame=frame,
                status=f"{count_of(len(frame), 'link')}, with old ratings of {name}; no comparison",
                code=self._code(),
                sentence=f"{found.reason} {_linked_in_words(frame)}",
                rows=linked(frame, words),
                caption="Old ratings and their links",
                tiles=_TILES,
                links={"Source": links},
                picture=self._links,
                picture_key=self.pair,
            )
        drawn = frame.assign(verdict=frame["verdict"].fillna(_NONE))
        return View(
            frame=frame,
            status=f"{len(frame)} of {count_of(len(found.frame), 'new aspect')}, {name}",
            code=self._code(),
            sentence=_compared_in_words(drawn, found.frame),
            rows=compared(frame, words),
            caption="New ratings beside the range of the old ones, translated",
            tiles=_TILES,
            links={"Source": links},
            picture=(lambda: self._intervals(drawn)) if len(frame) else None,
            picture_key=(self.pair, self.area, tuple(frame["target_aspect_id"])),
        )

    def _links(self) -> Any:
        from hmcpsi_data.pictures import crosswalk_picture

        return crosswalk_picture(self.crosswalk, record=self.record)

    def _intervals(self, drawn: pd.DataFrame) -> Any:
        from hmcpsi_data.pictures import interval_picture

        return interval_picture(drawn, record=self.record)

    def _fitting(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows that fit all filters; where there is no comparison, no row has a verdict."""
        if self.verdict:
            frame = frame[frame["verdict"].isin(self.verdict)] if "verdict" in frame else frame[:0]
        if self.confidence:
            frame = frame[frame["confidence"].isin(self.confidence)]
        if self.relation:
            pattern = "|".join(self.relation)
            frame = frame[frame["relation"].str.contains(pattern, na=False)]
        return search(frame, self.search or "")

    def _code(self) -> str:
        """The call that gives the same table; filters are pandas."""
        chosen = self.crosswalk
        own = ", crosswalk=mine" if chosen is self._own else ""
        made = "mine = hd.Crosswalk.from_csv('crosswalk.csv')\n" if own else ""
        code = f"hd.compare({chosen.source_set!r}, {chosen.target_set!r}, {self.area!r}{own})"
        parts = [
            f"{name} in {getattr(self, name)}"
            for name in ("verdict", "confidence")
            if getattr(self, name)
        ]
        if self.relation:
            parts.append(f"relation.str.contains({'|'.join(self.relation)!r}, na=False)")
        code += f".query({' and '.join(parts)!r})" if parts else ""
        return made + (f"explorers.search({code}, {self.search!r})" if self.search else code)


def _old(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with the sources of their old ratings."""
    names = {"old_source_id": "source_id", "old_locator": "locator"}
    return frame[list(names)].rename(columns=names) if set(names) <= set(frame) else frame


def _compared_in_words(frame: pd.DataFrame, whole: pd.DataFrame) -> str:
    """Counts of the verdicts, what is known of the old Areas, and the caveat."""
    if frame.empty:
        return "No new aspect fits all filters. Take one away, or press Clear."
    n = Counter(frame["verdict"])
    words = VERDICT_WORDS | {_NONE: _NONE}
    told = ", ".join(f"{n[key]} {said}" for key, said in words.items() if n[key])
    old = ", ".join(whole["known_predecessors"].dropna().unique())
    caveat = " ".join(whole["caveat"].dropna().unique()[:1])
    is_open = int(frame["open"].sum())
    return (
        f"Of {count_of(len(frame), 'new aspect')}: {told}. Old Areas known: {old}; in "
        f"{count_of(is_open, 'row')} the full range of the old scale remains possible. {caveat}"
    )


def _linked_in_words(frame: pd.DataFrame) -> str:
    """Counts of the links by relation."""
    if frame.empty:
        return "No link fits all filters: take one away, or press Clear."
    n = Counter(frame["relation"].dropna())
    told = ", ".join(f"{n[key]} {words}" for key, words in RELATIONS.items() if n[key])
    return f"Links: {told or 'none'}."


def compared(frame: pd.DataFrame, words: pd.Series) -> pd.DataFrame:
    """A comparison as a table to read."""
    absent = (
        frame["n_links"].eq(0).map({True: MISSING["not_applicable"], False: MISSING["not_found"]})
    )
    low, high = frame["lower_median"].astype("string"), frame["upper_median"].astype("string")
    return pd.DataFrame(
        {
            "New aspect": frame["target"],
            "New rating": frame["observed"].astype("string").fillna(MISSING["not_found"]),
            "Verdict": frame["verdict"].map(VERDICT_WORDS).fillna(_NONE),
            "Old, worst": frame["worst"].astype("string").fillna(absent),
            "Old, best": frame["best"].astype("string").fillna(absent),
            "Old, median": low.where(low.eq(high), low + " to " + high).fillna(absent),
            "Links": frame["n_links"].astype("string")
            + (": " + frame["relation"].map(_relations, na_action="ignore")).fillna(""),
            "Confidence": frame["confidence"],
            "Source": words,
        },
        index=frame.index,
    )


def linked(frame: pd.DataFrame, words: pd.Series) -> pd.DataFrame:
    """Links with the old ratings they start from, as a table to read."""
    status = frame["status"].str.replace("_", " ")
    return pd.DataFrame(
        {
            "Old aspect": frame["source"],
            "Old rating": frame["old_rating"].fillna(MISSING["not_found"]),
            "Relation": frame["relation"].map(_relations, na_action="ignore").fillna(status),
            "New aspect": frame["target"],
            "Confidence": frame["confidence"],
            "Justification": frame["justification"],
            "Source": words,
        },
        index=frame.index,
    )


def _relations(found: str) -> str:
    return "; ".join(RELATIONS[one] for one in found.split("; ") if one in RELATIONS)
