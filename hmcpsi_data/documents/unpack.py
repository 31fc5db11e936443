"""PDF, DOCX and HTML as lines, by libraries that a hostile file can keep busy for hours.

So this file is also a program of its own, which `source` runs with limits of time and memory: it
imports nothing of the package, takes the bytes of a file and gives its lines as JSON.

A block of text is a line, a row of a table is a line with tabs between its cells, a page of a PDF
keeps its layout so that columns stay columns.
"""

from __future__ import annotations

import io
import json
import logging
import re
import sys
from collections.abc import Iterator
from typing import Any

__all__ = ["MAX_CELLS", "MAX_LINES", "Refused", "docx_pages", "html_pages", "pdf_pages"]

MAX_LINES = 15_000
MAX_PAGES = 300
MAX_CELLS = 50
MAX_DEPTH = 200
MAX_PARTS = 1_000
MAX_UNPACKED = 20_000_000
SECONDS = 4
MEGABYTES = 450

_AGAIN = "Open it, save or print it anew, or give its text."
_SMALLER = "Give the pages that matter as a file of their own, or their text."
_UNLOCKED = "Save it without a password."
_TOO_DEEP = f"its elements are nested more than {MAX_DEPTH} deep"
_STRAY = re.compile(r"(?<=\S)  (?=\S)")  # two spaces are a wide space, three are columns
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = frozenset(
    "script style template noscript head svg math iframe object embed select canvas audio video "
    "map".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section "
    "summary table tbody td tfoot th thead tr ul caption menu".split()
)
_INLINE_BLOCKS = frozenset("li tr td th dd".split())  # no empty line between them
_SMALL = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LONGEST_CELL = 3000


class Refused(Exception):  # noqa: N818
    """A file that is not read: what is wrong with it, and what to do."""

    def __init__(self, fault: str, remedy: str = _AGAIN) -> None:
        super().__init__(fault, remedy)
        self.fault, self.remedy = fault, remedy


def pdf_pages(data: bytes) -> list[list[str]]:
    """The lines of each page of a PDF, in its layout."""
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
    for line in re.split(r"\r\n|\n|\r", text.strip("\r\n")):
        shown = _STRAY.sub(" ", line.rstrip())
        if shown or before:
            yield shown
        before = shown


# HTML --------------------------------------------------------------------------------------------


def html_pages(data: bytes) -> list[list[str]]:
    """The lines of an HTML page in UTF-8, without scripts, styles and what is hidden."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(data.replace(b"\0", b""), parser)
    except (etree.LxmlError, ValueError):
        root = None
    if any("Excessive depth" in error.message for error in parser.error_log):
        raise Refused(_TOO_DEEP)
    return [[] if root is None else _Page(root).lines()]


class _Page:
    """Walks over the elements, without recursion, and writes lines."""

    def __init__(self, root: Any) -> None:
        self.root = root
        self.found: list[str] = []
        self.parts: list[str] = []
        self.prefix = ""
        self.lists: list[int | None] = []  # the next number, or None where there are bullets

    def lines(self) -> list[str]:
        from lxml import etree

        walk = etree.iterwalk(self.root, events=("start", "end"))
        depth = 0
        skipped = None
        for event, element in walk:
            if len(self.found) > MAX_LINES:
                break
            if event == "start":
                depth += 1
                if depth > MAX_DEPTH:
                    raise Refused(_TOO_DEEP)
                if not self._start(element):
                    walk.skip_subtree()
                    skipped = element
                continue
            depth -= 1
            if element is skipped:
                skipped = None
            else:
                self._end(element)
            if element.tail and element is not self.root:
                self.parts.append(element.tail)
        self._flush()
        while self.found and not self.found[-1]:
            self.found.pop()
        return self.found

    def _start(self, element: Any) -> bool:
        """Take an element in; False where what is in it is not to be walked over."""
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED or element.get("hidden") is not None:
            return False
        if tag == "br":
            self._flush()
        elif tag in _BLOCKS:
            self._flush()
            self._gap(tag)
        if tag in {"ol", "ul", "menu"}:
            self.lists.append(_number(element.get("start"), 1) if tag == "ol" else None)
        elif tag == "li":
            self._item(element)
        elif tag == "table" and _is_data(element):
            self._table(element)
            return False
        if element.text:
            self.parts.append(_raised(element))
        return True

    def _end(self, element: Any) -> None:
        if element.tag in _BLOCKS:
            self._flush()
            self._gap(element.tag)
        if element.tag in {"ol", "ul", "menu"} and self.lists:
            self.lists.pop()

    def _item(self, element: Any) -> None:
        number = self.lists[-1] if self.lists else None
        if number is None:
            self.prefix = "\N{BULLET} "
            return
        number = _number(element.get("value"), number)
        self.prefix = f"{number}. "
        self.lists[-1] = number + 1

    def _flush(self) -> None:
        line = " ".join("".join(self.parts).split())
        self.parts = []
        if line:
            self.found.append(self.prefix + line)
            self.prefix = ""

    def _gap(self, tag: str) -> None:
        if tag not in _INLINE_BLOCKS and self.found and self.found[-1]:
            self.found.append("")

    def _table(self, table: Any) -> None:
        """A row a line, cells in their columns, whatever spans several of them."""
        below: dict[int, int] = {}  # columns that a cell above still fills, and how many rows
        for row in table.iter("caption", "tr"):
            if row.tag == "caption":
                self.found += [words, ""] if (words := _cell_words(row)) else []
                continue
            cells: list[str] = []
            for cell in row.iterchildren("td", "th"):
                while below.get(len(cells), 0):
                    below[len(cells)] -= 1
                    cells.append("")
                if len(cells) >= MAX_CELLS:
                    break
                wide, high = (
                    max(1, min(_number(cell.get(name), 1), MAX_CELLS))
                    for name in ("colspan", "rowspan")
                )
                below |= dict.fromkeys(range(len(cells), len(cells) + wide), high - 1)
                cells += [_cell_words(cell), *[""] * (wide - 1)]
            for column in [c for c, rows in below.items() if c >= len(cells) and rows]:
                below[column] -= 1
            if any(cells):
                self.found.append("\t".join(cells).rstrip("\t"))
        self.found.append("")


def _number(digits: str | None, otherwise: int) -> int:
    good = digits is not None and digits.isascii() and digits.isdigit() and len(digits) < 5
    return int(digits or 0) if good else otherwise


def _raised(element: Any) -> str:
    """The text at the beginning of an element; the number of a footnote as small digits."""
    text = element.text or ""
    return text.translate(_SMALL) if element.tag == "sup" and text.strip().isdigit() else text


def _cell_words(element: Any) -> str:
    """The words of a cell, with spaces where blocks meet."""
    from lxml import etree

    parts: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, inner in walk:
        tag = inner.tag
        if tag == "br" or tag in _BLOCKS:
            parts.append(" ")
        if event == "end":
            parts.append((inner is not element and inner.tail) or "")
        elif tag in _SKIPPED or not isinstance(tag, str) or inner.get("hidden") is not None:
            walk.skip_subtree()
        else:
            parts.append(_raised(inner))
    return " ".join("".join(parts).split())


def _is_data(table: Any) -> bool:
    """Whether a table holds data, not the layout of a page."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    widest = 0
    for row in table.iter("tr"):
        cells = list(row.iterchildren("td", "th"))
        widest = max(widest, sum(_number(cell.get("colspan"), 1) for cell in cells))
        for cell in cells:
            if next(cell.iterdescendants("h1", "h2", "h3", "h4"), None) is not None:
                return False
            if sum(map(len, cell.itertext())) > _LONGEST_CELL:
                return False
    return widest > 1


# DOCX --------------------------------------------------------------------------------------------


def docx_pages(data: bytes) -> list[list[str]]:
    """The lines of a DOCX: a paragraph is a line, with the number or bullet of its list."""
    import zipfile

    import docx

    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, EOFError):
        raise Refused("it is damaged or no DOCX") from None
    if len(parts) > MAX_PARTS:
        raise Refused(f"it has more than {MAX_PARTS:,} parts", _SMALLER)
    if any(part.flag_bits & 1 for part in parts):
        raise Refused("it is encrypted", _UNLOCKED)
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise Refused(f"unpacked it has more than {MAX_UNPACKED:,} bytes", _SMALLER)
    return [_docx_lines(docx.Document(io.BytesIO(data)))]


def _docx_lines(document: Any) -> list[str]:
    from lxml import etree

    formats, styled = _numbering(document)
    counts: dict[tuple[str, int], int] = {}
    found: list[str] = []
    listed = False
    walk = etree.iterwalk(document.element.body, events=("start",), tag=(f"{_W}p", f"{_W}tbl"))
    for _, element in walk:
        walk.skip_subtree()
        if element.tag == f"{_W}tbl":
            found += ["", *_docx_rows(element), ""]
            listed = False
            continue
        mark = _docx_mark(element, formats, styled, counts)
        words = _docx_words(element)
        if not words.strip():
            continue
        if found and found[-1] and not (mark and listed):
            found.append("")
        found.append(mark + words)
        listed = bool(mark)
        if len(found) > MAX_LINES:
            break
    return found


def _docx_mark(paragraph: Any, formats: dict, styled: dict, counts: dict) -> str:
    """The number or bullet of a paragraph in a list."""
    properties = paragraph.find(f"{_W}pPr")
    if properties is None:
        return ""
    number, style = properties.find(f"{_W}numPr"), properties.find(f"{_W}pStyle")
    num_id, level = styled.get(_val(style), ("", 0))
    if number is not None:
        num_id = _val(number.find(f"{_W}numId"), num_id)
        level = _number(_val(number.find(f"{_W}ilvl")), level)
    if not num_id or num_id == "0":
        return ""
    if formats.get((num_id, level)) != "decimal":
        return "\N{BULLET} "
    for key in [key for key in counts if key[0] == num_id and key[1] > level]:
        del counts[key]
    counts[num_id, level] = counts.get((num_id, level), 0) + 1
    return f"{counts[num_id, level]}. "


def _val(node: Any, otherwise: str = "") -> str:
    return otherwise if node is None else node.get(f"{_W}val", otherwise)


def _numbering(document: Any) -> tuple[dict[tuple[str, int], str], dict[str, tuple[str, int]]]:
    """How each list is numbered, by its level, and which styles belong to a list."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    formats: dict[tuple[str, int], str] = {}
    for relation in document.part.rels.values():
        if relation.reltype != RELATIONSHIP_TYPE.NUMBERING or relation.is_external:
            continue
        root = relation.target_part.element
        abstract = {
            node.get(f"{_W}abstractNumId"): node for node in root.iterchildren(f"{_W}abstractNum")
        }
        for node in root.iterchildren(f"{_W}num"):
            levels = abstract.get(_val(node.find(f"{_W}abstractNumId")))
            for level in () if levels is None else levels.iterchildren(f"{_W}lvl"):
                key = node.get(f"{_W}numId", ""), _number(level.get(f"{_W}ilvl"), 0)
                formats[key] = _val(level.find(f"{_W}numFmt"), "decimal")
    styled: dict[str, tuple[str, int]] = {}
    for style in document.styles.element.iterchildren(f"{_W}style"):
        link = style.find(f"{_W}pPr/{_W}numPr/{_W}numId")
        if link is not None:
            styled[style.get(f"{_W}styleId", "")] = _val(link), 0
    return formats, styled


def _docx_rows(table: Any) -> list[str]:
    """The rows of a table; the words of a table within a cell are words of that cell."""
    rows = []
    for row in table.iterchildren(f"{_W}tr"):
        cells: list[str] = []
        for cell in row.iterchildren(f"{_W}tc", f"{_W}sdt"):
            paragraphs = [" ".join(_docx_words(p).split()) for p in cell.iter(f"{_W}p")]
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            above = merged is not None and _val(merged) != "restart"
            cells.append("" if above else " ".join(filter(None, paragraphs)))
            wide = _number(_val(cell.find(f"{_W}tcPr/{_W}gridSpan")), 1)
            cells += [""] * (min(wide, MAX_CELLS) - 1)
            if len(cells) > MAX_CELLS:
                break
        if any(cells):
            rows.append("\t".join(cells).rstrip("\t"))
    return rows


def _docx_words(paragraph: Any) -> str:
    """The words of a paragraph, without what was struck out and without a second copy."""
    from lxml import etree

    parts: list[str] = []
    walk = etree.iterwalk(paragraph, events=("start",))
    for _, node in walk:
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag == f"{_W}tab" and node.getparent().tag == f"{_W}r":
            parts.append("\t")
        elif node.tag in {f"{_W}br", f"{_W}cr"}:
            parts.append(" ")
        elif node.tag == f"{_W}noBreakHyphen":
            parts.append("-")
        elif node.tag in {f"{_W}del", f"{_W}moveFrom", _FALLBACK}:
            walk.skip_subtree()
    return "".join(parts).replace("\n", " ").strip(" ")


# The program -------------------------------------------------------------------------------------

KINDS = {"pdf": pdf_pages, "docx": docx_pages, "html": html_pages}


def unpacked(kind: str, data: bytes) -> dict[str, Any]:
    """The pages of a file, or its fault and the remedy."""
    try:
        return {"pages": KINDS[kind](data)}
    except Refused as refused:
        return {"fault": refused.fault, "remedy": refused.remedy}
    except MemoryError:
        return {"fault": "unpacked it is too large", "remedy": _SMALLER}
    except Exception as error:  # a library meets what its authors did not think of
        fault = f"it is damaged or no {kind.upper()} ({type(error).__name__})"
        return {"fault": fault, "remedy": _AGAIN}


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
    answer = json.dumps(unpacked(sys.argv[1], sys.stdin.buffer.read()))
    sys.stdout.buffer.write(answer.encode("ascii"))
