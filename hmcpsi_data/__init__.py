"""Inspections of the Crown Prosecution Service as tidy, sourced tables."""

from hmcpsi_data.checking import check
from hmcpsi_data.documents import (
    Document,
    add_document,
    invented_notice,
    read_document,
    show_words,
)
from hmcpsi_data.errors import (
    CrosswalkError,
    DataError,
    DocumentError,
    FrameworkError,
    HmcpsiError,
    UnknownValueError,
)
from hmcpsi_data.formats import export
from hmcpsi_data.method.compare import compare
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.method.scales import ordered
from hmcpsi_data.record.actions import actions
from hmcpsi_data.record.areas import find_area, lineage, predecessors, successors
from hmcpsi_data.record.coverage import coverage, national
from hmcpsi_data.record.facts import facts, theme_history
from hmcpsi_data.record.ratings import areas, aspects, ratings, undisputed
from hmcpsi_data.record.sources import citations
from hmcpsi_data.record.timeline import timeline
from hmcpsi_data.tables.description import codebook
from hmcpsi_data.tables.record import Record, changes, data_version, load, tables
from hmcpsi_data.tables.writing import copy_data

__version__ = "0.2.0"

__all__ = [
    "Crosswalk",
    "CrosswalkError",
    "DataError",
    "Document",
    "DocumentError",
    "FrameworkError",
    "HmcpsiError",
    "Record",
    "UnknownValueError",
    "actions",
    "add_document",
    "areas",
    "aspects",
    "changes",
    "check",
    "citations",
    "codebook",
    "compare",
    "copy_data",
    "coverage",
    "data_version",
    "export",
    "facts",
    "find_area",
    "invented_notice",
    "lineage",
    "load",
    "national",
    "ordered",
    "predecessors",
    "ratings",
    "read_document",
    "show_words",
    "successors",
    "tables",
    "theme_history",
    "timeline",
    "undisputed",
]
