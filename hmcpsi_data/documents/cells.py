"""What a document prints as one cell, as an identifier, as key words or as the name of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from hmcpsi_data.documents.measures import NUMBER, number

__all__ = ["cell", "file_name", "key_words", "printed_number", "printed_word", "slug"]

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_FORMULA = re.compile(r"(?![+-]?[0-9][0-9.,]*%?$)[=+\-@＝＋－＠]")
_TOKEN = re.compile(r"[^\W_](?:[\w'’&-]*\w)?")
_NUMBERS = re.compile(rf"(?<![\w.])[£$]?(?:{NUMBER})%?(?!\w)", re.IGNORECASE)
_MOST_KEY_WORDS = 6
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
    """The run of words that says most, at most six, as printed."""
    best = max(_windows(text), key=_told, default=None)
    if best is None or not _told(best):
        return " ".join(text.split()[:_MOST_KEY_WORDS])
    return text[best[0].start() : best[-1].end()]


def _windows(text: str) -> Iterator[list[re.Match[str]]]:
    """All runs of words that nothing divides, up to six words each."""
    run: list[re.Match[str]] = []
    for match in _TOKEN.finditer(text):
        if run and text[run[-1].end() : match.start()].strip("'’\"“” "):
            run = []
        if match[0].casefold() in _ENDING or match[0].isdigit():
            run = []
            continue
        run = [*run, match][-_MOST_KEY_WORDS:]
        yield from (run[at:] for at in range(len(run)))


def _told(window: list[re.Match[str]]) -> int:
    """How many letters say something; none where a small word stands at an end."""
    words = [match[0].casefold() for match in window]
    if words[0] in _INSIDE or words[-1] in _INSIDE:
        return 0
    return sum(len(word) for word in words if word not in _INSIDE)


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
