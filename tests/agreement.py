"""The figures on the two passes in the codebook, computed again from ``crosswalk_review``.

Kappa is Cohen's. Relations have no order, so their disagreements are weighed by two questions (does
the source lie in the target, does the target lie in the source): each answer that differs counts a
half, and undetermined differs from all others by 1.
"""

import operator
from collections import Counter

import pandas as pd

LIES_IN = {
    "equal": (1, 1),
    "source_within_target": (1, 0),
    "source_contains_target": (0, 1),
    "overlaps": (0, 0),
}


def kappa(first, second, distance=operator.ne):
    """Agreement beyond chance: 1 for all, 0 for what chance gives, NaN where it leaves none."""
    cells = Counter(zip(first, second, strict=True))
    rows, columns = Counter(first), Counter(second)
    chance = sum(rows[a] * columns[b] * distance(a, b) for a in rows for b in columns)
    observed = sum(n * distance(*pair) for pair, n in cells.items())
    return 1 - observed * len(first) / chance if chance else float("nan")


def distance(first, second):
    """How far two relations are apart: 0, a half or 1."""
    if first == second or not {first, second} <= set(LIES_IN):
        return float(first != second)
    return sum(a != b for a, b in zip(LIES_IN[first], LIES_IN[second], strict=True)) / 2


def counted(first, second, units):
    """How many of the units both passes, neither and only one say yes to; those unnamed are no."""
    both, one = int((first & second).sum()), int((first ^ second).sum())
    rest = [False] * (units - both - one)
    said = ([*yes[first | second], *rest] for yes in (first, second))
    return [both, units - both - one, one, kappa(*said)]


def figures(rows, combinations, aspects):
    named = rows[["source_aspect_id", "target_aspect_id"]].notna().all(axis=1)
    status, relation = ([f"first_{one}", f"second_{one}"] for one in ("status", "relation"))
    linked = [rows[name].notna() & named for name in status]
    absent = [rows[name].eq("no_counterpart").fillna(False) for name in status]
    relations = [rows.loc[linked[0] & linked[1], name] for name in relation]
    same = int((relations[0] == relations[1]).sum())
    declared, _, one, of_declared = counted(*absent, aspects)
    return [
        combinations, *counted(*linked, combinations), same, kappa(*relations, distance), aspects,
        declared, one, of_declared,
    ]  # fmt: skip


def agreement(record):
    """The rows of the table in the codebook: one per pair of sets, and one of all."""
    review, aspects = record.table("crosswalk_review"), record.table("aspects")
    size = aspects.loc[aspects["level"].ne("overall"), "set_id"].value_counts()
    found = {}
    for (a, b), rows in review.groupby(["source_set", "target_set"], sort=False):
        found[f"{a} to {b}"] = figures(rows, int(size[a] * size[b]), int(size[a] + size[b]))
    units = [sum(of[n] for of in found.values()) for n in (0, 7)]
    return found | {"all": figures(review, *units)}


def in_words(value):
    """A figure as the codebook writes it."""
    return "-" if pd.isna(value) else f"{value:.2f}" if isinstance(value, float) else str(value)
