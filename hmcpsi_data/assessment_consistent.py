"""Which rules of the declared family agree with all that is known, and where they part."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from hmcpsi_data.assessment_framework import Framework
from hmcpsi_data.assessment_profiles import KnownArea
from hmcpsi_data.assessment_ruleset import RuleSet
from hmcpsi_data.tiles import TileTable, tile_table
from hmcpsi_data.wording import with_commas

__all__ = ["ConsistentRules", "checked", "joined"]


def joined(parts: list[str], last: str = "and") -> str:
    """Parts as in a sentence.

    Examples
    --------
    >>> joined(["Fair", "Good"], "or")
    'Fair or Good'
    """
    *first, end = parts or [""]
    return f"{', '.join(first)} {last} {end}" if first else end


@dataclass(frozen=True, eq=False)
class ConsistentRules:
    """The rules of a family that agree with the known Areas.

    Attributes
    ----------
    framework : Framework
        Aspects, words and which aspects are critical.
    family : RuleSet
        All rules that were declared.
    rules : RuleSet
        Those that agree with everything known.
    checks : pandas.DataFrame
        One row for each thing known: `what` it is of, `kind` (whole profile, part of a profile or
        distribution), `known` in words, the `rating` that a rule must give, `agree` (how many rules
        of the family do), `left` (how many still agree with all rows so far), `sources`, `caveat`.
    areas : tuple of KnownArea
        The Areas with known aspects.
    own : bool
        Whether the rules were given by the caller, in place of the declared family.
    """

    framework: Framework
    family: RuleSet
    rules: RuleSet
    checks: pd.DataFrame
    areas: tuple[KnownArea, ...]
    own: bool = False

    def __len__(self) -> int:
        return len(self.rules)

    @property
    def of(self) -> int:
        """How many rules the family has."""
        return len(self.family)

    @property
    def caveat(self) -> str:
        """What must stand wherever a result appears."""
        whole = [one.area for one in self.areas if one.whole(self.framework)]
        part = [one.area for one in self.areas if not one.whole(self.framework)]
        in_part = f"in part {joined(part)}" if part else ""
        named = "; ".join(filter(None, [joined(whole), in_part])) or "none"
        some = "" if len(self) else "no rule is "
        known = f"{some}consistent with the known Areas ({named})"
        return f"Reconstruction: {known}; not the inspectorate's rule."

    @property
    def words(self) -> str:
        """How many of how many, in a sentence or two."""
        n, of = len(self), self.of
        whose = "that were given" if self.own else "of the declared family"
        among = f"of the {of:,} rules {whose}" if of > 1 else "The one rule that was given"
        if not n:
            said = f"None {among} agrees" if of > 1 else f"{among} does not agree"
            lacks = "the family lacks the rule"
            if self.own:
                lacks = "the real rule is not among them" if of > 1 else "it is not the real rule"
            return (
                f"{said} with all that is known, so nothing follows about any profile. Either "
                f"{lacks}, or something known is not as it seems: the table of checks shows where "
                "the last rules fell out."
            )
        said = f"{n:,} {among} {'agrees' if n == 1 else 'agree'}" if of > 1 else f"{among} agrees"
        family = "These rules are yours" if self.own else "The family is this project's own"
        return (
            f"{said} with all that is known. {family}, and a share of its rules is no probability."
        )

    @cached_property
    def _kinds(self) -> tuple[np.ndarray, np.ndarray]:
        """Rules by kinds of profile that none tells apart, and the kind of each profile."""
        return self.rules.kinds(self.framework.groups, self.framework.lattice.counts)

    def only(self, which: np.ndarray) -> ConsistentRules:
        """Some of the rules; their outcomes are those worked out already."""
        some = replace(self, rules=self.rules.only(which))
        kinds, back = self._kinds
        vars(some)["_kinds"] = kinds[which], back
        return some

    @cached_property
    def tally(self) -> np.ndarray:
        """For every profile that rules can tell apart, how many consistent rules give each word.

        Profiles (as in ``framework.lattice``) by words.
        """
        kinds, back = self._kinds
        levels = range(len(self.framework.scale))
        return np.stack([(kinds == level).sum(axis=0) for level in levels], axis=1)[back]

    def outcomes(self, counts: np.ndarray) -> np.ndarray:
        """Consistent rules by profiles: the place of the word on the scale."""
        kinds, back = self._kinds
        return kinds[:, back[self.framework.lattice.index(counts)]]

    def can_give(self, counts: np.ndarray) -> np.ndarray:
        """For each word, how many consistent rules give it to one of these profiles or more."""
        kinds, back = self._kinds
        some = kinds[:, np.unique(back[self.framework.lattice.index(counts)])]
        levels = range(len(self.framework.scale))
        return np.array([int((some == level).any(axis=1).sum()) for level in levels])

    def disagreements(self) -> pd.DataFrame:
        """What the consistent rules disagree about: each open choice, and how many rules make it.

        Returns
        -------
        pandas.DataFrame
            Columns `question`, `choice`, `n_rules` (consistent rules with this choice),
            `n_family` (rules of the family with it) and `caveat`. Choices that no consistent rule
            makes are there with 0.
        """
        rows = []
        for line in self.family.lines:
            all_rules, ours = self.family.table[line.name], self.rules.table[line.name]
            for choice in line.words(self.family.noun):
                n = int((ours == choice).sum()), int((all_rules == choice).sum())
                rows.append((line.question, choice, *n))
        frame = pd.DataFrame(rows, columns=["question", "choice", "n_rules", "n_family"])
        return frame.assign(caveat=self.caveat)

    def disagreements_table(self) -> TileTable:
        """What the rules disagree about as a table to read."""
        shown = with_commas(self.disagreements(), "n_rules", "n_family")
        headings = {
            "question": "Question", "choice": "Line of the rule", "n_rules": "Consistent rules",
            "n_family": "Of the family",
        }  # fmt: skip
        n = self.agreement().set_index("n_words")["n_profiles"]
        words = (
            f"On {n[1]:,} of {n.sum():,} possible counts of ratings all consistent rules agree; on "
            f"{n[2]:,} two words are possible, on {n.sum() - n[1] - n[2]:,} more."
        )
        title = "What the consistent rules disagree about"
        return tile_table(shown, title, words, self.caveat, headings=headings)

    def agreement(self) -> pd.DataFrame:
        """On how many profiles the consistent rules agree.

        Returns
        -------
        pandas.DataFrame
            Columns `n_words` (how many overall words are possible), `n_profiles` (pairs of
            counts of critical and other aspects, each standing for many profiles) and `caveat`.
        """
        n = (self.tally > 0).sum(axis=1)
        found = [(k, int((n == k).sum())) for k in range(1, len(self.framework.scale) + 1)]
        frame = pd.DataFrame(found, columns=["n_words", "n_profiles"])
        return frame.assign(caveat=self.caveat)

    def table(self) -> TileTable:
        """The checks as a table to read."""
        return tile_table(
            with_commas(self.checks, "agree", "left"),
            "What a rule must agree with, and how many rules do",
            f"{self.words} {self._idle()}".strip(),
            self.caveat,
            headings={
                "what": "Known of",
                "kind": "As",
                "known": "What is known",
                "rating": "Overall",
                "agree": "Rules that agree",
                "left": "Left",
                "sources": "Source",
            },
            tiles=("Overall",),
        )

    def _idle(self) -> str:
        """What takes no rule away, in a sentence."""
        none = self.checks.groupby("what", sort=False)["agree"].min() == self.of
        names = {"all Areas": "the published numbers of Areas"}
        idle = [names.get(one, one) for one in none.index[none]]
        if not idle:
            return ""
        said = joined(idle)
        verb = "takes" if len(idle) == 1 and "all Areas" not in none.index[none] else "take"
        return f"{said[0].upper()}{said[1:]} {verb} no rule away."

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def checked(
    framework: Framework,
    family: RuleSet,
    areas: list[KnownArea],
    words: pd.DataFrame,
    own: bool = False,
) -> ConsistentRules:
    """Hold a family against Areas and distributions.

    Parameters
    ----------
    framework : Framework
        The aspects.
    family : RuleSet
        The rules.
    areas : list of KnownArea
        What is known of Areas.
    words : pandas.DataFrame
        As from `needed_words`.
    own : bool
        Whether the family is the caller's own.
    """
    areas = [area for area in areas if area.profile or area.counts]
    areas = sorted(areas, key=lambda area: not area.whole(framework))
    scale, left = framework.scale, np.ones(len(family), dtype=bool)
    rows = []
    for area in areas:
        kinds, back = family.kinds(framework.groups, area.completions(framework))
        whole = area.whole(framework)
        agrees = (kinds[:, np.unique(back)] == scale.index(area.overall)).any(axis=1)
        left &= agrees
        kind = "whole profile" if whole else "part of a profile: some completion must fit"
        known = area.words(framework)
        sources = "; ".join(area.source_ids)
        n = int(agrees.sum()), int(left.sum())
        rows.append((area.area, kind, known, area.overall, *n, sources))
    if len(words):
        kinds, _ = family.kinds(framework.groups, framework.lattice.counts)
        for rating, part in words.groupby("rating", sort=False):
            agrees = (kinds == scale.index(rating)).any(axis=1)
            left &= agrees
            told = zip(part["scope"], part["at_least"], strict=True)
            known = "; ".join(f"{scope}: at least {n}" for scope, n in told)
            sources = "; ".join(part["source_id"].unique())
            n = int(agrees.sum()), int(left.sum())
            kind = "distribution: some profile must have the word"
            rows.append(("all Areas", kind, known, rating, *n, sources))
    columns = ["what", "kind", "known", "rating", "agree", "left", "sources"]
    checks = pd.DataFrame(rows, columns=columns)
    found = ConsistentRules(framework, family, family.only(left), checks, tuple(areas), own)
    return replace(found, checks=checks.assign(caveat=found.caveat))
