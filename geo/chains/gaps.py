"""Does the order of the gaps foretell entries?  Made from enterprises up to a year, tested on those after it.

A case is a district and a node that has nobody there up to the year.  It comes true when an enterprise on the node
enters the district later.  Precision at k is the share of the k first cases that come true; it stands beside that of
orders that need no thought.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from geo.chains.assignment import NODE_COLUMNS, customers_of, load_chains, suppliers_of
from geo.chains.scoring import score
from geo.text import Text

GAP_TERMS: Final[dict[str, Text]] = {
    "related": Text("关联度", "Relatedness"),
    "neighbours": Text("上下游齐全度", "Chain neighbours present"),
    "demand": Text("上下游企业数", "Enterprises up- and downstream"),
    "supply": Text("市内可引企业数", "Enterprises elsewhere"),
}
"""Terms of a gap's score → (Chinese, English)."""

GAP_WEIGHTS: Final = {"related": 3.0, "neighbours": 2.0, "demand": 2.0, "supply": 3.0}
"""Weights that the page starts with: a judgement, not fitted to anything."""


def count_nodes(nodes: pd.DataFrame, keep: NDArray[np.bool_] | None = None) -> pd.Series:
    """Enterprises on each node; one that stands on two nodes counts on both.

    Parameters
    ----------
    nodes : DataFrame
        As `geo.chains.assignment.nodes_of` gives it.
    keep : ndarray of bool, optional
        Rows that count.

    Returns
    -------
    Series of int, 112 values
        Index node id.
    """
    codes = np.zeros(len(nodes), dtype=np.int64)
    return count_by(nodes, codes, 1, keep)[0].rename("enterprises")


def count_by(
    nodes: pd.DataFrame, areas: NDArray[np.integer], size: int, keep: NDArray[np.bool_] | None = None
) -> pd.DataFrame:
    """Enterprises on each node in each of `size` areas.

    Parameters
    ----------
    areas : ndarray of int, shape (n,)
        Area of each row, 0 to `size` − 1; a negative one counts nowhere.

    Returns
    -------
    DataFrame of int, shape (112, size)
        Index node id, columns 0 to `size` − 1.

    Examples
    --------
    >>> from geo.enterprises.table import load_enterprises
    >>> from geo.chains.assignment import nodes_of
    >>> sample = load_enterprises()
    >>> core = (sample["zone"] == "core").to_numpy().astype(int)
    >>> count_by(nodes_of(sample), core, 2).loc["EQP-M4"].tolist()
    [6, 2]
    """
    table = load_chains().index
    total = np.zeros(len(table) * size, dtype=np.int64)
    for column in NODE_COLUMNS:
        codes = nodes[column].cat.codes.to_numpy().astype(np.int64)
        there = (codes >= 0) & (areas >= 0)
        if keep is not None:
            there &= keep
        total += np.bincount(codes[there] * size + areas[there], minlength=len(total))
    return pd.DataFrame(total.reshape(len(table), size), index=table)


def proximity(counts: pd.DataFrame) -> pd.DataFrame:
    """Proximity of nodes: the smaller of the two shares of areas that are specialised in one, given the other.

    φ_ij = min(P(S_i | S_j), P(S_j | S_i)), where an area is specialised in a node (S) when its location quotient
    (n_ai / n_a) / (N_i / N) is 1 or more.

    Parameters
    ----------
    counts : DataFrame of int, shape (nodes, areas)

    Returns
    -------
    DataFrame, shape (nodes, nodes)
        0 to 1, on the diagonal 1; NaN where no area is specialised in one of the two.

    Examples
    --------
    >>> counts = pd.DataFrame([[2, 0, 1], [1, 0, 1], [0, 3, 0], [0, 0, 0]], index=list("abcd"))
    >>> proximity(counts).loc["a"].tolist()
    [1.0, 1.0, 0.0, nan]
    """
    special = specialised(counts).to_numpy(dtype=float)
    together = special @ special.T
    each = np.diag(together)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = together / np.maximum(each[:, None], each[None, :])
    shares[(each == 0)[:, None] | (each == 0)[None, :]] = np.nan
    return pd.DataFrame(shares, index=counts.index, columns=counts.index)


def specialised(counts: pd.DataFrame) -> pd.DataFrame:
    """Whether each area is specialised in each node: location quotient of 1 or more; shape of `counts`."""
    n = counts.to_numpy(dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        quotient = (n / n.sum(axis=0)) / (n.sum(axis=1, keepdims=True) / n.sum())
    return pd.DataFrame(np.nan_to_num(quotient) >= 1, index=counts.index, columns=counts.columns)


def gap_terms(own: pd.Series, city: pd.Series, near: pd.DataFrame) -> pd.DataFrame:
    """Terms of every node for an area, whether the node is a gap there or not.

    Parameters
    ----------
    own, city : Series of int
        Enterprises on each node in the area and in all areas (index node id).
    near : DataFrame
        Proximity of the nodes over areas that do not overlap, as `proximity` gives it.

    Returns
    -------
    DataFrame
        Index node id; columns of `GAP_TERMS`, 0 to 1, NaN where unknown:

        - `related`: density Σ φ_ij x_j / Σ φ_ij over the other nodes j, x_j whether the area has j at all; unknown where
          no area is specialised in the node.
        - `neighbours`: share of the nodes one stage up and down the chain that the area has.
        - `demand`: ln(1 + n) of the enterprises on those nodes here, over that of the whole city; unknown where the city
          has none.
        - `supply`: ln(1 + n) of the enterprises on the node elsewhere, over that of the node with most; unknown where no
          node has any.
    """
    table = load_chains().index
    here, all_ = (counts.reindex(table).to_numpy(dtype=float) for counts in (own, city))
    links, phi = _links(), near.to_numpy().copy()
    np.fill_diagonal(phi, 0)
    known = np.nan_to_num(phi)
    supply = np.log1p(all_ - here)
    with np.errstate(invalid="ignore", divide="ignore"):
        related = known @ (here > 0) / known.sum(axis=1)
        demand = np.log1p(links @ here) / np.log1p(links @ all_)
        supply = supply / supply.max()
    terms = {
        "related": related,
        "neighbours": links @ (here > 0) / links.sum(axis=1),
        "demand": demand,
        "supply": supply,
    }
    return pd.DataFrame(terms, index=table).clip(0, 1)


@cache
def _links() -> NDArray[np.float64]:
    """1 where the second node lies one stage up or down from the first; shape (112, 112)."""
    table = load_chains().index
    links = np.zeros((len(table), len(table)))
    for row, node in enumerate(table):
        links[row, table.get_indexer([*suppliers_of(node), *customers_of(node)])] = 1
    links.flags.writeable = False
    return links


BACKTEST_METHODS: Final[dict[str, Text]] = {
    "score": Text("补链评分", "Gap score"),
    "district": Text("最大的区优先", "Biggest district first"),
    "node": Text("企业最多的环节优先", "Most frequent node first"),
    "random": Text("随机（期望）", "Random (expected)"),
}
"""What is compared → (Chinese, English); the last three are the naive ones."""

FOUNDED: Final = "founded"
LISTED_BASIS: Final = "listed"


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
    return enterprises["name"].map(first).astype("Float64").to_numpy(dtype=float, na_value=np.nan), LISTED_BASIS


def backtest(
    nodes: pd.DataFrame,
    areas: NDArray[np.integer],
    size: int,
    years: NDArray[np.float64],
    cuts: Sequence[int],
    tops: Sequence[int] = (10, 20, 50),
    weights: Mapping[str, float] = GAP_WEIGHTS,
) -> pd.DataFrame:
    """Compare the order of the gaps with naive orders.

    Parameters
    ----------
    nodes : DataFrame
        As `geo.chains.assignment.nodes_of` gives it.
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
        One row per cut, k and key of `BACKTEST_METHODS`: `known`, `later` (enterprises up to and after the cut), `cases`, `true`
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
            for method in BACKTEST_METHODS:
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
    bounds = scipy.stats.binomtest(hits, trials).proportion_ci(method="wilson")
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
        "score": found.order,
        "district": np.lexsort((-node, -district)),
        "node": np.lexsort((-district, -node)),
    }
    return orders, afterwards[cases] > 0
