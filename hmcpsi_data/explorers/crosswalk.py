"""A crosswalk to look at and to edit: each link in its row, and under it what its edit changes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from typing import Any, ClassVar

import pandas as pd

from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.explorers.base import Explorer
from hmcpsi_data.explorers.comparison import absent, pair_options, pairs
from hmcpsi_data.explorers.controls import Choice, File, Option, Search
from hmcpsi_data.explorers.saving import call, file_name
from hmcpsi_data.explorers.view import View, button, drawn, drop_down, row_of, table_of, text_box
from hmcpsi_data.html import html_table
from hmcpsi_data.method.compare import changes, latest_ratings, rated_areas
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.method.editor import Editor, opened
from hmcpsi_data.record.filters import search
from hmcpsi_data.tables.record import RecordLike
from hmcpsi_data.words import RELATIONS, count_of, listed

__all__ = ["CrosswalkExplorer"]

_EDITED = "changed by you"
_CONFIDENCE = {"high": "high", "medium": "medium", "low": "low"}
_STATUS = {
    "remainder": "a part has no home",
    "no_counterpart": "no counterpart",
    "undetermined": "undetermined",
}
_FIELDS = {
    "relation": "Relation",
    "share_low": "At least",
    "share_high": "At most",
    "confidence": "Confidence",
    "justification": "Why",
}
_HEADS = ("Old aspect", "Relation", "New aspect", "At least", "At most", "Confidence", "Why", "")
_ENDS = ["source_aspect_id", "target_aspect_id"]
_SIGNS = {
    "Keep 0 <= share_low <= share_high <= 1; an empty cell means not known": "The least share must "
    "not be below 0 nor above the most, and the most not above 1; leave empty what is not known"
}
_WRONG = {"row": "Link", "problem": "What is wrong", "remedy": "What to do"}


class CrosswalkExplorer(Explorer):
    """The links of a crosswalk, edited in their rows; nothing that is shipped changes.

    `crosswalk` is the edited one, for `compare`, `ComparisonExplorer` and everything else.

    Parameters
    ----------
    crosswalk : Crosswalk, optional
        One of your own; it stands first among the pairs of sets.
    **values
        Values of controls at the start: `pair` (such as "opa_2005 to aap_2016_sections"), `aspect`
        (of either set), `area` (whose old ratings are translated), `search`.

    Examples
    --------
    >>> explorer = CrosswalkExplorer(pair="opa_2005 to opa_2007")
    >>> explorer.shown["status"]
    '20 of 20 rows, valid'
    >>> explorer.edit(1, confidence="low")
    >>> explorer.shown["status"]
    '20 of 20 rows, valid, 1 changed by you'
    >>> explorer.undo()
    """

    TITLE = "A crosswalk, to look at and to edit"
    NOTE = (
        "The links are this project's judgement and no finding of the inspectorate. Your changes "
        "are marked as yours and stay in this notebook until you save them."
    )
    BUTTONS = (
        ("undo", "Undo", "Take the last change back"),
        ("redo", "Redo", "Make the change again that was taken back"),
    )
    SAVES: ClassVar[Mapping[str, str]] = {
        **Explorer.SAVES,
        "csv": "Crosswalk (CSV)",
        "xlsx": "Crosswalk (Excel)",
        "sssom": "Crosswalk (SSSOM)",
    }

    pair = Choice("Sets", "The old set of aspects, and the new one", everything=None, filters=False)
    aspect = Choice("Aspect", "One aspect of either set", everything="All aspects")
    area = Choice("Translate ratings of", "Whose old ratings show what an edit changes",
                  everything=None, filters=False, default="leicestershire_1999")  # fmt: skip
    search = Search()
    file = File("Load your crosswalk", "A CSV or SSSOM file, as Save makes them",
                accept=".csv,.tsv,.sssom", more=True)  # fmt: skip

    def __init__(
        self, crosswalk: Crosswalk | None = None, record: RecordLike = None, **values: Any
    ) -> None:
        self._known = pairs(record, crosswalk)
        self._all = pairs(record)  # those of the record, which edits are told by
        self._editors: dict[str, Editor] = {}
        self._coded: tuple[Crosswalk | None, str] = (None, "")  # what was written last, as Python
        self._last: tuple[Any, ...] = (None,)  # what was translated last, and what came of it
        super().__init__(record, **values)

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """The pairs of sets, the aspects of the chosen one, and Areas with old ratings."""
        chosen = self._known[self._pair]
        areas = rated_areas(chosen.source_set, self.record)
        return {
            "pair": pair_options(self._known),
            "aspect": [(key, label, None) for key, label in _labels(chosen).items()],
            "area": [(area, name, None) for area, name in areas.items()],
        }

    @property
    def _pair(self) -> str:
        return self.pair if self.pair in self._known else next(iter(self._known))

    @property
    def _shipped(self) -> Crosswalk:
        """The crosswalk of the record between the same sets; where there is none, the one given."""
        return self._all.get(self._pair, self._known[self._pair])

    @property
    def editor(self) -> Editor:
        """What edits the crosswalk that is shown."""
        pair = self._pair
        if pair not in self._editors:
            self._editors[pair] = Editor(self._known[pair], shipped=self._shipped)
        return self._editors[pair]

    @property
    def crosswalk(self) -> Crosswalk:
        """The crosswalk that is shown, as edited."""
        return self.editor.crosswalk

    def edit(self, row: int, **cells: Any) -> None:
        """Change cells of a row: `relation`, `share_low`, `share_high`, `confidence`, …."""
        self.editor.change(row, **cells)
        self._refresh(again=True)

    def reset(self) -> None:
        """Put the links back as well as the controls; Undo brings the edits back."""
        if self.editor.edited or self.editor.n_dropped:
            self.editor.replace(self._known[self._pair])
        super().reset()
        self._refresh(again=True)

    def undo(self) -> None:
        """Take the last change back."""
        self.editor.undo()
        self._refresh(again=True)

    def redo(self) -> None:
        """Make the change again that was taken back."""
        self.editor.redo()
        self._refresh(again=True)

    def act(self, command: str, details: Mapping[str, Any], data: bytes) -> None:
        """Edit, drop or add a row, undo, redo, or take a file."""
        if command == "edit":
            field = str(details.get("field"))
            if field not in _FIELDS:
                raise HmcpsiError("This cell cannot be changed.")
            try:
                self.editor.change(int(details["row"]), **{field: details.get("value")})
            except HmcpsiError as error:
                told = str(error).removeprefix(field).lstrip()
                raise HmcpsiError(f"{_FIELDS[field]}: {told}") from None
        elif command == "drop":
            self.editor.drop(int(details["row"]))
        elif command == "add":
            self._add(str(details.get("value") or ""))
        elif command in ("undo", "redo"):
            getattr(self.editor, command)()
        elif command == "file":
            self._load(str(details.get("file")), data)
        else:
            super().act(command, details, data)

    def _add(self, other: str) -> None:
        """Add a link between the chosen aspect and another one, or declare that it has none."""
        if not other or self.aspect is None:
            return
        side, far = ("source", "target")
        if self.aspect not in self.crosswalk.labels[0]:
            side, far = far, side
        declared = other in ("remainder", "no_counterpart")
        self.editor.add(**{side: self.aspect, "status" if declared else far: other})

    def _load(self, name: str, data: bytes) -> None:
        """Put the rows of a file in place of those between the same sets; Undo takes it back."""
        found = opened(name, data, record=self.record)
        key = f"{found.source_set} to {found.target_set}"
        self._known.setdefault(key, found)
        self._offer()
        if key != self.pair:
            self._assign({"pair": key, "aspect": None})
        self.editor.replace(found)

    def download(self, kind: str = "csv") -> tuple[str, bytes]:
        """The edited crosswalk as csv, sssom or xlsx, its picture as png or svg."""
        chosen = self.crosswalk
        title = f"crosswalk {chosen.source_set} to {chosen.target_set}"
        if kind == "csv":
            return file_name(title, kind), chosen.to_csv().encode()
        if kind == "sssom":
            return file_name(title, "sssom.tsv"), chosen.to_sssom().encode()
        return super().download(kind)

    def show(self) -> View:
        """The rows with their controls, what is wrong, and what translation makes of them."""
        chosen, editor = self.crosswalk, self.editor
        labels, areas = _labels(chosen), rated_areas(chosen.source_set, self.record)
        if self.aspect not in labels:
            self._assign({"aspect": None})
        if self.area not in areas:
            self._assign({"area": next(iter(areas), None)})
        numbers = self._numbers(labels)
        edited = editor.edited & set(editor.rows)
        status = [f"{len(numbers)} of {count_of(len(editor.rows), 'row')}", "valid"]
        status += [f"{len(edited)} {_EDITED}"] * bool(edited)
        status += [f"{editor.n_dropped} dropped"] * bool(editor.n_dropped)
        if chosen.is_valid():
            wrong, (below, moved) = "", self._translated(chosen, areas)
        else:
            problems, below, moved = chosen.diagnose(), "", None
            status[1] = f"not valid: {count_of(len(problems), 'problem')}"
            told = "What is wrong: nothing is translated before it is put right"
            wrong = html_table(self._wrong(problems, labels), told)
        body = "".join(self._row(number, labels, moved) for number in numbers)
        caption = f"Links between {' and '.join(chosen.titles)}"
        return View(
            frame=chosen.to_frame(),
            status=", ".join(status),
            code=self._code,
            sentence=_sentence(chosen, len(edited)),
            html=wrong + table_of(caption, _HEADS, body, "hx-edit") + self._adder() + below,
            picture=partial(self._picture, chosen),
            picture_key=(self.pair, self.aspect, tuple(map(str, editor.rows.values()))),
        )

    def _wrong(self, problems: pd.DataFrame, labels: Mapping[str, str]) -> pd.DataFrame:
        """What is wrong, with aspects by their labels and in plain words."""
        ends = problems[_ENDS].apply(lambda column: column.map(labels)).fillna("")
        linked = [" to ".join(filter(None, one)) for one in ends.itertuples(index=False)]
        told = problems[list(_WRONG)].assign(row=linked)
        for name in ("problem", "remedy"):
            told[name] = [_plain(text, labels) for text in told[name]]
        return told.rename(columns=_WRONG)

    @property
    def _code(self) -> str:
        """The Python that gives the same crosswalk; one that was edited carries all its rows."""
        chosen = self.crosswalk
        if self._coded[0] is not chosen:
            ends = {"source": chosen.source_set, "target": chosen.target_set}
            code = call("hd.Crosswalk.load", **ends, record=self.record)
            if not chosen.is_shipped:
                code = f'hd.Crosswalk.from_csv(b"""{chosen.to_csv()}""")'
            self._coded = chosen, code
        return self._coded[1]

    def _picture(self, chosen: Crosswalk) -> Any:
        if not chosen.is_valid():
            raise HmcpsiError("There is no picture of links that are not valid: mend them first.")
        return drawn("crosswalk_picture", chosen, aspect=self.aspect, record=self.record)()

    def _numbers(self, labels: Mapping[str, str]) -> list[int]:
        """The numbers of the rows that fit the chosen aspect and the search."""
        rows = self.editor.rows
        if self.aspect:
            rows = {n: row for n, row in rows.items() if self.aspect in (row[end] for end in _ENDS)}
        if not self.search or not rows:
            return list(rows)
        frame = pd.DataFrame.from_dict(rows, orient="index").astype("string")
        named = frame.assign(**{end: frame[end].map(labels) for end in _ENDS})
        return [int(number) for number in search(named, self.search).index]

    def _row(self, number: int, labels: Mapping[str, str], moved: pd.DataFrame | None) -> str:
        """A link as a row of controls; an edited one is marked, and says what it changes."""
        row = self.editor.row(number)
        old = labels.get(row["source_aspect_id"] or "", "no old aspect")
        new = labels.get(row["target_aspect_id"] or "", _STATUS.get(row["status"], row["status"]))
        of = f"{old} to {new}, row {number}"
        put = {name: {"do": "edit", "row": number, "field": name} for name in _FIELDS}

        def share(name: str) -> str:
            return text_box(put[name], row[name], f"{_FIELDS[name]}, share of {of}", size=4)

        def choice(name: str, known: Mapping[str, str]) -> str:
            return drop_down(put[name], row[name], known, f"{_FIELDS[name]} of {of}")

        cells = [
            choice("relation", RELATIONS) if row["status"] == "mapped" else "",
            escape(str(new)),
            share("share_low"),
            share("share_high"),
            choice("confidence", _CONFIDENCE),
            text_box(put["justification"], row["justification"], f"Why: {of}", lines=2),
            button("Drop", {"do": "drop", "row": number}, f"Drop {of}"),
        ]
        edited = number in self.editor.edited
        told = _changed(moved, row["target_aspect_id"]) if edited and moved is not None else ""
        return row_of(old, cells, _EDITED * edited, told)

    def _adder(self) -> str:
        """A list from which a link for the chosen aspect is added."""
        if self.aspect is None:
            return "<p>To add a link, choose an aspect above.</p>"
        old, new = self.crosswalk.labels
        others = {"": "choose …"} | (new if self.aspect in old else old)
        others["no_counterpart"] = "nothing: it has no counterpart"
        if self.aspect in old:
            others["remainder"] = "nothing: a part of it has no home"
        name = f"Add a link of {(old | new)[self.aspect]} with"
        return f"<p><label>{escape(name)} {drop_down({'do': 'add'}, '', others, name)}</label></p>"

    def _translated(
        self, chosen: Crosswalk, areas: Mapping[str, str]
    ) -> tuple[str, pd.DataFrame | None]:
        """What the crosswalk makes of an Area's old ratings, and where the shipped one differs."""
        if not self.area:
            return "", None
        if self._last[:2] != (chosen, self.area):
            known = latest_ratings(chosen.source_set, self.area, self.record)
            now, shipped, moved = chosen.translate(known, by=None), self._shipped, None
            if shipped.is_valid():
                moved = changes(shipped.translate(known, by=None), now)
            shown = pd.DataFrame({"New aspect": now["target"]})
            for name in ("worst", "best", "lower_median", "upper_median"):
                words = now[name].astype("string").fillna(absent(now))
                shown[name.replace("_", " ").capitalize()] = words
            caption = f"What the old ratings of {areas[self.area]} come to through these links"
            html = html_table(
                shown, caption, tiles=[str(name) for name in shown][1:], record=self.record
            )
            self._last = chosen, self.area, html, moved
        return self._last[2], self._last[3]


def _changed(moved: pd.DataFrame, target: str | None) -> str:
    """What an edit changes in the translated ratings, in a sentence."""
    rows = moved if target is None else moved[moved["target_aspect_id"].eq(target)]
    told = [
        f"{row['target']}: was {_range(row, '')}, now {_range(row, '_after')}"
        for row in rows.to_dict("records")
    ]
    return f"What changes: {'; '.join(told) or 'nothing in the translated ratings'}."


def _range(row: Mapping[Any, Any], side: str) -> str:
    worst, best = row[f"worst{side}"], row[f"best{side}"]
    if pd.isna(worst):
        return "not known"
    return str(worst) if worst == best else f"{worst} to {best}"


def _labels(crosswalk: Crosswalk) -> dict[str, str]:
    """What the aspects of both sides are called."""
    old, new = crosswalk.labels
    return old | new


def _plain(told: str, labels: Mapping[str, str]) -> str:
    """A fault of a crosswalk as people say it: labels for identifiers, words for signs."""
    for sign, words in _SIGNS.items():
        told = told.replace(sign, words)
    return re.sub(r"\b[a-z]+_\w+\b", lambda found: labels.get(found[0], found[0]), told)


def _sentence(chosen: Crosswalk, edited: int) -> str:
    """How many links there are of which kind, and whose they are."""
    n = chosen.to_frame()["status"].value_counts()
    told = [count_of(int(n.get("mapped", 0)), "link")]
    told += [f"{count_of(n[key], 'row')} ({words})" for key, words in _STATUS.items() if n.get(key)]
    whose = f" {count_of(edited, 'row')} {_EDITED}." if edited else ""
    return f"{listed(told)}.{whose}"
