"""Which polygon holds each point: an exact join for millions of points.

A raster of two levels lies over the bounds of all polygons (`geo.raster`). Most points cost one or two
look-ups. A point in a cell near an edge is tested against the few edges of that cell by the crossing number,
with the sign of every doubtful orientation computed without rounding (`geo.orientation`). No memory is taken
per point but the answer itself. A few points do not wait for the raster: they ask a tree of the polygons, which
gives the same answer.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.compiled import kernel
from geo.errors import DataError
from geo.orientation import covers
from geo.raster import BLOCK, BLOCK_BITS, groups, paint, split, spread

THREADED: Final = 100_000  # [points] fewer are not worth a second thread
FEW: Final = 1_000  # [points] as long as there are no more, the raster is not worth building


@kernel()
def _locate(x, y, out, raster, frame):  # type: ignore[no-untyped-def]  # numba infers the types
    coarse, fine, cell_first, owner, edge_first, edges = raster
    x_low, y_low, x_high, y_high, x_scale, y_scale = frame
    last = np.uint64(len(coarse) * BLOCK - 1)  # the last cell holds the upper bound
    inside, bits = np.uint64(BLOCK - 1), np.uint64(BLOCK_BITS)
    for i in range(len(x)):
        out[i] = -1
        if not (x_low <= x[i] <= x_high and y_low <= y[i] <= y_high):
            continue
        row = min(np.uint64(np.int64((y[i] - y_low) * y_scale)), last)
        column = min(np.uint64(np.int64((x[i] - x_low) * x_scale)), last)
        label = coarse[row >> bits, column >> bits]
        if label < -1:
            label = fine[-2 - label, row & inside, column & inside]
        if label >= -1:
            out[i] = label
            continue
        for k in range(cell_first[-2 - label], cell_first[-1 - label]):
            begin, end = edge_first[k], edge_first[k + 1]
            if begin == end or covers(edges, begin, end, x[i], y[i]):
                out[i] = owner[k]
                break


class PolygonIndex:
    """Finds the polygon that holds each point.

    A point belongs to the polygon of the *lowest position* that ``shapely.intersects`` it: its inside or its
    border, outer and inner rings alike. So a point on a shared border belongs to exactly one polygon, the
    earlier one, and every point of the outer border has a polygon. The answer is exact for the coordinates
    as float64 (absolute values within 1e-140 … 1e140, or 0).

    Parameters
    ----------
    geometries : sequence of shapely Polygon or MultiPolygon
        In any CRS, as long as the points use the same. ``None`` and empty geometries hold no point.
        In an invalid polygon the inside is where the crossing number is odd.
    cells : int
        Fine cells along each side of the raster, rounded up to a multiple of 8. More take longer to build and
        leave fewer points to test.

    Raises
    ------
    DataError
        If a geometry is not a (Multi)Polygon or has a coordinate that is not finite.

    Examples
    --------
    >>> from shapely import box
    >>> index = PolygonIndex([box(0, 0, 2, 2), box(2, 0, 4, 2)], cells=64)
    >>> index.locate_index([1.0, 2.0, 3.0, 9.0, float("nan")], [1.0, 1.0, 1.0, 1.0, 1.0])
    array([ 0,  0,  1, -1, -1], dtype=int16)
    """

    def __init__(self, geometries: Sequence[Any], cells: int = 4096) -> None:
        shapes = np.array(list(geometries), dtype=object)
        self.size = len(shapes)
        kinds = shapely.get_type_id(shapes)
        for row in np.flatnonzero(~np.isin(kinds, (-1, 3, 6))):
            raise DataError(
                "图形不是面",
                row=int(row) + 1,
                value=shapes[row].geom_type,
                expected="Polygon 或 MultiPolygon",
                cause="图层是点或线",
            )
        self.dtype = np.dtype(np.int16 if self.size <= np.iinfo(np.int16).max else np.int32)
        parts, part_owner = shapely.get_parts(shapes, return_index=True)
        xy, xy_part = shapely.get_coordinates(parts, return_index=True)
        if not np.isfinite(xy).all():
            row = part_owner[xy_part[~np.isfinite(xy).all(axis=1)][0]]
            raise DataError("面的坐标不是有限的数", row=int(row) + 1)
        self._shapes, self._cells = shapes, cells

    def __len__(self) -> int:
        """Return the number of polygons."""
        return self.size

    @property
    def nbytes(self) -> int:
        """Memory of the raster [bytes]."""
        return sum(int(array.nbytes) for array in self._raster[0])

    def build(self) -> PolygonIndex:
        """Build the raster now, instead of with the first call that has many points."""
        _ = self._raster
        return self

    def locate_index(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.integer[Any]]:
        """Position of the polygon that holds each point.

        Parameters
        ----------
        lon, lat : array-like of float
            x and y in the CRS of the polygons, of one shape.

        Returns
        -------
        ndarray of int16 (int32 beyond 32,767 polygons)
            Of the same shape; -1 outside every polygon and where a coordinate is NaN or infinite.

        Raises
        ------
        DataError
            If ``lon`` and ``lat`` differ in shape.
        """
        xs, ys = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        if xs.shape != ys.shape:
            raise DataError("经度与纬度个数不一", value=f"{xs.shape}、{ys.shape}")
        x, y = np.ascontiguousarray(xs).reshape(-1).view(), np.ascontiguousarray(ys).reshape(-1).view()
        if len(x) <= FEW and "_raster" not in vars(self):
            return self._locate_few(x, y).reshape(xs.shape)
        raster, frame = self._raster
        out = np.empty(len(x), self.dtype)
        threads = min(os.cpu_count() or 1, max(len(x) // THREADED, 1))
        cuts = [len(x) * k // threads for k in range(threads + 1)]

        x.flags.writeable = y.flags.writeable = False  # one compiled kernel for owned and borrowed arrays

        def work(k: int) -> None:
            part = slice(cuts[k], cuts[k + 1])
            _locate(x[part], y[part], out[part], raster, frame)

        with ThreadPoolExecutor(max(threads - 1, 1)) as pool:
            others = [pool.submit(work, k) for k in range(1, threads)]
            work(0)
            for other in others:
                other.result()
        return out.reshape(xs.shape)

    def _locate_few(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.integer[Any]]:
        """The same answer without a raster: of each polygon whose bounds hold a point, the edges at its height."""
        out = np.full(len(x), self.size)
        finite = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
        asked, near = self._tree.query(shapely.points(x[finite], y[finite]))
        for point, polygon in zip(finite[asked], near, strict=True):
            edges = self._edges[0][self._edges[1][polygon] : self._edges[1][polygon + 1]]
            level = edges[(edges[:, [1, 3]].min(axis=1) <= y[point]) & (y[point] <= edges[:, [1, 3]].max(axis=1))]
            if polygon < out[point] and covers(level, 0, len(level), x[point], y[point]):
                out[point] = polygon
        return np.where(out < self.size, out, -1).astype(self.dtype)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self._shapes)

    @cached_property
    def _edges(self) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Edges (ax, ay, bx, by) of all rings in the order of the polygons, and where those of each polygon begin."""
        parts, part_owner = shapely.get_parts(self._shapes, return_index=True)
        rings, ring_part = shapely.get_rings(parts, return_index=True)
        xy, xy_ring = shapely.get_coordinates(rings, return_index=True)
        same = xy_ring[1:] == xy_ring[:-1]
        owners = part_owner[ring_part[xy_ring[:-1][same]]]
        return np.hstack([xy[:-1][same], xy[1:][same]]), np.searchsorted(owners, np.arange(self.size + 1))

    @cached_property
    def _raster(self) -> tuple[tuple[NDArray[Any], ...], tuple[float, ...]]:
        """Both levels with what is to be tested in each cell, and the frame: bounds, and cells per unit."""
        edges, first = self._edges
        owners = np.repeat(np.arange(self.size), np.diff(first))
        xy = edges.reshape(-1, 2)
        low, high = (xy.min(axis=0), xy.max(axis=0)) if len(xy) else (np.zeros(2), np.full(2, -1.0))
        span = high - low
        side = max(-(-self._cells // BLOCK), 1) * BLOCK
        scale = np.divide(side, span, out=np.zeros(2), where=span > 0)
        frame = tuple(float(v) for v in (*low, *high, *scale))
        row_edges, row_owners, columns, row_first = spread(edges, owners, frame, side)
        grouped = groups(row_owners, columns, row_first)
        return paint(row_edges, columns, row_first, grouped, split(columns, row_first), frame), frame


def warm() -> None:
    """Compile every kernel of the join (kept on disk beside this file), so that no user waits for it."""
    for count in (1, np.iinfo(np.int16).max + 1):
        PolygonIndex([shapely.box(0, 0, 1, 1)] * count, cells=1).build().locate_index([0.5], [0.5])
