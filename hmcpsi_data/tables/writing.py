"""Writing: one file as a whole, a new folder, and a changed folder in place of the old one.

Reading never writes. A folder is made complete beside its place, under its name with a dot before
it and ``.hmcpsi-new`` behind it, and then put there, in one step where the system can exchange two
folders. A process that is killed leaves the place wholly as it was or wholly as it should be, and
perhaps the other folder beside it: the next writer says so and removes it. No link is followed,
and nothing outside the folder is touched.
"""

from __future__ import annotations

import contextlib
import csv
import ctypes
import io
import logging
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd

from hmcpsi_data.errors import HmcpsiError, printable, quote
from hmcpsi_data.tables.changes import dumped, sealed
from hmcpsi_data.tables.description import (
    DESCRIPTION_FILE,
    parsed,
    shipped_folder,
    table,
    table_names,
)
from hmcpsi_data.tables.record import OLD, Record, forget

try:
    import fcntl
except ImportError:  # Windows has none: there the new folder itself keeps a second writer out
    fcntl = None  # type: ignore[assignment]

__all__ = [
    "appended",
    "copy_data",
    "csv_cell",
    "new_folder",
    "own_folder",
    "replace_folder",
    "write_file",
]

_NEW, _PART = ".hmcpsi-new", ".hmcpsi-part"
_KEPT = re.compile(r"documents/[0-9a-f]{64}\.(txt|html|htm|md|pdf|docx)")
_ELSEWHERE = "Give a folder that is not there yet."
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2
_HERE = -100  # AT_FDCWD

_log = logging.getLogger(__name__)


def write_file(path: str | os.PathLike[str], content: bytes | str) -> Path:
    """Write one file as a whole or not at all, text as UTF-8.

    Readers find what was there before or what is there now; of several writers at once the last
    one counts. What writers left that were killed is removed.
    """
    data = content.encode("utf-8") if isinstance(content, str) else bytes(content)
    target = _place(path, "file")
    with _told(target):
        if target.is_dir():
            raise IsADirectoryError(21, "Is a directory")
        for left in target.parent.glob(f".{_plain(target.name)}.*{_PART}"):
            _remove_part(left)
        file, part = _part(target)
        try:
            with file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                if target.exists():
                    part.chmod(target.stat().st_mode & 0o777)
                if fcntl is None:
                    file.close()  # Windows renames no open file
                part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        _settle(target.parent)
    return target


@contextlib.contextmanager
def new_folder(
    folder: str | os.PathLike[str], kind: str = "", marker: str = ""
) -> Iterator[tuple[Path, Path]]:
    """A folder to fill, and the place where it stands at the end of the block, or nothing does.

    The place is not there yet, is empty, or holds a folder of this `kind`, known by its file
    `marker`, which is replaced.
    """
    target = _place(folder, "folder")
    with _told(target):
        _recover(target)
        if target.is_symlink() or (target.exists() and not target.is_dir()):
            raise HmcpsiError(f"{target} is not a folder.", "Give one that is not there yet.")
        taken = target.is_dir() and any(target.iterdir())
        if taken and not (marker and (target / marker).is_file()):
            what = f"holds something that is no {kind}" if kind else "is not empty"
            raise HmcpsiError(f"{target} {what}, and nothing in it was touched.", _ELSEWHERE)
        target.parent.mkdir(parents=True, exist_ok=True)
        with _staged(target) as stage:
            yield stage, target
            _settle(stage)
            if taken:
                _exchange(stage, target)
            else:
                if os.name == "nt" and target.exists():
                    target.rmdir()
                stage.rename(target)  # fails where somebody has put something there meanwhile
            _settle(target.parent)


def copy_data(folder: str | os.PathLike[str]) -> Path:
    """Copy the data of this version into a folder of your own, as a whole or not at all.

    Give it to any function or explorer as ``record``, or name it in the environment variable
    ``HMCPSI_DATA``; `add_document` adds to it.

    Parameters
    ----------
    folder : path
        A folder that is not there yet, or is empty.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    HmcpsiError
        Where the folder holds anything, is no folder, or cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from hmcpsi_data.tables.record import load
    >>> with TemporaryDirectory() as home:
    ...     mine = copy_data(f"{home}/mine")
    ...     len(load("areas", mine)) == len(load("areas"))
    True
    """
    shipped = Record(shipped_folder())
    with new_folder(folder) as (stage, target):
        for name in (*_table_files(), DESCRIPTION_FILE):
            _put(stage / name, shipped.content(name))
    return target


def replace_folder(
    folder: str | os.PathLike[str],
    files: Mapping[str, bytes],
    checked: Callable[[Record], object] | None = None,
) -> Path:
    """Put new contents of files into a data folder of one's own, all of them or none.

    `files` has them by name: tables, and documents to keep, as ``documents/<sha256>.txt``. The sums
    in the folder's description move with them. `checked` is given the record of the new folder;
    where it raises, nothing is changed.
    """
    target = own_folder(folder)
    for name in files:
        if name not in _table_files() and not _KEPT.fullmatch(name):
            told = f"{quote(name)} is no file of a data folder."
            raise HmcpsiError(told, "Only such files are written.")
    try:
        with _told(target), _staged(target) as stage:
            shutil.copytree(
                target, stage, symlinks=True, copy_function=_same_file, dirs_exist_ok=True
            )
            for name, content in files.items():
                (stage / name).parent.mkdir(exist_ok=True)
                _put(stage / name, content)
            if (stage / DESCRIPTION_FILE).is_file():
                described = parsed((stage / DESCRIPTION_FILE).read_bytes())
                changed = [name for name in table_names() if table(name).file in files]
                described = sealed(described, Record(stage), changed)
                _put(stage / DESCRIPTION_FILE, dumped(described))
            if checked is not None:
                checked(Record(stage))
            _settle(stage)
            _exchange(stage, target)
    finally:
        forget()
    return target


def own_folder(folder: str | os.PathLike[str]) -> Path:
    """A data folder that may be written to, or the `HmcpsiError` that says why it may not."""
    target = _place(folder, "data folder")
    with _told(target):
        target = Path(os.path.realpath(target))
        _recover(target)
        there = target.is_dir()
    if not there:
        remedy = f"Make one with copy_data({target.name!r})."
        raise HmcpsiError(f"There is no folder {target}.", remedy)
    shipped = shipped_folder().resolve()
    if target == shipped or shipped in target.parents:
        remedy = "Make a copy with copy_data('my_copy') and give that."
        raise HmcpsiError("The data of the package are not changed.", remedy)
    for name in (*_table_files(), DESCRIPTION_FILE, "documents"):
        if (target / name).is_symlink():
            told = f"{target / name} is a link, and links are not written to."
            raise HmcpsiError(told, "Put the file itself in its place.")
    missing = [name for name in _table_files() if not (target / name).is_file()]
    if missing:
        told = f"{target} is no data folder: it lacks {', '.join(missing[:3])}."
        raise HmcpsiError(told, "Make one with copy_data() in a folder that is not there yet.")
    return target


def appended(content: bytes, rows: pd.DataFrame) -> bytes:
    r"""The content of a CSV file with more rows at its end; what was there stays byte by byte.

    The cells go into the order of the file's own header, quoted or not.

    Examples
    --------
    >>> appended(b'"b","a"\n1,x', pd.DataFrame({"a": [2], "b": [None]}))
    b'"b","a"\n1,x\n,2\n'
    """
    end = "\r\n" if b"\r\n" in content or b"\n" not in content else "\n"
    header = next(csv.reader(io.StringIO(content.decode("utf-8"), newline="")), [])
    if lacking := [name for name in header if name not in rows.columns]:
        raise HmcpsiError(f"The rows have no column {quote(lacking[0])}.", "Add it, empty or not.")
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end)
    for row in rows[header].itertuples(index=False):
        writer.writerow(map(csv_cell, row))
    between = b"" if not content or content.endswith(b"\n") else end.encode()
    return content + between + text.getvalue().encode("utf-8")


def csv_cell(value: Any) -> str:
    """A value as it stands in a CSV file of a data folder.

    Examples
    --------
    >>> [csv_cell(value) for value in (True, 21.4, 115.0, 3, "Good", None)]
    ['true', '21.4', '115', '3', 'Good', '']
    """
    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _table_files() -> tuple[str, ...]:
    return tuple(table(name).file for name in table_names())


# The new folder beside the old one


@contextlib.contextmanager
def _staged(target: Path) -> Iterator[Path]:
    """An empty folder beside a target that is free, this writer's alone; it is gone at the end."""
    stage = target.with_name(f".{target.name}{_NEW}")
    with contextlib.ExitStack() as locks:
        if target.exists():
            locks.enter_context(_alone(target, target))
        for left in (stage, target.with_name(f".{target.name}{OLD}")):
            if left.is_symlink():
                told = f"{left} is a link, where a folder for the change would be made."
                raise HmcpsiError(told, "Remove the link.")
            if os.path.lexists(left):
                with _alone(left, target):
                    _log.warning(
                        "An earlier change of %s was interrupted. The folder is whole, as it was "
                        "or as it should be after that change. What was left beside it, %s, is "
                        "removed.",
                        printable(str(target)),
                        printable(left.name),
                    )
                    shutil.rmtree(left)
        try:
            stage.mkdir()
        except FileExistsError:
            raise _busy(target) from None
        locks.enter_context(_alone(stage, target))
        try:
            yield stage
        finally:  # what is there now is either not needed or the folder as it was
            shutil.rmtree(stage, ignore_errors=True)


@contextlib.contextmanager
def _alone(folder: Path, target: Path) -> Iterator[None]:
    """Until the end of the block no other writer of the target may change the folder.

    The lock belongs to the folder itself, wherever it is moved, and ends with the process.
    """
    if fcntl is None:  # what is left of a killed writer is then for a person to remove
        if folder != target and any(folder.iterdir()):
            raise _busy(target)
        yield
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        here, there = os.fstat(number), folder.stat()
        if not _locked(number) or (here.st_dev, here.st_ino) != (there.st_dev, there.st_ino):
            raise _busy(target)
        yield
    finally:
        os.close(number)


def _locked(number: int) -> bool:
    """Whether an open file could be locked; where locks are not known, it always can."""
    if fcntl is not None:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks
            return True
    return True


def _busy(target: Path) -> HmcpsiError:
    told = f"Another change of {target} is under way. Nothing was changed."
    remedy = "Wait until it is done, then try again."
    if fcntl is None:
        remedy += f" If nobody is writing there, remove .{target.name}{_NEW} beside it first."
    return HmcpsiError(told, remedy)


def _same_file(source: str, copy: str) -> None:
    try:
        os.link(source, copy)
    except OSError:
        shutil.copy2(source, copy)


def _put(path: Path, content: bytes) -> None:
    """Write a file anew, so that it is on the disk before anything is said about it."""
    path.unlink(missing_ok=True)  # it may be the very file of the old folder
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _exchange(stage: Path, target: Path) -> None:
    """Put the new folder in the old one's place, and the old one in the place of the new."""
    try:
        here = Path.cwd().resolve()
    except OSError:
        here = None
    if not _exchanged(stage, target):
        old = target.with_name(f".{target.name}{OLD}")
        target.rename(old)
        try:
            stage.rename(target)
        except OSError:
            old.rename(target)
            raise
        with contextlib.suppress(OSError):  # then the next writer removes it
            old.rename(stage)
    _settle(target.parent)
    if here is not None and target in (here, *here.parents):  # else it would be a removed folder
        with contextlib.suppress(OSError):
            os.chdir(here)


def _exchanged(one: Path, other: Path) -> bool:
    """Whether the system exchanged two folders in one step."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):  # another system than Linux
        return False
    return rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0


def _recover(target: Path) -> None:
    """Bring back the folder of a writer that was killed between two renamings."""
    old = target.with_name(f".{target.name}{OLD}") if target.name else target
    if not os.path.lexists(target) and old.is_dir() and not old.is_symlink():
        with _alone(old, target):  # a living writer is between them for a moment
            old.rename(target)
        _log.warning(
            "An earlier change of %s was interrupted. The folder is back as it was before.",
            printable(str(target)),
        )


# Small things


def _place(path: str | os.PathLike[str], what: str) -> Path:
    try:
        place = Path(path).expanduser().absolute()
        if "\0" not in str(place):
            return place
        raise ValueError
    except (TypeError, ValueError, RuntimeError):
        raise HmcpsiError(f"{quote(path)} is no {what}.", f"Give the path of a {what}.") from None


@contextlib.contextmanager
def _told(target: Path) -> Iterator[None]:
    """What the system refuses becomes a sentence about the target."""
    try:
        yield
    except HmcpsiError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        told = f"{printable(str(target))} cannot be written ({reason}). Nothing was changed."
        raise HmcpsiError(told, "Make the place writable, or give another one.") from None


def _plain(name: str) -> str:
    """A name for a part: short, and nothing in it that a pattern of names would take for more."""
    return re.sub(r"[^\w.-]", "_", name)[:60]


def _part(target: Path) -> tuple[BinaryIO, Path]:
    """A new file beside the target, open and locked, for what will be the target."""
    while True:
        part = target.with_name(f".{_plain(target.name)}.{secrets.token_hex(4)}{_PART}")
        file = part.open("xb")
        if _locked(file.fileno()) and part.exists():
            return file, part
        file.close()  # another writer took it for a leftover before it was locked


def _remove_part(part: Path) -> None:
    """Remove what a killed writer left of one file; a living one holds its lock."""
    with contextlib.suppress(OSError):
        if fcntl is not None and not part.is_symlink() and part.is_file():
            with part.open("rb") as file:
                if _locked(file.fileno()):
                    part.unlink()


def _settle(folder: Path) -> None:
    """Have the names of a folder on the disk, where the system can do that."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
