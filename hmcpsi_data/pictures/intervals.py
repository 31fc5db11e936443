"""Translated old ratings as intervals of words, and beside them, behind a break, the new ones.

The two stand on two scales. The picture never says that anything rose or fell: it says whether the
word of the new rating lies inside the range of the old words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from hmcpsi_data.comparing import VERDICT_WORDS
from hmcpsi_data.palette import INK
from hmcpsi_data.pictures.counting import scale_of
from hmcpsi_data.pictures.letters import LABEL, NOTE, WORD, width, wrap
from hmcpsi_data.pictures.links import RELATIONS
from hmcpsi_data.pictures.looks import Look
from hmcpsi_data.pictures.page import MARGIN, WIDTH, Page, line, styled
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.tiles import tile_table
from hmcpsi_data.views import aspects
from hmcpsi_data.wording import Folder, counted

__all__ = ["interval_picture"]

_BAND = Look(fill="#DCE6F0")
_NONE = Look(hatch="///", edge="--")
_SIDE, _ZONE, _GUTTER, _TILE = 230.0, 332.0, 40.0, 92.0
_DASHED = (0, (4, 2.5))
_BREAK_LABEL = "other criteria, other scale: not a trend"
_ABSENT = "not found"
_NO_NEW = "no new rating"


def interval_picture(
    comparison: pd.DataFrame,
    *,
    scale: Sequence[str] | None = None,
    old: str = "Old ratings, translated",
    new: str | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    source: str | None = None,
    folder: Folder = None,
) -> Picture:
    """For each new aspect the range of the old ratings that lead to it, and its own rating.

    Parameters
    ----------
    comparison : pandas.DataFrame
        What `compare` returns.
    scale : sequence of str, optional
        The words of the old scale, the lowest first; otherwise those of the column `worst`, of the
        framework in the column `framework_id`, or of the palette.
    old, new : str, optional
        What stands above the two sides.
    title, subtitle, source : str, optional
        In place of those that the picture writes itself; the caveat of the table is the source.
    folder : path, optional
        As for `hmcpsi_data.load`; for titles, scales and sources.

    Returns
    -------
    Picture
        A range that may be wider, since not all ratings are known, is drawn open-ended.

    Examples
    --------
    >>> from hmcpsi_data.comparing import compare
    >>> picture = interval_picture(compare())
    >>> picture.title
    'Of 7 new aspects: 5 inside the old range, 2 below the old range'
    """
    words = list(scale) if scale is not None else _scale(comparison, folder)
    rows = comparison.astype(object).where(comparison.notna(), None).to_dict("records")
    for row in rows:
        row["verdict"] = VERDICT_WORDS.get(row["verdict"], row["verdict"]) or _NO_NEW
    caveat = _caveat(rows)
    title = title or _headline(rows)
    told = (str(row["known_predecessors"]) for row in rows if row.get("known_predecessors"))
    known = ", ".join(dict.fromkeys(told))
    subtitle = subtitle or (
        "Band: from the worst to the best of the old ratings that a new aspect is linked to. "
        f"Diamond: their median.{f' Old Areas known: {known}.' if known else ''}"
    )
    source = source or caveat or "Translated by a crosswalk, which is a judgement."
    with styled():
        figure = _draw(rows, words, (old, new or _new(rows, folder)), (title, subtitle, source))
    told = _in_words(rows, caveat)
    frame = pd.DataFrame(
        [
            {
                "New aspect": row["target"],
                "Old range": _range(row) or row["verdict"],
                "Median": _between(row.get("lower_median"), row.get("upper_median")) or "",
                "Open": "yes" if row.get("open") else "no",
                "New rating": row.get("observed") or _ABSENT,
                "Verdict": row["verdict"],
                "Links": row.get("n_links"),
                "Relation": _related(row.get("relation") or ""),
                "Confidence": row.get("confidence") or "",
            }
            for row in rows
        ]
    )
    table = tile_table(frame, title, "", source, tiles=("New rating",))
    return Picture(figure, title, subtitle, told, table, source)


def _related(relations: str) -> str:
    """Relations in the words of the crosswalk picture."""
    named = [RELATIONS[one][0] if one in RELATIONS else one for one in relations.split("; ")]
    return "; ".join(named)


def _scale(comparison: pd.DataFrame, folder: Folder) -> list[str]:
    if isinstance(comparison["worst"].dtype, pd.CategoricalDtype):
        return list(comparison["worst"].cat.categories)
    ids = comparison.get("framework_id", pd.Series(dtype=object)).dropna().unique()
    palette = ["Poor", "Fair", "Good", "Excellent"]
    return [word for word in scale_of(ids[0], folder) if word] if len(ids) == 1 else palette


def _new(rows: list[dict], folder: Folder) -> str:
    """The heading of the new side: its framework, where the tables know it."""
    ids = {row["target_aspect_id"] for row in rows}
    known = aspects(folder=folder)
    names = known.loc[known["aspect_id"].isin(ids), "framework"].unique()
    return f"New ratings, {names[0]}" if len(names) == 1 else "New ratings"


def _between(low: str | None, high: str | None) -> str | None:
    return low if low == high else f"{low} to {high}"


def _range(row: dict) -> str | None:
    """The old range in words; nothing where there is none."""
    told = _between(row.get("worst"), row.get("best"))
    return f"{told} (open)" if told and row.get("open") else told


def _caveat(rows: list[dict]) -> str:
    """The caveats of all rows; one that another begins with is said once."""
    told = dict.fromkeys(row["caveat"] for row in rows if row.get("caveat"))
    return " ".join(
        text for text in told if not any(o != text and o.startswith(text) for o in told)
    )


def _headline(rows: list[dict]) -> str:
    if not rows:
        return "Nothing is compared"
    n = Counter(row["verdict"] for row in rows)
    order = [verdict for verdict in VERDICT_WORDS.values() if verdict in n]
    order += [verdict for verdict in n if verdict not in order]
    parts = ", ".join(f"{n[verdict]} {verdict}" for verdict in order)
    return f"Of {counted(len(rows), 'new aspect')}: {parts}"


def _in_words(rows: list[dict], caveat: str) -> str:
    each = [
        f"{row['target']}: old {_range(row) or 'none'}, new {row.get('observed') or _ABSENT}"
        for row in rows
    ]
    return " ".join(part for part in (f"{_headline(rows)}.", f"{'; '.join(each)}.", caveat) if part)


def _draw(
    rows: list[dict], words: list[str], heads: tuple[str, str], texts: tuple[str, str, str]
) -> Figure:
    start = MARGIN + _SIDE + 14
    middle = start + _ZONE + _GUTTER / 2
    tile = middle + _GUTTER / 2
    room = WIDTH - MARGIN - tile - _TILE - 12
    labels = [wrap(row["target"], _SIDE) for row in rows]
    verdicts = [wrap(row["verdict"], room, WORD) for row in rows]
    heights = [
        max(46, len(one) * line(LABEL) + 8, len(two) * line(WORD) + 8)
        for one, two in zip(labels, verdicts, strict=True)
    ]
    step = _ZONE / max(len(words), 1)
    sides = [(start, _ZONE, heads[0]), (tile, _TILE + 12 + room, heads[1])]
    above = [wrap(text, wide, WORD, True) for _, wide, text in sides]
    positions = [wrap(word, step - 4, WORD) for word in words]
    tall = [max(map(len, lines), default=0) * line(WORD) for lines in (above, positions)]
    legend, head = 30, 40 + sum(tall)
    page = Page(*texts, legend + head + sum(heights) + 8 * len(heights))
    _legend(page)
    top = page.top + legend
    page.text(middle, top + 8, _BREAK_LABEL, WORD, bold=True, align="center", name="break label")
    page.line([(middle, top + 20), (middle, page.bottom)], "break", style=(0, (5, 4)), thick=1.4)
    for (x, *_), lines in zip(sides, above, strict=True):
        page.block(x, top + 26 + tall[0] / 2, lines, WORD, bold=True, name="side")
    for n, lines in enumerate(positions):
        x, y = start + (n + 0.5) * step, top + head - 8 - tall[1] / 2
        page.block(x, y, lines, WORD, align="center", name="position")
    y = top + head
    for row, label, verdict, high in zip(rows, labels, verdicts, heights, strict=True):
        page.block(MARGIN, y + high / 2, label, name="label")
        _interval(page, row, words, start, y, high)
        page.tile(tile, y + (high - 30) / 2, _TILE, 30, row.get("observed") or _ABSENT)
        page.block(tile + _TILE + 12, y + high / 2, verdict, WORD, name="verdict")
        y += high + 8
    return page.figure


def _interval(page: Page, row: dict, words: list[str], start: float, y: float, high: float) -> None:
    """The band of a row, its words, its median, and its open ends."""
    step = _ZONE / max(len(words), 1)
    mid, tall = y + high / 2, 34.0
    top = mid - tall / 2
    name = row["target_aspect_id"]
    if row.get("worst") not in words or row.get("best") not in words:
        page.box(start, top, _ZONE, tall, _NONE, f"none {name}")
        page.text(start + _ZONE / 2, mid, row["verdict"], WORD, align="center", name="none")
        return
    if row.get("open"):
        for edge in (top, top + tall):
            ends = [(start - 8, edge), (start + _ZONE + 8, edge)]
            page.line(ends, f"open {name}", style=_DASHED, thick=1.1)
        for x, way in ((start - 8, "<"), (start + _ZONE + 8, ">")):
            page.marker(x, mid, way, INK, f"open end {name}", size=5)
    low, best = words.index(row["worst"]), words.index(row["best"])
    page.box(start + low * step, top, (best - low + 1) * step, tall, _BAND, f"band {name}")
    medians = dict.fromkeys([row.get("lower_median"), row.get("upper_median")])
    places = [start + (words.index(word) + 0.5) * step for word in medians if word in words]
    told = _between(row["worst"], row["best"])
    centre = start + (low + best + 1) / 2 * step
    page.text(centre, mid - 4, told, WORD, align="center", name="range")
    for x in places:
        page.marker(x, top + tall, "D", INK, f"median {name}", size=7)
    if len(places) == 2:
        ends = [(x, top + tall) for x in places]
        page.line(ends, f"medians {name}", thick=3, colour=INK, above=True)


def _legend(page: Page) -> None:
    x, y = float(MARGIN), page.top + 8
    page.box(x, y - 7, 34, 14, _BAND, "legend band")
    x = _say(page, x + 42, y, "range of old ratings")
    page.marker(x + 5, y, "D", INK, "legend median", size=7)
    x = _say(page, x + 18, y, "median, or both ends of it")
    for edge in (y - 6, y + 6):
        page.line([(x, edge), (x + 34, edge)], "legend open", style=_DASHED, thick=1.1)
    x = _say(page, x + 42, y, "open: not all old ratings known")
    page.box(x, y - 7, 34, 14, _NONE, "legend none")
    _say(page, x + 42, y, "no old rating")


def _say(page: Page, x: float, y: float, words: str) -> float:
    page.text(x, y, words, NOTE, name="legend")
    return x + width(words, NOTE) + 20
