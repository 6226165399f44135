"""Dense groups of an industry's firms by HDBSCAN, outlined, and tested against the whole distribution."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree
from scipy.special import xlogy
from scipy.stats import beta
from sklearn.cluster import HDBSCAN

from geo.clusters.autocorrelation import FDR_ALPHA, PERMUTATION_SEED
from geo.clusters.eligibility import NotEstimable, refuse_counts
from geo.clusters.pattern import Pattern
from geo.clusters.stability import mean_overlap
from geo.crs import METRIC_CRS, STORAGE_CRS
from geo.indicators.measures import POWER

MOST_FIRMS: Final = 20_000
"""Firms that are looked at; of more, a random sample, cases and others alike."""

LEAST_MEMBERS: Final = 5
OUTLINE_SIMULATIONS: Final = 99
MARGIN_M: Final = 150.0
"""Room around the members of an outline [m]."""

_HULL_RATIO: Final = 0.3
_SHARE: Final = 0.02
_KEPT: Final = 0.8
_STRAGGLER: Final = 3.0

ProgressCallback = Callable[[int, int], None]


@dataclass(frozen=True)
class Outlines:
    """Outlined groups of an industry's firms.

    Attributes
    ----------
    table : GeoDataFrame, EPSG:4326
        Index `cluster`, from 1, the strongest first; `members` (cases in the group), `firms` and `cases` (within the
        outline), `expected`, `ratio`, `llr` (Kulldorff's log likelihood ratio), `p` (of an outline as strong as this
        anywhere under random labels), `stability`, `geometry` (concave hull with a margin of 150 m).
    label : ndarray of int64
        Group of each firm of `pattern`, 0 for none and for firms of other industries.
    pattern : Pattern
        The firms that were looked at.
    typical_firms : int
        Median of the firms within an outline.
    detectable : float
        How many times its average an industry's share of so many firms has to be, to be beyond the strongest outlines
        of 95 of 100 random deals in `POWER` of the tries; NaN where no share would.
    least_members, simulations, seed : int
    """

    table: gpd.GeoDataFrame
    label: NDArray[np.int64]
    pattern: Pattern
    typical_firms: int
    detectable: float
    least_members: int
    simulations: int
    seed: int


def outline(
    pattern: Pattern,
    *,
    simulations: int = OUTLINE_SIMULATIONS,
    seed: int = PERMUTATION_SEED,
    progress: ProgressCallback | None = None,
) -> Outlines | NotEstimable:
    """Outline the dense groups of the cases; tell which are denser than the whole distribution explains.

    Groups are found among the cases alone, so they are also where firms of any kind are many.  Each outline is
    therefore held against all firms within it, and its p-value against the strongest outline that the same search
    finds when the label "of this industry" is dealt out at random: the search itself is part of the test.

    Parameters
    ----------
    pattern : Pattern
    simulations : int
        Random deals; 99 let a p-value go down to 0.01.
    seed : int
    progress : callable, optional
        Called with deals done and deals in all; what it raises ends the work.

    Examples
    --------
    >>> from geo.clusters.pattern import pattern_of
    >>> rng = np.random.default_rng(1)
    >>> x, y = rng.uniform(0, 20_000, (2, 600))
    >>> case = (np.hypot(x - 5000, y - 5000) < 2500) | (rng.random(600) < 0.05)
    >>> found = outline(pattern_of(x, y, case))
    >>> len(found.table), float(found.table["p"].iloc[0])
    (2, 0.01)
    """
    looked = pattern.sample(MOST_FIRMS, seed)
    refusal = refuse_counts(looked.cases, looked.firms)
    if refusal:
        return refusal
    x, y = looked.x, looked.y
    own = np.flatnonzero(looked.case)
    least = max(LEAST_MEMBERS, round(_SHARE * len(own)))
    groups = _groups(x[own], y[own], least)
    hulls = _hulls(x[own], y[own], groups)
    if not hulls:
        return NotEstimable(
            f"没有 {least} 家以上彼此靠近、与其余分得开的企业，画不出轮廓。",
            f"No {least} firms or more lie close together and apart from the rest: there is nothing to outline.",
        )
    inside, within = _inside(hulls, x, y, looked.case)
    strength = bernoulli_llr(within, inside, looked.cases, looked.firms)
    rng = np.random.default_rng(seed)
    strongest = np.zeros(simulations)
    for deal in range(simulations):
        dealt = np.zeros(looked.firms, dtype=np.bool_)
        dealt[rng.choice(looked.firms, len(own), replace=False, shuffle=False)] = True
        drawn = _hulls(x[dealt], y[dealt], _groups(x[dealt], y[dealt], least))
        if drawn:
            there, of_them = _inside(drawn, x, y, dealt)
            strongest[deal] = bernoulli_llr(of_them, there, looked.cases, looked.firms).max()
        if progress:
            progress(deal + 1, simulations)
    order = np.argsort(-strength, kind="stable")
    number = np.append(np.argsort(order) + 1, 0)[groups]
    table = gpd.GeoDataFrame(
        {
            "members": np.bincount(groups[groups >= 0], minlength=len(hulls)),
            "firms": inside,
            "cases": within,
            "expected": inside * looked.cases / looked.firms,
            "ratio": within / (inside * looked.cases / looked.firms),
            "llr": strength,
            "p": (1 + (strongest[None, :] >= strength[:, None]).sum(axis=1)) / (simulations + 1),
        },
        geometry=hulls,
        crs=METRIC_CRS,
    )
    table = table.iloc[order].set_axis(range(1, len(hulls) + 1)).rename_axis("cluster").to_crs(STORAGE_CRS)
    table.insert(7, "stability", _stability(x[own], y[own], number, least, rng))
    label = np.zeros(looked.firms, dtype=np.int64)
    label[own] = number
    typical = int(np.median(inside))
    found = _detectable(typical, float(np.quantile(strongest, 1 - FDR_ALPHA, method="higher")), looked)
    return Outlines(table, label, looked, typical, found, least, simulations, seed)


def _detectable(firms: int, critical: float, looked: Pattern) -> float:
    """Share of the industry among so many firms, over its average, that is beyond a critical `bernoulli_llr` in `POWER`."""
    average = looked.cases / looked.firms
    counts = np.arange(firms + 1)
    enough = (bernoulli_llr(counts, firms, looked.cases, looked.firms) > critical) & (counts > firms * average)
    k = int(enough.argmax())
    return float(beta.ppf(POWER, k, firms - k + 1) / average) if enough.any() else float("nan")


def bernoulli_llr(cases: ArrayLike, firms: ArrayLike, all_cases: int, all_firms: int) -> NDArray[np.float64]:
    """Log likelihood ratio of a higher rate inside than outside (Kulldorff 1997); 0 where it is not higher.

    Examples
    --------
    >>> bernoulli_llr([8, 2], [10, 10], 10, 40).round(2).tolist()
    [10.14, 0.0]
    """
    k, n = np.asarray(cases, dtype=np.float64), np.asarray(firms, dtype=np.float64)
    rest, others = all_cases - k, all_firms - n

    def likelihood(some: ArrayLike, total: ArrayLike) -> NDArray[np.float64]:
        hits, size = np.asarray(some, dtype=np.float64), np.asarray(total, dtype=np.float64)
        whole = np.where(size > 0, size, 1.0)
        return xlogy(hits, hits / whole) + xlogy(size - hits, (size - hits) / whole)

    higher = k * others > rest * n
    ratio = likelihood(k, n) + likelihood(rest, others) - likelihood(all_cases, all_firms)
    return np.where(higher, ratio, 0.0)


def _groups(x: NDArray[np.float64], y: NDArray[np.float64], least: int) -> NDArray[np.int64]:
    """Group of each point, −1 for none and for stragglers.

    HDBSCAN gives a group all points that it held when it first came apart from the rest, however far out; those whose
    fellow members lie several times as far as the members' usually do would stretch the outline over empty land.
    """
    points = np.column_stack([x, y])
    labels = HDBSCAN(min_cluster_size=least, copy=True).fit(points).labels_.astype(np.int64)
    for group in range(labels.max(initial=-1) + 1):
        members = np.flatnonzero(labels == group)
        to_fellow = cKDTree(points[members]).query(points[members], k=min(least, len(members)))[0][:, -1]
        labels[members[to_fellow > _STRAGGLER * max(float(np.median(to_fellow)), MARGIN_M)]] = -1
    return labels


def _hulls(x: NDArray[np.float64], y: NDArray[np.float64], groups: NDArray[np.int64]) -> list[shapely.Geometry]:
    return [
        shapely.concave_hull(shapely.multipoints(np.column_stack([x, y])[groups == group]), _HULL_RATIO).buffer(
            MARGIN_M, quad_segs=4
        )
        for group in range(groups.max(initial=-1) + 1)
    ]


def _inside(
    hulls: list[shapely.Geometry], x: NDArray[np.float64], y: NDArray[np.float64], case: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All firms, and cases, within each outline."""
    firms, cases = np.zeros(len(hulls), dtype=np.int64), np.zeros(len(hulls), dtype=np.int64)
    for number, hull in enumerate(hulls):
        west, south, east, north = hull.bounds
        near = np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north))
        shapely.prepare(hull)
        there = near[shapely.contains_xy(hull, x[near], y[near])]
        firms[number], cases[number] = len(there), int(case[there].sum())
    return firms, cases


def _stability(
    x: NDArray[np.float64], y: NDArray[np.float64], number: NDArray[np.int64], least: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Mean overlap with the groups at two other sizes, and among four fifths of the firms, drawn twice."""
    clusters = int(number.max())
    scores = mean_overlap(
        number, [_groups(x, y, size) + 1 for size in (max(3, round(least * 0.7)), round(least * 1.5))], clusters
    )
    draws = []
    for _ in range(2):
        kept = rng.random(len(x)) < _KEPT
        draws.append(
            mean_overlap(number[kept], [_groups(x[kept], y[kept], max(3, round(least * _KEPT))) + 1], clusters)
        )
    return (scores + np.mean(draws, axis=0)) / 2
