"""What hangs on the shares of a crosswalk, what another one changes; a document as it was read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.html import Shown
from hmcpsi_data.method.compare import changes as what_changes
from hmcpsi_data.method.compare import compare
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.record.sources import lines_in_words
from hmcpsi_data.tables.record import RecordLike, as_record
from hmcpsi_data.words import count_of

if TYPE_CHECKING:
    from hmcpsi_data.documents.document import Document


def sensitivity(
    crosswalk: Crosswalk, ratings: pd.DataFrame, draws: int = 10_000, record: RecordLike = None
) -> Shown:
    """For which new aspects the middle of the old ratings depends on how the shares are drawn.

    Parameters
    ----------
    crosswalk : Crosswalk
        A valid one.
    ratings : pandas.DataFrame
        Ratings of one inspection under the old set; several at once are refused.
    draws : int
        How many times the shares are drawn, uniformly from what their bounds allow.
    record : Record or path, optional
        Another data folder than the shipped one.
    """
    drawn = _checked(crosswalk).sensitivity(ratings, draws)
    rows = drawn[drawn[["lower_median", "upper_median"]].max(axis=1) > 0]
    several = rows[rows["target"].duplicated(keep=False)]
    headings = {"target": "New aspect", "label": "Middle", "lower_median": "Draws"}
    if several["lower_median"].ne(several["upper_median"]).any():
        headings |= {"lower_median": "Draws, lower middle", "upper_median": "Draws, upper middle"}
    frame = several[list(headings)].rename(columns=headings)
    n, moved = drawn["target_aspect_id"].nunique(), several["target_aspect_id"].nunique()
    words = f"In {draws:,} draws the middle changes for {moved} of {count_of(n, 'new aspect')}."
    title = "Where the middle of the old ratings depends on the shares"
    return Shown(frame, title, words, tiles=["Middle"], record=as_record(record))


def changes(crosswalk: Crosswalk, other: Crosswalk, record: RecordLike = None) -> Shown:
    """What another crosswalk between the same sets changes in the comparison of ratings.

    >>> shipped = Crosswalk.load("opa_2005", "aap_2016_east_midlands")
    >>> changes(shipped, shipped).words
    'Nothing changes.'
    """
    sets = [(_checked(one).source_set, one.target_set) for one in (crosswalk, other)]
    if sets[0] != sets[1]:
        raise HmcpsiError("The two crosswalks are about other sets. Take one pair of sets.")
    before, after = (compare(*sets[0], crosswalk=one, record=record) for one in (crosswalk, other))
    rows = what_changes(before, after)
    columns = {
        "New aspect": rows["target"],
        "With the first": _ranges(rows, ""),
        "With the other": _ranges(rows, "_after"),
        "Verdict, first": rows["verdict"],
        "Verdict, other": rows["verdict_after"],
    }
    told = f"{len(rows)} of {count_of(len(before), 'new aspect')} "
    told += "comes out differently." if len(rows) == 1 else "come out differently."
    words = told if len(rows) else "Nothing changes."
    return Shown(columns, "What the other crosswalk changes", words, record=as_record(record))


def _ranges(rows: pd.DataFrame, end: str) -> list[str]:
    """Range, median and number of links of each row in words."""

    def span(low: str | None, high: str | None) -> str:
        return "not known" if pd.isna(low) else f"{low}" if low == high else f"{low} to {high}"

    names = ["worst", "best", "lower_median", "upper_median", "n_links"]
    return [
        f"{span(worst, best)}, middle {span(low, high)}, {count_of(int(n), 'link')}"
        for worst, best, low, high, n in rows[[f"{name}{end}" for name in names]].to_numpy()
    ]


def claims(document: Document) -> Shown:
    """What `read_document` read: each row, and what was left for a person to judge."""
    found = getattr(document, "claims", None)
    if not isinstance(found, pd.DataFrame):
        raise HmcpsiError("Give claims what read_document returns.")
    columns = {
        "What": found["what"],
        "Value": found["value"],
        "Table": found["table"],
        "Lines": found["locator"].map(lines_in_words, na_action="ignore"),
        "Read as": found["certain"].map({True: "certain", False: "doubtful"}),
        "Why": found["why"],
    }
    n = int(found["certain"].sum())
    left = count_of(len(found) - n, "claim")
    words = f"{count_of(n, 'row')} read, {left} left for a person to judge."
    return Shown(columns, f"What was read from {document.name}", words, tiles=["Value"])


def _checked(crosswalk: Crosswalk) -> Crosswalk:
    if not isinstance(crosswalk, Crosswalk):
        raise HmcpsiError("Give a Crosswalk, such as Crosswalk.load(old set, new set).")
    return crosswalk
