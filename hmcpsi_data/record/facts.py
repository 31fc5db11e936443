"""Everything that was stated, one row a statement; themes, timeline and coverage count it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pandas as pd

from hmcpsi_data import words as say
from hmcpsi_data.record import joins
from hmcpsi_data.record.filters import Wanted, among, choose, filtered, meant, only
from hmcpsi_data.record.ratings import stated_ratings
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import Record, RecordLike, as_record

_FACTS = [
    "kind", "area_id", "area", "framework_id", "framework", "round", "inspection_id", "aspect_id",
    "level", "what", "value", "text", "theme_ids", "answers", "table", "row_id", "date",
    "date_from", "date_precision", "date_kind", "speaker", "basis", "tier", "says_otherwise",
    "otherwise_source_id", "source_id", "source_title", "locator",
]  # fmt: skip


def facts(
    area: Wanted = None,
    framework: Wanted = None,
    theme: Wanted = None,
    kind: Wanted = None,
    round: Wanted = None,  # noqa: A002 - the field's own word
    speaker: Wanted = None,
    tier: Wanted = None,
    basis: Wanted = None,
    search: str = "",
    record: RecordLike = None,
) -> pd.DataFrame:
    """Everything that was stated, one row a statement, filtered.

    Parameters
    ----------
    area, framework, theme, kind, round, speaker, tier, basis : str or list of str, optional
        By identifier or by name; a framework and a round by each of their years too. Kinds are
        rating, progress, recommendation, aspect_for_improvement, issue, response, commitment,
        finding, comparison, direction (of travel), measure, method, inspection and lineage;
        `speaker` is who says it, `tier` whose publication the source is.
    search : str
        Words that stand anywhere in the row, in any order, whatever their case and marks.
    record : Record or path, optional

    Returns
    -------
    pandas.DataFrame
        `answers` is the request that an answer, a commitment or progress belongs to; progress
        stands under the inspection that rated it. The `date` is, by `date_kind`, ``stated`` by the
        text itself, else of the ``fieldwork`` (an inferred year: of the ``assessment``), else of
        ``publication`` (first where it is finer), else of the ``data``, else of the ``source``.

    Raises
    ------
    UnknownValueError, AmbiguousAreaError, AreaNotInBeingError
        Not known, a name of several Areas, or no Area that met a framework asked for.

    Examples
    --------
    >>> found = facts("Leicestershire", kind="progress")
    >>> found[["value", "date", "date_kind"]].iloc[0].tolist()
    ['Substantial progress', '2010-07', 'stated']
    """
    record = as_record(record)
    wanted = meant(
        record, area=area, framework=framework, theme=theme, round=round, speaker=speaker,
        tier=tier, basis=basis,
    )  # fmt: skip
    wanted["kind"] = among("kind", kind, say.FACTS, "help(facts)")
    return filtered(joined_facts, wanted, search, record)


def theme_history(theme: Wanted, record: RecordLike = None) -> pd.DataFrame:
    """All evidence of a theme as in `facts`, round by round; of several, theme by theme.

    Parameters
    ----------
    theme, record
        As for `facts`; a theme is needed.

    Returns
    -------
    pandas.DataFrame
        The columns of `facts` with `theme_id` and `theme`, strings. Nothing compares rounds.

    Examples
    --------
    >>> theme_history("custody_time_limits")[["round", "area", "text"]].iloc[0].tolist()
    ['2005-06', 'Leicestershire', 'Custody time limits: Fair']
    """
    record = as_record(record)
    chosen = choose("theme", "" if theme is None else theme, record) or []
    keys = ["table", "row_id"]
    evidence = only(record.table("evidence"), {"theme_id": chosen})[["theme_id", *keys]]
    known = record.once(joined_facts).drop_duplicates(keys, keep="last")  # progress is last
    rows = evidence.merge(known, on=keys, how="left")
    rows["theme"] = joins.look_up(rows["theme_id"], "themes", "title", record)
    themes = rows["theme_id"].astype(pd.CategoricalDtype(chosen))
    rounds = rows["round"].astype(pd.CategoricalDtype(joins.round_order(record)))
    return joins.in_order(rows, themes, rounds)[["theme_id", "theme", *_FACTS]].astype("string")


def joined_facts(record: Record) -> pd.DataFrame:
    """All facts, in the order of the tables; shared, so copy it before it is handed out."""
    rows = record.once(stated_facts)
    rows = rows.assign(theme_ids=joins.theme_ids(rows["table"], rows["row_id"], record))
    return joins.placed(rows, record)[_FACTS].astype("string")


def stated_facts(record: Record) -> pd.DataFrame:
    """All facts without what their inspections and sources add to them, which is quicker."""
    return pd.concat(_statements(record), ignore_index=True)


def _statements(record: Record) -> Iterator[pd.DataFrame]:
    """What each table states, without what its inspection and its source add to it."""
    rows = record.once(stated_ratings)
    text = rows["aspect"] + ": " + rows["rating"].fillna(rows["missing"].map(say.MISSING))
    yield _part("ratings", rows, "aspect", "rating", kind="rating", text=text)

    asked = record.table("actions")
    yield _part("actions", asked, "topic", None)
    rows = asked[asked["progress"].notna()]
    yield _part(
        "actions", rows, "topic", "progress", kind="progress", answers=rows["action_id"],
        inspection_id=rows["follow_up_inspection_id"].fillna(rows["inspection_id"]),
        **joins.dated("stated", rows["progress_as_at"], rows["progress_as_at_precision"]),
    )  # fmt: skip
    rows = record.table("responses").drop(columns=["date", "date_precision"])
    yield _part(
        "responses", rows, "summary", "state", kind="response", answers=rows["action_id"],
        inspection_id=joins.look_up(rows["action_id"], "actions", "inspection_id", record),
    )  # fmt: skip
    rows = record.table("commitments")
    yield _part(
        "commitments", rows, "what", "state", kind="commitment",
        answers=joins.look_up(rows["response_id"], "responses", "action_id", record),
        **joins.dated("stated", rows["date"], rows["date_precision"]),
    )  # fmt: skip

    rows = record.table("directions")
    rows = rows.assign(**joins.look_up(rows["aspect_id"], "aspects", ["label", "level"], record))
    text = rows["label"] + ": " + rows["direction"]
    yield _part("directions", rows, "label", "direction", kind="direction", text=text)
    rows = record.table("findings")
    claim = " (" + rows["direction"] + (", against: " + rows["comparator"]).fillna("") + ")"
    kind, text = rows["kind"].fillna("finding"), rows["subject"] + claim.fillna("")
    yield _part("findings", rows, "subject", "polarity", kind=kind, text=text)
    rows = record.table("measures")
    text = _numbers_in_words(rows)
    when = joins.dated("stated", rows["period_to"], rows["period_precision"], rows["period_from"])
    yield _part("measures", rows, "subject", "value_as_printed", kind="measure", text=text, **when)

    yield _part("methods", record.table("methods"), "statement", "kind", kind="method")
    yield _part("inspections", record.table("inspections"), "title", None, kind="inspection")
    rows = record.table("area_lineage")
    before = joins.look_up(rows["predecessor_id"], "areas", "name", record)
    after = joins.look_up(rows["successor_id"], "areas", "name", record)
    rows = rows.assign(what=before + " " + rows["event"] + " into " + after)
    doubt = rows["quality"].map({"secondary": " (by elimination or at second hand)"}).fillna("")
    yield _part(
        "area_lineage", rows, "what", "event", kind="lineage", area_id=rows["predecessor_id"],
        text=rows["what"] + doubt, **joins.dated("stated", rows["date"], rows["date_precision"]),
    )  # fmt: skip


def _numbers_in_words(rows: pd.DataFrame) -> pd.Series:
    """What each number is of, its value, what it is held against, and when."""
    numbers = [say.number_in_words(row) for row in rows.to_dict("records")]
    of, of_casework, against = (
        (" (" + rows[column] + ")").fillna("") for column in ("describes", "casework", "comparator")
    )
    period = (", " + rows["period"]).where(rows["period_to"].isna()).fillna("")
    return rows["subject"] + of + of_casework + ": " + numbers + against + period


def _part(name: str, rows: pd.DataFrame, what: str, value: str | None, **more: Any) -> pd.DataFrame:
    """The statements of one table: what they are about, what they say of it, and more columns."""
    key, *others = (rows[column] for column in table(name).primary_key)
    for other in others:
        key = key + joins.SEPARATOR + other
    cells = {column: rows[column] for column in rows if column in _FACTS}
    cells |= {"row_id": key, "what": rows[what], "text": rows[what]} | more
    return pd.DataFrame(cells | {"value": rows[value] if value else None, "table": name})


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
    """Rows of facts, what counts most first, with the `word` of each and what it is `about`."""
    kind, value = statements["kind"].astype("string"), statements["value"].astype("string")
    rank = kind.where(kind.ne("finding"), value).map(_RANK).fillna(len(_ORDER))
    words = kind.replace({"response": "answer", "measure": "number"}).str.replace("_", " ")
    words = words.mask(kind.isin(["finding", "direction"]), value.fillna(words)).str.capitalize()
    words = words.mask(kind.isin(["rating", "progress"]), value.fillna("not rated"))
    whose = statements["speaker"].map(say.SPEAKERS).fillna(statements["speaker"])
    others = ~statements["speaker"].isin(["inspectorate", "project"])
    told = about(statements)
    told = told.mask(others, told + " (" + whose + ")")
    became = statements["row_id"].map(record.once(_became)).fillna("no answer found")
    told = told.mask(kind.isin(say.KINDS), told + " \u2192 " + became)
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
    known = only(record.once(joined_facts), {"round": [one], "area_id": [*areas] or None})
    names = known["area"].dropna().unique().tolist()
    if not names:
        return RoundHead(one, ["not inspected in this round, or not found"], [])
    visits = known["inspection_id"].drop_duplicates()
    dates = joins.look_up(visits, "inspections", "published", record).dropna().unique()
    year = dates[0][:4] if len(dates) == 1 and len(names) == 1 else one
    who = say.listed(names) if len(names) < 3 else say.count_of(len(names), "Area")
    frameworks = say.listed(known["framework"].dropna().unique().tolist())
    when = [f"published {say.date_in_words(dates[0])}"] if len(dates) == 1 else []
    return RoundHead(f"{year} {who}", [frameworks, _measured(known, record), *when], names)


def _measured(known: pd.DataFrame, record: Record) -> str:
    told, parts, known_or_rated = [], [], "rated"
    rated = known[known["kind"].eq("rating") & known["value"].notna()]
    for level, n in Counter(rated["level"]).most_common():
        rows, words = only(rated, {"level": [level]}), (level.replace("_", " "), say.PLURALS[level])
        sets = joins.look_up(rows["aspect_id"], "aspects", "set_id", record).unique().tolist()
        whole = len(only(record.table("aspects"), {"set_id": sets, "level": [level]}))
        if (level, n) == ("overall", 1):
            told.append(f"overall {rows['value'].iat[0]}")
        elif n < whole and rows["inspection_id"].nunique() == 1:
            known_or_rated = "known"
            parts.append(f"{n} of {say.count_of(whole, *words)}")
        else:
            parts.append(say.count_of(n, *words))
    if parts:
        told.append(f"{say.listed(parts)} {known_or_rated}")
    followed = only(known, {"kind": ["progress"]})["answers"]
    n_of = Counter(joins.look_up(followed, "actions", "kind", record))
    kinds = [kind for kind in say.KINDS if n_of[kind]]
    if of_kinds := [say.count_of(n_of[k], say.KINDS[k], say.SEVERAL[k]) for k in kinds]:
        told.append(f"progress on {say.listed(of_kinds)}")
    told = told or ["no ratings"]
    if issues := int(known["kind"].eq("issue").sum()):
        told.append(say.count_of(issues, "issue"))
    return ", ".join(told)
