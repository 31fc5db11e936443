"""Speed of the assessment model: the whole family on all known profiles, one profile, a what-if.

The limits are those that were promised in milliseconds; the last two lines are ratios within the
run, against asking the same rules one by one in plain Python.
"""

from collections.abc import Iterator
from functools import partial

import numpy as np
from run import Result, best

from hmcpsi_data.assessment import consistent_rules, overall, profile, what_if
from hmcpsi_data.assessment_consistent import checked
from hmcpsi_data.assessment_counts import Lattice
from hmcpsi_data.assessment_family import family
from hmcpsi_data.assessment_profiles import known_areas, needed_words

TEXT, WHAT_IF, FAMILY = 50, 100, 1


def worst_profiles(framework) -> list[dict[str, str]]:
    """Profiles with as many different ratings as can be, for which there are most ways to try."""
    random = np.random.default_rng(0)
    return [
        dict(zip(framework.labels, random.choice(framework.scale, len(framework.labels)).tolist(),
                 strict=True))
        for _ in range(20)
    ]  # fmt: skip


def one_by_one(rules, numbers, ratings, critical) -> None:
    """The same answer from some of the rules, one after the other."""
    for number in numbers:
        rules.rule(int(number)).rate(ratings, critical)


def run() -> Iterator[Result]:
    """Family, consistent rules, one profile, what-if, and the explorer without its picture."""
    known = consistent_rules()
    framework, members = known.framework, known.family
    areas, words = known_areas(framework), needed_words(framework)
    call = partial(checked, framework, members, areas, words)
    yield Result(f"{len(members):,} rules on all known profiles", best(call), FAMILY, "s")
    yield Result("declaring the family anew", best(family.__wrapped__, 3), FAMILY, "s")
    lattice = Lattice(framework.sizes, len(framework.scale))
    call = partial(members.outcomes, framework.groups, lattice.counts)
    yield Result(f"{len(members):,} rules on all {len(lattice):,} counts", best(call, 3), 3, "s")
    own = profile("Leicestershire")
    yield Result("overall of one profile", 1000 * best(partial(overall, own)), TEXT, "ms")
    slowest = max(best(partial(what_if, one, "Excellent"), 3) for one in worst_profiles(framework))
    yield Result("what-if, slowest of 20 profiles", 1000 * slowest, WHAT_IF, "ms")
    yield Result("explorer: words and tables", 1000 * explorer(), TEXT, "ms")
    part = "explorer: words and tables of an Area known in part"
    yield Result(part, 1000 * explorer("sussex_opa_2005"), TEXT, "ms")
    yield Result("all rules at once, against one by one", against_plain(known), 1 / 20)


def explorer(area: str = "leicestershire_opa_2005") -> float:
    """Seconds from a change in a rating to words and tables, without the picture."""
    from hmcpsi_data.explorers import AssessmentExplorer

    shown = AssessmentExplorer(area=area)
    shown._draw = lambda: None
    turns = iter(["Poor", "Fair", "Good", "Excellent"] * 10)
    return best(lambda: shown.set(disclosure=next(turns)), 30)


def against_plain(known) -> float:
    """Time of all consistent rules at once, to that of asking them in turn."""
    framework, rules = known.framework, known.rules
    ratings = profile("Leicestershire").to_dict()
    critical = {framework.labels[one] for one in framework.critical}
    counts = framework.counts(framework.checked(ratings))[None]
    fast = best(partial(rules.outcomes, framework.groups, counts))
    some = np.arange(0, len(rules), 30)
    slow = best(partial(one_by_one, rules, some, ratings, critical), 3) * len(rules) / len(some)
    return fast / slow
