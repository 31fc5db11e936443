"""Fourteen ratings to change, and the overall words that they could have come to."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from hmcpsi_data import pictures
from hmcpsi_data.assessment import Overall, consistent_rules, overall, what_if
from hmcpsi_data.assessment.rules import SCALE
from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.explorers.base import Choice, Control, Explorer, Option
from hmcpsi_data.explorers.view import View, call, edit_table
from hmcpsi_data.record.ratings import ratings
from hmcpsi_data.words import count_of

_SET = "opa_2005_"
_CHOICES = {word: word for word in reversed(SCALE)}


class _Changes(Control):
    """The ratings that a person changed, by aspect; None where there are none."""

    def read(self, value: Any, *_: Any) -> Any:
        """The changes; which aspects and ratings there are is for `overall` to say."""
        if not isinstance(value, Mapping | None):
            raise HmcpsiError(f"{self.label} must be ratings by aspect, such as disclosure='Poor'.")
        return dict(value) if value else None


class AssessmentExplorer(Explorer):
    """Start from the ratings of a real Area, change any, and see what the rules allow.

    `changes` are ratings by aspect, without the name of its set.

    >>> explorer = AssessmentExplorer(changes={"managing_magistrates_courts_cases": "Good"})
    >>> explorer.shown["status"]
    'Fair or Good by reconstruction: Leicestershire with 1 rating changed by you'
    """

    TITLE = "From fourteen aspects to one word: what if?"

    area = Choice("Start from", "All its aspects are known", everything=None, filters=False)
    changes = _Changes("Changes")

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """The Areas of which all ratings are known."""
        rules = consistent_rules(self.record)
        self.note, n = rules.caveat, len(rules.aspects.labels)
        areas = [one for one in rules.areas if len(one.profile) == n]
        return {"area": [(one.area_id, f"{one.area}: {one.overall}", None) for one in areas]}

    def act(self, command: str, details: Mapping[str, Any], data: bytes) -> None:
        """Change a rating."""
        if command != "edit":
            super().act(command, details, data)
        aspect, word = str(details.get("row")), details.get("value")
        kept = {key: old for key, old in (self.changes or {}).items() if key != aspect}
        self.changes = kept if word == self._own().get(aspect) else {**kept, aspect: word}

    def _own(self) -> dict[str, str]:
        """The ratings that the Area was given, by aspect without its set."""
        known = {one.area_id: one.profile for one in consistent_rules(self.record).areas}
        return {key.removeprefix(_SET): word for key, word in known[self.area].items()}

    def show(self) -> View:
        """The possible words, the fourteen rows with what holds the result, and the ways."""
        if self.area != self._values.get("area", self.area):
            self._assign({"changes": None})  # another Area brings its own ratings
        changes, name = self.changes or {}, self.in_words("area").partition(":")[0]
        given = self._own() | changes
        result = overall(given, record=self.record)
        ways = what_if(given, record=self.record).tables
        whose = f"{name} as it was rated"
        if changes:
            whose = f"{name} with {count_of(len(changes), 'rating')} changed by you"
        words = " or ".join(result.possible) or "No answer"
        told = "".join(f", {name}={word!r}" for name, word in changes.items())
        mine = call("", record=self.record)[1:-1]  # the folder, where it is not the shipped one
        mine = mine and f", {mine}"
        return View(
            result.aspects,
            f"{words} by reconstruction: {whose}",
            f"assessment.overall(assessment.profile({self.area!r}{told}{mine}){mine}).aspects",
            result.words,
            html=self._table(result) + "".join(one.html(style=False) for one in ways),
            picture=lambda: self._picture(result, f"{whose}: {words}"),
            picture_key=tuple(result.aspects["rating"].fillna("")),
        )

    def _table(self, result: Overall) -> str:
        """The fourteen aspects with their lists, and what holds the result."""
        aspects = result.aspects.set_index(result.aspects["aspect_id"].str.removeprefix(_SET))
        kind = aspects["is_critical"].map({True: "critical", False: "not critical"})
        changed = aspects.index.isin([*(self.changes or {})])
        shown = {
            "Aspect": aspects["label"],
            "Rating": aspects["rating"],
            "As rated": aspects.index.to_series().map(self._own()),
            "Kind": kind.mask(changed, kind + ", changed by you"),
            "Keeps it short of Good": aspects["holds"],
            "If it alone were Excellent": "Good under " + aspects["alone"].astype("string"),
        }
        caption, lists = "The fourteen ratings, to change", {"Rating": _CHOICES}
        return edit_table(caption, pd.DataFrame(shown, dtype=object), lists)

    def _picture(self, result: Overall, title: str) -> Any:
        framework = consistent_rules(self.record).aspects.framework_id
        how: Any = {"framework": framework, "level": "aspect", "record": self.record}
        rows = self.once(self.area, partial(ratings, self.area, **how))
        now = result.aspects.set_index("aspect_id")["rating"]
        rows = rows.assign(rating=rows["aspect_id"].map(now), basis=pd.NA)
        picture = pictures.unit_strips(rows, record=self.record)
        return replace(picture, title=title, source=result.caveat)
