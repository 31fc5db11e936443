"""What a crosswalk reaches: coverage of both sets, and where the parts of a split meet again."""

from __future__ import annotations

import pandas as pd

from hmcpsi_data.crosswalk_table import (
    MAPPED,
    NO_COUNTERPART,
    REMAINDER,
    SEPARATOR,
    SOURCE,
    TARGET,
    UNDETERMINED,
    Parts,
    set_pair,
)
from hmcpsi_data.tables import load

__all__ = ["coverage", "exact_splits"]

_COUNTS = ["n_aspects", "n_linked", "n_without", "n_undetermined", "n_remainder"]
_NO_SECTIONS = "this set has no sections"
_LISTS = ["without", "undetermined", "remainder"]


def coverage(parts: Parts) -> pd.DataFrame:
    """How much of both sets a valid crosswalk reaches, as `Crosswalk.coverage` describes."""
    sides = (("source", SOURCE, parts.sources), ("target", TARGET, parts.targets))
    found = [
        {"side": side, "set_id": set_id, **_reached(parts.frame, column, aspects)}
        for (side, column, aspects), set_id in zip(sides, set_pair(parts.frame), strict=True)
    ]
    types = dict.fromkeys(_COUNTS, "Int64") | dict.fromkeys(["side", "set_id", *_LISTS], "string")
    return pd.DataFrame(found, columns=["side", "set_id", *_COUNTS, *_LISTS]).astype(types)


def exact_splits(parts: Parts) -> pd.DataFrame:
    """Which splits meet again in one section, as `Crosswalk.exact_splits` describes."""
    frame = parts.frame
    sections, bases = _sections(parts)
    found = []
    for source, name in parts.sources[["aspect_id", "label"]].itertuples(index=False):
        rows = frame[frame[SOURCE].eq(source).fillna(False)]
        targets = rows.loc[rows["status"].eq(MAPPED), TARGET]
        if len(targets) > 1:
            within = sections[targets].drop_duplicates()
            meet = within.notna().all() and len(within) == 1
            whole = len(rows) == len(targets)
            outcome = _outcome(within, meet, rows)
            found.append(
                {
                    SOURCE: source,
                    "source": name,
                    "n_links": len(targets),
                    "sections": SEPARATOR.join(within.dropna()) or None,
                    "section_basis": SEPARATOR.join(bases[targets].dropna().unique()) or None,
                    "exact": meet and whole,
                    "outcome": outcome if sections.notna().any() else _NO_SECTIONS,
                }
            )
    types = {"n_links": "Int64", "exact": "boolean"}
    texts = dict.fromkeys([SOURCE, "source", "sections", "section_basis", "outcome"], "string")
    names = [SOURCE, "source", "n_links", "sections", "section_basis", "exact", "outcome"]
    return pd.DataFrame(found, columns=names).astype(types | texts)


def _reached(frame: pd.DataFrame, column: str, aspects: pd.DataFrame) -> dict[str, object]:
    """Counts and lists of the aspects of one side."""
    has = {
        status: aspects["aspect_id"].isin(frame.loc[frame["status"].eq(status), column].dropna())
        for status in (MAPPED, REMAINDER, NO_COUNTERPART, UNDETERMINED)
    }
    groups = {
        "without": has[NO_COUNTERPART],
        "undetermined": has[UNDETERMINED] & ~has[MAPPED],
        "remainder": has[REMAINDER],
    }
    return {
        "n_aspects": len(aspects),
        "n_linked": has[MAPPED].sum(),
        **{f"n_{name}": chosen.sum() for name, chosen in groups.items()},
        **{n: SEPARATOR.join(aspects.loc[c, "label"]) or None for n, c in groups.items()},
    }


def _sections(parts: Parts) -> tuple[pd.Series, pd.Series]:
    """The label of the section of each target, and what it rests on; missing where not known.

    A section is its own; the section of another target is its parent.
    """
    known = load("aspects", parts.folder).drop_duplicates("aspect_id").set_index("aspect_id")
    sources = load("sources", parts.folder).set_index("source_id")["title"]
    targets = parts.targets.set_index("aspect_id")
    is_section, parents = targets["level"].eq("section"), targets["parent_id"]
    labels = parents.map(known["label"]).fillna(parents).mask(is_section, targets["label"])
    derived = known["parent_basis"] + " from " + known["parent_source_id"].map(sources)
    bases = targets.index.to_series().map(derived).astype("string")
    return labels, bases.where(parents.notna()).mask(is_section, "a section itself")


def _outcome(within: pd.Series, meet: bool, rows: pd.DataFrame) -> str:
    """Where a split leads, in words."""
    named = list(within.dropna())
    if within.isna().any():
        return "the section of some of its targets is not known"
    if not meet:
        return f"crosses {', '.join(named[:-1])} and {named[-1]}"
    if rows["status"].eq(REMAINDER).any():
        return f"meets again in {named[0]}, but for its remainder"
    if rows["status"].eq(UNDETERMINED).any():
        return f"meets again in {named[0]}, as far as it is determined"
    return f"meets again in {named[0]}, and is exact there"
