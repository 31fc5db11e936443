"""One Area: everything known about it in the order of time, with its breaks; and on one page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, ClassVar

import pandas as pd

from hmcpsi_data import show
from hmcpsi_data.explorers.base import Explorer
from hmcpsi_data.explorers.controls import Choice, Option, Search, Several
from hmcpsi_data.explorers.filtered import Filtered
from hmcpsi_data.explorers.saving import call, file_name
from hmcpsi_data.explorers.themes import in_words
from hmcpsi_data.explorers.view import View, drawn, sourced
from hmcpsi_data.html import html_table
from hmcpsi_data.record.areas import successors
from hmcpsi_data.record.facts import facts
from hmcpsi_data.record.filters import options
from hmcpsi_data.record.timeline import KINDS, RELATIVES, timeline
from hmcpsi_data.show.sourced import dates
from hmcpsi_data.tables.record import RecordLike
from hmcpsi_data.words import count_of

__all__ = ["AreaPage", "AreaTimeline"]

_BREAK = (
    "text-align:left;padding:4px 8px;font-weight:bold;border-top:2px dashed #59595B;"
    "border-bottom:2px dashed #59595B"
)


class AreaTimeline(Filtered):
    """What is known of one Area and of those before and after it, never as a trend.

    Parameters
    ----------
    **values
        Filters at the start, as for `hmcpsi_data.timeline`; `picture` ("family" or "all").

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
    CALL = "hd.timeline"
    FACETS = ("area", "kind", "speaker", "theme", "tier", "basis")

    area = Choice("Area", "Any Area since 1999", everything="All Areas", filters=False,
                  counts=False, default="leicestershire_1999")  # fmt: skip
    relatives = Choice("Together with", "Whose events are shown", everything=None, filters=False,
                       default="line", options=RELATIVES)  # fmt: skip
    kind = Several("Kind of event", "None ticked shows all")
    search = Search()
    theme = Several("Theme", "None ticked shows all", more=True)
    speaker = Several("Whose words", "Who said it; a newspaper may have reported it", more=True)
    picture = Choice("Picture", "How much of the lineage is drawn", everything=None, more=True,
                     filters=False, default="family",
                     options={"family": "its family", "all": "all Areas"})  # fmt: skip

    def ask(self, **values: Any) -> pd.DataFrame:
        """The events that fit, with a row for each break between them."""
        return timeline(**values, record=self.record)

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
        whose = self._in_words("area") if self.area else "all Areas"
        whole = self.picture == "all" or self.area is None
        return View(
            frame=frame,
            status=f"{count_of(int(frame['kind'].ne('break').sum()), 'event')}: {whose}",
            code=self.code,
            sentence=_sentence(frame),
            html=self._html(frame, f"{whose[:1].upper()}{whose[1:]} through time"),
            values=lambda rows: (
                _dates(rows) + ", " + (rows["area"] + ": ").fillna("") + rows["what"]
            ),
            picture=drawn("lineage_picture", self.area, whole=whole, record=self.record),
            picture_key=(self.area, self.picture),
        )

    def _html(self, frame: pd.DataFrame, caption: str) -> str:
        """The events as a table, with each break across all columns."""
        columns = {
            "When": _dates(frame),
            "What": frame["what"],
            "Area": frame["area"],
            "Framework": frame["framework"],
        }
        table = sourced(columns, frame, self.record)
        shown, links = table["rows"], table["links"]
        html = html_table(shown, caption, links=links, box=False, record=self.record)
        top, head, *rows = html.split("<tr>")
        for place, (kind, what) in enumerate(zip(frame["kind"], frame["what"], strict=True)):
            if kind == "break":
                cell = f'<td colspan="{shown.shape[1]}" style="{_BREAK}">{escape(what)}</td>'
                rows[place] = cell + rows[place][rows[place].index("</tr>") :]
        return "<tr>".join([top, head, *rows])


class AreaPage(Explorer):
    """The page of an Area, as `hmcpsi_data.show.area` writes it.

    Parameters
    ----------
    **values
        `area` at the start.

    Examples
    --------
    >>> page = AreaPage(area="South West")
    >>> page.shown["status"].startswith("South West: ")
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

    def __init__(self, record: RecordLike = None, **values: Any) -> None:
        self._pages: dict[str, Any] = {}  # by Area: a page takes a moment to write
        super().__init__(record, **values)

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """All Areas, with the number of statements about each."""
        return {"area": self.record.once(_areas)}

    def show(self) -> View:
        """The page; the file holds every statement about the Area."""
        frame = facts(area=self.area, record=self.record)
        later = successors(self.area, record=self.record)["area"].tolist()
        return View(
            frame=frame,
            status=f"{self._in_words('area')}: {count_of(len(frame), 'statement')}",
            code=call("show.area", area=self.area, record=self.record),
            sentence=f"It ended; after it: {', '.join(later)}." if later else "",
            html=self._page().body,
            values=in_words,
            page=f"areas/{self.area}.html",
        )

    def _page(self) -> Any:
        if self.area not in self._pages:
            self._pages[self.area] = show.area(self.area, record=self.record)
        return self._pages[self.area]

    def download(self, kind: str = "csv") -> tuple[str, bytes]:
        """The page as html, or everything on record about the Area as a table."""
        if kind != "html":
            return super().download(kind)
        return file_name(f"Area {self._page().title}", "html"), self._page().html.encode()


def _areas(record: Any) -> list[Option]:
    """The Areas of which anything is on record."""
    return [one for one in options("area", record, facts(record=record)) if one[2]]


def _sentence(frame: pd.DataFrame) -> str:
    """What kinds of event there are, and how many breaks."""
    n = Counter(frame["kind"])
    if not n:
        return "No event fits all filters. Take one away, or press Clear."
    told = ", ".join(f"{words} ({n[kind]})" for kind, words in KINDS.items() if n[kind])
    breaks = f" No trend runs across the {count_of(n['break'], 'break')}." if n["break"] else ""
    return f"Shown: {told}.{breaks}"


def _dates(events: pd.DataFrame) -> pd.Series:
    """When, and of what that is the date, in words."""
    return dates(events.rename(columns={"when": "date", "precision": "date_precision"}))
