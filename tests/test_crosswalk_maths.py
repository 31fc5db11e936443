"""Shares and medians against brute force; translation and chains by hand."""

import itertools
import pickle
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import FRAMEWORK, WORDS, aspects, crosswalk, ratings, row

from hmcpsi_data.crosswalk import Crosswalk
from hmcpsi_data.crosswalk_maths import draw_shares, median_bounds, medians
from hmcpsi_data.crosswalk_table import bounds
from hmcpsi_data.errors import CrosswalkError, FrameworkError, HmcpsiError, UnknownValueError

N_WORDS = len(WORDS)
TWENTIETHS = st.integers(0, 20).map(lambda n: Fraction(n, 20))


def weighted_medians(places, weights):
    """Lower and upper weighted median by their definition, None where all weights are 0."""
    total = sum(weights)
    if total == 0:
        return None
    pairs = list(zip(places, weights, strict=True))
    lower = min(r for r in range(N_WORDS) if 2 * sum(w for p, w in pairs if p <= r) >= total)
    upper = max(r for r in range(N_WORDS) if 2 * sum(w for p, w in pairs if p >= r) >= total)
    return lower, upper


@st.composite
def boxes(draw):
    """Places of ratings, and bounds of the weights that go with them."""
    n = draw(st.integers(1, 4))
    places = draw(st.lists(st.integers(0, N_WORDS - 1), min_size=n, max_size=n))
    pairs = [sorted(draw(st.tuples(TWENTIETHS, TWENTIETHS))) for _ in places]
    return places, pairs


def counted(places):
    """Counts of one group with one rating per link."""
    return np.eye(N_WORDS, dtype=int)[list(places), :, None]


@given(boxes())
def test_the_bounds_of_the_medians_are_exact(box):
    places, pairs = box
    corners = [weighted_medians(places, corner) for corner in itertools.product(*pairs)]
    corners = [corner for corner in corners if corner]
    low, high = np.array(pairs, dtype=float).T
    lower, upper = median_bounds(counted(places), low, high)
    if corners:
        assert (lower[0], upper[0]) == (min(c[0] for c in corners), max(c[1] for c in corners))
    else:
        assert (lower[0], upper[0]) == (-1, -1)


def test_what_rounding_leaves_of_a_share_is_no_weight():
    """1 - (0.9 + 0.1) and the like must not make a median of a rating that nobody gave."""
    low, high = np.array([1e-16]), np.array([0.5])
    assert [places[0] for places in median_bounds(counted([2]), low, high)] == [2, 2]
    nothing = median_bounds(counted([2]), np.array([0.0]), np.array([1e-16]))
    assert [places[0] for places in nothing] == [-1, -1]
    assert [places[0] for places in medians(counted([2])[..., 0], np.array([[1e-16]]))] == [-1, -1]


@given(boxes())
def test_the_median_of_drawn_weights_is_the_weighted_median(box):
    places, pairs = box
    for weights in zip(*pairs, strict=True):
        weight = np.array(weights, dtype=float)[:, None]
        lower, upper = medians(counted(places)[..., 0], weight)
        assert (lower[0], upper[0]) == (weighted_medians(places, weights) or (-1, -1))


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=3),
    st.sampled_from([Fraction(0), Fraction(1, 4)]),
)
def test_several_ratings_of_a_source_share_the_weight_of_its_link(pairs, least):
    """Two inspections together, against every corner of the box of weights."""
    counts = sum(counted(places) for places in zip(*pairs, strict=True))
    low, high = np.full(len(pairs), float(least)), np.full(len(pairs), 0.75)
    corners = [
        weighted_medians([p for pair in pairs for p in pair], [w for w in corner for _ in "ab"])
        for corner in itertools.product([least, Fraction(3, 4)], repeat=len(pairs))
    ]
    corners = [corner for corner in corners if corner]
    lower, upper = median_bounds(counts, low, high)
    assert (lower[0], upper[0]) == (min(c[0] for c in corners), max(c[1] for c in corners))


def corners_of(pairs):
    """All corners of the shares within bounds that add up to 1: all but one at a bound."""
    for free, _ in enumerate(pairs):
        others = pairs[:free] + pairs[free + 1 :]
        for ends in itertools.product(*others):
            rest = 1 - sum(ends)
            if pairs[free][0] <= rest <= pairs[free][1]:
                yield [*ends[:free], rest, *ends[free:]]


@given(st.lists(st.tuples(TWENTIETHS, TWENTIETHS).map(sorted), min_size=1, max_size=4))
def test_tight_bounds_are_the_range_over_all_admissible_shares(pairs):
    corners = list(corners_of(pairs))
    if corners:
        rows = [row("old_a", f"new_{n}") for n, _ in enumerate(pairs)]
        frame = pd.DataFrame(rows).astype({"share_low": "Float64", "share_high": "Float64"})
        frame["share_low"], frame["share_high"] = np.array(pairs, dtype=float).T
        low, high = bounds(frame.astype({"share_low": "Float64", "share_high": "Float64"}))
        assert low == pytest.approx([float(min(c)) for c in zip(*corners, strict=True)])
        assert high == pytest.approx([float(max(c)) for c in zip(*corners, strict=True)])


def rejected(low, high, draws, random):
    """Uniform draws by plain rejection from the whole simplex."""
    drawn = random.dirichlet(np.ones(len(low)), size=draws)
    return drawn[((drawn >= low) & (drawn <= high)).all(axis=1)].T


@pytest.mark.parametrize(
    ("low", "high"),
    [
        ([0, 0, 0], [1, 1, 1]),
        ([0.1, 0.2, 0], [0.6, 0.9, 0.5]),
        ([0, 0, 0], [0.5, 0.5, 0.5]),
        ([0, 0, 0, 0], [1, 0.3, 0.1, 1]),
        ([0.3, 0, 0.1], [0.5, 0.4, 0.5]),
        ([0] * 8, [1, 1, 1, 0.12, 0.12, 0.12, 0.12, 0.12]),
    ],
)
def test_shares_are_drawn_uniformly(low, high):
    """The deciles of each share are those of plain rejection."""
    low, high = np.array(low, dtype=float), np.array(high, dtype=float)
    drawn = draw_shares(low, high, 50_000, np.random.default_rng(1))
    plain = rejected(low, high, 2_000_000, np.random.default_rng(2))
    assert np.allclose(drawn.sum(axis=0), 1)
    assert (drawn >= low[:, None] - 1e-12).all()
    assert (drawn <= high[:, None] + 1e-12).all()
    deciles = np.linspace(0.1, 0.9, 9)
    found, expected = (np.quantile(shares, deciles, axis=1) for shares in (drawn, plain))
    assert np.abs(found - expected).max() < 0.01


@pytest.mark.parametrize(
    "pairs", [[(1, 1)], [(0.4, 0.4), (0.6, 0.6)], [(0, 1e-12), (0, 1)], [(0, 0.34)] * 3]
)
def test_shares_that_leave_little_choice_are_drawn_too(pairs):
    low, high = np.array(pairs, dtype=float).T
    drawn = draw_shares(low, high, 100, np.random.default_rng(0))
    assert drawn.shape == (len(pairs), 100)
    assert np.allclose(drawn.sum(axis=0), 1)


def test_many_shares_of_all_kinds_are_drawn_in_reasonable_time():
    high = np.array([1.0] * 6 + [0.02] * 6 + [0.2] * 3)
    drawn = draw_shares(np.zeros(15), high, 1000, np.random.default_rng(0))
    assert (drawn <= high[:, None]).all()


SPLIT = [
    row("old_a", "new_a", share_low=0.5, share_high=0.9),
    row("old_a", "new_b", share_low=0.1, share_high=0.5),
    row("old_b", "new_b", confidence="low"),
]


def interval(found, target):
    (one,) = found[found["target_aspect_id"] == target].to_dict("records")
    return [one[name] for name in ("worst", "best", "lower_median", "upper_median")]


def test_a_translated_rating_is_a_range_of_words():
    found = crosswalk(*SPLIT).translate(ratings("Poor", "Excellent"))
    assert interval(found, "new_a") == ["Poor"] * 4
    assert interval(found, "new_b") == ["Poor", "Excellent", "Excellent", "Excellent"]
    assert found["n_links"].tolist() == [1, 2]
    assert found["n_known"].tolist() == [1, 2]
    assert not found["open"].any()
    assert found["origin"].unique().tolist() == ["translated"]
    assert found["caveat"].str.contains("judgement").all()
    assert found["framework_id"].unique().tolist() == [FRAMEWORK]


def test_the_worst_of_two_equal_halves_is_the_lower_median():
    found = crosswalk(
        row("old_a", "new_a"), row("old_b", "new_a"), row(None, "new_b", "no_counterpart")
    )
    found = found.translate(ratings("Poor", "Excellent"))
    assert interval(found, "new_a") == ["Poor", "Excellent", "Poor", "Excellent"]


def test_a_missing_rating_is_left_out_and_leaves_the_range_open():
    found = crosswalk(*SPLIT).translate(ratings(None, "Excellent"))
    assert found["worst"].isna().tolist() == [True, False]
    assert interval(found, "new_b") == ["Excellent"] * 4
    assert found["n_known"].tolist() == [0, 1]
    assert found["open"].tolist() == [True, True]


def test_an_undetermined_link_leaves_its_target_open_and_takes_no_part():
    undecided = row("old_b", "new_b", "undetermined")
    found = crosswalk(SPLIT[0], SPLIT[1], undecided).translate(ratings("Poor", "Excellent"))
    assert interval(found, "new_b") == ["Poor"] * 4
    assert found["n_links"].tolist() == [1, 1]
    assert found["open"].tolist() == [False, True]


def test_confidence_is_the_lowest_and_missing_where_one_is_not_given():
    links = [row("old_a", "new_a", confidence="high"), row("old_b", "new_a", confidence="medium")]
    rest = row(None, "new_b", "no_counterpart")
    found = crosswalk(*links, rest).translate(ratings("Poor", "Good"))
    assert found["confidence"].tolist() == ["medium", pd.NA]
    unsure = crosswalk(links[0], row("old_b", "new_a"), rest).translate(ratings("Poor", "Good"))
    assert unsure["confidence"].isna().all()


def test_a_link_with_no_share_takes_no_part_and_without_weight_there_is_no_median():
    none = row("old_a", "new_b", share_low=0, share_high=0)
    found = crosswalk(row("old_a", "new_a"), none, row("old_b", "new_b")).translate(
        ratings("Poor", "Good")
    )
    assert found["n_links"].tolist() == [1, 1]
    assert interval(found, "new_b") == ["Good"] * 4
    forced = row("old_a", "new_b", share_low=0)
    whole = row("old_a", "new_a", share_low=1, share_high=1)
    found = crosswalk(whole, forced, row("old_b", "new_a")).translate(ratings("Poor", None))
    assert interval(found, "new_b")[:2] == ["Poor", "Poor"]
    assert found["lower_median"].isna().tolist() == [False, True]


def test_what_reaches_no_target_is_named():
    rows = [row("old_a", "new_a"), row("old_b", None, "no_counterpart")]
    found = crosswalk(*rows, new=1).translate(ratings("Poor", "Good"))
    assert found["unmapped"].tolist() == ["old_b"]


def test_many_inspections_at_once_equal_each_by_itself():
    random = np.random.default_rng(0)
    found = crosswalk(*SPLIT)
    profiles = [ratings(*random.choice([*WORDS, None], 2)) for _ in range(30)]
    together = pd.concat(
        [p.assign(inspection_id=f"i{n:02}") for n, p in enumerate(profiles)], ignore_index=True
    )
    shuffled = together.sample(frac=1, random_state=1)
    alone = pd.concat([found.translate(p) for p in profiles], ignore_index=True)
    at_once = found.translate(shuffled).sort_values("inspection_id", kind="stable")
    at_once = at_once.drop(columns="inspection_id").reset_index(drop=True)
    pd.testing.assert_frame_equal(at_once, alone)


def test_inspections_of_one_group_weigh_equally():
    one, other = ratings("Poor", "Poor"), ratings("Good", "Good")
    both = pd.concat([one.assign(inspection_id="x"), other.assign(inspection_id="y")])
    found = crosswalk(row("old_a", "new_a"), row("old_b", "new_b")).translate(both, by=None)
    assert interval(found, "new_a") == ["Poor", "Good", "Poor", "Good"]
    assert "inspection_id" not in found
    assert not found["open"].any()
    partly = pd.concat([one.assign(inspection_id="x"), other[:1].assign(inspection_id="y")])
    found = crosswalk(row("old_a", "new_a"), row("old_b", "new_b")).translate(partly, by=None)
    assert found["open"].tolist() == [False, True]


def test_two_ratings_of_one_aspect_in_one_inspection_are_refused():
    twice = pd.concat([ratings("Poor", "Good"), ratings("Fair")]).assign(inspection_id="i_1")
    with pytest.raises(FrameworkError, match='old_a has two different ratings in "i_1"'):
        crosswalk(*SPLIT).translate(twice)
    agreeing = pd.concat([ratings("Poor", "Good"), ratings("Poor")])
    assert crosswalk(*SPLIT).translate(agreeing)["n_known"].tolist() == [1, 2]


def test_ratings_of_another_framework_are_refused():
    shipped = Crosswalk.load("opa_2005", "opa_2007")
    strange = ratings("Good").assign(framework_id="aap_2016")
    with pytest.raises(FrameworkError) as caught:
        shipped.translate(strange)
    assert caught.value.frameworks == ("aap_2016", "opa_2005")
    assert "compare(source, target, area)" in str(caught.value)


def test_ratings_of_other_aspects_of_the_framework_are_passed_over():
    more = pd.concat([ratings("Poor", "Good"), ratings("Poor").assign(aspect_id="old_overall")])
    overall = pd.DataFrame([{"set_id": "old", "aspect_id": "old_overall", "level": "overall"}])
    known = pd.concat([aspects(old=2, new=2), overall])
    found = Crosswalk(crosswalk(*SPLIT).to_frame(), aspects=known)
    pd.testing.assert_frame_equal(
        found.translate(more), crosswalk(*SPLIT).translate(ratings("Poor", "Good"))
    )


def test_without_any_rating_nothing_is_known():
    nothing = ratings("Poor").iloc[:0]
    found = crosswalk(*SPLIT).translate(nothing)
    assert found["worst"].isna().all()
    assert found["n_known"].tolist() == [0, 0]
    empty = crosswalk(*SPLIT).translate(nothing.assign(inspection_id=""))
    assert len(empty) == 0
    assert crosswalk(*SPLIT).sensitivity(nothing)["lower_median"].sum() == 0
    shipped = Crosswalk.load("opa_2005", "aap_2016_sections").translate(nothing)
    assert list(shipped["worst"].cat.categories) == WORDS


def test_an_unknown_column_to_group_by_is_named():
    with pytest.raises(UnknownValueError, match='by "area" is not known'):
        crosswalk(*SPLIT).translate(ratings("Poor", "Good"), by="area")
    with pytest.raises(UnknownValueError, match="is not known"):
        crosswalk(*SPLIT).translate(ratings("Poor", "Good"), by=["area_id"])


def test_sensitivity_counts_the_draws_in_which_a_word_is_the_median():
    found = crosswalk(*SPLIT).sensitivity(ratings("Poor", "Excellent"), draws=400)
    assert list(found["label"][:4]) == WORDS
    assert found["lower_median"].tolist() == [400, 0, 0, 0, 0, 0, 0, 400]
    assert found["draws"].unique().tolist() == [400]
    open_split = [row("old_a", "new_a"), row("old_a", "new_b"), row("old_b", "new_b")]
    open_split[2] |= {"share_low": 0.5, "share_high": 0.5}
    rest = row("old_b", None, "remainder", share_low=0.5, share_high=0.5)
    found = crosswalk(*open_split, rest).sensitivity(ratings("Poor", "Excellent"), draws=10_000)
    poor, _, _, excellent = found["lower_median"].tolist()[4:]
    assert poor + excellent == 10_000
    assert abs(poor - 5_000) < 200
    again = crosswalk(*open_split, rest).sensitivity(ratings("Poor", "Excellent"), draws=10_000)
    pd.testing.assert_frame_equal(found, again)


def chained(first, second):
    """Two crosswalks, old to new and new to last, one after the other."""
    later = second.to_frame().replace({"old": "new", "new": "last"})
    later["target_aspect_id"] = later["target_aspect_id"].str.replace("new", "last")
    later["source_aspect_id"] = later["source_aspect_id"].str.replace("old", "new")
    sizes = {"new": 2, "last": 2}
    return first.then(Crosswalk(later.drop(columns="crosswalk_id"), aspects=aspects(**sizes)))


def shown(found, *columns):
    return found.to_frame()[list(columns)].astype(object).to_numpy().tolist()


def test_two_halves_that_meet_again_are_one_link_with_share_1():
    half = {"share_low": 0.5, "share_high": 0.5}
    first = crosswalk(row("old_a", "new_a", **half), row("old_a", "new_b", **half), old=1)
    equal = {"relation": "equal"}
    gone = row(None, "new_b", "no_counterpart")
    second = crosswalk(row("old_a", "new_a", **equal), row("old_b", "new_a", **equal), gone)
    found = chained(first, second)
    assert shown(found, "target_aspect_id", "status", "share_low", "share_high") == [
        ["last_a", "mapped", 1.0, 1.0],
        ["last_b", "no_counterpart", pd.NA, pd.NA],
    ]


def test_clipping_at_every_step_would_depend_on_the_order():
    """Two unknown halves that meet again, and half of that goes on: the corner of the docs."""
    ends = [
        "source_set",
        "source_aspect_id",
        "target_set",
        "target_aspect_id",
        "status",
        "relation",
    ]

    def made(*pairs, share=None):
        rows = [
            (s[0], s, t[0] if t else pairs[0][1][0], t, "mapped" if t else "remainder",
             "overlaps" if t else None)
            for s, t in pairs
        ]  # fmt: skip
        frame = pd.DataFrame(rows, columns=ends).assign(share_low=share, share_high=share)
        ids = [(s[0], s) for s, _ in pairs] + [(t[0], t) for _, t in pairs if t]
        known = pd.DataFrame(ids, columns=["set_id", "aspect_id"]).drop_duplicates()
        return Crosswalk(frame, aspects=known)

    first = made(("s1", "m1"), ("s1", "m2"))
    second = made(("m1", "t1"), ("m2", "t1"))
    third = made(("t1", "u1"), ("t1", None), share=0.5)
    left, right = first.then(second).then(third), first.then(second.then(third))
    pd.testing.assert_frame_equal(left.to_frame(), right.to_frame())
    assert left.to_frame()["share_high"][0] == 1.0
    clipped = Crosswalk(first.then(second).to_frame(), aspects=pd.concat(
        [pd.DataFrame({"set_id": [a[0]], "aspect_id": [a]}) for a in ("s1", "t1")]
    ))  # fmt: skip
    assert clipped.then(third).to_frame()["share_high"][0] == 0.5


def test_a_chain_keeps_the_lowest_confidence_and_says_that_nobody_judged_it():
    first = crosswalk(row("old_a", "new_a", confidence="high"), row("old_b", "new_b"))
    second = crosswalk(row("old_a", "new_a", confidence="low"), row("old_b", "new_b"))
    frame = chained(first, second).to_frame()
    assert frame["confidence"].tolist() == ["low", pd.NA]
    text = "Follows from the crosswalks old to new to last; not judged by itself."
    assert frame["justification"].unique().tolist() == [text]
    assert frame["curated_by"].isna().all()


def test_what_meets_an_absence_or_a_doubt_stays_so():
    first = crosswalk(row("old_a", "new_a"), row("old_a", "new_b"), row("old_b", "new_b"))
    second = crosswalk(
        row("old_a", "new_a"),
        row("old_b", None, "no_counterpart"),
        row(None, "new_b", "undetermined"),
    )
    columns = ["source_aspect_id", "target_aspect_id", "status"]
    assert shown(chained(first, second), *columns) == [
        ["old_a", "last_a", "mapped"],
        ["old_a", pd.NA, "remainder"],
        ["old_b", pd.NA, "no_counterpart"],
        [pd.NA, "last_b", "undetermined"],
    ]


def test_a_sure_and_an_unsure_path_make_a_link_of_undetermined_relation():
    within = {"relation": "source_within_target"}
    first = crosswalk(row("old_a", "new_a", **within), row("old_a", "new_b", "undetermined"), old=1)
    second = crosswalk(row("old_a", "new_a", **within), row("old_b", "new_a", **within), new=1)
    later = second.to_frame().replace({"old": "new", "new": "last", "new_a": "last_a"})
    later = later.replace({"old_a": "new_a", "old_b": "new_b"}).drop(columns="crosswalk_id")
    known = aspects(new=2, last=1)
    found = first.then(Crosswalk(later, aspects=known))
    assert shown(found, "target_aspect_id", "status", "relation") == [
        ["last_a", "mapped", "undetermined"]
    ]


def test_a_doubt_about_a_middle_aspect_is_one_about_what_it_leads_to():
    first = crosswalk(row("old_a", "new_a"), row(None, "new_b", "undetermined"), old=1)
    second = crosswalk(row("old_a", "new_a"), row("old_b", "new_b"))
    assert shown(chained(first, second), "source_aspect_id", "target_aspect_id", "status") == [
        ["old_a", "last_a", "mapped"],
        [pd.NA, "last_b", "undetermined"],
    ]


def test_crosswalks_that_do_not_meet_cannot_follow_each_other():
    found = crosswalk(*SPLIT)
    with pytest.raises(CrosswalkError, match="they do not meet in one set"):
        found.then(found)


def test_the_inverse_turns_relations_and_knows_no_shares():
    found = crosswalk(
        row("old_a", "new_a", relation="source_within_target", share_low=0.2, share_high=0.8),
        row("old_a", None, "remainder"),
        row("old_b", None, "no_counterpart"),
        row(None, "new_b", "no_counterpart"),
    ).inverse()
    columns = ["source_aspect_id", "target_aspect_id", "status", "relation", "share_high"]
    assert shown(found, *columns) == [
        ["new_a", "old_a", "mapped", "source_contains_target", pd.NA],
        [pd.NA, "old_b", "no_counterpart", pd.NA, pd.NA],
        ["new_b", pd.NA, "no_counterpart", pd.NA, pd.NA],
    ]
    assert found.inverse().to_frame()["share_high"][0] == 0.8


def test_an_equal_link_with_company_is_undetermined_in_the_inverse():
    links = [row("old_a", "new_a", relation="equal"), row("old_b", "new_a")]
    found = crosswalk(*links, new=1).inverse()
    assert found.to_frame()["relation"].tolist() == ["undetermined", "overlaps"]
    alone = crosswalk(links[0], old=1, new=1).inverse()
    assert alone.to_frame()["relation"].tolist() == ["equal"]


def test_coverage_counts_and_names_both_sides():
    found = crosswalk(
        row("old_a", "new_a"),
        row("old_a", None, "remainder"),
        row("old_b", "new_b", "undetermined"),
        row("old_c", None, "no_counterpart"),
        row(None, "new_c", "no_counterpart"),
        old=3,
        new=3,
    ).coverage()
    counts = ["n_aspects", "n_linked", "n_without", "n_undetermined", "n_remainder"]
    assert found[counts].to_numpy().tolist() == [[3, 1, 1, 1, 1], [3, 1, 1, 1, 0]]
    assert found["without"].tolist() == ["old_c", "new_c"]
    assert found["undetermined"].tolist() == ["old_b", "new_b"]
    assert found["remainder"].tolist() == ["old_a", pd.NA]


def test_splits_that_meet_again_are_told_from_those_that_cross_sections():
    known = aspects(old=4, new=4).assign(
        parent_id=[None] * 4 + ["aap_2016_sections_public_confidence"] * 2 + ["x", None]
    )
    rows = [
        row("old_a", "new_a"),
        row("old_a", "new_b"),
        row("old_b", "new_a"),
        row("old_b", "new_b"),
        row("old_b", None, "remainder"),
        row("old_c", "new_b"),
        row("old_c", "new_c"),
        row("old_d", "new_c"),
        row("old_d", "new_d"),
    ]
    found = Crosswalk(pd.DataFrame(rows), aspects=known).exact_splits()
    assert found["exact"].tolist() == [True, False, False, False]
    assert found["outcome"].tolist() == [
        "meets again in Public confidence, and is exact there",
        "meets again in Public confidence, but for its remainder",
        "crosses Public confidence and x",
        "the section of some of its targets is not known",
    ]


def test_a_section_is_its_own_section():
    found = Crosswalk.load("opa_2005", "aap_2016_sections").exact_splits().set_index("source")
    change = found.loc["Delivering change"]
    assert change["outcome"].startswith("crosses ")
    assert not change["exact"]
    assert change["sections"].count("; ") == 1
    assert set(found["section_basis"]) == {"a section itself"}


@pytest.mark.parametrize("target", ["opa_2007", "follow_up_2010_subjects"])
def test_a_set_without_sections_says_so(target):
    found = Crosswalk.load("opa_2005", target).exact_splits()
    assert set(found["outcome"]) == {"this set has no sections"}
    assert not found["exact"].any()
    assert found["section_basis"].isna().all()


def test_what_is_exact_says_that_the_sections_are_derived():
    found = Crosswalk.load("opa_2005", "aap_2016_east_midlands").exact_splits()
    assert found["exact"].any()
    assert found["section_basis"].str.startswith("derived from CPS Wessex Area Assurance").all()


def test_turned_twice_by_way_of_a_table_an_equal_link_beside_others_stays_undetermined():
    links = [row("old_a", "new_a", relation="equal"), row("old_b", "new_a", relation="equal")]
    there = crosswalk(*links, new=1).inverse()
    back = Crosswalk(there.to_frame(), aspects=aspects(old=2, new=1)).inverse()
    assert back.to_frame()["relation"].tolist() == ["undetermined", "undetermined"]


def test_ratings_of_aspects_that_no_set_has_are_refused_and_all_are_named():
    found = crosswalk(row("old_a", "new_a"), row("old_b", "new_b"))
    rated = ratings("Good", "Poor", "Fair", "Fair")
    rated["aspect_id"] = ["old_a", "old_aa", "zzz", "zzz"]
    with pytest.raises(UnknownValueError, match='aspect_id "old_aa" is not known') as caught:
        found.translate(rated)
    assert caught.value.times == {"old_aa": 1, "zzz": 2}
    assert 'Not known are "old_aa" (1 row), "zzz" (2 rows).' in str(caught.value)
    assert 'Did you mean "old_a"' in str(caught.value)
    with pytest.raises(UnknownValueError, match="zzz"):
        found.sensitivity(rated, draws=2)
    assert pickle.loads(pickle.dumps(caught.value)).times == caught.value.times


def test_aspects_of_other_sets_and_missing_ones_are_left_out():
    found = crosswalk(row("old_a", "new_a"), row("old_b", "new_b"))
    rated = ratings("Good", "Poor", "Fair", "Fair", "Fair")
    rated["aspect_id"] = ["old_a", "opa_2005_disclosure", "new_a", None, "opa_2005_overall"]
    assert found.translate(rated)["n_known"].tolist() == [1, 0]


@pytest.mark.parametrize("column", ["rating", "aspect_id", "framework_id"])
def test_ratings_without_a_column_are_refused_with_its_name(column):
    found = crosswalk(row("old_a", "new_a"), row("old_b", "new_b"))
    rated = ratings("Good", "Poor").drop(columns=column)
    for operation in (found.translate, found.sensitivity):
        with pytest.raises(FrameworkError, match=column):
            operation(rated)


@pytest.mark.parametrize(
    "arguments",
    [{"draws": 0}, {"draws": -1}, {"draws": 1.5}, {"draws": True}, {"seed": "x"}, {"seed": -1}],
)
def test_draws_and_seeds_that_are_no_numbers_are_refused(arguments):
    found = crosswalk(row("old_a", "new_a"), row("old_b", "new_b"))
    (name,) = arguments
    with pytest.raises(HmcpsiError, match=f"^{name} is .*: give a whole number from"):
        found.sensitivity(ratings("Good", "Poor"), **arguments)
    often = found.sensitivity(ratings("Good", "Poor"), draws=np.int64(2))
    assert often["draws"].unique().tolist() == [2]


def test_what_is_no_crosswalk_is_refused_in_a_sentence():
    found = crosswalk(row("old_a", "new_a"), row("old_b", "new_b"))
    with pytest.raises(CrosswalkError, match="followed by another one, not by str"):
        found.then("no")
    for other in (None, {"a": 1}):
        with pytest.raises(CrosswalkError, match=f"not of {type(other).__name__}"):
            Crosswalk(other)


@pytest.mark.parametrize("share", [1j, pd.Timestamp("2020-01-01"), [1]])
def test_shares_that_are_no_real_numbers_are_refused(share):
    frame = crosswalk(row("old_a", "new_a"), row("old_b", "new_b")).to_frame()
    with pytest.raises(CrosswalkError, match=r"share_low .* is not a number"):
        Crosswalk(frame.assign(share_low=[share] * len(frame)))


def test_a_scope_may_be_one_slot():
    found = crosswalk(row("old_a", "new_a"), row("old_b", "new_b"))
    one, listed = found.cardinality("predicate_id"), found.cardinality(["predicate_id"])
    pd.testing.assert_frame_equal(one, listed)
