"""Which polygon holds each point: an exact join for millions of points.

A raster of two levels lies over the bounds of all polygons (`geo.index.point_in_polygon`). Most points cost one or two
look-ups. A point in a cell near an edge is tested against the few edges of that cell by the crossing number,
with the sign of every doubtful orientation computed without rounding (`geo.index.predicates`). No memory is taken
per point but the answer itself. A few points do not wait for the raster: they ask a tree of the polygons, which
gives the same answer.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any, Final, Self

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.errors import DataError
from geo.index.jit import kernel
from geo.index.predicates import covers

EDGE_MARGIN_CELLS = 1e-6  # [fine cells] how near an edge is near; rounding moves a point by less than 1e-11 cells
COARSE_CELLS = 8  # fine cells along a coarse cell
BLOCK_BITS = 3

_kernel = kernel(error_model="numpy")


@_kernel
def spread(edges, owners, frame, cells):  # type: ignore[no-untyped-def]
    """Copy each edge into every raster row it comes near, with the columns it comes near there.

    Edges arrive in the order of their polygons, so each row's list is grouped by polygon.
    """
    x_low, y_low, _, _, x_scale, y_scale = frame
    rows = np.empty((len(edges), 2), np.int64)
    row_first = np.zeros(cells + 1, np.int64)
    for k in range(len(edges)):
        a, b = (edges[k, 1] - y_low) * y_scale, (edges[k, 3] - y_low) * y_scale
        rows[k, 0] = min(max(int(np.floor(min(a, b) - EDGE_MARGIN_CELLS)), 0), cells - 1)
        rows[k, 1] = min(max(int(np.floor(max(a, b) + EDGE_MARGIN_CELLS)), 0), cells - 1)
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
                ta = min(max((row - EDGE_MARGIN_CELLS - v0) / (v1 - v0), 0.0), 1.0)
                tb = min(max((row + 1 + EDGE_MARGIN_CELLS - v0) / (v1 - v0), 0.0), 1.0)
                ua, ub = u0 + ta * (u1 - u0), u0 + tb * (u1 - u0)
            at = place[row]
            place[row] += 1
            row_edges[at] = edges[k]
            row_owners[at] = owners[k]
            columns[at, 0] = min(max(int(np.floor(min(ua, ub) - EDGE_MARGIN_CELLS)), 0), cells - 1)
            columns[at, 1] = min(max(int(np.floor(max(ua, ub) + EDGE_MARGIN_CELLS)), 0), cells - 1)
    return row_edges, row_owners, columns, row_first


@_kernel
def groups(row_owners, columns, row_first):  # type: ignore[no-untyped-def]
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
def split(columns, row_first):  # type: ignore[no-untyped-def]
    """Number the coarse cells that an edge comes near; -1 for the others."""
    side = (len(row_first) - 1) >> BLOCK_BITS
    block_of = np.full((side, side), -1, np.int32)
    blocks = 0
    for row in range(len(row_first) - 1):
        for k in range(row_first[row], row_first[row + 1]):
            for column in range(columns[k, 0] >> BLOCK_BITS, (columns[k, 1] >> BLOCK_BITS) + 1):
                if block_of[row >> BLOCK_BITS, column] < 0:
                    block_of[row >> BLOCK_BITS, column] = blocks
                    blocks += 1
    return block_of, blocks


@_kernel
def _label(edges, first, owner, reach, begin, end, column, x, y):  # type: ignore[no-untyped-def]
    """Owner of the first group that holds the point and the free cell around it, -1 for none."""
    for group in range(begin, end):
        if reach[group, 0] <= column <= reach[group, 1] and covers(edges, first[group], first[group + 1], x, y):
            return owner[group]
    return -1


@_kernel
def _close(local, n, odd, above, start, stop):  # type: ignore[no-untyped-def]
    """End a chain of edges that runs to the right of the cell: only its two ends matter there.

    ``above`` tells for each end whether it lies above (1) or below (-1) every point of the row, or within (0).
    """
    if above[0] * above[1] > 0:
        return n, odd
    if above[0] * above[1] < 0:
        return n, not odd
    local[n, 0], local[n, 1], local[n, 2], local[n, 3] = np.inf, start, np.inf, stop
    return n + 1, odd


@_kernel
def _side(y, row, cells, y_low, y_scale):  # type: ignore[no-untyped-def]
    """Whether a height lies above (1) or below (-1) every point of a row; exact, as rounding keeps the order."""
    height = (y - y_low) * y_scale
    if height < row:
        return -1
    return 1 if height >= row + 1 and row < cells - 1 else 0


@_kernel
def _near_edges(edges, columns, first, last, row, column, cells, y_low, y_scale, local):  # type: ignore[no-untyped-def]
    """Write the edges of one polygon that matter in one cell; returns how many, and how many come near it.

    The crossing number counts towards the right. So edges on the left never matter, and of a chain on the
    right only the heights of its ends: it becomes one edge far to the right.
    """
    n, near, odd, open_ = 0, 0, False, False
    start = stop = 0.0
    above = np.zeros(2, np.int64)
    for k in range(first, last):
        right = columns[k, 0] > column
        if open_ and not (right and edges[k, 0] == edges[k - 1, 2] and edges[k, 1] == edges[k - 1, 3]):
            above[1] = _side(stop, row, cells, y_low, y_scale)
            n, odd = _close(local, n, odd, above, start, stop)
            open_ = False
        if right:
            if not open_:
                open_, start = True, edges[k, 1]
                above[0] = _side(start, row, cells, y_low, y_scale)
            stop = edges[k, 3]
        elif columns[k, 1] >= column:
            local[n] = edges[k]
            n += 1
            near += 1
    if open_:
        above[1] = _side(stop, row, cells, y_low, y_scale)
        n, odd = _close(local, n, odd, above, start, stop)
    if odd:
        local[n, 0], local[n, 1], local[n, 2], local[n, 3] = np.inf, -np.inf, np.inf, np.inf
        n += 1
    return n, near


@_kernel
def _matches(edges, first, last, ax, ay, bx, by):  # type: ignore[no-untyped-def]
    """Count how often an edge, in either direction, is among some edges."""
    n = 0
    for k in range(first, last):
        n += edges[k, 0] == ax and edges[k, 1] == ay and edges[k, 2] == bx and edges[k, 3] == by
        n += edges[k, 0] == bx and edges[k, 1] == by and edges[k, 2] == ax and edges[k, 3] == ay
    return n


@_kernel
def _complement(edges, first, middle, last, x, y):  # type: ignore[no-untyped-def]
    """Whether two polygons share all their edges near a cell and so have every point of it between them."""
    for k in range(first, last):
        if edges[k, 0] < np.inf:
            begin, end = (middle, last) if k < middle else (first, middle)
            if _matches(edges, begin, end, edges[k, 0], edges[k, 1], edges[k, 2], edges[k, 3]) != 1:
                return False
    return covers(edges, first, middle, x, y) != covers(edges, middle, last, x, y)


@_kernel
def paint(edges, columns, row_first, grouped, blocked, frame):  # type: ignore[no-untyped-def]
    """Fill both levels, and list what is to be tested in each cell that an edge comes near.

    Returns
    -------
    coarse, fine : int32, shapes (side, side) and (blocks, 8, 8)
        A position, -1 for none, or -2 - number: of the block, of the cell.
    cell_first, owner, edge_first, near_edges
        Cell n tests the candidates ``cell_first[n] : cell_first[n + 1]`` in ascending order; each is an owner
        and its edges ``edge_first[c] : edge_first[c + 1]``, without any when it takes what is left of the cell.
    """
    cells = len(row_first) - 1
    group_first, group_owner, reach, row_group = grouped
    block_of, blocks = blocked
    x_low, y_low, _, _, x_scale, y_scale = frame
    coarse = np.full(block_of.shape, -1, np.int32)
    fine = np.full((blocks, COARSE_CELLS, COARSE_CELLS), -1, np.int32)
    bound = len(columns) + (columns[:, 1] - columns[:, 0]).sum()  # cells, and pairs of a cell and a polygon near
    cell_first = np.zeros(bound + 1, np.int64)
    owner = np.empty(2 * bound, np.int32)
    edge_first = np.zeros(2 * bound + 1, np.int64)
    near_edges = np.empty((4 * bound + 64, 4))
    marks = listed = used = 0
    marked = np.zeros(cells, np.bool_)
    for row in range(cells):
        begin, end = row_group[row], row_group[row + 1]
        y = y_low + ((row + 0.5) / y_scale if y_scale > 0.0 else 0.0)
        marked[:] = False
        for k in range(row_first[row], row_first[row + 1]):
            marked[columns[k, 0] : columns[k, 1] + 1] = True
        label, known = -1, False  # known: no edge since the last free cell, so the label still holds
        for wide in range(len(coarse)):
            block = block_of[row >> BLOCK_BITS, wide]
            if block < 0:
                if row & (COARSE_CELLS - 1) == 0:
                    if not known:
                        column = wide << BLOCK_BITS
                        x = x_low + ((column + 0.5) / x_scale if x_scale > 0.0 else 0.0)
                        label = _label(edges, group_first, group_owner, reach, begin, end, column, x, y)
                        known = True
                    coarse[row >> BLOCK_BITS, wide] = label
                continue
            coarse[row >> BLOCK_BITS, wide] = -2 - block
            for column in range(wide << BLOCK_BITS, (wide + 1) << BLOCK_BITS):
                x = x_low + ((column + 0.5) / x_scale if x_scale > 0.0 else 0.0)
                if not marked[column]:
                    if not known:
                        label = _label(edges, group_first, group_owner, reach, begin, end, column, x, y)
                        known = True
                    fine[block, row & (COARSE_CELLS - 1), column & (COARSE_CELLS - 1)] = label
                    continue
                known = False
                before = listed
                whole = -1
                for group in range(begin, end):
                    if column < reach[group, 0] or column > reach[group, 1]:
                        continue
                    first, last = group_first[group], group_first[group + 1]
                    while used + 2 * (last - first) + 2 > len(near_edges):
                        larger = np.empty((2 * len(near_edges), 4))
                        larger[:used] = near_edges[:used]
                        near_edges = larger
                    n, near = _near_edges(
                        edges, columns, first, last, row, column, cells, y_low, y_scale, near_edges[used:]
                    )
                    if near > 0:
                        owner[listed] = group_owner[group]
                        used += n
                        listed += 1
                        edge_first[listed] = used
                    elif covers(edges, first, last, x, y):
                        whole = group_owner[group]  # of the whole cell: no later polygon gets a point of it
                        break
                if whole >= 0:
                    owner[listed] = whole
                    listed += 1
                    edge_first[listed] = used
                elif listed == before + 2 and _complement(
                    near_edges, edge_first[before], edge_first[before + 1], used, x, y
                ):
                    used = edge_first[before + 1]
                    edge_first[listed] = used
                if whole >= 0 and listed == before + 1:
                    listed = before
                    fine[block, row & (COARSE_CELLS - 1), column & (COARSE_CELLS - 1)] = whole
                else:
                    fine[block, row & (COARSE_CELLS - 1), column & (COARSE_CELLS - 1)] = -2 - marks
                    marks += 1
                    cell_first[marks] = listed
    return (
        coarse,
        fine,
        cell_first[: marks + 1].copy(),
        owner[:listed].copy(),
        edge_first[: listed + 1].copy(),
        near_edges[:used].copy(),
    )


THREADED: Final = 100_000  # [points] fewer are not worth a second thread
MAX_UNRASTERED_POINTS: Final = 1_000  # [points] as long as there are no more, the raster is not worth building


@kernel()
def _locate(x, y, out, raster, frame):  # type: ignore[no-untyped-def]  # numba infers the types
    coarse, fine, cell_first, owner, edge_first, edges = raster
    x_low, y_low, x_high, y_high, x_scale, y_scale = frame
    last = np.uint64(len(coarse) * COARSE_CELLS - 1)  # the last cell holds the upper bound
    inside, bits = np.uint64(COARSE_CELLS - 1), np.uint64(BLOCK_BITS)
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

    def build(self) -> Self:
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
        if len(x) <= MAX_UNRASTERED_POINTS and "_raster" not in vars(self):
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
        side = max(-(-self._cells // COARSE_CELLS), 1) * COARSE_CELLS
        scale = np.divide(side, span, out=np.zeros(2), where=span > 0)
        frame = tuple(float(v) for v in (*low, *high, *scale))
        row_edges, row_owners, columns, row_first = spread(edges, owners, frame, side)
        grouped = groups(row_owners, columns, row_first)
        return paint(row_edges, columns, row_first, grouped, split(columns, row_first), frame), frame


def warm() -> None:
    """Compile every kernel of the join (kept on disk beside this file), so that no user waits for it."""
    for count in (1, np.iinfo(np.int16).max + 1):
        PolygonIndex([shapely.box(0, 0, 1, 1)] * count, cells=1).build().locate_index([0.5], [0.5])
