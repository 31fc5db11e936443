"""One Area: everything known about it in the order of time, with its breaks; and on one page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from typing import Any, ClassVar

import pandas as pd

from hmcpsi_data import pictures, show
from hmcpsi_data.explorers.base import Explorer
from hmcpsi_data.explorers.controls import Choice, Option, Search, Several
from hmcpsi_data.explorers.filtered import Filtered, keys, sourced
from hmcpsi_data.explorers.themes import STATEMENT, statements
from hmcpsi_data.explorers.view import View, call, file_name
from hmcpsi_data.html import html_table
from hmcpsi_data.record.facts import facts
from hmcpsi_data.record.filters import options
from hmcpsi_data.record.timeline import KINDS, RELATIVES, timeline
from hmcpsi_data.show.sourced import dates
from hmcpsi_data.words import count_of

__all__ = ["AreaPage", "AreaTimeline"]

_BREAK = (
    "text-align:left;padding:4px 8px;font-weight:bold;border-top:2px dashed #59595B;"
    "border-bottom:2px dashed #59595B"
)


class AreaTimeline(Filtered):
    """What is known of an Area and its line, filtered as by `hmcpsi_data.timeline`; no trend.

    >>> line = AreaTimeline(area="Leicestershire", kind="rating")
    >>> line.frame["what"].str.partition(" (")[0].tolist()[0]
    'Overall: Fair'
    """

    TITLE = "An Area through time"
    NOTE = (
        "Where a break stands, the framework or the unit changed: what comes after it is no trend "
        "of what came before. Dates are as precise as their sources."
    )
    FUNCTION = staticmethod(timeline)
    FACETS = ("area", "kind", "speaker", "theme", "tier", "basis")

    area = Choice("Area", "Any Area since 1999", everything="All Areas", filters=False,
                  counts=False, default="leicestershire_1999")  # fmt: skip
    relatives = Choice("Together with", "Whose events are shown", everything=None, filters=False,
                       default="line", options=RELATIVES)  # fmt: skip
    kind = Several("Kind of event", "None ticked shows all")
    search = Search()
    theme = Several("Theme", "None ticked shows all", more=True)
    speaker = Several("Whose words", "Who said it; a newspaper may have reported it", more=True)

    def offered(self, name: str, rows: pd.DataFrame) -> list[Option]:
        """The options with how many events there are; a break is none."""
        events = rows[rows["kind"].ne("break")]
        if name == "kind":
            n = Counter(events["kind"])
            return [(key, words, n[key]) for key, words in KINDS.items()]
        return super().offered(name, events)

    def show(self) -> View:
        """The events that fit all filters, with the breaks between them."""
        frame = self.rows(**self.asking)
        whose = self.in_words("area") if self.area else "all Areas"
        n = int(frame["kind"].eq("break").sum())
        events, breaks = count_of(len(frame) - n, "event"), count_of(n, "break")
        when = dates(frame.rename(columns={"when": "date", "precision": "date_precision"}))
        cited = when + ", " + (frame["area"] + ": ").fillna("") + frame["what"]
        headings = {"what": "What", "area": "Area", "framework": "Framework"}
        columns = {"When": when, **{name: frame[key] for key, name in headings.items()}}
        read = sourced(columns, frame, self.record, cited)
        caption = f"{whose[:1].upper()}{whose[1:]} through time"
        rows, links = read.drop(columns=["link", "cited"]), {"Source": read["link"]}
        html = html_table(rows, caption, links=links, box=False)
        return self.answer(
            frame, f"{events}: {whose}", f"No trend runs across the {breaks}." if n else "", read,
            html=_with_breaks(html, frame, len(headings) + 3),
            picture=partial(pictures.lineage_picture, self.area, record=self.record),
            picture_key=self.area or "all",
        )  # fmt: skip


class AreaPage(Explorer):
    """The page of an Area, as `hmcpsi_data.show.area` writes it.

    >>> AreaPage(area="South West").shown["status"].startswith("South West: ")
    True
    """

    TITLE = "An Area on one page"
    SAVES: ClassVar[Mapping[str, str]] = {
        "html": "Page (HTML)",
        "csv": "Table (CSV)",
        "xlsx": "Table (Excel)",
    }

    area = Choice("Area", "Any Area since 1999", everything=None, filters=False,
                  default="leicestershire_1999")  # fmt: skip

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """All Areas of which anything is on record, with the number of statements about each."""
        areas = options("area", self.record, facts(record=self.record))
        return {"area": [one for one in areas if one[2]]}

    def show(self) -> View:
        """The page; the file holds every statement about the Area."""
        frame = facts(area=self.area, record=self.record)
        return View(
            frame=frame,
            status=f"{self.in_words('area')}: {count_of(len(frame), 'statement')}",
            code=call("show.area", area=self.area, record=self.record),
            html=self._page().body,
            values=self._cited,
            page=f"areas/{self.area}.html",
        )

    def _cited(self, rows: pd.DataFrame) -> pd.Series:
        return self.record.once(statements)["cited"].reindex(keys(rows, STATEMENT))

    def download(self, kind: str = "csv") -> tuple[str, bytes]:
        """The page as html, or everything on record about the Area as a table."""
        if kind != "html":
            return super().download(kind)
        return file_name(f"Area {self._page().title}", kind), self._page().html.encode()

    def _page(self) -> Any:
        return self.once(self.area, lambda: show.area(self.area, record=self.record))


def _with_breaks(html: str, frame: pd.DataFrame, columns: int) -> str:
    """The table with each break across all columns."""
    top, head, *rows = html.split("<tr>")
    for place, (kind, what) in enumerate(zip(frame["kind"], frame["what"], strict=True)):
        if kind == "break":
            cell = f'<td colspan="{columns}" style="{_BREAK}">{escape(what)}</td>'
            rows[place] = cell + rows[place][rows[place].index("</tr>") :]
    return "<tr>".join([top, head, *rows])
