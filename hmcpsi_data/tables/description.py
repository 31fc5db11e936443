"""What the tables are, by the shipped `datapackage.json`: loader, checks and codebook go by it."""

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from hmcpsi_data.errors import DataError, HmcpsiError, UnknownValueError, quote

DESCRIPTION_FILE = "datapackage.json"

DATE = r"\d{4}(-\d{2}(-\d{2})?)?"
_SPAN = r"(p\d+ )?L[1-9]\d*(-L[1-9]\d*)?"
_LOCATOR = f"{_SPAN}(;{_SPAN})*"
_IN_WORDS = {
    DATE: "a date as YYYY, YYYY-MM or YYYY-MM-DD",
    _LOCATOR: "a locator such as L22, L20-L22, L3;L7 or p3 L12",
    "[a-z0-9]+(_[a-z0-9]+)*": "lower-case words and digits joined by underscores",
    r"https?://\S+": "a web address that starts with http:// or https://",
    "[0-9a-f]{64}": "64 hexadecimal digits",
    r"[EW]\d{8}": "E or W and eight digits",
    r"\d{4}\.\d{2}\.\d{2}(\.\d{1,2})?": "a version, which is its date, as 2026.11.29",
}
DTYPES = {"string": "string", "integer": "Int64", "number": "Float64", "boolean": "boolean"}

_TEXT = ["table", "field", "type", "required", "key", "allowed", "references", "description"]
_BOOK = dict.fromkeys(_TEXT, "string") | {"required": "boolean", "key": "boolean"}


class Field(NamedTuple):
    """One column of a table: its pandas type, and in words what may stand in it, None for all."""

    name: str
    description: str
    type: str
    dtype: str
    required: bool
    enum: tuple[str, ...]
    pattern: str | None
    minimum: float | None
    maximum: float | None
    allowed: str | None


class ForeignKey(NamedTuple):
    """Columns whose values must be found in columns of a table."""

    columns: tuple[str, ...]
    table: str
    references: tuple[str, ...]


class Table(NamedTuple):
    """One table as the description has it, its columns in the order of the file."""

    name: str
    title: str
    description: str
    file: str
    fields: tuple[Field, ...]
    columns: tuple[str, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...]

    def field(self, name: str) -> Field:
        """The field of that name."""
        return self.fields[self.columns.index(name)]


@cache
def carried(name: str) -> Path:
    """A folder that comes along: inside an installed package, else beside it."""
    package = Path(__file__).parent.parent
    return package / name if (package / name).is_dir() else package.parent / name


def shipped_folder() -> Path:
    """The folder of the data of this version."""
    return carried("data")


def data_folder(folder: str | os.PathLike[str] | None = None) -> Path:
    """The folder that tables are read from: the one given, that of ``HMCPSI_DATA``, or ours."""
    named = os.environ.get("HMCPSI_DATA") or None if folder is None else folder
    if named is None:
        return shipped_folder()
    try:
        return Path(os.path.expanduser(os.fspath(named)))  # noqa: PTH111 - works without a home
    except (TypeError, ValueError):
        told = f"{quote(named)} is no data folder."
        raise HmcpsiError(told, "Give the path of a folder, as copy_data makes one.") from None


@contextmanager
def _understood() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, LookupError, TypeError, RecursionError) as error:
        fault = f"it cannot be understood ({type(error).__name__}: {error})"
        remedy = "Put back the description of this version."
        raise DataError(DESCRIPTION_FILE, None, None, None, fault, remedy) from None


@_understood()
def parsed(data: bytes) -> dict[str, Any]:
    """The content of a description, or the `DataError` that says why it is none."""
    found: dict[str, Any] = json.loads(data)
    if not [resource["name"] for resource in found["resources"]]:
        raise LookupError("it names no tables")
    return found


@cache
@_understood()
def package() -> dict[str, Any]:
    """The shipped description as it stands in the file. Read it, do not change it."""
    return parsed((shipped_folder() / DESCRIPTION_FILE).read_bytes())


@cache
@_understood()
def _tables() -> dict[str, Table]:
    return {resource["name"]: _table(resource) for resource in package()["resources"]}


def table_names() -> tuple[str, ...]:
    """Names of all tables, in the order of the description."""
    return tuple(_tables())


def table(name: str) -> Table:
    """The description of one table."""
    try:
        return _tables()[name]
    except (KeyError, TypeError):
        raise UnknownValueError("table", name, table_names(), "tables()") from None


def _table(resource: dict[str, Any]) -> Table:
    name, schema = resource["name"], resource["schema"]
    fields = tuple(map(_field, schema["fields"]))
    keys = [(tuple(key["fields"]), key["reference"]) for key in schema.get("foreignKeys", [])]
    links = [ForeignKey(own, to["resource"] or name, tuple(to["fields"])) for own, to in keys]
    columns = tuple(field.name for field in fields)
    about = resource["title"], resource["description"], resource["path"]
    return Table(name, *about, fields, columns, tuple(schema["primaryKey"]), tuple(links))


def _field(field: dict[str, Any]) -> Field:
    rules, kind = field.get("constraints", {}), field["type"]
    enum, pattern = tuple(rules.get("enum", ())), rules.get("pattern")
    low, high = (rules.get(bound) for bound in ("minimum", "maximum"))
    allowed = ", ".join(enum) or (_IN_WORDS[pattern] if pattern else None)
    if kind == "boolean":
        allowed = "true, false"
    elif low is not None:
        allowed = f"at least {low}" if high is None else f"from {low} to {high}"
    about = field["name"], field["description"], kind, DTYPES[kind]
    return Field(*about, rules.get("required", False), enum, pattern, low, high, allowed)


_described = table  # a parameter below has its name


def codebook(table: str | None = None) -> pd.DataFrame:
    """What every column means, in a row each, what may stand in it and where it must be found.

    Parameters
    ----------
    table : str, optional
        Only the columns of this table.

    Returns
    -------
    pandas.DataFrame
        `table`, `field`, `type`, `required` and `key` (boolean), `allowed` (empty where anything of
        its type is), `references`, `description`; strings but for these two.

    Examples
    --------
    >>> codebook("themes")["field"].tolist()
    ['theme_id', 'title', 'covers', 'basis', 'speaker']
    """
    rows = []
    for one in map(_described, table_names() if table is None else [table]):
        targets = {key.columns[0]: f"{key.table}.{key.references[0]}" for key in one.foreign_keys}
        for field in one.fields:
            key = field.name in one.primary_key
            about = (field.required, key, field.allowed, targets.get(field.name), field.description)
            rows.append((one.name, field.name, field.type, *about))
    return pd.DataFrame(rows, columns=list(_BOOK)).astype(_BOOK)


def markdown(described: dict[str, Any] | None = None) -> str:
    """The codebook as a page, with title, version and licence."""
    about, names = described or package(), table_names()
    licences = ", ".join(f"[{one['title']}]({one['path']})" for one in about["licenses"])
    head = f"""# {about["title"]}

{about["description"]}

Version {about["version"]}. Licence of the data: {licences}. {about["attribution"]}

This page is made from `{DESCRIPTION_FILE}` by
`python -m hmcpsi_data codebook --write`; change that file, not this page."""
    rows = [(f"[{one.name}](#{one.name})", one.title, one.description) for one in map(table, names)]
    overview = _grid(("Table", "Title", "What one row is"), rows)
    how_to_read = Path(__file__).with_name("how_to_read.md").read_text(encoding="utf-8").rstrip()
    return "\n\n".join([head, how_to_read, "## Tables", overview, *map(_section, names)]) + "\n"


def _section(name: str) -> str:
    one = table(name)

    def code(names: Iterable[str]) -> str:
        return ", ".join(f"`{name}`" for name in names)

    lines = [f"## {name}", f"**{one.title}.** {one.description}"]
    lines.append(f"File: `{one.file}`. Key: {code(one.primary_key)}.")
    links = [
        f"{code(key.columns)} in {code(f'{key.table}.{to}' for to in key.references)}"
        for key in one.foreign_keys
    ]
    lines += [f"Must be found: {'; '.join(links)}."] * bool(links)
    rows = [
        (f"`{of.name}`", of.type, "yes" * of.required, of.allowed or "", of.description)
        for of in one.fields
    ]
    return "\n\n".join([*lines, _grid(("Column", "Type", "Required", "Allowed", "Meaning"), rows)])


def _grid(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    cells = ([cell.replace("|", r"\|") for cell in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)
