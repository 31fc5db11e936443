"""What `make trust` tries, and how each try was told: clear, silent, or with a bare traceback.

Usage: ``python bench/trust.py [PART ...] [--whole]``; all parts, without. A sample of each part
ends within a quarter of an hour on two cores; the whole takes about an hour. What is not clear is
told where it happens; one table of all figures stands at the end.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator

import places
import trust_documents
import trust_folders
import trust_writing

HOW = ("clear", "by sum", "silent", "traceback")
PARTS: dict[str, Callable[[bool], Iterator[tuple[str, Counter[str]]]]] = {
    "folders": trust_folders.figures,
    "documents": trust_documents.figures,
    "writers": trust_writing.figures,
    "places": places.figures,
    "versions": places.versions,
}


def main() -> int:
    """Run the named parts, or all; 1 where anything was not clear."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--whole", action="store_true", help="all of it, not a sample")
    asked = parser.parse_args()
    lines = [f"{'':44}{'tried':>9}" + "".join(f"{how:>10}" for how in HOW) + f"{'seconds':>9}"]
    failed, start = 0, time.perf_counter()
    for part in asked.parts or PARTS:
        before = time.perf_counter()
        for what, counts in PARTS[part](asked.whole):
            row = "".join(f"{counts[how]:10,}" for how in HOW)
            took = time.perf_counter() - before
            lines.append(f"{what:44}{counts.total():9,}{row}{took:9.0f}")
            print(lines[-1], file=sys.stderr, flush=True)
            failed += counts["silent"] + counts["traceback"]
            before = time.perf_counter()
    print("\n".join(lines))
    print(f"{failed or 'None'} not clear, after {time.perf_counter() - start:.0f} seconds.")
    return int(failed > 0)


if __name__ == "__main__":
    raise SystemExit(main())
