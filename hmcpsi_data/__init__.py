"""Inspections of the Crown Prosecution Service as tidy, sourced tables."""

from hmcpsi_data.record.areas import find_area, lineage, predecessors, successors
from hmcpsi_data.record.facts import facts, theme_history
from hmcpsi_data.record.ratings import areas, aspects, ratings, undisputed
from hmcpsi_data.record.sources import citations
from hmcpsi_data.tables.record import Record, load, tables

__version__ = "0.2.0"

__all__ = [
    "Record",
    "areas",
    "aspects",
    "citations",
    "facts",
    "find_area",
    "lineage",
    "load",
    "predecessors",
    "ratings",
    "successors",
    "tables",
    "theme_history",
    "undisputed",
]
