"""What must hold where rows stand above, before or beside each other.

Aspects have parents, Areas have successors, and the rows of a crosswalk together map one set onto
another. Each rule names as its parameters the tables that it needs, as in `row_rules`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from hmcpsi_data.cell_rules import each
from hmcpsi_data.crosswalk_rules import diagnose
from hmcpsi_data.crosswalk_table import SOURCE, TARGET, typed
from hmcpsi_data.errors import CrosswalkError, DataError, quote

__all__ = ["RELATION_RULES"]

_HEIGHTS = {"overall": 2, "section": 1}  # all other levels stand below
_SHARES = ["share_low", "share_high"]
# the check of a crosswalk: the column that it is about
_COLUMNS = {
    "relation": "relation",
    "ends": "status",
    "duplicate": SOURCE,
    "shares": "share_low",
    "sum": "share_low",
    "equal": "relation",
    "no_counterpart": "status",
    "remainder": "status",
}


def parents_stand_above(aspects: pd.DataFrame, aspect_sets: pd.DataFrame) -> Iterator[DataError]:
    """The parent of an aspect stands above it in the same framework."""
    frameworks = dict(zip(aspect_sets["set_id"], aspect_sets["framework_id"], strict=True))
    place = {
        aspect: (frameworks.get(set_id), _HEIGHTS.get(level, 0))
        for _, aspect, set_id, level in each(aspects, "aspect_id", "set_id", "level")
    }
    for line, aspect, parent in each(aspects, "aspect_id", "parent_id"):
        if parent in place:
            (framework, height), (other, above) = place[aspect], place[parent]
            if above <= height or other != framework:
                fault = f"{quote(parent)} does not stand above {quote(aspect)} in one framework"
                remedy = "Name a section of the same framework, or empty the cell."
                yield DataError("aspects.csv", line, "parent_id", parent, fault, remedy)


def successors_come_later(area_lineage: pd.DataFrame, areas: pd.DataFrame) -> Iterator[DataError]:
    """A predecessor has ended when its successor begins, so no Area is its own ancestor."""
    began = dict(zip(areas["area_id"], areas["valid_from"], strict=True))
    ended = dict(zip(areas["area_id"], areas["valid_to"], strict=True))
    for line, before, after in each(area_lineage, "predecessor_id", "successor_id"):
        if before in ended and after in began and not "" < ended[before] < began[after]:
            end = f"ended on {ended[before]}" if ended[before] else "is still in being"
            fault = f"{quote(before)} {end}, and {quote(after)} began on {began[after]}"
            remedy = "Let the successor begin after the end of the predecessor."
            yield DataError("area_lineage.csv", line, "predecessor_id", before, fault, remedy)


def crosswalks_are_valid(crosswalk: pd.DataFrame, aspects: pd.DataFrame) -> Iterator[DataError]:
    """The rows of each pair of sets pass the checker of `Crosswalk`."""
    of_sets = dict(zip(aspects["aspect_id"], aspects["set_id"], strict=True))
    for _, rows in crosswalk.groupby(["source_set", "target_set"], sort=False):
        if not _readable(rows, of_sets):
            continue  # other rules say why
        for check, row, *_, problem, remedy in _problems(rows, aspects):
            line, column, value = None, None, None
            if pd.notna(row):
                line, cells = rows.index[row], rows.iloc[row]
                strange = of_sets.get(cells[SOURCE]) not in (None, cells["source_set"])
                column = _COLUMNS.get(check, SOURCE if strange else TARGET)
                value = cells[column] or None
            fault = f"{problem[0].lower()}{problem[1:].removesuffix('.')}"
            yield DataError("crosswalk.csv", line, column, value, fault, remedy)


def _problems(rows: pd.DataFrame, aspects: pd.DataFrame) -> list[tuple]:
    """What the checker finds; nothing where a word is on no list, which other rules find."""
    found = diagnose(typed(rows), aspects)
    if found["check"].eq("values").any():
        return []
    return list(found.astype(object).itertuples(index=False, name=None))


def _readable(rows: pd.DataFrame, known: dict[str, str]) -> bool:
    """Whether the aspects are known and the shares are parts of a whole."""
    if not rows[[SOURCE, TARGET]].isin([*known, ""]).all(axis=None):
        return False
    try:
        shares = typed(rows)[_SHARES].fillna(0)
    except CrosswalkError:
        return False
    return bool((shares.ge(0) & shares.le(1)).all(axis=None))


RELATION_RULES = (parents_stand_above, successors_come_later, crosswalks_are_valid)
"""The rules of this module."""
