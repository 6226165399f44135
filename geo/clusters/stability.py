"""Are the same clusters found at other scales, on a shifted grid and with another seed: a score for each."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from geo.clusters.autocorrelation import Method, hot_spots
from geo.clusters.eligibility import NotEstimable
from geo.clusters.lattice import Lattice, Regions, gather_regions, grid
from geo.clusters.pattern import Pattern

STABLE: Final = 0.75
DOUBTFUL_STABILITY: Final = 0.5
"""Hennig (2007): clusters above 0.75 are stable, those below 0.5 dissolve."""

ProgressCallback = Callable[[int, int], None]


def best_overlap(labels: NDArray[np.int64], other: NDArray[np.int64], clusters: int) -> NDArray[np.float64]:
    """Jaccard overlap of each cluster with the one of another clustering that is most like it.

    Parameters
    ----------
    labels, other : ndarray of int64, shape (n,)
        Cluster of each firm, from 1; 0 for none.
    clusters : int
        Number of clusters in `labels`.

    Returns
    -------
    ndarray of float64, shape (clusters,)
        0 to 1; 0 where no cluster of the other holds any of its firms.

    Examples
    --------
    >>> best_overlap(np.array([1, 1, 1, 2, 0]), np.array([5, 5, 0, 0, 5]), 2).tolist()
    [0.5, 0.0]
    """
    size = np.bincount(labels, minlength=clusters + 1)
    other_size = np.bincount(other)
    both = (labels > 0) & (other > 0)
    pairs, count = np.unique(np.stack([labels[both], other[both]]), axis=1, return_counts=True)
    overlap = np.zeros(clusters + 1)
    union = size[pairs[0]] + other_size[pairs[1]] - count
    np.maximum.at(overlap, pairs[0], count / union)
    return overlap[1:]


def mean_overlap(labels: NDArray[np.int64], others: Sequence[NDArray[np.int64]], clusters: int) -> NDArray[np.float64]:
    """Mean of `best_overlap` over several other clusterings; NaN when there is none to compare with."""
    if not others:
        return np.full(clusters, np.nan)
    return np.mean([best_overlap(labels, other, clusters) for other in others], axis=0)


def region_stability(
    regions: Regions,
    lattice: Lattice,
    others: Sequence[Lattice],
    method: Method,
    *,
    seed: int,
    progress: ProgressCallback | None = None,
) -> NDArray[np.float64]:
    """Stability of each region: mean overlap, by the cases in them, with the regions of other lattices.

    Parameters
    ----------
    regions, lattice
        What is judged.
    others : sequence of Lattice
        Other cuts of the same firms: same `rows` in the same order.  One that cannot be tested is left out.
    method : {"getis_ord", "moran"}
    seed : int
        That of the regions; the others are tested with seeds of their own.
    progress : callable, optional
        Called with lattices done and lattices in all.

    Returns
    -------
    ndarray of float64, shape (regions,)
        0 to 1.
    """
    found = []
    for number, other in enumerate([lattice, *others], start=1):
        spots = hot_spots(other, method, seed=seed + number)
        if not isinstance(spots, NotEstimable):
            found.append(gather_regions(other, spots).of_row[other.case])
        if progress:
            progress(number, len(others) + 1)
    return mean_overlap(regions.of_row[lattice.case], found, len(regions.table))


def other_grids(pattern: Pattern, size_m: float) -> list[Lattice]:
    """The same firms in squares of 0.7 and 1.4 times the side, and on a grid moved by half a square."""
    return [grid(pattern, size_m / 2**0.5), grid(pattern, size_m * 2**0.5), grid(pattern, size_m, shift=0.5)]
