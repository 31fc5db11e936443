"""`check`: every problem of a data folder, of its files and of the method, as one table.

A rule reads the tables as text, an empty cell being "" and the index the lines of the file. It
yields table, column, rows that are wrong, problem and remedy, in which ``{rating}`` stands for that
cell of the row, and ``{cell}`` for the cell that is named.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

import pandas as pd

from hmcpsi_data.errors import DataError, LocatorError, quote
from hmcpsi_data.method.links import crosswalk_problems
from hmcpsi_data.tables import description
from hmcpsi_data.tables.changes import sum_problems
from hmcpsi_data.tables.description import DESCRIPTION_FILE, Field, table, table_names
from hmcpsi_data.tables.locators import parse
from hmcpsi_data.tables.reading import column_faults, row_faults, type_fault
from hmcpsi_data.tables.record import Record, RecordLike

__all__ = ["check"]

_COLUMNS = ["file", "row", "column", "value", "problem", "remedy"]
_DTYPES = dict.fromkeys(_COLUMNS, "string") | {"row": "Int64"}

Findings = Iterator[tuple[str, str, pd.DataFrame, str, str]]


def check(record: RecordLike = None) -> pd.DataFrame:
    """Every problem of a data folder; empty when all is well.

    It looks at characters, types, allowed values, keys, dates, locators, scales, sums and what
    must hold between rows, and at the validity of the crosswalk.

    Parameters
    ----------
    record : Record or path, optional

    Returns
    -------
    pandas.DataFrame
        One row per problem, by file and line: `file`; `row` (Int64), the line in the file, the
        header being line 1; `column`; `value`; `problem`, where and what; `remedy`, what to do. A
        cell is named once. Tables whose file or columns are at fault are not looked into further.

    Examples
    --------
    >>> check("no_such_folder")["problem"].tolist()
    ['no_such_folder: there is no such folder.']
    """
    try:
        faults = _sorted(_faults(record if isinstance(record, Record) else Record(record)))
    except DataError as fault:  # no folder, or no description to go by
        faults = [fault]
    rows = [(f.file, f.row, f.column, f.value or None, f.problem, f.remedy) for f in faults]
    return pd.DataFrame(rows, columns=_COLUMNS).astype(_DTYPES)


class _NotThereError(Exception):
    """A rule asked for a table that cannot be read, which was said already."""


class _Tables(dict[str, pd.DataFrame]):
    def __missing__(self, name: str) -> pd.DataFrame:
        raise _NotThereError(name)

    def of(self, ids: pd.Series, name: str, column: str) -> pd.Series:
        """What a table says of each of its identifiers; empty where it has no such row."""
        keys = self[name][table(name).primary_key[0]]
        return ids.map(dict(zip(keys, self[name][column], strict=True))).fillna("")


def _faults(record: Record) -> Iterator[DataError]:
    """All that is found, the most telling first; a step that fails is a problem like any other."""
    tables = _Tables()
    steps: list[Iterable[DataError]] = [_other_description(record)]
    steps += [_form(name, record, tables) for name in table_names()]
    steps += [_cells(tables), _locators(tables), *(_told(rule(tables)) for rule in _RULES)]
    steps += [crosswalk_problems(record), sum_problems(record)]
    for step in steps:
        try:
            yield from step
        except _NotThereError:
            continue
        except DataError as fault:
            yield fault
        except Exception as error:
            told = f"it could not be checked to the end ({type(error).__name__}: {error})"
            remedy = "Put the other problems right first, then check again."
            yield DataError(str(record.folder), None, None, None, told, remedy)


def _told(findings: Findings) -> Iterator[DataError]:
    for name, column, rows, *sentences in findings:
        for line, row in zip(rows.index.tolist(), rows.to_dict("records"), strict=True):
            value = ", ".join(row[part] for part in column.split(", "))
            cells = {**row, "cell": value}
            shown = {str(key): quote(cell)[1:-1] for key, cell in cells.items()}
            told = (sentence.format(**shown) for sentence in sentences)
            yield DataError(table(name).file, line, column, value or None, *told)


def _sorted(faults: Iterator[DataError]) -> list[DataError]:
    """By file and line, of each cell the first, and of a row that is wrong as a whole only that."""
    kept: dict[object, DataError] = {}
    for fault in faults:
        if (fault.file, fault.row, None) not in kept:
            cell = fault.file, fault.row, fault.column
            kept.setdefault(cell if fault.row else id(fault), fault)
    order = {table(name).file: n for n, name in enumerate(table_names())}
    return sorted(kept.values(), key=lambda f: (order.get(f.file, -1), f.file, f.row or 0))


# Files -------------------------------------------------------------------------------------------


def _other_description(record: Record) -> Iterator[DataError]:
    if os.path.lexists(record.folder / DESCRIPTION_FILE):
        found = description.parsed(record.content(DESCRIPTION_FILE))
        if _plain(found) != _plain(description.package()):
            fault = "it differs from the description of this version, which the check went by"
            remedy = "Put it back, or take the version of this package that fits the folder."
            yield DataError(DESCRIPTION_FILE, None, None, None, fault, remedy)


def _plain(part: object) -> object:
    """A description without what differs from folder to folder: version and sums."""
    if isinstance(part, list):
        return [_plain(one) for one in part]
    if isinstance(part, dict):
        own = ("version", "created", "content", "bytes", "hash", "rows")
        return {key: _plain(one) for key, one in part.items() if key not in own}
    return part


def _form(name: str, record: Record, tables: _Tables) -> Iterator[DataError]:
    """The faults in the form of a file; the table is added where its columns are sound."""
    described, found = table(name), record.cells(name)
    unsound = list(column_faults(described, found.header))
    yield from unsound
    if unsound:
        return
    if found.header != list(described.columns):
        fault = f"the columns are not in their order, {','.join(described.columns)}"
        yield DataError(described.file, 1, None, None, fault, "Put the columns in this order.")
    yield from row_faults(described, found)
    width = len(found.header)  # short rows are filled up and long ones cut
    rows = [(row + [""] * width)[:width] for row in found.rows]
    sheet = pd.DataFrame(rows, index=found.lines, columns=found.header, dtype=object)
    tables[name] = sheet[list(described.columns)]


# Cells -------------------------------------------------------------------------------------------

_SPACES = "".join(map(chr, (0x20, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)))
# what isprintable() lets pass although nothing of it is seen
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
# the bytes 80 to BF of UTF-8 as who takes them for Windows-1252 or Latin-1 sees them
_BYTES = bytes(range(0x80, 0xC0))
_REST = re.escape(_BYTES.decode("latin-1") + _BYTES.decode("cp1252", "ignore"))
_DAMAGED = f"[\xc2\xc3][{_REST}]|\xe2\u20ac|\xe2[{_REST}]{{2}}|\xf0[{_REST}]{{3}}|\xef\xbb\xbf"
_LOST = r"\A(?!.*://).*?(\ufffd|[A-Za-z]\?[a-z])"  # an address may have a question mark
_ERROR = r"#(?:[A-Z]{3,}[!?]|N/A|DIV/0!)|Err:[0-9]{3}|\A#{3,}\Z"
_FORMULA = r"\A(?![+-]?[0-9][0-9.,]*%?$)[=+\-@\uff1d\uff0b\uff0d\uff20]"
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_REWRITTEN = (
    rf"\A(?:[0-9]{{1,2}}-{_MONTH}(?:-[0-9]{{2,4}})?|{_MONTH}-[0-9]{{2}}"
    r"|[0-9]{1,2}[/.][0-9]{1,2}[/.][0-9]{2,4}(?: [0-9:]{4,8})?"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{4,8})\Z"
)
_ODD = (
    (r"\A\s|\s\Z", "{cell} has white space at its start or end", "Remove the white space."),
    (_DAMAGED, "{found} in {cell} is a damaged letter", "Write it; a wrong encoding made this."),
    (_LOST, "{found} in {cell} stands where a character was lost", "Write what the source has."),
    (_ERROR, "{found} is an error of a spreadsheet", "Write the value that was there."),
    (_FORMULA, "{cell} looks like a formula", "Put a word first: no =, +, - or @."),
    (_REWRITTEN, "{cell} is what a spreadsheet makes of a date", "Write it as YYYY-MM-DD."),
)


def _cells(tables: _Tables) -> Iterator[DataError]:
    """Of each cell the first thing that is wrong with it by itself."""
    for name, sheet in tables.items():
        for field in table(name).fields:
            faults = {cell: _cell_fault(field, cell) for cell in sheet[field.name].unique()}
            if any(faults.values()):
                for line, cell in zip(sheet.index.tolist(), sheet[field.name], strict=True):
                    if fault := faults[cell]:
                        yield DataError(table(name).file, line, field.name, cell or None, *fault)


def _cell_fault(field: Field, cell: str) -> tuple[str, str] | None:
    """The problem and the remedy: characters first, then type, date and allowed values."""
    if not cell:
        empty = "the cell is empty", f"Fill it in. {field.description}"
        return empty if field.required else None
    core, told = cell.strip(_SPACES), quote(cell)
    if not core.isprintable() or _UNSEEN.search(core):
        unseen = next(one for one in core if not one.isprintable() or _UNSEEN.match(one))
        what = f"U+{ord(unseen):04X} ({unicodedata.name(unseen, 'control character')})"
        return f"{told} holds the invisible character {what}", "Remove it."
    for pattern, problem, remedy in _ODD:
        if match := re.search(pattern, cell):
            return problem.format(cell=told, found=quote(match[match.lastindex or 0])), remedy
    if fault := type_fault(field, cell):
        return fault
    if field.type == "number" and "E" in cell:
        return f"{told} is what a spreadsheet makes of a number", "Write its digits."
    if field.enum and cell not in field.enum:
        return f"{told} is not one of {field.allowed}", "Write one of these."
    low, high = field.minimum, field.maximum
    if (low is not None and float(cell) < low) or (high is not None and float(cell) > high):
        return f"{told} is not {field.allowed}", f"Write a number {field.allowed}."
    if field.pattern and not re.fullmatch(field.pattern, cell):
        return f"{told} is not {field.allowed}", f"Write {field.allowed}."
    if field.is_date:
        try:
            date.fromisoformat(f"{cell}-01-01"[:10])
        except ValueError:
            return f"{told} is not in the calendar", f"Write {field.allowed}."
    return None


def _locators(tables: _Tables) -> Iterator[DataError]:
    """Locators lie in their document, and of one that was read as a whole they are given."""
    sources = tables["sources"]
    lines = pd.to_numeric(sources["n_lines"], errors="coerce").fillna(float("inf"))
    lines = lines.where(sources["sha256"] != "", 0)
    paged = sources["file_name"].str.casefold().str.endswith(".pdf")
    about = zip(lines.tolist(), paged.tolist(), strict=True)
    known: dict[str, tuple[float, bool]] = dict(zip(sources["source_id"], about, strict=True))
    remedy = "Give the smallest lines that carry the fact, as in L22 or L20-L22."
    for name, sheet in tables.items():
        for column in (field.name for field in table(name).fields if field.is_locator):
            own = f"{column.removesuffix('locator')}source_id"
            of_source = sheet[own if own in sheet else "source_id"]
            for line, cell, source in zip(sheet.index, sheet[column], of_source, strict=True):
                asked = source in known and (cell or column == "locator")
                if told := asked and _misplaced(cell, source, *known[source]):
                    yield DataError(table(name).file, line, column, cell or None, told, remedy)


def _misplaced(cell: str, source: str, length: float, paged: bool) -> str | None:
    """What is wrong with a locator in a document of so many lines, 0 if it was not read whole."""
    if not cell:
        return f"the lines of {source} that carry the fact are not given" if length else None
    try:
        spans = parse(cell)
    except LocatorError as error:
        return error.problem
    if not length:
        return f"{quote(cell)} points into {source}, which was not read as a whole"
    if max(span.last for span in spans) > length:
        return f"{quote(cell)} lies beyond the {length:.0f} lines of {source}"
    if not paged and any(span.page is not None for span in spans):
        return f"{quote(cell)} names a page of {source}, which is no PDF and has none"
    if len(set(spans)) < len(spans):
        return f"{quote(cell)} names the same lines twice"
    return None


# Between cells and rows --------------------------------------------------------------------------

# Areas are counted by the day, so their days are written in full even where less is known.
_WRITTEN_IN_FULL = {("areas", "valid_from"), ("areas", "valid_to"), ("area_lineage", "date")}
_ONCE = (
    ("ratings", "inspection_id source_id", ["aspect_id"]),
    ("actions", "inspection_id kind", ["number"]),
    ("responses", "source_id", ["action_id"]),
    ("scales", "scale_id", ["rank"]),
)
# columns that name a row of whatever table another column names
_BY_TABLE = (
    ("evidence", "table", "row_id"),
    ("tensions", "first_table", "first_id"),
    ("tensions", "second_table", "second_id"),
)
_RATED = (
    ("ratings", "rating", "inspection_id"),
    ("actions", "progress", "follow_up_inspection_id"),
)
_RIGHT = "Put the one right that is wrong."


def _dates(tables: _Tables) -> Findings:
    """Dates have the precision that is given for them, and periods end after they begin."""
    for name, sheet in tables.items():
        dated = {field.name for field in table(name).fields if field.is_date}
        for precision in (one for one in table(name).columns if one.endswith("_precision")):
            stem, said = precision.removesuffix("_precision"), sheet[precision]
            columns = [one for one in (stem, f"{stem}_from", f"{stem}_to") if one in dated]
            for column in columns:
                has = sheet[column].str.len().map({4: "year", 7: "month", 10: "day"}).fillna("")
                wrong = (has != "") & (has != said)
                if (name, column) in _WRITTEN_IN_FULL:
                    wrong &= (has != "day") | (said == "")
                told = (
                    f'{column} "{{{column}}}" is precise to the {{has}}, and here stands "{{cell}}"'
                )
                yield name, precision, sheet.assign(has=has)[wrong], told, _RIGHT
            undated = sheet[(said != "") & (sheet[columns] == "").all(axis=1)]
            told = f'"{{cell}}" is given without a date in {" or ".join(columns)}'
            yield name, precision, undated, told, "Give the date or empty the cell."
        for first in (one for one in table(name).columns if one.endswith("_from")):
            last = f"{first.removesuffix('_from')}_to"
            pairs = zip(sheet[first], sheet[last], strict=True)
            late = sheet[[one[: len(other)] > other[: len(one)] for one, other in pairs]]
            yield name, first, late, f'"{{cell}}" is after {last} "{{{last}}}"', _RIGHT


def _pairs(rows: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """The cells of several columns together."""
    cells = list(zip(*(rows[column] for column in columns), strict=True))
    return pd.Series(cells, rows.index, object)


def _references(tables: _Tables) -> Findings:
    """What stands for a row of another table is found there."""
    links = [("frameworks", "", ["scale_id"], "scales", ["scale_id"])]
    for name in table_names():
        for by, kind, column in _BY_TABLE:
            links.append((by, kind, [column], name, [table(name).primary_key[0]]))
        for one in table(name).foreign_keys:
            links.append((name, "", list(one.columns), one.table, list(one.references)))
    for name, kind, columns, other, targets in links:
        if name in tables and other in tables:
            rows = tables[name][tables[name][kind] == other] if kind else tables[name]
            known = {("",) * len(columns), *_pairs(tables[other], targets)}
            lost = rows[~_pairs(rows, columns).isin(known)]
            told = f'"{{cell}}" is not in {", ".join(targets)} of {other}.csv'
            remedy = f"Put it right or add the row to {other}.csv."
            yield name, ", ".join(columns), lost, told, remedy


def _once_only(tables: _Tables) -> Findings:
    """A key stands once, and so does what one source says of one thing."""
    keys = [(name, "", list(table(name).primary_key)) for name in tables]
    for name, others, columns in (*keys, *(one for one in _ONCE if one[0] in tables)):
        rows, whole = tables[name], others.split() + columns
        again = rows.duplicated(whole) & (rows[whole] != "").all(axis=1)
        if again.any():
            lines = pd.Series(rows.index, rows.index).groupby([rows[one] for one in whole])
            found = rows.assign(earlier=lines.transform("first"))[again]
            same = f", with the same {others}" if others else ""
            told = f'"{{cell}}" stands already in line {{earlier}}{same}'
            yield name, ", ".join(columns), found, told, "Keep one of the rows, or put them right."


def _ratings(tables: _Tables) -> Findings:
    """A rating or a reason; a contradicted one has the source that says otherwise, and only it."""
    rows, others = tables["ratings"], tables["rating_sources"]
    rated, explained = rows["rating"] != "", rows["missing"] != ""
    remedy = "Say in missing why there is no rating; an empty cell must not mean Poor."
    told = "there is neither a rating nor a reason in missing"
    yield "ratings", "missing", rows[~rated & ~explained], told, remedy
    told = '"{missing}" stands beside the rating "{rating}"'
    yield "ratings", "missing", rows[rated & explained], told, "Empty one of the two cells."
    doubted = rows["rating_id"].isin(others["rating_id"][others["says"] != "same"])
    told = 'the basis is "{basis}", and whether a source says otherwise is in rating_sources.csv'
    remedy = "Show a conflict in both tables: basis contradicted, and says otherwise."
    yield "ratings", "basis", rows[doubted != (rows["basis"] == "contradicted")], told, remedy


def _scales(tables: _Tables) -> Findings:
    """Ratings and progress are on the scale of their framework, and not another than printed."""
    known = tables["scales"]
    words = known.groupby("scale_id")["value"].agg(", ".join)
    for name, column, inspection in (one for one in _RATED if one[0] in tables):
        rows = tables[name][tables[name][column] != ""]
        framework = tables.of(rows[inspection], "inspections", "framework_id")
        scale = tables.of(framework, "frameworks", "scale_id")
        rows = rows.assign(framework=framework, scale=scale, words=scale.map(words).fillna(""))
        told = 'there is no follow-up or framework "{framework}" with a scale for "{cell}"'
        yield name, column, rows[scale == ""], told, "Empty the cell, or name the inspection."
        on = _pairs(rows, ["scale", column]).isin(_pairs(known, ["scale_id", "value"]))
        told = '"{cell}" is not on the scale {scale} of the framework {framework}'
        yield name, column, rows[~on & (rows["words"] != "")], told, "Write one of {words}."
        printed = rows[f"{column}_as_printed"].str.casefold()
        other = printed.isin(known["value"].str.casefold()) & (
            printed != rows[column].str.casefold()
        )
        told = f'"{{cell}}" stands beside "{{{column}_as_printed}}" as printed'
        yield name, column, rows[other], told, _RIGHT


def _frameworks(tables: _Tables) -> Findings:
    """The aspect that is rated belongs to the framework of the inspection."""
    rows = tables["ratings"]
    sets = tables.of(rows["aspect_id"], "aspects", "set_id")
    of_aspect = tables.of(sets, "aspect_sets", "framework_id")
    framework = tables.of(rows["inspection_id"], "inspections", "framework_id")
    other = (of_aspect != "") & (framework != "") & (of_aspect != framework)
    rows = rows.assign(of_aspect=of_aspect, framework=framework)[other]
    told = "it belongs to the framework {of_aspect}, the inspection to {framework}"
    yield "ratings", "aspect_id", rows, told, "Name an aspect of the framework of the inspection."


def _measures(tables: _Tables) -> Findings:
    """A measure has a number or words, and its number is the one that is printed in digits."""
    rows = tables["measures"]
    wrong = (rows["value"] != "") == (rows["qualifier"] == "words")
    told = 'the number "{value}" does not go with the qualifier "{qualifier}"'
    remedy = "Give the number, or leave it empty and write words in qualifier."
    yield "measures", "value", rows[wrong], told, remedy
    value, printed = (
        pd.to_numeric(rows[column].str.replace(",", ""), errors="coerce")
        for column in ("value", "value_as_printed")
    )
    other = rows[value.notna() & printed.notna() & (value != printed)]
    told = '"{value}" stands beside "{value_as_printed}" as printed'
    yield "measures", "value", other, told, _RIGHT


def _empty(tables: _Tables) -> Findings:
    """Cells that are filled where others of the row or of the set are."""
    rows = tables["aspects"]
    filled = rows["is_critical"] != ""
    telling = filled.groupby([rows["set_id"], rows["level"]]).transform("any")
    told = "it is empty, although {set_id} says of other aspects whether they are critical"
    yield "aspects", "is_critical", rows[~filled & telling], told, "Write true or false."
    rows, columns = tables["sources"], ["sha256", "n_lines", "file_name"]
    some = (rows[columns] != "").any(axis=1)
    told = "it is empty although the document was read as a whole"
    remedy = f"Fill in {', '.join(columns)} for such a document, none of them for others."
    for column in columns:
        yield "sources", column, rows[some & (rows[column] == "")], told, remedy
    rows, remedy = tables["crosswalk_review"], "Give the relation, or another status."
    for who in ("first", "second", "settled"):
        empty = (rows[f"{who}_status"] == "mapped") & (rows[f"{who}_relation"] == "")
        told = f"it is empty although {who}_status is mapped"
        yield "crosswalk_review", f"{who}_relation", rows[empty], told, remedy


def _lineage(tables: _Tables) -> Findings:
    """A predecessor has ended when its successor begins, so no Area is its own ancestor."""
    rows = tables["area_lineage"]
    began = tables.of(rows["successor_id"], "areas", "valid_from")
    ended = tables.of(rows["predecessor_id"], "areas", "valid_to").replace("", "no day")
    rows = rows.assign(began=began, ended=ended)[(began != "") & ~(ended < began)]
    told = '"{predecessor_id}" ended on {ended}, and "{successor_id}" began on {began}'
    remedy = "Let the successor begin after the end of the predecessor."
    yield "area_lineage", "predecessor_id", rows, told, remedy


def _fieldwork(tables: _Tables) -> Findings:
    """Fieldwork lies within the life of the Area, or a note says why not."""
    rows = tables["inspections"]
    start = tables.of(rows["area_id"], "areas", "valid_from")
    end = tables.of(rows["area_id"], "areas", "valid_to").replace("", "now")
    rows = rows.assign(start=start, end=end)[rows["note"] == ""]
    for column in ("fieldwork_from", "fieldwork_to"):
        days = zip(rows[column], rows["start"], rows["end"], strict=True)
        outside = [not start[: len(day)] <= day <= end[: len(day)] for day, start, end in days]
        told = '"{cell}" lies outside the life of {area_id}, {start} to {end}'
        remedy = "Name the Area of that time, or say in note why it is this one."
        yield "inspections", column, rows[outside], told, remedy


# the most telling first
_RULES: list[Callable[[_Tables], Findings]]
_RULES = [_dates, _references, _once_only, _empty, _ratings, _scales, _frameworks]
_RULES += [_measures, _lineage, _fieldwork]
