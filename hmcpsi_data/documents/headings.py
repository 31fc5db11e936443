"""Headings that say what the lines below them are: recommendations, issues, or something else."""

from __future__ import annotations

import re

from hmcpsi_data.documents.text import NUMBERED, Text

__all__ = ["ENTRY", "action_kind", "ends_list", "heading_kind"]

_KINDS = {
    "aspect_for_improvement": r"\baspects? for improvement\b|\bAFIs?\b",
    "recommendation": r"\brecommendations?\b",
    "issue": r"\bissues?\b",
}
_KIND = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _KINDS.items()}
ENTRY = re.compile(
    r"(?P<kind>recommendation|issue(?: to address)?|aspect for improvement|AFI|R(?=[0-9]))"
    r"(?: no\.?| number)? ?#?(?P<number>[0-9]{1,3})\b(?!\s+(?:of|out)\b)"
    r"(?P<mark>\s*[:.)–-]+)?\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"(?:notes? (?:to|for) (?:the )?editors?|ends?|contacts?|further information"
    r"|about (?:us|the cps)|media (?:enquiries|contact)|press (?:office|contact)|background"
    r"|related (?:links|content|pages)"
    r"|share this(?: page)?|conclusion|scroll to top|back to top|footer|summary|strengths?"
    r"|cookies?|copyright|annex(?: \w+)?|appendix(?: \w+)?|next steps|glossary)\W*",
    re.IGNORECASE,
)
_MOST_WORDS = 14


def action_kind(words: str) -> str | None:
    """The one kind of action that words name; None where they name none or several.

    Examples
    --------
    >>> action_kind("Progress against recommendations"), action_kind("Issues to address")
    ('recommendation', 'issue')
    >>> action_kind("progress against recommendations and aspects for improvement")
    """
    found = [kind for kind, pattern in _KIND.items() if pattern.search(words)]
    return found[0] if len(found) == 1 else None


def heading_kind(text: Text, line: int) -> str | None:
    """The kind of action that a heading announces; None where the line is no such heading."""
    words = text.words[line].strip(" |*")
    count = len(words.split())
    if not 0 < count <= _MOST_WORDS or words.endswith((".", ";", ",", "?")):
        return None
    if NUMBERED.match(words) and not re.match(r"[0-9.]+ (?:[A-Z][\w'-]* ?){1,4}$", words):
        return None
    if ENTRY.match(words):
        return None
    if (
        count > 6
        and not words.endswith(":")
        and re.search(r"\b(?:is|are|was|were|will|has|have|had|should|must|needs?)\b", words)
    ):
        return None
    return action_kind(words)


def ends_list(text: Text, line: int) -> bool:
    """Whether a line is a heading after which no list of actions goes on."""
    return bool(_ENDS.fullmatch(text.words[line].strip(" |*-")))
