"""How many units had each overall rating: as published, else the bounds that follow."""

from __future__ import annotations

import os

import pandas as pd

from hmcpsi_data.choosing import Wanted, choose
from hmcpsi_data.tables import load
from hmcpsi_data.views import counted, look_up, ratings

__all__ = ["national"]

_COLUMNS = [
    "distribution_id", "framework_id", "framework", "scope", "n_units", "rating", "n", "n_low",
    "n_high", "n_named", "basis", "speaker", "tier", "source_id", "note",
]  # fmt: skip


def national(
    framework: Wanted = None, folder: str | os.PathLike[str] | None = None
) -> pd.DataFrame:
    """The published distributions of overall ratings, with bounds where only bounds follow.

    Parameters
    ----------
    framework : str or list of str, optional
        Only these frameworks, as for `ratings`; all, where not given.
    folder : path, optional
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        One row per distribution and rating, the lowest rating first. `n` is the number as
        published, and empty where none was found; then `n_low` and `n_high` are what the published
        facts allow, else they are equal to it. `n_named` is how many of the units with that rating
        are known by name in `ratings`, contradicted ones left out; it is empty for a distribution
        of a part of the units, whose members are not all known. A framework without a published
        distribution gives no rows.

    Raises
    ------
    UnknownValueError
        Where a framework is not known.

    Examples
    --------
    >>> found = national("opa_2005").query("n_units == 42")
    >>> found[["rating", "n", "n_low", "n_high", "n_named"]]
          rating     n  n_low  n_high  n_named
    0       Poor     4      4       4        4
    1       Fair  <NA>     18      25        4
    2       Good  <NA>     10      17        1
    3  Excellent     3      3       3        3
    """
    found = load("distributions", folder)
    chosen = choose("framework", framework, folder)
    if chosen is not None:
        found = found[found["framework_id"].isin(chosen)]
    of_framework = look_up(
        found["framework_id"], "frameworks", ["short_title", "scale_id", "n_units"], folder
    )
    scales = load("scales", folder).set_index(["scale_id", "value"])["rank"]
    keys = pd.MultiIndex.from_arrays([of_framework["scale_id"], found["rating"]])
    found = found.assign(
        framework=of_framework["short_title"],
        tier=look_up(found["source_id"], "sources", ["tier"], folder)["tier"],
        n_named=_named(found, of_framework["n_units"], folder),
        _all=found["n_units"].ne(of_framework["n_units"]).fillna(True),
        _rank=scales.reindex(keys).to_numpy(),
        _place=pd.Index(load("frameworks", folder)["framework_id"]).get_indexer(
            found["framework_id"]
        ),
    )
    order = ["_place", "_all", "n_units", "distribution_id", "_rank"]
    ascending = [True, True, False, True, True]
    found = found.sort_values(order, ascending=ascending, kind="stable", ignore_index=True)
    return found[_COLUMNS]


def _named(rows: pd.DataFrame, n_units: pd.Series, folder: object) -> pd.Series:
    """How many units with each overall rating are known by name, where all units are counted."""
    known = counted(ratings(level="overall", folder=folder))
    kind = look_up(known["area_id"], "areas", ["kind"], folder)["kind"]
    known = known[kind.ne("sector")]  # a sector is a part of an Area
    named = known.groupby(["framework_id", "rating"])["area_id"].nunique()
    keys = pd.MultiIndex.from_frame(rows[["framework_id", "rating"]])
    found = named.reindex(keys).fillna(0).astype("Int64").set_axis(rows.index)
    return found.where(rows["n_units"].eq(n_units).fillna(False))
