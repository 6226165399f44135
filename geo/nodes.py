"""Nodes of the industry chains, and which of them an enterprise stands on."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.catalog import read_table
from geo.enterprises import enterprise_ids


@cache
def load_nodes() -> pd.DataFrame:
    """Nodes of the chains.

    Returns
    -------
    DataFrame
        Index `node_id`; columns `chain`, `chain_id`, `stage` (上游、中游、下游), `node_zh`, `node_en`,
        `gb4754_codes` (joined by ``|``), `keywords`.

    Examples
    --------
    >>> load_nodes().loc["AUTO-D1", "node_en"]
    'Passenger cars'
    """
    table = read_table("industry_chains", ["chain", "chain_id", "stage", "node_id", "node_zh", "node_en"])
    return table.set_index("node_id")


def nodes_of(table: pd.DataFrame) -> tuple[NDArray[np.int32], list[str]]:
    """Nodes of each enterprise: those listed for its name, else those that list the class of its GB/T 4754 code.

    Parameters
    ----------
    table : DataFrame
        Columns `enterprise_id` and `gb4754`.

    Returns
    -------
    codes : ndarray of int32, shape (n,)
        Position in `values`.
    values : list of str
        Nodes joined by ``;``, ``""`` for none.
    """
    of_id, of_class = _nodes_by_id(), _nodes_by_class()
    classes, known = pd.factorize(table["gb4754"].fillna(""))
    values = ["", *of_id.values(), *of_class.values()]
    place = {value: code for code, value in reversed(list(enumerate(values)))}
    of_code = np.array([place[of_class.get(str(code), "")] for code in known], dtype=np.int32)
    codes = of_code[classes] if len(known) else np.zeros(len(table), np.int32)
    listed = table["enterprise_id"].isin(list(of_id)).to_numpy(dtype=bool)
    codes[listed] = [place[of_id[key]] for key in table["enterprise_id"].to_numpy(dtype=object)[listed]]
    used, codes = np.unique(codes, return_inverse=True)
    return codes.astype(np.int32), [values[code] for code in used]


@cache
def _nodes_by_id() -> dict[str, str]:
    table = read_table("enterprise_chain", ["name", "node_id", "node_id_2"])
    joined = [";".join(filter(None, pair)) for pair in zip(table["node_id"], table["node_id_2"], strict=True)]
    return {key: nodes for key, nodes in zip(enterprise_ids(table["name"]), joined, strict=True) if nodes}


@cache
def _nodes_by_class() -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for node, codes in load_nodes()["gb4754_codes"].items():
        for code in filter(None, codes.split("|")):
            found.setdefault(code, []).append(str(node))
    return {code: ";".join(nodes) for code, nodes in found.items()}
