"""Tables to read in a notebook, as HTML with words, sources and links; as plain text elsewhere.

Each function returns a `Shown`, whose `frame` is what stands on the screen, or the page of an Area.
"""

from hmcpsi_data.html import Shown
from hmcpsi_data.show.area_page import AreaPage, area
from hmcpsi_data.show.sourced import conflicts, tensions
from hmcpsi_data.show.tables import (
    changes,
    claims,
    comparisons,
    comparisons_made,
    coverage_matrix,
    evidence,
    findings,
    glossary,
    numbers,
    record,
    recurring,
    reliability,
    sensitivity,
    tables,
    unread,
)

__all__ = [
    "AreaPage", "Shown", "area", "changes", "claims", "comparisons", "comparisons_made",
    "conflicts", "coverage_matrix", "evidence", "findings", "glossary",
    "numbers", "record", "recurring", "reliability", "sensitivity", "tables", "tensions", "unread",
]  # fmt: skip
