"""Which known values a person means by what was asked for, and which rows contain some words.

Filters take one value or several, by identifier or by name, whatever their case, spaces and marks.
What nobody knows is an error that names the nearest known values, never an empty result; an empty
list asks for nothing and gets nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd
from pandas.api.types import is_bool, is_list_like

from hmcpsi_data.errors import HmcpsiError, UnknownValueError
from hmcpsi_data.record.areas import find_area
from hmcpsi_data.record.joins import SEPARATOR, round_order
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

__all__ = [
    "ANYONE",
    "NOBODY",
    "Wanted",
    "among",
    "choose",
    "folded",
    "linked",
    "looks_for",
    "matching",
    "one_of",
    "only",
    "options",
    "search",
    "values_of",
    "watched_column",
    "yes_or_no",
]

Wanted = str | Iterable[str] | None

ANYONE, NOBODY = "anyone", "nobody"
"""Two values of the filter `monitored_by`: somebody is named, or nobody is."""

# filter: table, column of the values, further columns by which people know them
_LOOKED_UP = {
    "framework": ("frameworks", "framework_id", ("title", "short_title", "round")),
    "set_id": ("aspect_sets", "set_id", ("title",)),
    "aspect": ("aspects", "aspect_id", ("label", "label_as_printed")),
    "theme": ("themes", "theme_id", ("title",)),
    "rating": ("scales", "value", ()),
    "progress": ("scales", "value", ()),
    "round": ("frameworks", "round", ()),
}
# filter: table and column with a list of allowed values, and what people call them
_ENUMERATED: dict[str, tuple[str, str, tuple[Mapping[str, str], ...]]] = {
    "level": ("aspects", "level", (LEVELS, PLURALS)),
    "speaker": ("ratings", "speaker", (SPEAKERS,)),
    "tier": ("sources", "tier", (TIERS,)),
    "basis": ("ratings", "basis", (BASES,)),
    "kind": ("actions", "kind", (KINDS,)),
    "state": ("responses", "state", (STATES,)),
    "commitment": ("commitments", "kind", ()),
}
# filter: the column of a joined frame that it looks into, where it has another name
_COLUMNS = {
    "area": "area_id",
    "framework": "framework_id",
    "aspect": "aspect_id",
    "theme": "theme_ids",
    "commitment": "commitment_kind",
}
# filters whose columns may hold several values in one cell
_SEVERAL = ("theme", "tier", "basis", "speaker", "commitment")
_YEAR = re.compile(r"(\d{4})(?:-(\d{2}|\d{4}))?")
_WORDS_FOR: dict[str, Mapping[str, str]] = {
    "speaker": SPEAKERS,
    "tier": TIERS,
    "kind": FACTS,
    "missing": MISSING,
    "level": LEVELS,
}
_DATES = ("date", "published", "fieldwork", "when")


def choose(name: str, wanted: Wanted, record: RecordLike = None) -> list[str] | None:
    """The known values that were asked for, or None where nothing was asked.

    Parameters
    ----------
    name : str
        The filter: area, framework, round, set_id, aspect, level, theme, rating, progress, speaker,
        tier, basis, kind (of an action), state, commitment (its kind) or monitored_by. A round is
        also known by each year that it covers, a framework by its round as well.
    wanted : str, list of str or None
        What was asked, as identifiers or names. An empty list asks for nothing and gets nothing.
    record : Record or path, optional
        Another data folder than the shipped one.

    Returns
    -------
    list of str or None
        Identifiers.

    Raises
    ------
    UnknownValueError
        Where a value is not known.
    AmbiguousAreaError
        Where the name of an Area belongs to several.

    Examples
    --------
    >>> choose("framework", "opa 2006")
    ['opa_2005']
    >>> choose("theme", "victim letter")
    Traceback (most recent call last):
    hmcpsi_data.errors.UnknownValueError: theme "victim letter" is not known. Did you mean \
"Victim letters" or "victim_letters"? load("themes") lists all that are.
    """
    record = as_record(record)
    filters = record.once(_filters)
    one_of("filter", name, ["area", *filters], "help(choose)")
    if wanted is None:
        return None
    if name == "area":
        return [find_area(value, record=record) for value in values_of(wanted)]
    return _meant(name, wanted, filters[name])


def among(
    argument: str, wanted: Wanted, known: Mapping[str, str], listing: str
) -> list[str] | None:
    """The values of a list of codes and their words that were asked for; None where none was."""
    if wanted is None:
        return None
    names = [*((code, code) for code in known), *((word, code) for code, word in known.items())]
    return _meant(argument, wanted, _Known.of(names, listing))


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


def only(frame: pd.DataFrame, wanted: Mapping[str, list | None]) -> pd.DataFrame:
    """The rows that have one of the wanted values in each column; None wants all."""
    for column, values in wanted.items():
        if values is not None:
            frame = frame[frame[column].isin(values).fillna(False).astype(bool)]
    return frame


def linked(
    frame: pd.DataFrame, wanted: list[str] | None, column: str = "theme_ids"
) -> pd.DataFrame:
    """The rows whose cell, which may hold several values, holds one of the wanted ones."""
    if wanted is None:
        return frame
    values = set(wanted)
    fits = [not values.isdisjoint(str(cell).split(SEPARATOR)) for cell in frame[column]]
    return frame.loc[fits]


def search(frame: pd.DataFrame, text: str) -> pd.DataFrame:
    """The rows that contain all words of a text, in any order and in any column.

    Case, apostrophes, other marks and invisible characters make no difference; codes are found by
    what people call them as well. A part of a word finds the word, an empty text every row.

    Examples
    --------
    >>> from hmcpsi_data import load
    >>> search(load("themes"), "decisions VICTIMS letters")["theme_id"].tolist()
    ['victim_letters']
    """
    if not isinstance(frame, pd.DataFrame):
        raise HmcpsiError("Give search a table, such as ratings(), and a text.")
    if not looks_for(text) or frame.empty:
        return frame
    return frame[matching(folded(frame), text)]


def folded(frame: pd.DataFrame) -> pd.Series:
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


def looks_for(text: object) -> bool:
    """Whether a text has words to look for; what is no text is refused."""
    return bool(_needles(text))


def matching(texts: pd.Series, text: str) -> pd.Series:
    """Whether each of the folded texts contains all words of a text."""
    needles = _needles(text)
    return texts.map(lambda line: all(needle in line for needle in needles)).astype(bool)


def options(
    name: str, record: RecordLike = None, frame: pd.DataFrame | None = None
) -> list[tuple[str, str, int]]:
    """All values of a filter, as a person chooses among them.

    Identifier, what people call it, and in how many rows of the frame it stands (0 without one); in
    the order of the alphabet, rounds in that of time.

    Examples
    --------
    >>> options("tier")[0]
    ('parliament', 'Parliament', 0)
    """
    record = as_record(record)
    one_of("filter", name, ["area", *record.once(_filters)], "help(options)")
    if frame is not None and not isinstance(frame, pd.DataFrame):
        raise HmcpsiError("Give options a table to count in, such as ratings(), or None.")
    labels = _labels(name, record, frame)
    column = _COLUMNS.get(name, name)
    counts: Counter[str] = Counter()
    if frame is not None and column in frame:
        cells = frame[column].dropna().astype(str)
        if name in _SEVERAL:
            cells = cells.str.split(SEPARATOR).explode()
        counts.update(cells)
    if name == "monitored_by" and frame is not None and column in frame:
        counts[ANYONE], counts[NOBODY] = (
            int(n) for n in (frame[column].count(), frame[column].isna().sum())
        )
    found = [(value, label, counts[value]) for value, label in labels.items()]
    return found if name == "round" else sorted(found, key=lambda one: plain(one[1]))


def watched_column(record: Record) -> str:
    """The column that says who watches a promise."""
    return "monitored_by" if "monitored_by" in record.table("responses") else "watched_by"


# The inside -------------------------------------------------------------------------------------

_Names = list[tuple[str, str]]  # each name by which people know a value, with the value


class _Known(NamedTuple):
    """The values of a filter by name, as written and as compared, and the call that lists them."""

    names: _Names
    by_name: dict[str, dict[str, None]]
    values: frozenset[str]
    listing: str

    @classmethod
    def of(cls, names: _Names, listing: str) -> _Known:
        index: dict[str, dict[str, None]] = {}
        for name, value in names:
            index.setdefault(_simple(name), {})[value] = None
        return cls(names, index, frozenset(value for _, value in names), listing)


def _filters(record: Record) -> dict[str, _Known]:
    """What is known of each filter."""
    filters: dict[str, _Known] = {}
    for name, (table_name, key, others) in _LOOKED_UP.items():
        frame = record.table(table_name)
        if name == "progress":
            frame = frame[frame["scale_id"].isin(_scales(record, "progress"))]
        names = _pairs(frame, key, others)
        if name == "aspect":
            names += _pairs(record.table("ratings"), key, ("label_as_printed",))
        if name in ("framework", "round"):
            rounds = zip(frame["round"], frame[key], strict=True)
            names += [(year, value) for round_, value in rounds for year in _years(round_)]
        if name == "framework":
            names += _with_one_year(frame)
        filters[name] = _Known.of(names, f'load("{table_name}")')
    for name, (table_name, column, words) in _ENUMERATED.items():
        values = table(table_name).field(column).enum
        names = [(value, value) for value in values]
        names += [(word, value) for called in words for value, word in called.items()]
        filters[name] = _Known.of(names, f'codebook("{table_name}")')
    watched = watched_column(record)
    people = pd.concat([record.table(name)[watched] for name in ("responses", "commitments")])
    watchers = [ANYONE, NOBODY, *people.dropna().unique()]
    filters["monitored_by"] = _Known.of([(one, one) for one in watchers], 'load("responses")')
    return filters


def _pairs(frame: pd.DataFrame, key: str, others: tuple[str, ...]) -> _Names:
    """Each value under its own name and under those of other columns."""
    names: _Names = []
    for column in (key, *others):
        cells = zip(frame[column], frame[key], strict=True)
        names += [(str(name), str(value)) for name, value in cells if pd.notna(name)]
    return list(dict.fromkeys(names))


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
    rows = frameworks[["short_title", "round", "framework_id"]].astype(str).to_numpy().tolist()
    names: _Names = []
    for title, round_, framework_id in rows:
        stem = title.rpartition(" ")[0]
        stems = {stem, stem.removesuffix("s")} - {""}
        names += [(f"{one} {year}", framework_id) for one in stems for year in _years(round_)]
    return names


def _meant(argument: str, wanted: Wanted, known: _Known) -> list[str]:
    """The values that are known by the names that were asked for, each once."""
    meant: dict[str, None] = {}
    for asked in values_of(wanted):
        if isinstance(asked, str) and asked in known.values:
            meant[asked] = None  # an identifier means itself, whatever else bears the name
            continue
        simple = _simple(asked) if isinstance(asked, (str, int)) and not is_bool(asked) else ""
        if simple not in known.by_name:
            raise UnknownValueError(
                argument, asked, (name for name, _ in known.names), known.listing
            )
        meant |= known.by_name[simple]
    return list(meant)


def _simple(name: object) -> str:
    return plain(str(name).replace("&", " and "))


def _needles(text: object) -> list[str]:
    """The words to look for; None looks for nothing."""
    if text is None:
        return []
    if not isinstance(text, str):
        raise HmcpsiError(
            f'search takes a text, such as search="disclosure"; it was given {text!r:.40}.'
        )
    return plain(text).split()


def _scales(record: Record, measure_kind: str) -> list[str]:
    """The scales of the frameworks that rate, or of those that follow up."""
    frameworks = record.table("frameworks")
    of_kind = frameworks["measure_kind"].eq(measure_kind)
    return frameworks.loc[of_kind, "scale_id"].dropna().unique().tolist()


def _labels(name: str, record: Record, frame: pd.DataFrame | None) -> dict[str, str]:
    """What people call each value of a filter."""
    if name == "area":
        return _area_labels(record.table("areas"))
    if name == "round":
        return {one: one for one in round_order(record)}
    if name in ("rating", "progress"):
        scales = record.table("scales")
        values = scales.loc[scales["scale_id"].isin(_scales(record, name)), "value"]
        return {value: value for value in values.unique()}
    if name == "kind":
        is_facts = frame is not None and "row_id" in frame
        return dict(FACTS if is_facts else KINDS)
    if name in _ENUMERATED:
        words = {
            value: word for called in _ENUMERATED[name][2][:1] for value, word in called.items()
        }
        codes = table(_ENUMERATED[name][0]).field(_ENUMERATED[name][1]).enum
        return {code: words.get(code, code.replace("_", " ")) for code in codes}
    if name == "monitored_by":
        return {value: value for _, value in record.once(_filters)[name].names}
    table_name, key, others = _LOOKED_UP[name]
    rows = record.table(table_name)
    label = "short_title" if name == "framework" else others[0]
    return dict(zip(rows[key], rows[label], strict=True))


def _area_labels(areas: pd.DataFrame) -> dict[str, str]:
    """The name of each Area, with its years where another one bears it too."""
    twice = areas["name"].duplicated(keep=False)
    begun, ended = areas["valid_from"].str[:4], areas["valid_to"].str[:4]
    years = " (" + (begun + " to " + ended).fillna("since " + begun) + ")"
    labels = areas["name"].where(~twice, areas["name"] + years.fillna(""))
    return dict(zip(areas["area_id"], labels, strict=True))
