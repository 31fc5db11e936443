"""Issues, recommendations and what the inspected body answers to each.

Three forms are known: an entry with a line that says that the response begins; a numbered heading
with the answer in the paragraphs below it; and a table with a column for each. A list that is
stated twice, first in short and then with its answers, is one list.
"""

from __future__ import annotations

import re

from hmcpsi_data.documents.findings import Findings
from hmcpsi_data.documents.headings import ENTRY, action_kind, ends_list, heading_kind
from hmcpsi_data.documents.issue_tables import MARK, Entry, from_tables
from hmcpsi_data.documents.limits import MAX_ACTIONS
from hmcpsi_data.documents.text import BULLET, NUMBERED, Text, squeeze

__all__ = ["read_issues"]

_ACCEPTS = re.compile(
    r"(?:(?:fully |partially |partly |not |we )?(?:accept(?:ed)?|agreed?|rejected?)"
    r"(?: in (?:part|principle|full))?(?:[.:;,]| -|$)"
    r"|we (?:fully |partially )?(?:accept|agree with) this (?:recommendation|issue)\b)",
    re.IGNORECASE,
)
_INLINE = re.compile(
    r"(?<=[.;:?!)]) (?:The )?(?:CPS|Area)(?: \w+){0,3}? response ?[:-] ", re.IGNORECASE
)
_ROLE = re.compile(
    r"\b(?:crown prosecutor|business manager|director|head of|chief executive|inspector)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?:[A-Z][\w.'-]*\s?){2,5}")
_ENDS_SENTENCE = re.compile(r"[.!?:;][\"')\]]*$")
_WORD = re.compile(r"[a-z]{3,}")
_COMMON = frozenset(
    "the and for with that this are was has have had from its our their should must need needs "
    "needed area cps which all any been being into out will where when such there improve "
    "improvement".split()
)
_SHORT = 8  # words of a line that may be a signature, a heading or furniture
_FEW = 4
_CAPITAL = re.compile(
    r"(?!(?:Jan|Febr)uary|March|April|May\b|June|July|August|(?:Sept|Nov|Dec)ember|October)[A-Z]"
)
_ALIKE = 0.3
_LONGEST_BULLET = 60  # words


def read_issues(findings: Findings) -> None:
    """Add every issue or recommendation that has no progress, and every response."""
    text = findings.text
    entries = from_tables(findings)
    reader = _Reader(findings)
    reader.read()
    lists = [*entries, *reader.entries]
    already = {(row["kind"], row["number"]) for row in findings.of("actions")}
    answering = findings.front.kind == "response"
    if any(entry.marked for entry in lists):
        answering = True
    entries = _merged(findings, [entry for entry in lists if not entry.bullet], lists)
    for entry in entries:
        if not any(entry.words) or (entry.kind, entry.number) in already:
            continue
        _unsigned(text, entry)
        if not answering:
            entry.answer_lines, entry.answer = [], []
        findings.used.update(entry.lines)
        findings.add(
            "actions",
            entry.lines,
            kind=entry.kind,
            number=entry.number,
            text=squeeze(" ".join(entry.words)),
            progress=None,
        )
        if not any(map(str.strip, entry.answer)):
            if entry.answer_lines:
                findings.problem(entry.answer_lines, "a response without words")
        else:
            findings.add(
                "responses",
                entry.answer_lines,
                number=entry.number,
                text=squeeze(" ".join(entry.answer)),
            )


class _Reader:
    """Walks over the lines and gathers entries."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.text = findings.text
        self.entries: list[Entry] = []
        self.kind: str | None = None
        self.entry: Entry | None = None
        self.last = 0
        self.blank = False
        self.bullets = False
        self.pointed = 0
        self.answering = findings.front.kind == "response"

    def read(self) -> None:
        """Gather all entries."""
        for line, words in enumerate(self.text.words):
            if not words:
                self.blank = True
                continue
            if len(self.entries) >= MAX_ACTIONS:
                self.findings.problem([line], "from here on, no issues or responses are read")
                return
            if line in self.findings.used:
                self.entry, self.blank = None, False
                continue
            self._line(line, words)
            self.blank = False

    def _line(self, line: int, words: str) -> None:
        if ends_list(self.text, line):
            self.kind, self.entry, self.last, self.bullets = None, None, 0, False
            return
        if self._named(line, words) or self._numbered(line, words):
            return
        if self._marked(line, words):
            return
        kind = heading_kind(self.text, line)
        if kind is not None and (self.entry is None or self._is_heading(words)):
            self.kind, self.entry, self.last = kind, None, 0
            self.bullets = True
            return
        if self._bulleted(line, words):
            return
        if self.entry is not None:
            self._more(line)

    def _is_heading(self, words: str) -> bool:
        """Whether a line within an entry is a new heading, and no line of its answer."""
        return self.blank and len(words.split()) <= 8 and not BULLET.match(words)

    def _start(
        self, number: int | None, kind: str, line: int, shown: str, bullet: bool = False
    ) -> None:
        self.entry = Entry(number, kind, bullet=bullet)
        self.entries.append(self.entry)
        self.last = number or self.last
        self.entry.lines.append(line)
        if inline := _INLINE.search(shown.replace("’", "'")):
            self.entry.words.append(shown[: inline.start()])
            self.entry.marked = True
            self.entry.answer_lines.append(line)
            self.entry.answer.append(shown[inline.end() :])
        elif shown:
            self.entry.words.append(shown)

    def _named(self, line: int, words: str) -> bool:
        match = ENTRY.match(words)
        if match is None:
            return False
        number, rest = int(match["number"]), match["rest"]
        if rest and not match["mark"] and not rest[0].isupper():
            return False  # "Recommendation 3 has been met": a sentence
        kind = action_kind(match["kind"]) or "recommendation"
        again = next((e for e in self.entries if (e.kind, e.number) == (kind, number)), None)
        if again is not None and MARK.match(rest):
            return False
        self.kind = kind
        shown = squeeze(self.text.printed[line])[match.start("rest") :]
        self._start(number, kind, line, shown)
        return True

    def _numbered(self, line: int, words: str) -> bool:
        match = NUMBERED.match(words)
        if match is None or self.kind is None:
            return False
        number = int(match[1])
        dotted = bool(re.match(r"\(?[0-9]+[.):]", words)) or not words[match.end() :]
        following = number == self.last + 1
        again = (
            number == 1
            and self.last > 1
            and not any(
                e.answer_lines for e in self.entries if e.number is not None and not e.bullet
            )
        )
        following = following or (dotted and number > self.last and self._is_answered(line))
        dotted = (
            dotted or len(self.text.cells[line]) > 1 or self._is_plain(line, words[match.end() :])
        )
        if not (following or again) or not dotted:
            return False
        shown = squeeze(self.text.printed[line])[match.end() :]
        self._start(number, self.kind, line, shown)
        self.bullets = False
        return True

    def _is_plain(self, line: int, rest: str) -> bool:
        """Whether words after a number without a mark are an entry of a list, and no prose."""
        if not _CAPITAL.match(rest):
            return False
        if self.answering or (self.entry is not None and self.entry.marked):
            return self._mark_below(line)
        return len(rest.split()) > _FEW

    def _mark_below(self, line: int) -> bool:
        """Whether the next line says that the response begins."""
        below = next(self.text.filled(line + 1), None)
        return below is not None and bool(MARK.match(self.text.words[below]))

    def _is_answered(self, line: int) -> bool:
        """Whether a line that says that the response begins stands right below."""
        if not self.blank or self.entry is None or not self.entry.marked:
            return False
        return self._mark_below(line)

    def _marked(self, line: int, words: str) -> bool:
        match = MARK.match(words)
        if match is None:
            return False
        if match["number"]:
            number = int(match["number"])
            self.entry = next((e for e in reversed(self.entries) if e.number == number), None)
        if self.entry is None:
            if self.answering and self.kind is not None:
                told = "an answer to something that has no number that is understood"
                self.findings.problem([line], told)
            return False
        self.entry.marked = True
        if match["rest"]:
            self.entry.answer_lines.append(line)
            shown = squeeze(self.text.printed[line])
            self.entry.answer.append(shown[match.start("rest") :])
        return True

    def _bulleted(self, line: int, words: str) -> bool:
        match = BULLET.match(words)
        if match is None or not self.bullets or self.kind is None:
            return False
        if self.entry is not None and not self.entry.bullet:
            return False
        if self.entry is not None and self.entry.marked and not self.blank:
            return False
        self.pointed += 1
        order = self.pointed
        shown = squeeze(self.text.printed[line])[match.end() :]
        self._start(order, self.kind, line, shown, bullet=True)
        self.last = 0
        return True

    def _more(self, line: int) -> None:
        """A line that goes on with the issue, or is part of its answer."""
        entry = self.entry
        shown = squeeze(self.text.printed[line])
        accepts = self.answering and entry.words and _ACCEPTS.match(self.text.words[line])
        if entry.marked or entry.answer_lines or accepts:
            entry.answer_lines.append(line)
            entry.answer.append(shown)
        elif not entry.words or self.text.same_paragraph(entry.lines[-1], line):
            entry.lines.append(line)
            entry.words.append(shown)
        elif entry.bullet:
            self.entry, self.bullets = None, False
        else:
            entry.answer_lines.append(line)
            entry.answer.append(shown)


def _unsigned(text: Text, entry: Entry) -> None:
    """Take the signature, the headings and the furniture of a page off the end of an answer."""
    lines = entry.answer_lines  # as many as there are parts of the answer
    if any(len(text.cells[line]) > 1 for line in lines):
        return  # rows of a table
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


def _merged(findings: Findings, entries: list[Entry], lists: list[Entry]) -> list[Entry]:
    """Each action once: what is stated twice is joined, with the lines of both."""
    bullets = [entry for entry in lists if entry.bullet]
    joined: dict[tuple[str, int | None], Entry] = {}
    for entry in entries:
        before = joined.get((entry.kind, entry.number))
        if before is None or entry.number is None:
            joined[entry.kind, entry.number] = entry
        elif not before.answer_lines:
            entry.lines = [*before.lines, *entry.lines]
            joined[entry.kind, entry.number] = entry
        else:
            findings.problem(entry.lines, "a second entry with the number of another")
    numbered = list(joined.values())
    if not numbered:
        return bullets
    keywords = [_keywords(entry.words) for entry in numbered]
    for at, bullet in enumerate(bullets):
        mine = _keywords(bullet.words)
        likeness = [_likeness(mine, theirs) for theirs in keywords]
        best = max(range(len(numbered)), key=likeness.__getitem__)
        if likeness[best] < _ALIKE and len(bullets) == len(numbered) and likeness[at] >= _ALIKE / 3:
            best = at
        if likeness[best] >= _ALIKE or (best == at and len(bullets) == len(numbered)):
            numbered[best].lines = [*bullet.lines, *numbered[best].lines]
        else:
            findings.problem(bullet.lines, "a point that is none of the numbered ones")
    return numbered


def _likeness(first: set[str], second: set[str]) -> float:
    return len(first & second) / max(1, min(len(first), len(second)))


def _keywords(words: list[str]) -> set[str]:
    found = _WORD.findall(" ".join(words).casefold())
    return {word.rstrip("s") for word in found} - _COMMON
