"""Ratings, filtered: framework, Area, level, theme, rating, whose words, and any text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.explorers.base import Explorer
from hmcpsi_data.explorers.controls import Choice, Option, Search, Several, facets
from hmcpsi_data.explorers.rows import offered, said, sources, with_rows
from hmcpsi_data.explorers.view import View, button, call
from hmcpsi_data.record.areas import successors
from hmcpsi_data.record.describe import rated
from hmcpsi_data.record.ratings import ratings, undisputed
from hmcpsi_data.tables.record import Record
from hmcpsi_data.words import MISSING, count_of

__all__ = ["RatingsExplorer"]

_FEW = 5  # inspections that are drawn each as a column
_COUNTED = 3  # frameworks whose ratings are told in words, each by itself
_FACETS = ("framework", "area", "theme", "level", "rating", "speaker", "tier", "basis")


class RatingsExplorer(Explorer):
    """All ratings, filtered; the picture needs one framework, since two have no common order.

    Parameters
    ----------
    record : Record or path, optional
        Whose data are shown.
    **values
        Values of controls at the start, as `hmcpsi_data.ratings` takes them: `area`, `framework`,
        `theme`, `search`, `level`, `rating`, `critical`, `speaker`, `tier`, `basis`; and `picture`
        ("matrix" or "strips").

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

    area = Choice("Area", "The Area inspected", everything="All Areas")
    framework = Choice("Framework", "The yardstick", everything="All frameworks")
    rating = Several("Rating", "None ticked shows all, the unrated too")
    search = Search()
    level = Several("Level", "None ticked shows all levels", more=True)
    theme = Choice("Theme", "A subject that runs through the frameworks, by our judgement",
                   everything="All themes", more=True)  # fmt: skip
    critical = Choice("Critical aspects", "Only the OPA of 2005-06 has critical aspects", more=True)
    speaker = Several(
        "Whose words", "Who gave the rating; a newspaper may have reported it", more=True
    )
    tier = Several("Published by", "Whose publication it is", more=True, quiet=True)
    basis = Several("Basis", "How the source carries it", more=True, quiet=True)
    picture = Choice("Picture", "How the ratings of one framework are drawn", everything=None,
                     more=True, filters=False, default="matrix")  # fmt: skip

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """Options with the number of ratings that each would give."""
        values = self._filters()
        try:
            found = facets(self._ratings(**values), values, self._ratings, _FACETS)
        except HmcpsiError:
            found = dict.fromkeys(_FACETS, ratings(record=self.record))
        known = self.record.once(_known)
        return {
            **{name: offered(name, self.record, rows, known[name]) for name, rows in found.items()},
            "critical": [(True, "critical only", None), (False, "not critical only", None)],
            "picture": [("matrix", "tile matrix", None), ("strips", "unit strips", None)],
        }

    def _filters(self) -> dict[str, Any]:
        return {name: value for name, value in self.values.items() if name != "picture"}

    def _ratings(self, **values: Any) -> pd.DataFrame:
        return ratings(**values, record=self.record)

    def show(self) -> View:
        """The ratings that fit all filters."""
        values = self._filters()
        code = call("hd.ratings", **values, record=self.record)
        try:
            frame = self._ratings(**values)
        except HmcpsiError as error:  # an Area that had ended: say who came after it
            frame = ratings(record=self.record).head(0)
            return View(frame, "0 ratings", code, str(error), html="", after=self._after())
        words, links = sources(frame, self.record)
        return View(
            frame=frame,
            status=_counts(frame),
            code=code,
            sentence=_sentence(frame, self.record),
            rows=_rows(frame, words),
            caption="Ratings",
            tiles=("Rating",),
            fold=("Area", "Framework", "In whose words"),
            links={"Source": links},
            order={
                "Rating": lambda: _ranks(frame, self.record),
                "Published": lambda: frame["published"],
            },
            after="" if len(frame) else self._after(),
            picture=lambda: self._picture(frame),
            picture_key=(self.picture, tuple(frame["rating_id"])),
        )

    def _after(self) -> str:
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


def _known(record: Record) -> dict[str, set]:
    return with_rows(_FACETS, record, ratings(record=record))


_NOTHING = "No rating fits all filters. Take one away, or press Clear. Nothing found is never Poor."


def _rows(frame: pd.DataFrame, words: pd.Series) -> pd.DataFrame:
    """The table to read."""
    level = frame["level"].str.replace("_", " ")
    return pd.DataFrame(
        {
            "Aspect": frame["label"],
            "Rating": _words(frame),
            "Area": frame["area"],
            "Framework": frame["framework"],
            "Level": level + frame["is_critical"].map({True: ", critical"}).fillna(""),
            "In whose words": said(frame),
            "Source": words,
        },
        index=frame.index,
    )


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
    if unrated:
        told += f"; {unrated} without a rating"
    if doubted:
        told += f"; {doubted} contradicted by another source and not counted"
    return told


def _words(frame: pd.DataFrame) -> pd.Series:
    """What stands in the tiles: the rating, what kind of missing, or both sides of a conflict."""
    words = frame["rating"].fillna(frame["missing"].map(MISSING))
    both = words + " or " + frame["says_otherwise"]
    return words.where(frame["basis"].ne("contradicted").fillna(True), "contradicted: " + both)


def _ranks(frame: pd.DataFrame, record: Record) -> pd.Series:
    """What the ratings are sorted by: first their framework, then the rank in its scale."""
    frameworks = record.table("frameworks")[["framework_id", "scale_id"]]
    scales = record.table("scales")[["scale_id", "value", "rank"]]
    ranks = frameworks.merge(scales, on="scale_id").set_index(["framework_id", "value"])["rank"]
    places = {one: n for n, one in enumerate(frameworks["framework_id"])}
    pairs = zip(frame["framework_id"], frame["rating"], strict=True)
    known = ranks[~ranks.index.duplicated()].to_dict()
    return pd.Series(
        [places[one] * 100 + float(known.get((one, word)) or 0) for one, word in pairs],
        index=frame.index,
        dtype="float64",
    )
