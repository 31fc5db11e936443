"""What a document is: its kind, Area, framework and date, decided after its claims.

The labels that the document rates tell the set and so the framework; the record says whether a
framework was in force on the date. What cannot be told is left empty and asked for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
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

__all__ = ["KINDS", "NO_INSPECTION", "Answer", "Front", "area_pattern", "read_front"]

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
_COUNTED = {
    "opa_2007": re.compile(r"(?i)\b(?:thirteen|13) (?:\w+ )?aspects\b|\bdirection of travel\b"),
    "opa_2005": re.compile(r"(?i)\b(?:fourteen|14) (?:\w+ )?aspects\b"),
}
_OURS = re.compile(r"(?i:\bCPS\b|\bHMCPSI\b|HM ?CPSi|Crown Prosecution Service)")
_OTHERS = re.compile(
    r"\b(?:Ofsted|Estyn|HMICFRS|HMIC|Constabulary inspections?|Care Quality Commission|CQC|HMIP"
    r"|Inspectorate of (?:Constabulary|Prisons|Probation)|Food Standards|food hygiene)\b"
)
_INSPECTS = re.compile(
    r"\b(?:inspect\w*|assess\w*|OPA|follow[- ]?up|recommendations?|response)\b", re.IGNORECASE
)
NO_INSPECTION = "nothing here looks like an inspection of the CPS"

_BOROUGHS = "aei_2008_london_borough"

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
    """What one question about a document is answered with; `why` it is not, or not surely."""

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

    @property
    def answers(self) -> list[Answer]:
        """The answers to all questions."""
        return [self.area, self.framework, self.published]


def read_front(claims: Claims, record: Record) -> Front:
    """What the document is, from its title, its claims and the record."""
    text = claims.text
    title = list(islice(text.filled(), _TITLE_LINES))
    if not _is_ours(claims, title):
        area, framework, published = map(Answer, ("area", "framework", "published"))
        return Front("unknown", area, None, framework, published, None, why_not=NO_INSPECTION)
    kind = _kind(text, title)
    published, precision = _published(text, title)
    area = _area(claims, title, record)
    votes = _votes(claims)
    borough = _is_borough(area, votes, record)
    framework = _framework(claims, title, kind, published.value, votes, borough)
    if kind == "unknown" and framework.value:
        kinds = {"opa": "opa", "aap": "area_assurance", "aip": "area_inspection"}
        kind = kinds.get(framework.value[:3], kind)
        kind = "area_inspection" if framework.value.startswith("aei") else kind
    area_id = _area_id(area, published.value, framework.value, claims.words, record)
    front = Front(kind, area, area_id, framework, published, precision)
    _inspection(front, record)
    return front


def _is_ours(claims: Claims, title: list[int]) -> bool:
    """Whether a text is on the CPS: by whom its title names first, else by its labels."""
    words = claims.text.words
    heading = "\n".join(words[line] for line in title)
    ours, others = (sum(map(bool, map(one.search, words))) for one in (_OURS, _OTHERS))
    if not ours:
        return False
    named = [found for found in (_OURS.search(heading), _OTHERS.search(heading)) if found]
    if not named:
        return ours > others and bool(_INSPECTS.search(heading))
    first = min(named, key=re.Match.start)
    rated = claims.of("ratings")
    known = {claim.known[0].aspect_id for claim in rated if claim.known}
    return first.re is _OURS or (len(known) > 1 and 2 * len(known) > len(rated))


def _is_head(words: str) -> bool:
    return len(words) < _LONGEST_TITLE and not words.endswith((".", "?", ","))


def _kind(text: Text, title: list[int]) -> str:
    scores = dict.fromkeys(_KINDS, 0)
    for line in text.filled():
        words = text.words[line][:_TITLE_LENGTH]
        weight = 1 if line > title[-1] else 6 if _is_head(text.words[line]) else 2
        if weight == 1 and _BY_CPS.match(words):
            scores["response"] += 4
        for kind, pattern in _KINDS.items():
            if weight == 1 and (kind == "response" or scores[kind] >= 30):
                continue
            scores[kind] += weight if pattern.search(words) else 0
    if scores["response"] >= 6:
        return "response"
    if scores["follow_up"] >= 4 and scores["follow_up"] >= scores["opa"] / 2:
        return "follow_up"
    best = max(("opa", "area_assurance", "area_inspection", "follow_up"), key=scores.__getitem__)
    return best if scores[best] >= 2 else "unknown"


# The date ----------------------------------------------------------------------------------------


def _published(text: Text, title: list[int]) -> tuple[Answer, str | None]:
    """The date that a title states, or else the year that is told beside words of fieldwork."""
    found: list[tuple[float, str, str, int]] = []
    before_line = ""
    for rank, line in enumerate(title):
        words = text.words[line][:_TITLE_LENGTH]
        for date in dates(words):
            before, after = words[: date.start], words[date.end :]
            bare = bool(_BARE.fullmatch(before + after))
            if not _UPDATED.search(before) and not (bare and _UPDATED.search(before_line)):
                score = _score(before, after, bare, rank, words)
                score += (date.precision == "day") / 4
                found.append((score, date.iso, date.precision, line))
        before_line = words
    found = [one for one in found if one[0] >= 1]
    if found:
        _, iso, precision, line = max(found, key=lambda one: one[0])
        rivals = {one[1] for one in found if not (one[1].startswith(iso) or iso.startswith(one[1]))}
        return Answer("published", iso, (line,), "stated", tuple(sorted(rivals))), precision
    if any(map(_UNDATED.search, text.words)):
        return Answer("published", why="the day is given without its year"), None
    if years := _years_of_fieldwork(text):
        year = max(years)
        return Answer("published", year, tuple(dict.fromkeys(years[year])), "inferred"), "year"
    return Answer("published", why="no date of publication is stated"), None


def _score(before: str, after: str, bare: bool, rank: int, words: str) -> float:
    """How surely a date within a line of the title is that of publication; 0 where it is not."""
    if bare or (_STATED.search(before) and len(before) < 60 and _is_head(words)):
        return 4
    if _TODAY.search(words):
        return 3.5
    if not before.strip() and after[:1] in {".", ",", ":"}:
        return 3
    return 2 if rank < 8 and _is_head(words) else 0


def _years_of_fieldwork(text: Text) -> dict[str, list[int]]:
    """The years that stand beside words of fieldwork, with their lines."""
    years: dict[str, list[int]] = {}
    for line in filter(lambda one: _FIELDWORK.search(text.words[one]), text.filled()):
        for sentence in re.split(r"(?<=[.!?]) ", text.words[line]):
            if not _FIELDWORK.search(sentence) or _ALL_AREAS.search(sentence):
                continue
            for match in _YEAR.finditer(sentence):
                if not _AHEAD.search(sentence[max(0, match.start() - 40) : match.start()]):
                    years.setdefault(match[0], []).append(line)
    return years


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


def _area(claims: Claims, title: list[int], record: Record) -> Answer:
    """The name as printed, with its line; the first that follows or precedes "CPS"."""
    text, pattern = claims.text, record.once(area_pattern)
    title = [line for line in title if line not in claims.used]
    for line in title:
        if match := _BOROUGH.search(text.words[line]) or _OF_BOROUGH.search(text.words[line]):
            return Answer("area", match.group(), (line,), "stated")
    for lines in (title, range(len(text))):
        best: tuple[int, str] | None = None
        others: list[str] = []
        for line in (one for one in lines if one not in claims.used):
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
            if name := _cut(match[1], claims.words.common):
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
    """The names of Areas in a line that speaks of the CPS or of Areas."""
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


def _plain_name(area: Answer) -> str:
    """The name of an Area without the word "borough"."""
    printed = area.value or ""
    borough = _BOROUGH.fullmatch(printed) or _OF_BOROUGH.fullmatch(printed)
    return re.sub(r"/", " ", borough["name"] if borough else printed)


def _is_borough(area: Answer, votes: Counter[str], record: Record) -> bool:
    """Whether an Area is a London borough, by its name, the record, or the labels rated."""
    areas = record.table("areas")
    boroughs = areas.loc[areas["kind"].eq("london_borough"), "name"]
    return (
        "orough" in (area.value or "")
        or _plain_name(area).removeprefix("CPS ").casefold() in set(boroughs.str.casefold())
        or votes[_BOROUGHS] > max((n for one, n in votes.items() if one != _BOROUGHS), default=0)
    )


def _area_id(
    area: Answer, published: str | None, framework: str | None, words: Vocabulary, record: Record
) -> str | None:
    """The Area that goes by the name on the date, or else while the framework was in force."""
    if area.value is None:
        return None
    in_force: list[Any] = []
    if framework is not None:
        row: Any = words.frameworks.loc[framework]
        in_force = [row[name] for name in ("in_force_to", "in_force_from") if pd.notna(row[name])]
    error: Exception | None = None
    for on in dict.fromkeys((published, *in_force)):
        try:
            return find_area(_plain_name(area), on=on, record=record)
        except HmcpsiError as caught:  # a report may come out after its Area has ended
            error = error or caught
    area.why = f"the Area is not known: {error}"
    return None


# The framework -----------------------------------------------------------------------------------


def _votes(claims: Claims) -> Counter[str]:
    """How many of the labels rated each framework has."""
    labels = (claim.known for claim in claims.of("ratings"))
    return Counter(one for known in labels for one in {aspect.framework_id for aspect in known})


def _framework(
    claims: Claims, title: list[int], kind: str, published: str | None, votes: Counter[str],
    is_borough: bool,
) -> Answer:  # fmt: skip
    """The framework by words of the title, by the date, and by the labels that are rated."""
    text, words = claims.text, claims.words
    heads = [line for line in title if _is_head(text.words[line])]
    candidates, lines, why = _by_words(text, title, heads, kind, is_borough)
    candidates = [one for one in candidates if one in words.frameworks.index]
    stated = bool(candidates)
    if not candidates and claims.of("ratings") and published:
        rated = words.frameworks.index[words.frameworks["measure_kind"].eq("rating")]
        rated = rated.drop([] if is_borough else _BOROUGHS, errors="ignore")
        candidates = [one for one in rated if _fits(words, one, published)]
    if not candidates:
        told = why or "nothing tells under which one the Area was inspected"
        return Answer("framework", why=told)

    def asked(which: list[str], told: str) -> Answer:
        return Answer("framework", None, lines, None, tuple(which), told)

    year, round_ = _round(text, heads)
    for one in candidates:
        if round_ and words.frameworks.loc[one, "round"] == round_:
            return Answer("framework", one, lines, "stated")
    if year and not published:
        likely = [one for one in candidates if _fits(words, one, str(year + 1), late=0)]
        named = ", ".join(likely)
        return asked(likely, f"which assessment {round_} means is asked; {named} is likeliest")
    fitting = [one for one in candidates if published and _fits(words, one, published)]
    if published and not fitting:
        return asked(candidates, f"{', '.join(candidates)} was not in force then")
    pool = fitting or candidates
    chosen = _narrowed(claims, pool, published, votes)
    if len(chosen) == 1 and not why:
        basis = "stated" if lines and len(candidates) == 1 else "inferred"
        rivals = tuple(one for one in pool if one != chosen[0])
        return Answer("framework", chosen[0], lines, basis, rivals)
    if stated and not why and chosen[0] == "aap_2016":  # pilots say that they are
        return Answer("framework", "aap_2016", lines, "inferred", ("aap_pilot_2016",))
    return asked(chosen, why or "several come into question")


def _narrowed(
    claims: Claims, pool: list[str], published: str | None, votes: Counter[str]
) -> list[str]:
    """Those that the number of aspects, the labels and the day speak for."""
    most = max((votes[one] for one in pool), default=0)
    counted = [
        one for one, pattern in _COUNTED.items() if any(map(pattern.search, claims.text.words))
    ]
    for chosen in (
        counted if len(counted) == 1 else [],
        [one for one in pool if votes[one] == most],
        [one for one in pool if published and _fits(claims.words, one, published, late=0)],
    ):
        pool = [one for one in pool if one in chosen] or pool
    return pool


def _by_words(
    text: Text, title: list[int], heads: list[int], kind: str, is_borough: bool
) -> tuple[list[str], tuple[int, ...], str]:
    """The frameworks that the words of a document name, the line, and a doubt."""

    def first(pattern: re.Pattern[str], lines: list[int] | range) -> tuple[int, ...]:
        found = (one for one in lines if pattern.search(text.words[one][:_TITLE_LENGTH]))
        return tuple(islice(found, 1))

    everywhere = range(len(text))
    if is_borough and kind in {"area_inspection", "unknown"}:
        return [_BOROUGHS], first(_BOROUGH, title), ""
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


def _fits(words: Vocabulary, framework: str, date: str, late: int = 1) -> bool:
    """Whether a report may have come out on a date: while the framework was in force, or later."""
    row: Any = words.frameworks.loc[framework]
    limits = (row[name] for name in ("in_force_from", "in_force_to"))
    first, last = ("" if pd.isna(limit) else str(limit) for limit in limits)
    if late:  # years
        return first[:4] <= date[:4] and (not last or int(date[:4]) <= int(last[:4]) + late)
    return first[: len(date)] <= date[: len(first)] and date[: len(last)] <= last[: len(date)]


def _round(text: Text, heads: list[int]) -> tuple[int | None, str | None]:
    """The financial year that a title names, and as rounds are named."""
    for line in heads:
        for year, *_ in financial_years(text.words[line]):
            return year, f"{year}-{(year + 1) % 100:02}"
    return None, None


def _inspection(front: Front, record: Record) -> None:
    """The inspection that the record has of the Area, under the framework or in that month."""
    known, date = record.table("inspections"), front.published.value
    columns = ["inspection_id", "framework_id", "published"]
    known = known.loc[known["area_id"].eq(front.area_id or ""), columns].fillna("")
    asked = front.framework.value is None and not front.framework.rivals
    if asked and date and len(date) >= 7:
        months = known.loc[known["published"].str[:7].eq(date[:7]), "framework_id"]
        if len(months) == 1:
            front.framework = Answer("framework", months.iloc[0], (), "inferred")
    for inspection, framework, published in known.itertuples(index=False):
        near = not (date and published) or abs(int(published[:4]) - int(date[:4])) <= 1
        if framework == front.framework.value and near:
            front.inspection_id = inspection
            return
