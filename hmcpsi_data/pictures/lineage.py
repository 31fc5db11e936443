"""Areas through time: from 42 to 13 to 14, family by family."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
from matplotlib.figure import Figure

from hmcpsi_data.area import resolve
from hmcpsi_data.palette import INK, OUTLINE
from hmcpsi_data.pictures.counting import joined
from hmcpsi_data.pictures.letters import LABEL, NOTE, WORD, width
from hmcpsi_data.pictures.page import MARGIN, WIDTH, Page, styled
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.tiles import TileTable, tile_table
from hmcpsi_data.wording import Folder, counted

__all__ = ["lineage_picture"]

_STYLES = {"seen_verbatim": "-", "secondary": (0, (6, 2.5)), "same": (0, (1.2, 2))}
_LEGEND = {
    "seen_verbatim": "named in a source",
    "secondary": "by elimination or at second hand",
    "same": "the same Area goes on",
}
_ROW, _FAMILY_GAP = 20.0, 8.0
_LINE, _QUIET = "#12436D", "#8C8C8C"


def lineage_picture(
    areas: pd.DataFrame,
    lineage: pd.DataFrame,
    area: str | None = None,
    *,
    whole: bool = True,
    title: str | None = None,
    subtitle: str | None = None,
    source: str | None = None,
    folder: Folder = None,
) -> Picture:
    """A column for each day on which Areas began, and a line from each Area to what became of it.

    Parameters
    ----------
    areas, lineage : pandas.DataFrame
        The tables ``areas`` and ``area_lineage``.
    area : str, optional
        An Area, by identifier or name, whose family stands out.
    whole : bool
        Whether the other families are drawn as well.
    title, subtitle, source : str, optional
        In place of those that the picture writes itself.
    folder : path, optional
        As for `hmcpsi_data.load`; for other names of Areas.

    Returns
    -------
    Picture

    Raises
    ------
    UnknownValueError, AmbiguousAreaError
        Where the Area is not known, or several bear its name.

    Examples
    --------
    >>> from hmcpsi_data import load
    >>> lineage_picture(load("areas"), load("area_lineage")).title
    '42 Areas became 13, then 14'
    """
    areas = areas[areas["kind"] == "area"]
    names = dict(zip(areas["area_id"], areas["name"], strict=True))
    if area is not None and area not in names:
        area = resolve(area, folder)
    columns = _columns(areas, names)
    links = _links(lineage, columns)
    families = _families(columns, links)
    counts = {day: len(column) for day, column in columns.items()}
    chosen = next((family for family in families if area in family), None)
    title = title or _headline(area, names, lineage, counts)
    heads = [(f"{counts[day]} Areas", _since(areas, day)) for day in columns]
    words = _in_words(heads, chosen, columns, names)
    if chosen and not whole:
        families = [chosen]
    subtitle = subtitle or (
        "Areas of the Crown Prosecution Service by the day from which they stood; "
        "a renaming makes no new Area."
    )
    source = source or "Sources: pair by pair in the table area_lineage."
    with styled():
        texts = (title, subtitle, source)
        figure = _draw(columns, links, families, chosen, names, heads, texts)
    shown = {key for family in families for key in family}
    table = _table(lineage[lineage["predecessor_id"].isin(shown)], names, title, source)
    return Picture(figure, title, subtitle, words, table, source)


def _columns(areas: pd.DataFrame, names: dict[str, str]) -> dict[str, list[str]]:
    """The Areas in being from each day on which Areas began, by name."""
    columns = {}
    ends = areas["valid_to"].fillna("9999")
    for day in sorted(areas["valid_from"].dropna().unique()):
        there = areas["area_id"][(areas["valid_from"] <= day) & (ends >= day)]
        columns[day] = sorted(there, key=lambda key: (names[key].casefold(), key))
    return columns


def _links(lineage: pd.DataFrame, columns: dict[str, list[str]]) -> list[tuple[int, str, str, str]]:
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


def _families(
    columns: dict[str, list[str]], links: list[tuple[int, str, str, str]]
) -> list[set[str]]:
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
    """A day, as precise as it is known, and how precise that is."""
    precision = areas.loc[areas["valid_from"] == day, "valid_from_precision"].iloc[0]
    length = {"year": 4, "month": 7}.get(precision, 10)
    return f"from {day[:length]} (known to the {precision})"


def _headline(
    area: str | None, names: dict[str, str], lineage: pd.DataFrame, counts: dict[str, int]
) -> str:
    if area is None:
        first, *rest = counts.values() or [0]
        became = f" became {', then '.join(map(str, rest))}" if rest else ""
        return f"{first} Areas{became}"
    came = lineage.loc[lineage["successor_id"] == area, "predecessor_id"].tolist()
    went = lineage.loc[lineage["predecessor_id"] == area, "successor_id"].tolist()
    parts = []
    if came:
        one = f"came from {names.get(came[0], came[0])}"
        parts.append(one if len(came) == 1 else f"was made of {len(came)} Areas")
    if len(went) == 1:
        others = int((lineage["successor_id"] == went[0]).sum()) - 1
        beside = f", with {counted(others, 'other')}" if others else ""
        parts.append(f"went into {names.get(went[0], went[0])}{beside}")
    elif went:
        parts.append(f"was divided into {joined(names.get(key, key) for key in went)}")
    return f"{names[area]} {' and '.join(parts) or 'stands alone'}"


def _in_words(
    heads: list[tuple[str, str]],
    chosen: set[str] | None,
    columns: dict[str, list[str]],
    names: dict[str, str],
) -> str:
    told = f"{joined(f'{many} {since}' for many, since in heads)}."
    if chosen is None:
        return told
    parts = []
    for (_, since), column in zip(heads, columns.values(), strict=True):
        there = [names[key] for key in column if key in chosen]
        if there:
            parts.append(f"{since}, {len(there)}: {', '.join(there)}")
    return f"{told} Of this family {'; '.join(parts)}."


def _table(rows: pd.DataFrame, names: dict[str, str], title: str, source: str) -> TileTable:
    frame = pd.DataFrame(
        {
            "Area": [names.get(key, key) for key in rows["predecessor_id"]],
            "Became": [names.get(key, key) for key in rows["successor_id"]],
            "Date": rows["date"].tolist(),
            "Known to the": rows["date_precision"].tolist(),
            "Event": rows["event"].tolist(),
            "Pair": [_LEGEND.get(known, known) for known in rows["quality"]],
        }
    )
    return tile_table(frame, title, "", source)


def _draw(
    columns: dict[str, list[str]],
    links: list[tuple[int, str, str, str]],
    families: list[set[str]],
    chosen: set[str] | None,
    names: dict[str, str],
    heads: list[tuple[str, str]],
    texts: tuple[str, str, str],
) -> Figure:
    legend, head = 32, 48
    most = [max(len(family.intersection(c)) for c in columns.values()) for family in families]
    tall = [n * _ROW + _FAMILY_GAP for n in most]
    page = Page(*texts, legend + head + sum(tall))
    _legend(page)
    step = (WIDTH - 2 * MARGIN) / max(len(columns), 1) + 26
    lefts = [MARGIN + n * step for n in range(len(columns))]
    for x, (many, since) in zip(lefts, heads, strict=True):
        page.text(x, page.top + legend + 10, many, LABEL, bold=True, name="head")
        page.text(x, page.top + legend + 28, since, NOTE, name="head")
    places: dict[tuple[int, str], float] = {}
    y = page.top + legend + head
    bold = chosen or set()
    for n, family in enumerate(families):
        colour = INK if chosen is None or family is chosen else OUTLINE
        for column, keys in enumerate(columns.values()):
            own = [key for key in keys if key in family]
            for place, key in enumerate(own):
                mid = y + (tall[n] - _FAMILY_GAP) * (place + 0.5) / len(own)
                places[column, key] = mid
                page.text(
                    lefts[column], mid, names[key], bold=key in bold, colour=colour, name="area"
                )
        y += tall[n]
    for column, old, new, known in links:
        if (column, old) in places:
            start = lefts[column] + width(names[old], LABEL, old in bold) + 6
            ours = chosen is None or old in bold
            page.curve(
                (start, places[column, old]), (lefts[column + 1] - 6, places[column + 1, new]),
                f"link {known} {old} {new}", style=_STYLES.get(known, "-"),
                thick=2.0 if old in bold else 1.2, colour=_LINE if ours else _QUIET,
            )  # fmt: skip
    return page.figure


def _legend(page: Page) -> None:
    x = float(MARGIN)
    for known, words in _LEGEND.items():
        y = page.top + 8
        page.line([(x, y), (x + 40, y)], f"legend {known}", style=_STYLES[known], colour=_LINE)
        page.text(x + 48, y, words, WORD, name="legend")
        x += 48 + width(words, WORD) + 24
