"""Ratings of one framework in their order, and what may be said of them."""

import pandas as pd
import pytest
from invented import FRAMEWORK, WORDS, ratings

from hmcpsi_data import ratings as shipped_ratings
from hmcpsi_data.errors import FrameworkError, UnknownValueError
from hmcpsi_data.guard import one_framework, scale
from hmcpsi_data.ordinal import (
    best,
    counts,
    dominance,
    lower_median,
    ordered,
    range_of,
    upper_median,
    worst,
)

SUMMARIES = [counts, lower_median, upper_median, worst, best, range_of]


def test_ratings_of_one_framework_get_the_order_of_its_scale():
    found = ordered(ratings("Good", None, "Poor"))
    assert list(found.cat.categories) == WORDS
    assert found.cat.ordered
    assert found.isna().tolist() == [False, True, False]
    assert (found > "Fair").tolist() == [True, False, False]


def test_the_index_is_kept_and_the_frame_is_not_changed():
    frame = ratings("Good", "Poor").set_axis([7, 3])
    before = frame.copy()
    assert ordered(frame).index.tolist() == [7, 3]
    pd.testing.assert_frame_equal(frame, before)


def test_a_contradicted_rating_is_missing_also_where_it_had_an_order_before():
    frame = ratings("Good", "Poor")
    frame["rating"] = ordered(frame)
    doubted = ordered(frame.assign(basis=["contradicted", "stated"]))
    assert doubted.isna().tolist() == [True, False]


def test_ordering_twice_is_ordering_once():
    frame = ratings("Good", "Poor")
    once = frame.assign(rating=ordered(frame))
    pd.testing.assert_series_equal(ordered(once), once["rating"])
    lost = frame.assign(rating=pd.Categorical(frame["rating"], categories=["Poor", "Good"]))
    pd.testing.assert_series_equal(ordered(lost), once["rating"])


@pytest.mark.parametrize("summary", [ordered, *SUMMARIES])
def test_two_frameworks_are_refused_with_what_to_call(summary):
    both = shipped_ratings(level=["aspect", "criterion"])
    with pytest.raises(FrameworkError) as caught:
        summary(both)
    assert set(caught.value.frameworks) >= {"opa_2005", "aap_2016"}
    for part in ("opa_2005", "aap_2016", "compare(source, target, area)"):
        assert part in str(caught.value)


def test_dominance_of_two_frameworks_is_refused():
    strange = ratings("Good").assign(framework_id="aap_2016")
    with pytest.raises(FrameworkError, match="opa_2005 and aap_2016 have no common order"):
        dominance(ratings("Good"), strange)


@pytest.mark.parametrize("summary", [ordered, *SUMMARIES])
def test_an_unknown_word_is_named_with_the_nearest(summary):
    with pytest.raises(UnknownValueError, match='rating "Goood" is not known') as caught:
        summary(ratings("Goood", "Fair"))
    assert caught.value.nearest[0] == "Good"


def test_ratings_that_do_not_say_their_framework_are_refused():
    frame = ratings("Good", "Poor")
    for without in (frame.drop(columns="framework_id"), frame.assign(framework_id=[None, "x"])):
        with pytest.raises(FrameworkError, match="do not say which framework"):
            ordered(without)
    with pytest.raises(UnknownValueError, match='framework "opa_2006" is not known'):
        ordered(frame.assign(framework_id="opa_2006"))


@pytest.mark.parametrize("summary", [ordered, *SUMMARIES])
def test_what_is_no_table_of_ratings_is_refused(summary):
    frame = ratings("Good", "Poor")
    for strange in (None, frame["rating"], ["Good"]):
        with pytest.raises(FrameworkError, match=r"Ratings are a DataFrame, not \w+\. Start from"):
            summary(strange)


def test_ratings_side_by_side_are_refused():
    beside = pd.concat([ratings("Good"), ratings("Poor")], axis=1)
    with pytest.raises(FrameworkError, match='column "framework_id" twice'):
        ordered(beside)


def test_a_framework_without_a_scale_is_refused():
    with pytest.raises(FrameworkError, match="aip_2021 has no scale: its measure is narrative"):
        ordered(ratings("Good").assign(framework_id="aip_2021"))


def test_words_outside_the_order_of_their_scale_are_left_out_and_counted():
    words, outside = scale("follow_up_2010")
    assert words == ["Not progressed", "Limited progress", "Substantial progress", "Achieved"]
    assert outside == ["No longer applicable"]
    frame = ratings("Achieved", "No longer applicable").assign(framework_id="follow_up_2010")
    assert ordered(frame).isna().tolist() == [False, True]
    found = counts(frame)
    assert found["rating"].tolist() == [*words, "No longer applicable"]
    assert found["n"].tolist() == [0, 0, 0, 1, 1]


def test_missing_ratings_are_counted_by_kind_and_never_as_poor():
    frame = ratings("Good", None, None, None)
    frame["missing"] = [None, "not_rated", "not_found", "not_rated"]
    found = counts(frame)
    assert found["rating"].tolist() == [*WORDS, pd.NA, pd.NA]
    kinds = dict(found.loc[4:, ["missing", "n"]].to_numpy())
    assert kinds == {"not_rated": 2, "not_found": 1}
    assert found["n"].tolist()[:4] == [0, 0, 1, 0]
    assert range_of(frame) == ("Good", "Good")


def test_counts_are_those_of_the_documents():
    found = counts(shipped_ratings("Leicestershire", framework="opa_2005", level="aspect"))
    assert dict(found[["rating", "n"]].to_numpy()) == dict(zip(WORDS, [1, 4, 7, 2], strict=True))
    found = counts(shipped_ratings("East Midlands", framework="aap_2016", level="section"))
    assert dict(found[["rating", "n"]].to_numpy()) == dict(zip(WORDS, [0, 3, 1, 0], strict=True))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["Poor"], ("Poor", "Poor")),
        (["Poor", "Excellent"], ("Poor", "Excellent")),
        (["Poor", "Fair", "Excellent"], ("Fair", "Fair")),
        (["Excellent", None, "Fair", "Fair", "Poor"], ("Fair", "Fair")),
        (["Good", "Good", "Poor", "Poor"], ("Poor", "Good")),
    ],
)
def test_medians_are_words(words, expected):
    frame = ratings(*words)
    assert (lower_median(frame), upper_median(frame)) == expected


def test_without_a_known_rating_there_is_no_summary():
    for frame in (ratings(None, None), ratings("Good").iloc[:0]):
        for summary in (lower_median, upper_median, worst, best):
            assert summary(frame) is pd.NA
        assert range_of(frame) == (pd.NA, pd.NA)
    assert counts(ratings("Good").iloc[:0]).empty
    assert one_framework(ratings("Good").iloc[:0]) is pd.NA


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (["Poor", "Poor"], "dominates"),
        (["Fair", "Poor"], "dominates"),
        (["Fair", "Good"], "is dominated"),
        (["Fair", "Fair"], "equal"),
        (["Poor", "Good"], "crosses"),
        (["Poor", None], "dominates"),
    ],
)
def test_dominance_compares_aspect_by_aspect(other, expected):
    found = dominance(ratings("Fair", "Fair"), ratings(*other))
    assert found == expected
    opposite = {"dominates": "is dominated", "is dominated": "dominates"}
    assert dominance(ratings(*other), ratings("Fair", "Fair")) == opposite.get(found, found)


def test_dominance_pairs_by_aspect_whatever_the_order():
    one = ratings("Poor", "Good")
    assert dominance(one, one.iloc[::-1]) == "equal"
    assert dominance(one, ratings("Good").assign(aspect_id="old_z")) is pd.NA


def test_a_profile_has_each_aspect_once():
    twice = pd.concat([ratings("Good"), ratings("Poor")])
    with pytest.raises(FrameworkError, match="old_a is there twice in one profile"):
        dominance(twice, ratings("Good"))


def test_the_invented_framework_is_the_one_of_the_tests():
    assert scale(FRAMEWORK) == (WORDS, [])


def test_all_words_that_are_not_known_are_named_with_their_rows():
    with pytest.raises(UnknownValueError, match='rating "Goood" is not known') as caught:
        ordered(ratings("Goood", "Bad", "Bad", "Fair"))
    assert str(caught.value).endswith('Not known are "Goood" (1 row), "Bad" (2 rows).')
