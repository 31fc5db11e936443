"""What pandas lets through with ordered categoricals: tells when pandas changes.

Each test holds what the docs of `hmcpsi_data.method.scales` say. One that fails means that pandas
has changed: put the docs and the way round right, or remove them where the trap is gone.
"""

import warnings

import pandas as pd
import pytest

from hmcpsi_data.errors import UnknownValueError
from hmcpsi_data.method.scales import lower_median, ordered

WORDS = ["Poor", "Fair", "Good", "Excellent"]
FRAME = pd.DataFrame({"framework_id": "opa_2005", "aspect_id": WORDS, "rating": WORDS})
RATED = ordered(FRAME)


def test_a_quantile_of_ratings_is_a_number_between_two_of_them():
    assert RATED.quantile(0.5) == 1.5
    assert lower_median(FRAME) == "Fair"


def test_a_quantile_of_a_frame_keeps_to_the_words_if_told_so():
    found = RATED.to_frame().quantile(0.5, numeric_only=False, interpolation="lower")
    assert found["rating"] == "Fair"


def test_ranks_and_codes_are_numbers_that_can_be_averaged():
    assert RATED.rank().mean() == 2.5
    assert RATED.cat.codes.mean() == 1.5


@pytest.mark.parametrize("name", ["mean", "median", "sum"])
def test_arithmetic_itself_is_refused(name):
    with pytest.raises(TypeError):
        getattr(RATED, name)()
    with pytest.raises(TypeError):
        getattr(RATED.groupby([1, 1, 1, 1]), name)()


@pytest.mark.parametrize(
    "other",
    [
        pd.Series(["Good"], dtype="string", name="rating"),
        pd.Series(pd.Categorical(["Good"], ["Fair", "Good"], ordered=True), name="rating"),
    ],
)
def test_the_order_is_lost_in_a_merge_and_in_concat(other):
    for joined in (
        RATED.to_frame().merge(other.to_frame(), on="rating")["rating"],
        pd.concat([RATED, other]),
    ):
        assert not isinstance(joined.dtype, pd.CategoricalDtype)


def test_strings_are_compared_by_the_alphabet():
    good, poor = pd.Series(["Good"], dtype="string"), pd.Series(["Poor"], dtype="string")
    assert not (good >= poor).item()


def test_an_unknown_word_becomes_a_missing_rating():
    words = pd.Series(["Good", "Goood"], dtype="string")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # newer versions say that this will be an error
        lost = words.astype(RATED.dtype)
    assert lost.isna().tolist() == [False, True]
    with pytest.raises(UnknownValueError):
        ordered(FRAME.assign(rating="Goood"))


def test_two_frameworks_with_the_same_words_have_the_same_type():
    other = ordered(FRAME.assign(framework_id="aap_2016"))
    assert RATED.dtype == other.dtype
    assert RATED.ge(other).all()


def test_an_ordered_rating_is_not_compared_with_a_string():
    with pytest.raises(TypeError):
        RATED.ge(FRAME["rating"])


def test_minimum_maximum_and_sorting_respect_the_order():
    assert (RATED.min(), RATED.max()) == ("Poor", "Excellent")
    assert RATED.sample(frac=1, random_state=0).sort_values().tolist() == WORDS
    by_group = RATED.groupby([1, 1, 2, 2]).agg(["min", "max"])
    assert by_group.to_numpy().tolist() == [["Poor", "Fair"], ["Good", "Excellent"]]
