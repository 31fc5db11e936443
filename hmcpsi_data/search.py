"""Looking for words in a table."""

from __future__ import annotations

import pandas as pd

__all__ = ["lines", "search"]

_STRAIGHT = str.maketrans("\u2018\u2019\u201c\u201d\u00a0", "''\"\" ")


def lines(frame: pd.DataFrame) -> pd.Series:
    r"""All texts of each row in one; a frame without rows or columns has them too.

    Examples
    --------
    >>> lines(pd.DataFrame({"a": ["x", None], "b": ["y", "z"]})).tolist()
    ['x\ny', '\nz']
    """
    rows = frame.fillna("").astype(str).itertuples(index=False, name=None)
    return pd.Series(map("\n".join, rows), frame.index, dtype="string")


def search(frame: pd.DataFrame, text: str) -> pd.DataFrame:
    """The rows that contain a text, in any column of text.

    Capitals do not matter, nor do curly or straight quotes. The text is taken as it stands, not as
    a pattern.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any table.
    text : str
        What to look for; an empty text finds every row.

    Returns
    -------
    pandas.DataFrame

    Examples
    --------
    >>> from hmcpsi_data import load
    >>> search(load("themes"), "LETTERS to victims")["theme_id"].tolist()
    ['victim_letters']
    """
    wanted = text.translate(_STRAIGHT).casefold().strip()
    if not wanted or frame.empty:
        return frame
    texts = lines(frame.select_dtypes(["object", "string"]))
    texts = texts.map(lambda text: text.translate(_STRAIGHT).casefold())
    return frame[texts.str.contains(wanted, regex=False)]
