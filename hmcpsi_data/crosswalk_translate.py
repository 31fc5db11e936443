"""Old ratings in the words of a new set of aspects, as ranges of labels.

A translated rating is an interval of words of the source's scale. `worst` and `best` are the range
of the known source ratings over the links of a target whose `share_high` is not 0; `lower_median`
and `upper_median` the lowest and the highest weighted median over all admissible shares
(`hmcpsi_data.crosswalk_maths`). A rating that is not known is left out, and the row is then open:
the full range of the scale remains possible.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from hmcpsi_data.crosswalk_maths import draw_shares, extremes, median_bounds, medians
from hmcpsi_data.crosswalk_profiles import Profiles, profiles
from hmcpsi_data.crosswalk_table import (
    MAPPED,
    SEPARATOR,
    SOURCE,
    TARGET,
    UNDETERMINED,
    Parts,
    bounds,
    lowest,
    set_pair,
)
from hmcpsi_data.tables import load

__all__ = ["sensitivity", "translate"]

_INTERVAL = ["worst", "best", "lower_median", "upper_median"]
_CAVEAT = (
    "Translated by a crosswalk, which is a judgement and no finding of the inspectorate. "
    "A range of words on the scale of {}; the new scale is another one, and this is no trend."
)


class _Links(NamedTuple):
    """The links of one target that take part: rows of the crosswalk, columns of the profiles."""

    rows: np.ndarray
    sources: np.ndarray


def translate(parts: Parts, ratings: pd.DataFrame, by: str | None) -> pd.DataFrame:
    """Translate ratings by a valid crosswalk, as `Crosswalk.translate` describes."""
    found, links = profiles(parts, ratings, by), _links(parts)
    columns = _measured(parts, found, links)
    group, target = (axis.ravel() for axis in np.indices((found.n_groups, len(links))))
    columns |= {name: ids.take(group) for name, ids in found.names.items()}
    columns |= {name: values.take(target) for name, values in _about(parts, links).items()}
    for name, value in _constants(parts, found.framework_id).items():
        columns[name] = pd.array([value], dtype="string").take(np.zeros_like(target))
    order = [
        *found.names, "target_set", TARGET, "target", *_INTERVAL, "framework_id", "n_links",
        "n_known", "relation", "confidence", "unmapped", "open", "origin", "caveat",
    ]  # fmt: skip
    return pd.DataFrame({name: columns[name] for name in order}, copy=False)


def sensitivity(
    parts: Parts, ratings: pd.DataFrame, draws: int, seed: int, by: str | None
) -> pd.DataFrame:
    """Draw shares for a valid crosswalk, as `Crosswalk.sensitivity` describes."""
    found = profiles(parts, ratings, by)
    shape = (found.n_groups, len(parts.targets), len(found.labels))
    often = {name: np.zeros(shape, "int64") for name in ("lower_median", "upper_median")}
    shares = _drawn(parts.frame, draws, np.random.default_rng(seed))
    for target, (rows, sources) in enumerate(_links(parts)):
        for groups, counts, _ in found.blocks(sources):
            for group in range(groups.start, groups.stop):
                of_group = counts[:, :, group - groups.start]
                for name, places in zip(often, medians(of_group, shares[rows]), strict=True):
                    tally = np.bincount(places[places >= 0], minlength=shape[2])
                    often[name][group, target] = tally
    group, target, label = (axis.ravel() for axis in np.indices(shape))
    return pd.DataFrame(
        {
            **{name: ids.take(group) for name, ids in found.names.items()},
            TARGET: parts.targets["aspect_id"].array.take(target),
            "target": parts.targets["label"].array.take(target),
            "label": _words(label, found.labels),
            **{name: pd.array(n.ravel(), dtype="Int64") for name, n in often.items()},
            "draws": pd.array(np.full(len(label), draws), dtype="Int64"),
        }
    )


def _measured(parts: Parts, found: Profiles, links: list[_Links]) -> dict[str, ExtensionArray]:
    """What depends on the ratings, group by group and target by target."""
    shape = (found.n_groups, len(links))
    interval = {name: np.full(shape, -1, "int8") for name in _INTERVAL}
    n_known, is_open = np.zeros(shape, "int64"), np.zeros(shape, bool)
    (low, high), undecided = bounds(parts.frame), _undecided(parts)
    for target, (rows, sources) in enumerate(links):
        for groups, counts, n_inspections in found.blocks(sources):
            at = groups, target
            ends = *extremes(counts), *median_bounds(counts, low[rows], high[rows])
            for name, places in zip(_INTERVAL, ends, strict=True):
                interval[name][at] = places
            rated = counts.sum(axis=1)
            n_known[at] = (rated > 0).sum(axis=0)
            is_open[at] = (rated < n_inspections).any(axis=0) | undecided[target]
    return {
        **{name: _words(places.ravel(), found.labels) for name, places in interval.items()},
        "n_known": pd.array(n_known.ravel(), dtype="Int64"),
        "open": pd.array(is_open.ravel(), dtype="boolean"),
    }


def _links(parts: Parts) -> list[_Links]:
    """For each target the mapped rows whose upper bound is not 0."""
    frame = parts.frame
    taking_part = frame["status"].eq(MAPPED) & frame["share_high"].fillna(1).gt(0)
    rows = np.flatnonzero(taking_part)
    source = pd.Index(parts.sources["aspect_id"]).get_indexer(frame[SOURCE].iloc[rows])
    target = frame[TARGET].iloc[rows].to_numpy()
    found = [target == aspect for aspect in parts.targets["aspect_id"]]
    return [_Links(rows[of_target], source[of_target]) for of_target in found]


def _undecided(parts: Parts) -> np.ndarray:
    """Whether it is undetermined if a target has a link, or one more."""
    frame = parts.frame
    undecided = frame.loc[frame["status"].eq(UNDETERMINED), TARGET]
    return parts.targets["aspect_id"].isin(undecided.dropna()).to_numpy(dtype=bool)


def _about(parts: Parts, links: list[_Links]) -> dict[str, ExtensionArray]:
    """What is said of each target, whatever the ratings."""
    relation, confidence = parts.frame["relation"].array, parts.frame["confidence"].array
    relations = [dict.fromkeys(relation[rows]) for rows, _ in links]
    confidences = [lowest(confidence[rows]) for rows, _ in links]
    return {
        TARGET: parts.targets["aspect_id"].array,
        "target": parts.targets["label"].array,
        "n_links": pd.array([len(rows) for rows, _ in links], dtype="Int64"),
        "relation": pd.array([SEPARATOR.join(r) or None for r in relations], dtype="string"),
        "confidence": pd.array(confidences, dtype="string"),
    }


def _constants(parts: Parts, framework_id: str) -> dict[str, str | None]:
    """What is said of all rows alike."""
    frame, sources = parts.frame, parts.sources
    linked = frame.loc[frame["status"].eq(MAPPED), SOURCE]
    lost = sources.loc[~sources["aspect_id"].isin(linked), "label"]
    frameworks = load("frameworks", parts.folder)
    names = frameworks.loc[frameworks["framework_id"].eq(framework_id), "short_title"]
    return {
        "target_set": set_pair(frame)[1],
        "framework_id": framework_id,
        "unmapped": SEPARATOR.join(lost) or None,
        "origin": "translated",
        "caveat": _CAVEAT.format(names.iat[0] if len(names) else framework_id),
    }


def _words(places: np.ndarray, labels: list[str]) -> pd.Categorical:
    return pd.Categorical.from_codes(places, dtype=pd.CategoricalDtype(labels, ordered=True))


def _drawn(frame: pd.DataFrame, draws: int, random: np.random.Generator) -> np.ndarray:
    """Uniform draws of the shares of every row; 0 where a row has no source."""
    low, high = bounds(frame)
    source, found = pd.factorize(frame[SOURCE])
    shares = np.zeros((len(frame), draws))
    for rows in (np.flatnonzero(source == n) for n in range(len(found))):
        shares[rows] = draw_shares(low[rows], high[rows], draws, random)
    return shares
