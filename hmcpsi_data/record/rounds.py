"""Rounds side by side: each statement in a few words, and what stands above a round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from hmcpsi_data.record.facts import joined_facts
from hmcpsi_data.tables.record import Record
from hmcpsi_data.words import KINDS, PLURALS, SPEAKERS, count_of, date_in_words, listed

# What counts most stands first; context comes last.
_ORDER = (
    "rating", "progress", "issue recommendation aspect_for_improvement", "weakness",
    "strength mixed", "measure", "response", "commitment", "context",
)  # fmt: skip
_RANK = {kind: place for place, kinds in enumerate(_ORDER) for kind in kinds.split()}


def statements_in_words(statements: pd.DataFrame, record: Record) -> pd.DataFrame:
    """Rows of facts, what counts most first, with the word of each and what it is `about`.

    Words that are not the inspectorate's are told, and what became of a request.
    """
    kinds = statements["kind"].where(statements["kind"].ne("finding"), statements["value"])
    rows = statements.iloc[kinds.map(_RANK).fillna(len(_ORDER)).argsort(kind="stable")]
    kind, value = rows["kind"].astype("string"), rows["value"].astype("string")
    words = kind.replace({"response": "answer", "measure": "number"}).str.replace("_", " ")
    words = words.mask(kind.isin(["finding", "direction"]), value.fillna(words)).str.capitalize()
    words = words.mask(kind.isin(["rating", "progress"]), value.fillna("not rated"))
    both = "contradicted: " + words + " or " + rows["says_otherwise"].astype("string")
    about = rows["what"].mask(kind.eq("measure"), rows["text"])
    others = ~rows["speaker"].isin(["inspectorate", "project"])
    whose = rows["speaker"].map(SPEAKERS).fillna(rows["speaker"])
    about = about.mask(others, about + " (" + whose + ")")
    became = rows["row_id"].map(record.once(_became)).fillna("no answer found")
    about = about.mask(kind.isin(KINDS), about + " \u2192 " + became)
    return rows.assign(word=both.fillna(words), about=about)


def _became(record: Record) -> dict[str, str]:
    """What came of each request, in words: the progress a follow-up rated, else the answer."""
    known = record.once(joined_facts).dropna(subset=["answers", "value"])
    words = "answered: " + known["value"].str.replace("_", " ")
    words = words.mask(known["kind"].eq("progress"), known["value"])
    parts = [known["kind"].eq(kind) for kind in ("response", "progress")]  # progress goes first
    pairs = [zip(known.loc[part, "answers"], words[part], strict=True) for part in parts]
    return dict(pairs[0]) | dict(pairs[1])


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
    published = record.table("inspections").set_index("inspection_id")["published"]
    dates = published.reindex(known["inspection_id"].dropna().unique()).dropna().unique()
    year = dates[0][:4] if len(dates) == 1 and len(names) == 1 else one
    if not names:
        return RoundHead(year, ["not inspected in this round, or not found"], [])
    who = listed(names) if len(names) < 3 else count_of(len(names), "Area")
    frameworks = listed(known["framework"].dropna().unique().tolist())
    when = [f"published {date_in_words(dates[0])}"] if len(dates) == 1 else []
    return RoundHead(f"{year} {who}", [frameworks, _measured(known, record), *when], names)


def _measured(known: pd.DataFrame, record: Record) -> str:
    """What was measured in a round, in words."""
    n, told = Counter(known["kind"]), []
    rated = known[known["kind"].eq("rating") & known["value"].notna()]
    levels = Counter(rated["level"])
    if levels["overall"] == 1:
        told.append(f"overall {rated.loc[rated['level'].eq('overall'), 'value'].iat[0]}")
        del levels["overall"]
    if levels:
        parts = [_known_of(level, rated, record) for level, _ in levels.most_common()]
        told.append(f"{listed(parts)} {'known' if ' of ' in ''.join(parts) else 'rated'}")
    if n["progress"]:
        told.append(f"progress on {count_of(n['progress'], 'recommendation')}")
    told = told or ["no ratings"]
    if n["issue"]:
        told.append(count_of(n["issue"], "issue"))
    return ", ".join(told)


def _known_of(level: str, rated: pd.DataFrame, record: Record) -> str:
    """How many of a level are rated; of one inspection, of how many its framework has."""
    found = rated[rated["level"].eq(level)]
    aspects = record.table("aspects").set_index("aspect_id")
    sets = aspects["set_id"].reindex(found["aspect_id"]).dropna().unique()
    whole = int((aspects["set_id"].isin(sets) & aspects["level"].eq(level)).sum())
    n, words = len(found), (level.replace("_", " "), PLURALS[level])
    one = found["inspection_id"].nunique() == 1 and n < whole
    return f"{n} of {count_of(whole, *words)}" if one else count_of(n, *words)
