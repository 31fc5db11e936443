"""What consistent rules say of one profile, as tables and in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from hmcpsi_data.assessment_consistent import ConsistentRules, joined
from hmcpsi_data.assessment_framework import Framework
from hmcpsi_data.assessment_reasons import Stop, alone, holding, reasons, share_in_words, stops
from hmcpsi_data.assessment_ways import WhatIf
from hmcpsi_data.tiles import TileTable, tile_table
from hmcpsi_data.wording import with_commas

__all__ = ["Overall", "assessed_of", "overall_of"]


@dataclass(frozen=True, eq=False)
class Overall:
    """The possible overall words of a profile.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row per possible word, the worst first: `rating`, `n_rules`, `of_rules`, `share` (in
        words) and `caveat`. Without a row where no rule is consistent. Where ratings are not known,
        `n_rules` counts the rules that give the word to some completion of them, so that a rule
        counts for several words.
    aspects : pandas.DataFrame
        One row per aspect, the critical first: `aspect_id`, `label`, `is_critical`, `rating`,
        `holds` and `holds_rules` (the rules that stop short of the target because of it, in words
        and as a number), `alone` and `alone_rules` (those that would reach the target if it
        alone were of the best rating) and `caveat`. The middle four are empty where a rating of
        the profile is not known.
    reasons : pandas.DataFrame
        Where rules stop: `rating`, `line`, `n_rules`, `aspects` (labels, joined by "; ") and
        `caveat`. Without a row where a rating of the profile is not known.
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
            with_commas(self.frame, "n_rules", "of_rules"), title, self.words, self.caveat,
            headings=headings, tiles=("Overall",),
        )  # fmt: skip

    def reasons_table(self) -> TileTable:
        """The reasons as a table to read."""
        headings = {
            "rating": "Rules stop at",
            "line": "Because of this line",
            "n_rules": "Rules",
            "aspects": "Aspects that make it so",
        }
        return tile_table(
            with_commas(self.reasons, "n_rules"), "What holds the result", "", self.caveat,
            headings=headings, tiles=("Rules stop at",),
        )  # fmt: skip

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def overall_of(
    consistent: ConsistentRules, profile: Mapping[str, str | None], target: str
) -> Overall:
    """What the rules say of a checked profile, the aspects seen from a word to reach."""
    framework, of = consistent.framework, len(consistent)
    goal = framework.scale.index(target)
    whole = None not in profile.values()
    n = consistent.can_give(framework.completions(profile))
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
    found = stops(consistent, profile) if whole else []
    told = reasons(consistent, found)
    aspects = {
        "aspect_id": pd.array(list(profile), dtype="string"),
        "label": pd.array([framework.labels[one] for one in profile], dtype="string"),
        "is_critical": [one in framework.critical for one in profile],
        "rating": pd.array(list(profile.values()), dtype="string"),
    }
    asked = {"holds": holding(consistent, found, goal)}
    asked["alone"] = alone(consistent, profile, goal) if whole else {}
    for name, rules in asked.items():
        counted = [rules[one] if whole else None for one in profile]
        shares = [share_in_words(k, of) if whole and of else None for k in counted]
        aspects[name] = pd.array(shares, dtype="string")
        aspects[f"{name}_rules"] = pd.array(counted, dtype="Int64")
    rows = pd.DataFrame(aspects).assign(caveat=consistent.caveat)
    if not of:
        words = consistent.words
    elif whole:
        words = _overall_words(frame, found, consistent)
    else:
        words = _open_words(frame, profile, consistent)
    return Overall(frame, rows, told, words, consistent.caveat)


def _open_words(
    frame: pd.DataFrame, profile: Mapping[str, str | None], consistent: ConsistentRules
) -> str:
    """The words that can be had where some ratings are not known."""
    labels = consistent.framework.labels
    absent = [labels[one] for one, word in profile.items() if word is None]
    named = f": {joined(absent)}" if len(absent) <= 4 else ""
    one = len(absent) == 1
    verb, them, were = ("is", "it", "it was") if one else ("are", "them", "they were")
    parts = [f"{row.rating} under {row.share}" for row in frame.itertuples()]
    never = [word for word in consistent.framework.scale if word not in set(frame["rating"])]
    said = (
        f"{len(absent)} of the {len(labels)} aspects {verb} not known{named}. Depending on {them}, "
        f"the overall rating could be {joined(parts)}; a rule counts for every word that it could "
        "give."
    )
    return said + (f" No rule gives {joined(never, 'or')}, whatever {were}." if never else "")


def _overall_words(frame: pd.DataFrame, found: list[Stop], consistent: ConsistentRules) -> str:
    """The possible words, and why not a better one; at most three lines for each word."""
    framework, of = consistent.framework, len(consistent)
    parts = [f"{row.rating} under {row.share}" for row in frame.itertuples()]
    if len(frame) == 1:
        all_rules = f"all {of:,} consistent rules" if of > 1 else "the one consistent rule"
        parts = [f"{frame['rating'].iat[0]} under {all_rules}"]
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
    return joined([f"{n} {kind} aspect{'s' * (n != 1)}" for kind, n in parts.items() if n])


_TAKEN = {
    "part": "string", "label": "string", "is_critical": "boolean", "rating": "string",
    "to": "string", "way": "Int64", "choose": "Int64", "of": "Int64", "share": "string",
    "n_rules": "Int64", "of_rules": "Int64", "caveat": "string", "source_id": "string",
}  # fmt: skip


def assessed_of(consistent: ConsistentRules, said: Overall, ways: WhatIf | None) -> pd.DataFrame:
    """What was said of a profile and its ways, if any were asked for, in one table."""
    sources = "; ".join(dict.fromkeys(one for area in consistent.areas for one in area.source_ids))
    of, a = len(consistent), said.aspects
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
    if ways:
        moves = ("aspects", "critical", "before", "after", "way", "choose", "of", "under")
        columns = (ways.frame[name] for name in moves)
        rows += [("way", *move, None, None, None) for move in zip(*columns, strict=True)]
    columns = list(zip(*rows, strict=True))
    columns.insert(-1, [consistent.caveat] * len(rows))
    typed = zip(_TAKEN.items(), columns, strict=True)
    return pd.DataFrame({name: pd.array(values, dtype=kind) for (name, kind), values in typed})
