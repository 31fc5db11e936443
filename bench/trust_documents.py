"""How random documents and bombs are told, and what the worst of them takes.

Clear means a sound document or a `DocumentError`. Each runs in a Python of its own that may work
for so many seconds and hold so much memory; what is killed counts as a traceback.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent / "tests"
SECONDS, MEGABYTES = 5, 500
CHUNK, SAMPLE = 500, 4  # random documents that one process reads; lots of a sample
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


def figures(whole: bool = False) -> Iterator[tuple[str, Counter[str]]]:
    """Each kind of document, how it was told, and the most that one of them took."""
    counts: dict[str, Counter[str]] = {}
    worst: dict[str, tuple[float, float]] = {}
    for kind, how, took, held in documents(10_000 // CHUNK if whole else SAMPLE):
        if how != "clear":
            print(f"{kind}: {how}", file=sys.stderr)
        kind, bomb, _ = kind.partition(",")  # bombs are told together
        kind = f"bombs, {kind}" if bomb else kind
        counts.setdefault(kind, Counter())[how.partition(":")[0]] += 1
        seconds, megabytes = worst.get(kind, (0.0, 0.0))
        worst[kind] = max(seconds, took), max(megabytes, held)
    for kind, (seconds, megabytes) in worst.items():
        yield f"document: {kind} ({seconds:.1f} s, {megabytes:.0f} MB)", counts[kind]


def documents(lots: int) -> Iterator[tuple[str, str, float, float]]:
    """So many lots of random documents, then each bomb: kind, how told, seconds, megabytes."""
    sys.path[:0] = [str(TESTS)]
    import hostile

    expressions = [RANDOM.format(number=CHUNK, seed=seed) for seed in range(lots)]
    with tempfile.TemporaryDirectory() as folder:
        for at, (name, (source, file)) in enumerate(hostile.bombs().items()):
            path = Path(folder, f"{at}{file or 'bomb'}")
            path.write_bytes(source.encode() if isinstance(source, str) else source)
            expressions.append(BOMB.format(name=name, path=str(path)))
        yield from _read(expressions)


def _read(expressions: list[str]) -> Iterator[tuple[str, str, float, float]]:
    """Each document: its kind, how it is told, the seconds of work, and the megabytes held."""
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
