"""Everything that is known of an Area and of its line, in the order of time.

The period of the data, the fieldwork, the publication and the promises are four different dates and
stand in four different places. Between two frameworks or two units stands a break, and nothing
joins the two sides: what comes later is not a trend of what came before.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from hmcpsi_data.area import days, find_area
from hmcpsi_data.choosing import Wanted, choose
from hmcpsi_data.errors import UnknownValueError
from hmcpsi_data.lineage import lineage
from hmcpsi_data.search import search as containing
from hmcpsi_data.timeline_events import COLUMNS, KINDS, events

__all__ = ["BREAK", "EACH", "KINDS", "RELATIVES", "Timeline", "narrowed", "timeline"]

_Folder = str | os.PathLike[str] | None

BREAK = "break: "
"""How the words of a break begin."""

RELATIVES = {
    "line": "its predecessors and successors",
    "family": "its whole family",
    "none": "no others",
}
"""Whose events are shown beside those of the Area itself."""

EACH = {
    "event": "event, with ratings, findings and the like counted",
    "row": "rating, issue, answer, promise, finding and number",
}
"""What one row of a timeline is."""

_SEARCHED = ["when", "area", "what", "framework", "behind"]
_OF = {
    "none": ["self"],
    "line": ["self", "predecessor", "successor"],
    "family": ["self", "predecessor", "successor", "sibling"],
}


def timeline(
    area: str,
    relatives: str = "line",
    kind: Wanted = None,
    search: str = "",
    tier: Wanted = None,
    basis: Wanted = None,
    folder: _Folder = None,
    each: str = "event",
) -> pd.DataFrame:
    """What is known of an Area, event by event, with a row for each break.

    Parameters
    ----------
    area : str
        A name or an identifier, as for `find_area`.
    relatives : {"line", "family", "none"}
        Whether the events of its predecessors and successors are there as well, or those of its
        whole family (the Areas that share a predecessor or a successor with it), or none of them.
    kind : str or list of str, optional
        Kinds of event: data, fieldwork, publication, rating, request, follow_up, promise, finding,
        method, number (found by an inspection), context (a figure that is not) or borders.
    search : str
        A text to look for in what happened, in the rows behind a count, in the Area, the framework
        and the date.
    tier, basis : str or list of str, optional
        Whose publication the source is, and how it carries the fact, as for `ratings`.
    folder : path, optional
        As for `load`.
    each : {"event", "row"}
        Whether ratings, issues, findings and the like of one inspection are counted in one event,
        or each of them is an event of its own, with answers and undated promises as well.

    Returns
    -------
    pandas.DataFrame
        One row per event, ordered by the last day that its date can mean, so that a year stands
        after its months. Ratings, findings, recommendations and issues stand at the publication of
        their inspection or, where that is not known, at its fieldwork. Where the next event belongs
        to another framework or another Area than the one before, a row of the kind ``break`` stands
        between them and says which. `relation` says how the Area of the event is related to the one
        that was asked for; `area_ids` are all Areas that take part in it. `table` and `row_ids`
        name the rows that an event counts or is, `behind` tells what those that it counts say.

    Raises
    ------
    UnknownValueError, AmbiguousAreaError
        Where the Area, a kind or a choice is not known.

    Examples
    --------
    >>> found = timeline("Leicestershire", kind=["rating", "borders"])
    >>> for when, what in found[["when", "what"]].fillna("").values:
    ...     print(f"{when:10} {what}")
    1999-04-01 Began as an Area
    2006-03-14 Overall: Fair
    2006-03-14 14 aspects: Poor 1, Fair 4, Good 7, Excellent 2; of 5 critical: Fair 1, Good 4
               break: other framework (OPA 2006, then OPA 2007): not a trend
    2007       Overall: Poor
               break: other framework (OPA 2007, then AEI 2008-10): not a trend
    2009       Overall: Fair
    2011-04-01 Derbyshire, Leicestershire, Lincolnshire, Northamptonshire and Nottinghamshire \
merged into East Midlands
               break: other framework (AEI 2008-10, then Area Assurance 2016), other unit \
(Leicestershire, then East Midlands): not a trend
    2016-11-29 4 sections: Fair 3, Good 1
    2016-11-29 7 criteria: Poor 1, Fair 3, Good 3
    """
    for name, one, known in (("relatives", relatives, RELATIVES), ("each", each, EACH)):
        if one not in known:
            raise UnknownValueError(name, one, known, "help(timeline)")
    kinds = [kind] if isinstance(kind, str) else None if kind is None else list(kind)
    for one in kinds or ():
        if one not in KINDS:
            raise UnknownValueError("kind", one, KINDS, "help(timeline)")
    known = Timeline.read(folder, each)
    rows = known.about(find_area(area, folder=folder), relatives)
    tiers, bases = choose("tier", tier, folder), choose("basis", basis, folder)
    return narrowed(rows, kinds, search, tiers, bases)


@dataclass(frozen=True)
class Timeline:
    """The events of all Areas, read once; `about` gives those of one of them.

    Attributes
    ----------
    events : pandas.DataFrame
        All events, in the order of time, without breaks.
    """

    events: pd.DataFrame
    folder: _Folder

    @classmethod
    def read(cls, folder: _Folder = None, each: str = "event") -> Timeline:
        """Gather the events of all Areas; `each` as for `timeline`."""
        rows = pd.DataFrame(events(folder, each), columns=[*COLUMNS, "place"])
        rows["last"] = [_last(date) for date in rows["date_to"]]
        rows["order"] = rows["kind"].map({kind: n for n, kind in enumerate(KINDS)})
        rows = rows.sort_values(["last", "place", "order"], kind="stable", ignore_index=True)
        return cls(rows[COLUMNS].astype("string"), folder)

    def relations(self, area_id: str) -> dict[str, str]:
        """How each Area of the family is related to an Area."""
        family = lineage(area_id, folder=self.folder)
        return dict(zip(family["area_id"], family["relation"], strict=True))

    def about(
        self, area_id: str, relatives: str = "line", relations: Mapping[str, str] | None = None
    ) -> pd.DataFrame:
        """The events of an Area and of its relatives, without breaks."""
        relations = self.relations(area_id) if relations is None else relations
        wanted = {one for one, relation in relations.items() if relation in _OF[relatives]}
        shared = [not wanted.isdisjoint(ids.split("; ")) for ids in self.events["area_ids"]]
        rows = self.events.loc[shared]
        related = [relations.get(one) for one in rows["area_id"]]
        return rows.assign(relation=pd.array(related, dtype="string"))


def narrowed(
    rows: pd.DataFrame,
    kind: Wanted = None,
    search: str = "",
    tier: Wanted = None,
    basis: Wanted = None,
) -> pd.DataFrame:
    """The events that fit, with a row for each break between them.

    Parameters
    ----------
    rows : pandas.DataFrame
        Events as `Timeline.about` gives them.
    kind : str or list of str, optional
        Kinds of event.
    search : str
        A text to look for.
    tier, basis : str or list of str, optional
        Whose publication the source is, and how it carries the fact.
    """
    for column, wanted in (("kind", kind), ("tier", tier), ("basis", basis)):
        if wanted is not None:
            values = {wanted} if isinstance(wanted, str) else set(wanted)
            fits = [not values.isdisjoint(str(cell).split("; ")) for cell in rows[column]]
            rows = rows.loc[fits]  # an empty list would pick columns in rows[fits]
    if search:
        rows = rows.loc[containing(rows[_SEARCHED], search).index]
    return _broken(rows.reset_index(drop=True))


def _last(date: str | None) -> str:
    """The last day that a date can mean; what has no date comes last."""
    return "9999" if pd.isna(date) else days(date).last.isoformat()


def _broken(rows: pd.DataFrame) -> pd.DataFrame:
    """The events with a row for each break between them."""
    breaks = dict(_breaks(rows))
    if not breaks:
        return rows
    # A break has no place in the index of the events, so it comes as an empty row, to be filled.
    order = [one for n in range(len(rows)) for one in ((-n, n) if n in breaks else (n,))]
    found = rows.reindex(order)
    words = [breaks.get(-n) if n < 0 else None for n in order]
    for column, value in (("kind", "break"), ("basis", "derived"), ("speaker", "project")):
        filled = [value if one else old for one, old in zip(words, found[column], strict=True)]
        found[column] = pd.array(filled, dtype="string")
    what = [one or old for one, old in zip(words, found["what"], strict=True)]
    found["what"] = pd.array(what, dtype="string")
    return found.reset_index(drop=True)


def _breaks(rows: pd.DataFrame) -> Iterator[tuple[int, str]]:
    """The rows before which a framework or a unit changes, and the words of the break."""
    columns = [rows[c].tolist() for c in ("framework_id", "area_id", "framework", "area")]
    inspected = rows["inspection_id"].notna().tolist()
    before = None
    for n, now in enumerate(zip(*columns, strict=True)):
        if not inspected[n]:
            continue
        if before is not None and now[:2] != before[:2]:
            other = [
                f"other {what} ({before[2 + place]}, then {now[2 + place]})"
                for place, what in enumerate(("framework", "unit"))
                if now[place] != before[place]
            ]
            yield n, f"{BREAK}{', '.join(other)}: not a trend"
        before = now
