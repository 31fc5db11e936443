"""Two sets of aspects side by side through a crosswalk: where new ratings stand, never a trend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from hmcpsi_data.explorers.base import Explorer
from hmcpsi_data.explorers.controls import Choice, Option, Search, Several
from hmcpsi_data.explorers.view import View, drawn
from hmcpsi_data.method.compare import (
    VERDICT_WORDS,
    SideBySide,
    rated_areas,
    set_pairs,
    side_by_side,
)
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.record.filters import search
from hmcpsi_data.record.sources import addresses, citations
from hmcpsi_data.tables.record import RecordLike
from hmcpsi_data.words import MISSING, RELATIONS, count_of

__all__ = ["ComparisonExplorer", "absent", "pair_options", "pairs"]

_NONE = "no new rating"
_TILES = ("New rating", "Old, worst", "Old, best", "Old rating")


def pairs(record: Any, own: Crosswalk | None = None) -> dict[str, Crosswalk]:
    """The crosswalks that can be chosen, by their sets; one of your own stands first."""
    known = [*([own] if own is not None else []), *set_pairs(record)]
    found: dict[str, Crosswalk] = {}
    for one in known:
        found.setdefault(f"{one.source_set} to {one.target_set}", one)
    return found


def pair_options(known: Mapping[str, Crosswalk]) -> list[Option]:
    """The pairs of sets by their titles."""
    return [(key, " to ".join(one.titles), None) for key, one in known.items()]


class ComparisonExplorer(Explorer):
    """New ratings of an Area beside the range of the old ones that a crosswalk links to them.

    Parameters
    ----------
    crosswalk : Crosswalk, optional
        One of your own; it stands first among the pairs of sets.
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
    relation = Several("Relation", "One of the links is of this kind; none ticked shows all",
                       more=True, options=RELATIONS)  # fmt: skip

    def __init__(
        self, crosswalk: Crosswalk | None = None, record: RecordLike = None, **values: Any
    ) -> None:
        self._own, self._known = crosswalk, pairs(record, crosswalk)
        self._made: dict[tuple[str, str], SideBySide] = {}  # by pair and Area
        super().__init__(record, **values)

    @property
    def crosswalk(self) -> Crosswalk:
        """The crosswalk of the chosen pair."""
        return self._known.get(self.pair) or next(iter(self._known.values()))

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """The pairs of sets, the Areas of the chosen one, and the filters with their counts."""
        n: Counter[str] = Counter()
        if self.area:
            found = self._found().frame
            n.update(found["confidence"].dropna())
            n.update(found["verdict"].dropna() if "verdict" in found else ())
        return {
            "pair": pair_options(self._known),
            "area": [(area, name, None) for area, name in self._areas().items()],
            "verdict": [(one, words, n[one]) for one, words in VERDICT_WORDS.items()],
            "confidence": [(one, one, n[one]) for one in ("high", "medium", "low")],
        }

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
        found, name = self._found(), areas[self.area]
        frame = self._fitting(found.frame)
        if found.reason:
            return View(
                frame=frame,
                status=f"{count_of(len(frame), 'link')}, with old ratings of {name}; no comparison",
                code=self._code(),
                sentence=f"{found.reason} {_linked_in_words(frame)}",
                **self._read(_linked(frame), frame, "old_source_id", "old_locator"),
                caption="Old ratings and their links",
                picture=drawn("crosswalk_picture", self.crosswalk, record=self.record),
                picture_key=self.pair,
            )
        told = frame.assign(verdict=frame["verdict"].fillna(_NONE))
        return View(
            frame=frame,
            status=f"{len(frame)} of {count_of(len(found.frame), 'new aspect')}, {name}",
            code=self._code(),
            sentence=_compared_in_words(told, found.frame),
            **self._read(_compared(frame), frame, "source_id", "locator"),
            caption="New ratings beside the range of the old ones, translated",
            values=lambda rows: (
                f"{name}, " + rows["target"] + ": " + rows["observed"].fillna(MISSING["not_found"])
            ),
            picture=drawn("interval_picture", told, record=self.record) if len(frame) else None,
            picture_key=(self.pair, self.area, tuple(frame["target_aspect_id"])),
        )

    def _read(
        self, columns: dict[str, Any], frame: pd.DataFrame, source: str, locator: str
    ) -> dict[str, Any]:
        """The table to read, with the source of its ratings."""
        cited = pd.DataFrame(
            {"source_id": frame[source], "locator": frame.get(locator)}, index=frame.index
        )
        rows = pd.DataFrame({**columns, "Source": citations(cited, self.record)}, frame.index)
        links = {"Source": addresses(cited, self.record)}
        return {"rows": rows, "links": links, "tiles": _TILES}

    def _fitting(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The rows that fit all filters; where there is no comparison, no row has a verdict."""
        if self.verdict:
            frame = frame[frame["verdict"].isin(self.verdict)] if "verdict" in frame else frame[:0]
        if self.confidence:
            frame = frame[frame["confidence"].isin(self.confidence)]
        if self.relation:
            frame = frame[frame["relation"].str.contains("|".join(self.relation), na=False)]
        return search(frame, self.search or "")

    def _code(self) -> str:
        """The call that gives the same table; filters are pandas."""
        chosen = self.crosswalk
        own = ", crosswalk=mine" if chosen is self._own else ""
        made = "mine = hd.Crosswalk.from_csv('crosswalk.csv')\n" if own else ""
        code = f"hd.compare({chosen.source_set!r}, {chosen.target_set!r}, {self.area!r}{own})"
        chosen_words = {name: getattr(self, name) for name in ("verdict", "confidence")}
        parts = [f"{name} in {words}" for name, words in chosen_words.items() if words]
        if self.relation:
            parts.append(f"relation.str.contains({'|'.join(self.relation)!r}, na=False)")
        code += f".query({' and '.join(parts)!r})" if parts else ""
        return made + (f"explorers.search({code}, {self.search!r})" if self.search else code)


def absent(frame: pd.DataFrame) -> pd.Series:
    """Why nothing is translated: no old aspect is linked, or its rating was not found."""
    linked = frame["n_links"].ne(0)
    return linked.map({False: MISSING["not_applicable"], True: MISSING["not_found"]})


def _compared_in_words(frame: pd.DataFrame, whole: pd.DataFrame) -> str:
    """Counts of the verdicts, what is known of the old Areas, and the caveat."""
    if frame.empty:
        return "No new aspect fits all filters. Take one away, or press Clear."
    told = _counted(frame["verdict"], VERDICT_WORDS | {_NONE: _NONE})
    old = ", ".join(whole["known_predecessors"].dropna().unique())
    caveat = " ".join(whole["caveat"].dropna().unique()[:1])
    return (
        f"Of {count_of(len(frame), 'new aspect')}: {told}. Old Areas known: {old}; in "
        f"{count_of(int(frame['open'].sum()), 'row')} the full range of the old scale remains "
        f"possible. {caveat}"
    )


def _linked_in_words(frame: pd.DataFrame) -> str:
    """Counts of the links by relation."""
    if frame.empty:
        return "No link fits all filters: take one away, or press Clear."
    return f"Links: {_counted(frame['relation'], RELATIONS) or 'none'}."


def _counted(codes: pd.Series, words: Mapping[str, str]) -> str:
    n = Counter(codes.dropna())
    return ", ".join(f"{n[code]} {word}" for code, word in words.items() if n[code])


def _compared(frame: pd.DataFrame) -> dict[str, Any]:
    """The columns of a comparison, to be read."""
    none = absent(frame)
    low, high = frame["lower_median"].astype("string"), frame["upper_median"].astype("string")
    relations = (": " + frame["relation"].map(_relations, na_action="ignore")).fillna("")
    return {
        "New aspect": frame["target"],
        "New rating": frame["observed"].astype("string").fillna(MISSING["not_found"]),
        "Verdict": frame["verdict"].map(VERDICT_WORDS).fillna(_NONE),
        "Old, worst": frame["worst"].astype("string").fillna(none),
        "Old, best": frame["best"].astype("string").fillna(none),
        "Old, median": low.where(low.eq(high), low + " to " + high).fillna(none),
        "Links": frame["n_links"].astype("string") + relations,
        "Confidence": frame["confidence"],
    }


def _linked(frame: pd.DataFrame) -> dict[str, Any]:
    """The columns of links with the old ratings they start from, to be read."""
    status = frame["status"].str.replace("_", " ")
    return {
        "Old aspect": frame["source"],
        "Old rating": frame["old_rating"].fillna(MISSING["not_found"]),
        "Relation": frame["relation"].map(_relations, na_action="ignore").fillna(status),
        "New aspect": frame["target"],
        "Confidence": frame["confidence"],
        "Justification": frame["justification"],
    }


def _relations(found: str) -> str:
    return "; ".join(RELATIONS[one] for one in found.split("; ") if one in RELATIONS)
