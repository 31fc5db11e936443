"""Both sides of a break, never joined: an Area's inspections, and old ratings beside new ones."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pandas as pd

from hmcpsi_data.method.compare import VERDICT_WORDS
from hmcpsi_data.palette import INK, Look
from hmcpsi_data.pictures import paper
from hmcpsi_data.pictures import wording as say
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.record.joins import joined_cells, scales
from hmcpsi_data.record.timeline import timeline
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import BASES, RELATIONS, SPEAKERS, count_of, date_in_words

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
        say.sources(events, record=record),
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


_BAND, _NONE = Look("#DCE6F0"), Look(hatch="///", dashed=True)
_OPEN = _BAND._replace(dashed=True)
_SIDE, _ZONE, _TILE = 230.0, 332.0, 92.0
_COMPARED = [
    "target_aspect_id", "target", "observed", "worst", "best", "lower_median", "upper_median",
    "open", "verdict", "n_links", "relation", "confidence", "known_predecessors", "caveat",
]  # fmt: skip


def interval_picture(comparison: pd.DataFrame, *, record: RecordLike = None) -> Picture:
    """For each new aspect the range of the old ratings that lead to it, and its own rating.

    A range that may be wider, since not all ratings are known, has a dashed outline.

    Parameters
    ----------
    comparison : pandas.DataFrame
        What `hmcpsi_data.compare` returns.
    record : Record or path, optional

    >>> from hmcpsi_data import compare
    >>> interval_picture(compare()).title
    'Of 7 new aspects: 5 inside the old range, 2 below the old range'
    """
    record = as_record(record)
    given = say.need(comparison, _COMPARED, "compare()")
    rows = given.astype(object).where(given.notna(), None).reset_index(drop=True)
    rows["open"] = rows["open"].eq(True)
    rows["verdict"] = rows["verdict"].replace(VERDICT_WORDS).fillna("no new rating")
    rows["observed"] = rows["observed"].fillna(say.NOT_FOUND)
    for name, low, high in (("range", "worst", "best"), ("median", "lower_median", "upper_median")):
        both = rows[low].where(rows[low].eq(rows[high]), rows[low] + " to " + rows[high])
        rows[name] = both.fillna("")
    told = rows["range"].mask(rows["range"].ne("") & rows["open"], rows["range"] + " (open)")
    each = rows["target"] + ": old " + told.replace("", "none") + ", new " + rows["observed"]
    n = Counter(rows["verdict"])
    order = say.in_order(rows["verdict"], VERDICT_WORDS.values())
    verdicts = ", ".join(f"{n[one]} {one}" for one in order)
    parts = [re.split(r"(?<=\.) ", text) for text in rows["caveat"].dropna().unique()]
    caveat = " ".join(dict.fromkeys(part for text in parts for part in text))  # each said once
    of = ", ".join(rows["known_predecessors"].dropna().unique())
    table = {
        "New aspect": rows["target"],
        "Old range": told.where(told.ne(""), rows["verdict"]),
        "Median": rows["median"],
        "Open": rows["open"].map({True: "yes", False: "no"}),
        "New rating": rows["observed"],
        "Verdict": rows["verdict"],
        "Links": rows["n_links"],
        "Relation": rows["relation"].fillna("").replace(RELATIONS, regex=True),
        "Confidence": rows["confidence"].fillna(""),
    }
    words = {*given["worst"].dropna(), *given["best"].dropna()}
    known = (scale for scale in record.once(scales).values() if words.issubset(scale))
    scale = next(known, sorted(words))  # lowest first
    if isinstance(given["worst"].dtype, pd.CategoricalDtype):
        scale = list(given["worst"].cat.categories)
    return Picture(
        f"Of {count_of(len(rows), 'new aspect')}: {verdicts}" if n else "Nothing is compared",
        "Band: from the worst to the best of the old ratings that a new aspect is linked to. "
        f"Diamond: their median.{f' Old Areas known: {of}.' if of else ''}",
        caveat or "Translated by a crosswalk, which is a judgement.",
        tuple(filter(None, (f"{'; '.join(each) or 'Nothing is shown'}.", caveat))),
        pd.DataFrame(table),
        lambda page: _draw_bands(page, rows, scale),
        ("New rating",),
        record=record,
    )


def _draw_bands(page: paper.Page, rows: pd.DataFrame, scale: list[str]) -> float:
    """A band for each new aspect, and behind the break its own rating."""
    start, step = paper.MARGIN + _SIDE + 14, _ZONE / max(len(scale), 1)
    middle, tile = start + _ZONE + 20, start + _ZONE + 40
    right = paper.WIDTH - paper.MARGIN
    y = page.legend(
        {
            "range of old ratings": _BAND,
            "open: not all old ratings known": _OPEN,
            "median, or both ends of it": {"shape": "D", "colour": INK, "name": "legend median"},
            "no old rating": _NONE,
        }
    )
    label = "other criteria, other scale: not a trend"
    page.text(middle, y + 8, label, paper.WORD, bold=True, align="center", name="break label")
    top = y = y + 20
    sides = {start: "Old ratings, translated", tile: "New ratings"}
    how: dict[str, Any] = {"bold": True, "name": "side"}
    y += page.row(y, {x: paper.Words(side, _ZONE, paper.WORD, **how) for x, side in sides.items()})
    how = {"align": "center", "name": "position"}
    words = [paper.Words(word, step - 4, paper.WORD, **how) for word in scale]
    y += page.row(y + 4, {start + 2 + n * step: one for n, one in enumerate(words)}, at=0) + 18
    for row in rows.to_dict("records"):
        verdict, rating = tile + _TILE + 12, row["observed"]
        tall = paper.tile_height(rating, _TILE)
        cells = {
            paper.MARGIN: paper.Words(row["target"], _SIDE, name="label"),
            verdict: paper.Words(row["verdict"], right - verdict, paper.NOTE, name="verdict"),
        }
        high = page.row(y, cells, least=max(46, tall))
        page.tile(tile, y + (high - tall) / 2, _TILE, tall, rating)
        _band(page, start, y + high / 2, row, scale)
        y += high + 4
    page.split([middle], top, y)
    return y


def _band(page: paper.Page, x: float, y: float, row: dict[Any, Any], scale: list[str]) -> None:
    """The range of a row with its words, its median, and its open ends."""
    name, step = row["target_aspect_id"], _ZONE / max(len(scale), 1)
    how: dict[str, Any] = {"align": "center"}
    if row["range"] == "":
        page.box(x, y - 17, _ZONE, 34, _NONE, f"none {name}")
        page.text(x + _ZONE / 2, y, row["verdict"], paper.WORD, name="none", **how)
        return
    low, best = scale.index(row["worst"]), scale.index(row["best"])
    drawn = _OPEN if row["open"] else _BAND
    page.box(x + low * step, y - 17, (best - low + 1) * step, 34, drawn, f"band {name}")
    page.text(x + (low + best + 1) / 2 * step, y - 4, row["range"], paper.WORD, name="range", **how)
    medians = dict.fromkeys([row["lower_median"], row["upper_median"]])
    places = [(x + (scale.index(word) + 0.5) * step, y + 17) for word in medians]
    for place in places:
        page.marker(*place, "D", INK, f"median {name}", size=7)
    page.line(places[0], places[-1], f"medians {name}", thick=3, colour=INK, above=True)
