"""Correcting what was read, before it is added: a cell put right, a row left out."""

from __future__ import annotations

import pandas as pd

from hmcpsi_data.description import Field, table
from hmcpsi_data.documents.cells import cell
from hmcpsi_data.documents.rows import Rows, typed
from hmcpsi_data.errors import HmcpsiError, quote
from hmcpsi_data.reading import parse

__all__ = ["editable", "put_cell", "without"]

_TOLD = ("sha256", "n_lines", "file_name", "source_id", "n_aspects", "position")
_MAY_GO = ("ratings", "actions", "responses", "measures", "area_names", "area_forces")


def editable(name: str) -> list[str]:
    """The columns of a table that a person may correct: all but identifiers and what was counted.

    Examples
    --------
    >>> editable("area_names")
    ['note', 'locator', 'basis', 'speaker']
    """
    described = table(name)
    return [
        column
        for column in described.columns
        if column not in (*described.primary_key, *_TOLD)
        and (column == "theme_id" or not column.endswith("_id"))
    ]


def put_cell(rows: Rows, name: str, position: int, column: str, value: str) -> Rows:
    """The rows with one cell changed.

    Parameters
    ----------
    rows : Rows
        What ``Document.rows`` gave.
    name, position, column : str, int, str
        The table, the row counted from 0, and the column.
    value : str
        As a person writes it; an empty text empties the cell.

    Returns
    -------
    Rows
        The note of the row says what stood there before. What is held as printed beside a value
        follows it: a person who corrects a value says what the document prints.

    Raises
    ------
    HmcpsiError
        Where the column cannot be corrected, or does not take the value.
    """
    if column not in editable(name):
        raise HmcpsiError(f"{quote(column)} of {name} follows from other cells: it stays as it is.")
    field = table(name).field(column)
    wanted = _value(field, cell(value, 2000))
    frame = rows[name].copy()
    before = frame[column].iloc[position]
    put = pd.NA if wanted is None else wanted
    frame.iloc[position, frame.columns.get_loc(column)] = put
    if (printed := f"{column}_as_printed") in frame:  # what is printed was misread with it
        frame.iloc[position, frame.columns.get_loc(printed)] = pd.NA if pd.isna(put) else str(put)
    if "note" in frame and column != "note":
        note = frame["note"].iloc[position]
        told = f"Corrected by a person: {column} was {'empty' if pd.isna(before) else before}."
        frame.iloc[position, frame.columns.get_loc("note")] = (
            told if pd.isna(note) else f"{note} {told}"
        )
    return Rows({**rows, name: frame}, rows.problems)


def _value(field: Field, text: str) -> str | int | float | bool | None:
    """The value of a text in a column, or a sentence that says what the column takes."""
    wrong = bool(field.enum) and text and text not in field.enum
    try:
        (value,) = parse(field, [text])
    except ValueError:
        wrong = True
    if wrong:
        known = field.allowed or f"a value of the type {field.type}"
        raise HmcpsiError(f"{quote(text)} cannot stand in {field.name}. Write {known}.")
    if value is None and field.required:
        raise HmcpsiError(f"{field.name} must not be empty. {field.description}")
    return value


def without(rows: Rows, name: str, position: int) -> Rows:
    """The rows without one of them, and without what rests on it alone.

    A response goes with its action; an aspect that the document brings goes with its last rating.

    Raises
    ------
    HmcpsiError
        Where rows of that table cannot be left out.
    """
    if name not in _MAY_GO:
        raise HmcpsiError(f"A row of {name} cannot be left out: others rest on it.")
    gone = rows[name].iloc[position]
    left = {**rows, name: rows[name].drop(rows[name].index[position]).reset_index(drop=True)}
    if name == "actions":
        answers = left["responses"]
        left["responses"] = _kept(answers, answers["action_id"].ne(gone["action_id"]))
    if name == "ratings":
        rated = left["ratings"]["aspect_id"]
        aspects = left["aspects"]
        aspects = _kept(aspects, aspects["aspect_id"].isin(rated))
        sets = left["aspect_sets"]
        sets = _kept(sets, sets["set_id"].isin(aspects["set_id"]))
        below = aspects.loc[aspects["level"].ne("overall"), "set_id"].value_counts()
        sets["n_aspects"] = [int(below.get(set_id, 0)) for set_id in sets["set_id"]]
        left |= {"aspects": aspects, "aspect_sets": typed("aspect_sets", sets)}
    return Rows(left, rows.problems)


def _kept(frame: pd.DataFrame, which: pd.Series) -> pd.DataFrame:
    return frame[which.fillna(False).astype(bool)].reset_index(drop=True)
