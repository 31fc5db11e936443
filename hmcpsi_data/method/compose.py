"""Turning crosswalks round, putting them one after the other, and taking an aspect out.

Relations compose by the table in ``docs/1-method.md``. Bounds of shares are multiplied along a path
and summed over parallel paths, to 1 at most.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from hmcpsi_data.method.links import CURATOR, ENDS, SETS, SOURCE, TARGET, admissible, lowest

COMPOSED = "composed"  # the curation rule of a composed row
_WITHIN, _CONTAINS = "source_within_target", "source_contains_target"
_ON = f"{TARGET}_on"  # where a path ends
_GOES_NOWHERE = {"relation": "equal", "confidence": "high", "mapped": True, "low": 1.0, "high": 1.0}


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
    judged = {name: frame[name].iloc[0] for name in SETS} | {"curated_by": CURATOR}
    made = pd.DataFrame(added).assign(**judged, justification=justification)
    kept = kept.assign(share_high=kept["share_high"].mask(rests))
    return pd.concat([kept, made]).assign(basis="inferred", speaker="project")


def chain(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """The table of one crosswalk after another, as `Crosswalk.then` describes."""
    found = pd.concat([_from_sources(first, second), _unreached(first, second)])
    shown = found["status"].ne("no_counterpart") & found[SOURCE].notna()
    low, high = (found.pop(name).clip(upper=1).where(shown) for name in ("low", "high"))
    start, middle = first[[*SETS]].iloc[0]
    end = second["target_set"].iloc[0]
    way = f"{start} to {middle} and {middle} to {end}"
    return found.assign(
        source_set=start,
        target_set=end,
        share_low=low,
        share_high=high,
        justification=f"Follows from the crosswalks {way}; not judged by itself.",
        curation_rule=COMPOSED,
    )


def _from_sources(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """The rows that have a source: all paths from it, parallel ones together."""
    start, onward = (_links_of(frame) for frame in (first, second))
    # a row without a target meets one without a source, which leaves it as it is
    onward = pd.concat([onward, pd.DataFrame([_GOES_NOWHERE])])
    paths = start.merge(onward, "left", left_on=TARGET, right_on=SOURCE, suffixes=("", "_on"))
    status = paths["status_on"].fillna(paths["status"])
    one_sided = status.where(status.eq("undetermined"), "remainder")
    rationale, further = paths["rationale"], paths["rationale_on"]
    sure = zip(paths["confidence"], paths["confidence_on"], strict=True)
    paths = paths.assign(
        kind=one_sided.mask(paths[_ON].notna(), "mapped"),
        mapped=paths["mapped"] & paths["mapped_on"],
        relation=composed(paths["relation"], paths["relation_on"]),
        rationale=rationale.where(rationale.eq(further).fillna(False) | paths[TARGET].isna()),
        confidence=pd.Series(list(map(lowest, sure)), dtype="string"),
        low=paths["low"] * paths["low_on"],
        high=paths["high"] * paths["high_on"],
    )
    parallel: Any = paths.groupby([SOURCE, "kind", _ON], sort=False, dropna=False)
    found = parallel.agg(
        mapped=("mapped", "any"),
        relation=("relation", _agreed),
        rationale=("rationale", _agreed),
        confidence=("confidence", lowest),
        low=("low", "sum"),
        high=("high", "sum"),
    )
    found = found.reset_index().astype(
        dict.fromkeys(["relation", "rationale", "confidence"], "string")
    )
    lost = found["kind"].eq("remainder").groupby(found[SOURCE]).transform("all")
    unsure = found["kind"].eq("mapped") & ~found.pop("mapped").astype(bool)
    status = found.pop("kind").mask(unsure, "undetermined").mask(lost, "no_counterpart")
    relation = found["relation"].mask(status.eq("undetermined")).fillna("undetermined")
    relation = relation.where(status.isin(["mapped", "undetermined"]))
    found = found.assign(status=status, relation=relation).rename(columns={_ON: TARGET})
    return found.sort_values(SOURCE, key=lambda ids: pd.factorize(ids)[0], kind="stable")


def _links_of(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows that have a source, with the bounds of their shares."""
    low, high = admissible(frame)
    rows = frame[[*ENDS, "status", "relation", "rationale", "confidence"]]
    rows = rows.assign(mapped=frame["status"].eq("mapped"), low=low, high=high)
    return rows[frame[SOURCE].notna()]


def composed(first: pd.Series, second: pd.Series) -> pd.Series:
    """The relations of links, one after the other: equal keeps the other one."""
    equal = [one.eq("equal").fillna(False) for one in (first, second)]
    alike = first.eq(second).fillna(False) & first.isin([_WITHIN, _CONTAINS])
    return second.where(equal[0], first.where(equal[1] | alike, "undetermined"))


def _agreed(cells: pd.Series) -> Any:
    """What parallel paths all say."""
    return cells.iloc[0] if cells.nunique(dropna=False) == 1 else None


def _unreached(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Targets that nothing reaches, or of which it is undetermined whether something more does."""
    doubt, further_doubt = (
        frame[SOURCE].isna() & frame["status"].eq("undetermined") for frame in (first, second)
    )
    reached = first.loc[first[SOURCE].notna(), TARGET].dropna()
    targets = second.assign(
        doubtful=further_doubt | second[SOURCE].isin(first.loc[doubt, TARGET]),
        reached=second[SOURCE].isin(reached),
    ).groupby(TARGET, sort=False)
    found = targets[["doubtful", "reached"]].any().query("doubtful or not reached").reset_index()
    status = found["doubtful"].map({True: "undetermined", False: "no_counterpart"})
    relation = status.where(status.eq("undetermined"))
    return found[[TARGET]].assign(status=status, relation=relation, low=0.0, high=1.0)
