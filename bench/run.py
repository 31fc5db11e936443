"""Measure what the project promises, as ratios within one run, and say whether it holds.

Usage: ``python bench/run.py [NAME ...]``, NAME being a module beside this file; all, without.
A module has a function ``run()`` that yields `Result`. Exits 1 where a limit is passed.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

HERE = Path(__file__).parent


class Result(NamedTuple):
    """One promise: what was measured, and the limit that it must not pass."""

    what: str
    value: float
    limit: float
    unit: str = "times"

    @property
    def holds(self) -> bool:
        """Whether the promise is kept."""
        return self.value <= self.limit


def best(call: Callable[[], object], repeat: int = 5) -> float:
    """Shortest of several times of one call, in seconds."""
    times = []
    for _ in range(repeat):
        start = perf_counter()
        call()
        times.append(perf_counter() - start)
    return min(times)


def main(names: list[str]) -> int:
    """Run the named modules and print one line a promise."""
    sys.path.insert(0, str(HERE))
    measures = (one for one in HERE.glob("*.py") if "\ndef run(" in one.read_text("utf-8"))
    modules = names or sorted(path.stem for path in measures)
    failed = 0
    for name in modules:
        print(f"{name}:", flush=True)
        for what, value, limit, unit in importlib.import_module(name).run():
            failed += value > limit
            verdict = "passes the limit" if value > limit else "within"
            print(f"  {what}: {value:.2f} {unit}, {verdict} {limit:g}", flush=True)
    print(f"{failed} of the promises broken." if failed else "All promises hold.")
    return int(failed > 0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
