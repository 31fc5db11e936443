"""What pandas lets through with ordered categoricals, as the docs of `method.scales` say.

Where one fails, pandas has changed: put the docs right, or remove them where the trap is gone.
"""

import warnings

import pandas as pd
import pytest

from hmcpsi_data.errors import UnknownValueError
from hmcpsi_data.method.scales import lower_median, ordered

WORDS = ["Poor", "Fair", "Good", "Excellent"]
FRAME = pd.DataFrame({"framework_id": "opa_2005", "aspect_id": WORDS, "rating": WORDS})
RATED = ordered(FRAME)


def test_arithmetic_is_refused_but_quantiles_ranks_and_codes_are_numbers_between_ratings():
    assert (RATED.quantile(0.5), RATED.cat.codes.mean(), RATED.rank().mean()) == (1.5, 1.5, 2.5)
    assert lower_median(FRAME) == "Fair"
    found = RATED.to_frame().quantile(0.5, numeric_only=False, interpolation="lower")
    assert found["rating"] == "Fair"
    for of in (RATED, RATED.groupby([1, 1, 1, 1])):
        for name in ("mean", "median", "sum"):
            with pytest.raises(TypeError):
                getattr(of, name)()


def test_the_order_is_lost_in_a_merge_and_in_concat_and_an_unknown_word_is_missing():
    fewer = pd.CategoricalDtype(["Fair", "Good"], ordered=True)
    for other in (pd.Series(["Good"], dtype=kind, name="rating") for kind in ("string", fewer)):
        merged = RATED.to_frame().merge(other.to_frame(), on="rating")["rating"]
        for joined in (merged, pd.concat([RATED, other])):
            assert not isinstance(joined.dtype, pd.CategoricalDtype)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # newer versions say that this will be an error
        lost = pd.Series(["Good", "Goood"], dtype="string").astype(RATED.dtype)
    assert lost.isna().tolist() == [False, True]
    with pytest.raises(UnknownValueError):
        ordered(FRAME.assign(rating="Goood"))


def test_an_order_is_kept_in_sorting_and_words_of_two_frameworks_have_one_type():
    other = ordered(FRAME.assign(framework_id="aap_2016"))
    assert RATED.dtype == other.dtype
    assert RATED.ge(other).all()
    with pytest.raises(TypeError):
        RATED.ge(FRAME["rating"])
    assert not FRAME["rating"].ge("Poor")[2]  # strings have the alphabet
    assert (RATED.min(), RATED.max()) == ("Poor", "Excellent")
    assert RATED.sample(frac=1, random_state=0).sort_values().tolist() == WORDS
    by_group = RATED.groupby([1, 1, 2, 2]).agg(["min", "max"])
    assert by_group.to_numpy().tolist() == [["Poor", "Fair"], ["Good", "Excellent"]]
