"""Ratings that stand in sentences.

A sentence is certain where a small grammar takes it up whole: labels, a verb that rates and words
of the scale, and nothing else. What any other sentence rates is a doubtful claim, by the labels
that stand nearest; plain praise is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from hmcpsi_data.documents.claims import Claims
from hmcpsi_data.documents.measures import number as number_of
from hmcpsi_data.documents.text import Sentence
from hmcpsi_data.documents.vocabulary import Known, Span, is_label

__all__ = ["NOT_PLAIN", "read_sentences"]

_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen".split()
)
_COUNT = rf"(?:{'|'.join(_NUMBERS)}|[0-9]{{1,2}})"
_COUNTED = {word: at for at, word in enumerate(_NUMBERS)} | {"both": 2}
_COUNTED |= {str(number): number for number in range(100)}
_SMALL = (
    "the its their an a was were is are has have been as at to with in relation regard respect for "
    "on of inspectors inspectorate hmcpsi this criterion criteria aspect aspects section sections "
    "level given awarded received got achieved inspection report both also now follows"
).replace(" ", "|")
# The signs of a sentence: L a label and W a word of a scale (found beforehand), E "all four
# sections", N "overall assessment", O "overall", A the Area, v and w strong and weak verbs, m a
# mark, ; the end of a clause, s words that add nothing, x all others.
_SIGN = re.compile(
    rf"""
    (?P<E>\b(?:(?:all|each|both)(?:\ of)?(?:\ the|\ its)?\ )?(?:{_COUNT}\ )?(?:of\ the\ {_COUNT}\ )?
        (?:sections|criteria|aspects)\b)
    |(?P<N>\boverall\ (?:performance\ )?(?:assessment|rating|grade|score|mark|judge?ment|performance
        )(?:\ \(OPA\))?|\b(?-i:OPA)\b)
    |(?P<O>\boverall\b)
    |(?P<A>\b(?:(?:the|this|of\ its)\ )?(?:
        (?-i:[A-Z][\w'-]+(?:\ (?:and|of|&|[A-Z][\w'-]+)){{0,6}}\ )?(?:CPS\ )?(?-i:Area)\b
        |borough\ unit|borough|performance\b|it\b
        |(?-i:CPS\ [A-Z][\w'&-]*(?:\ (?:and|of|&|the|[A-Z][\w'-]*)){{0,6}})))
    |(?P<v>\b(?:rated|assessed|judged|graded|scored|marked|assessments?|ratings?|scores?|marks?
        |grades?)\b(?:\ to\ be\b)?)
    |(?P<w>\b(?:deemed|considered|finds|found|seen|described|regarded|thought|called)\b)
    |(?P<b>;|,?\ (?:whereas|while|whilst|although|though)\b|,\ (?:but|yet)\b)
    |(?P<comma>[,)]+)|(?P<and>\band\b|&)|(?P<m>:|\(|-(?=[ "'(]))
    |(?P<s>\b(?:{_SMALL})\b)|(?P<x>[^\W_]+(?:'[^\W\d_]+)?)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_AS = {"comma": ",", "and": "&", "b": ";"}
_THINGS = "L(?:(?:,L)*,?&L)?"
_JOINT = "(?:[,;]&?|&)"
# The whole of a certain sentence.
_PLAIN = re.compile(
    "|".join(
        (
            rf"{_THINGS},?A?v+W(?:{_JOINT}{_THINGS}v?W)*|{_THINGS}vWv",
            rf"v{_THINGS}W(?:{_JOINT}{_THINGS}W)*|Av{_THINGS},?&vW",
            rf"A?vWv?{_THINGS}(?:{_JOINT}v?W{_THINGS})*",
            r"(?:O,?)?Av+O?WO?v?|A?vAW|NA?v?W|EvWv?|vEW",
            rf"EvWm{_THINGS}|(?:Evm)?LmW(?:[,;]&?LmW)*|mW{_THINGS}",
        )
    )
)
# What a word rates that stands in a sentence of any other kind: behind it, or before it.
_AFTER = re.compile(rf"[vOm]*(?P<things>{_THINGS}|E)")
_BEFORE = [
    re.compile(rf"(?P<things>{things})[^{stop}]*$")
    for things, stop in ((_THINGS, "L"), ("N", "N"), ("E(?=[^E]*v)|(?<=v)E(?=$)", "E"), ("A", "A"))
]
# The list before a verb that rates, and what stands between two things of a list.
_SUBJECT = re.compile(
    r"(?P<words>.*?),?\s(?:(?P<many>were|are|have been|rated|judged)|was|is|has been)"
    r"(?:\s(?:also|all|both|each|again|then|now|only|rated|assessed|judged|graded|scored|marked"
    r"|deemed|found|considered|seen|described|given|as|to|be|an?|the))*[\s'\"(]*$",
    re.IGNORECASE,
)
_DIVIDES = re.compile(r"[,;]\s*(?:and\s|as well as\s)?|\s(?:and|&|as well as)\s", re.IGNORECASE)
_GOES_ON = re.compile(r"[\s.'\"]*(?:$|(?:in|at|by|for|during|as|but|to|of|across)\b)", re.I)
_TOLD = re.compile(r"(?i)\b(?:that|who|which|said|says|is|was|are|were|ha[sd]|have)\b")
_NO_THING = re.compile(
    r"(?:in|at|on|for|by|of|to|with|within|from|during|after|before|since|under|unlike|as|last|no"
    r"|each|every)\b|\w+ly$",
    re.IGNORECASE,
)
_MOST_WORDS = 6  # of a thing in a list that is no known label
# Ratings that are counted, as in "12 'Good'", "two were Excellent" and "Fair (3)".
_COUNT_BEFORE = re.compile(
    rf"(?:^|[^\w\s.]\s?|\b(?!(?:all|each|both|the|no|section|aspect)\b)[a-z]+\s){_COUNT}"
    r"(?: of (?:the|its|them)\b)?(?: (?:aspects?|criteria|sections?|ratings?|marks?|scores?))?"
    r"(?: (?:was|were|are|is))?(?: (?:rated|assessed|judged|scored))?(?: as| to be)?[\s:|]+['\"]?$",
    re.IGNORECASE,
)
_COUNT_OPENS = re.compile(
    r"(?:^|[,;]\s|\band |\b(?:aspects|criteria|sections)(?: were)? (?:rated|assessed)(?: as)? )"
    r"['\"]?$",
    re.IGNORECASE,
)
_COUNT_AFTER = re.compile(rf"['\"]?(?:\s?[:|(-]\s?|\sin\s|\s){_COUNT}\b", re.IGNORECASE)
_FILLING = re.compile(r"[\s,'\"*_()/=:;0-9-]*(?:\b(or|and|to)\b[\s,'\"*_()/=:;0-9-]*)?", re.I)
_MAX_SENTENCE, _MAX_SENTENCES = 1_000, 600  # characters; sentences with words of a scale

TOO_LONG = "a sentence too long to be searched for ratings"
TWO_WORDS = "it gives two words of the scale"
OPINION = "it is worded as an opinion, not as a rating"
NOT_PLAIN = "the sentence says more than what is rated and how"
UNKNOWN = "what is rated is no label that a framework of this record has"
UNPLACED = "it is not clear what is rated"
COUNTED = "it counts ratings, and does not say what each is of"


class _Sign(NamedTuple):
    sign: str
    start: int
    end: int


class _Thing(NamedTuple):
    """Something that a sentence may rate, where it stands in it, or the lines that name it."""

    label: str = ""
    known: tuple[Known, ...] = ()
    level: str | None = None
    place: tuple[int, ...] = ()
    lines: tuple[int, ...] = ()
    why: str = ""


def read_sentences(claims: Claims) -> None:
    """Add the ratings of all sentences, and whatever else stands out as a word of a scale."""
    text, searched = claims.text, 0
    passed = claims.used | _listed(claims)
    for number, sentence in enumerate(text.sentences):
        rates = claims.words.rating_words.search(sentence.plain)
        if not rates or passed.issuperset(sentence.lines):
            continue
        searched += 1
        if searched > 2 * _MAX_SENTENCES:
            claims.cut.setdefault("ratings", sentence.lines)
            return
        if len(sentence.plain) > _MAX_SENTENCE or searched > _MAX_SENTENCES:
            claims.rating(sentence.lines, None, None, TOO_LONG).sentence = number
        else:
            _Reader(claims, number, passed).read()


def _listed(claims: Claims) -> set[int]:
    """Lines that list the scale: each is only a word of it, and so is a neighbour."""
    filled = list(claims.text.filled())
    bare = [claims.words.rating_of(claims.text.words[line]) for line in filled]
    pairs = zip(filled, filled[1:], bare, bare[1:], strict=False)
    return {line for a, b, one, two in pairs if one and two and one != two for line in (a, b)}


class _Reader:
    """One sentence with words of the scale."""

    def __init__(self, claims: Claims, number: int, passed: set[int]) -> None:
        self.claims, self.number, self.passed = claims, number, passed
        self.sentence = claims.text.sentences[number]
        self.before = claims.text.sentences[number - 1] if number else None
        if self.before and len(self.before.plain) > _MAX_SENTENCE:
            self.before = None
        self.plain = self.sentence.plain
        self.spans = {span.start: span for span in claims.words.spans(self.plain)}
        self.counted = {one.start(): one.end() for one in self._counts()}
        self.rated = {one.start() for one in claims.words.rating_word.finditer(self.plain)}
        self.signs = list(self._signs())

    def _counts(self) -> Iterator[re.Match[str]]:
        """The words of the scale that stand beside how many were given."""
        for match in self.claims.words.rating_words.finditer(self.plain):
            ahead = self.plain[max(0, match.start() - 80) : match.start()]
            opens = _COUNT_OPENS.search(ahead) and _COUNT_AFTER.match(self.plain, match.end())
            if opens or _COUNT_BEFORE.search(ahead):
                yield match

    def _signs(self) -> Iterator[_Sign]:
        """The signs in their order; a label or a word of a scale goes before most others."""
        rated = self.claims.words.rating_word.finditer(self.plain)
        fixed = [_Sign("W", *match.span()) for match in rated]
        taken = {at for one in fixed for at in range(one.start, one.end)}
        spans = [_Sign("L", one.start, one.end) for one in self.spans.values()]
        fixed += [one for one in spans if taken.isdisjoint(range(one.start, one.end))]
        at = 0
        for one in [*sorted(fixed, key=lambda one: one.start), None]:
            while match := _SIGN.search(self.plain, at):
                kind = _AS.get(match.lastgroup or "x", match.lastgroup or "x")
                longer = one and one.sign == "L" and match.start() < one.start and kind in "NOEA"
                if one and match.end() > one.start and not longer:
                    break
                at = match.end()
                yield _Sign(kind, match.start(), at)
            if one and one.start >= at:
                at = one.end
                yield one

    def read(self) -> None:
        """Add the claims of the sentence, word of a scale by word of a scale."""
        opinion = any(one.sign == "w" for one in self.signs)
        why = "" if self._is_plain() else OPINION if opinion else NOT_PLAIN
        signs = [one for one in self.signs if one.sign != "s"]
        skipped = self._lists()
        counted = {at: end for at, end in self.counted.items() if at not in self.rated}
        start, spoken = 0, False  # where the last claim ended, whether a verb has rated
        begin = 0  # the same, in the words
        for at, word in enumerate(signs):
            if word.sign == ";":
                start = at + 1
            if word.sign == "W" and word.start in skipped & self.counted.keys():
                counted[word.start] = word.end
            if word.sign != "W" or word.start in skipped:
                continue
            ahead = "".join(one.sign for one in signs[start:at])
            behind = re.split("[W;]", "".join(one.sign for one in signs[at + 1 :]))[0]
            spoken = spoken or not set("vwN").isdisjoint(ahead + behind)
            before = next(filter(None, (p.search(ahead) for p in _BEFORE)), None)
            after = _AFTER.match(behind)
            opens = after and (behind[0] == "m" or not ahead.strip("m"))
            rates = spoken or opens or ahead.endswith("Lm")
            chosen, origin = (after, at + 1) if after else (before, start)
            named = signs[origin:][slice(*chosen.span("things"))] if chosen and rates else []
            things = [thing for one in named for thing in self._things(one, bool(why))]
            if why and (not named or "L" in {one.sign for one in named}):
                if after:
                    end = next((one.start for one in signs[at + 1 :] if one.sign in "W;"), None)
                    listed = self._listed_behind(signs[at + 1].start, end)
                else:
                    listed = self._listed_before(begin, word.start)
                if things or (listed and self._is_marked(word)):
                    things = max(things, listed, key=len)
            if word.start in self.counted and not any(thing.label for thing in things):
                counted[word.start] = word.end
                continue
            if things:
                begin = word.end
                start = at + 1 + (after.end() if after else 0)
            elif not self._is_marked(word):
                continue
            else:
                things = [self._nearest(word)]
            for thing in things:
                self._add(word, thing, why)
        if counted:
            lines = self.sentence.lines_of(min(counted), max(counted.values()))
            self.claims.rating(lines, None, None, COUNTED).sentence = self.number

    def _is_plain(self) -> bool:
        """Whether the grammar takes up the whole sentence, to its last letter and mark."""
        row = "".join(one.sign for one in self.signs if one.sign != "s").strip(",;")
        labels = all(self.spans[one.start].known for one in self.signs if one.sign == "L")
        if not labels or not _PLAIN.fullmatch(row):
            return False
        rest, at = "", 0
        for one in self.signs:
            rest, at = f"{rest}{self.plain[at : one.start]}{one.sign}", one.end
        rest = re.sub(r"(['\"])([WL][.,]?)\1", r"\2", rest + self.plain[at:])
        return re.fullmatch(r"[LWNOEAvsm,;&\s]*\.?", rest) is not None

    def _lists(self) -> set[int]:
        """The places of the words that list the scale; a label with two words is a doubt."""
        runs: list[list[_Sign]] = []
        for one in (sign for sign in self.signs if sign.sign == "W"):
            if runs and _FILLING.fullmatch(self.plain, runs[-1][-1].end, one.start):
                runs[-1].append(one)
            else:
                runs.append([one])
        found: set[int] = set()
        for run in runs:
            between = self.plain[run[0].end : run[-1].start].casefold()
            choice = re.search(r"\bor\b|/|\bto\b", between)
            if len(run) < 2 or not (choice or len(run) > 2):
                continue
            found.update(one.start for one in run)
            labels = [
                span for span in self.spans.values() if span.known and span.end <= run[0].start
            ]
            if len(run) == 2 and labels:
                lines = self.sentence.lines_of(labels[-1].start, run[1].end)
                label = self.sentence.printed[labels[-1].start : labels[-1].end]
                self.claims.rating(lines, label, None, TWO_WORDS).sentence = self.number
        return found

    def _is_marked(self, word: _Sign) -> bool:
        """Whether a word is quoted, has a capital inside its sentence, or is the last of it."""
        before, after = self.plain[: word.start], self.plain[word.end :]
        quoted = before[-1:] in ("'", '"') and after[:1] in ("'", '"', ",", ".")
        capital = self.plain[word.start].isupper() and not self.plain.isupper()
        return quoted or (capital and before.strip() != "") or not after.strip(" .;,:!?'\"*_)]")

    def _things(self, sign: _Sign, doubtful: bool) -> list[_Thing]:
        """What a sign names."""
        shown, place = self.sentence.printed[sign.start : sign.end], (sign.start, sign.end)
        if sign.sign == "L":
            return [self._named(self.sentence, self.spans[sign.start])]
        if sign.sign == "N":
            return [_Thing(shown, (), "overall", place)]
        if sign.sign == "A":
            overall = re.search(r"(?i)\boverall\b", self.sentence.printed)
            return [_Thing(overall[0] if overall else "", (), "overall", place)]
        return self._every(shown.casefold().split(), doubtful) if sign.sign == "E" else []

    def _named(self, sentence: Sentence, span: Span) -> _Thing:
        here = sentence is self.sentence
        return _Thing(
            sentence.printed[span.start : span.end], span.known or span.part_of, None,
            (span.start, span.end) if here else (), () if here else sentence.lines,
            "" if span.known else UNKNOWN,
        )  # fmt: skip

    def _every(self, words: list[str], doubtful: bool) -> list[_Thing]:
        """What "all four sections" means: the things that the sentence before names."""
        number = next((_COUNTED[word] for word in words if word in _COUNTED), None)
        spans = self.claims.words.spans(self.before.plain) if self.before else []
        spans = [one for one in spans if one.known]
        all_named = spans and number in {None, len(spans)} and words[0] in {"all", "each", "both"}
        if self.before and all_named and not doubtful:
            return [self._named(self.before, one) for one in spans]
        return [_Thing(why=UNPLACED)]

    def _parts(self, start: int, end: int) -> list[tuple[int, int]]:
        """The parts of a list, which no label is divided by."""
        ends = [start]
        for match in _DIVIDES.finditer(self.plain, start, end):
            inside = any(one.start < match.start() < one.end for one in self.spans.values())
            ends += [] if inside else match.span()
        return [*zip(ends[::2], [*ends[1::2], end], strict=True)]

    def _part(self, start: int, end: int) -> tuple[_Thing | None, str, str]:
        """The thing that a part of a list names, and the words before and behind its label."""
        inner = [one for one in self.spans.values() if start <= one.start and one.end <= end]
        if inner:
            thing = self._named(self.sentence, inner[-1])
            return thing, self.plain[start : thing.place[0]], self.plain[thing.place[1] : end]
        words = self.plain[start:end].strip(" .'\"")
        if (
            not is_label(words)
            or _NO_THING.match(words)
            or len(words.split()) > _MOST_WORDS
            or number_of(words) is not None
        ):
            return None, "", ""
        start = self.plain.index(words, start)
        place = start, start + len(words)
        return _Thing(self.sentence.printed[slice(*place)], place=place, why=UNKNOWN), "", ""

    def _listed_before(self, start: int, end: int) -> list[_Thing]:
        """The things of a list before a verb that rates: of one thing, where the verb has one."""
        subject = _SUBJECT.match(self.plain, start, end)
        found: list[_Thing] = []
        for part in reversed(self._parts(start, subject.end("words")) if subject else []):
            thing, lead, rest = self._part(*part)
            alone = bool(found) and subject and not subject["many"] and lead.strip()
            if thing is None or rest.strip(" '\"") or alone:
                break
            found.insert(0, thing)
            if _TOLD.search(lead):
                break
        return self._as_list(found)

    def _listed_behind(self, start: int, end: int | None) -> list[_Thing]:
        """The things of a list behind a rating."""
        found: list[_Thing] = []
        for part in self._parts(start, len(self.plain) if end is None else end):
            thing, lead, rest = self._part(*part)
            if thing is None or _TOLD.search(lead) or not _GOES_ON.match(rest):
                break
            found.append(thing)
            if rest.strip(" .'\""):
                break
        return self._as_list(found)

    def _as_list(self, found: list[_Thing]) -> list[_Thing]:
        """Things that are joined by "and"; else only those with a label of the record."""
        between = self.plain[found[0].place[1] : found[-1].place[0]] if found else ""
        joined = len(found) > 1 and re.search(r"(?i)\band\b|&|\bas well as\b", between)
        return found if joined else [one for one in found if one.why != UNKNOWN or one.known]

    def _nearest(self, word: _Sign) -> _Thing:
        """What a word that stands out may rate: the label nearest to it, or named last before."""
        sentence, spans = self.sentence, list(self.spans.values())
        near = min(spans, key=lambda s: min(abs(s.start - word.end), abs(word.start - s.end)),
                   default=None)  # fmt: skip
        if near is None and self.before and self.passed.isdisjoint(self.before.lines):
            sentence = self.before
            near = next(reversed(self.claims.words.spans(sentence.plain)), None)
        thing = self._named(sentence, near) if near else _Thing()
        return thing._replace(why=UNPLACED)

    def _add(self, word: _Sign, thing: _Thing, why: str) -> None:
        ends = (word.start, word.end, *thing.place)
        lines = self.sentence.lines_of(min(ends), max(ends))
        if self.passed.issuperset(lines):
            return
        rating = self.claims.words.rating_of(self.plain[word.start : word.end])
        why = why or thing.why
        claim = self.claims.rating([*lines, *thing.lines], thing.label or None, rating, why)
        claim.known, claim.sentence = list(thing.known), self.number
        if thing.level:
            claim.row["level"] = thing.level
            claim.about = "" if thing.label else "area"
