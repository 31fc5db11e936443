"""One Area on its line: everything known about it, in the order of time, with its breaks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from hmcpsi_data.explorers.base import Explorer
from hmcpsi_data.explorers.controls import Choice, Option, Search, Several, facets
from hmcpsi_data.explorers.rows import said, sources
from hmcpsi_data.explorers.view import View, call
from hmcpsi_data.html import html_table
from hmcpsi_data.record.filters import options
from hmcpsi_data.record.timeline import KINDS, RELATIVES, timeline
from hmcpsi_data.words import count_of, date_in_words

__all__ = ["AreaTimeline"]

_BREAK = (
    "text-align:left;padding:4px 8px;font-weight:bold;border-top:2px dashed #59595B;"
    "border-bottom:2px dashed #59595B"
)
_FACETS = ("kind", "speaker", "theme", "tier", "basis")


class AreaTimeline(Explorer):
    """What is known of one Area and of those before and after it, never as a trend.

    Parameters
    ----------
    record : Record or path, optional
        Whose data are shown.
    **values
        Values of controls at the start: `area`, `relatives`, `kind`, `search`, `tier`, `basis`.

    Examples
    --------
    >>> line = AreaTimeline(area="Leicestershire", kind="rating")
    >>> line.frame["what"].str.partition(" (")[0].tolist()[0]
    'Overall: Fair'
    """

    TITLE = "An Area through time"
    NOTE = (
        "Where a break stands, the framework or the unit changed: what comes after it is no trend "
        "of what came before. Dates are as precise as their sources."
    )

    area = Choice("Area", "Any Area since 1999", everything=None, filters=False,
                  default="leicestershire_1999")  # fmt: skip
    relatives = Choice("Together with", "Whose events are shown", everything=None, filters=False,
                       default="line")  # fmt: skip
    kind = Several("Kind of event", "None ticked shows all")
    search = Search()
    theme = Several("Theme", "None ticked shows all", more=True)
    speaker = Several("Whose words", "Who said it; a newspaper may have reported it", more=True)
    tier = Several("Published by", "Whose publication it is", more=True, quiet=True)
    basis = Several("Basis", "How the source carries it", more=True, quiet=True)
    picture = Choice("Picture", "How much of the lineage is drawn", everything=None, more=True,
                     filters=False, default="family")  # fmt: skip

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """The Areas and the kinds of event, with how many there are."""
        found = facets(self._events(**self.values), self.values, self._events, _FACETS)
        n = Counter(found["kind"]["kind"])
        return {
            "area": [(area, name, None) for area, name, _ in options("area", self.record)],
            "relatives": [(key, words, None) for key, words in RELATIVES.items()],
            "kind": [(key, words, n[key]) for key, words in KINDS.items()],
            **{name: options(name, self.record, found[name]) for name in _FACETS[1:]},
            "picture": [("family", "its family", None), ("all", "all Areas", None)],
        }

    def _events(self, **values: Any) -> pd.DataFrame:
        """The events without the breaks between them."""
        wanted = {name: value for name, value in values.items() if name != "picture"}
        found = timeline(**wanted, record=self.record)
        return found[found["kind"].ne("break")]

    def show(self) -> View:
        """The events that fit all filters, with a row for each break between them."""
        values = {name: value for name, value in self.values.items() if name != "picture"}
        frame = timeline(**values, record=self.record)
        events = frame[frame["kind"].ne("break")]
        whose = self._in_words("area")
        return View(
            frame=frame,
            status=f"{count_of(len(events), 'event')}: {whose}",
            code=call("hd.timeline", **values, record=self.record),
            sentence=self._sentence(frame),
            html=self._html(frame, f"{whose} through time"),
            picture=self._picture,
            picture_key=(self.area, self.picture),
        )

    def _html(self, frame: pd.DataFrame, caption: str) -> str:
        """The events as a table, with each break across all columns."""
        words, links = sources(frame, self.record)
        shown = pd.DataFrame(
            {
                "When": frame["when"].map(_in_words, na_action="ignore"),
                "What": frame["what"],
                "Area": frame["area"],
                "Framework": frame["framework"],
                "In whose words": said(frame),
                "Source": words,
            },
            index=frame.index,
        )
        html = html_table(shown, caption, links={"Source": links}, box=False, record=self.record)
        top, head, *rows = html.split("<tr>")
        for place, (kind, what) in enumerate(zip(frame["kind"], frame["what"], strict=True)):
            if kind == "break":
                cell = f'<td colspan="{shown.shape[1]}" style="{_BREAK}">{escape(what)}</td>'
                rows[place] = cell + rows[place][rows[place].index("</tr>") :]
        return "<tr>".join([top, head, *rows])

    def _sentence(self, frame: pd.DataFrame) -> str:
        n = Counter(frame["kind"])
        if not sum(n.values()):
            return "No event fits all filters. Take one away, or press Clear."
        told = ", ".join(f"{words} ({n[kind]})" for kind, words in KINDS.items() if n[kind])
        breaks = f" No trend runs across the {count_of(n['break'], 'break')}." if n["break"] else ""
        return f"Shown: {told}.{breaks}"

    def _picture(self) -> Any:
        from hmcpsi_data.pictures import lineage_picture

        return lineage_picture(self.area, whole=self.picture == "all", record=self.record)


def _in_words(when: str) -> str:
    """The dates in a text as people write them."""
    return re.sub(r"\d{4}-\d\d(-\d\d)?", lambda found: date_in_words(found[0]), when)
