"""What must hold between the rows of the tables beyond keys: scales, missing values and links.

Each rule names as its parameters the tables that it needs, gets their sheets, and yields a
`DataError` for every offending row. A sheet holds the cells of a table as text, with the line
numbers of its file as index.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator

import pandas as pd

from hmcpsi_data.cell_rules import Sheets, each
from hmcpsi_data.description import table
from hmcpsi_data.errors import DataError, quote

__all__ = ["ROW_RULES", "links"]

_ABOVE = ("overall", "pilot_score")  # levels that stand above the aspects of a set
_DIGITS = re.compile(r"[0-9]+(\.[0-9]+)?")

_LINKS = (
    ("evidence", "table", "row_id"),
    ("tensions", "first_table", "first_id"),
    ("tensions", "second_table", "second_id"),
)


def read_as_a_whole(sources: pd.DataFrame) -> Iterator[DataError]:
    """A document that was read as a whole has its sum, its length and its file."""
    columns = ["sha256", "n_lines", "file_name"]
    for line, *cells in each(sources, *columns):
        if any(cells) and not all(cells):
            column = columns[cells.index("")]
            fault = "it is empty although the document was read as a whole"
            remedy = f"Fill in {', '.join(columns)} for such a document, none of them for others."
            yield DataError("sources.csv", line, column, None, fault, remedy)


def scales_exist(frameworks: pd.DataFrame, scales: pd.DataFrame) -> Iterator[DataError]:
    """The scale of a framework has values."""
    known = set(scales["scale_id"])
    for line, scale in each(frameworks, "scale_id"):
        if scale and scale not in known:
            fault = f"{quote(scale)} is not a scale in scales.csv"
            remedy = "Put its values into scales.csv or the identifier right."
            yield DataError("frameworks.csv", line, "scale_id", scale, fault, remedy)


def ratings_or_reasons(ratings: pd.DataFrame) -> Iterator[DataError]:
    """A rating is there, or the reason why it is missing, never both and never neither."""
    for line, rating, missing in each(ratings, "rating", "missing"):
        if not rating and not missing:
            fault = "there is neither a rating nor a reason in missing"
            remedy = "Say in missing why there is no rating; an empty cell must not mean Poor."
            yield DataError("ratings.csv", line, "missing", None, fault, remedy)
        elif rating and missing:
            fault = f"{quote(missing)} stands beside the rating {quote(rating)}"
            remedy = "Empty one of the two cells."
            yield DataError("ratings.csv", line, "missing", missing, fault, remedy)


def ratings_on_scale(
    ratings: pd.DataFrame,
    inspections: pd.DataFrame,
    frameworks: pd.DataFrame,
    scales: pd.DataFrame,
) -> Iterator[DataError]:
    """A rating is on the scale of its inspection's framework."""
    values = _scale_of_inspection(inspections, frameworks, scales)
    for line, rating, inspection in each(ratings, "rating", "inspection_id"):
        if rating and inspection in values:
            yield from _off_scale("ratings", line, "rating", rating, *values[inspection])


def progress_on_scale(
    actions: pd.DataFrame,
    inspections: pd.DataFrame,
    frameworks: pd.DataFrame,
    scales: pd.DataFrame,
) -> Iterator[DataError]:
    """Progress is on the scale of the framework of the follow-up that rated it."""
    values = _scale_of_inspection(inspections, frameworks, scales)
    for line, progress, follow_up in each(actions, "progress", "follow_up_inspection_id"):
        if progress and not follow_up:
            fault = f"{quote(progress)} is given without the follow-up that rated it"
            remedy = "Name the inspection in follow_up_inspection_id."
            yield DataError("actions.csv", line, "progress", progress, fault, remedy)
        elif progress and follow_up in values:
            yield from _off_scale("actions", line, "progress", progress, *values[follow_up])


def ratings_in_framework(
    ratings: pd.DataFrame,
    aspects: pd.DataFrame,
    aspect_sets: pd.DataFrame,
    inspections: pd.DataFrame,
) -> Iterator[DataError]:
    """The aspect that is rated belongs to the framework of the inspection."""
    set_of = _mapping(aspects, "aspect_id", "set_id")
    framework_of_set = _mapping(aspect_sets, "set_id", "framework_id")
    framework_of = _mapping(inspections, "inspection_id", "framework_id")
    for line, aspect, inspection in each(ratings, "aspect_id", "inspection_id"):
        of_aspect = framework_of_set.get(set_of.get(aspect, ""))
        of_inspection = framework_of.get(inspection)
        if of_aspect and of_inspection and of_aspect != of_inspection:
            fault = (
                f"{quote(aspect)} belongs to the framework {of_aspect}, "
                f"the inspection to {of_inspection}"
            )
            remedy = "Name an aspect of the framework of the inspection."
            yield DataError("ratings.csv", line, "aspect_id", aspect, fault, remedy)


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


def themes_have_evidence(actions: pd.DataFrame, evidence: pd.DataFrame) -> Iterator[DataError]:
    """The main theme of an action is among its links in evidence."""
    linked = {link[1:] for link in each(evidence, "theme_id", "table", "row_id")}
    for line, theme, action in each(actions, "theme_id", "action_id"):
        if theme and (theme, "actions", action) not in linked:
            fault = f"{quote(theme)} has no row in evidence.csv for the action {quote(action)}"
            remedy = f"Add the row {theme},actions,{action} to evidence.csv."
            yield DataError("actions.csv", line, "theme_id", theme, fault, remedy)


def links(sheets: Sheets) -> Iterator[DataError]:
    """A link to a row of another table finds it there."""
    keys = {name: set(sheet[table(name).primary_key[0]]) for name, sheet in sheets.items()}
    for name, target_column, id_column in _LINKS:
        if name not in sheets:
            continue
        for line, target, row_id in each(sheets[name], target_column, id_column):
            if target in keys and row_id not in keys[target]:
                fault = f"{quote(row_id)} is not a key in {target}.csv"
                remedy = f"Put the key right or add the row to {target}.csv."
                yield DataError(table(name).file, line, id_column, row_id, fault, remedy)


def _mapping(sheet: pd.DataFrame, key: str, column: str) -> dict[str, str]:
    return dict(zip(sheet[key], sheet[column], strict=True))


def _scale_of_inspection(
    inspections: pd.DataFrame, frameworks: pd.DataFrame, scales: pd.DataFrame
) -> dict[str, tuple[str, str, list[str]]]:
    """Framework, scale and allowed values of each inspection whose framework is known."""
    values = scales.groupby("scale_id")["value"].agg(list).to_dict()
    scale_of = _mapping(frameworks, "framework_id", "scale_id")
    return {
        inspection: (framework, scale_of[framework], values.get(scale_of[framework], []))
        for _, inspection, framework in each(inspections, "inspection_id", "framework_id")
        if framework in scale_of
    }


def _off_scale(
    name: str, line: int, column: str, value: str, framework: str, scale: str, values: list[str]
) -> Iterator[DataError]:
    if not scale:
        fault = f"{quote(value)} is given although the framework {framework} has no scale"
        yield DataError(table(name).file, line, column, value, fault, "Empty the cell.")
    elif values and value not in values:
        fault = f"{quote(value)} is not on the scale {scale} of the framework {framework}"
        remedy = f"Write one of {', '.join(values)}."
        yield DataError(table(name).file, line, column, value, fault, remedy)


ROW_RULES = (
    read_as_a_whole,
    scales_exist,
    ratings_or_reasons,
    ratings_on_scale,
    progress_on_scale,
    ratings_in_framework,
    told_once,
    numbered_once,
    as_printed,
    numbers_as_printed,
    sets_are_complete,
    ranks_once,
    themes_have_evidence,
)
"""The rules that name the tables they need as their parameters."""
