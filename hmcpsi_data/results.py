"""What one inspection found, as tables to read: ratings, progress, issues, findings, numbers."""

from __future__ import annotations

import os

import pandas as pd

from hmcpsi_data.errors import UnknownValueError
from hmcpsi_data.sourced import pages
from hmcpsi_data.tables import load
from hmcpsi_data.tiles import Place, TileTable, tile_table, words_of_tiles
from hmcpsi_data.views import ratings
from hmcpsi_data.wording import (
    KINDS,
    POLARITIES,
    SPEAKERS,
    cited,
    counted,
    in_words,
    rated_in_words,
    scale_of,
)

__all__ = ["findings", "issues", "methods", "numbers", "progress", "rated"]

Folder = str | os.PathLike[str] | None


def _inspection(inspection: str, folder: Folder) -> pd.Series:
    inspections = load("inspections", folder).set_index("inspection_id")
    if inspection not in inspections.index:
        raise UnknownValueError("inspection", inspection, inspections.index, "load('inspections')")
    return inspections.loc[inspection]


def _heading(inspection: str, folder: Folder) -> str:
    return _inspection(inspection, folder)["title"]


def rated(
    inspection: str, level: str | list[str] | None = None, folder: Folder = None
) -> TileTable:
    """The ratings of one inspection, in the order of the document, each with its word and lines.

    Parameters
    ----------
    inspection : str
        An ``inspection_id``.
    level : str or list of str, optional
        Only these levels.

    Examples
    --------
    >>> print(rated("east_midlands_aap_2016", "section").words)
    East Midlands, Area Assurance 2016: sections: Fair 3, Good 1 of 4.
    """
    frame = ratings(level=level, folder=folder)
    frame = frame[frame["inspection_id"] == inspection]
    heading = _heading(inspection, folder)
    if frame.empty:
        words = f"No rating is known of {heading}."
        return tile_table(frame[["label", "rating"]], heading, words)
    shown = pd.DataFrame(
        {
            frame["level"].iloc[-1].capitalize(): frame["label"],
            "As printed": frame["aspect"],
            "Critical": frame["is_critical"].map({True: "critical", False: "no"}).fillna(""),
            "Rating": words_of_tiles(frame),
            "Said by": frame["speaker"].map(SPEAKERS),
            "Source": frame["source_id"],
            "Lines": frame["locator"],
        }
    )
    if frame["is_critical"].isna().all():
        shown = shown.drop(columns="Critical")
    if _plain(frame["label"]).eq(_plain(frame["aspect"])).all():
        shown = shown.drop(columns="As printed")
    return tile_table(
        shown,
        f"Ratings: {heading}",
        rated_in_words(frame, folder),
        tiles=("Rating",),
        links=_links(frame, folder),
    )


def _links(frame: pd.DataFrame, folder: Folder) -> dict[str, dict[str, Place]]:
    """The column of sources leads to their pages."""
    return {"Source": pages(frame["source_id"], frame["source_id"], folder)}


def _plain(labels: pd.Series) -> pd.Series:
    """Labels without what only the setting of a document makes different."""
    return labels.str.replace("\u2019", "'").str.casefold()


def progress(inspection: str, folder: Folder = None) -> TileTable:
    """Progress on each recommendation and aspect for improvement that a follow-up rated.

    Examples
    --------
    >>> print(progress("leicestershire_follow_up_2010").words.partition(";")[0])
    Recommendations: Substantial progress 3, Achieved 1 of 4
    """
    actions = load("actions", folder)
    actions = actions[actions["follow_up_inspection_id"].eq(inspection).fillna(False)]
    scale_id = scale_of(_inspection(inspection, folder)["framework_id"], folder)
    kinds = {
        "recommendation": "Recommendations",
        "aspect_for_improvement": "Aspects for improvement",
    }
    words = "; ".join(
        f"{kinds[kind]}: {in_words(rows['progress'], scale_id, folder)}"
        for kind, rows in actions.groupby("kind", sort=False)
    )
    frame = actions.assign(
        kind=actions["kind"].map(KINDS), number=actions["number"].astype("string")
    )
    return tile_table(
        frame,
        f"Progress: {_heading(inspection, folder)}",
        f"{words}. Progress is not quality: Achieved is not Excellent.",
        headings={
            "kind": "Kind",
            "number": "No.",
            "topic": "Asked for",
            "progress": "Progress",
            "source_id": "Source",
            "locator": "Lines",
        },
        tiles=("Progress",),
        row_headers=2,
        links=_links(frame, folder),
    )


def issues(inspection: str, folder: Folder = None) -> TileTable:
    """Issues to address with the answer to each, who watches it, and any date.

    Examples
    --------
    >>> issues("south_west_aip_2021").frame["No."].tolist()
    ['1', '2', '3']
    """
    actions = load("actions", folder)
    actions = actions[(actions["inspection_id"] == inspection) & (actions["kind"] == "issue")]
    answers = load("responses", folder)
    frame = actions.merge(answers, on="action_id", how="left", suffixes=("", "_response"))
    frame["date"] = frame["date"].fillna("")
    frame["watched_by"] = frame["watched_by"].fillna("not stated")
    frame["number"] = frame["number"].astype("string")
    where = cited(frame) + ("; answer " + frame["locator_response"]).fillna("")
    return tile_table(
        frame.assign(where=where),
        f"Issues to address and the answers of the CPS: {_heading(inspection, folder)}",
        f"{counted(len(frame), 'issue')}, {int(frame['response_id'].notna().sum())} answered.",
        headings={
            "number": "No.",
            "topic": "Issue",
            "summary": "Answer",
            "commitment": "Main kind",
            "watched_by": "Watched by",
            "date": "Date named",
            "state": "State as stated",
            "where": "Where from",
        },
        links={"Where from": pages(where, frame["source_id"], folder)},
    )


def findings(
    inspection: str, polarity: str | list[str] | None = None, folder: Folder = None
) -> TileTable:
    """Strengths, weaknesses and context in words; none of them is a rating.

    Parameters
    ----------
    inspection : str
        An ``inspection_id``.
    polarity : str or list of str, optional
        strength, weakness, mixed or context; all, where not given.

    Examples
    --------
    >>> findings("leicestershire_opa_2005", "mixed").frame["Finding"].tolist()
    ['Mixed outcomes of cases with advice before charge']
    """
    wanted = [polarity] if isinstance(polarity, str) else list(polarity or POLARITIES)
    for one in wanted:
        if one not in POLARITIES:
            raise UnknownValueError("polarity", one, POLARITIES, "codebook('findings')")
    heading = _heading(inspection, folder)
    frame = load("findings", folder)
    frame = frame[(frame["inspection_id"] == inspection) & frame["polarity"].isin(wanted)]
    n = frame["polarity"].value_counts()
    against = frame["direction"] + frame["comparator"].map(
        lambda other: f" than {other}" if pd.notna(other) else "", na_action=None
    )
    against = against.str.replace(
        r"^(improved|maintained|increased|declined) than", r"\1 since", regex=True
    )
    shown = frame.assign(
        said_by=frame["voice"].fillna(frame["speaker"].map(SPEAKERS)), against=against.fillna("")
    )
    return tile_table(
        shown,
        f"Findings in words: {heading}",
        ", ".join(f"{one} {n[one]}" for one in POLARITIES if one in n)
        + ". No finding is a rating.",
        headings={
            "subject": "Finding",
            "polarity": "Kind",
            "against": "Claimed, without a figure",
            "said_by": "Said by",
            "source_id": "Source",
            "locator": "Lines",
        },
        links=_links(shown, folder),
    )


def numbers(inspection: str, folder: Folder = None) -> TileTable:
    """The numbers that stand in the publication of one inspection.

    Examples
    --------
    >>> numbers("south_west_aip_2021").frame["As printed"].tolist()
    ['three', 'three-phase']
    """
    heading = _heading(inspection, folder)
    frame = load("measures", folder)
    frame = frame[frame["inspection_id"].eq(inspection).fillna(False)]
    start, end = frame["period_from"], frame["period_to"]
    shown = frame.assign(
        value=frame["value"].map(lambda value: f"{value:,.10g}"),
        period=start.where(start == end, start + " to " + end).fillna("not stated"),
        comparator=frame["comparator"].fillna(""),
    )
    return tile_table(
        shown,
        f"Numbers: {heading}",
        f"{counted(len(frame), 'number')}. A number is no rating.",
        headings={
            "subject": "What",
            "value": "Value",
            "unit": "Unit",
            "value_as_printed": "As printed",
            "comparator": "Against",
            "period": "Period",
            "source_id": "Source",
            "locator": "Lines",
        },
        links=_links(shown, folder),
    )


def methods(
    inspection: str, kind: str | list[str] | None = None, folder: Folder = None
) -> TileTable:
    """How one inspection was done, and what its documents say about its limits.

    Parameters
    ----------
    inspection : str
        An ``inspection_id``.
    kind : str or list of str, optional
        Kinds of statement, such as limit or scoring; all, where not given.

    Examples
    --------
    >>> methods("leicestershire_opa_2005", "limit").frame["Lines"].tolist()
    ['L65', 'L65']
    """
    heading = _heading(inspection, folder)
    frame = load("methods", folder)
    frame = frame[frame["inspection_id"] == inspection]
    if kind is not None:
        frame = frame[frame["kind"].isin([kind] if isinstance(kind, str) else kind)]
    return tile_table(
        frame,
        f"How it was done: {heading}",
        headings={
            "statement": "What is said",
            "kind": "About",
            "source_id": "Source",
            "locator": "Lines",
        },
        links=_links(frame, folder),
    )
