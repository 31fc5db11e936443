"""Small PDF and DOCX files, made for the tests of reading; what they say is invented."""

import io
import zipfile

import docx


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
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        content = content if isinstance(content, bytes) else content.encode("cp1252")
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    size = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF"
    out.write(size.encode("ascii"))
    return out.getvalue()


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
