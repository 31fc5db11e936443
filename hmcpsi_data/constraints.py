"""What the description asks of values and keys.

Types and constraints are judged by frictionless, cell by cell, on text in memory: it never sees a
path or an address, and reads none. Keys are looked up here, because frictionless copies and reads
a table again for every key that leads to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from hmcpsi_data.cell_rules import Sheets, each
from hmcpsi_data.description import Field, package, table
from hmcpsi_data.errors import DataError, HmcpsiError, quote

__all__ = ["CONSTRAINTS", "require_frictionless"]


def require_frictionless() -> None:
    """Say how to install frictionless where it is not.

    Raises
    ------
    HmcpsiError
        Where it cannot be imported.
    """
    try:
        import frictionless  # noqa: F401
    except ImportError:
        raise HmcpsiError(
            'Checking needs frictionless, which pip install "hmcpsi_data[check]" installs.'
        ) from None


def values(sheets: Sheets) -> Iterator[DataError]:
    """A cell is of the type of its column and within what is allowed there."""
    for name, sheet in sheets.items():
        for field, judge in zip(table(name).fields, _judges(name), strict=True):
            notes = {cell: judge.read_cell(cell)[1] for cell in sheet[field.name].unique()}
            for line, cell in each(sheet, field.name):
                if notes[cell]:
                    words = _in_words(field, cell, next(iter(notes[cell])))
                    yield DataError(table(name).file, line, field.name, cell, *words)


@cache
def _judges(name: str) -> list[Any]:
    """The fields of a table as frictionless has them; making them takes longer than using them."""
    from frictionless import Schema

    (schema,) = (one["schema"] for one in package()["resources"] if one["name"] == name)
    return Schema.from_descriptor(schema).fields


def _in_words(field: Field, cell: str, broken: str) -> tuple[str, str]:
    """What is wrong with a cell that breaks a constraint or is not of its type, and the remedy."""
    if broken == "required":
        return "the cell is empty", f"Fill it in. {field.description}"
    if broken == "enum":
        return f"{quote(cell)} is not one of {field.allowed}", "Write one of these."
    if broken in ("minimum", "maximum"):
        return f"{quote(cell)} is not {field.allowed}", f"Write a number {field.allowed}."
    allowed = field.allowed or f"of the type {field.type}"
    return f"{quote(cell)} is not {allowed}", f"Write {allowed}."


def primary_keys(sheets: Sheets) -> Iterator[DataError]:
    """A key is there once."""
    remedy = "Give each row a key of its own, or remove the row."
    for name, sheet in sheets.items():
        column = ", ".join(table(name).primary_key)
        first: dict[tuple[str, ...], int] = {}
        for line, *cells in each(sheet, *table(name).primary_key):
            earlier = first.setdefault(tuple(cells), line)
            if earlier != line and all(cells):
                key = ", ".join(cells)
                fault = f"the key {quote(key)} is already in line {earlier}"
                yield DataError(table(name).file, line, column, key, fault, remedy)


def foreign_keys(sheets: Sheets) -> Iterator[DataError]:
    """A value that refers to another row finds it."""
    for name, sheet in sheets.items():
        for key in table(name).foreign_keys:
            if key.table not in sheets:
                continue
            known = {cells[1:] for cells in each(sheets[key.table], *key.references)}
            target = f"{key.table}.csv"
            for line, *cells in each(sheet, *key.columns):
                if any(cells) and tuple(cells) not in known:
                    value = ", ".join(cells)
                    fault = f"{quote(value)} is not in {', '.join(key.references)} of {target}"
                    remedy = f"Put the value right or add the row to {target}."
                    column = ", ".join(key.columns)
                    yield DataError(table(name).file, line, column, value, fault, remedy)


CONSTRAINTS = (values, primary_keys, foreign_keys)
"""All rules of this module, the most telling first."""
