"""Ratings of one framework in their order, and what may be said of them."""

from functools import partial

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from invented import OUTSIDE, PROFILES, RANKS, WORDS, crosswalk, plain, ratings, recoded, row, world

from hmcpsi_data.errors import FrameworkError, UnknownValueError
from hmcpsi_data.method import scales
from hmcpsi_data.record.ratings import ratings as joined

RECORD = world()
counts, dominance, lower_median, ordered, range_of, upper_median = (
    partial(getattr(scales, name), record=RECORD) for name in scales.__all__
)
SUMMARIES = [ordered, counts, lower_median, upper_median, range_of]
FRAME = ratings("Strong", "Weak")


def test_ratings_of_one_framework_get_the_order_of_its_scale():
    rated = ordered(ratings("Strong", None, "Weak"))
    assert rated.cat.ordered
    assert list(rated.cat.categories) == WORDS
    assert (rated > "Plain").tolist() == [True, False, False]
    once = FRAME.assign(rating=ordered(FRAME))
    lost = FRAME.assign(rating=pd.Categorical(FRAME["rating"], categories=["Weak", "Strong"]))
    for again in (once, lost):
        pd.testing.assert_series_equal(ordered(again), once["rating"])
    assert ordered(once.assign(basis=["contradicted", None])).isna().tolist() == [True, False]
    turned, frame = recoded((4, 3, 2, 1)), ratings("Weak", "Superb", "Superb")
    assert scales.range_of(frame, turned) == ("Superb", "Weak")
    assert scales.lower_median(frame, turned) == "Superb"


def test_rule_1_two_frameworks_are_never_put_into_one_order():
    other, linked = FRAME.assign(framework_id="round_two"), [row("old_a", "new_a")]
    own = crosswalk(*linked, old=1, new=1)
    for function in (*SUMMARIES, own.translate, own.sensitivity):
        with pytest.raises(FrameworkError, match=r"one and round_two .* equal words") as caught:
            function(pd.concat([FRAME[:1], other[:1]]))
        assert set(caught.value.frameworks) == {"round_one", "round_two"}
        assert "compare(source, target, area)" in str(caught.value)
    for strange, says in (
        (other, "equal words do not make equal scales"),
        (pd.concat([FRAME, FRAME]), "old_a is there twice in one profile"),
        (FRAME.drop(columns="aspect_id"), 'no column "aspect_id"'),
    ):
        with pytest.raises(FrameworkError, match=says):
            dominance(strange, FRAME)
    for frame in (RECORD.table("ratings"), joined(record=RECORD)):
        assert frame["rating"].dtype == "string"  # loaded as words without an order


@pytest.mark.parametrize(
    ("strange", "kind", "says"),
    [
        (ratings("Stronge", "Plain"), UnknownValueError, 'is not known. Did you mean "Strong"'),
        (ratings("Stronge", "Bad", "Bad"), UnknownValueError, '"Stronge" (1 row), "Bad" (2 rows).'),
        (FRAME.assign(rating=[3, 4]), UnknownValueError, 'rating "3" is not known'),
        (FRAME.assign(rating=[("a",), ("b",)]), UnknownValueError, 'load("scales")'),
        (FRAME.drop(columns="framework_id"), FrameworkError, "Start from ratings(), or fill fra"),
        (FRAME.assign(framework_id=[None, "x"]), FrameworkError, "or fill framework_id."),
        (FRAME.assign(framework_id="round_none"), UnknownValueError, 'framework "round_none" is'),
        (FRAME.assign(framework_id=5), UnknownValueError, 'load("frameworks")'),
        (FRAME.assign(framework_id="round_three"), FrameworkError, "no scale: its measure is narr"),
        (None, FrameworkError, "Ratings are a DataFrame with no column twice, and a framewo"),
        (FRAME.drop(columns="rating"), FrameworkError, 'no column "rating". Start from ratings()'),
        (pd.concat([FRAME, FRAME], axis=1), FrameworkError, "with no column twice"),
    ],
)
def test_what_is_no_table_of_ratings_is_refused(strange, kind, says):
    for summary in SUMMARIES:
        with pytest.raises(kind) as caught:
            summary(strange)
        assert says in str(caught.value)


def test_what_is_outside_the_order_or_missing_is_left_out_and_counted_by_kind():
    assert scales.scale("round_one", RECORD) == (WORDS, [OUTSIDE])
    frame = ratings("Superb", OUTSIDE, None, None, None)
    frame["missing"] = [None, None, "not_rated", "not_found", "not_rated"]
    counted = counts(frame)
    assert plain(counted, "rating", "n")[:4] == [[word, int(word == "Superb")] for word in WORDS]
    rest = [[OUTSIDE, None, 1], [None, "not_found", 1], [None, "not_rated", 2]]
    assert sorted(plain(counted[4:], "rating", "missing", "n"), key=str) == sorted(rest, key=str)
    assert counted.dtypes.astype(str).tolist() == ["string", "string", "Int64"]
    assert range_of(frame) == ("Superb", "Superb")


@given(PROFILES, PROFILES, st.sampled_from(RANKS))
def test_every_summary_is_the_one_of_the_definition_whatever_the_ranks(one, other, ranks):
    """Half or more are at a median or on its side; a monotone recoding of ranks changes nothing."""
    record, frame = recoded(ranks), ratings(*one)
    places = [WORDS.index(word) for word in one if word]
    lows = [p for p in range(4) if 2 * sum(one <= p for one in places) >= len(places)]
    highs = [p for p in range(4) if 2 * sum(one >= p for one in places) >= len(places)]
    ends = [min(places), max(places), min(lows), max(highs)] if places else []
    expected = [WORDS[place] for place in ends] or [pd.NA] * 4
    found = scales.range_of(frame, record)
    found += scales.lower_median(frame, record), scales.upper_median(frame, record)
    assert list(map(str, found)) == list(map(str, expected))
    assert scales.ordered(frame, record).value_counts().to_dict() == {
        word: one.count(word) for word in WORDS
    }
    pairs = [(WORDS.index(a), WORDS.index(b)) for a, b in zip(one, other, strict=True) if a and b]
    better, worse = any(a > b for a, b in pairs), any(a < b for a, b in pairs)
    said = {(True, True): "crosses", (True, False): "dominates", (False, True): "is dominated"}
    relation = said.get((better, worse), "equal") if pairs else pd.NA
    assert str(scales.dominance(frame, ratings(*other)[::-1], record)) == str(relation)


def test_without_a_known_rating_there_is_no_summary():
    nothing = FRAME.iloc[:0]
    assert lower_median(nothing) is upper_median(nothing) is pd.NA
    assert range_of(nothing) == (pd.NA, pd.NA)
    assert counts(nothing).empty
    assert scales.require_one_framework(nothing) is pd.NA
    assert dominance(FRAME, ratings("Strong").assign(aspect_id="old_z")) is pd.NA


def test_counts_of_the_shipped_data_are_those_of_the_documents_and_progress_has_its_own_order():
    found = scales.counts(joined("Leicestershire", framework="opa_2005", level="aspect"))
    assert plain(found, "rating", "n") == [["Poor", 1], ["Fair", 4], ["Good", 7], ["Excellent", 2]]
    assert scales.scale("follow_up_2010")[1] == ["No longer applicable"]
    progress = ratings("Done", "Begun").assign(framework_id="follow_up")
    assert range_of(progress) == ("Begun", "Done")
