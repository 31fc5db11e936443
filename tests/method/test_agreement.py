"""Agreement of the two passes over the crosswalk: textbook values, and the shipped figures."""

import math

import pytest
from agreement import agreement, kappa

from hmcpsi_data.tables.record import Record


def listed(counts):
    """The labels of two passes from a square of counts, rows the first pass."""
    cells = [(a, b) for a, row in enumerate(counts) for b, n in enumerate(row) for _ in range(n)]
    return [a for a, _ in cells], [b for _, b in cells]


def test_kappa_of_cohens_worked_example_plain_and_weighted():
    """The table of Cohen (1968), 200 units in three categories: 0.492 and, weighted, 0.348."""
    first, second = listed([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
    weights = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]
    assert round(kappa(first, second), 3) == 0.492
    assert round(kappa(first, second, lambda a, b: weights[a][b]), 3) == 0.348
    assert math.isnan(kappa("aaaa", "aaaa"))


def test_the_shipped_figures_are_those_of_the_two_passes():
    *pairs, (combinations, both, neither, one, sure, same, alike, *absences) = agreement(
        Record()
    ).values()
    assert (combinations, both, neither, one, same) == (707, 84, 611, 12, 76)
    assert absences[:3] == [132, 17, 4]
    assert [sure, alike, absences[3]] == pytest.approx([0.924, 0.892, 0.877], abs=5e-4)
    assert [sum(of[n] for of in pairs) for n in (0, 1, 2, 3)] == [707, 84, 611, 12]
