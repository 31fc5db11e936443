"""One page for an Area: what it was, what was said of it, and what became of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hmcpsi_data import show
from hmcpsi_data.explorers.base import Explorer
from hmcpsi_data.explorers.controls import Choice, Option
from hmcpsi_data.explorers.view import View, call, file_name
from hmcpsi_data.record.areas import successors
from hmcpsi_data.record.facts import facts
from hmcpsi_data.record.filters import options
from hmcpsi_data.tables.record import RecordLike
from hmcpsi_data.words import count_of

__all__ = ["AreaPage"]


class AreaPage(Explorer):
    """The page of an Area, as `hmcpsi_data.show.area` writes it.

    Parameters
    ----------
    record : Record or path, optional
        Whose data are shown.
    **values
        `area` at the start.

    Examples
    --------
    >>> page = AreaPage(area="South West")
    >>> page.shown["status"].startswith("South West: ")
    True
    """

    TITLE = "An Area on one page"
    SAVES = (("html", "Page (HTML)"), ("csv", "Table (CSV)"))

    area = Choice("Area", "Any Area since 1999", everything=None, filters=False,
                  default="leicestershire_1999")  # fmt: skip

    def __init__(self, record: RecordLike = None, **values: Any) -> None:
        self._whole = facts(record=record)
        self._pages: dict[str, show.AreaPage] = {}  # by Area: a page takes a moment to write
        super().__init__(record, **values)

    def _page(self) -> show.AreaPage:
        if self.area not in self._pages:
            self._pages[self.area] = show.area(self.area, record=self.record)
        return self._pages[self.area]

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """All Areas, with the number of statements about each."""
        return {"area": [one for one in options("area", self.record, self._whole) if one[2]]}

    def download(self, kind: str = "csv") -> tuple[str, bytes]:
        """The page as html, or everything on record about the Area as csv."""
        if kind != "html":
            return super().download(kind)
        page = self._page()
        return file_name(f"Area {page.title}", "html"), page.html.encode()

    def show(self) -> View:
        """The page; the file holds every statement about the Area."""
        frame = facts(area=self.area, record=self.record)
        later = successors(self.area, record=self.record)["area"].tolist()
        told = f" It ended; after it: {', '.join(later)}." if later else ""
        return View(
            frame=frame,
            status=f"{self._in_words('area')}: {count_of(len(frame), 'statement')}",
            code=call("show.area", area=self.area, record=self.record),
            sentence=told.strip(),
            html=self._page().body,
        )
