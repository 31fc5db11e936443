"""Maps of tiles: a tile for each Area of England and Wales, roughly where it lies, with its word.

All tiles are of one size, so that no Area speaks louder than another. What was not found is hatched
and says so; it is never the colour of a rating.
"""

from __future__ import annotations

from collections import Counter

import pandas as pd

from hmcpsi_data.method.scales import require_one_framework
from hmcpsi_data.palette import Look, look
from hmcpsi_data.pictures import sentences as say
from hmcpsi_data.pictures.letters import LABEL, NOTE, line, width, wrap
from hmcpsi_data.pictures.page import MARGIN, WIDTH, Page
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.record.coverage import coverage
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import BASES, MISSING, SPEAKERS, listed

__all__ = ["area_map"]

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
_GAP, _BAR, _BROAD = 6.0, 26.0, 980.0
_COLUMNS = [
    "area_id", "area", "kind", "framework_id", "framework", "aspect_id", "label", "level", "status",
    "rating", "rating_id", "basis", "speaker", "n_sources",
]  # fmt: skip


def area_map(known: pd.DataFrame | str, *, record: RecordLike = None) -> Picture:
    """A map of tiles with what is known of each Area under one framework.

    It has 42 tiles for a framework of the Areas of 1999, 14 for one of those since 2017. A rating
    that was derived says so; a contradicted one shows no rating.

    Parameters
    ----------
    known : pandas.DataFrame or str
        A framework, or rows of ``hmcpsi_data.coverage(framework)``: the overall rating of each Area
        or, where the framework has none, its sections. Units that are no Areas are left out.
    record : Record or path, optional

    Raises
    ------
    FrameworkError
        Where the rows are of several frameworks.

    Examples
    --------
    >>> print(area_map("opa_2007").title)
    OPA 2007: overall assessments of 6 of 42 Areas are known
    """
    record = as_record(record)
    if isinstance(known, str):
        known = coverage(known, record=record)
    known = say.need(known, _COLUMNS, "coverage(framework)")
    framework_id = str(require_one_framework(known))
    rows = _placed(known)
    framework = str(known["framework"].iloc[0]) if len(known) else "Nothing chosen"
    level = say.plural(str(rows["level"].iloc[0])) if len(rows) else "ratings"
    if len(rows):
        title = _headline(rows, framework, level)
        words = _sentences(rows, framework, level, say.scale_of(framework_id, record))
    else:
        title = f"{framework}: no Area with an overall rating or sections to show"
        words = (f"{title}.",)
    hatched = listed([w for w in dict.fromkeys(rows["word"]) if say.absent(w)]) or "nothing"
    rated = record.table("ratings").set_index("rating_id")["source_id"]
    cited = pd.DataFrame({"source_id": rated.reindex(rows["rating_id"].dropna())})
    cited["n_sources"] = rows["n_sources"].max()
    frame = pd.DataFrame(
        {
            "Area": rows["area"],
            "Rated": rows["label"],
            "Known": rows["word"],
            "Basis": rows["basis"].map(BASES).fillna(""),
            "In whose words": rows["speaker"].map(SPEAKERS).fillna(""),
        }
    ).sort_values("Area", kind="stable", ignore_index=True)
    return Picture(
        title=title,
        subtitle=f"{level.capitalize()}, a tile for each of {rows['area_id'].nunique()} Areas, "
        f"roughly where it lies. Hatched: {hatched}, which does not mean Poor.",
        source=say.sources(cited, record=record),
        words=words,
        table=frame if rows["aspect_id"].nunique() > 1 else frame.drop(columns="Rated"),
        body=_Map(rows, record),
        tiles=("Known",),
        record=record,
    )


def _placed(known: pd.DataFrame) -> pd.DataFrame:
    """The rows that the map shows, with the word of each, and its place where it has one."""
    rows = known[known["kind"].eq("area")]
    rows = rows[rows["level"].eq("overall" if rows["level"].eq("overall").any() else "section")]
    old = rows["area_id"].str.endswith("_1999").mean() > 0.5 if len(rows) else False
    places = _OLD if old else _NEW
    stems = rows["area_id"].str.replace(r"_\d{4}$", "", regex=True)
    if "london_north" in set(stems):  # London was one Area until 2017
        rows = rows[stems.ne("london")]
    else:
        places = {"london": _NEW["london_north"]} | places
    words = rows["rating"].where(rows["status"].isin(["stated", "derived"])).astype(object)
    words = words.fillna(rows["status"].map(MISSING | {say.CONTRADICTED: say.CONTRADICTED}))
    return rows.assign(word=words.astype(str), place=stems.map(places))


def _headline(rows: pd.DataFrame, framework: str, level: str) -> str:
    """How many Areas are known in full, of those of which there may be something to find."""
    rows = rows[rows["status"].ne("not_applicable")]
    known = rows["status"].isin(["stated", "derived"]).groupby(rows["area_id"])
    whole, part = int(known.all().sum()), int((known.any() & ~known.all()).sum())
    every = "all " if rows["aspect_id"].nunique() > 1 else ""
    some = f", some of {part} more" if part else ""
    return f"{framework}: {every}{level} of {whole} of {known.ngroups} Areas are known{some}"


def _sentences(rows: pd.DataFrame, framework: str, level: str, scale: list[str]) -> tuple[str, ...]:
    n = rows["area_id"].nunique()
    told = [f"{framework}, {level} of {n} Areas: {say.counts(rows['word'], scale, 'ratings')}."]
    if Counter(rows["word"])[say.CONTRADICTED]:
        names = listed(rows.loc[rows["word"].eq(say.CONTRADICTED), "area"].unique().tolist())
        told.append(f"Contradicted, and counted nowhere: {names}.")
    if derived := int(rows["status"].eq("derived").sum()):
        told.append(f"{derived} of the ratings derived.")
    if away := rows.loc[rows["place"].isna(), "area"].unique().tolist():
        told.append(f"Without a place on the map, in the table only: {listed(away)}.")
    return (*told, "Not found says nothing about an Area.")


class _Map:
    """The tiles of the Areas, and where they stand."""

    def __init__(self, rows: pd.DataFrame, record: Record) -> None:
        self.rows, self.record = rows.dropna(subset="place"), record
        self.aspects = dict(zip(rows["aspect_id"], rows["label"], strict=True))
        places = [*self.rows["place"]] or [(0, 0)]
        across = max(x for x, _ in places) + 1
        self.width = WIDTH if len(self.aspects) < 2 else _BROAD
        self.wide = (self.width - 2 * MARGIN + _GAP) / across - _GAP
        self.names = {area: wrap(area, self.wide - 4, NOTE) for area in self.rows["area"].unique()}
        self.head = max((len(lines) for lines in self.names.values()), default=1) * line(NOTE) + 6
        self.high = self.head + len(self.aspects) * (_BAR + 2) + 2
        self.height = (max(y for _, y in places) + 1) * (self.high + _GAP)

    def draw(self, page: Page) -> None:
        for area, of_area in self.rows.groupby("area_id", sort=False):
            column, row = of_area["place"].iloc[0]
            x = MARGIN + column * (self.wide + _GAP)
            y = page.top + row * (self.high + _GAP)
            page.box(x, y, self.wide, self.high, Look(), f"area {area}")
            name = self.names[of_area["area"].iloc[0]]
            page.block(
                x + self.wide / 2, y + self.head / 2, name, NOTE, align="center", name="name"
            )
            words = dict(zip(of_area["aspect_id"], of_area["word"], strict=True))
            derived = set(of_area.loc[of_area["status"].eq("derived"), "aspect_id"])
            for place, aspect in enumerate(self.aspects):
                if aspect in words:
                    word = f"{words[aspect]}, derived" if aspect in derived else words[aspect]
                    self._bar(page, x + 2, y + self.head + place * (_BAR + 2), aspect, word)

    def _bar(self, page: Page, left: float, top: float, aspect: str, word: str) -> None:
        """One rating of an Area, with the short name of its section where there are several."""
        right, size = left + self.wide - 4, LABEL - 1
        if len(self.aspects) > 1:
            short = _short(self.aspects[aspect])
            page.text(left + 2, top + _BAR / 2, short, NOTE, name="aspect")
            left, size = left + self.wide * 0.45, NOTE
        size = size if width(word, size) < right - left - 6 else NOTE
        drawn = look(word.removesuffix(", derived"), self.record)
        page.tile(left, top, right - left, _BAR, word, drawn, size)


def _short(label: str) -> str:
    """A section by the word that tells it apart."""
    named = {"people": "CPS people", "casework": "Casework", "confidence": "Confidence"}
    low = label.casefold()
    return next((short for word, short in named.items() if word in low), label.split()[-1].title())
