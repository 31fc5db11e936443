"""The joined, readable views that most people want: Areas, aspects and ratings.

Each view names things instead of only giving their identifiers, and can be filtered. A value that
no table knows is an error that names the nearest known ones, while a known value without rows gives
an empty table with the same columns and types.
"""

from __future__ import annotations

import pandas as pd

from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.record.areas import refuse_if_never_met
from hmcpsi_data.record.filters import (
    Wanted,
    choose,
    folded,
    linked,
    looks_for,
    matching,
    only,
    yes_or_no,
)
from hmcpsi_data.record.joins import SEPARATOR, look_up, place, span, theme_ids
from hmcpsi_data.tables.record import Record, RecordLike, as_record

__all__ = ["areas", "aspects", "look_up", "ratings", "undisputed"]

_ASPECTS = [
    "aspect_id", "set_id", "framework_id", "framework", "aspect", "label", "level", "parent_id",
    "parent", "is_critical", "position", "covers", "source_id", "locator",
]  # fmt: skip
_RATINGS = [
    "rating_id", "inspection_id", "area_id", "area", "framework_id", "framework", "round", "set_id",
    "aspect_id", "aspect", "label", "level", "is_critical", "rating", "rating_as_printed",
    "missing", "theme_ids", "speaker", "basis", "tier", "n_sources", "says_otherwise",
    "otherwise_source_id", "source_id", "source_title", "locator", "published",
    "published_precision", "fieldwork", "note",
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


def areas(record: RecordLike = None) -> pd.DataFrame:
    """One row per Area, with the names it went by, its police forces and what is known of it.

    Parameters
    ----------
    record : Record or path, optional
        Another data folder than the shipped one.

    Returns
    -------
    pandas.DataFrame
        `names` and `forces` list all of them, separated by "; ", and are empty where none is known.
        `n_inspections` and `n_ratings` (Int64) count what the tables hold, not what there was; a
        rating that is missing or contradicted is not counted. `valid_to` is inclusive and empty
        while the Area is in being. All other columns are strings.

    Examples
    --------
    >>> known = areas().set_index("area_id")
    >>> known.loc["leicestershire_1999", ["valid_from", "valid_to", "forces"]].tolist()
    ['1999-04-01', '2011-03-31', 'Leicestershire']
    """
    record = as_record(record)
    known = record.table("areas")
    ids = known["area_id"]
    inspected = record.table("inspections")["area_id"]
    rated = undisputed(record.once(joined_ratings)).dropna(subset="rating")["area_id"]
    known["area"] = known["name"]
    known["names"] = _in_one_cell(record.table("area_names"), "name", ids)
    known["forces"] = _in_one_cell(record.table("area_forces"), "force", ids)
    known["n_inspections"] = _times(inspected, ids)
    known["n_ratings"] = _times(rated, ids)
    return known[_AREAS]


def aspects(set_id: Wanted = None, record: RecordLike = None) -> pd.DataFrame:
    """One row per rated thing, set by set in the order as printed.

    Parameters
    ----------
    set_id : str or list of str, optional
        Only the aspects of these sets, by identifier or title.
    record : Record or path, optional
        Another data folder than the shipped one.

    Returns
    -------
    pandas.DataFrame
        `aspect` is the label as printed or, where the document prints none, our own, which stands
        in `label` for all. `is_critical` (boolean) is empty where the framework knows no such
        thing, `position` (Int64) is the order as printed. All other columns are strings.

    Raises
    ------
    UnknownValueError
        Where a set is not known.

    Examples
    --------
    >>> aspects("opa_2005")["aspect"].tail(2).tolist()
    ['Managing performance to improve', 'Securing community confidence']
    """
    record = as_record(record)
    rows = record.table("aspects")
    set_of = look_up(rows["set_id"], "aspect_sets", ["framework_id"], record)
    framework = look_up(set_of["framework_id"], "frameworks", ["short_title"], record)
    rows = rows.assign(
        framework_id=set_of["framework_id"],
        framework=framework["short_title"],
        aspect=rows["label_as_printed"].fillna(rows["label"]),
        parent=look_up(rows["parent_id"], "aspects", ["label"], record)["label"],
        _set=place(rows["set_id"], "aspect_sets", record),
    ).sort_values(["_set", "position"], kind="stable")
    rows = only(rows, {"set_id": choose("set_id", set_id, record)})
    return rows.reset_index(drop=True)[_ASPECTS]


def ratings(
    area: Wanted = None,
    framework: Wanted = None,
    set_id: Wanted = None,
    aspect: Wanted = None,
    level: Wanted = None,
    critical: bool | None = None,
    theme: Wanted = None,
    rating: Wanted = None,
    speaker: Wanted = None,
    tier: Wanted = None,
    basis: Wanted = None,
    search: str = "",
    record: RecordLike = None,
) -> pd.DataFrame:
    """Ratings with everything needed to read them, filtered, inspection by inspection.

    Ratings are words of their framework's scale. They are never ordered here, and a word of one
    framework is not the same word of another.

    Parameters
    ----------
    area : str or list of str, optional
        Identifiers or names of Areas, with or without "CPS".
    framework : str or list of str, optional
        Identifiers, titles, short titles or rounds of frameworks, or a year of a round. A round
        means all frameworks of that round.
    set_id : str or list of str, optional
        Identifiers or titles of sets of aspects.
    aspect : str or list of str, optional
        Identifiers of aspects, or their labels: ours, or as a document prints them. A label means
        the aspects of all sets that bear it.
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
    search : str
        Words that stand anywhere in the row, in any order; case, apostrophes and other marks make
        no difference.
    record : Record or path, optional
        Another data folder than the shipped one.

    Returns
    -------
    pandas.DataFrame
        In the order of the inspections, within one of them by set and position as printed. Where
        `rating` is empty, `missing` says why. `aspect` is the label as the rating's own source
        prints it, else `label`. `published` and `fieldwork` are those of the inspection, as precise
        as known; `round` is the span of the framework, never the date of an inspection. `theme_ids`
        are joined by "; ". Progress on recommendations is no rating and stands in `actions`; where
        nothing fits, `coverage` says what is known and why the rest is not.

        A contradicted rating is among them, so that the conflict can be seen: `says_otherwise` is
        what another source says instead ("not Poor" where it gives no word of its own), and
        `otherwise_source_id` names that source. `undisputed` takes it away, as every chart and
        every count of this package does. `n_sources` (Int64) is how many sources say the same, the
        row's own among them. `is_critical` is boolean; all other columns are strings.

    Raises
    ------
    UnknownValueError
        Where a value is not known for its filter.
    AmbiguousAreaError
        Where a name belongs to several Areas.
    AreaNotInBeingError
        Where no Area asked for was in being under any framework asked for; who was, is named.

    Examples
    --------
    >>> ratings("Leicestershire", framework="OPA 2005-06", rating="Poor")["aspect"].tolist()
    ["Managing magistrates' courts cases"]
    >>> ratings("Leicestershire", aspect="Disclosure")["rating"].tolist()
    ['Good']
    """
    record = as_record(record)
    critical = yes_or_no("critical", critical)
    areas_, frameworks = choose("area", area, record), choose("framework", framework, record)
    wanted: dict[str, list | None] = {
        "area_id": areas_,
        "framework_id": frameworks,
        "set_id": choose("set_id", set_id, record),
        "aspect_id": choose("aspect", aspect, record),
        "level": choose("level", level, record),
        "is_critical": None if critical is None else [critical],
        "rating": choose("rating", rating, record),
        "speaker": choose("speaker", speaker, record),
        "tier": choose("tier", tier, record),
        "basis": choose("basis", basis, record),
    }
    themes = choose("theme", theme, record)
    refuse_if_never_met(areas_, frameworks, record)
    rows = linked(only(record.once(joined_ratings), wanted), themes)
    if looks_for(search):
        rows = rows[matching(record.once(_rating_texts).loc[rows.index], search)]
    return rows.reset_index(drop=True)


def undisputed(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that may take part in a chart or a count: all but the contradicted ones.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of any table; without a column `basis`, all of them.

    Returns
    -------
    pandas.DataFrame
        The same columns and index.

    Examples
    --------
    >>> essex = ratings("Essex", framework="opa_2007")
    >>> len(essex), len(undisputed(essex))
    (1, 0)
    """
    if not isinstance(rows, pd.DataFrame):
        raise HmcpsiError("Give undisputed a table, such as ratings().")
    if "basis" not in rows:
        return rows
    return rows[rows["basis"].ne("contradicted").fillna(True).astype(bool)]


def joined_ratings(record: Record) -> pd.DataFrame:
    """All ratings with what is known of their inspections, aspects and sources, in order."""
    rows = record.table("ratings")
    inspection = look_up(rows["inspection_id"], "inspections", _OF_INSPECTION, record)
    framework = look_up(inspection["framework_id"], "frameworks", ["short_title", "round"], record)
    aspect = look_up(rows["aspect_id"], "aspects", _OF_ASPECT, record)
    source = look_up(rows["source_id"], "sources", ["title", "tier"], record)
    joined = rows.assign(
        **inspection,
        **aspect,
        area=look_up(inspection["area_id"], "areas", ["name"], record)["name"],
        framework=framework["short_title"],
        round=framework["round"],
        aspect=rows["label_as_printed"].fillna(aspect["label"]),
        tier=source["tier"],
        source_title=source["title"],
        theme_ids=theme_ids("ratings", rows["rating_id"], record),
        fieldwork=span(inspection["fieldwork_from"], inspection["fieldwork_to"]),
        _inspection=place(rows["inspection_id"], "inspections", record),
        _set=place(aspect["set_id"], "aspect_sets", record),
        **_other_sources(rows, record),
    )
    order = ["_inspection", "_set", "position"]
    return joined.sort_values(order, kind="stable", ignore_index=True)[_RATINGS]


def _rating_texts(record: Record) -> pd.Series:
    return folded(record.once(joined_ratings))


def _other_sources(rows: pd.DataFrame, record: Record) -> dict[str, pd.Series]:
    """How many sources state each rating, and what another one says instead."""
    others = record.table("rating_sources")
    same = others.loc[others["says"] == "same", "rating_id"].value_counts()
    against = others[others["says"] == "otherwise"].drop_duplicates("rating_id")
    against = against.set_index("rating_id").reindex(rows["rating_id"]).set_axis(rows.index)
    instead = ("not " + rows["rating"]).where(against["source_id"].notna())
    if "rating" in against:
        instead = against["rating"].fillna(instead)
    return {
        "n_sources": rows["rating_id"].map(same).fillna(0).astype("Int64") + 1,
        "says_otherwise": instead.astype("string"),
        "otherwise_source_id": against["source_id"].astype("string"),
    }


def _in_one_cell(frame: pd.DataFrame, column: str, ids: pd.Series) -> pd.Series:
    """The different values of a column for each Area, in one cell."""
    distinct = frame[["area_id", column]].dropna().drop_duplicates()
    joined = distinct.groupby("area_id")[column].agg(SEPARATOR.join).astype("string")
    return joined.reindex(ids).set_axis(ids.index)


def _times(found: pd.Series, ids: pd.Series) -> pd.Series:
    """How often each Area is found."""
    counts = found.value_counts().astype("Int64")
    return counts.reindex(ids, fill_value=0).set_axis(ids.index)
