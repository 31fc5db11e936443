"""The formats in which the record leaves: CSV, spreadsheets, a database, Parquet and SSSOM.

Everything is made from the tables and their one description, so that each format says the same.
The same input gives the same bytes. A folder is written as a whole or not at all.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from hmcpsi_data.errors import HmcpsiError, UnknownValueError
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.record.actions import actions
from hmcpsi_data.record.filters import choose
from hmcpsi_data.record.ratings import ratings
from hmcpsi_data.tables.changes import data_version
from hmcpsi_data.tables.description import DESCRIPTION_FILE, Table, package, table, table_names
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.tables.writing import new_folder

__all__ = ["FORMATS", "export"]

CAVEAT = (
    "A rating belongs to its framework: ratings of two frameworks are no trend. What is missing "
    "is not Poor. The crosswalk, the themes and what is derived are this project's own judgement."
)
ATTRIBUTION = (
    "Contains public sector information licensed under the Open Government Licence v3.0. "
    "Contains Parliamentary information licensed under the Open Parliament Licence v3.0. "
    "Not produced or endorsed by HMCPSI or the CPS."
)
_DAY_ONE = (1980, 1, 1, 0, 0, 0)  # the date of everything inside a zip, so that bytes repeat
_SQL_TYPES = {"string": "TEXT", "integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}


@dataclass(frozen=True)
class _Selection:
    """What is exported: the raw tables, and the two joined ones that most people want."""

    version: str
    tables: dict[str, pd.DataFrame]
    joined: dict[str, pd.DataFrame]
    words: str


def export(
    folder: str | os.PathLike[str],
    formats: str | Iterable[str] | None = None,
    area: str | Iterable[str] | None = None,
    framework: str | Iterable[str] | None = None,
    theme: str | Iterable[str] | None = None,
    record: RecordLike = None,
) -> list[Path]:
    """Write the whole record, or what a filter selects, into a new folder.

    Parameters
    ----------
    folder : path
        A folder that is not there yet, or is empty.
    formats : str or list of str, optional
        csv, xlsx, ods, sqlite, parquet or sssom; all that can be written here, without it.
        ``pip install "hmcpsi_data[export]"`` brings what xlsx, ods and parquet need.
    area, framework, theme : str or list of str, optional
        As for `ratings`: only the inspections of these Areas and frameworks, and only what is
        linked to these themes. Sources, frameworks, Areas and the like are always whole.
    record : Record or path, optional
        A record of your own.

    Returns
    -------
    list of pathlib.Path
        The files, in order: ``README.md``, joined tables with title, publisher, address and date
        of each source (``ratings.csv``, ``actions.csv``), the raw tables with their data package
        in ``tables``, and one file, or a folder of files, for each further format. In xlsx and
        ods every text is text, so nothing in it is calculated. CSV knows no types: a cell that
        begins like a formula stands as it is, and a spreadsheet that opens it may calculate it.

    Raises
    ------
    UnknownValueError
        Where a format or a value of a filter is not known.
    HmcpsiError
        Where a filter selects nothing, a package is missing, or the folder holds anything or
        cannot be written. Nothing is then written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     files = export(f"{home}/mine", "csv", area="South West")
    ...     [file.name for file in files[:3]]
    ['README.md', 'actions.csv', 'ratings.csv']
    """
    writers = _writers(formats)
    selection = _select(as_record(record), area=area, framework=framework, theme=theme)
    with new_folder(folder) as (part, target):
        _write_text(part / "README.md", _readme(selection, writers))
        for write in writers.values():
            write(selection, part)
    files = sorted(path for path in target.rglob("*") if path.is_file())
    return sorted(files, key=lambda path: (len(path.parents), path))


def _writers(
    formats: str | Iterable[str] | None,
) -> dict[str, Callable[[_Selection, Path], None]]:
    """The writers that were asked for; without a wish, those whose packages are there."""
    if formats is None:
        return {name: write for name, (write, needs) in _FORMATS.items() if not _missing(needs)}
    asked = [formats] if isinstance(formats, str) else formats
    if not isinstance(asked, Iterable) or isinstance(asked, pd.DataFrame):
        raise UnknownValueError("formats", formats, FORMATS, "help(export)")
    chosen = {}
    for name in asked:
        if not isinstance(name, str) or name not in _FORMATS:
            raise UnknownValueError("formats", name, FORMATS, "help(export)")
        write, needs = _FORMATS[name]
        if _missing(needs):
            raise HmcpsiError(
                f'{name} needs {needs}, which pip install "hmcpsi_data[export]" installs.'
            )
        chosen[name] = write
    if not chosen:
        raise UnknownValueError("formats", "", FORMATS, "help(export)")
    return chosen


def _missing(library: str | None) -> bool:
    from importlib.util import find_spec

    return library is not None and find_spec(library) is None


def _select(record: Record, **filters: Any) -> _Selection:
    """The tables that are left when the filters have taken away what they take away."""
    chosen = {name: choose(name, value, record) for name, value in filters.items()}
    tables = {name: record.table(name) for name in table_names()}
    inspections = tables["inspections"]
    for name, column in (("area", "area_id"), ("framework", "framework_id")):
        if (wanted := chosen[name]) is not None:
            inspections = inspections[inspections[column].isin(wanted)]
            measures = tables["measures"]
            tables["measures"] = measures[measures[column].isin(wanted)]
    tables["inspections"] = inspections
    if (themes := chosen["theme"]) is not None:
        links = tables["evidence"][tables["evidence"]["theme_id"].isin(themes)]
        tables["evidence"] = links
        for linked, rows in links.groupby("table"):
            (key,) = table(str(linked)).primary_key
            frame = tables[str(linked)]
            tables[str(linked)] = frame[frame[key].isin(rows["row_id"])]
        for name in ("ratings", "actions", "findings", "measures"):
            if not links["table"].eq(name).any():
                tables[name] = tables[name].iloc[:0]
    given = {name: value for name, value in filters.items() if value is not None}
    if given:
        _drop_orphans(tables)
    if given and not (len(tables["inspections"]) and any(map(len, _statements(tables)))):
        words = ", ".join(f"{name} {value!r}" for name, value in given.items())
        raise HmcpsiError(f"Nothing is left with {words}. Leave a filter out; nothing was written.")
    joined = {
        "ratings": ratings(**filters, record=record),
        "actions": actions(**filters, record=record),
    }
    joined = {name: _with_sources(frame, record) for name, frame in joined.items()}
    words = "; ".join(f"{name}: {', '.join(chosen[name] or [])}" for name in given)
    return _Selection(data_version(record), tables, joined, words or "the whole record")


def _statements(tables: dict[str, pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """The tables whose rows say something about an inspection."""
    return (tables[name] for name in ("ratings", "actions", "findings", "measures"))


def _drop_orphans(tables: dict[str, pd.DataFrame]) -> None:
    """Take away what refers to a row that was taken away, until nothing does."""
    before = -1
    while before != (before := sum(map(len, tables.values()))):
        for name in tables:
            for key in table(name).foreign_keys:
                if len(key.columns) == 1 and key.table in tables:
                    cells = tables[name][key.columns[0]]
                    there = tables[key.table][key.references[0]]
                    tables[name] = tables[name][cells.isna() | cells.isin(there)]
        links = tables["evidence"]
        keep = pd.Series(False, index=links.index)
        for other in links["table"].unique():
            (key_column,) = table(other).primary_key
            keep |= links["table"].eq(other) & links["row_id"].isin(tables[other][key_column])
        tables["evidence"] = links[keep]


def _with_sources(frame: pd.DataFrame, record: Record) -> pd.DataFrame:
    """A joined table with title, publisher, address and date of the source of each row."""
    sources = record.table("sources").set_index("source_id")
    of_source = {
        "source_title": "title",
        "source_publisher": "publisher",
        "source_address": "address",
        "source_published": "published",
    }
    found = sources[list(of_source.values())].reindex(frame["source_id"]).set_axis(frame.index)
    return frame.assign(**{new: found[old] for new, old in of_source.items()})


def _readme(selection: _Selection, writers: Iterable[str]) -> str:
    rows = "\n".join(
        f"| {name} | {len(frame):,} | {table(name).title} |"
        for name, frame in selection.tables.items()
    )
    return f"""# Inspections of the Crown Prosecution Service: an export

Selected: {selection.words}. Data version {selection.version}. Formats: {", ".join(writers)}.

{CAVEAT}

- `ratings.csv` and `actions.csv` are the two joined tables that most people want: one row a
  rating, and one row a recommendation, aspect for improvement or issue with its progress and
  answer, each with title, publisher, address and date of its source.
- `tables` holds the tables as they are, with `{DESCRIPTION_FILE}` (a Frictionless Data Package).
- CSV knows no types. A cell that begins with `=`, `+`, `-` or `@` stands as it is; import CSV as
  text into a spreadsheet, or take the xlsx or ods file, in which every text is text.

| table | rows | what it is |
|---|---:|---|
{rows}

## Licence and citation

{ATTRIBUTION}

To cite: The hmcpsi_data contributors, *hmcpsi_data: inspections of the Crown Prosecution Service
as tidy, sourced tables*, data version {selection.version}. Name the source of the row as well.
"""


def _write_csv(selection: _Selection, folder: Path) -> None:
    for name, frame in selection.joined.items():
        _write_text(folder / f"{name}.csv", _as_csv(frame))
    (folder / "tables").mkdir()
    described = json.loads(json.dumps(package()))
    for resource in described["resources"]:
        text = _as_csv(selection.tables[resource["name"]])
        _write_text(folder / "tables" / resource["path"], text)
        for sum_of_bytes in ("bytes", "hash"):  # those of the shipped files
            resource.pop(sum_of_bytes, None)
    described["description"] = f"{CAVEAT} Selected: {selection.words}."
    _write_text(
        folder / "tables" / DESCRIPTION_FILE,
        json.dumps(described, ensure_ascii=False, indent=2) + "\n",
    )


def _write_sqlite(selection: _Selection, folder: Path) -> None:
    """A database whose keys and references are those of the description."""
    import sqlite3

    with tempfile.TemporaryDirectory() as home:
        # SQLite writes where it is told and needs no more than this; the file is then moved whole.
        path = Path(home) / "hmcpsi.sqlite"
        database = sqlite3.connect(path)
        try:
            database.execute("PRAGMA foreign_keys = OFF")
            for name, frame in selection.tables.items():
                database.execute(_create(table(name)))
                marks = ", ".join("?" * len(frame.columns))
                database.executemany(f'INSERT INTO "{name}" VALUES ({marks})', _plain(frame))
            for name, frame in selection.joined.items():
                columns = ", ".join(f'"{column}"' for column in frame)
                marks = ", ".join("?" * len(frame.columns))
                database.execute(f'CREATE TABLE "{name}_joined" ({columns})')
                database.executemany(f'INSERT INTO "{name}_joined" VALUES ({marks})', _plain(frame))
            database.commit()
            database.execute("VACUUM")
        finally:
            database.close()
        shutil.copyfile(path, folder / "hmcpsi.sqlite")


def _create(described: Table) -> str:
    """The statement that makes a table with its keys."""
    lines = [
        f'"{field.name}" {_SQL_TYPES[field.type]}{" NOT NULL" * field.required}'
        for field in described.fields
    ]
    if described.primary_key:
        lines.append(f"PRIMARY KEY ({_named(described.primary_key)})")
    lines += [
        f'FOREIGN KEY ({_named(key.columns)}) REFERENCES "{key.table}" ({_named(key.references)})'
        for key in described.foreign_keys
    ]
    return f'CREATE TABLE "{described.name}" (\n  ' + ",\n  ".join(lines) + "\n)"


def _named(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _write_parquet(selection: _Selection, folder: Path) -> None:
    (folder / "parquet").mkdir()
    for name, frame in selection.tables.items():
        frame.to_parquet(folder / "parquet" / f"{name}.parquet", engine="pyarrow", index=False)


def _write_sssom(selection: _Selection, folder: Path) -> None:
    """One file for each pair of sets that the crosswalk joins."""
    (folder / "crosswalks").mkdir()
    links = selection.tables["crosswalk"]
    for (source, target), rows in links.groupby(["source_set", "target_set"], sort=True):
        crosswalk = Crosswalk.from_frame(rows.reset_index(drop=True))
        crosswalk.to_sssom(folder / "crosswalks" / f"{source}_to_{target}.sssom.tsv")


def _write_xlsx(selection: _Selection, folder: Path) -> None:
    """The joined tables and the raw ones, one a sheet."""
    words = f"Selected: {selection.words}. Data version {selection.version}."
    workbook(folder / "hmcpsi.xlsx", _sheets(selection), words)


def workbook(path: Path, sheets: dict[str, tuple[str, pd.DataFrame]], words: str) -> None:
    """Write an accessible workbook: cover, contents, notes, and one marked table a sheet.

    `sheets` gives the title and the frame of each sheet by its name, `words` what was selected.
    """
    if _missing("gptables"):
        raise HmcpsiError('xlsx needs gptables, which pip install "hmcpsi_data[export]" installs.')
    with warnings.catch_warnings():
        # gptables leaves a file of its own open, and asks pandas for what pandas will drop.
        warnings.simplefilter("ignore")
        import gptables as gpt

        tables = {
            name: gpt.GPTable(
                frame.astype("string").fillna(EMPTY).replace(SPELT).astype(object),
                name,
                f"{title} $$caveat$$",
                legend=[f"{EMPTY} = an empty cell; the codebook says what that means"],
                source=ATTRIBUTION,
                index_columns={},
                instructions="This sheet holds one table.",
            )
            for name, (title, frame) in sheets.items()
        }
        cover = gpt.Cover(
            "Inspections of the Crown Prosecution Service",
            intro=[CAVEAT, words],
            about=[ATTRIBUTION],
        )
        notes = pd.DataFrame([["caveat", CAVEAT]], columns=["Note reference", "Note text"])
        book = gpt.produce_workbook(
            str(path),
            tables,
            cover=cover,
            notes_table=notes,
            auto_width=False,
            workbook_options=_TEXT_ONLY,
        )
        book.set_properties({"created": datetime(1980, 1, 1)})  # so that bytes repeat
        book.close()


EMPTY = "[x]"
"""What stands for an empty cell in xlsx, as the guidance on accessible spreadsheets asks."""
SPELT = {"%": "per cent"}
"""Cells of nothing but a sign, and the words that stand for them in xlsx."""
_TEXT_ONLY = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)


def _sheets(selection: _Selection) -> dict[str, tuple[str, pd.DataFrame]]:
    """The sheets of a spreadsheet by their names: the joined tables first."""
    joined = {
        f"{name}_joined": (f"{table(name).title}, joined with their sources", frame)
        for name, frame in selection.joined.items()
    }
    raw = {name: (table(name).title, frame) for name, frame in selection.tables.items()}
    return joined | {name: pair for name, pair in raw.items() if len(pair[1])}


def _write_ods(selection: _Selection, folder: Path) -> None:
    """The same sheets for LibreOffice, each cell a text, a number or a truth value."""
    from odfdo import Document, Element

    document = Document("ods")
    document.body.clear()
    document.meta.title = "Inspections of the Crown Prosecution Service"
    about = [CAVEAT, f"Selected: {selection.words}. Data version {selection.version}.", ATTRIBUTION]
    cover = [("Inspections of the Crown Prosecution Service",), *((words,) for words in about)]
    sheets = {"Cover": cover} | {
        name: [tuple(frame), *_plain(frame)] for name, (_, frame) in _sheets(selection).items()
    }
    for name, rows in sheets.items():
        head, *others = ["".join(map(_ods_cell, row)) for row in rows]
        body = "".join(f"<table:table-row>{cells}</table:table-row>" for cells in others)
        document.body.append(
            Element.from_tag(
                f'<table:table table:name="{escape(name)}"><table:table-header-rows>'
                f"<table:table-row>{head}</table:table-row></table:table-header-rows>{body}"
                "</table:table>"
            )
        )
    buffer = io.BytesIO()
    document.save(buffer)
    _repeatable(buffer, folder / "hmcpsi.ods")


def _ods_cell(value: Any) -> str:
    """One cell; a text is a text, however it begins."""
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, bool):
        kind = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
    elif isinstance(value, int | float):
        kind = f'office:value-type="float" office:value="{value!r}"'
    else:
        kind = 'office:value-type="string"'
    text = _NO_XML.sub("\ufffd", str(value))
    return f"<table:table-cell {kind}><text:p>{escape(text)}</text:p></table:table-cell>"


_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _repeatable(packed: io.BytesIO, path: Path) -> None:
    """Pack a zip again with fixed dates, its first part stored bare as OpenDocument asks."""
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(path, "w") as new:
        for part in sorted(old.namelist(), key=lambda name: name != "mimetype"):
            content = old.read(part)
            if part == "meta.xml":
                content = re.sub(rb"<(meta:creation-date|dc:date)>[^<]*</\1>", b"", content)
            entry = zipfile.ZipInfo(part, _DAY_ONE)
            bare = part == "mimetype"
            entry.compress_type = zipfile.ZIP_STORED if bare else zipfile.ZIP_DEFLATED
            new.writestr(entry, content)


def _plain(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Rows of plain Python values; an empty cell is None."""
    return list(frame.astype(object).where(frame.notna(), None).itertuples(index=False, name=None))


def _as_csv(frame: pd.DataFrame) -> str:
    """A table as RFC 4180 has it, truth values as in the shipped files."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(frame.columns)
    words = {True: "true", False: "false", None: ""}
    writer.writerows(
        [words[value] if isinstance(value, bool | None) else value for value in row]
        for row in _plain(frame)
    )
    return text.getvalue()


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(text)


_FORMATS: dict[str, tuple[Callable[[_Selection, Path], None], str | None]] = {
    "csv": (_write_csv, None),
    "xlsx": (_write_xlsx, "gptables"),
    "ods": (_write_ods, "odfdo"),
    "sqlite": (_write_sqlite, None),
    "parquet": (_write_parquet, "pyarrow"),
    "sssom": (_write_sssom, "yaml"),
}
FORMATS = tuple(_FORMATS)
"""What `export` can write."""
