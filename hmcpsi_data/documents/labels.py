"""Which aspect a printed label means: quotes, case and small words make no difference."""

from __future__ import annotations

import re

import pandas as pd

__all__ = ["find_set", "free", "same", "words_of"]

_WORD = re.compile(r"[^\W_]+")
_QUOTES = str.maketrans("", "", "'’‘`´")
_NO_MATTER = frozenset({"the", "a", "an", "of", "in", "and"})
# One thing under two labels, as documents of the same inspection print them.
_ALIKE = {"casework quality": "high quality casework"}
_LONGEST = 80


def same(label: str) -> str:
    r"""A label without what makes no difference.

    Examples
    --------
    >>> same("Crown  Court\u2019s CASES") == same("The Crown Court's cases")
    True
    >>> same("Casework Quality") == same("High quality casework")
    True
    """
    words = [word for word in _words(label) if word not in _NO_MATTER]
    plain = " ".join(words)
    return _ALIKE.get(plain, plain)


def words_of(label: str) -> str:
    """A label as the words of an identifier; "unnamed" where it has none.

    Examples
    --------
    >>> words_of("Managing magistrates' courts cases")
    'managing_magistrates_courts_cases'
    """
    ascii_words = [re.sub("[^a-z0-9]", "", word) for word in _words(label)]
    return "_".join(filter(None, ascii_words))[:_LONGEST].strip("_") or "unnamed"


def find_set(labels: list[str], level: str, aspects: pd.DataFrame) -> dict[str, str] | None:
    """The aspects of the first set that has all labels at this level, by label; None without one.

    Parameters
    ----------
    labels : list of str
        As printed.
    level : str
        Their level.
    aspects : pandas.DataFrame
        Rows of the table ``aspects``, of the sets that come into question.

    Examples
    --------
    >>> from hmcpsi_data import load
    >>> find_set(["disclosure", "LEADERSHIP"], "aspect", load("aspects"))["LEADERSHIP"]
    'opa_2005_leadership'
    """
    wanted = {label: same(label) for label in labels}
    if len(set(wanted.values())) < len(wanted):
        return None  # two rows of the document would be one aspect
    for _, known in aspects[aspects["level"].eq(level)].groupby("set_id", sort=False):
        by_label: dict[str, str] = {}
        for column in ("label", "label_as_printed"):
            for label, aspect in known[[column, "aspect_id"]].dropna().itertuples(index=False):
                by_label.setdefault(same(label), aspect)
        found = {label: by_label.get(plain) for label, plain in wanted.items()}
        if None not in found.values() and len(set(found.values())) == len(found):
            return found
    return None


def free(wanted: str, taken: set[str]) -> str:
    """An identifier that is not taken: as wanted, or with a number at its end.

    Examples
    --------
    >>> free("staff", {"staff", "staff_2"})
    'staff_3'
    """
    found, n = wanted, 1
    while found in taken:
        n += 1
        found = f"{wanted}_{n}"
    return found


def _words(label: str) -> list[str]:
    return _WORD.findall(label.translate(_QUOTES).casefold().replace("&", " and "))
