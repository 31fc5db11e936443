"""The controls of the crosswalk explorer: what can be picked, changed and added, and when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from hmcpsi_data.crosswalk_editor import CrosswalkEditor
from hmcpsi_data.crosswalk_table import REMAINDER, SOURCE, TARGET
from hmcpsi_data.description import table
from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.explorers.control import Control, choice, file, grouped, hidden
from hmcpsi_data.explorers.crosswalk_tables import row_label
from hmcpsi_data.pictures.links import RELATIONS
from hmcpsi_data.set_pairs import SetPair

__all__ = ["FIELDS", "NEW", "PICKED", "OnScreen", "depending", "files", "new_row", "rows_of"]

FIELDS = {
    "relation": "relation",
    "low": "share_low",
    "high": "share_high",
    "confidence": "confidence",
    "why": "justification",
}
"""Controls that change the picked row, and the columns that they change."""

PICKED, NEW = "The picked row", "A new row for the aspect"
_FILE = "Your own crosswalk"
_SIDES = {"old": SOURCE, "new": TARGET}
_ABSENCES = {
    REMAINDER: "a part of it has no home (remainder)",
    "no_counterpart": "the whole has no counterpart",
}
_NONE = ("", "none")


class _Field(Control):
    """A cell of the picked row: the editor knows what it may hold, and a file may hold more."""

    def checked(self, value: Any) -> str:
        """Any text; what the editor does not take it refuses."""
        return "" if value is None else str(value)


def depending(
    pairs: Mapping[str, SetPair],
    key: str,
    editor: CrosswalkEditor,
    areas: Mapping[str, str],
    state: dict[str, Any],
) -> list[Control]:
    """The controls but for the file; what they offer follows pair, aspect and rows."""
    pair = pairs[key]
    every = [(one, of.label) for one, of in pairs.items()]
    aspects = [
        (f"{side} {one}", f"{side}: {label}")
        for side, labels in zip(_SIDES, pair.labels, strict=True)
        for one, label in labels.items()
    ]
    aspect = state.get("aspect", "")
    aspect = aspect if aspect in dict(aspects) else ""
    rows = [(str(n), f"{n}: {row_label(editor.row(n), pair)}") for n in rows_of(editor, aspect)]
    ends, read = _ends(editor, pair, aspect), "What the crosswalk makes of the old ratings"
    return [
        choice("pair", "Sets", "The old set of aspects, and the new one", every, None),
        choice("aspect", "Aspect", "One aspect of either set", aspects, "All aspects"),
        choice("link", "Picked row", "The row that can be changed", rows or [_NONE], None),
        choice("area", "Translate ratings of", read, areas.items(), "no Area"),
        *_fields(editor),
        *grouped(NEW, choice("to", "Where to", "Pick an aspect above first", ends, None)),
    ]


def _fields(editor: CrosswalkEditor) -> list[Control]:
    """The controls of the picked row; words that rows have are there, listed or not."""

    def words(column: str, known: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        strange = {row[column] for row in editor.rows.values()} - {None, *known}
        return _NONE, *known.items(), *((one, f"{one} (not known)") for one in sorted(strange))

    relations = words("relation", {key: told for key, (told, _) in RELATIONS.items()})
    sure = words("confidence", {one: one for one in table("crosswalk").field("confidence").enum})
    box = (("min", "0"), ("max", "1"), ("step", "0.05"))
    part = "part of the old aspect, from 0 to 1; empty means not known"
    fields = [
        ("relation", "Relation", "choice", "What the old aspect is to the new one", relations),
        ("low", "At least", "number", f"The least {part}", box),
        ("high", "At most", "number", f"The greatest {part}", box),
        ("confidence", "Confidence", "choice", "How sure the row is", sure),
        ("why", "Justification", "text", "Why, in one sentence about this very row", ()),
    ]
    return grouped(PICKED, *(_Field(*field) for field in fields))


def files() -> list[Control]:
    """The control that opens a file, and the token of `OnScreen`."""
    tip, endings = "A CSV or SSSOM file of at most 2 MB", (".csv", ".tsv", ".sssom")
    return [*grouped(_FILE, file("file", "Open a crosswalk", tip, endings)), hidden("shown")]


def rows_of(editor: CrosswalkEditor, aspect: str) -> list[int]:
    """The numbers of the rows of an aspect, such as "old opa_2005_leadership"; all without one."""
    if not aspect:
        return editor.numbers
    side, _, aspect_id = aspect.partition(" ")
    return [n for n, row in editor.rows.items() if row[_SIDES[side]] == aspect_id]


def new_row(aspect: str, to: str) -> dict[str, str | None]:
    """The arguments of `CrosswalkEditor.add` for an aspect and what was chosen for it."""
    side, _, aspect_id = aspect.partition(" ")
    if not (aspect_id and to):
        raise HmcpsiError("Pick an aspect, and then what to add for it.")
    ends = {"source": None, "target": None, ("source" if side == "old" else "target"): aspect_id}
    if to in _ABSENCES:
        return ends | {"status": to}
    return ends | {("target" if side == "old" else "source"): to}


def _ends(editor: CrosswalkEditor, pair: SetPair, aspect: str) -> list[tuple[str, str]]:
    """What can be added for an aspect: links to what it is not linked to, and absences."""
    if not aspect:
        return [("", "pick an aspect first")]
    side = aspect.partition(" ")[0]
    rows = [editor.row(n) for n in rows_of(editor, aspect)]
    other, labels = (TARGET, pair.labels[1]) if side == "old" else (SOURCE, pair.labels[0])
    linked = {row[other] for row in rows}
    said = {row["status"] for row in rows}
    absences = [(key, words) for key, words in _ABSENCES.items() if key not in said]
    free = [(one, label) for one, label in labels.items() if one not in linked]
    return [("", "choose"), *free, *(absences if side == "old" else absences[-1:])]


class _Shown(NamedTuple):
    """A row on the screen: its pair, its number, and the values of its controls."""

    key: str
    number: str
    values: dict[str, str]


class OnScreen:
    """What was on the screen, by a token that the front end sends back with every change.

    A person may change a value, and pick another row, before the first answer is there. The token
    says which row had which values on the screen when the change was made, so that an edit never
    goes to another row than the one that was seen.
    """

    _KEPT = 100

    def __init__(self) -> None:
        self._shown: dict[str, _Shown] = {}
        self._n = 0

    def edits(self, state: dict[str, Any]) -> tuple[_Shown | None, dict[str, str]]:
        """The row that a state edits, and the new values of its columns."""
        shown = self._shown.get(state["shown"])
        values = shown.values if shown else {}
        return shown, {FIELDS[name]: state[name] for name in values if state[name] != values[name]}

    def put(self, state: dict[str, Any], editor: CrosswalkEditor) -> dict[str, Any]:
        """The state with the values of the picked row, and a token where they are others."""
        row = editor.row(int(state["link"])) if state["link"] else {}
        values = {name: _value(row.get(column)) for name, column in FIELDS.items()}
        now = _Shown(state["pair"], state["link"], values)
        if self._shown.get(state["shown"]) != now:
            self._n += 1
            state = {**state, "shown": str(self._n)}
            self._shown = dict([*self._shown.items(), (state["shown"], now)][-self._KEPT :])
        return state | values


def _value(cell: Any) -> str:
    """A cell as its control shows it."""
    return f"{cell:.15g}" if isinstance(cell, float) else cell or ""
