"""What ratings say, as sentences with their denominators."""

import pandas as pd

from hmcpsi_data.record.filters import only
from hmcpsi_data.record.joins import look_up, scales, tally
from hmcpsi_data.record.ratings import joined_ratings, undisputed
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import LEVELS, PLURALS, count_of


def rated(ratings: pd.DataFrame, record: RecordLike = None) -> str:
    """Ratings in a sentence for each framework, level by level, with what they are a part of."""
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
    names = ["level", "framework_id", "inspection_id"]
    level, framework, inspection = map(str, rows[names].iloc[0])
    one, things = rows["inspection_id"].nunique() == 1, PLURALS[level]
    same = {"level": [level], "framework_id": [framework]}
    same |= {"inspection_id": [inspection]} if one else {}
    known = undisputed(only(record.once(joined_ratings), same))
    sectors, whole = 0, None
    if one:
        sets = {"set_id": rows["set_id"].unique().tolist()}
        if only(record.table("aspect_sets"), sets)["is_complete"].fillna(False).all():
            whole = len(only(record.table("aspects"), sets | {"level": [level]}))
    elif level == "overall":  # sectors are parts of an Area, and no units
        whole = record.table("frameworks").set_index("framework_id")["n_units"][framework]
        kinds = (look_up(of["area_id"], "areas", "kind", record) for of in (rows, known))
        is_sector, known_sector = (of.eq("sector").astype(bool) for of in kinds)
        sectors, rows, known = int(is_sector.sum()), rows[~is_sector], known[~known_sector]
    words, unrated = rows["rating"].dropna().tolist(), int(rows["rating"].isna().sum())
    if one and words and level == "overall":
        return f"overall {words[0]}"
    n = known["rating"].count()
    of = f"{n} known" if pd.isna(whole) else str(whole)
    told = []
    if len(set(words)) == 1:
        told = [f"{len(words)} of {of} {things} {words[0]}"]
    elif words:
        told = [f"{things}: {tally(words, record.once(scales).get(framework, []))} of {of}"]
    if unrated:
        told.append(f"{count_of(unrated, LEVELS[level], things)} without a rating")
    absent = 0 if pd.isna(whole) else whole - len(known)
    # what a filter left out is not shown; what the record does not hold is not found
    notes = {"not shown": n - len(words), "not found": absent, "of sectors besides": sectors}
    return "; ".join([*told, *(f"{n} {note}" for note, n in notes.items() if n > 0)])
