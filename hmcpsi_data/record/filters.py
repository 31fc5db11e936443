"""Which known values a person means by what was asked for, and which rows fit.

Filters take one value or several, by identifier or by name, whatever their case, spaces and marks.
What nobody knows is an error that names the nearest; an empty list asks for nothing.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from pandas.api.types import is_bool, is_list_like

from hmcpsi_data.errors import HmcpsiError, UnknownValueError
from hmcpsi_data.record.areas import find_area, refuse_if_never_met
from hmcpsi_data.record.joins import SEPARATOR, kept
from hmcpsi_data.record.sources import citations
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import (
    BASES,
    FACTS,
    KINDS,
    LEVELS,
    MISSING,
    SPEAKERS,
    STATES,
    TIERS,
    date_in_words,
    plain,
)

Wanted = str | Iterable[str] | None

ANYONE, NOBODY = "anyone", "nobody"  # of the filter monitored_by: somebody is named, or nobody is

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
    "level": ("level", "aspects", "level", LEVELS),
    "speaker": ("speaker", "ratings", "speaker", SPEAKERS),
    "tier": ("tier", "sources", "tier", TIERS),
    "basis": ("basis", "ratings", "basis", BASES),
    "kind": ("kind", "actions", "kind", KINDS),
    "state": ("state", "responses", "state", STATES),
    "commitment": ("commitment_kind", "commitments", "kind", {}),
    "monitored_by": ("monitored_by", "responses", "monitored_by", ("monitored_by",)),
}
_SEVERAL = ("theme_ids", "tier", "basis", "speaker", "commitment_kind")  # may share one cell
_YEAR = re.compile(r"(\d\d)(\d\d)(?:-(\d\d))?")
# what a search finds beside the cells themselves: words for codes, and dates in words
_WORDS_FOR: dict[str, Mapping[str, str]] = {
    "speaker": SPEAKERS,
    "tier": TIERS,
    "basis": BASES,
    "kind": FACTS,
    "missing": MISSING,
    "level": LEVELS,
}
_DATES = ("date", "published", "fieldwork", "when")


# What is meant ----------------------------------------------------------------------------------


def choose(name: str, wanted: Wanted, record: RecordLike = None) -> list[str] | None:
    """The identifiers that were asked for by any name, or None where nothing was asked.

    >>> choose("framework", "opa 2006")
    ['opa_2005']
    """
    record = as_record(record)
    one_of("filter", name, _FILTERS, "help(choose)")
    if wanted is None:
        return None
    if name == "area":
        return [find_area(value, record=record) for value in values_of(wanted)]
    return among(name, wanted, *kept(record, _known, name))


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
    names = [*((value, value) for value in labels), *((label, v) for v, label in labels.items())]
    by_name: dict[str, list[str]] = defaultdict(list)
    for name, value in [*names, *others]:
        by_name[_simple(name)].append(value)
    found: dict[str, None] = {}
    for asked in values_of(wanted):
        if isinstance(asked, str) and asked in labels:
            found[asked] = None  # an identifier means itself, whatever else bears the name
            continue
        simple = _simple(asked) if isinstance(asked, (str, int)) and not is_bool(asked) else ""
        if simple not in by_name:
            known = [name for name, _ in [*names, *others]]
            raise UnknownValueError(argument, asked, known, listing)
        found |= dict.fromkeys(by_name[simple])
    return list(found)


def _simple(name: object) -> str:
    return plain(str(name).replace("&", " and "))


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


def options(
    name: str, record: RecordLike = None, frame: pd.DataFrame | None = None
) -> list[tuple[str, str, int]]:
    """All values of a filter in order: identifier, label, and number of rows of the frame."""
    record = as_record(record)
    labels = kept(record, _known, name)[0]
    counts: Counter[str] = Counter()
    column = _FILTERS[name][0]
    if frame is not None and column in frame:
        cells = frame[column].dropna().astype(str)
        counts.update(cells.str.split(SEPARATOR).explode() if column in _SEVERAL else cells)
        if name == "kind" and "row_id" in frame:  # kinds of statement, not of action
            labels = FACTS
        if name == "monitored_by":
            counts[ANYONE], counts[NOBODY] = len(cells), len(frame) - len(cells)
    found = [(value, label, counts[value]) for value, label in labels.items()]
    return found if name == "round" else sorted(found, key=lambda one: plain(one[1]))


def _known(record: Record, name: str) -> tuple[Mapping[str, str], str, Sequence[tuple[str, str]]]:
    """The values of a filter with their labels, the call that lists them, and other names."""
    _, table_name, key, called = _FILTERS[name]
    if isinstance(called, Mapping):
        codes = table(table_name).field(key).enum
        labels = {code: called.get(code, code.replace("_", " ")) for code in codes}
        return labels, f'codebook("{table_name}")', []
    rows = record.table(table_name)
    if name in ("rating", "progress"):
        frameworks = record.table("frameworks")
        rated = frameworks.loc[frameworks["measure_kind"].eq(name), "scale_id"]
        rows = rows[rows["scale_id"].isin(rated.dropna())]
    elif name == "monitored_by":
        anybody = pd.DataFrame({key: [ANYONE, NOBODY]})
        rows = pd.concat([anybody, rows, record.table("commitments")])
    rows = rows.dropna(subset=key)
    labels = dict(zip(rows[key], rows[called[0]], strict=True))
    others = [
        (str(other), str(value))
        for column in called[1:]
        for other, value in rows[[column, key]].dropna().itertuples(index=False)
    ]
    if name == "area":
        labels = _area_labels(rows)
    elif name in ("framework", "round"):
        # by each year of its round, and with that in place of the round, as people say: "OPA 2006"
        columns = rows[["short_title", "round", key]].dropna()
        for title, of, value in columns.itertuples(index=False):
            years = [(year, value) for year in _years(of)]
            said = [(f"{title.rpartition(' ')[0]} {year}", value) for year, _ in years]
            others += [*years, *(said if name == "framework" else [])]
    return labels, f'load("{table_name}")', others


def _area_labels(areas: pd.DataFrame) -> dict[str, str]:
    """The name of each Area, with its years where another one bears it too."""
    begun, ended = areas["valid_from"].str[:4], areas["valid_to"].str[:4]
    years = (" (" + (begun + " to " + ended).fillna("since " + begun) + ")").fillna("")
    labels = areas["name"].where(~areas["name"].duplicated(keep=False), areas["name"] + years)
    return dict(zip(areas["area_id"], labels, strict=True))


def _years(round_: str) -> list[str]:
    """The years that the label of a round covers."""
    match = _YEAR.match(round_)
    if match is None:
        return []
    century, first, last = match.groups()
    return [f"{century}{year:02}" for year in range(int(first), int(last or first) + 1)]


# Which rows fit ---------------------------------------------------------------------------------


def meant(record: Record, **asked: Wanted) -> dict[str, list | None]:
    """The columns to look into and their wanted values; Areas that met no framework are refused."""
    wanted: dict[str, list | None] = {
        _FILTERS[name][0]: choose(name, one, record) for name, one in asked.items()
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


def filtered(
    make: Callable[[Record], pd.DataFrame],
    wanted: Mapping[str, list | None],
    text: str,
    record: Record,
) -> pd.DataFrame:
    """The rows of what `make` makes of the record that fit and contain a text, numbered anew."""
    rows = only(record.once(make), wanted)
    if needles := _needles(text):
        rows = rows[_contain(kept(record, _searched_rows, make)[rows.index], needles)]
    return rows.reset_index(drop=True)


def search(frame: pd.DataFrame, text: str) -> pd.DataFrame:
    """The rows that contain all words of a text, in any order and in any column.

    Case, marks and invisible characters make no difference; codes are found by their words too.

    >>> from hmcpsi_data import load
    >>> search(load("themes"), "decisions VICTIMS letters")["theme_id"].tolist()
    ['victim_letters']
    """
    needles = _needles(text)
    return frame[_contain(searched(frame), needles)] if needles and len(frame) else frame


def _needles(text: object) -> list[str]:
    if text is not None and not isinstance(text, str):
        raise HmcpsiError(
            f'search takes a text, such as search="disclosure"; it was given {text!r:.40}.'
        )
    return plain(text or "").split()


def _contain(texts: pd.Series, needles: list[str]) -> pd.Series:
    return texts.map(lambda line: all(needle in line for needle in needles)).astype(bool)


def _searched_rows(record: Record, make: Callable[[Record], pd.DataFrame]) -> pd.Series:
    return searched(record.once(make), record)


def searched(frame: pd.DataFrame, record: Record | None = None) -> pd.Series:
    """All that a search looks into, row by row: each cell, and its words where it is a code."""
    shown = frame.copy()
    if record is not None and "source_id" in frame:
        shown["source in words"] = citations(frame, record)
    for column in frame:
        name = str(column)
        if name in _WORDS_FOR:
            shown[f"{name} in words"] = frame[column].map(dict(_WORDS_FOR[name]))
        elif name.startswith(_DATES) and not name.endswith(("precision", "kind")):
            shown[f"{name} in words"] = frame[column].map(date_in_words)
    cells = shown.astype(object).where(shown.notna(), "").itertuples(index=False, name=None)
    return pd.Series([plain(" ".join(map(str, row))) for row in cells], frame.index, dtype=object)
