"""How much is known: of each framework, and of each Area in each round, by kind of measure."""

from __future__ import annotations

import os

import pandas as pd

from hmcpsi_data.choosing import Wanted, choose
from hmcpsi_data.coverage import coverage
from hmcpsi_data.tables import load
from hmcpsi_data.tiles import MISSING, TileTable, tile_table
from hmcpsi_data.views import look_up
from hmcpsi_data.wording import counted

__all__ = ["coverage_matrix", "record"]

Folder = str | os.PathLike[str] | None

# heading: the measures under it, with the word for one and for several of a thing
_MEASURES = {
    "Overall rating": {"overall_rating": ()},
    "Ratings of parts": {
        "aspect_rating": ("aspect", "aspects"),
        "pilot_score_rating": ("pilot score", "pilot scores"),
        "criterion_rating": ("criterion", "criteria"),
        "section_rating": ("section", "sections"),
    },
    "Progress": {"progress_rating": ()},
    "Asked for": {
        "recommendation": ("recommen\u00addation", "recommen\u00addations"),
        "aspect_for_improvement": ("aspect for improve\u00adment", "aspects for improve\u00adment"),
        "issue": ("issue", "issues"),
    },
    "Findings": {"finding": ()},
    "Numbers": {"number": ()},
}
# A cell of several measures that are all missing says what a reader could still look for.
_MISSING_FIRST = ("not_found", "not_in_framework", "not_applicable")


def record(folder: Folder = None) -> TileTable:
    """How much the tables hold of each framework, from overall ratings to numbers.

    A count of units never speaks of those that were not found. Sectors, which are parts of an Area,
    are counted beside the Areas and not among them.

    Examples
    --------
    >>> record().frame.set_index("Framework").loc["OPA 2006", "Overall ratings"]
    '12 of 42'
    """
    frameworks = load("frameworks", folder)
    known = coverage(folder=folder)
    against = known["status"].eq("contradicted").sum()
    known = known[known["status"].isin(["stated", "derived"])]
    whole = known["level"].eq("overall") & known["kind"].ne("sector")
    sides = {
        "overall": known[whole],
        "parts": known[known["level"].ne("overall")],
        "progress": _under("actions", "follow_up_inspection_id", folder).dropna(subset="progress"),
        "issues": _under("actions", "inspection_id", folder).query("kind == 'issue'"),
        "findings": _under("findings", "inspection_id", folder),
        "numbers": load("measures", folder),
    }
    n = {
        name: frameworks["framework_id"].map(rows["framework_id"].value_counts()).fillna(0)
        for name, rows in sides.items()
    }
    counts = pd.DataFrame(n).astype("Int64").astype("string").replace("0", "none")
    sectors = known.loc[known["kind"].eq("sector"), "framework_id"].value_counts()
    sectors = frameworks["framework_id"].map(sectors)
    units = frameworks["n_units"].astype("string")
    rated = counts["overall"].where(
        counts["overall"].eq("none"), counts["overall"] + " of " + units
    )
    frame = frameworks.assign(units=units.fillna("not known"), **counts).assign(
        overall=rated.fillna(counts["overall"])
        + ("; " + sectors.astype("Int64").astype("string") + " sectors").fillna("")
    )
    words = (
        f"{len(known)} ratings are known of {known['area_id'].nunique()} units, "
        f"{known['status'].eq('derived').sum()} of them derived; {against} more contradicted and "
        "counted nowhere. What is not known is not Poor."
    )
    return tile_table(
        frame,
        "What the record holds of each framework",
        words,
        headings={
            "short_title": "Framework",
            "overall": "Overall ratings",
            "parts": "Ratings of parts",
            "progress": "Progress",
            "issues": "Issues",
            "findings": "Findings",
            "numbers": "Numbers",
        },
    )


def _under(name: str, column: str, folder: Folder) -> pd.DataFrame:
    """The rows of a table with the framework of an inspection that they name."""
    rows = load(name, folder)
    return rows.join(look_up(rows[column], "inspections", ["framework_id"], folder))


def coverage_matrix(area: Wanted = None, folder: Folder = None) -> TileTable:
    """What is known, by Area, round and kind of measure, and why the rest is not.

    A number counts what is known. Words say which kind of missing a blank is: not in the framework,
    not found in the sources, or not applicable, because the Area was not in being or is known not
    to have been inspected. A column of several measures names those that are known; where none
    is, it says "not found" before "not in framework". Columns of which nothing is known in any
    row are left out.

    Parameters
    ----------
    area : str or list of str, optional
        Only these Areas, as for `ratings`; all of which anything is known, where not given.

    Examples
    --------
    >>> coverage_matrix("Leicestershire").frame.loc[0, "Ratings of parts"]
    '14 aspects'
    """
    known = coverage(by="measure", folder=folder)
    chosen = choose("area", area, folder)
    if chosen is None:
        chosen = known.loc[known["status"] == "known", "area_id"]
    shown = known[known["area_id"].isin(chosen)]
    under = {measure: heading for heading, several in _MEASURES.items() for measure in several}
    shown = shown.assign(heading=shown["measure"].map(under), round=shown["round"].astype(object))
    keys = ["area_id", "area", "framework_id", "round"]
    cells = pd.DataFrame(
        [
            (*key, _covered(key[-1], rows))
            for key, rows in shown.groupby([*keys, "heading"], sort=False)
        ],
        columns=[*keys, "heading", "cell"],
    )
    wide = cells.pivot(index=keys, columns="heading", values="cell")
    wide = wide.reindex(pd.MultiIndex.from_frame(shown[keys].drop_duplicates())).reset_index()
    missing = [*MISSING.values()]
    columns = [heading for heading in _MEASURES if not wide[heading].isin(missing).all()]
    counts = wide[columns].melt()["value"].value_counts()
    n_known = int(counts.drop(missing, errors="ignore").sum())
    sentence = (
        f"Something is known in {n_known} of {int(counts.sum())} cells; in "
        f"{counts.get(MISSING['not_found'], 0)} it was not found in the sources, in "
        f"{counts.get(MISSING['not_in_framework'], 0)} it is not in the framework, and "
        f"{counts.get(MISSING['not_applicable'], 0)} do not apply, since the Area was not in being "
        "or not among those inspected (such rounds share a row). None of them means Poor."
    )
    return tile_table(
        _folded(wide, columns),
        "What is known of each Area in each round",
        sentence,
        headings={"area": "Area", "round": "Round"} | {column: column for column in columns},
        tiles=tuple(columns),
        row_headers=2,
    )


def _covered(heading: str, rows: pd.DataFrame) -> str:
    """One cell of the matrix: what is known with its number, or why nothing is."""
    found = rows[rows["status"] == "known"]
    if found.empty:
        first = next(one for one in _MISSING_FIRST if one in set(rows["status"]))
        return MISSING[first]
    words = _MEASURES[heading]
    parts = [
        counted(n, *words[measure]) if words[measure] else str(n)
        for measure, n in zip(found["measure"], found["n"], strict=True)
    ]
    return ", ".join(parts)


def _folded(wide: pd.DataFrame, measures: list[str]) -> pd.DataFrame:
    """The matrix with rounds of which nothing applies put into one row for each Area and run."""
    absent = wide[measures].eq(MISSING["not_applicable"]).all(axis=1)
    starts = ~absent | ~absent.shift(fill_value=False) | wide["area_id"].ne(wide["area_id"].shift())
    rows = wide.groupby(starts.cumsum(), sort=False)
    folded = rows.first()
    folded["round"] = rows["round"].agg(", ".join)
    return folded
