"""A comparison of two sets, or the links between them, as tables and words for the screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from hmcpsi_data.comparing import VERDICTS
from hmcpsi_data.crosswalk_table import SEPARATOR
from hmcpsi_data.pictures.links import RELATIONS
from hmcpsi_data.tiles import MISSING, TileTable, tile_table

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
    "lower_median": "Lower median",
    "upper_median": "Upper median",
    "n_links": "Links",
    "relation": "Relation",
    "confidence": "Confidence",
    "known_predecessors": "Old Areas known",
    "open": "Open",
    "origin": "Origin",
    "where": "New rating from",
}
_TILES = ("New rating", "Old, worst", "Old, best", "Lower median", "Upper median", "Old rating")
_LINKED = {
    "source": "Old aspect",
    "old_rating": "Old rating",
    "status": "Status",
    "relation": "Relation",
    "target": "New aspect",
    "confidence": "Confidence",
    "justification": "Justification",
    "where": "Old rating from",
}


def compared_in_words(frame: pd.DataFrame, whole: pd.DataFrame) -> str:
    """Counts of the verdicts that are shown, what is known of the old Areas, and the caveat."""
    if frame.empty:
        return "No new aspect fits all filters. Take one away, or press Reset."
    n = Counter(frame["verdict"])
    told = ", ".join(f"{word} {n[word]}" for word in (*VERDICTS, NO_VERDICT) if n[word])
    old = ", ".join(whole["known_predecessors"].dropna().unique())
    caveat = " ".join(whole["caveat"].dropna().unique()[:1])
    is_open = int(frame["open"].sum())
    return (
        f"Of {len(frame)} new aspects: {told}. Old Areas known: {old}; in {is_open} of the rows "
        f"the full range of the old scale remains possible. {caveat}"
    )


def linked_in_words(frame: pd.DataFrame) -> str:
    """Counts of the links that are shown, by relation."""
    if frame.empty:
        return "No row of the crosswalk fits all filters: take one away, or press Reset."
    n = Counter(frame["relation"].dropna())
    told = ", ".join(f"{words} {n[key]}" for key, (words, _) in RELATIONS.items() if n[key])
    rated = frame.loc[frame["old_rating"].notna(), "source_aspect_id"].nunique()
    return f"Links: {told or 'none'}. {rated} old aspects shown have a known rating."


def comparison_table(
    frame: pd.DataFrame, where: Mapping[str, str], addresses: Mapping[str, str]
) -> TileTable:
    """A comparison for the screen; `where` says from where the new rating of an aspect is."""
    words = {name: frame[name].astype("string") for name in _COMPARED if name in frame}
    shown = pd.DataFrame(words).assign(
        observed=words["observed"].fillna(MISSING["not_found"]),
        relation=words["relation"].map(relations, na_action="ignore"),
        open=frame["open"].map({True: "yes", False: "no"}),
        known_predecessors=words["known_predecessors"].str.replace(", .*", "", regex=True),
        where=frame["target_aspect_id"].map(where),
    )
    absent = frame["n_links"].eq(0).map({True: MISSING["not_applicable"], False: ""})
    for name in ("worst", "best", "lower_median", "upper_median"):
        shown[name] = shown[name].fillna(absent.where(absent.ne(""), MISSING["not_found"]))
    title = "New ratings beside the range of the old ones"
    links = {_COMPARED["where"]: addresses}
    return tile_table(shown, title, headings=_COMPARED, tiles=_TILES, links=links)


def links_table(
    frame: pd.DataFrame, where: Mapping[str, str], addresses: Mapping[str, str]
) -> TileTable:
    """Links for the screen with the old ratings that they start from, and where those are from."""
    none = frame["source_aspect_id"].isna().map({True: MISSING["not_applicable"], False: ""})
    shown = frame.assign(
        old_rating=frame["old_rating"].fillna(none.where(none.ne(""), MISSING["not_found"])),
        status=frame["status"].str.replace("_", " "),
        relation=frame["relation"].map(relations, na_action="ignore"),
        where=frame["source_aspect_id"].map(where),
    )
    links = {_LINKED["where"]: addresses}
    title = "Old ratings and their links"
    return tile_table(shown, title, headings=_LINKED, tiles=_TILES, links=links)


def relations(found: str) -> str:
    """Relations in words, joined as they were.

    Examples
    --------
    >>> relations("equal; source_contains_target")
    'equal; old contains new'
    """
    return SEPARATOR.join(RELATIONS[one][0] for one in found.split(SEPARATOR) if one in RELATIONS)
