"""All claims of a document, and a last look at each once it is known what the document is.

A claim stays certain only where all that stands over it (heads, headings, the sentences before it)
says no more than that ratings or actions of this inspection follow: a closed list of words, this
Area, its labels and the years of the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import NamedTuple

from hmcpsi_data.documents.actions import read_actions
from hmcpsi_data.documents.claims import Claim, Claims
from hmcpsi_data.documents.front import Front, area_pattern
from hmcpsi_data.documents.lists import names_columns, read_lists
from hmcpsi_data.documents.measures import read_forces, read_measures
from hmcpsi_data.documents.sentences import read_sentences
from hmcpsi_data.documents.text import Text, either
from hmcpsi_data.documents.vocabulary import stems, vocabulary
from hmcpsi_data.tables.record import Record

__all__ = ["judge", "read_claims"]

# What may stand over the ratings and actions of this inspection, by the beginnings of words.
_PLAIN = stems(
    "CPS area unit borough inspection report rating rated assessed assessment overall performance "
    "result summary score scored grade graded mark marked judged judgement finding found key main "
    "aspect criteria criterion section critical defining other table OPA HMCPSI HM Her His "
    "Majesty's Crown Prosecution Service inspectorate inspectors press notice release response "
    "published recommendation issue address improvement action number status progress "
    "substantial limited this these what was were is are as been has have had below follows "
    "following under review effectiveness assurance programme baseline against annex appendix "
    "level provides breakdown covers looked at notes editors full subject given received relation "
    "respect regard each all every both one two three four five six seven eight nine ten eleven "
    "twelve thirteen fourteen today issued agreed accepted travel direction comments yet remains "
    "made invented it its no January February March April May June July August September October "
    "November December Monday Tuesday Wednesday Thursday Friday"
)
_YEAR = re.compile(r"(?<![\w/-])(?:19[89]|20[0-4])[0-9]\b")
_NAME = re.compile(
    r"\bCPS(?: in| for)? (?P<name>[A-Z][\w'-]+(?:(?: and| &| of|,)? [A-Z][\w'-]+){0,4})"
    r"|\b(?P<area>[A-Z][\w'-]+(?: [A-Z][\w'-]+){0,3}) Area\b"
)
_PART = re.compile(r"(?i)(?:(?:non-)?critical|other|defining|remaining| )+ (?:aspects|criteria)\W*")
_LEADS = re.compile(r":$|\b(?:following|follows|below|table)\b", re.IGNORECASE)
_OTHERS = either(
    r"(?:other|neighbouring|some|most|many) areas|elsewhere|earlier|previous(?:ly)?|ago|last"
    r"|drafts?|examples?|nationally"
)
_POINTS_BACK = either(
    r"this|these|that|those|it|they|(?:the|its|all|both|above|such)(?: \w+)? (?:rating|score|mark"
    r"|grade|assessment|judgement|table|result|figure)s?"
)
_TAKES_UP = re.compile(r"(?:This|That|These|Those) (?:was|were|is|are|has|have|had)\b")
_OF_RATINGS = either(r"(?:rating|score|mark|grade|assessment|judgement|table|result|figure)s?")
_TITLE_LINES, _LONGEST = 14, 1_000
_LEVELS = {"opa": "aspect", "aei": "aspect"}
_TRAVEL = re.compile(r"direction of travel\W+(?:(?:is|was) )?(?P<word>[A-Za-z][a-z]+)\b\W*$", re.I)

OTHER_AREA = "it stands beside the name of another Area"
OVER_IT = "what stands over it says more than that these are the ratings of this inspection"
BEHIND_IT = "what follows says more of these ratings"
WHOLE_AREA = "it may be an overall rating, or speak of one thing only"
IN_FOLLOW_UP = "in a follow-up it may be a rating of the earlier inspection"
NO_YEAR = "it rates an earlier inspection whose year is not beside it"
TRAVEL = "a direction of travel; it is no rating, and the table of directions is filled in by hand"


def read_claims(text: Text, record: Record) -> Claims:
    """What a text may claim, before it is known what document it is."""
    claims = Claims(text, record.once(vocabulary))
    read_lists(claims, record.once(area_pattern))
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
        if claim.table == "ratings":
            _of_kind(claim, front, claims)
            _of_framework(claim, front, claims)
    _drop_restated(claims)
    _today(claims, front)
    for line in text.filled():
        match = _TRAVEL.search(text.words[line][-80:])
        if match and line not in claims.used:
            told = {"question": "direction of travel", "value": match["word"]}
            claims.add("document", [line], TRAVEL, **told)
    for answer in front.answers:
        asked = answer.question != "framework" or (front.kind != "unknown" and not answer.value)
        if answer.why and asked:
            rival = answer.rivals[0] if len(answer.rivals) == 1 else None
            why, told = f"{answer.question}: {answer.why}", {"question": answer.question}
            claims.add("document", answer.lines or [first], why, **told, value=rival)
    for table, lines in claims.cut.items():
        claims.add("document", lines, f"from here on, no {table} are read: there are too many")
    for line in text.too_long:
        claims.add("document", [line], "the line is too long to be read")


# Scope -------------------------------------------------------------------------------------------


class _Scope(NamedTuple):
    """What stands over a sentence: headings, its paragraph so far, the sentence before that."""

    heads: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    before: str = ""
    quoted: bool = False  # within a quotation that began in an earlier sentence


class _Scopes:
    """The scope of every sentence of a document."""

    def __init__(self, claims: Claims, front: Front) -> None:
        self.claims, self.text = claims, claims.text
        self.own = stems(front.area.value or "") - {"cps", "area"}
        own = " ".join(self.text.words[line] for line in front.area.lines + front.published.lines)
        self.years = set(_YEAR.findall(own))
        if published := front.published.value:
            self.years |= {published[:4], str(int(published[:4]) - 1)}
        named = {*front.area.lines[:1], *front.published.lines[:1]}
        filled = set(islice(self.text.filled(), _TITLE_LINES))
        end = max(filled & named, default=0)
        self.title = {one.plain for one in self.text.sentences if one.lines[0] <= end}
        self.title |= set(self.text.words[: end + 1])
        self.of_line: dict[int, int] = {}
        self.scopes = list(self._walk())
        self.is_plain = cache(self._is_plain)

    def _walk(self) -> Iterator[_Scope]:
        scope, last, text = _Scope(), -1, self.text
        for number, sentence in enumerate(text.sentences):
            line, plain = sentence.lines[0], sentence.plain
            for one in sentence.lines:
                self.of_line.setdefault(one, number)
            role = "row" if line in self.claims.used else text.roles[line]
            if names_columns(self.claims, line) or _PART.fullmatch(plain):
                role = "row"
            if role == "heading" and not plain.endswith(":"):
                below = last >= 0 and text.roles[last] == "heading" and last not in self.claims.used
                scope = _Scope((*scope.heads, plain)[-6:] if below else (plain,))
                scope = scope if plain not in self.title else _Scope()
            elif role != "row" and line - last > 1 and scope.said:
                scope = _Scope(scope.heads, (), scope.said[-1])
            yield scope
            if role != "row" and (role != "heading" or plain.endswith(":")):
                quoted = scope.quoted ^ bool(plain.count('"') % 2)
                scope = scope._replace(said=(*scope.said, plain)[-12:], quoted=quoted)
            last = sentence.lines[-1]

    def names_other(self, words: str) -> bool:
        """Whether words name another Area."""
        common = (
            _PLAIN | self.claims.words.common | stems("people headquarters direct values chief")
        )
        names = (match["name"] or match["area"] for match in _NAME.finditer(words[:_LONGEST]))
        return bool(self.own) and any(stems(name) - common - self.own for name in names)

    def _is_plain(self, words: str) -> bool:
        """Whether words say no more than that this inspection's own ratings or actions follow."""
        if words in self.title:
            return True
        if len(words) > _LONGEST or not self.years.issuperset(_YEAR.findall(words)):
            return False
        for pattern in (self.claims.words.rating_word, self.claims.words.progress_word):
            words = pattern.sub(lambda match: " " * len(match[0]), words)
        rest = list(words)
        for span in self.claims.words.spans(words):
            if span.known:
                rest[span.start : span.end] = " " * (span.end - span.start)
        return stems("".join(rest)) <= _PLAIN | self.own

    def guard(self, claim: Claim) -> None:
        """Doubt a claim where more stands over or behind it than that it is of this inspection."""
        at = claim.sentence
        if at is None:
            at = self.of_line.get(claim.lines[0] if claim.at is None else claim.at, 0)
        scope, sentence = self.scopes[at], self.text.sentences[at]
        table = claim.about == "table"
        if any(map(self.names_other, claim.over if table else (sentence.broken,))):
            claim.doubt(OTHER_AREA)
            if table and self.names_other(claim.over[0]):  # no row of this Area
                claim.row["rating"] = None
        if claim.table == "measures" and any(map(self.names_other, scope.said)):
            claim.doubt(OTHER_AREA)
        if claim.why or claim.table not in {"ratings", "actions"}:
            return
        over = [*scope.heads, *claim.over]
        over += [one for one in (scope.said or (scope.before,))[-1:] if _LEADS.search(one)]
        if claim.table == "ratings":
            near = scope.said[-1:] if table else (*scope.said, scope.before)
            if table:
                adjoins = claim.at and self.text.words[claim.at - 1]
                over += near if adjoins else ()
                far = [one for one in near or (scope.before,) if self._speaks_of_others(one)]
            else:
                over += scope.said
                far = [scope.before] if self._speaks_of_others(scope.before) else []
            if far or scope.quoted or self.text.raw[claim.lines[0]].lstrip().startswith(">"):
                claim.doubt(OVER_IT)
        if not all(map(self.is_plain, over)):
            claim.doubt(OVER_IT)
        if claim.table == "ratings" and self._is_taken_back(claim, at):
            claim.doubt(BEHIND_IT)

    def _speaks_of_others(self, words: str) -> bool:
        years = not self.years.issuperset(_YEAR.findall(words))
        return years or bool(_OTHERS.search(words)) or self.names_other(words)

    def _is_taken_back(self, claim: Claim, at: int) -> bool:
        """Whether the next sentence says anything of the ratings before it."""
        last = at if claim.sentence is not None else self.of_line.get(claim.lines[-1], at)
        for sentence in self.text.sentences[last + 1 :]:
            if sentence.lines[0] not in self.claims.used:
                words = sentence.plain[:_LONGEST]
                back = _POINTS_BACK.search(words) and _OF_RATINGS.search(words)
                back = back or (claim.sentence is not None and _TAKES_UP.match(words))
                return bool(back) and not self.is_plain(words)
        return False


# What the document is ----------------------------------------------------------------------------


def _of_kind(claim: Claim, front: Front, claims: Claims) -> None:
    """A follow-up rates progress: what else it rates is of the inspection that it follows."""
    overall = claim.row.get("level") == "overall"
    if front.kind != "follow_up":
        if claim.about == "area":
            claim.doubt(WHOLE_AREA)
    elif not overall:
        claim.doubt(IN_FOLLOW_UP)
    else:
        claim.row["label"] = None
        years = _YEAR.findall(" ".join(claims.text.words[line] for line in claim.lines))
        if not any(year < (front.published.value or "9999") for year in years):
            claim.doubt(NO_YEAR)


def _of_framework(claim: Claim, front: Front, claims: Claims) -> None:
    """Give a rating its level; doubt a word or a label that the framework does not have."""
    framework = front.framework.value or ""
    own = [one for one in claim.known if one.framework_id == framework]
    levels = [one.level for one in own or (claim.known if not framework else [])]
    level = claim.row.get("level") or next(iter(levels), _LEVELS.get(framework[:3], "criterion"))
    claim.row["level"] = level
    if not framework or claim.row.get("rating") is None or front.kind == "follow_up":
        return
    if claim.row["rating"] not in claims.words.scale_of[framework]:
        claim.doubt("the framework has no such word on its scale")
    if claim.about != "table" and level != "overall" and not own:
        claim.doubt("the framework has no such label")


def _drop_restated(claims: Claims) -> None:
    """Leave out what a sentence says again of a row of a table; two ways of rating are doubts."""
    rated = [one for one in claims.of("ratings") if one.row["rating"]]
    rows = [one for one in rated if one.about == "table"]
    again = {
        id(one) for one in rated if one.about != "table"
        and any(_is_same(one, row) and row.row["rating"] == one.row["rating"] for row in rows)
    }  # fmt: skip
    certain: list[Claim] = []
    for claim in (one for one in rated if not one.why and id(one) not in again):
        other = next((one for one in certain if _is_same(claim, one)), None)
        if other is None:
            certain.append(claim)
        elif claim.row["rating"] == other.row["rating"]:
            again.add(id(claim))
        else:
            why = f"it is rated in two ways: {other.row['rating']} and {claim.row['rating']}"
            claim.doubt(why)
            other.doubt(why)
    claims.all = [one for one in claims.all if id(one) not in again]


def _is_same(claim: Claim, other: Claim) -> bool:
    """Whether two claims rate one thing."""
    overall = [one.row.get("level") == "overall" for one in (claim, other)]
    if any(overall):
        return all(overall) and (claim.about == other.about or bool(claim.row.get("label")))
    if {known.aspect_id for known in claim.known} & {known.aspect_id for known in other.known}:
        return True
    mine, theirs = (stems(one.row.get("label") or "") for one in (claim, other))
    return bool(mine and theirs) and (mine == theirs or (other.about == "table" and mine <= theirs))


def _today(claims: Claims, front: Front) -> None:
    """A number of today has the date of publication."""
    for claim in claims.of("measures"):
        today = re.search(r"(?i)\btoday\b", claims.text.sentences[claim.sentence or 0].plain)
        if front.published.basis == "stated" and today and not claim.row.get("period"):
            claim.row["period"] = front.published.value
            claim.lines = tuple(sorted({*claim.lines, *front.published.lines}))
