"""Old ratings in the words of a new set of aspects, as ranges of words.

A link weighs as much as its share. Of the shares only bounds are known: admissible are all within
them that add up to 1 for each source, and the medians are the lowest and highest over all of these.
"""

from numbers import Integral
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.random import Generator, default_rng
from pandas.api.extensions import ExtensionArray

from hmcpsi_data.errors import FrameworkError, HmcpsiError, UnknownValueError, unknown_values
from hmcpsi_data.method import links
from hmcpsi_data.method.scales import ordered, require_one_framework, scale

_INSPECTION = "inspection_id"
INTERVAL = ["worst", "best", "lower_median", "upper_median"]
_COLUMNS = [
    "target_set", links.TARGET, "target", *INTERVAL, "framework_id", "n_links", "n_known",
    "relation", "confidence", "unmapped", "open", "origin", "caveat",
]  # fmt: skip
_CAVEAT = (
    "Translated by a crosswalk, which is a judgement and no finding of the inspectorate. "
    "A range of words on the scale of {}; the new scale is another one, and this is no trend."
)
_Pair = tuple[np.ndarray, np.ndarray]
_MOST_TRIED = 200_000  # draws at a time, so that memory stays bounded where few of them fit


def translate(parts: links.Parts, ratings: pd.DataFrame, by: str | None) -> pd.DataFrame:
    """Translate ratings by a valid crosswalk, as `Crosswalk.translate` describes."""
    profiles, per_target = _profiles(parts, ratings, by), _links(parts)
    low, high = (bound[:, None, None] for bound in links.admissible(parts.frame))
    undecided = parts.frame.loc[parts.frame["status"].eq("undetermined"), links.TARGET].dropna()
    doubtful = parts.targets["aspect_id"].isin(undecided).to_numpy(dtype=bool)
    shape = len(profiles.n_inspections), len(per_target)
    interval = np.full((len(INTERVAL), *shape), -1, "int8")
    n_known, is_open = np.zeros(shape, "int64"), np.zeros(shape, bool)
    for n, (rows, sources) in enumerate(per_target):
        counts = profiles.counts[sources]
        given, rated = counts.any(axis=0), counts.sum(axis=1)
        medians = _median_bounds(counts, low[rows], high[rows])
        interval[:, :, n] = _first(given), _last(given), *medians
        n_known[:, n] = (rated > 0).sum(axis=0)
        is_open[:, n] = (rated < profiles.n_inspections).any(axis=0) | doubtful[n]
    group, target = (axis.ravel() for axis in np.indices(shape))
    found = _about(parts, per_target, profiles.framework_id).take(target).reset_index(drop=True)
    ids = {name: ids.take(group) for name, ids in profiles.names.items()}
    words = (_words(places.ravel(), profiles) for places in interval)
    found = found.assign(
        **ids,
        **dict(zip(INTERVAL, words, strict=True)),
        n_known=pd.array(n_known.ravel(), dtype="Int64"),
        open=pd.array(is_open.ravel(), dtype="boolean"),
    )
    return found[[*ids, *_COLUMNS]]


def sensitivity(parts: links.Parts, ratings: pd.DataFrame, draws: int, seed: int) -> pd.DataFrame:
    """Draw shares for a valid crosswalk, as `Crosswalk.sensitivity` describes."""
    for name, number, least in (("draws", draws, 1), ("seed", seed, 0)):
        if not isinstance(number, Integral) or isinstance(number, bool) or number < least:
            raise HmcpsiError(f"{name} is {number!r}: give a whole number from {least} up.")
    profiles = _profiles(parts, ratings, None)
    for column in (name for name in (_INSPECTION, "area_id") if name in ratings):
        if (several := ratings[column].nunique(dropna=False)) > 1:
            fault = f"These are ratings of {several} inspections or Areas."
            raise HmcpsiError(fault, "Pass those of one inspection at a time.")
    shares = _drawn_shares(parts.frame, draws, default_rng(seed))
    often = np.zeros((2, len(parts.targets), len(profiles.labels)), "int64")
    for target, (rows, sources) in enumerate(_links(parts)):
        drawn = shares[rows, None]
        medians = _median_bounds(profiles.counts[sources], drawn, drawn)
        for n, places in enumerate(medians):
            often[n, target] = np.bincount(places[places >= 0], minlength=often.shape[2])
    target, label = (axis.ravel() for axis in np.indices(often.shape[1:]))
    named = parts.targets[["aspect_id", "label"]].set_axis([links.TARGET, "target"], axis=1)
    numbers = pd.DataFrame({"lower_median": often[0].ravel(), "upper_median": often[1].ravel()})
    found = named.iloc[target].reset_index(drop=True).assign(label=_words(label, profiles))
    return found.join(numbers.assign(draws=int(draws)).astype("Int64"))


class _Profiles(NamedTuple):
    """How often each source has each word, in each group that gets a result of its own."""

    framework_id: Any  # NA where nothing says it
    labels: list[str]
    counts: np.ndarray  # sources by labels by groups
    n_inspections: np.ndarray  # of each group
    names: dict[str, ExtensionArray]  # the column that tells the groups apart, if there is one


def _profiles(parts: links.Parts, ratings: pd.DataFrame, by: str | None) -> _Profiles:
    words = ordered(ratings, parts.record)
    require_one_framework(ratings, needed="aspect_id")
    framework_id = _framework(parts, ratings)
    inspection, group_of, n_inspections, names = _groups(ratings, by)
    ids, aspects = parts.sources["aspect_id"], ratings["aspect_id"].astype("string")
    source, place = pd.Index(ids).get_indexer(aspects), words.cat.codes.to_numpy()
    strange = aspects[source < 0].dropna()  # aspects of other sets take no part
    for known in (parts.aspects, parts.record.table("aspects")):
        strange = strange[~strange.isin(known["aspect_id"])]
    if len(strange):
        listing = f'aspects("{links.set_pair(parts.frame)[0]}")'
        raise unknown_values("aspect_id", strange, ids, listing)
    rated = pd.DataFrame({"source": source, "inspection": inspection, "place": place})
    rated = rated[(source >= 0) & (place >= 0)].drop_duplicates()
    for twice in rated.loc[rated.duplicated(["source", "inspection"]), "source"]:
        problem = f"{ids[twice]} has two different ratings in one inspection."
        remedy = "Keep one of them; several inspections are told apart by the column inspection_id."
        raise FrameworkError([framework_id], problem, remedy)
    labels = list(words.cat.categories) if len(ratings) else scale(framework_id, parts.record)[0]
    counts = np.zeros((len(ids), len(labels), len(n_inspections)), "int64")
    np.add.at(counts, (rated["source"], rated["place"], group_of[rated["inspection"]]), 1)
    return _Profiles(framework_id, labels, counts, n_inspections, names)


def _framework(parts: links.Parts, ratings: pd.DataFrame) -> Any:
    """The framework of the ratings, which must be that of the source set, where it is known."""
    source_set, sets = links.set_pair(parts.frame)[0], parts.record.table("aspect_sets")
    expected = sets.loc[sets["set_id"].isin([source_set]), "framework_id"].tolist()
    given = ratings["framework_id"].iloc[:1].tolist() or expected or [pd.NA]
    if expected and given != expected:
        problem = f"The ratings are of {given[0]}, the crosswalk starts from {source_set}."
        way = "or call compare(source, target, area) to see two frameworks side by side."
        remedy = f"Pass ratings(framework={expected[0]!r}), {way}"
        raise FrameworkError([given[0], expected[0]], problem, remedy)
    return given[0]


def _groups(
    ratings: pd.DataFrame, by: str | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, dict[str, ExtensionArray]]:
    """The inspection of each rating, the group of each inspection, how many, and their names."""
    if not isinstance(by, str | None) or by not in [None, _INSPECTION, *ratings]:
        raise UnknownValueError("by", by, map(str, ratings.columns), "list(ratings)")
    if by in _COLUMNS:
        raise HmcpsiError(f'by "{by}" is a column of the result: rename that of the ratings first.')
    group, ids, names = np.zeros(len(ratings), dtype=int), pd.Index([0]), {}
    if by is not None and by in ratings:
        group, ids = pd.factorize(ratings[by], use_na_sentinel=False)
        names = {by: pd.Series(ids).array}
    inspection, n = group, len(ids)
    if _INSPECTION in ratings and by != _INSPECTION:
        inspection, inspections = pd.factorize(ratings[_INSPECTION], use_na_sentinel=False)
        n = len(inspections)
    pair, pairs = pd.factorize(group * n + inspection)
    group_of = pairs // max(n, 1)
    # where there is no rating at all, one inspection is not known
    return pair, group_of, np.bincount(group_of, minlength=len(ids)).clip(1), names


def _links(parts: links.Parts) -> list[tuple[np.ndarray, np.ndarray]]:
    """The links of each target that take part: rows of the crosswalk, places of the sources."""
    can_weigh = parts.frame["share_high"].fillna(1).gt(0)
    linked = parts.frame[parts.frame["status"].eq("mapped") & can_weigh]
    source = pd.Index(parts.sources["aspect_id"]).get_indexer(linked[links.SOURCE])
    target = pd.Index(parts.targets["aspect_id"]).get_indexer(linked[links.TARGET])
    rows, of_targets = linked.index.to_numpy(), range(len(parts.targets))
    return [(rows[target == n], source[target == n]) for n in of_targets]


def _about(parts: links.Parts, per_target: list[_Pair], framework_id: Any) -> pd.DataFrame:
    """What stands beside the interval of each target, whatever the ratings."""
    joined, rows = links.SEPARATOR.join, [parts.frame.iloc[rows] for rows, _ in per_target]
    linked = parts.frame.loc[parts.frame["status"].eq("mapped"), links.SOURCE]
    lost = parts.sources.loc[~parts.sources["aspect_id"].isin(linked), "label"]
    frameworks = parts.record.table("frameworks").set_index("framework_id")["short_title"]
    about = pd.DataFrame(
        {
            links.TARGET: parts.targets["aspect_id"],
            "target": parts.targets["label"],
            "target_set": links.set_pair(parts.frame)[1],
            "framework_id": framework_id,
            "relation": [joined(of_target["relation"].unique()) or None for of_target in rows],
            "confidence": [links.lowest(of_target["confidence"]) for of_target in rows],
            "unmapped": joined(lost) or None,
            "origin": "translated",
            "caveat": _CAVEAT.format(frameworks.get(framework_id, framework_id)),
        },
        dtype="string",
    )
    return about.assign(n_links=pd.array([len(of_target) for of_target in rows], dtype="Int64"))


def _words(places: np.ndarray, profiles: _Profiles) -> Any:
    dtype = pd.CategoricalDtype(profiles.labels, ordered=True)
    return pd.Categorical.from_codes(places, dtype=dtype)


def _median_bounds(counts: np.ndarray, low: np.ndarray, high: np.ndarray) -> _Pair:
    """The lowest lower and highest upper median, from counts of links by labels by groups."""
    lower = _reachable(counts, low, high)
    return _first(lower), _last(_reachable(counts[:, ::-1], low, high)[::-1])


def _reachable(counts: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Whether some admissible weights put at least half of all on a label and those before it.

    They do exactly where the upper bounds of what is there outweigh the lower ones of the rest.
    """
    known = counts.sum(axis=1, keepdims=True)
    margin = 2 * counts.cumsum(axis=1) - known
    weight = np.where(margin >= 0, high, low)
    enough = (weight * margin).sum(axis=0) >= -links.TOLERANCE
    return enough & ((weight * known).sum(axis=0) > links.TOLERANCE)


def _first(found: np.ndarray) -> np.ndarray:
    """The first label that is found for each group, -1 where none is."""
    first = found.argmax(axis=0) if len(found) else 0
    return np.where(found.any(axis=0), first, -1).astype("int8")


def _last(found: np.ndarray) -> np.ndarray:
    from_above = _first(found[::-1])
    return np.where(from_above < 0, from_above, len(found) - 1 - from_above)


def _drawn_shares(frame: pd.DataFrame, draws: int, random: Generator) -> np.ndarray:
    """Uniform draws of the shares of every row; 0 where a row has no source."""
    low, high = links.admissible(frame)
    shares = np.zeros((len(frame), draws))
    source, names = pd.factorize(frame[links.SOURCE])
    for rows in (np.flatnonzero(source == n) for n in range(len(names))):
        width = (high[rows] - low[rows])[:, None]
        above_low, below_high = 1 - low[rows].sum(), high[rows].sum() - 1
        if below_high < above_low:  # then what is missing to the upper bounds is drawn
            shares[rows] = high[rows, None] - _drawn_parts(width, below_high, draws, random)
        else:
            shares[rows] = low[rows, None] + _drawn_parts(width, above_low, draws, random)
    return shares


def _drawn_parts(width: np.ndarray, size: float, draws: int, random: Generator) -> np.ndarray:
    """Parts of 0 to `width` that add up to `size`, at most half of what they could."""
    # narrow ones are drawn alone, the wide share out what is left, and a misfit is drawn again
    kept, tried = np.zeros((len(width), draws if size <= links.TOLERANCE else 0)), draws
    wide = width[:, 0] >= size / len(width)
    while (missing := draws - kept.shape[1]) > 0:
        parts = np.empty((len(width), tried))
        parts[~wide] = random.random(((~wide).sum(), tried)) * width[~wide]
        left = size - parts[~wide].sum(axis=0)
        spread = random.standard_exponential((wide.sum(), tried))
        parts[wide] = spread * (left / spread.sum(axis=0))
        fits = (parts <= width).all(axis=0)
        if not wide.all():  # the wide ones have a simplex to share out, of this volume
            fits &= random.random(tried) < (left / size) ** (wide.sum() - 1)
        kept = np.concatenate([kept, parts[:, fits]], axis=1)
        tried = min(_MOST_TRIED, 16 + int(1.2 * (missing - fits.sum()) * tried / (fits.sum() + 1)))
    return kept[:, :draws]
