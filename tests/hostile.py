"""Small PDF and DOCX files, and hostile and random ones; all that they say is invented."""

from __future__ import annotations

import io
import random
import re
import zipfile
import zlib
from collections.abc import Iterator
from itertools import pairwise, product

import docx
import pandas as pd
from gold import texts

import hmcpsi_data as hd
from hmcpsi_data.documents.claims import COLUMNS
from hmcpsi_data.documents.front import KINDS


def pdf(*pages):
    """A PDF whose pages are lists of (x, y, text), in 10 point Helvetica on A4."""
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for i, page in enumerate(pages):
        drawn = page if isinstance(page, bytes) else drawing(page)
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R "
            f">> >> /Contents {5 + 2 * i} 0 R >>"
        )
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawn), drawn))
    return assembled(objects)


def drawing(placed):
    """The instructions that put texts in their places."""
    parts = []
    for x, y, text in placed:
        shown = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        parts.append(f"BT /F1 10 Tf {x} {y} Td ({shown}) Tj ET".encode("cp1252"))
    return b"\n".join(parts)


def assembled(objects):
    """A PDF of numbered objects, the first being the catalogue."""
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        content = content if isinstance(content, bytes) else content.encode("cp1252")
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    start, size = len(out), len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for place in places:
        out += b"%010d 00000 n \n" % place
    return bytes(
        out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, start)
    )


def column(x, top, texts, step=14):
    """Texts one below the other."""
    return [(x, top - step * i, text) for i, text in enumerate(texts) if text]


def word(*blocks):
    """A DOCX of paragraphs (a text, or a text with its style) and tables (lists of rows)."""
    document = docx.Document()
    for block in blocks:
        if isinstance(block, list):
            table = document.add_table(len(block), max(map(len, block)))
            for row, cells in zip(table.rows, block, strict=True):
                for cell, text in zip(row.cells, cells, strict=False):
                    cell.text = text
        else:
            document.add_paragraph(*(block if isinstance(block, tuple) else (block,)))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def zipped(parts):
    """A ZIP file of named parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


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
    *("Issues to address", ("Write better letters", "List Number"), "CPS response: We will."),
    [["Criteria", "Score"], ["Effective leadership", "Good"]],
)


def faults(document: hd.Document) -> list[str]:
    """What is not sound about a document that was read."""
    holds = [("kind", document.kind in {*KINDS, "unknown"})]
    holds += [("pages", sum(document.pages) in {0, len(document.lines)})]
    for table, columns in COLUMNS.items():
        frame = getattr(document, table)
        holds += [("types", {name: str(frame[name].dtype) for name in frame} == columns)]
    for claim in document.claims.itertuples():
        holds += [("words", any(map(str.strip, document.words(claim.locator))))]
        holds += [("doubt", claim.certain == pd.isna(claim.why))]
    holds += [("scale", set(document.ratings["rating"]) <= {"Excellent", "Good", "Fair", "Poor"})]
    for label, rating, locator in document.ratings[["label", "rating", "locator"]].values:
        words = _plain(" ".join(document.words(locator)))
        holds += [("rating", rating.casefold() in words)]
        holds += [("label", pd.isna(label) or all(one in words for one in _plain(label).split()))]
    known = document.ratings[["label", "level"]].dropna()
    holds += [("twice", not known.apply(lambda part: part.str.casefold()).duplicated().any())]
    for number, text in document.responses[["number", "text"]].values:
        numbers = set(document.claims["row"].map(lambda row: row.get("number")))
        holds += [("answer", number in numbers), ("text", bool(text.strip()))]
    return [what for what, sound in holds if not sound]


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
    for at in range(number):
        name = chance.choice([None, "a.txt", "a.html", "a.md"])
        kinds: list[tuple[str, str | bytes, str | None]] = [
            ("any bytes", chance.randbytes(chance.randint(0, 400)), name),
            ("spoilt text", spoilt(chance, chance.choice(TEXTS).encode()), name),
            ("fragments", "".join(chance.choices(FRAGMENTS, k=chance.randint(0, 60))), None),
            ("lines of several", "\n".join(chance.choices(pieces, k=60)), None),
        ]
        if at % 40 < 2:  # each is read in a process of its own
            kinds = [("spoilt PDF", spoilt(chance, PDF), "a.pdf")]
            kinds += [("spoilt DOCX", spoilt(chance, DOCX), "a.docx")]
        yield kinds[at % len(kinds)]


FRONT = "Invented: OPA of CPS Northmarch, 14 March 2006\n\n"
_FONT = "<< /Type /Font /Subtype /Type1 /BaseFont /A "
_CID = "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /W [0 65000 500] >>"
_OPEN = "http://schemas.openxmlformats.org/package/2006/content-types"
_TYPES = {"[Content_Types].xml": f'<Types xmlns="{_OPEN}"/>'}
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_CATALOG = "<< /Type /Catalog /Pages 2 0 R >>"
_RANGE = b"begincmap\n1 beginbfrange\n<0000> <FFFF> <0000>\nendbfrange\nendcmap"


def _stream(content: bytes, more: str = "") -> bytes:
    return b"<< %b /Length %d >>\nstream\n%b\nendstream" % (more.encode(), len(content), content)


def fonts_pdf(pages: int, fonts: int, font: str, mapping: bytes = b"") -> bytes:
    """A PDF whose pages all name all of so many fonts."""
    names = " ".join(f"/F{i} {4 + i} 0 R" for i in range(fonts))
    kids = " ".join(f"{4 + fonts + i} 0 R" for i in range(pages))
    tree = f"<< /Type /Pages /Kids [{kids}] /Count {pages} /MediaBox [0 0 595 842] >>"
    page = f"<< /Type /Page /Parent 2 0 R /Contents 3 0 R /Resources << /Font << {names} >> >> >>"
    named = [font.format(map=4 + fonts + pages)] * fonts + [page] * pages
    drawn = _stream(b"BT /F0 9 Tf (a) Tj ET")
    return assembled([_CATALOG, tree, drawn, *named, _stream(mapping)])


def entities(body: str) -> str:
    """An XML text whose entities grow without end."""
    grown = "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in pairwise("abcdefghijk"))
    return f'<!DOCTYPE d [<!ENTITY a "lol">{grown}]>{body}'


def bombs() -> dict[str, tuple[str | bytes, str | None]]:
    """Documents that are to keep their reader busy for ever: source and name."""
    differences = f"{_FONT}/Encoding << /Type /Encoding /Differences [0 {'/a ' * 20_000}] >> >>"
    widths = f"{_FONT} /Encoding /Identity-H /DescendantFonts [{_CID}] >>".replace("Type1", "Type0")
    kids = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>"
    packed = zlib.compress(zlib.compress(bytes(100_000_000), 9), 9)
    twice = _stream(packed, "/Filter [/FlateDecode /FlateDecode]")
    loop = "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 /Parent 2 0 R >>"
    xml = {"word/document.xml": entities("<d>&k;</d>"), **_TYPES}
    cells = "<w:tbl><w:tr><w:tc>" * 3_000 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 3_000
    nested = f"<w:document {_W}><w:body>{cells}</w:body></w:document>"
    attributes = " ".join(f"a{i}=1" for i in range(150_000))
    found: dict[str, tuple[str | bytes, str | None]] = {
        "PDF, widths": (fonts_pdf(300, 100, widths), None),
        "PDF, maps": (fonts_pdf(300, 20, f"{_FONT}/ToUnicode {{map}} 0 R >>", _RANGE), None),
        "PDF, differences": (fonts_pdf(300, 100, differences), None),
        "PDF, matrices": (pdf(b"BT /F1 9 Tf " + b"1 0 0 1 0 0 cm (a)Tj " * 40_000 + b" ET"), None),
        "PDF, drawings": (pdf(*[drawing([(60, 700, "CPS Northmarch")] * 10_000)] * 20), None),
        "PDF, packed twice": (assembled([_CATALOG, kids, page, twice]), None),
        "PDF, pages in a loop": (assembled([_CATALOG, loop]), None),
        "DOCX, nested tables": (zipped({"word/document.xml": nested, **_TYPES}), None),
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
        "text, lines of dots": (FRONT + ("." * 9_000 + "\n") * 50, None),
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
    for mark, line in product(
        (".", "\u2021", "'", "\u2026 ", ": ", "a:", "CPS Aa ", "and "), lines
    ):
        row = line.format(mark * (900 // len(mark)))
        yield f"{mark}{line}", FRONT + f"{row}\n\n" * (400_000 // len(row))
