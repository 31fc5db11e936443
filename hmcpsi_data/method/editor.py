"""A crosswalk while it is edited: change, add and drop rows, undo, look at any time.

Every edit is a new step that leaves those before it as they are, valid or not. A row keeps its
number as long as it is there. One that was edited names the user as its curator, until it says
again what the shipped one says.
"""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from hmcpsi_data.errors import HmcpsiError, UnknownValueError, quote
from hmcpsi_data.method import links
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.tables.record import RecordLike, as_record

Row = dict[str, Any]  # cells by columns; None where one is empty

LONGEST_CELL = 2000  # letters
EDITABLE = ("relation", *links.SHARES, "confidence", "rationale", "justification")
_CURATED = ("curation_rule", "curated_by", "curated_on", "reviewed_by", "reviewed_on")
_JUDGED = (*links.ENDS, "status", *EDITABLE)


class Editor:
    """Edits a copy of a crosswalk, valid or not; the crosswalk itself never changes.

    Rows are compared with those of `shipped` to tell which are changed by the user; without it,
    with those of the crosswalk.

    >>> editor = Editor(Crosswalk.load("opa_2005", "aap_2016_sections"))
    >>> editor.change(0, share_high=1.2)
    >>> editor.crosswalk.is_valid(), sorted(editor.edited)
    (False, [0])
    >>> editor.undo()
    >>> editor.crosswalk.is_valid()
    True
    """

    def __init__(self, crosswalk: Crosswalk, shipped: Crosswalk | None = None) -> None:
        if not isinstance(crosswalk, Crosswalk):
            fault = f"An editor starts from a Crosswalk, not from {type(crosswalk).__name__}."
            raise HmcpsiError(fault, "Crosswalk.load gives one.")
        self._shipped = links.plain_rows((shipped or crosswalk).to_frame())
        self._known = {_said(row) for row in self._shipped}
        self._steps: list[tuple[dict[int, Row], Crosswalk]] = []
        self._step(dict(enumerate(links.plain_rows(crosswalk.to_frame()))), crosswalk)

    @property
    def crosswalk(self) -> Crosswalk:
        """The crosswalk as it is now."""
        return self._steps[-1][1]

    @property
    def rows(self) -> dict[int, Row]:
        """The rows by their numbers, in the order of the table; your own copy."""
        return {number: dict(row) for number, row in self._steps[-1][0].items()}

    def row(self, number: int) -> Row:
        """The cells of a row; an `UnknownValueError` where none has the number."""
        rows = self._steps[-1][0]
        if not isinstance(number, int) or number not in rows:
            raise UnknownValueError("row", number, map(str, rows), "Editor.rows")
        return dict(rows[number])

    @property
    def edited(self) -> set[int]:
        """The numbers of the rows changed by the user: they do not stand like this as shipped."""
        return {number for number, row in self.rows.items() if _said(row) not in self._known}

    @property
    def n_dropped(self) -> int:
        """How many pairs of the shipped crosswalk are gone."""
        shipped, there = (
            {(row[links.SOURCE], row[links.TARGET]) for row in rows}
            for rows in (self._shipped, self.rows.values())
        )
        return len(shipped - there)

    def change(self, number: int, **cells: Any) -> None:
        """Change cells of `EDITABLE` in a row; None empties one. The same again is no step."""
        row = self.row(number)
        given = {name: _cell(name, value) for name, value in cells.items()}
        new = {name: value for name, value in given.items() if row[name] != value}
        if "relation" in new and not (row[links.SOURCE] and row[links.TARGET]):
            fault = f"A row of one aspect ({row['status'].replace('_', ' ')}) has no relation"
            raise HmcpsiError(f"{fault}: drop it, and add a link.")
        if row["status"] == "no_counterpart" and any(name in new for name in links.SHARES):
            raise HmcpsiError("No counterpart speaks of the whole aspect: it has no bounds.")
        if row["status"] == "undetermined" and new.get("relation", "undetermined") != row["status"]:
            new["status"] = "mapped"
        if new:
            self._step({**self.rows, number: self._judged(row | new)})

    def add(
        self, source: str | None = None, target: str | None = None, status: str | None = None
    ) -> int:
        """Add a row of undetermined relation and low confidence at the end, and give its number."""
        like = self.crosswalk
        sides = zip(("source", "target"), (source, target), like.labels, strict=True)
        for name, aspect, known in sides:
            if aspect is not None and aspect not in [*known]:
                raise UnknownValueError(name, aspect, known, "Crosswalk.labels")
        if not (source or target):
            raise HmcpsiError("A row needs an aspect: give a source, a target or both.")
        usual = "mapped" if source and target else "no_counterpart"
        status = _listed("status", status or usual)
        row = dict.fromkeys(links.columns()) | {
            "source_set": like.source_set,
            links.SOURCE: source,
            "target_set": like.target_set,
            links.TARGET: target,
            "status": status,
            "relation": "undetermined" if status in ("mapped", "undetermined") else None,
            "confidence": "low",
            "basis": "inferred",
            "speaker": "project",
        }
        number = 1 + max(max(rows) for rows, _ in self._steps)
        self._step({**self.rows, number: self._judged(row)})
        return number

    def drop(self, number: int) -> None:
        """Take a row away; an `HmcpsiError` where it is the last one."""
        self.row(number)
        rows = {n: row for n, row in self.rows.items() if n != number}
        if not rows:
            raise HmcpsiError("This is the last row: add another one before it is dropped.")
        self._step(rows)

    def replace(self, crosswalk: Crosswalk) -> None:
        """Put another crosswalk between the same two sets in place of all rows."""
        here, there = ((one.source_set, one.target_set) for one in (self.crosswalk, crosswalk))
        if here != there:
            told = " and ".join(f"from {a} to {b}" for a, b in (here, there))
            raise HmcpsiError(f"These are crosswalks {told}.", "Take one pair of sets.")
        self._step(dict(enumerate(links.plain_rows(crosswalk.to_frame()))), crosswalk)

    def undo(self) -> None:
        """Go back one step; at the start, nothing happens."""
        if len(self._steps) > 1:
            self._steps.pop()

    def _step(self, rows: dict[int, Row], crosswalk: Crosswalk | None = None) -> None:
        if crosswalk is None:
            frame = pd.DataFrame(list(rows.values()), columns=links.columns(), dtype=object)
            crosswalk = self.crosswalk._made(frame)
        self._steps.append((rows, crosswalk))

    def _judged(self, row: Row) -> Row:
        """The row as its editor's own judgement, or the shipped row where it says the same."""
        for shipped in self._shipped:
            if all(shipped[name] == row[name] for name in _JUDGED):
                return dict(shipped)
        return row | dict.fromkeys(_CURATED) | {"curated_by": links.CURATOR}


def _said(row: Row) -> tuple:
    """All that a row says; its identifier follows from it."""
    return tuple(cell for name, cell in row.items() if name != "crosswalk_id")


def _cell(name: str, value: Any) -> Any:
    if name not in EDITABLE:
        raise UnknownValueError("column", name, EDITABLE, "help(Editor.change)")
    text = "" if value is None or value is pd.NA else str(value).strip()
    if not text:
        return None
    if len(text) > LONGEST_CELL:
        raise HmcpsiError(f"This is longer than {LONGEST_CELL} letters: shorten it.")
    if name not in links.SHARES:
        return _listed(name, text)
    number = pd.to_numeric(text, errors="coerce")
    if not math.isfinite(number):
        problem = f"{name} {quote(value)} is not a number."
        raise HmcpsiError(f"{problem} Write 0 to 1, or leave it empty if not known.")
    return float(number)


def _listed(name: str, word: str) -> str:
    if links.words(name) and word not in links.words(name):
        raise UnknownValueError(name, word, links.words(name), 'codebook("crosswalk")')
    return word


def opened(name: str, data: bytes, record: RecordLike = None) -> Crosswalk:
    """The crosswalk, valid or not, in a CSV or SSSOM file that a person chose."""
    if not isinstance(data, bytes):
        raise HmcpsiError(f"{quote(name)} was not opened. Its content is bytes, as a file has it.")
    record = as_record(record)
    first = data.decode("utf-8-sig", "replace").lstrip()[:1000].partition("\n")[0]
    read = Crosswalk.from_sssom if first[:1] == "#" or "\t" in first else Crosswalk.from_csv
    try:
        found = read(data, record=record)
        _refuse(found.to_frame(), record.table("aspects"))
    except HmcpsiError as error:
        raise HmcpsiError(f"{quote(name)} was not opened. {error}") from None
    return found


def _refuse(frame: pd.DataFrame, aspects: pd.DataFrame) -> None:
    pairs = frame[list(links.SETS)].drop_duplicates().fillna("")
    told = [f"{quote(a)} to {quote(b)}" for a, b in pairs.itertuples(index=False)]
    if len(told) != 1:
        some = f": {'; '.join(told[:5])}" if told else ""
        raise HmcpsiError(f"It is about {len(told)} pairs of sets{some}. Keep one of them.")
    old, new = (int(aspects["set_id"].eq(set_id).sum()) for set_id in pairs.iloc[0])
    if not (old and new):
        remedy = 'load("aspect_sets") lists all sets; with others, use Crosswalk(frame, aspects).'
        raise HmcpsiError(f"It joins {told[0]}, and one of these sets is not known.", remedy)
    if len(frame) > (old + 1) * (new + 1):
        raise HmcpsiError(f"It has {len(frame)} rows, more than these sets have pairs.")
    texts = frame.drop(columns=["crosswalk_id", *links.SHARES])
    long = texts.apply(lambda cells: cells.str.len().gt(LONGEST_CELL)).any()
    for name in long.index[long.astype(bool)][:1]:
        fault = f"A cell of {name} is longer than {LONGEST_CELL} letters."
        raise HmcpsiError(fault, "Shorten it.")
    for row in frame.index[frame[list(links.ENDS)].isna().all(axis=1)][:1]:
        raise HmcpsiError(f"Row {row} names no aspect at all. Name one, or take the row away.")
