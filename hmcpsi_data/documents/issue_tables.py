"""Actions and answers that stand in tables, a column for each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from hmcpsi_data.documents.findings import Findings
from hmcpsi_data.documents.headings import ENTRY, action_kind
from hmcpsi_data.documents.text import NUMBERED, Cell

__all__ = ["MARK", "Entry", "from_tables"]

_BY = (
    r"(?:(?:the )?(?:CPS|Area|our|inspected body)(?:'s)?"
    r"(?: (?:Area|management|initial|[A-Z]\w+)){0,3} )?"
)
_KIND = r"(?:recommendation|issue|aspect for improvement|AFI)(?: no\.?)?"
MARK = re.compile(
    rf"{_BY}(?:response|reply|comments?|action(?:s)?(?: (?:taken|planned|to be taken))?)"
    rf"(?: to (?:this )?{_KIND}(?: ?(?P<number>[0-9]{{1,3}}))?)?"
    r"\s*(?:(?P<mark>[:–]|\s-|-\s)\s*(?P<rest>.*)|$)",
    re.IGNORECASE,
)
_RATES = re.compile(r"\b(?:rating|progress|status|assessment|position|outcome|result)\b", re.I)
_LONGEST_HEAD = 4  # words


@dataclass
class Entry:
    """One action, with what answers it."""

    number: int | None
    kind: str
    lines: list[int] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    marked: bool = False
    bullet: bool = False
    answer_lines: list[int] = field(default_factory=list)
    answer: list[str] = field(default_factory=list)


def from_tables(findings: Findings) -> list[Entry]:
    """Entries of tables with a column for the action and one for the answer."""
    text = findings.text
    entries: list[Entry] = []
    columns: tuple[int, int | None, str] | None = None
    for line in text.filled():
        if line in findings.used or text.is_rule(line):
            continue
        cells = text.cells[line]
        if found := _columns([cell.plain for cell in cells]):
            columns = found
            findings.used.add(line)
            continue
        if columns is None:
            continue
        filled = sum(bool(cell.plain) for cell in cells)
        at, answer, kind = columns
        if filled and entries and answer is not None and _goes_on(cells, at, answer):
            entries[-1].answer_lines.append(line)
            entries[-1].answer.append(cells[answer].printed)
            findings.used.add(line)
            continue
        if not filled or len(cells) <= at:
            columns = None
            continue
        shown = cells[at].printed
        first = NUMBERED.match(cells[0].plain) or ENTRY.match(cells[0].plain)
        if filled == 1 and first is None:
            columns = None
            continue
        number = None
        if first:
            number = int(first[1] if first.re is NUMBERED else first["number"])
            if at == 0:
                shown = first["rest"] if first.re is ENTRY else shown[first.end() :]
        if answer is None and number is None:
            columns = None
            continue
        marked = answer is not None
        entry = Entry(number or len(entries) + 1, kind, [line], [shown], marked=marked)
        if answer is not None and len(cells) > answer and cells[answer].plain:
            entry.answer_lines, entry.answer = [line], [cells[answer].printed]
        entries.append(entry)
        findings.used.add(line)
    return entries


def _goes_on(cells: list[Cell], at: int, answer: int) -> bool:
    """Whether a row has a further answer to the action of the row above."""
    return (
        len(cells) > answer
        and not any(cell.plain for cell in cells[: at + 1])
        and bool(cells[answer].plain)
    )


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
        return None if rated or len(cells[at].split()) > _LONGEST_HEAD else (at, None, kind)
    return (at, answers[0], kind) if at < answers[0] else None
