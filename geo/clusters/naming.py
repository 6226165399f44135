"""What to call a cluster: the park or town that its firms share, and its firms that stand out."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

SHARED: Final = 0.3
"""Share of the firms that have to have a park or town in common for the cluster to be called by it."""

Named = tuple[str, str]


def place_of(firms: pd.DataFrame) -> str:
    """Park that the firms share, else town, else district; ``""`` where they share nothing.

    Examples
    --------
    >>> firms = pd.DataFrame({"park": ["", "", "甲园"], "town": ["安亭镇", "安亭镇", ""], "district": ["嘉定区"] * 3})
    >>> place_of(firms)
    '甲园'
    >>> place_of(firms.iloc[:2])
    '安亭镇'
    """
    for column in ("park", "town", "district"):
        said = firms[column][firms[column] != ""]
        if len(said):
            most = said.value_counts()
            if most.iloc[0] >= SHARED * len(firms):
                return str(most.index[0])
    return ""


def leading(firms: pd.DataFrame, most: int = 3) -> list[str]:
    """Names of the firms that stand out: by recognitions, then insured staff, then capital.

    Examples
    --------
    >>> firms = pd.DataFrame({"name": ["甲", "乙", "丙"], "recognitions": ["", "lighthouse", ""],
    ...                       "insured": [5, 1, 90], "capital_amount": [0, 0, 0]})
    >>> leading(firms, 2)
    ['乙', '丙']
    """
    rank = pd.DataFrame(
        {
            "held": firms["recognitions"].map(lambda text: len([kind for kind in str(text).split(";") if kind])),
            "insured": pd.to_numeric(firms["insured"], errors="coerce").fillna(0).astype(float),
            "capital": pd.to_numeric(firms["capital_amount"], errors="coerce").fillna(0).astype(float),
        }
    )
    order = rank.sort_values(["held", "insured", "capital"], ascending=False, kind="stable").index[:most]
    return [str(name) for name in firms.loc[order, "name"]]


def name_clusters(
    enterprises: pd.DataFrame, rows: NDArray[np.int64], label: NDArray[np.int64], clusters: int
) -> pd.DataFrame:
    """Place and leading firms of each cluster.

    Parameters
    ----------
    enterprises : DataFrame
        Canonical columns.
    rows, label : ndarray of int64, same shape
        Rows of the table, and the cluster of each from 1; 0 for none.
    clusters : int

    Returns
    -------
    DataFrame
        Index `cluster`; `place`, `firms_named` (names joined by ``、``).
    """
    columns = ["name", "park", "town", "district", "recognitions", "insured", "capital_amount"]
    inside = label > 0
    known = pd.DataFrame(enterprises[columns].iloc[rows[inside]]).reset_index(drop=True)
    by_cluster = known.groupby(label[inside])
    found = {number: (place_of(firms), "、".join(leading(firms))) for number, firms in by_cluster}
    index = pd.RangeIndex(1, clusters + 1, name="cluster")
    return pd.DataFrame([found.get(number, ("", "")) for number in index], index=index, columns=["place", "leading"])
