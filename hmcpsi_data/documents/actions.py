"""Recommendations, issues and aspects for improvement in lines, and what answers them.

An entry is certain with a number or a bullet under a heading that names its kind, or by its own
name. What follows it is detail until an answer begins, by a line that says so or, in an answer of
the CPS without such lines, by a paragraph of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice

from hmcpsi_data.documents.claims import Claims
from hmcpsi_data.documents.text import BULLET, NUMBERED, either, squeeze

__all__ = ["ENTRY", "MARK", "UNCLEAR", "action_kind", "numbered", "read_actions"]

_KIND = {
    "aspect_for_improvement": re.compile(r"\baspects? for improvement\b|\bAFIs?\b", re.I),
    "recommendation": re.compile(r"\brecommendations?\b|\brecommend(?:s|ed)?\b:?$", re.I),
    "issue": re.compile(r"\bissues?\b|\bareas? for improvement\b", re.I),
}
UNCLEAR = either("areas? for improvement")
# How a line begins that is an entry, that answers one, that tells its progress or ends a list.
ENTRY = re.compile(
    r"(?:(?:the |our )?(?:HMCPSI(?:'s)?|inspectorate's|inspectors'?|CPS) )?"
    r"(?P<kind>recommendation|issue(?: to address)?|aspect for improvement|AFI|R(?=[0-9]))"
    r"(?:(?: no\.?| number)? ?#?(?P<number>[0-9]{1,3})\b(?!\s+(?:of|out)\b)(?:\s*\([^()]*\)$)?"
    r"(?P<mark>\s*[:.)–-]+)?|(?P<colon>\s*:))\s*(?P<rest>.*)",
    re.IGNORECASE,
)
MARK = re.compile(
    r"(?:(?:the )?(?:CPS|Area|our|inspected body)(?:'s)?(?: (?:Area|management|initial|[A-Z]\w+))"
    r"{0,3} )?(?:response|reply|comments?|actions?(?: (?:taken|planned|to be taken))?)"
    r"(?: to (?:this )?(?:recommendation|issue|aspect for improvement|AFI)(?: no\.?)?"
    r"(?: ?(?P<number>[0-9]{1,3}))?)?"
    r"\s*(?:(?P<mark>[:–]|\s-|-\s|(?<=response) is(?: that)?\b)\s*(?P<rest>.*)|$)",
    re.IGNORECASE,
)
_LETTERED = re.compile(r"\(?(?:[a-h]|[ivx]{1,4})[.)]\s+(?=\S)")
_PROGRESS = re.compile(
    r"(?P<said>(?:progress|rating|status|assessment)(?: made)?\s*[:–-]\s*)?(?P<word>[a-z ]{3,40}?)"
    r"(?: (?:has been|was|is) made)?\W*",
    re.IGNORECASE,
)
_OTHER_PROGRESS = re.compile(r"(?:\w+ )?progress (?:has|was|had|made)\b|progress:", re.IGNORECASE)
_RECOMMENDS = re.compile(r"\brecommend(?:s|\b(?!ed)|ed that\b)(?: that\b)?", re.IGNORECASE)
_ASKS = either(r"should|must|needs?|ha(?:s|ve) to|ought|ensure|require[sd]?|improve")
_VERB = either("is|are|was|were|will|has|have|had|should|must|needs?")
_MOST_WORDS, _LONGEST, _TITLE_LINES, _AHEAD, _MAX_ACTIONS = 14, 400, 14, 40, 500

NO_NUMBER = "the entry has no number and no bullet; the number is its place"
NO_LIST = "no heading says what is answered here"
NO_ENTRY = "it introduces an answer, and no entry with a number stands above it"
SAID = "a sentence that recommends, and no entry of a list"
TOLD = "its progress is told in words that are on no scale here"
TWICE = "a second entry with the number of another"
POINT = "a point that is none of the numbered ones"
UNREAD = "it introduces an entry of a list that is not understood"
OF_UNCLEAR = "an area for improvement may be an issue, an aspect for improvement or neither"


@dataclass
class _Entry:
    """One action, with what answers it; `head` is the line of the heading of its list."""

    number: int
    kind: str
    lines: list[int]
    words: list[str]
    why: str
    head: int | None
    bullet: bool = False
    answered: bool = False  # a line says that the answer begins
    progress: str | None = None
    answer: list[tuple[int, str]] = field(default_factory=list)


def action_kind(words: str) -> str | None:
    """The kind of action that words name; an issue, where they name that and a recommendation."""
    found = [kind for kind, pattern in _KIND.items() if pattern.search(words)]
    if found == ["recommendation", "issue"]:
        return "issue"
    return found[0] if len(found) == 1 else None


def numbered(words: str) -> tuple[int | None, int]:
    """The number of an action that words begin with, and where they go on."""
    if (match := ENTRY.match(words)) and match["number"]:
        return int(match["number"]), match.start("rest")
    match = NUMBERED.match(words)
    return (int(match[1]), match.end()) if match else (None, 0)


def read_actions(claims: Claims) -> None:
    """Add every action that stands in no table, and every answer; then end silence."""
    reader = _Reader(claims)
    for line, words in enumerate(claims.text.words):
        reader.take(line, words)
    have = {(one.row["kind"], one.row["number"]) for one in claims.of("actions")}
    for entry in _merged(reader.entries):
        if (entry.kind, entry.number) in have:
            continue
        claim = claims.add(
            "actions", entry.lines, entry.why if any(entry.words) else UNREAD, kind=entry.kind,
            number=entry.number, text=squeeze(" ".join(entry.words)) or None,
            progress=entry.progress,
        )  # fmt: skip
        claim.at = entry.head
        if entry.answer and (reader.answering or entry.answered):
            told = squeeze(" ".join(shown for _, shown in entry.answer)) or None
            why = entry.why or ("" if told else "a response without words")
            lines = [line for line, _ in entry.answer]
            claims.add("responses", lines, why, number=entry.number, text=told).at = entry.head
    _leftovers(claims)


class _Reader:
    """Walks over the lines and gathers entries."""

    def __init__(self, claims: Claims) -> None:
        self.claims, self.text = claims, claims.text
        self.entries: list[_Entry] = []
        self.entry: _Entry | None = None
        self.kind: str | None = None  # of the list that is open, with the line of its heading
        self.head: int | None = None
        self.unclear, self.last = "", 0
        self.blank = self.bullets = False
        matches = {line: MARK.match(self.text.words[line]) for line in self.text.filled()}
        self.marks = {
            line: match
            for line, match in matches.items()
            if match and (match["mark"] or len(match[0].split()) <= 3)
        }
        title = islice(self.text.filled(), _TITLE_LINES)
        titled = any("response" in self.text.words[line][:160].casefold() for line in title)
        self.answering = bool(self.marks) or titled

    def take(self, line: int, words: str) -> None:
        """Take one line."""
        if words and line in self.claims.used:
            self.entry = None
        elif words and len(self.entries) < _MAX_ACTIONS:
            steps = (self._answers, self._begins, self._heads, self._asks, self._goes_on)
            any(step(line, words) for step in steps)
        self.blank = not words

    def _answers(self, line: int, _: str) -> bool:
        """Whether a line begins the answer to an entry."""
        match = self.marks.get(line)
        if match and match["number"]:
            number = int(match["number"])
            self.entry = next((e for e in reversed(self.entries) if e.number == number), None)
        if match is None or self.entry is None:
            return False
        self.entry.answered = True
        if match["rest"]:
            self.entry.answer.append((line, self.text.shown(line, match.start("rest"))))
        return True

    def _begins(self, line: int, words: str) -> bool:
        """Whether a line begins an entry by its name, number, bullet or letter."""
        named, counted, bullet = (p.match(words) for p in (ENTRY, NUMBERED, BULLET))
        if named and (named["number"] or len(named["rest"].split()) > 2):
            rest = named["rest"]
            if rest and not (named["mark"] or named["colon"] or rest[0].isupper()):
                return False  # "Recommendation 3 has been met": a sentence
            self.kind, self.unclear = action_kind(named["kind"]) or "recommendation", ""
            number = int(named["number"]) if named["number"] else None
            return self._start(number, line, named.start("rest"))
        if self.kind is None:
            return False
        if counted and self._is_next(line, words, counted):
            return self._start(int(counted[1]), line, counted.end())
        entry = self.entry
        within = entry and not (entry.bullet and (self.blank or not entry.answered))
        if bullet and self.bullets and not within:
            points = sum(one.bullet and one.kind == self.kind for one in self.entries)
            self._start(points + 1, line, bullet.end())
            self.entries[-1].bullet, self.bullets, self.last = True, True, 0
            return True
        lettered = _LETTERED.match(words)
        return lettered is not None and self._start(None, line, lettered.end(), NO_NUMBER)

    def _is_next(self, line: int, words: str, match: re.Match[str]) -> bool:
        """Whether a number is that of the next entry of the open list, or of its first."""
        number, rest = int(match[1]), words[match.end() :]
        dotted = bool(re.match(r"\(?[0-9]+[.):]", words)) or not rest
        below = next(self.text.filled(line + 1), None) in self.marks
        plain = rest[:1].isupper() and (below if self.answering else len(rest.split()) > 4)
        skips = dotted and below and self.blank and number > self.last
        shaped = dotted or plain or len(self.text.cells[line]) > 1
        return shaped and (number in {1, self.last + 1} or skips)

    def _start(self, number: int | None, line: int, at: int, why: str = "") -> bool:
        """A new entry; one without a number takes its place among those of its kind."""
        kind = self.kind or "recommendation"
        place = 1 + sum(one.kind == kind for one in self.entries if not one.bullet)
        shown = [self.text.shown(line, at)]
        self.entry = _Entry(number or place, kind, [line], shown, why or self.unclear, self.head)
        self.entries.append(self.entry)
        self.last, self.bullets = number or self.last, False
        return True

    def _heads(self, line: int, words: str) -> bool:
        """Whether a line is a heading: one that names a kind of action opens a list."""
        words = words.strip(" |*")
        count, entry = len(words.split()), self.entry
        sentence = count > 6 and not words.endswith(":") and _VERB.search(words)
        if sentence or count > _MOST_WORDS or words.endswith((".", ";", ",", "?")):
            return False
        item = re.match(r"\(?[0-9]+[.)]? (?!(?:[A-Z][\w'-]* ?){1,4}$)", words) or BULLET.match(
            words
        )
        kind = None if item else action_kind(words)
        if kind and (entry is None or self.blank):
            self.kind, self.head, self.bullets, self.entry, self.last = kind, line, True, None, 0
            self.unclear = OF_UNCLEAR if UNCLEAR.search(words) else ""
            return True
        ends = self.blank and self.text.roles[line] == "heading" and not self._is_entry(line)
        if ends and (entry is None or entry.answer or not (self.answering or entry.bullet)):
            self.entry, self.kind = None, self.kind if self.answering else None
            return True
        return False

    def _is_entry(self, line: int) -> bool:
        return next(self.text.filled(line + 1), None) in self.marks

    def _asks(self, line: int, words: str) -> bool:
        """Whether a line without a mark of its own is an entry: it asks, or is answered below."""
        entry = self.entry
        if entry and (not entry.why or (self.answering and not self.blank)):
            return False
        if entry and self.text.same_paragraph(entry.lines[-1], line):
            return False
        asks = bool(_ASKS.search(words)) and len(words) < _LONGEST
        listed = asks and self.kind is not None and not (entry and entry.answer)
        answered = self._is_entry(line) and not (entry and not entry.answer)
        if not (listed or (answered and (asks or self.kind is not None or entry is not None))):
            return False
        marker = NUMBERED.match(words) or _LETTERED.match(words) or BULLET.match(words)
        number = int(marker[1]) if marker and marker.re is NUMBERED else None
        why = NO_NUMBER if self.kind else NO_LIST
        return self._start(number, line, marker.end() if marker else 0, why)

    def _goes_on(self, line: int, words: str) -> bool:
        """A line that goes on with the action, tells its progress, or is part of its answer."""
        entry = self.entry
        if entry is None or (any(entry.words) and self._told(entry, line, words)):
            self.entry = None
        elif not (entry.answered or entry.answer) and (
            not any(entry.words)
            or self.text.same_paragraph(entry.lines[-1], line)
            or (not entry.bullet and self._answer_ahead(line))
        ):
            entry.lines.append(line)
            entry.words.append(self.text.shown(line))
        elif entry.answered or entry.answer or (self.answering and not entry.bullet):
            entry.answer.append((line, self.text.shown(line)))
        else:
            self.entry, self.bullets = None, False
        return True

    def _answer_ahead(self, line: int) -> bool:
        """Whether a line that begins an answer comes before the next entry."""
        for other in self.text.filled(line + 1, min(len(self.text), line + _AHEAD)):
            words = self.text.words[other]
            if other in self.marks or ENTRY.match(words) or NUMBERED.match(words):
                return other in self.marks
        return False

    def _told(self, entry: _Entry, line: int, words: str) -> bool:
        """Whether a line tells the progress of an action; "Substantial" is short for the word."""
        known, progress = self.claims.words, None
        if match := _PROGRESS.fullmatch(words):
            short = f"{match['word']} progress" if match["said"] else ""
            progress = known.progress_of(match["word"]) or known.progress_of(short)
        if not progress and not _OTHER_PROGRESS.match(words):
            return False
        entry.progress, entry.lines = progress, [*entry.lines, line]
        entry.why = entry.why or ("" if progress else TOLD)
        return True


def _merged(entries: list[_Entry]) -> list[_Entry]:
    """Each action once: as many points as numbered entries are the same ones, stated twice."""
    made: dict[tuple[str, int], _Entry] = {}
    twice: list[_Entry] = []
    for entry in (one for one in entries if not one.bullet):
        first = made.get((entry.kind, entry.number))
        if first and (first.answer or not entry.answer):
            entry.why = TWICE
            twice.append(entry)
            continue
        entry.lines = [*(first.lines if first else ()), *entry.lines]
        made[entry.kind, entry.number] = entry
    points, counted = [one for one in entries if one.bullet], list(made.values())
    if [one.kind for one in points] == [one.kind for one in counted]:
        for point, entry in zip(points, counted, strict=True):
            entry.lines = [*point.lines, *entry.lines]
        return counted + twice
    for point in points if counted else ():
        point.why = POINT
    return counted + twice + points


def _leftovers(claims: Claims) -> None:
    """A line that introduces an answer or an entry, or recommends, and stands nowhere: a doubt."""
    text, words = claims.text, claims.words
    taken = claims.lines("actions", "responses") | claims.used
    place = sum(one.row["kind"] == "recommendation" for one in claims.of("actions"))
    for sentence in text.sentences:
        said = _RECOMMENDS.search(sentence.plain[:1_000])
        if said and taken.isdisjoint(sentence.lines):
            place, shown = place + 1, sentence.printed[said.end() :].strip(" :")
            row = {"kind": "recommendation", "number": place, "text": shown or None}
            claims.add("actions", sentence.lines, SAID, **row)
            taken.update(sentence.lines)
    taken |= {line - 1 for line in claims.lines("responses")}
    for line in (one for one in text.filled() if one not in taken):
        plain = text.words[line]
        mark, entry, number = MARK.match(plain), ENTRY.match(plain), numbered(plain)[0]
        if mark and ((mark["mark"] and mark["rest"]) or "CPS" in plain):
            below = next((text.words[one] for one in text.filled(line + 1)), None)
            number = int(mark["number"]) if mark["number"] else None
            claims.add("responses", [line], NO_ENTRY, number=number, text=mark["rest"] or below)
        elif entry and (entry["mark"] or entry["colon"]) and entry["rest"]:
            kind = action_kind(entry["kind"]) or "recommendation"
            claims.add("actions", [line], UNREAD, kind=kind, number=number, text=entry["rest"])
        elif found := list(words.progress_word.finditer(plain))[-1:]:
            start, end = found[0].span()
            marked = (start and plain[start].isupper()) or number is not None
            if marked and not plain[end:].strip(" .*'\""):
                row = {"kind": "recommendation", "number": None, "text": plain[:start].strip()}
                progress = words.progress_of(found[0][0])
                claims.add("actions", [line], UNREAD, **row, progress=progress)
