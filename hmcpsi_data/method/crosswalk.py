"""Crosswalks between two sets of aspects: what is linked, how surely, and what follows from it."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import Self

import pandas as pd

from hmcpsi_data.errors import CrosswalkError, HmcpsiError, UnknownValueError
from hmcpsi_data.method import links, sssom
from hmcpsi_data.method.translate import sensitivity, translate
from hmcpsi_data.record.filters import choose, one_of
from hmcpsi_data.tables.description import table
from hmcpsi_data.tables.record import RecordLike, as_record, content, records, row_faults
from hmcpsi_data.tables.writing import write_file
from hmcpsi_data.words import count_of

_Path = str | os.PathLike[str]
_File = _Path | bytes
_Aspects = pd.DataFrame | None

# A spreadsheet would compute a text that begins like this (the last four are full-width): it gets
# an apostrophe in front when it is saved, and loses it when it is opened, as do its apostrophes.
_FORMULA = r"('*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20])"
# what coverage() counts: aspects in rows of these
_COUNTED = {"linked": "mapped", "without": "no_counterpart"}
_COUNTED |= {status: status for status in ("undetermined", "remainder")}


class Crosswalk:
    """Links between the aspects of two sets, each a judgement with its bounds and its reason.

    It never changes: every operation makes a new one. One that breaks a rule can be looked at and
    mended (`is_valid`, `diagnose`); everything else refuses it with a `CrosswalkError`. It leads
    from its `source_set` to its `target_set`.

    Parameters
    ----------
    frame : pandas.DataFrame
        With the columns of the table ``crosswalk`` (see `codebook`); the two sets, the two aspects,
        `status` and `relation` are needed, the others may be left out.
    aspects : pandas.DataFrame, optional
        `aspect_id` and `set_id` and, where known, `label` and `level`, for sets that no record has.
    record : Record or path, optional

    Examples
    --------
    >>> edited = Crosswalk.load("opa_2005", "aap_2016_sections").to_frame()
    >>> edited.loc[0, "share_high"] = 1.2
    >>> print(Crosswalk(edited).diagnose()["problem"][0])
    The shares from 0 to 1.2 are no part of a whole.
    """

    def __init__(
        self, frame: pd.DataFrame, aspects: _Aspects = None, record: RecordLike = None
    ) -> None:
        self._frame = links.typed(frame)
        self._record = as_record(record)
        self._aspects = _known(self._record.table("aspects") if aspects is None else aspects)
        self.source_set, self.target_set = links.set_pair(self._frame)

    @classmethod
    def load(cls, source: str, target: str, record: RecordLike = None) -> Self:
        """The crosswalk that a record holds between two sets, by identifier or title."""
        opened = as_record(record)
        asked = " to ".join(one_set(name, opened) for name in (source, target))
        known = opened.table("crosswalk")
        pairs = known["source_set"] + " to " + known["target_set"]
        one_of("crosswalk", asked, pairs, 'load("crosswalk")')
        return cls(known[pairs.eq(asked)], record=opened)

    @classmethod
    def from_csv(cls, source: _File, aspects: _Aspects = None, record: RecordLike = None) -> Self:
        """A crosswalk from the path or the bytes of a CSV file, such as `to_csv` writes."""
        name, data = _opened(source)
        cells = records(name, data, marked=True)
        if faults := list(row_faults(table("crosswalk"), cells)):
            told = [(f.row, f"{f.fault[0].upper()}{f.fault[1:]}.", f.remedy) for f in faults]
            raise links.refusal(f"{name} cannot be read as a crosswalk.", told, counted="line")
        frame = pd.DataFrame(cells.rows, columns=cells.header, dtype="string")
        return cls(frame.replace(rf"\A'{_FORMULA}", r"\1", regex=True), aspects, record)

    @classmethod
    def from_sssom(cls, source: _File, aspects: _Aspects = None, record: RecordLike = None) -> Self:
        """A crosswalk from the path or the bytes of an SSSOM file.

        In files of others predicates of SKOS are the relations, ``rdfs:seeAlso`` is undetermined,
        and any other is refused. Slots for which a crosswalk has no column are not kept.
        """
        return cls(sssom.from_sssom(*_opened(source)), aspects, record)

    def to_frame(self) -> pd.DataFrame:
        """Its table, fresh, with the columns of the table ``crosswalk``."""
        return self._frame.copy()

    def to_csv(self, path: _Path | None = None) -> str:
        """The text of a CSV file, written to a path where one is given; no cell is a formula."""
        inert = self._frame.astype("string").replace(rf"\A{_FORMULA}", r"'\1", regex=True)
        return _put(path, sssom.delimited(inert, ","))

    def to_sssom(self, path: _Path | None = None) -> str:
        """The text of an SSSOM file, written to a path where one is given."""
        known, parts = self._record.table("crosswalk"), self._parts
        same = known["source_set"].eq(self.source_set) & known["target_set"].eq(self.target_set)
        return _put(path, sssom.to_sssom(parts, links.typed(known[same]).equals(self._frame)))

    @property
    def titles(self) -> tuple[str, str]:
        """The titles of the two sets, or their identifiers where they have none."""
        known = self._record.table("aspect_sets").set_index("set_id")["title"]
        source, target = (str(known.get(one, one)) for one in (self.source_set, self.target_set))
        return source, target

    @property
    def labels(self) -> tuple[dict[str, str], dict[str, str]]:
        """The labels of the aspects that take part, by side and identifier, in their order."""
        old, new = (dict(zip(one["aspect_id"], one["label"], strict=True)) for one in self._sides)
        return old, new

    def is_valid(self) -> bool:
        """Whether it keeps all rules of `diagnose`."""
        return self._problems.empty

    def diagnose(self) -> pd.DataFrame:
        """Everything that is wrong with it, row by row; empty if it is valid.

        `check`, `row` (empty where all rows lack something), the aspects, `problem` and `remedy`.
        """
        return self._problems.copy()

    def coverage(self) -> pd.DataFrame:
        """How much of both sets it reaches, and what it leaves out by name: one row per side.

        `n_aspects` is `n_linked`, `n_without` (no counterpart) and `n_undetermined` together;
        `n_remainder` of the linked ones have a part without a home.
        """
        frame, *both = self._parts[:3]
        rows = []
        sets = ("source", self.source_set), ("target", self.target_set)
        for (side, set_id), end, aspects in zip(sets, links.ENDS, both, strict=True):
            groups = {
                name: aspects["aspect_id"].isin(frame.loc[frame["status"].eq(status), end].dropna())
                for name, status in _COUNTED.items()
            }
            groups["undetermined"] &= ~groups["linked"]
            numbers = {f"n_{name}": group.sum() for name, group in groups.items()}
            names = {n: links.SEPARATOR.join(aspects["label"][of]) for n, of in groups.items()}
            of_side = {"side": side, "set_id": set_id, "n_aspects": len(aspects)}
            rows.append(of_side | numbers | names)
        found = pd.DataFrame(rows).drop(columns="linked").convert_dtypes()
        return found.replace("", pd.NA)

    def cardinality(self) -> pd.DataFrame:
        """How many partners the aspects of a row have, as SSSOM has it; of a remainder 1:0."""
        slots = sssom.mappings(self._parts)[["predicate_id", "mapping_cardinality"]]
        found = self._frame[[*links.ENDS, "status", "relation"]].join(slots)
        return found.rename(columns={"mapping_cardinality": "cardinality"})

    def without(self, aspect_id: str, justification: str) -> Crosswalk:
        """The crosswalk in which an aspect of either set has no counterpart, for the reason given.

        What was linked to it alone has none either; a source with other links has a remainder.
        """
        old, new = self.labels
        listing = f'aspects(["{self.source_set}", "{self.target_set}"])'
        one_of("aspect_id", aspect_id, [*old, *new], listing)
        if not isinstance(justification, str) or not justification.strip():
            raise HmcpsiError("A justification is needed: say why in one sentence.")
        end = links.SOURCE if aspect_id in old else links.TARGET
        return self.made(links.without(self._parts.frame, end, aspect_id, justification))

    def inverse(self) -> Crosswalk:
        """The crosswalk in the other direction, without shares and remainders.

        An equal link beside others of its new source becomes undetermined.
        """
        return self.made(links.invert(self._parts.frame))

    def then(self, other: Crosswalk) -> Crosswalk:
        """One crosswalk of this one and another that starts where it ends, judged by nobody."""
        if not isinstance(other, Crosswalk):
            fault = f"A crosswalk is followed by another one, not by {type(other).__name__}."
            raise links.refusal(f"{fault} Crosswalk.load gives one.")
        first, second = self._parts, other._parts
        homeless = set(first.targets["aspect_id"]) - set(second.sources["aspect_id"])
        if self.target_set != other.source_set or homeless:
            fault = f"{self._name} cannot be followed by {other._name}"
            raise links.refusal(f"{fault}: they do not meet in one set.")
        aspects = pd.concat([self._aspects, other._aspects])
        return Crosswalk(links.chain(first.frame, second.frame), aspects, self._record)

    def translate(self, ratings: pd.DataFrame, by: str | None = "inspection_id") -> pd.DataFrame:
        """Ratings of the source set as ranges of words for each target.

        `ratings` have `framework_id`, `aspect_id` and `rating`, and those of other sets are left
        out; each value of the column `by` gets results of its own, all together where it is None.

        One row per group and target: `worst` and `best` known rating, `lower_median` and
        `upper_median`, the lowest and highest over all admissible shares; `n_links` of a share
        above 0, `n_known` of them rated; `unmapped` sources, whether all stays `open`, the
        `relation`, lowest `confidence`, `origin` and `caveat`.
        """
        return translate(self._parts, ratings, by)

    def sensitivity(
        self, ratings: pd.DataFrame, draws: int = 10_000, seed: int = 0
    ) -> pd.DataFrame:
        """How often each word is the median when the shares are drawn at random, as `translate`.

        They are drawn uniformly from what is admissible, for `ratings` of one inspection. One row
        per target and word: in how many of the `draws` it is `lower_median` and `upper_median`.
        """
        return sensitivity(self._parts, ratings, draws, seed)

    def made(self, frame: pd.DataFrame) -> Crosswalk:
        """One of other rows between aspects that this one knows."""
        return Crosswalk(frame, self._aspects, self._record)

    def __repr__(self) -> str:
        if not self.is_valid():
            told = count_of(len(self._problems), "problem")
            return f"<{self._name}: {told}; not valid, see diagnose()>"
        n_links = int(self._frame["status"].eq("mapped").sum())
        return f"<{self._name}: {count_of(len(self._frame), 'row')}, {count_of(n_links, 'link')}>"

    @property
    def _name(self) -> str:
        return f"Crosswalk {self.source_set} to {self.target_set}"

    @cached_property
    def _problems(self) -> pd.DataFrame:
        return links.diagnose(self._frame, self._aspects)

    @cached_property
    def _parts(self) -> links.Parts:
        """What operations work with; an error where the crosswalk is not valid."""
        if not self.is_valid():
            fault = f"{self._name} is not valid; diagnose() lists what is wrong:"
            raise CrosswalkError(fault, self.diagnose())
        return links.Parts(self._frame, *self._sides, self._aspects, self._record)

    @cached_property
    def _sides(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        known = self._aspects[self._aspects["level"].ne("overall")]
        source = known[known["set_id"].eq(self.source_set)].reset_index(drop=True)
        return source, known[known["set_id"].eq(self.target_set)].reset_index(drop=True)


def one_set(name: str, record: RecordLike) -> str:
    """The identifier of a set that was asked for by identifier or title."""
    found = choose("set_id", name, record) if isinstance(name, str) else None
    if not found:
        known = as_record(record).table("aspect_sets")["set_id"]
        raise UnknownValueError("set_id", name, known, 'load("aspect_sets")')
    return found[0]


def _opened(source: _File) -> tuple[str, bytes]:
    if isinstance(source, bytes):
        return "The file", source
    if not isinstance(source, str | os.PathLike):
        fault = f"A file is given by its path or its bytes, not by {type(source).__name__}."
        raise HmcpsiError(fault, 'Write its path, such as "mine.csv".')
    return Path(source).name, content(Path(source))


def _put(path: _Path | None, text: str) -> str:
    if path is not None:
        write_file(path, text)
    return text


def _known(aspects: pd.DataFrame) -> pd.DataFrame:
    """Aspects with the columns that crosswalks ask for, each once in its set."""
    if not isinstance(aspects, pd.DataFrame) or not {"aspect_id", "set_id"} <= set(aspects):
        fault = "The aspects of a crosswalk are a DataFrame with the columns aspect_id and set_id."
        raise links.refusal(f'{fault} load("aspects") gives the shipped ones.')
    known = aspects.reindex(columns=["aspect_id", "set_id", "label", "level"])
    known = known.astype("string").drop_duplicates(["aspect_id", "set_id"], ignore_index=True)
    return known.fillna({"label": known["aspect_id"], "level": "aspect"})
