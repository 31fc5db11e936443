"""From a document as given to its lines, whatever its format.

The format is told by the content, and by the name only where the content leaves it open.
"""

from __future__ import annotations

import re

from hmcpsi_data.documents.decoding import decode
from hmcpsi_data.documents.limits import MAX_CHARACTERS, MAX_HTML, MAX_LINES
from hmcpsi_data.documents.source import Taken
from hmcpsi_data.errors import DocumentError

__all__ = ["missing", "to_lines"]

_NEWLINE = re.compile(r"\r\n|\n|\r")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SMALLER = "Give the publication itself, not a collection; split it if need be."
_HTML_START = re.compile(
    r"\s*(?:<!--.{0,2000}?-->\s*|<\?xml[^>]{0,200}>\s*){0,5}<(?:!doctype html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML_TAG = re.compile(
    r"<(?:body|head|table|div|p|h[1-3]|ul|ol|main|article|section)\b[^<>]{0,300}>", re.IGNORECASE
)
_OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SNIFFED = 4096


def to_lines(taken: Taken) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The lines of a document, and how many of them each page has where there are pages.

    Raises
    ------
    DocumentError
        Where they cannot be had.
    """
    name, data = taken.name, taken.data
    suffix = name.casefold().rpartition(".")[2] if "." in name else ""
    if taken.text is None:
        if b"%PDF-" in data[:1024] or suffix == "pdf":
            return _paged(name, data)
        if data.startswith(b"PK") or suffix == "docx":
            if data.startswith(_OLD_WORD):
                raise DocumentError(name, "it is encrypted", "Save it without a password.")
            from hmcpsi_data.documents.word import docx_lines

            return _bounded(name, docx_lines(name, data)), ()
        if data.startswith(_OLD_WORD):
            raise DocumentError(
                name, "it is an old Word file or another of Office", "Save it as DOCX."
            )
    html = suffix in {"html", "htm"}
    text = decode(name, data, declared=html) if taken.text is None else taken.text
    html = html or bool(_HTML_START.match(text))
    if html or (suffix == "" and _HTML_TAG.search(text[:_SNIFFED])):
        if len(text) > MAX_HTML:
            raise DocumentError(name, f"it has more than {MAX_HTML:,} characters", _SMALLER)
        from hmcpsi_data.documents.web import html_lines

        return _bounded(name, html_lines(name, text)), ()
    if len(text) > MAX_CHARACTERS:
        raise DocumentError(name, f"it has more than {MAX_CHARACTERS:,} characters", _SMALLER)
    return _bounded(name, _NEWLINE.split(text)), ()


def missing(name: str, kind: str, library: str) -> DocumentError:
    """The error that names what to install."""
    return DocumentError(
        name,
        f"reading {kind} needs {library}, which is not installed",
        'Install it with: pip install "hmcpsi_data[documents]"',
    )


def _paged(name: str, data: bytes) -> tuple[tuple[str, ...], tuple[int, ...]]:
    from hmcpsi_data.documents.pdf import pdf_pages

    pages = pdf_pages(name, data)
    lines = [line for page in pages for line in page]
    return _bounded(name, lines), tuple(len(page) for page in pages)


def _bounded(name: str, lines: list[str]) -> tuple[str, ...]:
    """The lines, where there are not too many of them, without halves of characters."""
    if len(lines) > MAX_LINES:
        raise DocumentError(name, f"it has more than {MAX_LINES:,} lines", _SMALLER)
    if sum(map(len, lines)) > MAX_CHARACTERS:
        raise DocumentError(name, f"it has more than {MAX_CHARACTERS:,} characters", _SMALLER)
    if not any(map(str.strip, lines)):
        raise DocumentError(name, "it holds no text", "Give the publication itself.")
    return tuple(
        line if line.isascii() else _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", line)
        for line in lines
    )
