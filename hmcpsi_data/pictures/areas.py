"""Areas through time: from 42 to 13 to 14, and one Area from inspection to inspection.

No line joins two inspections. Where the framework or the unit changes, a labelled break says so.
"""

from __future__ import annotations

from itertools import pairwise, product
from typing import Any

import pandas as pd

from hmcpsi_data.palette import INK, OUTLINE, look
from hmcpsi_data.pictures import sentences as say
from hmcpsi_data.pictures.letters import LABEL, NOTE, width
from hmcpsi_data.pictures.page import (
    LINK,
    MARGIN,
    QUIET,
    WIDTH,
    Break,
    Cell,
    Page,
    Row,
    Sheet,
    Tile,
    Words,
    lines_told,
)  # fmt: skip
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.record.areas import find_area
from hmcpsi_data.record.timeline import timeline
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import BASES, SPEAKERS, count_of, listed

__all__ = ["lineage_picture", "timeline_picture"]

_STYLES: dict[str, Any] = {"seen_verbatim": "-", "secondary": (0, (6, 2.5)), "same": (0, (1.2, 2))}
_LEGEND = {
    "seen_verbatim": "named in a source",
    "secondary": "by elimination or second-hand",
    "same": "the same Area goes on",
}
_ROW, _FAMILY_GAP, _HEAD = 20.0, 8.0, 48.0


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
        body=drawn,
        record=record,
    )


class _Families:
    """The Areas of each day, what joins them, and which of them belong together."""

    width = WIDTH

    def __init__(self, area: str | None, whole: bool | None, record: Record) -> None:
        areas = record.table("areas")
        areas = areas[areas["kind"].eq("area")]
        self.area, self.lineage = area, record.table("area_lineage")
        self.names = dict(zip(areas["area_id"], areas["name"], strict=True))
        self.columns = _columns(areas, self.names)
        cells = self.lineage[["predecessor_id", "successor_id", "quality"]]
        known = {(old, new): quality for old, new, quality in cells.itertuples(index=False)}
        known |= {(key, key): "same" for key in self.names}
        self.links = [
            (n, old, new, known[old, new])
            for n, (before, after) in enumerate(pairwise(self.columns.values()))
            for old, new in product(before, after)
            if (old, new) in known
        ]
        self.families = self._families()
        self.chosen = next((one for one in self.families if area in one), None)
        precise = dict(zip(areas["valid_from"], areas["valid_from_precision"], strict=True))
        self.heads = [
            (f"{len(there)} Areas", f"from {_date(day, precise[day])}")
            for day, there in self.columns.items()
        ]
        if self.chosen and not whole:
            self.families = [self.chosen]
        columns = self.columns.values()
        most = [max(len(family.intersection(c)) for c in columns) for family in self.families]
        self.tall = [n * _ROW + _FAMILY_GAP for n in most]
        self.legend = lines_told(_LEGEND, _STYLES)
        self.height = self.legend.height + _HEAD + sum(self.tall)

    def _families(self) -> list[set[str]]:
        """Areas that are linked, however far; in the order of the middle column."""
        family = {key: {key} for column in self.columns.values() for key in column}
        for _, old, new, _ in self.links:
            both = family[old] | family[new]
            family |= dict.fromkeys(both, both)
        middle = [*self.columns.values()][min(1, len(self.columns) - 1)] if self.columns else []
        return list({id(family[key]): family[key] for key in [*middle, *family]}.values())

    def headline(self) -> str:
        if self.area is None:
            first, *rest = map(len, self.columns.values()) if self.columns else (0,)
            became = f" became {', then '.join(map(str, rest))}" if rest else ""
            return f"{first} Areas{became}"
        pairs, area = self.lineage, self.area
        came = pairs.loc[pairs["successor_id"].eq(area), "predecessor_id"].map(self.names).tolist()
        after = pairs.loc[pairs["predecessor_id"].eq(area), "successor_id"]
        went = after.map(self.names).tolist()
        parts = []
        if came:
            parts.append(
                f"came from {came[0]}" if len(came) == 1 else f"was made of {len(came)} Areas"
            )
        if len(went) == 1:
            others = int(pairs["successor_id"].eq(after.iloc[0]).sum()) - 1
            beside = f", with {count_of(others, 'other')}" if others else ""
            parts.append(f"went into {went[0]}{beside}")
        elif went:
            parts.append(f"was divided into {listed(went)}")
        return f"{self.names.get(area, area)} {' and '.join(parts) or 'stands alone'}"

    def sentences(self) -> tuple[str, ...]:
        told = f"{listed([' '.join(head) for head in self.heads])}."
        parts = []
        for (_, since), column in zip(self.heads, self.columns.values(), strict=True):
            if there := [self.names[key] for key in column if key in (self.chosen or ())]:
                parts.append(f"{since}, {len(there)}: {', '.join(there)}")
        return (told, f"Of this family {'; '.join(parts)}.") if parts else (told,)

    def frame(self) -> pd.DataFrame:
        shown = {key for family in self.families for key in family}
        rows = self.lineage[self.lineage["predecessor_id"].isin(shown)]
        dates = zip(rows["date"], rows["date_precision"], strict=True)
        return pd.DataFrame(
            {
                "Area": rows["predecessor_id"].map(self.names),
                "Became": rows["successor_id"].map(self.names),
                "Date": [_date(day, precision) for day, precision in dates],
                "Event": rows["event"],
                "Pair": rows["quality"].map(_LEGEND).fillna(rows["quality"]),
            }
        ).reset_index(drop=True)

    def draw(self, page: Page) -> None:
        self.legend.draw(page, MARGIN, page.top)
        top, bold = page.top + self.legend.height, self.chosen or set()
        step = (WIDTH - 2 * MARGIN) / max(len(self.columns), 1) + 26
        lefts = [MARGIN + n * step for n in range(len(self.columns))]
        for x, (many, since) in zip(lefts, self.heads, strict=True):
            page.text(x, top + 10, many, LABEL, bold=True, name="head")
            page.text(x, top + 28, since, NOTE, name="head")
        places: dict[tuple[int, str], float] = {}
        y = top + _HEAD
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
                end = (lefts[column + 1] - 6, places[column + 1, new])
                thick = 2.0 if old in bold else 1.2
                colour = LINK if self.chosen is None or old in bold else QUIET
                name, style = f"link {known} {old} {new}", _STYLES.get(known, "-")
                page.curve((start, places[column, old]), end, name, style, thick, colour)


def _columns(areas: pd.DataFrame, names: dict[str, str]) -> dict[str, list[str]]:
    """The Areas in being from each day on which Areas began, by name."""
    columns, ends = {}, areas["valid_to"].fillna("9999")
    for day in sorted(areas["valid_from"].dropna().unique()):
        there = areas["area_id"][(areas["valid_from"] <= day) & (ends >= day)]
        columns[day] = sorted(there, key=lambda key: (names[key].casefold(), key))
    return columns


def _date(day: str, precision: str) -> str:
    """A day in words, as precise as it is known."""
    return say.dated(day[: {"year": 4, "month": 7}.get(precision, 10)])


_WHEN, _WHERE, _TILE = 140.0, 210.0, 96.0
_OF_WHAT: dict[Any, str] = {
    "fieldwork": " (fieldwork)",
    "publication": " (published)",
    "data": " (data)",
    "source": " (date of the source)",
    "assessment": " (year of the assessment)",
}
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
    'September 2009 (fieldwork), Gwent, AEI 2008-10: overall Poor.'
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
            "when": say.dated(first["when"]) + _OF_WHAT.get(first.get("date_kind"), ""),
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
