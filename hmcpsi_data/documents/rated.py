"""The ratings of a document, with the aspects that they rate: known ones, or a set of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from hmcpsi_data.documents.cells import cell, printed_word
from hmcpsi_data.documents.labels import find_set, free, words_of
from hmcpsi_data.documents.places import Inspected
from hmcpsi_data.errors import FrameworkError
from hmcpsi_data.guard import scale
from hmcpsi_data.tables import load

if TYPE_CHECKING:
    from hmcpsi_data.documents.rows import Maker

__all__ = ["BY_RULE", "UNWORDED", "add_ratings"]

BY_RULE = "Read from the document by rule, not judged by a person."
UNWORDED = "not yet in our words"

_COLUMNS = ("label", "level", "is_critical", "rating", "locator")
_OVERALL = "overall"

_Aspects = dict[Any, tuple[str, str]]  # aspect and set by label


def add_ratings(maker: Maker) -> None:
    """Add the ratings of a document, and what they rate where no set has it."""
    rows = maker.each("ratings", *_COLUMNS)
    for level in dict.fromkeys(row[1] for row in rows):
        inspection = _rated(maker, level)
        of_level = [row for row in rows if row[1] == level and _fits(maker, inspection, row)]
        if not of_level:
            continue
        aspects = _aspects(maker, inspection, level, of_level)
        for label, _, _, rating, locator in of_level:
            aspect_id, set_id = aspects[label]
            word = aspect_id.removeprefix(f"{set_id}_")
            maker.add(
                "ratings",
                locator,
                "second_hand" if inspection is maker.place.earlier else None,
                rating_id=f"{inspection.inspection_id}_{word}",
                inspection_id=inspection.inspection_id,
                aspect_id=aspect_id,
                label_as_printed=cell(label) if label else None,
                rating=rating,
                rating_as_printed=printed_word(rating, maker.lines(locator)),
            )


def _rated(maker: Maker, level: str) -> Inspected | None:
    """A follow-up rates progress; an overall rating in it is that of what it follows."""
    if maker.document.kind == "follow_up" and level == _OVERALL:
        return maker.place.earlier
    return maker.place.inspection


def _fits(maker: Maker, inspection: Inspected | None, row: tuple) -> bool:
    """Whether the rating can be one of its inspection; else it is a problem."""
    label, _, _, rating, locator = row
    if inspection is None:
        reason = "It rates an earlier inspection whose year the lines do not name."
    else:
        try:
            in_order, outside = scale(inspection.framework_id, maker.folder)
            words = [*in_order, *outside]
            reason = f"It is not on the scale of {inspection.framework_id}."
        except FrameworkError:
            words, reason = [], f"{inspection.framework_id} has no scale, and so no ratings."
        if rating in words:
            return True
    maker.left_out(locator, f"{label or 'overall'}: {rating}", reason)
    return False


def _aspects(maker: Maker, inspection: Inspected, level: str, rows: list[tuple]) -> _Aspects:
    """The aspect and the set of each label; a set of its own for labels that no set has."""
    framework_id = inspection.framework_id
    known, sets = load("aspects", maker.folder), load("aspect_sets", maker.folder)
    sets = set(sets.loc[sets["framework_id"].eq(framework_id), "set_id"])
    known = known[known["set_id"].isin(sets)]
    if level == _OVERALL:
        return _overall(maker, framework_id, known, sets, rows)
    own = f"{framework_id}_{words_of(maker.place.name)}"
    first = known["set_id"].eq(own)
    found = find_set([row[0] for row in rows], level, pd.concat([known[first], known[~first]]))
    if found is None:
        return _new_set(maker, framework_id, free(own, sets), level, rows)
    set_of = known.set_index("aspect_id")["set_id"]
    return {label: (aspect, set_of[aspect]) for label, aspect in found.items()}


def _overall(
    maker: Maker, framework_id: str, known: pd.DataFrame, sets: set[str], rows: list[tuple]
) -> _Aspects:
    there = known[known["level"].eq(_OVERALL)]
    if len(there):
        pair = there["aspect_id"].iloc[0], there["set_id"].iloc[0]
        return {label: pair for label, *_ in rows}
    locator, aspect_id = rows[0][-1], f"{framework_id}_overall"
    if framework_id not in sets:
        _add_set(maker, framework_id, framework_id, "Overall assessment", 0, locator)
    maker.add(
        "aspects",
        locator,
        aspect_id=aspect_id,
        set_id=framework_id,
        level=_OVERALL,
        label="Overall assessment",
        position=0,
        covers="The Area as a whole.",
    )
    return {label: (aspect_id, framework_id) for label, *_ in rows}


def _new_set(
    maker: Maker, framework_id: str, set_id: str, level: str, rows: list[tuple]
) -> _Aspects:
    title = f"{level.capitalize()} labels as printed for {maker.place.name}"
    lines = ";".join(dict.fromkeys(row[-1] for row in rows))
    _add_set(maker, framework_id, set_id, title, len(rows), lines)
    found: _Aspects = {}
    used: set[str] = set()
    for position, (label, _, is_critical, _, locator) in enumerate(rows, 1):
        aspect_id = free(f"{set_id}_{words_of(label)}", used)
        used.add(aspect_id)
        found[label] = aspect_id, set_id
        maker.add(
            "aspects",
            locator,
            aspect_id=aspect_id,
            set_id=set_id,
            level=level,
            label=cell(label),
            label_as_printed=cell(label),
            position=position,
            is_critical=is_critical,
            covers=f"As its label says; {UNWORDED}.",
        )
    return found


def _add_set(
    maker: Maker, framework_id: str, set_id: str, title: str, n: int, locator: str
) -> None:
    cells = {"set_id": set_id, "framework_id": framework_id, "title": title, "n_aspects": n}
    maker.add("aspect_sets", locator, **cells, note=BY_RULE)
