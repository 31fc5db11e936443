"""Which data these are: sums of the files, the version bound to them, what changed since.

`datapackage.json` carries bytes, sha256 and rows of each table, and a version with the one sum of
all tables, `content`. A folder whose tables have that sum is that version.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd

from hmcpsi_data.errors import DataError, HmcpsiError, quote
from hmcpsi_data.tables.description import DESCRIPTION_FILE, package, parsed, table, table_names
from hmcpsi_data.tables.record import Record, RecordLike, as_record, records

_VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,2}){1,3}")  # a date, but for 0.1.0
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
    opened, described = as_record(record), package()
    with contextlib.suppress(DataError):  # without a description of its own, ours holds
        described = parsed(opened.content(DESCRIPTION_FILE))
    content, version = content_hash(opened), str(described.get("version", "unknown"))
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
    described = parsed(record.content(DESCRIPTION_FILE))
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
    described = parsed(record.content(DESCRIPTION_FILE))
    for fault in _version_faults(described, record):
        remedy = "Put back what copy_data writes, or name the change: python -m hmcpsi_data "
        remedy += "codebook --write --version YYYY.MM.DD"
        yield DataError(DESCRIPTION_FILE, None, None, None, fault, remedy)
    said = {resource["name"]: resource for resource in described["resources"]}
    for resource in package()["resources"]:
        name = resource["name"]
        with contextlib.suppress(DataError):  # which another rule names
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


def _version_faults(described: dict[str, Any], record: Record) -> Iterator[str]:
    """Whether version, date and content belong together; in a checkout, with tables and log too."""
    parts = ("version", "created", "content")
    version, created, content = (str(described.get(part)) for part in parts)
    if created[:10] != version[:10].replace(".", "-"):
        yield f"the version {quote(version)} is not of the day {quote(created[:10])}"
    log, ours = record.folder.parent / "CHANGELOG.md", package()
    if not (log.with_name("pyproject.toml").is_file() and log.is_file()):
        if (version == ours["version"]) != (content == ours["content"]):
            yield f"the version {quote(version)} does not go with the content {content[:12]}"
        return
    if content != content_hash(record):
        yield f"the tables are not those of the version {quote(version)}"
    line = f"Data version {version} (content {content[:12]})"
    if line not in log.read_text(encoding="utf-8"):
        yield f"CHANGELOG.md has no line {quote(line)}"


def _sums(file: str, data: bytes) -> dict[str, Any]:
    rows = len(records(file, data).rows)
    return {"bytes": len(data), "hash": f"sha256:{hashlib.sha256(data).hexdigest()}", "rows": rows}
