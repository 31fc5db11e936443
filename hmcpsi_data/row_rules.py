"""What must hold between the rows of the tables beyond keys: scales, missing values and links.

Each rule names as its parameters the tables that it needs, gets their sheets, and yields a
`DataError` for every offending row. A sheet holds the cells of a table as text, with the line
numbers of its file as index.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from hmcpsi_data.cell_rules import Sheets, each
from hmcpsi_data.description import table
from hmcpsi_data.errors import DataError, quote
from hmcpsi_data.printed_rules import PRINTED_RULES
from hmcpsi_data.relation_rules import RELATION_RULES

__all__ = ["ROW_RULES", "links"]

_WHOLE = re.compile("[0-9]{1,9}")
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


def numbers_or_words(measures: pd.DataFrame) -> Iterator[DataError]:
    """A measure has a number, or says that its source has words only, and never both."""
    for line, value, qualifier in each(measures, "value", "qualifier"):
        if (value == "") != (qualifier == "words"):
            fault = "there is no number and no qualifier words"
            if value:
                fault = f"the number {quote(value)} stands beside the qualifier words"
            remedy = "Give the number, or leave it empty and write words in qualifier."
            yield DataError("measures.csv", line, "value", value or None, fault, remedy)


def distributions_add_up(distributions: pd.DataFrame) -> Iterator[DataError]:
    """The bounds of a distribution hold its numbers and its units, and no unit counts twice."""
    sums: dict[str, list[int]] = {}
    broken: set[str] = set()  # what cannot be read is not added up
    columns = ["distribution_id", "n_units", "n", "n_low", "n_high"]
    for line, key, *cells in each(distributions, *columns):
        numbers = all(cell == "" or _WHOLE.fullmatch(cell) for cell in cells)
        if not numbers or "" in (cells[0], *cells[2:]):
            broken.add(key)  # other rules find it
            continue
        units, n, low, high = (int(cell) if cell else None for cell in cells)
        if low > high or (n is not None and (low, high) != (n, n)):
            fault = f"n {cells[1] or 'empty'}, n_low {cells[2]} and n_high {cells[3]} do not agree"
            remedy = "Give bounds in their order, and both equal to n where n is known."
            yield DataError("distributions.csv", line, "n_low", cells[2], fault, remedy)
            broken.add(key)
            continue
        total = sums.setdefault(key, [line, units, 0, 0])
        total[2] += low
        total[3] += high
    for key, (line, units, low, high) in sums.items():
        if key not in broken and not low <= units <= high:
            fault = f"the bounds of {key} add up to {low} to {high}, not to {units} units"
            remedy = "Put the bounds right, or n_units."
            yield DataError("distributions.csv", line, "n_units", str(units), fault, remedy)


def conflicts_are_shown(ratings: pd.DataFrame, rating_sources: pd.DataFrame) -> Iterator[DataError]:
    """A contradicted rating has the source that says otherwise, and only such a rating has."""
    doubted = {
        rating for _, rating, says in each(rating_sources, "rating_id", "says") if says != "same"
    }
    for line, rating, basis in each(ratings, "rating_id", "basis"):
        if (basis == "contradicted") != (rating in doubted):
            fault = f"the basis is {quote(basis)} although a source says otherwise"
            if basis == "contradicted":
                fault = "it is contradicted, and no row of rating_sources.csv says otherwise"
            remedy = "Show the conflict in both tables: basis contradicted, and says otherwise."
            yield DataError("ratings.csv", line, "basis", basis, fault, remedy)


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
    themes_have_evidence,
    numbers_or_words,
    distributions_add_up,
    conflicts_are_shown,
    *PRINTED_RULES,
    *RELATION_RULES,
)
"""The rules that name the tables they need as their parameters."""
