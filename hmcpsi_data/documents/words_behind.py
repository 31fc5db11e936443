"""The exact words behind a row, for who has the document."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from hmcpsi_data.errors import HmcpsiError, printable, quote
from hmcpsi_data.tables.locators import lines_of
from hmcpsi_data.tables.record import RecordLike, as_record

__all__ = ["Words", "show_words"]

_MOST_FILES = 2000  # looked at in a folder of documents
_MOST_BYTES = 50_000_000  # of one file
_CELL = "vertical-align:top;text-align:left;padding:2px 8px"


@dataclass(frozen=True)
class Words:
    """The lines behind a row, or the sentence that says why there are none.

    Attributes
    ----------
    sentence : str
        Which lines of which document these are, or why there are none.
    lines : pandas.DataFrame
        `page` (empty but in a PDF), `line` and `text`, as read.
    """

    sentence: str
    lines: pd.DataFrame

    def __bool__(self) -> bool:
        return len(self.lines) > 0

    def __repr__(self) -> str:
        shown = [f"{place}  {printable(text)}" for place, text in self._placed()]
        return "\n".join([self.sentence, *shown])

    def _repr_html_(self) -> str:
        head = f"<p>{escape(self.sentence)}</p>"
        if not self:
            return head
        rows = "".join(
            f'<tr><th scope="row" style="{_CELL};white-space:nowrap">{place}</th>'
            f'<td style="{_CELL}">{escape(printable(text))}</td></tr>'
            for place, text in self._placed()
        )
        return (
            f'{head}<table><thead><tr><th scope="col" style="{_CELL}">Line</th>'
            f'<th scope="col" style="{_CELL}">Text as read</th></tr></thead>'
            f"<tbody>{rows}</tbody></table>"
        )

    def _placed(self) -> Iterator[tuple[str, str]]:
        for page, line, text in self.lines.itertuples(index=False, name=None):
            yield f"L{line}" if pd.isna(page) else f"p{page} L{line}", text


def show_words(
    row: Any,
    documents: str | os.PathLike[str],
    record: RecordLike = None,
) -> Words:
    """The exact lines behind a row, where you have the document.

    The document is found by its sha256, whatever its name; a file that only has the name of the
    document is taken with a warning, since its lines may be others.

    Parameters
    ----------
    row : mapping, pandas.Series, named tuple or DataFrame of one row
        Anything with `source_id` and `locator`: a row of a table, of `ratings`, of any view.
    documents : path
        A folder with documents, or one document.
    record : Record or path, optional
        The record that knows the source, where it is not the shipped one.

    Returns
    -------
    Words
        Where there is nothing to show, `sentence` says why, and `lines` is empty.

    Raises
    ------
    HmcpsiError
        Where `row` has no source, or `documents` is not there.

    Examples
    --------
    >>> from hmcpsi_data import ratings
    >>> row = ratings("Leicestershire", framework="OPA 2006", rating="Poor").iloc[0]
    >>> show_words(row, "hmcpsi_data")
    L26 of doc_opa_2006: the document is not in hmcpsi_data. It is "opa-2006-leicestershire.txt" \
(Press notice: Overall Performance Assessment of CPS Leicestershire), sha256 a494bc665319...
    """
    source_id, locator = _origin(row)
    place = _place(documents)
    sources = as_record(record).table("sources").set_index("source_id")
    if source_id not in sources.index:
        return _nothing(f"{quote(source_id)} is not a source in this data folder.")
    source = sources.loc[source_id]
    if pd.isna(source["sha256"]):
        address = source["archived_address"] if pd.notna(source["archived_address"]) else None
        address = source["address"] if address is None else address
        at = f" It is at {address}." if pd.notna(address) else ""
        unread = f"{source_id} ({source['title']}) was not read line by line, so no line is cited."
        return _nothing(unread + at)
    if not locator:
        return _nothing(f"The row names no lines of {source_id} ({source['title']}).")
    file = _find(place, source)
    if file is None:
        name = f"{quote(source['file_name'])} ({source['title']})"
        return _nothing(
            f"{locator} of {source_id}: the document is not in {place}. It is {name}, "
            f"sha256 {source['sha256'][:12]}..."
        )
    path, same = file
    return _words(path, same, source_id, locator)


def _words(path: Path, same: bool, source_id: str, locator: str) -> Words:
    from hmcpsi_data.documents.document import read_document

    try:
        document = read_document(path)
        texts = document.words(locator)
    except HmcpsiError as error:
        return _nothing(f"{locator} of {source_id} cannot be shown: {error}")
    pages, numbers = zip(*lines_of(locator), strict=True)
    lines = pd.DataFrame(
        {
            "page": pd.array(pages, dtype="Int64"),
            "line": pd.array(numbers, dtype="Int64"),
            "text": pd.array(texts, dtype="string"),
        }
    )
    warning = "" if same else (
        " It is another version than the one that was read (its sha256 differs), "
        "so these may be other lines."
    )  # fmt: skip
    return Words(f"{locator} of {source_id}, from {quote(path.name)}:{warning}", lines)


def _origin(row: Any) -> tuple[str, str]:
    """Source and locator of a row, whatever it is."""
    if isinstance(row, pd.DataFrame):
        if len(row) != 1:
            raise HmcpsiError(f"Give show_words one row; this table has {len(row)}.")
        row = row.iloc[0]
    if hasattr(row, "_asdict"):
        row = row._asdict()
    if not isinstance(row, (Mapping, pd.Series)) or "source_id" not in row:
        raise HmcpsiError("Give show_words a row with source_id and locator.")
    if pd.isna(row["source_id"]):
        raise HmcpsiError("The row names no source.")
    locator = row.get("locator")
    return str(row["source_id"]), "" if pd.isna(locator) else str(locator)


def _place(documents: str | os.PathLike[str]) -> Path:
    try:
        place = Path(documents).expanduser()
        there = place.exists()
    except (TypeError, ValueError, OSError, RuntimeError):
        raise HmcpsiError("documents= takes the folder that holds your documents.") from None
    if not there:
        raise HmcpsiError(f"There is no folder {quote(place)} with documents.")
    return place


def _find(place: Path, source: pd.Series) -> tuple[Path, bool] | None:
    """The file with the sum, else the one with the name, and whether it is the very document."""
    named = None
    for path in _files(place):
        if path.name == source["file_name"]:
            named = named or path
        if _sum(path) == source["sha256"]:
            return path, True
    return None if named is None else (named, False)


def _files(place: Path) -> Iterator[Path]:
    """The regular files of a folder and of those below it, links left out."""
    if place.is_file():
        yield place
        return
    n = 0
    for folder, below, names in os.walk(place):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_symlink() or not path.is_file():
                continue
            n += 1
            if n > _MOST_FILES:
                return
            yield path


def _sum(path: Path) -> str | None:
    """The sha256 of a file, None where it cannot be read or is too large for a document."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            return None
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _nothing(sentence: str) -> Words:
    columns = {"page": "Int64", "line": "Int64", "text": "string"}
    return Words(sentence, pd.DataFrame(columns=list(columns)).astype(columns))
