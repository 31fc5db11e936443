"""Explorers: controls, words and a table that answer at once, and then the picture.

``docs/5-explorers.md`` shows how to write one of your own. Anywidget and matplotlib come with
``pip install "hmcpsi_data[notebooks]"``.
"""

try:
    from hmcpsi_data.explorers.base import Choice, Explorer, File, Search, Several, Text
except ImportError as error:
    told = f'Explorers need {error.name}, which pip install "hmcpsi_data[notebooks]" installs.'
    raise ImportError(told, name=error.name) from error

from hmcpsi_data.explorers.assessment import AssessmentExplorer
from hmcpsi_data.explorers.crosswalks import ComparisonExplorer, CrosswalkExplorer
from hmcpsi_data.explorers.document import AddDocument
from hmcpsi_data.explorers.filtered import ActionsExplorer, AreaPage, AreaTimeline, RatingsExplorer
from hmcpsi_data.explorers.themes import FourRounds, ThemeExplorer
from hmcpsi_data.explorers.view import View, button, call, facets
from hmcpsi_data.record.filters import options, search

__all__ = [
    "ActionsExplorer", "AddDocument", "AreaPage", "AreaTimeline", "AssessmentExplorer", "Choice",
    "ComparisonExplorer", "CrosswalkExplorer", "Explorer", "File", "FourRounds", "RatingsExplorer",
    "Search", "Several", "Text", "ThemeExplorer", "View", "button", "call", "facets", "options",
    "search",
]  # fmt: skip
