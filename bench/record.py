"""The cost of the two widest tables of the record: coverage by measure, and its matrix to read."""

from __future__ import annotations

from collections.abc import Iterator

from run import Result, best

import hmcpsi_data as hd
from hmcpsi_data import show


def run() -> Iterator[Result]:
    """Both on a record that was just opened, and coverage again on the same one."""
    opened = hd.Record()
    hd.coverage(by="measure", record=opened)
    fresh = best(lambda: hd.coverage(by="measure", record=hd.Record()))
    again = best(lambda: hd.coverage(by="measure", record=opened))
    matrix = best(lambda: show.coverage_matrix(record=opened))
    yield Result("coverage by measure, just opened", fresh * 1000, 150, "ms")
    yield Result("coverage by measure, again", again * 1000, 150, "ms")
    yield Result("matrix of coverage", matrix * 1000, 300, "ms")
