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
from hmcpsi_data.documents.rows import BY_RULE, TABLES, Rows, free, typed
from hmcpsi_data.documents.source import SUFFIXES, content_of
from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record
from hmcpsi_data.tables.writing import appended, own_folder, replace_folder

__all__ = ["Added", "add_document", "new_rows"]

_LISTED = 5  # problems named in an error; check lists all
_LINE = re.compile(r", line \d+")
_SHARED = ("label_as_printed", "source_id", "locator", "basis", "speaker")
_KEYS = {  # what a document says, and by which columns it is known again
    "ratings": ["rating_id"],
    "actions": ["action_id"],
    "responses": ["response_id"],
    "measures": ["inspection_id", "value", "unit"],
}

_Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class Added:
    """What was added to a folder.

    Attributes
    ----------
    folder : pathlib.Path
        The data folder.
    source_id, inspection_id, area_id : str
        The source, the inspection that it is about, and the Area.
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

    All rows are added or none; they are checked in a complete new folder before it takes the place
    of the old one. Nothing is added twice: of a document that is there, only rows that are new; of
    the same publication in another file likewise. Another publication that says the same becomes a
    further source of a rating, in ``rating_sources``; where it says otherwise, nothing is changed
    and `problems` name both. The words of the document stay out of the folder, but for labels,
    words of the scales and key words.

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
    if rows is None:
        known = {"area": area, "framework": framework, "published": published}
        rows = document.rows(record, new_area=new_area, **known)
    found, twin = new_rows(rows, record)
    _something_new(found, twin, record)
    tables = {name: frame for name, frame in found.items() if len(frame)}
    files = {
        table(name).file: appended(record.content(table(name).file), frame)
        for name, frame in tables.items()
    }
    kept = None
    if keep_text:
        ending = Path(document.name).suffix.lower()
        kept = f"documents/{document.sha256}{ending if ending in SUFFIXES else '.txt'}"
        files[kept] = _content(source, document)
    before = {_LINE.sub("", problem) for problem in check(record)["problem"]}
    replace_folder(target, files, lambda staged: _checked(staged, before))
    return _added(Record(target), tables, found.problems, kept)


def new_rows(rows: Mapping[str, pd.DataFrame], record: Record) -> tuple[Rows, str]:
    """The rows that a record does not have, and the source that is the same publication, if any.

    What is left out is among the problems of the rows, with the reason.
    """
    if strange := sorted(set(rows) - set(TABLES)):
        told = f"Rows cannot be added to {', '.join(strange)}, only to {', '.join(TABLES)}."
        raise HmcpsiError(told)
    tables = {name: typed(name, rows.get(name, [])) for name in TABLES}
    matches = {name: _matches(tables[name], record, name) for name in _KEYS}
    twin, same_file = _twin(tables, matches, record)
    if same_file:
        own = tables["sources"]["source_id"]
        tables = {
            name: typed(name, frame.astype(object).replace(list(own), twin))
            for name, frame in tables.items()
        }
    left: list[tuple[Any, str, str]] = []
    for name, match in matches.items():
        known = tables[name].index.isin(match["row"])
        if name == "ratings":
            tables["rating_sources"] = _further(tables, match, twin, left)
        elif not same_file:
            what = ["value_as_printed", "unit"] if name == "measures" else ["key_words"]
            for row in match.to_dict("records"):
                told = (
                    f"The folder has {row['id']} from {row['source_id_there']}; it stays as it is."
                )
                left.append((row["locator"], " ".join(str(row[one]) for one in what), told))
        tables[name] = tables[name][~known]
    taken = set(record.table("measures")["measure_id"])
    names = [free(one, taken) for one in tables["measures"]["measure_id"]]
    tables["measures"] = tables["measures"].assign(measure_id=pd.array(names, dtype="string"))
    tables["evidence"] = _evidence(tables)
    if twin:  # what its rows refer to is there
        for name in set(TABLES) - set(_KEYS):
            key = list(table(name).primary_key)
            there = pd.MultiIndex.from_frame(record.table(name)[key].astype(object))
            mine = pd.MultiIndex.from_frame(tables[name][key].astype(object))
            tables[name] = tables[name][~mine.isin(there)]
    problems = [
        getattr(rows, "problems", None),
        pd.DataFrame(left, columns=["locator", "text", "reason"]),
    ]
    told = pd.concat([one for one in problems if one is not None], ignore_index=True)
    tables = {name: typed(name, frame) for name, frame in tables.items()}
    return Rows(tables, told.astype("string")), twin


def _matches(frame: pd.DataFrame, record: Record, name: str) -> pd.DataFrame:
    """The rows that the record has, beside its own cells; `row` is their place in the frame."""
    keys, there = _KEYS[name], record.table(name)
    key = table(name).primary_key[0]
    both = frame.assign(row=frame.index).merge(
        there.assign(id=there[key]), on=keys, suffixes=("", "_there")
    )
    if name == "measures":
        mine, theirs = both["period_from"], both["period_from_there"]
        both = both[mine.isna() | theirs.isna() | mine.eq(theirs).fillna(False)]
    return both.drop_duplicates("row")


def _twin(tables: _Tables, matches: _Tables, record: Record) -> tuple[str, bool]:
    """The source that is the same publication, "" without one; whether it is the very file."""
    known = record.table("sources")
    if len(tables["sources"]) != 1:
        raise HmcpsiError("The rows of one document have one row in sources.")
    source = tables["sources"].iloc[0]
    for row in known[known["sha256"].eq(source["sha256"])].to_dict("records"):
        return row["source_id"], True
    rivals = known[known["sha256"].notna() & known["publisher"].eq(source["publisher"])]
    date = "" if pd.isna(source["published"]) else source["published"]
    same = rivals["title"].eq(source["title"]) & rivals["published"].fillna("").eq(date)
    for row in rivals[same].to_dict("records"):
        return row["source_id"], False
    said = sum(len(tables[name]) for name in _KEYS)
    there = pd.concat([matches[name]["source_id_there"] for name in _KEYS])
    agree = matches["ratings"]["rating"].eq(matches["ratings"]["rating_there"]).all()
    for row in rivals[rivals["source_id"].isin(there)].to_dict("records"):
        theirs = "" if pd.isna(row["published"]) else row["published"]
        dated = theirs.startswith(date) or date.startswith(theirs)
        if dated and agree and len(there) == said and there.eq(row["source_id"]).all():
            return row["source_id"], False
    return "", False


def _further(tables: _Tables, match: pd.DataFrame, twin: str, left: list) -> pd.DataFrame:
    """A rating that is there gets a further source; one that says otherwise is left out."""
    further = []
    for row in match.to_dict("records"):
        if pd.notna(row["rating_there"]) and row["rating_there"] == row["rating"]:
            if not twin:
                cells = {name: row[name] for name in _SHARED}
                further.append({"rating_id": row["id"], "says": "same", "note": BY_RULE, **cells})
            continue
        label = row["label_as_printed"] if pd.notna(row["label_as_printed"]) else "overall"
        given = "no rating" if pd.isna(row["rating_there"]) else row["rating_there"]
        where = f" ({row['locator_there']})" if pd.notna(row["locator_there"]) else ""
        reason = (
            f"It contradicts {row['id']}, which has {given} from {row['source_id_there']}{where}. "
            "Nothing is changed; how a conflict is recorded stands in CONTRIBUTING.md."
        )
        left.append((row["locator"], f"{label}: {row['rating']}", reason))
    return pd.concat([tables["rating_sources"], typed("rating_sources", further)])


def _evidence(tables: _Tables) -> pd.DataFrame:
    """The links to themes, with those of actions to which a person gave a theme."""
    themed = tables["actions"][tables["actions"]["theme_id"].notna()]
    links = [
        {"theme_id": theme, "table": "actions", "row_id": action}
        | {"basis": "inferred", "speaker": "project"}
        for theme, action in themed[["theme_id", "action_id"]].itertuples(index=False)
    ]
    evidence = pd.concat([tables["evidence"], typed("evidence", links)])
    new = [one for name in _KEYS for one in tables[name][table(name).primary_key[0]]]
    evidence = evidence[~evidence["table"].isin(_KEYS) | evidence["row_id"].isin(new)]
    return evidence.drop_duplicates(["theme_id", "table", "row_id"])


def _something_new(rows: Rows, twin: str, record: Record) -> None:
    """Refuse a document that adds nothing but itself, and keys that the folder has."""
    folder = record.folder
    if not any(len(rows[name]) for name in set(TABLES) - {"sources", "area_names", "area_forces"}):
        told = rows.problems["reason"]
        against = " ".join(dict.fromkeys(told[told.str.startswith("It contradicts")]))
        if twin:
            raise HmcpsiError(
                f"This publication is in {folder} already, as {twin}.",
                f"Nothing was added. {against}".strip(),
            )
        raise HmcpsiError(
            f"Nothing in this document is new to {folder}, or nothing was understood.",
            f"See the problems of read_document(). Nothing was added. {against}".strip(),
        )
    for name, frame in rows.items():
        key = list(table(name).primary_key)
        known = set(record.table(name)[key].itertuples(index=False, name=None))
        there = [row for row in frame[key].itertuples(index=False, name=None) if row in known]
        if name == "rating_sources" or not there:
            continue
        ids = ", ".join(" ".join(map(str, row)) for row in there[:_LISTED])
        more = f" and {len(there) - _LISTED} more" if len(there) > _LISTED else ""
        raise HmcpsiError(
            f"{folder} has {ids}{more} in {name} already. Nothing was added.",
            "Drop these rows from document.rows() and add the rest with rows=.",
        )


def _content(source: Any, document: Document) -> bytes:
    """The document as it was given: a path is read again, and must not have changed."""
    content = b"" if isinstance(source, Document) else content_of(source)
    if isinstance(content, str):
        content = content.encode("utf-8", "surrogatepass")
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
    rated = record.table("ratings").set_index("rating_id")["inspection_id"]
    action = record.table("actions").set_index("action_id")["inspection_id"]
    inspection = source = ""
    for name in ("rating_sources", "responses", "measures", "actions", "ratings", "inspections"):
        for row in tables.get(name, pd.DataFrame()).tail(1).to_dict("records"):
            ids = {"rating_sources": rated.get(row.get("rating_id")),
                   "responses": action.get(row.get("action_id"))}  # fmt: skip
            inspection, source = str(ids.get(name, row.get("inspection_id"))), row["source_id"]
    areas = record.table("inspections").set_index("inspection_id")["area_id"]
    return Added(
        folder=record.folder,
        source_id=tables["sources"]["source_id"].iloc[0] if "sources" in tables else source,
        inspection_id=inspection,
        area_id=str(areas.get(inspection, "")),
        counts={name: len(frame) for name, frame in tables.items()},
        problems=problems,
        kept=None if kept is None else record.folder / kept,
    )
