"""Numbers with a unit (staff, cases, files, courts, money, percentages), and police forces.

A number counts what its noun phrase ends in: "120 magistrates' courts and Crown Court files" are
files. A number that is only spoken of again ("the fourteen aspects") is no new measure. Each number
has the period that stands in its own part of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from hmcpsi_data.documents.claims import Claims
from hmcpsi_data.documents.dates import dates, financial_years, period
from hmcpsi_data.documents.text import BULLET, NUMBERED
from hmcpsi_data.tables.record import Record

__all__ = ["NUMBER", "number", "read_forces", "read_measures"]

_MAX_NUMBERS = 10_000
_MAX_SENTENCE = 1_000
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {
    **{word: value for value, word in enumerate(_ONES)},
    **{word: 10 * value for value, word in enumerate(_TENS, 2)},
}
_ONE = "|".join(sorted(_ONES, key=len, reverse=True))
_TEN = "|".join(_TENS)
_BELOW_HUNDRED = rf"(?:(?:{_TEN})(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|{_ONE})"

NUMBER = (
    r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,3}(?![0-9])(?:\.[0-9]{1,4})?|[0-9]{1,9}(?:\.[0-9]{1,4})?"
    rf"|(?:(?:{_BELOW_HUNDRED}|a) hundred(?: and {_BELOW_HUNDRED})?)|{_BELOW_HUNDRED})"
)

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
    r"cps areas|(?-i:Areas)": "Areas",
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


_MONEY = re.compile(
    r"£ ?(?P<number>[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,4})?|[0-9]{1,12}(?:\.[0-9]{1,4})?)"
    r"(?: ?(?P<of>million|billion|thousand|m|bn|k)\b)?",
    re.IGNORECASE,
)
_OF_MONEY = {"m": "million", "bn": "billion", "k": "thousand"}
_EQUIVALENT = re.compile(r"\b(?:full|whole)[- ]time[- ]equivalents? of (?:about |some )?$", re.I)
_NO_AREAS = re.compile(r"[ -](?:\w+ )?[Aa]reas (?:for|of)\b")
_PEOPLE = frozenset(("staff", "lawyers", "prosecutors"))


class _Measure(NamedTuple):
    value: float
    unit: str
    start: int
    end: int


def read_measures(claims: Claims) -> None:
    """Add every number with a unit that is known, and its period."""
    seen: set[tuple[float, str]] = set()
    parts: list[str] = []
    numbers = 0
    for sentence in claims.text.sentences:
        if claims.used.issuperset(sentence.lines):
            continue
        plain = sentence.plain
        numbers += sum(1 for _ in _NUMBER.finditer(plain))
        if numbers > _MAX_NUMBERS:
            why = "from here on, no numbers are read"
            claims.add("measures", sentence.lines, why, value=None, unit=None, period=None)
            return
        found = sorted([*_measures(plain, seen, parts), *_money(plain)], key=lambda one: one.start)
        many = len(set(_periods(plain))) > 1 if found else False
        for at, one in enumerate(found):
            before = found[at - 1].end if at else 0
            after = found[at + 1].start if at + 1 < len(found) else len(plain)
            own = period(plain[before : one.start]) or period(plain[one.end : after])
            about = own if many else period(plain)
            lines = sentence.lines_of(one.start, one.end)
            claim = claims.add("measures", lines, value=one.value, unit=one.unit, period=about)
            claim.context = plain


def _periods(plain: str) -> Iterator[str]:
    """The dates and years that a sentence names."""
    yield from (plain[start:end] for _, start, end in financial_years(plain))
    yield from (found.iso for found in dates(plain))


def _money(plain: str) -> Iterator[_Measure]:
    for match in _MONEY.finditer(plain):
        of = (match["of"] or "").casefold()
        unit = f"GBP {_OF_MONEY.get(of, of)}".strip()
        yield _Measure(float(match["number"].replace(",", "")), unit, match.start(), match.end())


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
        if unit == "Areas" and _NO_AREAS.match(after):
            continue
        if unit in _PEOPLE and _EQUIVALENT.search(before):
            unit = "full-time equivalents"
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


def number(words: str) -> float | None:
    """The number that digits or words mean.

    Examples
    --------
    >>> number("31,726"), number("Twenty-two"), number("one hundred and five"), number("few")
    (31726.0, 22.0, 105.0, None)
    """
    words = words.casefold().strip()
    if words[:1].isdigit():
        return float(words.replace(",", ""))
    total = 0
    parts = words.replace("-", " ").split()
    for part in parts:
        if part == "hundred":
            total = max(total, 1) * 100
        elif part in _WORDS:
            total += _WORDS[part]
        elif part not in {"and", "a"}:
            return None
    return float(total) if parts else None


# Police forces --------------------------------------------------------------------------------

_SERVES = re.compile(
    r"\b(?:serv(?:es|ed|ing)|cover(?:s|ed|ing)|aligned|alignment|compris(?:es|ing)|consists?"
    r"|coterminous|police force areas?)\b",
    re.IGNORECASE,
)
_FORCES = re.compile(r"\b(?:police|constabular(?:y|ies)|forces?)\b", re.IGNORECASE)
_FORCE_KIND = re.compile(r"(?:,? (?:Police|Constabulary)(?: Service)?)\b")
_AHEAD = 40  # characters
_FORCES_OF = re.compile(
    r"\b(?:police|force)(?: force)?(?: areas?| forces?)?(?: of|:| for)(?: the)? $", re.IGNORECASE
)
_FORCE_LIST = re.compile(r"(?:,|,? and|,? &) (?=[A-Z])")
_FORCES_END = re.compile(
    r"(?:,)? (?:police|constabular(?:y|ies)|(?:police )?forces?)\b", re.IGNORECASE
)


def _names(record: Record) -> tuple[re.Pattern[str], dict[str, str]]:
    """Any name of a force, and the force of each name."""
    names = {str(name).casefold(): str(name) for name in record.table("forces")["force"]}
    bare = {name.removesuffix(" police"): own for name, own in names.items()}
    bare.pop("", None)
    spelled = sorted({**bare, **names}, key=len, reverse=True)
    pattern = "|".join(
        re.escape(name).replace(r"\ and\ ", r"\ (?:and|&)\ ").replace(r"\-", r"[- ]")
        for name in spelled
    )
    return re.compile(rf"\b(?:the )?(?P<name>{pattern})\b", re.IGNORECASE), {**bare, **names}


def read_forces(claims: Claims, record: Record) -> None:
    """Add each force that a sentence on the Area's own ground names."""
    pattern, names = record.once(_names)
    seen: set[str] = set()
    for sentence in claims.text.sentences:
        words = sentence.plain
        spoken = _SERVES.search(words) and _FORCES.search(words)
        if len(words) > _MAX_SENTENCE or not spoken:
            continue
        matches = [match for match in pattern.finditer(words) if match["name"][0].isupper()]
        for run in _runs(words, matches):
            if not _is_served(words, run):
                continue
            for match in run:
                end = match.end("name")
                key = match["name"].casefold().replace(" & ", " and ")
                force = names.get(key.replace("dyfed powys", "dyfed-powys"))
                if force is None or force in seen:
                    continue
                seen.add(force)
                kind = _FORCE_KIND.match(words, end)
                shown = sentence.printed[match.start("name") : kind.end() if kind else end]
                lines = sentence.lines_of(match.start("name"), end)
                claims.add("forces", lines, force=force, force_as_printed=shown)


def _runs(words: str, matches: list[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    """Names that make a list together."""
    run: list[re.Match[str]] = []
    for match in matches:
        gap = _FORCE_LIST.match(words, run[-1].end("name")) if run else None
        if run and (gap is None or gap.end() != match.start()):
            yield run
            run = []
        run.append(match)
    if run:
        yield run


def _is_served(words: str, run: list[re.Match[str]]) -> bool:
    """Whether a list begins with "the police areas of" or ends with "police forces" or the like."""
    start, end = run[0].start(), run[-1].end("name")
    ahead = _FORCES_OF.search(words[max(0, start - _AHEAD) : start])
    return bool(ahead or _FORCES_END.match(words, end) or _FORCE_KIND.match(words, end))
