"""What rows say, as sentences with their denominators and as tables that only need to be shown.

A count never stands without what it is a part of: what is not shown, because of a filter, and what
was not found, because these tables do not hold it, are told apart. None of either is Poor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from hmcpsi_data.errors import HmcpsiError, UnknownValueError
from hmcpsi_data.record.coverage import coverage
from hmcpsi_data.record.facts import joined_facts
from hmcpsi_data.record.filters import Wanted, among, choose, one_of
from hmcpsi_data.record.joins import look_up, span
from hmcpsi_data.record.ratings import joined_ratings, undisputed
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import (
    LEVELS,
    MISSING,
    PLURALS,
    POLARITIES,
    SPEAKERS,
    count_of,
    date_in_words,
    number_in_words,
    plain,
)

__all__ = [
    "AREA_INSPECTIONS",
    "counts_in_words",
    "coverage_matrix",
    "findings",
    "inspection_of",
    "methods",
    "numbers",
    "overview",
    "rated",
    "recurring",
]

AREA_INSPECTIONS = ("aap_pilot_2016", "aap_2016", "aip_2021")
"""The frameworks since 2016 whose issues to address are counted together."""

_RECURRING = ["theme_id", "theme", "n_issues", "n_areas", "n_known", "areas"]
# heading: the measures under it, with the word for one and for several of a thing
_MEASURES: dict[str, dict[str, tuple[str, str] | None]] = {
    "Overall rating": {"overall_rating": None},
    "Ratings of parts": {
        "aspect_rating": ("aspect", "aspects"),
        "pilot_score_rating": ("pilot score", "pilot scores"),
        "criterion_rating": ("criterion", "criteria"),
        "section_rating": ("section", "sections"),
    },
    "Progress": {"progress_rating": None},
    "Asked for": {
        "recommendation": ("recommendation", "recommendations"),
        "aspect_for_improvement": ("aspect for improvement", "aspects for improvement"),
        "issue": ("issue", "issues"),
    },
    "Findings": {"finding": None},
    "Numbers": {"number": None},
}
# A cell of several measures that are all missing says what a reader could still look for.
_MISSING_FIRST = ("not_found", "not_in_framework", "not_applicable")


# Sentences --------------------------------------------------------------------------------------


def counts_in_words(words: Iterable[str], framework_id: str, record: RecordLike = None) -> str:
    """Counts of the words of a framework's scale, the lowest first; missing ones are left out.

    Examples
    --------
    >>> counts_in_words(["Good", "Fair", "Good"], "opa_2005")
    'Fair 1, Good 2'
    """
    record = as_record(record)
    scales = record.once(_scales)
    one_of("framework_id", framework_id, scales, 'load("frameworks")')
    if not isinstance(words, Iterable) or isinstance(words, (str, bytes, pd.DataFrame)):
        raise HmcpsiError("Give counts_in_words a list of words, such as ratings()['rating'].")
    return _counted((one for one in words if isinstance(one, str)), scales[framework_id])


def rated(ratings: pd.DataFrame, record: RecordLike = None) -> str:
    """Ratings in a sentence for each framework, level by level, with what they are a part of.

    Parameters
    ----------
    ratings : pandas.DataFrame
        Rows of `hmcpsi_data.ratings`, of one inspection or of many, filtered or not.
    record : Record or path, optional
        The record that they come from.

    Returns
    -------
    str
        An overall rating is never counted among its aspects, and a rating that another source
        contradicts is not counted at all. What a filter left out is "not shown"; what the record
        does not hold is "not found", where the whole is known.

    Raises
    ------
    HmcpsiError
        Where the rows are not those of `ratings`.

    Examples
    --------
    >>> from hmcpsi_data import ratings
    >>> rated(ratings("Leicestershire", framework="opa_2005", level="aspect", rating="Poor"))
    'Leicestershire, OPA 2005-06: 1 of 14 aspects Poor; 13 not shown.'
    >>> rated(ratings("East Midlands", framework="aap_2016", level="section"))
    'East Midlands, Area Assurance 2016-19: sections: Fair 3, Good 1 of 4.'
    """
    record = as_record(record)
    needed = ["framework_id", "framework", "area", "inspection_id", "set_id", "level", "rating"]
    if not isinstance(ratings, pd.DataFrame) or not {*needed, "basis"} <= {*ratings}:
        raise HmcpsiError("Give rated rows of ratings(), with all their columns.")
    if ratings.empty:
        return "No rating is shown. Nothing found is never Poor."
    groups = ratings.groupby("framework", sort=False)
    return " ".join(_of_framework(str(name), rows, record) for name, rows in groups)


def _of_framework(name: str, rows: pd.DataFrame, record: Record) -> str:
    """What one inspection or several found under one framework."""
    if rows["inspection_id"].nunique() == 1:
        return f"{rows['area'].iat[0]}, {name}: {_one(rows, record)}."
    return _many(name, rows, record)


def _one(rows: pd.DataFrame, record: Record) -> str:
    """What one inspection found, level by level."""
    everything = record.once(joined_ratings)
    everything = undisputed(
        everything[everything["inspection_id"].eq(str(rows["inspection_id"].iat[0]))]
    )
    sound = undisputed(rows)
    order = record.once(_scales).get(str(rows["framework_id"].iat[0]), [])
    parts = []
    for level, of_level in sound.groupby("level", sort=False):
        words = of_level["rating"].dropna().tolist()
        known = int(everything.loc[everything["level"].eq(level), "rating"].count())
        if level == "overall" and words:
            parts.append(f"overall {words[0]}")
        elif not words:
            named = count_of(len(of_level), LEVELS[str(level)], PLURALS[str(level)])
            parts.append(f"no rating of {named}, as the framework has none")
        else:
            whole = _whole(of_level["set_id"], str(level), record)
            parts.append(_part(words, order, PLURALS[str(level)], known, whole))
    doubted = len(rows) - len(sound)
    if doubted:
        parts.append(f"{doubted} contradicted by another source and not counted")
    return "; ".join(parts)


def _part(
    words: Sequence[str], order: list[str], things: str, known: int, whole: int | None
) -> str:
    """Counts of one level: what is shown of what is known of what there was."""
    hidden = known - len(words)
    counts = _counted(words, order)
    absent = 0 if whole is None else whole - known
    n = known if whole is None else whole
    if hidden > 0:
        kinds = len(set(words))
        shown = (
            f"{len(words)} of {n} {things} {words[0]}"
            if kinds == 1
            else f"{things}: {counts} of {n}"
        )
        told = f"{shown}; {hidden} not shown"
        return f"{told}, {absent} not found" if absent > 0 else told
    if absent > 0:
        return f"{things}: {counts}; {absent} of {n} not found"
    return f"{things}: {counts} of {n}{' known' if whole is None else ''}"


def _whole(set_ids: pd.Series, level: str, record: Record) -> int | None:
    """How many things of a level were rated in all, None where that is not known."""
    sets = record.table("aspect_sets")
    complete = sets.loc[sets["is_complete"].fillna(False).astype(bool), "set_id"].tolist()
    ids = set_ids.dropna().unique().tolist()
    if not ids or not {*ids} <= {*complete}:
        return None
    aspects = record.table("aspects")
    return int((aspects["set_id"].isin(ids) & aspects["level"].eq(level)).sum())


def _many(name: str, rows: pd.DataFrame, record: Record) -> str:
    """What many inspections under one framework found, level by level."""
    sound = undisputed(rows)
    framework_id = str(rows["framework_id"].iat[0])
    order = record.once(_scales).get(framework_id, [])
    parts = []
    for level, of_level in sound.groupby("level", sort=False):
        words = of_level["rating"].dropna().tolist()
        if not words:
            continue
        part = f"{PLURALS[str(level)]}: {_counted(words, order)} of {len(words)}"
        parts.append(part + _units_not_told(of_level, str(level), framework_id, record))
    unrated = int(sound["rating"].isna().sum())
    parts += [f"{unrated} without a rating"] if unrated else []
    doubted = len(rows) - len(sound)
    if doubted:
        parts.append(f"{doubted} contradicted by another source and not counted")
    units = count_of(sound["area_id"].nunique(), "unit")
    return f"{name}, {units}: {'; '.join(parts)}."


def _units_not_told(rows: pd.DataFrame, level: str, framework_id: str, record: Record) -> str:
    """Of overall ratings: how many known ones are not shown, and how many were not found."""
    everything = record.once(_counted_ratings)
    same = everything["framework_id"].eq(framework_id) & everything["level"].eq(level)
    everything = everything[same]
    hidden = len(everything) - int(rows["rating"].count())
    told = f", {hidden} not shown" if hidden > 0 else ""
    n_units = record.table("frameworks").set_index("framework_id")["n_units"].get(framework_id)
    if level != "overall" or n_units is None or pd.isna(n_units):
        return told
    kinds = look_up(everything["area_id"], "areas", ["kind"], record)["kind"]
    known = everything.loc[kinds.ne("sector"), "area_id"].nunique()
    absent = int(n_units) - known
    return f"{told}, {absent} of {n_units} units not found" if absent > 0 else told


def _counted_ratings(record: Record) -> pd.DataFrame:
    return undisputed(record.once(joined_ratings)).dropna(subset="rating")


def _counted(words: Iterable[str], order: Iterable[str]) -> str:
    n = Counter(words)
    ranked = dict.fromkeys([*order, *n])
    return ", ".join(f"{word} {n[word]}" for word in ranked if n[word])


def _scales(record: Record) -> dict[str, list[str]]:
    """The words of each framework's scale, the lowest first."""
    scales = record.table("scales").sort_values("rank", kind="stable")
    words = scales.groupby("scale_id", sort=False)["value"].agg(list)
    frameworks = record.table("frameworks").dropna(subset="scale_id")
    pairs = zip(frameworks["framework_id"], frameworks["scale_id"], strict=True)
    return {framework: words.get(scale, []) for framework, scale in pairs}


# The record at a glance -------------------------------------------------------------------------


def overview(record: RecordLike = None) -> pd.DataFrame:
    """How much the tables hold of each framework, in words, under headings for people.

    A count of units never speaks of those that were not found. Sectors, which are parts of an Area,
    are counted beside the Areas and not among them.

    Examples
    --------
    >>> overview().set_index("Framework")["Overall ratings"].iat[0].partition(" of ")[2]
    '42'
    """
    record = as_record(record)
    frameworks = record.table("frameworks")
    known = coverage(record=record)
    known = known[known["status"].isin(["stated", "derived"])]
    overall = known["level"].eq("overall")
    rows = record.once(joined_facts)
    kinds = rows["kind"].replace({"comparison": "finding"})
    columns = {
        "Overall ratings": known[overall & known["kind"].ne("sector")],
        "Ratings of parts": known[~overall],
        "Progress": rows[kinds.eq("progress")],
        "Issues": rows[kinds.eq("issue")],
        "Findings": rows[kinds.eq("finding")],
        "Numbers": rows[kinds.eq("measure")],
    }
    ids = frameworks["framework_id"]
    told = {
        heading: ids.map(of["framework_id"].value_counts()).fillna(0).astype("Int64")
        for heading, of in columns.items()
    }
    table_ = pd.DataFrame({"Framework": frameworks["short_title"]} | told)
    for heading in columns:
        table_[heading] = table_[heading].astype("string").replace("0", "none")
    units = frameworks["n_units"].astype("string")
    words = table_["Overall ratings"]
    words = words.mask(words.ne("none") & units.notna(), words + " of " + units)
    sectors = ids.map(known.loc[known["kind"].eq("sector"), "framework_id"].value_counts())
    beside = "; " + sectors.astype("Int64").astype("string") + " sectors"
    table_["Overall ratings"] = words + beside.fillna("")
    return table_


def coverage_matrix(area: Wanted = None, record: RecordLike = None) -> pd.DataFrame:
    """What is known, by Area, round and kind of measure, and why the rest is not, in words.

    Without an Area, all of which anything is known. A number counts what is known; words say which
    kind of missing a blank is. A cell of several measures names those that are known; where none
    is, it says "not found" before "not in framework". Rounds of which nothing applies share a row,
    and columns of which nothing is known in any row are left out.

    Examples
    --------
    >>> coverage_matrix("Leicestershire").loc[0, "Ratings of parts"]
    '14 aspects'
    """
    record = as_record(record)
    known = coverage(by="measure", record=record)
    chosen = choose("area", area, record)
    if chosen is None:
        chosen = known.loc[known["status"] == "known", "area_id"].unique().tolist()
    shown = known[known["area_id"].isin(chosen)]
    under = {measure: heading for heading, several in _MEASURES.items() for measure in several}
    cells: dict[tuple[str, str], dict[str, list[tuple[str, str, int]]]] = {}
    names: dict[tuple[str, str], dict[str, str]] = {}
    columns = ["area_id", "framework_id", "area", "round", "measure", "status", "n"]
    for area_id, framework_id, name, round_, measure, status, n in (
        shown[columns].to_numpy().tolist()
    ):
        key = area_id, framework_id
        names.setdefault(key, {"Area": name, "Round": round_})
        if measure in under:
            of = cells.setdefault(key, {}).setdefault(under[measure], [])
            of.append((measure, status, n))
    rows = [
        names[key] | {heading: _covered(heading, of) for heading, of in cells[key].items()}
        for key in names
    ]
    missing = {*MISSING.values()}
    told = [one for one in _MEASURES if any(row.get(one) not in missing for row in rows)]
    return _folded(
        pd.DataFrame(rows, columns=["Area", "Round", *told]), [key[0] for key in names], told
    )


def _covered(heading: str, measures: list[tuple[str, str, int]]) -> str:
    """One cell of the matrix: what is known with its number, or why nothing is."""
    found = [(measure, n) for measure, status, n in measures if status == "known"]
    if not found:
        statuses = {status for _, status, _ in measures}
        return MISSING[next(one for one in _MISSING_FIRST if one in statuses)]
    words = _MEASURES[heading]
    parts = []
    for measure, n in found:
        named = words[measure]
        parts.append(str(n) if named is None else count_of(n, *named))
    return ", ".join(parts)


def _folded(rows: pd.DataFrame, area_ids: list[str], headings: list[str]) -> pd.DataFrame:
    """The matrix with rounds of which nothing applies put into one row for each Area and run."""
    folded: list[dict[Any, Any]] = []
    last: tuple[str, bool] | None = None
    for area_id, row in zip(area_ids, rows.to_dict("records"), strict=True):
        absent = all(row[heading] == MISSING["not_applicable"] for heading in headings)
        if absent and last == (area_id, True):
            folded[-1]["Round"] += f", {row['Round']}"
        else:
            folded.append(row)
        last = area_id, absent
    return pd.DataFrame(folded, columns=rows.columns).astype("string")


def recurring(framework: Wanted = AREA_INSPECTIONS, record: RecordLike = None) -> pd.DataFrame:
    """The themes of issues to address, with the number of Areas in which each came up.

    Of the frameworks since 2016 where none is given, of all where None is. `n_areas` counts Areas
    with at least one issue of the theme, `n_known` all Areas of which any issue is known: the lists
    of most of them are incomplete, so that `n_areas` is a least number. National reports are left
    out. An issue can belong to several themes; which ones is this project's judgement.

    Examples
    --------
    >>> recurring()["theme"].iat[0]
    'Charging and review'
    """
    record = as_record(record)
    chosen = choose("framework", framework, record)
    rows = record.once(joined_facts)
    rows = rows[rows["kind"].eq("issue")]
    if chosen is not None:
        rows = rows[rows["framework_id"].isin(chosen)]
    kinds = look_up(rows["area_id"], "areas", ["kind"], record)["kind"]
    rows = rows[kinds.eq("area")]
    links = rows.assign(theme_id=rows["theme_ids"].str.split("; ")).explode("theme_id")
    links = links[links["theme_id"].ne("")]
    titles = record.table("themes").set_index("theme_id")["title"]
    told = [
        (theme, titles.get(theme), of["row_id"].nunique(), of["area"].nunique(),
         rows["area"].nunique(), ", ".join(sorted(of["area"].unique())))
        for theme, of in links.groupby("theme_id", sort=False)
    ]  # fmt: skip
    frame = pd.DataFrame(told, columns=_RECURRING).astype("string")
    frame = frame.astype(dict.fromkeys(["n_issues", "n_areas", "n_known"], "Int64"))
    order = {theme: n for n, theme in enumerate(record.table("evidence")["theme_id"].unique())}
    frame = frame.sort_values("theme_id", key=lambda ids: ids.map(order), kind="stable")
    return frame.sort_values(
        ["n_areas", "n_issues"], ascending=False, kind="stable", ignore_index=True
    )


# One inspection ---------------------------------------------------------------------------------


def inspection_of(inspection: str, record: RecordLike = None) -> pd.Series:
    """The row of an inspection, by its identifier or its title.

    Examples
    --------
    >>> inspection_of("south_west_aip_2021")["area_id"]
    'south_west_2011'
    """
    rows = as_record(record).table("inspections")
    if isinstance(inspection, str):
        wanted = plain(inspection)
        for column in ("inspection_id", "title"):
            same = rows[[plain(one) == wanted for one in rows[column]]]
            if len(same) == 1:
                return same.iloc[0]
    raise UnknownValueError(
        "inspection", inspection, [*rows["inspection_id"], *rows["title"]], 'load("inspections")'
    )


def findings(inspection: str, polarity: Wanted = None, record: RecordLike = None) -> pd.DataFrame:
    """Strengths, weaknesses and context in words, of one inspection; none of them is a rating.

    Rows of the table `findings`, with `said_by` (in whose words) and `against` ("improved since
    2005", what is claimed without a figure; "" where nothing is).

    Examples
    --------
    >>> findings("leicestershire_opa_2005", "mixed")["subject"].tolist()
    ['Mixed outcomes of cases with advice before charge']
    """
    record = as_record(record)
    rows = _of_inspection("findings", inspection, record)
    enum = table("findings").field("polarity").enum
    known = {one: one for one in dict.fromkeys([*POLARITIES, *enum])}
    wanted = among("polarity", polarity, known, 'codebook("findings")')
    if wanted is not None:
        rows = rows[rows["polarity"].isin(wanted)].reset_index(drop=True)
    against = rows["direction"] + (" than " + rows["comparator"]).fillna("")
    against = against.str.replace(
        r"^(improved|maintained|increased|declined) than", r"\1 since", regex=True
    )
    said_by = rows["speaker"].map(SPEAKERS)
    if "voice" in rows:
        said_by = rows["voice"].fillna(said_by)
    return rows.assign(said_by=said_by.astype("string"), against=against.fillna(""))


def numbers(inspection: str, record: RecordLike = None) -> pd.DataFrame:
    """The numbers that stand in the publication of one inspection.

    Rows of the table `measures`, with `in_words` (the value with its bound and unit; the words of
    the source where it gives no number), `period_in_words` ("not stated" where it is not) and
    `value_in_words`, which is the number, or says why there is none.

    Examples
    --------
    >>> numbers("south_west_aip_2021")["value_as_printed"].tolist()
    ['three', 'three-phase']
    """
    rows = _of_inspection("measures", inspection, as_record(record))
    told = [number_in_words(row) for row in rows.to_dict("records")]
    values = ["given in words" if pd.isna(value) else f"{value:,.10g}" for value in rows["value"]]
    dates = span(rows["period_from"], rows["period_to"]).map(date_in_words, na_action="ignore")
    return rows.assign(
        in_words=pd.array(told, dtype="string"),
        value_in_words=pd.array(values, dtype="string"),
        period_in_words=dates.astype("string").fillna(rows["period"]).fillna("not stated"),
    )


def methods(inspection: str, kind: Wanted = None, record: RecordLike = None) -> pd.DataFrame:
    """How one inspection was done, and what its documents say about its limits, by kind.

    Examples
    --------
    >>> methods("leicestershire_opa_2005", "limit")["locator"].tolist()
    ['L65', 'L65']
    """
    rows = _of_inspection("methods", inspection, as_record(record))
    known = {one: one.replace("_", " ") for one in table("methods").field("kind").enum}
    wanted = among("kind", kind, known, 'codebook("methods")')
    return rows if wanted is None else rows[rows["kind"].isin(wanted)].reset_index(drop=True)


def _of_inspection(name: str, inspection: str, record: Record) -> pd.DataFrame:
    rows = record.table(name)
    own = inspection_of(inspection, record)["inspection_id"]
    return rows[rows["inspection_id"].eq(own).fillna(False)].reset_index(drop=True)
