"""One clause of a rule: how many aspects of a kind have ratings on one side of a word."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hmcpsi_data.errors import HmcpsiError, UnknownValueError, quote

__all__ = ["SCALE", "Clause", "RuleError", "word_of"]

SCALE = ("Poor", "Fair", "Good", "Excellent")
"""The words that rules use where no other scale is given, the worst first."""

_CLAUSE = re.compile(
    r"(?P<count>no more than \d+|at least half|(?:at least|at most|more than|fewer than) \d+|no|any"
    r"|all but \d+|all|most|half)(?: of)?(?: the)? (?:\[(?P<named>[^\]]+)\]|(?P<scope>.*?)"
    r"(?:aspects?|criterion|criteria)) (?P<level>.+)",
    re.IGNORECASE,
)
_SIDES = ("or better", "or worse", "below")
_SHARES = ("half", "most", "all")
_EXAMPLE = 'Write clauses such as "at least 3 critical aspects Good or better".'


class RuleError(HmcpsiError, ValueError):
    """A rule that cannot be read, or by which a better rating could worsen the result.

    Parameters
    ----------
    problem : str
        What is wrong, as a sentence.
    remedy : str
        What to do, as a sentence.
    """

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem, remedy)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem} {self.remedy}"


@dataclass(frozen=True, slots=True)
class Clause:
    """How many aspects of a kind have ratings on one side of a word.

    Attributes
    ----------
    compare : str
        "at least" or "at most".
    number : int or str
        A number of aspects, or one that follows from how many there are: "half" (half of them or
        more), "most" (more than half), "all", "all but 1".
    scope : str or tuple of str
        critical, other (the non-critical ones), all, or the labels of particular aspects.
    level : str
        A word of the scale.
    side : str
        "or better", "or worse", "below", or empty for this very word.

    Raises
    ------
    RuleError
        Where it counts fewer than none, or compares with what is no number of aspects.

    Examples
    --------
    >>> print(Clause.read("no critical aspect below Good"))
    no critical aspect below Good
    >>> Clause.read("more than 2 non-critical aspects Poor").number
    3
    """

    compare: str
    number: int | str
    scope: str | tuple[str, ...]
    level: str
    side: str = ""

    def __post_init__(self) -> None:
        number = self.number
        if isinstance(number, str):
            whole = number in _SHARES or number.removeprefix("all but ").isdecimal()
            known = whole and self.compare == "at least"
        else:
            known = self.compare in ("at least", "at most") and number >= 0
        if not known:
            problem = f"{quote(f'{self.compare} {number}')} is no number of aspects to count."
            raise RuleError(problem, _EXAMPLE)

    @classmethod
    def read(cls, text: str, scale: tuple[str, ...] = SCALE) -> Clause:
        """The clause that a text says.

        Raises
        ------
        RuleError
            Where the text is no clause.
        UnknownValueError
            Where its word is not of the scale.
        """
        found = _CLAUSE.fullmatch(" ".join(text.split()))
        if found is None:
            raise RuleError(f"{quote(text)} is no clause of a rule.", _EXAMPLE)
        compare, number = _count(found["count"].lower())
        level, side = found["level"], ""
        for one in _SIDES:
            if one == "below" and level.lower().startswith("below "):
                level, side = level[6:], one
            elif level.lower().endswith(f" {one}"):
                level, side = level[: -len(one) - 1], one
        word = word_of(level, scale)
        if found["named"]:
            scope = tuple(part.strip() for part in found["named"].split(";"))
        else:
            said = found["scope"].strip().lower()
            scope = {"others": "other", "non-critical": "other", "": "all"}.get(said, said)
            if scope not in ("critical", "other", "all"):
                kinds = ["critical", "non-critical"]
                raise UnknownValueError("kind of aspect", scope, kinds, "help(Clause)")
        return cls(compare, number, scope, word, side)

    def words(self, scale: tuple[str, ...] = SCALE) -> tuple[str, ...]:
        """The words of the scale that it counts."""
        at = scale.index(self.level)
        spans = {"or better": scale[at:], "or worse": scale[: at + 1], "below": scale[:at]}
        return spans.get(self.side, (self.level,))

    def need(self, size: int) -> int:
        """The number of aspects meant, among so many.

        Examples
        --------
        >>> [Clause("at least", "most", "all", "Good").need(n) for n in (1, 2, 3, 4)]
        [1, 2, 2, 3]
        """
        if isinstance(self.number, int):
            return self.number
        if self.number.startswith("all but"):
            return max(size - int(self.number[8:]), 1)
        return {"half": (size + 1) // 2, "most": size // 2 + 1, "all": size}[self.number]

    def holds(self, n: int, size: int) -> bool:
        """Whether it holds where `n` of so many aspects have one of its words."""
        return n >= self.need(size) if self.compare == "at least" else n <= self.need(size)

    def direction(self, scale: tuple[str, ...] = SCALE) -> int:
        """1 where better ratings can only make it true, -1 where only false, else 0."""
        words = self.words(scale)
        upward = 1 if words == scale[-len(words) :] else -1 if words == scale[: len(words)] else 0
        return upward if self.compare == "at least" else -upward

    def text(self, noun: tuple[str, str] = ("aspect", "aspects"), bad: bool = False) -> str:
        """In words; `bad` puts it as a condition of a limit."""
        number = self.number
        if isinstance(number, str):
            count, many = {"half": "at least half of the"}.get(number, number), True
        elif self.compare == "at most":
            count, many = (f"at most {number}" if number else "no"), number > 1
        elif bad and number == 1:
            count, many = "any", False
        elif bad and number > 1:
            count, many = f"more than {number - 1}", number > 2
        else:
            count, many = f"at least {number}", number != 1
        kind = {"critical": "critical ", "other": "non-critical ", "all": ""}
        if isinstance(self.scope, tuple):
            what = f"of [{'; '.join(self.scope)}]"
        else:
            what = f"{kind[self.scope]}{noun[many]}"
        below = f"below {self.level}"
        level = below if self.side == "below" else f"{self.level} {self.side}".strip()
        return f"{count} {what} {level}"

    def __str__(self) -> str:
        return self.text()


def _count(text: str) -> tuple[str, int | str]:
    """What a count compares, and with which number."""
    fixed = {
        "no": ("at most", 0),
        "any": ("at least", 1),
        "half": ("at least", "half"),
        "at least half": ("at least", "half"),
    }
    if text in fixed:
        return fixed[text]
    if text in ("all", "most") or text.startswith("all but"):
        return "at least", text
    words, number = text.rsplit(" ", 1)
    shift = {"more than": ("at least", 1), "fewer than": ("at most", -1)}
    compare, off = shift.get(words, ("at most" if words == "no more than" else words, 0))
    return compare, int(number) + off


def word_of(text: str, scale: tuple[str, ...]) -> str:
    """The word of the scale that a text says, whatever its case."""
    known = {word.casefold(): word for word in scale}
    if text.strip().casefold() not in known:
        raise UnknownValueError("rating", text.strip(), scale, "the scale")
    return known[text.strip().casefold()]
