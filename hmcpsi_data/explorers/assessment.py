"""Fourteen ratings to change, and the overall words that they could have come to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from typing import Any

from hmcpsi_data.assessment import Overall, consistent_rules, overall, profile, what_if
from hmcpsi_data.assessment.rules import SCALE
from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.explorers.base import Explorer
from hmcpsi_data.explorers.controls import Choice, Control, Option
from hmcpsi_data.explorers.saving import call
from hmcpsi_data.explorers.view import View, drop_down, row_of, table_of
from hmcpsi_data.html import html_table, tile
from hmcpsi_data.record.ratings import ratings
from hmcpsi_data.tables.record import RecordLike
from hmcpsi_data.words import MISSING, count_of

__all__ = ["AssessmentExplorer"]

_SET = "opa_2005_"
_CHOICES = {word: word for word in reversed(SCALE)} | {"": "not known"}


class _Changes(Control):
    """The ratings that a person changed, by aspect; None where there are none."""

    kind = "hidden"

    def checked(self, value: Any, options: Sequence[Option], find: Any) -> Any:  # noqa: ARG002
        """The changes, each a word of the scale or None for a rating that is not known."""
        if not isinstance(value, Mapping | None):
            raise HmcpsiError(f"{self.label} must be ratings by aspect, such as disclosure='Poor'.")
        for name, word in (value or {}).items():
            if word is not None and word not in SCALE:
                raise self.unknown(word, [(one, one, None) for one in SCALE])
            if name not in [option for option, *_ in options]:
                raise self.unknown(name, options)
        return dict(value) if value else None


class AssessmentExplorer(Explorer):
    """Start from the ratings of a real Area, change any, and see what the rules allow.

    An Area of which only some ratings are known will do: the others are "not known" until a person
    chooses a rating for them.

    Parameters
    ----------
    **values
        Values of controls at the start: `area`, `target`, and `changes`, ratings by the aspect's
        identifier without that of its set.

    Examples
    --------
    >>> explorer = AssessmentExplorer()
    >>> explorer.shown["status"]
    'Fair by reconstruction: Leicestershire as it was rated'
    >>> explorer.changes = {"managing_magistrates_courts_cases": "Good"}
    >>> explorer.shown["status"]
    'Fair or Good by reconstruction: Leicestershire with 1 rating changed by you'
    """

    TITLE = "From fourteen aspects to one word: what if?"
    BUTTONS = (("own", "Undo my changes", "Put back the ratings that the Area was given"),)

    area = Choice("Start from", "An Area of which all or some aspects are known", everything=None,
                  filters=False)  # fmt: skip
    target = Choice("Ways to", "The overall word that the shortest ways lead to", everything=None,
                    filters=False, default="Good",
                    options={word: word for word in reversed(SCALE[1:])})  # fmt: skip
    changes = _Changes("Changes")

    def __init__(self, record: RecordLike = None, **values: Any) -> None:
        super().__init__(record, **values)
        self.note = consistent_rules(self.record).caveat

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """The Areas to start from, with how many ratings are known of those known in part."""
        rules = consistent_rules(self.record)
        labels, areas = rules.aspects.labels, []
        for one in rules.areas:
            if one.profile:
                n = f"; {len(one.profile)} of {len(labels)} known"
                part = "" if one.whole(rules.aspects) else n
                areas.append((one.area_id, f"{one.area}: {one.overall}{part}", None))
        return {
            "area": areas,
            "changes": [(key.removeprefix(_SET), label, None) for key, label in labels.items()],
        }

    def find(self, name: str, value: str) -> Any:
        """An Area by its name alone."""
        found = super().find(name, value)
        if name == "area" and found not in [option for option, *_ in self._options["area"]]:
            profile(value, in_part=True, record=self.record)  # says why it cannot be started from
        return found

    def act(self, command: str, details: Mapping[str, Any], data: bytes) -> None:
        """Change a rating, or take all changes back."""
        if command == "own":
            self.changes = None
        elif command == "rate":
            aspect, word = str(details.get("aspect")), details.get("value") or None
            own = self._own().get(aspect)
            kept = {key: old for key, old in (self.changes or {}).items() if key != aspect}
            self.changes = kept if word == own else {**kept, aspect: word}
        else:
            super().act(command, details, data)

    def _own(self) -> dict[str, str]:
        """The ratings that the Area was given, by aspect without its set."""
        known = {one.area_id: one.profile for one in consistent_rules(self.record).areas}
        return {key.removeprefix(_SET): word for key, word in known[self.area].items()}

    def show(self) -> View:
        """The possible words, the fourteen rows with what holds the result, and the ways."""
        if self.area != self._values.get("area", self.area):
            self._assign({"changes": None})  # another Area brings its own ratings
        changes, name = self.changes or {}, self._in_words("area").partition(":")[0]
        given = profile(self.area, in_part=True, record=self.record, **changes)
        result = overall(given, target=self.target, in_part=True, record=self.record)
        whole = bool(given.notna().all())
        ways = what_if(given, self.target, record=self.record).tables if whole else ()
        words = " or ".join(result.possible) or "No answer"
        whose = f"{name} {'as it was rated' if whole else 'as far as it is known'}"
        if changes:
            whose = f"{name} with {count_of(len(changes), 'rating')} changed by you"
        told = "".join(f", {name}={word!r}" for name, word in changes.items())
        start = f"assessment.profile({self.area!r}, in_part=True{told})"
        code = call("assessment.overall", target=self.target, in_part=True, record=self.record)
        possible = result.frame[["rating", "share", "n_rules", "of_rules"]]
        possible = possible.set_axis(["Overall", "Under", "Rules", "Of"], axis="columns")
        below = html_table(possible, "Possible overall ratings", tiles=("Overall",), box=False,
                           record=self.record)  # fmt: skip
        return View(
            frame=result.aspects,
            status=f"{words} by reconstruction: {whose}",
            code=code.replace("overall(", f"overall({start}, ") + ".aspects",
            sentence=result.words,
            html=self._table(result) + "".join(table.html(style=False) for table in ways) + below,
            picture=lambda: self._picture(result, f"{whose}: {words}"),
            picture_key=tuple(result.aspects["rating"].fillna("")),
        )

    def _table(self, result: Overall) -> str:
        """The fourteen aspects with their lists, and what holds the result."""
        whole, own = bool(result.aspects["holds"].notna().all()), self._own()
        heads = ["Aspect", "Rating", "As rated", "Kind"]
        heads += [f"Keeps it short of {self.target}", "If it alone were Excellent"] * whole
        body = ""
        for row in result.aspects.to_dict("records"):
            name = row["aspect_id"].removeprefix(_SET)
            mine = " <strong>changed by you</strong>" * (name in (self.changes or {}))
            cells = [
                drop_down({"do": "rate", "aspect": name}, row["rating"], _CHOICES, row["label"]),
                tile(own.get(name, MISSING["not_found"]), self.record) + mine,
                "critical" if row["is_critical"] else "not critical",
            ]
            if whole:
                cells += [escape(row["holds"]), escape(f"{self.target} under {row['alone']}")]
            body += row_of(row["label"], cells)
        return table_of("The fourteen ratings, to change", heads, body)

    def _picture(self, result: Overall, title: str) -> Any:
        """A strip of squares for the critical aspects and one for the others."""
        from hmcpsi_data.pictures import unit_strips

        known = result.aspects.dropna(subset="rating")
        if known.empty:
            return None
        of = ratings(self.area, framework=consistent_rules(self.record).aspects.framework_id,
                     record=self.record).iloc[0]  # fmt: skip
        columns = ["inspection_id", "area", "framework_id", "framework", "source_id", "set_id"]
        known = known.assign(**{name: of[name] for name in columns}, level="aspect")
        picture = unit_strips(known, record=self.record)
        return replace(picture, title=title, source=result.caveat)
