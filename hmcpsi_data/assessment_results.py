"""What consistent rules say of one profile, as tables and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from hmcpsi_data.assessment_changes import smallest_changes
from hmcpsi_data.assessment_consistent import ConsistentRules, joined
from hmcpsi_data.assessment_framework import Framework
from hmcpsi_data.assessment_reasons import Stop, alone, holding, reasons, share_in_words, stops
from hmcpsi_data.tiles import TileTable, tile_table

__all__ = ["ALL", "ONE", "Overall", "WhatIf", "assessed_of", "overall_of", "what_if_of"]

ALL, ONE = "all consistent rules", "at least one"


@dataclass(frozen=True, eq=False)
class Overall:
    """The possible overall words of a profile.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row per possible word, the worst first: `rating`, `n_rules`, `of_rules`, `share` (in
        words) and `caveat`. Without a row where no rule is consistent.
    aspects : pandas.DataFrame
        One row per aspect, the critical first: `aspect_id`, `label`, `is_critical`, `rating`,
        `holds` and `holds_rules` (the rules that stop short of the target because of it, in words
        and as a number) and `alone` and `alone_rules` (those that would reach the target if it
        alone were of the best rating).
    reasons : pandas.DataFrame
        Where rules stop: `rating`, `line`, `n_rules`, `aspects` (labels, joined by "; ").
    words, caveat : str
        The answer in words, and what must stand beside it.
    """

    frame: pd.DataFrame
    aspects: pd.DataFrame
    reasons: pd.DataFrame
    words: str
    caveat: str

    @property
    def possible(self) -> tuple[str, ...]:
        """The possible words, the worst first."""
        return tuple(self.frame["rating"])

    def table(self) -> TileTable:
        """The possible words as a table to read."""
        headings = {"rating": "Overall", "share": "Under", "n_rules": "Rules", "of_rules": "Of"}
        title = "Possible overall ratings"
        return tile_table(
            self.frame, title, self.words, self.caveat, headings=headings, tiles=("Overall",)
        )

    def reasons_table(self) -> TileTable:
        """The reasons as a table to read."""
        headings = {
            "rating": "Rules stop at",
            "line": "Because of this line",
            "n_rules": "Rules",
            "aspects": "Aspects that make it so",
        }
        return tile_table(
            self.reasons, "What holds the result", "", self.caveat, headings=headings,
            tiles=("Rules stop at",),
        )  # fmt: skip

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


@dataclass(frozen=True, eq=False)
class WhatIf:
    """The smallest sets of changes by which a profile reaches a word.

    Attributes
    ----------
    target : str
        The word.
    frame : pandas.DataFrame
        One row per move of each set: `under` (all consistent rules, or at least one), `way` (the
        number of the set), `choose` (how many aspects move), `of` (how many there are to choose
        from), `aspects` (their labels, joined by "; "), `critical`, `before`, `after` and `caveat`.
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


def overall_of(consistent: ConsistentRules, profile: Mapping[str, str], target: str) -> Overall:
    """What the rules say of a checked profile, the aspects seen from a word to reach."""
    framework, of = consistent.framework, len(consistent)
    goal = framework.scale.index(target)
    n = consistent.tally[framework.lattice.index(framework.counts(profile)[None])[0]]
    given = [at for at, number in enumerate(n) if number]
    frame = pd.DataFrame(
        {
            "rating": pd.array([framework.scale[at] for at in given], dtype="string"),
            "n_rules": pd.array([int(n[at]) for at in given], dtype="Int64"),
            "of_rules": pd.array([of] * len(given), dtype="Int64"),
            "share": pd.array([share_in_words(int(n[at]), of) for at in given], dtype="string"),
            "caveat": pd.array([consistent.caveat] * len(given), dtype="string"),
        }
    )
    found = stops(consistent, profile)
    told = reasons(consistent, found)
    holds = holding(consistent, found, goal)
    better = alone(consistent, profile, goal)
    aspects = pd.DataFrame(
        {
            "aspect_id": list(profile),
            "label": [framework.labels[one] for one in profile],
            "is_critical": [one in framework.critical for one in profile],
            "rating": list(profile.values()),
            "holds": [share_in_words(holds[one], of) for one in profile] if of else "",
            "holds_rules": [holds[one] for one in profile],
            "alone": [share_in_words(better[one], of) for one in profile] if of else "",
            "alone_rules": [better[one] for one in profile],
        }
    )
    words = _overall_words(frame, found, consistent) if of else consistent.words
    return Overall(frame, aspects, told, words, consistent.caveat)


def _overall_words(frame: pd.DataFrame, found: list[Stop], consistent: ConsistentRules) -> str:
    """The possible words, and why not a better one; at most three lines for each word."""
    framework, of = consistent.framework, len(consistent)
    parts = [f"{row.rating} under {row.share}" for row in frame.itertuples()]
    if len(frame) == 1:
        parts = [f"{frame['rating'].iat[0]} under all {of:,} consistent rules"]
    said = f"Overall {joined(parts)}."
    best = framework.scale.index(frame["rating"].iat[-1])
    for place in sorted({one.place for one in found}):
        if place == best and len(frame) > 1:
            continue  # why not better still is told by the reasons themselves
        rows = [one for one in found if one.place == place]
        told = []
        for one in rows[:3]:
            line = one.step.text(framework.scale, consistent.rules.noun)
            share = share_in_words(int(one.rules.sum()), of)
            told.append(f"“{line}” ({share}; {_short(one.aspects, framework)})")
        more = f"; and {len(rows) - 3} more" if len(rows) > 3 else ""
        said += f" Rules stop at {framework.scale[place]} because of: {'; '.join(told)}{more}."
    return said


def _short(aspects: tuple[str, ...], framework: Framework) -> str:
    """Aspects by name, or how many where there are many."""
    if len(aspects) <= 4:
        return joined([framework.labels[one] for one in aspects])
    critical = sum(one in framework.critical for one in aspects)
    parts = {"critical": critical, "non-critical": len(aspects) - critical}
    return joined([f"{n} {kind} aspects" for kind, n in parts.items() if n])


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
        said.append(_what_if_words(under, ways, target, framework, profile))
        for number, way in enumerate(ways or [], 1):
            for (group, before, after), choose in way.items():
                names = _names(framework, profile, group, before)
                rows.append(
                    (under, number, choose, len(names), "; ".join(names),
                     framework.is_critical(group),
                     framework.scale[before], framework.scale[after], caveat)
                )  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    words = said[0] if reached[ALL][_place(framework, profile)] else " ".join(said)
    return WhatIf(target, frame, words, caveat)


def _place(framework: Framework, profile: Mapping[str, str]) -> int:
    return int(framework.lattice.index(framework.counts(profile)[None])[0])


def _names(framework: Framework, profile: Mapping[str, str], group: int, before: int) -> list[str]:
    """The aspects of a group that have a word."""
    word = framework.scale[before]
    fits = (one for one in profile if framework.group(one) == group and profile[one] == word)
    return [framework.labels[one] for one in fits]


def _what_if_words(
    under: str,
    ways: list[dict] | None,
    target: str,
    framework: Framework,
    profile: Mapping[str, str],
) -> str:
    rules = under if under == ALL else f"{ONE} consistent rule"
    if ways is None:
        return f"No betterment reaches {target} under {rules}."
    if ways == [{}]:
        return f"The profile reaches {target} as it stands under {rules}."
    n = sum(ways[0].values())
    aspects = "one aspect" if n == 1 else f"{n} aspects"
    ways_in_words = "one way" if len(ways) == 1 else f"{len(ways)} ways"
    told = [_way(way, framework, profile) for way in ways[:3]]
    more = f", and {len(ways) - 3} more" if len(ways) > 3 else ""
    return (
        f"Under {rules}, {target} takes {aspects} better ({ways_in_words}): "
        f"{'; or '.join(told)}{more}."
    )


def _way(way: dict, framework: Framework, profile: Mapping[str, str]) -> str:
    parts = []
    for (group, before, after), choose in way.items():
        names = _names(framework, profile, group, before)
        kind, word = "critical" if framework.is_critical(group) else "non-critical", framework.scale
        many = f"the {len(names)} {kind} aspects that are {word[before]}"
        any_of = "one of" if choose == 1 else f"any {choose} of"
        if choose == len(names):
            which = joined(names) if len(names) <= 4 else many
        else:
            which = f"{any_of} {joined(names, 'or') if len(names) <= 4 else many}"
        parts.append(f"{which} from {word[before]} to {word[after]}")
    return joined(parts)


_TAKEN = {
    "part": "string", "label": "string", "is_critical": "boolean", "rating": "string",
    "to": "string", "way": "Int64", "choose": "Int64", "of": "Int64", "share": "string",
    "n_rules": "Int64", "of_rules": "Int64", "caveat": "string", "source_id": "string",
}  # fmt: skip


def assessed_of(consistent: ConsistentRules, said: Overall, ways: WhatIf) -> pd.DataFrame:
    """What was said of a profile and its ways, in one table."""
    sources = "; ".join(dict.fromkeys(one for area in consistent.areas for one in area.source_ids))
    of, a, w = len(consistent), said.aspects, ways.frame
    rows = [
        ("aspect", label, critical, rating, None, None, None, None, share, n, of, None)
        for label, critical, rating, share, n in zip(
            a["label"], a["is_critical"], a["rating"], a["holds"], a["holds_rules"], strict=True
        )
    ]
    rows += [
        ("overall", "Overall", None, rating, None, None, None, None, share, n, of, sources)
        for rating, share, n in zip(*(said.frame[c] for c in ("rating", "share", "n_rules")),
                                    strict=True)
    ]  # fmt: skip
    moves = ("aspects", "critical", "before", "after", "way", "choose", "of", "under")
    rows += [("way", *move, None, None, None) for move in zip(*(w[c] for c in moves), strict=True)]
    columns = list(zip(*rows, strict=True))
    columns.insert(-1, [consistent.caveat] * len(rows))
    typed = zip(_TAKEN.items(), columns, strict=True)
    return pd.DataFrame({name: pd.array(values, dtype=kind) for (name, kind), values in typed})
