"""Rows of what was asked for and answered: their places, their themes, and what filters them."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable

import pandas as pd

from hmcpsi_data.choosing import Wanted
from hmcpsi_data.description import table
from hmcpsi_data.errors import UnknownValueError
from hmcpsi_data.search import lines
from hmcpsi_data.search import search as containing
from hmcpsi_data.tables import load
from hmcpsi_data.views import look_up

__all__ = ["KINDS", "among", "linked", "only", "placed", "said", "saying", "values"]

_Folder = str | os.PathLike[str] | None

KINDS = table("actions").field("kind").enum
"""The kinds of action, in their order."""


def among(argument: str, wanted: Wanted, known: Iterable[str]) -> list[str] | None:
    """What was asked for, where it is known, whatever its case and spaces."""
    if wanted is None:
        return None
    by_words = {value.casefold().replace("_", " "): value for value in known}
    found = []
    for value in values(wanted):
        words = " ".join(str(value).casefold().replace("_", " ").split())
        if words not in by_words:
            listing = "help(hmcpsi_data.actions)"
            raise UnknownValueError(argument, value, by_words.values(), listing)
        found.append(by_words[words])
    return found


def values(wanted: Wanted) -> list[str] | None:
    """The values of a filter; None filters nothing."""
    return [wanted] if isinstance(wanted, str) else wanted if wanted is None else list(wanted)


def only(rows: pd.DataFrame, wanted: dict[str, Wanted]) -> pd.DataFrame:
    """The rows with one of the wanted values in each of the columns."""
    for column, one in wanted.items():
        if one is not None:
            rows = rows[rows[column].isin(values(one))]
    return rows


def linked(rows: pd.DataFrame, themes: Wanted) -> pd.DataFrame:
    """The rows that are linked to one of the themes."""
    if themes is None:
        return rows
    wanted = set(values(themes))
    return rows.loc[[n for n, own in rows["themes"].items() if wanted & set(own.split("; "))]]


def said(rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """What is looked into, put together once: a search then reads one column."""
    return lines(rows[columns]).to_frame()


def saying(rows: pd.DataFrame, said: pd.DataFrame, text: str) -> pd.DataFrame:
    """The rows of which a text is said."""
    return rows.loc[containing(said.loc[rows.index], text).index] if text else rows


def _links(folder: _Folder) -> dict[str, list[str]]:
    """The themes that each row of the tables is evidence for."""
    links = defaultdict(list)
    evidence = load("evidence", folder)
    for row, theme in zip(evidence["row_id"], evidence["theme_id"], strict=True):
        links[row].append(theme)
    return links


def _once(values: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(value for value in values if pd.notna(value)))


def placed(rows: pd.DataFrame, columns: list[str], folder: _Folder) -> pd.DataFrame:
    """These columns of the rows, with Area, framework and themes, in the order of inspections."""
    inspections = pd.Index(load("inspections", folder)["inspection_id"])
    inspection = look_up(rows["inspection_id"], "inspections", ["area_id", "framework_id"], folder)
    framework = look_up(inspection["framework_id"], "frameworks", ["short_title", "round"], folder)
    links = _links(folder)
    keys = [key for key in ("action_id", "response_id", "commitment_id") if key in rows]
    themes = [
        [main, *(theme for id_ in ids if pd.notna(id_) for theme in links[id_])]
        for main, *ids in rows[["theme_id", *keys]].itertuples(index=False)
    ]
    rows = rows.assign(
        **inspection,
        area=look_up(inspection["area_id"], "areas", ["name"], folder)["name"],
        framework=framework["short_title"],
        round=framework["round"],
        theme=look_up(rows["theme_id"], "themes", ["title"], folder)["title"],
        tier=look_up(rows["source_id"], "sources", ["tier"], folder)["tier"],
        themes=pd.array([_once(of_row) for of_row in themes], dtype="string"),
        _inspection=inspections.get_indexer(rows["inspection_id"]),
        _kind=rows["kind"].map({kind: n for n, kind in enumerate(KINDS)}).fillna(0),
    )
    for column in columns:
        if column not in rows:
            rows[column] = pd.array([None] * len(rows), dtype="string")
    order = ["_inspection", "_kind", "number"]
    return rows.sort_values(order, kind="stable", ignore_index=True)[columns]
