"""Adding a document to a data folder of one's own: all its rows, checked, or none."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from hmcpsi_data.changing import appended, change
from hmcpsi_data.checks import check
from hmcpsi_data.constraints import require_frictionless
from hmcpsi_data.description import shipped_folder, table, table_names
from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.further import what_is_new
from hmcpsi_data.tables import load

if TYPE_CHECKING:
    from hmcpsi_data.documents import Document

__all__ = ["KEPT", "Added", "add_document"]

KEPT = "documents"
"""Name of the folder, inside a data folder, for documents that were asked to be kept."""

_ENDINGS = frozenset({".txt", ".html", ".htm", ".md", ".pdf", ".docx"})
_LISTED = 5  # problems named in an error; check lists all
_LINE = re.compile(r", line \d+")


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
        What looked like data in the document and was left out: `locator`, `text`, `reason`.
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
    **known: Any,
) -> Added:
    r"""Read a document and add its rows to a data folder of your own.

    All rows are added or none: they are checked in a copy of the folder first. The words of the
    document stay out of the folder, but for labels, words of the scales and key words.

    A rating that the folder has already gets no second row: where the document says the same, it
    becomes a further source of it, in ``rating_sources``; where it says otherwise, nothing is
    changed and `problems` name both. Actions and answers that are there are left out, and listed.
    Two files of one publication are one source: add one of them.

    Parameters
    ----------
    source : path, bytes, str or Document
        As for `read_document`, or what it gave.
    folder : path
        A copy of the data, as `copy_data` makes.
    rows : mapping of str to pandas.DataFrame, optional
        The rows to add, where you corrected what ``document.rows()`` gave.
    keep_text : bool
        Whether to keep the document itself as well, in the folder ``documents`` inside it, under
        its sha256.
    **known
        What the document does not make clear, as for ``Document.rows``: `area`, `framework`,
        `published`, `new_area`.

    Returns
    -------
    Added
        Its `counts` say how many rows each table got; its `problems`, what was left out and why.

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
    >>> notice = '''Press notice
    ...
    ... Overall Performance Assessment of CPS Inventshire: an invented document
    ... 14 March 2006
    ...
    ... Critical aspects
    ... Leadership\tGood
    ... Managing resources\tFair
    ... '''
    >>> with TemporaryDirectory() as home:
    ...     mine = copy_data(f"{home}/mine")
    ...     added = add_document(notice, mine, new_area=True)
    >>> added.counts["ratings"]
    2
    """
    from hmcpsi_data.documents import Document, read_document

    require_frictionless()
    target = _own(folder)
    document = source if isinstance(source, Document) else read_document(source)
    _not_there_yet(document, target)
    found = document.rows(target, **known) if rows is None else rows
    tables, there = what_is_new(_sorted(found), target)
    _something_new(tables, target)
    _new_keys(tables, target)
    content = _content(source, document) if keep_text else None
    with change(target) as files:
        for name, frame in tables.items():
            path = target / table(name).file
            files[path.name] = appended(path.read_bytes(), _header(path), frame)
        kept = None
        if content is not None:
            ending = Path(document.name).suffix.lower()
            ending = ending if ending in _ENDINGS else ".txt"
            kept = f"{KEPT}/{document.sha256}{ending}"
            files[kept] = content
        _checked(target, files)
    problems = pd.concat([getattr(found, "problems", document.problems), there])
    return _added(target, tables, problems, kept)


def _own(folder: str | os.PathLike[str]) -> Path:
    """A data folder that may be written to."""
    try:
        target = Path(folder).expanduser()
        there = target.is_dir()
    except (TypeError, ValueError, OSError, RuntimeError):
        raise HmcpsiError("Give the data folder to add to, such as one of copy_data().") from None
    if not there:
        raise HmcpsiError(f"There is no folder {target}. Make one with copy_data({str(target)!r}).")
    shipped = shipped_folder().resolve()
    if target.resolve() == shipped or shipped in target.resolve().parents:
        raise HmcpsiError(
            "The data of the package are not changed. Make a copy with copy_data('my_copy') "
            "and add the document to that."
        )
    missing = [table(n).file for n in table_names() if not (target / table(n).file).is_file()]
    if missing:
        raise HmcpsiError(
            f"{target} is no data folder: it lacks {', '.join(missing[:3])}. "
            "Make one with copy_data() in a folder that is not there yet."
        )
    return target.absolute()


def _not_there_yet(document: Document, folder: Path) -> None:
    sources = load("sources", folder)
    same = sources.loc[sources["sha256"].eq(document.sha256).fillna(False), "source_id"]
    if len(same):
        raise HmcpsiError(
            f"This document is in {folder} already, as {same.iloc[0]}. Nothing was added."
        )


def _something_new(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Refuse a document that adds nothing but itself."""
    if not set(tables) - {"sources", "area_names", "area_forces"}:
        raise HmcpsiError(
            f"Nothing in this document is new to {folder}, or nothing in it was understood: "
            "see the problems of read_document(). Nothing was added."
        )


def _sorted(found: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The rows as the tables have them, those without any left out, links to themes added."""
    from hmcpsi_data.documents.rows import TABLES, typed

    strange = sorted(set(found) - set(TABLES))
    if strange:
        raise HmcpsiError(f"Rows cannot be added to {', '.join(strange)}, only to {TABLES}.")
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


def _new_keys(tables: Mapping[str, pd.DataFrame], folder: Path) -> None:
    """Refuse keys that the folder has, and say which."""
    for name, frame in tables.items():
        key = list(table(name).primary_key)
        known = set(load(name, folder)[key].itertuples(index=False, name=None))
        there = [row for row in frame[key].itertuples(index=False, name=None) if row in known]
        if there:
            ids = ", ".join(" ".join(map(str, row)) for row in there[:_LISTED])
            more = f" and {len(there) - _LISTED} more" if len(there) > _LISTED else ""
            raise HmcpsiError(
                f"{folder} has {ids}{more} in {name} already. Nothing was added. Drop these rows "
                "from document.rows() and add the rest with rows=, or leave the document out."
            )


def _header(path: Path) -> list[str]:
    """The columns of a file in its own order."""
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    return first.strip().split(",")


def _content(source: Any, document: Document) -> bytes:
    """The document as it was given: a path is read again, and must not have changed."""
    import hashlib

    if isinstance(source, (bytes, bytearray, memoryview)):
        content = bytes(source)
    elif isinstance(source, os.PathLike) or (isinstance(source, str) and _is_file(source)):
        content = Path(source).read_bytes()
    else:
        content = source.encode("utf-8") if isinstance(source, str) else b""
    if hashlib.sha256(content).hexdigest() == document.sha256:
        return content
    raise HmcpsiError(
        "To keep the text, give the document as a path, as bytes or as text, as it was read."
    )


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):
        return False


def _checked(folder: Path, files: Mapping[str, bytes]) -> None:
    """Check a copy of the folder with the new files; what was wrong before does not count."""
    with tempfile.TemporaryDirectory(prefix="hmcpsi-") as home:
        copy = Path(home) / "data"
        copy.mkdir()
        for path in folder.iterdir():
            if path.is_file() and not path.name.startswith("."):
                shutil.copyfile(path, copy / path.name)
        for name, content in files.items():
            if "/" not in name:
                (copy / name).write_bytes(content)
        found = check(copy)
    if found.empty:
        return
    before = {_LINE.sub("", problem) for problem in check(folder)["problem"]}
    new = [
        f"{problem} {remedy}"
        for problem, remedy in found[["problem", "remedy"]].itertuples(index=False)
        if _LINE.sub("", problem) not in before
    ]
    if new:
        more = [f"... and {len(new) - _LISTED} more."] if len(new) > _LISTED else []
        told = "The rows break rules of the data, so nothing was added:"
        raise HmcpsiError("\n".join([told, *new[:_LISTED], *more]))


def _added(
    folder: Path, tables: Mapping[str, pd.DataFrame], problems: pd.DataFrame, kept: str | None
) -> Added:
    source_id = tables["sources"]["source_id"].iloc[0]
    inspection = _first(tables, "inspections") or _first(tables, "ratings", "actions", "measures")
    if inspection is None and "rating_sources" in tables:
        rated = load("ratings", folder).set_index("rating_id")["inspection_id"]
        inspection = rated[tables["rating_sources"]["rating_id"].iloc[-1]]
    inspections = load("inspections", folder).set_index("inspection_id")
    return Added(
        folder=folder,
        source_id=source_id,
        inspection_id=inspection or "",
        area_id=inspections.loc[inspection, "area_id"] if inspection else "",
        counts={name: len(frame) for name, frame in tables.items()},
        problems=problems.reset_index(drop=True),
        kept=None if kept is None else folder / kept,
    )


def _first(tables: Mapping[str, pd.DataFrame], *names: str) -> str | None:
    """The inspection of the last row of the first of these tables that has any."""
    for name in names:
        if name in tables and len(tables[name]):
            return str(tables[name]["inspection_id"].iloc[-1])
    return None
