"""All claims of a document, and a last look at each once it is known what the document is.

A claim stays certain only where the heads and sentences around it say no more than that ratings
or actions of this inspection stand here: in known words, with its Area, labels and years.
"""

import re
from collections.abc import Iterator
from functools import cache, partial
from itertools import islice

from hmcpsi_data.documents.actions import read_actions, read_leftovers
from hmcpsi_data.documents.claims import Claim, Claims, Vocabulary, stems
from hmcpsi_data.documents.front import Front
from hmcpsi_data.documents.lists import read_lists
from hmcpsi_data.documents.prose import STANDING, read_forces, read_measures, read_sentences
from hmcpsi_data.documents.text import NOTE, Sentence, Text, either
from hmcpsi_data.tables.record import Record

# What may stand over the ratings and actions of this inspection, by the beginnings of words.
_PLAIN = stems(
    "address against all annex are area as aspect assessed avoid be below benchmark between both "
    "breakdown budget case categorised chief conducting conjunction covers CPS criteria critical "
    "Crown deemed detailed each editors effectiveness employed ended equivalent examined exercise "
    "fieldwork finalised follow-up follows fourth full full-time fully grade had handled has Her "
    "HM HMCPSI how identified implementing improvement included inspection invented is issue "
    "issued it judged key lapse level light long looked made Majesty's makes mark markings no "
    "notes only OPA order out over overall per performance period place press process programme "
    "progress Prosecution provides publication published quality rated rating recommendation "
    "relate relation release remains report response result saving score scored section Service "
    "spent standard subject summative table then these this those timeliness today took travel "
    "unacceptably unit visits was we were which work year yet two three four five six seven eight "
    "nine ten fourteen January February March April May June July August September October "
    "November December Monday Tuesday Wednesday Thursday Friday"
)
_YEAR = re.compile(r"(?<![\w/-])(?:19[89]|20[0-4])[0-9]\b")
_NAMES_AREA = re.compile(r"\bCPS [A-Z]|\b(?!The|This|Each)[A-Z]\w+ Area\b")
_PART = re.compile(r"(?i)(?:(?:non-)?critical|other|defining|remaining| )+ (?:aspects|criteria)\W*")
_UNREAL = either("drafts?|examples?|templates?|mock|specimen")
_ASIDE = re.compile(r"(?i)\b(?:our|their|not?(?!\.)|none|only one|all (?:\w+ )?areas)\b|\?")
# What a sentence may begin with that leaves the ratings beside it as they are; and what numbers
# stand beside in the notices.
_OF_AREA = (
    r"(?:the area|AREA) (?:has offices|needs to|works)\b|its main office is|we are pleased\b"
    r"|(?:the )?(?:inspectors also praised|critical aspects are|invented staff do)\b"
)
_SET_PHRASES = re.compile(
    r"of our communications is a key priority and we are|"
    r"serves the area covered by (?:the )?\w+ (?:Police|Constabulary)|one of"
    r"|where advice was given to the police before charge|should be read|national press"
)
_BACK = re.compile(r"(?i)\W*(?:this|these|those|they|all|both|none)\b")
_TITLE_LINES, _LONGEST = 14, 1_000
_LEVELS = {"opa": "aspect", "aei": "aspect"}

OVER_IT = "what stands around it may say more than that this is of this inspection"


def read_claims(text: Text, record: Record) -> Claims:
    """What a text may claim, before it is known what document it is."""
    claims = Claims(text, record.once(Vocabulary))
    read_lists(claims)
    heads = read_actions(claims)
    read_measures(claims)
    read_leftovers(claims, heads)
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
    sure = {one.row["number"] for one in claims.of("actions") if not one.why and one.row["number"]}
    for claim in claims.of("responses"):
        if claim.row["number"] not in sure:
            claim.doubt("the action that it answers is in doubt")
    for claim in claims.of("measures") if front.published.basis == "stated" else ():
        today = re.search(r"(?i)\btoday\b", text.sentences[claim.sentence or 0].plain)
        if today and not claim.row.get("period"):
            claim.row["period"] = front.published.value
            claim.lines = tuple(sorted({*claim.lines, *front.published.lines}))
    for answer in front.answers:
        asked = answer.question != "framework" or (front.kind != "unknown" and not answer.value)
        if answer.why and asked:
            why = f"{answer.question}: {answer.why}"
            value = answer.rivals[0] if len(answer.rivals) == 1 else None
            ask(answer.lines or [first], why, question=answer.question, value=value)
    for table, lines in claims.cut.items():
        ask(lines, f"from here on, no {table} are read: there are too many")
    for line in text.too_long:
        ask([line], "the line is too long to be read")


class _Scopes:
    """What stands over and beside every sentence, and whether that says any more of it."""

    def __init__(self, claims: Claims, front: Front) -> None:
        self.claims, self.text = claims, claims.text
        area = front.area.value or ""
        self.own = stems(area) - _PLAIN
        self.of_area = re.compile(_OF_AREA.replace("AREA", re.escape(area) or "it"), re.IGNORECASE)
        taken = claims.used | claims.lines("ratings", "actions")
        top = [*front.area.lines[:1], *front.published.lines[:1]]
        end = max(set(top).intersection(islice(self.text.filled(), _TITLE_LINES)), default=0)
        end = min([end, *(line - 1 for line in taken)])
        self.title = {one.plain for one in self.text.sentences if one.lines[0] <= end}
        self.title |= set(self.text.words[: end + 1])
        self.years = set(_YEAR.findall(" ".join(self.title)))
        if published := front.published.value:
            self.years |= {published[:4], str(int(published[:4]) - 1)}
        rivals = stems(" ".join(front.area.rivals)) - _PLAIN - self.own
        self.unclear = bool(rivals) or any(map(_UNREAL.search, self.title))
        self.rows = claims.used | claims.lines("actions", "responses")
        self.of_line: dict[int, int] = {}
        # the next sentence that is no row of a table
        self.after, behind = [""] * len(self.text.sentences), ""
        for number, sentence in reversed([*enumerate(self.text.sentences)]):
            self.of_line |= dict.fromkeys(sentence.lines, number)
            self.after[number] = behind
            behind = behind if self._is_row(sentence) else sentence.plain
        self.above = list(self._above())
        self.says_no_more = cache(self._says_no_more)
        # of the sentences with numbers what else they say
        numbers = ((one.sentence, one.rest) for one in claims.of("measures"))
        self.rest = {self.text.sentences[at].plain: rest for at, rest in numbers if at is not None}

    def _is_row(self, sentence: Sentence) -> bool:
        words = self.text.words
        return all(line in self.rows or _PART.fullmatch(words[line]) for line in sentence.lines)

    def _above(self) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
        """The headings over each sentence; the one before its paragraph, and that so far."""
        heads: tuple[str, ...] = ()
        said: tuple[str, ...] = ()
        before, last, roles = "", -1, self.text.roles
        for sentence in self.text.sentences:
            line, plain = sentence.lines[0], sentence.plain
            row = self._is_row(sentence)
            heading = not row and roles[line] == "heading" and not plain.endswith(":")
            if heading or (not row and line - last > 1):
                before, said = (said or (before,))[-1], ()
            if heading and plain in self.title:
                heads, before = (), ""
            elif heading:
                below = last >= 0 and roles[last] == "heading" and last not in self.rows
                heads = (*heads, plain)[-6:] if below else (plain,)
            # a paragraph that names the Area itself stands for itself
            named = any(self.own & stems(one) for one in said) and not before.endswith(":")
            yield heads, said if named else (before, *said)
            if not row and not heading:
                said = (*said, plain)[-12:]
            last = sentence.lines[-1]

    def _says_no_more(self, words: str) -> bool:
        """Whether words say no more than that this inspection's own ratings or actions follow."""
        if words in self.title or _PART.fullmatch(words):
            return True
        if len(words) > _LONGEST or (words[-1:] != ":" and self.of_area.match(words.lstrip('"'))):
            return len(words) <= _LONGEST
        rest = _SET_PHRASES.sub(" ", self.rest.get(words, words))
        numbers = words in self.rest and re.search("[0-9]", _YEAR.sub("", rest))
        if numbers or _ASIDE.search(rest) or not self.years.issuperset(_YEAR.findall(rest)):
            return False
        known = self.claims.words
        for pattern in (known.rating_word, known.progress_word):
            rest = pattern.sub(lambda match: " " * len(match[0]), rest)
        for span in reversed(known.spans(rest)):
            rest = rest[: span.start] + rest[span.end :]
        return stems(rest) <= _PLAIN | self.own

    def _names_other(self, words: str) -> bool:
        return bool(self.own and _NAMES_AREA.search(words) and not self.own & stems(words))

    def guard(self, claim: Claim) -> None:
        """Doubt a claim where more stands around it than that it is of this inspection."""
        at = self.of_line[claim.lines[0]] if claim.sentence is None else claim.sentence
        heads, above = self.above[at]
        last = at if claim.sentence is not None else self.of_line[claim.lines[-1]]
        behind, around = self.after[last], [*heads, *claim.over]
        if claim.about == "table" and claim.over and self._names_other(claim.over[0]):
            claim.row["rating"] = None  # no row of this Area
        if claim.sentence is not None:
            around.append(self.text.sentences[at].plain)
        elif claim.about == "table" and not self._is_row(self.text.sentences[last]):
            claim.doubt(OVER_IT)  # the line of the row reads on
        if claim.table == "actions":
            around += [*above[-1:], *([behind] if _BACK.match(behind) else [])]
        elif claim.table == "ratings" or claim.row.get("unit", "Areas") not in STANDING:
            around += [*above, behind]
        others = self.text.raw[claim.lines[0]].lstrip().startswith(">")
        if claim.table in {"actions", "forces"}:
            others = others or self._names_other(self.text.sentences[at].plain)
        noted = [*around, *(self.text.plain[line] for line in claim.lines)]
        if claim.table in {"ratings", "actions"} and any(map(NOTE.search, noted)):
            claim.doubt("a footnote may say more of it")
        if others or self.unclear or not all(map(self.says_no_more, around)):
            claim.doubt(OVER_IT)


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
    if framework and claim.row.get("rating"):
        strange = (claim.known or claim.about != "table") and not overall and not own
        if strange or claim.row["rating"] not in claims.words.scale_of[framework]:
            claim.doubt("the framework has no such label or no such word")


def _drop_restated(claims: Claims) -> None:
    """Leave out what a sentence says again of a row of a table; two ways of rating are doubts."""
    rated = [one for one in claims.of("ratings") if one.row["rating"]]
    rated.sort(key=lambda one: (one.about != "table", bool(one.why)))
    kept: list[Claim] = []
    again: set[int] = set()
    for claim in rated:
        spoken = claim.about != "table"
        for other in (one for one in kept if _is_same(claim, one)):
            if claim.row["rating"] == other.row["rating"]:
                if (spoken and other.about == "table") if claim.why else not other.why:
                    again.add(id(claim))
            elif not claim.why and not other.why:
                why = f"it is rated in two ways: {other.row['rating']} and {claim.row['rating']}"
                claim.doubt(why)
                other.doubt(why)
        if not claim.why or not spoken:
            kept.append(claim)
    claims.all = [one for one in claims.all if id(one) not in again]


def _is_same(claim: Claim, other: Claim) -> bool:
    overall = [one.row.get("level") == "overall" for one in (claim, other)]
    if any(overall):
        return all(overall) and (claim.about == other.about or bool(claim.row.get("label")))
    if {known.aspect_id for known in claim.known} & {known.aspect_id for known in other.known}:
        return True
    mine, theirs = (stems(one.row.get("label") or "") for one in (claim, other))
    return bool(mine and theirs) and (mine == theirs or (other.about == "table" and mine <= theirs))
