"""Where the rows of a document belong: which Area, which framework, which inspections, which date.

What the document does not make clear a person gives; nothing is guessed, and a sentence says what
is missing.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from hmcpsi_data.area import days, find_area
from hmcpsi_data.choosing import choose
from hmcpsi_data.documents.cells import cell
from hmcpsi_data.documents.document import Document
from hmcpsi_data.documents.labels import words_of
from hmcpsi_data.errors import HmcpsiError, UnknownValueError, quote
from hmcpsi_data.tables import load

__all__ = ["Inspected", "Place", "locate"]

_Folder = str | os.PathLike[str] | None
_YEAR = re.compile(r"\b(?:19[89]|20[0-9])[0-9]\b")
_PRECISIONS = {4: "year", 7: "month", 10: "day"}
_FIRST = "L1"


class Inspected(NamedTuple):
    """An inspection that rows refer to; `known` where the folder has it already."""

    inspection_id: str
    framework_id: str
    framework: str
    known: bool
    year: str = ""
    locator: str = ""


@dataclass(frozen=True)
class Place:
    """Area, date, source and inspections of a document.

    Attributes
    ----------
    area_id, name : str
        The Area, and its name in the tables.
    printed : str or None
        Its name as printed.
    area_locator : str
        The first lines that print it, else the first line.
    is_new : bool
        Whether the folder has no such Area yet.
    date, precision, basis, date_locator : str or None
        Of the publication.
    inspection : Inspected
        The inspection that the document is about.
    earlier : Inspected or None
        The inspection that raised what a follow-up came back to.
    source_id, title : str
        Of the source.
    """

    area_id: str
    name: str
    printed: str | None
    area_locator: str
    is_new: bool
    date: str | None
    precision: str | None
    basis: str | None
    date_locator: str | None
    inspection: Inspected
    earlier: Inspected | None
    source_id: str
    title: str

    @property
    def year(self) -> str:
        """The year of publication, which a new Area needs."""
        return (self.date or "")[:4]

    def published(self, name: str) -> dict[str, Any]:
        """The date of publication in the three columns of that name."""
        return {name: self.date, f"{name}_precision": self.precision, f"{name}_basis": self.basis}


def locate(
    document: Document,
    folder: _Folder,
    area: str | None,
    framework: str | None,
    published: str | None,
    new_area: bool,
) -> Place:
    """Where the rows of a document belong.

    Raises
    ------
    HmcpsiError
        Where Area, framework or a date that is needed is not known; it says what to give.
    """
    date, precision, basis = (
        document.published, document.published_precision, document.published_basis,
    )  # fmt: skip
    if published is not None:
        date = days(published, "published").text
        precision, basis = _PRECISIONS[len(date)], "inferred"
    as_read = area is None and published is None and document.area_id is not None
    on = None if as_read else date  # a report may come out after its Area has ended
    area_id, name = _area(document, folder, area, on, new_area)
    is_new = area_id not in set(load("areas", folder)["area_id"])
    frameworks = _framework(document, folder, framework)
    printed = None if document.area is None else cell(document.area)
    named = frameworks["short_title"]
    inspection = _inspection(area_id, name, frameworks, date, folder)
    where = _where(document, document.area)
    inspection = inspection._replace(locator=where)
    return Place(
        area_id=area_id,
        name=name,
        printed=printed,
        area_locator=where,
        is_new=is_new,
        date=date,
        precision=precision,
        basis=basis,
        date_locator=document.published_locator if published is None else None,
        inspection=inspection,
        earlier=_earlier(document, area_id, name, date, folder),
        source_id=f"doc_{words_of(name)}_{document.kind}_{document.sha256[:8]}",
        title=f"CPS {name}, {named}",
    )


def _area(
    document: Document, folder: _Folder, area: str | None, date: str | None, new_area: bool
) -> tuple[str, str]:
    """The identifier and the name of the Area."""
    wanted = area or document.area_id or document.area
    if not wanted:
        raise HmcpsiError(
            "The document does not say clearly which Area it is about. "
            "Name it, as in rows(area='East Midlands')."
        )
    try:
        area_id = find_area(wanted, on=date, folder=folder)
    except UnknownValueError as error:
        if not new_area:
            remedy = "Give another with area=, or make it one of your own with new_area=True."
            raise HmcpsiError(f"{error} {remedy}") from None
        if date is None:
            told = f"The date of publication is needed for the new Area {quote(wanted)}"
            raise HmcpsiError(f"{told}: give it, as in published='2016-11'.") from None
        name = re.sub(r"(?i)^cps\s+|\s+area$", "", cell(wanted, 80)) or "Unnamed"
        return f"{words_of(name)}_{date[:4]}", name
    areas = load("areas", folder).set_index("area_id")
    return area_id, str(areas.loc[area_id, "name"])


def _framework(document: Document, folder: _Folder, framework: str | None) -> pd.Series:
    known = load("frameworks", folder)
    wanted = framework or document.framework_id
    if not wanted:
        listed = ", ".join(known["framework_id"])
        raise HmcpsiError(
            "The document does not say clearly under which framework the Area was inspected. "
            f"Name it, as in rows(framework='aap_2016'); there are {listed}."
        )
    ids = choose("framework", wanted, folder)
    if len(ids) > 1:
        told = f"framework {quote(wanted)} means several: {', '.join(ids)}. Name one of them."
        raise HmcpsiError(told)
    return known.set_index("framework_id", drop=False).loc[ids[0]]


def _inspection(
    area_id: str, name: str, framework: pd.Series, date: str | None, folder: _Folder
) -> Inspected:
    """The inspection that the folder has, where its date may be the same, else a new one."""
    framework_id, title = framework["framework_id"], framework["short_title"]
    known = load("inspections", folder)
    known = known[known["area_id"].eq(area_id) & known["framework_id"].eq(framework_id)]
    for row in known.itertuples():
        if _may_be_one(row.published, date):
            return Inspected(row.inspection_id, framework_id, title, True)
    wanted = f"{words_of(name)}_{framework_id}"
    taken = set(load("inspections", folder)["inspection_id"])
    if wanted in taken:
        wanted = f"{wanted}_{date[:4] if date else 'undated'}"
    return Inspected(wanted, framework_id, title, wanted in taken)


def _may_be_one(known: Any, date: str | None) -> bool:
    """Two dates that do not rule each other out: one is unknown, or they are within a year."""
    return date is None or pd.isna(known) or abs(int(known[:4]) - int(date[:4])) <= 1


def _earlier(
    document: Document,
    area_id: str,
    name: str,
    date: str | None,
    folder: _Folder,
) -> Inspected | None:
    """The inspection that a follow-up came back to, where it can be told."""
    if document.kind != "follow_up":
        return None
    frameworks = load("frameworks", folder).set_index("framework_id")
    rated = frameworks[frameworks["measure_kind"].eq("rating")]
    known = load("inspections", folder)
    known = known[known["area_id"].eq(area_id) & known["framework_id"].isin(rated.index)]
    year, locator = _year_of_earlier(document, date)
    for row in known.itertuples():
        start = row.fieldwork_from if pd.notna(row.fieldwork_from) else row.published
        if year and pd.notna(start) and start[:4] == year:
            title = frameworks.loc[row.framework_id, "short_title"]
            return Inspected(row.inspection_id, row.framework_id, title, True)
    inside = rated[_in_force(rated, year)] if year else rated.head(0)
    if inside.empty:
        return None
    framework_id, title = inside.index[0], inside["short_title"].iloc[0]
    wanted = f"{words_of(name)}_{framework_id.rpartition('_')[0]}_{year}"
    taken = wanted in set(load("inspections", folder)["inspection_id"])
    return Inspected(wanted, framework_id, title, taken, year, locator)


def _in_force(frameworks: pd.DataFrame, year: str) -> pd.Series:
    first = frameworks["in_force_from"].str[:4].fillna("9999")
    last = frameworks["in_force_to"].str[:4].fillna("9999")
    return (first <= year) & (last >= year)


def _year_of_earlier(document: Document, date: str | None) -> tuple[str, str]:
    """The year of the earlier inspection and the lines that name it: beside the overall rating."""
    overall = document.ratings[document.ratings["level"].eq("overall")]
    for locator in overall["locator"].dropna():
        years = _YEAR.findall(" ".join(document.words(locator)))
        before = [year for year in years if date is None or year < date[:4]]
        if before:
            return max(before), locator
    return "", ""


def _where(document: Document, printed: str | None) -> str:
    """The locator of the first line that prints a name, else of the first line."""
    wanted = " ".join((printed or "").split()).casefold()
    starts = 0
    for page, count in enumerate(document.pages or (len(document.lines),), 1):
        for n, line in enumerate(document.lines[starts : starts + count], 1):
            if wanted and wanted in " ".join(line.split()).casefold():
                return f"p{page} L{n}" if document.pages else f"L{n}"
        starts += count
    return f"p1 {_FIRST}" if document.pages else _FIRST
