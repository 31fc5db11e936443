"""Fourteen ratings to change, and what they could have come to: words, reasons, shortest ways."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from hmcpsi_data.area import resolve
from hmcpsi_data.assessment import consistent_rules
from hmcpsi_data.assessment_consistent import joined
from hmcpsi_data.assessment_profiles import KnownArea
from hmcpsi_data.assessment_results import Overall, assessed_of, overall_of
from hmcpsi_data.assessment_ways import what_if_of
from hmcpsi_data.errors import AmbiguousAreaError, FrameworkError
from hmcpsi_data.explorers.control import Control, choice, grouped, hidden
from hmcpsi_data.explorers.explorer import Explorer
from hmcpsi_data.explorers.view import View
from hmcpsi_data.pictures import Picture, unit_strips
from hmcpsi_data.tables import load
from hmcpsi_data.tiles import TileTable, tile_table

__all__ = ["AssessmentExplorer"]

_CRITICAL, _OTHER = "Critical aspects", "Non-critical aspects"
_OPEN = "not known"
_HOW_FAR = "What keeps it short of {0}, and the ways there, are told once each rating is known."
_SQUARES = 20


class AssessmentExplorer(Explorer):
    """Start from the ratings of a real Area, change any, and see what the rules allow.

    An Area of which only some ratings are known will do: the others are "not known" until a person
    chooses a rating for them.

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
    'Fair by reconstruction: Leicestershire as it was rated'
    >>> explorer.set(managing_magistrates_courts_cases="Good", custody_time_limits="Good")
    >>> explorer.view["status"]
    'Fair or Good by reconstruction: Leicestershire with 2 ratings changed by you'
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
        if not found.areas:
            problem = "Of no Area is any aspect known, so there is nothing to start from."
            raise FrameworkError([found.framework.framework_id], problem, "Check the ratings.")
        self._areas: dict[str, KnownArea] = {one.inspection_id: one for one in found.areas}
        prefix = f"{found.framework.set_id}_"
        self._names = {one: one.removeprefix(prefix) for one in found.framework.labels}
        ids = load("inspections", self.folder).set_index("inspection_id")["area_id"]
        self._called = {key: self._call(one.area, ids[key]) for key, one in self._areas.items()}

    def describe(self) -> list[Control]:
        """The Area to start from, the word to reach, and a rating for each aspect."""
        framework, first = self._rules.framework, next(iter(self._areas.values()))
        areas = [(key, self._option(one)) for key, one in self._areas.items()]
        words = [(word, word) for word in reversed(framework.scale)]
        targets = words[:-1]
        tip = "An Area whose aspects are known, all or some; its ratings replace what you changed"
        ways = "The overall word that the shortest ways lead to"
        rows: dict[str, list[Control]] = {_CRITICAL: [], _OTHER: []}
        for aspect_id, name in self._names.items():
            group = _CRITICAL if aspect_id in framework.critical else _OTHER
            label, was = framework.labels[aspect_id], first.profile.get(aspect_id, "")
            options = [*words, ("", _OPEN)]
            rows[group].append(choice(name, label, f"Your rating of: {label}", options, None, was))
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
        profile = {one: state[name] or None for one, name in self._names.items()}
        whole = None not in profile.values()
        said = overall_of(rules, profile, target)
        ways = what_if_of(rules, profile, target) if whole else None
        whose = self._whose(known, changes)
        words = joined(list(said.possible), "or") if said.possible else "No answer"
        if not whole:
            told = known.words(rules.framework)
            said = replace(
                said, words=f"{said.words} {known.area} was rated {known.overall} ({told})."
            )
        tables = [
            _possible(said),
            self._rows(said, known, target),
            *([ways.table()] if ways else []),
        ]
        strips, title = self._strips(profile, said), f"{whose}: {words}"
        return View(
            status=f"{words}{' by reconstruction' if said.possible else ''}: {whose}",
            words=said.words,
            table=tuple(table for table in tables if len(table.frame)),
            frame=assessed_of(rules, said, ways),
            code=self._code(area, changes, target),
            picture=(lambda: self._picture(strips, title)) if len(strips) > 1 else None,
            picture_key=(area, tuple(profile.values())),
        )

    def _option(self, known: KnownArea) -> str:
        n = len(self._rules.framework.labels)
        part = "" if known.whole(self._rules.framework) else f"; {len(known.profile)} of {n} known"
        return f"{known.area} ({known.overall}{part})"

    def _call(self, name: str, area_id: str) -> str:
        """The name of an Area in a line of code, or its identifier where the name is not enough."""
        try:
            return name if resolve(name, self.folder) == area_id else area_id
        except AmbiguousAreaError:
            return area_id

    def _code(self, area: str, changes: Mapping[str, str], target: str) -> str:
        """Lines that give the same table where they are pasted, with what must stand beside it."""
        inner = [f"{name}={word or None!r}" for name, word in changes.items()]
        both = [] if self.folder is None else [f"folder={os.fspath(self.folder)!r}"]
        if "" in (self._own(area) | changes).values():
            both.append("in_part=True")
        profile = f"profile({', '.join([repr(self._called[area]), *inner, *both])})"
        return (
            "from hmcpsi_data.assessment import assessed, profile\n\n"
            f"# {self._rules.caveat}\n"
            f"assessed({', '.join([profile, f'target={target!r}', *both])})"
        )

    def _whose(self, known: KnownArea, changes: Mapping[str, str]) -> str:
        n = len(changes)
        if n:
            new = any(self._own_rating(known, name) == "" for name in changes)
            return (
                f"{known.area} with {n} rating{'s' * (n != 1)} {'set' if new else 'changed'} by you"
            )
        whole = known.whole(self._rules.framework)
        return f"{known.area} {'as it was rated' if whole else 'as far as it is known'}"

    def _own_rating(self, known: KnownArea, name: str) -> str:
        return known.profile.get(f"{self._rules.framework.set_id}_{name}", "")

    def _own(self, area: str) -> dict[str, str]:
        known = self._areas[area]
        return {name: self._own_rating(known, name) for name in self._names.values()}

    def _changes(self, state: dict[str, Any]) -> dict[str, str]:
        own = self._own(state["area"])
        return {name: state[name] for name, word in own.items() if state[name] != word}

    def _rows(self, said: Overall, known: KnownArea, target: str) -> TileTable:
        """The fourteen aspects, what was changed, and what holds the result."""
        frame, best = said.aspects, self._rules.framework.scale[-1]
        kinds = ["critical" if one else "non-critical" for one in frame["is_critical"]]
        ratings = frame["rating"].fillna(_OPEN)
        was = [
            _history(known.profile.get(one, _OPEN), word)
            for one, word in zip(frame["aspect_id"], ratings, strict=True)
        ]
        shown = {"Aspect": frame["label"], "Kind": kinds, "Rating": ratings, "As rated": was}
        if frame["holds"].notna().all():
            shown[f"Keeps short of {target}"] = frame["holds"]
            shown[f"{target} if it alone were {best}"] = [f"under {one}" for one in frame["alone"]]
        title = "The fourteen ratings and what they do"
        words = "" if frame["rating"].notna().all() else _HOW_FAR.format(target)
        return tile_table(pd.DataFrame(shown), title, words, tiles=("Rating",))

    def _strips(self, profile: Mapping[str, str | None], said: Overall) -> dict[str, list[str]]:
        """A word for each square: the aspects, the critical ones, and the rules."""
        framework, strips = self._rules.framework, {}
        for kind, part in (("", framework.labels), ("critical ", framework.critical)):
            words = [word for one, word in profile.items() if word and one in part]
            if words:
                of = f"{len(words)} of {len(part)}" if len(words) < len(part) else f"{len(part)}"
                strips[f"{of} {kind}aspects"] = words
        if said.possible and None not in profile.values():
            rules = dict(zip(said.frame["rating"], said.frame["n_rules"], strict=True))
            strips["Overall, by rules: a square is about a twentieth of them"] = _squares(rules)
        elif said.possible:
            strips["Overall: a square for each possible word"] = list(said.possible)
        return strips

    def _picture(self, strips: Mapping[str, list[str]], title: str) -> Picture:
        framework_id = self._rules.framework.framework_id
        rows = {
            label: pd.DataFrame({"rating": words}).assign(
                framework_id=framework_id, inspection_id=label
            )
            for label, words in strips.items()
        }
        subtitle = "A square for each aspect; below them what the consistent rules say of it all"
        caveat = self._rules.caveat
        picture = unit_strips(rows, title=title, subtitle=subtitle, source=caveat)
        return replace(picture, words=f"{picture.words} {caveat}")


def _history(was: str, word: str) -> str:
    """What a person did with a rating."""
    if word == was:
        return "as rated" if was != _OPEN else _OPEN
    if was == _OPEN:
        return f"set by you, was {_OPEN}"
    return f"taken as {_OPEN} by you, was {was}" if word == _OPEN else f"changed by you, was {was}"


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
