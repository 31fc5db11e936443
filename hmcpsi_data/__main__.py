"""The command line: ``python -m hmcpsi_data`` check, tables, codebook, read and add.

A command ends with 0 where all is well, with 1 where `check` found problems, and with 2 and one
sentence on the error stream where it could not do what was asked.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import hmcpsi_data
from hmcpsi_data import description
from hmcpsi_data.codebook import markdown
from hmcpsi_data.errors import HmcpsiError, printable

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status.

    Examples
    --------
    >>> main(["codebook", "ratingz"])
    2
    """
    asked = _parser().parse_args(arguments)
    if hasattr(sys.stdout, "reconfigure"):  # what a terminal or file cannot show is escaped
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        status = asked.command(asked)
        sys.stdout.flush()
        return status
    except HmcpsiError as error:
        print(printable(str(error)), file=sys.stderr)
        return 2
    except BrokenPipeError:  # whoever read along has stopped, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2


def _check(asked: argparse.Namespace) -> int:
    problems = hmcpsi_data.check(asked.folder)
    for problem, remedy in problems[["problem", "remedy"]].itertuples(index=False):
        print(printable(f"{problem} {remedy}"))
    if len(problems):
        print(f"{len(problems)} {'problem' if len(problems) == 1 else 'problems'}.")
        return 1
    tables = hmcpsi_data.tables(asked.folder)
    print(f"No problems: {len(tables)} tables, {tables['rows'].sum()} rows.")
    return 0


def _tables(asked: argparse.Namespace) -> int:
    print(hmcpsi_data.tables(asked.folder).to_string(index=False))
    return 0


def _codebook(asked: argparse.Namespace) -> int:
    if not asked.write:
        print(markdown(asked.table), end="")
        return 0
    if asked.table:
        raise HmcpsiError("The codebook is written as a whole: leave the table out.")
    path = _readme()
    _write(path, markdown())
    print(f"Written: {path}")
    return 0


def _read(asked: argparse.Namespace) -> int:
    from hmcpsi_data.documents.printing import in_words

    document = hmcpsi_data.read_document(Path(asked.file))
    print(in_words(document, asked.data, **_known(asked)))
    return 0


def _add(asked: argparse.Namespace) -> int:
    added = hmcpsi_data.add_document(
        Path(asked.file), asked.data, keep_text=asked.keep_text, **_known(asked)
    )
    for locator, text, reason in added.problems.fillna("").itertuples(index=False):
        print(printable(f"Left out, {locator}: {text} ({reason})"))
    print(printable(str(added)))
    return 0


def _known(asked: argparse.Namespace) -> dict[str, object]:
    """What the document does not make clear, as it was given."""
    return {name: getattr(asked, name) for name in ("area", "framework", "published", "new_area")}


def _readme() -> Path:
    """The readable codebook of a source checkout, which alone is made from the description."""
    folder = description.shipped_folder()
    if not (folder.parent / "pyproject.toml").is_file():
        raise HmcpsiError("The codebook is written in a source checkout only.")
    return folder / description.README_FILE


def _write(path: Path, text: str) -> None:
    """Write a file as a whole or not at all."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    except OSError as error:
        raise HmcpsiError(f"{path} cannot be written ({error.strerror}).") from None
    finally:
        part.unlink(missing_ok=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m hmcpsi_data",
        description="Inspections of the Crown Prosecution Service as tidy tables.",
    )
    parser.add_argument("--version", action="version", version=hmcpsi_data.__version__)
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    check = commands.add_parser("check", help="list every problem of a data folder")
    tables = commands.add_parser("tables", help="list the tables")
    for command, does in ((check, _check), (tables, _tables)):
        command.set_defaults(command=does)
        command.add_argument(
            "folder", nargs="?", help="a data folder of your own; the data of this version else"
        )

    codebook = commands.add_parser("codebook", help="print what every column means, in Markdown")
    codebook.set_defaults(command=_codebook)
    codebook.add_argument("table", nargs="?", help="only this table")
    codebook.add_argument(
        "--write",
        action="store_true",
        help="write all of it to data/README.md of a source checkout",
    )

    read = commands.add_parser("read", help="print what a document says, with its lines")
    add = commands.add_parser("add", help="add a document to a data folder of your own")
    for command, does in ((read, _read), (add, _add)):
        command.set_defaults(command=does)
        command.add_argument("file", metavar="FILE", help="a txt, html, md, pdf or docx file")
        needed = command is add
        folder = "a data folder of your own"
        command.add_argument("--data", metavar="FOLDER", required=needed, help=folder)
        command.add_argument("--area", help="the Area, where the document does not make it clear")
        command.add_argument("--framework", help="the framework, likewise")
        command.add_argument("--published", metavar="DATE", help="the date, such as 2016-11")
        command.add_argument(
            "--new-area", action="store_true", help="make an Area that no table knows"
        )
    add.add_argument(
        "--keep-text", action="store_true", help="keep the document itself in the folder as well"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
