"""Writing: one file as a whole, a new folder, and a changed folder in place of the old one.

A folder is made complete beside its place and then put there, in one step where the system can
exchange two folders. What a killed writer left beside it the next one removes, and says so.
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
from typing import Any

import pandas as pd

from hmcpsi_data.errors import HmcpsiError, printable, quote
from hmcpsi_data.tables.changes import sealed
from hmcpsi_data.tables.description import DESCRIPTION_FILE, shipped_folder, table, table_names
from hmcpsi_data.tables.record import OLD, Record, forget

try:
    import fcntl
except ImportError:  # Windows has none: there the new folder itself keeps a second writer out
    fcntl = None  # type: ignore[assignment]


_NEW, _PART = ".hmcpsi-new", ".hmcpsi-part"
_EXCHANGE, _HERE = 2, -100  # RENAME_EXCHANGE and AT_FDCWD of renameat2

_log = logging.getLogger(__name__)


def write_file(path: str | os.PathLike[str], content: bytes | str) -> Path:
    """Write one file as a whole or not at all, text as UTF-8; of two writers the last counts."""
    data = content.encode("utf-8") if isinstance(content, str) else bytes(content)
    target = _place(path, "file")
    name = re.sub(r"[^\w.-]", "_", target.name)[:60]  # short, and nothing in it is a wildcard
    part = target.with_name(f".{name}.{secrets.token_hex(4)}{_PART}")
    with _refusals(target), _alone(target, wait=True) as locked:
        if target.is_dir():
            raise IsADirectoryError(21, "Is a directory")
        for left in target.parent.glob(f".{name}.*{_PART}") if locked else ():
            left.unlink()  # a living writer would hold the lock
            _interrupted(target, f"It is whole, and what was left, {left.name}, is removed")
        try:
            _put(part, data)
            if target.exists():
                part.chmod(target.stat().st_mode & 0o777)
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    return target


@contextlib.contextmanager
def new_folder(
    folder: str | os.PathLike[str], kind: str = "", marker: str = ""
) -> Iterator[tuple[Path, Path]]:
    """A folder to fill, and the place where it stands at the end of the block, or nothing does.

    The place is empty, or holds a folder of this `kind`, known by its file `marker`.
    """
    target = _place(folder, "folder")
    remedy = "Give a folder that is not there yet."
    with _refusals(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        with _staged(target) as stage:
            if target.is_symlink() or (target.exists() and not target.is_dir()):
                raise HmcpsiError(f"{target} is not a folder.", remedy)
            taken = target.is_dir() and any(target.iterdir())
            if taken and not (marker and (target / marker).is_file()):
                what = f"holds something that is no {kind}" if kind else "is not empty"
                raise HmcpsiError(f"{target} {what}, and nothing in it was touched.", remedy)
            yield stage, target
            if taken:
                _exchange(stage, target)
            else:
                if os.name == "nt" and target.exists():
                    target.rmdir()
                stage.rename(target)  # fails where somebody has put something there meanwhile


def copy_data(folder: str | os.PathLike[str]) -> Path:
    """Copy the data of this version into a folder of your own, and give its path.

    Name it as ``record`` in any function, or in ``HMCPSI_DATA``; `add_document` adds to it.

    Parameters
    ----------
    folder : path
        A folder that is not there yet, or is empty; else an `HmcpsiError` is raised.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     (copy_data(f"{home}/mine") / "areas.csv").is_file()
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
    """Put new contents of tables' files into a data folder of one's own, all of them or none.

    The sums in the folder's description move with them. `checked` is given the record of the new
    folder; where it raises, nothing is changed.
    """
    target = own_folder(folder)
    for name in files:
        if name not in _table_files():
            told = f"{quote(name)} is no file of a data folder."
            raise HmcpsiError(told, "Only such files are written.")
    try:
        with _refusals(target), _staged(target) as stage:
            shutil.copytree(target, stage, symlinks=True, dirs_exist_ok=True)
            for name, content in files.items():
                _put(stage / name, content)
            if (stage / DESCRIPTION_FILE).is_file():
                changed = [name for name in table_names() if table(name).file in files]
                _put(stage / DESCRIPTION_FILE, sealed(Record(stage), changed)[1])
            if checked is not None:
                checked(Record(stage))
            _exchange(stage, target)
    finally:
        forget()
    return target


def own_folder(folder: str | os.PathLike[str]) -> Path:
    """A data folder that may be written to, or the `HmcpsiError` that says why it may not."""
    target = _place(folder, "data folder")
    with _refusals(target):
        target = Path(os.path.realpath(target))
        if not target.exists() and os.path.lexists(_beside(target, OLD)):
            with _staged(target):
                pass  # which brings the folder back
        there = target.is_dir()
    shipped = shipped_folder().resolve()
    remedy = "Make one with copy_data('my_copy')."
    if not there:
        raise HmcpsiError(f"There is no folder {target}.", remedy)
    if target == shipped or shipped in target.parents:
        raise HmcpsiError("The data of the package are not changed.", remedy)
    names = (*_table_files(), DESCRIPTION_FILE)
    if linked := [name for name in names if (target / name).is_symlink()]:
        told = f"{target / linked[0]} is a link, and links are not written to."
        raise HmcpsiError(told, "Put the file itself in its place.")
    if lacking := [name for name in _table_files() if not (target / name).is_file()]:
        told = f"{target} is no data folder: it lacks {', '.join(lacking[:3])}."
        raise HmcpsiError(told, remedy)
    return target


def appended(content: bytes, rows: pd.DataFrame) -> bytes:
    r"""The content of a CSV file with more rows at its end, in the order of its own header.

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
        writer.writerow(map(_csv_cell, row))
    between = b"" if not content or content.endswith(b"\n") else end.encode()
    return content + between + text.getvalue().encode("utf-8")


def _csv_cell(value: Any) -> str:
    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _table_files() -> tuple[str, ...]:
    return tuple(table(name).file for name in table_names())


def _beside(target: Path, ending: str) -> Path:
    return target.with_name(f".{target.name}{ending}")


@contextlib.contextmanager
def _staged(target: Path) -> Iterator[Path]:
    """An empty folder beside a target, this writer's alone; it is gone at the end."""
    stage, old = _beside(target, _NEW), _beside(target, OLD)
    with _alone(target) as locked:
        for left in (old, stage):
            if left.is_symlink():
                told = f"{left} is a link, where a folder for the change would be made."
                raise HmcpsiError(told, "Remove the link.")
            if not left.exists():
                continue
            if not locked:
                raise _busy(target, f"If nobody is writing there, remove {left} first.")
            if left == old and not os.path.lexists(target):
                old.rename(target)
                _interrupted(target, "The folder is back as it was before")
            else:
                shutil.rmtree(left)
                _interrupted(target, f"It is whole, and what was left, {left.name}, is removed")
        stage.mkdir()
        try:
            yield stage
        finally:  # what is there now is either not needed or the folder as it was
            shutil.rmtree(stage, ignore_errors=True)


@contextlib.contextmanager
def _alone(target: Path, wait: bool = False) -> Iterator[bool]:
    """Until the end of the block no other writer changes anything beside the target.

    The lock is on the folder that holds it, and ends with the process. False where there is none.
    """
    if fcntl is None:
        yield False
        return
    number = os.open(target.parent, os.O_RDONLY)
    try:
        locked = True
        try:
            fcntl.flock(number, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise _busy(target, "Wait until it is done, then try again.") from None
        except OSError:  # a file system without locks
            locked = False
        yield locked
    finally:
        os.close(number)


def _interrupted(target: Path, after: str) -> None:
    _log.warning(printable(f"An earlier change of {target} was interrupted. {after}."))


def _busy(target: Path, remedy: str) -> HmcpsiError:
    return HmcpsiError(f"Another change of {target} is under way. Nothing was changed.", remedy)


def _exchange(stage: Path, target: Path) -> None:
    """Put the new folder in the old one's place, and the old one in the place of the new."""
    here = None
    with contextlib.suppress(OSError):
        here = Path.cwd().resolve()
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
        done = rename(_HERE, os.fsencode(stage), _HERE, os.fsencode(target), _EXCHANGE) == 0
    except (AttributeError, OSError, TypeError):  # another system than Linux
        done = False
    if not done:
        old = _beside(target, OLD)
        target.rename(old)
        try:
            stage.rename(target)
        except OSError:
            old.rename(target)
            raise
        with contextlib.suppress(OSError):  # then the next writer removes it
            old.rename(stage)
    if here is not None and target in (here, *here.parents):  # else it would be a removed folder
        with contextlib.suppress(OSError):
            os.chdir(here)


def _put(path: Path, content: bytes) -> None:
    """Write a file anew, through no link, and have it on the disk before it gets its place."""
    path.unlink(missing_ok=True)
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _place(path: str | os.PathLike[str], what: str) -> Path:
    try:
        place = Path(path).expanduser().absolute()
        if "\0" not in str(place):
            return place
        raise ValueError
    except (TypeError, ValueError, RuntimeError):
        raise HmcpsiError(f"{quote(path)} is no {what}.", f"Give the path of a {what}.") from None


@contextlib.contextmanager
def _refusals(target: Path) -> Iterator[None]:
    """What the system refuses becomes a sentence about the target."""
    try:
        yield
    except HmcpsiError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        told = f"{printable(str(target))} cannot be written ({reason}). Nothing was changed."
        raise HmcpsiError(told, "Make the place writable, or give another one.") from None
