"""What a document is: its kind, its framework, its Area and its date."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from hmcpsi_data.area import find_area
from hmcpsi_data.documents.dates import dates
from hmcpsi_data.documents.frameworks import framework_of
from hmcpsi_data.documents.text import Text
from hmcpsi_data.documents.vocabulary import rating_of
from hmcpsi_data.errors import UnknownValueError
from hmcpsi_data.tables import load

__all__ = ["Front", "area_names", "names_other", "read_front"]

_TITLE_LINES = 14
_TITLE_LENGTH = 300
_LONGEST_TITLE = 160
_FEATURES = {
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
    "area_assurance": r"\barea assurance\b",
}
_KINDS = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _FEATURES.items()}
_ELSE = re.compile(r"\barea (?:effectiveness inspections?|inspection programme)\b", re.IGNORECASE)
_OF_TITLE = 6
_BY_CPS = re.compile(
    r"^(?:the )?(?:CPS|area|our)(?: area)? (?:initial )?response\b|^response\s*:", re.IGNORECASE
)
_STATED = re.compile(
    r"\b(?:embargo\w*|publi(?:shed|cation)|issued|released?|dated?)\b", re.IGNORECASE
)
_UPDATED = re.compile(r"\b(?:updated|amended|reviewed|modified|accessed|printed on)\b", re.I)
_ONLY_FURNITURE = re.compile(r"[\W\d]*(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day)?[\W\d]*", re.I)
_YEAR = re.compile(r"\b(?:19[89]|20[0-4])[0-9]\b")
_AHEAD = re.compile(
    r"\b(?:will|by|until|before|Act|plans?|planned|due|expected|target)\b", re.IGNORECASE
)

# The time in which an Area of a framework was inspected, where the document has no date.
_IN_FORCE = {
    "opa_2005": "2005-12",
    "opa_2007": "2007",
    "follow_up_2010": "2010",
    "aei_2008": "2009",
    "aei_2008_london_borough": "2009",
    "aap_pilot_2016": "2016",
    "aap_2016": "2016",
    "aip_2021": "2022",
    "aip_2021_follow_up": "2024",
}
_NO_AREA = frozenset(
    "Area Areas HQ Headquarters People Response Direct Inspectorate Communications Press Values "
    "National Board Policy Lawyers Staff Prosecutors Act Core Casework Response Report Website "
    "Inspection Self Chief Performance Quality Public The In And Of".split()
)
_PROGRAMMES = re.compile(r" Area (?:Inspection|Assurance|Effectiveness|Performance)\b")
_SUFFIX = re.compile(rf"(?!{_PROGRAMMES.pattern})(?: CPS(?: Area)?\b| Area\b)")
_PLACE = r"(?P<name>[A-Z][\w'-]+(?: (?:and|&|[A-Z][\w'-]+))*)"
_BOROUGH = re.compile(rf"\b(?:London )?[Bb]orough(?: unit)? of {_PLACE}")
_OF_BOROUGH = re.compile(rf"\b(?!The |London |CPS |This |Each ){_PLACE} (?:London )?[Bb]orough\b")
_UNKNOWN_AREA = re.compile(
    r"\bCPS ((?:[A-Z][\w'-]+)(?:(?: and| &| of| the| of the|,)? [A-Z][\w'-]+){0,5})"
)


class Front(NamedTuple):
    """What a document is."""

    kind: str
    framework_id: str | None
    area: str | None
    area_id: str | None
    published: str | None
    precision: str | None
    basis: str | None
    date_lines: tuple[int, ...]
    problems: tuple[tuple[int, str], ...]


def read_front(text: Text) -> Front:
    """What the document is, from its title and its first lines, then from all of it."""
    title = list(islice(text.filled(), _TITLE_LINES))
    kind = _kind(text, title)
    published, precision, basis, lines = _published(text, title)
    area_id, problems = None, []
    framework_id, doubt = framework_of(text, title, kind, published)
    area = _area(text, title)
    if area is not None and "orough" in area[1] and kind in {"opa", "unknown"}:
        framework_id, doubt = "aei_2008_london_borough", None
    if doubt is not None:
        problems.append(doubt)
    if area is not None:
        line, name = area
        area_id, problem = _area_id(name, published, framework_id)
        if problem:
            problems.append((line, problem))
    return Front(
        kind,
        framework_id,
        None if area is None else area[1],
        area_id,
        published,
        precision,
        basis,
        lines,
        tuple(problems),
    )


def _kind(text: Text, title: list[int]) -> str:
    scores = dict.fromkeys(_KINDS, 0)
    for line in title:
        words = text.words[line][:_TITLE_LENGTH]
        for kind, pattern in _KINDS.items():
            if pattern.search(words):
                scores[kind] += _OF_TITLE if _is_title(words) else 3
    heads = [words for line in title if _is_title(words := text.words[line])]
    told = max((scores[kind] for kind in ("opa", "area_assurance")), default=0)
    otherwise = told < _OF_TITLE and any(map(_ELSE.search, heads))  # what it looks back on
    for line in islice(text.filled(), _TITLE_LINES, None):
        words = text.words[line][:_TITLE_LENGTH]
        for kind, pattern in _KINDS.items():
            if kind != "response" and scores[kind] and scores[kind] < 30 and pattern.search(words):
                scores[kind] += 1
            elif kind != "response" and not scores[kind] and pattern.search(words):
                scores[kind] = 1
        scores["response"] += 4 if _BY_CPS.match(words) else 0
    if scores["response"] >= 6:
        return "response"
    if scores["follow_up"] >= 3 and scores["follow_up"] >= scores["opa"] / 2:
        return "follow_up"
    best = max(("opa", "area_assurance", "follow_up"), key=scores.__getitem__)
    return best if scores[best] >= 2 and not otherwise else "unknown"


def _is_title(words: str) -> bool:
    return len(words) < _LONGEST_TITLE and not words.endswith((".", "?", ","))


def _published(
    text: Text, title: list[int]
) -> tuple[str | None, str | None, str | None, tuple[int, ...]]:
    best = None
    for rank, line in enumerate(title):
        words = text.words[line][:_TITLE_LENGTH]
        for found in dates(words):
            around = words[: found.start] + words[found.end :]
            if _UPDATED.search(words[: found.start]):
                score = 1
            elif _STATED.search(words[: found.start]) or _ONLY_FURNITURE.fullmatch(around):
                score = 4
            elif re.search(r"\btoday\b", words, re.IGNORECASE):
                score = 3
            elif rank < 8 and len(words) < 160 and not words.endswith("."):
                score = 2  # in a title
            else:
                continue
            score += {"day": 0.5, "month": 0.0}[found.precision]
            if best is None or score > best[0]:
                best = score, found.iso, found.precision, line
    if best is not None:
        return best[1], best[2], "stated", (best[3],)
    return _inferred(text)


def _inferred(text: Text) -> tuple[str | None, str | None, str | None, tuple[int, ...]]:
    """The latest year that the text looks back on."""
    years: dict[str, list[int]] = {}
    for line in text.filled():
        for match in _YEAR.finditer(text.words[line]):
            before = text.words[line][max(0, match.start() - 40) : match.start()]
            if not _AHEAD.search(before):
                years.setdefault(match.group(), []).append(line)
    if not years:
        return None, None, None, ()
    year = max(years)
    return year, "year", "inferred", tuple(dict.fromkeys(years[year]))


@lru_cache(maxsize=1)
def _known() -> re.Pattern[str]:
    names = area_names()
    spelled = sorted(names, key=len, reverse=True)
    pattern = "|".join(
        re.escape(name).replace(r"\ and\ ", r"\ (?:and|&)\ ").replace(r"\-", r"[-/ ]")
        for name in spelled
    )
    return re.compile(rf"(?<![\w-])(?i:{pattern})(?![\w-])")


def names_other(area: str | None, words: str) -> bool:
    """Whether words name an Area that is not the one given.

    Examples
    --------
    >>> names_other("CPS Kent", "CPS Kent was rated Good"), names_other("CPS Kent", "as CPS Essex")
    (False, True)
    """
    if area is None or "CPS" not in words:
        return False
    own = _words(area)
    named = (_words(match[0]) for match in _known().finditer(words) if _after_cps(words, match))
    return any(not (name <= own or own <= name) for name in named)


def _after_cps(words: str, match: re.Match[str]) -> bool:
    return words[: match.start()].endswith("CPS ")


def _words(name: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", name.casefold())) - {"cps", "area", "and", "the"}


def area_names() -> list[str]:
    """All names of Areas, without "CPS" and "Area".

    Examples
    --------
    >>> "Leicestershire and Rutland" in area_names()
    True
    """
    names = [*load("areas")["name"], *load("area_names")["name"]]
    bare = [re.sub(r"^CPS |(?: CPS)?(?: Area)?$", "", str(name)) for name in names]
    return list(dict.fromkeys(bare))


def _area(text: Text, title: list[int]) -> tuple[int, str] | None:
    """The name as printed, with its line; the first that follows or precedes "CPS"."""
    for line in title:
        if match := _BOROUGH.search(text.words[line]) or _OF_BOROUGH.search(text.words[line]):
            return line, match.group()
    pattern = _known()
    for lines in (title, range(len(text))):
        best = None
        for line in lines:
            if _is_rated(text, line):
                continue
            for name in _named(text.words[line], pattern):
                if best is None or (len(name) > len(best[1]) and best[1] in name):
                    best = line, name
        if best is not None:
            return best
    for line in title:
        for match in () if _is_rated(text, line) else _UNKNOWN_AREA.finditer(text.words[line]):
            name = _cut(" ".join(match[1].split()))
            if name:
                return line, f"CPS {name}"
    return None


def _is_rated(text: Text, line: int) -> bool:
    """Whether a line is a row of a table with ratings, as of several Areas."""
    return any(rating_of(cell.plain) for cell in text.cells[line][1:])


def _cut(name: str) -> str:
    """An unknown name up to the first word that belongs to no name."""
    words = name.split()
    for at, word in enumerate(words):
        if word.strip(",").title() in _NO_AREA - ({"The", "And", "Of"} if at else set()):
            words = words[:at]
            break
    while words and words[-1] in {"and", "of", "the", "&"}:
        words.pop()
    return " ".join(words).rstrip(",")


def _named(words: str, pattern: re.Pattern[str]) -> Iterator[str]:
    if "CPS" not in words and "Area" not in words and "Crown Prosecution" not in words:
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
    name: str, published: str | None, framework_id: str | None
) -> tuple[str | None, str | None]:
    on = published or _IN_FORCE.get(framework_id or "")
    borough = _BOROUGH.fullmatch(name) or _OF_BOROUGH.fullmatch(name)
    bare = re.sub(r"[/]", " ", borough["name"] if borough else name)
    try:
        return find_area(bare, on=on), None
    except UnknownValueError as error:
        if on == published and framework_id in _IN_FORCE:
            try:  # a report may come out after its Area has ended
                return find_area(bare, on=_IN_FORCE[framework_id]), None
            except UnknownValueError:
                pass
        return None, f"the Area is not known: {error}"
