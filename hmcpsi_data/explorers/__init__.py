"""Explorers: tables and pictures with controls. They need the extra ``notebooks``."""

from hmcpsi_data.extras import require

require("Explorers", "notebooks", "anywidget", "matplotlib", "afcharts")

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

# A notebook reads only the explorers that it asks for. No module bears the name of what it holds.
_MODULES = {
    "AddDocument": "document",
    "AreaTimeline": "timeline",
    "AssessmentExplorer": "assessment",
    "ComparisonExplorer": "comparison",
    "CrosswalkExplorer": "crosswalk",
    "IssueTracker": "issues",
    "ProgressTracker": "progress",
    "RatingsExplorer": "ratings",
    "ThemeExplorer": "themes",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module(f"hmcpsi_data.explorers.{_MODULES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
