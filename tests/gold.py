"""The invented texts of `texts.txt` with what is in them, and how a reading of them is scored."""

from __future__ import annotations

import re
from dataclasses import dataclass
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
    claims: list[tuple[str, ...]]
    doubts: list[tuple[str, ...]]


@dataclass
class Score:
    """Claims of one text that are invented, missed, and missed without a word."""

    certain: int
    wanted: int
    invented: list[str]
    missed: list[str]
    silent: list[str]


def texts() -> list[Gold]:
    """All texts, in their order."""
    found = []
    for block in TEXTS.read_text(encoding="utf-8").split("\n@@ ")[1:]:
        lines = block.rstrip("\n").split("\n")
        marked = {
            mark: [x[3:] for x in lines if x[:3] == f"{mark} "] for mark in ("==", "++", "??")
        }
        text = "\n".join(line for line in lines[1:] if line[:3] not in {"== ", "++ ", "?? "})
        front = tuple(None if one == "None" else one for one in marked["=="][0].split(" | "))
        claims, doubts = (list(map(_parts, marked[mark])) for mark in ("++", "??"))
        found.append(Gold(*lines[0].split(), text.strip("\n"), front, claims, doubts))
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
    claims = [(claimed(row), row) for row in document.claims.itertuples()]
    found, certain = {key for key, _ in claims}, {key for key, row in claims if row.certain}
    wanted = [_key(one) for one in (*gold.claims, *gold.doubts)]
    invented = [" | ".join(map(str, key)) for key in certain - set(map(_key, gold.claims))]
    told = {line for _, row in claims for line in lines_of(row.locator)}
    missed = [key for key in wanted if key not in found]
    silent = [
        key for key in missed
        if not re.match(r"(?:p\d+ )?L\d", key[-1]) or not told & set(lines_of(key[-1]))
    ]  # fmt: skip
    lost, unsaid = ([" | ".join(key) for key in keys] for keys in (missed, silent))
    return Score(len(certain), len(wanted), invented, lost, unsaid)


def _key(parts: tuple[str, ...]) -> tuple[str, ...]:
    return (parts[0], plain(parts[1]), *parts[2:]) if parts[0] == "rating" else parts
