"""`check`: every problem of a data folder, of its files and of the method, as one table."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cache, lru_cache

import pandas as pd

from hmcpsi_data.errors import DataError, LocatorError, printable, quote
from hmcpsi_data.method.links import crosswalk_problems
from hmcpsi_data.tables import record as files
from hmcpsi_data.tables.description import DATE, Field, ForeignKey, table, table_names
from hmcpsi_data.tables.locators import parse
from hmcpsi_data.tables.record import Record, RecordLike

_COLUMNS = ["file", "row", "column", "value", "problem", "remedy"]
_DTYPES = dict.fromkeys(_COLUMNS, "string") | {"row": "Int64"}

Row = dict[str, str]  # the cells of a row as text, an empty one being ""
Problems = Iterator[tuple[str, str]]  # a column, and what is wrong with what stands there
Rule = Callable[[Row, str, "_Tables"], Problems]


def check(record: RecordLike = None) -> pd.DataFrame:
    """Every problem of a data folder: of its files, its cells and rows, and of the crosswalk.

    Parameters
    ----------
    record : Record or path, optional

    Returns
    -------
    pandas.DataFrame
        One row per problem, by file and line: `file`; `row`, its line, the header being 1;
        `column`; `value`; `problem`, where and what; `remedy`, what to do.

    Examples
    --------
    >>> check("no_such_folder")["problem"].tolist()
    ['no_such_folder: there is no such folder.']
    """
    kept: dict[object, DataError] = {}  # a cell once, a row that is wrong as a whole only as that
    try:
        for found in _faults(record if isinstance(record, Record) else Record(record)):
            if (found.file, found.row, None) not in kept:
                cell = found.file, found.row, found.column
                kept.setdefault(cell if found.row else id(found), found)
    except DataError as fault:  # no folder, or no description to go by
        kept[None] = fault
    faults = sorted(kept.values(), key=lambda fault: (fault.file, fault.row or 0))
    rows = [(f.file, f.row, f.column, f.value or None, f.problem, f.remedy) for f in faults]
    return pd.DataFrame(rows, columns=_COLUMNS).astype(_DTYPES)


class _Tables(dict[str, dict[int, Row]]):
    """The rows by their lines of each table whose columns are sound."""

    def __init__(self) -> None:
        super().__init__()
        self.by_key, self.known = cache(self._by_key), cache(self._known)

    def of(self, name: str, column: str, key: str) -> str:
        return self.by_key(name).get(key, {}).get(column, "")

    def _by_key(self, name: str) -> dict[str, Row]:
        return {row[table(name).primary_key[0]]: row for row in self.get(name, {}).values()}

    def _known(self, name: str, *columns: str) -> set[tuple[str, ...]]:
        return {tuple(row[column] for column in columns) for row in self[name].values()}


def _faults(record: Record) -> Iterator[DataError]:
    tables = _Tables()
    steps: list[Iterable[DataError]] = [_form(name, record, tables) for name in table_names()]
    steps += [_in_rows(rule, names or tables, tables) for rule, *names in _RULES]
    steps += [_once_only(tables), crosswalk_problems(record), files.sum_problems(record)]
    for step in steps:
        try:
            yield from step
        except DataError as fault:
            yield fault
        except Exception as error:  # what is wrong elsewhere may break what a rule goes by
            told = f"it could not be checked to the end ({type(error).__name__}: {error})"
            remedy = "Put the other problems right first, then check again."
            yield DataError(str(record.folder), None, None, None, told, remedy)


def _in_rows(rule: Rule, names: Iterable[str], tables: _Tables) -> Iterator[DataError]:
    for name in names:
        for line, row in tables.get(name, {}).items():
            for column, told in rule(row, name, tables):
                yield _fault(name, line, row, column, told)


def _fault(name: str, line: int, row: Row, column: str, told: str) -> DataError:
    columns = column.split(", ")
    value, about = ", ".join(row[one] for one in columns), table(name).field(columns[0]).description
    remedy = f"Put it right, or what it does not agree with. {about}"
    return DataError(table(name).file, line, column, value or None, printable(told), remedy)


def _form(name: str, record: Record, tables: _Tables) -> Iterator[DataError]:
    described, found = table(name), record.cells(name)
    if unsound := list(files.column_faults(described, found.header)):
        yield from unsound
        return
    if found.header != list(described.columns):
        fault = f"the columns are not in their order, {','.join(described.columns)}"
        yield DataError(described.file, 1, None, None, fault, "Put the columns in this order.")
    yield from files.row_faults(described, found)
    empty = dict.fromkeys(described.columns, "")  # which fills up short rows
    rows = (empty | dict(zip(found.header, row, strict=False)) for row in found.rows)
    tables[name] = dict(zip(found.lines, rows, strict=True))


# what isprintable() lets pass although nothing of it is seen
_UNSEEN = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u2800\u3164\uffa0" + "".join(
    map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])
)
# the bytes 80 to BF of UTF-8 as who takes them for Windows-1252 or Latin-1 sees them
_REST = "".join(
    re.escape(bytes(range(0x80, 0xC0)).decode(c, "ignore")) for c in ("latin-1", "cp1252")
)
_DAMAGED = f"[\xc2\xc3][{_REST}]|\xe2\u20ac|\xe2[{_REST}]{{2}}|\xf0[{_REST}]{{3}}|\xef\xbb\xbf"
_MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_REWRITTEN = (
    rf"\A(?:[0-9]{{1,2}}-{_MONTH}(?:-[0-9]{{2,4}})?|{_MONTH}-[0-9]{{2}}"
    r"|[0-9]{1,2}[/.][0-9]{1,2}[/.][0-9]{2,4}(?: [0-9:]{4,8})?"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9:]{4,8})\Z"
)
_ODD = {
    r"(?s)\A\s.*|.*\s\Z": "has white space at its start or end",
    _DAMAGED: "is a damaged letter, which a wrong encoding made",
    # an address may have a question mark
    r"\A(?!.*://).*?(\ufffd|[A-Za-z]\?[a-z])": "stands where a character was lost",
    r"#(?:[A-Z]{3,}[!?]|N/A|DIV/0!)|Err:[0-9]{3}|\A#{3,}\Z": "is an error of a spreadsheet",
    r"\A(?![+-]?[0-9][0-9.,]*%?$)[=+\-@\uff1d\uff0b\uff0d\uff20].*": "looks like a formula",
    _REWRITTEN: "is what a spreadsheet makes of a date",
    r"\A[+-]?[0-9.]+E[+-]?[0-9]+\Z": "is what a spreadsheet makes of a number",
}


def _cells(row: Row, name: str, _: _Tables) -> Problems:
    for field in table(name).fields:
        if told := _cell_fault(field, row[field.name]):
            yield field.name, told


@lru_cache(100_000)
def _cell_fault(field: Field, cell: str) -> str | None:
    if not cell:
        return "the cell is empty" if field.required else None
    for one in cell.strip():
        if not one.isprintable() or one in _UNSEEN:
            what = f"U+{ord(one):04X} ({unicodedata.name(one, 'control character')})"
            return f"{quote(cell)} holds the invisible character {what}"
    for pattern, odd in _ODD.items():
        if match := re.search(pattern, cell):
            return f"{quote(match[match.lastindex or 0])} {odd}"
    if fault := files.type_fault(field, cell):
        return fault
    if field.enum and cell not in field.enum:
        return f"{quote(cell)} is not one of {field.allowed}"
    low, high = field.minimum, field.maximum
    beyond = (low is not None and float(cell) < low) or (high is not None and float(cell) > high)
    if beyond or (field.pattern and not re.fullmatch(field.pattern, cell)):
        return f"{quote(cell)} is not {field.allowed}"
    if field.pattern == DATE:
        try:
            date.fromisoformat(f"{cell}-01-01"[:10])
        except ValueError:
            return f"{quote(cell)} is not in the calendar"
    return None


_PRECISIONS = {len("2016"): "year", len("2016-11"): "month", len("2016-11-29"): "day"}
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_ONCE = [  # what one source says of one thing
    ("ratings", "aspect_id", "inspection_id source_id"),
    ("actions", "number", "inspection_id kind"),
    ("responses", "action_id", "source_id"),
    ("scales", "rank", "scale_id"),
]
# columns that name a row of a table, or of whatever table another column names
_LINKS = {
    "frameworks": [("scales", "scale_id", "scale_id")],
    "evidence": [("table", "row_id", "")],
    "tensions": [("first_table", "first_id", ""), ("second_table", "second_id", "")],
}


def _once_only(tables: _Tables) -> Iterator[DataError]:
    keys = [(name, ", ".join(table(name).primary_key), "") for name in tables]
    for name, columns, others in keys + _ONCE:
        lines: dict[object, int] = {}
        for line, row in tables.get(name, {}).items():
            cells = tuple(row[column] for column in (*columns.split(", "), *others.split()))
            if all(cells) and lines.setdefault(cells, line) != line:
                told = f"it stands already in line {lines[cells]}"
                told += f", with the same {others}" * bool(others)
                yield _fault(name, line, row, columns, told)


def _references(row: Row, name: str, tables: _Tables) -> Problems:
    links = list(table(name).foreign_keys)
    for other, column, target in _LINKS.get(name, []):
        named = other if target else row[other]
        if named in tables:
            targets = (target,) if target else table(named).primary_key
            links.append(ForeignKey((column,), named, targets))
    for columns, other, targets in links:
        cells = tuple(row[column] for column in columns)
        if any(cells) and other in tables and cells not in tables.known(other, *targets):
            told = f"{quote(', '.join(cells))} is not in {', '.join(targets)} of {other}.csv"
            yield ", ".join(columns), told


def _locators(row: Row, _: str, tables: _Tables) -> Problems:
    """Locators lie in their document, and of one that was read as a whole they are given."""
    for column in (one for one in row if one.endswith("locator")):
        own = f"{column.removesuffix('locator')}source_id"
        source = tables.by_key("sources").get(row[own if own in row else "source_id"])
        if source and row[column]:
            yield from ((column, told) for told in _misplaced(row[column], source))
        elif source and source["sha256"] and column == "locator":
            yield column, f"the lines of {source['source_id']} that carry the fact are not given"


def _misplaced(cell: str, source: Row) -> Iterator[str]:
    try:
        spans = parse(cell)
    except LocatorError as error:
        yield error.problem
        return
    lines, paged = source["n_lines"], source["file_name"].casefold().endswith(".pdf")
    beyond = f"{quote(cell)} lies beyond {source['source_id']}, which"
    if not source["sha256"]:
        yield f"{beyond} was not read as a whole"
    elif lines.isdigit() and max(span.last for span in spans) > int(lines):
        yield f"{quote(cell)} lies beyond the {lines} lines of {source['source_id']}"
    elif not paged and any(span.page for span in spans):
        yield f"{beyond} is no PDF and has no pages"
    elif len(set(spans)) < len(spans):
        yield f"{quote(cell)} names the same lines twice"


def _dates(row: Row, name: str, _: _Tables) -> Problems:
    """Dates have the precision that is given for them, and periods end after they begin."""
    for precision in (one for one in row if one.endswith("_precision")):
        stem, said = precision.removesuffix("_precision"), row[precision]
        columns = [one for one in (stem, f"{stem}_from", f"{stem}_to") if one in row]
        dates = [row[one] for one in columns if row[one] and table(name).field(one).pattern == DATE]
        for cell in dates:
            has = _PRECISIONS.get(len(cell), said)
            # Areas are counted by the day, so theirs are written in full even if less is known
            if has != said and not (name in ("areas", "area_lineage") and said and has == "day"):
                yield precision, f"{quote(cell)} is precise to the {has}, not {quote(said)}"
        if said and not dates:
            yield precision, f"{quote(said)} is given without a date in {' or '.join(columns)}"
    for first in (one for one in row if one.endswith("_from")):
        last = f"{first.removesuffix('_from')}_to"
        if row[first][: len(row[last])] > row[last][: len(row[first])]:
            yield first, f"{quote(row[first])} is after {last} {quote(row[last])}"


def _scales(row: Row, name: str, tables: _Tables) -> Problems:
    """Ratings and progress are on the scale of their framework, and not another than printed."""
    column, inspection = "rating", "inspection_id"
    if name == "actions":
        column, inspection = "progress", "follow_up_inspection_id"
    word, printed = row[column], row[f"{column}_as_printed"]
    framework = tables.of("inspections", "framework_id", row[inspection])
    scale = tables.of("frameworks", "scale_id", framework)
    if not word or not {"inspections", "frameworks", "scales"} <= tables.keys():
        return
    known = tables.known("scales", "scale_id", "value")
    if not scale:
        yield column, f"no inspection under a framework with a scale goes with {quote(word)}"
    elif (scale, word) not in known and (scale,) in tables.known("scales", "scale_id"):
        words = [row["value"] for row in tables["scales"].values() if row["scale_id"] == scale]
        yield column, f"{quote(word)} is not on the scale of {framework}: {', '.join(words)}"
    if printed.casefold() in {value.casefold() for _, value in known} - {word.casefold()}:
        yield column, f"{quote(word)} stands beside {quote(printed)} as printed"


def _ratings(row: Row, _: str, tables: _Tables) -> Problems:
    if bool(row["rating"]) == bool(row["missing"]):
        yield "missing", "there is neither a rating nor a reason in missing, or both"
    if "rating_sources" in tables:
        known = tables.known("rating_sources", "rating_id", "says")
        if ((row["rating_id"], "otherwise") in known) != (row["basis"] == "contradicted"):
            yield "basis", "it does not go with whether a source says otherwise in rating_sources"
    aspect_set = tables.of("aspects", "set_id", row["aspect_id"])
    own = tables.of("aspect_sets", "framework_id", aspect_set)
    framework = tables.of("inspections", "framework_id", row["inspection_id"])
    if own and framework and own != framework:
        yield "aspect_id", f"it belongs to {own}, and the inspection to {framework}"


def _measures(row: Row, _: str, __: _Tables) -> Problems:
    value, printed = row["value"], row["value_as_printed"].replace(",", "")
    if bool(value) == (row["qualifier"] == "words"):
        yield "value", f"it does not go with the qualifier {quote(row['qualifier'])}"
    if _NUMBER.fullmatch(value) and _NUMBER.fullmatch(printed) and float(value) != float(printed):
        yield "value", f"{quote(value)} stands beside {quote(row['value_as_printed'])} as printed"


def _emptied(row: Row, name: str, tables: _Tables) -> Problems:
    """Cells that are filled where others of the row or of the set are."""
    if name == "aspects":
        others = tables.known("aspects", "set_id", "level", "is_critical")
        told = {(row["set_id"], row["level"], word) for word in ("true", "false")}
        if not row["is_critical"] and told & others:
            yield "is_critical", f"it is empty, although {row['set_id']} says it of other aspects"
    elif name == "sources":
        columns = ("sha256", "n_lines", "file_name")
        for column in columns:
            if not row[column] and any(row[other] for other in columns):
                yield column, "it is empty although the document was read as a whole"
    else:
        for who in ("first", "second", "settled"):
            if row[f"{who}_status"] == "mapped" and not row[f"{who}_relation"]:
                yield f"{who}_relation", f"it is empty although {who}_status is mapped"


def _lineage(row: Row, _: str, tables: _Tables) -> Problems:
    """A predecessor has ended when its successor begins, so no Area is its own ancestor."""
    began = tables.of("areas", "valid_from", row["successor_id"])
    ended = tables.of("areas", "valid_to", row["predecessor_id"]) or "no day"
    if began and not ended < began:
        yield "predecessor_id", f"it ended on {ended}, and its successor began on {began}"


def _fieldwork(row: Row, _: str, tables: _Tables) -> Problems:
    start = tables.of("areas", "valid_from", row["area_id"])
    end = tables.of("areas", "valid_to", row["area_id"]) or "now"
    for column in ("fieldwork_from", "fieldwork_to"):
        day = row[column]
        if not row["note"] and not start[: len(day)] <= day <= end[: len(day)]:
            life = f"the life of {row['area_id']}, {start} to {end}"
            yield column, f"{quote(day)} lies outside {life}, and no note says why"


# the most telling first: each, and the tables that it is for, all where none are named
_RULES: list[tuple[Rule, *tuple[str, ...]]] = [
    (_cells,),
    (_locators,),
    (_dates,),
    (_references,),
    (_emptied, "aspects", "sources", "crosswalk_review"),
    (_scales, "ratings", "actions"),
    (_ratings, "ratings"),
    (_measures, "measures"),
    (_lineage, "area_lineage"),
    (_fieldwork, "inspections"),
]
