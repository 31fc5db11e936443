"""Areas through time: from 42 to 13 to 14, and one Area from inspection to inspection.

No line joins two inspections. Where the yardstick or the unit changes, a labelled break says so.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pandas as pd

from hmcpsi_data.palette import INK, OUTLINE, look
from hmcpsi_data.pictures import sentences as say
from hmcpsi_data.pictures.letters import LABEL, NOTE, width
from hmcpsi_data.pictures.page import LEGEND, LINK, MARGIN, QUIET, WIDTH, Page
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.pictures.sheet import Break, Cell, Row, Sheet, Tile, Words
from hmcpsi_data.record.areas import find_area
from hmcpsi_data.record.timeline import timeline
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import BASES, SPEAKERS, count_of, listed

__all__ = ["lineage_picture", "timeline_picture"]

_STYLES: dict[str, Any] = {"seen_verbatim": "-", "secondary": (0, (6, 2.5)), "same": (0, (1.2, 2))}
_LEGEND = {
    "seen_verbatim": "named in a source",
    "secondary": "by elimination or at second hand",
    "same": "the same Area goes on",
}
_ROW, _FAMILY_GAP, _HEAD = 20.0, 8.0, 48.0

_Pair = tuple[int, str, str, str]  # column, Area, Area in the next column, how well it is known


def lineage_picture(
    area: str | None = None, *, whole: bool | None = None, record: RecordLike = None
) -> Picture:
    """A column for each day on which Areas began, and a line from each Area to what became of it.

    Parameters
    ----------
    area : str, optional
        An Area, by identifier or name, whose family stands out.
    whole : bool, optional
        Whether the other families are drawn as well; where not given, only if no Area is.
    record : Record or path, optional

    Raises
    ------
    UnknownValueError, AmbiguousAreaError
        Where the Area is not known, or several bear its name.

    Examples
    --------
    >>> lineage_picture().title
    '42 Areas became 13, then 14'
    >>> lineage_picture("Leicestershire").title
    'Leicestershire went into East Midlands, with 4 others'
    """
    record = as_record(record)
    drawn = _Families(find_area(area, record=record) if area is not None else None, whole, record)
    return Picture(
        title=drawn.headline(),
        subtitle="Areas of the Crown Prosecution Service by the day from which they stood; a "
        "renaming makes no new Area.",
        source="Sources: pair by pair in the table area_lineage.",
        words=drawn.sentences(),
        table=drawn.frame(),
        draw=drawn.draw,
        height=drawn.height,
        record=record,
    )


class _Families:
    """The Areas of each day, what joins them, and which of them belong together."""

    def __init__(self, area: str | None, whole: bool | None, record: Record) -> None:
        areas = record.table("areas")
        areas = areas[areas["kind"].eq("area")]
        self.area, self.lineage = area, record.table("area_lineage")
        self.names = dict(zip(areas["area_id"], areas["name"], strict=True))
        self.columns = _columns(areas, self.names)
        self.links = _links(self.lineage, self.columns)
        self.families = _families(self.columns, self.links)
        self.chosen = next((one for one in self.families if area in one), None)
        self.heads = [
            (f"{len(there)} Areas", _since(areas, day)) for day, there in self.columns.items()
        ]
        if self.chosen and not whole:
            self.families = [self.chosen]
        most = [
            max(len(one.intersection(c)) for c in self.columns.values()) for one in self.families
        ]
        self.tall = [n * _ROW + _FAMILY_GAP for n in most]
        self.height = LEGEND + _HEAD + sum(self.tall)

    def headline(self) -> str:
        if self.area is None:
            first, *rest = map(len, self.columns.values()) if self.columns else (0,)
            became = f" became {', then '.join(map(str, rest))}" if rest else ""
            return f"{first} Areas{became}"
        pairs, names, area = self.lineage, self.names, self.area
        came = pairs.loc[pairs["successor_id"].eq(area), "predecessor_id"].tolist()
        went = pairs.loc[pairs["predecessor_id"].eq(area), "successor_id"].tolist()
        parts = []
        if came:
            one = f"came from {names.get(came[0], came[0])}"
            parts.append(one if len(came) == 1 else f"was made of {len(came)} Areas")
        if len(went) == 1:
            others = int(pairs["successor_id"].eq(went[0]).sum()) - 1
            beside = f", with {count_of(others, 'other')}" if others else ""
            parts.append(f"went into {names.get(went[0], went[0])}{beside}")
        elif went:
            parts.append(f"was divided into {listed([names.get(key, key) for key in went])}")
        return f"{names.get(area, area)} {' and '.join(parts) or 'stands alone'}"

    def sentences(self) -> tuple[str, ...]:
        told = f"{listed([' '.join(head) for head in self.heads])}."
        parts = []
        for (_, since), column in zip(self.heads, self.columns.values(), strict=True):
            there = [self.names[key] for key in column if key in (self.chosen or ())]
            if there:
                parts.append(f"{since}, {len(there)}: {', '.join(there)}")
        return (told, f"Of this family {'; '.join(parts)}.") if parts else (told,)

    def frame(self) -> pd.DataFrame:
        shown = {key for family in self.families for key in family}
        rows = self.lineage[self.lineage["predecessor_id"].isin(shown)]
        return pd.DataFrame(
            {
                "Area": [self.names.get(key, key) for key in rows["predecessor_id"]],
                "Became": [self.names.get(key, key) for key in rows["successor_id"]],
                "Date": [
                    say.dated(day[: _LENGTH.get(precision, 10)])
                    for day, precision in zip(rows["date"], rows["date_precision"], strict=True)
                ],
                "Known to the": rows["date_precision"].tolist(),
                "Event": rows["event"].tolist(),
                "Pair": [_LEGEND.get(known, known) for known in rows["quality"]],
            }
        )

    def draw(self, page: Page) -> None:
        page.legend((words, 40, _sample(page, known)) for known, words in _LEGEND.items())
        top = page.top + LEGEND
        step = (WIDTH - 2 * MARGIN) / max(len(self.columns), 1) + 26
        lefts = [MARGIN + n * step for n in range(len(self.columns))]
        for x, (many, since) in zip(lefts, self.heads, strict=True):
            page.text(x, top + 10, many, LABEL, bold=True, name="head")
            page.text(x, top + 28, since, NOTE, name="head")
        places: dict[tuple[int, str], float] = {}
        y, bold = top + _HEAD, self.chosen or set()
        for family, tall in zip(self.families, self.tall, strict=True):
            colour = INK if self.chosen is None or family is self.chosen else OUTLINE
            for column, keys in enumerate(self.columns.values()):
                own = [key for key in keys if key in family]
                for place, key in enumerate(own):
                    mid = y + (tall - _FAMILY_GAP) * (place + 0.5) / len(own)
                    places[column, key] = mid
                    how: dict[str, Any] = {"bold": key in bold, "colour": colour, "name": "area"}
                    page.text(lefts[column], mid, self.names[key], **how)
            y += tall
        for column, old, new, known in self.links:
            if (column, old) in places:
                start = lefts[column] + width(self.names[old], LABEL, old in bold) + 6
                ours = self.chosen is None or old in bold
                page.curve(
                    (start, places[column, old]),
                    (lefts[column + 1] - 6, places[column + 1, new]),
                    f"link {known} {old} {new}",
                    style=_STYLES.get(known, "-"),
                    thick=2.0 if old in bold else 1.2,
                    colour=LINK if ours else QUIET,
                )


def _sample(page: Page, known: str) -> Any:
    """What draws the line of a kind of pair in the legend."""
    name, how = f"legend {known}", {"style": _STYLES[known], "colour": LINK}
    return lambda x, y: page.line([(x, y), (x + 40, y)], name, **how)


_LENGTH = {"year": 4, "month": 7}  # how much of a date is known


def _columns(areas: pd.DataFrame, names: dict[str, str]) -> dict[str, list[str]]:
    """The Areas in being from each day on which Areas began, by name."""
    columns = {}
    ends = areas["valid_to"].fillna("9999")
    for day in sorted(areas["valid_from"].dropna().unique()):
        there = areas["area_id"][(areas["valid_from"] <= day) & (ends >= day)]
        columns[day] = sorted(there, key=lambda key: (names[key].casefold(), key))
    return columns


def _links(lineage: pd.DataFrame, columns: dict[str, list[str]]) -> list[_Pair]:
    """Column, Area, Area in the next column, and how well the pair is known."""
    days = list(columns)
    cells = lineage[["predecessor_id", "successor_id", "quality"]].itertuples(index=False)
    quality = {(old, new): known for old, new, known in cells}
    links = []
    for n, (before, after) in enumerate(pairwise(days)):
        for old in columns[before]:
            if old in columns[after]:
                links.append((n, old, old, "same"))
            links += [
                (n, old, new, known)
                for (one, new), known in quality.items()
                if one == old and new in columns[after]
            ]
    return links


def _families(columns: dict[str, list[str]], links: list[_Pair]) -> list[set[str]]:
    """Areas that are linked, however far; in the order of the middle column."""
    family = {key: {key} for column in columns.values() for key in column}
    for _, old, new, _ in links:
        both = family[old] | family[new]
        for key in both:
            family[key] = both
    middle = [*columns.values()][min(1, len(columns) - 1)] if columns else []
    found = {id(family[key]): family[key] for key in [*middle, *family]}
    return list(found.values())


def _since(areas: pd.DataFrame, day: str) -> str:
    """A day in words, as precise as it is known."""
    precision = areas.loc[areas["valid_from"] == day, "valid_from_precision"].iloc[0]
    return f"from {say.dated(day[: _LENGTH.get(precision, 10)])}"


# ---------------------------------------------------------------- one Area from inspection on

_WHEN, _WHERE, _TILE = 140.0, 210.0, 96.0
_KINDS = ["rating", "follow_up", "number", "borders"]


def timeline_picture(events: pd.DataFrame | str, *, record: RecordLike = None) -> Picture:
    """The inspections of an Area one below the other, never joined by a line.

    Parameters
    ----------
    events : pandas.DataFrame or str
        Rows of `hmcpsi_data.timeline`; or an Area, for its inspections, those of its successors and
        the changes of borders between them.
    record : Record or path, optional

    Returns
    -------
    Picture
        What one inspection found stands in one place, its overall rating in a tile. Between two
        inspections of another framework or another unit stands a labelled break.

    Examples
    --------
    >>> timeline_picture("Gwent").words[0]
    'February 2010, Gwent, AEI 2008-10: overall Poor.'
    """
    record = as_record(record)
    if isinstance(events, str):
        events = _path(timeline(events, kind=_KINDS, record=record))
    events = say.need(events, ["when", "kind", "area", "framework", "what"], "timeline()")
    steps = _steps(events[events["kind"].ne("break")])
    sheet = _sheet(steps, record)
    breaks = sum(bool(step["changed"]) for step in steps)
    inspected = [step for step in steps if step["framework"]]
    first = inspected[0]["area"] if inspected else ""
    n = f"{count_of(len(inspected), 'inspection')}, {count_of(breaks, 'break')}"
    columns = ["When", "Area", "Framework", "Overall", "What else", "In whose words", "Break"]
    rows = [
        (
            step["when"], step["area"], step["framework"] or "change of borders", step["overall"],
            "; ".join(step["whats"]), step["said"], step["changed"],
        )
        for step in steps
    ]  # fmt: skip
    return Picture(
        title=f"{first}: {n}, no trend" if first else "No inspection is known",
        subtitle="What is known at each inspection, in the order of time. A dashed line is a "
        "break: another framework or another unit.",
        source=say.sources(events, record=record),
        words=tuple(map(_sentence, steps)) or ("No inspection is known.",),
        table=pd.DataFrame(rows, columns=columns),
        draw=lambda page: sheet.draw(page, MARGIN),
        height=sheet.height,
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


def _steps(events: pd.DataFrame) -> list[dict[str, Any]]:
    """One step for each inspection or change of borders, with what changed since the one before."""
    rows = events.astype(object).where(events.notna(), "").to_dict("records")
    groups: dict[object, list[dict[Any, Any]]] = {}
    for n, row in enumerate(rows):
        groups.setdefault(row.get("inspection_id") or n, []).append(row)
    steps: list[dict[str, Any]] = []
    before = None
    for group in groups.values():
        step = {**group[0], "when": say.dated(str(group[0]["when"])), "changed": ""}
        whats = list(dict.fromkeys(str(row["what"]) for row in group))
        overall = [one for one in whats if one.startswith("Overall: ")]
        step["overall"] = " or ".join(one.removeprefix("Overall: ") for one in overall)
        step["whats"] = [one for one in whats if one not in overall]
        step["said"] = _said(group)
        if step["framework"]:
            if before is not None:
                pairs = (("framework", "framework"), ("area", "unit"))
                other = [words for key, words in pairs if step[key] != before[key]]
                step["changed"] = f"other {' and other '.join(other)}" if other else ""
            before = step
        steps.append(step)
    return steps


def _said(rows: list[dict[Any, Any]]) -> str:
    """In whose words, and how the sources carry it where that is not plainly."""
    speakers = dict.fromkeys(
        one for r in rows for one in str(r.get("speaker", "")).split("; ") if one
    )
    bases = dict.fromkeys(one for r in rows for one in str(r.get("basis", "")).split("; ") if one)
    how = ", ".join(BASES.get(one, one) for one in bases if one != "stated")
    who = ", ".join(SPEAKERS.get(one, one) for one in speakers)
    return f"{who} ({how})" if how else who


def _sentence(step: dict[str, Any]) -> str:
    broken = f"Break: {step['changed']}, not a trend. " if step["changed"] else ""
    overall = [f"overall {step['overall']}"] if step["overall"] else []
    where = f", {step['area']}, {step['framework']}" if step["framework"] else ""
    return f"{broken}{step['when']}{where}: {'; '.join([*overall, *step['whats']])}."


def _sheet(steps: list[dict[str, Any]], record: Record) -> Sheet:
    """A row for each step, a labelled break wherever something changed."""
    rows: list[Row | Break] = []
    for step in steps:
        if step["changed"]:
            rows.append(Break(f"{step['changed']}: not a trend"))
        when = Words(step["when"], _WHEN - 8, name="when")
        if not step["framework"]:
            room = WIDTH - 2 * MARGIN - _WHEN
            borders = Words("; ".join(step["whats"]), room, name="borders")
            rows.append(Row([when, borders], gap=14))
            continue
        where = f"{step['area']}, {step['framework']}"
        how: dict[str, Any] = {"align": "center", "name": "none"}
        overall: Cell = Words("no overall rating", _TILE, NOTE, **how)
        if word := step["overall"]:
            overall = Tile(word, look(word, record), _TILE, most=32)
        told = [*step["whats"], f"In the words of: {step['said']}"]
        room = WIDTH - 2 * MARGIN - _WHEN - _WHERE - _TILE - 20
        cells: list[Cell] = [
            when,
            Words(where, _WHERE - 12, bold=True, name="where"),
            overall,
            Words(told, room, NOTE, name="what"),
        ]
        rows.append(Row(cells, gap=14, least=34))
    return Sheet([0, _WHEN, _WHEN + _WHERE, _WHEN + _WHERE + _TILE + 20], rows)
