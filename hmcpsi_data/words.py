"""Words for people: what identifiers are called, and counts of ratings as a sentence."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable

import pandas as pd

from hmcpsi_data.tables import load

__all__ = [
    "BASES", "KINDS", "PLURALS", "POLARITIES", "RELATIONS", "SPEAKERS", "TIERS", "cited", "counted",
    "in_words", "number_in_words", "rated_in_words", "record_in_words", "scale_of", "with_commas",
]  # fmt: skip

Folder = str | os.PathLike[str] | None

SPEAKERS = {
    "inspectorate": "inspectorate",
    "inspected_body": "CPS",
    "parliament": "Parliament",
    "press_and_other": "press and others",
    "project": "this project",
}
"""Who speaks, as readers know them."""

TIERS = {
    "inspectorate": "the inspectorate",
    "inspected_body": "the CPS",
    "parliament": "Parliament",
    "press_and_other": "press and others",
}
"""Whose publication a source is, as readers know them."""

BASES = {
    "stated": "stated",
    "stated_in_prose": "stated in prose",
    "second_hand": "second hand",
    "derived": "derived",
    "inferred": "inferred",
    "contradicted": "contradicted",
}
"""How a source carries a fact, in words."""

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

RELATIONS = {
    "equal": "equal",
    "source_within_target": "old lies within new",
    "source_contains_target": "old contains new",
    "overlaps": "overlap",
    "undetermined": "undetermined",
}
"""What an old aspect is to a new one, in words."""

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


def cited(rows: pd.DataFrame) -> pd.Series:
    """Source and lines of each row in one cell; the source alone where no lines are cited.

    Examples
    --------
    >>> cited(load("ratings").head(1)).tolist()
    ['doc_opa_2006, L15']
    """
    return rows["source_id"] + (", " + rows["locator"]).fillna("")


def with_commas(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """A table to read whose whole numbers are written as in prose.

    Examples
    --------
    >>> with_commas(pd.DataFrame({"n": [1340, 952]}), "n")["n"].tolist()
    ['1,340', '952']
    """
    written = {one: frame[one].map("{:,}".format, na_action="ignore") for one in columns}
    return frame.assign(**{one: cells.astype("string") for one, cells in written.items()})


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

    An overall rating is never counted among its aspects, and a rating that another source
    contradicts is not counted at all.

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
    doubted = frame["basis"].eq("contradicted").fillna(False).tolist()
    for level, rating, out in zip(frame["level"], frame["rating"], doubted, strict=True):
        if not out:
            levels.setdefault(level, []).append(rating)
    parts = []
    for level, values in levels.items():
        known = [value for value in values if not pd.isna(value)]
        if not known:
            things = counted(len(values), level.replace("_", " "), PLURALS[level])
            parts.append(f"no rating of {things}, as the framework has none")
        elif level == "overall":
            parts.append(f"overall {known[0]}")
        else:
            parts.append(f"{PLURALS[level]}: {_counted(known, order)}")
    if any(doubted):
        parts.append(f"{sum(doubted)} contradicted by another source and not counted")
    return f"{frame['area'].iat[0]}, {frame['framework'].iat[0]}: {'; '.join(parts)}."


def record_in_words(frame: pd.DataFrame, folder: Folder = None) -> str:
    """Ratings of many inspections in a sentence for each framework, level by level.

    Parameters
    ----------
    frame : pandas.DataFrame
        Rows of `ratings`.

    Examples
    --------
    >>> from hmcpsi_data import ratings
    >>> record_in_words(ratings(framework="opa_2007"))
    'OPA 2007, 9 units: overall assessments: Poor 3, Fair 5, Good 1 of 9; 1 contradicted by \
another source and not counted.'
    """
    order = load("scales", folder).sort_values("rank")["value"].unique()
    frame = frame[["framework", "area_id", "level", "rating", "basis"]]
    sentences = []
    for framework, rows in frame.groupby("framework", sort=False):
        told = rows[rows["basis"].ne("contradicted").fillna(True)]
        parts = [
            f"{PLURALS[level]}: {_counted(of_level['rating'].dropna(), order)}"
            for level, of_level in told.groupby("level", sort=False)
            if of_level["rating"].notna().any()
        ]
        unrated = int(told["rating"].isna().sum())
        parts += [f"{unrated} without a rating"] if unrated else []
        doubted = len(rows) - len(told)
        if doubted:
            parts.append(f"{doubted} contradicted by another source and not counted")
        units = told["area_id"].nunique()
        sentences.append(f"{framework}, {counted(units, 'unit')}: {'; '.join(parts)}.")
    return " ".join(sentences)


_BOUNDS = {"more_than": "more than ", "less_than": "less than ", "about": "about "}


def number_in_words(row: dict[str, object]) -> str:
    """The value of a row of `measures`, with its bound and its unit.

    Where the source gives no number its words stand in its place; nothing is made of them.

    Examples
    --------
    >>> bound = {"value": 94.0, "value_as_printed": ">94", "qualifier": "more_than"}
    >>> number_in_words(bound | {"unit": "% of cases"})
    'more than 94% of cases'
    >>> words = {"value": None, "value_as_printed": "one third", "qualifier": "words"}
    >>> number_in_words(words | {"unit": "of cases"})
    'one third of cases'
    >>> money = {"value": 27.1, "value_as_printed": "27.1", "qualifier": None}
    >>> number_in_words(money | {"unit": "GBP million"})
    '£27.1 million'
    """
    printed, value = str(row["value_as_printed"]), row["value"]
    bound = _BOUNDS.get(row["qualifier"], "")
    if str(row["unit"]).startswith("GBP") and pd.notna(value):
        return f"{bound}£{value:,.10g}{str(row['unit']).removeprefix('GBP')}"
    bare = pd.isna(value) or printed[:1].isdigit() or row["qualifier"] == "change"
    digits = printed if bare else f"{value:g}"
    unit = str(row["unit"])
    unit = unit.removeprefix("%") if digits.endswith("%") else unit
    gap = " " if unit and not unit.startswith("%") else ""
    return f"{bound}{digits}{gap}{unit}".rstrip()
