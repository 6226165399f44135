"""Related industries: nodes of the chains whose enterprises are found in the same areas, with intervals, and what chance gives.

Proximity is that of Hidalgo, Klinger, Barabási, Hausmann (2007), Science 317, 482–487, as `geo.chains.gaps.proximity`
has it.  It comes of the set at hand and says what lies together in it, not who supplies whom.
"""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.chains.gaps import proximity
from geo.errors import DataError
from geo.text import Text

MIN_NODE_ENTERPRISES: Final = 10
"""Enterprises from which on a node is compared."""

MIN_AREA_ENTERPRISES: Final = 10
"""Enterprises from which on an area takes part: in a smaller one a single enterprise is a specialisation."""

MIN_RELATED_AREAS: Final = 8
"""Areas from which on proximity is given at all: of fewer it takes only a handful of values."""

RESAMPLINGS: Final = 400

RELATED_WEIGHTS: Final = {"related": 1.0, "neighbours": 0.0, "demand": 0.0, "supply": 0.0}
"""Weights by which `geo.chains.gaps.backtest` tests proximity alone."""

RELATED_VERDICTS: Final[dict[str, Text]] = {
    "together": Text("多在一处", "Found together"),
    "apart": Text("多不在一处", "Found apart"),
    "open": Text("看不出", "Cannot be told"),
}
"""What the interval says beside what chance gives → (Chinese, English)."""


def compared(counts: pd.DataFrame) -> pd.DataFrame:
    """The areas that take part, all nodes in them.

    Parameters
    ----------
    counts : DataFrame of int, shape (nodes, areas)
        As `geo.chains.gaps.count_by` gives it.

    Raises
    ------
    DataError
        When fewer than `MIN_RELATED_AREAS` areas hold `MIN_AREA_ENTERPRISES`, or fewer than two nodes `MIN_NODE_ENTERPRISES`; it
        says how many there are.

    Examples
    --------
    >>> compared(pd.DataFrame([[10, 4, *[10] * 7], [0, 5, *[10] * 7]])).shape
    (2, 8)
    """
    kept = counts.loc[:, counts.sum(axis=0) >= MIN_AREA_ENTERPRISES]
    nodes = int((kept.sum(axis=1) >= MIN_NODE_ENTERPRISES).sum())
    if kept.shape[1] < MIN_RELATED_AREAS:
        raise DataError(
            f"有 {MIN_AREA_ENTERPRISES} 家以上（归入环节的）的地方只有 {kept.shape[1]} 处，少于 {MIN_RELATED_AREAS} 处，"
            f"不作判断（too few areas: {kept.shape[1]}, at least {MIN_RELATED_AREAS})"
        )
    if nodes < 2:
        raise DataError(
            f"有 {MIN_NODE_ENTERPRISES} 家以上的环节只有 {nodes} 个，不作判断（too few nodes with "
            f"{MIN_NODE_ENTERPRISES} enterprises: {nodes}, at least 2）"
        )
    return kept


def related_nodes(counts: pd.DataFrame, resamplings: int = RESAMPLINGS, seed: int = 2017) -> pd.DataFrame:
    """Proximity of every two nodes that have enough enterprises, with its interval and what chance gives.

    Parameters
    ----------
    counts : DataFrame of int, shape (nodes, areas)
        Areas that do not overlap, as `geo.chains.gaps.count_by` gives them.
    resamplings : int
    seed : int

    Returns
    -------
    DataFrame
        One row per pair, highest `low` first, then `proximity`: `first`, `second` (in the order of `counts`),
        `first_enterprises`, `second_enterprises`, `together` (areas specialised in both), `proximity` (0 to 1), `low`,
        `high` (95 %, percentiles of the bootstrap over enterprises), `expected` (mean where the enterprises of each node
        lie in the areas as all enterprises do) and `verdict` (key of `RELATED_VERDICTS`: ``together`` where the interval
        is above `expected`, ``apart`` where it is below).  Pairs of which proximity is not defined are left out.

    Raises
    ------
    DataError
        As `compared`.

    Notes
    -----
    The bootstrap draws as many enterprises as there are, with replacement, from the table of nodes and areas (a
    multinomial); one that stands on two nodes is drawn as two.  Verdicts are for one pair each: of 40 pairs that are
    not related, one is expected to look so.

    Examples
    --------
    >>> block = np.kron(np.array([[30, 1], [30, 1], [1, 30]]), np.ones((1, 4), dtype=int))
    >>> found = related_nodes(pd.DataFrame(block, index=list("abc")), 50)
    >>> found.loc[0, ["first", "second", "verdict"]].tolist(), float(found.loc[0, "proximity"])
    (['a', 'b', 'together'], 1.0)
    """
    counts = compared(counts)
    sums = counts.sum(axis=1)
    rows = np.flatnonzero(sums >= MIN_NODE_ENTERPRISES)
    first, second = (rows[side] for side in np.triu_indices(len(rows), 1))
    observed = proximity(counts).to_numpy()[first, second]
    defined = np.isfinite(observed)
    first, second, observed = first[defined], second[defined], observed[defined]
    n = counts.to_numpy(dtype=np.int64)
    total, random = int(n.sum()), np.random.default_rng(seed)
    by_chance = np.outer(n.sum(axis=1), n.sum(axis=0)) / total**2
    drawn, chance = (_drawn(random, total, shares, resamplings, first, second) for shares in (n / total, by_chance))
    low, high = np.nanpercentile(drawn, [2.5, 97.5], axis=0)
    expected = np.nanmean(chance, axis=0)
    names = counts.index.to_numpy()
    special = (n * total >= np.outer(n.sum(axis=1), n.sum(axis=0))) & (n > 0)
    verdict = np.select([low > expected, high < expected], ["together", "apart"], "open")
    found = pd.DataFrame(
        {
            "first": names[first],
            "second": names[second],
            "first_enterprises": sums.to_numpy()[first],
            "second_enterprises": sums.to_numpy()[second],
            "together": (special[first] & special[second]).sum(axis=1),
            "proximity": observed,
            "low": low,
            "high": high,
            "expected": expected,
            "verdict": verdict,
        }
    )
    return found.sort_values(["low", "proximity"], ascending=False, kind="stable").reset_index(drop=True)


def related_to(found: pd.DataFrame, node: str) -> pd.DataFrame:
    """The pairs of one node, that node first in each.

    Examples
    --------
    >>> pairs = pd.DataFrame({"first": ["a"], "second": ["b"], "first_enterprises": [1], "second_enterprises": [2]})
    >>> related_to(pairs, "b").to_dict("list")
    {'first': ['b'], 'second': ['a'], 'first_enterprises': [2], 'second_enterprises': [1]}
    """
    own = found[(found["first"] == node) | (found["second"] == node)].reset_index(drop=True)
    turned = own["second"] == node
    return own.assign(
        first=own["second"].where(turned, own["first"]),
        second=own["first"].where(turned, own["second"]),
        first_enterprises=own["second_enterprises"].where(turned, own["first_enterprises"]),
        second_enterprises=own["first_enterprises"].where(turned, own["second_enterprises"]),
    )


def _drawn(
    random: np.random.Generator,
    total: int,
    shares: NDArray[np.float64],
    resamplings: int,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Proximity of the pairs in tables drawn from shares; shape (resamplings, pairs)."""
    made = np.empty((resamplings, len(first)))
    flat = shares.ravel() / shares.sum()
    for number in range(resamplings):
        table = pd.DataFrame(random.multinomial(total, flat).reshape(shares.shape))
        made[number] = proximity(table).to_numpy()[first, second]
    return made
