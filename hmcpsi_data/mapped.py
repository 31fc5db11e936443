"""What a crosswalk reaches, what hangs on its shares, and what another one changes, to be read.

Each function returns a `TileTable`. The links are judgements, and so is all that follows from them.
"""

from __future__ import annotations

import pandas as pd

from hmcpsi_data.crosswalk import Crosswalk
from hmcpsi_data.tiles import MISSING, TileTable, tile_table
from hmcpsi_data.wording import counted

__all__ = ["changes", "reach", "sway"]

_CHANGED = ["worst", "best", "lower_median", "upper_median", "n_links", "verdict"]


def reach(crosswalk: Crosswalk) -> TileTable:
    """How many aspects of both sets a crosswalk links, and by name what it leaves out.

    Raises
    ------
    CrosswalkError
        Where the crosswalk is not valid.

    Examples
    --------
    >>> print(reach(Crosswalk.load("opa_2005", "aap_2016_east_midlands")).words)
    9 of 14 old aspects are linked and 5 have no counterpart; 7 of 7 new aspects are linked and \
none is without counterpart.
    """
    sides = crosswalk.coverage().assign(side=["old", "new"])
    told = [
        f"{row.n_linked} of {counted(row.n_aspects, f'{row.side} aspect')} are linked and "
        + (
            f"{row.n_without} {'has' if row.n_without == 1 else 'have'} no counterpart"
            if row.n_without
            else "none is without counterpart"
        )
        for row in sides.itertuples()
    ]
    return tile_table(
        sides.assign(without=sides["without"].fillna("none"), part=sides["remainder"].fillna("")),
        "What the map reaches, and what it leaves out",
        f"{'; '.join(told)}.",
        headings={
            "side": "Side",
            "n_aspects": "Aspects",
            "n_linked": "Linked",
            "without": "Without counterpart",
            "part": "Linked, but a part has no home",
        },
    )


def sway(crosswalk: Crosswalk, ratings: pd.DataFrame, draws: int = 10_000) -> TileTable:
    """For which new aspects the middle of the old ratings hangs on how the shares are drawn.

    Parameters
    ----------
    crosswalk : Crosswalk
        A valid one.
    ratings : pandas.DataFrame
        Ratings of one inspection under the old set.
    draws : int
        How many times the shares are drawn, uniformly from what their bounds allow.

    Examples
    --------
    >>> from hmcpsi_data import ratings
    >>> opa = ratings("Leicestershire", framework="opa_2005", level="aspect")
    >>> sway(Crosswalk.load("opa_2005", "aap_2016_east_midlands"), opa).frame["Middle"].tolist()
    ['Poor', 'Fair']
    """
    drawn = crosswalk.sensitivity(ratings, draws)
    either = drawn[["lower_median", "upper_median"]].max(axis=1)
    words = drawn[either > 0]
    several = words[words["target"].duplicated(keep=False)]
    n, moved = drawn["target_aspect_id"].nunique(), several["target_aspect_id"].nunique()
    shown = several.assign(
        **{c: several[c].map(lambda n: f"{n:,}") for c in ("lower_median", "upper_median")}
    )
    same = several["lower_median"].eq(several["upper_median"]).all()
    headings = {"target": "New aspect", "label": "Middle", "lower_median": "Draws"}
    if not same:
        headings |= {"lower_median": "Draws, lower middle", "upper_median": "Draws, upper middle"}
    return tile_table(
        shown,
        "Where the middle of the old ratings hangs on the shares",
        f"In {draws:,} draws the middle changes for {moved} of {counted(n, 'new aspect')}.",
        headings=headings,
        tiles=("Middle",),
    )


def changes(before: pd.DataFrame, after: pd.DataFrame) -> TileTable:
    """What another crosswalk changes in a comparison: the new aspects that come out otherwise.

    Parameters
    ----------
    before, after : pandas.DataFrame
        What `compare` returns with the one and with the other crosswalk, between the same sets.

    Examples
    --------
    >>> from hmcpsi_data.comparing import compare
    >>> print(changes(compare(), compare()).words)
    Nothing changes in 7 new aspects.
    """
    both = before.merge(after, on="target_aspect_id", suffixes=("", "_then"), validate="1:1")
    other = [both[c].astype("string").fillna("") for c in _CHANGED]
    then = [both[f"{c}_then"].astype("string").fillna("") for c in _CHANGED]
    moved = pd.concat([a.ne(b) for a, b in zip(other, then, strict=True)], axis=1).any(axis=1)
    rows = both[moved]
    shown = pd.DataFrame(
        {
            "New aspect": rows["target"],
            "As shipped": _told(rows, ""),
            "With the other map": _told(rows, "_then"),
            "New rating": rows["observed"].fillna(MISSING["not_found"]),
            "Verdict with the other map": rows["verdict_then"],
        }
    )
    n, of = len(rows), counted(len(both), "new aspect")
    words = f"{n} of {of} {'comes' if n == 1 else 'come'} out another way."
    if not n:
        words = f"Nothing changes in {of}."
    caveat = " ".join(after["caveat"].dropna().unique()[:1])
    title = "What the other map changes in the range of old ratings"
    return tile_table(shown, title, words, caveat, tiles=("New rating",))


def _told(rows: pd.DataFrame, end: str) -> list[str]:
    """Range, median and number of links of each row in words."""
    columns = ["worst", "best", "lower_median", "upper_median", "n_links"]
    cells = rows[[f"{column}{end}" for column in columns]].astype(object)
    return [
        f"{_span(worst, best)}, median {_span(low, high)}, {counted(links, 'link')}"
        for worst, best, low, high, links in cells.itertuples(index=False, name=None)
    ]


def _span(low: str, high: str) -> str:
    """A range of labels in words."""
    if pd.isna(low):
        return "not known"
    return low if low == high else f"{low} to {high}"
