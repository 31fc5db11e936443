"""How a killed writer is told: each command that writes, killed (-9) at random moments.

Half of the moments are anywhere in the work, by the clock; half are steps of the writing, drawn
without repeats from all that the command does with files of its place. What takes most of the time
and touches nothing, pages and outputs of notebooks, is made before a writing that dies at a step.

Clear means that what stood before or what should stand after is there, or that `check` names the
state, and that the next run does its work and names what was left over; silent, that anything
else stands there or is left; traceback, that the next run fails.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import hmcpsi_data as hd
from hmcpsi_data import __main__ as cli
from hmcpsi_data import site
from hmcpsi_data.documents import invented_notice
from hmcpsi_data.tables import description

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = description.shipped_folder()
MOMENTS = 6  # of each command in a sample
PAGES = 15  # of the site: all take a minute each time
NOTEBOOK = {"metadata": {}, "nbformat": 4, "nbformat_minor": 5, "cells": [
    {"cell_type": "code", "id": "a", "source": "print(1)", "metadata": {}, "outputs": [],
     "execution_count": None},
]}  # fmt: skip
Write = Callable[[], object]


def adding(home: Path) -> tuple[Write, Write]:
    folder = hd.copy_data(home / "mine")

    def write() -> object:
        return hd.add_document(invented_notice(), folder, new_area=True)

    return write, write


def crosswalk(home: Path) -> tuple[Write, Write]:
    saved = hd.Crosswalk.load("opa_2005", "aap_2016_sections")
    saved.inverse().to_csv(home / "mine.csv")
    return (lambda: saved.to_csv(home / "mine.csv"),) * 2


def export(home: Path) -> tuple[Write, Write]:
    return (lambda: hd.export(home / "mine", ["csv", "sqlite", "sssom"]),) * 2


def built_site(home: Path) -> tuple[Write, Write]:
    pages, data = site._pages, site._data(hd.Record())
    some = [*islice(pages(hd.Record()), PAGES)]
    (home / "mine").mkdir()
    for name in ("tables.js", "index.html", "old.html"):
        (home / "mine" / name).write_text("old")

    def work() -> object:
        site._pages = lambda record: islice(pages(record), PAGES)
        return site.build(home / "mine")

    def write() -> object:  # each in a process of its own
        site._pages, site._data = lambda _: iter(some), lambda _: data
        return site.build(home / "mine")

    return work, write


def notebooks(home: Path) -> tuple[Write, Write]:
    place = ROOT / "notebooks" / "write.py"
    spec = importlib.util.spec_from_file_location("write", place)
    assert spec is not None
    assert spec.loader is not None
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    path = home / "mine.ipynb"
    path.write_text(json.dumps(NOTEBOOK))
    stored = writer.rewritten(path)

    def write() -> object:
        writer.rewritten = lambda _: stored
        return writer.main([str(path)])

    return lambda: writer.main([str(path)]), write


def codebook(home: Path) -> tuple[Write, Write]:
    data = home / "mine"
    shutil.copytree(SHIPPED, data)
    (home / "pyproject.toml").write_text("")
    (home / "CHANGELOG.md").write_text("- Data version 2031.02.03 (content 0): an office\n")
    offices = (data / "offices.csv").read_bytes()
    (data / "offices.csv").write_bytes(offices.replace(b"Leicester,", b"Leichester,"))
    (data / "README.md").write_text("old")

    def write() -> object:
        description.shipped_folder = lambda: data  # in a process of its own
        return cli.main(["codebook", "--write", "--version", "2031.02.03"])

    return write, write


COMMANDS = {
    "adding a document": adding,
    "saving a crosswalk": crosswalk,
    "exporting": export,
    "writing the codebook": codebook,
    "building the site": built_site,
    "writing notebooks": notebooks,
}


def started(call: Write, log: Path, home: Path, last: int | None = None) -> int:
    """A process of its own that does something, and dies before its last step in this home.

    What it says goes into a file, and the number of its steps into another.
    """
    if process := os.fork():
        return process
    status, steps = 1, 0

    def step(_: str, arguments: tuple[object, ...]) -> None:
        nonlocal steps
        if arguments and str(arguments[0]).startswith(str(home)):
            if steps == last:
                os.kill(os.getpid(), signal.SIGKILL)
            steps += 1

    try:
        with log.open("wb") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        logging.basicConfig(filename=log, force=True)
        sys.addaudithook(step)
        call()
        log.with_suffix(".steps").write_text(str(steps))
        status = 0
    except BaseException as error:
        os.write(2, repr(error).encode())
    finally:
        os._exit(status)


def state(home: Path) -> dict[str, bytes]:
    """What people see in a folder: what a writer is at work on has a dot before its name."""
    files = (path for path in home.rglob("*") if path.is_file())
    named = {path.relative_to(home): path for path in files}
    return {str(name): path.read_bytes() for name, path in named.items() if str(name)[0] != "."}


def left(home: Path) -> list[str]:
    return sorted(path.name for path in home.iterdir() if path.name.startswith("."))


def deaths(name: str, moments: int, seed: int = 20261129) -> Iterator[str]:
    """How each death of a command is told."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        kept, home, log = Path(folder, "kept"), Path(folder, "home"), Path(folder, "log")
        home.mkdir()
        work, write = COMMANDS[name](home)
        before = state(home)
        shutil.copytree(home, kept)
        took = []
        for whole in (work, write):
            shutil.rmtree(home)
            shutil.copytree(kept, home)
            start = time.perf_counter()
            if os.waitpid(started(whole, log, home), 0)[1]:
                raise RuntimeError(f"{name} fails: {log.read_text()}")
            took.append(time.perf_counter() - start)
        after, steps = state(home), int(log.with_suffix(".steps").read_text())
        order = chance.sample(range(steps), steps)
        for moment in range(moments):
            shutil.rmtree(home)
            shutil.copytree(kept, home)
            if moment % 2:
                process = started(write, log, home, order[moment // 2 % steps])
            else:
                process = started(work, log, home)
                time.sleep(chance.uniform(0, took[0]))
                os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            yield told(home, write, log, before, after)


def told(home: Path, write: Write, log: Path, before: dict, after: dict) -> str:
    """How the state that a dead writer left is told, and what the next one makes of it."""
    found, over, log_file = state(home), left(home), home / "CHANGELOG.md"
    whole = found in (before, after)
    if not whole and log_file.exists():  # a source checkout, of which the change log comes last
        whole = "CHANGELOG.md has no line" in " ".join(hd.check(home / "mine")["problem"])
    if os.waitpid(started(write, log, home), 0)[1] and found != after:
        return "traceback"
    said = log.read_text()
    unnamed = [name for name in over if name not in said]
    return "clear" if whole and state(home) == after and not unnamed + left(home) else "silent"


def figures(whole: bool = False) -> Iterator[tuple[str, Counter[str]]]:
    """Each command, and how often its death was told in which way."""
    for name in COMMANDS:
        yield f"killed: {name}", Counter(deaths(name, 50 if whole else MOMENTS))
