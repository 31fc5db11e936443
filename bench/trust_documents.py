"""How random documents and bombs are told: tried, clear, silent, traceback; the worst of them.

Clear means a sound document or a `DocumentError`. Each runs in a Python of its own that may work
for so many seconds and hold so much memory; what is killed counts as a traceback.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent / "tests"
SECONDS, MEGABYTES = 5, 500
CHUNK = 500  # random documents that one process reads
# Reads the documents of an expression and says how each is told, and what it took.
READ = """
import json, os, pathlib, resource, sys
sys.path[:0] = [{tests!r}]
import hostile
for kind, source, name in {expression}:
    before = sum(os.times()[:4])
    how = hostile.told(source, name)
    took = sum(os.times()[:4]) - before
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    held = max(resource.getrusage(one).ru_maxrss for one in who) / (
        1e6 if sys.platform == "darwin" else 1e3)
    print(json.dumps([kind, how, took, held]), flush=True)
"""
BOMB = "[({name!r}, pathlib.Path({path!r}), None)]"
RANDOM = "hostile.random_documents({number}, seed={seed})"


def documents(number: int = 10_000) -> Iterator[tuple[str, str, float, float]]:
    """Each document: its kind, how it is told, the seconds of work, and the megabytes held."""
    sys.path[:0] = [str(TESTS)]
    import hostile

    expressions = [RANDOM.format(number=CHUNK, seed=seed) for seed in range(number // CHUNK)]
    with tempfile.TemporaryDirectory() as folder:
        for at, (name, (source, file)) in enumerate(hostile.bombs().items()):
            path = Path(folder, f"{at}{file or 'bomb'}")
            path.write_bytes(source.encode() if isinstance(source, str) else source)
            expressions.append(BOMB.format(name=name, path=str(path)))
        yield from _read(expressions)


def _read(expressions: list[str]) -> Iterator[tuple[str, str, float, float]]:
    for expression in expressions:
        program = READ.format(tests=str(TESTS), expression=expression)
        command = [sys.executable, "-c", program]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=1800)
        lines = done.stdout.splitlines()
        if done.returncode:
            lines.append(json.dumps([expression, f"traceback: {done.stderr[-200:]}", 0, 0]))
        for line in lines:
            kind, how, took, held = json.loads(line)
            over = "traceback: over its limits" if took > SECONDS or held > MEGABYTES else how
            yield kind, over, took, held


def main() -> int:
    """Print the figures; 1 where anything was not clear."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=10_000, help="so many random documents")
    asked = parser.parse_args()
    counts: dict[str, Counter[str]] = {}
    worst: dict[str, tuple[float, float]] = {}
    for kind, how, took, held in documents(asked.number):
        counts.setdefault(kind, Counter())[how.partition(":")[0]] += 1
        seconds, megabytes = worst.get(kind, (0.0, 0.0))
        worst[kind] = max(seconds, took), max(megabytes, held)
        if how != "clear":
            print(f"{kind}: {how}")
    print(
        f"{'documents':40}{'tried':>7}{'clear':>7}{'silent':>7}{'traceback':>10}{'s':>7}{'MB':>6}"
    )
    for kind, found in counts.items():
        row = [found.total(), *(found[how] for how in ("clear", "silent", "traceback"))]
        seconds, megabytes = worst[kind]
        print(f"{kind:40}{row[0]:7}{row[1]:7}{row[2]:7}{row[3]:10}{seconds:7.2f}{megabytes:6.0f}")
    return int(any(set(found) != {"clear"} for found in counts.values()))


if __name__ == "__main__":
    raise SystemExit(main())
