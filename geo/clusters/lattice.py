"""Hot areas that touch, gathered into clusters with their firms."""

from dataclasses import dataclass
from typing import Final, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from libpysal.graph import Graph
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geo.clusters.eligibility import LOCATED, NotEstimable, refuse_areas, refuse_counts
from geo.clusters.pattern import Pattern
from geo.crs import METRIC_CRS, STORAGE_CRS
from geo.datasets.dataset import Dataset
from geo.datasets.encoding import PRECISION, as_selection
from geo.filters.filters import Filters
from geo.text import Text

Unit = Literal["grid", "town", "district"]

LEAST_FIRMS: Final = 5
"""Firms that an area must have to be tested."""

TOWN_PRECISIONS: Final = ("site", "road", "town")
"""Precisions whose town is known for sure."""

LATTICE_UNITS: Final[dict[Unit, Text]] = {
    "grid": Text("网格", "squares"),
    "town": Text("街镇", "towns"),
    "district": Text("区", "districts"),
}


@dataclass(frozen=True)
class Lattice:
    """Areas that can be tested, and who neighbours whom.

    Attributes
    ----------
    unit : {"grid", "town", "district"}
    table : DataFrame
        One row per area with at least `LEAST_FIRMS` firms and a neighbour: `firms`, `cases`, `x`, `y` (middle [m],
        EPSG:32651), `name` (``""`` for a square).
    graph : libpysal.graph.Graph
        Contiguity (queen) of squares and districts, nearest neighbours of towns.
    rows : ndarray of int64
        Rows of the table of enterprises that the areas were made from.
    case : ndarray of bool, shape of `rows`
    member : ndarray of int64, shape of `rows`
        Position in `table` of the area of each; −1 where that area is not tested.
    size_m : float
        Side of a square [m]; NaN for towns and districts.
    thin : int
        AreaGroups with firms that are not tested: too few firms, or no neighbour.
    """

    unit: Unit
    table: pd.DataFrame
    graph: Graph
    rows: NDArray[np.int64]
    case: NDArray[np.bool_]
    member: NDArray[np.int64]
    size_m: float
    thin: int

    def refusal(self) -> NotEstimable | None:
        """Why these areas cannot be tested; None when they can."""
        name = LATTICE_UNITS[self.unit]
        known = {
            "town": Text("所在街镇已知的", "whose town is known"),
            "district": Text("所在区已知的", "whose district is known"),
        }.get(self.unit, LOCATED)
        few = refuse_counts(int(self.case.sum()), len(self.rows), known=known)
        few = few or refuse_areas(self.graph.cardinalities.tolist() if len(self.table) else [], name)
        if few:
            return few
        rate = self.table["cases"] / self.table["firms"]
        if float(rate.max() - rate.min()) < 1e-12:
            return NotEstimable(
                "各单元的行业占比完全相同，没有差异可检验。", "The rate is the same in every area: nothing to test."
            )
        return None

    def squares(self) -> gpd.GeoSeries:
        """Outlines of the squares; EPSG:4326, index of `table`."""
        half = self.size_m / 2
        x, y = self.table["x"].to_numpy(), self.table["y"].to_numpy()
        boxes = shapely.box(x - half, y - half, x + half, y + half)
        return gpd.GeoSeries(boxes, index=self.table.index, crs=METRIC_CRS).to_crs(STORAGE_CRS)


def grid(pattern: Pattern, size_m: float = 1000.0, *, shift: float = 0.0, least: int = LEAST_FIRMS) -> Lattice:
    """Squares of a grid in EPSG:32651; those with firms, which lie on land.

    Parameters
    ----------
    pattern : Pattern
    size_m : float
        Side of a square [m].
    shift : float
        By how much of a side the grid is moved, east and north.
    least : int
        Firms that a square needs to be tested.

    Examples
    --------
    >>> from geo.clusters.pattern import pattern_of
    >>> squares = grid(pattern_of([10, 20, 1010], [5, 5, 5], [True, False, False]), 1000, least=1)
    >>> squares.table[["firms", "cases"]].to_numpy().tolist(), squares.graph.cardinalities.tolist()
    ([[2, 1], [1, 0]], [1, 1])
    """
    column = np.floor(pattern.x / size_m - shift).astype(np.int64)
    row = np.floor(pattern.y / size_m - shift).astype(np.int64)
    west, south = column.min(initial=0), row.min(initial=0)
    span = int(row.max(initial=0) - south) + 1
    keys, member = np.unique((column - west) * span + (row - south), return_inverse=True)
    place = np.column_stack([keys // span + west, keys % span + south])
    table = pd.DataFrame(
        {
            "x": (place[:, 0] + 0.5 + shift) * size_m,
            "y": (place[:, 1] + 0.5 + shift) * size_m,
            "name": "",
        },
        index=[f"{east}:{north}" for east, north in place],
    )
    return _lattice("grid", table, pattern.rows, pattern.case, member, place.astype(float), 1.5, size_m, least)


def towns(data: Dataset, filters: Filters, industry: str, *, neighbours: int = 6, least: int = LEAST_FIRMS) -> Lattice:
    """Towns with a point, each with the firms whose town is known, however precisely else.

    Parameters
    ----------
    data, filters, industry
        As in `geo.clusters.pattern.marked_pattern`.
    neighbours : int
        Nearest towns that count as neighbours; no borders of towns exist.
    """
    rows, case = _known(data, filters, industry, TOWN_PRECISIONS)
    located = data.towns.dropna(subset="geometry").to_crs(METRIC_CRS)
    codes = pd.MultiIndex.from_arrays([located["adcode"], located["name"]])
    firms = data.enterprises[["adcode", "town"]].iloc[rows]
    member = codes.get_indexer(pd.MultiIndex.from_frame(firms)) if len(codes) else np.full(len(rows), -1)
    inside = member >= 0
    table = pd.DataFrame({"x": located.geometry.x, "y": located.geometry.y, "name": located["name"]})
    table.index = pd.Index(located["code"].to_numpy())
    points = table[["x", "y"]].to_numpy()
    return _lattice("town", table, rows[inside], case[inside], member[inside], points, neighbours, np.nan, least)


def districts(data: Dataset, filters: Filters, industry: str, *, least: int = LEAST_FIRMS) -> Lattice:
    """Districts, each with all its firms, however precisely placed; neighbours share a border."""
    every = tuple(name for name in data.facet_index.dimensions[PRECISION].categories if name != "none")
    rows, case = _known(data, filters, industry, every)
    member = data.districts.index.get_indexer(data.enterprises["adcode"].iloc[rows])
    inside = member >= 0
    middle = data.districts.geometry.to_crs(METRIC_CRS).representative_point()
    name = data.districts["name_zh"]
    table = pd.DataFrame({"x": middle.x, "y": middle.y, "name": name}, index=data.districts.index)
    return _lattice("district", table, rows[inside], case[inside], member[inside], data.districts, 0, np.nan, least)


def _known(
    data: Dataset, filters: Filters, industry: str, precisions: tuple[str, ...]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Rows of the selection of some precisions, and which of them are cases."""
    whole = filters.without("industry")
    mask = data.facet_index.mask({**as_selection(whole), PRECISION: precisions})
    keep = data.counted(whole)
    if keep is not None:
        mask = mask & keep
    rows = np.flatnonzero(mask)
    return rows, data.facet_index.mask({"industry": [industry]})[rows]


def _lattice(  # type: ignore[no-untyped-def]
    unit: Unit, table: pd.DataFrame, rows, case, member, places, reach: float, size_m: float, least: int
) -> Lattice:
    """Keep the areas with enough firms and a neighbour."""
    size = len(table)
    table["firms"] = np.bincount(member, minlength=size).astype(np.int64)
    table["cases"] = np.bincount(member[case], minlength=size).astype(np.int64)
    kept = np.flatnonzero(table["firms"].to_numpy() >= least)
    pairs = _pairs(unit, places, kept, reach)
    touched = np.unique(pairs[0])  # an area without a neighbour is no area of this lattice
    if unit == "grid":
        position = np.full(len(kept), -1)
        position[touched] = np.arange(len(touched))
        kept, pairs = kept[touched], position[pairs]
    where = np.full(size, -1)
    where[kept] = np.arange(len(kept))
    occupied = int((table["firms"] > 0).sum())
    chosen = table.iloc[kept][["name", "x", "y", "firms", "cases"]]
    graph = _graph(pairs, chosen.index)
    return Lattice(unit, chosen, graph, rows, case, where[member], size_m, occupied - len(kept))


def _pairs(unit: Unit, places, kept: NDArray[np.int64], reach: float) -> NDArray[np.int64]:  # type: ignore[no-untyped-def]
    """Neighbours among the kept areas as positions in `kept`, both ways; shape (2, pairs)."""
    if len(kept) < 2:
        return np.zeros((2, 0), dtype=np.int64)
    if unit == "district":
        shapes = places.geometry.to_numpy()[kept]
        first, second = shapely.STRtree(shapes).query(shapes, predicate="intersects")
        return np.array([first, second])[:, first != second]
    points = np.asarray(places)[kept]
    if unit == "town":
        nearest = min(int(reach), len(kept) - 1)
        near = cKDTree(points).query(points, k=nearest + 1)[1]
        own = np.repeat(np.arange(len(kept)), nearest + 1)
        first, second = own, near.ravel()
        return np.array([first, second])[:, first != second]
    there = cKDTree(points).query_pairs(reach, output_type="ndarray")
    return np.concatenate([there, there[:, ::-1]]).T.astype(np.int64)


def _graph(pairs: NDArray[np.int64], ids: pd.Index) -> Graph:
    """Binary graph over the areas."""
    size = len(ids)
    if not size:
        return Graph.from_arrays(np.zeros(0, int), np.zeros(0, int), np.zeros(0))
    matrix = sparse.coo_array((np.ones(pairs.shape[1]), (pairs[0], pairs[1])), shape=(size, size))
    return Graph.from_sparse(matrix, ids=ids)


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
