"""The text of a document, one structure of lines, cells, roles and sentences; its dates."""

import datetime as dt
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

import pandas as pd

from hmcpsi_data.documents.unpack import MAX_CELLS
from hmcpsi_data.tables.locators import format_locator

BULLET = re.compile(r"[-*•‣▪●○◦·–o\uf0b7] +(?=\S)")
NUMBERED = re.compile(r"\(?([0-9]{1,3})(?:[.):]+| -)?(?:\s+(?=\S)|$)")
_SHORT = 12  # words of a heading
MAX_LINE = 10_000
# Straight quotes and hyphens, character by character: what is found is cut out as printed.
PLAIN = str.maketrans(
    dict.fromkeys("‘’‚‛′`´", "'")
    | dict.fromkeys("“”„‟″«»", '"')
    | dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys("¹²³⁴⁵⁶⁷⁸⁹⁰", "†")  # numbers of footnotes
)
_SPACES = re.compile(r"[^\S\t\r\n]")
_UNSEEN = re.compile(
    r"[\0-\x08\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_EMPHASIS = re.compile(  # in pairs: a single mark at the end of a word is that of a footnote
    r"(?<![\w*_])(?P<mark>\*\*?|__?)(?P<words>[^\s*_|](?:[^*_\t|]*[^\s*_|])?)(?P=mark)(?![\w*_])"
)
NOTE = re.compile(  # of a footnote
    r"(?<=\S)[†‡§¶]|[†‡§¶](?=\S)|(?<=[\w)'\"]) ?(?:\*+(?![\w*])|\[[0-9*†]{1,3}\])"
    r"|(?<!\S)\*+(?=\w)|\([0-9*†]{1,2}\)\s*(?:$|\t|\|)"
)
_HEADING = re.compile(r"^ {0,3}#{1,6} +|^ {0,3}> ?")
_GAP = re.compile(r"\t|(?<=\S) {2,}(?=\S)")  # two tabs have an empty cell between them
_RULE = re.compile(r"[\s|:+=_-]{3,}")
_ENDS = re.compile(r"[.!?:;][\"')\]]*$")
_SENTENCE = re.compile(r"[.!?][\"')\]]*\s+(?=[\"'(\[]?[A-Z0-9])")
_NO_END = re.compile(r"\b(?:St|Mr|Mrs|Ms|Dr|No|Nos|e\.g|i\.e|etc|vs|approx|[A-Z])\.$")
_WRAPPED = 30
_WIDEST, _RAGGED = 130, 0.85


class Cell(NamedTuple):
    """One cell of a row, in both spellings."""

    plain: str
    printed: str


class Sentence(NamedTuple):
    """A sentence, and the lines on which its parts begin."""

    plain: str
    printed: str
    offsets: tuple[int, ...]
    lines: tuple[int, ...]

    def place(self, start: int) -> int:
        """The line of a character."""
        return self.lines[max(bisect_right(self.offsets, start) - 1, 0)]

    def lines_of(self, start: int, end: int) -> range:
        """The lines that carry the characters from start to end."""
        return range(self.place(start), self.place(max(start, end - 1)) + 1)


def either(words: str) -> re.Pattern[str]:
    """A pattern of any of some words, whatever their case."""
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


def printed(line: str) -> str:
    """A line without marks of layout and without what cannot be seen."""
    seen = _UNSEEN.sub("", _SPACES.sub(" ", line))
    return _HEADING.sub("", _EMPHASIS.sub(r"\g<words>", seen)).rstrip()


def squeeze(text: str) -> str:
    """A text with single spaces."""
    return " ".join(text.split())


class Text:
    """The lines of a document, ready to be understood."""

    def __init__(self, lines: Iterable[str], pages: tuple[int, ...] = ()) -> None:
        self.raw = tuple(lines)
        self.pages = pages
        self.too_long = [i for i, line in enumerate(self.raw) if len(line) > MAX_LINE]
        self.printed = [printed(line) if len(line) <= MAX_LINE else "" for line in self.raw]
        self.plain = [line.translate(PLAIN) for line in self.printed]
        self.words = [squeeze(line) for line in self.plain]
        widest = max(map(len, self.words), default=0)
        self._width = widest if widest <= _WIDEST else 0  # 0 where paragraphs are lines

    @cached_property
    def cells(self) -> list[list[Cell]]:
        """The cells of each line; a line of prose is one cell."""
        return [*map(_cells, self.plain, self.printed)]

    @cached_property
    def roles(self) -> list[str]:
        """What each line is by its shape: "", "rule", "row", "item", "heading" or "text"."""
        return [*map(_role, self.words, self.cells)]

    def locator(self, lines: Iterable[int]) -> str:
        """The locator of lines that are counted from 0 here."""
        spans: list[tuple[int | None, int, int]] = []
        for page, number in (self._places[line] for line in sorted(set(lines))):
            first = number
            if spans and spans[-1][0] == page and spans[-1][2] == number - 1:
                first = spans.pop()[1]
            spans.append((page, first, number))
        return format_locator(spans)

    @cached_property
    def _places(self) -> list[tuple[int | None, int]]:
        counts = dict[int | None, int](enumerate(self.pages, 1)) or {None: len(self.raw)}
        return [(page, number) for page, count in counts.items() for number in range(1, count + 1)]

    def filled(self, start: int = 0) -> Iterator[int]:
        """The lines that hold anything."""
        return (line for line in range(start, len(self.raw)) if self.words[line])

    def shown(self, line: int, start: int = 0) -> str:
        """The words of a line as printed, from a place on."""
        return squeeze(self.printed[line])[start:]

    @cached_property
    def sentences(self) -> list[Sentence]:
        """All sentences; one may run over several lines."""
        blocks: list[list[int]] = []
        for line in self.filled():
            if not (blocks and self.same_paragraph(blocks[-1][-1], line)):
                blocks.append([])
            blocks[-1].append(line)
        return [sentence for block in blocks for sentence in _split(self, block)]

    def same_paragraph(self, before: int, line: int) -> bool:
        """Whether a line goes on with the paragraph of the line before."""
        single = len(self.cells[before]) < 2 and self.roles[line] not in {"row", "item"}
        if line - before > 1 or not single:
            return False
        ahead, words = self.words[before], self.words[line]
        if not _ENDS.search(ahead) and (words[0].islower() or len(ahead) >= _WRAPPED):
            return True
        room = self._width * _RAGGED - len(ahead) - 1  # for the first word of the line
        return bool(self._width) and len(words.split(" ", 1)[0]) > room


def _cells(plain: str, shown: str) -> list[Cell]:
    if not plain or _RULE.fullmatch(plain):
        return []
    both = [plain, shown] if "\t" in plain else [plain.strip(" "), shown.strip(" ")]
    parts = [_GAP.split(line, MAX_CELLS) for line in both]
    if "|" in plain and "\t" not in plain:
        parts = [line.removeprefix("|").removesuffix("|").split("|", MAX_CELLS) for line in both]
    cells = [Cell(words.strip(), seen.strip()) for words, seen in zip(*parts, strict=True)]
    while cells and not cells[-1].plain:
        cells.pop()
    return cells


def _role(words: str, cells: list[Cell]) -> str:
    if not words or not cells:
        return "rule" if words else ""
    if len(cells) > 1:
        return "row"
    if BULLET.match(words) or NUMBERED.match(words):
        return "item"
    short = len(words.split()) <= _SHORT and not words.endswith((".", "!", "?", ",", ";"))
    return "heading" if short else "text"


def _split(text: Text, block: list[int]) -> Iterator[Sentence]:
    lengths = (len(text.words[line]) + 1 for line in block[:-1])
    offsets = [*accumulate(lengths, initial=0)]
    whole = " ".join(text.words[line] for line in block)
    shown = " ".join(text.shown(line) for line in block)
    ends = [
        match.end()
        for match in _SENTENCE.finditer(whole)
        if not _NO_END.search(whole[max(0, match.start() - 8) : match.start() + 1])
    ]
    for start, end in pairwise([0, *ends, len(whole)]):
        own = slice(bisect_right(offsets, start) - 1, bisect_right(offsets, end - 1))
        begins = tuple(max(0, offset - start) for offset in offsets[own])
        plain, seen = whole[start:end].rstrip(), shown[start:end].rstrip()
        yield Sentence(plain, seen, begins, tuple(block[own]))


_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_MONTH = {name[:3].casefold(): at for at, name in enumerate(_MONTHS, 1)}
MONTH = rf"(?:{'|'.join(_MONTHS)}|{'|'.join(name[:3] for name in _MONTHS)}|Sept)"
YEAR = r"(?:19[89]|20[0-4])[0-9]"
_DATE = re.compile(
    rf"""
    \b(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?\ (?:of\ )?(?P<month>{MONTH})\.?,?\ (?P<year>{YEAR})\b
    | \b(?P<month2>{MONTH})\.?\ (?P<day2>[0-3]?[0-9])(?:st|nd|rd|th)?,?\ (?P<year2>{YEAR})\b
    | \b(?P<day3>[0-3]?[0-9])[/.](?P<month3>[01]?[0-9])[/.](?P<year3>{YEAR})\b
    | \b(?P<year4>{YEAR})-(?P<month4>[01][0-9])(?:-(?P<day4>[0-3][0-9]))?\b
    | \b(?P<month5>{MONTH})\.?,?\ (?P<year5>{YEAR})\b
    | \((?P<month6>{MONTH})\.?\ '?(?P<year6>[0-4][0-9])\)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BETWEEN = re.compile(
    rf"\b(?:between|from)\s(?P<first>{MONTH})(?:\s(?P<year>{YEAR}))?\s(?:and|to|until)"
    rf"\s(?P<last>{MONTH})\s(?P<end>{YEAR})\b",
    re.IGNORECASE,
)
_YEAR_ENDED = re.compile(
    rf"\b(?:twelve months|12 months|year) (?:ended|ending|to)(?: in| on)?(?: the)?"
    rf"(?: [0-3]?[0-9](?:st|nd|rd|th)?)? (?P<month>{MONTH}) (?P<year>{YEAR})\b",
    re.IGNORECASE,
)
_FINANCIAL = re.compile(rf"\b(?P<first>{YEAR})\s?[-/]\s?(?P<last>(?:20)?[0-9]{{2}})\b(?!-)")


class Found(NamedTuple):
    """A date in a text: as ISO 8601, its precision, and where it stands."""

    iso: str
    precision: str
    start: int
    end: int


def dates(text: str) -> Iterator[Found]:
    """The dates of a text that name at least a month; a financial year is none."""
    for match in _DATE.finditer(text):
        parts = {key.rstrip("23456"): value for key, value in match.groupdict().items() if value}
        month = _MONTH.get(parts["month"][:3].casefold()) or int(parts["month"])
        year, day = int(parts["year"]), int(parts.get("day") or 0)
        year += 2000 if year < 100 else 0
        if match["year4"] and not day and month == (year + 1) % 100:
            continue
        try:
            iso = dt.date(year, month, day or 1).isoformat()
        except ValueError:
            continue
        iso, precision = (iso, "day") if day else (iso[:7], "month")
        yield Found(iso, precision, *match.span())


def financial_years(text: str) -> Iterator[tuple[int, int, int]]:
    """The financial years that a text names: the year in which each begins, and where it stands."""
    for match in _FINANCIAL.finditer(text):
        if int(match["last"][-2:]) == (int(match["first"]) + 1) % 100:
            yield int(match["first"]), match.start(), match.end()


def period(text: str) -> str | None:
    """The period that a part of a sentence gives for its figures, as a date or an interval."""
    if match := _YEAR_ENDED.search(text):
        month = pd.Period(f"{match['year']}-{_MONTH[match['month'][:3].casefold()]:02}", "M")
        return f"{month - 11}/{month}"
    if match := _BETWEEN.search(text):
        first, last = (_MONTH[match[name][:3].casefold()] for name in ("first", "last"))
        end = int(match["end"])
        start = int(match["year"] or end - (first > last))
        if (start, first) <= (end, last):
            return f"{start}-{first:02}/{end}-{last:02}"
    for year, _, _ in financial_years(text):
        return f"{year}-04/{year + 1}-03"
    found = list(dates(text))
    return found[0].iso if len(found) == 1 else None
