"""A small language for rules that lead from the ratings of many aspects to one word.

A rule says what each word needs, then what lifts the result by one word, then what limits it:

    Excellent needs at least 1 critical aspect Excellent and no critical aspect below Good
    Good needs at least 4 critical aspects Good or better
    Fair needs at least 3 critical aspects Fair or better
    from Good to Excellent with at least 2 aspects Excellent
    at most Fair with more than 2 non-critical aspects below Good

A word is reached where its own needs and those of all words below it are met; what meets none is
the worst word. A lift acts on what stands one word below; the limits come last.

Every clause counts aspects, and no rating is ever a number. A need and a lift may only ask for
better ratings, a limit may only point at worse ones, so that bettering an aspect never worsens the
result. A clause that points the wrong way is refused when the rule is made.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from hmcpsi_data.assessment_clause import SCALE, Clause, RuleError, word_of
from hmcpsi_data.errors import UnknownValueError, quote

__all__ = ["SCALE", "AssessmentRule", "Clause", "RuleError", "Step"]

_AND = re.compile(r"\band\b(?![^\[]*\])")  # not within a name
_STEP = re.compile(
    r"(?:(?P<need>\w+) needs|from (?P<low>\w+) to (?P<lift>\w+) with|at most (?P<limit>\w+) with)"
    r" (?P<what>.+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a rule: what a word needs, what lifts to it, or what limits the result to it.

    Attributes
    ----------
    kind : str
        need, lift or limit.
    level : str
        The word that is needed for, lifted to, or not passed.
    clauses : tuple of Clause
        All of them must hold.
    """

    kind: str
    level: str
    clauses: tuple[Clause, ...]

    def text(
        self, scale: tuple[str, ...] = SCALE, noun: tuple[str, str] = ("aspect", "aspects")
    ) -> str:
        """The line in words."""
        said = " and ".join(one.text(noun, self.kind == "limit") for one in self.clauses)
        below = scale[scale.index(self.level) - 1]
        starts = {
            "need": f"{self.level} needs",
            "lift": f"from {below} to {self.level} with",
            "limit": f"at most {self.level} with",
        }
        return f"{starts[self.kind]} {said}"


@dataclass(frozen=True)
class AssessmentRule:
    """A rule from the ratings of aspects to one word, monotone by construction.

    Parameters
    ----------
    steps : tuple of Step
        Needs, lifts and limits.
    scale : tuple of str
        The words, the worst first.

    Raises
    ------
    RuleError
        Where a clause points the wrong way, so that a better rating could worsen the result, a
        word has two lines of needs, or a step is of no known kind.

    Examples
    --------
    >>> rule = AssessmentRule.read('''
    ...     Excellent needs all critical aspects Excellent
    ...     Good needs at least 4 critical aspects Good or better
    ...     Fair needs no critical aspect Poor
    ...     at most Fair with any non-critical aspect Poor
    ... ''')
    >>> rule.rate({"Leadership": "Good", "Disclosure": "Poor"}, critical=["Leadership"])
    'Fair'
    >>> AssessmentRule.read("Good needs at most 2 non-critical aspects Excellent")
    Traceback (most recent call last):
    hmcpsi_data.assessment_clause.RuleError: "Good needs at most 2 non-critical aspects \
Excellent" is not monotone: a better rating of an aspect could worsen the result. Let needs and \
lifts ask for better ratings ("or better") and limits point at worse ones ("below").
    """

    steps: tuple[Step, ...]
    scale: tuple[str, ...] = SCALE

    def __post_init__(self) -> None:
        for step in self.steps:
            word_of(step.level, self.scale)
            if step.kind not in ("need", "lift", "limit"):
                raise RuleError(
                    f"{quote(step.kind)} is no kind of step.", "Take need, lift or limit."
                )
            sign = -1 if step.kind == "limit" else 1
            if any(one.direction(self.scale) != sign for one in step.clauses):
                line = step.text(self.scale)
                problem = f'"{line}" is not monotone: a better rating of an aspect could worsen'
                remedy = (
                    'Let needs and lifts ask for better ratings ("or better") and limits point at '
                    'worse ones ("below").'
                )
                raise RuleError(f"{problem} the result.", remedy)
            if step.level == self.scale[0] and step.kind != "limit":
                problem = f"{step.level} is the worst word, and needs nothing."
                raise RuleError(problem, "Say what the better words need.")
        levels = [step.level for step in self.steps if step.kind == "need"]
        if twice := {level for level in levels if levels.count(level) > 1}:
            problem = f"{' and '.join(sorted(twice))} has two lines of needs."
            raise RuleError(problem, 'Join them with "and".')

    @classmethod
    def read(cls, text: str, scale: tuple[str, ...] = SCALE) -> AssessmentRule:
        """The rule that a text says, one step a line.

        Raises
        ------
        RuleError
            Where a line is no step of a rule, or is not monotone; it names the line.
        UnknownValueError
            Where a word is not of the scale.
        """
        if not isinstance(text, str) or not text.strip():
            raise RuleError(f"{quote(text)} is no rule.", "Write a rule as text, one step a line.")
        return cls(tuple(_step(line, scale) for line in text.splitlines() if line.strip()), scale)

    def rate(self, profile: Mapping[str, str], critical: Collection[str] = ()) -> str:
        """The word for one profile, aspect by aspect, the slow and plain way.

        Parameters
        ----------
        profile : mapping of str to str, or Series
            Ratings by label.
        critical : collection of str
            The labels of the critical aspects.

        Raises
        ------
        RuleError
            Where the profile holds no rating.
        UnknownValueError
            Where a rating is no word of the scale, or the profile lacks an aspect that is said to
            be critical or that the rule names.
        """
        given = dict(profile) if hasattr(profile, "items") else {}
        if not given:
            problem = f"{quote(profile)} holds no rating."
            raise RuleError(problem, "Give the rating of each aspect by its label.")
        important = {critical} if isinstance(critical, str) else set(critical)
        for word in given.values():
            if not isinstance(word, str) or word not in self.scale:
                raise UnknownValueError("rating", word, self.scale, "the scale of the rule")
        for label in important - set(given):
            raise UnknownValueError("critical aspect", label, given, "the profile")

        def holds(step: Step) -> bool:
            return all(_holds(one, given, important, self.scale) for one in step.clauses)

        result = 0
        needs = {step.level: step for step in self.steps if step.kind == "need"}
        for at, level in enumerate(self.scale[1:], 1):
            if level not in needs or not holds(needs[level]):
                break
            result = at
        for step in self.steps:
            at = self.scale.index(step.level)
            if step.kind == "lift" and result == at - 1 and holds(step):
                result = at
        for step in self.steps:
            if step.kind == "limit" and holds(step):
                result = min(result, self.scale.index(step.level))
        return self.scale[result]

    def text(self, noun: tuple[str, str] = ("aspect", "aspects")) -> str:
        """The rule in words, one step a line; `read` takes it back."""
        return "\n".join(step.text(self.scale, noun) for step in self.steps)

    def __str__(self) -> str:
        return self.text()


def _step(line: str, scale: tuple[str, ...]) -> Step:
    found = _STEP.fullmatch(" ".join(line.split()))
    if found is None:
        remedy = 'Start it with "Good needs", "from Fair to Good with" or "at most Fair with".'
        raise RuleError(f"{quote(line.strip())} is no line of a rule.", remedy)
    (kind,) = (kind for kind in ("need", "lift", "limit") if found[kind])
    level = word_of(found[kind], scale)
    clauses = tuple(Clause.read(part, scale) for part in _AND.split(found["what"]))
    if kind == "lift" and scale.index(word_of(found["low"], scale)) != scale.index(level) - 1:
        raise RuleError(
            f"{quote(line.strip())} lifts by more than one word.", "Lift one at a time."
        )
    return Step(kind, level, clauses)


def _holds(
    clause: Clause, profile: Mapping[str, str], critical: set[str], scale: tuple[str, ...]
) -> bool:
    if isinstance(clause.scope, tuple):
        meant = list(clause.scope)
    else:
        wanted = {"critical": (True,), "other": (False,), "all": (True, False)}[clause.scope]
        meant = [label for label in profile if (label in critical) in wanted]
    for label in meant:
        if label not in profile:
            raise UnknownValueError("aspect", label, profile, "the profile")
    n = sum(profile[label] in clause.words(scale) for label in meant)
    return clause.holds(n, len(meant))
