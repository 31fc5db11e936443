"""Ratings of things that a sentence names: sections of Area Assurance, aspects, criteria.

Only what is said to be rated is read, never praise: the rating has a capital letter or quotes, and
what is rated is known from the frameworks, or is named as in "In relation to X, Y and Z the Area
was rated as 'Fair'". What may be a rating and is not read is a problem.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from hmcpsi_data.documents.findings import Findings
from hmcpsi_data.documents.rating_words import (
    AREA,
    AS,
    JUDGED,
    NOT,
    QUOTED,
    RATED,
    is_headline,
    is_past,
    not_of_it,
    search,
)
from hmcpsi_data.documents.text import Sentence
from hmcpsi_data.documents.vocabulary import (
    RATING,
    is_area,
    is_label,
    known_as,
    label_pattern,
    rating_of,
    same_thing,
    section_of,
)

__all__ = ["read_names"]

_ABOUT = (
    r"(?:in relation to|in respect of|with (?:regard|respect) to|as regards|regarding"
    r"|in terms of|against|for|on|in)"
)
_NAMED = r"(?P<list>[^.;]{3,300}?)"
_GIVEN = (
    r"(?:(?:was|were|has been|have been) (?:given|awarded)|received|achieved)"
    r" (?:an?|the) (?:rating|score|grade|mark|assessment)s? of"
)
_JUDGEMENT = rf"(?:{JUDGED}{AS}|{_GIVEN})"
_FRONTED = search(rf"\b{_ABOUT} {_NAMED},?(?: and| that)? {AREA} {_JUDGEMENT} {QUOTED}")
_THEN = search(rf"\b{_ABOUT} {_NAMED},? and {_JUDGEMENT} {QUOTED}")
_SUBJECT = search(
    r"(?:^(?:\W ?)?|[.;] |\bthat |, (?:and|but|while|whereas|although|with) "
    r"|(?-i:\band (?=[\"']?[A-Z])))"
    rf"{_NAMED},? {_JUDGEMENT} {QUOTED}"
)
_BACK = search(
    rf"\b(?:{RATED}(?: the (?:CPS )?Area| CPS(?: [A-Z][\w-]+){{1,5}}?| it)?{AS}|{_GIVEN}) {QUOTED}"
    rf" {_ABOUT} (?P<list>[^.;]{{3,300}})"
)
_ACTIVE = search(
    r"\b(?:HMCPSI|inspectors|inspectorate|inspection|report|they)\b(?: have| has)?"
    rf" {RATED} {_NAMED} as {QUOTED}"
)
_COLON = search(rf"\b{_JUDGEMENT} {QUOTED} ?: (?P<list>[^.;:]{{3,300}})\.?$")
_FIRST = search(rf"^{QUOTED} ?[:-] (?P<list>[^.;:]{{3,300}})\.?$")
_POINT = search(rf"^\W {QUOTED} (?:for|in) (?P<list>[^.;:]{{3,300}})[.;]?$")
_SENTENCES = (_FRONTED, _THEN, _BACK, _ACTIVE, _COLON, _FIRST, _POINT, _SUBJECT)
_NAMED_FIRST = (_FRONTED, _THEN)
_MORE = search(rf"(?:,| and|;)+ (?:as )?{QUOTED} {_ABOUT} ")
_PAIR = search(rf"(?P<list>[^;:()]{{3,160}}?) ?(?:\(|:|-| - ) ?{QUOTED}\)?$")
_PAIRS = re.compile(r"\s*[;,]\s*(?:and\s+)?|\s+and\s+(?=[\"'A-Z])")
_ALSO = search(rf"[\"']?(?:,|/| and| or)+ (?:as )?{QUOTED}")
_LIST = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+(?=(?:the |its )?[A-Z])")
_EVERY_GAP = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+")
_ARTICLE = re.compile(
    r"[\"' ]*(?:(?:the )?(?:sections?|aspects?|criteri(?:on|a)) (?:on |of )?"
    r"|the |its |their |our |both )?",
    re.IGNORECASE,
)
_TAIL = re.compile(r"[\"']? (?:section|aspect|criterion)[\"' ]*$", re.IGNORECASE)
_PREPOSITION = re.compile(_ABOUT, re.IGNORECASE)
_NO_NAME = re.compile(
    r"\b(?:CPS (?!People)[A-Z]|January|February|March|April|May|June|July|August|September|October"
    r"|November|December|[Oo]verall)\b"
)
_WORD = re.compile(rf"\b{RATING}\b", re.IGNORECASE)
_SAID = re.compile(rf"\b(?:{RATED}|rating|score|grade)\b|\b{RATING}: ", re.IGNORECASE)
_NOW = search(r"\b(?:now|up from|down from|(?:improved|risen|declined|fallen) (?:to|from))\b")
_AFTER = search(rf"\b{_JUDGEMENT} {QUOTED}\s*:$")
_BULLET = re.compile(r"^(?:[^\w\s\"'(]|o) +")


class _Name(NamedTuple):
    """One thing that a list names: as printed, plain, and where it stands."""

    printed: str
    plain: str
    at: int


class _Part(NamedTuple):
    """Things that have one rating, and where its word stands."""

    names: list[_Name]
    rating: int


def read_names(findings: Findings, sentence: Sentence) -> None:
    """Add what a sentence rates by name, or say that it may rate something."""
    done = _pairs(findings, sentence) or _list_below(findings, sentence)
    taken: list[tuple[int, int]] = []
    for pattern in () if done else _SENTENCES:
        at = 0
        while match := pattern.search(sentence.plain, at):
            over = [end for start, end in taken if match.start() < end and start < match.end()]
            at = max(over, default=match.end())
            if over or NOT.search(match.group()):
                continue
            if is_past(findings, sentence.plain, *match.span()):
                continue
            headline = pattern is _BACK and is_headline(sentence.plain)
            if headline or not_of_it(findings, sentence.plain, match.end()):
                continue
            if _matched(findings, sentence, match, pattern in _NAMED_FIRST):
                taken.append(match.span())
    if not done:
        _missed(findings, sentence)


def _matched(findings: Findings, sentence: Sentence, match: re.Match[str], fronted: bool) -> bool:
    """Add the things that a sentence rates; False where it rates none."""
    parts = list(_parts(findings, sentence, match))
    names = [name for part in parts for name in part.names]
    known = [_is_known(findings, name.plain) for name in names]
    named = fronted and len(_PREPOSITION.match(match.group())[0]) > len("against")
    sure = named and all(
        name.plain[:1].isupper()
        and is_label(name.plain)
        and not is_area(name.plain)
        and _NO_NAME.search(name.plain) is None
        for name in names
    )
    lines = sentence.lines_of(match.start(), match.end())
    if not names or not (sure or all(known)):
        if any(known):
            findings.problem(lines, f"a sentence that rates {_called(findings)} among other things")
        return any(known)
    if not all(sentence.plain[at].isupper() or _is_quoted(sentence, at) for _, at in parts):
        if not all(_is_rated(findings, name.plain) for name in names):
            told = f"a sentence that may rate {_called(findings)}, or only praise or blame it"
            findings.problem(lines, told)
        return True
    if also := _ALSO.match(sentence.plain, match.end("rating")):
        after = sentence.plain[also.end() :].strip(" \"'").casefold()
        if len(names) != 2 or not after.startswith("respectively"):
            findings.problem(lines, "a sentence with several ratings for several things")
            return True
        parts = [_Part(names[:1], parts[0].rating), _Part(names[1:], also.start("rating"))]
    for part in parts:
        _add(findings, sentence, part)
    return True


def _add(findings: Findings, sentence: Sentence, part: _Part) -> None:
    rating = _WORD.match(sentence.plain, part.rating)
    for shown, plain, start in part.names:
        stated = sentence.lines_of(part.rating, rating.end())
        _add_row(findings, {*stated, *sentence.lines_of(start, start + 1)}, shown, plain, rating[0])


def _add_row(findings: Findings, lines: set[int], shown: str, plain: str, rating: str) -> None:
    findings.add(
        "ratings",
        lines,
        label=shown,
        level=_level(findings, plain),
        is_critical=None,
        rating=rating_of(rating),
    )


def _level(findings: Findings, plain: str) -> str:
    if not _is_assurance(findings):
        return "aspect"
    return "section" if section_of(plain) or not known_as(plain) else "criterion"


def _is_assurance(findings: Findings) -> bool:
    framework = findings.front.framework_id or ""
    return findings.front.kind == "area_assurance" or framework.startswith("aap")


def _called(findings: Findings) -> str:
    return "a section" if _is_assurance(findings) else "an aspect"


def _is_known(findings: Findings, plain: str) -> bool:
    return bool(known_as(plain)) if _is_assurance(findings) else "aspect" in known_as(plain)


def _is_rated(findings: Findings, plain: str) -> bool:
    """Whether the document rates this elsewhere."""
    return any(same_thing(plain, str(row["label"])) for row in findings.of("ratings"))


def _is_quoted(sentence: Sentence, at: int) -> bool:
    return sentence.plain[max(0, at - 1) : at] in {"'", '"'}


def _parts(findings: Findings, sentence: Sentence, match: re.Match[str]) -> Iterator[_Part]:
    """Each list of things with where its rating stands."""
    start, end = match.span("list")
    at = match.start("rating")
    while start < end:
        more = _MORE.search(sentence.plain, start, end)
        stop = more.start() if more else end
        yield _Part(_names(findings, sentence, start, stop), at)
        if more is None:
            return
        start, at = more.end(), more.start("rating")


def _names(findings: Findings, sentence: Sentence, start: int, stop: int) -> list[_Name]:
    """The things that a list names; labels that are known may have "and" in them."""
    pieces = list(_between(sentence.plain, start, stop, _EVERY_GAP))
    found: list[_Name] = []
    loose: list[tuple[int, int]] = []
    at = 0
    while at < len(pieces):
        for end in range(min(len(pieces), at + 4), at, -1):
            name = _name(sentence, pieces[at][0], pieces[end - 1][1])
            ahead = sentence.plain[pieces[end][0] :] if end < len(pieces) else ""
            tied = sentence.plain[pieces[end - 1][1] :].startswith(" and ") and ahead[:1].islower()
            if tied and not _begins_known(findings, sentence, pieces[end:]):
                continue  # "Leadership and management" is one thing, and not known
            if _is_known(findings, name.plain):
                found += _loose(sentence, loose)
                found.append(name)
                loose = []
                break
        else:
            end = at + 1
            loose.append(pieces[at])
        at = end
    return found + _loose(sentence, loose)


def _begins_known(findings: Findings, sentence: Sentence, pieces: list[tuple[int, int]]) -> bool:
    """Whether a list begins with a known label, or with an article."""
    ends = (pieces[end - 1][1] for end in range(1, min(len(pieces), 4) + 1))
    names = [_name(sentence, pieces[0][0], end) for end in ends]
    return names[0].plain[:1].isupper() or any(_is_known(findings, n.plain) for n in names)


def _loose(sentence: Sentence, pieces: list[tuple[int, int]]) -> list[_Name]:
    """What stands between known labels: "and" parts two things only before a capital letter."""
    if not pieces:
        return []
    spans = _between(sentence.plain, pieces[0][0], pieces[-1][1], _LIST)
    return [_name(sentence, a, b) for a, b in spans]


def _name(sentence: Sentence, a: int, b: int) -> _Name:
    shown, plain = sentence.printed[a:b], sentence.plain[a:b]
    cut = len(_ARTICLE.match(plain)[0])
    if tail := _TAIL.search(plain):
        shown, plain = shown[: tail.start()], plain[: tail.start()]
    return _Name(shown[cut:].strip(" ,'\"“”‘’"), plain[cut:].strip(" ,'\""), a)


def _between(words: str, start: int, stop: int, gaps: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    at = start
    for gap in gaps.finditer(words, start, stop):
        if gap.start() > at:
            yield at, gap.start()
        at = gap.end()
    if stop > at:
        yield at, stop


def _pairs(findings: Findings, sentence: Sentence) -> bool:
    """Things that are listed each with its own rating: "Leadership (Good), Disclosure (Fair)"."""
    words = sentence.plain.rstrip(".")
    start = words.find(": ") + 2 if ": " in words[: words.find(";")] else 0
    if len(_WORD.findall(words, start)) < 2 or NOT.search(words[:start]):
        return False
    found = []
    for a, b in _between(words, start, len(words), _PAIRS):
        match = _PAIR.match(words[a:b])
        if match is None or not match["rating"][0].isupper():
            return False
        name = _name(sentence, a, a + match.end("list"))
        if not _is_known(findings, name.plain):
            return False
        found.append(_Part([name], a + match.start("rating")))
    if is_past(findings, sentence.plain, 0, len(words)):
        return False
    for part in found:
        _add(findings, sentence, part)
    return bool(found)


def _list_below(findings: Findings, sentence: Sentence) -> bool:
    """Things that are listed below a sentence: "The following aspects were rated as Fair:"."""
    match, text = _AFTER.search(sentence.plain), findings.text
    if match is None or NOT.search(sentence.plain) or not (
        match["rating"][0].isupper() or _is_quoted(sentence, match.start("rating"))
    ):  # fmt: skip
        return False
    stated = sentence.lines_of(match.start("rating"), match.end("rating"))
    rows = []
    for line in text.filled(sentence.lines[-1] + 1):
        words = text.words[line]
        cut = len(bullet[0]) if (bullet := _BULLET.match(words)) else 0
        plain = words[cut:].rstrip(" ,;.").removesuffix(" and")
        if not _is_known(findings, plain):
            break
        shown = " ".join(text.printed[line].split())[cut : cut + len(plain)]
        rows.append(({*stated, line}, shown, plain))
    for lines, shown, plain in rows:
        _add_row(findings, lines, shown, plain, match["rating"])
    return bool(rows)


def _missed(findings: Findings, sentence: Sentence) -> None:
    """A problem where a sentence rates something known in a form that is not understood."""
    words = sentence.plain
    if not _SAID.search(words) or NOT.search(words):
        return
    if is_past(findings, words, 0, len(words)) and not _NOW.search(words):
        return
    ratings = [match.start() for match in _WORD.finditer(words)]
    if not any((at and words[at].isupper()) or _is_quoted(sentence, at) for at in ratings):
        return
    for match in label_pattern().finditer(words):
        if _is_known(findings, match[0]) and not _is_rated(findings, match[0]):
            told = not_of_it(findings, words) or (
                "is a headline" if is_headline(words) else "has a form that is not understood"
            )
            reason = f"what may rate {_called(findings)} {told}"
            findings.problem(sentence.lines, reason)
            return
