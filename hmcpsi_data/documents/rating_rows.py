"""Lines that look like rows of a table with ratings.

A row is a label with a rating word as one of its cells, after a colon or dots, or as the last word
of the line, or alone on the line below. A rating word in a sentence makes no row.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from hmcpsi_data.documents.text import Cell, Text, squeeze
from hmcpsi_data.documents.vocabulary import (
    DIRECTIONS,
    FOOTNOTE,
    RATING,
    is_label,
    is_open,
    known_as,
    rating_of,
    strip_label,
)

__all__ = [
    "CODE",
    "HEADER",
    "MARKED",
    "STRONG",
    "SUBJECT",
    "TRAVEL",
    "WEAK",
    "Row",
    "is_header",
    "parts",
    "row_at",
]

STRONG, MARKED, WEAK = 3, 2, 1

_YEARS = r"(?:19|20)[0-9]{2}(?:[-/][0-9]{2,4})?"
_HEADER_WORD = (
    r"(?:assessments?|scores?|ratings?|rated|grades?|gradings?|marks?|markings?|judge?ments?"
    r"|levels?|results?|outcomes?|performance|OPA)"
)
HEADER = re.compile(
    rf"(?:(?:assessed|overall|our|final|performance|current|previous|last|new|HMCPSI|\(?{_YEARS}\)?)"
    rf" )*(?:level of )?{_HEADER_WORD}(?: awarded| given| level)?"
    rf"(?: ?[(-]? ?(?:as at |in |for )?(?:\w+ )?{_YEARS}\)?)?",
    re.IGNORECASE,
)
_YEAR_ONLY = re.compile(rf"(?:OPA |\()?{_YEARS}\)?", re.IGNORECASE)
_COMPARED = re.compile(
    r"(?:national|CPS|family)(?: \w+)? average"
    r"|(?:this|current|previous|last|earlier|indicative|final)"
    r" (?:inspection|report|assessment|rating)\b.*",
    re.IGNORECASE,
)
SUBJECT = re.compile(
    r"\b(?:aspects?|criteria|criterion|sections?|subjects?|themes?|areas?|elements?"
    r"|categor(?:y|ies)|headings?|parts?|questions?|standards?)\b",
    re.IGNORECASE,
)
TRAVEL = re.compile(r"\bdirection of travel\b|\btrend\b", re.IGNORECASE)
CODE = re.compile(r"(?:[A-Z]|[A-Z]?[0-9]{1,2}(?:\.[0-9]{1,2})?)[.):]?")
_LAST = re.compile(
    rf"^(?P<label>.*[^\s\"])\"?(?P<gap>\s*(?:[:;–—-]|,(?=\S)|\.{{2,}}|…)\s*|\s+\(?)\"?"
    rf"(?:(?:rated|assessed|judged|graded|scored)(?: as)? )?(?P<rating>{RATING})$",
    re.IGNORECASE,
)
_WORD = re.compile(rf"\b{RATING}(?:\b|(?=[0-9]\b))", re.IGNORECASE)
_TWO_LETTERS = re.compile(r"[^\W\d_]{2}")
_TRAVELLED = re.compile(rf"\s+(?:{DIRECTIONS.pattern})$", re.IGNORECASE)
_WITH_MARK = re.compile(
    rf"(?P<rating>{RATING})(?:[0-9]|\s+(?:{DIRECTIONS.pattern})"
    rf"|\s*[(\[](?:{DIRECTIONS.pattern})[)\]])",
    re.IGNORECASE,
)
_ENDS_IN_RATING = re.compile(rf"\b{RATING}$", re.IGNORECASE)
_MARK = re.compile(r"(?:[:–—…-]|(?<!\.)\.{2,})$")
_NO_RATING = re.compile(
    r"(?:not|un)[- ]?(?:rated|scored|assessed|inspected|graded|applicable|marked)|n/?a|none"
    r"|no (?:rating|score|mark)",
    re.IGNORECASE,
)
_LIST_MARKS = re.compile(r"[,;\"]+")
_TRAILING = " .*†|'\"_)]\t"
_LONGEST_HEADER = 120
_LONGEST_ALONE = 16
_LONGEST_WITH_MARK = 32
_LONGEST_ROW = 1000


class Row(NamedTuple):
    """A line, or two, that look like a row with a rating.

    Attributes
    ----------
    lines : tuple of int
        Where it stands, counted from 0.
    label : str
        As printed.
    ratings : tuple of (int, str or None)
        Column and word; None where the row says that there is no rating.
    strength : int
        How sure the form is: a cell, a mark before the rating, or only the last word.
    cells : tuple of Cell
        All cells, where there are several.
    """

    lines: tuple[int, ...]
    label: str
    ratings: tuple[tuple[int, str | None], ...]
    strength: int
    cells: tuple[Cell, ...]


def row_at(text: Text, line: int, previous: int | None) -> Row | None:
    """The row that a line is, or that it makes with the line before it."""
    words = text.words[line]
    if len(words) > _LONGEST_ROW:
        return None
    if _WORD.search(words) is None:
        return _unrated(text, line)
    if previous is not None and len(words) < _LONGEST_ALONE and rating_of(words):
        return _stacked(text, previous, line)
    if len(words) < 6:
        return None
    row = _in_cells(text, line) or _in_line(text, line)
    return None if row is not None and len(_WORD.findall(row.label)) > 1 else row  # a key


def parts(text: Text, line: int) -> list[Cell]:
    """The cells of a line that hold anything, without a letter or number in front of the others."""
    filled = [cell for cell in text.cells[line] if cell.plain]
    return filled[1:] if len(filled) > 1 and CODE.fullmatch(filled[0].plain) else filled


def _unrated(text: Text, line: int) -> Row | None:
    """A row that says that there is no rating."""
    cells = text.cells[line]
    filled = [(i, cell) for i, cell in enumerate(cells) if cell.plain]
    if len(filled) < 2 or not _NO_RATING.fullmatch(filled[-1][1].plain):
        return None
    column, _ = filled[-1]
    return Row((line,), strip_label(filled[0][1].printed), ((column, None),), STRONG, tuple(cells))


def _stacked(text: Text, above: int, line: int) -> Row | None:
    """A label on one line and its rating on the next, as where a table was copied from a page."""
    label = strip_label(squeeze(text.printed[above]))
    if line - above > 2 or rating_of(text.words[above]) or len(text.cells[above]) > 1:
        return None
    plain = strip_label(text.words[above])
    if not (is_label(plain) or is_open(plain)) or is_header(text, above):
        return None
    return Row((above, line), label, ((1, rating_of(text.words[line])),), STRONG, ())


def _in_cells(text: Text, line: int) -> Row | None:
    cells = text.cells[line]
    filled = [(i, cell) for i, cell in enumerate(cells) if cell.plain]
    if len(filled) < 2:
        return None
    ratings = tuple((i, word) for i, cell in filled if (word := _cell_rating(cell.plain)))
    if not ratings:
        return None
    labels = [cell for i, cell in filled if i < ratings[0][0] and _TWO_LETTERS.search(cell.plain)]
    if not labels and ratings[0][0] == filled[0][0]:  # the rating stands before the label
        labels = [cell for _, cell in filled[1:] if known_as(strip_label(cell.plain))]
    if not labels:
        return None
    return Row((line,), strip_label(labels[0].printed), ratings, STRONG, tuple(cells))


def _cell_rating(words: str) -> str | None:
    """The rating of a cell, which may have a direction of travel, or a footnote, in it."""
    if word := rating_of(words):
        return word
    match = _WITH_MARK.fullmatch(words) if len(words) < _LONGEST_WITH_MARK else None
    return rating_of(match["rating"]) if match else None


def _in_line(text: Text, line: int) -> Row | None:
    """A label and a rating as the last word, but for a direction of travel."""
    cells = text.cells[line]
    if len(cells) > 1 and not _LAST.match(cells[-1].plain.rstrip(_TRAILING)):
        return None
    words = text.words[line]
    shown = squeeze(text.printed[line]).rstrip(_TRAILING)
    plain = words.rstrip(_TRAILING)[: len(shown)]
    if note := FOOTNOTE.search(words):
        plain, shown = words[: note.start()], squeeze(text.printed[line])[: note.start()]
    while match := _TRAVELLED.search(plain):
        if not _ENDS_IN_RATING.search(plain[: match.start()].rstrip(" -")):
            break
        plain, shown = plain[: match.start()].rstrip(), shown[: match.start()].rstrip()
    match = _LAST.match(plain)
    if match is None:
        return None
    label = strip_label(shown[: match.end("label")].strip(' |"'))
    marked = bool(match["gap"].strip()) or bool(_MARK.search(match["label"]))
    if not label or (words.endswith(".") and not marked):
        return None
    if any(_TWO_LETTERS.search(cell.plain) for cell in cells[:-1]) and not known_as(label):
        return None  # "Very good" in a cell of its own is no rating
    return Row((line,), label, ((1, rating_of(match["rating"])),), MARKED if marked else WEAK, ())


def is_header(text: Text, line: int) -> bool:
    """Whether a line names the columns of a table with ratings."""
    words = text.words[line].strip(" |*")
    if not words or len(words) > _LONGEST_HEADER:
        return False
    filled = [cell.plain.strip(" *:") for cell in text.cells[line] if cell.plain]
    if len(filled) > 1:
        if any(map(HEADER.fullmatch, filled)) or all(map(_YEAR_ONLY.fullmatch, filled)):
            return True
        return bool(SUBJECT.search(filled[0])) and any(
            _YEAR_ONLY.fullmatch(cell) or _COMPARED.fullmatch(cell) for cell in filled[1:]
        )
    words = " ".join(_LIST_MARKS.split(words)).strip()  # a line of a CSV file
    if len(words.split()) > 8 or not is_label(strip_label(words)):
        return False
    words = TRAVEL.sub("", words).rstrip()
    last = words.rpartition(" ")
    return bool(HEADER.fullmatch(last[2]) and SUBJECT.search(last[0]))
