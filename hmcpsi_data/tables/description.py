"""The one description of all tables, as Python objects, and the place of the data.

`datapackage.json` names every table, field, type, key and allowed value. The loader, the codebook
and the checks all come from it. It is always the one shipped with this version, also where the
tables come from a folder of the user's own: that folder is read with the types of this version.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from hmcpsi_data.errors import UnknownValueError

__all__ = [
    "DESCRIPTION_FILE",
    "Field",
    "ForeignKey",
    "Table",
    "data_folder",
    "package",
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
}
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
    return json.loads((shipped_folder() / DESCRIPTION_FILE).read_text(encoding="utf-8"))


@cache
def _tables() -> dict[str, Table]:
    return {resource["name"]: _table(resource) for resource in package()["resources"]}


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
    return Path(os.path.expanduser(named))  # noqa: PTH111 - does not fail where there is no home


def _table(resource: dict[str, Any]) -> Table:
    schema = resource["schema"]
    return Table(
        name=resource["name"],
        title=resource["title"],
        description=resource["description"],
        file=resource["path"],
        fields=tuple(map(_field, schema["fields"])),
        primary_key=tuple(schema["primaryKey"]),
        foreign_keys=tuple(
            ForeignKey(
                columns=tuple(key["fields"]),
                table=key["reference"]["resource"] or resource["name"],
                references=tuple(key["reference"]["fields"]),
            )
            for key in schema.get("foreignKeys", ())
        ),
    )


def _field(field: dict[str, Any]) -> Field:
    constraints = field.get("constraints", {})
    return Field(
        name=field["name"],
        type=field["type"],
        description=field["description"],
        required=constraints.get("required", False),
        enum=tuple(constraints.get("enum", ())),
        pattern=constraints.get("pattern"),
        minimum=constraints.get("minimum"),
        maximum=constraints.get("maximum"),
    )
