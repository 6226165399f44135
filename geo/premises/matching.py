"""Matching: which enterprises of a list might need premises, by terms that are all shown and by no score.

No list says which enterprise looks for premises.  What is given is whom it makes sense to ask: an industry that the premises
admit, or that their park publishes, and a place near by.
"""

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.chains.assignment import customers_of, load_chains, on_node, suppliers_of
from geo.chains.sites import TYPE_WORDS
from geo.crs import to_metres
from geo.errors import DataError
from geo.places.geocoding import POINT_PRECISIONS
from geo.places.parks import load_parks
from geo.premises.premises import names_node
from geo.text import Text, fold

RELATIONS: Final = {
    "same": Text("同一产业环节", "Same industry"),
    "supplier": Text("上游环节", "Supplier to it"),
    "customer": Text("下游环节", "Customer of it"),
}
"""How an enterprise's node is related to those that premises are for."""

MEASURED_PRECISIONS: Final = (*POINT_PRECISIONS, "park")
"""Precisions of premises from which distances are measured."""


class MatchedIndustry(NamedTuple):
    """What premises are for: nodes, the text that says so, and whether that is of the premises or of their park."""

    nodes: tuple[str, ...]
    text: str
    of_park: bool


def industry_of(row: pd.Series) -> MatchedIndustry:
    """The industry that premises are for.

    Raises
    ------
    DataError
        When the list says one that no chain knows, or says none and neither does the park.

    Examples
    --------
    >>> from geo.premises.premises import premises_table
    >>> row = premises_table([{"name": "样例厂房", "admitted": "动力电池"}]).iloc[0]
    >>> industry_of(row).nodes
    ('AUTO-U2',)
    """
    parks = load_parks()
    own = parks[(parks["name"] == row["park"]) & parks["listed"]] if row["park"] else parks[:0]
    published = " ".join((own["category"] + " " + own["leading"]).unique()).strip()
    text, of_park = (row["admitted"], False) if row["admitted"] else (published, True)
    nodes = tuple(node for node in load_chains().index if names_node(text, str(node)))
    exact = tuple(node for node in nodes if not _by_chain(text, str(node)))
    if nodes:
        return MatchedIndustry(exact or nodes, text, of_park)
    if not of_park:
        raise DataError(
            "清单写的产业准入对不上产业链，说不出哪些企业可能需要", value=text[:80],
            cause="没有以园区公布的产业代替（the admitted industries of the list are none that the chains know）",
        )  # fmt: skip
    raise DataError(
        "清单没有写准入的产业，所在园区也没有公布可以对上产业链的产业，说不出哪些企业可能需要",
        cause="请在清单里写明产业准入（no admitted industry is stated that the chains know）",
    )


def _by_chain(text: str, node: str) -> bool:
    """Whether a text names a node by a word of its whole chain only."""
    about, plain = load_chains().loc[node], fold(text)
    return not any(fold(word) in plain and word not in TYPE_WORDS[about["chain"]] for word in about["keywords"])


def match_enterprises(
    row: pd.Series,
    wanted: tuple[str, ...],
    enterprises: pd.DataFrame,
    nodes: pd.DataFrame,
    keep: NDArray[np.bool_] | None = None,
    radius_km: float = 5.0,
) -> pd.DataFrame:
    """Enterprises whom premises might suit.

    Parameters
    ----------
    row : Series
        One of `geo.premises.premises.premises_table`.
    wanted : tuple of str
        Nodes that the premises are for.
    enterprises, nodes : DataFrame
        Canonical columns, and `geo.chains.assignment.nodes_of` of them.
    keep : ndarray of bool, optional
        Enterprises that are looked at.
    radius_km : float
        What is near [km].

    Returns
    -------
    DataFrame
        Index of `enterprises`; `relation` (of `RELATIONS`), `distance_km` (NaN where either has no point of its own),
        `staff` (insured persons, NaN where unknown).  Same industry first, then the nearest.  Taken are those within the
        radius, and those without a distance whose district is the same.

    Raises
    ------
    DataError
        When it is not known where the premises are.
    """
    if not row["district"]:
        raise DataError(
            "不知道这处载体在哪个区，说不出附近有谁", cause="请补地址、区或坐标（its district is not known）"
        )
    relation = np.full(len(enterprises), "", dtype=object)
    groups = {
        "customer": [one for node in wanted for one in customers_of(node)],
        "supplier": [one for node in wanted for one in suppliers_of(node)],
        "same": list(wanted),
    }
    for name, members in groups.items():
        if members:
            relation[on_node(nodes, *members)] = name
    distance = np.full(len(enterprises), np.nan)
    if row["location_precision"] in MEASURED_PRECISIONS:
        fine = enterprises["location_precision"].isin(POINT_PRECISIONS).to_numpy()
        at = to_metres(enterprises["lon"].to_numpy(float), enterprises["lat"].to_numpy(float))
        here = to_metres([row["lon"]], [row["lat"]])
        distance = np.where(fine, np.hypot(*(at - here).T) / 1000, np.nan)
    same_district = (enterprises["adcode"] == row["district"]).to_numpy()
    near = np.where(np.isfinite(distance), distance <= radius_km, same_district)
    taken = (relation != "") & near & (True if keep is None else keep)
    staff = pd.to_numeric(enterprises["insured"], errors="coerce").to_numpy(float, na_value=np.nan)
    found = pd.DataFrame(
        {"relation": relation[taken], "distance_km": distance[taken], "staff": staff[taken]},
        index=enterprises.index[taken],
    )
    order = found["relation"].map(list(RELATIONS).index)
    return found.assign(order=order).sort_values(["order", "distance_km"], kind="stable").drop(columns="order")
