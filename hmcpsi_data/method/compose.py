"""Turning crosswalks round, putting them one after the other, and taking an aspect out.

Relations compose by the table in ``docs/1-method.md``. Paths that run in parallel from one source
to one target become one link, which is mapped if one path is mapped throughout. What reaches an
aspect without counterpart, or a remainder, is remainder of the source, or the whole of it has no
counterpart; what reaches an undetermined case stays so.

Bounds of shares are multiplied along a path and summed over parallel paths, and what is shown is
clipped to 1. Clipping at every step would make the result depend on the order of the steps, so a
composed crosswalk remembers its sums without clipping; one read from a file knows the clipped ones.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from hmcpsi_data.method import links

COMPOSED = "composed"  # the curation rule of a composed row
INVERSE = {
    "equal": "equal",
    "source_within_target": "source_contains_target",
    "source_contains_target": "source_within_target",
    "overlaps": "overlaps",
    "undetermined": "undetermined",
}

Shares = tuple[np.ndarray, np.ndarray]


def _composed(first: str, second: str) -> str:
    if "equal" in (first, second):
        return second if first == "equal" else first
    return (
        first
        if first == second and first in ("source_within_target", "source_contains_target")
        else "undetermined"
    )


COMPOSITION = {pair: _composed(*pair) for pair in product(INVERSE, repeat=2)}
"""The relation of two links, one after the other."""


def invert(frame: pd.DataFrame) -> pd.DataFrame:
    """The table of the inverse, as `Crosswalk.inverse` describes."""
    kept = frame[frame["status"].ne("remainder")]
    accompanied = kept[links.TARGET].duplicated(keep=False)
    relation = kept["relation"].map(INVERSE)
    relation = relation.mask(relation.eq("equal").fillna(False) & accompanied, "undetermined")
    swapped = dict(
        zip((*links.SETS, *links.ENDS), (*links.SETS[::-1], *links.ENDS[::-1]), strict=True)
    )
    inverse = kept.rename(columns=swapped)[links.columns()]
    inverse[["crosswalk_id", "share_low", "share_high"]] = pd.NA
    return inverse.assign(relation=relation)


def without(frame: pd.DataFrame, side: str, aspect: str, justification: str) -> pd.DataFrame:
    """The table in which an aspect has no counterpart, as `Crosswalk.without` describes."""
    other = links.TARGET if side == links.SOURCE else links.SOURCE
    rows: list[dict] = frame.astype(object).where(frame.notna(), None).to_dict("records")
    judged = dict.fromkeys(links.columns()) | {name: rows[0][name] for name in links.SETS}
    judged |= {"justification": justification, "curated_by": links.CURATOR}
    gone = [row for row in rows if row[side] == aspect]
    rows = [row for row in rows if row[side] != aspect]
    rows.append(judged | {side: aspect, "status": "no_counterpart"})
    for end in dict.fromkeys(row[other] for row in gone if row[other]):
        of_end = [row for row in rows if row[other] == end]
        remainders = [row for row in of_end if row["status"] == "remainder"]
        if len(of_end) == len(remainders):
            rows = [row for row in rows if row[other] != end]
            rows.append(judged | {other: end, "status": "no_counterpart"})
        elif side == links.TARGET and not remainders:
            rows.append(judged | {other: end, "status": "remainder"})
        elif side == links.TARGET:
            remainders[0]["share_high"] = None
    return pd.DataFrame(rows, columns=links.columns()).assign(basis="inferred", speaker="project")


def chain(
    first: pd.DataFrame, second: pd.DataFrame, shares: tuple[Shares, Shares], sets: list[str]
) -> tuple[pd.DataFrame, Shares]:
    """The table of one crosswalk after another, and the bounds of its shares, not clipped."""
    found = pd.concat([_from_sources(first, second, shares), _of_targets(first, second)])
    low, high = found.pop("low").to_numpy(float), found.pop("high").to_numpy(float)
    found = found.reset_index(drop=True)
    shown = found["status"].ne("no_counterpart") & found[links.SOURCE].notna()
    return found.assign(
        source_set=sets[0],
        target_set=sets[-1],
        share_low=pd.Series(low.clip(max=1)).where(shown),
        share_high=pd.Series(high.clip(max=1)).where(shown),
        justification=f"Follows from the crosswalks {' to '.join(sets)}; not judged by itself.",
        curation_rule=COMPOSED,
    ), (low, high)


def _from_sources(
    first: pd.DataFrame, second: pd.DataFrame, shares: tuple[Shares, Shares]
) -> pd.DataFrame:
    """The rows that have a source: all paths from it, parallel ones together."""
    start, onward = (_ways(frame, of) for frame, of in zip((first, second), shares, strict=True))
    on = onward.rename(columns={links.SOURCE: links.TARGET, links.TARGET: "end"})
    paths = start.merge(on, how="left", on=links.TARGET, suffixes=("", "_on"))
    further = paths[links.TARGET].notna()
    relations = zip(paths["relation"], paths["relation_on"], strict=True)
    sure = zip(paths["confidence"], paths["confidence_on"], strict=True)
    same = paths["rationale"].eq(paths["rationale_on"]).fillna(False)
    composed = {
        "kind": paths["kind_on"],
        "mapped": paths["mapped"] & paths["mapped_on"].eq(True).fillna(False),
        "relation": pd.Series([COMPOSITION.get(pair) for pair in relations], dtype="string"),
        "rationale": paths["rationale"].where(same),
        "confidence": pd.Series([links.lowest(pair) for pair in sure], dtype="string"),
        "low": paths["low"] * paths["low_on"],
        "high": paths["high"] * paths["high_on"],
    }
    for name, cells in composed.items():
        paths[name] = paths[name].where(~further, cells)
    paths[links.TARGET] = paths["end"]
    together: Any = paths.groupby([links.SOURCE, "kind", links.TARGET], sort=False, dropna=False)
    found = together.agg(
        mapped=("mapped", "any"),
        relation=("relation", lambda cells: _agreed(cells, "undetermined")),
        rationale=("rationale", lambda cells: _agreed(cells, None)),
        confidence=("confidence", lambda cells: links.lowest(cells.tolist())),
        low=("low", "sum"),
        high=("high", "sum"),
    ).reset_index()
    lost = found["kind"].eq("remainder").groupby(found[links.SOURCE]).transform("all")
    status = found["kind"].mask(
        found[links.TARGET].notna() & ~found["mapped"].astype(bool), "undetermined"
    )
    status = status.mask(lost, "no_counterpart")
    relation = found["relation"].mask(status.eq("undetermined"), "undetermined")
    relation = relation.where(status.isin(["mapped", "undetermined"]))
    found = found.assign(status=status, relation=relation).drop(columns=["kind", "mapped"])
    return found.sort_values(links.SOURCE, key=lambda ids: pd.factorize(ids)[0], kind="stable")


def _ways(frame: pd.DataFrame, shares: Shares) -> pd.DataFrame:
    """Where the parts of each source go: to a target, or to none, for the reason `kind`."""
    ways = frame[[*links.ENDS, "relation", "rationale", "confidence"]]
    one_sided = frame["status"].where(frame["status"].eq("undetermined"), "remainder")
    kind = one_sided.mask(frame[links.TARGET].notna(), "mapped")
    ways = ways.assign(
        kind=kind, mapped=frame["status"].eq("mapped"), low=shares[0], high=shares[1]
    )
    return ways[frame[links.SOURCE].notna()].reset_index(drop=True)


def _agreed(cells: pd.Series, otherwise: str | None) -> Any:
    """What parallel paths all say."""
    said = cells.unique()
    return said[0] if len(said) == 1 else otherwise


def _of_targets(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Targets that nothing reaches, or of which it is undetermined whether something more does."""
    linked = first.loc[first[links.SOURCE].notna(), links.TARGET]
    doubtful = _doubtful(second) | second[links.SOURCE].isin(
        first.loc[_doubtful(first), links.TARGET]
    )
    targets = second.assign(doubtful=doubtful, reached=second[links.SOURCE].isin(linked.dropna()))
    found = (
        targets.dropna(subset=links.TARGET)
        .groupby(links.TARGET, sort=False)[["doubtful", "reached"]]
        .any()
    )
    found = found[found["doubtful"] | ~found["reached"]]
    status = found["doubtful"].map({True: "undetermined", False: "no_counterpart"})
    relation = status.where(status.eq("undetermined"))
    return found.assign(status=status, relation=relation, low=0.0, high=1.0).reset_index()[
        [links.TARGET, "status", "relation", "low", "high"]
    ]


def _doubtful(frame: pd.DataFrame) -> pd.Series:
    """Rows that leave open whether a target has a source."""
    return frame[links.SOURCE].isna() & frame["status"].eq("undetermined")
