"""The table of a crosswalk with its judge: made, loaded, checked, written."""

from __future__ import annotations

import os
from html import escape
from pathlib import Path
from typing import Self

import pandas as pd

from hmcpsi_data import sssom
from hmcpsi_data.crosswalk_rules import diagnose, is_valid
from hmcpsi_data.crosswalk_table import (
    MAPPED,
    NO_COUNTERPART,
    SOURCE,
    TARGET,
    Parts,
    delimited,
    objects,
    problem_table,
    put,
    set_pair,
    shielded,
    typed,
    unshielded,
)
from hmcpsi_data.description import table
from hmcpsi_data.errors import CrosswalkError, UnknownValueError
from hmcpsi_data.reading import read, row_faults
from hmcpsi_data.tables import load
from hmcpsi_data.wording import RELATIONS, counted

__all__ = ["CrosswalkBase"]

_Path = str | os.PathLike[str]
_Folder = _Path | None
_Aspects = pd.DataFrame | None

_ASPECTS = ["aspect_id", "set_id", "label", "level", "parent_id"]
_SHOWN = {
    SOURCE: "Old aspect",
    TARGET: "New aspect",
    "status": "Status",
    "relation": "Relation",
    "share_low": "At least",
    "share_high": "At most",
    "confidence": "How sure",
}


class CrosswalkBase:
    """What `Crosswalk` is built on: its table, the checker, and the ways in and out.

    Parameters
    ----------
    frame, folder, aspects
        As for `Crosswalk`.
    """

    __slots__ = ("_aspects", "_folder", "_frame", "_parts", "_sets", "_valid")

    def __init__(
        self, frame: pd.DataFrame, folder: _Folder = None, aspects: _Aspects = None
    ) -> None:
        self._frame = typed(frame)
        self._folder = folder
        self._aspects = _known_aspects(load("aspects", folder) if aspects is None else aspects)
        self._sets = list(set_pair(self._frame))  # of a chain, all sets that it goes through
        self._valid: bool | None = None
        self._parts: Parts | None = None

    @classmethod
    def load(cls, source_set: str, target_set: str, folder: _Folder = None) -> Self:
        """The crosswalk between two sets that a data folder holds.

        Raises
        ------
        UnknownValueError
            Where it holds none for this pair, in this direction.

        Examples
        --------
        >>> from hmcpsi_data.crosswalk import Crosswalk
        >>> Crosswalk.load("opa_2005", "opa_2007").is_valid()
        True
        """
        known = load("crosswalk", folder)
        pairs = known["source_set"] + " to " + known["target_set"]
        asked = f"{source_set} to {target_set}"
        chosen = known[pairs.eq(asked)]
        if chosen.empty:
            raise UnknownValueError("crosswalk", asked, pairs, 'load("crosswalk")')
        return cls(chosen, folder)

    @classmethod
    def from_csv(cls, path: _Path, folder: _Folder = None, aspects: _Aspects = None) -> Self:
        """A crosswalk from a CSV file with the columns of the table ``crosswalk``.

        What `to_csv` wrote comes back as it was; so does what a spreadsheet saved as UTF-8.

        Raises
        ------
        DataError
            Where the file cannot be read.
        CrosswalkError
            Where it is no table of a crosswalk; all lines at fault are listed.
        """
        records = read(Path(path), marked=True)
        if faults := list(row_faults(table("crosswalk"), records)):
            lines = [
                ("csv", f.row, None, None, f"{f.fault[0].upper()}{f.fault[1:]}.", f.remedy)
                for f in faults
            ]
            fault = f"{Path(path).name} cannot be read as a crosswalk."
            raise CrosswalkError(fault, problem_table(lines), counted="line")
        frame = pd.DataFrame(records.rows, columns=records.header, dtype="string")
        return cls(unshielded(frame), folder, aspects)

    @classmethod
    def from_sssom(cls, path: _Path, folder: _Folder = None, aspects: _Aspects = None) -> Self:
        """A crosswalk from an SSSOM file.

        What `to_sssom` wrote comes back as it was. In files of others predicates are read as
        relations (``skos:exactMatch`` as equal, and so on; one that says something else as
        undetermined) and ``sssom:NoTermFound`` as no_counterpart, or as the remainder of a subject
        that is mapped as well. Shares are then not known, and slots for which a crosswalk has no
        column (such as ``confidence`` as a number, ``mapping_tool`` or ``see_also``) are not kept.

        Raises
        ------
        CrosswalkError
            Where lines are malformed or contradict themselves; all of them are listed.
        DataError
            Where there is no such file.
        """
        return cls(sssom.from_sssom(Path(path)), folder, aspects)

    @property
    def source_set(self) -> str:
        """The set that is mapped."""
        return self._sets[0]

    @property
    def target_set(self) -> str:
        """The set that it is mapped to."""
        return self._sets[-1]

    def is_valid(self) -> bool:
        """Whether it keeps all rules of `hmcpsi_data.crosswalk_rules`."""
        if self._valid is None:
            self._valid = is_valid(self._frame, self._aspects)
        return self._valid

    def diagnose(self) -> pd.DataFrame:
        """Everything that is wrong with it, as a table; empty if it is valid.

        Returns
        -------
        pandas.DataFrame
            Columns `check`, `row`, `source_aspect_id`, `target_aspect_id`, `problem` and `remedy`.
            `row` is the row of `to_frame`, empty where something is missing from all rows. Where
            rows contradict each other, each of them is listed.

        Examples
        --------
        >>> from hmcpsi_data.crosswalk import Crosswalk
        >>> frame = Crosswalk.load("opa_2005", "opa_2007").to_frame()
        >>> Crosswalk(frame.drop(index=0)).diagnose()["problem"].to_list()
        ['opa_2005_pre_charge_decision_making appears in no row.', \
'opa_2007_pre_charge_decision_making appears in no row.']
        """
        return diagnose(self._frame, self._aspects)

    def to_frame(self) -> pd.DataFrame:
        """Its table, fresh, with the columns of the table ``crosswalk``."""
        return self._frame.copy()

    def to_csv(self, path: _Path) -> None:
        """Write its table as a CSV file that `from_csv` reads, valid or not.

        A text that a spreadsheet would compute gets an apostrophe in front, which `from_csv` takes
        away again.
        """
        put(Path(path), delimited(shielded(self._frame), ","))

    def to_sssom(self, path: _Path, licence: str | None = None) -> None:
        """Write it as an SSSOM file that `from_sssom` reads without loss.

        Parameters
        ----------
        path : path
            Name of the file, by custom ending in ``.sssom.tsv``.
        licence : str, optional
            Address of the licence of your own crosswalk; without it, that of the shipped data.

        Examples
        --------
        >>> from tempfile import TemporaryDirectory
        >>> from hmcpsi_data.crosswalk import Crosswalk
        >>> shipped = Crosswalk.load("opa_2005", "opa_2007")
        >>> with TemporaryDirectory() as folder:
        ...     shipped.to_sssom(f"{folder}/mine.sssom.tsv")
        ...     again = Crosswalk.from_sssom(f"{folder}/mine.sssom.tsv")
        >>> again.to_frame().equals(shipped.to_frame())
        True
        """
        sssom.to_sssom(self._checked(), Path(path), licence)

    def __repr__(self) -> str:
        return f"<{self._sentence()}>"

    def _repr_html_(self) -> str:
        shown = self._in_words().to_html(na_rep="", border=0)
        return (
            f"<p>{escape(self._sentence())}</p>\n"
            '<div role="region" tabindex="0" aria-label="Rows of the crosswalk" '
            f'style="overflow-x:auto;max-width:100%">{shown}</div>'
        )

    def _in_words(self) -> pd.DataFrame:
        """The rows as a reader sees them: labels for identifiers, words for codes."""
        known = self._aspects.dropna(subset="label")
        labels = dict(zip(known["aspect_id"], known["label"], strict=True))
        shown = self._frame[list(_SHOWN)].astype(object)
        status = shown["status"].str.replace("_", " ")
        words = shown["relation"].map(RELATIONS).fillna(shown["relation"])
        ends = {side: shown[side].map(labels).fillna(shown[side]) for side in (SOURCE, TARGET)}
        shown = shown.assign(relation=words.fillna(status), **ends).drop(columns="status")
        return shown.rename(columns=_SHOWN)

    @property
    def _name(self) -> str:
        return f"Crosswalk {self.source_set} to {self.target_set}"

    def _sentence(self) -> str:
        if not self.is_valid():
            n_problems = len(self.diagnose())
            found = counted(n_problems, "problem")
            n_rows = counted(len(self._frame), "row")
            return f"{self._name}: {n_rows}, {found}; not valid, see diagnose()"
        parts, lost = self._checked(), self._frame[self._frame["status"].eq(NO_COUNTERPART)]
        n_links = int(self._frame["status"].eq(MAPPED).sum())
        return (
            f"{self._name}: {counted(n_links, 'link')}; without counterpart "
            f"{lost[SOURCE].count()} of {len(parts.sources)} source aspects and "
            f"{lost[TARGET].count()} of {len(parts.targets)} target aspects"
        )

    def _aspects_of_all_sets(self) -> pd.Series:
        """The identifiers of all aspects of all sets, also of those that it does not join."""
        return pd.concat([self._aspects["aspect_id"], load("aspects", self._folder)["aspect_id"]])

    def _checked(self) -> Parts:
        """What operations work with; an error where the crosswalk is not valid."""
        if not self.is_valid():
            fault = f"{self._name} is not valid; diagnose() lists what is wrong:"
            raise CrosswalkError(fault, self.diagnose())
        if self._parts is None:
            aspects = self._aspects[self._aspects["level"].ne("overall")]
            ends = (self.source_set, self.target_set)
            sides = (aspects[aspects["set_id"].eq(set_id)] for set_id in ends)
            sides = (side.reset_index(drop=True) for side in sides)
            self._parts = Parts(self._frame, *sides, self._folder, self._aspects_of_all_sets())
        return self._parts


def _known_aspects(aspects: pd.DataFrame) -> pd.DataFrame:
    """Aspects with the columns that crosswalks ask for, each once in its set."""
    cells = objects(aspects.reindex(columns=_ASPECTS)).values()
    rows: dict[tuple, tuple] = {}
    for aspect_id, set_id, label, level, parent in zip(*cells, strict=True):
        row = (aspect_id, set_id, label or aspect_id, level or "aspect", parent)
        rows.setdefault((aspect_id, set_id), row)
    return pd.DataFrame(rows.values(), columns=_ASPECTS, dtype="string")
