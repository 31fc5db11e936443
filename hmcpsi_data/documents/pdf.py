"""PDF as lines, page by page, in the layout of the page, so that columns stay columns."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from hmcpsi_data.documents.limits import (
    MAX_FORMS,
    MAX_PAGE_BYTES,
    MAX_PAGES,
    MAX_UNPACKED,
    MAX_WORK,
)
from hmcpsi_data.errors import DocumentError

if TYPE_CHECKING:
    from pypdf import PageObject
    from pypdf.generic import DictionaryObject, StreamObject

__all__ = ["pdf_pages"]

_AGAIN = "Print it to a new PDF, or give its text."
_SMALLER = "Give the pages that matter as a PDF of their own, or their text."
_OF_A_TEXT = 15
_OF_A_MATRIX = 150
_OF_A_SPACE = 2
_NEW_LINE = re.compile(rb"T(?:[dDm]\b|\*)|ET\b")
_NEW_STATE = re.compile(rb"\bQ\b")
_OF_A_WIDTH = 2
_STRAY = re.compile(r"(?<=\S)  (?=\S)")  # two spaces are a wide space, three are columns


def pdf_pages(name: str, data: bytes) -> list[list[str]]:
    """The lines of each page of a PDF.

    Raises
    ------
    DocumentError
        Where it is encrypted, damaged, too large, only pictures, or pypdf is missing.
    """
    try:
        import pypdf
    except ImportError:
        from hmcpsi_data.documents.formats import missing

        raise missing(name, "PDF", "pypdf") from None
    limits = {
        "zlib_maximum_output_length": MAX_PAGE_BYTES,
        "lzw_maximum_output_length": MAX_PAGE_BYTES,
        "run_length_maximum_output_length": MAX_PAGE_BYTES,
        "brotli_maximum_output_length": MAX_PAGE_BYTES,
        "zlib_maximum_recovery_input_length": MAX_PAGE_BYTES,
        "array_based_stream_maximum_output_length": MAX_PAGE_BYTES,
        "stream_decoding_work_maximum_length": MAX_UNPACKED,
        "xform_maximum_invocations_per_extraction": MAX_FORMS,
    }
    try:
        with _silent(), pypdf.apply_configuration(**limits):
            reader = pypdf.PdfReader(io.BytesIO(data))
            if reader.is_encrypted:
                raise DocumentError(name, "it is encrypted", "Save it without a password.")
            if len(reader.pages) > MAX_PAGES:
                raise DocumentError(name, f"it has more than {MAX_PAGES:,} pages", _SMALLER)
            pages = list(_pages(name, reader.pages))
    except DocumentError:
        raise
    except pypdf.errors.LimitReachedError:
        raise DocumentError(name, "unpacked, a page of it is too large", _SMALLER) from None
    except Exception as error:  # a library meets what its authors did not think of
        reason = f"it is damaged or no PDF ({type(error).__name__})"
        raise DocumentError(name, reason, _AGAIN) from None
    if not any(map(any, pages)):
        raise DocumentError(
            name, "it has no text, only pictures", "Recognise its text first (OCR)."
        )
    return pages


def _pages(name: str, pages: list[PageObject]) -> Iterator[list[str]]:
    budget = MAX_WORK
    for page in pages:  # all, before any is laid out
        budget -= _work(page.get_contents()) + sum(map(_font_work, _resources(page, "/Font")))
        if budget < 0:
            raise DocumentError(name, "its pages are too large", _SMALLER)
    for page in pages:
        text = page.extract_text(extraction_mode="layout")
        if not text.strip():  # text within forms is not laid out
            forms = [form for form in _resources(page, "/XObject") if "/BBox" in form]
            budget -= MAX_FORMS * max(map(_work, forms), default=0)
            text = page.extract_text() if forms and budget >= 0 else ""
        yield list(_lines(text))


def _resources(page: PageObject, kind: str) -> list[DictionaryObject]:
    found = _object(_object(page.get("/Resources", {})).get(kind, {}))
    return [_object(value) for value in found.values()]


def _object(value: object) -> Any:
    """What a reference leads to."""
    return value.get_object() if hasattr(value, "get_object") else value


def _work(stream: StreamObject | None) -> int:
    """How much work it is to lay out a stream, in bytes; to show a text counts as 15 of them.

    Shifts within a line, and matrices, are multiplied anew for each text that follows them, until
    another line or state begins: with many of them the work grows with the square.
    """
    data = b"" if stream is None else stream.get_data()
    work = len(data) + _OF_A_SPACE * data.count(b" ") + _OF_A_TEXT * _texts(data)
    if b"TJ" in data:
        work += sum(_texts(line) ** 2 // 2 for line in _NEW_LINE.split(data) if b"TJ" in line)
    if b"cm" in data:
        for state in _NEW_STATE.split(data):
            work += state.count(b"cm") * (_OF_A_MATRIX + _texts(state) // 2)
    return work


def _texts(data: bytes) -> int:
    return data.count(b")") + data.count(b">")


def _font_work(font: DictionaryObject) -> int:
    """How much work it is to take in the characters of a font, which is done for each page."""
    letters = _object(font.get("/ToUnicode"))
    size = len(letters.get_data()) if hasattr(letters, "get_data") else 0
    below = [_object(one) for one in _object(font.get("/DescendantFonts", []))]
    parts = [_object(part) for one in below for part in _object(one.get("/W", []))]
    many = sum(len(part) if isinstance(part, list) else 1 for part in parts)
    return size // 3 + _OF_A_WIDTH * many


def _lines(text: str) -> Iterator[str]:
    """The lines of a page, with one empty line for each gap."""
    before = ""
    for line in re.split(r"\r\n|\n|\r", text.strip("\r\n")):
        shown = _STRAY.sub(" ", line.rstrip())
        if shown or before:
            yield shown
        before = shown


@contextmanager
def _silent() -> Iterator[None]:
    """Without the notes that pypdf logs on faulty files."""
    logger = logging.getLogger("pypdf")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)
