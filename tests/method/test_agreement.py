"""Agreement of the two passes: textbook values, an invented review, and the shipped figures."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import made, tables

from hmcpsi_data.errors import DataError, HmcpsiError
from hmcpsi_data.method.agreement import agreement, relation_distance, weighted_kappa
from hmcpsi_data.tables.description import table

RELATIONS = table("crosswalk").field("relation").enum


def listed(counts):
    """The labels of two passes from a square of counts, rows the first pass."""
    cells = [(a, b) for a, row in enumerate(counts) for b, n in enumerate(row) for _ in range(n)]
    return [a for a, _ in cells], [b for _, b in cells]


def test_kappa_of_cohens_worked_example_plain_and_weighted():
    """The table of Cohen (1968), 200 units in three categories: 0.492 and, weighted, 0.348."""
    first, second = listed([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
    weights = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]
    assert round(weighted_kappa(first, second), 3) == 0.492
    assert round(weighted_kappa(first, second, lambda a, b: weights[a][b]), 3) == 0.348


@pytest.mark.parametrize("labels", ["", "a", "aaaa"])
def test_kappa_is_not_defined_where_chance_leaves_no_disagreement(labels):
    assert math.isnan(weighted_kappa(labels, labels))


def test_labels_that_are_missing_or_do_not_pair_are_refused_in_a_sentence():
    with pytest.raises(HmcpsiError, match="different lengths"):
        weighted_kappa("aab", "aa")
    for missing in (pd.NA, None, float("nan")):
        with pytest.raises(HmcpsiError, match="no label in one of the passes"):
            weighted_kappa(["a", missing], ["a", "b"])


PASSES = st.lists(st.tuples(st.sampled_from(RELATIONS), st.sampled_from(RELATIONS)), min_size=1)


@given(PASSES, st.sampled_from([lambda a, b: float(a != b), relation_distance]))
def test_kappa_is_at_most_1_symmetric_and_blind_to_the_order_of_units(pairs, distance):
    first, second = zip(*pairs, strict=True)
    kappa = weighted_kappa(first, second, distance)
    if math.isnan(kappa):
        assert len(set(first) | set(second)) == 1
        return
    assert kappa <= 1
    assert (kappa == 1) == (first == second)
    for again in ((second, first), (first[::-1], second[::-1]), (first * 2, second * 2)):
        assert weighted_kappa(*again, distance) == pytest.approx(kappa)


def test_the_distance_of_relations_counts_the_answers_that_differ():
    apart = [[relation_distance(a, b) for b in RELATIONS] for a in RELATIONS]
    assert apart == [
        [0, 0.5, 0.5, 1, 1],
        [0.5, 0, 1, 0.5, 1],
        [0.5, 1, 0, 0.5, 1],
        [1, 0.5, 0.5, 0, 1],
        [1, 1, 1, 1, 0],
    ]


REVIEW = [
    ("old_a", "new_a", "mapped", "equal", "mapped", "equal"),
    ("old_a", "new_b", "mapped", "overlaps", None, None),
    ("old_b", "new_b", "mapped", "overlaps", "mapped", "source_within_target"),
    ("old_b", None, "remainder", None, "remainder", None),
    ("old_c", None, "no_counterpart", None, "no_counterpart", None),
    (None, "new_a", None, None, "no_counterpart", None),
]
COLUMNS = ["source_aspect_id", "target_aspect_id", "first_status", "first_relation",
           "second_status", "second_relation"]  # fmt: skip


def reviewed(folder, rows=REVIEW):
    named = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    ends = {"source_set": "old", "target_set": "new"}
    named = [row | ends | {"review_id": f"pair_{n}"} for n, row in enumerate(named)]
    return made(folder, **tables(crosswalk_review=named))


def test_an_invented_review_is_counted_by_hand(tmp_path):
    counted = agreement(reviewed(tmp_path))
    assert counted["source_set"].tolist() == ["old", "all"]
    first, total = counted.drop(columns=["source_set", "target_set"]).to_dict("records")
    assert first == total
    # three old aspects, the overall one left out, by two new ones
    assert (first["combinations"], first["both"], first["neither"], first["one"]) == (6, 2, 3, 1)
    # both yes 2, first only 1, both no 3: observed 5/6, by chance (3*2 + 3*4)/36 = 1/2
    assert first["kappa"] == pytest.approx(2 / 3)
    assert first["same_relation"] == 1
    # distances 0 and 1/2; by chance (0 + 1/2 + 1 + 1/2)/4 = 1/2
    assert first["kappa_relation"] == pytest.approx(1 / 2)
    assert (first["aspects"], first["both_declared"], first["one_declared"]) == (5, 1, 1)
    # both 1, second only 1, neither 3: observed 4/5, by chance (1*2 + 4*3)/25 = 14/25
    assert first["kappa_declared"] == pytest.approx((4 / 5 - 14 / 25) / (1 - 14 / 25))


@pytest.mark.parametrize("one", ["first", "second"])
def test_a_pass_that_maps_without_a_relation_is_named_with_its_row(tmp_path, one):
    rows = [list(row) for row in REVIEW]
    rows[2][COLUMNS.index(f"{one}_relation")] = None
    with pytest.raises(DataError, match="pair_2 is mapped and has no relation") as caught:
        agreement(reviewed(tmp_path, rows))
    assert (caught.value.file, caught.value.column) == (
        "crosswalk_review.csv", f"{one}_relation",
    )  # fmt: skip


def test_the_shipped_figures_are_those_of_the_two_passes():
    counted = agreement()
    assert (counted[["both", "neither", "one"]].sum(axis=1) == counted["combinations"]).all()
    whole = counted.select_dtypes("Int64")
    assert (whole.iloc[:-1].sum() == whole.iloc[-1]).all()
    total = counted.iloc[-1]
    assert (total["combinations"], total["aspects"]) == (707, 132)
    assert (total["both"], total["neither"], total["one"]) == (84, 611, 12)
    assert (total["same_relation"], total["both_declared"], total["one_declared"]) == (76, 17, 4)
    kappas = [round(total[k], 3) for k in ("kappa", "kappa_relation", "kappa_declared")]
    assert kappas == [0.924, 0.892, 0.877]
