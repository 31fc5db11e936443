"""What is known of the assessment of 2005-06, and the rules that agree with it.

Everything comes from the tables: the ratings, and how many ratings of a kind an Area had where they
are not all named (``profile_counts``). A row more narrows the rules without a change here. Ratings
that sources contradict, or that are only inferred, count as not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

import numpy as np
import pandas as pd

from hmcpsi_data.assessment.rules import GROUPS, SCALE, Lattice, Rules, family
from hmcpsi_data.errors import DataError, FrameworkError, UnknownValueError, quote
from hmcpsi_data.html import Shown
from hmcpsi_data.method.scales import need_columns, require_one_framework, scale
from hmcpsi_data.record.areas import find_area
from hmcpsi_data.record.filters import yes_or_no
from hmcpsi_data.record.ratings import aspects, ratings, undisputed
from hmcpsi_data.record.sources import citations
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import count_of, listed, plain

_SET = "opa_2005"
_OVERALL = f"{_SET}_overall"
_COUNT = ["scope", "rating", "relation", "n"]
_COMPARED = {"exactly": np.equal, "at_least": np.greater_equal, "at_most": np.less_equal}


@dataclass(frozen=True)
class AspectSet:
    """The fourteen aspects: their labels by identifier, the critical ones first."""

    labels: Mapping[str, str]
    critical: frozenset[str]
    framework_id: str = _SET

    @cached_property
    def lattice(self) -> Lattice:
        """The counts of all profiles."""
        return Lattice([len(self.critical), len(self.labels) - len(self.critical)])

    def group(self, aspect_id: str) -> int:
        """0 for a critical aspect, 1 for another."""
        return int(aspect_id not in self.critical)

    def counts(self, ratings: Mapping[str, str | None]) -> np.ndarray:
        """Groups by words: how many of the known ratings have each word."""
        found = np.zeros((2, len(SCALE)), dtype=np.int16)
        for aspect_id, word in ratings.items():
            if word is not None:
                found[self.group(aspect_id), SCALE.index(word)] += 1
        return found

    def checked(self, given: Any, in_part: bool = False) -> dict[str, str | None]:
        """All aspects with the ratings of a mapping, a Series or rows of `ratings`."""
        if isinstance(given, pd.DataFrame):
            framework = require_one_framework(given)
            need_columns(given, "aspect_id", "rating")
            if len(given) and framework != self.framework_id:
                problem = f"These are ratings of {framework}, and the rules are of"
                self.refuse(f"{problem} {self.framework_id}.", "Give ratings of that.", framework)
            given = given[given["aspect_id"].ne(_OVERALL)]
            if "inspection_id" in given and (n := given["inspection_id"].nunique()) > 1:
                self.refuse(f"These are ratings of {n} inspections.", "Keep those of one.")
            given = given.set_index("aspect_id")["rating"]
        if not isinstance(given, Mapping | pd.Series):
            remedy = 'Give a rating for each aspect, as profile("Leicestershire") does.'
            self.refuse(f"{quote(given)} is no profile.", remedy)
        found: dict[str, str | None] = {}
        for name, word in given.items():
            key, missing = self.find(name), pd.api.types.is_scalar(word) and pd.isna(word)
            if not missing and not (isinstance(word, str) and word in SCALE):
                raise UnknownValueError("rating", word, SCALE, 'load("scales")')
            if key in found:
                self.refuse(f"{self.labels[key]} is there twice.", "Give each aspect once.")
            found[key] = None if missing else word
        absent = [label for key, label in self.labels.items() if found.get(key) is None]
        if absent and not in_part:
            told = f"Without a rating are {len(absent)} of {len(self.labels)} aspects"
            self.refuse(f"{told}: {', '.join(absent)}.", "Give each aspect a rating.")
        return {key: found.get(key) for key in self.labels}

    def refuse(self, problem: str, remedy: str, *others: str) -> NoReturn:
        """Say that ratings are none of this set."""
        raise FrameworkError([self.framework_id, *others], problem, remedy)

    def find(self, name: object) -> str:
        """The identifier of an aspect, from that, from its end, or from the label."""
        short = {key.removeprefix(f"{_SET}_"): key for key in self.labels}
        known = short | {label: key for key, label in self.labels.items()}
        found = {plain(one): key for one, key in known.items()}
        if plain(name) not in found and name not in self.labels:
            raise UnknownValueError("aspect", name, known, f"aspects({_SET!r})")
        return found.get(plain(name), str(name))


@dataclass(frozen=True)
class KnownArea:
    """What is known of an Area: ratings by aspect, rows of counts, and the ratings behind it."""

    area_id: str
    area: str
    inspection_id: str
    overall: str
    profile: Mapping[str, str]
    counts: pd.DataFrame
    rows: pd.DataFrame
    whole: bool

    def words(self) -> str:
        """What is known, in words."""
        parts = [f"{count_of(len(self.profile), 'aspect')} known"]
        for scope, word, relation, n in self.counts[_COUNT].to_numpy():
            aspects = count_of(n, "critical aspect" if scope == "critical" else "aspect")
            parts.append(f"{relation.replace('_', ' ')} {aspects} {word}")
        return ", ".join(parts)

    def completions(self, aspect_set: AspectSet) -> np.ndarray:
        """The counts of all profiles that agree with what is known."""
        found = aspect_set.lattice.completions(aspect_set.counts(self.profile))
        fault = f"what is said of {self.inspection_id} contradicts the ratings that are known"
        for scope, word, relation, n in self.counts[_COUNT].to_numpy():
            if scope not in GROUPS or word not in SCALE or relation not in _COMPARED:
                fault, found = f"{relation} {n} {word} ({scope}) cannot be read", found[:0]
                break
            rated = found[:, GROUPS[scope], SCALE.index(word)].sum(axis=1)
            found = found[_COMPARED[relation](rated, n)]
        if not len(found):
            raise DataError("profile_counts.csv", None, None, None, fault, "Compare ratings.csv.")
        return found


class ConsistentRules:
    """The `rules` of the `family` that agree with all that is known of `areas`, by `aspects`."""

    def __init__(self, record: Record) -> None:
        self.aspects = record.once(_aspect_set)
        self.family = family(self.aspects.lattice.sizes)
        known = record.once(_known_areas)
        self.areas = tuple(area for area in known if area.profile or len(area.counts))
        self._rows, left = [], np.ones(len(self.family), dtype=bool)
        for area in self.areas:  # some profile that fits what is known must get the word
            kinds, _ = self.family.kinds(area.completions(self.aspects))
            agrees = (kinds == SCALE.index(area.overall)).any(axis=1)
            left &= agrees
            sources = pd.concat([area.rows["source_id"], area.counts["source_id"]]).to_frame()
            cited = "; ".join(citations(sources, record).unique())
            numbers = int(agrees.sum()), int(left.sum())
            self._rows.append((area.area, area.words(), area.overall, *numbers, cited))
        self.rules = Rules(self.family.choice[left])

    def __len__(self) -> int:
        return len(self.rules)

    @property
    def checks(self) -> pd.DataFrame:
        """Each Area that a rule must agree with, how many rules do, and how many are left."""
        columns = ["what", "known", "rating", "agree", "left", "source"]
        return pd.DataFrame(self._rows, columns=columns).assign(caveat=self.caveat)

    @property
    def caveat(self) -> str:
        """What must stand wherever a result appears."""
        whole = [one.area for one in self.areas if one.whole]
        part = [one.area for one in self.areas if not one.whole]
        known = "consistent" if len(self) else "no rule is consistent"
        named = f"{listed(whole) or 'none'}; in part {listed(part) or 'none'}"
        told = f"Our reconstruction: {known} with the known Areas ({named})"
        return f"{told}; not the inspectorate's rule."

    @property
    def words(self) -> str:
        """How many of how many, in a sentence or two."""
        among = f"of the {len(self.family):,} rules of the declared family"
        if not len(self):
            return f"None {among} agrees with all that is known, so nothing follows."
        told = f"{len(self):,} {among} agree with all that is known."
        return f"{told} The family is our own, and a share of its rules is not a probability."

    @cached_property
    def _kinds(self) -> tuple[np.ndarray, np.ndarray]:
        return self.rules.kinds(self.aspects.lattice.counts)

    def outcomes(self, counts: np.ndarray) -> np.ndarray:
        """Consistent rules by profiles: the place of the word on the scale."""
        kinds, back = self._kinds
        return kinds[:, back[self.aspects.lattice.index(counts)]]

    def tally(self, which: np.ndarray | slice = slice(None)) -> np.ndarray:
        """Profiles of the lattice by words: how many rules, or how many of some, give each."""
        kinds, back = self._kinds
        levels = [(kinds[which] == level).sum(axis=0) for level in range(len(SCALE))]
        return np.stack(levels, axis=1)[back]

    def _table(self) -> Shown:
        headings = ["Known of", "What is known", "Overall", "Rules that agree", "Left", "Source"]
        shown = self.checks.drop(columns="caveat").set_axis(headings, axis="columns")
        title = "What a rule must agree with, and how many rules do"
        return Shown(shown, title, self.words, self.caveat, tiles=["Overall"])

    def __repr__(self) -> str:
        return repr(self._table())

    def _repr_html_(self) -> str:
        return self._table()._repr_html_()


def consistent_rules(record: RecordLike = None) -> ConsistentRules:
    """The rules of the family that agree with every Area of which enough is known.

    An Area with all aspects known must get its word, and one known in part by some completion of
    it. A `DataError` where what is said of an Area contradicts itself.

    Examples
    --------
    >>> len(consistent_rules())
    2952
    """
    return as_record(record).once(ConsistentRules)


def profile(
    area: str = "Leicestershire",
    in_part: bool = False,
    record: RecordLike = None,
    **changes: str | None,
) -> pd.Series:
    """The ratings of an Area whose aspects are all known, with changes of yours.

    Parameters
    ----------
    area : str
        An Area, by identifier or name.
    in_part : bool
        Whether some aspects will do; the others are missing then.
    record : Record or path, optional
    **changes
        Other ratings, by the end of the aspect's identifier (``disclosure="Poor"``).

    Returns
    -------
    pandas.Series
        Ratings by label, the critical aspects first, named after the Area.

    Raises
    ------
    UnknownValueError, FrameworkError
        Where the Area, an aspect or a rating is not known, or not all of its aspects are.

    Examples
    --------
    >>> profile("Leicestershire", disclosure="Excellent").tail(5).tolist()
    ['Excellent', 'Fair', 'Good', 'Fair', 'Excellent']
    """
    opened, in_part = as_record(record), bool(yes_or_no("in_part", in_part))
    aspect_set, known = opened.once(_aspect_set), opened.once(_known_areas)
    n_aspects, area_id = len(aspect_set.labels), find_area(area, record=opened)
    own = next((one for one in known if one.area_id == area_id and one.profile), None)
    if own is None or not (in_part or changes or own.whole):
        whole = listed([one.area for one in known if one.whole])
        part = listed([one.area for one in known if one.profile and not one.whole])
        told = f"{len(own.profile) if own else 'None'} of the {n_aspects} aspects of {area}"
        parts = f"in part, given with in_part=True: {part or 'none'}"
        aspect_set.refuse(f"{told} are known.", f"Known in full: {whole or 'none'}; {parts}.")
    changed = aspect_set.checked(changes, in_part=True)
    given = dict(own.profile) | {key: changed[key] for key in map(aspect_set.find, changes)}
    checked = aspect_set.checked(given, in_part)
    labelled = {aspect_set.labels[key]: word for key, word in checked.items()}
    return pd.Series(labelled, name=own.area, dtype="string")


def _aspect_set(record: Record) -> AspectSet:
    rows = aspects(_SET, record).query("level != 'overall'")
    rows = rows.sort_values("is_critical", ascending=False, kind="stable")
    critical = frozenset(rows.loc[rows["is_critical"].fillna(False), "aspect_id"])
    found = AspectSet(dict(zip(rows["aspect_id"], rows["label"], strict=True)), critical)
    if not critical or tuple(scale(found.framework_id, record)[0]) != SCALE:
        found.refuse(f"The family is for {listed(SCALE)}, some critical.", "See aspects.csv.")
    return found


def _known_areas(record: Record) -> list[KnownArea]:
    """Every Area whose overall rating is known, with all that is known below it."""
    aspect_set = record.once(_aspect_set)
    rows = undisputed(ratings(set_id=_SET, record=record)).dropna(subset="rating")
    rows = rows[rows["basis"].ne("inferred") & rows["says_otherwise"].isna()]
    counts = record.table("profile_counts").query("set_id == @_SET")
    found = []
    for inspection, part in rows.groupby("inspection_id", sort=False):
        words = part.groupby("aspect_id")["rating"].agg(["first", "nunique"])
        agreed = words.loc[words["nunique"] == 1, "first"].to_dict()
        if _OVERALL in agreed:
            area, name = str(part["area_id"].iat[0]), str(part["area"].iat[0])
            known = {key: agreed[key] for key in aspect_set.labels if key in agreed}
            own = counts[counts["inspection_id"] == inspection]
            told = str(inspection), agreed[_OVERALL], known, own, part
            found.append(KnownArea(area, name, *told, whole=len(known) == len(aspect_set.labels)))
    return sorted(found, key=lambda area: not area.whole)
