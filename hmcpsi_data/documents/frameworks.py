"""Under which framework a document inspects, and a doubt where that is not clear."""

from __future__ import annotations

import re

from hmcpsi_data.documents.text import Text

__all__ = ["UNCLEAR", "framework_of"]

UNCLEAR = "the framework is not clear"

_LONGEST = 300  # characters of a line
_LONGEST_TITLE = 160
_ASSURANCE = re.compile(r"\barea assurance\b|\bAAP\b", re.IGNORECASE)
_PROGRAMME = re.compile(
    r"\barea inspection programme\b|\bAIP\b|\bbaseline (?:report|inspection)\b", re.IGNORECASE
)
_NAMED_PROGRAMME = re.compile(r"\barea inspection programme\b", re.IGNORECASE)
_BASELINE = re.compile(r"\bbaseline\b", re.IGNORECASE)
_FOLLOW_UP = re.compile(r"\bfollow(?:ing)?[- ]?up\b", re.IGNORECASE)
_EFFECTIVENESS = re.compile(r"\barea effectiveness inspection\b", re.IGNORECASE)
_PILOT = re.compile(r"\bpilot(?:ed|s)?\b", re.IGNORECASE)
_AFTER_PILOT = re.compile(
    r"\b(?:follow(?:s|ed|ing)?|after|since|earlier|previous|based on|lessons|learn\w*|informed)\b",
    re.IGNORECASE,
)
_IS_PILOT = re.compile(
    r"\b(?:inspection|report|assessment|exercise)\b[^.]{0,60}\bpilot"
    r"|\barea (?:was|is) (?:\w+ ){0,3}pilots?\b(?! (?:of|for|project|scheme))"
    r"|\bpilot (?:area|inspection|report|assessment|site)\b|\bas (?:a |part of (?:a |the )?)pilot",
    re.IGNORECASE,
)
_THIRTEEN = re.compile(
    r"\b(?:thirteen|13) (?:\w+ )?aspects\b|\bdirection of travel\b", re.IGNORECASE
)
_FOURTEEN = re.compile(r"\b(?:fourteen|14) (?:\w+ )?aspects\b", re.IGNORECASE)

_Found = tuple[str | None, tuple[int, str] | None]


def framework_of(text: Text, title: list[int], kind: str, published: str | None) -> _Found:
    """The framework of a document, and the line that leaves it in doubt, with the reason."""
    year = int(published[:4]) if published else None
    first = title[0] if title else 0
    found, doubt = _framework(text, title, kind, year)
    if found is None and doubt is None and kind != "unknown":
        told = "nothing tells under which one the Area was inspected"
        doubt = first, f"{UNCLEAR}: {told}; name it with framework="
    return found, doubt


def _framework(text: Text, title: list[int], kind: str, year: int | None) -> _Found:
    if kind == "follow_up":
        return _of_follow_up(text, title, year), None
    if kind == "opa":
        return _of_opa(text, year), None
    if kind == "unknown":
        heads = [text.words[line][:_LONGEST_TITLE] for line in title]
        if any(_NAMED_PROGRAMME.search(words) for words in heads if not words.endswith(".")):
            return _of_programme(text, title)
        whole = any(_EFFECTIVENESS.search(text.words[line][:_LONGEST]) for line in title)
        return ("aei_2008" if whole and (year is None or 2008 <= year <= 2011) else None), None
    whole = [text.words[line][:_LONGEST] for line in title]
    for words in (whole, text.words):
        if any(map(_ASSURANCE.search, words)):
            return _of_assurance(text, title)
        if any(map(_PROGRAMME.search, words)):
            return _of_programme(text, title)
    return None, None


def _of_follow_up(text: Text, title: list[int], year: int | None) -> str | None:
    """The follow-ups of 2009 to 2012 rate progress, those of the programme of 2021 do not."""
    if any(_PROGRAMME.search(text.words[line][:_LONGEST]) for line in title):
        return "aip_2021_follow_up"
    return "follow_up_2010" if year is None or 2009 <= year <= 2012 else None


def _of_opa(text: Text, year: int | None) -> str | None:
    if year is not None:
        return "opa_2005" if year <= 2006 else "opa_2007" if year <= 2008 else None
    thirteen, fourteen = (any(map(p.search, text.words)) for p in (_THIRTEEN, _FOURTEEN))
    if thirteen == fourteen:
        return None
    return "opa_2007" if thirteen else "opa_2005"


def _of_assurance(text: Text, title: list[int]) -> _Found:
    """The programme, or its pilot, which had criteria and scores of its own."""
    named = [line for line in text.filled() if _PILOT.search(text.words[line])]
    for line in named:
        words = text.words[line]
        in_title = line in title and len(words) < _LONGEST_TITLE and not words.endswith(".")
        if (in_title or _IS_PILOT.search(words)) and not _AFTER_PILOT.search(words):
            return "aap_pilot_2016", None
    for line in named:
        if re.search(r"\b(?:programme|framework|inspection|assurance)", text.words[line], re.I):
            told = "a pilot is named; read as the final Area Assurance, not as its pilot"
            return "aap_2016", (line, f"{told}; else say framework='aap_pilot_2016'")
    return "aap_2016", None


def _of_programme(text: Text, title: list[int]) -> _Found:
    """The baseline of 2021-22 or the follow-up to it, as the title says."""
    heads = [line for line in title if len(text.words[line]) < _LONGEST_TITLE]
    heads = [line for line in heads if not text.words[line].endswith(".")]
    if any(_FOLLOW_UP.search(text.words[line]) for line in heads):
        return "aip_2021_follow_up", None
    if any(_BASELINE.search(text.words[line]) for line in heads):
        return "aip_2021", None
    for line in title:
        if _FOLLOW_UP.search(text.words[line][:_LONGEST]):
            told = "a follow-up is named; read as the baseline of 2021-22, not as a follow-up"
            return "aip_2021", (line, f"{told}; else say framework='aip_2021_follow_up'")
    return "aip_2021", None
