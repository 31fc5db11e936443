"""One Area on its line: everything known about it, in the order of time, with its breaks."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from hmcpsi_data.area import period
from hmcpsi_data.explorers.control import Control, checks, choice, search
from hmcpsi_data.explorers.explorer import Explorer
from hmcpsi_data.explorers.listing import Listing, listing
from hmcpsi_data.explorers.rows import FIRST, call, part_shown, trust, where_from
from hmcpsi_data.explorers.view import View
from hmcpsi_data.pictures import lineage_picture
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.tables import load
from hmcpsi_data.tiles import Place
from hmcpsi_data.timeline import EACH, KINDS, RELATIVES, Timeline, narrowed
from hmcpsi_data.wording import SPEAKERS, counted

__all__ = ["AreaTimeline"]

_FIRST = "leicestershire_1999"
_HEADINGS = {
    "when": "When",
    "precision": "Precision",
    "area": "Area",
    "what": "What",
    "framework": "Framework",
    "said_by": "Said by",
    "where": "Where from",
}


class AreaTimeline(Explorer):
    """What is known of one Area and of those before and after it, never as a trend.

    Parameters
    ----------
    folder : path, optional
        As for `load`.
    **state
        Values of controls at the start: `area` (an identifier), `relatives`, `each` ("event", in
        which ratings, findings and the like are counted, or "row", which lists them), `kind`,
        `tier`, `basis`, `search`, `picture`.

    Examples
    --------
    >>> line = AreaTimeline(kind=["rating"])
    >>> line.frame["what"].str.partition(" (")[0].tolist()[:3]
    ['Overall: Fair', '14 aspects: Poor 1, Fair 4, Good 7, Excellent 2; of 5 critical: Fair 1, \
Good 4', 'break: other framework']
    """

    TITLE = "An Area through time"
    CAVEAT = (
        "Where a break stands, the yardstick or the unit changed: what comes after it is no trend "
        "of what came before. Dates are as precise as their sources."
    )

    def prepare(self) -> None:
        """Gather all events once; row by row only where that is asked for."""
        self._known: dict[str, Timeline] = {}
        self._links: dict[str, Place] = {}
        self._timeline("event")
        areas = load("areas", self.folder)
        inspected = areas["area_id"].isin(load("inspections", self.folder)["area_id"])
        self._areas = areas[(areas["kind"] == "area") | inspected].reset_index(drop=True)
        self._drawn_areas = set(areas.loc[areas["kind"] == "area", "area_id"])
        self._lineage = load("area_lineage", self.folder)
        self._families: dict[str, dict[str, str]] = {}

    def describe(self) -> list[Control]:
        """The Area, whose events are shown with it, and which."""
        names = self._names = self._labels()
        first = _FIRST if _FIRST in names else next(iter(names))
        drawn = [("family", "its family"), ("all", "all Areas")]
        return [
            choice("area", "Area", "Any Area since 1999", names.items(), None, first),
            choice("relatives", "Together with", "Whose events are shown", RELATIVES.items(), None),
            choice(
                "each", "One row for each", "Counts, or all that is counted", EACH.items(), None
            ),
            choice("picture", "Picture", "How much of the lineage is drawn", drawn, None),
            checks("kind", "Kind of event", "None ticked shows all", KINDS.items()),
            *trust(self._known["event"].events),
            search(),
        ]

    def _timeline(self, each: str) -> Timeline:
        """All events, counted or row by row, read at first use."""
        if each not in self._known:
            known = self._known[each] = Timeline.read(self.folder, each)
            self._links |= where_from(known.events, self.folder)[1]
        return self._known[each]

    def _labels(self) -> dict[str, str]:
        """The name of each Area, with its years where two bear it."""
        areas, n = self._areas, Counter(self._areas["name"])
        when = period(areas).str.replace(r"(\d{4})-\d\d-\d\d", r"\1", regex=True)
        rows = zip(areas["area_id"], areas["name"], when, strict=True)
        labels = {key: f"{name} ({of})" if n[name] > 1 else name for key, name, of in rows}
        return dict(sorted(labels.items(), key=lambda item: item[1].casefold()))

    def look(
        self, area: str, relatives: str, each: str, search: str, picture: str, **wanted: Any
    ) -> View:
        """The events that fit all filters, with a row for each break between them."""
        known = self._timeline(each)
        if area not in self._families:
            self._families[area] = known.relations(area)
        relations = self._families[area]
        everything = known.about(area, relatives, relations)
        chosen = {name: values or None for name, values in wanted.items()}
        frame = narrowed(everything, search=search, **chosen)
        n = int((frame["kind"] != "break").sum())
        whose = self._names[area]
        one = each if each != "event" else None
        code = call(
            "timeline",
            area=area,
            relatives=relatives,
            search=search,
            **wanted,
            each=one,
            folder=self.folder,
        )
        behind = int(frame["behind"].notna().sum()) if search else 0
        return View(
            status=f"{n} of {counted(len(everything), each)}: {whose} with {RELATIVES[relatives]}"
            f"{part_shown(len(frame))}",
            words=self._words(frame, everything, relations, n) + _told(behind),
            table=self._table(frame.head(FIRST), whose),
            frame=frame,
            code=f"{code}  # from hmcpsi_data.timeline import timeline",
            picture=(lambda: self._picture(area, picture)) if area in self._drawn_areas else None,
            picture_key=(area, picture),
        )

    def _picture(self, area: str, picture: str) -> Picture:
        whole = picture == "all"
        return lineage_picture(self._areas, self._lineage, area, whole=whole, folder=self.folder)

    def _words(
        self, frame: pd.DataFrame, everything: pd.DataFrame, relations: dict[str, str], n: int
    ) -> str:
        if not n:
            return "No event fits all filters. Take one away, show more relatives, or press Reset."
        beside = []
        for relation in ("predecessor", "successor"):
            names = [self._names[one] for one, what in relations.items() if what == relation]
            beside.append(f"{relation}s: {', '.join(names) or 'none known'}")
        inspected = everything["inspection_id"].dropna().nunique()
        found = f"{counted(inspected, 'inspection')} in these tables"
        if not inspected:
            found = "no inspection was found, which says nothing about it"
        kinds = Counter(frame["kind"])
        shown = ", ".join(f"{words} {kinds[kind]}" for kind, words in KINDS.items() if kinds[kind])
        breaks = f" Breaks: {kinds['break']}; no trend runs across them." if kinds["break"] else ""
        words = f"{'; '.join(beside)}; {found}. Shown: {shown}.{breaks}"
        return words[0].upper() + words[1:]

    def _table(self, frame: pd.DataFrame, whose: str) -> Listing:
        inferred = frame["basis"].isin(["inferred"]) & frame["precision"].notna()
        lines = (", " + frame["locator"]).fillna("")
        shown = frame.assign(
            precision=frame["precision"].mask(inferred, frame["precision"] + ", inferred"),
            said_by=frame["speaker"].map(SPEAKERS),
            where=frame["source_id"] + lines,
        )
        return listing(shown, f"{whose} through time", _HEADINGS, self._links)


def _told(behind: int) -> str:
    """Why a count is shown that does not hold what was looked for."""
    if not behind:
        return ""
    return (
        f" {counted(behind, 'event')} of these count rows, among which the text was looked for as "
        "well: One row for each rating, issue and so on lists them."
    )
