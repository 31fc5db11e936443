"""What must hold between rows beyond the kind of their columns: keys, scales, links, order.

A rule names as its parameters the tables that it needs, the first being the one whose rows it
names, and gives its findings as `cells` explains. Each cell is text, an empty one "".
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator

import pandas as pd

from hmcpsi_data.errors import DataError
from hmcpsi_data.tables.cells import Found, Rows, Sheets, faults
from hmcpsi_data.tables.description import table

__all__ = ["RULES", "key_faults", "rule_faults"]

# Keys


def key_faults(sheets: Sheets) -> Iterator[DataError]:
    """Links that lead nowhere, keys that are there twice, and references that find no row."""
    for name, sheet in sheets.items():
        for finding in (*_links(name, sheet, sheets), *_keys(name, sheet, sheets)):
            yield from faults(name, finding)


def _links(name: str, sheet: Rows, sheets: Sheets) -> Found:
    """Links to a row of any table."""
    for of_table, target, row_id in (
        ("evidence", "table", "row_id"),
        ("tensions", "first_table", "first_id"),
        ("tensions", "second_table", "second_id"),
    ):
        for other in sheets if name == of_table else ():
            rows = sheet[sheet[target] == other]
            lost = rows[~rows[row_id].isin(sheets[other][table(other).primary_key[0]])]
            told = f"{{cell!q}} is not a key in {other}.csv"
            yield row_id, lost, told, f"Put the key right or add the row to {other}.csv."


def _keys(name: str, sheet: Rows, sheets: Sheets) -> Found:
    """The key of a row, which is there once, and its references, which find their row."""
    key = list(table(name).primary_key)
    told = "the key {cell!q} is already in line {earlier}"
    remedy = "Give each row a key of its own, or remove the row."
    yield ", ".join(key), _again(sheet, key), told, remedy
    for reference in table(name).foreign_keys:
        if reference.table not in sheets:
            continue
        columns, target = list(reference.columns), f"{reference.table}.csv"
        there = sheets[reference.table][list(reference.references)]
        known = {("",) * len(columns), *there.itertuples(index=False, name=None)}
        cells = sheet[columns].itertuples(index=False, name=None)
        lost = sheet[[one not in known for one in cells]]
        told = f"{{cell!q}} is not in {', '.join(reference.references)} of {target}"
        remedy = f"Put the value right or add the row to {target}."
        yield ", ".join(columns), lost, told, remedy


def _again(rows: Rows, columns: list[str]) -> Rows:
    """The rows that say again in some columns what the line `earlier` says."""
    again = rows[rows.duplicated(columns) & (rows[columns] != "").all(axis=1)]
    if again.empty:
        return again
    lines = pd.Series(rows.index, rows.index).groupby([rows[column] for column in columns])
    return again.assign(earlier=lines.transform("first"))


# Sources and scales


def read_as_a_whole(sources: Rows) -> Found:
    """A document that was read as a whole has its sum, its length and its file."""
    columns = ["sha256", "n_lines", "file_name"]
    empty = sources[columns] == ""
    first = empty.idxmax(axis=1).where(empty.any(axis=1) & ~empty.all(axis=1))
    for column in columns:
        told = "it is empty although the document was read as a whole"
        remedy = f"Fill in {', '.join(columns)} for such a document, none of them for others."
        yield column, sources[first == column], told, remedy


def scales_exist(frameworks: Rows, scales: Rows) -> Found:
    """The scale of a framework has values."""
    scale = frameworks["scale_id"]
    lost = frameworks[(scale != "") & ~scale.isin(scales["scale_id"])]
    told = "{scale_id!q} is not a scale in scales.csv"
    yield "scale_id", lost, told, "Put its values into scales.csv or the identifier right."


def ranks_once(scales: Rows) -> Found:
    """No two values of a scale share a rank."""
    ranked = scales[scales["rank"] != ""]
    other = ranked.groupby(["scale_id", "rank"])["value"].transform("first")
    shared = ranked.assign(other=other)[other != ranked["value"]]
    told = "{value!q} has the rank {rank} of {other!q} in the scale {scale_id}"
    yield "rank", shared, told, "Give each value its own rank."


# Ratings and progress


def ratings_or_reasons(ratings: Rows) -> Found:
    """A rating is there, or the reason why it is missing, never both and never neither."""
    rated, explained = ratings["rating"] != "", ratings["missing"] != ""
    told = "there is neither a rating nor a reason in missing"
    remedy = "Say in missing why there is no rating; an empty cell must not mean Poor."
    yield "missing", ratings[~rated & ~explained], told, remedy
    told = "{missing!q} stands beside the rating {rating!q}"
    yield "missing", ratings[rated & explained], told, "Empty one of the two cells."


def ratings_on_scale(ratings: Rows, inspections: Rows, frameworks: Rows, scales: Rows) -> Found:
    """A rating is on the scale of its inspection's framework."""
    rated = ratings[ratings["rating"] != ""]
    yield from _on_scale(rated, "rating", "inspection_id", inspections, frameworks, scales)


def progress_on_scale(actions: Rows, inspections: Rows, frameworks: Rows, scales: Rows) -> Found:
    """Progress is on the scale of the framework of the follow-up that rated it."""
    follow_up = "follow_up_inspection_id"
    rated = actions[actions["progress"] != ""]
    told = "{progress!q} is given without the follow-up that rated it"
    remedy = f"Name the inspection in {follow_up}."
    yield "progress", rated[rated[follow_up] == ""], told, remedy
    rated = rated[rated[follow_up] != ""]
    yield from _on_scale(rated, "progress", follow_up, inspections, frameworks, scales)


def _on_scale(
    rows: Rows, column: str, by: str, inspections: Rows, frameworks: Rows, scales: Rows
) -> Found:
    framework = rows[by].map(_mapping(inspections, "inspection_id", "framework_id"))
    scale = framework.map(_mapping(frameworks, "framework_id", "scale_id"))
    words = scales.groupby("scale_id")["value"].agg(list).to_dict()
    rows = rows.assign(framework=framework, scale=scale)[scale.notna()]
    told = "{cell!q} is given although the framework {framework} has no scale"
    yield column, rows[rows["scale"] == ""], told, "Empty the cell."
    known = rows["scale"].map(lambda scale: words.get(scale) if scale else None)
    pairs = zip(rows[column], known, strict=True)
    off = [isinstance(allowed, list) and value not in allowed for value, allowed in pairs]
    told = "{cell!q} is not on the scale {scale} of the framework {framework}"
    off_scale = rows.assign(words=known.map(", ".join, na_action="ignore"))[off]
    yield column, off_scale, told, "Write one of {words}."


def ratings_in_framework(
    ratings: Rows, aspects: Rows, aspect_sets: Rows, inspections: Rows
) -> Found:
    """The aspect that is rated belongs to the framework of the inspection."""
    sets = _of(ratings["aspect_id"], aspects, "aspect_id", "set_id")
    of_aspect = _of(sets, aspect_sets, "set_id", "framework_id")
    of_inspection = _of(ratings["inspection_id"], inspections, "inspection_id", "framework_id")
    known = (of_aspect != "") & (of_inspection != "")
    rows = ratings.assign(of_aspect=of_aspect, of_inspection=of_inspection)
    told = "{aspect_id!q} belongs to the framework {of_aspect}, the inspection to {of_inspection}"
    remedy = "Name an aspect of the framework of the inspection."
    yield "aspect_id", rows[known & (of_aspect != of_inspection)], told, remedy


def conflicts_are_shown(ratings: Rows, rating_sources: Rows) -> Found:
    """A contradicted rating has the source that says otherwise, and only such a rating has."""
    otherwise = rating_sources.loc[rating_sources["says"] != "same", "rating_id"]
    shown, doubted = ratings["basis"] == "contradicted", ratings["rating_id"].isin(otherwise)
    remedy = "Show the conflict in both tables: basis contradicted, and says otherwise."
    told = "the basis is {basis!q} although a source says otherwise"
    yield "basis", ratings[doubted & ~shown], told, remedy
    told = "it is contradicted, and no row of rating_sources.csv says otherwise"
    yield "basis", ratings[shown & ~doubted], told, remedy


# Once only, and as printed


def told_once(ratings: Rows) -> Found:
    """One source rates one aspect of one inspection once, whatever the row's identifier."""
    told = (
        "the same source already rates the aspect {aspect_id!q} of this inspection, "
        "on line {earlier}"
    )
    again = _again(ratings, ["inspection_id", "source_id", "aspect_id"])
    yield "aspect_id", again, told, "Keep one of the rows."


def numbered_once(actions: Rows) -> Found:
    """A number stands for one action of its kind in one inspection."""
    told = "the number {number!q} already stands for another action of this kind, on line {earlier}"
    again = _again(actions, ["inspection_id", "kind", "number"])
    yield "number", again, told, "Keep one of the rows, or renumber."


def answered_once(responses: Rows) -> Found:
    """One source answers an action once."""
    told = "the action {action_id!q} already has a response from this source, on line {earlier}"
    again = _again(responses, ["source_id", "action_id"])
    yield "action_id", again, told, "Keep one of the rows, or join them."


def ratings_as_printed(ratings: Rows, scales: Rows) -> Found:
    """A rating is not another value of a scale than the one that is printed."""
    yield from _as_printed(ratings, "rating", scales)


def progress_as_printed(actions: Rows, scales: Rows) -> Found:
    """Progress is not another value of a scale than the one that is printed."""
    yield from _as_printed(actions, "progress", scales)


def _as_printed(rows: Rows, column: str, scales: Rows) -> Found:
    printed, value = rows[f"{column}_as_printed"].str.casefold(), rows[column].str.casefold()
    other = printed.isin(scales["value"].str.casefold()) & (printed != value)
    told = f"{{cell!q}} stands beside {{{column}_as_printed!q}} as printed"
    yield column, rows[other], told, "Put the one right that is wrong."


def numbers_as_printed(measures: Rows) -> Found:
    """A number is the one that is printed, where that is printed in digits."""
    printed = measures["value_as_printed"].str.replace(",", "")
    digits = printed.where(printed.str.fullmatch(r"[0-9]+(\.[0-9]+)?"), "nan").astype(float)
    # what is no number, another rule names
    other = digits.notna() & (measures["value"] != "") & (digits != measures["value"].map(_number))
    told = "{value!q} stands beside {value_as_printed!q} as printed"
    yield "value", measures[other], told, "Put the one right that is wrong."


def numbers_or_words(measures: Rows) -> Found:
    """A measure has a number, or says that its source has words only, and never both."""
    number, words = measures["value"] != "", measures["qualifier"] == "words"
    remedy = "Give the number, or leave it empty and write words in qualifier."
    told = "there is no number and no qualifier words"
    yield "value", measures[~number & ~words], told, remedy
    told = "the number {value!q} stands beside the qualifier words"
    yield "value", measures[number & words], told, remedy


def distributions_add_up(distributions: Rows) -> Found:
    """The bounds of a distribution hold its numbers and its units, and no unit counts twice."""
    cells = distributions[["n_units", "n", "n_low", "n_high"]]
    cells = cells.assign(n=cells["n"].where(cells["n"] != "", cells["n_low"]))
    sound = cells.apply(lambda column: column.str.fullmatch("[0-9]{1,9}")).all(axis=1)
    numbers = cells.where(sound, "0", axis=0).astype(int)  # what is none, other rules find
    low, high, key = numbers["n_low"], numbers["n_high"], distributions["distribution_id"]
    known = (distributions["n"] != "") & ((low != numbers["n"]) | (numbers["n"] != high))
    wrong = sound & ((low > high) | known)
    told = "n {n}, n_low {n_low} and n_high {n_high} do not agree"
    remedy = "Give bounds in their order, and both equal to n where n is known."
    rows = distributions.assign(n=distributions["n"].replace("", "empty"))
    yield "n_low", rows[wrong], told, remedy
    whole = ~(wrong | ~sound).groupby(key).transform("any") & ~key.duplicated()
    rows = distributions.assign(
        low=low.groupby(key).transform("sum"), high=high.groupby(key).transform("sum")
    )
    outside = (rows["low"] > numbers["n_units"]) | (rows["high"] < numbers["n_units"])
    told = "the bounds of {distribution_id} add up to {low} to {high}, not to {n_units} units"
    yield "n_units", rows[whole & outside], told, "Put the bounds right, or n_units."


# Aspects and themes

_HEIGHTS = {"overall": 2, "section": 1}  # all other levels stand below
_ABOVE = ["overall", "pilot_score"]  # levels that stand above the aspects of a set


def sets_are_complete(aspect_sets: Rows, aspects: Rows) -> Found:
    """A set has as many aspects as it says, overall assessments and scores not counted."""
    counts = aspects.loc[~aspects["level"].isin(_ABOVE), "set_id"].value_counts()
    there = aspect_sets["set_id"].map(counts).fillna(0).astype(int)
    said = zip(aspect_sets["n_aspects"], there, strict=True)
    other = [number.isdecimal() and int(number) != count for number, count in said]
    told = "{set_id!q} should have {n_aspects} aspects; aspects.csv has {there}"
    remedy = "Put the number right, or the rows of aspects.csv."
    yield "n_aspects", aspect_sets.assign(there=there)[other], told, remedy


def critical_or_not(aspects: Rows) -> Found:
    """Where a set says of its aspects which are critical, it says so of each."""
    filled = aspects["is_critical"] != ""
    telling = filled.groupby([aspects["set_id"], aspects["level"]]).transform("any")
    told = "it is empty, although {set_id} says of other aspects whether they are critical"
    yield "is_critical", aspects[~filled & telling], told, "Write true or false."


def parents_stand_above(aspects: Rows, aspect_sets: Rows) -> Found:
    """The parent of an aspect stands above it in the same framework."""
    place = pd.DataFrame(
        {
            "aspect_id": aspects["aspect_id"],
            "framework": _of(aspects["set_id"], aspect_sets, "set_id", "framework_id"),
            "height": aspects["level"].map(_HEIGHTS).fillna(0),
        }
    )
    parents = aspects["parent_id"]
    framework = parents.map(_mapping(place, "aspect_id", "framework"))
    above = parents.map(_mapping(place, "aspect_id", "height")) > place["height"]
    wrong = framework.notna() & ~(above & (framework == place["framework"]))
    told = "{parent_id!q} does not stand above {aspect_id!q} in one framework"
    remedy = "Name a section of the same framework, or empty the cell."
    yield "parent_id", aspects[wrong], told, remedy


def themes_have_evidence(actions: Rows, evidence: Rows) -> Found:
    """The main theme of an action is among its links in evidence."""
    links = evidence.loc[evidence["table"] == "actions", ["theme_id", "row_id"]]
    linked = set(links.itertuples(index=False, name=None))
    pairs = zip(actions["theme_id"], actions["action_id"], strict=True)
    lost = actions[[bool(theme) and (theme, action) not in linked for theme, action in pairs]]
    told = "{theme_id!q} has no row in evidence.csv for the action {action_id!q}"
    yield "theme_id", lost, told, "Add the row {theme_id},actions,{action_id} to evidence.csv."


def passes_have_relations(crosswalk_review: Rows) -> Found:
    """What a pass over the crosswalk calls mapped has a relation."""
    for reading in ("first", "second", "settled"):
        status, relation = f"{reading}_status", f"{reading}_relation"
        mapped = crosswalk_review[crosswalk_review[status] == "mapped"]
        told = f"it is empty although {status} is mapped"
        remedy = "Give the relation, or the status that was meant."
        yield relation, mapped[mapped[relation] == ""], told, remedy


# Areas in time


def successors_come_later(area_lineage: Rows, areas: Rows) -> Found:
    """A predecessor has ended when its successor begins, so no Area is its own ancestor."""
    began = area_lineage["successor_id"].map(_mapping(areas, "area_id", "valid_from"))
    ended = area_lineage["predecessor_id"].map(_mapping(areas, "area_id", "valid_to"))
    later = (ended > "") & (ended < began)
    end = [f"ended on {day}" if day else "is still in being" for day in ended]
    rows = area_lineage.assign(began=began, end=end)
    wrong = rows[began.notna() & ended.notna() & ~later]
    told = "{predecessor_id!q} {end}, and {successor_id!q} began on {began}"
    remedy = "Let the successor begin after the end of the predecessor."
    yield "predecessor_id", wrong, told, remedy


def inspected_while_in_being(inspections: Rows, areas: Rows) -> Found:
    """Fieldwork lies within the life of the Area, or a note says why not."""
    start = _of(inspections["area_id"], areas, "area_id", "valid_from")
    end = _of(inspections["area_id"], areas, "area_id", "valid_to")
    rows = inspections.assign(start=start, end=end, last=end.replace("", "now"))
    rows = rows[rows["note"] == ""]
    for column in ("fieldwork_from", "fieldwork_to"):
        lives = zip(rows[column], rows["start"], rows["end"], strict=True)
        outside = pd.Series(
            [
                day < first[: len(day)] or (last and day > last[: len(day)])
                for day, first, last in lives
            ],
            rows.index,
            dtype=bool,
        )
        told = "{cell!q} lies outside the life of {area_id}, {start} to {last}"
        remedy = "Name the Area of that time, or say in note why it is this one."
        yield column, rows[outside], told, remedy
        rows = rows[~outside]


def _mapping(rows: Rows, key: str, column: str) -> dict[str, str]:
    return dict(zip(rows[key], rows[column], strict=True))


def _of(ids: pd.Series, rows: Rows, key: str, column: str) -> pd.Series:
    """What another table says of each identifier; empty where it does not know it."""
    return ids.map(_mapping(rows, key, column)).fillna("")


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan


RULES = (
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
    ratings_as_printed,
    progress_as_printed,
    numbers_as_printed,
    sets_are_complete,
    ranks_once,
    critical_or_not,
    passes_have_relations,
    parents_stand_above,
    successors_come_later,
    inspected_while_in_being,
)
"""The rules between rows, the most telling first."""


def rule_faults(sheets: Sheets) -> Iterator[Iterator[DataError]]:
    """The faults that each rule finds whose tables are there."""
    for rule in RULES:
        names = list(inspect.signature(rule).parameters)
        if sheets.keys() >= set(names):
            yield _faults(rule, names, sheets)


def _faults(rule: Callable[..., Found], names: list[str], sheets: Sheets) -> Iterator[DataError]:
    for finding in rule(*(sheets[name] for name in names)):
        yield from faults(names[0], finding)
