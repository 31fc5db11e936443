"""Inspections of the Crown Prosecution Service as tidy, sourced tables.

Start with `tables` (what there is), `ratings` (what most people want), `coverage` (what is known
of which Area, and why the rest is not), `national` (how many Areas had which rating) and `codebook`
(what every column means). `load` gives any table as it is, `check` lists every problem of a data
folder.

`find_area`, `lineage`, `predecessors` and `successors` follow Areas through time. Ratings of two
frameworks are never put into one order: `ordered` takes one framework, and `compare` sets two side
by side through a `Crosswalk`. `theme_history` follows a subject through all rounds.

`copy_data` makes a copy of your own, `add_document` adds a publication to it, and `show_words`
shows the lines behind a row, where you have the document.

Not produced or endorsed by HMCPSI or the CPS.
"""

from hmcpsi_data.area import find_area
from hmcpsi_data.codebook import codebook
from hmcpsi_data.coverage import coverage
from hmcpsi_data.errors import (
    DataError,
    FrameworkError,
    HmcpsiError,
    UnknownValueError,
)
from hmcpsi_data.lineage import lineage, predecessors, successors
from hmcpsi_data.tables import load, tables
from hmcpsi_data.views import areas, aspects, ratings

__version__ = "0.1.0"

__all__ = [
    "Crosswalk",
    "DataError",
    "FrameworkError",
    "HmcpsiError",
    "UnknownValueError",
    "add_document",
    "areas",
    "aspects",
    "check",
    "codebook",
    "compare",
    "copy_data",
    "coverage",
    "find_area",
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
]

# What only some people need is read when it is first asked for, so that the import stays quick.
# None of these modules bears the name of what it holds.
_LATER = {
    "Crosswalk": "crosswalk",
    "CrosswalkError": "errors",
    "Document": "documents",
    "DocumentError": "errors",
    "add_document": "adding",
    "check": "checks",
    "compare": "comparing",
    "copy_data": "copying",
    "national": "distribution",
    "ordered": "ordinal",
    "read_document": "documents",
    "show_words": "showing",
    "theme_history": "themes",
}


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module(f"hmcpsi_data.{_LATER[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
