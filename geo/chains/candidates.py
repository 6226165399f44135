"""Whom to ask about a gap: enterprises that fill it elsewhere or could extend to it, with every term of their score."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from geo.chains.assignment import NODE_COLUMNS, customers_of, load_chains, on_node, suppliers_of
from geo.chains.scoring import Scores, ranks_without, score
from geo.crs import to_metres
from geo.places.geocoding import POINT_PRECISIONS
from geo.text import Text

CANDIDATE_TERMS: Final[dict[str, Text]] = {
    "fit": Text("链上契合", "Chain fit"),
    "related": Text("关联度", "Relatedness"),
    "distance": Text("距链上企业", "Distance to anchors"),
    "size": Text("规模", "Size"),
    "status": Text("登记状态", "Status"),
    "evidence": Text("证据", "Evidence"),
}
"""Terms of the score → (Chinese, English)."""

CANDIDATE_WEIGHTS: Final = {"fit": 4.0, "related": 2.0, "distance": 2.0, "size": 1.0, "status": 1.0, "evidence": 2.0}
"""Weights that the page starts with: a judgement."""

FITS: Final[dict[str, tuple[float, Text]]] = {
    "node": (1.0, Text("已在该环节", "On the node already")),
    "second": (0.8, Text("该环节是其第二环节", "The node is its second one")),
    "code": (0.6, Text("同链，国标类别相同", "Same chain, same industry class")),
    "stage": (0.5, Text("同链同段", "Same chain and stage")),
    "next": (0.3, Text("同链相邻段", "Same chain, next stage")),
}
"""How an enterprise fits a gap → value and (Chinese, English)."""

STATUS_VALUES: Final = {"active": 1.0, "suspended": 0.3, "liquidating": 0.1, "moved_out": 0.0}
"""Status → value; any other is unknown.  Who is deregistered or revoked is not suggested at all."""

GONE: Final = ("deregistered", "revoked")
NODE_EVIDENCE: Final = {
    **{"recognition": 1.0, "detail": 0.8, "name": 0.6, "code": 0.6},
    **{"unverified": 0.3, "scope": 0.2},
}
PLACE_EVIDENCE: Final = {
    **{"source": 1.0, "postcode": 0.7, "inferred": 0.5, "imported": 0.5},
    **{"unverified": 0.2, "none": 0.0},
}
SIZE_WORDS: Final = {"大型": 1.0, "L": 1.0, "中型": 0.7, "M": 0.7, "小型": 0.4, "S": 0.4, "微型": 0.1, "XS": 0.1}
NEAR_M: Final = 10_000.0
"""Distance [m] at which the term of distance is one half."""

ANCHORS: Final = 3
"""Anchors that the distance is averaged over."""


_LOOKED_AT: Final = ("insured", "size", "capital_amount", "capital_currency", "status", "evidence")
"""Columns of a candidate that terms are made from, beside its place."""


@dataclass(frozen=True)
class Candidates:
    """Suggestions for a gap, the best first.

    Attributes
    ----------
    table : DataFrame
        Index enterprise id; `row` (position in the table of enterprises), `fit` (key of `FITS`), `node` (node that it
        comes by), `here` (bool: in the area), `distance_m` (mean to the nearest `ANCHORS` anchors, NaN where not known).
    terms : DataFrame
        Values of `CANDIDATE_TERMS`, 0 to 1, NaN where unknown.
    scores : Scores
    without : DataFrame of int
        Rank among all candidates if one of `CANDIDATE_TERMS` counted nothing.
    candidates, gone, anchors : int
        Enterprises that were scored, left out for their status, and anchors with a known point.
    """

    table: pd.DataFrame
    terms: pd.DataFrame
    scores: Scores
    without: pd.DataFrame
    candidates: int
    gone: int
    anchors: int


def find_candidates(
    enterprises: pd.DataFrame,
    nodes: pd.DataFrame,
    gap: str,
    area: NDArray[np.bool_],
    near: pd.DataFrame,
    *,
    weights: Mapping[str, float] = CANDIDATE_WEIGHTS,
    keep: NDArray[np.bool_] | None = None,
    most: int = 200,
) -> Candidates:
    """Suggest enterprises for a node that an area lacks.

    Parameters
    ----------
    enterprises : DataFrame
        Canonical columns.
    nodes : DataFrame
        As `geo.chains.assignment.nodes_of` gives it, row by row.
    gap : str
        Node id.
    area : ndarray of bool, shape (n,)
        Which enterprises are in the area.
    near : DataFrame
        Proximity of the nodes (`geo.chains.gaps.proximity`).
    weights : mapping of str to float
    keep : ndarray of bool, optional
        Enterprises that may be suggested or be anchors.
    most : int
        Suggestions that are kept; ranks are among all candidates.

    Returns
    -------
    Candidates

    Notes
    -----
    - `fit`: the best that `FITS` says of its nodes; one that comes by its second node counts four fifths.
    - `related`: proximity of the node that it comes by to the gap; 1 on the node itself.
    - `distance`: 1 / (1 + d / 10 km), d the mean distance to the nearest three enterprises of the area one stage up or
      down the chain; only points of precision site or road count, on both sides.
    - `size`: log₁₀(1 + insured) / 4; else by the word for its size; else log₁₀(1 + capital / 10 000 CNY) / 5; at most 1.
    - `status`: `STATUS_VALUES`.  `evidence`: mean of `NODE_EVIDENCE` and `PLACE_EVIDENCE`.
    """
    fit, by, how = _fit(nodes, gap)
    kept = np.ones(len(enterprises), dtype=bool) if keep is None else keep
    on = on_node(nodes, gap)
    wanted = kept & (fit > 0) & ~(area & on)
    gone = enterprises["status"].isin(GONE).to_numpy()
    rows = np.flatnonzero(wanted & ~gone)
    anchors = np.flatnonzero(kept & area & ~gone & on_node(nodes, *suppliers_of(gap), *customers_of(gap)))
    distance, placed = _distance(enterprises, rows, anchors)
    few = pd.DataFrame(enterprises[list(_LOOKED_AT)]).reset_index(drop=True).iloc[rows].reset_index(drop=True)
    proximity = np.where(by[rows] == load_chains().index.get_loc(gap), 1.0, near[gap].to_numpy()[by[rows]])
    terms = pd.DataFrame(
        {
            "fit": fit[rows],
            "related": proximity,
            "distance": 1 / (1 + distance / NEAR_M),
            "size": _size(few),
            "status": few["status"].map(STATUS_VALUES).to_numpy(dtype=float),
            "evidence": _evidence(few, nodes.iloc[rows]),
        },
        index=few.index,
    )
    scores = score(terms, weights)
    first = scores.order[:most]
    names = np.array([*FITS, ""])
    table = pd.DataFrame(
        {
            "row": rows,
            "fit": names[how[rows]],
            "node": load_chains().index.to_numpy()[by[rows]],
            "here": area[rows],
            "distance_m": distance,
        },
        index=few.index,
    )
    ids = enterprises.index[rows[first]]
    best = Scores(**{name: getattr(scores, name).iloc[first].set_axis(ids) for name in vars(scores)})
    without = ranks_without(terms, weights).iloc[first].set_axis(ids)
    shown, kept_terms = (frame.iloc[first].set_axis(ids) for frame in (table, terms))
    return Candidates(shown, kept_terms, best, without, len(rows), int((wanted & gone).sum()), placed)


def fits(gap: str) -> pd.Series:
    """How the enterprises of each node fit a gap: key of `FITS`, or ``""``; index node id.

    Examples
    --------
    >>> fits("EQP-M1")[["EQP-M1", "SMART-M1", "EQP-M2", "EQP-U2", "AUTO-D1"]].tolist()
    ['node', '', 'stage', 'next', '']
    """
    table = load_chains()
    same = table["chain"] == table.at[gap, "chain"]
    found = pd.Series("", index=table.index)
    found[table.index.isin([*suppliers_of(gap), *customers_of(gap)])] = "next"
    found[same & (table["stage"] == table.at[gap, "stage"])] = "stage"
    shared = table["codes"].map(lambda codes: not set(codes).isdisjoint(table.at[gap, "codes"]))
    found[same & shared] = "code"
    found[gap] = "node"
    return found


def _fit(nodes: pd.DataFrame, gap: str) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Value, position of the node that it comes by, and position of the reason among `FITS`, of each enterprise."""
    reasons = list(FITS)
    how = fits(gap)
    value = np.append(how.map(lambda reason: FITS[reason][0] if reason else 0.0).to_numpy(dtype=float), 0.0)
    reason = np.append(pd.Index(reasons).get_indexer(how), -1)
    best = np.zeros(len(nodes))
    by, why = np.full(len(nodes), -1), np.full(len(nodes), -1)
    for column in NODE_COLUMNS:
        codes = nodes[column].cat.codes.to_numpy().astype(np.int64)
        own = value[codes] * (1 if column == NODE_COLUMNS[0] else FITS["second"][0])
        better = own > best
        best[better], by[better], why[better] = own[better], codes[better], reason[codes[better]]
        if column != NODE_COLUMNS[0]:
            why[better & (why == 0)] = reasons.index("second")
    return best, by, why


def _distance(
    enterprises: pd.DataFrame, rows: NDArray[np.int64], anchors: NDArray[np.int64]
) -> tuple[NDArray[np.float64], int]:
    """Mean distance [m] of each row to its nearest anchors other than itself, and how many anchors have a point."""
    fine = enterprises["location_precision"].isin(POINT_PRECISIONS).to_numpy()
    anchors = anchors[fine[anchors]]
    distance = np.full(len(rows), np.nan)
    placed = fine[rows]
    if len(anchors) and placed.any():
        lon, lat = enterprises["lon"].to_numpy(dtype=float), enterprises["lat"].to_numpy(dtype=float)
        tree = scipy.spatial.cKDTree(to_metres(lon[anchors], lat[anchors]))
        own = rows[placed]
        ways, which = tree.query(to_metres(lon[own], lat[own]), k=ANCHORS + 1)
        other = np.append(anchors, -1)[which] != own[:, None]
        other &= np.isfinite(ways)
        other &= np.cumsum(other, axis=1) <= ANCHORS
        with np.errstate(invalid="ignore", divide="ignore"):
            distance[placed] = np.where(other, ways, 0).sum(axis=1) / np.where(
                other.any(axis=1), other.sum(axis=1), np.nan
            )
    return distance, len(anchors)


def _size(rows: pd.DataFrame) -> NDArray[np.float64]:
    """Size of each enterprise on a scale of 0 to 1; NaN where nothing is known of it."""
    insured = pd.to_numeric(rows["insured"], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    capital = pd.to_numeric(rows["capital_amount"], errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    capital = np.where(rows["capital_currency"] == "CNY", capital, np.nan)
    codes, different = pd.factorize(rows["size"])
    words = pd.Series(different, dtype="str").str.replace("企业", "").str.strip().str.upper()
    values = words.str.extract(r"^([A-Z]+|\S{2})")[0].map(SIZE_WORDS).to_numpy(dtype=float)
    by_word = np.append(values, np.nan)[codes]
    with np.errstate(invalid="ignore"):
        known = np.where(insured >= 0, np.log10(1 + insured) / 4, by_word)
        known = np.where(np.isnan(known), np.log10(1 + np.where(capital >= 0, capital, np.nan) / 1e4) / 5, known)
    return np.minimum(known, 1.0)


def _evidence(rows: pd.DataFrame, nodes: pd.DataFrame) -> NDArray[np.float64]:
    """Mean of the evidence of node and place."""
    of_node = nodes["basis"].astype(object).map(NODE_EVIDENCE).to_numpy(dtype=float)
    of_node = np.where(np.isnan(of_node) & nodes["node_3"].notna().to_numpy(), NODE_EVIDENCE["recognition"], of_node)
    return (of_node + rows["evidence"].map(PLACE_EVIDENCE).to_numpy(dtype=float)) / 2
