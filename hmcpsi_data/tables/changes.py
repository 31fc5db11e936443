"""Which data these are: the sums of the files, the version that is bound to them, what changed.

`datapackage.json` carries for each table its number of bytes, its sha256 and its number of rows,
and for all of them a version with the one sum of those sums, `content`. A folder whose tables have
that sum is that version; any other is a changed one, and says so.
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from hmcpsi_data.errors import DataError, HmcpsiError, quote
from hmcpsi_data.tables.description import DESCRIPTION_FILE, package, parsed, table, table_names
from hmcpsi_data.tables.record import Record, RecordLike, as_record

__all__ = [
    "changes",
    "content_hash",
    "data_version",
    "dumped",
    "plain",
    "released",
    "sealed",
    "sum_problems",
    "version_problems",
]

_SUMS = ("bytes", "hash", "rows")
_VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){1,3}")
_DATED = re.compile(r"([0-9]{4}\.[0-9]{2}\.[0-9]{2})(\.[1-9][0-9]?)?")
_SHORT = 12  # digits of a sum that a person compares
_WRITE = "python -m hmcpsi_data codebook --write"


def data_version(record: RecordLike = None) -> str:
    """The version of the data, which says which tables these are, to the letter.

    Parameters
    ----------
    record : Record or path, optional

    Returns
    -------
    str
        The date of the version, such as "2026.11.29". Where rows were added or cells changed since,
        with the first digits of the sum of the tables: "2026.11.29+1a2b3c4d5e6f".

    Raises
    ------
    DataError
        Where a file is missing.

    Examples
    --------
    >>> data_version().split(".")[0].isdigit()
    True
    """
    opened = as_record(record)
    described, content = _own_package(opened), content_hash(opened)
    version = str(described.get("version", "unknown"))
    return version if described.get("content") == content else f"{version}+{content[:_SHORT]}"


def changes(since: str | None = None, record: RecordLike = None) -> pd.DataFrame:
    """The values that changed from one version of the data to the next.

    Parameters
    ----------
    since : str, optional
        Only what changed after this version, such as "2026.11.29".
    record : Record or path, optional

    Returns
    -------
    pandas.DataFrame
        One row per changed value, all string: the `version` that brought it, `table`, `row_id`,
        `column`, the `old` and the `new` value (empty where there was or is none), the `source_id`
        that carries the new one, and `note`, why.

    Raises
    ------
    HmcpsiError
        Where `since` is no version.

    Examples
    --------
    >>> changes(since="next year")
    Traceback (most recent call last):
    hmcpsi_data.errors.HmcpsiError: since "next year" is no version. \
Give one such as 2026.11.29; data_version() says which this is.
    """
    found = as_record(record).table("changes")
    if since is None:
        return found
    if not isinstance(since, str) or not _VERSION.fullmatch(since):
        remedy = "Give one such as 2026.11.29; data_version() says which this is."
        raise HmcpsiError(f"since {quote(since)} is no version.", remedy)
    later = [_order(version) > _order(since) for version in found["version"]]
    return found[later].reset_index(drop=True)


def content_hash(record: Record) -> str:
    """The one sum of all tables: the sha256 of their names and sums, as hexadecimal digits."""
    files = sorted(table(name).file for name in table_names())
    lines = (f"{file} {_sha256(record.content(file))}\n" for file in files)
    return _sha256("".join(lines).encode())


def sealed(
    described: dict[str, Any],
    record: Record,
    names: Iterable[str] | None = None,
    version: str | None = None,
) -> dict[str, Any]:
    """The description with the sums of some or all tables, and with a version where one is given.

    A version is a date, such as 2026.11.29, or 2026.11.29.2 for a second of one day.
    """
    described = copy.deepcopy(described)
    names = set(table_names() if names is None else names)
    for resource in described["resources"]:
        if resource["name"] in names:
            resource.update(_sums(record, resource["name"]))
    if version is not None:
        date = _DATED.fullmatch(version)
        day = date[1].replace(".", "-") if date else ""
        if pd.isna(pd.to_datetime(day, errors="coerce")):
            remedy = "Give a date such as 2026.11.29."
            raise HmcpsiError(f"{quote(version)} is no version of the data.", remedy)
        new = {"version": version, "created": f"{day}T00:00:00Z", "content": content_hash(record)}
        before = dict.fromkeys(described)  # what has no place yet comes after the version
        first = list(before)[: list(before).index("version") + 1]
        order = dict.fromkeys([*first, *(key for key in new if key not in before), *before])
        described = {key: (described | new)[key] for key in order}
    return described


def dumped(described: dict[str, Any]) -> bytes:
    """A description as it stands in its file."""
    return (json.dumps(described, indent=1, ensure_ascii=False) + "\n").encode()


def plain(described: dict[str, Any]) -> dict[str, Any]:
    """A description without what differs from folder to folder: version and sums."""
    resources = [
        {key: value for key, value in resource.items() if key not in _SUMS}
        for resource in described["resources"]
    ]
    ours = ("version", "created", "content")
    return {k: v for k, v in described.items() if k not in ours} | {"resources": resources}


def released(described: dict[str, Any]) -> str:
    """How the change log names the version of a description.

    Examples
    --------
    >>> released({"version": "2026.11.29", "content": "1a2b3c4d5e6f7890"})
    'Data version 2026.11.29 (content 1a2b3c4d5e6f)'
    """
    short = str(described.get("content"))[:_SHORT]
    return f"Data version {described.get('version')} (content {short})"


def sum_problems(record: Record) -> Iterator[DataError]:
    """Files that are not those that the folder's own description was made for.

    A file that was cut has fewer rows than it should; one that was edited, another sum.
    """
    try:
        resources = parsed(record.content(DESCRIPTION_FILE))["resources"]
        told = {resource["name"]: resource for resource in resources}
    except (DataError, KeyError, TypeError):
        return  # there is none, or another rule names it
    remedy = f"Put the file back, or where the change is meant, run {_WRITE}."
    for name in table_names():
        said = {key: value for key, value in told.get(name, {}).items() if key in _SUMS}
        try:
            found = _sums(record, name)
        except DataError:
            continue  # another rule names it
        if {key: found[key] for key in said} == said:
            continue
        fault = "the file was edited: its sum (sha256) is not the one in datapackage.json"
        rows, there = said.get("rows"), found["rows"]
        if isinstance(rows, int) and rows != there:
            more = f"{abs(there - rows)} {'more' if there > rows else 'fewer'}"
            fault = f"the file has {there} rows, {more} than datapackage.json says ({rows})"
        yield DataError(table(name).file, None, None, None, fault, remedy)


def version_problems(record: Record) -> Iterator[DataError]:
    """In a source checkout the version, its date, the tables and the change log belong together."""
    log = record.folder.parent / "CHANGELOG.md"
    if not (record.folder.parent / "pyproject.toml").is_file() or not log.is_file():
        return
    described = _own_package(record)
    version, created = str(described.get("version")), str(described.get("created"))
    remedy = f"Name the change: {_WRITE} --version YYYY.MM.DD"

    def fault(problem: str) -> DataError:
        return DataError(DESCRIPTION_FILE, None, None, version, problem, remedy)

    if described.get("content") != content_hash(record):
        yield fault(f"the tables are not those of the version {quote(version)}")
    if not created.startswith("-".join(version.split(".")[:3]) + "T"):
        yield fault(f"the version {quote(version)} is not of the day {quote(created[:10])}")
    if released(described) not in log.read_text(encoding="utf-8"):
        yield fault(f"CHANGELOG.md has no line {quote(released(described))}")


def _own_package(record: Record) -> dict[str, Any]:
    """The description in the folder, or where there is none that of this version."""
    try:
        return parsed(record.content(DESCRIPTION_FILE))
    except DataError:
        return package()


def _sums(record: Record, name: str) -> dict[str, Any]:
    """What the description says of a file: bytes, sha256 and rows."""
    data = record.content(table(name).file)
    rows = len(record.cells(name).rows)
    return {"bytes": len(data), "hash": f"sha256:{_sha256(data)}", "rows": rows}


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _order(version: object) -> list[int]:
    return [int(part) for part in re.findall("[0-9]+", str(version))]
