"""Hostile and random documents, for tests and for `make trust`; all that they say is invented."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Iterator
from itertools import pairwise

import pandas as pd
from gold import texts
from papers import assembled, column, pdf, word, zipped

import hmcpsi_data as hd
from hmcpsi_data.documents.claims import COLUMNS
from hmcpsi_data.documents.front import KINDS

TEXTS = [gold.text for gold in texts()]
LINES = sorted({line for text in TEXTS for line in text.splitlines()})
FRAGMENTS = [
    "Good", "fair", "POOR", "Excellent", "Achieved", "Limited progress", "\t", "  ", "|", "\n",
    "\n\n", "1. ", "2. ", "10. ", "- ", ": ", "CPS response: ", "Recommendation 1", "Leadership",
    "Critical aspects", "Aspect\tRating", "Issues to address", "rated as 'Good'", "of which ",
    "CPS Northmarch", "Overall Performance Assessment", "Area Assurance", "follow-up inspection",
    "31/11/2016", "March 2006", "five hundred and ", "99,999,999 cases", "21.4%", "the Area", "",
    "in relation to ", "<table>", "</td>", "<td>", "<script>", "**", "\N{NO-BREAK SPACE}", "\u202e",
    "\ud800", "\0", "(" * 9, "a" * 400, "and " * 60, "the " * 60 + "Area was rated ", "1 " * 200,
    "... " * 100, "'" * 50, "£2.5 million", "all four sections were rated as 'fair'",
]  # fmt: skip
PDF = pdf(
    column(60, 800, ["Invented: overall performance assessment of CPS Northmarch", "Aspect",
                     "Leadership"])
    + column(380, 800, ["", "Rating", "Good"]),
    [(60, 800, "CPS Northmarch has five offices.")],
)  # fmt: skip
DOCX = word(
    "Invented: CPS response to the Area Assurance inspection of CPS Northmarch",
    "Issues to address",
    ("Write better letters", "List Number"),
    "CPS response: We will.",
    [["Criteria", "Score"], ["Effective leadership", "Good"]],
)


def faults(document: hd.Document) -> list[str]:
    """What is not sound about a document that was read."""
    found = []

    def hold(what: str, holds: object) -> None:
        if not holds:
            found.append(what)

    hold("kind", document.kind in KINDS)
    hold("pages", sum(document.pages) in {0, len(document.lines)})
    for table, columns in COLUMNS.items():
        frame = getattr(document, table)
        hold("types", {name: str(frame[name].dtype) for name in frame} == columns)
    for claim in document.claims.itertuples():
        hold("words", any(map(str.strip, document.words(claim.locator))))
        hold("doubt", claim.certain == pd.isna(claim.why))
    hold("scale", set(document.ratings["rating"]) <= {"Excellent", "Good", "Fair", "Poor"})
    for label, rating, locator in document.ratings[["label", "rating", "locator"]].values:
        words = _plain(" ".join(document.words(locator)))
        hold("rating", rating.casefold() in words)
        hold("label", pd.isna(label) or all(word in words for word in _plain(label).split()))
    known = document.ratings[["label", "level"]].dropna()
    hold("twice", not known.apply(lambda part: part.str.casefold()).duplicated().any())
    for number, text in document.responses[["number", "text"]].values:
        hold("answer", number in set(document.claims["row"].map(lambda row: row.get("number"))))
        hold("text", text.strip())
    return found


def _plain(text: str) -> str:
    unseen = r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad\x00-\x08\x0e-\x1b\x7f*_]"
    return " ".join(re.findall(r"\w+", re.sub(unseen, "", text.casefold())))


def told(source: str | bytes, name: str | None = None) -> str:
    """How a document is told: "clear", or "silent" or "traceback" with what is wrong."""
    try:
        document = hd.read_document(source, name)
    except hd.DocumentError as error:
        return "silent: several lines" if "\n" in str(error) else "clear"
    except Exception as error:
        return f"traceback: {type(error).__name__}: {error}"[:200]
    wrong = faults(document)
    return f"silent: {', '.join(wrong)}" if wrong else "clear"


def spoilt(chance: random.Random, data: bytes) -> bytes:
    """Bytes that were cut, doubled, and changed in places."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(found) + 1)
        found[at : at + chance.randint(1, 40)] = chance.randbytes(chance.randint(0, 12))
    return bytes(found)


def random_documents(number: int, seed: int = 1) -> Iterator[tuple[str, str | bytes, str | None]]:
    """So many documents of several kinds: kind, source and name."""
    chance = random.Random(seed)
    pieces = [*FRAGMENTS, *LINES]
    for _ in range(number):
        name = chance.choice([None, "a.txt", "a.html", "a.md"])
        kinds: list[tuple[str, str | bytes, str | None]] = [
            ("any bytes", chance.randbytes(chance.randint(0, 400)), name),
            ("spoilt text", spoilt(chance, chance.choice(TEXTS).encode()), name),
            ("fragments", "".join(chance.choices(FRAGMENTS, k=chance.randint(0, 60))), None),
            ("lines of several", "\n".join(chance.choices(pieces, k=60)), None),
        ]
        if chance.random() < 0.05:  # each is read in a process of its own
            kinds = [("spoilt PDF", spoilt(chance, PDF), "a.pdf")]
            kinds += [("spoilt DOCX", spoilt(chance, DOCX), "a.docx")]
        yield chance.choice(kinds)


# Bombs -------------------------------------------------------------------------------------------

FRONT = "Invented: OPA of CPS Northmarch, 14 March 2006\n\n"
_FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /A "
_CID = "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /W [0 65000 500] >>"
_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_CATALOG = "<< /Type /Catalog /Pages 2 0 R >>"
_RANGE = b"begincmap\n1 beginbfrange\n<0000> <FFFF> <0000>\nendbfrange\nendcmap"


def _stream(content: bytes, more: str = "") -> bytes:
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (more.encode(), len(content), content)


def fonts_pdf(pages: int, fonts: int, font: str, mapping: bytes = b"") -> bytes:
    """A PDF whose pages all name all of so many fonts."""
    first = 4
    names = " ".join(f"/F{i} {first + i} 0 R" for i in range(fonts))
    kids = " ".join(f"{first + fonts + i} 0 R" for i in range(pages))
    page = f"<< /Type /Page /Parent 2 0 R /Contents 3 0 R /Resources << /Font << {names} >> >> >>"
    return assembled(
        [
            _CATALOG,
            f"<< /Type /Pages /Kids [{kids}] /Count {pages} /MediaBox [0 0 595 842] >>",
            _stream(b"BT /F0 9 Tf (a) Tj ET"),
            *[font.format(map=first + fonts + pages)] * fonts,
            *[page] * pages,
            _stream(mapping),
        ]
    )


def packed_pdf(content: bytes, filters: str) -> bytes:
    """A PDF whose only page is drawn by packed instructions."""
    kids = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>"
    return assembled([_CATALOG, kids, page, _stream(content, f"/Filter [{filters}]")])


def entities(body: str) -> str:
    """An XML text whose entities grow without end."""
    grown = "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in pairwise("abcdefghijk"))
    return f'<!DOCTYPE d [<!ENTITY a "lol">{grown}]>{body}'


def nested_docx(depth: int = 3_000) -> bytes:
    """A DOCX of tables within tables."""
    body = "<w:tbl><w:tr><w:tc>" * depth + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * depth
    document = f"<w:document {_W}><w:body>{body}</w:body></w:document>"
    return zipped({"word/document.xml": document, "[Content_Types].xml": _TYPES})


def bombs() -> dict[str, tuple[str | bytes, str | None]]:
    """Documents that are to keep their reader busy for ever: source and name."""
    differences = f"{_FONT}/Encoding << /Type /Encoding /Differences [0 {'/a ' * 20_000}] >> >>"
    widths = (
        "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts "
        f"[{_CID}] >>"
    )
    twice = zlib.compress(zlib.compress(bytes(100_000_000), 9), 9)
    loop = "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 /Parent 2 0 R >>"
    xml = {"word/document.xml": entities("<d>&k;</d>"), "[Content_Types].xml": _TYPES}
    attributes = " ".join(f"a{i}=1" for i in range(150_000))
    found: dict[str, tuple[str | bytes, str | None]] = {
        "PDF, widths": (fonts_pdf(300, 100, widths), None),
        "PDF, maps": (fonts_pdf(300, 20, f"{_FONT}/ToUnicode {{map}} 0 R >>", _RANGE), None),
        "PDF, differences": (fonts_pdf(300, 100, differences), None),
        "PDF, packed twice": (packed_pdf(twice, "/FlateDecode " * 2), None),
        "PDF, pages in a loop": (assembled([_CATALOG, loop]), None),
        "DOCX, nested tables": (nested_docx(), None),
        "DOCX, much of nothing": (zipped({"word/document.xml.": bytes(200_000_000)}), None),
        "DOCX, entities": (zipped(xml), None),
        "HTML, entities": (entities("<html><p>&k;</p></html>"), "a.html"),
        "HTML, attributes": (f"<html><p {attributes}>CPS Northmarch</p></html>", None),
        **{
            f"HTML, nested {tag}": (f"<html>{f'<{tag}>' * 100_000}CPS Northmarch", "a.html")
            for tag in ("div", "b", "table", "ul", "p", "blockquote", "svg")
        },
        "text, 10 MB": (b"Leadership\tGood\n" * 640_000, None),
        "text, rows": (FRONT + "Aspect\tAssessment\n" + "Leadership\tGood\n" * 14_000, None),
        "text, one line of dots": (FRONT + "." * 480_000, None),
        "text, names": (FRONT + ("CPS " + "Aa Bb " * 140 + "was rated as Good\n\n") * 500, None),
    }
    return found | {f"text, {row[:24]!r}": (text, None) for row, text in worst_lines()}


def worst_lines() -> Iterator[tuple[str, str]]:
    """Texts of lines that drive regular expressions to their worst, with their first line."""
    lines = [
        "Leadership {} Good",
        "Leadership Good {}",
        "{} Good",
        "rated as {} Good for Leadership",
    ]
    for mark in (".", "\u2021", "'", "\u2026 ", ": ", "a:", "CPS Aa ", "and "):
        for line in lines:
            row = line.format(mark * (900 // len(mark)))
            yield f"{mark}{line}", FRONT + f"{row}\n\n" * (400_000 // len(row))
