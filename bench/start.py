"""The cost of the way in: importing the package, and the first load of all tables."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from run import Result

IMPORT = "from time import perf_counter as t; a = t(); import {}; print(t() - a)"
BARE = """
import pandas as pd
from time import perf_counter
from hmcpsi_data.tables.description import shipped_folder
files = sorted(shipped_folder().glob("*.csv"))
pd.read_csv(files[0])
start = perf_counter()
for file in files:
    pd.read_csv(file)
print(perf_counter() - start)
"""
OURS = """
import pandas as pd
from time import perf_counter
import hmcpsi_data as hd
from hmcpsi_data.tables.description import shipped_folder
pd.read_csv(sorted(shipped_folder().glob("*.csv"))[0])
start = perf_counter()
for file in sorted(shipped_folder().glob("*.csv")):
    hd.load(file.stem)
print(perf_counter() - start)
"""


def seconds(code: str) -> float:
    """What a fresh interpreter prints for the code."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def ratio(ours: str, theirs: str, runs: int = 9) -> float:
    """Shortest of ours to shortest of theirs, each in a fresh interpreter, taken in turns."""
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(runs)]
    return min(our for our, _ in pairs) / min(their for _, their in pairs)


def run() -> Iterator[Result]:
    """Import against pandas, and the first load against bare `read_csv`."""
    seconds(IMPORT.format("hmcpsi_data"))
    yield Result(
        "import hmcpsi_data, against import pandas",
        ratio(IMPORT.format("hmcpsi_data"), IMPORT.format("pandas")),
        1.15,
    )
    yield Result("first load of all tables, against bare read_csv", ratio(OURS, BARE), 2)
