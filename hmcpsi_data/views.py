"""The joined, readable views that most people want: Areas, aspects and ratings.

Each view names things instead of only giving their identifiers, and can be filtered. A filter takes
one value or several; a value that no table knows is an error that names the nearest known ones,
while a known value without rows gives an empty table with the same columns and types.
"""

from __future__ import annotations

import os

import pandas as pd
from pandas.api.types import is_bool

from hmcpsi_data.choosing import Wanted, choose
from hmcpsi_data.description import table
from hmcpsi_data.errors import DataError, UnknownValueError, quote
from hmcpsi_data.kept import kept
from hmcpsi_data.tables import load

__all__ = ["areas", "aspects", "counted", "look_up", "ratings"]

_Folder = str | os.PathLike[str] | None

_SEPARATOR = "; "
_ASPECTS = [
    "aspect_id", "set_id", "framework_id", "framework", "aspect", "label", "level", "parent_id",
    "parent", "is_critical", "position", "covers", "source_id", "locator",
]  # fmt: skip
_RATINGS = [
    "rating_id", "inspection_id", "area_id", "area", "framework_id", "framework", "set_id",
    "aspect_id", "aspect", "label", "level", "is_critical", "rating", "rating_as_printed",
    "missing", "speaker", "basis", "tier", "n_sources", "source_id", "source_title", "locator",
    "published", "published_precision", "fieldwork", "note",
]  # fmt: skip
_AREAS = [
    "area_id", "area", "kind", "valid_from", "valid_from_precision", "valid_to",
    "valid_to_precision", "names", "forces", "n_inspections", "n_ratings", "note", "source_id",
    "locator", "basis", "speaker",
]  # fmt: skip

# what a rating takes from its inspection and from its aspect
_OF_INSPECTION = [
    "area_id", "framework_id", "published", "published_precision", "fieldwork_from", "fieldwork_to",
]  # fmt: skip
_OF_ASPECT = ["set_id", "label", "level", "is_critical", "position"]


def areas(folder: _Folder = None) -> pd.DataFrame:
    """One row per Area, with the names it went by, its police forces and what is known of it.

    Parameters
    ----------
    folder : path, optional
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        `names` and `forces` list all of them, separated by "; ", and are empty where none is known.
        `n_inspections` and `n_ratings` count what the tables hold, not what there was; a rating
        that is missing or contradicted is not counted. `valid_to` is inclusive and empty while the
        Area is in being.

    Examples
    --------
    >>> known = areas().set_index("area_id")
    >>> known.loc["leicestershire_1999", ["valid_from", "valid_to", "forces"]].tolist()
    ['1999-04-01', '2011-03-31', 'Leicestershire']
    """
    known = load("areas", folder)
    ids = known["area_id"]
    inspected = load("inspections", folder)["area_id"]
    rated = counted(load("ratings", folder)).dropna(subset="rating")["inspection_id"]
    rated = look_up(rated, "inspections", ["area_id"], folder)["area_id"]
    known["area"] = known["name"]
    known["names"] = _listed(load("area_names", folder), "name", ids)
    known["forces"] = _listed(load("area_forces", folder), "force", ids)
    known["n_inspections"] = _counted(inspected, ids)
    known["n_ratings"] = _counted(rated, ids)
    return known[_AREAS]


def aspects(set_id: Wanted = None, folder: _Folder = None) -> pd.DataFrame:
    """One row per rated thing, set by set in the order as printed.

    Parameters
    ----------
    set_id : str or list of str, optional
        Only the aspects of these sets, by identifier or title.
    folder : path, optional
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        `aspect` is the label as printed or, where the document prints none, our own, which stands
        in `label` for all. `is_critical` is empty where the framework knows no such thing.

    Examples
    --------
    >>> aspects("opa_2005")["aspect"].tail(2).tolist()
    ['Managing performance to improve', 'Securing community confidence']
    """
    found = load("aspects", folder)
    set_of = look_up(found["set_id"], "aspect_sets", ["framework_id"], folder)
    framework = look_up(set_of["framework_id"], "frameworks", ["short_title"], folder)
    found = found.assign(
        framework_id=set_of["framework_id"],
        framework=framework["short_title"],
        aspect=found["label_as_printed"].fillna(found["label"]),
        parent=look_up(found["parent_id"], "aspects", ["label"], folder)["label"],
        _set=_place(found["set_id"], "aspect_sets", folder),
    ).sort_values(["_set", "position"], kind="stable")
    return _only(found, {"set_id": choose("set_id", set_id, folder)})[_ASPECTS]


def ratings(
    area: Wanted = None,
    framework: Wanted = None,
    set_id: Wanted = None,
    level: Wanted = None,
    critical: bool | None = None,
    theme: Wanted = None,
    rating: Wanted = None,
    speaker: Wanted = None,
    tier: Wanted = None,
    basis: Wanted = None,
    folder: _Folder = None,
) -> pd.DataFrame:
    """Ratings with everything needed to read them, filtered, inspection by inspection.

    Ratings are words of their framework's scale. They are never ordered here, and a word of one
    framework is not the same word of another.

    Parameters
    ----------
    area : str or list of str, optional
        Identifiers or names of Areas, with or without "CPS".
    framework : str or list of str, optional
        Identifiers, titles, short titles or rounds of frameworks. A round means all frameworks of
        that round.
    set_id : str or list of str, optional
        Identifiers or titles of sets of aspects.
    level : str or list of str, optional
        overall, section, criterion, aspect, subject or pilot_score.
    critical : bool, optional
        Only aspects that the framework counts as critical (True) or as not critical (False).
        Aspects of a framework that knows no such thing are neither.
    theme : str or list of str, optional
        Identifiers or titles of themes; the links are in the table `evidence`.
    rating : str or list of str, optional
        Words of any scale, such as "Good".
    speaker : str or list of str, optional
        inspectorate, inspected_body, parliament, press_and_other or project.
    tier : str or list of str, optional
        Whose publication the source is: inspectorate, inspected_body, parliament or
        press_and_other.
    basis : str or list of str, optional
        How the source carries the rating: stated, stated_in_prose, second_hand, derived, inferred
        or contradicted.
    folder : path, optional
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        In the order of the inspections, within one of them by set and position as printed. Where
        `rating` is empty, `missing` says why. `aspect` is the label as the rating's own source
        prints it, else `label`. `published` and `fieldwork` are those of the inspection, as precise
        as known. Progress on recommendations is no rating and stands in ``load("actions")``; where
        nothing fits, `coverage` says what is known and why the rest is not.
        A contradicted rating is among them, so that the conflict can be seen; `counted`
        takes it away, as every chart and every count of this package does. `n_sources` is how many
        sources say the same, the row's own among them (table ``rating_sources``).

    Raises
    ------
    UnknownValueError
        Where a value is not known for its filter.
    AmbiguousAreaError
        Where a name belongs to several Areas.

    Examples
    --------
    >>> ratings("Leicestershire", framework="OPA 2006", rating="Poor")["aspect"].tolist()
    ["Managing magistrates' courts cases"]
    >>> ratings("Leicestershire", framework="2022")["rating"].tolist()
    []
    """
    if not (critical is None or is_bool(critical)):
        raise UnknownValueError("critical", critical, ["True", "False"], "help(ratings)")
    wanted = {
        "area_id": choose("area", area, folder),
        "framework_id": choose("framework", framework, folder),
        "set_id": choose("set_id", set_id, folder),
        "level": choose("level", level, folder),
        "is_critical": None if critical is None else [bool(critical)],
        "rating_id": _ratings_of(choose("theme", theme, folder), folder),
        "rating": choose("rating", rating, folder),
        "speaker": choose("speaker", speaker, folder),
        "tier": choose("tier", tier, folder),
        "basis": choose("basis", basis, folder),
    }
    return _only(_joined_ratings(folder), wanted)[_RATINGS]


def counted(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that may take part in a chart or a count: all but the contradicted ones.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of any table; without a column `basis`, all of them.

    Examples
    --------
    >>> essex = ratings("Essex", framework="opa_2007")
    >>> len(essex), len(counted(essex))
    (1, 0)
    """
    if "basis" not in rows:
        return rows
    return rows[rows["basis"].ne("contradicted").fillna(True)]


def look_up(keys: pd.Series, name: str, columns: list[str], folder: _Folder = None) -> pd.DataFrame:
    """Columns of another table for each key, with the index of the keys.

    Where the table has no such key, or the key is empty, the row is empty.

    Raises
    ------
    DataError
        Where a key is there twice in the table, so that looking it up would have two answers.

    Examples
    --------
    >>> look_up(load("inspections")["area_id"], "areas", ["name"]).loc[0, "name"]
    'Leicestershire'
    """
    return _keyed(name, folder)[columns].reindex(keys).set_axis(keys.index)


def _keyed(name: str, folder: _Folder) -> pd.DataFrame:
    """A table with its key as index; a key that is there twice is an error."""
    described = table(name)
    (key,) = described.primary_key
    keyed = load(name, folder).set_index(key)
    if not keyed.index.is_unique:
        twice = keyed.index[keyed.index.duplicated()][0]
        fault = f"the key {quote(twice)} is there more than once"
        raise DataError(described.file, None, key, twice, fault, "Keep one of the rows.")
    return keyed


@kept(
    "ratings", "inspections", "frameworks", "aspects", "aspect_sets", "areas", "sources",
    "rating_sources",
)  # fmt: skip
def _joined_ratings(folder: _Folder) -> pd.DataFrame:
    """All ratings with what is known of their inspections, aspects and sources, in order."""
    found = load("ratings", folder)
    inspection = look_up(found["inspection_id"], "inspections", _OF_INSPECTION, folder)
    framework = look_up(inspection["framework_id"], "frameworks", ["short_title"], folder)
    aspect = look_up(found["aspect_id"], "aspects", _OF_ASPECT, folder)
    source = look_up(found["source_id"], "sources", ["title", "tier"], folder)
    joined = found.assign(
        **inspection,
        **aspect,
        area=look_up(inspection["area_id"], "areas", ["name"], folder)["name"],
        framework=framework["short_title"],
        aspect=found["label_as_printed"].fillna(aspect["label"]),
        tier=source["tier"],
        source_title=source["title"],
        n_sources=_n_sources(found["rating_id"], folder),
        fieldwork=_span(inspection["fieldwork_from"], inspection["fieldwork_to"]),
        _inspection=_place(found["inspection_id"], "inspections", folder),
        _set=_place(aspect["set_id"], "aspect_sets", folder),
    )
    return joined.sort_values(["_inspection", "_set", "position"], kind="stable")


def _n_sources(rating_ids: pd.Series, folder: _Folder) -> pd.Series:
    """How many sources state each rating, the one in its own row among them."""
    further = load("rating_sources", folder)
    further = further.loc[further["says"] == "same", "rating_id"].value_counts()
    return rating_ids.map(further).fillna(0).astype("Int64") + 1


def _place(keys: pd.Series, name: str, folder: _Folder) -> pd.Series:
    """The row at which each key stands in its table, which is the order to show things in."""
    return pd.Series(_keyed(name, folder).index.get_indexer(keys), index=keys.index)


def _ratings_of(themes: list[str] | None, folder: _Folder) -> pd.Series | None:
    """Identifiers of the ratings that are evidence for any of these themes."""
    if themes is None:
        return None
    evidence = load("evidence", folder)
    return evidence.loc[
        evidence["theme_id"].isin(themes) & evidence["table"].eq("ratings"), "row_id"
    ]


def _only(frame: pd.DataFrame, wanted: dict[str, list | pd.Series | None]) -> pd.DataFrame:
    """The rows that have one of the wanted values in each column; None wants all."""
    for column, values in wanted.items():
        if values is not None:
            frame = frame[frame[column].isin(values)]
    return frame.reset_index(drop=True)


def _span(first: pd.Series, last: pd.Series) -> pd.Series:
    """A period in words: one date where first and last agree or only one is known."""
    both = first.where(first.eq(last), first + " to " + last)
    return both.fillna(first).fillna(last)


def _listed(frame: pd.DataFrame, column: str, ids: pd.Series) -> pd.Series:
    """The different values of a column for each Area, in one cell."""
    distinct = frame[["area_id", column]].dropna().drop_duplicates()
    joined = distinct.groupby("area_id")[column].agg(_SEPARATOR.join).astype("string")
    return joined.reindex(ids).set_axis(ids.index)


def _counted(found: pd.Series, ids: pd.Series) -> pd.Series:
    """How often each Area is found."""
    counts = found.value_counts().astype("Int64")
    return counts.reindex(ids, fill_value=0).set_axis(ids.index)
