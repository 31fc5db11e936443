"""Both sides of a break, never joined: an Area's inspections, and old ratings beside new ones."""

from __future__ import annotations

from typing import Any

import pandas as pd

from hmcpsi_data.pictures import paper
from hmcpsi_data.pictures import wording as say
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.record.joins import joined_cells
from hmcpsi_data.record.timeline import timeline
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import BASES, SPEAKERS, count_of, date_in_words

_UNITS = {"Framework": "framework", "Area": "unit"}.items()
_KINDS, _OVERALL = ["rating", "follow_up", "number", "borders"], "Overall: "


def timeline_picture(events: pd.DataFrame | str, *, record: RecordLike = None) -> Picture:
    """The inspections of an Area one below the other, never joined by a line.

    Between two inspections of another framework or another unit stands a labelled break.

    Parameters
    ----------
    events : pandas.DataFrame or str
        Rows of `hmcpsi_data.timeline`; or an Area, for its inspections, those of its successors and
        the changes of borders between them.
    record : Record or path, optional

    >>> timeline_picture("Gwent").words[0]
    'September 2009 (fieldwork), Gwent, AEI 2008-10: overall Poor.'
    """
    record = as_record(record)
    if isinstance(events, str):
        events = timeline(events, kind=_KINDS, record=record)
        events = events[events["relation"].isin(["self", "successor"])]
        rated = events.loc[events["kind"].isin(["rating", "follow_up"]), "inspection_id"]
        bare = ~events["inspection_id"].isin(rated) & events["inspection_id"].notna()
        merged = events["area_ids"].fillna("").str.contains("; ", regex=False)
        numbers, borders = (events["kind"].eq(kind) for kind in ("number", "borders"))
        events = events[(~numbers | bare) & (~borders | merged)]  # numbers where nothing was rated
    needed = ["when", "kind", "area", "framework", "what", "inspection_id", "speaker", "basis"]
    events = say.need(events, needed, "timeline()")
    table = _steps(events[events["kind"].ne("break")], record)
    steps = table.to_dict("records")
    words = []
    for step in steps:
        broken = f"Break: {step['Break']}, not a trend. " if step["Break"] else ""
        overall = f"overall {step['Overall']}" if step["Overall"] else ""
        where = f", {step['Area']}, {step['Framework']}" if step["Framework"] else ""
        told = "; ".join(filter(None, (overall, step["What else"])))
        words.append(f"{broken}{step['When']}{where}: {told}.")
    title = "No inspection is known"
    if areas := [step["Area"] for step in steps if step["Framework"]]:
        breaks = count_of(sum(step["Break"] != "" for step in steps), "break")
        title = f"{areas[0]}: {count_of(len(areas), 'inspection')}, {breaks}, no trend"
    return Picture(
        title,
        "What is known at each inspection, in the order of time. A dashed line is a break: another "
        "framework or another unit.",
        say.sources(events, record),
        tuple(words) or ("No inspection is known.",),
        table,
        lambda page: _draw_steps(page, steps),
        ("Overall",),
        2,
        record,
    )


def _steps(events: pd.DataFrame, record: Record) -> pd.DataFrame:
    """A row for each inspection or change of borders, with what changed since the one before."""
    other = say.other_side(events, record)
    events = events.assign(**other, date_kind=events.get("date_kind"))
    events = events.astype(object).where(events.notna(), "").reset_index(drop=True)
    key = events["inspection_id"].where(events["inspection_id"].ne(""), events.index)
    steps: list[dict[str, str]] = []
    before: dict[str, str] = {}
    for _, rows in events.groupby(key, sort=False):
        first, overall = rows.iloc[0], rows["what"].str.startswith(_OVERALL)
        dated = f" ({first['date_kind']})" if first["date_kind"] not in ("", "stated") else ""
        how = ", ".join(
            BASES.get(one, one) for one in rows["basis"].unique() if one not in ("", "stated")
        )
        said = ", ".join(SPEAKERS.get(one, one) for one in rows["speaker"].unique())
        step = {
            "When": date_in_words(first["when"]) + dated,
            "Area": first["area"],
            "Framework": first["framework"],
            "Overall": " or ".join(rows["what"][overall].str.removeprefix(_OVERALL).unique()),
            "What else": "; ".join(rows["what"][~overall].unique()),
            **{name: joined_cells(rows[name]) for name in other},
            "In whose words": f"{said} ({how})" if how else said,
            "Break": "",
        }
        if step["Framework"]:
            changed = [
                f"other {word}"
                for name, word in _UNITS
                if before.get(name, step[name]) != step[name]
            ]
            step["Break"], before = " and ".join(changed), step
        steps.append(step)
    columns = ["When", "Area", "Framework", "Overall", "What else", "In whose words", "Break"]
    return pd.DataFrame(steps, columns=None if steps else columns)


def _draw_steps(page: paper.Page, steps: list[dict[Any, str]]) -> float:
    """A row for each step, a labelled break wherever something changed."""
    y, (when, where, tile, what) = 0.0, (paper.MARGIN, 156.0, 366.0, 482.0)
    right = paper.WIDTH - paper.MARGIN
    for step in steps:
        if step["Break"]:
            y += page.broken(y, f"{step['Break']}: not a trend")
        rating = step["Overall"]
        tall = max(32, paper.tile_height(rating, 96)) if rating else 20
        cells = {when: paper.Words(step["When"], where - when - 8, name="when")}
        if step["Framework"]:
            told = [*step["What else"].split("; "), f"In the words of: {step['In whose words']}"]
            cells[what] = paper.Words(told, right - what, paper.NOTE, name="what")
            name = f"{step['Area']}, {step['Framework']}"
            cells[where] = paper.Words(name, tile - where - 12, bold=True, name="where")
            if not rating:
                cells[tile] = paper.Words("no overall rating", 96, paper.NOTE, name="none")
        else:
            cells[where] = paper.Words(step["What else"], right - where, name="borders")
        high = page.row(y, cells, least=tall)
        if rating:
            page.tile(tile, y + (high - tall) / 2, 96, tall, rating)
        y += high + 14
    return y
