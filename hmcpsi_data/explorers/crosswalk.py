"""A crosswalk to look at and to edit: links, validity, coverage and translated ratings follow."""

from __future__ import annotations

import os
from typing import Any

import pandas as pd

from hmcpsi_data.crosswalk import Crosswalk
from hmcpsi_data.crosswalk_editor import CrosswalkEditor
from hmcpsi_data.crosswalk_files import saved
from hmcpsi_data.crosswalk_table import SOURCE, TARGET
from hmcpsi_data.crosswalk_workbench import Workbench
from hmcpsi_data.errors import HmcpsiError
from hmcpsi_data.explorers.control import Control
from hmcpsi_data.explorers.crosswalk_controls import (
    FIELDS,
    NEW,
    PICKED,
    OnScreen,
    depending,
    files,
    new_row,
    rows_of,
)
from hmcpsi_data.explorers.crosswalk_follows import Follows
from hmcpsi_data.explorers.crosswalk_tables import (
    EDITED,
    in_words,
    problems_table,
    row_label,
    rows_table,
    rule_in_words,
)
from hmcpsi_data.explorers.explorer import Explorer
from hmcpsi_data.explorers.export import file_name
from hmcpsi_data.explorers.rows import where_from
from hmcpsi_data.explorers.view import View
from hmcpsi_data.pictures import crosswalk_picture
from hmcpsi_data.set_pairs import SetPair
from hmcpsi_data.wording import counted

__all__ = ["CrosswalkExplorer"]

_SIDES = ("old", "new")


class CrosswalkExplorer(Explorer):
    """The rows of a crosswalk, one of which is picked and can be changed.

    Nothing that is shipped changes. `crosswalk` is the edited one, for `compare`,
    `ComparisonExplorer` and everything else; `editor` is what edits it.

    Parameters
    ----------
    crosswalk : Crosswalk, optional
        One of your own; it stands first among the pairs of sets.
    folder : path, optional
        As for `load`.
    **state
        Values of controls at the start: `pair` (such as "opa_2005 to aap_2016_sections"), `aspect`
        (such as "old opa_2005_leadership"), `link` (the number of a row), `area` (whose ratings are
        translated).

    Examples
    --------
    >>> explorer = CrosswalkExplorer(pair="opa_2005 to opa_2007")
    >>> explorer.set(link="1", relation="equal")
    >>> explorer.view["status"]
    '20 of 20 rows; not valid: 2 problems; 1 edited by you, not shipped'
    >>> explorer.act("undo")
    >>> explorer.view["status"]
    '20 of 20 rows; valid'
    """

    TITLE = "A crosswalk, to look at and to edit"
    CAVEAT = (
        "The links are this project's judgement and no finding of the inspectorate. Edits are "
        "yours: they are marked, they stay in this notebook, and nothing that is shipped changes."
    )
    ACTIONS = (
        ("undo", "Undo", "Take the last edit back"),
        ("redo", "Redo", "Make the edit again that was taken back"),
        ("again", "Start again", "Take all edits back; Undo brings them back"),
        ("drop", "Drop this row", "Take the picked row away", PICKED),
        ("add", "Add row", "Add the chosen row; then pick its relation and bounds", NEW),
    )
    DOWNLOADS = (
        ("csv", "Save crosswalk as CSV"),
        ("sssom", "Save crosswalk as SSSOM"),
        ("svg", "Download SVG"),
        ("png", "Download PNG"),
    )

    def __init__(
        self,
        crosswalk: Crosswalk | None = None,
        folder: str | os.PathLike[str] | None = None,
        **state: Any,
    ) -> None:
        self._own = crosswalk
        edits = {name: state.pop(name) for name in FIELDS if name in state}
        super().__init__(folder, **state)
        if edits:
            self.set(**edits)

    def prepare(self) -> None:
        """Read the crosswalks, the ratings and the rules of curation once."""
        self._bench = Workbench(self._own, self.folder)
        self._screen, self._follows = OnScreen(), Follows(self._bench)
        printed = pd.DataFrame.from_dict(
            self._bench.printed, "index", columns=["source_id", "locator"], dtype="string"
        )
        words, places = where_from(printed, self.folder)
        self._where = words.dropna().to_dict()
        self._places = {f"{side}: {one}": places[one] for side in _SIDES for one in places}

    def describe(self) -> list[Control]:
        """What to look at, the picked row, a new row, and a file."""
        return [*self.depending({}), *files()]

    def depending(self, state: dict[str, Any]) -> list[Control]:
        """Everything that depends on the pair, the aspect and the row."""
        bench, key = self._bench, state.get("pair")
        key = key if key in bench.pairs else next(iter(bench.pairs))
        return depending(bench.pairs, key, bench.editor(key), bench.areas(key), state)

    def settle(self, state: dict[str, Any]) -> dict[str, Any]:
        """Edit the row whose values were changed on the screen, then show those of the picked one.

        `OnScreen` tells which row that was.
        """
        shown, edits = self._screen.edits(state)
        if edits:
            try:
                self._bench.editor(shown.key).change(int(shown.number or -1), **edits)
            except HmcpsiError:
                self._put({**state, **shown.values})
                raise
        return self._screen.put(state, self._bench.editor(state["pair"]))

    def look(self, pair: str, aspect: str, link: str, area: str, **_: Any) -> View:
        """The rows of the aspect, what is wrong, what is reached, and what translation makes."""
        chosen, editor = self._bench.pairs[pair], self._bench.editor(pair)
        crosswalk, numbers = editor.crosswalk, rows_of(editor, aspect)
        problems = problems_table(crosswalk, chosen)
        tables = [rows_table(editor, numbers, chosen, link, self._where, self._places)]
        if problems:
            tables.insert(0, problems)
        else:
            tables += self._follows.tables(pair, area)
        n_edited = len(editor.edited)
        valid = f"not valid: {counted(len(problems.frame), 'problem')}" if problems else "valid"
        return View(
            status=f"{len(numbers)} of {counted(len(editor.numbers), 'row')}; {valid}"
            + (f"; {n_edited} {EDITED}" if n_edited else ""),
            words=in_words(editor, chosen, bool(problems)) + self._picked(editor, chosen, link),
            table=tuple(tables),
            frame=crosswalk.to_frame(),
            code=self._bench.code(pair),
            sources=self._sources(pair, area),
            **self._picture(chosen, aspect, n_edited),
        )

    def act(self, name: str) -> None:
        """Undo, redo, start again, drop or add a row."""
        state, editor = self.state, self._bench.editor(self.state["pair"])
        picks: dict[str, str] = {}
        if name == "undo":
            editor.undo()
        elif name == "redo":
            editor.redo()
        elif name == "again":
            self._bench.again(state["pair"])
        elif name == "drop":
            numbers = rows_of(editor, state["aspect"])
            place = numbers.index(int(state["link"]))
            editor.drop(int(state["link"]))
            left = rows_of(editor, state["aspect"])
            picks["link"] = str(left[min(place, len(left) - 1)]) if left else ""
        else:
            picks = {"link": str(editor.add(**new_row(state["aspect"], state["to"]))), "to": ""}
        self._again(**picks)

    def closed(self) -> set[str]:
        """What there is nothing for."""
        state, editor = self.state, self._bench.editor(self.state["pair"])
        can = {
            "undo": editor.can_undo,
            "redo": editor.can_redo,
            "again": editor.can_undo,
            "drop": state["link"] != "",
            "add": state["to"] != "",
        }
        return {name for name, possible in can.items() if not possible}

    def take(self, control: str, name: str, data: bytes) -> None:  # noqa: ARG002
        """Open a crosswalk from a file; it takes the place of the rows between the same sets."""
        key = self._bench.open(self.state["pair"], name, data)
        self._again(pair=key, aspect="", link="")

    def set(self, **state: Any) -> None:
        """Change several controls; what is picked is picked before it is changed."""
        edits = {name: state.pop(name) for name in FIELDS if name in state}
        for part in (state, edits):
            if part:
                super().set(**part)

    def download(self, kind: str) -> tuple[str, bytes]:
        """The edited crosswalk as csv or sssom, its picture as svg or png."""
        if kind not in ("csv", "sssom"):
            return super().download(kind)
        crosswalk = self.crosswalk
        title = f"crosswalk {crosswalk.source_set} to {crosswalk.target_set}"
        ending = {"csv": "csv", "sssom": "sssom.tsv"}[kind]
        return file_name(title, ending), saved(crosswalk, kind)

    @property
    def editor(self) -> CrosswalkEditor:
        """What edits the crosswalk that is shown."""
        return self._bench.editor(self.state["pair"])

    @property
    def crosswalk(self) -> Crosswalk:
        """The crosswalk that is shown, as edited."""
        return self.editor.crosswalk

    def _again(self, **picks: str) -> None:
        """Show what is there now, with other picks; values on the screen are no edits."""
        self._put({**self.state, **picks, "shown": ""})
        self._show()

    def _sources(self, key: str, area: str) -> tuple[str, ...]:
        """The sources that print the aspects of both sets, and the ratings that are translated."""
        rows = self._bench.editor(key).rows.values()
        ends = {row[side] for row in rows for side in (SOURCE, TARGET)} & set(self._bench.printed)
        printed = {self._bench.printed[end][0] for end in ends}
        rated = self._bench.rated(key, area)["source_id"] if area else []
        return tuple(sorted({*printed, *rated} - {None}))

    def _picked(self, editor: CrosswalkEditor, pair: SetPair, link: str) -> str:
        if not link:
            return ""
        row = editor.row(int(link))
        return f" {rule_in_words(row, row_label(row, pair), self._bench.rules)}"

    def _picture(self, pair: SetPair, aspect: str, n_edited: int) -> dict[str, Any]:
        editor, named = self._bench.editor(pair.key), aspect.partition(" ")[2] or None
        frame, labels = editor.crosswalk.to_frame(), pair.labels[0] | pair.labels[1]
        drawn = (SOURCE, TARGET, "status", "relation", "confidence")
        rows = tuple(tuple(row[name] for name in drawn) for row in editor.rows.values())
        source = f"The links are a judgement; {n_edited} of the rows are {EDITED}."
        source = source if n_edited or pair.own else None
        return {
            "picture": lambda: crosswalk_picture(
                frame, aspect=named, labels=labels, source=source, folder=self.folder
            ),
            "picture_key": (pair.key, named, source, rows),
        }
