"""Numbers with a unit (staff, cases, files, courts, money, percentages), and police forces.

A number counts what its noun phrase ends in: "120 magistrates' courts and Crown Court files" are
files. It is certain only where its sentence has a plain form and no word that is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from hmcpsi_data.documents.claims import Claims
from hmcpsi_data.documents.dates import MONTH, YEAR, dates, financial_years, period
from hmcpsi_data.documents.text import either
from hmcpsi_data.documents.vocabulary import stems
from hmcpsi_data.tables.record import Record

__all__ = ["NUMBER", "STANDING", "number", "read_forces", "read_measures"]

_MAX_NUMBERS, _MAX_SENTENCE, _BEHIND = 10_000, 1_000, 120
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
    r"aspects? for improvement": "aspects for improvement",
}
_NAMES |= {
    word: word
    for word in (
        "cases aspects criteria recommendations issues strengths reports offices units inspectors "
        "prosecutors lawyers trials hearings letters defendants victims witnesses questions"
    ).split()
}
_UNIT = [(re.compile(rf"(?:^|\s)(?:{pattern})$", re.I), unit) for pattern, unit in _NAMES.items()]
_NUMBER = re.compile(
    rf"(?<![\w.,/:£$€#])(?P<number>{NUMBER})(?![\w/:]|[.,][0-9]|(?:st|nd|rd|th)\b)", re.IGNORECASE
)
_MONEY = re.compile(
    r"£ ?(?P<number>[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,4})?|[0-9]{1,12}(?:\.[0-9]{1,4})?)"
    r"(?: ?(?P<of>million|billion|thousand|m|bn|k)\b)?",
    re.IGNORECASE,
)
_OF_MONEY = {"m": "million", "bn": "billion", "k": "thousand"}
_PERCENT = re.compile(r"\s?(?:%|per ?cent\b)(?! ?-?points?)", re.IGNORECASE)
_ABSENCE = either(r"sick\w*|absen\w+|lost")
# The words that end a noun phrase, and those around a part of something.
_ENDS = (
    r"[.;:()\[\]\"?!]|-\s|\s-|\b(?:of|in|for|with|by|at|from|to|on|over|between|across|which|that"
    r"|who|where|was|were|is|are|has|have|had|will|would|should|could|can|may|made|the|these|those"
    r"|each|than|per|out|under|within|during|since|as|or|when|while|but|every|a|an|about|against)\b"
)
_STOP = re.compile(
    rf"{_ENDS}|,|\b(?:identified|examined|finalised|covered|dealt|handled|relating|relate|received"
    r"|sent|found)\b",
    re.IGNORECASE,
)
_FAR_STOP = re.compile(_ENDS, re.IGNORECASE)  # beyond adjectives: "serious, contested cases"
_OF = re.compile(r"\s*(?:out )?of (?:the |these |those |all |its |our )?", re.IGNORECASE)
_OF_WHICH = re.compile(rf"\s*of (?:which|them|whom|these|those)\b| \({NUMBER} ?(?:%|per)", re.I)
_AGAIN = re.compile(r"\b(?:the|these|those|its|our|their|all (?:of )?the)\s(?:\w+\s)?$", re.I)
_REMAINING = re.compile(r"\bremaining\s$", re.IGNORECASE)
_EQUIVALENT = re.compile(r"\b(?:full|whole)[- ]time[- ]equivalents? of $", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_NO_AREAS = re.compile(r"[ -](?:\w+ )?[Aa]reas (?:for|of)\b")
# The plain forms: what stands before the first number and between two, and all other words.
_LEAD = re.compile(
    r"(?P<own>(?:in the year @,? )?(?:the area|it|cps(?: (?:[A-Z][\w'-]+|and|of)\b)+)"
    r" (?:employed|employs|has|had|handled|covers|spent|is one of)|a saving of"
    r"|(?:the )?inspectors (?:examined|looked at)|its budget (?:was|is)"
    r"|it had the full-time equivalent of)|the|all|those relating to the remaining"
    r"|(?:.* (?:performance in|visits to all|in relation to all|in implementing|conducting a)|)",
    re.IGNORECASE,
)
STANDING = frozenset("Areas aspects reports issues recommendations phases months".split())
_BETWEEN = re.compile(
    r",?(?: and)?(?: handled)?|,? which included|(?: out)? of(?: the)?| over a| in| of work,| \(",
    re.I,
)
_SAID = stems(
    "HMCPSI CPS inspectorate press release report summative conjunction overall performance "
    "assessment exercise process provides benchmark relation visits period each chief crown "
    "prosecutor serves area covered year was is are were be as it had has made which where per "
    "case published today avoid unacceptably long lapse between those this relating remaining "
    "categorised critical all substantial progress implementing inspection and fully achieved "
    "fourth finalised identified detailed below relate include how included timeliness we "
    "conducting programme order make improvements address saving budget quality casework "
    "standard communicate victims work full-time equivalent employed employs handled covers "
    "examined looked spent one inspectors key out over priority invented in publication"
)
_INNER = stems(
    "magistrates' Crown Court courts CPS key full whole time equivalent FTE staff posts members "
    "working files phase per cent month invented " + " ".join(_NAMES.values())
)
_SET_PHRASES = re.compile(
    r"\bCPS(?: (?:[A-Z][\w-]+|and|of|the)\b)+(?:'s)?|\b[A-Z][a-z]+ (?:Police|Constabulary)\b"
    r"|national press|should be read|advice was given to the police before charge|\bone of\b"
    r"|the 20[0-9]{2} (?=ins)|\(OPA\)|\bThe OPA\b"
)
_DATE = re.compile(
    rf"(?:between |ended )?(?:[0-3]?[0-9] )?\b{MONTH}(?: {YEAR})?(?: and {MONTH})?(?: {YEAR})"
    rf"|(?<!\w){YEAR}[-/][0-9]{{2,4}}"
)
TOO_LONG = "a sentence too long to be searched for numbers"
NOT_PLAIN = "its sentence is no plain statement of a number of this Area"


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
        here = sum(1 for _ in _NUMBER.finditer(plain))
        numbers += here
        if len(plain) > _MAX_SENTENCE and numbers <= _MAX_NUMBERS:
            if here:
                row = {"value": None, "unit": None, "period": None}
                claims.add("measures", sentence.lines, TOO_LONG, **row)
            continue
        if numbers > _MAX_NUMBERS:
            why = "from here on, no numbers are read"
            claims.add("measures", sentence.lines, why, value=None, unit=None, period=None)
            return
        found = sorted([*_counts(plain, seen, parts), *_money(plain)], key=lambda one: one.start)
        why = "" if not found or _is_plain(plain, found) else NOT_PLAIN
        told = {date.iso for date in dates(plain)} if found else set()
        told |= {plain[start:end] for _, start, end in financial_years(plain)} if found else set()
        end, starts = 0, [*[one.start for one in found[1:]], len(plain)]
        for one, start in zip(found, starts, strict=False):
            own = period(plain[end : one.start]) or period(plain[one.end : start])
            about, end = own if len(told) > 1 else period(plain), one.end
            lines = sentence.lines_of(one.start, one.end)
            claim = claims.add("measures", lines, why, value=one.value, unit=one.unit, period=about)
            claim.sentence = at


def _is_plain(plain: str, found: list[_Measure]) -> bool:
    """Whether a sentence states its numbers in a plain form, and says no other word."""
    ends = [0, *(one.end for one in found)]
    gaps = [plain[end : one.start].rstrip() for end, one in zip(ends, found, strict=False)]
    gaps[0] = _dateless(gaps[0]).lstrip("-•*0123456789. ")
    rest = _dateless(plain[ends[-1] :])
    words = _SET_PHRASES.sub(" ", " ".join([*gaps, rest]))
    lead = _LEAD.fullmatch(gaps[0])
    return (
        lead is not None
        and (lead["own"] is not None or found[0].unit in STANDING)
        and all(_BETWEEN.fullmatch(gap) for gap in gaps[1:])
        and not _NUMBER.search(words)
        and all(
            one.unit.startswith("GBP")
            or stems(_NUMBER.sub("", plain[one.start : one.end])) <= _INNER
            for one in found
        )
        and stems(words) <= _SAID
    )


def _money(plain: str) -> Iterator[_Measure]:
    for match in _MONEY.finditer(plain):
        of = (match["of"] or "").casefold()
        unit = f"GBP {_OF_MONEY.get(of, of)}".strip()
        yield _Measure(float(match["number"].replace(",", "")), unit, match.start(), match.end())


def _counts(words: str, seen: set[tuple[float, str]], parts: list[str]) -> Iterator[_Measure]:
    """The numbers of a sentence that count something known; one spoken of again is no new one."""
    before_it: str | None = None
    for match in _NUMBER.finditer(words):
        value, ahead = number(match["number"]), words[: match.start()][-40:]
        after = words[match.end() :][:_BEHIND]
        year = _YEAR.fullmatch(match["number"]) and not re.match(r" (?:cases|files)", after)
        if value is None or year or (len(match["number"]) == 4 and after[:1] == "-"):
            continue
        unit, length = _counted(after)
        if unit is None:
            unit, length = _counted(after, _FAR_STOP)
        if _OF.match(after) or _OF_WHICH.match(after):
            unit, length = _part(after, before_it), 0
        if unit == "staff" and _EQUIVALENT.search(ahead):
            unit = "full-time equivalents"
        if _OF.match(after) and not _OF_WHICH.match(after) and unit:
            parts.append(unit)
        elif _REMAINING.search(ahead) and parts:
            unit = parts[-1]
        if unit is None or (unit == "days" and not _ABSENCE.search(words)):
            continue
        again = _AGAIN.search(ahead) and not _REMAINING.search(ahead) and (value, unit) in seen
        if (value != 1 or unit == "%") and not (again and unit != "%"):
            yield _Measure(value, unit, match.start(), match.end() + length)
        before_it = before_it if unit == "%" else unit
        seen.add((value, unit))


def _part(after: str, before_it: str | None) -> str | None:
    """What "six of the ten issues" or "five of which" counts."""
    if _OF_WHICH.match(after):
        return before_it
    rest = _OF.sub(" ", after, count=1)
    inner = _NUMBER.match(rest.lstrip())
    return _counted(rest.lstrip()[inner.end() :] if inner else rest)[0]


def _counted(after: str, stop: re.Pattern[str] = _STOP) -> tuple[str | None, int]:
    """What the noun phrase after a number counts, and where that ends."""
    if percent := _PERCENT.match(after):
        return "%", percent.end()
    if after[:1] not in {" ", "-"} or _NO_AREAS.match(after):
        return None, 0
    ends = [end.start() for end in (stop.search(after, 1), _NUMBER.search(after)) if end]
    phrase, found, length = after[: min(ends, default=None)], None, 0
    for word in list(re.finditer(r"[^\s-]+", phrase))[:8]:
        head = phrase[: word.end()].lstrip(" -")
        unit = next((unit for pattern, unit in _UNIT if pattern.search(head)), None)
        found, length = (unit, word.end()) if unit else (found, length)
        if (unit or "courts") not in {"courts", "full-time equivalents"} or (
            word[0] == "and" and found is None and stop is _STOP
        ):
            break
    if found == "months" and not re.match(r"[- ]months? (?:period|programme)", after):
        return None, 0
    return found, length


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


def _dateless(words: str) -> str:
    return _DATE.sub("@", words)


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
