"""How far the firms of an industry are from each other, held against random draws from where all firms are.

Duranton and Overman (2005, Review of Economic Studies 72) for the density of the distances, Ripley (1977) for their
cumulative count.  The counterfactual industry takes as many of the actual locations of all firms, so what shows is
concentration beyond that of the whole distribution; the edge of the city and its empty places act on both alike.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from geo.clusters.autocorrelation import PERMUTATION_SEED
from geo.clusters.eligibility import NotEstimable, refuse_counts
from geo.clusters.pattern import Pattern
from geo.index.jit import kernel
from geo.indicators.measures import POWER
from geo.text import Text


@dataclass(frozen=True)
class Envelope:
    """Bounds on a curve under the null hypothesis, and how far out the observed curve is.

    Attributes
    ----------
    mean : ndarray, shape (d,)
        Mean of the simulated curves.
    local_low, local_high : ndarray, shape (d,)
        5th and 95th percentile at each distance alone.
    low, high : ndarray, shape (d,)
        Global bounds: 95 of 100 simulated curves stay below `high` at every distance, and above `low`.
    p_high, p_low : float
        One-sided p-values of the observed curve as a whole.
    """

    mean: NDArray[np.float64]
    local_low: NDArray[np.float64]
    local_high: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    p_high: float
    p_low: float

    def times(self, factor: float) -> Self:
        """The same bounds in another unit."""
        names = ("mean", "local_low", "local_high", "low", "high")
        return replace(self, **{name: getattr(self, name) * factor for name in names})


def envelope(observed: ArrayLike, simulated: ArrayLike, alpha: float = 0.05) -> Envelope:
    """Envelopes by extreme rank length (Myllymäki et al. 2017; Mrkvička et al. 2020), each side on its own.

    A curve is the more extreme the more extreme its most extreme rank over all distances is, then the next, and so on.
    The global band is that of the curves that are not among the most extreme, so the observed curve leaves it exactly
    when its p-value is at most `alpha`.

    Parameters
    ----------
    observed : array_like, shape (d,)
    simulated : array_like, shape (simulations, d)
    alpha : float

    Examples
    --------
    >>> flat = np.linspace(0, 1, 99)[:, None] * np.ones(3)
    >>> found = envelope([0.5, 2.0, 0.5], flat)
    >>> found.p_high, bool(found.high[1] < 2.0), found.p_low > 0.4
    (0.02, True, True)
    """
    curves = np.vstack([np.asarray(observed, dtype=np.float64), np.asarray(simulated, dtype=np.float64)])
    up, down = extremeness(-curves), extremeness(curves)
    local_low, local_high = np.quantile(curves[1:], [alpha, 1 - alpha], axis=0)
    return Envelope(
        mean=curves[1:].mean(axis=0),
        local_low=local_low,
        local_high=local_high,
        low=curves[down > alpha].min(axis=0),
        high=curves[up > alpha].max(axis=0),
        p_high=float(up[0]),
        p_low=float(down[0]),
    )


def extremeness(curves: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of the curves that are as extreme as each or more, towards low values; shape (curves,), in (0, 1].

    Examples
    --------
    >>> extremeness(np.array([[0.0, 5.0], [1.0, 1.0], [2.0, 2.0], [3.0, 3.0]])).tolist()
    [0.5, 0.25, 0.75, 1.0]
    """
    ranks = np.sort(rankdata(curves, axis=0), axis=1)
    order = np.lexsort(ranks.T[::-1])
    ordered = ranks[order]
    new = np.r_[True, (ordered[1:] != ordered[:-1]).any(axis=1)]
    last = np.r_[np.flatnonzero(new)[1:], len(order)]  # curves up to and with each group of equals
    share = np.empty(len(order))
    share[order] = last[np.cumsum(new) - 1] / len(order)
    return share


MOST_CASES: Final = 2000
"""Firms of an industry whose distances are measured; of more, a random sample."""

ENVELOPE_SIMULATIONS: Final = 199
DISTANCE_STEPS: Final = 80
"""Distances at which the density is evaluated."""

ENVELOPE_ALPHA: Final = 0.05

PLACE_RADIUS_M: Final = 3000.0
"""Radius [m] of what counts as one place, where so many firms can be drawn from it."""

PLANTED_INDUSTRIES: Final = 50
"""Tries from which the share that would be seen is taken."""

_BINS_PER_BANDWIDTH: Final = 16

VERDICTS: Final[dict[str, Text]] = {
    "localised": Text("集聚", "Localised"),
    "dispersed": Text("分散", "Dispersed"),
    "neither": Text("看不出差别", "No difference seen"),
}
"""Verdict → (Chinese, English)."""

ProgressCallback = Callable[[int, int], None]


@dataclass(frozen=True)
class Concentration:
    """Distances between the firms of an industry, and what they are by chance.

    Attributes
    ----------
    distance_m : ndarray, shape (d,)
    density : ndarray, shape (d,)
        Duranton–Overman K-density [1/m].
    band : Envelope
        Of the densities.
    neighbours : ndarray, shape (d,)
        Ripley's K over its simulated mean: how many times as many firms of the industry lie within that distance of
        one as would by chance; NaN where chance gives none.
    neighbours_band : Envelope
        Of the same ratio.
    verdict : str
        One of `VERDICTS`: ``localised`` when the density leaves the global band upwards at some distance, ``dispersed``
        when it leaves it downwards and never upwards.
    index : float
        Share of the distances beyond the global band: Γ where localised, Ψ where dispersed, else 0.
    bandwidth_m : float
    cases, used, firms, simulations, seed : int
        Firms of the industry, those measured, all firms, draws, seed.
    stability : float
        Share of three bandwidths (half, once, double) that give this verdict.
    error_m : float
        Median expected error of the locations of the industry's firms [m]; NaN where unknown.
    detectable : int
        Where the verdict is ``neither``: how many of the measured firms would have to gather in one place, all others
        anywhere, to be called localised in `POWER` of the tries (`detectable_cases`); 0 where not even all of them would.
    """

    distance_m: NDArray[np.float64]
    density: NDArray[np.float64]
    band: Envelope
    neighbours: NDArray[np.float64]
    neighbours_band: Envelope
    verdict: str
    index: float
    bandwidth_m: float
    cases: int
    used: int
    firms: int
    simulations: int
    seed: int
    stability: float
    error_m: float
    detectable: int

    def beyond_m(self) -> tuple[float, float] | None:
        """First and last distance [m] at which the density is beyond the global band on the verdict's side."""
        side = self.density > self.band.high if self.verdict == "localised" else self.density < self.band.low
        beyond = self.distance_m[side]
        return (float(beyond[0]), float(beyond[-1])) if self.verdict != "neither" else None

    def spans_m(self) -> list[tuple[float, float]]:
        """The distances [m] of `beyond_m`, from and to, one pair for each stretch without a gap."""
        if self.verdict == "neither":
            return []
        side = self.density > self.band.high if self.verdict == "localised" else self.density < self.band.low
        steps = np.flatnonzero(np.diff(np.r_[False, side, False].astype(np.int8)))
        ends = zip(steps[::2], steps[1::2] - 1, strict=True)
        return [(float(self.distance_m[first]), float(self.distance_m[last])) for first, last in ends]


def concentration(
    pattern: Pattern,
    *,
    simulations: int = ENVELOPE_SIMULATIONS,
    seed: int = PERMUTATION_SEED,
    progress: ProgressCallback | None = None,
) -> Concentration | NotEstimable:
    """Whether an industry is localised or dispersed beyond the whole distribution.

    Parameters
    ----------
    pattern : Pattern
    simulations : int
        Draws of as many firms from all; 199 let a p-value go down to 0.005.
    seed : int
    progress : callable, optional
        Called with draws done and draws in all; what it raises ends the work.

    Examples
    --------
    >>> from geo.clusters.pattern import pattern_of
    >>> rng = np.random.default_rng(1)
    >>> x, y = rng.uniform(0, 20_000, (2, 400))
    >>> found = concentration(pattern_of(x, y, np.hypot(x - 5000, y - 5000) < 2500))
    >>> found.verdict, found.band.p_high
    ('localised', 0.005)
    """
    refusal = refuse_concentration(pattern)
    if refusal:
        return refusal
    rng = np.random.default_rng(seed)
    own = np.flatnonzero(pattern.case)
    if len(own) > MOST_CASES:
        own = rng.choice(own, MOST_CASES, replace=False, shuffle=False)
    x, y, used = pattern.x, pattern.y, len(own)
    reach = _median_distance(pattern, rng)
    bandwidth = _bandwidth(x[own], y[own], pattern.error_m, reach)
    width = bandwidth / _BINS_PER_BANDWIDTH
    bins = int(np.ceil((reach + 8 * bandwidth) / width)) + 1
    counts = np.zeros((simulations + 1, bins))
    counts[0] = pair_histogram(x[own], y[own], width, bins)
    for draw in range(1, simulations + 1):
        drawn = rng.choice(pattern.firms, used, replace=False, shuffle=False)
        counts[draw] = pair_histogram(x[drawn], y[drawn], width, bins)
        if progress:
            progress(draw, simulations)
    distance = np.linspace(0, reach, DISTANCE_STEPS)
    pairs = used * (used - 1) / 2
    verdicts = {}
    for times in (0.5, 1.0, 2.0):
        curves = smooth(counts, width, bandwidth * times, distance) / pairs
        verdicts[times] = _judge(curves)
    density, band, verdict = verdicts[1.0]
    within = np.cumsum(counts, axis=1)[:, np.minimum((distance / width).astype(int), bins - 1)]
    chance = within[1:].mean(axis=0)
    ratios = within / np.where(chance > 0, chance, np.nan)
    found = 0
    if verdict == "neither":

        def seen(drawn: list[NDArray[np.int64]]) -> float:
            """Share of planted industries that the same test calls localised."""
            planted = np.array([pair_histogram(x[rows], y[rows], width, bins) for rows in drawn])
            curves = smooth(np.vstack([planted, counts[1:]]), width, bandwidth, distance)
            null = curves[len(planted) :]
            p = [extremeness(-np.vstack([curve, null]))[0] for curve in curves[: len(planted)]]
            return float(np.mean(np.array(p) <= ENVELOPE_ALPHA))

        found = detectable_cases(pattern, used, seen, seed)
    side = np.clip(density - band.high, 0, None) if verdict == "localised" else np.clip(band.low - density, 0, None)
    return Concentration(
        distance_m=distance,
        density=density,
        band=band,
        neighbours=ratios[0],
        neighbours_band=envelope(np.nan_to_num(ratios[0], nan=1.0), np.nan_to_num(ratios[1:], nan=1.0)),
        verdict=verdict,
        index=float(np.trapezoid(side, distance)) if verdict != "neither" else 0.0,
        bandwidth_m=bandwidth,
        cases=pattern.cases,
        used=used,
        firms=pattern.firms,
        simulations=simulations,
        seed=seed,
        stability=sum(other == verdict for _, _, other in verdicts.values()) / len(verdicts),
        error_m=pattern.error_m,
        detectable=found,
    )


def detectable_cases(pattern: Pattern, used: int, seen: Callable[[list[NDArray[np.int64]]], float], seed: int) -> int:
    """Fewest firms of an industry that have to gather in one place for a test to see it in `POWER` of the tries.

    Industries are planted: some of the firms are drawn from one place, which is the circle of `PLACE_RADIUS_M` around a
    firm, or as far as it takes to have twice as many to draw from; the others from all the rest.

    Parameters
    ----------
    pattern : Pattern
        All firms that may be drawn.
    used : int
        Firms of the industry.
    seen : callable
        From planted industries (rows of the pattern) to the share of them that the test sees.
    seed : int

    Returns
    -------
    int
        One of the tenths of `used`, rounded up; 0 where even all of them in one place would not be seen.

    Examples
    --------
    >>> from geo.clusters.pattern import pattern_of
    >>> row = pattern_of(np.arange(100) * 1000.0, np.zeros(100), np.arange(100) < 10)
    >>> def near(drawn):  # sees seven or more within 14 km
    ...     return np.mean([max(np.sum((r >= k) & (r < k + 14)) for k in range(100)) >= 7 for r in drawn])
    >>> detectable_cases(row, 10, near, seed=1)
    7
    """
    rng = np.random.default_rng([seed, 1])
    tried = sorted({-(-used * tenth // 10) for tenth in range(1, 11)})
    best, first, last = 0, 0, len(tried) - 1
    while first <= last:
        middle = (first + last) // 2
        if seen([_planted(pattern, used, tried[middle], rng) for _ in range(PLANTED_INDUSTRIES)]) >= POWER:
            best, last = tried[middle], middle - 1
        else:
            first = middle + 1
    return best


def _planted(pattern: Pattern, used: int, gathered: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Rows of an industry of which so many firms are gathered in one place."""
    middle = rng.integers(pattern.firms)
    away = np.hypot(pattern.x - pattern.x[middle], pattern.y - pattern.y[middle])
    enough = np.partition(away, min(2 * gathered, pattern.firms) - 1)[min(2 * gathered, pattern.firms) - 1]
    place = np.flatnonzero(away <= max(PLACE_RADIUS_M, enough))
    inside = rng.choice(place, gathered, replace=False, shuffle=False)
    free = np.ones(pattern.firms, dtype=np.bool_)
    free[inside] = False
    others = rng.choice(np.flatnonzero(free), used - gathered, replace=False, shuffle=False)
    return np.concatenate([inside, others])


def refuse_concentration(pattern: Pattern) -> NotEstimable | None:
    """Why distances cannot be judged; None when they can."""
    few = refuse_counts(pattern.cases, pattern.firms)
    if few:
        return few
    if max(np.ptp(pattern.x), np.ptp(pattern.y)) < 1.0:
        return NotEstimable("所有企业的点位相同，没有距离可言。", "All firms are at one point: there are no distances.")
    return None


def k_density(x: ArrayLike, y: ArrayLike, distance_m: ArrayLike, bandwidth_m: float) -> NDArray[np.float64]:
    r"""Density of the distances between points, Gaussian kernel, reflected at 0.

    :math:`K(d) = \frac{2}{n(n-1)h} \sum_{i<j} f\left(\frac{d - d_{ij}}{h}\right)`, plus the same at ``-d``
    (Duranton and Overman 2005, equation 1; Silverman 1986, section 2.10).

    Parameters
    ----------
    x, y : array_like, shape (n,)
        Metres.
    distance_m : array_like, shape (d,)
    bandwidth_m : float

    Returns
    -------
    ndarray, shape (d,)
        [1/m]; it sums to 1 over all distances.

    Examples
    --------
    >>> float(k_density([0, 3000], [0, 4000], [5000], 100)[0].round(5))  # 1 / (100 * sqrt(2 pi))
    0.00399
    """
    east, north = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    at = np.asarray(distance_m, dtype=np.float64)
    width = bandwidth_m / _BINS_PER_BANDWIDTH
    bins = int(np.ceil((at.max() + 8 * bandwidth_m) / width)) + 1
    counts = pair_histogram(east, north, width, bins)[None, :]
    return smooth(counts, width, bandwidth_m, at)[0] / (len(east) * (len(east) - 1) / 2)


@kernel()
def pair_histogram(x, y, width, bins):  # type: ignore[no-untyped-def]  # numba infers the types
    """Pairs of points by distance: bins of a width [m] from 0, farther pairs in none.

    Its running sum over the pairs is Ripley's K (1977) without edge correction, but for the factor 2 A / n².
    """
    counts = np.zeros(bins)
    limit = (width * bins) ** 2
    for i in range(len(x)):
        for j in range(i):
            square = (x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2
            if square < limit:
                counts[min(int(np.sqrt(square) / width), bins - 1)] += 1.0
    return counts


def warm() -> None:
    """Compile the count of pairs, so that no user waits for it."""
    pair_histogram(np.zeros(2), np.zeros(2), 1.0, 1)


def smooth(counts: NDArray[np.float64], width: float, bandwidth: float, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Kernel density of binned distances, not yet divided by the number of pairs; shape (curves, d)."""
    middle = (np.arange(counts.shape[1]) + 0.5) * width
    kernel = np.exp(-0.5 * ((at[:, None] - middle) / bandwidth) ** 2)
    kernel += np.exp(-0.5 * ((at[:, None] + middle) / bandwidth) ** 2)
    return counts @ (kernel / (bandwidth * np.sqrt(2 * np.pi))).T


def _judge(curves: NDArray[np.float64]) -> tuple[NDArray[np.float64], Envelope, str]:
    band = envelope(curves[0], curves[1:], ENVELOPE_ALPHA)
    verdict = (
        "localised" if band.p_high <= ENVELOPE_ALPHA else "dispersed" if band.p_low <= ENVELOPE_ALPHA else "neither"
    )
    return curves[0], band, verdict


def _median_distance(pattern: Pattern, rng: np.random.Generator) -> float:
    """Median distance between firms [m], from 20,000 random pairs: how far the densities reach."""
    first, second = rng.integers(0, pattern.firms, (2, 20_000))
    distances = np.hypot(pattern.x[first] - pattern.x[second], pattern.y[first] - pattern.y[second])
    return float(max(np.median(distances[first != second]), 1.0))


def _bandwidth(x: NDArray[np.float64], y: NDArray[np.float64], error_m: float, reach: float) -> float:
    """Silverman's rule (1986, equation 3.31) over the distances, never finer than the locations are."""
    first, second = np.triu_indices(len(x), 1)
    distances = np.hypot(x[first] - x[second], y[first] - y[second])
    quarters = np.subtract(*np.quantile(distances, [0.75, 0.25])) / 1.34
    scale = min(float(distances.std()), float(quarters)) or float(distances.std()) or reach
    rule = 0.9 * scale * len(distances) ** -0.2
    return float(max(rule, np.nan_to_num(error_m, nan=0.0), reach / 200))
