"""The smallest sets of changes by which a profile reaches a word, as a table and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from math import comb

import pandas as pd

from hmcpsi_data.assessment_changes import smallest_changes
from hmcpsi_data.assessment_consistent import ConsistentRules, joined
from hmcpsi_data.assessment_framework import Framework
from hmcpsi_data.tiles import TileTable, tile_table

__all__ = ["ALL", "ONE", "WhatIf", "what_if_of"]

ALL, ONE = "all consistent rules", "at least one"
_NAMED = 4  # so many aspects are named in a sentence, more are counted


@dataclass(frozen=True, eq=False)
class WhatIf:
    """The smallest sets of changes by which a profile reaches a word.

    Attributes
    ----------
    target : str
        The word.
    frame : pandas.DataFrame
        One row per move of each way: `under` (all consistent rules, or at least one), `way` (its
        number), `choose` (how many aspects move), `of` (how many there are to choose from),
        `aspects` (their labels, joined by "; "), `critical`, `before`, `after` and `caveat`.
        Aspects of the same kind and rating stand for each other, so a way stands for as many sets
        as there are choices.
    words, caveat : str
        The answer in words, and what must stand beside it.
    """

    target: str
    frame: pd.DataFrame
    words: str
    caveat: str

    def table(self) -> TileTable:
        """The sets as a table to read."""
        rows = [
            (
                row.under,
                row.way,
                _which(row.choose, row.of, row.aspects),
                "critical" if row.critical else "non-critical",
                row.before,
                row.after,
            )
            for row in self.frame.itertuples(index=False)
        ]
        headings = ["Under", "Way", "Better", "Kind", "From", "To"]
        shown = pd.DataFrame(rows, columns=headings)
        title = f"The shortest ways to {self.target}"
        return tile_table(
            shown, title, self.words, self.caveat, row_headers=2, tiles=("From", "To")
        )

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def _which(choose: int, of: int, aspects: str) -> str:
    if choose == of:
        return aspects
    return f"any {'one' if choose == 1 else choose} of: {aspects}"


def what_if_of(consistent: ConsistentRules, profile: Mapping[str, str], target: str) -> WhatIf:
    """The smallest sets of changes for a checked profile."""
    framework, caveat = consistent.framework, consistent.caveat
    columns = [
        "under", "way", "choose", "of", "aspects", "critical", "before", "after", "caveat",
    ]  # fmt: skip
    if not len(consistent):
        frame = pd.DataFrame(columns=columns)
        return WhatIf(target, frame, consistent.words, caveat)
    place = framework.scale.index(target)
    tally = consistent.tally
    reached = {ALL: tally[:, :place].sum(axis=1) == 0, ONE: tally[:, place:].sum(axis=1) > 0}
    rows: list[tuple] = []
    said = []
    for under, enough in reached.items():
        ways = smallest_changes(framework, profile, enough)
        said.append(_in_words(under, ways, target, framework, profile))
        for number, way in enumerate(ways or [], 1):
            for (group, before, after), choose in way.items():
                names = _names(framework, profile, group, before)
                rows.append(
                    (under, number, choose, len(names), "; ".join(names),
                     framework.is_critical(group),
                     framework.scale[before], framework.scale[after], caveat)
                )  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    here = int(framework.lattice.index(framework.counts(profile)[None])[0])
    words = said[0] if reached[ALL][here] else " ".join(said)
    if not reached[ONE].any():
        words = said[-1]  # what no rule gives, not all of them give
    return WhatIf(target, frame, words, caveat)


def _names(framework: Framework, profile: Mapping[str, str], group: int, before: int) -> list[str]:
    """The aspects of a group that have a word."""
    word = framework.scale[before]
    fits = (one for one in profile if framework.group(one) == group and profile[one] == word)
    return [framework.labels[one] for one in fits]


def _in_words(
    under: str,
    ways: list[dict] | None,
    target: str,
    framework: Framework,
    profile: Mapping[str, str],
) -> str:
    if ways is None:
        rules = "under every consistent rule" if under == ALL else "under any consistent rule"
        return f"No betterment reaches {target} {rules}."
    rules = under if under == ALL else f"{ONE} consistent rule"
    if ways == [{}]:
        return f"The profile reaches {target} as it stands under {rules}."
    n = sum(ways[0].values())
    aspects = "one aspect" if n == 1 else f"{n} aspects"
    told = [_way(way, framework, profile) for way in ways]
    total, left = sum(k for k, _ in told), sum(k for k, _ in told[3:])
    in_all = "one possible set" if total == 1 else f"{total:,} possible sets"
    more = f"; or {left:,} further set{'s' * (left != 1)}" if left else ""
    return (
        f"Under {rules}, {target} needs {aspects} to be better ({in_all}): "
        f"{'; or '.join(text for _, text in told[:3])}{more}."
    )


def _way(way: dict, framework: Framework, profile: Mapping[str, str]) -> tuple[int, str]:
    """How many sets a way stands for, and what it says."""
    parts, sets, scale = [], 1, framework.scale
    for (group, before), moves in groupby(way.items(), key=lambda move: move[0][:2]):
        names, to = _names(framework, profile, group, before), []
        free = len(names)
        for (_, _, after), choose in moves:
            sets *= comb(free, choose)
            free -= choose
            to.append((choose, scale[after]))
        n = len(names) - free
        if len(names) <= _NAMED:
            who, was = joined(names, "and" if not free else "or"), f"{scale[before]} "
        else:
            kind = "critical" if framework.is_critical(group) else "non-critical"
            who, was = f"the {len(names)} {scale[before]} {kind} aspects", ""
        if free:
            either = n == 1 and len(names) == 2
            who = f"{'either' if either else 'one of' if n == 1 else f'any {n} of'} {who}"
        if len(to) == 1:
            change = f"{was}to {to[0][1]}"
        else:
            each = ", ".join(f"{choose} to {word}" for choose, word in to)
            change = f"{was.strip()}; {each}" if was else each
        parts.append(f"{who} ({change})")
    return sets, joined(parts)
