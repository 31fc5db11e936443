"""What a reader wants to see first, over all inspections, as tables ready to be shown.

Each function takes data from the loaders and returns a `TileTable`: a caption, a sentence of
counts, the table, and where it comes from.
"""

from __future__ import annotations

import os

import pandas as pd

from hmcpsi_data.choosing import Wanted, choose
from hmcpsi_data.known import coverage_matrix, record
from hmcpsi_data.sourced import pages
from hmcpsi_data.tables import load
from hmcpsi_data.themes import theme_history
from hmcpsi_data.tiles import TileTable, tile_table
from hmcpsi_data.views import areas, ratings
from hmcpsi_data.wording import SPEAKERS, cited, counted

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
    inspections = _by_area_and_round(inspections, frameworks.index)
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
            "Where from": cited(inspections),
        }
    )
    words = (
        f"{counted(len(frame), 'inspection')} of {counted(frame['Area'].nunique(), 'unit')} under "
        f"{counted(frame['Framework'].nunique(), 'framework')}."
    )
    links = {"Where from": pages(frame["Where from"], inspections["source_id"], folder)}
    title = "Inspections and their yardsticks"
    return tile_table(frame, title, words, row_headers=2, links=links)


def _by_area_and_round(inspections: pd.DataFrame, frameworks: pd.Index) -> pd.DataFrame:
    """Area after Area as the table has them, each one's inspections in the order of the rounds."""
    area = pd.factorize(inspections["area_id"])[0]
    place = frameworks.get_indexer(inspections["framework_id"])
    order = pd.DataFrame({"area": area, "place": place}, index=inspections.index)
    return inspections.loc[order.sort_values(["area", "place"], kind="stable").index]


def _period(inspections: pd.DataFrame, which: str) -> pd.Series:
    start, end = inspections[f"{which}_from"], inspections[f"{which}_to"]
    span = start.where(start == end, start + " to " + end)
    inferred = inspections[f"{which}_basis"].eq("inferred").fillna(False)
    return span.where(~inferred, span + " (inferred)").fillna("not stated")


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
    value = found["value"].str.replace("_", " ")
    # The value of an action is its kind; that of a number stands in what is said.
    beside = value.where(found["kind"].eq("action"), ": " + value).mask(found["kind"].eq("measure"))
    names = {"action": "", "response": "answer", "measure": "number"}
    shown = found.assign(
        kind=found["kind"].replace(names) + beside.fillna(""),
        speaker=found["speaker"].map(SPEAKERS),
        where=cited(found),
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
            "where": "Where from",
        },
        row_headers=2,
        links={"Where from": pages(shown["where"], shown["source_id"], folder)},
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
        links={
            heading: pages(rows[column], rows[column], folder)
            for column, heading in (("source_id", "Source"), ("source_id_other", "Other source"))
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
        f"{counted(len(frame), 'source')} of what inspections found, "
        f"{frame['sha256'].notna().sum()} of them read line by line; published by: {by_tier}. "
        "Sources of names and borders alone are not among them."
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
    """Programmes, schemes, groups and terms of the documents, by their letters, with what they are.

    Examples
    --------
    >>> glossary().frame.loc[0, ["Term", "In full"]].tolist()
    ['AAP', 'Area Assurance Programme']
    """
    named = load("programmes", folder).drop_duplicates("programme_id")
    letters = named["abbreviation"]
    shown = named.assign(
        term=letters.fillna(named["name"]), full=named["name"].where(letters.notna(), "")
    )
    return tile_table(
        shown.sort_values("term", key=lambda terms: terms.str.lower(), kind="stable"),
        "Letters and terms, and what they stand for",
        headings={"term": "Term", "full": "In full", "what": "What it is, in our words"},
    )
