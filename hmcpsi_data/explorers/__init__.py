"""Explorers: tables and pictures with controls. They need the extra ``notebooks``."""

from hmcpsi_data.explorers.assessment import AssessmentExplorer
from hmcpsi_data.explorers.comparison import ComparisonExplorer
from hmcpsi_data.explorers.crosswalk import CrosswalkExplorer
from hmcpsi_data.explorers.document import AddDocument
from hmcpsi_data.explorers.issues import IssueTracker
from hmcpsi_data.explorers.progress import ProgressTracker
from hmcpsi_data.explorers.ratings import RatingsExplorer
from hmcpsi_data.explorers.themes import ThemeExplorer
from hmcpsi_data.explorers.timeline import AreaTimeline

__all__ = [
    "AddDocument",
    "AreaTimeline",
    "AssessmentExplorer",
    "ComparisonExplorer",
    "CrosswalkExplorer",
    "IssueTracker",
    "ProgressTracker",
    "RatingsExplorer",
    "ThemeExplorer",
]
