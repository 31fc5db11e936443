"""Which rules of the declared family agree with all that is known, and where they part."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from hmcpsi_data.assessment_framework import Framework
from hmcpsi_data.assessment_profiles import KnownArea
from hmcpsi_data.assessment_ruleset import RuleSet
from hmcpsi_data.tiles import TileTable, tile_table

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
        of the family do), `left` (how many still agree with all rows so far), `sources`.
    areas : tuple of KnownArea
        The Areas with known aspects.
    """

    framework: Framework
    family: RuleSet
    rules: RuleSet
    checks: pd.DataFrame
    areas: tuple[KnownArea, ...]

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
        named = joined(whole) + (f"; in part {joined(part)}" if part else "")
        known = f"consistent with the known Areas ({named})"
        return f"Reconstruction: {known}; not the inspectorate's rule."

    @property
    def words(self) -> str:
        """How many of how many, in a sentence or two."""
        if not len(self):
            return (
                f"None of the {self.of:,} rules of the declared family agrees with all that is "
                "known, so nothing follows about any profile. Either the family lacks the rule, or "
                "something known is not as it seems: the table of checks shows where the last "
                "rules fell out."
            )
        return (
            f"{len(self):,} of the {self.of:,} rules of the declared family agree with all that is "
            "known. The family is this project's own, and a share of its rules is no probability."
        )

    @cached_property
    def tally(self) -> np.ndarray:
        """For every profile that rules can tell apart, how many consistent rules give each word.

        Profiles (as in ``framework.lattice``) by words.
        """
        kinds, back = self.rules.kinds(self.framework.groups, self.framework.lattice.counts)
        levels = range(len(self.framework.scale))
        return np.stack([(kinds == level).sum(axis=0) for level in levels], axis=1)[back]

    def disagreements(self) -> pd.DataFrame:
        """What the consistent rules disagree about: each open choice, and how many rules make it.

        Returns
        -------
        pandas.DataFrame
            Columns `question`, `choice`, `n_rules` (consistent rules with this choice) and
            `n_family` (rules of the family with it). Choices that no consistent rule makes are
            there with 0.
        """
        rows = []
        for line in self.family.lines:
            all_rules, ours = self.family.table[line.name], self.rules.table[line.name]
            for choice in line.words(self.family.noun):
                n = int((ours == choice).sum()), int((all_rules == choice).sum())
                rows.append((line.question, choice, *n))
        return pd.DataFrame(rows, columns=["question", "choice", "n_rules", "n_family"])

    def disagreements_table(self) -> TileTable:
        """What the rules disagree about as a table to read."""
        shown = self.disagreements()
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
            Columns `n_words` (how many overall words are possible) and `n_profiles` (pairs of
            counts of critical and other aspects, each standing for many profiles).
        """
        n = (self.tally > 0).sum(axis=1)
        found = [(k, int((n == k).sum())) for k in range(1, len(self.framework.scale) + 1)]
        return pd.DataFrame(found, columns=["n_words", "n_profiles"])

    def table(self) -> TileTable:
        """The checks as a table to read."""
        return tile_table(
            self.checks,
            "What a rule must agree with, and how many rules do",
            self.words,
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

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def checked(
    framework: Framework, family: RuleSet, areas: list[KnownArea], words: pd.DataFrame
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
    return ConsistentRules(framework, family, family.only(left), checks, tuple(areas))
