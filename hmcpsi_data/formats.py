"""The formats in which the record leaves; the same input gives the same bytes."""

import io
import json
import os
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable
from contextlib import closing
from copy import deepcopy
from datetime import datetime
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from hmcpsi_data.errors import HmcpsiError, UnknownValueError, need, quote
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.record.actions import actions
from hmcpsi_data.record.facts import facts
from hmcpsi_data.record.filters import Wanted, among, choose
from hmcpsi_data.record.joins import look_up
from hmcpsi_data.record.ratings import ratings
from hmcpsi_data.tables.description import DESCRIPTION_FILE, package, table, table_names
from hmcpsi_data.tables.record import Record, RecordLike, as_record, data_version
from hmcpsi_data.tables.writing import new_folder
from hmcpsi_data.words import HOW_TO_CITE

CAVEAT = (
    "A rating belongs to its framework: ratings of two frameworks are no trend. What is missing "
    "is not Poor. The crosswalk, the themes and what is derived are this project's own judgement."
)
_WHICH = """
Selected are the statements that the filters find, the requests and inspections that these refer
to, and what is said of them; of two statements that do not fit together one may be missing here.
The rest is whole, so that every row can be read, `changes`, the history of all data, included.
"""
EMPTY = "[x]"  # an empty cell of xlsx, as the guidance on accessible spreadsheets asks
SPELT = {"%": "per cent"}  # gptables takes no cell of nothing but a sign
TITLE = "Inspections of the Crown Prosecution Service"
_DAY_ONE = datetime(1980, 1, 1)  # when every file was made, so that bytes repeat
_SQL_TYPES = {"string": "TEXT", "integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Selection(NamedTuple):
    """What is exported: the raw tables and which are whole, the joined ones, and what was asked."""

    tables: dict[str, pd.DataFrame]
    joined: dict[str, pd.DataFrame]
    words: str
    whole: dict[str, bool]


def export(
    folder: str | os.PathLike[str],
    formats: str | Iterable[str] | None = None,
    area: Wanted = None,
    framework: Wanted = None,
    theme: Wanted = None,
    record: RecordLike = None,
) -> list[Path]:
    """Write the record, or what a filter selects, all or nothing; give the files written.

    Parameters
    ----------
    folder : path
        One that is not there yet, or is empty; its ``README.md`` will say what each file is.
    formats : str or list of str, optional
        csv, xlsx, ods, sqlite, parquet or sssom; without it, all whose packages are there.
    area, framework, theme : str or list of str, optional
        Only what `facts` finds with them; the README says which tables are whole.
    record : Record or path, optional

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as home:
    ...     files = export(f"{home}/mine", "csv", area="South West")
    ...     [file.name for file in files[:3]]
    ['README.md', 'actions.csv', 'ratings.csv']
    """
    asked = among("formats", formats, {name: name for name in _FORMATS}, "help(export)")
    if asked == []:
        raise UnknownValueError("formats", asked, _FORMATS, "help(export)")
    for name in asked or ():
        need(_FORMATS[name][0], name, "export")
    asked = asked or [name for name, (needed, _) in _FORMATS.items() if find_spec(needed)]
    selection = _select(as_record(record), area=area, framework=framework, theme=theme)
    with new_folder(folder) as (part, target):
        (part / "README.md").write_bytes(_readme(selection).encode())
        for name in asked:
            _FORMATS[name][1](selection, part)
    files = (path for path in target.rglob("*") if path.is_file())
    return sorted(files, key=lambda path: (len(path.parents), path))


def _select(record: Record, **filters: Any) -> _Selection:
    chosen = {name: choose(name, value, record) for name, value in filters.items()}
    asked = [f"{name}: {', '.join(ids)}" for name, ids in chosen.items() if ids is not None]
    words = "; ".join(asked)
    tables = {name: record.table(name) for name in table_names()}
    if words:
        stated = facts(**filters, record=record)
        if stated["kind"].isin(["inspection", "lineage", "method"]).all():
            raise HmcpsiError(f"Nothing is left with {words}.", "Leave a filter out.")
        _narrow(tables, stated, record)
    joined = {}
    columns = ["title", "publisher", "address", "published"]
    for name, view in (("ratings", ratings), ("actions", actions)):
        frame = view(**filters, record=record)
        source = look_up(frame["source_id"], "sources", columns, record)
        joined[name] = frame.assign(**source.add_prefix("source_"))
    words = f"Selected: {words or 'the whole record'}. Data version {data_version(record)}."
    whole = {name: len(frame) == len(record.table(name)) for name, frame in tables.items()}
    return _Selection(tables, joined, words, whole)


def _narrow(tables: dict[str, pd.DataFrame], stated: pd.DataFrame, record: Record) -> None:
    """Leave the rows of these facts, those that they refer to, and what is said of them."""
    asked = stated.loc[stated["table"].eq("actions"), "row_id"]
    known = facts(record=record)
    # what was answered to a request, and promised in the answer, comes along
    stated = pd.concat([stated, known[known["answers"].isin(asked)]])
    # of the tables that state facts, each before those that it refers to
    names = [one for one in reversed(table_names()) if one in {*known["table"]} - {"area_lineage"}]
    wanted = {name: {*stated.loc[stated["table"].eq(name), "row_id"]} for name in names}
    wanted["inspections"] |= {*stated["inspection_id"].dropna()}
    for name, ids in wanted.items():
        (own,) = table(name).primary_key
        tables[name] = tables[name][tables[name][own].isin(ids)]
        for key in table(name).foreign_keys:
            if key.table in wanted:
                wanted[key.table] |= {*tables[name][key.columns[0]].dropna()}
    for name in tables.keys() - wanted.keys():  # what is said of a row that is gone goes too
        for key in table(name).foreign_keys:
            if key.table in wanted:
                named = tables[name][key.columns[0]]
                tables[name] = tables[name][named.isna() | named.isin(wanted[key.table])]
    there = {(name, row) for name, ids in wanted.items() for row in ids}
    links, pairs = tables["evidence"], tables["tensions"]
    linked = zip(links["table"], links["row_id"], strict=True)
    tables["evidence"] = links[[row in there for row in linked]]
    sides = pairs[["first_table", "first_id", "second_table", "second_id"]]
    both = sides.itertuples(index=False, name=None)
    tables["tensions"] = pairs[[row[:2] in there or row[2:] in there for row in both]]


def _readme(selection: _Selection) -> str:
    rows = []
    for name, frame in selection.tables.items():
        which = "all" if selection.whole[name] else "selected"
        rows.append(f"| {name} | {len(frame):,} | {which} | {table(name).title} |\n")
    return f"""# {TITLE}: an export

{selection.words}

{CAVEAT}

What most people want are the joined ratings and actions: one row a rating, or one a request with
its progress and answer, each with title, publisher, address and date of its source.

Here is what was asked for of these: `ratings.csv`, `actions.csv` and `tables`, a Frictionless Data
Package (import CSV as text into a spreadsheet, or a cell that begins with `=`, `+`, `-` or `@` may
be calculated); `hmcpsi.xlsx` and `hmcpsi.ods`; `hmcpsi.sqlite`, with keys; `parquet`, with types;
and `crosswalks`, a SSSOM file for each pair of sets.

| table | rows | which | what it is |
|---|---:|---|---|
{"".join(rows)}{"" if all(selection.whole.values()) else _WHICH}
## Licence and citation

{package()["attribution"]}

{HOW_TO_CITE}
"""


def _write_csv(selection: _Selection, folder: Path) -> None:
    for name, frame in selection.joined.items():
        _truth_in_words(frame).to_csv(folder / f"{name}.csv", index=False, lineterminator="\r\n")
    (folder / "tables").mkdir()
    described = deepcopy(package()) | {"description": f"{CAVEAT} {selection.words}"}
    for resource in described["resources"]:
        frame = _truth_in_words(selection.tables[resource["name"]])
        frame.to_csv(folder / "tables" / resource["path"], index=False, lineterminator="\r\n")
        del resource["bytes"], resource["hash"]  # those of the shipped file
    text = json.dumps(described, ensure_ascii=False, indent=2) + "\n"
    (folder / "tables" / DESCRIPTION_FILE).write_bytes(text.encode())


def _truth_in_words(frame: pd.DataFrame) -> pd.DataFrame:
    words, truths = {True: "true", False: "false"}, frame.select_dtypes(["bool", "boolean"])
    return frame.assign(**{str(name): truths[name].map(words) for name in truths})


def _write_sqlite(selection: _Selection, folder: Path) -> None:
    import sqlite3

    from pandas.io import sql

    with closing(sqlite3.connect(":memory:")) as database:
        for name, frame in selection.tables.items():
            of, get_schema = table(name), sql.get_schema  # type: ignore[attr-defined]
            kinds = {f.name: _SQL_TYPES[f.type] + " NOT NULL" * f.required for f in of.fields}
            for key in of.foreign_keys:
                kinds[key.columns[0]] += f' REFERENCES "{key.table}" ("{key.references[0]}")'
            database.execute(get_schema(frame, name, list(of.primary_key), database, kinds))
            frame.to_sql(name, database, if_exists="append", index=False)
        for name, frame in selection.joined.items():
            frame.to_sql(f"{name}_joined", database, index=False)
        database.commit()
        (folder / "hmcpsi.sqlite").write_bytes(database.serialize())


def _write_parquet(selection: _Selection, folder: Path) -> None:
    (folder / "parquet").mkdir()
    for name, frame in selection.tables.items():
        content = frame.to_parquet(engine="pyarrow", index=False)
        (folder / "parquet" / f"{name}.parquet").write_bytes(content)


def _write_sssom(selection: _Selection, folder: Path) -> None:
    (folder / "crosswalks").mkdir()
    links = selection.tables["crosswalk"]
    for (source, target), rows in links.groupby(["source_set", "target_set"], sort=True):
        path = folder / "crosswalks" / f"{source}_to_{target}.sssom.tsv"
        path.write_bytes(Crosswalk(rows).to_sssom().encode())


def _sheets(selection: _Selection) -> dict[str, tuple[str, pd.DataFrame]]:
    """Title and frame of the sheets of a spreadsheet by their names: the joined tables first."""
    sheets = {
        f"{name}_joined": (f"{table(name).title}, joined with their sources", frame)
        for name, frame in selection.joined.items()
    }
    tables = selection.tables.items()
    return sheets | {name: (table(name).title, frame) for name, frame in tables if len(frame)}


def workbook(path: Path, sheets: dict[str, tuple[str, pd.DataFrame]], words: str) -> None:
    """Write an accessible workbook of sheets, by their names each with its title and frame."""
    need("gptables", "A workbook", "export")
    attribution = package()["attribution"]
    with warnings.catch_warnings():  # of what gptables leaves open, or asks of pandas
        warnings.simplefilter("ignore")
        import gptables as gpt

        tables = {
            name: gpt.GPTable(
                _for_excel(frame),
                name,
                f"{title} $$caveat$$",
                legend=[f"{EMPTY} = an empty cell; the codebook says what that means"],
                source=attribution,
                index_columns={},
                instructions="This sheet holds one table.",
            )
            for name, (title, frame) in sheets.items()
            if len(frame)
        }
        text_only = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")
        packed = io.BytesIO()  # its writer reports a full disk late and in many lines
        book = gpt.produce_workbook(
            packed,
            tables,
            cover=gpt.Cover(TITLE, intro=[CAVEAT, words], about=[attribution]),
            notes_table=pd.DataFrame({"Note reference": ["caveat"], "Note text": [CAVEAT]}),
            auto_width=False,
            workbook_options=dict.fromkeys(text_only, False) | {"in_memory": True},
        )
        book.set_properties({"created": _DAY_ONE})
        book.close()
    path.write_bytes(packed.getvalue())


def _for_excel(frame: pd.DataFrame) -> pd.DataFrame:
    """Cells as gptables takes them: numbers stay numbers, an empty one has its mark."""
    cells = _truth_in_words(frame.reset_index(drop=True))
    for column in cells:
        if not pd.api.types.is_numeric_dtype(cells[column]):
            texts = cells[column] = cells[column].astype("string").replace(SPELT)
            bare = texts[texts.str.fullmatch("[^a-zA-Z0-9]+").fillna(False)]
            if len(bare):  # gptables takes no cell of signs or of other letters alone
                told = f'A workbook cannot hold the cell {quote(bare.iloc[0])} of "{column}".'
                raise HmcpsiError(told, "Write a letter or a digit too, or choose CSV.")
    return cells.astype(object).where(cells.notna(), EMPTY)


def _write_ods(selection: _Selection, folder: Path) -> None:
    from odfdo import Document, Element

    document, packed, again = Document("ods"), io.BytesIO(), io.BytesIO()
    document.body.clear()
    document.meta.title = TITLE
    document.meta.creation_date = document.meta.date = _DAY_ONE
    cover = pd.DataFrame({TITLE: [CAVEAT, selection.words, package()["attribution"]]})
    for name, (_, frame) in ({"Cover": ("", cover)} | _sheets(selection)).items():
        cells = _truth_in_words(frame).astype(object).where(frame.notna(), None)
        head, *rows = (
            f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"
            for row in [tuple(frame), *cells.itertuples(index=False, name=None)]
        )
        sheet = f"<table:table-header-rows>{head}</table:table-header-rows>{''.join(rows)}"
        sheet = f'<table:table table:name="{escape(name)}">{sheet}</table:table>'
        document.body.append(Element.from_tag(sheet))
    document.save(packed)
    with zipfile.ZipFile(packed) as old, zipfile.ZipFile(again, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            part.date_time = _DAY_ONE.timetuple()[:6]
            new.writestr(part, content)
    (folder / "hmcpsi.ods").write_bytes(again.getvalue())


def _ods_cell(value: Any) -> str:
    if value is None:
        return "<table:table-cell/>"
    kind = 'office:value-type="string"'
    if isinstance(value, int | float):
        kind = f'office:value-type="float" office:value="{value!r}"'
    text = escape(_NO_XML.sub("\ufffd", str(value)))
    return f"<table:table-cell {kind}><text:p>{text}</text:p></table:table-cell>"


_FORMATS: dict[str, tuple[str, Callable[[_Selection, Path], None]]] = {
    "csv": ("csv", _write_csv),
    "xlsx": ("gptables", lambda of, to: workbook(to / "hmcpsi.xlsx", _sheets(of), of.words)),
    "ods": ("odfdo", _write_ods),
    "sqlite": ("sqlite3", _write_sqlite),
    "parquet": ("pyarrow", _write_parquet),
    "sssom": ("yaml", _write_sssom),
}
