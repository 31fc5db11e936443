"""Tiles with the word in each: aspects by inspection, and a map of Areas."""

from __future__ import annotations

from typing import Any

import pandas as pd

from hmcpsi_data.errors import FrameworkError
from hmcpsi_data.method.scales import require_one_framework
from hmcpsi_data.palette import Look
from hmcpsi_data.pictures import paper
from hmcpsi_data.pictures import wording as say
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.record.joins import look_up
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import BASES, MISSING, PLURALS, SPEAKERS, count_of, listed

_COLUMNS = [
    "inspection_id", "area_id", "area", "framework_id", "framework", "set_id", "aspect_id", "label",
    "level", "rating",
]  # fmt: skip
_NARROWEST, _WIDEST, _NARROW_PAGE, _GUTTER, _LABEL = 84.0, 220.0, 620.0, 56.0, 300.0


def tile_matrix(ratings: pd.DataFrame, *, record: RecordLike = None) -> Picture:
    """Ratings of one framework: aspects down, in the order as printed, inspections across.

    What is missing is hatched and says why. Counts are out of all aspects of the framework.

    Parameters
    ----------
    ratings : pandas.DataFrame
        Rows of `hmcpsi_data.ratings`; those of several frameworks, which have no common order,
        are refused.
    record : Record or path, optional
        Another data folder than the shipped one; so for all pictures.

    >>> from hmcpsi_data import ratings
    >>> tile_matrix(ratings("Leicestershire", "opa_2005", rating="Poor")).title
    'Leicestershire: 1 of 14 aspects Poor; 13 not shown'
    """
    record = as_record(record)
    grid = _Grid(ratings, record)

    def body(page: paper.Page) -> float:
        right, bottom = grid.draw(page, paper.MARGIN, 0)
        page.width = max(_NARROW_PAGE, right + paper.MARGIN)
        return bottom

    return Picture(
        grid.title(), grid.subtitle(), say.sources(grid.rows, record=record), (grid.sentence(),),
        grid.table(), body, tiles=("Rating",), head=4, record=record,
    )  # fmt: skip


def paired_matrix(left: pd.DataFrame, right: pd.DataFrame, *, record: RecordLike = None) -> Picture:
    """Ratings of two frameworks side by side, with a labelled break: no row stands for another.

    Parameters
    ----------
    left, right : pandas.DataFrame
        As for `tile_matrix`, each side of one framework, and not the same.
    record : Record or path, optional

    >>> from hmcpsi_data import ratings
    >>> paired_matrix(ratings("Leicestershire", "opa_2005"), ratings("East Midlands")).title
    'Leicestershire in OPA 2005-06, East Midlands in Area Assurance 2016-19: \
two frameworks, no trend'
    """
    record = as_record(record)
    first, second = grids = [_Grid(side, record) for side in (left, right)]
    if first.framework_id == second.framework_id:
        told = f"Both sides are {first.framework or 'empty'}."
        raise FrameworkError([first.framework_id], told, "Call tile_matrix() for one framework.")
    names = [f"{g.who} in {g.framework}" if g.framework else "nothing chosen" for g in grids]
    units = set(first.rows["area_id"]) != set(second.rows["area_id"])
    label = f"other criteria{', other unit' * units}: not a trend"
    periods = [(grid.framework, say.period(grid.rows, record)) for grid in grids]

    def body(page: paper.Page) -> float:
        room = (paper.WIDTH - 2 * paper.MARGIN - _GUTTER) / 2
        heads = [paper.Words(name, room, bold=True, name="side") for name in names]
        top = 44 + max(head.height for head in heads)
        edge, bottom = first.draw(page, paper.MARGIN, top)
        middle = max(paper.MARGIN + room, edge) + _GUTTER / 2
        edge, other = second.draw(page, middle + _GUTTER / 2, top)
        page.row(34, {paper.MARGIN: heads[0], middle + _GUTTER / 2: heads[1]}, at=0)
        page.text(middle, 10, label, paper.WORD, bold=True, align="center", name="break label")
        page.split([middle], 24, max(bottom, other))
        page.width = max(paper.WIDTH, edge + paper.MARGIN)
        return max(bottom, other)

    return Picture(
        f"{', '.join(names)}: two frameworks, no trend",
        " ".join(f"{framework}: {when}." for framework, when in periods if when),
        say.sources(first.rows, second.rows, record=record),
        (first.sentence(), second.sentence(), f"Between the two stands a break: {label}."),
        pd.concat([grid.table() for grid in grids], ignore_index=True).fillna(""),
        body, tiles=("Rating",), head=4, record=record,
    )  # fmt: skip


class _Grid:
    """The ratings of one framework: `groups` by set and level, and the `tiles` that are drawn."""

    def __init__(self, given: object, record: Record) -> None:
        rows = say.need(given, _COLUMNS, "ratings()")
        self.rows, self.record = rows, record
        self.framework_id = str(require_one_framework(rows)) if len(rows) else ""
        self.framework = str(rows["framework"].iloc[0]) if len(rows) else ""
        self.scale = say.scale_of(self.framework_id, record)
        headings = say.named(rows, rows["area"])
        self.single = len(headings) == 1
        self.who = str(*headings) if self.single else count_of(len(headings), "inspection")
        tiles = self._completed()
        tiles["heading"] = tiles["inspection_id"].map(headings)
        self.groups = [part for _, part in tiles.groupby("place")]
        self.tiles = tiles[tiles["shown"]] if self.single else tiles

    def _completed(self) -> pd.DataFrame:
        """All tiles, by level; criteria that were printed for one Area in that Area only."""
        keys, levels = ["set_id", "level"], list(PLURALS)
        groups = self.rows[keys].drop_duplicates()
        ranks = groups["level"].map({level: n for n, level in enumerate(levels)}).fillna(99)
        groups = groups.iloc[ranks.argsort(kind="stable")].assign(place=range(len(groups)))
        twice = groups["level"].duplicated(keep=False)
        below = groups["level"].ne("overall")
        titles = look_up(groups["set_id"], "aspect_sets", ["title"], self.record)["title"]
        groups["title"] = titles.fillna(groups["set_id"]).where(below & (below.sum() > 1), "")
        printed = self.rows[["inspection_id", *keys]].drop_duplicates()
        everywhere = groups[~twice].merge(printed[["inspection_id"]].drop_duplicates(), "cross")
        wanted = pd.concat([everywhere, groups[twice].merge(printed, on=keys)])
        tiles = say.completed(self.rows, wanted, self.record)
        tiles["turn"] = tiles.groupby("aspect_id", sort=False).ngroup()
        tiles = tiles.sort_values(["place", "turn"], kind="stable")
        return tiles if self.single else tiles[tiles["aspect_id"].isin(self.rows["aspect_id"])]

    def _counted(self, part: pd.DataFrame) -> str:
        level, words = part["level"].iloc[0], part["word"].tolist()
        if self.single and level == "overall":
            return f"overall {listed(words)}"
        what = say.plural(level, len(part)) if self.single else f"ratings of {say.plural(level)}"
        return say.counts(words, self.scale, what)

    def title(self) -> str:
        """The counts of the largest group that is no overall assessment."""
        if not self.groups:
            return "No rating is chosen"
        below = [part for part in self.groups if part["level"].iloc[0] != "overall"]
        most = max(below or self.groups, key=lambda part: part["turn"].nunique())
        return f"{self.who}: {self._counted(most)}"

    def subtitle(self) -> str:
        if not self.groups:
            return "No row of the table has been chosen."
        of = f", on its own scale from {self.scale[0]} to {self.scale[-1]}" if self.scale else ""
        told = "; ".join(filter(None, (say.who(self.rows, 4), say.period(self.rows, self.record))))
        return f"{self.framework}{of}. {told}."

    def sentence(self) -> str:
        """The counts of each group, and those of the critical aspects."""
        parts = []
        for part in self.groups:
            parts.append(self._counted(part))
            critical = part.loc[part["critical"], "word"].tolist()
            if critical and (part["shown"].all() or not self.single):
                told = say.counts(critical, self.scale)
                parts.append(f"of the {len(critical)} critical ones {told}")
        told = f"{self.who}, {self.framework}: {'; '.join(parts)}."
        return told if parts else "No rating is shown."

    def table(self) -> pd.DataFrame:
        """A row for each tile."""
        tiles = self.tiles
        critical = {True: "critical", False: "no" if tiles["critical"].any() else ""}
        columns = {
            "Framework": self.framework,
            "Area": tiles["heading"],
            "Level": tiles["level"].map(lambda level: say.plural(level, 1).capitalize()),
            "Aspect": tiles["label"],
            "Critical": tiles["critical"].map(critical),
            "Rating": tiles["word"],
            **tiles[[name for name in say.OTHER if name in tiles]].fillna(""),
        }
        return pd.DataFrame(columns).reset_index(drop=True)

    def draw(self, page: paper.Page, x: float, y: float) -> tuple[float, float]:
        """Draw the tiles, and say where they end: all words are level, whatever room they take."""
        tiles = self.tiles
        labels = tiles["label"].mask(tiles["critical"], tiles["label"] + " (critical)")
        side = min(max(map(paper.width, labels), default=0) + 2, _LABEL)
        heads = tiles.drop_duplicates("inspection_id").set_index("inspection_id")["heading"]
        heads = heads.head(0) if self.single else heads
        parts = [part for text in (*tiles["word"].unique(), *heads) for part in text.split()]
        longest = max((paper.width(part, paper.WORD) for part in parts), default=0)
        wide = min(max(_NARROWEST, longest + 16), _WIDEST)
        inspections = tiles["inspection_id"].unique()
        lefts = {key: x + side + 10 + n * (wide + 4) for n, key in enumerate(inspections)}
        how: dict[str, Any] = {"align": "center", "name": "column"}
        cells = {
            lefts[key]: paper.Words(head, wide, paper.WORD, **how) for key, head in heads.items()
        }
        y += page.row(y, cells, at=1) + 4 if cells else 0
        for _, group in tiles.assign(name=labels).groupby("place"):
            if title := group["title"].iloc[0]:
                y += page.row(y, {x: paper.Words(title, 350, paper.WORD, bold=True, name="group")})
            for _, row in group.groupby("aspect_id", sort=False):
                least = max(paper.tile_height(word, wide) for word in row["word"])
                name = paper.Words(row["name"].iloc[0], side, name="label")
                high = page.row(y, {x: name}, least=least)
                for key, word in zip(row["inspection_id"], row["word"], strict=True):
                    page.tile(lefts[key], y, wide, high, word)
                y += high + 4
            y += 12
        return x + side + 10 + max(len(lefts), 1) * (wide + 4), y


# Where each Area stands on the map, row by row, by its column. The places are ours.
_OLD = [
    {3: "northumbria"},
    {2: "cumbria", 3: "durham", 4: "cleveland"},
    {2: "lancashire", 3: "west_yorkshire", 4: "north_yorkshire", 5: "humberside"},
    {1: "merseyside", 2: "greater_manchester", 3: "south_yorkshire", 4: "nottinghamshire",
     5: "lincolnshire"},
    {0: "north_wales", 1: "cheshire", 2: "staffordshire", 3: "derbyshire", 4: "leicestershire",
     5: "cambridgeshire", 6: "norfolk"},
    {0: "dyfed_powys", 1: "west_mercia", 2: "west_midlands", 3: "warwickshire",
     4: "northamptonshire", 5: "bedfordshire", 6: "suffolk"},
    {0: "south_wales", 1: "gwent", 2: "gloucestershire", 3: "thames_valley", 4: "hertfordshire",
     5: "london", 6: "essex"},
    {1: "avon_and_somerset", 2: "wiltshire", 3: "hampshire_and_isle_of_wight", 4: "surrey",
     5: "sussex", 6: "kent"},
    {0: "devon_and_cornwall", 2: "dorset"},
]  # fmt: skip
_NEW = [
    {2: "north_east"},
    {1: "north_west", 2: "yorkshire_and_humberside"},
    {1: "mersey_cheshire", 2: "east_midlands"},
    {0: "cymru_wales", 1: "west_midlands", 2: "thames_and_chiltern", 3: "london_north",
     4: "east_of_england"},
    {0: "south_west", 1: "wessex", 3: "london_south", 4: "south_east"},
]  # fmt: skip
_GAP, _BAR, _BROAD = 6.0, 26.0, 980.0
_MAPPED = [
    "area_id", "area", "kind", "framework_id", "framework", "aspect_id", "label", "level", "status",
    "rating", "source_id", "basis", "speaker",
]  # fmt: skip


def area_map(known: pd.DataFrame, *, record: RecordLike = None) -> Picture:
    """A map of tiles with what is known of each Area under one framework.

    It has 42 tiles for the Areas of 1999, 14 for those since 2017, all of one size. A rating that
    was derived says so; a contradicted one shows no rating.

    Parameters
    ----------
    known : pandas.DataFrame
        Rows of ``hmcpsi_data.coverage(framework)``: the overall rating of each Area or, where the
        framework has none, its sections. Units that are no Areas are left out; rows of several
        frameworks are refused.
    record : Record or path, optional

    >>> from hmcpsi_data import coverage
    >>> area_map(coverage("opa_2007")).title
    'OPA 2007: 6 of 42 overall assessments are known'
    """
    record = as_record(record)
    known = say.need(known, _MAPPED, "coverage(framework)")
    framework_id = str(require_one_framework(known))
    rows = _placed(known)
    framework = str(known["framework"].iloc[0]) if len(known) else "Nothing chosen"
    level = say.plural(str(rows["level"].iloc[0])) if len(rows) else "ratings"
    areas = count_of(rows["area_id"].nunique(), "Area")
    title = f"{framework}: no Area with an overall rating or sections to show"
    words = [f"{title}."]
    if len(rows):
        there = rows["status"].ne("not_applicable").sum()
        n = rows["status"].isin(["stated", "derived"]).sum()
        title = f"{framework}: {n:,} of {there:,} {level} are known"
        told = say.counts(rows["word"], say.scale_of(framework_id, record), "ratings")
        words = [f"{framework}, {level} of {areas}: {told}."]
        if names := rows.loc[rows["word"].eq(say.CONTRADICTED), "area"].unique().tolist():
            words.append(f"Contradicted, and counted nowhere: {listed(names)}.")
        if away := rows.loc[rows["place"].isna(), "area"].unique().tolist():
            words.append(f"Without a place on the map, in the table only: {listed(away)}.")
        words.append("Not found says nothing about an Area.")
    hatched = listed([w for w in rows["word"].unique() if w in say.ABSENT]) or "nothing"
    columns = {
        "Area": rows["area"],
        "Rated": rows["label"],
        "Known": rows["word"],
        **say.other_side(rows, record),
        "Basis": rows["basis"].map(BASES).fillna(""),
        "In whose words": rows["speaker"].map(SPEAKERS).fillna(""),
    }
    table = pd.DataFrame(columns).sort_values("Area", kind="stable", ignore_index=True)
    return Picture(
        title,
        f"{level.capitalize()}, a tile for each of {areas}, roughly where it lies. Hatched: "
        f"{hatched}, which does not mean Poor.",
        say.sources(rows, record=record),
        tuple(words),
        table,
        lambda page: _draw_map(page, rows),
        tiles=("Known",),
        record=record,
    )


def _placed(known: pd.DataFrame) -> pd.DataFrame:
    """The rows that the map shows, with the word of each, and its place where it has one."""
    rows = known[known["kind"].eq("area")]
    rows = rows[rows["level"].eq("overall" if rows["level"].eq("overall").any() else "section")]
    stems = rows["area_id"].str.replace(r"_\d{4}$", "", regex=True)
    whole = _OLD if rows["area_id"].str.endswith("_1999").sum() * 2 > len(rows) else _NEW
    places = {stem: (x, y) for y, row in enumerate(whole) for x, stem in row.items()}
    if "london_north" in set(stems):  # London was one Area until 2017
        rows = rows[stems.ne("london")]
    elif whole is _NEW:
        places["london"] = places["london_north"]
    words = rows["rating"].where(rows["status"].isin(["stated", "derived"])).astype(object)
    words = words.fillna(rows["status"].map(MISSING | {say.CONTRADICTED: say.CONTRADICTED}))
    return rows.assign(word=words.astype(str), place=stems.map(places))


def _draw_map(page: paper.Page, rows: pd.DataFrame) -> float:
    """A tile for each Area with its name, and in it a bar for each of its ratings."""
    aspects = {aspect: n for n, aspect in enumerate(rows["aspect_id"].unique())}
    several, rows = len(aspects) > 1, rows.dropna(subset="place")
    page.width = _BROAD if several else paper.WIDTH
    across = max((x for x, _ in rows["place"]), default=0) + 1
    wide = (page.width - 2 * paper.MARGIN + _GAP) / across - _GAP
    how: dict[str, Any] = {"align": "center", "name": "name"}
    heads = {name: paper.Words(name, wide - 4, paper.NOTE, **how) for name in rows["area"].unique()}
    head = max((words.height for words in heads.values()), default=0) + 6
    high, bottom = head + len(aspects) * (_BAR + 2) + 2, 0.0
    for area, bars in rows.groupby("area_id", sort=False):
        column, row = bars["place"].iloc[0]
        x, y = paper.MARGIN + column * (wide + _GAP), row * (high + _GAP)
        page.box(x, y, wide, high, Look(), f"area {area}")
        heads[bars["area"].iloc[0]].draw(page, x + 2, y, head, 0.5)
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
