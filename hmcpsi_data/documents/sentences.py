"""Ratings that stand in sentences.

A sentence rates where a verb or noun of rating ("was rated as", "a score of", "a 'Good' rating")
governs a word of the scale. What it rates are the labels that stand before the word, or else behind
it. A sentence that denies, supposes, compares, quotes a draft or speaks of others gives a doubtful
claim; so does one that is worded as an opinion ("was deemed only fair"). Plain praise is no claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from hmcpsi_data.documents.claims import Claim, Claims
from hmcpsi_data.documents.text import BULLET, NUMBERED, Sentence
from hmcpsi_data.documents.vocabulary import Known, stems, strip_label

__all__ = ["drop_restated", "read_leftovers", "read_sentences"]

_MAX_SENTENCE = 1_000
_MAX_SENTENCES = 120
_RATES = re.compile(
    r"\b(?:(?P<verb>rated|assessed|judged|graded|scored|marked|assessments?|ratings?|scores?|marks?"
    r"|grades?)|(?P<weak>deemed|considered|found|seen|described|regarded|thought|called))\b",
    re.IGNORECASE,
)
_OVERALL = re.compile(
    r"\b(?:overall (?:performance )?(?P<noun>assessment|rating|grade|score|mark|judge?ment"
    r"|performance|level of performance)(?: \(OPA\))?|overall|(?-i:OPA))\b",
    re.IGNORECASE,
)
_ALL = re.compile(
    r"\b(?:all|each|both|every one)(?: of)?(?: the| its)?(?: (?P<n>two|three|four|five|six|seven"
    r"|eight|nine|ten|eleven|twelve|thirteen|fourteen|[0-9]{1,2}))?(?: \w+)?"
    r" (?:sections|criteria|aspects|areas of work)\b",
    re.IGNORECASE,
)
_NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen".split()
)
_AREA = re.compile(
    r"\b(?:the|this|of its)? ?"
    r"(?:(?-i:[A-Z][\w'-]+(?: (?:and|of|&|[A-Z][\w'-]+)){0,6} )?(?:CPS )?(?-i:Area)\b"
    r"|borough unit|borough|unit|performance\b"
    r"|(?-i:CPS [A-Z][\w'&-]*(?: (?:and|of|&|the|[A-Z][\w'-]*)){0,6})"
    r"|it\b)",
    re.IGNORECASE,
)
_MARKS = r"[\s,\"'*_()/=:;0-9-]*"
_BETWEEN = re.compile(rf"{_MARKS}(?:\b(?:or|and|to)\b{_MARKS})?", re.IGNORECASE)
_BEHIND = re.compile(
    r"[\"'*_]{0,3}(?: overall)? (?:rating|score|mark|grade|assessment)s?\b", re.IGNORECASE
)
_CLAUSE = re.compile(
    r";|,? (?:whereas|while|whilst|although|though)\b|, (?:but|yet)\b", re.IGNORECASE
)
_INSPECTORS = re.compile(
    r"\b(?:inspect\w*|HMCPSI|report|review|we|assessment|which)\b", re.IGNORECASE
)
_FILLER = frozenset(
    "the its their his a an and both all also was were is are has have had been be being as at to "
    "each area it inspectors hmcpsi we this which with in relation regard regards respect for on "
    "of "
    "criterion criteria aspect aspects section sections rated assessed judged graded scored marked "
    "rating score assessment level again performance overall s following follows three two four "
    "five six given awarded received got achieved therefore now so again inspection report were "
    "area's inspected looked one".split()
)
_OPINION = frozenset("only just merely generally mostly largely".split())
_DOUBTS = {
    "it is denied, supposed or wished": re.compile(
        r"\b(?:not|never|neither|nor|no longer|would|could|might|should|must|cannot|(?-i:may)|if"
        r"|unless|whether|nearly|almost|hop(?:es?|ed|ing)|expect\w*|aim(?:s|ed|ing)?|targets?"
        r"|to be (?:rated|assessed|judged)|will)\b",
        re.IGNORECASE,
    ),
    "it may be of an earlier inspection": re.compile(
        r"\b(?:previous(?:ly)?|last|earlier|formerly|compared|up from|down from|ago|had (?:been )?"
        r"(?:rated|assessed|judged)|originally|first inspected)\b",
        re.IGNORECASE,
    ),
    "it is of a draft or of the Area's own making": re.compile(
        r"\b(?:draft|self|itself|themselves|ourselves)\b", re.IGNORECASE
    ),
    "others than the inspectors say it": re.compile(
        r"\b(?:surveys?|questionnaires?|polls?|respondents|feedback)\b", re.IGNORECASE
    ),
    "it is said of others": re.compile(
        r"\b(?:an|any|every|no|another|neighbouring) (?:CPS )?(?:area|borough|unit)\b|\beach area\b"
        r"|\b(?:police|constabulary|force|probation|board|partners?) (?:was|were|is|are|has|have)\b"
        r"|\bnational(?:ly)?\b|\b(?:other|most|all|some|many|several|few|two|three|four|five|six|CPS)"
        r" (?-i:[Aa]reas)\b(?! of)|\belsewhere\b",
        re.IGNORECASE,
    ),
}
_GOES_ON = re.compile(
    r"[\s\"'*_)\]]*(?:$|[,.;:!?(]|(?:and|but|while|whereas|which|overall|ratings?|scores?|respectively"
    r"|(?:in|with|on)(?: relation| regard| respect)|because|despite"
    r"|by (?:the )?(?:HMCPSI|inspect)|in (?:this|the|its|HMCPSI's)(?: \w+)?"
    r" (?:inspection|report|review)"
    r"|in (?:its|the|an) overall)\b|assessments?\b)",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|[0-9]{2,}")
_SETS_OF = 4  # sections of a framework that a sentence may mean by their number alone

OTHERS = "it is not said that inspectors rate it"
NAMED_BEFORE = "what is rated is named in the sentence before"
OPINION = "it is worded as an opinion, not as a rating"
IN_PART = "the sentence goes on after the rating"
WHOLE_AREA = "it is a rating of the Area that is not said to be the overall one"
MORE_WORDS = "the sentence has more words than the label and the rating"
UNPLACED = (
    "a word of the scale that stands in no row, no sentence that rates and no list of the scale"
)
TOO_LONG = "a sentence too long to be searched for ratings"


@dataclass
class _Thing:
    """Something that a sentence may rate."""

    start: int
    end: int
    label: str
    known: list[Known] = field(default_factory=list)
    part_of: list[Known] = field(default_factory=list)
    overall: bool = False
    noun: bool = False


@dataclass
class _Word:
    """A word of the scale in a sentence, with what governs it."""

    start: int
    end: int
    rating: str
    quoted: bool
    strong: bool = False
    weak: bool = False
    by_others: bool = False


def read_sentences(claims: Claims) -> None:
    """Add the ratings of all sentences."""
    text, searched = claims.text, 0
    before: Sentence | None = None
    for sentence in text.sentences:
        if claims.words.rating_word.search(sentence.plain) and not claims.used.issuperset(
            sentence.lines
        ):
            searched += 1
            if searched > 2 * _MAX_SENTENCES:
                claims.cut.setdefault("ratings", tuple(sentence.lines))
                return
            if len(sentence.plain) > _MAX_SENTENCE or searched > _MAX_SENTENCES:
                claims.add("ratings", sentence.lines, TOO_LONG, label=None, rating=None)
                for match in claims.words.rating_word.finditer(sentence.plain):
                    claims.seen.add(sentence.places(match.start()))
            else:
                _Reader(claims, sentence, before).read()
        before = sentence


class _Reader:
    """One sentence with words of the scale."""

    def __init__(self, claims: Claims, sentence: Sentence, before: Sentence | None) -> None:
        self.claims, self.sentence, self.before = claims, sentence, before
        self.plain = sentence.plain
        self.things = self._things(sentence)
        self.areas = [match.span() for match in _AREA.finditer(self.plain)]
        self.words: list[_Word] = []

    def _things(self, sentence: Sentence) -> list[_Thing]:
        if len(sentence.plain) > _MAX_SENTENCE:
            return []
        found = [
            _Thing(
                s.start, s.end, sentence.printed[s.start : s.end], list(s.known), list(s.part_of)
            )
            for s in self.claims.words.spans(sentence.plain)
        ]
        for match in _OVERALL.finditer(sentence.plain):
            found = [one for one in found if one.end <= match.start() or one.start >= match.end()]
            label = sentence.printed[match.start() : match.end()]
            thing = _Thing(
                match.start(), match.end(), label, overall=True, noun=bool(match["noun"])
            )
            thing.noun = thing.noun or match[0] == "OPA"
            found.append(thing)
        return sorted(found, key=lambda one: one.start)

    def read(self) -> None:
        self._scale_words()
        for start, end in self._clauses():
            words = [word for word in self.words if start <= word.start < end]
            if words:
                self._clause(start, end, words)

    def _clauses(self) -> Iterable[tuple[int, int]]:
        ends = [match.end() for match in _CLAUSE.finditer(self.plain)]
        return pairwise([0, *ends, len(self.plain)])

    def _scale_words(self) -> None:
        """The words of the scale, those of a list of the scale apart."""
        matches = list(self.claims.words.rating_word.finditer(self.plain))
        runs: list[list[re.Match]] = []
        for match in matches:
            if runs and _BETWEEN.fullmatch(self.plain, runs[-1][-1].end(), match.start()):
                runs[-1].append(match)
            else:
                runs.append([match])
        respectively = "respectively" in self.plain.casefold()
        for run in runs:
            gaps = self.plain[run[0].end() : run[-1].start()]
            either = bool(re.search(r"\bor\b|/|\bto\b", gaps))
            if len(run) > 1 and (either or len(run) > 2) and not respectively:
                self.claims.seen.update(self.sentence.places(match.start()) for match in run)
                continue
            for match in run:
                if self.sentence.places(match.start())[0] in self.claims.used:
                    continue
                quoted = self.plain[max(0, match.start() - 1) : match.start()] in tuple("\"'")
                rating = self.claims.words.ratings[" ".join(match[0].casefold().split())]
                self.words.append(_Word(match.start(), match.end(), rating, quoted))

    # What governs a word -------------------------------------------------------------------------

    def _rest(self, start: int, end: int) -> list[str]:
        """The words between two places that are neither labels, names of Areas, nor small words."""
        spans = [(t.start, t.end) for t in self.things if start <= t.start < end]
        spans += [span for span in self.areas if start <= span[0] and span[1] <= end]
        spans += [(w.start, w.end) for w in self.words if start <= w.start < end]
        left, at = [], start
        for first, last in sorted(spans):
            left.append(self.plain[at : max(at, first)])
            at = max(at, last)
        left.append(self.plain[at:end])
        words = (word.casefold() for word in _WORD.findall(" ".join(left)))
        return [word for word in words if word not in _FILLER]

    def _govern(self, start: int, words: list[_Word], end: int) -> None:
        """Find the verb or noun of rating that each word of the scale belongs to."""
        last_end, strong, weak = start, False, False
        for word in words:
            verbs = list(_RATES.finditer(self.plain, last_end, word.start))
            verbs = [v for v in verbs if not set(self._rest(v.end(), word.start)) - _OPINION]
            nouns = [
                t for t in self.things
                if t.overall and t.noun and last_end <= t.start < word.start
                and not self._rest(t.end, word.start)
            ]  # fmt: skip
            behind = _BEHIND.match(self.plain, word.end, end)
            if verbs or nouns or behind:
                strong = bool(nouns or behind or any(v["verb"] for v in verbs[-1:]))
                weak = not strong
            elif last_end == start or self._rest(last_end, word.start):
                strong = weak = False
            if verbs:
                word.by_others = self._by_others(start, verbs[-1], word)
            if strong and set(_words(self.plain[last_end : word.start])[-2:]) & _OPINION:
                strong, weak = False, True
            word.strong, word.weak = strong, weak
            last_end = word.end

    def _by_others(self, start: int, verb: re.Match[str], word: _Word) -> bool:
        """Whether somebody rates something, and it is not said that they inspect."""
        spans = [(thing.start, thing.end) for thing in self.things] + self.areas
        active = any(verb.end() <= first and last <= word.start for first, last in spans)
        named = verb[0].casefold() not in {
            "rated",
            "assessed",
            "judged",
            "graded",
            "scored",
            "found",
        }
        return active and not named and not _INSPECTORS.search(self.plain, start, verb.start())

    # What a word rates ---------------------------------------------------------------------------

    def _clause(self, start: int, end: int, words: list[_Word]) -> None:
        self._govern(start, words, end)
        things = [t for t in self.things if start <= t.start < end]
        real = [t for t in things if t.known or t.overall]
        if "respectively" in self.plain.casefold() and len(real) == len(words) > 1:
            for thing, word in zip(real, words, strict=True):
                self._claim(word, [thing], end, whys=[])
            return
        before = bool(things and things[0].start < words[0].start)
        pairs: list[tuple[_Word, list[_Thing]]] = []
        for at, word in enumerate(words):
            first = words[at - 1].end if at else start
            last = words[at + 1].start if at + 1 < len(words) else end
            ahead = [t for t in things if first <= t.start < word.start]
            behind = [t for t in things if word.end <= t.start < last]
            trailing = at + 1 == len(words) and not ahead
            pairs.append((word, ahead if before and not trailing else behind))
        lonely = any(not chosen for _, chosen in pairs) and len(pairs) > 1
        for word, chosen in pairs:
            chosen = self._specific(chosen)
            marked = self._marked(word, chosen)
            if not (word.strong or word.weak or marked):
                continue
            if not chosen and before:
                chosen = [t for t in things if t.start < word.start][-1:]
            whys = [] if not word.weak or marked else [OPINION]
            if lonely and before and chosen:
                whys.append(MORE_WORDS)
            if not chosen:
                self._of_others(word, start, end, whys)
            else:
                self._claim(word, chosen, end, whys)

    @staticmethod
    def _specific(things: list[_Thing]) -> list[_Thing]:
        """Without the "overall" that only says how something was rated."""
        named = [t for t in things if not t.overall]
        if any(t.overall and t.noun for t in things) or not any(t.known for t in named):
            return [t for t in things if t.overall][:1] or things
        return named

    def _marked(self, word: _Word, things: list[_Thing]) -> bool:
        """Whether a mark alone joins a label and its rating, as in "Leadership (Good)"."""
        if len(things) != 1:
            return False
        between = self.plain[things[0].end : word.start]
        return bool(re.fullmatch(r"\s?(?:[:(]|-)\s?[\"'*_(]{0,3}", between)) and bool(
            things[0].known
        )

    def _claim(self, word: _Word, things: list[_Thing], end: int, whys: list[str]) -> None:
        ahead = [t for t in things if t.start < word.start]
        behind = [t for t in things if t.start >= word.end]
        if (ahead and self._rest(ahead[0].end, word.start)) or (
            behind and self._rest(word.end, behind[-1].start)
        ):
            whys.append(MORE_WORDS)
        if ahead and self._is_part(ahead[0].start):
            whys.append(MORE_WORDS)
        if behind and self._more_behind(behind[-1].end, end):
            whys.append(MORE_WORDS)
        last = behind[-1].end if behind and behind[-1].overall else word.end
        named = any(not thing.overall for thing in behind)
        if not named and not _GOES_ON.match(self.plain, last):
            whys.append(IN_PART)
        lines = self.sentence.lines_of(min(word.start, *(t.start for t in things)), word.end)
        for thing in things:
            whole = self.sentence.lines_of(min(word.start, thing.start), max(word.end, thing.end))
            self._add(word, thing, whole if behind else lines, whys)

    def _is_part(self, start: int) -> bool:
        """Whether words before a label make it a part of something else."""
        words = _words(self.plain[max(0, start - 40) : start])
        while words and words[-1] in {"the", "its", "their", "area's"}:
            words.pop()
        last = words[-1] if words else ""
        if last == "of":  # "management of", but not "in respect of"
            return words[-2:-1] not in (["respect"], ["all"], ["ratings"], ["rating"])
        if last in {"and", "or"}:
            return not any(t.end > start - 12 and t.end < start for t in self.things) and not any(
                w.end <= start and w.end > start - 12 for w in self.words
            )
        return False

    def _more_behind(self, start: int, end: int) -> bool:
        """Whether a list of labels behind a rating ends in something that is none."""
        match = re.match(r"[\"')\]]*(?:, | and | or |, and )(?=[a-z])", self.plain[start:end])
        if match is None:
            return False
        following = [w.start for w in self.words if w.start >= start]
        last = min(following, default=end)
        rest = self._rest(start, last)
        return bool(rest) and not following

    def _of_others(self, word: _Word, start: int, end: int, whys: list[str]) -> None:
        """What a word rates that has no label in its clause."""
        if self._below(word, whys):
            return
        match = _ALL.search(self.plain, start, end)
        if match:
            self._collective(word, match, whys)
            return
        area = next((a for a in self.areas if start <= a[0] and a[1] <= word.start), None)
        if area is not None:
            if word.strong:
                known = not self._rest(area[1], word.start)
                why = [*whys, *([] if known else [MORE_WORDS])]
                if not _GOES_ON.match(self.plain, word.end):
                    why.append(IN_PART)
                thing = _Thing(*area, "", overall=True)
                lines = self.sentence.lines_of(area[0], word.end)
                self._add(word, thing, lines, why).about = "area"
            return
        named = self._things(self.before)[-1:] if self.before is not None else []
        both = [*(self.before.lines if self.before and named else ()), *self.sentence.lines]
        for thing in named or [_Thing(0, 0, "")]:
            self._add(word, thing, both, [*whys, NAMED_BEFORE if named else UNPLACED])

    def _collective(self, word: _Word, match: re.Match, whys: list[str]) -> None:
        """The things that "all four sections" means: named in the sentence before, or by a set."""
        n = (match["n"] or "").casefold()
        number = int(n) if n.isdigit() else _NUMBERS.index(n) if n in _NUMBERS else None
        number = 2 if match[0].casefold().startswith("both") else number
        named = [t for t in self._things(self.before) if t.known] if self.before is not None else []
        if self.before is not None and named and (number is None or len(named) == number):
            lines = [*self.before.lines, *self.sentence.lines]
            for thing in named:
                self._add(word, thing, lines, whys)
            return
        every = [_Thing(0, 0, known.label, [known]) for known in self._sets(number)]
        for thing in every or [_Thing(0, 0, "")]:
            self._add(word, thing, self.sentence.lines, [*whys, "which ones is not said here"])

    def _sets(self, number: int | None) -> list[Known]:
        """The rated things of the one set that has so many."""
        sets: dict[str, dict[str, Known]] = {}
        for found in self.claims.words.every():
            sets.setdefault(found.set_id, {})[found.aspect_id] = found
        fitting = [one for one in sets.values() if len(one) == number == _SETS_OF]
        return list(fitting[0].values()) if len(fitting) == 1 else []

    def _below(self, word: _Word, whys: list[str]) -> bool:
        """The labels of a list that a sentence introduces."""
        if not self.plain.endswith(":") or not word.strong:
            return False
        text = self.claims.text
        found: list[tuple[int, str, list[Known]]] = []
        for line in text.filled(self.sentence.lines[-1] + 1):
            words = text.words[line]
            if (
                not (BULLET.match(words) or NUMBERED.match(words) or found == [])
                or line in self.claims.used
            ):
                break
            label = strip_label(
                re.sub(r"[;,.]?(?: and)?$", "", " ".join(text.printed[line].split()))
            )
            known = self.claims.words.meant(label)
            if not known:
                break
            found.append((line, label, known))
        for line, label, known in found:
            self._add(word, _Thing(0, 0, label, known), [*self.sentence.lines, line], whys)
            self.claims.used.add(line)
        return bool(found)

    def _add(self, word: _Word, thing: _Thing, lines: Iterable[int], whys: list[str]) -> Claim:
        claims = self.claims
        claim = claims.rating(lines, thing.label or None, word.rating)
        claim.known = thing.known or thing.part_of
        claim.context, claim.quoted = self.plain, word.quoted
        if thing.overall:
            claim.row["level"] = "overall"
            claim.known = []
        clause = self._clause_of(word)
        whys = [*whys, OTHERS] if word.by_others else whys
        for why in whys:
            claim.doubt(why)
        for why, pattern in _DOUBTS.items():
            if pattern.search(clause):
                claim.doubt(why)
        if not thing.known and not thing.overall:
            claim.doubt("what is rated is no label that a framework of this record has")
        claims.seen.add(self.sentence.places(word.start))
        return claim

    def _clause_of(self, word: _Word) -> str:
        for start, end in self._clauses():
            if start <= word.start < end:
                return self.plain[start:end]
        return self.plain


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def drop_restated(claims: Claims) -> None:
    """Leave out what a sentence says again of a row of a table; two ways of rating are doubts."""
    rows = [one for one in claims.of("ratings") if one.about == "table" and one.row["rating"]]
    spoken = [one for one in claims.of("ratings") if one.about != "table" and one.row["rating"]]
    again: list[Claim] = []
    for claim in spoken:
        agreeing = [
            row for row in rows if _is_same(claim, row) and row.row["rating"] == claim.row["rating"]
        ]
        if agreeing:
            again.append(claim)
    said = {(one.context, one.row["rating"]) for one in again}
    for claim in spoken:
        weak = claim.why and not claim.quoted and (claim.context, claim.row["rating"]) in said
        if claim in again or weak:
            claims.all.remove(claim)
    certain = [one for one in claims.of("ratings") if not one.why]
    for at, claim in enumerate(certain):
        for other in certain[:at]:
            if not _is_same(claim, other) or claim not in claims.all or other not in claims.all:
                continue
            if claim.row["rating"] == other.row["rating"]:
                claims.all.remove(claim)
                continue
            why = f"it is rated in two ways: {other.row['rating']} and {claim.row['rating']}"
            claim.doubt(why)
            other.doubt(why)


def _is_same(claim: Claim, other: Claim) -> bool:
    """Whether two claims rate one thing."""
    if claim.row.get("level") == "overall" or other.row.get("level") == "overall":
        return (
            claim.row.get("level") == other.row.get("level") and claim.about == other.about
        ) or (claim.row.get("level") == other.row.get("level") and bool(claim.row.get("label")))
    if {known.aspect_id for known in claim.known} & {known.aspect_id for known in other.known}:
        return True
    mine, theirs = (stems(one.row.get("label") or "") for one in (claim, other))
    return bool(mine and theirs) and (mine == theirs or (other.about == "table" and mine <= theirs))


def read_leftovers(claims: Claims) -> None:
    """End silence: a marked word of a scale that stands nowhere is a doubtful claim."""
    for sentence in claims.text.sentences:
        if "ratings" in claims.cut:
            return
        for match in claims.words.rating_word.finditer(sentence.plain):
            line, column = sentence.places(match.start())
            if line in claims.used or (line, column) in claims.seen:
                continue
            if not _is_marked(sentence.plain, match, column):
                continue
            label, near = None, []
            if len(sentence.plain) <= _MAX_SENTENCE:
                near = claims.words.spans(sentence.plain)
            if near:
                span = min(
                    near, key=lambda s: min(abs(s.start - match.end()), abs(match.start() - s.end))
                )
                label = sentence.printed[span.start : span.end]
            rating = claims.words.ratings[" ".join(match[0].casefold().split())]
            claim = claims.rating([line], label, rating, UNPLACED)
            claim.context = sentence.plain
            claims.seen.add((line, column))


def _is_marked(plain: str, match: re.Match, column: int) -> bool:
    """Whether a word is quoted, has a capital inside its sentence, or is the last of it."""
    before, after = plain[: match.start()], plain[match.end() :]
    if before[-1:] in ("'", '"') and after[:1] in ("'", '"', ",", "."):
        return True
    if match[0][0].isupper() and column and before.strip() and not plain.isupper():
        return True
    return not after.strip(" .;,:!?'\"*_)]")
