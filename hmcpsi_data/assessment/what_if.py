"""What the consistent rules say of one profile: the possible words, the reasons, what if.

Where the rules differ, the answer is a set of words. Every answer is a reconstruction of ours and
says so. A share of rules is not a probability, so it is told in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from math import comb
from typing import Any

import numpy as np
import pandas as pd

from hmcpsi_data.assessment.known import AspectSet, ConsistentRules, consistent_rules
from hmcpsi_data.assessment.rules import FAMILY, GROUPS, SCALE, Step, compositions
from hmcpsi_data.errors import HmcpsiError, quote
from hmcpsi_data.html import Shown
from hmcpsi_data.record.filters import one_of
from hmcpsi_data.tables.record import RecordLike
from hmcpsi_data.words import count_of, listed

__all__ = ["Answer", "Overall", "overall", "sensitivity", "what_if"]

Profile = Mapping[str, str] | pd.Series | pd.DataFrame

ALL, ONE = "all consistent rules", "at least one consistent rule"
_BEST = len(SCALE) - 1
_NAMED = 4  # so many aspects are named in a sentence, more are counted
_SHARES = [
    (0.9, "nearly all rules"),
    (0.55, "most rules"),
    (0.45, "about half of the rules"),
    (0.1, "some rules"),
    (0.0, "few rules"),
]


@dataclass(frozen=True, eq=False)
class Answer:
    """What the rules answer: a frame, the same in words and as tables, and the caveat."""

    frame: pd.DataFrame
    words: str
    caveat: str
    tables: tuple[Shown, ...]

    def __repr__(self) -> str:
        return "\n".join(map(repr, self.tables))

    def _repr_html_(self) -> str:
        return "".join(table._repr_html_() for table in self.tables)


@dataclass(frozen=True, eq=False, repr=False)
class Overall(Answer):
    """The possible overall words of a profile.

    Attributes
    ----------
    frame : pandas.DataFrame
        One row per possible word, the worst first: `rating`, `n_rules`, `of_rules`, `share` (in
        words), `caveat`. A rule counts for each word that it gives to some completion.
    aspects : pandas.DataFrame
        One row per aspect, the critical first: `aspect_id`, `label`, `is_critical`, `rating`;
        `holds` and `holds_rules`, the rules that stop short of the target because of it; `alone`
        and `alone_rules`, those that would reach it if it alone had the best rating. These are
        empty where a rating of the profile is not known.
    reasons : pandas.DataFrame
        Where rules stop: `rating`, `line`, `n_rules`, `aspects` (labels, joined by "; ").
    """

    aspects: pd.DataFrame
    reasons: pd.DataFrame

    @property
    def possible(self) -> tuple[str, ...]:
        """The possible words, the worst first."""
        return tuple(self.frame["rating"])


def overall(
    profile: Profile,
    rules: ConsistentRules | None = None,
    target: str = "Good",
    in_part: bool = False,
    record: RecordLike = None,
) -> Overall:
    """The overall words that consistent rules allow for a profile, with the reasons.

    Parameters
    ----------
    profile : mapping, Series or DataFrame
        A rating for each aspect, by label or identifier, or rows of `ratings` of one inspection.
    rules : ConsistentRules, optional
        As from `consistent_rules`, which is called where they are not given.
    target : str
        The word by which each aspect is looked at.
    in_part : bool
        Whether ratings may be missing. They are not known then, and never taken for Poor.
    record : Record or path, optional

    Returns
    -------
    Overall

    Raises
    ------
    UnknownValueError, FrameworkError
        Where an aspect, a rating or the target is not known, an aspect has no rating or is there
        twice, or the ratings are of another framework.

    Examples
    --------
    >>> from hmcpsi_data.assessment import profile
    >>> overall(profile("Leicestershire")).possible
    ('Fair',)
    """
    found, goal = _asked(rules, target, record)
    ratings = found.aspects.checked(profile, in_part)
    labels, of, whole = found.aspects.labels, len(found), None not in ratings.values()
    outcomes = found.outcomes(found.aspects.lattice.completions(found.aspects.counts(ratings)))
    n = {word: int((outcomes == at).any(axis=1).sum()) for at, word in enumerate(SCALE)}
    possible = [(word, k, of, share_in_words(k, of)) for word, k in n.items() if k]
    frame = pd.DataFrame(possible, columns=["rating", "n_rules", "of_rules", "share"])
    stops = _stops(found, ratings) if whole else []
    lines = [
        (SCALE[at], step.text(), int(which.sum()), "; ".join(labels[key] for key in behind))
        for at, step, which, behind in stops
    ]
    reasons = pd.DataFrame(lines, columns=["rating", "line", "n_rules", "aspects"])
    aspects = pd.DataFrame({"aspect_id": list(labels), "label": list(labels.values())})
    aspects["is_critical"] = [key in found.aspects.critical for key in labels]
    aspects["rating"] = pd.array(list(ratings.values()), dtype="string")
    held, alone = {}, {}
    if whole:
        held, alone = _held(stops, ratings, goal, of), _alone(found, ratings, goal)
    for name, numbers in {"holds": held, "alone": alone}.items():
        shares = {key: share_in_words(k, of) for key, k in numbers.items()}
        aspects[name] = aspects["aspect_id"].map(shares).astype("string")
        aspects[f"{name}_rules"] = aspects["aspect_id"].map(numbers).astype("Int64")
    words, caveat = _overall_words(frame, ratings, reasons, found), found.caveat
    headings = {"rating": "Overall", "share": "Under", "n_rules": "Rules", "of_rules": "Of"}
    because = {
        "line": "Because of this line",
        "rating": "Rules stop at",
        "n_rules": "Rules",
        "aspects": "Aspects behind it",
    }
    shown, why = (
        rows[list(heads)].rename(columns=heads)
        for rows, heads in ((frame, headings), (reasons, because))
    )
    tables = (
        Shown(shown, "Possible overall ratings", words, caveat, tiles=["Overall"]),
        Shown(why, "What holds the result", tiles=["Rules stop at"]),
    )
    frame, aspects, reasons = (rows.assign(caveat=caveat) for rows in (frame, aspects, reasons))
    return Overall(frame, words, caveat, tables[: 1 + bool(stops)], aspects, reasons)


def what_if(
    profile: Profile,
    target: str = "Good",
    rules: ConsistentRules | None = None,
    record: RecordLike = None,
) -> Answer:
    """The smallest sets of changes by which a profile would reach an overall word, or a better one.

    A set is smallest where it betters as few aspects as can be and takes none further than it must.
    It is told twice: under all consistent rules, and under at least one. The parameters and errors
    are those of `overall`.

    Returns
    -------
    Answer
        Its `frame` has one row per move of each way: `under`, `way` (its number), `choose` (how
        many aspects move), `of` (how many there are to choose from), `aspects` (their labels,
        joined by "; "), `critical`, `before`, `after` and `caveat`. Aspects of the same kind and
        rating stand for each other, so a way stands for as many sets as there are choices.

    Examples
    --------
    >>> from hmcpsi_data.assessment import profile
    >>> what_if(profile("Leicestershire"), "Fair").words
    'The profile reaches Fair as it stands under all consistent rules.'
    """
    found, goal = _asked(rules, target, record)
    ratings = found.aspects.checked(profile)
    told, parts = [], []
    for under, reached in _reached(found.tally(), goal).items() if len(found) else []:
        ways = smallest_changes(found.aspects, ratings, reached)
        moves = _moves(ways or [], ratings, found.aspects).assign(under=under)
        told.append(_ways_in_words(under, ways, moves, target))
        parts.append(moves)
    columns = ["under", "way", "choose", "of", "aspects", "critical", "before", "after"]
    frame = pd.concat(parts)[columns] if parts else pd.DataFrame(columns=columns)
    frame = frame.reset_index(drop=True)
    words = " ".join(told) or found.words
    if told and "as it stands" in told[0]:
        words = told[0]
    elif told and told[1].startswith("No "):
        words = told[1]
    some = frame["choose"].astype("string") + " of: " + frame["aspects"]
    shown = pd.DataFrame(
        {
            "Under": frame["under"],
            "Way": frame["way"],
            "Better": some.where(frame["choose"] < frame["of"], frame["aspects"]),
            "Kind": frame["critical"].map({True: "critical", False: "non-critical"}),
            "From": frame["before"],
            "To": frame["after"],
        }
    )
    title = f"The shortest ways to {target}"
    table = Shown(shown, title, words, found.caveat, tiles=["From", "To"], head=2)
    return Answer(frame.assign(caveat=found.caveat), words, found.caveat, (table,))


def sensitivity(
    profile: Profile,
    target: str = "Good",
    rules: ConsistentRules | None = None,
    record: RecordLike = None,
) -> Answer:
    """How far the answer of `what_if` depends on each open question of the family.

    Returns
    -------
    Answer
        Its `frame` has one row per choice that some consistent rule makes: `question`, `choice`,
        `n_rules`, and how many aspects must be better for the target under `at_least_one` of these
        rules and under `all_rules` of them (empty where no betterment is enough); with the
        `caveat`. Its table has the questions on which the choice makes a difference. The parameters
        and errors are those of `overall`.
    """
    found, goal = _asked(rules, target, record)
    ratings = found.aspects.checked(profile)
    rows = []
    for place, (question, choices) in enumerate(FAMILY.items()):
        for at, step in enumerate(choices):
            made = found.rules.choice[:, place] == at
            if made.any():
                reached = _reached(found.tally(made), goal)
                ways = [smallest_changes(found.aspects, ratings, reached[u]) for u in (ONE, ALL)]
                least = [None if way is None else sum(way[0].values()) for way in ways]
                text = step.text() if step else "no such line"
                rows.append((question, text, int(made.sum()), *least))
    headings = {
        "question": "Question",
        "choice": "Line of the rule",
        "n_rules": "Rules",
        "at_least_one": "Aspects, under one",
        "all_rules": "Aspects, under all",
    }
    numbers = dict.fromkeys(list(headings)[2:], "Int64")
    frame = pd.DataFrame(rows, columns=list(headings)).astype(numbers)
    answers = frame[["at_least_one", "all_rules"]].fillna(-1).groupby(frame["question"], sort=False)
    differs = answers.nunique().max(axis=1).gt(1)
    shown = frame[frame["question"].map(differs).astype(bool)].astype(object).fillna("never")
    words = (
        f"On {int(differs.sum())} of {len(differs)} questions the choice makes a difference to "
        f"how many aspects must be better for {target}: under one rule that makes it, or under all."
        if len(found)
        else found.words
    )
    table = Shown(shown.rename(columns=headings), "What the answer depends on", words, found.caveat)
    return Answer(frame.assign(caveat=found.caveat), words, found.caveat, (table,))


def _asked(
    rules: ConsistentRules | None, target: str, record: RecordLike
) -> tuple[ConsistentRules, int]:
    """The rules that are asked, and the place of the target on the scale."""
    if rules is not None and not isinstance(rules, ConsistentRules):
        problem = f"{quote(rules)} is no set of consistent rules."
        raise HmcpsiError(problem, "Give what consistent_rules() returns.")
    found = consistent_rules(record) if rules is None else rules
    return found, SCALE.index(one_of("target", target, SCALE, 'load("scales")'))


# Ways --------------------------------------------------------------------------------------------


def _reached(tally: np.ndarray, goal: int) -> dict[str, np.ndarray]:
    """For each profile, whether all rules, or at least one, give the word or a better one."""
    return {ALL: tally[:, :goal].sum(axis=1) == 0, ONE: tally[:, goal:].sum(axis=1) > 0}


_Way = dict[tuple[int, int, int], int]  # how many aspects make which move: group, before, after


def smallest_changes(
    aspect_set: AspectSet, ratings: dict[str, str | None], reached: np.ndarray
) -> list[_Way] | None:
    """All smallest sets of changes after which a profile is among those that reach a word.

    Since every rule is monotone, whether some aspects can reach the word is told by giving them the
    best rating; only then is it looked for how little would do. Each set says how many aspects make
    which move (group, word before, word after, as places); None where no change is enough.
    """
    start, lattice = aspect_set.counts(ratings), aspect_set.lattice
    kinds = [(g, w) for g in range(len(start)) for w in range(_BEST) if start[g, w]]
    chosen = list(product(*(range(start[kind] + 1) for kind in kinds)))
    ways = np.array(chosen, dtype=np.int16).reshape(len(chosen), len(kinds))
    moved = _moved(start, ways, [(group, word, _BEST) for group, word in kinds])
    enough, sizes = reached[lattice.index(moved)], ways.sum(axis=1)
    if not enough.any():
        return None
    found = []
    for way in ways[enough & (sizes == sizes[enough].min())]:
        options = [compositions(n, _BEST - w) for (_, w), n in zip(kinds, way, strict=True)]
        moves = [(g, w, w + 1 + up) for g, w in kinds for up in range(_BEST - w)]
        spread = [[n for part in one for n in part] for one in product(*options)]
        sets = np.array(spread, dtype=np.int16).reshape(len(spread), len(moves))
        fits = reached[lattice.index(_moved(start, sets, moves))]
        for n, (_, before, after) in enumerate(moves):
            if after > before + 1:  # one word less must not be enough
                less, possible = sets.copy(), sets[:, n] > 0
                less[:, n] -= 1
                less[:, n - 1] += 1
                fits[possible] &= ~reached[lattice.index(_moved(start, less[possible], moves))]
        found += [
            {move: int(n) for move, n in zip(moves, row, strict=True) if n} for row in sets[fits]
        ]
    return found


def _moved(start: np.ndarray, sets: np.ndarray, moves: list[tuple[int, int, int]]) -> np.ndarray:
    """The counts after so many aspects have made each move, set by set."""
    counts = np.repeat(start[None], len(sets), axis=0)
    for n, (group, before, after) in enumerate(moves):
        counts[:, group, before] -= sets[:, n]
        counts[:, group, after] += sets[:, n]
    return counts


def _moves(ways: list[_Way], ratings: dict[str, Any], aspect_set: AspectSet) -> pd.DataFrame:
    """The moves of ways, a row each, with the aspects that can make them."""
    rows = []
    for number, way in enumerate(ways, 1):
        for (group, before, after), choose in way.items():
            names = [
                aspect_set.labels[key]
                for key, word in ratings.items()
                if aspect_set.group(key) == group and word == SCALE[before]
            ]
            words = group == 0, SCALE[before], SCALE[after]
            rows.append((number, choose, len(names), "; ".join(names), *words))
    columns = ["way", "choose", "of", "aspects", "critical", "before", "after"]
    return pd.DataFrame(rows, columns=columns)


def _ways_in_words(under: str, ways: list[_Way] | None, moves: pd.DataFrame, target: str) -> str:
    """The smallest sets in a sentence, three ways at most."""
    if ways is None:
        every = "every" if under == ALL else "any"
        return f"No betterment reaches {target} under {every} consistent rule."
    if ways == [{}]:
        return f"The profile reaches {target} as it stands under {under}."
    by_way = [list(rows.itertuples()) for _, rows in moves.groupby("way")]
    n = sum(ways[0].values())
    sets = sum(map(_n_sets, by_way))
    told = "; or ".join(listed([_move_in_words(move) for move in way]) for way in by_way[:3])
    left = sum(map(_n_sets, by_way[3:]))
    more = f"; or {count_of(left, 'further set')}" if left else ""
    return (
        f"Under {under}, {target} needs {'one aspect' if n == 1 else f'{n} aspects'} to be better "
        f"({'one possible set' if sets == 1 else f'{sets:,} possible sets'}): {told}{more}."
    )


def _move_in_words(move: Any) -> str:
    who, choose, of = listed(move.aspects.split("; ")), move.choose, move.of
    if of > _NAMED:
        kind = "critical" if move.critical else "non-critical"
        who = f"the {of} {kind} aspects rated {move.before}"
    if choose < of:
        who = f"{'one' if choose == 1 else f'any {choose}'} of {who}"
    return f"{who} ({move.before} to {move.after})"


def _n_sets(way: list[Any]) -> int:
    """How many sets of aspects a way stands for."""
    free: dict[str, int] = {}
    sets = 1
    for move in way:
        left = free.setdefault(move.aspects, move.of)
        sets *= comb(left, move.choose)
        free[move.aspects] = left - move.choose
    return sets


# Reasons -----------------------------------------------------------------------------------------

_Stop = tuple[int, Step, np.ndarray, list[str]]  # at which word, by what, which rules, what aspects


def _stops(found: ConsistentRules, ratings: dict[str, Any]) -> list[_Stop]:
    """The lines at which rules stop, and the aspects that make it so.

    A rule can stop for several reasons at once. Where a limit gives the result, it stops at the
    limit. Else it stops at the need of the next word; where that is met, at the needs that a lift
    made good.
    """
    rules, counts = found.rules, found.aspects.counts(ratings)[None]
    truth = rules.holds(counts)
    stages = rules.stages(truth)
    lifted, result = stages["lift"][:, 0], stages["limit"][:, 0]
    steps = [
        (step, rules.choice[:, n] == at)
        for n, line in enumerate(FAMILY.values())
        for at, step in enumerate(line)
        if step and truth[n][at, 0] == (step.kind == "limit")
    ]
    needs = [(step, takes & (result == lifted)) for step, takes in steps if step.kind == "need"]
    stopped = [(step, here & (lifted == step.place - 1)) for step, here in needs]
    told = np.logical_or.reduce([np.zeros(len(rules), bool), *(here for _, here in stopped)])
    below_best = ~told & (lifted < _BEST)
    stopped += [(step, here & below_best & (lifted >= step.place)) for step, here in needs]
    stopped += [
        (step, takes & (result == step.place)) for step, takes in steps if step.kind == "limit"
    ]
    parts = [
        (int(place), step, here & (result == place), _behind(step, ratings, found.aspects))
        for step, here in stopped
        for place in np.unique(result[here])
    ]
    return sorted(parts, key=lambda stop: (stop[0], -int(stop[2].sum())))


def _behind(step: Step, ratings: dict[str, Any], aspect_set: AspectSet) -> list[str]:
    """The aspects whose ratings leave a need unmet, or hit a limit."""
    counts = aspect_set.counts(ratings)[None]
    clauses = [one for one in step.clauses if one.holds(counts)[0] == (step.kind == "limit")]
    behind = [
        key
        for clause in clauses
        for key, word in ratings.items()
        if aspect_set.group(key) in GROUPS[clause.scope]
        and clause.counts(SCALE.index(word)) == clause.below
    ]
    return list(dict.fromkeys(behind))


def _held(stops: list[_Stop], ratings: dict[str, Any], goal: int, of: int) -> dict[str, int]:
    """For each aspect, how many rules stop short of a word because of it."""
    held = {key: np.zeros(of, dtype=bool) for key in ratings}
    for _, _, which, behind in (stop for stop in stops if stop[0] < goal):
        for key in behind:
            held[key] |= which
    return {key: int(which.sum()) for key, which in held.items()}


def _alone(found: ConsistentRules, ratings: dict[str, Any], goal: int) -> dict[str, int]:
    """For each aspect, how many more rules reach a word if it alone had the best rating."""
    changed = [ratings | {key: SCALE[_BEST]} for key in ratings]
    counts = np.array([found.aspects.counts(one) for one in [ratings, *changed]])
    reached = found.outcomes(counts) >= goal
    return dict(zip(ratings, (reached[:, 1:] & ~reached[:, :1]).sum(axis=0).tolist(), strict=True))


def share_in_words(n: int, of: int) -> str:
    """A share of rules in words, since its digits would claim too much."""
    if n in (0, of):
        return "all rules" if n else "no rule"
    return next(words for least, words in _SHARES if n / of >= least)


def _overall_words(
    frame: pd.DataFrame, ratings: dict[str, Any], reasons: pd.DataFrame, found: ConsistentRules
) -> str:
    """The possible words and, for a whole profile, the first reason at each of them."""
    if not len(found):
        return found.words
    parts = [f"{row.rating} under {row.share}" for row in frame.itertuples()]
    absent = [found.aspects.labels[key] for key, word in ratings.items() if word is None]
    if absent:
        named = f": {listed(absent)}" if len(absent) <= _NAMED else ""
        verb, them = ("is", "it") if len(absent) == 1 else ("are", "them")
        never = [word for word in SCALE if word not in set(frame["rating"])]
        no_rule = f" No rule gives {' or '.join(never)}, whatever the rest." if never else ""
        return (
            f"{len(absent)} of the {len(ratings)} aspects {verb} not known{named}. Depending on "
            f"{them}, the overall rating could be {listed(parts)}; a rule counts for every word "
            f"that it could give.{no_rule}"
        )
    if len(frame) == 1:
        parts = [f"{frame['rating'].iat[0]} under all {len(found):,} consistent rules"]
    said = f"Overall {listed(parts)}."
    for rating, rows in reasons.groupby("rating", sort=False):
        first = rows.iloc[0]
        more = f", and {count_of(len(rows) - 1, 'other line')}" if len(rows) > 1 else ""
        share = share_in_words(first["n_rules"], len(found))
        said += f" Rules stop at {rating} because of “{first['line']}” ({share}){more}."
    return said
