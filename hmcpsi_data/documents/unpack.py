"""PDF, DOCX and HTML as lines, by libraries that a hostile file can keep busy for hours.

So this file is also a program of its own, which `source` runs with limits of time and memory: it
imports nothing of the package, takes the bytes of a file and gives its lines as JSON.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import re
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

__all__ = ["MAX_CELLS", "MEGABYTES", "SECONDS", "unpacked"]

MAX_PAGES = 300
MAX_CELLS = 50
MAX_UNPACKED = 20_000_000
SECONDS = 4
MEGABYTES = 450

_AGAIN = "Open it, save or print it anew, or give its text."
_SMALLER = "Give the pages that matter as a file of their own, or their text."
_UNLOCKED = "Save it without a password."


class Refused(Exception):  # noqa: N818
    """A file that is not read: what is wrong with it, and what to do."""


# PDF ---------------------------------------------------------------------------------------------


def pdf_pages(data: bytes) -> list[list[str]]:
    """The lines of each page, in its layout, so that columns stay columns."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)
    reader = pypdf.PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):  # an owner's password alone locks no reader
        raise Refused("it is encrypted", _UNLOCKED)
    if len(reader.pages) > MAX_PAGES:
        raise Refused(f"it has more than {MAX_PAGES:,} pages", _SMALLER)
    pages = []
    for page in reader.pages:
        text = page.extract_text(extraction_mode="layout")
        if not text.strip():  # text within forms is not laid out
            text = page.extract_text()
        pages.append(list(_page_lines(text)))
    if not any(map(any, pages)):
        raise Refused("it has no text, only pictures", "Recognise its text first (OCR).")
    return pages


def _page_lines(text: str) -> Iterator[str]:
    """The lines of a page, with one empty line for each gap."""
    before = ""
    for line in text.strip("\r\n").splitlines():
        shown = re.sub(r"(?<=\S)  (?=\S)", " ", line.rstrip())  # three spaces are a column
        if shown or before:
            yield shown
        before = shown


# HTML --------------------------------------------------------------------------------------------

_SKIPPED = frozenset(
    "script style template noscript head svg math iframe object embed select canvas audio video "
    "map".split()
)
_APART = frozenset(  # an empty line stands before and after them
    "address article aside blockquote body center details dialog div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hr html legend main nav ol p pre section summary "
    "table tbody tfoot thead ul caption menu".split()
)
_BLOCKS = _APART | {"li", "tr", "td", "th", "dd"}
_SMALL = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")  # numbers of footnotes
_LONGEST_CELL = 3000


def html_pages(data: bytes) -> list[list[str]]:
    """The lines of an HTML page in UTF-8: a block is a line, and a row of a table."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    root = None
    with contextlib.suppress(etree.LxmlError, ValueError):
        root = etree.fromstring(data.replace(b"\0", b""), parser)
    if any("Excessive depth" in error.message for error in parser.error_log):
        raise RecursionError
    return [[] if root is None else _Page(root).lines]


class _Page:
    """The lines of an element, without scripts, styles and what is hidden."""

    def __init__(self, root: Any) -> None:
        self.lines: list[str] = []
        self._parts: list[str] = []
        self._mark = ""
        self._read(root)
        self._end()
        while self.lines and not self.lines[-1]:
            self.lines.pop()

    def _read(self, element: Any) -> None:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED or element.get("hidden") is not None:
            return
        if tag in _BLOCKS or tag == "br":
            self._end(tag in _APART)
        if tag == "table" and _is_data(element):
            self.lines += [*_html_rows(element), ""]
            return
        text = element.text or ""
        raised = tag == "sup" and text.strip().isdigit()
        self._parts.append(text.translate(_SMALL) if raised else text)
        number = _number(element.get("start"))
        for child in element:
            if child.tag == "li":
                self._end()
                number = _number(child.get("value"), number)
                self._mark = f"{number}. " if tag == "ol" else "\N{BULLET} "
                number += 1
            self._read(child)
            self._parts.append(child.tail or "")
        if tag in _BLOCKS:
            self._end(tag in _APART)

    def _end(self, apart: bool = False) -> None:
        """End the line that is being written; leave an empty one after it."""
        if line := " ".join("".join(self._parts).split()):
            self.lines.append(self._mark + line)
            self._mark = ""
        self._parts = []
        if apart and self.lines and self.lines[-1]:
            self.lines.append("")


def _html_rows(table: Any) -> Iterator[str]:
    """The rows of a table, each cell in its column, whatever spans several of them."""
    below: Counter[int] = Counter()  # how many rows a cell still fills, by its column
    for row in table.iter("caption", "tr"):
        if row.tag == "caption":
            yield _words(row)
            continue
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            while below[len(cells)] > 0:
                below[len(cells)] -= 1
                cells.append("")
            if len(cells) >= MAX_CELLS:
                break
            wide, high = (min(_number(cell.get(f"{way}span")), MAX_CELLS) for way in ("col", "row"))
            below.update(dict.fromkeys(range(len(cells), len(cells) + wide), high - 1))
            cells += [_words(cell), *[""] * (wide - 1)]
        below.subtract([at for at, rows in below.items() if at >= len(cells) and rows > 0])
        if any(cells):
            yield "\t".join(cells).rstrip("\t")


def _words(element: Any) -> str:
    return " ".join(filter(None, _Page(element).lines))


def _is_data(table: Any) -> bool:
    """Whether a table holds data, not the layout of a page."""
    if table.xpath(".//table | .//h1 | .//h2 | .//h3 | .//h4"):
        return False
    rows = [row.xpath("td | th") for row in table.iter("tr")]
    longest = max((len(cell.xpath("string()")) for row in rows for cell in row), default=0)
    return longest <= _LONGEST_CELL and any(len(row) > 1 for row in rows)


def _number(digits: str | None, otherwise: int = 1) -> int:
    """A number of one to four digits, or the other one."""
    return int(digits) if re.fullmatch(r"[1-9][0-9]{0,3}", digits or "") and digits else otherwise


# DOCX --------------------------------------------------------------------------------------------

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_GONE = [f"{_W}{tag}" for tag in ("del", "moveFrom", "tabs")] + [f"{_MC}Fallback"]
_WRAPPERS = [f"{_W}{tag}" for tag in ("ins", "moveTo", "sdt", "sdtContent", "smartTag")]
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": " ", f"{_W}cr": " ", f"{_W}noBreakHyphen": "-"}


def docx_pages(data: bytes) -> list[list[str]]:
    """The lines of a DOCX: a paragraph is a line with the number or bullet of its list."""
    import docx
    from lxml import etree

    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, EOFError):
        raise Refused("it is damaged or no DOCX", _AGAIN) from None
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("it is encrypted", _UNLOCKED)
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Refused(f"unpacked it has more than {MAX_UNPACKED:,} bytes", _SMALLER)
    document: Any = docx.Document(io.BytesIO(data))
    body = document.element.body
    etree.strip_elements(body, *_GONE, with_tail=False)
    etree.strip_tags(body, *_WRAPPERS)
    marks = _Marks(document)
    lines: list[str] = []
    listed = False
    for element in body.iterchildren(f"{_W}p", f"{_W}tbl"):
        if element.tag == f"{_W}tbl":
            lines += ["", *_docx_rows(element), ""]
            listed = False
            continue
        mark, words = marks.of(element), _docx_words(element)
        if not words:
            continue
        if lines and lines[-1] and not (mark and listed):
            lines.append("")
        lines.append(mark + words)
        listed = bool(mark)
    return [lines]


class _Marks:
    """The numbers and bullets of the lists of a document."""

    def __init__(self, document: Any) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._formats: dict[tuple[str, str], str] = {}
        styles = document.styles.element.iterchildren(f"{_W}style")
        path = "w:pPr/w:numPr/w:numId"
        self._styled = {style.get(f"{_W}styleId"): _val(style, path) for style in styles}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):  # a document without lists
            return
        levels = {
            node.get(f"{_W}abstractNumId"): list(node.iterchildren(f"{_W}lvl"))
            for node in root.iterchildren(f"{_W}abstractNum")
        }
        for node in root.iterchildren(f"{_W}num"):
            for level in levels.get(_val(node, "w:abstractNumId"), ()):
                key = node.get(f"{_W}numId", ""), level.get(f"{_W}ilvl", "0")
                self._formats[key] = _val(level, "w:numFmt") or "decimal"

    def of(self, paragraph: Any) -> str:
        """The number or bullet of a paragraph; "" where it is in no list."""
        style = _val(paragraph, "w:pPr/w:pStyle")
        number = _val(paragraph, "w:pPr/w:numPr/w:numId") or self._styled.get(style, "")
        if number in {"", "0"}:
            return ""
        key = number, _val(paragraph, "w:pPr/w:numPr/w:ilvl") or "0"
        if self._formats.get(key) != "decimal":
            return "\N{BULLET} "
        for deeper in [one for one in self._counts if one[0] == number and one > key]:
            del self._counts[deeper]
        self._counts[key] += 1
        return f"{self._counts[key]}. "


def _val(node: Any, path: str) -> str:
    """The value that an element below a node gives."""
    found = node.find(path, {"w": _W.strip("{}")})
    return "" if found is None else found.get(f"{_W}val", "")


def _docx_rows(table: Any) -> Iterator[str]:
    """The rows of a table; the words of a table within a cell are words of that cell."""
    for row in table.iterchildren(f"{_W}tr"):
        cells: list[str] = []
        for cell in row.iterchildren(f"{_W}tc"):
            words = " ".join(filter(None, map(_docx_words, cell.iter(f"{_W}p"))))
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            above = merged is not None and merged.get(f"{_W}val") != "restart"
            cells.append("" if above else " ".join(words.split()))
            cells += [""] * (_number(_val(cell, "w:tcPr/w:gridSpan")) - 1)
            if len(cells) > MAX_CELLS:
                break
        if any(cells):
            yield "\t".join(cells[:MAX_CELLS]).rstrip("\t")


def _docx_words(paragraph: Any) -> str:
    parts = (_SIGNS.get(node.tag, node.text) for node in paragraph.iter(f"{_W}t", *_SIGNS))
    return "".join(part or "" for part in parts).replace("\n", " ").strip(" ")


# The program -------------------------------------------------------------------------------------

KINDS = {"pdf": pdf_pages, "docx": docx_pages, "html": html_pages}


def unpacked(kind: str, data: bytes) -> dict[str, Any]:
    """The pages of a file, or its fault and the remedy."""
    try:
        return {"pages": KINDS[kind](data)}
    except Refused as refused:
        fault, remedy = refused.args
    except RecursionError:
        fault, remedy = "its elements are nested too deep", _AGAIN
    except MemoryError:
        fault, remedy = "unpacked it is too large", _SMALLER
    except Exception as error:  # a library meets what its authors did not think of
        fault = f"it is damaged or no {kind.upper()} ({type(error).__name__})"
        remedy = _AGAIN
    return {"fault": fault, "remedy": remedy}


def _limited() -> None:
    """Keep to the limits, where the system can count."""
    try:
        import resource
    except ImportError:  # Windows: the clock of who waits is the limit
        return
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    if sys.platform == "linux":  # elsewhere a limit of addresses is none of memory
        resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))


if __name__ == "__main__":
    _limited()
    sys.modules["fontTools"] = None  # type: ignore[assignment]  # pypdf draws fonts with it: slow
    answer = json.dumps(unpacked(sys.argv[1], sys.stdin.buffer.read()))
    sys.stdout.buffer.write(answer.encode("ascii"))
