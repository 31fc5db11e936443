"""PDF as lines, page by page, in the layout of the page, so that columns stay columns."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from hmcpsi_data.documents.limits import MAX_DRAWN, MAX_PAGE_BYTES, MAX_PAGES, MAX_UNPACKED
from hmcpsi_data.errors import DocumentError

if TYPE_CHECKING:
    from pypdf import PageObject

__all__ = ["pdf_pages"]

_AGAIN = "Print it to a new PDF, or give its text."
_SMALLER = "Give the pages that matter as a PDF of their own, or their text."
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
    drawn = 0
    for page in pages:
        contents = page.get_contents()
        drawn += 0 if contents is None else len(contents.get_data())
        if drawn > MAX_DRAWN:
            raise DocumentError(name, "its pages are too large", _SMALLER)
        text = page.extract_text(extraction_mode="layout")
        if not text.strip():  # text within forms is not laid out
            text = page.extract_text()
        yield list(_lines(text))


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
