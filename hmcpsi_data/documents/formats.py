"""From a document as given to its lines, whatever its format."""

from __future__ import annotations

import re

from hmcpsi_data.documents.limits import MAX_CHARACTERS, MAX_LINES
from hmcpsi_data.documents.source import Taken
from hmcpsi_data.errors import DocumentError

__all__ = ["to_lines"]

_NEWLINE = re.compile(r"\r\n|\n|\r")
_SMALLER = "Give the publication itself, not a collection; split it if need be."


def to_lines(taken: Taken) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The lines of a document, and how many of them each page has where there are pages."""
    text = taken.text if taken.text is not None else taken.data.decode("utf-8")
    return bounded(taken.name, _NEWLINE.split(text)), ()


def bounded(name: str, lines: list[str]) -> tuple[str, ...]:
    """The lines, where there are not too many of them."""
    if len(lines) > MAX_LINES:
        raise DocumentError(name, f"it has more than {MAX_LINES:,} lines", _SMALLER)
    if sum(map(len, lines)) > MAX_CHARACTERS:
        raise DocumentError(name, f"it has more than {MAX_CHARACTERS:,} characters", _SMALLER)
    return tuple(lines)
