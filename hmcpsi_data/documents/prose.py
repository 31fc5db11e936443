"""What sentences say, certain in a few plain forms: ratings, numbers with a unit, police forces."""

import re
from collections.abc import Iterator
from itertools import chain, pairwise
from typing import NamedTuple

from hmcpsi_data.documents.claims import Claims, Known, Span, is_label
from hmcpsi_data.documents.text import dates, either, financial_years, period
from hmcpsi_data.tables.record import Record

_MAX_SENTENCE = 1_000  # characters
TOO_LONG = "a sentence too long to be searched"

# Each letter of a label and of a word of a scale is replaced by one of these, so that the form of a
# sentence can be searched and its places are still those of the sentence.
_LABEL, _WORD = "\x01", "\x02"
_THINGS = rf"(?:the )?{_LABEL}+(?:,? (?:and )?(?:the )?{_LABEL}+)*"
_AREA = r"(?:the area|the borough(?: unit)?|(?-i:CPS(?: [A-Z][\w'-]+| and| of| &)+))"
_RATING = rf"['\"]?{_WORD}+['\"]?"
_PLAIN = re.compile(
    rf"(?:(?:the )?overall performance assessment(?: of {_AREA})? was {_RATING}"
    rf"|{_AREA} was rated as {_RATING} overall"
    rf"|the inspection rated performance as {_RATING}"
    rf"|in relation to {_THINGS},? {_AREA} was rated as {_RATING}"
    rf"|{_AREA} was assessed in relation to {_THINGS},? and was rated as {_RATING}"
    rf"|{_THINGS} (?:was|were) rated(?: as)? {_RATING}"
    rf"|inspectors rated {_THINGS} as {_RATING})\.?",
    re.IGNORECASE,
)
_RATES = either(
    "rated|assessed|judged|graded|scored?|marked|rating|deemed|considered|found|seen|described"
    "|regarded"
)
_WHOLE = re.compile(
    r"\boverall\b|\bOPA\b|\bthe (?:area|borough)\b|\bborough unit\b|\bit (?:is|was)\b"
    r"|\bperformance\b|(?-i:\bCPS [A-Z])",
    re.IGNORECASE,
)
_OVERALL = re.compile(r"\boverall(?: (?:performance|assessment|rating))*", re.IGNORECASE)
_SOME = re.compile(r"(?P<all>\b(?:all|each|both)\b.*)?\b(?:sections|criteria|aspects)\b", re.I)
# What stands between a word of the scale and a list of what it rates; and between two of a list.
_LEADS = re.compile(r"['\")]?(?: (?:rating|score|mark|grade))?(?::| -| for| in relation to) ")
_DIVIDES = re.compile(r"[,;]\s*(?:and\s)?|\s(?:and|&)\s")
_FILLING = re.compile(r"[\s,'\"*_/=:;0-9-]*(?:\b(?:or|and|to)\b[\s'\"*_]*)?")  # of a list of words
_CHOICE = re.compile(r"\b(?:or|to)\b|/")

NO_RATING = "its sentence is no plain statement of what is rated and how"


def read_sentences(claims: Claims) -> None:
    """Add the ratings of all sentences, and whatever else stands out as a word of a scale."""
    # lines that list the scale: each is only a word of it, and so is a neighbour
    words = claims.text.words
    bare = [(line, claims.words.rating_of(words[line])) for line in claims.text.filled()]
    listed = ((a, b) for (a, one), (b, two) in pairwise(bare) if one and two and one != two)
    passed = claims.used.union(*listed)
    for number, sentence in enumerate(claims.text.sentences):
        rates = "ratings" not in claims.cut and claims.words.rating_word.search(sentence.plain)
        if not rates or passed.issuperset(sentence.lines):
            continue
        if len(sentence.plain) > _MAX_SENTENCE:
            claims.rating(sentence.lines, "", None, TOO_LONG).sentence = number
        else:
            _Reader(claims, number, passed).read()


class _Thing(NamedTuple):
    label: str = ""
    known: tuple[Known, ...] = ()
    place: tuple[int, ...] = ()  # in its sentence
    lines: tuple[int, ...] = ()  # that name it, where another sentence does
    is_whole: bool = False  # the Area


class _Reader:
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
        if _PLAIN.fullmatch(self.form.lstrip("-•0123456789. ")):
            for thing in [*map(self._named, self.spans)] or [self._whole()]:
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
                self._add(begin, end, thing, NO_RATING)

    def _lists(self) -> set[int]:
        """The places of the words that list the scale; a label with two words is a doubt."""
        runs, found = list[list[tuple[int, int]]](), set[int]()
        for word in self.words:
            if not (runs and _FILLING.fullmatch(self.plain, runs[-1][-1][1], word[0])):
                runs.append([])
            runs[-1].append(word)
        for run in runs:
            start, end = run[0][0], run[-1][1]
            if len(run) > 2 or (len(run) == 2 and _CHOICE.search(self.plain, start, end)):
                found.update(one for one, _ in run)
                labels = [span for span in self.spans if span.end <= start]
                if len(run) == 2 and labels:
                    self._add(start, end, self._named(labels[-1]), NO_RATING)
        return found

    def _is_marked(self, start: int, end: int) -> bool:
        """Whether a word is quoted, has a capital inside its sentence, or is the last of it."""
        before, after = self.plain[:start], self.plain[end:]
        quoted = before[-1:] in ("'", '"') and after[:1] in ("'", '"', ",", ".")
        capital = self.plain[start].isupper() and not self.plain.isupper()
        return quoted or (capital and before.strip() != "") or not after.strip(" .;,:!?'\"*_)]")

    def _things(self, start: int, begin: int, end: int, after: int) -> tuple[list[_Thing], int]:
        """What a word may rate between its neighbours, and where that ends."""
        lead = _LEADS.match(self.form, end, after)
        if lead and (things := self._list(self._parts(lead.end(), after))):
            return things, max(thing.place[1] for thing in things)
        spans = [span for span in self.spans if start <= span.start and span.end <= begin]
        if spans:
            return self._list(self._parts(start, spans[-1].end)[::-1]), end
        if _WHOLE.search(self.form, start, after):
            return [self._whole()], end
        before = self.claims.text.sentences[self.number - 1] if self.number else None
        others = []
        if before and len(before.plain) <= _MAX_SENTENCE and self.passed.isdisjoint(before.lines):
            others = [
                _Thing(before.printed[one.start : one.end], one.known, (), before.lines)
                for one in self.claims.words.spans(before.plain)
            ]
        if some := _SOME.search(self.form, start, after):
            return (some["all"] and others) or [_Thing()], end
        near = min(self.spans, key=lambda one: abs(one.start - begin), default=None)
        return [self._named(near) if near else (others or [_Thing()])[-1]], end

    def _parts(self, start: int, end: int) -> list[tuple[int, int]]:
        spans = (match.span() for match in _DIVIDES.finditer(self.form, start, end))
        ends = [start, *chain.from_iterable(spans), end]
        return [*zip(ends[::2], ends[1::2], strict=True)]

    def _list(self, parts: list[tuple[int, int]]) -> list[_Thing]:
        """The things of a list, up to a part that says more; new ones only with a label."""
        found: list[_Thing] = []
        for start, end in parts:
            words = self.plain[start:end].strip(" .'\"")
            spans = [span for span in self.spans if start <= span.start and span.end <= end]
            if spans:
                found.append(self._named(spans[-1]))
            elif is_label(words):
                start = self.plain.index(words, start)
                found.append(self._named(Span(start, start + len(words), ())))
            if not is_label(words):
                break
        known = [thing for thing in found if thing.known]
        ends = [end for thing in found for end in thing.place]
        joined = known and re.search(r"\band\b|&", self.plain[min(ends) : max(ends)])
        return found if joined else known

    def _named(self, span: Span) -> _Thing:
        return _Thing(self.sentence.printed[span.start : span.end], span.known, span[:2])

    def _whole(self) -> _Thing:
        if overall := _OVERALL.search(self.sentence.printed):
            return _Thing(overall[0], (), overall.span(), is_whole=True)
        return _Thing(is_whole=True)

    def _add(self, start: int, end: int, thing: _Thing, why: str) -> None:
        ends = (start, end, *thing.place)
        lines = self.sentence.lines_of(min(ends), max(ends))
        if self.passed.issuperset(lines):
            return
        rating = self.claims.words.rating_of(self.plain[start:end])
        claim = self.claims.rating([*lines, *thing.lines], thing.label, rating, why)
        claim.known, claim.sentence = list(thing.known), self.number
        if thing.is_whole:
            claim.row["level"] = "overall"
            claim.about = "" if thing.label else "area"


_BEHIND = 120  # characters
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORDS = {word: value for value, word in enumerate(_ONES)} | {"and": 0, "a": 0, "hundred": 0}
_WORDS |= {word: 10 * value for value, word in enumerate(_TENS, 2)}
_ONE = "|".join(sorted(_ONES, key=len, reverse=True))
_BELOW_HUNDRED = rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_ONES[1:10])}))?|{_ONE})"
NUMBER = (
    r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,3}(?![0-9])(?:\.[0-9]{1,4})?|[0-9]{1,9}(?:\.[0-9]{1,4})?"
    rf"|(?:(?:{_BELOW_HUNDRED}|a) hundred(?: and {_BELOW_HUNDRED})?)|{_BELOW_HUNDRED})"
)
# What is counted, by the word that names it; the first that fits is taken.
_NAMES = {
    "full-time equivalents": r"(?:full|whole)[- ]time[- ]equivalents?(?: staff)?|fte(?: staff)?",
    "staff": "(?:members of )?staff|employees",
    "Crown Court centres": "crown court cent(?:re|er)s?",
    "files": r"(?:magistrates' courts (?:and crown court )?)?files",
    "courts": "(?:magistrates' )?courts(?! (?:and crown court )?files)",
    "Areas": "cps areas|(?-i:Areas)(?! (?:for|of))",
    "phases": "phases?",
    "months": "months?(?= (?:period|programme))",
    "aspects for improvement": "aspects? for improvement",
}
_THEMSELVES = (
    "days cases aspects criteria recommendations issues strengths reports offices units inspectors "
    "prosecutors lawyers trials hearings letters defendants victims witnesses questions"
).split()
_NAMES |= {word: word for word in _THEMSELVES}
_ALL = "|".join(f"(?P<u{at}>{pattern})" for at, pattern in enumerate(_NAMES.values()))
_STOP = (
    "of in for with by at from to on over between across which that who where was were is are has "
    "have had will would should could can may made the these those each than per out under within "
    "during since as or when while but every a an about against"
).replace(" ", "|")
_NUMBER = re.compile(
    rf"(?<![\w.,/:£$€#])(?P<number>{NUMBER})(?![\w/:]|[.,][0-9]|(?:st|nd|rd|th)\b)", re.IGNORECASE
)
# Behind a number: "%", what it is a part of, or what it counts behind a few adjectives.
_COUNTED = re.compile(
    rf"(?P<percent>\s?(?:%|per ?cent\b)(?! ?-?points?))"
    rf"|(?P<same> of which\b| \((?={NUMBER} ?(?:%|per)))"
    rf"|(?P<part>(?: out)? of (?:(?:the|these|those|all|its|our) )?(?:{NUMBER} )?)?"
    rf"(?:[ -]|(?<= ))(?P<more>(?:(?!(?:{_STOP}|{NUMBER})\b)[^\W\d_][\w'-]*,? ){{0,5}}?)"
    rf"(?:{_ALL})\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"£ ?(?P<number>[0-9]{1,3}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,4})?|[0-9]{1,12}(?:\.[0-9]{1,4})?)"
    r"(?: ?(?P<of>million|billion|thousand|m|bn|k)\b)?",
    re.IGNORECASE,
)
_OF_MONEY = {"m": "million", "bn": "billion", "k": "thousand"}
# What stands before the first number of a plain statement.
_LEAD = re.compile(
    r"(?P<own>(?:in the year ended \w+ [0-9]{4},? )?"
    r"(?:the area|it|cps(?: (?:[A-Z][\w'-]+|and|of)\b)+)"
    r" (?:employed|has|had|handled|covers|spent|is one of|had the full-time equivalent of)"
    r"|(?:the )?inspectors (?:examined|looked at)|its budget was|a saving of)"
    r"|(?:the|all|those relating to the remaining|"
    r".* (?:performance in|visits to all|in relation to all|in implementing|conducting a))?",
    re.IGNORECASE,
)
_ABSENCE = either(r"sick\w*|absen\w+|lost")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
# What is spoken of alike wherever the document says it.
STANDING = frozenset("Areas aspects reports issues recommendations phases months".split())
NO_NUMBER = "its sentence is no plain statement of a number of this Area"


class _Measure(NamedTuple):
    value: float
    unit: str
    start: int
    end: int
    more: str = ""  # what stands between the number and its unit


def read_measures(claims: Claims) -> None:
    """Add every number with a unit that is known, and its period."""
    seen: set[tuple[float, str]] = set()
    parts: list[str] = []  # what "twenty-two of the reports" were part of
    for at, sentence in enumerate(claims.text.sentences):
        plain = sentence.plain
        if "measures" in claims.cut or claims.used.issuperset(sentence.lines):
            continue
        if len(plain) > _MAX_SENTENCE:
            if _NUMBER.search(plain):
                claims.add("measures", sentence.lines, TOO_LONG)
            continue
        found = sorted(_numbers(plain, seen, parts), key=lambda one: one.start)
        if not found:
            continue
        days = {date.iso for date in dates(plain)}
        days |= {plain[start:end] for _, start, end in financial_years(plain)}
        places = [(0, 0), *((one.start, one.end) for one in found), (len(plain), 0)]
        gaps = [plain[end:start] for (_, end), (start, _) in pairwise(places)]
        gaps[0] = gaps[0].lstrip("-•0123456789. ")
        lead = _LEAD.fullmatch(gaps[0].rstrip())
        why = "" if lead and (lead["own"] or found[0].unit in STANDING) else NO_NUMBER
        rest = " ".join([*gaps, *(one.more for one in found)])
        for one, ahead, behind in zip(found, gaps, gaps[1:], strict=False):
            about = period(plain) if len(days) < 2 else period(ahead) or period(behind)
            lines = sentence.lines_of(one.start, one.end)
            claim = claims.add("measures", lines, why, value=one.value, unit=one.unit, period=about)
            claim.sentence, claim.rest = at, rest


def _numbers(plain: str, seen: set[tuple[float, str]], parts: list[str]) -> Iterator[_Measure]:
    """Sums of money and what counts something known; a number spoken of again is no new one."""
    for match in _MONEY.finditer(plain):
        of = (match["of"] or "").casefold()
        pounds = f"GBP {_OF_MONEY.get(of, of)}".strip()
        yield _Measure(float(match["number"].replace(",", "")), pounds, match.start(), match.end())
    before: str | None = None  # what the number before counted
    for match in _NUMBER.finditer(plain):
        value, ahead = number(match["number"]), plain[: match.start()].casefold()
        counted = _COUNTED.match(plain, match.end(), match.end() + _BEHIND)
        if value is None or counted is None or _YEAR.fullmatch(match["number"]):
            continue
        end = match.end() if counted["part"] else counted.end()
        if counted["percent"]:
            unit: str | None = "%"
        elif counted["same"]:
            unit, end = before, match.end()
        else:
            unit = before = [*_NAMES][int((counted.lastgroup or "u0")[1:])]
            if counted["part"]:
                parts.append(unit)
            elif ahead.endswith("remaining ") and parts:
                unit = parts[-1]
            elif unit == "staff" and ahead.endswith(("time equivalent of ", "time-equivalent of ")):
                unit = "full-time equivalents"
        if unit == "days" and not _ABSENCE.search(plain):
            continue
        again = ahead.endswith(("the ", "these ", "those ")) and (value, unit) in seen
        if unit == "%" or (unit and not again and value != 1):
            yield _Measure(value, unit, match.start(), end, counted["more"] or "")
            seen.add((value, unit))


def number(words: str) -> float | None:
    """The number that digits or words mean."""
    if words.strip()[:1].isdigit():
        return float(words.replace(",", ""))
    total, parts = 0, words.casefold().replace("-", " ").split()
    for part in parts:
        total = max(total, 1) * 100 if part == "hundred" else total + _WORDS.get(part, 0)
    return float(total) if parts and _WORDS.keys() >= {*parts} else None


_SERVES = either("serves|covers|covered by|aligned with|aligns with")
_KIND = r"(?:,? (?:Police|Constabulary)\b)?"


def _names(record: Record) -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    """A list of forces in a sentence, any name of a force, and the force of each name."""
    names = {str(name).casefold(): str(name) for name in record.table("forces")["force"]}
    names |= {name.removesuffix(" police"): own for name, own in names.items()}
    listed = "|".join(map(re.escape, sorted(names, key=len, reverse=True))) or "(?!)"
    listed = listed.replace(r"\ and\ ", r"\ (?:and|&)\ ")
    one = rf"(?=[A-Z])(?:(?i:{listed}))\b"
    run = rf"\b{one}{_KIND}(?:(?:,|,? and) (?:the )?{one}{_KIND})*"
    told = rf"{run}(?:(?<=Police)|(?<=Constabulary)|(?= (?i:police|forces)\b))"
    return re.compile(told), re.compile(rf"\b({one}){_KIND}"), names


def read_forces(claims: Claims, record: Record) -> None:
    """Add each force that a sentence on the Area's own ground names."""
    runs, one, names = record.once(_names)
    seen: set[str] = set()
    for sentence in claims.text.sentences:
        words = sentence.plain[:_MAX_SENTENCE]
        for run in runs.finditer(words) if _SERVES.search(words) else ():
            for match in one.finditer(words, *run.span()):
                row = {"force": names[match[1].casefold().replace(" & ", " and ")]}
                row["force_as_printed"] = sentence.printed[slice(*match.span())]
                if row["force"] not in seen:
                    claims.add("forces", sentence.lines_of(*match.span(1)), **row)
                seen.add(row["force"])
