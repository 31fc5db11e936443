"""Reading documents: what is invented, missed and lost; time by size; the limits for hostile files.

The founding documents are no part of the project; where they are not at hand, the invented texts
are timed. Each hostile file is read by a Python of its own, so that its memory is its own.
"""

import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from time import process_time

from run import Result

from hmcpsi_data import read_document
from hmcpsi_data.documents import source

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from gold import score, texts  # noqa: E402

FRONT = "Invented: OPA of CPS Northmarch\n\n14 March 2006\n\nAspect\tAssessment\n"
ROWS = "Leadership {0}\tGood\nDisclosure {0}\tFair\n"
PROSE = "In {0} of the cases, which were good, the Area was rated as fair by {0} inspectors.\n\n"
ACTIONS = "Recommendation {0}\nThe Area should write.\nCPS response: It will, in {0} months.\n\n"
RATED = "in relation to the on for in and the Area was rated as x or rated as Good " * 12 + "\n\n"
# What a hostile file is read with, to its error if any, and what it took.
READ = """
import os, sys
import hmcpsi_data
hmcpsi_data.read_document("CPS Northmarch")
start = sum(os.times()[:4])
try:
    hmcpsi_data.read_document(sys.argv[1])
except hmcpsi_data.DocumentError:
    pass
took = sum(os.times()[:4]) - start
try:
    import resource
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    held = max(resource.getrusage(one).ru_maxrss for one in who)
    held /= 1e6 if sys.platform == "darwin" else 1e3
except ImportError:
    held = 0.0
print(took, held)
"""


def founding():
    """The documents that a press notice is measured by."""
    shared = Path(os.environ.get("HMCPSI_SHARED") or ROOT.parent / "shared") / "documents"
    found = [path.read_bytes() for path in sorted(shared.glob("*.txt"))]
    return found or [gold.text.encode() for gold in texts()]


def text(pattern, lines):
    """An invented document of about so many lines."""
    number = lines // pattern.count("\n")
    return FRONT + "".join(pattern.format(i) for i in range(1, number + 1))


def hostile():
    """Files that would fill the time or the memory, by what they are."""
    full = source.MAX_CHARACTERS - 1000
    attributes = " ".join(f"a{i}=1" for i in range(150_000))
    stars = b"(a)Tj " * 60_000
    head = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    head += b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
    head += b"3 0 obj\n<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>\nendobj\n"
    return {
        "50 MB of text.txt": b"Leadership\tGood\n" * 3_200_000,
        "all lines that may be.txt": text(ROWS, 14_900).encode(),
        "all characters that may be.txt": (PROSE * (full // len(PROSE))).encode(),
        "sentences that rate.txt": (FRONT + RATED * (full // len(RATED) - 1)).encode(),
        "dots.txt": ("Leadership " + "." * 990 + " Good\n").encode() * 480,
        "names.txt": (FRONT + ("CPS " + "Aa Bb " * 140 + "was rated as Good\n\n") * 500).encode(),
        "attributes.html": f"<html><p {attributes}>CPS Northmarch</p></html>".encode(),
        "a page nested too deep.html": b"<html>" + b"<div>" * 300_000,
        "a PDF of texts.pdf": head
        + b"4 0 obj\n<< /Length %d >>\nstream\nBT /F1 9 Tf %b ET\nendstream\nendobj\n"
        % (len(stars) + 15, stars)
        + b"trailer\n<< /Size 5 /Root 1 0 R >>\n%%EOF",
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
    scores = [score(gold, read_document(gold.text, gold.name)) for gold in texts()]
    certain, wanted = sum(s.certain for s in scores), sum(s.wanted for s in scores)
    invented, missed, silent = (
        sum(len(getattr(s, name)) for s in scores) for name in ("invented", "missed", "silent")
    )
    yield Result(f"of {certain} certain claims of {len(scores)} texts, invented", invented, 0, "")
    share = 100 * missed / wanted
    yield Result(f"of {wanted} claims to find, neither certain nor doubtful", share, 5, "%")
    yield Result("lost without a word", silent, 0, "")
    slowest = max(processor_time(partial(read_document, one), 20) for one in founding())
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
