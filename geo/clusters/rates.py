"""The rate of an industry in each area, with the small areas' rates held back."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


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
