"""Recommendations, issues and aspects for improvement, and what answers them.

What follows an entry is detail until an answer begins, by a line that says so or, in an answer of
the CPS without such lines, by a paragraph of its own. An entry without number or bullet is a doubt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice

from hmcpsi_data.documents.claims import Claims
from hmcpsi_data.documents.text import BULLET, NUMBERED, Text, either, squeeze

__all__ = ["ENTRY", "MARK", "action_kind", "numbered", "read_action_leftovers", "read_actions"]

_KIND = {
    kind: re.compile(pattern, re.IGNORECASE)
    for kind, pattern in {
        "aspect_for_improvement": r"\baspects? for improvement\b|\bAFIs?\b",
        "recommendation": r"\brecommendations?\b|\brecommend(?:s|ed)?\b:?$",
        "issue": r"\bissues?\b|\bareas? for improvement\b",
    }.items()
}
ENTRY = re.compile(
    r"(?:(?:the |our )?(?:HMCPSI(?:'s)?|inspectorate's|inspectors'?|CPS) )?"
    r"(?P<kind>recommendation|issue(?: to address)?|aspect for improvement|AFI|R(?=[0-9]))"
    r"(?:(?: no\.?| number)? ?#?(?P<number>[0-9]{1,3})\b(?!\s+(?:of|out)\b)(?:\s*\([^()]*\)$)?"
    r"(?P<mark>\s*[:.)–-]+)?|(?P<colon>\s*:))\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_RECOMMENDS = re.compile(
    r"(?:\w+[\w' ]{0,30} )?(?:(?:we|inspectors?|HMCPSI|inspectorate) recommend(?:s|ed)?"
    r"|it is recommended)(?: that)? (?P<rest>.+)",
    re.IGNORECASE,
)
_LETTERED = re.compile(r"\(?(?P<letter>[a-h]|[ivx]{1,4})[.)]\s+(?=\S)")
_BY = (
    r"(?:(?:the )?(?:CPS|Area|our|inspected body)(?:'s)?"
    r"(?: (?:Area|management|initial|[A-Z]\w+)){0,3} )?"
)
_NAMED = r"(?:recommendation|issue|aspect for improvement|AFI)(?: no\.?)?"
MARK = re.compile(
    rf"{_BY}(?:response|reply|comments?|action(?:s)?(?: (?:taken|planned|to be taken))?)"
    rf"(?: to (?:this )?{_NAMED}(?: ?(?P<number>[0-9]{{1,3}}))?)?"
    r"\s*(?:(?P<mark>[:–]|\s-|-\s|(?<=response) is(?: that)?\b)\s*(?P<rest>.*)|$)",
    re.IGNORECASE,
)
_INLINE = re.compile(r"(?<=[.;:?!)]) (?:The )?(?:CPS|Area)(?: \w+){0,3}? response ?[:-] ", re.I)
_PROGRESS = re.compile(
    r"(?P<said>(?:progress|rating|status|assessment)(?: made)?\s*[:–-]\s*)?(?P<word>[a-z ]{3,40}?)"
    r"(?: (?:has been|was|is) made)?\W*",
    re.IGNORECASE,
)
_OTHER_PROGRESS = re.compile(r"(?:\w+ )?progress (?:has|was|had|made)\b|progress:", re.IGNORECASE)
_ACCEPTS = re.compile(
    r"(?:(?:fully |partially |partly |not |we )?(?:accept(?:ed)?|agreed?|rejected?)"
    r"(?: in (?:part|principle|full))?(?:[.:;,]| -|$)"
    r"|we (?:fully |partially )?(?:accept|agree with) this (?:recommendation|issue)\b)",
    re.IGNORECASE,
)
_ENDS_LIST = re.compile(
    r"(?:notes? (?:to|for) (?:the )?editors?|ends?|contacts?|further information"
    r"|about (?:us|the cps)|media (?:enquiries|contact)|press (?:office|contact)|background"
    r"|related (?:links|content|pages)|share this(?: page)?|conclusion|scroll to top|back to top"
    r"|footer|summary|strengths?|cookies?|copyright|annex(?: \w+)?|appendix(?: \w+)?|next steps"
    r"|glossary)\W*",
    re.IGNORECASE,
)
_VERB = re.compile(r"\b(?:is|are|was|were|will|has|have|had|should|must|needs?)\b")
_ASKS = either(r"should|must|needs?|ha(?:s|ve) to|ought|ensure|require[sd]?|improve")
_ENDS_SENTENCE = re.compile(r"[.!?:;][\"')\]]*$")
_MONTH = re.compile(r"(?:Jan|Feb|March|April|May\b|June|July|Aug|Sept|Oct|Nov|Dec)")
_SHORT, _FEW, _MOST_WORDS = 8, 4, 14
_TITLE_LINES, _AHEAD = 14, 40
_MAX_ACTIONS = 500

KIND_UNCLEAR = re.compile(r"\bareas? for improvement\b", re.IGNORECASE)
UNCLEAR = "an area for improvement may be an issue, an aspect for improvement or neither"
NO_NUMBER = "the entry has no number and no bullet; the number is its place"
NO_ENTRY = "it introduces an answer, and no entry with a number stands above it"
SAID = "a sentence that recommends, and no entry of a list"
NO_LIST = "no heading says what is answered here"
TOLD = "its progress is told in words that are on no scale here"
UNREAD = "it introduces an entry of a list that is not understood"


@dataclass
class Entry:
    """One action, with what answers it."""

    number: int
    kind: str
    lines: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    why: str = ""
    marked: bool = False
    bullet: bool = False
    progress: str | None = None
    answer_lines: list[int] = field(default_factory=list)
    answer: list[str] = field(default_factory=list)


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
    """Add every action that has no rating of progress in a table, and every answer."""
    reader = _Reader(claims)
    entries = reader.read()
    have = {(one.row["kind"], one.row["number"]) for one in claims.of("actions")}
    for entry in _merged(entries):
        if (entry.kind, entry.number) in have:
            continue
        why = entry.why if any(entry.words) else UNREAD
        _unsigned(claims.text, entry)
        claims.add(
            "actions", entry.lines, why, kind=entry.kind, number=entry.number,
            text=squeeze(" ".join(entry.words)) or None, progress=entry.progress,
        )  # fmt: skip
        if entry.answer_lines and (reader.answering or entry.marked):
            answer = squeeze(" ".join(entry.answer)) or None
            why = entry.why or ("" if answer else "a response without words")
            claims.add("responses", entry.answer_lines, why, number=entry.number, text=answer)


def read_action_leftovers(claims: Claims) -> None:
    """End silence: a line that introduces an answer or an entry and stands nowhere is a doubt."""
    text, words = claims.text, claims.words
    listed = claims.lines("actions", "responses") | claims.used
    taken = listed | {line - 1 for line in claims.lines("responses")}
    place = sum(one.row["kind"] == "recommendation" for one in claims.of("actions"))
    for sentence in text.sentences:
        said = _RECOMMENDS.match(sentence.plain)
        if said and not listed.intersection(sentence.lines):
            place, shown = place + 1, sentence.printed[said.start("rest") :]
            row = {"kind": "recommendation", "number": place, "text": shown}
            claims.add("actions", sentence.lines, SAID, **row)
            taken.update(sentence.lines)
    for line in text.filled():
        if line in taken:
            continue
        plain = text.words[line]
        mark, entry = MARK.match(plain), ENTRY.match(plain)
        if mark and ((mark["mark"] and mark["rest"]) or "CPS" in plain):
            below = next((text.words[one] for one in text.filled(line + 1)), None)
            number, told = mark["number"] and int(mark["number"]), mark["rest"] or below
            claims.add("responses", [line], NO_ENTRY, number=number, text=told)
        elif entry and (entry["mark"] or entry["colon"]) and entry["rest"]:
            kind, number = action_kind(entry["kind"]) or "recommendation", numbered(plain)[0]
            claims.add("actions", [line], UNREAD, kind=kind, number=number, text=entry["rest"])
        else:
            for match in list(words.progress_word.finditer(plain))[-1:]:
                ends = not plain[match.end() :].strip(" .*'\"")
                capital = match[0][0].isupper() and match.start()
                if ends and (capital or NUMBERED.match(plain)):
                    rest, progress = plain[: match.start()].strip(), words.progress_of(match[0])
                    claims.add(
                        "actions", [line], UNREAD, kind="recommendation", number=None, text=rest,
                        progress=progress,
                    )  # fmt: skip


class _Reader:
    """Walks over the lines and gathers entries."""

    def __init__(self, claims: Claims) -> None:
        self.claims, self.text = claims, claims.text
        self.entries: list[Entry] = []
        self.kind: str | None = None  # of the list that is open
        self.unclear = ""  # why its kind is in doubt
        self.entry: Entry | None = None
        self.last = 0
        self.blank = self.bullets = False
        self.marks = {line for line in self.text.filled() if self._is_mark(line)}
        title = [self.text.words[line] for line in islice(self.text.filled(), _TITLE_LINES)]
        titled = any(re.search(r"(?i)\bresponse\b", words[:160]) for words in title)
        self.answering = bool(self.marks) or titled

    def _is_mark(self, line: int) -> bool:
        words = self.text.words[line]
        match = MARK.match(words)
        return match is not None and bool(match["mark"] or len(words.split()) <= 3)

    def read(self) -> list[Entry]:
        for line, words in enumerate(self.text.words):
            if not words:
                self.blank = True
                continue
            if line in self.claims.used:
                self.entry = None
            elif len(self.entries) < _MAX_ACTIONS:
                self._line(line, words)
            self.blank = False
        return self.entries

    def _line(self, line: int, words: str) -> None:
        if _ENDS_LIST.fullmatch(words.strip(" |*-")):
            self.kind, self.entry, self.last, self.bullets = None, None, 0, False
        elif self._answered(line, words) or self._entered(line, words):
            return
        elif (kind := self._heading(words)) and (self.entry is None or self._is_new(words)):
            self.kind, self.entry, self.last, self.bullets = kind, None, 0, True
            self.unclear = UNCLEAR if KIND_UNCLEAR.search(words) else ""
        elif not self._unmarked(line, words) and self.entry is not None:
            self._more(line, words)

    def _heading(self, words: str) -> str | None:
        """The kind of action that a heading announces."""
        words = words.strip(" |*")
        count = len(words.split())
        if not 0 < count <= _MOST_WORDS or words.endswith((".", ";", ",", "?")):
            return None
        if NUMBERED.match(words) and not re.match(r"[0-9.]+ (?:[A-Z][\w'-]* ?){1,4}$", words):
            return None
        if count > 6 and not words.endswith(":") and _VERB.search(words):
            return None
        return action_kind(words)

    def _is_new(self, words: str) -> bool:
        return self.blank and len(words.split()) <= _SHORT and not BULLET.match(words)

    def _start(self, number: int | None, line: int, shown: str, why: str = "") -> Entry:
        """A new entry; one without a number takes its place among those of its kind."""
        kind = self.kind or "recommendation"
        place = 1 + sum(one.kind == kind for one in self.entries if not one.bullet)
        self.entry = Entry(number or place, kind, [line], why=why or self.unclear)
        self.entries.append(self.entry)
        self.last = number or self.last
        if inline := _INLINE.search(shown.replace("’", "'")):
            self.entry.marked = True
            self.entry.answer_lines, self.entry.answer = [line], [shown[inline.end() :]]
            shown = shown[: inline.start()]
        self.entry.words = [shown] if shown else []
        return self.entry

    def _entered(self, line: int, words: str) -> bool:
        """Whether a line begins an entry by its name, number, letter, bullet or verb."""
        named, counted, bullet = (p.match(words) for p in (ENTRY, NUMBERED, BULLET))
        if named and (named["number"] or len(named["rest"].split()) > 2):
            rest = named["rest"]
            if rest and not (named["mark"] or named["colon"] or rest[0].isupper()):
                return False  # "Recommendation 3 has been met": a sentence
            self.kind, self.unclear = action_kind(named["kind"]) or "recommendation", ""
            number = int(named["number"]) if named["number"] else None
            self._start(number, line, self.text.shown(line, named.start("rest")))
        elif counted and self.kind and self._is_next(line, words, counted):
            self._start(int(counted[1]), line, self.text.shown(line, counted.end()))
        elif bullet and self.kind and self.bullets and self._is_point():
            points = [one for one in self.entries if one.bullet and one.kind == self.kind]
            entry = self._start(len(points) + 1, line, self.text.shown(line, bullet.end()))
            entry.bullet, self.last = True, 0
            return True
        elif self.kind and (lettered := _LETTERED.match(words)):
            self._start(None, line, self.text.shown(line, lettered.end()), NO_NUMBER)
        else:
            return False
        self.bullets = False
        return True

    def _is_next(self, line: int, words: str, match: re.Match[str]) -> bool:
        """Whether a number is that of the next entry of the open list, or of its first."""
        number, rest = int(match[1]), words[match.end() :]
        dotted = bool(re.match(r"\(?[0-9]+[.):]", words)) or not rest
        below = next(self.text.filled(line + 1), None) in self.marks
        skips = dotted and below and self.blank and number > self.last
        plain = rest[:1].isupper() and not _MONTH.match(rest)
        plain = plain and (below if self.answering else len(rest.split()) > _FEW)
        shaped = dotted or plain or len(self.text.cells[line]) > 1
        return shaped and (number in {1, self.last + 1} or skips)

    def _is_point(self) -> bool:
        entry = self.entry
        return entry is None or (entry.bullet and (not entry.marked or self.blank))

    def _unmarked(self, line: int, words: str) -> bool:
        """Whether a line without a mark of its own is an entry: it asks, or is answered below."""
        entry = self.entry
        follows = next(self.text.filled(line + 1), None)
        answered = follows in self.marks and (entry is None or bool(entry.answer_lines))
        if entry is not None and not (entry.why and (self.blank or not self.answering)):
            return False
        if entry is not None:
            ended = _ENDS_SENTENCE.search(self.text.words[entry.lines[-1]])
            if not ended and self.text.same_paragraph(entry.lines[-1], line):
                return False
        asks = self.kind is not None and _ASKS.search(words) and len(words) < 400
        if not answered and (not asks or (entry is not None and entry.answer_lines)):
            return False
        if self.kind is None and entry is None and not _ASKS.search(words):
            return False  # a date or a title, for all that is known
        marker = NUMBERED.match(words) or _LETTERED.match(words) or BULLET.match(words)
        number = int(marker[1]) if marker and marker.re is NUMBERED else None
        shown = self.text.shown(line, marker.end() if marker else 0)
        self._start(number, line, shown, NO_NUMBER if self.kind else NO_LIST)
        return True

    def _answered(self, line: int, words: str) -> bool:
        """Whether a line begins the answer to an entry."""
        match = MARK.match(words) if line in self.marks else None
        if match is None:
            return False
        if match["number"]:
            number = int(match["number"])
            self.entry = next((e for e in reversed(self.entries) if e.number == number), None)
        if self.entry is None:
            return False
        self.entry.marked = True
        if match["rest"]:
            self.entry.answer_lines.append(line)
            self.entry.answer.append(self.text.shown(line, match.start("rest")))
        return True

    def _answer_ahead(self, line: int) -> bool:
        """Whether a line that begins an answer comes before the next entry."""
        for other in self.text.filled(line + 1, min(len(self.text), line + _AHEAD)):
            words = self.text.words[other]
            if other in self.marks or ENTRY.match(words) or NUMBERED.match(words):
                return other in self.marks
        return False

    def _more(self, line: int, words: str) -> None:
        """A line that goes on with the action, tells its progress, or is part of its answer."""
        entry, shown = self.entry, self.text.shown(line)
        assert entry is not None
        if self._told(entry, line, words):
            return
        accepts = self.answering and entry.words and _ACCEPTS.match(words)
        goes_on = (
            not entry.words
            or self.text.same_paragraph(entry.lines[-1], line)
            or (not entry.bullet and self._answer_ahead(line))
        )
        if not (entry.marked or entry.answer_lines or accepts) and goes_on:
            entry.lines.append(line)
            entry.words.append(shown)
        elif entry.marked or entry.answer_lines or (self.answering and not entry.bullet):
            entry.answer_lines.append(line)
            entry.answer.append(shown)
        else:
            self.entry, self.bullets = None, False

    def _told(self, entry: Entry, line: int, words: str) -> bool:
        """Whether a line tells the progress of an action; "Substantial" is short for the word."""
        if not entry.words:
            return False
        match, known, progress = _PROGRESS.fullmatch(words), self.claims.words, None
        if match:
            short = f"{match['word']} progress" if match["said"] else ""
            progress = known.progress_of(match["word"]) or known.progress_of(short)
        if not progress and not _OTHER_PROGRESS.match(words):
            return False
        entry.progress, entry.lines = progress, [*entry.lines, line]
        entry.why = entry.why or ("" if progress else TOLD)
        self.entry = None
        return True


def _unsigned(text: Text, entry: Entry) -> None:
    """Take the signature, the headings and the furniture of a page off the end of an answer."""
    lines = entry.answer_lines  # as many as there are parts of the answer
    while len(lines) > 1:
        words = text.words[lines[-1]]
        loose = not text.same_paragraph(lines[-2], lines[-1])
        loose = loose and text.roles[lines[-1]] not in {"item", "row"}
        if not loose or len(words.split()) > _SHORT or _ENDS_SENTENCE.search(words):
            break
        lines.pop()
        entry.answer.pop()


def _merged(entries: list[Entry]) -> list[Entry]:
    """Each action once: as many points as numbered entries are the same ones, stated twice."""
    made: list[Entry] = []
    for entry in (one for one in entries if not one.bullet):
        same = [at for at, e in enumerate(made) if (e.kind, e.number) == (entry.kind, entry.number)]
        if same and not made[same[0]].answer_lines and entry.answer_lines:
            entry.lines = [*made[same[0]].lines, *entry.lines]
            made[same[0]] = entry
            continue
        entry.why = "a second entry with the number of another" if same else entry.why
        made.append(entry)
    points = [one for one in entries if one.bullet]
    again = [one.kind for one in points] == [one.kind for one in made]
    for point, entry in zip(points, made, strict=False):
        if again:
            entry.lines = [*point.lines, *entry.lines]
    if again:
        return made
    for point in points if made else ():
        point.why = "a point that is none of the numbered ones"
    return made + points
