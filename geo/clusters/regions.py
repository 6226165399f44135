"""Hot areas that touch, gathered into clusters with their firms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from geo.clusters.lattice import Lattice


@dataclass(frozen=True)
class Regions:
    """Clusters of hot areas.

    Attributes
    ----------
    table : DataFrame
        Index `cluster`, from 1, the most cases beyond the expected first; `areas`, `area_km2` (NaN without squares),
        `firms`, `cases`, `expected` (firms × rate of all tested areas), `ratio` (cases / expected), `q` (smallest).
    of_area : ndarray of int64
        Cluster of each area of the lattice; 0 for none.
    of_row : ndarray of int64
        Cluster of each of `lattice.rows`; 0 for none.
    """

    table: pd.DataFrame
    of_area: NDArray[np.int64]
    of_row: NDArray[np.int64]


def gather_regions(lattice: Lattice, spots: pd.DataFrame) -> Regions:
    """Gather the hot areas that neighbour each other.

    Parameters
    ----------
    lattice : Lattice
    spots : DataFrame
        As `geo.clusters.autocorrelation.hot_spots` gives it.
    """
    hot = np.flatnonzero((spots["kind"] == "hot").to_numpy())
    parts, part = connected_components(lattice.graph.sparse.tocsr()[hot][:, hot], directed=False)
    areas = lattice.table.iloc[hot].assign(part=part, q=spots["q"].to_numpy()[hot])
    table = areas.groupby("part").agg(
        areas=("firms", "size"), firms=("firms", "sum"), cases=("cases", "sum"), q=("q", "min")
    )
    tested = lattice.table[["firms", "cases"]].sum()
    table["expected"] = table["firms"] * (tested["cases"] / tested["firms"] if len(lattice.table) else np.nan)
    table["ratio"] = table["cases"] / table["expected"]
    table["area_km2"] = table["areas"] * lattice.size_m**2 / 1e6
    order = (table["cases"] - table["expected"]).sort_values(ascending=False, kind="stable").index
    number = np.zeros(parts, dtype=np.int64)
    number[order.to_numpy(dtype=np.int64)] = np.arange(1, parts + 1)
    of_area = np.zeros(len(lattice.table), dtype=np.int64)
    of_area[hot] = number[part] if parts else 0
    of_row = np.append(of_area, 0)[lattice.member]
    columns = ["areas", "area_km2", "firms", "cases", "expected", "ratio", "q"]
    table = table.loc[order, columns].set_axis(pd.RangeIndex(1, parts + 1, name="cluster"))
    return Regions(table, of_area, of_row)
