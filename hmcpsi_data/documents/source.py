"""From a document as given to its lines: taking it in, decoding it, unpacking it.

The format is told by the content, and by the name only where the content leaves it open.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from hmcpsi_data.documents import unpack
from hmcpsi_data.errors import DocumentError

MAX_BYTES = 10_000_000
MAX_CHARACTERS = 500_000  # work is linear: some 2 s for as many
MAX_LINES = 15_000
_MAX_HTML_HERE = 100_000  # a larger page is unpacked by a process of its own
SUFFIXES = (".txt", ".html", ".htm", ".md", ".pdf", ".docx")
_CLOCK = 30 if sys.platform != "win32" else 5  # seconds; the limit of work is that of the process

_SMALLER = "Give the publication itself, not a collection; split it if need be."
_GIVE = "Give a file (txt, html, htm, md, pdf, docx), its bytes, or the text itself."
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_HTML = re.compile(
    r"\s*(?:<!doc|<html"
    r"|<(?:!doctype html|body|head|table|div|p|h[1-3]|ul|ol|main|article|section)\b[^<>]{0,300}>)",
    re.IGNORECASE,
)
_SAMPLE = 50_000
_CONTROLS = bytes(range(9)) + bytes(range(14, 32))


def take(source: object, name: object) -> tuple[str, str, tuple[str, ...], tuple[int, ...]]:
    """Name, sha256 and lines of a document; how many lines each page has, where it has pages."""
    own_name, given = _content(source)
    name = own_name if name is None else name
    if not isinstance(name, str):
        told = f"its name is given as {name!r:.60}"
        raise DocumentError("document", told, "Give name= the file's name, as a text.")
    data = given.encode("utf-8", "surrogatepass") if isinstance(given, str) else given
    _cap(name, "bytes", len(data), MAX_BYTES)
    suffix = name.casefold().rpartition(".")[2] if "." in name else ""
    is_pdf = isinstance(given, bytes) and (b"%PDF-" in data[:1024] or suffix == "pdf")
    pages = _unpacked(name, "pdf", data) if is_pdf else _pages(name, suffix, given)
    lines = [_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", line) for page in pages for line in page]
    _cap(name, "lines", len(lines), MAX_LINES)
    _cap(name, "characters", sum(map(len, lines)), MAX_CHARACTERS)
    if not any(map(str.strip, lines)):
        raise DocumentError(name, "it holds no text", _GIVE)
    counts = tuple(map(len, pages)) if is_pdf else ()
    return name, hashlib.sha256(data).hexdigest(), tuple(lines), counts


def _cap(name: str, unit: str, size: int, limit: int) -> None:
    if size > limit:
        raise DocumentError(name, f"it has more than {limit:,} {unit}", _SMALLER)


def _content(source: object) -> tuple[str, str | bytes]:
    """Its name, and its text or its bytes, read from the file where it names one."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return "bytes", bytes(source)
    if isinstance(source, str) and not _is_path(source):
        return "text", source
    if not isinstance(source, (str, os.PathLike)):
        told = f"a document cannot be read from a value of the type {type(source).__name__}"
        raise DocumentError("document", told, _GIVE)
    path, fault = Path(source), "there is no such file"
    name = path.name or str(path)
    try:
        if path.is_file():
            with path.open("rb") as file:
                return name, file.read(MAX_BYTES + 1)
        if path.exists():
            fault = "this is a folder, a device or a pipe, not a file"
    except (OSError, ValueError) as error:
        fault = f"it cannot be opened ({getattr(error, 'strerror', None) or error})"
    raise DocumentError(name, fault, _GIVE)


def _is_path(source: str) -> bool:
    try:
        named = source.casefold().endswith(SUFFIXES) or Path(source).exists()
    except (OSError, ValueError):  # too long for a name, or no name at all
        return False
    return named and bool(source) and "\n" not in source


def _pages(name: str, suffix: str, given: str | bytes) -> list[list[str]]:
    """The lines of a document that is no PDF, as one page."""
    if isinstance(given, bytes):
        if given.startswith(b"PK") or suffix == "docx":
            return _unpacked(name, "docx", given)
        given = _decoded(name, given)
    if suffix in {"html", "htm"} or (suffix in {"", "txt"} and _HTML.match(given)):
        return _unpacked(name, "html", given.encode("utf-8", "replace"))
    return [re.split(r"\r\n|\n|\r", given)]


def _unpacked(name: str, kind: str, data: bytes) -> list[list[str]]:
    """The pages of a PDF, DOCX or HTML page, or the `DocumentError` that says why not."""
    here = kind == "html" and len(data) <= _MAX_HTML_HERE
    answer = unpack.unpacked(kind, data) if here else unpack_apart(kind, data)
    if "fault" in answer:
        raise DocumentError(name, answer["fault"], answer["remedy"])
    return answer["pages"]


def unpack_apart(kind: str, data: bytes) -> dict[str, Any]:
    """What the program of `unpack` answers, within its limits of time and memory."""
    command = [sys.executable, "-I", "-S", unpack.__file__, kind, *sys.path]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_CLOCK)
        return json.loads(done.stdout)
    except (OSError, ValueError, subprocess.TimeoutExpired):
        fault = f"unpacking it takes more than {unpack.SECONDS} seconds or too much memory"
        return {"fault": fault, "remedy": _SMALLER}


def _decoded(name: str, data: bytes) -> str:
    """The text of bytes, whatever a page says of them: UTF-8, UTF-16, else that of Windows."""
    zeros = data[1:_SAMPLE:2].count(0), data[:_SAMPLE:2].count(0)
    encoding = "utf-8-sig"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif sum(zeros) > len(data[:_SAMPLE]) // 4:  # two bytes a character
        encoding = "utf-16-le" if zeros[0] > zeros[1] else "utf-16-be"
    text = data.decode(encoding, "replace")
    wrong = text.count("\N{REPLACEMENT CHARACTER}")
    if wrong and encoding == "utf-8-sig" and sum(not c.isascii() for c in text) < 2 * wrong:
        text = data.decode("cp1252", "replace")
    plain = text[:_SAMPLE].encode("utf-8", "replace")
    odd = len(plain) - len(plain.translate(None, _CONTROLS))
    if 0 in plain or odd > max(2, len(plain) // 100):
        raise DocumentError(name, "it is binary and no text", "Save it as text, PDF or DOCX.")
    return text
