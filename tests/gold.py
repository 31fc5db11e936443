"""The invented texts of `texts.txt` with what is in them, and how a reading of them is scored."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from hmcpsi_data.documents import Document
from hmcpsi_data.tables.locators import lines_of

TEXTS = Path(__file__).parent / "documents" / "texts.txt"


@dataclass
class Gold:
    """One text: what it is, what it claims, and what must stay doubtful."""

    name: str
    when: str
    text: str
    front: tuple[str | None, ...]
    claims: list[tuple[str, ...]] = field(default_factory=list)
    doubts: list[tuple[str, ...]] = field(default_factory=list)


@dataclass
class Score:
    """Claims of one text that are invented, missed, and missed without a word."""

    certain: int = 0
    wanted: int = 0
    invented: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)


def texts() -> list[Gold]:
    """All texts, in their order."""
    found = []
    for block in TEXTS.read_text(encoding="utf-8").split("\n@@ ")[1:]:
        lines = block.rstrip("\n").split("\n")
        name, when = lines[0].split()
        body = [line for line in lines[1:] if line[:3] not in {"== ", "++ ", "?? "}]
        told = {
            mark: [_parts(x[3:]) for x in lines[1:] if x[:3] == mark] for mark in ("++ ", "?? ")
        }
        front = next(line for line in lines if line.startswith("== "))[3:].split(" | ")
        answers = tuple(None if one.strip() == "None" else one.strip() for one in front)
        text = "\n".join(body).strip("\n")
        found.append(Gold(name, when, text, answers, told["++ "], told["?? "]))
    return found


def _parts(line: str) -> tuple[str, ...]:
    table, _, rest = line.partition(" ")
    return (table, *(part.strip() for part in rest.split(" | ")))


def claimed(row) -> tuple[str, ...]:
    """A claim of a document in the form of the gold list."""
    cells = row.row
    if row.table == "ratings":
        label = "overall" if cells["level"] == "overall" else str(cells["label"])
        return "rating", plain(label), str(cells["rating"]), row.locator
    if row.table == "actions":
        what = f"{cells['kind']} {cells['number']}"
        told = cells.get("progress")
        return ("progress", what, told, row.locator) if told else ("action", what, row.locator)
    if row.table == "responses":
        return "response", str(cells["number"]), row.locator
    if row.table == "measures":
        return "measure", f"{cells['value'] or 0:.15g} {cells['unit']}"
    return ("force", str(cells.get("force"))) if row.table == "forces" else (row.table,)


def plain(label: str) -> str:
    """A label without its article and without case."""
    return re.sub(r"^the ", "", label.casefold())


def score(gold: Gold, document: Document) -> Score:
    """How a reading of a text compares with what is in it."""
    made = Score()
    claims = [(claimed(row), row) for row in document.claims.itertuples()]
    certain = {key for key, row in claims if row.certain}
    wanted = [_key(one) for one in (*gold.claims, *gold.doubts)]
    allowed = {_key(one) for one in gold.claims}
    made.certain, made.wanted = len(certain), len(wanted)
    made.invented = [" | ".join(map(str, key)) for key in certain if key not in allowed]
    told = {line for _, row in claims for line in lines_of(row.locator)}
    for key in wanted:
        if key in {found for found, _ in claims}:
            continue
        made.missed.append(" | ".join(key))
        place = key[-1] if re.match(r"(?:p\d+ )?L\d", key[-1]) else None
        if place is None or not told & set(lines_of(place)):
            made.silent.append(" | ".join(key))
    return made


def _key(parts: tuple[str, ...]) -> tuple[str, ...]:
    return (parts[0], plain(parts[1]), *parts[2:]) if parts[0] == "rating" else parts
