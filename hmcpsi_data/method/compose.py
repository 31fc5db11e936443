"""Turning crosswalks round, putting them one after the other, and taking an aspect out.

How relations compose, the first crosswalk down, the second across:

====================== ====================== ==================== ====================== ============ ============
then                   equal                  source_within_target source_contains_target overlaps     undetermined
====================== ====================== ==================== ====================== ============ ============
equal                  equal                  source_within_target source_contains_target overlaps     undetermined
source_within_target   source_within_target   source_within_target undetermined           undetermined undetermined
source_contains_target source_contains_target undetermined         source_contains_target undetermined undetermined
overlaps               overlaps               undetermined         undetermined           undetermined undetermined
undetermined           undetermined           undetermined         undetermined           undetermined undetermined
====================== ====================== ==================== ====================== ============ ============

Paths that run in parallel from one source to one target become one link. Its relation is theirs if
they agree, else undetermined; its confidence is the lowest on any of them; it is mapped if one path
is mapped throughout. What reaches an aspect without counterpart, or a remainder, is remainder of
the source, or the whole of it has no counterpart; what reaches an undetermined case stays so.

Bounds of shares are multiplied along a path and summed over parallel paths, and what is shown is
clipped to 1. Clipping at every step would make the result depend on the order of the steps: with
two unknown halves that meet again, of which half then goes on, one order gives at most 0.5 and the
other at most 1. So a composed crosswalk remembers its sums without clipping, and a chain of any
length is the plain sum of products over all its paths, which is associative. A crosswalk that was
written to a file and read again, or made from a frame, knows only the clipped bounds.
"""  # noqa: E501 - the table

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd

from hmcpsi_data.method.links import (
    CONTAINS,
    CURATOR,
    EQUAL,
    INVERSE,
    MAPPED,
    NO_COUNTERPART,
    REMAINDER,
    SETS,
    SOURCE,
    TARGET,
    UNDETERMINED,
    WITHIN,
    columns,
    lowest,
    objects,
)

COMPOSED = "composed"  # the curation rule of a composed row

Shares = tuple[np.ndarray, np.ndarray]


def _composed(first: str, second: str) -> str:
    if EQUAL in (first, second):
        return second if first == EQUAL else first
    return first if first == second and first in (WITHIN, CONTAINS) else UNDETERMINED


COMPOSITION = {pair: _composed(*pair) for pair in product(INVERSE, repeat=2)}
"""The relation of two links, one after the other."""


class _Way(NamedTuple):
    """What is known of a part of a source on its way to an end."""

    mapped: bool
    relation: str | None
    rationale: str | None
    confidence: str | None
    low: float
    high: float

    def then(self, on: _Way) -> _Way:
        """Go this way and then another one."""
        return _Way(
            self.mapped and on.mapped,
            COMPOSITION.get((self.relation or "", on.relation or "")),
            self.rationale if self.rationale == on.rationale else None,
            lowest([self.confidence, on.confidence]),
            self.low * on.low,
            self.high * on.high,
        )

    def beside(self, other: _Way) -> _Way:
        """Two ways from one source to one end."""
        return _Way(
            self.mapped or other.mapped,
            self.relation if self.relation == other.relation else UNDETERMINED,
            self.rationale if self.rationale == other.rationale else None,
            lowest([self.confidence, other.confidence]),
            self.low + other.low,
            self.high + other.high,
        )


class _End(NamedTuple):
    """Where a part of a source goes: to a target, or to none, for the reason `kind`."""

    kind: str  # MAPPED, also for an undetermined link, else REMAINDER or UNDETERMINED
    target: str | None


_Ways = dict[str, dict[_End, _Way]]


def invert(frame: pd.DataFrame) -> pd.DataFrame:
    """The table of the inverse, as `Crosswalk.inverse` describes."""
    kept = frame[frame["status"].ne(REMAINDER)]
    accompanied = kept[TARGET].duplicated(keep=False)
    relation = kept["relation"].map(INVERSE)
    relation = relation.mask(relation.eq(EQUAL).fillna(False) & accompanied, UNDETERMINED)
    swapped = {"source_set": "target_set", SOURCE: TARGET}
    swapped |= {new: old for old, new in swapped.items()}
    inverse = kept.rename(columns=swapped)[columns()]
    inverse[["crosswalk_id", "share_low", "share_high"]] = pd.NA
    return inverse.assign(relation=relation)


def without(frame: pd.DataFrame, side: str, aspect: str, justification: str) -> pd.DataFrame:
    """The table in which an aspect has no counterpart, as `Crosswalk.without` describes."""
    other = TARGET if side == SOURCE else SOURCE
    rows: list[dict] = frame.astype(object).where(frame.notna(), None).to_dict("records")
    judged = dict.fromkeys(columns()) | {name: rows[0][name] for name in SETS}
    judged |= {"justification": justification, "curated_by": CURATOR}
    gone = [row for row in rows if row[side] == aspect]
    rows = [row for row in rows if row[side] != aspect]
    rows.append(judged | {side: aspect, "status": NO_COUNTERPART})
    for end in dict.fromkeys(row[other] for row in gone if row[other]):
        of_end = [row for row in rows if row[other] == end]
        remainders = [row for row in of_end if row["status"] == REMAINDER]
        if len(of_end) == len(remainders):
            rows = [row for row in rows if row[other] != end]
            rows.append(judged | {other: end, "status": NO_COUNTERPART})
        elif side == TARGET and not remainders:
            rows.append(judged | {other: end, "status": REMAINDER})
        elif side == TARGET:
            remainders[0]["share_high"] = None
    return pd.DataFrame(rows, columns=columns()).assign(basis="inferred", speaker="project")


def chain(
    first: pd.DataFrame, second: pd.DataFrame, shares: tuple[Shares, Shares], sets: list[str]
) -> tuple[pd.DataFrame, Shares]:
    """The table of one crosswalk after another, and the bounds of its shares, not clipped.

    Both are valid, the target set of the first is the source set of the second, `shares` are the
    bounds of both, not clipped, and `sets` all sets of the chain, from the first to the last.
    """
    start, onward = _ways(first, shares[0]), _ways(second, shares[1])
    ways = {source: _extended(ends, onward) for source, ends in start.items()}
    rows = [*_source_rows(ways), *_target_rows(first, second, ways)]
    names = [SOURCE, TARGET, "status", *_Way._fields[1:]]
    frame = pd.DataFrame(rows, columns=names, dtype=object)
    low, high = frame.pop("low").to_numpy(float), frame.pop("high").to_numpy(float)
    shown = frame["status"].ne(NO_COUNTERPART) & frame[SOURCE].notna()
    return frame.assign(
        source_set=sets[0],
        target_set=sets[-1],
        share_low=pd.Series(low.clip(max=1)).where(shown),
        share_high=pd.Series(high.clip(max=1)).where(shown),
        justification=f"Follows from the crosswalks {' to '.join(sets)}; not judged by itself.",
        curation_rule=COMPOSED,
    ), (low, high)


def _ways(frame: pd.DataFrame, shares: Shares) -> _Ways:
    """Where the parts of each source go."""
    given = objects(frame)
    rows = zip(*(given[name] for name in (SOURCE, TARGET, "status")), strict=True)
    judged = zip(*(given[name] for name in ("relation", "rationale", "confidence")), strict=True)
    ways: _Ways = {}
    for (source, target, status), about, *bounds in zip(rows, judged, *shares, strict=True):
        if source is not None:
            one_sided = UNDETERMINED if status == UNDETERMINED else REMAINDER
            end = _End(MAPPED if target else one_sided, target)
            ways.setdefault(source, {})[end] = _Way(status == MAPPED, *about, *bounds)
    return ways


def _extended(ends: dict[_End, _Way], onward: _Ways) -> dict[_End, _Way]:
    """The ends of one source when every target is followed on."""
    further: dict[_End, _Way] = {}
    for end, way in ends.items():
        steps = (
            {last: way.then(on) for last, on in onward[end.target].items()}
            if end.target
            else {end: way}
        )
        for last, whole in steps.items():
            further[last] = further[last].beside(whole) if last in further else whole
    return further


def _source_rows(ways: _Ways) -> Iterator[tuple]:
    for source, ends in ways.items():
        lost = all(end.kind == REMAINDER for end in ends)
        for end, way in ends.items():
            status = NO_COUNTERPART if lost else end.kind
            if end.target and not way.mapped:
                status = UNDETERMINED
            relation = UNDETERMINED if status == UNDETERMINED else way.relation
            has_relation = status in (MAPPED, UNDETERMINED)
            yield source, end.target, status, relation if has_relation else None, *way[2:]


def _target_rows(first: pd.DataFrame, second: pd.DataFrame, ways: _Ways) -> Iterator[tuple]:
    """Targets that nothing reaches, or of which it is undetermined whether something more does."""
    reached = {end.target for ends in ways.values() for end in ends}
    doubtful = _doubtful(first)
    doubtful_links = second[SOURCE].isin(doubtful) & second[TARGET].notna()
    doubtful = _doubtful(second) | set(second.loc[doubtful_links, TARGET])
    for target in second[TARGET].dropna().unique():
        if target in doubtful:
            yield None, target, UNDETERMINED, UNDETERMINED, None, None, 0.0, 1.0
        elif target not in reached:
            yield None, target, NO_COUNTERPART, None, None, None, 0.0, 1.0


def _doubtful(frame: pd.DataFrame) -> set[str]:
    """Targets with a row that leaves open whether they have a source."""
    one_sided = frame[SOURCE].isna() & frame["status"].eq(UNDETERMINED)
    return set(frame.loc[one_sided, TARGET])
