"""How a killed writer is told: each command that writes, killed at random moments of its work.

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
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import hmcpsi_data as hd
from hmcpsi_data import __main__ as cli
from hmcpsi_data import site
from hmcpsi_data.documents import invented_notice
from hmcpsi_data.tables import description

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = description.shipped_folder()
MOMENTS, PAGES = 50, 15
NOTEBOOK = {"metadata": {}, "nbformat": 4, "nbformat_minor": 5, "cells": [
    {"cell_type": "code", "id": "a", "source": "print(1)", "metadata": {}, "outputs": [],
     "execution_count": None},
]}  # fmt: skip


def adding(home: Path) -> Callable[[], object]:
    folder = hd.copy_data(home / "mine")
    return lambda: hd.add_document(invented_notice(), folder, new_area=True, keep_text=True)


def crosswalk(home: Path) -> Callable[[], object]:
    saved = hd.Crosswalk.load("opa_2005", "aap_2016_sections")
    saved.inverse().to_csv(home / "mine.csv")
    return lambda: saved.to_csv(home / "mine.csv")


def export(home: Path) -> Callable[[], object]:
    return lambda: hd.export(home / "mine", ["csv", "sqlite", "sssom"])


def built_site(home: Path) -> Callable[[], object]:
    pages = site._pages
    site._pages = lambda record: islice(pages(record), PAGES)  # all take a minute each time
    (home / "mine").mkdir()
    for name in ("tables.js", "index.html", "old.html"):
        (home / "mine" / name).write_text("old")
    return lambda: site.build(home / "mine")


def notebooks(home: Path) -> Callable[[], object]:
    place = ROOT / "notebooks" / "write.py"
    spec = importlib.util.spec_from_file_location("write", place)
    assert spec is not None
    assert spec.loader is not None
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    path = home / "mine.ipynb"
    path.write_text(json.dumps(NOTEBOOK))
    return lambda: writer.main([str(path)])


def codebook(home: Path) -> Callable[[], object]:
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

    return write


COMMANDS = {
    "adding a document": adding,
    "saving a crosswalk": crosswalk,
    "exporting": export,
    "writing the codebook": codebook,
    "building the site": built_site,
    "writing notebooks": notebooks,
}


def started(call: Callable[[], object], log: Path) -> int:
    """A process of its own that does something; what it says goes into a file."""
    if process := os.fork():
        return process
    status = 1
    try:
        with log.open("wb") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        logging.basicConfig(filename=log, force=True)
        call()
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


def begun(home: Path, process: int) -> None:
    """Wait until the process has put something beside its target, or has ended."""
    ended = os.WEXITED | os.WNOHANG | os.WNOWAIT
    while not left(home) and os.waitid(os.P_PID, process, ended) is None:
        time.sleep(0.0005)


def deaths(name: str, moments: int = MOMENTS, seed: int = 20261129) -> Iterator[str]:
    """How each death of a command is told: half of them anywhere, half while it writes."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        kept, home, log = Path(folder, "kept"), Path(folder, "home"), Path(folder, "log")
        home.mkdir()
        write = COMMANDS[name](home)
        before = state(home)
        shutil.copytree(home, kept)
        start = time.perf_counter()
        process = started(write, log)
        begun(home, process)
        silence = time.perf_counter() - start
        if os.waitpid(process, 0)[1]:
            raise RuntimeError(f"{name} fails: {log.read_text()}")
        took, after = time.perf_counter() - start, state(home)
        for moment in range(moments):
            shutil.rmtree(home)
            shutil.copytree(kept, home)
            process = started(write, log)
            if moment % 2:
                begun(home, process)
            time.sleep(chance.uniform(0, took - silence if moment % 2 else took))
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
            yield told(home, write, log, before, after)


def told(home: Path, write: Callable[[], object], log: Path, before: dict, after: dict) -> str:
    """How the state that a dead writer left is told, and what the next one makes of it."""
    found, over, log_file = state(home), left(home), home / "CHANGELOG.md"
    whole = found in (before, after)
    if not whole and log_file.exists():  # a source checkout, of which the change log comes last
        whole = "CHANGELOG.md has no line" in " ".join(hd.check(home / "mine")["problem"])
    if os.waitpid(started(write, log), 0)[1] and found != after:
        return "traceback"
    said = log.read_text()
    unnamed = [name for name in over if name not in said]
    return "clear" if whole and state(home) == after and not unnamed + left(home) else "silent"


def figures(commands: Iterable[str] = COMMANDS, moments: int = MOMENTS) -> int:
    """Kill each command so many times and print the figures; 1 where anything was not clear."""
    print(f"{'killed':28}{'tried':>7}{'clear':>7}{'silent':>7}{'traceback':>10}{'s':>7}")
    failed = 0
    for name in commands:
        start = time.perf_counter()
        counts = Counter(deaths(name, moments))
        row = [counts.total(), *(counts[how] for how in ("clear", "silent", "traceback"))]
        failed += row[0] != row[1]
        took = time.perf_counter() - start
        print(f"{name:28}{row[0]:7}{row[1]:7}{row[2]:7}{row[3]:10}{took:7.0f}", flush=True)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(figures(sys.argv[1:] or COMMANDS))
