"""Ratings of one framework in their order, and what may be said of them."""

from functools import partial

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import OUTSIDE, RANKS, WORDS, profiles, ratings, recoded, world

from hmcpsi_data.errors import FrameworkError, UnknownValueError
from hmcpsi_data.method import scales

RECORD = world()


counts, dominance, lower_median, ordered, range_of, upper_median = (
    partial(getattr(scales, name), record=RECORD) for name in scales.__all__
)
SUMMARIES = [ordered, counts, lower_median, upper_median, range_of]


def test_ratings_of_one_framework_get_the_order_of_its_scale():
    rated = ordered(ratings("Strong", None, "Weak"))
    assert list(rated.cat.categories) == WORDS
    assert rated.cat.ordered
    assert rated.isna().tolist() == [False, True, False]
    assert (rated > "Plain").tolist() == [True, False, False]


def test_a_contradicted_rating_is_missing_also_where_it_had_an_order_before():
    frame = ratings("Strong", "Weak", "Weak")
    frame["rating"] = ordered(frame)
    doubted = ordered(frame.assign(basis=["contradicted", "stated", None]))
    assert doubted.isna().tolist() == [True, False, False]


def test_ordering_twice_is_ordering_once():
    frame = ratings("Strong", "Weak")
    once = frame.assign(rating=ordered(frame))
    pd.testing.assert_series_equal(ordered(once), once["rating"])
    lost = frame.assign(rating=pd.Categorical(frame["rating"], categories=["Weak", "Strong"]))
    pd.testing.assert_series_equal(ordered(lost), once["rating"])


@pytest.mark.parametrize("summary", SUMMARIES)
def test_an_unknown_word_is_named_with_the_nearest(summary):
    with pytest.raises(UnknownValueError, match='rating "Stronge" is not known') as caught:
        summary(ratings("Stronge", "Plain"))
    assert caught.value.nearest[0] == "Strong"


def test_all_words_that_are_not_known_are_named_with_their_rows():
    with pytest.raises(UnknownValueError) as caught:
        ordered(ratings("Stronge", "Bad", "Bad", "Plain"))
    assert str(caught.value).endswith('Not known are "Stronge" (1 row), "Bad" (2 rows).')


@pytest.mark.parametrize("strange", [[3, 4], [("a",), ("b",)]])
def test_what_is_no_word_at_all_is_not_known(strange):
    with pytest.raises(UnknownValueError, match="is not known"):
        ordered(ratings("Strong", "Weak").assign(rating=strange))


def test_ratings_that_do_not_say_their_framework_are_refused():
    frame = ratings("Strong", "Weak")
    for without in (frame.drop(columns="framework_id"), frame.assign(framework_id=[None, "x"])):
        with pytest.raises(FrameworkError, match="do not say which framework"):
            ordered(without)
    with pytest.raises(UnknownValueError, match='framework "round_none" is not known'):
        ordered(frame.assign(framework_id="round_none"))
    with pytest.raises(UnknownValueError, match='framework "5" is not known'):
        ordered(frame.assign(framework_id=5))


@pytest.mark.parametrize("summary", SUMMARIES)
def test_what_is_no_table_of_ratings_is_refused(summary):
    frame = ratings("Strong", "Weak")
    for strange in (None, frame["rating"], ["Strong"], 5):
        with pytest.raises(FrameworkError, match=r"Ratings are a DataFrame, not \w+\. Start from"):
            summary(strange)
    with pytest.raises(FrameworkError, match='no column "rating"'):
        summary(frame.drop(columns="rating"))


def test_ratings_side_by_side_are_refused():
    beside = pd.concat([ratings("Strong"), ratings("Weak")], axis=1)
    with pytest.raises(FrameworkError, match='column "framework_id" twice'):
        ordered(beside)


def test_a_framework_without_a_scale_is_refused():
    with pytest.raises(FrameworkError, match="round_three has no scale: its measure is narrative"):
        ordered(ratings("Strong").assign(framework_id="round_three"))


def test_words_outside_the_order_of_their_scale_are_left_out_and_counted():
    assert scales.scale("round_one", RECORD) == (WORDS, [OUTSIDE])
    frame = ratings("Superb", OUTSIDE)
    assert ordered(frame).isna().tolist() == [False, True]
    counted = counts(frame)
    assert counted["rating"].tolist() == [*WORDS, OUTSIDE]
    assert counted["n"].tolist() == [0, 0, 0, 1, 1]
    assert range_of(frame) == ("Superb", "Superb")


def test_missing_ratings_are_counted_by_kind_and_never_as_the_worst():
    frame = ratings("Strong", None, None, None)
    frame["missing"] = [None, "not_rated", "not_found", "not_rated"]
    counted = counts(frame)
    assert counted["rating"].tolist() == [*WORDS, pd.NA, pd.NA]
    assert dict(counted.loc[4:, ["missing", "n"]].to_numpy()) == {"not_rated": 2, "not_found": 1}
    assert counted["n"].tolist()[:4] == [0, 0, 1, 0]
    assert counted.dtypes.astype(str).tolist() == ["string", "string", "Int64"]
    assert range_of(frame) == ("Strong", "Strong")


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
        (["Weak", "Weak"], "dominates"),
        (["Plain", "Weak"], "dominates"),
        (["Plain", "Strong"], "is dominated"),
        (["Plain", "Plain"], "equal"),
        (["Weak", "Strong"], "crosses"),
        (["Weak", None], "dominates"),
    ],
)
def test_dominance_compares_aspect_by_aspect(other, expected):
    assert dominance(ratings("Plain", "Plain"), ratings(*other)) == expected
    opposite = {"dominates": "is dominated", "is dominated": "dominates"}
    turned = dominance(ratings(*other), ratings("Plain", "Plain"))
    assert turned == opposite.get(expected, expected)


def test_dominance_pairs_by_aspect_whatever_the_order():
    one = ratings("Weak", "Strong")
    assert dominance(one, one.iloc[::-1]) == "equal"
    assert dominance(one, ratings("Strong").assign(aspect_id="old_z")) is pd.NA


def test_a_profile_has_each_aspect_once_and_says_which():
    twice = pd.concat([ratings("Strong"), ratings("Weak")])
    with pytest.raises(FrameworkError, match="old_a is there twice in one profile"):
        dominance(twice, ratings("Strong"))
    with pytest.raises(FrameworkError, match='no column "aspect_id"'):
        dominance(ratings("Strong"), ratings("Strong").drop(columns="aspect_id"))


@given(profiles(4), profiles(4), st.sampled_from(RANKS))
def test_a_strictly_monotone_recoding_of_the_ranks_changes_no_summary(one, other, ranks):
    record = recoded(ranks)
    for summary in (scales.lower_median, scales.upper_median, scales.range_of):
        assert str(summary(one, record)) == str(summary(one, RECORD))
    pd.testing.assert_frame_equal(scales.counts(one, record), scales.counts(one, RECORD))
    assert str(scales.dominance(one, other, record)) == str(scales.dominance(one, other, RECORD))


def test_counts_of_the_shipped_data_are_those_of_the_documents():
    from hmcpsi_data.record.ratings import ratings as shipped

    found = scales.counts(shipped("Leicestershire", framework="opa_2005", level="aspect"))
    assert found[["rating", "n"]].to_numpy().tolist() == [
        ["Poor", 1], ["Fair", 4], ["Good", 7], ["Excellent", 2],
    ]  # fmt: skip
    assert scales.scale("follow_up_2010")[1] == ["No longer applicable"]
