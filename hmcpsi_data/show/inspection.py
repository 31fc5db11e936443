"""What one inspection found, as tables to read: ratings, progress, issues, findings, numbers."""

from __future__ import annotations

from typing import Any

import pandas as pd

from hmcpsi_data.html import Shown
from hmcpsi_data.record import describe
from hmcpsi_data.record.actions import actions
from hmcpsi_data.record.filters import Wanted
from hmcpsi_data.record.ratings import ratings
from hmcpsi_data.show.sourced import (
    SEVERAL,
    dated,
    dates,
    in_words,
    rating_words,
    shown,
    whose_words,
)
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import KINDS, LEVELS, POLARITIES, count_of, plain

__all__ = ["findings", "issues", "methods", "numbers", "progress", "rated"]


def rated(inspection: str, level: Wanted = None, record: RecordLike = None) -> Shown:
    """The ratings of one inspection, in the order of the document.

    Parameters
    ----------
    inspection : str
        An `inspection_id`, or the title of an inspection; so for all functions of this module.
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
    rows = rows.assign(
        what=rows["label"],
        word=rating_words(rows),
        printed=rows["aspect"],
        critical=rows["is_critical"].map({True: "critical", False: "no"}).astype("string"),
        whose=whose_words(rows),
        level_=rows["level"].map(LEVELS),
        when=dates(rows),
    )
    headings = {"what": "What was rated", "word": "Rating"}
    if rows["level"].nunique() > 1:
        headings["level_"] = "Level"
    if rows["is_critical"].notna().any():
        headings["critical"] = "Critical"
    if not rows["label"].map(plain).eq(rows["aspect"].map(plain)).all():
        headings["printed"] = "As printed"
    headings["whose"] = "In whose words"
    words = describe.rated(rows, opened)
    return shown(rows, headings, f"Ratings: {title}", words, opened, tiles=["Rating"])


def progress(inspection: str, record: RecordLike = None) -> Shown:
    """Progress on each recommendation and aspect for improvement that a follow-up rated.

    Examples
    --------
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
    words = "No progress was rated."
    if parts:
        words = f"{'; '.join(parts)}. Progress is not quality: Achieved is not Excellent."
    headings = {"topic": "Recommendation", "progress": "Progress", "kind": "Kind", "number": "No."}
    rows = dated(rows, "actions", "action_id", opened, progress=True)
    rows = rows.drop(columns=["answer_source_id"]).assign(kind=rows["kind"].map(KINDS))
    return shown(rows, headings, f"Progress: {title}", words, opened, tiles=["Progress"])


def issues(inspection: str, record: RecordLike = None) -> Shown:
    """What one inspection asked for, with the answer to each, who monitors it, and any date.

    Examples
    --------
    >>> issues("south_west_aip_2021").words
    '3 issues to address; 3 answered.'
    """
    rows, title, opened = _of(inspection, actions(record=record), record)
    counts = rows["kind"].value_counts(sort=False).items()
    asked = [count_of(n, KINDS[str(kind)], SEVERAL[str(kind)]) for kind, n in counts]
    answered = rows["answer"].notna()
    words = f"{', '.join(asked)}; {answered.sum()} answered." if asked else "Nothing was asked for."
    rows = dated(rows, "actions", "action_id", opened).assign(
        kind=rows["kind"].map(KINDS),
        answer=rows["answer"].fillna("no answer found"),
        monitored_by=rows["monitored_by"].fillna("not stated"),
        date=in_words(rows["date"], "not stated"),
        state=rows["state"].fillna("not stated").str.replace("_", " "),
    )
    headings = {
        "topic": "What was asked",
        "kind": "Kind",
        "answer": "Answer of the CPS",
        "monitored_by": "Monitored by",
        "date": "Date named",
        "state": "State, as the CPS says",
    }
    return shown(rows, headings, f"Requests and answers: {title}", words, opened)


def findings(inspection: str, polarity: Wanted = None, record: RecordLike = None) -> Shown:
    """Strengths, weaknesses and context in words; none of them is a rating.

    Parameters
    ----------
    polarity : str or list of str, optional
        strength, weakness, mixed or context; all, where not given.

    Examples
    --------
    >>> findings("leicestershire_opa_2005", "mixed").frame["Finding"].tolist()
    ['Mixed outcomes of cases with advice before charge']
    """
    found = describe.findings(inspection, polarity, record)
    rows, title, opened = _of(inspection, found, record)
    n = rows["polarity"].value_counts()
    kinds = [*POLARITIES, *(one for one in n.index if one not in POLARITIES)]
    told = ", ".join(f"{n[one]} {one}" for one in kinds if one in n) or "No finding"
    headings = {"subject": "Finding", "polarity": "Kind"}
    if rows["against"].ne("").any():
        headings["against"] = "Compared with"
    headings["said_by"] = "In whose words"
    rows = dated(rows, "findings", "finding_id", opened)
    words = f"{told}. A finding in words is not a rating."
    return shown(rows, headings, f"Findings in words: {title}", words, opened)


def numbers(inspection: str, record: RecordLike = None) -> Shown:
    """The numbers that stand in the publication of one inspection.

    Examples
    --------
    >>> numbers("south_west_aip_2021").frame["As printed"].tolist()
    ['three', 'three-phase']
    """
    rows, title, opened = _of(inspection, describe.numbers(inspection, record), record)
    period = rows["period_in_words"]
    when = dated(rows, "measures", "measure_id", opened)["when"]
    rows = rows.assign(
        comparator=rows["comparator"].fillna(""),
        period_in_words=period.mask(period.eq("not stated"), period + "; " + when),
    )
    headings = {
        "subject": "What",
        "value_in_words": "Number",
        "unit": "Unit",
        "value_as_printed": "As printed",
        "comparator": "Compared with",
        "period_in_words": "Period",
    }
    if rows["comparator"].eq("").all():
        del headings["comparator"]
    words = f"{count_of(len(rows), 'number')}. A number is not a rating."
    return shown(rows, headings, f"Numbers: {title}", words, opened)


def methods(inspection: str, kind: Wanted = None, record: RecordLike = None) -> Shown:
    """How one inspection was done, and what its documents say about its limits.

    Parameters
    ----------
    kind : str or list of str, optional
        Kinds of statement, such as limit or scoring; all, where not given.

    Examples
    --------
    >>> methods("leicestershire_opa_2005", "limit").frame["Lines"].tolist()
    ['65', '65']
    """
    rows, title, opened = _of(inspection, describe.methods(inspection, kind, record), record)
    rows = dated(rows, "methods", "method_id", opened)
    rows = rows.assign(kind=rows["kind"].str.replace("_", " "))
    headings = {"statement": "What is said", "kind": "About"}
    words = "" if len(rows) else "Nothing is said of it."
    return shown(rows, headings, f"How it was done: {title}", words, opened)


def _of(
    inspection: Any, rows: pd.DataFrame, record: RecordLike, key: str = "inspection_id"
) -> tuple[pd.DataFrame, str, Record]:
    """The rows of one inspection, its title, and the record."""
    opened = as_record(record)
    about = describe.inspection_of(inspection, opened)
    rows = rows[rows[key].eq(about["inspection_id"]).fillna(False)].reset_index(drop=True)
    return rows, str(about["title"]), opened
