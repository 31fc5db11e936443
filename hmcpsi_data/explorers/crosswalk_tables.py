"""A crosswalk while it is edited, as tables and words for the screen."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape

import pandas as pd

from hmcpsi_data.crosswalk import Crosswalk
from hmcpsi_data.crosswalk_cells import Row
from hmcpsi_data.crosswalk_editor import CrosswalkEditor
from hmcpsi_data.crosswalk_table import MAPPED, SOURCE, TARGET, UNDETERMINED
from hmcpsi_data.explorers.comparison_tables import relations
from hmcpsi_data.set_pairs import SetPair
from hmcpsi_data.sssom import NO_TERM, cardinality
from hmcpsi_data.tiles import Place, TileTable, tile_table
from hmcpsi_data.wording import counted

__all__ = [
    "EDITED",
    "in_words",
    "problems_table",
    "row_label",
    "rows_table",
    "rule_in_words",
]

EDITED = "edited by you, not shipped"

_ROW, _MARK, _WHY, _WHERE = "Row", "Edited", "Justification", "Where from"
_ROWS = {
    "row": _ROW,
    "mark": _MARK,
    "old": "Old aspect",
    "new": "New aspect",
    "relation": "Relation (n:n)",
    "bounds": "Part of the old",
    "confidence": "How sure",
    "justification": _WHY,
    "where": _WHERE,
}
_CODE = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")
_CONTROLS = {"share_low": "At least", "share_high": "At most"}
# room for a sentence beside many narrow columns
_ROOM = '<div class="hx-room">{}</div>'


@dataclass(frozen=True, repr=False)
class _Rows(TileTable):
    """Rows of a crosswalk, each with a button that picks it; `names` says what each is."""

    names: dict[str, str] = field(default_factory=dict)
    picked: str = ""

    def _text(self, column: str, text: str) -> str:
        if column != _ROW:
            shown = super()._text(column, text)
            return _ROOM.format(shown) if column == _WHY else shown
        change = escape(json.dumps({"link": text}))
        label = escape(f"Pick row {text}: {self.names.get(text, '')}")
        pressed = "true" if text == self.picked else "false"
        return (
            f'<button type="button" data-set="{change}" aria-pressed="{pressed}" '
            f'aria-label="{label}" title="{label}">{escape(text)}</button>'
        )


def row_label(row: Row, pair: SetPair) -> str:
    """A row in words: from where to where."""
    if row[SOURCE] and row[TARGET]:
        return f"{pair.name(row[SOURCE])} to {pair.name(row[TARGET])}"
    name, status = pair.name(row[SOURCE] or row[TARGET]), str(row["status"]).replace("_", " ")
    return f"{name}{'' if row[SOURCE] else ' (new)'}: {status}"


def rows_table(
    editor: CrosswalkEditor,
    numbers: list[int],
    pair: SetPair,
    picked: str,
    where: Mapping[str, str],
    places: Mapping[str, Place],
) -> TileTable:
    """The rows with these numbers; `where` says where an aspect is printed."""
    rows = editor.rows
    ends = tuple((row[SOURCE] or NO_TERM, row[TARGET] or NO_TERM) for row in rows.values())
    cardinalities = dict(zip(rows, _cardinalities(ends), strict=True))
    edited = editor.edited
    shown = [
        row
        | {
            "row": str(number),
            "old": pair.name(row[SOURCE]),
            "new": pair.name(row[TARGET]),
            "relation": f"{_relation(row)} ({cardinalities[number]})",
            "bounds": _bounds(row),
            "justification": _why(row),
            "mark": EDITED if number in edited else "",
            "where": _printed(row, where),
        }
        for number, row in rows.items()
        if number in set(numbers)
    ]
    frame = pd.DataFrame(shown, columns=list(_ROWS), dtype=object).rename(columns=_ROWS)
    n_headers = 4 if edited else 3
    if not edited:
        frame = frame.drop(columns=_MARK)
    names = {str(number): row_label(rows[number], pair) for number in numbers}
    links = {_WHERE: places}
    return _Rows("Rows of the crosswalk", "", frame, "", n_headers, (), links, names, picked)


def _why(row: Row) -> str:
    """Why a row is as it is, and the rule that it follows."""
    rule = f"Rule: {_worded(row['curation_rule'])}." if row["curation_rule"] else ""
    return " ".join(filter(None, (row["justification"], rule)))


def _printed(row: Row, where: Mapping[str, str]) -> str:
    """Where the two aspects of a row are printed, on a line each."""
    ends = (("old", row[SOURCE]), ("new", row[TARGET]))
    return "\n".join(f"{side}: {where[key]}" for side, key in ends if key in where)


def _read(text: str, pair: SetPair) -> str:
    """A sentence of the checker in the words of the screen: aspects and columns by their names."""

    def word(found: re.Match[str]) -> str:
        name = pair.name(found[0])
        return _CONTROLS.get(name, name.replace("_", " "))

    return _CODE.sub(word, str(text))


def _worded(code: object) -> str:
    """A code of the data in words."""
    return str(code or "").replace("_", " ")


@lru_cache(maxsize=8)
def _cardinalities(ends: tuple[tuple[str, str], ...]) -> list[str]:
    """The cardinality of each row; the last ones are kept, since most edits leave ends alone."""
    return cardinality(pd.DataFrame(ends, columns=["subject_id", "object_id"])).tolist()


def problems_table(crosswalk: Crosswalk, pair: SetPair) -> TileTable | None:
    """What is wrong with it; nothing where it is valid."""
    if crosswalk.is_valid():
        return None
    found = crosswalk.diagnose()
    ends = found[[SOURCE, TARGET]].astype(object)
    ends = ends.where(ends.notna(), None).itertuples(index=False, name=None)
    where = [" to ".join(pair.name(end) for end in both if end) for both in ends]
    shown = found.assign(
        where=where,
        check=found["check"].map(_worded),
        problem=[_read(text, pair) for text in found["problem"]],
        remedy=[_read(text, pair) for text in found["remedy"]],
    )
    headings = {"check": "Rule", "where": "Where", "problem": "Problem", "remedy": "What to do"}
    return tile_table(shown, "What is wrong with it", headings=headings, row_headers=2)


def in_words(editor: CrosswalkEditor, pair: SetPair, n_problems: int) -> str:
    """What kind of rows there are, whether they are valid, and what is edited."""
    rows = editor.rows.values()
    # A link is what has two ends, in the words of the picture too.
    linked = [bool(row[SOURCE] and row[TARGET]) for row in rows]
    n = Counter(row["relation"] for row, is_link in zip(rows, linked, strict=True) if is_link)
    links = ", ".join(f"{relations(key or '') or 'none'} {n[key]}" for key in n)
    ends = zip(rows, linked, strict=True)
    others = Counter(row["status"] for row, is_link in ends if not is_link)
    rest = "".join(f"; {str(key).replace('_', ' ')} {others[key]}" for key in others)
    said = [f"{counted(n.total(), 'link')}{f': {links}' if links else ''}{rest}."]
    if n_problems:
        said.append("Coverage and translation wait until it is valid.")
    if pair.own:
        said.append("This crosswalk is yours, not shipped.")
    n_edited, n_dropped = len(editor.edited), editor.n_dropped
    if n_edited or n_dropped:
        said.append(f"Rows {EDITED}: {n_edited}; shipped pairs dropped by you: {n_dropped}.")
    else:
        said.append("No row is edited.")
    return " ".join(said)


def rule_in_words(row: Row, label: str, rules: Mapping[str, str]) -> str:
    """What the picked row is, and the rule that it follows."""
    rule = row["curation_rule"]
    told = _worded(rule) or "none"
    said = f"Rule {told}: {rules[rule]}" if rule in rules else f"Rule: {told}."
    return f"Picked: {label}. {said}"


def _relation(row: Row) -> str:
    """The relation of a link, and what a row without one says instead."""
    status = str(row["status"] or "no status").replace("_", " ")
    told = relations(row["relation"] or "") or (row["relation"] or "no relation")
    return told if row["status"] in (MAPPED, UNDETERMINED) else status


def _bounds(row: Row) -> str:
    """Bounds of a share in words."""
    low, high = row["share_low"], row["share_high"]
    if low is None and high is None:
        return "" if row["status"] == "no_counterpart" else "not known"
    low, high = ("not known" if end is None else f"{end:g}" for end in (low, high))
    return low if low == high else f"{low} to {high}".replace(" ", "\u00a0")
