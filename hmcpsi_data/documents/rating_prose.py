"""Ratings that stand in sentences: the overall rating, and sections that are named one by one.

Only a sentence that says that something "was rated" is read, never praise; and of a sentence only
what it names as a section, or the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hmcpsi_data.documents.findings import Findings
from hmcpsi_data.documents.text import Sentence
from hmcpsi_data.documents.vocabulary import RATING, is_label, rating_of, section_of

__all__ = ["read_prose"]

_QUOTED = rf"[\"'_*]{{0,3}}(?P<rating>{RATING})[\"'_*]{{0,3}}(?![\w-])"
_RATED = r"(?:rated|assessed|judged|graded|scored|marked|found)"
_IS = r"(?:was|is|has been|were|are|have been|had been|remains|remained)"
_JUDGED = rf"{_IS}(?: (?:therefore|also|now|again|all|both|each))? {_RATED}"
_AS = r"(?: as| to be| at)?(?: being)?(?: an?)?"
_AREA = (
    r"(?:(?:the |this )?(?:CPS )?Area|CPS [A-Z][\w'&-]*(?:[ -](?:and|of|&|[A-Z][\w'-]*)){0,5}|it"
    r"|performance)"
)
_ABOUT = (
    r"(?:in relation to|in respect of|with (?:regard|respect) to|as regards|regarding"
    r"|in terms of|against|for|on|in)"
)
_NAMED = r"(?P<list>[^.;]{3,300}?)"


def _search(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_OVERALL = [
    _search(
        r"\b(?P<label>overall (?:performance )?(?:assessment|rating|grade|score|mark|judge?ment"
        r"|performance|level of performance)(?: \(OPA\))?|OPA)"
        r"(?: (?:of|for|given to|awarded to)(?: \S+){1,8}?)?(?: in (?:this|the) \w+)?"
        rf"(?:\s?[:–-]|,?\s{_IS}(?: (?:therefore|also|now|again))?)"
        rf"(?: {_RATED})?{_AS}(?: overall)? ?{_QUOTED}"
    ),
    _search(
        rf"\b{_AREA},? {_IS}(?: (?:therefore|also|now|again))? "
        rf"(?:(?P<label>overall) {_RATED}|{_RATED}{_AS} (?P<label2>overall)){_AS} {_QUOTED}"
    ),
    _search(rf"\b{_AREA},? {_JUDGED}{_AS} {_QUOTED},? (?P<label>overall)\b"),
    _search(
        rf"\b(?P<label>overall),? (?:(?:the )?inspectors )?(?:{_RATED} )?{_AREA},?"
        rf"(?: {_IS})?(?: {_RATED})?{_AS} {_QUOTED}"
    ),
]
_EARLIER = [
    _search(
        rf"\b(?:inspections?|inspectors|report|HMCPSI)\b[^.]{{0,40}}? {_RATED}"
        r"(?: (?:the|its|overall|Area's|CPS)){0,3} (?:performance|Area)(?: overall)?"
        rf"{_AS} {_QUOTED}"
    ),
    _search(
        rf"\b{_AREA} {_IS} {_RATED}(?: overall)?{_AS} {_QUOTED}(?: overall)?"
        r" (?:in|at) (?:the |its )?(?:\w+ )?(?:20[0-9]{2}|inspection)"
    ),
]
_FRONTED = _search(rf"\b{_ABOUT} {_NAMED},?(?: and| that)? {_AREA} {_JUDGED}{_AS} {_QUOTED}")
_THEN = _search(rf"\b{_ABOUT} {_NAMED},? and {_JUDGED}{_AS} {_QUOTED}")
_SUBJECT = _search(rf"(?:^|[.;] |\bthat ){_NAMED},? {_JUDGED}{_AS} {_QUOTED}")
_BACK = _search(
    rf"\b{_RATED}(?: the (?:CPS )?Area| CPS(?: [A-Z][\w-]+){{1,5}}?| it)?{_AS} {_QUOTED}"
    rf" {_ABOUT} (?P<list>[^.;]{{3,300}})"
)
_MORE = _search(rf"(?:,| and|;)+ (?:as )?{_QUOTED} {_ABOUT} ")
_ACTIVE = _search(
    rf"\b(?:HMCPSI|inspectors|inspectorate|they)\b(?: have| has)? {_RATED} {_NAMED} as {_QUOTED}"
)
_LIST = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+(?=(?:the |its )?[A-Z])")
_NOT = re.compile(r"\b(?:not|never|would|could|might|if|unless|nearly|almost|neither|nor)\b", re.I)
_PREVIOUS = re.compile(
    r"\b(?:previous(?:ly)?|last|earlier|formerly|compared|up from|down from)\b", re.I
)
_YEAR = re.compile(r"\b20[0-9]{2}\b")
_SCALE = re.compile(rf"\b{RATING}\b(?:,| or| and|/)\s*(?:or |and )?[\"']?{RATING}\b", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the sections? (?:on |of )?|the |its |their |our )", re.IGNORECASE)
_WORD = re.compile(rf"\b{RATING}\b", re.IGNORECASE)


def read_prose(findings: Findings) -> None:
    """Add the overall rating and the sections that sentences rate."""
    kind = findings.front.kind
    assurance = (findings.front.framework_id or "").startswith("aap")
    for sentence in findings.text.sentences:
        words = sentence.plain
        if not _WORD.search(words) or findings.used.issuperset(sentence.lines):
            continue
        if kind == "follow_up":
            _earlier(findings, sentence)
        elif kind == "opa":
            _overall(findings, sentence)
        elif kind == "area_assurance" or assurance:
            _sections(findings, sentence)
    findings.settle_ratings()


def _overall(findings: Findings, sentence: Sentence) -> None:
    for pattern in _OVERALL:
        match = pattern.search(sentence.plain)
        if match is None or _SCALE.match(sentence.plain, match.start("rating")):
            continue
        lines = sentence.lines_of(match.start(), match.end())
        if _is_past(findings, sentence.plain, match):
            findings.problem(lines, "an overall rating that seems to be of another year")
            return
        if _NOT.search(match.group()):
            return
        part = "label" if match["label"] else "label2"
        findings.add(
            "ratings",
            lines,
            label=sentence.printed[match.start(part) : match.end(part)],
            level="overall",
            is_critical=None,
            rating=rating_of(match["rating"]),
        )
        return


def _is_past(findings: Findings, words: str, match: re.Match[str]) -> bool:
    around = words[max(0, match.start() - 60) : match.end() + 40]
    published = findings.front.published
    years = _YEAR.findall(around)
    older = bool(published and years and int(max(years)) < int(published[:4]) - 1)
    return older or bool(_PREVIOUS.search(around))


def _earlier(findings: Findings, sentence: Sentence) -> None:
    """In a follow-up: the rating of the inspection that it follows."""
    matches = (pattern.search(sentence.plain) for pattern in (*_EARLIER, *_OVERALL))
    match = next(filter(None, matches), None)
    if match is None or _NOT.search(match.group()):
        return
    findings.add(
        "ratings",
        sentence.lines_of(match.start(), match.end()),
        label=None,
        level="overall",
        is_critical=None,
        rating=rating_of(match["rating"]),
    )


def _sections(findings: Findings, sentence: Sentence) -> None:
    words = sentence.plain
    taken: list[tuple[int, int]] = []
    for pattern in (_FRONTED, _THEN, _BACK, _ACTIVE, _SUBJECT):
        for match in pattern.finditer(words):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            if _NOT.search(match.group()) or _is_past(findings, words, match):
                continue
            sure = pattern in (_FRONTED, _THEN)
            found = list(_rated(sentence, match, sure))
            if found:
                taken.append(match.span())
            for label, start, end, rating in found:
                findings.add(
                    "ratings",
                    sentence.lines_of(start, end),
                    label=label,
                    level="section",
                    is_critical=None,
                    rating=rating,
                )


def _rated(
    sentence: Sentence, match: re.Match[str], sure: bool
) -> Iterator[tuple[str, int, int, str]]:
    """The sections of a list, each with its place and rating."""
    start, end = match.span("list")
    rating = match["rating"]
    while start < end:
        more = _MORE.search(sentence.plain, start, end)
        stop = more.start() if more else end
        yield from _items(sentence, start, stop, match, rating, sure)
        if more is None:
            return
        start, rating = more.end(), more["rating"]


def _items(
    sentence: Sentence, start: int, stop: int, match: re.Match[str], rating: str, sure: bool
) -> Iterator[tuple[str, int, int, str]]:
    spans, at = [], start
    for gap in _LIST.finditer(sentence.plain, start, stop):
        spans.append((at, gap.start()))
        at = gap.end()
    spans.append((at, stop))
    spans = [(a, b) for a, b in spans if b > a]
    labels = []
    for a, b in spans:
        shown = sentence.printed[a:b].strip(" ,'\"“”‘’")
        plain = sentence.plain[a:b].strip(" ,'\"")
        cut = _ARTICLE.match(plain)
        labels.append((shown[cut.end() :] if cut else shown, plain[cut.end() :] if cut else plain))
    known = [section_of(plain) is not None for _, plain in labels]
    capital = all(plain[:1].isupper() and is_label(plain) for _, plain in labels)
    if all(known) or (sure and capital and rating[0].isupper()):
        for shown, _ in labels:
            yield shown, min(start, match.start()), match.end(), rating_of(rating)
