"""The command line: ``python -m hmcpsi_data COMMAND``; without a command it lists them.

A command ends with 0 where all is well, and with 1 where `check` found problems, or where it could
not do what was asked, which one sentence on the error stream says.
"""

from __future__ import annotations

import argparse
import os
import sys
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
    if rest and asked.run is not _lab:  # JupyterLab has options of its own
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


def _check(asked: argparse.Namespace) -> int:
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


def _tables(asked: argparse.Namespace) -> None:
    from hmcpsi_data.tables.changes import data_version

    record = Record(asked.folder)
    print(f"{tables(record).to_string(index=False)}\nVersion {data_version(record)}")


def _codebook(asked: argparse.Namespace) -> None:
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


def _sources(asked: argparse.Namespace) -> None:
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


def _read(asked: argparse.Namespace) -> None:
    record = as_record(asked.data)
    from hmcpsi_data.documents import in_words, read_document

    print(in_words(read_document(Path(asked.file)), record=record, **_known(asked)))


def _add(asked: argparse.Namespace) -> None:
    from hmcpsi_data.documents import add_document

    added = add_document(Path(asked.file), asked.data, keep_text=asked.keep_text, **_known(asked))
    for locator, text, reason in added.problems.fillna("").itertuples(index=False):
        print(printable(f"Left out, {locator}: {text} ({reason})"))
    print(_shown(added))


def _known(asked: argparse.Namespace) -> dict[str, Any]:
    """What the document does not make clear, as it was given."""
    return {name: getattr(asked, name) for name in ("area", "framework", "published", "new_area")}


def _export(asked: argparse.Namespace) -> None:
    from hmcpsi_data.formats import export

    files = export(
        asked.folder, asked.format, asked.area, asked.framework, asked.theme, record=asked.data
    )
    print(f"{count_of(len(files), 'file')} written to {asked.folder}.")


def _site(asked: argparse.Namespace) -> None:
    from hmcpsi_data.site import build

    print(f"Open {build(asked.folder, record=asked.data)}")


def _area(asked: argparse.Namespace) -> None:
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


def _lab(asked: argparse.Namespace) -> int:
    from hmcpsi_data.lab import main as lab

    return lab(asked.folder, asked.rest)


def _shown(what: object) -> str:
    """Several lines for a terminal, each of which cannot steer it."""
    return "\n".join(printable(line) for line in str(what).split("\n"))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m hmcpsi_data",
        description="Inspections of the Crown Prosecution Service as tidy tables.",
    )
    parser.add_argument("--version", action="version", version=hmcpsi_data.__version__)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], Any], text: str) -> Any:
        added = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
        added.set_defaults(run=run)
        return added

    own = "a data folder of your own; the data of this version else"
    command("check", _check, "list every problem of a data folder").add_argument(
        "folder", nargs="?", help=own
    )
    command("tables", _tables, "list the tables").add_argument("folder", nargs="?", help=own)
    _codebook_options(
        command("codebook", _codebook, "print what every column means, or write it down")
    )
    sources = command("sources", _sources, "list the sources, and see whether they are there")
    _source_options(sources)
    sources.add_argument("folder", nargs="?", help=own)
    for name, run, text in (
        ("read", _read, "print what a document says, with its lines"),
        ("add", _add, "add a document to a data folder of your own"),
    ):
        _document_options(command(name, run, text), adding=run is _add)
    export = command("export", _export, "write the record, or a part of it, in open formats")
    export.add_argument("folder", help="a folder that is not there yet")
    formats = "csv, xlsx, ods, sqlite, parquet or sssom; may be given several times"
    export.add_argument("--format", action="append", help=formats)
    for name in ("area", "framework", "theme"):
        export.add_argument(f"--{name}", action="append", help=f"only this {name}")
    site = command("site", _site, "build the site of plain files")
    site.add_argument("folder", help="a folder that is not there yet, or holds a site")
    area = command("area", _area, "print the page of one Area, or save it")
    area.add_argument("name", help="the Area, such as 'South West'")
    area.add_argument("--out", metavar="FILE", help="page.html or page.pdf")
    for one in (export, site, area):
        one.add_argument("--data", metavar="FOLDER", help=own)
    lab = command("lab", _lab, "open the notebooks in JupyterLab; its own options may follow")
    lab.add_argument("folder", nargs="?", help="where the notebooks are, or are copied to")
    return parser


def _codebook_options(codebook: argparse.ArgumentParser) -> None:
    codebook.add_argument("table", nargs="?", help="only this table")
    codebook.add_argument(
        "--write", action="store_true", help="write the sums, and in a source checkout the page"
    )
    codebook.add_argument("--data", metavar="FOLDER", help="write the sums of a folder of your own")
    codebook.add_argument("--version", metavar="DATE", help="name a new version of the data")


def _source_options(sources: argparse.ArgumentParser) -> None:
    sources.add_argument("--links", action="store_true", help="ask each address over the network")
    service = "the service that names archived copies, instead of the Internet Archive"
    sources.add_argument("--archive", metavar="URL", help=service)


def _document_options(command: argparse.ArgumentParser, adding: bool) -> None:
    command.add_argument("file", metavar="FILE", help="a txt, html, md, pdf or docx file")
    own = "a data folder of your own"
    command.add_argument("--data", metavar="FOLDER", required=adding, help=own)
    command.add_argument("--area", help="the Area, where the document does not make it clear")
    command.add_argument("--framework", help="the framework, likewise")
    command.add_argument("--published", metavar="DATE", help="the date, such as 2016-11")
    command.add_argument("--new-area", action="store_true", help="make an Area that no table knows")
    if adding:
        keep = "keep the document itself in the folder as well"
        command.add_argument("--keep-text", action="store_true", help=keep)


if __name__ == "__main__":
    sys.exit(main())
