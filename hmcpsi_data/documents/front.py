"""What a document is: its kind, Area, framework and date, decided after its claims.

Each is an answer with its lines, its basis and its rivals. The labels that the document rates tell
the set and so the framework; the record says whether a framework was in force on the date, and
whether the Area had an inspection in that month. What cannot be told is left empty and asked for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import pandas as pd

from hmcpsi_data.documents.claims import Claims
from hmcpsi_data.documents.dates import MONTH, dates, financial_years
from hmcpsi_data.documents.text import Text
from hmcpsi_data.documents.vocabulary import Vocabulary, stems
from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.record.areas import find_area
from hmcpsi_data.tables.record import Record

__all__ = ["KINDS", "Answer", "Front", "area_pattern", "is_ours", "names_other", "read_front"]

KINDS = ("opa", "follow_up", "area_assurance", "area_inspection", "response", "unknown")
_TITLE_LINES, _TITLE_LENGTH, _LONGEST_TITLE = 14, 300, 160
_KINDS = {
    kind: re.compile(pattern, re.IGNORECASE)
    for kind, pattern in {
        "response": (
            r"\bresponse\b.{0,80}\b(?:HMCPSI|inspect\w*|programme|report|review)\b"
            r"|\b(?:HMCPSI|inspection|programme|report)\b.{0,80}\bresponse\b"
            r"|^(?:the )?CPS(?: \w+){0,4} response\b"
        ),
        "follow_up": (
            r"\bfollow(?:ing)?[- ]?up (?:\w+ ){0,3}?(?:inspection|report|review|visit|of)\b"
            r"|\bprogress against (?:the )?(?:\w+ )?(?:recommendations|aspects)\b"
        ),
        "opa": r"\boverall performance assessments?\b|\bOPAs?\b",
        "area_assurance": r"\barea assurance\b|\bAAP\b",
        "area_inspection": (
            r"\barea (?:effectiveness inspections?|inspection programme)\b|\bAIP\b"
            r"|\bborough of\b|\bbaseline (?:report|inspection)\b"
        ),
    }.items()
}
_BY_CPS = re.compile(r"^(?:the )?(?:CPS|area|our)(?: area)? (?:initial )?response\b", re.IGNORECASE)
_PROGRAMME = re.compile(
    r"\barea inspection programme\b|\bAIP\b|\bbaseline (?:report|inspection)\b", re.IGNORECASE
)
_FOLLOW_UP = re.compile(r"\bfollow(?:ing)?[- ]?up\b", re.IGNORECASE)
_LATER_PHASE = re.compile(
    r"\b(?:phase|round) (?:[2-9]|two|three)\b|\b(?:second|third) phase\b", re.I
)
_THIRD_PHASE = re.compile(r"\bphase (?:3|three)\b|\bthird phase\b", re.IGNORECASE)
_EFFECTIVENESS = re.compile(r"\barea effectiveness inspection\b", re.IGNORECASE)
_IS_PILOT = re.compile(
    r"\b(?:inspection|report|assessment|exercise)\b[^.]{0,60}\bpilot|\bprogramme pilots?\b"
    r"|\bpilot (?:area|inspection|report|assessment|site)\b|\bas (?:a |part of (?:a |the )?)pilot",
    re.IGNORECASE,
)
_AFTER_PILOT = re.compile(r"\b(?:follow\w*|after|since|earlier|previous|lessons|learn\w*)\b", re.I)
_THIRTEEN = re.compile(r"\b(?:thirteen|13) (?:\w+ )?aspects\b|\bdirection of travel\b", re.I)
_FOURTEEN = re.compile(r"\b(?:fourteen|14) (?:\w+ )?aspects\b", re.IGNORECASE)
_OURS = re.compile(r"\bCPS\b|\bHMCPSI\b|HM ?CPSi|Crown Prosecution Service", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:Ofsted|Estyn|HMICFRS|HMIC|Constabulary inspections?|Care Quality Commission|CQC|HMIP"
    r"|Inspectorate of (?:Constabulary|Prisons|Probation)|Food Standards|food hygiene)\b"
)
_INSPECTS = re.compile(
    r"\b(?:inspect\w*|assess\w*|OPA|follow[- ]?up|recommendations?|response)\b", re.IGNORECASE
)
_NEVER_OURS = "nothing here looks like an inspection of the CPS"

# Dates
_STATED = re.compile(r"\b(?:embargo\w*|publi(?:shed|cation)|issued|released?|dated?)\b", re.I)
_UPDATED = re.compile(r"\b(?:updated|amended|reviewed|modified|accessed|printed on)\b", re.I)
_BARE = re.compile(r"[\W\d]*(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day)?[\W\d]*", re.IGNORECASE)
_TODAY = re.compile(r"\btoday\b", re.IGNORECASE)
_UNDATED = re.compile(
    rf"\btoday\b[^.]{{0,20}}\(?(?:\w+day,? )?[0-3]?[0-9](?:st|nd|rd|th)? {MONTH}\b(?! (?:19|20))",
    re.I,
)
_FIELDWORK = re.compile(
    r"\b(?:fieldwork|visits?|visited|inspected|inspection|follow-up|as at|finalised|on[- ]site)\b",
    re.I,
)
_AHEAD = re.compile(
    r"\b(?:will|by|until|before|Act|plan\w*|due|expected|target|since|budget)\b", re.I
)
_ALL_AREAS = re.compile(r"\b(?:all|every|each|other|most) (?:\w+ )?areas?\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\w/-])(?:19[89]|20[0-4])[0-9]\b(?![-/][0-9])")

# Areas
_PROGRAMMES = re.compile(r" Area (?:Inspection|Assurance|Effectiveness|Performance)\b")
_SUFFIX = re.compile(rf"(?!{_PROGRAMMES.pattern})(?: CPS(?: Area)?\b| Area\b)")
_PLACE = r"(?P<name>[A-Z][\w'-]+(?: (?:and|&|[A-Z][\w'-]+))*)"
_BOROUGH = re.compile(rf"\b(?:London )?[Bb]orough(?: unit)? of {_PLACE}")
_OF_BOROUGH = re.compile(rf"\b(?!The |London |CPS |This |Each ){_PLACE} (?:London )?[Bb]orough\b")
_UNKNOWN_AREA = re.compile(
    r"\bCPS ((?:[A-Z][\w'-]+)(?:(?: and| &| of| the| of the|,)? [A-Z][\w'-]+){0,5})"
)
_NO_AREA = frozenset(
    "Area Areas HQ Headquarters People Response Direct Inspectorate Communications Press Values "
    "National Board Policy Lawyers Staff Prosecutors Act Core Casework Report Website Inspection "
    "Self Chief Performance Quality Public The In And Of Baseline Follow Overall Follow-up Annual "
    "Handling Management Use Review Reviews Inspections London".split()
)


@dataclass
class Answer:
    """What one question about a document is answered with."""

    question: str
    value: str | None = None
    lines: tuple[int, ...] = ()
    basis: str | None = None
    rivals: tuple[str, ...] = ()
    why: str = ""


@dataclass
class Front:
    """What a document is; `why_not` is empty where it is about an inspection of the CPS."""

    kind: str
    area: Answer
    area_id: str | None
    framework: Answer
    published: Answer
    precision: str | None
    inspection_id: str | None = None
    why_not: str = ""
    answers: list[Answer] = field(default_factory=list)


def is_ours(text: Text) -> bool:
    """Whether a text speaks of the CPS or its inspectorate more than of other inspectorates."""
    title = [text.words[line] for line in _title(text)]
    ours = sum(bool(_OURS.search(words)) for words in text.words)
    others = sum(bool(_OTHERS.search(words)) for words in text.words)
    if any(map(_OTHERS.search, title)) and not any(map(_OURS.search, title)):
        return False
    speaks = any(_INSPECTS.search(words) or _OURS.search(words) for words in title)
    return bool(ours) and ours > others and speaks


def _title(text: Text) -> list[int]:
    return list(islice(text.filled(), _TITLE_LINES))


def _is_head(words: str) -> bool:
    return len(words) < _LONGEST_TITLE and not words.endswith((".", "?", ","))


def read_front(claims: Claims, record: Record) -> Front:
    """What the document is, from its title, its claims and the record."""
    text = claims.text
    title = _title(text)
    kind = _kind(text, title)
    published, precision = _published(text, title)
    area = _area(claims, title, record)
    framework = _framework(claims, title, kind, published, area.value)
    if kind == "unknown" and framework.value:
        kind = {"opa": "opa", "aap": "area_assurance", "aip": "area_inspection"}.get(
            framework.value[:3], "area_inspection" if framework.value.startswith("aei") else kind
        )
    area_id = _area_id(area, published.value, framework.value, claims.words, record)
    front = Front(kind, area, area_id, framework, published, precision)
    _inspection(front, record)
    if not is_ours(text):
        front = Front(
            "unknown", Answer("area"), None, Answer("framework"), Answer("published"), None
        )
        front.why_not = _NEVER_OURS
    front.answers = [front.area, front.framework, front.published]
    return front


def _kind(text: Text, title: list[int]) -> str:
    scores = dict.fromkeys(_KINDS, 0)
    for line in title:
        words = text.words[line][:_TITLE_LENGTH]
        for kind, pattern in _KINDS.items():
            if pattern.search(words):
                scores[kind] += 6 if _is_head(text.words[line]) else 2
    for line in islice(text.filled(), _TITLE_LINES, None):
        words = text.words[line][:_TITLE_LENGTH]
        scores["response"] += 4 if _BY_CPS.match(words) else 0
        for kind, pattern in _KINDS.items():
            if kind != "response" and scores[kind] < 30 and pattern.search(words):
                scores[kind] += 1
    if scores["response"] >= 6:
        return "response"
    if scores["follow_up"] >= 4 and scores["follow_up"] >= scores["opa"] / 2:
        return "follow_up"
    best = max(("opa", "area_assurance", "area_inspection", "follow_up"), key=scores.__getitem__)
    return best if scores[best] >= 2 else "unknown"


# The date ----------------------------------------------------------------------------------------


def _published(text: Text, title: list[int]) -> tuple[Answer, str | None]:
    found: list[tuple[float, str, str, int]] = []
    for rank, line in enumerate(title):
        words = text.words[line][:_TITLE_LENGTH]
        before_line = text.words[title[rank - 1]] if rank else ""
        for date in dates(words):
            before = words[: date.start]
            bare = _BARE.fullmatch(before + words[date.end :])
            if _UPDATED.search(before) or (bare and _UPDATED.search(before_line)):
                continue
            if bare or (_STATED.search(before) and len(before) < 60 and _is_head(words)):
                score = 4.0
            elif _TODAY.search(words):
                score = 3.5
            elif not before.strip() and words[date.end : date.end + 1] in {".", ",", ":"}:
                score = 3.0
            elif rank < 8 and _is_head(words):
                score = 2.0  # in a title
            else:
                continue
            found.append((score + (date.precision == "day") / 4, date.iso, date.precision, line))
    if found:
        _, iso, precision, line = max(found, key=lambda one: one[0])
        rivals = {one[1] for one in found if not (one[1].startswith(iso) or iso.startswith(one[1]))}
        return Answer("published", iso, (line,), "stated", tuple(sorted(rivals))), precision
    return _inferred(text)


def _inferred(text: Text) -> tuple[Answer, str | None]:
    """The latest year that the text names beside words of fieldwork."""
    if any(map(_UNDATED.search, text.words)):
        told = "the day is given without its year"
        return Answer("published", why=told), None
    years: dict[str, list[int]] = {}
    for line in text.filled():
        words = text.words[line]
        if not _FIELDWORK.search(words):
            continue
        for sentence in re.split(r"(?<=[.!?]) ", words):
            if not _FIELDWORK.search(sentence) or _ALL_AREAS.search(sentence):
                continue
            for match in _YEAR.finditer(sentence):
                if not _AHEAD.search(sentence[max(0, match.start() - 40) : match.start()]):
                    years.setdefault(match[0], []).append(line)
    if not years:
        return Answer("published"), None
    year = max(years)
    lines = tuple(dict.fromkeys(years[year]))
    return Answer("published", year, lines, "inferred"), "year"


# The Area ----------------------------------------------------------------------------------------


def area_pattern(record: Record) -> re.Pattern[str]:
    """Any name of an Area, without "CPS" and "Area"; ``record.once`` makes it once."""
    names = [*record.table("areas")["name"], *record.table("area_names")["name"]]
    bare = {re.sub(r"^CPS |(?: CPS)?(?: Area)?$", "", str(name)) for name in names} - {""}
    spelled = sorted(bare, key=lambda name: (-len(name), name)) or ["(?!)"]
    pattern = "|".join(
        re.escape(name).replace(r"\ and\ ", r"\ (?:and|&)\ ").replace(r"\-", r"[-/ ]")
        for name in spelled
    )
    return re.compile(rf"(?<![\w-])(?i:{pattern})(?![\w-])")


def names_other(front: Front, words: str, record: Record) -> bool:
    """Whether words name an Area of the CPS that is not the document's own."""
    if front.area.value is None or "CPS" not in words:
        return False
    own = stems(front.area.value)
    pattern = record.once(area_pattern)
    named = [m[0] for m in pattern.finditer(words) if words[: m.start()].endswith("CPS ")]
    named += [_cut(m[1], frozenset()) for m in _UNKNOWN_AREA.finditer(words)]
    other = (stems(name) - {"cps"} for name in named if name)
    return any(not (name <= own or own - {"cps"} <= name) for name in other)


def _area(claims: Claims, title: list[int], record: Record) -> Answer:
    """The name as printed, with its line; the first that follows or precedes "CPS"."""
    text = claims.text
    title = [line for line in title if line not in claims.used]
    for line in title:
        if match := _BOROUGH.search(text.words[line]) or _OF_BOROUGH.search(text.words[line]):
            return Answer("area", match.group(), (line,), "stated")
    pattern = record.once(area_pattern)
    words = claims.words
    for lines in (title, range(len(text))):
        best: tuple[int, str] | None = None
        others: list[str] = []
        for line in lines:
            if line in claims.used:
                continue  # a row of a table, perhaps of several Areas
            for name in _named(text.words[line], pattern):
                if best is None or (len(name) > len(best[1]) and best[1] in name):
                    best = line, name
                elif name not in best[1]:
                    others.append(name)
        if best is not None:
            rivals = tuple(dict.fromkeys(others))[:5]
            return Answer("area", best[1], (best[0],), "stated", rivals)
    for line in title:
        for match in _UNKNOWN_AREA.finditer(text.words[line]):
            if name := _cut(match[1], words.common):
                return Answer("area", f"CPS {name}", (line,), "stated")
    return Answer("area")


def _cut(name: str, common: frozenset[str]) -> str:
    """An unknown name up to the first word that belongs to no name; "" where a subject is named."""
    words = name.split()
    for at, word in enumerate(words):
        if word.strip(",").title() in _NO_AREA - ({"The", "And", "Of", "London"} if at else set()):
            words = words[:at]
            break
        if stems(word) & common:
            return ""
    while words and words[-1] in {"and", "of", "the", "&"}:
        words.pop()
    return " ".join(words).rstrip(",")


def _named(words: str, pattern: re.Pattern[str]) -> Iterator[str]:
    if not _OURS.search(words) and "Area" not in words and "AREA" not in words:
        return
    shouted = words.isupper()
    for match in pattern.finditer(words):
        if not (shouted or match[0][0].isupper()):
            continue
        before, after = words[: match.start()], words[match.end() :]
        if before.endswith("CPS "):
            yield f"CPS {match.group()}"
        elif suffix := _SUFFIX.match(after.replace("AREA", "Area") if shouted else after):
            yield match.group() + after[: suffix.end()]
        elif _PROGRAMMES.match(after.title() if shouted else after) or re.search(
            r"Crown Prosecution Service,? (?:in |for )?$", before
        ):
            yield match.group()


def _area_id(
    area: Answer, published: str | None, framework: str | None, words: Vocabulary, record: Record
) -> str | None:
    """The Area that goes by the name on the date, or else while the framework was in force."""
    if area.value is None:
        return None
    borough = _BOROUGH.fullmatch(area.value) or _OF_BOROUGH.fullmatch(area.value)
    name = re.sub(r"/", " ", borough["name"] if borough else area.value)
    error: Exception | None = None
    for on in dict.fromkeys((published, *_in_force(words, framework))):
        try:
            return find_area(name, on=on, record=record)
        except HmcpsiError as caught:  # a report may come out after its Area has ended
            error = error or caught
    area.why = f"the Area is not known: {error}"
    return None


def _in_force(words: Vocabulary, framework: str | None) -> list[str]:
    if framework is None:
        return []
    row: Any = words.frameworks.loc[framework]
    return [str(row[name]) for name in ("in_force_to", "in_force_from") if pd.notna(row[name])]


# The framework -----------------------------------------------------------------------------------


def _framework(
    claims: Claims, title: list[int], kind: str, published: Answer, area: str | None
) -> Answer:
    """The framework by words of the title, by the date, and by the labels that are rated."""
    text, words = claims.text, claims.words
    frameworks = words.frameworks
    heads = [line for line in title if _is_head(text.words[line])]
    candidates, line, why = _by_words(text, title, heads, kind, area)
    candidates = [one for one in candidates if one in frameworks.index]
    fixed = bool(candidates)
    if not candidates and any(one.table == "ratings" for one in claims.all):
        kinds = frameworks["measure_kind"].eq("rating")
        candidates = [one for one in frameworks.index[kinds] if "borough" not in one]
        candidates = [
            one for one in candidates if published.value and _fits(words, one, published.value)
        ]
    if not candidates:
        return Answer(
            "framework", why=why or "nothing tells under which one the Area was inspected"
        )
    votes = Counter(
        framework
        for claim in claims.of("ratings")
        for framework in {known.framework_id for known in claim.known}
    )
    years = published.value
    year, round_ = _round(text, heads)
    fitting = [one for one in candidates if years and _fits(words, one, years)]
    exact = [one for one in candidates if years and _fits(words, one, years, lag=0)]
    if round_ and (
        of_round := [one for one in candidates if frameworks.loc[one, "round"] == round_]
    ):
        return Answer("framework", of_round[0], line, "stated")
    if year and not years:
        likely = [one for one in candidates if _fits(words, one, str(year + 1), lag=0)]
        told = f"which assessment {round_} means is asked; {', '.join(likely)} is likeliest"
        return Answer("framework", None, line, None, tuple(likely), told)
    if years and not fitting:
        named = ", ".join(candidates)
        return Answer(
            "framework", None, line, None, tuple(candidates), f"{named} was not in force then"
        )
    pool = fitting or candidates
    most = max((votes[one] for one in pool), default=0)
    voted = [one for one in pool if votes[one] == most and most]
    counted = _by_count(text)
    if len(pool) > 1 and counted in pool:
        voted = [counted]
    if len(voted) > 1:
        voted = [one for one in voted if one in exact] or voted
    chosen = voted if voted and fixed else [one for one in pool if one in exact] or pool
    chosen = voted if len(voted) == 1 else chosen
    if len(chosen) == 1 and not why:
        basis = "stated" if fixed and len(candidates) == 1 else "inferred"
        return Answer(
            "framework", chosen[0], line, basis, tuple(one for one in pool if one != chosen[0])
        )
    if fixed and len(candidates) > 1 and not why and chosen[0] == "aap_2016":
        return Answer("framework", "aap_2016", line, "inferred", ("aap_pilot_2016",))
    return Answer("framework", None, line, None, tuple(chosen), why or "several come into question")


def _by_words(
    text: Text, title: list[int], heads: list[int], kind: str, area: str | None
) -> tuple[list[str], tuple[int, ...], str]:
    """The frameworks that the words of a document name, the line, and a doubt."""

    def first(pattern: re.Pattern[str], lines: list[int] | range) -> tuple[int, ...]:
        return next(
            ((one,) for one in lines if pattern.search(text.words[one][:_TITLE_LENGTH])), ()
        )

    everywhere = range(len(text))
    if area and "orough" in area:
        return ["aei_2008_london_borough"], first(_BOROUGH, title), ""
    programme = first(_PROGRAMME, heads) or first(_PROGRAMME, title)
    if programme and kind != "opa" and kind != "area_assurance":
        if first(_LATER_PHASE, heads):
            third = first(_THIRD_PHASE, heads)
            told = "" if third else "a later phase is named, for which no framework stands"
            return ["aip_2025" if third else "aip_2021_follow_up"], programme, told
        if first(_FOLLOW_UP, heads):
            return ["aip_2021_follow_up"], first(_FOLLOW_UP, heads), ""
        return ["aip_2021"], programme, ""
    if kind == "follow_up":
        return ["follow_up_2010"], first(_KINDS["follow_up"], everywhere), ""
    if kind == "opa":
        return ["opa_2005", "opa_2007"], first(_KINDS["opa"], everywhere), ""
    if assured := first(_KINDS["area_assurance"], title) or (
        kind in {"area_assurance", "response"} and first(_KINDS["area_assurance"], everywhere)
    ):
        for line in text.filled():
            words = text.words[line]
            pilot = _IS_PILOT.search(words) and not _AFTER_PILOT.search(words)
            if pilot and not re.search(r"\bpilots? of (?!the area)", words):
                return ["aap_pilot_2016"], (line,), ""
        return ["aap_2016", "aap_pilot_2016"], assured or (), ""
    if found := first(_EFFECTIVENESS, title):
        return ["aei_2008"], found, ""
    if kind == "response" and (found := first(_PROGRAMME, everywhere)):
        return ["aip_2021"], found, ""
    return [], (), ""


def _fits(words: Vocabulary, framework: str, date: str, lag: int = 1) -> bool:
    """Whether a report of a framework may have come out on a date: a year later, at most."""
    row: Any = words.frameworks.loc[framework]
    first, last = (row[name] for name in ("in_force_from", "in_force_to"))
    size = 4 if lag else len(date)
    begun = pd.isna(first) or str(first)[:size] <= date[: max(4, min(size, len(str(first))))]
    end = 9999 if pd.isna(last) else int(str(last)[:4]) + lag
    ended = int(date[:4]) <= end
    if not lag and pd.notna(last):
        ended = date[: len(str(last))] <= str(last)
    return begun and ended


def _round(text: Text, heads: list[int]) -> tuple[int | None, str | None]:
    """The financial year that a title names, and as rounds are named."""
    for line in heads:
        for year, *_ in financial_years(text.words[line]):
            return year, f"{year}-{(year + 1) % 100:02}"
    return None, None


def _by_count(text: Text) -> str | None:
    thirteen, fourteen = (any(map(p.search, text.words)) for p in (_THIRTEEN, _FOURTEEN))
    if thirteen == fourteen:
        return None
    return "opa_2007" if thirteen else "opa_2005"


def _by_area(record: Record) -> dict[str, list[tuple[str, str, str]]]:
    """The inspections of each Area: identifier, framework, date of publication or ""."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    columns = ["area_id", "inspection_id", "framework_id", "published"]
    for area, *rest in record.table("inspections")[columns].fillna("").itertuples(index=False):
        found.setdefault(area, []).append((*rest,))
    return found


def _inspection(front: Front, record: Record) -> None:
    """The inspection that the record has of the Area, under the framework or in that month."""
    known = record.once(_by_area).get(front.area_id or "", [])
    date = front.published.value
    if front.framework.value is None and date and len(date) >= 7 and not front.framework.rivals:
        months = [framework for _, framework, published in known if published[:7] == date[:7]]
        if len(months) == 1:
            front.framework = Answer("framework", months[0], (), "inferred")
    for inspection, framework, published in known:
        if framework != front.framework.value:
            continue
        if not (date and published) or abs(int(published[:4]) - int(date[:4])) <= 1:
            front.inspection_id = inspection
            return
