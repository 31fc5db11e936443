"""What makes a crosswalk valid: the one checker behind the quick test, the report and the error.

Within the one pair of sets of a crosswalk,

- ``sets``: every row names the same two sets, and their aspects are loaded;
- ``values``: status, relation, rationale and confidence are words of their lists, and every row
  has a status; the basis is "inferred" and the speaker "project", whoever's judgement it is;
- ``relation``: a mapped row has a relation, an undetermined one the relation undetermined, a
  remainder or a missing counterpart none;
- ``ends``: a mapped row has both aspects, a remainder only its source, a missing counterpart
  exactly one aspect, an undetermined row at least one;
- ``ids``: every aspect belongs to its set; overall assessments take no part;
- ``duplicate``: no pair is there twice, nor a one-sided row of one status;
- ``shares``: 0 <= share_low <= share_high <= 1;
- ``sum``: per source the lower bounds add up to at most 1 and the upper bounds to at least 1, the
  remainder counted; an empty bound is 0 or 1;
- ``equal``: a link that is equal stands alone for its source;
- ``no_counterpart``: an aspect without counterpart has no link;
- ``remainder``: a source with a remainder has a link;
- ``silence``: every aspect of both sets appears.

Bounds and sums hold within 1e-9.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from hmcpsi_data.crosswalk_table import (
    EQUAL,
    MAPPED,
    NO_COUNTERPART,
    REMAINDER,
    SOURCE,
    TARGET,
    UNDETERMINED,
    given_bounds,
    objects,
    problem_table,
    set_pair,
    totals,
)
from hmcpsi_data.description import table
from hmcpsi_data.errors import UnknownValueError, quote

__all__ = ["diagnose", "is_valid"]

_TOLERANCE = 1e-9
_SETS = ("source_set", "target_set")
_ENDS = (SOURCE, TARGET)
_LISTED = ("status", "relation", "rationale", "confidence", "basis", "speaker")


def is_valid(frame: pd.DataFrame, aspects: pd.DataFrame) -> bool:
    """Whether a typed frame is a valid crosswalk between sets of these aspects."""
    facts = _facts(frame, aspects)
    broken = any(check.breaks(facts).any() for check in _CHECKS)
    return not broken and not any(True for _ in _absences(facts))


def diagnose(frame: pd.DataFrame, aspects: pd.DataFrame) -> pd.DataFrame:
    """Everything that is wrong with a typed frame, one row per problem; none if it is valid."""
    facts = _facts(frame, aspects)
    found = [
        (check.name, row, *facts.ends(row), check.say(facts, row), check.remedy)
        for check in _CHECKS
        for row in np.flatnonzero(check.breaks(facts))
    ]
    return problem_table([*found, *_absences(facts)])


@dataclass(frozen=True)
class _Facts:
    """The columns of a crosswalk as arrays (missing is None), and the aspects of its two sets."""

    sets: tuple[str | None, str | None]
    aspects: tuple[dict[str, bool], dict[str, bool]]  # aspect: does it take part?
    columns: dict[str, np.ndarray]
    low: np.ndarray
    high: np.ndarray

    def ends(self, row: int) -> tuple[str | None, str | None]:
        """The two aspects of a row."""
        return self.columns[SOURCE][row], self.columns[TARGET][row]

    def words(self, row: int) -> dict[str, Any]:
        """What a sentence about a row may name."""
        sums = self.total(SOURCE, self.low)[row], self.total(SOURCE, self.high)[row]
        return {
            **{name: values[row] or "none" for name, values in self.columns.items()},
            "ends": " to ".join(filter(None, self.ends(row))) or "A row without aspects",
            "sets": " and ".join(map(str, self.sets)),
            "low": f"{self.low[row]:.10g}",
            "high": f"{self.high[row]:.10g}",
            "sums": "{:.10g} at least and {:.10g} at most".format(*sums),
        }

    def has(self, column: str) -> np.ndarray:
        """Whether each row has a value there."""
        return self.columns[column] != None  # noqa: E711 - element by element

    def is_(self, *words: str, column: str = "status") -> np.ndarray:
        """Whether each row has one of the words there."""
        return np.logical_or.reduce([self.columns[column] == word for word in words])

    def total(self, side: str, values: np.ndarray) -> np.ndarray:
        """For each row, the total of the rows that share its aspect on that side."""
        return totals(self.columns[side])(values)


class _Check(NamedTuple):
    """One rule: the rows that break it, how to say so of one of them, and what to do."""

    name: str
    breaks: Callable[[_Facts], np.ndarray]
    problem: str | Callable[[_Facts, int], str]
    remedy: str

    def say(self, facts: _Facts, row: int) -> str:
        """What is wrong with a row, as a sentence."""
        if isinstance(self.problem, str):
            return self.problem.format(**facts.words(row))
        return self.problem(facts, row)


_CHECKS: list[_Check] = []


def _check(name: str, problem: str | Callable[[_Facts, int], str], remedy: str) -> Callable:
    """Make a rule of a function that finds the rows that break it."""

    def added(breaks: Callable[[_Facts], np.ndarray]) -> Callable[[_Facts], np.ndarray]:
        _CHECKS.append(_Check(name, breaks, problem, remedy))
        return breaks

    return added


def _facts(frame: pd.DataFrame, aspects: pd.DataFrame) -> _Facts:
    sets = set_pair(frame)
    known = tuple(_taking_part(aspects, set_id) for set_id in sets)
    return _Facts(sets, known, objects(frame), *given_bounds(frame))


def _taking_part(aspects: pd.DataFrame, set_id: str | None) -> dict[str, bool]:
    rows = zip(*objects(aspects[["set_id", "aspect_id", "level"]]).values(), strict=True)
    return {aspect: level != "overall" for of, aspect, level in rows if of == set_id}


def _absences(f: _Facts) -> Iterator[tuple]:
    """What no row is to blame for: sets without aspects, and aspects that no row names."""
    for side, set_id, aspects in zip(_ENDS, f.sets, f.aspects, strict=True):
        if not aspects:
            problem = f"No aspects of the set {quote(set_id)} are loaded."
            remedy = 'Correct its name, or pass its aspects; load("aspect_sets") lists all sets.'
            yield "sets", None, None, None, problem, remedy
        named = set(f.columns[side])
        for aspect in (a for a, takes_part in aspects.items() if takes_part and a not in named):
            ids = (aspect, None) if side == SOURCE else (None, aspect)
            remedy = "Link it, or add a row for it with the status no_counterpart."
            yield "silence", None, *ids, f"{aspect} appears in no row.", remedy


@_check(
    "sets", "It is not about {sets}, as the first row is.", "Keep one pair of sets in a crosswalk."
)
def _other_sets(f: _Facts) -> np.ndarray:
    return np.logical_or(*(f.columns[c] != s for c, s in zip(_SETS, f.sets, strict=True)))


def _say_unlisted(f: _Facts, row: int) -> str:
    given = [(name, f.columns[name][row], _words(name)) for name in _LISTED]
    wrong = [
        str(UnknownValueError(name, word, known, 'codebook("crosswalk")'))
        for name, word, known in given
        if word is not None and word not in known
    ]
    return " ".join(wrong) or "It has no status."


@_check("values", _say_unlisted, "Use a word of the list.")
def _unlisted(f: _Facts) -> np.ndarray:
    wrong = [f.has(name) & ~f.is_(*_words(name), column=name) for name in _LISTED]
    return np.logical_or.reduce([~f.has("status"), *wrong])


def _words(name: str) -> tuple[str, ...]:
    return table("crosswalk").field(name).enum


@_check(
    "relation",
    "Status {status} does not go with relation {relation}.",
    "Give a mapped row a relation, an undetermined one the relation undetermined, others none.",
)
def _wrong_relation(f: _Facts) -> np.ndarray:
    given = f.has("relation")
    undecided = f.is_(UNDETERMINED) & ~f.is_(UNDETERMINED, column="relation")
    return (f.is_(MAPPED) & ~given) | (f.is_(REMAINDER, NO_COUNTERPART) & given) | undecided


@_check(
    "ends",
    "Status {status} does not go with source {source_aspect_id} and target {target_aspect_id}.",
    "Give a mapped row both, a remainder its source, no_counterpart one of them.",
)
def _wrong_ends(f: _Facts) -> np.ndarray:
    source, target = f.has(SOURCE), f.has(TARGET)
    allowed = {
        MAPPED: source & target,
        REMAINDER: source & ~target,
        NO_COUNTERPART: source ^ target,
        UNDETERMINED: source | target,
    }
    return np.logical_or.reduce([f.is_(status) & ~ends for status, ends in allowed.items()])


def _say_ids(f: _Facts, row: int) -> str:
    faults = []
    for side, aspect, set_id, aspects in zip(_ENDS, f.ends(row), f.sets, f.aspects, strict=True):
        if aspect in aspects and not aspects[aspect]:
            faults.append(f"{aspect} is an overall assessment, which takes no part in crosswalks.")
        elif aspects and aspect is not None and aspect not in aspects:
            faults.append(str(UnknownValueError(side, aspect, aspects, f'aspects("{set_id}")')))
    return " ".join(faults)


@_check("ids", _say_ids, "Correct the identifier.")
def _wrong_ids(f: _Facts) -> np.ndarray:
    wrong = np.zeros(len(f.low), dtype=bool)
    for side, aspects in zip(_ENDS, f.aspects, strict=True):
        if aspects:
            takes_part = [aspects.get(aspect, False) for aspect in f.columns[side]]
            wrong |= f.has(side) & ~np.array(takes_part, dtype=bool)
    return wrong


@_check("duplicate", "{ends} is there more than once.", "Keep one of the rows.")
def _duplicates(f: _Facts) -> np.ndarray:
    status = np.where(f.has(SOURCE) & f.has(TARGET), None, f.columns["status"])
    keys = list(zip(f.columns[SOURCE], f.columns[TARGET], status, strict=True))
    times = Counter(keys)
    return np.array([times[key] > 1 for key in keys], dtype=bool)


@_check(
    "shares",
    "The shares from {low} to {high} are no part of a whole.",
    "Keep 0 <= share_low <= share_high <= 1; an empty cell means not known.",
)
def _wrong_shares(f: _Facts) -> np.ndarray:
    return ~((f.low >= -_TOLERANCE) & (f.low <= f.high + _TOLERANCE) & (f.high <= 1 + _TOLERANCE))


@_check(
    "sum",
    "The shares of {source_aspect_id} add up to {sums}.",
    "Let them be able to add up to 1, the remainder counted.",
)
def _wrong_sum(f: _Facts) -> np.ndarray:
    low, high = f.total(SOURCE, f.low), f.total(SOURCE, f.high)
    return f.has(SOURCE) & ~((low <= 1 + _TOLERANCE) & (high >= 1 - _TOLERANCE))


@_check(
    "equal",
    "{source_aspect_id} is equal to one aspect and has another row as well.",
    "Let equal stand alone for its source, or choose another relation.",
)
def _equal_in_company(f: _Facts) -> np.ndarray:
    equal = f.is_(EQUAL, column="relation")
    return (f.total(SOURCE, equal) > 0) & (f.total(SOURCE, np.ones(len(equal))) > 1)


@_check(
    "no_counterpart",
    "{ends}: one aspect of this row has a link and also a row that says it has no counterpart.",
    "Keep either the link or the row with the status no_counterpart.",
)
def _linked_without_counterpart(f: _Facts) -> np.ndarray:
    linked, none = f.is_(MAPPED, UNDETERMINED, REMAINDER), f.is_(NO_COUNTERPART)
    both = [(f.total(side, linked) > 0) & (f.total(side, none) > 0) for side in _ENDS]
    return np.logical_or(*both)


@_check(
    "remainder",
    "{source_aspect_id} has a remainder and no link.",
    "Say no_counterpart of the whole, or add the link.",
)
def _lone_remainder(f: _Facts) -> np.ndarray:
    return f.is_(REMAINDER) & (f.total(SOURCE, f.is_(MAPPED, UNDETERMINED)) == 0)
