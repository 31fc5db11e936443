"""How a data folder that was broken is told.

Clear means that `check` names the file, or that what stands there is the same table; silent, that
a table differs and nobody is told; traceback, that anything but a sentence was raised. "By sum"
counts what only the file's sum gives away.

Every file is cut at every byte (those of more than 35 kB at every tenth, or all in the whole run),
which is told by what `check` looks at in a file by itself: its form and its sum. The whole of
`check` has a sample of these cuts, all tables broken at once in each way, and tables broken one
by one: a sample, or all of them in the whole run.
"""

from __future__ import annotations

import csv
import io
import os
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from multiprocessing import Pool
from pathlib import Path

import pandas as pd

import hmcpsi_data as hd
from hmcpsi_data.tables.description import package, table, table_names
from hmcpsi_data.tables.record import sum_fault

EVERY_WAY = ("ratings",)
CUTS, SAMPLE = 1, 1  # of each table; ways to break one of the others
LARGE, STEP = 35_000, 10  # bytes
ROWS = 1_000_000
Break = Callable[[Path], object]


def cuts(name: str, whole: bool = False) -> Counter[str]:
    """How a table that is cut at each byte is told by its form and its sum."""
    data, found = hd.Record().content(table(name).file), Counter[str]()
    said = next(resource for resource in package()["resources"] if resource["name"] == name)
    for at in range(0, len(data), 1 if whole or len(data) <= LARGE else STEP):
        try:
            how = "by sum" if sum_fault(name, data[:at], said) else "silent"
        except hd.DataError:
            how = "clear"
        except Exception as error:
            how = "traceback"
            print(f"{name}, cut at {at}: {type(error).__name__}: {error}"[:200], file=sys.stderr)
        found[how] += 1
    return found


def ways(name: str, data: bytes) -> Iterator[tuple[str, Break]]:
    """The ways to break the file of a table with this content."""
    lines = data.split(b"\r\n")[:-1]
    rows = list(csv.reader(io.StringIO(data.decode(), newline="")))
    turned = [[row[-1], *row[:-1]] for row in rows]

    def filed(rows: list[list[str]]) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        return text.getvalue().encode()

    def put(column: int, value: str) -> bytes:
        return filed([rows[0], [*rows[1][:column], value, *rows[1][column + 1 :]], *rows[2:]])

    contents = {
        "row cut out": b"\r\n".join([*lines[:1], *lines[2:], b""]),
        "row there twice": b"\r\n".join([*lines, lines[1], b""]),
        "row shortened": b"\r\n".join([*lines[:-1], lines[-1].rpartition(b",")[0], b""]),
        "key emptied": put(0, ""),
        "columns swapped": filed([rows[0], *turned[1:]]),
        "names of columns swapped": filed([turned[0], *rows[1:]]),
        "header lost": b"\r\n".join([*lines[1:], b""]),
        "header changed": b"x" + data,
        "semicolons": data.replace(b",", b";"),
        "line ends of Unix": data.replace(b"\r\n", b"\n"),
        "line ends of an old Mac": data.replace(b"\r\n", b"\r"),
        **{coding: data.decode().encode(coding) for coding in ("utf-16", "utf-8-sig", "utf-32")},
        "Latin-1": data + "é".encode("latin-1"),
        "read as Latin-1": data.decode("latin-1").replace("e", "Ã©").encode(),
        "NUL": data[:99] + b"\0" + data[99:],
        "cell of 10 MB": data + b"x" * 10_000_000,
        "dates of a spreadsheet": re.sub(rb"(\d{4})-(\d\d)-(\d\d)", rb"\3/\2/\1", data),
        "months of a spreadsheet": re.sub(rb",\d\d(\d\d)-0[1-9],", rb",Mar-\1,", data),
        "numbers of a spreadsheet": re.sub(rb",(\d)(\d{3,}),", rb",\1.\2E+04,", data),
        "truth of a spreadsheet": data.replace(b",true", b",TRUE").replace(b",false", b",FALSE"),
        "errors of a spreadsheet": data.replace(b"Good", b"#REF!"),
        "empty": b"",
    }
    if keys := table(name).foreign_keys:
        column = table(name).columns.index(keys[0].columns[0])
        contents["key that leads nowhere"] = put(column, "no_such_id")
    for way, content in contents.items():
        if content != data:
            yield way, lambda path, content=content: path.write_bytes(content)
    yield "missing", lambda _: None
    yield "a folder in its place", Path.mkdir
    yield "a link to itself", lambda path: path.symlink_to(path)
    yield "a link to nothing", lambda path: path.symlink_to(path.with_name("nothing"))
    if hasattr(os, "mkfifo"):
        yield "a pipe in its place", os.mkfifo


def told(name: str, folder: Path, whole: hd.Record, problems: pd.DataFrame | None = None) -> str:
    """How a broken table is told, by itself or by these problems of the folder."""
    try:
        problems = hd.check(folder) if problems is None else problems
        try:
            same = hd.Record(folder).table(name).equals(whole.table(name))
        except hd.HmcpsiError:
            same = False
        if problems["problem"].str.contains("could not be checked").any():
            return "traceback"
        named = problems["problem"][problems["file"].isin([table(name).file, str(folder)])]
        by_sum = named.str.contains("datapackage.json", regex=False)
        if same or not by_sum.all():
            return "clear"
        return "by sum" if len(named) else "silent"
    except Exception as error:
        print(f"{name}: {type(error).__name__}: {error}"[:200], file=sys.stderr)
        return "traceback"


def at_once(way: str) -> list[tuple[str, str]]:
    """All tables broken in one way: how each is told, and by itself where it is not clear so."""
    whole, found = hd.Record(), []
    with tempfile.TemporaryDirectory() as home:
        folder, alone = hd.copy_data(Path(home, "all")), hd.copy_data(Path(home, "one"))
        spoils = {name: dict(ways(name, (folder / table(name).file).read_bytes())).get(way)
                  for name in table_names()}  # fmt: skip
        for name, spoil in spoils.items():
            if spoil is not None:
                (folder / table(name).file).unlink()
                spoil(folder / table(name).file)
        problems = hd.check(folder)
        if not way.startswith("key "):  # what another table lost says nothing of this one
            problems = problems[~problems["problem"].str.contains(r" is not in .* of \w+\.csv")]
        for name in [name for name, spoil in spoils.items() if spoil is not None]:
            how = told(name, folder, whole, problems)
            if how not in ("clear", "by sum"):
                path = alone / table(name).file
                data = path.read_bytes()
                path.unlink()
                spoils[name](path)
                how = told(name, alone, whole)
                path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
                path.write_bytes(data)
            found.append((way, how))
    return found


def broken(name: str, sample: int | None = None, number: int = CUTS) -> list[tuple[str, str]]:
    """Some cuts of a table, and all ways to break it or some: each way, and how it is told."""
    whole, chance = hd.Record(), random.Random(name)
    with tempfile.TemporaryDirectory() as home:
        folder = hd.copy_data(Path(home, "mine"))
        path = folder / table(name).file
        data, found = path.read_bytes(), []
        tried = list(ways(name, data))
        tried = tried if sample is None else chance.sample(tried, sample)
        for at in chance.sample(range(len(data)), number):
            tried.append(("cut, all of check", lambda path, at=at: path.write_bytes(data[:at])))
        for way, spoil in tried:
            path.unlink()
            spoil(path)
            found.append((way, told(name, folder, whole)))
            path.rmdir() if path.is_dir() else path.unlink(missing_ok=True)
            path.write_bytes(data)
    return found


def singles() -> Iterator[tuple[str, str]]:
    """What is tried once: a million rows, a folder in circles, files that may not be read."""
    whole = hd.Record()
    with tempfile.TemporaryDirectory() as home:
        folder = hd.copy_data(Path(home, "mine"))
        circle = folder.with_name("circle")
        circle.symlink_to(circle)
        yield "a folder that is a link to itself", told("offices", circle, whole)
        path = folder / "offices.csv"
        data = path.read_bytes()
        header, *rows = data.splitlines(keepends=True)
        path.write_bytes(header + b"".join(rows) * (ROWS // len(rows)))
        yield "a million rows", told("offices", folder, whole)
        path.write_bytes(data)
        Path(home).chmod(0o755)
        for place in (path, folder):
            mode = place.stat().st_mode
            place.chmod(0)
            if root := os.geteuid() == 0:  # who may read everything
                os.seteuid(65534)
            yield "no permission", told("offices", folder, whole)
            if root:
                os.seteuid(0)
            place.chmod(mode)


def figures(whole: bool = False) -> Iterator[tuple[str, Counter[str]]]:
    """Each way to break the folder, and how often it was told in which way."""
    names = table_names()
    with Pool() as pool:
        found = pool.map(partial(cuts, whole=whole), names, chunksize=1)
        yield "folder: cut, its form and sum", sum(found, Counter())
        samples = [(name, None if whole or name in EVERY_WAY else SAMPLE) for name in names]
        each = {way for name in names for way, _ in ways(name, hd.Record().content(f"{name}.csv"))}
        tried = pool.map(at_once, sorted(each), chunksize=1)
        tried += pool.starmap(broken, samples, chunksize=1)
        by_way: dict[str, Counter[str]] = {}
        for way, how in chain(*tried, singles()):
            by_way.setdefault(way, Counter())[how] += 1
    for way, counts in by_way.items():
        yield f"folder: {way}", counts
