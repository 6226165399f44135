"""Which polygon holds each point: an exact join for millions of points.

A raster lies over the bounds of all polygons. A cell that no edge comes near holds its polygon's position
(or -1); a cell that an edge comes near lists the polygons to test, and the test is the crossing number over
the edges of that raster row, with the sign of every doubtful orientation computed without rounding.
Most points cost one look-up, and no memory is taken per point but the answer itself.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import shapely
from numba import njit
from numpy.typing import ArrayLike, NDArray

from geo.errors import DataError
from geo.orientation import covers

MARKED = -2  # raster value of a cell that an edge comes near
MARGIN = 1e-6  # [cells] how near; rounding moves a point by less than 1e-11 cells
THREADED = 100_000  # [points] fewer are not worth a second thread

_kernel = njit(cache=True, nogil=True, error_model="numpy")


@_kernel
def _spread(edges, owners, frame, cells):  # type: ignore[no-untyped-def]
    """Copy each edge into every raster row it comes near, with the columns it comes near there.

    Edges arrive in the order of their polygons, so each row's list is grouped by polygon.
    """
    x_low, y_low, _, _, x_scale, y_scale = frame
    rows = np.empty((len(edges), 2), np.int64)
    row_first = np.zeros(cells + 1, np.int64)
    for k in range(len(edges)):
        a, b = (edges[k, 1] - y_low) * y_scale, (edges[k, 3] - y_low) * y_scale
        rows[k, 0] = min(max(int(np.floor(min(a, b) - MARGIN)), 0), cells - 1)
        rows[k, 1] = min(max(int(np.floor(max(a, b) + MARGIN)), 0), cells - 1)
        for row in range(rows[k, 0], rows[k, 1] + 1):
            row_first[row + 1] += 1
    row_first = np.cumsum(row_first)
    row_edges = np.empty((row_first[-1], 4))
    row_owners = np.empty(row_first[-1], np.int64)
    columns = np.empty((row_first[-1], 2), np.int64)
    place = row_first.copy()
    for k in range(len(edges)):
        u0, v0 = (edges[k, 0] - x_low) * x_scale, (edges[k, 1] - y_low) * y_scale
        u1, v1 = (edges[k, 2] - x_low) * x_scale, (edges[k, 3] - y_low) * y_scale
        for row in range(rows[k, 0], rows[k, 1] + 1):
            ua, ub = u0, u1
            if v0 != v1:  # clip the edge to the row and its margin
                ta = min(max((row - MARGIN - v0) / (v1 - v0), 0.0), 1.0)
                tb = min(max((row + 1 + MARGIN - v0) / (v1 - v0), 0.0), 1.0)
                ua, ub = u0 + ta * (u1 - u0), u0 + tb * (u1 - u0)
            at = place[row]
            place[row] += 1
            row_edges[at] = edges[k]
            row_owners[at] = owners[k]
            columns[at, 0] = min(max(int(np.floor(min(ua, ub) - MARGIN)), 0), cells - 1)
            columns[at, 1] = min(max(int(np.floor(max(ua, ub) + MARGIN)), 0), cells - 1)
    return row_edges, row_owners, columns, row_first


@_kernel
def _groups(row_owners, columns, row_first):  # type: ignore[no-untyped-def]
    """List the runs of edges of one polygon in one row: first edge, owner, columns; first run per row."""
    first = np.empty(len(row_owners) + 1, np.int64)
    owner = np.empty(len(row_owners), np.int64)
    reach = np.empty((len(row_owners), 2), np.int64)
    row_group = np.zeros(len(row_first), np.int64)
    n = 0
    for row in range(len(row_first) - 1):
        for k in range(row_first[row], row_first[row + 1]):
            if k == row_first[row] or row_owners[k] != row_owners[k - 1]:
                first[n], owner[n] = k, row_owners[k]
                reach[n] = columns[k]
                n += 1
            else:
                reach[n - 1, 0] = min(reach[n - 1, 0], columns[k, 0])
                reach[n - 1, 1] = max(reach[n - 1, 1], columns[k, 1])
        row_group[row + 1] = n
    first[n] = len(row_owners)
    return first[: n + 1].copy(), owner[:n].copy(), reach[:n].copy(), row_group


@_kernel
def _paint(raster, edges, columns, group_first, group_owner, reach, row_group, frame):  # type: ignore[no-untyped-def]
    """Fill the raster; list each row's marked columns and, for each, what to test in ascending order.

    A candidate >= 0 is a group of edges; ~owner stands for a polygon that covers the whole cell.
    """
    cells = len(raster)
    x_low, y_low, _, _, x_scale, y_scale = frame
    size = len(columns) + (columns[:, 1] - columns[:, 0]).sum()
    slot_column = np.empty(size, np.int32)
    slot_first = np.zeros(size + 1, np.int64)
    row_slot = np.zeros(cells + 1, np.int64)
    candidates = np.empty(2 * size, np.int64)
    slots = listed = 0
    marked = np.empty(cells, np.bool_)
    for row in range(cells):
        y = y_low + ((row + 0.5) / y_scale if y_scale > 0.0 else 0.0)
        marked[:] = False
        for k in range(group_first[row_group[row]], group_first[row_group[row + 1]]):
            marked[columns[k, 0] : columns[k, 1] + 1] = True
        label, known = -1, False
        for column in range(cells):
            if known and not marked[column]:  # the same free run: no edge in between
                raster[row, column] = label
                continue
            x = x_low + ((column + 0.5) / x_scale if x_scale > 0.0 else 0.0)
            label, known = -1, not marked[column]
            begin = listed
            for group in range(row_group[row], row_group[row + 1]):
                if column < reach[group, 0] or column > reach[group, 1]:
                    continue
                touches = False
                if marked[column]:
                    for k in range(group_first[group], group_first[group + 1]):
                        if columns[k, 0] <= column <= columns[k, 1]:
                            touches = True
                            break
                if touches:
                    candidates[listed] = group
                    listed += 1
                elif covers(edges, group_first[group], group_first[group + 1], x, y):
                    label = group_owner[group]  # of the whole cell: later polygons never win here
                    break
            if listed > begin:
                if label >= 0:
                    candidates[listed] = ~label
                    listed += 1
                label = MARKED
                slot_column[slots] = column
                slots += 1
                slot_first[slots] = listed
            raster[row, column] = label
        row_slot[row + 1] = slots
    return slot_column[:slots].copy(), slot_first[: slots + 1].copy(), candidates[:listed].copy(), row_slot


@_kernel
def _locate(x, y, out, raster, lists, frame):  # type: ignore[no-untyped-def]
    row_slot, slot_column, slot_first, candidates, group_first, group_owner, edges = lists
    x_low, y_low, x_high, y_high, x_scale, y_scale = frame
    cells = len(raster)
    for i in range(len(x)):
        out[i] = -1
        if not (x_low <= x[i] <= x_high and y_low <= y[i] <= y_high):
            continue
        row = min(int((y[i] - y_low) * y_scale), cells - 1)  # the last row holds the upper bound
        column = min(int((x[i] - x_low) * x_scale), cells - 1)
        label = raster[row, column]
        if label != MARKED:
            out[i] = label
            continue
        low, high = row_slot[row], row_slot[row + 1] - 1
        while low < high:
            middle = (low + high) // 2
            if slot_column[middle] < column:
                low = middle + 1
            else:
                high = middle
        for k in range(slot_first[low], slot_first[low + 1]):
            group = candidates[k]
            if group < 0:
                out[i] = ~group
                break
            if covers(edges, group_first[group], group_first[group + 1], x[i], y[i]):
                out[i] = group_owner[group]
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
        Side of the label raster [cells]; ``cells**2`` answers are kept, 2 bytes each.

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

    def __init__(self, geometries: Sequence[Any], cells: int = 2048) -> None:
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
        scale = np.divide(cells, span, out=np.zeros(2), where=span > 0)
        self._frame = tuple(float(v) for v in (*low, *high, *scale))
        self._raster = np.full((cells, cells), -1, self.dtype)
        row_edges, row_owners, columns, row_first = _spread(edges, owners, self._frame, cells)
        group_first, group_owner, reach, row_group = _groups(row_owners, columns, row_first)
        slot_column, slot_first, candidates, row_slot = _paint(
            self._raster, row_edges, columns, group_first, group_owner, reach, row_group, self._frame
        )
        self._lists = (row_slot, slot_column, slot_first, candidates, group_first, group_owner, row_edges)

    def __len__(self) -> int:
        """Return the number of polygons."""
        return self.size

    @property
    def nbytes(self) -> int:
        """Memory of the index [bytes]."""
        return int(self._raster.nbytes + sum(array.nbytes for array in self._lists))

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
            _locate(x[part], y[part], out[part], self._raster, self._lists, self._frame)

        if threads == 1:
            work(0)
        else:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(work, range(threads)))
        return out.reshape(xs.shape)


def warm() -> None:
    """Compile every kernel of the join (kept on disk beside this file), so that no user waits for it."""
    for count in (1, np.iinfo(np.int16).max + 1):
        PolygonIndex([shapely.box(0, 0, 1, 1)] * count, cells=1).locate_index([0.5], [0.5])
