"""Maps of tiles: a tile for each Area of England and Wales, roughly where it lies, with its word.

All tiles are of one size, so that no Area speaks louder than another. What was not found is hatched
and says so; it is never the colour of a rating.
"""

from __future__ import annotations

from collections import Counter

import pandas as pd

from hmcpsi_data.guard import one_framework
from hmcpsi_data.pictures.counting import joined, plural, scale_of, sources
from hmcpsi_data.pictures.letters import LABEL, NOTE, width, wrap
from hmcpsi_data.pictures.looks import Look
from hmcpsi_data.pictures.page import MARGIN, WIDTH, Page, line, styled
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.tables import load
from hmcpsi_data.tiles import MISSING, tile_table
from hmcpsi_data.views import look_up
from hmcpsi_data.wording import SPEAKERS, Folder

__all__ = ["area_map"]

_CONTRADICTED = "contradicted"
# Where each Area stands: column and row, counted from the top left. The places are ours.
_OLD = {
    "northumbria": (3, 0),
    "cumbria": (2, 1), "durham": (3, 1), "cleveland": (4, 1),
    "lancashire": (2, 2), "west_yorkshire": (3, 2), "north_yorkshire": (4, 2), "humberside": (5, 2),
    "merseyside": (1, 3), "greater_manchester": (2, 3), "south_yorkshire": (3, 3),
    "nottinghamshire": (4, 3), "lincolnshire": (5, 3),
    "north_wales": (0, 4), "cheshire": (1, 4), "staffordshire": (2, 4), "derbyshire": (3, 4),
    "leicestershire": (4, 4), "cambridgeshire": (5, 4), "norfolk": (6, 4),
    "dyfed_powys": (0, 5), "west_mercia": (1, 5), "west_midlands": (2, 5), "warwickshire": (3, 5),
    "northamptonshire": (4, 5), "bedfordshire": (5, 5), "suffolk": (6, 5),
    "south_wales": (0, 6), "gwent": (1, 6), "gloucestershire": (2, 6), "thames_valley": (3, 6),
    "hertfordshire": (4, 6), "london": (5, 6), "essex": (6, 6),
    "avon_and_somerset": (1, 7), "wiltshire": (2, 7), "hampshire_and_isle_of_wight": (3, 7),
    "surrey": (4, 7), "sussex": (5, 7), "kent": (6, 7),
    "devon_and_cornwall": (0, 8), "dorset": (2, 8),
}  # fmt: skip
_NEW = {
    "north_east": (2, 0),
    "north_west": (1, 1), "yorkshire_and_humberside": (2, 1),
    "mersey_cheshire": (1, 2), "east_midlands": (2, 2),
    "cymru_wales": (0, 3), "west_midlands": (1, 3), "thames_and_chiltern": (2, 3),
    "london_north": (3, 3), "east_of_england": (4, 3),
    "south_west": (0, 4), "wessex": (1, 4), "london_south": (3, 4), "south_east": (4, 4),
}  # fmt: skip
_GAP = 6.0


def area_map(
    known: pd.DataFrame,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    source: str | None = None,
    folder: Folder = None,
) -> Picture:
    """A map of tiles with what is known of each Area under one framework.

    Parameters
    ----------
    known : pandas.DataFrame
        Rows of ``hmcpsi_data.coverage(framework)``, with the overall rating of each Area or, where
        the framework has none, its sections. Units that are no Areas are left out.
    title, subtitle, source : str, optional
        In place of those that the picture writes itself.
    folder : path, optional
        As for `load`.

    Returns
    -------
    Picture
        With 42 tiles for a framework of the Areas of 1999, with 14 for one of those since 2017. A
        rating that was derived says so; a contradicted one shows no rating.

    Raises
    ------
    FrameworkError
        Where the rows are of several frameworks.

    Examples
    --------
    >>> from hmcpsi_data import coverage
    >>> print(area_map(coverage("opa_2007")).words)
    OPA 2007, overall assessments of 42 Areas: Poor 2, Fair 3, Good 1; not found 35; contradicted \
1 (Essex), counted nowhere. Not found says nothing about an Area.
    """
    framework_id = one_framework(known)
    rows = _placed(known)
    aspects = dict(zip(rows["aspect_id"], rows["label"], strict=True))
    n = rows["area_id"].nunique()
    level = plural(rows["level"].iloc[0], 2) if len(rows) else "ratings"
    framework = known["framework"].iloc[0] if len(known) else "Nothing chosen"
    if len(rows):
        words = _in_words(rows, framework, level, n, scale_of(framework_id, folder))
        title = title or _headline(rows, framework, level)
    else:
        words = f"{framework}: no Area with an overall rating or sections to show."
        title = title or words.rstrip(".")
    absent = [word for word in (*MISSING.values(), _CONTRADICTED) if word in set(rows["word"])]
    subtitle = subtitle or (
        f"{level.capitalize()}, a tile for each of {n} Areas, roughly where it lies. "
        f"Hatched: {joined(absent) or 'nothing'}, which does not mean Poor."
    )
    rated = look_up(rows["rating_id"], "ratings", ["source_id"], folder)
    source = source or sources(rated.assign(n_sources=rows["n_sources"]), folder=folder)
    with styled():
        page = _draw(rows, aspects, (title, subtitle, source))
    frame = pd.DataFrame(
        {
            "Area": rows["area"],
            "Rated": rows["label"],
            "Known": rows["word"],
            "Basis": rows["basis"].str.replace("_", " ").fillna(""),
            "Said by": rows["speaker"].map(SPEAKERS).fillna(""),
        }
    ).sort_values("Area", kind="stable")
    if len(aspects) == 1:
        frame = frame.drop(columns="Rated")
    table = tile_table(frame, title, "", source, tiles=("Known",), row_headers=1)
    return Picture(page.figure, title, subtitle, words, table, source)


def _placed(known: pd.DataFrame) -> pd.DataFrame:
    """The rows that the map shows, with the place and the word of each."""
    rows = known[known["kind"].eq("area")]
    levels = set(rows["level"])
    rows = rows[rows["level"].eq("overall" if "overall" in levels else "section")]
    old = rows["area_id"].str.endswith("_1999").mean() > 0.5 if len(rows) else False
    places = _OLD if old else _NEW
    stems = rows["area_id"].str.replace(r"_\d{4}$", "", regex=True)
    if "london_north" not in set(stems):
        places = {"london": _NEW["london_north"]} | places  # one Area until 2017
    rows = rows[stems.isin(places)]
    words = rows["rating"].where(rows["status"].isin(["stated", "derived"]))
    words = words.fillna(rows["status"].map(MISSING | {_CONTRADICTED: _CONTRADICTED}))
    return rows.assign(word=words, place=stems.map(places))


def _in_words(rows: pd.DataFrame, framework: str, level: str, n: int, scale: list[str]) -> str:
    counts = Counter(rows["word"])
    rated = ", ".join(f"{word} {counts[word]}" for word in scale if counts[word]) or "none rated"
    parts = [rated, *(f"{word} {counts[word]}" for word in MISSING.values() if counts[word])]
    if counts[_CONTRADICTED]:
        names = joined(rows.loc[rows["word"] == _CONTRADICTED, "area"])
        parts.append(f"contradicted {counts[_CONTRADICTED]} ({names}), counted nowhere")
    derived = int(rows["status"].eq("derived").sum())
    parts += [f"{derived} of the ratings derived"] if derived else []
    about = "overall assessments" if level == "overall assessments" else level
    return (
        f"{framework}, {about} of {n} Areas: {'; '.join(parts)}. "
        "Not found says nothing about an Area."
    )


def _headline(rows: pd.DataFrame, framework: str, level: str) -> str:
    """How many Areas are known in full, of those of which there may be something to find."""
    rows = rows[rows["status"].ne("not_applicable")]
    known = rows["status"].isin(["stated", "derived"]).groupby(rows["area_id"])
    whole, part = int(known.all().sum()), int((known.any() & ~known.all()).sum())
    every = "all " if rows["aspect_id"].nunique() > 1 else ""
    some = f", some of {part} more" if part else ""
    return f"{framework}: {every}{level} of {whole} of {known.ngroups} Areas are known{some}"


def _draw(rows: pd.DataFrame, aspects: dict[str, str], texts: tuple[str, str, str]) -> Page:
    places = [*rows["place"]] or [(0, 0)]
    across = max(x for x, _ in places) + 1
    down = max(y for _, y in places) + 1
    wide = (WIDTH - 2 * MARGIN + _GAP) / across - _GAP
    bar = 26.0
    names = {area: wrap(area, wide - 4, NOTE) for area in rows["area"].unique()}
    head = max((len(lines) for lines in names.values()), default=1) * line(NOTE) + 6
    high = head + len(aspects) * (bar + 2) + 2
    page = Page(*texts, down * (high + _GAP))
    for area, of_area in rows.groupby("area_id", sort=False):
        column, row = of_area["place"].iloc[0]
        x, y = MARGIN + column * (wide + _GAP), page.top + row * (high + _GAP)
        page.box(x, y, wide, high, Look(), f"area {area}")
        name = of_area["area"].iloc[0]
        page.block(x + wide / 2, y + head / 2, names[name], NOTE, align="center", name="name")
        for place, (aspect, label) in enumerate(aspects.items()):
            found = of_area[of_area["aspect_id"] == aspect]
            if found.empty:
                continue
            top = y + head + place * (bar + 2)
            word, derived = found["word"].iloc[0], found["status"].iloc[0] == "derived"
            left = x + 2
            if len(aspects) > 1:
                short = _short(label)
                page.text(left + 2, top + bar / 2, short, NOTE, name="aspect")
                left += wide * 0.45
            size = NOTE if len(aspects) > 1 or derived else LABEL - 1
            size = size if width(word, size) < x + wide - 10 - left else NOTE - 2.5
            page.tile(left, top, x + wide - 2 - left, bar, word, size)
            if derived:
                page.text(x + wide - 8, top + 5, "derived", NOTE - 3, align="right", name="derived")
    return page


def _short(label: str) -> str:
    """A section by the word that tells it apart."""
    named = {"people": "CPS people", "casework": "Casework", "confidence": "Confidence"}
    low = label.casefold()
    return next((short for word, short in named.items() if word in low), label.split()[-1].title())


def areas_missing_from_maps() -> list[str]:
    """Areas that no map has a place for; there are none.

    Examples
    --------
    >>> areas_missing_from_maps()
    []
    """
    areas = load("areas")
    ids = areas.loc[areas["kind"] == "area", "area_id"]
    known = {f"{one}_1999" for one in _OLD} | {f"{one}_2011" for one in _NEW}
    known |= {"london_north_2017", "london_south_2017"}
    return [one for one in ids if one not in known]
