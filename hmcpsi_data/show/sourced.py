"""Columns and the rows behind them as a table to read, with dates, both sides and sources."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from hmcpsi_data.html import Shown
from hmcpsi_data.record.facts import joined_facts
from hmcpsi_data.record.filters import Wanted, choose
from hmcpsi_data.record.ratings import ratings
from hmcpsi_data.record.sources import addresses, citations, lines_in_words
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import KINDS, SEVERAL, SPEAKERS, count_of, date_in_words

# heading: the columns of source and lines; further sources stand there where a row has one
_SOURCES = {
    "Source": ("source_id", "locator"),
    "Source of the answer": ("answer_source_id", "answer_locator"),
    "Other source": ("otherwise_source_id", ""),
}
_NAMED = {
    "publication": "published",
    "source": "date of the source",
    "assessment": "year of the assessment",
}


def shown(
    columns: Mapping[str, pd.Series | None],
    rows: pd.DataFrame,
    title: str,
    words: str,
    record: Record,
    **look: Any,
) -> Shown:
    """Columns in which something stands, with date, both sides of a conflict and sources."""
    cells = {}
    for name, column in columns.items():
        if column is not None and (rows.empty or column.astype("string").fillna("").ne("").any()):
            cells[name] = column
    if "date_kind" in rows and "Date" not in cells:
        cells["Date"] = dates(rows)
    if "says_otherwise" in rows and rows["says_otherwise"].notna().any():
        cells["Another source says"] = rows["says_otherwise"]
    links = {}
    for heading, (key, locator) in _SOURCES.items():
        if key not in rows or (heading != "Source" and rows[key].isna().all()):
            continue
        cited = pd.DataFrame({"source_id": rows[key]})
        links[heading] = addresses(cited, record)
        lines = rows.get(locator, pd.Series(pd.NA, rows.index, dtype="string"))
        alone = len(rows) > 1 and rows[key].nunique(dropna=False) == 1 and lines.notna().any()
        cells[heading] = citations(cited if alone else cited.assign(locator=lines), record)
        if alone and heading == "Source":
            short = lines.map(lines_in_words, na_action="ignore").astype("string")
            cells["Lines"] = short.str.replace("^lines? ", "", regex=True)
    fold = ["Date", *_SOURCES, *look.pop("fold", [])]
    return Shown(pd.DataFrame(cells), title, words, links=links, fold=fold, record=record, **look)


def dates(rows: pd.DataFrame) -> pd.Series:
    """When, in words, as precise as it is known, and the date of what that is."""
    pairs = zip(rows["date"], rows["date_precision"].fillna(""), strict=True)
    words = pd.Series([date_in_words(*pair) for pair in pairs], rows.index, dtype="string")
    kind = rows["date_kind"].where(rows["date_kind"].ne("stated")).replace(_NAMED)
    return words.mask(words.ne(""), words + (" (" + kind + ")").fillna("")).replace("", "not dated")


def whose_words(rows: pd.DataFrame) -> pd.Series:
    """In whose words: what the row says, else who speaks."""
    spoken = rows["speaker"].map(SPEAKERS).astype("string")
    return rows["voice"].fillna(spoken) if "voice" in rows else spoken


def asked_for(rows: pd.DataFrame) -> list[str]:
    """How many requests of each kind there are."""
    counts = rows["kind"].value_counts(sort=False).items()
    return [count_of(n, KINDS[str(kind)], SEVERAL[str(kind)]) for kind, n in counts]


def conflicts(area: Wanted = None, record: RecordLike = None) -> Shown:
    """Ratings on which sources do not agree, with both sides; none of them is counted."""
    opened = as_record(record)
    rows = ratings(area, record=opened).dropna(subset="says_otherwise")
    columns = {
        "Area": rows["area"],
        "Framework": rows["framework"],
        "What was rated": rows["label"],
        "One source says": rows["rating"],
    }
    words = f"{count_of(len(rows), 'rating')}, shown with both sides and counted nowhere."
    return shown(columns, rows, "Ratings on which sources do not agree", words, opened, head=3)


def tensions(area: Wanted = None, record: RecordLike = None) -> Shown:
    """Statements of the documents that do not fit together, side by side, unsettled."""
    opened = as_record(record)
    rows, keys = opened.table("tensions"), ["table", "row_id"]
    stated = opened.once(joined_facts).drop_duplicates(keys).set_index(keys)
    pairs = [pd.MultiIndex.from_frame(rows[[f"{n}_table", f"{n}_id"]]) for n in ("first", "second")]
    first, second = (stated.reindex(pair).set_axis(rows.index) for pair in pairs)
    if (chosen := choose("area", area, opened)) is not None:
        about = first["area_id"].isin(chosen) | second["area_id"].isin(chosen)
        rows, first, second = rows[about], first[about], second[about]
    apart = first["area"].ne(second["area"]).fillna(False)
    same = first["source_id"].eq(second["source_id"]) & first["locator"].ne(second["locator"])
    lines = first["locator"] + ";" + second["locator"]  # both, behind the name of one source
    one, another = (
        side.assign(
            text=side["text"].mask(apart, side["area"] + ": " + side["text"]),
            locator=side["locator"].mask(same.fillna(False), lines),
        )
        for side in (first, second)
    )
    when, cited = [dates(one), dates(another)], [citations(one, opened), citations(another, opened)]
    columns = {
        "Subject": rows["subject"],
        "One statement": one["text"],
        "Another statement": another["text"],
        "How they differ": rows["explanation"],
        "Date": when[0].where(when[0].eq(when[1]), when[0] + "\n" + when[1]),
        "Sources": cited[0].where(cited[0].eq(cited[1]), cited[0] + "\n" + cited[1]),
    }
    words = f"{count_of(len(rows), 'pair')}. The pairing is ours; each statement is its source's."
    return Shown(columns, "Statements that do not fit together", words)
