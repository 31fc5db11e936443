"""The crosswalk as a picture, and ratings translated by it beside the new ones.

Links have one width, since a share is a pair of bounds and no quantity; their line style says what
they are. Nothing is said to rise or fall: a new rating lies inside the old range or it does not.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from hmcpsi_data.errors import HmcpsiError, UnknownValueError
from hmcpsi_data.method.compare import VERDICT_WORDS, compare
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.palette import INK, Look, look
from hmcpsi_data.pictures import sentences as say
from hmcpsi_data.pictures.letters import LABEL, NOTE, WORD, line, width, wrap
from hmcpsi_data.pictures.page import (
    LINK,
    MARGIN,
    QUIET,
    WIDTH,
    Cell,
    Legend,
    Page,
    Row,
    Sheet,
    Tile,
    Words,
    lines_told,
)  # fmt: skip
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import RELATIONS, count_of

__all__ = ["crosswalk_picture", "interval_picture"]

_STYLES: dict[str, Any] = dict(
    zip(RELATIONS, ("-", (0, (6, 2.5)), (0, (8, 2, 1.5, 2)), (0, (1.2, 1.6)), (0, (1.2, 5))),
        strict=True)
)  # fmt: skip
_ABSENT = {
    "no_counterpart": "no counterpart",
    "undetermined": "undetermined",
    "remainder": "part of it has no counterpart",
    "": "not declared",
}
_LABEL, _THICK, _FAN, _TAG = 290, 1.7, 5.0, line(NOTE) + 6
_LEFTS = (MARGIN, WIDTH - MARGIN - _LABEL)
_PAIR = [
    "source_set", "target_set", "source_aspect_id", "target_aspect_id", "status", "relation",
    "confidence",
]  # fmt: skip


def crosswalk_picture(
    crosswalk: Crosswalk | pd.DataFrame | tuple[str, str],
    *,
    aspect: str | None = None,
    record: RecordLike = None,
) -> Picture:
    """Two columns of aspects, in the order as printed, and the links between them.

    Parameters
    ----------
    crosswalk : Crosswalk, pandas.DataFrame or tuple of str
        A `hmcpsi_data.Crosswalk`, its rows, or the old and the new set.
    aspect : str, optional
        An aspect of either set whose links stand out from the others.
    record : Record or path, optional

    Raises
    ------
    HmcpsiError
        Where the rows are of several pairs of sets, or the aspect belongs to neither.

    Examples
    --------
    >>> crosswalk_picture(("opa_2005", "aap_2016_east_midlands")).title
    'Of 14 old aspects, 2 equal a new one and 5 have no counterpart'
    """
    record = as_record(record)
    if isinstance(crosswalk, tuple) and len(crosswalk) == 2:
        crosswalk = Crosswalk.load(*crosswalk, record=record)
    elif not isinstance(crosswalk, Crosswalk):
        rows = say.need(crosswalk, _PAIR, "Crosswalk.load(source, target)")
        pairs = rows[["source_set", "target_set"]].drop_duplicates()
        if len(pairs) > 1:
            told = "; ".join(f"{a} to {b}" for a, b in pairs.itertuples(index=False))
            raise HmcpsiError(f"A picture shows one pair of sets; these are several: {told}.")
        crosswalk = Crosswalk.from_frame(rows, record=record)
    aspects = [*crosswalk.labels[0], *crosswalk.labels[1]]
    if aspect is not None and str(aspect) not in aspects:
        raise UnknownValueError("aspect", aspect, aspects, 'load("aspects")')
    drawn = _Links(crosswalk, aspect)
    return Picture(
        title=drawn.headline(),
        subtitle=f"From: {drawn.names[0]}. To: {drawn.names[1]}. The length of a link means "
        "nothing.",
        source="The links are this project's judgement; the data justify each in a sentence.",
        words=drawn.sentences(),
        table=drawn.frame(),
        body=drawn,
        record=record,
    )


class _Links:
    """The aspects of two sets, where they stand, and what joins them."""

    width = WIDTH

    def __init__(self, crosswalk: Crosswalk, aspect: str | None) -> None:
        self.rows = crosswalk.to_frame()[_PAIR[2:]].astype("string").fillna("")
        self.aspect = aspect
        self.names = crosswalk.titles if len(self.rows) else ("nothing", "nothing")
        ends = (self.rows["source_aspect_id"], self.rows["target_aspect_id"])
        self.sides = [
            labels | {key: key for key in used if key and key not in labels}
            for labels, used in zip(crosswalk.labels, ends, strict=True)
        ]
        self.labels = self.sides[0] | self.sides[1]
        cells = zip(*ends, self.rows["relation"], strict=True)
        self.links = [(old, new, relation) for old, new, relation in cells if old and new]
        linked = {key for old, new, _ in self.links for key in (old, new)}
        self.absent = {key: _ABSENT[""] for key in self.labels if key not in linked} | {
            old or new: _ABSENT.get(status, status)
            for old, new, status in zip(*ends, self.rows["status"], strict=True)
            if not (old and new)
        }
        self.bold = {aspect}.union(*({a, b} for a, b, _ in self.links if aspect in (a, b)))
        self.lines = {key: wrap(s, _LABEL, bold=key in self.bold) for key, s in self.labels.items()}
        self.high = {
            key: len(lines) * line(LABEL) + _TAG * (key in self.absent) + 17
            for key, lines in self.lines.items()
        }
        used = {relation for *_, relation in self.links}
        told = {k: v for k, v in RELATIONS.items() if k != "undetermined" or k in used}
        self.legend = lines_told(told, _STYLES, _THICK)
        self.heads = [Words(name, _LABEL, WORD, bold=True, name="set") for name in self.names]
        self.head = self.legend.height + max(head.height for head in self.heads) + 12
        self.tall = max(sum(self.high[key] for key in side) for side in self.sides)
        self.height = self.head + self.tall

    def headline(self) -> str:
        if not self.sides[0]:
            return "No crosswalk is chosen"
        linked = {old for old, _, _ in self.links}
        alone = sum(key not in linked for key in self.sides[0])
        equal = sum(relation == "equal" for *_, relation in self.links)
        equals, have = "equals" if equal == 1 else "equal", "has" if alone == 1 else "have"
        old = count_of(len(self.sides[0]), "old aspect")
        return f"Of {old}, {equal} {equals} a new one and {alone} {have} no counterpart"

    def sentences(self) -> tuple[str, ...]:
        n = Counter(relation for *_, relation in self.links)
        parts = ", ".join(f"{n[key]} {words}" for key, words in RELATIONS.items() if n[key])
        new = count_of(len(self.sides[1]), "new aspect")
        said = f"{count_of(len(self.links), 'link')} from {len(self.sides[0])} old to {new}"
        told = [f"{said}: {parts}." if parts else f"{said}."]
        for side, name in zip(self.sides, ("old", "new"), strict=True):
            for words in dict.fromkeys(self.absent.values()):
                found = [label for key, label in side.items() if self.absent.get(key) == words]
                if found:
                    listing = ", ".join(found)
                    told.append(f"{words.capitalize()}, {name} side, {len(found)}: {listing}.")
        return tuple(told)

    def frame(self) -> pd.DataFrame:
        relations = zip(self.rows["relation"], self.rows["status"], strict=True)
        return pd.DataFrame(
            {
                "Old": [self.labels.get(key, "") for key in self.rows["source_aspect_id"]],
                "Relation": [RELATIONS.get(one) or _ABSENT.get(s, s) for one, s in relations],
                "New": [self.labels.get(key, "") for key in self.rows["target_aspect_id"]],
                "Confidence": self.rows["confidence"].tolist(),
            }
        )

    def draw(self, page: Page) -> None:
        self.legend.draw(page, MARGIN, page.top)
        middles: dict[str, float] = {}
        for side, head, left in zip(self.sides, self.heads, _LEFTS, strict=True):
            head.draw(page, left, page.top + self.legend.height, head.height)
            y = page.top + self.head
            slack = (self.tall - sum(self.high[key] for key in side)) / max(len(side), 1)
            for key in side:
                middles[key] = y + (self.high[key] - 9 + slack) / 2
                self._place(page, left, middles[key], key)
                y += self.high[key] + slack
        ends: list[dict[tuple[str, str], float]] = [{}, {}]
        for n in (0, 1):  # the links of an aspect leave it side by side, in the order of their ends
            for key in {link[n] for link in self.links}:
                own = [link for link in self.links if link[n] == key]
                own.sort(key=lambda link: middles[link[1 - n]])
                for place, link in enumerate(own):
                    off = (place - (len(own) - 1) / 2) * _FAN
                    ends[n][link[0], link[1]] = middles[key] + off
        for old, new, relation in self.links:
            ours = self.aspect in (None, old, new)
            start, end = (
                (_LEFTS[0] + _LABEL + 8, ends[0][old, new]),
                (_LEFTS[1] - 8, ends[1][old, new]),
            )
            style = _STYLES.get(relation, _STYLES["undetermined"])
            colour, above = LINK if ours else QUIET, self.aspect is not None and ours
            page.curve(start, end, f"link {relation} {old} {new}", style, _THICK, colour, above)

    def _place(self, page: Page, left: float, mid: float, key: str) -> None:
        """A label, and below it a hatched tag that says what it lacks."""
        lines, tag = self.lines[key], self.absent.get(key)
        mid -= _TAG / 2 if tag else 0
        page.block(left, mid, lines, bold=key in self.bold, name="label")
        if tag:
            y, drawn = mid + len(lines) * line(LABEL) / 2 + 2, Look(hatch="///", dashed=True)
            page.box(left, y, width(tag, NOTE) + 12, line(NOTE) + 2, drawn, f"tag {tag}")
            page.text(left + 6, y + line(NOTE) / 2 + 1, tag, NOTE, name="absent")


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
        title=_verdicts(rows),
        subtitle="Band: from the worst to the best of the old ratings that a new aspect is linked "
        f"to. Diamond: their median.{known}",
        source=caveat or "Translated by a crosswalk, which is a judgement.",
        words=tuple(filter(None, (f"{each or 'Nothing is shown'}.", caveat))),
        table=_compared(rows),
        body=_bands(rows, _old_scale(comparison, record), new, record),
        tiles=("New rating",),
        record=record,
    )


def _between(low: str | None, high: str | None) -> str | None:
    return low if low == high else f"{low} to {high}"


def _verdicts(rows: list[dict[Any, Any]]) -> str:
    if not rows:
        return "Nothing is compared"
    n = Counter(row["verdict"] for row in rows)
    order = dict.fromkeys([*(v for v in VERDICT_WORDS.values() if v in n), *n])
    parts = ", ".join(f"{n[verdict]} {verdict}" for verdict in order)
    return f"Of {count_of(len(rows), 'new aspect')}: {parts}"


def _compared(rows: list[dict[Any, Any]]) -> pd.DataFrame:
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


def _bands(rows: list[dict[Any, Any]], scale: list[str], new: str, record: Record) -> Sheet:
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
