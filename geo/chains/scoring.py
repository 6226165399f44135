"""Scores of several terms that can be read term by term.

A term is between 0 and 1, or unknown (NaN).  Unknown is not 0: the weights of the known terms of a row share the whole,
so the score is the weighted mean of what is known, and `low` and `high` say how far the unknown could move it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from geo.errors import DataError

DECIMALS: Final = 1
"""Decimals of the points of a term: what is shown is what is added up."""


@dataclass(frozen=True)
class Scores:
    """Scores of some rows.

    Attributes
    ----------
    points : DataFrame
        Points of each term, 0 to 100 and rounded to `DECIMALS`; NaN where the term is unknown, 0 where its weight is.
    total : Series
        Sum of the points of a row; NaN where nothing is known.
    known : Series
        Share of the weights whose terms are known, 0 to 1.
    low, high : Series
        The total if every unknown term were 0, or 1.
    rank : Series of int
        1 for the highest total; equal totals share a rank, and the next one counts them all (1, 1, 3).
    """

    points: pd.DataFrame
    total: pd.Series
    known: pd.Series
    low: pd.Series
    high: pd.Series
    rank: pd.Series

    @property
    def order(self) -> NDArray[np.intp]:
        """Positions of the rows by rank; of those that share one the better known first, then as they stand."""
        return np.lexsort((-np.round(self.known.to_numpy(), 9), self.rank.to_numpy()))


@dataclass(frozen=True)
class Sensitivity:
    """What changes of the weights do to the order.

    Attributes
    ----------
    changes : int
        Combinations of changed weights that were tried.
    same_first, same_top : float
        Share of them in which the first (all that share the first rank), the set of the first `top`, stay the same.
    ranks : DataFrame
        Best and worst rank (`best`, `worst`) of each row, and the share of changes in which it is among the first
        `top` (`in_top`).
    top : int
    """

    changes: int
    same_first: float
    same_top: float
    ranks: pd.DataFrame
    top: int


def score(terms: pd.DataFrame, weights: Mapping[str, float], least_known: float = 0.0) -> Scores:
    """Score rows by weighted terms.

    Parameters
    ----------
    terms : DataFrame, shape (n, t)
        Values 0 to 1, NaN where unknown.
    weights : mapping of str to float
        Weight of each term, not negative; only their ratios count.
    least_known : float
        A row of which less of the weights is known ranks after all others, whatever its total.

    Raises
    ------
    DataError
        When a term has no weight, a weight is negative or not finite, or a value is beyond 0 to 1.

    Examples
    --------
    >>> terms = pd.DataFrame({"fit": [1.0, 0.5], "size": [np.nan, 1.0]}, index=["a", "b"])
    >>> found = score(terms, {"fit": 3, "size": 1})
    >>> found.points.loc["b"].tolist(), found.total.tolist(), found.low.tolist(), found.high.tolist()
    ([37.5, 25.0], [100.0, 62.5], [75.0, 62.5], [100.0, 62.5])
    """
    values, weight = _checked(terms, weights)
    known = np.isfinite(values)
    held = known @ weight
    with np.errstate(invalid="ignore", divide="ignore"):
        points = np.round(100 * values * weight / held[:, None], DECIMALS)
        share = held / weight.sum()
    total = np.where(held > 0, np.round(np.nansum(points, axis=1), DECIMALS), np.nan)
    low = 100 * np.nansum(values * weight, axis=1) / weight.sum() if weight.sum() else np.full(len(values), np.nan)
    high = low + 100 * (1 - share)
    series = {"total": total, "known": share, "low": low, "high": high, "rank": _ranks(total, share, least_known)}
    columns = {name: pd.Series(column, index=terms.index) for name, column in series.items()}
    return Scores(points=pd.DataFrame(points, index=terms.index, columns=terms.columns), **columns)


def ranks_without(terms: pd.DataFrame, weights: Mapping[str, float], least_known: float = 0.0) -> pd.DataFrame:
    """Rank of each row if one term counted nothing; one column per term, arguments as for `score`.

    Examples
    --------
    >>> terms = pd.DataFrame({"fit": [1.0, 0.5], "size": [0.0, 1.0]}, index=["a", "b"])
    >>> ranks_without(terms, {"fit": 3, "size": 1}).to_dict("list")
    {'fit': [2, 1], 'size': [1, 2]}
    """
    return pd.DataFrame(
        {name: score(terms, {**weights, name: 0}, least_known).rank for name in terms.columns}, index=terms.index
    )


def sensitivity(
    terms: pd.DataFrame, weights: Mapping[str, float], top: int, change: float = 0.2, least_known: float = 0.0
) -> Sensitivity:
    """Try every combination of each weight lowered, kept and raised.

    Parameters
    ----------
    terms, weights, least_known
        As for `score`; a weight of 0 stays 0.
    top : int
        Number of first rows that are looked at.
    change : float
        By which a weight is lowered and raised: 0.2 is 20 %.

    Examples
    --------
    >>> terms = pd.DataFrame({"fit": [1.0, 0.5], "size": [0.0, 1.0]}, index=["a", "b"])
    >>> found = sensitivity(terms, {"fit": 3, "size": 1}, top=1)
    >>> found.changes, round(found.same_first, 2), found.ranks.loc["a"].tolist()
    (9, 0.89, [1.0, 1.0, 1.0])
    """
    values, weight = _checked(terms, weights)
    steps = [(1 - change, 1.0, 1 + change) if w > 0 else (1.0,) for w in weight]
    tried = np.array(list(product(*steps))) * weight
    known = np.isfinite(values)
    filled = np.where(known, values, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        held = known @ np.vstack([weight, tried]).T
        totals = np.round(100 * (filled @ np.vstack([weight, tried]).T) / held, 9)  # ties stay ties
        shares = held / np.append(weight.sum(), tried.sum(axis=1))
    base, *others = (_ranks(*column, least_known) for column in zip(totals.T, shares.T, strict=True))
    ranks = np.column_stack(others)
    top = min(top, len(values))
    inside = ranks <= top
    stays = (inside == (base <= top)[:, None]).all(axis=0)
    first = ((ranks == 1) == (base == 1)[:, None]).all(axis=0)
    table = {"best": ranks.min(axis=1), "worst": ranks.max(axis=1), "in_top": inside.mean(axis=1)}
    frame = pd.DataFrame(table, index=terms.index)
    return Sensitivity(len(tried), float(first.mean()), float(stays.mean()), frame, top)


def _checked(terms: pd.DataFrame, weights: Mapping[str, float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    missing = [name for name in terms.columns if name not in weights]
    if missing:
        raise DataError("评分项没有权重", column=missing[0], expected="每一项一个权重")
    weight = np.array([weights[name] for name in terms.columns], dtype=np.float64)
    if not (np.isfinite(weight).all() and (weight >= 0).all()):
        raise DataError("权重须为不小于 0 的数", value=weight.tolist())
    values = terms.to_numpy(dtype=np.float64, na_value=np.nan)
    if (values < 0).any() or (values > 1).any():
        raise DataError("评分项须在 0 到 1 之间", expected="0 到 1，未知为空")
    return values, weight


def _ranks(total: NDArray[np.float64], share: NDArray[np.float64], least_known: float) -> NDArray[np.int64]:
    """Rank of each row, 1 first, equal totals alike; too little known and without a total last."""
    low = np.round(share, 9) < least_known
    worth = np.where(np.isfinite(total), total, -1.0)  # no total is below 0
    key = np.where(low, worth - 1000.0, worth)
    return scipy.stats.rankdata(-key, method="min").astype(np.int64)
