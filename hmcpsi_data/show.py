"""What a reader wants to see first, over all inspections, as tables ready to be shown.

Each function takes data from the loaders and returns a `TileTable`: a caption, a sentence of
counts, the table, and where it comes from.
"""

from __future__ import annotations

import os

import pandas as pd

from hmcpsi_data.choosing import Wanted, choose
from hmcpsi_data.coverage import coverage
from hmcpsi_data.tables import load
from hmcpsi_data.themes import theme_history
from hmcpsi_data.tiles import MISSING, TileTable, tile_table
from hmcpsi_data.views import areas, look_up, ratings
from hmcpsi_data.wording import SPEAKERS, counted

__all__ = [
    "comparisons",
    "conflicts",
    "coverage_matrix",
    "evidence",
    "glossary",
    "inspected",
    "record",
    "sources",
    "tensions",
]

Folder = str | os.PathLike[str] | None

_MEASURES = {
    "overall_rating": "Overall rating",
    "aspect_rating": "Aspect ratings",
    "pilot_score_rating": "Pilot scores",
    "criterion_rating": "Criterion ratings",
    "section_rating": "Section ratings",
    "progress_rating": "Progress ratings",
    "recommendation": "Recommen\u00addations",
    "aspect_for_improvement": "Aspects for improvement",
    "issue": "Issues to address",
    "finding": "Findings in words",
    "number": "Numbers",
}


def inspected(area: Wanted = None, folder: Folder = None) -> TileTable:
    """What was inspected, when, and by which yardstick: one row for each inspection.

    The period of the data, the fieldwork and the publication are three dates, each as precise as
    its source.

    Parameters
    ----------
    area : str or list of str, optional
        Only these Areas, as for `ratings`; all, where not given.

    Examples
    --------
    >>> list(inspected().frame.columns)[:3]
    ['Area', 'Framework', 'Measures']
    """
    inspections = load("inspections", folder)
    chosen = choose("area", area, folder)
    if chosen is not None:
        inspections = inspections[inspections["area_id"].isin(chosen)]
    frameworks = load("frameworks", folder).set_index("framework_id")
    names = areas(folder).set_index("area_id")["area"]
    kinds = {
        "rating": "quality on a scale",
        "progress": "progress on a scale",
        "percentage": "percentages",
        "narrative": "words, no ratings",
    }
    frame = pd.DataFrame(
        {
            "Area": inspections["area_id"].map(names),
            "Framework": inspections["framework_id"].map(frameworks["short_title"]),
            "Measures": inspections["framework_id"].map(frameworks["measure_kind"]).map(kinds),
            "Data": _period(inspections, "data"),
            "Fieldwork": _period(inspections, "fieldwork"),
            "Published": inspections["published"].fillna("not found"),
            "Known from": inspections["source_id"],
            "Lines": inspections["locator"],
        }
    )
    words = (
        f"{counted(len(frame), 'inspection')} of {counted(frame['Area'].nunique(), 'unit')} under "
        f"{counted(frame['Framework'].nunique(), 'framework')}."
    )
    return tile_table(frame, "Inspections and their yardsticks", words, row_headers=2)


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
            "units": "Units inspected",
            "overall": "Overall ratings",
            "parts": "Ratings of parts",
            "progress": "Progress ratings",
            "issues": "Issues",
            "findings": "Findings in words",
            "numbers": "Numbers",
        },
    )


def _under(name: str, column: str, folder: Folder) -> pd.DataFrame:
    """The rows of a table with the framework of an inspection that they name."""
    rows = load(name, folder)
    return rows.join(look_up(rows[column], "inspections", ["framework_id"], folder))


def _period(inspections: pd.DataFrame, which: str) -> pd.Series:
    start, end = inspections[f"{which}_from"], inspections[f"{which}_to"]
    span = start.where(start == end, start + " to " + end)
    inferred = inspections[f"{which}_basis"].eq("inferred").fillna(False)
    return span.where(~inferred, span + " (inferred)").fillna("not stated")


def coverage_matrix(area: Wanted = None, folder: Folder = None) -> TileTable:
    """What is known, by Area, round and kind of measure, and why the rest is not.

    A number counts what is known. Words say which kind of missing a blank is: not in the framework,
    not found in the sources, or not applicable, because the Area was not in being or is known not
    to have been inspected. Measures of which nothing is known in any row get no column.

    Parameters
    ----------
    area : str or list of str, optional
        Only these Areas, as for `ratings`; all of which anything is known, where not given.

    Examples
    --------
    >>> coverage_matrix().tiles[0]
    'Overall rating'
    """
    known = coverage(by="measure", folder=folder)
    chosen = choose("area", area, folder)
    if chosen is None:
        chosen = known.loc[known["status"] == "known", "area_id"]
    shown = known[known["area_id"].isin(chosen)]
    measures = set(shown.loc[shown["status"] == "known", "measure"])
    shown = shown[shown["measure"].isin(measures)]
    words = shown["status"].map(MISSING)
    cells = words.where(shown["status"] != "known", shown["n"].astype("string"))
    keys = ["area_id", "area", "framework_id", "round"]
    wide = (
        shown.assign(cell=cells, round=shown["round"].astype(object))
        .pivot(index=keys, columns="measure", values="cell")
        .reindex(pd.MultiIndex.from_frame(shown[keys].drop_duplicates()))
        .reset_index()
    )
    counts = shown["status"].value_counts()
    sentence = (
        f"{counts.get('known', 0)} of {len(shown)} cells are known; "
        f"{counts.get('not_found', 0)} were not found in the sources, "
        f"{counts.get('not_in_framework', 0)} are not in the framework, "
        f"{counts.get('not_applicable', 0)} do not apply, since the Area was not in being or not "
        "among those inspected (such rounds share a row). None of them means Poor."
    )
    columns = {key: words for key, words in _MEASURES.items() if key in measures}
    return tile_table(
        _folded(wide, list(columns)),
        "What is known of each Area in each round",
        sentence,
        headings={"area": "Area", "round": "Round"} | columns,
        tiles=tuple(columns.values()),
        row_headers=2,
    )


def _folded(wide: pd.DataFrame, measures: list[str]) -> pd.DataFrame:
    """The matrix with rounds of which nothing applies put into one row for each Area and run."""
    absent = wide[measures].eq(MISSING["not_applicable"]).all(axis=1)
    starts = ~absent | ~absent.shift(fill_value=False) | wide["area_id"].ne(wide["area_id"].shift())
    rows = wide.groupby(starts.cumsum(), sort=False)
    folded = rows.first()
    folded["round"] = rows["round"].agg(", ".join)
    return folded


def comparisons(folder: Folder = None) -> TileTable:
    """What the results of each framework may be compared with, and what must not be done."""
    return tile_table(
        load("frameworks", folder),
        "What may be compared, and what not",
        headings={
            "short_title": "Framework",
            "measure_kind": "Measures",
            "may_be_compared_with": "May be compared with",
            "usage_warning": "Beware",
        },
    )


def tensions(folder: Folder = None) -> TileTable:
    """Statements of the documents that do not sit easily together, side by side, unsettled."""
    frame = load("tensions", folder)
    return tile_table(
        frame,
        "Statements that do not sit easily together",
        f"{counted(len(frame), 'pair')}; the pairing is ours, the statements are their speakers'.",
        headings={"subject": "Subject", "explanation": "How they differ"},
    )


def evidence(theme: str, kinds: Wanted = None, folder: Folder = None) -> TileTable:
    """The evidence of one theme, round by round: what is said, by whom, and where.

    Parameters
    ----------
    theme : str
        Identifier or title of a theme.
    kinds : str or list of str, optional
        Only these kinds, as `theme_history` names them.

    Examples
    --------
    >>> print(evidence("custody_time_limits").words)
    6 pieces of evidence, in 2005-06, 2009, 2009-10, thematic. That they belong to the theme is \
our judgement.
    """
    found = theme_history(theme, folder)
    if kinds is not None:
        found = found[found["kind"].isin([kinds] if isinstance(kinds, str) else list(kinds))]
    titles = load("themes", folder).set_index("theme_id")["title"]
    title = titles.get(theme, theme)
    pieces = counted(len(found), "piece")
    rounds = ", ".join(found["round"].dropna().unique())
    it = "it belongs" if len(found) == 1 else "they belong"
    shown = found.assign(
        kind=found["kind"] + (": " + found["value"].str.replace("_", " ")).fillna(""),
        speaker=found["speaker"].map(SPEAKERS),
    )
    return tile_table(
        shown,
        f"Evidence: {title}",
        f"{pieces} of evidence, in {rounds}. That {it} to the theme is our judgement.",
        headings={
            "round": "Round",
            "area": "Area",
            "kind": "Kind",
            "text": "What is said, in short",
            "speaker": "Said by",
            "source_id": "Source",
            "locator": "Lines",
        },
        row_headers=2,
    )


def conflicts(folder: Folder = None) -> TileTable:
    """Ratings that another source contradicts, with both sources; none of them is counted.

    Examples
    --------
    >>> conflicts().frame[["Area", "One says", "Source"]].values.tolist()
    [['Essex', 'Poor', 's012']]
    """
    others = load("rating_sources", folder).query("says == 'otherwise'")
    rows = others.merge(ratings(folder=folder), on="rating_id", suffixes=("_other", ""))
    return tile_table(
        rows,
        "Ratings on which sources do not agree",
        f"{counted(len(rows), 'rating')}, shown and counted nowhere.",
        headings={
            "area": "Area",
            "framework": "Framework",
            "rating": "One says",
            "source_id": "Source",
            "note_other": "The other says",
            "source_id_other": "Other source",
        },
    )


def sources(whole: bool = False, folder: Folder = None) -> TileTable:
    """The sources of what inspections found: who published what, when, and where it stands.

    Sources of names and borders alone are left out; `load("sources")` has them all.

    Parameters
    ----------
    whole : bool
        Only the documents that were read as a whole, line by line.

    Examples
    --------
    >>> sources(whole=True).frame["Used"].unique().tolist()
    ['read as a whole']
    """
    frame = load("sources", folder)
    found = ["frameworks", "aspects", "ratings", "rating_sources", "distributions", "actions"]
    found += ["responses", "findings", "measures"]
    used = pd.concat([load(name, folder)["source_id"] for name in found])
    frame = frame[frame["source_id"].isin(used)]
    tiers = frame["tier"].map(SPEAKERS).value_counts()
    by_tier = ", ".join(f"{words} {tiers[words]}" for words in SPEAKERS.values() if words in tiers)
    words = (
        f"{counted(len(frame), 'source')}, {frame['sha256'].notna().sum()} of them read line by "
        f"line; published by: {by_tier}."
    )
    if whole:
        frame = frame[frame["sha256"].notna()]
    used = frame["sha256"].notna().map({True: "read as a whole", False: "facts only"})
    links = dict(zip(frame["title"], frame["address"].astype(object), strict=True))
    frame = frame.assign(
        used=used,
        published=frame["published"].fillna("not found"),
        tier=frame["tier"].map(SPEAKERS),
    )
    return tile_table(
        frame,
        "Sources",
        words,
        headings={
            "source_id": "Source",
            "title": "Title",
            "tier": "Speaks for",
            "published": "Published",
            "used": "Used",
        },
        links={"Title": links},
    )


def glossary(folder: Folder = None) -> TileTable:
    """Programmes, schemes and groups that the documents name by letters, with what they are.

    Examples
    --------
    >>> glossary().frame.loc[0, "Letters"]
    'AAP'
    """
    named = load("programmes", folder).dropna(subset="abbreviation")
    named = named.drop_duplicates("programme_id").sort_values("abbreviation", kind="stable")
    return tile_table(
        named,
        "Letters and what they stand for",
        headings={"abbreviation": "Letters", "name": "Name", "what": "What it is, in our words"},
    )
