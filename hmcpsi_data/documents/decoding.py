"""From bytes to text: UTF-8 where it is, else what the text says or the library finds."""

from __future__ import annotations

import codecs
import re

from hmcpsi_data.errors import DocumentError

__all__ = ["decode"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,200}?\b(?:charset|encoding)\s*=\s*[\"']?([\w.:-]{1,40})"
)
# A page that says Latin-1 means cp1252, as browsers take it.
_WINDOWS = {"iso8859-1", "ascii", "latin-1"}
_LIKELY = ["cp1252", "mac_roman", "utf_16_le", "utf_16_be"]
_SAMPLE = 50_000
_CONTROLS = bytes(range(9)) + bytes(range(14, 32))
_AS_TEXT = "Save it as a text in UTF-8, or give the publication as HTML, PDF or DOCX."


def decode(name: str, data: bytes, declared: bool = False) -> str:
    r"""The text of bytes.

    Parameters
    ----------
    name : str
        Name of the document, for the error.
    data : bytes
        The bytes.
    declared : bool
        Whether to believe what the text says of its encoding, as in HTML.

    Raises
    ------
    DocumentError
        Where the bytes are no text.

    Examples
    --------
    >>> ascii(decode("a.txt", b"the Area\x92s courts"))
    "'the Area\\u2019s courts'"
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    wide = data.count(b"\0", 0, _SAMPLE) > min(len(data), _SAMPLE) // 4
    if not wide and _is_binary(data):
        raise DocumentError(name, "it is binary and no text", _AS_TEXT)
    if declared and (encoding := _declared(data)):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            pass
    if not wide:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            text = data.decode("utf-8", "replace")
            if _mostly_utf8(text):
                return text
    text = data.decode(_guess(data, wide), "replace")
    if text.count("\0") or _is_binary(text[:_SAMPLE].encode("utf-8")):
        raise DocumentError(name, "it is binary and no text", _AS_TEXT)
    return text


def _is_binary(data: bytes) -> bool:
    sample = data[:_SAMPLE]
    odd = len(sample) - len(sample.translate(None, _CONTROLS))
    return b"\0" in sample or odd > max(2, len(sample) // 100)


def _declared(data: bytes) -> str | None:
    match = _DECLARED.search(data[:4096])
    try:
        found = codecs.lookup(match[1].decode("ascii"))
    except (LookupError, TypeError, UnicodeDecodeError):
        return None
    odd = found.name.startswith(("utf-7", "idna", "punycode", "unicode", "raw"))
    if odd or not found._is_text_encoding:
        return None
    return "cp1252" if found.name in _WINDOWS else found.name


def _mostly_utf8(text: str) -> bool:
    """Whether the bytes were UTF-8 but for a few faults, such as a cut in the middle."""
    wrong = text.count("\N{REPLACEMENT CHARACTER}")
    return sum(not c.isascii() for c in text) - wrong > wrong


def _guess(data: bytes, wide: bool) -> str:
    sample = data[: _SAMPLE - _SAMPLE % 4]
    likely = _LIKELY[2:] if wide else _LIKELY[:2]
    try:
        from charset_normalizer import from_bytes
    except ImportError:
        return likely[0]
    best = from_bytes(sample, cp_isolation=likely, enable_fallback=False).best()
    return best.encoding if best is not None else likely[0]
