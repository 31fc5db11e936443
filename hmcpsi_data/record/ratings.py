"""The joined, readable views that most people want: Areas, aspects and ratings."""

import pandas as pd

from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.record.filters import Wanted, choose, filtered, meant, only, yes_or_no
from hmcpsi_data.record.joins import in_one_cell, in_order, look_up, place, placed, span, theme_ids
from hmcpsi_data.tables.record import Record, RecordLike, as_record

_ASPECTS = [
    "aspect_id", "set_id", "framework_id", "framework", "aspect", "label", "level", "parent_id",
    "parent", "is_critical", "position", "covers", "source_id", "locator",
]  # fmt: skip
_RATINGS = [
    "rating_id", "inspection_id", "area_id", "area", "framework_id", "framework", "round", "set_id",
    "aspect_id", "aspect", "label", "level", "is_critical", "rating", "rating_as_printed",
    "missing", "theme_ids", "speaker", "basis", "tier", "n_sources", "says_otherwise",
    "otherwise_source_id", "source_id", "source_title", "locator", "date", "date_from",
    "date_precision", "date_kind", "published", "published_precision", "fieldwork", "note",
]  # fmt: skip


def areas(record: RecordLike = None) -> pd.DataFrame:
    """One row per Area, with the names it went by, its police forces and its inspections on record.

    Parameters
    ----------
    record : Record or path, optional

    Returns
    -------
    pandas.DataFrame
        Strings, but for `n_inspections` (Int64).

    Examples
    --------
    >>> areas().set_index("area_id").loc["leicestershire_1999", ["valid_to", "forces"]].tolist()
    ['2011-03-31', 'Leicestershire']
    """
    record = as_record(record)
    known = record.table("areas").rename(columns={"name": "area"})
    ids, n = known["area_id"], record.table("inspections")["area_id"].value_counts()
    return known.assign(
        names=in_one_cell("area_names", "name", ids, record),
        forces=in_one_cell("area_forces", "force", ids, record),
        n_inspections=ids.map(n).fillna(0).astype("Int64"),
    )


def aspects(set_id: Wanted = None, record: RecordLike = None) -> pd.DataFrame:
    """One row per rated thing, set by set as printed; `aspect` is its printed label, else our own.

    Parameters
    ----------
    set_id : str or list of str, optional
        Only the aspects of these sets, by identifier or title.
    record : Record or path, optional

    Returns
    -------
    pandas.DataFrame
        Strings, but for `position` (Int64) and `is_critical` (boolean, empty where the framework
        knows no such thing).

    Examples
    --------
    >>> aspects("opa_2005")["aspect"].tail(2).tolist()
    ['Managing performance to improve', 'Securing community confidence']
    """
    record = as_record(record)
    rows = only(record.table("aspects"), {"set_id": choose("set_id", set_id, record)})
    framework = look_up(rows["set_id"], "aspect_sets", "framework_id", record)
    rows = rows.assign(
        framework_id=framework,
        framework=look_up(framework, "frameworks", "short_title", record),
        aspect=rows["label_as_printed"].fillna(rows["label"]),
        parent=look_up(rows["parent_id"], "aspects", "label", record),
    )
    sets = place(rows["set_id"], "aspect_sets", record)
    return in_order(rows, sets, rows["position"])[_ASPECTS]


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

    A word of one framework is not the same word of another, so nothing is ordered here. `n_sources`
    say the same; where `rating` is empty, `missing` says why.

    Parameters
    ----------
    area, framework, theme, speaker, tier, basis, search, record
        As for `facts`, which says what they mean and what is raised.
    set_id, aspect, level, rating : str or list of str, optional
        Sets of aspects; aspects (a label means all sets that bear it); overall, section, criterion,
        aspect, subject or pilot_score; words of any scale, such as "Good".
    critical : bool, optional
        Only aspects that the framework counts as critical (True) or as not critical (False).

    Returns
    -------
    pandas.DataFrame
        Strings, but for `n_sources` (Int64) and `is_critical` (boolean). Of a contradicted rating,
        `says_otherwise` is what the source `otherwise_source_id` says.

    Examples
    --------
    >>> ratings("Leicestershire", framework="OPA 2005-06", rating="Poor")["aspect"].tolist()
    ["Managing magistrates' courts cases"]
    """
    record = as_record(record)
    is_critical = yes_or_no("critical", critical)
    wanted = meant(
        record, area=area, framework=framework, set_id=set_id, aspect=aspect, level=level,
        theme=theme, rating=rating, speaker=speaker, tier=tier, basis=basis,
    )  # fmt: skip
    wanted["is_critical"] = None if is_critical is None else [is_critical]
    return filtered(joined_ratings, wanted, search, record)


def undisputed(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows that may take part in a chart or a count: all but the contradicted ones.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of any table.

    Examples
    --------
    >>> len(undisputed(ratings("Essex", framework="opa_2007")))
    0
    """
    if not isinstance(rows, pd.DataFrame):
        raise HmcpsiError("Give undisputed a table, such as ratings().")
    if "basis" not in rows:
        return rows
    return rows[rows["basis"].ne("contradicted").fillna(True).astype(bool)]


def joined_ratings(record: Record) -> pd.DataFrame:
    """All ratings with what is known of their inspections, aspects and sources, in order."""
    rows = record.once(stated_ratings)
    columns = ["published", "published_precision", "fieldwork_from", "fieldwork_to"]
    inspection = look_up(rows["inspection_id"], "inspections", columns, record)
    rows = placed(rows, record).assign(
        **inspection,
        theme_ids=theme_ids("ratings", rows["rating_id"], record),
        fieldwork=span(inspection["fieldwork_from"], inspection["fieldwork_to"]),
    )
    visits = place(rows["inspection_id"], "inspections", record)
    sets = place(rows["set_id"], "aspect_sets", record)
    return in_order(rows, visits, sets, rows["position"])[_RATINGS]


def stated_ratings(record: Record) -> pd.DataFrame:
    """The table of ratings with what they rate and what other sources say of it."""
    rows, others = record.table("ratings"), record.table("rating_sources")
    same = others.loc[others["says"] == "same", "rating_id"].value_counts()
    against = others[others["says"] == "otherwise"].drop_duplicates("rating_id")
    against = against.set_index("rating_id").reindex(rows["rating_id"]).set_axis(rows.index)
    otherwise = ("not " + rows["rating"]).where(against["source_id"].notna())
    columns = ["set_id", "label", "level", "is_critical", "position"]
    aspect = look_up(rows["aspect_id"], "aspects", columns, record)
    return rows.assign(
        **aspect,
        aspect=rows["label_as_printed"].fillna(aspect["label"]),
        n_sources=rows["rating_id"].map(same).fillna(0).astype("Int64") + 1,
        says_otherwise=against["rating"].fillna(otherwise),
        otherwise_source_id=against["source_id"],
    )
