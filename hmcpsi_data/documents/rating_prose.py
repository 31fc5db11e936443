"""Ratings that stand in sentences: the overall rating, and what `rating_names` finds by name.

Only a sentence that says that something "was rated" is read, never praise.
"""

from __future__ import annotations

import re

from hmcpsi_data.documents.findings import Findings
from hmcpsi_data.documents.limits import MAX_SENTENCE, MAX_SENTENCES
from hmcpsi_data.documents.rating_names import read_names
from hmcpsi_data.documents.rating_words import (
    AREA,
    AS,
    IS,
    JUDGED,
    NOT,
    QUOTED,
    RATED,
    is_past,
    not_of_it,
    search,
)
from hmcpsi_data.documents.text import Sentence
from hmcpsi_data.documents.vocabulary import RATING, rating_of

__all__ = ["read_prose"]

_WHOLE = (
    r"(?P<label>overall (?:performance )?(?:assessment|rating|grade|score|mark|judge?ment"
    r"|performance|level of performance)(?: \(OPA\))?|OPA)"
)
# Where the sentence goes on after the rating, it speaks of a part: "good in parts".
_NOT_IN_PART = r"(?!\s+(?!and\b|but\b|which\b|overall\b|while\b|the\b)\w)"
_AGAIN = r"(?: (?:therefore|also|now|again))?"
_OVERALL = [
    search(
        rf"\b{_WHOLE}(?: (?:of|for|given to|awarded to)(?: \S+){{1,8}}?)?(?: in (?:this|the) \w+)?"
        rf"(?:\s?[:–-]|,?\s{IS}{_AGAIN})(?: {RATED})?{AS}(?: overall)? ?{QUOTED}{_NOT_IN_PART}"
    ),
    search(rf"\b(?:an|the|its|their) {_WHOLE} of {QUOTED}{_NOT_IN_PART}"),
    search(rf"\b{AREA},? {JUDGED}{AS} {QUOTED} (?:in|for) (?:its|the|an) {_WHOLE}"),
    search(
        rf"\b{AREA},? {IS}{_AGAIN} (?:(?P<label>overall) {RATED}"
        rf"|{RATED}{AS} (?P<label2>overall)){AS} {QUOTED}{_NOT_IN_PART}"
    ),
    search(rf"\b{AREA},? {JUDGED}{AS} {QUOTED},? (?P<label>overall)\b"),
    search(
        rf"\b(?P<label>overall),? (?:(?:the )?inspectors {RATED} {AREA}|{AREA},? {JUDGED})"
        rf"{AS} {QUOTED}{_NOT_IN_PART}"
    ),
]
_EARLIER = [
    search(
        rf"\b(?:inspections?|inspectors|report|HMCPSI)\b[^.]{{0,40}}? {RATED}"
        r"(?: (?:the|its|overall|Area's|CPS)){0,3} (?:performance|Area)(?: overall)?"
        rf"{AS} {QUOTED}"
    ),
    search(
        rf"\b{AREA} {IS} {RATED}(?: overall)?{AS} {QUOTED}(?: overall)?"
        r" (?:in|at) (?:the |its )?(?:\w+ )?(?:20[0-9]{2}|inspection)"
    ),
]
_OF_AREA = search(rf"\b(?!it\b|performance\b){AREA},? {JUDGED}{AS} {QUOTED}")
_SCALE = re.compile(rf"\b{RATING}\b(?:,| or| and|/)\s*(?:or |and )?[\"']?{RATING}\b", re.IGNORECASE)
_WORD = re.compile(rf"\b{RATING}\b", re.IGNORECASE)


def read_prose(findings: Findings) -> None:
    """Add the overall rating and the sections that sentences rate."""
    kind, framework = findings.front.kind, findings.front.framework_id or ""
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
        elif kind == "area_assurance" or framework.startswith("aap"):
            read_names(findings, sentence)
        elif kind == "opa" or framework.startswith("aei"):
            before = len(findings)
            _overall(findings, sentence)
            read_names(findings, sentence)
            if len(findings) == before:
                _of_area(findings, sentence)
    findings.settle_ratings()


def _overall(findings: Findings, sentence: Sentence) -> None:
    for pattern in _OVERALL:
        match = pattern.search(sentence.plain)
        if match is None or _SCALE.match(sentence.plain, match.start("rating")):
            continue
        lines = sentence.lines_of(match.start(), match.end())
        if is_past(findings, sentence.plain, *match.span()):
            findings.problem(lines, "an overall rating that seems to be of another year")
            return
        if NOT.search(match.group()):
            return
        if told := not_of_it(findings, sentence.plain, match.end()):
            findings.problem(lines, f"an overall rating in a sentence that {told}")
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


def _of_area(findings: Findings, sentence: Sentence) -> None:
    """A rating of the Area of which the sentence does not say that it is the overall one."""
    match = _OF_AREA.search(sentence.plain)
    if match and not NOT.search(match.group()):
        lines = sentence.lines_of(match.start(), match.end())
        findings.problem(lines, "a rating of the Area that is not said to be the overall one")


def _earlier(findings: Findings, sentence: Sentence) -> None:
    """In a follow-up: the rating of the inspection that it follows."""
    matches = (pattern.search(sentence.plain) for pattern in (*_EARLIER, *_OVERALL))
    match = next(filter(None, matches), None)
    if match is None or NOT.search(match.group()):
        return
    if told := not_of_it(findings, sentence.plain, match.end()):
        lines = sentence.lines_of(match.start(), match.end())
        findings.problem(lines, f"an overall rating in a sentence that {told}")
        return
    findings.add(
        "ratings",
        sentence.lines_of(match.start(), match.end()),
        label=None,
        level="overall",
        is_critical=None,
        rating=rating_of(match["rating"]),
    )
