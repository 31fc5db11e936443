"""`check`: every problem of a data folder, of its files and of the method, as one table.

A rule reads the tables as text, an empty cell being "" and the index the lines of the file. It
yields table, column, rows that are wrong, problem and remedy; ``{rating}`` in these stands for that
cell of the row in quotes, ``{rating:s}`` for it as it is.
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
from hmcpsi_data.tables.changes import sum_problems, version_problems
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
        A record, checked as it was opened, or a data folder. Without it, as for `load`.

    Returns
    -------
    pandas.DataFrame
        One row per problem, by file and line: `file`; `row` (Int64), the line in the file, the
        header being line 1; `column`; `value`; `problem`, a sentence that says where and what;
        `remedy`, what to do. A cell is named once, with the problem that tells most. Tables whose
        file or columns are at fault are not looked into further.

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
        """What a table says of each of its identifiers; not available where it has no such row."""
        keys = self[name][table(name).primary_key[0]]
        return ids.map(dict(zip(keys, self[name][column], strict=True)))


class _Cell(str):
    def __format__(self, form: str) -> str:
        return str(self) if form == "s" else quote(self)


def _faults(record: Record) -> Iterator[DataError]:
    """All that is found, the most telling first; a step that fails is a problem like any other."""
    tables = _Tables()
    steps: list[Iterable[DataError]] = [_strangers(record), _other_description(record)]
    steps += [_form(name, record, tables) for name in table_names()]
    steps += [_cells(tables), _locators(tables), *(_told(rule(tables)) for rule in _RULES)]
    steps += [_crosswalk(record), sum_problems(record), version_problems(record)]
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
        cells = rows.astype(object).itertuples() if len(rows) else ()
        for line, *values in cells:
            row = dict(zip(rows.columns.tolist(), values, strict=True))
            value = ", ".join(row[part] for part in column.split(", "))
            row = {key: _Cell(cell) if isinstance(cell, str) else cell for key, cell in row.items()}
            told = (words.format(**row, cell=_Cell(value)) for words in sentences)
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


def _strangers(record: Record) -> Iterator[DataError]:
    """Files that no table knows; those with a leading dot are left to the system they serve."""
    known = {table(name).file for name in table_names()}
    known |= {DESCRIPTION_FILE, description.README_FILE}
    try:
        paths = sorted(record.folder.iterdir())
    except OSError as error:
        told, remedy = f"the folder cannot be listed ({error.strerror})", "Make it readable."
        raise DataError(str(record.folder), None, None, None, told, remedy) from None
    for path in paths:
        if path.name not in known and not path.name.startswith(".") and path.is_file():
            name = os.fsencode(path.name).decode("utf-8", "replace")
            fault = "this file belongs to no table and was not looked into"
            remedy = "Leave it if it is yours; else rename it as the table or move it away."
            yield DataError(name, None, None, None, fault, remedy)


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
    for line in found.blank:
        fault = "the row has no values"
        yield DataError(described.file, line, None, None, fault, "Remove the row.")
    yield from row_faults(described, found)
    width = len(found.header)  # short rows are filled up and long ones cut
    rows = [(row + [""] * width)[:width] for row in found.rows]
    sheet = pd.DataFrame(rows, index=found.lines, columns=found.header, dtype=object)
    tables[name] = sheet[list(described.columns)]


def _crosswalk(record: Record) -> Iterator[DataError]:
    yield from crosswalk_problems(record)


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
_ERROR = (
    r"#(?:REF|VALUE|NAME|NUM|NULL|SPILL|CALC|FIELD|BLOCKED|UNKNOWN)[!?]|#N/A|#DIV/0!"
    r"|Err:[0-9]{3}|\A#{3,}\Z"
)
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
                told = _misplaced(cell, source, *known.get(source, (None, True)))
                if told and (cell or column == "locator"):
                    yield DataError(table(name).file, line, column, cell or None, told, remedy)


def _misplaced(cell: str, source: str, length: float | None, paged: bool) -> str | None:
    """What is wrong with a locator; without a length nothing is known of its document."""
    if not cell:
        return f"the lines of {source} that carry the fact are not given" if length else None
    try:
        spans = parse(cell)
    except LocatorError as error:
        return error.problem
    if length == 0:
        return f"{quote(cell)} points into {source}, which was not read as a whole"
    if length is not None and max(span.last for span in spans) > length:
        return f"{quote(cell)} lies beyond the {length:.0f} lines of {source}"
    if not paged and any(span.page is not None for span in spans):
        return f"{quote(cell)} names a page of {source}, which is no PDF and has none"
    if len(set(spans)) < len(spans):
        return f"{quote(cell)} names the same lines twice"
    return None


# Dates and keys, in every table ------------------------------------------------------------------

# Areas are counted by the day, so their days are written in full even where less is known.
_WRITTEN_IN_FULL = {("areas", "valid_from"), ("areas", "valid_to"), ("area_lineage", "date")}
_ONCE = (
    ("ratings", "inspection_id source_id", ["aspect_id"]),
    ("actions", "inspection_id kind", ["number"]),
    ("responses", "source_id", ["action_id"]),
    ("scales", "scale_id", ["rank"]),
)
_RIGHT = "Put the one right that is wrong."


def _dates(tables: _Tables) -> Findings:
    """Dates have the precision that is given for them, and periods end after they begin."""
    for name, sheet in tables.items():
        dated = {field.name for field in table(name).fields if field.is_date}
        named = table(name).columns
        for precision in (column for column in named if column.endswith("_precision")):
            stem, said = precision.removesuffix("_precision"), sheet[precision]
            columns = [one for one in (stem, f"{stem}_from", f"{stem}_to") if one in dated]
            for column in columns:
                has = sheet[column].str.len().map({4: "year", 7: "month", 10: "day"})
                wrong = has.notna() & (has != said)
                if (name, column) in _WRITTEN_IN_FULL:
                    wrong &= (has != "day") | (said == "")
                told = (
                    f"{column} {{{column}}} is precise to the {{has:s}}, and here stands {{cell}}"
                )
                yield name, precision, sheet.assign(has=has)[wrong], told, _RIGHT
            undated = sheet[(said != "") & (sheet[columns] == "").all(axis=1)]
            told = f"{{cell}} is given without a date in {' or '.join(columns)}"
            yield name, precision, undated, told, "Give the date or empty the cell."
        for first in (column for column in named if f"{column[:-5]}_to" in sheet):
            last = f"{first.removesuffix('_from')}_to"
            pairs = zip(sheet[first], sheet[last], strict=True)
            late = sheet[[one[: len(other)] > other[: len(one)] for one, other in pairs]]
            yield name, first, late, f"{{cell}} is after {last} {{{last}}}", _RIGHT


def _pairs(rows: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """The cells of several columns together."""
    cells = list(zip(*(rows[column] for column in columns), strict=True))
    return pd.Series(cells, rows.index, object)


def _references(tables: _Tables) -> Findings:
    """What stands for a row of another table is found there."""
    links: list[tuple[str, str, str, Sequence[str], str, Sequence[str]]]
    links = [("frameworks", "", "", ["scale_id"], "scales", ["scale_id"])]
    for name in table_names():
        key = table(name).primary_key[:1]
        links.append(("evidence", "table", name, ["row_id"], name, key))
        links.append(("tensions", "first_table", name, ["first_id"], name, key))
        links.append(("tensions", "second_table", name, ["second_id"], name, key))
        for one in table(name).foreign_keys:
            links.append((name, "", "", one.columns, one.table, one.references))
    for name, kind, value, columns, other, targets in links:
        if name in tables and other in tables:
            rows = tables[name][tables[name][kind] == value] if kind else tables[name]
            known = {("",) * len(columns), *_pairs(tables[other], targets)}
            lost = rows[~_pairs(rows, columns).isin(known)]
            told = f"{{cell}} is not in {', '.join(targets)} of {other}.csv"
            yield (
                name,
                ", ".join(columns),
                lost,
                told,
                f"Put it right or add the row to {other}.csv.",
            )


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
            told = f"{{cell}} stands already in line {{earlier}}{same}"
            yield name, ", ".join(columns), found, told, "Keep one of the rows, or put them right."


# What belongs together ---------------------------------------------------------------------------

_RATED = (
    ("ratings", "rating", "inspection_id"),
    ("actions", "progress", "follow_up_inspection_id"),
)


def _ratings(tables: _Tables) -> Findings:
    """A rating or a reason; a contradicted one has the source that says otherwise, and only it."""
    rows = tables["ratings"]
    rated, explained = rows["rating"] != "", rows["missing"] != ""
    remedy = "Say in missing why there is no rating; an empty cell must not mean Poor."
    told = "there is neither a rating nor a reason in missing"
    yield "ratings", "missing", rows[~rated & ~explained], told, remedy
    told = "{missing} stands beside the rating {rating}"
    yield "ratings", "missing", rows[rated & explained], told, "Empty one of the two cells."
    others = tables["rating_sources"]
    doubted = rows["rating_id"].isin(others["rating_id"][others["says"] != "same"])
    shown = rows["basis"] == "contradicted"
    remedy = "Show the conflict in both tables: basis contradicted, and says otherwise."
    told = "the basis is {basis} although a source says otherwise"
    yield "ratings", "basis", rows[doubted & ~shown], told, remedy
    told = "it is contradicted, and no row of rating_sources.csv says otherwise"
    yield "ratings", "basis", rows[shown & ~doubted], told, remedy


def _scales(tables: _Tables) -> Findings:
    """Ratings and progress are on the scale of their framework, and not another than printed."""
    known = tables["scales"]
    words = known.groupby("scale_id")["value"].agg(", ".join)
    for name, column, inspection in (one for one in _RATED if one[0] in tables):
        rows = tables[name][tables[name][column] != ""]
        framework = tables.of(rows[inspection], "inspections", "framework_id")
        scale = tables.of(framework, "frameworks", "scale_id")
        rows = rows.assign(framework=framework, scale=scale, words=scale.map(words))
        told = "{cell} is given although the framework {framework:s} has no scale"
        yield name, column, rows[scale == ""], told, "Empty the cell."
        on = _pairs(rows, ["scale", column]).isin(_pairs(known, ["scale_id", "value"]))
        told = "{cell} is not on the scale {scale:s} of the framework {framework:s}"
        yield name, column, rows[~on & rows["words"].notna()], told, "Write one of {words:s}."
        rows, printed = tables[name], tables[name][f"{column}_as_printed"].str.casefold()
        on_one, other = known["value"].str.casefold(), printed != rows[column].str.casefold()
        told = f"{{cell}} stands beside {{{column}_as_printed}} as printed"
        yield name, column, rows[printed.isin(on_one) & other], told, _RIGHT


def _frameworks(tables: _Tables) -> Findings:
    """The aspect that is rated belongs to the framework of the inspection."""
    rows = tables["ratings"]
    sets = tables.of(rows["aspect_id"], "aspects", "set_id")
    of_aspect = tables.of(sets, "aspect_sets", "framework_id")
    framework = tables.of(rows["inspection_id"], "inspections", "framework_id")
    rows = rows.assign(of_aspect=of_aspect, framework=framework)
    other = rows[of_aspect.notna() & framework.notna() & (of_aspect != framework)]
    told = "it belongs to the framework {of_aspect:s}, the inspection to {framework:s}"
    yield "ratings", "aspect_id", other, told, "Name an aspect of the framework of the inspection."


def _actions(tables: _Tables) -> Findings:
    """Progress has its follow-up, and the main theme of an action its row in evidence."""
    rows = tables["actions"]
    alone = rows[(rows["progress"] != "") & (rows["follow_up_inspection_id"] == "")]
    told = "{progress} is given without the follow-up that rated it"
    yield "actions", "progress", alone, told, "Name it in follow_up_inspection_id."
    links = tables["evidence"][tables["evidence"]["table"] == "actions"]
    linked = _pairs(rows, ["theme_id", "action_id"]).isin(_pairs(links, ["theme_id", "row_id"]))
    told = "{theme_id} has no row in evidence.csv for the action {action_id}"
    remedy = "Add the row {theme_id:s},actions,{action_id:s} to evidence.csv."
    yield "actions", "theme_id", rows[(rows["theme_id"] != "") & ~linked], told, remedy


def _numbers(cells: pd.Series) -> pd.Series:
    """Cells as numbers; what is none, another rule names."""
    return pd.to_numeric(cells.str.replace(",", ""), errors="coerce")


def _measures(tables: _Tables) -> Findings:
    """A measure has a number or words, and its number is the one that is printed in digits."""
    rows = tables["measures"]
    number, words = rows["value"] != "", rows["qualifier"] == "words"
    remedy = "Give the number, or leave it empty and write words in qualifier."
    told = "there is no number and no qualifier words"
    yield "measures", "value", rows[~number & ~words], told, remedy
    told = "the number {value} stands beside the qualifier words"
    yield "measures", "value", rows[number & words], told, remedy
    value, printed = _numbers(rows["value"]), _numbers(rows["value_as_printed"])
    other = rows[value.notna() & printed.notna() & (value != printed)]
    yield "measures", "value", other, "{value} stands beside {value_as_printed} as printed", _RIGHT


def _distributions(tables: _Tables) -> Findings:
    """The bounds of a distribution hold its numbers and its units, and no unit counts twice."""
    rows = tables["distributions"]
    key, units, n = rows["distribution_id"], _numbers(rows["n_units"]), _numbers(rows["n"])
    low, high = _numbers(rows["n_low"]), _numbers(rows["n_high"])
    wrong = (low > high) | (low > n) | (n > high) | (n.notna() & (low < high))
    told = "n {n}, n_low {n_low} and n_high {n_high} do not agree"
    remedy = "Give bounds in their order, and both equal to n where n is known."
    yield "distributions", "n_low", rows[wrong], told, remedy
    unsound = (wrong | low.isna() | high.isna()).groupby(key).transform("any")
    low, high = (bound.groupby(key).transform("sum") for bound in (low, high))
    outside = ((low > units) | (high < units)) & ~unsound & ~key.duplicated()
    told = "the bounds of {distribution_id} add up to {low:.0f} to {high:.0f}, not to {n_units:s}"
    found = rows.assign(low=low, high=high)[outside]
    yield "distributions", "n_units", found, told, "Put the bounds right, or n_units."


def _aspects(tables: _Tables) -> Findings:
    """A set says of each aspect or of none whether it is critical, and parents stand above."""
    rows, filled = tables["aspects"], tables["aspects"]["is_critical"] != ""
    telling = filled.groupby([rows["set_id"], rows["level"]]).transform("any")
    told = "it is empty, although {set_id:s} says of other aspects whether they are critical"
    yield "aspects", "is_critical", rows[~filled & telling], told, "Write true or false."
    framework = tables.of(rows["set_id"], "aspect_sets", "framework_id").fillna("")
    height = rows["level"].map({"overall": 2, "section": 1}).fillna(0)
    place = pd.DataFrame({"framework": framework, "height": height}).set_axis(rows["aspect_id"])
    parent = place.groupby(level=0).first().reindex(rows["parent_id"]).set_axis(rows.index)
    above = (parent["framework"] == framework) & (parent["height"] > height)
    told = "{parent_id} does not stand above {aspect_id} in one framework"
    remedy = "Name a section of the same framework, or empty the cell."
    yield "aspects", "parent_id", rows[parent["height"].notna() & ~above], told, remedy


def _sets(tables: _Tables) -> Findings:
    """A set has as many aspects as it says, overall assessments and scores not counted."""
    rows, aspects = tables["aspect_sets"], tables["aspects"]
    counted = aspects["set_id"][~aspects["level"].isin(["overall", "pilot_score"])]
    there = rows["set_id"].map(counted.value_counts()).fillna(0).astype(int)
    said = _numbers(rows["n_aspects"])
    other = rows.assign(there=there)[said.notna() & (said != there)]
    told = "{set_id} should have {n_aspects:s} aspects; aspects.csv has {there}"
    yield "aspect_sets", "n_aspects", other, told, "Put the number right, or aspects.csv."


def _empty(tables: _Tables) -> Findings:
    """What a document that was read as a whole has, and a relation of what is called mapped."""
    rows, columns = tables["sources"], ["sha256", "n_lines", "file_name"]
    some = (rows[columns] != "").any(axis=1)
    told = "it is empty although the document was read as a whole"
    remedy = f"Fill in {', '.join(columns)} for such a document, none of them for others."
    for column in columns:
        yield "sources", column, rows[some & (rows[column] == "")], told, remedy
    rows, remedy = tables["crosswalk_review"], "Give the relation, or another status."
    for status, relation in (
        (f"{n}_status", f"{n}_relation") for n in ("first", "second", "settled")
    ):
        empty = rows[(rows[status] == "mapped") & (rows[relation] == "")]
        told = f"it is empty although {status} is mapped"
        yield "crosswalk_review", relation, empty, told, remedy


def _lineage(tables: _Tables) -> Findings:
    """A predecessor has ended when its successor begins, so no Area is its own ancestor."""
    rows = tables["area_lineage"]
    began = tables.of(rows["successor_id"], "areas", "valid_from")
    ended = tables.of(rows["predecessor_id"], "areas", "valid_to").replace("", "no day")
    wrong = began.notna() & ended.notna() & ~(ended.fillna("") < began.fillna(""))
    told = "{predecessor_id} ended on {ended:s}, and {successor_id} began on {began:s}"
    remedy = "Let the successor begin after the end of the predecessor."
    rows = rows.assign(began=began, ended=ended)[wrong]
    yield "area_lineage", "predecessor_id", rows, told, remedy


def _fieldwork(tables: _Tables) -> Findings:
    """Fieldwork lies within the life of the Area, or a note says why not."""
    rows = tables["inspections"]
    start = tables.of(rows["area_id"], "areas", "valid_from").fillna("")
    end = tables.of(rows["area_id"], "areas", "valid_to").fillna("").replace("", "now")
    rows = rows.assign(start=start, end=end)[rows["note"] == ""]
    for column in ("fieldwork_from", "fieldwork_to"):
        days = zip(rows[column], rows["start"], rows["end"], strict=True)
        outside = [not start[: len(day)] <= day <= end[: len(day)] for day, start, end in days]
        told = "{cell} lies outside the life of {area_id:s}, {start:s} to {end:s}"
        remedy = "Name the Area of that time, or say in note why it is this one."
        yield "inspections", column, rows[outside], told, remedy
        rows = rows[[not one for one in outside]]


# the most telling first
_RULES: list[Callable[[_Tables], Findings]]
_RULES = [_dates, _references, _once_only, _empty, _ratings, _scales, _frameworks, _actions]
_RULES += [_measures, _distributions, _sets, _aspects, _lineage, _fieldwork]
