"""Envelopes of simulated curves: at each distance, and for the curve as a whole."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata


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

    def times(self, factor: float) -> Envelope:
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
