"""Ratings of one framework in their order, and what may be said of them."""

from functools import partial

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import OUTSIDE, RANKS, WORDS, profiles, ratings, recoded, world

from hmcpsi_data.errors import FrameworkError, UnknownValueError
from hmcpsi_data.method import scales
from hmcpsi_data.record.ratings import ratings as shipped

RECORD = world()
counts, dominance, lower_median, ordered, range_of, upper_median = (
    partial(getattr(scales, name), record=RECORD) for name in scales.__all__
)
FRAME = ratings("Strong", "Weak")


def test_ratings_of_one_framework_get_the_order_of_its_scale():
    rated = ordered(ratings("Strong", None, "Weak"))
    assert list(rated.cat.categories) == WORDS
    assert rated.cat.ordered
    assert rated.isna().tolist() == [False, True, False]
    assert (rated > "Plain").tolist() == [True, False, False]
    once = FRAME.assign(rating=ordered(FRAME))
    pd.testing.assert_series_equal(ordered(once), once["rating"])
    lost = FRAME.assign(rating=pd.Categorical(FRAME["rating"], categories=["Weak", "Strong"]))
    pd.testing.assert_series_equal(ordered(lost), once["rating"])
    doubted = ordered(once.assign(basis=["contradicted", None]))
    assert doubted.isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("strange", "kind", "says"),
    [
        (ratings("Stronge", "Plain"), UnknownValueError, 'is not known. Did you mean "Strong"'),
        (ratings("Stronge", "Bad", "Bad"), UnknownValueError, '"Stronge" (1 row), "Bad" (2 rows).'),
        (FRAME.assign(rating=[3, 4]), UnknownValueError, 'rating "3" is not known'),
        (FRAME.assign(rating=[("a",), ("b",)]), UnknownValueError, "is not known"),
        (FRAME.drop(columns="framework_id"), FrameworkError, "do not say which framework"),
        (FRAME.assign(framework_id=[None, "x"]), FrameworkError, "do not say which framework"),
        (FRAME.assign(framework_id="round_none"), UnknownValueError, 'framework "round_none" is'),
        (FRAME.assign(framework_id=5), UnknownValueError, 'framework "5" is not known'),
        (FRAME.assign(framework_id="round_three"), FrameworkError, "no scale: its measure is narr"),
        (None, FrameworkError, "Ratings are a DataFrame, not NoneType. Start from"),
        (FRAME["rating"], FrameworkError, "Ratings are a DataFrame, not Series. Start from"),
        (["Strong"], FrameworkError, "Ratings are a DataFrame, not list. Start from"),
        (FRAME.drop(columns="rating"), FrameworkError, 'no column "rating"'),
        (pd.concat([FRAME, FRAME], axis=1), FrameworkError, 'column "framework_id" twice'),
    ],
)
def test_what_is_no_table_of_ratings_is_refused(strange, kind, says):
    for summary in (ordered, counts, lower_median, upper_median, range_of):
        with pytest.raises(kind) as caught:
            summary(strange)
        assert says in str(caught.value)


def test_what_is_outside_the_order_or_missing_is_left_out_and_counted_by_kind():
    assert scales.scale("round_one", RECORD) == (WORDS, [OUTSIDE])
    frame = ratings("Superb", OUTSIDE, None, None, None)
    frame["missing"] = [None, None, "not_rated", "not_found", "not_rated"]
    assert ordered(frame).isna().tolist() == [False, *[True] * 4]
    counted = counts(frame)
    assert counted["rating"].tolist()[:4] == WORDS
    assert counted["n"].tolist()[:4] == [0, 0, 0, 1]
    rest = counted[4:].astype(object).where(counted[4:].notna(), None).to_numpy().tolist()
    expected = [[OUTSIDE, None, 1], [None, "not_found", 1], [None, "not_rated", 2]]
    assert sorted(rest, key=str) == sorted(expected, key=str)
    assert counted.dtypes.astype(str).tolist() == ["string", "string", "Int64"]
    assert range_of(frame) == ("Superb", "Superb")


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9))
def test_half_or_more_are_at_a_median_or_on_its_side(words):
    places = [WORDS.index(word) for word in words]
    frame = ratings(*words)
    lower, upper = (WORDS.index(median(frame)) for median in (lower_median, upper_median))
    lows = [p for p in range(4) if 2 * sum(one <= p for one in places) >= len(places)]
    highs = [p for p in range(4) if 2 * sum(one >= p for one in places) >= len(places)]
    assert (lower, upper) == (min(lows), max(highs))
    assert range_of(frame) == (WORDS[min(places)], WORDS[max(places)])


def test_without_a_known_rating_there_is_no_summary():
    for frame in (ratings(None, None), ratings("Strong").iloc[:0]):
        assert lower_median(frame) is pd.NA
        assert upper_median(frame) is pd.NA
        assert range_of(frame) == (pd.NA, pd.NA)
    assert counts(ratings("Strong").iloc[:0]).empty
    assert scales.require_one_framework(ratings("Strong").iloc[:0]) is pd.NA


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (["Plain", "Weak"], "dominates"),
        (["Plain", "Strong"], "is dominated"),
        (["Plain", "Plain"], "equal"),
        (["Weak", "Strong"], "crosses"),
        (["Weak", None], "dominates"),
    ],
)
def test_dominance_compares_aspect_by_aspect_whatever_the_order(other, expected):
    one, another = ratings("Plain", "Plain"), ratings(*other)[::-1]
    assert dominance(one, another) == expected
    opposite = {"dominates": "is dominated", "is dominated": "dominates"}
    assert dominance(another, one) == opposite.get(expected, expected)
    assert dominance(one, ratings("Strong").assign(aspect_id="old_z")) is pd.NA


def test_a_profile_has_each_aspect_once_and_says_which():
    with pytest.raises(FrameworkError, match="old_a is there twice in one profile"):
        dominance(pd.concat([ratings("Strong"), ratings("Weak")]), FRAME)
    with pytest.raises(FrameworkError, match='no column "aspect_id"'):
        dominance(FRAME, FRAME.drop(columns="aspect_id"))


@given(profiles(4), profiles(4), st.sampled_from(RANKS))
def test_a_strictly_monotone_recoding_of_the_ranks_changes_no_summary(one, other, ranks):
    record = recoded(ranks)
    for summary in (scales.lower_median, scales.upper_median, scales.range_of):
        assert str(summary(one, record)) == str(summary(one, RECORD))
    pd.testing.assert_frame_equal(scales.counts(one, record), scales.counts(one, RECORD))
    assert str(scales.dominance(one, other, record)) == str(scales.dominance(one, other, RECORD))


def test_counts_of_the_shipped_data_are_those_of_the_documents():
    found = scales.counts(shipped("Leicestershire", framework="opa_2005", level="aspect"))
    assert found[["rating", "n"]].to_numpy().tolist() == [
        ["Poor", 1], ["Fair", 4], ["Good", 7], ["Excellent", 2],
    ]  # fmt: skip
    assert scales.scale("follow_up_2010")[1] == ["No longer applicable"]
