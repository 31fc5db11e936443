"""Where a row comes from, for people: the source with its date and lines, and its address."""

import pandas as pd

from hmcpsi_data.errors import HmcpsiError, LocatorError
from hmcpsi_data.record.joins import SEPARATOR, look_up
from hmcpsi_data.tables.locators import parse
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import date_in_words, listed


def citations(rows: pd.DataFrame, record: RecordLike = None) -> pd.Series:
    """What each row cites, as people write it: publisher, date and lines, and who contradicts it.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows with the column `source_id`, and perhaps `locator` and `otherwise_source_id`.
    record : Record or path, optional

    Returns
    -------
    pandas.Series
        Strings with the index of the rows; missing where a row names no source.

    Examples
    --------
    >>> from hmcpsi_data import ratings
    >>> citations(ratings("Essex", framework="opa_2007"))[0]
    'Gazette (Colchester), 2007; contradicted by Public Finance, 14 March 2008'
    """
    labels = as_record(record).once(_labels)

    def named(ids: pd.Series) -> pd.Series:
        several = ids.astype("string").str.split(SEPARATOR)
        words = several.map(lambda of: SEPARATOR.join(labels.get(one, one) for one in of), "ignore")
        return words.astype("string")

    cited = named(_source_ids(rows, "citations"))
    if "locator" in rows:
        lines = rows["locator"].map(lines_in_words, na_action="ignore").astype("string")
        cited += (", " + lines).fillna("")
    if "otherwise_source_id" in rows:
        cited += ("; contradicted by " + named(rows["otherwise_source_id"])).fillna("")
    return cited


def addresses(rows: pd.DataFrame, record: RecordLike = None) -> pd.Series:
    """The address at which each row can be read: an archived copy first, missing where unknown."""
    columns = ["archived_address", "address"]
    of = look_up(_source_ids(rows, "addresses"), "sources", columns, record)
    return of["archived_address"].fillna(of["address"]).astype("string")


def lines_in_words(locator: str) -> str:
    """A locator as people write it: "lines 20 to 22 and 30" for L20-L22;L30."""
    try:
        spans = parse(str(locator))
    except LocatorError:
        return str(locator)
    several = "s" * (len(spans) > 1 or spans[0].first != spans[0].last)
    pages: dict[str, list[str]] = {}
    for span in spans:
        page = "" if span.page is None else f"page {span.page}, "
        lines = str(span.first) if span.first == span.last else f"{span.first} to {span.last}"
        pages.setdefault(page, []).append(lines)
    return "; ".join(f"{page}line{several} {listed(lines)}" for page, lines in pages.items())


def _source_ids(rows: object, function: str) -> pd.Series:
    if not isinstance(rows, pd.DataFrame) or "source_id" not in rows:
        raise HmcpsiError(f"Give {function} a table with the column source_id, such as ratings().")
    return rows["source_id"]


def _labels(record: Record) -> dict[str, str]:
    """What people call each source: its label, else publisher and date, else its title."""
    rows = record.table("sources").set_index("source_id")
    dates = rows["published"].map(date_in_words).replace("", "not dated")
    labels = rows["label"].fillna(rows["publisher"].fillna(rows["title"]) + ", " + dates)
    return dict(zip(labels.index, labels, strict=True))
