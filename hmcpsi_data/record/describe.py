"""What rows say, as sentences with their denominators and as tables that only need to be shown.

A count never stands without what it is a part of: what is not shown, because of a filter, and what
was not found, because these tables do not hold it, are told apart. None of either is Poor.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pandas as pd

from hmcpsi_data.errors import HmcpsiError, UnknownValueError
from hmcpsi_data.record.coverage import coverage
from hmcpsi_data.record.facts import joined_facts
from hmcpsi_data.record.filters import Wanted, among, choose, one_of, only
from hmcpsi_data.record.joins import SEPARATOR, look_up, scales, span, tally
from hmcpsi_data.record.ratings import joined_ratings, undisputed
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import (
    LEVELS,
    MISSING,
    PLURALS,
    SPEAKERS,
    count_of,
    date_in_words,
    plain,
)

# The frameworks since 2016 whose issues to address are counted together.
AREA_INSPECTIONS = ("aap_pilot_2016", "aap_2016", "aip_2021")

_RECURRING = {
    "theme_id": "string",
    "theme": "string",
    "n_issues": "Int64",
    "n_areas": "Int64",
    "n_known": "Int64",
    "areas": "string",
}
# heading: the measures under it, with the word for one and for several of a thing
_MEASURES: dict[str, dict[str, tuple[str, str] | None]] = {
    "Overall rating": {"overall_rating": None},
    "Ratings of parts": {
        "section_rating": ("section", "sections"),
        "criterion_rating": ("criterion", "criteria"),
        "aspect_rating": ("aspect", "aspects"),
        "pilot_score_rating": ("pilot score", "pilot scores"),
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
_MISSING_FIRST = ("contradicted", "not_found", "not_in_framework", "not_applicable")


# Sentences --------------------------------------------------------------------------------------


def counts_in_words(words: Iterable[str], framework_id: str, record: RecordLike = None) -> str:
    """Counts of the words of a framework's scale, the lowest first; missing ones are left out.

    >>> counts_in_words(["Good", "Fair", "Good"], "opa_2005")
    'Fair 1, Good 2'
    """
    words_of = as_record(record).once(scales)
    one_of("framework_id", framework_id, words_of, 'load("frameworks")')
    if not isinstance(words, Iterable) or isinstance(words, (str, bytes, pd.DataFrame)):
        raise HmcpsiError("Give counts_in_words a list of words, such as ratings()['rating'].")
    return tally((one for one in words if isinstance(one, str)), words_of[framework_id])


def rated(ratings: pd.DataFrame, record: RecordLike = None) -> str:
    """Ratings in a sentence for each framework, level by level, with what they are a part of.

    An overall rating is never counted among its aspects, and a rating that another source
    contradicts is not counted at all. What a filter left out is "not shown"; what the record does
    not hold is "not found", where the whole is known.

    >>> from hmcpsi_data import ratings
    >>> rated(ratings("Leicestershire", framework="opa_2005", level="aspect", rating="Poor"))
    'Leicestershire, OPA 2005-06: 1 of 14 aspects Poor; 13 not shown.'
    """
    record = as_record(record)
    needed = ["framework_id", "framework", "area", "inspection_id", "set_id", "level", "rating"]
    if not isinstance(ratings, pd.DataFrame) or not {*needed, "basis"} <= {*ratings}:
        raise HmcpsiError("Give rated rows of ratings(), with all their columns.")
    if ratings.empty:
        return "No rating is shown. Nothing found is never Poor."
    sentences = []
    for framework, rows in ratings.groupby("framework", sort=False):
        sound = undisputed(rows)
        is_one = rows["inspection_id"].nunique() == 1
        say = _of_one if is_one else _of_many
        parts = [say(of_level, record) for _, of_level in sound.groupby("level", sort=False)]
        if not is_one and (unrated := int(sound["rating"].isna().sum())):
            parts.append(f"{unrated} without a rating")
        if doubted := len(rows) - len(sound):
            parts.append(f"{doubted} contradicted by another source and not counted")
        units = count_of(sound["area_id"].nunique(), "unit")
        whose = f"{rows['area'].iat[0]}, {framework}" if is_one else f"{framework}, {units}"
        sentences.append(f"{whose}: {'; '.join(filter(None, parts))}.")
    return " ".join(sentences)


def _of_one(rows: pd.DataFrame, record: Record) -> str:
    """What one inspection found at one level: what is shown of what is known of what there was."""
    words, known, counts = _counted(rows, "inspection_id", record)
    level = str(rows["level"].iat[0])
    things = PLURALS[level]
    if not words:
        return (
            f"no rating of {count_of(len(rows), LEVELS[level], things)}, as the framework has none"
        )
    if level == "overall":
        return f"overall {words[0]}"
    ids, sets = rows["set_id"].dropna().unique(), record.table("aspect_sets")
    complete = sets.loc[sets["is_complete"].fillna(False), "set_id"]
    n, is_whole = len(known), len(ids) > 0 and {*ids} <= {*complete}
    if is_whole:
        aspects = record.table("aspects")
        n = int((aspects["set_id"].isin(ids) & aspects["level"].eq(level)).sum())
    hidden, absent = len(known) - len(words), n - len(known)
    if hidden <= 0 and absent > 0:
        return f"{things}: {counts}; {absent} of {n} not found"
    if hidden <= 0:
        return f"{things}: {counts} of {n}{'' if is_whole else ' known'}"
    shown = f"{things}: {counts} of {n}"
    shown = f"{len(words)} of {n} {things} {words[0]}" if len(set(words)) == 1 else shown
    return f"{shown}; {hidden} not shown" + f", {absent} not found" * (absent > 0)


def _of_many(rows: pd.DataFrame, record: Record) -> str:
    """What many inspections under one framework found at one level."""
    words, known, counts = _counted(rows, "framework_id", record)
    if not words:
        return ""
    level, hidden = str(rows["level"].iat[0]), len(known) - len(words)
    told = f"{PLURALS[level]}: {counts} of {len(words)}"
    told += f", {hidden} not shown" * (hidden > 0)
    units = look_up(rows["framework_id"], "frameworks", ["n_units"], record)["n_units"]
    if level != "overall" or units.isna().any():
        return told
    n = int(units.max())
    kinds = look_up(known["area_id"], "areas", ["kind"], record)["kind"]
    absent = n - known.loc[kinds.ne("sector"), "area_id"].nunique()
    return told + f", {absent} of {n} units not found" * (absent > 0)


def _counted(rows: pd.DataFrame, same: str, record: Record) -> tuple[list[str], pd.DataFrame, str]:
    """The words of the rows, all ratings known of the same inspection or framework, and counts."""
    words, known = rows["rating"].dropna().tolist(), record.once(_sound)
    for column in (same, "level"):
        known = known[known[column].eq(str(rows[column].iat[0]))]
    return words, known, tally(words, record.once(scales).get(str(rows["framework_id"].iat[0]), []))


def _sound(record: Record) -> pd.DataFrame:
    return undisputed(record.once(joined_ratings)).dropna(subset="rating")


# The record at a glance -------------------------------------------------------------------------


def overview(record: RecordLike = None) -> pd.DataFrame:
    """How much the tables hold of each framework, in words, under headings for people.

    A count of units never speaks of those that were not found. Sectors, which are parts of an Area,
    are counted beside the Areas and not among them. An issue to which a source holds two Areas, as
    that of Merseyside and Cheshire in 2010, stands under both and counts once.

    >>> overview().set_index("Framework")["Overall ratings"].iat[0].partition(" of ")[2]
    '42'
    """
    record = as_record(record)
    frameworks = record.table("frameworks")
    known = coverage(record=record)
    known = known[known["status"].isin(["stated", "derived"])]
    overall, is_sector = known["level"].eq("overall"), known["kind"].eq("sector")
    rows = record.once(joined_facts)
    kinds = rows["kind"].replace({"comparison": "finding"})
    counted = {
        "Overall ratings": known[overall & ~is_sector],
        "Ratings of parts": known[~overall],
        "Progress": rows[kinds.eq("progress")],
        "Issues": rows[kinds.eq("issue")].drop_duplicates(["source_id", "locator", "what"]),
        "Findings": rows[kinds.eq("finding")],
        "Numbers": rows[kinds.eq("measure")],
    }
    ids = frameworks["framework_id"]

    def number(of: pd.DataFrame) -> pd.Series:
        return ids.map(of["framework_id"].value_counts()).astype("Int64").astype("string")

    told = {heading: number(of).fillna("none") for heading, of in counted.items()}
    words, units = told["Overall ratings"], frameworks["n_units"].astype("string")
    words = words.mask(words.ne("none") & units.notna(), words + " of " + units)
    beside = ("; " + number(known[is_sector]) + " sectors").fillna("")
    told["Overall ratings"] = words + beside
    return pd.DataFrame({"Framework": frameworks["short_title"]} | told)


def coverage_matrix(area: Wanted = None, record: RecordLike = None) -> pd.DataFrame:
    """What is known, by Area, round and kind of measure, and why the rest is not, in words.

    Without an Area, all of which anything is known. A number counts what is known; words say which
    kind of missing a blank is. A cell of several measures names those that are known; where none
    is, it says "not found" before "not in framework". Rounds of which nothing applies share a row,
    and columns of which nothing is known in any row are left out.

    >>> coverage_matrix("Leicestershire").loc[0, "Ratings of parts"]
    '14 aspects'
    """
    record = as_record(record)
    known = coverage(by="measure", record=record)
    chosen = choose("area", area, record)
    if chosen is None:
        chosen = known.loc[known["status"] == "known", "area_id"].unique().tolist()
    columns = ["area_id", "area", "round", "framework_id", "measure", "status", "n"]
    shown = only(known, {"area_id": chosen})[columns]
    cells: dict[tuple[str, ...], dict[str, tuple[str, int]]] = defaultdict(dict)
    for *key, measure, status, n in shown.itertuples(index=False, name=None):
        cells[tuple(key)][measure] = status, n
    rows = [
        [*key[:3], *(_covered(of, measures) for measures in _MEASURES.values())]
        for key, of in cells.items()
    ]
    frame = pd.DataFrame(rows, columns=["area_id", "Area", "Round", *_MEASURES]).astype("string")
    told = [one for one in _MEASURES if not frame[one].isin([*MISSING.values()]).all()]
    absent = frame[told].isin([MISSING["not_applicable"]]).all(axis=1).astype(bool)
    same_area = frame["area_id"].eq(frame["area_id"].shift()).fillna(False).astype(bool)
    follows = absent & absent.shift(fill_value=False) & same_area
    rounds = frame.groupby((~follows).cumsum())["Round"].agg(", ".join)
    frame = frame[~follows].reset_index(drop=True)
    return frame.assign(Round=rounds.array)[["Area", "Round", *told]]


def _covered(of: dict[str, tuple[str, int]], measures: dict[str, tuple[str, str] | None]) -> str:
    """One cell of the matrix: what is known with its number, or why nothing is."""
    found = {measure: of[measure][1] for measure in measures if of[measure][0] == "known"}
    if found:
        named = ((n, measures[measure]) for measure, n in found.items())
        return ", ".join(str(n) if words is None else count_of(n, *words) for n, words in named)
    statuses = {of[measure][0] for measure in measures}
    status = next(one for one in _MISSING_FIRST if one in statuses)
    return MISSING.get(status, status)


def recurring(framework: Wanted = AREA_INSPECTIONS, record: RecordLike = None) -> pd.DataFrame:
    """The themes of issues to address, with the number of Areas in which each came up.

    Of the frameworks since 2016 where none is given, of all where None is. `n_areas` counts Areas
    with at least one issue of the theme, `n_known` all Areas of which any issue is known: the lists
    of most of them are incomplete, so that `n_areas` is a least number. National reports are left
    out. An issue can belong to several themes; which ones is this project's judgement.

    >>> recurring()["theme"].iat[0]
    'Charging and review'
    """
    record = as_record(record)
    chosen = choose("framework", framework, record)
    rows = only(record.once(joined_facts), {"kind": ["issue"], "framework_id": chosen})
    rows = rows[look_up(rows["area_id"], "areas", ["kind"], record)["kind"].eq("area")]
    links = rows.assign(theme_id=rows["theme_ids"].str.split(SEPARATOR)).explode("theme_id")
    of_theme = links[links["theme_id"].ne("")].groupby("theme_id")
    frame = of_theme.agg(
        n_issues=("row_id", "nunique"),
        n_areas=("area", "nunique"),
        areas=("area", lambda names: ", ".join(sorted(names.unique()))),
    )
    order = record.table("evidence")["theme_id"].drop_duplicates()
    frame = frame.reindex(order[order.isin(frame.index)]).rename_axis("theme_id").reset_index()
    theme = look_up(frame["theme_id"], "themes", ["title"], record)["title"]
    frame = frame.assign(theme=theme, n_known=rows["area"].nunique())[[*_RECURRING]]
    by = ["n_areas", "n_issues"]
    frame = frame.sort_values(by, ascending=False, kind="stable", ignore_index=True)
    return frame.astype(_RECURRING)


# One inspection ---------------------------------------------------------------------------------


def inspection_of(inspection: str, record: RecordLike = None) -> pd.Series:
    """The row of an inspection, by its identifier or its title.

    >>> inspection_of("south_west_aip_2021")["area_id"]
    'south_west_2011'
    """
    rows = as_record(record).table("inspections")
    if isinstance(inspection, str):
        for column in ("inspection_id", "title"):
            same = rows[rows[column].map(plain).eq(plain(inspection))]
            if len(same) == 1:
                return same.iloc[0]
    raise UnknownValueError(
        "inspection", inspection, [*rows["inspection_id"], *rows["title"]], 'load("inspections")'
    )


def findings(inspection: str, polarity: Wanted = None, record: RecordLike = None) -> pd.DataFrame:
    """Strengths, weaknesses and context in words, of one inspection; none of them is a rating.

    Rows of the table `findings`, with `said_by` (in whose words) and `against` ("improved since
    2005", what is claimed without a figure; "" where nothing is).

    >>> findings("leicestershire_opa_2005", "mixed")["subject"].tolist()
    ['Mixed outcomes of cases with advice before charge']
    """
    rows = _of_inspection("findings", inspection, "polarity", polarity, record)
    against = rows["direction"] + (" than " + rows["comparator"]).fillna("")
    against = against.str.replace(
        r"^(improved|maintained|increased|declined) than", r"\1 since", regex=True
    )
    said_by = rows["voice"].fillna(rows["speaker"].map(SPEAKERS)).astype("string")
    return rows.assign(said_by=said_by, against=against.fillna(""))


def numbers(inspection: str, record: RecordLike = None) -> pd.DataFrame:
    """The numbers that stand in the publication of one inspection.

    Rows of the table `measures`, with `period_in_words` ("not stated" where it is not) and
    `value_in_words`, which is the number, or says why there is none.

    >>> numbers("south_west_aip_2021")["value_as_printed"].tolist()
    ['three', 'three-phase']
    """
    rows = _of_inspection("measures", inspection, "", None, record)
    values = ["given in words" if pd.isna(value) else f"{value:,.10g}" for value in rows["value"]]
    dates = span(rows["period_from"], rows["period_to"]).map(date_in_words, na_action="ignore")
    return rows.assign(
        value_in_words=pd.array(values, dtype="string"),
        period_in_words=dates.astype("string").fillna(rows["period"]).fillna("not stated"),
    )


def methods(inspection: str, kind: Wanted = None, record: RecordLike = None) -> pd.DataFrame:
    """How one inspection was done, and what its documents say about its limits, by kind.

    >>> methods("leicestershire_opa_2005", "limit")["locator"].tolist()
    ['L65', 'L65']
    """
    return _of_inspection("methods", inspection, "kind", kind, record)


def _of_inspection(
    name: str, inspection: str, column: str, wanted: Wanted, record: RecordLike
) -> pd.DataFrame:
    """The rows of a table that belong to one inspection and have the wanted codes in a column."""
    record = as_record(record)
    values: dict[str, list | None] = {
        "inspection_id": [inspection_of(inspection, record)["inspection_id"]]
    }
    if column:
        known = {one: one.replace("_", " ") for one in table(name).field(column).enum}
        values[column] = among(column, wanted, known, f'codebook("{name}")')
    return only(record.table(name), values).reset_index(drop=True)
