"""Fourteen ratings to change, and what they could have come to: words, reasons, shortest ways."""

from __future__ import annotations

import os
from typing import Any

import pandas as pd

from hmcpsi_data.assessment import consistent_rules
from hmcpsi_data.assessment_consistent import joined
from hmcpsi_data.assessment_profiles import KnownArea
from hmcpsi_data.assessment_results import Overall, assessed_of, overall_of, what_if_of
from hmcpsi_data.errors import FrameworkError
from hmcpsi_data.explorers.control import Control, choice, grouped, hidden
from hmcpsi_data.explorers.explorer import Explorer, View
from hmcpsi_data.explorers.rows import call
from hmcpsi_data.pictures import Picture, unit_strips
from hmcpsi_data.tiles import TileTable, tile_table

__all__ = ["AssessmentExplorer"]

_CRITICAL, _OTHER = "Critical aspects", "Non-critical aspects"
_SQUARES = 20


class AssessmentExplorer(Explorer):
    """Start from the ratings of a real Area, change any, and see what the rules allow.

    Parameters
    ----------
    folder : path, optional
        As for `load`.
    **state
        Values of controls at the start: `area`, `target`, and any aspect by its identifier without
        that of its set.

    Examples
    --------
    >>> explorer = AssessmentExplorer()
    >>> explorer.view["status"]
    'Fair: Leicestershire as it was rated'
    >>> explorer.set(managing_magistrates_courts_cases="Good", custody_time_limits="Good")
    >>> explorer.view["status"]
    'Fair or Good: Leicestershire with 2 ratings changed by you'
    """

    TITLE = "From fourteen aspects to one word: what if?"
    ACTIONS = (("own", "Take my changes back", "Put back the ratings that the Area was given"),)

    def __init__(self, folder: str | os.PathLike[str] | None = None, **state: Any) -> None:
        first = {name: state.pop(name) for name in ("area", "target") if name in state}
        super().__init__(folder, **first)
        if state:
            self.set(**state)

    def prepare(self) -> None:
        """Find the consistent rules and the Areas to start from once."""
        found = self._rules = consistent_rules(folder=self.folder)
        self.caveat = f"{found.caveat} {found.words}"
        known = [one for one in found.areas if one.whole(found.framework)]
        if not known:
            problem = "Of no Area are all aspects known, so there is nothing to start from."
            raise FrameworkError([found.framework.framework_id], problem, "Check the ratings.")
        self._areas: dict[str, KnownArea] = {one.inspection_id: one for one in known}
        prefix = f"{found.framework.set_id}_"
        self._names = {one: one.removeprefix(prefix) for one in found.framework.labels}

    def describe(self) -> list[Control]:
        """The Area to start from, the word to reach, and a rating for each aspect."""
        framework, first = self._rules.framework, next(iter(self._areas.values()))
        areas = [(key, f"{one.area} ({one.overall})") for key, one in self._areas.items()]
        words = [(word, word) for word in reversed(framework.scale)]
        targets = words[:-1]
        tip = "An Area whose aspects are all known; its ratings replace what you changed"
        ways = "The overall word that the shortest ways lead to"
        rows: dict[str, list[Control]] = {_CRITICAL: [], _OTHER: []}
        for aspect_id, name in self._names.items():
            group = _CRITICAL if aspect_id in framework.critical else _OTHER
            label, was = framework.labels[aspect_id], first.profile[aspect_id]
            rows[group].append(choice(name, label, f"Your rating of: {label}", words, None, was))
        return [
            choice("area", "Start from", tip, areas, None),
            choice("target", "Ways to", ways, targets, None, "Good"),
            hidden("shown"),
            *(one for group, controls in rows.items() for one in grouped(group, *controls)),
        ]

    def settle(self, state: dict[str, Any]) -> dict[str, Any]:
        """Another Area brings its ratings with it."""
        area = state["area"]
        return state if state["shown"] == area else state | self._own(area) | {"shown": area}

    def set(self, **state: Any) -> None:
        """Change several controls; an Area is chosen before its ratings are changed."""
        first = {name: state.pop(name) for name in ("area", "target") if name in state}
        for part in (first, state):
            if part:
                super().set(**part)

    def act(self, name: str) -> None:  # noqa: ARG002
        """Take the changes back."""
        self.state = self.state | self._own(self.state["area"])

    def closed(self) -> set[str]:
        """There is nothing to take back where nothing was changed."""
        return set() if self._changes(self.state) else {"own"}

    def look(self, area: str, target: str, **state: Any) -> View:
        """The possible words, the fourteen rows with what holds the result, and the ways."""
        rules, known = self._rules, self._areas[area]
        changes = self._changes({"area": area, **state})
        profile = {one: state[name] for one, name in self._names.items()}
        said = overall_of(rules, profile, target)
        ways = what_if_of(rules, profile, target)
        inner = call("profile", area=known.area, **changes).replace("profile(area=", "profile(", 1)
        n = len(changes)
        changed = f"{n} rating{'s' * (n != 1)} changed by you" if n else ""
        whose = f"{known.area} {f'with {changed}' if n else 'as it was rated'}"
        words = joined(list(said.possible), "or") if said.possible else "No answer"
        code = f"assessed({inner}, target={target!r})"
        picture = f"{whose}: {words}"
        return View(
            status=f"{words}: {whose}",
            words=said.words,
            table=tuple(
                table
                for table in (_possible(said), self._rows(said, known, target), ways.table())
                if len(table.frame)
            ),
            frame=assessed_of(rules, said, ways),
            code=f"{code}  # from hmcpsi_data.assessment import assessed, profile",
            picture=lambda: self._picture(profile, said, picture),
            picture_key=(area, tuple(profile.values())),
        )

    def _own(self, area: str) -> dict[str, str]:
        return {name: self._areas[area].profile[one] for one, name in self._names.items()}

    def _changes(self, state: dict[str, Any]) -> dict[str, str]:
        own = self._own(state["area"])
        return {name: state[name] for name, word in own.items() if state[name] != word}

    def _rows(self, said: Overall, known: KnownArea, target: str) -> TileTable:
        """The fourteen aspects, what was changed, and what holds the result."""
        frame, best = said.aspects, self._rules.framework.scale[-1]
        kinds = ["critical" if one else "non-critical" for one in frame["is_critical"]]
        was = [
            "as rated"
            if known.profile[one] == word
            else f"changed by you, was {known.profile[one]}"
            for one, word in zip(frame["aspect_id"], frame["rating"], strict=True)
        ]
        shown = pd.DataFrame(
            {
                "Aspect": frame["label"],
                "Kind": kinds,
                "Rating": frame["rating"],
                "As rated": was,
                f"Keeps short of {target}": frame["holds"],
                f"{target} if it alone were {best}": [f"under {one}" for one in frame["alone"]],
            }
        )
        return tile_table(shown, "The fourteen ratings and what they do", tiles=("Rating",))

    def _picture(self, profile: dict[str, str], said: Overall, title: str) -> Picture:
        """Squares for the aspects, for the critical ones, and for the rules."""
        framework = self._rules.framework
        rows = pd.DataFrame({"aspect_id": list(profile), "rating": list(profile.values())})
        rows = rows.assign(framework_id=framework.framework_id, inspection_id="profile", area="")
        critical = rows[rows["aspect_id"].isin(framework.critical)]
        strips = {f"{len(rows)} aspects": rows, f"{len(critical)} critical aspects": critical}
        if said.possible:
            words = _squares(dict(zip(said.frame["rating"], said.frame["n_rules"], strict=True)))
            rules = pd.DataFrame({"rating": words, "framework_id": framework.framework_id})
            part = "a square is about a twentieth of them"
            strips[f"Overall, by rules: {part}"] = rules.assign(inspection_id="rules")
        subtitle = "A square for each aspect; below them what the consistent rules say of it all"
        return unit_strips(strips, title=title, subtitle=subtitle, source=self._rules.caveat)


def _possible(said: Overall) -> TileTable:
    shown = pd.DataFrame({"Overall": said.frame["rating"], "Given by": said.frame["share"]})
    return tile_table(shown, "Possible overall ratings", tiles=("Overall",))


def _squares(n: dict[str, int]) -> list[str]:
    """So many squares for each word, at least one for each, by largest remainder.

    Examples
    --------
    >>> _squares({"Fair": 999, "Good": 1}).count("Good")
    1
    """
    total = sum(n.values())
    squares = min(_SQUARES, total)
    exact = {word: squares * number / total for word, number in n.items()}
    given = {word: max(int(share), 1) for word, share in exact.items()}
    while sum(given.values()) != squares:
        step = 1 if sum(given.values()) < squares else -1
        word = max(exact, key=lambda one: step * (exact[one] - given[one]))
        given[word] += step
    return [word for word, number in given.items() for _ in range(number)]
