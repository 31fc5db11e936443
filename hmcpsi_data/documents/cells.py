"""What a document prints as one cell, as an identifier, as key words or as the name of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hmcpsi_data.documents.measures import NUMBER, number

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_FORMULA = re.compile(r"(?![+-]?[0-9][0-9.,]*%?$)[=+\-@＝＋－＠]")
_NUMBERS = re.compile(rf"(?<![\w.])[£$]?(?:{NUMBER})%?(?!\w)", re.IGNORECASE)
_MOST_KEY_WORDS = 6
_ENDING = (  # end a run of key words
    "about after also any are area as be been before being but can cps could do does ensure had "
    "has have how if into is it its may might more must need needs not or should so such take "
    "takes than that their them there these they this those through was we were what when where "
    "which while who will would"
)
_DIVIDES = re.compile(rf"[^\w\s'’&-]+|\b(?:{_ENDING.replace(' ', '|')}|\d+)\b", re.IGNORECASE)
_INSIDE = frozenset(  # do not stand at the ends of a run
    "a all an and at by each every for from in of on other the to with - & '".split()
)


def cell(text: object, longest: int = 300) -> str:
    r"""A text as one cell: one line, nothing unseen, nothing that a spreadsheet would compute.

    Examples
    --------
    >>> cell("=SUM(A1)\n\u202eGood ")
    "'=SUM(A1) Good"
    """
    plain = " ".join(_UNSEEN.sub(" ", str(text)).split())[:longest].rstrip()
    return f"'{plain}" if _FORMULA.match(plain) else plain


def slug(label: str) -> str:
    """A label as the words of an identifier; "unnamed" where it has none."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’‘`´]", "", label.casefold()).replace("&", " and "))
    return "_".join(words)[:80].strip("_") or "unnamed"


def file_name(name: str) -> str:
    """The last part of a file name, without what could lead elsewhere or be run."""
    last = _UNSEEN.sub("", re.split(r"[/\\]", name)[-1])
    return re.sub(r"[^\w .()\[\],&+-]+", "", last).strip(" .=+-@")[:120] or "document"


def key_words(text: str) -> str:
    """The words that say most, at most six that nothing divides, as printed.

    Examples
    --------
    >>> key_words("The Area should record every dragon on the day on which it is seen.")
    'record every dragon on the day'
    """

    def letters(words: list[str]) -> int:
        if {words[0].casefold(), words[-1].casefold()} & _INSIDE:
            return 0
        return sum(len(word) for word in words if word.casefold() not in _INSIDE)

    runs = [run.split() for run in _DIVIDES.split(text)]
    sizes = range(1, _MOST_KEY_WORDS + 1)
    windows = [run[at : at + size] for run in runs for at in range(len(run)) for size in sizes]
    best = max(windows, key=letters, default=[])
    return " ".join(best if best and letters(best) else text.split()[:_MOST_KEY_WORDS])


def printed_word(word: str, lines: Iterable[str]) -> str:
    """A word as the lines print it; as it is, where they do not."""
    parts = r"\W+".join(map(re.escape, word.split()))
    match = re.search(rf"(?<!\w){parts}(?!\w)", "\n".join(lines), re.IGNORECASE)
    return " ".join(match[0].split()) if match else word


def printed_number(value: float, lines: Iterable[str]) -> str:
    """A number as the lines print it, in digits or in words; in digits, where they do not."""
    for match in _NUMBERS.finditer(" ".join(lines)):
        if number(match[0].strip("£$%")) == value:
            return match[0]
    return f"{value:.15g}"
