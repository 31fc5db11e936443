"""Which data these are: sums of the files, the version bound to them, what changed since.

`datapackage.json` carries bytes, sha256 and rows of each table, and a version with the one sum of
all tables, `content`. A folder whose tables have that sum is that version.
"""

from __future__ import annotations

import contextlib
import copy
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from hmcpsi_data.errors import DataError, HmcpsiError, quote
from hmcpsi_data.tables.description import DESCRIPTION_FILE, package, parsed, table, table_names
from hmcpsi_data.tables.reading import records
from hmcpsi_data.tables.record import Record, RecordLike, as_record

_VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){1,3}")
_DATED = re.compile(r"([0-9]{4}\.[0-9]{2}\.[0-9]{2})(\.[1-9][0-9]?)?")


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
    opened = as_record(record)
    try:
        described = parsed(opened.content(DESCRIPTION_FILE))
    except DataError:
        described = package()
    content = content_hash(opened)
    version = str(described.get("version", "unknown"))
    return version if described.get("content") == content else f"{version}+{content[:12]}"


def changes(since: str | None = None, record: RecordLike = None) -> pd.DataFrame:
    """The values that changed from one version of the data to the next.

    Parameters
    ----------
    since : str, optional
        Only what changed after this version, such as "2026.11.29"; else `HmcpsiError` is raised.
    record : Record or path, optional

    Returns
    -------
    pandas.DataFrame
        Strings: `version`, `table`, `row_id`, `column`, the `old` and the `new` value, the
        `source_id` that carries the new one, and `note`, why.

    Examples
    --------
    >>> changes(since="9999.12.31").empty
    True
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
    record: Record, names: Iterable[str] | None = None, version: str | None = None
) -> tuple[dict[str, Any], bytes]:
    """The folder's description with the sums of some or all tables, as an object and as a file.

    A version is a date, such as 2026.11.29, or 2026.11.29.2 for a second of one day.
    """
    described = copy.deepcopy(parsed(record.content(DESCRIPTION_FILE)))
    names = set(table_names() if names is None else names)
    for resource in described["resources"]:
        if resource["name"] in names:
            file = table(resource["name"]).file
            resource.update(_sums(resource["name"], record.content(file)))
    if version is not None:
        date = _DATED.fullmatch(version)
        day = date[1].replace(".", "-") if date else ""
        if pd.isna(pd.to_datetime(day, errors="coerce")):
            remedy = "Give a date such as 2026.11.29."
            raise HmcpsiError(f"{quote(version)} is no version of the data.", remedy)
        described["version"], described["created"] = version, f"{day}T00:00:00Z"
        described["content"] = content_hash(record)
    return described, (json.dumps(described, indent=1, ensure_ascii=False) + "\n").encode()


def sum_problems(record: Record) -> Iterator[DataError]:
    """Files, version, date and content that are not those that the folder's description says."""
    try:
        described = parsed(record.content(DESCRIPTION_FILE))
        said = {resource["name"]: resource for resource in described["resources"]}
    except (DataError, KeyError, TypeError):
        return  # there is none, or another rule names it
    for name in table_names():
        with contextlib.suppress(DataError):  # which another rule names
            if fault := sum_fault(name, record.content(table(name).file), said.get(name, {})):
                yield fault
    version = str(described.get("version"))
    for words, remedy in _version_faults(described, record):
        yield DataError(DESCRIPTION_FILE, None, None, version, words, remedy)


def _version_faults(described: dict[str, Any], record: Record) -> Iterator[tuple[str, str]]:
    """Whether version, date and content belong together; in a checkout, with tables and log too."""
    parts = ("version", "created", "content")
    version, created, content = (str(described.get(part)) for part in parts)
    whole = "Put back version, created and content as copy_data writes them: they are one."
    if created[:10].split("-") != version.split(".")[:3]:
        yield f"the version {quote(version)} is not of the day {quote(created[:10])}", whole
    log = record.folder.parent / "CHANGELOG.md"
    if not (record.folder.parent / "pyproject.toml").is_file() or not log.is_file():
        ours = package()
        if (version == ours["version"]) != (content == ours["content"]):
            told = f"the version {quote(version)} does not go with the content {content[:12]}"
            yield f"{told}; {ours['version']} goes with {ours['content'][:12]}", whole
        return
    remedy = "Name the change: python -m hmcpsi_data codebook --write --version YYYY.MM.DD"
    if content != content_hash(record):
        yield f"the tables are not those of the version {quote(version)}", remedy
    line = f"Data version {version} (content {content[:12]})"
    if line not in log.read_text(encoding="utf-8"):
        yield f"CHANGELOG.md has no line {quote(line)}", remedy


def sum_fault(name: str, data: bytes, said: dict[str, Any]) -> DataError | None:
    """The fault of a table's file that has not the bytes, sum and rows that are said of it."""
    found = _sums(name, data)
    if all(said.get(key, value) == value for key, value in found.items()):
        return None
    fault = "the file was edited: its sum (sha256) is not the one in datapackage.json"
    rows, there = said.get("rows"), found["rows"]
    if isinstance(rows, int) and rows != there:
        more = f"{abs(there - rows)} {'more' if there > rows else 'fewer'}"
        fault = f"the file has {there} rows, {more} than datapackage.json says ({rows})"
    remedy = "Put the file back, or where it is meant, run python -m hmcpsi_data codebook --write."
    return DataError(table(name).file, None, None, None, fault, remedy)


def _sums(name: str, data: bytes) -> dict[str, Any]:
    """What the description says of a file: bytes, sha256 and rows."""
    rows = len(records(table(name).file, data).rows)
    return {"bytes": len(data), "hash": f"sha256:{_sha256(data)}", "rows": rows}


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _order(version: object) -> list[int]:
    return [int(part) for part in re.findall("[0-9]+", str(version))]
