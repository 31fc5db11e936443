"""What can be taken away from an explorer: a file name, a CSV, a citation."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from hmcpsi_data.description import package

__all__ = ["citation", "cited", "csv_bytes", "file_name"]

_FEW = 4  # sources that a citation names by their titles
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_bytes(frame: pd.DataFrame) -> bytes:
    r"""The frame as CSV (UTF-8, RFC 4180); a cell that a spreadsheet would compute is made text.

    Examples
    --------
    >>> csv_bytes(pd.DataFrame({"a": ["=1+1", "Good"]}))
    b"a\r\n'=1+1\r\nGood\r\n"
    """
    texts = frame.select_dtypes(["object", "string"]).columns
    safe = frame.copy()
    for column in texts:
        risky = safe[column].astype("string").str.startswith(_FORMULA).fillna(False)
        safe[column] = safe[column].where(~risky, "'" + safe[column].astype("string"))
    return safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8")


def cited(frame: pd.DataFrame, *others: str) -> pd.Series:
    """The sources that the rows of a frame name in any column, and others.

    Examples
    --------
    >>> rows = {"source_id": ["a", None], "old_source_id": ["b", "b"]}
    >>> cited(pd.DataFrame(rows), "c").tolist()
    ['a', 'b', 'b', 'c']
    """
    columns = [column for column in frame if str(column).endswith("source_id")]
    named = [one for column in columns for one in frame[column].dropna()]
    return pd.Series([*named, *others], dtype="string")


def file_name(title: str, suffix: str) -> str:
    """A plain file name.

    Examples
    --------
    >>> file_name("Ratings: East Midlands", "csv")
    'hmcpsi-ratings-east-midlands.csv'
    """
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
    return f"hmcpsi-{words[:60].strip('-')}.{suffix}"


def citation(
    title: str, sources: pd.Series | None = None, titles: Mapping[str, str] | None = None
) -> str:
    """A citation of what is shown, with version and date of the data and the sources of the rows.

    A few sources are named by their titles; many only as the data call them.

    Examples
    --------
    >>> citation("Ratings", pd.Series(["doc_opa_2006"]))[:47]
    'The hmcpsi_data contributors (2026). Ratings. I'
    """
    about = package()
    date = about["created"][:10]
    text = (
        f"The hmcpsi_data contributors ({date[:4]}). {title.rstrip('.')}. In: {about['title']}, "
        f"version {about['version']}, data of {date}."
    )
    if sources is not None and len(sources):
        text += f" Sources: {_named(sources, titles or {})}."
    return f"{text} {about['attribution']}"


def _named(sources: pd.Series, titles: Mapping[str, str]) -> str:
    """Sources by title and identifier, or where they are many, by identifier alone."""
    ids = sorted({one for cell in sources.dropna() for one in cell.split("; ")})
    if len(ids) > _FEW:
        return ", ".join(ids)
    return "; ".join(f"{titles[one]} ({one})" if one in titles else one for one in ids)
