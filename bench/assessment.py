"""Speed of the assessment model: the whole family, one profile, a what-if, the explorer.

The limits are those that were promised in milliseconds.
"""

from collections.abc import Iterator
from functools import partial

import numpy as np
from run import Result, best

from hmcpsi_data.assessment import consistent_rules, overall, profile, what_if
from hmcpsi_data.assessment.rules import SCALE, family
from hmcpsi_data.tables.record import Record

TEXT, WHAT_IF, FAMILY = 50, 100, 1


def worst_profiles(labels) -> list[dict[str, str]]:
    """Profiles with as many different ratings as can be, for which there are most ways to try."""
    random = np.random.default_rng(0)
    return [
        dict(zip(labels, random.choice(SCALE, len(labels)).tolist(), strict=True))
        for _ in range(20)
    ]


def run() -> Iterator[Result]:
    """Family, consistent rules, one profile and what-if."""
    known = consistent_rules()
    sizes, counts = known.aspects.lattice.sizes, known.aspects.lattice.counts
    yield Result("declaring the family", best(partial(family, sizes), 3), FAMILY, "s")
    call = partial(known.family.kinds, counts)
    yield Result(
        f"{len(known.family):,} rules on all {len(counts):,} counts", best(call, 3), 1, "s"
    )
    fresh = best(lambda: consistent_rules(Record()), 3)
    yield Result("consistent rules of a record just opened", fresh, 3, "s")
    own = profile("Leicestershire")
    yield Result("overall of one profile", 1000 * best(partial(overall, own)), TEXT, "ms")
    worst = worst_profiles(known.aspects.labels)
    slowest = max(best(partial(what_if, one, "Excellent"), 3) for one in worst)
    yield Result("what-if, slowest of 20 profiles", 1000 * slowest, WHAT_IF, "ms")
