"""The codebook: what every table and column means, as a table and as a page to read.

Both come from the description, so they cannot differ from what the loader gives and the checks ask.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from hmcpsi_data import description
from hmcpsi_data.agreement import agreement_markdown
from hmcpsi_data.description import Field, ForeignKey, Table

__all__ = ["codebook", "markdown"]

_DTYPES = {
    "table": "string",
    "field": "string",
    "type": "string",
    "required": "boolean",
    "key": "boolean",
    "allowed": "string",
    "references": "string",
    "description": "string",
}
_HOW_TO_READ = """\
## How to read the tables

- One row is one observation. Every row that states a fact says where the fact stands
  (`source_id`, `locator`), how the source carries it (`basis`) and whose word it is (`speaker`).
- `locator` gives the smallest lines that carry the fact, counted from 1 in the text as read:
  `L22` is a line, `L20-L22` a range, `;` joins several, and `p3 L12` is line 12 of page 3 of a
  PDF. It is empty for sources that were not read as a whole: those are the ones without `sha256`
  in `sources`.
- `basis` is one of: stated; stated_in_prose; second_hand (reported by someone else than its
  author); derived (follows from other facts); inferred (our reading); contradicted (another
  source says otherwise).
- `speaker` is one of: inspectorate; inspected_body (the Crown Prosecution Service); parliament;
  press_and_other; project (this project's own judgement).
- Dates are ISO 8601 and as precise as known: `2022-08` is a month, and its precision column says
  so. The period of the data, the fieldwork, the publication and the promises are four different
  dates.
- A rating belongs to its framework. The same word of two frameworks is not the same rating.
  Ratings are text, and no order is given across frameworks.
- An absent rating is an empty `rating` with the reason in `missing`: not_in_framework, not_rated,
  not_found or not_applicable. It is never Poor by silence. In other columns an empty cell means
  what the description of the column says.
- The files are CSV in UTF-8 with commas, as RFC 4180 has it. The text "NA" is text; only an empty
  cell is empty. `datapackage.json` describes them for programs (Frictionless Data Package)."""


def codebook(table: str | None = None) -> pd.DataFrame:
    """What every column means, what may stand in it and what it refers to.

    Parameters
    ----------
    table : str, optional
        Only the columns of this table.

    Returns
    -------
    pandas.DataFrame
        One row per column. `key` says whether it is part of the table's key, `allowed` what may
        stand in it (empty where anything of its type may), `references` the column in which its
        values must be found.

    Raises
    ------
    UnknownValueError
        Where there is no such table.

    Examples
    --------
    >>> codebook("themes")["field"].tolist()
    ['theme_id', 'title', 'covers', 'basis', 'speaker']
    """
    names = description.table_names() if table is None else [table]
    rows = [row for name in names for row in _rows(description.table(name))]
    return pd.DataFrame(rows, columns=list(_DTYPES)).astype(_DTYPES)


def markdown(table: str | None = None) -> str:
    """The codebook as a page: the text of ``data/README.md``, or the part on one table.

    Parameters
    ----------
    table : str, optional
        Only the section on this table.

    Raises
    ------
    UnknownValueError
        Where there is no such table.

    Examples
    --------
    >>> print(markdown().splitlines()[0])
    # Inspections of the Crown Prosecution Service as tidy data
    >>> print(markdown("themes").splitlines()[0])
    ## themes
    """
    if table is not None:
        return _section(description.table(table)) + "\n"
    tables = [description.table(name) for name in description.table_names()]
    parts = [_head(), _HOW_TO_READ, _overview(tables), *map(_section, tables), agreement_markdown()]
    return "\n\n".join(parts) + "\n"


def _rows(table: Table) -> Iterator[tuple]:
    targets = {
        column: f"{key.table}.{target}"
        for key in table.foreign_keys
        for column, target in zip(key.columns, key.references, strict=True)
    }
    for field in table.fields:
        yield (
            table.name,
            field.name,
            field.type,
            field.required,
            field.name in table.primary_key,
            field.allowed,
            targets.get(field.name),
            field.description,
        )


def _head() -> str:
    package = description.package()
    licences = ", ".join(f"[{one['title']}]({one['path']})" for one in package["licenses"])
    return f"""\
# {package["title"]}

{package["description"]}

Version {package["version"]}. Licence of the data: {licences}. {package["attribution"]}

This page is made from `{description.DESCRIPTION_FILE}` by
`python -m hmcpsi_data codebook --write`; change that file, not this page."""


def _overview(tables: list[Table]) -> str:
    rows = [(f"[{table.name}](#{table.name})", table.title, table.description) for table in tables]
    return f"## Tables\n\n{_grid(('Table', 'Title', 'What one row is'), rows)}"


def _section(table: Table) -> str:
    lines = [
        f"## {table.name}",
        f"**{table.title}.** {table.description}",
        f"File: `{table.file}`. Key: {_code(table.primary_key)}.",
        *([_references(table.foreign_keys)] if table.foreign_keys else []),
        _grid(("Column", "Type", "Required", "Allowed", "Meaning"), map(_field_row, table.fields)),
    ]
    return "\n\n".join(lines)


def _references(keys: tuple[ForeignKey, ...]) -> str:
    pairs = (
        f"{_code(key.columns)} in {_code(f'{key.table}.{one}' for one in key.references)}"
        for key in keys
    )
    return f"Must be found: {'; '.join(pairs)}."


def _field_row(field: Field) -> tuple[str, ...]:
    required = "yes" if field.required else ""
    return (f"`{field.name}`", field.type, required, field.allowed or "", field.description)


def _code(names: Iterator[str] | tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _grid(header: tuple[str, ...], rows: Iterator[tuple[str, ...]] | list) -> str:
    """A table in Markdown."""
    lines = [header, ["---"] * len(header), *rows]
    cells = ([cell.replace("|", r"\|") for cell in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)
