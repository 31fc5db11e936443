"""Agreement of the two passes: textbook values, invented reviews, and what must always hold."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hmcpsi_data as hd
from hmcpsi_data.agreement import (
    agreement,
    agreement_markdown,
    relation_distance,
    weighted_kappa,
)
from hmcpsi_data.description import table

RELATIONS = table("crosswalk").field("relation").enum
SIZES = {
    ("opa_2005", "aap_2016_east_midlands"): (98, 21),
    ("opa_2005", "aap_2016_wessex"): (182, 27),
    ("opa_2005", "aap_2016_sections"): (56, 18),
    ("opa_2005", "opa_2007"): (182, 27),
    ("opa_2005", "follow_up_2010_subjects"): (126, 23),
    ("aap_2016_east_midlands", "aip_2021_subjects"): (63, 16),
    ("all", "all"): (707, 132),
}


def listed(counts):
    """The labels of two passes from a square of counts, rows the first pass."""
    cells = [(a, b) for a, row in enumerate(counts) for b, n in enumerate(row) for _ in range(n)]
    return [a for a, _ in cells], [b for _, b in cells]


# ---------------------------------------------------------------- kappa


def test_kappa_of_cohens_worked_example_plain_and_weighted():
    """The table of Cohen (1968), 200 units in three categories: 0.492 and, weighted, 0.348."""
    first, second = listed([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
    weights = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]
    assert round(weighted_kappa(first, second), 3) == 0.492
    assert round(weighted_kappa(first, second, lambda a, b: weights[a][b]), 3) == 0.348


def test_kappa_of_the_fifty_grant_proposals():
    """Two readers of 50 proposals, both yes 20, both no 15: 0.4 in many introductions."""
    assert weighted_kappa(*listed([[20, 5], [10, 15]])) == pytest.approx(0.4)


@pytest.mark.parametrize("labels", ["", "a", "aaaa"])
def test_kappa_is_not_defined_where_chance_leaves_no_disagreement(labels):
    assert math.isnan(weighted_kappa(labels, labels))


def test_kappa_of_passes_of_unequal_length_is_an_error():
    with pytest.raises(ValueError, match="shorter"):
        weighted_kappa("aab", "aa")


PASSES = st.lists(st.tuples(st.sampled_from(RELATIONS), st.sampled_from(RELATIONS)), min_size=1)
DISTANCES = st.sampled_from([lambda a, b: float(a != b), relation_distance])


@given(PASSES, DISTANCES)
def test_kappa_is_at_most_1_symmetric_and_blind_to_the_order_of_units(pairs, distance):
    first, second = zip(*pairs, strict=True)
    kappa = weighted_kappa(first, second, distance)
    if math.isnan(kappa):
        assert len(set(first) | set(second)) == 1
        return
    assert kappa <= 1
    assert (kappa == 1) == (first == second)
    assert weighted_kappa(second, first, distance) == pytest.approx(kappa)
    assert weighted_kappa(first[::-1], second[::-1], distance) == pytest.approx(kappa)
    doubled = weighted_kappa(first * 2, second * 2, distance)
    assert doubled == pytest.approx(kappa)


@given(PASSES)
def test_plain_kappa_is_the_formula_of_the_textbook(pairs):
    first, second = zip(*pairs, strict=True)
    square = pd.crosstab(pd.Series(first), pd.Series(second), normalize=True)
    square = square.reindex(index=RELATIONS, columns=RELATIONS, fill_value=0.0).to_numpy()
    by_chance = square.sum(axis=1) @ square.sum(axis=0)
    kappa = weighted_kappa(first, second)
    if not math.isnan(kappa):
        assert kappa == pytest.approx((np.trace(square) - by_chance) / (1 - by_chance))


def test_the_distance_of_relations_counts_the_answers_that_differ():
    apart = pd.DataFrame(
        [[relation_distance(a, b) for b in RELATIONS] for a in RELATIONS], RELATIONS, RELATIONS
    )
    assert list(RELATIONS) == [
        "equal", "source_within_target", "source_contains_target", "overlaps", "undetermined"
    ]  # fmt: skip
    assert apart.to_numpy().tolist() == [
        [0, 0.5, 0.5, 1, 1],
        [0.5, 0, 1, 0.5, 1],
        [0.5, 1, 0, 0.5, 1],
        [1, 0.5, 0.5, 0, 1],
        [1, 1, 1, 1, 0],
    ]


# ---------------------------------------------------------------- an invented review


@pytest.fixture
def invented(tmp_path):
    """An invented review of two invented sets of 2 and 3 aspects; nobody judged these pairs."""
    levels = {"old_overall": "overall", "old_a": "aspect", "old_b": "aspect"}
    levels |= {f"new_{name}": "aspect" for name in "xyz"}
    aspects = pd.DataFrame({"aspect_id": list(levels), "level": list(levels.values())})
    aspects["set_id"] = aspects["aspect_id"].str[:3]
    review = pd.DataFrame(
        [
            ("old_a", "new_x", "mapped", "equal", "mapped", "equal"),
            ("old_a", "new_y", "mapped", "overlaps", None, None),
            ("old_b", "new_y", "mapped", "overlaps", "mapped", "source_within_target"),
            ("old_b", None, "remainder", None, "remainder", None),
            (None, "new_z", "no_counterpart", None, "no_counterpart", None),
            (None, "new_x", None, None, "no_counterpart", None),
        ],
        columns=["source_aspect_id", "target_aspect_id", "first_status", "first_relation",
                 "second_status", "second_relation"],
    )  # fmt: skip
    review = review.assign(source_set="old", target_set="new")
    for name, frame in {"aspects": aspects, "crosswalk_review": review}.items():
        path = tmp_path / f"{name}.csv"
        frame.reindex(columns=table(name).columns).to_csv(path, index=False, lineterminator="\r\n")
    return tmp_path


def test_an_invented_review_is_counted_by_hand(invented):
    counted = agreement(invented)
    assert counted["source_set"].tolist() == ["old", "all"]
    first, total = counted.drop(columns=["source_set", "target_set"]).to_dict("records")
    assert first == total
    assert (first["combinations"], first["both"], first["neither"], first["one"]) == (6, 2, 3, 1)
    # both yes 2, first only 1, both no 3: observed 5/6, by chance (3*2 + 3*4)/36 = 1/2
    assert first["kappa"] == pytest.approx(2 / 3)
    assert first["same_relation"] == 1
    # distances 0 and 1/2; by chance (0 + 1/2 + 1 + 1/2)/4 = 1/2
    assert first["kappa_relation"] == pytest.approx(1 / 2)
    assert (first["aspects"], first["both_declared"], first["one_declared"]) == (5, 1, 1)
    # both 1, second only 1, neither 3: observed 4/5, by chance (1*2 + 4*3)/25 = 14/25
    assert first["kappa_declared"] == pytest.approx((4 / 5 - 14 / 25) / (1 - 14 / 25))


# ---------------------------------------------------------------- the shipped review


def test_the_shipped_review_counts_707_combinations():
    counted = agreement()
    sets = list(zip(counted["source_set"], counted["target_set"], strict=True))
    sizes = zip(counted["combinations"], counted["aspects"], strict=True)
    assert dict(zip(sets, sizes, strict=True)) == SIZES
    assert list(SIZES) == sets


def test_the_counts_of_the_shipped_review_add_up():
    counted = agreement()
    assert (counted[["both", "neither", "one"]].sum(axis=1) == counted["combinations"]).all()
    declared = counted[["both_declared", "neither_declared", "one_declared"]]
    assert (declared.sum(axis=1) == counted["aspects"]).all()
    assert (counted["same_relation"] <= counted["both"]).all()
    whole = counted.select_dtypes("Int64")
    assert (whole.iloc[:-1].sum() == whole.iloc[-1]).all()


def test_the_shipped_figures_are_those_of_the_two_passes():
    total = agreement().iloc[-1]
    assert (total["both"], total["neither"], total["one"]) == (84, 611, 12)
    assert (total["same_relation"], total["both_declared"], total["one_declared"]) == (76, 17, 4)
    kappas = [round(total[k], 3) for k in ("kappa", "kappa_relation", "kappa_declared")]
    assert kappas == [0.924, 0.892, 0.877]


def test_the_page_says_whose_passes_they_are_and_carries_the_figures():
    page, total = agreement_markdown(), agreement().iloc[-1]
    assert "not two independent experts" in page.replace("\n", " ")
    for figure in (f"{total['kappa']:.2f}", f"{total['kappa_relation']:.2f}", "crosswalk_review"):
        assert figure in page
    differ = (~hd.load("crosswalk_review")["agreed"]).sum()
    assert f"differ in {differ} of its {len(hd.load('crosswalk_review'))}" in page
    grid = [line for line in page.splitlines() if line.startswith("|")]
    assert len(grid) == 2 + len(SIZES)
    assert {line.count("|") for line in grid} == {13}
    assert not [line for line in page.splitlines() if "{" in line or "nan" in line.lower()]


def test_the_page_is_of_this_version_whatever_folder_is_set(monkeypatch, invented):
    before = agreement_markdown()
    monkeypatch.setenv("HMCPSI_DATA", str(invented))
    assert agreement_markdown() == before
    assert agreement()["combinations"].tolist() == [6, 6]
