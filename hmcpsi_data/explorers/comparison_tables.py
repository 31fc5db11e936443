"""A comparison of two sets, or the links between them, as tables and words for the screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from hmcpsi_data.comparing import VERDICT_WORDS
from hmcpsi_data.crosswalk_table import SEPARATOR
from hmcpsi_data.pictures.links import RELATIONS
from hmcpsi_data.tiles import MISSING, Place, TileTable, tile_table
from hmcpsi_data.wording import counted

__all__ = [
    "NO_VERDICT",
    "compared_in_words",
    "comparison_table",
    "linked_in_words",
    "links_table",
    "relations",
]

NO_VERDICT = "no new rating"
_COMPARED = {
    "target": "New aspect",
    "observed": "New rating",
    "verdict": "Verdict",  # between the two scales, so that their tiles do not touch
    "worst": "Old, worst",
    "best": "Old, best",
    "median": "Old, median",
    "links": "Links",
    "confidence": "How sure",
    "open": "Open",
    "where": "Where from",
}
_TILES = ("New rating", "Old, worst", "Old, best", "Old rating")
_LINKED = {
    "source": "Old aspect",
    "old_rating": "Old rating",
    "relation": "Relation",
    "target": "New aspect",
    "confidence": "How sure",
    "justification": "Justification",
    "where": "Where from",
}


def compared_in_words(frame: pd.DataFrame, whole: pd.DataFrame) -> str:
    """Counts of the verdicts that are shown, what is known of the old Areas, and the caveat."""
    if frame.empty:
        return "No new aspect fits all filters. Take one away, or press Reset."
    n = Counter(frame["verdict"])
    said = VERDICT_WORDS | {NO_VERDICT: NO_VERDICT}
    told = ", ".join(f"{words} {n[key]}" for key, words in said.items() if n[key])
    old = ", ".join(whole["known_predecessors"].dropna().unique())
    caveat = " ".join(whole["caveat"].dropna().unique()[:1])
    is_open = int(frame["open"].sum())
    return (
        f"Of {counted(len(frame), 'new aspect')}: {told}. Old Areas known: {old}; in "
        f"{counted(is_open, 'row')} the full range of the old scale remains possible. {caveat}"
    )


def linked_in_words(frame: pd.DataFrame) -> str:
    """Counts of the links that are shown, by relation."""
    if frame.empty:
        return "No row of the crosswalk fits all filters: take one away, or press Reset."
    n = Counter(frame["relation"].dropna())
    told = ", ".join(f"{words} {n[key]}" for key, (words, _) in RELATIONS.items() if n[key])
    rated = frame.loc[frame["old_rating"].notna(), "source_aspect_id"].nunique()
    have = "has" if rated == 1 else "have"
    return f"Links: {told or 'none'}. {counted(rated, 'old aspect')} shown {have} a known rating."


def comparison_table(
    frame: pd.DataFrame, where: pd.Series, places: Mapping[str, Place]
) -> TileTable:
    """A comparison for the screen; `where` says where the ratings of each row stand."""
    names = ("target", "observed", "verdict", "worst", "best", "confidence")
    words = {name: frame[name].astype("string") for name in names}
    n, relation = frame["n_links"], frame["relation"].map(relations, na_action="ignore")
    absent = n.eq(0).map({True: MISSING["not_applicable"], False: MISSING["not_found"]})
    shown = pd.DataFrame(words).assign(
        observed=words["observed"].fillna(MISSING["not_found"]),
        verdict=words["verdict"].map(VERDICT_WORDS).fillna(NO_VERDICT),
        worst=words["worst"].fillna(absent),
        best=words["best"].fillna(absent),
        median=_between(frame["lower_median"], frame["upper_median"]).fillna(absent),
        links=n.astype("string") + (": " + relation).fillna(""),
        open=frame["open"].map({True: "yes", False: "no"}),
        where=where.reindex(frame.index),
    )
    title = "New ratings beside the range of the old ones, translated"
    links = {_COMPARED["where"]: places}
    return tile_table(shown, title, headings=_COMPARED, tiles=_TILES, links=links)


def _between(low: pd.Series, high: pd.Series) -> pd.Series:
    """One word where both are the same, else from the one to the other."""
    low, high = low.astype("string"), high.astype("string")
    return low.where(low.eq(high), low + " to " + high)


def links_table(frame: pd.DataFrame, where: pd.Series, places: Mapping[str, Place]) -> TileTable:
    """Links for the screen with the old ratings that they start from, and where those are from."""
    none = frame["source_aspect_id"].isna().map({True: MISSING["not_applicable"], False: ""})
    status = frame["status"].str.replace("_", " ")
    shown = frame.assign(
        old_rating=frame["old_rating"].fillna(none.where(none.ne(""), MISSING["not_found"])),
        relation=frame["relation"].map(relations, na_action="ignore").fillna(status),
        where=where.reindex(frame.index),
    )
    title = "Old ratings and their links"
    links = {_LINKED["where"]: places}
    return tile_table(shown, title, headings=_LINKED, tiles=_TILES, links=links)


def relations(found: str) -> str:
    """Relations in words, joined as they were.

    Examples
    --------
    >>> relations("equal; source_contains_target")
    'equal; old contains new'
    """
    return SEPARATOR.join(RELATIONS[one][0] for one in found.split(SEPARATOR) if one in RELATIONS)
