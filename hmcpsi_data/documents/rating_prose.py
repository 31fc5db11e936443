"""Ratings that stand in sentences: the overall rating, and sections that are named one by one.

Only a sentence that says that something "was rated" is read, never praise; and of a sentence only
what it names as a section, or the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hmcpsi_data.documents.findings import Findings
from hmcpsi_data.documents.limits import MAX_SENTENCE, MAX_SENTENCES
from hmcpsi_data.documents.text import Sentence
from hmcpsi_data.documents.vocabulary import RATING, is_label, rating_of, section_of

__all__ = ["read_prose"]

_QUOTED = rf"[\"'_*]{{0,3}}(?P<rating>{RATING})[\"'_*]{{0,3}}(?![\w-])"
_RATED = r"(?:rated|assessed|judged|graded|scored|marked|found)"
_IS = r"(?:was|is|has been|were|are|have been|had been|remains|remained)"
_JUDGED = rf"{_IS}(?: (?:therefore|also|now|again|all|both|each))? {_RATED}"
_AS = r"(?: as| to be| at)?(?: being)?(?: an?)?"
_AREA = (
    r"(?:(?:the |this )?(?:CPS )?Area|(?-i:CPS (?!People)[A-Z][\w'&-]*"
    r"(?:[ -](?:and|of|&|[A-Z][\w'-]*)){0,5})|it|performance)"
)
_ABOUT = (
    r"(?:in relation to|in respect of|with (?:regard|respect) to|as regards|regarding"
    r"|in terms of|against|for|on|in)"
)
_NAMED = r"(?P<list>[^.;]{3,300}?)"


def _search(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_WHOLE = (
    r"(?P<label>overall (?:performance )?(?:assessment|rating|grade|score|mark|judge?ment"
    r"|performance|level of performance)(?: \(OPA\))?|OPA)"
)
# Where the sentence goes on after the rating, it speaks of a part: "good in parts".
_NOT_IN_PART = r"(?!\s+(?!and\b|but\b|which\b|overall\b|while\b|the\b)\w)"
_AGAIN = r"(?: (?:therefore|also|now|again))?"
_OVERALL = [
    _search(
        rf"\b{_WHOLE}(?: (?:of|for|given to|awarded to)(?: \S+){{1,8}}?)?(?: in (?:this|the) \w+)?"
        rf"(?:\s?[:–-]|,?\s{_IS}{_AGAIN})(?: {_RATED})?{_AS}(?: overall)? ?{_QUOTED}{_NOT_IN_PART}"
    ),
    _search(rf"\b(?:an|the|its|their) {_WHOLE} of {_QUOTED}{_NOT_IN_PART}"),
    _search(rf"\b{_AREA},? {_JUDGED}{_AS} {_QUOTED} (?:in|for) (?:its|the|an) {_WHOLE}"),
    _search(
        rf"\b{_AREA},? {_IS}{_AGAIN} (?:(?P<label>overall) {_RATED}"
        rf"|{_RATED}{_AS} (?P<label2>overall)){_AS} {_QUOTED}{_NOT_IN_PART}"
    ),
    _search(rf"\b{_AREA},? {_JUDGED}{_AS} {_QUOTED},? (?P<label>overall)\b"),
    _search(
        rf"\b(?P<label>overall),? (?:(?:the )?inspectors {_RATED} {_AREA}|{_AREA},? {_JUDGED})"
        rf"{_AS} {_QUOTED}{_NOT_IN_PART}"
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
_SUBJECT = _search(
    rf"(?:^|[.;] |\bthat |, and |, but |, while ){_NAMED},? {_JUDGED}{_AS} {_QUOTED}"
)
_BACK = _search(
    rf"\b{_RATED}(?: the (?:CPS )?Area| CPS(?: [A-Z][\w-]+){{1,5}}?| it)?{_AS} {_QUOTED}"
    rf" {_ABOUT} (?P<list>[^.;]{{3,300}})"
)
_MORE = _search(rf"(?:,| and|;)+ (?:as )?{_QUOTED} {_ABOUT} ")
_ACTIVE = _search(
    r"\b(?:HMCPSI|inspectors|inspectorate|inspection|report|they)\b(?: have| has)?"
    rf" {_RATED} {_NAMED} as {_QUOTED}"
)
_LIST = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+(?=(?:the |its )?[A-Z])")
_NOT = re.compile(r"\b(?:not|never|would|could|might|if|unless|nearly|almost|neither|nor)\b", re.I)
_PREVIOUS = re.compile(
    r"\b(?:previous(?:ly)?|last|earlier|formerly|compared|up from|down from)\b", re.I
)
_YEAR = re.compile(r"\b20[0-9]{2}\b")
_SCALE = re.compile(rf"\b{RATING}\b(?:,| or| and|/)\s*(?:or |and )?[\"']?{RATING}\b", re.IGNORECASE)
_EVERY_GAP = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+")
_ARTICLE = re.compile(
    r"[\"' ]*(?:(?:the )?sections? (?:on |of )?|the |its |their |our |both )?", re.IGNORECASE
)
_PREPOSITION = re.compile(_ABOUT, re.IGNORECASE)
_NO_DATE = re.compile(
    r"\b(?:CPS (?!People)[A-Z]|January|February|March|April|May|June|July|August|September|October"
    r"|November|December)\b"
)
_WORD = re.compile(rf"\b{RATING}\b", re.IGNORECASE)


def read_prose(findings: Findings) -> None:
    """Add the overall rating and the sections that sentences rate."""
    kind = findings.front.kind
    assurance = (findings.front.framework_id or "").startswith("aap")
    searched = 0
    for sentence in findings.text.sentences:
        words = sentence.plain
        if not _WORD.search(words) or findings.used.issuperset(sentence.lines):
            continue
        searched += 1
        if searched > MAX_SENTENCES:
            findings.problem(sentence.lines, "from here on, sentences are not searched for ratings")
            break
        if len(words) > MAX_SENTENCE:
            findings.problem(sentence.lines, "a sentence too long to be searched for ratings")
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
    taken: list[tuple[int, int]] = []
    for pattern in (_FRONTED, _THEN, _BACK, _ACTIVE, _SUBJECT):
        at = 0
        while match := pattern.search(sentence.plain, at):
            over = [end for start, end in taken if match.start() < end and start < match.end()]
            at = max(over, default=match.end())
            if over:
                continue
            if _NOT.search(match.group()) or _is_past(findings, sentence.plain, match):
                continue
            if _add_sections(findings, sentence, match, pattern in (_FRONTED, _THEN)):
                taken.append(match.span())


def _add_sections(
    findings: Findings, sentence: Sentence, match: re.Match[str], fronted: bool
) -> bool:
    """Add the sections that a sentence rates; False where it rates none."""
    parts = list(_parts(sentence.plain, match))
    found = [_labels(sentence, start, stop) for start, stop, _ in parts]
    known = [[section_of(plain) is not None for _, plain, _ in labels] for labels in found]
    named = fronted and len(_PREPOSITION.match(match.group())[0]) > len("against")
    sure = named and all(
        plain[:1].isupper() and is_label(plain) and _NO_DATE.search(plain) is None
        for labels in found
        for _, plain, _ in labels
    )
    if not (sure or all(map(all, known))):
        if any(map(any, known)):
            lines = sentence.lines_of(match.start(), match.end())
            findings.problem(lines, "a sentence that rates a section among other things")
        return any(map(any, known))
    if not all(sentence.plain[at].isupper() or _is_quoted(sentence, at) for _, _, at in parts):
        lines = sentence.lines_of(match.start(), match.end())
        findings.problem(lines, "a sentence that may rate a section, or only praise or blame it")
        return True
    for (_, _, at), labels in zip(parts, found, strict=True):
        rating = _WORD.match(sentence.plain, at)
        for shown, _, start in labels:
            lines = {*sentence.lines_of(at, rating.end()), *sentence.lines_of(start, start + 1)}
            findings.add(
                "ratings",
                lines,
                label=shown,
                level="section",
                is_critical=None,
                rating=rating_of(rating.group()),
            )
    return True


def _is_quoted(sentence: Sentence, at: int) -> bool:
    return sentence.plain[max(0, at - 1) : at] in {"'", '"'}


def _parts(words: str, match: re.Match[str]) -> Iterator[tuple[int, int, int]]:
    """Each list of things with where its rating stands."""
    start, end = match.span("list")
    at = match.start("rating")
    while start < end:
        more = _MORE.search(words, start, end)
        yield start, more.start() if more else end, at
        if more is None:
            return
        start, at = more.end(), more.start("rating")


def _labels(sentence: Sentence, start: int, stop: int) -> list[tuple[str, str, int]]:
    """The things that a list names: as printed, plain, and where they stand."""
    for gaps in (_EVERY_GAP, _LIST):
        found = []
        for a, b in _between(sentence.plain, start, stop, gaps):
            shown, plain = sentence.printed[a:b], sentence.plain[a:b]
            cut = len(_ARTICLE.match(plain)[0])
            shown, plain = shown[cut:].strip(" ,'\"“”‘’"), plain[cut:].strip(" ,'\"")
            found.append((shown, plain, a))
        if all(section_of(plain) for _, plain, _ in found):
            break
    return found


def _between(words: str, start: int, stop: int, gaps: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    at = start
    for gap in gaps.finditer(words, start, stop):
        if gap.start() > at:
            yield at, gap.start()
        at = gap.end()
    if stop > at:
        yield at, stop
