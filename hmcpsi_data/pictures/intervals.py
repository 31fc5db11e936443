"""Old ratings, translated by a crosswalk, beside the new ones.

Translated ratings are ranges of words on the old scale. The two scales are split by a break, and no
picture says that anything rose or fell: it says whether the new rating lies inside the old range.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from hmcpsi_data.method.compare import VERDICT_WORDS, compare
from hmcpsi_data.palette import INK, Look, look
from hmcpsi_data.pictures import sentences as say
from hmcpsi_data.pictures.letters import WORD
from hmcpsi_data.pictures.page import MARGIN, WIDTH, Page
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.pictures.sheet import Cell, Legend, Row, Sheet, Tile, Words
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import RELATIONS, count_of

__all__ = ["interval_picture"]

_BAND, _NONE = Look("#DCE6F0"), Look(hatch="///", dashed=True)
_SIDE, _ZONE, _GUTTER, _TILE = 230.0, 332.0, 40.0, 92.0
_DASHED = (0, (4, 2.5))
_BREAK_LABEL = "other criteria, other scale: not a trend"
_NO_NEW = "no new rating"
_COMPARED = [
    "target_aspect_id", "target", "observed", "worst", "best", "lower_median", "upper_median",
    "open", "verdict", "n_links", "relation", "confidence", "known_predecessors", "caveat",
]  # fmt: skip


def interval_picture(
    comparison: pd.DataFrame | tuple[str, str, str] | None = None, *, record: RecordLike = None
) -> Picture:
    """For each new aspect the range of the old ratings that lead to it, and its own rating.

    A range that may be wider, since not all ratings are known, is drawn open-ended.

    Parameters
    ----------
    comparison : pandas.DataFrame or tuple of str, optional
        What `hmcpsi_data.compare` returns, or what it is asked for: old framework, new framework,
        Area. Its own example where not given.
    record : Record or path, optional

    Examples
    --------
    >>> interval_picture().title
    'Of 7 new aspects: 5 inside the old range, 2 below the old range'
    """
    record = as_record(record)
    if comparison is None:
        comparison = compare(record=record)
    elif isinstance(comparison, tuple) and len(comparison) == 3:
        source, target, area = comparison
        comparison = compare(source, target, area, record=record)
    comparison = say.need(comparison, _COMPARED, "compare()")
    whole = comparison.astype(object).where(comparison.notna(), None)
    rows: list[dict[Any, Any]] = whole.to_dict("records")
    for row in rows:
        row["verdict"] = VERDICT_WORDS.get(row["verdict"], row["verdict"]) or _NO_NEW
        row["observed"] = row["observed"] or say.NOT_FOUND
        row["range"] = _between(row["worst"], row["best"])
        row["told"] = f"{row['range']} (open)" if row["range"] and row["open"] else row["range"]
    told = dict.fromkeys(str(r["known_predecessors"]) for r in rows if r["known_predecessors"])
    known = f" Old Areas known: {', '.join(told)}." if told else ""
    caveats = dict.fromkeys(row["caveat"] for row in rows if row["caveat"])
    caveat = " ".join(  # one that another begins with is said once
        text for text in caveats if not any(o != text and o.startswith(text) for o in caveats)
    )
    each = "; ".join(
        f"{row['target']}: old {row['told'] or 'none'}, new {row['observed']}" for row in rows
    )
    new = f"New ratings{_framework_of({row['target_aspect_id'] for row in rows}, record)}"
    return Picture(
        title=_headline(rows),
        subtitle="Band: from the worst to the best of the old ratings that a new aspect is linked "
        f"to. Diamond: their median.{known}",
        source=caveat or "Translated by a crosswalk, which is a judgement.",
        words=tuple(filter(None, (f"{each or 'Nothing is shown'}.", caveat))),
        table=_frame(rows),
        body=_sheet(rows, _old_scale(comparison, record), new, record),
        tiles=("New rating",),
        record=record,
    )


def _between(low: str | None, high: str | None) -> str | None:
    return low if low == high else f"{low} to {high}"


def _headline(rows: list[dict[Any, Any]]) -> str:
    if not rows:
        return "Nothing is compared"
    n = Counter(row["verdict"] for row in rows)
    order = dict.fromkeys([*(v for v in VERDICT_WORDS.values() if v in n), *n])
    parts = ", ".join(f"{n[verdict]} {verdict}" for verdict in order)
    return f"Of {count_of(len(rows), 'new aspect')}: {parts}"


def _frame(rows: list[dict[Any, Any]]) -> pd.DataFrame:
    cells = [
        (
            row["target"], row["told"] or row["verdict"],
            _between(row["lower_median"], row["upper_median"]) or "",
            "yes" if row["open"] else "no", row["observed"], row["verdict"], row["n_links"],
            "; ".join(RELATIONS.get(r, r) for r in str(row["relation"] or "").split("; ")),
            row["confidence"] or "",
        )
        for row in rows
    ]  # fmt: skip
    columns = ["New aspect", "Old range", "Median", "Open", "New rating", "Verdict", "Links",
               "Relation", "Confidence"]  # fmt: skip
    return pd.DataFrame(cells, columns=columns)


def _sheet(rows: list[dict[Any, Any]], scale: list[str], new: str, record: Record) -> Sheet:
    """A band for each new aspect, and behind the break its own rating."""
    start, tile = _SIDE + 14, _SIDE + 14 + _ZONE + _GUTTER
    room = WIDTH - 2 * MARGIN - tile - _TILE - 12
    head = [
        Words("Old ratings, translated", _ZONE, WORD, bold=True, name="side"),
        Words(new, _TILE + 12 + room, WORD, bold=True, name="side"),
    ]
    sheet = [Row([None, *head]), Row([None, _Positions(scale)])]
    for row in rows:
        cells: list[Cell] = [
            Words(row["target"], _SIDE, name="label"),
            _Band(row, scale),
            Tile(row["observed"], look(row["observed"], record), _TILE, most=30),
            Words(row["verdict"], room, WORD, name="verdict"),
        ]
        sheet.append(Row(cells, gap=8, least=46))
    middle = tile - _GUTTER / 2
    above = _Above(middle)
    return Sheet([0, start, tile, tile + _TILE + 12], sheet, [middle], above=above)


class _Above:
    """The legend, and the label of the break."""

    def __init__(self, middle: float) -> None:
        def open_range(page: Page, x: float, y: float) -> None:
            for edge in (y - 6, y + 6):
                page.line([(x, edge), (x + 34, edge)], "legend open", style=_DASHED, thick=1.1)

        self.middle = middle
        self.legend = Legend(
            [
                ("range of old ratings", 34,
                 lambda page, x, y: page.box(x, y - 7, 34, 14, _BAND, "legend")),
                ("median, or both ends of it", 10,
                 lambda page, x, y: page.marker(x + 5, y, "D", INK, "legend median", size=7)),
                ("open: not all old ratings known", 34, open_range),
                ("no old rating", 34,
                 lambda page, x, y: page.box(x, y - 7, 34, 14, _NONE, "legend none")),
            ]
        )  # fmt: skip
        self.height = self.legend.height + 20

    def draw(self, page: Page, x: float, y: float, high: float) -> None:  # noqa: ARG002
        self.legend.draw(page, x, y)
        how: dict[str, Any] = {"bold": True, "align": "center", "name": "break label"}
        page.text(x + self.middle, y + self.legend.height + 8, _BREAK_LABEL, WORD, **how)


class _Positions:
    """The words of the old scale above the bands."""

    def __init__(self, words: list[str]) -> None:
        self.step = _ZONE / max(len(words), 1)
        how: dict[str, Any] = {"align": "center", "name": "position"}
        self.words = [Words(word, self.step - 4, WORD, **how) for word in words]
        self.height = max((one.height for one in self.words), default=0) + 10

    def draw(self, page: Page, x: float, y: float, high: float) -> None:
        for n, words in enumerate(self.words):
            words.draw(page, x + 2 + n * self.step, y, high)


class _Band:
    """The range of a row with its words, its median, and its open ends."""

    height = 46.0

    def __init__(self, row: dict[Any, Any], words: list[str]) -> None:
        self.row, self.words = row, words

    def draw(self, page: Page, x: float, y: float, high: float) -> None:
        row, words, name = self.row, self.words, self.row["target_aspect_id"]
        step, mid = _ZONE / max(len(words), 1), y + high / 2
        top, bottom = mid - 17, mid + 17
        if row["worst"] not in words or row["best"] not in words:
            page.box(x, top, _ZONE, 34, _NONE, f"none {name}")
            page.text(x + _ZONE / 2, mid, row["verdict"], WORD, align="center", name="none")
            return
        if row["open"]:
            for edge in (top, bottom):
                ends = [(x - 8, edge), (x + _ZONE + 8, edge)]
                page.line(ends, f"open {name}", style=_DASHED, thick=1.1)
            for at, way in ((x - 8, "<"), (x + _ZONE + 8, ">")):
                page.marker(at, mid, way, INK, f"open end {name}", size=5)
        low, best = words.index(row["worst"]), words.index(row["best"])
        page.box(x + low * step, top, (best - low + 1) * step, 34, _BAND, f"band {name}")
        centre = x + (low + best + 1) / 2 * step
        page.text(centre, mid - 4, str(row["range"]), WORD, align="center", name="range")
        medians = dict.fromkeys([row["lower_median"], row["upper_median"]])
        places = [x + (words.index(word) + 0.5) * step for word in medians if word in words]
        for at in places:
            page.marker(at, bottom, "D", INK, f"median {name}", size=7)
        if len(places) == 2:
            how: dict[str, Any] = {"thick": 3, "colour": INK, "above": True}
            page.line([(at, bottom) for at in places], f"medians {name}", **how)


def _old_scale(comparison: pd.DataFrame, record: Record) -> list[str]:
    """The words of the old scale, the lowest first."""
    if isinstance(comparison["worst"].dtype, pd.CategoricalDtype):
        return list(comparison["worst"].cat.categories)
    return say.scale_with({*comparison["worst"].dropna(), *comparison["best"].dropna()}, record)


def _framework_of(aspects: set[str], record: Record) -> str:
    """The framework of aspects, where they are of one that the tables know."""
    known = record.table("aspects").merge(record.table("aspect_sets"), on="set_id")
    ids = known.loc[known["aspect_id"].isin(aspects), "framework_id"].unique()
    titles = record.table("frameworks").set_index("framework_id")["short_title"]
    return f", {titles[ids[0]]}" if len(ids) == 1 and ids[0] in titles else ""
