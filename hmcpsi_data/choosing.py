"""Which known values a person means by what was asked for.

Filters take one value or several, by identifier or by title, whatever their case and spaces. What
nobody knows is an error that names the nearest known values, never an empty result.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

from pandas.api.types import is_list_like

from hmcpsi_data.area import resolve, simplify
from hmcpsi_data.description import table
from hmcpsi_data.errors import UnknownValueError
from hmcpsi_data.tables import load

__all__ = ["Wanted", "choose"]

Wanted = str | Iterable[str] | None

# filter: table, column of the values, further columns by which people know them
_LOOKED_UP = {
    "framework": ("frameworks", "framework_id", ("title", "short_title", "round")),
    "set_id": ("aspect_sets", "set_id", ("title",)),
    "theme": ("themes", "theme_id", ("title",)),
    "rating": ("scales", "value", ()),
}
# filter: table whose column of the same name has a list of allowed values
_ENUMERATED = {"level": "aspects", "speaker": "ratings", "tier": "sources", "basis": "ratings"}


def choose(
    filter_name: str, wanted: Wanted, folder: str | os.PathLike[str] | None = None
) -> list[str] | None:
    """The known values that were asked for, or None where nothing was asked.

    Parameters
    ----------
    filter_name : str
        area, framework, set_id, theme, rating, level, speaker, tier or basis.
    wanted : str, list of str or None
        What was asked. An empty list asks for nothing and gets nothing.
    folder : path, optional
        As for `load`.

    Raises
    ------
    UnknownValueError
        Where a value is not known.
    AmbiguousAreaError
        Where the name of an Area belongs to several.

    Examples
    --------
    >>> choose("framework", "opa 2006")
    ['opa_2005']
    >>> choose("level", "criteria")
    Traceback (most recent call last):
    hmcpsi_data.errors.UnknownValueError: level "criteria" is not known. Did you mean \
"criterion"? codebook("aspects") lists all that are.
    """
    if wanted is None:
        return None
    values = list(wanted) if is_list_like(wanted) else [wanted]
    if filter_name == "area":
        return [resolve(value, folder) for value in values]
    if filter_name in _ENUMERATED:
        name = _ENUMERATED[filter_name]
        pairs = [(value, value) for value in table(name).field(filter_name).enum]
        listing = f'codebook("{name}")'
    else:
        name = _LOOKED_UP[filter_name][0]
        pairs = list(_pairs(filter_name, folder))
        listing = f'load("{name}")'
    return [known for value in values for known in _meant(filter_name, value, pairs, listing)]


def _pairs(filter_name: str, folder: str | os.PathLike[str] | None) -> Iterator[tuple[str, str]]:
    """Each name by which people know a value, with the value."""
    name, key, others = _LOOKED_UP[filter_name]
    frame = load(name, folder)
    for column in (key, *others):
        yield from frame[[column, key]].dropna().itertuples(index=False, name=None)


def _meant(
    filter_name: str, value: Any, pairs: list[tuple[str, str]], listing: str
) -> dict[str, None]:
    simple = simplify(value)
    meant = dict.fromkeys(known for name, known in pairs if simplify(name) == simple)
    if not meant:
        raise UnknownValueError(filter_name, value, (name for name, _ in pairs), listing)
    return meant
