"""How a data folder that was broken is told: tried, clear, silent, traceback, for each way.

Clear means that `check` names the file, or that what stands there is the same table; silent, that
a table differs and nobody is told; traceback, that anything but a sentence was raised. One small
table is cut at every byte, some are broken in every way, of the others each way has a sample.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import hmcpsi_data as hd
from hmcpsi_data.tables.description import table, table_names

EVERY_BYTE = "offices"
EVERY_WAY = ("offices", "themes", "scales", "ratings", "measures", "sources")
CUTS, SAMPLE = 15, 4  # of each table; ways to break one of the others
ROWS = 1_000_000
Break = Callable[[Path], object]


def ways(name: str, data: bytes) -> Iterator[tuple[str, Break]]:
    """The ways to break the file of a table with this content."""

    def written(content: bytes) -> Break:
        return lambda path: path.write_bytes(content)

    def cells(change: Callable[[list[list[str]]], object]) -> Break:
        rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
        change(rows)
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        return written(text.getvalue().encode())

    lines = data.split(b"\r\n")[:-1]
    yield "row cut out", written(b"\r\n".join([*lines[:1], *lines[2:], b""]))
    yield "row there twice", written(b"\r\n".join([*lines, lines[1], b""]))
    yield "row shortened", written(b"\r\n".join([*lines[:-1], lines[-1].rpartition(b",")[0], b""]))
    yield "key emptied", cells(lambda rows: rows[1].__setitem__(0, ""))
    if keys := table(name).foreign_keys:
        at = table(name).columns.index(keys[0].columns[0])
        yield "key that leads nowhere", cells(lambda rows: rows[1].__setitem__(at, "no_such_id"))
    turned = [[row[-1], *row[:-1]] for row in csv.reader(io.StringIO(data.decode(), newline=""))]
    yield "columns swapped", cells(lambda rows: rows.__setitem__(slice(1, None), turned[1:]))
    yield "names of columns swapped", cells(lambda rows: rows.__setitem__(0, turned[0]))
    yield "header lost", written(b"\r\n".join([*lines[1:], b""]))
    yield "header changed", written(b"x" + data)
    yield "semicolons", written(data.replace(b",", b";"))
    yield "other line ends", written(data.replace(b"\r\n", b"\n"))
    yield "old line ends", written(data.replace(b"\r\n", b"\r"))
    for encoding in ("utf-16", "utf-8-sig", "utf-32", "utf-7"):
        yield "another encoding", written(data.decode().encode(encoding))
    yield "Latin-1", written(data + "é".encode("latin-1"))
    yield "NUL", written(data[:99] + b"\0" + data[99:])
    yield "cell of 10 MB", written(data + b"x" * 10_000_000)
    yield "read as Latin-1", written(data.decode("latin-1").replace("e", "Ã©").encode())
    yield "dates of a spreadsheet", written(data.replace(b"2006-03", b"Mar-06"))
    yield "numbers of a spreadsheet", written(data.replace(b"31726", b"3.1726E+04"))
    yield "errors of a spreadsheet", written(data.replace(b"Good", b"#REF!"))
    yield "empty", written(b"")
    yield "missing", lambda _: None
    yield "a folder in its place", Path.mkdir
    yield "a link to itself", lambda path: path.symlink_to(path)
    yield "a link to nothing", lambda path: path.symlink_to(path.with_name("nothing"))
    if hasattr(os, "mkfifo"):
        yield "a pipe in its place", os.mkfifo


def told(name: str, folder: Path, whole: hd.Record) -> str:
    """How a broken table is told."""
    try:
        problems = hd.check(folder)
        try:
            same = hd.Record(folder).table(name).equals(whole.table(name))
        except hd.HmcpsiError:
            same = False
        if problems["problem"].str.contains("could not be checked").any():
            return "traceback"
        return "clear" if same or table(name).file in set(problems["file"]) else "silent"
    except Exception as error:
        print(f"{name}: {type(error).__name__}: {error}"[:200])
        return "traceback"


def folders(
    names: Iterable[str] = (), sample: int = SAMPLE, cuts: int = CUTS
) -> Iterator[tuple[str, str]]:
    """Each breaking of the shipped tables, or of some in a sample: the way, and how it is told."""
    whole, chance = hd.Record(), random.Random(20261129)
    with tempfile.TemporaryDirectory() as home:
        folder = hd.copy_data(Path(home, "mine"))
        for name in names or table_names():
            path = folder / table(name).file
            data = path.read_bytes()
            at, broken = chance.sample(range(len(data)), cuts), list(ways(name, data))
            if names or name not in EVERY_WAY:
                broken = chance.sample(broken, sample)
            elif name == EVERY_BYTE:
                at = list(range(len(data)))
            broken += [("cut at a byte", _cut(data, n)) for n in at]
            for way, spoil in broken:
                path.unlink()
                spoil(path)
                yield way, told(name, folder, whole)
                path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
                path.write_bytes(data)


def _cut(data: bytes, at: int) -> Break:
    return lambda path: path.write_bytes(data[:at])


def singles() -> Iterator[tuple[str, str]]:
    """What is tried once: a million rows, and files and folders that may not be read."""
    whole = hd.Record()
    with tempfile.TemporaryDirectory() as home:
        folder = hd.copy_data(Path(home, "mine"))
        path = folder / "offices.csv"
        data = path.read_bytes()
        header, *rows = data.splitlines(keepends=True)
        path.write_bytes(header + b"".join(rows) * (ROWS // len(rows)))
        yield "a million rows", told("offices", folder, whole)
        path.write_bytes(data)
        if os.name == "nt" or os.geteuid() == 0:
            print("no permission: not tried, since an administrator may read everything")
            return
        for place in (path, folder):
            mode = place.stat().st_mode
            place.chmod(0)
            yield "no permission", told("offices", folder, whole)
            place.chmod(mode)


def main() -> int:
    """Break the folder in each way and print the figures; 1 where anything was not clear."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    counts = Counter([*folders(), *singles()])
    print(f"{'data folder':28}{'tried':>7}{'clear':>7}{'silent':>7}{'traceback':>10}")
    for way in dict.fromkeys(way for way, _ in counts):
        one = [counts[way, how] for how in ("clear", "silent", "traceback")]
        print(f"{way:28}{sum(one):7}{one[0]:7}{one[1]:7}{one[2]:10}")
    return int(any(how != "clear" for _, how in counts))


if __name__ == "__main__":
    raise SystemExit(main())
