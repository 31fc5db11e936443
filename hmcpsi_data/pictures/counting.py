"""What the pictures say in words: counts, never percentages of a handful; scales, never mixed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from hmcpsi_data.errors import FrameworkError, UnknownValueError
from hmcpsi_data.guard import scale
from hmcpsi_data.palette import PROGRESS, QUALITY
from hmcpsi_data.tables import load
from hmcpsi_data.tiles import MISSING
from hmcpsi_data.wording import KINDS, PLURALS, Folder

__all__ = [
    "counted",
    "fewer_sources",
    "joined",
    "period",
    "plural",
    "scale_of",
    "sources",
    "words_of",
]


_PLURALS = {"aspect_for_improvement": "aspects for improvement", "issue": "issues to address"}


def joined(parts: Iterable[str]) -> str:
    """Parts as in a sentence.

    Examples
    --------
    >>> joined(["2006", "2016", "2022"])
    '2006, 2016 and 2022'
    """
    *first, last = [str(part) for part in parts] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def plural(kind: str, n: int = 2) -> str:
    """A kind of rated thing, or of action, for this number of them.

    Examples
    --------
    >>> plural("criterion", 7), plural("criterion", 1)
    ('criteria', 'criterion')
    """
    one = {"overall": "overall assessment", **KINDS}.get(kind, kind.replace("_", " "))
    return one if n == 1 else {**PLURALS, **_PLURALS}.get(kind, f"{one}s")


def scale_of(framework_id: str, folder: Folder = None) -> list[str]:
    """The words of a framework's scale, the lowest first; what stands outside the order is last.

    A framework without a scale has none. One that no table knows, as in a table of a reader's own,
    is taken to use the words of the palettes.

    Examples
    --------
    >>> scale_of("opa_2005"), scale_of("aip_2021")
    (['Poor', 'Fair', 'Good', 'Excellent'], [])
    """
    try:
        ordered, outside = scale(framework_id, folder)
    except FrameworkError:
        return []
    except UnknownValueError:
        *progress, last = PROGRESS
        ordered, outside = [*reversed(QUALITY), *reversed(progress)], [last]
    return [*ordered, *outside]


def words_of(rows: pd.DataFrame, column: str = "rating") -> list[str]:
    """The word of each row: its rating, else which kind of missing it is."""
    words = rows[column].astype(object).where(rows[column].notna(), None).tolist()
    if "missing" not in rows:
        return [word or MISSING["not_rated"] for word in words]
    kinds = rows["missing"].map(MISSING).tolist()
    return [word or kind for word, kind in zip(words, kinds, strict=True)]


def counted(words: Iterable[str], scale: Sequence[str], what: str = "") -> str:
    """How often each word of a scale occurs, the lowest first; then how many rows have none.

    Examples
    --------
    >>> counted(["Good", "Fair", "Good", "not found"], scale_of("opa_2005"), "aspects")
    'Fair 1, Good 2 of 4 aspects, not found 1'
    """
    n = pd.Series(list(words), dtype=object).value_counts()
    rated = [word for word in n.index if word not in MISSING.values()]
    order = [word for word in scale if word in rated]
    order += sorted(word for word in rated if word not in scale)
    parts = ", ".join(f"{word} {n[word]}" for word in order) or "none rated"
    absent = "".join(f", {word} {n[word]}" for word in MISSING.values() if word in n)
    return f"{parts} of {int(n.sum())}{f' {what}' if what else ''}{absent}"


def sources(*tables: pd.DataFrame, folder: Folder = None) -> str:
    """Where rows come from, in a line: the source of each row, and that there are further ones.

    Lines are spoken of only where documents were read as a whole, since other sources have none. A
    table that counts `n_sources` beside the picture counts the further ones too, so the line says
    where these stand.

    Examples
    --------
    >>> from hmcpsi_data import ratings
    >>> sources(ratings(framework="opa_2007"))
    'Sources: 7; each row of the data names its own.'
    >>> sources(ratings("East Midlands", level="section"))
    'Source: CPS response to the Area Assurance inspection of CPS East Midlands. Further sources \
of some ratings: table rating_sources.'
    """
    kept = load("sources", folder).set_index("source_id")
    ids = [key for rows in tables if "source_id" in rows for key in rows["source_id"].dropna()]
    ids = list(dict.fromkeys(ids))
    names = list(dict.fromkeys(str(kept["title"].get(key, key)) for key in ids))
    line = f"{'Sources' if len(names) > 1 else 'Source'}: {'; '.join(names)}." if names else ""
    if len(names) > 3:
        n = int(kept["sha256"].reindex(ids).notna().sum())
        read = ", with lines" if n == len(ids) else f"; {n} of them with lines" if n else ""
        line = f"Sources: {len(names)}; each row of the data names its own{read}."
    further = any(rows["n_sources"].gt(1).any() for rows in tables if "n_sources" in rows)
    return line + " Further sources of some ratings: table rating_sources." * further


def fewer_sources(
    drawn: pd.DataFrame, whole: pd.DataFrame, what: str, folder: Folder = None
) -> str | None:
    """The line of sources of a picture that draws a part of a table, and why it names fewer.

    Parameters
    ----------
    drawn, whole : pandas.DataFrame
        The rows that are drawn, and those of the table beside it, which may have sources in
        several columns.
    what : str
        What is drawn, such as "sections".
    folder : path, optional
        As for `hmcpsi_data.load`.

    Returns
    -------
    str or None
        None where both have as many sources, so that nothing is to be said.

    Examples
    --------
    >>> from hmcpsi_data import ratings
    >>> known = ratings(framework="aap_2016")
    >>> print(fewer_sources(known[known["level"] == "section"], known, "sections"))
    Sources: 6; each row of the data names its own; 1 of them with lines. Further sources of some \
ratings: table rating_sources. The table beside it names 7 sources: the picture shows sections \
alone.
    >>> fewer_sources(known, known, "ratings")
    """
    columns = [column for column in whole if str(column).endswith("source_id")]
    of = len({key for column in columns for key in whole[column].dropna()})
    if drawn["source_id"].dropna().nunique() == of:
        return None
    named = sources(drawn, folder=folder)
    return f"{named} The table beside it names {of} sources: the picture shows {what} alone."


def period(rows: pd.DataFrame) -> str:
    """When rows were gathered and published, as precise as known.

    Examples
    --------
    >>> dates = {"fieldwork": ["2005"] * 2, "published": ["2006-03-14", "2005-12"]}
    >>> period(pd.DataFrame(dates))
    'fieldwork 2005; published 2005-12 to 2006-03-14'
    """
    parts = []
    for column in ("fieldwork", "published"):
        dates = sorted(set(rows[column].dropna())) if column in rows else []
        if len(dates) == 1 or (dates and column == "published"):
            parts.append(f"{column} {' to '.join(dict.fromkeys([dates[0], dates[-1]]))}")
    return "; ".join(parts)
