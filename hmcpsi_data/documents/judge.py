"""All claims of a document, and a last look at each once it is known what the document is.

What stands over a claim is its scope: headings, the sentence that leads to it, the Area named last.
What names another Area or year, a draft or an example there is doubtful, however sure its form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import islice, takewhile

from hmcpsi_data.documents.actions import read_action_leftovers, read_actions
from hmcpsi_data.documents.claims import Claim, Claims
from hmcpsi_data.documents.front import Front, area_pattern
from hmcpsi_data.documents.measures import read_forces, read_measures
from hmcpsi_data.documents.rated_rows import names_columns, read_rows
from hmcpsi_data.documents.sentences import (
    OF_AN_EARLIER,
    TAKEN_BACK,
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
_INSPECTED = re.compile(r"^([A-Z][\w'-]+(?: [A-Z][\w'-]+)*) (?:was|were) (?:also )?inspected\b")
_PLACE = re.compile(r"(?:\b(?i:in|at|elsewhere|unlike|us|nearby),? |^)(?P<name>[A-Z][\w'-]{2,})")
_BARE = re.compile(r"(?i)(?:\b(?:in|at|for|of|than|to|from|unlike|elsewhere|us),? (?:at |in )?|^)$")
_NOT_THE_AREA = re.compile(r"(?: and [A-Z]\w+)? (?:Police|Constabulary|Crown Court|[Mm]agistrates)")
_NO_PLACE = frozenset(
    "area areas respon people inspec hmcpsi crown court januar februa march april may june july "
    "august septem octobe novemb decemb the this these that all both headqu direct value cps "
    "baseli report annual chief prosec summar table annex additi partic genera total casewo "
    "each its their our some most many such other one two three four five six seven eight order "
    "relati respec regard terms 2000 public commun".split()
)
_UNREAL = either(
    r"draft|provisional|unconfirmed|indicative|self-assess\w*|examples?|hypothetical|possible|imagin\w+|illustrat\w+|sample"
    r"|looks? like"
)
_OF_OTHERS = either(
    r"national(?:ly)?|previous(?:ly)?|earlier|last (?:inspection|time|year|round|report)|elsewhere"
    r"|expected|targets?|predicted|could be|would be|other (?:CPS )?Areas|neighbour\w*|HMIC\w*"
    r"|Ofsted|police$|constabulary$|probation$"
)
_PART = re.compile(r"(?i)(?:(?:non-)?critical|other|defining|remaining| )+ (?:aspects|criteria)\W*")
_LEADS = re.compile(r":$|\b(?:these|following|follows?|below|table)\b", re.IGNORECASE)
_OF_RATINGS = either(r"this|these|that|it|(?:rating|score|mark|grade|assessment|table|result)s?")
_NOW = either(r"now|this (?:time|year|inspection|report)")
_OPENS = re.compile(r"(?:in|at|during|under|for|among) ", re.IGNORECASE)
_TITLE_LINES, _OPENING = 14, 60  # lines; characters that say of what a paragraph speaks
_HEADS, _SAID = 6, 12  # headings over each other, sentences of a paragraph
_LONGEST_LEAD, _LONGEST_NAMED = 160, 1_000  # characters
_LEVELS = {"opa": "aspect", "aei": "aspect"}
_TRAVEL = re.compile(r"direction of travel\W+(?:(?:is|was) )?(?P<word>[A-Za-z][a-z]+)\b\W*$", re.I)

OTHER_YEAR = "it may be of another year"
OTHER_MOOD = "what stands over it speaks of a draft, an example, others or an earlier time"
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


def judge(claims: Claims, front: Front, record: Record) -> None:
    """Look at all claims once more, now that it is known what the document is."""
    text = claims.text
    first = next(text.filled(), next((i for i, raw in enumerate(text.raw) if raw.strip()), 0))
    if front.why_not:
        claims.all = []
        claims.add("document", [first], f"{front.why_not}; no claim is made")
        return
    scopes = _Scopes(claims, front, record)
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


@dataclass
class _Scope:
    """What stands over a sentence: headings, what its paragraph said so far, the last Area."""

    heads: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    other_area: bool = False
    area_in_head: bool = False


class _Scopes:
    """The scope of every sentence of a document."""

    def __init__(self, claims: Claims, front: Front, record: Record) -> None:
        self.claims, self.front, self.text = claims, front, claims.text
        self.pattern = record.once(area_pattern)
        self.own = stems(front.area.value or "") - {"cps", "area"}
        own = " ".join(self.text.words[line] for line in front.area.lines + front.published.lines)
        self.years = set(_YEAR.findall(own))
        if published := front.published.value:
            self.years |= {published[:4], str(int(published[:4]) - 1)}
        named = [*front.area.lines[:1], *front.published.lines[:1]]
        filled = set(islice(self.text.filled(), _TITLE_LINES))
        end = max(filled.intersection(named), default=0)
        self.title = {one.plain for one in self.text.sentences if one.lines[0] <= end}
        self.rows = claims.used
        self.of_line: dict[int, int] = {}
        self.scopes = self._walk()
        self.after, behind = dict[int, str](), ""  # of each sentence the next one that is no row
        for number in reversed(range(len(self.text.sentences))):
            self.after[number] = behind
            sentence = self.text.sentences[number]
            behind = behind if sentence.lines[0] in self.rows else sentence.plain

    def _walk(self) -> list[_Scope]:
        scope, scopes, last = _Scope(), [], -1
        for number, sentence in enumerate(self.text.sentences):
            line = sentence.lines[0]
            role = self.text.roles[line]
            row = line in self.rows or role in {"row", "item", "rule"}
            of_table = names_columns(self.claims, line) or _PART.fullmatch(sentence.plain)
            head = role == "heading" and not row and not of_table
            if role == "text" and not row and line - last > 1:
                scope.said = [one for one in scope.said[-1:] if _LEADS.search(one)]
            for one in sentence.lines:
                self.of_line.setdefault(one, number)
            named = self.names(sentence.broken, places=head)
            if head:
                after_row = last in self.rows
                heads = scope.heads if after_row or self._is_heading(last) else []
                ours = named is False or _NOW.search(sentence.plain)
                scope.heads = [sentence.plain] if ours else [*heads, sentence.plain][-_HEADS:]
                scope.said = []
                scope.other_area &= scope.area_in_head
            scopes.append(replace(scope))
            if not row and not of_table:
                scope.said = [*scope.said, sentence.plain][-_SAID:]
                if named is not None:
                    scope.other_area, scope.area_in_head = named, head
            last = sentence.lines[-1]
        return scopes

    def _is_foreign(self, words: str) -> bool:
        """Whether words name no real rating, or only years that are not the document's."""
        return bool(_UNREAL.search(words)) or self._is_earlier(_YEAR.findall(words))

    def _is_earlier(self, years: list[str]) -> bool:
        """Whether years are there, and all of them lie before those of the document."""
        return bool(years) and max(years) < min(self.years, default="9999")

    def _is_heading(self, line: int) -> bool:
        return line >= 0 and self.text.roles[line] == "heading" and line not in self.rows

    def names(self, words: str, places: bool = False) -> bool | None:
        """True where words name another Area, False where only the document's own, else None.

        With `places` a name counts without "CPS" too, where it stands as that of a place.
        """
        words = words[:_LONGEST_NAMED]
        if not self.own:
            return None
        found = [match[1] for pattern in (_CPS, _INSPECTED) for match in pattern.finditer(words)]
        if places:
            found += [match["name"] for match in _PLACE.finditer(words) if match.start("name")]
            for match in self.pattern.finditer(words):
                bare = _BARE.search(words[max(0, match.start() - 24) : match.start()])
                if match[0][0].isupper() and bare and not _NOT_THE_AREA.match(words, match.end()):
                    found.append(match[0])
        general = _NO_PLACE | self.claims.words.common
        answers = []
        for name in found:
            told = takewhile(lambda word: not stems(word) & general, name.split())
            if mine := stems(" ".join(told)):
                answers.append(not mine <= self.own)
        return any(answers) if answers else None

    def guard(self, claim: Claim) -> None:
        """Doubt a claim that its own words or its scope give to another Area, year or time."""
        if claim.table not in {"ratings", "actions", "measures"}:
            return
        at = claim.sentence if claim.sentence is not None else self.of_line.get(claim.lines[0], 0)
        scope = self.scopes[at]
        table = claim.about == "table"
        heads = [h for h in scope.heads if h not in self.title or self._is_foreign(h)]
        leads = [one for one in scope.said[-1:] if table or _LEADS.search(one)]
        leads = [*heads, *leads, *(one[:_OPENING] for one in scope.said if _OPENS.match(one))]
        words = claim.context if claim.sentence is None else self.text.sentences[at].broken
        own = self.names(words, places=claim.table == "ratings")
        if own or (own is None and scope.other_area):
            claim.doubt("it stands beside the name of another Area")
        if own and claim.about == "table":  # a column of another Area: no row of this one
            claim.row["rating"] = None
        if claim.table == "measures":
            return
        if claim.table == "ratings" and self._is_taken_back(claim):
            claim.doubt(OTHER_MOOD)
        if self.front.kind == "follow_up":
            return
        leads = [one for one in leads if len(one) < _LONGEST_LEAD]
        if any(_UNREAL.search(one) or _OF_OTHERS.search(one) for one in leads):
            claim.doubt(OTHER_MOOD)
        published = self.front.published.value
        spoken = claim.table == "ratings" and not table
        if table and self._is_earlier(_YEAR.findall(claim.context)):
            claim.doubt(OTHER_YEAR)
        years = _YEAR.findall(claim.context) if spoken else []
        if years and max(years) < (published or "9999"):
            claim.doubt(OTHER_YEAR)
        over = [found for one in self._dated(claim, scope, spoken) if (found := _YEAR.findall(one))]
        if over and self._is_earlier(over[-1]) and not years and not _NOW.search(claim.context):
            claim.doubt(OTHER_YEAR)

    def _is_taken_back(self, claim: Claim) -> bool:
        """Whether the sentence after a claim, or after its table, takes a rating back."""
        last = self.of_line.get(claim.lines[-1], 0) if claim.sentence is None else claim.sentence
        after = self.after.get(last, "")
        return bool(TAKEN_BACK.search(after[:_LONGEST_NAMED]) and _OF_RATINGS.search(after))

    def _dated(self, claim: Claim, scope: _Scope, spoken: bool) -> list[str]:
        """The words over a claim in which a year is that of the claim."""
        if spoken:
            return [*scope.heads, *scope.said]
        adjoins = bool(self.text.words[claim.lines[0] - 1]) if claim.lines[0] else False
        said = [one for one in scope.said[-1:] if adjoins or _LEADS.search(one)]
        return [*scope.heads, *said]


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
            if claim.why in {OF_AN_EARLIER, ""}:
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
