"""The one description of all tables, as Python objects, and the place of the data.

`datapackage.json` names every table, field, type, key and allowed value. The loader, the codebook
and the checks all come from it. It is always the one shipped with this version, also where the
tables come from a folder of the user's own: that folder is read with the types of this version.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hmcpsi_data.errors import DataError, HmcpsiError, UnknownValueError, quote

__all__ = [
    "DESCRIPTION_FILE",
    "Field",
    "ForeignKey",
    "Table",
    "data_folder",
    "described",
    "package",
    "parsed",
    "shipped_folder",
    "table",
    "table_names",
]

DESCRIPTION_FILE = "datapackage.json"
README_FILE = "README.md"

DATE_PATTERN = r"\d{4}(-\d{2}(-\d{2})?)?"
_SPAN = r"(p\d+ )?L[1-9]\d*(-L[1-9]\d*)?"
LOCATOR_PATTERN = f"{_SPAN}(;{_SPAN})*"

_PATTERNS_IN_WORDS = {
    DATE_PATTERN: "a date as YYYY, YYYY-MM or YYYY-MM-DD",
    LOCATOR_PATTERN: "a locator such as L22, L20-L22, L3;L7 or p3 L12",
    "[a-z0-9]+(_[a-z0-9]+)*": "lower-case words and digits joined by underscores",
    r"https?://\S+": "a web address that starts with http:// or https://",
    "[0-9a-f]{64}": "64 hexadecimal digits",
    r"[EW]\d{8}": "E or W and eight digits",
    r"\d{4}\.\d{2}\.\d{2}(\.\d{1,2})?": "a version, which is its date, as 2026.11.29",
}
_NAME = re.compile("[a-z0-9]+(_[a-z0-9]+)*")
_DTYPES = {"string": "string", "integer": "Int64", "number": "Float64", "boolean": "boolean"}


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a table as the description has it."""

    name: str
    type: str
    description: str
    required: bool
    enum: tuple[str, ...]
    pattern: str | None
    minimum: float | None
    maximum: float | None

    @property
    def dtype(self) -> str:
        """The pandas type that the column is loaded with."""
        return _DTYPES[self.type]

    @property
    def is_date(self) -> bool:
        """Whether the column holds dates as precise as known."""
        return self.pattern == DATE_PATTERN

    @property
    def is_locator(self) -> bool:
        """Whether the column holds locators."""
        return self.pattern == LOCATOR_PATTERN

    @property
    def allowed(self) -> str | None:
        """What may stand in the column, in words; None where anything of its type may."""
        if self.enum:
            return ", ".join(self.enum)
        if self.pattern:
            return _PATTERNS_IN_WORDS.get(self.pattern, f"text of the form {self.pattern}")
        if self.minimum is not None and self.maximum is not None:
            return f"from {self.minimum} to {self.maximum}"
        if self.minimum is not None:
            return f"at least {self.minimum}"
        if self.maximum is not None:
            return f"at most {self.maximum}"
        return "true, false" if self.type == "boolean" else None


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns whose values must be found in columns of a table."""

    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One table as the description has it."""

    name: str
    title: str
    description: str
    file: str
    fields: tuple[Field, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in their order in the file."""
        return tuple(field.name for field in self.fields)

    def field(self, name: str) -> Field:
        """The field of that name."""
        return self.fields[self.columns.index(name)]


@cache
def package() -> dict[str, Any]:
    """The shipped description as it stands in the file. Read it, do not change it."""
    try:
        return parsed((shipped_folder() / DESCRIPTION_FILE).read_bytes())
    except OSError as error:
        raise _broken(f"the file cannot be read ({error.strerror or error})") from None


def parsed(data: bytes) -> dict[str, Any]:
    """The content of a description, or the `DataError` that says why it is none in JSON."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _broken(f"this is not JSON ({error})") from None
    if not isinstance(found, dict):
        raise _broken("this is no JSON object")
    return found


@cache
def _tables() -> dict[str, Table]:
    return described(package())


def described(package: dict[str, Any]) -> dict[str, Table]:
    """All tables of a description by name, or the `DataError` that says what is wrong with it."""
    try:
        tables = [_table(resource) for resource in package["resources"]]
    except DataError:
        raise
    except KeyError as error:
        raise _broken(f"a table has no {error}") from None
    except Exception as error:  # a part is not of the kind that it should be
        raise _broken(f"a table cannot be understood ({error})") from None
    found = {one.name: one for one in tables}
    if not found or len(found) < len(tables):
        raise _broken("a table is there twice" if found else "it has no tables")
    for one in tables:
        for key in (ForeignKey(one.primary_key, one.name, one.primary_key), *one.foreign_keys):
            if key.table not in found:
                raise _broken(f"{one.name} refers to a table {quote(key.table)} that is not there")
            if not key.columns or len(key.columns) != len(key.references):
                raise _broken(f"a key of {one.name} has no columns, or not as many as it refers to")
            here, there = set(one.columns), set(found[key.table].columns)
            if not (here.issuperset(key.columns) and there.issuperset(key.references)):
                raise _broken(f"a key of {one.name} has a column that is not there")
    return found


def table_names() -> tuple[str, ...]:
    """Names of all tables, in the order of the description."""
    return tuple(_tables())


def table(name: str) -> Table:
    """The description of one table."""
    try:
        return _tables()[name]
    except (KeyError, TypeError):
        raise UnknownValueError("table", name, table_names(), "tables()") from None


@cache
def shipped_folder() -> Path:
    """The folder of the data of this version: inside an installed package, else beside it."""
    package = Path(__file__).parent.parent
    inside = package / "data"
    return inside if inside.is_dir() else package.parent / "data"


def data_folder(folder: str | os.PathLike[str] | None = None) -> Path:
    """The folder that tables are read from: the one given, that of ``HMCPSI_DATA``, or ours."""
    named = os.environ.get("HMCPSI_DATA") or None if folder is None else folder
    if named is None:
        return shipped_folder()
    try:
        # unlike Path.expanduser it does not fail where there is no home
        return Path(os.path.expanduser(os.fspath(named)))  # noqa: PTH111
    except (TypeError, ValueError):
        told = f"{quote(named)} is no data folder."
        raise HmcpsiError(told, "Give the path of a folder, as copy_data makes one.") from None


def _table(resource: dict[str, Any]) -> Table:
    schema, name = resource["schema"], resource["name"]
    if not _NAME.fullmatch(name) or resource["path"] != f"{name}.csv":
        raise _broken(f"the path of {quote(name)} is not its name with .csv")
    found = Table(
        name=name,
        title=_text(resource["title"]),
        description=_text(resource["description"]),
        file=resource["path"],
        fields=tuple(map(_field, schema["fields"])),
        primary_key=_texts(schema["primaryKey"]),
        foreign_keys=tuple(
            ForeignKey(
                columns=_texts(key["fields"]),
                table=_text(key["reference"]["resource"]) or name,
                references=_texts(key["reference"]["fields"]),
            )
            for key in schema.get("foreignKeys", [])
        ),
    )
    if not found.fields or len(set(found.columns)) < len(found.fields):
        raise _broken(f"{name} has no columns, or one of them twice")
    return found


def _field(field: dict[str, Any]) -> Field:
    constraints = field.get("constraints", {})
    pattern, required = constraints.get("pattern"), constraints.get("required", False)
    if pattern is not None:
        re.compile(pattern)
    if field["type"] not in _DTYPES or not isinstance(required, bool):
        raise _broken(f"the column {quote(field['name'])} has no type, or none that is known")
    return Field(
        name=_text(field["name"]),
        type=field["type"],
        description=_text(field["description"]),
        required=required,
        enum=_texts(constraints.get("enum", [])),
        pattern=pattern,
        minimum=_number(constraints.get("minimum")),
        maximum=_number(constraints.get("maximum")),
    )


def _number(value: Any) -> float | None:
    return value if value is None else value + 0  # what is no number is an error here


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{quote(value)} is no text")
    return value


def _texts(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError(f"{quote(values)} is no list")
    return tuple(map(_text, values))


def _broken(fault: str) -> DataError:
    remedy = "Put back the description of this version."
    return DataError(DESCRIPTION_FILE, None, None, None, fault, remedy)
