"""Rounds side by side: each statement in a few words, and what stands above a round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd

from hmcpsi_data.record.facts import joined_facts
from hmcpsi_data.record.filters import only
from hmcpsi_data.record.joins import look_up
from hmcpsi_data.tables.record import Record
from hmcpsi_data.words import KINDS, PLURALS, SEVERAL, SPEAKERS, count_of, date_in_words, listed

# In a round, what counts most stands first; context comes last.
_ORDER = (
    "rating", "progress", "issue recommendation aspect_for_improvement", "weakness",
    "strength mixed", "measure", "response", "commitment", "context",
)  # fmt: skip
_RANK = {kind: place for place, kinds in enumerate(_ORDER) for kind in kinds.split()}


def both_sides(words: pd.Series, rows: pd.DataFrame) -> pd.Series:
    """The words of a rating; of one that another source contradicts, what that one says too."""
    both = "contradicted: " + words + " or " + rows["says_otherwise"].astype("string")
    return both.fillna(words)


def about(statements: pd.DataFrame) -> pd.Series:
    """What each statement is about; a number with its figure and unit."""
    return statements["what"].mask(statements["kind"].eq("measure"), statements["text"])


def statements_in_words(statements: pd.DataFrame, record: Record) -> pd.DataFrame:
    """Rows of facts, what counts most first, with the `word` of each and what it is `about`.

    Words that are not the inspectorate's are told, and what became of a request.
    """
    kind, value = statements["kind"].astype("string"), statements["value"].astype("string")
    rank = kind.where(kind.ne("finding"), value).map(_RANK).fillna(len(_ORDER))
    words = kind.replace({"response": "answer", "measure": "number"}).str.replace("_", " ")
    words = words.mask(kind.isin(["finding", "direction"]), value.fillna(words)).str.capitalize()
    words = words.mask(kind.isin(["rating", "progress"]), value.fillna("not rated"))
    whose = statements["speaker"].map(SPEAKERS).fillna(statements["speaker"])
    others = ~statements["speaker"].isin(["inspectorate", "project"])
    told = about(statements)
    told = told.mask(others, told + " (" + whose + ")")
    became = statements["row_id"].map(record.once(_became)).fillna("no answer found")
    told = told.mask(kind.isin(KINDS), told + " \u2192 " + became)
    rows = statements.assign(word=both_sides(words, statements), about=told)
    return rows.iloc[rank.argsort(kind="stable")]


def _became(record: Record) -> dict[Any, str]:
    """What came of each request, in words: the progress a follow-up rated, else the answer."""
    known = record.once(joined_facts).set_index("answers")
    answers, progress = (
        only(known, {"kind": [kind]})["value"].str.replace("_", " ")
        for kind in ("response", "progress")
    )
    answered = "answered" + (": " + answers).fillna("")
    return answered.to_dict() | progress.dropna().to_dict()


class RoundHead(NamedTuple):
    """What stands above a round: year and Area; framework, measure and date; and all its Areas."""

    title: str
    lines: list[str]
    areas: list[str]


def round_head(one: str, areas: Sequence[str], record: Record) -> RoundHead:
    """The head of a round for some Areas; without any, for all that were inspected in it."""
    known = record.once(joined_facts)
    known = known[known["round"].eq(one).fillna(False)]
    if areas:
        known = known[known["area_id"].isin(areas)]
    names = known["area"].dropna().unique().tolist()
    visits = known["inspection_id"].drop_duplicates()
    dates = look_up(visits, "inspections", "published", record).dropna().unique()
    year = dates[0][:4] if len(dates) == 1 and len(names) == 1 else one
    if not names:
        return RoundHead(year, ["not inspected in this round, or not found"], [])
    who = listed(names) if len(names) < 3 else count_of(len(names), "Area")
    frameworks = listed(known["framework"].dropna().unique().tolist())
    when = [f"published {date_in_words(dates[0])}"] if len(dates) == 1 else []
    return RoundHead(f"{year} {who}", [frameworks, _measured(known, record), *when], names)


def _measured(known: pd.DataFrame, record: Record) -> str:
    """What was measured in a round, in words."""
    told = []
    rated = known[known["kind"].eq("rating") & known["value"].notna()]
    levels = Counter(rated["level"])
    if levels["overall"] == 1:
        told.append(f"overall {rated.loc[rated['level'].eq('overall'), 'value'].iat[0]}")
        del levels["overall"]
    if levels:
        parts = [_known_of(level, rated, record) for level, _ in levels.most_common()]
        told.append(f"{listed(parts)} {'known' if ' of ' in ''.join(parts) else 'rated'}")
    followed = only(known, {"kind": ["progress"]})["answers"]
    n = Counter(look_up(followed, "actions", "kind", record).dropna())
    if of := [count_of(n[kind], KINDS[kind], SEVERAL[kind]) for kind in KINDS if n[kind]]:
        told.append(f"progress on {listed(of)}")
    told = told or ["no ratings"]
    if issues := int(known["kind"].eq("issue").sum()):
        told.append(count_of(issues, "issue"))
    return ", ".join(told)


def _known_of(level: str, rated: pd.DataFrame, record: Record) -> str:
    """How many of a level are rated; of one inspection, of how many its framework has."""
    found, aspects = rated[rated["level"].eq(level)], record.table("aspects")
    sets = aspects.loc[aspects["aspect_id"].isin(found["aspect_id"]), "set_id"]
    whole = int((aspects["set_id"].isin(sets) & aspects["level"].eq(level)).sum())
    n, words = len(found), (level.replace("_", " "), PLURALS[level])
    one = found["inspection_id"].nunique() == 1 and n < whole
    return f"{n} of {count_of(whole, *words)}" if one else count_of(n, *words)
