"""HTML as lines: a block of text is a line, a row of a table is a line with tabs between cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hmcpsi_data.documents.limits import MAX_CELLS, MAX_DEPTH, MAX_LINES
from hmcpsi_data.errors import DocumentError

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["html_lines"]

_SKIPPED = frozenset(
    "script style template noscript head svg math iframe object embed select canvas audio video "
    "map".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hr html legend li main nav ol p pre section "
    "summary table tbody td tfoot th thead tr ul caption menu".split()
)
_SMALL = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4"))
_LONGEST_CELL = 3000
_NO_HTML = "Open the page in a browser and save it again, or give its text."
_TOO_DEEP = f"its elements are nested more than {MAX_DEPTH} deep"


def html_lines(name: str, text: str) -> list[str]:
    """The lines of an HTML page, without scripts, styles and what is hidden.

    Raises
    ------
    DocumentError
        Where it is nested too deep, or lxml is not installed.
    """
    root = _root(name, text)
    return _Writer(name, root).lines() if root is not None else []


def _root(name: str, text: str) -> _Element | None:
    try:
        from lxml import etree, html
    except ImportError:
        from hmcpsi_data.documents.formats import missing

        raise missing(name, "HTML", "lxml") from None
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False
    )
    data = text.replace("\0", "").encode("utf-8", "replace")
    try:
        root = etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError):
        root = None
    if any("Excessive depth" in error.message for error in parser.error_log):
        raise DocumentError(name, _TOO_DEEP, _NO_HTML)
    return root


class _Writer:
    """Walks over the elements, without recursion, and writes lines."""

    def __init__(self, name: str, root: _Element) -> None:
        self.name = name
        self.root = root
        self.found: list[str] = []
        self.words: list[str] = []
        self.prefix = ""
        self.lists: list[int | None] = []  # the next number, or None where there are bullets

    def lines(self) -> list[str]:
        """The lines of the page."""
        from lxml import etree

        walk = etree.iterwalk(self.root, events=("start", "end"))
        depth = 0
        skipped: _Element | None = None
        for event, element in walk:
            if len(self.found) > MAX_LINES:
                break
            if event == "start":
                depth += 1
                if depth > MAX_DEPTH:
                    raise DocumentError(self.name, _TOO_DEEP, _NO_HTML)
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
                self.words.append(element.tail)
        self._flush()
        while self.found and not self.found[-1]:
            self.found.pop()
        return self.found

    def _start(self, element: _Element) -> bool:
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
            self.lists.append(_first(element) if tag == "ol" else None)
        elif tag == "li":
            self._item(element)
        elif tag == "table" and _is_data(element):
            self._table(element)
            return False
        if element.text:
            self.words.append(_raised(element))
        return True

    def _end(self, element: _Element) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self._flush()
            self._gap(tag)
        if tag in {"ol", "ul", "menu"} and self.lists:
            self.lists.pop()

    def _item(self, element: _Element) -> None:
        number = self.lists[-1] if self.lists else None
        if number is None:
            self.prefix = "\N{BULLET} "
            return
        given = element.get("value", "")
        number = int(given) if given.isascii() and given.isdigit() and len(given) < 5 else number
        self.prefix = f"{number}. "
        self.lists[-1] = number + 1

    def _flush(self) -> None:
        line = " ".join("".join(self.words).split())
        self.words = []
        if line:
            self.found.append(self.prefix + line)
            self.prefix = ""

    def _gap(self, tag: str) -> None:
        """An empty line between blocks, not between the items of a list."""
        if tag not in {"li", "tr", "td", "th", "dd"} and self.found and self.found[-1]:
            self.found.append("")

    def _table(self, table: _Element) -> None:
        """A row a line, cells in their columns, whatever spans several of them."""
        below: dict[int, int] = {}  # columns that a cell above still fills, and how many rows
        for row in table.iter("caption", "tr"):
            if row.tag == "caption":
                if words := _words(row):
                    self.found += [words, ""]
                continue
            cells: list[str] = []
            for cell in row.iterchildren("td", "th"):
                while below.get(len(cells), 0):
                    below[len(cells)] -= 1
                    cells.append("")
                if len(cells) >= MAX_CELLS:
                    break
                wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
                for column in range(len(cells), len(cells) + wide):
                    below[column] = high - 1
                cells += [_words(cell), *[""] * (wide - 1)]
            for column in [c for c, rows in below.items() if c >= len(cells) and rows]:
                below[column] -= 1
            if any(cells):
                self.found.append("\t".join(cells).rstrip("\t"))
        self.found.append("")


def _first(element: _Element) -> int:
    start = element.get("start", "1")
    return int(start) if start.isascii() and start.isdigit() and len(start) < 5 else 1


def _span(cell: _Element, name: str) -> int:
    value = cell.get(name, "1")
    return max(1, min(int(value), MAX_CELLS)) if value.isascii() and value.isdigit() else 1


def _raised(element: _Element) -> str:
    """The text at the beginning of an element; the number of a footnote as small digits."""
    text = element.text or ""
    return text.translate(_SMALL) if element.tag == "sup" and text.strip().isdigit() else text


def _words(element: _Element) -> str:
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


def _is_data(table: _Element) -> bool:
    """Whether a table holds data, not the layout of a page."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    widest = 0
    for row in table.iter("tr"):
        cells = list(row.iterchildren("td", "th"))
        widest = max(widest, sum(_span(cell, "colspan") for cell in cells))
        for cell in cells:
            if next(cell.iterdescendants(*_HEADINGS), None) is not None:
                return False
            if sum(map(len, cell.itertext())) > _LONGEST_CELL:
                return False
    return widest > 1
