"""Ratings of one framework in their order, and what may be said of them without arithmetic.

Loaded ratings are strings, because the words of two frameworks have no common order. There is no
mean and no score: other ranks in the same order change no result.

What pandas lets through once ratings are ordered categoricals: ``quantile(0.5)`` and ``rank()`` are
numbers that no scale has (use `lower_median`); merging with strings returns strings, compared by
the alphabet (call `ordered` after it); and equal words of two frameworks compare (call `compare`).
"""

from typing import Any

import numpy as np
import pandas as pd

from hmcpsi_data.errors import FrameworkError, UnknownValueError, unknown_values
from hmcpsi_data.tables.record import Record, RecordLike, as_record

__all__ = ["counts", "dominance", "lower_median", "ordered", "range_of", "upper_median"]


def ordered(ratings: pd.DataFrame, record: RecordLike = None) -> pd.Series:
    """The ratings of one framework as an ordered categorical, from worst to best.

    Parameters
    ----------
    ratings : pandas.DataFrame
        What `ratings` returns, or any frame with `framework_id` and `rating`.
    record : Record or path, optional

    Returns
    -------
    pandas.Series
        With the index of the frame. Missing ratings, words outside the order of their scale, and
        ratings that another source contradicts are missing. Two frameworks, or a framework without
        a scale, are a `FrameworkError`.

    Examples
    --------
    >>> frame = pd.DataFrame({"framework_id": "opa_2005", "rating": ["Good", "Poor", None]})
    >>> ordered(frame).min(), ordered(frame).max()
    ('Poor', 'Good')
    """
    framework = require_one_framework(ratings, needed="rating")
    in_order, outside = scale(framework, record)
    given = ratings["rating"]
    if not isinstance(given.dtype, pd.CategoricalDtype):
        given = given.astype("string")
    codes, found = pd.factorize(given)  # the few words are looked up, not each rating
    known = {word: place for place, word in enumerate(in_order)} | dict.fromkeys(outside, -1)
    if strange := [word for word in found if word not in known]:
        rows = ratings["rating"][given.isin(strange)].astype("string")
        raise unknown_values("rating", rows, known, 'load("scales")')
    places = np.array([*(known[word] for word in found), -1], dtype="int8")[codes]
    if "basis" in ratings:
        places[ratings["basis"].eq("contradicted").fillna(False).to_numpy(dtype=bool)] = -1
    words = pd.CategoricalDtype(in_order, ordered=True)
    return pd.Series(pd.Categorical.from_codes(places, dtype=words), ratings.index, name="rating")


def counts(ratings: pd.DataFrame, record: RecordLike = None) -> pd.DataFrame:
    """How often (`n`) each word of the scale was given, from worst to best, and what is missing."""
    in_order = ordered(ratings, record)
    given = in_order.value_counts(sort=False).rename_axis("rating").reset_index(name="n")
    rest = ratings.loc[in_order.isna().to_numpy()].reindex(columns=["rating", "missing"])
    rest = rest.value_counts(sort=False, dropna=False).reset_index(name="n")
    found = pd.concat([given.astype({"rating": "string"}), rest], ignore_index=True)
    types = {"rating": "string", "missing": "string", "n": "Int64"}
    return found[[*types]].astype(types)


def lower_median(ratings: pd.DataFrame, record: RecordLike = None) -> Any:
    """The worse of the two words in the middle; ``<NA>`` where no rating is known."""
    known = _from_worst_to_best(ratings, record)
    return known[(len(known) - 1) // 2]


def upper_median(ratings: pd.DataFrame, record: RecordLike = None) -> Any:
    """The better of the two words in the middle, as `lower_median`."""
    known = _from_worst_to_best(ratings, record)
    return known[len(known) // 2]


def range_of(ratings: pd.DataFrame, record: RecordLike = None) -> tuple[Any, Any]:
    """The worst and the best known rating, as words; ``<NA>`` twice where none is known."""
    known = _from_worst_to_best(ratings, record)
    return known[0], known[-1]


def _from_worst_to_best(ratings: pd.DataFrame, record: RecordLike) -> list[Any]:
    return ordered(ratings, record).dropna().sort_values().tolist() or [pd.NA]


def dominance(a: pd.DataFrame, b: pd.DataFrame, record: RecordLike = None) -> Any:
    """Whether a profile "dominates" another one, "is dominated", is "equal" or "crosses" it.

    Paired by `aspect_id`, without what is not rated in both; ``<NA>`` where nothing is. Take one
    level, such as ``level="aspect"``, to keep the overall rating from counting beside its aspects.
    """
    require_one_framework(a, b, needed="aspect_id")
    profiles = []
    for ratings in (a, b):
        aspects = ratings["aspect_id"].astype("string")
        for twice in aspects[aspects.duplicated()]:
            problem, remedy = f"{twice} is there twice in one profile.", "Keep one inspection."
            raise FrameworkError(ratings["framework_id"].unique(), problem, remedy)
        profiles.append(ordered(ratings, record).set_axis(aspects))
    pairs = pd.concat(profiles, axis=1, join="inner", keys=["a", "b"]).dropna()
    if pairs.empty:
        return pd.NA
    better, worse = (pairs["a"] > pairs["b"]).any(), (pairs["a"] < pairs["b"]).any()
    if better and worse:
        return "crosses"
    return "dominates" if better else "is dominated" if worse else "equal"


def require_one_framework(*ratings: pd.DataFrame, needed: str = "framework_id") -> Any:
    """The one framework of all rows, ``<NA>`` where there are none; an error without a column."""
    for frame in ratings:
        sound = isinstance(frame, pd.DataFrame) and frame.columns.is_unique
        if not sound or "framework_id" not in frame or frame["framework_id"].isna().any():
            problem = "Ratings are a DataFrame with no column twice, and a framework in each row."
            raise FrameworkError([], problem, "Start from ratings(), or fill framework_id.")
        if needed not in frame:
            problem = f'The ratings have no column "{needed}".'
            raise FrameworkError([], problem, "Start from ratings(), or add the column.")
    found = [str(one) for frame in ratings for one in frame["framework_id"].unique()]
    if len(named := list(dict.fromkeys(found))) > 1:
        pair = f"Ratings of {' and '.join(named)} have no common order"
        way = "call compare(source, target, area) to see both side by side through a crosswalk."
        remedy = f"Take one framework, or {way}"
        raise FrameworkError(named, f"{pair}: equal words do not make equal scales.", remedy)
    return named[0] if named else pd.NA


def scale(framework_id: str, record: RecordLike = None) -> tuple[list[str], list[str]]:
    """The words of a framework's scale from worst to best, and those outside its order."""
    if framework_id is pd.NA:
        return [], []
    known = as_record(record).once(_scales)
    if framework_id not in known:
        raise UnknownValueError("framework", framework_id, known, 'load("frameworks")')
    own = known[framework_id]
    if own["value"].isna().any():
        problem = f"{framework_id} has no scale: its measure is {own['measure_kind'].iat[0]}."
        remedy = "Read what it says with theme_history(theme)."
        raise FrameworkError([framework_id], problem, remedy)
    in_order = own["rank"].notna()
    return own.loc[in_order, "value"].tolist(), own.loc[~in_order, "value"].tolist()


def _scales(record: Record) -> dict[Any, pd.DataFrame]:
    """By framework its kind of measure and the words of its scale by rank, if it has one."""
    frameworks = record.table("frameworks")[["framework_id", "measure_kind", "scale_id"]]
    words = frameworks.merge(record.table("scales"), "left", on="scale_id")
    return dict(iter(words.sort_values(["rank", "value"]).groupby("framework_id")))
