"""Writing a file, a new folder or a changed one: made complete beside its place, then put there."""

import contextlib
import csv
import ctypes
import io
import logging
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from hmcpsi_data.errors import HmcpsiError, printable, quote
from hmcpsi_data.tables.description import DESCRIPTION_FILE, shipped_folder, table, table_names
from hmcpsi_data.tables.record import Record, forget, moved_away, sealed

try:
    import fcntl
except ImportError:  # Windows has none: there what is being made keeps a second writer out
    fcntl = None  # type: ignore[assignment]

Place = str | os.PathLike[str]
_EXCHANGE, _HERE = 2, -100  # RENAME_EXCHANGE and AT_FDCWD of renameat2

_log = logging.getLogger(__name__)


def write_file(path: Place, content: bytes | str) -> Path:
    """Write one file as a whole or not at all, text as UTF-8; of two writers the last counts."""
    data = content.encode("utf-8") if isinstance(content, str) else bytes(content)
    with _target(path, "file") as target, _beside(target, wait=True) as new:
        _put(new, data)
        if target.exists():
            new.chmod(target.stat().st_mode & 0o777)
        new.replace(target)
    return target


@contextlib.contextmanager
def new_folder(folder: Place, kind: str = "", marker: str = "") -> Iterator[tuple[Path, Path]]:
    """A folder to fill, and its place at the end: empty now, or a `kind` known by its `marker`."""
    with _target(folder, "folder") as target:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _beside(target) as new:
            if target.exists() and not target.is_dir():
                raise NotADirectoryError(20, "it is not a folder")
            taken = target.exists() and any(target.iterdir())
            if taken and not (marker and (target / marker).is_file()):
                what = f"holds something that is no {kind}" if kind else "is not empty"
                told = f"{target} {what}, and nothing in it was touched."
                raise HmcpsiError(told, "Give a folder that is not there yet.")
            new.mkdir()
            yield new, target
            if taken:
                _exchange(new, target)
            else:  # which fails where somebody has put something there meanwhile
                if target.exists():
                    target.rmdir()
                new.rename(target)


def copy_data(folder: Place) -> Path:
    """Copy the data of this version into a folder of your own, and give its path.

    Parameters
    ----------
    folder : path
        A folder that is not there yet, or is empty. Name it afterwards as ``record``.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     (copy_data(f"{home}/mine") / "areas.csv").is_file()
    True
    """
    shipped = Record(shipped_folder())
    with new_folder(folder) as (new, target):
        for name in (*_table_files(), DESCRIPTION_FILE):
            _put(new / name, shipped.content(name))
    return target


def replace_folder(
    folder: Place,
    files: Mapping[str, bytes],
    checked: Callable[[Record], object] | None = None,
) -> Path:
    """Put new contents of files and their sums into a data folder, unless `checked` raises."""
    target = own_folder(folder)
    try:
        with new_folder(target, "data folder", _table_files()[0]) as (new, _):
            shutil.copytree(target, new, symlinks=True, dirs_exist_ok=True)
            for name, content in files.items():
                _put(new / name, content)
            if (new / DESCRIPTION_FILE).is_file():
                changed = [name for name in table_names() if table(name).file in files]
                _put(new / DESCRIPTION_FILE, sealed(Record(new), changed))
            if checked is not None:
                checked(Record(new))
    finally:
        forget()
    return target


def own_folder(folder: Place) -> Path:
    """A data folder that may be written to, or the `HmcpsiError` that says why it may not."""
    with _target(folder, "data folder") as named:
        target = Path(os.path.realpath(named))
        if not target.exists() and os.path.lexists(moved_away(target)):
            with _beside(target):
                pass  # which brings the folder back
        files = (*_table_files(), DESCRIPTION_FILE)
        linked = [name for name in files if (target / name).is_symlink()]
        lacking = [name for name in _table_files() if not (target / name).is_file()]
        told = ""
        if not target.is_dir():
            told = f"There is no folder {target}."
        elif shipped_folder().resolve() in (target, *target.parents):
            told = "The data of the package are not changed."
        elif linked:
            told = f"{target / linked[0]} is a link, and links are not written to."
        elif lacking:
            told = f"{target} is no data folder: it lacks {', '.join(lacking[:3])}."
    if told:
        raise HmcpsiError(told, "Make one with copy_data('my_copy').")
    return target


def appended(content: bytes, rows: pd.DataFrame) -> bytes:
    """The content of a CSV file with more rows at its end, in the order of its own header."""
    end = "\r\n" if b"\r\n" in content or b"\n" not in content else "\n"
    header = next(csv.reader(io.StringIO(content.decode("utf-8"), newline="")), [])
    cells = rows.reindex(columns=header).map(_csv_cell)
    between = b"" if not content or content.endswith(b"\n") else end.encode()
    return content + between + cells.to_csv(index=False, header=False, lineterminator=end).encode()


def _csv_cell(value: Any) -> str:
    if pd.isna(value):
        return ""
    if pd.api.types.is_bool(value):
        return "true" if value else "false"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _table_files() -> tuple[str, ...]:
    return tuple(table(name).file for name in table_names())


@contextlib.contextmanager
def _beside(target: Path, wait: bool = False) -> Iterator[Path]:
    """A free place beside a target, this writer's alone; what is left there is removed."""
    new, old = target.with_name(f".{target.name}.hmcpsi-new"), moved_away(target)
    busy = f"Another change of {target} is under way. Nothing was changed."
    with contextlib.ExitStack() as stack:
        locked = fcntl is not None
        if locked:  # the folder that holds the target; the lock ends with the process
            number = os.open(target.parent, os.O_RDONLY)
            stack.callback(os.close, number)
            try:
                fcntl.flock(number, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                raise HmcpsiError(busy, "Wait until it is done, then try again.") from None
            except OSError:  # a file system without locks
                locked = False
        for left in filter(os.path.lexists, (old, new)):
            if not locked:
                raise HmcpsiError(busy, f"If nobody is writing there, remove {left} first.")
            if left == old and not left.is_symlink() and not os.path.lexists(target):
                old.rename(target)
                after = "The folder is back as it was before"
            else:
                _remove(left)
                after = f"It is whole, and what was left, {left.name}, is removed"
            _log.warning(printable(f"An earlier change of {target} was interrupted. {after}."))
        try:
            yield new
        finally:
            with contextlib.suppress(OSError):
                _remove(new)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _exchange(new: Path, target: Path) -> None:
    with contextlib.chdir("."):  # who works in the old folder works in the new one afterwards
        with contextlib.suppress(AttributeError, OSError, TypeError):  # another system than Linux
            rename = ctypes.CDLL(None, use_errno=True).renameat2
            if not rename(_HERE, os.fsencode(new), _HERE, os.fsencode(target), _EXCHANGE):
                return
        old = moved_away(target)
        target.rename(old)
        try:
            new.rename(target)
        except OSError:
            old.rename(target)
            raise
        with contextlib.suppress(OSError):  # then the next writer removes it
            old.rename(new)


def _put(path: Path, content: bytes) -> None:
    """Write a file anew, through no link, and have it on the disk before it gets its place."""
    path.unlink(missing_ok=True)
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextlib.contextmanager
def _target(path: Place, what: str) -> Iterator[Path]:
    """The place that a path names; what the system refuses there becomes a sentence about it."""
    try:
        target = Path(path).expanduser().absolute()
        os.path.realpath(target)  # which refuses a NUL
    except (TypeError, ValueError, RuntimeError):  # or somebody has no home
        raise HmcpsiError(f"{quote(path)} is no {what}.", f"Give the path of a {what}.") from None
    try:
        yield target
    except HmcpsiError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        told = f"{printable(str(target))} cannot be written ({reason}). Nothing was changed."
        raise HmcpsiError(told, "Make the place writable, or give another one.") from None
