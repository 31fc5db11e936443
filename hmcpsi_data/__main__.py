"""The command line: ``python -m hmcpsi_data COMMAND``; without a command it lists them.

A command ends with 0 where all is well, and with 1 where `check` found problems, or where it could
not do what was asked, which one sentence on the error stream says.
"""

from __future__ import annotations

import argparse
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import hmcpsi_data
from hmcpsi_data.errors import HmcpsiError, printable
from hmcpsi_data.tables.record import Record, as_record, tables
from hmcpsi_data.words import count_of

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        The command and what follows it; those of the command line else.

    Examples
    --------
    >>> main(["codebook", "ratingz"])
    1
    """
    parser = _parser()
    asked, rest = parser.parse_known_args(arguments)
    if rest and asked.run not in (_lab, _app):  # JupyterLab and Voilà have options of their own
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    asked.rest = rest
    for stream in (sys.stdout, sys.stderr):  # what a terminal or file cannot show is escaped
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = asked.run(asked)
        sys.stdout.flush()
    except HmcpsiError as error:
        print(_shown(error), file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read along has stopped, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return int(status or 0)


def _check(asked: Namespace) -> int:
    from hmcpsi_data.checking import check

    found = check(asked.folder)
    for problem, remedy in found[["problem", "remedy"]].itertuples(index=False):
        print(printable(f"{problem} {remedy}"))
    if len(found):
        print(f"{count_of(len(found), 'problem')}.")
        return 1
    listed = tables(Record(asked.folder))
    print(f"No problems: {len(listed)} tables, {listed['rows'].sum()} rows.")
    return 0


def _tables(asked: Namespace) -> None:
    from hmcpsi_data.tables.changes import data_version

    record = Record(asked.folder)
    print(f"{tables(record).to_string(index=False)}\nVersion {data_version(record)}")


def _codebook(asked: Namespace) -> None:
    from hmcpsi_data.tables.codebook import markdown, written

    if not asked.write:
        if asked.data or asked.version:
            raise HmcpsiError("--data and --version are for writing.", "Add --write.")
        print(markdown(asked.table), end="")
        return
    if asked.table:
        raise HmcpsiError("The codebook is written as a whole.", "Leave the table out.")
    for path in written(asked.data, asked.version):
        print(f"Written: {path}")


def _sources(asked: Namespace) -> None:
    from hmcpsi_data.tables.addresses import ARCHIVE, addresses_checked

    record = as_record(asked.folder)
    if asked.links:
        found = addresses_checked(record, asked.archive or ARCHIVE)
        counts = found["state"].value_counts()
        ending = ", ".join(f"{n} {state}" for state, n in counts.items()) or "no addresses"
    else:
        found = record.table("sources")[["source_id", "publisher", "published", "address"]]
        ending = count_of(len(found), "source")
    for row in found.astype(object).where(found.notna(), "").itertuples(index=False):
        print(printable("  ".join(str(cell) for cell in row if cell != "")))
    print(f"{ending}.")


def _read(asked: Namespace) -> None:
    record = as_record(asked.data)
    from hmcpsi_data.documents import in_words, read_document

    print(in_words(read_document(Path(asked.file)), record=record, **_known(asked)))


def _add(asked: Namespace) -> None:
    from hmcpsi_data.documents import add_document

    added = add_document(Path(asked.file), asked.data, keep_text=asked.keep_text, **_known(asked))
    for locator, text, reason in added.problems.fillna("").itertuples(index=False):
        print(printable(f"Left out, {locator}: {text} ({reason})"))
    print(_shown(added))


def _known(asked: Namespace) -> dict[str, Any]:
    """What the document does not make clear, as it was given."""
    return {name: getattr(asked, name) for name in ("area", "framework", "published", "new_area")}


def _export(asked: Namespace) -> None:
    from hmcpsi_data.formats import export

    chosen = (asked.format, asked.area, asked.framework, asked.theme)
    files = export(asked.folder, *chosen, record=asked.data)
    print(f"{count_of(len(files), 'file')} written to {asked.folder}.")


def _site(asked: Namespace) -> None:
    from hmcpsi_data.site import build

    print(f"Open {build(asked.folder, record=asked.data)}")


def _area(asked: Namespace) -> None:
    from hmcpsi_data.show import area
    from hmcpsi_data.tables.writing import write_file

    page = area(asked.name, record=asked.data)
    if asked.out is None:
        print(_shown(page))
    elif asked.out.endswith(".pdf"):
        print(f"Written: {page.pdf(asked.out)}")
    elif asked.out.endswith((".html", ".htm")):
        write_file(Path(asked.out), page.html)
        print(f"Written: {asked.out}")
    else:
        raise HmcpsiError(f"{asked.out} is neither .html nor .pdf.", "Give --out page.html.")


def _lab(asked: Namespace) -> int:
    from hmcpsi_data.lab import main as lab

    return lab(asked.folder, asked.rest)


def _app(asked: Namespace) -> int:
    from hmcpsi_data.app import open_app

    return open_app(asked.rest)


def _shown(what: object) -> str:
    """Several lines for a terminal, each of which cannot steer it."""
    return "\n".join(printable(line) for line in str(what).split("\n"))


_OWN = "a data folder of your own"
_ELSE = f"{_OWN}; the data of this version else"
_FORMATS = "csv, xlsx, ods, sqlite, parquet or sssom; may be given several times"
_ARCHIVE = "the service that names archived copies, instead of the Internet Archive"

# how the arguments are called here, how on the command line, and what is behind them
_ARGUMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "own": ("folder", {"nargs": "?", "help": _ELSE}),
    "new": ("folder", {"help": "a folder that is not there yet"}),
    "site": ("folder", {"help": "a folder that is not there yet, or holds a site"}),
    "home": ("folder", {"nargs": "?", "help": "where the notebooks are, or are copied to"}),
    "table": ("table", {"nargs": "?", "help": "only this table"}),
    "write": ("--write", {"help": "write the sums, and in a source checkout the page"}),
    "sums": ("--data", {"metavar": "FOLDER", "help": "write the sums of a folder of your own"}),
    "version": ("--version", {"metavar": "DATE", "help": "name a new version of the data"}),
    "links": ("--links", {"help": "ask each address over the network"}),
    "archive": ("--archive", {"metavar": "URL", "help": _ARCHIVE}),
    "file": ("file", {"metavar": "FILE", "help": "a txt, html, md, pdf or docx file"}),
    "by": ("--data", {"metavar": "FOLDER", "help": _OWN}),
    "to": ("--data", {"metavar": "FOLDER", "help": _OWN, "required": True}),
    "area": ("--area", {"help": "the Area, where the document does not make it clear"}),
    "framework": ("--framework", {"help": "the framework, likewise"}),
    "published": ("--published", {"metavar": "DATE", "help": "the date, such as 2016-11"}),
    "new-area": ("--new-area", {"help": "make an Area that no table knows"}),
    "keep": ("--keep-text", {"help": "keep the document itself in the folder as well"}),
    "format": ("--format", {"action": "append", "help": _FORMATS}),
    "areas": ("--area", {"action": "append", "help": "only this area"}),
    "frameworks": ("--framework", {"action": "append", "help": "only this framework"}),
    "themes": ("--theme", {"action": "append", "help": "only this theme"}),
    "name": ("name", {"help": "the Area, such as 'South West'"}),
    "out": ("--out", {"metavar": "FILE", "help": "page.html or page.pdf"}),
    "data": ("--data", {"metavar": "FOLDER", "help": _ELSE}),
}
_FLAGS = ("write", "links", "new-area", "keep")
_DOCUMENT = "area framework published new-area"

# each command: the function that does it, its arguments, and what it does
_COMMANDS: dict[str, tuple[Callable[[Namespace], int | None], str, str]] = {
    "check": (_check, "own", "list every problem of a data folder"),
    "tables": (_tables, "own", "list the tables"),
    "codebook": (
        _codebook,
        "table write sums version",
        "print what every column means, or write it down",
    ),
    "sources": (_sources, "links archive own", "list the sources, and see whether they are there"),
    "read": (_read, f"file by {_DOCUMENT}", "print what a document says, with its lines"),
    "add": (_add, f"file to {_DOCUMENT} keep", "add a document to a data folder of your own"),
    "export": (
        _export,
        "new format areas frameworks themes data",
        "write the record, or a part of it, in open formats",
    ),
    "site": (_site, "site data", "build the site of plain files"),
    "area": (_area, "name out data", "print the page of one Area, or save it"),
    "lab": (_lab, "home", "open the notebooks in JupyterLab; its own options may follow"),
    "app": (_app, "", "open the explorers as one page without code, served by Voilà"),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m hmcpsi_data",
        description="Inspections of the Crown Prosecution Service as tidy tables.",
    )
    parser.add_argument("--version", action="version", version=hmcpsi_data.__version__)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name, (run, arguments, text) in _COMMANDS.items():
        described = f"{text[0].upper()}{text[1:]}."
        command = commands.add_parser(name, help=text, description=described)
        command.set_defaults(run=run)
        for one in arguments.split():
            argument, options = _ARGUMENTS[one]
            flag = {"action": "store_true"} if one in _FLAGS else {}
            command.add_argument(argument, **(options | flag))
    return parser


if __name__ == "__main__":
    sys.exit(main())
