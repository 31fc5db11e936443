"""Explorers of one public function: options are counted in its rows, and rows have sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

import pandas as pd

from hmcpsi_data import pictures
from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.explorers.base import Explorer
from hmcpsi_data.explorers.controls import Choice, Option, Search, Several, facets
from hmcpsi_data.explorers.view import View, button, call
from hmcpsi_data.record.actions import actions
from hmcpsi_data.record.areas import successors
from hmcpsi_data.record.describe import rated
from hmcpsi_data.record.facts import both_sides
from hmcpsi_data.record.filters import options
from hmcpsi_data.record.joins import scales
from hmcpsi_data.record.ratings import ratings, undisputed
from hmcpsi_data.record.sources import addresses, citations
from hmcpsi_data.show.sourced import dates
from hmcpsi_data.tables.record import Record
from hmcpsi_data.words import (
    BASES,
    KINDS,
    MISSING,
    SEVERAL,
    SPEAKERS,
    STATES,
    count_of,
    date_in_words,
)

__all__ = ["ActionsExplorer", "Filtered", "RatingsExplorer", "keys", "sourced"]

_NOTHING = "Nothing fits all filters. Take one away, or press Clear. Nothing found is never Poor."
_FEW, _COUNTED = 5, 3  # inspections drawn each as a column; frameworks told each by itself
# the columns that are counted
_RATED = ["inspection_id", "area_id", "area", "framework_id", "framework", "set_id", "level",
          "rating", "basis"]  # fmt: skip
_ORDER = {"rank": "Rating", "first": "Date"}  # what is sorted by another column than it shows
_THEME = "A subject that runs through the frameworks, by our judgement"


class Filtered(Explorer):
    """An explorer of one public function of the record, whose filters are its controls."""

    FUNCTION: ClassVar[Callable[..., pd.DataFrame]]
    QUERY = ""
    """What the rows must fit besides, as a query of pandas."""
    FACETS: tuple[str, ...] = ()
    """The controls whose options are counted in the rows."""
    KEY: tuple[str, ...] = ()
    """The columns that tell its rows apart."""
    SITE: tuple[str, ...] = ()
    """The page of the site that shows the same, and the controls that it has as filters."""

    tier = Several("Published by", "Whose publication it is", more=True, quiet=True)
    basis = Several("Basis", "How the source carries it", more=True, quiet=True)

    @property
    def asking(self) -> dict[str, Any]:
        """The arguments of the public function: what the controls hold."""
        return {name: one for name, one in self.values.items() if name != "cell"}

    def ask(self, **values: Any) -> pd.DataFrame:
        """The rows that fit these arguments."""
        rows = self.FUNCTION(**values, record=self.record)
        return rows.query(self.QUERY) if self.QUERY else rows

    def rows(self, **values: Any) -> pd.DataFrame:
        """What `ask` gives: `show` and `controls` ask much the same."""
        return self.once(repr(values), lambda: self.ask(**values))

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """Options with the number of rows that each would give."""
        counted = facets(self.rows(**self.asking), self.asking, self.rows, self.FACETS)
        return {name: self.offered(name, rows) for name, rows in counted.items()}

    def offered(self, name: str, rows: pd.DataFrame) -> list[Option]:
        """The options of a control that stand in any row, each with how many rows it would give."""
        if not self._controls[name].counts:
            return [(one, label, None) for one, label, _ in options(name, self.record)]
        known = self.record.once(self._known)[name]
        return [option for option in options(name, self.record, rows) if option[0] in known]

    @classmethod
    def _known(cls, record: Record) -> dict[str, set[Any]]:
        whole = cls.FUNCTION(record=record)
        whole = whole.query(cls.QUERY) if cls.QUERY else whole
        found = {name: options(name, record, whole) for name in cls.FACETS}
        return {name: {one for one, _, n in known if n} for name, known in found.items()}

    @classmethod
    def words(cls, record: Record) -> pd.DataFrame:
        """All rows under headings for people, by their keys; more columns are in lower case."""
        raise NotImplementedError(f"{cls.__name__} writes its own table")

    def read(self, frame: pd.DataFrame) -> pd.DataFrame:
        """What these rows say in words, which are found once for all rows of the record."""
        words = self.record.once(type(self).words)
        return words.reindex(keys(frame, self.KEY)).set_axis(frame.index)

    def answer(
        self, frame: pd.DataFrame, status: str, sentence: str,
        read: pd.DataFrame | None = None, nothing: str = _NOTHING, **more: Any,
    ) -> View:  # fmt: skip
        """A view of these rows with what they say in words, and its code."""
        given = {"code": self.code(), "page": self.page(), **more}
        if read is not None:
            given["rows"] = read[[name for name in read if str(name)[0].isupper()]]
            given["links"] = {"Source": read["link"]}
            given["order"] = {of: read[name] for name, of in _ORDER.items() if name in read}
            given["values"] = lambda rows: read["cited"].loc[rows.index]
        return View(frame, status, sentence=sentence if len(frame) else nothing, **given)

    def code(self) -> str:
        """The call of the public function with what the controls hold."""
        query = f'.query("{self.QUERY}")' if self.QUERY else ""
        return call(f"hd.{self.FUNCTION.__name__}", **self.asking, record=self.record) + query

    def page(self) -> str | None:
        """The page of the site with the same view."""
        if not self.SITE:
            return None
        on = {name: self.values[name] for name in self.on()}
        several = any(isinstance(value, list) and len(value) > 1 for value in on.values())
        # The site knows an Area by its name alone, so not one of two that bear the same.
        twins = "area" in on and "(" in self.in_words("area")
        if several or twins or not set(on) <= set(self.SITE[1:]):
            return ""
        state = {"q" if name == "search" else name: self.in_words(name) for name in on}
        if on.get("level"):
            state["level"] = on["level"][0]  # the site tells it by its code
        return self.SITE[0] + ("#" + urlencode(state, quote_via=quote) if state else "")


class RatingsExplorer(Filtered):
    """All ratings, filtered as by `hmcpsi_data.ratings`.

    >>> explorer = RatingsExplorer(framework="OPA 2005-06", area="Leicestershire", rating="Poor")
    >>> explorer.frame["label"].tolist()
    ["Managing magistrates' courts cases"]
    """

    TITLE = "Ratings"
    NOTE = (
        "A rating belongs to its framework: the same word in two frameworks is not the same rating."
    )
    FUNCTION = staticmethod(ratings)
    KEY = ("rating_id",)
    FACETS = ("framework", "area", "theme", "level", "rating", "speaker", "tier", "basis")
    SITE = ("ratings.html", "area", "framework", "rating", "search", "level", "speaker", "tier",
            "basis")  # fmt: skip

    area = Choice("Area", "The Area inspected", everything="All Areas")
    framework = Choice("Framework", "The yardstick", everything="All frameworks")
    rating = Several("Rating", "None ticked shows all, the unrated too")
    search = Search()
    level = Several("Level", "None ticked shows all levels", more=True)
    theme = Choice("Theme", _THEME, everything="All themes", more=True)
    critical = Choice("Critical aspects", "Only the OPA of 2005-06 has critical aspects", more=True,
                      options={True: "critical only", False: "not critical only"})  # fmt: skip
    speaker = Several("Whose words", "Who gave it; a newspaper may have reported it", more=True)

    def ask(self, **values: Any) -> pd.DataFrame:
        """The ratings that fit; of an Area that had ended none, and why."""
        try:
            return super().ask(**values)
        except HmcpsiError as error:
            frame = super().ask().head(0)
            frame.attrs["nothing"] = str(error)
            return frame

    def act(self, command: str, details: Mapping[str, Any], data: bytes) -> None:
        """Go to the Area that came after the one that is chosen."""
        if command != "area":
            super().act(command, details, data)
        self.area = str(details.get("area"))

    @classmethod
    def words(cls, record: Record) -> pd.DataFrame:
        """Each rating in words; of a conflict both sides."""
        frame = ratings(record=record)
        critical = frame["is_critical"].map({True: ", critical"}).fillna("")
        words = both_sides(frame["rating"].fillna(frame["missing"].map(MISSING)), frame)
        columns: dict[str, Any] = {
            "Aspect": frame["label"],
            "Rating": words,
            "Area": frame["area"],
            "Framework": frame["framework"],
            "Date": dates(frame),
            "Level": frame["level"].str.replace("_", " ") + critical,
        }
        cited = frame["area"] + ", " + frame["framework"] + ", " + frame["label"] + ": " + words
        places = {
            (framework, word): f"{framework} {place}"
            for framework, scale in record.once(scales).items()
            for place, word in enumerate(scale)
        }
        pairs = zip(frame["framework_id"], frame["rating"], strict=True)
        columns["rank"] = [places.get(pair, pair[0]) for pair in pairs]
        columns["first"] = frame["date_from"].fillna(frame["date"])
        return sourced(columns, frame, record, cited).set_axis(keys(frame, cls.KEY))

    def show(self) -> View:
        """The ratings that fit all filters; of an Area that had ended, those after it."""
        frame, before = self.rows(**self.asking), ""
        if frame.empty and self.area:
            later = successors(self.area, record=self.record)[["area_id", "area"]].to_numpy()
            shows = [button(f"Show {name}", {"do": "area", "area": key}) for key, name in later]
            before = f"<p>{' '.join(shows)}</p>"
        sound = undisputed(frame)
        unrated, doubted = int(sound["rating"].isna().sum()), len(frame) - len(sound)
        status = count_of(len(sound) - unrated, "rating")
        status += f"; {unrated} without a rating" if unrated else ""
        status += f"; {doubted} contradicted by another source and not counted" if doubted else ""
        frameworks = frame["framework"].nunique()
        areas = count_of(frame["area_id"].nunique(), "Area or other unit", "Areas and other units")
        told = f"Ratings of {areas} under {frameworks} frameworks. Choose one to have them counted."
        return self.answer(
            frame,
            status,
            rated(frame[_RATED], self.record) if frameworks <= _COUNTED else told,
            self.read(frame),
            frame.attrs.get("nothing", _NOTHING),
            caption="Ratings",
            tiles=("Rating",),
            fold=("Area", "Framework", "Date", "Level", "In whose words"),
            before=before,
            picture=lambda: self._picture(frame) if len(frame) else None,
            picture_key=tuple(frame["rating_id"]),
        )

    def _picture(self, frame: pd.DataFrame) -> Any:
        if frame["framework_id"].nunique() > 1:
            told = "The picture needs one framework: choose one above."
            raise HmcpsiError(told, "Two have no common order.")
        columns = frame["inspection_id"].nunique()  # one alone stands in the table already
        draw = pictures.tile_matrix if 1 < columns <= _FEW else pictures.unit_strips
        return draw(frame, record=self.record)


class ActionsExplorer(Filtered):
    """Recommendations, aspects for improvement and issues, filtered as by `hmcpsi_data.actions`.

    >>> ActionsExplorer(progress="Achieved").frame[["kind", "number"]].values.tolist()
    [['recommendation', 4], ['aspect_for_improvement', 3]]
    """

    TITLE = "Recommendations and issues, and what became of them"
    NOTE = (
        "Progress is not quality: Achieved is not Excellent. Answers are the CPS's own words on "
        "what it has done or will do; whether promises were kept is not in these sources."
    )
    FUNCTION = staticmethod(actions)
    KEY = ("action_id",)
    FACETS = ("area", "framework", "theme", "kind", "progress", "state", "monitored_by",
              "commitment", "tier", "basis")  # fmt: skip
    SITE = ("actions.html", "area", "framework", "kind", "progress", "search", "tier")

    area = Choice("Area", "The Area that was asked", everything="All Areas")
    kind = Several("Kind", "None ticked shows all")
    theme = Choice("Theme", _THEME, everything="All themes")
    search = Search()
    framework = Choice("Framework", "Under which it was made", everything="All frameworks",
                       more=True)  # fmt: skip
    progress = Several("Progress", "As a follow-up rated it", more=True)
    # An answer is found by each of its commitments as well, so a count of rows would mislead.
    state = Several("State of the answer", "As the CPS states it", more=True, counts=False)
    monitored_by = Choice("Monitored by", "Who is to see that it is done", more=True, counts=False)
    dated = Choice("Date", "Whether the answer names a date", more=True,
                   options={True: "dated only", False: "undated only"})  # fmt: skip
    commitment = Several("Kind of commitment", "What the answer promises", more=True, counts=False)

    @classmethod
    def words(cls, record: Record) -> pd.DataFrame:
        """Each request in words, with its progress and its answer as far as there are any."""
        frame = actions(record=record)
        number = (" " + frame["number"].astype("string")).fillna("")
        of_round = frame["area"] + ", " + frame["round"] + ": "
        asked_of = of_round + frame["kind"].map(KINDS) + number
        asked = ["asked_on", "asked_on_precision", "asked_on_kind"]
        when = dates(frame[asked].set_axis(["date", "date_precision", "date_kind"], axis=1))
        columns = {
            "Recommendation or issue": frame["topic"],
            "Progress": frame["progress"],
            "Asked of": asked_of + "; " + when,
            "Answer": frame["answer"],
            "As the CPS states it": _stated(frame),
        }
        cited = asked_of + ", " + frame["topic"] + (": " + frame["progress"]).fillna("")
        return sourced(columns, frame, record, cited).set_axis(keys(frame, cls.KEY))

    def show(self) -> View:
        """The recommendations and issues that fit all filters."""
        frame = self.rows(**self.asking)
        read = self.read(frame)
        perhaps = ("Progress", "Answer", "As the CPS states it")
        read = read.drop(columns=[one for one in perhaps if read[one].isna().all()])
        read = read.fillna({"Progress": MISSING["not_found"], "Answer": "none found"})
        known = frame[frame["progress"].notna()]
        return self.answer(
            frame,
            count_of(len(frame), "recommendation or issue", "recommendations and issues"),
            _progress(frame),
            read,
            caption=self.TITLE,
            tiles=("Progress",),
            fold=("In whose words",),
            picture=lambda: pictures.unit_strips(known, record=self.record) if len(known) else None,
            picture_key=tuple(known["action_id"]),
        )


def keys(frame: pd.DataFrame, columns: Sequence[str]) -> pd.Index:
    """What tells the rows apart, in one text each."""
    first, *others = (frame[column] for column in columns)
    return pd.Index(sum(others, first))


def sourced(
    columns: Mapping[str, Any], frame: pd.DataFrame, record: Record, cited: pd.Series
) -> pd.DataFrame:
    """Rows to read, whose words they are and where they stand; `link` to it; how it is `cited`."""
    stated = frame["basis"].isna() | frame["basis"].eq("stated").fillna(False)
    said = frame["speaker"].map(SPEAKERS) + (", " + frame["basis"].map(BASES)).mask(stated, "")
    where = {"Source": citations(frame, record), "link": addresses(frame, record), "cited": cited}
    return pd.DataFrame({**columns, "In whose words": said, **where}, index=frame.index)


def _stated(frame: pd.DataFrame) -> pd.Series:
    """State, date and who watches an answer, as far as each is stated."""
    date = "date " + frame["date"].map(date_in_words, na_action="ignore").astype("string")
    parts = [frame["state"].map(STATES), date, "monitored by " + frame["monitored_by"]]
    told = ["; ".join(part for part in row if pd.notna(part)) for row in zip(*parts, strict=True)]
    stated = pd.Series(told, frame.index, dtype="string")
    return stated.where(stated.ne(""))


def _progress(frame: pd.DataFrame) -> str:
    """How far the requests of each kind had got, and how many were answered."""
    parts = []
    for kind, name in SEVERAL.items():
        rows = frame[frame["kind"].eq(kind)]
        n = Counter(rows["progress"].dropna()) | Counter(answered=int(rows["response_id"].count()))
        told = [f"{count} {word}" for word, count in sorted(n.items()) if count]
        if len(rows):
            parts.append(f"{name}: {', '.join(told) or 'no progress known'}, of {len(rows)}")
    words = "; ".join(parts)
    return f"{words[:1].upper()}{words[1:]}."
