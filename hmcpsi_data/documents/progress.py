"""Progress of recommendations and aspects for improvement, as follow-ups rate it in tables.

An entry is a number, the words of the action and one of the words of the scale, on one line or on
several, or in cells. Its kind is told by the heading above.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from hmcpsi_data.documents.findings import Findings
from hmcpsi_data.documents.headings import ENTRY, action_kind, ends_list, heading_kind
from hmcpsi_data.documents.text import NUMBERED, Text, squeeze
from hmcpsi_data.documents.vocabulary import PROGRESS

__all__ = ["read_progress"]

_PHRASES = "|".join(re.escape(phrase) for phrase in sorted(PROGRESS, key=len, reverse=True))
_LAST = re.compile(
    rf"(?:^|(?P<gap>\s*[:–—-]\s*|\s+))(?P<progress>{_PHRASES})[\s.*|\"')]*$", re.IGNORECASE
)
_ANY = re.compile(rf"\b(?:{_PHRASES})\b", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|being|has|have|had|made|making|make|shown|fully|not|partly|with|of|and|or)$",
    re.IGNORECASE,
)
_RATING_HEAD = re.compile(
    r"\b(?:rating|progress|status|assessment|position|outcome|result)\b", re.I
)
_LABEL = re.compile(r"^(?:rating|progress|status|assessment)\s*:?\s*$", re.IGNORECASE)
_LONGEST_ENTRY = 15  # lines


class _Entry:
    """One action of a list that is being read."""

    def __init__(self, number: int | None, kind: str) -> None:
        self.number = number
        self.kind = kind
        self.lines: list[int] = []
        self.words: list[str] = []
        self.tails: list[str] = []
        self.tail_at = 0  # where the last column begins
        self.progress: list[str] = []
        self.closed = False
        self.headed = False  # whether a heading says that its progress is rated


class _Region(NamedTuple):
    kind: str
    rated: bool  # whether its header has a column for progress


def read_progress(findings: Findings) -> None:
    """Add every action whose progress is rated."""
    text = findings.text
    kind = findings.front.kind
    if kind == "response" or not (kind == "follow_up" or any(map(_ANY.search, text.words))):
        return
    region: _Region | None = None
    entry: _Entry | None = None
    entries: list[_Entry] = []
    last = 0
    blank = False
    for line, words in enumerate(text.words):
        if not words:
            blank = True
            continue
        head = _heading(text, line)
        if head is not None:
            same = region is not None and head.kind == region.kind
            region = _Region(head.kind, head.rated or (same and region.rated))
            entry, blank = None, False
            last = last if same else 0
            continue
        if region is None and kind == "follow_up" and _names_entry(words):
            region = _Region(action_kind(ENTRY.match(words)["kind"]) or "recommendation", False)
        if region is None or ends_list(text, line):
            region, entry = None, None
            continue
        started = _start(text, line, region, entry, last)
        if started is not None:
            entry = started
            entry.headed = region.rated
            entries.append(entry)
            last = entry.number or last
        elif entry is None or not _belongs(text, line, entry, blank):
            if entry is not None and entry.progress and blank and not text.is_rule(line):
                region = region if len(words.split()) <= 6 else None
            entry, blank = None, False
            continue
        _take(text, line, entry, started is not None)
        blank = False
    _add(findings, entries)


def _names_entry(words: str) -> bool:
    """Whether a line is the head of an action: its kind and number, with a mark or alone."""
    match = ENTRY.match(words)
    return match is not None and bool(match["mark"] or not match["rest"])


def _heading(text: Text, line: int) -> _Region | None:
    filled = [cell.plain for cell in text.cells[line] if cell.plain]
    words = text.words[line]
    if len(filled) > 1:
        if any(map(_phrase, filled)) or NUMBERED.match(filled[0]):
            return None
        kinds = [action_kind(cell) for cell in filled if len(cell.split()) <= 5]
        rated = any(
            _RATING_HEAD.search(cell) and not action_kind(cell) for cell in filled if len(cell) < 60
        )
        known = [kind for kind in kinds if kind]
        return _Region(known[0], True) if len(known) == 1 and rated else None
    kind = heading_kind(text, line)
    if kind is None or (_LAST.search(words) and not words.endswith(":")):
        return None
    return _Region(kind, bool(_RATING_HEAD.search(words)))


def _start(
    text: Text, line: int, region: _Region, entry: _Entry | None, last: int
) -> _Entry | None:
    words = text.row_words(line)
    if named := ENTRY.match(words):
        kind = action_kind(named["kind"]) or region.kind
        return _Entry(int(named["number"]), kind)
    match = NUMBERED.match(words)
    if match is not None:
        number = int(match[1])
        follows = (
            number == last + 1 or last == 0 or (number == 1 and (entry is None or entry.progress))
        )
        if follows or entry is None or (len(text.cells[line]) > 1 and number > last):
            return _Entry(number, region.kind)
        return None
    filled = [cell.plain for cell in text.cells[line] if cell.plain]
    if len(filled) == 2 and _phrase(filled[-1]) and (entry is None or entry.progress):
        return _Entry(None, region.kind)
    return None


def _belongs(text: Text, line: int, entry: _Entry, blank: bool) -> bool:
    if len(entry.lines) >= _LONGEST_ENTRY or text.is_rule(line):
        return False
    if entry.progress:
        return not blank and text.row_words(line)[:1].islower()
    return True


def _take(text: Text, line: int, entry: _Entry, first: bool) -> None:
    """Give a line to an entry."""
    entry.lines.append(line)
    cells = [cell for cell in text.cells[line] if cell.plain]
    if first and entry.number is not None and len(cells) > 1 and len(cells[0].plain) < 24:
        match = NUMBERED.match(cells[0].plain) or ENTRY.match(cells[0].plain)
        if (
            match
            and not cells[0].plain[match.end() :].strip()
            and not match.groupdict().get("rest")
        ):
            cells = cells[1:]
            first = False
    if len(cells) == 1 and entry.tails and _indent(text, line) >= entry.tail_at - 2:
        entry.tails.append(cells[0].plain)
        return
    if len(cells) > 1:
        entry.tail_at = text.plain[line].rstrip(" |").rfind(cells[-1].plain)
        phrases = [phrase for cell in cells if (phrase := _phrase(cell.plain))]
        entry.progress += phrases
        for cell in cells:
            if _phrase(cell.plain):
                continue
            if cell is cells[-1] and not phrases:
                entry.tails.append(cell.plain)
            else:
                entry.words.append(_bare(cell.printed, first))
        return
    shown = squeeze(cells[0].printed if cells else text.printed[line])
    plain = squeeze(cells[0].plain if cells else text.words[line])
    match = _LAST.search(plain)
    if match and _is_rating(plain, match):
        entry.progress.append(PROGRESS[match["progress"].casefold()])
        shown = shown[: match.start()]
    if not _LABEL.match(shown):
        entry.words.append(_bare(shown, first))


def _indent(text: Text, line: int) -> int:
    return len(text.plain[line]) - len(text.plain[line].lstrip())


def _bare(shown: str, first: bool) -> str:
    if not first:
        return shown
    if named := ENTRY.match(shown):
        return named["rest"]
    match = NUMBERED.match(shown)
    return shown[match.end() :] if match else shown


def _phrase(words: str) -> str | None:
    return PROGRESS.get(words.strip(" .*|'\"()").casefold())


def _is_rating(plain: str, match: re.Match[str]) -> bool:
    before = plain[: match.start()]
    if not before.strip() or (match["gap"] or "").strip():
        return True
    return match["progress"][0].isupper() or not _VERB.search(before)


def _add(findings: Findings, entries: list[_Entry]) -> None:
    text = findings.text
    rated = [entry for entry in entries if entry.progress or _joined(entry)]
    kinds = {entry.kind for entry in rated}
    for entry in entries:
        joined = _joined(entry)
        progress = entry.progress or ([joined] if joined else [])
        if len(progress) == 1 and any(entry.words):
            words = [*entry.words, *([] if joined else entry.tails)]
            findings.used.update(entry.lines)
            findings.add(
                "actions",
                entry.lines,
                kind=entry.kind,
                number=entry.number,
                text=squeeze(" ".join(words)),
                progress=progress[0],
            )
        elif len(progress) > 1:
            findings.used.update(entry.lines)
            findings.problem(entry.lines, "an action with several ratings of progress")
        elif (
            (entry.kind in kinds or _is_rated(findings, entry))
            and entry.number is not None
            and text.words
        ):
            findings.used.update(entry.lines)
            findings.problem(
                entry.lines, "an action without a rating of progress that is known here"
            )


def _is_rated(findings: Findings, entry: _Entry) -> bool:
    """Whether the progress of an entry must be rated, as its heading says."""
    return entry.headed and findings.front.kind == "follow_up"


def _joined(entry: _Entry) -> str | None:
    return None if entry.progress else _phrase(squeeze(" ".join(entry.tails)))
