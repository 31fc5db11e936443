"""Numbers with a unit: staff, cases, files, courts, reports, Areas, percentages.

A number counts what its noun phrase ends in: "120 magistrates' courts and Crown Court files" are
files. A number that is only spoken of again ("the fourteen aspects") is no new measure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from hmcpsi_data.documents.dates import period
from hmcpsi_data.documents.findings import Findings
from hmcpsi_data.documents.limits import MAX_NUMBERS
from hmcpsi_data.documents.numbers import NUMBER, number
from hmcpsi_data.documents.text import BULLET, NUMBERED

__all__ = ["read_measures"]

# What is counted, by the last words of a noun phrase; the longest is tried first.
_UNITS = {
    r"(?:full|whole)[- ]time[- ]equivalents?(?: \(?ftes?\)?)?(?: (?:staff|posts|employees))?": (
        "full-time equivalents"
    ),
    r"(?:staff )?ftes?(?: staff)?": "full-time equivalents",
    r"(?:members of )?staff|employees|people employed": "staff",
    r"crown court (?:cent(?:re|er)s?|sites|locations)": "Crown Court centres",
    r"crown courts": "Crown Courts",
    r"courts?|courthouses": "courts",
    r"(?:case ?)?files": "files",
    r"cases": "cases",
    r"(?:cps )?areas": "Areas",
    r"aspects": "aspects",
    r"criteria": "criteria",
    r"recommendations": "recommendations",
    r"issues": "issues",
    r"strengths": "strengths",
    r"reports": "reports",
    r"(?:police )?forces": "forces",
    r"offices": "offices",
    r"units": "units",
    r"inspectors": "inspectors",
    r"prosecutors": "prosecutors",
    r"lawyers": "lawyers",
    r"trials": "trials",
    r"hearings": "hearings",
    r"letters": "letters",
    r"defendants": "defendants",
    r"victims": "victims",
    r"witnesses": "witnesses",
    r"questions": "questions",
    r"phases?": "phases",
    r"months?": "months",
}
_ONE_OF = frozenset(("courts", "Crown Court centres", "offices", "Crown Courts", "forces", "units"))
_UNIT = [(re.compile(rf"(?:^|\s)(?:{pattern})$", re.I), unit) for pattern, unit in _UNITS.items()]
_NUMBER = re.compile(
    rf"(?<![\w.,/:£$€#-])(?P<number>{NUMBER})(?![\w/:]|[.,][0-9]|(?:st|nd|rd|th)\b)", re.IGNORECASE
)
_PERCENT = re.compile(r"\s?(?:%|per ?cent\b|percent\b)", re.IGNORECASE)
_POINTS = re.compile(r"(?:%|per ?cent\b)[- ]points?\b|^\s*percentage points?\b", re.IGNORECASE)
_PHASE = re.compile(r"-(?P<unit>phase|month)\b", re.IGNORECASE)
_STOP = re.compile(
    r"[,.;:()\[\]\"?!]|-\s|\s-|\b(?:of|in|for|with|by|at|from|to|on|over|between|across|which|that|who|where"
    r"|was|were|is|are|has|have|had|will|would|should|could|can|may|made|the|these|those|each|than|per"
    r"|out|under|within|during|since|as|or|when|while|but|every|each|a|an|about|against|identified|examined|finalised"
    r"|covered|dealt|handled|relating|relate|had|received|sent|found)\b",
    re.IGNORECASE,
)
_IMPROVEMENT = re.compile(r"(?:\w+ )?aspects? for improvement\b", re.IGNORECASE)
_AND = re.compile(r"\band\b", re.IGNORECASE)
_COURTS = re.compile(r"\bcourts?$", re.IGNORECASE)
_OF = re.compile(r"\s*(?:out )?of (?:the |these |those |all |its |our )?", re.IGNORECASE)
_OF_WHICH = re.compile(r"\s*of (?:which|them|whom|these|those)\b", re.IGNORECASE)
_AGAIN = re.compile(
    r"\b(?:the|these|those|its|our|their|all (?:of )?the)\s(?:\w+\s)?$", re.IGNORECASE
)
_RELATIVE = re.compile(r"\b(?:last|past|next|previous|recent|first|within|every)\s$", re.IGNORECASE)
_REMAINING = re.compile(r"\b(?:remaining|other)\s$", re.IGNORECASE)
_AGE = re.compile(
    r"\b(?:section|article|rule|page|phase|paragraph|part|annex|chapter|act|room|no|no\.|number|"
    r"recommendation|issue|table|figure|tel|telephone|fax|january|february|march|april|may|june|"
    r"july|august|september|october|november|december)\s$",
    re.IGNORECASE,
)
_TODAY = re.compile(r"\btoday\b", re.IGNORECASE)
_NP_WORDS = 8


class _Measure(NamedTuple):
    value: float
    unit: str
    start: int
    end: int


def read_measures(findings: Findings) -> None:
    """Add every number with a unit that is known, and the period of its sentence."""
    seen: set[tuple[float, str]] = set()
    parts: list[str] = []
    stated = findings.front.basis == "stated"
    numbers = 0
    for sentence in findings.text.sentences:
        if findings.used.issuperset(sentence.lines):
            continue
        numbers += sum(1 for _ in _NUMBER.finditer(sentence.plain))
        if numbers > MAX_NUMBERS:
            findings.problem(sentence.lines, "from here on, no numbers are read")
            return
        about: str | None = None
        dated = today = False
        for measure in _measures(sentence.plain, seen, parts):
            lines = set(sentence.lines_of(measure.start, measure.end))
            if not dated:
                about, dated = period(sentence.plain), True
                today = about is None and stated and bool(_TODAY.search(sentence.plain))
                about = findings.front.published if today else about
            if today:
                lines.update(findings.front.date_lines)
            findings.add("measures", lines, value=measure.value, unit=measure.unit, period=about)


def _measures(words: str, seen: set[tuple[float, str]], parts: list[str]) -> Iterator[_Measure]:
    """The numbers of a sentence; `parts` remembers what "twenty-two of the reports" is part of."""
    start = _after_marker(words)
    counted: str | None = None  # what the sentence counted last
    here: set[tuple[float, str]] = set()
    for match in _NUMBER.finditer(words, start):
        value = number(match["number"])
        before, after = words[: match.start()][-40:], words[match.end() :][:120]
        if value is None or _AGE.search(before) or _is_year(match["number"], after):
            continue
        if percent := _PERCENT.match(after):
            if not _POINTS.match(after):
                yield from _new(value, "%", match, percent.end(), seen, here, again=False)
            continue
        if _OF_WHICH.match(after) and counted:
            unit: str | None = counted
        elif of := _OF.match(after):
            rest = after[of.end() :]
            inner = _NUMBER.match(rest)
            unit = _unit(rest[inner.end() :] if inner else f" {rest}")
            if unit and not inner:
                parts.append(unit)
            if value == 1:
                continue
        elif phase := _PHASE.match(after):
            unit = {"phase": "phases", "month": "months"}[phase["unit"].casefold()]
        elif after.startswith(" (") and counted and re.match(rf" \({NUMBER} ?(?:%|per)", after):
            unit = counted
        else:
            unit = _unit(after)
        if unit is None or (_RELATIVE.search(before) and unit in {"months"}):
            continue
        if unit == "months" and not re.match(
            r"[- ]months? (?:period|programme)|-month", after, re.I
        ):
            continue
        if value == 1 and unit not in _ONE_OF:
            continue
        if _REMAINING.search(before) and parts:
            unit = parts[-1]
        again = bool(_AGAIN.search(before)) and not _REMAINING.search(before)
        counted = unit
        yield from _new(value, unit, match, match.end(), seen, here, again)


def _new(
    value: float,
    unit: str,
    match: re.Match[str],
    end: int,
    seen: set[tuple[float, str]],
    here: set[tuple[float, str]],
    again: bool,
) -> Iterator[_Measure]:
    key = (value, unit)
    if key in here or (again and key in seen):
        return
    here.add(key)
    seen.add(key)
    yield _Measure(value, unit, match.start(), end if unit != "%" else match.end())


def _after_marker(words: str) -> int:
    """Where a line begins after its bullet or its own number."""
    match = BULLET.match(words) or NUMBERED.match(words)
    if match is None or (match.re is NUMBERED and not re.match(r"\(?[0-9]{1,3}[.):]", words)):
        return 0
    return match.end()


def _is_year(digits: str, after: str) -> bool:
    return (
        bool(re.fullmatch(r"(?:19|20)[0-9]{2}", digits)) and _unit(after) in {None, "aspects"}
    ) or bool(re.match(r"-[0-9]{2}", after))


def _unit(after: str) -> str | None:
    """What the noun phrase after a number counts."""
    phrase = after.lstrip(" -")
    if after[:1] not in {" ", "-"}:
        return None
    if _IMPROVEMENT.match(phrase):
        return "aspects for improvement"
    stop = _STOP.search(phrase)
    phrase = phrase[: stop.start()] if stop else phrase
    if inner := _NUMBER.search(phrase):
        phrase = phrase[: inner.start()]
    words = phrase.split()[:_NP_WORDS]
    found = None
    for at in range(1, len(words) + 1):
        head = " ".join(words[:at])
        unit = next((unit for pattern, unit in _UNIT if pattern.search(head)), None)
        if unit is not None:
            found = unit
            if unit != "courts":
                break
        elif _AND.fullmatch(words[at - 1]) and found != "courts":
            break
    return found
