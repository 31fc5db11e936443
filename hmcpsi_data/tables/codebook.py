"""The codebook: what every table and column means, as a table and as a page to read.

What a person wrote at the end of the page stays when the page is written again.
"""

from __future__ import annotations

import os
import re
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

    Without a folder, in a source checkout: sums, page and, where it is given, a version such as
    "2026.11.29" in one step, then the sum in the version's line of the change log.
    """
    if folder is not None and version is None:
        record = Record(folder)
        return [write_file(record.folder / DESCRIPTION_FILE, sealed(record))]
    data = description.shipped_folder()
    page, log = description.README_FILE, data.parent / "CHANGELOG.md"
    if folder is not None or not (data.parent / "pyproject.toml").is_file():
        raise HmcpsiError(
            "Codebook and version are written in a source checkout only.",
            "For the sums of a folder of your own, name the folder.",
        )
    with new_folder(data, "data folder", DESCRIPTION_FILE) as (stage, _):
        shutil.copytree(data, stage, dirs_exist_ok=True)
        content = sealed(Record(stage), version=version)
        described = description.parsed(content)
        (stage / DESCRIPTION_FILE).write_bytes(content)
        _, mark, by_hand = (stage / page).read_text(encoding="utf-8").partition(_BY_HAND)
        text = markdown(described) + f"\n{mark}{by_hand}" * bool(mark)
        (stage / page).write_bytes(text.encode())
    # who dies here leaves a log without the new sum, which check names and the next run mends
    line = f"(Data version {re.escape(described['version'])} .content )[0-9a-f]+"
    content_sum = rf"\g<1>{described['content'][:12]}"
    write_file(log, re.sub(line, content_sum, log.read_text(encoding="utf-8")))
    forget()
    return [data / DESCRIPTION_FILE, data / page, log]


def _section(name: str) -> str:
    table = description.table(name)
    lines = [
        f"## {name}",
        f"**{table.title}.** {table.description}",
        f"File: `{table.file}`. Key: {_code(table.primary_key)}.",
    ]
    pairs = [
        f"{_code(key.columns)} in {_code(f'{key.table}.{one}' for one in key.references)}"
        for key in table.foreign_keys
    ]
    if pairs:
        lines.append(f"Must be found: {'; '.join(pairs)}.")
    rows = [
        (f"`{one.name}`", one.type, "yes" * one.required, one.allowed or "", one.description)
        for one in table.fields
    ]
    lines.append(_grid(("Column", "Type", "Required", "Allowed", "Meaning"), rows))
    return "\n\n".join(lines)


def _code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _grid(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    cells = ([cell.replace("|", r"\|") for cell in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)
