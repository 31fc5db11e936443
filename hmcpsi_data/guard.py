"""The guard: ratings belong to one framework, and only a framework with a scale has an order."""

from __future__ import annotations

import os

import pandas as pd

from hmcpsi_data.errors import FrameworkError, UnknownValueError, quote
from hmcpsi_data.tables import load

__all__ = ["one_framework", "scale"]

_Folder = str | os.PathLike[str] | None


def one_framework(*ratings: pd.DataFrame) -> str:
    """The one framework that all rows of the frames belong to.

    Returns
    -------
    str
        Its identifier, or ``<NA>`` where the frames have no rows.

    Raises
    ------
    FrameworkError
        Where there are several, some row does not say, or a frame is no table of ratings.

    Examples
    --------
    >>> from hmcpsi_data import ratings
    >>> one_framework(ratings("East Midlands", level="criterion"))
    'aap_2016'
    """
    for frame in ratings:
        if not isinstance(frame, pd.DataFrame):
            problem = f"Ratings are a DataFrame, not {type(frame).__name__}."
            raise FrameworkError([], problem, "Start from ratings().")
        if not frame.columns.is_unique:
            twice = frame.columns[frame.columns.duplicated()][0]
            problem = f"The ratings have the column {quote(twice)} twice."
            raise FrameworkError([], problem, "Put ratings below each other, not side by side.")
        if "framework_id" not in frame or frame["framework_id"].isna().any():
            problem = "Some ratings do not say which framework they belong to."
            raise FrameworkError([], problem, "Start from ratings(), or fill framework_id.")
    found = pd.concat([frame["framework_id"] for frame in ratings]).unique()
    if len(found) > 1:
        problem = (
            f"Ratings of {' and '.join(found)} have no common order: "
            "equal words do not make equal scales."
        )
        remedy = (
            "Take one framework, or call compare(source, target, area) "
            "to see both side by side through a crosswalk."
        )
        raise FrameworkError(found, problem, remedy)
    return str(found[0]) if len(found) else pd.NA


def need_columns(ratings: pd.DataFrame, *columns: str) -> None:
    """Refuse a frame of ratings that lacks one of these columns."""
    for column in (name for name in columns if name not in ratings):
        problem = f"The ratings have no column {quote(column)}."
        raise FrameworkError([], problem, "Start from ratings(), or add the column.")


def scale(framework_id: str, folder: _Folder = None) -> tuple[list[str], list[str]]:
    """The words of a framework's scale from worst to best, and those outside its order.

    Raises
    ------
    FrameworkError
        Where the framework has no scale.

    Examples
    --------
    >>> scale("aap_2016")
    (['Poor', 'Fair', 'Good', 'Excellent'], [])
    >>> scale("aip_2021")
    Traceback (most recent call last):
    hmcpsi_data.errors.FrameworkError: aip_2021 has no scale: its measure is narrative. Read what \
it says with theme_history(theme).
    """
    if pd.isna(framework_id):
        return [], []
    frameworks, scales = load("frameworks", folder), load("scales", folder)
    known = dict(zip(frameworks["framework_id"], frameworks["scale_id"], strict=True))
    if framework_id not in known:
        raise UnknownValueError("framework", framework_id, known, 'load("frameworks")')
    words = scales.loc[
        scales["scale_id"].isin([known[framework_id]]).to_numpy(bool), ["rank", "value"]
    ]
    if words.empty:
        measure = frameworks.loc[frameworks["framework_id"].eq(framework_id), "measure_kind"]
        problem = f"{framework_id} has no scale: its measure is {measure.item()}."
        remedy = "Read what it says with theme_history(theme)."
        raise FrameworkError([framework_id], problem, remedy)
    pairs = list(words.itertuples(index=False, name=None))
    in_order = sorted(pair for pair in pairs if pd.notna(pair[0]))
    return [word for _, word in in_order], [word for rank, word in pairs if pd.isna(rank)]
