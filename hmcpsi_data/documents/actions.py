"""Recommendations, issues and aspects for improvement in lines, and what answers them.

An entry is certain by its own name and number, or in a list under a line that names its kind: of
bullets, or with all the numbers from 1. An answer is certain behind a line that says it begins.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice

from hmcpsi_data.documents.claims import Claims, stems
from hmcpsi_data.documents.text import BULLET, NUMBERED, either, squeeze

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
# A sentence that introduces an action, or tells of one.
_SAYS = re.compile(
    r"\brecommend(?:s|\b(?!ed)|ed that\b)(?: that\b)?|\b(?:a|one) recommendation\b"
    r"|^(?:(?:the|our|key|main) )*(?:recommendations?|issues? to address)\b"
    r"(?=.*[:(] ?\w|.*\b(?:is|was|were|are|has|have)\b|.*[0-9])",
    re.IGNORECASE,
)
_OF_ACTIONS = either(r"recommendations?|issues?|aspects? for improvement|AFIs?")
# What an action begins with that is addressed to others, and what says that it is none any more.
_OTHERS = re.compile(
    r"(?i)(?:the |all )?(?:\w+ )?(?:police|constabulary|forces?|courts?|HMCTS|HM Courts|probation"
    r"|government|ministry|Home Office)\b"
)
_TAKEN_BACK = either("rejected|withdrawn|superseded")
_RESPONSE = either("response")
_MOST_WORDS, _MOST_HEAD, _LONGEST, _TITLE_LINES, _MAX_ACTIONS = 14, 4, 400, 14, 500

NO_LIST = "its number, its list or its answer is not clear"
OF_OTHERS = "it may be addressed to others than the CPS, or taken back"
UNREAD = "it introduces an action, an answer or progress, and no list that is understood"


@dataclass
class _Entry:
    number: int
    kind: str
    head: int | None  # the line that opens its list
    lines: list[int]
    words: list[str]
    why: str
    bullet: bool
    answered: bool = False  # a line says that the answer begins
    progress: str | None = None
    answer: list[tuple[int, str]] = field(default_factory=list)
    over: tuple[str, ...] = ()  # the heads of its table


def action_kind(words: str) -> str | None:
    """The kind of action that words name; an issue, where they name that and a recommendation."""
    found = [kind for kind, pattern in _KIND.items() if pattern.search(words)]
    return found[-1] if len(found) == 1 or found == ["recommendation", "issue"] else None


def numbered(words: str) -> tuple[int | None, int]:
    """The number of an action that words begin with, and where they go on."""
    if (match := ENTRY.match(words)) and match["number"]:
        return int(match["number"]), match.start("rest")
    match = NUMBERED.match(words)
    return (int(match[1]), match.end()) if match else (None, 0)


def read_actions(claims: Claims) -> set[int]:
    """Add every action with its progress and its answer; the lines that open lists of them."""
    reader = _Reader(claims)
    for line, words in enumerate(claims.text.words):
        reader.take(line, words)
    rows = {id(one) for one in reader.entries if claims.used.issuperset(one.lines)}
    stated = {(one.kind, one.number) for one in reader.entries if id(one) in rows}
    for entry in _merged(reader.entries):
        if (entry.kind, entry.number) in stated and id(entry) not in rows:
            continue
        told = squeeze(" ".join(entry.words))
        why = entry.why if " " in told else UNREAD
        if _OTHERS.match(told) or _TAKEN_BACK.search(told):
            why = why or OF_OTHERS
        row = {"kind": entry.kind, "number": entry.number, "text": told or None}
        claim = claims.add("actions", entry.lines, why, **row, progress=entry.progress)
        claim.over = entry.over
        if entry.answer:
            told = squeeze(" ".join(shown for _, shown in entry.answer))
            why = why or ("" if told and entry.answered else NO_LIST)
            lines = [line for line, _ in entry.answer]
            claims.add("responses", lines, why, number=entry.number, text=told or None)
    return reader.heads


class _Reader:
    def __init__(self, claims: Claims) -> None:
        self.claims, self.text = claims, claims.text
        self.entries: list[_Entry] = []
        self.entry: _Entry | None = None
        self.kind: str | None = None  # of the list that is open, with the line that opens it
        self.head: int | None = None
        self.heads: set[int] = set()
        self.columns: list[str] = []  # the heads of the table that is open
        self.blank = False
        self.marks = {
            line: match
            for line, words in enumerate(self.text.words)
            if (match := MARK.match(words)) and (match["mark"] or len(match[0].split()) <= 3)
        }
        title = (self.text.words[line] for line in islice(self.text.filled(), _TITLE_LINES))
        self.answering = bool(self.marks) or any(map(_RESPONSE.search, title))

    def take(self, line: int, words: str) -> None:
        if words and len(self.entries) < _MAX_ACTIONS:
            role = self.text.roles[line]
            if role not in {"row", "rule"}:
                self.columns = []
            if line in self.claims.used or (role == "row" and self._tabled(line)):
                self.entry = None
            elif not (self._answers(line) or self._begins(line, words) or self._heads(line, words)):
                self._goes_on(line, words)
        self.blank = not words

    def _tabled(self, line: int) -> bool:
        """Whether a row names the columns of a table of actions, or is one of them."""
        cells = self.text.cells[line]
        plain = [cell.plain for cell in cells]
        number, start = numbered(plain[0])
        progress = map(self.claims.words.progress_of, plain)
        told = {at: word for at, word in enumerate(progress) if word}
        kinds = [action_kind(cell) for cell in plain if len(cell.split()) <= _MOST_HEAD]
        if number is None and not told and any(kinds):
            self.columns, self.kind, self.head = plain, next(filter(None, kinds)), line
            self.claims.used.add(line)
            return True
        others = [at for at in range(len(cells)) if at not in told and plain[at]]
        if not others or not (self.columns or told):
            return False
        heads = [*self.columns, *[""] * len(cells)]
        column = max(others, key=lambda at: (bool(action_kind(heads[at])), len(plain[at])))
        answers = [at for at in others if MARK.fullmatch(heads[at].rstrip(":"))]
        width = 3 if re.fullmatch(r"\w?[0-9]+\W?", plain[0]) else 2
        whole = self.columns and number and len(cells) == width and (len(told) == 1 or answers)
        self._start(number or 0, line, 0, "" if whole else NO_LIST)
        entry = self.entries[-1]
        entry.words = [squeeze(cells[column].printed[0 if column else start :])]
        entry.over, entry.answered = tuple(self.columns), True
        entry.progress = next(iter(told.values())) if len(told) == 1 else None
        entry.answer = [(line, cells[at].printed) for at in answers]
        self.claims.used.add(line)
        return True

    def _answers(self, line: int) -> bool:
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
        """Whether a line begins an entry: by its name, number, bullet or letter, or as it asks."""
        entry, named, counted = self.entry, ENTRY.match(words), NUMBERED.match(words)
        if named and (named["number"] or len(named["rest"].split()) > 2):
            rest, plain = named["rest"], named["mark"] or named["colon"] or not named["rest"]
            if plain or rest[0].isupper():  # else a sentence: "Recommendation 3 has been met"
                self.kind, self.head = action_kind(named["kind"]) or "recommendation", None
                number = int(named["number"] or 0)
                return self._start(number, line, named.start("rest"), "" if plain else UNREAD)
        number, at = (int(counted[1]), counted.end()) if counted else (0, 0)
        if self.kind and counted:
            plain = not words[:at].strip().isdigit() or at == len(words)
            if plain or words[at].isupper():
                return self._start(number, line, at, NO_LIST if self.head is None else "")
        if self.kind and (bullet := BULLET.match(words)) and (entry is None or entry.bullet):
            return self._start(0, line, bullet.end(), "", bullet=True)
        if self.kind and (lettered := _LETTERED.match(words)):
            return self._start(0, line, lettered.end())
        settled = entry and not (entry.why or entry.answered)
        if settled or (entry and self.text.same_paragraph(entry.lines[-1], line)):
            return False
        begins = bool(_ASKS.search(words[:_LONGEST])) and not (entry and entry.answer)
        if self._is_answered(line):
            begins = bool(entry.answer) if entry else begins or self.kind is not None
        elif self.kind is None:
            return False
        return begins and self._start(number, line, at)

    def _is_answered(self, line: int) -> bool:
        return next(self.text.filled(line + 1), None) in self.marks

    def _start(
        self, number: int, line: int, at: int, why: str = NO_LIST, bullet: bool = False
    ) -> bool:
        """A new entry; one without a number takes its place among those of its kind."""
        kind = self.kind or "recommendation"
        before = sum(one.kind == kind and one.bullet == bullet for one in self.entries)
        if self.head is not None and UNCLEAR.search(self.text.words[self.head]):
            why = why or NO_LIST
        shown = [self.text.shown(line, at)]
        self.entry = _Entry(number or 1 + before, kind, self.head, [line], shown, why, bullet)
        self.entries.append(self.entry)
        return True

    def _heads(self, line: int, words: str) -> bool:
        """Whether a line is a heading: one that names a kind of action opens a list."""
        colon = words.endswith(":")
        heading = colon or self.text.roles[line] == "heading"
        if not heading or (self.entry and not self.blank) or self._is_answered(line):
            return False
        if len(words.split()) <= _MOST_WORDS and (kind := action_kind(words)):
            self.kind, self.head = kind, line
            self.heads.add(line)
        elif self.entry or not colon:
            self.kind = None
        self.entry = None
        return True

    def _goes_on(self, line: int, words: str) -> None:
        """A line that tells the progress of the open action, answers it or goes on with it."""
        if not (entry := self.entry):
            return
        shown, role = self.text.shown(line), self.text.roles[line]
        more = self.text.same_paragraph(entry.lines[-1], line) or not any(entry.words)
        told, progress = _PROGRESS.fullmatch(words), None
        if told:  # "Substantial" is short for the word of the scale
            short = f"{told['word']} progress" if told["said"] else ""
            known = self.claims.words
            progress = known.progress_of(told["word"]) or known.progress_of(short)
        if any(entry.words) and (progress or _OTHER_PROGRESS.match(words)):
            entry.progress, entry.lines = progress, [*entry.lines, line]
            entry.why = entry.why or ("" if progress else NO_LIST)
            self.entry = None
        elif entry.answered or entry.answer or _DECIDED.fullmatch(words[:_LONGEST]):
            entry.answer.append((line, shown))
        elif more or (role == "item" and not entry.bullet):
            entry.lines.append(line)
            entry.words.append(shown)
        elif self.answering and not entry.bullet and role == "text":
            entry.answer.append((line, shown))
        else:
            self.entry = None


def _merged(entries: list[_Entry]) -> list[_Entry]:
    """Each action once: as many points as numbered entries are the same ones, stated twice."""
    points = [one for one in entries if one.bullet]
    counted = [one for one in entries if not one.bullet]
    lists: dict[tuple[str, int | None], list[_Entry]] = {}
    for entry in counted:
        lists.setdefault((entry.kind, entry.head), []).append(entry)
    for (_, head), found in lists.items():
        numbers = Counter(one.number for one in found)
        runs = [*numbers] == [*range(1, len(found) + 1)]
        for entry in found:
            if not (runs if head is not None else numbers[entry.number] == 1):
                entry.why = entry.why or NO_LIST
    if points and len(points) == len(counted) and all(map(_is_same, points, counted)):
        for point, entry in zip(points, counted, strict=True):
            entry.lines, entry.answered = [*point.lines, *entry.lines], True
        return counted
    for point in points if counted else ():
        point.why = NO_LIST
    return counted + points


def _is_same(point: _Entry, entry: _Entry) -> bool:
    said, again = (stems(" ".join(one.words)) for one in (point, entry))
    return point.kind == entry.kind and 2 * len(said & again) > len(said)


def read_leftovers(claims: Claims, heads: set[int]) -> None:
    """What introduces an action, an answer or progress and stands nowhere: a doubt."""
    text, words = claims.text, claims.words
    counted = {one.sentence for one in claims.of("measures") if not one.why}
    numbers = Counter(str(one.row["kind"]) for one in claims.of("actions"))
    taken = claims.lines("actions", "responses") | claims.used | heads
    taken |= {line - 1 for line in claims.lines("responses")}
    for at, sentence in enumerate(text.sentences):
        free = [line for line in sentence.lines if line not in taken]
        plain, shown = sentence.plain[:1_000], sentence.printed
        below = next((text.words[one] for one in text.filled(sentence.lines[-1] + 1)), "")
        lines = [text.words[line] for line in free]
        mark, entry = (next(filter(None, map(p.match, lines)), None) for p in (MARK, ENTRY))
        whole = at not in counted and len(free) == len(sentence.lines)
        said = _SAYS.search(plain) if whole else None
        told = next(reversed(list(words.progress_word.finditer(plain))), None)
        last = told and any(one.strip(" .:*'\"").endswith(told[0]) for one in lines)
        row = {"kind": action_kind(plain) or "recommendation"}
        decided = whole and _DECIDED.fullmatch(plain[:_LONGEST])
        if decided or (mark and (mark["mark"] or "CPS" in plain)):
            number = int(mark["number"]) if mark and mark["number"] else None
            answer = (mark["rest"] or below) if mark else shown
            claims.add("responses", free, UNREAD, number=number, text=answer)
        elif told and ((whole and _OF_ACTIONS.search(plain)) or (last and told[0][0].isupper())):
            row |= {"text": shown[: told.start()].strip() or below}
            claims.add("actions", free, UNREAD, **row, progress=words.progress_of(told[0]))
        elif said or (entry and entry["rest"]):
            numbers[row["kind"]] += 1
            row |= {"text": shown[said.end() if said else 0 :].strip(" :")}
            claims.add("actions", free, UNREAD, **row, number=numbers[row["kind"]])
