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
    r"""Read a document and add its rows to a data folder of your own: all, checked, or none.

    Nothing is added twice: of the same publication, in whatever file, only rows that are new.
    Another one that says the same becomes a further source of a rating, in ``rating_sources``;
    where it says otherwise, nothing is changed and `problems` name both. The words of the document
    stay out of the folder, but for labels, words of the scales and key words.

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
        Where the document cannot be read or placed or has nothing new, the folder is none of your
        own, or a row breaks a rule. The folder is then as it was.

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
    kept = None
    if keep_text:
        ending = Path(document.name).suffix.lower()
        kept = f"documents/{document.sha256}{ending if ending in SUFFIXES else '.txt'}"
        files[kept] = _content(source, document)
    before = {_LINE.sub("", problem) for problem in check(record)["problem"]}
    replace_folder(target, files, lambda staged: _checked(staged, before))
    inspection_id, area_id = _about(tables, Record(target))
    return Added(
        folder=target,
        source_id=next(iter(tables.values())).iloc[-1].get("source_id", ""),
        inspection_id=inspection_id,
        area_id=area_id,
        counts={name: len(frame) for name, frame in tables.items()},
        problems=found.problems,
        kept=None if kept is None else target / kept,
    )


def new_rows(rows: Mapping[str, pd.DataFrame], record: Record) -> tuple[Rows, str]:
    """The rows that a record does not have, and the source that is the same publication, if any.

    What is left out is among the problems of the rows, with the reason.
    """
    frames = isinstance(rows, Mapping) and all(
        isinstance(one, pd.DataFrame) for one in rows.values()
    )
    if not frames:
        raise HmcpsiError(
            f"{quote(rows)} are no rows.", "Give tables by name, as rows() of a document."
        )
    if strange := sorted(map(str, set(rows) - set(TABLES))):
        told = f"Rows cannot be added to {', '.join(strange)}, only to {', '.join(TABLES)}."
        raise HmcpsiError(told)
    tables = {name: typed(name, rows.get(name, [])) for name in TABLES}
    there = {name: _there(name, tables[name], record) for name in _KEYS}
    twin, same_file = _twin(tables, there, record)
    left: list[tuple[str, str, str]] = []
    further: list[dict[str, Any]] = []
    for name, known in there.items():
        tables[name] = tables[name][~tables[name].index.isin(known["row"])]
        row: Any
        for row in known.to_dict("records"):
            reason = f"The folder has {row['id']} from {row['source_id_there']}; it stays as it is."
            if name == "measures":
                text = f"{row['value_as_printed']} {row['unit']}"
            elif name != "ratings":
                text = row["key_words"]
            elif row["rating"] == row["rating_there"]:
                further.append({**row, "rating_id": row["id"], "says": "same", "note": BY_RULE})
                continue
            else:
                text = f"{row['label_as_printed'] or 'overall'}: {row['rating']}"
                where = f" ({row['locator_there']})" if row["locator_there"] else ""
                reason = (
                    f"It contradicts {row['id']}, which has {row['rating_there'] or 'no rating'} "
                    f"from {row['source_id_there']}{where}. Nothing is changed; how a conflict is "
                    "recorded stands in CONTRIBUTING.md."
                )
            if name == "ratings" or not same_file:
                left.append((row["locator"], text, reason))
    if not twin:
        tables["rating_sources"] = pd.concat(
            [tables["rating_sources"], typed("rating_sources", further)]
        )
    taken = set(record.table("measures")["measure_id"])
    names = [free(one, taken) for one in tables["measures"]["measure_id"]]
    tables["measures"] = tables["measures"].assign(measure_id=pd.array(names, dtype="string"))
    tables["evidence"] = _evidence(tables)
    for name in set(TABLES) - set(_KEYS) if twin else ():  # what its rows refer to is there
        key = list(table(name).primary_key)
        both = (tables[name], record.table(name))
        mine, theirs = (pd.MultiIndex.from_frame(one[key].astype(object)) for one in both)
        tables[name] = tables[name][~mine.isin(theirs)]
    problems = pd.DataFrame(left, columns=["locator", "text", "reason"], dtype="string")
    problems = pd.concat([getattr(rows, "problems", problems[:0]), problems], ignore_index=True)
    return Rows({name: typed(name, frame) for name, frame in tables.items()}, problems), twin


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
) -> tuple[str, bool]:
    """The source that is the same publication, "" without one; whether it is the very file.

    It is the same where title and date are, or where all that is said has this one source.
    """
    if len(tables["sources"]) != 1:
        raise HmcpsiError("The rows of one document have one row in sources.")
    source = tables["sources"].fillna("").iloc[0]
    known = record.table("sources").fillna({"published": ""})
    for source_id in known.loc[known["sha256"].eq(source["sha256"]), "source_id"]:
        return source_id, True
    origins = pd.concat([one["source_id_there"] for one in there.values()])
    agree = there["ratings"]["rating"].eq(there["ratings"]["rating_there"]).all()
    all_known = agree and len(origins) == sum(len(tables[name]) for name in _KEYS) > 0
    known = known[known["sha256"].notna() & known["publisher"].eq(source["publisher"])]
    date = source["published"]
    for row in known.to_dict("records"):
        dated = row["published"].startswith(date) or date.startswith(row["published"])
        called = row["title"] == source["title"] and row["published"] == date
        if called or (dated and all_known and origins.eq(row["source_id"]).all()):
            return row["source_id"], False
    return "", False


def _evidence(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The links to themes, with those of actions to which a person gave a theme."""
    themed = tables["actions"].dropna(subset="theme_id")
    links = themed[["theme_id"]].assign(
        table="actions", row_id=themed["action_id"], basis="inferred", speaker="project"
    )
    evidence = pd.concat([tables["evidence"], typed("evidence", links)])
    new = [one for name in _KEYS for one in tables[name][table(name).primary_key[0]]]
    evidence = evidence[~evidence["table"].isin(_KEYS) | evidence["row_id"].isin(new)]
    return evidence.drop_duplicates(["theme_id", "table", "row_id"])


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
    found = check(staged)[["problem", "remedy"]]
    new = [" ".join(one) for one in found.values if _LINE.sub("", one[0]) not in before]
    if new:
        more = [f"... and {len(new) - _LISTED} more."] if len(new) > _LISTED else []
        told = "The rows break rules of the data, so nothing was added:"
        raise HmcpsiError("\n".join([told, *new[:_LISTED], *more]))


def _about(tables: Mapping[str, pd.DataFrame], record: Record) -> tuple[str, str]:
    """The inspection and the Area of new rows; some name them by the row that they belong to."""
    of: dict[Any, Any] = {}
    for name in ("ratings", "actions"):
        of |= record.table(name).set_index(f"{name[:-1]}_id")["inspection_id"].to_dict()
    areas = record.table("inspections").set_index("inspection_id")["area_id"]
    for name in ("inspections", "ratings", "rating_sources", "actions", "responses", "measures"):
        if name in tables:
            row = tables[name].iloc[-1]
            of_row = of.get(row.get("rating_id", row.get("action_id", "")), "")
            inspection = str(row.get("inspection_id", of_row))
            return inspection, str(areas.get(inspection, ""))
    return "", ""
