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
from functools import cache
from typing import Any

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
        lines = [re.sub(r"(?<=\S)  (?=\S)", " ", line.rstrip()) for line in text.splitlines()]
        pages.append(_spaced(lines))  # three spaces are a column
    if not any(map(any, pages)):
        raise Refused("it has no text, only pictures", "Recognise its text first (OCR).")
    return pages


def _spaced(lines: list[str]) -> list[str]:
    """Lines with one empty line for each gap, and none at the ends."""
    kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
    return kept[:-1] if kept and not kept[-1] else kept


# HTML --------------------------------------------------------------------------------------------

_SKIPPED = (
    "script style template noscript head svg math iframe object embed select canvas audio video map"
).split()
_APART = frozenset(  # an empty line stands before and after them
    "address article aside blockquote body center details dialog div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hr html legend main nav ol p pre section summary "
    "table ul menu".split()
)
_BLOCKS = frozenset("li tr td th dd br caption".split())
_SMALL = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")  # numbers of footnotes
_MARK, _GAP = "\ue000", "\ue001"  # behind the number or bullet of an item; an empty line
_LONGEST_CELL = 3000
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def html_pages(data: bytes) -> list[list[str]]:
    """The lines of an HTML page in UTF-8: a block is a line, and a row of a table."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    root = None
    with contextlib.suppress(etree.LxmlError, ValueError):
        root = etree.fromstring(_NO_XML.sub("", data.decode("utf-8")).encode(), parser)
    if any("Excessive depth" in error.message for error in parser.error_log):
        raise RecursionError
    if root is None:
        return [[]]
    for element in root.xpath("//*[@hidden]"):
        element.tag = "script"
    etree.strip_elements(root, *_SKIPPED, with_tail=False)
    tables = [table for table in root.iter("table") if _is_data(table)]
    for element in root.iter(etree.Element):
        _divide(element)
    for table in tables:
        for row, cells in zip(list(table.iter("tr")), _html_rows(table), strict=True):
            row[:] = []
            row.text = "\n" + "\t".join(cells).rstrip("\t") if any(cells) else ""
    text = re.sub(rf"{_MARK}[\s{_GAP}]*", "", "".join(root.itertext()))
    lines = [re.sub(" +", " ", line).strip(" ") for line in text.split("\n")]
    return [_spaced([line.strip(_GAP) for line in lines if line])]


def _divide(element: Any) -> None:
    """Put ends of lines into the text of an element, and the mark of an item."""
    tag, parent = element.tag, element.getparent()
    text = " ".join(f"x{element.text or ''}x".split())[1:-1]
    tail = " ".join(f"x{element.tail or ''}x".split())[1:-1]
    if tag == "sup" and text.strip().isdigit():
        text = text.translate(_SMALL)
    end = f"\n{_GAP}\n" if tag in _APART else "\n" if tag in _BLOCKS else ""
    if tag == "li":
        listed = parent is not None and parent.tag == "ol"
        before = element.getprevious()
        first = _number(parent.get("start")) if listed else 1
        number = first if before is None else int(before.get("number", first)) + 1
        element.set("number", str(_number(element.get("value"), number)))
        mark = f"{element.get('number')}. " if listed else "\N{BULLET} "
        text = f"{mark}{_MARK}{text}"
    element.text, element.tail = end + text, end + tail


def _html_rows(table: Any) -> Iterator[list[str]]:
    """The rows of a table, each cell in its column, whatever spans several of them."""
    below: set[tuple[int, int]] = set()  # rows and columns that a cell above fills
    for at, row in enumerate(table.iter("tr")):
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            while (at, len(cells)) in below:
                cells.append("")
            if len(cells) >= MAX_CELLS:
                break
            wide, high = (min(_number(cell.get(f"{way}span")), MAX_CELLS) for way in ("col", "row"))
            columns = range(len(cells), len(cells) + wide)
            below |= {(at + down, column) for down in range(1, high) for column in columns}
            cells += [
                " ".join("".join(cell.itertext()).replace(_GAP, "").split()),
                *[""] * (wide - 1),
            ]
        yield cells


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
_GONE = [f"{_W}{tag}" for tag in ("del", "moveFrom", "tabs")]
_GONE.append("{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
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
    lines: list[str] = []
    listed = False
    marks = _marks(document, list(body.iterchildren(f"{_W}p")))
    for element in body.iterchildren(f"{_W}p", f"{_W}tbl"):
        if element.tag == f"{_W}tbl":
            lines += ["", *_docx_rows(element), ""]
            listed = False
            continue
        mark, words = next(marks), _docx_words(element)
        if words:
            lines += [mark + words] if mark and listed else ["", mark + words]
            listed = bool(mark)
    return [_spaced(lines)]


def _marks(document: Any, paragraphs: list[Any]) -> Iterator[str]:
    """The number or bullet of each paragraph; "" where it is in no list."""

    @cache
    def styled(style: str) -> str:
        return _val(document.styles.element, f"w:style[@w:styleId='{style}']/{numbered}")

    @cache
    def form(number: str, level: str) -> str:
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):  # a document without lists
            return ""
        of = _val(root, f"w:num[@w:numId='{number}']/w:abstractNumId")
        levels = f"w:abstractNum[@w:abstractNumId='{of}']/w:lvl[@w:ilvl='{level}']"
        return _val(root, f"{levels}/w:numFmt") or ("decimal" if root.xpath(levels) else "")

    numbered = "w:pPr/w:numPr/w:numId"
    counts: Counter[tuple[str, str]] = Counter()
    for paragraph in paragraphs:
        number = _val(paragraph, numbered) or styled(_val(paragraph, "w:pPr/w:pStyle"))
        key = number, _val(paragraph, "w:pPr/w:numPr/w:ilvl") or "0"
        if number in {"", "0"}:
            yield ""
        elif form(*key) != "decimal":
            yield "\N{BULLET} "
        else:
            for deeper in [one for one in counts if one[0] == number and one > key]:
                del counts[deeper]
            counts[key] += 1
            yield f"{counts[key]}. "


def _val(node: Any, path: str) -> str:
    """The value that an element below a node gives."""
    return str(node.xpath(f"string({path}/@w:val)"))


def _docx_rows(table: Any) -> Iterator[str]:
    """The rows of a table; the words of a table within a cell are words of that cell."""
    for row in table.iterchildren(f"{_W}tr"):
        cells: list[str] = []
        for cell in row.iterchildren(f"{_W}tc"):
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            above = merged is not None and merged.get(f"{_W}val") != "restart"
            words = "" if above else " ".join(map(_docx_words, cell.iter(f"{_W}p")))
            wide = _number(_val(cell, "w:tcPr/w:gridSpan"))
            cells += [" ".join(words.split()), *[""] * (wide - 1)]
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


if __name__ == "__main__":
    with contextlib.suppress(ImportError):  # on Windows the clock of who waits is the limit
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        if sys.platform == "linux":  # elsewhere a limit of addresses is none of memory
            resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))
    sys.modules["fontTools"] = None  # type: ignore[assignment]  # pypdf draws fonts with it: slow
    answer = json.dumps(unpacked(sys.argv[1], sys.stdin.buffer.read()))
    sys.stdout.buffer.write(answer.encode("ascii"))
