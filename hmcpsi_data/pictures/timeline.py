"""One Area from inspection to inspection.

No line joins two inspections. Where the framework or the unit changes, a labelled break says so.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from hmcpsi_data.palette import look
from hmcpsi_data.pictures import sentences as say
from hmcpsi_data.pictures.letters import NOTE
from hmcpsi_data.pictures.page import MARGIN, WIDTH
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.pictures.sheet import Break, Cell, Row, Sheet, Tile, Words
from hmcpsi_data.record.timeline import timeline
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import BASES, SPEAKERS, count_of

__all__ = ["timeline_picture"]

_WHEN, _WHERE, _TILE = 140.0, 210.0, 96.0
_KINDS, _OVERALL = ["rating", "follow_up", "number", "borders"], "Overall: "


def timeline_picture(events: pd.DataFrame | str, *, record: RecordLike = None) -> Picture:
    """The inspections of an Area one below the other, never joined by a line.

    What one inspection found stands in one place, its overall rating in a tile. Between two
    inspections of another framework or another unit stands a labelled break.

    Parameters
    ----------
    events : pandas.DataFrame or str
        Rows of `hmcpsi_data.timeline`; or an Area, for its inspections, those of its successors and
        the changes of borders between them.
    record : Record or path, optional

    Examples
    --------
    >>> timeline_picture("Gwent").words[0]
    'February 2010, Gwent, AEI 2008-10: overall Poor.'
    """
    record = as_record(record)
    if isinstance(events, str):
        events = _path(timeline(events, kind=_KINDS, record=record))
    needed = ["when", "kind", "area", "framework", "what", "inspection_id", "speaker", "basis"]
    events = say.need(events, needed, "timeline()")
    steps = _steps(events[events["kind"].ne("break")])
    areas = [step["area"] for step in steps if step["framework"]]
    breaks = count_of(sum(bool(step["changed"]) for step in steps), "break")
    keys = ["when", "area", "framework", "overall", "rest", "said", "changed"]
    columns = ["When", "Area", "Framework", "Overall", "What else", "In whose words", "Break"]
    title = "No inspection is known"
    if areas:
        title = f"{areas[0]}: {count_of(len(areas), 'inspection')}, {breaks}, no trend"
    return Picture(
        title=title,
        subtitle="What is known at each inspection, in the order of time. A dashed line is a "
        "break: another framework or another unit.",
        source=say.sources(events, record=record),
        words=tuple(map(_sentence, steps)) or ("No inspection is known.",),
        table=pd.DataFrame([[step[key] for key in keys] for step in steps], columns=columns),
        body=_sheet(steps, record),
        tiles=("Overall",),
        head=2,
        record=record,
    )


def _path(events: pd.DataFrame) -> pd.DataFrame:
    """The events of the Area and its successors; numbers only where nothing was rated."""
    events = events[events["relation"].isin(["self", "successor"])]
    rated = events.loc[events["kind"].isin(["rating", "follow_up"]), "inspection_id"]
    numbers = events["kind"].eq("number")
    alone = ~events["inspection_id"].isin(rated) & events["inspection_id"].notna()
    merged = events["area_ids"].fillna("").str.contains("; ", regex=False)
    borders = events["kind"].eq("borders")
    return events[(~numbers | alone) & (~borders | merged)]


def _steps(events: pd.DataFrame) -> list[dict[str, str]]:
    """One step for each inspection or change of borders, with what changed since the one before."""
    groups: dict[object, list[dict[Any, Any]]] = {}
    rows = events.astype(object).where(events.notna(), "").to_dict("records")
    for n, row in enumerate(rows):
        groups.setdefault(row["inspection_id"] or n, []).append(row)
    steps: list[dict[str, str]] = []
    for group in groups.values():
        first, whats = group[0], dict.fromkeys(str(row["what"]) for row in group)
        overall = [what for what in whats if what.startswith(_OVERALL)]
        step = {
            "when": say.dated(first["when"]),
            "area": first["area"],
            "framework": first["framework"],
            "overall": " or ".join(what.removeprefix(_OVERALL) for what in overall),
            "rest": "; ".join(what for what in whats if what not in overall),
            "said": _said(group),
            "changed": "",
        }
        before = next((one for one in reversed(steps) if one["framework"]), None)
        if before and step["framework"]:
            words = {"framework": "framework", "area": "unit"}
            other = [word for key, word in words.items() if step[key] != before[key]]
            step["changed"] = f"other {' and other '.join(other)}" if other else ""
        steps.append(step)
    return steps


def _said(rows: list[dict[Any, Any]]) -> str:
    """In whose words, and how the sources carry it where that is not plainly."""

    def words(column: str, names: dict[str, str]) -> str:
        parts = dict.fromkeys(one for row in rows for one in str(row[column]).split("; "))
        return ", ".join(names.get(one, one) for one in parts if one not in ("", "stated"))

    how = words("basis", BASES)
    return f"{words('speaker', SPEAKERS)} ({how})" if how else words("speaker", SPEAKERS)


def _sentence(step: dict[str, str]) -> str:
    broken = f"Break: {step['changed']}, not a trend. " if step["changed"] else ""
    overall = f"overall {step['overall']}" if step["overall"] else ""
    where = f", {step['area']}, {step['framework']}" if step["framework"] else ""
    return f"{broken}{step['when']}{where}: {'; '.join(filter(None, (overall, step['rest'])))}."


def _sheet(steps: list[dict[str, str]], record: Record) -> Sheet:
    """A row for each step, a labelled break wherever something changed."""
    rows: list[Row | Break] = []
    lefts = [0, _WHEN, _WHEN + _WHERE, _WHEN + _WHERE + _TILE + 20]
    room = WIDTH - 2 * MARGIN
    for step in steps:
        if step["changed"]:
            rows.append(Break(f"{step['changed']}: not a trend"))
        when = Words(step["when"], _WHEN - 8, name="when")
        if not step["framework"]:
            borders = Words(step["rest"], room - _WHEN, name="borders")
            rows.append(Row([when, borders], gap=14))
            continue
        overall: Cell = Words("no overall rating", _TILE, NOTE, align="center", name="none")
        if word := step["overall"]:
            overall = Tile(word, look(word, record), _TILE, most=32)
        where = Words(f"{step['area']}, {step['framework']}", _WHERE - 12, bold=True, name="where")
        told = [*step["rest"].split("; "), f"In the words of: {step['said']}"]
        what = Words(told, room - lefts[-1], NOTE, name="what")
        rows.append(Row([when, where, overall, what], gap=14, least=34))
    return Sheet(lefts, rows)
