"""Adding a document to a data folder of one's own: all its rows, checked, or none."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from hmcpsi_data.checking import check
from hmcpsi_data.documents.document import Document, read_document
from hmcpsi_data.documents.rows import BY_RULE, TABLES, Rows, free, typed
from hmcpsi_data.errors import HmcpsiError, quote
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record
from hmcpsi_data.tables.writing import appended, own_folder, replace_folder

_LISTED = 5  # problems named in an error; check lists all
_LINE = re.compile(r", line \d+")
_KEYS = {  # what a document says, and by which columns it is known again
    "ratings": ["rating_id"],
    "actions": ["action_id"],
    "responses": ["response_id"],
    "measures": ["inspection_id", "value", "unit"],
}


@dataclass(frozen=True)
class Added:
    """What was added to a folder: new rows by table, and in `problems` what was left out."""

    folder: Path
    source_id: str
    inspection_id: str
    area_id: str
    counts: dict[str, int]
    problems: pd.DataFrame = field(repr=False)

    def __str__(self) -> str:
        counts = ", ".join(f"{name} {n}" for name, n in self.counts.items())
        n = len(self.problems)
        left = f" {n} {'line was' if n == 1 else 'lines were'} left out." if n else ""
        return f"Added {self.source_id}: {counts}.{left}"


def add_document(
    source: Any,
    folder: str | os.PathLike[str],
    *,
    rows: Mapping[str, pd.DataFrame] | None = None,
    area: str | None = None,
    framework: str | None = None,
    published: str | None = None,
    new_area: bool = False,
) -> Added:
    r"""Read a document and add its rows to a data folder of your own: all, checked, or none.

    Nothing is added twice: of the same publication, in whatever file, only rows that are new.
    Another one that says the same becomes a further source of a rating, in ``rating_sources``;
    where it says otherwise, nothing is changed and `problems` name both.

    Parameters
    ----------
    source : path, bytes, str or Document
        As for `read_document`, or what it gave, with what you took or added.
    folder : path
        A copy of the data, as `copy_data` makes.
    rows : mapping of str to pandas.DataFrame, optional
        The rows to add, where you corrected what ``document.rows()`` gave.
    area, framework, published, new_area
        What the document does not make clear, as for ``Document.rows``.

    Returns
    -------
    Added

    Raises
    ------
    HmcpsiError
        Where the document has nothing new or a row breaks a rule; the folder is as it was.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from hmcpsi_data import copy_data, invented_notice
    >>> with TemporaryDirectory() as home:
    ...     mine = copy_data(f"{home}/mine")
    ...     added = add_document(invented_notice(), mine, new_area=True)
    >>> added.counts["ratings"]
    4
    """
    target = own_folder(folder)
    record = Record(target)
    document = source if isinstance(source, Document) else read_document(source, record=record)
    if rows is None:
        rows = document.rows(
            record, area=area, framework=framework, published=published, new_area=new_area
        )
    found, twin = new_rows(rows, record)
    tables = {name: frame for name, frame in found.items() if len(frame)}
    if tables.keys() <= {"sources", "area_names", "area_forces"}:
        told = found.problems["reason"]
        against = " ".join(["Nothing was added.", *told[told.str.startswith("It contradicts")]])
        if twin:
            raise HmcpsiError(f"This publication is in {target} already, as {twin}.", against)
        problem = f"Nothing in this document is new to {target}, or nothing was understood."
        raise HmcpsiError(problem, f"See the problems of read_document(). {against}")
    files = {
        table(name).file: appended(record.content(table(name).file), frame)
        for name, frame in tables.items()
    }
    before = {_LINE.sub("", problem) for problem in check(record)["problem"]}
    replace_folder(target, files, lambda staged: _checked(staged, before))
    inspection_id, area_id = _about(rows, Record(target))
    return Added(
        folder=target,
        source_id=next(iter(tables.values())).iloc[-1].get("source_id", ""),
        inspection_id=inspection_id,
        area_id=area_id,
        counts={name: len(frame) for name, frame in tables.items()},
        problems=found.problems,
    )


def new_rows(rows: Mapping[str, pd.DataFrame], record: Record) -> tuple[Rows, str]:
    """The rows that a record does not have, and the source that is the same publication, if any.

    What is left out is among the problems of the rows, with the reason.
    """
    if not isinstance(rows, Mapping) or not all(
        isinstance(frame, pd.DataFrame) for frame in rows.values()
    ):
        told = f"{quote(rows)} are no rows."
        raise HmcpsiError(told, "Give tables by name, as rows() of a document.")
    if strange := sorted(map(str, set(rows) - set(TABLES))):
        told = f"Rows cannot be added to {', '.join(strange)}, only to {', '.join(TABLES)}."
        raise HmcpsiError(told)
    tables = {name: typed(name, rows.get(name, [])) for name in TABLES}
    there = {name: _there(name, tables[name], record) for name in _KEYS}
    twin = _twin(tables, there, record)
    ratings = there["ratings"]
    agree = ratings["rating"].eq(ratings["rating_there"])
    left = [_left("ratings", row) for row in ratings[~agree].to_dict("records")]
    if not twin:  # another publication: what it says again is a further source
        further = ratings[agree].assign(rating_id=ratings["id"], says="same", note=BY_RULE)
        of_rows = [tables["rating_sources"], typed("rating_sources", further)]
        tables["rating_sources"] = pd.concat(of_rows, ignore_index=True)
        said = ("actions", "responses", "measures")
        left += [_left(name, row) for name in said for row in there[name].to_dict("records")]
    for name, known in there.items():
        tables[name] = tables[name][~tables[name].index.isin(known["row"])]
    taken = set(record.table("measures")["measure_id"])
    tables["measures"]["measure_id"] = [
        free(one, taken) for one in tables["measures"]["measure_id"]
    ]
    themed = tables["actions"].dropna(subset="theme_id").rename(columns={"action_id": "row_id"})
    links = themed[["theme_id", "row_id"]].assign(
        table="actions", basis="inferred", speaker="project"
    )
    tables["evidence"] = pd.concat([tables["evidence"], typed("evidence", links)])
    for name in (name for name in TABLES if name not in _KEYS):
        key = list(table(name).primary_key)
        both = (tables[name], record.table(name))
        mine, theirs = (pd.MultiIndex.from_frame(one[key].astype(object)) for one in both)
        if twin:  # what its rows refer to is there
            tables[name] = tables[name][~mine.isin(theirs)]
        elif (again := mine.isin(theirs)).any():
            told = f"{name} has {quote(mine[again][0][0])} already: the rows were made for others."
            raise HmcpsiError(told, "Make them again for this folder, with document.rows(folder).")
    problems = pd.DataFrame(left, columns=["locator", "text", "reason"], dtype="string")
    problems = pd.concat([getattr(rows, "problems", problems[:0]), problems], ignore_index=True)
    return Rows({name: typed(name, frame) for name, frame in tables.items()}, problems), twin


def _left(name: str, row: Mapping[Any, Any]) -> tuple[str, str, str]:
    """Lines, words and reason of a row that the folder has from another source."""
    there = f"{row['id']} from {row['source_id_there']} ({row['locator_there'] or 'no lines'})"
    if name == "measures":
        text = f"{row['value_as_printed']} {row['unit']}"
    elif name != "ratings":
        text = row["key_words"]
    else:
        text = f"{row['label_as_printed'] or 'overall'}: {row['rating']}"
        reason = f"It contradicts {there}, which has {row['rating_there'] or 'no rating'}. Nothing "
        return row["locator"], text, f"{reason}is changed; see CONTRIBUTING.md on conflicts."
    return row["locator"], text, f"The folder has {there}; it stays as it is."


def _there(name: str, frame: pd.DataFrame, record: Record) -> pd.DataFrame:
    """The rows that the record has, beside its own cells; `row` is their place in the frame."""
    known = record.table(name)
    known = known.assign(id=known[table(name).primary_key[0]])
    both = frame.assign(row=frame.index).merge(known, on=_KEYS[name], suffixes=("", "_there"))
    if name == "measures":
        mine, theirs = both["period_from"], both["period_from_there"]
        both = both[mine.isna() | theirs.isna() | mine.eq(theirs).fillna(False)]
    return both.astype(object).where(both.notna(), None).drop_duplicates("row")


def _twin(
    tables: Mapping[str, pd.DataFrame], there: Mapping[str, pd.DataFrame], record: Record
) -> str:
    """The source that is the same publication, "" without one.

    It is the same where the file is, or title and date are, or where all that is said has this one
    source.
    """
    if len(tables["sources"]) != 1:
        raise HmcpsiError("The rows of one document have one row in sources.")
    source = tables["sources"].fillna("").iloc[0]
    date, agree = (
        source["published"],
        there["ratings"]["rating"].eq(there["ratings"]["rating_there"]),
    )
    origins = [one for known in there.values() for one in known["source_id_there"]]
    all_there = agree.all() and len(origins) == sum(len(tables[name]) for name in _KEYS)
    known = record.table("sources").dropna(subset="sha256").fillna({"published": ""})
    for row in known.to_dict("records"):
        near = row["published"].startswith(date) or date.startswith(row["published"])
        same = (row["title"], row["published"]) == (source["title"], date) or (
            near and all_there and set(origins) == {row["source_id"]}
        )
        if row["sha256"] == source["sha256"] or (same and row["publisher"] == source["publisher"]):
            return row["source_id"]
    return ""


def _checked(staged: Record, before: set[str]) -> None:
    """Refuse rows that break rules; what was wrong before does not count."""
    found = check(staged)[["problem", "remedy"]]
    new = [" ".join(one) for one in found.values if _LINE.sub("", one[0]) not in before]
    if new:
        more = [f"... and {len(new) - _LISTED} more."] if len(new) > _LISTED else []
        told = "The rows break rules of the data, so nothing was added:"
        raise HmcpsiError("\n".join([told, *new[:_LISTED], *more]))


def _about(rows: Mapping[str, pd.DataFrame], record: Record) -> tuple[str, str]:
    """The inspection and the Area of rows; an answer names it by the action that it belongs to."""
    of = record.table("actions").set_index("action_id")["inspection_id"].to_dict()
    areas = record.table("inspections").set_index("inspection_id")["area_id"]
    for name in ("inspections", "measures", "actions", "ratings", "responses"):
        if len(rows.get(name, ())):
            row = rows[name].iloc[-1]
            inspection = str(row.get("inspection_id", of.get(row.get("action_id"), "")))
            return inspection, str(areas.get(inspection, ""))
    return "", ""
