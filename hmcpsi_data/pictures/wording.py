"""What the pictures say in words: counts, never percentages of a handful; scales, never mixed."""

from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd

from hmcpsi_data import words as known
from hmcpsi_data.errors import HmcpsiError, quote
from hmcpsi_data.record.sources import citations
from hmcpsi_data.tables.record import Record
from hmcpsi_data.words import MISSING, count_of, date_in_words, listed

CONTRADICTED, NOT_SHOWN = "contradicted", "not shown"
ABSENT = (CONTRADICTED, *MISSING.values(), NOT_SHOWN)  # there is no rating that counts
OTHER = ["Other source says", "Other source"]
_ASPECT = ["aspect_id", "set_id", "level", "label", "is_critical"]


def need(rows: object, columns: Sequence[str], start: str) -> pd.DataFrame:
    """The rows, if they are a table with these columns; else an error that says where to start."""
    if not isinstance(rows, pd.DataFrame):
        raise HmcpsiError(f"{quote(rows)} is no table to draw. Start from {start}.")
    if missing := [column for column in columns if column not in rows]:
        raise HmcpsiError(f"The table has no column {quote(missing[0])}. Start from {start}.")
    return rows


def plural(kind: str, n: int = 2) -> str:
    """A kind of rated thing, or of action, for this number of them."""
    one = (known.LEVELS | known.KINDS).get(kind, kind.replace("_", " "))
    return one if n == 1 else (known.SEVERAL | known.PLURALS).get(kind, f"{one}s")


def completed(rows: pd.DataFrame, groups: pd.DataFrame, record: Record) -> pd.DataFrame:
    """The words of ratings, and of what was not chosen, so that some do not read as if all."""
    keys = ["inspection_id", "aspect_id"]
    sides = [rows, record.table("aspects").sort_values("position", kind="stable")]
    aspects = pd.concat([side.reindex(columns=_ASPECT) for side in sides])
    told = rows[keys].assign(word=words_of(rows), **other_side(rows, record))
    tiles = groups.merge(aspects.drop_duplicates("aspect_id"), on=["set_id", "level"])
    tiles = tiles.merge(told.drop_duplicates(keys), on=keys, how="left")
    tiles["shown"] = tiles["word"].notna()
    tiles["critical"] = tiles["is_critical"].fillna(False).astype(bool)
    rated = record.table("ratings").dropna(subset="rating")
    in_record = pd.MultiIndex.from_frame(tiles[keys]).isin(pd.MultiIndex.from_frame(rated[keys]))
    reason = pd.Series(MISSING["not_found"], tiles.index).mask(in_record, NOT_SHOWN)
    return tiles.assign(word=tiles["word"].fillna(reason).astype(str))


def words_of(rows: pd.DataFrame) -> pd.Series:
    """The word of each row: its rating, which kind of missing it is, or that it is contradicted."""
    of = rows.reindex(columns=["rating", "missing", "basis"]).astype("string")
    words = of["rating"].fillna(of["missing"].map(MISSING)).fillna(MISSING["not_rated"])
    return words.mask(of["basis"].eq("contradicted").fillna(False), CONTRADICTED).astype(object)


def named(rows: pd.DataFrame, names: pd.Series) -> pd.Series:
    """A name for each inspection; with its identifier where another bears the same."""
    names = names.groupby(rows["inspection_id"]).first()
    return names.mask(names.duplicated(keep=False), names + " (" + names.index + ")")


def other_side(rows: pd.DataFrame, record: Record) -> dict[str, pd.Series]:
    """Of contradicted rows what another source says, and which: columns, where there are any."""
    if "says_otherwise" not in rows or rows["says_otherwise"].isna().all():
        return {}
    other = citations(pd.DataFrame({"source_id": rows["otherwise_source_id"]}), record)
    return dict(zip(OTHER, (rows["says_otherwise"].fillna(""), other.fillna("")), strict=True))


def counts(words: Iterable[str], order: Sequence[str], what: str) -> str:
    """How often each word occurs, the lowest of the scale first; then what has no rating."""
    n = Counter(words)
    rated, of = in_order(n.keys() - {*ABSENT}, order), f"of {n.total():,} {what}"
    told = f"{listed([f'{n[word]:,} {word}' for word in rated]) or 'none'} {of}"
    if len(rated) == 1:
        told = f"{n[rated[0]]:,} {of} {rated[0]}"
    without = ", ".join(f"{n[word]:,} {word}" for word in ABSENT if n[word])
    return f"{told}{' rated' * (not rated)}; {without}" if without else told


def sources(rows: pd.DataFrame, record: Record) -> str:
    """Where rows come from, in a line."""
    both = rows.filter(["source_id", "otherwise_source_id"])  # a contradicted rating has two sides
    cells = both.astype("string").melt()["value"].dropna()
    ids = cells.str.split("; ").explode().drop_duplicates()
    titles = citations(ids.to_frame("source_id"), record).drop_duplicates().tolist()
    if len(titles) > 3:
        return f"Sources: {len(titles)}; each row of the data names its own."
    return f"{'Sources' if len(titles) > 1 else 'Source'}: {'; '.join(titles)}." if titles else ""


def in_order(values: Iterable[str], order: Iterable[str]) -> list[str]:
    """The different values in the order of a table; those that it does not know come last."""
    there, ranks = set(values), dict.fromkeys(order)
    return [*(one for one in ranks if one in there), *sorted(there - ranks.keys())]


def who(rows: pd.DataFrame, most: int = 1) -> str:
    """The Areas that rows are about, or how many they are."""
    areas = list(dict.fromkeys(rows["area"].dropna()))
    return listed(areas) if 0 < len(areas) <= most else count_of(len(areas), "Area")


def about(rows: pd.DataFrame, most: int) -> str:
    """The Areas that rows are about, and when: one date with its kind, or the years."""
    dates = rows.reindex(columns=["date_kind", "date"]).astype("string").dropna().drop_duplicates()
    years = dates["date"].str[:4]
    when = date_in_words(f"{years.min()} to {years.max()}")
    if len(dates) == 1:
        when = f"{dates['date_kind'].iat[0]} {date_in_words(dates['date'].iat[0])}"
    return f"{who(rows, most)}; {when}" if len(dates) else who(rows, most)
