"""The codebook: what every table and column means, as a table and as a page to read.

What a person wrote at the end of the page stays when the page is written again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.tables import description
from hmcpsi_data.tables.changes import sealed
from hmcpsi_data.tables.description import DESCRIPTION_FILE
from hmcpsi_data.tables.record import Record, forget
from hmcpsi_data.tables.writing import new_folder, write_file

_BY_HAND = "<!-- What follows is written by hand and kept. -->"
_TEXT = ["table", "field", "type", "required", "key", "allowed", "references", "description"]
_DTYPES = dict.fromkeys(_TEXT, "string") | {"required": "boolean", "key": "boolean"}
_HOW_TO_READ = Path(__file__).with_name("how_to_read.md")


def codebook(table: str | None = None) -> pd.DataFrame:
    """What every column means, what may stand in it and what it refers to.

    Parameters
    ----------
    table : str, optional
        Only the columns of this table.

    Returns
    -------
    pandas.DataFrame
        One row per column: `table`, `field`, `type`, `required`, `key`, `allowed` (empty where
        anything of its type is), `references` (where it must be found), `description`.

    Examples
    --------
    >>> codebook("themes")["field"].tolist()
    ['theme_id', 'title', 'covers', 'basis', 'speaker']
    """
    rows = []
    for one in map(description.table, description.table_names() if table is None else [table]):
        targets = {
            column: f"{key.table}.{target}"
            for key in one.foreign_keys
            for column, target in zip(key.columns, key.references, strict=True)
        }
        for field in one.fields:
            key = field.name in one.primary_key
            about = (field.required, key, field.allowed, targets.get(field.name), field.description)
            rows.append((one.name, field.name, field.type, *about))
    return pd.DataFrame(rows, columns=list(_DTYPES)).astype(_DTYPES)


def markdown(described: dict[str, Any] | None = None) -> str:
    """The codebook as a page, with title, version and licence."""
    package, names = described or description.package(), description.table_names()
    licences = ", ".join(f"[{one['title']}]({one['path']})" for one in package["licenses"])
    head = f"""\
# {package["title"]}

{package["description"]}

Version {package["version"]}. Licence of the data: {licences}. {package["attribution"]}

This page is made from `{DESCRIPTION_FILE}` by
`python -m hmcpsi_data codebook --write`; change that file, not this page."""
    titles = [(one.name, one.title, one.description) for one in map(description.table, names)]
    linked = [(f"[{name}](#{name})", *about) for name, *about in titles]
    overview = _grid(("Table", "Title", "What one row is"), linked)
    how_to_read = _HOW_TO_READ.read_text(encoding="utf-8").rstrip()
    return "\n\n".join([head, how_to_read, "## Tables", overview, *map(_section, names)]) + "\n"


def written(folder: str | os.PathLike[str] | None = None, version: str | None = None) -> list[Path]:
    """Write the sums of a folder of one's own into its description; gives what was written.

    Without a folder, in a source checkout: sums, page and, where one is given, a version.
    """
    data, page = description.shipped_folder(), description.README_FILE
    if folder is not None and version is None:
        record = Record(folder)
        return [write_file(record.folder / DESCRIPTION_FILE, sealed(record))]
    if folder is not None or not (data.parent / "pyproject.toml").is_file():
        told = "Codebook and version are written in a source checkout only."
        raise HmcpsiError(told, "For the sums of a folder of your own, name the folder.")
    with new_folder(data, "data folder", DESCRIPTION_FILE) as (new, _):
        shutil.copytree(data, new, dirs_exist_ok=True)
        content = sealed(Record(new), version=version)
        (new / DESCRIPTION_FILE).write_bytes(content)
        _, mark, by_hand = (new / page).read_text(encoding="utf-8").partition(_BY_HAND)
        text = markdown(description.parsed(content)) + f"\n{mark}{by_hand}" * bool(mark)
        (new / page).write_bytes(text.encode())
    forget()
    return [data / DESCRIPTION_FILE, data / page]


def _section(name: str) -> str:
    table = description.table(name)

    def code(names: Iterable[str]) -> str:
        return ", ".join(f"`{name}`" for name in names)

    lines = [
        f"## {name}",
        f"**{table.title}.** {table.description}",
        f"File: `{table.file}`. Key: {code(table.primary_key)}.",
    ]
    pairs = [
        f"{code(key.columns)} in {code(f'{key.table}.{one}' for one in key.references)}"
        for key in table.foreign_keys
    ]
    if pairs:
        lines.append(f"Must be found: {'; '.join(pairs)}.")
    rows = [
        (f"`{one.name}`", one.type, "yes" * one.required, one.allowed or "", one.description)
        for one in table.fields
    ]
    return "\n\n".join([*lines, _grid(("Column", "Type", "Required", "Allowed", "Meaning"), rows)])


def _grid(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    cells = ([cell.replace("|", r"\|") for cell in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)
