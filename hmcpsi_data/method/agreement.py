"""How far the two passes over the crosswalk agree, from the table that keeps both.

A combination is an aspect of the source set with one of the target set, overall assessments left
out. Those without a row in ``crosswalk_review`` have nothing in common in either pass. The passes
are two readings by the same project, the second one blind: they say how steady the judgement is,
not whether it is right.

Kappa is Cohen's: 1 for full agreement, 0 for what chance gives. Relations have no order, so their
disagreements are weighed by two questions (does the source lie in the target, does the target lie
in the source): each answer that differs counts a half, and undetermined differs from all others
by 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from hmcpsi_data.errors import DataError, HmcpsiError
from hmcpsi_data.method.links import CONTAINS, ENDS, EQUAL, MAPPED, OVERLAPS, SETS, WITHIN
from hmcpsi_data.tables.record import RecordLike, as_record

_PASSES = ("first", "second")
_LIES_IN = {EQUAL: (1, 1), WITHIN: (1, 0), CONTAINS: (0, 1), OVERLAPS: (0, 0)}


def agreement(record: RecordLike = None) -> pd.DataFrame:
    """Agreement of the two passes, one row per pair of sets and a last one for all of them.

    Of the `combinations`, how many `both` passes link, `neither` or only `one`, with `kappa`; of
    `both`, how many have the `same_relation`, with `kappa_relation`; of the `aspects` of the two
    sets, how many `both_declared` and `one_declared` without counterpart, with `kappa_declared`. A
    kappa that is not defined is ``<NA>``. A `DataError` where a pass maps a row without a relation.

    Examples
    --------
    >>> agreement()[["source_set", "target_set", "combinations", "aspects"]].tail(2)
                   source_set         target_set  combinations  aspects
    5  aap_2016_east_midlands  aip_2021_subjects            63       16
    6                     all                all           707      132
    """
    opened = as_record(record)
    review, aspects = opened.table("crosswalk_review"), opened.table("aspects")
    _refuse_without_relation(review)
    size = aspects.loc[aspects["level"].ne("overall"), "set_id"].value_counts()
    pairs: Any = review.groupby(list(SETS), sort=False)
    parts = [
        _figures(a, b, rows, int(size[a] * size[b]), int(size[a] + size[b]))
        for (a, b), rows in pairs
    ]
    units = [sum(part[name] for part in parts) for name in ("combinations", "aspects")]
    parts.append(_figures("all", "all", review, *units))
    figures = pd.DataFrame(parts).convert_dtypes()
    return figures.astype({f"kappa{end}": "Float64" for end in ("", "_relation", "_declared")})


def weighted_kappa(
    first: Sequence, second: Sequence, distance: Callable[..., float] = lambda a, b: a != b
) -> float:
    """Cohen's kappa of two passes, with a weight for each kind of disagreement or without.

    NaN where chance leaves no disagreement.
    """
    if len(first) != len(second):
        raise HmcpsiError("The two passes have different lengths. Give both for the same units.")
    if pd.isna([*first, *second]).any():
        raise HmcpsiError("A unit has no label in one of the passes. Leave it out of both.")
    cells = Counter(zip(first, second, strict=True))
    rows, columns = Counter(first), Counter(second)
    chance = sum(rows[a] * columns[b] * distance(a, b) for a in rows for b in columns)
    observed = sum(count * distance(*pair) for pair, count in cells.items())
    return 1 - observed * len(first) / chance if chance else float("nan")


def relation_distance(first: str, second: str) -> float:
    """How far two relations are apart: 0, a half or 1."""
    if first == second or not {first, second} <= set(_LIES_IN):
        return float(first != second)
    return sum(a != b for a, b in zip(_LIES_IN[first], _LIES_IN[second], strict=True)) / 2


def _refuse_without_relation(review: pd.DataFrame) -> None:
    """Refuse a row that a pass maps without a relation: nothing could be compared."""
    for one in _PASSES:
        lost = review[f"{one}_status"].eq(MAPPED) & review[f"{one}_relation"].isna()
        for row in review[lost.fillna(False)].index[:1]:
            fault = f"{review['review_id'][row]} is mapped and has no relation"
            raise DataError(
                "crosswalk_review.csv", None, f"{one}_relation", None, fault, "Give the relation."
            )


def _figures(source: str, target: str, rows: pd.DataFrame, combinations: int, aspects: int) -> dict:
    named = rows[list(ENDS)].notna().all(axis=1)
    first, second = (rows[f"{p}_status"].notna() & named for p in _PASSES)
    one, two = (rows.loc[first & second, f"{p}_relation"].tolist() for p in _PASSES)
    declared = [rows[f"{p}_status"].eq("no_counterpart").fillna(False) for p in _PASSES]
    names = {"source_set": source, "target_set": target, "combinations": combinations}
    same, kappa = sum(map(str.__eq__, one, two)), weighted_kappa(one, two, relation_distance)
    links = _counts(first, second, combinations) | {"same_relation": same, "kappa_relation": kappa}
    absences = {
        f"{name}_declared": n for name, n in _counts(declared[0], declared[1], aspects).items()
    }
    return names | links | {"aspects": aspects} | absences


def _counts(first: pd.Series, second: pd.Series, units: int) -> dict:
    """How many units both, neither and only one pass say yes to; those without a row are no."""
    both, one = int((first & second).sum()), int((first ^ second).sum())
    neither = units - both - one
    said = [[*one[first | second], *[False] * neither] for one in (first, second)]
    kappa = weighted_kappa(said[0], said[1])
    return {"both": both, "neither": neither, "one": one, "kappa": kappa}
