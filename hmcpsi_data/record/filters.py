"""Which known values a person means by what was asked for, and which rows contain some words.

Filters take one value or several, by identifier or by name, whatever their case, spaces and marks.
What nobody knows is an error that names the nearest known values, never an empty result; an empty
list asks for nothing and gets nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd
from pandas.api.types import is_bool, is_list_like

from hmcpsi_data.errors import HmcpsiError, UnknownValueError
from hmcpsi_data.record.areas import find_area, refuse_if_never_met
from hmcpsi_data.record.joins import SEPARATOR, kept, round_order
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import (
    BASES,
    FACTS,
    KINDS,
    LEVELS,
    MISSING,
    PLURALS,
    SPEAKERS,
    STATES,
    TIERS,
    date_in_words,
    plain,
)

Wanted = str | Iterable[str] | None

ANYONE, NOBODY = "anyone", "nobody"  # of the filter monitored_by: somebody is named, or nobody is

# filter: table, column of the values, the names by which people know them, their label first
_LOOKED_UP = {
    "framework": ("frameworks", "framework_id", ("short_title", "title", "round")),
    "set_id": ("aspect_sets", "set_id", ("title",)),
    "aspect": ("aspects", "aspect_id", ("label", "label_as_printed")),
    "theme": ("themes", "theme_id", ("title",)),
    "rating": ("scales", "value", ("value",)),
    "progress": ("scales", "value", ("value",)),
    "round": ("frameworks", "round", ("round",)),
}
# filter: table and column with a list of allowed values, and what people call them
_ENUMERATED: dict[str, tuple[str, str, Mapping[str, str]]] = {
    "level": ("aspects", "level", LEVELS),
    "speaker": ("ratings", "speaker", SPEAKERS),
    "tier": ("sources", "tier", TIERS),
    "basis": ("ratings", "basis", BASES),
    "kind": ("actions", "kind", KINDS),
    "state": ("responses", "state", STATES),
    "commitment": ("commitments", "kind", {}),
}
_FILTERS = ["area", *_LOOKED_UP, *_ENUMERATED, "monitored_by"]
# filter: the column of a joined frame that it looks into, where it has another name
_COLUMNS = {
    "area": "area_id",
    "framework": "framework_id",
    "aspect": "aspect_id",
    "theme": "theme_ids",
    "commitment": "commitment_kind",
}
_SEVERAL = ("theme_ids", "tier", "basis", "speaker", "commitment_kind")  # may share one cell
_YEAR = re.compile(r"(\d{4})(?:-(\d{2}|\d{4}))?")
_WORDS_FOR: dict[str, Mapping[str, str]] = {
    "speaker": SPEAKERS,
    "tier": TIERS,
    "kind": FACTS,
    "missing": MISSING,
    "level": LEVELS,
}
_DATES = ("date", "published", "fieldwork", "when")


# What is meant ----------------------------------------------------------------------------------


def choose(name: str, wanted: Wanted, record: RecordLike = None) -> list[str] | None:
    """The identifiers that were asked for by any name, or None where nothing was asked.

    A round is also known by each year that it covers, a framework by its round as well. A value
    that is not known is an error that names the nearest.

    >>> choose("framework", "opa 2006")
    ['opa_2005']
    >>> choose("theme", "victim letter")
    Traceback (most recent call last):
    hmcpsi_data.errors.UnknownValueError: theme "victim letter" is not known. Did you mean \
"Victim letters" or "victim_letters"? load("themes") lists all that are.
    """
    record = as_record(record)
    one_of("filter", name, _FILTERS, "help(choose)")
    if wanted is None:
        return None
    if name == "area":
        return [find_area(value, record=record) for value in values_of(wanted)]
    return _meant(name, wanted, kept(record, _known, name))


def among(
    argument: str, wanted: Wanted, known: Mapping[str, str], listing: str
) -> list[str] | None:
    """The values of a list of codes and their words that were asked for; None where none was."""
    if wanted is None:
        return None
    return _meant(argument, wanted, _Known.of(known, [(word, one) for one, word in known.items()],
                                              listing))  # fmt: skip


def one_of(argument: str, value: object, known: Iterable[str], listing: str) -> str:
    """A choice as it was given, where it is one of those that are known."""
    known = list(known)
    if not isinstance(value, str) or value not in known:
        raise UnknownValueError(argument, value, known, listing)
    return value


def yes_or_no(argument: str, value: object) -> bool | None:
    """True, False or None as they were given; anything else is refused."""
    if value is None or is_bool(value):
        return None if value is None else bool(value)
    raise UnknownValueError(argument, value, ["True", "False"], "help()")


def values_of(wanted: Any) -> list[Any]:
    """What was asked for as a list, also where it was one value."""
    return list(wanted) if is_list_like(wanted) else [wanted]


# Which rows fit ---------------------------------------------------------------------------------


def meant(record: Record, **asked: Wanted) -> dict[str, list | None]:
    """The columns to look into and their wanted values, by the names of the filters.

    An Area that no framework asked for can have met is refused.
    """
    wanted: dict[str, list | None] = {
        _COLUMNS.get(name, name): choose(name, one, record) for name, one in asked.items()
    }
    refuse_if_never_met(wanted.get("area_id"), wanted.get("framework_id"), record)
    return wanted


def only(frame: pd.DataFrame, wanted: Mapping[str, list | None]) -> pd.DataFrame:
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


def searched(
    rows: pd.DataFrame, text: str, make: Callable[[Record], pd.DataFrame], record: Record
) -> pd.DataFrame:
    """The rows of what `make` made of the record that contain all words of a text, numbered anew.

    The texts that are looked into are kept with the record.
    """
    if needles := _needles(text):
        rows = rows[_contain(kept(record, _folded_rows, make).loc[rows.index], needles)]
    return rows.reset_index(drop=True)


def search(frame: pd.DataFrame, text: str) -> pd.DataFrame:
    """The rows that contain all words of a text, in any order and in any column.

    Case, apostrophes, other marks and invisible characters make no difference; codes are found by
    what people call them as well. A part of a word finds the word, an empty text every row.

    >>> from hmcpsi_data import load
    >>> search(load("themes"), "decisions VICTIMS letters")["theme_id"].tolist()
    ['victim_letters']
    """
    if not isinstance(frame, pd.DataFrame):
        raise HmcpsiError("Give search a table, such as ratings(), and a text.")
    needles = _needles(text)
    return frame[_contain(_folded(frame), needles)] if needles and len(frame) else frame


def _needles(text: object) -> list[str]:
    """The words to look for; None looks for nothing."""
    if text is not None and not isinstance(text, str):
        raise HmcpsiError(
            f'search takes a text, such as search="disclosure"; it was given {text!r:.40}.'
        )
    return plain(text or "").split()


def _contain(texts: pd.Series, needles: list[str]) -> pd.Series:
    return texts.map(lambda line: all(needle in line for needle in needles)).astype(bool)


def _folded_rows(record: Record, make: Callable[[Record], pd.DataFrame]) -> pd.Series:
    return _folded(record.once(make))


def _folded(frame: pd.DataFrame) -> pd.Series:
    """All that a search looks into, row by row: each cell, and its words where it is a code."""
    shown = frame.copy()
    for column in frame:
        name = str(column)
        if name in _WORDS_FOR:
            shown[f"{name} in words"] = frame[column].map(dict(_WORDS_FOR[name]))
        elif name.startswith(_DATES) and not name.endswith(("precision", "kind")):
            shown[f"{name} in words"] = frame[column].map(date_in_words)
    cells = shown.astype(object).where(shown.notna(), "").itertuples(index=False, name=None)
    return pd.Series([plain(" ".join(map(str, row))) for row in cells], frame.index, dtype=object)


# What people choose among -----------------------------------------------------------------------


def options(
    name: str, record: RecordLike = None, frame: pd.DataFrame | None = None
) -> list[tuple[str, str, int]]:
    """All values of a filter, as a person chooses among them, in the order of the alphabet.

    Identifier, what people call it, and in how many rows of the frame it stands (0 without one).

    >>> options("tier")[0]
    ('parliament', 'Parliament', 0)
    """
    record = as_record(record)
    one_of("filter", name, _FILTERS, "help(options)")
    if frame is not None and not isinstance(frame, pd.DataFrame):
        raise HmcpsiError("Give options a table to count in, such as ratings(), or None.")
    labels = _area_labels(record) if name == "area" else kept(record, _known, name).labels
    counts: Counter[str] = Counter()
    column = _COLUMNS.get(name, name)
    if frame is not None and column in frame:
        cells = frame[column].dropna().astype(str)
        counts.update(cells.str.split(SEPARATOR).explode() if column in _SEVERAL else cells)
        if name == "kind" and "row_id" in frame:  # kinds of statement, not of action
            labels = FACTS
        if name == "monitored_by":
            counts[ANYONE], counts[NOBODY] = len(cells), len(frame) - len(cells)
    found = [(value, label, counts[value]) for value, label in labels.items()]
    return found if name == "round" else sorted(found, key=lambda one: plain(one[1]))


def _area_labels(record: Record) -> dict[str, str]:
    """The name of each Area, with its years where another one bears it too."""
    areas = record.table("areas")
    begun, ended = areas["valid_from"].str[:4], areas["valid_to"].str[:4]
    years = (" (" + (begun + " to " + ended).fillna("since " + begun) + ")").fillna("")
    twice = areas["name"].duplicated(keep=False)
    labels = areas["name"].where(~twice, areas["name"] + years)
    return dict(zip(areas["area_id"], labels, strict=True))


# What is known ----------------------------------------------------------------------------------

_Names = list[tuple[str, str]]  # each name by which people know a value, with the value


class _Known(NamedTuple):
    """The values of a filter with their labels, all by name, and the call that lists them."""

    labels: Mapping[str, str]
    names: _Names
    by_name: dict[str, dict[str, None]]
    listing: str

    @classmethod
    def of(cls, labels: Mapping[str, str], others: _Names, listing: str) -> _Known:
        names = list(dict.fromkeys([*((value, value) for value in labels), *others]))
        by_name: dict[str, dict[str, None]] = {}
        for name, value in names:
            by_name.setdefault(_simple(name), {})[value] = None
        return cls(labels, names, by_name, listing)


def _known(record: Record, name: str) -> _Known:
    """What is known of one filter."""
    if name == "monitored_by":
        people = pd.concat([record.table(one)[name] for one in ("responses", "commitments")])
        watchers = [ANYONE, NOBODY, *people.dropna().unique()]
        return _Known.of({one: one for one in watchers}, [], 'load("responses")')
    if name in _ENUMERATED:
        table_name, column, called = _ENUMERATED[name]
        codes = table(table_name).field(column).enum
        labels = {code: called.get(code, code.replace("_", " ")) for code in codes}
        words = [*labels.items(), *(PLURALS.items() if name == "level" else ())]
        return _Known.of(
            labels, [(word, code) for code, word in words], f'codebook("{table_name}")'
        )
    table_name, key, columns = _LOOKED_UP[name]
    frame = record.table(table_name)
    names = [] if name == "progress" else _pairs(frame, key, columns)
    if name in ("rating", "progress"):
        frame = frame[frame["scale_id"].isin(_scales(record, name))]
        names += _pairs(frame, key, columns)
    elif name == "aspect":
        names += _pairs(record.table("ratings"), key, ("label_as_printed",))
    elif name in ("framework", "round"):
        rounds = zip(frame["round"], frame[key], strict=True)
        names += [(year, value) for round_, value in rounds for year in _years(round_)]
        names += _with_one_year(frame) if name == "framework" else []
    labels = dict(zip(frame[key], frame[columns[0]], strict=True))
    if name == "round":
        labels = {one: one for one in round_order(record)}
    return _Known.of(labels, names, f'load("{table_name}")')


def _pairs(frame: pd.DataFrame, key: str, columns: tuple[str, ...]) -> _Names:
    """Each value with its names of these columns."""
    return [
        (str(name), str(value))
        for column in columns
        for name, value in zip(frame[column], frame[key], strict=True)
        if pd.notna(name)
    ]


def _scales(record: Record, measure_kind: str) -> list[str]:
    """The scales of the frameworks that rate, or of those that follow up."""
    frameworks = record.table("frameworks")
    return frameworks.loc[frameworks["measure_kind"].eq(measure_kind), "scale_id"].dropna().tolist()


def _years(round_: object) -> list[str]:
    """The years that the label of a round covers.

    >>> _years("2008-10"), _years("2016 pilots"), _years("thematic")
    (['2008', '2009', '2010'], ['2016'], [])
    """
    match = _YEAR.match(str(round_))
    if match is None:
        return []
    first, last = int(match[1]), match[2] or match[1]
    last_year = int(last) if len(last) == 4 else first - first % 100 + int(last)
    return [str(year) for year in range(first, min(last_year, first + 99) + 1)]


def _with_one_year(frameworks: pd.DataFrame) -> _Names:
    """Short titles with one year in place of the span, as people say them: "OPA 2006"."""
    names: _Names = []
    for title, round_, value in zip(*(frameworks[c] for c in ("short_title", "round",
                                    "framework_id")), strict=True):  # fmt: skip
        stem = str(title).rpartition(" ")[0]
        stems = {stem, stem.removesuffix("s")} - {""}
        names += [(f"{one} {year}", value) for one in sorted(stems) for year in _years(round_)]
    return names


def _meant(argument: str, wanted: Wanted, known: _Known) -> list[str]:
    """The values that are known by the names that were asked for, each once."""
    found: dict[str, None] = {}
    for asked in values_of(wanted):
        if isinstance(asked, str) and asked in known.labels:
            found[asked] = None  # an identifier means itself, whatever else bears the name
            continue
        simple = _simple(asked) if isinstance(asked, (str, int)) and not is_bool(asked) else ""
        if simple not in known.by_name:
            raise UnknownValueError(
                argument, asked, (name for name, _ in known.names), known.listing
            )
        found |= known.by_name[simple]
    return list(found)


def _simple(name: object) -> str:
    return plain(str(name).replace("&", " and "))
