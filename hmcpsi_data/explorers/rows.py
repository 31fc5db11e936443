"""What several explorers share: options that lead somewhere, whose words, and from where."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pandas as pd

from hmcpsi_data.explorers.controls import Option
from hmcpsi_data.record.filters import options
from hmcpsi_data.record.sources import addresses, citations
from hmcpsi_data.tables.record import Record
from hmcpsi_data.words import BASES, SPEAKERS

__all__ = ["offered", "said", "sources", "with_rows"]


def with_rows(names: Iterable[str], record: Record, whole: pd.DataFrame) -> dict[str, set]:
    """The options of each filter that have any row at all; to be kept with the record."""
    return {name: {value for value, _, n in options(name, record, whole) if n} for name in names}


def offered(name: str, record: Record, rows: pd.DataFrame, known: Collection) -> list[Option]:
    """The options of a filter that are known, each with how many rows it would give now."""
    return [option for option in options(name, record, rows) if option[0] in known]


def said(frame: pd.DataFrame) -> pd.Series:
    """In whose words a row is, and how the source carries it where it is not stated outright."""
    basis = frame["basis"].map(BASES)
    plain = frame["basis"].isna() | frame["basis"].eq("stated").fillna(False)
    return frame["speaker"].map(SPEAKERS) + (", " + basis).mask(plain, "")


def sources(frame: pd.DataFrame, record: Record) -> tuple[pd.Series, pd.Series]:
    """Source and lines of each row as people read them, and the address they lead to."""
    return citations(frame, record), addresses(frame, record)
