"""What was asked for, what was answered, and how far it had got when somebody looked again."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from hmcpsi_data.explorers.controls import Choice, Search, Several
from hmcpsi_data.explorers.filtered import Filtered
from hmcpsi_data.explorers.view import View, drawn, sourced
from hmcpsi_data.record.actions import actions
from hmcpsi_data.show.sourced import SEVERAL
from hmcpsi_data.tables.record import Record
from hmcpsi_data.words import KINDS, MISSING, STATES, count_of, date_in_words

__all__ = ["ActionsExplorer"]

_EACH = ("recommendation or issue", "recommendations and issues")
_UNRATED = MISSING["not_found"]


class ActionsExplorer(Filtered):
    """Recommendations, aspects for improvement and issues, each with its answer and progress.

    Parameters
    ----------
    **values
        Filters at the start, and `each`, as for `hmcpsi_data.actions`.

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
    CALL = "hd.actions"
    FACETS = ("area", "framework", "theme", "kind", "progress", "state", "monitored_by",
              "commitment", "tier", "basis")  # fmt: skip
    SITE = ("actions.html", "area", "framework", "kind", "progress", "search", "tier")

    area = Choice("Area", "The Area that was asked", everything="All Areas")
    kind = Several("Kind", "None ticked shows all")
    theme = Choice("Theme", "A subject that runs through the frameworks, by our judgement",
                   everything="All themes")  # fmt: skip
    search = Search()
    framework = Choice("Framework", "Under which it was made", everything="All frameworks",
                       more=True)  # fmt: skip
    progress = Several("Progress", "As a follow-up rated it", more=True)
    # An answer is found by each of its commitments as well, so a count of rows would mislead.
    state = Several("State of the answer", "As the CPS states it", more=True, counts=False)
    monitored_by = Choice("Monitored by", "Who is to see that it is done", more=True, counts=False)
    dated = Choice("Date", "Whether the answer names a date", more=True,
                   options={True: "dated only", False: "undated only"})  # fmt: skip
    commitment = Several("Kind of commitment", "What the answer promises", more=True, counts=False)
    each = Choice("One row for each", "An answer can hold several commitments", everything=None,
                  more=True, filters=False, default="action",
                  options={"action": _EACH[0], "commitment": "commitment"})  # fmt: skip
    tier = Several("Published by", "Whose publication it is", more=True, quiet=True, counts=False)
    basis = Several("Basis", "How the source carries it", more=True, quiet=True, counts=False)

    @classmethod
    def whole(cls, record: Record) -> pd.DataFrame:
        """All that was asked for, with each commitment."""
        return actions(each="commitment", record=record)

    def ask(self, **values: Any) -> pd.DataFrame:
        """The recommendations and issues that fit."""
        return actions(**values, record=self.record)

    def show(self) -> View:
        """The recommendations and issues that fit all filters."""
        frame = self.rows(**self.asking)
        status = count_of(frame["action_id"].nunique(), *_EACH)
        if self.each == "commitment":
            status = f"{count_of(int(frame['commitment_id'].count()), 'commitment')}, {status}"
        of_round = frame["area"] + ", " + frame["round"].astype("string") + ": "
        number = (" " + frame["number"].astype("string")).fillna("")
        asked_of = of_round + frame["kind"].map(KINDS) + number
        progress = frame["progress"].fillna(_UNRATED)
        columns = {
            "Recommendation or issue": frame["topic"],
            "Progress": progress,
            "Asked of": asked_of,
            "Answer": frame["answer"],
            "Commitment": frame["commitment"] if self.each == "commitment" else pd.NA,
            "As the CPS states it": _stated(frame),
        }
        table = sourced(columns, frame, self.record)
        rows = table["rows"]
        empty = [name for name in rows if rows[name].isna().all()]
        empty += ["Progress"] * bool(progress.eq(_UNRATED).all())
        table["rows"] = rows.drop(columns=empty).fillna({"Answer": "none found"})
        rated = frame[frame["progress"].notna()]
        return View(
            frame=frame,
            status=status,
            code=self.code,
            sentence=_sentence(frame),
            **table,
            caption="Recommendations and issues, and what became of them",
            tiles=("Progress",),
            fold=("In whose words",),
            values=lambda rows: (
                asked_of.loc[rows.index]
                + ", "
                + rows["topic"]
                + (": " + rows["progress"]).fillna("")
            ),
            page=self.page,
            picture=drawn("unit_strips", rated, record=self.record) if len(rated) else None,
            picture_key=tuple(rated["action_id"]),
        )


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


def _sentence(frame: pd.DataFrame) -> str:
    """How far each kind had got, and how many issues were answered."""
    if frame.empty:
        return "No recommendation or issue fits all filters. Take one away, or press Clear."
    requests = frame.drop_duplicates("action_id").dropna(subset="action_id")
    parts = []
    for kind, name in SEVERAL.items():
        rows = requests[requests["kind"].eq(kind)]
        if rows.empty:
            continue
        n = Counter(rows["progress"].dropna())
        told = ", ".join(f"{count} {word}" for word, count in sorted(n.items()))
        unrated = len(rows) - sum(n.values())
        if not told:
            told = f"{int(rows['response_id'].count())} answered, none followed up"
        elif unrated:
            told += f", {unrated} not followed up"
        parts.append(f"{name}: {told}, of {len(rows)}")
    words = "; ".join(parts)
    return f"{words[:1].upper()}{words[1:]}."
