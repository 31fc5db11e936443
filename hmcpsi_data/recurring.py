"""What recurs among the issues of several Areas: how many of them were asked about one subject."""

from __future__ import annotations

import os

import pandas as pd

from hmcpsi_data.choosing import Wanted, choose
from hmcpsi_data.tables import load
from hmcpsi_data.tiles import TileTable, tile_table
from hmcpsi_data.views import look_up

__all__ = ["recurring", "recurring_table"]

_Folder = str | os.PathLike[str] | None
_ROUNDS = ("aap_pilot_2016", "aap_2016", "aip_2021")
_COLUMNS = ["theme_id", "theme", "n_issues", "n_areas", "n_known", "areas"]


def recurring(framework: Wanted = _ROUNDS, folder: _Folder = None) -> pd.DataFrame:
    """The themes of issues to address, with the number of Areas in which each came up.

    Parameters
    ----------
    framework : str or list of str
        The frameworks whose issues are counted; those of the Area inspections of 2016-22, where
        not given.
    folder : path, optional
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        One row per theme, most Areas first. `n_areas` counts Areas with at least one issue of the
        theme, `n_known` all Areas of which any issue is known: the lists of most of them are
        incomplete, so that `n_areas` is a least number and an Area that is not counted may have had
        such an issue. National reports are left out. An issue can belong to several themes; which
        ones is this project's judgement.

    Examples
    --------
    >>> recurring()[["theme", "n_areas", "n_known"]].head(2)
                                  theme  n_areas  n_known
    0               Charging and review       11       14
    1  Service to victims and witnesses        9       14
    """
    chosen = choose("framework", framework, folder)
    issues = load("actions", folder)
    issues = issues[issues["kind"] == "issue"]
    of = look_up(issues["inspection_id"], "inspections", ["area_id", "framework_id"], folder)
    units = look_up(of["area_id"], "areas", ["name", "kind"], folder)
    issues = issues.assign(area=units["name"], framework_id=of["framework_id"], unit=units["kind"])
    issues = issues[issues["framework_id"].isin(chosen) & issues["unit"].eq("area")]
    links = load("evidence", folder)
    links = links.loc[links["table"] == "actions", ["theme_id", "row_id"]]
    found = links.merge(issues, left_on="row_id", right_on="action_id", suffixes=("", "_main"))
    rows = [
        (theme, of_theme["row_id"].nunique(), of_theme["area"].nunique(), _listed(of_theme["area"]))
        for theme, of_theme in found.groupby("theme_id", sort=False)
    ]
    frame = pd.DataFrame(rows, columns=["theme_id", "n_issues", "n_areas", "areas"])
    frame = frame.astype({"n_issues": "Int64", "n_areas": "Int64"})
    frame["theme"] = look_up(frame["theme_id"], "themes", ["title"], folder)["title"]
    frame["n_known"] = pd.array([issues["area"].nunique()] * len(frame), dtype="Int64")
    order = ["n_areas", "n_issues"]
    return frame.sort_values(order, ascending=False, kind="stable", ignore_index=True)[_COLUMNS]


def _listed(names: pd.Series) -> str:
    return ", ".join(sorted(names.unique()))


def recurring_table(framework: Wanted = _ROUNDS, folder: _Folder = None) -> TileTable:
    """What `recurring` gives, as a table to read."""
    frame = recurring(framework, folder)
    n = int(frame["n_known"].max()) if len(frame) else 0
    of = f"Areas (of {n})"
    return tile_table(
        frame,
        "Themes of issues to address",
        f"Issues are known of {n} Areas, of most of them not all; the numbers are least numbers.",
        headings={"theme": "Theme", "n_areas": of, "n_issues": "Issues", "areas": "Which Areas"},
    )
