"""Where a row comes from, for people: the source with its date and lines, and its address."""

from __future__ import annotations

import pandas as pd

from hmcpsi_data.errors import HmcpsiError, LocatorError
from hmcpsi_data.record.joins import SEPARATOR
from hmcpsi_data.tables.locators import lines_of, parse
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import date_in_words, listed

__all__ = ["addresses", "citations", "lines_in_words"]


def citations(rows: pd.DataFrame, record: RecordLike = None) -> pd.Series:
    """What each row cites, as people write it: publisher, date and lines.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of any table or view with the column `source_id`; where there is a column `locator`,
        its lines are named too.
    record : Record or path, optional
        Another data folder than the shipped one.

    Returns
    -------
    pandas.Series
        Strings with the index of the rows; missing where a row names no source. A source that the
        record does not know is named by its identifier.

    Raises
    ------
    HmcpsiError
        Where `rows` is no table with a column `source_id`.

    Examples
    --------
    >>> from hmcpsi_data import ratings
    >>> rows = ratings("Leicestershire", framework="opa_2005", rating="Poor")
    >>> citations(rows)[0].rpartition(", ")[2]
    'line 26'
    """
    labels = as_record(record).once(_labels)
    ids = _source_ids(rows, "citations")
    named = ids.map(
        lambda cell: SEPARATOR.join(labels.get(one, one) for one in str(cell).split(SEPARATOR)),
        na_action="ignore",
    ).astype("string")
    if "locator" not in rows:
        return named
    lines = rows["locator"].map(lines_in_words, na_action="ignore").astype("string")
    return named + (", " + lines).fillna("")


def addresses(rows: pd.DataFrame, record: RecordLike = None) -> pd.Series:
    """The address at which each row can be read; an archived copy goes first, since it stays.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows with the column `source_id`.
    record : Record or path, optional
        Another data folder than the shipped one.

    Returns
    -------
    pandas.Series
        Strings with the index of the rows; missing where no address is known.

    Raises
    ------
    HmcpsiError
        Where `rows` is no table with a column `source_id`.

    Examples
    --------
    >>> addresses(pd.DataFrame({"source_id": ["s001"]})).notna().all()
    np.True_
    """
    known = as_record(record).once(_addresses)
    ids = _source_ids(rows, "addresses")
    return ids.map(lambda cell: known.get(str(cell), pd.NA), na_action="ignore").astype("string")


def lines_in_words(locator: str) -> str:
    """A locator as people write it.

    Examples
    --------
    >>> lines_in_words("L22"), lines_in_words("L20-L22;L30"), lines_in_words("p3 L12")
    ('line 22', 'lines 20 to 22 and 30', 'page 3, line 12')
    """
    try:
        spans = parse(str(locator))
        n = len(lines_of(str(locator)))
    except LocatorError:
        return str(locator)
    pages: dict[int | None, list[str]] = {}
    for span in spans:
        lines = str(span.first) if span.first == span.last else f"{span.first} to {span.last}"
        pages.setdefault(span.page, []).append(lines)
    parts = [
        f"{'' if page is None else f'page {page}, '}line{'s' * (n > 1)} {listed(lines)}"
        for page, lines in pages.items()
    ]
    return "; ".join(parts)


def _source_ids(rows: object, function: str) -> pd.Series:
    if not isinstance(rows, pd.DataFrame) or "source_id" not in rows:
        raise HmcpsiError(f"Give {function} a table with the column source_id, such as ratings().")
    return rows["source_id"]


def _labels(record: Record) -> dict[str, str]:
    """What people call each source: its label, else publisher and date, else its title."""
    sources = record.table("sources")
    dates = [
        date_in_words(date, precision)
        for date, precision in zip(
            sources["published"], sources["published_precision"], strict=True
        )
    ]
    named = sources["publisher"].fillna(sources["title"])
    made = [
        f"{name}, {date}" if date else f"{name}, not dated"
        for name, date in zip(named, dates, strict=True)
    ]
    if "label" in sources:
        made = sources["label"].fillna(pd.Series(made, sources.index, dtype="string")).tolist()
    return dict(zip(sources["source_id"], made, strict=True))


def _addresses(record: Record) -> dict[str, str]:
    sources = record.table("sources")
    known = sources["archived_address"].fillna(sources["address"])
    return dict(zip(sources["source_id"][known.notna()], known.dropna(), strict=True))
