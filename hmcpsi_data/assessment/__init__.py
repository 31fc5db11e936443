"""From fourteen aspects to one word: what the rule of 2005-06 can have been, and what if.

Five critical aspects drive the overall rating and nine others are overlaid; the rule itself is not
among our sources. Every result is a reconstruction, from those rules of a declared family, which is
our own, that agree with every Area of which enough is known.
"""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from hmcpsi_data.assessment.known import Answer, ConsistentRules, consistent_rules, profile
from hmcpsi_data.assessment.rules import FAMILY, SCALE, Step, combined, compositions
from hmcpsi_data.errors import HmcpsiError, quote
from hmcpsi_data.html import Shown
from hmcpsi_data.record.filters import one_of, yes_or_no
from hmcpsi_data.tables.record import RecordLike
from hmcpsi_data.words import count_of, listed

__all__ = [
    "Answer", "ConsistentRules", "Overall", "consistent_rules", "overall", "profile",
    "sensitivity", "what_if",
]  # fmt: skip

Profile = Mapping[str, str] | pd.Series
_Rules = ConsistentRules | None
_Ratings = dict[str, str | None]
_Way = dict[tuple[int, int, int], int]  # how many aspects make which move: group, before, after
_Stop = tuple[int, Step, np.ndarray, list[str]]  # at which word, by what, which rules, what aspects

_ALL, _ONE = "all consistent rules", "at least one consistent rule"
_BEST = len(SCALE) - 1
_SHARES = [
    (1.0, "all rules"), (0.9, "nearly all rules"), (0.55, "most rules"),
    (0.45, "about half of the rules"), (0.1, "some rules"), (0.0, "few rules"),
]  # fmt: skip


class Overall(Answer):
    """The possible overall words of a profile.

    `frame` has one row per word, the worst first: `rating`, `n_rules`, `of_rules`, `share`; a rule
    counts for each word that it gives to some completion. `aspects` has beside the ratings which
    rules stop short of the target because of one (`holds`), and which would reach it if it alone
    had the best rating (`alone`); `reasons` has where rules stop.
    """

    aspects: pd.DataFrame
    reasons: pd.DataFrame

    @property
    def possible(self) -> tuple[str, ...]:
        """The possible words, the worst first."""
        return tuple(self.frame["rating"])


def overall(
    profile: Profile,
    rules: _Rules = None,
    target: str = "Good",
    in_part: bool = False,
    record: RecordLike = None,
) -> Overall:
    """The overall words that consistent rules allow for a profile, with the reasons.

    `profile` has a rating for each aspect, by label or identifier. With `in_part` some may be
    missing, and are never taken for Poor. `rules` are those of `consistent_rules` where they are
    not given; `target` is the word by which each aspect is looked at.

    >>> overall(profile("Leicestershire")).possible
    ('Fair',)
    """
    in_part = bool(yes_or_no("in_part", in_part))
    found, goal, ratings = _asked(profile, rules, target, record, in_part)
    labels, of, caveat = found.aspects.labels, len(found), found.caveat
    outcomes = found.outcomes(found.aspects.lattice.completions(found.aspects.counts(ratings)))
    n = [int((outcomes == at).any(axis=1).sum()) for at in range(len(SCALE))]
    possible = [(word, k, of, share_in_words(k, of)) for word, k in zip(SCALE, n, strict=True) if k]
    frame = pd.DataFrame(possible, columns=["rating", "n_rules", "of_rules", "share"])
    stops = [] if None in ratings.values() else _stops(found, ratings)
    by_aspect = _by_aspect(found, ratings, stops, goal)
    lines = [
        (SCALE[at], step.text(), int(which.sum()), "; ".join(labels[key] for key in behind))
        for at, step, which, behind in stops
    ]
    reasons = pd.DataFrame(lines, columns=["rating", "line", "n_rules", "aspects"])
    aspects = pd.DataFrame({"aspect_id": list(labels), "label": list(labels.values())})
    aspects["is_critical"] = aspects["aspect_id"].isin(found.aspects.critical)
    aspects["rating"] = pd.array(list(ratings.values()), dtype="string")
    for name, numbers in by_aspect.items():
        shares = {key: share_in_words(k, of) for key, k in numbers.items()}
        aspects[name] = aspects["aspect_id"].map(shares).astype("string")
        aspects[f"{name}_rules"] = aspects["aspect_id"].map(numbers).astype("Int64")
    words = _overall_words(frame, ratings, reasons, found)
    shown = frame.set_axis(["Overall", "Rules", "Of", "Under"], axis="columns")
    tables = [Shown(shown, "Possible overall ratings", words, caveat, tiles=["Overall"])]
    headings = ["Rules stop at", "Because of this line", "Rules", "Aspects behind it"]
    why = reasons.set_axis(headings, axis="columns")
    tables += [Shown(why, "What holds the result", tiles=headings[:1])] * bool(stops)
    answer = Overall(frame, words, caveat, *tables)
    answer.aspects, answer.reasons = aspects.assign(caveat=caveat), reasons.assign(caveat=caveat)
    return answer


def what_if(
    profile: Profile, target: str = "Good", rules: _Rules = None, record: RecordLike = None
) -> Answer:
    """The smallest sets of changes by which a profile would reach an overall word, or a better one.

    A set is smallest where it betters as few aspects as can be and takes none further than it must.
    It is told for all rules and for at least one, with one row per move of each way: `choose` is
    how many aspects move, of how many. Parameters are those of `overall`.

    >>> what_if(profile("Leicestershire"), "Fair").words
    'The profile reaches Fair as it stands under all consistent rules.'
    """
    found, goal, ratings = _asked(profile, rules, target, record)
    alike: dict[tuple[int, str | None], list[str]] = {}
    for key, word in ratings.items():
        alike.setdefault((found.aspects.group(key), word), []).append(found.aspects.labels[key])
    told, rows = [], []
    for under, reached in _reached(found.tally(), goal).items() if len(found) else ():
        ways = _smallest_changes(found, ratings, reached)
        said = []
        for number, way in enumerate(ways, 1):
            moves = []
            for (group, at, up), n in way.items():
                names, before, after = alike[group, SCALE[at]], SCALE[at], SCALE[up]
                among = n, len(names), "; ".join(names), group == 0
                rows.append((under, number, *among, before, after))
                some = f"any {n} of " * (n < len(names)) + listed(names)
                moves.append(f"{some} ({before} to {after})")
            said.append(listed(moves))
        told.append(_ways_in_words(under, ways, said, target))
        if ways == [{}]:
            break
    columns = ["under", "way", "choose", "of", "aspects", "critical", "before", "after"]
    frame, words = pd.DataFrame(rows, columns=columns), " ".join(told) or found.words
    shown = frame.assign(critical=frame["critical"].map({True: "critical", False: "non-critical"}))
    headings = ["Under", "Way", "Choose", "Of", "Aspects to be better", "Kind", "From", "To"]
    shown, title = shown.set_axis(headings, axis="columns"), f"The shortest ways to {target}"
    table = Shown(shown, title, words, found.caveat, tiles=["From", "To"], head=2)
    return Answer(frame, words, found.caveat, table)


def sensitivity(
    profile: Profile, target: str = "Good", rules: _Rules = None, record: RecordLike = None
) -> Answer:
    """How far the answer of `what_if` depends on each open question of the family.

    One row per `choice` that some consistent rule makes, with how many aspects must be better under
    one and all of these rules, empty where none is enough. Parameters are those of `overall`.
    """
    found, goal, ratings = _asked(profile, rules, target, record)
    rows = []
    for place, (question, choices) in enumerate(FAMILY.items()):
        for at in np.unique(found.rules.choice[:, place]):
            made, step = found.rules.choice[:, place] == at, choices[at]
            reached = _reached(found.tally(made), goal)
            ways = [_smallest_changes(found, ratings, reached[u]) for u in (_ONE, _ALL)]
            least = [sum(way[0].values()) if way else None for way in ways]
            rows.append((question, step.text() if step else "no such line", made.sum(), *least))
    numbers = dict.fromkeys(["n_rules", "at_least_one", "all_rules"], "Int64")
    frame = pd.DataFrame(rows, columns=["question", "choice", *numbers]).astype(numbers)
    answers = frame[["at_least_one", "all_rules"]].fillna(-1).groupby(frame["question"], sort=False)
    differs = answers.nunique().max(axis=1).gt(1)
    words = f"On {int(differs.sum())} of {len(differs)} questions the choice makes a difference."
    words = words if len(found) else found.words
    shown = frame[frame["question"].map(differs).astype(bool)].astype(object).fillna("never")
    headings = ["Question", "Line of the rule", "Rules", "Aspects, under one", "Aspects, under all"]
    shown = shown.set_axis(headings, axis="columns")
    table = Shown(shown, f"What the ways to {target} depend on", words, found.caveat)
    return Answer(frame, words, found.caveat, table)


def _asked(
    profile: Profile, rules: _Rules, target: str, record: RecordLike, in_part: bool = False
) -> tuple[ConsistentRules, int, _Ratings]:
    """The rules that are asked, the place of the target on the scale, and the ratings by aspect."""
    found = consistent_rules(record) if rules is None else rules
    if not isinstance(found, ConsistentRules):
        problem = f"{quote(rules)} is no set of consistent rules."
        raise HmcpsiError(problem, "Give what consistent_rules() returns.")
    goal = SCALE.index(one_of("target", target, SCALE, 'load("scales")'))
    return found, goal, found.aspects.checked(profile, in_part)


def _reached(tally: np.ndarray, goal: int) -> dict[str, np.ndarray]:
    """For each profile, whether all rules, or at least one, give the word or a better one."""
    return {_ALL: tally[:, :goal].sum(axis=1) == 0, _ONE: tally[:, goal:].sum(axis=1) > 0}


def _smallest_changes(found: ConsistentRules, ratings: _Ratings, reached: np.ndarray) -> list[_Way]:
    """All smallest sets of changes after which a profile is among those that reach a word."""
    start = found.aspects.counts(ratings)
    moves = [(g, w, up) for g in range(2) for w in range(_BEST) for up in range(w + 1, _BEST + 1)]
    # of the aspects of each group and word: how many stay, how many go to each better word
    spread = [compositions(start[g, w], _BEST - w + 1)[:, 1:] for g in (0, 1) for w in range(_BEST)]
    sets = combined(spread)
    counts = np.repeat(start[None], len(sets), axis=0)
    for n, (group, before, after) in enumerate(moves):
        counts[:, group, before] -= sets[:, n]
        counts[:, group, after] += sets[:, n]
    enough = sets[reached[found.aspects.lattice.index(counts)]]
    sizes = enough.sum(axis=1)
    least = dict.fromkeys(map(tuple, enough[sizes == sizes.min(initial=len(ratings))].tolist()))

    def one_word_less(way: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        for n, (_, before, after) in enumerate(moves):
            if way[n] and after > before + 1:
                yield (*way[: n - 1], way[n - 1] + 1, way[n] - 1, *way[n + 1 :])

    smallest = [way for way in least if not any(less in least for less in one_word_less(way))]
    return [{move: n for move, n in zip(moves, way, strict=True) if n} for way in smallest]


def _ways_in_words(under: str, ways: list[_Way], said: list[str], target: str) -> str:
    if not ways:
        return f"No betterment reaches {target} under {under}."
    if ways == [{}]:
        return f"The profile reaches {target} as it stands under {under}."
    n, more = count_of(sum(ways[0].values()), "aspect"), count_of(len(ways) - 3, "further way")
    some = "; or ".join([*said[:3], *[more] * (len(ways) > 3)])
    return f"Under {under}, {target} needs {n} to be better: {some}."


def _stops(found: ConsistentRules, ratings: _Ratings) -> list[_Stop]:
    """Limits that give a result, or else unmet needs of the words up to the next one."""
    rules, counts = found.rules, found.aspects.counts(ratings)[None]
    group = found.aspects.group
    places = {key: (group(key), SCALE.index(str(word))) for key, word in ratings.items()}
    truth = rules.holds(counts)
    stages = rules.stages(truth)
    lifted, result = stages["lift"][:, 0], stages["limit"][:, 0]
    short = (result == lifted) & (result < _BEST)
    stops: list[_Stop] = []
    for n, line in enumerate(FAMILY.values()):
        for at, step in enumerate(line):
            if not step or truth[n][at, 0] != (step.kind == "limit") or step.kind == "lift":
                continue
            stopped = short & (step.place <= result + 1)
            stopped = result == step.place if step.kind == "limit" else stopped
            stopped &= rules.choice[:, n] == at
            hit = [one for one in step.clauses if one.holds(counts)[0] == (step.kind == "limit")]
            behind = [key for key, own in places.items() if any(one.blames(*own) for one in hit)]
            for place in np.unique(result[stopped]):
                stops.append((int(place), step, stopped & (result == place), behind))
    return sorted(stops, key=lambda stop: (stop[0], -int(stop[2].sum())))


def _by_aspect(
    found: ConsistentRules, ratings: _Ratings, stops: list[_Stop], goal: int
) -> dict[str, dict[str, int]]:
    """How many rules stop short of a word because of an aspect, and reach it if that were best."""
    if None in ratings.values():
        return {"holds": {}, "alone": {}}
    holds = {}
    for key in ratings:
        short = [rules for at, _, rules, why in stops if at < goal and key in why]
        holds[key] = int(np.any(short, axis=0).sum())
    changed = [ratings, *(ratings | {key: SCALE[_BEST]} for key in ratings)]
    reached = found.outcomes(np.array([found.aspects.counts(one) for one in changed])) >= goal
    alone = (reached[:, 1:] & ~reached[:, :1]).sum(axis=0).tolist()
    return {"holds": holds, "alone": dict(zip(ratings, alone, strict=True))}


def share_in_words(n: int, of: int) -> str:
    """A share of rules in words, since its digits would claim too much."""
    return next(words for least, words in _SHARES if n / of >= least) if n else "no rule"


def _overall_words(
    frame: pd.DataFrame, ratings: _Ratings, reasons: pd.DataFrame, found: ConsistentRules
) -> str:
    """The possible words and, for a whole profile, the first reason at each of them."""
    if not len(found):
        return found.words
    possible = listed([f"{row.rating} under {row.share}" for row in frame.itertuples()])
    n = sum(word is None for word in ratings.values())
    said = f"Of the {len(ratings)} aspects {n} are not known. " if n else ""
    said += f"The overall rating could be {possible}."
    for rating, rows in reasons.groupby("rating", sort=False):
        line, share = rows["line"].iat[0], share_in_words(int(rows["n_rules"].max()), len(found))
        more = f", and {count_of(len(rows) - 1, 'other line')}" if len(rows) > 1 else ""
        said += f" Rules stop at {rating} because of “{line}” ({share}){more}."
    return said
