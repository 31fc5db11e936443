"""What follows from a valid crosswalk: coverage of both sets, and translated ratings."""

from __future__ import annotations

from typing import Any

import pandas as pd

from hmcpsi_data.crosswalk import Crosswalk
from hmcpsi_data.crosswalk_cells import Row
from hmcpsi_data.crosswalk_table import SOURCE, TARGET
from hmcpsi_data.crosswalk_workbench import Workbench
from hmcpsi_data.tiles import MISSING, TileTable, tile_table

__all__ = ["Follows", "coverage_table", "translated_table"]

_COVERAGE = {  # what is counted, and what is named with it
    "n_aspects": ("All", ""),
    "n_linked": ("Linked", ""),
    "n_without": ("No counterpart", "without"),
    "n_undetermined": ("Undetermined", "undetermined"),
    "n_remainder": ("Linked, but a part has no home", "remainder"),
}
_TRANSLATED = {
    "target": "New aspect",
    "worst": "Old, worst",
    "best": "Old, best",
    "lower_median": "Lower median",
    "upper_median": "Upper median",
    "n_links": "Links",
    "n_known": "Known",
    "shipped": "As shipped",
    "open": "Open",
    "origin": "Origin",
}
_YES = {True: "yes", False: "no"}
_INTERVAL = ("worst", "best", "lower_median", "upper_median")


class Follows:
    """Tables that follow from the crosswalk of a pair, kept until what they follow from changes."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self._kept: dict[str, tuple[Any, TileTable]] = {}

    def tables(self, key: str, area: str) -> list[TileTable]:
        """Coverage and, where an Area is chosen, its translated ratings; the crosswalk is valid."""
        editor = self._bench.editor(key)
        reached = key, *((r[SOURCE], r[TARGET], r["status"]) for r in editor.rows.values())
        if self._kept.get("coverage", [None])[0] != reached:
            titles = self._bench.pairs[key].titles
            self._kept["coverage"] = reached, coverage_table(editor.crosswalk, titles)
        if not area:
            return [self._kept["coverage"][1]]
        said = editor.crosswalk, area
        if self._kept.get("translated", [None])[0] != said:
            name = self._bench.areas(key)[area]
            table = translated_table(*self._bench.translated(key, area), name)
            self._kept["translated"] = said, table
        return [self._kept["coverage"][1], self._kept["translated"][1]]


def coverage_table(crosswalk: Crosswalk, titles: tuple[str, str]) -> TileTable:
    """How much of both sets a valid crosswalk reaches, and what it leaves out by name."""
    old, new = crosswalk.coverage().to_dict("records")
    shown = [
        (heading, *(f"{side[n]}{_named(side.get(listed))}" for side in (old, new)))
        for n, (heading, listed) in _COVERAGE.items()
    ]
    columns = ["Aspects", f"Old: {titles[0]}", f"New: {titles[1]}"]
    return tile_table(pd.DataFrame(shown, columns=columns), "What it reaches, and the gaps")


def _named(aspects: str | None) -> str:
    return "" if pd.isna(aspects) else f": {aspects}"


def translated_table(now: pd.DataFrame, shipped: pd.DataFrame | None, area: str) -> TileTable:
    """Translated ratings, and what the shipped crosswalk makes of the same ones."""
    before = {} if shipped is None else {row[TARGET]: _range(row) for row in _records(shipped)}
    shown = []
    for row in _records(now):
        none = MISSING["not_found" if row["n_links"] else "not_applicable"]
        told, was = _range(row), before.get(row[TARGET], "none")
        shown.append(
            row
            | {name: row[name] or none for name in _INTERVAL}
            | {"shipped": "the same" if told == was else was, "open": _YES[bool(row["open"])]}
        )
    return tile_table(
        pd.DataFrame(shown, columns=list(_TRANSLATED), dtype=object),
        f"Old ratings of {area}, translated",
        "",
        " ".join(now["caveat"].dropna().unique()),
        headings=_TRANSLATED,
        tiles=tuple(_TRANSLATED[name] for name in _INTERVAL),
    )


def _records(found: pd.DataFrame) -> list[Row]:
    """Rows as dictionaries; None where a cell is empty."""
    names = [TARGET, *(name for name in _TRANSLATED if name in found)]
    cells = zip(*(found[name].tolist() for name in names), strict=True)
    return [
        {name: None if pd.isna(cell) else cell for name, cell in zip(names, row, strict=True)}
        for row in cells
    ]


def _range(row: Row) -> str:
    """A translated rating in words."""
    worst, best, lower, upper = (row[name] or "none" for name in _INTERVAL)
    return f"{worst} to {best}, median {lower} to {upper}"
