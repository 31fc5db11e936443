"""The arithmetic of shares. Ratings take part in it by their order alone.

Shares
    The shares of one source say which part of it goes to each of its targets, to its remainder and
    to what is undetermined. Only bounds are known. Admissible are all shares within their bounds
    that add up to 1; those of different sources are independent of each other.

Weighted medians
    The ratings that come together in a target weigh as much as the share of their link. The lower
    weighted median is the worst rating at which, or below which, at least half of the weight lies;
    the upper one is the best rating at which, or above which, at least half lies. They differ only
    where the weight splits into two equal halves. Where all weights are 0 there is no median.

Bounds of the medians
    Links into one target come from different sources, so their shares vary independently, each
    between its tightest bounds (`hmcpsi_data.crosswalk_table.bounds`). That a rating r is a lower
    median, or that one below r is, says: the weight at or below r is no less than the weight above
    it. Some admissible shares make this true exactly where the upper bounds of the links at or
    below r outweigh the lower bounds of those above. The worst r for which this holds is the lowest
    lower median over all admissible shares. The same, looked at from above, gives the highest upper
    median. Both are exact. Where a source has several ratings (of several inspections taken
    together), a link counts each of them with the same share, and takes its upper bound where more
    of them are at or below r than above, else its lower one.

Uniform draws
    `draw_shares` draws from the uniform distribution on the admissible shares of one source, by
    rejection. Where the shares would rather be close to their upper bounds it draws what is missing
    to them; narrow intervals are drawn as they are, and the rest is shared out evenly at random.
"""

from __future__ import annotations

import numpy as np

__all__ = ["draw_shares", "extremes", "median_bounds", "medians"]

_TOLERANCE = 1e-9
_MOST_TRIED = 200_000  # draws at a time, so that memory stays bounded where few of them fit


def extremes(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The worst and the best rating of each group.

    Parameters
    ----------
    counts : numpy.ndarray
        How often each link has each rating, as an array of links by labels by groups, the worst
        label first.

    Returns
    -------
    worst, best : numpy.ndarray
        The place of a label for each group, -1 where it has no rating.

    Examples
    --------
    >>> extremes(np.array([[[0, 0], [1, 0], [0, 0]], [[0, 0], [0, 0], [1, 0]]]))
    (array([ 1, -1], dtype=int8), array([ 2, -1], dtype=int8))
    """
    given = counts.any(axis=0)
    return _first(given), _last(given)


def median_bounds(
    counts: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The lowest lower and the highest upper median that admissible shares allow.

    Parameters
    ----------
    counts : numpy.ndarray
        As for `extremes`.
    low, high : numpy.ndarray
        The tightest bounds of the share of each link.

    Returns
    -------
    lower, upper : numpy.ndarray
        As for `extremes`; -1 also where every weight is 0.

    Examples
    --------
    One link with the worst rating and a share of 0.2 to 0.6, one with the best and all of its
    source: the worst is never a median.

    >>> counts = np.array([[[1], [0], [0]], [[0], [0], [1]]])
    >>> median_bounds(counts, np.array([0.2, 1.0]), np.array([0.6, 1.0]))
    (array([2], dtype=int8), array([2], dtype=int8))
    >>> median_bounds(counts, np.array([0.0, 0.5]), np.array([0.6, 1.0]))
    (array([0], dtype=int8), array([2], dtype=int8))
    """
    known = counts.sum(axis=1, keepdims=True)
    at_or_below = counts.cumsum(axis=1)
    at_or_above = known - at_or_below + counts
    lower = _reachable(2 * at_or_below - known, known, low, high)
    upper = _reachable(2 * at_or_above - known, known, low, high)
    return _first(lower), _last(upper)


def medians(counts: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The lower and the upper weighted median for each draw of weights.

    Parameters
    ----------
    counts : numpy.ndarray
        How often each link has each rating: links by labels.
    weights : numpy.ndarray
        Links by draws.

    Examples
    --------
    >>> medians(np.array([[1, 0, 0], [0, 0, 1]]), np.array([[0.5, 0.2, 0.0], [0.5, 0.6, 0.0]]))
    (array([ 0,  2, -1]), array([ 2,  2, -1]))
    """
    weight = counts.T @ weights
    at_or_below = weight.cumsum(axis=0)
    total = weight.sum(axis=0)
    at_or_above = total - at_or_below + weight
    half = total / 2 - _TOLERANCE
    lower = (at_or_below < half).sum(axis=0)
    upper = len(weight) - 1 - (at_or_above < half).sum(axis=0)
    some = total > _TOLERANCE
    return np.where(some, lower, -1), np.where(some, upper, -1)


def draw_shares(
    low: np.ndarray, high: np.ndarray, draws: int, random: np.random.Generator
) -> np.ndarray:
    """Shares of one source, drawn uniformly from all admissible ones.

    Parameters
    ----------
    low, high : numpy.ndarray
        The tightest bounds of its shares, remainder and undetermined parts included.
    draws : int
        How many to draw.
    random : numpy.random.Generator
        The source of randomness.

    Returns
    -------
    numpy.ndarray
        Shares by draws; every draw lies within the bounds and adds up to 1.

    Examples
    --------
    >>> drawn = draw_shares(np.zeros(3), np.array([1, 0.5, 0.1]), 1000, np.random.default_rng(0))
    >>> drawn.shape, bool(np.allclose(drawn.sum(axis=0), 1)), bool((drawn[2] <= 0.1).all())
    ((3, 1000), True, True)
    """
    width = (high - low)[:, None]
    above_low, below_high = 1 - low.sum(), high.sum() - 1
    if below_high < above_low:
        return high[:, None] - _draw_parts(width, below_high, draws, random)
    return low[:, None] + _draw_parts(width, above_low, draws, random)


def _draw_parts(
    width: np.ndarray, size: float, draws: int, random: np.random.Generator
) -> np.ndarray:
    """Parts of 0 to `width` that add up to `size`, which is at most half of what they could."""
    if size <= _TOLERANCE:
        return np.zeros((len(width), draws))
    narrow = width[:, 0] < size / len(width)
    wide = ~narrow
    kept, missing, tried = [], draws, draws
    while missing > 0:
        parts = np.empty((len(width), tried))
        parts[narrow] = random.random((narrow.sum(), tried)) * width[narrow]
        left = size - parts[narrow].sum(axis=0)
        spread = random.standard_exponential((wide.sum(), tried))
        parts[wide] = spread * (left / spread.sum(axis=0))
        fits = (parts[wide] <= width[wide]).all(axis=0)
        if narrow.any():  # the wide ones have a simplex to share out, of this volume
            fits &= random.random(tried) < (left / size) ** (wide.sum() - 1)
        kept.append(parts[:, fits])
        missing -= fits.sum()
        tried = min(_MOST_TRIED, 16 + int(1.2 * missing * tried / (fits.sum() + 1)))
    return np.concatenate(kept, axis=1)[:, :draws]


def _reachable(
    margin: np.ndarray, known: np.ndarray, low: np.ndarray, high: np.ndarray
) -> np.ndarray:
    """Whether some admissible weights make the weighted sum of the margins at least 0.

    The best that can be done is the upper bound where the margin helps and the lower one where it
    does not; if all these weights are 0, every other choice only adds to what does not help.
    """
    weight = np.where(margin >= 0, high[:, None, None], low[:, None, None])
    enough = (weight * margin).sum(axis=0) >= -_TOLERANCE
    return enough & ((weight * known).sum(axis=0) > _TOLERANCE)


def _first(found: np.ndarray) -> np.ndarray:
    """The first label that is found for each group, -1 where none is."""
    first = found.argmax(axis=0) if len(found) else 0
    return np.where(found.any(axis=0), first, -1).astype("int8")


def _last(found: np.ndarray) -> np.ndarray:
    """The last label that is found for each group, -1 where none is."""
    first_from_above = _first(found[::-1])
    return np.where(first_from_above < 0, first_from_above, len(found) - 1 - first_from_above)
