"""What rows say, as sentences with their denominators and as tables that only need to be shown.

A count never stands without what it is a part of: what is not shown, because of a filter, and what
was not found, because these tables do not hold it, are told apart. None of either is Poor.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from hmcpsi_data.errors import HmcpsiError, UnknownValueError
from hmcpsi_data.record.coverage import coverage
from hmcpsi_data.record.facts import joined_facts
from hmcpsi_data.record.filters import Wanted, among, choose, one_of, only
from hmcpsi_data.record.joins import look_up, scales, span, tally
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
    number_in_words,
    plain,
)

# The frameworks since 2016 whose issues to address are counted together.
AREA_INSPECTIONS = ("aap_pilot_2016", "aap_2016", "aip_2021")

_RECURRING = ["theme_id", "theme", "n_issues", "n_areas", "n_known", "areas"]
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
    >>> rated(ratings("East Midlands", framework="aap_2016", level="section"))
    'East Midlands, Area Assurance 2016-19: sections: Fair 3, Good 1 of 4.'
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
        parts = [
            _one(str(level), of_level, record) if is_one else _many(str(level), of_level, record)
            for level, of_level in sound.groupby("level", sort=False)
        ]
        unrated = 0 if is_one else int(sound["rating"].isna().sum())
        parts.append(f"{unrated} without a rating" if unrated else "")
        doubted = len(rows) - len(sound)
        parts.append(f"{doubted} contradicted by another source and not counted" * (doubted > 0))
        units = count_of(sound["area_id"].nunique(), "unit") if not is_one else ""
        whose = f"{rows['area'].iat[0]}, {framework}" if is_one else f"{framework}, {units}"
        sentences.append(f"{whose}: {'; '.join(filter(None, parts))}.")
    return " ".join(sentences)


def _one(level: str, rows: pd.DataFrame, record: Record) -> str:
    """What one inspection found at one level: what is shown of what is known of what there was."""
    words, things = rows["rating"].dropna().tolist(), PLURALS[level]
    if not words:
        named = count_of(len(rows), LEVELS[level], things)
        return f"no rating of {named}, as the framework has none"
    if level == "overall":
        return f"overall {words[0]}"
    known = _known(rows, ["inspection_id", "level"], record)
    whole = _whole(rows["set_id"], level, record)
    n = len(known) if whole is None else whole
    hidden, absent = len(known) - len(words), n - len(known)
    counts = tally(words, record.once(scales).get(str(rows["framework_id"].iat[0]), []))
    if hidden <= 0 and absent > 0:
        return f"{things}: {counts}; {absent} of {n} not found"
    if hidden <= 0:
        return f"{things}: {counts} of {n}{' known' if whole is None else ''}"
    alike = len(set(words)) == 1
    shown = f"{len(words)} of {n} {things} {words[0]}" if alike else f"{things}: {counts} of {n}"
    return f"{shown}; {hidden} not shown" + f", {absent} not found" * (absent > 0)


def _whole(set_ids: pd.Series, level: str, record: Record) -> int | None:
    """How many things of a level were rated in all, None where that is not known."""
    sets, aspects = record.table("aspect_sets"), record.table("aspects")
    complete = sets.loc[sets["is_complete"].fillna(False), "set_id"]
    ids = set_ids.dropna().unique()
    if not len(ids) or not {*ids} <= {*complete}:
        return None
    return int((aspects["set_id"].isin(ids) & aspects["level"].eq(level)).sum())


def _many(level: str, rows: pd.DataFrame, record: Record) -> str:
    """What many inspections under one framework found at one level."""
    words, framework_id = rows["rating"].dropna().tolist(), str(rows["framework_id"].iat[0])
    if not words:
        return ""
    known = _known(rows, ["framework_id", "level"], record)
    hidden = len(known) - len(words)
    counts = tally(words, record.once(scales).get(framework_id, []))
    told = f"{PLURALS[level]}: {counts} of {len(words)}"
    told += f", {hidden} not shown" if hidden > 0 else ""
    n_units = record.table("frameworks").set_index("framework_id")["n_units"].get(framework_id)
    if level != "overall" or n_units is None or pd.isna(n_units):
        return told
    kinds = look_up(known["area_id"], "areas", ["kind"], record)["kind"]
    absent = n_units - known.loc[kinds.ne("sector"), "area_id"].nunique()
    return told + (f", {absent} of {n_units} units not found" if absent > 0 else "")


def _known(rows: pd.DataFrame, same: list[str], record: Record) -> pd.DataFrame:
    """All ratings that count and have these columns in common with the rows."""
    known = record.once(_sound)
    for column in same:
        known = known[known[column].eq(str(rows[column].iat[0]))]
    return known


def _sound(record: Record) -> pd.DataFrame:
    """All ratings that count."""
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
    shown = only(known, {"area_id": chosen})
    cells: dict[tuple[str, ...], dict[str, tuple[str, int]]] = {}
    columns = ["area_id", "framework_id", "area", "round", "measure", "status", "n"]
    for *key, measure, status, n in shown[columns].itertuples(index=False, name=None):
        cells.setdefault(tuple(key), {})[measure] = status, n
    rows = [
        {"area_id": key[0], "Area": key[2], "Round": key[3]}
        | {heading: _covered(of, _MEASURES[heading]) for heading in _MEASURES}
        for key, of in cells.items()
    ]
    missing = {*MISSING.values()}
    told = [one for one in _MEASURES if any(row[one] not in missing for row in rows)]
    frame = pd.DataFrame(rows, columns=["area_id", "Area", "Round", *told]).astype("string")
    absent = frame[told].isin([MISSING["not_applicable"]]).all(axis=1).astype(bool)
    before = frame["area_id"].shift().eq(frame["area_id"]).fillna(False)
    follows = absent & absent.shift(fill_value=False) & before.astype(bool)
    rounds = frame.groupby((~follows).cumsum())["Round"].agg(", ".join)
    frame = frame[~follows].reset_index(drop=True)
    return frame.assign(Round=rounds.array).drop(columns="area_id")


def _covered(of: dict[str, tuple[str, int]], measures: dict[str, tuple[str, str] | None]) -> str:
    """One cell of the matrix: what is known with its number, or why nothing is."""
    parts = []
    for measure, named in measures.items():
        status, n = of[measure]
        if status == "known":
            parts.append(str(n) if named is None else count_of(n, *named))
    if parts:
        return ", ".join(parts)
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
    themes = record.table("themes").set_index("theme_id")["title"]
    links = rows.assign(theme_id=rows["theme_ids"].str.split("; ")).explode("theme_id")
    links = links[links["theme_id"].ne("")]
    of_theme = links.groupby("theme_id")
    frame = pd.DataFrame(
        {
            "n_issues": of_theme["row_id"].nunique().astype("Int64"),
            "n_areas": of_theme["area"].nunique().astype("Int64"),
            "areas": of_theme["area"].agg(lambda names: ", ".join(sorted(names.unique()))),
        }
    )
    order = record.table("evidence")["theme_id"].drop_duplicates()
    frame = frame.reindex(order[order.isin(frame.index)]).rename_axis("theme_id").reset_index()
    n_known = pd.array([rows["area"].nunique()] * len(frame), dtype="Int64")
    frame = frame.assign(theme=frame["theme_id"].map(themes), n_known=n_known)
    frame = frame.astype(dict.fromkeys(["theme_id", "theme", "areas"], "string"))[_RECURRING]
    return frame.sort_values(
        ["n_areas", "n_issues"], ascending=False, kind="stable", ignore_index=True
    )


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

    Rows of the table `measures`, with `in_words` (the value with its bound and unit; the words of
    the source where it gives no number), `period_in_words` ("not stated" where it is not) and
    `value_in_words`, which is the number, or says why there is none.

    >>> numbers("south_west_aip_2021")["value_as_printed"].tolist()
    ['three', 'three-phase']
    """
    rows = _of_inspection("measures", inspection, "", None, record)
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
