"""A document that is invented and says so, to try the reader on; what was read, as plain text."""

from __future__ import annotations

from typing import Any

import pandas as pd

from hmcpsi_data.documents.document import Document
from hmcpsi_data.errors import HmcpsiError, printable
from hmcpsi_data.tables.record import RecordLike

__all__ = ["in_words", "invented_notice"]

_NOTICE = """\
THIS DOCUMENT IS INVENTED. There is no such Area, and nothing in it was ever found or said.

CPS response to the Area Assurance inspection of CPS Inventshire
29 November 2016

In relation to Public Confidence the Area was rated as 'Fair'. Invented staff do a good job.

Inspected criterion\tScore
Effectiveness of leadership\tGood
Performance data\tFair
Care of dragons\tPoor
Late flying carpets\tVery good

The inspectors looked at 40 invented files in three courts.

Issues to address

1. The Area should record every dragon on the day on which it is seen.
Response: A register of dragons will be kept, and checked by managers each week.

2. Letters to knights should be sent in time.
Response: Two more scribes have been trained.
"""


def invented_notice() -> str:
    """The text of an invented document about an Area that does not exist.

    Use it to try `read_document` and `add_document`, in a folder that you throw away.

    Examples
    --------
    >>> print(invented_notice()[:26])
    THIS DOCUMENT IS INVENTED.
    """
    return _NOTICE


def in_words(document: Document, record: RecordLike = None, **known: Any) -> str:
    """The claims of a document for a terminal, with nothing that could steer it.

    Parameters
    ----------
    document : Document
        What `read_document` gave.
    record : Record or path, optional
        The record that its rows would go into.
    **known
        What the document does not make clear, as for ``Document.rows``.

    Examples
    --------
    >>> from hmcpsi_data.documents import read_document
    >>> print(in_words(read_document(invented_notice()), new_area=True)[:58])
    response, aap_2016, CPS Inventshire, published 2016-11-29:
    """
    about = [document.kind, document.framework_id or "framework not clear"]
    about += [document.area or "Area not clear", f"published {document.published or 'not stated'}"]
    parts = [f"{', '.join(about)}: {len(document.lines)} lines"]
    try:
        rows = document.rows(record, **known)
        parts.append(f"Rows: {rows!r}.")
    except HmcpsiError as error:
        parts.append(str(error))
    claims = document.claims.drop(columns=["row", "certain"])
    certain = document.claims["certain"]
    shown = {"certain": claims[certain].drop(columns="why"), "doubtful": claims[~certain]}
    for name, frame in shown.items():
        if len(frame):
            parts += ["", f"{name} ({len(frame)})", _table(frame)]
    return "\n".join(printable(line) for part in parts for line in part.split("\n"))


def _table(frame: pd.DataFrame) -> str:
    """A table as text, a row a line, whatever stands in its cells."""
    cells = frame.assign(words=frame["words"].str.slice(0, 60)).astype(object)
    cells = cells.where(frame.notna(), "").map(lambda value: printable(str(value)))
    return cells.to_string(index=True, justify="left")
