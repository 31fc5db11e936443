"""The words of the frameworks: ratings, progress, headings, and the labels that are known."""

from __future__ import annotations

import re
from functools import lru_cache

from hmcpsi_data.tables import load

__all__ = [
    "DIRECTIONS",
    "FOOTNOTE",
    "PROGRESS",
    "RATING",
    "SECTIONS",
    "is_area",
    "is_clause",
    "is_label",
    "is_open",
    "known_as",
    "known_labels",
    "label_pattern",
    "rating_of",
    "resembles",
    "same_thing",
    "section_of",
    "strip_label",
]

RATING = r"(?:excellent|good|fair|poor)"
_RATINGS = {word.casefold(): word for word in ("Excellent", "Good", "Fair", "Poor")}
PROGRESS = {
    value.casefold(): value
    for value in (
        "Achieved",
        "Substantial progress",
        "Limited progress",
        "Not progressed",
        "No longer applicable",
    )
}
DIRECTIONS = re.compile(
    r"(?:(?:has |have )?(?:improved|improving|declined|declining|deteriorated|stable|unchanged"
    r"|maintained|same)|no change|[↑↓→↔▲▼►–-]|n/?a)",
    re.IGNORECASE,
)
# The four sections of the Area Assurance Programme, by the words that any printed form has.
SECTIONS = {
    "success_of_cps_people": {"success", "people"},
    "continuously_improving": {"continuously", "improving"},
    "high_quality_casework": {"quality", "casework"},
    "public_confidence": {"public", "confidence"},
}
_SECTION_FILLERS = frozenset("the of cps our its high good in and s".split())

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
# Words that a label never has: verbs and links of a sentence.
_NO_LABEL = frozenset(
    "is was were are be been being has have had will would should could can may must "
    "rated assessed judged found finds remains remain shows showed said says says, but although "
    "however which who that this these there they we it i you he she because when while".split()
)
_DANGLING = frozenset("and or as the a an in of for to with on at by very not quite".split())
_LEADERS = re.compile(r"[\s.…_]{2,}$|[\s:*†‡¹²³⁴-⁹#–—-]+$|\s+\.+$")
_NUMBER = re.compile(
    r"^(?:\((?:[0-9]{1,2}|[a-z]|[ivx]{1,4})\)|[0-9]{1,2}(?:\.[0-9]{1,2})?[.)]?)\s+(?=\S)",
    re.IGNORECASE,
)
_PART = re.compile(
    r"^(?:part|section|aspect|criterion) (?:[A-Z]|[0-9]{1,2}|[ivx]{1,4})\s*[:.–-]\s*(?=\S)"
    r"|^(?-i:[A-Z][0-9]{1,2}(?:\.[0-9]{1,2})?)[:.)]?\s+(?=\S)",
    re.IGNORECASE,
)
FOOTNOTE = re.compile(r"(?:\s*(?:\[[0-9a-z]{1,2}\]|\([0-9]{1,2}\)|[¹²³⁴-⁹†‡§*]))+$")
_RATED_AS = re.compile(r"^(?:rated|assessed|judged|graded|scored)(?: as)?\s+", re.IGNORECASE)
_LONGEST_LABEL = 160
_MOST_WORDS = 18


def rating_of(words: str) -> str | None:
    """The rating that words are, in the spelling of the scale, whatever their case.

    Examples
    --------
    >>> rating_of("'GOOD'"), rating_of("Fair [2]"), rating_of("Good progress")
    ('Good', 'Fair', None)
    """
    if len(words) < 40:
        words = _RATED_AS.sub("", FOOTNOTE.sub("", words.strip()))
    return _RATINGS.get(words.strip(" .'\"*:;,_()[]").casefold())


def strip_label(label: str) -> str:
    """A label without bullet, number, dots that lead to the rating, or marks of a footnote.

    Examples
    --------
    >>> strip_label("3. Custody time limits ......")
    'Custody time limits'
    """
    if len(label) > 2 * _LONGEST_LABEL:
        return label  # no label, see is_label
    label = re.sub(r"^[-•*‣▪●○◦·\uf0b7]\s+", "", label.strip())
    label = _PART.sub("", label, count=1)
    if label[:1].isdigit() or label[:1] == "(":
        label = _NUMBER.sub("", label, count=1)
    previous = None
    while label != previous:
        previous, label = label, _LEADERS.sub("", label)
    return " ".join(label.split()).strip()


def is_label(label: str) -> bool:
    """Whether words can be the label of a rated thing, and no sentence.

    Examples
    --------
    >>> is_label("Case preparation and progress (Crown Court)")
    True
    >>> is_label("Communication with victims is")
    False
    """
    if not label or len(label) > _LONGEST_LABEL or not (label[0].isalpha() or label[0] in "'\"("):
        return False
    words = [word.casefold() for word in _WORD.findall(label)]
    return (
        0 < len(words) <= _MOST_WORDS
        and not _NO_LABEL.intersection(words)
        and not all(word in _RATINGS or word in {"and", "or", "being"} for word in words)
        and words[-1] not in _DANGLING
        and not re.search(r"[.!?;]\s|[.!?;]$", label)
    )


def is_clause(label: str) -> bool:
    """Whether words are no label because they are worded as a sentence, as some criteria are.

    Examples
    --------
    >>> is_clause("Resources are systematically managed"), is_clause("Leadership")
    (True, False)
    """
    words = [word.casefold() for word in _WORD.findall(label)]
    return (
        2 < len(words) <= 2 * _MOST_WORDS
        and len(label) <= 2 * _LONGEST_LABEL
        and not is_label(label)
        and words[-1] not in _DANGLING | _NO_LABEL
        and not re.search(r"[.!?;]\s|[.!?;]$", label)
    )


def is_open(label: str) -> bool:
    """Whether a label ends where its words go on, as where a narrow column wraps it.

    Examples
    --------
    >>> is_open("Handling sensitive cases and"), is_open("Case preparation (Crown")
    (True, True)
    >>> is_open("Leadership")
    False
    """
    words = _WORD.findall(label)
    dangling = label[-1:].isalpha() and bool(words) and words[-1].casefold() in _DANGLING
    unclosed = label.count("(") > label.count(")")
    return (dangling or unclosed) and is_label(f"{label} x)" if unclosed else f"{label} x")


def _key(label: str) -> frozenset[str]:
    return frozenset(word.rstrip("s") for word in _keywords(label))


def _keywords(label: str) -> list[str]:
    words = (word.casefold().replace("’", "'") for word in _WORD.findall(label.replace("’", "'")))
    return [word.removesuffix("'s").strip("'") for word in words if word not in _COMMON]


_COMMON = frozenset("the of and to in for with at by on a an our its their or from".split())


@lru_cache(maxsize=1)
def known_labels() -> dict[frozenset[str], set[str]]:
    """The labels of all rated things in the data, by their words, with their levels."""
    frame = load("aspects")
    frame = frame[frame["level"].isin(["aspect", "section", "criterion"])]
    found: dict[frozenset[str], set[str]] = {}
    for column in ("label", "label_as_printed"):
        for label, level in zip(frame[column], frame["level"], strict=True):
            if isinstance(label, str):
                found.setdefault(_key(label), set()).add(level)
    return found


@lru_cache(maxsize=4096)
def known_as(label: str) -> frozenset[str]:
    """The levels at which the frameworks have exactly this label; none where it is not known.

    Examples
    --------
    >>> sorted(known_as("the Leadership")), sorted(known_as("Leadership of bees"))
    (['aspect'], [])
    >>> sorted(known_as("Casework Quality"))
    ['section']
    """
    found = known_labels().get(_key(label), set())
    return frozenset(found | {"section"}) if section_of(label) else frozenset(found)


def same_thing(label: str, other: str) -> bool:
    """Whether one label has all the words that tell of the other.

    Examples
    --------
    >>> same_thing("leadership", "Effectiveness of leadership")
    True
    """
    first, second = _key(label), _key(other)
    return bool(first and second) and (first <= second or second <= first)


@lru_cache(maxsize=1)
def label_pattern() -> re.Pattern[str]:
    """Any label of a rated thing that the frameworks have, as it stands in a sentence."""
    frame = load("aspects")
    frame = frame[frame["level"].isin(["aspect", "section", "criterion"])]
    labels = {str(label) for column in ("label", "label_as_printed") for label in frame[column]}
    labels = {re.sub(r"^the ", "", label.replace("’", "'"), flags=re.I) for label in labels}
    either = "|".join(map(re.escape, sorted(labels, key=len, reverse=True)))
    return re.compile(rf"(?<![\w-])(?:{either})(?![\w-])", re.IGNORECASE)


@lru_cache(maxsize=1)
def _known_words() -> frozenset[str]:
    weak = frozenset("manage managing effective quality case key work data service crown".split())
    return frozenset().union(*known_labels()) - weak


@lru_cache(maxsize=4096)
def resembles(label: str) -> bool:
    """Whether a label has words of a label that is known from the frameworks.

    Examples
    --------
    >>> resembles("Leadership and management"), resembles("Chips and beans")
    (True, False)
    """
    key = _key(label)
    return key in known_labels() or (bool(key & _known_words()) and len(key) > 0)


def section_of(label: str) -> str | None:
    """Which of the four sections of Area Assurance a label names.

    Examples
    --------
    >>> section_of("the Success of CPS People"), section_of("Casework Quality")
    ('success_of_cps_people', 'high_quality_casework')
    >>> section_of("Case preparation (Crown Court)")
    """
    words = {word.casefold() for word in _WORD.findall(label.replace("’", "'"))}
    words -= _SECTION_FILLERS - {"quality"}
    for section, needed in SECTIONS.items():
        if words == needed:
            return section
    return None


def is_area(label: str) -> bool:
    """Whether a label is the name of an Area.

    Examples
    --------
    >>> is_area("CPS Avon & Somerset"), is_area("Leadership")
    (True, False)
    """
    return _plain_area(label) in _areas()


def _plain_area(name: str) -> str:
    words = re.findall(r"[^\W_]+", name.casefold().replace("&", " and "))
    return " ".join(word for word in words if word not in {"cps", "and", "area", "the"})


@lru_cache(maxsize=1)
def _areas() -> frozenset[str]:
    from hmcpsi_data.documents.front import area_names

    return frozenset(_plain_area(name) for name in area_names())
