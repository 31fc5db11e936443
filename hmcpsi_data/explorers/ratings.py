"""Ratings, filtered: framework, Area, level, theme, rating, whose words, and any text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.explorers.controls import Choice, Option, Search, Several
from hmcpsi_data.explorers.filtered import Filtered
from hmcpsi_data.explorers.view import View, button, sourced
from hmcpsi_data.record.areas import successors
from hmcpsi_data.record.describe import rated
from hmcpsi_data.record.ratings import ratings, undisputed
from hmcpsi_data.show.sourced import dates
from hmcpsi_data.tables.record import Record
from hmcpsi_data.words import MISSING, count_of

__all__ = ["RatingsExplorer"]

_FEW = 5  # inspections that are drawn each as a column
_COUNTED = 3  # frameworks whose ratings are told in words, each by itself
_NOTHING = "No rating fits all filters. Take one away, or press Clear. Nothing found is never Poor."


class RatingsExplorer(Filtered):
    """All ratings, filtered; the picture needs one framework, since two have no common order.

    Parameters
    ----------
    **values
        Filters at the start, as for `hmcpsi_data.ratings`; `picture` ("matrix" or "strips").

    Examples
    --------
    >>> explorer = RatingsExplorer(framework="OPA 2005-06", area="Leicestershire", rating="Poor")
    >>> explorer.frame["label"].tolist()
    ["Managing magistrates' courts cases"]
    """

    TITLE = "Ratings"
    NOTE = (
        "A rating belongs to its framework: the same word in two frameworks is not the same rating."
    )
    CALL = "hd.ratings"
    FACETS = ("framework", "area", "theme", "level", "rating", "speaker", "tier", "basis")
    SITE = ("ratings.html", "area", "framework", "rating", "search", "level", "speaker", "tier",
            "basis")  # fmt: skip

    area = Choice("Area", "The Area inspected", everything="All Areas")
    framework = Choice("Framework", "The yardstick", everything="All frameworks")
    rating = Several("Rating", "None ticked shows all, the unrated too")
    search = Search()
    level = Several("Level", "None ticked shows all levels", more=True)
    theme = Choice("Theme", "A subject that runs through the frameworks, by our judgement",
                   everything="All themes", more=True)  # fmt: skip
    critical = Choice("Critical aspects", "Only the OPA of 2005-06 has critical aspects", more=True,
                      options={True: "critical only", False: "not critical only"})  # fmt: skip
    speaker = Several(
        "Whose words", "Who gave the rating; a newspaper may have reported it", more=True
    )
    picture = Choice("Picture", "How the ratings of one framework are drawn", everything=None,
                     more=True, filters=False, default="matrix",
                     options={"matrix": "tile matrix", "strips": "unit strips"})  # fmt: skip

    @classmethod
    def whole(cls, record: Record) -> pd.DataFrame:
        """All ratings."""
        return ratings(record=record)

    def ask(self, **values: Any) -> pd.DataFrame:
        """The ratings that fit."""
        return ratings(**values, record=self.record)

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """Options with the number of ratings that each would give."""
        try:
            return super().controls()
        except HmcpsiError:  # of an Area that had ended nothing can be counted
            return {name: self.offered(name, self.whole(self.record)) for name in self.FACETS}

    def show(self) -> View:
        """The ratings that fit all filters."""
        try:
            frame = self.rows(**self.asking)
        except HmcpsiError as error:  # an Area that had ended: say who came after it
            frame = self.whole(self.record).head(0)
            after = self._successors()
            return View(frame, "0 ratings", self.code, str(error), html="", after=after)
        level = frame["level"].str.replace("_", " ")
        columns = {
            "Aspect": frame["label"],
            "Rating": _words(frame),
            "Area": frame["area"],
            "Framework": frame["framework"],
            "Date": dates(frame),
            "Level": level + frame["is_critical"].map({True: ", critical"}).fillna(""),
        }
        return View(
            frame=frame,
            status=_counts(frame),
            code=self.code,
            sentence=_sentence(frame, self.record),
            **sourced(columns, frame, self.record),
            caption="Ratings",
            tiles=("Rating",),
            fold=("Area", "Framework", "Date", "In whose words"),
            order={
                "Rating": lambda: _ranks(frame, self.record),
                "Date": lambda: frame["date_from"].fillna(frame["date"]),
            },
            after="" if len(frame) else self._successors(),
            values=lambda rows: (
                rows["area"] + ", " + rows["framework"] + ", " + rows["label"] + ": " + _words(rows)
            ),
            page=self.page,
            picture=lambda: self._picture(frame),
            picture_key=(self.picture, tuple(frame["rating_id"])),
        )

    def _successors(self) -> str:
        """Buttons that lead from an Area that had ended to those after it."""
        if self.area is None:
            return ""
        later = successors(self.area, record=self.record)
        buttons = [
            button(f"Show {name}", {"do": "area", "area": area})
            for area, name in zip(later["area_id"], later["area"], strict=True)
        ]
        return f"<p>{' '.join(buttons)}</p>" if buttons else ""

    def act(self, command: str, details: Mapping[str, Any], data: bytes) -> None:
        """Go to the Area that came after the one that is chosen."""
        if command != "area":
            super().act(command, details, data)
        self.area = str(details.get("area"))

    def _picture(self, frame: pd.DataFrame) -> Any:
        from hmcpsi_data.pictures import tile_matrix, unit_strips

        if frame.empty:
            return None
        if frame["framework_id"].nunique() > 1:
            raise HmcpsiError(
                "The picture needs one framework: choose one above. Two have no common order."
            )
        few = frame["inspection_id"].nunique() <= _FEW
        draw = tile_matrix if self.picture == "matrix" and few else unit_strips
        return draw(frame, record=self.record)


def _sentence(frame: pd.DataFrame, record: Record) -> str:
    """What was found, level by level; of many frameworks, only how much there is."""
    if frame.empty:
        return _NOTHING
    frameworks = frame["framework"].nunique()
    if frameworks <= _COUNTED:
        return rated(frame, record)
    areas = count_of(frame["area_id"].nunique(), "Area or other unit", "Areas and other units")
    return f"Ratings of {areas} under {frameworks} frameworks. Choose one to have them counted."


def _counts(frame: pd.DataFrame) -> str:
    """How many ratings are shown, and beside them what is no rating to count."""
    sound = undisputed(frame)
    told = count_of(int(sound["rating"].notna().sum()), "rating")
    unrated, doubted = int(sound["rating"].isna().sum()), len(frame) - len(sound)
    told += f"; {unrated} without a rating" if unrated else ""
    told += f"; {doubted} contradicted by another source and not counted" if doubted else ""
    return told


def _words(frame: pd.DataFrame) -> pd.Series:
    """What stands in the tiles: the rating, what kind of missing, or both sides of a conflict."""
    words = frame["rating"].fillna(frame["missing"].map(MISSING))
    both = words + " or " + frame["says_otherwise"]
    return words.where(frame["basis"].ne("contradicted").fillna(True), "contradicted: " + both)


def _ranks(frame: pd.DataFrame, record: Record) -> pd.Series:
    """What the ratings are sorted by: first their framework, then the rank in its scale."""
    frameworks = record.table("frameworks")[["framework_id", "scale_id"]].reset_index(names="place")
    scales = record.table("scales")[["scale_id", "value", "rank"]]
    known = frameworks.merge(scales, on="scale_id")
    known = known.drop_duplicates(["framework_id", "value"])
    known = known.set_index(["framework_id", "value"])
    asked = pd.MultiIndex.from_frame(frame[["framework_id", "rating"]])
    found = known.reindex(asked).set_axis(frame.index)
    places = frame["framework_id"].map(frameworks.set_index("framework_id")["place"])
    return (places * 100 + found["rank"].fillna(0)).astype("float64")
