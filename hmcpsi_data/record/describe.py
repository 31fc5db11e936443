"""What rows say, as sentences with their denominators and as tables that only need to be shown.

What is not shown, because of a filter, and what was not found are told apart. Neither is Poor.
"""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from hmcpsi_data import words
from hmcpsi_data.errors import UnknownValueError
from hmcpsi_data.record.coverage import coverage
from hmcpsi_data.record.facts import joined_facts
from hmcpsi_data.record.filters import Wanted, among, choose, only
from hmcpsi_data.record.joins import SEPARATOR, look_up, scales, span, tally
from hmcpsi_data.record.ratings import joined_ratings, undisputed
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import KINDS, LEVELS, MISSING, PLURALS, count_of, date_in_words, plain

# The frameworks since 2016 whose issues to address are counted together.
AREA_INSPECTIONS = ("aap_pilot_2016", "aap_2016", "aip_2021")

# heading: the measures under it
_MEASURES = {
    "Overall rating": ["overall_rating"],
    "Ratings of parts": [
        "section_rating", "criterion_rating", "aspect_rating", "pilot_score_rating"
    ],
    "Progress": ["progress_rating"],
    "Asked for": [*KINDS],
    "Findings": ["finding"],
    "Numbers": ["number"],
}  # fmt: skip
# A cell of several measures that are all missing says what a reader could still look for.
_MISSING_FIRST = ("contradicted", "not_found", "not_in_framework", "not_applicable")


# Sentences --------------------------------------------------------------------------------------


def counts_in_words(words: pd.Series, framework_id: str, record: Record) -> str:
    """Counts of the words of a framework's scale, the lowest first; missing ones are left out."""
    return tally(words.dropna(), record.once(scales).get(framework_id, []))


def rated(ratings: pd.DataFrame, record: RecordLike = None) -> str:
    """Ratings in a sentence for each framework, level by level, with what they are a part of.

    What a filter left out is "not shown"; what the record does not hold is "not found", where the
    whole is known. A rating that another source contradicts is not counted.

    >>> from hmcpsi_data import ratings
    >>> rated(ratings("Leicestershire", framework="opa_2005", level="aspect", rating="Poor"))
    'Leicestershire, OPA 2005-06: 1 of 14 aspects Poor; 13 not shown.'
    """
    record = as_record(record)
    if ratings.empty:
        return "No rating is shown. Nothing found is never Poor."
    sentences = []
    for framework, rows in ratings.groupby("framework", sort=False):
        sound = undisputed(rows)
        parts = [_at_level(of_level, record) for _, of_level in sound.groupby("level", sort=False)]
        if doubted := len(rows) - len(sound):
            parts.append(f"{doubted} contradicted by another source and not counted")
        units = count_of(sound["area_id"].nunique(), "unit")
        one = rows["inspection_id"].nunique() == 1
        whose = f"{rows['area'].iat[0]}, {framework}" if one else f"{framework}, {units}"
        sentences.append(f"{whose}: {'; '.join(parts)}.")
    return " ".join(sentences)


def _at_level(rows: pd.DataFrame, record: Record) -> str:
    """What one inspection, or several under one framework, found at one level, and of how many."""
    level, framework = str(rows["level"].iat[0]), str(rows["framework_id"].iat[0])
    one, things = rows["inspection_id"].nunique() == 1, PLURALS[level]
    known, sectors, whole = record.once(_sound), 0, None
    known = known[known["level"].eq(level) & known["framework_id"].eq(framework)]
    if one:
        known = known[known["inspection_id"].eq(str(rows["inspection_id"].iat[0]))]
        ids, aspects = rows["set_id"].unique().tolist(), record.table("aspects")
        if only(record.table("aspect_sets"), {"set_id": ids})["is_complete"].fillna(False).all():
            whole = int((aspects["set_id"].isin(ids) & aspects["level"].eq(level)).sum())
    elif level == "overall":  # sectors are parts of an Area, and no units
        whole = record.table("frameworks").set_index("framework_id")["n_units"][framework]
        sectors = int(_is_sector(rows, record).sum())
        rows, known = (of[~_is_sector(of, record)] for of in (rows, known))
    words, unrated = rows["rating"].dropna().tolist(), int(rows["rating"].isna().sum())
    if one and words and level == "overall":
        return f"overall {words[0]}"
    n = known["rating"].count()
    of = f"{n} known" if pd.isna(whole) else str(whole)
    told = []
    if len(set(words)) == 1:
        told = [f"{len(words)} of {of} {things} {words[0]}"]
    elif words:
        told = [f"{things}: {counts_in_words(rows['rating'], framework, record)} of {of}"]
    if unrated:
        told.append(f"{count_of(unrated, LEVELS[level], things)} without a rating")
    absent = 0 if pd.isna(whole) else whole - len(known)
    notes = {"not shown": n - len(words), "not found": absent, "of sectors besides": sectors}
    return "; ".join([*told, *(f"{n} {note}" for note, n in notes.items() if n > 0)])


def _sound(record: Record) -> pd.DataFrame:
    return undisputed(record.once(joined_ratings))


def _is_sector(rows: pd.DataFrame, record: Record) -> pd.Series:
    return look_up(rows["area_id"], "areas", "kind", record).eq("sector").astype(bool)


# The record at a glance -------------------------------------------------------------------------


def overview(record: RecordLike = None) -> pd.DataFrame:
    """How much the tables hold of each framework, in words, under headings for people.

    An issue to which a source holds two Areas, as Merseyside and Cheshire in 2010, counts once.
    """
    record = as_record(record)
    frameworks = record.table("frameworks")
    known = only(coverage(record=record), {"status": ["stated", "derived"]})
    overall, is_sector = known["level"].eq("overall"), known["kind"].eq("sector")
    rows = record.once(joined_facts)
    issues = only(rows, {"kind": ["issue"]})
    counted = {
        "Overall ratings": known[overall & ~is_sector],
        "Ratings of parts": known[~overall],
        "Progress": only(rows, {"kind": ["progress"]}),
        "Issues": issues.drop_duplicates(["source_id", "locator", "what"]),
        "Findings": only(rows, {"kind": ["finding", "comparison"]}),
        "Numbers": only(rows, {"kind": ["measure"]}),
    }

    def number(of: pd.DataFrame) -> pd.Series:
        n = frameworks["framework_id"].map(of["framework_id"].value_counts())
        return n.astype("Int64").astype("string")

    told = {heading: number(of).fillna("none") for heading, of in counted.items()}
    words, units = told["Overall ratings"], frameworks["n_units"].astype("string")
    words = words.mask(words.ne("none") & units.notna(), words + " of " + units)
    told["Overall ratings"] = words + ("; " + number(known[is_sector]) + " sectors").fillna("")
    return pd.DataFrame({"Framework": frameworks["short_title"]} | told)


def coverage_matrix(area: Wanted = None, record: RecordLike = None) -> pd.DataFrame:
    """What is known, by Area, round and kind of measure, and why the rest is not, in words.

    Without an Area, all of which anything is known. Rounds of which nothing applies share a row,
    and columns of which nothing is known in any row are left out.
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


def _covered(of: dict[str, tuple[str, int]], measures: list[str]) -> str:
    """One cell of the matrix: what is known with its number, or why nothing is."""
    told = []
    for measure in measures:
        status, n = of[measure]
        name = measure.removesuffix("_rating")
        one, several = (LEVELS | KINDS).get(name, ""), (PLURALS | words.SEVERAL).get(name, "")
        if status == "known":
            told.append(count_of(n, one, several) if len(measures) > 1 else str(n))
    statuses = {of[measure][0] for measure in measures}
    absent = next((one for one in _MISSING_FIRST if one in statuses), "")
    return ", ".join(told) or MISSING.get(absent, absent)


def recurring(framework: Wanted = AREA_INSPECTIONS, record: RecordLike = None) -> pd.DataFrame:
    """The themes of issues to address, with the number of Areas in which each came up.

    Of all frameworks where None is given; national reports are left out. `n_known` counts all Areas
    of which any issue is known; most of their lists are incomplete, so `n_areas` is a least number.
    """
    record = as_record(record)
    chosen = choose("framework", framework, record)
    rows = only(record.once(joined_facts), {"kind": ["issue"], "framework_id": chosen})
    rows = rows[look_up(rows["area_id"], "areas", "kind", record).eq("area")]
    links = rows.assign(theme_id=rows["theme_ids"].str.split(SEPARATOR)).explode("theme_id")
    of_theme = links[links["theme_id"].ne("")].groupby("theme_id")
    frame = of_theme.agg(
        n_issues=("row_id", "nunique"),
        n_areas=("area", "nunique"),
        areas=("area", lambda names: ", ".join(sorted(names.unique()))),
    ).reset_index()
    frame["theme"] = look_up(frame["theme_id"], "themes", "title", record)
    frame["n_known"] = rows["area"].nunique()
    frame = frame.astype(dict.fromkeys(["n_issues", "n_areas", "n_known"], "Int64"))
    frame = frame.astype(dict.fromkeys(["theme_id", "theme", "areas"], "string"))
    frame = frame.sort_values("theme").sort_values(
        ["n_areas", "n_issues"], ascending=False, kind="stable", ignore_index=True
    )
    return frame[["theme_id", "theme", "n_issues", "n_areas", "n_known", "areas"]]


# One inspection ---------------------------------------------------------------------------------


def inspection_of(inspection: str, record: RecordLike = None) -> pd.Series:
    """The row of an inspection, by its identifier or its title."""
    rows = as_record(record).table("inspections")
    for column in ("inspection_id", "title"):
        same = rows[rows[column].map(plain).eq(plain(inspection))]
        if isinstance(inspection, str) and len(same) == 1:
            return same.iloc[0]
    known = [*rows["inspection_id"], *rows["title"]]
    raise UnknownValueError("inspection", inspection, known, 'load("inspections")')


def findings(inspection: str, polarity: Wanted = None, record: RecordLike = None) -> pd.DataFrame:
    """Strengths, weaknesses and context of one inspection, and in whose words (`said_by`).

    `against` is what is claimed without a figure, such as "improved since 2005".
    """
    rows = _of_inspection("findings", inspection, record)
    known = {one: one for one in table("findings").field("polarity").enum}
    rows = only(rows, {"polarity": among("polarity", polarity, known, 'codebook("findings")')})
    against = rows["direction"] + (" than " + rows["comparator"]).fillna("")
    against = against.str.replace(r"(ed) than", r"\1 since", regex=True)
    said_by = rows["voice"].fillna(rows["speaker"].map(words.SPEAKERS)).astype("string")
    rows = rows.assign(said_by=said_by, against=against.fillna(""))
    return rows.reset_index(drop=True)


def numbers(inspection: str, record: RecordLike = None) -> pd.DataFrame:
    """The numbers of one inspection, with `value_in_words` and `period_in_words`."""
    rows = _of_inspection("measures", inspection, record).reset_index(drop=True)
    values = ["given in words" if pd.isna(value) else f"{value:,.10g}" for value in rows["value"]]
    dates = span(rows["period_from"], rows["period_to"]).map(date_in_words, na_action="ignore")
    return rows.assign(
        value_in_words=pd.array(values, dtype="string"),
        period_in_words=dates.astype("string").fillna(rows["period"]).fillna("not stated"),
    )


def _of_inspection(name: str, inspection: str, record: RecordLike) -> pd.DataFrame:
    record = as_record(record)
    rows = record.table(name)
    return rows[rows["inspection_id"].eq(inspection_of(inspection, record)["inspection_id"])]
