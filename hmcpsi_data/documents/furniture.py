"""Lines of the page that are not of the text: page numbers, running heads, links to skip."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

__all__ = ["furniture"]

_PAGE_NUMBER = re.compile(
    r"[-\u2013 ]*(?:page )?[0-9]{1,4}(?: ?(?:of|/) ?[0-9]{1,4})?[-\u2013 ]*|page [ivxlc]{1,6}",
    re.IGNORECASE,
)
_NAMED_PAGE = re.compile(r"page [0-9]{1,4}(?: of [0-9]{1,4})?", re.IGNORECASE)
_OF_THE_SITE = re.compile(
    r"(?:skip to (?:main )?content|main content area|accessibility controls|scroll to top"
    r"|back to (?:the )?top(?: of page)?|print this page|share this(?: page)?"
    r"|cookies?(?: settings)?"
    r"|accept (?:all )?cookies|was this page helpful\??|home|search|menu|contrast|subscribe"
    r"|log ?in|\|? ?publication|(?:https?://|www\.)\S+)",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"[0-9]+")
_EDGE = 2  # lines at the top and at the bottom of a page that may be running heads
_LONGEST = 200


def furniture(words: Sequence[str], pages: tuple[int, ...] = ()) -> Iterator[int]:
    """The lines that are furniture, counted from 0; the first of running heads is kept.

    Examples
    --------
    >>> list(furniture(["Skip to main content", "CPS Kent", "1 Letters", "Page 2 of 3"]))
    [0, 3]
    """
    for line, text in enumerate(words):
        if len(text) < 80 and (_OF_THE_SITE.fullmatch(text) or _NAMED_PAGE.fullmatch(text)):
            yield line
    edges = list(_edges(words, pages))
    counted = Counter(_DIGITS.sub("#", words[line]) for line in edges)
    seen: set[str] = set()
    for line in edges:
        text = _DIGITS.sub("#", words[line])
        if _PAGE_NUMBER.fullmatch(words[line]) or text in seen:
            yield line
        elif counted[text] > 1 and len(text) < _LONGEST:
            seen.add(text)


def _edges(words: Sequence[str], pages: tuple[int, ...]) -> Iterator[int]:
    """The first and the last lines of each page."""
    start = 0
    for count in pages:
        filled = [line for line in range(start, start + count) if words[line]]
        yield from filled[:_EDGE]
        yield from filled[_EDGE:][-_EDGE:]
        start += count
