"""Adding a document to a data folder of one's own: all its rows, checked, or none."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from hmcpsi_data.checking import check
from hmcpsi_data.documents.document import Document, read_document
from hmcpsi_data.documents.rows import BY_RULE, TABLES, typed
from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record
from hmcpsi_data.tables.writing import appended, own_folder, replace_folder

__all__ = ["Added", "add_document"]

_ENDINGS = frozenset({".txt", ".html", ".htm", ".md", ".pdf", ".docx"})
_LISTED = 5  # problems named in an error; check lists all
_LINE = re.compile(r", line \d+")
_SHARED = ("label_as_printed", "source_id", "locator", "basis", "speaker")

_Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Added:
    """What was added to a folder.

    Attributes
    ----------
    folder : pathlib.Path
        The data folder.
    source_id, inspection_id, area_id : str
        The new source, the inspection that it is about, and the Area.
    counts : dict
        The number of new rows by table, those without any left out.
    problems : pandas.DataFrame
        What was left out: `locator`, `text`, `reason`.
    kept : pathlib.Path or None
        The document itself, where it was asked to be kept.
    """

    folder: Path
    source_id: str
    inspection_id: str
    area_id: str
    counts: dict[str, int]
    problems: pd.DataFrame = field(repr=False)
    kept: Path | None = None

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
    keep_text: bool = False,
    area: str | None = None,
    framework: str | None = None,
    published: str | None = None,
    new_area: bool = False,
) -> Added:
    r"""Read a document and add its rows to a data folder of your own.

    All rows are added or none; they are checked in a complete new folder before it takes the
    place of the old one. A rating that the folder has already gets no second row: where the
    document says the same, it becomes a further source of it, in ``rating_sources``; where it says
    otherwise, nothing is changed and `problems` name both. Actions, answers and figures that are
    there are left out, and listed. The words of the document stay out of the folder, but for
    labels, words of the scales and key words.

    Parameters
    ----------
    source : path, bytes, str or Document
        As for `read_document`, or what it gave, with what you took or added.
    folder : path
        A copy of the data, as `copy_data` makes.
    rows : mapping of str to pandas.DataFrame, optional
        The rows to add, where you corrected what ``document.rows()`` gave.
    keep_text : bool, default False
        Whether to keep the document itself as well, in the folder ``documents`` inside it.
    area, framework, published, new_area
        What the document does not make clear, as for ``Document.rows``.

    Returns
    -------
    Added

    Raises
    ------
    HmcpsiError
        Where the document cannot be read or placed, is in the folder already, or has nothing that
        is not there; where the folder is the data of the package, or a row breaks a rule. The
        folder is then as it was.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from hmcpsi_data import copy_data
    >>> from hmcpsi_data.documents import invented_notice
    >>> with TemporaryDirectory() as home:
    ...     mine = copy_data(f"{home}/mine")
    ...     added = add_document(invented_notice(), mine, new_area=True)
    >>> added.counts["ratings"]
    4
    """
    target = own_folder(folder)
    record = Record(target)
    document = source if isinstance(source, Document) else read_document(source, record=record)
    sources = record.table("sources")
    same = sources.loc[sources["sha256"].eq(document.sha256).fillna(False), "source_id"]
    if len(same):
        told = f"This document is in {target} already, as {same.iloc[0]}."
        raise HmcpsiError(told, "Nothing was added.")
    given = rows
    if given is None:
        given = document.rows(
            record, area=area, framework=framework, published=published, new_area=new_area
        )
    tables, left = _what_is_new(_given(given), record)
    _something_new(tables, record)
    files = {
        table(name).file: appended(record.content(table(name).file), frame)
        for name, frame in tables.items()
    }
    kept = None
    if keep_text:
        ending = Path(document.name).suffix.lower()
        kept = f"documents/{document.sha256}{ending if ending in _ENDINGS else '.txt'}"
        files[kept] = _content(source, document)
    before = {_LINE.sub("", problem) for problem in check(record)["problem"]}
    replace_folder(target, files, lambda staged: _checked(staged, before))
    problems = getattr(given, "problems", pd.DataFrame(columns=["locator", "text", "reason"]))
    return _added(Record(target), tables, pd.concat([problems, left], ignore_index=True), kept)


def _given(found: Mapping[str, pd.DataFrame]) -> _Tables:
    """The rows as the tables have them, those without any left out, links to themes added."""
    strange = sorted(set(found) - set(TABLES))
    if strange:
        told = f"Rows cannot be added to {', '.join(strange)}, only to {', '.join(TABLES)}."
        raise HmcpsiError(told)
    tables = {name: typed(name, found[name]) for name in TABLES if name in found}
    if len(tables.get("sources", ())) != 1:
        raise HmcpsiError("The rows of one document have one row in sources.")
    themed = tables.get("actions", typed("actions", []))
    themed = themed[themed["theme_id"].notna()]
    links = [
        {"theme_id": theme, "table": "actions", "row_id": action}
        | {"basis": "inferred", "speaker": "project"}
        for theme, action in themed[["theme_id", "action_id"]].itertuples(index=False)
    ]
    evidence = pd.concat([tables.get("evidence", typed("evidence", [])), typed("evidence", links)])
    tables["evidence"] = evidence.drop_duplicates(["theme_id", "table", "row_id"])
    return {name: frame for name, frame in tables.items() if len(frame)}


def _what_is_new(tables: _Tables, record: Record) -> tuple[_Tables, pd.DataFrame]:
    """The rows that the record does not have, and what was left out, with the reason."""
    left: list[tuple[str, str, str]] = []
    if "ratings" in tables:
        _ratings(tables, record, left)
    for name in ("actions", "responses"):
        if name in tables:
            _kept_once(tables, name, record, left)
    if "measures" in tables:
        _figures(tables, record, left)
    told = pd.DataFrame(left, columns=["locator", "text", "reason"], dtype="string")
    return {name: frame for name, frame in tables.items() if len(frame)}, told


def _ratings(tables: _Tables, record: Record, left: list) -> None:
    """A rating that is there gets a further source; one that says otherwise is left out."""
    there = record.table("ratings").set_index("rating_id")
    frame = tables["ratings"]
    known = frame["rating_id"].isin(there.index)
    further = []
    for row in frame[known].to_dict("records"):
        has = there.loc[row["rating_id"]]
        if pd.notna(has["rating"]) and has["rating"] == row["rating"]:
            cells = {name: row[name] for name in _SHARED}
            further.append(
                {"rating_id": row["rating_id"], "says": "same", "note": BY_RULE, **cells}
            )
            continue
        label = row["label_as_printed"] if pd.notna(row["label_as_printed"]) else "overall"
        given = "no rating" if pd.isna(has["rating"]) else has["rating"]
        where = f" ({has['locator']})" if pd.notna(has["locator"]) else ""
        reason = (
            f"It contradicts {row['rating_id']}, which has {given} from {has['source_id']}{where}. "
            "Nothing is changed; how a conflict is recorded stands in CONTRIBUTING.md."
        )
        left.append((row["locator"], f"{label}: {row['rating']}", reason))
    tables["ratings"] = frame[~known]
    if further:
        given = tables.get("rating_sources", typed("rating_sources", []))
        tables["rating_sources"] = pd.concat([given, typed("rating_sources", further)])


def _kept_once(tables: _Tables, name: str, record: Record, left: list) -> None:
    """Actions and answers have one source; one that is there is left out."""
    frame, key = tables[name], f"{name.removesuffix('s')}_id"
    there = record.table(name).set_index(key)["source_id"]
    known = frame[key].isin(there.index)
    for row in frame[known].to_dict("records"):
        reason = f"The folder has {row[key]} from {there[row[key]]}; it keeps one source."
        left.append((row["locator"], str(row["key_words"]), reason))
    tables[name] = frame[~known]
    if "evidence" in tables:
        links = tables["evidence"]
        gone = links["table"].eq(name) & links["row_id"].isin(frame.loc[known, key])
        tables["evidence"] = links[~gone]


def _figures(tables: _Tables, record: Record, left: list) -> None:
    """A figure of an inspection that is there is left out; the others get identifiers."""
    frame, there = tables["measures"], record.table("measures")
    same = ["inspection_id", "value", "unit", "period_from"]
    have = set(there[same].astype("string").fillna("").itertuples(index=False, name=None))
    mine = frame[same].astype("string").fillna("").itertuples(index=False, name=None)
    known = pd.Series([key in have for key in mine], index=frame.index, dtype=bool)
    for row in frame[known].to_dict("records"):
        reason = "The folder has this figure of this inspection."
        left.append((row["locator"], f"{row['value_as_printed']} {row['unit']}", reason))
    frame = frame[~known].copy()
    taken = set(there["measure_id"])
    for at, wanted in frame["measure_id"].items():
        found, n = wanted, 1
        while found in taken:
            n += 1
            found = f"{wanted}_{n}"
        taken.add(found)
        frame.loc[at, "measure_id"] = found
    tables["measures"] = frame


def _something_new(tables: _Tables, record: Record) -> None:
    """Refuse a document that adds nothing but itself, and keys that the folder has."""
    if not set(tables) - {"sources", "area_names", "area_forces"}:
        raise HmcpsiError(
            f"Nothing in this document is new to {record.folder}, or nothing was understood.",
            "See the problems of read_document(). Nothing was added.",
        )
    for name, frame in tables.items():
        key = list(table(name).primary_key)
        known = set(record.table(name)[key].itertuples(index=False, name=None))
        there = [row for row in frame[key].itertuples(index=False, name=None) if row in known]
        if name == "rating_sources" or not there:
            continue
        ids = ", ".join(" ".join(map(str, row)) for row in there[:_LISTED])
        more = f" and {len(there) - _LISTED} more" if len(there) > _LISTED else ""
        raise HmcpsiError(
            f"{record.folder} has {ids}{more} in {name} already. Nothing was added.",
            "Drop these rows from document.rows() and add the rest with rows=.",
        )


def _content(source: Any, document: Document) -> bytes:
    """The document as it was given: a path is read again, and must not have changed."""
    content = b""
    if isinstance(source, (bytes, bytearray, memoryview)):
        content = bytes(source)
    elif isinstance(source, (str, os.PathLike)):
        try:
            content = Path(source).read_bytes()
        except (OSError, ValueError):
            content = str(source).encode("utf-8", "surrogatepass")
    if hashlib.sha256(content).hexdigest() == document.sha256:
        return content
    raise HmcpsiError(
        "To keep the text, give the document as a path, as bytes or as text, as it was read."
    )


def _checked(staged: Record, before: set[str]) -> None:
    """Refuse rows that break rules; what was wrong before does not count."""
    found = check(staged)
    new = [
        f"{problem} {remedy}"
        for problem, remedy in found[["problem", "remedy"]].itertuples(index=False)
        if _LINE.sub("", problem) not in before
    ]
    if new:
        more = [f"... and {len(new) - _LISTED} more."] if len(new) > _LISTED else []
        told = "The rows break rules of the data, so nothing was added:"
        raise HmcpsiError("\n".join([told, *new[:_LISTED], *more]))


def _added(record: Record, tables: _Tables, problems: pd.DataFrame, kept: str | None) -> Added:
    inspection = ""
    for name in ("inspections", "ratings", "actions", "measures"):
        if not inspection and len(tables.get(name, ())):
            inspection = str(tables[name]["inspection_id"].iloc[-1])
    if not inspection and "rating_sources" in tables:
        rated = record.table("ratings").set_index("rating_id")["inspection_id"]
        inspection = str(rated[tables["rating_sources"]["rating_id"].iloc[-1]])
    areas = record.table("inspections").set_index("inspection_id")["area_id"]
    return Added(
        folder=record.folder,
        source_id=tables["sources"]["source_id"].iloc[0],
        inspection_id=inspection,
        area_id=str(areas.get(inspection, "")),
        counts={name: len(frame) for name, frame in tables.items()},
        problems=problems,
        kept=None if kept is None else record.folder / kept,
    )
