"""A network of roads: driving times on it by Dijkstra's shortest paths (SciPy), exact for the speeds it assumes.

A network has vertices, where roads meet or end, and edges between them, each driven one way or both; points within the
edges, corners and at most 100 m apart, are where people and enterprises stand.  Times are of free flow: neither
congestion nor traffic lights nor turn restrictions are known.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final, NamedTuple, Self

import geopandas as gpd
import numpy as np
import scipy
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from geo.crs import METRIC_CRS, STORAGE_CRS, to_metres
from geo.errors import DataError

DEGREE_UNITS: Final = 1e7
"""Whole numbers to a degree: as OpenStreetMap keeps them."""

SNAP_M: Final = 300.0
"""Whoever is farther from every road has no driving time."""

ACCESS_KMH: Final = 15.0
"""Assumed speed between a point and the road it is snapped to."""

MAX_DRIVE_MINUTES: Final = 120.0
"""Longer drives are not looked for."""

LEAST_CELL_M: Final = 200.0
"""Least size of what an outline of a driving time is made of."""

_CELLS_ACROSS: Final = 200
_KEPT_ORIGINS: Final = 16
_KEPT_OUTLINES: Final = 32


class Snapped(NamedTuple):
    """Where points stand on a network: position among its points, −1 for none, and the way there at `ACCESS_KMH` [s]."""

    point: NDArray[np.int64]
    access: NDArray[np.float64]

    @property
    def found(self) -> NDArray[np.bool_]:
        """Which of them a road is near enough to."""
        return self.point >= 0


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """Vertices, edges, and the points within the edges.

    `vertices` (V, 2) and `inner` (P, 2) are longitude and latitude in 1e-7 degrees; `open_vertex` tells where one may
    join the road.  Of each edge, `tails` and `heads` are positions of vertices, `seconds` and `metres` its length, `kinds` its class,
    `one_way` whether it is driven from tail to head only; `open_kind` tells of each class whether one may join it.
    `inner_edge` and `inner_seconds` say where an inner point lies.  `fastest_kmh` is the highest speed of all;
    `left_out` counts vertices and edges that are not connected.
    """

    vertices: NDArray[np.int32]
    open_vertex: NDArray[np.bool_]
    tails: NDArray[np.int32]
    heads: NDArray[np.int32]
    seconds: NDArray[np.float64]
    metres: NDArray[np.float64]
    kinds: NDArray[np.int8]
    one_way: NDArray[np.bool_]
    open_kind: NDArray[np.bool_]
    inner: NDArray[np.int32]
    inner_edge: NDArray[np.int32]
    inner_seconds: NDArray[np.float64]
    fastest_kmh: NDArray[np.float64]
    left_out: NDArray[np.int64]

    def save(self, file: Path) -> None:
        """Write the arrays as npz, which holds no code."""
        np.savez_compressed(file, **{field.name: getattr(self, field.name) for field in fields(self)})

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read what `save` wrote.

        Raises
        ------
        DataError
            When it is none.
        """
        try:
            with np.load(file, allow_pickle=False) as arrays:
                return cls(**{field.name: arrays[field.name] for field in fields(cls)})
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise DataError("路网读不出来", file=file, expected="再建一次：python -m app roads 文件") from error

    @cached_property
    def lon_lat(self) -> NDArray[np.float64]:
        """All points, vertices first: longitude and latitude [degrees]; shape (V + P, 2)."""
        return np.concatenate([self.vertices, self.inner]) / DEGREE_UNITS

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """West, south, east, north [degrees]."""
        west, south = self.lon_lat.min(axis=0)
        east, north = self.lon_lat.max(axis=0)
        return float(west), float(south), float(east), float(north)

    @cached_property
    def _places(self) -> tuple[scipy.spatial.cKDTree, NDArray[np.int64]]:
        """Points where a road may be joined, in metres, and their positions."""
        joined = np.r_[self.open_vertex, self.open_kind[self.kinds[self.inner_edge]]]
        rows = np.flatnonzero(joined)
        return scipy.spatial.cKDTree(to_metres(*self.lon_lat[rows].T)), rows

    def snap(self, lon: ArrayLike, lat: ArrayLike) -> Snapped:
        """The nearest point of a road that may be joined, at most `SNAP_M` away; motorways cannot be joined.

        Parameters
        ----------
        lon, lat : array_like, shape (n,)
            WGS-84 [degrees]; NaN finds none.
        """
        at = to_metres(lon, lat)
        point, access = np.full(len(at), -1), np.full(len(at), np.inf)
        known = np.flatnonzero(np.isfinite(at).all(axis=1))
        tree, rows = self._places
        if len(known) and len(rows):
            away, nearest = tree.query(at[known], distance_upper_bound=SNAP_M, workers=-1)
            near = np.isfinite(away)
            point[known[near]] = rows[nearest[near]]
            access[known[near]] = away[near] / (ACCESS_KMH / 3.6)
        return Snapped(point, access)

    def times(self, lon: float, lat: float, to: Snapped, *, towards: bool = False) -> NDArray[np.float64]:
        """Driving time [s] from one place to others, or, `towards` it, from them; inf where none is known.

        Parameters
        ----------
        lon, lat : float
            WGS-84 [degrees].
        to : Snapped
            Of this network, shape (n,).

        Returns
        -------
        ndarray of float, shape (n,)
            With the way to and from the road; more than `MAX_DRIVE_MINUTES` is inf, and so is everything when no road
            is near.
        """
        reached, access = self._reached(float(lon), float(lat), towards)
        seconds = np.full(len(to.point), np.inf)
        found = to.found
        seconds[found] = reached[to.point[found]] + to.access[found] + access
        seconds[seconds > MAX_DRIVE_MINUTES * 60] = np.inf
        return seconds

    def reached(self, lon: float, lat: float, minutes: float) -> NDArray[np.bool_]:
        """Which points of the network can be driven to from a place in so many minutes; shape (V + P,)."""
        seconds, access = self._reached(float(lon), float(lat), False)
        return np.asarray(seconds + access <= minutes * 60)

    def matrix(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.float64]:
        """Driving times [s] between places, row to column; 0 from one to itself, inf where none is known; shape (n, n)."""
        x, y = np.asarray(lon, float), np.asarray(lat, float)
        at = self.snap(x, y)
        made = np.array([self.times(east, north, at) for east, north in zip(x, y, strict=True)]).reshape(len(x), len(x))
        np.fill_diagonal(made, 0.0)
        return made

    @cached_property
    def _reached(self) -> Callable[[float, float, bool], tuple[NDArray[np.float32], float]]:
        return lru_cache(maxsize=_KEPT_ORIGINS)(self._reach)

    def _reach(self, lon: float, lat: float, towards: bool) -> tuple[NDArray[np.float32], float]:
        """Seconds between a place, once on the road, and every point; and how long it takes to get on the road."""
        at = self.snap([lon], [lat])
        count, point = len(self.vertices), int(at.point[0])
        if point < 0:
            return np.full(count + len(self.inner), np.inf, np.float32), np.inf
        matrix = self._graphs[int(towards)]
        if point < count:
            ends, costs = np.array([point]), np.array([0.0])
        else:  # a place within an edge goes on to its head, or back to its tail
            ends, costs = self._ends(point - count, leaving=not towards)
        grown = scipy.sparse.csr_matrix(
            (np.r_[matrix.data, costs + _LEAST_SECONDS], np.r_[matrix.indices, ends], np.r_[matrix.indptr, matrix.nnz + len(ends)]),
            shape=(count + 1, count + 1),
        )  # fmt: skip
        limit = MAX_DRIVE_MINUTES * 60
        far = scipy.sparse.csgraph.dijkstra(grown, indices=count, limit=limit)[:count] - _LEAST_SECONDS
        ahead, back = self._within(far, towards)
        inner = np.minimum(ahead, back)
        if point >= count:
            self._along(inner, point - count, towards)
        return np.concatenate([far, inner]).astype(np.float32), float(at.access[0])

    def _ends(self, inner: int, *, leaving: bool) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Vertices that an inner point leads to, or is come to from, and the seconds between."""
        edge, along = int(self.inner_edge[inner]), float(self.inner_seconds[inner])
        tail, head = (int(self.tails[edge]), along), (int(self.heads[edge]), float(self.seconds[edge]) - along)
        ways = [head if leaving else tail, *([] if self.one_way[edge] else [tail if leaving else head])]
        cheapest: dict[int, float] = {}
        for vertex, seconds in ways:  # of a loop both ends are one vertex
            cheapest[vertex] = min(seconds, cheapest.get(vertex, np.inf))
        return np.array(sorted(cheapest)), np.array([cheapest[vertex] for vertex in sorted(cheapest)])

    def _within(self, far: NDArray[np.float64], towards: bool) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Seconds between the place and the inner points by way of the one end of their edge, and of the other."""
        edge = self.inner_edge
        by_tail = far[self.tails[edge]] + self.inner_seconds
        by_head = far[self.heads[edge]] + self.seconds[edge] - self.inner_seconds
        barred = self.one_way[edge]
        return (np.where(barred, np.inf, by_tail), by_head) if towards else (by_tail, np.where(barred, np.inf, by_head))

    def _along(self, inner: NDArray[np.float64], start: int, towards: bool) -> None:
        """Take the direct way to the other points of the edge that the place is on, where it may be driven."""
        same = np.flatnonzero(self.inner_edge == self.inner_edge[start])
        ahead = self.inner_seconds[same] - self.inner_seconds[start]
        if self.one_way[self.inner_edge[start]]:
            ahead = np.where((-ahead if towards else ahead) >= 0, ahead, np.inf)
        inner[same] = np.minimum(inner[same], np.abs(ahead))

    @cached_property
    def _graphs(self) -> tuple[scipy.sparse.csr_matrix, scipy.sparse.csr_matrix]:
        """Seconds from vertex to vertex, and the same turned round; of parallel edges the quickest."""
        two = ~self.one_way
        tails, heads = np.r_[self.tails, self.heads[two]], np.r_[self.heads, self.tails[two]]
        seconds = np.r_[self.seconds, self.seconds[two]]
        order = np.lexsort((seconds, heads, tails))
        tails, heads, seconds = tails[order], heads[order], seconds[order]
        kept = np.r_[True, (tails[1:] != tails[:-1]) | (heads[1:] != heads[:-1])] & (tails != heads)
        count = len(self.vertices)
        graph = scipy.sparse.csr_matrix((seconds[kept], (tails[kept], heads[kept])), shape=(count, count))
        return graph, graph.T.tocsr()


_LEAST_SECONDS: Final = 1e-3
"""Of the edge from a place to its vertex: SciPy takes an edge of no length for none."""


@lru_cache(maxsize=_KEPT_OUTLINES)
def isochrone(network: RoadNetwork, lon: float, lat: float, minutes: float) -> BaseGeometry:
    """Outline of the roads that can be driven to from a place in so many minutes.

    Parameters
    ----------
    network : RoadNetwork
    lon, lat : float
        WGS-84 [degrees].
    minutes : float

    Returns
    -------
    Polygon or MultiPolygon, WGS-84
        The land within about one cell of a road that is reached, a cell being 200 m or 1/200 of the width of all that
        is reached, whichever is more: an outline for the eye; which enterprise is within is decided by its own driving
        time.  Empty when no road is near the place.
    """
    reached = network.lon_lat[network.reached(lon, lat, minutes)]
    if not len(reached):
        return shapely.Polygon()
    metres = to_metres(*reached.T)
    cell = max(LEAST_CELL_M, float(np.ptp(metres, axis=0).max()) / _CELLS_ACROSS)
    corners = np.unique(np.floor(metres / cell), axis=0)
    west_south, east_north = corners * cell, (corners + 1) * cell
    cells = shapely.coverage_union_all(shapely.box(*west_south.T, *east_north.T))
    outline = cells.buffer(cell / 2, quad_segs=3).simplify(cell / 5)
    return gpd.GeoSeries([outline], crs=METRIC_CRS).to_crs(STORAGE_CRS).iloc[0]
