"""A copy of the data that its owner may change."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from hmcpsi_data.description import DESCRIPTION_FILE, shipped_folder, table, table_names
from hmcpsi_data.errors import HmcpsiError

__all__ = ["copy_data"]


def copy_data(folder: str | os.PathLike[str]) -> Path:
    """Copy the data of this version into a folder of your own.

    The copy appears as a whole or not at all. Give its folder to any function or explorer, or name
    it in the environment variable ``HMCPSI_DATA``; `add_document` adds to it.

    Parameters
    ----------
    folder : path
        A folder that is not there yet, or is empty.

    Returns
    -------
    pathlib.Path
        The folder, with all tables and their description.

    Raises
    ------
    HmcpsiError
        Where the folder holds anything, is no folder, or cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from hmcpsi_data import load
    >>> with TemporaryDirectory() as home:
    ...     mine = copy_data(f"{home}/mine")
    ...     len(load("areas", mine)) == len(load("areas"))
    True
    """
    try:
        target = Path(folder).expanduser().absolute()
    except (TypeError, ValueError, RuntimeError):
        raise HmcpsiError("Give copy_data a folder, such as copy_data('my_copy').") from None
    try:
        _free(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name[:40]}.{os.getpid()}.part")
        part.mkdir()
    except (OSError, ValueError) as error:
        raise _unwritable(target, error) from None
    try:
        for name in (*(table(name).file for name in table_names()), DESCRIPTION_FILE):
            shutil.copyfile(shipped_folder() / name, part / name)
        if target.exists():
            target.rmdir()  # it is empty, or this fails and nothing is lost
        part.rename(target)
    except OSError as error:
        raise _unwritable(target, error) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return target


def _free(target: Path) -> None:
    """Refuse what is no folder, or not an empty one."""
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise HmcpsiError(f"{target} is not a folder. Give one that is not there yet.")
    if target.is_dir() and any(target.iterdir()):
        raise HmcpsiError(
            f"{target} is not empty, and nothing in it was touched. "
            "Give a folder that is not there yet."
        )


def _unwritable(target: Path, error: Exception) -> HmcpsiError:
    reason = getattr(error, "strerror", None) or str(error)
    return HmcpsiError(f"{target} cannot be written ({reason}). Give another folder.")
