"""Which polygon holds each point: an exact join for millions of points.

A raster of two levels lies over the bounds of all polygons (`geo.raster`). Most points cost one or two
look-ups. A point in a cell near an edge is tested against the few edges of that cell by the crossing number,
with the sign of every doubtful orientation computed without rounding (`geo.orientation`). No memory is taken
per point but the answer itself.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np
import shapely
from numba import njit
from numpy.typing import ArrayLike, NDArray

from geo.errors import DataError
from geo.orientation import covers
from geo.raster import BLOCK, BLOCK_BITS, groups, paint, split, spread

THREADED: Final = 100_000  # [points] fewer are not worth a second thread


@njit(cache=True, nogil=True)
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
        rings, ring_part = shapely.get_rings(parts, return_index=True)
        xy, xy_ring = shapely.get_coordinates(rings, return_index=True)
        if not np.isfinite(xy).all():
            row = part_owner[ring_part[xy_ring[~np.isfinite(xy).all(axis=1)][0]]]
            raise DataError("面的坐标不是有限的数", row=int(row) + 1)
        same = xy_ring[1:] == xy_ring[:-1]
        edges = np.hstack([xy[:-1][same], xy[1:][same]])
        owners = part_owner[ring_part[xy_ring[:-1][same]]].astype(np.int64)
        low, high = (xy.min(axis=0), xy.max(axis=0)) if len(xy) else (np.zeros(2), np.full(2, -1.0))
        span = high - low
        side = max(-(-cells // BLOCK), 1) * BLOCK
        scale = np.divide(side, span, out=np.zeros(2), where=span > 0)
        self._frame = tuple(float(v) for v in (*low, *high, *scale))
        row_edges, row_owners, columns, row_first = spread(edges, owners, self._frame, side)
        grouped = groups(row_owners, columns, row_first)
        self._raster = paint(row_edges, columns, row_first, grouped, split(columns, row_first), self._frame)

    def __len__(self) -> int:
        """Return the number of polygons."""
        return self.size

    @property
    def nbytes(self) -> int:
        """Memory of the index [bytes]."""
        return sum(int(array.nbytes) for array in self._raster)

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
        out = np.empty(len(x), self.dtype)
        threads = min(os.cpu_count() or 1, max(len(x) // THREADED, 1))
        cuts = [len(x) * k // threads for k in range(threads + 1)]

        x.flags.writeable = y.flags.writeable = False  # one compiled kernel for owned and borrowed arrays

        def work(k: int) -> None:
            part = slice(cuts[k], cuts[k + 1])
            _locate(x[part], y[part], out[part], self._raster, self._frame)

        with ThreadPoolExecutor(max(threads - 1, 1)) as pool:
            others = [pool.submit(work, k) for k in range(1, threads)]
            work(0)
            for other in others:
                other.result()
        return out.reshape(xs.shape)


def warm() -> None:
    """Compile every kernel of the join (kept on disk beside this file), so that no user waits for it."""
    for count in (1, np.iinfo(np.int16).max + 1):
        PolygonIndex([shapely.box(0, 0, 1, 1)] * count, cells=1).locate_index([0.5], [0.5])
