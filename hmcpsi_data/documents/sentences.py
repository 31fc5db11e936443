"""Ratings that stand in sentences.

A sentence is certain where it has one of a few plain forms. What any other one rates is a doubtful
claim, with the labels that stand beside the word of the scale; plain praise is none.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple

from hmcpsi_data.documents.claims import Claims
from hmcpsi_data.documents.vocabulary import Known, Span, is_label

# Each letter of a label and of a word of a scale is replaced by one of these, so that the form of a
# sentence can be searched and its places are still those of the sentence.
_LABEL, _WORD = "\x01", "\x02"
_THINGS = rf"(?:the )?{_LABEL}+(?:,? (?:and )?(?:the )?{_LABEL}+)*"
_AREA = r"(?:the area|the borough(?: unit)?|(?-i:CPS(?: [A-Z][\w'-]+| and| of| &)+))"
_RATING = rf"['\"]?{_WORD}+['\"]?"
_PLAIN = re.compile(
    "|".join(
        (
            rf"(?:the )?overall performance assessment(?: of {_AREA})? was {_RATING}\.?",
            rf"{_AREA} was rated as {_RATING} overall\.?",
            rf"the inspection rated performance as {_RATING}\.?",
            rf"in relation to {_THINGS},? {_AREA} was rated as {_RATING}\.?",
            rf"{_AREA} was assessed in relation to {_THINGS},? and was rated as {_RATING}\.?",
            rf"{_THINGS} (?:was|were) rated(?: as)? {_RATING}\.?",
            rf"inspectors rated {_THINGS} as {_RATING}\.?",
        )
    ),
    re.IGNORECASE,
)
_RATES = re.compile(
    r"\b(?:rated|assessed|judged|graded|scored?|marked|rating|deemed|considered|found"
    r"|seen|described|regarded)\b",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"\boverall\b|\bOPA\b|\bthe (?:area|borough)\b|\bborough unit\b|\bit (?:is|was)\b"
    r"|\bperformance\b|(?-i:\bCPS [A-Z])",
    re.IGNORECASE,
)
_SUBJECT = re.compile(r"\W*(.{3,80}?) (?:was|were) ")
_OVERALL = re.compile(r"\boverall(?: (?:performance|assessment|rating))*", re.IGNORECASE)
_SOME = re.compile(r"(?P<all>\b(?:all|each|both)\b.*)?\b(?:sections|criteria|aspects)\b", re.I)
# What stands between a word of the scale and a list of what it rates; and between two of a list.
_LEADS = re.compile(r"['\")]?(?: (?:rating|score|mark|grade))?(?::| -| for| in relation to) ")
_DIVIDES = re.compile(r"[,;]\s*(?:and\s)?|\s(?:and|&)\s")
_FILLING = re.compile(r"[\s,'\"*_/=:;0-9-]*(?:\b(?:or|and|to)\b[\s'\"*_]*)?")  # of a list of words
_CHOICE = re.compile(r"\b(?:or|to)\b|/")
_MAX_SENTENCE, _MOST_WORDS = 1_000, 6  # characters; words of a thing in a list that is no label

TOO_LONG = "a sentence too long to be searched for ratings"
TWO_WORDS = "it gives two words of the scale"
NOT_PLAIN = "its sentence is no plain statement of what is rated and how"


def read_sentences(claims: Claims) -> None:
    """Add the ratings of all sentences, and whatever else stands out as a word of a scale."""
    passed = claims.used | _listed(claims)
    for number, sentence in enumerate(claims.text.sentences):
        if "ratings" in claims.cut:
            return
        rates = claims.words.rating_word.search(sentence.plain)
        if not rates or passed.issuperset(sentence.lines):
            continue
        if len(sentence.plain) > _MAX_SENTENCE:
            claims.rating(sentence.lines, None, None, TOO_LONG).sentence = number
        else:
            _Reader(claims, number, passed).read()


def _listed(claims: Claims) -> set[int]:
    """Lines that list the scale: each is only a word of it, and so is a neighbour."""
    filled = list(claims.text.filled())
    bare = [claims.words.rating_of(claims.text.words[line]) for line in filled]
    pairs = zip(filled, filled[1:], bare, bare[1:], strict=False)
    return {line for a, b, one, two in pairs if one and two and one != two for line in (a, b)}


class _Thing(NamedTuple):
    """Something that a sentence may rate: where it stands there, or the lines that name it."""

    label: str = ""
    known: tuple[Known, ...] = ()
    place: tuple[int, ...] = ()
    lines: tuple[int, ...] = ()
    is_whole: bool = False  # the Area


class _Reader:
    """One sentence with words of the scale."""

    def __init__(self, claims: Claims, number: int, passed: set[int]) -> None:
        self.claims, self.number, self.passed = claims, number, passed
        self.sentence = claims.text.sentences[number]
        self.plain = self.sentence.plain
        self.spans = claims.words.spans(self.plain)
        self.words = [one.span() for one in claims.words.rating_word.finditer(self.plain)]
        signs = [(*one[:2], _LABEL) for one in self.spans]
        self.form = self.plain
        for start, end, sign in [*signs, *((*word, _WORD) for word in self.words)]:
            self.form = self.form[:start] + sign * (end - start) + self.form[end:]

    def read(self) -> None:
        """Add the claims of the sentence, word of a scale by word of a scale."""
        if _PLAIN.fullmatch(self.form.lstrip("-•0123456789. ")):
            named = [self._named(span) for span in self.spans]
            for thing in named or [self._whole()]:
                self._add(*self.words[0], thing, "")
            return
        listed, start = self._lists(), 0
        for (begin, end), (after, _) in pairwise([*self.words, (len(self.plain), 0)]):
            rates = self._is_marked(begin, end) or _RATES.search(self.form, 0, after)
            if begin in listed or not rates:
                start = end
                continue
            things, start = self._things(start, begin, end, after)
            for thing in things:
                self._add(begin, end, thing, NOT_PLAIN)

    def _lists(self) -> set[int]:
        """The places of the words that list the scale; a label with two words is a doubt."""
        runs: list[list[tuple[int, int]]] = []
        for word in self.words:
            if runs and _FILLING.fullmatch(self.plain, runs[-1][-1][1], word[0]):
                runs[-1].append(word)
            else:
                runs.append([word])
        found: set[int] = set()
        for run in runs:
            start, end = run[0][0], run[-1][1]
            if len(run) > 2 or (len(run) > 1 and _CHOICE.search(self.plain, start, end)):
                found.update(one for one, _ in run)
                if (label := self.form.rfind(_LABEL, 0, start)) >= 0 and len(run) == 2:
                    thing = next(self._named(one) for one in self.spans if one.end > label)
                    self._add(start, end, thing, TWO_WORDS)
        return found

    def _is_marked(self, start: int, end: int) -> bool:
        """Whether a word is quoted, has a capital inside its sentence, or is the last of it."""
        before, after = self.plain[:start], self.plain[end:]
        quoted = before[-1:] in ("'", '"') and after[:1] in ("'", '"', ",", ".")
        capital = self.plain[start].isupper() and not self.plain.isupper()
        return quoted or (capital and before.strip() != "") or not after.strip(" .;,:!?'\"*_)]")

    def _things(self, start: int, begin: int, end: int, after: int) -> tuple[list[_Thing], int]:
        """What a word may rate between its neighbours, and where that ends."""
        if lead := _LEADS.match(self.form, end, after):
            parts = self._parts(lead.end(), after)
            if things := self._list(parts):
                return things, max(thing.place[1] for thing in things)
        spans = [span for span in self.spans if start <= span.start and span.end <= begin]
        if spans:
            return self._list(self._parts(start, spans[-1].end)[::-1]), end
        around = self.form[start:after]
        if _WHOLE.search(around):
            return [self._whole()], end
        before = self.claims.text.sentences[self.number - 1] if self.number else None
        others = []
        if before and len(before.plain) <= _MAX_SENTENCE and self.passed.isdisjoint(before.lines):
            others = [
                _Thing(before.printed[one.start : one.end], one.known, (), before.lines)
                for one in self.claims.words.spans(before.plain)
            ]
        if some := _SOME.search(around):
            return (some["all"] and others) or [_Thing()], end
        subject = _SUBJECT.match(self.plain, start, begin)
        if subject and is_label(subject[1]):
            return [_Thing(subject[1], place=subject.span(1))], end
        near = min(self.spans, key=lambda one: abs(one.start - begin), default=None)
        return [self._named(near) if near else (others or [_Thing()])[-1]], end

    def _parts(self, start: int, end: int) -> list[tuple[int, int]]:
        """The parts of a list, which no label is divided by."""
        ends = [start]
        for match in _DIVIDES.finditer(self.form, start, end):
            ends += match.span()
        return [*zip(ends[::2], [*ends[1::2], end], strict=True)]

    def _list(self, parts: list[tuple[int, int]]) -> list[_Thing]:
        """The things of a list, up to a part that says more; new ones only with a label."""
        found: list[_Thing] = []
        for start, end in parts:
            words = self.plain[start:end].strip(" .'\"")
            spans = [span for span in self.spans if start <= span.start and span.end <= end]
            if spans:
                found.append(self._named(spans[-1]))
            elif is_label(words) and len(words.split()) <= _MOST_WORDS:
                start = self.plain.index(words, start)
                place = start, start + len(words)
                found.append(_Thing(self.sentence.printed[slice(*place)], (), place))
            if not is_label(words):
                break
        known = [thing for thing in found if thing.known]
        ends = [end for thing in found for end in thing.place]
        joined = found and re.search(r"\band\b|&", self.plain[min(ends) : max(ends)])
        return found if known and joined else known

    def _named(self, span: Span) -> _Thing:
        label = self.sentence.printed[span.start : span.end]
        return _Thing(label, span.known, span[:2])

    def _whole(self) -> _Thing:
        overall = _OVERALL.search(self.sentence.printed)
        return (
            _Thing(overall[0], place=overall.span(), is_whole=True)
            if overall
            else _Thing(is_whole=True)
        )

    def _add(self, start: int, end: int, thing: _Thing, why: str) -> None:
        """Add a claim of a word, or a doubtful one without a rating of two words."""
        ends = (start, end, *thing.place)
        lines = self.sentence.lines_of(min(ends), max(ends))
        if self.passed.issuperset(lines):
            return
        rating = self.claims.words.rating_of(self.plain[start:end])
        claim = self.claims.rating([*lines, *thing.lines], thing.label or None, rating, why)
        claim.known, claim.sentence = list(thing.known), self.number
        if thing.is_whole:
            claim.row["level"] = "overall"
            claim.about = "" if thing.label else "area"
