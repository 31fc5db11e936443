"""What must hold between rows beyond the kind of their columns: keys, scales, links, order.

The first rules take all sheets of a folder; the others name as their parameters the tables that
they need. Each yields a `DataError` for every offending row.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from hmcpsi_data.errors import DataError, quote
from hmcpsi_data.tables.cells import Sheet, Sheets, fault

__all__ = ["KEY_RULES", "ROW_RULES"]

# Keys


def links(sheets: Sheets) -> Iterator[DataError]:
    """A link to a row of any table finds it there."""
    keys = {name: set(sheet[sheet.table.primary_key[0]]) for name, sheet in sheets.items()}
    for name, target_column, id_column in (
        ("evidence", "table", "row_id"),
        ("tensions", "first_table", "first_id"),
        ("tensions", "second_table", "second_id"),
    ):
        for line, target, row_id in (
            sheets[name].each(target_column, id_column) if name in sheets else ()
        ):
            if target in keys and row_id not in keys[target]:
                told = f"{quote(row_id)} is not a key in {target}.csv"
                remedy = f"Put the key right or add the row to {target}.csv."
                yield fault(sheets[name], line, id_column, row_id, told, remedy)


def primary_keys(sheets: Sheets) -> Iterator[DataError]:
    """A key is there once."""
    remedy = "Give each row a key of its own, or remove the row."
    for sheet in sheets.values():
        column = ", ".join(sheet.table.primary_key)
        first: dict[tuple[str, ...], int] = {}
        for line, *cells in sheet.each(*sheet.table.primary_key):
            earlier = first.setdefault(tuple(cells), line)
            if earlier != line and all(cells):
                key = ", ".join(cells)
                told = f"the key {quote(key)} is already in line {earlier}"
                yield fault(sheet, line, column, key, told, remedy)


def foreign_keys(sheets: Sheets) -> Iterator[DataError]:
    """A value that refers to another row finds it."""
    for sheet in sheets.values():
        for key in sheet.table.foreign_keys:
            if key.table not in sheets:
                continue
            known = {tuple(cells) for _, *cells in sheets[key.table].each(*key.references)}
            target = f"{key.table}.csv"
            for line, *cells in sheet.each(*key.columns):
                if any(cells) and tuple(cells) not in known:
                    value = ", ".join(cells)
                    told = f"{quote(value)} is not in {', '.join(key.references)} of {target}"
                    remedy = f"Put the value right or add the row to {target}."
                    yield fault(sheet, line, ", ".join(key.columns), value, told, remedy)


KEY_RULES = (links, primary_keys, foreign_keys)
"""The rules that take all sheets."""


# Sources and scales


def read_as_a_whole(sources: Sheet) -> Iterator[DataError]:
    """A document that was read as a whole has its sum, its length and its file."""
    columns = ["sha256", "n_lines", "file_name"]
    for line, *cells in sources.each(*columns):
        if any(cells) and not all(cells):
            told = "it is empty although the document was read as a whole"
            remedy = f"Fill in {', '.join(columns)} for such a document, none of them for others."
            yield fault(sources, line, columns[cells.index("")], None, told, remedy)


def scales_exist(frameworks: Sheet, scales: Sheet) -> Iterator[DataError]:
    """The scale of a framework has values."""
    known = set(scales["scale_id"])
    for line, scale in frameworks.each("scale_id"):
        if scale and scale not in known:
            told = f"{quote(scale)} is not a scale in scales.csv"
            remedy = "Put its values into scales.csv or the identifier right."
            yield fault(frameworks, line, "scale_id", scale, told, remedy)


def ranks_once(scales: Sheet) -> Iterator[DataError]:
    """No two values of a scale share a rank."""
    seen: dict[tuple[str, str], str] = {}
    for line, scale, value, rank in scales.each("scale_id", "value", "rank"):
        if rank and (other := seen.setdefault((scale, rank), value)) != value:
            told = f"{quote(value)} has the rank {rank} of {quote(other)} in the scale {scale}"
            yield fault(scales, line, "rank", rank, told, "Give each value its own rank.")


# Ratings and progress


def ratings_or_reasons(ratings: Sheet) -> Iterator[DataError]:
    """A rating is there, or the reason why it is missing, never both and never neither."""
    for line, rating, missing in ratings.each("rating", "missing"):
        if not rating and not missing:
            told = "there is neither a rating nor a reason in missing"
            remedy = "Say in missing why there is no rating; an empty cell must not mean Poor."
            yield fault(ratings, line, "missing", None, told, remedy)
        elif rating and missing:
            told = f"{quote(missing)} stands beside the rating {quote(rating)}"
            yield fault(ratings, line, "missing", missing, told, "Empty one of the two cells.")


def ratings_on_scale(
    ratings: Sheet, inspections: Sheet, frameworks: Sheet, scales: Sheet
) -> Iterator[DataError]:
    """A rating is on the scale of its inspection's framework."""
    allowed = _scale_of_inspection(inspections, frameworks, scales)
    for line, rating, inspection in ratings.each("rating", "inspection_id"):
        if rating and inspection in allowed:
            yield from _off_scale(ratings, line, "rating", rating, *allowed[inspection])


def progress_on_scale(
    actions: Sheet, inspections: Sheet, frameworks: Sheet, scales: Sheet
) -> Iterator[DataError]:
    """Progress is on the scale of the framework of the follow-up that rated it."""
    allowed = _scale_of_inspection(inspections, frameworks, scales)
    for line, progress, follow_up in actions.each("progress", "follow_up_inspection_id"):
        if progress and not follow_up:
            told = f"{quote(progress)} is given without the follow-up that rated it"
            remedy = "Name the inspection in follow_up_inspection_id."
            yield fault(actions, line, "progress", progress, told, remedy)
        elif progress and follow_up in allowed:
            yield from _off_scale(actions, line, "progress", progress, *allowed[follow_up])


def _scale_of_inspection(
    inspections: Sheet, frameworks: Sheet, scales: Sheet
) -> dict[str, tuple[str, str, list[str]]]:
    """Framework, scale and allowed values of each inspection whose framework is known."""
    words: dict[str, list[str]] = {}
    for _, scale, value in scales.each("scale_id", "value"):
        words.setdefault(scale, []).append(value)
    scale_of = _mapping(frameworks, "framework_id", "scale_id")
    return {
        inspection: (framework, scale_of[framework], words.get(scale_of[framework], []))
        for _, inspection, framework in inspections.each("inspection_id", "framework_id")
        if framework in scale_of
    }


def _off_scale(
    sheet: Sheet, line: int, column: str, value: str, framework: str, scale: str, words: list[str]
) -> Iterator[DataError]:
    if not scale:
        told = f"{quote(value)} is given although the framework {framework} has no scale"
        yield fault(sheet, line, column, value, told, "Empty the cell.")
    elif words and value not in words:
        told = f"{quote(value)} is not on the scale {scale} of the framework {framework}"
        yield fault(sheet, line, column, value, told, f"Write one of {', '.join(words)}.")


def ratings_in_framework(
    ratings: Sheet, aspects: Sheet, aspect_sets: Sheet, inspections: Sheet
) -> Iterator[DataError]:
    """The aspect that is rated belongs to the framework of the inspection."""
    set_of = _mapping(aspects, "aspect_id", "set_id")
    framework_of_set = _mapping(aspect_sets, "set_id", "framework_id")
    framework_of = _mapping(inspections, "inspection_id", "framework_id")
    for line, aspect, inspection in ratings.each("aspect_id", "inspection_id"):
        of_aspect = framework_of_set.get(set_of.get(aspect, ""))
        of_inspection = framework_of.get(inspection)
        if of_aspect and of_inspection and of_aspect != of_inspection:
            told = (
                f"{quote(aspect)} belongs to the framework {of_aspect}, "
                f"the inspection to {of_inspection}"
            )
            remedy = "Name an aspect of the framework of the inspection."
            yield fault(ratings, line, "aspect_id", aspect, told, remedy)


def conflicts_are_shown(ratings: Sheet, rating_sources: Sheet) -> Iterator[DataError]:
    """A contradicted rating has the source that says otherwise, and only such a rating has."""
    doubted = {
        rating for _, rating, says in rating_sources.each("rating_id", "says") if says != "same"
    }
    for line, rating, basis in ratings.each("rating_id", "basis"):
        if (basis == "contradicted") != (rating in doubted):
            told = f"the basis is {quote(basis)} although a source says otherwise"
            if basis == "contradicted":
                told = "it is contradicted, and no row of rating_sources.csv says otherwise"
            remedy = "Show the conflict in both tables: basis contradicted, and says otherwise."
            yield fault(ratings, line, "basis", basis, told, remedy)


# Once only, and as printed


def told_once(ratings: Sheet) -> Iterator[DataError]:
    """One source rates one aspect of one inspection once, whatever the row's identifier."""
    rows = ratings.each("inspection_id", "source_id", "aspect_id")
    told = "the same source already rates the aspect {} of this inspection, on line {}"
    yield from _twice(ratings, "aspect_id", rows, told, "Keep one of the rows.")


def numbered_once(actions: Sheet) -> Iterator[DataError]:
    """A number stands for one action of its kind in one inspection."""
    rows = actions.each("inspection_id", "kind", "number")
    told = "the number {} already stands for another action of this kind, on line {}"
    yield from _twice(actions, "number", rows, told, "Keep one of the rows, or renumber.")


def answered_once(responses: Sheet) -> Iterator[DataError]:
    """One source answers an action once."""
    rows = responses.each("source_id", "action_id")
    told = "the action {} already has a response from this source, on line {}"
    yield from _twice(responses, "action_id", rows, told, "Keep one of the rows, or join them.")


def _twice(
    sheet: Sheet, column: str, rows: Iterable[tuple], told: str, remedy: str
) -> Iterator[DataError]:
    """Rows that say again what an earlier line says; their last cell is the one to name."""
    first: dict[tuple, int] = {}
    for line, *cells in rows:
        earlier = first.setdefault(tuple(cells), line)
        if all(cells) and earlier != line:
            value = cells[-1]
            yield fault(sheet, line, column, value, told.format(quote(value), earlier), remedy)


def as_printed(ratings: Sheet, actions: Sheet, scales: Sheet) -> Iterator[DataError]:
    """A rating or progress is not another value of a scale than the one that is printed."""
    words = {word.casefold() for word in scales["value"]}
    for sheet, column in ((ratings, "rating"), (actions, "progress")):
        for line, value, printed in sheet.each(column, f"{column}_as_printed"):
            if printed.casefold() in words and printed.casefold() != value.casefold():
                told = f"{quote(value)} stands beside {quote(printed)} as printed"
                yield fault(sheet, line, column, value, told, "Put the one right that is wrong.")


def numbers_as_printed(measures: Sheet) -> Iterator[DataError]:
    """A number is the one that is printed, where that is printed in digits."""
    for line, value, printed in measures.each("value", "value_as_printed"):
        digits = printed.replace(",", "")
        if value and re.fullmatch(r"[0-9]+(\.[0-9]+)?", digits) and float(digits) != _number(value):
            told = f"{quote(value)} stands beside {quote(printed)} as printed"
            yield fault(measures, line, "value", value, told, "Put the one right that is wrong.")


def numbers_or_words(measures: Sheet) -> Iterator[DataError]:
    """A measure has a number, or says that its source has words only, and never both."""
    for line, value, qualifier in measures.each("value", "qualifier"):
        if (value == "") != (qualifier == "words"):
            told = "there is no number and no qualifier words"
            if value:
                told = f"the number {quote(value)} stands beside the qualifier words"
            remedy = "Give the number, or leave it empty and write words in qualifier."
            yield fault(measures, line, "value", value, told, remedy)


def distributions_add_up(distributions: Sheet) -> Iterator[DataError]:
    """The bounds of a distribution hold its numbers and its units, and no unit counts twice."""
    sums: dict[str, list[int]] = {}
    broken: set[str] = set()  # what cannot be read is not added up
    columns = ("distribution_id", "n_units", "n", "n_low", "n_high")
    for line, key, units, n, low, high in distributions.each(*columns):
        if not all(re.fullmatch("[0-9]{1,9}", cell) for cell in (units, n or "0", low, high)):
            broken.add(key)  # other rules find it
        elif int(low) > int(high) or (n and not int(low) == int(n) == int(high)):
            told = f"n {n or 'empty'}, n_low {low} and n_high {high} do not agree"
            remedy = "Give bounds in their order, and both equal to n where n is known."
            yield fault(distributions, line, "n_low", low, told, remedy)
            broken.add(key)
        else:
            total = sums.setdefault(key, [line, int(units), 0, 0])
            total[2] += int(low)
            total[3] += int(high)
    for key, (line, n_units, lowest, highest) in sums.items():
        if key not in broken and not lowest <= n_units <= highest:
            told = f"the bounds of {key} add up to {lowest} to {highest}, not to {n_units} units"
            remedy = "Put the bounds right, or n_units."
            yield fault(distributions, line, "n_units", str(n_units), told, remedy)


# Aspects and themes

_HEIGHTS = {"overall": 2, "section": 1}  # all other levels stand below
_ABOVE = ("overall", "pilot_score")  # levels that stand above the aspects of a set


def sets_are_complete(aspect_sets: Sheet, aspects: Sheet) -> Iterator[DataError]:
    """A set has as many aspects as it says, overall assessments and scores not counted."""
    rows = aspects.each("set_id", "level")
    counted = Counter(set_id for _, set_id, level in rows if level not in _ABOVE)
    for line, set_id, told in aspect_sets.each("set_id", "n_aspects"):
        if told.isdecimal() and int(told) != counted[set_id]:
            problem = f"{quote(set_id)} should have {told} aspects; aspects.csv has "
            remedy = "Put the number right, or the rows of aspects.csv."
            problem += str(counted[set_id])
            yield fault(aspect_sets, line, "n_aspects", told, problem, remedy)


def critical_or_not(aspects: Sheet) -> Iterator[DataError]:
    """Where a set says of its aspects which are critical, it says so of each."""
    columns = ("set_id", "level", "is_critical")
    telling = {(set_id, level) for _, set_id, level, cell in aspects.each(*columns) if cell}
    for line, set_id, level, cell in aspects.each(*columns):
        if not cell and (set_id, level) in telling:
            told = f"it is empty, although {set_id} says of other aspects whether they are critical"
            yield fault(aspects, line, "is_critical", None, told, "Write true or false.")


def parents_stand_above(aspects: Sheet, aspect_sets: Sheet) -> Iterator[DataError]:
    """The parent of an aspect stands above it in the same framework."""
    frameworks = _mapping(aspect_sets, "set_id", "framework_id")
    place = {
        aspect: (frameworks.get(set_id), _HEIGHTS.get(level, 0))
        for _, aspect, set_id, level in aspects.each("aspect_id", "set_id", "level")
    }
    for line, aspect, parent in aspects.each("aspect_id", "parent_id"):
        if parent in place:
            (framework, height), (other, above) = place[aspect], place[parent]
            if above <= height or other != framework:
                told = f"{quote(parent)} does not stand above {quote(aspect)} in one framework"
                remedy = "Name a section of the same framework, or empty the cell."
                yield fault(aspects, line, "parent_id", parent, told, remedy)


def themes_have_evidence(actions: Sheet, evidence: Sheet) -> Iterator[DataError]:
    """The main theme of an action is among its links in evidence."""
    linked = {tuple(link) for _, *link in evidence.each("theme_id", "table", "row_id")}
    for line, theme, action in actions.each("theme_id", "action_id"):
        if theme and (theme, "actions", action) not in linked:
            told = f"{quote(theme)} has no row in evidence.csv for the action {quote(action)}"
            remedy = f"Add the row {theme},actions,{action} to evidence.csv."
            yield fault(actions, line, "theme_id", theme, told, remedy)


def passes_have_relations(crosswalk_review: Sheet) -> Iterator[DataError]:
    """What a pass over the crosswalk calls mapped has a relation."""
    for reading in ("first", "second", "settled"):
        status, relation = f"{reading}_status", f"{reading}_relation"
        for line, said, related in crosswalk_review.each(status, relation):
            if said == "mapped" and not related:
                told = f"it is empty although {status} is mapped"
                remedy = "Give the relation, or the status that was meant."
                yield fault(crosswalk_review, line, relation, None, told, remedy)


# Areas in time


def successors_come_later(area_lineage: Sheet, areas: Sheet) -> Iterator[DataError]:
    """A predecessor has ended when its successor begins, so no Area is its own ancestor."""
    began = _mapping(areas, "area_id", "valid_from")
    ended = _mapping(areas, "area_id", "valid_to")
    for line, before, after in area_lineage.each("predecessor_id", "successor_id"):
        if before in ended and after in began and not "" < ended[before] < began[after]:
            end = f"ended on {ended[before]}" if ended[before] else "is still in being"
            told = f"{quote(before)} {end}, and {quote(after)} began on {began[after]}"
            remedy = "Let the successor begin after the end of the predecessor."
            yield fault(area_lineage, line, "predecessor_id", before, told, remedy)


def inspected_while_in_being(inspections: Sheet, areas: Sheet) -> Iterator[DataError]:
    """Fieldwork lies within the life of the Area, or a note says why not."""
    life = {area: (start, end) for _, area, start, end in areas.each(*_LIFE)}
    columns = ("area_id", "note", "fieldwork_from", "fieldwork_to")
    for line, area, note, *fieldwork in inspections.each(*columns):
        start, end = life.get(area, ("", ""))
        for column, day in zip(columns[2:], fieldwork, strict=True):
            early = bool(day and start) and day < start[: len(day)]
            late = bool(day and end) and day > end[: len(day)]
            if (early or late) and not note:
                told = f"{quote(day)} lies outside the life of {area}, {start} to {end or 'now'}"
                remedy = "Name the Area of that time, or say in note why it is this one."
                yield fault(inspections, line, column, day, told, remedy)
                break


_LIFE = ("area_id", "valid_from", "valid_to")


def _mapping(sheet: Sheet, key: str, column: str) -> dict[str, str]:
    return dict(zip(sheet[key], sheet[column], strict=True))


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:  # another rule names it
        return math.nan


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
    told_once,
    numbered_once,
    answered_once,
    as_printed,
    numbers_as_printed,
    sets_are_complete,
    ranks_once,
    critical_or_not,
    passes_have_relations,
    parents_stand_above,
    successors_come_later,
    inspected_while_in_being,
)
"""The rules that name the tables they need as their parameters."""
