"""Ratings that stand in sentences, read as rows of signs by a table of forms.

A clause that has nothing but labels, a verb that rates and the words of the scale is certain. One
with any other word (denied, hoped for, of others, of before) is doubtful, with the same proposal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from hmcpsi_data.documents.claims import Claim, Claims
from hmcpsi_data.documents.text import Sentence
from hmcpsi_data.documents.vocabulary import Known, Span, stems, strip_label

__all__ = ["WHOLE_AREA", "drop_restated", "read_leftovers", "read_sentences"]

_LIST = r"(?P<things>L(?:[,&]*L)*)"
# What stands around a word of a scale ("!") that rates: L a label, N "overall assessment", O
# "overall", A the Area, E "all four sections", v and w strong and weak verbs, o "only", m a mark.
_FORMS = {
    "before": rf"{_LIST}[,&]*A?O?[,&]*[vw]+[oO]*!",
    "behind": rf"[vw]+A?[oO]*!O?v?m?{_LIST}",
    "noun": rf"!O?vm?{_LIST}",
    "between": rf"[vw]+{_LIST}o?!",
    "mark": r"(?P<things>L)m!",
    "opening": rf"^[vw]+[oO]*!,{_LIST}",
    "overall": r"(?P<things>N)A?[,&]*[vw]*m?[oO]*!",
    "overall behind": r"!v?(?P<things>N)",
    "area": r"O?(?P<things>A)[,&]*O?[vw]+[oO]*!v?O?",
    "area between": r"[vw]+(?P<things>A)[oO]*!O?",
    "every": r"(?P<things>E)[,&]*[vw]+[oO]*!m?",
    "every behind": r"[vw]+(?P<things>E)o?!m?",
    "on before": rf"{_LIST}!",
    "on behind": rf"!{_LIST}",
    "named before": r"(?P<things>)[vw]+[oO]*!",
    "named before a noun": r"(?P<things>)!v",
}
_PATTERNS = {name: re.compile(pattern) for name, pattern in _FORMS.items()}

_AREA = (
    r"(?:(?:the|this|of its) )?"
    r"(?:(?-i:[A-Z][\w'-]+(?: (?:and|of|&|[A-Z][\w'-]+)){0,6} )?(?:CPS )?(?-i:Area)\b(?!s)"
    r"|borough unit|borough|unit|performance\b|it\b"
    r"|(?-i:CPS [A-Z][\w'&-]*(?: (?:and|of|&|the|[A-Z][\w'-]*)){0,6}))"
).replace(" ", r"\ ")
_SMALL = (
    "the its their a an both also was were is are has have been being as at to each inspectors "
    "hmcpsi we this with in relation regard regards respect for on of criterion criteria aspect "
    "aspects section sections level again performance s following follows two three four five six "
    "seven given awarded received got achieved therefore now so inspection report area's inspected "
    "looked by these"
)
_COUNTED = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen".split()
)
_COUNT = rf"(?:{'|'.join(_COUNTED)}|[0-9]{{1,2}})"
_SIGN = re.compile(
    rf"""
    (?P<E>\b(?:(?:all|each|both|every\ one)(?:\ of)?(?:\ the|\ its)?\ )?(?:{_COUNT}\ )?
        (?:of\ the\ {_COUNT}\ )?(?:sections|criteria|aspects|areas\ of\ work)\b)
    |(?P<N>\boverall\ (?:performance\ )?(?:assessment|rating|grade|score|mark|judge?ment|performance
        |level\ of\ performance)(?:\ \(OPA\))?|\b(?-i:OPA)\b)
    |(?P<O>\boverall\b)
    |(?P<A>\b{_AREA})
    |(?P<v>\b(?:rated|assessed|judged|graded|scored|marked|assessments?|ratings?|scores?|marks?
        |grades?)\b)
    |(?P<w>\b(?:deemed|considered|found|seen|described|regarded|thought|called)\b)
    |(?P<o>\b(?:only|just|merely|generally|mostly|largely)\b)
    |(?P<bar>;|,?\ (?:whereas|while|whilst|although|though|because|despite|which)\b
        |,\ (?:but|yet)\b)
    |(?P<comma>,)|(?P<and>\b(?:and|or)\b|&)
    |(?P<m>:|\(|-(?=[ "'(]))
    |(?P<year>\b20[0-9]{{2}}\b)
    |(?P<small>\b(?:{_SMALL.replace(" ", "|")})\b)
    |(?P<x>[^\W_]+(?:'[^\W\d_]+)?)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_AS = {"bar": "|", "comma": ",", "and": "&"}
_MARKS = r"[\s,\"'*_()/=:;0-9-]*"
_BETWEEN = re.compile(rf"{_MARKS}(?:\b(?:or|and|to)\b{_MARKS})?", re.IGNORECASE)
_MAX_SENTENCE, _MAX_SENTENCES = 1_000, 120

WHOLE_AREA = "it is a rating of the Area that is not said to be the overall one"
MORE_WORDS = "the sentence has more words than the label and the rating"
OPINION = "it is worded as an opinion, not as a rating"
NOT_NAMED = "which ones is not said here"
NAMED_BEFORE = "what is rated is named in the sentence before"
UNPLACED = (
    "a word of the scale that stands in no row, no sentence that rates and no list of the scale"
)


@dataclass
class _Thing:
    """Something that a sentence may rate."""

    label: str = ""
    known: list[Known] = field(default_factory=list)
    whole: bool = True  # not only part of a label
    level: str | None = None
    lines: tuple[int, ...] = ()


class _Sign(NamedTuple):
    sign: str
    start: int
    end: int


def read_sentences(claims: Claims) -> None:
    """Add the ratings of all sentences."""
    searched, before = 0, None
    for number, sentence in enumerate(claims.text.sentences):
        rates = claims.words.rating_word.search(sentence.plain)
        if rates and not claims.used.issuperset(sentence.lines):
            searched += 1
            if searched > 2 * _MAX_SENTENCES:
                claims.cut.setdefault("ratings", tuple(sentence.lines))
                return
            if len(sentence.plain) > _MAX_SENTENCE or searched > _MAX_SENTENCES:
                told = "a sentence too long to be searched for ratings"
                claims.add("ratings", sentence.lines, told, label=None, rating=None)
                for match in claims.words.rating_word.finditer(sentence.plain):
                    claims.seen.add(sentence.place(match.start()))
            else:
                _Reader(claims, number, before).read()
        before = sentence if len(sentence.plain) <= _MAX_SENTENCE else None


class _Reader:
    """One sentence with words of the scale, clause by clause."""

    def __init__(self, claims: Claims, number: int, before: Sentence | None) -> None:
        self.claims, self.number, self.before = claims, number, before
        self.sentence = claims.text.sentences[number]
        self.plain = self.sentence.plain
        self.spans = {span.start: span for span in claims.words.spans(self.plain)}
        self.respectively = "respectively" in self.plain.casefold()

    def read(self) -> None:
        """Add the claims of every clause."""
        clause: list[_Sign] = []
        for sign in self._signs():
            if sign.sign == "|":
                self._read_clause(clause)
                clause = []
            else:
                clause.append(sign)
        self._read_clause(clause)

    def _signs(self) -> Iterator[_Sign]:
        """The signs of the sentence; a label or a word of a scale goes before all else."""
        fixed = [_Sign("W", match.start(), match.end()) for match in self._ratings()]
        for span in self.spans.values():
            if not any(one.start < span.end and span.start < one.end for one in fixed):
                fixed.append(_Sign("L", span.start, span.end))
        at, end = 0, len(self.plain)
        for one in [*sorted(fixed, key=lambda one: one.start), _Sign("", end, end)]:
            while match := _SIGN.search(self.plain, at, one.end):
                kind, start, end = match.lastgroup or "x", match.start(), match.end()
                if start >= one.start or (end > one.start and kind not in {"N", "O", "A"}):
                    break
                at = end
                if kind not in {"small", "year"}:
                    yield _Sign(_AS.get(kind, kind), start, end)
            if one.sign and at <= one.start:
                yield one
            at = max(at, one.end)

    def _ratings(self) -> Iterator[re.Match]:
        """The words of the scale, but for those of a list of the scale."""
        runs: list[list[re.Match]] = []
        for match in self.claims.words.rating_word.finditer(self.plain):
            if runs and _BETWEEN.fullmatch(self.plain, runs[-1][-1].end(), match.start()):
                runs[-1].append(match)
            else:
                runs.append([match])
        for run in runs:
            choice = re.search(r"\bor\b|/|\bto\b", self.plain[run[0].end() : run[-1].start()])
            places = [self.sentence.place(match.start()) for match in run]
            if len(run) > 1 and (choice or len(run) > 2) and not self.respectively:
                self.claims.seen.update(places)
                self._between_two(run)
            elif places[0][0] not in self.claims.used:
                yield from run

    def _between_two(self, run: list[re.Match]) -> None:
        """A doubt where a label is rated with a choice of two words: "Fair to Good"."""
        known = [one for one in self.spans.values() if one.known and one.end <= run[0].start()]
        if len(run) == 2 and known:
            lines = self.sentence.lines_of(known[-1].start, run[1].end())
            claim = self.claims.rating(lines, _named(self.sentence, known[-1]).label, None)
            claim.doubt("it gives two words of the scale")

    def _read_clause(self, clause: list[_Sign]) -> None:
        """Find what each word of the scale in a clause rates."""
        why = MORE_WORDS if any(one.sign == "x" for one in clause) else ""
        words = [at for at, one in enumerate(clause) if one.sign == "W"]
        labels = [s for s in clause if s.sign == "L" and self.spans[s.start].known]
        if self.respectively and len(labels) == len(words) > 1:
            for label, at in zip(labels, words, strict=True):
                self._add(clause[at], self._thing(label), why)
            return
        start, rated = 0, False
        for at, after in zip(words, [*words[1:], len(clause)], strict=False):
            around = [s for s in clause[start:after] if s.sign != "W" or s is clause[at]]
            form = _form(around, rated)
            if form is not None:
                name, found, things = form
                opinion = OPINION if any(one.sign in "wo" for one in found) else ""
                self._rate(clause[at], name, things, why or opinion)
                rated = rated or any(one.sign in "vm" for one in found)
                start = max(at, clause.index(found[-1])) + 1

    def _rate(self, word: _Sign, name: str, things: list[_Sign], why: str) -> None:
        """Add the claims of one form."""
        if name.startswith("named"):
            if not self._below(word, why):
                thing = self._named_before(word)
                self._add(word, thing, why or (NAMED_BEFORE if thing.label else UNPLACED))
        elif name.startswith("every"):
            for thing in self._every(things[0], bool(why)):
                self._add(word, thing, why or ("" if thing.lines else NOT_NAMED))
        elif name.startswith("area"):
            overall = re.search(r"(?i)\boverall\b", self.plain)
            thing = _Thing(overall[0] if overall else "", level="overall")
            self._add(word, thing, why, things[0]).about = "" if overall else "area"
        else:
            for one in things:
                if one.sign in "LN":
                    self._add(word, self._thing(one), why, one)

    def _thing(self, sign: _Sign) -> _Thing:
        if sign.sign == "L":
            return _named(self.sentence, self.spans[sign.start])
        return _Thing(self.sentence.printed[sign.start : sign.end], level="overall")

    def _named_before(self, word: _Sign) -> _Thing:
        """What is named last before a word that rates, here or in the sentence before."""
        here = [span for span in self.spans.values() if span.end <= word.start]
        if here:
            return _named(self.sentence, here[-1])
        if self.before is None or self.claims.used.intersection(self.before.lines):
            return _Thing()
        spans = self.claims.words.spans(self.before.plain)
        return _named(self.before, spans[-1], self.before.lines) if spans else _Thing()

    def _every(self, sign: _Sign, doubted: bool) -> list[_Thing]:
        """What "all four sections" means: things named in the sentence before, or a set."""
        words = self.plain[sign.start : sign.end].casefold().split()
        if words[0] not in {"all", "each", "both", "every"} or doubted:
            return [_Thing()]
        counted = {word: at for at, word in enumerate(_COUNTED)} | {"both": 2}
        numbers = [int(word) if word.isdigit() else counted.get(word) for word in words]
        number = next(filter(None, numbers), None)
        if self.before is not None:
            named = [one for one in self.claims.words.spans(self.before.plain) if one.known]
            if named and number in {None, len(named)}:
                return [_named(self.before, one, self.before.lines) for one in named]
        known = self.claims.words.set_of(number)
        return [_Thing(one.label, [one]) for one in known] or [_Thing()]

    def _below(self, word: _Sign, why: str) -> bool:
        """Whether labels stand in a list that the sentence introduces; add them."""
        text, lines = self.claims.text, list[int]()
        for line in text.filled(self.sentence.lines[-1] + 1):
            label = strip_label(re.sub(r"[;,.]?(?: and)?$", "", text.shown(line)))
            known = self.claims.words.meant(label)
            if not self.plain.endswith(":") or line in self.claims.used or not known:
                break
            self._add(word, _Thing(label, known, lines=(line,)), why)
            lines.append(line)
        self.claims.used.update(lines)
        return bool(lines)

    def _add(self, word: _Sign, thing: _Thing, why: str, sign: _Sign | None = None) -> Claim:
        """A claim, with what speaks against it."""
        claims, sentence, ends = self.claims, self.sentence, [word, sign or word]
        lines = sentence.lines_of(min(one.start for one in ends), max(one.end for one in ends))
        rating = claims.words.rating_of(self.plain[word.start : word.end])
        claim = claims.rating([*lines, *thing.lines], thing.label or None, rating)
        claim.known = thing.known
        claim.context, claim.sentence = self.plain, self.number
        claim.quoted = self.plain[max(0, word.start - 1) : word.start] in {"'", '"'}
        if thing.level:
            claim.row["level"] = thing.level
        elif not thing.whole:
            why = why or "what is rated is no label that a framework of this record has"
        claim.doubt(why)
        claims.seen.add(sentence.place(word.start))
        return claim


def _form(around: list[_Sign], rated: bool) -> tuple[str, list[_Sign], list[_Sign]] | None:
    """The form around a word of the scale, with its signs and those of what it rates.

    Other words are left out where no form has room for them.
    """
    for signs in (around, [one for one in around if one.sign != "x"]):
        row = "".join("!" if one.sign == "W" else one.sign for one in signs)
        for name, pattern in _PATTERNS.items():
            lax = name.startswith("named")
            match = pattern.search(row) if rated or not name.startswith("on ") else None
            if match and not (lax and signs is around):
                return name, signs[slice(*match.span())], signs[slice(*match.span("things"))]
    return None


def _named(sentence: Sentence, span: Span, lines: tuple[int, ...] = ()) -> _Thing:
    """What a label in a sentence names; in another sentence with its lines."""
    known = list(span.known or span.part_of)
    shown = sentence.printed[span.start : span.end]
    return _Thing(shown, known, whole=bool(span.known), lines=lines)


def drop_restated(claims: Claims) -> None:
    """Leave out what a sentence says again of a row of a table; two ways of rating are doubts."""
    rated = [one for one in claims.of("ratings") if one.row["rating"]]
    rows = [one for one in rated if one.about == "table"]
    spoken = [one for one in rated if one.about != "table"]
    again = [
        one for one in spoken
        if any(_is_same(one, row) and row.row["rating"] == one.row["rating"] for row in rows)
    ]  # fmt: skip
    said = {(one.context, one.row["rating"]) for one in again}
    for claim in spoken:
        weak = claim.why and not claim.quoted and (claim.context, claim.row["rating"]) in said
        if claim in again or weak:
            claims.all.remove(claim)
    certain: list[Claim] = []
    for claim in [one for one in claims.of("ratings") if not one.why]:
        other = next((one for one in certain if _is_same(claim, one)), None)
        if other is None:
            certain.append(claim)
        elif claim.row["rating"] == other.row["rating"]:
            claims.all.remove(claim)
        else:
            why = f"it is rated in two ways: {other.row['rating']} and {claim.row['rating']}"
            claim.doubt(why)
            other.doubt(why)


def _is_same(claim: Claim, other: Claim) -> bool:
    """Whether two claims rate one thing."""
    overall = [one.row.get("level") == "overall" for one in (claim, other)]
    if any(overall):
        return all(overall) and (claim.about == other.about or bool(claim.row.get("label")))
    if {known.aspect_id for known in claim.known} & {known.aspect_id for known in other.known}:
        return True
    mine, theirs = (stems(one.row.get("label") or "") for one in (claim, other))
    return bool(mine and theirs) and (mine == theirs or (other.about == "table" and mine <= theirs))


def read_leftovers(claims: Claims) -> None:
    """End silence: a marked word of a scale that stands nowhere is a doubtful claim."""
    if "ratings" in claims.cut:
        return
    words, passed = claims.words, claims.used | _listed(claims)
    for number, sentence in enumerate(claims.text.sentences):
        for match in words.rating_word.finditer(sentence.plain):
            line, column = sentence.place(match.start())
            if line in passed or (line, column) in claims.seen:
                continue
            if not _is_marked(sentence.plain, match, column):
                continue
            near = words.spans(sentence.plain) if len(sentence.plain) <= _MAX_SENTENCE else []
            near.sort(key=lambda s: min(abs(s.start - match.end()), abs(match.start() - s.end)))
            label = sentence.printed[near[0].start : near[0].end] if near else None
            claim = claims.rating([line], label, words.rating_of(match[0]))
            claim.doubt(UNPLACED)
            claim.context, claim.sentence = sentence.plain, number
            claims.seen.add((line, column))


def _listed(claims: Claims) -> set[int]:
    """Lines that list the scale: each is only a word of it, and so is a neighbour."""
    filled = list(claims.text.filled())
    bare = [claims.words.rating_of(claims.text.words[line]) for line in filled]
    pairs = zip(filled, filled[1:], bare, bare[1:], strict=False)
    return {line for a, b, one, two in pairs if one and two and one != two for line in (a, b)}


def _is_marked(plain: str, match: re.Match, column: int) -> bool:
    """Whether a word is quoted, has a capital inside its sentence, or is the last of it."""
    before, after = plain[: match.start()], plain[match.end() :]
    if before[-1:] in ("'", '"') and after[:1] in ("'", '"', ",", "."):
        return True
    if match[0][0].isupper() and column and before.strip() and not plain.isupper():
        return True
    return not after.strip(" .;,:!?'\"*_)]")
