"""What was read of a document, as plain text for a terminal."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pandas as pd

from hmcpsi_data.documents.document import Document
from hmcpsi_data.errors import HmcpsiError, printable
from hmcpsi_data.tiles import tile_table

__all__ = ["in_words"]

_SHOWN = {
    "ratings": ["label_as_printed", "rating", "locator", "basis", "speaker"],
    "actions": ["kind", "number", "key_words", "progress", "locator"],
    "responses": ["number", "key_words", "locator"],
    "measures": ["value", "value_as_printed", "unit", "locator"],
    "area_forces": ["force", "force_as_printed", "locator"],
    "area_names": ["area_id", "name", "locator"],
}


def in_words(document: Document, folder: str | os.PathLike[str] | None = None, **known: Any) -> str:
    """The rows and problems of a document, with nothing that could steer a terminal.

    Parameters
    ----------
    document : Document
        What `read_document` gave.
    folder : path, optional
        As for ``Document.rows``.
    **known
        What the document does not make clear, as for ``Document.rows``.

    Examples
    --------
    >>> from hmcpsi_data import read_document
    >>> from hmcpsi_data.documents.example import invented_notice
    >>> print(in_words(read_document(invented_notice()), new_area=True)[:58])
    response, aap_2016, CPS Inventshire, published 2016-11-29:
    """
    return "\n".join(_lines(document, folder, known))


def _lines(
    document: Document, folder: str | os.PathLike[str] | None, known: dict[str, Any]
) -> Iterator[str]:
    about = [document.kind, document.framework_id or "framework not clear"]
    about += [document.area or "Area not clear", f"published {document.published or 'not stated'}"]
    yield printable(f"{', '.join(about)}: {len(document.lines)} lines")
    try:
        rows = document.rows(folder, **known)
    except HmcpsiError as error:
        yield printable(str(error))
        tables, problems = _as_read(document), document.problems
    else:
        tables = {name: rows[name][columns] for name, columns in _SHOWN.items()}
        problems = rows.problems
    for name, frame in tables.items():
        if len(frame):
            yield from ["", f"{name} ({len(frame)})", _table(frame)]
    n = len(problems)
    yield from ["", f"problems ({n})", _table(problems)] if n else ["", "No problems."]


def _as_read(document: Document) -> dict[str, pd.DataFrame]:
    """What was read of a document that cannot be placed."""
    names = ("ratings", "actions", "responses", "measures", "forces")
    return {name: getattr(document, name) for name in names}


def _table(frame: pd.DataFrame) -> str:
    """A table as text, its cells printable."""
    cells = frame.astype(object).where(frame.notna(), "")
    cells = cells.map(lambda value: f"{value:.15g}" if isinstance(value, float) else str(value))
    return str(tile_table(cells.map(printable), ""))
