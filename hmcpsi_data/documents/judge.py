"""All claims of a document, and a last look at each once it is known what the document is.

What stands over a claim is its scope: headings, the sentence that leads to it, the Area named last.
What names another Area or year, a draft or an example there is doubtful, however sure its form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, takewhile
from typing import NamedTuple

from hmcpsi_data.documents.actions import read_action_leftovers, read_actions
from hmcpsi_data.documents.claims import OF_THIS, Claim, Claims
from hmcpsi_data.documents.front import Front, area_pattern
from hmcpsi_data.documents.measures import read_forces, read_measures
from hmcpsi_data.documents.rated_rows import names_columns, read_rows
from hmcpsi_data.documents.sentences import (
    WHOLE_AREA,
    drop_restated,
    read_leftovers,
    read_sentences,
)
from hmcpsi_data.documents.text import Text, either
from hmcpsi_data.documents.vocabulary import stems, vocabulary
from hmcpsi_data.tables.record import Record

__all__ = ["judge", "read_claims"]

_YEAR = re.compile(r"(?<![\w/-])(?:19[89]|20[0-4])[0-9]\b")
_CPS = re.compile(r"\bCPS ((?:[A-Z][\w'-]+)(?:(?: and| &| of|,)? [A-Z][\w'-]+){0,4})")
_NO_NAME = frozenset(  # stems that stand behind "CPS" and are no name of an Area
    "area areas respon people inspec hmcpsi crown court headqu direct value baseli report annual "
    "chief prosec summar total casewo public commun".split()
)
_PART = re.compile(r"(?i)(?:(?:non-)?critical|other|defining|remaining| )+ (?:aspects|criteria)\W*")
_LEADS = re.compile(r":$|\b(?:these|following|follows?|below|table)\b", re.IGNORECASE)
_NOT_THIS = either(
    r"drafts?|provisional|examples?|hypothetical|imagin\w+|illustrat\w+|possible|self-assess\w*"
    r"|previous(?:ly)?|earlier|last|next|elsewhere|national(?:ly)?|expect\w*|targets?|hop\w+|others?"
)
_TAKEN_BACK = either(
    r"provisional(?:ly)?|unconfirmed|indicative|in error|erroneous(?:ly)?|by mistake"
    r"|mistaken(?:ly)?|incorrect(?:ly)?|wrong(?:ly)?|subject to|to be confirmed|withdrawn"
    r"|corrected|disputed|under (?:review|appeal)"
)
_OF_RATINGS = either(r"this|these|that|it|(?:rating|score|mark|grade|assessment|table|result)s?")
_TITLE_LINES, _HEADLINE, _HEADS, _LONGEST_LEAD, _LONGEST_NAMED = 14, 4, 6, 160, 1_000
_LEVELS = {"opa": "aspect", "aei": "aspect"}
_TRAVEL = re.compile(r"direction of travel\W+(?:(?:is|was) )?(?P<word>[A-Za-z][a-z]+)\b\W*$", re.I)

OTHER_AREA = "it stands beside the name of another Area"
OTHER_YEAR = "it may be of another year"
OVER_IT = "what stands over it says more than that these are the ratings of this inspection"
TAKEN = "it is a question, or what follows says that it is provisional or takes it back"
TRAVEL = "a direction of travel; it is no rating, and the table of directions is filled in by hand"


def read_claims(text: Text, record: Record) -> Claims:
    """What a text may claim, before it is known what document it is."""
    claims = Claims(text, record.once(vocabulary))
    read_rows(claims, record.once(area_pattern))
    read_actions(claims)
    read_sentences(claims)
    read_measures(claims)
    read_forces(claims, record)
    return claims


def judge(claims: Claims, front: Front) -> None:
    """Look at all claims once more, now that it is known what the document is."""
    text = claims.text
    first = next(text.filled(), next((i for i, raw in enumerate(text.raw) if raw.strip()), 0))
    if front.why_not:
        claims.all = []
        claims.add("document", [first], f"{front.why_not}; no claim is made")
        return
    scopes = _Scopes(claims, front)
    for claim in claims.all:
        scopes.guard(claim)
    _earlier(claims, front)
    drop_restated(claims)
    read_leftovers(claims)
    read_action_leftovers(claims)
    _travel(claims)
    for claim in claims.of("ratings"):
        _of_framework(claim, front, claims)
    _today(claims, front)
    for answer in front.answers:
        asked = answer.question != "framework" or (front.kind != "unknown" and not answer.value)
        if answer.why and asked:
            claims.add(
                "document", answer.lines or [first], f"{answer.question}: {answer.why}",
                question=answer.question,
                value=answer.rivals[0] if len(answer.rivals) == 1 else None,
            )  # fmt: skip
    for table, lines in claims.cut.items():
        claims.add("document", lines, f"from here on, no {table} are read: there are too many")
    for line in text.too_long:
        claims.add("document", [line], "the line is too long to be read")


# Scope -------------------------------------------------------------------------------------------


class _Scope(NamedTuple):
    """What stands over a sentence: headings, the paragraph so far, whether of another Area."""

    heads: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    other_area: bool = False


class _Scopes:
    """The scope of every sentence of a document."""

    def __init__(self, claims: Claims, front: Front) -> None:
        self.claims, self.front, self.text = claims, front, claims.text
        self.own = stems(front.area.value or "") - {"cps", "area"}
        own = " ".join(self.text.words[line] for line in front.area.lines + front.published.lines)
        self.years = set(_YEAR.findall(own))
        if published := front.published.value:
            self.years |= {published[:4], str(int(published[:4]) - 1)}
        named = [*front.area.lines[:1], *front.published.lines[:1]]
        filled = set(islice(self.text.filled(), _TITLE_LINES))
        end = max(filled.intersection(named), default=0)
        self.title = {one.plain for one in self.text.sentences if one.lines[0] <= end}
        self.of_line: dict[int, int] = {}
        self.scopes = list(self._walk())
        self.after, behind = dict[int, str](), ""  # of each sentence the next one that is no row
        for number in reversed(range(len(self.text.sentences))):
            self.after[number] = behind
            sentence = self.text.sentences[number]
            behind = behind if sentence.lines[0] in claims.used else sentence.plain

    def _walk(self) -> Iterator[_Scope]:
        scope, last, text = _Scope(), -1, self.text
        for number, sentence in enumerate(text.sentences):
            line = sentence.lines[0]
            for one in sentence.lines:
                self.of_line.setdefault(one, number)
            role = "row" if line in self.claims.used else text.roles[line]
            of_table = names_columns(self.claims, line) or _PART.fullmatch(sentence.plain)
            if role == "heading" and not of_table:
                below = last >= 0 and text.roles[last] == "heading" and last not in self.claims.used
                heads = (*scope.heads, sentence.plain)[-_HEADS:] if below else (sentence.plain,)
                scope = _Scope(heads)
            elif line - last > 1 and scope.said:  # "The inspector says:" leads to one paragraph
                heads = tuple(head for head in scope.heads if not head.endswith(":"))
                said = tuple(one for one in scope.said[-1:] if _LEADS.search(one))
                scope = scope._replace(heads=heads, said=said if role == "text" else scope.said)
            yield scope
            if role in {"heading", "text"} and not of_table:
                other = self.names_other(sentence.broken)
                other = scope.other_area if other is None else other
                said = (*scope.said, sentence.plain) if role == "text" else scope.said
                scope = scope._replace(said=said, other_area=other)
            last = sentence.lines[-1]

    def names_other(self, words: str) -> bool | None:
        """True where words name another Area, False where only the document's own, else None."""
        names = []
        for match in _CPS.finditer(words[:_LONGEST_NAMED]) if self.own else ():
            told = takewhile(lambda word: not stems(word) & _NO_NAME, match[1].split())
            names.append(stems(" ".join(told)))
        return any(not name <= self.own for name in names) if any(names) else None

    def _is_of_this(self, head: str) -> bool:
        """Whether a heading says no more than that this inspection's own ratings follow.

        A headline that rates ("Leadership excellent, disclosure poor") is read as a sentence.
        """
        words = self.claims.words
        if not self.years.issuperset(_YEAR.findall(head)) or _NOT_THIS.search(head):
            return False
        rates = len(head.split()) >= _HEADLINE and words.rating_word.search(head)
        plain = stems(head) <= OF_THIS | self.own
        return plain or bool(rates or words.meant(head.rstrip(":")))

    def guard(self, claim: Claim) -> None:
        """Doubt a claim that its own words or its scope may give to another Area, year or time."""
        if claim.table not in {"ratings", "actions", "measures"}:
            return
        table = claim.about == "table"
        at = claim.sentence if claim.sentence is not None else self.of_line.get(claim.lines[0], 0)
        scope, sentence = self.scopes[at], self.text.sentences[at]
        other = self.names_other(claim.context if claim.sentence is None else sentence.broken)
        if other or (other is None and scope.other_area):
            claim.doubt(OTHER_AREA)
        if other and table:  # a column of another Area: no row of this one
            claim.row["rating"] = None
        if claim.table == "measures":
            return
        last = self.of_line.get(claim.lines[-1], at) if claim.sentence is None else at
        after, own = self.after[last][:_LONGEST_NAMED], sentence.plain[:_LONGEST_NAMED]
        taken = _TAKEN_BACK.search(after) and _OF_RATINGS.search(after)
        if claim.table == "ratings" and (taken or _TAKEN_BACK.search(own) or own.endswith("?")):
            claim.doubt(TAKEN)
        if self.front.kind == "follow_up":
            return
        spoken = claim.table == "ratings" and not table
        adjoins = bool(claim.lines[0] and self.text.words[claim.lines[0] - 1])
        leads = [one for one in scope.said[-1:] if _LEADS.search(one) or (adjoins and table)]
        leads = [one for one in leads if len(one) < _LONGEST_LEAD]
        heads = [one for one in scope.heads if one not in self.title]
        heads += [claim.context] * table
        if claim.table == "actions":
            heads, leads = [], [*heads, *leads]
        if not all(map(self._is_of_this, heads)) or any(map(_NOT_THIS.search, leads)):
            claim.doubt(OVER_IT)
        said = scope.said if spoken else leads
        years = [found for one in (*said, claim.context) if (found := _YEAR.findall(one))]
        if years and max(years[-1]) < min(self.years, default="9999"):
            claim.doubt(OTHER_YEAR)


# What the document is ----------------------------------------------------------------------------


def _earlier(claims: Claims, front: Front) -> None:
    """A follow-up rates progress: what else it rates is of the inspection that it follows."""
    for claim in claims.of("ratings"):
        if front.kind != "follow_up":
            if claim.about == "area":
                claim.doubt(WHOLE_AREA)
        elif claim.row.get("level") != "overall":
            claim.doubt("in a follow-up it may be a rating of the earlier inspection")
        else:
            claim.row["label"] = None
            years = _YEAR.findall(" ".join(claims.text.words[line] for line in claim.lines))
            before = any(year < (front.published.value or "9999") for year in years)
            if not claim.why:
                claim.why = (
                    "" if before else "it rates an earlier inspection whose year is not beside it"
                )


def _of_framework(claim: Claim, front: Front, claims: Claims) -> None:
    """Give a rating its level; doubt a word or a label that the framework does not have."""
    framework = front.framework.value or ""
    own = [one for one in claim.known if one.framework_id == framework]
    levels = [one.level for one in own or (claim.known if not framework else [])]
    claim.row["level"] = claim.row.get("level") or next(
        iter(levels), _LEVELS.get(framework[:3], "criterion")
    )
    if not framework or claim.row.get("rating") is None or front.kind == "follow_up":
        return
    if claim.row["rating"] not in claims.words.scale_of[framework]:
        claim.doubt("the framework has no such word on its scale")
    if claim.about != "table" and claim.row["level"] != "overall" and not own:
        claim.doubt("the framework has no such label")


def _travel(claims: Claims) -> None:
    """A line that gives the direction of travel is a question, for it is no rating."""
    for line in claims.text.filled():
        match = _TRAVEL.search(claims.text.words[line][-80:])
        if match and line not in claims.used:
            claims.add(
                "document", [line], TRAVEL, question="direction of travel", value=match["word"]
            )


def _today(claims: Claims, front: Front) -> None:
    """A number of today has the date of publication."""
    for claim in claims.of("measures"):
        today = re.search(r"(?i)\btoday\b", claim.context)
        if front.published.basis == "stated" and today and not claim.row.get("period"):
            claim.row["period"] = front.published.value
            claim.lines = tuple(sorted({*claim.lines, *front.published.lines}))
