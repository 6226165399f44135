"""Planted clusters and random fields: can the statistics of `geo.clusters` tell them apart, and how fast.

The firms of a city lie in uneven clusters of their own.  In a random field the label "of this industry" is dealt out
by chance; in a planted one it is more frequent in three discs.  AUC is the chance that a planted thing scores above
one that is not: fields for the global statistics, squares for the local ones.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from benchmarks import Line, timed
from geo.clusters.autocorrelation import FDR_ALPHA, global_moran, hot_spots
from geo.clusters.concentration import Concentration, concentration
from geo.clusters.eligibility import NotEstimable
from geo.clusters.lattice import grid
from geo.clusters.outlines import Outlines, outline
from geo.clusters.pattern import Pattern, pattern_of

SIDE_M = 40_000.0
RATE = 0.1
DISCS = 3
RADIUS_M = 3_000.0
TIMES = (1.5, 2.0, 3.0)
FIRMS = 20_000
FIRMS_OF_A_FIELD = 6_000
FIELDS = 20


def firms(rng: np.random.Generator, size: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Firms of a city [m]: 120 clusters of very different sizes and widths."""
    clusters = 120
    middle_x, middle_y = rng.uniform(0, SIDE_M, (2, clusters))
    weight = rng.pareto(1.3, clusters) + 0.1
    cluster = rng.choice(clusters, size, p=weight / weight.sum())
    spread = rng.uniform(400, 3000, clusters)[cluster]
    return middle_x[cluster] + rng.normal(0, 1, size) * spread, middle_y[cluster] + rng.normal(0, 1, size) * spread


def field(seed: int, size: int, times: float) -> tuple[Pattern, NDArray[np.bool_]]:
    """A field whose industry is so many times as frequent in three discs, and which firms lie in them."""
    rng = np.random.default_rng(seed)
    x, y = firms(rng, size)
    heart = rng.choice(size, DISCS, replace=False)
    inside = np.any([np.hypot(x - x[k], y - y[k]) < RADIUS_M for k in heart], axis=0)
    case = rng.random(size) < np.where(inside, min(RATE * times, 0.9), RATE)
    return pattern_of(x, y, case), inside


def auc(scores: ArrayLike, planted: ArrayLike) -> float:
    """Area under the receiver operating characteristic: chance that a planted one scores higher, ties half."""
    truth = np.asarray(planted, dtype=np.bool_)
    ranks = rankdata(np.asarray(scores, dtype=np.float64))
    positive = int(truth.sum())
    return float((ranks[truth].sum() - positive * (positive + 1) / 2) / (positive * (len(truth) - positive)))


def square_scores(seed: int, size: int, times: float) -> dict[str, float]:
    """AUC of the squares of one field, by statistic; `share` and `count` are what one would do without statistics."""
    pattern, inside = field(seed, size, times)
    squares = grid(pattern)
    there = squares.member >= 0
    held = np.bincount(squares.member[there], weights=inside[there], minlength=len(squares.table))
    truth = held > squares.table["firms"].to_numpy() / 2
    if not 0 < truth.sum() < len(truth):
        return {}
    cases, all_firms = squares.table["cases"].to_numpy(), squares.table["firms"].to_numpy()
    scores = {"count": auc(cases, truth), "share": auc(cases / all_firms, truth)}
    for method in ("getis_ord", "moran"):
        found = hot_spots(squares, method, permutations=999)
        if not isinstance(found, NotEstimable):
            sign = (
                1.0 if method == "getis_ord" else np.where(cases / all_firms > cases.sum() / all_firms.sum(), 1.0, -1.0)
            )
            scores[method] = auc(found["statistic"] * sign, truth)
    return scores


def field_scores(size: int, times: float) -> dict[str, tuple[float, float]]:
    """AUC of whole fields, half planted, by method; second, the share of random fields called clustered at 5 %."""
    scores: dict[str, list[float]] = {"moran": [], "concentration": [], "outlines": []}
    planted = []
    for seed in range(2 * FIELDS):
        pattern, _ = field(seed, size, times if seed % 2 else 1.0)
        planted.append(bool(seed % 2))
        overall = global_moran(grid(pattern), seed=seed)
        scores["moran"].append(1.0 if isinstance(overall, NotEstimable) else overall.p - overall.z * 1e-6)
        distances = concentration(pattern, simulations=99, seed=seed)
        scores["concentration"].append(distances.band.p_high if isinstance(distances, Concentration) else 1.0)
        groups = outline(pattern, simulations=39, seed=seed)
        scores["outlines"].append(float(groups.table["p"].min()) if isinstance(groups, Outlines) else 1.0)
    random = ~np.array(planted)
    return {
        name: (auc(-np.array(values), planted), float((np.array(values)[random] <= FDR_ALPHA).mean()))
        for name, values in scores.items()
    }


def measure(rows: int) -> Iterator[Line]:
    """Measure the power on squares of 20,000 firms and fields of 6,000, and the time on ``rows`` firms."""
    size = min(FIRMS, rows)
    for times in TIMES:
        found = [square_scores(seed, size, times) for seed in range(FIELDS)]
        mean = {name: float(np.mean([one[name] for one in found if name in one])) for name in found[0]}
        for method in ("getis_ord", "moran"):
            peers = {"count of the industry": mean["count"], "share of the industry": mean["share"]}
            yield Line(f"clusters: squares, {method}, planted {times:g} times", mean[method], "AUC", peers)
        for name, (power, wrong) in field_scores(min(FIRMS_OF_A_FIELD, rows), times).items():
            yield Line(f"clusters: fields, {name}, planted {times:g} times", power, "AUC")
            if times == TIMES[0]:
                yield Line(f"clusters: random fields called clustered, {name}", wrong, "share", at_most=0.15)
    flagged = [hot_spots(grid(field(seed, size, 1.0)[0]), permutations=4999, seed=seed) for seed in range(FIELDS)]
    any_spot = np.mean([0 if isinstance(one, NotEstimable) else bool((one["kind"] != "none").any()) for one in flagged])
    yield Line("clusters: random fields with any hot or cold square, getis_ord", float(any_spot), "share", at_most=0.15)
    pattern, _ = field(0, rows, 2.0)
    squares = grid(pattern)
    yield Line(f"clusters: grid, {rows:,} rows", timed(grid, pattern, repeat=3))
    yield Line(f"clusters: hot spots on {len(squares.table):,} squares", timed(hot_spots, squares, repeat=1))
    yield Line(f"clusters: distances, {rows:,} rows, 199 draws", timed(concentration, pattern, repeat=1))
    yield Line(f"clusters: outlines, {rows:,} rows, 99 deals", timed(outline, pattern, repeat=1))
