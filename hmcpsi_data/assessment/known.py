"""What is known of the assessment of 2005-06, and the rules that agree with it.

Everything comes from the tables: the ratings, and how many ratings of a kind an Area had where they
are not all named (``profile_counts``). What is contradicted or only inferred counts as not known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, NoReturn

import numpy as np
import pandas as pd

from hmcpsi_data.assessment.rules import GROUPS, SCALE, Lattice, Rules, family
from hmcpsi_data.errors import DataError, FrameworkError, UnknownValueError, quote
from hmcpsi_data.html import Shown
from hmcpsi_data.record.areas import find_area
from hmcpsi_data.record.filters import one_of, yes_or_no
from hmcpsi_data.record.ratings import aspects, ratings, undisputed
from hmcpsi_data.record.sources import citations
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import count_of, listed, plain

_SET = "opa_2005"
_OVERALL = f"{_SET}_overall"
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
        """All aspects with the ratings of a mapping or a Series."""
        if not isinstance(given, Mapping | pd.Series):
            remedy = 'Give a rating for each aspect, as profile("Leicestershire") does.'
            self.refuse(f"{quote(given)} is no profile.", remedy)
        found: dict[str, str | None] = {}
        for name, word in given.items():
            key, missing = self.find(name), pd.api.types.is_scalar(word) and pd.isna(word)
            if key in found:
                self.refuse(f"{self.labels[key]} is there twice.", "Give each aspect once.")
            found[key] = None if missing else one_of("rating", word, SCALE, 'load("scales")')
        absent = [label for key, label in self.labels.items() if found.get(key) is None]
        if absent and not in_part:
            told = f"Without a rating are {len(absent)} of {len(self.labels)} aspects"
            self.refuse(f"{told}: {', '.join(absent)}.", "Give each aspect a rating.")
        return {key: found.get(key) for key in self.labels}

    def refuse(self, problem: str, remedy: str) -> NoReturn:
        """Say that ratings are none of this set."""
        raise FrameworkError([self.framework_id], problem, remedy)

    def find(self, name: object) -> str:
        """The identifier of an aspect, from that, from its end, or from the label."""
        known = {plain(label): key for key, label in self.labels.items()}
        for key in self.labels:
            known |= dict.fromkeys([plain(key), plain(key.removeprefix(f"{_SET}_"))], key)
        if plain(name) not in known:
            raise UnknownValueError("aspect", name, self.labels.values(), f"aspects({_SET!r})")
        return known[plain(name)]


class KnownArea(NamedTuple):
    """What is known of an Area: ratings by aspect, counts of ratings, and what both cite."""

    area_id: str
    area: str
    overall: str
    profile: dict[str, str]
    counts: list[tuple[str, str, str, int]]  # scope, rating, relation and number
    sources: pd.DataFrame
    whole: bool

    def words(self) -> str:
        """What is known, in words."""
        parts = [f"{count_of(len(self.profile), 'aspect')} known"]
        for scope, word, relation, n in self.counts:
            aspects = count_of(n, "critical aspect" if scope == "critical" else "aspect")
            parts.append(f"{relation.replace('_', ' ')} {aspects} {word}")
        return ", ".join(parts)

    def completions(self, aspect_set: AspectSet) -> np.ndarray:
        """The counts of all profiles that agree with what is known."""
        found = aspect_set.lattice.completions(aspect_set.counts(self.profile))
        for scope, word, relation, n in self.counts:
            if scope not in GROUPS or word not in SCALE or relation not in _COMPARED:
                fault = f"{relation} {n} {word} ({scope}) cannot be read"
                remedy = 'See codebook("profile_counts").'
                raise DataError("profile_counts.csv", None, None, None, fault, remedy)
            rated = found[:, GROUPS[scope], SCALE.index(word)].sum(axis=1)
            found = found[_COMPARED[relation](rated, n)]
        return found


class Answer:
    """What the rules answer: a `frame`, the same in `words` and as `tables`, and the `caveat`."""

    def __init__(self, frame: pd.DataFrame, words: str, caveat: str, *tables: Shown) -> None:
        self._frame, self.words, self.caveat, self.tables = frame, words, caveat, tables

    @property
    def frame(self) -> pd.DataFrame:
        """The answer as a table, with the caveat in each row; your own copy."""
        return self._frame.assign(caveat=self.caveat)

    def __repr__(self) -> str:
        return "\n".join(map(repr, self.tables))

    def _repr_html_(self) -> str:
        return "".join(table._repr_html_() for table in self.tables)


class ConsistentRules(Answer):
    """The `rules` of the `family` that agree with all that is known of `areas`, by `aspects`.

    `frame` has each Area that a rule must agree with, how many rules do, and how many are left.
    """

    def __init__(self, record: Record) -> None:
        self.aspects = record.once(_aspect_set)
        self.family = family(self.aspects.lattice.sizes)
        self.areas = [one for one in record.once(_known_areas) if one.profile or one.counts]
        rows, left = [], np.ones(len(self.family), dtype=bool)
        for area in self.areas:  # some profile that fits what is known must get the word
            kinds, _ = self.family.kinds(area.completions(self.aspects))
            agrees = (kinds == SCALE.index(area.overall)).any(axis=1)
            left &= agrees
            cited = "; ".join(citations(area.sources, record).unique())
            numbers = int(agrees.sum()), int(left.sum())
            rows.append((area.area, area.words(), area.overall, *numbers, cited))
        self.rules = Rules(self.family.choice[left])
        self._kinds, self._kind_of = self.rules.kinds(self.aspects.lattice.counts)
        known = "consistent" if left.any() else "no rule is consistent"
        whole = listed([one.area for one in self.areas if one.whole]) or "none"
        part = listed([one.area for one in self.areas if not one.whole]) or "none"
        caveat = f"Our reconstruction: {known} with the known Areas ({whole}; in part {part}); "
        caveat += "not the inspectorate's rule."
        among = f"of the {len(self.family):,} rules of the declared family"
        words = f"None {among} agrees with all that is known, so nothing follows."
        if left.any():
            words = f"{len(self):,} {among} agree with all that is known. The family is our own, "
            words += "and a share of its rules is not a probability."
        frame = pd.DataFrame(rows, columns=["what", "known", "rating", "agree", "left", "source"])
        headings = ["Known of", "What is known", "Overall", "Rules that agree", "Left", "Source"]
        title = "What a rule must agree with, and how many rules do"
        shown = frame.set_axis(headings, axis="columns")
        table = Shown(shown, title, words, caveat, tiles=["Overall"])
        super().__init__(frame, words, caveat, table)

    def __len__(self) -> int:
        return len(self.rules)

    def outcomes(self, counts: np.ndarray) -> np.ndarray:
        """Consistent rules by profiles: the place of the word on the scale."""
        return self._kinds[:, self._kind_of[self.aspects.lattice.index(counts)]]

    def tally(self, which: np.ndarray | slice = slice(None)) -> np.ndarray:
        """Profiles of the lattice by words: how many rules, or how many of some, give each."""
        levels = [(self._kinds[which] == level).sum(axis=0) for level in range(len(SCALE))]
        return np.stack(levels, axis=1)[self._kind_of]


def consistent_rules(record: RecordLike = None) -> ConsistentRules:
    """The rules of the family that agree with every Area of which enough is known.

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
    """The ratings of an Area whose aspects are all known, by label, with changes of yours.

    With `in_part` some aspects will do, and the others are missing. `changes` are other ratings, by
    the end of the aspect's identifier.

    >>> profile("Leicestershire", disclosure="Excellent").tail(5).tolist()
    ['Excellent', 'Fair', 'Good', 'Fair', 'Excellent']
    """
    opened, in_part = as_record(record), bool(yes_or_no("in_part", in_part))
    aspect_set, known = opened.once(_aspect_set), opened.once(_known_areas)
    area_id = find_area(area, record=opened)
    own = next((one for one in known if one.area_id == area_id and one.profile), None)
    if own is None or not (in_part or changes or own.whole):
        whole = listed([one.area for one in known if one.whole])
        n = f"{len(own.profile) if own else 'None'} of the {len(aspect_set.labels)} aspects"
        aspect_set.refuse(f"{n} of {area} are known.", f"Known in full: {whole or 'none'}.")
    given = own.profile | {aspect_set.find(name): word for name, word in changes.items()}
    checked = aspect_set.checked(given, in_part)
    labelled = {aspect_set.labels[key]: word for key, word in checked.items()}
    return pd.Series(labelled, name=own.area, dtype="string")


def _aspect_set(record: Record) -> AspectSet:
    rows = aspects(_SET, record).query("level != 'overall'")
    rows = rows.sort_values("is_critical", ascending=False, kind="stable")
    critical = frozenset(rows.loc[rows["is_critical"].fillna(False), "aspect_id"])
    return AspectSet(dict(zip(rows["aspect_id"], rows["label"], strict=True)), critical)


def _known_areas(record: Record) -> list[KnownArea]:
    """Every Area whose overall rating is known, with all that is known below it."""
    labels = record.once(_aspect_set).labels
    rows = undisputed(ratings(set_id=_SET, record=record)).dropna(subset="rating")
    rows = rows[rows["basis"].ne("inferred") & rows["says_otherwise"].isna()]
    counts = record.table("profile_counts").query("set_id == @_SET")
    found = []
    for inspection, part in rows.groupby("inspection_id", sort=False):
        rated = part.set_index("aspect_id")["rating"].to_dict()
        if _OVERALL in rated:
            area, name = str(part["area_id"].iat[0]), str(part["area"].iat[0])
            known = {key: rated[key] for key in labels if key in rated}
            own = counts[counts["inspection_id"] == inspection]
            told = [*own[["scope", "rating", "relation", "n"]].itertuples(index=False, name=None)]
            cited = pd.concat([part["source_id"], own["source_id"]]).to_frame()
            whole = len(known) == len(labels)
            found.append(KnownArea(area, name, rated[_OVERALL], known, told, cited, whole))
    return sorted(found, key=lambda area: not area.whole)
