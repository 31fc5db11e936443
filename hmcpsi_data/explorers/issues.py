"""Issues to address, the answer to each, and every commitment in it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from hmcpsi_data.actions import ANYONE, NOBODY, Issues
from hmcpsi_data.explorers.control import Control, checks, choice, search
from hmcpsi_data.explorers.explorer import Explorer
from hmcpsi_data.explorers.listing import Listing, listing
from hmcpsi_data.explorers.rows import FIRST, call, options, part_shown, trust, where_from
from hmcpsi_data.explorers.view import View
from hmcpsi_data.pictures.commitments import (
    GENERAL,
    KINDS,
    STATES,
    commitment_matrix,
    commitments_in_words,
)
from hmcpsi_data.pictures.counting import fewer_sources
from hmcpsi_data.pictures.picture import Picture
from hmcpsi_data.tables import load
from hmcpsi_data.wording import SPEAKERS, counted

__all__ = ["IssueTracker"]

_EACH = [("issue", "issue"), ("commitment", "commitment")]
_DATED = {"dated": True, "undated": False}
_STATES = STATES | {"mixed": "mixed"}
_SAYS = SPEAKERS | {"inspected_body": "the CPS", "inspectorate": "the inspectorate"}
_HEADINGS = {
    "area": "Area",
    "round": "Round, no.",
    "issue": "Issue",
    "answer": "Answer",
    "kind": "Kind, state",
    "watched": "Watched by",
    "when": "Date",
    "where": "Where from",
}


class IssueTracker(Explorer):
    """Issues to address with their answers, a row for each issue or for each commitment.

    Parameters
    ----------
    folder : path, optional
        As for `load`.
    **state
        Values of controls at the start: `each`, `framework`, `area`, `theme`, `kind`, `state`,
        `watched_by`, `dated`, `tier`, `basis`, `search`.

    Examples
    --------
    >>> tracker = IssueTracker(each="commitment", kind=["guidance"], theme="victim_letters")
    >>> tracker.frame[["issue", "date", "date_precision"]].values.tolist()
    [['Better quality and timeliness of letters to victims in all casework', '2021-12', 'month']]
    """

    TITLE = "Issues and answers"
    CAVEAT = (
        "The answers are the CPS's own word on what it has done, is doing or will do: "
        "whether promises were kept is not in these sources."
    )

    def prepare(self) -> None:
        """Read all issues, answers and commitments once."""
        self._known = Issues.read(self.folder)
        rows = self._known.commitments
        self._n = int(rows["commitment_id"].notna().sum()), len(self._known.answers)
        self._themes = load("themes", self.folder)
        self._shown = {
            "commitment": self._readable(rows, rows["commitment"]),
            "issue": self._readable(self._known.answers, self._known.answers["answer"]),
        }

    def describe(self) -> list[Control]:
        """What one row is, the filters, and a search."""
        rows, themes = self._known.commitments, self._themes
        watchers = [(ANYONE, "somebody is named"), (NOBODY, "nobody is named")]
        watchers += [(name, name) for name in self._known.watchers]
        frameworks = options(rows["framework_id"], rows["framework"])
        areas = options(rows["area_id"], rows["area"])
        subjects = options(themes["theme_id"], themes["title"])
        dates = [("dated", "dated only"), ("undated", "undated only")]
        states = list(STATES.items())
        return [
            choice("each", "One row for each", "An answer can hold several", _EACH, None),
            choice("framework", "Framework", "The yardstick", frameworks, "All frameworks"),
            choice("area", "Area", "The Area that answers", areas, "All Areas"),
            choice("theme", "Theme", "A subject, by our judgement", subjects, "All themes"),
            choice("watched_by", "Watched by", "Who is to see that it is done", watchers),
            choice("dated", "Date", "Whether a date is named", dates),
            checks("kind", "Kind of commitment", "None ticked shows all", options(KINDS)),
            checks("state", "State", "As the CPS states it; none ticked shows all", states),
            *trust(rows),
            search(),
        ]  # fmt: skip

    def look(self, each: str, dated: str, search: str, **wanted: Any) -> View:
        """The commitments or issues that fit all filters."""
        flag = _DATED.get(dated)
        chosen = {name: value or None for name, value in wanted.items()} | {"dated": flag}
        frame = rows = self._known.fitting(**chosen, search=search, each=each)
        if each == "issue":
            everything = self._known.commitments
            rows = everything[everything["action_id"].isin(frame["action_id"])]
        one = each if each != "commitment" else None
        code = call("issues", **chosen, search=search, each=one, folder=self.folder)
        drawn = rows["commitment_id"].notna().any()
        return View(
            status=self._status(frame, each) + part_shown(len(frame)),
            words=self._words(frame, rows, each),
            table=self._table(frame, each),
            frame=frame.reset_index(drop=True),
            code=f"{code}  # from hmcpsi_data.actions import issues",
            picture=(lambda: self._picture(rows, frame)) if drawn else None,
            picture_key=(each, tuple(rows.index)),
        )

    def _picture(self, rows: pd.DataFrame, frame: pd.DataFrame) -> Picture:
        """The commitments; where other sources are in the table, the picture says why."""
        drawn = rows.dropna(subset="commitment_id")
        source = fewer_sources(drawn, frame, "commitments", self.folder)
        return commitment_matrix(rows, source=source, folder=self.folder)

    def _status(self, frame: pd.DataFrame, each: str) -> str:
        n, of = frame["action_id"].nunique(), self._n
        issues = f"{n} of {counted(of[1], 'issue')}"
        if each == "issue":
            return issues
        return f"{frame['commitment_id'].notna().sum()} of {counted(of[0], 'commitment')}, {issues}"

    def _words(self, frame: pd.DataFrame, rows: pd.DataFrame, each: str) -> str:
        if frame.empty:
            return f"No {each} fits all filters. Take one away, or press Reset."
        words = _answers_in_words(frame) if each == "issue" else commitments_in_words(rows)
        named, dated = int(frame["watched_by"].notna().sum()), int(frame["date"].notna().sum())
        words += f" For {named} somebody is named who watches; {dated} with a date."
        if each == "issue":
            general = int(self._known.commitments["action_id"].isna().sum())
            drawn = counted(int(rows["commitment_id"].notna().sum()), "commitment")
            words += f" The picture shows the {drawn} in these answers;"
            words += f" {counted(general, 'commitment')} of a general part not among them."
            answered = int(frame["response_id"].notna().sum())
            words += (
                f" An answer was found for {answered} of the {counted(len(frame), 'issue')} shown."
            )
            words += " Kind, watcher, date and state are those of the answer as a whole."
        return words

    def _table(self, frame: pd.DataFrame, each: str) -> Listing:
        shown, links = self._shown[each]
        title = f"Issues and answers, a row for each {each}"
        headings = _HEADINGS | {"answer": "Answer" if each == "issue" else "Commitment"}
        return listing(shown.loc[frame.index[:FIRST]], title, headings, links, row_headers=2)

    def _readable(
        self, rows: pd.DataFrame, answer: pd.Series
    ) -> tuple[pd.DataFrame, dict[str, str]]:
        """The rows in the words that the table shows, and the addresses of their sources."""
        where, links = where_from(_located(rows), self.folder)
        precision = " (" + rows["date_precision"]
        precision += ("; printed: " + rows["date_as_printed"]).fillna("") + ")"
        shown = rows.assign(
            issue=rows["issue"].fillna(GENERAL),
            answer=answer.fillna("none found"),
            watched=rows["watched_by"].fillna("not stated"),
            when=(rows["date"] + precision).fillna("not stated"),
            round=rows["round"] + (", no. " + rows["number"].astype("string")).fillna(""),
            kind=_kind_and_state(rows),
            where=where,
        )
        return shown, links


def _answers_in_words(answers: pd.DataFrame) -> str:
    """What the answers as a whole are: their main kind, and their state as the CPS puts it."""
    n = int(answers["response_id"].notna().sum())
    kinds, states = Counter(answers["kind"].dropna()), Counter(answers["state"].dropna())
    said = ", ".join(f"{kind} {kinds[kind]}" for kind in KINDS if kinds[kind])
    state = ", ".join(f"{words} {states[key]}" for key, words in _STATES.items() if states[key])
    words = f"{counted(len(answers), 'issue')}, {n} answered"
    if said:
        words += f"; main kind of the answers: {said}"
    return f"{words}{f'; by their own account {state}' if state else ''}."


def _kind_and_state(rows: pd.DataFrame) -> pd.Series:
    """What an answer is, and its state in the words of whoever says so."""
    state = rows["state"].map(_STATES) + " (says " + rows["speaker"].map(_SAYS) + ")"
    return (rows["kind"] + (": " + state).fillna("")).fillna(state).fillna("")


def _located(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows with the lines of the answer and of the issue in one locator."""
    same = frame["issue_source_id"].eq(frame["source_id"]).fillna(False)
    elsewhere = frame["issue_source_id"] + ", " + frame["issue_locator"]
    issue = frame["issue_locator"].where(same, elsewhere)
    both = "issue " + issue + ", answer " + frame["locator"]
    return frame.assign(locator=both.fillna(frame["locator"]))
