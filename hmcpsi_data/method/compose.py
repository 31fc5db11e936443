"""Turning crosswalks round, putting them one after the other, and taking an aspect out.

Relations compose by the table in ``docs/1-method.md``. Bounds of shares are multiplied along a path
and summed over parallel paths, to 1 at most.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from math import fsum
from typing import Any

import pandas as pd

from hmcpsi_data.method import links
from hmcpsi_data.method.links import ENDS, SETS, SHARES, SOURCE, TARGET, Row

COMPOSED = "composed"  # the curation rule of a composed row
_WITHIN, _CONTAINS = "source_within_target", "source_contains_target"
_ENDS_THERE: Row = {
    **dict.fromkeys([TARGET, "status", "rationale"]),
    "relation": "equal",
    "confidence": "high",
    **dict.fromkeys(SHARES, 1),
}


def invert(frame: pd.DataFrame) -> pd.DataFrame:
    """The table of the inverse, as `Crosswalk.inverse` describes."""
    kept = frame[frame["status"].ne("remainder")]
    relation = kept["relation"].replace({_WITHIN: _CONTAINS, _CONTAINS: _WITHIN})
    accompanied = kept[TARGET].duplicated(keep=False)
    relation = relation.mask(relation.eq("equal").fillna(False) & accompanied, "undetermined")
    unknown = dict.fromkeys(["crosswalk_id", "share_low", "share_high"])
    swapped = dict(zip((*SETS, *ENDS), (*SETS[::-1], *ENDS[::-1]), strict=True))
    return kept.assign(relation=relation, **unknown).rename(columns=swapped)


def without(frame: pd.DataFrame, end: str, aspect: str, justification: str) -> pd.DataFrame:
    """The table in which an aspect has no counterpart, as `Crosswalk.without` describes."""
    other = TARGET if end == SOURCE else SOURCE
    gone = frame[end].eq(aspect).fillna(False)
    loose, kept = frame.loc[gone, other].dropna().unique(), frame[~gone]
    linked = set(kept.loc[kept["status"].ne("remainder"), other])
    kept = kept[~kept[other].isin([one for one in loose if one not in linked])]
    rests = kept["status"].eq("remainder") & kept[other].isin(loose)
    added = [{end: aspect, "status": "no_counterpart"}]
    for one in loose:
        if one not in linked:
            added.append({other: one, "status": "no_counterpart"})
        elif other == SOURCE and one not in set(kept.loc[rests, other]):
            added.append({other: one, "status": "remainder"})
    judged = {name: frame[name].iloc[0] for name in SETS} | {"curated_by": links.CURATOR}
    made = pd.DataFrame(added).assign(**judged, justification=justification)
    kept = kept.assign(share_high=kept["share_high"].mask(rests))
    return pd.concat([kept, made]).assign(basis="inferred", speaker="project")


def chain(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """The table of one crosswalk after another, as `Crosswalk.then` describes."""
    (start, middle), end = links.set_pair(first), links.set_pair(second)[1]
    way = f"{start} to {middle} and {middle} to {end}"
    rows = [*_from_sources(_weighed(first), _weighed(second)), *_unreached(first, second)]
    return pd.DataFrame(rows, columns=links.columns(), dtype=object).assign(
        source_set=start,
        target_set=end,
        justification=f"Follows from the crosswalks {way}; not judged by itself.",
        curation_rule=COMPOSED,
        basis="inferred",
        speaker="project",
    )


def _weighed(frame: pd.DataFrame) -> list[Row]:
    """The rows that have a source, with the tightest bounds of their shares."""
    bounds = dict(zip(SHARES, links.admissible(frame), strict=True))
    return [row for row in links.plain_rows(frame.assign(**bounds)) if row[SOURCE]]


def _from_sources(first: list[Row], second: list[Row]) -> Iterator[Row]:
    """The rows that have a source: all paths from it, parallel ones together."""
    onward, paths = defaultdict(list), defaultdict[str, dict](lambda: defaultdict(list))
    for row in second:
        onward[row[SOURCE]].append(row)
    for row in first:
        # a row without a target ends there, as it is
        for further in onward[row[TARGET]] if row[TARGET] else [_ENDS_THERE]:
            path = _path(row, further)
            paths[row[SOURCE]][path["status"], path[TARGET]].append(path)
    for source, ends in paths.items():
        lost = all(status == "remainder" for status, _ in ends)
        for (status, target), parallel in ends.items():
            if status == "mapped" and not any(path["is_link"] for path in parallel):
                status = "undetermined"
            made = {SOURCE: source, TARGET: target, "status": "no_counterpart" if lost else status}
            yield made | _together(made["status"], parallel)


def _path(row: Row, further: Row) -> Row:
    """What a row and the one after it come to."""
    undetermined = (further["status"] or row["status"]) == "undetermined"
    same = further["rationale"] == row["rationale"] or not row[TARGET]
    one_sided = "undetermined" if undetermined else "remainder"
    return {
        TARGET: further[TARGET],
        "status": "mapped" if further[TARGET] else one_sided,
        "is_link": row["status"] == further["status"] == "mapped",
        "relation": composed(row["relation"], further["relation"]),
        "rationale": row["rationale"] if same else None,
        "confidence": links.lowest([row["confidence"], further["confidence"]]),
        **{name: row[name] * further[name] for name in SHARES},
    }


def composed(first: str | None, second: str | None) -> str | None:
    """The relation of two links, one after the other: equal keeps the other one."""
    if first == "equal":
        return second
    alike = first == second and first in (_WITHIN, _CONTAINS)
    return first if second == "equal" or alike else "undetermined"


def _together(status: str, parallel: list[Row]) -> Row:
    """What parallel paths all say, and the sums of their shares."""
    agreed: dict[str, Any] = {}
    for name in ("relation", "rationale"):
        said = {path[name] for path in parallel}
        agreed[name] = said.pop() if len(said) == 1 else None
    related = {"mapped": agreed["relation"] or "undetermined", "undetermined": "undetermined"}
    sums = {name: min(fsum(path[name] for path in parallel), 1) for name in SHARES}
    return {
        "relation": related.get(status),
        "rationale": agreed["rationale"],
        "confidence": links.lowest(path["confidence"] for path in parallel),
        **(sums if status != "no_counterpart" else {}),
    }


def _unreached(first: pd.DataFrame, second: pd.DataFrame) -> Iterator[Row]:
    """Targets that nothing reaches, or of which it is undetermined whether something more does."""
    reached = set(first.loc[first[SOURCE].notna(), TARGET].dropna())
    of_first, of_second = (
        set(frame.loc[frame[SOURCE].isna() & frame["status"].eq("undetermined"), TARGET])
        for frame in (first, second)
    )
    for target, sources in second.groupby(TARGET, sort=False)[SOURCE]:
        if target in of_second or of_first & set(sources):
            yield {TARGET: target, "status": "undetermined", "relation": "undetermined"}
        elif not reached & set(sources):
            yield {TARGET: target, "status": "no_counterpart"}
