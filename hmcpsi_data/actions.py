"""What was asked for and what came of it: issues with their answers, and progress.

An issue to address has an answer of the inspected body, and the answer is made of commitments. A
recommendation or an aspect for improvement has, where a follow-up came back to it, a rating of
progress. What the inspected body says of itself stays its word: whether a promise was kept is not
in these tables.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from hmcpsi_data.choosing import Wanted, choose
from hmcpsi_data.description import table
from hmcpsi_data.errors import UnknownValueError
from hmcpsi_data.search import lines
from hmcpsi_data.search import search as containing
from hmcpsi_data.tables import load
from hmcpsi_data.views import look_up

__all__ = ["ANYONE", "NOBODY", "Issues", "Progress", "issues", "progress"]

_Folder = str | os.PathLike[str] | None

ANYONE, NOBODY = "anyone", "nobody"
"""Two values of the filter `watched_by`: somebody is named, or nobody is."""

_KINDS = table("actions").field("kind").enum
_EACH = ["commitment", "issue"]
_WHERE = ["area_id", "area", "framework_id", "framework", "round"]
_OF_ROW = ["source_id", "locator", "basis", "speaker"]
_OF_COMMITMENT = [
    "commitment_id", "kind", "commitment", "key_words", "phase", "watched_by", "date",
    "date_precision", "date_as_printed", "state",
]  # fmt: skip
_ISSUES = [
    "commitment_id", "response_id", "action_id", "inspection_id", *_WHERE, "number", "theme",
    "themes", "issue", "answer", *_OF_COMMITMENT[1:], "issue_speaker", "issue_source_id",
    "issue_locator", *_OF_ROW, "tier",
]  # fmt: skip
_PROGRESS = [
    "action_id", "inspection_id", *_WHERE, "kind", "number", "theme", "themes", "topic",
    "key_words", "progress", "progress_as_printed", "progress_as_at", "progress_as_at_precision",
    "follow_up_inspection_id", "follow_up", "note", *_OF_ROW, "source_title",
]  # fmt: skip
_SEARCHED = {
    "issues": ["area", "framework", "round", "issue", "answer", "commitment", "key_words",
               "watched_by", "date_as_printed"],
    "progress": ["area", "framework", "follow_up", "topic", "key_words", "progress"],
}  # fmt: skip


def issues(
    area: Wanted = None,
    framework: Wanted = None,
    theme: Wanted = None,
    kind: Wanted = None,
    state: Wanted = None,
    watched_by: Wanted = None,
    dated: bool | None = None,
    search: str = "",
    each: str = "commitment",
    tier: Wanted = None,
    basis: Wanted = None,
    folder: _Folder = None,
) -> pd.DataFrame:
    """Issues to address with the answer to each, one row for each commitment or for each issue.

    Parameters
    ----------
    area, framework, theme : str or list of str, optional
        As for `hmcpsi_data.ratings`. A theme finds what is linked to it in ``evidence``, and what
        has it as its main theme.
    kind : str or list of str, optional
        Kinds of commitment: training, monitoring, review, guidance, resources or engagement.
    state : str or list of str, optional
        done, under_way or promised, as the inspected body states it.
    watched_by : str or list of str, optional
        Who watches it, as in the tables; "anyone" where somebody is named, "nobody" where not.
    dated : bool, optional
        Only what has a date (True) or what has none (False).
    search : str
        A text to look for in the issue, the answer, the commitment and who watches it.
    each : {"commitment", "issue"}
        What one row is. An issue is found where its answer as a whole, or one of its commitments,
        fits all filters, and where nothing in it has a watcher or a date if none is wanted.
    tier, basis : str or list of str, optional
        Whose publication the source of the row is, and how it carries the fact, as for
        `hmcpsi_data.ratings`. The row rests on the commitment or the answer, or on the issue where
        no answer was found.
    folder : path, optional
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        In the order of the inspections and of the numbers as printed. `source_id` and `locator`
        are those of the commitment (of the answer, where a row is an issue), `issue_locator` those
        of the issue. A commitment of the general part of a document has no `issue`. An issue
        without an answer, or an answer without a commitment, keeps its row.

    Raises
    ------
    UnknownValueError
        Where a value is not known for its filter.

    Examples
    --------
    >>> issues("South West", state="done")[["number", "kind", "date"]].head(3)
       number       kind     date
    0       1   guidance     <NA>
    1       2  resources     <NA>
    2       3   guidance  2021-12
    >>> issues(each="issue", search="dip sample")["number"].tolist()
    [1, 2]
    """
    known = Issues.read(folder)
    return known.fitting(
        area=choose("area", area, folder),
        framework=choose("framework", framework, folder),
        theme=choose("theme", theme, folder),
        kind=_among("kind", kind, table("commitments").field("kind").enum),
        state=_among("state", state, table("commitments").field("state").enum),
        watched_by=_among("watched_by", watched_by, [ANYONE, NOBODY, *known.watchers]),
        dated=dated,
        search=search,
        each=_among("each", each, _EACH)[0],
        tier=choose("tier", tier, folder),
        basis=choose("basis", basis, folder),
    ).reset_index(drop=True)


def progress(
    kind: Wanted = None,
    progress: Wanted = None,
    area: Wanted = None,
    theme: Wanted = None,
    search: str = "",
    folder: _Folder = None,
) -> pd.DataFrame:
    """Recommendations and aspects for improvement, with progress where a follow-up rated it.

    Parameters
    ----------
    kind : str or list of str, optional
        recommendation or aspect_for_improvement.
    progress : str or list of str, optional
        Words of a scale of progress, such as "Achieved".
    area, theme : str or list of str, optional
        As for `issues`.
    search : str
        A text to look for in what was asked for, its key words and its progress.
    folder : path, optional
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        In the order of the inspections and of the numbers as printed. `progress` is empty where no
        follow-up was found; it is a word of the follow-up's scale, and no rating of quality.

    Raises
    ------
    UnknownValueError
        Where a value is not known for its filter.

    Examples
    --------
    >>> progress(progress="Limited progress")[["kind", "number"]]
                         kind  number
    0  aspect_for_improvement       2
    1  aspect_for_improvement       4
    """
    known = Progress.read(folder)
    return known.fitting(
        kind=_among("kind", kind, known.kinds),
        progress=_among("progress", progress, known.scale),
        area=choose("area", area, folder),
        theme=choose("theme", theme, folder),
        search=search,
    ).reset_index(drop=True)


@dataclass(frozen=True)
class Issues:
    """All issues with their answers and commitments, read once; `fitting` filters them.

    Attributes
    ----------
    commitments : pandas.DataFrame
        One row for each commitment, and for each issue that has none.
    answers : pandas.DataFrame
        One row for each issue, with its answer as a whole.
    said : tuple of pandas.DataFrame
        For the rows of each of the two, all that a search looks into, in one column.
    """

    commitments: pd.DataFrame
    answers: pd.DataFrame
    said: tuple[pd.DataFrame, pd.DataFrame]

    @classmethod
    def read(cls, folder: _Folder = None) -> Issues:
        """Join the tables ``actions``, ``responses`` and ``commitments``."""
        actions, answers = load("actions", folder), load("responses", folder)
        promises = load("commitments", folder).rename(columns={"what": "commitment"})
        asked = actions[actions["kind"] == "issue"][
            ["action_id", "inspection_id", "number", "theme_id", "topic", *_OF_ROW]
        ]
        asked = asked.rename(columns={"topic": "issue"} | {c: f"issue_{c}" for c in _OF_ROW})
        answers = answers.rename(columns={"summary": "answer", "commitment": "kind"})
        answers = asked.merge(answers.drop(columns=["number", "note"]), on="action_id", how="left")
        # Where nobody answered, the row rests on the issue itself.
        for column in _OF_ROW:
            answers[column] = answers[column].fillna(answers[f"issue_{column}"])
        whole = [column for column in answers if column not in _OF_COMMITMENT]
        general = promises["response_id"].isna()
        parts = promises[~general].drop(columns="inspection_id")
        rows = answers[whole].merge(parts, on="response_id", how="left", suffixes=("_answer", ""))
        for column in _OF_ROW:
            rows[column] = rows[column].fillna(rows[f"{column}_answer"])
        rows = pd.concat([rows, promises[general]], ignore_index=True)
        rows, answers = _placed(rows, _ISSUES, folder), _placed(answers, _ISSUES, folder)
        return cls(rows, answers, (_said(rows, "issues"), _said(answers, "issues")))

    @property
    def watchers(self) -> list[str]:
        """Everyone who is named as watching a commitment, or an answer as a whole."""
        watched = self.commitments.loc[self.commitments["watched_by"].notna(), "action_id"]
        whole = self.answers[~self.answers["action_id"].isin(watched)]
        both = [*self.commitments["watched_by"].dropna(), *whole["watched_by"].dropna()]
        return list(dict.fromkeys(both))

    def fitting(
        self,
        area: Wanted = None,
        framework: Wanted = None,
        theme: Wanted = None,
        kind: Wanted = None,
        state: Wanted = None,
        watched_by: Wanted = None,
        dated: bool | None = None,
        search: str = "",
        each: str = "commitment",
        tier: Wanted = None,
        basis: Wanted = None,
    ) -> pd.DataFrame:
        """The rows that fit all filters, with their index; None filters nothing."""
        of_all = {"area_id": area, "framework_id": framework, "kind": kind, "state": state}
        of_all |= {"tier": tier, "basis": basis}
        watched_by = _values(watched_by)

        def found(rows: pd.DataFrame, said: pd.DataFrame) -> pd.DataFrame:
            rows = _linked(_only(rows, of_all), theme)
            if watched_by is not None:
                named = rows["watched_by"]
                fits = named.isin(watched_by)
                fits |= named.notna() if ANYONE in watched_by else False
                fits |= named.isna() if NOBODY in watched_by else False
                rows = rows[fits]
            if dated is not None:
                rows = rows[rows["date"].notna() == dated]
            return _saying(rows, said, search)

        if each == "commitment":
            return found(self.commitments, self.said[0])
        both = [self.commitments, self.answers]
        ids = {
            id_ for parts in zip(both, self.said, strict=True) for id_ in found(*parts)["action_id"]
        }
        if watched_by is not None and NOBODY in watched_by and ANYONE not in watched_by:
            others = [rows[~rows["watched_by"].isin(watched_by)] for rows in both]
            ids -= {id_ for rows in others for id_ in rows.dropna(subset="watched_by")["action_id"]}
        if dated is False:
            ids -= {id_ for rows in both for id_ in rows.dropna(subset="date")["action_id"]}
        return self.answers[self.answers["action_id"].isin(ids)]


@dataclass(frozen=True)
class Progress:
    """All recommendations and aspects for improvement, read once; `fitting` filters them.

    Attributes
    ----------
    rows : pandas.DataFrame
        One row for each.
    scale : list of str
        Words of the scales of progress, the highest first, those outside the order last.
    said : pandas.DataFrame
        For each row, all that a search looks into, in one column.
    """

    rows: pd.DataFrame
    scale: list[str]
    said: pd.DataFrame

    @classmethod
    def read(cls, folder: _Folder = None) -> Progress:
        """Join the table ``actions`` with its inspections and follow-ups."""
        rows, frameworks = load("actions", folder), load("frameworks", folder)
        rows = rows[rows["kind"] != "issue"]
        later = look_up(rows["follow_up_inspection_id"], "inspections", ["framework_id"], folder)
        later = look_up(later["framework_id"], "frameworks", ["short_title"], folder)
        titles = look_up(rows["source_id"], "sources", ["title"], folder)["title"]
        rows = rows.assign(follow_up=later["short_title"], source_title=titles)
        of_progress = frameworks.loc[frameworks["measure_kind"] == "progress", "scale_id"]
        scales = load("scales", folder)
        scales = scales[scales["scale_id"].isin(of_progress)]
        words = scales.sort_values("rank", ascending=False, na_position="last", kind="stable")
        rows = _placed(rows, _PROGRESS, folder)
        return cls(rows, list(dict.fromkeys(words["value"])), _said(rows, "progress"))

    @property
    def kinds(self) -> list[str]:
        """The kinds of thing that are followed up."""
        return [kind for kind in _KINDS if kind != "issue"]

    def fitting(
        self,
        kind: Wanted = None,
        progress: Wanted = None,
        area: Wanted = None,
        theme: Wanted = None,
        search: str = "",
    ) -> pd.DataFrame:
        """The rows that fit all filters, with their index; None filters nothing."""
        rows = _only(self.rows, {"kind": kind, "progress": progress, "area_id": area})
        return _saying(_linked(rows, theme), self.said, search)


def _among(argument: str, wanted: Wanted, known: Iterable[str]) -> list[str] | None:
    """What was asked for, where it is known, whatever its case and spaces."""
    if wanted is None:
        return None
    by_words = {value.casefold().replace("_", " "): value for value in known}
    found = []
    for value in _values(wanted):
        words = " ".join(str(value).casefold().replace("_", " ").split())
        if words not in by_words:
            listing = "help(hmcpsi_data.actions)"
            raise UnknownValueError(argument, value, by_words.values(), listing)
        found.append(by_words[words])
    return found


def _values(wanted: Wanted) -> list[str] | None:
    return [wanted] if isinstance(wanted, str) else wanted if wanted is None else list(wanted)


def _only(rows: pd.DataFrame, wanted: dict[str, Wanted]) -> pd.DataFrame:
    for column, values in wanted.items():
        if values is not None:
            rows = rows[rows[column].isin(_values(values))]
    return rows


def _linked(rows: pd.DataFrame, themes: Wanted) -> pd.DataFrame:
    if themes is None:
        return rows
    wanted = set(_values(themes))
    return rows.loc[[n for n, own in rows["themes"].items() if wanted & set(own.split("; "))]]


def _said(rows: pd.DataFrame, which: str) -> pd.DataFrame:
    """What is looked into, put together once: a search then reads one column."""
    return lines(rows[_SEARCHED[which]]).to_frame()


def _saying(rows: pd.DataFrame, said: pd.DataFrame, text: str) -> pd.DataFrame:
    return rows.loc[containing(said.loc[rows.index], text).index] if text else rows


def _links(folder: _Folder) -> dict[str, list[str]]:
    """The themes that each row of the tables is evidence for."""
    links = defaultdict(list)
    evidence = load("evidence", folder)
    for row, theme in zip(evidence["row_id"], evidence["theme_id"], strict=True):
        links[row].append(theme)
    return links


def _once(values: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(value for value in values if pd.notna(value)))


def _placed(rows: pd.DataFrame, columns: list[str], folder: _Folder) -> pd.DataFrame:
    """These columns of the rows, with Area, framework and themes, in the order of inspections."""
    inspections = pd.Index(load("inspections", folder)["inspection_id"])
    inspection = look_up(rows["inspection_id"], "inspections", ["area_id", "framework_id"], folder)
    framework = look_up(inspection["framework_id"], "frameworks", ["short_title", "round"], folder)
    links = _links(folder)
    keys = [key for key in ("action_id", "response_id", "commitment_id") if key in rows]
    themes = [
        [main, *(theme for id_ in ids if pd.notna(id_) for theme in links[id_])]
        for main, *ids in rows[["theme_id", *keys]].itertuples(index=False)
    ]
    rows = rows.assign(
        **inspection,
        area=look_up(inspection["area_id"], "areas", ["name"], folder)["name"],
        framework=framework["short_title"],
        round=framework["round"],
        theme=look_up(rows["theme_id"], "themes", ["title"], folder)["title"],
        tier=look_up(rows["source_id"], "sources", ["tier"], folder)["tier"],
        themes=pd.array([_once(of_row) for of_row in themes], dtype="string"),
        _inspection=inspections.get_indexer(rows["inspection_id"]),
        _kind=rows["kind"].map({kind: n for n, kind in enumerate(_KINDS)}).fillna(0),
    )
    for column in columns:
        if column not in rows:
            rows[column] = pd.array([None] * len(rows), dtype="string")
    order = ["_inspection", "_kind", "number"]
    return rows.sort_values(order, kind="stable", ignore_index=True)[columns]
