"""Recommendations, issues and aspects for improvement in lines, and what answers them.

An entry is certain by its own name and number, or in a list under a heading that names its kind:
of bullets, or with all the numbers from 1. An answer is certain behind a line that says it begins,
or under the numbered heads of a list whose points were stated before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice

from hmcpsi_data.documents.claims import Claims
from hmcpsi_data.documents.text import BULLET, NUMBERED, either, squeeze
from hmcpsi_data.documents.vocabulary import stems

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
    r"(?P<kind>recommendation|issue(?: to address)?|aspect for improvement|AFI"
    r"|R(?=[0-9])|rec\.?(?= ?[0-9]))"
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
_ASKS = either(r"should|must|needs?|ha(?:s|ve) to|ought|ensure|require[sd]?|improve")
_DECIDED = re.compile(
    r"(?:not |part\w* )?(?:accepted|agreed|rejected|noted)\W*"
    r"|.*\baccept\w* .*\brecommendations?\b.*",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"(?:the |all )?(?:\w+ )?(?:police|constabulary|forces?|courts?|HMCTS|HM Courts|council"
    r"|probation|government|ministry|Home Office|inspectorate|magistrates|barristers|defence)\b",
    re.IGNORECASE,
)
_OF_INSPECTION = re.compile(r"recommend|to address|inspect|HMCPSI|AFI|improvement", re.IGNORECASE)
_TAKEN_BACK = either(r"rejected|withdrawn|superseded|none|no recommendation")
# A sentence that introduces an action, or tells of one.
_RECOMMENDS = re.compile(
    r"\brecommend(?:s|\b(?!ed)|ed that\b)(?: that\b)?|\b(?:a|one) recommendation\b", re.IGNORECASE
)
_LISTS = re.compile(
    r"(?:(?:the|our|key|main) )*"
    r"(?:recommendations?|issues? to address|aspects? for improvement|AFIs?)\b"
    r"(?=.*[:(] ?\w|.*\b(?:is|was|were|are|has|have)\b|.*[0-9])",
    re.IGNORECASE,
)
_OF_ACTIONS = either(r"recommendations?|issues?|aspects? for improvement|AFIs?")
_MOST_WORDS, _LONGEST, _TITLE_LINES, _MAX_ACTIONS = 14, 400, 14, 500

NO_NUMBER = "the entry has no number and no bullet under a heading; the number is its place"
NO_RUN = "the numbers of its list do not run from 1"
NO_LIST = "its heading does not say that these are recommendations or issues of the inspection"
OF_OTHERS = "it may be addressed to others than the CPS, or taken back"
TWICE = "a second entry with the number of another"
NO_POINT = "a point that is none of the numbered ones"
TOLD = "its progress is told in words that are on no scale here"
LOOSE = "no line says that it is the answer"
UNREAD = "it introduces an action, an answer or progress, and no list that is understood"


@dataclass
class _Entry:
    """One action, with what answers it; `head` is the line of the heading of its list."""

    number: int
    kind: str
    head: int | None
    lines: list[int]
    words: list[str]
    why: str
    lead: str  # the line that leads to it, where it names no kind
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
        told = squeeze(" ".join(entry.words)) or None
        why = entry.why if told and " " in told else UNREAD
        if told and (_OTHERS.match(told) or _TAKEN_BACK.search(told)):
            why = why or OF_OTHERS
        row = {"kind": entry.kind, "number": entry.number, "text": told}
        claim = claims.add("actions", entry.lines, why, **row, progress=entry.progress)
        head = "" if entry.head is None else claims.text.words[entry.head]
        claim.at, claim.over = entry.head, (entry.lead, head)
        if entry.answer:
            told = squeeze(" ".join(shown for _, shown in entry.answer)) or None
            why = why or ("" if told and entry.answered else LOOSE)
            lines = [line for line, _ in entry.answer]
            claims.add("responses", lines, why, number=entry.number, text=told)
    _leftovers(claims)


class _Reader:
    """Walks over the lines and gathers entries."""

    def __init__(self, claims: Claims) -> None:
        self.claims, self.text = claims, claims.text
        self.entries: list[_Entry] = []
        self.entry: _Entry | None = None
        self.kind: str | None = None  # of the list that is open, with the line of its heading
        self.head: int | None = None
        self.blank, self.lead = False, ""
        matches = ((line, MARK.match(self.text.words[line])) for line in self.text.filled())
        self.marks = {
            line: match for line, match in matches
            if match and (match["mark"] or len(match[0].split()) <= 3)
        }  # fmt: skip
        title = islice(self.text.filled(), _TITLE_LINES)
        titled = any("response" in self.text.words[line][:160].casefold() for line in title)
        self.answering = bool(self.marks) or titled

    def take(self, line: int, words: str) -> None:
        """Take one line."""
        if words and line in self.claims.used:
            self.entry = None
        elif words and len(self.entries) < _MAX_ACTIONS:
            steps = (self._answers, self._begins, self._heads, self._asks)
            if not any(step(line, words) for step in steps) and self.entry:
                self._goes_on(self.entry, line, words)
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
            self.kind, self.head = action_kind(named["kind"]) or "recommendation", None
            why = "" if named["mark"] or named["colon"] or not rest else UNREAD
            return self._start(int(named["number"] or 0), line, named.start("rest"), why)
        if self.kind is None:
            return False
        if counted:
            dotted = not words[: counted.end()].strip().isdigit() or counted.end() == len(words)
            if dotted or words[counted.end()].isupper():
                return self._start(int(counted[1]), line, counted.end(), "")
        elif bullet and (self.entry is None or self.entry.bullet):
            points = sum(one.bullet and one.kind == self.kind for one in self.entries)
            self._start(points + 1, line, bullet.end(), "")
            self.entries[-1].bullet = True
            return True
        lettered = _LETTERED.match(words)
        return lettered is not None and self._start(0, line, lettered.end(), NO_NUMBER)

    def _start(self, number: int, line: int, at: int, why: str) -> bool:
        """A new entry; one without a number takes its place among those of its kind."""
        kind = self.kind or "recommendation"
        number = number or 1 + sum(one.kind == kind and not one.bullet for one in self.entries)
        head = "inspection" if self.head is None else self.text.words[self.head]
        if not _OF_INSPECTION.search(head) or UNCLEAR.search(head):
            why = why or NO_LIST
        shown = [self.text.shown(line, at)]
        self.entry = _Entry(number, kind, self.head, [line], shown, why, self.lead)
        self.entries.append(self.entry)
        return True

    def _heads(self, line: int, words: str) -> bool:
        """Whether a line is a heading: one that names a kind of action opens a list."""
        entry, colon = self.entry, words.endswith(":")
        heading = colon or self.text.roles[line] == "heading"
        if not heading or (entry and not self.blank) or self._is_answered(line):
            return False
        kind = action_kind(words) if len(words.split()) <= _MOST_WORDS else None
        if entry is None and colon and kind in (None, self.kind):
            self.lead = words
        elif kind:
            self.kind, self.head, self.lead = kind, line, ""
        else:
            self.kind = None
        self.entry = None
        return True

    def _is_answered(self, line: int) -> bool:
        return next(self.text.filled(line + 1), None) in self.marks

    def _asks(self, line: int, words: str) -> bool:
        """Whether a line without a mark of its own is an entry: it asks, or is answered below."""
        entry = self.entry
        if entry and (
            not (entry.why or entry.answered) or self.text.same_paragraph(entry.lines[-1], line)
        ):
            return False
        asks = bool(_ASKS.search(words)) and len(words) < _LONGEST
        if self._is_answered(line):
            begins = bool(entry.answer) if entry else asks or self.kind is not None
        else:
            begins = asks and self.kind is not None and not (entry and entry.answer)
        marker = NUMBERED.match(words)
        number = int(marker[1]) if marker else 0
        return begins and self._start(number, line, marker.end() if marker else 0, NO_NUMBER)

    def _goes_on(self, entry: _Entry, line: int, words: str) -> None:
        """A line that goes on with the action, tells its progress, or is part of its answer."""
        shown, ended = self.text.shown(line), _DECIDED.fullmatch(words[:_LONGEST])
        if any(entry.words) and self._told(entry, words):
            entry.lines, self.entry = [*entry.lines, line], None
        elif entry.answered or entry.answer or ended:
            entry.answer.append((line, shown))
        elif (
            not any(entry.words)
            or self.text.same_paragraph(entry.lines[-1], line)
            or (self.text.roles[line] == "item" and not entry.bullet)
        ):
            entry.lines.append(line)
            entry.words.append(shown)
        elif self.answering and not entry.bullet and self.text.roles[line] == "text":
            entry.answer.append((line, shown))
        else:
            self.entry = None

    def _told(self, entry: _Entry, words: str) -> bool:
        """Whether a line tells the progress of an action; "Substantial" is short for the word."""
        known, progress = self.claims.words, None
        if match := _PROGRESS.fullmatch(words):
            short = f"{match['word']} progress" if match["said"] else ""
            progress = known.progress_of(match["word"]) or known.progress_of(short)
        if not progress and not _OTHER_PROGRESS.match(words):
            return False
        entry.progress = progress
        entry.why = entry.why or ("" if progress else TOLD)
        return True


def _merged(entries: list[_Entry]) -> list[_Entry]:
    """Each action once: as many points as numbered entries are the same ones, stated twice."""
    points = [one for one in entries if one.bullet]
    counted = [one for one in entries if not one.bullet]
    lists: dict[tuple[str, int | None], list[_Entry]] = {}
    for entry in counted:
        lists.setdefault((entry.kind, entry.head), []).append(entry)
    for (_, head), found in lists.items():
        numbers = [one.number for one in found]
        for entry in found:
            if head is not None and numbers != [*range(1, len(found) + 1)]:
                entry.why = entry.why or NO_RUN
            elif head is None and numbers.count(entry.number) > 1:
                entry.why = entry.why or TWICE
    pairs = list(zip(points, counted, strict=False))
    if points and len(points) == len(counted) and all(_is_same(*pair) for pair in pairs):
        for point, entry in pairs:
            entry.lines, entry.answered = [*point.lines, *entry.lines], True
        return counted
    for point in points if counted else ():
        point.why = NO_POINT
    return counted + points


def _is_same(point: _Entry, entry: _Entry) -> bool:
    """Whether a numbered entry says again what a point said."""
    said, again = (stems(" ".join(one.words)) for one in (point, entry))
    return point.kind == entry.kind and 2 * len(said & again) > len(said)


def _leftovers(claims: Claims) -> None:
    """What introduces an action, an answer or progress and stands nowhere: a doubt."""
    text, words = claims.text, claims.words
    taken = claims.lines("actions", "responses") | claims.used
    heads = {one.at for one in claims.of("actions")}
    counted = {one.sentence for one in claims.of("measures") if not one.why}
    place = sum(one.row["kind"] == "recommendation" for one in claims.of("actions"))
    for at, sentence in enumerate(text.sentences):
        plain = sentence.plain[:1_000]
        said = _RECOMMENDS.search(plain) or _LISTS.match(plain)
        told = _OF_ACTIONS.search(plain) and words.progress_word.search(plain)
        mine = taken.isdisjoint(sentence.lines) and heads.isdisjoint(sentence.lines)
        if not mine or at in counted or not (said or told):
            continue
        if text.roles[sentence.lines[0]] != "heading" or _RECOMMENDS.search(plain):
            place, shown = place + 1, sentence.printed[said.end() if said else 0 :].strip(" :")
            progress = words.progress_of(told[0]) if told else None
            number = None if told else place
            kind = action_kind(plain) or "recommendation"
            claims.add("actions", sentence.lines, UNREAD, kind=kind, number=number,
                       text=shown or None, progress=progress)  # fmt: skip
            taken.update(sentence.lines)
    taken |= {line - 1 for line in claims.lines("responses")}
    for line in (one for one in text.filled() if one not in taken):
        plain = text.words[line]
        mark, (number, start) = MARK.match(plain), numbered(plain)
        entry = ENTRY.match(plain) or ENTRY.match(plain, start)  # also "1. Issue: ..."
        last = next(reversed(list(words.progress_word.finditer(plain))), None)
        answers = mark and ((mark["mark"] and mark["rest"]) or "CPS" in plain)
        below = next((text.words[one] for one in text.filled(line + 1)), None)
        if answers or _DECIDED.fullmatch(plain[:_LONGEST]):
            shown = ((mark["rest"] or below) if mark else plain) or ""
            answered = int((mark and mark["number"]) or 0) or None
            claims.add("responses", [line], UNREAD, number=answered, text=shown)
        elif entry and entry["rest"] and (entry["number"] or entry["colon"]):
            kind = action_kind(entry["kind"]) or "recommendation"
            claims.add("actions", [line], UNREAD, kind=kind, number=number, text=entry["rest"])
        elif last and (number is not None or plain[-1] == ":" or last.start()):
            row = {"kind": "recommendation", "text": plain[: last.start()].strip() or below}
            if last[0][0].isupper() and not plain[last.end() :].strip(" .:*'\""):
                claims.add("actions", [line], UNREAD, **row, progress=words.progress_of(last[0]))
