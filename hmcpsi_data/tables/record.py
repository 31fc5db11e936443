"""The record: one data folder, read strictly as it was at one time, and which version it is."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import json
import os
import re
import stat
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pandas as pd

from hmcpsi_data.errors import DataError, HmcpsiError, quote
from hmcpsi_data.tables import description
from hmcpsi_data.tables.description import DESCRIPTION_FILE, Field, Table, table, table_names

_Made = TypeVar("_Made")
_TRIES = 20  # a folder that changes more often while it is read is never still
_VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,2}){1,3}")  # a date, but for 0.1.0
_DATED = re.compile(r"([0-9]{4}\.[0-9]{2}\.[0-9]{2})(\.[1-9][0-9]?)?")
# of each type the form of a cell, its value, and what it is
_KINDS: dict[str, tuple[str, Callable[[str], Any], str]] = {
    "string": ("(?s).*", str, "a text"),
    "integer": ("[+-]?[0-9]{1,18}", int, "a whole number, as 31726"),
    # so that none is infinite
    "number": (r"[+-]?[0-9]{1,200}(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?", float, "a number, as 21.4"),
    "boolean": ("[Tt]rue|TRUE|[Ff]alse|FALSE|[01]", lambda cell: cell[0] in "tT1", "true or false"),
}


class Record:
    """One data folder, read: its tables, typed by the description.

    A snapshot: to see changed files, open it again. Threads may share a record.

    Parameters
    ----------
    folder : path, optional
        A data folder, else that which ``HMCPSI_DATA`` names, else the data of this version.

    Examples
    --------
    >>> Record().table("scales")["value"].head(2).tolist()
    ['Excellent', 'Good']
    """

    def __init__(self, folder: str | os.PathLike[str] | None = None) -> None:
        named = description.data_folder(folder)
        self._files = _snapshot(named)
        self.folder = named.absolute()
        self._lock = threading.RLock()
        self._made: dict[tuple[Any, ...], Any] = {}

    def table(self, name: str) -> pd.DataFrame:
        """One table, as `load` gives it: the caller's own."""
        with self._lock:
            return self.once(_typed, table(name).name).copy()

    def content(self, file: str) -> bytes:
        """The bytes of a file as the folder was opened, or the `DataError` that says why not."""
        if isinstance(found := self._files[file], DataError):
            raise found
        return found

    def cells(self, name: str) -> Records:
        """The cells of a table as text with their lines, or the `DataError` that says why not."""
        file = table(name).file
        return records(file, self.content(file))

    def once(self, make: Callable[..., _Made], *values: Any) -> _Made:
        """What `make` works out of this record and these values, kept with it: never change it."""
        with self._lock:
            if (make, *values) not in self._made:
                self._made[make, *values] = make(self, *values)
            return self._made[make, *values]


RecordLike = Record | str | os.PathLike[str] | None
"""A record, the path of a data folder, or nothing for the data of this version."""


@lru_cache(maxsize=1)
def _shipped(folder: str) -> Record:
    return Record(folder)


forget = _shipped.cache_clear  # so that it is read again when next asked for; writers call this


def as_record(record: RecordLike = None) -> Record:
    """The record that is meant: itself, the folder of a path opened, or the shipped one."""
    if isinstance(record, Record):
        return record
    return _shipped(str(description.data_folder().absolute())) if record is None else Record(record)


def load(name: str, record: RecordLike = None) -> pd.DataFrame:
    """One table, the caller's own: an empty cell is ``<NA>``, ratings and dates are ``string``.

    Parameters
    ----------
    name : str
        One that `tables` lists.
    record : Record or path, optional

    Returns
    -------
    pandas.DataFrame
        The columns of the codebook, as ``string``, ``Int64``, ``Float64`` and ``boolean``.

    Examples
    --------
    >>> load("scales")["value"].head(2).tolist()
    ['Excellent', 'Good']
    """
    return as_record(record).table(name)


def tables(record: RecordLike = None) -> pd.DataFrame:
    """All tables: `name`, the numbers of `rows` and `columns`, and `title`, as in the codebook.

    Parameters
    ----------
    record : Record or path, optional

    Returns
    -------
    pandas.DataFrame
        `name` and `title` are strings, `rows` and `columns` Int64.

    Examples
    --------
    >>> tables().set_index("name").loc["scales", "title"]
    'Scales'
    """
    opened = as_record(record)
    dtypes = {"name": "string", "rows": "Int64", "columns": "Int64", "title": "string"}
    rows = [(name, *opened.table(name).shape, table(name).title) for name in table_names()]
    return pd.DataFrame(rows, columns=list(dtypes)).astype(dtypes)


def moved_away(folder: Path) -> Path:
    """Where a folder is while another is put in its place by two renamings."""
    return folder.with_name(f".{folder.name}.hmcpsi-old") if folder.name else folder


def _snapshot(folder: Path) -> dict[str, bytes | DataError]:
    """The bytes of each file, or why it cannot be read, all of one state of the folder."""
    names = [*(table(name).file for name in table_names()), DESCRIPTION_FILE]
    for _ in range(_TRIES):
        try:
            before = _state(folder)
            files: dict[str, bytes | DataError] = {}
            for name in names:
                try:
                    files[name] = content(folder / name)
                except DataError as error:
                    files[name] = error
            if _state(folder) == before:
                return files
        except DataError:
            if not os.path.lexists(moved_away(folder)) and not os.path.isdir(folder):  # noqa: PTH112 - never fails
                raise
            time.sleep(0.005)  # between the two renamings of a writer
    fault = f"the folder is not still, or was not put back from {moved_away(folder)}"
    remedy = "Wait until whoever is writing there is done; the next change puts it back."
    raise DataError(str(folder), None, None, None, fault, remedy)


def _state(folder: Path) -> tuple[int, ...]:
    """What tells a folder from another in its place, and from itself with other files in it."""
    with _legible(str(folder), "folder", "there is no such folder", "Give a folder of CSV files."):
        found = folder.stat()
        if not stat.S_ISDIR(found.st_mode):
            raise ValueError("this is not a folder")
        return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_ctime_ns


def content(path: Path) -> bytes:
    """The bytes of a regular file, or the `DataError` that says why they cannot be had."""
    missing = f"the file is missing from the folder {path.parent}"
    with _legible(path.name, "file", missing, "Put a file here that can be read."):
        if not stat.S_ISREG(path.stat().st_mode):
            raise ValueError("this is not a file")
        return path.read_bytes()


@contextmanager
def _legible(name: str, kind: str, missing: str, remedy: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise DataError(name, None, None, None, missing, remedy) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        fault = f"the {kind} cannot be read ({reason})"
        raise DataError(name, None, None, None, fault, remedy) from None


class Records(NamedTuple):
    """The cells of one file, and the lines on which its rows start."""

    header: list[str]
    rows: list[list[str]]
    lines: list[int]


def records(file: str, data: bytes, marked: bool = False) -> Records:
    """The cells of a CSV file, or the `DataError` that says why not; `marked` it may have a BOM."""
    remedy = "Save the file as CSV in UTF-8 without a byte order mark."
    data = data.removeprefix(codecs.BOM_UTF8) if marked else data
    if data.startswith(codecs.BOM_UTF8):
        raise DataError(file, 1, None, None, "the file starts with a byte order mark (BOM)", remedy)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        byte, line = data[error.start], data.count(b"\n", 0, error.start) + 1
        fault = f"the byte {byte:02X} is not UTF-8"
        raise DataError(file, line, None, chr(byte), fault, remedy) from None
    if not text.strip():
        raise DataError(file, None, None, None, "the file is empty", "Put the table back.")
    found, start = Records([], [], []), 1
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        found.header.extend(next(reader))
        start = reader.line_num + 1
        for row in reader:
            if any(row):
                found.rows.append(row)
                found.lines.append(start)
            start = reader.line_num + 1
    except csv.Error as error:  # also where a cell is too long
        remedy = "Save the file as CSV with commas between cells, and close each quotation mark."
        raise DataError(file, start, None, None, f"this is no CSV ({error})", remedy) from None
    return found


def column_faults(table: Table, header: Sequence[str]) -> Iterator[DataError]:
    """Columns that are missing, that no description knows, or that are there twice."""
    wrong = {name: "is missing" for name in table.columns if name not in header}
    wrong |= {name: "is not known here" for name in header if name not in table.columns}
    wrong |= {name: "is there twice" for name, times in Counter(header).items() if times > 1}
    for name, fault in wrong.items():
        fault = f"the column {quote(name)} {fault} in the header"
        yield DataError(table.file, 1, name, None, fault, f"Write it {','.join(table.columns)}.")


def row_faults(table: Table, records: Records) -> Iterator[DataError]:
    """Rows with more or fewer cells than the header."""
    width = len(records.header)
    remedy = "Write a comma for each empty cell, and double quotes around text that holds a comma."
    for line, row in zip(records.lines, records.rows, strict=True):
        if len(row) != width:
            fault = f"the row has {len(row)} cell{'s' * (len(row) != 1)}, the header {width}"
            yield DataError(table.file, line, None, None, fault, remedy)


def type_fault(field: Field, cell: str) -> str | None:
    """What is wrong with a cell that is not of the type of its column."""
    pattern, _, kind = _KINDS[field.type]
    return None if re.fullmatch(pattern, cell) else f"{quote(cell)} is not {kind}"


def _typed(record: Record, name: str) -> pd.DataFrame:
    described, found = table(name), record.cells(name)
    for fault in (*column_faults(described, found.header), *row_faults(described, found)):
        raise fault
    cells = dict(zip(found.header, zip(*found.rows, strict=True), strict=False))
    columns = {}
    for field in described.fields:
        column, (_, value, _) = cells.get(field.name, ()), _KINDS[field.type]
        if value is not str:
            for line, cell in zip(found.lines, column, strict=False):
                if cell and (told := type_fault(field, cell)):
                    where = described.file, line, field.name, cell
                    raise DataError(*where, told, f"Put it right. {field.description}")
        values = [value(cell) if cell else None for cell in column]
        dtype: Any = pd.api.types.pandas_dtype(field.dtype)
        columns[field.name] = pd.array(values, dtype=dtype)
    return pd.DataFrame(columns, copy=False)


def data_version(record: RecordLike = None) -> str:
    """The version of the data: "2026.11.29", or "2026.11.29+1a2b3c4d5e6f" of changed tables.

    Parameters
    ----------
    record : Record or path, optional

    Examples
    --------
    >>> data_version().split(".")[0].isdigit()
    True
    """
    opened, described = as_record(record), description.package()
    with suppress(DataError):  # without a description of its own, ours holds
        described = description.parsed(opened.content(DESCRIPTION_FILE))
    content, version = content_hash(opened), str(described.get("version", "unknown"))
    return version if described.get("content") == content else f"{version}+{content[:12]}"


def changes(since: str | None = None, record: RecordLike = None) -> pd.DataFrame:
    """The values that changed between versions of the data, `old` and `new`, and why in `note`.

    Parameters
    ----------
    since : str, optional
        Only what changed after this version, such as "2026.11.29".
    record : Record or path, optional

    Returns
    -------
    pandas.DataFrame
        Strings: `version`, `table`, `row_id`, `column`, the `old` and the `new` value, the
        `source_id` that carries the new one, and `note`.

    Examples
    --------
    >>> changes(since="9999.12.31").empty
    True
    """
    found = as_record(record).table("changes")
    if since is not None:
        if not isinstance(since, str) or not _VERSION.fullmatch(since):
            remedy = "Give one such as 2026.11.29; data_version() says which this is."
            raise HmcpsiError(f"since {quote(since)} is no version of the data.", remedy)
        found = found[found["version"] > since].reset_index(drop=True)
    return found


def content_hash(record: Record) -> str:
    """The one sum of all tables: the sha256 of their names and sums, as hexadecimal digits."""
    files = sorted(table(name).file for name in table_names())
    lines = (f"{file} {hashlib.sha256(record.content(file)).hexdigest()}\n" for file in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def sealed(record: Record, names: Iterable[str] | None = None, version: str | None = None) -> bytes:
    """The folder's description with sums of some or all tables, and with a version if it is new."""
    described = description.parsed(record.content(DESCRIPTION_FILE))
    names = set(table_names() if names is None else names)
    for resource in described["resources"]:
        if resource["name"] in names:
            file = table(resource["name"]).file
            resource.update(_sums(file, record.content(file)))
    if version is not None:
        dated = _DATED.fullmatch(version)
        day = dated[1].replace(".", "-") if dated else ""
        if pd.isna(pd.to_datetime(day, errors="coerce")):
            told = f"{quote(version)} is no version of the data."
            raise HmcpsiError(told, "Give a date such as 2026.11.29.")
        described |= {"version": version, "created": f"{day}T00:00:00Z"}
        described["content"] = content_hash(record)
    return (json.dumps(described, indent=1, ensure_ascii=False) + "\n").encode()


def sum_problems(record: Record) -> Iterator[DataError]:
    """Files, version, date and content that are not those that the folder's description says."""
    if not os.path.lexists(record.folder / DESCRIPTION_FILE):
        return
    described, ours = description.parsed(record.content(DESCRIPTION_FILE)), description.package()
    parts = ("version", "created", "content")
    version, created, content = (str(described.get(part)) for part in parts)
    faults, log = [], record.folder.parent / "CHANGELOG.md"
    if created[:10] != version[:10].replace(".", "-"):
        faults.append(f"the version {quote(version)} is not of the day {quote(created[:10])}")
    if log.with_name("pyproject.toml").is_file() and log.is_file():  # a checkout
        if content != content_hash(record):
            faults.append(f"the tables are not those of the version {quote(version)}")
        line = f"Data version {version} (content {content[:12]})"
        if line not in log.read_text(encoding="utf-8"):
            faults.append(f"CHANGELOG.md has no line {quote(line)}")
    elif (version == ours["version"]) != (content == ours["content"]):
        faults.append(f"the version {quote(version)} does not go with the content {content[:12]}")
    remedy = "Put back what copy_data writes, or name the change: python -m hmcpsi_data codebook "
    remedy += "--write --version YYYY.MM.DD"
    for fault in faults:
        yield DataError(DESCRIPTION_FILE, None, None, None, fault, remedy)
    said = {resource["name"]: resource for resource in described["resources"]}
    for resource in ours["resources"]:
        name = resource["name"]
        with suppress(DataError):  # which another rule names
            if wrong := sum_fault(name, record.content(table(name).file), said.get(name, {})):
                yield wrong
        if any(said.get(name, {}).get(part) != resource[part] for part in ("path", "schema")):
            fault = f"{name} is described otherwise than in this version, which the check went by"
            remedy = "Put it back, or take the version of this package that fits the folder."
            yield DataError(DESCRIPTION_FILE, None, None, None, fault, remedy)


def sum_fault(name: str, data: bytes, said: dict[str, Any]) -> DataError | None:
    """The fault of a table's file that has not the bytes, sum and rows that are said of it."""
    file = table(name).file
    found = _sums(file, data)
    if all(said.get(key, value) == value for key, value in found.items()):
        return None
    fault = "the file was edited: its sum (sha256) is not the one in datapackage.json"
    if said.get("rows", found["rows"]) != found["rows"]:
        fault = f"the file has {found['rows']} rows, and datapackage.json says {said['rows']}"
    remedy = "Put the file back, or where it is meant, run python -m hmcpsi_data codebook --write."
    return DataError(file, None, None, None, fault, remedy)


def _sums(file: str, data: bytes) -> dict[str, Any]:
    rows = len(records(file, data).rows)
    return {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}", "rows": rows}
