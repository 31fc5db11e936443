"""The invented texts of `texts.txt` with what is in them, and how a reading of them is scored."""

from __future__ import annotations

import re
from collections import namedtuple
from pathlib import Path

from hmcpsi_data.documents import Document
from hmcpsi_data.tables.locators import lines_of

TEXTS = Path(__file__).parent / "documents" / "texts.txt"


# One text: what it is, what it claims, and what must stay doubtful.
Gold = namedtuple("Gold", "name when text front claims doubts")
# Claims of one text that are invented, missed, and missed without a word.
Score = namedtuple("Score", "certain wanted invented missed silent")


def texts() -> list[Gold]:
    """All texts, in their order."""
    found = []
    for block in TEXTS.read_text(encoding="utf-8").split("\n@@ ")[1:]:
        lines = block.rstrip("\n").split("\n")
        marked: dict[str, list[str]] = {"==": [], "++": [], "??": [], "": []}
        for line in lines[1:]:
            mark = line[:2] if line[:3] in {"== ", "++ ", "?? "} else ""
            marked[mark].append(line[3:] if mark else line)
        front = tuple(None if one == "None" else one for one in marked["=="][0].split(" | "))
        claims, doubts = ([_key(one) for one in marked[mark]] for mark in ("++", "??"))
        text = "\n".join(marked[""]).strip("\n")
        found.append(Gold(*lines[0].split(), text, front, claims, doubts))
    return found


def _key(line: str) -> tuple[str, ...]:
    """A line of the gold list in the form of `claimed`."""
    table, _, rest = line.partition(" ")
    first, *more = (part.strip() for part in rest.split(" | "))
    return (table, plain(first) if table == "rating" else first, *more)


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
    wanted = [*gold.claims, *gold.doubts]
    told = {line for _, row in claims for line in lines_of(row.locator)}
    missed = [key for key in wanted if key not in found]
    placed = re.compile(r"(?:p\d+ )?L\d")
    silent = [
        key for key in missed if not placed.match(key[-1]) or not told & set(lines_of(key[-1]))
    ]
    return Score(len(certain), len(wanted), [*certain - set(gold.claims)], missed, silent)
