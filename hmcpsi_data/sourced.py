"""Where a row comes from, for people: what it cites, and the page that stands behind it."""

from __future__ import annotations

import os

import pandas as pd

from hmcpsi_data.tables import load
from hmcpsi_data.tiles import Place

__all__ = ["pages", "places"]

_Folder = str | os.PathLike[str] | None


def places(told: pd.Series, source_ids: pd.Series, folder: _Folder = None) -> dict[str, Place]:
    """By the words that cite a source, its title and address; the address is empty if not known.

    An archived copy goes before the address, since it stays.

    Parameters
    ----------
    told : pandas.Series
        The words, such as "doc_opa_2006, L22".
    source_ids : pandas.Series
        The source that each of them cites.
    folder : path, optional
        As for `load`.

    Examples
    --------
    >>> found = places(pd.Series(["doc_opa_2006, L22"]), pd.Series(["doc_opa_2006"]))
    >>> found["doc_opa_2006, L22"].title
    'Press notice: Overall Performance Assessment of CPS Leicestershire'
    """
    sources = load("sources", folder).set_index("source_id")
    sources["address"] = sources["archived_address"].fillna(sources["address"])
    known = sources[["address", "title"]].astype(object)
    known = known.where(known.notna(), None)
    of = {key: Place(*row) for key, row in zip(known.index, known.to_numpy(), strict=True)}
    pairs = zip(told.astype(object), source_ids.astype(object), strict=True)
    return {words: of.get(key, Place(None)) for words, key in pairs if pd.notna(words)}


def pages(told: pd.Series, source_ids: pd.Series, folder: _Folder = None) -> dict[str, Place]:
    """As `places`, without the sources of which no address is known.

    Examples
    --------
    >>> ids = pd.Series(["doc_opa_2006", "s001"])
    >>> list(pages(ids, ids))
    ['s001']
    """
    found = places(told, source_ids, folder)
    return {words: place for words, place in found.items() if place.address is not None}
