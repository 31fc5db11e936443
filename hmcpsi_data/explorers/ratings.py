"""Ratings, filtered: framework, Area, level, critical, theme, rating, whose word, and any text."""

from __future__ import annotations

from typing import Any

import pandas as pd

from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.explorers.control import Control, checks, choice, search
from hmcpsi_data.explorers.explorer import Explorer
from hmcpsi_data.explorers.rows import FIRST, call, options, part_shown, trust, where_from
from hmcpsi_data.explorers.view import View
from hmcpsi_data.pictures import tile_matrix, unit_strips
from hmcpsi_data.pictures.counting import fewer_sources, plural
from hmcpsi_data.search import search as containing
from hmcpsi_data.tables import load
from hmcpsi_data.tiles import MISSING, tile_table, words_of_tiles
from hmcpsi_data.views import counted as in_counts
from hmcpsi_data.views import ratings
from hmcpsi_data.wording import BASES, SPEAKERS, counted, rated_in_words, record_in_words

__all__ = ["RatingsExplorer"]

_FEW = 5  # inspections of which each gets a sentence and a column
_MOST_TILES = 64
_COLUMNS = {"framework": "framework_id", "area": "area_id"}
_CRITICAL = {"critical": True, "other": False}
_HEADINGS = {
    "area": "Area",
    "framework": "Framework",
    "label": "Aspect",
    "level": "Level",
    "shown": "Rating",
    "said_by": "Said by",
    "where": "Where from",
    "published": "Published",
}


class RatingsExplorer(Explorer):
    """All ratings, filtered; the picture needs one framework, since two have no common order.

    Parameters
    ----------
    folder : path, optional
        As for `load`.
    **state
        Values of controls at the start: `framework`, `area`, `level`, `critical`, `theme`,
        `rating`, `speaker`, `tier`, `basis`, `search`, `picture`.

    Examples
    --------
    >>> explorer = RatingsExplorer(framework="opa_2005", rating=["Poor"], tier=["inspectorate"])
    >>> explorer.frame["label"].tolist()
    ["Managing magistrates' courts cases"]
    """

    TITLE = "Ratings"
    CAVEAT = (
        "A rating belongs to its framework: the same word in two frameworks is not the same rating."
    )

    def prepare(self) -> None:
        """Read and join all ratings once; a change in a filter then only picks rows."""
        known = self._all = ratings(folder=self.folder)
        where, self._links = where_from(known, self.folder)
        self._shown = known.assign(
            level=known["level"].str.replace("_", " ")
            + known["is_critical"].map({True: ", critical"}).fillna(""),
            shown=words_of_tiles(known),
            said_by=known["speaker"].map(SPEAKERS)
            + ": "
            + known["basis"].map(BASES)
            + (", " + known["n_sources"].astype("string") + " sources").where(
                known["n_sources"].gt(1), ""
            ),
            where=where,
            published=known["published"].fillna(MISSING["not_found"]),
        )
        links = load("evidence", self.folder)
        links = links[links["table"] == "ratings"]
        self._themes = links.groupby("theme_id")["row_id"].agg(set).to_dict()

    def describe(self) -> list[Control]:
        """The filters, the kind of picture, and a search."""
        known, themes = self._all, load("themes", self.folder)
        scales = load("scales", self.folder)["value"]
        words = scales[scales.isin(known["rating"])]
        levels = [(level, level.replace("_", " ")) for level in known["level"].unique()]
        return [
            choice(
                "framework",
                "Framework",
                "The yardstick",
                options(known["framework_id"], known["framework"]),
                "All frameworks",
            ),
            choice(
                "area",
                "Area",
                "The Area inspected",
                options(known["area_id"], known["area"]),
                "All Areas",
            ),
            choice(
                "theme",
                "Theme",
                "A subject that runs through the frameworks, by our judgement",
                options(themes["theme_id"], themes["title"]),
                "All themes",
            ),
            choice(
                "critical",
                "Critical aspects",
                "Only the OPA of 2005-06 has critical aspects",
                [("critical", "critical only"), ("other", "not critical only")],
            ),
            choice(
                "picture",
                "Picture",
                "How the ratings of one framework are drawn",
                [("matrix", "tile matrix"), ("strips", "unit strips")],
                None,
            ),
            checks("level", "Level", "None ticked shows all levels", levels),
            checks("rating", "Rating", "None ticked shows all, the unrated too", options(words)),
            checks(
                "speaker",
                "Said by",
                "Whose word it is; none ticked shows all",
                [(speaker, SPEAKERS[speaker]) for speaker in known["speaker"].unique()],
            ),
            *trust(known),
            search(),
        ]

    def look(self, picture: str, search: str, critical: str, **wanted: Any) -> View:
        """The ratings that fit all filters."""
        flag = _CRITICAL.get(critical)
        code = call("hd.ratings", **wanted, critical=flag, folder=self.folder)
        if search:
            code = f"search({code}, {search!r})  # from hmcpsi_data.search import search"
        frame = containing(self._all[self._fitting(flag, **wanted)], search)
        return View(
            status=_counts(frame, self._all) + part_shown(len(frame)),
            words=self._words(frame),
            table=self._table(frame),
            frame=frame,
            code=code,
            picture=self._picture(frame, picture),
            picture_key=(picture, tuple(frame["rating_id"])),
        )

    def _fitting(self, flag: bool | None, theme: str, **wanted: Any) -> pd.Series:
        """Which ratings fit: the same rule as `hmcpsi_data.ratings`, on rows joined already."""
        fits = pd.Series(True, index=self._all.index)
        for name, value in wanted.items():
            column = self._all[_COLUMNS.get(name, name)]
            if value:
                fits &= column.isin([value] if isinstance(value, str) else value)
        if flag is not None:
            fits &= self._all["is_critical"].eq(flag).fillna(False)
        if theme:
            fits &= self._all["rating_id"].isin(self._themes.get(theme, ()))
        return fits

    def _words(self, frame: pd.DataFrame) -> str:
        if frame.empty:
            return "No rating fits all filters. Take one away, or press Reset."
        if frame["inspection_id"].nunique() > _FEW:
            return record_in_words(frame, self.folder)
        groups = frame.groupby("inspection_id", sort=False)
        return " ".join(rated_in_words(rows, self.folder) for _, rows in groups)

    def _table(self, frame: pd.DataFrame) -> Any:
        return tile_table(
            self._shown.loc[frame.index[:FIRST]],
            "Ratings",
            headings=_HEADINGS,
            tiles=("Rating",),
            row_headers=3,
            links={"Where from": self._links},
        )

    def _picture(self, frame: pd.DataFrame, kind: str) -> Any:
        if frame.empty:
            return None
        if frame["framework_id"].nunique() > 1:
            return _needs_one_framework
        if frame["inspection_id"].nunique() > _FEW:
            return lambda: _many(frame, kind, self.folder)
        draw = tile_matrix if kind == "matrix" else unit_strips
        return lambda: draw(frame, folder=self.folder)


def _counts(frame: pd.DataFrame, known: pd.DataFrame) -> str:
    """How many ratings are shown of how many, and beside them what is no rating to count.

    Examples
    --------
    >>> known = ratings()
    >>> _counts(known[known["area"].eq("Essex")], known)
    '3 of 158 ratings; 1 contradicted by another source and not counted'
    """
    sound = in_counts(frame)
    told = f"{sound['rating'].count()} of {counted(in_counts(known)['rating'].count(), 'rating')}"
    unrated, doubted = sound["rating"].isna().sum(), len(frame) - len(sound)
    if unrated:
        told += f"; {unrated} without a rating"
    return told + f"; {doubted} contradicted by another source and not counted" * bool(doubted)


def _many(rows: pd.DataFrame, kind: str, folder: Any) -> Any:
    """Many inspections at once: their overall or other ratings, a strip for each level."""
    frame, source = rows, None
    names = {level: plural(level).capitalize() for level in frame["level"].unique()}
    if kind == "matrix":
        whole = [level for level in ("overall", "section") if level in names]
        (drawn,) = whole[:1] or list(names)[:1]
        frame = frame[frame["level"].eq(drawn)]
        source = fewer_sources(frame, rows, plural(drawn), folder)
        if frame["inspection_id"].nunique() * frame["aspect_id"].nunique() <= _MOST_TILES:
            return tile_matrix(frame, source=source, folder=folder)
    levels = frame.groupby("level", sort=False)
    strips = {names[level]: of_level for level, of_level in levels}
    return unit_strips(strips, source=source, folder=folder)


def _needs_one_framework() -> Any:
    raise HmcpsiError(
        "The picture needs one framework: choose one above. Two frameworks have no common order."
    )
