"""Words for people: what the codes of the tables are called, and numbers and dates as text."""

import calendar
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

HOW_TO_CITE = (
    "To cite: The hmcpsi_data contributors, *hmcpsi_data: inspections of the Crown Prosecution "
    "Service as tidy data*, with the data version. Name the source of the row as well."
)


def _spelt(*codes: str) -> dict[str, str]:
    """Codes that are called as they are written."""
    return {code: code.replace("_", " ") for code in codes}


# Who speaks, and whose publication a source is.
SPEAKERS = {
    "inspectorate": "inspectorate",
    "inspected_body": "CPS",
    "parliament": "Parliament",
    "press_and_other": "press and others",
    "project": "this project",
}
TIERS = SPEAKERS | {"inspectorate": "the inspectorate", "inspected_body": "the CPS"}
del TIERS["project"]
# How a source carries a fact.
BASES = _spelt("stated", "stated_in_prose", "second_hand", "derived", "inferred", "contradicted")
# The kinds of request, and of statement in the long table of facts.
KINDS = _spelt("recommendation", "aspect_for_improvement") | {"issue": "issue to address"}
FACTS = _spelt("rating", "progress") | KINDS | {"response": "answer"}
FACTS |= _spelt("commitment", "finding") | {"comparison": "comparison by the inspectorate"}
FACTS |= {"direction": "direction of travel", "measure": "number", "method": "how it was done"}
FACTS |= {"inspection": "inspection", "lineage": "change of borders"}
LEVELS = {"overall": "overall assessment"} | _spelt(
    "section", "criterion", "aspect", "subject", "pilot_score"
)
PLURALS = {level: f"{word}s" for level, word in LEVELS.items()} | {"criterion": "criteria"}
SEVERAL = {kind: f"{word}s" for kind, word in KINDS.items()} | {
    "aspect_for_improvement": "aspects for improvement",
    "issue": "issues to address",
}
RELATIONS = {
    "equal": "equal",
    "source_within_target": "old lies within new",
    "source_contains_target": "old contains new",
    "overlaps": "overlap",
    "undetermined": "undetermined",
}
# What a finding in words can be, and how far a promise is, as the inspected body states it.
POLARITIES = ("strength", "weakness", "mixed", "context")
STATES = _spelt("done", "under_way", "promised", "mixed")
# Why there is no rating; none of these means Poor.
MISSING = _spelt("not_in_framework", "not_rated", "not_found", "not_applicable")

_BOUNDS = {one: f"{one.replace('_', ' ')} " for one in ("more_than", "less_than", "about")}
_APOSTROPHES = re.compile("['\u2018\u2019\u02bc`\u00b4]")
_WORD = re.compile(r"[^\W_]+")
_DATE = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d\d))?)?")


def count_of(n: int, one: str, several: str = "") -> str:
    """A number of things, in words that fit the number."""
    return f"{n:,} {one if n == 1 else several or f'{one}s'}"


def listed(words: Sequence[str]) -> str:
    """Words in a row, with "and" before the last."""
    *first, last = words or [""]
    return f"{', '.join(first)} and {last}" if first else last


def date_in_words(date: object, precision: str | None = None) -> str:
    """A date, or two with " to " between, as people write it, no more precise than it is known."""
    told = []
    for one in date.split(" to ") if isinstance(date, str) else []:
        match = _DATE.fullmatch(one.strip())
        year, month, day = match.groups("") if match else (one, "", "")
        named = f"{calendar.month_name[int(month)]} {year}" if month else year
        is_finer = day and precision not in ("month", "year")
        told.append(f"{int(day)} {named}" if is_finer else year if precision == "year" else named)
    return " to ".join(dict.fromkeys(told))


def number_in_words(row: Mapping[Any, Any]) -> str:
    """The value of a row of `measures`, with its bound and its unit, or the words in its place."""
    printed, value, unit = str(row["value_as_printed"]), row["value"], str(row["unit"])
    qualifier = str(row["qualifier"])
    bound = _BOUNDS.get(qualifier, "")
    if unit.startswith("GBP") and pd.notna(value):
        return f"{bound}£{value:,.10g}{unit.removeprefix('GBP')}"
    bare = pd.isna(value) or printed[:1].isdigit() or qualifier == "change"
    digits = printed if bare else f"{value:g}"
    unit = unit.removeprefix("%") if digits.endswith("%") else unit
    gap = " " if unit and not unit.startswith("%") else ""
    return f"{bound}{digits}{gap}{unit}".rstrip()


def plain(text: object) -> str:
    """Text as it is compared and searched: small letters, no marks, nothing invisible."""
    words = str(text)
    if not words.isascii():
        words = unicodedata.normalize("NFKC", words)
        words = "".join(one for one in words if unicodedata.category(one) != "Cf")
    return " ".join(_WORD.findall(_APOSTROPHES.sub("", words.casefold())))
