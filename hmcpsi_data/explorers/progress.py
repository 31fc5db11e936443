"""Recommendations and aspects for improvement, and the progress that follow-ups rated."""

from __future__ import annotations

from typing import Any

import pandas as pd

from hmcpsi_data.actions import Progress
from hmcpsi_data.explorers.control import Control, checks, choice, search
from hmcpsi_data.explorers.explorer import Explorer
from hmcpsi_data.explorers.listing import Listing, listing
from hmcpsi_data.explorers.rows import call, options, where_from
from hmcpsi_data.explorers.view import View
from hmcpsi_data.pictures import unit_strips
from hmcpsi_data.tables import load
from hmcpsi_data.tiles import MISSING
from hmcpsi_data.wording import KINDS, SPEAKERS

__all__ = ["ProgressTracker"]

_UNRATED = MISSING["not_found"]
_PLURALS = {
    "recommendation": "recommendations",
    "aspect_for_improvement": "aspects for improvement",
}
_HEADINGS = {
    "area": "Area",
    "framework": "Asked for in",
    "kind": "Kind, no.",
    "topic": "Asked for",
    "progress": "Progress",
    "followed_up": "Followed up",
    "said_by": "Said by",
    "where": "Where from",
}


class ProgressTracker(Explorer):
    """What was asked of an Area, and how far it had come when the inspectorate came back.

    Parameters
    ----------
    folder : path, optional
        As for `load`.
    **state
        Values of controls at the start: `area`, `theme`, `kind`, `progress`, `search`.

    Examples
    --------
    >>> tracker = ProgressTracker(progress=["Achieved"])
    >>> tracker.frame[["kind", "number"]].values.tolist()
    [['recommendation', 4], ['aspect_for_improvement', 3]]
    """

    TITLE = "Progress on recommendations"
    CAVEAT = (
        "Progress is not quality: Achieved is not Excellent. The scale is open: it may have "
        "further values than those listed here."
    )

    def prepare(self) -> None:
        """Read everything that was asked for once."""
        self._known = Progress.read(self.folder)
        self._themes = load("themes", self.folder)
        self._shown, self._links = self._readable(self._known.rows)

    def describe(self) -> list[Control]:
        """The filters and a search."""
        rows, themes = self._known.rows, self._themes
        areas = options(rows["area_id"], rows["area"])
        subjects = options(themes["theme_id"], themes["title"])
        kinds = list(_PLURALS.items())
        scale = options(self._known.scale)
        return [
            choice("area", "Area", "The Area that was asked", areas, "All Areas"),
            choice("theme", "Theme", "A subject, by our judgement", subjects, "All themes"),
            checks("kind", "Kind", "None ticked shows all", kinds),
            checks("progress", "Progress", "None ticked shows all, the unrated too", scale),
            search(),
        ]

    def look(self, search: str, **wanted: Any) -> View:
        """What was asked for, as far as it fits all filters."""
        chosen = {name: value or None for name, value in wanted.items()}
        frame = self._known.fitting(**chosen, search=search)
        rated = frame[frame["progress"].notna()]
        code = call("progress", **chosen, search=search, folder=self.folder)
        return View(
            status=f"{len(frame)} of {len(self._known.rows)} recommendations and aspects "
            "for improvement",
            words=self._words(frame),
            table=self._table(frame),
            frame=frame.reset_index(drop=True),
            code=f"{code}  # from hmcpsi_data.actions import progress",
            picture=None if rated.empty else lambda: unit_strips(rated, folder=self.folder),
            picture_key=tuple(rated["action_id"]),
        )

    def _words(self, frame: pd.DataFrame) -> str:
        if frame.empty:
            return "Nothing that was asked for fits all filters. Take one away, or press Reset."
        order = [*reversed(self._known.scale), _UNRATED]
        parts = []
        for kind, name in _PLURALS.items():
            found = frame.loc[frame["kind"] == kind, "progress"].fillna(_UNRATED).tolist()
            if found:
                words = ", ".join(f"{w} {found.count(w)}" for w in order if w in found)
                parts.append(f"{name}: {words} of {len(found)}")
        words = "; ".join(parts)
        return f"{words[0].upper()}{words[1:]}."

    def _table(self, frame: pd.DataFrame) -> Listing:
        title = "What was asked for, and progress with it"
        shown = self._shown.loc[frame.index]
        return listing(shown, title, _HEADINGS, self._links, row_headers=3, tiles=("Progress",))

    def _readable(self, rows: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
        """The rows in the words that the table shows, and the addresses of their sources."""
        where, links = where_from(rows, self.folder)
        as_at = ", as at " + rows["progress_as_at"]
        as_at += " (" + rows["progress_as_at_precision"] + ")"
        shown = rows.assign(
            kind=rows["kind"].map(KINDS) + (" " + rows["number"].astype("string")).fillna(""),
            progress=rows["progress"].fillna(_UNRATED),
            followed_up=(rows["follow_up"] + as_at.fillna("")).fillna(_UNRATED),
            said_by=rows["speaker"].map(SPEAKERS),
            where=where,
        )
        return shown, links
