"""Locators: the lines of a document that carry a fact, as ``L22``, ``L20-L22;L30``, ``p3 L12``."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from hmcpsi_data.errors import LocatorError, quote

_NUMBER = "([1-9][0-9]{0,5})"
_SPAN = re.compile(f"(?:p{_NUMBER} )?L{_NUMBER}(?:-L{_NUMBER})?")


class Span(NamedTuple):
    """Consecutive lines, on one page where the document has pages."""

    page: int | None
    first: int
    last: int

    def __str__(self) -> str:
        page = "" if self.page is None else f"p{self.page} "
        last = "" if self.last == self.first else f"-L{self.last}"
        return f"{page}L{self.first}{last}"


def parse(locator: str) -> tuple[Span, ...]:
    """The spans of lines that a locator names, in its order."""
    spans = []
    for part in str(locator).split(";"):
        match = _SPAN.fullmatch(part)
        if match is None:
            form = "is not of the form L22, L20-L22, L3;L7 or p3 L12"
            raise LocatorError(f"the locator {quote(locator)} {form}")
        page, first, last = match.groups()
        spans.append(Span(int(page) if page else None, int(first), int(last or first)))
    if any(span.last < span.first for span in spans):
        raise LocatorError(f"the locator {quote(locator)} runs backwards")
    return tuple(spans)


def lines_of(locator: str) -> list[tuple[int | None, int]]:
    """Every line that a locator names, as pairs of page (or None) and line."""
    return [(page, line) for page, first, last in parse(locator) for line in range(first, last + 1)]


def format_locator(spans: Iterable[tuple[int | None, int, int]]) -> str:
    """The locator of spans given as page (or None), first line and last line."""
    locator = ";".join(str(Span(*span)) for span in spans)
    parse(locator)
    return locator


def merged(locators: Iterable[str]) -> str:
    """One locator of all lines that several name, in order, or all as they stand if one is none."""
    joined = ";".join(dict.fromkeys(map(str, locators)))
    try:
        lines = sorted({(page or 0, line) for page, line in lines_of(joined)})
    except LocatorError:
        return joined
    spans: list[Span] = []
    for page, line in lines:
        if spans and spans[-1][::2] == (page or None, line - 1):
            spans[-1] = spans[-1]._replace(last=line)
        else:
            spans.append(Span(page or None, line, line))
    return format_locator(spans)
