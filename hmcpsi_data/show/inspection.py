"""What one inspection found, as tables to read: ratings, progress, issues, findings, numbers."""

from __future__ import annotations

import pandas as pd

from hmcpsi_data.html import Shown
from hmcpsi_data.record import describe
from hmcpsi_data.record.actions import actions
from hmcpsi_data.record.filters import Wanted
from hmcpsi_data.record.ratings import ratings
from hmcpsi_data.show.sourced import (
    asked_for,
    dated,
    dates,
    in_words,
    rating_words,
    shown,
    whose_words,
)
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import KINDS, LEVELS, POLARITIES, SEVERAL, count_of, plain


def rated(inspection: str, level: Wanted = None, record: RecordLike = None) -> Shown:
    """The ratings of one inspection, in the order of the document.

    Parameters
    ----------
    inspection : str
        An `inspection_id`, or the title of an inspection; so for all functions of one inspection.
    level : str or list of str, optional
        Only these levels, as for `ratings`.
    record : Record or path, optional
        Another data folder than the shipped one.

    Examples
    --------
    >>> print(rated("east_midlands_aap_2016", "section").words)
    East Midlands, Area Assurance 2016-19: sections: Fair 3, Good 1 of 4.
    """
    rows, title, opened = _of(inspection, ratings(level=level, record=record), record)
    renamed = rows["label"].map(plain).ne(rows["aspect"].map(plain)).any()
    columns = {
        "What was rated": rows["label"],
        "Rating": rating_words(rows),
        "Level": rows["level"].map(LEVELS) if rows["level"].nunique() > 1 else None,
        "Critical": rows["is_critical"].map({True: "critical", False: "no"}).astype("string"),
        "As printed": rows["aspect"] if renamed else None,
        "In whose words": whose_words(rows),
    }
    words = describe.rated(rows, opened)
    return shown(columns, rows, f"Ratings: {title}", words, opened, tiles=["Rating"])


def progress(inspection: str, record: RecordLike = None) -> Shown:
    """Progress on each recommendation and aspect for improvement that a follow-up rated.

    >>> print(progress("leicestershire_follow_up_2010").words.partition(";")[0])
    Recommendations: Substantial progress 3, Achieved 1 of 4
    """
    asked = actions(record=record)
    rows, title, opened = _of(inspection, asked, record, "follow_up_inspection_id")
    framework = describe.inspection_of(inspection, opened)["framework_id"]
    parts = [
        f"{SEVERAL[str(kind)].capitalize()}: "
        f"{describe.counts_in_words(part['progress'], framework, opened)} of {len(part)}"
        for kind, part in rows.groupby("kind", sort=False)
    ]
    words = f"{'; '.join(parts)}. Progress is not quality: Achieved is not Excellent."
    columns = {
        "What was asked": rows["topic"],
        "Progress": rows["progress"],
        "Kind": rows["kind"].map(KINDS),
        "No.": rows["number"],
    }
    rows = dated(rows, "actions", opened, progress=True).drop(columns="answer_source_id")
    words = words if parts else "No progress was rated."
    return shown(columns, rows, f"Progress: {title}", words, opened, tiles=["Progress"])


def issues(inspection: str, record: RecordLike = None) -> Shown:
    """What one inspection asked for, with the answer to each, who monitors it, and any date.

    >>> issues("south_west_aip_2021").words
    '3 issues to address; 3 answered.'
    """
    rows, title, opened = _of(inspection, actions(record=record), record)
    columns = {
        "What was asked": rows["topic"],
        "Kind": rows["kind"].map(KINDS),
        "Answer of the CPS": rows["answer"].fillna("no answer found"),
        "Monitored by": rows["monitored_by"].fillna("not stated"),
        "Date named": in_words(rows["date"], "not stated"),
        "State, as the CPS says": rows["state"].fillna("not stated").str.replace("_", " "),
    }
    words = f"{', '.join(asked_for(rows))}; {rows['answer'].notna().sum()} answered."
    words = words if len(rows) else "Nothing was asked for."
    rows = dated(rows, "actions", opened)
    return shown(columns, rows, f"Requests and answers: {title}", words, opened)


def findings(inspection: str, polarity: Wanted = None, record: RecordLike = None) -> Shown:
    """Strengths, weaknesses and context in words; none of them is a rating.

    All of them, or of these polarities: strength, weakness, mixed or context.

    >>> findings("leicestershire_opa_2005", "mixed").frame["Finding"].tolist()
    ['Mixed outcomes of cases with advice before charge']
    """
    found = describe.findings(inspection, polarity, record)
    rows, title, opened = _of(inspection, found, record)
    n = rows["polarity"].value_counts()
    told = [f"{n[one]} {one}" for one in dict.fromkeys([*POLARITIES, *n.index]) if one in n]
    columns = {
        "Finding": rows["subject"],
        "Kind": rows["polarity"],
        "Compared with": rows["against"],
        "In whose words": rows["said_by"],
    }
    words = f"{', '.join(told) or 'No finding'}. A finding in words is not a rating."
    rows = dated(rows, "findings", opened)
    return shown(columns, rows, f"Findings in words: {title}", words, opened)


def numbers(inspection: str, record: RecordLike = None) -> Shown:
    """The numbers that stand in the publication of one inspection.

    >>> numbers("south_west_aip_2021").frame["As printed"].tolist()
    ['three', 'three-phase']
    """
    rows, title, opened = _of(inspection, describe.numbers(inspection, record), record)
    period, when = rows["period_in_words"], dates(dated(rows, "measures", opened))
    columns = {
        "What": rows["subject"],
        "Number": rows["value_in_words"],
        "Unit": rows["unit"],
        "As printed": rows["value_as_printed"],
        "Compared with": rows["comparator"],
        "Period": period.mask(period.eq("not stated"), period + "; " + when),
    }
    words = f"{count_of(len(rows), 'number')}. A number is not a rating."
    return shown(columns, rows, f"Numbers: {title}", words, opened)


def methods(inspection: str, kind: Wanted = None, record: RecordLike = None) -> Shown:
    """How one inspection was done, and what its documents say about its limits.

    All of it, or these kinds of statement, such as limit or scoring.

    >>> methods("leicestershire_opa_2005", "limit").frame["Lines"].tolist()
    ['65', '65']
    """
    rows, title, opened = _of(inspection, describe.methods(inspection, kind, record), record)
    columns = {"What is said": rows["statement"], "About": rows["kind"].str.replace("_", " ")}
    words = "" if len(rows) else "Nothing is said of it."
    rows = dated(rows, "methods", opened)
    return shown(columns, rows, f"How it was done: {title}", words, opened)


def _of(
    inspection: str, rows: pd.DataFrame, record: RecordLike, key: str = "inspection_id"
) -> tuple[pd.DataFrame, str, Record]:
    """The rows of one inspection, its title, and the record."""
    opened = as_record(record)
    about = describe.inspection_of(inspection, opened)
    rows = rows[rows[key].eq(about["inspection_id"]).fillna(False)].reset_index(drop=True)
    return rows, str(about["title"]), opened
