"""Numbers with a unit (staff, cases, files, courts, money, percentages), and police forces.

A number counts what its noun phrase ends in: "120 magistrates' courts and Crown Court files" are
files. One that is only spoken of again is no new measure, one beside a comparison is doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from hmcpsi_data.documents.claims import Claims
from hmcpsi_data.documents.dates import dates, financial_years, period
from hmcpsi_data.documents.text import either
from hmcpsi_data.tables.record import Record

__all__ = ["NUMBER", "number", "read_forces", "read_measures"]

_MAX_NUMBERS, _MAX_SENTENCE, _AHEAD, _BEHIND = 10_000, 1_000, 40, 120
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: value for value, word in enumerate(_ONES)} | {"and": 0, "a": 0, "hundred": 0}
_WORDS |= {word: 10 * value for value, word in enumerate(_TENS, 2)}
_ONE = "|".join(sorted(_ONES, key=len, reverse=True))
_BELOW_HUNDRED = rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_ONES[1:10])}))?|{_ONE})"
NUMBER = (
    r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,3}(?![0-9])(?:\.[0-9]{1,4})?|[0-9]{1,9}(?:\.[0-9]{1,4})?"
    rf"|(?:(?:{_BELOW_HUNDRED}|a) hundred(?: and {_BELOW_HUNDRED})?)|{_BELOW_HUNDRED})"
)
# What is counted, by the last words of a noun phrase; the first that fits is taken.
_NAMES = {
    r"(?:full|whole)[- ]time[- ]equivalents?(?: \(?ftes?\)?)?(?: (?:staff|posts|employees))?": (
        "full-time equivalents"
    ),
    r"(?:staff )?ftes?(?: staff)?": "full-time equivalents",
    r"(?:members of )?staff|employees|people employed": "staff",
    r"crown court (?:cent(?:re|er)s?|sites|locations)": "Crown Court centres",
    r"crown courts": "Crown Courts",
    r"courts?|courthouses": "courts",
    r"(?:case ?)?files": "files",
    r"cps areas|(?-i:Areas)": "Areas",
    r"(?:police )?forces": "forces",
    r"phases?": "phases",
    r"months?": "months",
    r"(?:working )?days": "days",
}
_NAMES |= {
    word: word
    for word in (
        "cases aspects criteria recommendations issues strengths reports offices units inspectors "
        "prosecutors lawyers trials hearings letters defendants victims witnesses questions"
    ).split()
}
_UNIT = [(re.compile(rf"(?:^|\s)(?:{pattern})$", re.I), unit) for pattern, unit in _NAMES.items()]
_ONE_OF = frozenset(("courts", "Crown Court centres", "offices", "Crown Courts", "forces", "units"))
_PEOPLE = frozenset(("staff", "lawyers", "prosecutors"))
_NUMBER = re.compile(
    rf"(?<![\w.,/:£$€#-])(?P<number>{NUMBER})(?![\w/:]|[.,][0-9]|(?:st|nd|rd|th)\b)", re.IGNORECASE
)
_MONEY = re.compile(
    r"£ ?(?P<number>[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,4})?|[0-9]{1,12}(?:\.[0-9]{1,4})?)"
    r"(?: ?(?P<of>million|billion|thousand|m|bn|k)\b)?",
    re.IGNORECASE,
)
_OF_MONEY = {"m": "million", "bn": "billion", "k": "thousand"}
_PERCENT = re.compile(r"\s?(?:%|per ?cent\b)(?P<points>[- ]points?\b)?", re.IGNORECASE)
_PHASE = re.compile(r"-(?P<unit>phase|month)\b", re.IGNORECASE)
_LASTS = re.compile(r"[- ]months? (?:period|programme)|-month", re.IGNORECASE)
# The words that end a noun phrase, that stand before what was counted already or before a name.
_STOP = re.compile(
    r"[,.;:()\[\]\"?!]|-\s|\s-|\b(?:of|in|for|with|by|at|from|to|on|over|between|across|which|that"
    r"|who|where|was|were|is|are|has|have|had|will|would|should|could|can|may|made|the|these|those"
    r"|each|than|per|out|under|within|during|since|as|or|when|while|but|every|a|an|about|against"
    r"|identified|examined|finalised|covered|dealt|handled|relating|relate|received|sent|found)\b",
    re.IGNORECASE,
)
_IMPROVEMENT = re.compile(r"(?:\w+ )?aspects? for improvement\b", re.IGNORECASE)
_OF = re.compile(r"\s*(?:out )?of (?:the |these |those |all |its |our )?", re.IGNORECASE)
_OF_WHICH = re.compile(rf"\s*of (?:which|them|whom|these|those)\b| \({NUMBER} ?(?:%|per)", re.I)
_AGAIN = re.compile(r"\b(?:the|these|those|its|our|their|all (?:of )?the)\s(?:\w+\s)?$", re.I)
_REMAINING = re.compile(r"\b(?:remaining|other)\s$", re.IGNORECASE)
_NAME = re.compile(
    r"\b(?:section|article|rule|page|phase|paragraph|part|annex|chapter|act|room|no|no\.|number"
    r"|recommendation|issue|table|figure|unit|top|team|level|tier|grade|group|category|stage|wave"
    r"|round|year|week|day|version|court|band|site|area|tel|telephone|fax|january|february|march"
    r"|april|may|june|july|august|september|october|november|december)\s$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_OF_YEAR = re.compile(
    r"(?:^|\b(?:in|since|by|until|till|from|to|during|before|after|of|for|and|the|its|early|late"
    r"|their|our|last)\s)$",
    re.IGNORECASE,
)
_ABSENCE = either(r"sick\w*|absen\w+|lost")
_EQUIVALENT = re.compile(r"\b(?:full|whole)[- ]time[- ]equivalents? of (?:about |some )?$", re.I)
_NO_AREAS = re.compile(r"[ -](?:\w+ )?[Aa]reas (?:for|of)\b")
# A sentence that compares: which of its figures is that of the Area and of now is not told.
_COMPARES = re.compile(
    r"\b(?:compared (?:with|to)|against (?!the\b)|targets?|nationally|national (?:figure|rate)"
    r"|averages?|than|(?:up|down|rose|fell|risen|fallen|increased|decreased) from|previous(?:ly)?"
    r"|last (?:year|time|inspection)|(?:a|the) year (?:before|earlier))\b",
    re.IGNORECASE,
)


class _Measure(NamedTuple):
    value: float
    unit: str
    start: int
    end: int


def read_measures(claims: Claims) -> None:
    """Add every number with a unit that is known, and its period."""
    seen: set[tuple[float, str]] = set()
    parts: list[str] = []  # what "twenty-two of the reports" were part of
    numbers = 0
    for at, sentence in enumerate(claims.text.sentences):
        if claims.used.issuperset(sentence.lines):
            continue
        plain = sentence.plain
        numbers += sum(1 for _ in _NUMBER.finditer(plain))
        if numbers > _MAX_NUMBERS:
            why = "from here on, no numbers are read"
            claims.add("measures", sentence.lines, why, value=None, unit=None, period=None)
            return
        found = sorted([*_counts(plain, seen, parts), *_money(plain)], key=lambda one: one.start)
        told = {date.iso for date in dates(plain)} if found else set()
        told |= {plain[start:end] for _, start, end in financial_years(plain)} if found else set()
        end, starts = 0, [*[one.start for one in found[1:]], len(plain)]
        for one, start in zip(found, starts, strict=False):
            own = period(plain[end : one.start]) or period(plain[one.end : start])
            about, end = own if len(told) > 1 else period(plain), one.end
            lines = sentence.lines_of(one.start, one.end)
            claim = claims.add("measures", lines, value=one.value, unit=one.unit, period=about)
            claim.sentence = at
            if _YEAR.fullmatch(plain[one.start : one.end]):
                claim.doubt("the number may be a year")
            if _COMPARES.search(plain):
                claim.doubt("it may be a national average, a target or a figure of before")


def _money(plain: str) -> Iterator[_Measure]:
    for match in _MONEY.finditer(plain):
        of = (match["of"] or "").casefold()
        unit = f"GBP {_OF_MONEY.get(of, of)}".strip()
        yield _Measure(float(match["number"].replace(",", "")), unit, match.start(), match.end())


def _counts(words: str, seen: set[tuple[float, str]], parts: list[str]) -> Iterator[_Measure]:
    """The numbers of a sentence that count something known, each once."""
    counted: str | None = None
    here: set[tuple[float, str]] = set()
    for match in _NUMBER.finditer(words):
        value = number(match["number"])
        before, after = words[: match.start()][-_AHEAD:], words[match.end() :][:_BEHIND]
        if value is None or _NAME.search(before) or _is_year(match["number"], before, after):
            continue
        unit = _unit_of(value, before, after, counted)
        if unit is None or (unit == "days" and not _ABSENCE.search(words)):
            continue
        if _OF.match(after) and not _OF_WHICH.match(after):
            parts.append(unit)
        elif _REMAINING.search(before) and parts:
            unit = parts[-1]
        counted = counted if unit == "%" else unit
        again = unit != "%" and _AGAIN.search(before) and not _REMAINING.search(before)
        if (value, unit) not in here and not (again and (value, unit) in seen):
            yield _Measure(value, unit, match.start(), match.end())
        here.add((value, unit))
        seen.add((value, unit))


def _unit_of(value: float, before: str, after: str, counted: str | None) -> str | None:
    """What a number counts; "of which 10" what was counted before it."""
    if percent := _PERCENT.match(after):
        return None if percent["points"] else "%"
    unit = _counted(after)
    if counted and _OF_WHICH.match(after):
        unit = counted
    elif of := _OF.match(after):
        rest = after[of.end() :]
        inner = _NUMBER.match(rest)
        unit = _counted(rest[inner.end() :] if inner else f" {rest}") if value != 1 else None
    elif phase := _PHASE.match(after):
        unit = f"{phase['unit'].casefold()}s"
    refused = (
        (unit == "months" and not _LASTS.match(after))
        or (value == 1 and unit not in _ONE_OF)
        or (unit == "Areas" and _NO_AREAS.match(after))
    )
    if unit in _PEOPLE and _EQUIVALENT.search(before):
        unit = "full-time equivalents"
    return None if refused else unit


def _is_year(digits: str, before: str, after: str) -> bool:
    if re.match(r"-[0-9]{2}", after):
        return True
    if not _YEAR.fullmatch(digits):
        return False
    return bool(_OF_YEAR.search(before)) or _counted(after) in {None, "aspects"}


def _counted(after: str) -> str | None:
    """What the noun phrase after a number counts."""
    phrase, found = after.lstrip(" -"), None
    if after[:1] not in {" ", "-"}:
        return None
    if _IMPROVEMENT.match(phrase):
        return "aspects for improvement"
    ends = [end.start() for end in (_STOP.search(phrase), _NUMBER.search(phrase)) if end]
    words = phrase[: min(ends, default=None)].split()[:8]
    for at, word in enumerate(words, 1):
        head = " ".join(words[:at])
        unit = next((unit for pattern, unit in _UNIT if pattern.search(head)), None)
        found = unit or found
        if (unit or "courts") != "courts" or (word.casefold() == "and" and found is None):
            break
    return found


def number(words: str) -> float | None:
    """The number that digits or words mean."""
    words = words.casefold().strip()
    if words[:1].isdigit():
        return float(words.replace(",", ""))
    total, parts = 0, words.replace("-", " ").split()
    for part in parts:
        total = max(total, 1) * 100 if part == "hundred" else total + _WORDS.get(part, 0)
    known = bool(parts) and all(part in _WORDS for part in parts)
    return float(total) if known else None


# Police forces --------------------------------------------------------------------------------

_SERVES = either(
    r"serv(?:es|ed|ing)|cover(?:s|ed|ing)|aligned|alignment|compris(?:es|ing)|consists?"
    r"|coterminous|police force areas?"
)
_KIND = r"(?:,? (?:Police|Constabulary)(?: Service)?\b)?"
_OF_FORCES = r"\b(?i:police|force)(?i: force)?(?i: areas?| forces?)?(?: of|:| for)(?: the)? "
_ENDS_FORCES = r"(?=,? (?i:police|constabular(?:y|ies)|forces?)\b)"


def _names(record: Record) -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    """A list of forces in a sentence, any name of a force, and the force of each name."""
    names = {str(name).casefold(): str(name) for name in record.table("forces")["force"]}
    names |= {name.removesuffix(" police"): own for name, own in names.items()}
    names.pop("", None)
    spelled = "|".join(
        re.escape(name).replace(r"\ and\ ", r"\ (?:and|&)\ ").replace(r"\-", r"[- ]")
        for name in sorted(names, key=len, reverse=True)
    )
    one = rf"(?=[A-Z])(?P<name>(?i:{spelled or '(?!)'}))\b"
    any_one = one.replace("?P<name>", "?:")
    run = rf"{any_one}{_KIND}(?:(?:,|,? and|,? &) (?:the )?{any_one}{_KIND})*"
    told = rf"{_OF_FORCES}{run}|\b{run}(?:(?<=Police)|(?<=Constabulary)|{_ENDS_FORCES})"
    return re.compile(told), re.compile(rf"\b{one}{_KIND}"), names


def read_forces(claims: Claims, record: Record) -> None:
    """Add each force that a sentence on the Area's own ground names."""
    runs, one, names = record.once(_names)
    seen: set[str] = set()
    for sentence in claims.text.sentences:
        words = sentence.plain
        if len(words) > _MAX_SENTENCE or not _SERVES.search(words):
            continue
        for match in (
            name for run in runs.finditer(words) for name in one.finditer(words, *run.span())
        ):
            key = match["name"].casefold().replace(" & ", " and ")
            force = names.get(key.replace("dyfed powys", "dyfed-powys"))
            if force is not None and force not in seen:
                seen.add(force)
                lines = sentence.lines_of(*match.span("name"))
                shown = sentence.printed[match.start() : match.end()]
                claims.add("forces", lines, force=force, force_as_printed=shown)
