"""Cells made from the words of a document: safe to store, short, and printed in the lines cited."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["cell", "key_words", "printed_number", "printed_word", "safe_name"]

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_FORMULA = re.compile(r"(?![+-]?[0-9][0-9.,]*%?$)[=+\-@]")
_TOKEN = re.compile(r"[^\W_](?:[\w'’&-]*\w)?")
_MOST = 6  # key words, as the description has it
# Words that end a run of key words, and words that may stand inside one.
_ENDING = frozenset(
    """
    about after also any are area as be been before being but can cps could do does ensure had has
    have how if into is it its may might more must need needs not or should so such take takes than
    that their them there these they this those through was we were what when where which while who
    will would
    """.split()
)
_INSIDE = frozenset("a all an and at by each every for from in of on other the to with".split())
_NUMBERS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty
""".split()
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_DIGITS = re.compile(r"(?<![\w.])[£$]?[0-9][0-9,]*(?:\.[0-9]+)?%?(?!\w)")
_NAME = re.compile(r"[^\w .()\[\],&+-]+")


def cell(text: object, longest: int = 300) -> str:
    r"""A text as one cell: one line, nothing unseen, nothing that a spreadsheet would compute.

    Examples
    --------
    >>> cell("=SUM(A1)\n\u202eGood ")
    "'=SUM(A1) Good"
    """
    plain = " ".join(_UNSEEN.sub(" ", str(text)).split())[:longest].rstrip()
    return f"'{plain}" if _FORMULA.match(plain) else plain


def key_words(text: str) -> str:
    """The run of words that says most, at most six, as printed.

    Examples
    --------
    >>> key_words("The Area should ensure that warnings of late witnesses are sent by the unit.")
    'warnings of late witnesses'
    """
    runs: list[list[re.Match]] = [[]]
    end = 0
    for match in _TOKEN.finditer(text):
        apart = text[end : match.start()].strip("'’\"“” ")
        if apart or match[0].casefold() in _ENDING or match[0].isdigit():
            runs.append([])
        if match[0].casefold() not in _ENDING and not match[0].isdigit():
            runs[-1].append(match)
        end = match.end()
    windows = [run[i : i + n] for run in runs for i in range(len(run)) for n in range(1, _MOST + 1)]
    best = max(windows, key=_told, default=None)
    if best is None or not _told(best):
        return " ".join(text.split()[:_MOST])
    return text[best[0].start() : best[-1].end()]


def _told(window: list[re.Match]) -> int:
    """How many letters say something; none where a small word stands at an end."""
    words = [match[0].casefold() for match in window]
    if words[0] in _INSIDE or words[-1] in _INSIDE:
        return 0
    return sum(len(word) for word in words if word not in _INSIDE)


def printed_word(word: str, lines: Iterable[str]) -> str:
    """A word as the lines print it; as it is, where they do not.

    Examples
    --------
    >>> printed_word("Fair", ["Disclosure    FAIR"])
    'FAIR'
    """
    parts = r"\W+".join(map(re.escape, word.split()))
    for line in lines:
        if match := re.search(rf"(?<!\w){parts}(?!\w)", line, re.IGNORECASE):
            return " ".join(match[0].split())
    return word


def printed_number(value: float, lines: Iterable[str]) -> str:
    """A number as the lines print it, in digits or in words; in digits, where they do not.

    Examples
    --------
    >>> printed_number(31726, ["handled 31,726 cases"]), printed_number(22, ["Twenty-two of them"])
    ('31,726', 'Twenty-two')
    """
    lines = list(lines)
    for line in lines:
        for match in _DIGITS.finditer(line):
            if float(match[0].strip("£$%").replace(",", "")) == value:
                return match[0]
    plain = f"{value:.15g}"
    word = _in_words(value)
    return plain if word is None else _worded(word, lines) or plain


def _worded(word: str, lines: list[str]) -> str | None:
    larger = "|".join(_NUMBERS[1:10])  # "twenty" is not in "twenty-two", but is in "twenty-page"
    pattern = re.compile(rf"(?<!\w){word}(?!-(?:{larger})\b)(?:-\w+)?(?!\w)", re.IGNORECASE)
    return next((match[0] for line in lines if (match := pattern.search(line))), None)


def _in_words(value: float) -> str | None:
    if value != int(value) or not 0 <= value < 100:
        return None
    if value <= 20:
        return _NUMBERS[int(value)]
    tens, ones = divmod(int(value), 10)
    return _TENS[tens - 2] + (f"[- ]{_NUMBERS[ones]}" if ones else "")


def safe_name(name: str) -> str:
    r"""The last part of a file name, without what could lead elsewhere or be run.

    Examples
    --------
    >>> safe_name("../../etc/pass\nwd"), safe_name("=cmd|x.html")
    ('passwd', 'cmdx.html')
    """
    last = re.split(r"[/\\]", name)[-1]
    return _NAME.sub("", _UNSEEN.sub("", last)).strip(" .=+-@")[:120] or "document"
