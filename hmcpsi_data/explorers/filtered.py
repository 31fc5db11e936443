"""Explorers of one public function: its filters are controls, and each row has its source."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

import pandas as pd

from hmcpsi_data import pictures, show
from hmcpsi_data import words as say
from hmcpsi_data.errors import AreaNotInBeingError
from hmcpsi_data.explorers.base import TABLES, Choice, Explorer, Option, Search, Several
from hmcpsi_data.explorers.view import NOTHING, View, button, call, facets
from hmcpsi_data.record.actions import actions
from hmcpsi_data.record.describe import rated
from hmcpsi_data.record.facts import both_sides, facts
from hmcpsi_data.record.filters import options
from hmcpsi_data.record.joins import scales
from hmcpsi_data.record.ratings import ratings, undisputed
from hmcpsi_data.record.sources import addresses, citations
from hmcpsi_data.record.timeline import KINDS as EVENTS
from hmcpsi_data.record.timeline import timeline
from hmcpsi_data.show.sourced import dates
from hmcpsi_data.tables.record import Record

_FIRST = "leicestershire_1999"
_FEW, _COUNTED = 5, 3  # inspections drawn each as a column; frameworks told each by itself
_CRITICAL = {True: "critical only", False: "not critical only"}
_DATED = {True: "dated only", False: "undated only"}
_THEME = "A subject that runs through the frameworks, by our judgement"


class Filtered(Explorer):
    """An explorer of one public function of the record, whose arguments its controls hold."""

    FUNCTION: ClassVar[Callable[..., pd.DataFrame]]
    QUERY = ""  # what its rows must fit besides, as a query of pandas
    KEY: ClassVar[list[str]] = []  # the columns that tell its rows apart
    WORDS: ClassVar[Any]  # gives all rows of a record in words, by key; they are found once
    FACETS: tuple[str, ...] = ()  # the controls whose options are counted in its rows
    SITE: tuple[str, ...] = ()  # a page of the site with the same rows, and its filters

    search = Search()
    tier = Several("Published by", "Whose publication it is", more=True, quiet=True)
    basis = Several("Basis", "How the source carries it", more=True, quiet=True)

    def ask(self, **values: Any) -> pd.DataFrame:
        """The rows that fit these values of the controls."""
        rows = self.FUNCTION(**values, record=self.record)
        return rows.query(self.QUERY) if self.QUERY else rows

    def rows(self, **values: Any) -> pd.DataFrame:
        """What `ask` gives: `show` and `controls` ask much the same."""
        return self.once(repr(values), lambda: self.ask(**values))

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """Options with the number of rows that each would give."""
        counted = facets(self.rows(**self.values), self.values, self.rows, self.FACETS)
        return {name: self.offered(name, rows) for name, rows in counted.items()}

    def offered(self, name: str, rows: pd.DataFrame) -> list[Option]:
        """The options of a control, counted in these rows."""
        found, counts = options(name, self.record, rows), self._controls[name].counts
        return [(key, label, n if counts else None) for key, label, n in found]

    def read(self, frame: pd.DataFrame) -> pd.DataFrame:
        """These rows in words."""
        words = self.record.once(type(self).WORDS)
        return words.reindex(frame.set_index(self.KEY).index).set_axis(frame.index)

    def answer(
        self, frame: pd.DataFrame, status: str, sentence: str, read: pd.DataFrame, **more: Any
    ) -> View:
        """A view of these rows, with its code and its page."""
        given = {"code": self.code(), "page": self.page(), **more}
        sentence = sentence if len(frame) else frame.attrs.get("nothing", NOTHING)
        return View(frame, status, sentence=sentence, rows=read, **given)

    def code(self) -> str:
        """The call of the public function with what the controls hold."""
        query = f'.query("{self.QUERY}")' if self.QUERY else ""
        return call(f"hd.{self.FUNCTION.__name__}", **self.values, record=self.record) + query

    def page(self) -> str:
        """The page of the site with the same rows, where each filter has one name of its own."""
        state = {"q" if name == "search" else name: self.in_words(name) for name in self.on()}
        unclear = any(mark in words for words in state.values() for mark in (", ", " ("))
        if unclear or not set(self.on()) <= set(self.SITE[1:]):
            return ""
        return "#".join(filter(None, [*self.SITE[:1], urlencode(state, quote_via=quote)]))


def sourced(
    columns: Mapping[str, Any], frame: pd.DataFrame, record: Record, cited: pd.Series
) -> pd.DataFrame:
    """Rows to read, whose words they are and where they stand; `link` to it; how it is `cited`."""
    basis = frame["basis"].fillna("stated").map(say.BASES)
    said = frame["speaker"].map(say.SPEAKERS) + (", " + basis).mask(basis.eq("stated"), "")
    where = {"Source": citations(frame, record), "link": addresses(frame, record), "cited": cited}
    return pd.DataFrame({**columns, "In whose words": said, **where}, index=frame.index)


def _ratings_in_words(record: Record) -> pd.DataFrame:
    frame = ratings(record=record)
    critical = frame["is_critical"].map({True: ", critical"}).fillna("")
    said = both_sides(frame["rating"].fillna(frame["missing"].map(say.MISSING)), frame)
    # within a framework ratings are in the order of its scale, and frameworks stay apart
    places = {
        (framework, word): f"{framework} {place}"
        for framework, scale in record.once(scales).items()
        for place, word in enumerate(scale)
    }
    pairs = zip(frame["framework_id"], frame["rating"], strict=True)
    columns = {
        "Aspect": frame["label"],
        "Rating": said,
        "Area": frame["area"],
        "Framework": frame["framework"],
        "Date": dates(frame),
        "Level": frame["level"].str.replace("_", " ") + critical,
        "rating": [places.get(pair, pair[0]) for pair in pairs],
        "date": frame["date_from"].fillna(frame["date"]),
    }
    cited = frame["area"] + ", " + frame["framework"] + ", " + frame["label"] + ": " + said
    return sourced(columns, frame, record, cited).set_axis(frame["rating_id"])


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
    KEY: ClassVar[list[str]] = ["rating_id"]
    WORDS = staticmethod(_ratings_in_words)
    FACETS = ("framework", "area", "theme", "level", "rating", "speaker", "tier", "basis")
    SITE = ("ratings.html", "area", "framework", "rating", "search", "speaker", "tier", "basis")

    area = Choice("Area", "The Area inspected", everything="All Areas")
    framework = Choice("Framework", "The yardstick", everything="All frameworks")
    rating = Several("Rating", "None ticked shows all, the unrated too")
    level = Several("Level", "None ticked shows all levels", more=True)
    theme = Choice("Theme", _THEME, everything="All themes", more=True)
    critical = Choice("Critical aspects", "Of the OPA of 2005-06", more=True, options=_CRITICAL)
    speaker = Several("Whose words", "Who gave it; a newspaper may have reported it", more=True)

    def ask(self, **values: Any) -> pd.DataFrame:
        """The ratings that fit; of an Area that had ended none, but those that are `there`."""
        try:
            return super().ask(**values)
        except AreaNotInBeingError as error:
            frame = super().ask().head(0)
            frame.attrs = {"nothing": str(error), "there": error.relatives}
            return frame

    def act(self, command: str, details: Mapping[str, Any], data: bytes) -> None:
        """Go to one of the Areas that were there."""
        if command != "area":
            super().act(command, details, data)
        self.area = str(details.get("area"))

    def show(self) -> View:
        """The ratings that fit all filters."""
        frame = self.rows(**self.values)
        sound = undisputed(frame)
        unrated, doubted = int(sound["rating"].isna().sum()), len(frame) - len(sound)
        status = say.count_of(len(sound) - unrated, "rating")
        status += f"; {unrated} without a rating" if unrated else ""
        status += f"; {doubted} contradicted by another source and not counted" if doubted else ""
        frameworks = frame["framework"].nunique()
        n = frame["area_id"].nunique()
        areas = say.count_of(n, "Area or other unit", "Areas and other units")
        told = f"Ratings of {areas} under {frameworks} frameworks. Choose one to have them counted."
        names = {key: name for key, name, _ in self._options["area"]}
        there = [(f"Show {names[one]}", one) for one in frame.attrs.get("there", ())]
        shows = [button(label, {"do": "area", "area": one}) for label, one in there]
        some = 1 < frame["inspection_id"].nunique() <= _FEW  # one stands in the table already
        draw = pictures.tile_matrix if some else pictures.unit_strips
        return self.answer(
            frame,
            status,
            rated(frame, self.record) if frameworks <= _COUNTED else told,
            self.read(frame),
            caption="Ratings",
            html=f"<p>{' '.join(shows)}</p>" if shows else "",
            tiles=("Rating",),
            fold=("Area", "Framework", "Date", "Level", "In whose words"),
            picture=partial(draw, frame, record=self.record) if frameworks == 1 else None,
            picture_key=tuple(frame["rating_id"]),
        )


def _actions_in_words(record: Record) -> pd.DataFrame:
    frame = actions(record=record)
    number = (" " + frame["number"].astype("string")).fillna("")
    asked_of = frame["area"] + ", " + frame["round"] + ": " + frame["kind"].map(say.KINDS) + number
    asked = frame[["asked_on", "asked_on_precision", "asked_on_kind"]]
    when = dates(asked.set_axis(["date", "date_precision", "date_kind"], axis="columns"))
    date = frame["date"].map(say.date_in_words, na_action="ignore").astype("string")
    parts = frame["state"].map(say.STATES), "date " + date, "monitored by " + frame["monitored_by"]
    stated = sum((("; " + part).fillna("") for part in parts), pd.Series("", frame.index))
    columns = {
        "Recommendation or issue": frame["topic"],
        "Progress": frame["progress"],
        "Asked of": asked_of + "; " + when,
        "Answer": frame["answer"],
        "As the CPS states it": stated.str[2:].where(stated.ne("")),
    }
    cited = asked_of + ", " + frame["topic"] + (": " + frame["progress"]).fillna("")
    return sourced(columns, frame, record, cited).set_axis(frame["action_id"])


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
    KEY: ClassVar[list[str]] = ["action_id"]
    WORDS = staticmethod(_actions_in_words)
    FACETS = ("area", "framework", "theme", "kind", "progress", "monitored_by", "commitment",
              "tier", "basis")  # fmt: skip
    SITE = ("actions.html", "area", "framework", "kind", "progress", "search", "tier")

    area = Choice("Area", "The Area that was asked", everything="All Areas")
    kind = Several("Kind", "None ticked shows all")
    theme = Choice("Theme", _THEME, everything="All themes")
    framework = Choice("Framework", "The yardstick", everything="All frameworks", more=True)
    progress = Several("Progress", "As a follow-up rated it", more=True)
    # An answer is found by each of its commitments as well, so a count of rows would mislead.
    monitored_by = Choice("Monitored by", "Who is to see that it is done", more=True, counts=False)
    dated = Choice("Date", "Whether the answer names a date", more=True, options=_DATED)
    commitment = Several("Kind of commitment", "What the answer promises", more=True, counts=False)

    def show(self) -> View:
        """The recommendations and issues that fit all filters."""
        frame = self.rows(**self.values)
        read = self.read(frame)
        read = read.dropna(axis="columns", how="all") if len(read) else read
        read = read.fillna({"Progress": say.MISSING["not_found"], "Answer": "none found"})
        known = frame[frame["progress"].notna()]
        return self.answer(
            frame,
            say.count_of(len(frame), "recommendation or issue", "recommendations and issues"),
            _progress(frame),
            read,
            caption=self.TITLE,
            tiles=("Progress",),
            fold=("In whose words",),
            picture=lambda: pictures.unit_strips(known, record=self.record) if len(known) else None,
            picture_key=tuple(known["action_id"]),
        )


class AreaTimeline(Filtered):
    """What is known of an Area and its line, filtered as by `hmcpsi_data.timeline`; no trend.

    >>> AreaTimeline(area="Leicestershire", kind="rating").frame["what"][0].partition(" (")[0]
    'Overall: Fair'
    """

    TITLE = "An Area through time"
    NOTE = (
        "Where a break stands, the framework or the unit changed: what comes after it is no trend "
        "of what came before. Dates are as precise as their sources."
    )
    FUNCTION = staticmethod(timeline)
    FACETS = ("area", "kind", "speaker", "theme", "tier", "basis")

    area = Choice("Area", everything="All Areas", filters=False, counts=False, default=_FIRST)
    kind = Several("Kind of event", "None ticked shows all")
    theme = Several("Theme", "None ticked shows all", more=True)
    speaker = Several("Whose words", "Who said it; a newspaper may have reported it", more=True)

    def offered(self, name: str, rows: pd.DataFrame) -> list[Option]:
        """The options, counted in events; a break is none."""
        events = rows[rows["kind"].ne("break")]
        if name != "kind":
            return super().offered(name, events)
        n = Counter(events["kind"])
        return [(kind, words, n[kind]) for kind, words in EVENTS.items()]

    def show(self) -> View:
        """The events that fit all filters, with the breaks between them."""
        frame = self.rows(**self.values)
        whose = self.in_words("area") if self.area else "all Areas"
        n = int(frame["kind"].eq("break").sum())
        events, breaks = say.count_of(len(frame) - n, "event"), say.count_of(n, "break")
        when = dates(frame.rename(columns={"when": "date", "precision": "date_precision"}))
        columns = {
            "When": when.mask(frame["kind"].eq("break"), "— break —"),
            "What": frame["what"].str.removeprefix("break: "),
            "Area": frame["area"],
            "Framework": frame["framework"],
            "when": range(len(frame)),
        }
        cited = when + ", " + (frame["area"] + ": ").fillna("") + frame["what"]
        return self.answer(
            frame,
            f"{events}: {whose}",
            f"No trend runs across the {breaks}." if n else "",
            sourced(columns, frame, self.record, cited),
            caption=f"{whose[:1].upper()}{whose[1:]} through time",
            picture=partial(pictures.lineage_picture, self.area, record=self.record),
            picture_key=self.area or "all",
        )


class AreaPage(Explorer):
    """The page of an Area, as `hmcpsi_data.show.area` writes it.

    >>> AreaPage(area="South West").shown["status"].startswith("South West: ")
    True
    """

    TITLE = "An Area on one page"
    SAVES: ClassVar[dict[str, str]] = TABLES

    area = Choice("Area", "Since 1999", everything=None, filters=False, default=_FIRST)

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """The Areas, with the number of statements about each."""
        return {"area": options("area", self.record, facts(record=self.record))}

    def show(self) -> View:
        """The page; the file holds every statement about the Area."""
        frame = facts(area=self.area, record=self.record)
        return View(
            frame,
            f"{self.in_words('area')}: {say.count_of(len(frame), 'statement')}",
            code=call("show.area", area=self.area, record=self.record),
            html=self.once(self.area, lambda: show.area(self.area, record=self.record)).body,
            page=f"areas/{self.area}.html",
        )


def _progress(frame: pd.DataFrame) -> str:
    """How far the requests of each kind had got, and how many were answered."""
    words = ""
    for kind, name in say.SEVERAL.items():
        rows = frame[frame["kind"].eq(kind)]
        n = Counter(rows["progress"].dropna()) | Counter(answered=int(rows["response_id"].count()))
        told = ", ".join(f"{count} {word}" for word, count in sorted(n.items()) if count)
        if len(rows):
            words += f"; {name}: {told or 'no progress known'}, of {len(rows)}"
    return f"{words[2:3].upper()}{words[3:]}."
