"""All claims of a document, and a last look at each once it is known what the document is.

A claim stays certain only where all that stands around it (heads, headings, the sentences before
and behind it) is known to say no more than that ratings or actions of this inspection stand here:
a closed list of words, this Area, its labels and the years of the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, partial
from itertools import islice
from typing import NamedTuple

from hmcpsi_data.documents.actions import read_actions
from hmcpsi_data.documents.claims import Claim, Claims
from hmcpsi_data.documents.front import Front, area_pattern
from hmcpsi_data.documents.lists import names_columns, read_lists
from hmcpsi_data.documents.measures import STANDING, read_forces, read_measures
from hmcpsi_data.documents.sentences import read_sentences
from hmcpsi_data.documents.text import Text, either
from hmcpsi_data.documents.vocabulary import stems, vocabulary
from hmcpsi_data.tables.record import Record

__all__ = ["judge", "read_claims"]

# What may stand over the ratings and actions of this inspection, by the beginnings of words.
_PLAIN = stems(
    "CPS area unit inspection report rating rated assessed assessment overall performance result "
    "summary score scored grade graded mark marked judged judgement finding found key main aspect "
    "criteria criterion section critical defining table OPA HMCPSI HM Her His Majesty's Crown "
    "Prosecution Service inspectorate inspectors response recommendation issue address "
    "improvement action number status progress substantial limited this these what was were is "
    "are as been has have had below follows following under review effectiveness assurance "
    "programme baseline against annex appendix level provides breakdown covers looked at notes "
    "editors full subject given received relation respect regard each all every both one two "
    "three four five six seven eight nine ten eleven twelve thirteen fourteen today issued "
    "published travel direction yet remains improved improving declined declining stable "
    "unchanged only deemed made invented it its be while no fieldwork then light markings took "
    "place follow-up strengths background contact January February March April May June July "
    "August September October November December Monday Tuesday Wednesday Thursday Friday"
)
_NO_NAME = stems("people headquarters direct values chief")
_YEAR = re.compile(r"(?<![\w/-])(?:19[89]|20[0-4])[0-9]\b")
_NAME = re.compile(
    r"\bCPS(?: in| for)? (?P<name>[A-Z][\w'-]+(?:(?: and| &| of|,)? [A-Z][\w'-]+){0,4})"
    r"|\b(?P<area>[A-Z][\w'-]+(?: [A-Z][\w'-]+){0,3}) Area\b"
)
_PART = re.compile(r"(?i)(?:(?:non-)?critical|other|defining|remaining| )+ (?:aspects|criteria)\W*")
_UNREAL = either("drafts?|examples?|templates?|mock|specimen")
# What a sentence beside ratings may say of the Area, after its name.
_DOES = (
    r"(?:(?:invented )?staff|the area) (?:has offices|needs to|performs|makes|serves|employe|handle"
    r"|covers|is aligned|is one of|is a key|is sound|is neither|do|works?)\b|its main office is"
    r"|(?:the )?inspectors (?:also )?praised\b|we (?:are pleased|welcome|recognise|note)\b"
)
_ASIDE = re.compile(r"(?i)\b(?:our|their|your|my|not?(?!\.)|none|only one|all (?:\w+ )?areas)\b|\?")
_OWN_VIEW = either(r"rat(?:ed|ings?)|scor\w+|marks?|grade\w*|assess\w*|claims?|view|opinion|own")
_ANSWERS = re.compile(r"(?i)[–—:-]\s+(?:we|the (?:CPS|Area)) (?:ha[vs]e?|are|is|will)\b")
_BACK = re.compile(r"(?i)\W*(?:this|these|those|they|all|both|none)\b")
_OF_WORK = r"\W*(?:the (?:\w+ )?(?:work|management|performance) of )?"
_BY_INSPECTORS = re.compile(r"(?i)\binspectorate'?s\b|\bHMCPSI\b")
_TITLE_LINES, _LONGEST = 14, 1_000
_LEVELS = {"opa": "aspect", "aei": "aspect"}
_TRAVEL = re.compile(r"(?i:\bdirections? of travel\b)|(?<=[\w|] )Travel\W*$")
_WAY = either(
    r"improv\w+|declin\w+|deteriorat\w+|worsen\w+|stable|static|steady|unchanged|positive|negative"
)
_MARKED_WAY = re.compile(
    r"(?<=\w\W)(?:Improved|Stable|Declined)\b|['(](?:improved|stable|declined)[')]"
)

TRAVEL = "a direction of travel; it is no rating, and the table of directions is filled in by hand"
OVER_IT = "what stands around it may say more than that this is of this inspection"


def read_claims(text: Text, record: Record) -> Claims:
    """What a text may claim, before it is known what document it is."""
    claims = Claims(text, record.once(vocabulary))
    read_lists(claims, record.once(area_pattern))
    read_measures(claims)
    read_actions(claims)
    read_sentences(claims)
    read_forces(claims, record)
    return claims


def judge(claims: Claims, front: Front) -> None:
    """Look at all claims once more, now that it is known what the document is."""
    text, ask = claims.text, partial(claims.add, "document")
    first = next(text.filled(), next((i for i, raw in enumerate(text.raw) if raw.strip()), 0))
    if front.why_not:
        claims.all = []
        ask([first], f"{front.why_not}; no claim is made")
        return
    scopes = _Scopes(claims, front)
    for claim in claims.all:
        scopes.guard(claim)
        if claim.table == "actions" and front.kind == "follow_up" and not claim.row.get("progress"):
            claim.doubt("a follow-up says what progress was made")
        if claim.table == "ratings":
            _of_front(claim, front, claims)
    _drop_restated(claims)
    _no_surer(claims)
    _today(claims, front)
    for lines, way in _travels(claims):
        ask(lines, TRAVEL, question="direction of travel", value=way)
    for answer in front.answers:
        asked = answer.question != "framework" or (front.kind != "unknown" and not answer.value)
        if answer.why and asked:
            why, rivals = f"{answer.question}: {answer.why}", [*answer.rivals, None, None]
            value = rivals[0] if rivals[1] is None else None
            ask(answer.lines or [first], why, question=answer.question, value=value)
    for table, lines in claims.cut.items():
        ask(lines, f"from here on, no {table} are read: there are too many")
    for line in text.too_long:
        ask([line], "the line is too long to be read")


def _travels(claims: Claims) -> Iterator[tuple[tuple[int, ...], str | None]]:
    """The lines that tell a direction of travel, and the word for it; of a column its head."""
    sentences, column = claims.text.sentences, False
    for sentence, below in zip(sentences, [*sentences[1:], None], strict=True):
        plain, row = sentence.plain, claims.used.issuperset(sentence.lines)
        named, marked = _TRAVEL.search(plain), _MARKED_WAY.search(plain)
        if named and not row:
            ways = [one.span() for one in _WAY.finditer(plain)]
            near = min(ways, key=lambda way: abs(way[0] - named.end()), default=named.span())
            lines = (*sentence.lines_of(*named.span()), *sentence.lines_of(*near))
            way = plain[slice(*near)] if ways else None
            if below and not ways and _WAY.fullmatch(below.plain.strip(" .")):
                lines, way = (*lines, *below.lines), below.plain.strip(" .")
            yield lines, way
        elif named:
            column = True
            yield sentence.lines, None
        elif marked and not (row and column):
            yield (*sentence.lines_of(*marked.span()),), marked[0].strip("'()")


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
        area = front.area.value or ""
        self.own = stems(area) - {"cps", "area"}
        named = re.escape(area).replace("\\ ", " ") or "the area"
        does = _DOES.replace("the area", f"the area|{named}", 1)
        self.of_area = re.compile(f"{_OF_WORK}{does}|(?:the )?critical aspects are\\b", re.I)
        own = " ".join(self.text.words[line] for line in front.area.lines + front.published.lines)
        self.years = set(_YEAR.findall(own))
        if published := front.published.value:
            self.years |= {published[:4], str(int(published[:4]) - 1)}
        top = {*front.area.lines[:1], *front.published.lines[:1]}
        end = max(top.intersection(islice(self.text.filled(), _TITLE_LINES)), default=0)
        end = min(end, *claims.used, *claims.lines("ratings", "actions"), len(self.text))
        self.title = {one.plain for one in self.text.sentences if one.lines[0] <= end}
        self.title |= set(self.text.words[: end + 1])
        rivals = stems(" ".join(front.area.rivals)) - {"cps", "area"} - self.own
        self.unclear = bool(rivals) or any(map(_UNREAL.search, self.title))
        numbers = claims.of("measures")
        stated = {one.sentence for one in numbers} - {one.sentence for one in numbers if one.why}
        self.measured = {self.text.sentences[at].plain for at in stated if at is not None}
        self.rows = claims.used | claims.lines("actions", "responses")
        self.of_line: dict[int, int] = {}
        self.scopes = list(self._walk())
        self.is_plain, self.is_known = cache(self._is_plain), cache(self._is_known)
        self.after = [""] * len(self.scopes)  # of each sentence the next one that is no row
        for number in reversed(range(len(self.scopes) - 1)):
            behind = self.text.sentences[number + 1]
            is_row = self._is_row(number + 1)
            self.after[number] = self.after[number + 1] if is_row else behind.plain

    def _is_row(self, number: int) -> bool:
        """Whether all lines of a sentence are rows, or parts of a table."""
        lines, words = self.text.sentences[number].lines, self.text.words
        return all(line in self.rows or _PART.fullmatch(words[line]) for line in lines)

    def _walk(self) -> Iterator[_Scope]:
        scope, last, text, used = _Scope(), -1, self.text, self.rows
        for number, sentence in enumerate(text.sentences):
            line, plain = sentence.lines[0], sentence.plain
            for one in sentence.lines:
                self.of_line.setdefault(one, number)
            row = line in used or names_columns(self.claims, line) or _PART.fullmatch(plain)
            heading = not row and text.roles[line] == "heading" and not plain.endswith(":")
            before = scope.said[-1] if scope.said else scope.before
            if heading and plain in self.title:
                scope = _Scope()
            elif heading:
                below = last >= 0 and text.roles[last] == "heading" and last not in used
                scope = _Scope((*scope.heads, plain)[-6:] if below else (plain,), (), before)
            elif not row and line - last > 1 and scope.said:
                scope = _Scope(scope.heads, (), before)
            yield scope
            if not row and not heading:
                quoted = scope.quoted ^ bool(plain.count('"') % 2)
                scope = scope._replace(said=(*scope.said, plain)[-12:], quoted=quoted)
            last = sentence.lines[-1]

    def names_other(self, words: str) -> bool:
        """Whether words name another Area."""
        known = _PLAIN | _NO_NAME | self.claims.words.common | self.own
        names = (match["name"] or match["area"] for match in _NAME.finditer(words[:_LONGEST]))
        return bool(self.own) and any(stems(name) - known for name in names)

    def _is_plain(self, words: str) -> bool:
        """Whether words say no more than that this inspection's own ratings or actions follow."""
        if words in self.title or _PART.fullmatch(words):
            return True
        if (
            _ASIDE.search(words)
            or len(words) > _LONGEST
            or not self.years.issuperset(_YEAR.findall(words))
        ):
            return False
        known = self.claims.words
        for pattern in (known.rating_word, known.progress_word):
            words = pattern.sub(lambda match: " " * len(match[0]), words)
        rest, at = "", 0
        for span in (one for one in known.spans(words) if one.known):
            rest, at = f"{rest}{words[at : span.start]} ", span.end
        return stems(rest + words[at:]) <= _PLAIN | self.own

    def _is_known(self, words: str) -> bool:
        """Whether a sentence beside ratings leaves them as they are: plain, or of this Area."""
        of_area = self.of_area.match(words[:_LONGEST]) and not words.endswith(":")
        return (
            bool(of_area and not _OWN_VIEW.search(words))
            or words in self.measured
            or self.is_plain(words)
        )

    def guard(self, claim: Claim) -> None:
        """Doubt a claim where more stands around it than that it is of this inspection."""
        at = claim.sentence
        if at is None:
            at = self.of_line.get(claim.lines[0] if claim.at is None else claim.at, 0)
        scope, table = self.scopes[at], claim.about == "table"
        if table and any(map(self.names_other, claim.over[:1])):
            claim.row["rating"] = None  # no row of this Area
        if not table and self.names_other(self.text.sentences[at].broken):
            claim.doubt("it stands beside the name of another Area")
        above = scope.said[-1] if scope.said else scope.before
        own = claim.table == "measures" and claim.row["unit"] not in STANDING
        if claim.table == "ratings" or own:
            named = any(self.own & stems(one) for one in scope.said)
            led = not named or scope.before.endswith(":")
            beside = [*scope.said, *([scope.before] if led else [])]
            cited = scope.quoted or self.text.raw[claim.lines[0]].lstrip().startswith(">")
            last = at if claim.sentence is not None else self.of_line.get(claim.lines[-1], at)
            more = table and not self._is_row(last)
            known = all(map(self.is_known, [*beside, self.after[last]]))
            if cited or more or self.unclear or not known:
                claim.doubt(OVER_IT)
        if claim.table == "actions":
            named = any(map(_BY_INSPECTORS.search, scope.heads[-1:]))
            behind = self.after[self.of_line.get(claim.lines[-1], at)]
            taken_back = _BACK.match(behind) and not self.is_known(behind)
            if taken_back or not (named or self.is_known(above)):
                claim.doubt(OVER_IT)
            if _ANSWERS.search(str(claim.row["text"])):
                claim.doubt("it may hold its own answer")
        is_clear = self.is_known if claim.table == "measures" else self.is_plain
        if not all(map(is_clear, [*scope.heads, *claim.over])):
            claim.doubt(OVER_IT)


# What the document is ----------------------------------------------------------------------------


def _of_front(claim: Claim, front: Front, claims: Claims) -> None:
    """Give a rating its level; doubt what neither the kind nor the framework of a document has."""
    framework = front.framework.value or ""
    own = [one for one in claim.known if one.framework_id == framework]
    levels = [one.level for one in own or (claim.known if not framework else [])]
    level = claim.row.get("level") or next(iter(levels), _LEVELS.get(framework[:3], "criterion"))
    claim.row["level"], overall = level, level == "overall"
    if front.kind == "follow_up":
        claim.row["label"] = None if overall else claim.row["label"]
        years = _YEAR.findall(" ".join(claims.text.words[line] for line in claim.lines))
        before = any(year < (front.published.value or "9999") for year in years)
        if not (overall and before):
            claim.doubt("in a follow-up it may be a rating of the earlier inspection")
        return
    if claim.about == "area":
        claim.doubt("it may be an overall rating, or speak of one thing only")
    if not framework or claim.row.get("rating") is None:
        return
    if claim.row["rating"] not in claims.words.scale_of[framework]:
        claim.doubt("the framework has no such word on its scale")
    if (claim.known or claim.about != "table") and not overall and not own:
        claim.doubt("the framework has no such label")


def _drop_restated(claims: Claims) -> None:
    """Leave out what a sentence says again of a row of a table; two ways of rating are doubts."""
    rated = [one for one in claims.of("ratings") if one.row["rating"]]
    rated.sort(key=lambda one: (one.about != "table", bool(one.why)))
    kept: list[Claim] = []
    again: set[int] = set()
    for claim in rated:
        spoken = claim.about != "table"
        for other in (one for one in kept if _is_same(claim, one) and (spoken or not claim.why)):
            if claim.row["rating"] == other.row["rating"]:
                if other.about == "table" if claim.why else not other.why:
                    again.add(id(claim))
            elif not claim.why and not other.why:
                why = f"it is rated in two ways: {other.row['rating']} and {claim.row['rating']}"
                claim.doubt(why)
                other.doubt(why)
        if not (spoken and claim.why):
            kept.append(claim)
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


def _no_surer(claims: Claims) -> None:
    """An answer is no surer than the action whose number it bears."""
    asked = claims.of("actions")
    sure = {one.row.get("number") for one in asked if not one.why}
    unsure = {one.row.get("number") for one in asked} - sure - {None}
    for answer in claims.of("responses"):
        if answer.row.get("number") in unsure:
            answer.doubt("the action that it answers is in doubt")


def _today(claims: Claims, front: Front) -> None:
    """A number of today has the date of publication."""
    for claim in claims.of("measures"):
        today = re.search(r"(?i)\btoday\b", claims.text.sentences[claim.sentence or 0].plain)
        if front.published.basis == "stated" and today and not claim.row.get("period"):
            claim.row["period"] = front.published.value
            claim.lines = tuple(sorted({*claim.lines, *front.published.lines}))
