"""Gaps in the chains: nodes without an enterprise in an area, and which of them its other enterprises speak for.

Relatedness is the product-space proximity of Hidalgo, Klinger, Barabási and Hausmann (2007): The product space
conditions the development of nations. Science 317, 482–487.  Districts take the place of countries, nodes of products.
"""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.chains import NODE_COLUMNS, customers_of, load_chains, suppliers_of

TERMS: Final[dict[str, tuple[str, str]]] = {
    "related": ("关联度", "Relatedness"),
    "neighbours": ("上下游齐全度", "Chain neighbours present"),
    "demand": ("上下游企业数", "Enterprises up- and downstream"),
    "supply": ("市内可引企业数", "Enterprises elsewhere"),
}
"""Terms of a gap's score → (Chinese, English)."""

WEIGHTS: Final = {"related": 3.0, "neighbours": 2.0, "demand": 2.0, "supply": 3.0}
"""Weights that the page starts with: a judgement, not fitted to anything."""


def count_nodes(nodes: pd.DataFrame, keep: NDArray[np.bool_] | None = None) -> pd.Series:
    """Enterprises on each node; one that stands on two nodes counts on both.

    Parameters
    ----------
    nodes : DataFrame
        As `geo.chains.nodes_of` gives it.
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
    >>> from geo.enterprises import load_enterprises
    >>> from geo.chains import nodes_of
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
        Index node id; columns of `TERMS`, 0 to 1, NaN where unknown:

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
