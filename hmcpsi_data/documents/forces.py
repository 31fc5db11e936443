"""The police forces that the Area serves."""

from __future__ import annotations

import re
from functools import lru_cache

from hmcpsi_data.documents.findings import Findings
from hmcpsi_data.documents.limits import MAX_SENTENCE
from hmcpsi_data.tables import load

__all__ = ["read_forces"]

_SERVES = re.compile(
    r"\b(?:serv(?:es|ed|ing)|cover(?:s|ed|ing)|aligned|alignment|compris(?:es|ing)|consists?"
    r"|coterminous|police force areas?)\b",
    re.IGNORECASE,
)
_FORCES = re.compile(r"\b(?:police|constabular(?:y|ies)|forces?)\b", re.IGNORECASE)
_KIND = re.compile(r"(?:,? (?:Police|Constabulary)(?: Service)?)\b")
_MOST = 60  # names in one sentence; there are 43 forces
_BEFORE = re.compile(
    r"\b(?:police|force)(?: force)?(?: areas?| forces?)?(?: of|:| for)(?: the)? $", re.IGNORECASE
)
_LIST = re.compile(r"(?:,|,? and|,? &) (?=[A-Z])")
_END = re.compile(r"(?:,)? (?:police|constabular(?:y|ies)|(?:police )?forces?)\b", re.IGNORECASE)


@lru_cache(maxsize=1)
def _names() -> tuple[re.Pattern[str], dict[str, str]]:
    names = {name.casefold(): name for name in load("forces")["force"]}
    bare = {name.removesuffix(" police"): own for name, own in names.items()}
    spelled = sorted({**bare, **names}, key=len, reverse=True)
    pattern = "|".join(
        re.escape(name).replace(r"\ and\ ", r"\ (?:and|&)\ ").replace(r"\-", r"[- ]")
        for name in spelled
    )
    return re.compile(rf"\b(?:the )?(?P<name>{pattern})\b", re.IGNORECASE), {**bare, **names}


def read_forces(findings: Findings) -> None:
    """Add each force that a sentence on the Area's own ground names."""
    pattern, names = _names()
    seen: set[str] = set()
    for sentence in findings.text.sentences:
        words = sentence.plain
        spoken = _SERVES.search(words) and _FORCES.search(words)
        if len(words) > MAX_SENTENCE or not spoken:
            continue
        matches = [m for m in pattern.finditer(words) if m["name"][0].isupper()]
        for at, match in enumerate(matches[:_MOST]):
            end = match.end("name")
            kind = _KIND.match(words, end)
            if not (
                kind or _listed(words, matches[at:_MOST]) or _announced(words, matches[: at + 1])
            ):
                continue
            key = (
                match["name"]
                .casefold()
                .replace(" & ", " and ")
                .replace("dyfed powys", "dyfed-powys")
            )
            force = names.get(key)
            if force is None or force in seen:
                continue
            seen.add(force)
            shown = sentence.printed[match.start("name") : kind.end() if kind else end]
            lines = sentence.lines_of(match.start("name"), end)
            findings.add("forces", lines, force=force, force_as_printed=shown)


def _listed(words: str, matches: list[re.Match[str]]) -> bool:
    """Whether a name stands in a list that ends with "police forces" or the like."""
    for here, following in zip(matches, [*matches[1:], None], strict=True):
        end = here.end("name")
        if _END.match(words, end) or _KIND.match(words, end):
            return True
        gap = _LIST.match(words, end)
        if gap is None or following is None or following.start() != gap.end():
            return False
    return False


def _announced(words: str, matches: list[re.Match[str]]) -> bool:
    """Whether a name stands in a list that begins with "the police areas of" or the like."""
    for here, before in zip(reversed(matches), [*reversed(matches[:-1]), None], strict=True):
        if _BEFORE.search(words, 0, here.start()):
            return True
        gap = None if before is None else _LIST.match(words, before.end("name"))
        if gap is None or gap.end() != here.start():
            return False
    return False
