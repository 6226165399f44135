"""Nodes of the enterprises of a set: kept beside it as columns, and joined to one value a row for the filters."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from geo.catalog import catalogue
from geo.chains import NODE_COLUMNS, categories, nodes_of
from geo.columns import open_columns, save_columns
from geo.condition import Coded

FORMAT: Final = 1
SOURCES: Final = ("industry_chains", "enterprise_chain")


def coded_nodes(table: pd.DataFrame) -> Coded:
    """Nodes of each enterprise joined by ``;``, ``""`` for none.

    Parameters
    ----------
    table : DataFrame
        What `geo.chains.nodes_of` gives, or enterprises (canonical columns), of which it is then asked.

    Examples
    --------
    >>> from geo.enterprises import load_enterprises
    >>> node = coded_nodes(load_enterprises())
    >>> node.values[node.codes[4]]
    'EQP-M1;SMART-M1'
    """
    nodes = table if NODE_COLUMNS[0] in table.columns else nodes_of(table)
    ids = ["", *nodes[NODE_COLUMNS[0]].cat.categories]
    packed = np.zeros(len(nodes), dtype=np.int64)
    for column in NODE_COLUMNS:
        packed = packed * len(ids) + nodes[column].cat.codes.to_numpy().astype(np.int64) + 1
    codes, different = pd.factorize(packed)
    values = [";".join(filter(None, _unpacked(int(value), ids))) for value in different]
    return Coded(codes.astype(np.int32), values)


def save_nodes(nodes: pd.DataFrame, path: Path, stamp: str) -> None:
    """Write nodes to a directory; `stamp` tells the table of enterprises from others."""
    arrays = {str(column): nodes[column].cat.codes.to_numpy().astype(np.int16) for column in nodes.columns}
    save_columns(path, {"format": FORMAT, "stamp": _stamp(stamp)}, arrays)


def open_nodes(path: Path, stamp: str, index: pd.Index) -> pd.DataFrame:
    """Open what `save_nodes` wrote, for the enterprises of `index`.

    Raises
    ------
    DataError
        If a file is missing, damaged, of another version or table, or the nodes or their keywords have changed since.
    """
    _, arrays = open_columns(path, FORMAT, list(categories()), _stamp(stamp))
    columns = {
        name: pd.Categorical.from_codes(arrays[name], categories=values) for name, values in categories().items()
    }
    return pd.DataFrame(columns, index=index)


def _unpacked(value: int, ids: list[str]) -> list[str]:
    digits = []
    for _ in NODE_COLUMNS:
        value, digit = divmod(value, len(ids))
        digits.append(ids[digit])
    return digits[::-1]


def _stamp(stamp: str) -> str:
    return "-".join([stamp, *(catalogue()[name].sha256[:12] for name in SOURCES)])
