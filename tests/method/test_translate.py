"""Translated ratings: ranges and medians by hand and by brute force, groups, draws, refusals."""

import itertools
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import (
    FRAMEWORK,
    RANKS,
    WORDS,
    aspects,
    crosswalk,
    crosswalks,
    names,
    profiles,
    ratings,
    recoded,
    row,
    world,
)

from hmcpsi_data.errors import FrameworkError, HmcpsiError, UnknownValueError
from hmcpsi_data.method.crosswalk import Crosswalk

INTERVAL = ["worst", "best", "lower_median", "upper_median"]
SPLIT = [
    row("old_a", "new_a", share_low=0.5, share_high=0.9),
    row("old_a", "new_b", share_low=0.1, share_high=0.5),
    row("old_b", "new_b", confidence="low"),
]
WHOLE = crosswalk(row("old_a", "new_a"), row("old_b", "new_b"))


def interval(found, target):
    (one,) = found[found["target_aspect_id"] == target].to_dict("records")
    return [None if pd.isna(one[name]) else one[name] for name in INTERVAL]


def test_a_translated_rating_is_a_range_of_words():
    found = crosswalk(*SPLIT).translate(ratings("Weak", "Superb"))
    assert interval(found, "new_a") == ["Weak"] * 4
    assert interval(found, "new_b") == ["Weak", "Superb", "Superb", "Superb"]
    assert found["n_links"].tolist() == [1, 2]
    assert found["n_known"].tolist() == [1, 2]
    assert not found["open"].any()
    assert found["target_set"].unique().tolist() == ["new"]
    assert found["target"].tolist() == ["new_a", "new_b"]
    assert found["relation"].tolist() == ["overlaps", "overlaps"]
    assert found["unmapped"].isna().all()
    assert found["origin"].unique().tolist() == ["translated"]
    assert found["framework_id"].unique().tolist() == [FRAMEWORK]
    assert found["caveat"].str.contains("no finding of the inspectorate").all()
    assert found["caveat"].str.contains("on the scale of Round One; the new scale").all()


@pytest.mark.parametrize(
    ("given_", "lowest"),
    [(("high", "medium"), "medium"), (("medium", "low"), "low"), (("high", "high"), "high"),
     (("high", None), None)],
)  # fmt: skip
def test_confidence_is_the_lowest_relations_stand_once_and_the_unmapped_are_named(given_, lowest):
    rows = [row(f"old_{x}", "new_a", confidence=c) for x, c in zip("ab", given_, strict=True)]
    within = row("old_c", "new_a", relation="source_within_target", confidence=given_[0])
    rest = [row("old_d", None, "no_counterpart"), row("old_e", None, "no_counterpart")]
    found = crosswalk(*rows, within, *rest, old=5, new=1).translate(ratings("Weak", "Strong"))
    assert found["confidence"].tolist() == [pd.NA if lowest is None else lowest]
    assert found["relation"].tolist() == ["overlaps; source_within_target"]
    assert found["unmapped"].tolist() == ["old_d; old_e"]


def test_what_rounding_leaves_of_a_share_is_no_weight():
    tiny = row("old_a", "new_b", share_low=0, share_high=1e-16)
    rows = [row("old_a", "new_a", share_low=1, share_high=1), tiny, row("old_b", "new_a")]
    found = crosswalk(*rows).translate(ratings("Weak", "Strong"))
    assert interval(found, "new_b") == ["Weak", "Weak", None, None]
    drawn = crosswalk(*rows).sensitivity(ratings("Weak", "Strong"), draws=10)
    assert drawn.loc[drawn["target"] == "new_b", "lower_median"].sum() == 0


def test_ratings_of_other_aspects_of_the_framework_are_passed_over():
    more = pd.concat([ratings("Weak", "Strong"), ratings("Weak").assign(aspect_id="old_overall")])
    overall = pd.DataFrame([{"set_id": "old", "aspect_id": "old_overall", "level": "overall"}])
    known = pd.concat([aspects(old=2, new=2), overall])
    found = Crosswalk(crosswalk(*SPLIT).to_frame(), known, world())
    pd.testing.assert_frame_equal(
        found.translate(more), crosswalk(*SPLIT).translate(ratings("Weak", "Strong"))
    )


def weighted_medians(places, weights):
    """Lower and upper weighted median by their definition, None where all weights are 0."""
    total = sum(weights)
    if total == 0:
        return None
    pairs = list(zip(places, weights, strict=True))
    lower = min(r for r in range(4) if 2 * sum(w for p, w in pairs if p <= r) >= total)
    upper = max(r for r in range(4) if 2 * sum(w for p, w in pairs if p >= r) >= total)
    return lower, upper


def exact(bound, empty):
    return Fraction(empty) if pd.isna(bound) else Fraction(float(bound)).limit_denominator(1000)


def corners_of(pairs):
    """All corners of the shares within bounds that add up to 1: all but one at a bound."""
    for free, _ in enumerate(pairs):
        others = pairs[:free] + pairs[free + 1 :]
        for ends in itertools.product(*others):
            rest = 1 - sum(ends)
            if pairs[free][0] <= rest <= pairs[free][1]:
                yield [*ends[:free], rest, *ends[free:]]


def reachable(frame):
    """The least and the greatest share of each row of a source over all admissible shares."""
    ranges = {}
    for source, rows in frame[frame["source_aspect_id"].notna()].groupby("source_aspect_id"):
        pairs = [(exact(r.share_low, 0), exact(r.share_high, 1)) for r in rows.itertuples()]
        corners = list(corners_of(pairs))
        for target, *shares in zip(rows["target_aspect_id"], *corners, strict=True):
            ranges[source, target] = min(shares), max(shares)
    return ranges


def by_definition(frame, words, target):
    """The interval of one target from the words of the sources, by brute force."""
    ranges = reachable(frame)
    links = frame[(frame["status"] == "mapped") & (frame["target_aspect_id"] == target)]
    links = [r.source_aspect_id for r in links.itertuples() if exact(r.share_high, 1) > 0]
    known = [source for source in links if words[source] is not None]
    if not known:
        return [None] * 4
    places = [WORDS.index(words[source]) for source in known]
    box = itertools.product(*(ranges[source, target] for source in known))
    medians = [found for found in (weighted_medians(places, weights) for weights in box) if found]
    ends = [min(places), max(places)]
    ends += [min(m[0] for m in medians), max(m[1] for m in medians)] if medians else [None] * 2
    return [None if place is None else WORDS[place] for place in ends]


@given(crosswalks(4, 3), profiles(4))
def test_every_interval_is_the_one_of_the_definition(found, profile):
    words = dict(zip(profile["aspect_id"], profile["rating"].astype(object), strict=True))
    words = {one: None if pd.isna(word) else word for one, word in words.items()}
    translated = found.translate(profile)
    for target in names("new", 3):
        assert interval(translated, target) == by_definition(found.to_frame(), words, target)
    frame = found.to_frame()
    for target, n_links, n_known, is_open in translated[
        ["target_aspect_id", "n_links", "n_known", "open"]
    ].to_numpy():
        rows = frame[frame["target_aspect_id"] == target]
        links = rows[(rows["status"] == "mapped") & (rows["share_high"].fillna(1) > 0)]
        known = [words[one] is not None for one in links["source_aspect_id"]]
        assert (n_links, n_known) == (len(links), sum(known))
        assert is_open == (not all(known) or bool((rows["status"] == "undetermined").any()))


@given(crosswalks(4, 3), profiles(4), st.sampled_from(RANKS))
def test_a_strictly_monotone_recoding_of_the_ranks_changes_no_result(found, profile, ranks):
    record = recoded(ranks)
    again = Crosswalk(found.to_frame(), aspects(old=4, new=3), record)
    pd.testing.assert_frame_equal(again.translate(profile), found.translate(profile))
    pd.testing.assert_frame_equal(
        again.sensitivity(profile, draws=9), found.sensitivity(profile, draws=9)
    )


def test_many_inspections_at_once_equal_each_by_itself():
    random = np.random.default_rng(0)
    found = crosswalk(*SPLIT)
    each = [ratings(*random.choice([*WORDS, None], 2)) for _ in range(30)]
    together = pd.concat(
        [p.assign(inspection_id=f"i{n:02}") for n, p in enumerate(each)], ignore_index=True
    )
    shuffled = together.sample(frac=1, random_state=1)
    alone = pd.concat([found.translate(p) for p in each], ignore_index=True)
    at_once = found.translate(shuffled).sort_values("inspection_id", kind="stable")
    at_once = at_once.drop(columns="inspection_id").reset_index(drop=True)
    pd.testing.assert_frame_equal(at_once, alone)


def test_inspections_of_one_group_weigh_equally():
    one, other = ratings("Weak", "Weak"), ratings("Strong", "Strong")
    both = pd.concat([one.assign(inspection_id="x"), other.assign(inspection_id="y")])
    found = WHOLE.translate(both, by=None)
    assert interval(found, "new_a") == ["Weak", "Strong", "Weak", "Strong"]
    assert "inspection_id" not in found
    assert not found["open"].any()
    partly = pd.concat([one.assign(inspection_id="x"), other[:1].assign(inspection_id="y")])
    assert WHOLE.translate(partly, by=None)["open"].tolist() == [False, True]
    by_area = both.assign(area_id=["n", "n", "s", "s"])
    assert WHOLE.translate(by_area, by="area_id")["area_id"].tolist() == ["n", "n", "s", "s"]


def test_two_ratings_of_one_aspect_in_one_inspection_are_refused():
    twice = pd.concat([ratings("Weak", "Strong"), ratings("Plain")])
    with pytest.raises(FrameworkError, match="old_a has two different ratings in one insp"):
        WHOLE.translate(twice.assign(inspection_id="i_1"))
    agreeing = pd.concat([ratings("Weak", "Strong"), ratings("Weak")])
    assert WHOLE.translate(agreeing)["n_known"].tolist() == [1, 1]


def test_without_any_rating_nothing_is_known_and_everything_open():
    nothing = ratings("Weak").iloc[:0]
    for found in (
        WHOLE.translate(nothing),
        WHOLE.translate(nothing.assign(inspection_id=""), None),
    ):
        assert found["worst"].isna().all()
        assert list(found["worst"].cat.categories) == WORDS
        assert found["n_known"].tolist() == [0, 0]
        assert found["open"].tolist() == [True, True]
    assert len(WHOLE.translate(nothing.assign(inspection_id=""))) == 0
    assert WHOLE.sensitivity(nothing)["lower_median"].sum() == 0


RESULT = [*WHOLE.translate(ratings("Weak", "Strong")).columns]


@pytest.mark.parametrize("name", RESULT)
def test_a_group_named_like_a_column_of_the_result_is_refused(name):
    frame = ratings("Weak", "Strong")
    frame[name] = frame.get(name, "x")
    with pytest.raises(HmcpsiError, match=f'by "{name}" is a column of the result'):
        WHOLE.translate(frame, by=name)


def test_any_other_name_is_a_column_more_and_the_groups_are_told_apart():
    one, other = ratings("Weak", "Weak"), ratings("Strong", "Strong")
    both = pd.concat([one.assign(which="x"), other.assign(which="y")])
    found = WHOLE.translate(both, by="which")
    assert found.columns.tolist() == ["which", *RESULT]
    assert found["which"].tolist() == ["x", "x", "y", "y"]
    assert found["worst"].tolist() == ["Weak", "Weak", "Strong", "Strong"]
    for strange in (["area_id"], 5, ("a", "b"), pd.DataFrame()):
        with pytest.raises(HmcpsiError, match="by names one column"):
            WHOLE.translate(one, by=strange)
    with pytest.raises(UnknownValueError, match='by "area" is not known'):
        WHOLE.translate(one, by="area")


def test_ratings_of_another_framework_or_of_no_set_are_refused():
    with pytest.raises(
        FrameworkError, match="The ratings are of round_two, the crosswalk"
    ) as found:
        WHOLE.translate(ratings("Strong").assign(framework_id="round_two"))
    assert found.value.frameworks == ("round_two", "round_one")
    assert "compare(source, target, area)" in str(found.value)
    with pytest.raises(UnknownValueError, match='aspect_id "old_zz" is not known'):
        WHOLE.translate(ratings("Strong").assign(aspect_id="old_zz"))
    with pytest.raises(FrameworkError, match='no column "aspect_id"'):
        WHOLE.translate(ratings("Strong").drop(columns="aspect_id"))
    for strange in (None, [], "Strong", 3):
        with pytest.raises(FrameworkError, match="Ratings are a DataFrame"):
            WHOLE.translate(strange)


def drawn_medians(pairs, draws=40_000):
    """How often the share of the first link is the greater half, beside a fixed half."""
    links = [row("old_a", f"new_{x}", share_low=low, share_high=high)
             for x, (low, high) in zip("abcdefghijklmnop", pairs, strict=False)]  # fmt: skip
    fixed = [row("old_b", "new_a", share_low=0.3, share_high=0.3),
             row("old_b", None, "remainder", share_low=0.7, share_high=0.7)]  # fmt: skip
    found = crosswalk(*links, *fixed, new=len(pairs))
    often = found.sensitivity(ratings("Weak", "Superb"), draws=draws)
    return often.loc[often["target_aspect_id"] == "new_a", "lower_median"].tolist()


@pytest.mark.parametrize(
    "pairs",
    [
        [(0, 1), (0, 1), (0, 1)],
        [(0.1, 0.6), (0.2, 0.9), (0, 0.5)],
        [(0, 0.5), (0, 0.5), (0, 0.5)],
        [(0, 1), (0, 0.3), (0, 0.1), (0, 1)],
        [(0.1, 0.5), (0, 0.4), (0.1, 0.5)],
        [(0, 1), (0, 1), (0, 1), *[(0, 0.12)] * 5],
    ],
)
def test_shares_are_drawn_uniformly(pairs):
    """The part of draws above a share of 0.3 is that of plain rejection from the simplex."""
    low, high = np.array(pairs, dtype=float).T
    random = np.random.default_rng(2)
    plain = random.dirichlet(np.ones(len(pairs)), size=1_000_000)
    plain = plain[((plain >= low) & (plain <= high)).all(axis=1), 0]
    weak, *_, superb = drawn_medians(pairs)
    assert weak + superb == 40_000
    assert weak / 40_000 == pytest.approx((plain > 0.3).mean(), abs=0.015)


@pytest.mark.parametrize(
    "pairs",
    [[(1, 1)], [(0.4, 0.4), (0.6, 0.6)], [(0, 1e-12), (0, 1)], [(0, 0.34)] * 3,
     [(0, 1.0)] * 6 + [(0, 0.02)] * 6 + [(0, 0.2)] * 3],
)  # fmt: skip
def test_shares_that_leave_little_choice_are_drawn_too(pairs):
    assert sum(drawn_medians(pairs, draws=1000)) == 1000


def test_sensitivity_counts_the_draws_in_which_a_word_is_the_median():
    found = crosswalk(*SPLIT).sensitivity(ratings("Weak", "Superb"), draws=400)
    assert found.columns.tolist() == [
        "target_aspect_id", "target", "label", "lower_median", "upper_median", "draws",
    ]  # fmt: skip
    assert list(found["label"][:4]) == WORDS
    assert found["lower_median"].tolist() == [400, 0, 0, 0, 0, 0, 0, 400]
    assert found["draws"].unique().tolist() == [400]
    halves = crosswalk(row("old_a", "new_a"), row("old_b", "new_a"), new=1)
    found = halves.sensitivity(ratings("Weak", "Superb"), draws=7)
    assert found["lower_median"].tolist() == [7, 0, 0, 0]
    assert found["upper_median"].tolist() == [0, 0, 0, 7]


def test_the_same_seed_gives_the_same_draws_and_another_one_others():
    half = {"share_low": 0.5, "share_high": 0.5}
    split = [row("old_a", "new_a"), row("old_a", "new_b")]
    rows = [*split, row("old_b", "new_b", **half), row("old_b", None, "remainder", **half)]
    found, profile = crosswalk(*rows), ratings("Weak", "Superb")
    first, again, other = (found.sensitivity(profile, 10_000, seed) for seed in (0, 0, 1))
    weak, _, _, superb = first["lower_median"].tolist()[4:]
    assert weak + superb == 10_000
    assert abs(weak - 5_000) < 200
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


def test_several_inspections_together_are_refused():
    both = pd.concat([ratings("Weak", "Weak").assign(inspection_id=one) for one in "xy"])
    with pytest.raises(HmcpsiError, match=r"of 2 inspections or Areas\. Pass those of one"):
        WHOLE.sensitivity(both)
    assert WHOLE.sensitivity(both[:2], draws=3)["lower_median"].sum() == 6


@pytest.mark.parametrize(
    "wrong", [{"draws": 0}, {"draws": 1.5}, {"draws": True}, {"draws": None}, {"seed": -1},
              {"seed": "x"}, {"draws": [1]}],
)  # fmt: skip
def test_draws_and_seed_are_whole_numbers(wrong):
    with pytest.raises(HmcpsiError, match=r"(draws|seed) is .*: give a whole number from [01] up"):
        WHOLE.sensitivity(ratings("Weak", "Strong"), **wrong)
