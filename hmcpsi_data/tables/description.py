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
_TYPES_IN_WORDS = {"boolean": ("true", "false")}


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
        """What may stand in the column, in words; None where anything of its type may.

        Examples
        --------
        >>> table("sources").field("published_precision").allowed
        'day, month, year'
        >>> table("sources").field("n_lines").allowed
        'at least 1'
        """
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
        return ", ".join(_TYPES_IN_WORDS.get(self.type, ())) or None


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
    path = shipped_folder() / DESCRIPTION_FILE
    try:
        return parsed(path.read_bytes())
    except OSError as error:
        raise _broken(f"the file cannot be read ({error.strerror or error})") from None


def parsed(data: bytes) -> dict[str, Any]:
    """The content of a description as Python objects.

    Raises
    ------
    DataError
        Where it is no object in JSON.

    Examples
    --------
    >>> parsed(b'{"resources": ')
    Traceback (most recent call last):
    hmcpsi_data.errors.DataError: datapackage.json, line 1: this is not JSON (Expecting value). \
Put back the description of this version.
    """
    try:
        found = json.loads(data)
    except json.JSONDecodeError as error:
        raise _broken(f"this is not JSON ({error.msg})", error.lineno) from None
    except (ValueError, RecursionError) as error:  # not UTF-8, endless digits, nested too deep
        raise _broken(f"this is not JSON ({error})") from None
    if not isinstance(found, dict):
        raise _broken("this is no JSON object")
    return found


@cache
def _tables() -> dict[str, Table]:
    return described(package())


def described(package: dict[str, Any]) -> dict[str, Table]:
    """All tables of a description by name.

    Raises
    ------
    DataError
        Where a part of the description is missing or no such part, or names what does not exist.

    Examples
    --------
    >>> described({"resources": []})
    Traceback (most recent call last):
    hmcpsi_data.errors.DataError: datapackage.json: it has no tables. \
Put back the description of this version.
    """
    found: dict[str, Table] = {}
    for number, resource in enumerate(_part(package, "resources", list, "the package"), 1):
        one = _table(resource, f"resource {number}")
        if one.name in found:
            raise _broken(f"there are two tables {quote(one.name)}")
        found[one.name] = one
    if not found:
        raise _broken("it has no tables")
    for one in found.values():
        _keys_exist(one, found)
    return found


def table_names() -> tuple[str, ...]:
    """Names of all tables, in the order of the description.

    Examples
    --------
    >>> table_names()[:2]
    ('sources', 'frameworks')
    """
    return tuple(_tables())


def table(name: str) -> Table:
    """The description of one table.

    Examples
    --------
    >>> table("area_lineage").primary_key
    ('predecessor_id', 'successor_id')
    >>> table("rating")
    Traceback (most recent call last):
    hmcpsi_data.errors.UnknownValueError: table "rating" is not known. Did you mean "ratings"? \
tables() lists all that are.
    """
    try:
        return _tables()[name]
    except (KeyError, TypeError):
        raise UnknownValueError("table", name, table_names(), "tables()") from None


@cache
def shipped_folder() -> Path:
    """The folder of the data that belong to this version.

    In an installed package it lies inside the package, in a source checkout beside it.
    """
    package = Path(__file__).parent.parent
    inside = package / "data"
    return inside if inside.is_dir() else package.parent / "data"


def data_folder(folder: str | os.PathLike[str] | None = None) -> Path:
    """The folder that tables are read from.

    Parameters
    ----------
    folder : path, optional
        A folder of one's own; ``~`` is the home folder. Without it, the environment variable
        ``HMCPSI_DATA`` names one, and without that the data shipped with this version are used.

    Examples
    --------
    >>> data_folder("my_copy").name
    'my_copy'
    """
    named = os.environ.get("HMCPSI_DATA") or None if folder is None else folder
    if named is None:
        return shipped_folder()
    try:
        # unlike Path.expanduser it does not fail where there is no home
        return Path(os.path.expanduser(os.fspath(named)))  # noqa: PTH111
    except (TypeError, ValueError):
        told = f"{quote(named)} is no data folder."
        raise HmcpsiError(told, "Give the path of a folder, as copy_data makes one.") from None


def _table(resource: Any, where: str) -> Table:
    """One table, each part of its description being what it should be."""
    name = _part(resource, "name", str, where)
    where = f"table {quote(name)}"
    schema = _part(resource, "schema", dict, where)
    fields = tuple(_field(field, where) for field in _part(schema, "fields", list, where))
    columns = [field.name for field in fields]
    if not columns or len(set(columns)) < len(columns):
        raise _broken(f"{where} has {'a column twice' if columns else 'no columns'}")
    file = _part(resource, "path", str, where)
    if file != f"{name}.csv" or not _NAME.fullmatch(name):
        raise _broken(f"{where} has the path {quote(file)}; a path is the name with .csv")
    return Table(
        name=name,
        title=_part(resource, "title", str, where),
        description=_part(resource, "description", str, where),
        file=file,
        fields=fields,
        primary_key=_names(schema, "primaryKey", where),
        foreign_keys=tuple(
            _foreign_key(key, name, where)
            for key in _part(schema, "foreignKeys", list, where, default=[])
        ),
    )


def _field(field: Any, where: str) -> Field:
    """One column, each part of its description being what it should be."""
    name = _part(field, "name", str, where)
    where = f"column {quote(name)} of {where}"
    kind = _part(field, "type", str, where)
    if kind not in _DTYPES:
        raise _broken(f"{where} has the type {quote(kind)}, not one of {', '.join(_DTYPES)}")
    constraints = _part(field, "constraints", dict, where, default={})
    pattern = _part(constraints, "pattern", str, where, default=None)
    try:
        re.compile(pattern or "")
    except re.error as error:
        raise _broken(f"{where} has the pattern {quote(pattern)} ({error})") from None
    return Field(
        name=name,
        type=kind,
        description=_part(field, "description", str, where),
        required=_part(constraints, "required", bool, where, default=False),
        enum=_names(constraints, "enum", where, default=()),
        pattern=pattern,
        minimum=_part(constraints, "minimum", (int, float), where, default=None),
        maximum=_part(constraints, "maximum", (int, float), where, default=None),
    )


def _foreign_key(key: Any, table_name: str, where: str) -> ForeignKey:
    reference = _part(key, "reference", dict, where)
    return ForeignKey(
        columns=_names(key, "fields", where),
        table=_part(reference, "resource", str, where) or table_name,
        references=_names(reference, "fields", where),
    )


def _keys_exist(described: Table, known: dict[str, Table]) -> None:
    """Keys are columns that exist, in tables that exist."""
    where = f"table {quote(described.name)}"
    _columns_exist(described.primary_key, described, f"{where} has a key")
    for key in described.foreign_keys:
        if key.table not in known:
            raise _broken(f"{where} refers to a table {quote(key.table)} that is not there")
        _columns_exist(key.columns, described, f"{where} refers to other rows")
        _columns_exist(key.references, known[key.table], f"{where} refers to {key.table}")
        if len(key.columns) != len(key.references):
            raise _broken(f"{where} refers to {key.table} by more or fewer columns than it names")


def _columns_exist(columns: tuple[str, ...], described: Table, where: str) -> None:
    strange = [name for name in columns if name not in described.columns]
    if strange or not columns:
        raise _broken(f"{where} by the column {quote(strange[0]) if strange else 'of no name'}")


_REQUIRED: Any = object()


def _part(owner: Any, key: str, kind: Any, where: str, default: Any = _REQUIRED) -> Any:
    """A part of the description, or the `DataError` that says that it is missing or no such."""
    if not isinstance(owner, dict):
        raise _broken(f"{where} is no JSON object")
    if key not in owner and default is not _REQUIRED:
        return default
    value = owner.get(key)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        said = f"is {quote(json.dumps(value))}" if key in owner else "is missing"
        raise _broken(f"{quote(key)} of {where} {said}")
    return value


def _names(owner: Any, key: str, where: str, default: Any = _REQUIRED) -> tuple[str, ...]:
    """A part of the description that is a list of names."""
    values = _part(owner, key, (list, tuple), where, default)
    if not all(isinstance(value, str) for value in values):
        raise _broken(f"{quote(key)} of {where} is {quote(json.dumps(values))}, no list of names")
    return tuple(values)


def _broken(fault: str, line: int | None = None) -> DataError:
    remedy = "Put back the description of this version."
    return DataError(DESCRIPTION_FILE, line, None, None, fault, remedy)
