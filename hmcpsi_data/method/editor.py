"""A crosswalk while it is edited: a row keeps its number as long as it is there."""

from typing import Any

import pandas as pd

from hmcpsi_data.errors import HmcpsiError, UnknownValueError, quote
from hmcpsi_data.method import links
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.record.filters import one_of
from hmcpsi_data.tables.record import RecordLike, as_record

LONGEST_CELL = 2000  # letters
EDITABLE = ("relation", *links.SHARES, "confidence", "rationale", "justification")
_CURATED = ("curation_rule", "curated_by", "curated_on", "reviewed_by", "reviewed_on")


class Editor:
    """Edits a copy of a crosswalk, valid or not; what differs from `shipped` is the user's."""

    def __init__(self, crosswalk: Crosswalk, shipped: Crosswalk | None = None) -> None:
        rows = links.plain_rows((shipped or crosswalk).to_frame())
        self._shipped = {_judgement(row): row for row in rows}
        self._steps: list[tuple[dict[int, links.Row], Crosswalk]] = []
        self.replace(crosswalk)

    @property
    def crosswalk(self) -> Crosswalk:
        """The crosswalk as it is now."""
        return self._steps[-1][1]

    @property
    def rows(self) -> dict[int, links.Row]:
        """The rows by their numbers, in the order of the table; your own copy."""
        return {number: dict(row) for number, row in self._steps[-1][0].items()}

    def row(self, number: int) -> links.Row:
        """The cells of a row; an `UnknownValueError` where none has the number."""
        rows = self.rows
        if not isinstance(number, int) or number not in rows:
            raise UnknownValueError("row", number, map(str, rows), "Editor.rows")
        return rows[number]

    @property
    def edited(self) -> set[int]:
        """The numbers of the rows that judge otherwise than the shipped ones."""
        return {n for n, row in self.rows.items() if _judgement(row) not in self._shipped}

    @property
    def n_dropped(self) -> int:
        """How many pairs of the shipped crosswalk are gone."""
        there = {(row[links.SOURCE], row[links.TARGET]) for row in self.rows.values()}
        return len({judged[:2] for judged in self._shipped} - there)

    def change(self, number: int, **cells: Any) -> None:
        """Change cells of `EDITABLE` in a row; None empties one. The same again is no step."""
        row = self.row(number)
        new = row | {name: _cell(name, value) for name, value in cells.items()}
        if row["status"] == "undetermined" != new["relation"]:
            new["status"] = "mapped"
        if new != row:
            self._step(self.rows | {number: self._judged(new)})

    def add(
        self, source: str | None = None, target: str | None = None, status: str | None = None
    ) -> int:
        """Add a row of undetermined relation and low confidence at the end, and give its number."""
        like = self.crosswalk
        for name, aspect, known in zip(links.ENDS, (source, target), like.labels, strict=True):
            if aspect is not None:
                one_of(name, aspect, known, "Crosswalk.labels")
        if not (source or target):
            raise HmcpsiError("A row needs an aspect: give a source, a target or both.")
        status = status or ("mapped" if source and target else "no_counterpart")
        where = like.source_set, like.target_set, source, target
        row = dict.fromkeys(links.columns()) | {"status": status, "confidence": "low"}
        row |= dict(zip((*links.SETS, *links.ENDS), where, strict=True))
        row["relation"] = "undetermined" if status in ("mapped", "undetermined") else None
        number = 1 + max(max(rows) for rows, _ in self._steps)
        self._step(self.rows | {number: self._judged(row)})
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
        rows = dict(enumerate(links.plain_rows(crosswalk.to_frame())))
        self._steps.append((rows, crosswalk))

    def undo(self) -> None:
        """Go back one step; at the start, nothing happens."""
        if len(self._steps) > 1:
            self._steps.pop()

    def _step(self, rows: dict[int, links.Row]) -> None:
        frame = pd.DataFrame(list(rows.values()), columns=links.columns(), dtype=object)
        self._steps.append((rows, self.crosswalk.made(frame)))

    def _judged(self, row: links.Row) -> links.Row:
        """The row as its editor's own judgement, or the shipped row where it says the same."""
        own = row | dict.fromkeys(_CURATED) | links.CONSTANT | {"curated_by": links.CURATOR}
        return dict(self._shipped.get(_judgement(row), own))


def _judgement(row: links.Row) -> tuple:
    """What a row says, whoever says it."""
    return tuple(row[name] for name in (*links.ENDS, "status", *EDITABLE))


def _cell(name: str, value: Any) -> Any:
    one_of("column", name, EDITABLE, "help(Editor.change)")
    text = "" if value is None or value is pd.NA else str(value).strip()
    if len(text) > LONGEST_CELL:
        raise HmcpsiError(f"This is longer than {LONGEST_CELL} letters: shorten it.")
    number = pd.to_numeric(text if name in links.SHARES else "", errors="coerce")
    return (text or None) if pd.isna(number) else float(number)


def opened(name: str, data: bytes, record: RecordLike = None) -> Crosswalk:
    """The crosswalk, valid or not, in a CSV or SSSOM file that a person chose."""
    record = as_record(record)
    first = data.decode("utf-8-sig", "replace").lstrip()[:1000].partition("\n")[0]
    read = Crosswalk.from_sssom if first[:1] == "#" or "\t" in first else Crosswalk.from_csv
    try:
        found = read(data, record=record)
        frame, (old, new) = found.to_frame(), map(len, found.labels)
        if not (old and new):
            sets = f"{quote(found.source_set)} to {quote(found.target_set)}"
            remedy = "With other sets, use Crosswalk(frame, aspects)."
            raise HmcpsiError(f"It joins {sets}, and one of these sets is not known.", remedy)
        if len(frame) > (old + 1) * (new + 1):
            raise HmcpsiError(f"It has {len(frame)} rows, more than these sets have pairs.")
        if frame.astype("string").fillna("").map(len).gt(LONGEST_CELL).any(axis=None):
            raise HmcpsiError(f"A cell is longer than {LONGEST_CELL} letters.", "Shorten it.")
    except HmcpsiError as error:
        raise HmcpsiError(f"{quote(name)} was not opened. {error}") from None
    return found
