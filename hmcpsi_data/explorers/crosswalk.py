"""A crosswalk to look at and to edit: each link in its row, and under it what its edit changes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.explorers.base import Explorer
from hmcpsi_data.explorers.comparison import pairs
from hmcpsi_data.explorers.controls import Choice, File, Option, Search
from hmcpsi_data.explorers.forms import CELL, drop_down, row_of, table_of, text_box
from hmcpsi_data.explorers.view import View, button, call, file_name
from hmcpsi_data.html import html_table
from hmcpsi_data.method.compare import changes, latest_ratings, rated_areas
from hmcpsi_data.method.crosswalk import Crosswalk
from hmcpsi_data.method.editor import Editor, opened
from hmcpsi_data.record.filters import search
from hmcpsi_data.tables.record import RecordLike
from hmcpsi_data.words import MISSING, RELATIONS, count_of, listed

__all__ = ["CrosswalkExplorer", "as_code"]

_EDITED = "changed by you"
_CONFIDENCE = {"high": "high", "medium": "medium", "low": "low"}
_STATUS = {
    "remainder": "a part has no home",
    "no_counterpart": "no counterpart",
    "undetermined": "undetermined",
}
_HEADS = ("Old aspect", "Relation", "New aspect", "At least", "At most", "Confidence", "Why", "")
_INTERVAL = ("worst", "best", "lower_median", "upper_median")
_FIELDS = {
    "relation": "Relation",
    "share_low": "At least",
    "share_high": "At most",
    "confidence": "Confidence",
    "justification": "Why",
}


class CrosswalkExplorer(Explorer):
    """The links of a crosswalk, edited in their rows; nothing that is shipped changes.

    `crosswalk` is the edited one, for `compare`, `ComparisonExplorer` and everything else.

    Parameters
    ----------
    crosswalk : Crosswalk, optional
        One of your own; it stands first among the pairs of sets.
    record : Record or path, optional
        Whose data are shown.
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
    SAVES = (
        ("csv", "Crosswalk (CSV)"),
        ("sssom", "Crosswalk (SSSOM)"),
        ("png", "Picture (PNG)"),
        ("svg", "Picture (SVG)"),
    )

    pair = Choice("Sets", "The old set of aspects, and the new one", everything=None, filters=False)
    aspect = Choice("Aspect", "One aspect of either set", everything="All aspects")
    area = Choice("Translate ratings of", "Whose old ratings show what an edit changes",
                  everything=None, filters=False, default="leicestershire_1999")  # fmt: skip
    search = Search()
    file = File("Load your crosswalk", "A CSV or SSSOM file, as Save makes them",
                (".csv", ".tsv", ".sssom"), more=True)  # fmt: skip

    def __init__(
        self, crosswalk: Crosswalk | None = None, record: RecordLike = None, **values: Any
    ) -> None:
        self._own = crosswalk
        self._known: dict[str, Crosswalk] = {}
        self._all: dict[str, Crosswalk] = {}  # those of the record, which edits are told by
        self._editors: dict[str, Editor] = {}
        self._coded: tuple[Crosswalk | None, str] = (None, "")
        self._last: tuple[Any, ...] = ()  # what was translated last, and what came of it
        super().__init__(record, **values)

    # What can be chosen, and what is edited -------------------------------------------------

    def controls(self) -> Mapping[str, Sequence[Option]]:
        """The pairs of sets, the aspects of the chosen one, and Areas with old ratings."""
        if not self._known:
            self._known, self._all = pairs(self.record, self._own), pairs(self.record)
        chosen = self._start_of(self._pair())
        areas = rated_areas(chosen.source_set, self.record)
        return {
            "pair": [(key, " to ".join(one.titles), None) for key, one in self._known.items()],
            "aspect": [(key, label, None) for key, label in _labels(chosen).items()],
            "area": [(area, name, None) for area, name in areas.items()],
        }

    def _pair(self) -> str:
        return self.pair if self.pair in self._known else next(iter(self._known))

    def _start_of(self, pair: str) -> Crosswalk:
        return self._known[pair]

    @property
    def editor(self) -> Editor:
        """What edits the crosswalk that is shown."""
        pair = self._pair()
        if pair not in self._editors:
            self._editors[pair] = Editor(self._known[pair], shipped=self._shipped())
        return self._editors[pair]

    @property
    def crosswalk(self) -> Crosswalk:
        """The crosswalk that is shown, as edited."""
        return self.editor.crosswalk

    def _shipped(self) -> Crosswalk:
        """The shipped crosswalk between the same sets; where there is none, the one given."""
        return self._all.get(self._pair(), self._known[self._pair()])

    # What can be done -----------------------------------------------------------------------

    def edit(self, row: int, **cells: Any) -> None:
        """Change cells of a row: `relation`, `share_low`, `share_high`, `confidence`, ….

        Raises
        ------
        UnknownValueError
            Where the row, a column or a word is not known; nothing changes then.
        """
        self.editor.change(row, **cells)
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
        chosen = self.crosswalk
        if not other or self.aspect is None:
            return
        side = "source" if self.aspect in chosen.labels[0] else "target"
        if other in ("remainder", "no_counterpart"):
            self.editor.add(**{side: self.aspect}, status=other)
        else:
            ends = {side: self.aspect, "target" if side == "source" else "source": other}
            self.editor.add(**ends)

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
        """The edited crosswalk as csv or sssom, its picture as png or svg."""
        if kind not in ("csv", "sssom"):
            return super().download(kind)
        chosen = self.crosswalk
        title = f"crosswalk {chosen.source_set} to {chosen.target_set}"
        if kind == "csv":
            return file_name(title, "csv"), chosen.to_csv().encode()
        return file_name(title, "sssom.tsv"), chosen.to_sssom().encode()

    # What is shown --------------------------------------------------------------------------

    def show(self) -> View:
        """The rows with their controls, what is wrong, and what translation makes of them."""
        chosen, editor = self.crosswalk, self.editor
        labels = _labels(chosen)
        if self.aspect not in labels:
            self._assign({"aspect": None})
        areas = rated_areas(chosen.source_set, self.record)
        if self.area not in areas:
            self._assign({"area": next(iter(areas), None)})
        problems = None if chosen.is_valid() else chosen.diagnose()
        numbers = self._numbers()
        now, moved = self._translated(chosen) if problems is None else (None, None)
        edited = editor.edited & set(editor.rows)
        wrong = (
            f"not valid: {count_of(len(problems), 'problem')}" if problems is not None else "valid"
        )
        status = f"{len(numbers)} of {count_of(len(editor.rows), 'row')}, {wrong}"
        status += f", {len(edited)} {_EDITED}" if edited else ""
        status += f", {editor.n_dropped} dropped" if editor.n_dropped else ""
        body = "".join(self._row(number, labels, moved) for number in numbers)
        caption = f"Links between {' and '.join(chosen.titles)}"
        table = table_of(caption, _HEADS, body, "hx-edit")
        parts = [
            self._problems(problems),
            table,
            self._adder(),
            self._follows(now),
        ]
        return View(
            frame=chosen.to_frame(),
            status=status,
            code=self._code(chosen),
            sentence=_sentence(chosen, edited),
            html="".join(parts),
            picture=lambda: self._picture(chosen),
            picture_key=(self.pair, self.aspect, tuple(map(str, editor.rows.values()))),
        )

    def _code(self, chosen: Crosswalk) -> str:
        """The Python that gives this crosswalk, written once as long as it stays the same."""
        if self._coded[0] is not chosen:
            self._coded = chosen, as_code(chosen, self.record)
        return self._coded[1]

    def _numbers(self) -> list[int]:
        """The numbers of the rows that fit the chosen aspect and the search."""
        rows = self.editor.rows
        ends = ("source_aspect_id", "target_aspect_id")
        if self.aspect:
            rows = {n: row for n, row in rows.items() if self.aspect in (row[end] for end in ends)}
        if not self.search:
            return list(rows)
        labels = _labels(self.crosswalk)
        frame = pd.DataFrame.from_dict(rows, orient="index").astype("string")
        named = frame.assign(**{end: frame[end].map(labels) for end in ends}) if rows else frame
        return [int(number) for number in search(named, self.search).index]

    def _row(self, number: int, labels: Mapping[str, str], moved: pd.DataFrame | None) -> str:
        """A link as a row of controls; an edited one is marked, and says what it changes."""
        row = self.editor.row(number)
        old = labels.get(row["source_aspect_id"] or "", "no old aspect")
        new = labels.get(row["target_aspect_id"] or "", _STATUS.get(row["status"], row["status"]))
        of = f"{old} to {new}, row {number}"
        edited = number in self.editor.edited
        put = {"do": "edit", "row": number}
        relation = drop_down(
            {**put, "field": "relation"}, row["relation"], RELATIONS, f"Relation of {of}"
        )
        cells = [
            relation if row["status"] == "mapped" else "",
            escape(str(new)),
            _share(put, "share_low", row["share_low"], f"At least, share of {of}"),
            _share(put, "share_high", row["share_high"], f"At most, share of {of}"),
            drop_down(
                {**put, "field": "confidence"},
                row["confidence"],
                _CONFIDENCE,
                f"Confidence of {of}",
            ),
            text_box(
                {**put, "field": "justification"}, row["justification"], f"Why: {of}", lines=2
            ),
            button("Drop", {"do": "drop", "row": number}, f"Drop {of}"),
        ]
        html = row_of(old, cells, _EDITED * edited)
        if edited and moved is not None:
            told = _changed(moved, row["target_aspect_id"])
            span = f'colspan="{len(_HEADS)}" style="{CELL}"'
            html += f'<tr class="hx-evidence"><td {span}>{told}</td></tr>'
        return html

    def _adder(self) -> str:
        """A list from which a link for the chosen aspect is added."""
        if self.aspect is None:
            return "<p>To add a link, choose an aspect above.</p>"
        old, new = self.crosswalk.labels
        is_old = self.aspect in old
        others = dict(new if is_old else old)
        others |= {"no_counterpart": "nothing: it has no counterpart"}
        if is_old:
            others["remainder"] = "nothing: a part of it has no home"
        options = "".join(
            f'<option value="{escape(key)}">{escape(label)}</option>'
            for key, label in others.items()
        )
        name = f"Add a link of {(old | new)[self.aspect]} with"
        command = escape(json.dumps({"do": "add"}))
        return (
            f'<p><label>{escape(name)} <select data-do="{command}"><option value="">choose …'
            f"</option>{options}</select></label></p>"
        )

    def _problems(self, problems: pd.DataFrame | None) -> str:
        if problems is None:
            return ""
        shown = problems[["row", "problem", "remedy"]].rename(
            columns={"row": "Row", "problem": "What is wrong", "remedy": "What to do"}
        )
        return html_table(shown, "What is wrong: nothing is translated before it is put right")

    def _translated(self, chosen: Crosswalk) -> tuple[pd.DataFrame | None, pd.DataFrame | None]:
        """The old ratings of the Area by this crosswalk, and where the shipped one differs."""
        if not self.area:
            return None, None
        if self._last[:2] != (chosen, self.area):
            known = latest_ratings(chosen.source_set, self.area, self.record)
            now, shipped = chosen.translate(known, by=None), self._shipped()
            moved = None
            if shipped.is_valid():
                moved = changes(shipped.translate(known, by=None), now)
            self._last = chosen, self.area, now, moved
        return self._last[2], self._last[3]

    def _follows(self, now: pd.DataFrame | None) -> str:
        """What the crosswalk makes of the old ratings of an Area."""
        if now is None:
            return ""
        absent = (
            now["n_links"].eq(0).map({True: MISSING["not_applicable"], False: MISSING["not_found"]})
        )
        shown = pd.DataFrame({"New aspect": now["target"]})
        for name in _INTERVAL:
            shown[name.replace("_", " ").capitalize()] = now[name].astype("string").fillna(absent)
        caption = f"What the old ratings of {self._in_words('area')} come to through these links"
        tiles = tuple(str(name) for name in shown if name != "New aspect")
        return html_table(shown, caption, tiles=tiles, record=self.record)

    def _picture(self, chosen: Crosswalk) -> Any:
        from hmcpsi_data.pictures import crosswalk_picture

        return crosswalk_picture(chosen, aspect=self.aspect, record=self.record)


def as_code(crosswalk: Crosswalk, record: Any) -> str:
    """The Python that gives the same crosswalk; one that was edited carries all its rows."""
    if crosswalk.is_shipped:
        return call("hd.Crosswalk.load", source=crosswalk.source_set, target=crosswalk.target_set,
                    record=record)  # fmt: skip
    return f'hd.Crosswalk.from_csv(b"""{crosswalk.to_csv()}""")'


def _share(put: Mapping[str, Any], field: str, value: Any, label: str) -> str:
    """A box for a bound; a number is written as short as it can be."""
    shown = f"{value:g}" if isinstance(value, float) and pd.notna(value) else value
    return text_box({**put, "field": field}, shown, label, size=4)


def _changed(moved: pd.DataFrame, target: str | None) -> str:
    """What an edit changes in the translated ratings, in a sentence."""
    rows = moved if target is None else moved[moved["target_aspect_id"].eq(target)]
    if rows.empty:
        return "What changes: nothing in the translated ratings."
    told = [
        f"{row['target']}: was {_range(row, '')}, now {_range(row, '_after')}"
        for row in rows.to_dict("records")
    ]
    return escape(f"What changes: {'; '.join(told)}.")


def _range(row: Mapping[Any, Any], side: str) -> str:
    worst, best = row.get(f"worst{side}"), row.get(f"best{side}")
    if pd.isna(worst):
        return "not known"
    return str(worst) if worst == best else f"{worst} to {best}"


def _labels(crosswalk: Crosswalk) -> dict[str, str]:
    """What the aspects of both sides are called."""
    old, new = crosswalk.labels
    return old | new


def _sentence(chosen: Crosswalk, edited: set[int]) -> str:
    """How many links there are of which kind, and whose they are."""
    n = chosen.to_frame()["status"].value_counts()
    told = [f"{count_of(int(n.get('mapped', 0)), 'link')}"]
    told += [f"{count_of(n[key], 'row')} ({words})" for key, words in _STATUS.items() if n.get(key)]
    whose = f" {count_of(len(edited), 'row')} {_EDITED}." if edited else ""
    return f"{listed(told)}.{whose}"
