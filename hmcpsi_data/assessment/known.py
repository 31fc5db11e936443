"""What is known of the assessment of 2005-06, and the rules that agree with it.

Everything comes from the tables: the ratings, how many ratings of a kind an Area had where they are
not all named (``profile_counts``), and how many Areas had each word (``distributions``). A row more
in any of them narrows the rules without a change here. Ratings that sources contradict, or that are
only inferred, count as not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

import numpy as np
import pandas as pd

from hmcpsi_data.assessment.rules import GROUPS, SCALE, Lattice, family
from hmcpsi_data.errors import DataError, FrameworkError, UnknownValueError, quote
from hmcpsi_data.html import Shown
from hmcpsi_data.method.scales import scale
from hmcpsi_data.record.areas import find_area
from hmcpsi_data.record.ratings import aspects, ratings, undisputed
from hmcpsi_data.record.sources import citations
from hmcpsi_data.tables.record import Record, RecordLike, as_record
from hmcpsi_data.words import listed, plain

__all__ = ["AspectSet", "ConsistentRules", "KnownArea", "consistent_rules", "profile"]

_SET = "opa_2005"
_OVERALL = f"{_SET}_overall"
_COMPARED = {"exactly": np.equal, "at_least": np.greater_equal, "at_most": np.less_equal}


@dataclass(frozen=True)
class AspectSet:
    """The fourteen aspects: their labels by identifier, the critical ones first."""

    framework_id: str
    labels: Mapping[str, str]
    critical: frozenset[str]

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
            given = self._of_one_inspection(given)
        try:
            pairs = [(name, word) for name, word in getattr(given, "items", lambda: given)()]
        except (TypeError, ValueError):
            remedy = 'Give a rating for each aspect, as profile("Leicestershire") does.'
            self.refuse(f"{quote(given)} is no profile.", remedy)
        found: dict[str, str | None] = {}
        for name, word in pairs:
            key, missing = self.find(name), pd.api.types.is_scalar(word) and pd.isna(word)
            if not missing and not (isinstance(word, str) and word in SCALE):
                raise UnknownValueError("rating", word, SCALE, 'load("scales")')
            if key in found:
                self.refuse(f"{self.labels[key]} is there twice.", "Give each aspect once.")
            found[key] = None if missing else word
        absent = [label for key, label in self.labels.items() if found.get(key) is None]
        if absent and not in_part:
            verb = "has" if len(absent) == 1 else "have"
            problem = f"{len(absent)} of the {len(self.labels)} aspects {verb} no rating"
            self.refuse(f"{problem}: {', '.join(absent)}.", "Give each aspect a rating.")
        return {key: found.get(key) for key in self.labels}

    def _of_one_inspection(self, rows: pd.DataFrame) -> pd.Series:
        """The ratings of a table by aspect, where it is of one inspection under this framework."""
        if not {"aspect_id", "rating"} <= set(rows):
            remedy = f'Give rows of ratings(framework="{self.framework_id}") of one inspection.'
            self.refuse("The table lacks the column aspect_id or rating.", remedy)
        frameworks = set(rows.get("framework_id", pd.Series(dtype="string")).dropna())
        if others := sorted(frameworks - {self.framework_id}):
            problem = f"These are ratings of {', '.join(others)}, and the rules are of"
            remedy = "A rating belongs to its framework: give ratings of that one."
            self.refuse(f"{problem} {self.framework_id}.", remedy, *others)
        rows = rows[rows["aspect_id"].ne(_OVERALL)]
        if "inspection_id" in rows and rows["inspection_id"].nunique() > 1:
            problem = f"These are ratings of {rows['inspection_id'].nunique()} inspections."
            self.refuse(problem, "Keep the ratings of one inspection.")
        return rows.set_index("aspect_id")["rating"]

    def refuse(self, problem: str, remedy: str, *others: str) -> NoReturn:
        """Say that ratings are none of this set."""
        raise FrameworkError([self.framework_id, *others], problem, remedy)

    def find(self, name: object) -> str:
        """The identifier of an aspect, from that, from its end, or from the label."""
        short = {key.removeprefix(f"{_SET}_"): key for key in self.labels}
        known = {label: key for key, label in self.labels.items()} | short
        found = {plain(name): key for name, key in known.items()} | {
            plain(k): k for k in self.labels
        }
        if plain(name) not in found:
            listing = f"aspects({_SET!r})"
            raise UnknownValueError("aspect", name, [*short, *self.labels.values()], listing)
        return found[plain(name)]


@dataclass(frozen=True)
class KnownArea:
    """What is known of one Area: its overall word, its ratings by aspect, and counts of ratings.

    `counts` are rows of ``profile_counts``; `rows` are the ratings that all this rests on.
    """

    area_id: str
    area: str
    inspection_id: str
    overall: str
    profile: Mapping[str, str]
    counts: pd.DataFrame
    rows: pd.DataFrame

    def whole(self, aspect_set: AspectSet) -> bool:
        """Whether every aspect is known."""
        return len(self.profile) == len(aspect_set.labels)

    def words(self, aspect_set: AspectSet) -> str:
        """What is known, in words."""
        n, known = len(aspect_set.labels), len(self.profile)
        if self.whole(aspect_set):
            derived = self.rows["basis"].eq("derived").any()
            return f"all {n} aspects known{', some derived from a count' if derived else ''}"
        parts = [f"{known or 'none'} of {n} aspects known"]
        for count in self.counts.to_dict("records"):
            critical, n = "critical " * (count["scope"] == "critical"), count["n"]
            what = f"{n} {critical}aspect{'s' * (n != 1)} {count['rating']}"
            parts.append(f"{count['relation'].replace('_', ' ')} {what}")
        return ", ".join(parts)

    def completions(self, aspect_set: AspectSet) -> np.ndarray:
        """The counts of all profiles that agree with what is known."""
        found, file = (
            aspect_set.lattice.completions(aspect_set.counts(self.profile)),
            "profile_counts.csv",
        )
        for count in self.counts.to_dict("records"):
            known = {"scope": GROUPS, "rating": SCALE, "relation": _COMPARED}
            for column, words in known.items():
                if (word := count[column]) not in words:
                    fault = f"{word} is no {column} of a count under {aspect_set.framework_id}"
                    remedy = f"Write one of: {', '.join(words)}."
                    raise DataError(file, None, column, word, fault, remedy)
            rated = found[:, GROUPS[count["scope"]], SCALE.index(count["rating"])].sum(axis=1)
            found = found[_COMPARED[count["relation"]](rated, count["n"])]
        if not len(found):
            fault = f"what is said of {self.inspection_id} contradicts the ratings that are known"
            remedy = "Look at its rows in ratings.csv as well."
            raise DataError(file, None, "n", None, fault, remedy)
        return found


class ConsistentRules:
    """The rules of the family that agree with all that is known; `consistent_rules` gives them.

    `rules` are some of the `family`, `aspects` the fourteen aspects, `areas` what is known of each
    Area, those known in full first.
    """

    def __init__(self, record: Record) -> None:
        self.aspects = record.once(_aspect_set)
        self.family = family(self.aspects.lattice.sizes)
        known = record.once(_known_areas)
        self.areas = tuple(area for area in known if area.profile or len(area.counts))
        self._left, self._rows = np.ones(len(self.family), dtype=bool), list[tuple[Any, ...]]()
        self._hold_against(record)
        self.rules = self.family.only(self._left)

    def _hold_against(self, record: Record) -> None:
        """The family held against Areas and numbers of Areas."""
        for area in self.areas:
            whole = area.whole(self.aspects)
            kind = "whole profile" if whole else "part of a profile: some completion must fit"
            told = area.area, kind, area.words(self.aspects)
            sources = pd.concat([area.rows["source_id"], area.counts["source_id"]])
            cited = citations(sources.drop_duplicates().to_frame(), record)
            self._check(area.completions(self.aspects), area.overall, told, cited)
        numbers = record.table("distributions").query("framework_id == @self.aspects.framework_id")
        numbers = numbers.assign(least=numbers["n"].fillna(numbers["n_low"]).fillna(0))
        for rating, part in numbers[numbers["least"].gt(0)].groupby("rating", sort=False):
            known = "; ".join(part["scope"] + ": at least " + part["least"].astype("string"))
            told = "all Areas", "distribution: some profile must have the word", known
            cited = citations(part[["source_id"]].dropna(), record)
            self._check(self.aspects.lattice.counts, str(rating), told, cited)

    def _check(
        self, counts: np.ndarray, rating: str, told: tuple[str, ...], cited: pd.Series
    ) -> None:
        """One thing known: some profile among these counts must get the word."""
        agrees = (self.family.kinds(counts)[0] == SCALE.index(rating)).any(axis=1)
        self._left &= agrees
        numbers = int(agrees.sum()), int(self._left.sum())
        self._rows.append((*told, rating, *numbers, "; ".join(cited.unique())))

    def __len__(self) -> int:
        return len(self.rules)

    @property
    def checks(self) -> pd.DataFrame:
        """What a rule must agree with, one row each; your own copy.

        `what` it is of, as what `kind` and what is `known`, the `rating` that a rule must give,
        how many rules `agree` and how many are `left` after it, its `source`, and the `caveat`.
        """
        columns = ["what", "kind", "known", "rating", "agree", "left", "source"]
        return pd.DataFrame(self._rows, columns=columns).assign(caveat=self.caveat)

    @property
    def caveat(self) -> str:
        """What must stand wherever a result appears."""
        whole = [one.area for one in self.areas if one.whole(self.aspects)]
        part = [one.area for one in self.areas if not one.whole(self.aspects)]
        named = [listed(whole)] * bool(whole) + [f"in part {listed(part)}"] * bool(part)
        known = "consistent" if len(self) else "no rule is consistent"
        return (
            f"Our reconstruction: {known} with the known Areas ({'; '.join(named) or 'none'}); "
            "not the inspectorate's rule."
        )

    @property
    def words(self) -> str:
        """How many of how many, in a sentence or two."""
        among = f"of the {len(self.family):,} rules of the declared family"
        if not len(self):
            return (
                f"None {among} agrees with all that is known, so nothing follows about any "
                "profile. Either the family lacks the rule, or something known is not as it seems: "
                "the table of checks shows where the last rules fell out."
            )
        return (
            f"{len(self):,} {among} {'agrees' if len(self) == 1 else 'agree'} with all that is "
            "known. The family is our own, and a share of its rules is not a probability."
        )

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
        some = kinds[which]
        return np.stack([(some == level).sum(axis=0) for level in range(len(SCALE))], axis=1)[back]

    def table(self) -> Shown:
        """The checks as a table to read."""
        headings = {
            "what": "Known of",
            "rating": "Overall",
            "known": "What is known",
            "agree": "Rules that agree",
            "left": "Left",
            "source": "Source",
        }
        shown = self.checks[list(headings)].rename(columns=headings)
        title = "What a rule must agree with, and how many rules do"
        return Shown(shown, title, self.words, self.caveat, tiles=["Overall"])

    def __repr__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def consistent_rules(record: RecordLike = None) -> ConsistentRules:
    """The rules of the family that agree with every Area of which enough is known.

    An Area with all aspects known must get its word, and one known in part by some completion of
    it. Each word that some Area had by the published numbers must be possible. A `DataError` where
    what is said of an Area contradicts itself.

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
        Other ratings, by the aspect's identifier without that of its set (``disclosure="Poor"``).

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
    opened = as_record(record)
    aspect_set, known = opened.once(_aspect_set), opened.once(_known_areas)
    n_aspects, area_id = len(aspect_set.labels), find_area(area, record=opened)
    own = next((one for one in known if one.area_id == area_id and one.profile), None)
    if own is None or not (in_part or changes or own.whole(aspect_set)):
        n = len(own.profile) if own else 0
        whole = listed([one.area for one in known if one.whole(aspect_set)]) or "none"
        part = listed([one.area for one in known if one.profile and not one.whole(aspect_set)])
        aspect_set.refuse(
            f"{f'Only {n}' if n else 'None'} of the {n_aspects} aspects of {area} "
            f"{'is' if n < 2 else 'are'} known under {_SET}.",
            f"Known in full: {whole}; in part, given with in_part=True: {part or 'none'}.",
        )
    changed = aspect_set.checked(changes, in_part=True)
    given = dict(own.profile) | {key: changed[key] for key in map(aspect_set.find, changes)}
    checked = aspect_set.checked(given, in_part)
    labelled = {aspect_set.labels[key]: word for key, word in checked.items()}
    return pd.Series(labelled, name=own.area, dtype="string")


def _aspect_set(record: Record) -> AspectSet:
    rows = aspects(_SET, record).query("level != 'overall'")
    rows = rows.sort_values("is_critical", ascending=False, kind="stable")
    framework_id = str(rows["framework_id"].iat[0]) if len(rows) else _SET
    critical = frozenset(rows.loc[rows["is_critical"].fillna(False), "aspect_id"])
    found = AspectSet(
        framework_id, dict(zip(rows["aspect_id"], rows["label"], strict=True)), critical
    )
    if not critical or rows["is_critical"].isna().any():
        found.refuse(f"Which aspects of {_SET} are critical is not known.", "See aspects.csv.")
    if tuple(scale(framework_id, record)[0]) != SCALE:
        found.refuse(f"The family is for the words {listed(SCALE)}.", "See scales.csv.")
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
            found.append(KnownArea(area, name, str(inspection), agreed[_OVERALL], known, own, part))
    return sorted(found, key=lambda area: not area.whole(aspect_set))
