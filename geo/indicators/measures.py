"""Specialisation and concentration, from counts alone: location quotient with an interval, Herfindahl, diversity."""

from typing import Final

import numpy as np
import pandas as pd
import scipy
from numpy.typing import ArrayLike, NDArray

from geo.filters.filters import NONE
from geo.indicators.counts import Counts

CONFIDENCE: Final = 0.95
"""Level of every interval."""

POWER: Final = 0.8
"""Share of tries in which a test shall see what is there (Cohen 1988)."""


def location_quotient(counts: Counts, industry: str) -> pd.Series:
    """Location quotient of an industry in each place: LQ = (n_di / n_d) / (N_i / N).

    Parameters
    ----------
    counts : Counts
        n from `by_industry`, N from `whole`; enterprises of no known industry stay in n_d and N.
    industry : str
        Code of the industry.

    Returns
    -------
    Series of float
        Index of the places; 1 means as common as in the whole; NaN where n_d or N_i is 0.

    References
    ----------
    P. S. Florence, Report on the location of industry (Political and Economic Planning, 1939).
    """
    whole = counts.whole
    return (counts.by_industry[industry] / _or_nan(counts.enterprises)) / (
        _or_nan(whole[industry]) / _or_nan(whole.sum())
    )


def location_quotient_interval(counts: Counts, industry: str) -> pd.DataFrame:
    """Interval of the location quotient that holds for small counts.

    The quotient is the place's share of the industry over the place's share of everything, LQ = (n_di / N_i) / (n_d / N).
    Given N_i and the place's share w = n_d / N, n_di is binomial with N_i trials and probability w·LQ; the exact
    (Clopper–Pearson) interval of that probability divided by w is the interval of the quotient.  It is wide where N_i is
    small, and reaches from 0 where the place has none.  It says how far chance alone could carry the quotient if each
    enterprise had settled on its own; that a list is a selected sample is not in it.

    Parameters
    ----------
    counts, industry
        As for `location_quotient`.

    Returns
    -------
    DataFrame of float
        Columns `low`, `high`; NaN where the quotient is.

    References
    ----------
    C. J. Clopper, E. S. Pearson, The use of confidence or fiducial limits illustrated in the case of the binomial,
    Biometrika 26 (1934) 404–413.  R. Moineddin, J. Beyene, E. Boyle, On the location quotient confidence interval,
    Geographical Analysis 35 (2003) 249–256, treat the same quotient by the delta method, which fails at small counts.
    """
    share = _or_nan(counts.enterprises) / _or_nan(counts.whole.sum())
    low, high = clopper_pearson(counts.by_industry[industry], _or_nan(counts.whole[industry]))
    return pd.DataFrame({"low": low / share, "high": high / share}, index=counts.places.index)


def clopper_pearson(hits: ArrayLike, trials: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Exact interval of a proportion at `CONFIDENCE`; NaN where there is no trial.

    Examples
    --------
    >>> low, high = clopper_pearson([0, 5], [10, 10])
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0, 0.1871], [0.3085, 0.8129])
    """
    k, n = np.broadcast_arrays(np.asarray(hits, dtype=np.float64), np.asarray(trials, dtype=np.float64))
    tail = (1 - CONFIDENCE) / 2
    low = np.where(k > 0, scipy.stats.beta.ppf(tail, k, n - k + 1), 0.0)
    high = np.where(k < n, scipy.stats.beta.ppf(1 - tail, k + 1, n - k), 1.0)
    defined = n > 0
    return np.where(defined, low, np.nan), np.where(defined, high, np.nan)


def specialisation(counts: Counts, industry: str) -> pd.DataFrame:
    """Whether an industry is more, or less, common in each place than in the whole, and how strong that had to be.

    The exact test behind `location_quotient_interval`: given N_i, n_di is binomial with N_i trials and probability w; p
    doubles the smaller tail, so it is at most 0.05 exactly where the interval leaves out 1.

    Parameters
    ----------
    counts, industry
        As for `location_quotient`.

    Returns
    -------
    DataFrame
        Index of the places; `cases` (n_di), `enterprises` (n_d), `part` (n_di / N_i), `whole` (w = n_d / N), `lq`, `low`,
        `high`, `p`, `q` (over all places, Benjamini and Hochberg 1995), `detectable` (`detectable_quotient`; NaN where
        the place has too few enterprises to reach it) and `verdict`: ``above``, ``below``, ``open`` or, where nothing
        can be compared, ``""``.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> from geo.indicators.counts import count_places
    >>> specialisation(count_places(load_dataset()), "auto").loc[["310114", "310115"], "verdict"].tolist()
    ['above', 'open']
    """
    trials, cases = int(counts.whole[industry]), counts.by_industry[industry]
    whole = counts.enterprises / _or_nan(counts.whole.sum())
    table = location_quotient_interval(counts, industry)
    table.insert(0, "lq", location_quotient(counts, industry))
    tails = np.minimum(scipy.stats.binom.cdf(cases, trials, whole), scipy.stats.binom.sf(cases - 1, trials, whole))
    compared = table["lq"].notna() & (whole < 1)
    p = pd.Series(np.where(compared, np.minimum(2 * tails, 1.0), np.nan), index=table.index)
    q = pd.Series(np.nan, index=table.index)
    q[compared] = scipy.stats.false_discovery_control(p[compared]) if compared.any() else []
    verdict = np.select([~compared, table["low"] > 1, table["high"] < 1], ["", "above", "below"], "open")
    highest = np.minimum(counts.enterprises, trials) / _or_nan(whole * trials)  # all of the place, of this industry
    found = pd.Series(detectable_quotient(trials, whole), index=table.index)
    told = {"cases": cases, "enterprises": counts.enterprises, "part": cases / _or_nan(trials), "whole": whole}
    return pd.DataFrame(told | dict(table.items()), index=table.index).assign(
        p=p, q=q, detectable=found.where(compared & (found <= highest)), verdict=verdict
    )


def detectable_quotient(trials: int, share: ArrayLike, alpha: float = 1 - CONFIDENCE) -> NDArray[np.float64]:
    """Smallest quotient above 1 that the exact two-sided test sees in `POWER` of the tries.

    k is the smallest count with 2·P(X ≥ k) ≤ alpha under the binomial of `trials` and `share`.  P(X ≥ k) under a
    probability p is the beta distribution function with parameters k and trials − k + 1 at p, so its quantile at `POWER` is
    the probability that has to hold (Johnson, Kemp, Kotz, Univariate discrete distributions, 2005, section 3.4).

    Returns
    -------
    ndarray of float, shape of `share`
        NaN where not even the largest count would be seen.

    Examples
    --------
    >>> detectable_quotient(10, [0.5, 1.0]).round(2).tolist()  # 9 of 10, as 2·11/1024 ≤ 0.05
    [1.83, nan]
    >>> float(detectable_quotient(3, 0.5))  # not even 3 of 3, as 2/8 > 0.05
    nan
    """
    shares = np.asarray(share, dtype=np.float64)
    tried = (trials > 0) & (shares > 0) & (shares < 1)
    within = np.where(tried, shares, 0.5)
    k = scipy.stats.binom.isf(alpha / 2, trials, within) + 1
    seen = tried & (k <= trials)
    quotient = scipy.stats.beta.ppf(POWER, k, np.where(seen, trials - k + 1, 1)) / within
    return np.where(seen, quotient, np.nan)


def herfindahl(counts: Counts) -> pd.Series:
    """Herfindahl–Hirschman index of each place over its industries: HHI = Σ s², s the share of each industry.

    Returns
    -------
    Series of float
        From 1 / number of industries (all alike) to 1 (one industry alone); NaN without an enterprise of known
        industry.  “Other” counts as one industry; enterprises of unknown industry are left out.

    References
    ----------
    A. O. Hirschman, The paternity of an index, American Economic Review 54 (1964) 761–762.

    Examples
    --------
    >>> from geo.datasets.dataset import load_dataset
    >>> from geo.indicators.counts import count_places
    >>> bool(herfindahl(count_places(load_dataset())).between(1 / 7, 1).all())
    True
    """
    return (_industry_shares(counts) ** 2).sum(axis=1, min_count=1)


def effective_industries(counts: Counts) -> pd.Series:
    """Effective number of industries of each place: exp(H), H = −Σ s·ln s the Shannon entropy of the shares.

    Returns
    -------
    Series of float
        As many equally common industries would be as diverse; 1 for a single one; NaN without an enterprise of
        known industry.

    References
    ----------
    L. Jost, Entropy and diversity, Oikos 113 (2006) 363–375.
    """
    shares = _industry_shares(counts)
    logs = np.log(shares.where(shares > 0, 1.0))
    return np.exp(-(shares * logs).sum(axis=1, min_count=1))


def spread_of(counts: Counts, industry: str) -> float:
    """Herfindahl–Hirschman index of one industry over the places: 1 when all of it lies in one place; NaN without any."""
    own = counts.by_industry[industry]
    return float(((own / _or_nan(own.sum())) ** 2).sum(min_count=1))


def _industry_shares(counts: Counts) -> pd.DataFrame:
    known = counts.by_industry.drop(columns=NONE)
    return known.div(_or_nan(known.sum(axis=1)), axis=0)


def _or_nan(value):  # type: ignore[no-untyped-def]  # a number or a Series, and the same again
    """The value as float, NaN where it is 0: what is divided by it is undefined there."""
    if isinstance(value, pd.Series):
        return value.astype(float).where(value > 0)
    return float(value) if value > 0 else np.nan
