"""How a data folder that was broken is told: tried, clear, silent, traceback, for each way.

Every file is broken in every way, cuts at a sample of its bytes (``--every 1`` for all of them).
Clear means that `check` names the file, or that what stands there is the same table; silent, that
a table differs and nobody is told; traceback, that anything but a sentence was raised.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import hmcpsi_data as hd
from hmcpsi_data.tables.description import table, table_names

Break = Callable[[Path], None]


def ways(data: bytes, every: int) -> Iterator[tuple[str, Break]]:
    """The ways to break a file of this content."""

    def written(content: bytes) -> Break:
        return lambda path: path.write_bytes(content) and None

    header, *rows = data.split(b"\r\n")
    columns = header.split(b",")
    swapped = [columns[-1], *columns[1:-1], columns[0]]
    for at in range(0, len(data), every):
        yield "cut at a byte", written(data[:at])
    for at in random.Random(len(data)).sample(range(len(rows)), min(2, len(rows) - 1)):
        yield "row cut out", written(b"\r\n".join([header, *rows[:at], *rows[at + 1 :]]))
        yield "row there twice", written(b"\r\n".join([header, rows[at], *rows]))
        yield "row shortened", written(b"\r\n".join([header, rows[at][:-3], *rows]))
    yield "names of columns swapped", written(b"\r\n".join([b",".join(swapped), *rows]))
    yield "header lost", written(b"\r\n".join(rows))
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
    yield "spreadsheet errors", written(data.replace(b"Good", b"#REF!"))
    yield "empty", written(b"")
    yield "missing", lambda _: None
    yield "a folder in its place", Path.mkdir
    yield "a link to itself", lambda path: path.symlink_to(path)
    yield "a link to nothing", lambda path: path.symlink_to(path.with_name("nothing"))


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


def main() -> int:
    """Break each file in each way and print the figures; 1 where anything was not clear."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=4001, help="cut at every so many bytes")
    parser.add_argument("tables", nargs="*", default=list(table_names()), help="only these")
    asked = parser.parse_args()
    whole, counts = hd.Record(), Counter[tuple[str, str]]()
    with tempfile.TemporaryDirectory() as home:
        folder = hd.copy_data(Path(home, "mine"))
        for name in asked.tables:
            path = folder / table(name).file
            data = path.read_bytes()
            for way, broken in ways(data, asked.every):
                path.unlink()
                broken(path)
                counts[way, told(name, folder, whole)] += 1
                path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
                path.write_bytes(data)
    print(f"{'data folder':28}{'tried':>7}{'clear':>7}{'silent':>7}{'traceback':>10}")
    for way in dict.fromkeys(way for way, _ in counts):
        one = [counts[way, how] for how in ("clear", "silent", "traceback")]
        print(f"{way:28}{sum(one):7}{one[0]:7}{one[1]:7}{one[2]:10}")
    return int(any(how != "clear" for _, how in counts))


if __name__ == "__main__":
    raise SystemExit(main())
