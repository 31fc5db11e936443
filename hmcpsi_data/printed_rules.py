"""What rows must not say twice, nor otherwise than is printed or counted beside it.

The rules are like those of `row_rules`, which puts them among its own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

import pandas as pd

from hmcpsi_data.cell_rules import each
from hmcpsi_data.description import table
from hmcpsi_data.errors import DataError, quote

__all__ = ["PRINTED_RULES"]

_ABOVE = ("overall", "pilot_score")  # levels that stand above the aspects of a set
_DIGITS = re.compile(r"[0-9]+(\.[0-9]+)?")


def told_once(ratings: pd.DataFrame) -> Iterator[DataError]:
    """One source rates one aspect of one inspection once, whatever the row's identifier."""
    columns = ["inspection_id", "aspect_id", "source_id"]
    fault = "the same source already rates the aspect {} of this inspection, on line {}"
    remedy = "Keep one of the rows."
    yield from _twice("ratings", "aspect_id", each(ratings, *columns), fault, remedy)


def numbered_once(actions: pd.DataFrame) -> Iterator[DataError]:
    """A number stands for one action of its kind in one inspection."""
    columns = ["inspection_id", "kind", "number"]
    numbered = (row for row in each(actions, *columns) if row[-1])
    fault = "the number {} already stands for another action of this kind, on line {}"
    yield from _twice("actions", "number", numbered, fault, "Keep one of the rows, or renumber.")


def _twice(
    name: str, column: str, rows: Iterable[tuple], fault: str, remedy: str
) -> Iterator[DataError]:
    """Rows that say again what an earlier line of the table says."""
    place = {"aspect_id": 2, "number": 3}[column]
    lines: dict[tuple, int] = {}
    for line, *cells in rows:
        if all(cells) and lines.setdefault(tuple(cells), line) != line:
            value = (line, *cells)[place]
            told = fault.format(quote(value), lines[tuple(cells)])
            yield DataError(table(name).file, line, column, value, told, remedy)


def as_printed(
    ratings: pd.DataFrame, actions: pd.DataFrame, scales: pd.DataFrame
) -> Iterator[DataError]:
    """A rating or progress is not another value of a scale than the one that is printed."""
    words = {word.casefold() for word in scales["value"]}
    for name, sheet, column in (("ratings", ratings, "rating"), ("actions", actions, "progress")):
        for line, value, printed in each(sheet, column, f"{column}_as_printed"):
            if printed.casefold() in words and printed.casefold() != value.casefold():
                fault = f"{quote(value)} stands beside {quote(printed)} as printed"
                remedy = "Put the one right that is wrong."
                yield DataError(table(name).file, line, column, value or None, fault, remedy)


def numbers_as_printed(measures: pd.DataFrame) -> Iterator[DataError]:
    """A number is the one that is printed, where that is printed in digits."""
    for line, value, printed in each(measures, "value", "value_as_printed"):
        digits = printed.replace(",", "")
        if value and _DIGITS.fullmatch(digits) and float(digits) != _number(value):
            fault = f"{quote(value)} stands beside {quote(printed)} as printed"
            yield DataError(
                "measures.csv", line, "value", value, fault, "Put the one right that is wrong."
            )


def sets_are_complete(aspect_sets: pd.DataFrame, aspects: pd.DataFrame) -> Iterator[DataError]:
    """A set has as many aspects as it says, overall assessments and scores not counted."""
    counted = aspects[~aspects["level"].isin(_ABOVE)]["set_id"].value_counts()
    for line, set_id, told in each(aspect_sets, "set_id", "n_aspects"):
        found = int(counted.get(set_id, 0))
        if told.isdecimal() and int(told) != found:
            fault = f"{quote(set_id)} should have {told} aspects; aspects.csv has {found}"
            remedy = "Put the number right, or the rows of aspects.csv."
            yield DataError("aspect_sets.csv", line, "n_aspects", told, fault, remedy)


def ranks_once(scales: pd.DataFrame) -> Iterator[DataError]:
    """No two values of a scale share a rank."""
    seen: dict[tuple[str, str], str] = {}
    for line, scale, value, rank in each(scales, "scale_id", "value", "rank"):
        if rank and (other := seen.setdefault((scale, rank), value)) != value:
            fault = f"{quote(value)} has the rank {rank} of {quote(other)} in the scale {scale}"
            yield DataError(
                "scales.csv", line, "rank", rank, fault, "Give each value its own rank."
            )


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:  # another rule names it
        return math.nan


PRINTED_RULES = (
    told_once,
    numbered_once,
    as_printed,
    numbers_as_printed,
    sets_are_complete,
    ranks_once,
)
"""The rules of this module."""
