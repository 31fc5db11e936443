"""Ratings of one framework in their order, and what may be said of them without arithmetic.

Loaded ratings are strings, because the words of two frameworks have no common order: Good of 2006
and Good of 2016 stand on different scales. `ordered` gives the ratings of one framework the order
of its scale; ratings of two frameworks are refused, here and in every summary.

All summaries rest on the order alone. There is no mean and no score: replacing the ranks of a scale
by any other numbers in the same order changes no result. Missing ratings are left out and counted
separately, never counted as Poor; so are words that stand outside the order of their scale, such
as "No longer applicable" of the follow-ups.

What pandas lets through once ratings are ordered categoricals, and the way round it:

- ``series.quantile(0.5)`` takes a mean of ranks and returns 1.5, a rating that no scale has. So do
  ``series.rank()`` and ``series.cat.codes``, which are numbers and can be averaged. Use
  `lower_median` and `upper_median`, or ``frame.quantile(0.5, numeric_only=False,
  interpolation="lower")``.
- Merging or concatenating with a column of other categories, or of strings, silently returns
  strings, which are compared by the alphabet: "Good" >= "Poor" is then False. Call `ordered` after
  the merge.
- A word that is not among the categories becomes NaN, and so looks like a missing rating. `ordered`
  raises instead, and names the nearest word.
- Two frameworks with the same four words have equal categories, so pandas compares them without a
  murmur. Keep one framework in a frame, or call `compare`.
- ``min``, ``max``, ``sort_values`` and ``groupby`` do respect the order.

"""

from __future__ import annotations

import os
from collections.abc import Callable

import numpy as np
import pandas as pd

from hmcpsi_data.errors import FrameworkError, unknown_values
from hmcpsi_data.guard import need_columns, one_framework, scale

__all__ = [
    "best",
    "counts",
    "dominance",
    "lower_median",
    "ordered",
    "range_of",
    "upper_median",
    "worst",
]

_Folder = str | os.PathLike[str] | None


def ordered(ratings: pd.DataFrame, folder: _Folder = None) -> pd.Series:
    """The ratings of one framework as an ordered categorical, from worst to best.

    Parameters
    ----------
    ratings : pandas.DataFrame
        What `ratings` returns, or any frame with the columns `framework_id` and `rating`, all rows
        of one framework.
    folder : path, optional
        The data folder with the scale, as for `load`.

    Returns
    -------
    pandas.Series
        With the index of the frame. Missing ratings, words outside the order of their scale, and
        ratings that another source contradicts are missing.

    Raises
    ------
    FrameworkError
        Where there are ratings of two frameworks, or the framework has no scale.
    UnknownValueError
        Where ratings are no words of the scale; all are named with their rows, and the nearest
        word to the first.

    Examples
    --------
    >>> from hmcpsi_data import ratings
    >>> leicestershire = ratings("Leicestershire", framework="opa_2005", level="aspect")
    >>> leicestershire["rating"] = ordered(leicestershire)
    >>> leicestershire["rating"].min(), leicestershire["rating"].max()
    ('Poor', 'Excellent')
    >>> ordered(ratings(["Leicestershire", "East Midlands"], level=["aspect", "criterion"]))
    Traceback (most recent call last):
    hmcpsi_data.errors.FrameworkError: Ratings of opa_2005 and aap_2016 have no common order: \
equal words do not make equal scales. Take one framework, or call \
compare(source, target, area) to see both side by side through a crosswalk.
    """
    framework = one_framework(ratings)
    need_columns(ratings, "rating")
    in_order, outside = scale(framework, folder)
    found = ratings["rating"]
    dtype = pd.CategoricalDtype(in_order, ordered=True)
    known = found.isin([*in_order, *outside]) | found.isna()
    if not known.all():
        words, listing = [*in_order, *outside], 'load("scales")'
        raise unknown_values("rating", found[~known], words, listing)
    out = found.isin(outside)
    if "basis" in ratings:
        out |= ratings["basis"].eq("contradicted").fillna(False)
    return found.mask(out).astype(dtype)


def counts(ratings: pd.DataFrame, folder: _Folder = None) -> pd.DataFrame:
    """How often each word of the scale was given, from worst to best, and what is missing.

    Parameters
    ----------
    ratings, folder
        As for `ordered`.

    Returns
    -------
    pandas.DataFrame
        Columns `rating`, `missing` and `n`. One row per word of the scale, also where it was never
        given; then one per word outside its order and one per kind of missing that occur.

    Examples
    --------
    >>> from hmcpsi_data import ratings
    >>> counts(ratings("Leicestershire", framework="opa_2005", level="aspect"))
          rating missing  n
    0       Poor    <NA>  1
    1       Fair    <NA>  4
    2       Good    <NA>  7
    3  Excellent    <NA>  2
    """
    in_order = ordered(ratings, folder)
    given = in_order.value_counts(sort=False).reset_index()
    given = given.set_axis(["rating", "n"], axis=1)
    rest = ratings.loc[in_order.isna().to_numpy()].reindex(columns=["rating", "missing"])
    rest = rest.value_counts(sort=False, dropna=False).reset_index(name="n")
    found = pd.concat([given.astype({"rating": "string"}), rest], ignore_index=True)
    return found.astype({"rating": "string", "missing": "string", "n": "Int64"})[
        ["rating", "missing", "n"]
    ]


def lower_median(ratings: pd.DataFrame, folder: _Folder = None) -> str:
    """The word of the lower median: half of the known ratings or more are at it or worse.

    With an even number of ratings the middle lies between two of them; this is the worse one.

    Parameters
    ----------
    ratings, folder
        As for `ordered`.

    Returns
    -------
    str
        A word of the scale, or ``<NA>`` where no rating is known.

    Examples
    --------
    >>> from hmcpsi_data import ratings
    >>> sections = ratings("East Midlands", framework="aap_2016", level="section")
    >>> lower_median(sections), upper_median(sections)
    ('Fair', 'Fair')
    """
    return _word_at(ratings, lambda n: (n - 1) // 2, folder)


def upper_median(ratings: pd.DataFrame, folder: _Folder = None) -> str:
    """The word of the upper median: half of the known ratings or more are at it or better.

    As `lower_median`, with the better one of the two ratings in the middle.

    Examples
    --------
    >>> from hmcpsi_data import ratings
    >>> upper_median(ratings("Leicestershire", framework="opa_2005", level="aspect"))
    'Good'
    """
    return _word_at(ratings, lambda n: n // 2, folder)


def worst(ratings: pd.DataFrame, folder: _Folder = None) -> str:
    """The worst known rating, or ``<NA>`` where none is known; arguments as for `ordered`.

    Examples
    --------
    >>> from hmcpsi_data import ratings
    >>> worst(ratings("Leicestershire", framework="opa_2005"))
    'Poor'
    """
    return _word_at(ratings, lambda _: 0, folder)


def best(ratings: pd.DataFrame, folder: _Folder = None) -> str:
    """The best known rating, or ``<NA>`` where none is known; arguments as for `ordered`.

    Examples
    --------
    >>> from hmcpsi_data import ratings
    >>> best(ratings("East Midlands", framework="aap_2016"))
    'Good'
    """
    return _word_at(ratings, lambda n: n - 1, folder)


def range_of(ratings: pd.DataFrame, folder: _Folder = None) -> tuple[str, str]:
    """The worst and the best known rating, as words; arguments as for `ordered`.

    Examples
    --------
    >>> from hmcpsi_data import ratings
    >>> range_of(ratings("East Midlands", framework="aap_2016"))
    ('Poor', 'Good')
    """
    return worst(ratings, folder), best(ratings, folder)


def dominance(a: pd.DataFrame, b: pd.DataFrame, folder: _Folder = None) -> str:
    """Whether one profile of ratings is better than another throughout.

    The two profiles are of one framework and are paired aspect by aspect (`aspect_id`). Aspects
    that are not rated in both are left out, and what is passed is what counts: take one level,
    such as ``level="aspect"``, to keep the overall rating from counting beside its own aspects.

    Parameters
    ----------
    a, b : pandas.DataFrame
        As for `ordered`, with the column `aspect_id`, each aspect at most once.
    folder : path, optional
        As for `ordered`.

    Returns
    -------
    str
        "dominates" where `a` is nowhere worse and somewhere better, "is dominated" the other way
        round, "equal" where they agree throughout, "crosses" where each is better somewhere;
        ``<NA>`` where no aspect is rated in both.

    Raises
    ------
    FrameworkError
        As for `ordered`, and where an aspect is there twice in one profile.

    Examples
    --------
    >>> from hmcpsi_data import ratings
    >>> found = ratings("Leicestershire", framework="opa_2005", level="aspect")
    >>> dominance(found, found)
    'equal'
    """
    one_framework(a, b)
    first, second = _profile(a, folder), _profile(b, folder)
    pairs = pd.concat({"a": first, "b": second}, axis=1, join="inner").dropna()
    if pairs.empty:
        return pd.NA
    better, worse = (pairs["a"] > pairs["b"]).any(), (pairs["a"] < pairs["b"]).any()
    verdicts = {
        (True, False): "dominates",
        (False, True): "is dominated",
        (False, False): "equal",
        (True, True): "crosses",
    }
    return verdicts[bool(better), bool(worse)]


def _word_at(ratings: pd.DataFrame, place: Callable[[int], int], folder: _Folder) -> str:
    """The known rating at a place in their order, counted from the worst."""
    known = ordered(ratings, folder).dropna()
    if known.empty:
        return pd.NA
    return str(known.cat.categories[np.sort(known.cat.codes)[place(len(known))]])


def _profile(ratings: pd.DataFrame, folder: _Folder) -> pd.Series:
    """The ratings by aspect, each aspect once."""
    twice = ratings.loc[ratings["aspect_id"].duplicated(), "aspect_id"]
    if not twice.empty:
        problem = f"{twice.iloc[0]} is there twice in one profile."
        raise FrameworkError(
            ratings["framework_id"].unique(), problem, "Keep the ratings of one inspection."
        )
    return ordered(ratings, folder).set_axis(ratings["aspect_id"])
