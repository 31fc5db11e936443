"""Words for people: what identifiers are called, and counts of ratings as a sentence."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable

import pandas as pd

from hmcpsi_data.tables import load

__all__ = [
    "KINDS",
    "PLURALS",
    "POLARITIES",
    "SPEAKERS",
    "counted",
    "in_words",
    "rated_in_words",
    "scale_of",
]

Folder = str | os.PathLike[str] | None

SPEAKERS = {
    "inspectorate": "inspectorate",
    "inspected_body": "CPS",
    "parliament": "Parliament",
    "press_and_other": "press and others",
    "project": "this project",
}
"""Who speaks, as readers know them."""

KINDS = {
    "recommendation": "recommendation",
    "aspect_for_improvement": "aspect for improvement",
    "issue": "issue to address",
}
"""The three kinds of action."""

PLURALS = {
    "overall": "overall assessments",
    "section": "sections",
    "criterion": "criteria",
    "aspect": "aspects",
    "subject": "subjects",
    "pilot_score": "pilot scores",
}
"""Levels of rated things, several of them."""

POLARITIES = ("strength", "weakness", "mixed", "context")
"""What a finding in words can be."""


def counted(n: int, one: str, several: str = "") -> str:
    """A number of things, in words that fit the number.

    Examples
    --------
    >>> counted(1, "theme"), counted(2, "theme"), counted(2, "criterion", "criteria")
    ('1 theme', '2 themes', '2 criteria')
    """
    return f"{n} {one if n == 1 else several or f'{one}s'}"


def scale_of(framework_id: str, folder: Folder = None) -> str:
    """The scale of a framework.

    Examples
    --------
    >>> scale_of("opa_2005")
    'opa_2005_quality'
    """
    return load("frameworks", folder).set_index("framework_id").loc[framework_id, "scale_id"]


def in_words(values: pd.Series, scale_id: str, folder: Folder = None) -> str:
    """Counts of the values of one scale, lowest first.

    Parameters
    ----------
    values : pandas.Series
        Ratings or progress of one framework; missing ones are left out.
    scale_id : str
        Their scale.

    Returns
    -------
    str

    Examples
    --------
    >>> in_words(pd.Series(["Good", "Fair", "Good"]), "opa_2005_quality")
    'Fair 1, Good 2 of 3'
    """
    scales = load("scales", folder)
    scale = scales[scales["scale_id"] == scale_id].sort_values("rank")
    return _counted(values.dropna(), scale["value"])


def _counted(values: Iterable[str], scale: Iterable[str]) -> str:
    n = Counter(values)
    return f"{', '.join(f'{word} {n[word]}' for word in scale if n[word])} of {n.total()}"


def rated_in_words(frame: pd.DataFrame, folder: Folder = None) -> str:
    """Ratings of one inspection in a sentence, level by level.

    An overall rating is never counted among its aspects.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows of `ratings`, of one inspection.

    Examples
    --------
    >>> from hmcpsi_data import ratings
    >>> rated_in_words(ratings("East Midlands", framework="aap_2016", level="section"))
    'East Midlands, Area Assurance 2016: sections: Fair 3, Good 1 of 4.'
    """
    order = load("scales", folder).sort_values("rank")["value"].unique()
    levels: dict[str, list[str]] = {}
    for level, rating in zip(frame["level"], frame["rating"], strict=True):
        levels.setdefault(level, []).append(rating)
    parts = []
    for level, values in levels.items():
        known = [value for value in values if not pd.isna(value)]
        if not known:
            parts.append(f"no rating of {len(values)} {PLURALS[level]}, as the framework has none")
        elif level == "overall":
            parts.append(f"overall {known[0]}")
        else:
            parts.append(f"{PLURALS[level]}: {_counted(known, order)}")
    return f"{frame['area'].iat[0]}, {frame['framework'].iat[0]}: {'; '.join(parts)}."
