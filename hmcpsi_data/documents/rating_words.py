"""How sentences say that something was rated: parts of patterns that several modules share."""

from __future__ import annotations

import re

from hmcpsi_data.documents.findings import Findings
from hmcpsi_data.documents.vocabulary import RATING

__all__ = ["AREA", "AS", "IS", "JUDGED", "NOT", "QUOTED", "RATED", "is_past", "search"]

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
