"""From a document as given to its lines: taking it in, decoding it, unpacking it.

The format is told by the content, and by the name only where the content leaves it open. What may
hang or grow (PDF, DOCX, large pages) is unpacked by a process of its own that has limits.
"""

from __future__ import annotations

import codecs
import hashlib
import importlib.util
import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from hmcpsi_data.documents import unpack
from hmcpsi_data.errors import DocumentError

__all__ = ["Taken", "take", "to_lines"]

MAX_BYTES = 10_000_000
MAX_CHARACTERS = 500_000
MAX_HTML = 2_000_000
_MAX_HTML_HERE = 100_000  # a larger page is unpacked by a process of its own
_MAX_PATH = 1024
_SUFFIXES = (".txt", ".html", ".htm", ".md", ".pdf", ".docx")
_LIBRARIES = {"pdf": "pypdf", "docx": "docx", "html": "lxml"}
_CLOCK = 30 if sys.platform != "win32" else 5  # seconds; the limit of work is that of the process

_SMALLER = "Give the publication itself, not a collection; split it if need be."
_GIVE = "Give a file (txt, html, htm, md, pdf, docx), its bytes, or the text itself."
_AS_TEXT = "Save it as a text in UTF-8, or give the publication as HTML, PDF or DOCX."
_OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NEWLINE = re.compile(r"\r\n|\n|\r")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_HTML = re.compile(
    r"<(?:!doctype html|html|body|head|table|div|p|h[1-3]|ul|ol|main|article|section)\b"
    r"[^<>]{0,300}>",
    re.IGNORECASE,
)
_SNIFFED = 4096
_SAMPLE = 50_000
_CONTROLS = bytes(range(9)) + bytes(range(14, 32))


class Taken(NamedTuple):
    """A document as given: its text if it came as text, else its bytes."""

    name: str
    sha256: str
    data: bytes
    text: str | None


def take(source: object, name: str | None = None) -> Taken:
    """A document as given, or the `DocumentError` that says why it cannot be had."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _taken(name or "bytes", bytes(source))
    if isinstance(source, os.PathLike) or (isinstance(source, str) and _is_path(source)):
        path = Path(source)
        return _taken(name or path.name or str(path), _content(path))
    if not isinstance(source, str):
        kind = type(source).__name__
        raise DocumentError(name or kind, f"a document cannot be read from {kind}", _GIVE)
    name = name or "text"
    if len(source) > MAX_HTML:
        raise DocumentError(name, f"it has more than {MAX_HTML:,} characters", _SMALLER)
    return _taken(name, source.encode("utf-8", "surrogatepass"), source)


def _is_path(source: str) -> bool:
    if not source or len(source) > _MAX_PATH or not set(source).isdisjoint("\n\r\0"):
        return False
    if source.casefold().endswith(_SUFFIXES):
        return True
    try:
        return Path(source).exists()
    except (OSError, ValueError):
        return False


def _content(path: Path) -> bytes:
    name = path.name or str(path)
    try:
        state = path.stat()
        if stat.S_ISDIR(state.st_mode):
            raise DocumentError(name, "this is a folder", "Give one file in it.")
        if not stat.S_ISREG(state.st_mode):
            raise DocumentError(name, "this is a device or a pipe, not a file", _GIVE)
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise DocumentError(name, "there is no such file", _GIVE) from None
    except (OSError, ValueError) as error:
        if isinstance(error, DocumentError):
            raise
        reason = getattr(error, "strerror", None) or str(error)
        raise DocumentError(name, f"it cannot be opened ({reason})", _GIVE) from None


def _taken(name: str, data: bytes, text: str | None = None) -> Taken:
    if len(data) > MAX_BYTES:
        raise DocumentError(name, f"it has more than {MAX_BYTES:,} bytes", _SMALLER)
    if not (data if text is None else text).strip():
        raise DocumentError(name, "it is empty", _GIVE)
    return Taken(name, hashlib.sha256(data).hexdigest(), data, text)


def to_lines(taken: Taken) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The lines of a document, and how many of them each page has where there are pages.

    Raises
    ------
    DocumentError
        Where they cannot be had.
    """
    name, data, text = taken.name, taken.data, taken.text
    suffix = name.casefold().rpartition(".")[2] if "." in name else ""
    if text is None:
        if b"%PDF-" in data[:1024] or suffix == "pdf":
            pages = _unpacked(name, "pdf", data)
            lines = [line for page in pages for line in page]
            return _bounded(name, lines), tuple(map(len, pages))
        if data.startswith(_OLD_WORD):
            fault = "it is encrypted" if suffix == "docx" else "it is an old Word file"
            raise DocumentError(name, fault, "Save it as DOCX, without a password.")
        if data.startswith(b"PK") or suffix == "docx":
            return _bounded(name, _unpacked(name, "docx", data)[0]), ()
        text = _decoded(name, data)
    start = text[:_SNIFFED].lstrip()
    if (
        suffix in {"html", "htm"}
        or start[:5].lower() in {"<!doc", "<html"}
        or (suffix in {"", "txt"} and start[:1] == "<" and _HTML.search(start))
    ):
        if len(text) > MAX_HTML:
            raise DocumentError(name, f"it has more than {MAX_HTML:,} characters", _SMALLER)
        return _bounded(name, _unpacked(name, "html", text.encode("utf-8", "replace"))[0]), ()
    if len(text) > MAX_CHARACTERS:
        raise DocumentError(name, f"it has more than {MAX_CHARACTERS:,} characters", _SMALLER)
    return _bounded(name, _NEWLINE.split(text)), ()


def _bounded(name: str, lines: list[str]) -> tuple[str, ...]:
    """The lines, where there are not too many of them, without halves of characters."""
    if len(lines) > unpack.MAX_LINES:
        raise DocumentError(name, f"it has more than {unpack.MAX_LINES:,} lines", _SMALLER)
    if sum(map(len, lines)) > MAX_CHARACTERS:
        raise DocumentError(name, f"it has more than {MAX_CHARACTERS:,} characters", _SMALLER)
    if not any(map(str.strip, lines)):
        raise DocumentError(name, "it holds no text", "Give the publication itself.")
    return tuple(
        line if line.isascii() else _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", line)
        for line in lines
    )


def _unpacked(name: str, kind: str, data: bytes) -> list[list[str]]:
    """The pages of a PDF, DOCX or HTML page, or the `DocumentError` that says why not."""
    library = _LIBRARIES[kind]
    try:
        there = importlib.util.find_spec(library) is not None
    except ValueError:
        there = False
    if not there:
        raise DocumentError(
            name,
            f"reading {kind.upper()} needs {library}, which is not installed",
            'Install it with: pip install "hmcpsi_data[documents]"',
        )
    here = kind == "html" and len(data) <= _MAX_HTML_HERE
    answer = unpack.unpacked(kind, data) if here else _apart(kind, data)
    if "fault" in answer:
        raise DocumentError(name, answer["fault"], answer["remedy"])
    return answer["pages"]


def _apart(kind: str, data: bytes) -> dict:
    """What the program of `unpack` answers, within its limits of time and memory."""
    command = [sys.executable, "-P", unpack.__file__, kind]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_CLOCK, check=False)
        return json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        fault = f"unpacking it takes more than {unpack.SECONDS} seconds or too much memory"
        return {"fault": fault, "remedy": _SMALLER}


# Decoding ----------------------------------------------------------------------------------------


def _decoded(name: str, data: bytes) -> str:
    """The text of bytes: UTF-8 where it is, else what the text says or the library finds."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    wide = data.count(b"\0", 0, _SAMPLE) > min(len(data), _SAMPLE) // 4
    if not wide:
        if _is_binary(data):
            raise DocumentError(name, "it is binary and no text", _AS_TEXT)
        text = data.decode("utf-8", "replace")
        wrong = text.count("\N{REPLACEMENT CHARACTER}")
        if sum(not c.isascii() for c in text) - wrong >= wrong:  # UTF-8 but for a few faults
            return text
    text = data.decode(_guess(data, wide), "replace")
    if "\0" in text or _is_binary(text[:_SAMPLE].encode("utf-8", "replace")):
        raise DocumentError(name, "it is binary and no text", _AS_TEXT)
    return text


def _is_binary(data: bytes) -> bool:
    sample = data[:_SAMPLE]
    odd = len(sample) - len(sample.translate(None, _CONTROLS))
    return b"\0" in sample or odd > max(2, len(sample) // 100)


def _guess(data: bytes, wide: bool) -> str:
    """The encoding by the bytes themselves, whatever a page says of it."""
    likely = ["utf_16_le", "utf_16_be"] if wide else ["cp1252", "mac_roman"]
    try:
        from charset_normalizer import from_bytes
    except ImportError:
        return likely[0]
    sample = data[: _SAMPLE - _SAMPLE % 4]
    best = from_bytes(sample, cp_isolation=likely, enable_fallback=False).best()
    return best.encoding if best is not None else likely[0]
