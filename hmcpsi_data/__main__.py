"""The command line, ``python -m hmcpsi_data COMMAND``; without a command it lists them."""

import argparse
import json
import os
import shutil
import sys
import urllib.error
import urllib.parse
import urllib.request
from argparse import Namespace
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path
from typing import Any

import hmcpsi_data as hd
from hmcpsi_data import lab, show, site
from hmcpsi_data.documents import in_words
from hmcpsi_data.errors import HmcpsiError, printable
from hmcpsi_data.tables import description
from hmcpsi_data.tables.description import DESCRIPTION_FILE, markdown, parsed
from hmcpsi_data.tables.record import Record, as_record, forget, sealed
from hmcpsi_data.tables.writing import new_folder, write_file
from hmcpsi_data.words import count_of

ARCHIVE = "https://archive.org/wayback/available?url="  # says which copy of an address it has
_BY_HAND = "<!-- What follows is written by hand and kept. -->"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its status is 1 where `check` found problems, or it could not be done."""
    parser = argparse.ArgumentParser(prog="python -m hmcpsi_data", description=hd.__doc__)
    parser.add_argument("--version", action="version", version=hd.__version__)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for called, (run, declared, told) in _COMMANDS.items():
        command = commands.add_parser(called, help=told, description=told)
        command.set_defaults(run=run, called=called)
        for argument in declared.split():
            name, options = argument.rstrip("".join(_MARKS)), _MARKS.get(argument[-1], {})
            command.add_argument(name, help=_HELP.get(name), **options)
    if not (sys.argv[1:] if arguments is None else arguments):
        parser.print_help(sys.stderr)
        return 2
    asked, rest = parser.parse_known_args(arguments)
    if rest and asked.called not in ("lab", "app"):  # whose servers have options of their own
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    asked.rest = rest
    for stream in (sys.stdout, sys.stderr):  # what a terminal or file cannot show is escaped
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = asked.run(asked)
        sys.stdout.flush()
    except HmcpsiError as error:
        _say(error, sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read along has stopped, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return int(status or 0)


def _say(what: object, stream: Any = None) -> None:
    """Print lines, none of which can steer a terminal."""
    print("\n".join(map(printable, str(what).split("\n"))), file=stream)


def _check(asked: Namespace) -> int:
    found = hd.check(asked.folder)
    for problem, remedy in found[["problem", "remedy"]].itertuples(index=False):
        _say(f"{problem} {remedy}")
    print(f"{count_of(len(found), 'problem')}." if len(found) else "No problems.")
    return int(len(found) > 0)


def _codebook(asked: Namespace) -> None:
    if not asked.write:
        if asked.data or asked.version:
            raise HmcpsiError("--data and --version are for writing.", "Add --write.")
        print(markdown(), end="")
    elif asked.data and not asked.version:
        record = Record(asked.data)
        print(f"Written: {write_file(record.folder / DESCRIPTION_FILE, sealed(record))}")
    else:
        data = description.shipped_folder()
        if asked.data or not (data.parent / "pyproject.toml").is_file():
            told = "Codebook and version are written in a source checkout only."
            raise HmcpsiError(told, "For the sums of a folder of your own, name the folder.")
        with new_folder(data, "data folder", DESCRIPTION_FILE) as (new, _):
            shutil.copytree(data, new, dirs_exist_ok=True)
            content, page = sealed(Record(new), version=asked.version), new / "README.md"
            _, mark, by_hand = page.read_text(encoding="utf-8").partition(_BY_HAND)
            (new / DESCRIPTION_FILE).write_bytes(content)
            page.write_bytes(f"{markdown(parsed(content))}\n{mark}{by_hand}".encode())
        forget()
        print(f"Written: {DESCRIPTION_FILE} and README.md in {data}")


def _sources(asked: Namespace) -> None:
    record = as_record(asked.folder)
    found = record.table("sources")[["source_id", "address"]]
    if asked.links:
        found = found.dropna()
        with ThreadPoolExecutor(8) as pool:
            found["state"] = list(pool.map(_address_state, found["address"]))
    found["source_id"] = hd.citations(found, record)
    for row in found.fillna("").itertuples(index=False):
        _say("  ".join(filter(None, row)))
    print(f"{count_of(len(found), 'source')}.")


def _address_state(address: str) -> str:
    """Whether an address is still there, and where it is lost the copy that the archive names."""
    try:
        _answer(address)
        return "there"
    except urllib.error.HTTPError as error:
        error.close()
        if error.code not in (404, 410):
            return "refused"
        state = "not there"
    except (OSError, ValueError, HTTPException):
        state = "no answer"
    try:
        answer = _answer(ARCHIVE + urllib.parse.quote(address, safe=""), 1_000_000)
        url = str(json.loads(answer)["archived_snapshots"]["closest"]["url"])
    except (OSError, ValueError, LookupError, TypeError, HTTPException):
        return state
    return f"{state}, a copy: {url}" if url.startswith(("http://", "https://")) else state


def _answer(address: str, length: int = 0) -> bytes:
    """The beginning of what an address gives: all of this package that asks the network."""
    request = urllib.request.Request(address, headers={"User-Agent": "hmcpsi_data (links)"})
    if request.type not in ("http", "https"):
        raise ValueError(address)
    with urllib.request.urlopen(request, timeout=15) as answer:
        return bytes(answer.read(length))


def _read(asked: Namespace) -> None:
    record = as_record(asked.data)
    print(in_words(hd.read_document(Path(asked.file)), record=record, **_known(asked)))


def _add(asked: Namespace) -> None:
    added = hd.add_document(Path(asked.file), asked.data, **_known(asked))
    for locator, text, reason in added.problems.fillna("").itertuples(index=False):
        _say(f"Left out, {locator}: {text} ({reason})")
    _say(added)


def _known(asked: Namespace) -> dict[str, Any]:
    return {name: getattr(asked, name) for name in ("area", "framework", "published", "new_area")}


def _export(asked: Namespace) -> None:
    chosen = (asked.format, asked.area, asked.framework, asked.theme)
    files = hd.export(asked.folder, *chosen, record=asked.data)
    print(f"{count_of(len(files), 'file')} written to {asked.folder}.")


def _area(asked: Namespace) -> None:
    page, out = show.area(asked.name, record=asked.data), asked.out
    if Path(out).exists():
        raise HmcpsiError(f"{out} exists already and stays as it is.", "Give another name.")
    if out.endswith(".pdf"):
        page.pdf(out)
    elif out.endswith((".html", ".htm")):
        write_file(Path(out), page.html)
    else:
        raise HmcpsiError(f"{out} is neither .html nor .pdf.", "Give --out page.html.")
    print(f"Written: {out}")


_HELP = {
    "folder": "the data folder, else the data of this version; or where to write",
    "--data": "a data folder of your own",
    "--write": "write the sums, and in a source checkout the page",
    "--version": "the date by which a new version of the data is named",
    "--links": "ask each address over the network",
    "file": "a txt, html, md, pdf or docx file",
    "--area": "the Area, where a document does not make it clear; or what to export",
    "--published": "the date of a document, such as 2016-11",
    "--new-area": "make an Area that no table knows",
    "--format": "csv, xlsx, ods, sqlite, parquet or sssom; may be given several times",
    "--out": "page.html or page.pdf",
}
_MARKS: dict[str, dict[str, Any]] = {
    "?": {"nargs": "?"},
    "*": {"action": "append"},
    "^": {"action": "store_true"},
    "!": {"required": True},
}
_DOCUMENT = "--area --framework --published --new-area^"
_FILTERS = "--format* --area* --framework* --theme*"

_COMMANDS: dict[str, tuple[Callable[[Namespace], int | None], str, str]] = {
    "check": (_check, "folder?", "list every problem of a data folder"),
    "codebook": (_codebook, "--write^ --version --data", "print or write what every column means"),
    "sources": (_sources, "folder? --links^", "list the sources, and see whether they are there"),
    "read": (_read, f"file --data {_DOCUMENT}", "print what a document says, with its lines"),
    "add": (_add, f"file --data! {_DOCUMENT}", "add a document to a data folder of your own"),
    "export": (_export, f"folder --data {_FILTERS}", "write the record, or a part of it"),
    "site": (
        lambda of: print(f"Open {site.build(of.folder, of.data)}"),
        "folder --data",
        "build the site",
    ),
    "area": (_area, "name --out! --data", "save the page of one Area"),
    "lab": (lambda of: lab.main(of.folder, of.rest), "folder?", "open the notebooks in JupyterLab"),
    "app": (lambda of: lab.open_app(of.rest), "", "open the explorers as one page without code"),
}


if __name__ == "__main__":
    sys.exit(main())
