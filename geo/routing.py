"""The order in which to visit places: nearest neighbour from many starts, then 2-opt.

By straight lines in EPSG:32651 [m], or by a matrix of costs that the caller has, such as driving times; the order is a
proposal.
"""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.crs import METRIC_CRS, points

_GAIN_M: Final = 1e-6
"""A change that saves less is none: it keeps rounding errors from going round in circles."""

_STARTS: Final = 60
"""Places from which the nearest neighbour is tried; of more, so many spread over the list."""


def visit_order(lon: ArrayLike, lat: ArrayLike, costs: NDArray[np.float64] | None = None) -> NDArray[np.int64]:
    """Give an order in which to visit places, each once, without returning.

    Parameters
    ----------
    lon, lat : array_like, shape (n,)
        WGS-84 [degrees]; none missing.
    costs : ndarray of float, shape (n, n), optional
        Cost from the place of the row to that of the column, finite, not necessarily the same both ways; straight
        distances when not given.

    Returns
    -------
    ndarray of int, shape (n,)
        Positions in the order of the visit.  The way is never longer than in the order given, and no two of its legs
        can be exchanged with gain (2-opt, Croes 1958).

    Examples
    --------
    >>> visit_order([121.0, 121.3, 121.1, 121.2], [31.0, 31.0, 31.0, 31.0]).tolist()
    [0, 2, 3, 1]
    """
    distances = _distances(lon, lat) if costs is None else costs
    count = len(distances)
    given = np.arange(count)
    if count < (3 if costs is None else 2):
        return given
    starts = np.unique(np.linspace(0, count - 1, min(count, _STARTS)).astype(int))
    ways = [_nearest_neighbour(distances, int(start)) for start in starts]
    best = min((given, *ways), key=lambda order: _length(distances, order))
    return _two_opt(distances, best)


def legs(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.float64]:
    """Straight distance [m] from each place to the next; shape (n − 1,).

    Examples
    --------
    >>> legs([121.0, 121.0], [31.0, 31.01]).round(-1).tolist()
    [1110.0]
    """
    x, y = _metres(lon, lat)
    return np.hypot(np.diff(x), np.diff(y))


def _metres(lon: ArrayLike, lat: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    metric = points(lon, lat).to_crs(METRIC_CRS)
    return metric.x.to_numpy(), metric.y.to_numpy()


def _distances(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.float64]:
    x, y = _metres(lon, lat)
    return np.hypot(x[:, None] - x, y[:, None] - y)


def _length(distances: NDArray[np.float64], order: NDArray[np.int64]) -> float:
    return float(distances[order[:-1], order[1:]].sum())


def _nearest_neighbour(distances: NDArray[np.float64], start: int) -> NDArray[np.int64]:
    left = np.ones(len(distances), dtype=bool)
    order = [start]
    left[start] = False
    while left.any():
        order.append(int(np.where(left, distances[order[-1]], np.inf).argmin()))
        left[order[-1]] = False
    return np.array(order)


def _two_opt(distances: NDArray[np.float64], order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Turn round the stretch that saves most, as long as one saves anything; the ends of the way are free."""
    count = len(order)
    first, last = np.triu_indices(count, k=1)
    while True:
        way = distances[np.ix_(order, order)]
        step = np.r_[0.0, np.diagonal(way, 1), 0.0]  # step[i] leads to place i, none to the first and from the last
        before = np.where(first > 0, way[first - 1, last], 0.0)
        after = np.where(last < count - 1, way[first, (last + 1) % count], 0.0)
        # What is turned round costs the other way: the same on straight lines, not on one-way streets.
        there, back = (np.r_[0.0, np.cumsum(np.diagonal(way, offset))] for offset in (1, -1))
        within = (there[last] - there[first]) - (back[last] - back[first])
        gain = step[first] + step[last + 1] + within - before - after
        best = int(gain.argmax())
        if gain[best] <= _GAIN_M:
            return order
        i, j = first[best], last[best]
        order = np.r_[order[:i], order[i : j + 1][::-1], order[j + 1 :]]
