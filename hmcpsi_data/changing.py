"""Changing several tables of a data folder at once: all of them, or none.

The new files are first written whole into a folder of their own inside the data folder. A marker
then says that they are ready: that is the moment at which the change happens. They are moved to
their places, and who finds the marker, because the one who made it was interrupted, moves the rest.
Where a file cannot be moved, another marker says that all are to be put back, in the same way.
"""

from __future__ import annotations

import contextlib
import csv
import io
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from hmcpsi_data.errors import HmcpsiError

__all__ = ["STAGE", "appended", "change", "csv_cell", "finish"]

STAGE = ".hmcpsi-change"
"""Name of the folder, inside a data folder, in which a change is made ready."""

_READY, _UNDO = "ready", "undo"  # the markers
_NEW, _OLD, _DONE = "new", "old", "done"


def finish(folder: Path) -> None:
    """Bring a change to its end that was made ready and interrupted; else do nothing.

    Raises
    ------
    HmcpsiError
        Where the folder cannot be written.

    Examples
    --------
    >>> finish(Path("there is no change here"))
    """
    stage = folder / STAGE
    if not os.path.exists(stage):  # noqa: PTH110 - true or false, whatever the name
        return
    try:
        if (stage / _UNDO).exists():
            _restore(stage, folder)
        elif (stage / _READY).exists():
            _move(stage, folder)
        else:
            return
    except OSError as error:
        told = f"A change of {folder} was interrupted and cannot be finished ({error.strerror})."
        raise HmcpsiError(f"{told} Make the folder writable.") from None
    shutil.rmtree(stage, ignore_errors=True)


@contextlib.contextmanager
def change(folder: Path) -> Iterator[dict[str, bytes]]:
    """Put new contents of files into the mapping that this gives; they are all written at its end.

    Where the block raises, or the files cannot be written, the folder is as it was.

    Raises
    ------
    HmcpsiError
        Where another change of the folder is under way, or the folder cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     with change(Path(folder)) as files:
    ...         files["a.txt"] = b"one"
    ...     (Path(folder) / "a.txt").read_bytes()
    b'one'
    """
    finish(folder)
    stage = folder / STAGE
    try:
        stage.mkdir()
    except FileExistsError:
        raise HmcpsiError(
            f"Another change of {folder} is under way. If nobody else is writing there, "
            f"remove the folder {STAGE} in it and try again."
        ) from None
    except OSError as error:
        raise HmcpsiError(f"{folder} cannot be written ({error.strerror}).") from None
    try:
        files: dict[str, bytes] = {}
        yield files
        _write(stage, folder, files)
    finally:
        if not (stage / _UNDO).exists():  # else something could not be put back yet
            shutil.rmtree(stage, ignore_errors=True)


def _write(stage: Path, folder: Path, files: Mapping[str, bytes]) -> None:
    """Make the files ready, then move them; where one cannot be moved, put all of them back."""
    try:
        for name, content in files.items():
            _put(stage / _NEW / name, content)
            if (folder / name).exists():
                _put(stage / _OLD / name, (folder / name).read_bytes())
        _put(stage / "almost", b"")
        (stage / "almost").replace(stage / _READY)
        _move(stage, folder)
    except BaseException as error:
        if (stage / _READY).exists():
            (stage / _READY).replace(stage / _UNDO)
            _restore(stage, folder)
        if isinstance(error, OSError):
            told = f"{folder} cannot be written ({error.strerror}). Nothing was changed."
            raise HmcpsiError(told) from None
        raise


def _move(stage: Path, folder: Path) -> None:
    """Move the new files to their places; another process may be doing the same."""
    new = stage / _NEW
    for path in sorted(new.rglob("*")):
        target = folder / path.relative_to(new)
        if path.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            _put(stage / _DONE / path.relative_to(new), b"")
            with contextlib.suppress(FileNotFoundError):
                path.replace(target)


def _restore(stage: Path, folder: Path) -> None:
    """Put the files back that have been moved, each where it differs; then take the marker away."""
    done = stage / _DONE
    for path in [path for path in done.rglob("*") if path.is_file()]:
        name = path.relative_to(done)
        old, target = stage / _OLD / name, folder / name
        if not old.exists():
            target.unlink(missing_ok=True)
        elif not target.exists() or target.read_bytes() != old.read_bytes():
            shutil.copyfile(old, stage / "again")
            (stage / "again").replace(target)
    (stage / _UNDO).unlink()


def _put(path: Path, content: bytes) -> None:
    """Write a file so that it is on the disk before anything is said about it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def appended(content: bytes, columns: Sequence[str], rows: pd.DataFrame) -> bytes:
    r"""The content of a CSV file with more rows at its end; what was there stays byte by byte.

    Examples
    --------
    >>> appended(b"a,b\n1,x", ["a", "b"], pd.DataFrame({"a": [2], "b": [None]}))
    b'a,b\n1,x\n2,\n'
    """
    end = "\r\n" if b"\r\n" in content or b"\n" not in content else "\n"
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=end)
    writer.writerows(
        [csv_cell(value) for value in row] for row in rows[list(columns)].itertuples(index=False)
    )
    if content and not content.endswith(b"\n"):
        content += end.encode()
    return content + text.getvalue().encode("utf-8")


def csv_cell(value: object) -> str:
    """A value as it stands in a CSV file of a data folder.

    Examples
    --------
    >>> [csv_cell(value) for value in (True, 21.4, 115.0, 3, "Good", None)]
    ['true', '21.4', '115', '3', 'Good', '']
    """
    if pd.isna(value):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.15g}" if isinstance(value, float) else str(value)
