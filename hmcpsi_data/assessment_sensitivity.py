"""How much the answer hangs on each open question of the family.

The consistent rules are split by each choice that they make; for each part it is asked anew how
many aspects would have to be better. Where the parts of a question differ, the answer hangs on it.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from hmcpsi_data.assessment_changes import smallest_changes
from hmcpsi_data.assessment_consistent import ConsistentRules
from hmcpsi_data.tiles import TileTable, tile_table
from hmcpsi_data.wording import with_commas

__all__ = ["sensitivity_of", "sensitivity_table"]


def sensitivity_of(
    consistent: ConsistentRules, profile: Mapping[str, str], target: str
) -> pd.DataFrame:
    """How many aspects must be better, under the rules with each choice, for a checked profile."""
    rows = []
    for line in consistent.rules.lines:
        made = consistent.rules.table[line.name]
        for choice in line.words(consistent.rules.noun):
            part = made == choice
            if part.any():
                some = consistent.only(part.to_numpy(bool))
                n = (_fewest(some, profile, target, every) for every in (False, True))
                rows.append((line.question, choice, int(part.sum()), *n))
    kinds = {
        "question": "string", "choice": "string", "n_rules": "Int64", "at_least_one": "Int64",
        "all_rules": "Int64",
    }  # fmt: skip
    frame = pd.DataFrame(rows, columns=list(kinds)).astype(kinds)
    return frame.assign(caveat=consistent.caveat)


def _fewest(
    consistent: ConsistentRules, profile: Mapping[str, str], target: str, every: bool
) -> int | None:
    """How many aspects must be better for the word to be certain, or possible; None where never."""
    place, tally = consistent.framework.scale.index(target), consistent.tally
    below, reached = tally[:, :place].sum(axis=1), tally[:, place:].sum(axis=1)
    ways = smallest_changes(consistent.framework, profile, below == 0 if every else reached > 0)
    return None if ways is None else sum(ways[0].values())


def sensitivity_table(frame: pd.DataFrame, target: str) -> TileTable:
    """What `sensitivity` gives, as a table to read: the questions that the answer hangs on.

    Examples
    --------
    >>> from hmcpsi_data.assessment import profile, sensitivity
    >>> found = sensitivity_table(sensitivity(profile("Leicestershire")), "Good")
    >>> found.words.partition(":")[0]
    'On 5 of 9 questions the choice makes a difference'
    """
    answers = frame[["at_least_one", "all_rules"]].fillna(-1)
    differ = answers.groupby(frame["question"], sort=False).nunique().max(axis=1) > 1
    shown = with_commas(frame[frame["question"].map(differ).astype(bool)], "n_rules")
    shown = shown.astype({"at_least_one": "string", "all_rules": "string"})
    shown = shown.fillna({"at_least_one": "never", "all_rules": "never"})
    words = (
        f"On {int(differ.sum())} of {len(differ)} questions the choice makes a difference: the "
        f"number of aspects that must be better for {target} under one rule that makes it, or "
        "under all that do."
        if len(frame)
        else "There is no consistent rule to ask."
    )
    headings = {
        "question": "Question", "choice": "Line of the rule", "n_rules": "Consistent rules",
        "at_least_one": "Aspects, under one", "all_rules": "Aspects, under all",
    }  # fmt: skip
    caveat = frame["caveat"].iat[0] if len(frame) else ""
    return tile_table(shown, "What the answer hangs on", words, caveat, headings=headings)
