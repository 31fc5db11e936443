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

import hmcpsi_data as hd
from hmcpsi_data import app, lab, show, site
from hmcpsi_data.documents import in_words
from hmcpsi_data.errors import HmcpsiError, printable
from hmcpsi_data.tables.addresses import addresses_checked
from hmcpsi_data.tables.codebook import markdown, written
from hmcpsi_data.tables.record import Record, as_record, tables
from hmcpsi_data.tables.writing import write_file
from hmcpsi_data.words import count_of


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, that of the command line where none is given; return its exit status.

    >>> main(["codebook", "ratingz"])
    1
    """
    parser = _parser()
    if not (sys.argv[1:] if arguments is None else arguments):
        parser.print_help(sys.stderr)
        return 2
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
        print(printable(f"{problem} {remedy}"))
    if len(found):
        print(f"{count_of(len(found), 'problem')}.")
        return 1
    listed = tables(Record(asked.folder))
    print(f"No problems: {len(listed)} tables, {listed['rows'].sum()} rows.")
    return 0


def _tables(asked: Namespace) -> None:
    record = Record(asked.folder)
    print(tables(record).to_string(index=False))
    print(f"Version {hd.data_version(record)}")


def _codebook(asked: Namespace) -> None:
    if asked.write and asked.table:
        raise HmcpsiError("The codebook is written as a whole.", "Leave the table out.")
    if asked.write:
        for path in written(asked.data, asked.version):
            print(f"Written: {path}")
        return
    if asked.data or asked.version:
        raise HmcpsiError("--data and --version are for writing.", "Add --write.")
    print(markdown(asked.table), end="")


def _sources(asked: Namespace) -> None:
    record = as_record(asked.folder)
    if asked.links:
        found = addresses_checked(record)
        counts = found["state"].value_counts()
        ending = ", ".join(f"{n} {state}" for state, n in counts.items()) or "no addresses"
        found = found.astype("string").assign(source_id=hd.citations(found, record))
    else:
        found = record.table("sources")[["source_id", "publisher", "published", "address"]]
        ending = count_of(len(found), "source")
    for row in found.fillna("").itertuples(index=False):
        print(printable("  ".join(filter(None, row))))
    print(f"{ending}.")


def _read(asked: Namespace) -> None:
    record = as_record(asked.data)
    print(in_words(hd.read_document(Path(asked.file)), record=record, **_known(asked)))


def _add(asked: Namespace) -> None:
    added = hd.add_document(Path(asked.file), asked.data, **_known(asked))
    for locator, text, reason in added.problems.fillna("").itertuples(index=False):
        print(printable(f"Left out, {locator}: {text} ({reason})"))
    _say(added)


def _known(asked: Namespace) -> dict[str, Any]:
    """What the document does not make clear, as it was given."""
    return {name: getattr(asked, name) for name in ("area", "framework", "published", "new_area")}


def _export(asked: Namespace) -> None:
    chosen = (asked.format, asked.area, asked.framework, asked.theme)
    files = hd.export(asked.folder, *chosen, record=asked.data)
    print(f"{count_of(len(files), 'file')} written to {asked.folder}.")


def _site(asked: Namespace) -> None:
    print(f"Open {site.build(asked.folder, record=asked.data)}")


def _area(asked: Namespace) -> None:
    page, out = show.area(asked.name, record=asked.data), asked.out
    if out is None:
        _say(f"{page} To save the page, add --out page.html or --out page.pdf.")
        return
    if Path(out).exists():
        raise HmcpsiError(f"{out} exists already and stays as it is.", "Give another name.")
    if out.endswith(".pdf"):
        page.pdf(out)
    elif out.endswith((".html", ".htm")):
        write_file(Path(out), page.html)
    else:
        raise HmcpsiError(f"{out} is neither .html nor .pdf.", "Give --out page.html.")
    print(f"Written: {out}")


def _lab(asked: Namespace) -> int:
    return lab.main(asked.folder, asked.rest)


def _app(asked: Namespace) -> int:
    return app.open_app(asked.rest)


_OWN = "a data folder of your own"
_FORMATS = "csv, xlsx, ods, sqlite, parquet or sssom; may be given several times"

# how the arguments are called here, how on the command line, and what is behind them
_ARGUMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "own": ("folder", {"nargs": "?", "help": f"{_OWN}; the data of this version else"}),
    "new": ("folder", {"help": "a folder that is not there yet"}),
    "site": ("folder", {"help": "a folder that is not there yet, or holds a site"}),
    "home": ("folder", {"nargs": "?", "help": "where the notebooks are, or are copied to"}),
    "table": ("table", {"nargs": "?", "help": "only this table"}),
    "write": ("--write", {"help": "write the sums, and in a source checkout the page"}),
    "version": ("--version", {"metavar": "DATE", "help": "name a new version of the data"}),
    "links": ("--links", {"help": "ask each address over the network"}),
    "file": ("file", {"metavar": "FILE", "help": "a txt, html, md, pdf or docx file"}),
    "data": ("--data", {"metavar": "FOLDER", "help": _OWN}),
    "to": ("--data", {"metavar": "FOLDER", "help": _OWN, "required": True}),
    "area": ("--area", {"help": "the Area, where the document does not make it clear"}),
    "framework": ("--framework", {"help": "the framework, likewise"}),
    "published": ("--published", {"metavar": "DATE", "help": "the date, such as 2016-11"}),
    "new-area": ("--new-area", {"help": "make an Area that no table knows"}),
    "format": ("--format", {"action": "append", "help": _FORMATS}),
    "areas": ("--area", {"action": "append", "help": "only this area"}),
    "frameworks": ("--framework", {"action": "append", "help": "only this framework"}),
    "themes": ("--theme", {"action": "append", "help": "only this theme"}),
    "name": ("name", {"help": "the Area, such as 'South West'"}),
    "out": ("--out", {"metavar": "FILE", "help": "page.html or page.pdf"}),
}
_FLAGS = ("write", "links", "new-area")
_DOCUMENT = "area framework published new-area"

# each command: what does it, its arguments, and what it does
_COMMANDS: tuple[tuple[Callable[[Namespace], int | None], str, str], ...] = (
    (_check, "own", "list every problem of a data folder"),
    (_tables, "own", "list the tables"),
    (_codebook, "table write data version", "print what every column means, or write it down"),
    (_sources, "links own", "list the sources, and see whether they are there"),
    (_read, f"file data {_DOCUMENT}", "print what a document says, with its lines"),
    (_add, f"file to {_DOCUMENT}", "add a document to a data folder of your own"),
    (_export, "new format areas frameworks themes data", "write the record, or a part of it"),
    (_site, "site data", "build the site of plain files"),
    (_area, "name out data", "say what is on record of one Area, or save its page"),
    (_lab, "home", "open the notebooks in JupyterLab; its own options may follow"),
    (_app, "", "open the explorers as one page without code, served by Voilà"),
)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m hmcpsi_data",
        description="Inspections of the Crown Prosecution Service as tidy tables.",
    )
    parser.add_argument("--version", action="version", version=hd.__version__)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for run, arguments, text in _COMMANDS:
        described = f"{text[0].upper()}{text[1:]}."
        command = commands.add_parser(run.__name__[1:], help=text, description=described)
        command.set_defaults(run=run)
        for name in arguments.split():
            argument, options = _ARGUMENTS[name]
            flag = {"action": "store_true"} if name in _FLAGS else {}
            command.add_argument(argument, **(options | flag))
    return parser


if __name__ == "__main__":
    sys.exit(main())
