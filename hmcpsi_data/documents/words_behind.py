"""The exact words behind a row, for who has the document."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd

from hmcpsi_data.documents.document import read_document
from hmcpsi_data.documents.source import MAX_BYTES
from hmcpsi_data.errors import HmcpsiError, printable, quote
from hmcpsi_data.html import html_table
from hmcpsi_data.record.sources import lines_in_words
from hmcpsi_data.tables.locators import lines_of
from hmcpsi_data.tables.record import RecordLike, as_record


@dataclass(frozen=True)
class Words:
    """The lines behind a row, or the sentence that says why there are none."""

    sentence: str
    lines: dict[str, str] = field(default_factory=dict)  # by place, such as "L5" or "p2 L5"

    def __repr__(self) -> str:
        shown = (f"{place}  {printable(text)}" for place, text in self.lines.items())
        return "\n".join([self.sentence, *shown])

    def _repr_html_(self) -> str:
        shown = [(place, printable(text)) for place, text in self.lines.items()]
        return html_table(pd.DataFrame(shown, columns=["Line", "Text as read"]), self.sentence)


def show_words(row: Any, documents: str | os.PathLike[str], record: RecordLike = None) -> Words:
    """The exact lines behind a row, where you have the document, which its sha256 tells.

    Where there is nothing to show, `sentence` says why, and `lines` is empty. No row with a
    source, or no such folder, is an `HmcpsiError`.

    Parameters
    ----------
    row : mapping, pandas.Series, named tuple or DataFrame of one row
        Anything with `source_id` and `locator`: a row of a table, of `ratings`, of any view.
    documents : path
        A folder with documents, or one document.
    record : Record or path, optional
        The record that knows the source, where it is not the shipped one.

    Examples
    --------
    >>> from hmcpsi_data import ratings
    >>> row = ratings("Leicestershire", framework="OPA 2006", rating="Poor").iloc[0]
    >>> print(show_words(row, "hmcpsi_data").sentence[:64])
    Line 26 of HMCPSI, press notice on Leicestershire, 14 March 2006
    """
    if isinstance(row, pd.DataFrame) and len(row) == 1:
        row = row.iloc[0]
    row = row._asdict() if hasattr(row, "_asdict") else row
    if not isinstance(row, (Mapping, pd.Series)) or pd.isna(row.get("source_id")):
        raise HmcpsiError("Give show_words one row, with source_id and locator.")
    files = _files(documents)
    sources = as_record(record).table("sources").set_index("source_id").astype(object)
    if row["source_id"] not in sources.index:
        return Words(f"{quote(row['source_id'])} is not a source in this data folder.")
    source, locator = sources.loc[row["source_id"]].dropna(), row.get("locator")
    called = source.get("label", source["title"])
    if "sha256" not in source:
        address = source.get("archived_address", source.get("address"))
        at = f" It is at {address}." if address else ""
        return Words(f"{called} was not read line by line, so no line is cited.{at}")
    if pd.isna(locator):
        return Words(f"The row names no lines of {called}.")
    cited = f"{lines_in_words(locator)} of {called}"
    cited = cited[:1].upper() + cited[1:]
    path = next((one for one in files if _sum(one) == source["sha256"]), None)
    if path is None:
        return Words(
            f"{cited}: the document is not in {documents}. It is "
            f"{quote(source['file_name'])} ({source['title']}), sha256 {source['sha256'][:12]}..."
        )
    try:
        texts = read_document(path).words(locator)
    except HmcpsiError as error:
        return Words(f"{cited} cannot be shown: {error}")
    places = (f"p{page} L{line}" if page else f"L{line}" for page, line in lines_of(locator))
    return Words(f"{cited}, from {quote(path.name)}:", dict(zip(places, texts, strict=True)))


def _files(documents: str | os.PathLike[str]) -> list[Path]:
    """The file that is named, or the regular files of a folder and below, among the first 2,000."""
    try:
        place = Path(documents)
        found = [place] if place.is_file() else [*islice(place.rglob("*"), 2000)]
        if not place.exists():
            raise OSError
    except (TypeError, ValueError, OSError):
        told = f"There is no folder {quote(documents)} with documents."
        raise HmcpsiError(told, "Give the folder that holds them, or one of them.") from None
    return [one for one in found if one.is_file() and not one.is_symlink()]


def _sum(path: Path) -> str | None:
    """The sha256 of a file, None where it cannot be read or is too large for a document."""
    try:
        small = path.stat().st_size <= MAX_BYTES
        return hashlib.sha256(path.read_bytes()).hexdigest() if small else None
    except OSError:
        return None
