"""Does the order of the gaps foretell entries?  Made from enterprises up to a year, tested on those after it.

A case is a district and a node that has nobody there up to the year.  It comes true when an enterprise on the node
enters the district later.  Precision at k is the share of the k first cases that come true; it stands beside that of
orders that need no thought.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binomtest

from geo.chains import NODE_COLUMNS
from geo.gaps import WEIGHTS, count_by, gap_terms, proximity
from geo.scores import score

METHODS: Final[dict[str, tuple[str, str]]] = {
    "score": ("补链评分", "Gap score"),
    "district": ("最大的区优先", "Biggest district first"),
    "node": ("企业最多的环节优先", "Most frequent node first"),
    "random": ("随机（期望）", "Random (expected)"),
}
"""What is compared → (Chinese, English); the last three are the naive ones."""

FOUNDED: Final = "founded"
LISTED: Final = "listed"


def entry_years(enterprises: pd.DataFrame, recognitions: pd.DataFrame) -> tuple[NDArray[np.float64], str]:
    """Year in which each enterprise enters: founded, or for lack of that first listed or recognised.

    Returns
    -------
    years : ndarray of float, shape (n,)
        NaN where not known.
    basis : {"founded", "listed"}
        Founding years where at least half of the enterprises have one, else the first year of a recognition or listing
        in the sample, which says when an enterprise was noticed and not when it came.
    """
    founded = pd.to_numeric(enterprises["founded"].str.slice(0, 4), errors="coerce")
    if len(founded) and founded.notna().mean() >= 0.5:
        return founded.to_numpy(dtype=float), FOUNDED
    first = recognitions.dropna(subset="year").groupby("name")["year"].min()
    return enterprises["name"].map(first).astype("Float64").to_numpy(dtype=float, na_value=np.nan), LISTED


def backtest(
    nodes: pd.DataFrame,
    areas: NDArray[np.integer],
    size: int,
    years: NDArray[np.float64],
    cuts: Sequence[int],
    tops: Sequence[int] = (10, 20, 50),
    weights: Mapping[str, float] = WEIGHTS,
) -> pd.DataFrame:
    """Compare the order of the gaps with naive orders.

    Parameters
    ----------
    nodes : DataFrame
        As `geo.chains.nodes_of` gives it.
    areas : ndarray of int, shape (n,)
        District of each row, 0 to `size` − 1, negative for none.
    years : ndarray of float, shape (n,)
        As `entry_years` gives them; rows without one take no part.
    cuts : sequence of int
        Last years that the order is made from.
    tops : sequence of int
        k of the precision.
    weights : mapping of str to float
        Of the gap score.

    Returns
    -------
    DataFrame
        One row per cut, k and key of `METHODS`: `known`, `later` (enterprises up to and after the cut), `cases`, `true`
        (cases, and those that come true), `hits` (of the first k; for ``random`` the expected number), `precision`,
        `low`, `high` (95 % Wilson interval; NaN for ``random``).  Nothing for a cut without enterprises on both sides.
    """
    rows = []
    placed = (areas >= 0) & np.isfinite(years) & nodes[NODE_COLUMNS[0]].notna().to_numpy()
    for cut in cuts:
        before, after = placed & (years <= cut), placed & (years > cut)
        if not before.any() or not after.any():
            continue
        known, later = count_by(nodes, areas, size, before), count_by(nodes, areas, size, after)
        orders, came = _orders(known, later, weights)
        facts = {"cut": cut, "known": int(before.sum()), "later": int(after.sum())}
        facts |= {"cases": len(came), "true": int(came.sum())}
        for top in tops:
            k = min(top, len(came))
            for method in METHODS:
                hits = float(came[orders[method][:k]].sum()) if method in orders else k * float(came.mean())
                rows.append(facts | {"k": k, "method": method, "hits": hits, "precision": hits / k if k else np.nan})
    found = pd.DataFrame(rows)
    if found.empty:
        return found
    found = found.drop_duplicates(["cut", "k", "method"], ignore_index=True)
    bounds = [
        interval(int(row.hits), row.k) if row.method != "random" else (np.nan, np.nan) for row in found.itertuples()
    ]
    return found.assign(low=[low for low, _ in bounds], high=[high for _, high in bounds])


def interval(hits: int, trials: int) -> tuple[float, float]:
    """95 % interval of a share, after Wilson (1927); NaN without trials.

    Examples
    --------
    >>> [round(bound, 3) for bound in interval(5, 10)]
    [0.237, 0.763]
    """
    if not trials:
        return np.nan, np.nan
    bounds = binomtest(hits, trials).proportion_ci(method="wilson")
    return float(bounds.low), float(bounds.high)


def _orders(
    known: pd.DataFrame, later: pd.DataFrame, weights: Mapping[str, float]
) -> tuple[dict[str, NDArray[np.int64]], NDArray[np.bool_]]:
    """Order of the cases by each method, and which of them come true."""
    near, city = proximity(known), known.sum(axis=1)
    terms = pd.concat([gap_terms(known[area], city, near) for area in known.columns], ignore_index=True)
    counts, afterwards = known.to_numpy().T.ravel(), later.to_numpy().T.ravel()
    cases = np.flatnonzero(counts == 0)
    found = score(terms.iloc[cases].reset_index(drop=True), weights)
    district = np.repeat(known.sum(axis=0).to_numpy(), len(known))[cases]
    node = np.tile(city.to_numpy(), known.shape[1])[cases]
    orders = {
        "score": np.argsort(found.rank.to_numpy(), kind="stable"),
        "district": np.lexsort((-node, -district)),
        "node": np.lexsort((-district, -node)),
    }
    return orders, afterwards[cases] > 0
