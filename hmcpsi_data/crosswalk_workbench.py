"""A workbench of crosswalks: an editor for each pair of sets, files opened, ratings translated."""

from __future__ import annotations

import os

import pandas as pd

from hmcpsi_data.crosswalk import Crosswalk
from hmcpsi_data.crosswalk_code import as_code, folder_argument
from hmcpsi_data.crosswalk_editor import CrosswalkEditor
from hmcpsi_data.crosswalk_files import opened
from hmcpsi_data.set_pairs import Pairs
from hmcpsi_data.tables import load

__all__ = ["Workbench"]

_IMPORT = "from hmcpsi_data.crosswalk_editor import CrosswalkEditor"


class Workbench:
    """The crosswalks of a data folder and your own, each with an editor of its own.

    Parameters
    ----------
    own : Crosswalk, optional
        One of your own; its pair stands first.
    folder : path, optional
        As for `load`.

    Attributes
    ----------
    pairs : dict
        The pairs of sets by their keys.
    rules : dict
        The rules of curation in words.
    printed : dict
        By aspect, the source that prints it and the lines; None where a part is not known.

    Examples
    --------
    >>> bench = Workbench()
    >>> bench.editor("opa_2005 to opa_2007").change(3, confidence="low")
    >>> print(bench.code("opa_2005 to opa_2007").splitlines()[-2])
    editor.change(3, confidence='low')
    """

    def __init__(
        self, own: Crosswalk | None = None, folder: str | os.PathLike[str] | None = None
    ) -> None:
        self.folder = folder
        self._known = Pairs(folder)
        self.pairs = self._known.first(own)
        self._shipped = {key: pair for key, pair in self.pairs.items() if not pair.own}
        self._aspects = load("aspects", folder)
        if own is not None:
            self._aspects = pd.concat([self._aspects, own._aspects])
        names = ["source_id", "locator"]
        known = self._aspects.reindex(columns=["aspect_id", *names]).astype(object)
        known = known.where(known.notna(), None)
        self.printed = {key: (source, lines) for key, source, lines in known.to_numpy()}
        rules = load("crosswalk_rules", folder)
        self.rules = dict(zip(rules["rule_id"], rules["statement"], strict=True))
        self._editors: dict[str, CrosswalkEditor] = {}
        self._translated: dict[tuple[str, str], pd.DataFrame] = {}

    def editor(self, key: str) -> CrosswalkEditor:
        """What edits the crosswalk of a pair."""
        if key not in self._editors:
            self._editors[key] = CrosswalkEditor(self.pairs[key].crosswalk, self.shipped(key))
        return self._editors[key]

    def shipped(self, key: str) -> Crosswalk:
        """The shipped crosswalk between the sets of a pair; where there is none, that of the pair.

        It is what edits are told by.
        """
        pair = self.pairs[key]
        return self._shipped.get(" to ".join(map(str, pair.sets)), pair).crosswalk

    def areas(self, key: str) -> dict[str, str]:
        """Areas of which a rating in the old set is known, with their names."""
        return self._known.areas(self.pairs[key].crosswalk.source_set)

    def open(self, key: str, name: str, data: bytes) -> str:
        """Open a file, and give the key of its pair.

        The rows take the place of those of the pair at hand, or of another one, if it joins the
        same sets; that is a step that can be undone. Else there is one pair more.

        Raises
        ------
        HmcpsiError
            Where the file cannot be opened; nothing changes then.
        """
        found = opened(name, data, self._aspects, self.folder)
        sets = found.source_set, found.target_set
        of_sets = [one for one in (key, *self.pairs) if self.pairs[one].sets == sets]
        if not of_sets:
            pair = self._known.pair(found, own=True)
            self.pairs = {**self.pairs, pair.key: pair}
            return pair.key
        kind = "from_csv" if name.lower().endswith(".csv") else "from_sssom"
        self.editor(of_sets[0]).replace(found, f"editor.replace(hd.Crosswalk.{kind}({name!r}))")
        return of_sets[0]

    def again(self, key: str) -> None:
        """Put the rows that the pair started with in place of all rows; that is a step, too."""
        self.editor(key).replace(self.pairs[key].crosswalk, f"editor.replace({self._start(key)})")

    def rated(self, key: str, area_id: str) -> pd.DataFrame:
        """The ratings of an Area in the old set of a pair."""
        return self._known.ratings(self.pairs[key].crosswalk.source_set, area_id)

    def translated(self, key: str, area_id: str) -> tuple[pd.DataFrame, pd.DataFrame | None]:
        """The old ratings of an Area by the edited crosswalk, and by the shipped one."""
        known = self.rated(key, area_id)
        if (key, area_id) not in self._translated:
            shipped = self.shipped(key)
            self._translated[key, area_id] = (
                shipped.translate(known) if shipped.is_valid() else None
            )
        return self.editor(key).crosswalk.translate(known), self._translated[key, area_id]

    def code(self, key: str) -> str:
        """The lines of Python that lead to the crosswalk as it is edited now."""
        editor, start, pair = self.editor(key), self._start(key), self.pairs[key]
        made = [as_code(pair.crosswalk, self.folder)] if pair.own else []
        imports = ["import pandas as pd"] if pair.own else []
        if editor.code:
            made += [f"editor = CrosswalkEditor({start})", *editor.code]
            imports.append(_IMPORT)
            start = "editor.crosswalk"
        lines = "\n".join([*made, f"{start}.to_frame()"])
        return "\n".join(imports) + "\n\n" * bool(imports) + lines

    def _start(self, key: str) -> str:
        """The crosswalk of a pair before any edit, in Python."""
        pair = self.pairs[key]
        sets = ", ".join(map(repr, pair.sets))
        loaded = f"hd.Crosswalk.load({sets}{folder_argument(self.folder)})"
        return "my_crosswalk" if pair.own else loaded
