"""The words that documents are read by; claims: what a document may say, and why to doubt it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd

from hmcpsi_data.documents.text import PLAIN, Text
from hmcpsi_data.tables.record import Record

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SMALL = frozenset("the a an of in and to for with at by on our its their or from area's".split())
_STEM = 6  # letters: "communicating" and "communication" are one, "casework" and "case" are not
_PARTS = re.compile(
    r"^(?:part|section|aspect|criterion) (?:[A-Z]|[0-9]{1,2}|[ivx]{1,4})\s*[:.–-]\s*(?=\S)"
    r"|^(?-i:[A-Z][0-9]{1,2}(?:\.[0-9]{1,2})?)[:.)]?\s+(?=\S)"
    r"|^\(?[0-9]{1,2}(?:\.[0-9]{1,2})?[.)]?\s+(?=\S)"
    r"|^\([a-z]{1,4}\)\s+(?=\S)",
    re.IGNORECASE,
)
_BULLETS = "-•*‣▪●○◦·\uf0b7 "
_TAIL = "¹²³⁴⁵⁶⁷⁸⁹⁰ \t.…_:*†‡#–—-|,;'\"([‘’“”"
# Words of a sentence that a label never has.
_NO_LABEL = frozenset(
    "is was were are be been being has have had will would should could can may must rated "
    "assessed judged found finds remains remain shows showed said says but although however "
    "which who that this these there they we it i you he she because when while not".split()
)
_DANGLING = frozenset("and or as the a an in of for to with on at by very not quite only".split())
_LONGEST_LABEL, _MOST_WORDS = 160, 18
_WINDOW = 14  # words of the longest label, small ones included


class Known(NamedTuple):
    """One rated thing of the record."""

    aspect_id: str
    framework_id: str
    level: str


class Span(NamedTuple):
    """A label within a sentence."""

    start: int
    end: int
    known: tuple[Known, ...]


def same(label: str) -> str:
    """A label without what makes no difference in print."""
    words = _WORD.findall(label.translate(PLAIN).casefold().replace("&", " and "))
    return " ".join(word for word in words if word not in {"the", "a", "an", "of", "in", "and"})


def stems(words: str) -> frozenset[str]:
    """The beginnings of the words that say something."""
    found = _WORD.findall(words.translate(PLAIN).casefold())
    return frozenset(_stem(word) for word in found if word not in _SMALL)


def _stem(word: str) -> str:
    return word.removesuffix("'s").rstrip("'")[:_STEM].rstrip("s") or word


def strip_label(label: str) -> str:
    """A label without bullet, number, dots that lead to the rating, or marks of a footnote."""
    label = _PARTS.sub("", label.strip().lstrip(_BULLETS), count=1)
    closed = re.sub(r"\s\[?[0-9]{1,2}\]?$", "", label.rstrip(_TAIL)).rstrip(_TAIL)
    if closed[:1] in "'\"" and closed.count(closed[:1]) == 1:
        closed = closed[1:]
    return " ".join(closed.split())


def is_label(label: str) -> bool:
    """Whether words can be the label of a rated thing, and no sentence."""
    if not label or len(label) > _LONGEST_LABEL or not (label[0].isalpha() or label[0] in "'\"("):
        return False
    words = [word.casefold() for word in _WORD.findall(label)]
    return (
        0 < len(words) <= _MOST_WORDS
        and not _NO_LABEL.intersection(words)
        and words[-1] not in _DANGLING
        and not re.search(r"[.!?;]\s|[!?;]$", label)
    )


class Vocabulary:
    """The scales and labels of one record; ``record.once(Vocabulary)`` makes it once."""

    def __init__(self, record: Record) -> None:
        self.frameworks = record.table("frameworks").set_index("framework_id", drop=False)
        scales = record.table("scales").groupby("scale_id")["value"].agg(list)
        kinds = self.frameworks["measure_kind"]
        of_framework = self.frameworks["scale_id"].items()
        scale = {str(one): scales.get(str(name), list[str]()) for one, name in of_framework}
        self.scale_of = scale
        # the words of the scales in small letters, with their spelling
        self.ratings, self.progress = (
            {word.casefold(): word for one in kinds.index[kinds.eq(kind)] for word in scale[one]}
            for kind in ("rating", "progress")
        )
        self.rating_word, self.progress_word = map(_any, (self.ratings, self.progress))
        self._exact: dict[str, dict[Known, None]] = {}
        self._stems: dict[frozenset[str], dict[Known, None]] = {}
        framework_of = record.table("aspect_sets").set_index("set_id")["framework_id"]
        row: Any
        for row in record.table("aspects").itertuples():
            framework = str(framework_of.get(row.set_id, ""))
            if row.level == "overall" or kinds.get(framework) != "rating":
                continue
            known = Known(row.aspect_id, framework, row.level)
            for label in {row.label, row.label_as_printed} - {pd.NA, None}:
                self._exact.setdefault(same(label), {})[known] = None
                self._stems.setdefault(stems(label), {})[known] = None
        self._told = frozenset().union(*self._stems)
        titles = [*record.table("themes")["title"], *record.table("aspects")["label"]]
        self.common = frozenset().union(*(stems(str(title)) for title in titles))

    def rating_of(self, words: str) -> str | None:
        """The rating that words are, in the spelling of the scale."""
        return self.ratings.get(_bare(words))

    def progress_of(self, words: str) -> str | None:
        """The rating of progress that words are."""
        return self.progress.get(_bare(words))

    def meant(self, label: str) -> list[Known]:
        """The rated things that have this label: exactly, or else in other forms of its words."""
        return [*(self._exact.get(same(label)) or self._stems.get(stems(label)) or ())]

    def spans(self, words: str) -> list[Span]:
        """The labels within a sentence, the longest first where they overlap."""
        tokens = list(_WORD.finditer(words.translate(PLAIN)))
        found: list[Span] = []
        at = 0
        while at < len(tokens):
            best, after = None, at + 1
            key = set[str]()
            for last in range(at, min(at + _WINDOW, len(tokens))):
                word, end = tokens[last][0].casefold(), tokens[last].end()
                between = words[tokens[last - 1].end() : tokens[last].start()].strip()
                if last > at and between not in {"", ",", "(", "-", "'", "/", "&"}:
                    break
                if word in _SMALL and last > at:
                    continue
                key.add(_stem(word))
                if _stem(word) not in self._told:
                    break
                if known := self._stems.get(frozenset(key)):
                    start, end = tokens[at].start(), end + (words[end : end + 1] == ")")
                    exact = self._exact.get(same(words[start:end]), known)
                    best, after = Span(start, end, tuple(exact)), last + 1
            found += [best] if best else []
            at = after
        return found


def _bare(words: str) -> str:
    return " ".join(words.strip(" .'\"*:;,_()[]†‡").casefold().split()) if len(words) < 60 else ""


def _any(scale: dict[str, str]) -> re.Pattern[str]:
    words = sorted(scale, key=len, reverse=True) or ["(?!)"]
    either = "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in words)
    return re.compile(rf"(?<![\w-])(?:{either})(?![\w-])", re.IGNORECASE)


_S = "string"
# The columns of each table, with their pandas types, also where the table is empty.
COLUMNS = {
    "ratings": {"label": _S, "level": _S, "is_critical": "boolean", "rating": _S, "locator": _S},
    "actions": {"kind": _S, "number": "Int64", "text": _S, "progress": _S, "locator": _S},
    "responses": {"number": "Int64", "text": _S, "locator": _S},
    "measures": {"value": "Float64", "unit": _S, "period": _S, "locator": _S},
    "forces": {"force": _S, "force_as_printed": _S, "locator": _S},
}
_WHAT = {"ratings": "label", "measures": "unit", "forces": "force", "document": "question"}
_VALUE = {"ratings": "rating", "actions": "progress", "measures": "value", "document": "value"}
_TYPES = {"table": _S, "what": _S, "value": _S, "row": "object", "locator": _S, "words": _S}
_TYPES |= {"certain": "bool", "why": _S}
MAX_CLAIMS = 300  # of one table; a publication on one Area has some thirty
_LONGEST = 300


@dataclass
class Claim:
    """What some lines may say: a row of one of the tables; `why` is empty where it is certain."""

    table: str
    row: dict[str, Any]
    lines: tuple[int, ...]
    why: str = ""
    known: list[Known] = field(default_factory=list)
    about: str = ""  # "table" for a row of a table, "area" for the Area in a sentence
    over: tuple[str, ...] = ()  # the heads of its table
    sentence: int | None = None  # its number
    rest: str = ""  # what the sentence of a number says besides its numbers

    def doubt(self, why: str) -> None:
        """Make it doubtful; the first reason stays."""
        self.why = self.why or why


class Claims:
    """The claims of one document so far."""

    def __init__(self, text: Text, words: Vocabulary) -> None:
        self.text, self.words = text, words
        self.all: list[Claim] = []
        self.used: set[int] = set()  # lines that are rows of tables: nothing else is read there
        self.cut: dict[str, tuple[int, ...]] = {}  # where the claims of a table became too many
        self._n: dict[str, int] = {}

    def add(self, table: str, lines: Iterable[int], why: str = "", /, **row: Any) -> Claim:
        """A claim, certain where there is no reason to doubt it."""
        claim = Claim(table, row, tuple(sorted(set(lines))), why)
        self._n[table] = self._n.get(table, 0) + 1
        if self._n[table] > MAX_CLAIMS:
            self.cut.setdefault(table, claim.lines)
        else:
            self.all.append(claim)
        return claim

    def rating(self, lines: Iterable[int], label: str, rating: str | None, why: str = "") -> Claim:
        """A claim that something is rated."""
        label = strip_label(label)
        claim = self.add("ratings", lines, why, label=label or None, rating=rating)
        claim.known = self.words.meant(label) if label else []
        return claim

    def of(self, table: str) -> list[Claim]:
        """The claims of one table."""
        return [claim for claim in self.all if claim.table == table]

    def lines(self, *tables: str) -> set[int]:
        """The lines of the claims of some tables."""
        return {line for claim in self.all if claim.table in tables for line in claim.lines}


def frame(name: str, rows: Iterable[dict[str, Any]] = ()) -> pd.DataFrame:
    """One of the tables of a document, or its claims, with their columns and types."""
    rows, types = list(rows), COLUMNS.get(name, _TYPES)
    columns = {one: pd.Series([row.get(one) for row in rows], dtype=types[one]) for one in types}
    return pd.DataFrame(columns)


def claims_frame(claims: Claims) -> pd.DataFrame:
    """All claims as `Document.claims` has them, in the order of tables and lines."""
    order, rows = ["document", *COLUMNS], []
    for claim in sorted(claims.all, key=lambda one: (order.index(one.table), one.lines)):
        row, text = claim.row, claims.text
        words = " / ".join(text.words[line] for line in claim.lines if text.words[line])
        what, value = row.get(_WHAT.get(claim.table, "")), row.get(_VALUE.get(claim.table, ""))
        if claim.table == "actions":
            what = f"{row['kind']} {row.get('number')}".replace("_", " ")
        elif claim.table == "responses":
            what = f"answer to number {row['number']}"
        elif not what and row.get("level") == "overall":
            what = "overall"
        place = {"locator": text.locator(claim.lines)}
        proposed = {name: (row | place).get(name) for name in COLUMNS.get(claim.table, row)}
        shown = place | {
            "table": claim.table,
            "what": what,
            "value": f"{value:.15g}" if isinstance(value, float) else value,
            "row": proposed,
            "words": words[:_LONGEST] + ("…" if len(words) > _LONGEST else ""),
            "certain": not claim.why,
            "why": claim.why or None,
        }
        rows.append(shown)
    return frame("claims", rows)
