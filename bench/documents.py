"""Reading documents: what is invented, missed and lost; time by size; the limits for hostile files.

The founding documents are no part of the project; where they are not at hand, the invented texts
are timed.
"""

import os
import sys
from functools import partial
from pathlib import Path

import trust_documents
from run import Result

from hmcpsi_data import read_document
from hmcpsi_data.documents import source

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from gold import score, texts  # noqa: E402
from hostile import DOCX, PDF  # noqa: E402

FRONT = "Invented: OPA of CPS Northmarch\n\n14 March 2006\n\nAspect\tAssessment\n"
ROWS = "Leadership {0}\tGood\nDisclosure {0}\tFair\n"
PROSE = "In {0} of the cases, which were good, the Area was rated as fair by {0} inspectors.\n\n"
ACTIONS = "Recommendation {0}\nThe Area should write.\nCPS response: It will, in {0} months.\n\n"


def founding():
    """The documents that a press notice is measured by."""
    shared = Path(os.environ.get("HMCPSI_SHARED") or ROOT.parent / "shared") / "documents"
    found = [path.read_bytes() for path in sorted(shared.glob("*.txt"))]
    return found or [gold.text.encode() for gold in texts()]


def text(pattern, lines):
    """An invented document of about so many lines."""
    number = lines // pattern.count("\n")
    return FRONT + "".join(pattern.format(i) for i in range(1, number + 1))


def processor_time(call, repeat=3):
    """The shortest of some times that the processor works on a call."""
    times = []
    for _ in range(repeat):
        start = sum(os.times()[:4])  # also of the process that unpacks
        call()
        times.append(sum(os.times()[:4]) - start)
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
    for kind, data, limit in (("pdf", PDF, 400), ("docx", DOCX, 150)):
        apart = processor_time(partial(source.unpack_apart, kind, data), 5)
        what = f"the process of its own that unpacks a {kind.upper()}"
        yield Result(what, 1000 * apart, limit, "ms")  # pypdf alone takes some 300 ms to load
    bombs = list(trust_documents.documents(0))
    worst, largest = max(bombs, key=lambda one: one[2]), max(bombs, key=lambda one: one[3])
    yield Result(f"the slowest hostile file ({worst[0]})", worst[2], 5, "s")
    yield Result(f"the most memory with one ({largest[0]})", largest[3], 500, "MB")
    yield Result(
        "hostile files that end in a traceback", sum(one[1] != "clear" for one in bombs), 0, ""
    )
