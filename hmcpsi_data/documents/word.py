"""DOCX as lines: a paragraph is a line, a row of a table is a line with tabs between cells."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from hmcpsi_data.documents.limits import MAX_CELLS, MAX_LINES, MAX_PARTS, MAX_UNPACKED, MAX_XML
from hmcpsi_data.errors import DocumentError

if TYPE_CHECKING:
    from docx.document import Document
    from lxml.etree import _Element

__all__ = ["docx_lines"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_AGAIN = "Open it in a word processor and save it as DOCX again, or give its text."
_SMALLER = "Give the publication itself, without pictures, or its text."


def docx_lines(name: str, data: bytes) -> list[str]:
    """The lines of a DOCX file; numbers and bullets of lists are written out.

    Raises
    ------
    DocumentError
        Where it is damaged, encrypted or too large once unpacked, or python-docx is missing.
    """
    _check(name, data)
    try:
        import docx
    except ImportError:
        from hmcpsi_data.documents.formats import missing

        raise missing(name, "DOCX", "python-docx") from None
    try:
        document = docx.Document(io.BytesIO(data))
        return _Writer(document).lines()
    except Exception as error:  # a library meets what its authors did not think of
        reason = f"it is damaged or no DOCX ({type(error).__name__})"
        raise DocumentError(name, reason, _AGAIN) from None


def _check(name: str, data: bytes) -> None:
    """Refuse what would fill the memory before it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS:
                raise DocumentError(name, f"it has more than {MAX_PARTS:,} parts", _SMALLER)
            if "word/document.xml" not in archive.namelist():
                raise DocumentError(name, "it is a ZIP file but no DOCX", _AGAIN)
    except DocumentError:
        raise
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, OverflowError):
        raise DocumentError(name, "it is damaged or no DOCX", _AGAIN) from None
    if any(part.flag_bits & 1 for part in parts):
        raise DocumentError(name, "it is encrypted", "Save it without a password.")
    xml = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    if sum(part.file_size for part in parts) > MAX_UNPACKED or xml > MAX_XML:
        raise DocumentError(name, f"unpacked it has more than {MAX_UNPACKED:,} bytes", _SMALLER)


class _Writer:
    """Walks over paragraphs and tables in their order."""

    def __init__(self, document: Document) -> None:
        self.body = document.element.body
        self.formats, self.styled = _numbering(document)
        self.counts: dict[tuple[str, int], int] = {}

    def lines(self) -> list[str]:
        """The lines of the document."""
        from lxml import etree

        found: list[str] = []
        listed = False
        walk = etree.iterwalk(self.body, events=("start",), tag=(f"{_W}p", f"{_W}tbl"))
        for _, element in walk:
            walk.skip_subtree()
            if element.tag == f"{_W}tbl":
                found += ["", *_rows(element), ""]
                listed = False
                continue
            mark = self._mark(element)
            words = _words(element)
            if not words.strip():
                continue
            if found and found[-1] and not (mark and listed):
                found.append("")
            found.append(mark + words)
            listed = bool(mark)
            if len(found) > MAX_LINES:
                break
        return found

    def _mark(self, paragraph: _Element) -> str:
        """The number or bullet of a paragraph in a list."""
        properties = paragraph.find(f"{_W}pPr")
        if properties is None:
            return ""
        number = properties.find(f"{_W}numPr")
        style = properties.find(f"{_W}pStyle")
        name = "" if style is None else style.get(f"{_W}val", "")
        num_id, level = self.styled.get(name, ("", 0))
        if number is not None:
            given, depth = number.find(f"{_W}numId"), number.find(f"{_W}ilvl")
            num_id = num_id if given is None else given.get(f"{_W}val", "")
            level = level if depth is None else _small(depth.get(f"{_W}val", "0"))
        if not num_id or num_id == "0":
            return ""
        if self.formats.get((num_id, level)) != "decimal":
            return "\N{BULLET} "
        for key in [key for key in self.counts if key[0] == num_id and key[1] > level]:
            del self.counts[key]
        count = self.counts[num_id, level] = self.counts.get((num_id, level), 0) + 1
        return f"{count}. "


def _numbering(
    document: Document,
) -> tuple[dict[tuple[str, int], str], dict[str, tuple[str, int]]]:
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
            link = node.find(f"{_W}abstractNumId")
            levels = abstract.get(None if link is None else link.get(f"{_W}val"))
            for level in () if levels is None else levels.iterchildren(f"{_W}lvl"):
                kind = level.find(f"{_W}numFmt")
                key = node.get(f"{_W}numId", ""), _small(level.get(f"{_W}ilvl", "0"))
                formats[key] = "decimal" if kind is None else kind.get(f"{_W}val", "")
    styled: dict[str, tuple[str, int]] = {}
    for style in document.styles.element.iterchildren(f"{_W}style"):
        link = style.find(f"{_W}pPr/{_W}numPr/{_W}numId")
        if link is not None:
            styled[style.get(f"{_W}styleId", "")] = link.get(f"{_W}val", ""), 0
    return formats, styled


def _small(digits: str) -> int:
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 3 else 0


def _rows(table: _Element) -> list[str]:
    rows = []
    for row in table.iter(f"{_W}tr"):
        cells: list[str] = []
        for cell in row.iterchildren(f"{_W}tc", f"{_W}sdt"):
            paragraphs = [" ".join(_words(p).split()) for p in cell.iter(f"{_W}p")]
            merged = cell.find(f"{_W}tcPr/{_W}vMerge")
            above = merged is not None and merged.get(f"{_W}val") != "restart"
            cells.append("" if above else " ".join(filter(None, paragraphs)))
            span = cell.find(f"{_W}tcPr/{_W}gridSpan")
            wide = 1 if span is None else _small(span.get(f"{_W}val", "1"))
            cells += [""] * (wide - 1)
            if len(cells) > MAX_CELLS:
                break
        if any(cells):
            rows.append("\t".join(cells).rstrip("\t"))
    return rows


def _words(paragraph: _Element) -> str:
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
