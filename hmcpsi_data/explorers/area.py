"""One page for an Area: what it was, what was said of it, and what became of that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hmcpsi_data import show
from hmcpsi_data.explorers.base import Explorer
from hmcpsi_data.explorers.controls import Choice, Option
from hmcpsi_data.explorers.rows import offered
from hmcpsi_data.explorers.view import View, call, file_name
from hmcpsi_data.record.areas import successors
from hmcpsi_data.record.facts import facts
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

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """All Areas, with the number of statements about each."""
        whole = facts(record=self.record)
        return {"area": offered("area", self.record, whole, whole)}

    def download(self, kind: str = "csv") -> tuple[str, bytes]:
        """The page as html, or everything on record about the Area as csv."""
        if kind != "html":
            return super().download(kind)
        page = show.area(self.area, record=self.record)
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
            html=show.area(self.area, record=self.record).body,
        )
