"""The police forces that the Area serves."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
_AHEAD = 40  # characters
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
        matches = [match for match in pattern.finditer(words) if match["name"][0].isupper()]
        for run in _runs(words, matches):
            if not _is_served(words, run):
                continue
            for match in run:
                end = match.end("name")
                key = match["name"].casefold().replace(" & ", " and ")
                force = names.get(key.replace("dyfed powys", "dyfed-powys"))
                if force is None or force in seen:
                    continue
                seen.add(force)
                kind = _KIND.match(words, end)
                shown = sentence.printed[match.start("name") : kind.end() if kind else end]
                lines = sentence.lines_of(match.start("name"), end)
                findings.add("forces", lines, force=force, force_as_printed=shown)


def _runs(words: str, matches: list[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    """Names that make a list together."""
    run: list[re.Match[str]] = []
    for match in matches:
        gap = _LIST.match(words, run[-1].end("name")) if run else None
        if run and (gap is None or gap.end() != match.start()):
            yield run
            run = []
        run.append(match)
    if run:
        yield run


def _is_served(words: str, run: list[re.Match[str]]) -> bool:
    """Whether a list begins with "the police areas of" or ends with "police forces" or the like."""
    start, end = run[0].start(), run[-1].end("name")
    ahead = _BEFORE.search(words[max(0, start - _AHEAD) : start])
    return bool(ahead or _END.match(words, end) or _KIND.match(words, end))
