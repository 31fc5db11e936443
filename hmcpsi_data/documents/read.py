"""From a publication to a `Document`: the one way in."""

from __future__ import annotations

import os

from hmcpsi_data.documents.document import Document, frame
from hmcpsi_data.documents.findings import Findings
from hmcpsi_data.documents.forces import read_forces
from hmcpsi_data.documents.formats import to_lines
from hmcpsi_data.documents.front import read_front
from hmcpsi_data.documents.issues import read_issues
from hmcpsi_data.documents.measures import read_measures
from hmcpsi_data.documents.progress import read_progress
from hmcpsi_data.documents.rating_prose import read_prose
from hmcpsi_data.documents.rating_tables import read_tables
from hmcpsi_data.documents.source import take
from hmcpsi_data.documents.text import Text

__all__ = ["read_document"]


def read_document(source: str | bytes | os.PathLike[str], name: str | None = None) -> Document:
    """What a publication of HMCPSI or the CPS says, as tidy tables with the lines that say it.

    Parameters
    ----------
    source : path, bytes or str
        A file (txt, html, htm, md, pdf or docx), its bytes, or the text itself. A string of one
        line that names a file, or ends like one, is a path.
    name : str, optional
        Name of the document, where bytes or a text are given.

    Returns
    -------
    Document
        What was read. What looked like data and was not understood is in its `problems`.

    Raises
    ------
    DocumentError
        Where there is no such file, or it is too large, encrypted, damaged, no document, or needs
        a library that is not installed.

    Examples
    --------
    >>> document = read_document('''Invented notice
    ... Overall Performance Assessment of CPS Cumbria
    ... Embargoed until 1 March 2006
    ...
    ... Critical aspects | Assessment
    ... Leadership       | Good
    ... Disclosure       | Fair
    ... ''')
    >>> document.kind, document.framework_id, document.area_id, document.published
    ('opa', 'opa_2005', 'cumbria_1999', '2006-03-01')
    >>> document.ratings[["label", "rating", "locator"]].values.tolist()
    [['Leadership', 'Good', 'L6'], ['Disclosure', 'Fair', 'L7']]
    """
    taken = take(source, name)
    lines, pages = to_lines(taken)
    text = Text(lines, pages)
    front = read_front(text)
    findings = Findings(text, front)
    for line, reason in front.problems:
        findings.problem([line], reason)
    for line in text.too_long:
        findings.problem([line], "the line is too long to be read")
    for step in (read_progress, read_tables, read_prose, read_issues, read_measures, read_forces):
        step(findings)
    tables = {table: frame(table, rows) for table, rows in findings.rows().items()}
    return Document(
        name=taken.name,
        sha256=taken.sha256,
        lines=text.raw,
        pages=pages,
        kind=front.kind,
        framework_id=front.framework_id,
        area=front.area,
        area_id=front.area_id,
        published=front.published,
        published_precision=front.precision,
        published_basis=front.basis,
        published_locator=text.locator(front.date_lines) if front.date_lines else None,
        **tables,
    )
