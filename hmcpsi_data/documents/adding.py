"""Adding a document to a data folder of one's own: all its rows, checked, or none."""

import os
import re
from typing import Any

import pandas as pd

from hmcpsi_data.checking import check
from hmcpsi_data.documents.document import Document, read_document
from hmcpsi_data.documents.rows import BY_RULE, TABLES, Rows, typed
from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record
from hmcpsi_data.tables.writing import appended, own_folder, replace_folder

_LINE = re.compile(r", line \d+")
_SAID = ("ratings", "actions", "responses", "measures")  # what a document says


def add_document(source: Any, folder: str | os.PathLike[str], **known: Any) -> Rows:
    """Read a document and add its rows to a data folder of your own: all, checked, or none.

    Nothing is added twice: of the same publication, in whatever file, only rows that are new.
    Another one that says the same becomes a further source of a rating, in ``rating_sources``;
    where it says otherwise, nothing is changed and `problems` name both. Where nothing is new or a
    row breaks a rule, an `HmcpsiError` says so, and the folder is as it was. What comes back are
    the rows that were added, by table, their `counts`, and `problems` that were left out.

    Parameters
    ----------
    source : path, bytes, str or Document
        As for `read_document`, or what it gave, with what you took, added or filled in.
    folder : path
        A copy of the data, as `copy_data` makes.
    **known
        `area`, `framework`, `published`, `new_area` where the document does not make them clear,
        as for ``Document.rows``.

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
    rows = new_rows(document, record, **known)
    files = {
        table(name).file: appended(record.content(table(name).file), rows[name])
        for name in rows.counts
    }
    before = {_LINE.sub("", problem) for problem in check(record)["problem"]}
    replace_folder(target, files, lambda staged: _checked(staged, before))
    return rows


def new_rows(document: Document, record: Record, **known: Any) -> Rows:
    """The rows of a document that a record lacks; their problems say what else was left out."""
    rows = document.rows(record, **known)
    twin, left = _twin(rows, record), []
    for name in TABLES:
        key = list(table(name).primary_key)
        listed = record.table(name).assign(there=1)
        both = rows[name].merge(listed, "left", on=key, suffixes=("", "_there"))
        again, rows[name] = both[both["there"].eq(1)], rows[name][both["there"].isna().to_numpy()]
        if name == "ratings":
            same = again[again["rating"].eq(again["rating_there"])]
        for row in again.to_dict("records") if name in _SAID else ():
            other = f"{row[key[0]]} from {row['source_id_there']} ({row['locator_there']})"
            reason = f"The folder has {other}; it stays as it is."
            if name == "ratings" and row["rating"] != row["rating_there"]:
                reason = f"It contradicts {other}, which has {row['rating_there']}. Nothing is "
                reason += "changed; see CONTRIBUTING.md on conflicts."
            elif twin or name == "ratings":
                continue
            left.append((row["locator"], " / ".join(document.words(row["locator"])), reason))
        if name == "rating_sources" and not twin:  # another publication is a further source
            more = same.assign(says="same", note=BY_RULE).to_dict("records")
            rows[name] = typed(name, more)
    of_new = rows["evidence"]["row_id"].isin(rows["actions"]["action_id"])
    rows["evidence"] = rows["evidence"][of_new]
    found = pd.DataFrame(left, columns=["locator", "text", "reason"], dtype="string")
    rows.problems = pd.concat([rows.problems, found], ignore_index=True)
    if not any(len(rows[name]) for name in ("inspections", "rating_sources", *_SAID)):
        told = f"This publication is in {record.folder} already, as {twin}."
        if not twin:
            told = f"Nothing in this document is new to {record.folder}, or nothing was understood."
        against = found.loc[found["reason"].str.startswith("It contradicts"), "reason"]
        raise HmcpsiError(told, " ".join(["Nothing was added.", *against]))
    return rows


def _twin(rows: Rows, record: Record) -> str:
    """The source of the same file, or of the same inspection, publisher and date; "" without."""
    cells = ["source_id", "publisher", "published", "sha256"]
    mine = rows["sources"][cells].fillna("").iloc[0]
    tables = (record.table(name) for name in ("inspections", "ratings", "actions", "measures"))
    parts = (one.loc[one["inspection_id"].eq(rows.inspection_id), "source_id"] for one in tables)
    on_it = set(pd.concat(parts))
    for row in record.table("sources")[cells].fillna("").to_dict("records"):
        dates = row["published"], mine["published"]
        near = all(dates) and (dates[0].startswith(dates[1]) or dates[1].startswith(dates[0]))
        same = near and row["publisher"] == mine["publisher"] and row["source_id"] in on_it
        if same or row["sha256"] == mine["sha256"]:
            return str(row["source_id"])
    return ""


def _checked(staged: Record, before: set[str]) -> None:
    """Refuse rows that break rules; what was wrong before does not count."""
    found = check(staged)[["problem", "remedy"]]
    new = [" ".join(one) for one in found.values if _LINE.sub("", one[0]) not in before]
    if new:
        told = f"The rows break {len(new)} rules of the data, so nothing was added:"
        raise HmcpsiError("\n".join([told, *new[:5]]))  # check lists all
