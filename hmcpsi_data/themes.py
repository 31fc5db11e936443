"""One theme through all rounds: every row that says something about it, and whose word it is."""

from __future__ import annotations

import os
from collections.abc import Callable

import pandas as pd

from hmcpsi_data.choosing import Wanted, choose
from hmcpsi_data.description import table
from hmcpsi_data.tables import load
from hmcpsi_data.views import look_up
from hmcpsi_data.wording import number_in_words

__all__ = ["theme_history"]

_Folder = str | os.PathLike[str] | None

_COLUMNS = [
    "theme_id", "theme", "round", "framework_id", "framework", "area_id", "area", "inspection_id",
    "kind", "text", "value", "table", "row_id", "speaker", "basis", "tier", "source_id",
    "source_title", "locator",
]  # fmt: skip
_OF_ROW = ["inspection_id", "area_id", "framework_id", "speaker", "basis", "source_id", "locator"]


def theme_history(theme: Wanted, folder: _Folder = None) -> pd.DataFrame:
    """All evidence of a theme, round by round; of several, one theme after the other.

    Parameters
    ----------
    theme : str or list of str
        Identifiers or titles of themes.
    folder : path, optional
        As for `load`.

    Returns
    -------
    pandas.DataFrame
        One row per row of ``evidence``, in the order of the rounds; what belongs to no inspection
        comes last. Nothing in it compares one round with another.

        theme_id, theme
            The theme, and its title.
        kind
            rating, progress, finding, action, response, commitment or measure. A recommendation or
            aspect for improvement that a follow-up came back to is progress, in the round of the
            follow-up; other actions are actions.
        text
            What is said, in short: the aspect with its rating, the topic, the subject, the summary.
        value
            The rating, the progress, the polarity of a finding, the kind of an action, the state of
            a response or commitment, or the number as printed.
        table, row_id
            Where the row stands.
        speaker, basis, tier, source_id, source_title, locator
            Whose word it is, and where it is written.

    Raises
    ------
    UnknownValueError
        Where there is no such theme; the nearest are named.

    Examples
    --------
    >>> theme_history("custody_time_limits")[["round", "area", "kind", "text"]].head(1)
         round            area    kind                       text
    0  2005-06  Leicestershire  rating  Custody time limits: Fair
    >>> theme_history("victim letter")
    Traceback (most recent call last):
    hmcpsi_data.errors.UnknownValueError: theme "victim letter" is not known. Did you mean \
"Victim letters" or "victim_letters"? load("themes") lists all that are.
    """
    chosen = list(dict.fromkeys(choose("theme", [theme] if theme is None else theme, folder)))
    evidence = load("evidence", folder)
    evidence = evidence[evidence["theme_id"].isin(chosen)]
    if evidence.empty:
        return pd.DataFrame(columns=_COLUMNS, dtype="string")
    tables = evidence.groupby("table", sort=False)["row_id"]
    found = pd.concat([_read(name, rows, folder) for name, rows in tables])
    found = found.reindex(evidence.index).assign(table=evidence["table"], row_id=evidence["row_id"])
    inspected = look_up(found["inspection_id"], "inspections", ["area_id", "framework_id"], folder)
    found["framework_id"] = inspected["framework_id"].fillna(found["framework_id"])
    found["area_id"] = inspected["area_id"].fillna(found["area_id"])
    framework = look_up(found["framework_id"], "frameworks", ["round", "short_title"], folder)
    found["round"], found["framework"] = framework["round"], framework["short_title"]
    found["turn"] = found["round"].map(_turns(folder))
    found["area"] = look_up(found["area_id"], "areas", ["name"], folder)["name"]
    source = look_up(found["source_id"], "sources", ["title", "tier"], folder)
    found["source_title"], found["tier"] = source["title"], source["tier"]
    found["theme_id"] = evidence["theme_id"]
    found["theme"] = look_up(evidence["theme_id"], "themes", ["title"], folder)["title"]
    found["place"] = pd.Index(chosen).get_indexer(evidence["theme_id"])
    found = found.sort_values(
        ["place", "turn"], kind="stable", na_position="last", ignore_index=True
    )
    return found[_COLUMNS].astype("string")


def _turns(folder: _Folder) -> dict[str, int]:
    """The place of each round in the order of the frameworks, which is that of time."""
    rounds = load("frameworks", folder)["round"].drop_duplicates()
    return {round_: place for place, round_ in enumerate(rounds)}


def _read(name: str, row_ids: pd.Series, folder: _Folder) -> pd.DataFrame:
    """What the rows of one table say."""
    columns = [c for c in table(name).columns if c not in table(name).primary_key]
    rows = look_up(row_ids, name, columns, folder)
    said = _SAID[name](rows, folder)
    return rows.reindex(columns=_OF_ROW).assign(**said).astype("string")


def _rating(rows: pd.DataFrame, folder: _Folder) -> dict[str, object]:
    label = look_up(rows["aspect_id"], "aspects", ["label"], folder)["label"]
    label = rows["label_as_printed"].fillna(label)
    given = rows["rating"].fillna(rows["missing"].str.replace("_", " "))
    return {"kind": "rating", "text": label + ": " + given, "value": rows["rating"]}


def _action(rows: pd.DataFrame, _folder: _Folder) -> dict[str, object]:
    followed = rows["progress"].notna()
    return {
        "inspection_id": rows["follow_up_inspection_id"].where(followed, rows["inspection_id"]),
        "kind": pd.Series("action", rows.index).mask(followed, "progress"),
        "text": rows["topic"],
        "value": rows["progress"].fillna(rows["kind"]),
    }


def _response(rows: pd.DataFrame, folder: _Folder) -> dict[str, object]:
    action = look_up(rows["action_id"], "actions", ["inspection_id"], folder)
    said = {"kind": "response", "text": rows["summary"], "value": rows["state"]}
    return {"inspection_id": action["inspection_id"], **said}


def _commitment(rows: pd.DataFrame, _folder: _Folder) -> dict[str, object]:
    return {"kind": "commitment", "text": rows["what"], "value": rows["state"]}


def _finding(rows: pd.DataFrame, _folder: _Folder) -> dict[str, object]:
    claim = " (" + rows["direction"] + (", against: " + rows["comparator"]).fillna("") + ")"
    text = rows["subject"] + claim.fillna("")
    return {"kind": "finding", "text": text, "value": rows["polarity"]}


def _measure(rows: pd.DataFrame, _folder: _Folder) -> dict[str, object]:
    told = [number_in_words(row) for row in rows.to_dict("records")]
    text = rows["subject"] + ": " + pd.Series(told, index=rows.index, dtype="string")
    return {"kind": "measure", "text": text, "value": rows["value_as_printed"]}


_SAID: dict[str, Callable[[pd.DataFrame, _Folder], dict[str, object]]] = {
    "ratings": _rating,
    "actions": _action,
    "responses": _response,
    "commitments": _commitment,
    "findings": _finding,
    "measures": _measure,
}
