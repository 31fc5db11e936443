"""Recommendations, issues and aspects for improvement, and what answers them.

An entry is a line with a number below a heading that names what the list is, a line that names
itself ("Recommendation 2", "HMCPSI recommendation: ..."), a point of such a list, or a row of a
table. What follows is detail until an answer begins, by a line that says so or, in an answer of the
CPS without such lines, by a paragraph of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from hmcpsi_data.documents.claims import Claims
from hmcpsi_data.documents.text import BULLET, NUMBERED, Text, squeeze

__all__ = ["ENDS_LIST", "ENTRY", "action_kind", "read_action_leftovers", "read_actions"]

_KIND = {
    kind: re.compile(pattern, re.IGNORECASE)
    for kind, pattern in {
        "aspect_for_improvement": r"\baspects? for improvement\b|\bAFIs?\b",
        "recommendation": r"\brecommendations?\b",
        "issue": r"\bissues?\b",
    }.items()
}
ENTRY = re.compile(
    r"(?P<kind>recommendation|issue(?: to address)?|aspect for improvement|AFI|R(?=[0-9]))"
    r"(?: no\.?| number)? ?#?(?P<number>[0-9]{1,3})\b(?!\s+(?:of|out)\b)"
    r"(?P<mark>\s*[:.)–-]+)?\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_UNNUMBERED = re.compile(
    r"(?:(?:the |our )?(?:HMCPSI(?:'s)?|inspectorate's|inspectors'?|CPS) )?(?P<kind>recommendation"
    r"|issue(?: to address)?|aspect for improvement)\s*:\s*(?P<rest>.+)",
    re.IGNORECASE,
)
_BY = (
    r"(?:(?:the )?(?:CPS|Area|our|inspected body)(?:'s)?"
    r"(?: (?:Area|management|initial|[A-Z]\w+)){0,3} )?"
)
_NAMED = r"(?:recommendation|issue|aspect for improvement|AFI)(?: no\.?)?"
MARK = re.compile(
    rf"{_BY}(?:response|reply|comments?|action(?:s)?(?: (?:taken|planned|to be taken))?)"
    rf"(?: to (?:this )?{_NAMED}(?: ?(?P<number>[0-9]{{1,3}}))?)?"
    r"\s*(?:(?P<mark>[:–]|\s-|-\s)\s*(?P<rest>.*)|$)",
    re.IGNORECASE,
)
_INLINE = re.compile(r"(?<=[.;:?!)]) (?:The )?(?:CPS|Area)(?: \w+){0,3}? response ?[:-] ", re.I)
_PROGRESS = re.compile(r"(?:progress|rating|status|assessment)(?: made)?\s*[:–-]\s*(.{3,40})", re.I)
_ACCEPTS = re.compile(
    r"(?:(?:fully |partially |partly |not |we )?(?:accept(?:ed)?|agreed?|rejected?)"
    r"(?: in (?:part|principle|full))?(?:[.:;,]| -|$)"
    r"|we (?:fully |partially )?(?:accept|agree with) this (?:recommendation|issue)\b)",
    re.IGNORECASE,
)
ENDS_LIST = re.compile(
    r"(?:notes? (?:to|for) (?:the )?editors?|ends?|contacts?|further information"
    r"|about (?:us|the cps)|media (?:enquiries|contact)|press (?:office|contact)|background"
    r"|related (?:links|content|pages)"
    r"|share this(?: page)?|conclusion|scroll to top|back to top|footer|summary|strengths?"
    r"|cookies?|copyright|annex(?: \w+)?|appendix(?: \w+)?|next steps|glossary)\W*",
    re.IGNORECASE,
)
_RESPONDS = re.compile(r"\bresponse\b", re.IGNORECASE)
_RATES = re.compile(r"\b(?:rating|progress|status|assessment|position|outcome|result)\b", re.I)
_ROLE = re.compile(
    r"\b(?:crown prosecutor|business manager|director|head of|chief executive|inspector)\b", re.I
)
_VERB = re.compile(r"\b(?:is|are|was|were|will|has|have|had|should|must|needs?)\b")
_ENDS_SENTENCE = re.compile(r"[.!?:;][\"')\]]*$")
_WORD = re.compile(r"[a-z]{3,}")
_COMMON = frozenset(
    "the and for with that this are was has have had from its our their should must need needs "
    "needed area cps which all any been being into out will where when such there improve "
    "improvement".split()
)
_MONTH = re.compile(r"(?:Jan|Feb|March|April|May\b|June|July|Aug|Sept|Oct|Nov|Dec)")
_SHORT, _FEW, _MOST_WORDS = 8, 4, 14
_TITLE_LINES, _AHEAD = 14, 40
_ALIKE = 0.3
_MAX_ACTIONS = 500

SECOND = "a second entry with the number of another"
LOOSE = "a point that is none of the numbered ones"
NO_WORDS = "a response without words"
NO_ENTRY = "it introduces an answer, and no entry with a number stands above it"
UNREAD = "it introduces an entry of a list that is not understood"


@dataclass
class Entry:
    """One action, with what answers it."""

    number: int | None
    kind: str
    lines: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    marked: bool = False
    bullet: bool = False
    progress: str | None = None
    answer_lines: list[int] = field(default_factory=list)
    answer: list[str] = field(default_factory=list)
    why: str = ""


def action_kind(words: str) -> str | None:
    """The kind of action that words name; an issue, where they name that and a recommendation.

    Examples
    --------
    >>> action_kind("Progress against recommendations"), action_kind("Issues to address")
    ('recommendation', 'issue')
    >>> action_kind("Inspectorate's Recommendations / Issues to address")
    'issue'
    >>> action_kind("progress against recommendations and aspects for improvement")
    """
    found = [kind for kind, pattern in _KIND.items() if pattern.search(words)]
    if found == ["recommendation", "issue"]:
        return "issue"
    return found[0] if len(found) == 1 else None


def read_actions(claims: Claims) -> None:
    """Add every action that has no rating of progress in a table, and every answer."""
    text = claims.text
    reader = _Reader(claims)
    entries = [*_from_tables(claims), *reader.read()]
    have = {(one.row["kind"], one.row["number"]) for one in claims.of("actions")}
    for entry in _merged(entries):
        if (entry.kind, entry.number) in have:
            continue
        if not any(entry.words):
            if entry.number is not None:
                claims.add("actions", entry.lines, UNREAD, kind=entry.kind, number=entry.number)
            continue
        _unsigned(text, entry)
        answering = reader.answering or entry.marked
        words = squeeze(" ".join(entry.words))
        claims.add(
            "actions", entry.lines, entry.why, kind=entry.kind, number=entry.number, text=words,
            progress=entry.progress,
        )  # fmt: skip
        if not answering:
            continue
        answer = squeeze(" ".join(entry.answer))
        if answer:
            claims.add("responses", entry.answer_lines, entry.why, number=entry.number, text=answer)
        elif entry.answer_lines:
            claims.add("responses", entry.answer_lines, NO_WORDS, number=entry.number, text=None)


def read_action_leftovers(claims: Claims) -> None:
    """End silence: a line that introduces an answer or an entry and stands nowhere is a doubt."""
    text, taken = claims.text, claims.lines()
    following = {line - 1 for line in claims.lines("responses")}
    for line in text.filled():
        if line in taken or line in claims.used or line in following:
            continue
        words = text.words[line]
        mark, entry, unnumbered = (p.match(words) for p in (MARK, ENTRY, _UNNUMBERED))
        if mark and mark["mark"] and (mark["rest"] or "CPS" in words):
            number = int(mark["number"]) if mark["number"] else None
            claims.add("responses", [line], NO_ENTRY, number=number, text=mark["rest"] or None)
        elif match := unnumbered or (entry if entry and entry["mark"] and entry["rest"] else None):
            number = int(match["number"]) if match is entry else None
            kind = action_kind(match["kind"]) or "recommendation"
            claims.add("actions", [line], UNREAD, kind=kind, number=number, text=match["rest"])
        elif numbered := NUMBERED.match(words):
            for match in list(claims.words.progress_word.finditer(words))[-1:]:
                if not words[match.end() :].strip(" .*'\""):
                    rest, number = words[numbered.end() : match.start()].strip(), int(numbered[1])
                    kind, progress = "recommendation", claims.words.progress_of(match[0])
                    claims.add(
                        "actions", [line], UNREAD, kind=kind, number=number, text=rest,
                        progress=progress,
                    )  # fmt: skip


class _Reader:
    """Walks over the lines and gathers entries."""

    def __init__(self, claims: Claims) -> None:
        self.claims = claims
        self.text = claims.text
        self.entries: list[Entry] = []
        self.kind: str | None = None
        self.entry: Entry | None = None
        self.last = 0
        self.blank = False
        self.bullets = False
        marks = [line for line in self.text.filled() if self._mark(line)]
        self.marks = set(marks)
        title = list(self.text.filled())[:_TITLE_LINES]
        self.answering = bool(marks) or any(
            _RESPONDS.search(self.text.words[line]) and len(self.text.words[line]) < 160
            for line in title
        )

    def _mark(self, line: int) -> bool:
        match = MARK.match(self.text.words[line])
        return match is not None and bool(match["mark"] or len(self.text.words[line].split()) <= 3)

    def read(self) -> list[Entry]:
        for line, words in enumerate(self.text.words):
            if not words:
                self.blank = True
            elif line in self.claims.used:
                self.entry, self.blank = None, False
            elif len(self.entries) < _MAX_ACTIONS:
                self._line(line, words)
                self.blank = False
        return self.entries

    def _line(self, line: int, words: str) -> None:
        if ENDS_LIST.fullmatch(words.strip(" |*-")):
            self.kind, self.entry, self.last, self.bullets = None, None, 0, False
            return
        if self._named(line, words) or self._numbered(line, words) or self._marked(line, words):
            return
        kind = self._heading(line)
        if kind is not None and (self.entry is None or self._is_new_heading(words)):
            self.kind, self.entry, self.last, self.bullets = kind, None, 0, True
            return
        if not self._bulleted(line, words) and self.entry is not None:
            self._more(line, words)

    def _heading(self, line: int) -> str | None:
        """The kind of action that a heading announces."""
        words = self.text.words[line].strip(" |*")
        count = len(words.split())
        if (
            not 0 < count <= _MOST_WORDS
            or words.endswith((".", ";", ",", "?"))
            or ENTRY.match(words)
        ):
            return None
        if NUMBERED.match(words) and not re.match(r"[0-9.]+ (?:[A-Z][\w'-]* ?){1,4}$", words):
            return None
        if count > 6 and not words.endswith(":") and _VERB.search(words):
            return None
        return action_kind(words)

    def _is_new_heading(self, words: str) -> bool:
        return self.blank and len(words.split()) <= _SHORT and not BULLET.match(words)

    def _start(
        self, number: int | None, kind: str, line: int, shown: str, bullet: bool = False
    ) -> None:
        self.entry = Entry(number, kind, [line], bullet=bullet)
        self.entries.append(self.entry)
        self.last = 0 if bullet else number or self.last
        if inline := _INLINE.search(shown.replace("’", "'")):
            self.entry.words.append(shown[: inline.start()])
            self.entry.marked = True
            self.entry.answer_lines.append(line)
            self.entry.answer.append(shown[inline.end() :])
        elif shown:
            self.entry.words.append(shown)

    def _named(self, line: int, words: str) -> bool:
        match, number = ENTRY.match(words), None
        if match is not None:
            number, rest = int(match["number"]), match["rest"]
            if rest and not match["mark"] and not rest[0].isupper():
                return False  # "Recommendation 3 has been met": a sentence
            same = [e for e in self.entries if e.number == number and not e.bullet]
            if same and MARK.match(rest):
                return False
        else:
            match = _UNNUMBERED.match(words)
            if match is None or len(match["rest"].split()) < 3:
                return False
            number = 1 + sum(not one.bullet for one in self.entries)
        self.kind = action_kind(match["kind"]) or "recommendation"
        shown = squeeze(self.text.printed[line])[match.start("rest") :]
        self._start(number, self.kind, line, shown)
        self.bullets = False
        return True

    def _numbered(self, line: int, words: str) -> bool:
        match = NUMBERED.match(words)
        if match is None or self.kind is None:
            return False
        number, rest = int(match[1]), words[match.end() :]
        dotted = bool(re.match(r"\(?[0-9]+[.):]", words)) or not rest
        following = number == self.last + 1
        numbered = [e for e in self.entries if e.number is not None and not e.bullet]
        again = number == 1 and self.last > 1 and not any(e.answer_lines for e in numbered)
        skips = dotted and number > self.last and self.blank and self._answered_below(line)
        if skips and not following:
            skips = self.entry is not None and self.entry.marked
        dotted = dotted or len(self.text.cells[line]) > 1 or self._is_plain(line, rest)
        if not (following or again or skips) or not dotted:
            return False
        self._start(number, self.kind, line, squeeze(self.text.printed[line])[match.end() :])
        self.bullets = False
        return True

    def _is_plain(self, line: int, rest: str) -> bool:
        """Whether words after a number without a mark are an entry of a list, and no prose."""
        if not rest[:1].isupper() or _MONTH.match(rest):
            return False
        return self._answered_below(line) if self.answering else len(rest.split()) > _FEW

    def _answered_below(self, line: int) -> bool:
        below = next(self.text.filled(line + 1), None)
        return below in self.marks

    def _answer_ahead(self, line: int) -> bool:
        """Whether a line that begins an answer comes before the next entry."""
        for other in self.text.filled(line + 1, min(len(self.text), line + _AHEAD)):
            words = self.text.words[other]
            if other in self.marks:
                return True
            if ENTRY.match(words) or (NUMBERED.match(words) and not BULLET.match(words)):
                return False
        return False

    def _marked(self, line: int, words: str) -> bool:
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
            self.entry.answer.append(squeeze(self.text.printed[line])[match.start("rest") :])
        return True

    def _bulleted(self, line: int, words: str) -> bool:
        match = BULLET.match(words)
        entry = self.entry
        if match is None or not self.bullets or self.kind is None:
            return False
        if entry is not None and (not entry.bullet or (entry.marked and not self.blank)):
            return False
        points = [one for one in self.entries if one.bullet and one.kind == self.kind]
        shown = squeeze(self.text.printed[line])[match.end() :]
        self._start(len(points) + 1, self.kind, line, shown, bullet=True)
        return True

    def _more(self, line: int, words: str) -> None:
        """A line that goes on with the action, tells its progress, or is part of its answer."""
        entry, shown = self.entry, squeeze(self.text.printed[line])
        assert entry is not None
        told = _PROGRESS.fullmatch(words)
        if told and (progress := self.claims.words.progress_of(told[1])):
            entry.progress, entry.lines = progress, [*entry.lines, line]
            self.entry = None
            return
        accepts = self.answering and entry.words and _ACCEPTS.match(words)
        if entry.marked or entry.answer_lines or accepts:
            entry.answer_lines.append(line)
            entry.answer.append(shown)
        elif (
            not entry.words
            or self.text.same_paragraph(entry.lines[-1], line)
            or (not entry.bullet and self._answer_ahead(line))
        ):
            entry.lines.append(line)
            entry.words.append(shown)
        elif entry.bullet or not self.answering:
            self.entry, self.bullets = None, False
        else:
            entry.answer_lines.append(line)
            entry.answer.append(shown)


def _from_tables(claims: Claims) -> list[Entry]:
    """Entries of tables with a column for the action and one for the answer."""
    text = claims.text
    entries: list[Entry] = []
    columns: tuple[int, int | None, str] | None = None
    for line in text.filled():
        if line in claims.used or text.is_rule(line):
            continue
        cells = text.cells[line]
        if found := _columns([cell.plain for cell in cells]):
            columns = found
            claims.used.add(line)
            continue
        if columns is None:
            continue
        at, answer, kind = columns
        filled = [place for place, cell in enumerate(cells) if cell.plain]
        if filled == [answer] or (filled and entries and answer in filled and filled[0] > at):
            if entries and answer is not None:
                entries[-1].answer_lines.append(line)
                entries[-1].answer.append(cells[answer].printed)
                claims.used.add(line)
            continue
        first = NUMBERED.match(cells[0].plain) or ENTRY.match(cells[0].plain)
        alone = len(filled) == 1 and first is None
        if len(cells) <= at or alone or (answer is None and first is None):
            columns = None
            continue
        number, shown = None, cells[at].printed
        if first:
            number = int(first[1] if first.re is NUMBERED else first["number"])
            if at == 0:
                shown = first["rest"] if first.re is ENTRY else shown[first.end() :]
        entry = Entry(number or len(entries) + 1, kind, [line], [shown], marked=answer is not None)
        if answer is not None and len(cells) > answer and cells[answer].plain:
            entry.answer_lines, entry.answer = [line], [cells[answer].printed]
        entries.append(entry)
        claims.used.add(line)
    return entries


def _columns(cells: list[str]) -> tuple[int, int | None, str] | None:
    """The columns of action and answer in a header, with the kind of action.

    Without a column for answers it is a list of actions, unless another one rates them.
    """
    if len(cells) < 2 or any(len(cell) > 60 for cell in cells):
        return None
    answers = [i for i, cell in enumerate(cells) if MARK.fullmatch(cell.rstrip(":"))]
    kinds = [
        (i, kind)
        for i, cell in enumerate(cells)
        if (kind := action_kind(cell)) and i not in answers
    ]
    if len(answers) > 1 or not kinds:
        return None
    at, kind = kinds[-1]
    if not answers:
        rated = any(_RATES.search(cell) for cell in cells)
        return None if rated or len(cells[at].split()) > _FEW else (at, None, kind)
    return (at, answers[0], kind) if at < answers[0] else None


def _unsigned(text: Text, entry: Entry) -> None:
    """Take the signature, the headings and the furniture of a page off the end of an answer."""
    lines = entry.answer_lines  # as many as there are parts of the answer
    if any(len(text.cells[line]) > 1 for line in lines):
        return
    for at, line in enumerate(lines):
        words = text.words[line]
        signed = at and _ROLE.search(words) and len(words.split()) <= _SHORT
        if signed and not _ENDS_SENTENCE.search(words):
            del lines[at:], entry.answer[at:]
            break
    while len(lines) > 1:
        words = text.words[lines[-1]]
        loose = not text.same_paragraph(lines[-2], lines[-1])
        if not loose or len(words.split()) > _SHORT or _ENDS_SENTENCE.search(words):
            break
        if BULLET.match(words) or NUMBERED.match(words):
            break
        lines.pop()
        entry.answer.pop()


def _merged(entries: list[Entry]) -> list[Entry]:
    """Each action once: points that are stated again with a number are joined with it."""
    numbered: list[Entry] = []
    for entry in (one for one in entries if not one.bullet):
        before = next(
            (e for e in numbered if (e.kind, e.number) == (entry.kind, entry.number)), None
        )
        if before is not None and not before.answer_lines and entry.answer_lines:
            entry.lines = [*before.lines, *entry.lines]
            numbered[numbered.index(before)] = entry
            continue
        if before is not None:
            entry.why = SECOND
        numbered.append(entry)
    points = [one for one in entries if one.bullet]
    if not numbered:
        return points
    words = [_keywords(entry.words) for entry in numbered]
    for at, point in enumerate(points):
        mine = _keywords(point.words)
        likeness = [len(mine & other) / max(1, min(len(mine), len(other))) for other in words]
        best = max(range(len(numbered)), key=likeness.__getitem__)
        if len(points) == len(numbered) and likeness[best] < _ALIKE:
            best = at  # both lists are in one order
        if likeness[best] >= _ALIKE or (best == at and len(points) == len(numbered)):
            numbered[best].lines = [*point.lines, *numbered[best].lines]
        else:
            point.why = LOOSE
            numbered.append(point)
            words.append(mine)
    return numbered


def _keywords(words: list[str]) -> set[str]:
    return {word.rstrip("s") for word in _WORD.findall(" ".join(words).casefold())} - _COMMON
