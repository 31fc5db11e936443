"""What one inspection found in words and numbers, and how it was done, as tables to read."""

from __future__ import annotations

import pandas as pd

from hmcpsi_data.html import Shown
from hmcpsi_data.record import describe
from hmcpsi_data.record.filters import Wanted
from hmcpsi_data.show.sourced import dated, dates, shown
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import POLARITIES, count_of


def findings(inspection: str, polarity: Wanted = None, record: RecordLike = None) -> Shown:
    """Strengths, weaknesses and context in words; none of them is a rating.

    Parameters
    ----------
    inspection : str
        An `inspection_id`, or the title of an inspection; so for all functions of one inspection.
    polarity : str or list of str, optional
        Only strength, weakness, mixed or context.
    record : Record or path, optional
        Another data folder than the shipped one; so for all tables.

    Examples
    --------
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
    inspection: str, rows: pd.DataFrame, record: RecordLike
) -> tuple[pd.DataFrame, str, Record]:
    """The rows of one inspection, its title, and the record."""
    opened = as_record(record)
    about = describe.inspection_of(inspection, opened)
    rows = rows[rows["inspection_id"].eq(about["inspection_id"])].reset_index(drop=True)
    return rows, str(about["title"]), opened
