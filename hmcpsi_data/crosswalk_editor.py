"""A crosswalk while it is edited: change, add and drop rows, undo and redo, look at any time.

Every edit makes a new step and leaves the ones before it as they are, so undoing gives back the
very crosswalk that was there. A step may be invalid: `Crosswalk.diagnose` lists what is wrong with
it, and everything else waits until it is mended. A row keeps its number as long as it is there,
whatever happens to the rows around it.

A row that was edited does not claim the curation and review of the one that was there: its rule,
dates and reviewer are emptied, and `curated_by` says who edited it. Where it is put back as it was,
all of that comes back too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from hmcpsi_data.crosswalk import Crosswalk
from hmcpsi_data.crosswalk_cells import CURATED, JUDGED, Row, changed, key, new_row, records
from hmcpsi_data.crosswalk_table import SOURCE, TARGET, columns
from hmcpsi_data.errors import HmcpsiError, UnknownValueError

__all__ = ["EDITOR", "CrosswalkEditor"]

EDITOR = "a user of the workbook"
"""Who curated an edited row, as its file says."""


@dataclass(eq=False)
class _Step:
    """The rows by their numbers, the next number, and the line of Python that led here."""

    rows: dict[int, Row]
    free: int
    told: str = ""
    made: Crosswalk | None = field(default=None, repr=False)


class CrosswalkEditor:
    """Edits a copy of a crosswalk; the crosswalk itself never changes.

    Parameters
    ----------
    crosswalk : Crosswalk
        Where to start. It need not be valid.
    shipped : Crosswalk, optional
        What rows are compared with to tell which are edited; `crosswalk` without it.
    by : str
        Who is named as curator of edited rows.

    Examples
    --------
    >>> editor = CrosswalkEditor(Crosswalk.load("opa_2005", "aap_2016_sections"))
    >>> editor.change(0, share_high=1.2)
    >>> editor.crosswalk.is_valid(), sorted(editor.edited)
    (False, [0])
    >>> editor.undo()
    >>> editor.crosswalk.is_valid(), sorted(editor.edited)
    (True, [])
    """

    def __init__(
        self, crosswalk: Crosswalk, shipped: Crosswalk | None = None, by: str = EDITOR
    ) -> None:
        self._by = by
        self._like = crosswalk
        self._shipped = records(shipped or crosswalk)
        self._known = {key(row) for row in self._shipped}
        self._steps = [_first(crosswalk)]
        self._at = 0

    # What is there ----------------------------------------------------------------------------

    @property
    def crosswalk(self) -> Crosswalk:
        """The crosswalk as it is now."""
        step = self._now
        if step.made is None:
            frame = pd.DataFrame(list(step.rows.values()), columns=columns(), dtype=object)
            step.made = self._like._made(frame, self._like._aspects, self._like._sets)
        return step.made

    @property
    def numbers(self) -> list[int]:
        """The numbers of the rows, in the order of the table."""
        return list(self._now.rows)

    @property
    def rows(self) -> dict[int, Row]:
        """The rows by their numbers, in the order of the table; None where a cell is empty."""
        return {number: dict(row) for number, row in self._now.rows.items()}

    def row(self, number: int) -> Row:
        """The cells of a row; None where one is empty.

        Raises
        ------
        UnknownValueError
            Where there is no such row.
        """
        rows = self._now.rows
        if number not in rows:
            raise UnknownValueError("row", number, map(str, rows), "CrosswalkEditor.numbers")
        return dict(rows[number])

    @property
    def edited(self) -> set[int]:
        """The numbers of the rows that do not stand like this in the shipped crosswalk."""
        return {n for n, row in self._now.rows.items() if key(row) not in self._known}

    @property
    def n_dropped(self) -> int:
        """How many pairs of the shipped crosswalk are gone."""
        there = {(row[SOURCE], row[TARGET]) for row in self._now.rows.values()}
        return len({(row[SOURCE], row[TARGET]) for row in self._shipped} - there)

    @property
    def can_undo(self) -> bool:
        """Whether there is a step before this one."""
        return self._at > 0

    @property
    def can_redo(self) -> bool:
        """Whether a step was undone and can be done again."""
        return self._at < len(self._steps) - 1

    @property
    def code(self) -> list[str]:
        """The lines of Python that lead from the start to here."""
        return [step.told for step in self._steps[1 : self._at + 1]]

    # What can be done ---------------------------------------------------------------------------

    def change(self, number: int, **cells: Any) -> None:
        """Change cells of a row; what is the same already is no step.

        Parameters
        ----------
        number : int
            The number of the row.
        **cells
            `relation`, `share_low`, `share_high`, `confidence`, `rationale` or `justification`;
            None or an empty text empties the cell.

        Raises
        ------
        UnknownValueError
            Where a row, a column or a word is not known.
        HmcpsiError
            Where a share is not a number, or the row has no place for what is changed.
        """
        row = self.row(number)
        found = changed(row, cells)
        if found:
            told = ", ".join(f"{name}={value!r}" for name, value in found.items() if name in cells)
            made = self._judged(row | found)
            self._step({**self._now.rows, number: made}, f"editor.change({number}, {told})")

    def add(
        self, source: str | None = None, target: str | None = None, status: str | None = None
    ) -> int:
        """Add a row at the end, and give its number.

        A new link has the relation undetermined, no bounds and low confidence, until they are
        changed.

        Parameters
        ----------
        source, target : str, optional
            The aspects; at least one.
        status : str, optional
            Without it, mapped where both aspects are given, no_counterpart where one is.
        """
        sets = self._like.source_set, self._like.target_set
        row = self._judged(new_row(sets, source, target, status))
        number, named = self._now.free, {"source": source, "target": target, "status": status}
        arguments = ", ".join(f"{name}={value!r}" for name, value in named.items() if value)
        self._step({**self._now.rows, number: row}, f"editor.add({arguments})", number + 1)
        return number

    def drop(self, number: int) -> None:
        """Take a row away.

        Raises
        ------
        HmcpsiError
            Where it is the last one.
        """
        self.row(number)
        rows = {n: row for n, row in self._now.rows.items() if n != number}
        if not rows:
            raise HmcpsiError("This is the last row: add another one before it is dropped.")
        self._step(rows, f"editor.drop({number})")

    def replace(self, crosswalk: Crosswalk, told: str = "editor.replace(crosswalk)") -> None:
        """Put another crosswalk between the same two sets in place of all rows.

        Raises
        ------
        HmcpsiError
            Where it joins other sets.
        """
        sets = [(one.source_set, one.target_set) for one in (self._like, crosswalk)]
        if sets[0] != sets[1]:
            here, there = (" to ".join(pair) for pair in sets)
            raise HmcpsiError(f"This is a crosswalk from {here}; the other one is from {there}.")
        new = _first(crosswalk)
        self._step(new.rows, told, new.free)

    def undo(self) -> None:
        """Go back one step; at the start, nothing happens."""
        self._at = max(self._at - 1, 0)

    def redo(self) -> None:
        """Do again what was undone last; where there is none, nothing happens."""
        self._at = min(self._at + 1, len(self._steps) - 1)

    @property
    def _now(self) -> _Step:
        return self._steps[self._at]

    def _step(self, rows: dict[int, Row], told: str, free: int | None = None) -> None:
        free = self._now.free if free is None else free
        self._steps = [*self._steps[: self._at + 1], _Step(rows, free, told)]
        self._at += 1

    def _judged(self, row: Row) -> Row:
        """The row as its editor's own judgement, or the shipped row where it says the same."""
        for shipped in self._shipped:
            if all(shipped[name] == row[name] for name in JUDGED):
                return dict(shipped)
        return row | dict.fromkeys(CURATED) | {"curated_by": self._by}


def _first(crosswalk: Crosswalk) -> _Step:
    rows = dict(enumerate(records(crosswalk)))
    return _Step(rows, len(rows), made=crosswalk)
