"""Reading documents: time by size, the time of a press notice, and the limits for hostile files.

The founding documents are no part of the project; where they are not at hand, invented ones of the
same size are read. Each hostile file is read by a Python of its own, so that its memory is its own.
"""

import io
import os
import subprocess
import sys
import tempfile
import zipfile
import zlib
from functools import partial
from pathlib import Path
from time import process_time

from run import Result

from hmcpsi_data import read_document
from hmcpsi_data.documents import limits

ROOT = Path(__file__).resolve().parent.parent
FRONT = "Invented: OPA of CPS Kent\n\n14 March 2006\n\nAspect\tAssessment\n"
ROWS = "Leadership {0}\tGood\nDisclosure {0}\tFair\n"
PROSE = "In {0} of the cases, which were good, the Area was rated as fair by {0} inspectors.\n\n"
ACTIONS = "Recommendation {0}\nThe Area should write.\nCPS response: It will, in {0} months.\n\n"
RATED = b"in relation to the on for in and the Area was rated as x or rated as Good " * 12 + b"\n\n"
FORCES = b"It serves the police forces of " + b"Kent, " * 150 + b"\n\n"
DATES = b"5 cases of 6 files on 1 May 2010, " * 280 + b"\n\n"
# What a hostile file is read with, to the error that it must end in, and what it took.
READ = """
import sys, time
import hmcpsi_data
from hmcpsi_data.documents import read_document
read_document("CPS Kent")
start = time.perf_counter()
try:
    read_document(sys.argv[1])
except hmcpsi_data.DocumentError:
    pass
took = time.perf_counter() - start
try:
    import resource
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    held /= 1e6 if sys.platform == "darwin" else 1e3
except ImportError:
    held = 0.0
print(took, held)
"""


def founding():
    """The documents that a press notice is measured by."""
    shared = Path(os.environ.get("HMCPSI_SHARED") or ROOT.parent / "shared") / "documents"
    found = sorted(shared.glob("*.txt")) or sorted((ROOT / "tests/documents").glob("*.txt"))
    return [path.read_bytes() for path in found]


def text(pattern, lines):
    """An invented document of about so many lines."""
    number = lines // pattern.count("\n")
    return FRONT + "".join(pattern.format(i) for i in range(1, number + 1))


def packed(parts):
    """A ZIP file of named parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def pdf(drawn, filters=""):
    """A PDF of one page."""
    font = (
        b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %b >>" % font,
        b"<< /Filter [%b] /Length %d >>\nstream\n%b\nendstream"
        % (filters.encode(), len(drawn), drawn),
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(out)
    return out + b"xref\n0 5\n0000000000 65535 f \n" + table + end


def bare_docx():
    """The parts of the smallest DOCX, and its text with a place for paragraphs."""
    xml, kind = "http://schemas.openxmlformats.org", "application/vnd.openxmlformats-"
    main = kind + "officedocument.wordprocessingml.document.main+xml"
    document = f'<w:document xmlns:w="{xml}/wordprocessingml/2006/main"><w:body>{{}}</w:body>'
    types = (
        f'<Types xmlns="{xml}/package/2006/content-types"><Default Extension="rels" '
        f'ContentType="{kind}package.relationships+xml"/><Override '
        f'PartName="/word/document.xml" ContentType="{main}"/></Types>'
    )
    relations = (
        f'<Relationships xmlns="{xml}/package/2006/relationships"><Relationship Id="a" '
        f'Type="{xml}/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    )
    return {"[Content_Types].xml": types, "_rels/.rels": relations}, document


def hostile():
    """Files that would fill the time or the memory, by what they are."""
    bomb = zlib.compress(zlib.compress(bytes(100_000_000), 9), 9)
    full = limits.MAX_CHARACTERS - 1000
    page = limits.MAX_HTML // 10
    parts, document = bare_docx()
    paragraph = "<w:p><w:r><w:t>a</w:t></w:r></w:p>"
    many = document.format(paragraph * ((limits.MAX_XML - 2000) // len(paragraph)))
    return {
        "50 MB of text.txt": b"Leadership\tGood\n" * 3_200_000,
        "all lines that may be.txt": text(ROWS, limits.MAX_LINES - 100).encode(),
        "all characters that may be.txt": (PROSE * (full // len(PROSE))).encode(),
        "sentences that rate.txt": RATED * (full // len(RATED)),
        "police forces.txt": FORCES * (full // len(FORCES)),
        "points.txt": b"Issues to address\n" + b"- a b\n" * (limits.MAX_LINES - 100),
        "issues.txt": FRONT.encode() + b"Issue 1: a\nCPS response: b\n" * 5000,
        "dates.txt": DATES * (full // len(DATES)),
        "dots.txt": (b"." * 900 + b"x Good\n") * (full // 910),
        "one line.txt": b"the Area was rated as Good for " * (full // 31),
        "spaces and marks.txt": (b" " * 4000 + b"'(1.\t|" * 600 + b"\n") * (full // 7601),
        "a page nested too deep.html": b"<html>" + b"<div>" * page,
        "a page of tables.html": b"<html><table>" + b"<tr><td colspan=9><td>Good" * (page // 3),
        "a page of unclosed tags.html": b"<html>" + b"<p <a <b" * page,
        "a DOCX that grows.docx": packed({"word/document.xml": bytes(500_000_000)}),
        "a DOCX of paragraphs.docx": packed({**parts, "word/document.xml": f"{many}</w:document>"}),
        "a PDF that grows.pdf": pdf(bomb, "/FlateDecode /FlateDecode"),
        "a PDF of texts.pdf": pdf(b"BT /F1 9 Tf 60 700 Td " + b"(a)Tj " * 60_000),
        "a PDF of numbers.pdf": pdf(b"1 " * (limits.MAX_PAGE_BYTES // 2 - 9)),
        "a PDF of arrays.pdf": pdf(b"[" * (limits.MAX_PAGE_BYTES - 9)),
    }


def processor_time(call, repeat=3):
    """The shortest of some times that the processor works on a call."""
    times = []
    for _ in range(repeat):
        start = process_time()
        call()
        times.append(process_time() - start)
    return min(times)


def run():
    """Yield every measurement with its limit."""
    documents = founding()
    slowest = max(processor_time(partial(read_document, document), 20) for document in documents)
    yield Result("reading the slowest founding document", 1000 * slowest, 25, "ms")
    for what, pattern in (("rows", ROWS), ("prose", PROSE), ("actions", ACTIONS)):
        calls = (partial(read_document, text(pattern, lines)) for lines in (1_000, 10_000))
        once, more = map(processor_time, calls)
        yield Result(f"reading 10,000 lines of {what}, to a tenth of them", more / once, 15)
    took, held = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for name, content in hostile().items():
            path = Path(folder, name)
            path.write_bytes(content)
            command = [sys.executable, "-c", READ, str(path)]
            done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
            took[name], held[name] = map(float, done.stdout.split())
            path.unlink()
    worst, largest = max(took, key=took.get), max(held, key=held.get)
    yield Result(f"the slowest hostile file ({worst})", took[worst], 5, "s")
    yield Result(f"the most memory with one ({largest})", held[largest], 500, "MB")
