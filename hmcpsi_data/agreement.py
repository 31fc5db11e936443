"""How far the two passes over the crosswalk agree, from the table that keeps both.

A combination is an aspect of the source set with one of the target set, overall assessments left
out. Those without a row in ``crosswalk_review`` have nothing in common in either pass.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from operator import ne

import pandas as pd

from hmcpsi_data.description import shipped_folder
from hmcpsi_data.tables import load

__all__ = ["agreement", "agreement_markdown", "relation_distance", "weighted_kappa"]

_PASSES = ("first", "second")
_SAID = (*_PASSES, "settled")
# Does the source lie in the target, does the target lie in the source?
_RELATIONS = ("equal", "source_within_target", "source_contains_target", "overlaps")
_IN = dict(zip(_RELATIONS, ("11", "10", "01", "00"), strict=True))
_HEAD = """\
| Sets | Combinations | Both link | Neither | One | Kappa | Same relation | Weighted kappa \
| Aspects | Both without | One without | Kappa |"""
_TEXT = """\
## Agreement of the two passes

Every combination was judged in a first pass and again in a second, blind pass by the same project.
These are not two independent experts: the figures say how steady the judgement is when it is made
again, not whether it is right.

{table}

- Link: of {combinations} combinations the passes say the same of {same} ({share:.1%}), a link in
  {both} and none in {neither}; only one of them sees a link in {one}. Most combinations plainly
  have nothing in common, which flatters the share; Cohen's kappa, which takes away what chance
  gives, is {kappa:.2f}. What a pass left undetermined counts as linked.
- Relation: of {both} combinations that both link, {same_relation} have the same one; weighted kappa
  is {kappa_relation:.2f}. Relations have no order, so the weights come from two questions (does the
  source lie in the target, does the target lie in the source): each answer that differs counts a
  half, and undetermined differs from all others by 1.
- Without counterpart: of {aspects} aspects, each counted once per pair of sets, both passes declare
  {both_declared} and only one of them {one_declared}; kappa is {kappa_declared:.2f}. A dash stands
  where kappa is not defined, both passes having said one and the same thing throughout.

`crosswalk_review` keeps what each pass said. Status or relation differ in {differ} of its {rows}
rows, remainders counted, each with its reason; {as_first} were settled as in the first pass,
{as_second} as in the second and {as_neither} as in neither. The result stands in `crosswalk`."""


def weighted_kappa(first: Sequence, second: Sequence, distance: Callable = ne) -> float:
    """Cohen's kappa of two passes, with a weight for each kind of disagreement or without.

    It is 1 for full agreement, 0 for what chance gives, NaN where chance leaves no disagreement.

    Examples
    --------
    >>> weighted_kappa("aaab", "aabb")
    0.5
    """
    cells = Counter(zip(first, second, strict=True))
    rows, columns = Counter(first), Counter(second)
    chance = sum(rows[a] * columns[b] * distance(a, b) for a in rows for b in columns)
    observed = sum(count * distance(*pair) for pair, count in cells.items())
    return 1 - observed * len(first) / chance if chance else float("nan")


def relation_distance(first: str, second: str) -> float:
    """How far two relations are apart: 0, a half or 1.

    Examples
    --------
    >>> relation_distance("equal", "source_within_target")
    0.5
    """
    if first == second or not {first, second} <= set(_IN):
        return float(first != second)
    return sum(a != b for a, b in zip(_IN[first], _IN[second], strict=True)) / 2


def agreement(folder: str | os.PathLike[str] | None = None) -> pd.DataFrame:
    """Agreement of the two passes, one row per pair of sets and a last one for all of them.

    Returns
    -------
    pandas.DataFrame
        Of the `combinations`, how many `both` passes link, `neither` or only `one`, with `kappa`;
        of `both`, how many have the `same_relation`, with `kappa_relation`; of the `aspects` of
        the two sets, how many `both_declared` and `one_declared` without counterpart, with
        `kappa_declared`. A kappa that is not defined is ``<NA>``.

    Examples
    --------
    >>> agreement()[["source_set", "target_set", "combinations", "aspects"]].tail(2)
                   source_set         target_set  combinations  aspects
    5  aap_2016_east_midlands  aip_2021_subjects            63       16
    6                     all                all           707      132
    """
    review, aspects = load("crosswalk_review", folder), load("aspects", folder)
    size = aspects.loc[aspects["level"] != "overall", "set_id"].value_counts()
    parts = [
        (a, b, rows, int(size[a] * size[b]), int(size[a] + size[b]))
        for (a, b), rows in review.groupby(["source_set", "target_set"], sort=False)
    ]
    parts.append(("all", "all", review, *(sum(part[at] for part in parts) for at in (3, 4))))
    table = pd.DataFrame([_figures(*part) for part in parts]).convert_dtypes()
    return table.astype({name: "Float64" for name in table if name.startswith("kappa")})


def _figures(source: str, target: str, rows: pd.DataFrame, combinations: int, aspects: int) -> dict:
    named = rows["source_aspect_id"].notna() & rows["target_aspect_id"].notna()
    first, second = (rows[f"{p}_status"].notna() & named for p in _PASSES)
    one, two = (rows.loc[first & second, f"{p}_relation"].tolist() for p in _PASSES)
    declared = (rows[f"{p}_status"].eq("no_counterpart").fillna(False) for p in _PASSES)
    names = {"source_set": source, "target_set": target, "combinations": combinations}
    same, kappa = sum(map(str.__eq__, one, two)), weighted_kappa(one, two, relation_distance)
    links = _counts(first, second, combinations) | {"same_relation": same, "kappa_relation": kappa}
    absences = {f"{name}_declared": n for name, n in _counts(*declared, aspects).items()}
    return names | links | {"aspects": aspects} | absences


def _counts(first: pd.Series, second: pd.Series, units: int) -> dict:
    """How many units both, neither and only one pass say yes to; those without a row are no."""
    both, one = int((first & second).sum()), int((first ^ second).sum())
    neither = units - both - one
    kappa = weighted_kappa(*([*p[first | second], *[False] * neither] for p in (first, second)))
    return {"both": both, "neither": neither, "one": one, "kappa": kappa}


def agreement_markdown() -> str:
    """The section of ``data/README.md`` on the agreement, from the data of this version."""
    table, review = agreement(shipped_folder()), load("crosswalk_review", shipped_folder())
    lines = [_HEAD, "| --- " * 12 + "|"]
    for row in table.drop(columns="neither_declared").astype(object).itertuples(index=False):
        words = ["-" if pd.isna(x) else f"{x:.2f}" if isinstance(x, float) else str(x) for x in row]
        sets = " to ".join(dict.fromkeys(words[:2]))
        lines.append(f"| {sets} | {' | '.join(words[2:])} |")
    total = table.iloc[-1].to_dict()
    said = [review[f"{p}_status"].fillna("") + review[f"{p}_relation"].fillna("") for p in _SAID]
    as_in = [int((~review["agreed"] & one.eq(said[2])).sum()) for one in said[:2]]
    same, differ = total["combinations"] - total["one"], int((~review["agreed"]).sum())
    total |= {"same": same, "share": same / total["combinations"], "table": "\n".join(lines)}
    total |= {"rows": len(review), "differ": differ, "as_first": as_in[0], "as_second": as_in[1]}
    total["as_neither"] = differ - sum(as_in)
    return _TEXT.format(**total)
