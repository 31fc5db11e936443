"""Which known values a person means, by identifier or by name, and which rows fit."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd
from pandas.api.types import is_bool, is_list_like

from hmcpsi_data import words
from hmcpsi_data.errors import HmcpsiError, UnknownValueError
from hmcpsi_data.record.areas import find_area, refuse_if_never_met
from hmcpsi_data.record.joins import SEPARATOR
from hmcpsi_data.record.sources import citations
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import plain

Wanted = str | Iterable[str] | None
_Make = Callable[[Record], pd.DataFrame]
_Values = Mapping[str, list | None]

# Filter: the column of a joined frame that it looks into; table and column of its values; and by
# what else people know them, which are other columns, the label first, or words for each code.
_FILTERS: dict[str, tuple[str, str, str, tuple[str, ...] | Mapping[str, str]]] = {
    "area": ("area_id", "areas", "area_id", ("name",)),
    "framework": ("framework_id", "frameworks", "framework_id", ("short_title", "title", "round")),
    "set_id": ("set_id", "aspect_sets", "set_id", ("title",)),
    "aspect": ("aspect_id", "aspects", "aspect_id", ("label", "label_as_printed")),
    "theme": ("theme_ids", "themes", "theme_id", ("title",)),
    "rating": ("rating", "scales", "value", ("value",)),
    "progress": ("progress", "scales", "value", ("value",)),
    "round": ("round", "frameworks", "round", ("round",)),
    "level": ("level", "aspects", "level", words.LEVELS),
    "speaker": ("speaker", "ratings", "speaker", words.SPEAKERS),
    "tier": ("tier", "sources", "tier", words.TIERS),
    "basis": ("basis", "ratings", "basis", words.BASES),
    "kind": ("kind", "actions", "kind", words.KINDS),
    "state": ("state", "responses", "state", words.STATES),
    "commitment": ("commitment_kind", "commitments", "kind", {}),
    "monitored_by": ("monitored_by", "responses", "monitored_by", ("monitored_by",)),
}
_SEVERAL = ("theme_ids", "tier", "basis", "speaker", "commitment_kind")  # may share one cell
_YEAR = re.compile(r"(\d{4})(?:-(\d\d))?")
# what a search finds beside the cells themselves: words for codes, and dates in words
_WORDS_FOR: dict[str, Mapping[str, str]] = {
    column: called for column, _, _, called in _FILTERS.values() if isinstance(called, Mapping)
} | {"kind": words.FACTS, "missing": words.MISSING}
_DATES = ("date", "published", "fieldwork", "when")


def choose(name: str, wanted: Wanted, record: RecordLike = None) -> list[str] | None:
    """The identifiers that were asked for by any name, or None where nothing was asked."""
    record = as_record(record)
    one_of("filter", name, _FILTERS, "help(choose)")
    if name == "area" and wanted is not None:
        values: list[Any] = list(wanted) if is_list_like(wanted) else [wanted]
        return [find_area(value, record=record) for value in values]
    return among(name, wanted, *record.once(_known, name))


def among(
    argument: str,
    wanted: Wanted,
    labels: Mapping[str, str],
    listing: str,
    others: Iterable[tuple[str, str]] = (),
) -> list[str] | None:
    """The values that were asked for by themselves, their labels or other names; None for None."""
    if wanted is None:
        return None
    names = [*zip(labels, labels, strict=True), *((name, v) for v, name in labels.items()), *others]
    by_name: dict[str, list[str]] = defaultdict(list)
    for name, value in names:
        by_name[_simple(name)].append(value)
    found: list[str] = []
    for asked in list(wanted) if is_list_like(wanted) else [wanted]:
        simple = _simple(asked) if isinstance(asked, (str, int)) and not is_bool(asked) else ""
        # an identifier means itself, whatever else bears the name
        meant_by = [asked] if isinstance(asked, str) and asked in labels else by_name.get(simple)
        if meant_by is None:
            raise UnknownValueError(argument, asked, [name for name, _ in names], listing)
        found += meant_by
    return [*dict.fromkeys(found)]


def _simple(name: object) -> str:
    return plain(str(name).replace("&", " and "))


def one_of(argument: str, value: object, known: Iterable[str], listing: str) -> str:
    """A choice as it was given, where it is one of those that are known."""
    known = list(known)
    if isinstance(value, str) and value in known:
        return value
    raise UnknownValueError(argument, value, known, listing)


def yes_or_no(argument: str, value: object) -> bool | None:
    """True, False or None as they were given; anything else is refused."""
    if value is not None and not is_bool(value):
        raise UnknownValueError(argument, value, ["True", "False"], "help()")
    return None if value is None else bool(value)


def options(
    name: str, record: RecordLike = None, frame: pd.DataFrame | None = None
) -> list[tuple[str, str, int]]:
    """All values of a filter in order: identifier, label, and number of rows of the frame."""
    labels, column = as_record(record).once(_known, name)[0], _FILTERS[name][0]
    counts: Counter[str] = Counter()
    if frame is not None and column in frame:
        counts.update(frame[column].dropna().astype(str).str.split(SEPARATOR).explode())
        if name == "kind" and "row_id" in frame:  # kinds of statement, not of action
            labels = words.FACTS
    found = [(value, label, counts[value]) for value, label in labels.items()]
    return found if name == "round" else sorted(found, key=lambda one: plain(one[1]))


def _known(record: Record, name: str) -> tuple[Mapping[str, str], str, list[tuple[str, str]]]:
    """The values of a filter with their labels, the call that lists them, and other names."""
    _, table_name, key, called = _FILTERS[name]
    if isinstance(called, Mapping):
        codes = table(table_name).field(key).enum
        labels = {code: called.get(code, code.replace("_", " ")) for code in codes}
        return labels, f'codebook("{table_name}")', []
    rows = record.table(table_name)
    if name in ("rating", "progress"):
        rated = only(record.table("frameworks"), {"measure_kind": [name]})["scale_id"]
        rows = rows[rows["scale_id"].isin(rated.dropna())]
    elif name == "monitored_by":
        rows = pd.concat([rows, record.table("commitments")])
    elif name == "area":  # with its years where another Area bears the name too
        begun, ended = rows["valid_from"].str[:4], rows["valid_to"].str[:4]
        lived = (" (" + (begun + " to " + ended).fillna("since " + begun) + ")").fillna("")
        twice = rows["name"].duplicated(keep=False)
        rows = rows.assign(name=rows["name"] + lived.where(twice, ""))
    rows = rows.dropna(subset=key)
    labels = dict(zip(rows[key], rows[called[0]], strict=True))
    others: list[tuple[str, str]] = []
    for column in called[1:]:
        named = rows.dropna(subset=column)
        others += zip(named[column], named[key], strict=True)
    if name in ("framework", "round"):
        # by each year of its round, and with that in place of the round, as people say: "OPA 2006"
        for title, span, value in rows[["short_title", "round", key]].itertuples(index=False):
            if match := _YEAR.match(span):
                first, last = int(match[1]), int(match[1][:2] + (match[2] or match[1][2:]))
                for year in map(str, range(first, last + 1)):
                    others += [(year, value), (f"{title.rpartition(' ')[0]} {year}", value)]
    return labels, f'load("{table_name}")', others


def meant(record: Record, **asked: Wanted) -> dict[str, list | None]:
    """The columns to look into and their wanted values; Areas that met no framework are refused."""
    wanted = {_FILTERS[name][0]: choose(name, one, record) for name, one in asked.items()}
    refuse_if_never_met(wanted.get("area_id"), wanted.get("framework_id"), record)
    return wanted


def only(frame: pd.DataFrame, wanted: _Values) -> pd.DataFrame:
    """The rows that have one of the wanted values in each column; None wants all."""
    for column, values in wanted.items():
        if values is None:
            continue
        if column in _SEVERAL:
            one = set(values)
            frame = frame.loc[[not one.isdisjoint(str(c).split(SEPARATOR)) for c in frame[column]]]
        else:
            frame = frame[frame[column].isin(values).fillna(False).astype(bool)]
    return frame


def filtered(make: _Make, wanted: _Values, text: str, record: Record) -> pd.DataFrame:
    """The rows of what `make` makes of the record that fit and contain a text, numbered anew."""
    rows = only(record.once(make), wanted)
    texts = record.once(_texts, make)[rows.index] if isinstance(text, str) and text else None
    return search(rows, text, texts).reset_index(drop=True)


def _texts(record: Record, make: _Make) -> pd.Series:
    return searched(record.once(make), record)


def search(frame: pd.DataFrame, text: str, texts: pd.Series | None = None) -> pd.DataFrame:
    """The rows that contain all words of a text, in any order, whatever their case and marks."""
    if text is not None and not isinstance(text, str):
        told = f'search takes a text, such as search="disclosure"; it was given {text!r:.40}.'
        raise HmcpsiError(told)
    needles = plain(text or "").split()
    if not needles or frame.empty:
        return frame
    lines = searched(frame) if texts is None else texts
    return frame[[all(needle in line for needle in needles) for line in lines]]


def searched(frame: pd.DataFrame, record: Record | None = None) -> pd.Series:
    """All that a search looks into, row by row: each cell, and its words where it is a code."""
    shown = frame.copy()
    if record is not None and "source_id" in frame:
        shown["source in words"] = citations(frame, record)
    for column in map(str, frame):
        if column in _WORDS_FOR:
            shown[f"{column} in words"] = frame[column].map(dict(_WORDS_FOR[column]))
        elif column.startswith(_DATES) and not column.endswith(("precision", "kind")):
            shown[f"{column} in words"] = frame[column].map(words.date_in_words)
    cells = shown.astype(object).where(shown.notna(), "").itertuples(index=False, name=None)
    return pd.Series([plain(" ".join(map(str, row))) for row in cells], frame.index, dtype=object)
