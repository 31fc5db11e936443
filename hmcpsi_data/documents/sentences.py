"""Ratings that stand in sentences.

A sentence becomes a row of signs: one for each label, name of an Area, verb of rating and word of a
scale; small words have none, all others are an "x". A table of forms says which row of signs rates
what. A form that fits as it stands is certain; one that fits only when other words are left out, is
denied, supposed or compared, or is worded as an opinion, is doubtful. Plain praise is no claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from hmcpsi_data.documents.claims import Claim, Claims
from hmcpsi_data.documents.text import Sentence, either
from hmcpsi_data.documents.vocabulary import Known, Vocabulary, stems, strip_label

__all__ = ["OF_AN_EARLIER", "WHOLE_AREA", "drop_restated", "read_leftovers", "read_sentences"]

_LIST = r"(?P<things>L(?:[,&]*L)*)"
# What stands around a word of a scale ("!") that rates: L a label, N "overall assessment", O
# "overall", A the Area, E "all four sections", v and w strong and weak verbs, o "only", m a mark.
_FORMS = {
    "before": rf"{_LIST}[,&]*A?O?[,&]*(?P<verb>[vw]+)[oO]*!",
    "behind": rf"(?P<verb>[vw]+)A?[oO]*!O?v?m?{_LIST}",
    "noun": rf"!O?(?P<verb>v)m?{_LIST}",
    "between": rf"(?P<verb>[vw]+){_LIST}o?!",
    "mark": r"(?P<things>L)(?P<verb>m)!",
    "overall": r"(?P<things>N)A?[,&]*(?P<verb>[vw]*)[oO]*!",
    "overall behind": r"!v?(?P<verb>)(?P<things>N)",
    "area": r"O?(?P<things>A)[,&]*O?(?P<verb>[vw]+)[oO]*!v?O?",
    "area between": r"(?P<verb>[vw]+)(?P<things>A)[oO]*!O?",
    "every": r"(?P<things>E)[,&]*(?P<verb>[vw]+)[oO]*!m?",
    "every behind": r"(?P<verb>[vw]+)(?P<things>E)o?!m?",
    "on before": rf"{_LIST}(?P<verb>)!",
    "on behind": rf"(?P<verb>)!{_LIST}",
    "named before": r"(?P<things>)(?P<verb>[vw]+)[oO]*!|(?P<noun>!v)",
}
_PATTERNS = {name: re.compile(pattern) for name, pattern in _FORMS.items()}

_AREA = (
    r"(?:(?:the|this|of its) )?"
    r"(?:(?-i:[A-Z][\w'-]+(?: (?:and|of|&|[A-Z][\w'-]+)){0,6} )?(?:CPS )?(?-i:Area)\b(?!s)"
    r"|borough unit|borough|unit|performance\b|it\b"
    r"|(?-i:CPS [A-Z][\w'&-]*(?: (?:and|of|&|the|[A-Z][\w'-]*)){0,6}))"
)
_SMALL = (
    "the its their his a an both also was were is are has have had been be being as at to each "
    "inspectors hmcpsi we this which with in relation regard regards respect for on of criterion "
    "criteria aspect aspects section sections level again performance s following follows "
    "three two four five six seven given awarded received got achieved therefore now so inspection "
    "report area's inspected looked one area"
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
    |(?P<A>\b{_AREA.replace(" ", chr(92) + " ")})
    |(?P<v>\b(?:rated|assessed|judged|graded|scored|marked|assessments?|ratings?|scores?|marks?
        |grades?)\b)
    |(?P<w>\b(?:deemed|considered|found|seen|described|regarded|thought|called)\b)
    |(?P<o>\b(?:only|just|merely|generally|mostly|largely)\b)
    |(?P<bar>;|,?\ (?:whereas|while|whilst|although|though)\b|,\ (?:but|yet)\b)
    |(?P<comma>,)|(?P<and>\b(?:and|or)\b|&)
    |(?P<m>:|\(|-(?=[ "'(]))
    |(?P<small>\b(?:{_SMALL.replace(" ", "|")})\b)
    |(?P<x>[^\W_]+(?:'[^\W\d_]+)?)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_AS = {"bar": "|", "comma": ",", "and": "&"}
_MARKS = r"[\s,\"'*_()/=:;0-9-]*"
_BETWEEN = re.compile(rf"{_MARKS}(?:\b(?:or|and|to)\b{_MARKS})?", re.IGNORECASE)
_INSPECTORS = either(r"inspect\w*|HMCPSI|report|review|we|assessment|which")
_DOUBTS = {
    "it is denied, supposed or wished": either(
        r"not|never|neither|nor|no longer|no (?:aspect|criteri|section)|would|could|might|should"
        r"|must|cannot|(?-i:may)|if|unless|whether|nearly|almost|hop(?:es?|ed|ing)|expect\w*"
        r"|aim(?:s|ed|ing)?|targets?|had the|to be (?:rated|assessed|judged)|will|examples?"
        r"|for instance"
    ),
    "it may be of an earlier inspection": either(
        r"previous(?:ly)?|last|earlier|formerly|compared|up from|down from|ago"
        r"|had (?:been )?(?:rated|assessed|judged)|originally|first inspected"
    ),
    "it is of a draft or of the Area's own making": either(
        r"draft|self|its own|itself|themselves|ourselves"
    ),
    "others than the inspectors say it": either(
        r"surveys?|questionnaires?|polls?|respondents|feedback"
    ),
    "it is said of others": re.compile(
        r"\b(?:an|any|every|no|another|neighbouring) (?:CPS )?(?:area|borough|unit)\b"
        r"|\b(?:each|other) (?:CPS )?area\b"
        r"|\b(?:police|constabulary|force|probation|board|partners?) (?:was|were|is|are|has|have)\b"
        r"|\bnational(?:ly)?\b|\b(?:other|most|all|some|many|several|few|two|three|four|five|six|CPS)"
        r" (?-i:[Aa]reas)\b(?! of)|\belsewhere\b",
        re.IGNORECASE,
    ),
}
OF_AN_EARLIER = "it may be of an earlier inspection"
_GOES_ON = re.compile(
    r"[\s\"'*_)\]]*(?:$|[,.;:!?(]|(?:and|but|while|whereas|which|overall|ratings?|scores?|respectively"
    r"|(?:in|with|on)(?: relation| regard| respect)|because|despite"
    r"|by (?:the )?(?:HMCPSI|inspect)|in (?:this|the|its|HMCPSI's)(?: \w+)?"
    r" (?:inspection|report|review)|in (?:its|the|an) overall)\b|assessments?\b)",
    re.IGNORECASE,
)
_MAX_SENTENCE, _MAX_SENTENCES = 1_000, 120

OTHERS = "it is not said that inspectors rate it"
NAMED_BEFORE = "what is rated is named in the sentence before"
NOT_NAMED = "which ones is not said here"
OPINION = "it is worded as an opinion, not as a rating"
IN_PART = "the sentence goes on after the rating"
WHOLE_AREA = "it is a rating of the Area that is not said to be the overall one"
MORE_WORDS = "the sentence has more words than the label and the rating"
NO_LABEL = "what is rated is no label that a framework of this record has"
UNPLACED = (
    "a word of the scale that stands in no row, no sentence that rates and no list of the scale"
)
TOO_LONG = "a sentence too long to be searched for ratings"


@dataclass
class _Thing:
    """Something that a sentence may rate."""

    label: str = ""
    known: list[Known] = field(default_factory=list)
    part_of: list[Known] = field(default_factory=list)
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
                claims.add("ratings", sentence.lines, TOO_LONG, label=None, rating=None)
                for match in claims.words.rating_word.finditer(sentence.plain):
                    claims.seen.add(sentence.place(match.start()))
            else:
                _Reader(claims, number, before).read()
        before = sentence


def _signs(sentence: Sentence, words: Vocabulary, ratings: Iterable[re.Match]) -> Iterator[_Sign]:
    """The signs of a sentence; a label or a word of a scale goes before all else."""
    fixed = [_Sign("W", match.start(), match.end()) for match in ratings]
    for span in words.spans(sentence.plain):
        if not any(one.start < span.end and span.start < one.end for one in fixed):
            fixed.append(_Sign("L", span.start, span.end))
    fixed.sort(key=lambda one: one.start)
    at = 0
    for one in [*fixed, _Sign("", len(sentence.plain), len(sentence.plain))]:
        while match := _SIGN.search(sentence.plain, at, one.end):
            kind = match.lastgroup or "x"
            start, end = match.span()
            if start >= one.start or (end > one.start and kind not in {"N", "O", "A"}):
                break
            at = end
            if kind != "small":
                yield _Sign(_AS.get(kind, kind), start, end)
        if one.sign and at <= one.start:
            yield one
        at = max(at, one.end)


class _Reader:
    """One sentence with words of the scale."""

    def __init__(self, claims: Claims, number: int, before: Sentence | None) -> None:
        self.claims, self.number, self.before = claims, number, before
        self.sentence = claims.text.sentences[number]
        self.plain = self.sentence.plain
        spans = claims.words.spans(self.plain)
        self.spans = {span.start: span for span in spans}

    def read(self) -> None:
        ratings = [match for run in self._runs() for match in run]
        clause: list[_Sign] = []
        start, end = 0, len(self.plain)
        for sign in [*_signs(self.sentence, self.claims.words, ratings), _Sign("|", end, end)]:
            if sign.sign != "|":
                clause.append(sign)
                continue
            self._clause(clause, (start, sign.start))
            clause, start = [], sign.end

    def _runs(self) -> Iterator[list[re.Match]]:
        """The words of the scale that stand together; a list of the scale is put apart."""
        runs: list[list[re.Match]] = []
        for match in self.claims.words.rating_word.finditer(self.plain):
            if runs and _BETWEEN.fullmatch(self.plain, runs[-1][-1].end(), match.start()):
                runs[-1].append(match)
            else:
                runs.append([match])
        respectively = "respectively" in self.plain.casefold()
        for run in runs:
            gaps = self.plain[run[0].end() : run[-1].start()]
            either = bool(re.search(r"\bor\b|/|\bto\b", gaps))
            places = [self.sentence.place(match.start()) for match in run]
            if len(run) > 1 and (either or len(run) > 2) and not respectively:
                self.claims.seen.update(places)
            elif places[0][0] not in self.claims.used:
                yield run

    def _clause(self, signs: list[_Sign], span: tuple[int, int]) -> None:
        """Find the form of each word of the scale in a clause."""
        words = [at for at, one in enumerate(signs) if one.sign == "W"]
        labels = [one for one in signs if one.sign == "L" and self.spans[one.start].known]
        if "respectively" in self.plain.casefold() and len(labels) == len(words) > 1:
            for label, word in zip(labels, (signs[at] for at in words), strict=True):
                self._add(word, self._thing(label), span, [])
            return
        start, strong = 0, False
        for at in words:
            nxt = next((one for one in words if one > at), len(signs))
            found = self._form(signs, start, at, nxt, strong)
            if found is None:
                continue
            name, match, chosen, lax = found
            verb = match.groupdict().get("verb") or ("v" if match.groupdict().get("noun") else "")
            strong = strong or "v" in verb or name in {"mark", "overall behind"}
            whys = [MORE_WORDS] if lax or self._is_part(signs, chosen, match) else []
            if ("w" in verb and "v" not in verb) or "o" in match[0]:
                whys.append(OPINION)
            whys += self._whys(signs, chosen, match, name, span)
            self._rate(signs[at], name, match, chosen, span, whys)
            start = max(at + 1, signs.index(chosen[match.end() - 1]) + 1)

    def _form(
        self, signs: list[_Sign], start: int, at: int, nxt: int, strong: bool
    ) -> tuple[str, re.Match[str], list[_Sign], bool] | None:
        """The form around a word of the scale, and its signs; other words are left out at last."""
        around = [one for one in signs[start:nxt] if one.sign != "W" or one is signs[at]]
        for lax in (False, True):
            chosen = [one for one in around if one.sign != "x"] if lax else around
            row = "".join("!" if one.sign == "W" else one.sign for one in chosen)
            for name, pattern in _PATTERNS.items():
                if name.startswith("on ") and (lax or not strong):
                    continue
                if name == "named before" and not lax:
                    continue
                match = next((m for m in pattern.finditer(row) if "!" in m[0]), None)
                if match:
                    return name, match, chosen, lax
        return None

    def _is_part(self, signs: list[_Sign], chosen: list[_Sign], match: re.Match[str]) -> bool:
        """Whether a word right before the labels makes them a part of something else."""
        if match.groupdict().get("things") is None or not match["things"].startswith("L"):
            return False
        first = signs.index(chosen[match.start("things")])
        ahead = "".join(one.sign for one in signs[max(0, first - 2) : first])
        return ahead.endswith(("x", "x&"))

    def _whys(
        self, signs: list[_Sign], chosen: list[_Sign], match: re.Match[str], name: str,
        span: tuple[int, int],
    ) -> Iterator[str]:  # fmt: skip
        """What speaks against a form that fits."""
        last = chosen[match.end() - 1]
        rest = "".join(one.sign for one in signs[signs.index(last) + 1 :])
        if name in {"behind", "noun", "on behind"}:
            if re.match(r"[,&]+x[^W]*$", rest):
                yield MORE_WORDS
        elif not _GOES_ON.match(self.plain, last.end):
            yield IN_PART
        if name in {"between", "area between"}:
            verb = chosen[match.start("verb")]
            if not _INSPECTORS.search(self.plain, span[0], verb.start):
                yield OTHERS

    def _rate(
        self, word: _Sign, name: str, match: re.Match[str], chosen: list[_Sign],
        span: tuple[int, int], whys: list[str],
    ) -> None:  # fmt: skip
        """Add the claims of one form."""
        signs = (
            chosen[match.start("things") : match.end("things")] if name != "named before" else []
        )
        if name == "named before":
            if not self._below(word, span, whys):
                verb = chosen[match.start()] if match["verb"] else None
                thing = self._named_before(word, verb)
                self._add(word, thing, span, [*whys, NAMED_BEFORE if thing.label else UNPLACED])
        elif name.startswith("every"):
            every, told = self._every(signs[0], bool(whys))
            for thing in every or [_Thing()]:
                self._add(word, thing, span, [*whys, *told])
        elif name.startswith("area"):
            explicit = [one for one in chosen[match.start() : match.end()] if one.sign == "O"]
            label = self.sentence.printed[explicit[0].start : explicit[0].end] if explicit else ""
            thing = _Thing(label, level="overall")
            thing.lines = tuple(self.sentence.lines_of(signs[0].start, word.end))
            claim = self._add(word, thing, span, whys)
            claim.about = "" if explicit else "area"
        else:
            for one in signs:
                if one.sign in "LN":
                    self._add(word, self._thing(one), span, whys, one)

    def _thing(self, sign: _Sign) -> _Thing:
        shown = self.sentence.printed[sign.start : sign.end]
        if sign.sign == "N":
            return _Thing(shown, level="overall")
        found = self.spans[sign.start]
        return _Thing(shown, list(found.known), list(found.part_of))

    def _named_before(self, word: _Sign, verb: _Sign | None) -> _Thing:
        """What is named last before a word that rates, here or in the sentence before."""
        signs = list(_signs(self.sentence, self.claims.words, ()))
        ahead = [one for one in signs if verb and one.end <= verb.start][-1:]
        if ahead and ahead[0].sign == "x":
            return _Thing()  # the police were rated
        here = [span for span in self.spans.values() if span.end <= word.start]
        source = self.sentence if here else self.before
        if source is None or len(source.plain) > _MAX_SENTENCE:
            return _Thing()
        if not here and self.claims.used.intersection(source.lines):
            return _Thing()
        for span in (here or self.claims.words.spans(source.plain))[-1:]:
            shown = source.printed[span.start : span.end]
            lines = () if here else tuple(source.lines)
            return _Thing(shown, list(span.known), list(span.part_of), lines=lines)
        return _Thing()

    def _every(self, sign: _Sign, doubted: bool) -> tuple[list[_Thing], list[str]]:
        """What "all four sections" means: things named in the sentence before, or a set."""
        words = self.plain[sign.start : sign.end].casefold()
        whole = re.match(r"(?:all|each|both|every)\b", words)
        if not whole or doubted:
            return [], [NOT_NAMED]
        numbers = [_number(word) for word in words.split()]
        number = 2 if whole[0] == "both" else next(filter(None, numbers), None)
        before = self.before
        if before is not None and len(before.plain) <= _MAX_SENTENCE:
            named = [one for one in self.claims.words.spans(before.plain) if one.known]
            if named and number in {None, len(named)}:
                return [
                    _Thing(
                        before.printed[s.start : s.end], list(s.known), lines=tuple(before.lines)
                    )
                    for s in named
                ], []
        known = self.claims.words.set_of(number)
        return [_Thing(one.label, [one]) for one in known], [NOT_NAMED]

    def _below(self, word: _Sign, span: tuple[int, int], whys: list[str]) -> bool:
        """The labels of a list that a sentence introduces."""
        text, found = self.claims.text, []
        if not self.plain.endswith(":"):
            return False
        for line in text.filled(self.sentence.lines[-1] + 1):
            label = strip_label(re.sub(r"[;,.]?(?: and)?$", "", text.shown(line)))
            known = self.claims.words.meant(label)
            if line in self.claims.used or not known:
                break
            found.append(_Thing(label, known, lines=(line,)))
        for thing in found:
            self._add(word, thing, span, whys)
            self.claims.used.update(thing.lines)
        return bool(found)

    def _add(
        self, word: _Sign, thing: _Thing, span: tuple[int, int], whys: list[str],
        sign: _Sign | None = None,
    ) -> Claim:  # fmt: skip
        claims, sentence = self.claims, self.sentence
        first, last = (sign or word), word
        lines = sentence.lines_of(min(first.start, last.start), max(first.end, last.end))
        rating = claims.words.rating_of(self.plain[word.start : word.end])
        claim = claims.rating([*lines, *thing.lines], thing.label or None, rating)
        claim.known = thing.known or thing.part_of
        claim.context, claim.sentence = self.plain, self.number
        claim.quoted = self.plain[max(0, word.start - 1) : word.start] in {"'", '"'}
        if thing.level:
            claim.row["level"], claim.known = thing.level, []
        for why in whys:
            claim.doubt(why)
        clause = self.plain[slice(*span)]
        for why, pattern in _DOUBTS.items():
            if pattern.search(clause):
                claim.doubt(why)
        if not thing.known and not thing.level:
            claim.doubt(NO_LABEL)
        claims.seen.add(sentence.place(word.start))
        return claim


def _number(word: str) -> int | None:
    if word.isdigit():
        return int(word)
    return _COUNTED.index(word) if word in _COUNTED else None


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
    words, listed = claims.words, _listed(claims)
    for number, sentence in enumerate(claims.text.sentences):
        for match in words.rating_word.finditer(sentence.plain):
            line, column = sentence.place(match.start())
            if line in claims.used | listed or (line, column) in claims.seen:
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
