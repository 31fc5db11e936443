"""Tiles with the word in each: aspects by inspection, and a map of Areas."""

from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from hmcpsi_data.errors import FrameworkError
from hmcpsi_data.method.scales import require_one_framework
from hmcpsi_data.palette import Look
from hmcpsi_data.pictures import paper
from hmcpsi_data.pictures import wording as say
from hmcpsi_data.pictures.picture import Picture, nothing
from hmcpsi_data.record.joins import look_up, scales
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import BASES, MISSING, PLURALS, SPEAKERS, count_of, listed

_RATED = [
    "inspection_id", "area", "framework_id", "framework", "set_id", "aspect_id", "level", "rating",
]  # fmt: skip

_NARROWEST, _WIDEST, _GUTTER, _LABEL, _HALF = 84.0, 220.0, 56.0, 300.0, 400.0


def tile_matrix(ratings: pd.DataFrame, *, record: RecordLike = None) -> Picture:
    """Ratings of one framework: aspects down, in the order as printed, inspections across.

    The ratings are rows of `hmcpsi_data.ratings`; those of several frameworks, which have no common
    order, are refused. What is missing is hatched and says why. Counts are out of all aspects of
    the framework. `record` is another data folder than the shipped one; so for all pictures.

    >>> from hmcpsi_data import ratings
    >>> tile_matrix(ratings("Leicestershire", "opa_2005", rating="Poor")).title
    'Leicestershire: 1 of 14 aspects Poor; 13 not shown'
    """
    record = as_record(record)
    rows = say.need(ratings, _RATED, "ratings()")
    framework_id = require_one_framework(rows)
    if rows.empty:
        return nothing(record)
    framework, scale = str(rows["framework"].iloc[0]), record.once(scales).get(framework_id, [])
    tiles, drawn = _tiles(rows, record)
    n = rows["inspection_id"].nunique()
    who, parts = str(tiles["heading"].iloc[0]) if n == 1 else f"{n} inspections", []
    for (_, level), part in tiles.groupby(["set_id", "level"], sort=False):
        what = say.plural(str(level), len(part) if n == 1 else 2)
        told = say.counts(part["word"], scale, what if n == 1 else f"ratings of {what}")
        if n == 1 and level == "overall":
            told = f"overall {listed(part['word'].tolist())}"
        parts.append(told)
    table = {
        "Framework": framework,
        "Area": drawn["heading"],
        "Level": drawn["level"].map(lambda level: say.plural(level, 1).capitalize()),
        "Aspect": drawn["label"],
        "Critical": drawn["critical"].map({True: "critical", False: ""}),
        "Rating": drawn["word"],
        **drawn.filter(say.OTHER).fillna(""),
    }
    of = f", on its own scale from {scale[0]} to {scale[-1]}" if scale else ""
    title, subtitle = f"{who}: {parts[-1]}", f"{framework}{of}. {say.about(rows, 4)}."
    source, words = say.sources(rows, record), [f"{who}, {framework}: {'; '.join(parts)}."]
    body = partial(_draw_matrix, tiles=drawn)
    frame = pd.DataFrame(table).reset_index(drop=True)
    return Picture(title, subtitle, source, words, frame, body, ("Rating",), 4, record)


def paired_matrix(left: pd.DataFrame, right: pd.DataFrame, *, record: RecordLike = None) -> Picture:
    """Ratings of two frameworks side by side, with a labelled break: no row stands for another.

    Each side is as for `tile_matrix`, and the two are not of the same framework.
    """
    record = as_record(record)
    first, second = (tile_matrix(side, record=record) for side in (left, right))
    frameworks = [name for side in (left, right) for name in side["framework"].unique()]
    if len(set(frameworks)) < 2:
        told = f"Two frameworks stand side by side, not {listed(frameworks[:1]) or 'none'} alone."
        raise FrameworkError(frameworks, told, "Call tile_matrix() for one framework.")
    units = set(left["area"]) != set(right["area"])
    label = f"other criteria{', other unit' * units}: not a trend"

    def body(page: paper.Page) -> float:
        titles = zip(frameworks, (first.title, second.title), strict=True)
        heads = [paper.Words(title, _HALF, bold=True, name="side") for title in titles]
        top = 44 + max(head.height for head in heads)
        bottom = _draw_matrix(page, _tiles(left, record)[1], y=top)
        x = max(page.width, paper.WIDTH / 2) + _GUTTER / 2
        bottom = max(bottom, _draw_matrix(page, _tiles(right, record)[1], x, top))
        page.row(34, {paper.MARGIN: heads[0], x: heads[1]}, at=0)
        middle = x - _GUTTER / 2
        page.text(middle, 10, label, paper.WORD, bold=True, align="center", name="break label")
        page.split([middle], 24, bottom)
        return bottom

    return replace(
        first,
        title=f"{listed(frameworks)}: two frameworks, no trend",
        subtitle=f"{first.subtitle} {second.subtitle}",
        source=say.sources(pd.concat([left, right]), record),
        words=[first.sentence, second.sentence, f"Between the two stands a break: {label}."],
        table=pd.concat([first.table, second.table], ignore_index=True).fillna(""),
        body=body,
    )


def _tiles(rows: pd.DataFrame, record: Record) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All tiles by level, and those that are drawn: of one inspection what was chosen."""
    of, ranks = ["set_id", "level"], {level: rank for rank, level in enumerate(PLURALS)}
    printed = rows[["inspection_id", *of]].drop_duplicates()
    groups = rows[of].drop_duplicates()
    common = groups[~groups["level"].duplicated(keep=False)]  # others were printed for one Area
    everywhere = printed[["inspection_id"]].drop_duplicates().merge(common, "cross")
    tiles = say.completed(rows, pd.concat([everywhere, printed]).drop_duplicates(), record)
    tiles = tiles.sort_values("level", key=lambda level: level.map(ranks), kind="stable")
    tiles = tiles.iloc[tiles.groupby("aspect_id", sort=False).ngroup().argsort(kind="stable")]
    name = tiles["label"].mask(tiles["critical"], tiles["label"] + " (critical)")
    below = tiles["level"].ne("overall")
    title = look_up(tiles["set_id"], "aspect_sets", "title", record).fillna(tiles["set_id"])
    title = title.where(below & (tiles.loc[below, "set_id"].nunique() > 1), "")
    heading = tiles["inspection_id"].map(say.named(rows, rows["area"]))
    tiles = tiles.assign(name=name, title=title, heading=heading)
    if rows["inspection_id"].nunique() == 1:
        return tiles, tiles[tiles["shown"]]
    tiles = tiles[tiles["aspect_id"].isin(rows["aspect_id"])]
    return tiles, tiles


def _draw_matrix(
    page: paper.Page, tiles: pd.DataFrame, x: float = paper.MARGIN, y: float = 0
) -> float:
    """The tiles, all of one width and those of an aspect of one height; where they end."""
    side = min(max(map(paper.width, tiles["name"]), default=0) + 2, _LABEL)
    heads = tiles.drop_duplicates("inspection_id").set_index("inspection_id")["heading"]
    shown = heads if len(heads) > 1 else heads.head(0)
    parts = " ".join([*tiles["word"].unique(), *shown]).split()
    longest = max((paper.width(part, paper.WORD) for part in parts), default=0)
    wide = min(max(_NARROWEST, longest + 16), _WIDEST)
    lefts = {key: x + side + 10 + n * (wide + 4) for n, key in enumerate(heads.index)}
    how: dict[str, Any] = {"align": "center", "name": "column"}
    columns = {lefts[key]: paper.Words(one, wide, paper.WORD, **how) for key, one in shown.items()}
    y += page.row(y, columns, at=1) + 8
    for _, group in tiles.groupby(["set_id", "level"], sort=False):
        if title := group["title"].iloc[0]:
            y += page.row(y, {x: paper.Words(title, side, bold=True, name="group")}) + 4
        for _, row in group.groupby("aspect_id", sort=False):
            name = paper.Words(row["name"].iloc[0], side, name="label")
            least = max(paper.tile_height(word, wide) for word in row["word"])
            high = page.row(y, {x: name}, least=least)
            for key, word in zip(row["inspection_id"], row["word"], strict=True):
                page.tile(lefts[key], y, wide, high, word)
            y += high + 4
        y += 12
    page.width = x + side + 10 + len(lefts) * (wide + 4) + paper.MARGIN
    return y


# A map of Areas: where each stands, roughly; the places are ours.
_OLD = """
. . . northumbria
. . cumbria durham cleveland
. . lancashire west_yorkshire north_yorkshire humberside
. merseyside greater_manchester south_yorkshire nottinghamshire lincolnshire
north_wales cheshire staffordshire derbyshire leicestershire cambridgeshire norfolk
dyfed_powys west_mercia west_midlands warwickshire northamptonshire bedfordshire suffolk
south_wales gwent gloucestershire thames_valley hertfordshire london essex
. avon_and_somerset wiltshire hampshire_and_isle_of_wight surrey sussex kent
devon_and_cornwall . dorset
"""
_NEW = """
. . north_east
. north_west yorkshire_and_humberside
. mersey_cheshire east_midlands
cymru_wales west_midlands thames_and_chiltern london_north east_of_england
south_west wessex london london_south south_east
"""
_GAP, _BAR, _BROAD = 6.0, 26.0, 980.0
_MAPPED = [
    "area_id", "area", "kind", "framework_id", "framework", "aspect_id", "label", "level", "status",
    "rating", "source_id", "basis", "speaker",
]  # fmt: skip


def area_map(known: pd.DataFrame, *, record: RecordLike = None) -> Picture:
    """A map of tiles with what is known of each Area under one framework.

    It takes the rows of ``hmcpsi_data.coverage(framework)``, and shows the overall rating of each
    Area or, where the framework has none, its sections. Rows of several frameworks are refused.
    A rating that was derived says so; a contradicted one is not shown.

    >>> from hmcpsi_data import coverage
    >>> area_map(coverage("opa_2007")).title
    'OPA 2007: 6 of 42 overall assessments are known'
    """
    record = as_record(record)
    known = say.need(known, _MAPPED, "coverage(framework)")
    framework_id = require_one_framework(known)
    rows = _placed(known)
    if rows.empty:
        return nothing(record)
    framework, level = rows["framework"].iloc[0], say.plural(rows["level"].iloc[0])
    areas = count_of(rows["area_id"].nunique(), "Area")
    there = rows["status"].ne("not_applicable").sum()
    n = rows["status"].isin(["stated", "derived"]).sum()
    told = say.counts(rows["word"], record.once(scales).get(framework_id, []), "ratings")
    title = f"{framework}: {n:,} of {there:,} {level} are known"
    hatched = listed([w for w in rows["word"].unique() if w in say.ABSENT]) or "nothing"
    subtitle = (
        f"{level.capitalize()}, a tile for each of {areas}, roughly where it lies. Hatched: "
        f"{hatched}, which does not mean Poor."
    )
    words = [f"{framework}, {level} of {areas}: {told}.", "Not found says nothing about an Area."]
    if away := rows.loc[rows["place"].isna(), "area"].unique().tolist():
        words.append(f"Without a place on the map, in the table only: {listed(away)}.")
    rows = rows.sort_values("area", kind="stable")
    table = {
        "Area": rows["area"],
        "Rated": rows["label"],
        "Known": rows["word"],
        **say.other_side(rows, record),
        "Basis": rows["basis"].map(BASES).fillna(""),
        "In whose words": rows["speaker"].map(SPEAKERS).fillna(""),
    }
    body, source = partial(_draw_map, rows=rows), say.sources(rows, record)
    frame = pd.DataFrame(table).reset_index(drop=True)
    return Picture(title, subtitle, source, words, frame, body, ("Known",), record=record)


def _placed(known: pd.DataFrame) -> pd.DataFrame:
    """The rows that the map shows, with the word of each, and its place where it has one."""
    rows = known[known["kind"].eq("area")]
    rows = rows[rows["level"].eq("overall" if rows["level"].eq("overall").any() else "section")]
    stems = rows["area_id"].str.replace(r"_\d{4}$", "", regex=True)
    if "london_north" in set(stems):  # London was one Area until 2017
        rows = rows[stems.ne("london")]
    drawn = _OLD if rows["area_id"].str.endswith("_1999").sum() * 2 > len(rows) else _NEW
    lines = enumerate(drawn.strip().splitlines())
    places = {stem: (x, y) for y, line in lines for x, stem in enumerate(line.split())}
    words = rows["rating"].where(rows["status"].isin(["stated", "derived"])).astype(object)
    words = words.fillna(rows["status"].map(MISSING | {say.CONTRADICTED: say.CONTRADICTED}))
    return rows.assign(word=words.astype(str), place=stems.map(places))


def _draw_map(page: paper.Page, rows: pd.DataFrame) -> float:
    """A tile for each Area with its name, and in it a bar for each of its ratings."""
    rows = rows.dropna(subset="place")
    aspects = {aspect: n for n, aspect in enumerate(rows["aspect_id"].unique())}
    several = len(aspects) > 1
    page.width = _BROAD if several else paper.WIDTH
    across = max((x for x, _ in rows["place"]), default=0) + 1
    wide = (page.width - 2 * paper.MARGIN + _GAP) / across - _GAP
    how: dict[str, Any] = {"align": "center", "name": "name"}
    heads = {name: paper.Words(name, wide - 4, paper.NOTE, **how) for name in rows["area"].unique()}
    head = max((words.height for words in heads.values()), default=0) + 6
    high, bottom = head + len(aspects) * (_BAR + 2) + 2, 0.0
    for _, bars in rows.groupby("area_id", sort=False):
        column, line = bars["place"].iloc[0]
        x, y = paper.MARGIN + column * (wide + _GAP), line * (high + _GAP)
        page.box(x, y, wide, high, Look(), f"area {bars['area_id'].iat[0]}")
        heads[bars["area"].iat[0]].draw(page, x + 2, y, head, 0.5)
        for bar in bars.to_dict("records"):
            left, top = x + 2, y + head + aspects[bar["aspect_id"]] * (_BAR + 2)
            if several:
                last = bar["label"].split()[-1].title()
                page.text(x + 4, top + _BAR / 2, last, paper.NOTE, name="aspect")
                left += wide * 0.45
            more = ", derived" if bar["status"] == "derived" else ""
            page.tile(left, top, x + wide - 2 - left, _BAR, bar["word"], paper.NOTE, more)
        bottom = max(bottom, y + high + _GAP)
    return bottom
