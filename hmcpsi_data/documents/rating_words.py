"""How sentences say that something was rated: parts of patterns that several modules share."""

from __future__ import annotations

import re

from hmcpsi_data.documents.findings import Findings
from hmcpsi_data.documents.front import names_other
from hmcpsi_data.documents.vocabulary import RATING

__all__ = [
    "AREA",
    "AS",
    "IS",
    "JUDGED",
    "NOT",
    "QUOTED",
    "RATED",
    "is_headline",
    "is_past",
    "not_of_it",
    "search",
]

QUOTED = rf"[\"'_*]{{0,3}}(?P<rating>{RATING})[\"'_*]{{0,3}}(?![\w-])"
RATED = r"(?:rated|assessed|judged|graded|scored|marked|found)"
IS = r"(?:was|is|has been|were|are|have been|had been|remains|remained)"
JUDGED = rf"{IS}(?: (?:therefore|also|now|again|all|both|each))? {RATED}"
AS = r"(?: as| to be| at)?(?: being)?(?: an?)?"
AREA = (
    r"(?:(?:the |this )?(?:(?:CPS )?Area|(?:borough )?unit|borough)"
    r"|(?-i:CPS (?!People)[A-Z][\w'&-]*"
    r"(?:[ -](?:and|of|&|[A-Z][\w'-]*)){0,5})|it|performance)"
)
NOT = re.compile(r"\b(?:not|never|would|could|might|if|unless|nearly|almost|neither|nor)\b", re.I)
_SUPPOSED = re.compile(
    r"\b(?:should|must|can|cannot|(?-i:may)|whether|to be (?:rated|assessed|judged)"
    r"|hop(?:es?|ed|ing)|expect\w*|aim(?:s|ed|ing)?|draft|self|itself)\b",
    re.I,
)
_OF_ANY = re.compile(
    r"\b(?:an|any|each|every|no|another|neighbouring) (?:CPS )?(?:area|borough|unit)\b"
    r"|\bnationally\b"
    r"|\b(?:other|most|all|some|many|several|few|two|three|four|five|six|CPS) areas\b(?! of)",
    re.I,
)
_IN_PART = re.compile(
    rf"\b{RATING}[\"']? (?:or (?:better|above|higher|worse|below|lower)"
    r"|by (?!(?:the )?(?:HMCPSI|inspect)))\b",
    re.I,
)
_FOR_A_TIME = re.compile(
    rf"\b{RATING}[\"']? (?:for|in|during|over) (?:its|the|their)"
    r" (?:first|second|third|fourth|last|final|opening)(?: \w+)? (?:half|quarter|months?|year)\b",
    re.I,
)
_SAYS = re.compile(r"\b(?:is|are|was|were|be|been|has|have|had)\b|[.!?:;][\"')\]]*$", re.I)
_PREVIOUS = re.compile(
    r"\b(?:previous(?:ly)?|last|earlier|formerly|compared|up from|down from)\b", re.I
)
_YEAR = re.compile(r"\b20[0-9]{2}\b")


def search(pattern: str) -> re.Pattern[str]:
    """A pattern that takes capital and small letters as one."""
    return re.compile(pattern, re.IGNORECASE)


def is_past(findings: Findings, words: str, start: int, end: int) -> bool:
    """Whether a part of a sentence seems to be about an earlier inspection."""
    around = words[max(0, start - 60) : end + 40]
    published = findings.front.published
    years = _YEAR.findall(around)
    older = bool(published and years and int(max(years)) < int(published[:4]) - 1)
    return older or bool(_PREVIOUS.search(around))


def not_of_it(findings: Findings, words: str, end: int | None = None) -> str | None:
    """Why a sentence, up to some place in it, does not say what this inspection rated.

    It names another Area, or speaks of any Area, of what should be, of a draft, or of a part of
    the time.
    """
    if names_other(findings.front.area, words):
        return "names another Area"
    if _OF_ANY.search(words):
        return "speaks of Areas in general"
    if _IN_PART.search(words):
        return "speaks of a rating or better ones, or of one that others gave"
    if _FOR_A_TIME.search(words):
        return "speaks of a part of the time"
    if _SUPPOSED.search(words[:end]):
        return "speaks of what should or could be, or of a draft"
    return None


def is_headline(words: str) -> bool:
    """Whether words have neither an end nor a verb, as the headline of a notice."""
    return _SAYS.search(words) is None
