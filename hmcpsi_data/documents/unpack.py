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
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

MAX_PAGES = 300
MAX_CELLS = 50
MAX_UNPACKED = 20_000_000
SECONDS = 4
MEGABYTES = 450

_AGAIN = "Open it, save or print it anew, or give its text."
_SMALLER = "Give the pages that matter as a file of their own, or their text."


class Refused(Exception):  # noqa: N818
    """A file that is not read: what is wrong with it, and what to do."""


def pdf_pages(data: bytes) -> list[list[str]]:
    """The lines of each page, in its layout, so that columns stay columns."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)
    reader = pypdf.PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):  # an owner's password alone locks no reader
        raise Refused("it is encrypted", "Save it without a password.")
    if len(reader.pages) > MAX_PAGES:
        raise Refused(f"it has more than {MAX_PAGES:,} pages", _SMALLER)
    pages = []
    for page in reader.pages:
        text = page.extract_text(extraction_mode="layout")
        lines = [re.sub(r"(?<=\S)  (?=\S)", " ", line.rstrip()) for line in text.splitlines()]
        pages.append(_spaced(lines))  # three spaces are a column
    if not any(map(any, pages)):
        raise Refused("it has no text, only pictures", "Recognise its text first (OCR).")
    return pages


def _spaced(lines: list[str]) -> list[str]:
    """Lines with one empty line for each gap, and none at the ends."""
    kept = [line for at, line in enumerate(lines) if line or (at and lines[at - 1])]
    return kept[:-1] if kept and not kept[-1] else kept


_SKIPPED = (  # also what is struck out
    "script style template noscript head svg math iframe object embed select canvas audio video "
    "map del s strike"
).split()
_APART = frozenset(  # an empty line stands before and after them
    "address article aside blockquote body center details dialog div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hr html legend main nav ol p pre section summary "
    "table ul menu".split()
)
_BLOCKS = frozenset("li tr td th dd br caption".split())
# tables that hold data, not the layout of a page
_DATA = "//table[not(.//table | .//h1 | .//h2 | .//h3 | .//h4)][.//tr[count(td | th) > 1]]"
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SMALL = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")  # numbers of footnotes
_MARK, _GAP = "\ue000", "\ue001"  # behind the number or bullet of an item; an empty line
_NO_XML = "[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # compiled where it is needed


def html_pages(data: bytes) -> list[list[str]]:
    """The lines of an HTML page in UTF-8: a block is a line, and a row of a table."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    root = None
    with contextlib.suppress(etree.LxmlError, ValueError):
        root = etree.fromstring(re.sub(_NO_XML, "", data.decode("utf-8")).encode(), parser)
    if any("Excessive depth" in error.message for error in parser.error_log):
        raise RecursionError
    if root is None:
        return [[]]
    for element in root.xpath("//*[@hidden or @style]"):
        if "hidden" in element.attrib or _UNSEEN.search(element.get("style")):
            element.tag = "script"
    etree.strip_elements(root, *_SKIPPED, with_tail=False)
    for note in root.iter("sup"):
        if not any(map(str.isalpha, words := note.xpath("string()").strip())):
            note[:], note.text = [], words.translate(_SMALL)
    tables = root.xpath(_DATA)
    for element in root.iter(etree.Element):
        _divide(element)
    for table in tables:
        rows = list(table.iter("tr"))
        for row, line in zip(rows, _in_columns(map(_html_cells, rows)), strict=True):
            row[:], row.text = [], "\n" + line
    item = rf"(?:[0-9]+\. |• ){_MARK}[\s{_GAP}]*"
    text = re.sub(rf"{item}(?={item})", "", "".join(root.itertext()))  # items without words
    text = re.sub(rf"{_MARK}[\s{_GAP}]*", "", text)
    lines = [re.sub(" +", " ", line).strip(" ") for line in text.split("\n")]
    return [_spaced([line.strip(_GAP) for line in lines if line])]


def _divide(element: Any) -> None:
    """Put ends of lines into the text of an element, and the mark of an item."""
    tag, parent = element.tag, element.getparent()
    text = " ".join(f"x{element.text or ''}x".split())[1:-1]
    tail = " ".join(f"x{element.tail or ''}x".split())[1:-1]
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


def _html_cells(row: Any) -> Iterator[_Cell]:
    for cell in row.iterchildren("td", "th"):
        words = " ".join("".join(cell.itertext()).replace(_GAP, "").split())
        yield _Cell(words, _number(cell.get("colspan")), _number(cell.get("rowspan")))


def _number(digits: str | None, otherwise: int = 1) -> int:
    """A number of one to four digits, or the other one."""
    return int(digits) if re.fullmatch(r"[1-9][0-9]{0,3}", digits or "") and digits else otherwise


class _Cell(NamedTuple):
    words: str | None  # those of the cell above, where None
    columns: int = 1
    rows: int = 1


def _in_columns(table: Iterable[Iterable[_Cell]]) -> Iterator[str]:
    """The rows of a table, cells in their columns; one of several rows stands in each of them."""
    line: list[str] = []
    down: dict[int, int] = {}  # columns that a cell above fills, and for how many rows
    for row in table:
        before, line, cells = line, [], iter(row)
        while len(line) < MAX_CELLS:
            at = len(line)
            if down.get(at):
                cell = _Cell(None)
            elif (cell := next(cells, _Cell("", rows=0))).rows > 1:
                down[at] = cell.rows
            if not cell.rows and not any(column >= at for column in down):
                break
            above = before[at] if at < len(before) else ""
            line.append(above if cell.words is None else cell.words)
            line += [""] * (min(cell.columns, MAX_CELLS) - 1)
        down = {column: rows - 1 for column, rows in down.items() if rows > 1}
        yield "\t".join(line[:MAX_CELLS]).rstrip("\t")


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NAMES = {"w": _W[1:-1]}
_GONE = [f"{_W}{tag}" for tag in ("del", "moveFrom", "tabs")]
_GONE.append("{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
_WRAPPERS = [f"{_W}{tag}" for tag in ("ins", "moveTo", "sdt", "sdtContent", "smartTag")]
_STRUCK = (  # runs that are hidden or struck out
    ".//w:r[w:rPr/*[self::w:vanish or self::w:strike or self::w:dstrike]"
    "[not(@w:val='0' or @w:val='false' or @w:val='off')]]"
)
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": " ", f"{_W}cr": " ", f"{_W}noBreakHyphen": "-"}
_NOTES = [f"{_W}footnoteReference", f"{_W}endnoteReference"]
_WATERMARK = "{urn:schemas-microsoft-com:vml}textpath"


def docx_pages(data: bytes) -> list[list[str]]:
    """The lines of a DOCX, one a paragraph: the edges of its pages, the text, the notes."""
    from lxml import etree

    archive = zipfile.ZipFile(io.BytesIO(data))
    if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED:
        raise Refused(f"unpacked it has more than {MAX_UNPACKED:,} bytes", _SMALLER)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)

    def parts(kind: str) -> Iterator[Any]:
        for name in sorted(archive.namelist()):
            if re.fullmatch(rf"word/{kind}[0-9]*\.xml", name):
                root = etree.fromstring(archive.read(name), parser)
                etree.strip_elements(root, *_GONE, with_tail=False)
                etree.strip_tags(root, *_WRAPPERS)
                for run in root.xpath(_STRUCK, namespaces=_NAMES):
                    run[:] = []
                yield root

    def words(kind: str) -> Iterator[str]:
        for root in parts(kind):
            yield from filter(None, map(_docx_words, root.iter(f"{_W}p")))

    main = next(parts("document"))
    edges = [line for line in words("(?:header|footer)") if any(map(str.isalpha, line))]
    lists = [next(parts(name), main) for name in ("numbering", "styles")]
    marks = _marks(main.iterfind(f"{_W}body/{_W}p"), *lists)
    lines, listed = [*dict.fromkeys(edges), ""], False
    for element in main.iterfind(f"{_W}body/*"):
        if element.tag == f"{_W}tbl":
            rows = map(_docx_cells, element.iterchildren(f"{_W}tr"))
            lines += ["", *filter(None, _in_columns(rows)), ""]
            listed = False
        elif element.tag == f"{_W}p":
            mark, text = next(marks), _docx_words(element)
            if text:
                lines += [mark + text] if mark and listed else ["", mark + text]
                listed = bool(mark)
    return [_spaced([*lines, "", *words("(?:foot|end)notes")])]


def _marks(paragraphs: Iterable[Any], numbering: Any, styles: Any) -> Iterator[str]:
    """The number or bullet of each paragraph; "" where it is in no list."""

    @cache
    def form(number: str, style: str, level: str) -> tuple[str, bool]:
        """Which list it is of, and whether that counts."""
        number = number or _val(styles, "w:style[@w:styleId=$of]/w:pPr/w:numPr/w:numId", of=style)
        of = _val(numbering, "w:num[@w:numId=$of]/w:abstractNumId", of=number)
        path = "w:abstractNum[@w:abstractNumId=$of]/w:lvl[@w:ilvl=$level]/w:numFmt"
        return number, _val(numbering, path, of=of, level=level) == "decimal"

    counts: Counter[str] = Counter()
    for paragraph in paragraphs:
        level = _val(paragraph, "w:pPr/w:numPr/w:ilvl") or "0"
        own, style = (_val(paragraph, f"w:pPr/{path}") for path in ("w:numPr/w:numId", "w:pStyle"))
        number, counted = form(own, style, level)
        if number in {"", "0"}:
            yield ""
        elif level != "0" or not counted:
            yield "\N{BULLET} "
        else:
            counts[number] += 1
            yield f"{counts[number]}. "


def _val(node: Any, path: str, **of: str) -> str:
    return str(node.xpath(f"string({path}/@w:val)", namespaces=_NAMES, **of))


def _docx_cells(row: Any) -> Iterator[_Cell]:
    """The cells of a row; the words of a table within a cell are words of that cell."""
    for cell in row.iterchildren(f"{_W}tc"):
        merged = cell.find(f"{_W}tcPr/{_W}vMerge")
        above = merged is not None and merged.get(f"{_W}val") != "restart"
        words = " ".join(" ".join(map(_docx_words, cell.iter(f"{_W}p"))).split())
        yield _Cell(None if above else words, _number(_val(cell, "w:tcPr/w:gridSpan")))


def _docx_words(paragraph: Any) -> str:
    """The words of a paragraph; small numbers are those of footnotes."""
    parts: list[str] = []
    for node in paragraph.iter(f"{_W}t", *_SIGNS, *_NOTES, _WATERMARK):
        words = _SIGNS.get(node.tag, node.text) or node.get("string") or ""
        if node.tag in _NOTES:
            words = (node.get(f"{_W}id") or "").translate(_SMALL)
        elif _val(node.getparent(), "w:rPr/w:vertAlign") == "superscript":
            words = words.translate(_SMALL)
        parts.append(words)
    return "".join(parts).replace("\n", " ").strip(" ")


def unpacked(kind: str, data: bytes) -> dict[str, Any]:
    """The pages of a file, or its fault and the remedy."""
    readers = {"pdf": pdf_pages, "docx": docx_pages, "html": html_pages}
    try:
        return {"pages": readers[kind](data)}
    except Refused as refused:
        fault, remedy = refused.args
    except ImportError as error:
        library = str(error.name).partition(".")[0]
        fault = f"reading {kind.upper()} needs {library}, which is not installed"
        remedy = 'Install it with: pip install "hmcpsi_data[documents]"'
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
    sys.path = sys.argv[2:]  # site was not imported: that takes time
    content = sys.stdin.buffer.read()
    slow = ["fontTools", "PIL"] + ["cryptography"] * (b"/Encrypt" not in content)
    sys.modules.update(dict.fromkeys(slow))  # type: ignore[arg-type]  # pypdf does without
    sys.stdout.write(json.dumps(unpacked(sys.argv[1], content)))
