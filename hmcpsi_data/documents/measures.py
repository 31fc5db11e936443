"""Numbers with a unit (staff, cases, files, courts, money, percentages), and police forces.

A number counts what its noun phrase ends in: "120 magistrates' courts and Crown Court files" are
files. Whether its sentence says no more than that is judged when the document is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from hmcpsi_data.documents.claims import Claims
from hmcpsi_data.documents.dates import dates, financial_years, period
from hmcpsi_data.documents.text import either
from hmcpsi_data.tables.record import Record

_MAX_SENTENCE, _BEHIND = 1_000, 120
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
# What is counted, by the word that names it; the first that fits is taken.
_NAMES = {
    "full-time equivalents": r"(?:full|whole)[- ]time[- ]equivalents?(?: staff)?|fte(?: staff)?",
    "staff": "(?:members of )?staff|employees",
    "Crown Court centres": "crown court cent(?:re|er)s?",
    "files": r"(?:magistrates' courts (?:and crown court )?)?files",
    "courts": "(?:magistrates' )?courts(?! (?:and crown court )?files)",
    "Areas": "cps areas|(?-i:Areas)(?! (?:for|of))",
    "phases": "phases?",
    "months": "months?(?= (?:period|programme))",
    "days": "days",
    "aspects for improvement": "aspects? for improvement",
}
_NAMES |= {
    word: word
    for word in (
        "cases aspects criteria recommendations issues strengths reports offices units inspectors "
        "prosecutors lawyers trials hearings letters defendants victims witnesses questions"
    ).split()
}
_UNITS = [*_NAMES]
_ALL = "|".join(f"(?P<u{at}>{pattern})" for at, pattern in enumerate(_NAMES.values()))
_STOP = (
    "of in for with by at from to on over between across which that who where was were is are has "
    "have had will would should could can may made the these those each than per out under within "
    "during since as or when while but every a an about against"
).replace(" ", "|")
_NUMBER = re.compile(
    rf"(?<![\w.,/:£$€#])(?P<number>{NUMBER})(?![\w/:]|[.,][0-9]|(?:st|nd|rd|th)\b)", re.IGNORECASE
)
# Behind a number: "%", what it is a part of, or what it counts behind a few adjectives.
_COUNTED = re.compile(
    rf"(?P<percent>\s?(?:%|per ?cent\b)(?! ?-?points?))"
    rf"|(?P<same> of which\b| \((?={NUMBER} ?(?:%|per)))"
    rf"|(?P<part>(?: out)? of (?:(?:the|these|those|all|its|our) )?(?:{NUMBER} )?)?"
    rf"(?:[ -]|(?<= ))(?P<more>(?:(?!(?:{_STOP}|{NUMBER})\b)[^\W\d_][\w'-]*,? ){{0,5}}?)"
    rf"(?:{_ALL})\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"£ ?(?P<number>[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,4})?|[0-9]{1,12}(?:\.[0-9]{1,4})?)"
    r"(?: ?(?P<of>million|billion|thousand|m|bn|k)\b)?",
    re.IGNORECASE,
)
_OF_MONEY = {"m": "million", "bn": "billion", "k": "thousand"}
# What stands before the first number of a plain statement.
_LEAD = re.compile(
    r"(?P<own>(?:in the year ended \w+ [0-9]{4},? )?"
    r"(?:the area|it|cps(?: (?:[A-Z][\w'-]+|and|of)\b)+)"
    r" (?:employed|has|had|handled|covers|spent|is one of|had the full-time equivalent of)"
    r"|(?:the )?inspectors (?:examined|looked at)|its budget was|a saving of)"
    r"|(?:the|all|those relating to the remaining|"
    r".* (?:performance in|visits to all|in relation to all|in implementing|conducting a))?",
    re.IGNORECASE,
)
_ABSENCE = either(r"sick\w*|absen\w+|lost")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
# What is spoken of alike wherever the document says it.
STANDING = frozenset("Areas aspects reports issues recommendations phases months".split())
NOT_PLAIN = "its sentence is no plain statement of a number of this Area"
TOO_LONG = "a sentence too long to be searched for numbers"


class _Measure(NamedTuple):
    value: float
    unit: str
    start: int
    end: int
    more: str = ""  # what stands between the number and its unit


def read_measures(claims: Claims) -> None:
    """Add every number with a unit that is known, and its period."""
    seen: set[tuple[float, str]] = set()
    parts: list[str] = []  # what "twenty-two of the reports" were part of
    for at, sentence in enumerate(claims.text.sentences):
        if claims.used.issuperset(sentence.lines):
            continue
        if "measures" in claims.cut:
            return
        plain = sentence.plain
        if len(plain) > _MAX_SENTENCE:
            if _NUMBER.search(plain):
                row = {"value": None, "unit": None, "period": None}
                claims.add("measures", sentence.lines, TOO_LONG, **row)
            continue
        found = sorted([*_counts(plain, seen, parts), *_money(plain)], key=lambda one: one.start)
        if not found:
            continue
        days = {date.iso for date in dates(plain)}
        days |= {plain[start:end] for _, start, end in financial_years(plain)}
        places = [(0, 0), *((one.start, one.end) for one in found), (len(plain), 0)]
        gaps = [plain[end:start] for (_, end), (start, _) in pairwise(places)]
        gaps[0] = gaps[0].lstrip("-•0123456789. ")
        lead = _LEAD.fullmatch(gaps[0].rstrip())
        why = "" if lead and (lead["own"] or found[0].unit in STANDING) else NOT_PLAIN
        rest = " ".join([*gaps, *(one.more for one in found)])
        for one, ahead, behind in zip(found, gaps, gaps[1:], strict=False):
            about = period(plain) if len(days) < 2 else period(ahead) or period(behind)
            lines = sentence.lines_of(one.start, one.end)
            claim = claims.add("measures", lines, why, value=one.value, unit=one.unit, period=about)
            claim.sentence, claim.rest = at, rest


def _money(plain: str) -> Iterator[_Measure]:
    for match in _MONEY.finditer(plain):
        of = (match["of"] or "").casefold()
        unit = f"GBP {_OF_MONEY.get(of, of)}".strip()
        yield _Measure(float(match["number"].replace(",", "")), unit, match.start(), match.end())


def _counts(plain: str, seen: set[tuple[float, str]], parts: list[str]) -> Iterator[_Measure]:
    """The numbers of a sentence that count something known; one spoken of again is no new one."""
    before: str | None = None  # what the number before counted
    for match in _NUMBER.finditer(plain):
        value, ahead = number(match["number"]), plain[: match.start()].casefold()
        counted = _COUNTED.match(plain, match.end(), match.end() + _BEHIND)
        if value is None or counted is None or _YEAR.fullmatch(match["number"]):
            continue
        end = match.end() if counted["part"] else counted.end()
        if counted["percent"]:
            unit: str | None = "%"
        elif counted["same"]:
            unit, end = before, match.end()
        else:
            unit = before = _UNITS[int((counted.lastgroup or "u0")[1:])]
            if counted["part"]:
                parts.append(unit)
            elif ahead.endswith("remaining ") and parts:
                unit = parts[-1]
            elif unit == "staff" and ahead.endswith(("time equivalent of ", "time-equivalent of ")):
                unit = "full-time equivalents"
        if unit == "days" and not _ABSENCE.search(plain):
            continue
        again = (
            unit != "%" and ahead.endswith(("the ", "these ", "those ")) and (value, unit) in seen
        )
        if unit and not again and (value != 1 or unit == "%"):
            yield _Measure(value, unit, match.start(), end, counted["more"] or "")
            seen.add((value, unit))


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
