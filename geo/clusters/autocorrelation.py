"""Do areas with a high rate lie beside each other: Moran's I, local Moran, Getis-Ord G*, by PySAL's esda."""

from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import numpy as np
import pandas as pd
from esda import G_Local, Moran, Moran_Local, crand, getisord, moran, significance
from libpysal.graph import Graph
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.stats import false_discovery_control

from geo.clusters.eligibility import NotEstimable
from geo.clusters.lattice import Lattice
from geo.text import Text


def eb_index(cases: ArrayLike, firms: ArrayLike) -> NDArray[np.float64]:
    r"""Empirical Bayes index: each area's rate in standard deviations, wider where firms are few.

    :math:`z_i = (p_i - b) / \sqrt{v_i}`, :math:`v_i = a + b / n_i` with :math:`p_i = k_i / n_i`, :math:`b` the rate of
    all areas together, and :math:`a = s^2 - b / \bar n` the variance between areas beyond chance (Assunção and Reis
    1999, Statistics in Medicine 18).  A negative ``a`` counts as no such variance: kept negative, it would let
    :math:`v_i` vanish in an area with very many firms, and its index grow without bound.

    Parameters
    ----------
    cases, firms : array_like of int, shape (n,)
        Firms of the industry, and all firms, of each area; at least one firm in each.

    Returns
    -------
    ndarray of float64, shape (n,)
        0 where the industry is as frequent as in all areas together; NaN where it is nowhere, or all there is.

    Examples
    --------
    >>> eb_index([1, 9, 2], [10, 10, 10]).round(2)  # b = 0.4, a = 0.087
    array([-0.84,  1.4 , -0.56])
    """
    k, n = np.asarray(cases, dtype=np.float64), np.asarray(firms, dtype=np.float64)
    b, between = _moments(k, n)
    if not 0 < b < 1:
        return np.full(len(n), np.nan)
    return (k / n - b) / np.sqrt(max(between, 0.0) + b / n)


def eb_rate(cases: ArrayLike, firms: ArrayLike) -> NDArray[np.float64]:
    """Rate of each area drawn towards the rate of all, the more the fewer its firms (Marshall 1991).

    Returns
    -------
    ndarray of float64, shape (n,)
        Shares, 0 to 1.

    Examples
    --------
    >>> eb_rate([1, 40], [2, 100]).round(2)
    array([0.4, 0.4])
    """
    k, n = np.asarray(cases, dtype=np.float64), np.asarray(firms, dtype=np.float64)
    b, between = _moments(k, n)
    weight = max(between, 0.0) / (max(between, 0.0) + b / n) if b > 0 else np.zeros(len(n))
    return b + weight * (k / n - b)


def _moments(k: NDArray[np.float64], n: NDArray[np.float64]) -> tuple[float, float]:
    """Rate of all areas, and variance between areas beyond chance."""
    total = n.sum()
    b = float(k.sum() / total)
    s2 = float((n * (k / n - b) ** 2).sum() / total)
    return b, s2 - b / float(total / len(n))


PERMUTATION_SEED: Final = 2019
FDR_ALPHA: Final = 0.05
MOST_PERMUTATIONS: Final = 49_999
SMALLEST_CLUSTER: Final = 5
"""Areas of a cluster that the permutations are enough to find after the correction for all tests."""

Method = Literal["moran", "getis_ord"]

AREA_KINDS: Final[dict[str, Text]] = {
    "hot": Text("热点：高值相邻", "Hot spot: high beside high"),
    "cold": Text("冷点：低值相邻", "Cold spot: low beside low"),
    "high_alone": Text("孤立高值：四周偏低", "High beside low"),
    "low_alone": Text("孤立低值：四周偏高", "Low beside high"),
    "none": Text("不显著", "Not significant"),
}
"""What an area may be → (Chinese, English)."""

_QUADRANTS: Final = np.array(["", "hot", "low_alone", "cold", "high_alone"])


@dataclass(frozen=True)
class Autocorrelation:
    """Moran's I of all areas together.

    Attributes
    ----------
    statistic, expected : float
        I, and what it is without any pattern, −1 / (n − 1).
    z, p : float
        Standard score and pseudo p-value (one-sided, I this large or larger) from the permutations.
    areas, permutations, seed : int
    """

    statistic: float
    expected: float
    z: float
    p: float
    areas: int
    permutations: int
    seed: int


def global_moran(
    lattice: Lattice, *, permutations: int = 999, seed: int = PERMUTATION_SEED
) -> Autocorrelation | NotEstimable:
    """Moran's I of the empirical Bayes index of the areas.

    Examples
    --------
    >>> from geo.clusters.lattice import grid
    >>> from geo.clusters.pattern import pattern_of
    >>> refusal = global_moran(grid(pattern_of(np.zeros(40), np.zeros(40), np.arange(40) < 12)))
    >>> refusal.en
    'Squares with enough firms and a neighbour: 0; a local statistic needs at least 30.'
    """
    refusal = lattice.refusal()
    if refusal:
        return refusal
    return morans_i(eb_index(lattice.table["cases"], lattice.table["firms"]), lattice.graph, permutations, seed)


def morans_i(values: ArrayLike, graph: Graph, permutations: int = 999, seed: int = PERMUTATION_SEED) -> Autocorrelation:
    """Moran's I (Moran 1950) with row-standardised weights, and its permutation test.

    Parameters
    ----------
    values : array_like, shape (n,)
        In the order of the graph's areas.
    graph : Graph
    permutations, seed : int
    """
    y = np.asarray(values, dtype=np.float64)
    found = Moran(y, graph, permutations=0)
    weights = graph.transform("r").sparse.tocsr()
    z = y - y.mean()
    shuffled = np.random.default_rng(seed).permuted(np.tile(z, (permutations, 1)), axis=1)
    simulated = ((weights @ shuffled.T).T * shuffled).sum(axis=1) * len(z) / (weights.sum() * (z @ z))
    larger = int((simulated >= found.I).sum())
    score = float((found.I - simulated.mean()) / simulated.std())
    p = (larger + 1) / (permutations + 1)
    return Autocorrelation(float(found.I), float(found.EI), score, p, len(y), permutations, seed)


def hot_spots(
    lattice: Lattice, method: Method = "getis_ord", *, permutations: int | None = None, seed: int = PERMUTATION_SEED
) -> pd.DataFrame | NotEstimable:
    """Which areas lie in a hot or cold spot of the industry's rate.

    Parameters
    ----------
    lattice : Lattice
    method : {"getis_ord", "moran"}
        G* (Getis and Ord 1992, Ord and Getis 1995) or local Moran (Anselin 1995), of the empirical Bayes index.
    permutations : int, optional
        Conditional permutations; by default enough for a cluster of `SMALLEST_CLUSTER` areas to pass the correction.
    seed : int

    Returns
    -------
    DataFrame or NotEstimable
        Index of `lattice.table`; `statistic`, `p` (two-sided pseudo p-value), `q` (after Benjamini and Hochberg 1995,
        false discovery rate) and `kind`, one of `AREA_KINDS`, ``none`` where q > 0.05.
    """
    refusal = lattice.refusal()
    if refusal:
        return refusal
    values = eb_index(lattice.table["cases"], lattice.table["firms"])
    work = getis_ord if method == "getis_ord" else local_moran
    found = work(values, lattice.graph, permutations or enough_permutations(len(values)), seed)
    q = false_discovery_control(found["p"])
    return found.assign(q=q, kind=np.where(q <= FDR_ALPHA, found["kind"], "none")).set_axis(lattice.table.index)


def local_moran(values: ArrayLike, graph: Graph, permutations: int, seed: int = PERMUTATION_SEED) -> pd.DataFrame:
    """Local Moran of each area; `statistic`, `p` (two-sided), `kind` (the quadrant, whatever p)."""
    _keep_compiled()
    found = Moran_Local(
        np.asarray(values, dtype=np.float64), graph, permutations=permutations, seed=seed, n_jobs=1,
        keep_simulations=False,
    )  # fmt: skip
    return pd.DataFrame({"statistic": found.Is, "p": _two_sided(found.p_sim), "kind": _QUADRANTS[found.q]})


def getis_ord(values: ArrayLike, graph: Graph, permutations: int, seed: int = PERMUTATION_SEED) -> pd.DataFrame:
    """G* of each area as a standard score; `statistic`, `p` (two-sided), `kind` (its sign, whatever p)."""
    _keep_compiled()
    y = np.asarray(values, dtype=np.float64)
    y = y - y.min() + 1  # G* divides by a sum; score and p-value do not change with the zero of the scale
    found = G_Local(
        y, graph, transform="B", star=True, permutations=permutations, seed=seed, n_jobs=1, keep_simulations=False
    )
    kind = np.where(found.Zs > 0, "hot", "cold")
    return pd.DataFrame({"statistic": found.Zs, "p": _two_sided(found.p_sim), "kind": kind})


def enough_permutations(areas: int) -> int:
    """Permutations after which `SMALLEST_CLUSTER` of so many areas can pass the correction at 5 %.

    Examples
    --------
    >>> enough_permutations(100), enough_permutations(5000)
    (999, 39999)
    """
    return int(np.clip(2 * areas / (FDR_ALPHA * SMALLEST_CLUSTER) - 1, 999, MOST_PERMUTATIONS))


def _two_sided(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Of esda's p-values, which take the tail that the statistic lies in."""
    return np.minimum(2 * p, 1.0)


def warm() -> None:
    """Compile what the statistics need, so that no user waits for it."""
    square = np.array([[0, 1, 1, 0], [1, 0, 0, 1], [1, 0, 0, 1], [0, 1, 1, 0]], dtype=np.float64)
    graph = Graph.from_sparse(sparse.coo_array(square))
    for work in (local_moran, getis_ord):
        work([0.0, 1.0, 2.0, 4.0], graph, 9)


@cache
def _keep_compiled() -> None:
    """Keep esda's compiled kernels on disk as our own are: the first user after a start would wait ten seconds."""
    kernels = (
        *(crand.vec_permutations, crand._prepare_univariate, significance._permutation_significance),
        *(moran._moran_local_crand, getisord._g_local_star_crand),
    )
    for kernel in kernels:
        with suppress(AttributeError, RuntimeError):
            kernel.enable_caching()
