"""Taking a document in: a path, bytes or a text, never more than may be read."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path
from typing import NamedTuple

from hmcpsi_data.documents.limits import MAX_BYTES, MAX_HTML
from hmcpsi_data.errors import DocumentError

__all__ = ["SUFFIXES", "Taken", "take"]

SUFFIXES = (".txt", ".html", ".htm", ".md", ".pdf", ".docx")
_LONGEST_PATH = 1024
_SMALLER = "Give the publication itself, not a collection; split it if need be."
_GIVE = "Give a file (txt, html, htm, md, pdf, docx), its bytes, or the text itself."


class Taken(NamedTuple):
    """A document as given: its text if it came as text, else its bytes."""

    name: str
    sha256: str
    data: bytes
    text: str | None


def take(source: object, name: str | None = None) -> Taken:
    """A document as given, or the `DocumentError` that says why it cannot be had."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _taken(name or "bytes", _sized(name or "bytes", bytes(source)))
    if isinstance(source, os.PathLike) or (isinstance(source, str) and _is_path(source)):
        path = Path(source)
        return _taken(name or path.name or str(path), _read(path))
    if not isinstance(source, str):
        kind = type(source).__name__
        raise DocumentError(name or kind, f"a document cannot be read from {kind}", _GIVE)
    name = name or "text"
    if len(source) > MAX_HTML:
        raise DocumentError(name, f"it has more than {MAX_HTML:,} characters", _SMALLER)
    data = source.encode("utf-8", "surrogatepass")
    return _taken(name, data, source)


def _is_path(source: str) -> bool:
    if not source or len(source) > _LONGEST_PATH or "\n" in source or "\r" in source:
        return False
    if "\0" in source:
        return False
    if source.casefold().endswith(SUFFIXES):
        return True
    try:
        return Path(source).exists()
    except (OSError, ValueError):
        return False


def _taken(name: str, data: bytes, text: str | None = None) -> Taken:
    if not (data if text is None else text).strip():
        raise DocumentError(name, "it is empty", _GIVE)
    return Taken(name, hashlib.sha256(data).hexdigest(), data, text)


def _sized(name: str, data: bytes) -> bytes:
    if len(data) > MAX_BYTES:
        raise DocumentError(name, f"it has more than {MAX_BYTES:,} bytes", _SMALLER)
    return data


def _read(path: Path) -> bytes:
    name = path.name or str(path)
    try:
        state = path.stat()
        if stat.S_ISDIR(state.st_mode):
            raise DocumentError(name, "this is a folder", "Give one file in it.")
        if not stat.S_ISREG(state.st_mode):
            raise DocumentError(name, "this is a device or a pipe, not a file", _GIVE)
        if state.st_size > MAX_BYTES:
            raise DocumentError(name, f"it has more than {MAX_BYTES:,} bytes", _SMALLER)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # it may have grown since
    except DocumentError:
        raise
    except FileNotFoundError:
        raise DocumentError(name, "there is no such file", _GIVE) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DocumentError(name, f"it cannot be opened ({reason})", _GIVE) from None
    return _sized(name, data)
