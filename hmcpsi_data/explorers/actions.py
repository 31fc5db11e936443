"""What was asked for, what was answered, and how far it had got when somebody looked again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from hmcpsi_data.explorers.base import Explorer
from hmcpsi_data.explorers.controls import Choice, Option, Search, Several, facets
from hmcpsi_data.explorers.rows import offered, said, sources, with_rows
from hmcpsi_data.explorers.view import View, call
from hmcpsi_data.record.actions import actions
from hmcpsi_data.tables.record import Record
from hmcpsi_data.words import KINDS, MISSING, STATES, count_of, date_in_words

__all__ = ["ActionsExplorer"]

_FACETS = ("area", "framework", "theme", "kind", "progress", "state", "monitored_by", "commitment",
           "tier", "basis")  # fmt: skip
# An answer is found by each of its commitments as well, so a count of rows would mislead.
_OF_PARTS = ("commitment", "state", "monitored_by", "tier", "basis")
_PLURALS = {
    "recommendation": "recommendations",
    "aspect_for_improvement": "aspects for improvement",
    "issue": "issues",
}
_UNRATED = MISSING["not_found"]


class ActionsExplorer(Explorer):
    """Recommendations, aspects for improvement and issues, each with its answer and progress.

    Parameters
    ----------
    record : Record or path, optional
        Whose data are shown.
    **values
        Values of controls at the start, as `hmcpsi_data.actions` takes them: `area`, `kind`,
        `theme`, `search`, `framework`, `progress`, `state`, `monitored_by`, `dated`, `commitment`,
        `each` ("action" or "commitment"), `tier`, `basis`.

    Examples
    --------
    >>> explorer = ActionsExplorer(progress="Achieved")
    >>> explorer.frame[["kind", "number"]].values.tolist()
    [['recommendation', 4], ['aspect_for_improvement', 3]]
    """

    TITLE = "Recommendations and issues, and what became of them"
    NOTE = (
        "Progress is not quality: Achieved is not Excellent. Answers are the CPS's own words on "
        "what it has done or will do; whether promises were kept is not in these sources."
    )

    area = Choice("Area", "The Area that was asked", everything="All Areas")
    kind = Several("Kind", "None ticked shows all")
    theme = Choice("Theme", "A subject that runs through the frameworks, by our judgement",
                   everything="All themes")  # fmt: skip
    search = Search()
    framework = Choice("Framework", "Under which it was asked for", everything="All frameworks",
                       more=True)  # fmt: skip
    progress = Several("Progress", "As a follow-up rated it", more=True)
    state = Several("State of the answer", "As the CPS states it", more=True)
    monitored_by = Choice("Monitored by", "Who is to see that it is done", more=True)
    dated = Choice("Date", "Whether the answer names a date", more=True)
    commitment = Several("Kind of commitment", "What the answer promises", more=True)
    each = Choice("One row for each", "An answer can hold several commitments", everything=None,
                  more=True, filters=False, default="action")  # fmt: skip
    tier = Several("Published by", "Whose publication it is", more=True, quiet=True)
    basis = Several("Basis", "How the source carries it", more=True, quiet=True)

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """Options with the number of rows that each would give."""
        values = self.values
        found = facets(self._actions(**values), values, self._actions, _FACETS)
        known = self.record.once(_known)
        given = {
            name: offered(name, self.record, rows, known[name]) for name, rows in found.items()
        }
        for name in _OF_PARTS:
            given[name] = [(value, label, None) for value, label, _ in given[name]]
        return {
            **given,
            "dated": [(True, "dated only", None), (False, "undated only", None)],
            "each": [("action", "request", None), ("commitment", "commitment", None)],
        }

    def _actions(self, **values: Any) -> pd.DataFrame:
        return actions(**values, record=self.record)

    def show(self) -> View:
        """What was asked for, as far as it fits all filters."""
        values = self.values
        frame = self._actions(**values)
        words, links = sources(frame, self.record)
        n = frame["action_id"].nunique()
        status = count_of(n, "request")
        if self.each == "commitment":
            status = (
                f"{count_of(int(frame['commitment_id'].notna().sum()), 'commitment')}, {status}"
            )
        rated = frame[frame["progress"].notna()]
        return View(
            frame=frame,
            status=status,
            code=call("hd.actions", **values, record=self.record),
            sentence=_sentence(frame),
            rows=self._rows(frame, words),
            caption="What was asked for, and what became of it",
            tiles=("Progress",),
            fold=("In whose words",),
            links={"Source": links},
            picture=(lambda: self._picture(rated)) if len(rated) else None,
            picture_key=tuple(rated["action_id"]),
        )

    def _rows(self, frame: pd.DataFrame, words: pd.Series) -> pd.DataFrame:
        """The table to read; a column without any content is left out."""
        where = frame["area"] + ", " + frame["round"].astype("string") + ": "
        number = (" " + frame["number"].astype("string")).fillna("")
        columns = {
            "Request": frame["topic"],
            "Progress": frame["progress"].fillna(_UNRATED),
            "Asked of": where + frame["kind"].map(KINDS) + number,
            "Answer": frame["answer"],
            "Commitment": frame["commitment"] if self.each == "commitment" else pd.NA,
            "As the CPS states it": _stated(frame),
            "In whose words": said(frame),
            "Source": words,
        }
        rows = pd.DataFrame(columns, index=frame.index)
        empty = [name for name in rows if rows[name].isna().all() or _all_unrated(str(name), rows)]
        return rows.drop(columns=empty).fillna({"Answer": "none found"})

    def _picture(self, rated: pd.DataFrame) -> Any:
        from hmcpsi_data.pictures import unit_strips

        return unit_strips(rated, record=self.record)


def _known(record: Record) -> dict[str, set]:
    return with_rows(_FACETS, record, actions(each="commitment", record=record))


def _stated(frame: pd.DataFrame) -> pd.Series:
    """State, date and who watches an answer, as far as each is stated."""
    parts = [
        frame["state"].map(STATES),
        frame["date"].map(lambda date: f"date {date_in_words(date)}", na_action="ignore"),
        "monitored by " + frame["monitored_by"],
    ]
    rows = zip(*(part.astype("string") for part in parts), strict=True)
    told = ["; ".join(word for word in row if pd.notna(word)) or None for row in rows]
    return pd.Series(told, frame.index, dtype="string")


def _all_unrated(name: str, rows: pd.DataFrame) -> bool:
    return name == "Progress" and bool(rows[name].eq(_UNRATED).all())


def _sentence(frame: pd.DataFrame) -> str:
    """How far each kind had got, and how many issues were answered."""
    if frame.empty:
        return "Nothing that was asked for fits all filters. Take one away, or press Clear."
    requests = frame.drop_duplicates("action_id").dropna(subset="action_id")
    parts = []
    for kind, name in _PLURALS.items():
        rows = requests[requests["kind"].eq(kind)]
        if rows.empty:
            continue
        n = Counter(rows["progress"].dropna())
        told = ", ".join(f"{count} {word}" for word, count in sorted(n.items()))
        unrated = len(rows) - sum(n.values())
        answered = int(rows["response_id"].notna().sum())
        if told:
            told += f", {unrated} not followed up" if unrated else ""
        else:
            told = f"{answered} answered, none followed up"
        parts.append(f"{name}: {told}, of {len(rows)}")
    words = "; ".join(parts)
    return f"{words[:1].upper()}{words[1:]}."
